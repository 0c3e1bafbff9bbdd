//! Flink's `StatusWatermarkValve`: the channels of one operator.

use super::Signal;
use crate::streaming::{BEFORE_ALL, Millis};

/// The least watermark of the channels that are active and aligned.
///
/// ```text
///  active, aligned ──idle──► idle ──active, behind the output──► active, not aligned
///        ▲                    │                                          │
///        └──active, not behind┘◄───────its watermark catches up──────────┘ (to aligned)
/// ```
#[derive(Clone, Debug)]
pub struct Valve {
    channels: Vec<Channel>,
    output: Millis,
    idle: bool,
}

#[derive(Clone, Copy, Debug)]
struct Channel {
    watermark: Millis,
    active: bool,
    aligned: bool,
}

impl Valve {
    /// All channels start active, aligned, and at minus infinity.
    pub fn new(channels: usize) -> Valve {
        let channel = Channel { watermark: BEFORE_ALL, active: true, aligned: true };
        Valve { channels: vec![channel; channels], output: BEFORE_ALL, idle: false }
    }

    /// The channel that keeps the output from going further: the first of the least that count.
    pub fn holder(&self) -> Option<usize> {
        let aligned = self.channels.iter().enumerate().filter(|(_, channel)| channel.aligned);
        aligned.min_by_key(|(_, channel)| channel.watermark).map(|(place, _)| place)
    }

    /// Where the output stands.
    pub const fn output(&self) -> Millis {
        self.output
    }

    /// A watermark on a channel. One that is idle, or not larger than the channel's last, is ignored; so is a
    /// channel that there isn't.
    pub fn on_watermark(&mut self, channel: usize, watermark: Millis) -> Option<Signal> {
        let output = self.output;
        let channel = self.channels.get_mut(channel).filter(|channel| channel.active)?;
        if watermark <= channel.watermark {
            return None;
        }
        channel.watermark = watermark;
        channel.aligned |= watermark >= output;
        self.advance(self.least_aligned())
    }

    /// A channel falls idle. When it was the last, and the one at the minimum, the greatest watermark of all is
    /// flushed first.
    pub fn on_idle(&mut self, channel: usize) -> Vec<Signal> {
        let Some(channel) = self.channels.get_mut(channel).filter(|channel| channel.active) else {
            return Vec::new();
        };
        channel.active = false;
        channel.aligned = false;
        let was_least = channel.watermark == self.output;
        if self.channels.iter().any(|channel| channel.active) {
            let least = self.least_aligned().filter(|_| was_least);
            return self.advance(least).into_iter().collect();
        }
        let greatest = self.channels.iter().map(|channel| channel.watermark).max();
        let flushed = self.advance(greatest.filter(|_| was_least));
        self.idle = true;
        flushed.into_iter().chain([Signal::Idle]).collect()
    }

    /// A channel wakes up: it counts again only when its watermark has reached the last output.
    pub fn on_active(&mut self, channel: usize) -> Option<Signal> {
        let output = self.output;
        let channel = self.channels.get_mut(channel).filter(|channel| !channel.active)?;
        channel.active = true;
        channel.aligned = channel.watermark >= output;
        let woken = self.idle;
        self.idle = false;
        woken.then_some(Signal::Active)
    }

    fn least_aligned(&self) -> Option<Millis> {
        let aligned = self.channels.iter().filter(|channel| channel.aligned);
        aligned.map(|channel| channel.watermark).min()
    }

    /// Says a watermark that is larger than the last one.
    fn advance(&mut self, watermark: Option<Millis>) -> Option<Signal> {
        let watermark = watermark.filter(|watermark| *watermark > self.output)?;
        self.output = watermark;
        Some(Signal::Watermark(watermark))
    }
}
