//! Plausible traces for tests, made without an engine: words are counted honestly, tasks are given
//! out at heartbeats, but what takes how long is made up.

mod failing;
mod kinds;
mod maps;
mod reduces;
mod words;

use super::event::{BatchEvent, Counters, Event, EventKind, Locality, Seq, Volume, WorldEvent};
use super::failure::LaunchReason;
use crate::base::{
    AttemptId, BlockId, FileId, MapIndex, NodeId, RackId, Span, TaskId, TaskKind, Time,
};
pub(crate) use failing::{SEGMENT, failing};
pub(crate) use kinds::every_kind;
pub(crate) use words::made_text;

/// What a made run is like.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) nodes: u16,
    pub(crate) racks: u16,
    pub(crate) map_slots: u32,
    pub(crate) reduce_slots: u32,
    pub(crate) maps: u32,
    pub(crate) reduces: u32,
    /// The sort buffer of a map, in bytes with accounting.
    pub(crate) buffer: u64,
    /// Words between two reports of a map's progress.
    pub(crate) words_a_report: usize,
    pub(crate) text: String,
}

/// The first scenario's like: 4 maps, 2 reduces, 3 nodes.
pub(crate) fn small() -> Shape {
    Shape {
        nodes: 3,
        racks: 1,
        map_slots: 2,
        reduce_slots: 1,
        maps: 4,
        reduces: 2,
        buffer: 440,
        words_a_report: 1,
        text: words::sample_text(),
    }
}

/// Something that happened, before its place among all others is known. A cause is the place of
/// an earlier draft.
struct Draft {
    at: Time,
    node: Option<NodeId>,
    kind: EventKind,
    cause: Option<usize>,
}

/// Collects drafts; what is told first comes first among those of one moment.
#[derive(Default)]
struct Script {
    drafts: Vec<Draft>,
}

impl Script {
    fn tell(
        &mut self,
        at: Time,
        node: Option<NodeId>,
        cause: Option<usize>,
        kind: BatchEvent,
    ) -> Option<usize> {
        self.drafts.push(Draft { at, node, kind: EventKind::Batch(kind), cause });
        Some(self.drafts.len() - 1)
    }

    /// The drafts in order of time, numbered.
    fn events(self) -> Vec<Event> {
        let mut order: Vec<usize> = (0..self.drafts.len()).collect();
        order.sort_by_key(|draft| (self.drafts[*draft].at, *draft));
        let mut place = vec![0; order.len()];
        for (seq, draft) in order.iter().enumerate() {
            place[*draft] = seq;
        }
        let mut events: Vec<Event> = (self.drafts.into_iter().enumerate())
            .map(|(index, Draft { at, node, kind, cause })| {
                let seq = Seq(place[index] as u32);
                Event { seq, at, node, kind, cause: cause.map(|cause| Seq(place[cause] as u32)) }
            })
            .collect();
        events.sort_by_key(|event| event.seq);
        events
    }
}

/// An attempt as it was given out, and what came of it.
struct Ran {
    attempt: AttemptId,
    node: NodeId,
    given: Time,
    /// When the coordinator knew of its end, and the draft that told it; for a reduce that waits
    /// for maps still to be given out, nothing yet.
    until: Option<(Time, usize)>,
    /// The draft that gave it out.
    cause: Option<usize>,
    counters: Counters,
    segments: Vec<Volume>,
}

/// A cluster at play.
struct Play<'a> {
    shape: &'a Shape,
    inputs: Vec<words::Input>,
    script: Script,
    maps: Vec<Ran>,
    reduces: Vec<Ran>,
    slow_start: Option<usize>,
}

/// The events of a made run.
pub(crate) fn run(shape: &Shape) -> Vec<Event> {
    let (inputs, script) = (words::inputs(shape), Script::default());
    let (maps, reduces) = (Vec::new(), Vec::new());
    let mut play = Play { shape, inputs, script, maps, reduces, slow_start: None };
    play.start();
    let mut end = None;
    for round in 0.. {
        for node in (0..shape.nodes).map(NodeId::nth) {
            // The heartbeat of each node falls once a second, one node after the other.
            let at = Time(round * 1_000_000 + u64::from(node.0) * 10_000);
            if end.is_some_and(|end| at > end) {
                return play.script.events();
            }
            play.heartbeat(node, at);
        }
        end = end.or_else(|| play.finish());
    }
    Vec::new()
}

impl Play<'_> {
    fn start(&mut self) {
        let Shape { nodes, racks, map_slots, reduce_slots, maps, reduces, .. } = *self.shape;
        self.tell_world(None, WorldEvent::ClusterStarted { nodes, racks, scale: 1_024 });
        for place in 0..nodes {
            let (rack, cores, memory_bytes) = (RackId(place % racks + 1), 4, 8 << 30);
            let kind =
                WorldEvent::NodeStarted { rack, cores, memory_bytes, map_slots, reduce_slots };
            self.tell_world(Some(NodeId::nth(place)), kind);
        }
        let blocks: Vec<(u64, u64)> = self.inputs.iter().map(|i| (i.offset, i.length)).collect();
        for (block, (offset, length)) in (0..).zip(blocks.clone()) {
            let (block, replicas) = (BlockId(block), hosts(self.shape, block));
            self.tell_world(
                None,
                WorldEvent::BlockPlaced { block, offset, length, replicas, file: FileId(0) },
            );
        }
        let input_bytes = self.shape.text.len() as u64;
        let submitted = BatchEvent::JobSubmitted { input_bytes, maps, reduces };
        let job = self.script.tell(Time::ZERO, None, None, submitted);
        for (map, (offset, length)) in (0..).zip(blocks) {
            let (map, hosts) = (MapIndex(map), hosts(self.shape, map));
            let (file, more) = (FileId(0), Vec::new());
            let planned = BatchEvent::SplitPlanned { map, offset, length, hosts, file, more };
            self.script.tell(Time::ZERO, None, job, planned);
        }
    }

    fn tell_world(&mut self, node: Option<NodeId>, kind: WorldEvent) {
        let kind = EventKind::World(kind);
        self.script.drafts.push(Draft { at: Time::ZERO, node, kind, cause: None });
    }

    /// A node is heard, and gets what it has room for.
    fn heartbeat(&mut self, node: NodeId, at: Time) {
        let free_map_slots = self.shape.map_slots - busy(&self.maps, node, at);
        let free_reduce_slots = self.shape.reduce_slots - busy(&self.reduces, node, at);
        let heard = BatchEvent::HeartbeatReceived { node, free_map_slots, free_reduce_slots };
        let cause = self.script.tell(at, None, None, heard);
        if free_map_slots > 0 {
            self.give_map(node, at, cause);
        }
        self.tell_slow_start(at);
        if free_reduce_slots > 0 {
            self.give_reduce(node, at, cause);
        }
        if self.maps.len() == self.inputs.len() {
            self.run_reduces();
        }
    }

    fn give_map(&mut self, node: NodeId, at: Time, cause: Option<usize>) {
        let given = |map: &u32| self.maps.iter().any(|ran| ran.attempt.task.index == *map);
        let pending: Vec<u32> = (0..self.shape.maps).filter(|map| !given(map)).collect();
        let is_local = |map: &u32| hosts(self.shape, *map).contains(&node);
        let local: Vec<u32> = pending.iter().copied().filter(is_local).collect();
        let Some(map) = local.first().or(pending.first()) else { return };
        let attempt = TaskId::map(*map).attempt(0);
        let locality = if local.is_empty() { Locality::RackLocal } else { Locality::NodeLocal };
        let assigned = BatchEvent::MapAssigned {
            attempt,
            node,
            locality,
            pending: pending.len() as u32,
            pending_local: local.len() as u32,
            opportunities_passed: 0,
            reason: LaunchReason::First,
        };
        let cause = self.script.tell(at, None, cause, assigned);
        let ran = self.run_map(attempt, node, at, cause, locality);
        self.maps.push(ran);
    }

    fn tell_slow_start(&mut self, now: Time) {
        let maps = self.shape.maps;
        let needed = maps.div_ceil(20).max(1);
        let mut done: Vec<(Time, usize)> = self.maps.iter().filter_map(|ran| ran.until).collect();
        done.sort();
        let reached = done.get(needed as usize - 1).filter(|(at, _)| *at <= now);
        if let (None, Some((at, cause))) = (self.slow_start, reached) {
            let reached = BatchEvent::SlowStartReached { maps_done: needed, maps, needed };
            self.slow_start = self.script.tell(*at, None, Some(*cause), reached);
        }
    }

    fn give_reduce(&mut self, node: NodeId, given: Time, cause: Option<usize>) {
        let pending = self.shape.reduces - self.reduces.len() as u32;
        if pending > 0 && self.slow_start.is_some() {
            let attempt = TaskId::reduce(self.reduces.len() as u32).attempt(0);
            let assigned =
                BatchEvent::ReduceAssigned { attempt, node, pending, reason: LaunchReason::First };
            let cause = self.script.tell(given, None, cause, assigned);
            let (counters, segments) = (Counters::default(), Vec::new());
            self.reduces.push(Ran { attempt, node, given, until: None, cause, counters, segments });
        }
    }

    /// The job's end, a little after its last task's, once that is known.
    fn finish(&mut self) -> Option<Time> {
        let all = self.reduces.len() == self.shape.reduces as usize;
        if !all || self.reduces.iter().any(|ran| ran.until.is_none()) {
            return None;
        }
        let mut counters = Counters::default();
        let mut last = None;
        for (kind, ran) in [(TaskKind::Map, &self.maps), (TaskKind::Reduce, &self.reduces)] {
            ran.iter().for_each(|ran| counters.add(&ran.counters));
            let (at, cause) = ran.iter().filter_map(|ran| ran.until).max()?;
            let finished = BatchEvent::TasksFinished { kind, tasks: ran.len() as u32 };
            last = Some((at, self.script.tell(at, None, Some(cause), finished)));
        }
        let (at, cause) = last?;
        let end = at + Span::from_millis(20);
        let finished = BatchEvent::JobFinished { took: end - Time::ZERO, counters };
        self.script.tell(end, None, cause, finished);
        Some(end)
    }
}

/// Tasks that take up a slot of the node.
fn busy(ran: &[Ran], node: NodeId, at: Time) -> u32 {
    let runs = |ran: &&Ran| ran.node == node && ran.until.is_none_or(|(until, _)| at < until);
    ran.iter().filter(runs).count() as u32
}

fn hosts(shape: &Shape, block: u32) -> Vec<NodeId> {
    let first = block as u16 % shape.nodes;
    let second = (first + 1) % shape.nodes;
    let mut hosts = vec![NodeId::nth(first), NodeId::nth(second)];
    hosts.dedup();
    hosts
}
