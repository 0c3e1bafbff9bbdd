//! Stepping through one task, in the inspector's place: what each step is called, the rule behind it
//! with its numbers, and what was in it.
//!
//! The steps are the conductor's; here they are only put into words and shown.

pub mod rules;
pub mod wording;

#[cfg(feature = "page")]
mod parts;
#[cfg(feature = "page")]
pub use parts::panel::{Zoom, ZoomProps};

use crate::base::AttemptId;
use crate::trace::Snapshot;
use crate::ui::selection::Selection;
use crate::ui::stage::derive;

/// The attempt that is stepped through when this is selected: it, or the one that stands for its
/// task.
pub fn attempt_of(snapshot: &Snapshot, selection: Selection) -> Option<AttemptId> {
    match selection {
        Selection::Attempt(id) => derive::attempt(snapshot, id).map(|attempt| attempt.id),
        Selection::Task(id) => {
            derive::task(snapshot, id).and_then(|task| derive::current(task)).map(|it| it.id)
        }
        Selection::Node(_)
        | Selection::Rack(_)
        | Selection::Block(_)
        | Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Coordinator
        | Selection::Event(_)
        | Selection::Stream(_) => None,
    }
}
