//! A map's sort buffer as a bar: what a spill under way still takes up, what came since, and the
//! threshold.

use crate::base::format::Bytes;
use crate::charts::number::fraction;
use crate::lab::messages::zoom::BufferUse;
use yew::prelude::*;

/// What the bar is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The buffer.
    pub(super) buffer: BufferUse,
}

/// The sort buffer.
#[component]
pub(super) fn Buffer(props: &Props) -> Html {
    let BufferUse { leaving, filling, capacity, threshold } = props.buffer;
    let share = |bytes: u64| format!("{:.2}%", fraction(bytes, capacity).min(1.0) * 100.0);
    let mut words = format!("{} of {}", Bytes(leaving + filling), Bytes(capacity));
    if leaving > 0 {
        words.push_str(&format!(", {} of them still being spilled", Bytes(leaving)));
    }
    let style = format!(
        "--leaving: {}; --filling: {}; --threshold: {}",
        share(leaving),
        share(filling),
        share(threshold)
    );
    html! {
        <div class="zoom-buffer" {style} data-testid="zoom-buffer">
            <p class="row">
                <span>{ "Sort buffer" }</span>
                <span class="number">{ words }</span>
            </p>
            <div class="zoom-bar" aria-hidden="true">
                <span class="zoom-leaving" /><span class="zoom-filling" /><span class="zoom-threshold" />
            </div>
            <p class="small">{ format!("Spills begin at {}.", Bytes(threshold)) }</p>
        </div>
    }
}
