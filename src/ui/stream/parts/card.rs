//! A subtask that has no windows: its watermark, and those of what it hears.

use crate::charts::number::fit;
use crate::charts::shape::Rect;
use crate::trace::snapshot::stream::{InputState, StreamState, SubtaskState};
use crate::trace::stream::Profile;
use crate::ui::selection::Selection;
use crate::ui::stage::draw::{rounded, text_in};
use crate::ui::stage::hit::Hit;
use crate::ui::stream::facts::holding;
use crate::ui::stream::flow::{Card, TEXT};
use crate::ui::stream::{Thing, wording};
use std::rc::Rc;
use yew::prelude::*;

/// What a card is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct CardProps {
    /// The job.
    pub(super) state: Rc<StreamState>,
    /// The card.
    pub(super) card: Card,
    /// What is selected.
    pub(super) selected: Option<Thing>,
    /// Hears what is pressed.
    pub(super) on_select: Callback<Selection>,
}

/// The height of a line.
pub(super) const LINE: f64 = 16.0;

/// A card.
#[component]
pub(super) fn CardView(props: &CardProps) -> Html {
    let CardProps { state, card, .. } = props;
    let Some(subtask) = state.subtask(card.id) else { return html! {} };
    let thing = Thing::Subtask(card.id);
    let body = card.rect.inset(8.0);
    let mut lines = watermark(state, subtask, body);
    lines.extend(subtask.inputs.iter().filter(|_| subtask.inputs.len() > 1).map(|input| {
        let is_held = subtask.held_by == Some(input.input);
        let line = input_line(state, subtask, input, is_held, body.width - 6.0);
        (if is_held { "held" } else { "faint" }, line)
    }));
    if subtask.size != (0, 0, 0) {
        lines.push(("faint", super::windows_card::state_size(subtask)));
    }
    html! {
        <Hit areas={vec![card.rect]} name={said(state, subtask)} selects={Selection::Stream(thing)}
            is_selected={props.selected == Some(thing)} on_select={props.on_select.clone()}>
            { rounded("card-frame", card.rect, 6.0) }
            { for placed(body, lines.len()).into_iter().zip(lines).map(|(line, (class, text))| {
                let text = fitting(&text, line.width - 6.0);
                text_in(classes!("small", class), line, text)
            }) }
        </Hit>
    }
}

/// A text, or as much of its beginning as fits.
pub(super) fn fitting(text: &str, width: f64) -> String {
    if fit(&[text], width, TEXT) == text {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |count: &usize| letters[..*count].iter().collect::<String>() + "…";
    let longest =
        (1..letters.len()).rev().find(|count| !fit(&[&cut(count)], width, TEXT).is_empty());
    longest.map(|count| cut(&count)).unwrap_or_default()
}

/// Lines in the middle of a card, as many as have room.
fn placed(body: Rect, count: usize) -> Vec<Rect> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small room")]
    let fits = ((body.height + 4.0) / LINE).max(1.0) as usize;
    let count = count.min(fits);
    let height = (count as f64 * LINE).min(body.height);
    Rect { y: body.y + (body.height - height) / 2.0, height, ..body }.rows(count, 0.0)
}

/// The watermark in one line; in two where the card is narrow, and without its name where it is low too.
fn watermark(
    state: &StreamState,
    subtask: &SubtaskState,
    body: Rect,
) -> Vec<(&'static str, String)> {
    let is_one_of_several =
        state.operator(subtask.id.operator).is_some_and(|plan| plan.parallelism > 1);
    let number = if is_one_of_several { format!("{}: ", subtask.id.index) } else { String::new() };
    let mark = wording::mark(subtask.watermark);
    let name = state.plan.profile.mark_name();
    // Stream time is kept where windows are, and nowhere else.
    if subtask.watermark.is_none() && state.plan.profile == Profile::KafkaStreams {
        return vec![("faint", format!("{number}no watermarks"))];
    }
    let whole = format!("{number}{name} {mark}");
    let width = body.width - 6.0;
    let shortest = |mark: &str, number: &str| {
        let (exact, second) = (
            format!("{number}{mark}"),
            format!("{number}{}", wording::short_mark(subtask.watermark)),
        );
        if fit(&[&exact], width, TEXT) == exact { exact } else { second }
    };
    if fit(&[&whole], width, TEXT) == whole {
        vec![("strong", whole)]
    } else if body.height >= LINE * 2.0 {
        let long = format!("{number}{name}");
        let short = format!("subtask {}", subtask.id.index);
        let head = if is_one_of_several { fit(&[&long, &short], width, TEXT) } else { &long };
        vec![("faint", head.to_owned()), ("strong", shortest(&mark, ""))]
    } else {
        vec![("strong", shortest(&mark, &number))]
    }
}

fn input_line(
    state: &StreamState,
    subtask: &SubtaskState,
    input: &InputState,
    is_held: bool,
    width: f64,
) -> String {
    let line = |name: &str, mark: &str| match (input.idle, is_held) {
        (Some(_), _) => format!("{name} idle"),
        (None, true) => format!("◂ {name} {mark}"),
        (None, false) => format!("{name} {mark}"),
    };
    // What is heard matters more than the whole name of who says it, and that more than milliseconds.
    let (name, mark) =
        (wording::input(state, subtask.id, input.input), wording::mark(input.watermark));
    let short = wording::short_input(input.input);
    let second = wording::short_mark(input.watermark);
    let lines = [line(&name, &mark), line(&short, &mark), line(&short, &second)];
    let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
    match fit(&texts, width, TEXT) {
        "" => lines[2].clone(),
        text => text.to_owned(),
    }
}

/// All of it in words.
pub(super) fn said(state: &StreamState, subtask: &SubtaskState) -> String {
    let name = wording::subtask(state, subtask.id);
    let held = holding(subtask)
        .map(|input| format!(", held by {}", wording::input(state, subtask.id, input)))
        .unwrap_or_default();
    format!("{name}: {}{held}", wording::named_mark(state, subtask.watermark))
}
