//! Random runs, from clusters and parameters to texts, each made from a random stream alone.

use millrace::base::{
    Fault, FileId, Files, Level, NodeId, NodePart, PlannedFault, RackId, TaskId, Time,
};

use millrace::base::random::Random;
use millrace::scenario::{
    BATCH_JOBS, Content, FileInput, Input, JobKind, Key, Parameters, Scenario, VERSION, check_files,
};

/// A random job on a random cluster with random parameters, over a random text that it can read.
pub(crate) fn run(random: &mut Random) -> (Scenario, String) {
    let job = BATCH_JOBS[pick(random, BATCH_JOBS.len() as u64)].clone();
    let text = text(random, &job);
    let mut scenario = scenario(random, job.clone(), &text);
    if job == JobKind::NaiveAverage {
        // What it comes to with a combiner is luck, which is what it is there to show.
        scenario.parameters = scenario.parameters.with(Key::Combiner, 0);
    }
    (scenario, text)
}

/// What grep looks for in them.
const PATTERNS: [&str; 7] = ["river", "the", "must", "Alice", "a", "love", "?"];

/// A random cluster with random parameters, over this text.
fn scenario(random: &mut Random, job: JobKind, text: &str) -> Scenario {
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
        (Key::Partitioner, random.below(7)),
        (Key::Top, random.between(1, 40)),
        (Key::Salts, random.between(1, 5)),
        (Key::Stage, random.between(1, 3)),
        (Key::BlockSize, random.between((length / 40).max(16), length.max(17) + 20)),
        (Key::SplitMin, random.between(1, 40)),
        (Key::CombineInputs, random.below(3) / 2),
        (Key::SplitMax, random.between((length / 40).max(16), 2 * length + 40)),
        (Key::SortBuffer, random.between(256, 4_096)),
        (Key::SpillPercent, random.between(10, 100)),
        (Key::MapOutputCodec, random.below(2)),
        (Key::CommitAlgorithm, random.between(1, 2)),
        (Key::SortFactor, random.between(2, 12)),
        (Key::ParallelCopies, random.between(1, 6)),
        (Key::ReduceHeap, random.between(1, 40)),
        (Key::SlowStart, random.between(0, 100)),
        (Key::Scale, 1 << random.below(16)),
        (Key::LocalityDelay, random.below(3) * 20),
        (Key::Launch, random.below(2_000)),
        (Key::Seed, random.below(1 << 40)),
    ];
    let mut parameters =
        values.iter().fold(Parameters::default(), |all, (key, value)| all.with(*key, *value));
    let pattern = PATTERNS[pick(random, PATTERNS.len() as u64)];
    parameters.set_text("pattern", pattern).expect("a pattern that is allowed");
    let level = [Level::Counters, Level::Tasks, Level::Records][pick(random, 3)];
    let (version, input) = (VERSION, input(random, &job, text));
    Scenario { version, job, input, level, parameters, faults: Vec::new() }
}

/// The text as one file or as several, which are cut between its lines or words.
fn input(random: &mut Random, job: &JobKind, text: &str) -> Input {
    let cuts = random.below(3) * random.below(5);
    // A line of fields stays whole; one of words may be cut.
    let ends = if *job == JobKind::WordCount { " \n\r\t" } else { "\n" };
    let after_word =
        |at: usize| text[at..].find(|end| ends.contains(end)).map(|more| at + more + 1);
    let mut places: Vec<usize> = (0..cuts)
        .map(|_| pick(random, text.len() as u64))
        .filter(|place| text.is_char_boundary(*place))
        .filter_map(after_word)
        .collect();
    if is_join(job) {
        places.extend(after_word(0));
    } else if places.is_empty() {
        return Input::Text(text.to_owned());
    }
    places.extend([0, text.len()]);
    places.sort_unstable();
    let pieces = places.windows(2).map(|ends| &text[ends[0]..ends[1]]);
    let gzipped = pick(random, 9);
    let file = |(place, piece): (usize, &str)| FileInput {
        name: format!("part-{place}.txt"),
        content: Content::Text(piece.to_owned()),
        gzip: place % 3 == gzipped,
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

/// A text that a job can read.
fn text(random: &mut Random, job: &JobKind) -> String {
    match job {
        JobKind::WordCount
        | JobKind::Grep
        | JobKind::Distinct
        | JobKind::TotalOrder
        | JobKind::Compaction => words(random),
        JobKind::InvertedIndex | JobKind::TfIdf => lines(random, |random| {
            let text = words(random).replace(['\n', '\r'], " ");
            format!("d{}\t{}", random.below(20), text.chars().take(40).collect::<String>())
        }),
        JobKind::Join | JobKind::SaltedJoin | JobKind::BroadcastJoin | JobKind::BucketedJoin => {
            let rows = lines(random, |random| {
                let id = random.below(12).min(random.below(12)).cast_signed() - 2;
                format!("{id}\t{}", ["ada", "bo", "c c", "", "é"][pick(random, 5)])
            });
            format!("5\tfirst\n{rows}")
        }
        JobKind::PageRank => lines(random, |random| {
            let count = random.below(5);
            let links: Vec<String> = (0..count).map(|_| format!("p{}", random.below(15))).collect();
            format!("p{}\t{}", random.below(15), links.join(","))
        }),
        JobKind::Top => lines(random, |random| {
            format!("w{}\t{}", random.below(50), random.below(30).cast_signed() - 3)
        }),
        JobKind::SecondarySort | JobKind::Average | JobKind::NaiveAverage => {
            lines(random, |random| {
                let value = random.below(100_000).cast_signed() - 50_000;
                let value = format!("{}.{:03}", value / 1_000, value.unsigned_abs() % 1_000);
                let value = if random.below(2) == 0 { "-7".to_owned() } else { value };
                format!("s{},{},{value}", random.below(9), random.below(5_000).cast_signed() - 99)
            })
        }
        JobKind::Stream(_) => panic!("no batch job"),
    }
}

/// Lines of a kind, with all three line ends.
fn lines(random: &mut Random, line: impl Fn(&mut Random) -> String) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(120) {
        text += &line(random);
        text += ["\n", "\n", "\r\n", "\r"][pick(random, 4)];
    }
    text
}

/// Texts of all kinds: prose, one word a line, one huge line, huge words, binary noise made valid.
fn words(random: &mut Random) -> String {
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
    if poisoned && reads_its_input(scenario) {
        scenario.faults.push(PlannedFault { at: Time::ZERO, fault: poison(random, scenario) });
    }
}

/// A byte of the input becomes poison.
fn poison(random: &mut Random, scenario: &Scenario) -> Fault {
    let files = check_files(&files(scenario)).expect("texts that are taken").files;
    let texts = files.texts();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let mut place = pick(random, bytes as u64);
    for (file, text) in (0..).map(FileId).zip(texts) {
        if place < text.len() {
            return Fault::PoisonRecord { offset: place as u64, file };
        }
        place -= text.len();
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

/// How many pairs all maps together emit, counted line by line; nothing where it depends on the
/// splits.
#[allow(dead_code, reason = "not every test counts")]
pub(crate) fn map_outputs(job: &JobKind, text: &str) -> Option<u64> {
    const SEPARATORS: [char; 5] = [' ', '\t', '\n', '\r', '\u{c}'];
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = || {
        let whole = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut lines: Vec<String> = whole.split('\n').map(str::to_owned).collect();
        if whole.ends_with('\n') {
            lines.pop();
        }
        lines
    };
    let count = match job {
        JobKind::WordCount | JobKind::Distinct => {
            text.split(SEPARATORS).filter(|word| !word.is_empty()).count()
        }
        JobKind::TotalOrder
        | JobKind::SecondarySort
        | JobKind::Average
        | JobKind::NaiveAverage
        | JobKind::Join
        | JobKind::Compaction => lines().len(),
        JobKind::InvertedIndex => lines().iter().map(|line| words_of_document(line)).sum(),
        JobKind::Top
        | JobKind::Grep
        | JobKind::SaltedJoin
        | JobKind::BroadcastJoin
        | JobKind::BucketedJoin
        | JobKind::PageRank
        | JobKind::TfIdf
        | JobKind::Stream(_) => return None,
    };
    Some(count as u64)
}

/// The distinct words of a document's line.
fn words_of_document(line: &str) -> usize {
    let text = line.split_once('\t').map_or("", |(_, text)| text).to_lowercase();
    let words = text.split(|letter: char| !letter.is_ascii_lowercase());
    words.filter(|word| !word.is_empty()).collect::<std::collections::BTreeSet<_>>().len()
}

/// Whether a job's reducer writes exactly a line for each group.
#[allow(dead_code, reason = "not every test counts")]
pub(crate) fn writes_a_line_a_group(job: &JobKind) -> bool {
    match job {
        JobKind::WordCount
        | JobKind::Distinct
        | JobKind::SecondarySort
        | JobKind::Average
        | JobKind::NaiveAverage
        | JobKind::InvertedIndex
        | JobKind::Compaction
        | JobKind::PageRank => true,
        JobKind::Grep
        | JobKind::TotalOrder
        | JobKind::Top
        | JobKind::Join
        | JobKind::SaltedJoin
        | JobKind::BroadcastJoin
        | JobKind::BucketedJoin
        | JobKind::TfIdf
        | JobKind::Stream(_) => false,
    }
}

/// Whether a combiner runs.
#[allow(dead_code, reason = "not every test counts")]
pub(crate) fn combines(scenario: &Scenario) -> bool {
    let has_one = match scenario.job {
        JobKind::WordCount | JobKind::Distinct | JobKind::Average | JobKind::NaiveAverage => true,
        JobKind::Grep
        | JobKind::InvertedIndex
        | JobKind::TotalOrder
        | JobKind::SecondarySort
        | JobKind::Top
        | JobKind::Join
        | JobKind::SaltedJoin
        | JobKind::BroadcastJoin
        | JobKind::BucketedJoin
        | JobKind::Compaction
        | JobKind::PageRank
        | JobKind::Stream(_) => false,
        JobKind::TfIdf => scenario.parameters.get(Key::Stage) == 1,
    };
    has_one && scenario.parameters.is_on(Key::Combiner)
}

/// Reduce tasks of a run.
#[allow(dead_code, reason = "not every test counts")]
pub(crate) fn reducers(scenario: &Scenario) -> u64 {
    let map_only = [JobKind::Grep, JobKind::BroadcastJoin, JobKind::BucketedJoin];
    if map_only.contains(&scenario.job) { 0 } else { scenario.parameters.get(Key::Reducers) }
}

fn is_join(job: &JobKind) -> bool {
    use JobKind::{BroadcastJoin, BucketedJoin, Join, SaltedJoin};
    [Join, SaltedJoin, BroadcastJoin, BucketedJoin].contains(job)
}

/// Whether the maps read just the files of the scenario, so that a byte of these can be poison.
fn reads_its_input(scenario: &Scenario) -> bool {
    let is_first = scenario.parameters.get(Key::Stage) == 1;
    match scenario.job {
        JobKind::BroadcastJoin | JobKind::BucketedJoin => false,
        JobKind::PageRank | JobKind::TfIdf => is_first,
        JobKind::WordCount
        | JobKind::Grep
        | JobKind::InvertedIndex
        | JobKind::TotalOrder
        | JobKind::SecondarySort
        | JobKind::Distinct
        | JobKind::Top
        | JobKind::Average
        | JobKind::NaiveAverage
        | JobKind::Join
        | JobKind::SaltedJoin
        | JobKind::Compaction => true,
        JobKind::Stream(_) => false,
    }
}
