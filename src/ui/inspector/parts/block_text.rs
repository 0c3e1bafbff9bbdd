//! A block's text, as it lies on the disk: it may begin and end in the middle of a line.

use crate::base::format::{Bytes, Count};
use yew::prelude::*;

/// Letters shown of a large block.
const SHOWN: usize = 2_000;

/// What the text is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct BlockTextProps {
    /// Where the block begins in the file.
    pub(super) offset: u64,
    /// Its text.
    pub(super) text: AttrValue,
}

/// A block's text.
#[component]
pub(super) fn BlockText(props: &BlockTextProps) -> Html {
    let text = &props.text;
    let shown = text.char_indices().nth(SHOWN).map_or(text.as_str(), |(end, _)| &text[..end]);
    let rest = text.len() - shown.len();
    html! { <>
        <h3>{ format!("Text from byte {}", Count(props.offset)) }</h3>
        <pre class="block-text" tabindex="0">{ shown.to_owned() }</pre>
        if rest > 0 {
            <p class="inspector-note">{ format!("and {} more", Bytes(rest as u64)) }</p>
        }
    </> }
}
