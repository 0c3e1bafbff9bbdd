//! What happened in a run: events, the observer that gathers them, and the fold over them.
//!
//! The trace is the contract between the engines and everything that shows a run. It is plain
//! data: no engine, no driver and no browser is known here, and nothing here decides anything.

pub mod event;
pub mod recorder;
pub mod snapshot;

pub use event::{BatchEvent, Event, EventKind, Seq, WorldEvent};
pub use recorder::{Cause, Recorder};
