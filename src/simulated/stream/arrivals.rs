//! When the records of a stream's input arrive, and what was done to that: each partition of the log has
//! producers of its own, who keep its order, and who may fall silent or work at another pace.
//!
//! A pace counts from where it was set: what was to come in a second comes in two at 50 %. Faults are known when they
//! strike and not before, so that a run up to a fault is the same with it as without it.

use crate::base::fault::LogPartition;
use crate::base::{Millis, Time};
use crate::streaming::job::Job;
use crate::trace::Cause;
use crate::trace::stream::Partition;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What is still to arrive.
#[derive(Clone, Debug)]
pub(super) struct Arrivals {
    /// When each record was to arrive.
    planned: Rc<Vec<Time>>,
    /// When each happened, or was to arrive where that is earlier: it cannot come before.
    happened: Rc<Vec<Time>>,
    /// The lane of each record.
    lanes_of: Rc<Vec<u16>>,
    lanes: Vec<Lane>,
    /// Records that were given another arrival, until they have arrived.
    moved: BTreeMap<u32, (Time, Cause)>,
    /// Records that left their lane: moved once, arrived or not.
    taken: BTreeSet<u32>,
}

/// What comes into a partition by its producers.
#[derive(Clone, Debug)]
struct Lane {
    partition: Partition,
    /// The records, in the order in which they come.
    records: Rc<Vec<u32>>,
    next: usize,
    is_silent: bool,
    /// What silenced it last.
    silenced: Cause,
    /// When it spoke again, and by what.
    resumed: Option<(Time, Cause)>,
    pace: Pace,
}

/// How fast a partition's producers work: since when, what they had come to by then in the time of the plan, and at
/// how many percent they go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pace {
    since: Time,
    come_to: Time,
    percent: u32,
    cause: Cause,
}

/// The next record to arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) at: Time,
    pub(super) record: u32,
    /// What has it come then, where that was not planned.
    pub(super) cause: Cause,
}

impl Arrivals {
    /// As planned.
    pub(super) fn new(job: &Job, time: impl Fn(Millis) -> Time) -> Arrivals {
        let mut lanes: BTreeMap<Partition, Vec<u32>> = BTreeMap::new();
        // Those without records too: they can fall silent, and records may come into them by hand.
        for of in &job.plan().operators {
            for index in 0..of.partitions {
                lanes.entry(Partition { source: of.id, index }).or_default();
            }
        }
        for (record, place) in (0..).zip(job.places()) {
            lanes.entry(*place).or_default().push(record);
        }
        let partitions: Vec<Partition> = lanes.keys().copied().collect();
        let lane_of = |place: &Partition| {
            u16::try_from(partitions.binary_search(place).unwrap_or(0)).unwrap_or(0)
        };
        let lane = |(partition, records)| Lane {
            partition,
            records: Rc::new(records),
            next: 0,
            is_silent: false,
            silenced: Cause::NONE,
            resumed: None,
            pace: Pace { since: Time::ZERO, come_to: Time::ZERO, percent: 100, cause: Cause::NONE },
        };
        let planned: Vec<Time> = job.records().iter().map(|of| time(of.arrival)).collect();
        let happened = job.records().iter().map(|of| time(of.event_time.min(of.arrival)));
        Arrivals {
            happened: Rc::new(happened.collect()),
            planned: Rc::new(planned),
            lanes_of: Rc::new(job.places().iter().map(lane_of).collect()),
            lanes: lanes.into_iter().map(lane).collect(),
            moved: BTreeMap::new(),
            taken: BTreeSet::new(),
        }
    }

    /// The next record to arrive, as far as is known now. What waits for a partition to speak again is none.
    pub(super) fn next(&self, now: Time) -> Option<Next> {
        let by_lane = self.lanes.iter().filter_map(|lane| self.head(lane, now));
        let moved = self.moved.iter().filter_map(|(record, (at, cause))| {
            let lane = self.lane_of(*record).filter(|lane| !lane.is_silent)?;
            let (at, cause) = lane.released((*at, *cause), now);
            Some(Next { at, record: *record, cause })
        });
        by_lane.chain(moved).min_by_key(|next| (next.at, next.record))
    }

    /// A record has arrived.
    pub(super) fn arrived(&mut self, record: u32) {
        if self.moved.remove(&record).is_some() {
            return;
        }
        let lane = self.lanes_of.get(record as usize).copied().unwrap_or(u16::MAX);
        if let Some(lane) = self.lanes.get_mut(usize::from(lane)) {
            lane.next += 1;
            while lane.records.get(lane.next).is_some_and(|next| self.taken.contains(next)) {
                lane.next += 1;
            }
        }
    }

    /// A partition falls silent; says whether it spoke.
    pub(super) fn silence(&mut self, partition: Partition, cause: Cause) -> bool {
        let Some(lane) = self.lane_mut(partition).filter(|lane| !lane.is_silent) else {
            return false;
        };
        (lane.is_silent, lane.silenced) = (true, cause);
        true
    }

    /// It speaks again; says whether it was silent.
    pub(super) fn resume(&mut self, partition: Partition, now: Time, cause: Cause) -> bool {
        let Some(lane) = self.lane_mut(partition).filter(|lane| lane.is_silent) else {
            return false;
        };
        lane.is_silent = false;
        lane.resumed = Some((now, cause));
        true
    }

    /// Its producers go on at another pace; says whether it is another.
    pub(super) fn pace(&mut self, partition: Partition, percent: u32, at: (Time, Cause)) -> bool {
        let lane = self.lane_mut(partition);
        let Some(lane) = lane.filter(|lane| lane.pace.percent != percent) else { return false };
        let ((since, cause), come_to) = (at, lane.pace.at(at.0));
        lane.pace = Pace { since, come_to, percent: percent.max(1), cause };
        true
    }

    /// A record arrives at another time; says whether it can.
    pub(super) fn move_to(&mut self, record: u32, arrival: Time, at: (Time, Cause)) -> bool {
        if !self.is_to_come(record) || arrival < at.0 {
            return false;
        }
        self.moved.insert(record, (arrival, at.1));
        let lane = self.lanes_of.get(record as usize).copied().unwrap_or(u16::MAX);
        self.taken.insert(record);
        if let Some(lane) = self.lanes.get_mut(usize::from(lane)) {
            while lane.records.get(lane.next).is_some_and(|next| self.taken.contains(next)) {
                lane.next += 1;
            }
        }
        true
    }

    /// What the producers of partitions that are silent still hold: when the input is over, it never arrives.
    pub(super) fn held(&self) -> Vec<(Partition, u64, Cause)> {
        let held = |lane: &Lane| {
            let rest = lane.records.get(lane.next..).unwrap_or_default();
            let own = rest.iter().filter(|record| !self.taken.contains(record)).count();
            let is_its = |record: &u32| {
                self.lane_of(*record).is_some_and(|of| of.partition == lane.partition)
            };
            let moved = self.moved.keys().filter(|record| is_its(record)).count();
            (lane.partition, (own + moved) as u64, lane.silenced)
        };
        let silent = self.lanes.iter().filter(|lane| lane.is_silent);
        silent.map(held).filter(|(_, records, _)| *records > 0).collect()
    }

    fn is_to_come(&self, record: u32) -> bool {
        let in_lane = |lane: &Lane| {
            let rest = lane.records.get(lane.next..).unwrap_or_default();
            rest.binary_search(&record).is_ok()
        };
        self.moved.contains_key(&record)
            || (!self.taken.contains(&record) && self.lane_of(record).is_some_and(in_lane))
    }

    /// The next record of a lane.
    fn head(&self, lane: &Lane, now: Time) -> Option<Next> {
        let record = *lane.records.get(lane.next).filter(|_| !lane.is_silent)?;
        let planned = self.planned.get(record as usize).copied()?;
        let happened = self.happened.get(record as usize).copied()?;
        let due = lane.pace.when(planned).max(happened);
        let cause = if due == planned { Cause::NONE } else { lane.pace.cause };
        let (at, cause) = lane.released((due, cause), now);
        Some(Next { at, record, cause })
    }

    fn lane_of(&self, record: u32) -> Option<&Lane> {
        self.lanes.get(usize::from(*self.lanes_of.get(record as usize)?))
    }

    fn lane_mut(&mut self, partition: Partition) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.partition == partition)
    }
}

impl Lane {
    /// What was due while it was silent comes when it speaks again, and nothing comes in the past.
    fn released(&self, (due, cause): (Time, Cause), now: Time) -> (Time, Cause) {
        match self.resumed {
            Some((resumed, by)) if due < resumed => (resumed.max(now), by),
            Some(_) | None => (due.max(now), cause),
        }
    }
}

impl Pace {
    /// What of the plan is done by this time.
    fn at(&self, now: Time) -> Time {
        let done = u128::from(now.0.saturating_sub(self.since.0)) * u128::from(self.percent) / 100;
        Time(self.come_to.0.saturating_add(u64::try_from(done).unwrap_or(u64::MAX)))
    }

    /// When that comes which was planned for this time.
    fn when(&self, planned: Time) -> Time {
        if self.percent == 100 && self.since == self.come_to {
            return planned;
        }
        let rest = u128::from(planned.0.saturating_sub(self.come_to.0)) * 100;
        let rest = rest / u128::from(self.percent.max(1));
        Time(self.since.0.saturating_add(u64::try_from(rest).unwrap_or(u64::MAX)))
    }
}

/// The place of a partition in the log, as faults name it, in the job's plan.
pub(super) fn place(job: &Job, named: LogPartition) -> Option<Partition> {
    job.partition(Some(named), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_half_the_pace_what_is_left_takes_twice_as_long() {
        let plan = Pace { since: Time(0), come_to: Time(0), percent: 100, cause: Cause::NONE };
        assert_eq!(plan.when(Time(70)), Time(70));
        let half = Pace { since: Time(50), come_to: plan.at(Time(50)), percent: 50, ..plan };
        assert_eq!((half.when(Time(70)), half.at(Time(90))), (Time(90), Time(70)));
        // Back at the planned pace it stays behind, and twice as fast it catches up.
        let again = Pace { since: Time(90), come_to: half.at(Time(90)), percent: 100, ..plan };
        assert_eq!(again.when(Time(80)), Time(100));
        let double = Pace { since: Time(90), come_to: half.at(Time(90)), percent: 200, ..plan };
        assert_eq!(double.when(Time(110)), Time(110));
    }
}
