//! The log: the events up to the playhead in words, the latest first. Each leads to its moment.

use crate::base::format::Counted;
use crate::trace::moment;
use crate::trace::stream::JobPlan;
use crate::trace::{Event, sentence};
use crate::ui::model::action::{Action, Look, Play};
use crate::ui::model::clock::RunClock;
use crate::ui::selection::Selection;
use crate::ui::shared_timeline::SharedTimeline;
use yew::prelude::*;

/// The most lines that are drawn at once.
const LINES_MAX: usize = 200;
/// The most events that are looked through for notable ones.
const LOOKED_AT_MAX: usize = 20_000;

/// What the log needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The trace.
    pub(crate) timeline: SharedTimeline,
    /// How many events have happened at the playhead.
    pub(crate) shown: u32,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The events up to the playhead in words.
#[component]
pub(crate) fn Log(props: &Props) -> Html {
    let all = use_state(|| false);
    let clock = props.timeline.clock();
    let lines = props.timeline.read(props.shown, |events| {
        let latest = events.iter().rev().take(LOOKED_AT_MAX);
        let wanted = latest.filter(|event| *all || moment::topic(event).is_some());
        let plan = JobPlan::of(events);
        wanted
            .take(LINES_MAX)
            .map(|event| line(event, (clock, plan), &props.send))
            .collect::<Html>()
    });
    let toggle = {
        let all = all.clone();
        Callback::from(move |_: yew::Event| all.set(!*all))
    };
    html! {
        <div class="log" data-testid="log">
            <div class="row">
                <label class="check">
                    <input type="checkbox" checked={*all} onchange={toggle} />
                    { " Every event" }
                </label>
                <p class="small">
                    { format!("{} so far; the latest {LINES_MAX} at most are listed, the latest first.", Counted(u64::from(props.shown), "event")) }
                </p>
            </div>
            <ol class="log-lines" reversed={true}>{ lines }</ol>
        </div>
    }
}

fn line(
    event: &Event,
    (clock, plan): (RunClock, Option<&JobPlan>),
    send: &Callback<Action>,
) -> Html {
    let seq = event.seq;
    let jump = {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| {
            send.emit(Action::Play(Play::Jump(seq)));
            send.emit(Action::Look(Look::Select(Selection::Event(seq))));
        })
    };
    html! {
        <li key={seq.0}>
            <button type="button" class="log-line" onclick={jump}>
                <span class="number log-time">{ clock.exact(event.at) }</span>
                <span>{ sentence::sentence_of(event, plan) }</span>
            </button>
        </li>
    }
}
