//! What the coordinator believes of the nodes' lives: only from when it last heard from each.

use crate::base::{NodeId, Span, Time};
use crate::trace::Cause;

/// When each node was last heard from, and which are believed lost.
#[derive(Clone, Debug)]
pub struct Liveness {
    timeout: Span,
    nodes: Vec<Belief>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Belief {
    heard: Option<(Time, Cause)>,
    lost: bool,
}

impl Liveness {
    /// Of so many nodes, none heard from yet.
    pub fn new(nodes: usize, timeout: Span) -> Liveness {
        Liveness { timeout, nodes: vec![Belief::default(); nodes] }
    }

    /// The silence after which a node is believed lost.
    pub fn timeout(&self) -> Span {
        self.timeout
    }

    /// A node spoke. When it was believed lost until now, says how long it had been silent.
    pub fn hear(&mut self, node: NodeId, at: Time, cause: Cause) -> Option<Span> {
        let belief = self.nodes.get_mut(node.place())?;
        let silent = belief.heard.map_or(Span::ZERO, |(heard, _)| at.since(heard));
        belief.heard = Some((at, cause));
        std::mem::take(&mut belief.lost).then_some(silent)
    }

    /// Whether a node has spoken, and is not believed lost.
    pub fn is_alive(&self, node: NodeId) -> bool {
        self.nodes.get(node.place()).is_some_and(|belief| belief.heard.is_some() && !belief.lost)
    }

    /// Whether a node is believed lost.
    pub fn is_lost(&self, node: NodeId) -> bool {
        self.nodes.get(node.place()).is_some_and(|belief| belief.lost)
    }

    /// How many nodes are believed alive.
    pub fn alive(&self) -> usize {
        self.nodes.iter().filter(|belief| belief.heard.is_some() && !belief.lost).count()
    }

    /// How many nodes are not believed lost, those that have yet to speak included.
    pub fn not_lost(&self) -> usize {
        self.nodes.iter().filter(|belief| !belief.lost).count()
    }

    /// When a node last spoke, and the event of that.
    pub fn heard(&self, node: NodeId) -> Option<(Time, Cause)> {
        self.nodes.get(node.place())?.heard
    }

    /// Believes lost from now on each node that has been silent for longer than the time-out, and
    /// names it with its silence.
    pub fn expire(&mut self, at: Time) -> Vec<(NodeId, Span)> {
        let mut expired = Vec::new();
        for (place, belief) in (0..).zip(&mut self.nodes) {
            let Some((heard, _)) = belief.heard else { continue };
            let silent = at.since(heard);
            if silent > self.timeout && !std::mem::replace(&mut belief.lost, silent > self.timeout)
            {
                expired.push((NodeId::nth(place), silent));
            }
        }
        expired
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: NodeId = NodeId(1);

    #[test]
    fn a_node_is_believed_alive_for_the_time_out_after_it_spoke() {
        let mut liveness = Liveness::new(2, Span::from_secs(10));
        assert!(!liveness.is_alive(NODE));
        assert_eq!(liveness.hear(NODE, Time(5_000_000), Cause::NONE), None);
        assert_eq!(liveness.expire(Time(15_000_000)), []);
        assert_eq!(liveness.alive(), 1, "a node that never spoke is not known");
        assert_eq!(liveness.expire(Time(15_000_001)), [(NODE, Span(10_000_001))]);
        assert!(!liveness.is_alive(NODE));
        assert_eq!(liveness.expire(Time(16_000_000)), [], "it is lost once");
    }

    #[test]
    fn a_lost_node_that_speaks_is_alive_again() {
        let mut liveness = Liveness::new(1, Span::from_secs(10));
        liveness.hear(NODE, Time::ZERO, Cause::NONE);
        liveness.expire(Time(11_000_000));
        assert_eq!(liveness.hear(NODE, Time(12_000_000), Cause::NONE), Some(Span::from_secs(12)));
        assert!(liveness.is_alive(NODE));
    }
}
