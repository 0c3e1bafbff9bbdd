//! Looking at the page in another way.

use super::{change, link};
use crate::lab::messages::{CommandBody, LabError, Query};
use crate::scenario::Lab;
use crate::ui::model::action::Look;
use crate::ui::model::answers::Answer;
use crate::ui::model::state::{Health, LabState};
use crate::ui::model::view::{Dialog, Panel, Tab};
use crate::ui::zoom::attempt_of;
use std::rc::Rc;

/// Why a question about the data of an opened trace has no answer.
const NO_DATA: &str = "This run was opened from a trace file. A trace says what happened, and does not carry the data: run its scenario here (in the log) to look into it.";

/// Looks at the page in another way.
pub(super) fn reduce(state: &mut LabState, look: Look) {
    match look {
        Look::Select(selection) => {
            if state.selection != Some(selection) {
                (state.view.zoom, state.view.zoom_step) = (false, 0);
            }
            state.selection = Some(selection);
            state.view.inspector = true;
            state.view.stage_alone = false;
        }
        Look::Deselect => {
            state.selection = None;
            state.view.zoom = false;
        }
        Look::Follow(followed) => {
            state.followed = followed;
            state.wanted = None;
        }
        Look::ZoomStep(step) => state.view.zoom_step = step,
        Look::Toggle(Panel::Zoom) => zoom(state),
        Look::Ask(query) => ask(state, query),
        Look::Toggle(panel) => {
            if panel == Panel::Blank || panel == Panel::Dialog(Dialog::OwnText) {
                state.player.playing = false;
            }
            if is_here(state, panel) {
                state.view.toggle(panel);
            }
        }
        Look::Escape => {
            // The dialog that asks for files lies on top of everything.
            if link::asks_for_files(state) {
                return change::give_up(state);
            }
            if !state.view.close_topmost() && state.followed.take().is_none() {
                close_beside(state);
            }
        }
        Look::Theme(theme) => state.view.theme = theme,
        Look::Presenter => state.view.presenter = !state.view.presenter,
        Look::Letters => state.view.letters_off = !state.view.letters_off,
        Look::Dismiss => state.notice = None,
        Look::DismissToast => state.toast = None,
    }
}

/// Closes what lies beside or below the stage: what was selected with its inspector, then the drawer, then
/// what stands at the left.
fn close_beside(state: &mut LabState) {
    let view = &mut state.view;
    if state.selection.take().is_some() || view.inspector {
        view.inspector = false;
    } else if view.drawer.take().is_none() {
        (view.parameters, view.faults) = (false, false);
    }
}

/// Steps through the task that is selected.
fn zoom(state: &mut LabState) {
    let Some(run) = state.run.as_ref().filter(|run| run.lab() == Lab::Mapreduce) else { return };
    let selected = state.selection.and_then(|one| attempt_of(&run.snapshot, one));
    if selected.is_none() {
        let message = "Select a map or a reduce that runs or ran: then this steps through it.";
        return state.say(message.to_owned(), false);
    }
    state.view.zoom_step = 0;
    state.view.toggle(Panel::Zoom);
}

/// Whether the lab on the screen has such a panel: its key does nothing in the other.
fn is_here(state: &LabState, panel: Panel) -> bool {
    let Some(run) = &state.run else { return true };
    match panel {
        Panel::Drawer(tab) => Tab::of(run.lab()).contains(&tab),
        Panel::Faults
        | Panel::Parameters
        | Panel::Inspector
        | Panel::Zoom
        | Panel::StageAlone
        | Panel::Blank
        | Panel::Dialog(_) => true,
    }
}

/// Asks the conductor, unless it was asked already. A question that failed is asked again.
pub(super) fn ask(state: &mut LabState, query: Query) {
    let Some(run) = &state.run else { return };
    if matches!(state.answers.get(&query), Some(Answer::Waiting(_) | Answer::Here(_))) {
        return;
    }
    if run.opened.is_some() {
        let id = state.worker.next_command;
        state.worker.next_command += 1;
        let answers = Rc::make_mut(&mut state.answers);
        answers.ask(query, id);
        answers.answer(id, &Err(LabError { field: None, message: NO_DATA.to_owned() }));
        return;
    }
    let answers = Rc::make_mut(&mut state.answers);
    if let Health::Failed(_) = state.worker.health {
        let id = state.worker.next_command;
        state.worker.next_command += 1;
        answers.ask(query, id);
        let message = "The worker that holds the data is not running. Restart it first.";
        answers.answer(id, &Err(LabError { field: None, message: message.to_owned() }));
        return;
    }
    let body = CommandBody::Inspect { run: run.id, query: query.clone() };
    answers.ask(query, state.worker.post(body, None));
}
