//! Two branches side by side, in numbers: what each came to, and the first decision that differs.

use super::run::{Progress, Run};
use super::{amount, catalog, outcome};
use crate::base::Span;
use crate::base::format::{Bytes, Count, Counted};
use crate::scenario::{Input, Lab, PARAMETERS, Parameter, Scenario};
use crate::trace::Snapshot;
use crate::trace::counters::{JobCounters, TASK_COUNTERS};
use crate::trace::difference::{self, Difference};
use crate::trace::totals::Totals;

/// A line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is compared, by its glossary name where it has one.
    pub name: &'static str,
    /// What Hadoop calls it; empty where it has no name for it.
    pub real: &'static str,
    /// What the one and the other came to.
    pub values: [String; 2],
    /// By how much the second differs; empty where it does not.
    pub difference: String,
}

/// Events of a run that count: all of them, or those that were seen where spoilers are held back.
pub fn counted(run: &Run, hold_back: bool) -> u32 {
    if hold_back { run.furthest.events } else { run.timeline.len() }
}

/// What a run came to by its first `upto` events.
pub fn totals(run: &Run, upto: u32) -> Totals {
    run.timeline.read(upto, Totals::of)
}

/// The first decision that differs among the first events of each; nothing where one of them may
/// only not have come so far yet.
pub fn first_difference(runs: [&Run; 2], upto: [u32; 2]) -> Option<Difference> {
    let [one, other] = runs;
    let found = one.timeline.read(upto[0], |first| {
        other.timeline.read(upto[1], |second| difference::first_difference(first, second))
    })?;
    let is_whole =
        |side: usize| runs[side].summary().is_some() && upto[side] == runs[side].timeline.len();
    let is_sure = (found.one.is_some() || is_whole(0)) && (found.other.is_some() || is_whole(1));
    is_sure.then_some(found)
}

/// Two branches line by line, from what each came to, how it ended, and what a byte of it stands for.
pub fn lines(totals: [Totals; 2], ends: [String; 2], scales: [u64; 2]) -> Vec<Line> {
    let [a, b] = totals;
    let count = |name, of: fn(&Totals) -> u32| {
        counted_line((name, ""), [u64::from(of(&a)), u64::from(of(&b))])
    };
    let time = |name, of: fn(&Totals) -> Span| {
        let tenths = |span: Span| (span.0 + 50_000) / 100_000;
        let (one, other) = (tenths(of(&a)), tenths(of(&b)));
        let show = |tenths: u64| format!("{}.{} s", tenths / 10, tenths % 10);
        let difference = signed(one, other, show);
        Line { name, real: "", values: [one, other].map(show), difference }
    };
    let bytes = |value: u64| Bytes(value).to_string();
    let moved_a = a.moved_bytes.saturating_mul(scales[0].max(1));
    let moved_b = b.moved_bytes.saturating_mul(scales[1].max(1));
    let differs = if ends[0] == ends[1] { "" } else { "differs" };
    vec![
        time("Job time", |totals| totals.took),
        count("Attempts", |totals| totals.attempts),
        count("Failed", |totals| totals.failed),
        count("Killed", |totals| totals.killed),
        count("Maps run again", |totals| totals.maps_again),
        count("Backups", |totals| totals.backups),
        count("Backups that were first", |totals| totals.backups_won),
        time("Wasted work", |totals| totals.wasted),
        Line {
            name: "Moved between nodes",
            real: "",
            values: [moved_a, moved_b].map(bytes),
            difference: signed(moved_a, moved_b, bytes),
        },
        Line { name: "Outcome", real: "", values: ends, difference: differs.to_owned() },
    ]
}

/// Two branches of a stream job line by line, from what each came to and how it ended.
pub fn stream_lines(totals: [Totals; 2], ends: [String; 2]) -> Vec<Line> {
    let [a, b] = totals;
    let differs = if ends[0] == ends[1] { "" } else { "differs" };
    vec![
        counted_line(("Panes", ""), [a.panes, b.panes]),
        counted_line(("Late panes", ""), [a.late_panes, b.late_panes]),
        counted_line(("Elements dropped", ""), [a.dropped, b.dropped]),
        Line { name: "Outcome", real: "", values: ends, difference: differs.to_owned() },
    ]
}

/// Hadoop's counters of two runs, but for those that both have none of.
pub fn counters(runs: [&Snapshot; 2]) -> Vec<Line> {
    let [one, other] = runs.map(|run| (&run.counters, JobCounters::of(run, None).rows()));
    let tasks = TASK_COUNTERS.iter().map(|counter| {
        let values = [(counter.of)(one.0), (counter.of)(other.0)];
        ((counter.meaning, counter.name), values)
    });
    let jobs = one.1.iter().zip(&other.1);
    let jobs =
        jobs.map(|((name, meaning, first), (.., second))| ((*meaning, *name), [*first, *second]));
    let all = tasks.chain(jobs).filter(|(_, values)| *values != [0, 0]);
    all.map(|(names, values)| counted_line(names, values)).collect()
}

/// What the scenarios of two runs do not have in common: job, input and tunables.
pub fn settings(one: &Scenario, other: &Scenario) -> Vec<Line> {
    let line = |name, values: [String; 2]| Line {
        name,
        real: "",
        values,
        difference: "differs".to_owned(),
    };
    let title = |scenario: &Scenario| {
        catalog::job_text(&scenario.job).map_or("stream job", |text| text.title).to_owned()
    };
    let mut lines = Vec::new();
    if one.job != other.job {
        lines.push(line("Job", [title(one), title(other)]));
    }
    if one.input != other.input {
        lines.push(line("Input", [&one.input, &other.input].map(input_name)));
    }
    let shown = |parameter: &Parameter, scenario: &Scenario| {
        let value = scenario.parameters.get(parameter.key);
        match scenario.parameters.text(parameter.key) {
            "" => amount::shown(parameter, value),
            text => text.to_owned(),
        }
    };
    let parameters = PARAMETERS.iter().filter_map(|parameter| {
        let values = [one, other].map(|scenario| shown(parameter, scenario));
        (values[0] != values[1]).then(|| line(parameter.label, values))
    });
    lines.extend(parameters);
    lines
}

fn input_name(input: &Input) -> String {
    match input {
        Input::Text(text) => format!("a text of {}", Bytes(text.len() as u64)),
        Input::Builtin(name) | Input::Events(name) | Input::File { name, .. } => name.clone(),
        Input::Files(files) => Counted(files.len() as u64, "file").to_string(),
        Input::Made(made) => Counted(u64::from(made.count), "file").to_string(),
    }
}

fn counted_line((name, real): (&'static str, &'static str), values: [u64; 2]) -> Line {
    let show = |value: u64| Count(value).to_string();
    let difference = signed(values[0], values[1], show);
    Line { name, real, values: values.map(show), difference }
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
pub fn end(run: &Run, upto: u32) -> String {
    let seen = run.timeline.seek(upto);
    match seen.job.as_ref().and_then(|job| job.failed.as_ref()) {
        Some(failed) => return format!("failed: {}", outcome::why(failed)),
        None if upto < run.timeline.len() => return "not seen to its end yet".to_owned(),
        None => {}
    }
    match &run.progress {
        Progress::Finished(_) if run.opened.is_some() => "done, as its trace says".to_owned(),
        // What a stream says is explained, be it what batch says or not.
        Progress::Finished(_) if run.lab() == Lab::Stream => "done".to_owned(),
        Progress::Finished(summary) if summary.equals_oracle => "done, the right result".to_owned(),
        Progress::Finished(_) => "done, a wrong result".to_owned(),
        Progress::Simulating => "still being simulated".to_owned(),
        Progress::Stopped | Progress::Lost => "not simulated to its end".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{BatchEvent, Event, EventKind, synthetic};
    use crate::ui::model::catalog;

    fn run_of(events: Vec<Event>) -> Run {
        let mut run = Run::new(catalog::presets()[0].scenario(), None, None);
        run.append(events).unwrap();
        run
    }

    fn compared(one: &Run, other: &Run, hold_back: bool) -> Vec<Line> {
        let upto = [one, other].map(|run| counted(run, hold_back));
        let ends = [end(one, upto[0]), end(other, upto[1])];
        lines([totals(one, upto[0]), totals(other, upto[1])], ends, [1, 1])
    }

    #[test]
    fn a_run_does_not_differ_from_itself() {
        let run = run_of(synthetic::run(&synthetic::small()));
        let lines = compared(&run, &run, false);
        assert!(lines.iter().all(|line| line.difference.is_empty()), "{lines:#?}");
        assert_eq!(lines[1].values[0], "6", "4 maps and 2 reduces");
        let all = run.timeline.len();
        assert_eq!(first_difference([&run, &run], [all, all]), None);
    }

    #[test]
    fn where_spoilers_are_held_back_nothing_unseen_is_counted() {
        let run = run_of(synthetic::run(&synthetic::small()));
        let lines = compared(&run, &run, true);
        assert_eq!(lines[1].values[0], "0", "nothing was seen but the opening");
        assert_eq!(lines[9].values[0], "not seen to its end yet");
    }

    #[test]
    fn a_run_that_has_not_come_so_far_does_not_differ_yet() {
        let events = synthetic::run(&synthetic::small());
        let given =
            |event: &Event| matches!(event.kind, EventKind::Batch(BatchEvent::MapAssigned { .. }));
        let first = events.iter().position(given).unwrap();
        let (one, other) = (run_of(events.clone()), run_of(events[..first].to_vec()));
        let upto = [&one, &other].map(|run| run.timeline.len());
        assert_eq!(first_difference([&one, &other], upto), None);
    }

    #[test]
    fn counters_are_compared_under_hadoop_s_names_and_none_of_them_twice() {
        let run = run_of(synthetic::run(&synthetic::small()));
        let end = run.timeline.seek(run.timeline.len());
        let lines = counters([&Snapshot::default(), &end]);
        let read = lines.iter().find(|line| line.real == "MAP_INPUT_RECORDS").unwrap();
        assert_eq!(read.values[0], "0");
        assert_eq!(read.difference, format!("+{}", read.values[1]));
        assert!(lines.iter().any(|line| line.real == "TOTAL_LAUNCHED_MAPS"), "{lines:#?}");
        assert!(lines.iter().all(|line| line.real != "FAILED_SHUFFLE"), "none failed in either");
        assert!(counters([&end, &end]).iter().all(|line| line.difference.is_empty()));
    }

    #[test]
    fn what_two_scenarios_do_not_share_is_listed() {
        let one = catalog::presets()[0].scenario();
        let mut other = catalog::preset("grep").unwrap().scenario();
        other.parameters.set_text("pattern", "mill").unwrap();
        let named = |name: &str| {
            let lines = settings(&one, &other);
            lines.into_iter().find(|line| line.name == name).map(|line| line.values)
        };
        assert_eq!(named("Job"), Some(["Word count", "Grep"].map(str::to_owned)));
        assert_eq!(named("Pattern"), Some(["river", "mill"].map(str::to_owned)));
        assert_eq!(named("Input"), None);
        assert_eq!(settings(&one, &one), []);
    }

    #[test]
    fn differences_carry_their_sign() {
        assert_eq!(signed(5, 12, |value| value.to_string()), "+7");
        assert_eq!(signed(12, 5, |value| value.to_string()), "−7");
        assert_eq!(signed(5, 5, |value| value.to_string()), "");
    }
}
