//! A sink: what it has received, the latest first, and under it what came too late.

use super::card::{CardProps, LINE, fitting};
use crate::base::Window;
use crate::base::format::{Count, Counted};
use crate::charts::number::{fit, text_width};
use crate::charts::shape::Rect;
use crate::trace::snapshot::StreamState;
use crate::trace::snapshot::stream::Received;
use crate::trace::stream::Fate;
use crate::ui::selection::Selection;
use crate::ui::stage::draw::{rounded, text_end, text_in};
use crate::ui::stage::hit::Hit;
use crate::ui::stage::layout::TEXT;
use crate::ui::stream::{Thing, wording};
use yew::prelude::*;

/// A sink.
#[component]
pub(super) fn SinkCard(props: &CardProps) -> Html {
    let CardProps { state, card, .. } = props;
    let thing = Thing::Subtask(card.id);
    let dropped = state.ledger.dropped;
    let is_first = card.id.index == 0;
    let body = card.rect.inset(7.0);
    let has_late = is_first && dropped > 0 && body.height >= LINE * 3.0;
    let (late, body) = if has_late { body.cut_bottom(LINE + 4.0, 3.0) } else { (body, body) };
    let received: Vec<&Received> =
        state.received.iter().filter(|of| of.subtask == card.id).map(|of| &**of).collect();
    let lines = rows(body);
    // The last line says how many there are besides, where not all have room.
    let fits = match received.len() > lines.len() && lines.len() > 1 {
        true => lines.len() - 1,
        false => lines.len(),
    };
    let shown: Vec<&Received> = received.iter().rev().take(fits).copied().collect();
    let hidden = received.len().saturating_sub(shown.len());
    let last = lines.last().copied().filter(|_| hidden > 0 && fits < lines.len());
    let name = format!(
        "{}: {} received, {} taken back",
        wording::subtask(state, card.id),
        Count(received.len() as u64),
        Count(received.iter().filter(|of| of.retraction).count() as u64)
    );
    html! {
        <g>
            <Hit areas={vec![card.rect]} {name} selects={Selection::Stream(thing)}
                is_selected={props.selected == Some(thing)} on_select={props.on_select.clone()}>
                { rounded("card-frame is-sink", card.rect, 6.0) }
                if shown.is_empty() {
                    { text_in("small faint", body, fit(&["nothing received yet", "nothing yet"], body.width, TEXT).to_owned()) }
                }
            </Hit>
            { for shown.into_iter().zip(lines).map(|(of, line)| row(props, of, line)) }
            { for last.map(|line| text_in("small faint", line, format!("and {hidden} before"))) }
            if has_late { { late_line(state, late) } }
        </g>
    }
}

fn rows(body: Rect) -> Vec<Rect> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small room")]
    let count = ((body.height + 3.0) / LINE).max(1.0) as usize;
    let height = (count as f64 * LINE).min(body.height);
    Rect { height, ..body }.rows(count, 0.0)
}

/// The pane that a result was, if it was one.
fn pane_of(state: &StreamState, of: &Received) -> Option<Thing> {
    let place = state.panes.iter().position(|pane| pane.result == of.element)?;
    u32::try_from(place).ok().map(Thing::Pane)
}

fn row(props: &CardProps, of: &Received, line: Rect) -> Html {
    let state = &props.state;
    let value = match of.retraction {
        true => wording::taken_back(&of.content),
        false => wording::content(&of.content),
    };
    let of_window = of.window.map_or_else(|| of.key.clone(), wording::window);
    let keys = state.received.iter().any(|other| other.key != of.key);
    let left = match of.window {
        Some(_) if keys => format!("{} {of_window}", of.key),
        Some(_) | None => of_window,
    };
    let value_width = text_width(&value, TEXT * 1.1).min(line.width * 0.5);
    let room = line.width - value_width - 6.0;
    let class = classes!("small", "strong", of.retraction.then_some("is-taken"));
    let drawn = html! { <>
        { rounded("sink-row", Rect { x: line.x - 3.0, width: line.width + 6.0, ..line }, 3.0) }
        { text_in("small", line, shortened(&left, of, keys, room)) }
        { text_end(class, line, fitting(&value, value_width + 2.0)) }
    </> };
    let Some(thing) = pane_of(state, of) else { return drawn };
    html! {
        <Hit areas={vec![line]} name={format!("{left}: {value}")} selects={Selection::Stream(thing)}
            is_selected={props.selected == Some(thing)} on_select={props.on_select.clone()}>
            { drawn }
        </Hit>
    }
}

/// A result's key and window; where there is little room the window's beginning alone, and the key cut
/// before the window is.
fn shortened(long: &str, of: &Received, keys: bool, room: f64) -> String {
    let Some(window) = of.window.filter(|window| keys && *window != Window::GLOBAL) else {
        return fitting(long, room);
    };
    let begins = wording::short_clock(wording::to_second(window.start));
    let short = format!("{} {begins}", of.key);
    if fit(&[long], room, TEXT) == long {
        long.to_owned()
    } else if fit(&[&short], room, TEXT) == short {
        short
    } else {
        let key = fitting(&of.key, room - text_width(&begins, TEXT) - 6.0);
        format!("{key} {begins}")
    }
}

/// What was left out: hollow, and in view.
fn late_line(state: &StreamState, line: Rect) -> Html {
    let is_out = |record: &&std::rc::Rc<crate::trace::snapshot::stream::RecordState>| {
        matches!(state.roll_up(record.id), Some(Fate::Dropped))
    };
    let values: Vec<String> = state
        .records
        .iter()
        .filter(is_out)
        .take(12)
        .map(|record| record.value.to_string())
        .collect();
    let said = match values.len() {
        0 => format!("{} dropped", Counted(state.ledger.dropped, "element")),
        _ => format!("dropped: {}", values.join(" ")),
    };
    html! { <>
        { rounded("late-frame", Rect { x: line.x - 2.0, width: line.width + 4.0, ..line }, 4.0) }
        { text_in("small late-text", Rect { x: line.x + 5.0, ..line }, fitting(&said, line.width - 8.0)) }
    </> }
}
