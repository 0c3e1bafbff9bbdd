//! The groups of a reduce, one call of reduce after another.

use super::told::{Paged, Told, line_text, row};
use crate::lab::messages::zoom::Did;
use crate::mapreduce::JobConfig;
use crate::mapreduce::attempt::{Budget, Lane};
use crate::mapreduce::reduce_attempt::ReduceAttempt;
use crate::trace::Recorder;
use std::sync::Arc;

/// One record.
const ONE: Budget = Budget { records: 1, bytes: 1 };

/// The most bytes of a group's output that are told.
const WRITTEN_BYTES_MAX: usize = 1_600;

/// The groups so far, and the one that is open.
pub(super) struct Groups {
    config: Arc<JobConfig>,
    over: u64,
    open: Option<Open>,
}

struct Open {
    key: String,
    rows: Paged,
    /// Where in the output it begins.
    from: usize,
}

impl Groups {
    /// None yet.
    pub(super) fn new(config: Arc<JobConfig>) -> Groups {
        Groups { config, over: 0, open: None }
    }

    /// How many are over.
    pub(super) fn over(&self) -> u64 {
        self.over
    }

    /// Reduces one record, and tells of the group that ends with that; gives the record's bytes.
    pub(super) fn step(
        &mut self,
        attempt: &mut ReduceAttempt,
        recorder: &mut Recorder,
        told: &mut Told,
    ) -> u64 {
        let shape = self.config.job.shape();
        let is_near = told.wants_soon(2);
        let next = attempt.next_record();
        let bytes = next.map_or(0, |(key, value, _)| (key.len() + value.len()) as u64);
        let begins = attempt.begins_group();
        let seen = next
            .filter(|_| is_near)
            .map(|(key, value, map)| row(shape, (key, value), None, Some(map)));
        let closing = if begins || next.is_none() { attempt.closing_bytes() } else { 0 };
        let is_over = next.is_none();
        let before = attempt.output().len();
        attempt.step(Lane::Main, ONE, recorder);
        if begins || is_over {
            let ends = before + closing;
            self.close(attempt.output(), ends, told);
            if is_over {
                self.finish(attempt, ends, told);
            }
        }
        if begins && !is_over {
            let key = seen.as_ref().map(|row| row.key.clone()).unwrap_or_default();
            let rows = Paged::from(told.rows_from);
            self.open = Some(Open { key, rows, from: before + closing });
        }
        if let Some(open) = self.open.as_mut().filter(|_| !is_over) {
            open.rows.add(|| seen);
        }
        bytes
    }

    /// The group that is open is over; its output ends here.
    fn close(&mut self, output: &[u8], ends: usize, told: &mut Told) {
        let Some(Open { key, rows, from }) = self.open.take() else { return };
        let number = self.over;
        self.over += 1;
        let written = output.get(from..ends).unwrap_or_default();
        told.tell(None, |_| Did::Group {
            number,
            key,
            rows: rows.finish(),
            written: text(written),
        });
    }

    /// What the reducer wrote behind the last group, if it did.
    fn finish(&mut self, attempt: &ReduceAttempt, from: usize, told: &mut Told) {
        let written = attempt.output().get(from..).unwrap_or_default();
        if !written.is_empty() {
            told.tell(None, |_| Did::Finish { written: text(written) });
        }
    }
}

fn text(bytes: &[u8]) -> String {
    if bytes.len() <= WRITTEN_BYTES_MAX {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    line_text(&bytes[..WRITTEN_BYTES_MAX])
}
