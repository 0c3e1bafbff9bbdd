//! What is selected in the stream lab, in a title and a list of facts with their numbers.

use super::thing::{Thing, WindowName, pane};
use super::wording;
use crate::base::Window;
use crate::base::format::{Clock, Count, Counted, Length};
use crate::trace::Snapshot;
use crate::trace::snapshot::stream::{
    FateOf, InputState, OpenWindow, PaneState, PartitionState, RecordState, StreamState,
    SubtaskState,
};
use crate::trace::stream::{
    ElementId, Fate, Input, OperatorId, Partition, Profile, Subtask, WindowKind, WindowPlan,
    subtask_name,
};
use crate::ui::inspector::facts::{Fact, capital, fact};
use std::rc::Rc;

/// What is selected, as a title; operators have their names where the job is known.
pub fn title(thing: Thing, state: Option<&StreamState>) -> String {
    match thing {
        Thing::Record(id) => format!("Record {id}"),
        Thing::Partition(id) => format!("Partition {}", id.index),
        Thing::Subtask(id) => {
            let plan = state.map(|state| &*state.plan);
            let name = subtask_name(plan, id);
            let is_alone = plan.and_then(|plan| plan.operator(id.operator));
            match is_alone.filter(|operator| operator.parallelism == 1) {
                Some(_) => format!("Operator {name}"),
                None => capital(name),
            }
        }
        Thing::Window(name) => format!("Window {}", wording::window(name.window)),
        Thing::Pane(place) => format!("Pane {}", Count(u64::from(place) + 1)),
    }
}

/// The facts about a thing, at this moment.
pub fn facts(snapshot: &Snapshot, thing: Thing) -> Vec<Fact> {
    let Some(state) = snapshot.stream.as_deref() else { return Vec::new() };
    match thing {
        Thing::Record(id) => record(state, id),
        Thing::Partition(id) => {
            state.partition(id).map_or(Vec::new(), |found| partition(state, found))
        }
        Thing::Subtask(id) => state.subtask(id).map_or(Vec::new(), |found| subtask(state, found)),
        Thing::Window(name) => window(state, name),
        Thing::Pane(place) => of_pane(state, place),
    }
}

fn record(state: &StreamState, id: ElementId) -> Vec<Fact> {
    let Some(record) = state.record(id) else { return vec![fact("state", "not arrived yet")] };
    let arrived = state.clock(record.appended.0);
    let mut facts = vec![
        fact("key", &record.key),
        fact("value", record.value),
        fact("event time", Clock(record.event_time)),
        fact("arrival", Clock(arrived)),
        fact("delay", Length(arrived.saturating_sub(record.event_time))),
        fact(
            "lies in",
            format!("{}, offset {}", wording::partition(state, record.place.0), record.place.1),
        ),
    ];
    facts.extend(fates(state, record));
    facts
}

/// What has become of a record, in each of its windows.
fn fates(state: &StreamState, record: &RecordState) -> Vec<Fact> {
    let mut facts: Vec<Fact> = record
        .fates
        .iter()
        .map(|of| {
            let fate = wording::fate(of.fate);
            let said = of.window.map_or_else(
                || format!("{fate}: it is in no window"),
                |own| {
                    format!(
                        "{fate} in {}",
                        wording::window(ended_in(state, record, of.operator, own))
                    )
                },
            );
            fact("fate", said)
        })
        .collect();
    if facts.is_empty() {
        let said = match (record.filtered, record.read) {
            (Some(_), _) => "left out by a filter",
            (None, Some(_)) => "on its way",
            (None, None) => "waits to be read",
        };
        facts.push(fact("fate", said));
    }
    facts
}

/// The window in which a record is, or was said last, where its own at this operator has merged with others.
pub fn ended_in(state: &StreamState, record: &RecordState, at: OperatorId, own: Window) -> Window {
    let holds = |outer: Window| outer.start <= own.start && own.end <= outer.end;
    let subtasks = state.subtasks.get(usize::from(at.0)).into_iter().flatten();
    let mut open = subtasks.flat_map(|subtask| subtask.windows.values());
    let is_in = |open: &&Rc<OpenWindow>| {
        holds(open.window)
            && open.elements.iter().any(|held| held.element == record.id && held.own == own)
    };
    if let Some(open) = open.find(is_in) {
        return open.window;
    }
    let is_dropped =
        |of: &FateOf| of.operator == at && of.window == Some(own) && of.fate == Fate::Dropped;
    if record.fates.iter().any(is_dropped) {
        return own;
    }
    let is_its = |pane: &&Rc<PaneState>| {
        pane.subtask.operator == at && pane.key == record.key && holds(pane.window)
    };
    state.panes.iter().rev().find(is_its).map_or(own, |pane| pane.window)
}

fn partition(state: &StreamState, found: &PartitionState) -> Vec<Fact> {
    let waiting = (found.log.len() as u64).saturating_sub(found.read);
    let mut facts = vec![
        fact("records", Count(found.log.len() as u64)),
        fact("next offset to read", Count(found.read)),
        fact("not read yet", Count(waiting)),
    ];
    if state.plan.profile != Profile::KafkaStreams || found.watermark.is_some() {
        facts.push(fact("watermark", wording::mark(found.watermark)));
    }
    match (found.missing, found.silent) {
        (Some((records, _)), _) => facts.push(fact("never arrived", never_arrived(records))),
        (None, Some(_)) => {
            facts.push(fact("silenced", "yes: what its producers would send waits"));
        }
        (None, None) => {}
    }
    if let Some((percent, _)) = found.pace {
        facts.push(fact("pace", format!("{percent} % of what was planned")));
    }
    if found.idle.is_some() {
        facts.push(fact("idle", "yes: the watermark does not wait for it"));
    }
    if found.paused.is_some() {
        facts.push(fact("paused", "yes: it is too far ahead of the slowest"));
    }
    let holds = holders(state).into_iter().any(|(_, held)| held == Some(found.id));
    if holds {
        facts.push(fact("holds back", "the watermark of what comes after it"));
    }
    facts
}

fn never_arrived(records: u64) -> String {
    format!("{}: it was silent till the end", Counted(records, "record"))
}

/// Each subtask and the partition that holds its watermark back, followed up to the source.
fn holders(state: &StreamState) -> Vec<(Subtask, Option<Partition>)> {
    let all = state.subtasks.iter().flatten();
    all.map(|subtask| (subtask.id, holder(state, subtask.id))).collect()
}

/// The partition that holds the watermark of a subtask back, followed up to the source.
pub fn holder(state: &StreamState, id: Subtask) -> Option<Partition> {
    const HOPS_MOST: usize = 64;
    let mut at = id;
    for _ in 0..HOPS_MOST {
        match holding(state.subtask(at)?)? {
            Input::Partition(index) => return Some(Partition { source: at.operator, index }),
            Input::Channel(from) => at = from,
        }
    }
    None
}

/// The input that a subtask's watermark waits for: that which held it when it advanced last, unless it is idle since.
pub fn holding(subtask: &SubtaskState) -> Option<Input> {
    let held = subtask.held_by?;
    let is_idle = |input: Input| {
        subtask.inputs.iter().any(|known| known.input == input && known.idle.is_some())
    };
    if !is_idle(held) {
        return Some(held);
    }
    let counts = |known: &&InputState| known.idle.is_none() && known.watermark >= subtask.watermark;
    let awake = subtask.inputs.iter().filter(counts);
    awake.min_by_key(|known| known.watermark).map(|known| known.input)
}

fn subtask(state: &StreamState, found: &SubtaskState) -> Vec<Fact> {
    let (keys, windows, timers) = found.size;
    let mut facts = vec![
        fact("operator", of_subtask(state, found.id)),
        fact(state.plan.profile.mark_name(), wording::mark(found.watermark)),
    ];
    if let Some(held) = holding(found) {
        facts.push(fact("held by", wording::input(state, found.id, held)));
    }
    for input in found.inputs.iter().filter(|_| found.inputs.len() > 1) {
        let idle = if input.idle.is_some() { ", idle" } else { "" };
        let name = wording::input(state, found.id, input.input);
        facts.push(fact("input", format!("{name} at {}{idle}", wording::mark(input.watermark))));
    }
    if found.size != (0, 0, 0) {
        let said = format!(
            "{}, {}, {}",
            Counted(keys, "key"),
            Counted(windows, "window"),
            Counted(timers, "timer")
        );
        facts.push(fact("state", said));
    }
    let plan = state.operator(found.id.operator);
    facts.extend(plan.into_iter().flat_map(|plan| {
        let what = (!plan.what.is_empty()).then(|| fact("does", &plan.what));
        what.into_iter().chain(plan.window.iter().flat_map(windows_of))
    }));
    facts.push(fact("rules of", wording::profile(state.plan.profile)));
    facts
}

/// The operator, and which of how many subtasks this is.
fn of_subtask(state: &StreamState, id: Subtask) -> String {
    let name = wording::operator(state, id.operator);
    match state.operator(id.operator).map_or(1, |plan| plan.parallelism) {
        0 | 1 => name,
        of => format!("{name}, with subtasks 0 to {}", of - 1),
    }
}

fn windows_of(plan: &WindowPlan) -> Vec<Fact> {
    let kind = match plan.kind {
        WindowKind::Tumbling { size, .. } => format!("tumbling, {}", Length(size)),
        WindowKind::Sliding { size, slide, .. } => {
            format!("sliding, {} each {}", Length(size), Length(slide))
        }
        WindowKind::Around { difference } => format!("around records, {}", Length(difference)),
        WindowKind::Session { gap } => format!("sessions, gap {}", Length(gap)),
        WindowKind::Global => "global".to_owned(),
        WindowKind::Count { size, .. } => format!("of {}", Counted(size, "element")),
    };
    vec![
        fact("windows", kind),
        fact("trigger", &plan.trigger),
        fact("allowed lateness", Length(plan.allowed_lateness)),
    ]
}

fn window(state: &StreamState, name: WindowName) -> Vec<Fact> {
    let panes = name.panes(state);
    let said: Vec<String> = panes.iter().map(|(_, pane)| wording::content(&pane.content)).collect();
    let mut facts = Vec::new();
    match name.find(state) {
        Some(open) => {
            facts.push(fact("key", &open.key));
            if open.window != name.window {
                facts.push(fact("merged into", wording::window(open.window)));
            }
            facts.push(fact("elements", Count(open.elements.len() as u64)));
            facts.push(fact("pending", Count(open.pending())));
            facts.push(fact(
                "values",
                listed(open.elements.iter().map(|held| held.value.to_string())),
            ));
            facts.push(fact("opened at", Clock(state.clock(open.opened.0))));
        }
        None => {
            facts.extend(panes.first().map(|(_, pane)| fact("key", &pane.key)));
            facts.push(fact("state", "forgotten: nothing is kept of it any more"));
        }
    }
    if !said.is_empty() {
        facts.push(fact("panes", listed(said.into_iter())));
    }
    let mark = state.subtask(name.subtask).and_then(|subtask| subtask.watermark);
    facts.push(fact(state.plan.profile.mark_name(), wording::mark(mark)));
    facts
}

/// A pane against the watermark; of a window of the clock, that there is none for it.
fn pane_timing(state: &StreamState, pane: &PaneState) -> &'static str {
    match wording::goes_by_clock(state, pane.subtask.operator) {
        true => "by the clock: no watermark counts",
        false => wording::timing(pane.timing),
    }
}

/// Some values in a row; the rest are counted.
fn listed(values: impl Iterator<Item = String>) -> String {
    const MOST: usize = 12;
    let all: Vec<String> = values.collect();
    let shown = all.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    match all.len() {
        0..=MOST => shown,
        more => format!("{shown} and {} more", Count((more - MOST) as u64)),
    }
}

fn of_pane(state: &StreamState, place: u32) -> Vec<Fact> {
    let Some(pane) = pane(state, place) else { return vec![fact("state", "not fired yet")] };
    let mut facts = vec![
        fact("key", &pane.key),
        fact("window", wording::window(pane.window)),
        fact("says", wording::content(&pane.content)),
        fact("timing", pane_timing(state, pane)),
        fact("fired at", Clock(state.clock(pane.fired.0))),
        fact("elements", format!("{}, {} of them new", Count(pane.elements), Count(pane.fresh))),
    ];
    if !pane.retracts.is_empty() {
        let taken = pane.retracts.iter().map(|taken| wording::taken_back(&taken.content));
        facts.push(fact("takes back", listed(taken)));
    }
    if pane.last {
        facts.push(fact("last", "the window says nothing more"));
    }
    facts
}
