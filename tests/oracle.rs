//! Distributed equals sequential: random clusters, parameters and texts, and the result is that of
//! one plain loop. A failure prints its seed and the command that repeats it.

use bytes::Bytes;
use millrace::base::Level;
use millrace::base::random::{Purpose, Random};
use millrace::lab::run_to_end;
use millrace::scenario::{Input, JobKind, Key, Parameters, Scenario, VERSION};
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
    let text = text(&mut random);
    let scenario = scenario(&mut random, &text);
    let run = run_to_end(&scenario, Bytes::copy_from_slice(text.as_bytes()))
        .map_err(|error| format!("{error} in {scenario:?}"))?;
    if !run.summary.equals_oracle {
        return Err(format!("the result differs for {scenario:?}"));
    }
    let words = text.split(SEPARATORS).filter(|word| !word.is_empty()).count() as u64;
    counters_add_up(&run.summary.counters, words, scenario.parameters.is_on(Key::Combiner))?;
    let mut timeline = Timeline::new();
    timeline.append(run.events).map_err(|error| format!("the trace does not fold: {error}"))?;
    let end = timeline.seek(timeline.len());
    if *end.counters != run.summary.counters {
        return Err("the fold's counters are not the job's".to_owned());
    }
    Ok(())
}

const SEPARATORS: [char; 5] = [' ', '\t', '\n', '\r', '\u{c}'];

/// What each record is counted as, from the mapper to the output.
fn counters_add_up(counters: &Counters, words: u64, combiner: bool) -> Result<(), String> {
    let sums = [
        ("words are map outputs", words, counters.map_output_records),
        (
            "what is shuffled is reduced",
            counters.reduce_input_records,
            if combiner {
                words + counters.combine_output_records - counters.combine_input_records
            } else {
                words
            },
        ),
        ("a group is an output", counters.reduce_input_groups, counters.reduce_output_records),
        ("fetched outputs are merged", counters.shuffled_maps, counters.merged_map_outputs),
    ];
    for (what, one, other) in sums {
        if one != other {
            return Err(format!("{what}: {one} is not {other} in {counters:?}"));
        }
    }
    Ok(())
}

fn scenario(random: &mut Random, text: &str) -> Scenario {
    let nodes = random.between(1, 12);
    let length = text.len() as u64;
    let on = |random: &mut Random| random.below(2);
    let values = [
        (Key::Nodes, nodes),
        (Key::Racks, random.between(1, nodes.min(4))),
        (Key::Replication, random.between(1, nodes.min(4))),
        (Key::MapSlots, random.between(1, 4)),
        (Key::ReduceSlots, random.between(1, 3)),
        (Key::Cores, random.between(1, 4)),
        (Key::NodeMemory, random.between(1, 6) * 1_024),
        (Key::Reducers, random.between(1, 9)),
        (Key::Combiner, on(random)),
        (Key::Partitioner, random.below(5)),
        (Key::BlockSize, random.between((length / 40).max(16), length.max(17) + 20)),
        (Key::SortBuffer, random.between(256, 4_096)),
        (Key::SpillPercent, random.between(10, 100)),
        (Key::SortFactor, random.between(2, 12)),
        (Key::ParallelCopies, random.between(1, 6)),
        (Key::SlowStart, random.between(0, 100)),
        (Key::Scale, 1 << random.below(16)),
        (Key::LocalityDelay, random.below(3) * 20),
        (Key::Launch, random.below(2_000)),
        (Key::Seed, random.below(1 << 40)),
    ];
    let parameters =
        values.iter().fold(Parameters::default(), |all, (key, value)| all.with(*key, *value));
    let level = [Level::Counters, Level::Tasks, Level::Records][pick(random, 3)];
    let (version, job, input) = (VERSION, JobKind::WordCount, Input::Text(text.to_owned()));
    Scenario { version, job, input, level, parameters }
}

fn pick(random: &mut Random, of: u64) -> usize {
    usize::try_from(random.below(of)).unwrap_or(0)
}

/// Texts of all kinds: prose, one word a line, one huge line, huge words, binary noise made valid.
fn text(random: &mut Random) -> String {
    let length = pick(random, 3_000) + 1;
    let mut text = String::new();
    let kind = random.below(6);
    while text.len() < length {
        match kind {
            0 => text += ["the ", "mill ", "runs\n", "a ", "stone, "][pick(random, 5)],
            1 => text += &format!("word{}\n", random.below(30)),
            2 => text += &format!("w{} ", random.below(200)),
            3 => text += &"x".repeat(pick(random, 700) + 1),
            4 => text += &String::from_utf8_lossy(&random.bits().to_le_bytes()),
            _ => {
                text += ["é", "\r", "\r\n", "\n", " ", "\t", "漢字", "🌾", "\u{c}"][pick(random, 9)]
            }
        }
    }
    // NUL bytes mark a binary file, which is refused before it comes this far.
    text.replace('\0', " ")
}

/// An empty file is refused as an input, but a job over one is a job: one empty split.
#[test]
fn an_empty_file_is_refused_with_a_sentence() {
    let scenario = Scenario {
        version: VERSION,
        job: JobKind::WordCount,
        input: Input::Text(String::new()),
        level: Level::Records,
        parameters: Parameters::default(),
    };
    let error = run_to_end(&scenario, Bytes::new()).expect_err("nothing to count");
    assert!(error.to_string().contains("empty"), "{error}");
}
