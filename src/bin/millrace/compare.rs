//! `millrace compare`: two runs, and what they came to, side by side.

use crate::load::{Loaded, load};
use crate::{Answer, Failure};
use clap::Args;
use millrace::lab::{FinishedRun, run_to_end};
use millrace::trace::totals::{Outcome, Totals};

/// What to compare.
#[derive(Args)]
pub(crate) struct CompareArguments {
    /// A scenario file, or the name of a preset
    #[arg(value_name = "SCENARIO")]
    one: String,
    /// Another
    #[arg(value_name = "OTHER")]
    other: String,
}

/// Runs both.
pub(crate) fn compare(arguments: &CompareArguments) -> Result<Answer, Failure> {
    let (one, other) = (&arguments.one, &arguments.other);
    let runs = (run(one, &load(one, &[], &[])?)?, run(other, &load(other, &[], &[])?)?);
    Ok(Answer::success(table((one, &runs.0), (other, &runs.1))))
}

/// Runs a scenario to its end.
pub(crate) fn run(name: &str, loaded: &Loaded) -> Result<FinishedRun, Failure> {
    run_to_end(&loaded.scenario, loaded.input.clone())
        .map_err(|error| Failure(format!("{name}: {error}")))
}

/// Two runs with their names, number by number.
pub(crate) fn table(one: (&str, &FinishedRun), other: (&str, &FinishedRun)) -> String {
    let (ones, others) = (rows(one.1), rows(other.1));
    let width = one.0.chars().count().max(14);
    let mut text = format!("{:24}{:>width$}  {:>14}\n", "", one.0, other.0);
    for ((name, one), (_, other)) in ones.iter().zip(&others) {
        text += &format!("{name:24}{one:>width$}  {other:>14}\n");
    }
    text
}

fn rows(run: &FinishedRun) -> Vec<(&'static str, String)> {
    let totals = Totals::of(&run.events);
    let outcome = match totals.outcome {
        Outcome::Running => "not ended",
        Outcome::Finished if run.summary.equals_oracle => "right",
        Outcome::Finished => "WRONG",
        Outcome::Failed => "failed",
    };
    vec![
        ("result", outcome.to_owned()),
        ("job time", totals.took.to_string()),
        ("attempts", totals.attempts.to_string()),
        ("attempts that failed", totals.failed.to_string()),
        ("attempts killed", totals.killed.to_string()),
        ("finished maps run again", totals.maps_again.to_string()),
        ("backups", totals.backups.to_string()),
        ("backups that were first", totals.backups_won.to_string()),
        ("wasted time of attempts", totals.wasted.to_string()),
        ("bytes moved", totals.moved_bytes.to_string()),
    ]
}
