//! A stream's events: the reader's own, made ones, and those of a book.

mod made;
mod read;
mod sets;

pub use made::made;
pub use read::{EventsError, read_events};
pub use sets::{EVENT_SETS, NINE_SCORES_START, book_watermark, event_set};

use super::Parameters;
use super::table::Key;
use crate::base::{Amount, Millis};

/// The most events of a stream.
pub const EVENTS_MAX: usize = 100_000;

/// An event that arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamInput {
    /// When it happened, as it says.
    pub event_time: Millis,
    /// When it arrives, by the job's clock.
    pub arrival: Millis,
    /// What it is about; may be empty.
    pub key: String,
    /// What it says.
    pub value: Amount,
}

/// Puts events in the order in which they arrive; those of one moment stay in the order in which they were
/// given.
fn by_arrival(mut events: Vec<StreamInput>) -> Vec<StreamInput> {
    events.sort_by_key(|event| event.arrival);
    events
}

/// The events of a set, by its name; nothing where there is none of that name.
pub fn of_set(name: &str, values: &Parameters) -> Option<Vec<StreamInput>> {
    event_set(name, values.get(Key::Seed), values)
}
