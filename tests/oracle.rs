//! Distributed equals sequential: random clusters, parameters and texts, and the result is that of
//! one plain loop. A failure prints its seed and the command that repeats it.

#[path = "shared/counters.rs"]
mod counters;
#[path = "shared/random_runs.rs"]
mod random_runs;

use bytes::Bytes;
use millrace::base::Level;
use millrace::base::random::{Purpose, Random};
use millrace::lab::run_to_end;
use millrace::scenario::{Input, JobKind, Parameters, Scenario, VERSION};
use millrace::trace::event::Counters;
use millrace::trace::timeline::Timeline;

/// Seeds of an ordinary run of the tests.
const SEEDS: u64 = 1_000;

#[test]
fn a_distributed_run_ends_in_the_sequential_result() {
    let chosen = std::env::var("MILLRACE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = chosen.map_or(0..SEEDS, |seed: u64| seed..seed + 1);
    for seed in seeds {
        if let Err(what) = check(seed) {
            panic!(
                "seed {seed}: {what}\nrepeat it with: \
                 MILLRACE_SEED={seed} cargo test --test oracle"
            );
        }
    }
}

fn check(seed: u64) -> Result<(), String> {
    let mut random = Random::keyed(seed, Purpose::Test, 0, 0);
    let (scenario, text) = random_runs::run(&mut random);
    let run = run_to_end(&scenario, random_runs::files(&scenario))
        .map_err(|error| format!("{error} in {scenario:?}"))?;
    if !run.summary.equals_oracle {
        return Err(format!("the result differs for {scenario:?}"));
    }
    counters_add_up(&run.summary.counters, &scenario, &text)?;
    let mut timeline = Timeline::new();
    timeline.append(run.events).map_err(|error| format!("the trace does not fold: {error}"))?;
    let end = timeline.seek(timeline.len());
    if *end.counters != run.summary.counters {
        return Err("the fold's counters are not the job's".to_owned());
    }
    counters::parts_add_up(&end)
}

/// What each record is counted as, from the mapper to the output.
fn counters_add_up(counters: &Counters, scenario: &Scenario, text: &str) -> Result<(), String> {
    let job = &scenario.job;
    let mapped = random_runs::map_outputs(job, text).unwrap_or(counters.map_output_records);
    let combiner = random_runs::combines(scenario);
    let groups = if random_runs::writes_a_line_a_group(job) {
        counters.reduce_input_groups
    } else {
        counters.reduce_output_records
    };
    let sums = [
        ("lines make so many map outputs", mapped, counters.map_output_records),
        (
            "what is shuffled is reduced",
            counters.reduce_input_records,
            if random_runs::reducers(scenario) == 0 {
                0
            } else if combiner {
                mapped + counters.combine_output_records - counters.combine_input_records
            } else {
                mapped
            },
        ),
        ("a group is an output", groups, counters.reduce_output_records),
        ("fetched outputs are merged", counters.shuffled_maps, counters.merged_map_outputs),
    ];
    for (what, one, other) in sums {
        if one != other {
            return Err(format!("{what}: {one} is not {other} in {counters:?}"));
        }
    }
    Ok(())
}

/// An empty file is refused as an input; that the engine runs over one is tested in `mapreduce::bare`.
#[test]
fn an_empty_file_is_refused_with_a_sentence() {
    let scenario = Scenario {
        version: VERSION,
        job: JobKind::WordCount,
        input: Input::Text(String::new()),
        level: Level::Records,
        parameters: Parameters::default(),
        faults: Vec::new(),
    };
    let error = run_to_end(&scenario, Bytes::new()).expect_err("nothing to count");
    assert!(error.to_string().contains("empty"), "{error}");
}
