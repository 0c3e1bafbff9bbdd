//! The transport bar, like a video player's: first, step back, play, step, last; the time, and the
//! pace where it is not the usual one.

use super::controls::Controls;
use super::icon::{Icon, icon};
use super::scrubber::Scrubber;
use super::tracks::Tracks;
use crate::base::{Span, Time};
use crate::ui::model::action::{Action, Change, Play};
use crate::ui::model::amount::moment;
use crate::ui::model::pace::Quiet;
use crate::ui::model::run::{Progress, Run};
use crate::ui::model::state::Player;
use crate::ui::model::tracks::Track;
use yew::prelude::*;

/// What the transport bar needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The run on the screen, if there is one.
    pub(crate) run: Option<Run>,
    /// The branches, where there are several.
    pub(crate) tracks: Vec<Track>,
    /// Where the scrubber and the tracks end.
    pub(crate) horizon: Time,
    /// The player.
    pub(crate) player: Player,
    /// The quiet span that is being played faster, if one is.
    pub(crate) quiet: Option<Quiet>,
    /// Whether nothing later than the furthest place reached may be shown.
    pub(crate) hold_back: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The transport bar.
#[component]
pub(crate) fn Transport(props: &Props) -> Html {
    let run = props.run.as_ref();
    let at_start = run.is_none_or(Run::is_at_opening);
    let at_end = run.is_none_or(Run::is_at_end);
    let (play_icon, play_name) = match (props.player.playing, at_end && run.is_some()) {
        (true, _) => (Icon::Pause, "Pause"),
        (false, true) => (Icon::Play, "Play again from the beginning"),
        (false, false) => (Icon::Play, "Play"),
    };
    let seen = run.is_some_and(|run| run.place < run.furthest);
    let (last_name, last_off) = match (seen, props.hold_back) {
        (true, _) => ("To the furthest moment reached", false),
        (false, true) => ("To the furthest moment reached", true),
        (false, false) => ("To the end", at_end),
    };
    let button = |picture,
                  name: &'static str,
                  keys: &str,
                  off: bool,
                  play: Play,
                  id: &'static str| {
        // It keeps the keyboard's focus where there is nothing more to do.
        let send = props.send.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            if !off {
                send.emit(Action::Play(play));
            }
        });
        let title = format!("{name} ({keys})");
        html! {
            <button type="button" class="transport-button" aria-label={name} {title} aria-disabled={off.to_string()} {onclick} data-testid={id}>
                { icon(picture) }
            </button>
        }
    };
    html! {
        <section class="transport" aria-label="Player">
            if let Some(run) = run {
                <Scrubber timeline={run.timeline.clone()} place={run.place} furthest={run.furthest}
                    horizon={props.horizon} hold_back={props.hold_back} send={props.send.clone()} />
                <Tracks tracks={props.tracks.clone()} horizon={props.horizon} send={props.send.clone()} />
            } else {
                <div class="scrubber empty" />
            }
            <div class="transport-row">
                { clock(props) }
                <div class="transport-buttons">
                    { button(Icon::First, "To the beginning", "Home", at_start, Play::First, "first") }
                    { button(Icon::Back, "Step back", "←", at_start, Play::Back(1), "step-back") }
                    <span class="play">
                        { button(play_icon, play_name, "space", run.is_none(), Play::Toggle, "play") }
                    </span>
                    { button(Icon::Forward, "Step forward", "→", at_end, Play::Forward(1), "step") }
                    { button(Icon::Last, last_name, "End", last_off, Play::Last, "last") }
                </div>
                <Controls speed={props.player.speed} step={props.player.step} send={props.send.clone()} />
            </div>
        </section>
    }
}

/// The time at the playhead; beside it the pace of a quiet span, or how the simulation does.
fn clock(props: &Props) -> Html {
    let Some(run) = &props.run else { return html! { <div class="clock" /> } };
    let waits = run.place.events == run.timeline.len();
    let at = match &run.live {
        Some(_) => moment(run.place.at, props.horizon),
        // To the second: what is finer is in the log.
        None => run.timeline.clock().rough(run.place.at),
    };
    let stop = props.send.reform(|_: MouseEvent| Action::Change(Change::Stop));
    let go_on = props.send.reform(|_: MouseEvent| Action::Change(Change::GoOn));
    html! {
        <div class="clock">
            <span class="number time" data-testid="time">{ at }</span>
            if let Some(quiet) = props.quiet.filter(|_| props.player.playing) {
                <span class="pace" data-testid="pace">
                    { format!("{} of waiting, ×{}", whole(quiet.length()), quiet.factor) }
                </span>
            } else {
                { match run.progress {
                    Progress::Simulating if run.live.is_some() => html! {
                        <span class="pace is-live" role="status" data-testid="live-state">{ workers(run) }</span>
                    },
                    Progress::Simulating => html! {
                        <span class="pace" role="status">
                            { if waits && props.player.playing { "waiting for the simulation " } else { "simulating " } }
                            if !props.hold_back {
                                <span class="number">{ run.timeline.clock().rough(run.timeline.end_time()) }</span>{ " " }
                            }
                            <button type="button" class="link" onclick={stop}>{ "stop" }</button>
                        </span>
                    },
                    Progress::Stopped => html! {
                        <span class="pace" role="status">
                            { "simulation stopped " }
                            <button type="button" class="link" onclick={go_on}>{ "go on" }</button>
                        </span>
                    },
                    Progress::Lost => html! { <span class="pace">{ "the trace ends here" }</span> },
                    Progress::Finished(_) if run.live.is_some() => html! {
                        <span class="pace" data-testid="live-state">{ "recorded live" }</span>
                    },
                    Progress::Finished(_) => html! {},
                } }
            }
        </div>
    }
}

/// How many workers of a live run are at work.
fn workers(run: &Run) -> String {
    let nodes = run.timeline.seek(run.timeline.len()).nodes.clone();
    let up = nodes.iter().filter(|node| node.is_up()).count();
    match nodes.len() {
        0 => "live: the workers start".to_owned(),
        all => format!("live: {up} of {all} workers run"),
    }
}

/// A length of time that nobody needs to know exactly: `9 s`, `400 ms`.
fn whole(length: Span) -> String {
    match length.0 {
        1_000_000.. => format!("{} s", (length.0 + 500_000) / 1_000_000),
        _ => length.to_string(),
    }
}
