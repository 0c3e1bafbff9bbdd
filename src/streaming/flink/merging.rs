//! How a new session meets the living ones: Flink's `MergingWindowSet.addWindow`.

use crate::streaming::Window;

/// What a new window leads to.
pub(super) struct Merge {
    /// The window that the element ends up in.
    pub(super) into: Window,
    /// The living windows that it swallows; empty when it stands alone or adds nothing to the one that it is in.
    pub(super) from: Vec<Window>,
}

/// Merges `new` with those of `living` that it overlaps or touches. Living windows never touch each other,
/// so one pass suffices.
pub(super) fn merge(living: impl Iterator<Item = Window>, new: Window) -> Merge {
    let from: Vec<Window> = living.filter(|window| window.overlaps_or_touches(new)).collect();
    let into = from.iter().fold(new, |cover, window| cover.cover(*window));
    // One window that already spans the new one is left as it is.
    if from == [into] {
        return Merge { into, from: Vec::new() };
    }
    Merge { into, from }
}
