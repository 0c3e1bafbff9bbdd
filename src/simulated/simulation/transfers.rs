//! Data on its way between two nodes or from a disk, and what becomes of it when a node, a switch
//! or a disk fails.
//!
//! A transfer that brings nothing for the read time-out fails, and only then does its reader
//! know. When it is the second replica of a write that does not get through, the write goes on
//! alone (HDFS's pipeline recovery), for as long as the attempt lasts.

use super::{Happening, Simulation};
use crate::base::NodeId;
use crate::kernel::{ActivityId, Path, Ticket};
use crate::simulated::busy::{BusyId, Doing, State};
use crate::simulated::cost::Transfer;
use crate::trace::failure::ReadError;

impl Simulation {
    pub(super) fn begin_transfer(&mut self, id: BusyId, transfer: Transfer) -> State {
        if transfer.writes && self.writes_alone(id) {
            return self.write_alone(id, transfer.activity.amount);
        }
        if !self.connects(id.0, transfer.peer) {
            return State::Connects { transfer, timeout: self.start_clock(id) };
        }
        let stalled = self.is_closed(&transfer.activity.path).then(|| self.start_clock(id));
        let flow = self.world.start(&transfer.activity, Happening::Spent(id));
        State::Flows { id: flow, transfer, stalled }
    }

    fn writes_alone(&self, (_, doing): BusyId) -> bool {
        match doing {
            Doing::Lane(attempt, _) => self.alone.contains(&attempt),
            Doing::Copy(_) => false,
        }
    }

    fn write_alone(&mut self, id: BusyId, amount: u64) -> State {
        let activity = self.cost.write_alone(amount, id.0, &self.cluster);
        State::Local(self.world.start(&activity, Happening::Spent(id)))
    }

    /// Nothing has come for too long.
    pub(super) fn time_out(&mut self, id: BusyId) {
        let waited = self.read_timeout;
        let Some(running) = self.busy.get(id).copied() else { return };
        let (transfer, left, error) = match running.state {
            State::Connects { transfer, .. } => {
                (transfer, transfer.activity.amount, ReadError::NoConnection { waited })
            }
            State::Broken { transfer, left, .. } => (transfer, left, ReadError::Stalled { waited }),
            State::Flows { id: flow, transfer, .. } => {
                let left = self.world.remaining(flow).unwrap_or(0);
                self.world.cancel(flow);
                (transfer, left, ReadError::Stalled { waited })
            }
            State::Begun | State::Waits(_) | State::Computes(_) | State::Local(_) => return,
        };
        match (transfer.writes, id.1) {
            (true, Doing::Lane(attempt, _)) => {
                self.alone.insert(attempt);
                let state = self.write_alone(id, left);
                self.busy.set(id, state);
            }
            (true | false, _) => self.fail_read(id, error),
        }
    }

    /// After a fault each transfer feels what has become of its way.
    pub(super) fn feel_change(&mut self) {
        let all: Vec<_> = self.busy.all().map(|(id, running)| (id, running.state)).collect();
        for (id, state) in all {
            let felt = match state {
                State::Flows { id: flow, transfer, stalled } => {
                    if self.conditions.node(transfer.peer).up {
                        self.feel_stall(id, flow, transfer, stalled)
                    } else {
                        let left = self.world.remaining(flow).unwrap_or(0);
                        self.world.cancel(flow);
                        let timeout = stalled.unwrap_or_else(|| self.start_clock(id));
                        State::Broken { transfer, left, timeout }
                    }
                }
                State::Connects { transfer, timeout } if self.connects(id.0, transfer.peer) => {
                    self.world.cancel_timer(timeout);
                    self.begin_transfer(id, transfer)
                }
                State::Begun
                | State::Waits(_)
                | State::Computes(_)
                | State::Local(_)
                | State::Connects { .. }
                | State::Broken { .. } => continue,
            };
            self.busy.set(id, felt);
        }
    }

    fn feel_stall(
        &mut self,
        id: BusyId,
        flow: ActivityId,
        transfer: Transfer,
        stalled: Option<Ticket>,
    ) -> State {
        let stalled = match (self.is_closed(&transfer.activity.path), stalled) {
            (true, None) => Some(self.start_clock(id)),
            (false, Some(ticket)) => {
                self.world.cancel_timer(ticket);
                None
            }
            (true, Some(_)) | (false, None) => stalled,
        };
        State::Flows { id: flow, transfer, stalled }
    }

    /// Whether a connection comes about: both are up, and the way between them is open. A node
    /// always reaches itself.
    fn connects(&self, node: NodeId, peer: NodeId) -> bool {
        self.conditions.node(peer).up && !self.is_closed(&self.cluster.path_transfer(node, peer))
    }

    fn is_closed(&self, path: &Path) -> bool {
        path.resources().iter().any(|resource| self.world.capacity(*resource) == 0)
    }

    fn start_clock(&mut self, id: BusyId) -> Ticket {
        self.world.schedule_after(self.read_timeout, Happening::TimedOut(id))
    }

    /// Takes back the time-out of a transfer that has come to its end.
    pub(super) fn stop_clock(&mut self, id: BusyId) {
        if let Some(State::Flows { stalled: Some(ticket), .. }) =
            self.busy.get(id).map(|running| running.state)
        {
            self.world.cancel_timer(ticket);
        }
    }
}
