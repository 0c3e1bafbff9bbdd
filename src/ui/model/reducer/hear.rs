//! What the worker and the network say.

use super::{branch, change, link};
use crate::lab::messages::{CommandBody, CommandId, LabError, Reply, RunId, Until, Update};
use crate::scenario::{JobKind, Lab, Scenario};
use crate::trace::{Event, EventKind, WorldEvent};
use crate::ui::model::Data;
use crate::ui::model::action::Hear;
use crate::ui::model::catalog;
use crate::ui::model::needs::Needs;
use crate::ui::model::run::{Facts, Progress, Run};
use crate::ui::model::state::{Health, LabState, Notice, Pending, Worker};
use crate::ui::model::view::Dialog;
use crate::ui::selection::Selection;
use crate::ui::stream::Thing;
use std::rc::Rc;

/// Hears what the worker or the network says.
pub(super) fn reduce(state: &mut LabState, hear: Hear) {
    match hear {
        Hear::Update(update) => on_update(state, *update),
        Hear::WorkerFailed(message) => on_failure(state, message),
        Hear::RestartWorker => restart(state),
        Hear::Text { name, result } => on_text(state, name, result),
        Hear::TextRefused(message) => {
            state.notice = Some(Notice { about: Some("input".to_owned()), message });
        }
        Hear::Shared(shared) => link::on_shared(state, shared),
        Hear::Hidden => state.player.playing = false,
    }
}

fn on_update(state: &mut LabState, update: Update) {
    match update {
        Update::Ready { version } => state.worker.health = Health::Ready(version),
        Update::Reply { id, result } => on_reply(state, id, result),
        Update::Trace { run, events } => on_trace(state, run, events),
        Update::Finished { run, summary } => {
            let summary = Rc::from(summary);
            state.each_run(run, |run| run.finish(&summary));
            branch::on_finished(state);
            link::find(state);
        }
    }
}

/// Files events with every state of their run. The first append takes them all; those after it
/// only come to know of them.
fn on_trace(state: &mut LabState, run: RunId, mut events: Vec<Event>) {
    tell_of_workers(state, run, &events);
    let mut failed = None;
    state.each_run(run, |run| {
        if let Err(message) = run.append(std::mem::take(&mut events)) {
            run.progress = Progress::Lost;
            failed = Some(message);
        }
    });
    if let Some(message) = failed {
        on_failure(state, format!("The trace does not hold together: {message}."));
    }
}

/// A live worker that panicked, ran out of memory or did not start is said at once, wherever the
/// playhead stands: it is the machine's own failure, and no part of the plan.
fn tell_of_workers(state: &mut LabState, run: RunId, events: &[Event]) {
    let is_shown = state.run.as_ref().is_some_and(|shown| shown.id == run);
    let broke = events.iter().rev().find_map(|event| match &event.kind {
        EventKind::World(WorldEvent::WorkerBroke { reason }) => Some((event.node?, reason)),
        EventKind::World(_)
        | EventKind::Batch(_)
        | EventKind::Failure(_)
        | EventKind::Stream(_) => None,
    });
    if let Some((node, reason)) = broke.filter(|_| is_shown) {
        let message = format!(
            "The worker of {node} broke down: {} The others do its work.",
            catalog::sentence(reason)
        );
        state.say(message, false);
    }
}

fn on_reply(state: &mut LabState, id: CommandId, result: Result<Reply, LabError>) {
    let place = state.worker.unanswered.iter().position(|sent| sent.command.id == id);
    let Some(sent) = place.map(|place| state.worker.unanswered.remove(place)) else { return };
    if let CommandBody::Inspect { .. } = sent.command.body {
        Rc::make_mut(&mut state.answers).answer(id, &result);
        return link::find(state);
    }
    match (sent.command.body, result) {
        (
            CommandBody::Start { run, .. } | CommandBody::StartLive { run, .. },
            Ok(Reply::Started { input_bytes, lines, splits, notes }),
        ) => {
            on_started(state, run, Facts { input_bytes, lines, splits, notes });
        }
        (CommandBody::Start { run, .. } | CommandBody::StartLive { run, .. }, Err(error)) => {
            on_refused(state, run, error);
        }
        (CommandBody::OpenTrace { run }, Ok(Reply::TraceOpened { scenario, engine })) => {
            link::on_opened(state, run, *scenario, engine);
        }
        (CommandBody::OpenTrace { run }, Err(error)) => on_refused(state, run, error),
        (CommandBody::Intervene { branch, .. }, Ok(Reply::Forked { shared, scenario })) => {
            branch::on_forked(state, branch, shared, *scenario);
        }
        (CommandBody::Intervene { branch, .. }, Err(error)) => {
            branch::on_refused(state, branch, &error.message);
        }
        (CommandBody::Cancel { run }, Ok(_)) => state.each_run(run, |run| {
            if run.progress == Progress::Simulating {
                run.progress = Progress::Stopped;
            }
        }),
        (_, Ok(_)) => {}
        (_, Err(error)) => state.notice = Some(error.into()),
    }
}

fn on_started(state: &mut LabState, id: RunId, facts: Facts) {
    // Starts that this one has overtaken are never answered.
    state.worker.unanswered.retain(|sent| match &sent.command.body {
        CommandBody::Start { run, .. } | CommandBody::StartLive { run, .. } => *run > id,
        CommandBody::Advance { .. }
        | CommandBody::Cancel { .. }
        | CommandBody::Intervene { .. }
        | CommandBody::Kill { .. }
        | CommandBody::BreakNode { .. }
        | CommandBody::Inspect { .. }
        | CommandBody::OpenTrace { .. }
        | CommandBody::Point { .. }
        | CommandBody::Answer { .. }
        | CommandBody::Measure { .. }
        | CommandBody::Panic => true,
    });
    if let Some(pending) = state.pending.take_if(|pending| pending.run.id == id) {
        take_place(state, pending);
    }
    // The conductor has dropped what it held before.
    let dropped = std::mem::replace(&mut state.conducted, vec![id]);
    for run in dropped.into_iter().filter(|run| *run != id) {
        state.each_run(run, |run| {
            if run.progress == Progress::Simulating {
                run.progress = Progress::Stopped;
            }
        });
    }
    let Some(run) = state.run.as_mut().filter(|run| run.id == id) else { return };
    run.facts = facts;
    let is_live = run.live.is_some();
    if !is_live {
        state.worker.post(CommandBody::Advance { run: id, until: Until::End }, None);
    }
    branch::post(state);
}

/// Puts the run that has begun well on the screen. What is live goes on by itself, and is watched.
fn take_place(state: &mut LabState, pending: Pending) {
    branch::keep(state);
    let is_live = pending.run.live.is_some();
    let is_kept = state.run.as_ref().is_some_and(|before| differs_by_faults(before, &pending.run));
    let former = state.run.replace(pending.run);
    match former.filter(|_| pending.beside) {
        Some(former) => state.others.push(Rc::new(former)),
        None => state.others.clear(),
    }
    state.others.sort_by_key(|run| run.branch.number);
    state.player.playing = is_live;
    state.selection.take_if(|selection| !(is_kept && is_of_input(*selection)));
    state.toast = None;
    state.forking = None;
    state.answers = Rc::default();
    // A broken link is still to be told when what was opened instead has begun.
    state.notice.take_if(|notice| notice.about.as_deref() != Some("link"));
    if state.view.dialog == Some(Dialog::OwnText) {
        state.view.dialog = None;
    }
    if let Some(sight) = pending.sight {
        link::open_at(state, &sight);
    }
}

/// Whether two runs of a stream job are of the same scenario but for what is done to it.
fn differs_by_faults(one: &Run, other: &Run) -> bool {
    let plain = |run: &Run| Scenario { faults: Vec::new(), ..run.scenario.clone() };
    one.lab() == Lab::Stream && plain(one) == plain(other)
}

/// Whether something is the same in all runs over the same input.
fn is_of_input(selection: Selection) -> bool {
    matches!(
        selection,
        Selection::Stream(Thing::Record(_) | Thing::Partition(_) | Thing::Subtask(_))
    )
}

/// The run did not begin; what is on the screen stays.
fn on_refused(state: &mut LabState, id: RunId, error: LabError) {
    let refused = state.pending.take_if(|pending| pending.run.id == id);
    state.forking = None;
    state.each_run(id, |run| run.progress = Progress::Lost);
    let unfit = refused.as_ref().and_then(|refused| unfit_job(state, &refused.run, &error));
    let notice: Notice = error.into();
    if state.run.is_none() && refused.is_some_and(|refused| !is_first(&refused.run)) {
        return link::refuse(state, notice.message);
    }
    state.notice = Some(match unfit {
        Some(_) => Notice { about: Some("job".to_owned()), ..notice },
        None => notice,
    });
    state.unfit = unfit;
}

/// Whether a run is what an empty page opens.
fn is_first(run: &Run) -> bool {
    let first = catalog::presets().first();
    run.live.is_none() && first.is_some_and(|first| first.scenario() == run.scenario)
}

/// The job of a run that was refused, if it is only the job that is another and does not fit.
fn unfit_job(state: &LabState, refused: &Run, error: &LabError) -> Option<JobKind> {
    let shown = state.run.as_ref()?;
    let is_about = |field: &str| matches!(field, "input" | "job" | "stage");
    let is_other = refused.scenario.job != shown.scenario.job
        && refused.scenario.input == shown.scenario.input
        && error.field.as_deref().is_some_and(is_about);
    is_other.then(|| refused.scenario.job.clone())
}

fn on_text(state: &mut LabState, name: String, result: Result<Data, String>) {
    match result {
        Ok(bytes) => {
            state.texts.insert(name.clone(), bytes.clone());
            if let Some(needs) = state.pending.as_mut().and_then(|pending| pending.needs.as_mut()) {
                needs.fetched(&name, &bytes);
            }
            link::begin_when_complete(state);
        }
        Err(reason) => {
            state.pending.take_if(|pending| needs_text(pending, &name));
            let message = format!(
                "The text “{name}” could not be loaded: {reason}. Check the connection, or open another scenario."
            );
            state.notice = Some(Notice { about: Some("input".to_owned()), message });
        }
    }
}

fn needs_text(pending: &Pending, name: &str) -> bool {
    pending.needs.as_ref().and_then(Needs::to_fetch) == Some(name)
}

/// The worker broke down. The trace so far stays on the screen.
fn on_failure(state: &mut LabState, message: String) {
    state.player.playing = false;
    let waiting: Vec<CommandId> =
        state.worker.unanswered.drain(..).map(|sent| sent.command.id).collect();
    let answers = Rc::make_mut(&mut state.answers);
    for id in waiting {
        let message = "The worker broke down before it could answer.".to_owned();
        answers.answer(id, &Err(LabError { field: None, message }));
    }
    state.forking = None;
    let branches: Vec<RunId> = state.branches().iter().map(|run| run.id).collect();
    state.conducted.clear();
    for id in branches {
        state.each_run(id, |run| {
            if run.progress == Progress::Simulating {
                run.progress = Progress::Lost;
            }
        });
    }
    // The first message says what happened; those after it come from the broken state.
    if !matches!(state.worker.health, Health::Failed(_)) {
        state.worker.health = Health::Failed(message);
    }
}

/// Another worker computes the run on the screen again, and goes on where it broke off.
fn restart(state: &mut LabState) {
    let Worker { generation, next_command, .. } = state.worker;
    state.worker = Worker { generation: generation + 1, next_command, ..Worker::default() };
    state.answers = Rc::default();
    change::resume(state);
    change::begin(state);
}
