//! The beginning of a run, the same for every driver: where the input's blocks lie, what the job
//! is made of, how far a step goes, and the events that tell of it.

use super::attempt::Budget;
use super::config::{JobConfig, StoredBlock, Topology};
use super::coordinator::JobSpec;
use super::node_agent::Capacity;
use super::placement::place_replicas;
use super::split::Split;
use crate::base::random::{Purpose, Random};
use crate::base::{BlockId, FileId, Files, InputFile, Level, NodeId};
use crate::trace::{Cause, EventKind, Recorder, WorldEvent};
use std::sync::Arc;

/// Memory that a task's container takes (`mapreduce.map.memory.mb`).
const CONTAINER_BYTES: u64 = 1 << 30;

/// The most bytes of data that one step works on: some milliseconds in a browser.
const STEP_BYTES_MAX: u64 = 128 << 10;

/// Steps that a map task takes over its split, when it is small: so often its progress is seen.
const STEPS_PER_SPLIT: u64 = 16;

/// What a run begins with.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The job.
    pub job: JobConfig,
    /// The machines, all alike.
    pub machines: Machines,
    /// The input.
    pub files: Files,
    /// Bytes of a block of it.
    pub block_size: u64,
    /// Copies of each block.
    pub replication: u32,
    /// Who writes the blocks, and so has the first copy.
    pub writer: Writer,
}

/// Who writes the input's blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// A client outside the cluster: each block's first copy is anywhere.
    Outside,
    /// The nodes, each a block in its turn: all have the same share of the input.
    NodesInTurn,
}

/// The machines of a cluster.
#[derive(Clone, Debug)]
pub struct Machines {
    /// The rack of each.
    pub topology: Arc<Topology>,
    /// How many racks there are.
    pub racks: u16,
    /// Processor cores of each.
    pub cores: u32,
    /// Memory of each for containers.
    pub memory_bytes: u64,
    /// Map tasks that each runs at once.
    pub map_slots: u32,
    /// Reduce tasks that each runs at once.
    pub reduce_slots: u32,
    /// What a byte of the input stands for.
    pub scale: u64,
}

impl Beginning {
    /// The job with its splits, once the blocks are placed.
    pub fn job_spec(&self) -> JobSpec {
        let blocks = self.place_blocks();
        JobSpec {
            config: Arc::new(self.job.clone()),
            topology: self.machines.topology.clone(),
            capacity: self.machines.capacity(),
            splits: self.splits(&blocks),
            blocks,
            replication: self.replication,
        }
    }

    fn splits(&self, blocks: &[StoredBlock]) -> Vec<Split> {
        let placed = (blocks, &*self.machines.topology);
        self.job.splits.plan_on(&self.files, self.block_size, placed)
    }

    /// A step's bounds follow from the input alone, so that a run does not depend on who drives it.
    pub fn step_budget(&self) -> Budget {
        let splits = self.splits(&self.place_blocks());
        let split_bytes = match self.files.only_plain() {
            Some(_) => splits.first().map_or(0, Split::length),
            None => splits.iter().map(Split::length).max().unwrap_or(0),
        };
        let bytes = (split_bytes / STEPS_PER_SPLIT).clamp(16, STEP_BYTES_MAX);
        Budget { records: 1 << 14, bytes }
    }

    fn place_blocks(&self) -> Vec<StoredBlock> {
        let of_file = |(id, file): (FileId, &InputFile)| {
            let (length, size) = (file.length(), self.block_size);
            let offsets = (0..length.div_ceil(size)).map(move |place| place * size);
            offsets.map(move |offset| (id, offset, size.min(length - offset)))
        };
        let blocks = (0..).zip(self.files.iter().flat_map(of_file));
        blocks.map(|(block, piece)| self.place_block(block, piece)).collect()
    }

    fn place_block(&self, block: u32, (file, offset, length): (FileId, u64, u64)) -> StoredBlock {
        let mut random = Random::keyed(self.job.seed, Purpose::Placement, u64::from(block), 0);
        let topology = &self.machines.topology;
        let writer = match self.writer {
            Writer::Outside => None,
            Writer::NodesInTurn => Some(topology.in_turn(block)),
        };
        StoredBlock {
            id: BlockId(block),
            file,
            offset,
            length,
            replicas: place_replicas(writer, self.replication, topology, &mut random),
        }
    }
}

impl Machines {
    /// What each can run at once.
    pub fn capacity(&self) -> Capacity {
        let containers = self.memory_bytes / CONTAINER_BYTES;
        Capacity {
            map_slots: self.map_slots,
            reduce_slots: self.reduce_slots,
            containers: u32::try_from(containers).unwrap_or(u32::MAX),
        }
    }

    /// Tells of the cluster, its nodes in order, the files, and their blocks in file order.
    pub fn tell(&self, files: &Files, blocks: &[StoredBlock], recorder: &mut Recorder) {
        let nodes = u16::try_from(self.topology.0.len()).unwrap_or(u16::MAX);
        let (racks, scale) = (self.racks, self.scale);
        let cause = recorder.record(Level::Counters, None, Cause::NONE, || {
            EventKind::World(WorldEvent::ClusterStarted { nodes, racks, scale })
        });
        for (place, rack) in (0..nodes).zip(&self.topology.0) {
            recorder.record(Level::Counters, Some(NodeId::nth(place)), cause, || {
                EventKind::World(WorldEvent::NodeStarted {
                    rack: *rack,
                    cores: self.cores,
                    memory_bytes: self.memory_bytes,
                    map_slots: self.map_slots,
                    reduce_slots: self.reduce_slots,
                })
            });
        }
        tell_files(files, recorder);
        for block in blocks {
            recorder.record(Level::Counters, None, Cause::NONE, || {
                let StoredBlock { id: block, file, offset, length, replicas } = block.clone();
                let placed = WorldEvent::BlockPlaced { block, offset, length, replicas, file };
                EventKind::World(placed)
            });
        }
    }
}

/// An input that is one plain file is not introduced: there is nothing to tell apart.
fn tell_files(files: &Files, recorder: &mut Recorder) {
    if files.only_plain().is_some() {
        return;
    }
    for (id, file) in files.iter() {
        recorder.record(Level::Counters, None, Cause::NONE, || {
            let (name, bytes, codec) = (file.name.to_string(), file.length(), file.codec);
            EventKind::World(WorldEvent::FileStored { file: id, name, bytes, codec })
        });
    }
}
