//! Which pairs have a part in a record of the output: what asks for lineage needs to know how a job
//! writes what it was given.

use super::{Job, join};

impl Job {
    /// Whether a pair has a part in a line of the output, told from both alone; the line is without
    /// its end. Where a reduce sees a group as a whole, all its pairs have.
    pub fn has_part(&self, (key, value): (&[u8], &[u8]), line: &[u8]) -> bool {
        let shape = self.shape();
        match self {
            // What the maps emit is the output.
            Job::Grep { .. } | Job::BroadcastJoin { .. } | Job::BucketedJoin { .. } => {
                let mut written = Vec::new();
                shape.write_line(key, value, &mut written);
                written.strip_suffix(b"\n") == Some(line)
            }
            Job::TotalOrder => key == line,
            Job::Compaction | Job::Top { .. } => value == line,
            Job::Join | Job::SaltedJoin { .. } => join::has_part(shape, key, value, line),
            // A document's terms are written under the terms.
            Job::DocumentSizes => column(line, 1) == Some(shape.group_part(key)),
            Job::WordCount
            | Job::InvertedIndex
            | Job::SecondarySort
            | Job::Distinct
            | Job::Average
            | Job::NaiveAverage
            | Job::PageRank
            | Job::TermCounts
            | Job::TermWeights { .. } => {
                let rest = line.strip_prefix(shape.group_part(key));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"\t"))
            }
        }
    }

    /// Whether its mapper keeps lines, and emits at the end of them what it kept.
    pub fn emits_at_end(&self) -> bool {
        matches!(self, Job::Top { .. })
    }
}

fn column(line: &[u8], place: usize) -> Option<&[u8]> {
    line.split(|byte| *byte == b'\t').nth(place)
}
