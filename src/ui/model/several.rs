//! One stream in several ways: what is run, and what each answered so far.

use super::run::Run;
use crate::base::Millis;
use crate::scenario::variants::{Arrived, Cut, Respect, Variant, variants};
use crate::trace::answer::StreamAnswer;
use crate::trace::{Event, EventKind, StreamEvent};
use std::rc::Rc;

/// What came of one of the ways; nothing yet, or why not.
pub type Answered = Option<Result<Rc<StreamAnswer>, String>>;

/// One stream in several ways: at most one question at a time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Several {
    /// In what they differ.
    pub respect: Respect,
    /// Where batch runs cut, where the reader has said so.
    pub cut: Option<Cut>,
    /// What is run, or was.
    pub plan: Option<Rc<Plan>>,
    /// What each answered so far.
    pub answers: Vec<Answered>,
    /// Whether its workers work.
    pub is_running: bool,
    /// How many questions there were.
    pub count: u32,
}

/// What is run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Which question it is.
    pub number: u32,
    /// In what the ways differ.
    pub respect: Respect,
    /// Where batch runs cut.
    pub cut: Cut,
    /// The run on the screen that it is made from.
    pub run: Run,
    /// When its first record arrived and when its last, by the job's clock.
    pub arrivals: (Millis, Millis),
    /// The records that came by hand, in the order in which they did. They have numbers of their own in each
    /// run, since they are numbered as results are.
    pub by_hand: Vec<u32>,
    /// How many records there were without them.
    pub planned: u32,
    /// The ways, the run's own first.
    pub variants: Vec<Variant>,
}

impl Several {
    /// Whether what is run is this run, in what is asked for.
    pub fn is_of(&self, run: &Run) -> bool {
        self.plan.as_ref().is_some_and(|plan| {
            let same_cut = self.cut.is_none_or(|cut| cut == plan.cut);
            plan.run.id == run.id && plan.respect == self.respect && same_cut && !self.is_given_up()
        })
    }

    /// Whether it was left before all had answered.
    fn is_given_up(&self) -> bool {
        !self.is_running && self.answers.iter().any(Option::is_none)
    }

    /// A new question of a run. A cut is the reader's for as long as it is of this run.
    pub fn begin(&self, run: &Run) -> Several {
        let arrived = run.timeline.read(run.timeline.len(), arrivals);
        let of = |pick: fn(&Arrived) -> Millis| arrived.iter().map(pick);
        let first = of(|of| of.arrival).min().unwrap_or(0);
        let last = of(|of| of.arrival).max().unwrap_or(0);
        let whole = run.timeline.seek(run.timeline.len());
        let planned = whole.stream.as_ref().map_or(u32::MAX, |state| state.plan.records);
        let is_same_run = self.plan.as_ref().is_some_and(|plan| plan.run.id == run.id);
        let cut = self.cut.filter(|_| is_same_run);
        let count = self.count.saturating_add(1);
        let plan = Plan {
            number: count,
            respect: self.respect,
            cut: cut.unwrap_or_else(|| usual_cut(first, last)),
            variants: Vec::new(),
            arrivals: (first, last),
            by_hand: arrived.iter().map(|of| of.record).filter(|id| *id >= planned).collect(),
            planned,
            run: run.clone(),
        };
        let variants = variants(&run.scenario, self.respect, plan.cut, &arrived);
        let answers: Vec<Answered> = variants.iter().map(refused).collect();
        let is_running = answers.iter().any(Option::is_none);
        let plan = Some(Rc::new(Plan { variants, ..plan }));
        Several { respect: self.respect, cut, plan, answers, is_running, count }
    }

    /// Files what came of one of the ways; of another question nothing is heard any more.
    pub fn file(&mut self, number: u32, place: usize, result: Result<Rc<StreamAnswer>, String>) {
        let is_current = self.plan.as_ref().is_some_and(|plan| plan.number == number);
        if let Some(slot) = self.answers.get_mut(place).filter(|_| is_current) {
            *slot = Some(result);
        }
        self.is_running &= self.answers.iter().any(Option::is_none);
    }

    /// Another run is on the screen: what is known is not of it.
    pub fn forget(&mut self) {
        (self.plan, self.is_running) = (None, false);
        self.answers.clear();
    }

    /// Nobody looks any more.
    pub fn give_up(&mut self) {
        self.is_running = false;
    }
}

/// What can't be run at all is known at once.
fn refused(variant: &Variant) -> Answered {
    let problem = variant.scenario.as_ref().err()?.to_string();
    Some(Err(super::catalog::sentence(&super::catalog::in_labels(&problem))))
}

/// The records that arrived.
fn arrivals(events: &[Event]) -> Vec<Arrived> {
    let arrived = events.iter().filter_map(|event| {
        let EventKind::Stream(StreamEvent::RecordAppended {
            record,
            key,
            value,
            event_time,
            clock,
            ..
        }) = &event.kind
        else {
            return None;
        };
        Some(Arrived {
            record: record.0,
            event_time: *event_time,
            arrival: *clock,
            key: key.clone(),
            value: *value,
        })
    });
    arrived.collect()
}

/// A batch run after two thirds of the records' time, that looks back over a third, in whole seconds.
fn usual_cut(first: Millis, last: Millis) -> Cut {
    let span = last.saturating_sub(first);
    let whole = |at: Millis| at.div_euclid(1_000) * 1_000;
    let at = whole(first.saturating_add(span / 3 * 2));
    Cut { at, since: Some(whole(first.saturating_add(span / 3))) }
}
