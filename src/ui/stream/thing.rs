//! What can be selected in the stream lab. Small and copied: a key is named by its hash, and a
//! window by its bounds, as far as it has not become a part of another.

use crate::base::Window;
use crate::trace::snapshot::stream::{OpenWindow, PaneState, StreamState};
use crate::trace::stream::{ElementId, OperatorId, Partition, Subtask};
use std::rc::Rc;

/// Something of a stream job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A record of the input.
    Record(ElementId),
    /// A partition of a source's topic.
    Partition(Partition),
    /// One of an operator's parallel instances, with its watermark.
    Subtask(Subtask),
    /// A window of a key.
    Window(WindowName),
    /// A pane, by its place in the list of all.
    Pane(u32),
}

/// A window of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowName {
    /// Where it is.
    pub subtask: Subtask,
    /// Whose it is.
    pub key: KeyName,
    /// Its bounds; of a session, those that it had when it was selected.
    pub window: Window,
}

/// A key, by its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyName(u64);

impl KeyName {
    /// The hash.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The name with this hash, as a link gives it.
    pub fn from_number(number: u64) -> KeyName {
        KeyName(number)
    }

    /// The name of a key: FNV-1a, which is enough to tell the keys of a page apart.
    pub fn of(key: &str) -> KeyName {
        const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0100_0000_01b3;
        KeyName(key.bytes().fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME)))
    }
}

impl WindowName {
    /// Names a window.
    pub fn new(subtask: Subtask, key: &str, window: Window) -> WindowName {
        WindowName { subtask, key: KeyName::of(key), window }
    }

    /// The window with its state, or the one that it has become a part of; nothing when neither is
    /// open.
    pub fn find(self, state: &StreamState) -> Option<&Rc<OpenWindow>> {
        let subtask = state.subtask(self.subtask)?;
        let is_of = |open: &&Rc<OpenWindow>| self.covers(&open.key, open.window);
        subtask.windows.values().find(is_of)
    }

    /// Its panes, and those of the window that it has become a part of, with their places.
    pub fn panes(self, state: &StreamState) -> Vec<(usize, &Rc<PaneState>)> {
        let all = state.panes.iter().enumerate();
        all.filter(|(_, pane)| {
            pane.subtask.operator == self.subtask.operator && self.covers(&pane.key, pane.window)
        })
        .collect()
    }

    /// Whether a window is this one, or one that holds it.
    fn covers(self, key: &str, window: Window) -> bool {
        let holds = window.start <= self.window.start && self.window.end <= window.end;
        holds && KeyName::of(key) == self.key
    }
}

impl Thing {
    /// The operator that it is at, where there is one.
    pub fn operator(self, state: &StreamState) -> Option<OperatorId> {
        match self {
            Thing::Record(_) | Thing::Partition(_) => None,
            Thing::Subtask(subtask) => Some(subtask.operator),
            Thing::Window(name) => Some(name.subtask.operator),
            Thing::Pane(place) => pane(state, place).map(|pane| pane.subtask.operator),
        }
    }

    /// The key that it is about, where it is about one.
    pub fn key(self, state: &StreamState) -> Option<KeyName> {
        match self {
            Thing::Record(id) => state.record(id).map(|record| KeyName::of(&record.key)),
            Thing::Window(name) => Some(name.key),
            Thing::Pane(place) => pane(state, place).map(|pane| KeyName::of(&pane.key)),
            Thing::Partition(_) | Thing::Subtask(_) => None,
        }
    }
}

/// A pane by its place in the list of all.
pub fn pane(state: &StreamState, place: u32) -> Option<&Rc<PaneState>> {
    state.panes.get(usize::try_from(place).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_differ_have_other_names() {
        let names = ["", "a", "b", "ab", "ba", "TeamX"].map(KeyName::of);
        for (place, name) in names.iter().enumerate() {
            assert!(!names[..place].contains(name), "{place}");
        }
    }
}
