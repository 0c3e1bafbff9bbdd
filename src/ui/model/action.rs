//! All that can happen to the page. Components send these, and only the reducer changes anything.

use super::follow::Followed;
use super::pace::Speed;
use super::place::StepSize;
use super::view::{Panel, Theme};
use super::{Data, OwnFile};
use crate::base::fault::PlannedFault;
use crate::base::{Fault, Millis, Span, Time};
use crate::lab::messages::{Query, Update};
use crate::scenario::variants::{Cut, Respect};
use crate::scenario::{JobKind, Key};
use crate::trace::Seq;
use crate::trace::answer::StreamAnswer;
use crate::trace::measures::Came;
use crate::ui::selection::Selection;
use std::rc::Rc;

/// Something that happens to the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The player is used.
    Play(Play),
    /// Another run is wanted.
    Change(Change),
    /// Many runs are wanted.
    Sweep(Sweeping),
    /// One stream is run in several ways.
    Several(Asking),
    /// The page is looked at in another way.
    Look(Look),
    /// The worker or the network has something to say.
    Hear(Hear),
}

/// The player is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Play {
    /// Play; at the end, from the beginning again.
    Start,
    /// Stand still.
    Pause,
    /// Play, or stand still.
    Toggle,
    /// So much time has passed in front of the screen while playing.
    Tick(Span),
    /// So many steps forward.
    Forward(u32),
    /// So many steps back.
    Back(u32),
    /// To the beginning.
    First,
    /// To the furthest place that was reached; from there on to the end, unless spoilers are held
    /// back.
    Last,
    /// To the end of what is simulated, seen or not.
    End,
    /// To right after an event.
    Jump(Seq),
    /// To a time.
    Scrub(Time),
    /// At this speed.
    Speed(Speed),
    /// Faster, or slower.
    Faster(bool),
    /// In these steps.
    StepSize(StepSize),
}

/// Another run is wanted. It takes the place of the one on the screen when it has begun well.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// What a link's fragment names; the first preset when it is empty.
    Link(String),
    /// A preset by its name.
    Preset(&'static str),
    /// The preset, as it was at first.
    Restart,
    /// Another job over the same input.
    Job(JobKind),
    /// A tunable gets another value.
    Parameter(Key, u64),
    /// A tunable that is a text gets another one.
    Text(Key, String),
    /// The same run with another value of a tunable, beside it: to compare the two.
    Beside(Key, u64),
    /// A preset, beside the run on the screen.
    BesidePreset(&'static str),
    /// All tunables get the preset's values again.
    ResetParameters,
    /// The reader's own text: a file, several, or one that was typed and is called something.
    OwnText(Vec<OwnFile>),
    /// Something is done to the cluster at the playhead: that forks the run, or kills a live node.
    Strike(Fault),
    /// Something is done to the cluster at another time.
    StrikeAt(PlannedFault),
    /// The selected node is crashed, or started again when it is down.
    StrikeSelected,
    /// Have a record of a stream's input arrive when the job's clock says this.
    MoveRecord(u32, Millis),
    /// A fault of the run on the screen is left out.
    RemoveFault(usize),
    /// Another branch is shown, at the same time.
    Branch(u32),
    /// The branch after this one is shown, or the one before.
    NextBranch(bool),
    /// On real web workers, or simulated.
    Live(bool),
    /// Back to what was before the last change, and to its playhead.
    Undo,
    /// Forward to what was before the last undoing.
    Redo,
    /// Give up a run that has not begun yet.
    GiveUp,
    /// The scenario of a run that was opened from a trace is run here.
    RunAgain,
    /// Stop simulating on.
    Stop,
    /// Go on simulating.
    GoOn,
    /// Break the worker down, to see what happens then.
    Break,
}

/// Many runs are wanted: one parameter, several values and seeds.
#[derive(Clone, Debug, PartialEq)]
pub enum Sweeping {
    /// Begin one, of the run on the screen.
    Start {
        /// The parameter.
        key: Key,
        /// Its values, as they were typed.
        values: String,
        /// Runs of each value.
        seeds: u32,
    },
    /// Give it up; what came so far stays.
    Cancel,
    /// What came of a run.
    Came {
        /// Which sweep.
        number: u32,
        /// Which of its runs.
        point: usize,
        /// What it came to, or why it could not be made.
        result: Box<Result<Came, String>>,
    },
    /// One of its runs is brought to the screen.
    Open(usize),
}

/// One stream is run in several ways, while these are looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Asking {
    /// Ways that differ in this.
    Differ(Respect),
    /// Where batch runs cut through the events.
    Cut(Cut),
    /// What came of one of them.
    Came {
        /// Which question.
        number: u32,
        /// Which of its ways.
        place: usize,
        /// What was answered, or why nothing.
        result: Result<Rc<StreamAnswer>, String>,
    },
    /// One of them is brought to the screen.
    Open(usize),
}

/// The page is looked at in another way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Something is selected.
    Select(Selection),
    /// Nothing is selected any more.
    Deselect,
    /// A record's way is kept in view, or none is any more.
    Follow(Option<Rc<Followed>>),
    /// Another step of the task that is stepped through is looked at.
    ZoomStep(u64),
    /// The data of the run is asked for.
    Ask(Query),
    /// A panel is opened or closed.
    Toggle(Panel),
    /// What lies on top is closed.
    Escape,
    /// Light, dark or the system's.
    Theme(Theme),
    /// Presenter mode on or off.
    Presenter,
    /// Keys of a single character on or off.
    Letters,
    /// A notice was read.
    Dismiss,
    /// What was done last was read.
    DismissToast,
}

/// What came of a link that was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// It is on the clipboard.
    Copied,
    /// The browser does not allow that; it stands in the address.
    InAddress,
    /// No link can carry the run.
    TooLong,
}

/// The worker or the network has something to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Hear {
    /// The conductor.
    Update(Box<Update>),
    /// The worker broke down, or could not be started.
    WorkerFailed(String),
    /// The reader wants it started again.
    RestartWorker,
    /// A text that Millrace carries has arrived, or has not.
    Text {
        /// Its short name.
        name: String,
        /// Its bytes, or what went wrong.
        result: Result<Data, String>,
    },
    /// The reader's own text could not be read or is not fit; the run on the screen stays.
    TextRefused(String),
    /// A link was wanted, and this came of it.
    Shared(Shared),
    /// The page was hidden.
    Hidden,
}
