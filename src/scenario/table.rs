//! The parameter table: each tunable is declared once, here, and forms, validation, links, docs,
//! sweeps and the command line all read it.
//!
//! Sizes are bytes of the text as it is; on the simulated cluster each stands for `scale` bytes.
//! With the default scale of 1024 a KiB stands for a MiB, and every default below is the real
//! system's own, read through that scale.

mod stream;

pub use stream::{
    ACCUMULATIONS, AGGREGATES, DELAYS, EARLY, EMPTY_PANES, LATE, PROFILES, SPARK_OUTPUTS,
    TIME_DOMAINS, TRIGGERS, WATERMARKS, WINDOWS,
};

use super::lab::Lab;
use super::parameters::ParameterError;
use std::fmt::Display;
use stream::STREAM;

/// As good as no bound: more than any block has.
const SPLIT_BYTES_MAX: u64 = 1 << 30;

/// A tunable.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its place in the table.
    pub key: Key,
    /// Its name in scenarios, links and on the command line.
    pub name: &'static str,
    /// Its name in forms.
    pub label: &'static str,
    /// The group of the form that it stands in.
    pub group: Group,
    /// What it counts; empty for a plain number.
    pub unit: Unit,
    /// What values it takes.
    pub kind: Kind,
    /// Its value unless the scenario says otherwise.
    pub default: u64,
    /// One line of help.
    pub help: &'static str,
    /// The real system's own name and default; empty where it has none.
    pub real: &'static str,
}

/// Groups of the parameter form, most-used first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What the job does.
    Job,
    /// Machines and racks.
    Cluster,
    /// How the input lies on the cluster.
    Storage,
    /// Buffers, merges and fetches.
    Shuffle,
    /// Speeds and the time that things take.
    Speeds,
    /// How failures are noticed and mended.
    Recovery,
    /// What goes wrong, and how often.
    Faults,
    /// Which windows, and what is made of them.
    Windows,
    /// When windows fire, and what they say.
    Triggers,
    /// Whose rules hold, and how many subtasks.
    StreamJob,
    /// How it is known that all has come.
    Watermarks,
    /// The events that are made.
    Workload,
}

/// What a value counts, and so how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A plain number.
    None,
    /// Bytes of the text.
    Bytes,
    /// Bytes that a byte stands for.
    Times,
    /// Mebibytes of a machine.
    Mebibytes,
    /// Megabytes a second.
    MegabytesPerSecond,
    /// Megabits a second.
    MegabitsPerSecond,
    /// Milliseconds.
    Millis,
    /// Percent.
    Percent,
    /// Events an hour of virtual time.
    PerHour,
}

impl Group {
    /// Its name in forms.
    pub fn label(self) -> &'static str {
        match self {
            Group::Job => "Job",
            Group::Cluster => "Cluster",
            Group::Storage => "Storage",
            Group::Shuffle => "Shuffle",
            Group::Speeds => "Speeds",
            Group::Recovery => "Recovery",
            Group::Faults => "Faults",
            Group::Windows => "Windows",
            Group::Triggers => "Triggers",
            Group::StreamJob => "Stream job",
            Group::Watermarks => "Watermarks",
            Group::Workload => "Workload",
        }
    }
}

impl Group {
    /// The lab whose jobs have the tunables of this group.
    pub fn lab(self) -> Lab {
        match self {
            Group::Job
            | Group::Cluster
            | Group::Storage
            | Group::Shuffle
            | Group::Speeds
            | Group::Recovery
            | Group::Faults => Lab::Mapreduce,
            Group::Windows
            | Group::Triggers
            | Group::StreamJob
            | Group::Watermarks
            | Group::Workload => Lab::Stream,
        }
    }
}

impl Unit {
    /// Its symbol behind a number; empty for a plain number.
    pub fn symbol(self) -> &'static str {
        match self {
            Unit::None => "",
            Unit::Bytes => "B",
            Unit::Times => "×",
            Unit::Mebibytes => "MiB",
            Unit::MegabytesPerSecond => "MB/s",
            Unit::MegabitsPerSecond => "Mbit/s",
            Unit::Millis => "ms",
            Unit::Percent => "%",
            Unit::PerHour => "/h",
        }
    }
}

/// What values a tunable takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number in this range, both ends included; with a slider on a log scale or not.
    Number {
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
        /// Whether a slider and a sweep go by factors instead of by steps.
        log: bool,
    },
    /// On or off.
    Switch,
    /// One of these.
    Choice(&'static [&'static str]),
    /// A text on one line. It is no number, and can't be swept; `Parameters::text` has it.
    Text {
        /// The text unless the scenario says otherwise.
        default: &'static str,
        /// The most bytes that it has; it has one at least.
        bytes_max: usize,
    },
}

/// The tunables. The order is that of `PARAMETERS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Reduce tasks.
    Reducers,
    /// Whether a combiner runs.
    Combiner,
    /// How keys are spread over reducers.
    Partitioner,
    /// How many of the largest are asked for.
    Top,
    /// What grep looks for.
    Pattern,
    /// Groups that the rows of one id are dealt out to.
    Salts,
    /// Which job of a chain is run.
    Stage,
    /// How the output of tasks becomes the job's.
    CommitAlgorithm,
    /// Machines.
    Nodes,
    /// Racks.
    Racks,
    /// Map tasks at once on a node.
    MapSlots,
    /// Reduce tasks at once on a node.
    ReduceSlots,
    /// Cores of a node.
    Cores,
    /// Memory of a node for containers.
    NodeMemory,
    /// The seed of all luck.
    Seed,
    /// Block size.
    BlockSize,
    /// The least bytes of a split.
    SplitMin,
    /// The most bytes of a split.
    SplitMax,
    /// Whether small files go together into splits.
    CombineInputs,
    /// Copies of each block.
    Replication,
    /// What a byte stands for.
    Scale,
    /// The sort buffer.
    SortBuffer,
    /// The part of it at which a spill begins.
    SpillPercent,
    /// How map outputs are kept and sent.
    MapOutputCodec,
    /// Segments merged at once.
    SortFactor,
    /// Fetches at once.
    ParallelCopies,
    /// Memory of a reduce.
    ReduceHeap,
    /// Maps done before reducers are given out.
    SlowStart,
    /// Disk bandwidth.
    DiskRate,
    /// Network card bandwidth.
    NetworkRate,
    /// Bandwidth of a rack's uplink.
    UplinkRate,
    /// Bytes that a core maps in a second.
    MapRate,
    /// Bytes that a core sorts, merges or reduces in a second.
    SortRate,
    /// Bytes that a core compresses or decompresses in a second.
    CodecRate,
    /// Heartbeat interval.
    Heartbeat,
    /// Container start.
    Launch,
    /// Scheduling opportunities to pass while waiting for locality.
    LocalityDelay,
    /// Whether slow attempts get backups.
    Speculation,
    /// Attempts that a task may fail.
    MaxAttempts,
    /// Failures of the job on a node before it is barred.
    NodeFailures,
    /// Silence after which a node is believed lost.
    NodeTimeout,
    /// Silence after which an attempt is failed.
    TaskTimeout,
    /// Silence after which a read from another node fails.
    ReadTimeout,
    /// What a message takes.
    Latency,
    /// Messages lost.
    MessageLoss,
    /// Messages that come twice.
    MessageDuplication,
    /// Crashes of a node.
    CrashRate,
    /// When a crashed node starts again.
    RestartAfter,
    /// Attempts that throw.
    TaskFailures,
    /// Nodes that are slow.
    Stragglers,
    /// How slow they are.
    StragglerSpeed,
    /// Which windows there are; Kafka's sliding pairs are two records at most a size apart.
    Window,
    /// How long a tumbling or sliding window is.
    WindowSize,
    /// From one start of a sliding window to the next.
    WindowSlide,
    /// Where windows start, modulo their size or slide.
    WindowOffset,
    /// A silence of this length ends a session.
    SessionGap,
    /// How many elements a count window has.
    WindowCount,
    /// A count window fires each time after so many elements, over the last ones; 0 is its count.
    CountSlide,
    /// What is made of the elements of a window.
    Aggregate,
    /// How many values the aggregate "top" keeps.
    TopValues,
    /// When windows fire: as the watermark passes the end, after so many elements, so long after the first, at the next multiple of the clock, or each so much event time.
    Trigger,
    /// How many elements a count trigger waits for.
    TriggerCount,
    /// How long a delay, or from one multiple to the next.
    TriggerInterval,
    /// Where aligned delays are.
    TriggerOffset,
    /// What fires before the end of a window, beside the watermark trigger.
    Early,
    /// What fires after the end of a window, within the allowed lateness.
    Late,
    /// Whether a pane says all so far, only what is new, or all so far after taking back what was said.
    Accumulation,
    /// How long after its end a window takes elements; Kafka calls it grace.
    AllowedLateness,
    /// Which panes come though they are empty.
    EmptyPanes,
    /// Whose rules hold where real systems differ.
    Profile,
    /// Whether Spark emits final windows, changed ones at each batch, or all.
    SparkOutput,
    /// How long after one batch of Spark the next begins.
    MicroBatch,
    /// When an element happened: as it says, as the source reads it, or as the window sees it.
    TimeOf,
    /// Partitions of the topic that the source reads.
    StreamPartitions,
    /// How many subtasks read the partitions.
    SourceParallelism,
    /// How many subtasks the other operators have.
    Parallelism,
    /// Into how many groups keys are hashed; each subtask owns a range of them.
    KeyGroups,
    /// What an element takes from one operator to the next.
    ChannelLatency,
    /// How long a deduplication remembers a key, in event time.
    DeduplicateWithin,
    /// After how long a silence of a key the process function speaks.
    SilenceTimeout,
    /// How a source knows that nothing older comes: a bound on lateness asked now and then or at each record, knowledge of the future, a percentile, or the book's curves.
    Watermark,
    /// How much the watermark stays behind the latest event.
    WatermarkDelay,
    /// How often a source says its watermark.
    WatermarkInterval,
    /// Which part of the last 100 elements the percentile watermark gives up.
    WatermarkPercentile,
    /// A partition that is silent for longer holds nothing back; 0 is never.
    IdleTimeout,
    /// A partition whose watermark is further ahead of the slowest is paused; 0 is never.
    AlignmentDrift,
    /// How many events are made.
    Events,
    /// How many of them happen in a second, on average.
    EventRate,
    /// How long the stream stays open after its last event.
    StayOpen,
    /// Part of each ten seconds in which nothing happens, so that all happens in the rest.
    Bursts,
    /// How many different keys there are.
    Keys,
    /// Zipf's exponent: at 0 all keys are as frequent, at 100 the second is half as frequent as the first.
    KeySkew,
    /// How much later than it happened an event arrives.
    Delay,
    /// How large the delay is: its bound, its mean, or how long a phone is offline and a clock is wrong.
    DelayMean,
    /// Whether the last partition gets nothing in the second half.
    IdlePartition,
    /// How much later everything comes to partition 0.
    SlowPartition,
}

const fn number(min: u64, max: u64, log: bool) -> Kind {
    Kind::Number { min, max, log }
}

/// How keys are spread over reducers; the place in this list is the parameter's value.
pub const PARTITIONERS: &[&str] =
    &["hadoop_text", "hadoop_string", "spark_sql", "spark_rdd", "kafka", "range", "all_to_one"];

/// How map outputs can be kept; the place in this list is the parameter's value.
pub const MAP_OUTPUT_CODECS: &[&str] = &["none", "lz4"];

/// Each tunable, in the order of `Key`: those of MapReduce, then those of stream jobs.
pub static PARAMETERS: [Parameter; MAPREDUCE.len() + STREAM.len()] = {
    let mut all = [MAPREDUCE[0]; MAPREDUCE.len() + STREAM.len()];
    let mut place = 0;
    while place < all.len() {
        all[place] = match place < MAPREDUCE.len() {
            true => MAPREDUCE[place],
            false => STREAM[place - MAPREDUCE.len()],
        };
        place += 1;
    }
    all
};

const MAPREDUCE: [Parameter; 51] = [
    Parameter {
        key: Key::Reducers,
        name: "reducers",
        label: "Reducers",
        group: Group::Job,
        unit: Unit::None,
        kind: number(1, 1_000, true),
        default: 2,
        help: "Reduce tasks, and so partitions of the intermediate data and parts of the output.",
        real: "mapreduce.job.reduces = 1",
    },
    Parameter {
        key: Key::Combiner,
        name: "combiner",
        label: "Combiner",
        group: Group::Job,
        unit: Unit::None,
        kind: Kind::Switch,
        default: 1,
        help: "Takes equal keys together on the map side, in each spill, before they travel.",
        real: "Job.setCombinerClass, none",
    },
    Parameter {
        key: Key::Partitioner,
        name: "partitioner",
        label: "Partitioner",
        group: Group::Job,
        unit: Unit::None,
        kind: Kind::Choice(PARTITIONERS),
        default: 0,
        help: "How the key chooses its reducer: a hash, sampled ranges, or all to one.",
        real: "mapreduce.job.partitioner.class = HashPartitioner",
    },
    Parameter {
        key: Key::Top,
        name: "top",
        label: "Top",
        group: Group::Job,
        unit: Unit::None,
        kind: number(1, 1_000, true),
        default: 10,
        help: "How many of the largest the job \"top\" looks for.",
        real: "",
    },
    Parameter {
        key: Key::Pattern,
        name: "pattern",
        label: "Pattern",
        group: Group::Job,
        unit: Unit::None,
        kind: Kind::Text { default: "river", bytes_max: 100 },
        default: 0,
        help: "What lines the job \"grep\" keeps: those that contain this text, letter for letter.",
        real: "mapreduce.mapper.regex",
    },
    Parameter {
        key: Key::Salts,
        name: "salts",
        label: "Salts",
        group: Group::Job,
        unit: Unit::None,
        kind: number(1, 16, false),
        default: 4,
        help: "Groups that the \"salted_join\" deals the rows of one id out to; 1 is no salt.",
        real: "",
    },
    Parameter {
        key: Key::Stage,
        name: "stage",
        label: "Stage",
        group: Group::Job,
        unit: Unit::None,
        kind: number(1, 20, false),
        default: 1,
        help: "Which job of a chain is run: a round of \"page_rank\", or 1 to 3 of \"tf_idf\".",
        real: "",
    },
    Parameter {
        key: Key::CommitAlgorithm,
        name: "commit_algorithm",
        label: "Commit algorithm",
        group: Group::Job,
        unit: Unit::None,
        kind: number(1, 2, false),
        default: 2,
        help: "1: parts are seen once the job commits and renames all; 2: each as its task commits.",
        real: "mapreduce.fileoutputcommitter.algorithm.version = 2",
    },
    Parameter {
        key: Key::Nodes,
        name: "nodes",
        label: "Nodes",
        group: Group::Cluster,
        unit: Unit::None,
        kind: number(1, 200, true),
        default: 6,
        help: "Machines that store blocks and run tasks.",
        real: "",
    },
    Parameter {
        key: Key::Racks,
        name: "racks",
        label: "Racks",
        group: Group::Cluster,
        unit: Unit::None,
        kind: number(1, 20, false),
        default: 2,
        help: "Switches that the nodes are spread over; at most one a node.",
        real: "net.topology.script.file.name, one rack",
    },
    Parameter {
        key: Key::MapSlots,
        name: "map_slots",
        label: "Map slots",
        group: Group::Cluster,
        unit: Unit::None,
        kind: number(1, 32, false),
        default: 2,
        help: "Map tasks that a node runs at once.",
        real: "mapreduce.tasktracker.map.tasks.maximum = 2 (MRv1)",
    },
    Parameter {
        key: Key::ReduceSlots,
        name: "reduce_slots",
        label: "Reduce slots",
        group: Group::Cluster,
        unit: Unit::None,
        kind: number(1, 32, false),
        default: 2,
        help: "Reduce tasks that a node runs at once.",
        real: "mapreduce.tasktracker.reduce.tasks.maximum = 2 (MRv1)",
    },
    Parameter {
        key: Key::Cores,
        name: "cores",
        label: "Cores",
        group: Group::Cluster,
        unit: Unit::None,
        kind: number(1, 64, false),
        default: 4,
        help: "Processor cores of a node; tasks beyond them share.",
        real: "yarn.nodemanager.resource.cpu-vcores = 8",
    },
    Parameter {
        key: Key::NodeMemory,
        name: "node_memory_mib",
        label: "Memory",
        group: Group::Cluster,
        unit: Unit::Mebibytes,
        kind: number(1_024, 1_048_576, true),
        default: 8_192,
        help: "A node's memory for containers; each task takes 1 GiB of it, and waits while there is none.",
        real: "yarn.nodemanager.resource.memory-mb = 8192",
    },
    Parameter {
        key: Key::Seed,
        name: "seed",
        label: "Seed",
        group: Group::Cluster,
        unit: Unit::None,
        kind: number(0, u64::MAX >> 11, false),
        default: 1,
        help: "All luck of a run comes from it: the same seed, the same run.",
        real: "",
    },
    Parameter {
        key: Key::BlockSize,
        name: "block_size",
        label: "Block size",
        group: Group::Storage,
        unit: Unit::Bytes,
        kind: number(16, 128 << 20, true),
        default: 128 << 10,
        help: "The input is cut into blocks of this size; a map task reads about one.",
        real: "dfs.blocksize = 128 MiB",
    },
    Parameter {
        key: Key::SplitMin,
        name: "split_min",
        label: "Smallest split",
        group: Group::Storage,
        unit: Unit::Bytes,
        kind: number(1, SPLIT_BYTES_MAX, true),
        default: 1,
        help: "A split has at least so many bytes, even where it then reads on into other blocks.",
        real: "mapreduce.input.fileinputformat.split.minsize = 1",
    },
    Parameter {
        key: Key::SplitMax,
        name: "split_max",
        label: "Largest split",
        group: Group::Storage,
        unit: Unit::Bytes,
        kind: number(16, SPLIT_BYTES_MAX, true),
        default: SPLIT_BYTES_MAX,
        help: "A split has at most so many bytes, but for the last of a file, which takes up to a tenth more.",
        real: "mapreduce.input.fileinputformat.split.maxsize, none",
    },
    Parameter {
        key: Key::CombineInputs,
        name: "combine_inputs",
        label: "Combine small files",
        group: Group::Storage,
        unit: Unit::None,
        kind: Kind::Switch,
        default: 0,
        help: "Files that lie near each other go into one split, up to the largest split's size.",
        real: "CombineTextInputFormat instead of TextInputFormat",
    },
    Parameter {
        key: Key::Replication,
        name: "replication",
        label: "Replicas",
        group: Group::Storage,
        unit: Unit::None,
        kind: number(1, 10, false),
        default: 3,
        help: "Nodes that hold a copy of each block; at most one a node.",
        real: "dfs.replication = 3",
    },
    Parameter {
        key: Key::Scale,
        name: "scale",
        label: "A byte stands for",
        group: Group::Storage,
        unit: Unit::Times,
        kind: number(1, 1 << 24, true),
        default: 1_024,
        help: "On the simulated cluster each byte of the text takes the time of so many bytes.",
        real: "",
    },
    Parameter {
        key: Key::SortBuffer,
        name: "sort_buffer",
        label: "Sort buffer",
        group: Group::Shuffle,
        unit: Unit::Bytes,
        kind: number(256, 1 << 30, true),
        default: 100 << 10,
        help: "Memory of a map task for its output, before it spills to disk.",
        real: "mapreduce.task.io.sort.mb = 100 MiB",
    },
    Parameter {
        key: Key::SpillPercent,
        name: "spill_percent",
        label: "Spill at",
        group: Group::Shuffle,
        unit: Unit::Percent,
        kind: number(10, 100, false),
        default: 80,
        help: "How full the sort buffer is when a spill begins in the background.",
        real: "mapreduce.map.sort.spill.percent = 0.80",
    },
    Parameter {
        key: Key::MapOutputCodec,
        name: "map_output_codec",
        label: "Compress map output",
        group: Group::Shuffle,
        unit: Unit::None,
        kind: Kind::Choice(MAP_OUTPUT_CODECS),
        default: 0,
        help: "Whether spills, merges and fetches hold LZ4: less to write and send, more to compute.",
        real: "mapreduce.map.output.compress = false",
    },
    Parameter {
        key: Key::SortFactor,
        name: "sort_factor",
        label: "Merge factor",
        group: Group::Shuffle,
        unit: Unit::None,
        kind: number(2, 1_000, true),
        default: 10,
        help: "Sorted segments that one merge reads at once.",
        real: "mapreduce.task.io.sort.factor = 10",
    },
    Parameter {
        key: Key::ParallelCopies,
        name: "parallel_copies",
        label: "Parallel copies",
        group: Group::Shuffle,
        unit: Unit::None,
        kind: number(1, 100, true),
        default: 5,
        help: "Map outputs that a reduce fetches at once.",
        real: "mapreduce.reduce.shuffle.parallelcopies = 5",
    },
    Parameter {
        key: Key::ReduceHeap,
        name: "reduce_heap_mb",
        label: "Reduce memory",
        group: Group::Shuffle,
        unit: Unit::Mebibytes,
        kind: number(1, 1_024, true),
        default: 1_024,
        help: "A reduce fetches into 0.70 of it, and merges that to disk when it is 0.66 full.",
        real: "mapreduce.reduce.memory.mb = 1024, shuffle.input.buffer.percent = 0.70",
    },
    Parameter {
        key: Key::SlowStart,
        name: "slow_start_percent",
        label: "Slow start",
        group: Group::Shuffle,
        unit: Unit::Percent,
        kind: number(0, 100, false),
        default: 5,
        help: "Part of the maps that must be done before reducers are given out.",
        real: "mapreduce.job.reduce.slowstart.completedmaps = 0.05",
    },
    Parameter {
        key: Key::DiskRate,
        name: "disk_mb_s",
        label: "Disk",
        group: Group::Speeds,
        unit: Unit::MegabytesPerSecond,
        kind: number(1, 10_000, true),
        default: 100,
        help: "What a node's disk reads or writes in a second, shared by all that use it.",
        real: "",
    },
    Parameter {
        key: Key::NetworkRate,
        name: "network_mbit_s",
        label: "Network card",
        group: Group::Speeds,
        unit: Unit::MegabitsPerSecond,
        kind: number(1, 100_000, true),
        default: 1_000,
        help: "What a node sends, and what it receives, in a second.",
        real: "",
    },
    Parameter {
        key: Key::UplinkRate,
        name: "uplink_mbit_s",
        label: "Rack uplink",
        group: Group::Speeds,
        unit: Unit::MegabitsPerSecond,
        kind: number(1, 1_000_000, true),
        default: 10_000,
        help: "What a rack sends to the other racks, and receives from them, in a second.",
        real: "",
    },
    Parameter {
        key: Key::MapRate,
        name: "map_mb_s",
        label: "Map speed",
        group: Group::Speeds,
        unit: Unit::MegabytesPerSecond,
        kind: number(1, 10_000, true),
        default: 30,
        help: "Input that one core maps in a second.",
        real: "",
    },
    Parameter {
        key: Key::SortRate,
        name: "sort_mb_s",
        label: "Sort speed",
        group: Group::Speeds,
        unit: Unit::MegabytesPerSecond,
        kind: number(1, 10_000, true),
        default: 80,
        help: "Intermediate data that one core sorts, combines, merges or reduces in a second.",
        real: "",
    },
    Parameter {
        key: Key::CodecRate,
        name: "codec_mb_s",
        label: "Codec speed",
        group: Group::Speeds,
        unit: Unit::MegabytesPerSecond,
        kind: number(1, 10_000, true),
        default: 200,
        help: "Data that one core compresses or decompresses in a second, as it is when it is not compressed.",
        real: "",
    },
    Parameter {
        key: Key::Heartbeat,
        name: "heartbeat_ms",
        label: "Heartbeat",
        group: Group::Speeds,
        unit: Unit::Millis,
        kind: number(100, 60_000, true),
        default: 1_000,
        help: "How often a node tells the coordinator that it is alive and what is free.",
        real: "yarn.resourcemanager.nodemanagers.heartbeat-interval-ms = 1000",
    },
    Parameter {
        key: Key::Launch,
        name: "launch_ms",
        label: "Container start",
        group: Group::Speeds,
        unit: Unit::Millis,
        kind: number(0, 60_000, true),
        default: 1_000,
        help: "What it takes to start a task's container, up to a tenth more or less.",
        real: "",
    },
    Parameter {
        key: Key::LocalityDelay,
        name: "locality_delay",
        label: "Wait for locality",
        group: Group::Speeds,
        unit: Unit::None,
        kind: number(0, 1_000, false),
        default: 40,
        help: "Offers of slots far from the data that the scheduler passes up first, at most one a node.",
        real: "yarn.scheduler.capacity.node-locality-delay = 40",
    },
    Parameter {
        key: Key::Speculation,
        name: "speculation",
        label: "Backup attempts",
        group: Group::Recovery,
        unit: Unit::None,
        kind: Kind::Switch,
        default: 1,
        help: "Whether an attempt that will end much later than a new one would gets a backup.",
        real: "mapreduce.map.speculative, mapreduce.reduce.speculative = true",
    },
    Parameter {
        key: Key::MaxAttempts,
        name: "max_attempts",
        label: "Attempts of a task",
        group: Group::Recovery,
        unit: Unit::None,
        kind: number(1, 10, false),
        default: 4,
        help: "When so many attempts of a task have failed, the job fails. Killed attempts do not count.",
        real: "mapreduce.map.maxattempts, mapreduce.reduce.maxattempts = 4",
    },
    Parameter {
        key: Key::NodeFailures,
        name: "node_failures",
        label: "Failures before a node is barred",
        group: Group::Recovery,
        unit: Unit::None,
        kind: number(1, 100, true),
        default: 3,
        help: "A node on which so many attempts failed gets no more, unless a third of all nodes is barred.",
        real: "mapreduce.job.maxtaskfailures.per.tracker = 3",
    },
    Parameter {
        key: Key::NodeTimeout,
        name: "node_timeout_ms",
        label: "Node time-out",
        group: Group::Recovery,
        unit: Unit::Millis,
        kind: number(2_000, 3_600_000, true),
        default: 30000,
        help: "A node that is silent for longer is believed lost: its work is given to others.",
        real: "yarn.nm.liveness-monitor.expiry-interval-ms = 600000, here a twentieth",
    },
    Parameter {
        key: Key::TaskTimeout,
        name: "task_timeout_ms",
        label: "Task time-out",
        group: Group::Recovery,
        unit: Unit::Millis,
        kind: number(5_000, 3_600_000, true),
        default: 30000,
        help: "An attempt that reports nothing for longer fails.",
        real: "mapreduce.task.timeout = 600000, here a twentieth",
    },
    Parameter {
        key: Key::ReadTimeout,
        name: "read_timeout_ms",
        label: "Read time-out",
        group: Group::Recovery,
        unit: Unit::Millis,
        kind: number(500, 600_000, true),
        default: 9000,
        help: "A read from another node that brings nothing for longer fails, and is tried elsewhere or again.",
        real: "mapreduce.reduce.shuffle.read.timeout = 180000, here a twentieth",
    },
    Parameter {
        key: Key::Latency,
        name: "latency_ms",
        label: "Latency",
        group: Group::Speeds,
        unit: Unit::Millis,
        kind: number(0, 10_000, true),
        default: 1,
        help: "What a message between a node and the coordinator takes.",
        real: "",
    },
    Parameter {
        key: Key::MessageLoss,
        name: "message_loss_percent",
        label: "Messages lost",
        group: Group::Faults,
        unit: Unit::Percent,
        kind: number(0, 90, false),
        default: 0,
        help: "Part of the messages that is lost on the way, and sent again after a time-out.",
        real: "",
    },
    Parameter {
        key: Key::MessageDuplication,
        name: "message_doubling_percent",
        label: "Messages doubled",
        group: Group::Faults,
        unit: Unit::Percent,
        kind: number(0, 100, false),
        default: 0,
        help: "Part of the messages that arrives twice.",
        real: "",
    },
    Parameter {
        key: Key::CrashRate,
        name: "crashes_per_hour",
        label: "Crashes of a node",
        group: Group::Faults,
        unit: Unit::PerHour,
        kind: number(0, 1_000, true),
        default: 0,
        help: "How often each node crashes in an hour of virtual time, at random moments.",
        real: "",
    },
    Parameter {
        key: Key::RestartAfter,
        name: "restart_after_ms",
        label: "Restart after",
        group: Group::Faults,
        unit: Unit::Millis,
        kind: number(0, 3_600_000, true),
        default: 0,
        help: "How long after a random crash a node starts again, with its disk; 0 is never.",
        real: "",
    },
    Parameter {
        key: Key::TaskFailures,
        name: "task_failures_percent",
        label: "Attempts that throw",
        group: Group::Faults,
        unit: Unit::Percent,
        kind: number(0, 100, false),
        default: 0,
        help: "Part of the attempts that throws an exception at a random moment.",
        real: "",
    },
    Parameter {
        key: Key::Stragglers,
        name: "stragglers_percent",
        label: "Slow nodes",
        group: Group::Faults,
        unit: Unit::Percent,
        kind: number(0, 100, false),
        default: 0,
        help: "Part of the nodes whose processor and disk are slow from the start.",
        real: "",
    },
    Parameter {
        key: Key::StragglerSpeed,
        name: "straggler_speed_percent",
        label: "Speed of slow nodes",
        group: Group::Faults,
        unit: Unit::Percent,
        kind: number(1, 100, true),
        default: 20,
        help: "How fast the slow nodes are, compared with the others.",
        real: "",
    },
];

impl Key {
    /// The table's entry.
    pub fn parameter(self) -> &'static Parameter {
        &PARAMETERS[self as usize]
    }
}

impl Parameter {
    /// The real setting as it is shown beside a field that has a value of its own: `mapreduce.job.reduces, default 1`.
    pub fn real_said(&self) -> String {
        self.real.replace(" = ", ", default ")
    }

    /// The entry of this name.
    pub fn named(name: &str) -> Option<&'static Parameter> {
        PARAMETERS.iter().find(|parameter| parameter.name == name)
    }

    /// Whether jobs of this lab have it; all of them have a seed.
    pub fn is_of(&self, lab: Lab) -> bool {
        self.key == Key::Seed || self.group.lab() == lab
    }

    /// Whether the table allows this value.
    ///
    /// # Errors
    /// When it lies outside the range, names no choice, or is neither on nor off.
    pub fn check(&self, value: u64) -> Result<(), ParameterError> {
        let fits = match self.kind {
            Kind::Number { min, max, .. } => (min..=max).contains(&value),
            Kind::Switch => value <= 1,
            Kind::Choice(options) => value < options.len() as u64,
            Kind::Text { .. } => value == 0,
        };
        if fits { Ok(()) } else { Err(self.refuse(value)) }
    }

    /// Whether its value is a text, which no range and no sweep goes over.
    pub fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text { .. })
    }

    /// Whether the table allows this text.
    ///
    /// # Errors
    /// When it is empty, too long or of several lines, or the parameter is no text.
    pub fn check_text(&self, text: &str) -> Result<(), ParameterError> {
        let fits = match self.kind {
            Kind::Text { bytes_max, .. } => {
                (1..=bytes_max).contains(&text.len()) && !text.contains(['\n', '\r'])
            }
            Kind::Number { .. } | Kind::Switch | Kind::Choice(_) => false,
        };
        if fits { Ok(()) } else { Err(self.refuse(shortened(text))) }
    }

    /// A value as it is written in scenarios and on the command line.
    pub fn show(&self, value: u64) -> String {
        match self.kind {
            Kind::Number { .. } => value.to_string(),
            Kind::Switch => (value != 0).to_string(),
            Kind::Choice(options) => {
                let option = usize::try_from(value).ok().and_then(|place| options.get(place));
                option.map_or_else(|| value.to_string(), |option| (*option).to_owned())
            }
            Kind::Text { default, .. } => default.to_owned(),
        }
    }

    /// The error that says what is allowed.
    pub fn refuse(&self, given: impl Display) -> ParameterError {
        let (key, value) = (self.name.to_owned(), given.to_string());
        ParameterError { key, value, allowed: self.allowed() }
    }

    /// What values are allowed, in words.
    pub fn allowed(&self) -> String {
        match self.kind {
            Kind::Number { min, max, .. } => format!("a whole number from {min} to {max}"),
            Kind::Switch => "true or false".to_owned(),
            Kind::Choice(options) => format!("one of {}", options.join(", ")),
            Kind::Text { bytes_max, .. } => {
                format!("a text of 1 to {bytes_max} bytes without a line end")
            }
        }
    }
}

/// A text in an error, in quotes and cut when it is long.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    let short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() { format!("{short:?}…") } else { format!("{short:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_its_keys_and_allows_its_defaults() {
        for (place, parameter) in PARAMETERS.iter().enumerate() {
            assert_eq!(parameter.key as usize, place, "{}", parameter.name);
            assert_eq!(parameter.check(parameter.default), Ok(()));
            let mut same = super::super::Parameters::default();
            assert_eq!(same.set_text(parameter.name, &parameter.show(parameter.default)), Ok(()));
            assert_eq!(same, super::super::Parameters::default());
        }
    }
}
