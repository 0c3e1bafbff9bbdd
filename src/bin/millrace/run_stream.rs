//! What `millrace run` says of a stream job: its panes, its ledger, and how it compares with batch.

use crate::load::Loaded;
use millrace::base::format::Clock;
use millrace::lab::FinishedRun;
use millrace::trace::stream::{Fate, LedgerCounts, StreamEvent, Timing};
use millrace::trace::{Event, EventKind};

/// A run in a few lines, after its panes.
pub(crate) fn describe(name: &str, loaded: &Loaded, run: &FinishedRun) -> String {
    let summary = &run.summary;
    let panes: String = stream_events(run).filter_map(|(event, kind)| pane(event, kind)).collect();
    let (ledger, windows, equal) = finished(run).unwrap_or_default();
    let judged = match (&summary.failed, summary.equals_oracle) {
        (Some(why), _) => why.clone(),
        (None, true) => format!(
            "{equal} of {windows} windows as in batch; each difference is explained by its elements"
        ),
        (None, false) => format!("{equal} of {windows} windows as in batch; some are UNEXPLAINED"),
    };
    format!(
        "{panes}scenario: {name}\n\
         input: {} records\n\
         finished: at {}, after {} events\n\
         trace hash: {}\n\
         results: {}\n\
         ledger: {}\n\
         compared: {judged}\n",
        records(run).unwrap_or(loaded.facts.lines),
        summary.finished_at,
        summary.events,
        summary.trace_hash,
        summary.output_records,
        counts(&ledger),
    )
}

/// A pane in a line: when it came, of which window, what it says, and what it takes back.
fn pane(event: &Event, kind: &StreamEvent) -> Option<String> {
    let StreamEvent::PaneFired { key, window, timing, content, retracts, .. } = kind else {
        return None;
    };
    let timing = match timing {
        Timing::Early => "early",
        Timing::OnTime => "on time",
        Timing::Late => "late",
    };
    let back: Vec<String> = retracts.iter().map(|old| format!(" −{}", old.content)).collect();
    let (start, end) = (Clock(window.start), Clock(window.end));
    Some(format!(
        "{:>10}  {key}  {start}–{end}  {timing}: {content}{}\n",
        event.at.to_string(),
        back.concat()
    ))
}

fn counts(ledger: &LedgerCounts) -> String {
    const FATES: [(Fate, &str); 6] = [
        (Fate::OnTime, "on time"),
        (Fate::Early, "early"),
        (Fate::Late, "late"),
        (Fate::Dropped, "dropped"),
        (Fate::Pending, "pending"),
        (Fate::Unseen, "unseen"),
    ];
    let told = FATES.map(|(fate, name)| format!("{} {name}", ledger.of(fate)));
    format!("{}; {} in all", told.join(", "), ledger.sum())
}

fn stream_events(run: &FinishedRun) -> impl Iterator<Item = (&Event, &StreamEvent)> {
    run.events.iter().filter_map(|event| match &event.kind {
        EventKind::Stream(kind) => Some((event, kind)),
        EventKind::World(_) | EventKind::Batch(_) | EventKind::Failure(_) => None,
    })
}

fn finished(run: &FinishedRun) -> Option<(LedgerCounts, u64, u64)> {
    stream_events(run).find_map(|(_, kind)| {
        let StreamEvent::JobFinished { ledger, windows, equal, .. } = kind else { return None };
        Some((*ledger, *windows, *equal))
    })
}

fn records(run: &FinishedRun) -> Option<u64> {
    stream_events(run).find_map(|(_, kind)| {
        let StreamEvent::JobStarted { plan } = kind else { return None };
        Some(u64::from(plan.records))
    })
}
