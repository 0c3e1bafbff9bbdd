//! A term of the trade, with its one-line meaning on hover and on focus.

use crate::lessons::glossary::{self, Sense};
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
    let sense = use_context::<Sense>().unwrap_or_default();
    let shown = if props.children == Html::default() {
        html! { props.word.clone() }
    } else {
        props.children.clone()
    };
    let Some(entry) = glossary::lookup(&props.word, sense) else { return shown };
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

/// A sentence.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct SentenceProps {
    /// What it says.
    text: AttrValue,
}

/// A sentence with its terms marked, each once, in the sense of the lab that it stands in.
#[component]
pub(crate) fn Sentence(props: &SentenceProps) -> Html {
    let sense = use_context::<Sense>().unwrap_or_default();
    let piece = |(piece, is_term): (&str, bool)| match is_term {
        true => html! { <Term word={piece.to_owned()} /> },
        false => html! { { piece.to_owned() } },
    };
    glossary::pieces(&props.text, sense).into_iter().map(piece).collect()
}

/// A sentence in which the terms of the trade explain themselves.
pub(in crate::ui) fn with_terms(text: &str) -> Html {
    html! { <Sentence text={text.to_owned()} /> }
}
