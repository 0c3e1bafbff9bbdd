//! A term of the trade, with its one-line meaning on hover and on focus.

use crate::lessons::glossary;
use std::cell::Cell;
use yew::prelude::*;

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// What a term is.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The term, in any form that the glossary finds.
    pub(crate) word: AttrValue,
    /// What is shown of it; the word itself when there is nothing.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A term of the trade. A word that the glossary does not have is shown plainly.
#[component]
pub(crate) fn Term(props: &Props) -> Html {
    // Where the meaning is shown: left and top in the window. A fixed place is not cut off by
    // panels that scroll.
    let place = use_state(|| None::<(f64, f64)>);
    let id = use_memo((), |()| {
        let number = NEXT.get();
        NEXT.set(number + 1);
        format!("term-{number}")
    });
    let shown = if props.children == Html::default() {
        html! { props.word.clone() }
    } else {
        props.children.clone()
    };
    let Some(entry) = glossary::lookup(&props.word) else { return shown };
    let open = {
        let place = place.clone();
        Callback::from(move |target: Option<web_sys::Element>| {
            place.set(target.map(|target| {
                let around = target.get_bounding_client_rect();
                (around.left(), around.bottom())
            }));
        })
    };
    let onmouseenter = open.reform(|event: MouseEvent| event.target_dyn_into());
    let onfocus = open.reform(|event: FocusEvent| event.target_dyn_into());
    let onmouseleave = open.reform(|_: MouseEvent| None);
    let onblur = open.reform(|_: FocusEvent| None);
    let onkeydown = {
        let (open, shows) = (open, place.is_some());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && shows {
                event.prevent_default();
                open.emit(None);
            }
        })
    };
    let style = place.map(|(left, top)| format!("--left:{left}px;--top:{top}px"));
    html! {
        <span class="term" tabindex="0" role="note" aria-describedby={(*id).clone()}
            {onmouseenter} {onmouseleave} {onfocus} {onblur} {onkeydown}>
            { shown }
            <span id={(*id).clone()} class="term-meaning" role="tooltip" {style} hidden={place.is_none()}>
                <strong>{ entry.word }</strong>{ " " }{ entry.meaning }
            </span>
        </span>
    }
}
