//! The stream lab's stage: the job from its partitions to its sinks, and under it the plot that
//! explains it.

use super::card::CardView;
use super::channels::Channels;
use super::plot::EventPlot;
use super::sink_card::SinkCard;
use super::tape_row::TapeRow;
use super::windows_card::WindowsCard;
use crate::base::{Millis, Time};
use crate::charts::number::fit;
use crate::trace::Snapshot;
use crate::trace::snapshot::StreamState;
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::shared_timeline::SharedTimeline;
use crate::ui::size::use_size;
use crate::ui::stage::draw::text_in;
use crate::ui::steady::use_steady;
use crate::ui::stream::flow::{
    Ask, Card, CardKind, FlowLayout, TEXT, columns, scale, wanted_height,
};
use crate::ui::stream::history::History;
use crate::ui::stream::{Thing, wording};
use std::rc::Rc;
use yew::prelude::*;

/// What the stage is given.
#[derive(Clone, PartialEq, Properties)]
pub struct StreamStageProps {
    /// The run at the playhead.
    pub snapshot: Rc<Snapshot>,
    /// The run's events.
    pub timeline: SharedTimeline,
    /// What is selected.
    pub selection: Option<Selection>,
    /// Hears what is pressed.
    pub on_select: Callback<Selection>,
    /// Hears which record is to arrive when.
    pub on_move: Callback<(u32, Millis)>,
    /// Whether it must be read from the back row.
    pub presenter: bool,
    /// The playhead, which may stand between two events.
    pub now: Time,
    /// Events whose moments may be told by the axes of the plot.
    pub known: u32,
    /// Where the plot's axis of processing time ends.
    pub horizon: Time,
    /// The key that the plot opens on, where the preset names one.
    pub first_key: Option<&'static str>,
}

/// What of the stage is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Both,
    Flow,
    Plot,
}

/// The stage.
#[component]
pub fn StreamStage(props: &StreamStageProps) -> Html {
    let on_select = use_steady(&props.on_select);
    let on_move = use_steady(&props.on_move);
    let props = &StreamStageProps { on_select, on_move, ..props.clone() };
    let shown = use_state_eq(|| Shown::Both);
    let node = use_node_ref();
    let size = use_size(node.clone()).filter(|(_, height)| *height > 0.0);
    let history = Same::from(use_memo(props.timeline.clone(), |timeline| {
        timeline.read(timeline.len(), History::of)
    }));
    let state = props.snapshot.stream.clone();
    let chosen = shown;
    let shown = shown_in(props, *chosen, size);
    html! {
        <div class="stage stream-stage" ref={node} role="region" aria-label="stage">
            if let (Some(size), Some(state)) = (size, state) {
                if shown != Shown::Plot {
                    { flow(props, &state, (size.0, flow_height(props, &state, size, shown))) }
                }
                if shown == Shown::Flow {
                    <div class="stage-bar">{ switches(&chosen, shown) }</div>
                } else {
                    <EventPlot {state} {history} selection={thing(props.selection)}
                        on_select={props.on_select.clone()} on_move={props.on_move.clone()} now={props.now}
                        applied={props.snapshot.applied} known={props.known}
                        horizon={props.horizon} presenter={props.presenter} first_key={props.first_key}>
                        { switches(&chosen, shown) }
                    </EventPlot>
                }
            } else if size.is_some() {
                <p class="loading" role="status">{ "The job has not begun yet." }</p>
            }
        </div>
    }
}

/// What of that which was chosen has room: in a low box the plot says more than a strip of each.
fn shown_in(props: &StreamStageProps, chosen: Shown, size: Option<(f64, f64)>) -> Shown {
    const LOW: f64 = 250.0;
    let scale = size
        .map_or(1.0, |size| scale(&Ask { size, presenter: props.presenter, columns: Vec::new() }));
    let is_low = size.is_some_and(|(_, height)| height / scale < LOW);
    if chosen == Shown::Both && is_low { Shown::Plot } else { chosen }
}

/// What the stage shows: the flow, the plot, or both.
fn switches(chosen: &UseStateHandle<Shown>, shown: Shown) -> Html {
    let all = [(Shown::Both, "Both"), (Shown::Flow, "Flow"), (Shown::Plot, "Plot")];
    html! {
        <div class="stage-switch" role="group" aria-label="What the stage shows">
            { for all.map(|(what, name)| switch(chosen, shown == what, what, name)) }
        </div>
    }
}

fn switch(shown: &UseStateHandle<Shown>, is_on: bool, what: Shown, name: &'static str) -> Html {
    let onclick = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(what))
    };
    html! {
        <button type="button" class="switch" aria-pressed={is_on.to_string()} {onclick}>{ name }</button>
    }
}

/// What of a stream job is selected.
fn thing(selection: Option<Selection>) -> Option<Thing> {
    match selection {
        Some(Selection::Stream(thing)) => Some(thing),
        Some(
            Selection::Node(_)
            | Selection::Rack(_)
            | Selection::Block(_)
            | Selection::Task(_)
            | Selection::Attempt(_)
            | Selection::Cell { .. }
            | Selection::Output(_)
            | Selection::Coordinator
            | Selection::Event(_),
        )
        | None => None,
    }
}

fn ask(props: &StreamStageProps, state: &StreamState, size: (f64, f64)) -> Ask {
    Ask { size, presenter: props.presenter, columns: columns(&state.plan) }
}

/// Beside the plot the job takes what it needs, and less than half.
fn flow_height(
    props: &StreamStageProps,
    state: &StreamState,
    (width, height): (f64, f64),
    shown: Shown,
) -> f64 {
    const BAR: f64 = 44.0;
    const LOW: f64 = 420.0;
    // Between open panels the plot needs more of what is left.
    let most = if height < LOW { 0.36 } else { 0.44 };
    match shown {
        Shown::Flow => height - BAR,
        Shown::Both | Shown::Plot => {
            wanted_height(&ask(props, state, (width, height))).min(height * most)
        }
    }
}

fn flow(props: &StreamStageProps, state: &Rc<StreamState>, size: (f64, f64)) -> Html {
    let layout = Same::new(FlowLayout::new(&ask(props, state, size)));
    let frame = layout.frame;
    let selected = thing(props.selection);
    let head =
        |(operator, rect): &(crate::trace::stream::OperatorId, crate::charts::shape::Rect)| {
            let plan = state.operator(*operator)?;
            let long = match plan.what.as_str() {
                "" => plan.name.clone(),
                what => format!("{}: {what}", plan.name),
            };
            // It may reach into the gap to the next column, but not off the stage.
            let room = (rect.width + 24.0).min(frame.right() - rect.x);
            let name = fit(&[&long, &plan.name], room, TEXT * 1.09).to_owned();
            Some(text_in("panel-title", *rect, name))
        };
    let tape = |(id, rect): &(crate::trace::stream::Partition, crate::charts::shape::Rect)| {
        let partition = state.partition(*id)?.clone();
        Some(html! {
            <TapeRow state={Rc::clone(state)} {partition} rect={*rect} selected={selected}
                on_select={props.on_select.clone()} />
        })
    };
    html! {
        <div class="flow-box" style={format!("height:{:.0}px", size.1)}>
        <svg class="stage-picture flow"
            viewBox={format!("0 0 {:.2} {:.2}", frame.width, frame.height)} role="group"
            aria-label={format!("the job at {}", wording::mark(Some(state.clock(props.now))))}>
            <Channels layout={layout.clone()} state={Rc::clone(state)} now={props.now} />
            { for layout.heads.iter().filter_map(head) }
            { for layout.tapes.iter().filter_map(tape) }
            { for layout.cards.iter().map(|card| card_view(props, state, card, selected)) }
        </svg>
        </div>
    }
}

fn card_view(
    props: &StreamStageProps,
    state: &Rc<StreamState>,
    card: &Card,
    selected: Option<Thing>,
) -> Html {
    let on_select = props.on_select.clone();
    match card.kind {
        CardKind::Source | CardKind::Plain => html! {
            <CardView state={Rc::clone(state)} card={*card} {selected} {on_select} />
        },
        CardKind::Windows => html! {
            <WindowsCard state={Rc::clone(state)} card={*card} {selected} {on_select} />
        },
        CardKind::Sink => html! {
            <SinkCard state={Rc::clone(state)} card={*card} {selected} {on_select} />
        },
    }
}
