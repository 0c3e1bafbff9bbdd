//! Scenarios with names that fit in a link and on a whiteboard. What each asks and shows is told in
//! `lessons::presets`, under the same name.

mod inputs;
mod jobs;
mod settings;
mod stream;

pub use stream::STREAM_PRESETS;

use super::table::Key::{
    BlockSize, Combiner, MapSlots, NodeTimeout, Nodes, Racks, ReduceSlots, Reducers, Replication,
    Scale, SortBuffer,
};
use super::{Input, JobKind, Parameters, Scenario, VERSION};
use crate::base::{Fault, FileId, Level, NodeId, NodePart, PlannedFault, Time};

/// A scenario with a name.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name, as in a link: `#first-steps`.
    pub name: &'static str,
    build: fn() -> Scenario,
}

/// Those of the MapReduce lab, in the order of the picker; the page opens on the first.
pub static PRESETS: [Preset; 37] = [
    Preset { name: "first-steps", build: first_steps },
    Preset { name: "cut-line", build: cut_line },
    Preset { name: "kill-a-node", build: kill_a_node },
    Preset { name: "slow-or-dead", build: slow_or_dead },
    Preset { name: "straggler", build: straggler },
    Preset { name: "poison-record", build: poison_record },
    Preset { name: "two-attempts-one-commit", build: two_attempts },
    Preset { name: "half-an-output", build: settings::half_an_output },
    Preset { name: "all-or-nothing", build: settings::all_or_nothing },
    Preset { name: "where-the-key-goes", build: settings::where_the_key_goes },
    Preset { name: "alice", build: alice },
    Preset { name: "no-combiner", build: no_combiner },
    Preset { name: "packed-shuffle", build: settings::packed_shuffle },
    Preset { name: "locality", build: settings::locality },
    Preset { name: "slow-start", build: settings::slow_start },
    Preset { name: "one-gzip", build: settings::one_gzip },
    Preset { name: "many-files", build: settings::many_files },
    Preset { name: "combined-files", build: settings::combined_files },
    Preset { name: "pride", build: pride },
    Preset { name: "big-cluster", build: big_cluster },
    Preset { name: "grep", build: jobs::grep },
    Preset { name: "inverted-index", build: jobs::inverted_index },
    Preset { name: "total-order", build: jobs::total_order },
    Preset { name: "secondary-sort", build: jobs::secondary_sort },
    Preset { name: "distinct", build: jobs::distinct },
    Preset { name: "top-n", build: jobs::top },
    Preset { name: "average", build: jobs::average },
    Preset { name: "average-trap", build: jobs::average_trap },
    Preset { name: "join", build: jobs::join },
    Preset { name: "broadcast-join", build: jobs::broadcast_join },
    Preset { name: "bucketed-join", build: jobs::bucketed_join },
    Preset { name: "hot-key", build: jobs::hot_key },
    Preset { name: "salted-join", build: jobs::salted_join },
    Preset { name: "small-files", build: jobs::small_files },
    Preset { name: "page-rank", build: jobs::page_rank },
    Preset { name: "tf-idf", build: jobs::tf_idf },
    Preset { name: "all-to-one", build: jobs::all_to_one },
];

/// The text of the first run: ours, and small enough to count by eye.
pub const MILL: &str = "\
the river runs to the mill and the mill turns the stone
the stone grinds the grain and the grain falls as flour
the miller lifts the flour and the baker bakes the bread
the children eat the bread and run to the river
the river runs by day and it runs by night
and all day long the wheel goes round and round
";

/// A nursery rhyme that is cut in the middle, and put together again.
pub const HUMPTY: &str = "\
Humpty Dumpty sat on a wall
Humpty Dumpty had a great fall
All the king's horses and all the king's men
Couldn't put Humpty together again
";

impl Preset {
    /// The scenario.
    pub fn scenario(&self) -> Scenario {
        (self.build)()
    }
}

/// The preset of this name, or of a name that it had once.
pub fn named(name: &str) -> Option<&'static Preset> {
    let renamed = stream::RENAMED.iter().find(|(old, _)| *old == name);
    let name = renamed.map_or(name, |(_, new)| new);
    PRESETS.iter().chain(&STREAM_PRESETS).find(|preset| preset.name == name)
}

/// The preset that this scenario is, unchanged.
pub fn of(scenario: &Scenario) -> Option<&'static Preset> {
    PRESETS.iter().chain(&STREAM_PRESETS).find(|preset| preset.scenario() == *scenario)
}

/// Three nodes with a slot each, so that the fourth split waits; a byte stands for half a megabyte.
/// The sort buffer is such that the map with the most words spills before its end, and no other.
fn first_steps() -> Scenario {
    let parameters = Parameters::default()
        .with(Nodes, 3)
        .with(Racks, 1)
        .with(MapSlots, 1)
        .with(ReduceSlots, 1)
        .with(Replication, 2)
        .with(Reducers, 2)
        .with(BlockSize, 77)
        .with(Scale, 500_000)
        .with(SortBuffer, 640);
    word_count(Input::Text(MILL.to_owned()), Level::Records, parameters)
}

/// Two splits of one rhyme; the cut falls inside a word of its third line, and no node holds both
/// halves.
fn cut_line() -> Scenario {
    let parameters = Parameters::default()
        .with(Nodes, 2)
        .with(Racks, 1)
        .with(MapSlots, 1)
        .with(ReduceSlots, 1)
        .with(Replication, 1)
        .with(Reducers, 1)
        .with(BlockSize, 70)
        .with(Scale, 500_000)
        .with(SortBuffer, 1_024);
    word_count(Input::Text(HUMPTY.to_owned()), Level::Records, parameters)
}

/// The first run, in which node 3 dies with the output of a map that no reduce has fetched yet. A
/// third of the usual time-out keeps the wait short.
fn kill_a_node() -> Scenario {
    harmed(7_500_000, Fault::Crash { node: NodeId(3) }, 10_000)
}

/// A node so slow that its heartbeats come later than the time-out: believed lost, it speaks again.
fn slow_or_dead() -> Scenario {
    harmed(2_000_000, slow_processor(10), 6_000)
}

/// A map on a slow node gets a backup on another, which is first.
fn straggler() -> Scenario {
    harmed(1_500_000, slow_processor(20), NodeTimeout.parameter().default)
}

/// A byte of the second split.
fn poison_record() -> Scenario {
    harmed(0, Fault::PoisonRecord { offset: 120, file: FileId(0) }, NodeTimeout.parameter().default)
}

/// A reduce that has all it needs slows down, and a second attempt of it commits first.
fn two_attempts() -> Scenario {
    harmed(10_500_000, slow_processor(2), NodeTimeout.parameter().default)
}

fn slow_processor(percent: u32) -> Fault {
    Fault::Slow { node: NodeId(3), part: NodePart::Processor, percent }
}

/// The first run with a fault.
fn harmed(at_us: u64, fault: Fault, node_timeout_ms: u64) -> Scenario {
    let mut scenario = first_steps();
    scenario.parameters = scenario.parameters.with(NodeTimeout, node_timeout_ms);
    scenario.faults = vec![PlannedFault { at: Time(at_us), fault }];
    scenario
}

/// Eight splits on six nodes; blocks stand for 64 MiB, as in Google's paper, and sort buffers for
/// about 140 MiB.
fn alice() -> Scenario {
    let parameters = Parameters::default()
        .with(Reducers, 4)
        .with(BlockSize, 18_560)
        .with(Scale, 3_600)
        .with(SortBuffer, 40_960);
    word_count(Input::Builtin("alice".to_owned()), Level::Records, parameters)
}

fn no_combiner() -> Scenario {
    let mut scenario = alice();
    scenario.parameters = scenario.parameters.with(Combiner, 0);
    scenario
}

/// As many splits as in Alice's run, of a text that is nearly five times as long.
fn pride() -> Scenario {
    let parameters = Parameters::default()
        .with(Reducers, 4)
        .with(BlockSize, 85_600)
        .with(Scale, 784)
        .with(SortBuffer, 65_536);
    word_count(Input::Builtin("pride".to_owned()), Level::Tasks, parameters)
}

/// 450 map tasks and 50 reduce tasks on 50 nodes in five racks.
fn big_cluster() -> Scenario {
    let parameters = Parameters::default()
        .with(Nodes, 50)
        .with(Racks, 5)
        .with(Reducers, 50)
        .with(BlockSize, 1_522)
        .with(Scale, 44_000)
        .with(SortBuffer, 8_192);
    word_count(Input::Builtin("pride".to_owned()), Level::Tasks, parameters)
}

fn word_count(input: Input, level: Level, parameters: Parameters) -> Scenario {
    Scenario {
        version: VERSION,
        job: JobKind::WordCount,
        input,
        level,
        parameters,
        faults: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::validate::split_count;
    use crate::scenario::{input, texts};

    fn splits(scenario: &Scenario) -> u64 {
        let block_size = scenario.parameters.get(BlockSize);
        let bytes = match &scenario.input {
            Input::Text(text) => text.len() as u64,
            Input::Builtin(name) => texts::named(name).unwrap().bytes,
            Input::Files(_) => {
                assert_eq!(scenario.validate(), Ok(()));
                let files = scenario.carried_files().expect("a preset carries its text");
                let splits = |file: &crate::base::InputFile| match file.codec.is_plain() {
                    true => split_count(file.length(), block_size),
                    false => 1,
                };
                return files.iter().map(|(_, file)| splits(file)).sum();
            }
            // Files that are made come with the run.
            Input::Made(made) => return made.count.into(),
            Input::File { .. } | Input::Events(_) => panic!("a preset carries its text"),
        };
        assert_eq!(scenario.validate_with_input(bytes), Ok(()));
        split_count(bytes, block_size)
    }

    #[test]
    fn every_preset_is_valid_and_has_the_splits_it_promises() {
        let splits: Vec<(&str, u64)> =
            PRESETS.iter().map(|preset| (preset.name, splits(&preset.scenario()))).collect();
        let promised = [
            ("first-steps", 4),
            ("cut-line", 2),
            ("kill-a-node", 4),
            ("slow-or-dead", 4),
            ("straggler", 4),
            ("poison-record", 4),
            ("two-attempts-one-commit", 4),
            ("half-an-output", 4),
            ("all-or-nothing", 4),
            ("where-the-key-goes", 4),
            ("alice", 8),
            ("no-combiner", 8),
            ("packed-shuffle", 8),
            ("locality", 4),
            ("slow-start", 8),
            ("one-gzip", 1),
            ("many-files", 24),
            ("combined-files", 24),
            ("pride", 8),
            ("big-cluster", 450),
            ("grep", 4),
            ("inverted-index", 3),
            ("total-order", 3),
            ("secondary-sort", 4),
            ("distinct", 4),
            ("top-n", 3),
            ("average", 4),
            ("average-trap", 4),
            ("join", 4),
            ("broadcast-join", 4),
            ("bucketed-join", 2),
            ("hot-key", 4),
            ("salted-join", 4),
            ("small-files", 8),
            ("page-rank", 2),
            ("tf-idf", 2),
            ("all-to-one", 4),
        ];
        assert_eq!(splits, promised);
    }

    #[test]
    fn names_are_short_and_lead_back_to_their_presets() {
        for preset in &PRESETS {
            assert!(preset.name.len() <= 23, "{}", preset.name);
            assert_eq!(named(preset.name).unwrap().name, preset.name);
            assert_eq!(of(&preset.scenario()).unwrap().name, preset.name);
        }
        let mut changed = first_steps();
        changed.parameters = changed.parameters.with(Nodes, 4);
        assert!(of(&changed).is_none());
    }

    #[test]
    fn the_first_text_is_small_enough_to_count_by_eye() {
        let facts = input::check_input(MILL.as_bytes()).unwrap();
        assert_eq!((facts.lines, facts.words), (6, 64));
    }

    #[test]
    fn humpty_is_cut_inside_a_word() {
        let cut = usize::try_from(cut_line().parameters.get(BlockSize)).unwrap();
        assert!(HUMPTY[..cut].ends_with("All the kin"));
    }
}
