//! What has to do with what is selected in the stream lab: the ways from one thing to the next.

use super::facts::{ended_in, holder};
use super::thing::{Thing, WindowName, pane};
use super::wording;
use crate::trace::Snapshot;
use crate::trace::snapshot::stream::StreamState;
use crate::ui::selection::Selection;

/// More than this many are not listed; the tables show them.
const MOST: usize = 12;

/// The ways from a thing: their names, and what selecting them selects.
pub fn related(snapshot: &Snapshot, thing: Thing) -> Vec<(String, Selection)> {
    let Some(state) = snapshot.stream.as_deref() else { return Vec::new() };
    let mut ways = match thing {
        Thing::Record(id) => of_record(state, id),
        Thing::Partition(id) => {
            let last = state.partition(id).and_then(|found| found.log.last().copied());
            last.map(|id| (format!("record {id}"), Thing::Record(id))).into_iter().collect()
        }
        Thing::Subtask(id) => {
            let windows = state.subtask(id).into_iter().flat_map(|of| of.windows.values());
            let mut ways: Vec<(String, Thing)> = windows
                .map(|open| {
                    let name = format!("{} of {}", wording::window(open.window), open.key);
                    (name, Thing::Window(WindowName::new(id, &open.key, open.window)))
                })
                .collect();
            ways.extend(holding(state, thing));
            ways
        }
        Thing::Window(name) => {
            let held = name.find(state).into_iter().flat_map(|open| &open.elements);
            let mut ways: Vec<(String, Thing)> = held
                .filter(|held| state.record(held.element).is_some())
                .map(|held| (format!("record {}", held.element), Thing::Record(held.element)))
                .collect();
            ways.extend(name.panes(state).into_iter().map(|(place, pane)| of_pane(place, pane)));
            ways.extend(holding(state, thing));
            ways
        }
        Thing::Pane(place) => {
            let Some(pane) = pane(state, place) else { return Vec::new() };
            let name = WindowName::new(pane.subtask, &pane.key, pane.window);
            let mut ways =
                vec![(format!("window {}", wording::window(pane.window)), Thing::Window(name))];
            let others = name.panes(state).into_iter();
            let others = others.filter(|(other, _)| u32::try_from(*other) != Ok(place));
            ways.extend(others.map(|(place, pane)| of_pane(place, pane)));
            ways
        }
    };
    ways.truncate(MOST);
    ways.into_iter().map(|(name, thing)| (name, Selection::Stream(thing))).collect()
}

fn of_pane(place: usize, pane: &crate::trace::snapshot::stream::PaneState) -> (String, Thing) {
    let number = u32::try_from(place).unwrap_or(u32::MAX);
    (format!("pane {}: {}", place + 1, wording::content(&pane.content)), Thing::Pane(number))
}

fn of_record(state: &StreamState, id: crate::trace::stream::ElementId) -> Vec<(String, Thing)> {
    let Some(record) = state.record(id) else { return Vec::new() };
    let partition = record.place.0;
    let mut ways = vec![(wording::partition(state, partition), Thing::Partition(partition))];
    for of in &record.fates {
        let Some(own) = of.window else { continue };
        let window = ended_in(state, record, of.operator, own);
        let subtasks = state.subtasks.get(usize::from(of.operator.0)).into_iter().flatten();
        let found = subtasks
            .map(|subtask| WindowName::new(subtask.id, &record.key, window))
            .find(|name| name.find(state).is_some() || !name.panes(state).is_empty());
        ways.extend(
            found.map(|name| (format!("window {}", wording::window(window)), Thing::Window(name))),
        );
    }
    ways
}

/// The partition that holds the watermark back.
fn holding(state: &StreamState, thing: Thing) -> Option<(String, Thing)> {
    let at = match thing {
        Thing::Subtask(id) => id,
        Thing::Window(name) if wording::goes_by_clock(state, name.subtask.operator) => return None,
        Thing::Window(name) => name.subtask,
        Thing::Record(_) | Thing::Partition(_) | Thing::Pane(_) => return None,
    };
    let id = holder(state, at)?;
    Some((format!("{} holds the watermark", wording::partition(state, id)), Thing::Partition(id)))
}
