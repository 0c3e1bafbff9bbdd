//! What a run can be measured by: its totals and its counters, as one table, for sweeps, plots and
//! comparisons. A measure is a whole number with a unit.

use super::event::Counters;
use super::stream_totals::{Completeness, Latency, StreamTotals};
use super::totals::Totals;
use serde::{Deserialize, Serialize};

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// Its totals.
    pub totals: Totals,
    /// Its counters.
    pub counters: Counters,
    /// What it came to as a stream job, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamTotals>,
    /// Why the job failed, in a sentence; nothing when it did not.
    pub failed: Option<String>,
    /// Whether the result is the right one.
    pub is_right: bool,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Microseconds.
    Micros,
    /// Milliseconds.
    Millis,
    /// Bytes of the text.
    Bytes,
    /// Things.
    Count,
    /// Thousandths of a whole.
    Permille,
}

/// One of the measures.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Its name in files.
    pub name: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// What of a run it is made from.
    from: From,
}

/// What a measure is made from.
#[derive(Clone, Copy, Debug)]
enum From {
    /// Totals and counters.
    Run(fn(&Totals, &Counters) -> u64),
    /// What a stream job came to, which may have said nothing that could be measured.
    Stream(fn(&StreamTotals) -> Option<u64>),
}

/// A run as a line of a file: the parameter's value, the seed, and what it came to or why it could
/// not be made.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The parameter's value, as files write it.
    pub value: &'a str,
    /// The seed.
    pub seed: u64,
    /// What it came to.
    pub result: Result<&'a Came, &'a str>,
}

const fn time(
    name: &'static str,
    label: &'static str,
    of: fn(&Totals, &Counters) -> u64,
) -> Measure {
    Measure { name, label, unit: Unit::Micros, from: From::Run(of) }
}

const fn count(
    name: &'static str,
    label: &'static str,
    of: fn(&Totals, &Counters) -> u64,
) -> Measure {
    Measure { name, label, unit: Unit::Count, from: From::Run(of) }
}

const fn bytes(
    name: &'static str,
    label: &'static str,
    of: fn(&Totals, &Counters) -> u64,
) -> Measure {
    Measure { name, label, unit: Unit::Bytes, from: From::Run(of) }
}

const fn stream(
    name: &'static str,
    label: &'static str,
    unit: Unit,
    of: fn(&StreamTotals) -> Option<u64>,
) -> Measure {
    Measure { name, label, unit, from: From::Stream(of) }
}

/// The measures of batch jobs, the most asked for first. Counters have Hadoop's names.
pub const MEASURES: [Measure; 23] = [
    time("job_time_us", "Job time", |totals, _| totals.took.0),
    count("attempts", "Attempts", |totals, _| totals.attempts.into()),
    count("failed_attempts", "Failed attempts", |totals, _| totals.failed.into()),
    count("killed_attempts", "Killed attempts", |totals, _| totals.killed.into()),
    count("maps_again", "Maps run again", |totals, _| totals.maps_again.into()),
    count("backups", "Backups", |totals, _| totals.backups.into()),
    count("backups_won", "Backups that were first", |totals, _| totals.backups_won.into()),
    time("wasted_us", "Wasted work", |totals, _| totals.wasted.0),
    bytes("moved_bytes", "Moved between nodes", |totals, _| totals.moved_bytes),
    count("map_input_records", "Map input records", |_, c| c.map_input_records),
    count("map_output_records", "Map output records", |_, c| c.map_output_records),
    bytes("map_output_bytes", "Map output bytes", |_, c| c.map_output_bytes),
    bytes("map_output_materialized_bytes", "Map output bytes on disk", |_, c| {
        c.map_output_materialized_bytes
    }),
    count("combine_input_records", "Combine input records", |_, c| c.combine_input_records),
    count("combine_output_records", "Combine output records", |_, c| c.combine_output_records),
    count("spilled_records", "Spilled records", |_, c| c.spilled_records),
    count("shuffled_maps", "Shuffled maps", |_, c| c.shuffled_maps),
    count("failed_shuffle", "Failed shuffles", |_, c| c.failed_shuffle),
    bytes("reduce_shuffle_bytes", "Reduce shuffle bytes", |_, c| c.reduce_shuffle_bytes),
    count("merged_map_outputs", "Merged map outputs", |_, c| c.merged_map_outputs),
    count("reduce_input_groups", "Reduce input groups", |_, c| c.reduce_input_groups),
    count("reduce_input_records", "Reduce input records", |_, c| c.reduce_input_records),
    count("reduce_output_records", "Reduce output records", |_, c| c.reduce_output_records),
];

/// The measures of stream jobs; the first three are bought with each other.
pub const STREAM_MEASURES: [Measure; 13] = [
    stream("latency_ms", "Latency, median", Unit::Millis, |of| past(of.first, |it| it.median_ms)),
    stream("completeness_permille", "Completeness at the end", Unit::Permille, |of| {
        let whole = Completeness::of(&of.ledger);
        whole.permille(whole.counted)
    }),
    stream("elements_held", "Elements held at most", Unit::Count, |of| Some(of.elements.most)),
    stream("latency_most_ms", "Latency, longest", Unit::Millis, |of| {
        past(of.first, |it| it.most_ms)
    }),
    stream("last_latency_ms", "Latency of last panes, median", Unit::Millis, |of| {
        past(of.last, |it| it.median_ms)
    }),
    stream("last_latency_most_ms", "Latency of last panes, longest", Unit::Millis, |of| {
        past(of.last, |it| it.most_ms)
    }),
    stream("on_time_permille", "Completeness on time", Unit::Permille, |of| {
        let whole = Completeness::of(&of.ledger);
        whole.permille(whole.on_time)
    }),
    stream("windows_held", "Windows held at most", Unit::Count, |of| Some(of.windows.most)),
    stream("cut_short", "Windows cut short by the end of the input", Unit::Count, |of| {
        Some(of.cut_short)
    }),
    stream("panes", "Panes", Unit::Count, |of| Some(of.panes)),
    stream("late_panes", "Late panes", Unit::Count, |of| Some(of.late_panes)),
    stream("late", "Counted late", Unit::Count, |of| Some(of.ledger.late)),
    stream("dropped", "Dropped", Unit::Count, |of| Some(of.ledger.dropped)),
];

/// A latency as it is measured: what came before the end of its window was not late at all.
fn past(of: Option<Latency>, which: fn(&Latency) -> i64) -> Option<u64> {
    of.as_ref().map(|of| u64::try_from(which(of)).unwrap_or(0))
}

impl Measure {
    /// The one of this name.
    pub fn named(name: &str) -> Option<&'static Measure> {
        MEASURES.iter().chain(&STREAM_MEASURES).find(|measure| measure.name == name)
    }

    /// Its value for a run, whether or not that ended well; nothing where the run has none.
    pub fn of(&self, came: &Came) -> Option<u64> {
        match self.from {
            From::Run(of) => Some(of(&came.totals, &came.counters)),
            From::Stream(of) => came.stream.as_ref().and_then(of),
        }
    }

    /// Its value for a run that has ended well; a job that failed has none.
    pub fn of_whole(&self, came: &Came) -> Option<u64> {
        self.of(came).filter(|_| came.failed.is_none())
    }
}

/// Runs as comma-separated values, with a head: every one of these measures, and how each run ended.
pub fn csv(parameter: &str, measures: &[Measure], rows: &[Row<'_>]) -> String {
    let names: Vec<&str> = measures.iter().map(|measure| measure.name).collect();
    let mut text = format!("{parameter},seed,outcome,{},problem\n", names.join(","));
    for row in rows {
        let (outcome, problem) = match row.result {
            Ok(Came { failed: Some(why), .. }) => ("failed", why.as_str()),
            Ok(Came { is_right: true, .. }) => ("right", ""),
            Ok(_) => ("wrong", ""),
            Err(why) => ("not run", why),
        };
        let number = |measure: &Measure| {
            let value = row.result.ok().and_then(|came| measure.of(came));
            value.map_or_else(String::new, |value| value.to_string())
        };
        let numbers: Vec<String> = measures.iter().map(number).collect();
        let (value, problem) = (field(row.value), field(problem));
        text += &format!("{value},{},{outcome},{},{problem}\n", row.seed, numbers.join(","));
    }
    text
}

/// A field of comma-separated values, in quotes where it must be (RFC 4180).
pub fn field(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_is_a_line_and_none_is_dropped() {
        let failed =
            Came { failed: Some("Map 2 failed, \"again\".".to_owned()), ..Came::default() };
        let right = Came { is_right: true, ..Came::default() };
        let rows = [
            Row { value: "3", seed: 7, result: Ok(&right) },
            Row { value: "4", seed: 7, result: Ok(&failed) },
            Row { value: "5", seed: 7, result: Err("nodes = 5 is too many") },
        ];
        let text = csv("nodes", &MEASURES, &rows);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[0].starts_with("nodes,seed,outcome,job_time_us,"), "{}", lines[0]);
        assert!(lines[1].starts_with("3,7,right,0,"), "{}", lines[1]);
        assert!(lines[2].ends_with(",\"Map 2 failed, \"\"again\"\".\""), "{}", lines[2]);
        assert!(lines[3].starts_with("5,7,not run,,,"), "{}", lines[3]);
        let commas = |line: &str| line.matches(',').count();
        assert_eq!(commas(lines[0]), commas(lines[1]));
        assert_eq!(commas(lines[0]), commas(lines[3]));
    }

    #[test]
    fn a_job_that_failed_has_no_time() {
        let failed = Came { failed: Some("No.".to_owned()), ..Came::default() };
        assert_eq!(MEASURES[0].of_whole(&failed), None);
        assert_eq!(MEASURES[0].of_whole(&Came::default()), Some(0));
    }
    #[test]
    fn a_stream_job_that_said_nothing_has_no_latency_and_one_ahead_of_its_window_none_to_speak_of()
    {
        let of = |first| {
            let stream = Some(StreamTotals { first, ..StreamTotals::default() });
            STREAM_MEASURES[0].of_whole(&Came { stream, ..Came::default() })
        };
        assert_eq!(of(None), None);
        assert_eq!(of(Some(Latency { median_ms: -5, most_ms: 0, windows: 1 })), Some(0));
        assert_eq!(of(Some(Latency { median_ms: 7, most_ms: 9, windows: 2 })), Some(7));
        assert_eq!(STREAM_MEASURES[0].of(&Came::default()), None, "a batch job");
        assert_eq!(
            Measure::named("elements_held").map(|it| it.label),
            Some("Elements held at most")
        );
    }
}
