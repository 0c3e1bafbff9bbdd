//! A partition that a source reads, with what makes its watermark.

use super::spec::{JobSpec, TimeOf, WatermarkSpec};
use crate::base::Millis;
use crate::streaming::BEFORE_ALL;
use crate::streaming::watermark::{Bounded, IdlenessTimer, Percentile, Perfect, Scripted};

/// How many of the last elements a percentile watermark looks at.
const PERCENTILE_OF: usize = 100;

/// A partition that it reads.
#[derive(Clone, Debug)]
pub(super) struct Split {
    pub(super) offset: u64,
    pub(super) generator: Generator,
    pub(super) idleness: Option<IdlenessTimer>,
    pub(super) is_idle: bool,
    /// Whether something came since it was asked last.
    pub(super) spoke: bool,
    pub(super) watermark: Millis,
    pub(super) is_paused: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Generator {
    Bounded(Bounded),
    Perfect(Perfect),
    Percentile(Percentile),
    Scripted(Scripted, Vec<Millis>),
}

impl Split {
    pub(super) fn new(spec: &JobSpec, times: &[Millis]) -> Split {
        let generator = match &spec.watermark {
            _ if spec.time == TimeOf::Ingestion => Generator::Bounded(Bounded::new(0)),
            WatermarkSpec::Bounded(delay) | WatermarkSpec::PerRecord(delay) => {
                Generator::Bounded(Bounded::new(*delay))
            }
            WatermarkSpec::Perfect => Generator::Perfect(Perfect::new(times.iter().copied())),
            WatermarkSpec::Percentile(percent) => {
                Generator::Percentile(Percentile::new(percent * 10, PERCENTILE_OF))
            }
            WatermarkSpec::Scripted(steps) => {
                let mut clocks: Vec<Millis> = steps.iter().map(|(clock, _)| *clock).collect();
                clocks.sort_unstable();
                Generator::Scripted(Scripted::new(steps.iter().copied()), clocks)
            }
        };
        Split {
            offset: 0,
            generator,
            idleness: spec.idle_timeout_ms.map(IdlenessTimer::new),
            is_idle: false,
            spoke: false,
            watermark: BEFORE_ALL,
            is_paused: false,
        }
    }

    pub(super) fn on_element(&mut self, at: Millis) {
        self.generator.on_element(at);
        self.spoke = true;
        if let Some(idleness) = &mut self.idleness {
            idleness.on_activity();
        }
    }

    pub(super) fn falls_idle(&mut self, now: Millis) -> bool {
        self.spoke = false;
        self.idleness.as_mut().is_some_and(|idleness| idleness.is_idle(now))
    }

    /// Whether the next tick may bring something new.
    pub(super) fn waits(&mut self) -> bool {
        let idles = self.idleness.is_some() && (self.spoke || !self.is_idle);
        idles || self.generator.current().is_some_and(|watermark| watermark > self.watermark)
    }
}

impl Generator {
    pub(super) fn on_element(&mut self, at: Millis) {
        match self {
            Generator::Bounded(bounded) => bounded.on_element(at),
            Generator::Perfect(perfect) => perfect.on_element(at),
            Generator::Percentile(percentile) => percentile.on_element(at),
            Generator::Scripted(..) => {}
        }
    }

    pub(super) fn watermark(&mut self, now: Millis) -> Millis {
        match self {
            Generator::Bounded(bounded) => bounded.watermark(),
            Generator::Perfect(perfect) => perfect.watermark(),
            Generator::Percentile(percentile) => percentile.watermark(),
            Generator::Scripted(scripted, _) => scripted.watermark(now),
        }
    }

    /// What it would say now, where that does not hang on the clock.
    pub(super) fn current(&mut self) -> Option<Millis> {
        match self {
            Generator::Scripted(..) => None,
            Generator::Bounded(_) | Generator::Perfect(_) | Generator::Percentile(_) => {
                Some(self.watermark(0))
            }
        }
    }

    /// When a script goes on.
    pub(super) fn next_step(&self, now: Millis) -> Option<Millis> {
        match self {
            Generator::Scripted(_, clocks) => clocks.iter().copied().find(|clock| *clock >= now),
            Generator::Bounded(_) | Generator::Perfect(_) | Generator::Percentile(_) => None,
        }
    }
}
