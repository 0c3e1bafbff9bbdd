//! What happened in a run: events, the observer that gathers them, and the fold over them.
//!
//! The trace is the contract between the engines and everything that shows a run. It is plain
//! data: no engine, no driver and no browser is known here, and nothing here decides anything.

pub mod answer;
mod caption;
pub mod counters;
pub mod difference;
pub mod event;
pub mod failure;
pub mod fold;
pub mod jsonl;
pub mod measures;
pub mod moment;
pub mod packed;
pub mod recorder;
pub mod script;
pub mod sentence;
pub mod snapshot;
pub mod stream;
pub mod stream_totals;
#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "small numbers of our own making")]
pub(crate) mod synthetic;
pub mod timeline;
pub mod totals;
pub mod why;

pub use event::{BatchEvent, Event, EventKind, Seq, WorldEvent};
pub use failure::FailureEvent;
pub use fold::Misfit;
pub use recorder::{Cause, Recorder};
pub use snapshot::Snapshot;
pub use stream::StreamEvent;
pub use timeline::Timeline;
