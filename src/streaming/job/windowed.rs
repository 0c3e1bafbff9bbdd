//! Windows by key: one machine for each key, and what is told of them.

use super::context::Context;
use super::keyed::{Keys, aggregate};
use super::machine::{Item, Machine, Out};
use super::message::{Element, Message};
use super::reasons::{Asked, reason};
use super::saying::{ids_of, say_copied, say_dropped, sent};
use super::spec::{JobError, WindowSpec};
use crate::base::{Level, Millis, Window};
use crate::streaming::BEFORE_ALL;
use crate::streaming::aggregate::Bag;
use crate::streaming::kafka::StreamTime;
use crate::streaming::ledger::{Imbalance, Ledger};
use crate::streaming::output::{Output, Pane};
use crate::streaming::timers::TimeDomain;
use crate::trace::stream::{Accumulation, Content, ElementId, Profile, Retracted, StreamEvent};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A subtask that adds up by key and window, or joins.
#[derive(Clone, Debug)]
pub(super) struct Windowed {
    pub(super) profile: Profile,
    pub(super) spec: WindowSpec,
    pub(super) domain: TimeDomain,
    pub(super) keys: Keys,
    watermark: Millis,
    /// The last watermark that was said downstream.
    forwarded: Millis,
    stream_time: StreamTime,
    /// Elements of Spark's batch, by key, and the watermark in force.
    batch: BTreeMap<Rc<str>, Vec<(Millis, Item)>>,
    in_force: Millis,
    /// What each key's elements became of.
    pub(super) ledgers: BTreeMap<Rc<str>, Ledger>,
    /// The numbers of the panes that may be taken back.
    said: BTreeMap<(Rc<str>, Window, u64), ElementId>,
    /// What came, for the batch oracle.
    pub(super) history: Vec<(Rc<str>, Millis, Item)>,
    /// What was said last of each window, by key: the contents, and how many panes.
    pub(super) last: BTreeMap<(Rc<str>, Window), Said>,
    /// Whether each change is said under the time of the element that brought it about, and not under its
    /// window's: Flink's `StreamGroupedReduceOperator`, which knows no windows.
    is_running: bool,
    /// What does not add up; a fault of ours.
    pub(super) imbalance: Option<Imbalance>,
}

/// What was said of a window.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// The elements of the last pane; of all panes where they discard.
    pub(super) elements: Vec<Item>,
}

impl Windowed {
    /// No keys yet.
    pub(super) fn new(
        profile: Profile,
        spec: WindowSpec,
        domain: TimeDomain,
    ) -> Result<Windowed, JobError> {
        // Whether it can be is known before the first key comes.
        Machine::new(profile, &spec, domain)?;
        Ok(Windowed {
            profile,
            spec,
            domain,
            keys: Keys::default(),
            watermark: BEFORE_ALL,
            forwarded: BEFORE_ALL,
            stream_time: StreamTime::default(),
            batch: BTreeMap::new(),
            in_force: 0,
            ledgers: BTreeMap::new(),
            said: BTreeMap::new(),
            history: Vec::new(),
            last: BTreeMap::new(),
            is_running: false,
            imbalance: None,
        })
    }

    /// The same for what is said of each element at once.
    pub(super) const fn running(mut self) -> Windowed {
        self.is_running = true;
        self
    }

    /// An element comes, by the left or the right input.
    pub(super) fn on_element(&mut self, element: &Element, right: bool, c: &mut Context<'_>) {
        self.on_clock(c);
        let item = Item { id: element.id.0, at: element.at, value: element.value, right };
        let key = Rc::clone(&element.key);
        let of = match self.domain {
            TimeDomain::Event => element.at,
            TimeDomain::Processing => c.now,
        };
        let living = self.keys.machine(&key).and_then(|machine| machine.windows_for(of));
        let windows = living.unwrap_or_else(|| Machine::assign(self.profile, &self.spec, of));
        let (subtask, id, at) = (c.subtask, element.id, element.at);
        c.cause = c.tell(Level::Records, || StreamEvent::WindowsAssigned {
            subtask,
            element: id,
            key: key.to_string(),
            value: element.value,
            event_time: at,
            windows: windows.clone(),
        });
        self.history.push((Rc::clone(&key), of, item));
        let entered = self.ledger(&key).on_element(u64::from(id.0), &windows);
        self.note(entered);
        if self.profile == Profile::Spark {
            self.batch.entry(key).or_default().push((at, item));
            return;
        }
        let stream_time = self.stream_time.on_record(element.at);
        let mut out = Out::new();
        self.ask(&key, &mut out, c, |machine, out| {
            machine.on_element(at, item, stream_time, out);
        });
        self.say(&key, out, Asked::Element { stream_time }, c);
        if self.profile == Profile::KafkaStreams {
            self.on_stream_time(stream_time, c);
        }
        self.forward(c);
    }

    /// The watermark moves.
    pub(super) fn on_watermark(&mut self, watermark: Millis, c: &mut Context<'_>) {
        self.on_clock(c);
        // Kafka knows no watermarks, and Spark's come with its batches.
        if matches!(self.profile, Profile::Flink | Profile::BeamJava | Profile::BeamPython) {
            let before = self.watermark;
            self.watermark = watermark;
            while let Some((due, key)) = self.keys.first_due(TimeDomain::Event, watermark) {
                let mut out = Out::new();
                self.ask_from(&key, before, &mut out, c, |machine, out| {
                    machine.on_watermark_up_to(due, watermark, out);
                });
                self.say(&key, out, Asked::Watermark { due }, c);
            }
        }
        self.forward(c);
    }

    /// Says the watermark downstream, as far as nothing holds it: in Beam what a pane still to come will say.
    fn forward(&mut self, c: &mut Context<'_>) {
        let held = match self.profile {
            Profile::BeamJava => {
                self.keys.hold().map_or(self.watermark, |hold| hold.min(self.watermark))
            }
            Profile::Flink | Profile::BeamPython => self.watermark,
            // They say no watermarks to each other.
            Profile::KafkaStreams | Profile::Spark => return,
        };
        if held > self.forwarded {
            self.forwarded = held;
            c.say(Message::Watermark(held), c.cause);
        }
    }

    /// The clock moves.
    pub(super) fn on_clock(&mut self, c: &mut Context<'_>) {
        for (due, key) in self.keys.due(TimeDomain::Processing, c.now) {
            let mut out = Out::new();
            let now = c.now;
            self.ask(&key, &mut out, c, |machine, out| machine.on_clock(now, out));
            // What is due is the first moment at which a timer fires: with most, that after its own.
            let timer = match self.profile {
                Profile::Flink | Profile::BeamJava => due.saturating_sub(1),
                Profile::BeamPython | Profile::KafkaStreams | Profile::Spark => due,
            };
            self.say(&key, out, Asked::Clock { due: timer }, c);
        }
        self.forward(c);
    }

    /// A micro-batch of Spark ends: it is run with the watermark that was in force, and `next` is in force
    /// from now on.
    pub(super) fn on_batch_end(&mut self, next: Millis, c: &mut Context<'_>) {
        let mut batch = std::mem::take(&mut self.batch);
        for key in self.keys.all() {
            batch.entry(key).or_default();
        }
        let in_force = self.in_force;
        self.watermark = in_force;
        for (key, elements) in batch {
            let mut out = Out::new();
            self.ask(&key, &mut out, c, |machine, out| machine.on_batch(in_force, &elements, out));
            self.say(&key, out, Asked::Batch, c);
        }
        self.in_force = next;
        c.say(Message::BatchEnd(next), c.cause);
    }

    /// Where the watermark stands.
    pub(super) const fn watermark(&self) -> Millis {
        self.watermark
    }

    /// When a timer of the clock is due.
    pub(super) fn next_wake(&self) -> Option<Millis> {
        self.keys.next(TimeDomain::Processing)
    }

    /// Kafka's stream time is the partition's: another key's windows close by it too.
    fn on_stream_time(&mut self, stream_time: Millis, c: &mut Context<'_>) {
        for (_, key) in self.keys.due(TimeDomain::Event, stream_time) {
            let mut out = Out::new();
            self.ask(&key, &mut out, c, |machine, out| machine.on_watermark(stream_time, out));
            self.say(&key, out, Asked::StreamTime { stream_time }, c);
        }
    }

    fn ask(
        &mut self,
        key: &Rc<str>,
        out: &mut Out,
        c: &mut Context<'_>,
        question: impl FnOnce(&mut Machine, &mut Out),
    ) {
        self.ask_from(key, self.watermark, out, c, question);
    }

    /// Asks the machine of a key, which is first told of the time and of the watermark up to `watermark`, by
    /// which nothing is due; and tells what happened to its timers.
    fn ask_from(
        &mut self,
        key: &Rc<str>,
        watermark: Millis,
        out: &mut Out,
        c: &mut Context<'_>,
        question: impl FnOnce(&mut Machine, &mut Out),
    ) {
        let Windowed { profile, spec, domain, keys, .. } = self;
        let now = c.now;
        let made = keys.with(
            key,
            || Machine::new(*profile, spec, *domain),
            |machine| {
                if *profile != Profile::KafkaStreams && watermark > BEFORE_ALL {
                    machine.on_watermark(watermark, out);
                }
                // Timers that are due have fired: see `on_clock`.
                machine.on_clock(now, out);
                question(machine, out);
                machine.timer_changes()
            },
        );
        for change in made.unwrap_or_default() {
            let (subtask, clock) = (
                c.subtask,
                match change.domain {
                    TimeDomain::Event => self.watermark,
                    TimeDomain::Processing => now,
                },
            );
            let (key, window) = (key.to_string(), Some(change.window));
            let (domain, time) = (change.domain, change.time);
            c.tell(Level::Records, || match change.fired {
                false => StreamEvent::TimerSet { subtask, key, window, domain, time },
                true => StreamEvent::TimerFired { subtask, key, window, domain, time, clock },
            });
        }
    }

    /// Tells what a machine said, and sends results on.
    fn say(&mut self, key: &Rc<str>, out: Out, asked: Asked, c: &mut Context<'_>) {
        let mut retracted = Vec::new();
        for output in out {
            let ids = ids_of(&output);
            let fresh = match &ids {
                Output::Pane(pane) => self.ledger(key).fresh(pane.window, &pane.contents.0),
                Output::Retraction(_)
                | Output::Merged { .. }
                | Output::Copied { .. }
                | Output::Dropped(_)
                | Output::Late { .. }
                | Output::Forgotten { .. } => 0,
            };
            let booked = self.ledger(key).on_output(&ids);
            self.note(booked);
            match output {
                Output::Pane(pane) => {
                    let taken_back = std::mem::take(&mut retracted);
                    self.say_pane(key, &pane, (asked, fresh), taken_back, c);
                }
                Output::Retraction(pane) => retracted.push(pane),
                Output::Copied { contents, into } => say_copied(key, &contents.0, into, c),
                Output::Merged { from, into } => self.say_merged(key, from, into, c),
                Output::Dropped(dropped) => say_dropped(key, &dropped, c),
                Output::Late { value, at, allowed_lateness_ms, watermark } => {
                    let subtask = c.subtask;
                    c.tell(Level::Tasks, || StreamEvent::LateOutput {
                        subtask,
                        element: ElementId(value.id),
                        key: key.to_string(),
                        event_time: at,
                        allowed_lateness: allowed_lateness_ms,
                        watermark,
                    });
                }
                Output::Forgotten { window, unseen } => {
                    let subtask = c.subtask;
                    self.said.retain(|(of, other, _), _| of != key || *other != window);
                    c.tell(Level::Tasks, || StreamEvent::WindowForgotten {
                        subtask,
                        key: key.to_string(),
                        window,
                        unseen,
                    });
                }
            }
        }
    }

    fn say_merged(&mut self, key: &Rc<str>, from: Vec<Window>, into: Window, c: &mut Context<'_>) {
        // Discarding panes add up over the windows that became one; others stand until they are taken back.
        if self.spec.accumulation == Accumulation::Discarding {
            for window in from.iter().filter(|window| **window != into) {
                let Some(said) = self.last.remove(&(Rc::clone(key), *window)) else { continue };
                let sum = self.last.entry((Rc::clone(key), into)).or_default();
                sum.elements.extend(said.elements);
            }
        }
        let subtask = c.subtask;
        c.tell(Level::Tasks, || StreamEvent::WindowsMerged {
            subtask,
            key: key.to_string(),
            from,
            into,
        });
    }

    fn say_pane(
        &mut self,
        key: &Rc<str>,
        pane: &Pane<Bag<Item>>,
        (asked, fresh): (Asked, u64),
        retracted: Vec<Pane<Bag<Item>>>,
        c: &mut Context<'_>,
    ) {
        let result = c.number();
        let (value, content) = aggregate(self.spec.aggregate, &pane.contents.0);
        let why = reason(self, asked, pane, fresh, c.now);
        let retracts: Vec<Retracted> = retracted
            .iter()
            .map(|old| Retracted {
                window: old.window,
                index: old.info.index,
                content: aggregate(self.spec.aggregate, &old.contents.0).1,
            })
            .collect();
        let subtask = c.subtask;
        let cause = c.tell(Level::Counters, || StreamEvent::PaneFired {
            subtask,
            key: key.to_string(),
            window: pane.window,
            index: pane.info.index,
            timing: pane.info.timing,
            result,
            content: content.clone(),
            elements: pane.contents.0.len() as u64,
            fresh,
            retracts,
            why,
            last: pane.info.last,
        });
        for old in &retracted {
            let id = self.said.remove(&(Rc::clone(key), old.window, old.info.index));
            self.last.remove(&(Rc::clone(key), old.window));
            let (value, content) = aggregate(self.spec.aggregate, &old.contents.0);
            let id = id.unwrap_or(result);
            c.say(sent(key, (old.window, old.timestamp), id, value, content, true), cause);
        }
        let takes_back = self.profile == Profile::KafkaStreams
            || self.spec.accumulation == Accumulation::Retracting;
        if takes_back {
            self.said.insert((Rc::clone(key), pane.window, pane.info.index), result);
        }
        let said = self.last.entry((Rc::clone(key), pane.window)).or_default();
        match self.spec.accumulation {
            Accumulation::Discarding => said.elements.extend(pane.contents.0.iter().copied()),
            Accumulation::Accumulating | Accumulation::Retracting => {
                said.elements.clone_from(&pane.contents.0);
            }
        }
        if let Content::Pairs(pairs) = &content {
            // A join says each pair by itself.
            for (left, right) in pairs {
                let id = c.number();
                let value = crate::base::Amount(left.0.saturating_add(right.0));
                let content = Content::Pairs(vec![(*left, *right)]);
                c.say(sent(key, (pane.window, pane.timestamp), id, value, content, false), cause);
            }
            return;
        }
        let newest = pane.contents.0.last().filter(|_| self.is_running);
        let at = newest.map_or(pane.timestamp, |item| item.at);
        c.say(sent(key, (pane.window, at), result, value, content, false), cause);
    }

    fn ledger(&mut self, key: &Rc<str>) -> &mut Ledger {
        self.ledgers.entry(Rc::clone(key)).or_default()
    }

    fn note(&mut self, booked: Result<(), Imbalance>) {
        if let Err(imbalance) = booked {
            self.imbalance.get_or_insert(imbalance);
        }
    }
}
