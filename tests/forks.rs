//! A fork equals a rerun from zero, byte for byte: random scenarios under random faults, forked at
//! random times, forked again, and forked while the run that they come from is half simulated.

#![expect(clippy::unwrap_used, reason = "a test that can't go on ends there")]

#[path = "shared/fork_lab.rs"]
mod fork_lab;
#[path = "shared/random_runs.rs"]
mod random_runs;

use fork_lab::Lab;

use millrace::base::random::{Purpose, Random};
use millrace::base::{Fault, NodeId, PlannedFault, Time};
use millrace::lab::BRANCHES_MAX;
use millrace::lab::messages::{CommandBody, Query, Reply, Until};
use millrace::scenario::{Scenario, presets};

/// Seeds of an ordinary run of the tests.
const SEEDS: u64 = 300;

/// Runs are looked at up to this time: some plans leave no node to go on.
const LONG: Until = Until::Time(Time(120_000_000));

fn finish(lab: &mut Lab, run: u32) {
    lab.finish(run, LONG);
}

fn equals_rerun(lab: &Lab, run: u32, scenario: &Scenario) -> Result<(), String> {
    lab.equals_rerun(run, scenario, LONG)
}

fn with(scenario: &Scenario, faults: &[PlannedFault]) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.faults.extend(faults);
    scenario
}

#[test]
fn a_fork_is_the_rerun_from_zero() {
    let chosen = std::env::var("MILLRACE_SEED").ok().and_then(|seed| seed.parse().ok());
    for seed in chosen.map_or(0..SEEDS, |seed: u64| seed..seed + 1) {
        if let Err(what) = check(seed) {
            panic!(
                "seed {seed}: {what}\nrepeat it with: MILLRACE_SEED={seed} cargo test --test forks"
            );
        }
    }
}

fn check(seed: u64) -> Result<(), String> {
    let mut random = Random::keyed(seed, Purpose::Test, 3, 0);
    let (mut scenario, _) = random_runs::run(&mut random);
    random_runs::add_faults(&mut random, &mut scenario);
    let mut lab = Lab::started(&scenario);
    // Every other run is forked while it is simulated.
    let half = random.below(2) == 0;
    if half {
        lab.command(CommandBody::Advance { run: 1, until: LONG });
        (0..random.below(12)).for_each(|_| lab.work());
    } else {
        finish(&mut lab, 1);
    }
    let end = lab.traces[&1].last().map_or(1, |event| event.at.0.max(1));
    let time = |random: &mut Random| Time(random.below(end));
    let (first, second) = (time(&mut random), time(&mut random));
    let one = PlannedFault { at: first, fault: random_runs::fault(&mut random, &scenario) };
    let two = PlannedFault { at: second, fault: random_runs::fault(&mut random, &scenario) };
    lab.fork(1, 2, one).map_err(|error| error.to_string())?;
    // A fork of the fork, be it before the place where that parted or after.
    if lab.fork(2, 3, two).is_ok() {
        finish(&mut lab, 3);
        equals_rerun(&lab, 3, &with(&scenario, &[one, two]))?;
    }
    finish(&mut lab, 2);
    equals_rerun(&lab, 2, &with(&scenario, &[one]))?;
    finish(&mut lab, 1);
    equals_rerun(&lab, 1, &scenario)
}

fn crash(at: Time) -> PlannedFault {
    PlannedFault { at, fault: Fault::Crash { node: NodeId(2) } }
}

fn first_steps() -> (Lab, Scenario) {
    let scenario = presets::named("first-steps").unwrap().scenario();
    (Lab::started(&scenario), scenario)
}

#[test]
fn what_cannot_be_forked_says_why() {
    let (mut lab, _) = first_steps();
    finish(&mut lab, 1);
    let end = lab.summaries[&1].finished_at;
    let refused = |lab: &mut Lab, run, branch, planned| lab.fork(run, branch, planned).unwrap_err();
    assert!(refused(&mut lab, 1, 2, crash(end)).message.contains("before its end"));
    assert!(refused(&mut lab, 9, 2, crash(Time(5))).message.contains("run 9 is not here"));
    assert!(refused(&mut lab, 1, 1, crash(Time(5))).message.contains("run 1 is there already"));
    let nowhere = PlannedFault { at: Time(5), fault: Fault::Crash { node: NodeId(4) } };
    let error = refused(&mut lab, 1, 2, nowhere);
    assert_eq!(error.field.as_deref(), Some("faults[0]"));
    assert!(error.message.contains("node 1 to 3"), "{error}");
    for branch in 2..=u32::try_from(BRANCHES_MAX).unwrap() {
        lab.fork(1, branch, crash(Time(5))).unwrap();
    }
    assert!(refused(&mut lab, 1, 1_000, crash(Time(5))).message.contains("64 branches"));
}

/// At time 0 the cluster stands and nothing has happened.
#[test]
fn a_fork_at_the_beginning_strikes_before_all_else() {
    let (mut lab, scenario) = first_steps();
    finish(&mut lab, 1);
    lab.fork(1, 2, crash(Time::ZERO)).unwrap();
    finish(&mut lab, 2);
    equals_rerun(&lab, 2, &with(&scenario, &[crash(Time::ZERO)])).unwrap();
}

#[test]
fn both_branches_stay_and_can_be_looked_into() {
    let (mut lab, _) = first_steps();
    finish(&mut lab, 1);
    let half = Time(lab.summaries[&1].finished_at.0 / 2);
    lab.fork(1, 2, crash(half)).unwrap();
    finish(&mut lab, 2);
    for run in [1, 2] {
        let query = Query::Block { block: millrace::base::BlockId(0) };
        assert!(matches!(lab.done(CommandBody::Inspect { run, query }), Ok(Reply::Block { .. })));
    }
    // A new run takes the place of them all, and answers what it leaves open.
    let fault = Fault::Crash { node: NodeId(1) };
    let open = lab.command(CommandBody::Intervene { run: 1, branch: 3, at: half, fault });
    let scenario = Box::new(presets::named("cut-line").unwrap().scenario());
    lab.done(CommandBody::Start { run: 4, scenario }).unwrap();
    assert!(lab.replies[&open].as_ref().unwrap_err().message.contains("took the place"));
    let query = Query::Block { block: millrace::base::BlockId(0) };
    assert!(lab.done(CommandBody::Inspect { run: 1, query }).is_err());
}
