//! What can be done to what a stream job reads: verbs over the partitions of its log and over its
//! records. Nothing of it is done to the job itself, which learns of it by what arrives.

use super::ShortKey;
use crate::base::clock::{time, written};
use crate::base::{Amount, Millis};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The fastest pace of a partition, in percent of what was planned.
pub const PACE_MAX: u32 = 1_000;

/// Something done to what a stream job reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum StreamFault {
    /// Nothing is appended to a partition: what would be waits at its producers.
    Silence { partition: LogPartition },
    /// What waited is appended at once, and the rest when it comes.
    Resume { partition: LogPartition },
    /// From now on the records of a partition come at so many percent of the planned pace, 1 to
    /// 1,000; but none before it happened, and in the same order.
    Pace { partition: LogPartition, percent: u32 },
    /// A record is appended now, to a partition or to that of its key.
    Inject {
        key: ShortKey,
        value: Amount,
        event_time: Millis,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        partition: Option<LogPartition>,
    },
    /// A record of the input that has not arrived yet arrives when the job's clock says this.
    Move { record: u32, arrival: Millis },
}

/// A partition of the log: of which source, and which one of it, both from 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct LogPartition {
    /// Which source, in the order of the job's graph.
    #[serde(default)]
    pub source: u16,
    /// Which partition of its topic.
    pub index: u16,
}

/// Every verb of a stream job, as it is written, and what it does; for help and lists.
pub const STREAM_VERBS: [(&str, &str); 7] = [
    ("silence partition 2", "nothing is appended to it: what would be waits"),
    ("resume partition 2", "what waited is appended at once; of a second source: `… of source 1`"),
    ("slow partition 1 to 50 %", "its records come at half of their pace; 100 % is as planned"),
    ("speed up partition 1 to 200 %", "or twice as fast, but none before it happened"),
    ("inject 6 of TeamX from 12:00:53", "a record of that key, value and event time arrives"),
    (
        "inject 6 of \"Team X\" from 12:00:53 into partition 0",
        "the same, to another partition than that of its key",
    ),
    ("move record 6 to 12:08:59", "a record that has not arrived yet arrives then"),
];

impl StreamFault {
    /// The partition that it names, when it names one.
    pub fn partition(&self) -> Option<LogPartition> {
        match self {
            StreamFault::Silence { partition }
            | StreamFault::Resume { partition }
            | StreamFault::Pace { partition, .. } => Some(*partition),
            StreamFault::Inject { partition, .. } => *partition,
            StreamFault::Move { .. } => None,
        }
    }
}

/// `partition 2`, and of another source than the first `partition 2 of source 1`.
impl fmt::Display for LogPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.source {
            0 => write!(f, "partition {}", self.index),
            source => write!(f, "partition {} of source {source}", self.index),
        }
    }
}

/// The verb as it is written and read, such as `slow partition 1 to 50 %`.
impl fmt::Display for StreamFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StreamFault::Silence { partition } => write!(f, "silence {partition}"),
            StreamFault::Resume { partition } => write!(f, "resume {partition}"),
            StreamFault::Pace { partition, percent: percent @ 0..=100 } => {
                write!(f, "slow {partition} to {percent} %")
            }
            StreamFault::Pace { partition, percent } => {
                write!(f, "speed up {partition} to {percent} %")
            }
            StreamFault::Inject { key, value, event_time, partition } => {
                let value = value.to_string().replace(',', "");
                write!(f, "inject {value} of {} from {}", quoted(key), written(*event_time))?;
                partition.map_or(Ok(()), |partition| write!(f, " into {partition}"))
            }
            StreamFault::Move { record, arrival } => {
                write!(f, "move record {record} to {}", written(*arrival))
            }
        }
    }
}

/// A key that is one plain word as it is, any other in quotes, with its own quotes doubled.
fn quoted(key: &ShortKey) -> String {
    let text = key.as_str();
    let is_word =
        !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    if is_word { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

/// The fault that a text is, if it is one of a stream job.
pub(super) fn read(text: &str) -> Option<StreamFault> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("inject ") {
        return inject(rest.trim_start());
    }
    let spaced = text.replace('%', " % ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    match &words[..] {
        ["silence", rest @ ..] => Some(StreamFault::Silence { partition: partition(rest)? }),
        ["resume", rest @ ..] => Some(StreamFault::Resume { partition: partition(rest)? }),
        ["slow", rest @ .., "to", percent, "%"] => pace(rest, percent, 1..=100),
        ["speed", "up", rest @ .., "to", percent, "%"] => pace(rest, percent, 101..=PACE_MAX),
        ["move", "record", record, "to", ..] => {
            let (_, arrival) = text.split_once(" to ")?;
            let record = record.trim_start_matches('#').parse().ok()?;
            Some(StreamFault::Move { record, arrival: time(arrival.trim())? })
        }
        _ => None,
    }
}

fn pace(
    words: &[&str],
    percent: &str,
    allowed: std::ops::RangeInclusive<u32>,
) -> Option<StreamFault> {
    let percent = percent.parse().ok().filter(|percent| allowed.contains(percent))?;
    Some(StreamFault::Pace { partition: partition(words)?, percent })
}

fn partition(words: &[&str]) -> Option<LogPartition> {
    match words {
        ["partition", index] => Some(LogPartition { source: 0, index: index.parse().ok()? }),
        ["partition", index, "of", "source", source] => {
            Some(LogPartition { source: source.parse().ok()?, index: index.parse().ok()? })
        }
        _ => None,
    }
}

/// `6 of TeamX from 12:00:53`, perhaps with a partition. A key in quotes may hold anything.
fn inject(text: &str) -> Option<StreamFault> {
    let (value, rest) = text.split_once(" of ")?;
    let (key, rest) = key(rest.trim_start())?;
    let rest = rest.trim_start().strip_prefix("from ")?;
    let (at, place) = match rest.split_once(" into ") {
        Some((at, place)) => (at, Some(place.split_whitespace().collect::<Vec<&str>>())),
        None => (rest, None),
    };
    let partition = match place {
        Some(words) => Some(partition(&words)?),
        None => None,
    };
    Some(StreamFault::Inject {
        key: key.parse().ok()?,
        value: value.trim().parse().ok()?,
        event_time: time(at.trim())?,
        partition,
    })
}

/// A word, or what stands in quotes; and what follows it.
fn key(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let (word, rest) = text.split_once(' ')?;
        return Some((word.to_owned(), rest));
    };
    let mut key = String::new();
    loop {
        let (before, after) = rest.split_once('"')?;
        key += before;
        match after.strip_prefix('"') {
            Some(more) => {
                key.push('"');
                rest = more;
            }
            None => return Some((key, after)),
        }
    }
}
