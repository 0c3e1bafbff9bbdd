//! Events as all of their fields in a row, whether they are there or not: what Postcard needs,
//! which both sides read several times as fast as JSON.

use super::event::{Event, EventKind, Seq};
use crate::base::{NodeId, Time};

/// An event to be written (`K` is `&EventKind`) or as it was read (`K` is `EventKind`).
pub type Packed<K> = (Seq, Time, Option<NodeId>, K, Option<Seq>);

/// The fields of an event.
pub fn pack(event: &Event) -> Packed<&EventKind> {
    (event.seq, event.at, event.node, &event.kind, event.cause)
}

/// The fields of an event that is not needed any more.
pub fn parts(event: Event) -> Packed<EventKind> {
    (event.seq, event.at, event.node, event.kind, event.cause)
}

/// The event of these fields.
pub fn unpack((seq, at, node, kind, cause): Packed<EventKind>) -> Event {
    Event { seq, at, node, kind, cause }
}
