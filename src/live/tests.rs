//! A live cluster in one thread: a master and its nodes, and posts that arrive in any order that
//! channels allow. Their wall clock is the test's.

use super::wire::Parcel;
use super::{LiveSetup, Master, Node, Posted, values};
use crate::base::random::{Purpose, Random};
use crate::base::{Files, Level, NodeId, RackId, Span, Time};
use crate::mapreduce::beginning::{Beginning, Machines, Writer};
use crate::mapreduce::config::Topology;
use crate::mapreduce::config::{CommitAlgorithm, CommitRule, ShuffleRule};
use crate::mapreduce::segment::SegmentCodec;
use crate::mapreduce::sequential::Sequential;
use crate::mapreduce::split::SplitRule;
use crate::mapreduce::{Job, JobConfig, Partitioner};
use crate::trace::{Event, EventKind, FailureEvent, Snapshot, WorldEvent};
use bytes::Bytes;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// How long a test's run takes at the most.
const RUN_MAX: Span = Span::from_secs(120);

fn job() -> JobConfig {
    let job = JobConfig {
        job: Job::WordCount,
        splits: SplitRule::BY_BLOCKS,
        reducers: 3,
        combiner: true,
        partitioner: Partitioner::HadoopText,
        sort_buffer_bytes: 4 << 10,
        spill_percent: 80,
        codec: SegmentCodec::Plain,
        commit: CommitRule::SINCE_3_0,
        sort_factor: 10,
        parallel_copies: 5,
        shuffle: ShuffleRule::of_heap(1 << 30),
        slow_start_percent: 5,
        locality_delay: 40,
        node_timeout: Span::ZERO,
        task_timeout: Span::ZERO,
        read_timeout: Span::ZERO,
        max_attempts: 4,
        max_node_failures: 3,
        speculation: true,
        task_failure_percent: 0,
        seed: 1,
    };
    values::live_job(job, 1)
}

fn setup(nodes: u16, data: Bytes) -> LiveSetup {
    let machines = Machines {
        topology: Arc::new(Topology(vec![RackId(1); usize::from(nodes)])),
        racks: 1,
        cores: 1,
        memory_bytes: 8 << 30,
        map_slots: 2,
        reduce_slots: 2,
        scale: 1,
    };
    let block_size = values::block_size(data.len() as u64, nodes);
    let (files, replication) = (Files::from(data), u32::from(nodes));
    let (job, writer) = (job(), Writer::NodesInTurn);
    let beginning = Beginning { job, machines, files, block_size, replication, writer };
    LiveSetup { beginning, level: Level::Records }
}

/// A text of so many lines whose words repeat.
fn text(lines: u32) -> Bytes {
    let mut text = String::new();
    for line in 0..lines {
        text.push_str(&format!("mill race {} wheel {} water\n", line % 97, line % 13));
    }
    text.into()
}

/// Where a post lies until it is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Down(NodeId),
    Up(NodeId),
    Across(NodeId, NodeId),
}

struct Cluster {
    master: Master,
    nodes: BTreeMap<NodeId, Node>,
    ways: BTreeMap<Way, VecDeque<Parcel>>,
    wall: Time,
    random: Random,
    events: Vec<Event>,
}

impl Cluster {
    fn start(setup: LiveSetup, seed: u64) -> Cluster {
        let mut cluster = Cluster {
            master: Master::new(setup, Time(1_000)),
            nodes: BTreeMap::new(),
            ways: BTreeMap::new(),
            wall: Time(1_000),
            random: Random::keyed(seed, Purpose::Test, 7, 0),
            events: Vec::new(),
        };
        cluster.collect();
        cluster
    }

    /// A terminated worker: it and what lies in its inboxes are gone.
    fn kill(&mut self, node: NodeId) {
        self.nodes.remove(&node);
        self.ways.retain(|way, _| match way {
            Way::Down(to) => *to != node,
            Way::Up(_) => true,
            Way::Across(from, to) => *from != node && *to != node,
        });
        self.master.lose(self.wall, node, None);
    }

    fn run(&mut self, mut each_step: impl FnMut(&mut Cluster)) {
        let mut ticked = self.wall;
        while !self.master.is_over() && self.master.now() < Time::ZERO + RUN_MAX {
            self.wall += Span(self.random.below(4_000));
            self.step();
            if self.wall.since(ticked) > Span::from_millis(100) {
                ticked = self.wall;
                self.master.on_time(self.wall);
            }
            self.collect();
            each_step(self);
        }
    }

    /// Something is heard, or a node works.
    fn step(&mut self) {
        let ways: Vec<Way> = self.ways.keys().copied().collect();
        let (nodes, choice) = (self.nodes.len() as u64, ways.len() as u64);
        let choice = self.random.below(nodes + choice);
        if choice < nodes {
            let node = self.nodes.values_mut().nth(usize::try_from(choice).unwrap());
            return node.unwrap().work(self.wall);
        }
        let way = ways[usize::try_from(choice - nodes).unwrap()];
        let Some(parcel) = self.ways.get_mut(&way).and_then(VecDeque::pop_front) else { return };
        match way {
            Way::Up(node) => self.master.hear(self.wall, node, &parcel),
            Way::Down(node) => self.hear(node, parcel),
            Way::Across(from, to) => {
                self.nodes.get_mut(&to).unwrap().hear_peer(self.wall, from, parcel);
            }
        }
    }

    fn hear(&mut self, node: NodeId, parcel: Parcel) {
        match self.nodes.get_mut(&node) {
            Some(node) => node.hear(self.wall, parcel),
            None => self.nodes.extend(Node::start(&parcel, self.wall).map(|new| (node, new))),
        }
    }

    /// Puts what is to be posted on its way.
    fn collect(&mut self) {
        for (node, parcel) in self.master.take_parcels() {
            self.ways.entry(Way::Down(node)).or_default().push_back(parcel);
        }
        for (id, node) in &mut self.nodes {
            for posted in node.take_posts() {
                let (way, parcel) = match posted {
                    Posted::ToMaster(parcel) => (Way::Up(*id), parcel),
                    Posted::ToPeer(to, parcel) => (Way::Across(*id, to), parcel),
                };
                self.ways.entry(way).or_default().push_back(parcel);
            }
        }
        let here = |way: &Way| match way {
            Way::Across(_, to) => self.nodes.contains_key(to),
            Way::Down(_) | Way::Up(_) => true,
        };
        self.ways.retain(|way, parcels| !parcels.is_empty() && here(way));
        self.events.extend(self.master.take_events());
    }

    #[track_caller]
    fn check(&self) {
        let setup = self.master.setup();
        assert!(self.master.coordinator().is_some_and(|it| it.is_finished()), "it is not finished");
        let beginning = &setup.beginning;
        let expected = Sequential::of(&beginning.job, &beginning.files.texts(), &[]);
        let parts = self.master.output().parts().values();
        assert!(parts.map(|part| &part.bytes[..]).eq(expected.iter().map(|part| &part[..])));
        self.check_trace();
    }

    #[track_caller]
    fn check_trace(&self) {
        let mut snapshot = Snapshot::default();
        let mut before = Time::ZERO;
        for (place, event) in self.events.iter().enumerate() {
            assert_eq!(event.seq.0 as usize, place, "nothing is lost or doubled");
            assert!(event.at >= before, "time goes back at {event:?}");
            assert!(event.cause.is_none_or(|cause| cause < event.seq), "{event:?}");
            before = event.at;
            snapshot.apply(event).unwrap_or_else(|misfit| panic!("{event:?}: {misfit}"));
        }
    }
}

#[test]
fn a_word_count_on_one_to_eight_nodes_equals_the_oracle() {
    for nodes in [1, 2, 3, 4, 8] {
        let mut cluster = Cluster::start(setup(nodes, text(3_000)), u64::from(nodes));
        cluster.run(|_| {});
        cluster.check();
    }
}

/// What travels is compressed, and what tasks commit waits for the job.
#[test]
fn packed_map_outputs_and_the_older_commit_give_the_same_result() {
    let mut setup = setup(3, text(3_000));
    let commit = CommitRule { algorithm: CommitAlgorithm::AtJobCommit, ..job().commit };
    setup.beginning.job = JobConfig { codec: SegmentCodec::Lz4, commit, ..setup.beginning.job };
    let mut cluster = Cluster::start(setup, 3);
    cluster.run(|_| {});
    cluster.check();
}

#[test]
fn a_node_whose_worker_does_not_start_is_done_without() {
    let mut cluster = Cluster::start(setup(3, text(500)), 1);
    cluster.kill(NodeId(2));
    cluster.run(|_| {});
    cluster.check();
}

/// A node is killed in the middle, at each of many moments; the result and the trace are whole.
#[test]
fn a_node_that_is_killed_at_any_moment_changes_nothing_in_the_result() {
    for seed in 0..60 {
        let mut random = Random::keyed(seed, Purpose::Test, 8, 0);
        let nodes = random.between(2, 5);
        let node = NodeId(u16::try_from(random.between(1, nodes)).unwrap());
        let step = random.below(1_500);
        println!("seed {seed}: {node} of {nodes} is killed at step {step}");
        let setup = setup(u16::try_from(nodes).unwrap(), text(1_000));
        let mut cluster = Cluster::start(setup, seed);
        let mut steps = 0;
        cluster.run(|cluster| {
            steps += 1;
            if steps == step {
                cluster.kill(node);
            }
        });
        cluster.check();
    }
}

#[test]
fn a_killed_node_is_noticed_by_its_silence_and_its_blocks_are_copied() {
    let mut setup = setup(4, text(3_000));
    setup.beginning.replication = 2;
    let mut cluster = Cluster::start(setup, 3);
    let mut steps = 0;
    cluster.run(|cluster| {
        steps += 1;
        if steps == 600 {
            cluster.kill(NodeId(3));
        }
    });
    cluster.check();
    let happened = |wanted: fn(&EventKind) -> bool| {
        cluster.events.iter().find(|event| wanted(&event.kind)).map(|event| event.at)
    };
    let struck = happened(|kind| matches!(kind, EventKind::World(WorldEvent::FaultStruck { .. })));
    let lost = happened(|kind| matches!(kind, EventKind::Failure(FailureEvent::NodeLost { .. })));
    let silent = lost.unwrap().since(struck.unwrap());
    // The last word may have been spoken a heartbeat before; the monitors look once a second.
    assert!(silent + values::HEARTBEAT >= values::NODE_TIMEOUT, "{silent}");
    assert!(silent <= values::NODE_TIMEOUT + Span::from_millis(1_500), "{silent}");
}

/// The machine sleeps for an hour in the middle of the run: nobody was silent, all stood still.
#[test]
fn what_stands_still_as_a_whole_loses_no_node() {
    let mut cluster = Cluster::start(setup(3, text(3_000)), 4);
    let mut steps = 0;
    cluster.run(|cluster| {
        steps += 1;
        if steps == 400 {
            cluster.wall += Span::from_secs(3_600);
        }
    });
    cluster.check();
    let lost =
        |event: &Event| matches!(event.kind, EventKind::Failure(FailureEvent::NodeLost { .. }));
    assert!(!cluster.events.iter().any(lost));
    assert!(cluster.wall.since(cluster.master.now()) > Span::from_secs(3_500));
}
