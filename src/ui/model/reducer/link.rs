//! Runs that come from elsewhere: by a link, with a file that a link asks for, or as a trace.

use super::{branch, change, look};
use crate::lab::messages::{CommandBody, KeyValue, Query, Reply, RunId};
use crate::scenario::{Input, Scenario};
use crate::trace::Snapshot;
use crate::ui::model::action::Shared;
use crate::ui::model::answers::Answer;
use crate::ui::model::catalog;
use crate::ui::model::follow::Followed;
use crate::ui::model::link::{Link, Sight, names};
use crate::ui::model::live;
use crate::ui::model::needs::Needs;
use crate::ui::model::run::{Opened, Run, Waits};
use crate::ui::model::state::{LabState, Notice, Pending, Wanted};
use crate::ui::model::{Data, OwnFile, Texts};
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use bytes::Bytes;
use std::rc::Rc;

/// Opens what a link's fragment leads to. What cannot be read is said, and the first preset is
/// opened instead, unless a run is on the screen already.
pub(super) fn open(state: &mut LabState, fragment: &str) {
    match Link::read(fragment) {
        Ok(link) => follow(state, link),
        Err(message) => refuse(state, message),
    }
}

/// Says why a link leads nowhere. Where nothing is on the screen, the first preset is opened.
pub(super) fn refuse(state: &mut LabState, message: String) {
    let about = Some("link".to_owned());
    let first = catalog::presets().first();
    if let Some(first) = first.filter(|_| state.run.is_none() && state.pending.is_none()) {
        change::open_preset(state, first.name);
        let message = format!("{message} “{}” is opened instead.", catalog::title(first));
        return state.notice = Some(Notice { about, message });
    }
    state.notice = Some(Notice { about, message });
}

fn follow(state: &mut LabState, link: Link) {
    let Link { scenario, preset, is_live, sight } = link;
    let is_shown = |run: &Run| *run.planned() == scenario && run.live.is_some() == is_live;
    if state.pending.is_none() && state.run.as_ref().is_some_and(is_shown) {
        return open_at(state, &sight);
    }
    let original = preset.and_then(catalog::preset).map(|preset| preset.scenario());
    let run = Run::new(scenario, preset, None);
    let original = original.unwrap_or_else(|| run.original.clone());
    let run = Run { original, ..run };
    change::propose(state, if is_live { live::live(&run) } else { run });
    if let Some(pending) = &mut state.pending {
        pending.sight = Some(Box::new(sight));
    }
}

/// Says what came of a link that was wanted.
pub(super) fn on_shared(state: &mut LabState, shared: Shared) {
    let is_live = state.run.as_ref().is_some_and(|run| run.live.is_some());
    let what = if is_live { "this live run" } else { "this moment" };
    let said = match shared {
        Shared::Copied => format!("The link to {what} is copied."),
        Shared::InAddress => format!(
            "The browser does not allow copying: the link to {what} stands in the address bar."
        ),
        Shared::TooLong => {
            let message =
                "This run is too long for a link: save its trace in the log, and share that file."
                    .to_owned();
            return state.notice = Some(Notice { about: Some("link".to_owned()), message });
        }
    };
    let live =
        format!(" It begins the run anew, without what was struck by hand. {}", live::TIMES_DIFFER);
    state.say(said + if is_live { &live } else { "" }, false);
}

/// Stands where a link says, with what it says open.
pub(super) fn open_at(state: &mut LabState, sight: &Sight) {
    // What is live goes on by itself, and has no moment that a link could name.
    let run = state.run.as_mut().filter(|run| run.live.is_none());
    if let Some(run) = run {
        state.player.playing = false;
        match sight.at {
            Some(at) => run.await_place(Waits::ForPlace { at, events: sight.events }),
            None => run.go(run.opening),
        }
    }
    if !sight.panels.is_empty() {
        sight.show(&mut state.view);
    }
    if sight.selection.is_some() {
        state.selection = sight.selection;
    }
    if let Some(step) = sight.zoom {
        (state.view.zoom, state.view.zoom_step, state.view.inspector) = (true, step, true);
    }
    let run = state.run.as_ref().map_or(0, |run| run.id);
    let (selection, follow) = (sight.selection, sight.follow.clone());
    state.wanted = Some(Rc::new(Wanted { run, selection, follow, from_map: 0 }));
    find(state);
}

/// Looks for what a link names, once its run is whole: what the run does not have is said, and the rest stays open.
pub(super) fn find(state: &mut LabState) {
    let is_whole = |wanted: &Rc<Wanted>| {
        let run = state.run.as_ref().filter(|run| run.id == wanted.run);
        run.is_some_and(|run| run.summary().is_some())
    };
    if !state.wanted.as_ref().is_some_and(is_whole) {
        return;
    }
    let Some((run, wanted)) = state.run.as_ref().zip(state.wanted.take()) else { return };
    let whole = run.timeline.seek(run.timeline.len());
    let is_missing = |one: &Selection| !names::is_there(*one, &whole, &run.snapshot);
    let missing = wanted.selection.filter(is_missing);
    if let Some(missing) = missing {
        if state.selection == Some(missing) {
            (state.selection, state.view.zoom) = (None, false);
        }
        miss(state, &format!("selects {}", names::name(missing)));
    }
    if let Some(record) = &wanted.follow {
        find_lines(state, &wanted, record, &whole);
    }
}

/// Follows a record as soon as its lines are known; asks for them.
fn find_lines(state: &mut LabState, wanted: &Wanted, record: &KeyValue, whole: &Snapshot) {
    let (part, line) = (record.partition, record.line());
    let query = Query::Lineage { part, line, from_map: wanted.from_map };
    let not_yet = |from_map| Some(Rc::new(Wanted { from_map, selection: None, ..wanted.clone() }));
    match state.answers.get(&query) {
        None => {
            state.wanted = not_yet(wanted.from_map);
            look::ask(state, query.clone());
            // What cannot be asked has its answer at once.
            if !matches!(state.answers.get(&query), Some(Answer::Waiting(_)) | None) {
                find(state);
            }
        }
        Some(Answer::Waiting(_)) => state.wanted = not_yet(wanted.from_map),
        Some(Answer::Here(Reply::Lineage { maps, lines, next_map, .. })) => {
            if !lines.is_empty() {
                let followed = Followed::new(wanted.run, record, (maps, lines), whole);
                state.followed = Some(Rc::new(followed));
            } else if let Some(next) = *next_map {
                state.wanted = not_yet(next);
                find(state);
            } else {
                miss(state, &format!("follows “{}”", record.key));
            }
        }
        Some(Answer::Here(_) | Answer::Failed(_)) => {
            miss(state, &format!("follows “{}”", record.key))
        }
    }
}

fn miss(state: &mut LabState, what: &str) {
    let message = format!("The link {what}, which this run does not have. The rest of it is open.");
    state.notice = Some(Notice { about: Some("link".to_owned()), message });
}

/// The texts that a run on the page has of this input, or had before the last changes.
pub(super) fn known_texts(state: &LabState, input: &Input) -> Option<Texts> {
    let has = |run: &&Run| run.scenario.input == *input && run.input.is_some();
    let here = state.branches().into_iter().find(has);
    let kept = state.former.iter().chain(&state.undone).map(|tree| &tree.shown);
    here.or_else(|| kept.rev().find(has)).and_then(|run| run.input.clone())
}

/// Whether a link waits for files of the reader's.
pub(super) fn asks_for_files(state: &LabState) -> bool {
    let needs = state.pending.as_ref().and_then(|pending| pending.needs.as_ref());
    needs.is_some_and(Needs::asks_for_files)
}

/// The reader gives files that a link asks for; others are refused, and what is missing is still
/// asked for.
pub(super) fn give_files(state: &mut LabState, files: &[OwnFile]) {
    let Some(needs) = state.pending.as_mut().and_then(|pending| pending.needs.as_mut()) else {
        return;
    };
    let given = files.iter().map(|(name, bytes)| needs.give(name, bytes));
    let refused: Vec<String> = given.filter_map(Result::err).collect();
    let message = refused.join(" ");
    let about = Some("input".to_owned());
    state.notice = (!refused.is_empty()).then_some(Notice { about, message });
    begin_when_complete(state);
}

/// Begins the run that waits for texts, once all are here.
pub(super) fn begin_when_complete(state: &mut LabState) {
    let Some(pending) = &mut state.pending else { return };
    if let Some(texts) = pending.needs.as_ref().and_then(Needs::all) {
        pending.needs = None;
        pending.run.input = Some(texts);
        change::begin(state);
    }
}

/// Whether bytes are a trace, as its first line says.
pub(super) fn is_trace(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{\"millrace_trace\"")
}

/// Has a trace read. What is on the screen stays until it is read well.
pub(super) fn open_trace(state: &mut LabState, name: String, bytes: &Data) {
    let Some(first) = catalog::presets().first() else { return };
    let id = state.new_run_id();
    let opened = Some(Opened { name, engine: String::new() });
    let run = Run { id, opened, ..Run::new(first.scenario(), None, None) };
    state.notice = None;
    state.forking = None;
    state.pending = Some(Pending { run, needs: None, posted: true, beside: false, sight: None });
    let beside = Some(Same::new(vec![Bytes::clone(bytes)]));
    state.worker.post(CommandBody::OpenTrace { run: id }, beside);
}

/// A trace was read: it takes the place of what is on the screen. Its events follow.
pub(super) fn on_opened(state: &mut LabState, id: RunId, scenario: Scenario, engine: String) {
    let Some(pending) = state.pending.take_if(|pending| pending.run.id == id) else { return };
    let preset = catalog::preset_of(&scenario);
    let opened = pending.run.opened.map(|opened| Opened { engine, ..opened });
    branch::keep(state);
    state.run = Some(Run { id, opened, ..Run::new(scenario, preset, None) });
    state.others.clear();
    state.player.playing = false;
    state.selection = None;
    state.toast = None;
    state.answers = Rc::default();
    state.view.dialog = None;
}

/// The scenario of an opened trace is run here.
pub(super) fn run_again(state: &mut LabState) {
    let Some(run) = state.run.as_ref().filter(|run| run.opened.is_some()) else { return };
    let again = run.changed(run.scenario.clone());
    change::propose(state, again);
}
