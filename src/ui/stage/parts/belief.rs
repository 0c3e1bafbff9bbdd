//! What the coordinator believes of a node. Dashed, as all that is believed and not seen.

use super::draw::{rounded, text_in};
use crate::base::Time;
use crate::charts::number::fit;
use crate::charts::shape::Rect;
use crate::trace::snapshot::Belief;
use crate::ui::stage::layout::{LINE, TEXT};
use crate::ui::stage::wording;
use yew::prelude::*;

/// What a belief is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct BeliefProps {
    /// What is believed.
    pub(super) belief: Belief,
    /// Whether something is wrong that the coordinator may not know.
    #[prop_or_default]
    pub(super) is_doubtful: bool,
    /// The playhead, a whole number of tenths of a second after it was heard of.
    pub(super) now: Time,
    /// Where it lies.
    pub(super) frame: Rect,
}

/// When the node was last heard of, and what was free then.
#[component]
pub(super) fn BeliefNote(props: &BeliefProps) -> Html {
    let BeliefProps { belief, now, frame, is_doubtful } = props;
    let heard = wording::heard_or_lost(belief, *now, *is_doubtful);
    let free = wording::free_or_not(belief);
    let inside = frame.inset(3.0);
    let room = inside.width - 4.0;
    let choose = |wordings: &[String]| {
        let wordings: Vec<&str> = wordings.iter().map(String::as_str).collect();
        fit(&wordings, room, TEXT).to_owned()
    };
    let lines = if frame.height >= 2.0 * LINE && belief.heard_at.is_some() {
        vec![choose(&heard), choose(&free)]
    } else {
        let both = |a: &String, b: &String| format!("{a} · {b}");
        let mut wordings = vec![both(&heard[0], &free[0]), both(&heard[0], &free[2])];
        wordings.extend(heard);
        vec![choose(&wordings)]
    };
    let rows = Rect { x: inside.x + 2.0, width: room, ..inside }.rows(lines.len(), 0.0);
    html! {
        <g class={classes!("belief", belief.lost.map(|_| "is-lost"), belief.barred.map(|_| "is-barred"))}>
            { rounded("belief-frame", *frame, 5.0) }
            { for rows.into_iter().zip(lines).map(|(row, line)| text_in("belief-text", row, line)) }
        </g>
    }
}
