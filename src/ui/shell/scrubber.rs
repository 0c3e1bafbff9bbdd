//! The scrubber: the run as a line that the playhead is dragged along, with marks for moments and
//! a strip that says how much happened when. Both end at the furthest place reached.

use crate::base::Time;
use crate::ui::model::action::{Action, Play};
use crate::ui::model::amount::moment;
use crate::ui::model::keys::WIDE;
use crate::ui::model::place::Place;
use crate::ui::shared_timeline::{Mark, SharedTimeline};
use std::fmt::Write as _;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

/// Columns of the density strip.
const COLUMNS: u32 = 160;
/// Columns in which at most one mark is drawn.
const MARK_COLUMNS: u32 = 320;

/// What the scrubber needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The trace.
    pub(crate) timeline: SharedTimeline,
    /// Where the playhead stands.
    pub(crate) place: Place,
    /// The furthest place that was reached.
    pub(crate) furthest: Place,
    /// Where the line ends.
    pub(crate) horizon: Time,
    /// Whether what lies beyond the furthest place is out of reach.
    pub(crate) hold_back: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The scrubber.
#[component]
pub(crate) fn Scrubber(props: &Props) -> Html {
    let dragging = use_state(|| false);
    let track = use_node_ref();
    let scrub = {
        let (track, send, horizon) = (track.clone(), props.send.clone(), props.horizon);
        Callback::from(move |event: PointerEvent| {
            let Some(track) = track.cast::<Element>() else { return };
            let around = track.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - around.left()) / around.width().max(1.0);
            send.emit(Action::Play(Play::Scrub(at_share(horizon, share))));
        })
    };
    let onpointerdown = {
        let (scrub, dragging) = (scrub.clone(), dragging.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(target) = event.target_dyn_into::<Element>() {
                // Without the capture a drag only ends where it leaves the line.
                let _ = target.set_pointer_capture(event.pointer_id());
            }
            dragging.set(true);
            scrub.emit(event);
        })
    };
    let onpointermove = {
        let dragging = *dragging;
        Callback::from(move |event: PointerEvent| {
            if dragging {
                scrub.emit(event);
            }
        })
    };
    let stop = {
        let dragging = dragging.clone();
        Callback::from(move |_: PointerEvent| dragging.set(false))
    };
    let percent = |at: Time| format!("{:.3}%", share(at, props.horizon) * 100.0);
    let at = props.timeline.clock().rough(props.place.at);
    let says = format!("{at}, event {}", props.place.events);
    html! {
        <div class={classes!("scrubber", dragging.then_some("dragging"))} role="slider" tabindex="0"
            aria-label="Playhead" aria-orientation="horizontal" aria-valuemin="0"
            aria-valuemax={format!("{:.1}", props.horizon.seconds())}
            aria-valuenow={format!("{:.1}", props.place.at.seconds())} aria-valuetext={says}
            onkeydown={keys(&props.send)} {onpointerdown} {onpointermove}
            onpointerup={stop.clone()} onpointercancel={stop} data-testid="scrubber">
            <div class="track" ref={track}>
                <Strip timeline={props.timeline.clone()} seen={props.furthest.events} horizon={props.horizon} />
                <div class="reached" style={format!("width:{}", percent(props.furthest.at))} />
                <div class="played" style={format!("width:{}", percent(props.place.at))} />
                <div class="playhead" style={format!("left:{}", percent(props.place.at))} />
            </div>
            <span class="end number">{ end_label(props) }</span>
        </div>
    }
}

/// Where the line ends, unless that would say what is to come.
fn end_label(props: &Props) -> String {
    let seen = props.furthest.events == props.timeline.len();
    if props.hold_back && !seen { "…".to_owned() } else { moment(props.horizon, props.horizon) }
}

/// What strip and marks are drawn from.
#[derive(Clone, PartialEq, Properties)]
struct StripProps {
    timeline: SharedTimeline,
    seen: u32,
    horizon: Time,
}

/// The density strip and the marks, drawn again only when more was reached.
#[component]
fn Strip(props: &StripProps) -> Html {
    let seen = props.seen;
    let counts = props.timeline.density(seen, props.horizon, COLUMNS);
    let marks = props.timeline.marks(seen, props.horizon, MARK_COLUMNS);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let mut bars = String::new();
    for (column, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        // A root keeps quiet stretches visible beside busy ones.
        let height = (u64::from(*count) * 10_000 / u64::from(most)).isqrt();
        // Writing into a text cannot fail.
        let _ = write!(bars, "M{column} 100v-{height}h1v{height}z");
    }
    let (mut minor, mut major) = (String::new(), String::new());
    for Mark { column, is_major } in marks {
        let path = if is_major { &mut major } else { &mut minor };
        let _ = write!(path, "M{} 0V100", 2 * column + 1);
    }
    html! {
        <>
            <svg class="density" viewBox={format!("0 0 {COLUMNS} 100")} preserveAspectRatio="none" aria-hidden="true">
                <path d={bars} />
            </svg>
            <svg class="marks" viewBox={format!("0 0 {} 100", 2 * MARK_COLUMNS)} preserveAspectRatio="none" aria-hidden="true">
                <path class="minor" d={minor} />
                <path class="major" d={major} />
            </svg>
        </>
    }
}

/// The keys of the slider; the page's own do nothing while it has the focus.
fn keys(send: &Callback<Action>) -> Callback<KeyboardEvent> {
    let send = send.clone();
    Callback::from(move |event: KeyboardEvent| {
        let steps = if event.shift_key() { WIDE } else { 1 };
        let play = match event.key().as_str() {
            // Page Down goes on, as everywhere on the page: a clicker must not turn around
            // because the playhead was dragged before.
            "ArrowRight" | "ArrowUp" | "PageDown" => Play::Forward(steps),
            "ArrowLeft" | "ArrowDown" | "PageUp" => Play::Back(steps),
            "Home" => Play::First,
            "End" => Play::Last,
            _ => return,
        };
        event.prevent_default();
        send.emit(Action::Play(play));
    })
}

fn share(at: Time, horizon: Time) -> f64 {
    (at.0 as f64 / horizon.0.max(1) as f64).min(1.0)
}

fn at_share(horizon: Time, share: f64) -> Time {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=horizon"
    )]
    let at = (horizon.0 as f64 * share.clamp(0.0, 1.0)) as u64;
    Time(at)
}
