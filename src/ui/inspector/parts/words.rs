//! Sentences in which the terms of the trade explain themselves.

use crate::lessons::glossary;
use crate::ui::shell::Term;
use yew::prelude::*;

/// A sentence with its terms marked, each once.
pub(in crate::ui) fn with_terms(text: &str) -> Html {
    let piece = |(piece, is_term): (&str, bool)| {
        if is_term {
            html! { <Term word={piece.to_owned()} /> }
        } else {
            html! { { piece.to_owned() } }
        }
    };
    glossary::pieces(text).into_iter().map(piece).collect()
}

/// A partition as a swatch with its number: a colour only where there are few.
pub(in crate::ui) fn part_style(partition: u32, reducers: usize) -> String {
    match reducers {
        0..=8 => format!("--part: var(--partition-{partition})"),
        _ => "--part: var(--ink-soft)".to_owned(),
    }
}
