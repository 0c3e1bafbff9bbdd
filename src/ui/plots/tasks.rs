//! The attempts of a run as bars by node and slot.

use crate::base::{AttemptId, NodeId, TaskKind, Time};
use crate::charts::task_bars::{BarData, RowData};
use crate::trace::event::Phase;
use crate::trace::snapshot::{Attempt, Job, Snapshot};
use crate::ui::stage::derive::{seated, slot_places};
use crate::ui::stage::trouble::{Fate, fate};
use crate::ui::stage::wording;

/// The rows of the timeline, and who each of their bars is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskRows {
    /// The node and kind of slot of each row.
    pub rows: Vec<(NodeId, TaskKind)>,
    /// The bars of each row.
    pub data: Vec<RowData<Phase>>,
    /// The attempts of each row's bars.
    pub attempts: Vec<Vec<Shown>>,
    /// Up to when they are known; nothing when the job is over.
    pub until: Option<Time>,
}

/// An attempt of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub id: AttemptId,
    /// How it fared.
    pub fate: Fate,
    /// Whether it is a backup.
    pub is_backup: bool,
}

impl TaskRows {
    /// The attempts and their phases as comma-separated values: a line a phase.
    pub fn csv(&self) -> String {
        let mut text = "node,slot kind,attempt,backup,fate,phase,from_s,to_s\n".to_owned();
        for ((node, kind), (row, attempts)) in
            self.rows.iter().zip(self.data.iter().zip(&self.attempts))
        {
            let kind = match kind {
                TaskKind::Map => "map",
                TaskKind::Reduce => "reduce",
            };
            for (bar, shown) in row.bars.iter().zip(attempts) {
                let fate = match shown.fate {
                    Fate::Well => "no failure",
                    Fate::Gone => "gone",
                    Fate::Failed => "failed",
                    Fate::Killed => "killed",
                };
                let ends = bar.pieces.iter().skip(1).map(|(from, _)| *from).chain([bar.end]);
                for ((from, phase), to) in bar.pieces.iter().zip(ends) {
                    let (node, id, backup) = (node.0, shown.id, shown.is_backup);
                    let phase = wording::phase(*phase);
                    text +=
                        &format!("{node},{kind},{id},{backup},{fate},{phase},{from:.6},{to:.6}\n");
                }
            }
        }
        text
    }
}

/// All attempts so far, by node, map slots before reduce slots. What still runs ends at the
/// snapshot's time.
pub fn task_rows(snapshot: &Snapshot) -> TaskRows {
    let is_over = |job: &Job| job.finished.is_some() || job.failed.is_some();
    let until = (!snapshot.job.as_deref().is_some_and(is_over)).then_some(snapshot.at);
    let mut rows = TaskRows { until, ..TaskRows::default() };
    for (group, node) in snapshot.nodes.iter().enumerate() {
        for kind in [TaskKind::Map, TaskKind::Reduce] {
            let (tasks, slots) = match kind {
                TaskKind::Map => (&snapshot.maps, node.map_slots),
                TaskKind::Reduce => (&snapshot.reduces, node.reduce_slots),
            };
            let all = tasks.iter().flat_map(|task| &task.attempts);
            let here: Vec<&Attempt> =
                all.filter(|attempt| attempt.node == node.id).map(|attempt| &**attempt).collect();
            let places = slot_places(here.iter().map(|attempt| seated(attempt)));
            let used = places.iter().map(|place| place + 1).max().unwrap_or(0);
            let count = used.max(usize::try_from(slots).unwrap_or(0));
            for slot in 0..count {
                let seated = here.iter().zip(&places).filter(|(_, place)| **place == slot);
                let seated: Vec<&Attempt> = seated.map(|(attempt, _)| *attempt).collect();
                rows.rows.push((node.id, kind));
                rows.attempts.push(seated.iter().map(|attempt| shown(attempt)).collect());
                let bars = seated.into_iter().map(|attempt| bar(attempt, snapshot.at)).collect();
                rows.data.push(RowData { group, bars });
            }
        }
    }
    rows
}

fn shown(attempt: &Attempt) -> Shown {
    Shown { id: attempt.id, fate: fate(attempt), is_backup: attempt.backs.is_some() }
}

/// An attempt's bar begins when it was given out and ends with its last phase.
fn bar(attempt: &Attempt, now: Time) -> BarData<Phase> {
    let mut pieces = Vec::with_capacity(attempt.phases.len() + 1);
    let first = attempt.phases.first().map(|(_, at)| *at);
    if first.is_none_or(|first| attempt.assigned.0 < first) {
        pieces.push((attempt.assigned.0.seconds(), Phase::Launch));
    }
    let phases = attempt.phases.iter().filter(|(phase, _)| *phase != Phase::Done);
    pieces.extend(phases.map(|(phase, at)| (at.seconds(), *phase)));
    let never_began = attempt.verdict.stamp().filter(|_| attempt.phases.is_empty());
    let end = attempt.ended.or(never_began).map_or(now, |(at, _)| at);
    BarData { pieces, end: end.seconds() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Timeline, synthetic};

    #[test]
    fn every_phase_is_a_line() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::failing()).unwrap();
        let rows = task_rows(&timeline.seek(u32::MAX));
        let csv = rows.csv();
        let pieces: usize =
            rows.data.iter().flat_map(|row| &row.bars).map(|bar| bar.pieces.len()).sum();
        assert_eq!(csv.lines().count(), pieces + 1);
        assert!(csv.contains(",failed,") && csv.contains(",killed,"), "{csv}");
        assert!(csv.lines().all(|line| line.matches(',').count() == 7), "{csv}");
    }

    #[test]
    fn bars_of_one_row_never_overlap_and_each_attempt_has_one() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::failing()).unwrap();
        for n in 0..=timeline.len() {
            let snapshot = timeline.seek(n);
            let rows = task_rows(&snapshot);
            let tasks = snapshot.maps.iter().chain(&snapshot.reduces);
            let attempts: usize = tasks.map(|task| task.attempts.len()).sum();
            assert_eq!(rows.attempts.iter().map(Vec::len).sum::<usize>(), attempts);
            for row in &rows.data {
                let mut spans: Vec<(f64, f64)> = row
                    .bars
                    .iter()
                    .filter_map(|bar| Some((bar.pieces.first()?.0, bar.end)))
                    .collect();
                spans.sort_by(|a, b| a.0.total_cmp(&b.0));
                assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0 + 1e-9), "after {n}");
                assert!(spans.iter().all(|span| span.1 <= snapshot.at.seconds() + 1e-9));
            }
        }
    }
}
