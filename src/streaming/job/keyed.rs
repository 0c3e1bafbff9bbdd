//! The machines of all keys of a subtask, with the next timer of each; and what is made of windows.

use super::machine::{Item, Machine};
use super::spec::JobError;
use crate::base::{Amount, Millis};
use crate::streaming::aggregate::{Aggregate, Numbers};
use crate::streaming::timers::{TimeDomain, TimerChange};
use crate::trace::stream::{AggregateKind, Content, ElementId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The machines of keys that have state.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    machines: BTreeMap<Rc<str>, Kept>,
    event: BTreeSet<(Millis, Rc<str>)>,
    clock: BTreeSet<(Millis, Rc<str>)>,
    windows: u64,
    timers: u64,
}

#[derive(Clone, Debug)]
struct Kept {
    machine: Machine,
    event: Option<Millis>,
    clock: Option<Millis>,
    windows: u64,
    timers: u64,
}

impl Keys {
    /// Works on the machine of a key, which is made where there is none; afterwards its timers are known
    /// anew, and one that keeps nothing is let go.
    pub(super) fn with(
        &mut self,
        key: &Rc<str>,
        make: impl FnOnce() -> Result<Machine, JobError>,
        work: impl FnOnce(&mut Machine) -> Vec<TimerChange>,
    ) -> Result<Vec<TimerChange>, JobError> {
        let mut kept = match self.take(key) {
            Some(kept) => kept,
            None => {
                let mut machine = make()?;
                machine.watch_timers();
                Kept { machine, event: None, clock: None, windows: 0, timers: 0 }
            }
        };
        let changes = work(&mut kept.machine);
        if !kept.machine.is_blank() {
            kept.event = kept.machine.next_timer(TimeDomain::Event);
            kept.clock = kept.machine.next_timer(TimeDomain::Processing);
            (kept.windows, kept.timers) = (kept.machine.windows(), kept.machine.timer_count());
            self.event.extend(kept.event.map(|at| (at, Rc::clone(key))));
            self.clock.extend(kept.clock.map(|at| (at, Rc::clone(key))));
            self.windows += kept.windows;
            self.timers += kept.timers;
            self.machines.insert(Rc::clone(key), kept);
        }
        Ok(changes)
    }

    fn take(&mut self, key: &Rc<str>) -> Option<Kept> {
        let kept = self.machines.remove(key)?;
        if let Some(at) = kept.event {
            self.event.remove(&(at, Rc::clone(key)));
        }
        if let Some(at) = kept.clock {
            self.clock.remove(&(at, Rc::clone(key)));
        }
        self.windows -= kept.windows;
        self.timers -= kept.timers;
        Some(kept)
    }

    /// The machine of a key that has state.
    pub(super) fn machine(&self, key: &Rc<str>) -> Option<&Machine> {
        self.machines.get(key).map(|kept| &kept.machine)
    }

    /// The keys whose timers are due at `now` or before, the earliest first.
    pub(super) fn due(&self, domain: TimeDomain, now: Millis) -> Vec<(Millis, Rc<str>)> {
        self.timers_of(domain).iter().take_while(|(at, _)| *at <= now).cloned().collect()
    }

    /// The first of them.
    pub(super) fn first_due(&self, domain: TimeDomain, now: Millis) -> Option<(Millis, Rc<str>)> {
        self.timers_of(domain).first().filter(|(at, _)| *at <= now).cloned()
    }

    /// When the next timer of any key is due.
    pub(super) fn next(&self, domain: TimeDomain) -> Option<Millis> {
        self.timers_of(domain).first().map(|(at, _)| *at)
    }

    /// All keys that have state.
    pub(super) fn all(&self) -> Vec<Rc<str>> {
        self.machines.keys().cloned().collect()
    }

    /// How far all keys let the output watermark go.
    pub(super) fn hold(&self) -> Option<Millis> {
        self.machines.values().filter_map(|kept| kept.machine.hold()).min()
    }

    /// Keys, windows and timers that are kept.
    pub(super) fn size(&self) -> (u64, u64, u64) {
        (self.machines.len() as u64, self.windows, self.timers)
    }

    fn timers_of(&self, domain: TimeDomain) -> &BTreeSet<(Millis, Rc<str>)> {
        match domain {
            TimeDomain::Event => &self.event,
            TimeDomain::Processing => &self.clock,
        }
    }
}

/// What is made of a window: a number, and the whole.
pub(super) fn aggregate(kind: AggregateKind, items: &[Item]) -> (Amount, Content) {
    let values = || items.iter().map(|item| item.value);
    match kind {
        AggregateKind::Count
        | AggregateKind::Sum
        | AggregateKind::Min
        | AggregateKind::Max
        | AggregateKind::Mean => {
            let mut numbers = Numbers::default();
            values().for_each(|value| numbers.add(&value.0));
            summary(kind, &numbers)
        }
        AggregateKind::Distinct => {
            let distinct: BTreeSet<Amount> = values().collect();
            let count = whole(distinct.len() as u64);
            (count, Content::Number(count))
        }
        AggregateKind::Top(most) => {
            let mut sorted: Vec<(Reverse<Amount>, u32)> =
                items.iter().map(|item| (Reverse(item.value), item.id)).collect();
            sorted.sort_unstable();
            let top = sorted.into_iter().take(usize::from(most));
            let list: Vec<_> = top.map(|(value, id)| (value.0, ElementId(id))).collect();
            let first = list.first().map_or(Amount::default(), |(value, _)| *value);
            (first, if list.is_empty() { Content::Nothing } else { Content::Top(list) })
        }
        AggregateKind::Join => {
            let side = |right| items.iter().filter(move |item| item.right == right);
            let pairs = side(false)
                .flat_map(|left| side(true).map(move |right| (left.value, right.value)))
                .collect();
            (whole(items.len() as u64), Content::Pairs(pairs))
        }
    }
}

/// The same from a window's numbers alone: for the aggregates that these are enough for, a mean among them,
/// rounded half up to a thousandth.
pub(super) fn summary(kind: AggregateKind, of: &Numbers) -> (Amount, Content) {
    let is_any = of.count > 0;
    let number = match kind {
        AggregateKind::Sum => Some(Amount::narrow(of.sum)),
        AggregateKind::Min => is_any.then_some(Amount(of.min)),
        AggregateKind::Max => is_any.then_some(Amount(of.max)),
        AggregateKind::Mean => is_any.then(|| {
            let count = i128::from(of.count);
            Amount::narrow((2 * of.sum + count).div_euclid(2 * count))
        }),
        AggregateKind::Count
        | AggregateKind::Distinct
        | AggregateKind::Top(_)
        | AggregateKind::Join => Some(whole(of.count)),
    };
    number.map_or((Amount::default(), Content::Nothing), |number| (number, Content::Number(number)))
}

fn whole(count: u64) -> Amount {
    Amount::whole(i64::try_from(count).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_aggregate_by_hand() {
        let item = |(id, value)| Item { id, at: 0, value: Amount::whole(value), right: id == 2 };
        let items: Vec<Item> = [(0, 5), (1, 2), (2, 5)].map(item).to_vec();
        let number = |kind| aggregate(kind, &items).0.to_string();
        assert_eq!(number(AggregateKind::Count), "3");
        assert_eq!(number(AggregateKind::Sum), "12");
        assert_eq!(number(AggregateKind::Min), "2");
        assert_eq!(number(AggregateKind::Max), "5");
        assert_eq!(number(AggregateKind::Mean), "4");
        assert_eq!(number(AggregateKind::Distinct), "2");
        assert_eq!(aggregate(AggregateKind::Top(2), &items).1.to_string(), "[5 5]");
        assert_eq!(aggregate(AggregateKind::Join, &items).1.to_string(), "[5×5 2×5]");
        assert_eq!(aggregate(AggregateKind::Mean, &[]).1, Content::Nothing);
        let mean = |sum, count| {
            summary(AggregateKind::Mean, &Numbers { count, sum, ..Numbers::default() }).0
        };
        assert_eq!(mean(-1, 2), Amount(0), "half up");
        assert_eq!(mean(10, 3), Amount(3));
    }
}
