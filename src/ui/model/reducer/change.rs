//! Other runs: presets, parameters, texts, and the way back.

use super::{branch, link};
use crate::lab::messages::{CommandBody, Until};
use crate::scenario::{JobKind, Key, Lab, ParameterError, Parameters, Scenario};
use crate::ui::model::OwnFile;
use crate::ui::model::action::Change;
use crate::ui::model::catalog;
use crate::ui::model::live;
use crate::ui::model::needs::Needs;
use crate::ui::model::run::{Progress, Run};
use crate::ui::model::state::{LabState, Notice, Pending};
use crate::ui::same::Same;
use bytes::Bytes;
use std::rc::Rc;

/// Asks for another run.
pub(super) fn reduce(state: &mut LabState, change: Change) {
    match change {
        Change::Link(fragment) => link::open(state, &fragment),
        Change::Preset(name) => open_preset(state, name),
        Change::Restart => restart(state),
        Change::Job(job) => set_job(state, job),
        Change::Parameter(key, value) => set_parameter(state, key, value),
        Change::Text(key, text) => set_text(state, key, &text),
        Change::Beside(key, value) => branch::beside(state, key, value),
        Change::BesidePreset(name) => branch::beside_preset(state, name),
        Change::ResetParameters => reset_parameters(state),
        Change::OwnText(files) => open_text(state, files),
        Change::Strike(fault) => branch::strike(state, fault),
        Change::StrikeAt(planned) => branch::strike_at(state, planned),
        Change::StrikeSelected => branch::strike_selected(state),
        Change::MoveRecord(record, arrival) => branch::move_record(state, record, arrival),
        Change::RemoveFault(place) => branch::remove_fault(state, place),
        Change::Branch(number) => branch::show(state, number),
        Change::NextBranch(forward) => branch::show_next(state, forward),
        Change::Live(is_live) => set_live(state, is_live),
        Change::Undo => branch::undo(state),
        Change::Redo => branch::redo(state),
        Change::GiveUp => give_up(state),
        Change::RunAgain => link::run_again(state),
        Change::Stop => stop(state),
        Change::GoOn => go_on(state),
        Change::Break => {
            state.worker.post(CommandBody::Panic, None);
        }
    }
}

pub(super) fn open_preset(state: &mut LabState, name: &'static str) {
    if let Some(preset) = catalog::preset(name) {
        let run = Run::new(preset.scenario(), Some(preset.name), None);
        let run = in_mode(state, run);
        propose(state, run);
    }
}

/// The same run, live when the one on the screen is.
fn in_mode(state: &LabState, run: Run) -> Run {
    let is_live = state.run.as_ref().is_some_and(|run| run.live.is_some());
    if is_live && run.lab() == Lab::Mapreduce { live::live(&run) } else { run }
}

/// Runs the scenario on real web workers, or simulates it.
fn set_live(state: &mut LabState, is_live: bool) {
    let Some(run) = state.run.as_ref().filter(|run| run.live.is_some() != is_live) else {
        state.pending = None;
        return;
    };
    let other = if is_live { live::live(run) } else { live::simulated(run) };
    propose(state, other);
}

/// The scenario as it was at first: nothing is computed again where nothing was changed.
fn restart(state: &mut LabState) {
    let Some(run) = &state.run else { return };
    let all = state.branches();
    let is_first = |other: &&Run| other.scenario == run.original && other.live.is_none();
    let first = all.into_iter().find(is_first);
    let Some(first) = first.cloned() else {
        let again = match &run.live {
            Some(_) => run.changed(run.scenario.clone()),
            None => run.changed(run.original.clone()),
        };
        return propose(state, again);
    };
    branch::keep(state);
    state.player.playing = false;
    state.selection = None;
    state.toast = None;
    state.others.clear();
    let rewound = Run { furthest: first.opening, has_stopped: false, ..first };
    let is_held = state.conducted.contains(&rewound.id);
    let run = state.run.insert(rewound);
    run.go(run.opening);
    if !is_held {
        resume(state);
    }
}

/// The run that a change builds on, and its scenario: a second change while the first is being
/// started builds on that.
fn newest(state: &LabState) -> Option<(&Run, Scenario)> {
    let run = state.pending.as_ref().map(|pending| &pending.run).or(state.run.as_ref())?;
    Some((run, run.planned().clone()))
}

/// Another job over the input of the run on the screen. Whether it fits is the conductor's to say.
fn set_job(state: &mut LabState, job: JobKind) {
    let Some(run) = &state.run else { return };
    let scenario = live::simulated(run).scenario;
    if scenario.job == job {
        (state.pending, state.notice, state.unfit) = (None, None, None);
        return;
    }
    let changed = retuned(run, scenario.with_job(job));
    propose(state, changed);
}

fn set_parameter(state: &mut LabState, key: Key, value: u64) {
    set(state, key, |parameters| parameters.set(key, value));
}

fn set_text(state: &mut LabState, key: Key, text: &str) {
    set(state, key, |parameters| parameters.set_text(key.parameter().name, text));
}

/// Asks for the run with a tunable set in this way.
fn set(
    state: &mut LabState,
    key: Key,
    set: impl FnOnce(&mut Parameters) -> Result<(), ParameterError>,
) {
    let Some((run, mut scenario)) = newest(state) else { return };
    match set(&mut scenario.parameters) {
        Ok(()) if scenario == run.scenario => state.notice = None,
        Ok(()) => {
            let changed = retuned(run, scenario);
            propose(state, changed);
        }
        Err(error) => {
            let message = catalog::sentence(&catalog::in_labels(&error.to_string()));
            state.notice = Some(Notice { about: Some(key.parameter().name.to_owned()), message });
        }
    }
}

/// The same run with other tunables: its faults stay.
fn retuned(run: &Run, scenario: Scenario) -> Run {
    let is_live = run.live.is_some();
    let changed = Run { live: None, ..run.changed(scenario) };
    if is_live { live::live(&changed) } else { changed }
}

fn reset_parameters(state: &mut LabState) {
    let Some(run) = &state.run else { return };
    let parameters = run.original.parameters.clone();
    let mut scenario = live::simulated(run).scenario;
    if scenario.parameters != parameters {
        scenario.parameters = parameters;
        let changed = retuned(run, scenario);
        propose(state, changed);
    }
}

/// Gives up a run that has not begun. A page without any opens the first preset.
pub(super) fn give_up(state: &mut LabState) {
    state.pending = None;
    state.notice = None;
    if let Some(first) = catalog::presets().first().filter(|_| state.run.is_none()) {
        open_preset(state, first.name);
    }
}

fn open_text(state: &mut LabState, files: Vec<OwnFile>) {
    if let [(name, bytes)] = &files[..]
        && link::is_trace(bytes)
    {
        return link::open_trace(state, name.clone(), bytes);
    }
    if link::asks_for_files(state) {
        return link::give_files(state, &files);
    }
    let stream = state.run.as_ref().map(|run| &run.scenario);
    let made = match stream.filter(|scenario| scenario.lab() == Lab::Stream) {
        Some(stream) => catalog::own_events(&files, stream),
        None => catalog::own_text(&files),
    };
    match made {
        Ok(scenario) => {
            let texts = files.iter().map(|(_, bytes)| Bytes::clone(bytes)).collect();
            let texts = Some(Same::new(texts)).filter(|_| !scenario.input.named().is_empty());
            let run = in_mode(state, Run::new(scenario, None, texts));
            propose(state, run);
        }
        Err(message) => state.notice = Some(Notice { about: Some("input".to_owned()), message }),
    }
}

/// Asks for a run that takes the place of all branches once it has begun well.
pub(super) fn propose(state: &mut LabState, run: Run) {
    ask_for(state, run, false);
}

/// Asks for a run that is a branch beside those that are there.
pub(super) fn propose_beside(state: &mut LabState, run: Run) {
    ask_for(state, run, true);
}

fn ask_for(state: &mut LabState, mut run: Run, beside: bool) {
    run.id = state.new_run_id();
    let needs = find_texts(state, &mut run);
    state.notice = None;
    state.unfit = None;
    state.forking = None;
    state.pending = Some(Pending { run, needs, posted: false, beside, sight: None });
    begin(state);
}

/// Gives a run the texts that it names, where all are here; else says what it needs.
fn find_texts(state: &LabState, run: &mut Run) -> Option<Needs> {
    let input = &run.scenario.input;
    if run.input.is_some() {
        return None;
    }
    let needs = Some(Needs::of(input, &state.texts)).filter(|needs| !needs.is_empty())?;
    run.input = needs.all().or_else(|| link::known_texts(state, input));
    run.input.is_none().then_some(needs)
}

/// Tells the conductor of the run that waits to begin, once its text is here.
pub(super) fn begin(state: &mut LabState) {
    let waits = |pending: &&mut Pending| pending.needs.is_none() && pending.run.opened.is_none();
    let Some(pending) = state.pending.as_mut().filter(waits) else { return };
    pending.posted = true;
    let body = start_of(&pending.run);
    let input = pending.run.input.clone();
    state.worker.post(body, input);
}

fn start_of(run: &Run) -> CommandBody {
    let (id, scenario) = (run.id, Box::new(run.scenario.clone()));
    match run.live {
        Some(_) => CommandBody::StartLive { run: id, scenario },
        None => CommandBody::Start { run: id, scenario },
    }
}

/// Has the run on the screen computed under a new number, behind what is shown of it: the trace
/// that is here stays, and what follows it is appended. What was live is over: it has no second
/// time.
pub(super) fn resume(state: &mut LabState) {
    let id = state.new_run_id();
    state.answers = Rc::default();
    let Some(run) = state.run.as_mut().filter(|run| run.live.is_none() && run.opened.is_none())
    else {
        return;
    };
    run.id = id;
    if matches!(run.progress, Progress::Lost | Progress::Stopped) {
        run.progress = Progress::Simulating;
    }
    let (body, input) = (start_of(run), run.input.clone());
    state.worker.post(body, input);
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
