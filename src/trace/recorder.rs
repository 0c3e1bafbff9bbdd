//! The observer: engines tell it what happened, and never read it back.

use super::event::{Event, EventKind, Seq};
use crate::base::{Level, NodeId, Time};

/// A token for the event that brought something about. Engines hand it on and never look inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cause(Option<Seq>);

impl Cause {
    /// Nothing brought it about, or nothing was recorded.
    pub const NONE: Cause = Cause(None);

    /// The token of an event that was named in a message: for drivers that carry causes as data.
    pub fn carried(seq: Option<Seq>) -> Cause {
        Cause(seq)
    }

    /// The event that this token stands for.
    pub fn seq(self) -> Option<Seq> {
        self.0
    }
}

/// Gathers the events of a run at a level, or none at all.
#[derive(Clone, Debug)]
pub struct Recorder {
    level: Option<Level>,
    at: Time,
    next: u32,
    fresh: Vec<Event>,
}

impl Recorder {
    /// Records events of this level and below.
    pub fn new(level: Level) -> Recorder {
        Recorder { level: Some(level), at: Time::ZERO, next: 0, fresh: Vec::new() }
    }

    /// Records like `new`, with numbers from `first` on: a part of a trace that is made
    /// elsewhere, and renumbered when it is put with the rest.
    pub fn numbered_from(level: Level, first: Seq) -> Recorder {
        Recorder { next: first.0, ..Recorder::new(level) }
    }

    /// Records nothing and costs nothing.
    pub fn off() -> Recorder {
        Recorder { level: None, at: Time::ZERO, next: 0, fresh: Vec::new() }
    }

    /// Events from now on happen at this time. The driver says so before each step.
    pub fn set_time(&mut self, at: Time) {
        debug_assert!(at >= self.at, "a run's time never goes back");
        self.at = at;
    }

    /// The time that events have now.
    pub fn now(&self) -> Time {
        self.at
    }

    /// Records an event unless its level is above the run's; says what to name as the cause of
    /// what follows. Where nothing is recorded, what follows has the same cause as this.
    pub fn record(
        &mut self,
        level: Level,
        node: Option<NodeId>,
        cause: Cause,
        kind: impl FnOnce() -> EventKind,
    ) -> Cause {
        if self.level.is_none_or(|most| level > most) {
            return cause;
        }
        let seq = Seq(self.next);
        self.next += 1;
        self.fresh.push(Event { seq, at: self.at, node, kind: kind(), cause: cause.0 });
        Cause(Some(seq))
    }

    /// How many events were recorded so far.
    pub fn count(&self) -> u32 {
        self.next
    }

    /// Takes the events recorded since the last time.
    pub fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.fresh)
    }
}
