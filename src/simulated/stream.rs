//! A stream job in virtual time: the driver carries messages over channels, appends records when they arrive,
//! and tells subtasks of the clock. Processing time is virtual time.
//!
//! Faults are kept outside the queue, as in the batch driver, and strike before all else that happens at their time.

mod arrivals;
mod striking;

use super::TooLate;
use super::faults::{FaultPlan, FaultRates};
use crate::base::{Millis, PlannedFault, Span, Time};
use crate::kernel::{EventQueue, Ticket};
use crate::streaming::BEFORE_ALL;
use crate::streaming::job::{Comparison, Job, JobError, JobSpec, Message, Sending, WatermarkSpec};
use crate::trace::{Cause, Event, Recorder};
use arrivals::Arrivals;
use std::collections::BTreeMap;

/// The longest that timers of the clock are waited for after the input has ended.
const LINGER_MAX: Millis = 366 * 86_400_000;

/// A stream job in virtual time. A clone goes on exactly as the original does.
#[derive(Clone, Debug)]
pub struct StreamSimulation {
    job: Job,
    queue: EventQueue<Happening>,
    /// When each subtask is to be told of the clock, so far as that is in the queue.
    wakes: BTreeMap<usize, Millis>,
    arrivals: Arrivals,
    /// The next arrival, so far as it is in the queue.
    arrival: Option<Ticket>,
    /// What will be done, and when.
    plan: FaultPlan,
    /// Whether anything has happened.
    begun: bool,
    /// Messages that are on their way.
    under_way: u64,
    clock_at_start: Millis,
    /// From the last record to the end of the input.
    tail: Millis,
    /// From the last record to the end of the input, in ticks and in how long the stream stays open.
    ticks: Millis,
    /// How long timers of the clock are waited for after that.
    linger: Millis,
    ends: End,
    now: Time,
    recorder: Recorder,
    comparison: Option<Comparison>,
}

/// Something that happens.
#[derive(Clone, Debug)]
enum Happening {
    /// A record arrives, by this cause where it was not planned so.
    Arrival(u32, Cause),
    /// A message arrives.
    Delivery(usize, Message, Cause),
    /// A subtask is told of the clock.
    Wake(usize),
    /// The input has ended.
    End,
}

/// How near the end it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Records are still to come, or to be read.
    NotYet,
    /// It is in the queue.
    Planned(Ticket),
    /// It is over; until then timers of the clock are waited for.
    Over(Millis),
}

impl StreamSimulation {
    /// A job at its beginning, and what will be done to what it reads.
    ///
    /// # Errors
    /// When an operator can't be.
    pub fn start(
        spec: JobSpec,
        linger: Millis,
        faults: &[PlannedFault],
        mut recorder: Recorder,
    ) -> Result<StreamSimulation, JobError> {
        let (clock_at_start, tail, ticks) = (spec.clock_at_start, tail(&spec), ticks(&spec));
        let plan = FaultPlan::new(faults, FaultRates::default(), 0, spec.seed);
        let (job, _) = Job::start(spec, &mut recorder)?;
        let arrivals = Arrivals::new(&job, |clock| time_of(clock, clock_at_start));
        let mut simulation = StreamSimulation {
            job,
            queue: EventQueue::new(),
            wakes: BTreeMap::new(),
            arrivals,
            arrival: None,
            plan,
            begun: false,
            under_way: 0,
            clock_at_start,
            tail,
            ticks,
            linger: linger.clamp(0, LINGER_MAX),
            ends: End::NotYet,
            now: Time::ZERO,
            recorder,
            comparison: None,
        };
        simulation.plan_arrival();
        simulation.plan_wakes();
        if simulation.arrival.is_none() {
            simulation.plan_end();
        }
        Ok(simulation)
    }

    /// Simulates so many happenings at most, up to this time; says whether there is more to come.
    pub fn advance(&mut self, happenings: u32, until: Time) -> bool {
        for _ in 0..happenings {
            match (self.plan.next_time(), self.queue.next_time()) {
                (_, None) => {
                    self.finish();
                    return false;
                }
                (Some(fault), Some(at)) if fault <= at.min(until) => self.strike_next(),
                (_, Some(at)) if at <= until => self.step(),
                (_, Some(_)) => return true,
            }
            self.begun = true;
        }
        true
    }

    /// When the next thing happens; nothing when the job is done. What would be done to it after that is not.
    pub fn next_time(&self) -> Option<Time> {
        let waits = self.comparison.is_none().then_some(self.now);
        let next = self.queue.next_time();
        let struck = self.plan.next_time().filter(|at| next.is_some_and(|next| *at <= next));
        struck.or(next).or(waits)
    }

    /// Has a fault strike at a time to come. The run goes on byte for byte as one that had it from the start,
    /// behind the others of its time.
    ///
    /// # Errors
    /// When something has happened at that time already.
    pub fn intervene(&mut self, fault: PlannedFault) -> Result<(), TooLate> {
        if self.begun && fault.at <= self.now {
            return Err(TooLate { at: fault.at, now: self.now });
        }
        self.plan.add(fault);
        Ok(())
    }

    /// The time of the last happening.
    pub const fn now(&self) -> Time {
        self.now
    }

    /// Whether the job is done.
    pub const fn is_over(&self) -> bool {
        self.comparison.is_some()
    }

    /// The events since the last time that this was asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.recorder.take()
    }

    /// The job, for what it received and accounted for.
    pub const fn job(&self) -> &Job {
        &self.job
    }

    /// What the comparison with batch came to, at the end.
    pub const fn comparison(&self) -> Option<&Comparison> {
        self.comparison.as_ref()
    }

    fn step(&mut self) {
        let Some((at, happening)) = self.queue.pop() else { return };
        self.now = at;
        self.recorder.set_time(at);
        let now = self.clock(at);
        let sendings = match happening {
            Happening::Arrival(record, cause) => {
                self.arrival = None;
                self.arrivals.arrived(record);
                self.ends_after(at);
                self.plan_arrival();
                self.job.append(record, (now, cause), &mut self.recorder)
            }
            Happening::Delivery(channel, message, cause) => {
                self.under_way -= 1;
                self.job.deliver(channel, message, (now, cause), &mut self.recorder)
            }
            Happening::Wake(task) => {
                self.wakes.remove(&task);
                self.job.on_clock(task, now, &mut self.recorder)
            }
            Happening::End => {
                self.ends = End::Over(now.saturating_add(self.linger));
                self.tell_missing();
                self.job.end(now, &mut self.recorder)
            }
        };
        self.send(sendings);
        self.plan_wakes();
        self.plan_end();
    }

    fn send(&mut self, sendings: Vec<Sending>) {
        for Sending { channel, message, cause } in sendings {
            let Some(info) = self.job.channels().get(channel) else { continue };
            let at = self.now + info.latency;
            self.under_way += 1;
            self.queue.push(at, Happening::Delivery(channel, message, cause));
        }
    }

    /// Puts the next arrival into the queue, in place of the one that was thought to be next.
    fn plan_arrival(&mut self) {
        if let Some(before) = self.arrival.take() {
            self.queue.cancel(before);
        }
        let next = self.arrivals.next(self.now);
        self.arrival =
            next.map(|next| self.queue.push(next.at, Happening::Arrival(next.record, next.cause)));
    }

    /// Puts those wakes into the queue that come earlier than what is there of their subtask. One that is not
    /// asked for any more does no harm.
    fn plan_wakes(&mut self) {
        let until = match self.ends {
            End::NotYet | End::Planned(_) => Millis::MAX,
            End::Over(until) => until,
        };
        for (task, at) in self.job.wakes() {
            let planned = self.wakes.get(&task).copied();
            if at > until || at == BEFORE_ALL || planned.is_some_and(|planned| planned <= at) {
                continue;
            }
            self.wakes.insert(task, at);
            let time = time_of(at, self.clock_at_start).max(self.now);
            self.queue.push(time, Happening::Wake(task));
        }
    }

    /// The input ends a little after its last record is read; or when nothing but timers of windows is left, which
    /// may go on for ever, so that a paused partition would stay paused.
    fn plan_end(&mut self) {
        let all_came = self.arrival.is_none();
        let is_stuck = self.under_way == 0 && !self.job.has_waiting_source();
        if self.ends != End::NotYet || !all_came || !(self.job.has_read_all() || is_stuck) {
            return;
        }
        let at = self.clock(self.now).saturating_add(1).max(self.tail);
        let time = self.time(at);
        self.ends = End::Planned(self.queue.push(time, Happening::End));
    }

    fn finish(&mut self) {
        if self.comparison.is_none() {
            let took: Span = self.now - Time::ZERO;
            self.comparison = Some(self.job.finish(took, &mut self.recorder));
        }
    }

    /// What the job's clock says at a time of the run.
    fn clock(&self, at: Time) -> Millis {
        let since = Millis::try_from(at.0 / 1_000).unwrap_or(Millis::MAX);
        self.clock_at_start.saturating_add(since)
    }

    /// When the clock says this.
    fn time(&self, clock: Millis) -> Time {
        time_of(clock, self.clock_at_start)
    }
}

fn time_of(clock: Millis, clock_at_start: Millis) -> Time {
    let since = clock.saturating_sub(clock_at_start).max(0).unsigned_abs();
    Time(since.saturating_mul(1_000))
}

/// How long after its last record an input ends: two ticks of watermarks after the stream is not open any more.
fn ticks(spec: &JobSpec) -> Millis {
    let interval = spec.watermark_interval_ms.max(1);
    interval.saturating_mul(2).saturating_add(spec.stay_open_ms)
}

/// The clock at which the input ends at the earliest: when the stream is not open any more, two ticks of
/// watermarks after that, and not before a script is played to its end.
fn tail(spec: &JobSpec) -> Millis {
    let last = spec.records.last().map_or(spec.clock_at_start, |record| record.arrival);
    let ticks = last.saturating_add(ticks(spec));
    match &spec.watermark {
        WatermarkSpec::Scripted(steps) => {
            steps.iter().map(|(clock, _)| *clock).max().map_or(ticks, |end| end.max(ticks))
        }
        WatermarkSpec::Bounded(_)
        | WatermarkSpec::PerRecord(_)
        | WatermarkSpec::Perfect
        | WatermarkSpec::Percentile(_) => ticks,
    }
}
