//! A job at work: its subtasks, the channels between them, and the topics that it reads.

mod appending;

use super::building::{connect, event_times, operator_of, places};
use super::comparison::Comparison;
use super::context::{Context, Sending};
use super::message::Message;
use super::plan;
use super::spec::{JobError, JobSpec, Record};
use super::task::{Delivered, Operator, Task};
use crate::base::hashes::java;
use crate::base::{Level, Millis, Span};
use crate::streaming::key_groups::{key_group, operator_index};
use crate::streaming::log::Topic;
use crate::trace::stream::{
    ElementId, Fate, JobPlan, LedgerCounts, OperatorId, Partition, StreamEvent, Subtask,
};
use crate::trace::{Cause, EventKind, Recorder};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A job at work.
#[derive(Clone, Debug)]
pub struct Job {
    records: Rc<Vec<Record>>,
    plan: Rc<JobPlan>,
    key_groups: u32,
    drifts: bool,
    tasks: Vec<Task>,
    /// The place of each operator's first subtask.
    first: Vec<usize>,
    channels: Rc<Vec<ChannelInfo>>,
    /// What each subtask speaks to.
    edges: Rc<Vec<Vec<OutEdge>>>,
    /// Whose turn it is, of each subtask's edges that go round.
    turns: Vec<u64>,
    /// The topic of each source.
    topics: BTreeMap<OperatorId, Topic>,
    /// The partition of each record of the input.
    places: Rc<Vec<Partition>>,
    /// Records that came by hand.
    injected: BTreeMap<u32, Record>,
    next_result: u32,
}

/// A channel from one subtask to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelInfo {
    /// The subtask that speaks, by its place.
    pub from: usize,
    /// The subtask that hears, by its place.
    pub to: usize,
    /// Which of its inputs this is.
    pub(super) input: usize,
    /// How long a message takes.
    pub latency: Span,
}

/// The channels from a subtask to those of another operator.
#[derive(Clone, Debug)]
pub(super) struct OutEdge {
    pub(super) keyed: bool,
    pub(super) channels: Vec<usize>,
}

impl Job {
    /// A job at its beginning: the plan is told, and nothing is read.
    ///
    /// # Errors
    /// When an operator can't be.
    pub fn start(spec: JobSpec, recorder: &mut Recorder) -> Result<(Job, Cause), JobError> {
        let plan = Rc::new(plan::plan(&spec));
        let mut topics = BTreeMap::new();
        for of in plan.operators.iter().filter(|of| of.partitions > 0) {
            topics.insert(of.id, Topic::new(spec.partitions, spec.seed ^ u64::from(of.id.0)));
        }
        let places = places(&spec, &topics);
        let times = event_times(&spec, &places);
        let mut tasks = Vec::new();
        let mut first = Vec::new();
        for (operator, of) in spec.operators.iter().zip(&plan.operators) {
            first.push(tasks.len());
            for index in 0..operator.parallelism {
                let id = Subtask { operator: of.id, index };
                let operator = operator_of(&spec, id, &operator.work, &times)?;
                tasks.push(Task::new(id, Vec::new(), operator));
            }
        }
        let (channels, edges) = connect(&spec, &first, &mut tasks);
        let told = Rc::clone(&plan);
        let begun = recorder.record(Level::Counters, None, Cause::NONE, || {
            EventKind::Stream(StreamEvent::JobStarted { plan: Box::new((*told).clone()) })
        });
        let job = Job {
            next_result: u32::try_from(spec.records.len()).unwrap_or(u32::MAX),
            records: Rc::new(spec.records),
            plan,
            key_groups: spec.key_groups,
            drifts: spec.drift_ms.is_some(),
            turns: vec![0; tasks.len()],
            tasks,
            first,
            channels: Rc::new(channels),
            edges: Rc::new(edges),
            topics,
            places: Rc::new(places),
            injected: BTreeMap::new(),
        };
        Ok((job, begun))
    }

    /// A message arrives by a channel.
    pub fn deliver(
        &mut self,
        channel: usize,
        message: Message,
        (now, cause): (Millis, Cause),
        recorder: &mut Recorder,
    ) -> Vec<Sending> {
        let Some(info) = self.channels.get(channel).copied() else { return Vec::new() };
        self.work(info.to, (now, cause), recorder, |task, c| {
            task.on_message(info.input, message, c);
        })
    }

    /// A subtask is told of the clock.
    pub fn on_clock(&mut self, task: usize, now: Millis, recorder: &mut Recorder) -> Vec<Sending> {
        let mut sendings =
            self.work(task, (now, Cause::NONE), recorder, |task, c| task.on_clock(c));
        if self.drifts {
            sendings.extend(self.align(None, now, recorder));
        }
        sendings
    }

    /// All sources know that nothing comes any more. What was paused is read first.
    pub fn end(&mut self, now: Millis, recorder: &mut Recorder) -> Vec<Sending> {
        let mut sendings = self.align(Some(Millis::MAX), now, recorder);
        for task in 0..self.tasks.len() {
            sendings.extend(self.work(task, (now, Cause::NONE), recorder, |task, c| {
                if let Operator::Source(source) = &mut task.operator {
                    source.end(c);
                }
            }));
        }
        sendings
    }

    /// When each subtask wants to be told of the clock, by their places.
    pub fn wakes(&self) -> impl Iterator<Item = (usize, Millis)> {
        let wake = |(place, task): (usize, &Task)| Some((place, task.next_wake()?));
        self.tasks.iter().enumerate().filter_map(wake)
    }

    /// Whether a source wants to be told of the clock.
    pub fn has_waiting_source(&self) -> bool {
        self.topics.keys().any(|source| {
            let place = usize::from(source.0);
            let first = self.first[place];
            let parallelism = usize::from(self.plan.operators[place].parallelism);
            self.tasks[first..first + parallelism].iter().any(|task| task.next_wake().is_some())
        })
    }

    /// Whether all records that were appended are read.
    pub fn has_read_all(&self) -> bool {
        self.tasks.iter().all(|task| match (&task.operator, self.topics.get(&task.id.operator)) {
            (Operator::Source(source), Some(topic)) => source.has_read_all(topic),
            (
                Operator::Source(_)
                | Operator::Stateless(_)
                | Operator::Windowed(_)
                | Operator::Plain(_)
                | Operator::Deduplicate(_)
                | Operator::IntervalJoin(_)
                | Operator::Silence(_)
                | Operator::Sink(_),
                _,
            ) => true,
        })
    }

    /// The channels, by their numbers.
    pub fn channels(&self) -> &[ChannelInfo] {
        &self.channels
    }

    /// What it is made of.
    pub fn plan(&self) -> &JobPlan {
        &self.plan
    }

    /// What sinks have received, sink by sink.
    pub fn received(&self) -> impl Iterator<Item = &Delivered> {
        self.tasks.iter().flat_map(|task| match &task.operator {
            Operator::Sink(received) => received.as_slice(),
            Operator::Source(_)
            | Operator::Stateless(_)
            | Operator::Windowed(_)
            | Operator::Plain(_)
            | Operator::Deduplicate(_)
            | Operator::IntervalJoin(_)
            | Operator::Silence(_) => &[],
        })
    }

    /// What has become of all elements in all of their windows, and of those that stateful operators dropped.
    pub fn ledger(&self) -> LedgerCounts {
        let mut counts = LedgerCounts::default();
        for task in &self.tasks {
            match &task.operator {
                Operator::Windowed(windowed) => {
                    for (fate, count) in
                        windowed.ledgers.values().flat_map(|ledger| ledger.counts())
                    {
                        *counts.of_mut(fate) += count;
                    }
                }
                Operator::Plain(plain) => counts.add(&plain.ledger()),
                Operator::Deduplicate(of) => *counts.of_mut(Fate::Dropped) += of.dropped,
                Operator::IntervalJoin(of) => *counts.of_mut(Fate::Dropped) += of.dropped,
                Operator::Source(_)
                | Operator::Stateless(_)
                | Operator::Silence(_)
                | Operator::Sink(_) => {}
            }
        }
        counts
    }

    /// What does not add up in the ledger, if anything: a fault of ours.
    pub fn imbalance(&self) -> Option<String> {
        self.tasks.iter().find_map(|task| match &task.operator {
            Operator::Windowed(windowed) => {
                let imbalance = windowed.imbalance.as_ref()?;
                Some(format!("{:?}: {imbalance}", task.id))
            }
            Operator::Source(_)
            | Operator::Stateless(_)
            | Operator::Plain(_)
            | Operator::Deduplicate(_)
            | Operator::IntervalJoin(_)
            | Operator::Silence(_)
            | Operator::Sink(_) => None,
        })
    }

    /// Compares each window with batch.
    pub fn compare(&self) -> Comparison {
        let mut comparison = Comparison::default();
        for task in &self.tasks {
            match &task.operator {
                Operator::Windowed(windowed) => comparison.with(task.id.operator, windowed),
                Operator::Plain(plain) => comparison.with_plain(task.id.operator, plain),
                Operator::Source(_)
                | Operator::Stateless(_)
                | Operator::Deduplicate(_)
                | Operator::IntervalJoin(_)
                | Operator::Silence(_)
                | Operator::Sink(_) => {}
            }
        }
        comparison
    }

    /// All is said: tells where stream and batch differ, and that the job is done.
    pub fn finish(&self, took: Span, recorder: &mut Recorder) -> Comparison {
        let comparison = self.compare();
        for difference in &comparison.differences {
            recorder.record(Level::Counters, None, Cause::NONE, || {
                EventKind::Stream(difference.clone())
            });
        }
        let (ledger, windows, equal) = (self.ledger(), comparison.windows, comparison.equal);
        recorder.record(Level::Counters, None, Cause::NONE, || {
            EventKind::Stream(StreamEvent::JobFinished { took, ledger, windows, equal })
        });
        comparison
    }

    fn read(
        &mut self,
        task: usize,
        partition: u16,
        (now, cause): (Millis, Cause),
        recorder: &mut Recorder,
    ) -> Vec<Sending> {
        let records = Rc::clone(&self.records);
        let injected = std::mem::take(&mut self.injected);
        let topics = std::mem::take(&mut self.topics);
        let sendings = self.work(task, (now, cause), recorder, |task, c| {
            if let (Operator::Source(source), Some(topic)) =
                (&mut task.operator, topics.get(&c.subtask.operator))
            {
                let record = |number: u32| {
                    let planned = records.get(number as usize);
                    let record = planned.or_else(|| injected.get(&number)).cloned();
                    (ElementId(number), record.unwrap_or_default())
                };
                source.read(partition, topic, record, c);
            }
        });
        self.topics = topics;
        self.injected = injected;
        sendings
    }

    /// Pauses partitions that are too far ahead of the slowest, and reads on those that are not any more.
    fn align(
        &mut self,
        slowest: Option<Millis>,
        now: Millis,
        recorder: &mut Recorder,
    ) -> Vec<Sending> {
        let reported = self.tasks.iter().filter_map(|task| match &task.operator {
            Operator::Source(source) => source.reported(),
            Operator::Stateless(_)
            | Operator::Windowed(_)
            | Operator::Plain(_)
            | Operator::Deduplicate(_)
            | Operator::IntervalJoin(_)
            | Operator::Silence(_)
            | Operator::Sink(_) => None,
        });
        let Some(slowest) = slowest.or(reported.min()) else { return Vec::new() };
        let mut sendings = Vec::new();
        for task in 0..self.tasks.len() {
            let mut resumed = Vec::new();
            let at = (now, Cause::NONE);
            sendings.extend(self.work(task, at, recorder, |task, c| {
                if let Operator::Source(source) = &mut task.operator {
                    resumed = source.align(slowest, c);
                }
            }));
            for partition in resumed {
                sendings.extend(self.read(task, partition, at, recorder));
            }
        }
        sendings
    }

    /// Has a subtask work, and finds the ways of what it says.
    fn work(
        &mut self,
        place: usize,
        (now, cause): (Millis, Cause),
        recorder: &mut Recorder,
        work: impl FnOnce(&mut Task, &mut Context<'_>),
    ) -> Vec<Sending> {
        let Some(task) = self.tasks.get_mut(place) else { return Vec::new() };
        let (subtask, said, next_result) = (task.id, Vec::new(), &mut self.next_result);
        let mut c = Context { subtask, now, cause, recorder, said, next_result };
        work(task, &mut c);
        let said = c.said;
        let mut sendings = Vec::new();
        for (message, cause) in said {
            self.route(place, &message, cause, recorder, &mut sendings);
        }
        sendings
    }

    /// An element goes to one subtask of each operator that hears; all else to all of them.
    fn route(
        &mut self,
        place: usize,
        message: &Message,
        cause: Cause,
        recorder: &mut Recorder,
        sendings: &mut Vec<Sending>,
    ) {
        let edges = Rc::clone(&self.edges);
        for edge in &edges[place] {
            let chosen: &[usize] = match message {
                Message::Element(element) => {
                    let count = u32::try_from(edge.channels.len()).unwrap_or(1);
                    let target = if edge.keyed {
                        let group = key_group(java::string_hash(&element.key), self.key_groups);
                        operator_index(group, self.key_groups, count)
                    } else {
                        self.turns[place] += 1;
                        u32::try_from((self.turns[place] - 1) % u64::from(count)).unwrap_or(0)
                    };
                    let target = target as usize;
                    &edge.channels[target..=target]
                }
                Message::Watermark(_) | Message::Idle | Message::Active | Message::BatchEnd(_) => {
                    &edge.channels
                }
            };
            for channel in chosen {
                let info = self.channels[*channel];
                let (from, to) = (self.tasks[info.from].id, self.tasks[info.to].id);
                let cause = recorder.record(Level::Records, None, cause, || {
                    let (what, latency) = (message.sent(), info.latency);
                    EventKind::Stream(StreamEvent::Sent { from, to, what, latency })
                });
                sendings.push(Sending { channel: *channel, message: message.clone(), cause });
            }
        }
    }

    /// The subtask that reads a partition.
    fn reader(&self, source: OperatorId, partition: u16) -> usize {
        let place = usize::from(source.0);
        let parallelism = self.plan.operators[place].parallelism;
        self.first[place] + usize::from(partition % parallelism.max(1))
    }
}

/// The source that a record goes to: they take turns.
pub(super) fn dealt(record: u32, sources: &[OperatorId]) -> Option<OperatorId> {
    let turn = record as usize % sources.len().max(1);
    sources.get(turn).copied()
}
