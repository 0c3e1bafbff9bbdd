//! Work for benchmarks, the same natively and in the worker. It reads no clock: who asks for it
//! watches the time.

use super::messages::Workload;
use super::setup::job_config;
use crate::kernel::bench::mix;
use crate::mapreduce::{Job, bare};
use crate::scenario::{Input, JobKind, Key, Parameters, Scenario, VERSION};
use bytes::Bytes;

/// Megabytes of a split, as small as a browser's memory wants them.
const SPLIT_BYTES: u64 = 16 << 20;

/// Does the work, and gives a number that depends on all of it.
pub fn measure(workload: Workload, input: Bytes) -> u64 {
    match workload {
        Workload::Kernel(events) => mix(events, 7),
        Workload::WordCount => word_count(input),
    }
}

/// Hadoop's defaults: a buffer of 100 MiB, spilled at 80 %, with a combiner; two reducers.
fn word_count(input: Bytes) -> u64 {
    let parameters = Parameters::default()
        .with(Key::SortBuffer, 100 << 20)
        .with(Key::Scale, 1)
        .with(Key::SplitMax, SPLIT_BYTES);
    let scenario = Scenario {
        version: VERSION,
        job: JobKind::WordCount,
        input: Input::Text(String::new()),
        level: crate::base::Level::Counters,
        parameters,
        faults: Vec::new(),
    };
    let job = job_config(&scenario, Job::WordCount, &Bytes::new().into());
    let Ok((parts, counters)) = bare::run(&input.into(), job) else { return 0 };
    parts.iter().map(|part| part.len() as u64).sum::<u64>() ^ counters.map_output_records
}
