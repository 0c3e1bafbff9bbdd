//! The agent of a node: runs the attempts that the coordinator gave it, serves map outputs to
//! reduces, and sends heartbeats. Both drivers run it; only they know how long its steps take.

use super::attempt::{Budget, Lane, Work};
use super::config::{InputFile, JobConfig, Topology};
use super::map_attempt::{MapAttempt, MapSpec};
use super::messages::{Message, Order, OutputLogEntry};
use super::reduce_attempt::{ReduceAttempt, ReduceSpec};
use super::segment::Segment;
use crate::base::{AttemptId, NodeId, PartitionId};
use crate::trace::{Cause, Recorder};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

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
}

/// A node's agent.
#[derive(Clone, Debug)]
pub struct NodeAgent {
    id: NodeId,
    capacity: Capacity,
    input: Arc<InputFile>,
    config: Arc<JobConfig>,
    topology: Arc<Topology>,
    maps: BTreeMap<AttemptId, MapAttempt>,
    reduces: BTreeMap<AttemptId, ReduceAttempt>,
    /// Finished maps' segments, on this node's disk.
    outputs: BTreeMap<AttemptId, Vec<Segment>>,
}

impl NodeAgent {
    /// An agent with nothing to do yet.
    pub fn new(
        id: NodeId,
        capacity: Capacity,
        input: Arc<InputFile>,
        config: Arc<JobConfig>,
        topology: Arc<Topology>,
    ) -> NodeAgent {
        NodeAgent {
            id,
            capacity,
            input,
            config,
            topology,
            maps: BTreeMap::new(),
            reduces: BTreeMap::new(),
            outputs: BTreeMap::new(),
        }
    }

    /// A heartbeat: what is free.
    pub fn heartbeat(&self) -> Message {
        let (maps, reduces) = (count(self.maps.len()), count(self.reduces.len()));
        let room = self.capacity.containers.saturating_sub(maps + reduces);
        Message::Heartbeat {
            node: self.id,
            free_map_slots: self.capacity.map_slots.saturating_sub(maps).min(room),
            free_reduce_slots: self.capacity.reduce_slots.saturating_sub(reduces).min(room),
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
            Order::LaunchMap { attempt, split, .. } => {
                let spec = MapSpec {
                    id: attempt,
                    node: self.id,
                    split,
                    input: self.input.clone(),
                    config: self.config.clone(),
                    topology: self.topology.clone(),
                };
                let mut map = MapAttempt::new(spec, cause);
                out.push(Effect::Launch(attempt, map.launch(recorder)));
                self.maps.insert(attempt, map);
            }
            Order::LaunchReduce { attempt, maps, replicate_to } => {
                let spec = ReduceSpec {
                    id: attempt,
                    node: self.id,
                    partition: PartitionId(attempt.task.index),
                    maps,
                    replicate_to,
                    config: self.config.clone(),
                };
                let mut reduce = ReduceAttempt::new(spec, cause);
                out.push(Effect::Launch(attempt, reduce.launch(recorder)));
                self.reduces.insert(attempt, reduce);
            }
            Order::MapOutputs { attempt, entries, .. } => {
                let ready = |entry: &OutputLogEntry| match entry {
                    OutputLogEntry::Ready(output) => Some(*output),
                    OutputLogEntry::Withdrawn(_) => None,
                };
                let outputs: Vec<_> = entries.iter().filter_map(ready).collect();
                if let Some(reduce) = self.reduces.get_mut(&attempt) {
                    reduce.learn(&outputs, cause, recorder);
                }
            }
            Order::Commit { attempt } => self.commit(attempt, cause, recorder, out),
            Order::Kill { .. } | Order::Resync | Order::CopyBlock { .. } => {}
        }
    }

    fn commit(
        &mut self,
        attempt: AttemptId,
        cause: Cause,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) {
        let Some(mut reduce) = self.reduces.remove(&attempt) else { return };
        let bytes = reduce.commit(cause, recorder);
        out.push(Effect::Publish(reduce.partition(), attempt, bytes));
        let counters = reduce.counters();
        let done = Message::Finished { attempt, node: self.id, counters, segments: Vec::new() };
        out.push(Effect::Send(done, reduce.cause()));
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
        if let Some(map) = self.maps.get_mut(&attempt) {
            let work = map.step(lane, budget, recorder);
            if map.is_done() {
                self.end_map(attempt, out);
            }
            return work;
        }
        let reduce = self.reduces.get_mut(&attempt)?;
        let asked_before = reduce.is_asking();
        let work = reduce.step(lane, budget, recorder);
        if reduce.is_asking() && !asked_before {
            out.push(Effect::Send(Message::CommitAsked { attempt, node: self.id }, reduce.cause()));
        }
        work
    }

    fn end_map(&mut self, attempt: AttemptId, out: &mut Vec<Effect>) {
        let Some(map) = self.maps.remove(&attempt) else { return };
        let segments = map.output().iter().map(Segment::volume).collect();
        let counters = map.counters();
        let done = Message::Finished { attempt, node: self.id, counters, segments };
        out.push(Effect::Send(done, map.cause()));
        self.outputs.insert(attempt, map.output().to_vec());
    }

    /// A reduce's question for map outputs that it does not know of, if it has one.
    pub fn ask_map_outputs(&self, attempt: AttemptId) -> Option<Message> {
        let reduce = self.reduces.get(&attempt)?;
        let known = reduce.known_map_outputs();
        let ask = Message::MapOutputsAsked { attempt, node: self.id, known };
        reduce.wants_map_outputs().then_some(ask)
    }

    /// Whether a reduce runs here.
    pub fn runs_reduce(&self, attempt: AttemptId) -> bool {
        self.reduces.contains_key(&attempt)
    }

    /// A segment that a reduce comes for.
    pub fn serve(&self, map: AttemptId, partition: PartitionId) -> Option<&Segment> {
        self.outputs.get(&map)?.get(partition.0 as usize)
    }

    /// A fetched segment arrived for a reduce.
    pub fn deliver(
        &mut self,
        attempt: AttemptId,
        map: AttemptId,
        segment: Segment,
        recorder: &mut Recorder,
    ) {
        if let Some(reduce) = self.reduces.get_mut(&attempt) {
            reduce.deliver(segment, map, recorder);
        }
    }
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
