//! `millrace run`: a scenario from its beginning to its end.

use crate::files::PendingFile;
use crate::load::{Loaded, load};
use crate::{Answer, Failure};
use clap::Args;
use millrace::lab::{FinishedRun, run_to_end};
use millrace::trace::jsonl;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What to run, and where to put what comes of it.
#[derive(Args)]
pub(crate) struct RunArguments {
    /// A scenario file, or the name of a preset
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// Write the trace here, as JSON lines
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Write the output here: key, tab, value, one part after the other
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Change a parameter of the scenario; may be given several times
    #[arg(long, value_name = "KEY=VALUE", num_args = 1..)]
    set: Vec<String>,
}

/// Runs the scenario; files are there only once all of them are whole.
pub(crate) fn run(arguments: &RunArguments) -> Result<Answer, Failure> {
    if arguments.trace.is_some() && arguments.trace == arguments.out {
        return Err(Failure("--trace and --out name the same file; give them two".to_owned()));
    }
    let loaded = load(&arguments.scenario, &arguments.set)?;
    let mut trace = open(arguments.trace.as_deref())?;
    let mut out = open(arguments.out.as_deref())?;
    let run = run_to_end(&loaded.scenario, loaded.input.clone())
        .map_err(|error| Failure(format!("{}: {error}", arguments.scenario)))?;
    if let Some(file) = &mut trace {
        let scenario = serde_json::to_value(&loaded.scenario)
            .map_err(|error| Failure(format!("the scenario can't be written: {error}")))?;
        file.write(jsonl::write(&jsonl::Header::new(scenario), &run.events).as_bytes())?;
    }
    if let Some(file) = &mut out {
        file.write(&run.parts.concat())?;
    }
    for file in [trace, out].into_iter().flatten() {
        file.commit()?;
    }
    let exit = if run.summary.equals_oracle { ExitCode::SUCCESS } else { ExitCode::from(1) };
    Ok(Answer { text: describe(&arguments.scenario, &loaded, &run), exit })
}

fn open(place: Option<&Path>) -> Result<Option<PendingFile>, Failure> {
    place.map(PendingFile::create).transpose()
}

fn describe(name: &str, loaded: &Loaded, run: &FinishedRun) -> String {
    let (facts, summary) = (&loaded.facts, &run.summary);
    let oracle = if summary.equals_oracle { "equals" } else { "DIFFERS FROM" };
    let mut text = format!(
        "scenario: {name}\n\
         input: {} bytes, {} lines, {} words\n\
         finished: at {}, after {} events\n\
         trace hash: {}\n\
         output: {} records in {} parts; it {oracle} that of one plain loop\n",
        facts.bytes,
        facts.lines,
        facts.words,
        summary.finished_at,
        summary.events,
        summary.trace_hash,
        summary.output_records,
        run.parts.len(),
    );
    // Counters are plain numbers by name, so that they always become an object.
    if let Ok(serde_json::Value::Object(counters)) = serde_json::to_value(summary.counters) {
        for (name, value) in counters {
            text += &format!("{name}: {value}\n");
        }
    }
    text
}
