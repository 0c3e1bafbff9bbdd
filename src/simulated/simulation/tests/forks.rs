//! A clone that is given a fault later goes on, to the byte, as the run that had it from the
//! start; and the same setup gives the same trace.

use super::*;
use crate::base::{Fault, FileId, NodePart, RackId};

/// Runs are looked at up to this time, in seconds.
const LONG: u64 = 60;

fn random_setup(random: &mut Random) -> Setup {
    let nodes = small(random, 1, 5);
    let mut setup = setup(nodes, small(random, 1, u64::from(nodes)), &[]);
    setup.job.seed = random.bits();
    setup.network.lost_percent = u32::from(small(random, 0, 40));
    setup.network.doubled_percent = u32::from(small(random, 0, 40));
    setup.network.latency = Span(random.below(300_000));
    if random.below(3) == 0 {
        setup.rates = FaultRates {
            crashes_per_hour: 200,
            restart_after: Span::from_secs(random.below(20)),
            straggler_percent: 30,
            straggler_speed_percent: 20,
        };
    }
    for _ in 0..random.below(6) {
        setup.faults.push(random_fault(random, 0));
    }
    setup.faults.sort_by_key(|fault| fault.at);
    setup
}

fn random_fault(random: &mut Random, after: u64) -> PlannedFault {
    let (node, rack) = (NodeId(small(random, 1, 5)), RackId(small(random, 1, 3)));
    let percent = [0, 10, 50, 100][usize::from(small(random, 0, 3))];
    let part =
        [NodePart::Processor, NodePart::Disk, NodePart::Network][usize::from(small(random, 0, 2))];
    let fault = match random.below(8) {
        0 => Fault::Crash { node },
        1 => Fault::Restart { node, keep_disk: random.below(2) == 0 },
        2 => Fault::Slow { node, part, percent },
        3 => Fault::CutRack { rack },
        4 => Fault::JoinRack { rack },
        5 => Fault::LoseMessages { node, percent },
        6 => Fault::FailTask { task: TaskId::map(u32::from(small(random, 0, 7))) },
        _ => Fault::PoisonRecord { offset: random.below(7_600), file: FileId(0) },
    };
    // Whole seconds often meet other things that happen then.
    let at = after + 1 + random.below(20 * SECOND);
    let at = if random.below(2) == 0 { at } else { at.next_multiple_of(SECOND) };
    PlannedFault { at: Time(at), fault }
}

fn small(random: &mut Random, low: u64, high: u64) -> u16 {
    u16::try_from(random.between(low, high)).unwrap()
}

fn whole(setup: Setup) -> Vec<Event> {
    let mut simulation = Simulation::start(setup, Recorder::new(Level::Records));
    run_until(&mut simulation, LONG * SECOND)
}

#[test]
fn the_same_setup_gives_the_same_trace() {
    for seed in 0..20 {
        let setup = random_setup(&mut Random::keyed(seed, Purpose::Test, 1, 0));
        assert!(whole(setup.clone()) == whole(setup), "seed {seed}");
    }
}

#[test]
fn a_fork_is_the_run_that_had_the_fault_from_the_start() {
    for seed in 0..150 {
        let random = &mut Random::keyed(seed, Purpose::Test, 2, 0);
        let setup = random_setup(random);
        let mut original = Simulation::start(setup.clone(), Recorder::new(Level::Records));
        let happenings = u32::try_from(random.below(600)).unwrap();
        original.advance(Slice { bytes: u64::MAX, happenings, until: Time(LONG * SECOND) });
        let mut fork = original.clone();
        let fault = random_fault(random, original.now().0);
        fork.intervene(fault).unwrap();
        assert!(run_until(&mut original, LONG * SECOND) == whole(setup.clone()), "seed {seed}");
        let mut from_start = setup;
        from_start.faults.push(fault);
        from_start.faults.sort_by_key(|fault| fault.at);
        let forked = run_until(&mut fork, LONG * SECOND);
        assert!(forked == whole(from_start), "seed {seed}: {fault} after {happenings}");
    }
}

#[test]
fn what_is_past_is_not_changed() {
    let mut simulation = start(2, 1, &[]);
    let fault: PlannedFault = "crash node 1 at 0 s".parse().unwrap();
    assert_eq!(simulation.clone().intervene(fault), Ok(()));
    run_until(&mut simulation, 3 * SECOND);
    let now = simulation.now();
    assert_eq!(simulation.intervene(fault), Err(TooLate { at: Time(0), now }));
}
