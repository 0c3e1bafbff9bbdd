//! A subtask: the channels that it hears, and its operator.

use super::context::Context;
use super::deduplicate::Deduplicate;
use super::interval_join::IntervalJoin;
use super::message::{Element, Message};
use super::plain::Plain;
use super::silence::Silence;
use super::source::Source;
use super::spec::Work;
use super::stateless;
use super::windowed::Windowed;
use crate::base::{Level, Millis, Window};
use crate::streaming::BEFORE_ALL;
use crate::streaming::watermark::{Signal, Valve};
use crate::trace::stream::{Content, Input, Profile, StreamEvent, Subtask};
use std::rc::Rc;

/// A subtask.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) id: Subtask,
    /// What it hears: who speaks, and whether it is a join's right input.
    pub(super) inputs: Vec<(Subtask, bool)>,
    valve: Valve,
    watermarks: Vec<Millis>,
    /// Ends of batches that came by each channel and were not heeded yet.
    batch_ends: Vec<u32>,
    watermark: Millis,
    pub(super) operator: Operator,
    size: (u64, u64, u64),
}

/// What a subtask does.
#[derive(Clone, Debug)]
pub(super) enum Operator {
    Source(Box<Source>),
    Stateless(Work),
    Windowed(Box<Windowed>),
    Plain(Box<Plain>),
    Deduplicate(Deduplicate),
    IntervalJoin(IntervalJoin),
    Silence(Silence),
    Sink(Vec<Delivered>),
}

/// What a sink received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// What it is about.
    pub key: Rc<str>,
    /// The window that it is the result of.
    pub window: Option<Window>,
    /// Its event time.
    pub at: Millis,
    /// What it says.
    pub content: Content,
    /// Whether it is taken back.
    pub retraction: bool,
}

impl Task {
    /// A subtask that hears these.
    pub(super) fn new(id: Subtask, inputs: Vec<(Subtask, bool)>, operator: Operator) -> Task {
        let count = inputs.len();
        Task {
            id,
            inputs,
            valve: Valve::new(count),
            watermarks: vec![BEFORE_ALL; count],
            batch_ends: vec![0; count],
            watermark: BEFORE_ALL,
            operator,
            size: (0, 0, 0),
        }
    }

    /// A message comes by a channel.
    pub(super) fn on_message(&mut self, channel: usize, message: Message, c: &mut Context<'_>) {
        let Some((from, right)) = self.inputs.get(channel).copied() else { return };
        let (subtask, input) = (self.id, Input::Channel(from));
        match message {
            Message::Element(element) => self.on_element(element, right, c),
            // Kafka's windows go by stream time, which elements alone move.
            Message::Watermark(_) if self.keeps_stream_time() => {}
            Message::Watermark(to) => {
                if to > self.watermarks[channel] {
                    let from = std::mem::replace(&mut self.watermarks[channel], to);
                    c.tell(Level::Records, || StreamEvent::InputAdvanced {
                        subtask,
                        input,
                        from,
                        to,
                    });
                }
                let signal = self.valve.on_watermark(channel, to);
                self.heed(signal, c);
            }
            Message::Idle => {
                c.tell(Level::Tasks, || StreamEvent::InputIdle { subtask, input, silent: None });
                let signals = self.valve.on_idle(channel);
                self.heed(signals, c);
            }
            Message::Active => {
                c.tell(Level::Tasks, || StreamEvent::InputActive { subtask, input });
                let signal = self.valve.on_active(channel);
                self.heed(signal, c);
            }
            Message::BatchEnd(next) => self.on_batch_end(channel, next, c),
        }
        self.tell_size(c);
    }

    /// The clock moves.
    pub(super) fn on_clock(&mut self, c: &mut Context<'_>) {
        match &mut self.operator {
            Operator::Source(source) => source.on_clock(c),
            Operator::Windowed(windowed) => windowed.on_clock(c),
            Operator::Stateless(_)
            | Operator::Plain(_)
            | Operator::Deduplicate(_)
            | Operator::IntervalJoin(_)
            | Operator::Silence(_)
            | Operator::Sink(_) => {}
        }
        self.tell_size(c);
    }

    /// When it wants to be told of the clock.
    pub(super) fn next_wake(&self) -> Option<Millis> {
        match &self.operator {
            Operator::Source(source) => source.next_wake(),
            Operator::Windowed(windowed) => windowed.next_wake(),
            Operator::Stateless(_)
            | Operator::Plain(_)
            | Operator::Deduplicate(_)
            | Operator::IntervalJoin(_)
            | Operator::Silence(_)
            | Operator::Sink(_) => None,
        }
    }

    fn on_element(&mut self, element: Element, right: bool, c: &mut Context<'_>) {
        // What is taken back reaches sinks: Kafka's aggregations skip records without a value, and no other
        // job has state behind an operator that takes back.
        let is_stateful = !matches!(self.operator, Operator::Stateless(_) | Operator::Sink(_));
        if element.retraction && is_stateful {
            return;
        }
        if self.keeps_stream_time() && element.at > self.watermark {
            let cause = c.cause;
            self.tell_watermark(element.at, c);
            c.cause = cause;
        }
        match &mut self.operator {
            Operator::Source(_) => {}
            Operator::Stateless(work) => stateless::on_element(work, element, c),
            Operator::Windowed(windowed) => windowed.on_element(&element, right, c),
            Operator::Plain(plain) => plain.on_element(&element, c),
            Operator::Deduplicate(deduplicate) => deduplicate.on_element(element, c),
            Operator::IntervalJoin(join) => join.on_element(&element, right, c),
            Operator::Silence(silence) => silence.on_element(&element, c),
            Operator::Sink(received) => receive(received, element, c),
        }
    }

    /// Whether it has Kafka's stream time where others have a watermark.
    fn keeps_stream_time(&self) -> bool {
        matches!(&self.operator, Operator::Windowed(of) if of.profile == Profile::KafkaStreams)
    }

    fn heed(&mut self, signals: impl IntoIterator<Item = Signal>, c: &mut Context<'_>) {
        for signal in signals {
            match signal {
                Signal::Watermark(to) => self.on_watermark(to, c),
                Signal::Idle => c.say(Message::Idle, c.cause),
                Signal::Active => c.say(Message::Active, c.cause),
            }
        }
    }

    fn on_watermark(&mut self, to: Millis, c: &mut Context<'_>) {
        if to <= self.watermark {
            return;
        }
        self.tell_watermark(to, c);
        match &mut self.operator {
            Operator::Windowed(windowed) => windowed.on_watermark(to, c),
            Operator::Plain(plain) => plain.on_watermark(to, c),
            Operator::Deduplicate(deduplicate) => deduplicate.on_watermark(to, c),
            Operator::IntervalJoin(join) => join.on_watermark(to, c),
            Operator::Silence(silence) => silence.on_watermark(to, c),
            Operator::Source(_) | Operator::Stateless(_) | Operator::Sink(_) => {
                c.say(Message::Watermark(to), c.cause);
            }
        }
    }

    /// What follows has the watermark as its cause.
    fn tell_watermark(&mut self, to: Millis, c: &mut Context<'_>) {
        let (subtask, from) = (self.id, std::mem::replace(&mut self.watermark, to));
        // What holds a watermark holds no stream time.
        let holder = self.valve.holder().filter(|_| !self.keeps_stream_time());
        let holder = holder.and_then(|place| self.inputs.get(place));
        let held_by = holder.map(|(from, _)| Input::Channel(*from)).filter(|_| to < Millis::MAX);
        c.cause =
            c.tell(Level::Tasks, || StreamEvent::WatermarkAdvanced { subtask, from, to, held_by });
    }

    /// A batch has ended when it has by all channels.
    fn on_batch_end(&mut self, channel: usize, next: Millis, c: &mut Context<'_>) {
        self.batch_ends[channel] += 1;
        if self.batch_ends.contains(&0) {
            return;
        }
        self.batch_ends.iter_mut().for_each(|ends| *ends -= 1);
        let moved = next > self.watermark;
        match &mut self.operator {
            Operator::Windowed(windowed) if windowed.profile == Profile::Spark => {
                windowed.on_batch_end(next, c);
                if moved {
                    self.tell_watermark(next, c);
                }
            }
            Operator::Windowed(_)
            | Operator::Plain(_)
            | Operator::Source(_)
            | Operator::Stateless(_)
            | Operator::Deduplicate(_)
            | Operator::IntervalJoin(_)
            | Operator::Silence(_)
            | Operator::Sink(_) => {
                if moved {
                    self.on_watermark(next, c);
                }
                c.say(Message::BatchEnd(next), c.cause);
            }
        }
    }

    /// Keys, windows and timers that are kept, told when that has changed.
    fn tell_size(&mut self, c: &mut Context<'_>) {
        let size = match &self.operator {
            Operator::Windowed(windowed) => windowed.keys.size(),
            Operator::Deduplicate(deduplicate) => (deduplicate.keys(), 0, 0),
            Operator::IntervalJoin(join) => {
                let (kept, timers) = join.size();
                (kept, 0, timers)
            }
            Operator::Silence(silence) => {
                let (keys, timers) = silence.size();
                (keys, 0, timers)
            }
            // Where these are, nobody wants to know.
            Operator::Plain(_) => return,
            Operator::Source(_) | Operator::Stateless(_) | Operator::Sink(_) => return,
        };
        if size == self.size {
            return;
        }
        self.size = size;
        let (subtask, (keys, windows, timers)) = (self.id, size);
        c.tell(Level::Records, || StreamEvent::StateChanged { subtask, keys, windows, timers });
    }
}

fn receive(received: &mut Vec<Delivered>, element: Element, c: &mut Context<'_>) {
    let subtask = c.subtask;
    let Element { id, at, key, content, window, retraction, .. } = element;
    c.tell(Level::Tasks, || StreamEvent::SinkReceived {
        subtask,
        element: id,
        key: key.to_string(),
        content: content.clone(),
        event_time: at,
        window,
        retraction,
    });
    received.push(Delivered { key, window, at, content, retraction });
}
