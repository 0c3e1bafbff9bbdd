//! Two branches side by side, in numbers: what each came to, and the first decision that differs.

use super::outcome;
use super::run::{Progress, Run};
use crate::base::format::{Bytes, Count};
use crate::base::{Span, Time};
use crate::trace::failure::{FailureEvent, LaunchReason};
use crate::trace::snapshot::{Attempt, Snapshot, Verdict};
use crate::trace::{BatchEvent, Event, EventKind, Seq};

/// A line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is compared, by its glossary name where it has one.
    pub name: &'static str,
    /// What the one and the other came to.
    pub values: [String; 2],
    /// By how much the second differs; empty where it does not.
    pub difference: String,
}

/// What a run came to by a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// From the job's submission to its end, or to that moment.
    pub job_time: Span,
    /// Attempts that were given out.
    pub attempts: u64,
    /// Of them failed.
    pub failed: u64,
    /// Of them killed.
    pub killed: u64,
    /// Maps that ran again though they had succeeded, or their node was lost.
    pub maps_again: u64,
    /// Backups.
    pub backups: u64,
    /// Time that attempts spent that failed or were killed.
    pub wasted: Span,
    /// Bytes that reduces fetched for what counts.
    pub moved_bytes: u64,
}

/// The sums over a run at a moment.
pub fn sums(snapshot: &Snapshot) -> Sums {
    let job = snapshot.job.as_deref();
    let end = job.and_then(|job| job.over()).map_or(snapshot.at, |(at, _)| at);
    let mut sums = Sums {
        job_time: job.map_or(Span::ZERO, |job| end.since(job.submitted_at)),
        moved_bytes: snapshot.counters.reduce_shuffle_bytes,
        ..Sums::default()
    };
    let maps = snapshot.maps.iter().flat_map(|task| &task.attempts);
    sums.maps_again = maps.filter(|attempt| attempt.reason == LaunchReason::Rerun).count() as u64;
    let tasks = snapshot.maps.iter().chain(&snapshot.reduces);
    for attempt in tasks.flat_map(|task| &task.attempts) {
        add(&mut sums, attempt, end);
    }
    sums
}

fn add(sums: &mut Sums, attempt: &Attempt, end: Time) {
    sums.attempts += 1;
    sums.backups += u64::from(attempt.reason == LaunchReason::Backup);
    let over = match &attempt.verdict {
        Verdict::Running | Verdict::Succeeded { .. } => return,
        Verdict::Failed { at, .. } => {
            sums.failed += 1;
            at.0
        }
        Verdict::Killed { at, .. } => {
            sums.killed += 1;
            at.0
        }
    };
    let over = attempt.ended.map_or(over, |(at, _)| at).min(end);
    sums.wasted = Span(sums.wasted.0.saturating_add(over.since(attempt.assigned.0).0));
}

/// Two branches line by line. Where spoilers are held back, each is taken as far as it was seen.
pub fn lines(one: &Run, other: &Run, hold_back: bool) -> Vec<Line> {
    let runs = [one, other];
    let upto = runs.map(|run| if hold_back { run.furthest.events } else { run.timeline.len() });
    let [first, second] = [0, 1].map(|side| runs[side].timeline.seek(upto[side]));
    let (a, b) = (sums(&first), sums(&second));
    let count = |name, of: fn(&Sums) -> u64| Line {
        name,
        values: [of(&a), of(&b)].map(|value| Count(value).to_string()),
        difference: signed(of(&a), of(&b), |value| Count(value).to_string()),
    };
    let time = |name, of: fn(&Sums) -> Span| Line {
        name,
        values: [of(&a), of(&b)].map(|value| format!("{:.1} s", value.seconds())),
        difference: signed(of(&a).0 / 100_000, of(&b).0 / 100_000, |tenths| {
            format!("{}.{} s", tenths / 10, tenths % 10)
        }),
    };
    let scale = first.scale.max(1);
    let bytes = |value: u64| Bytes(value.saturating_mul(scale)).to_string();
    let ends = [(one, &first, upto[0]), (other, &second, upto[1])]
        .map(|(run, seen, upto)| end(run, seen, upto));
    let differs = ends[0] != ends[1];
    vec![
        time("Job time", |sums| sums.job_time),
        count("Attempts", |sums| sums.attempts),
        count("Failed", |sums| sums.failed),
        count("Killed", |sums| sums.killed),
        count("Maps run again", |sums| sums.maps_again),
        count("Backups", |sums| sums.backups),
        time("Wasted work", |sums| sums.wasted),
        Line {
            name: "Shuffled",
            values: [a.moved_bytes, b.moved_bytes].map(bytes),
            difference: signed(a.moved_bytes, b.moved_bytes, bytes),
        },
        Line {
            name: "Outcome",
            values: ends,
            difference: if differs { "differs".to_owned() } else { String::new() },
        },
    ]
}

/// How far the second is above or below the first.
fn signed(first: u64, second: u64, show: impl Fn(u64) -> String) -> String {
    match first.abs_diff(second) {
        0 => String::new(),
        more if second > first => format!("+{}", show(more)),
        less => format!("−{}", show(less)),
    }
}

/// How a run came out, as far as it was seen.
fn end(run: &Run, seen: &Snapshot, upto: u32) -> String {
    match seen.job.as_ref().and_then(|job| job.failed.as_ref()) {
        Some(failed) => return format!("failed: {}", outcome::why(failed)),
        None if upto < run.timeline.len() => return "not seen to its end yet".to_owned(),
        None => {}
    }
    match &run.progress {
        Progress::Finished(summary) if summary.equals_oracle => "done, the right result".to_owned(),
        Progress::Finished(_) => "done, a wrong result".to_owned(),
        Progress::Simulating => "still being simulated".to_owned(),
        Progress::Stopped | Progress::Lost => "not simulated to its end".to_owned(),
    }
}

/// The first decision that differs, in both traces; nothing where they agree so far, or where it
/// was not seen and that is held back.
pub fn first_difference(one: &Run, other: &Run, hold_back: bool) -> Option<[Seq; 2]> {
    let upto = |run: &Run| if hold_back { run.furthest.events } else { run.timeline.len() };
    one.timeline.read(upto(one), |first| {
        let decisions = |events: &[Event]| -> Vec<Seq> {
            let decided = events.iter().filter(|event| is_decision(&event.kind));
            decided.map(|event| event.seq).collect()
        };
        let here = decisions(first);
        let (there, kinds): (Vec<Seq>, Vec<(EventKind, Time)>) =
            other.timeline.read(upto(other), |second| {
                let decided = second.iter().filter(|event| is_decision(&event.kind));
                decided.map(|event| (event.seq, (event.kind.clone(), event.at))).unzip()
            });
        let differs = here.iter().zip(&kinds).position(|(seq, (kind, at))| {
            let event = usize::try_from(seq.0).ok().and_then(|place| first.get(place));
            event.is_none_or(|event| event.kind != *kind || event.at != *at)
        })?;
        Some([*here.get(differs)?, *there.get(differs)?])
    })
}

/// Whether the coordinator or the name node decided something by this.
fn is_decision(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Batch(
            BatchEvent::MapAssigned { .. }
                | BatchEvent::ReduceAssigned { .. }
                | BatchEvent::SlowStartReached { .. }
                | BatchEvent::CommitGranted { .. }
                | BatchEvent::AttemptSucceeded { .. }
                | BatchEvent::JobFinished { .. }
        ) | EventKind::Failure(
            FailureEvent::NodeLost { .. }
                | FailureEvent::NodeReturned { .. }
                | FailureEvent::NodeRegistered { .. }
                | FailureEvent::NodeBarred { .. }
                | FailureEvent::AttemptFailed { .. }
                | FailureEvent::AttemptKilled { .. }
                | FailureEvent::BackupDecided { .. }
                | FailureEvent::ReplicasLost { .. }
                | FailureEvent::ReplicationStarted { .. }
                | FailureEvent::JobFailed { .. }
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::synthetic;
    use crate::ui::model::catalog;

    fn run_of(events: Vec<Event>) -> Run {
        let mut run = Run::new(catalog::presets()[0].scenario(), None, None);
        run.append(events).unwrap();
        run
    }

    #[test]
    fn a_run_does_not_differ_from_itself() {
        let run = run_of(synthetic::run(&synthetic::small()));
        let lines = lines(&run, &run, false);
        assert!(lines.iter().all(|line| line.difference.is_empty()), "{lines:#?}");
        assert_eq!(lines[1].values[0], "6", "4 maps and 2 reduces");
        assert_eq!(first_difference(&run, &run, false), None);
    }

    #[test]
    fn where_spoilers_are_held_back_nothing_unseen_is_counted() {
        let run = run_of(synthetic::run(&synthetic::small()));
        let lines = lines(&run, &run, true);
        assert_eq!(lines[1].values[0], "0", "nothing was seen but the opening");
        assert_eq!(lines[8].values[0], "not seen to its end yet");
    }

    #[test]
    fn the_first_decision_that_differs_is_found_in_both() {
        let events = synthetic::run(&synthetic::small());
        let is_second =
            |event: &&Event| matches!(event.kind, EventKind::Batch(BatchEvent::MapAssigned { .. }));
        let second = events.iter().filter(is_second).nth(1).unwrap().seq;
        let mut later = events.clone();
        for event in later.iter_mut().filter(|event| event.seq >= second) {
            event.at += Span(1);
        }
        let (one, other) = (run_of(events), run_of(later));
        assert_eq!(first_difference(&one, &other, false), Some([second, second]));
        assert_eq!(first_difference(&one, &other, true), None, "it was not seen");
    }

    #[test]
    fn differences_carry_their_sign() {
        assert_eq!(signed(5, 12, |value| value.to_string()), "+7");
        assert_eq!(signed(12, 5, |value| value.to_string()), "−7");
        assert_eq!(signed(5, 5, |value| value.to_string()), "");
    }
}
