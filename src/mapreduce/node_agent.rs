//! The agent of a node: runs the attempts that the coordinator gave it, keeps the node's disk and
//! serves what others read from it, and sends heartbeats. Both drivers run it; only they know how
//! long its steps take, and whether a read comes about.
//!
//! What a driver does for it:
//!
//! - an order comes: `on_order`, then what came out; after `Order::MapOutputs` ask the lanes;
//! - a lane is free: `step`. A `Work` with a `read` ends by `arrived` or `read_failed`, any other by
//!   itself; then all lanes of the attempt are asked again;
//! - each second of an attempt's life, from the end of its launch on: `tick`;
//! - a `Effect::Wake` is due: `woken`, then the attempt's lanes are asked.

mod ending;

use super::attempt::{Budget, Lane, Work};
use super::config::{JobConfig, Topology};
use super::disk::Disk;
use super::map_attempt::{MapAttempt, MapSpec};
use super::messages::{BlockAt, Message, Order, Served, Source};
use super::reduce_attempt::{ReduceAttempt, ReduceSpec};
use super::split::Split;
use crate::base::{AttemptId, BlockId, FileId, NodeId, PartitionId, Span, Time};
use crate::trace::failure::ReadError;
use crate::trace::{Cause, Recorder};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How often a driver calls `tick`: a reduce asks that often for new map outputs (`EventFetcher`
/// sleeps a second between questions).
pub const TICK_INTERVAL: Span = Span::from_secs(1);

/// Ticks between an attempt's reports (`mapreduce.task.progress-report.interval`, 3 s).
const TICKS_A_REPORT: u32 = 3;

/// What a node can run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// Map tasks.
    pub map_slots: u32,
    /// Reduce tasks.
    pub reduce_slots: u32,
    /// Containers that its memory has room for.
    pub containers: u32,
}

/// What an agent wants done outside itself.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Tell the coordinator.
    Send(Message, Cause),
    /// An attempt's container starts; its main lane is busy with this work.
    Launch(AttemptId, Work),
    /// Rename an attempt's output into place.
    Publish(PartitionId, AttemptId, Bytes),
    /// An attempt is no more: cancel what its lanes are busy with.
    Stop(AttemptId),
    /// Call `woken` with this attempt and host after so long.
    Wake {
        /// The reduce that stays away from the host.
        attempt: AttemptId,
        /// The host.
        host: NodeId,
        /// For how long.
        after: Span,
    },
    /// Copy a block from another node's disk, spend the time, and call `copied`.
    CopyBlock {
        /// Which block.
        block: BlockId,
        /// Whose disk it is on.
        from: NodeId,
    },
}

/// What an agent begins with.
#[derive(Clone, Debug)]
pub struct AgentSpec {
    /// Its node.
    pub id: NodeId,
    /// What it can run at once.
    pub capacity: Capacity,
    /// The job's settings.
    pub config: Arc<JobConfig>,
    /// Who is near whom.
    pub topology: Arc<Topology>,
}

/// A node's agent.
#[derive(Clone, Debug)]
pub struct NodeAgent {
    spec: AgentSpec,
    maps: BTreeMap<AttemptId, MapAttempt>,
    reduces: BTreeMap<AttemptId, ReduceAttempt>,
    /// Ticks of the attempts that run.
    ticks: BTreeMap<AttemptId, u32>,
    /// Attempts that took a step since their last report. A spill, a sort or a merge counts, though
    /// it brings no progress in numbers, as Hadoop's tasks report it (`Reporter.progress`).
    worked: BTreeSet<AttemptId>,
    /// Bytes of the input that are poison.
    poison: Vec<(FileId, u64)>,
    disk: Disk,
}

impl NodeAgent {
    /// An agent with nothing to do yet, on an empty disk.
    pub fn new(spec: AgentSpec) -> NodeAgent {
        NodeAgent::with_disk(spec, Disk::default())
    }

    /// An agent with nothing to do yet, on a disk.
    pub fn with_disk(spec: AgentSpec, disk: Disk) -> NodeAgent {
        let (maps, reduces, ticks) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        NodeAgent { spec, maps, reduces, ticks, worked: BTreeSet::new(), poison: Vec::new(), disk }
    }

    /// The agent of a node that started again, and what it has to say first.
    pub fn restarted(spec: AgentSpec, incarnation: u32, disk: Disk) -> (NodeAgent, Message) {
        let message = Message::Registered {
            node: spec.id,
            incarnation,
            outputs: disk.outputs.keys().copied().collect(),
            blocks: disk.blocks.keys().copied().collect(),
        };
        (NodeAgent::with_disk(spec, disk), message)
    }

    /// Puts a block that begins here in the file onto the disk.
    pub fn store_block(&mut self, block: BlockId, offset: u64, bytes: Bytes) {
        self.disk.blocks.insert(block, (offset, bytes));
    }

    /// What someone comes to read; nothing when it is not on the disk.
    pub fn serve(&self, source: &Source) -> Option<Served> {
        self.disk.serve(source)
    }

    /// What lies on the disk.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Takes the disk out, and leaves an empty one.
    pub fn take_disk(&mut self) -> Disk {
        std::mem::take(&mut self.disk)
    }

    /// What the agent leaves behind.
    pub fn into_disk(self) -> Disk {
        self.disk
    }

    /// A heartbeat: what is free.
    pub fn heartbeat(&self) -> Message {
        let (maps, reduces) = (count(self.maps.len()), count(self.reduces.len()));
        let Capacity { map_slots, reduce_slots, containers } = self.spec.capacity;
        let room = containers.saturating_sub(maps + reduces);
        Message::Heartbeat {
            node: self.spec.id,
            free_map_slots: map_slots.saturating_sub(maps).min(room),
            free_reduce_slots: reduce_slots.saturating_sub(reduces).min(room),
            free_containers: room,
        }
    }

    /// Does what the coordinator ordered.
    pub fn on_order(
        &mut self,
        order: Order,
        cause: Cause,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) {
        match order {
            Order::LaunchMap { attempt, split, blocks } => {
                let mut map = self.new_map(attempt, split, blocks, cause);
                out.push(Effect::Launch(attempt, map.launch(recorder)));
                self.maps.insert(attempt, map);
            }
            Order::LaunchReduce { attempt, maps, replicate_to } => {
                let spec = ReduceSpec {
                    id: attempt,
                    node: self.spec.id,
                    partition: PartitionId(attempt.task.index),
                    maps,
                    replicate_to,
                    config: self.spec.config.clone(),
                };
                let mut reduce = ReduceAttempt::new(spec, cause);
                out.push(Effect::Launch(attempt, reduce.launch(recorder)));
                self.reduces.insert(attempt, reduce);
            }
            Order::MapOutputs { attempt, known, entries } => {
                if let Some(reduce) = self.reduces.get_mut(&attempt) {
                    reduce.learn(known, &entries, cause, recorder);
                }
            }
            Order::Commit { attempt } => self.commit(attempt, cause, recorder, out),
            Order::Kill { attempt } => self.kill(attempt, cause, recorder, out),
            Order::Resync => self.resync(cause, recorder, out),
            Order::CopyBlock { block, from } => out.push(Effect::CopyBlock { block, from }),
        }
    }

    fn new_map(
        &self,
        attempt: AttemptId,
        split: Split,
        blocks: Arc<[BlockAt]>,
        cause: Cause,
    ) -> MapAttempt {
        let spec = MapSpec {
            id: attempt,
            node: self.spec.id,
            split,
            blocks,
            config: self.spec.config.clone(),
            topology: self.spec.topology.clone(),
        };
        let mut map = MapAttempt::new(spec, cause);
        for byte in &self.poison {
            map.poison(*byte);
        }
        map
    }

    /// The lanes of an attempt, none when it is over.
    pub fn lanes(&self, attempt: AttemptId) -> Vec<Lane> {
        if self.maps.contains_key(&attempt) {
            return vec![Lane::Main, Lane::Spill];
        }
        let copies = self.reduces.get(&attempt).map(ReduceAttempt::copy_lanes);
        copies.map_or(Vec::new(), |copies| {
            std::iter::once(Lane::Main).chain((0..copies).map(Lane::Copy)).collect()
        })
    }

    /// The attempts that run here, in order.
    pub fn running(&self) -> Vec<AttemptId> {
        self.maps.keys().chain(self.reduces.keys()).copied().collect()
    }

    /// Whether an attempt runs here.
    pub fn runs(&self, attempt: AttemptId) -> bool {
        self.maps.contains_key(&attempt) || self.reduces.contains_key(&attempt)
    }

    /// Does the next step of an attempt's lane and says what it cost; nothing when the lane has
    /// to wait.
    pub fn step(
        &mut self,
        attempt: AttemptId,
        lane: Lane,
        budget: Budget,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) -> Option<Work> {
        let work = if let Some(map) = self.maps.get_mut(&attempt) {
            let asked_before = map.is_asking();
            let work = map.step(lane, budget, recorder);
            if map.is_asking() && !asked_before {
                let ask = Message::CommitAsked { attempt, node: self.spec.id };
                out.push(Effect::Send(ask, map.cause()));
            }
            if map.is_done() {
                self.end_map(attempt, out);
            }
            work
        } else {
            let reduce = self.reduces.get_mut(&attempt)?;
            let asked_before = reduce.is_asking();
            let work = reduce.step(lane, budget, recorder);
            if reduce.is_asking() && !asked_before {
                let ask = Message::CommitAsked { attempt, node: self.spec.id };
                out.push(Effect::Send(ask, reduce.cause()));
            }
            work
        };
        if work.is_some() {
            self.worked.insert(attempt);
        }
        self.throw_what_is_due(attempt, recorder, out);
        work
    }

    /// What a lane's step asked for is here.
    pub fn arrived(
        &mut self,
        at: Time,
        attempt: AttemptId,
        lane: Lane,
        served: Served,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) {
        match lane {
            Lane::Main => {
                if let Some(map) = self.maps.get_mut(&attempt) {
                    map.arrived(served, recorder);
                }
            }
            Lane::Copy(lane) => {
                if let Some(reduce) = self.reduces.get_mut(&attempt) {
                    reduce.arrived(at, lane, served, recorder, out);
                }
            }
            Lane::Spill => {}
        }
        self.throw_what_is_due(attempt, recorder, out);
    }

    /// What a lane's step asked for could not be had.
    pub fn read_failed(
        &mut self,
        at: Time,
        attempt: AttemptId,
        lane: Lane,
        error: ReadError,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) {
        match lane {
            Lane::Main => {
                if let Some(map) = self.maps.get_mut(&attempt) {
                    map.read_failed(error, recorder);
                }
            }
            Lane::Copy(lane) => {
                if let Some(reduce) = self.reduces.get_mut(&attempt) {
                    reduce.read_failed(at, lane, error, recorder, out);
                }
            }
            Lane::Spill => {}
        }
        self.throw_what_is_due(attempt, recorder, out);
    }

    /// A second of an attempt's life has passed: a copying reduce asks for map outputs, and each
    /// third time the attempt reports how far it has come.
    pub fn tick(&mut self, attempt: AttemptId, out: &mut Vec<Effect>) {
        let node = self.spec.id;
        let (millionths, copying, cause) = if let Some(map) = self.maps.get(&attempt) {
            (map.millionths(), false, map.cause())
        } else if let Some(reduce) = self.reduces.get(&attempt) {
            if reduce.wants_map_outputs() {
                let known = reduce.known_map_outputs();
                let ask = Message::MapOutputsAsked { attempt, node, known };
                out.push(Effect::Send(ask, Cause::NONE));
            }
            (reduce.millionths(), reduce.is_copying(), reduce.cause())
        } else {
            return;
        };
        let ticks = self.ticks.entry(attempt).or_default();
        *ticks = (*ticks + 1) % TICKS_A_REPORT;
        if *ticks == 0 {
            let worked = self.worked.remove(&attempt);
            let report = Message::Progress { node, attempt, millionths, worked, copying };
            out.push(Effect::Send(report, cause));
        }
    }

    /// A reduce's penalty for a host is over.
    pub fn woken(&mut self, attempt: AttemptId, host: NodeId) {
        if let Some(reduce) = self.reduces.get_mut(&attempt) {
            reduce.woken(host);
        }
    }

    /// From now on each map attempt that comes to the line with this byte of a file's text throws.
    pub fn poison(&mut self, byte: (FileId, u64)) {
        self.poison.push(byte);
        for map in self.maps.values_mut() {
            map.poison(byte);
        }
    }

    /// A block that was to be copied is here, with where it begins in the file; or it is not.
    pub fn copied(
        &mut self,
        block: BlockId,
        from: NodeId,
        copy: Option<(u64, Bytes)>,
        out: &mut Vec<Effect>,
    ) {
        let (node, arrived) = (self.spec.id, copy.is_some());
        if let Some((offset, bytes)) = copy {
            self.store_block(block, offset, bytes);
        }
        let done = Message::BlockCopied { node, block, from, arrived };
        out.push(Effect::Send(done, Cause::NONE));
    }
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
