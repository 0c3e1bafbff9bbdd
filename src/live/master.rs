//! The master of a live cluster: the coordinator, the one trace and the output folder. It is
//! shown the wall clock, hears what nodes post, and says what to post to them.
//!
//! ```text
//! Gathering ──(all nodes are there, or will not come)──► Running ──► over
//! ```
//!
//! A node whose worker is gone is struck by a crash, in truth; the coordinator is not told, and
//! notices by the silence alone.

use super::clock::RunClock;
use super::merge::Merge;
use super::values::START_TIMEOUT;
use super::wire::{NodeSetup, Parcel, Report, ToMaster, ToNode, open, seal};
use crate::base::{Breakdown, Fault, Level, NodeId, Time};
use crate::mapreduce::beginning::Beginning;
use crate::mapreduce::coordinator::{Coordinator, JobSpec};
use crate::mapreduce::messages::Directed;
use crate::mapreduce::output::OutputFolder;
use crate::trace::{Cause, Event, EventKind, Recorder, WorldEvent, packed};
use bytes::Bytes;
use std::collections::BTreeMap;

/// What a live run is made of.
#[derive(Clone, Debug)]
pub struct LiveSetup {
    /// Machines, job and blocks.
    pub beginning: Beginning,
    /// How much is recorded.
    pub level: Level,
}

/// Where a node stands, in truth.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// Its worker was started.
    Starting,
    /// It said that it is there.
    Up,
    /// Its worker was terminated, or broke down.
    Gone,
}

/// Where the run stands.
#[derive(Debug)]
enum Stage {
    /// Nodes start; the job waits.
    Gathering { since: Time, spec: Box<JobSpec> },
    /// The job runs, or has run.
    Running { clock: RunClock, coordinator: Box<Coordinator> },
}

/// The master of a live run.
#[derive(Debug)]
pub struct Master {
    setup: LiveSetup,
    stage: Stage,
    nodes: Vec<Standing>,
    /// Why workers broke down before the run began.
    reasons: BTreeMap<NodeId, String>,
    merge: Merge,
    recorder: Recorder,
    output: OutputFolder,
    /// What is to be posted.
    out: Vec<(NodeId, Parcel)>,
}

impl Master {
    /// A master whose nodes are being started; each is sent its setup and its blocks.
    pub fn new(setup: LiveSetup, wall: Time) -> Master {
        let spec = Box::new(setup.beginning.job_spec());
        let nodes = setup.beginning.machines.topology.0.len();
        let mut master = Master {
            stage: Stage::Gathering { since: wall, spec },
            nodes: vec![Standing::Starting; nodes],
            reasons: BTreeMap::new(),
            merge: Merge::new(nodes),
            recorder: Recorder::new(setup.level),
            output: OutputFolder::of(&setup.beginning.job),
            out: Vec::new(),
            setup,
        };
        master.greet();
        master
    }

    /// Hears what a node posted. What comes from a node that is gone came too late.
    pub fn hear(&mut self, wall: Time, node: NodeId, parcel: &Parcel) {
        if self.standing(node) == Some(&Standing::Gone) {
            return;
        }
        match open::<ToMaster>(parcel) {
            Some(ToMaster::Ready) => self.stand(wall, node, Standing::Up),
            Some(ToMaster::Report(report)) => {
                self.hear_report(wall, node, report, &parcel.payloads)
            }
            None => debug_assert!(false, "{node} posted what is no message"),
        }
    }

    /// A node's worker was terminated, or broke down and said why; whatever ran there is gone.
    pub fn lose(&mut self, wall: Time, node: NodeId, reason: Option<String>) {
        if self.standing(node).is_none_or(|standing| *standing == Standing::Gone) {
            return;
        }
        if let Stage::Running { clock, .. } = &mut self.stage {
            let at = clock.look(wall);
            self.recorder.set_time(at);
            record_crash(node, reason, &mut self.recorder);
        } else {
            self.reasons.extend(reason.map(|reason| (node, reason)));
        }
        self.stand(wall, node, Standing::Gone);
    }

    /// Looks at the clock. To be called about ten times a second, when all that was posted before
    /// is heard: a node is not silent while its words lie in the inbox.
    pub fn on_time(&mut self, wall: Time) {
        match &mut self.stage {
            Stage::Gathering { since, .. } => {
                if wall.since(*since) > START_TIMEOUT {
                    self.begin(wall);
                }
            }
            Stage::Running { clock, coordinator } => {
                let at = clock.look(wall);
                self.recorder.set_time(at);
                let mut orders = Vec::new();
                coordinator.on_time(at, &mut self.recorder, &mut orders);
                if coordinator.is_finished() && !self.output.is_committed() {
                    self.output.commit_job();
                }
                self.send(orders);
            }
        }
    }

    /// Makes a node break down, to show what happens then.
    pub fn break_down(&mut self, node: NodeId, how: Breakdown) {
        self.post(node, &ToNode::Break(how), Vec::new());
    }

    /// Takes what is to be posted, and to whom.
    pub fn take_parcels(&mut self) -> Vec<(NodeId, Parcel)> {
        std::mem::take(&mut self.out)
    }

    /// The events since the last time that this was asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.recorder.take()
    }

    /// Nodes that did not start in time, or whose workers are gone.
    pub fn is_gone(&self, node: NodeId) -> bool {
        self.standing(node).is_none_or(|standing| *standing == Standing::Gone)
    }

    /// Whether the job is committed or has failed.
    pub fn is_over(&self) -> bool {
        self.coordinator().is_some_and(Coordinator::is_over)
    }

    /// The coordinator, once the run has begun.
    pub fn coordinator(&self) -> Option<&Coordinator> {
        match &self.stage {
            Stage::Gathering { .. } => None,
            Stage::Running { coordinator, .. } => Some(coordinator),
        }
    }

    /// The run's time at the last look.
    pub fn now(&self) -> Time {
        self.recorder.now()
    }

    /// The committed output.
    pub fn output(&self) -> &OutputFolder {
        &self.output
    }

    /// What the run is made of.
    pub fn setup(&self) -> &LiveSetup {
        &self.setup
    }

    /// Sends each node its setup, and its blocks as a client that writes a file does.
    fn greet(&mut self) {
        let Stage::Gathering { spec, .. } = &self.stage else { return };
        let blocks = spec.blocks.clone();
        let beginning = &self.setup.beginning;
        let setup = NodeSetup {
            node: NodeId(0),
            capacity: beginning.machines.capacity(),
            racks: beginning.machines.topology.0.clone(),
            job: beginning.job.clone(),
            budget: beginning.step_budget(),
            level: self.setup.level,
            blocks: 0,
        };
        for node in self.node_ids() {
            let stored = blocks.iter().filter(|block| block.replicas.contains(&node)).count();
            let stored = u32::try_from(stored).unwrap_or(u32::MAX);
            let setup = NodeSetup { node, blocks: stored, ..setup.clone() };
            self.post(node, &ToNode::Start(Box::new(setup)), Vec::new());
        }
        for block in blocks {
            let files = &self.setup.beginning.files;
            let bytes = files.slice(block.file, block.offset, block.length).unwrap_or_default();
            for node in &block.replicas {
                let message = ToNode::Store { block: block.id, offset: block.offset };
                self.post(*node, &message, vec![bytes.clone()]);
            }
        }
    }

    fn stand(&mut self, wall: Time, node: NodeId, standing: Standing) {
        if let Some(stands) = self.nodes.get_mut(node.place()) {
            *stands = standing;
        }
        if !self.nodes.contains(&Standing::Starting) {
            self.begin(wall);
        }
    }

    /// The cluster stands, the input lies on it, and the job is submitted: time is 0. A node that
    /// did not come is one that crashes at once.
    fn begin(&mut self, wall: Time) {
        let Stage::Gathering { spec, .. } = &mut self.stage else { return };
        let spec = spec.as_ref().clone();
        let Beginning { machines, files, .. } = &self.setup.beginning;
        machines.tell(files, &spec.blocks, &mut self.recorder);
        let coordinator = Coordinator::submit(spec, Time::ZERO, &mut self.recorder);
        self.stage =
            Stage::Running { clock: RunClock::begin(wall), coordinator: Box::new(coordinator) };
        for node in self.node_ids() {
            if self.standing(node) == Some(&Standing::Up) {
                self.post(node, &ToNode::Begin, Vec::new());
            } else {
                self.nodes[node.place()] = Standing::Gone;
                let late = self.standing(node) == Some(&Standing::Starting);
                let late = late.then(|| format!("it did not start within {START_TIMEOUT}"));
                let reason = self.reasons.remove(&node).or(late);
                record_crash(node, reason, &mut self.recorder);
            }
        }
    }

    fn hear_report(&mut self, wall: Time, node: NodeId, report: Report, payloads: &[Bytes]) {
        let Stage::Running { clock, coordinator } = &mut self.stage else { return };
        let at = clock.look(wall);
        let events = report.events.into_iter().map(packed::unpack).collect();
        self.merge.take_over(at, node, report.sent, events, &mut self.recorder);
        for ((part, attempt), bytes) in report.published.into_iter().zip(payloads) {
            self.output.rename(part, attempt, bytes.clone());
        }
        let mut orders: Vec<Directed> = Vec::new();
        for (message, cause) in report.messages {
            let cause = self.merge.cause(node, cause);
            coordinator.on_message(at, message, cause, &mut self.recorder, &mut orders);
        }
        if coordinator.is_finished() && !self.output.is_committed() {
            self.output.commit_job();
        }
        self.send(orders);
    }

    fn send(&mut self, orders: Vec<Directed>) {
        for (node, order, cause) in orders {
            self.post(node, &ToNode::Order { order, cause: cause.seq() }, Vec::new());
        }
    }

    fn post(&mut self, node: NodeId, message: &ToNode, payloads: Vec<Bytes>) {
        if self.standing(node) != Some(&Standing::Gone) {
            self.out.push((node, seal(message, payloads)));
        }
    }

    fn standing(&self, node: NodeId) -> Option<&Standing> {
        self.nodes.get(node.place())
    }

    fn node_ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        let nodes = u16::try_from(self.nodes.len()).unwrap_or(u16::MAX);
        (0..nodes).map(NodeId::nth)
    }
}

fn record_crash(node: NodeId, reason: Option<String>, recorder: &mut Recorder) {
    let cause = reason.map_or(Cause::NONE, |reason| {
        recorder.record(Level::Counters, Some(node), Cause::NONE, || {
            EventKind::World(WorldEvent::WorkerBroke { reason })
        })
    });
    recorder.record(Level::Counters, Some(node), cause, || {
        let fault = Fault::Crash { node };
        EventKind::World(WorldEvent::FaultStruck { fault, by_rate: false, effect: true })
    });
}
