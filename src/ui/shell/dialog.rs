//! A dialog over the page. The browser keeps the focus in it and gives it back afterwards.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// What a dialog is.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Its heading.
    pub(crate) title: AttrValue,
    /// It is to be closed.
    pub(crate) on_close: Callback<()>,
    /// What is in it.
    pub(crate) children: Html,
}

/// A dialog over the page, open for as long as it is drawn.
#[component]
pub(crate) fn Dialog(props: &Props) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                // It fails only when the dialog is shown already.
                let _ = dialog.show_modal();
            }
            move || {
                if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                    dialog.close();
                }
            }
        });
    }
    // Escape closes by way of the reducer, so that page and state agree.
    let oncancel = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            on_close.emit(());
        })
    };
    let onclick = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: MouseEvent| {
            let target =
                event.target().and_then(|target| target.dyn_into::<HtmlDialogElement>().ok());
            if target.is_some() {
                on_close.emit(());
            }
        })
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={node} class="dialog" aria-label={props.title.clone()} {oncancel} {onclick}>
            <div class="dialog-body">
                <header class="dialog-head">
                    <h2>{ props.title.clone() }</h2>
                    <button type="button" class="button quiet" onclick={close}>{ "Close" }</button>
                </header>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
