//! A made map attempt: 300 ms a word, 250 ms a spill, which goes on in the background.

use super::words::{self, Input};
use super::{Play, Ran, Script};
use crate::base::{AttemptId, BlockId, NodeId, Span, Time};
use crate::trace::event::{BatchEvent, Counters, Locality, Phase, SpillReason, Volume};
use std::collections::BTreeSet;

const LAUNCH: Span = Span::from_millis(600);
const WORD: Span = Span::from_millis(300);
const SPILL: Span = Span::from_millis(250);
/// Bytes of accounting a record, as in Hadoop's buffer.
const ACCOUNTING: u64 = 16;

/// A map attempt under way.
struct Work<'a> {
    script: &'a mut Script,
    attempt: AttemptId,
    node: NodeId,
    reduces: u32,
    at: Time,
    cause: Option<usize>,
    /// What the buffer gathers since the last spill began.
    fresh: Vec<String>,
    /// When the spill under way ends, what it came from and holds, and its buffer.
    spilling: Option<(Time, Option<usize>, Vec<String>, u64)>,
    spills: u32,
    spilled: Volume,
    counters: Counters,
}

impl Play<'_> {
    pub(super) fn run_map(
        &mut self,
        attempt: AttemptId,
        node: NodeId,
        given: Time,
        cause: Option<usize>,
        locality: Locality,
    ) -> Ran {
        let (shape, index) = (self.shape, attempt.task.index);
        let from = match locality {
            Locality::NodeLocal => node,
            Locality::RackLocal | Locality::OffRack => super::hosts(shape, index)[0],
        };
        let input = &self.inputs[index as usize];
        let mut work = Work {
            script: &mut self.script,
            attempt,
            node,
            reduces: shape.reduces,
            at: given + Span::from_millis(40),
            cause,
            fresh: Vec::new(),
            spilling: None,
            spills: 0,
            spilled: Volume::default(),
            counters: Counters::default(),
        };
        work.open(input, from, (BlockId(index), locality));
        work.read(input, shape.buffer, shape.words_a_report);
        let segments = work.close(input);
        let took = work.at - given;
        let (attempt, counters) = (work.attempt, work.counters);
        work.at += Span::from_millis(30);
        let succeeded = BatchEvent::AttemptSucceeded { attempt, took, counters };
        let until = work.script.tell(work.at, None, work.cause, succeeded).map(|id| (work.at, id));
        Ran { attempt, node, given, until, cause, counters, segments }
    }
}

impl Work<'_> {
    fn tell(&mut self, kind: BatchEvent) -> Option<usize> {
        self.script.tell(self.at, Some(self.node), self.cause, kind)
    }

    fn phase(&mut self, phase: Phase) {
        self.cause = self.tell(BatchEvent::PhaseStarted { attempt: self.attempt, phase });
    }

    fn open(&mut self, input: &Input, from: NodeId, (block, locality): (BlockId, Locality)) {
        let attempt = self.attempt;
        self.cause = self.tell(BatchEvent::AttemptLaunched { attempt });
        self.phase(Phase::Launch);
        self.at += LAUNCH;
        self.phase(Phase::Map);
        self.tell(BatchEvent::InputOpened { attempt, block, from, locality });
        if input.skipped > 0 {
            self.tell(BatchEvent::PartialLineSkipped { attempt, bytes: input.skipped });
        }
    }

    fn read(&mut self, input: &Input, capacity: u64, words_a_report: usize) {
        let threshold_bytes = capacity * 8 / 10;
        let mut lines = BTreeSet::new();
        let (mut output, mut told_end) = (Volume::default(), false);
        for (number, (word, line_end)) in (1..).zip(&input.words) {
            self.at += WORD;
            lines.insert(*line_end);
            output = output + Volume { records: 1, bytes: words::bytes(word) };
            self.fresh.push(word.clone());
            self.end_spill(self.at);
            let split_end = input.offset + input.length;
            if *line_end > split_end && !told_end {
                told_end = true;
                let (attempt, line_end) = (self.attempt, *line_end);
                self.tell(BatchEvent::ReadPastEnd { attempt, split_end, line_end, piece: 0 });
            }
            if number % words_a_report == 0 {
                let (attempt, buffer_bytes, buffer_capacity) =
                    (self.attempt, self.in_use(), capacity);
                let bytes = line_end - input.offset - input.skipped;
                let input = Volume { records: lines.len() as u64, bytes };
                let position = *line_end;
                self.tell(BatchEvent::MapProgress {
                    attempt,
                    position,
                    piece: 0,
                    text_position: None,
                    input,
                    output,
                    buffer_bytes,
                    buffer_capacity,
                });
            }
            if self.spilling.is_none() && taken(&self.fresh) >= threshold_bytes {
                self.begin_spill(SpillReason::Threshold, threshold_bytes);
            }
        }
        self.counters.map_input_records = lines.len() as u64;
        self.counters.map_output_records = output.records;
        self.counters.map_output_bytes = output.bytes;
        self.at += WORD;
        self.phase(Phase::Flush);
        self.end_spill(self.at + SPILL);
        if self.spills == 0 || !self.fresh.is_empty() {
            self.begin_spill(SpillReason::EndOfInput, threshold_bytes);
        }
        self.end_spill(self.at + SPILL);
    }

    fn in_use(&self) -> u64 {
        taken(&self.fresh) + self.spilling.as_ref().map_or(0, |(.., bytes)| *bytes)
    }

    fn begin_spill(&mut self, reason: SpillReason, threshold_bytes: u64) {
        let words = std::mem::take(&mut self.fresh);
        let content = words.iter().map(|w| Volume { records: 1, bytes: words::bytes(w) }).sum();
        let (attempt, spill, buffer_bytes) = (self.attempt, self.spills, taken(&words));
        self.spills += 1;
        let started = self.tell(BatchEvent::SpillStarted {
            attempt,
            spill,
            reason,
            content,
            buffer_bytes,
            threshold_bytes,
        });
        self.spilling = Some((self.at + SPILL, started, words, buffer_bytes));
    }

    /// Ends the spill under way if it is done by then, and goes on no earlier.
    fn end_spill(&mut self, now: Time) {
        let Some((end, cause, words, _)) = self.spilling.take_if(|(end, ..)| *end <= now) else {
            return;
        };
        let before: Volume =
            words.iter().map(|w| Volume { records: 1, bytes: words::bytes(w) }).sum();
        let distinct: BTreeSet<(u32, String)> = words.into_iter().map(|word| (0, word)).collect();
        let after = words::volume(distinct.iter());
        self.at = self.at.max(end);
        let spill = self.spills - 1;
        let finished = BatchEvent::SpillFinished { attempt: self.attempt, spill, before, after };
        self.cause = self.script.tell(self.at, Some(self.node), cause, finished);
        self.counters.combine_input_records += before.records;
        self.counters.combine_output_records += after.records;
        self.counters.spilled_records += after.records;
        self.spilled = self.spilled + after;
    }

    fn close(&mut self, input: &Input) -> Vec<Volume> {
        let (attempt, segments) = (self.attempt, self.spills);
        let counts = words::counts(input, self.reduces);
        let after = words::volume(counts.keys());
        if segments > 1 {
            self.phase(Phase::Merge);
            let (pass, inputs, last) = (0, segments, true);
            self.tell(BatchEvent::MergeStarted {
                attempt,
                pass,
                inputs,
                segments,
                last,
                memory: None,
            });
            self.at += SPILL;
            let before = self.spilled;
            self.counters.spilled_records += after.records;
            self.cause = self.tell(BatchEvent::MergeFinished { attempt, pass, before, after });
        }
        let of = |part: u32| words::volume(counts.keys().filter(move |(own, _)| *own == part));
        let segments: Vec<Volume> = (0..self.reduces).map(of).collect();
        self.cause = self.tell(BatchEvent::MapOutputReady { attempt, segments: segments.clone() });
        self.phase(Phase::Done);
        segments
    }
}

/// The room that records take in the buffer.
fn taken(words: &[String]) -> u64 {
    words.iter().map(|word| words::bytes(word) + ACCOUNTING).sum()
}
