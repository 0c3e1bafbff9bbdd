//! The same events in several ways: a plot that all share, and a row of panes for each.

use super::answer_plot::{laid_out, plot};
use crate::base::Millis;
use crate::charts::event_time::Picture;
use crate::scenario::variants::{Cut, Respect};
use crate::ui::model::action::{Action, Asking};
use crate::ui::model::several::Several;
use crate::ui::selection::Selection;
use crate::ui::size::use_size;
use crate::ui::stream::several::{Cell, Differs, Row, RowState, Sight, sight};
use crate::ui::stream::wording::{short_clock, window};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What the view is given.
#[derive(Clone, PartialEq, Properties)]
pub struct AnswersViewProps {
    /// What is run, and what each answered so far.
    pub several: Rc<Several>,
    /// By the job's clock, the moment after which nothing may be told; nothing where all may.
    pub until: Option<Millis>,
    /// Hears what is pressed.
    pub on_select: Callback<Selection>,
    /// What the reader does.
    pub send: Callback<Action>,
}

/// Several answers.
#[component]
pub fn AnswersView(props: &AnswersViewProps) -> Html {
    let key = use_state_eq(|| None::<Rc<str>>);
    let node = use_node_ref();
    let width = use_size(node.clone()).map_or(0.0, |(width, _)| width);
    let seen = sight(&props.several, key.as_deref(), props.until);
    let over = props.several.answers.iter().flatten().count();
    html! {
        <div class="answers" data-testid="answers" data-running={props.several.is_running.to_string()}>
            { head(props, seen.as_ref(), &key) }
            <p class="small" role="status">
                { match (&seen, props.several.is_running) {
                    (None, _) => "The run on the screen is still being computed…".to_owned(),
                    (Some(sight), true) => format!("{over} of {} runs are over…", sight.rows.len()),
                    (Some(_), false) => "Each row is a run of the engine over the same events. A second ring marks a record of which not all rows make the same; ≠ marks what says another thing than the first row, ↕ what says the same at another time.".to_owned(),
                } }
            </p>
            <div class="answer-box" ref={node}>
                if let Some(sight) = seen.filter(|_| width > 0.0) {
                    { drawn(props, &sight, width) }
                }
            </div>
        </div>
    }
}

fn drawn(props: &AnswersViewProps, sight: &Sight, width: f64) -> Html {
    let picture = laid_out(sight, width);
    let all_watermarks = props.several.respect == Respect::Watermarks;
    html! { <>
        { plot(sight, &picture, width, all_watermarks, &props.on_select) }
        <ol class="answer-rows">
            { for sight.rows.iter().enumerate().map(|(place, row)| row_view(row, place, &picture, &props.send)) }
        </ol>
    </> }
}

/// In what they differ, when a batch runs, and the key.
fn head(
    props: &AnswersViewProps,
    sight: Option<&Sight>,
    key: &UseStateHandle<Option<Rc<str>>>,
) -> Html {
    let onchange = {
        let send = props.send.clone();
        Callback::from(move |event: Event| {
            let respect = Respect::ALL.get(chosen(&event)).copied().unwrap_or_default();
            send.emit(Action::Several(Asking::Differ(respect)));
        })
    };
    let keys = sight.map(|sight| sight.keys.clone()).unwrap_or_default();
    let on_key = {
        let (key, keys) = (key.clone(), keys.clone());
        Callback::from(move |event: Event| key.set(keys.get(chosen(&event)).cloned()))
    };
    let shown = sight.and_then(|sight| sight.key.clone());
    html! {
        <div class="answers-head row">
            <label>
                <span>{ "The same events under several " }</span>
                <select {onchange} data-testid="answers-respect">
                    { for Respect::ALL.into_iter().map(|one| html! {
                        <option selected={one == props.several.respect}>{ respect_name(one) }</option>
                    }) }
                </select>
            </label>
            if props.several.respect == Respect::Batch { { cut_fields(props) } }
            if keys.len() > 1 {
                <label class="key-picker">
                    <span>{ "Key" }</span>
                    <select onchange={on_key} data-testid="answers-key">
                        { for keys.iter().map(|one| html! {
                            <option selected={Some(one) == shown.as_ref()}>{ one.to_string() }</option>
                        }) }
                    </select>
                </label>
            }
        </div>
    }
}

fn chosen(event: &Event) -> usize {
    let select: Option<HtmlSelectElement> = event.target_dyn_into();
    select.and_then(|select| usize::try_from(select.selected_index()).ok()).unwrap_or(0)
}

fn respect_name(respect: Respect) -> &'static str {
    match respect {
        Respect::Profiles => "systems' rules",
        Respect::Triggers => "triggers",
        Respect::Accumulation => "accumulation modes",
        Respect::Watermarks => "watermark strategies",
        Respect::Batch => "ways: batch against stream",
    }
}

/// When a batch runs and how far it looks back, counted from the first arrival.
fn cut_fields(props: &AnswersViewProps) -> Html {
    let Some(plan) = &props.several.plan else { return html! {} };
    let (cut, (first, last)) = (plan.cut, plan.arrivals);
    let slider =
        |name: &'static str, id: &'static str, at: Millis, with: fn(Cut, Millis) -> Cut| {
            let onchange = {
                let send = props.send.clone();
                Callback::from(move |event: Event| {
                    let input: Option<HtmlInputElement> = event.target_dyn_into();
                    let share = input.map_or(0.0, |input| input.value_as_number());
                    #[expect(clippy::cast_possible_truncation, reason = "whole seconds of a run")]
                    let passed = if share.is_finite() { share as Millis * 1_000 } else { 0 };
                    let at = first.div_euclid(1_000) * 1_000 + passed;
                    send.emit(Action::Several(Asking::Cut(with(cut, at))));
                })
            };
            let seconds = |at: Millis| at.saturating_sub(first.div_euclid(1_000) * 1_000) / 1_000;
            html! {
                <label class="cut-field">
                    <span>{ format!("{name} {}", short_clock(at)) }</span>
                    <input type="range" {id} min="0" max={(seconds(last) + 1).to_string()} step="1"
                        value={seconds(at).to_string()} {onchange} />
                </label>
            }
        };
    html! { <>
        { slider("batch at", "cut-at", cut.at, |cut, at| Cut { at, since: cut.since.map(|since| since.min(at)) }) }
        { slider("looks back to", "cut-since", cut.since.unwrap_or(first), |cut, since| Cut { since: Some(since.min(cut.at)), ..cut }) }
    </> }
}

fn row_view(row: &Row, place: usize, picture: &Picture, send: &Callback<Action>) -> Html {
    let onclick = send.reform(move |_: MouseEvent| Action::Several(Asking::Open(place)));
    html! {
        <li key={place} class={classes!("answer-row", row.is_own.then_some("is-own"))}>
            <div class="answer-row-head">
                <h3>{ format!("{}. {}", place + 1, row.label) }</h3>
                if row.is_own {
                    <span class="tag">{ "on the screen" }</span>
                } else if row.state == RowState::Here {
                    <button type="button" class="link" aria-label={format!("Open {} as the run on the screen", row.label)} {onclick}>{ "open" }</button>
                }
                <span class="small">{ row.measures.clone() }</span>
            </div>
            { match &row.state {
                RowState::Running => html! { <p class="small">{ "running…" }</p> },
                RowState::Refused(why) => html! { <p class="answer-refused">{ format!("Not possible: {why}") }</p> },
                RowState::Here => cells(row, picture),
            } }
            if !row.differences.is_empty() {
                <ul class="answer-differences">
                    { for row.differences.iter().map(|text| html! { <li>{ text.clone() }</li> }) }
                </ul>
            } else if !row.is_own && row.state == RowState::Here {
                <p class="small">{ "The same as the first row, in values and moments." }</p>
            }
        </li>
    }
}

/// A box for each window, under its span of event time; where windows overlap, one under the other.
fn cells(row: &Row, picture: &Picture) -> Html {
    const LANE: f64 = 46.0;
    /// As wide as a value and a moment are at least.
    const LEAST: f64 = 46.0;
    if row.cells.is_empty() {
        return html! { <p class="small">{ "No window says anything." }</p> };
    }
    let mut cells: Vec<&Cell> = row.cells.iter().collect();
    cells.sort_by_key(|cell| (cell.window.start, cell.window.end));
    let mut ends: Vec<f64> = Vec::new();
    let placed: Vec<Html> = cells
        .into_iter()
        .map(|cell| {
            let left = picture.event.at(cell.window.start);
            let width = (picture.event.at(cell.window.end) - left).max(LEAST);
            let left = left.min(picture.area.right() - width);
            let lane = ends.iter().position(|end| *end <= left + 0.5).unwrap_or(ends.len());
            match ends.get_mut(lane) {
                Some(end) => *end = left + width,
                None => ends.push(left + width),
            }
            let style = format!(
                "left:{left:.1}px;width:{:.1}px;top:{:.1}px",
                width - 2.0,
                lane as f64 * LANE
            );
            cell_view(cell, style)
        })
        .collect();
    html! {
        <div class="answer-cells" role="list" aria-label={format!("Panes of {}", row.label)}
            style={format!("height:{:.0}px", ends.len() as f64 * LANE)}>
            { placed }
        </div>
    }
}

fn cell_view(cell: &Cell, style: String) -> Html {
    let (class, sign, said) = match cell.differs {
        Differs::No => ("", "", ""),
        Differs::Time => ("is-moved", "↕ ", ", at another time than in the first row"),
        Differs::Value => ("is-other", "≠ ", ", other than in the first row"),
    };
    let title = format!("{}: {} at {}{said}", window(cell.window), cell.says, cell.when);
    html! {
        <div class={classes!("answer-cell", class)} role="listitem" aria-label={title.clone()} {title} {style}>
            <strong>{ format!("{sign}{}", cell.says) }</strong>
            <span>{ cell.when.clone() }</span>
        </div>
    }
}
