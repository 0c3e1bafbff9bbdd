//! Branches: something is done to the cluster and the run forks, another branch is shown, and
//! changes are taken back and done again.

use super::change;
use crate::base::fault::PlannedFault;
use crate::base::{Fault, Millis, NodeId, StreamFault, Time};
use crate::lab::messages::{CommandBody, RunId, Until};
use crate::scenario::{Key, Lab, Scenario};
use crate::ui::model::amount;
use crate::ui::model::branches::{Branch, Forking, Tree, words};
use crate::ui::model::catalog;
use crate::ui::model::live::NO_FORK;
use crate::ui::model::place::Place;
use crate::ui::model::run::NO_ENGINE;
use crate::ui::model::run::{Progress, Run, Waits};
use crate::ui::model::state::{LabState, Notice};
use crate::ui::model::verbs;
use crate::ui::selection::Selection;
use crate::ui::stream::Thing;
use std::rc::Rc;

/// Crashes the selected node, or starts it again.
pub(super) fn strike_selected(state: &mut LabState) {
    let Some(run) = &state.run else { return };
    match state.selection {
        Some(Selection::Node(node)) => {
            let fault = verbs::toggle(run, node);
            strike(state, fault);
        }
        Some(Selection::Stream(Thing::Partition(id))) => {
            if let Some(fault) = verbs::toggle_partition(run, id) {
                strike(state, fault);
            }
        }
        Some(_) | None => {
            let text = match run.lab() {
                Lab::Mapreduce => "Select a node first: k crashes the one that is selected.",
                Lab::Stream => "Select a partition first: k silences the one that is selected.",
            };
            state.say(text.to_owned(), false);
        }
    }
}

/// Does something to the cluster at the playhead.
pub(super) fn strike(state: &mut LabState, fault: Fault) {
    let Some(run) = &state.run else { return };
    if run.live.is_some() {
        return match fault {
            Fault::Crash { node } => kill(state, node),
            Fault::Restart { .. }
            | Fault::Slow { .. }
            | Fault::CutRack { .. }
            | Fault::JoinRack { .. }
            | Fault::LoseMessages { .. }
            | Fault::FailTask { .. }
            | Fault::PoisonRecord { .. }
            | Fault::Stream(_) => refuse(state, NO_FORK),
        };
    }
    if run.opened.is_some() {
        return refuse(state, NO_ENGINE);
    }
    if run.is_over() {
        return refuse(
            state,
            "The job is over. Go back to a moment when it runs, and do it there.",
        );
    }
    let at = verbs::strike_time(run);
    fork(state, PlannedFault { at, fault });
}

/// Does something to the cluster at another time.
pub(super) fn strike_at(state: &mut LabState, planned: PlannedFault) {
    match &state.run {
        None => {}
        Some(run) if run.live.is_some() => refuse(state, NO_FORK),
        Some(run) if run.opened.is_some() => refuse(state, NO_ENGINE),
        Some(_) => fork(state, planned),
    }
}

fn kill(state: &mut LabState, node: NodeId) {
    let Some(run) = &state.run else { return };
    if run.summary().is_some() {
        return refuse(state, "The live run is over: its workers have ended.");
    }
    let body = CommandBody::Kill { run: run.id, node };
    state.worker.post(body, None);
    state.say(format!("The worker of {node} is terminated."), false);
}

fn refuse(state: &mut LabState, why: &str) {
    state.notice = Some(Notice { about: Some("fault".to_owned()), message: why.to_owned() });
}

/// Asks for a branch. It comes to the screen when the conductor says that it began.
fn fork(state: &mut LabState, planned: PlannedFault) {
    if state.forking.is_some() || state.pending.is_some() {
        return;
    }
    let Some(before) = state.tree() else { return };
    let parent = before.shown.id;
    let run = state.new_run_id();
    state.notice = None;
    state.forking = Some(Forking { run, parent, planned, before: Rc::new(before), posted: false });
    post(state);
}

/// Tells the conductor of the branch that is wanted, once it holds the run that it comes from.
pub(super) fn post(state: &mut LabState) {
    let Some(forking) = state.forking.as_mut().filter(|forking| !forking.posted) else { return };
    if !state.conducted.contains(&forking.parent) {
        return;
    }
    forking.posted = true;
    let PlannedFault { at, fault } = forking.planned;
    let body = CommandBody::Intervene { run: forking.parent, branch: forking.run, at, fault };
    state.worker.post(body, None);
}

/// The branch has begun: it comes to the screen, with the playhead where it was and going on if it
/// went.
pub(super) fn on_forked(state: &mut LabState, id: RunId, shared: u32, scenario: Scenario) {
    state.conducted.push(id);
    let number = state.next_branch();
    let Some(forking) = state.forking.take_if(|forking| forking.run == id) else { return };
    let Some(parent) = state.run.as_ref().filter(|run| run.id == forking.parent) else { return };
    let branch = Branch {
        number,
        parent: Some(parent.branch.number),
        forked_at: forking.planned.at,
        shared,
        change: words(&forking.planned, parent.timeline.clock()),
    };
    state.say(format!("{}.", branch.label()), true);
    let Some(parent) = state.run.take() else { return };
    state.run = Some(parent.forked(id, scenario, branch));
    state.others.push(Rc::new(parent));
    state.keep(forking.before);
    state.answers = Rc::default();
    state.selection.take_if(|selection| is_beyond(*selection, shared));
    state.worker.post(CommandBody::Advance { run: id, until: Until::End }, None);
}

/// Whether an event is selected that the branch does not share.
fn is_beyond(selection: Selection, shared: u32) -> bool {
    matches!(selection, Selection::Event(seq) if seq.0 >= shared)
}

/// The conductor would not fork the run; it goes on as it was.
pub(super) fn on_refused(state: &mut LabState, id: RunId, message: &str) {
    // Of one that is not waited for any more nothing need be said.
    if state.forking.take_if(|forking| forking.run == id).is_some() {
        refuse(state, &catalog::sentence(&catalog::in_labels(message)));
    }
}

/// Shows the branch after this one in the order of their making, or the one before.
pub(super) fn show_next(state: &mut LabState, forward: bool) {
    let numbers: Vec<u32> = state.branches().iter().map(|run| run.branch.number).collect();
    let Some(run) = &state.run else { return };
    let here = numbers.iter().position(|number| *number == run.branch.number).unwrap_or(0);
    let step = if forward { 1 } else { numbers.len().saturating_sub(1) };
    if let Some(number) = numbers.get((here + step) % numbers.len().max(1)) {
        show(state, *number);
    }
}

/// Shows another branch, at the same time where it has come so far and may be seen so far.
pub(super) fn show(state: &mut LabState, number: u32) {
    let Some(place) = state.others.iter().position(|run| run.branch.number == number) else {
        return;
    };
    let (Some(shown), hold_back) = (state.run.take(), state.holds_back()) else { return };
    let mut next = Rc::unwrap_or_clone(state.others.remove(place));
    next.go(same_time(&next, &shown, hold_back));
    state.others.push(Rc::new(shown));
    state.others.sort_by_key(|run| run.branch.number);
    state.run = Some(next);
    state.forking = None;
    state.notice = None;
    state.answers = Rc::default();
    state.selection.take_if(|selection| matches!(selection, Selection::Event(_)));
    go_on(state);
}

/// Where the playhead comes to stand on another branch.
fn same_time(next: &Run, shown: &Run, hold_back: bool) -> Place {
    let most = if hold_back { next.furthest } else { next.end() };
    Place::at_time(&next.timeline, shown.place.at.min(most.at)).min(most).max(next.opening)
}

/// Has the conductor go on with the run on the screen, and take it up again where it does not hold
/// it any more.
fn go_on(state: &mut LabState) {
    let Some(run) = &state.run else { return };
    if !state.conducted.contains(&run.id) {
        return change::resume(state);
    }
    if run.progress == Progress::Simulating {
        state.worker.post(CommandBody::Advance { run: run.id, until: Until::End }, None);
    }
}

/// A run has ended: the next branch that is not simulated whole goes on.
pub(super) fn on_finished(state: &mut LabState) {
    let waits =
        |run: &&Run| run.progress == Progress::Simulating && state.conducted.contains(&run.id);
    let next = state.branches().into_iter().find(waits).map(|run| run.id);
    if let Some(run) = next {
        state.worker.post(CommandBody::Advance { run, until: Until::End }, None);
    }
}

/// Keeps all branches for undoing.
pub(super) fn keep(state: &mut LabState) {
    if let Some(tree) = state.tree() {
        state.keep(Rc::new(tree));
    }
}

/// Back to the branches before the last change. Nothing is lost: their traces are still here.
pub(super) fn undo(state: &mut LabState) {
    if state.pending.take().is_some() || state.forking.take().is_some() {
        state.notice = None;
        return;
    }
    let (Some(former), now) = (state.former.pop(), state.tree()) else { return };
    state.undone.extend(now.map(Rc::new));
    restore(state, former);
}

/// Forward to the branches before the last undoing.
pub(super) fn redo(state: &mut LabState) {
    let (Some(undone), now) = (state.undone.pop(), state.tree()) else { return };
    state.former.extend(now.map(Rc::new));
    state.pending = None;
    state.forking = None;
    restore(state, undone);
}

fn restore(state: &mut LabState, tree: Rc<Tree>) {
    let Tree { shown, others } = Rc::unwrap_or_clone(tree);
    if !state.conducted.contains(&shown.id) {
        state.selection = None;
    }
    state.run = Some(shown);
    state.others = others;
    state.player.playing = false;
    state.notice = None;
    state.toast = None;
    state.answers = Rc::default();
    go_on(state);
}

/// Runs the scenario on the screen with another value of a tunable, as a branch from the very
/// beginning: the playhead stands at the same time.
pub(super) fn beside(state: &mut LabState, key: Key, value: u64) {
    let Some(run) = &state.run else { return };
    if run.live.is_some() {
        return refuse(state, NO_FORK);
    }
    let mut scenario = run.scenario.clone();
    if let Err(error) = scenario.parameters.set(key, value) {
        return refuse(state, &catalog::sentence(&catalog::in_labels(&error.to_string())));
    }
    let same = state.branches().into_iter().find(|other| other.scenario == scenario);
    if let Some(number) = same.map(|other| other.branch.number) {
        return show(state, number);
    }
    let parameter = key.parameter();
    let branch = Branch {
        number: state.next_branch(),
        parent: Some(run.branch.number),
        forked_at: Time::ZERO,
        shared: 0,
        change: format!("{} {}", parameter.label, amount::shown(parameter, value)),
    };
    let waits = Some(Waits::ForTime(run.place.at));
    let other = Run { branch, waits, ..run.changed(scenario) };
    change::propose_beside(state, other);
}

/// Runs a preset beside the run on the screen, from the start. A branch that is that run already is
/// shown.
pub(super) fn beside_preset(state: &mut LabState, name: &str) {
    let (Some(run), Some(preset)) = (&state.run, catalog::preset(name)) else { return };
    if run.live.is_some() {
        return refuse(state, NO_FORK);
    }
    let scenario = preset.scenario();
    let same = state.branches().into_iter().find(|other| other.scenario == scenario);
    if let Some(number) = same.map(|other| other.branch.number) {
        return show(state, number);
    }
    let branch = Branch {
        number: state.next_branch(),
        parent: Some(run.branch.number),
        forked_at: Time::ZERO,
        shared: 0,
        change: catalog::title(preset).to_owned(),
    };
    let waits = Some(Waits::ForTime(run.place.at));
    let other = Run { branch, waits, ..Run::new(scenario, Some(preset.name), None) };
    change::propose_beside(state, other);
}

/// Has a record of the input arrive at another time: the run is computed anew, with the playhead at the same time. A
/// record that was moved before is moved from where it is.
pub(super) fn move_record(state: &mut LabState, record: u32, arrival: Millis) {
    let Some(run) = &state.run else { return };
    if run.opened.is_some() {
        return refuse(state, NO_ENGINE);
    }
    let is_its = |planned: &PlannedFault| matches!(planned.fault.of_stream(), Some(StreamFault::Move { record: of, .. }) if of == record);
    let mut scenario = run.scenario.clone();
    scenario.faults.retain(|planned| !is_its(planned));
    let fault = Fault::Stream(StreamFault::Move { record, arrival });
    scenario.faults.push(PlannedFault { at: Time::ZERO, fault });
    if scenario == run.scenario {
        return;
    }
    let waits = Some(Waits::ForTime(run.place.at));
    let changed = Run { waits, ..run.changed(scenario) };
    change::propose(state, changed);
}

/// Leaves a fault of the run on the screen out. A branch that is that run already is shown; else
/// it becomes one, simulated from the start and with the playhead at the same time.
pub(super) fn remove_fault(state: &mut LabState, place: usize) {
    let Some(run) = state.run.as_ref().filter(|run| place < run.scenario.faults.len()) else {
        return;
    };
    let mut scenario = run.scenario.clone();
    let removed = scenario.faults.remove(place);
    let same = state.others.iter().find(|other| other.scenario == scenario);
    if let Some(number) = same.map(|other| other.branch.number) {
        return show(state, number);
    }
    let branch = Branch {
        number: state.next_branch(),
        parent: Some(run.branch.number),
        forked_at: removed.at,
        shared: run.timeline.at_time(Time(removed.at.0.saturating_sub(1))),
        change: format!("without {}", words(&removed, run.timeline.clock())),
    };
    let waits = Some(Waits::ForTime(run.place.at));
    let without = Run { branch, waits, ..run.changed(scenario) };
    change::propose_beside(state, without);
}
