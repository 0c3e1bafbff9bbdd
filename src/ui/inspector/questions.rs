//! Which events answer "why?" of what is selected.

use crate::base::TaskKind;
use crate::trace::event::{Phase, Seq};
use crate::trace::snapshot::{Attempt, CellState, Node, Snapshot, Task, TaskState, Verdict};
use crate::ui::selection::Selection;
use crate::ui::stage::derive;
use crate::ui::stream;

/// A question, and the event that answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub asks: &'static str,
    /// The event whose reason answers it.
    pub seq: Seq,
}

/// The questions that what is selected raises at this moment, the most telling first.
pub fn questions(snapshot: &Snapshot, selection: Selection) -> Vec<Question> {
    let asks = |asks, seq: Option<Seq>| seq.map(|seq| Question { asks, seq });
    let found = match selection {
        Selection::Node(id) => {
            return snapshot
                .nodes
                .get(id.place())
                .map_or(Vec::new(), |node| of_node(snapshot, node));
        }
        Selection::Block(id) => {
            let block = usize::try_from(id.0).ok().and_then(|place| snapshot.blocks.get(place));
            vec![asks("Why does it lie there?", block.map(|block| block.seq))]
        }
        Selection::Task(id) => {
            return derive::task(snapshot, id).map_or(Vec::new(), |task| of_task(task));
        }
        Selection::Attempt(id) => {
            return derive::attempt(snapshot, id).map_or(Vec::new(), |attempt| of_attempt(attempt));
        }
        Selection::Cell { map, partition } => {
            let place = |index| usize::try_from(index).ok();
            let row = place(map.0).and_then(|place| snapshot.shuffle.get(place));
            let cell = row.zip(place(partition.0)).and_then(|(row, place)| row.cells.get(place));
            let asked = cell.map_or("", |cell| match cell.state {
                CellState::Missing => "Why is it not there?",
                CellState::Ready => "Why is it ready?",
                CellState::Fetching => "Why is it on its way?",
                CellState::Fetched => "Why is it fetched?",
            });
            vec![asks(asked, cell.and_then(|cell| cell.seq))]
        }
        Selection::Rack(rack) => {
            let cut = snapshot.rack_cut_since(rack).map(|(_, seq)| seq);
            vec![asks("Why is it cut off?", cut)]
        }
        Selection::Output(part) => {
            let output = snapshot.outputs.iter().find(|output| output.part == part);
            let aside = snapshot.set_aside.iter().find(|output| output.part == part);
            vec![
                asks("Why can it be seen?", output.map(|output| output.committed.1)),
                asks("Why can't it be seen?", aside.map(|output| output.committed.1)),
            ]
        }
        Selection::Coordinator => {
            let job = snapshot.job.as_ref();
            let end = job.and_then(|job| job.finished).map(|(_, seq)| seq);
            let failed = job.and_then(|job| job.failed.as_ref()).map(|failed| failed.at.1);
            vec![
                asks("Why did the job fail?", failed),
                asks("Why is the job done?", end),
                asks("Why may reduces be given out?", job.and_then(|job| job.slow_start)),
            ]
        }
        Selection::Stream(thing) => return stream::questions::questions(snapshot, thing),
        Selection::Event(seq) => {
            vec![asks("Why?", Some(seq).filter(|seq| seq.0 < snapshot.applied))]
        }
    };
    found.into_iter().flatten().collect()
}

fn of_task(task: &Task) -> Vec<Question> {
    let planned = Question { asks: "Why is there such a task?", seq: task.seq };
    let mut questions = match (task.state, derive::current(task)) {
        (_, None) => Vec::new(),
        (TaskState::Pending, Some(last)) => of_verdict(last),
        (TaskState::Running | TaskState::Done, Some(attempt)) => of_attempt(attempt),
    };
    questions.push(planned);
    questions
}

fn of_node(snapshot: &Snapshot, node: &Node) -> Vec<Question> {
    let belief = &node.belief;
    let asks = |asks, seq: Option<Seq>| seq.map(|seq| Question { asks, seq });
    let found = [
        asks("Why is it believed lost?", belief.lost.map(|lost| lost.since.1)),
        asks("Why is it down?", node.down.map(|(_, seq)| seq)),
        asks("Why is it barred?", belief.barred.map(|barred| barred.since.1)),
        asks("Why is it slow?", node.speed.seq.filter(|_| !node.speed.slowed().is_empty())),
        asks("Why is its rack cut off?", snapshot.rack_cut_since(node.rack).map(|(_, seq)| seq)),
        asks("Why are messages lost?", node.loss.map(|(_, (_, seq))| seq)),
        asks("Why are its copies believed lost?", belief.replicas_lost.map(|lost| lost.since.1)),
        asks("Why is that believed?", belief.seq),
    ];
    found.into_iter().flatten().collect()
}

/// Why an attempt does not count, or not any more.
fn of_verdict(attempt: &Attempt) -> Vec<Question> {
    let asks = match attempt.verdict {
        Verdict::Running | Verdict::Succeeded { .. } => return Vec::new(),
        Verdict::Failed { .. } => "Why did it fail?",
        Verdict::Killed { had_succeeded: true, .. } => "Why does it run again?",
        Verdict::Killed { had_succeeded: false, .. } => "Why was it killed?",
    };
    let stamp = attempt.verdict.stamp();
    stamp.map(|(_, seq)| Question { asks, seq }).into_iter().collect()
}

fn of_attempt(attempt: &Attempt) -> Vec<Question> {
    let now = match attempt.phase {
        Phase::Done => "Why is it done?",
        Phase::Blocked => "Why does it wait?",
        Phase::Launch
        | Phase::Map
        | Phase::Flush
        | Phase::Merge
        | Phase::Copy
        | Phase::Sort
        | Phase::Reduce
        | Phase::Commit => "Why is it in this phase?",
    };
    let here = match attempt.id.task.kind {
        TaskKind::Map => "Why this map, and why there?",
        TaskKind::Reduce => "Why there?",
    };
    let mut questions = of_verdict(attempt);
    let end = attempt.ended.filter(|_| attempt.is_gone()).map(|(_, seq)| seq);
    questions.extend(end.map(|seq| Question { asks: "Why did it end?", seq }));
    let slow = attempt.found_slow.map(|seq| Question { asks: "Why does it get a backup?", seq });
    questions.extend(slow);
    let avoids = attempt.avoided.iter().map(|avoided| avoided.seq);
    questions.extend(avoids.map(|seq| Question { asks: "Why does it stay away?", seq }));
    if !attempt.is_gone() && attempt.phase_since.1 != attempt.assigned.1 {
        questions.push(Question { asks: now, seq: attempt.phase_since.1 });
    }
    let spill = attempt.spills.last().map(|spill| spill.started);
    questions.extend(spill.map(|seq| Question { asks: "Why did it spill?", seq }));
    questions.push(Question { asks: here, seq: attempt.assigned.1 });
    questions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{BlockId, MapIndex, NodeId, PartitionId, TaskId};
    use crate::trace::{Timeline, synthetic};

    #[test]
    fn every_question_is_answered_by_an_event_that_has_happened() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::failing()).unwrap();
        let mut asked = 0;
        for n in 0..=timeline.len() {
            let snapshot = timeline.seek(n);
            for selection in [
                Selection::Node(NodeId(3)),
                Selection::Attempt(TaskId::map(3).attempt(0)),
                Selection::Task(TaskId::map(2)),
                Selection::Block(BlockId(0)),
                Selection::Task(TaskId::map(1)),
                Selection::Attempt(TaskId::reduce(0).attempt(0)),
                Selection::Cell { map: MapIndex(0), partition: PartitionId(1) },
                Selection::Output(PartitionId(0)),
                Selection::Coordinator,
                Selection::Event(Seq(30)),
                Selection::Node(NodeId(99)),
                Selection::Task(TaskId::map(99)),
            ] {
                for question in questions(&snapshot, selection) {
                    assert!(question.seq.0 < n, "{selection:?} after {n}: {question:?}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 500);
    }
}
