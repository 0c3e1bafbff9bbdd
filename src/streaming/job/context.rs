//! What a subtask says while it handles a message: messages for others, and what happened.

use super::message::Message;
use crate::base::{Level, Millis};
use crate::trace::stream::{ElementId, StreamEvent, Subtask};
use crate::trace::{Cause, EventKind, Recorder};

/// A message for a channel, with what brought it about.
#[derive(Clone, Debug)]
pub struct Sending {
    /// Which channel of the job.
    pub channel: usize,
    /// The message.
    pub message: Message,
    /// The event that brought it about.
    pub cause: Cause,
}

/// The surroundings of a subtask at work.
pub(super) struct Context<'a> {
    /// Who it is.
    pub(super) subtask: Subtask,
    /// What the clock says.
    pub(super) now: Millis,
    /// What brought it about that it works.
    pub(super) cause: Cause,
    /// The observer.
    pub(super) recorder: &'a mut Recorder,
    /// Messages to send, in order, each with its cause; the routes are found afterwards.
    pub(super) said: Vec<(Message, Cause)>,
    /// The number of the next result.
    pub(super) next_result: &'a mut u32,
}

impl Context<'_> {
    /// Records an event; what follows from it names it as its cause.
    pub(super) fn tell(&mut self, level: Level, event: impl FnOnce() -> StreamEvent) -> Cause {
        self.recorder.record(level, None, self.cause, || EventKind::Stream(event()))
    }

    /// Sends a message on, for this reason.
    pub(super) fn say(&mut self, message: Message, cause: Cause) {
        self.said.push((message, cause));
    }

    /// A number for a result.
    pub(super) fn number(&mut self) -> ElementId {
        let id = ElementId(*self.next_result);
        *self.next_result += 1;
        id
    }
}
