//! Which firing of its window a pane is: Beam's `PaneInfoTracker.describePane`.

use crate::streaming::output::{PaneInfo, Timing};
use crate::streaming::{Millis, Window};

/// The next pane after `previous`, with the watermarks of the key as they stand.
pub(super) fn next(
    previous: Option<PaneInfo>,
    window: Window,
    input: Millis,
    output: Millis,
    last: bool,
) -> PaneInfo {
    let end = window.max_timestamp();
    let only_early = previous.is_none_or(|pane| pane.timing == Timing::Early);
    // On time is said once, and never when downstream is past the window already.
    let timing = if end < output || !only_early {
        Timing::Late
    } else if input <= end {
        Timing::Early
    } else {
        Timing::OnTime
    };
    let non_speculative =
        previous.map_or(0, |pane| pane.non_speculative_index.map_or(0, |index| index + 1));
    PaneInfo {
        timing,
        index: previous.map_or(0, |pane| pane.index + 1),
        non_speculative_index: (timing != Timing::Early).then_some(non_speculative),
        first: previous.is_none(),
        last,
    }
}
