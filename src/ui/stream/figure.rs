//! The plot's data at the playhead: what the state and the history have to say, as plain moments and
//! words, and which thing each mark stands for.

use super::history::{End, History, Life};
use super::thing::{KeyName, Thing, WindowName};
use super::wording;
use crate::base::{Millis, Time, Window};
use crate::charts::event_time::{Ask, DotData, Mark, PaneData, PaneMark, WindowData};
use crate::trace::snapshot::stream::{PaneState, RecordState, StreamState};
use crate::trace::stream::{ElementId, Fate, OperatorId, OperatorKind, Subtask, Timing};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What the plot looks at: one operator, and one key of it where it has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focus {
    /// Whose watermark is shown, and whose windows.
    pub subtask: Subtask,
    /// The key; nothing while there is but one.
    pub key: Option<Rc<str>>,
    /// All keys that there are, in the order in which they came.
    pub keys: Vec<Rc<str>>,
}

/// The data of the plot, and what its marks stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What the picture is made of.
    pub ask: Ask,
    /// What each dot stands for.
    pub dots: Vec<Thing>,
    /// What each window stands for.
    pub windows: Vec<Thing>,
    /// What each pane stands for.
    pub panes: Vec<Thing>,
}

/// How far the axes reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Events whose moments must have room: nothing later is told by an axis.
    pub events: u32,
    /// The end of the axis of processing time.
    pub until: Time,
}

/// The most keys that can be chosen from.
const KEYS_MOST: usize = 200;

/// What to look at: what was chosen, else what is selected, else the first key of the first operator
/// with windows.
pub fn focus(
    state: &StreamState,
    history: &History,
    selected: Option<Thing>,
    applied: u32,
) -> Focus {
    focus_first(state, history, selected, applied, None)
}

/// The same where a preset names the key to look at while nothing is selected.
pub fn focus_first(
    state: &StreamState,
    history: &History,
    selected: Option<Thing>,
    applied: u32,
    first: Option<&str>,
) -> Focus {
    let operator = selected
        .and_then(|thing| thing.operator(state))
        .filter(|id| has_windows(state, *id))
        .or_else(|| first_with_windows(state))
        .unwrap_or_else(|| behind_the_source(state));
    let mut keys: Vec<(Rc<str>, Subtask)> = Vec::new();
    let mut known = BTreeSet::new();
    for assigned in history.assigned.iter().filter(|of| of.subtask.operator == operator) {
        if assigned.stamp.1.0 >= applied || keys.len() >= KEYS_MOST {
            break;
        }
        if known.insert(Rc::clone(&assigned.key)) {
            keys.push((Rc::clone(&assigned.key), assigned.subtask));
        }
    }
    let first = first.map(KeyName::of);
    let wanted = selected.and_then(|thing| thing.key(state)).or(first);
    let is_wanted = |(key, _): &&(Rc<str>, Subtask)| Some(KeyName::of(key)) == wanted;
    let chosen = keys.iter().find(is_wanted).or_else(|| keys.first()).cloned();
    let asked = match selected {
        Some(Thing::Subtask(subtask)) if subtask.operator == operator => Some(subtask),
        Some(_) | None => None,
    };
    let subtask = asked.or(chosen.as_ref().map(|(_, subtask)| *subtask));
    let has_several = keys.len() > 1;
    Focus {
        subtask: subtask.unwrap_or(Subtask::first(operator)),
        key: chosen.filter(|_| has_several).map(|(key, _)| key),
        keys: keys.into_iter().map(|(key, _)| key).collect(),
    }
}

fn has_windows(state: &StreamState, id: OperatorId) -> bool {
    state.operator(id).is_some_and(|plan| plan.window.is_some())
}

fn first_with_windows(state: &StreamState) -> Option<OperatorId> {
    state.plan.operators.iter().find(|plan| plan.window.is_some()).map(|plan| plan.id)
}

/// Without windows, the first that hears a source; its watermark tells as much.
fn behind_the_source(state: &StreamState) -> OperatorId {
    let of = |plan: &&crate::trace::stream::OperatorPlan| plan.kind != OperatorKind::Source;
    state.plan.operators.iter().find(of).map_or(OperatorId(0), |plan| plan.id)
}

/// The data of the plot at the playhead. Its size is to be set by whoever draws it.
pub fn figure(
    state: &StreamState,
    history: &History,
    focus: &Focus,
    (now, applied): (Time, u32),
    reach: Reach,
) -> Figure {
    let mut figure = Figure {
        ask: Ask {
            event: event_range(state, history, reach),
            clock: clock_range(state, history, reach),
            now: state.clock(now),
            expected: usize::try_from(state.plan.records).unwrap_or(usize::MAX),
            ..Ask::default()
        },
        dots: Vec::new(),
        windows: Vec::new(),
        panes: Vec::new(),
    };
    add_records(&mut figure, state, history, focus, applied);
    let is_past = |seq: crate::trace::Seq| seq.0 < applied;
    let moves = history.watermarks.get(&focus.subtask).into_iter().flatten();
    figure.ask.watermark = moves
        .filter(|moved| is_past(moved.stamp.1))
        .map(|moved| (state.clock(moved.stamp.0), moved.to))
        .collect();
    for life in history.lives.iter().filter(|life| is_past(life.born.1) && is_seen(focus, life)) {
        add_window(&mut figure, state, life, applied);
    }
    let of_focus = |pane: &PaneState| {
        pane.subtask.operator == focus.subtask.operator
            && focus.key.as_ref().is_none_or(|key| **key == *pane.key)
    };
    for (place, pane) in state.panes.iter().enumerate().filter(|(_, pane)| of_focus(pane)) {
        let number = u32::try_from(place).unwrap_or(u32::MAX);
        figure.panes.push(Thing::Pane(number));
        let mut data = pane_data(state, history, place, pane);
        if wording::goes_by_clock(state, pane.subtask.operator) {
            (data.event, data.since) = (figure.ask.event, pane.window.start.min(data.clock));
        }
        figure.ask.panes.push(data);
    }
    figure
}

fn is_seen(focus: &Focus, life: &Life) -> bool {
    let is_void = life.ended.is_some_and(|(_, end)| end == End::Void);
    !is_void
        && life.subtask.operator == focus.subtask.operator
        && focus.key.as_ref().is_none_or(|key| *key == life.key)
}

fn add_records(
    figure: &mut Figure,
    state: &StreamState,
    history: &History,
    focus: &Focus,
    applied: u32,
) {
    let operator = focus.subtask.operator;
    let near: BTreeSet<ElementId> = match &focus.key {
        None => BTreeSet::new(),
        Some(key) => {
            let of_key = history.assigned.iter().filter(|of| {
                of.stamp.1.0 < applied && of.subtask.operator == operator && of.key == *key
            });
            of_key.map(|of| of.element).collect()
        }
    };
    for record in &state.records {
        let Some((read, _)) = record.read else { continue };
        let is_near = focus.key.as_ref().is_none_or(|key| {
            near.contains(&record.id) || (record.fates.is_empty() && **key == *record.key)
        });
        figure.dots.push(Thing::Record(record.id));
        figure.ask.dots.push(DotData {
            event: record.event_time,
            clock: state.clock(read),
            mark: mark(record, operator),
            label: record.value.to_string(),
            is_near: is_near && record.filtered.is_none(),
        });
    }
}

/// The best that has become of a record in the windows of an operator.
fn mark(record: &RecordState, operator: OperatorId) -> Mark {
    let fates = || record.fates.iter().filter(|of| of.operator == operator).map(|of| of.fate);
    let has = |wanted: &[Fate]| fates().any(|fate| wanted.contains(&fate));
    if has(&[Fate::OnTime, Fate::Early]) {
        Mark::Counted
    } else if has(&[Fate::Late]) {
        Mark::Late
    } else if fates().next().is_none() || has(&[Fate::Pending]) {
        Mark::Waiting
    } else {
        Mark::Dropped
    }
}

fn add_window(figure: &mut Figure, state: &StreamState, life: &Life, applied: u32) {
    let by_clock = wording::goes_by_clock(state, life.subtask.operator);
    let ended = life.ended.filter(|((_, seq), _)| seq.0 < applied);
    let until = ended.map_or(figure.ask.now, |((at, _), _)| state.clock(at));
    figure.windows.push(Thing::Window(WindowName::new(life.subtask, &life.key, life.window)));
    figure.ask.windows.push(WindowData {
        event: if by_clock { figure.ask.event } else { (life.window.start, life.window.end) },
        clock: if by_clock {
            (life.window.start, until.min(life.window.end))
        } else {
            (state.clock(life.born.0), until)
        },
        is_merged: ended.is_some_and(|(_, end)| end == End::Merged),
    });
}

fn pane_data(state: &StreamState, history: &History, place: usize, pane: &PaneState) -> PaneData {
    let is_same = |other: &PaneState| {
        other.subtask.operator == pane.subtask.operator && other.key == pane.key
    };
    let mut before = state.panes.iter().take(place).rev();
    let former = before.find(|other| is_same(other) && other.window == pane.window);
    let since = former.map(|former| former.fired.0).or_else(|| first_of(history, pane));
    let after = state.panes.iter().skip(place + 1).filter(|other| is_same(other));
    let is_taken_back = after
        .flat_map(|later| &later.retracts)
        .any(|taken| taken.window == pane.window && taken.index == pane.index);
    PaneData {
        event: (pane.window.start, pane.window.end),
        clock: state.clock(pane.fired.0),
        since: state.clock(since.unwrap_or(pane.fired.0)),
        value: wording::content(&pane.content),
        takes_back: pane.retracts.iter().map(|taken| wording::taken_back(&taken.content)).collect(),
        is_taken_back,
        mark: match pane.timing {
            Timing::Early => PaneMark::Early,
            Timing::OnTime => PaneMark::OnTime,
            Timing::Late => PaneMark::Late,
        },
    }
}

/// When a pane's window got its bounds, for the last time before it fired.
fn first_of(history: &History, pane: &PaneState) -> Option<Time> {
    let is_its = |life: &&Life| {
        life.window == pane.window && *life.key == *pane.key && life.born.1 < pane.fired.1
    };
    history.lives.iter().rev().find(is_its).map(|life| life.born.0)
}

/// From the first to the last moment of the records and of their windows.
fn event_range(state: &StreamState, history: &History, reach: Reach) -> (Millis, Millis) {
    let mut range: Option<(Millis, Millis)> = None;
    let mut add = |from: Millis, to: Millis| {
        let (least, most) = range.unwrap_or((from, to));
        range = Some((least.min(from), most.max(to)));
    };
    for (_, _, at) in history.arrivals.iter().filter(|(_, seq, _)| seq.0 < reach.events) {
        add(*at, *at);
    }
    let of_event_time = |of: &&super::history::Assigned| {
        of.stamp.1.0 < reach.events && !wording::goes_by_clock(state, of.subtask.operator)
    };
    for assigned in history.assigned.iter().filter(of_event_time) {
        for (window, _) in assigned.shares.iter().filter(|(window, _)| *window != Window::GLOBAL) {
            add(window.start, window.end);
        }
    }
    let (from, to) = range.unwrap_or((state.plan.clock_at_start, state.plan.clock_at_start));
    (from, to.max(from.saturating_add(1_000)))
}

/// From a little before the first arrival to the end, and a little more: a pane's value stands above the
/// moment at which it fired.
fn clock_range(state: &StreamState, history: &History, reach: Reach) -> (Millis, Millis) {
    let first = history.arrivals.first().filter(|(_, seq, _)| seq.0 < reach.events);
    let first = first.map_or(state.plan.clock_at_start, |(at, _, _)| state.clock(*at));
    let until = state.clock(reach.until).max(first.saturating_add(1_000));
    let margin = until.saturating_sub(first) / 20;
    (
        first.saturating_sub(margin).max(state.plan.clock_at_start),
        until.saturating_add(margin + margin / 2),
    )
}

#[cfg(test)]
#[path = "figure_tests.rs"]
mod tests;
