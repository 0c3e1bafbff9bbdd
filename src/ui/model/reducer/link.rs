//! Runs that come from elsewhere: by a link, with a file that a link asks for, or as a trace.

use super::{branch, change};
use crate::lab::messages::{CommandBody, RunId};
use crate::scenario::input::content_hash;
use crate::scenario::{Input, Scenario};
use crate::ui::model::Data;
use crate::ui::model::catalog;
use crate::ui::model::link::{Link, Sight};
use crate::ui::model::run::{Opened, Run, Waits};
use crate::ui::model::state::{LabState, Needs, Notice, Pending};
use std::rc::Rc;

/// Opens what a link's fragment leads to. What cannot be read is said, and the first preset is
/// opened instead, unless a run is on the screen already.
pub(super) fn open(state: &mut LabState, fragment: &str) {
    match Link::read(fragment) {
        Ok(link) => follow(state, link),
        Err(message) => {
            let first = catalog::presets().first();
            let about = Some("link".to_owned());
            if let Some(first) = first.filter(|_| state.run.is_none() && state.pending.is_none()) {
                change::open_preset(state, first.name);
                let message = format!("{message} “{}” is opened instead.", catalog::title(first));
                return state.notice = Some(Notice { about, message });
            }
            state.notice = Some(Notice { about, message });
        }
    }
}

fn follow(state: &mut LabState, link: Link) {
    let Link { scenario, preset, sight } = link;
    let is_shown = |run: &Run| run.scenario == scenario && run.live.is_none();
    if state.pending.is_none() && state.run.as_ref().is_some_and(is_shown) {
        return look(state, &sight);
    }
    let original = preset.and_then(catalog::preset).map(|preset| preset.scenario());
    let run = Run::new(scenario, preset, None);
    let original = original.unwrap_or_else(|| run.original.clone());
    change::propose(state, Run { original, ..run });
    if let Some(pending) = &mut state.pending {
        pending.sight = Some(Box::new(sight));
    }
}

/// Stands where a link says, with what it says open.
pub(super) fn look(state: &mut LabState, sight: &Sight) {
    state.player.playing = false;
    if let Some(run) = &mut state.run {
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
}

/// The bytes of a file that a run on the page has, or had before the last changes.
pub(super) fn known_file(state: &LabState, input: &Input) -> Option<Data> {
    let has = |run: &&Run| run.scenario.input == *input && run.input.is_some();
    let here = state.branches().into_iter().find(has);
    let kept = state.former.iter().chain(&state.undone).map(|tree| &tree.shown);
    here.or_else(|| kept.rev().find(has)).and_then(|run| run.input.clone())
}

/// Whether a link waits for its file.
pub(super) fn asks_for_file(state: &LabState) -> bool {
    let needs = state.pending.as_ref().and_then(|pending| pending.needs.as_ref());
    matches!(needs, Some(Needs::File { .. }))
}

/// The reader gives the file that a link asks for; another is refused, and asked for again.
pub(super) fn give_file(state: &mut LabState, name: &str, bytes: Data) {
    let Some(pending) = &mut state.pending else { return };
    let Some(Needs::File { hash, .. }) = &pending.needs else { return };
    let found = content_hash(&bytes);
    if let Some(hash) = hash.as_ref().filter(|hash| !hash.eq_ignore_ascii_case(&found)) {
        let message = format!(
            "“{name}” is another file: its hash is {found}, and the link was made with {hash}. Choose the same file, or give up."
        );
        return state.notice = Some(Notice { about: Some("input".to_owned()), message });
    }
    pending.needs = None;
    pending.run.input = Some(bytes);
    state.notice = None;
    change::begin(state);
}

/// Whether bytes are a trace, as its first line says.
pub(super) fn is_trace(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{\"millrace_trace\"")
}

/// Has a trace read. What is on the screen stays until it is read well.
pub(super) fn open_trace(state: &mut LabState, name: String, bytes: Data) {
    let Some(first) = catalog::presets().first() else { return };
    let id = state.new_run_id();
    let opened = Some(Opened { name, engine: String::new() });
    let run = Run { id, opened, ..Run::new(first.scenario(), None, None) };
    state.notice = None;
    state.forking = None;
    state.pending = Some(Pending { run, needs: None, posted: true, beside: false, sight: None });
    state.worker.post(CommandBody::OpenTrace { run: id }, Some(bytes));
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
