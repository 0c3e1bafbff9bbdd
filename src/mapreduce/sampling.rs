//! Split points for ranges of keys, from a sample of the input, taken before the job begins.
//!
//! As Hadoop's `mapred.lib.InputSampler.SplitSampler` does: the first records of some splits, at
//! equal steps over all of them. Here their mapped keys are taken, since by these the shuffle sorts.

use super::Job;
use super::job::{Emit, Mapper, Record};
use super::partitioner::SplitPoints;
use super::reader::Peek;
use super::split::Split;
use crate::base::Files;

/// Keys that a sample has at the most.
const SAMPLES_MAX: usize = 1_000;

/// Splits that are sampled at the most.
const SPLITS_MAX: usize = 10;

/// Points that part the keys of a job's map output into so many ranges of about equal size. Lines
/// that the job can't read are left to the run.
pub fn split_points(job: &Job, files: &Files, splits: &[Split], ranges: u32) -> SplitPoints {
    let sampled = splits.len().clamp(1, SPLITS_MAX);
    let step = (splits.len() / sampled).max(1);
    let mut sample = Vec::new();
    for split in splits.iter().step_by(step).take(sampled) {
        sample_split(job, files, split, SAMPLES_MAX / sampled, &mut sample);
    }
    SplitPoints::of_sample(sample, ranges)
}

fn sample_split(job: &Job, files: &Files, split: &Split, most: usize, sample: &mut Vec<Vec<u8>>) {
    let shape = job.shape();
    let end = sample.len() + most;
    let mut mapper = Mapper::new(job);
    let mut keep = |key: &[u8], _: &[u8]| {
        sample.push(shape.partition_part(key).sorting_bytes().into_owned());
        if sample.len() < end { Emit::Taken } else { Emit::TakenStop }
    };
    for piece in &split.pieces {
        let Some(mut reader) = piece.lines(files) else { continue };
        while let Peek::Line(line) = reader.peek() {
            let record = Record { file: piece.file.0, offset: line.start, text: line.text };
            if matches!(mapper.map(record, 0, &mut keep), Ok(Some(_))) {
                return;
            }
            reader.advance();
        }
    }
    mapper.finish(0, &mut keep);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapreduce::Partitioner;
    use crate::mapreduce::split::SplitRule;
    use bytes::Bytes;

    #[test]
    fn ranges_of_a_sample_hold_about_as_many_keys() {
        let lines: String =
            (0..9_000_u32).map(|line| format!("{:04}\n", line * 7 % 9_000)).collect();
        let text = Bytes::from(lines);
        let files = Files::from(text.clone());
        let splits = SplitRule::BY_BLOCKS.plan(&files, 1_000, &[]);
        let points = split_points(&Job::TotalOrder, &files, &splits, 3);
        let range = Partitioner::Range(points);
        let mut keys = [0_u32; 3];
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            keys[range.partition(line, 3).0 as usize] += 1;
        }
        assert!(keys.iter().all(|keys| (2_000..4_000).contains(keys)), "{keys:?}");
    }

    #[test]
    fn lines_that_the_job_can_t_read_are_left_out() {
        let text = Bytes::from_static(b"b,1,2\nno reading\na,1,2\n");
        let files = Files::from(text);
        let splits = SplitRule::BY_BLOCKS.plan(&files, 100, &[]);
        let points = split_points(&Job::SecondarySort, &files, &splits, 2);
        assert_eq!(points, SplitPoints::new(vec![b"b".to_vec()]));
    }
}
