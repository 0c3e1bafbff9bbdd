//! Random runs, from clusters and parameters to texts, each made from a random stream alone.

use millrace::base::{
    Fault, FileId, Files, Level, NodeId, NodePart, PlannedFault, RackId, TaskId, Time,
};

use millrace::base::random::Random;
use millrace::scenario::{Content, FileInput, Input, JobKind, Key, Parameters, Scenario, VERSION};

/// A random cluster with random parameters, over this text.
pub(crate) fn scenario(random: &mut Random, text: &str) -> Scenario {
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
        (Key::SplitMin, random.between(1, 40)),
        (Key::SplitMax, random.between((length / 40).max(16), 2 * length + 40)),
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
    let (version, job, input) = (VERSION, JobKind::WordCount, input(random, text));
    Scenario { version, job, input, level, parameters, faults: Vec::new() }
}

/// The text as one file or as several, which are cut between its words.
fn input(random: &mut Random, text: &str) -> Input {
    let cuts = random.below(3) * random.below(5);
    let after_word = |at: usize| text[at..].find([' ', '\n', '\r', '\t']).map(|more| at + more + 1);
    let mut places: Vec<usize> = (0..cuts)
        .map(|_| pick(random, text.len() as u64))
        .filter(|place| text.is_char_boundary(*place))
        .filter_map(after_word)
        .collect();
    if places.is_empty() {
        return Input::Text(text.to_owned());
    }
    places.extend([0, text.len()]);
    places.sort_unstable();
    let pieces = places.windows(2).map(|ends| &text[ends[0]..ends[1]]);
    let file = |(place, piece): (usize, &str)| FileInput {
        name: format!("part-{place}.txt"),
        content: Content::Text(piece.to_owned()),
    };
    Input::Files(pieces.enumerate().map(file).collect())
}

/// The files of a random scenario.
pub(crate) fn files(scenario: &Scenario) -> Files {
    scenario.carried_files().expect("a random run carries its texts")
}

fn pick(random: &mut Random, of: u64) -> usize {
    usize::try_from(random.below(of)).unwrap_or(0)
}

/// Texts of all kinds: prose, one word a line, one huge line, huge words, binary noise made valid.
pub(crate) fn text(random: &mut Random) -> String {
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

/// Adds random faults, by plan and by rate, of which many a run dies and most a run recovers.
#[allow(dead_code, reason = "not every test has faults")]
pub(crate) fn add_faults(random: &mut Random, scenario: &mut Scenario) {
    let seldom = |random: &mut Random, value| if random.below(5) == 0 { value } else { 0 };
    let rates = [
        (Key::CrashRate, 60),
        (Key::RestartAfter, 20_000),
        (Key::TaskFailures, 15),
        (Key::MessageLoss, 20),
        (Key::MessageDuplication, 20),
        (Key::Stragglers, 30),
    ];
    for (key, most) in rates {
        let value = random.between(1, most);
        let value = seldom(random, value);
        scenario.parameters = scenario.parameters.clone().with(key, value);
    }
    let latency = random.between(1, 300);
    scenario.parameters = scenario.parameters.clone().with(Key::Latency, latency);
    let poisoned = random.below(20) == 0;
    let count = random.below(7);
    scenario.faults = (0..count).map(|_| planned_fault(random, scenario)).collect();
    if poisoned {
        scenario.faults.push(PlannedFault { at: Time::ZERO, fault: poison(random, scenario) });
    }
}

/// A byte of the input becomes poison.
fn poison(random: &mut Random, scenario: &Scenario) -> Fault {
    let files = files(scenario);
    let mut place = random.below(files.bytes());
    for (file, one) in files.iter() {
        if place < one.length() {
            return Fault::PoisonRecord { offset: place, file };
        }
        place -= one.length();
    }
    Fault::PoisonRecord { offset: 0, file: FileId(0) }
}

fn planned_fault(random: &mut Random, scenario: &Scenario) -> PlannedFault {
    let fault = fault(random, scenario);
    PlannedFault { at: Time(random.below(60_000_000)), fault }
}

/// A random fault, of things that are there.
#[allow(dead_code, reason = "not every test has faults")]
pub(crate) fn fault(random: &mut Random, scenario: &Scenario) -> Fault {
    let small = |number: u64| u16::try_from(number).unwrap_or(u16::MAX);
    let (nodes, racks) = (scenario.parameters.get(Key::Nodes), scenario.parameters.get(Key::Racks));
    let node = NodeId(small(random.between(1, nodes)));
    let rack = RackId(small(random.between(1, racks)));
    let percent = u32::try_from([0, 5, 20, 50, 100][pick(random, 5)]).unwrap_or(100);
    let part = [NodePart::Processor, NodePart::Disk, NodePart::Network][pick(random, 3)];
    let reducers = random.below(scenario.parameters.get(Key::Reducers));
    match random.below(12) {
        0..=2 => Fault::Crash { node },
        3..=4 => Fault::Restart { node, keep_disk: random.below(2) == 0 },
        5..=6 => Fault::Slow { node, part, percent },
        7 => Fault::CutRack { rack },
        8 => Fault::JoinRack { rack },
        9 => Fault::LoseMessages { node, percent: percent.min(90) },
        10 => Fault::FailTask { task: TaskId::map(0) },
        _ => Fault::FailTask { task: TaskId::reduce(u32::try_from(reducers).unwrap_or(0)) },
    }
}
