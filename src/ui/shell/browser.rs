//! What the page asks of the browser, in a few words each.

use crate::ui::model::Data;
use crate::ui::model::catalog;
use crate::ui::model::link::{self, Link};
use crate::ui::same::Same;
use bytes::Bytes;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, File, Response};

/// The page's document.
pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The address's fragment, decoded and without its `#`.
pub(crate) fn fragment() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok());
    let hash = hash.unwrap_or_default();
    let raw = hash.strip_prefix('#').unwrap_or(&hash);
    js_sys::decode_uri_component(raw).map_or_else(|_| raw.to_owned(), String::from)
}

/// Goes to a fragment, as a link would: the way back leads to the one before.
pub(crate) fn go_to_fragment(name: &str) {
    if let Some(window) = web_sys::window() {
        // The browser tells of the change by an event of its own.
        let _ = window.location().set_hash(name);
    }
}

/// Writes a moment into the address without going anywhere: the run's part and the sight's. Where
/// the run is another one, the way back leads to the one before.
pub(crate) fn show_moment(base: &str, sight: &str) {
    let Some(window) = web_sys::window() else { return };
    let now = fragment();
    let wanted = format!("{base}{sight}");
    let (base_now, _) = link::split(&now);
    if now == wanted {
        return;
    }
    // The first preset has no name where nothing else is to be said. What leads nowhere is no
    // place to go back to.
    let first = catalog::presets().first().map_or("", |first| first.name);
    let name = |base: &str| if base.is_empty() { first.to_owned() } else { base.to_owned() };
    let is_same = name(base_now) == name(base) || Link::read(&now).is_err();
    let path = window.location().pathname().unwrap_or_default();
    let query = window.location().search().unwrap_or_default();
    let address = if wanted.is_empty() { format!("{path}{query}") } else { format!("#{wanted}") };
    if let Ok(history) = window.history() {
        // A page in a sandbox may not change its address; it works without.
        let _ = match is_same {
            true => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
            false => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
        };
    }
}

/// Whether the page is embedded in another, as its address says.
pub(crate) fn is_embedded() -> bool {
    let query = web_sys::window().and_then(|window| window.location().search().ok());
    let query = query.unwrap_or_default();
    query
        .trim_start_matches('?')
        .split('&')
        .any(|part| part == "embed" || part.starts_with("embed="))
}

/// Puts the page's address on the clipboard; nothing where the browser does not allow it.
pub(crate) async fn copy_address() -> bool {
    let Some(window) = web_sys::window() else { return false };
    let Ok(address) = window.location().href() else { return false };
    if !window.is_secure_context() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(&address)).await.is_ok()
}

/// Sets an attribute of the document's root, or takes it away.
pub(crate) fn mark_root(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// The bytes of a file beside the page.
pub(crate) async fn fetch(address: &str) -> Result<Data, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let answer =
        JsFuture::from(window.fetch_with_str(address)).await.map_err(|error| words(&error))?;
    let response: Response = answer.unchecked_into();
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    let buffer = response.array_buffer().map_err(|error| words(&error))?;
    let buffer = JsFuture::from(buffer).await.map_err(|error| words(&error))?;
    Ok(bytes_of(&buffer.unchecked_into()))
}

/// The bytes of a file of the reader's.
pub(crate) async fn read(file: &File) -> Result<Data, String> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|error| words(&error))?;
    Ok(bytes_of(&buffer.unchecked_into()))
}

fn bytes_of(buffer: &ArrayBuffer) -> Data {
    Same::new(Bytes::from(Uint8Array::new(buffer).to_vec()))
}

fn words(error: &JsValue) -> String {
    let message =
        js_sys::Reflect::get(error, &"message".into()).ok().and_then(|text| text.as_string());
    message.unwrap_or_else(|| format!("{error:?}"))
}
