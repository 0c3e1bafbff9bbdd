//! What is out of order, for the stage to show: of nodes, of racks, of attempts in their seats, of
//! copies of blocks. Words and marks only; plain functions of the snapshot.

use crate::base::format::Seconds;
use crate::base::{NodeId, TaskId, Time};
use crate::trace::failure::{KillReason, LaunchReason};
use crate::trace::sentence::short_error;
use crate::trace::snapshot::{Attempt, Block, Ending, Node, Snapshot, Task, TaskState, Verdict};
use crate::ui::stage::derive::current;

/// A condition of a node, in truth: a class for its look, and words, the longest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// How it looks.
    pub class: &'static str,
    /// What it is.
    pub words: [String; 3],
}

/// What is not as it should be on a node, the gravest first.
pub fn conditions(node: &Node, is_cut: bool) -> Vec<Condition> {
    let of = |class, words| Condition { class, words };
    let mut found = Vec::new();
    if let Some((at, _)) = node.down {
        let at = seconds(at);
        found.push(of("is-down", [format!("crashed at {at}"), format!("crashed {at}"), at]));
    }
    if is_cut {
        found.push(of("is-cut", ["rack cut off".into(), "cut off".into(), "cut".into()]));
    }
    for (part, percent) in node.speed.slowed() {
        let short = format!("{percent} %");
        found.push(of("is-slow", [format!("{part} at {short}"), format!("slow, {short}"), short]));
    }
    if let Some((percent, _)) = node.loss {
        let long = format!("loses {percent} % of messages");
        found.push(of("is-lossy", [long, format!("loses {percent} %"), format!("−{percent} %")]));
    }
    found
}

/// How an attempt fares, beyond its phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It runs, or did what it had to.
    Well,
    /// It went with its node.
    Gone,
    /// It failed.
    Failed,
    /// It was killed, though it may still run.
    Killed,
}

/// How an attempt fares: what is so on its node comes first.
pub fn fate(attempt: &Attempt) -> Fate {
    match (&attempt.ending, &attempt.verdict) {
        (Some(Ending::NodeCrashed), _) => Fate::Gone,
        (Some(Ending::Threw(_)), _) | (_, Verdict::Failed { .. }) => Fate::Failed,
        (Some(Ending::Stopped), _) | (_, Verdict::Killed { .. }) => Fate::Killed,
        (Some(Ending::Done) | None, Verdict::Running | Verdict::Succeeded { .. }) => Fate::Well,
    }
}

impl Fate {
    /// The class that gives it its look.
    pub fn class(self) -> Option<&'static str> {
        match self {
            Fate::Well => None,
            Fate::Gone => Some("is-gone"),
            Fate::Failed => Some("is-failed"),
            Fate::Killed => Some("is-killed"),
        }
    }
}

/// What is to be known of an attempt in its seat beside the attempt itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seat {
    /// Whether the task's chip stands here; else the seat has to name the task.
    pub has_chip: bool,
    /// Whether another attempt of the task runs elsewhere, or it is one's backup.
    pub is_twin: bool,
    /// Failures of the task so far, of those that it may have.
    pub failures: Option<(u32, u32)>,
}

/// What is to be known of an attempt in its seat.
pub fn seat(snapshot: &Snapshot, attempt: &Attempt) -> Seat {
    let Some(task) = snapshot.task(attempt.id.task) else { return Seat::default() };
    let is_current = current(task).is_some_and(|current| current.id == attempt.id);
    Seat {
        has_chip: is_current && task.state == TaskState::Running,
        is_twin: attempt.backs.is_some() || is_backed(task, attempt),
        failures: failures(task),
    }
}

/// Whether another attempt was given out as this one's backup.
pub fn is_backed(task: &Task, attempt: &Attempt) -> bool {
    task.attempts.iter().any(|other| other.backs == Some(attempt.id))
}

/// Failures of a task so far, of those that it may have; nothing before the first.
pub fn failures(task: &Task) -> Option<(u32, u32)> {
    let (failures, limit) = task.failures;
    limit.filter(|_| failures > 0).map(|limit| (failures, limit))
}

/// What an attempt does, with what is out of order about it: the longest wording first.
pub fn doing(attempt: &Attempt, seat: &Seat, phase: &str) -> Vec<String> {
    let mut words = match fate(attempt) {
        Fate::Gone => vec!["gone with its node".to_owned(), "gone".to_owned()],
        Fate::Failed | Fate::Killed => vec![ended(attempt), short_end(attempt).to_owned()],
        Fate::Well => running(attempt, seat, phase),
    };
    if let (Some((failures, limit)), Fate::Well | Fate::Failed) = (seat.failures, fate(attempt)) {
        let long = format!("{}; {failures} of {limit} failed", words[0]);
        words.insert(0, long);
    }
    words
}

/// A backup says whose; who waits for a host that serves nothing says until when.
fn running(attempt: &Attempt, seat: &Seat, phase: &str) -> Vec<String> {
    if let Some(avoided) = attempt.avoided.first().filter(|_| attempt.fetching.is_empty()) {
        let (host, until) = (avoided.host, seconds(avoided.until));
        let node = format!("n{}", host.0);
        return vec![
            format!("{phase}; tries {host} again at {until}"),
            format!("tries {host} at {until}"),
            format!("waits for {node}"),
        ];
    }
    let task = attempt.id.task;
    match attempt.reason {
        LaunchReason::Backup => vec![
            format!("backup of {task}, {phase}"),
            format!("backup, {phase}"),
            format!("backup of {task}"),
            "backup".to_owned(),
        ],
        LaunchReason::First | LaunchReason::Retry | LaunchReason::Rerun if seat.is_twin => {
            vec![format!("{phase}; slow, has a backup"), format!("{phase}; slow"), phase.to_owned()]
        }
        LaunchReason::Retry => {
            vec![format!("{phase}; try {}", attempt.id.number + 1), phase.to_owned()]
        }
        LaunchReason::Rerun => vec![format!("{phase}; runs again"), phase.to_owned()],
        LaunchReason::First => vec![phase.to_owned()],
    }
}

/// How an attempt ended badly, in a few words.
pub fn ended(attempt: &Attempt) -> String {
    match (&attempt.verdict, &attempt.ending) {
        (Verdict::Failed { error, .. }, _) => format!("failed: {}", short_error(error)),
        (Verdict::Killed { reason, .. }, _) => format!("killed: {}", killed(reason)),
        (_, Some(Ending::Threw(error))) => format!("ended by {}", short_error(error)),
        (_, Some(Ending::NodeCrashed)) => "gone with its node".to_owned(),
        (_, Some(Ending::Stopped)) => "stopped".to_owned(),
        (_, Some(Ending::Done) | None) => String::new(),
    }
}

fn short_end(attempt: &Attempt) -> &'static str {
    match fate(attempt) {
        Fate::Killed => "killed",
        Fate::Failed => "failed",
        Fate::Gone => "gone",
        Fate::Well => "",
    }
}

fn killed(reason: &KillReason) -> String {
    match reason {
        KillReason::NodeLost { .. } => "node lost".to_owned(),
        KillReason::NodeRestarted { .. } => "node began anew".to_owned(),
        KillReason::LostRace { winner } => format!("attempt {} finished first", winner.number),
        KillReason::MadeRoom { .. } => "made room for maps".to_owned(),
        KillReason::JobFailed => "job failed".to_owned(),
        KillReason::JobFinished => "job finished".to_owned(),
    }
}

/// How a copy of a block fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replica {
    /// It is there, and known.
    There,
    /// It is believed there, but its node is out of reach or lost it.
    OutOfReach,
    /// It is believed lost, though its disk has it.
    BelievedLost,
    /// It is on its way.
    Coming,
}

impl Replica {
    /// The class that gives it its look.
    pub fn class(self) -> &'static str {
        match self {
            Replica::There => "copy",
            Replica::OutOfReach => "copy is-out",
            Replica::BelievedLost => "copy is-lost",
            Replica::Coming => "copy is-coming",
        }
    }

    /// What it is, after the node's name.
    pub fn word(self) -> &'static str {
        match self {
            Replica::There => "",
            Replica::OutOfReach => " (out of reach)",
            Replica::BelievedLost => " (believed lost)",
            Replica::Coming => " (being copied)",
        }
    }
}

/// The copies of a block, those that were lost and those on their way too. `out` are the nodes
/// that nobody reaches.
pub fn copies(block: &Block, out: &[NodeId]) -> Vec<(NodeId, Replica)> {
    let mut copies: Vec<(NodeId, Replica)> = Vec::new();
    for node in block.replicas.iter().chain(&block.believed) {
        if copies.iter().any(|(known, _)| known == node) {
            continue;
        }
        let is_believed = block.believed.contains(node);
        let is_there = block.replicas.contains(node) && !out.contains(node);
        copies.push((
            *node,
            match (is_believed, is_there) {
                (true, true) => Replica::There,
                (true, false) => Replica::OutOfReach,
                (false, _) => Replica::BelievedLost,
            },
        ));
    }
    let coming = block.copying.iter().map(|copy| copy.to);
    copies.extend(coming.map(|node| (node, Replica::Coming)));
    copies
}

/// The nodes that nobody reaches: down, or behind a switch that is cut off.
pub fn out_of_reach(snapshot: &Snapshot) -> Vec<NodeId> {
    let nodes = snapshot.nodes.iter().map(|node| node.id);
    nodes.filter(|node| !snapshot.is_within_reach(*node)).collect()
}

/// A task's failures, for its name: `, 2 of 4 failed`.
pub fn failures_said(snapshot: &Snapshot, task: TaskId) -> String {
    let failures = snapshot.task(task).and_then(|task| failures(task));
    failures.map_or(String::new(), |(failures, limit)| format!(", {failures} of {limit} failed"))
}

/// A moment of the run: `12.4 s`.
pub fn seconds(at: Time) -> String {
    format!("{} s", Seconds(at.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Timeline, synthetic};

    fn at(ms: u64) -> std::rc::Rc<Snapshot> {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::failing()).unwrap();
        let upto = timeline.at_time(Time(ms * 1_000));
        timeline.seek(upto)
    }

    fn said(ms: u64, map: u32, number: u16) -> String {
        let state = at(ms);
        let attempt = state.attempt(TaskId::map(map).attempt(number)).unwrap();
        doing(attempt, &seat(&state, attempt), "mapping 63 %").swap_remove(0)
    }

    #[test]
    fn who_runs_fails_or_is_killed_is_said_in_the_seat() {
        assert_eq!(said(2_000, 0, 0), "mapping 63 %");
        assert_eq!(said(3_050, 1, 0), "ended by an exception");
        assert_eq!(said(3_100, 1, 0), "failed: an exception; 1 of 4 failed");
        assert_eq!(said(5_000, 1, 1), "mapping 63 %; try 2; 1 of 4 failed");
        assert_eq!(said(18_500, 3, 0), "mapping 63 %; slow, has a backup");
        assert_eq!(said(18_500, 3, 1), "backup of map 3, mapping 63 %");
        assert_eq!(said(22_100, 3, 0), "killed: attempt 1 finished first");
    }

    #[test]
    fn a_reduce_that_cannot_fetch_says_when_it_tries_again() {
        let state = at(12_000);
        let reduce = state.attempt(TaskId::reduce(1).attempt(0)).unwrap();
        let words = doing(reduce, &Seat::default(), "copying 2 of 4");
        assert_eq!(words[0], "copying 2 of 4; tries node 3 again at 21.0 s");
    }

    #[test]
    fn nodes_say_what_is_wrong_with_them() {
        let words = |ms, node: usize| -> Vec<String> {
            let found = conditions(&at(ms).nodes[node], false);
            found.into_iter().map(|condition| condition.words[0].clone()).collect()
        };
        assert_eq!(words(9_000, 2), ["crashed at 8.0 s"]);
        assert_eq!(words(9_000, 3), ["processor at 20 %"]);
        assert!(words(20_000, 2).is_empty());
    }

    #[test]
    fn copies_are_there_out_of_reach_lost_or_coming() {
        let of = |ms| {
            let state = at(ms);
            copies(&state.blocks[1], &out_of_reach(&state))
        };
        use Replica::{BelievedLost, Coming, OutOfReach, There};
        assert_eq!(of(7_000), [(NodeId(2), There), (NodeId(3), There)]);
        assert_eq!(of(8_000), [(NodeId(2), There), (NodeId(3), OutOfReach)]);
        let coming = (NodeId(4), Coming);
        assert_eq!(of(17_000), [(NodeId(2), There), (NodeId(3), BelievedLost), coming]);
        assert_eq!(of(21_000), [(NodeId(2), There), (NodeId(4), There)]);
    }
}
