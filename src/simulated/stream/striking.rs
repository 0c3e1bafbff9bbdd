//! What is done to what a stream job reads: partitions fall silent, speak again or change their pace, records come
//! by hand or at another time. The job is not told; it learns of it by what arrives.

use super::arrivals::place;
use super::{End, StreamSimulation};
use crate::base::{Level, StreamFault, Time};
use crate::streaming::job::Record;
use crate::trace::event::WorldEvent;
use crate::trace::stream::Partition;
use crate::trace::{Cause, EventKind, StreamEvent};

impl StreamSimulation {
    /// The next fault of the plan strikes.
    pub(super) fn strike_next(&mut self) {
        let Some((at, _, fault)) = self.plan.take() else { return };
        self.now = at;
        self.recorder.set_time(at);
        let effect = fault.of_stream().filter(|fault| self.has_effect(*fault));
        let cause = self.recorder.record(Level::Counters, None, Cause::NONE, || {
            let effect = effect.is_some();
            EventKind::World(WorldEvent::FaultStruck { fault, by_rate: false, effect })
        });
        if let Some(fault) = effect {
            self.strike(fault, cause);
        }
    }

    /// Whether it finds something to do: the input has not ended, and it is not so already.
    fn has_effect(&self, fault: StreamFault) -> bool {
        if matches!(self.ends, End::Over(_)) {
            return false;
        }
        // What is tried changes a copy alone.
        let mut arrivals = self.arrivals.clone();
        let at = (self.now, Cause::NONE);
        match fault {
            StreamFault::Silence { partition } => {
                place(&self.job, partition).is_some_and(|of| arrivals.silence(of, at.1))
            }
            StreamFault::Resume { partition } => {
                place(&self.job, partition).is_some_and(|of| arrivals.resume(of, at.0, at.1))
            }
            StreamFault::Pace { partition, percent } => {
                place(&self.job, partition).is_some_and(|of| arrivals.pace(of, percent, at))
            }
            StreamFault::Inject { key, partition, .. } => {
                self.job.partition(partition, key.as_str()).is_some()
            }
            StreamFault::Move { record, arrival } => {
                arrivals.move_to(record, self.time(arrival), at)
            }
        }
    }

    fn strike(&mut self, fault: StreamFault, cause: Cause) {
        let at = (self.now, cause);
        match fault {
            StreamFault::Silence { partition } => {
                self.on(partition, |arrivals, of| arrivals.silence(of, cause));
            }
            StreamFault::Resume { partition } => {
                self.on(partition, |arrivals, of| arrivals.resume(of, at.0, at.1));
            }
            StreamFault::Pace { partition, percent } => {
                self.on(partition, |arrivals, of| arrivals.pace(of, percent, at));
            }
            StreamFault::Move { record, arrival } => {
                let arrival = self.time(arrival);
                self.arrivals.move_to(record, arrival, at);
            }
            StreamFault::Inject { key, value, event_time, partition } => {
                let arrival = self.clock(self.now);
                let key = key.as_str().to_owned();
                if let Some(partition) = self.job.partition(partition, &key) {
                    let record = Record { event_time, arrival, key, value };
                    self.append(partition, record, cause);
                }
            }
        }
        self.replan();
    }

    fn append(&mut self, partition: Partition, record: Record, cause: Cause) {
        let now = self.clock(self.now);
        self.ends_after(self.now);
        let sendings = self.job.inject(partition, record, (now, cause), &mut self.recorder);
        self.send(sendings);
        self.plan_wakes();
    }

    /// The input is over: what silent producers still hold never arrives.
    pub(super) fn tell_missing(&mut self) {
        for (partition, records, cause) in self.arrivals.held() {
            self.recorder.record(Level::Counters, None, cause, || {
                EventKind::Stream(StreamEvent::NeverArrived { partition, records })
            });
        }
    }

    fn on(
        &mut self,
        partition: crate::base::fault::LogPartition,
        change: impl FnOnce(&mut super::Arrivals, Partition) -> bool,
    ) {
        if let Some(of) = place(&self.job, partition) {
            change(&mut self.arrivals, of);
        }
    }

    /// Other records are next to come, and the input may end at another time.
    fn replan(&mut self) {
        self.plan_arrival();
        if let End::Planned(ticket) = self.ends {
            self.queue.cancel(ticket);
            self.ends = End::NotYet;
        }
        self.plan_end();
    }

    /// A record arrives, perhaps later than all were to: the input ends so long after it.
    pub(super) fn ends_after(&mut self, at: Time) {
        let clock = self.clock(at);
        self.tail = self.tail.max(clock.saturating_add(self.ticks));
    }
}
