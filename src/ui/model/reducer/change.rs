//! Other runs: presets, parameters, texts, and the way back.

use crate::lab::messages::{CommandBody, Until};
use crate::scenario::{Input, Key};
use crate::ui::model::Data;
use crate::ui::model::action::Change;
use crate::ui::model::catalog;
use crate::ui::model::run::{Progress, Run};
use crate::ui::model::state::{LabState, Notice, Pending};
use std::rc::Rc;

/// Asks for another run.
pub(super) fn reduce(state: &mut LabState, change: Change) {
    match change {
        Change::Link(fragment) => open_link(state, &fragment),
        Change::Preset(name) => open_preset(state, name),
        Change::Restart => restart(state),
        Change::Parameter(key, value) => set_parameter(state, key, value),
        Change::ResetParameters => reset_parameters(state),
        Change::OwnText { name, bytes } => open_text(state, name, bytes),
        Change::Undo => undo(state),
        Change::GiveUp => state.pending = None,
        Change::Stop => stop(state),
        Change::GoOn => go_on(state),
        Change::Break => {
            state.worker.post(CommandBody::Panic, None);
        }
    }
}

/// What a link's fragment names: a preset, or a whole scenario. What cannot be read is said, and
/// the first preset is opened instead, unless a run is on the screen already.
fn open_link(state: &mut LabState, fragment: &str) {
    match catalog::read_link(fragment) {
        Ok((scenario, preset)) => {
            let original = preset.and_then(catalog::preset).map(|preset| preset.scenario());
            let run = Run::new(scenario, preset, None);
            propose(
                state,
                Run { original: original.unwrap_or_else(|| run.original.clone()), ..run },
            );
        }
        Err(message) => {
            let first = catalog::presets().first();
            if let Some(first) = first.filter(|_| state.run.is_none() && state.pending.is_none()) {
                open_preset(state, first.name);
                let message = format!("{message} “{}” is opened instead.", catalog::title(first));
                return state.notice = Some(Notice { about: Some("link".to_owned()), message });
            }
            state.notice = Some(Notice { about: Some("link".to_owned()), message });
        }
    }
}

fn open_preset(state: &mut LabState, name: &'static str) {
    if let Some(preset) = catalog::preset(name) {
        propose(state, Run::new(preset.scenario(), Some(preset.name), None));
    }
}

/// The scenario as it was at first: nothing is computed again where nothing was changed.
fn restart(state: &mut LabState) {
    let Some(run) = &state.run else { return };
    if run.scenario != run.original {
        return propose(state, run.changed(run.original.clone()));
    }
    keep(state);
    state.player.playing = false;
    state.selection = None;
    if let Some(run) = state.run.as_mut() {
        run.furthest = run.opening;
        run.go(run.opening);
    }
}

fn set_parameter(state: &mut LabState, key: Key, value: u64) {
    // A second change while the first is being started builds on it.
    let newest = state.pending.as_ref().map(|pending| &pending.run).or(state.run.as_ref());
    let Some(run) = newest else { return };
    let mut scenario = run.scenario.clone();
    match scenario.parameters.set(key, value) {
        Ok(()) if scenario == run.scenario => state.notice = None,
        Ok(()) => propose(state, run.changed(scenario)),
        Err(error) => {
            let message = error.to_string();
            state.notice = Some(Notice { about: Some(key.parameter().name.to_owned()), message });
        }
    }
}

fn reset_parameters(state: &mut LabState) {
    let Some(run) = state.run.as_ref().filter(|run| run.scenario != run.original) else { return };
    propose(state, run.changed(run.original.clone()));
}

fn open_text(state: &mut LabState, name: String, bytes: Data) {
    match catalog::own_text(name, &bytes) {
        Ok(scenario) => propose(state, Run::new(scenario, None, Some(bytes))),
        Err(message) => state.notice = Some(Notice { about: Some("input".to_owned()), message }),
    }
}

/// Asks for a run that takes the place of the one on the screen once it has begun well.
fn propose(state: &mut LabState, mut run: Run) {
    run.id = state.new_run_id();
    let needs = match (&run.scenario.input, &run.input) {
        (Input::Builtin(name), None) => match state.texts.get(name) {
            Some(bytes) => {
                run.input = Some(bytes.clone());
                None
            }
            None => Some(name.clone()),
        },
        (Input::Builtin(_) | Input::File { .. } | Input::Text(_), _) => None,
    };
    state.notice = None;
    state.pending = Some(Pending { run, needs, posted: false });
    begin(state);
}

/// Tells the conductor of the run that waits to begin, once its text is here.
pub(super) fn begin(state: &mut LabState) {
    let Some(pending) = state.pending.as_mut().filter(|pending| pending.needs.is_none()) else {
        return;
    };
    pending.posted = true;
    let body = start_of(&pending.run);
    let input = pending.run.input.clone();
    state.worker.post(body, input);
}

fn start_of(run: &Run) -> CommandBody {
    CommandBody::Start { run: run.id, scenario: Box::new(run.scenario.clone()) }
}

/// Has the run on the screen computed under a new number, behind what is shown of it: the trace
/// that is here stays, and what follows it is appended.
pub(super) fn resume(state: &mut LabState) {
    let id = state.new_run_id();
    state.answers = Rc::default();
    let Some(run) = state.run.as_mut() else { return };
    run.id = id;
    if matches!(run.progress, Progress::Lost | Progress::Stopped) {
        run.progress = Progress::Simulating;
    }
    let (body, input) = (start_of(run), run.input.clone());
    state.worker.post(body, input);
}

/// Keeps the run on the screen for undoing.
fn keep(state: &mut LabState) {
    if let Some(run) = &state.run {
        let run = Rc::new(run.clone());
        state.keep(run);
    }
}

/// Back to the run before the last change. Nothing is lost: its trace is still here.
fn undo(state: &mut LabState) {
    if state.pending.take().is_some() {
        state.notice = None;
        return;
    }
    let Some(former) = state.former.pop() else { return };
    let same = state.run.as_ref().is_some_and(|run| run.id == former.id);
    state.run = Some(Rc::unwrap_or_clone(former));
    state.player.playing = false;
    state.notice = None;
    state.selection = None;
    if !same {
        resume(state);
    }
}

fn stop(state: &mut LabState) {
    if let Some(run) = state.run.as_ref().filter(|run| run.progress == Progress::Simulating) {
        state.worker.post(CommandBody::Cancel { run: run.id }, None);
    }
}

fn go_on(state: &mut LabState) {
    if let Some(run) = state.run.as_mut().filter(|run| run.progress == Progress::Stopped) {
        run.progress = Progress::Simulating;
        state.worker.post(CommandBody::Advance { run: run.id, until: Until::End }, None);
    }
}
