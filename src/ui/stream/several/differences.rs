//! Where a row differs from the first, and why: in words, with the numbers of the predicates.

use super::{Outcome, Told, outcome, said};
use crate::base::format::Counted;
use crate::base::{Millis, Window};
use crate::trace::answer::{AnsweredRecord, Share};
use crate::trace::stream::Fate;
use crate::trace::why::{fire_rule, judged_rule};
use crate::ui::stream::wording::{content, short_clock, window};

/// So many are told.
const MOST: usize = 6;

/// The differences: records that count in one alone, then windows that only one has, then moments.
pub(super) fn of(here: &Told<'_>, there: &Told<'_>) -> Vec<String> {
    if here.cut.is_some_and(|cut| cut.at > here.until) {
        return vec!["This batch has not run yet.".to_owned()];
    }
    let mut all = records(here, there);
    all.extend(windows(here, there));
    all.extend(values(here, there, all.is_empty()));
    all.extend(moments(here, there));
    if all.len() > MOST {
        let more = all.len() - MOST;
        all.truncate(MOST);
        all.push(format!("And {} more.", Counted(more as u64, "difference")));
    }
    all
}

fn records(here: &Told<'_>, there: &Told<'_>) -> Vec<String> {
    let mut all = Vec::new();
    let numbers: std::collections::BTreeSet<&u32> =
        here.records.keys().chain(there.records.keys()).collect();
    for number in numbers {
        let (now, then) = (outcome(here, *number), outcome(there, *number));
        if now == then || (now.counts() && then.counts() && now != Outcome::Late) {
            continue;
        }
        let record = here.records.get(number).or_else(|| there.records.get(number));
        let Some(record) = record else { continue };
        let what = format!("The {} of {}", record.value, short_clock(record.event_time));
        all.push(format!(
            "{what} {} here: {}. In {} it {}: {}.",
            verb(now),
            reason(here, now, *number, record),
            there.label,
            verb(then),
            reason(there, then, *number, record)
        ));
    }
    all
}

fn verb(of: Outcome) -> &'static str {
    match of {
        Outcome::Counted => "counts",
        Outcome::Late => "counts late",
        Outcome::Dropped => "is dropped",
        Outcome::Unseen => "comes to no pane",
        Outcome::Waiting => "waits",
        Outcome::Unread => "is not read",
    }
}

/// Why that became of it, in this row.
fn reason(told: &Told<'_>, of: Outcome, number: u32, any: &AnsweredRecord) -> String {
    match of {
        Outcome::Unread => unread(told, any),
        Outcome::Waiting => {
            let record = told.records.get(&number);
            let share = record.and_then(|record| {
                record.shares.iter().rev().find(|share| share.fate == Fate::Pending)
            });
            let taken = share.map_or_else(String::new, |share| rule(told, share) + ", and ");
            format!("{taken}nothing has closed its window")
        }
        Outcome::Unseen => "its window was forgotten before a pane of it fired".to_owned(),
        Outcome::Counted | Outcome::Late | Outcome::Dropped => {
            let share = told.records.get(&number).and_then(|record| decisive(record, of));
            share.map_or_else(|| "it is in no window".to_owned(), |share| rule(told, share))
        }
    }
}

/// The share that says why: that in which it counts, or else the last from which it was dropped.
fn decisive(record: &AnsweredRecord, of: Outcome) -> Option<&Share> {
    let counts = |share: &&Share| matches!(share.fate, Fate::Early | Fate::OnTime | Fate::Late);
    let dropped = |share: &&Share| share.fate == Fate::Dropped && share.window.is_some();
    match of.counts() {
        true => record.shares.iter().rev().find(counts),
        false => record.shares.iter().rev().find(dropped),
    }
}

fn rule(told: &Told<'_>, share: &Share) -> String {
    let Some(own) = share.window else { return "it is in no window".to_owned() };
    if let Some(cut) = told.cut {
        return format!("it had arrived when the batch ran at {}", short_clock(cut.at));
    }
    let rule = judged_rule(told.profile, own, told.lateness, share.watermark, share.dropped);
    let is_past = share.watermark >= own.end;
    match share.fate {
        Fate::Late if is_past => format!("{rule}, past the end and within the lateness"),
        Fate::Pending | Fate::Early | Fate::OnTime | Fate::Late | Fate::Dropped | Fate::Unseen => {
            rule
        }
    }
}

fn unread(told: &Told<'_>, record: &AnsweredRecord) -> String {
    let arrived = short_clock(record.clock);
    match told.cut {
        Some(cut) if record.clock > cut.at => {
            format!("it arrived at {arrived}, after the batch ran at {}", short_clock(cut.at))
        }
        Some(cut) => format!(
            "it arrived at {arrived}, before the lookback begins at {}",
            short_clock(cut.since.unwrap_or(cut.at))
        ),
        None => "it has not come yet".to_owned(),
    }
}

/// Windows with a pane in one alone.
fn windows(here: &Told<'_>, there: &Told<'_>) -> Vec<String> {
    let only = |one: &Told<'_>, other: &Told<'_>| -> Vec<Window> {
        one.windows.keys().filter(|window| !other.windows.contains_key(window)).copied().collect()
    };
    let listed = |of: &[Window]| {
        let mut all: Vec<String> = of.iter().take(3).map(|of| window(*of)).collect();
        if of.len() > 3 {
            all.push(format!("{} more", of.len() - 3));
        }
        all.join(", ")
    };
    let mut all = Vec::new();
    match (only(here, there).as_slice(), only(there, here).as_slice()) {
        ([], []) => {}
        ([], missing) => all.push(format!("Nothing is said here of {}.", listed(missing))),
        (more, []) => all.push(format!("Only here something is said of {}.", listed(more))),
        (more, missing) => all.push(format!(
            "The windows are others: {} here, {} in {}.",
            listed(more),
            listed(missing),
            there.label
        )),
    }
    all
}

/// Windows of which another thing is said; a record that counts in one alone says why already.
fn values(here: &Told<'_>, there: &Told<'_>, is_news: bool) -> Vec<String> {
    let both =
        here.windows.iter().filter_map(|(of, panes)| Some((of, panes, there.windows.get(of)?)));
    let differ = both.filter(|(_, panes, before)| said(panes) != said(before));
    let last = |panes: &[&crate::trace::answer::AnsweredPane]| {
        panes.last().map(|pane| content(&pane.content))
    };
    differ
        .filter(|(_, panes, before)| {
            is_news || last(panes) == last(before) || panes.len() != before.len()
        })
        .map(|(of, panes, before)| {
            format!(
                "Of {} it says {} here, {} in {}.",
                window(*of),
                said(panes),
                said(before),
                there.label
            )
        })
        .collect()
}

/// Windows whose first pane fires at another time, though it says the same.
fn moments(here: &Told<'_>, there: &Told<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for (of, panes) in &here.windows {
        let Some(before) = there.windows.get(of) else { continue };
        let (Some(now), Some(then)) = (panes.first(), before.first()) else { continue };
        if now.clock == then.clock || said(panes) != said(before) {
            continue;
        }
        let apart: Millis = now.clock.saturating_sub(then.clock);
        let word = if apart > 0 { "later" } else { "earlier" };
        all.push(format!(
            "{} fires {} {word} here, at {}: {}. In {}: {}.",
            window(*of),
            crate::base::format::Length(apart.saturating_abs()),
            short_clock(now.clock),
            firing(here, now),
            there.label,
            firing(there, then)
        ));
    }
    all
}

fn firing(told: &Told<'_>, pane: &crate::trace::answer::AnsweredPane) -> String {
    match told.cut {
        Some(cut) => format!("the batch ran at {}", short_clock(cut.at)),
        None => {
            let rule = fire_rule(told.profile, pane.why);
            let mut letters = rule.chars();
            let first: String =
                letters.next().map(|it| it.to_lowercase().collect()).unwrap_or_default();
            format!("{first}{}", letters.as_str())
        }
    }
}
