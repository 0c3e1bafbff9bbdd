//! The branches as thin tracks under the scrubber, on its time axis. A press shows one.

use crate::base::Time;
use crate::ui::model::action::{Action, Change};
use crate::ui::model::amount::moment;
use crate::ui::model::tracks::{End, Track};
use yew::prelude::*;

/// What the tracks need.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The branches, in the order of their making.
    pub(crate) tracks: Vec<Track>,
    /// Where the time axis ends.
    pub(crate) horizon: Time,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The branches as tracks.
#[component]
pub(crate) fn Tracks(props: &Props) -> Html {
    if props.tracks.is_empty() {
        return html! {};
    }
    html! {
        <ol class="tracks" aria-label="Branches" data-testid="tracks">
            { for props.tracks.iter().map(|track| one(props, track)) }
        </ol>
    }
}

fn one(props: &Props, track: &Track) -> Html {
    let number = track.number;
    let onclick = props.send.reform(move |_: MouseEvent| Action::Change(Change::Branch(number)));
    let share = |at: Time| at.0 as f64 / props.horizon.0.max(1) as f64 * 100.0;
    let (from, to) = (share(track.from).min(100.0), share(track.to).min(100.0));
    let style = format!(
        "--from:{from:.3}%;--to:{to:.3}%;--above:{};--label:{:.3}%",
        track.below_parent,
        from.min(62.0)
    );
    let (class, said) = match track.end {
        End::Open => ("is-open", ""),
        End::Done => ("is-done", ""),
        End::Failed => ("is-failed", " (failed)"),
    };
    let length = match track.end {
        End::Open => "…".to_owned(),
        End::Done | End::Failed => moment(track.to, track.to),
    };
    html! {
        <li key={track.number} class={classes!("track-row", class, track.is_shown.then_some("is-shown"))} {style}>
            <button type="button" class="branch" aria-pressed={track.is_shown.to_string()} {onclick}>
                <span class="branch-line" aria-hidden="true" />
                { for track.marks.iter().map(|(at, what)| html! {
                    <span class="branch-mark" aria-hidden="true" title={what.clone()} style={format!("left:{:.3}%", share(*at).min(100.0))} />
                }) }
                <span class="branch-name">{ track.label.clone() }{ said }</span>
            </button>
            <span class="end number">{ length }</span>
        </li>
    }
}
