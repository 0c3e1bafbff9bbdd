//! Which windows a record is in, and which it begins: `processReverse` and `processEarly`.

use super::Sliding;
use crate::streaming::Millis;
use crate::streaming::aggregate::Aggregate;

/// What a record does, as far as time alone says: which windows take it, and what others begin with.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Windows that there are and that it is in, the latest first.
    pub(super) updated: Vec<Millis>,
    /// The window to the right of the record before it, which it is the first in.
    pub(super) right_of_previous: Option<Millis>,
    /// The window that it ends, and the one whose records are in that too.
    pub(super) left: Option<(Millis, Option<Millis>)>,
    /// The window that it makes for records after it, and the one that has them.
    pub(super) right: Option<(Millis, Millis)>,
}

impl<A: Aggregate> Sliding<A> {
    pub(super) fn plan(&self, at: Millis) -> Plan {
        match at {
            ..0 => Plan::default(),
            at if at < self.config.difference_ms => self.plan_early(at),
            at => self.plan_in_order(at),
        }
    }

    /// `processReverse`: what is near enough, the latest first.
    fn plan_in_order(&self, at: Millis) -> Plan {
        let difference = self.config.difference_ms;
        let (mut plan, mut copied, mut previous) = (Plan::default(), None, None);
        let (mut has_left, mut with_later) = (false, None);
        let from = at.saturating_sub(difference.saturating_mul(2)).max(0);
        for (start, kept) in self.windows.range(from..=at).rev() {
            let end = start.saturating_add(difference);
            if end < at {
                (copied, previous) = (Some(*start), Some(kept.latest));
                break;
            }
            plan.updated.push(*start);
            if end > at {
                with_later = with_later.or(Some((*start, kept.latest)));
                continue;
            }
            has_left = true;
            if kept.latest == at {
                // One like it has made all windows that it would make.
                return plan;
            }
            previous = Some(kept.latest);
            break;
        }
        let reaches = |before: &Millis| at.saturating_sub(difference) <= *before;
        let previous_in_left = previous.filter(reaches);
        // The window to the right of the one before reaches a millisecond further than the one to the left of this.
        let right_of = previous.map(|before| before.saturating_add(1));
        plan.right_of_previous = right_of.filter(|start| {
            start.saturating_add(difference) >= at && !self.windows.contains_key(start)
        });
        // Where both are the same window, Kafka puts the record into it twice, each time as its first.
        let starts_both = plan.right_of_previous == Some(at.saturating_sub(difference));
        if !has_left && !starts_both {
            plan.left = Some((
                at.saturating_sub(difference),
                copied.filter(|_| previous_in_left.is_some()),
            ));
        }
        plan.right = self.right_of(at, with_later);
        plan
    }

    /// `processEarly`: what can't end a window of its own is in the first of all.
    fn plan_early(&self, at: Millis) -> Plan {
        let mut plan = Plan::default();
        let mut with_later = None;
        for (start, kept) in self.windows.range(1..at.saturating_add(1)).rev() {
            plan.updated.push(*start);
            with_later = with_later.or(Some((*start, kept.latest)));
        }
        let first = self.windows.get(&0).map(|kept| kept.latest);
        with_later = with_later.or(first.map(|latest| (0, latest)));
        plan.right = self.right_of(at, with_later);
        let right_of = first.filter(|latest| *latest < at).map(|latest| latest.saturating_add(1));
        plan.right_of_previous = right_of.filter(|start| !self.windows.contains_key(start));
        match first {
            Some(_) => plan.updated.push(0),
            None => plan.left = Some((0, None)),
        }
        plan
    }

    /// The window to the right of a record, where there is none and one that begins before it has later records.
    fn right_of(
        &self,
        at: Millis,
        with_later: Option<(Millis, Millis)>,
    ) -> Option<(Millis, Millis)> {
        let start = at.saturating_add(1);
        let (from, _) = with_later.filter(|(_, latest)| *latest > at)?;
        (!self.windows.contains_key(&start)).then_some((start, from))
    }
}
