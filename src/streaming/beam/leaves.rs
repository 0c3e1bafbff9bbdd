//! The triggers without triggers in them.

use super::machine::{Context, Node};
use super::trigger::Alignment;
use crate::streaming::Millis;
use crate::streaming::timers::TimeDomain;

/// `DefaultTriggerStateMachine` and `FromEndOfWindow`: wakes the window at its end.
pub(super) fn set_end_of_window_timer(c: &mut Context<'_>) {
    if !c.end_of_window_reached() {
        c.timers.set(TimeDomain::Event, c.window.max_timestamp(), c.window);
    }
}

/// `AfterPaneStateMachine.onMerge`: finished in one is finished; else counts are summed.
pub(super) fn merge_counts(node: &mut Node, merged: &[&Node]) {
    let finished = merged.iter().any(|node| node.finished);
    node.finished |= finished;
    node.count = if finished { 0 } else { merged.iter().map(|node| node.count).sum() };
}

/// `AfterDelayFromFirstElementStateMachine.onElement`: only the first element of a pane sets the time.
pub(super) fn delay_from_first_element(
    delay_ms: Millis,
    align: Option<Alignment>,
    node: &mut Node,
    c: &mut Context<'_>,
) {
    if node.delayed_until.is_some() {
        return;
    }
    let until = c.processing_time.saturating_add(delay_ms);
    let until = align.map_or(until, |align| align.next(until));
    node.delayed_until = Some(until);
    c.timers.set(TimeDomain::Processing, until, c.window);
}

/// `AfterDelayFromFirstElementStateMachine.onMerge`: the earliest time of them all.
pub(super) fn merge_delays(node: &mut Node, merged: &[&Node], c: &mut Context<'_>) {
    node.delayed_until = None;
    if node.finished {
        return;
    }
    node.delayed_until = merged.iter().filter_map(|node| node.delayed_until).min();
    if let Some(until) = node.delayed_until {
        c.timers.set(TimeDomain::Processing, until, c.window);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aligned_delay_ends_at_a_multiple() {
        let each = Alignment::each(60);
        assert_eq!([0, 1, 60, 61].map(|at| each.next(at)), [0, 60, 60, 120]);
        // Before its offset the remainder is negative, and Beam goes on to the moment after the next.
        let odd = Alignment { every_ms: 120, offset_ms: 60 };
        assert_eq!([0, 60, 61, 180].map(|at| odd.next(at)), [180, 60, 180, 180]);
    }
}
