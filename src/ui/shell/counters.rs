//! The job's counters at the playhead, under Hadoop's names.

use crate::base::format::Count;
use crate::trace::event;
use yew::prelude::*;

/// What the counters need.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The sums over all attempts that succeeded by the playhead.
    pub(crate) counters: event::Counters,
}

/// The job's counters.
#[component]
pub(crate) fn Counters(props: &Props) -> Html {
    let counters = &props.counters;
    let rows = [
        ("MAP_INPUT_RECORDS", "Lines that maps read", counters.map_input_records),
        ("MAP_OUTPUT_RECORDS", "Pairs that maps emitted", counters.map_output_records),
        ("MAP_OUTPUT_BYTES", "Their bytes", counters.map_output_bytes),
        ("COMBINE_INPUT_RECORDS", "Pairs that combiners read", counters.combine_input_records),
        ("COMBINE_OUTPUT_RECORDS", "Pairs that combiners left", counters.combine_output_records),
        ("SPILLED_RECORDS", "Records written in spills and merges", counters.spilled_records),
        ("SHUFFLED_MAPS", "Map outputs fetched by reduces", counters.shuffled_maps),
        ("REDUCE_SHUFFLE_BYTES", "Bytes fetched by reduces", counters.reduce_shuffle_bytes),
        ("MERGED_MAP_OUTPUTS", "Map outputs merged by reduces", counters.merged_map_outputs),
        ("REDUCE_INPUT_GROUPS", "Different keys that reduces saw", counters.reduce_input_groups),
        ("REDUCE_INPUT_RECORDS", "Records that reduces read", counters.reduce_input_records),
        ("REDUCE_OUTPUT_RECORDS", "Counts that reduces wrote", counters.reduce_output_records),
    ];
    html! {
        <div class="counters" data-testid="counters">
            <p class="small">{ "Sums over the attempts that had succeeded by this moment, under Hadoop's names." }</p>
            <dl class="counter-list">
                { for rows.into_iter().map(|(name, meaning, value)| html! {
                    <div>
                        <dt><span>{ meaning }</span><code>{ name }</code></dt>
                        <dd class="number">{ Count(value).to_string() }</dd>
                    </div>
                }) }
            </dl>
        </div>
    }
}
