//! The channels between subtasks, and what is on its way over them at the playhead.

use crate::base::Time;
use crate::charts::number::fraction;
use crate::charts::shape::{Point, ribbon};
use crate::trace::snapshot::stream::{Flight, StreamState};
use crate::trace::stream::{EdgePlan, Sent, Subtask};
use crate::ui::same::Same;
use crate::ui::stage::draw::length;
use crate::ui::stream::flow::FlowLayout;
use std::rc::Rc;
use yew::prelude::*;

/// What the channels are given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ChannelsProps {
    /// Where everything lies.
    pub(super) layout: Same<FlowLayout>,
    /// The job.
    pub(super) state: Rc<StreamState>,
    /// The playhead.
    pub(super) now: Time,
}

/// The most flights that are drawn.
const FLIGHTS_MOST: usize = 400;

/// The channels.
#[component]
pub(super) fn Channels(props: &ChannelsProps) -> Html {
    let ChannelsProps { layout, state, now } = props;
    let mut path = String::new();
    for edge in &state.plan.edges {
        for (from, to) in pairs(state, edge) {
            if let Some((from, to)) = layout.channel(from, to) {
                path.push_str(&ribbon(from, to));
            }
        }
    }
    for (id, tape) in &layout.tapes {
        let reader = reader(state, *id);
        if let Some(card) = layout.card(reader) {
            let from = Point { x: tape.right() + 4.0, y: tape.centre().y };
            path.push_str(&ribbon(from, card.rect.left_middle()));
        }
    }
    let under_way = state.flights.iter().filter(|of| of.sent.0 <= *now && *now < of.arrives);
    html! {
        <g class="channels" aria-hidden="true">
            <path class="channel" d={path} />
            { for under_way.take(FLIGHTS_MOST).filter_map(|flight| flight_view(layout, flight, *now)) }
        </g>
    }
}

/// Which subtasks of an edge speak to which: by key each to each, else those of the same number, or in
/// turn.
fn pairs(state: &StreamState, edge: &EdgePlan) -> Vec<(Subtask, Subtask)> {
    let count = |id| state.operator(id).map_or(0, |plan| plan.parallelism);
    let (senders, hearers) = (count(edge.from), count(edge.to));
    let mut pairs = Vec::new();
    for from in 0..senders {
        for to in 0..hearers {
            if edge.keyed || senders != hearers || from == to {
                let subtask = |operator, index| Subtask { operator, index };
                pairs.push((subtask(edge.from, from), subtask(edge.to, to)));
            }
        }
    }
    pairs
}

/// The subtask that reads a partition; until one has spoken of it, the one whose turn it is.
fn reader(state: &StreamState, id: crate::trace::stream::Partition) -> Subtask {
    let input = crate::trace::stream::Input::Partition(id.index);
    let subtasks = state.subtasks.get(usize::from(id.source.0)).into_iter().flatten();
    let count = state.operator(id.source).map_or(1, |plan| plan.parallelism).max(1);
    subtasks
        .filter(|subtask| subtask.inputs.iter().any(|known| known.input == input))
        .map(|subtask| subtask.id)
        .next()
        .unwrap_or(Subtask { operator: id.source, index: id.index % count })
}

fn flight_view(layout: &FlowLayout, flight: &Flight, now: Time) -> Option<Html> {
    let (from, to) = layout.channel(flight.from, flight.to)?;
    let whole = flight.arrives.since(flight.sent.0).0;
    let share = fraction(now.since(flight.sent.0).0, whole);
    // The ribbon leaves and arrives level, as this does.
    let level = share * share * (3.0 - 2.0 * share);
    let at = Point { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * level };
    Some(match flight.what {
        Sent::Element(_) => html! {
            <circle key={flight.sent.1.0} class="flight" cx={length(at.x)} cy={length(at.y)} r="5" />
        },
        Sent::Retraction(_) => html! {
            <circle key={flight.sent.1.0} class="flight is-taken" cx={length(at.x)} cy={length(at.y)} r="5" />
        },
        Sent::Watermark(_) | Sent::BatchEnd(_) => html! {
            <path key={flight.sent.1.0} class="flight-mark" d={format!("M{:.1} {:.1}v18", at.x, at.y - 9.0)} />
        },
        Sent::Idle | Sent::Active => html! {
            <path key={flight.sent.1.0} class="flight-idle" d={format!("M{:.1} {:.1}v18", at.x, at.y - 9.0)} />
        },
    })
}
