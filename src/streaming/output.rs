//! What a window operator says.

use super::{Millis, Window};
pub use crate::trace::stream::{DropReason, Timing};

/// One thing that came out of a window operator. `A` is what a window keeps, `V` an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output<A, V> {
    /// A window fired.
    Pane(Pane<A>),
    /// What was said before is taken back: the same contents, counted negatively.
    Retraction(Pane<A>),
    /// Windows became one, the window of an element that has just arrived among them.
    Merged {
        /// The windows that it is made of; `into` itself may be one.
        from: Vec<Window>,
        /// The window that goes on.
        into: Window,
    },
    /// A new window holds what another has: Kafka's sliding windows, which come into being behind the elements.
    Copied {
        /// What it begins with.
        contents: A,
        /// The new window.
        into: Window,
    },
    /// An element is not in one of its windows, or in none.
    Dropped(Dropped<V>),
    /// An element goes to the late output, since all of its windows were too late for it.
    Late {
        /// The element.
        value: V,
        /// Its event time.
        at: Millis,
        /// What it could still be late by.
        allowed_lateness_ms: Millis,
        /// Where the watermark stood: at or past `at + allowed_lateness_ms`.
        watermark: Millis,
    },
    /// The state of a window is forgotten.
    Forgotten {
        /// Which window.
        window: Window,
        /// How many of its elements were never in a pane.
        unseen: u64,
    },
}

/// A firing of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pane<A> {
    /// Of which window.
    pub window: Window,
    /// What it holds.
    pub contents: A,
    /// The event time of the result.
    pub timestamp: Millis,
    /// Which firing of the window it is.
    pub info: PaneInfo,
}

/// Which firing of its window a pane is: Beam's `PaneInfo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaneInfo {
    /// Against the watermark.
    pub timing: Timing,
    /// From 0, over all panes of the window.
    pub index: u64,
    /// From 0, over the panes that are not early; none on an early one.
    pub non_speculative_index: Option<u64>,
    /// The first pane of the window.
    pub first: bool,
    /// Known to be the last one.
    pub last: bool,
}

/// An element that is left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped<V> {
    /// The element.
    pub value: V,
    /// Its event time.
    pub at: Millis,
    /// Out of which window; none when it is in no window.
    pub window: Option<Window>,
    /// The predicate that held, in numbers.
    pub reason: DropReason,
}
