//! From a scenario's job and files to what the engine runs: a join beside a table takes its left
//! table into memory, a bucketed one its right table in buckets, and the later jobs of a chain read
//! what the earlier ones wrote. Lines that a job can't read are found before it begins.

use super::messages::LabError;
use super::setup::job_config;
use crate::base::{FileId, Files, InputFile};
use crate::mapreduce::job::{BadRecord, Emit, Mapper, Record, Table, bucket_of};
use crate::mapreduce::{Job, JobConfig, bare};
use crate::scenario::{JobKind, Key, Parameters, Scenario};
use bytes::Bytes;

/// The longest input of a chain whose earlier jobs are run before it begins.
const CHAIN_BYTES_MAX: u64 = 4 << 20;

/// A job and the files that it reads.
pub(super) struct Prepared {
    pub(super) job: Job,
    pub(super) files: Files,
}

/// What a scenario runs over its files.
///
/// # Errors
/// When a line is not of the kind that the job reads, or the job needs other files.
pub(super) fn prepare(scenario: &Scenario, files: Files) -> Result<Prepared, LabError> {
    let values = &scenario.parameters;
    let job = match scenario.job {
        JobKind::WordCount => Job::WordCount,
        JobKind::Grep => Job::Grep { pattern: values.text(Key::Pattern).to_owned() },
        JobKind::InvertedIndex => Job::InvertedIndex,
        JobKind::TotalOrder => Job::TotalOrder,
        JobKind::SecondarySort => Job::SecondarySort,
        JobKind::Distinct => Job::Distinct,
        JobKind::Top => Job::Top { count: values.count(Key::Top) },
        JobKind::Average => Job::Average,
        JobKind::NaiveAverage => Job::NaiveAverage,
        JobKind::Compaction => Job::Compaction,
        JobKind::Join => {
            two_files(&files)?;
            Job::Join
        }
        JobKind::SaltedJoin => {
            two_files(&files)?;
            Job::SaltedJoin { salts: u16::try_from(values.get(Key::Salts)).unwrap_or(1) }
        }
        JobKind::BroadcastJoin => {
            let (left, right) = tables(&files)?;
            return checked(Job::BroadcastJoin { left }, right);
        }
        JobKind::BucketedJoin => {
            let Prepared { job, files } = bucketed(values, &files)?;
            return checked(job, files);
        }
        JobKind::PageRank | JobKind::TfIdf => {
            let Prepared { job, files } = stage(scenario, files)?;
            return checked(job, files);
        }
        JobKind::Stream(_) => {
            let message = "a stream job is run by the stream lab".to_owned();
            return Err(LabError { field: Some("job".to_owned()), message });
        }
    };
    checked(job, files)
}

fn checked(job: Job, files: Files) -> Result<Prepared, LabError> {
    check_lines(&job, &files)?;
    Ok(Prepared { job, files })
}

/// A join has a left table, its first file, and a right one.
fn two_files(files: &Files) -> Result<(), LabError> {
    if files.count() >= 2 {
        return Ok(());
    }
    let message = format!(
        "a join reads two tables, and the input has {} file: give it two files at least, the first \
         of which is the left table",
        files.count()
    );
    Err(LabError { field: Some("input".to_owned()), message })
}

/// The left table, and the files of the right one.
fn tables(files: &Files) -> Result<(Table, Files), LabError> {
    two_files(files)?;
    let Some(left) = files.get(FileId(0)) else { return Ok((Table::default(), files.clone())) };
    let table = Table::read(lines(text_of(left)))
        .map_err(|(offset, bad)| unreadable(left, offset, &bad))?;
    let right = files.iter().skip(1).map(|(_, file)| file.clone()).collect();
    Ok((table, Files::new(right)))
}

/// Both tables in as many buckets as there are reducers elsewhere, as an earlier job would have
/// left them: each bucket of the right one is a file, sorted by id.
fn bucketed(values: &Parameters, files: &Files) -> Result<Prepared, LabError> {
    let (left, right) = tables(files)?;
    let buckets = values.count(Key::Reducers);
    let mut rows: Vec<(i32, String)> = Vec::new();
    for (_, file) in right.iter() {
        let table = Table::read(lines(text_of(file)))
            .map_err(|(offset, bad)| unreadable(file, offset, &bad))?;
        rows.extend_from_slice(table.rows());
    }
    rows.sort();
    let bucket = |bucket: u32| {
        let rows = rows.iter().filter(|(id, _)| bucket_of(*id, buckets) == bucket);
        let text: String = rows.map(|(id, text)| format!("{id}\t{text}\n")).collect();
        InputFile::new(&format!("bucket-{bucket:05}"), Bytes::from(text))
    };
    let job =
        Job::BucketedJoin { left: (0..buckets).map(|place| left.bucket(place, buckets)).collect() };
    Ok(Prepared { job, files: Files::new((0..buckets).map(bucket).collect()) })
}

/// A job of a chain, over what those before it made of the input.
fn stage(scenario: &Scenario, mut files: Files) -> Result<Prepared, LabError> {
    let chain = chain(scenario, &files);
    let wanted = usize::try_from(scenario.parameters.get(Key::Stage)).unwrap_or(usize::MAX);
    let Some(job) = chain.get(wanted - 1).cloned() else {
        let message =
            format!("stage = {wanted} is not allowed: the chain has {} jobs", chain.len());
        return Err(LabError { field: Some(Key::Stage.parameter().name.to_owned()), message });
    };
    if wanted > 1 && files.bytes() > CHAIN_BYTES_MAX {
        let message = format!(
            "the input has {} bytes, and the jobs before stage {wanted} are run only over up to \
             {CHAIN_BYTES_MAX}: use a part of it, or stage = 1",
            files.bytes()
        );
        return Err(LabError { field: Some("input".to_owned()), message });
    }
    for earlier in chain.into_iter().take(wanted - 1) {
        check_lines(&earlier, &files)?;
        files = written(job_config(scenario, earlier, &files), &files)?;
    }
    Ok(Prepared { job, files })
}

/// The jobs of a chain.
fn chain(scenario: &Scenario, files: &Files) -> Vec<Job> {
    if scenario.job == JobKind::TfIdf {
        let documents = files.iter().map(|(_, file)| lines(text_of(file)).count() as u64).sum();
        vec![Job::TermCounts, Job::DocumentSizes, Job::TermWeights { documents }]
    } else {
        let rounds = scenario.parameters.get(Key::Stage);
        vec![Job::PageRank; usize::try_from(rounds).unwrap_or(1)]
    }
}

/// The parts that a job leaves, as files.
fn written(config: JobConfig, files: &Files) -> Result<Files, LabError> {
    let (parts, _) = bare::run(files, config).map_err(|error| LabError {
        field: Some("input".to_owned()),
        message: format!("an earlier job of the chain fails: {error:?}"),
    })?;
    let file = |(place, part)| InputFile::new(&format!("part-r-{place:05}"), part);
    Ok(Files::new((0_u32..).zip(parts).map(file).collect()))
}

/// Looks for the first line that a job can't read.
fn check_lines(job: &Job, files: &Files) -> Result<(), LabError> {
    if !job.refuses_lines() {
        return Ok(());
    }
    for (id, file) in files.iter() {
        let mut mapper = Mapper::new(job);
        for (offset, text) in lines(text_of(file)) {
            let record = Record { file: id.0, offset, text };
            mapper
                .map(record, 0, &mut |_, _| Emit::Taken)
                .map_err(|bad| unreadable(file, offset, &bad))?;
        }
    }
    Ok(())
}

/// The sentence about a line that a job can't read.
fn unreadable(file: &InputFile, offset: u64, bad: &BadRecord) -> LabError {
    let text = text_of(file);
    let before = &text[..usize::try_from(offset).unwrap_or(0).min(text.len())];
    let line = lines(before).count() + 1;
    let message = format!("{}, line {line}, column {}: {}", file.name, bad.column, bad.problem);
    LabError { field: Some("input".to_owned()), message }
}

/// The text of a file, which has been read from it when it is compressed.
fn text_of(file: &InputFile) -> &[u8] {
    file.text().map_or(&[], |text| &text[..])
}

/// The lines of a text and where each begins; a byte order mark belongs to none.
fn lines(text: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
    let mut at = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let end = if rest[length..].starts_with(b"\r\n") { 2 } else { 1 };
        let line = (at as u64, &rest[..length]);
        at += length + end;
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapreduce::sequential::Sequential;
    use crate::scenario::presets;

    fn of_preset(name: &str) -> (Scenario, Files) {
        let scenario = presets::named(name).unwrap().scenario();
        let files = scenario.input.files(0, |_| Err("nothing is named")).unwrap();
        (scenario, files)
    }

    fn output(name: &str) -> String {
        let (scenario, files) = of_preset(name);
        let prepared = prepare(&scenario, files).unwrap();
        let config = job_config(&scenario, prepared.job, &prepared.files);
        let (parts, _) = bare::run(&prepared.files, config.clone()).unwrap();
        let splits = config.splits.plan(&prepared.files, u64::MAX, &[]);
        assert_eq!(parts, Sequential::of(&config, &prepared.files.texts(), &splits), "{name}");
        String::from_utf8(parts.concat()).unwrap()
    }

    #[test]
    fn all_joins_come_to_the_same_lines() {
        let sorted = |name| {
            let text = output(name);
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let joined = sorted("join");
        assert_eq!(joined.len(), 18);
        assert!(joined.contains(&"12\tBo,rye".to_owned()));
        for other in ["broadcast-join", "bucketed-join", "hot-key", "salted-join"] {
            assert_eq!(sorted(other), joined, "{other}");
        }
    }

    #[test]
    fn a_chain_reads_what_its_earlier_jobs_wrote() {
        let ranks = output("page-rank");
        assert_eq!(ranks.lines().count(), 6, "one a page: {ranks}");
        let weights = output("tf-idf");
        assert!(weights.contains("the\tmill\t0.000000\n"), "a word of all documents: {weights}");
        assert!(weights.lines().any(|line| line.starts_with("sleeps\tmill\t0.")), "{weights}");
    }

    #[test]
    fn a_line_that_the_job_cannot_read_is_named_with_its_file_line_and_column() {
        let (mut scenario, _) = of_preset("secondary-sort");
        let files = |text: &'static str| {
            Files::new(vec![InputFile::new("readings.csv", Bytes::from_static(text.as_bytes()))])
        };
        let refused = |scenario: &Scenario, text| prepare(scenario, files(text)).err().unwrap();
        let error = refused(&scenario, "a,1,2\r\n\r\nb,noon,3\n");
        assert!(error.message.starts_with("readings.csv, line 2, column 1:"), "{error:?}");
        let error = refused(&scenario, "a,1,2\r\nb,noon,3\n");
        assert!(error.message.starts_with("readings.csv, line 2, column 3:"), "{error:?}");
        scenario.job = JobKind::Join;
        assert!(refused(&scenario, "1\ta\n").message.contains("two tables"));
        scenario.job = JobKind::TfIdf;
        scenario.parameters = scenario.parameters.with(Key::Stage, 4);
        assert_eq!(refused(&scenario, "d\ta\n").field.as_deref(), Some("stage"));
    }
}
