//! Sweeps.

use super::change;
use crate::ui::model::action::Sweeping;
use crate::ui::model::run::Run;
use crate::ui::model::state::LabState;
use crate::ui::model::sweep::{Plan, Sweeps};
use std::rc::Rc;

/// Begins a sweep, gives it up, hears of it, or opens one of its runs.
pub(super) fn reduce(state: &mut LabState, sweeping: Sweeping) {
    match sweeping {
        Sweeping::Start { key, values, seeds } => {
            let Some(run) = &state.run else { return };
            let count = state.sweeps.count.saturating_add(1);
            let sweeps = Rc::make_mut(&mut state.sweeps);
            match plan(run, count, key, &values, seeds) {
                Ok(plan) => *sweeps = begun(plan, count),
                Err(problem) => sweeps.problem = Some(problem),
            }
        }
        Sweeping::Cancel => Rc::make_mut(&mut state.sweeps).is_running = false,
        Sweeping::Came { number, point, result } => {
            Rc::make_mut(&mut state.sweeps).file(number, point, *result);
        }
        Sweeping::Open(point) => open(state, point),
    }
}

fn plan(
    run: &Run,
    number: u32,
    key: crate::scenario::Key,
    values: &str,
    seeds: u32,
) -> Result<Plan, String> {
    let needs_text = !run.scenario.input.named().is_empty();
    if needs_text && run.input.is_none() {
        return Err("The text of this run is not here: open it again first.".to_owned());
    }
    Plan::new(run, number, key, values, seeds)
}

/// What can't be run at all is known at once.
fn begun(plan: Plan, count: u32) -> Sweeps {
    let refused = |point: &crate::scenario::sweep::Point| {
        let problem = point.scenario.as_ref().err()?.to_string();
        Some(Err(crate::ui::model::catalog::sentence(&crate::ui::model::catalog::in_labels(
            &problem,
        ))))
    };
    let results: Vec<_> = plan.points.iter().map(refused).collect();
    let is_running = results.iter().any(Option::is_none);
    Sweeps { plan: Some(Rc::new(plan)), results, is_running, problem: None, count }
}

/// Brings one of its runs to the screen; what was there can be taken back.
fn open(state: &mut LabState, point: usize) {
    let Some(plan) = state.sweeps.plan.clone() else { return };
    let Some(Ok(scenario)) = plan.points.get(point).map(|point| &point.scenario) else { return };
    if state.run.as_ref().is_some_and(|run| run.scenario == *scenario && run.live.is_none()) {
        return state.say("This run is on the screen.".to_owned(), false);
    }
    let run = Run { live: None, ..plan.run.changed(scenario.clone()) };
    change::propose(state, run);
}
