//! A run on the page: its scenario, its trace so far, where the playhead stands in it, and how far
//! the learner has come.

use super::Texts;
use super::branches::Branch;
use super::catalog;
use super::live::Live;
use super::pace::{Quiet, Speed};
use super::place::{Place, StepSize, kind_name};
use crate::base::Time;
use crate::lab::messages::{RunId, Summary};
use crate::lessons::presets::Stop;
use crate::scenario::{Input, Lab, Scenario};
use crate::trace::{Event, EventKind, Seq, Snapshot, StreamEvent, WorldEvent};
use crate::ui::shared_timeline::SharedTimeline;
use crate::ui::stream::last_words::LastWords;
use std::rc::Rc;

/// The longest text that the stage is given to show.
const SHOWN_BYTES_MAX: usize = 2_048;

/// Why an opened trace has no branches.
pub const NO_ENGINE: &str = "This run was opened from a trace file, which can't go on in another way: run its scenario here first (in the log).";

/// A run on the page. Cheap to clone: the trace and the input are shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its number, never used twice; 0 until it is asked for.
    pub id: RunId,
    /// What it is a run of.
    pub scenario: Scenario,
    /// The scenario before any parameter was changed: the preset, or what suits the text.
    pub original: Scenario,
    /// Which branch it is.
    pub branch: Branch,
    /// The trace file that it was opened from; it has no engine and no data then.
    pub opened: Option<Opened>,
    /// That it runs on real web workers, if it does.
    pub live: Option<Live>,
    /// The name of the preset that it began as; nothing for a text of the reader's.
    pub preset: Option<&'static str>,
    /// The texts that the scenario names, once all are here; nothing when it carries its text itself.
    pub input: Option<Texts>,
    /// The text itself, where it is small enough to be shown.
    pub text: Option<Rc<str>>,
    /// What the conductor said of the input when it began the run.
    pub facts: Facts,
    /// Its trace as far as it is simulated.
    pub timeline: SharedTimeline,
    /// How far the simulation is.
    pub progress: Progress,
    /// Where the run begins for the learner: the cluster is up, the input lies on it, and nothing
    /// has been done yet.
    pub opening: Place,
    /// Where the playhead stands.
    pub place: Place,
    /// The furthest place that was reached: nothing later is drawn, marked or counted where
    /// spoilers are held back.
    pub furthest: Place,
    /// The state at the playhead.
    pub snapshot: Rc<Snapshot>,
    /// Where playing stops once, before the preset's key moment: the event that comes next there.
    pub stop: Option<Seq>,
    /// Whether playing has stopped there, or went on from there by hand: once is enough.
    pub has_stopped: bool,
    /// Where the playhead waits for something, until the trace has come so far.
    pub waits: Option<Waits>,
    /// What the stream run said that this one was changed from; nothing where that was not over.
    pub former: Option<Rc<LastWords>>,
}

/// What a playhead waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// It stands where a fault strikes next: it goes on to right after that.
    ForStrike,
    /// It is to stand at this time.
    ForTime(Time),
    /// It is to stand at this time, after so many events if there are as many by then.
    ForPlace {
        /// The time.
        at: Time,
        /// How many events have happened.
        events: Option<u32>,
    },
}

/// The trace file that a run was opened from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The file's name.
    pub name: String,
    /// The version of the engine that made it.
    pub engine: String,
}

/// What is known of a run's input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its bytes.
    pub input_bytes: u64,
    /// Its lines.
    pub lines: u64,
    /// Its splits.
    pub splits: u32,
    /// What a reader should know of it before the run.
    pub notes: Vec<String>,
}

/// How far the simulation of a run is. It runs ahead of the playhead.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// Events are still coming.
    Simulating,
    /// It was stopped by hand; what came so far stays.
    Stopped,
    /// The job is committed, and the trace is whole.
    Finished(Rc<Summary>),
    /// The worker broke down; what came so far stays.
    Lost,
}

impl Run {
    /// A run that has not begun.
    pub fn new(scenario: Scenario, preset: Option<&'static str>, input: Option<Texts>) -> Run {
        let text = match &scenario.input {
            Input::Text(text) if text.len() <= SHOWN_BYTES_MAX => Some(Rc::from(text.as_str())),
            Input::Text(_)
            | Input::Builtin(_)
            | Input::Events(_)
            | Input::File { .. }
            | Input::Files(_)
            | Input::Made(_) => None,
        };
        let timeline = SharedTimeline::default();
        let snapshot = timeline.seek(0);
        Run {
            id: 0,
            branch: Branch::default(),
            opened: None,
            live: None,
            original: scenario.clone(),
            scenario,
            preset,
            input,
            text,
            facts: Facts::default(),
            timeline,
            progress: Progress::Simulating,
            opening: Place::START,
            place: Place::START,
            furthest: Place::START,
            snapshot,
            stop: None,
            has_stopped: false,
            waits: None,
            former: None,
        }
    }

    /// A run of the same input with another scenario, which has not begun.
    pub fn changed(&self, scenario: Scenario) -> Run {
        let (original, live) = (self.original.clone(), self.live.clone());
        let former = self.last_words();
        Run { original, live, former, ..Run::new(scenario, self.preset, self.input.clone()) }
    }

    /// A branch of this run, which goes on as this number from where it parts. The playhead stands
    /// there, or stays where it is when that comes later.
    #[must_use]
    pub fn forked(&self, id: RunId, scenario: Scenario, branch: Branch) -> Run {
        let parts = Place { events: branch.shared, at: branch.forked_at };
        let timeline = self.timeline.prefix(branch.shared);
        // What strikes at the playhead strikes after what is seen, a microsecond later at most.
        let is_ahead = parts.at.0 > self.place.at.0.saturating_add(1);
        let place = if is_ahead { self.place } else { parts };
        Run {
            id,
            scenario,
            progress: Progress::Simulating,
            opening: opening(&timeline),
            place,
            furthest: self.furthest.min(parts).max(place),
            snapshot: timeline.seek(place.events),
            stop: self.stop.filter(|stop| stop.0 < branch.shared),
            waits: (place == parts).then_some(Waits::ForStrike),
            timeline,
            branch,
            former: self.last_words(),
            ..self.clone()
        }
    }

    /// Its scenario as it is simulated: of a live run with all nodes and faults.
    pub fn planned(&self) -> &Scenario {
        self.live.as_ref().map_or(&self.scenario, |live| &live.simulated)
    }

    /// What a stream run has said in the end, once it is over.
    fn last_words(&self) -> Option<Rc<LastWords>> {
        self.summary()?;
        let end = self.timeline.seek(self.timeline.len());
        end.stream.as_deref().map(|state| Rc::new(LastWords::of(state)))
    }

    /// In which windows this run, at its end, answers otherwise than the one that it was changed from.
    pub fn answers_otherwise(&self) -> Option<String> {
        let state = self.snapshot.stream.as_deref()?;
        self.former.as_ref()?.change(&LastWords::of(state), state)
    }

    /// The lab that it is of.
    pub fn lab(&self) -> Lab {
        self.scenario.lab()
    }

    /// Takes in the events that come next, and those that the shared trace has already.
    ///
    /// # Errors
    /// In words, when they do not fit those before them.
    pub fn append(&mut self, events: Vec<Event>) -> Result<(), String> {
        let known = self.timeline.len();
        self.timeline = self.timeline.append(events)?;
        if self.stop.is_none() {
            self.stop = self.find_stop(known);
        }
        let was_at_opening = self.place == self.opening;
        self.opening = opening(&self.timeline);
        if was_at_opening && self.waits != Some(Waits::ForStrike) {
            let waits = self.waits;
            self.go(self.opening);
            self.waits = waits;
        }
        self.go_where_it_waits();
        Ok(())
    }

    /// The key moment, if it is among the events from this one on.
    fn find_stop(&self, from: u32) -> Option<Seq> {
        let kind = self.stops_before()?;
        let is_key = |event: &&Event| kind_name(&event.kind).as_deref() == Some(kind);
        let skipped = usize::try_from(from).unwrap_or(usize::MAX);
        self.timeline.read(self.timeline.len(), |events| {
            events.iter().skip(skipped).find(is_key).map(|event| event.seq)
        })
    }

    /// Moves a playhead that waits, once the trace has come so far.
    fn go_where_it_waits(&mut self) {
        match self.waits {
            None => {}
            Some(Waits::ForStrike) => {
                let before = Time(self.branch.forked_at.0.saturating_sub(1));
                let known = self.timeline.at_time(before);
                let Some(next) = self.timeline.event(Seq(known)) else { return };
                self.waits = None;
                let strikes = matches!(next.kind, EventKind::World(WorldEvent::FaultStruck { .. }));
                let events = if strikes { known.saturating_add(1) } else { known };
                self.go(Place { events, at: self.branch.forked_at.max(self.place.at) });
            }
            Some(Waits::ForTime(at)) if self.timeline.end_time() > at => {
                self.waits = None;
                self.go(Place::at_time(&self.timeline, at).max(self.opening));
            }
            Some(Waits::ForPlace { at, events }) if self.timeline.end_time() > at => {
                self.waits = None;
                self.go(self.place_at(at, events));
            }
            Some(Waits::ForTime(_) | Waits::ForPlace { .. }) => {}
        }
    }

    /// Goes to a place as soon as the trace has come so far.
    pub fn await_place(&mut self, waits: Waits) {
        self.waits = Some(waits);
        self.go_where_it_waits();
        if self.summary().is_some() {
            self.stop_waiting();
        }
    }

    /// The place at a time, after so many of the events of that very moment.
    fn place_at(&self, at: Time, events: Option<u32>) -> Place {
        let at = at.min(self.timeline.end_time());
        let all = self.timeline.at_time(at);
        let before = self.timeline.at_time(Time(at.0.saturating_sub(1)));
        let events = events.map_or(all, |events| events.clamp(before.min(all), all));
        Place { events, at }.max(self.opening)
    }

    /// The whole trace is here: nothing is waited for any more.
    fn stop_waiting(&mut self) {
        match self.waits.take() {
            Some(Waits::ForTime(_)) => self.go(self.end()),
            Some(Waits::ForPlace { at, events }) => self.go(self.place_at(at, events)),
            Some(Waits::ForStrike) | None => {}
        }
    }

    /// The simulation is at its end: nothing is waited for any more.
    pub fn finish(&mut self, summary: &Rc<Summary>) {
        self.progress = Progress::Finished(Rc::clone(summary));
        self.stop_waiting();
    }

    /// Whether nothing but the opening was seen.
    pub fn is_untouched(&self) -> bool {
        self.furthest <= self.opening
    }

    /// Whether the playhead stands at the opening, or before it.
    pub fn is_at_opening(&self) -> bool {
        self.place <= self.opening
    }

    /// The kind of event before which the preset stops first.
    fn stops_before(&self) -> Option<&'static str> {
        match catalog::text_of(self.preset?)?.stops {
            Stop::AtTheBeginning => None,
            Stop::Before(kind) => Some(kind),
        }
    }

    /// Where playing stops next, unless it has stopped there or the learner has passed it already. It
    /// is not passed by a playhead in the time between the event before it and the key moment.
    pub fn next_stop(&self) -> Option<Place> {
        let is_ahead = |stop: &Seq| !self.has_stopped && stop.0 >= self.furthest.events;
        let stop = self.stop.filter(is_ahead)?;
        let at = self.timeline.event(stop)?.at;
        Some(Place { events: stop.0, at })
    }

    /// Whether the playhead stands before the key moment, which was not seen yet.
    pub fn is_at_stop(&self) -> bool {
        self.stop.is_some_and(|stop| stop.0 == self.place.events && self.furthest == self.place)
    }

    /// Puts the playhead at a place, which is reached by that.
    pub fn go(&mut self, place: Place) {
        if self.place != place {
            self.waits = None;
        }
        self.place = place;
        self.furthest = self.furthest.max(place);
        if self.snapshot.applied != place.events {
            self.snapshot = self.timeline.seek(place.events);
        }
    }

    /// The summary, once the whole run is simulated.
    pub fn summary(&self) -> Option<&Rc<Summary>> {
        match &self.progress {
            Progress::Finished(summary) => Some(summary),
            Progress::Simulating | Progress::Stopped | Progress::Lost => None,
        }
    }

    /// Whether the playhead has come to the end of a run that is simulated whole.
    pub fn is_at_end(&self) -> bool {
        self.summary().is_some() && self.place.events == self.timeline.len()
    }

    /// Whether the job is over at the playhead: nothing can be done to it any more.
    pub fn is_over(&self) -> bool {
        let snapshot = &self.snapshot;
        self.is_at_end()
            || snapshot.job.as_ref().is_some_and(|job| job.over().is_some())
            || snapshot.stream.as_ref().is_some_and(|job| job.finished.is_some())
    }

    /// Whether the end was seen.
    pub fn is_seen_whole(&self) -> bool {
        self.summary().is_some() && self.furthest.events == self.timeline.len()
    }

    /// The place after all that is simulated.
    pub fn end(&self) -> Place {
        Place::after(&self.timeline, self.timeline.len())
    }

    /// The place that a step forward leads to, if there is one yet.
    pub fn next(&self, step: StepSize) -> Option<Place> {
        step.next(&self.timeline, self.place)
    }

    /// The place that a step back leads to; from the opening there is none.
    pub fn previous(&self, step: StepSize) -> Option<Place> {
        let before = step.previous(&self.timeline, self.place)?.max(self.opening);
        (before < self.place).then_some(before)
    }

    /// The notable moment that the playhead stands at or has passed last, and its caption.
    pub fn moment(&self) -> Option<(Seq, String)> {
        self.timeline.moment_before(self.place.events)
    }

    /// The quiet span that a time lies in, if it lies in one that is shortened at this speed.
    pub fn quiet_at(&self, at: Time, speed: Speed) -> Option<Quiet> {
        let to = self.timeline.activity_after(at)?;
        Quiet::between(self.timeline.activity_before(at), to, speed)
    }

    /// Where the scrubber ends. With spoilers held back it says nothing of what is to come: a
    /// round time beyond the furthest place, until the end was seen.
    pub fn horizon(&self, hold_back: bool) -> Time {
        if !hold_back || self.is_seen_whole() {
            return self.timeline.end_time().max(Time(1));
        }
        let mut horizon = Time(10_000_000);
        while horizon.0 < self.furthest.at.0.saturating_add(self.furthest.at.0 / 8) {
            horizon = Time(horizon.0.saturating_mul(2));
        }
        horizon
    }
}

/// The place after the cluster and its blocks are there, and before the job is; of a stream job, after
/// its operators are.
fn opening(timeline: &SharedTimeline) -> Place {
    let set_up = timeline.read(timeline.len(), |events| {
        let is_set_up = |event: &&Event| {
            matches!(
                event.kind,
                EventKind::World(_) | EventKind::Stream(StreamEvent::JobStarted { .. })
            )
        };
        events.iter().take_while(|event| is_set_up(event) && event.at == Time::ZERO).count()
    });
    Place::after(timeline, u32::try_from(set_up).unwrap_or(u32::MAX))
}
