//! Messages and orders on their way between the nodes and the coordinator.

use super::{Happening, Simulation};
use crate::base::{Level, NodeId, Span};
use crate::mapreduce::messages::{Message, Order};
use crate::simulated::conditions::slowed;
use crate::simulated::transport::{Again, Arrival, Channel, Packet, Sending, Way};
use crate::trace::{Cause, EventKind, WorldEvent};

/// What the network does to messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// How long a message takes.
    pub latency: Span,
    /// Percent of the messages that are lost on the way.
    pub lost_percent: u32,
    /// Percent of the messages that come twice.
    pub doubled_percent: u32,
}

/// Which way something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulated) enum Direction {
    /// From a node.
    ToCoordinator,
    /// From the coordinator.
    ToNode,
}

/// The connection of a node with the coordinator.
#[derive(Clone, Debug)]
pub(super) struct Line {
    messages: Channel<(Message, Cause)>,
    orders: Channel<(Order, Cause)>,
    /// Whether the coordinator's connection is with the node's present incarnation. What it sends
    /// on one to an earlier incarnation is refused.
    current: bool,
    /// Orders that have arrived at a node whose processor stands still.
    held: Vec<(Order, Cause)>,
}

impl Line {
    pub(super) fn new(seed: u64, node: NodeId) -> Line {
        let entity = u64::from(node.0) * 2;
        Line {
            messages: Channel::new(seed, entity),
            orders: Channel::new(seed, entity + 1),
            current: true,
            held: Vec::new(),
        }
    }

    /// The node is down: what it sent and had not done is gone. The coordinator does not know,
    /// and goes on trying.
    pub(super) fn crash(&mut self) {
        self.messages.reset();
        self.held.clear();
    }

    /// The node is there again, and knows nothing of the old connection.
    pub(super) fn restart(&mut self) {
        self.orders.reset();
        self.current = false;
    }

    /// Takes the orders that were held back.
    pub(super) fn take_held(&mut self) -> Vec<(Order, Cause)> {
        std::mem::take(&mut self.held)
    }
}

impl Simulation {
    /// A node says something to the coordinator.
    pub(super) fn send(&mut self, node: NodeId, message: Message, cause: Cause) {
        let (way, at, mut out) = (self.way(node), self.now(), Vec::new());
        self.lines[node.place()].messages.send(at, (message, cause), &way, &mut out);
        self.let_travel(node, Direction::ToCoordinator, out);
    }

    /// The coordinator orders a node to do something.
    pub(super) fn post(&mut self, node: NodeId, order: Order, cause: Cause) {
        let (way, at, mut out) = (self.way(node), self.now(), Vec::new());
        let line = &mut self.lines[node.place()];
        if line.current {
            line.orders.send(at, (order, cause), &way, &mut out);
            self.let_travel(node, Direction::ToNode, out);
        }
    }

    /// What was lost is sent again.
    pub(super) fn send_again(&mut self, node: NodeId, direction: Direction, again: Again) {
        let (way, at, mut out) = (self.way(node), self.now(), Vec::new());
        let line = &mut self.lines[node.place()];
        match direction {
            Direction::ToCoordinator => line.messages.send_again(at, again, &way, &mut out),
            Direction::ToNode => line.orders.send_again(at, again, &way, &mut out),
        }
        self.let_travel(node, direction, out);
    }

    /// Something arrives, if the way is still open.
    pub(super) fn arrive(&mut self, node: NodeId, direction: Direction, packet: Packet) {
        let (way, mut out) = (self.way(node), Vec::new());
        let line = &mut self.lines[node.place()];
        match direction {
            Direction::ToCoordinator => match line.messages.arrive(packet, &way, &mut out) {
                Arrival::Delivered((message, cause)) => self.hear(node, message, cause),
                Arrival::Duplicate => self.drop_duplicate(node, true),
                Arrival::Nothing => self.let_travel(node, direction, out),
            },
            Direction::ToNode => match line.orders.arrive(packet, &way, &mut out) {
                Arrival::Delivered((order, cause)) => self.receive(node, order, cause),
                Arrival::Duplicate => self.drop_duplicate(node, false),
                Arrival::Nothing => self.let_travel(node, direction, out),
            },
        }
    }

    /// What the way between a node and the coordinator is like now. A slow network card takes
    /// longer for messages too.
    fn way(&self, node: NodeId) -> Way {
        let condition = self.conditions.node(node);
        let percent = condition.percent(crate::base::NodePart::Network);
        let latency = slowed(self.network.latency.0, percent);
        Way {
            open: latency.is_some() && self.conditions.reaches_coordinator(node, &self.cluster),
            latency: Span(latency.unwrap_or(0)),
            lost_percent: self.network.lost_percent,
            lost_here_percent: condition.lost_percent,
            doubled_percent: self.network.doubled_percent,
        }
    }

    fn let_travel(&mut self, node: NodeId, direction: Direction, sendings: Vec<Sending>) {
        for sending in sendings {
            match sending {
                Sending::Arrives { at, packet } => {
                    self.world.schedule_at(at, Happening::Arrive(node, direction, packet));
                }
                Sending::Lost { tries, again_after, again } => {
                    self.tell_lost(node, direction, tries, again_after);
                    let happening = Happening::SendAgain(node, direction, again);
                    self.world.schedule_after(again_after, happening);
                }
            }
        }
    }

    fn tell_lost(&mut self, node: NodeId, direction: Direction, tries: u32, again_after: Span) {
        let line = &self.lines[node.place()];
        let (to_coordinator, cause) = match direction {
            Direction::ToCoordinator => (true, line.messages.next().map(|(_, cause)| *cause)),
            Direction::ToNode => (false, line.orders.next().map(|(_, cause)| *cause)),
        };
        self.recorder.record(Level::Tasks, Some(node), cause.unwrap_or(Cause::NONE), || {
            EventKind::World(WorldEvent::MessageLost { node, to_coordinator, tries, again_after })
        });
    }

    fn drop_duplicate(&mut self, node: NodeId, to_coordinator: bool) {
        self.recorder.record(Level::Tasks, Some(node), Cause::NONE, || {
            EventKind::World(WorldEvent::DuplicateDropped { node, to_coordinator })
        });
    }

    fn hear(&mut self, node: NodeId, message: Message, cause: Cause) {
        if let Message::Registered { .. } = message {
            self.lines[node.place()].current = true;
        }
        let mut orders = Vec::new();
        let at = self.now();
        self.coordinator.on_message(at, message, cause, &mut self.recorder, &mut orders);
        self.post_all(orders);
    }

    fn receive(&mut self, node: NodeId, order: Order, cause: Cause) {
        if self.stands_still(node) {
            self.lines[node.place()].held.push((order, cause));
        } else {
            self.obey(node, order, cause);
        }
    }
}
