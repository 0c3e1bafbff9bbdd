//! The inputs that lie in the folder `inputs` beside a file of results, and jobs over them on the
//! bare engine.

use bytes::Bytes;
use millrace::base::{Files, InputFile, Span};
use millrace::mapreduce::config::{CommitRule, ShuffleRule};
use millrace::mapreduce::segment::SegmentCodec;
use millrace::mapreduce::split::SplitRule;
use millrace::mapreduce::{Job, JobConfig, Partitioner, bare};
use millrace::trace::event::Counters;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the inputs.
pub(super) struct Inputs(PathBuf);

/// A job over files as a real system ran it.
pub(super) struct JobRun {
    pub(super) job: Job,
    pub(super) reducers: u32,
    pub(super) combiner: bool,
    pub(super) partitioner: Partitioner,
    /// The most bytes of a split; nothing for one split a file.
    pub(super) split_max: Option<u64>,
}

impl Inputs {
    /// Those beside this file.
    pub(super) fn beside(file: &Path) -> Inputs {
        Inputs(file.with_file_name("inputs"))
    }

    /// The bytes of a file.
    pub(super) fn bytes(&self, name: &str) -> Result<Bytes, String> {
        let path = self.0.join(name);
        let bytes = fs::read(&path).map_err(|error| {
            format!("{} can't be read ({error}): keep the inputs beside it", path.display())
        })?;
        Ok(Bytes::from(bytes))
    }

    /// These files, in this order.
    pub(super) fn files(&self, names: &[&str]) -> Result<Files, String> {
        let read = |name: &&str| Ok(InputFile::new(name, self.bytes(name)?));
        Ok(Files::new(names.iter().map(read).collect::<Result<Vec<InputFile>, String>>()?))
    }

    /// The lines of a file, without their ends.
    pub(super) fn lines(&self, name: &str) -> Result<Vec<String>, String> {
        let files = self.files(&[name])?;
        let bytes = files.iter().map(|(_, file)| file.bytes.to_vec()).collect::<Vec<_>>().concat();
        let text = String::from_utf8(bytes).map_err(|error| format!("{name}: {error}"))?;
        Ok(text.lines().map(str::to_owned).collect())
    }
}

impl JobRun {
    /// A job over whole files, with Hadoop's partitioner and no combiner.
    pub(super) fn plain(job: Job, reducers: u32) -> JobRun {
        let partitioner = Partitioner::HadoopText;
        JobRun { job, reducers, combiner: false, partitioner, split_max: None }
    }

    /// Runs it with Hadoop's defaults (a buffer of 100 MiB, a merge factor of 10).
    pub(super) fn run(&self, files: &Files) -> Result<(Vec<Bytes>, Counters), String> {
        let config = JobConfig {
            job: self.job.clone(),
            reducers: self.reducers,
            combiner: self.combiner,
            partitioner: self.partitioner.clone(),
            splits: SplitRule {
                max_bytes: self.split_max.unwrap_or(u64::MAX),
                ..SplitRule::BY_BLOCKS
            },
            shuffle: ShuffleRule::of_heap(1 << 30),
            sort_buffer_bytes: 100 << 20,
            spill_percent: 80,
            codec: SegmentCodec::Plain,
            commit: CommitRule::SINCE_3_0,
            sort_factor: 10,
            parallel_copies: 5,
            slow_start_percent: 5,
            locality_delay: 40,
            node_timeout: Span::from_secs(600),
            task_timeout: Span::from_secs(600),
            read_timeout: Span::from_secs(180),
            max_attempts: 4,
            max_node_failures: 3,
            speculation: false,
            task_failure_percent: 0,
            seed: 0,
        };
        bare::run(files, config).map_err(|error| format!("the job failed: {error:?}"))
    }

    /// The lines of all parts, one part after another.
    pub(super) fn lines(&self, files: &Files) -> Result<Vec<String>, String> {
        let (parts, _) = self.run(files)?;
        Ok(parts.iter().flat_map(lines_of).collect())
    }
}

/// The lines of a part.
pub(super) fn lines_of(part: &Bytes) -> Vec<String> {
    let text = String::from_utf8_lossy(part);
    text.split_terminator('\n').map(str::to_owned).collect()
}

/// The parts of a job as the files of the next one.
pub(super) fn as_files(parts: Vec<Bytes>) -> Files {
    let name = |place: usize| format!("part-r-{place:05}");
    let file = |(place, part)| InputFile::new(&name(place), part);
    Files::new(parts.into_iter().enumerate().map(file).collect())
}
