//! What the cluster is used for, looked at once a virtual second: a quantum that we declare, since
//! shares change with every activity that begins or ends. Only what changed is told.

use super::{Happening, LOOK_INTERVAL, Simulation};
use crate::base::{AttemptId, Level, NodeId};
use crate::mapreduce::messages::Source;
use crate::simulated::busy::{BusyId, Doing, Running, State, Toil};
use crate::trace::{Cause, EventKind, FailureEvent, WorldEvent};
use std::collections::BTreeMap;

/// What was seen at the last look.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    loads: Vec<Load>,
    fetches: BTreeMap<BusyId, Fetch>,
}

/// What is used of a node, in units a second of its resources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Load {
    processor: u64,
    disk: u64,
    sent: u64,
    received: u64,
}

/// A fetch under way, and what it got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fetch {
    attempt: AttemptId,
    map: AttemptId,
    rate: u64,
}

impl Watch {
    pub(super) fn new(nodes: usize) -> Watch {
        Watch { loads: vec![Load::default(); nodes], fetches: BTreeMap::new() }
    }
}

impl Simulation {
    pub(super) fn look(&mut self) {
        self.world.schedule_after(LOOK_INTERVAL, Happening::Look);
        for place in 0..self.watch.loads.len() {
            self.look_at(NodeId::nth(u16::try_from(place).unwrap_or(u16::MAX)));
        }
        self.look_at_fetches();
    }

    fn look_at(&mut self, node: NodeId) {
        let parts = *self.cluster.node(node);
        let load = Load {
            processor: self.world.used(parts.processor),
            disk: self.world.used(parts.disk),
            sent: self.world.used(parts.network_out),
            received: self.world.used(parts.network_in),
        };
        if std::mem::replace(&mut self.watch.loads[node.place()], load) == load {
            return;
        }
        self.recorder.record(Level::Tasks, Some(node), Cause::NONE, || {
            EventKind::World(WorldEvent::LoadChanged {
                cores_thousandths: u32::try_from(load.processor / 1_000_000).unwrap_or(u32::MAX),
                disk_bytes_per_second: load.disk,
                sent_bytes_per_second: load.sent,
                received_bytes_per_second: load.received,
            })
        });
    }

    fn look_at_fetches(&mut self) {
        let running: Vec<_> = self.busy.all().filter_map(fetch_of).collect();
        let mut seen = BTreeMap::new();
        for (id, attempt, map, state) in running {
            let (rate, left) = self.flow(state);
            let fetch = Fetch { attempt, map, rate };
            let before = self.watch.fetches.get(&id).filter(|before| before.map == map);
            if before.map_or(0, |before| before.rate) != rate {
                self.tell_fetch(id.0, fetch, left, state);
            }
            seen.insert(id, fetch);
        }
        self.watch.fetches = seen;
    }

    fn tell_fetch(&mut self, node: NodeId, fetch: Fetch, left: u64, state: State) {
        let amount = match state {
            State::Flows { transfer, .. }
            | State::Connects { transfer, .. }
            | State::Broken { transfer, .. } => transfer.activity.amount,
            State::Begun | State::Waits(_) | State::Computes(_) | State::Local(_) => left,
        };
        let done_bytes = amount.saturating_sub(left) / self.cost.scale.max(1);
        self.recorder.record(Level::Records, Some(node), Cause::NONE, || {
            EventKind::Failure(FailureEvent::FetchShare {
                attempt: fetch.attempt,
                map: fetch.map,
                bytes_per_second: fetch.rate,
                done_bytes,
            })
        });
    }

    /// What a transfer gets now, and what is left of it.
    fn flow(&mut self, state: State) -> (u64, u64) {
        match state {
            State::Flows { id, .. } => {
                (self.world.rate(id).unwrap_or(0), self.world.remaining(id).unwrap_or(0))
            }
            State::Connects { transfer, .. } => (0, transfer.activity.amount),
            State::Broken { left, .. } => (0, left),
            State::Begun | State::Waits(_) | State::Computes(_) | State::Local(_) => (0, 0),
        }
    }
}

/// A fetch over the network, if that is what someone is busy with.
fn fetch_of((id, running): (BusyId, &Running)) -> Option<(BusyId, AttemptId, AttemptId, State)> {
    let (Doing::Lane(attempt, _), Toil::Step(work)) = (id.1, running.toil) else { return None };
    if work.read?.from == id.0 {
        return None;
    }
    match running.state {
        State::Flows { .. } | State::Connects { .. } | State::Broken { .. } => {
            match work.read?.source {
                Source::Segment { map, .. } => Some((id, attempt, map, running.state)),
                Source::Input { .. } => None,
            }
        }
        State::Begun | State::Waits(_) | State::Computes(_) | State::Local(_) => None,
    }
}
