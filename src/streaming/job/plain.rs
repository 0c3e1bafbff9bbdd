//! Windows by key where nobody watches single elements: a fold for each key and window, by the fast path.
//!
//! A job takes it at the lowest level of its trace for what Flink's ordinary window operator does most often:
//! tumbling or sliding windows of event time that fire once, at their end. What it tells is what `Windowed`
//! tells at that level, event by event.

use super::context::Context;
use super::keyed::summary;
use super::message::{Element, Message};
use super::saying::sent;
use super::spec::{JobSpec, Part, TriggerSpec, WindowSpec};
use crate::base::{Level, Millis, Window};
use crate::streaming::BEFORE_ALL;
use crate::streaming::aggregate::{Aggregate, Numbers};
use crate::streaming::assigner::Assigner;
use crate::streaming::fast::{FastWindows, Fired};
use crate::streaming::output::Timing;
use crate::streaming::timers::TimeDomain;
use crate::trace::stream::{
    Accumulation, AggregateKind, Content, DropReason, ElementId, Fate, FireReason, LedgerCounts,
    OperatorId, Profile, StreamEvent, Verdict, WindowKind,
};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A subtask that adds up by key and window.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    aggregate: AggregateKind,
    assigner: Assigner,
    windows: FastWindows<Numbers>,
    /// The number of each key, and the key of each number.
    numbers: BTreeMap<Rc<str>, u64>,
    names: Vec<Rc<str>>,
    watermark: Millis,
    taken: u64,
    on_time: u64,
    /// What was said of each window, and what was too late for it: for the comparison with batch.
    said: BTreeMap<(Rc<str>, Window), Numbers>,
    lost: BTreeMap<(Rc<str>, Window), Vec<Lost>>,
}

/// An element that was too late for a window.
#[derive(Clone, Copy, Debug)]
struct Lost {
    element: ElementId,
    value: i64,
    /// The last millisecond of the first of its windows that took it.
    taken_until: Option<Millis>,
}

impl Plain {
    /// The operator, where it does what `spec` asks at this job's level.
    pub(super) fn new(job: &JobSpec, spec: &WindowSpec, domain: TimeDomain) -> Option<Plain> {
        let at_the_end = matches!(spec.trigger, TriggerSpec::Watermark { early: Part::None, .. });
        let fires_once = at_the_end
            && spec.allowed_lateness_ms == 0
            && spec.accumulation != Accumulation::Retracting;
        let unwatched = job.level == Level::Counters
            && job.profile == Profile::Flink
            && domain == TimeDomain::Event;
        let is_number = matches!(
            spec.aggregate,
            AggregateKind::Count
                | AggregateKind::Sum
                | AggregateKind::Min
                | AggregateKind::Max
                | AggregateKind::Mean
        );
        let (size_ms, slide_ms, offset_ms) = match spec.kind {
            WindowKind::Tumbling { size, offset } => (size, size, offset),
            WindowKind::Sliding { size, slide, offset } if slide <= size => (size, slide, offset),
            WindowKind::Sliding { .. }
            | WindowKind::Around { .. }
            | WindowKind::Session { .. }
            | WindowKind::Global
            | WindowKind::Count { .. } => return None,
        };
        let assigner = Assigner::Sliding { size_ms, slide_ms, offset_ms }.validate().ok()?;
        (fires_once && unwatched && is_number).then(|| Plain {
            aggregate: spec.aggregate,
            assigner,
            windows: FastWindows::new(size_ms, slide_ms, offset_ms),
            numbers: BTreeMap::new(),
            names: Vec::new(),
            watermark: BEFORE_ALL,
            taken: 0,
            on_time: 0,
            said: BTreeMap::new(),
            lost: BTreeMap::new(),
        })
    }

    /// An element comes.
    pub(super) fn on_element(&mut self, element: &Element, c: &mut Context<'_>) {
        let number = self.number(&element.key);
        let placed = self.windows.on_element(number, element.at, &element.value.0);
        self.taken += placed.taken;
        if placed.late > 0 {
            self.lose(element, c);
        }
    }

    /// The watermark moves: windows fire in the order of their ends, and of their keys, as `Windowed` has its timers.
    pub(super) fn on_watermark(&mut self, watermark: Millis, c: &mut Context<'_>) {
        self.watermark = self.watermark.max(watermark);
        let mut fired = Vec::new();
        self.windows.on_watermark(watermark, &mut fired);
        let named = |of: Fired<Numbers>| {
            let name = self.names.get(usize::try_from(of.key).ok()?)?;
            Some((of.window.max_timestamp(), Rc::clone(name), of))
        };
        let mut due: Vec<(Millis, Rc<str>, Fired<Numbers>)> =
            fired.into_iter().filter_map(named).collect();
        due.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        for (_, name, of) in due {
            self.say(&name, of.window, of.contents, c);
        }
        c.say(Message::Watermark(watermark), c.cause);
    }

    /// What has become of all elements in all of their windows.
    pub(super) fn ledger(&self) -> LedgerCounts {
        LedgerCounts {
            pending: self.taken - self.on_time,
            on_time: self.on_time,
            dropped: self.windows.dropped(),
            ..LedgerCounts::default()
        }
    }

    /// Windows that there are in batch; the others of them are as in batch. To be asked when all have fired.
    pub(super) fn differences(&self, operator: OperatorId) -> (u64, Vec<StreamEvent>) {
        let unsaid = self.lost.keys().filter(|window| !self.said.contains_key(*window)).count();
        let windows = (self.said.len() + unsaid) as u64;
        let differ = |((key, window), lost): (&(Rc<str>, Window), &Vec<Lost>)| {
            let said = self.said.get(&(Rc::clone(key), *window));
            let mut batch = said.copied().unwrap_or_default();
            lost.iter().for_each(|of| batch.add(&of.value));
            let mut elements: Vec<(ElementId, Fate)> =
                lost.iter().map(|of| (of.element, self.fate(*of))).collect();
            elements.sort_unstable();
            StreamEvent::OracleDiffers {
                operator,
                key: key.to_string(),
                window: *window,
                verdict: if said.is_some() { Verdict::Different } else { Verdict::Missing },
                batch: summary(self.aggregate, &batch).1,
                stream: said.map_or(Content::Nothing, |of| summary(self.aggregate, of).1),
                elements,
            }
        };
        (windows, self.lost.iter().map(differ).collect())
    }

    /// An element that is in a window that fired is on time, whatever became of it in others.
    fn fate(&self, lost: Lost) -> Fate {
        match lost.taken_until {
            Some(max_timestamp) if max_timestamp <= self.watermark => Fate::OnTime,
            Some(_) => Fate::Pending,
            None => Fate::Dropped,
        }
    }

    fn lose(&mut self, element: &Element, c: &mut Context<'_>) {
        let watermark = self.watermark;
        let (late, taken): (Vec<Window>, Vec<Window>) = self
            .assigner
            .assign(element.at)
            .into_iter()
            .partition(|window| window.max_timestamp() <= watermark);
        let taken_until = taken.iter().map(|window| window.max_timestamp()).min();
        for window in late {
            let lost = Lost { element: element.id, value: element.value.0, taken_until };
            self.lost.entry((Rc::clone(&element.key), window)).or_default().push(lost);
            let max_timestamp = window.max_timestamp();
            let (subtask, event_time) = (c.subtask, element.at);
            c.tell(Level::Counters, || StreamEvent::RecordDropped {
                subtask,
                element: element.id,
                key: element.key.to_string(),
                event_time,
                window: Some(window),
                why: DropReason::Expired { max_timestamp, allowed_lateness_ms: 0, watermark },
            });
        }
    }

    fn say(&mut self, key: &Rc<str>, window: Window, contents: Numbers, c: &mut Context<'_>) {
        let result = c.number();
        let (value, content) = summary(self.aggregate, &contents);
        let (subtask, max_timestamp) = (c.subtask, window.max_timestamp());
        let (elements, watermark) = (contents.count, self.watermark);
        let cause = c.tell(Level::Counters, || StreamEvent::PaneFired {
            subtask,
            key: key.to_string(),
            window,
            index: 0,
            timing: Timing::OnTime,
            result,
            content: content.clone(),
            elements,
            fresh: elements,
            retracts: Vec::new(),
            why: FireReason::EndReached { max_timestamp, watermark },
            last: false,
        });
        self.on_time += elements;
        self.said.insert((Rc::clone(key), window), contents);
        c.say(sent(key, (window, max_timestamp), result, value, content, false), cause);
    }

    fn number(&mut self, key: &Rc<str>) -> u64 {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        let number = self.names.len() as u64;
        self.numbers.insert(Rc::clone(key), number);
        self.names.push(Rc::clone(key));
        number
    }
}
