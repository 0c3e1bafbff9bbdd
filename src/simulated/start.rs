//! The beginning of a run: the cluster stands, the input lies on it, and the job is submitted.

use super::conditions::Conditions;
use super::cost::CostModel;
use super::faults::{FaultPlan, FaultRates};
use super::simulation::{Birth, Happening, Heart, LOOK_INTERVAL, Network, Parts, Simulation};
use crate::base::random::{Purpose, Random};
use crate::base::{Files, PlannedFault, Span, Time};
use crate::kernel::{Cluster, ClusterSpec, World};
use crate::mapreduce::beginning::{Beginning, Machines, Writer};
use crate::mapreduce::node_agent::NodeAgent;
use crate::mapreduce::{Coordinator, JobConfig, StoredBlock, config::Topology};
use crate::trace::Recorder;
use std::sync::Arc;

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
    pub data: Files,
}

impl Simulation {
    /// A run at its beginning. Time is 0 and the job is submitted.
    pub fn start(setup: Setup, mut recorder: Recorder) -> Simulation {
        let mut world = World::new();
        let cluster = Cluster::build(&setup.cluster, &mut world);
        let beginning = beginning(&setup, &cluster);
        let spec = beginning.job_spec();
        beginning.machines.tell(&setup.data, &spec.blocks, &mut recorder);
        let (config, topology) = (spec.config.clone(), spec.topology.clone());
        let birth = Birth::new(spec.capacity, config, topology, setup.data.clone());
        let agents = agents(&birth, &cluster, &spec.blocks, &setup.data);
        let coordinator = Coordinator::submit(spec, Time::ZERO, &mut recorder);
        let seed = setup.job.seed;
        Simulation::new(Parts {
            agents,
            hearts: start_hearts(&setup, &cluster, &mut world),
            conditions: Conditions::new(setup.cluster),
            plan: FaultPlan::new(&setup.faults, setup.rates, setup.cluster.nodes, seed),
            world,
            cluster,
            cost: setup.cost,
            network: setup.network,
            heartbeat: setup.heartbeat,
            read_timeout: setup.job.read_timeout,
            budget: beginning.step_budget(),
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
    data: &Files,
) -> Vec<NodeAgent> {
    let with_blocks = |(node, _)| {
        let mut agent = NodeAgent::new(birth.spec(node));
        for block in blocks.iter().filter(|block| block.replicas.contains(&node)) {
            let bytes = data.slice(block.file, block.offset, block.length);
            agent.store_block(block.id, block.offset, bytes.unwrap_or_default());
        }
        agent
    };
    cluster.nodes().map(with_blocks).collect()
}

fn beginning(setup: &Setup, cluster: &Cluster) -> Beginning {
    let racks = cluster.nodes().map(|(_, node)| node.rack).collect();
    let machines = Machines {
        topology: Arc::new(Topology(racks)),
        racks: setup.cluster.racks,
        cores: setup.cluster.cores,
        memory_bytes: setup.cluster.memory_bytes,
        map_slots: setup.map_slots,
        reduce_slots: setup.reduce_slots,
        scale: setup.cost.scale,
    };
    Beginning {
        job: setup.job.clone(),
        machines,
        files: setup.data.clone(),
        block_size: setup.block_size,
        replication: setup.replication,
        writer: Writer::Outside,
    }
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
