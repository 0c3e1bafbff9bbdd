//! The answer to "why?": the event, the rule with its numbers, and the chain of causes, each a link
//! that moves the playhead there.

use crate::base::Time;
use crate::base::format::Counted;
use crate::trace::why::{causes, why};
use crate::trace::{BatchEvent, EventKind, Seq};
use crate::ui::shared_timeline::SharedTimeline;
use crate::ui::shell::with_terms;
use yew::prelude::*;

/// Causes that are listed; the rest are counted.
const CAUSES_SHOWN: usize = 5;

/// What a card is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct WhyCardProps {
    /// The question.
    pub(super) asks: &'static str,
    /// The event that answers it.
    pub(super) seq: Seq,
    /// Whether the card begins open.
    pub(super) is_open: bool,
    /// The run's events.
    pub(super) timeline: SharedTimeline,
    /// Events before the playhead.
    pub(super) applied: u32,
    /// Moves the playhead to right after an event.
    pub(super) on_jump: Callback<Seq>,
}

/// An event as the card tells it.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    seq: Seq,
    at: Time,
    says: String,
}

/// What the card says.
struct Reason {
    event: Told,
    rule: String,
    causes: Vec<Told>,
    more: usize,
}

/// The answer to one question.
#[component]
pub(super) fn WhyCard(props: &WhyCardProps) -> Html {
    let WhyCardProps { asks, seq, timeline, on_jump, .. } = props;
    // What lies before an event never changes, but to find it out costs a seek.
    let reason = use_memo((*seq, timeline.clone()), |(seq, timeline)| reason(timeline, *seq));
    let Some(reason) = &*reason else { return html! {} };
    let clock = timeline.clock();
    let link = |told: &Told| {
        let seq = told.seq;
        let onclick = on_jump.reform(move |_: MouseEvent| seq);
        let is_here = seq.0 + 1 == props.applied;
        html! {
            <button type="button" class="event-link" {onclick} aria-current={is_here.then_some("true")}>
                <span class="event-time">{ clock.exact(told.at) }</span>
                <span>{ &told.says }</span>
            </button>
        }
    };
    html! {
        <details class="why-card" open={props.is_open}>
            <summary>{ *asks }</summary>
            <p class="rule">{ with_terms(&reason.rule) }</p>
            { link(&reason.event) }
            if !reason.causes.is_empty() {
                <p class="chain-head">{ "because of" }</p>
                <ol class="chain">{ for reason.causes.iter().map(|cause| html! { <li>{ link(cause) }</li> }) }</ol>
            }
            if reason.more > 0 {
                <p class="inspector-note">{ format!("and {} before", Counted(reason.more as u64, "cause")) }</p>
            }
        </details>
    }
}

fn reason(timeline: &SharedTimeline, seq: Seq) -> Option<Reason> {
    let event = timeline.event(seq)?;
    let rule = why(&event, &timeline.seek(seq.0));
    let chain = timeline.read(seq.0 + 1, |events| causes(events, seq));
    let tell = |seq: &Seq| {
        let event = timeline.event(*seq)?;
        Some(Told { seq: *seq, at: event.at, says: timeline.sentence(&event) })
    };
    // Reports of progress follow one another by the hundred, and say nothing of why.
    let telling = |seq: &&Seq| timeline.event(**seq).is_some_and(|event| !is_report(&event.kind));
    let chain: Vec<Seq> = chain.iter().filter(telling).copied().collect();
    let shown: Vec<Told> = chain.iter().take(CAUSES_SHOWN).filter_map(tell).collect();
    let more = chain.len().saturating_sub(CAUSES_SHOWN);
    Some(Reason { event: tell(&seq)?, rule, more, causes: shown })
}

fn is_report(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Batch(BatchEvent::MapProgress { .. } | BatchEvent::ReduceProgress { .. })
    )
}
