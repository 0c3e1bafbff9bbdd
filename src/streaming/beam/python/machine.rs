//! The triggers of `apache_beam.transforms.trigger`.
//!
//! They don't know whether they have finished: `on_fire` answers it, once.

use super::state::{Timer, Timers};
use crate::streaming::beam::trigger::{Alignment, Trigger};
use crate::streaming::timers::TimeDomain;
use crate::streaming::{Millis, Window};

/// A trigger, with its place in the tree, by which its timers are named.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    kind: Kind,
    place: usize,
    of: Vec<Machine>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Default,
    /// Of early and late, either of which may be [`Kind::Absent`].
    AfterWatermark,
    AfterCount {
        n: u64,
    },
    AfterProcessingTime {
        delay_ms: Millis,
        align: Option<Alignment>,
    },
    Repeatedly,
    /// `AfterAny`, and `OrFinally`, which is one.
    AfterAny,
    AfterAll,
    AfterEach,
    Never,
    Absent,
}

/// What a trigger remembers of a window. States of windows that merge are simply put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    count: u64,
    late: bool,
    index: usize,
    of: Vec<Node>,
}

/// What a trigger sees of the world: `TriggerContext`.
pub(super) struct Context<'a> {
    pub(super) window: Window,
    pub(super) now: Millis,
    /// The window's, and those of the windows that merged into it.
    pub(super) ids: &'a [u64],
    pub(super) timers: &'a mut Timers,
}

const EARLY: usize = 0;
const LATE: usize = 1;

impl Machine {
    /// The machine of a trigger.
    pub(super) fn new(trigger: &Trigger) -> Machine {
        Machine::placed(trigger, &mut 0)
    }

    fn placed(trigger: &Trigger, places: &mut usize) -> Machine {
        let place = *places;
        *places += 1;
        let mut all = |of: &[Trigger]| -> Vec<Machine> {
            of.iter().map(|trigger| Machine::placed(trigger, places)).collect()
        };
        let (kind, of) = match trigger {
            Trigger::Default => (Kind::Default, Vec::new()),
            Trigger::AfterWatermark { early, late } => {
                let of = [early, late].map(|part| Machine::repeated(part.as_deref(), places));
                (Kind::AfterWatermark, of.into())
            }
            Trigger::AfterCount { n } => (Kind::AfterCount { n: *n }, Vec::new()),
            Trigger::AfterProcessingTime { delay_ms, align } => {
                let (delay_ms, align) = (*delay_ms, *align);
                (Kind::AfterProcessingTime { delay_ms, align }, Vec::new())
            }
            Trigger::Repeatedly(of) => (Kind::Repeatedly, all(std::slice::from_ref(of))),
            Trigger::AfterAny(of) => (Kind::AfterAny, all(of)),
            Trigger::AfterAll(of) => (Kind::AfterAll, all(of)),
            Trigger::AfterEach(of) => (Kind::AfterEach, all(of)),
            Trigger::OrFinally { main, until } => {
                let of = [main, until].map(|part| Machine::placed(part, places));
                (Kind::AfterAny, of.into())
            }
            Trigger::Never => (Kind::Never, Vec::new()),
        };
        Machine { kind, place, of }
    }

    /// `AfterWatermark` wraps what is early and what is late in a `Repeatedly`.
    fn repeated(trigger: Option<&Trigger>, places: &mut usize) -> Machine {
        let place = *places;
        *places += 1;
        let Some(trigger) = trigger else {
            return Machine { kind: Kind::Absent, place, of: Vec::new() };
        };
        Machine { kind: Kind::Repeatedly, place, of: vec![Machine::placed(trigger, places)] }
    }

    /// Nothing remembered.
    pub(super) fn fresh(&self) -> Node {
        Node { of: self.of.iter().map(Machine::fresh).collect(), ..Node::default() }
    }

    /// Whether the window emits a pane at its end even when it is empty.
    pub(super) fn has_on_time_pane(&self) -> bool {
        match self.kind {
            Kind::Default | Kind::AfterWatermark => true,
            Kind::Repeatedly | Kind::AfterAny | Kind::AfterAll | Kind::AfterEach => {
                self.of.iter().any(Machine::has_on_time_pane)
            }
            Kind::AfterCount { .. }
            | Kind::AfterProcessingTime { .. }
            | Kind::Never
            | Kind::Absent => false,
        }
    }

    pub(super) fn on_element(&self, node: &mut Node, c: &mut Context<'_>) {
        match self.kind {
            Kind::Default => {
                c.set(self, Some(c.window), TimeDomain::Event, c.window.end);
            }
            Kind::AfterWatermark => {
                let part = if self.is_late(node) { LATE } else { EARLY };
                if part == EARLY {
                    c.set(self, None, TimeDomain::Event, c.window.end);
                }
                if let (Some(machine), Some(node)) = (self.of.get(part), node.of.get_mut(part)) {
                    machine.on_element(node, c);
                }
            }
            Kind::AfterCount { .. } => node.count += 1,
            Kind::AfterProcessingTime { delay_ms, align } => {
                let at = c.now.saturating_add(delay_ms);
                let at = align.map_or(at, |align| align.next_floored(at));
                c.set(self, None, TimeDomain::Processing, at);
            }
            Kind::Repeatedly | Kind::AfterAny | Kind::AfterAll => {
                for (machine, node) in self.of.iter().zip(&mut node.of) {
                    machine.on_element(node, c);
                }
            }
            Kind::AfterEach => {
                if let Some((machine, node)) = self.in_force(node) {
                    machine.on_element(node, c);
                }
            }
            Kind::Never | Kind::Absent => {}
        }
    }

    /// The states have been put together already; what is left is timers of windows that are no more.
    pub(super) fn on_merge(&self, node: &mut Node, merged: &[Window], c: &mut Context<'_>) {
        match self.kind {
            Kind::Default => {
                for window in merged {
                    c.clear(self, Some(*window), TimeDomain::Event);
                }
            }
            Kind::AfterWatermark => {
                let part = if self.is_late(node) { LATE } else { EARLY };
                let moved = merged.iter().any(|window| window.end != c.window.end);
                if part == EARLY && moved {
                    c.clear(self, None, TimeDomain::Event);
                }
                if let (Some(machine), Some(node)) = (self.of.get(part), node.of.get_mut(part)) {
                    machine.on_merge(node, merged, c);
                }
            }
            Kind::Repeatedly | Kind::AfterAny | Kind::AfterAll => {
                for (machine, node) in self.of.iter().zip(&mut node.of) {
                    machine.on_merge(node, merged, c);
                }
            }
            Kind::AfterEach => {
                if let Some((machine, node)) = self.in_force(node) {
                    machine.on_merge(node, merged, c);
                }
            }
            Kind::AfterCount { .. }
            | Kind::AfterProcessingTime { .. }
            | Kind::Never
            | Kind::Absent => {}
        }
    }

    /// At this time of this clock. Asking takes an end-of-window timer back, so that it won't fire again.
    pub(super) fn should_fire(
        &self,
        node: &mut Node,
        domain: TimeDomain,
        at: Millis,
        c: &mut Context<'_>,
    ) -> bool {
        let over = at >= c.window.end;
        let mut parts = self.of.iter().zip(&mut node.of);
        match self.kind {
            Kind::Default => {
                if over {
                    c.clear(self, Some(c.window), TimeDomain::Event);
                }
                over
            }
            Kind::AfterWatermark => self.watermark_should_fire(node, domain, at, c),
            Kind::AfterCount { n } => node.count >= n,
            Kind::AfterProcessingTime { .. } => domain == TimeDomain::Processing,
            Kind::Repeatedly | Kind::AfterAny => {
                parts.any(|(machine, node)| machine.should_fire(node, domain, at, c))
            }
            Kind::AfterAll => parts.all(|(machine, node)| machine.should_fire(node, domain, at, c)),
            Kind::AfterEach => self
                .in_force(node)
                .is_some_and(|(machine, node)| machine.should_fire(node, domain, at, c)),
            Kind::Never | Kind::Absent => false,
        }
    }

    fn watermark_should_fire(
        &self,
        node: &mut Node,
        domain: TimeDomain,
        at: Millis,
        c: &mut Context<'_>,
    ) -> bool {
        let late = self.is_late(node);
        if !late && at >= c.window.end {
            c.clear(self, None, TimeDomain::Event);
            return true;
        }
        let part = if late { LATE } else { EARLY };
        match (self.of.get(part), node.of.get_mut(part)) {
            (Some(machine), Some(node)) => machine.should_fire(node, domain, at, c),
            (None, _) | (_, None) => false,
        }
    }

    /// The window emits a pane; whether that was this trigger's last.
    pub(super) fn on_fire(&self, node: &mut Node, at: Millis, c: &mut Context<'_>) -> bool {
        match self.kind {
            Kind::Default | Kind::Absent => false,
            Kind::AfterWatermark => self.watermark_on_fire(node, at, c),
            Kind::AfterCount { .. } | Kind::AfterProcessingTime { .. } | Kind::Never => true,
            Kind::Repeatedly => {
                for (machine, node) in self.of.iter().zip(&mut node.of) {
                    if machine.on_fire(node, at, c) {
                        machine.reset(node, c);
                    }
                }
                false
            }
            Kind::AfterAny => self.fire_ready(node, at, c).into_iter().any(|finished| finished),
            Kind::AfterAll => self.fire_ready(node, at, c).into_iter().all(|finished| finished),
            Kind::AfterEach => {
                let fired = self.in_force(node).map(|(machine, node)| machine.on_fire(node, at, c));
                node.index += usize::from(fired == Some(true));
                node.index >= self.of.len()
            }
        }
    }

    fn watermark_on_fire(&self, node: &mut Node, at: Millis, c: &mut Context<'_>) -> bool {
        let late = self.is_late(node);
        if !late && at >= c.window.end {
            node.late = true;
            return self.of.get(LATE).is_none_or(|late| late.kind == Kind::Absent);
        }
        let part = if late { LATE } else { EARLY };
        if let (Some(machine), Some(node)) = (self.of.get(part), node.of.get_mut(part)) {
            machine.on_fire(node, at, c);
        }
        false
    }

    /// `_ParallelTriggerFn.on_fire`: it asks again, and always as if the watermark had moved.
    fn fire_ready(&self, node: &mut Node, at: Millis, c: &mut Context<'_>) -> Vec<bool> {
        let mut finished = Vec::new();
        for (machine, node) in self.of.iter().zip(&mut node.of) {
            if machine.should_fire(node, TimeDomain::Event, at, c) {
                finished.push(machine.on_fire(node, at, c));
            }
        }
        finished
    }

    fn reset(&self, node: &mut Node, c: &mut Context<'_>) {
        if self.kind == Kind::Default {
            c.clear(self, Some(c.window), TimeDomain::Event);
        }
        (node.count, node.late, node.index) = (0, false, 0);
        for (machine, node) in self.of.iter().zip(&mut node.of) {
            machine.reset(node, c);
        }
    }

    /// Without a late trigger it is never late: it has finished.
    fn is_late(&self, node: &Node) -> bool {
        node.late && self.of.get(LATE).is_some_and(|late| late.kind != Kind::Absent)
    }

    fn in_force<'a>(&'a self, node: &'a mut Node) -> Option<(&'a Machine, &'a mut Node)> {
        Some((self.of.get(node.index)?, node.of.get_mut(node.index)?))
    }
}

impl Node {
    /// Counts are summed, late is late, and of `AfterEach` the furthest counts.
    pub(super) fn merge(&mut self, other: &Node) {
        self.count += other.count;
        self.late |= other.late;
        self.index = self.index.max(other.index);
        for (node, other) in self.of.iter_mut().zip(&other.of) {
            node.merge(other);
        }
    }
}

impl Context<'_> {
    fn set(&mut self, machine: &Machine, of: Option<Window>, domain: TimeDomain, at: Millis) {
        let Some(id) = self.ids.first() else { return };
        self.timers.set(Timer { id: *id, place: machine.place, of, domain }, at);
    }

    fn clear(&mut self, machine: &Machine, of: Option<Window>, domain: TimeDomain) {
        for id in self.ids {
            self.timers.clear(Timer { id: *id, place: machine.place, of, domain });
        }
    }
}
