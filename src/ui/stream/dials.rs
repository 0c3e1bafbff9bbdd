//! Three dials of a stream job: how late its answers are, how much of the input they hold, and how much
//! is kept for them. One is bought with the others.

use crate::base::Millis;
use crate::base::format::{Count, Counted, Percent};
use crate::trace::stream::LedgerCounts;
use crate::trace::stream_totals::{Completeness, Latency, StreamTotals};

/// A dial.
#[derive(Clone, Debug, PartialEq)]
pub struct Dial {
    /// What it shows.
    pub name: &'static str,
    /// The number, with its unit.
    pub value: String,
    /// How far it is filled, from 0 to 1; nothing while there is nothing to show.
    pub share: Option<f64>,
    /// More numbers.
    pub more: String,
}

/// The dials at a moment: of what has come to then.
pub fn dials(totals: &StreamTotals, ledger: &LedgerCounts) -> [Dial; 3] {
    [latency(totals), completeness(ledger), state(totals)]
}

/// Of how many records a run read how many, where it was not to read all; a batch run reads what it looks back at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reads {
    /// So many.
    pub read: usize,
    /// Of so many.
    pub of: usize,
    /// What the run that reads all has to account for: each record once in each of its windows.
    pub all: u64,
}

/// The three in a few words: for a row of several. What was not read is not in its windows either.
pub fn in_short(totals: &StreamTotals, reads: Option<Reads>) -> String {
    let latency = latency(totals);
    let reads = reads.filter(|reads| reads.read < reads.of);
    let complete = match reads {
        None => format!("{} complete", completeness(&totals.ledger).value),
        Some(Reads { read, of, all }) => {
            let whole = Completeness::of(&totals.ledger);
            let share = Percent(whole.counted, whole.all.max(all));
            format!(
                "{share} complete, {} of {} read",
                Count(read as u64),
                Counted(of as u64, "record")
            )
        }
    };
    let held = Counted(totals.elements.most, "element");
    format!("latency {} · {complete} · {held} held at most", latency.value)
}

fn latency(totals: &StreamTotals) -> Dial {
    let name = "Latency";
    let Some(first) = totals.first else {
        let more = match totals.cut_short {
            0 => "no pane yet".to_owned(),
            cut => format!(
                "none to tell: {} spoke when the input ended, before their own ends",
                Counted(cut, "window")
            ),
        };
        let value = "–".to_owned();
        return Dial { name, value, share: None, more };
    };
    let share = first.median_ms.max(0) as f64 / first.most_ms.max(1) as f64;
    let last = totals.last.filter(|last| (last.median_ms, last.most_ms) != both(first));
    let last = last.map(|last| {
        format!("; last panes {}, at most {}", length(last.median_ms), length(last.most_ms))
    });
    let cut = (totals.cut_short > 0).then(|| {
        format!(
            "; {} more spoke when the input ended, before their own ends",
            Counted(totals.cut_short, "window")
        )
    });
    Dial {
        name,
        value: length(first.median_ms),
        share: Some(share.clamp(0.0, 1.0)),
        more: format!(
            "median from the end of a window to its first pane, over {}; at most {}{}{}",
            Counted(first.windows, "window"),
            length(first.most_ms),
            last.unwrap_or_default(),
            cut.unwrap_or_default()
        ),
    }
}

fn both(of: Latency) -> (Millis, Millis) {
    (of.median_ms, of.most_ms)
}

fn completeness(ledger: &LedgerCounts) -> Dial {
    let whole = Completeness::of(ledger);
    let is_known = whole.all > 0;
    Dial {
        name: "Completeness",
        value: if is_known {
            Percent(whole.counted, whole.all).to_string()
        } else {
            "–".to_owned()
        },
        share: is_known.then(|| whole.counted as f64 / whole.all as f64),
        more: match is_known {
            false => "nothing has come to a window yet".to_owned(),
            true => format!(
                "{} of {} counted in their windows so far, {} by the on-time pane or before it",
                Count(whole.counted),
                Count(whole.all),
                Percent(whole.on_time, whole.all)
            ),
        },
    }
}

fn state(totals: &StreamTotals) -> Dial {
    let (elements, windows) = (totals.elements, totals.windows);
    let share = (elements.most > 0).then(|| elements.now as f64 / elements.most as f64);
    Dial {
        name: "State kept",
        value: Counted(elements.most, "element").to_string(),
        share,
        more: format!(
            "at most at once; {} now, in {} of at most {}",
            Count(elements.now),
            Count(windows.now),
            Counted(windows.most, "window")
        ),
    }
}

/// A length that may be negative: what comes before the end of a window is ahead of it.
pub fn length(millis: Millis) -> String {
    let text = crate::ui::model::sweep::seconds(millis.unsigned_abs());
    if millis < 0 { format!("−{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::stream_totals::Held;

    #[test]
    fn the_dials_have_their_numbers() {
        let ledger = LedgerCounts { on_time: 6, late: 2, dropped: 2, ..LedgerCounts::default() };
        let totals = StreamTotals {
            first: Some(Latency { median_ms: 1_000, most_ms: 4_000, windows: 3 }),
            last: Some(Latency { median_ms: 1_000, most_ms: 9_000, windows: 3 }),
            elements: Held { now: 2, most: 8 },
            windows: Held { now: 1, most: 3 },
            ..StreamTotals::default()
        };
        let [latency, completeness, state] = dials(&totals, &ledger);
        assert_eq!((latency.value.as_str(), latency.share), ("1.0 s", Some(0.25)));
        assert!(latency.more.contains("at most 4.0 s; last panes 1.0 s, at most 9.0 s"));
        let cut = StreamTotals { cut_short: 2, ..totals };
        assert!(dials(&cut, &ledger)[0].more.contains("2 windows more spoke when the input ended"));
        let alone = StreamTotals { first: None, ..cut };
        assert!(dials(&alone, &ledger)[0].more.contains("none to tell"));
        assert_eq!((completeness.value.as_str(), completeness.share), ("80 %", Some(0.8)));
        assert!(completeness.more.contains("8 of 10") && completeness.more.contains("60 %"));
        assert_eq!((state.value.as_str(), state.share), ("8 elements", Some(0.25)));
        assert!(state.more.contains("2 now, in 1 of at most 3 windows"), "{}", state.more);
    }

    #[test]
    fn what_a_batch_run_did_not_read_is_missing_from_its_windows() {
        let ledger = LedgerCounts { on_time: 3, ..LedgerCounts::default() };
        let totals = StreamTotals { ledger, ..StreamTotals::default() };
        let of = |read, of| in_short(&totals, Some(Reads { read, of, all: 9 }));
        assert_eq!(
            of(3, 9),
            "latency – · 33.3 % complete, 3 of 9 records read · 0 elements held at most"
        );
        assert_eq!(of(3, 3), "latency – · 100 % complete · 0 elements held at most");
        assert_eq!(in_short(&totals, None), of(3, 3));
    }

    #[test]
    fn before_anything_has_come_no_dial_claims_a_number() {
        let all = dials(&StreamTotals::default(), &LedgerCounts::default());
        assert!(all.iter().all(|dial| dial.share.is_none()), "{all:?}");
        assert_eq!(all[0].value, "–");
        assert_eq!(length(-1_500), "−1.5 s");
    }
}
