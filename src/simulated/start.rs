//! The beginning of a run: the cluster stands, the input lies on it, and the job is submitted.

use super::conditions::Conditions;
use super::cost::CostModel;
use super::faults::{FaultPlan, FaultRates};
use super::simulation::{Birth, Happening, Heart, LOOK_INTERVAL, Network, Parts, Simulation};
use crate::base::random::{Purpose, Random};
use crate::base::{BlockId, Level, PlannedFault, Span, Time};
use crate::kernel::{Cluster, ClusterSpec, World};
use crate::mapreduce::coordinator::JobSpec;
use crate::mapreduce::node_agent::{Capacity, NodeAgent};
use crate::mapreduce::placement::place_replicas;
use crate::mapreduce::split::plan_splits;
use crate::mapreduce::{Budget, Coordinator, JobConfig, StoredBlock, config::Topology};
use crate::trace::{Cause, EventKind, Recorder, WorldEvent};
use bytes::Bytes;
use std::sync::Arc;

/// Memory that a task's container takes (`mapreduce.map.memory.mb`).
const CONTAINER_BYTES: u64 = 1 << 30;

/// The most bytes of data that one step works on: some milliseconds in a browser.
const STEP_BYTES_MAX: u64 = 128 << 10;

/// Steps that a map task takes over its split, when it is small: so often its progress is seen.
const STEPS_PER_SPLIT: u64 = 16;

/// Everything that a simulated run is made of.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The machines.
    pub cluster: ClusterSpec,
    /// What work costs on them.
    pub cost: CostModel,
    /// Map tasks that a node runs at once.
    pub map_slots: u32,
    /// Reduce tasks that a node runs at once.
    pub reduce_slots: u32,
    /// How often a node speaks.
    pub heartbeat: Span,
    /// Bytes of a block of the input.
    pub block_size: u64,
    /// Copies of each block.
    pub replication: u32,
    /// The job.
    pub job: JobConfig,
    /// What the network does to messages.
    pub network: Network,
    /// What is done to the cluster; those of one time strike in this order.
    pub faults: Vec<PlannedFault>,
    /// What goes wrong by luck.
    pub rates: FaultRates,
    /// The input.
    pub data: Bytes,
}

impl Simulation {
    /// A run at its beginning. Time is 0 and the job is submitted.
    pub fn start(setup: Setup, mut recorder: Recorder) -> Simulation {
        let mut world = World::new();
        let cluster = Cluster::build(&setup.cluster, &mut world);
        let topology = Arc::new(Topology(cluster.nodes().map(|(_, node)| node.rack).collect()));
        tell_cluster(&setup, &cluster, &mut recorder);
        let blocks = place_blocks(&setup, &topology);
        tell_blocks(&blocks, &mut recorder);
        let splits = plan_splits(setup.data.len() as u64, setup.block_size, &blocks);
        let budget = step_budget(splits.first().map_or(0, |split| split.length));
        let config = Arc::new(setup.job.clone());
        let job = JobSpec {
            config: config.clone(),
            topology: topology.clone(),
            capacity: capacity(&setup),
            splits,
            blocks: blocks.clone(),
            replication: setup.replication,
        };
        let coordinator = Coordinator::submit(job, Time::ZERO, &mut recorder);
        let birth = Birth::new(capacity(&setup), config, topology, setup.data.len() as u64);
        let seed = setup.job.seed;
        Simulation::new(Parts {
            agents: agents(&birth, &cluster, &blocks, &setup.data),
            hearts: start_hearts(&setup, &cluster, &mut world),
            conditions: Conditions::new(setup.cluster),
            plan: FaultPlan::new(&setup.faults, setup.rates, setup.cluster.nodes, seed),
            world,
            cluster,
            cost: setup.cost,
            network: setup.network,
            heartbeat: setup.heartbeat,
            read_timeout: setup.job.read_timeout,
            budget,
            coordinator,
            birth,
            recorder,
            seed,
        })
    }
}

/// The nodes' agents, with the blocks on their disks; all share the one input.
fn agents(
    birth: &Birth,
    cluster: &Cluster,
    blocks: &[StoredBlock],
    data: &Bytes,
) -> Vec<NodeAgent> {
    let place = |bytes| usize::try_from(bytes).unwrap_or(usize::MAX);
    let with_blocks = |(node, _)| {
        let mut agent = NodeAgent::new(birth.spec(node));
        for block in blocks.iter().filter(|block| block.replicas.contains(&node)) {
            let bytes = data.slice(place(block.offset)..place(block.end()));
            agent.store_block(block.id, block.offset, bytes);
        }
        agent
    };
    cluster.nodes().map(with_blocks).collect()
}

fn capacity(setup: &Setup) -> Capacity {
    let containers = setup.cluster.memory_bytes / CONTAINER_BYTES;
    Capacity {
        map_slots: setup.map_slots,
        reduce_slots: setup.reduce_slots,
        containers: u32::try_from(containers).unwrap_or(u32::MAX),
    }
}

/// A step's bounds follow from the input alone, so that a run does not depend on who drives it.
fn step_budget(split_bytes: u64) -> Budget {
    let bytes = (split_bytes / STEPS_PER_SPLIT).clamp(16, STEP_BYTES_MAX);
    Budget { records: 1 << 14, bytes }
}

fn place_blocks(setup: &Setup, topology: &Topology) -> Vec<StoredBlock> {
    let length = setup.data.len() as u64;
    let count = u32::try_from(length.div_ceil(setup.block_size)).unwrap_or(u32::MAX);
    (0..count)
        .map(|block| {
            let offset = u64::from(block) * setup.block_size;
            let mut random = Random::keyed(setup.job.seed, Purpose::Placement, u64::from(block), 0);
            StoredBlock {
                id: BlockId(block),
                offset,
                length: setup.block_size.min(length - offset),
                replicas: place_replicas(None, setup.replication, topology, &mut random),
            }
        })
        .collect()
}

/// Nodes speak at times of their own: each begins somewhere in the first interval.
fn start_hearts(setup: &Setup, cluster: &Cluster, world: &mut World<Happening>) -> Vec<Heart> {
    let hearts = cluster.nodes().map(|(node, _)| {
        let mut random = Random::keyed(setup.job.seed, Purpose::Heartbeat, u64::from(node.0), 0);
        let first = Time(random.below(setup.heartbeat.0.max(1)));
        Heart::Beats(world.schedule_at(first, Happening::Heartbeat(node)), first)
    });
    let hearts = hearts.collect();
    world.schedule_after(LOOK_INTERVAL, Happening::Look);
    hearts
}

fn tell_cluster(setup: &Setup, cluster: &Cluster, recorder: &mut Recorder) {
    let (nodes, racks, scale) = (setup.cluster.nodes, setup.cluster.racks, setup.cost.scale);
    let cause = recorder.record(Level::Counters, None, Cause::NONE, || {
        EventKind::World(WorldEvent::ClusterStarted { nodes, racks, scale })
    });
    for (id, node) in cluster.nodes() {
        recorder.record(Level::Counters, Some(id), cause, || {
            EventKind::World(WorldEvent::NodeStarted {
                rack: node.rack,
                cores: setup.cluster.cores,
                memory_bytes: node.memory_bytes,
                map_slots: setup.map_slots,
                reduce_slots: setup.reduce_slots,
            })
        });
    }
}

fn tell_blocks(blocks: &[StoredBlock], recorder: &mut Recorder) {
    for block in blocks {
        recorder.record(Level::Counters, None, Cause::NONE, || {
            let StoredBlock { id, offset, length, replicas } = block.clone();
            EventKind::World(WorldEvent::BlockPlaced { block: id, offset, length, replicas })
        });
    }
}
