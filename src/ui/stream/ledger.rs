//! The ledger at the playhead: each element in each of its windows accounted for once, and what the
//! windows hold in truth against what was said of them.
//!
//! Truth is what a batch over the elements that have come so far would say, the dropped ones
//! included. The engine's own comparison at the end of a run is another, and stands beside it.

use super::history::{Assigned, History};
use super::wording;
use crate::base::{Amount, Window};
use crate::trace::snapshot::stream::{PaneState, StreamState};
use crate::trace::stream::{
    Accumulation, AggregateKind, Content, ElementId, Fate, LedgerCounts, OperatorId, OperatorPlan,
    Profile, Subtask, WindowKind,
};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A window of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where.
    pub subtask: Subtask,
    /// Whose.
    pub key: Rc<str>,
    /// The window; a session as all of its elements make it.
    pub window: Window,
    /// What has become of its elements.
    pub counts: LedgerCounts,
    /// What a batch over them would say; nothing where that has no one answer.
    pub truth: Option<String>,
    /// What was said of it last; nothing before the first pane.
    pub output: Option<String>,
}

impl Row {
    /// Whether what was said is what a batch would say, where both are known.
    pub fn is_true(&self) -> Option<bool> {
        Some(self.truth.as_ref()? == self.output.as_ref()?)
    }
}

/// An element of a window.
type Member<'a> = (&'a Assigned, Fate);

/// The rows at the playhead, by operator, key and window.
pub fn rows(state: &StreamState, history: &History, applied: u32) -> Vec<Row> {
    let mut groups: BTreeMap<(OperatorId, Rc<str>, Window), Vec<Member<'_>>> = BTreeMap::new();
    for assigned in history.assigned.iter().take_while(|of| of.stamp.1.0 < applied) {
        for (place, (window, _)) in assigned.shares.iter().enumerate() {
            let name = (assigned.subtask.operator, Rc::clone(&assigned.key), *window);
            groups.entry(name).or_default().push((assigned, assigned.fate(place, applied)));
        }
    }
    let mut rows = Vec::new();
    for ((operator, key, window), members) in merged(state, groups) {
        let Some(plan) = state.operator(operator) else { continue };
        rows.push(row(state, plan, (key, window), &members));
    }
    rows
}

/// A window of a key at an operator, and what went into it.
type Group<'a> = ((OperatorId, Rc<str>, Window), Vec<Member<'a>>);

/// Sessions of one key become one where they meet.
fn merged<'a>(
    state: &StreamState,
    groups: BTreeMap<(OperatorId, Rc<str>, Window), Vec<Member<'a>>>,
) -> Vec<Group<'a>> {
    let is_session = |id: OperatorId| {
        let plan = state.operator(id).and_then(|plan| plan.window.as_ref());
        plan.is_some_and(|plan| matches!(plan.kind, WindowKind::Session { .. }))
    };
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|((one, key, window), _), ((other, other_key, other_window), _)| {
        (one, key, window.start).cmp(&(other, other_key, other_window.start))
    });
    let mut rows: Vec<Group<'a>> = Vec::new();
    for ((operator, key, window), members) in groups {
        let last = rows.last_mut().filter(|((of, known, before), _)| {
            is_session(operator)
                && *of == operator
                && *known == key
                && meet(state.plan.profile, *before, window)
        });
        match last {
            Some(((_, _, sum), all)) => {
                *sum = sum.cover(window);
                all.extend(members);
            }
            None => rows.push(((operator, key, window), members)),
        }
    }
    rows
}

fn meet(profile: Profile, one: Window, other: Window) -> bool {
    match profile {
        Profile::BeamJava | Profile::BeamPython => one.overlaps(other),
        Profile::Flink | Profile::Spark | Profile::KafkaStreams => one.overlaps_or_touches(other),
    }
}

fn row(
    state: &StreamState,
    plan: &OperatorPlan,
    (key, window): (Rc<str>, Window),
    members: &[Member<'_>],
) -> Row {
    let mut counts = LedgerCounts::default();
    for (_, fate) in members {
        *counts.of_mut(*fate) += 1;
    }
    let values: Vec<(Amount, ElementId)> =
        members.iter().map(|(of, _)| (of.value, of.element)).collect();
    let windows = plan.window.as_ref();
    let is_counted = windows.is_some_and(|plan| matches!(plan.kind, WindowKind::Count { .. }));
    let truth = windows.filter(|_| !is_counted).and_then(|plan| sum_up(plan.aggregate, &values));
    let subtask = members.first().map_or(Subtask::first(plan.id), |(of, _)| of.subtask);
    let output = windows.and_then(|windows| {
        let adds = windows.accumulation == Accumulation::Discarding
            && matches!(windows.aggregate, AggregateKind::Sum | AggregateKind::Count);
        said(state, plan.id, (&key, window), adds)
    });
    Row { subtask, key, window, counts, truth: truth.map(|of| wording::content(&of)), output }
}

/// What a batch over these says.
pub fn sum_up(kind: AggregateKind, values: &[(Amount, ElementId)]) -> Option<Content> {
    let amounts = || values.iter().map(|(amount, _)| *amount);
    let sum: i128 = amounts().map(|amount| i128::from(amount.0)).sum();
    let count = values.len() as u64;
    let number = match kind {
        AggregateKind::Count => whole(count),
        AggregateKind::Sum => Amount::narrow(sum),
        AggregateKind::Min => amounts().min()?,
        AggregateKind::Max => amounts().max()?,
        AggregateKind::Mean => {
            let twice = i128::from(count) * 2;
            Amount::narrow((sum * 2 + i128::from(count)).div_euclid(twice.max(1)))
        }
        AggregateKind::Distinct => whole(amounts().collect::<BTreeSet<_>>().len() as u64),
        AggregateKind::Top(most) => {
            let mut list = values.to_vec();
            list.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
            list.truncate(usize::from(most));
            return Some(Content::Top(list));
        }
        AggregateKind::Join => return None,
    };
    Some(Content::Number(number))
}

fn whole(number: u64) -> Amount {
    Amount::whole(i64::try_from(number).unwrap_or(i64::MAX))
}

/// What stands said of a window: the last pane of it; or what all add up to, where each says only
/// what is new.
fn said(
    state: &StreamState,
    operator: OperatorId,
    (key, window): (&str, Window),
    adds: bool,
) -> Option<String> {
    let is_its = |pane: &&Rc<PaneState>| {
        pane.subtask.operator == operator
            && pane.key == key
            && window.start <= pane.window.start
            && pane.window.end <= window.end
    };
    let panes: Vec<&Rc<PaneState>> = state.panes.iter().filter(is_its).collect();
    if adds {
        return added_up(&panes);
    }
    // The last of each window, without those that another has taken in.
    let mut last: BTreeMap<Window, &Rc<PaneState>> = BTreeMap::new();
    for pane in panes {
        last.insert(pane.window, pane);
    }
    let is_inside = |one: Window| {
        last.keys().any(|other| *other != one && other.start <= one.start && one.end <= other.end)
    };
    let standing = last.iter().filter(|(window, _)| !is_inside(**window));
    let texts: Vec<String> = standing.map(|(_, pane)| wording::content(&pane.content)).collect();
    (!texts.is_empty()).then(|| texts.join(" and "))
}

fn added_up(panes: &[&Rc<PaneState>]) -> Option<String> {
    let last = panes.last()?;
    let mut sum = 0_i128;
    for pane in panes {
        match &pane.content {
            Content::Number(amount) => sum += i128::from(amount.0),
            Content::Nothing => {}
            Content::Top(_) | Content::Pairs(_) => return Some(wording::content(&last.content)),
        }
    }
    Some(Amount::narrow(sum).to_string())
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
