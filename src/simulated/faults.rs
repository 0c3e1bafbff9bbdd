//! What will be done to the cluster, and when: the faults of the scenario and those by rate.
//!
//! Faults are kept outside the world's queue, so that one which is added later, before its time,
//! makes the run that had it from the start.

use crate::base::random::{Purpose, Random};
use crate::base::{Fault, NodeId, NodePart, PlannedFault, Span, Time};
use std::collections::BTreeMap;

/// Microseconds of an hour.
const HOUR: f64 = 3_600e6;

/// What goes wrong by luck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultRates {
    /// How often a node crashes in an hour.
    pub crashes_per_hour: u32,
    /// When it starts again after that, with its disk; never with 0.
    pub restart_after: Span,
    /// Percent of the nodes that are slow from the start; a part of a node is a whole one.
    pub straggler_percent: u32,
    /// At how many percent of their speed their processors and disks work.
    pub straggler_speed_percent: u32,
}

/// Faults in the order in which they strike.
#[derive(Clone, Debug)]
pub(super) struct FaultPlan {
    seed: u64,
    rates: FaultRates,
    waiting: BTreeMap<(Time, Origin, u64), Fault>,
    added: u64,
    /// Crashes by rate that each node had so far.
    crashes: Vec<u64>,
}

/// Where a fault is from. At the same time luck strikes first, so that a plan can mend what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// Luck.
    Rate,
    /// The scenario, or a hand.
    Planned,
}

impl FaultPlan {
    /// A plan with these faults, those of one time in this order, and with luck for so many nodes.
    pub(super) fn new(
        faults: &[PlannedFault],
        rates: FaultRates,
        nodes: u16,
        seed: u64,
    ) -> FaultPlan {
        let (waiting, crashes) = (BTreeMap::new(), vec![0; usize::from(nodes)]);
        let mut plan = FaultPlan { seed, rates, waiting, added: 0, crashes };
        for fault in faults {
            plan.add(*fault);
        }
        plan.add_stragglers(nodes);
        for node in (0..nodes).map(NodeId::nth) {
            plan.add_crash(Time::ZERO, node);
        }
        plan
    }

    /// One fault more, behind those of the same time.
    pub(super) fn add(&mut self, planned: PlannedFault) {
        self.insert(planned.at, Origin::Planned, planned.fault);
    }

    /// When the next one strikes.
    pub(super) fn next_time(&self) -> Option<Time> {
        self.waiting.first_key_value().map(|((at, ..), _)| *at)
    }

    /// Takes the next one.
    pub(super) fn take(&mut self) -> Option<(Time, Origin, Fault)> {
        let ((at, origin, _), fault) = self.waiting.pop_first()?;
        Some((at, origin, fault))
    }

    /// A fault of luck struck: when the node crashes next, and starts again.
    pub(super) fn follow(&mut self, at: Time, fault: Fault, effect: bool) {
        let Fault::Crash { node } = fault else { return };
        if effect && self.rates.restart_after > Span::ZERO {
            let restart = Fault::Restart { node, keep_disk: true };
            self.insert(at + self.rates.restart_after, Origin::Rate, restart);
        }
        self.add_crash(at, node);
    }

    fn insert(&mut self, at: Time, origin: Origin, fault: Fault) {
        self.waiting.insert((at, origin, self.added), fault);
        self.added += 1;
    }

    fn add_stragglers(&mut self, nodes: u16) {
        let percent = u64::from(self.rates.straggler_percent.min(100));
        let count = (u64::from(nodes) * percent).div_ceil(100);
        let mut chosen: Vec<NodeId> = (0..nodes).map(NodeId::nth).collect();
        Random::keyed(self.seed, Purpose::Straggler, 0, 0).shuffle(&mut chosen);
        chosen.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        chosen.sort_unstable();
        let percent = self.rates.straggler_speed_percent;
        for node in chosen {
            for part in [NodePart::Processor, NodePart::Disk] {
                self.insert(Time::ZERO, Origin::Rate, Fault::Slow { node, part, percent });
            }
        }
    }

    /// Crashes come with exponential gaps (a Poisson process), whatever else befalls the node.
    fn add_crash(&mut self, after: Time, node: NodeId) {
        if self.rates.crashes_per_hour == 0 {
            return;
        }
        let crashes = &mut self.crashes[node.place()];
        let mut random = Random::keyed(self.seed, Purpose::Crash, u64::from(node.0), *crashes);
        *crashes += 1;
        let gap = exponential(random.bits(), HOUR / f64::from(self.rates.crashes_per_hour));
        self.insert(after + gap, Origin::Rate, Fault::Crash { node });
    }
}

/// An exponentially distributed gap, in whole microseconds, from 64 random bits.
#[expect(clippy::cast_possible_truncation, reason = "the gap is bounded before it is cast")]
fn exponential(bits: u64, mean_us: f64) -> Span {
    // 53 bits are what a double holds exactly; 0 is left out, since it has no logarithm.
    let uniform = ((bits >> 11) + 1) as f64 / (1u64 << 53) as f64;
    let micros = -libm::log(uniform) * mean_us;
    Span(micros.clamp(1.0, 1e15) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(rates: FaultRates) -> FaultPlan {
        FaultPlan::new(&[], rates, 10, 1)
    }

    #[test]
    fn faults_of_one_time_strike_in_the_order_of_the_plan() {
        let [a, b, c] = [3, 1, 2].map(|node| Fault::Crash { node: NodeId(node) });
        let at = |at, fault| PlannedFault { at: Time(at), fault };
        let mut plan = FaultPlan::new(&[at(9, a), at(5, b), at(9, c)], FaultRates::default(), 4, 1);
        assert_eq!(plan.next_time(), Some(Time(5)));
        let order = std::iter::from_fn(|| plan.take()).map(|(_, _, fault)| fault);
        assert_eq!(order.collect::<Vec<_>>(), [b, a, c]);
    }

    /// A tenth of ten nodes is one, an eleventh percent makes it two.
    #[test]
    fn a_part_of_a_slow_node_is_a_whole_one() {
        for (straggler_percent, nodes) in [(0, 0), (1, 1), (10, 1), (11, 2), (100, 10)] {
            let rates = FaultRates {
                straggler_percent,
                straggler_speed_percent: 20,
                ..FaultRates::default()
            };
            let mut plan = plan(rates);
            let faults: Vec<_> = std::iter::from_fn(|| plan.take()).collect();
            assert_eq!(faults.len(), 2 * nodes, "{straggler_percent} %");
            assert!(
                faults.iter().all(|(at, origin, _)| (*at, *origin) == (Time::ZERO, Origin::Rate))
            );
        }
    }

    /// 60 crashes an hour are one a minute: the mean of many gaps comes near it.
    #[test]
    fn gaps_between_crashes_have_the_mean_of_the_rate() {
        let mut random = Random::keyed(1, Purpose::Test, 0, 0);
        let gaps: u64 = (0..20_000).map(|_| exponential(random.bits(), 60e6).0).sum();
        assert!((58_000_000..62_000_000).contains(&(gaps / 20_000)), "{gaps}");
        assert_eq!(exponential(u64::MAX, 60e6), Span(1));
    }

    #[test]
    fn a_node_that_crashed_by_luck_starts_again_and_crashes_again() {
        let rates = FaultRates {
            crashes_per_hour: 60,
            restart_after: Span::from_secs(5),
            ..FaultRates::default()
        };
        let mut plan = plan(rates);
        let Some((at, Origin::Rate, fault)) = plan.take() else { panic!("a crash is due") };
        plan.follow(at, fault, true);
        let node = fault.node().unwrap();
        let of_node: Vec<_> =
            std::iter::from_fn(|| plan.take()).filter(|(.., f)| f.node() == Some(node)).collect();
        let restart = Fault::Restart { node, keep_disk: true };
        assert!(of_node.contains(&(at + Span::from_secs(5), Origin::Rate, restart)));
        assert_eq!(of_node.len(), 2);
    }
}
