//! What a stream job answered, window by window, and in what that differs from the run before: the last value that was
//! said of each.

use super::wording;
use crate::base::Window;
use crate::base::format::Count;
use crate::trace::snapshot::stream::{PaneState, StreamState};
use crate::trace::stream::{
    Accumulation, AggregateKind, Content, OperatorId, WindowKind, WindowPlan,
};
use std::collections::{BTreeMap, BTreeSet};

/// The last value of each window, by operator and key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastWords(BTreeMap<Name, Content>);

type Name = (OperatorId, String, Window);

/// So many windows are told one by one.
const TOLD_MOST: usize = 3;

impl LastWords {
    /// Of the panes so far.
    pub fn of(state: &StreamState) -> LastWords {
        let mut said: BTreeMap<Name, Content> = BTreeMap::new();
        for pane in &state.panes {
            let plan = state.operator(pane.subtask.operator).and_then(|of| of.window.as_ref());
            let name = |window: Window| (pane.subtask.operator, pane.key.clone(), window);
            for taken in pane.retracts.iter().filter(|taken| taken.window != pane.window) {
                said.remove(&name(taken.window));
            }
            if plan.is_some_and(|plan| matches!(plan.kind, WindowKind::Session { .. })) {
                // A session has taken in those that lie in it.
                let is_inside = |of: &Name| {
                    (of.0, &of.1) == (pane.subtask.operator, &pane.key)
                        && pane.window.start <= of.2.start
                        && of.2.end <= pane.window.end
                        && of.2 != pane.window
                };
                said.retain(|of, _| !is_inside(of));
            }
            let before = said.get(&name(pane.window)).filter(|_| plan.is_some_and(adds_up));
            let value = added(before, pane);
            said.insert(name(pane.window), value);
        }
        LastWords(said)
    }

    /// In which windows `after` says something else, and what; nothing before either has said anything.
    pub fn change(&self, after: &LastWords, state: &StreamState) -> Option<String> {
        if self.0.is_empty() && after.0.is_empty() {
            return None;
        }
        let names: BTreeSet<&Name> = self.0.keys().chain(after.0.keys()).collect();
        let several = Several {
            operators: names.iter().map(|of| of.0).collect::<BTreeSet<_>>().len() > 1,
            keys: names.iter().map(|of| &of.1).collect::<BTreeSet<_>>().len() > 1,
        };
        let changed = |name: &&Name| {
            let told = match (self.0.get(*name), after.0.get(*name)) {
                (Some(was), Some(is)) if was == is => return None,
                (None, None) => return None,
                (Some(was), Some(is)) => {
                    format!("now says {}, was {}", wording::content(is), wording::content(was))
                }
                (None, Some(is)) => {
                    format!("now says {}, and had said nothing", wording::content(is))
                }
                (Some(was), None) => format!("now says nothing, was {}", wording::content(was)),
            };
            Some(format!("{} {told}", several.name(name, state)))
        };
        let mut told: Vec<String> = names.iter().filter_map(changed).collect();
        if told.is_empty() {
            return Some("Each window says in the end what it said in the run before.".to_owned());
        }
        let more = told.len().saturating_sub(TOLD_MOST);
        told.truncate(TOLD_MOST);
        let more = match more {
            0 => String::new(),
            more => format!("; and {} more differ", Count(more as u64)),
        };
        Some(format!("Beside the run before: {}{more}.", told.join("; ")))
    }
}

/// What there is more than one of, so that it must be named.
struct Several {
    operators: bool,
    keys: bool,
}

impl Several {
    fn name(&self, (operator, key, window): &Name, state: &StreamState) -> String {
        let key = if self.keys { format!("{key} ") } else { String::new() };
        let at = match self.operators {
            true => format!(" at {}", wording::operator(state, *operator)),
            false => String::new(),
        };
        format!("{key}{}{at}", wording::window(*window))
    }
}

/// Whether what its panes say must be added up by whoever reads them.
fn adds_up(plan: &WindowPlan) -> bool {
    plan.accumulation == Accumulation::Discarding
        && matches!(plan.aggregate, AggregateKind::Sum | AggregateKind::Count)
}

fn added(before: Option<&Content>, pane: &PaneState) -> Content {
    match (before, &pane.content) {
        (Some(Content::Number(sum)), Content::Number(new)) => {
            Content::Number(crate::base::Amount(sum.0.saturating_add(new.0)))
        }
        (Some(sum), Content::Nothing) => sum.clone(),
        (_, content) => content.clone(),
    }
}
