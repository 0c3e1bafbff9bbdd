//! What a node has asked other nodes for, and waits for. A node that is gone never answers, so
//! each read has its time.

use crate::base::{AttemptId, BlockId, NodeId, Span, Time};
use crate::mapreduce::Lane;
use std::collections::BTreeMap;

/// Who waits for a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// A lane of an attempt.
    Lane(AttemptId, Lane),
    /// A block that is copied from a node.
    Copy(BlockId, NodeId),
}

/// The reads under way.
#[derive(Debug, Default)]
pub(super) struct Reads {
    next: u32,
    under_way: BTreeMap<u32, (Reader, Time)>,
}

impl Reads {
    /// A read begins; gives its number, by which its answer is known.
    pub(super) fn begin(&mut self, at: Time, reader: Reader) -> u32 {
        let number = self.next;
        self.next += 1;
        self.under_way.insert(number, (reader, at));
        number
    }

    /// An answer came: for whom? Nobody, when it came too late.
    pub(super) fn end(&mut self, number: u32) -> Option<Reader> {
        self.under_way.remove(&number).map(|(reader, _)| reader)
    }

    /// Takes those that have waited for longer than this, with what they waited.
    pub(super) fn expire(&mut self, at: Time, timeout: Span) -> Vec<(Reader, Span)> {
        let late = |since: Time| at.since(since) > timeout;
        let expired = self.under_way.values().filter(|(_, since)| late(*since));
        let expired = expired.map(|(reader, since)| (*reader, at.since(*since))).collect();
        self.under_way.retain(|_, (_, since)| !late(*since));
        expired
    }

    /// An attempt is over: what it waited for is of no use.
    pub(super) fn forget(&mut self, attempt: AttemptId) {
        self.under_way.retain(|_, (reader, _)| match reader {
            Reader::Lane(other, _) => *other != attempt,
            Reader::Copy(..) => true,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TaskId;

    #[test]
    fn a_read_ends_once_by_its_answer_or_by_its_time() {
        let mut reads = Reads::default();
        let reader = Reader::Lane(TaskId::reduce(0).attempt(0), Lane::Copy(1));
        let (first, second) = (reads.begin(Time(0), reader), reads.begin(Time(500), reader));
        assert_eq!(reads.expire(Time(1_000), Span(1_000)), []);
        assert_eq!(reads.expire(Time(1_001), Span(1_000)), [(reader, Span(1_001))]);
        assert_eq!(reads.end(first), None);
        assert_eq!(reads.end(second), Some(reader));
    }
}
