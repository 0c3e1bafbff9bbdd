//! A source's subtask: reads its partitions in the order of their offsets, and makes watermarks.

use super::context::Context;
use super::message::{Element, Message};
use super::spec::{JobSpec, Record, TimeOf, WatermarkSpec};
use super::split::Split;
use crate::base::{Level, Millis};
use crate::streaming::BEFORE_ALL;
use crate::streaming::log::Topic;
use crate::streaming::watermark::{Multiplexer, Signal};
use crate::trace::stream::{Content, ElementId, Input, Profile, StreamEvent};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A source's subtask.
#[derive(Clone, Debug)]
pub(super) struct Source {
    splits: BTreeMap<u16, Split>,
    combined: Multiplexer<u16>,
    interval_ms: Millis,
    time: TimeOf,
    drift_ms: Option<Millis>,
    idle_timeout_ms: Option<Millis>,
    per_record: bool,
    /// For when the next tick is set; nothing while nothing can come of it.
    next_tick: Option<Millis>,
    watermark: Millis,
    is_idle: bool,
    is_over: bool,
    /// Whether it makes no watermarks: Kafka Streams has stream time in their place, which each task keeps for itself.
    is_quiet: bool,
    spark: Option<Batches>,
}

/// Spark's micro-batches: each tick ends one.
#[derive(Clone, Debug)]
struct Batches {
    watermark: crate::streaming::spark::BatchWatermark,
    times: Vec<Millis>,
    /// Whether the last batch moved the watermark, so that an empty one follows.
    moved: bool,
}

impl Source {
    /// Reads these partitions. `times` are the event times of all records that will come, by partition.
    pub(super) fn new(
        spec: &JobSpec,
        partitions: impl Iterator<Item = u16>,
        times: &BTreeMap<u16, Vec<Millis>>,
    ) -> Source {
        let mut combined = Multiplexer::new();
        let splits = partitions
            .map(|partition| {
                combined.register(partition);
                let times = times.get(&partition).map_or(&[][..], Vec::as_slice);
                (partition, Split::new(spec, times))
            })
            .collect();
        let delay = match spec.watermark {
            WatermarkSpec::Bounded(delay) => delay,
            WatermarkSpec::PerRecord(_)
            | WatermarkSpec::Perfect
            | WatermarkSpec::Percentile(_)
            | WatermarkSpec::Scripted(_) => 0,
        };
        let is_spark = spec.profile == Profile::Spark;
        let batches = || Batches {
            watermark: crate::streaming::spark::BatchWatermark::new(delay),
            times: Vec::new(),
            moved: false,
        };
        let mut source = Source {
            splits,
            combined,
            interval_ms: if is_spark { spec.micro_batch_ms } else { spec.watermark_interval_ms },
            time: spec.time,
            drift_ms: spec.drift_ms,
            idle_timeout_ms: spec.idle_timeout_ms,
            per_record: matches!(spec.watermark, WatermarkSpec::PerRecord(_)),
            next_tick: None,
            watermark: BEFORE_ALL,
            is_idle: false,
            is_over: false,
            is_quiet: spec.profile == Profile::KafkaStreams
                && !spec.operators.iter().any(|of| of.work.needs_watermarks()),
            spark: is_spark.then(batches),
        };
        source.plan_tick(spec.clock_at_start);
        source
    }

    /// Reads what is there of a partition, unless it is paused.
    pub(super) fn read(
        &mut self,
        partition: u16,
        topic: &Topic,
        record: impl Fn(u32) -> (ElementId, Record),
        c: &mut Context<'_>,
    ) {
        while let Some(split) = self.splits.get_mut(&partition).filter(|split| !split.is_paused) {
            let offset = split.offset;
            let Some(number) = topic.record(partition, offset) else { break };
            split.offset += 1;
            let (id, record) = record(number);
            let at = match self.time {
                TimeOf::Event | TimeOf::Processing => record.event_time,
                TimeOf::Ingestion => c.now,
            };
            let (subtask, event_time) = (c.subtask, at);
            let cause = c.tell(Level::Records, || StreamEvent::RecordRead {
                record: id,
                subtask,
                partition,
                offset,
                event_time,
            });
            c.say(Message::Element(element(id, at, &record)), cause);
            split.on_element(at);
            if let Some(batches) = &mut self.spark {
                batches.times.push(at);
            }
            if self.per_record && !self.is_quiet {
                self.advance(partition, true, c);
            }
        }
        self.plan_tick(c.now);
    }

    /// The periodic question: asks the generators, and says what follows.
    pub(super) fn on_clock(&mut self, c: &mut Context<'_>) {
        if self.is_over || self.next_tick.is_none_or(|at| at > c.now) {
            return;
        }
        self.next_tick = None;
        if self.spark.is_some() {
            self.end_batch(c);
        } else {
            for partition in self.splits.keys().copied().collect::<Vec<u16>>() {
                self.advance(partition, false, c);
            }
            let signals = self.combined.on_periodic_emit();
            self.heed(&signals, c);
        }
        self.plan_tick(c.now.saturating_add(1));
    }

    /// The whole input is read: nothing is expected any more.
    pub(super) fn end(&mut self, c: &mut Context<'_>) {
        self.is_over = true;
        self.next_tick = None;
        if self.spark.is_some() || self.is_quiet || self.watermark == Millis::MAX {
            return;
        }
        self.heed(&[Signal::Watermark(Millis::MAX)], c);
    }

    /// When it wants to be asked.
    pub(super) const fn next_wake(&self) -> Option<Millis> {
        self.next_tick
    }

    /// Where its watermark stands; nothing while it is idle, when it is not waited for, or has none: Flink's
    /// coordinator knows of watermarks that were reported alone.
    pub(super) fn reported(&self) -> Option<Millis> {
        let speaks = !self.is_idle && !self.is_over && self.watermark > BEFORE_ALL;
        speaks.then_some(self.watermark)
    }

    /// Whether all that was appended to its partitions is read.
    pub(super) fn has_read_all(&self, topic: &Topic) -> bool {
        self.splits.iter().all(|(partition, split)| split.offset >= topic.end(*partition))
    }

    /// Pauses what is too far ahead of the slowest, and has others go on; says which go on.
    pub(super) fn align(&mut self, slowest: Millis, c: &mut Context<'_>) -> Vec<u16> {
        let Some(drift) = self.drift_ms else { return Vec::new() };
        let mut resumed = Vec::new();
        for (partition, split) in &mut self.splits {
            let is_ahead = split.watermark > slowest.saturating_add(drift);
            if is_ahead == split.is_paused {
                continue;
            }
            split.is_paused = is_ahead;
            let (subtask, partition, watermark) = (c.subtask, *partition, split.watermark);
            c.tell(Level::Tasks, || match is_ahead {
                true => {
                    StreamEvent::PartitionPaused { subtask, partition, watermark, slowest, drift }
                }
                false => {
                    StreamEvent::PartitionResumed { subtask, partition, watermark, slowest, drift }
                }
            });
            if !is_ahead {
                resumed.push(partition);
            }
        }
        resumed
    }

    /// Asks the generator of a partition for its watermark, which counts at once or at the next update.
    fn advance(&mut self, partition: u16, at_once: bool, c: &mut Context<'_>) {
        let Some(split) = self.splits.get_mut(&partition) else { return };
        let input = Input::Partition(partition);
        let subtask = c.subtask;
        if !at_once && split.falls_idle(c.now) {
            if !split.is_idle {
                split.is_idle = true;
                let silent = self.idle_timeout_ms;
                c.tell(Level::Tasks, || StreamEvent::InputIdle { subtask, input, silent });
                let signals = self.combined.idle(&partition);
                self.heed(&signals, c);
            }
            return;
        }
        if split.is_idle {
            split.is_idle = false;
            c.tell(Level::Tasks, || StreamEvent::InputActive { subtask, input });
        }
        let watermark = split.generator.watermark(c.now);
        if watermark > split.watermark {
            let from = std::mem::replace(&mut split.watermark, watermark);
            c.tell(Level::Records, || StreamEvent::InputAdvanced {
                subtask,
                input,
                from,
                to: watermark,
            });
        }
        if at_once {
            let signals = self.combined.immediate(&partition, watermark);
            self.heed(&signals, c);
        } else if watermark > BEFORE_ALL {
            self.combined.deferred(&partition, watermark);
        }
    }

    /// Says downstream what the combination says.
    fn heed(&mut self, signals: &[Signal], c: &mut Context<'_>) {
        let subtask = c.subtask;
        for signal in signals {
            match signal {
                Signal::Watermark(to) => {
                    if self.is_idle {
                        self.is_idle = false;
                        c.say(Message::Active, c.cause);
                    }
                    let (from, to) = (std::mem::replace(&mut self.watermark, *to), *to);
                    let held_by = self.combined.holder().map(|id| Input::Partition(*id));
                    let held_by = held_by.filter(|_| to < Millis::MAX);
                    let cause = c.tell(Level::Tasks, || StreamEvent::WatermarkAdvanced {
                        subtask,
                        from,
                        to,
                        held_by,
                    });
                    c.say(Message::Watermark(to), cause);
                }
                Signal::Idle if !self.is_idle => {
                    self.is_idle = true;
                    c.say(Message::Idle, c.cause);
                }
                Signal::Idle | Signal::Active => {}
            }
        }
    }

    /// Ends a batch of Spark that has elements, or the empty one that follows a move of the watermark.
    fn end_batch(&mut self, c: &mut Context<'_>) {
        let Some(batches) = &mut self.spark else { return };
        if batches.times.is_empty() && !batches.moved {
            return;
        }
        let before = batches.watermark.in_force();
        batches.watermark.on_batch(std::mem::take(&mut batches.times).into_iter());
        let to = batches.watermark.in_force();
        batches.moved = to > before;
        let (subtask, from) = (c.subtask, self.watermark);
        let mut cause = c.cause;
        if to > from {
            self.watermark = to;
            let held_by = None;
            cause = c.tell(Level::Tasks, || StreamEvent::WatermarkAdvanced {
                subtask,
                from,
                to,
                held_by,
            });
        }
        c.say(Message::BatchEnd(to), cause);
    }

    /// Sets the next tick, on a multiple of the interval, where something can come of one.
    fn plan_tick(&mut self, now: Millis) {
        if self.is_over || self.is_quiet {
            return;
        }
        let scripted =
            self.splits.values().filter_map(|split| split.generator.next_step(now)).min();
        let waits = match &self.spark {
            Some(batches) => batches.moved || !batches.times.is_empty(),
            None => {
                !self.is_over
                    && !self.per_record_alone()
                    && self.splits.values_mut().any(Split::waits)
            }
        };
        let tick = waits.then(|| next_multiple(now, self.interval_ms));
        let planned = [self.next_tick, tick, scripted].into_iter().flatten().min();
        self.next_tick = planned;
    }

    /// Whether only elements move the watermark, and none falls idle.
    fn per_record_alone(&self) -> bool {
        self.per_record && self.idle_timeout_ms.is_none()
    }
}

fn next_multiple(now: Millis, interval: Millis) -> Millis {
    let interval = interval.max(1);
    let beyond = now.rem_euclid(interval);
    if beyond == 0 { now } else { now.saturating_add(interval - beyond) }
}

fn element(id: ElementId, at: Millis, record: &Record) -> Element {
    Element {
        id,
        at,
        key: Rc::from(record.key.as_str()),
        value: record.value,
        content: Content::Number(record.value),
        window: None,
        retraction: false,
    }
}
