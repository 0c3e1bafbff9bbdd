//! `millrace sweep`: one parameter over several values and seeds, as comma-separated values.

use crate::files::PendingFile;
use crate::load::{Loaded, load};
use crate::{Answer, Failure};
use clap::Args;
use millrace::lab::run_point;
use millrace::scenario::sweep::{self, Point, Sweep};
use millrace::scenario::{Lab, PARAMETERS, Parameter, Parameters};
use millrace::trace::measures::{Came, MEASURES, Measure, Row, STREAM_MEASURES, csv};
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;

/// What to sweep.
#[derive(Args)]
pub(crate) struct SweepArguments {
    /// A scenario file, or the name of a preset
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// The parameter, as `millrace params` names it
    #[arg(value_name = "PARAMETER")]
    parameter: String,
    /// Its values, such as "1..8", "1..64 step 4" or "1, 2, 4"; without them some around its own
    #[arg(value_name = "VALUES")]
    values: Option<String>,
    /// Runs of each value: with the scenario's seed, and the numbers after it
    #[arg(long, value_name = "N", default_value_t = 3)]
    seeds: u32,
    /// Change another parameter of the scenario; may be given several times
    #[arg(long, value_name = "KEY=VALUE", num_args = 1..)]
    set: Vec<String>,
    /// Do something to the cluster, such as "crash node 3 at 12.4 s"; may be given several times
    #[arg(long, value_name = "FAULT")]
    fault: Vec<String>,
    /// Write here instead of to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the sweep. Runs that fail or can't be made are lines too, and no failure of the command.
pub(crate) fn sweep(arguments: &SweepArguments) -> Result<Answer, Failure> {
    let loaded = load(&arguments.scenario, &arguments.set, &arguments.fault)?;
    let parameter = parameter(&arguments.parameter)?;
    let values = match &arguments.values {
        Some(text) => sweep::values(parameter, text, |piece| read(parameter, piece)),
        None => Ok(sweep::suggested(parameter.key, &loaded.scenario)),
    };
    let sweep = values.and_then(|values| Sweep::new(parameter.key, values, arguments.seeds));
    let sweep = sweep.map_err(|error| Failure(format!("{}: {error}", parameter.name)))?;
    let mut out = arguments.out.as_deref().map(PendingFile::create).transpose()?;
    let points = sweep.points(&loaded.scenario);
    let results = run_all(&points, &loaded);
    let measures: &[Measure] = match loaded.scenario.lab() {
        Lab::Mapreduce => &MEASURES,
        Lab::Stream => &STREAM_MEASURES,
    };
    let text = table(parameter, measures, &points, &results);
    if let Some(mut file) = out.take() {
        file.write(text.as_bytes())?;
        file.commit()?;
        return Ok(Answer::success(format!("{} runs\n", points.len())));
    }
    Ok(Answer::success(text))
}

fn parameter(name: &str) -> Result<&'static Parameter, Failure> {
    Parameter::named(name).filter(|parameter| !parameter.is_text()).ok_or_else(|| {
        let numbers = PARAMETERS.iter().filter(|parameter| !parameter.is_text());
        let names: Vec<&str> = numbers.map(|parameter| parameter.name).collect();
        let names = names.join(", ");
        Failure(format!("there is no parameter \"{name}\" to sweep; there are {names}"))
    })
}

/// A value as `--set` takes it.
fn read(parameter: &Parameter, text: &str) -> Result<u64, String> {
    let mut parameters = Parameters::default();
    parameters.set_text(parameter.name, text).map_err(|error| error.allowed)?;
    Ok(parameters.get(parameter.key))
}

/// Runs all points, on as many threads as the machine has; each takes the next one.
fn run_all(points: &[Point], loaded: &Loaded) -> Vec<Result<Came, String>> {
    let next = Mutex::new(points.iter().enumerate());
    let threads = thread::available_parallelism().map_or(1, usize::from).min(points.len());
    let work = || {
        let mut done = Vec::new();
        loop {
            // Another thread's panic ends the program when the threads are joined.
            let Some((place, point)) = next.lock().ok().and_then(|mut next| next.next()) else {
                return done;
            };
            done.push((place, run(point, loaded)));
        }
    };
    let mut results = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let done = threads.into_iter().flat_map(|thread| match thread.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.collect::<Vec<_>>()
    });
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

fn run(point: &Point, loaded: &Loaded) -> Result<Came, String> {
    let scenario = point.scenario.as_ref().map_err(ToString::to_string)?;
    run_point(scenario, loaded.input.clone()).map_err(|error| error.to_string())
}

fn table(
    parameter: &Parameter,
    measures: &[Measure],
    points: &[Point],
    results: &[Result<Came, String>],
) -> String {
    let values: Vec<String> = points.iter().map(|point| parameter.show(point.value)).collect();
    let mut rows = Vec::with_capacity(points.len());
    for ((point, value), result) in points.iter().zip(&values).zip(results) {
        let result = result.as_ref().map_err(String::as_str);
        rows.push(Row { value, seed: point.seed, result });
    }
    csv(parameter.name, measures, &rows)
}
