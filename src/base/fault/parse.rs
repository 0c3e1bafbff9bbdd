//! Reading a fault as a person writes it.

use super::{Fault, NodePart, PlannedFault, stream};
use crate::base::{FileId, NodeId, RackId, TaskId, Time};
use std::str::FromStr;

/// What a person wrote is no fault; says what is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{given}\" is no fault: write one of `crash node 3`, `restart node 3`, `restart node 3 \
     without disk`, `slow processor of node 3 to 20 %` (or disk, or network), `cut off rack 2`, \
     `join rack 2`, `lose 30 % of node 3`, `fail map 2`, `fail reduce 0`, `poison byte 120`; in a \
     stream job `silence partition 2`, `resume partition 2`, `slow partition 1 to 50 %`, `speed up \
     partition 1 to 200 %`, `inject 6 of TeamX from 12:00:53`, `move record 6 to 12:08:59`{when}"
)]
pub struct FaultError {
    given: String,
    when: &'static str,
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Fault, FaultError> {
        if let Some(fault) = stream::read(text) {
            return Ok(Fault::Stream(fault));
        }
        let spaced = text.replace('%', " % ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        read(&words).ok_or_else(|| FaultError { given: text.to_owned(), when: "" })
    }
}

impl FromStr for PlannedFault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<PlannedFault, FaultError> {
        let error =
            || FaultError { given: text.to_owned(), when: ", and when: `crash node 3 at 12.4 s`" };
        let (fault, when) = text.rsplit_once(" at ").ok_or_else(error)?;
        let at = seconds(when.trim().trim_end_matches('s').trim_end()).ok_or_else(error)?;
        Ok(PlannedFault { at, fault: fault.parse().map_err(|_| error())? })
    }
}

fn read(words: &[&str]) -> Option<Fault> {
    let fault = match *words {
        ["crash", "node", node] => Fault::Crash { node: node_id(node)? },
        ["restart", "node", node] => Fault::Restart { node: node_id(node)?, keep_disk: true },
        ["restart", "node", node, "without", "disk"] => {
            Fault::Restart { node: node_id(node)?, keep_disk: false }
        }
        ["slow", part, "of", "node", node, "to", percent, "%"] => {
            let percent = percentage(percent)?;
            Fault::Slow { node: node_id(node)?, part: node_part(part)?, percent }
        }
        ["cut", "off", "rack", rack] => Fault::CutRack { rack: rack_id(rack)? },
        ["join", "rack", rack] => Fault::JoinRack { rack: rack_id(rack)? },
        ["lose", percent, "%", "of", "node", node] => {
            Fault::LoseMessages { node: node_id(node)?, percent: percentage(percent)? }
        }
        ["fail", "map", index] => Fault::FailTask { task: TaskId::map(index.parse().ok()?) },
        ["fail", "reduce", index] => Fault::FailTask { task: TaskId::reduce(index.parse().ok()?) },
        ["poison", "byte", offset] => {
            Fault::PoisonRecord { offset: offset.parse().ok()?, file: FileId(0) }
        }
        ["poison", "byte", offset, "of", "file", file] => {
            let file = FileId(file.parse().ok()?);
            Fault::PoisonRecord { offset: offset.parse().ok()?, file }
        }
        _ => return None,
    };
    Some(fault)
}

fn node_part(word: &str) -> Option<NodePart> {
    match word {
        "processor" => Some(NodePart::Processor),
        "disk" => Some(NodePart::Disk),
        "network" => Some(NodePart::Network),
        _ => None,
    }
}

fn node_id(word: &str) -> Option<NodeId> {
    word.parse().ok().filter(|number| *number > 0).map(NodeId)
}

fn rack_id(word: &str) -> Option<RackId> {
    word.parse().ok().filter(|number| *number > 0).map(RackId)
}

fn percentage(word: &str) -> Option<u32> {
    word.parse().ok().filter(|percent| *percent <= 100)
}

/// Seconds with at most six decimals.
fn seconds(word: &str) -> Option<Time> {
    let (whole, decimals) = word.split_once('.').unwrap_or((word, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(decimals) || decimals.len() > 6 {
        return None;
    }
    let micros: u64 = format!("{decimals:0<6}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(micros).map(Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "crash node 3 at 12.4 s",
            "restart node 3 at 0 s",
            "restart node 3 without disk at 1.000001 s",
            "slow processor of node 2 to 20 % at 5 s",
            "slow disk of node 2 to 0 % at 5 s",
            "slow network of node 2 to 100 % at 5 s",
            "cut off rack 2 at 7 s",
            "join rack 2 at 8 s",
            "lose 30 % of node 1 at 3 s",
            "fail map 2 at 4 s",
            "fail reduce 0 at 4 s",
            "poison byte 120 at 0.5 s",
            "silence partition 2 at 12 s",
            "resume partition 2 of source 1 at 20 s",
            "slow partition 1 to 50 % at 12 s",
            "speed up partition 1 to 200 % at 12 s",
            "inject -2.5 of TeamX from 12:00:53 at 12 s",
            "inject 6 of \"of the team\" from 12:00:53.5 into partition 0 at 12 s",
            "inject 1 of \"\" from -4 at 1 s",
            "inject 1234567 of \"12 at 3 %\" from 2026-11-21T15:39:12Z at 1 s",
            "move record 6 to 12:08:59 at 0 s",
        ] {
            let planned: PlannedFault = text.parse().unwrap();
            assert_eq!(planned.to_string(), text);
        }
    }

    #[test]
    fn every_verb_of_the_list_is_one() {
        for (verb, _) in crate::base::fault::VERBS.iter().chain(&crate::base::fault::STREAM_VERBS) {
            assert_eq!(verb.parse::<Fault>().unwrap().to_string(), *verb);
        }
    }

    #[test]
    fn what_is_no_fault_is_refused_with_what_is() {
        for text in [
            "",
            "crash",
            "crash node",
            "crash node 0",
            "slow disk of node 1 to 101 %",
            "silence partition",
            "slow partition 1 to 101 %",
            "slow partition 1 to 0 %",
            "speed up partition 1 to 2000 %",
            "speed up partition 1 to 50 %",
            "inject 6 of a b from 12:00",
            "inject six of a from 12:00",
            "inject 6 of a from noon",
            "inject 6 of \"a from 12:00",
            "move record 6 to noon",
            "inject 6 of a-key-of-more-than-two-dozen-letters from 12:00",
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains("crash node 3"), "{error}");
        }
        for text in ["crash node 3", "crash node 3 at noon", "crash node 3 at 1.1234567 s"] {
            let error = text.parse::<PlannedFault>().unwrap_err().to_string();
            assert!(error.contains("at 12.4 s"), "{error}");
        }
        assert!("lose 5% of node 1".parse::<Fault>().is_ok());
    }
}
