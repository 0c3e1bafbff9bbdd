//! A run survives any plan of faults, or fails as the rules say: random clusters, texts and plans.
//! A failure prints its seed and the command that repeats it.
//!
//! `MILLRACE_SEEDS=20000 cargo test --test faults` is the soak. With `MILLRACE_TELL=1` a seed tells
//! what happened.

#[path = "shared/counters.rs"]
mod counters;
#[path = "shared/outcome.rs"]
mod outcome;
#[path = "shared/random_runs.rs"]
mod random_runs;

use millrace::base::random::{Purpose, Random};
use millrace::lab::{FinishedRun, run_to_end};
use millrace::trace::sentence::sentence;

/// Seeds of an ordinary run of the tests.
const SEEDS: u64 = 2_000;

#[test]
fn a_run_under_faults_ends_in_the_oracles_result_or_in_a_failure_that_the_rules_predict() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seeds = match number("MILLRACE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("MILLRACE_SEEDS").unwrap_or(SEEDS),
    };
    let mut failed = 0;
    for seed in seeds.clone() {
        match check(seed) {
            Ok(has_failed) => failed += u64::from(has_failed),
            Err(what) => panic!(
                "seed {seed}: {what}\nrepeat it with: MILLRACE_SEED={seed} cargo test --test faults"
            ),
        }
    }
    if seeds.end - seeds.start >= SEEDS {
        let some = seeds.end / 100..seeds.end / 2;
        assert!(some.contains(&failed), "{failed} of {seeds:?} failed: the plans test too little");
    }
}

fn tell(run: &FinishedRun) {
    for event in &run.events {
        println!("{:>10.3} s  {}", event.at.seconds(), sentence(event));
    }
}

/// Runs a seed; says whether its job failed, as it must.
fn check(seed: u64) -> Result<bool, String> {
    let mut random = Random::keyed(seed, Purpose::Test, 1, 0);
    let (mut scenario, text) = random_runs::run(&mut random);
    random_runs::add_faults(&mut random, &mut scenario);
    if std::env::var_os("MILLRACE_TELL").is_some() {
        println!("{}", serde_json::to_string(&scenario).unwrap_or_default());
    }
    let run = run_to_end(&scenario, random_runs::files(&scenario))
        .map_err(|error| format!("{error} in {scenario:?}"))?;
    if std::env::var_os("MILLRACE_TELL").is_some() {
        tell(&run);
    }
    outcome::judge(&scenario, &text, &run).map_err(|what| format!("{what} for {scenario:?}"))?;
    Ok(run.summary.failed.is_some())
}
