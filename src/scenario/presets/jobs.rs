//! The presets of jobs: each job over an input of its own, with parameters that show what it is
//! about.

use super::super::table::Key::{
    BlockSize, Combiner, Nodes, Partitioner, Racks, Reducers, Replication, Salts, Scale,
    SortBuffer, Stage, Top,
};
use super::super::{Content, FileInput, Input, JobKind, Parameters, Scenario, VERSION};
use super::MILL;
use super::inputs::{COUNTS, CUSTOMERS, DOCUMENTS, ORDERS, PAGES, READINGS, SMALL_FILES};
use crate::base::Level;

/// Three nodes in a rack, so little sorting that each map has one spill, and two reducers.
fn small(block_size: u64) -> Parameters {
    Parameters::default()
        .with(Nodes, 3)
        .with(Racks, 1)
        .with(Replication, 2)
        .with(Reducers, 2)
        .with(BlockSize, block_size)
        .with(Scale, 500_000)
        .with(SortBuffer, 2_000)
}

fn job(job: JobKind, input: Input, parameters: Parameters) -> Scenario {
    let faults = Vec::new();
    Scenario { version: VERSION, job, input, level: Level::Records, parameters, faults }
}

fn text(text: &str) -> Input {
    Input::Text(text.to_owned())
}

fn files(files: &[(&str, &str)]) -> Input {
    let file = |(name, text): &(&str, &str)| FileInput {
        name: (*name).to_owned(),
        content: Content::Text((*text).to_owned()),
        gzip: false,
    };
    Input::Files(files.iter().map(file).collect())
}

fn tables() -> Input {
    files(&[("customers.tsv", CUSTOMERS), ("orders.tsv", ORDERS)])
}

pub(super) fn grep() -> Scenario {
    job(JobKind::Grep, text(MILL), small(77))
}

pub(super) fn inverted_index() -> Scenario {
    job(JobKind::InvertedIndex, text(DOCUMENTS), small(120))
}

/// Ranges from a sample: the parts, one after another, are in one order.
pub(super) fn total_order() -> Scenario {
    job(JobKind::TotalOrder, text(COUNTS), small(50).with(Reducers, 3).with(Partitioner, 5))
}

pub(super) fn secondary_sort() -> Scenario {
    job(JobKind::SecondarySort, text(READINGS), small(60))
}

pub(super) fn distinct() -> Scenario {
    job(JobKind::Distinct, text(MILL), small(77))
}

pub(super) fn top() -> Scenario {
    job(JobKind::Top, text(COUNTS), small(50).with(Top, 3).with(Reducers, 1))
}

pub(super) fn average() -> Scenario {
    job(JobKind::Average, text(READINGS), small(60))
}

/// The same with means of means, and the combiner that makes them wrong.
pub(super) fn average_trap() -> Scenario {
    job(JobKind::NaiveAverage, text(READINGS), small(60).with(Combiner, 1))
}

pub(super) fn join() -> Scenario {
    job(JobKind::Join, tables(), small(64))
}

pub(super) fn broadcast_join() -> Scenario {
    job(JobKind::BroadcastJoin, tables(), small(64))
}

pub(super) fn bucketed_join() -> Scenario {
    job(JobKind::BucketedJoin, tables(), small(256).with(Reducers, 3))
}

/// One customer has most of the orders, and so one reducer most of the work.
pub(super) fn hot_key() -> Scenario {
    job(JobKind::SaltedJoin, tables(), small(64).with(Reducers, 3).with(Salts, 1))
}

pub(super) fn salted_join() -> Scenario {
    job(JobKind::SaltedJoin, tables(), small(64).with(Reducers, 3).with(Salts, 3))
}

pub(super) fn small_files() -> Scenario {
    job(JobKind::Compaction, files(&SMALL_FILES), small(64))
}

/// The third round; the two before it are the input's making.
pub(super) fn page_rank() -> Scenario {
    job(JobKind::PageRank, text(PAGES), small(64).with(Stage, 3))
}

/// The last of the three jobs.
pub(super) fn tf_idf() -> Scenario {
    job(JobKind::TfIdf, text(DOCUMENTS), small(256).with(Stage, 3))
}

/// All words to one reducer: the others have nothing to do.
pub(super) fn all_to_one() -> Scenario {
    job(JobKind::WordCount, text(MILL), small(77).with(Reducers, 3).with(Partitioner, 6))
}
