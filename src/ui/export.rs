//! What the reader takes along: files made of what the page shows.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, Element, HtmlAnchorElement, Url, XmlSerializer};

/// Properties that a picture has from the style sheet, and carries itself in a file.
const STYLES: [&str; 13] = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "opacity",
    "transform",
    "text-anchor",
    "font-family",
    "font-size",
    "font-weight",
    "visibility",
];

/// Offers a text as a file.
pub(crate) fn save(name: &str, kind: &str, text: &str) {
    save_parts(name, kind, &Array::of1(&JsValue::from_str(text)));
}

/// Offers the picture in an element as an SVG file that needs no style sheet.
pub(crate) fn save_picture(name: &str, within: &Element) {
    let found = within.query_selector("svg.picture, .picture svg").ok().flatten();
    if let Some(text) = found.and_then(|svg| picture(&svg)) {
        save(name, "image/svg+xml", &text);
    }
}

fn save_parts(name: &str, kind: &str, parts: &Array) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let offered = || -> Result<(), JsValue> {
        let blob = Blob::new_with_str_sequence_and_options(parts, &options)?;
        let address = Url::create_object_url_with_blob(&blob)?;
        let document = super::shell::document().ok_or("there is no document")?;
        let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
        link.set_href(&address);
        link.set_download(name);
        link.click();
        Url::revoke_object_url(&address)
    };
    // A page in a sandbox may not save files; the browser says so itself.
    let _ = offered();
}

/// The text of a picture, with its styles and its colours of now.
fn picture(svg: &Element) -> Option<String> {
    let copy = svg.clone_node_with_deep(true).ok()?.dyn_into::<Element>().ok()?;
    let (there, here) = (all_in(svg), all_in(&copy));
    let window = web_sys::window()?;
    for (from, to) in there.iter().zip(&here) {
        let Ok(Some(style)) = window.get_computed_style(from) else { continue };
        for name in STYLES {
            let value = style.get_property_value(name).unwrap_or_default();
            if !value.is_empty() && value != "none" || name == "fill" || name == "stroke" {
                let _ = to.set_attribute(name, &value);
            }
        }
        for name in ["class", "style", "tabindex", "role"] {
            let _ = to.remove_attribute(name);
        }
    }
    let paper = window.get_computed_style(svg.parent_element().as_ref().unwrap_or(svg)).ok()??;
    let _ = copy.set_attribute("xmlns", "http://www.w3.org/2000/svg");
    let _ = copy.set_attribute("style", &format!("background:{}", ground(&paper, svg)));
    XmlSerializer::new().ok()?.serialize_to_string(&copy).ok()
}

/// The colour that the picture lies on: that of the page.
fn ground(style: &web_sys::CssStyleDeclaration, svg: &Element) -> String {
    let named = style.get_property_value("--paper").unwrap_or_default();
    let is_named = !named.trim().is_empty() && svg.is_connected();
    if is_named { named.trim().to_owned() } else { "white".to_owned() }
}

fn all_in(root: &Element) -> Vec<Element> {
    let mut all = vec![root.clone()];
    if let Ok(found) = root.query_selector_all("*") {
        let elements = (0..found.length()).filter_map(|place| found.item(place));
        all.extend(elements.filter_map(|node| node.dyn_into().ok()));
    }
    all
}
