//! The whole state of the page. It is a value: the reducer makes the next one of it, and the page
//! draws it.

use super::answers::Answers;
use super::branches::{Forking, Tree};
use super::catalog;
use super::follow::Followed;
use super::link::Sight;
use super::needs::Needs;
use super::pace::Speed;
use super::place::StepSize;
use super::run::Run;
use super::several::Several;
use super::sweep::Sweeps;
use super::view::View;
use super::{Data, Texts};
use crate::lab::messages::{Command, CommandBody, CommandId, KeyValue, LabError, RunId};
use crate::scenario::JobKind;
use crate::ui::selection::Selection;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most changes that can be taken back.
const FORMER_MAX: usize = 20;

/// The whole state of the page. Cheap to clone: what is large is shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabState {
    /// The run on the screen; nothing until the first has begun.
    pub run: Option<Run>,
    /// The other branches of that run, in the order of their making.
    pub others: Vec<Rc<Run>>,
    /// A branch that was asked for and has not begun.
    pub forking: Option<Forking>,
    /// The runs that the conductor holds: only these can be looked into and forked.
    pub conducted: Vec<RunId>,
    /// The run that is to take its place, until the conductor says that it began well.
    pub pending: Option<Pending>,
    /// The sweep.
    pub sweeps: Rc<Sweeps>,
    /// One stream in several ways.
    pub several: Rc<Several>,
    /// The player.
    pub player: Player,
    /// What is selected.
    pub selection: Option<Selection>,
    /// The record whose way is kept in view.
    pub followed: Option<Rc<Followed>>,
    /// What a link names and is yet to be found in its run.
    pub wanted: Option<Rc<Wanted>>,
    /// What of the page is open.
    pub view: View,
    /// What the reader must be told, until it is dismissed.
    pub notice: Option<Notice>,
    /// The job that was wanted last, when it does not fit the input.
    pub unfit: Option<JobKind>,
    /// What was done last, until it is read.
    pub toast: Option<Toast>,
    /// The branches before the last changes, the latest last, with their playheads.
    pub former: Vec<Rc<Tree>>,
    /// The branches before the last changes were taken back, the latest last.
    pub undone: Vec<Rc<Tree>>,
    /// What was asked of the run's data.
    pub answers: Rc<Answers>,
    /// The worker, and what it was told.
    pub worker: Worker,
    /// The texts that Millrace carries, as far as they were fetched.
    pub texts: BTreeMap<String, Data>,
    /// The number of the newest run; 0 before the first.
    pub last_run: RunId,
    /// How many toasts there were.
    pub toasts: u32,
}

/// A run that is to take the place of the one on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// The run, which stands at its beginning.
    pub run: Run,
    /// The texts that it needs, while not all are here.
    pub needs: Option<Needs>,
    /// Whether the conductor was told.
    pub posted: bool,
    /// Whether it becomes a branch beside those that are there; else it takes the place of all.
    pub beside: bool,
    /// Where the playhead is to stand and what is to be open, where a link says so.
    pub sight: Option<Box<Sight>>,
}

/// What a link names, which its run may not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The run.
    pub run: RunId,
    /// What it selects.
    pub selection: Option<Selection>,
    /// The record of the output that it follows.
    pub follow: Option<KeyValue>,
    /// The map from which on that record's lines are looked for.
    pub from_map: u32,
}

/// The player.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Player {
    /// Whether it plays.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
    /// What a step is.
    pub step: StepSize,
}

/// What was done, in passing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// What was done.
    pub message: String,
    /// Whether it can be taken back.
    pub can_undo: bool,
    /// Which toast it is, from 0.
    pub number: u32,
}

/// What the reader must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about: the parameter's name, `job`, `input`, `fault` or `link`.
    pub about: Option<String>,
    /// What happened, and what to do.
    pub message: String,
}

impl From<LabError> for Notice {
    fn from(error: LabError) -> Notice {
        Notice {
            about: error.field,
            message: catalog::sentence(&catalog::in_labels(&error.message)),
        }
    }
}

/// The conductor's web worker as the page knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worker {
    /// Which worker it is, from 0; each restart makes another.
    pub generation: u32,
    /// How it does.
    pub health: Health,
    /// Commands that were not answered yet, in order.
    pub unanswered: Vec<Outgoing>,
    /// The number of the next command.
    pub next_command: CommandId,
}

/// How the worker does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// It is being loaded.
    #[default]
    Starting,
    /// It is up, and its engine has this version.
    Ready(String),
    /// It broke down, and said this.
    Failed(String),
}

/// A command on its way, with the texts that travel beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// The command.
    pub command: Command,
    /// The texts' bytes, where a start needs them.
    pub input: Option<Texts>,
}

impl Worker {
    /// Puts a command on its way.
    pub fn post(&mut self, body: CommandBody, input: Option<Texts>) -> CommandId {
        let id = self.next_command;
        self.next_command += 1;
        self.unanswered.push(Outgoing { command: Command { id, body }, input });
        id
    }
}

impl LabState {
    /// Keeps the branches for undoing, before a change. Of too many the oldest go.
    pub fn keep(&mut self, tree: Rc<Tree>) {
        if self.former.len() == FORMER_MAX {
            self.former.remove(0);
        }
        self.former.push(tree);
        self.undone.clear();
    }

    /// Says what was done.
    pub fn say(&mut self, message: String, can_undo: bool) {
        let number = self.toasts;
        self.toasts += 1;
        self.toast = Some(Toast { message, can_undo, number });
    }

    /// A number that no other run of this page has.
    pub fn new_run_id(&mut self) -> RunId {
        self.last_run += 1;
        self.last_run
    }

    /// Whether nothing later than the furthest place reached may be shown.
    pub fn holds_back(&self) -> bool {
        self.view.presenter
    }

    /// What is wrong with a parameter, if the conductor or the table refused its value.
    pub fn notice_about(&self, name: &str) -> Option<&Notice> {
        self.notice.as_ref().filter(|notice| notice.about.as_deref() == Some(name))
    }
}
