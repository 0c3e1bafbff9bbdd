//! Work for benchmarks, the same natively and in the worker. It reads no clock: who asks for it
//! watches the time.

use super::jobs::prepare;
use super::messages::Workload;
use super::setup::setup;
use super::stream_measure;
use crate::base::Files;
use crate::kernel::bench::mix;
use crate::mapreduce::bare;
use crate::scenario::{Input, JobKind, Key, Parameters, Scenario, VERSION};
use bytes::Bytes;

/// Megabytes of a split, as small as a browser's memory wants them.
const SPLIT_BYTES: u64 = 16 << 20;

/// Does the work, and gives a number that depends on all of it.
pub fn measure(workload: Workload, input: Bytes) -> u64 {
    match workload {
        Workload::Kernel(events) => mix(events, 7),
        Workload::WordCount => run(JobKind::WordCount, input),
        Workload::Sort => run(JobKind::TotalOrder, input),
        Workload::Stream(kind, events) => stream_measure::measure(kind, events),
    }
}

/// How large the memory of a program in wasm has become: it never shrinks. Elsewhere 0.
pub(super) fn memory_bytes() -> u64 {
    #[cfg(target_arch = "wasm32")]
    {
        const PAGE_BYTES: u64 = 1 << 16;
        core::arch::wasm32::memory_size::<0>() as u64 * PAGE_BYTES
    }
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// Hadoop's defaults: a buffer of 100 MiB, spilled at 80 %, with the job's combiner; two reducers.
fn run(job: JobKind, input: Bytes) -> u64 {
    let parameters = Parameters::default()
        .with(Key::SortBuffer, 100 << 20)
        .with(Key::Scale, 1)
        .with(Key::SplitMax, SPLIT_BYTES);
    let scenario = Scenario {
        version: VERSION,
        job,
        input: Input::Text(String::new()),
        level: crate::base::Level::Counters,
        parameters,
        faults: Vec::new(),
    };
    let Ok(prepared) = prepare(&scenario, Files::from(input)) else { return 0 };
    let files = prepared.files.clone();
    let job = setup(&scenario, prepared).job;
    let Ok((parts, counters)) = bare::run(&files, job) else { return 0 };
    parts.iter().map(|part| part.len() as u64).sum::<u64>() ^ counters.map_output_records
}
