//! How large a box is, in CSS pixels, as it changes.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// The size of an element's inside; nothing until it is measured.
#[hook]
pub(crate) fn use_size(node: NodeRef) -> Option<(f64, f64)> {
    let size = use_state_eq(|| None);
    let setter = size.setter();
    use_effect_with(node, move |node| {
        let watch = node.cast::<Element>().and_then(|element| watch(element, setter));
        move || drop(watch)
    });
    *size
}

/// Observes an element until it is dropped.
struct Watch {
    observer: ResizeObserver,
    // The browser calls this for as long as the observer observes.
    _on_resize: Closure<dyn FnMut()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn watch(element: Element, set: UseStateSetter<Option<(f64, f64)>>) -> Option<Watch> {
    let seen = element.clone();
    let measure = move || {
        let (width, height) = (f64::from(seen.client_width()), f64::from(seen.client_height()));
        if width > 0.0 && height > 0.0 {
            set.set(Some((width, height)));
        }
    };
    measure();
    let on_resize = Closure::<dyn FnMut()>::new(measure);
    let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok()?;
    observer.observe(&element);
    Some(Watch { observer, _on_resize: on_resize })
}
