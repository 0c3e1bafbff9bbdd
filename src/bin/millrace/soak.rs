//! `millrace soak`: many random runs under random faults, each judged by the rules.
//!
//! Runs and judgement are those of `tests/faults.rs`, so a seed means the same here and there.

#[path = "../../../tests/shared/counters.rs"]
mod counters;
#[path = "../../../tests/shared/outcome.rs"]
mod outcome;
#[path = "../../../tests/shared/random_runs.rs"]
mod random_runs;

use crate::{Answer, Failure};
use clap::Args;
use millrace::base::random::{Purpose, Random};
use millrace::lab::run_to_end;
use std::process::ExitCode;

/// Which runs.
#[derive(Args)]
pub(crate) struct SoakArguments {
    /// How many runs
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    from: u64,
}

/// Runs seed after seed, until one is wrong.
pub(crate) fn soak(arguments: &SoakArguments) -> Result<Answer, Failure> {
    let end = arguments.from.checked_add(arguments.seeds);
    let end = end.ok_or_else(|| Failure("--from and --seeds together are too many".to_owned()))?;
    let mut failed = 0_u64;
    for seed in arguments.from..end {
        match check(seed) {
            Ok(has_failed) => failed += u64::from(has_failed),
            Err(what) => {
                let text = format!(
                    "seed {seed}: {what}\nrepeat it with: millrace soak --seeds 1 --from {seed}\n"
                );
                return Ok(Answer { text, exit: ExitCode::from(1) });
            }
        }
    }
    Ok(Answer::success(format!(
        "{} runs are right: {} ended in the plain loop's result, {failed} failed as the rules say\n",
        arguments.seeds,
        arguments.seeds - failed
    )))
}

/// Runs a seed; says whether its job failed, as it must.
fn check(seed: u64) -> Result<bool, String> {
    let mut random = Random::keyed(seed, Purpose::Test, 1, 0);
    let (mut scenario, text) = random_runs::run(&mut random);
    random_runs::add_faults(&mut random, &mut scenario);
    let run = run_to_end(&scenario, random_runs::files(&scenario))
        .map_err(|error| format!("{error} in {scenario:?}"))?;
    outcome::judge(&scenario, &text, &run).map_err(|what| format!("{what} for {scenario:?}"))?;
    Ok(run.summary.failed.is_some())
}
