//! The patterns that go with the partitions' colours, for eyes and projectors that lose colour.

use yew::prelude::*;

/// One `d` a partition, on a tile of 8 by 8; partition 0 is plain.
const PATTERNS: [&str; 8] = [
    "",
    "M-2 10L10 -2M-2 2L2 -2M6 10L10 6",
    "M0 2H8M0 6H8",
    "M-2 -2L10 10M6 -2L10 2M-2 6L2 10",
    "M2 0V8M6 0V8",
    "M0 4H8M4 0V8",
    "M0 0L8 8M8 0L0 8",
    "M1 2H3M5 6H7",
];

/// The definitions that other elements refer to.
#[component]
pub(super) fn Patterns() -> Html {
    let pattern = |(number, path): (usize, &&str)| {
        html! {
            <pattern id={format!("hatch-{number}")} width="8" height="8"
                patternUnits="userSpaceOnUse">
                <path class="hatch-line" d={path.to_string()} />
            </pattern>
        }
    };
    html! {
        <defs>
            { for PATTERNS.iter().enumerate().skip(1).map(pattern) }
            <pattern id="hatch-down" width="9" height="9" patternUnits="userSpaceOnUse">
                <path class="down-line" d="M-2 11L11 -2M-2 2L2 -2M7 11L11 7" />
            </pattern>
        </defs>
    }
}
