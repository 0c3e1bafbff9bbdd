//! `millrace run`: a scenario from its beginning to its end.

use crate::files::PendingFile;
use crate::load::{Loaded, load_with};
use crate::{Answer, Failure, JOB_FAILED, compare, run_stream};
use clap::Args;
use millrace::lab::{FinishedRun, run_to_end};
use millrace::scenario::Lab;
use millrace::trace::jsonl;
use millrace::trace::moment::{Moment, moments};
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
    /// Read this file instead of the scenario's input; may be given several times, and the files are
    /// read in this order
    #[arg(long, value_name = "FILE")]
    input: Vec<PathBuf>,
    /// Change a parameter of the scenario; may be given several times
    #[arg(long, value_name = "KEY=VALUE", num_args = 1..)]
    set: Vec<String>,
    /// Do something to the cluster, such as "crash node 3 at 12.4 s"; may be given several times
    #[arg(long, value_name = "FAULT")]
    fault: Vec<String>,
    /// Set what the run came to beside what it comes to without these faults
    #[arg(long, requires = "fault")]
    compare: bool,
    /// Tell the run in sentences, as the page's log does
    #[arg(long)]
    tell: bool,
}

/// Runs the scenario; files are there only once all of them are whole.
pub(crate) fn run(arguments: &RunArguments) -> Result<Answer, Failure> {
    if arguments.trace.is_some() && arguments.trace == arguments.out {
        return Err(Failure("--trace and --out name the same file; give them two".to_owned()));
    }
    let loaded =
        load_with(&arguments.scenario, &arguments.set, &arguments.fault, &arguments.input)?;
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
    let mut text = if arguments.tell { tell(&run) } else { String::new() };
    text += &match loaded.scenario.lab() {
        Lab::Mapreduce => describe(&arguments.scenario, &loaded, &run),
        Lab::Stream => run_stream::describe(&arguments.scenario, &loaded, &run),
    };
    if arguments.compare {
        let planned = load_with(&arguments.scenario, &arguments.set, &[], &arguments.input)?;
        let planned = compare::run(&arguments.scenario, &planned)?;
        text += &format!("\n{}", compare::table(("as planned", &planned), ("with faults", &run)));
    }
    Ok(Answer { text, exit: exit(&run) })
}

/// A job that failed as its rules say is no difference, but no success either.
pub(crate) fn exit(run: &FinishedRun) -> ExitCode {
    match (&run.summary.failed, run.summary.equals_oracle) {
        (Some(_), _) => ExitCode::from(JOB_FAILED),
        (None, true) => ExitCode::SUCCESS,
        (None, false) => ExitCode::from(1),
    }
}

/// Each moment of the run in a line.
fn tell(run: &FinishedRun) -> String {
    let line = |moment: &Moment| format!("{}  {}\n", moment.at, moment.caption);
    moments(&run.events).iter().map(line).collect::<String>() + "\n"
}

fn open(place: Option<&Path>) -> Result<Option<PendingFile>, Failure> {
    place.map(PendingFile::create).transpose()
}

fn describe(name: &str, loaded: &Loaded, run: &FinishedRun) -> String {
    let (facts, summary) = (&loaded.facts, &run.summary);
    let output = match (&summary.failed, summary.equals_oracle) {
        (Some(why), _) => format!("none: {why}"),
        (None, equal) => format!(
            "{} records in {} parts; it {} that of one plain loop",
            summary.output_records,
            run.parts.len(),
            if equal { "equals" } else { "DIFFERS FROM" },
        ),
    };
    let mut text = format!(
        "scenario: {name}\n\
         input: {} bytes, {} lines, {} words\n\
         finished: at {}, after {} events\n\
         trace hash: {}\n\
         output: {output}\n",
        facts.bytes,
        facts.lines,
        facts.words,
        summary.finished_at,
        summary.events,
        summary.trace_hash,
    );
    // Counters are plain numbers by name, so that they always become an object.
    if let Ok(serde_json::Value::Object(counters)) = serde_json::to_value(summary.counters) {
        for (name, value) in counters {
            text += &format!("{name}: {value}\n");
        }
    }
    text
}
