//! What the coordinator knows of the nodes: only when it last heard from each.

use crate::base::{NodeId, Span, Time};

/// When each node was last heard from.
#[derive(Clone, Debug)]
pub struct Liveness {
    timeout: Span,
    heard: Vec<Option<Time>>,
}

impl Liveness {
    /// Of so many nodes, none heard from yet.
    pub fn new(nodes: usize, timeout: Span) -> Liveness {
        Liveness { timeout, heard: vec![None; nodes] }
    }

    /// A node spoke.
    pub fn hear(&mut self, node: NodeId, at: Time) {
        if let Some(heard) = self.heard.get_mut(node.place()) {
            *heard = Some(at);
        }
    }

    /// Whether a node is believed to be alive: it spoke within the time-out.
    pub fn is_alive(&self, node: NodeId, at: Time) -> bool {
        let heard = self.heard.get(node.place()).copied().flatten();
        heard.is_some_and(|heard| at.since(heard) <= self.timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_alive_for_the_time_out_after_it_spoke() {
        let mut liveness = Liveness::new(2, Span::from_secs(10));
        assert!(!liveness.is_alive(NodeId(1), Time::ZERO));
        liveness.hear(NodeId(1), Time(5_000_000));
        assert!(liveness.is_alive(NodeId(1), Time(15_000_000)));
        assert!(!liveness.is_alive(NodeId(1), Time(15_000_001)));
        assert!(!liveness.is_alive(NodeId(2), Time(6_000_000)));
    }
}
