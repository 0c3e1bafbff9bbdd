//! Truth and belief side by side: what is so on a node or with an attempt, and what the coordinator
//! thinks of it. Rows of a table, as plain text.

use crate::base::format::Percent;
use crate::base::{AttemptId, NodeId, TaskKind, Time};
use crate::trace::snapshot::{Attempt, Ending, Node, Snapshot, Verdict};
use crate::ui::selection::Selection;
use crate::ui::stage::trouble::{conditions, ended, seconds};
use crate::ui::stage::wording;

/// One thing that is so, and what is believed of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub what: &'static str,
    /// What is so.
    pub is: String,
    /// What the coordinator believes.
    pub believed: String,
    /// Whether the two part.
    pub differs: bool,
}

/// The rows for what is selected; none where truth and belief have nothing to part about.
pub fn rows(snapshot: &Snapshot, selection: Selection, now: Time) -> Vec<Row> {
    match selection {
        Selection::Node(id) => snapshot.node(id).map_or(Vec::new(), |node| {
            vec![state(snapshot, node, now), runs(snapshot, node), copies(snapshot, id)]
        }),
        Selection::Attempt(id) => snapshot
            .attempt(id)
            .map_or(Vec::new(), |attempt| vec![fares(attempt), progress(snapshot, attempt, now)]),
        Selection::Task(_)
        | Selection::Rack(_)
        | Selection::Block(_)
        | Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Coordinator
        | Selection::Event(_)
        | Selection::Stream(_) => Vec::new(),
    }
}

fn state(snapshot: &Snapshot, node: &Node, now: Time) -> Row {
    let is_cut = snapshot.rack_cut_since(node.rack).is_some();
    let troubles = conditions(node, is_cut);
    let words: Vec<&str> = troubles.iter().map(|trouble| trouble.words[0].as_str()).collect();
    let is = if words.is_empty() { "up".to_owned() } else { words.join(", ") };
    let belief = &node.belief;
    let believed = match (belief.lost, belief.heard_at) {
        (Some(lost), _) => format!("lost since {}", seconds(lost.since.0)),
        (None, Some(_)) => format!("alive, {}", wording::heard(belief, now)[0]),
        (None, None) => "nothing heard yet".to_owned(),
    };
    let barred = belief.barred.map_or("", |barred| if barred.ignored { "" } else { "; barred" });
    let is_alive = belief.lost.is_none() && belief.heard_at.is_some();
    let differs = is_alive != (node.is_up() && !is_cut) && belief.heard_at.is_some();
    Row { what: "state", is, believed: format!("{believed}{barred}"), differs }
}

fn runs(snapshot: &Snapshot, node: &Node) -> Row {
    let believed = snapshot.believed_running(node.id);
    let mut is = node.running.clone();
    is.sort();
    let differs = is != believed;
    Row { what: "runs", is: listed(&is), believed: listed(&believed), differs }
}

/// More attempts than this are counted and not named.
const NAMED_MOST: usize = 6;

fn listed(attempts: &[AttemptId]) -> String {
    match attempts.len() {
        0 => "nothing".to_owned(),
        1..=NAMED_MOST => {
            let names: Vec<String> = attempts.iter().map(ToString::to_string).collect();
            names.join(", ")
        }
        _ => {
            let maps = attempts.iter().filter(|id| id.task.kind == TaskKind::Map).count();
            format!("{maps} maps, {} reduces", attempts.len() - maps)
        }
    }
}

fn copies(snapshot: &Snapshot, id: NodeId) -> Row {
    let held = snapshot.blocks.iter().filter(|block| block.replicas.contains(&id)).count();
    let believed = snapshot.blocks.iter().filter(|block| block.believed.contains(&id)).count();
    let (is, out) = (held.to_string(), " (out of reach)");
    let is = if snapshot.is_within_reach(id) || held == 0 { is } else { format!("{is}{out}") };
    Row { what: "block copies", is, believed: believed.to_string(), differs: held != believed }
}

fn fares(attempt: &Attempt) -> Row {
    let is = match (&attempt.ending, attempt.ended) {
        (Some(Ending::Done), Some((at, _))) if attempt.is_deleted => {
            format!("done at {}, its files deleted", seconds(at))
        }
        (Some(Ending::Done), Some((at, _))) => format!("done at {}", seconds(at)),
        (Some(Ending::Threw(_)), Some((at, _))) => format!("threw at {}", seconds(at)),
        (Some(Ending::Stopped), Some((at, _))) => format!("stopped at {}", seconds(at)),
        (Some(Ending::NodeCrashed), Some((at, _))) => {
            format!("gone with its node at {}", seconds(at))
        }
        (Some(_), None) | (None, _) if attempt.phases.is_empty() => "has not begun".to_owned(),
        (Some(_), None) | (None, _) => format!("runs: {}", wording::phase(attempt.phase)),
    };
    let believed = match &attempt.verdict {
        Verdict::Running => "runs".to_owned(),
        Verdict::Succeeded { at, .. } => format!("succeeded at {}", seconds(at.0)),
        Verdict::Failed { at, had_succeeded, .. } | Verdict::Killed { at, had_succeeded, .. } => {
            let was = if *had_succeeded { "had succeeded; " } else { "" };
            format!("{was}{} at {}", ended(attempt), seconds(at.0))
        }
    };
    let differs = attempt.is_living() == attempt.ended.is_some();
    Row { what: "state", is, believed, differs }
}

fn progress(snapshot: &Snapshot, attempt: &Attempt, now: Time) -> Row {
    let heard = attempt.heard.map_or_else(
        || "none reported".to_owned(),
        |(millionths, (at, _))| {
            let share = Percent(u64::from(millionths), 1_000_000);
            format!("{share}, heard {} ago", now.since(at))
        },
    );
    let split = snapshot.task(attempt.id.task).and_then(|task| task.split.as_ref());
    let is = match attempt.id.task.kind {
        TaskKind::Map => wording::map_phase(attempt, split),
        TaskKind::Reduce => {
            let copied = crate::ui::stage::derive::copied(snapshot, attempt);
            wording::reduce_phase(attempt, copied)
        }
    };
    Row { what: "progress", is, believed: heard, differs: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TaskId;
    use crate::trace::{Timeline, synthetic};

    fn row(ms: u64, selection: Selection, what: &str) -> (String, String, bool) {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::failing()).unwrap();
        let upto = timeline.at_time(Time(ms * 1_000));
        let rows = rows(&timeline.seek(upto), selection, Time(ms * 1_000));
        let row = rows.into_iter().find(|row| row.what == what).unwrap();
        (row.is, row.believed, row.differs)
    }

    #[test]
    fn a_dead_node_is_believed_alive_until_it_is_believed_lost() {
        let node = Selection::Node(NodeId(3));
        let said =
            |is: &str, believed: &str, differs| (is.to_owned(), believed.to_owned(), differs);
        assert_eq!(row(7_500, node, "state"), said("up", "alive, heard 0.5 s ago", false));
        assert_eq!(
            row(9_000, node, "state"),
            said("crashed at 8.0 s", "alive, heard 2.0 s ago", true)
        );
        assert_eq!(
            row(17_000, node, "state"),
            said("crashed at 8.0 s", "lost since 16.5 s", false)
        );
        assert_eq!(row(19_200, node, "state"), said("up", "lost since 16.5 s", true));
        assert_eq!(row(9_000, node, "block copies"), said("2 (out of reach)", "2", false));
    }

    #[test]
    fn an_attempt_that_threw_runs_for_the_coordinator_until_it_hears() {
        let thrown = Selection::Attempt(TaskId::map(1).attempt(0));
        let (is, believed, differs) = row(3_050, thrown, "state");
        assert_eq!((is.as_str(), believed.as_str(), differs), ("threw at 3.0 s", "runs", true));
        let (_, believed, differs) = row(3_100, thrown, "state");
        assert_eq!((believed.as_str(), differs), ("failed: an exception at 3.1 s", false));
        let (is, believed, differs) = row(3_050, Selection::Node(NodeId(2)), "runs");
        assert_eq!((is.as_str(), believed.as_str(), differs), ("nothing", "map 1", true));
    }
}
