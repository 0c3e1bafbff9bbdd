//! What a finished stream job is worth beside a batch over the same records: how many windows differ, and what
//! became of the records that make the difference.

use super::wording;
use crate::base::format::{Count, Counted};
use crate::trace::snapshot::stream::{PartitionState, StreamState};
use crate::trace::stream::{ElementId, Fate, TimeDomain, Verdict as Judged};
use std::collections::BTreeSet;

/// The verdict, in three pieces of one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether nothing differs.
    pub is_same: bool,
    /// What is said first.
    pub before: &'static str,
    /// What counts.
    pub count: String,
    /// And why.
    pub after: String,
}

impl Verdict {
    /// The verdict on a job; of one that is not over, that there is none yet.
    pub fn of(state: &StreamState) -> Verdict {
        let Some((_, (windows, equal))) = state.finished else {
            let count = "not known before its end".to_owned();
            let before = "Same as a batch over the same records: ";
            return Verdict { is_same: true, before, count, after: String::new() };
        };
        let reasons = reasons(state);
        if windows == equal && reasons.is_empty() {
            let before = "Same as a batch over the same records: ";
            let count = format!("{} of {}", Count(equal), Counted(windows, "window"));
            let after = by_the_clock(state) + &missing(state);
            return Verdict { is_same: true, before, count, after };
        }
        let differ = windows.saturating_sub(equal);
        let verb = if differ == 1 { "differs" } else { "differ" };
        Verdict {
            is_same: false,
            before: "Not as a batch over the same records: ",
            count: format!("{} of {} {verb}", Count(differ), Counted(windows, "window")),
            after: match reasons.is_empty() {
                true => missing(state),
                false => format!(" ({}){}", reasons.join(", "), missing(state)),
            },
        }
    }

    /// All of it.
    pub fn sentence(&self) -> String {
        format!("{}{}{}.", self.before, self.count, self.after)
    }
}

/// Windows of the machine's clock have no truth of their own.
fn by_the_clock(state: &StreamState) -> String {
    let mut windows = state.plan.operators.iter().filter_map(|plan| plan.window.as_ref());
    match windows.any(|window| window.time == TimeDomain::Processing) {
        true => ", those of the clock for these arrivals alone".to_owned(),
        false => String::new(),
    }
}

/// What neither the stream nor the batch has seen.
fn missing(state: &StreamState) -> String {
    let of_partition = |partition: &PartitionState| {
        let (records, _) = partition.missing?;
        let name = wording::partition(state, partition.id);
        let told = Counted(records, "record");
        Some(format!("{told} of {name} never arrived, because it was silent till the end"))
    };
    let told: Vec<String> =
        state.partitions.iter().filter_map(|partition| of_partition(partition)).collect();
    if told.is_empty() { String::new() } else { format!("; {}", told.join(", ")) }
}

/// What became of the records that make windows differ, a few words each.
fn reasons(state: &StreamState) -> Vec<String> {
    let fates = [
        (Fate::Dropped, "dropped"),
        (Fate::Pending, "still pending"),
        (Fate::Unseen, "never in a pane"),
    ];
    let of_fate = |(fate, words): (Fate, &str)| {
        let elements = state.differences.iter().flat_map(|found| &found.elements);
        let its: BTreeSet<ElementId> =
            elements.filter(|(_, of)| *of == fate).map(|(element, _)| *element).collect();
        (!its.is_empty()).then(|| format!("{} {words}", Counted(its.len() as u64, "record")))
    };
    let judged = |wanted: Judged, words: &str| {
        let count = state.differences.iter().filter(|found| found.verdict == wanted).count() as u64;
        (count > 0).then(|| format!("{} {words}", Counted(count, "window")))
    };
    let extra = judged(Judged::Extra, "that batch has not");
    let double = judged(Judged::Double, "with records said twice");
    fates.into_iter().filter_map(of_fate).chain(extra).chain(double).collect()
}
