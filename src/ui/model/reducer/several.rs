//! One stream in several ways: begun while it is looked at, of the run on the screen.

use super::change;
use crate::scenario::Lab;
use crate::ui::model::action::Asking;
use crate::ui::model::run::Run;
use crate::ui::model::several::Several;
use crate::ui::model::state::LabState;
use crate::ui::model::view::Tab;
use std::rc::Rc;

/// Chooses in what the ways differ, hears of one, or opens it.
pub(super) fn reduce(state: &mut LabState, asking: Asking) {
    match asking {
        Asking::Differ(respect) => Rc::make_mut(&mut state.several).respect = respect,
        Asking::Cut(cut) => Rc::make_mut(&mut state.several).cut = Some(cut),
        Asking::Came { number, place, result } => {
            Rc::make_mut(&mut state.several).file(number, place, result);
        }
        Asking::Open(place) => open(state, place),
    }
}

/// Begins anew where the run on the screen, or what is asked of it, is another; gives up what is not looked
/// at any more.
pub(super) fn keep_up(state: &mut LabState) {
    let is_seen = state.view.drawer == Some(Tab::Answers);
    let run = state.run.as_ref().filter(|run| is_seen && run.lab() == Lab::Stream);
    let Some(run) = run.filter(|run| run.summary().is_some()) else {
        let shown = state.run.as_ref().map(|run| run.id);
        if state.several.plan.as_ref().is_some_and(|plan| Some(plan.run.id) != shown) {
            Rc::make_mut(&mut state.several).forget();
        } else if state.several.is_running {
            Rc::make_mut(&mut state.several).give_up();
        }
        return;
    };
    if !state.several.is_of(run) {
        let begun = Several::begin(&state.several, run);
        state.several = Rc::new(begun);
    }
}

/// Brings one of the ways to the screen; what was there can be taken back.
fn open(state: &mut LabState, place: usize) {
    let Some(plan) = state.several.plan.clone() else { return };
    let Some(Ok(scenario)) = plan.variants.get(place).map(|variant| &variant.scenario) else {
        return;
    };
    if state.run.as_ref().is_some_and(|run| run.scenario == *scenario) {
        return state.say("This run is on the screen.".to_owned(), false);
    }
    let run = Run { live: None, ..plan.run.changed(scenario.clone()) };
    change::propose(state, run);
}
