//! Triggers as state machines: Beam's `TriggerStateMachine`, one state a window and a place in the tree.
//!
//! A machine is the same for all windows; a [`Node`] is what it remembers of one. "Finished" is a bit of its own
//! that clearing leaves alone: `FinishedTriggers`.

use super::trigger::{Alignment, Trigger};
use super::{after_watermark, composites, leaves};
use crate::streaming::timers::Timers;
use crate::streaming::{Millis, Window};

/// A trigger and those in it.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    kind: Kind,
    pub(super) of: Vec<Machine>,
}

/// Which rules a machine follows; the names are those of Beam's `…StateMachine` classes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Default,
    /// `AfterWatermarkStateMachine.FromEndOfWindow`.
    EndOfWindow,
    /// `AfterWatermarkStateMachine.AfterWatermarkEarlyAndLate`: the first is early, the second, if any, late.
    EarlyAndLate,
    AfterPane {
        n: u64,
    },
    AfterDelay {
        delay_ms: Millis,
        align: Option<Alignment>,
    },
    Repeatedly,
    AfterFirst,
    AfterAll,
    AfterEach,
    OrFinally,
    Never,
}

/// What a trigger remembers of a window.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) finished: bool,
    pub(super) count: u64,
    pub(super) delayed_until: Option<Millis>,
    pub(super) of: Vec<Node>,
}

/// What a trigger sees of the world.
pub(super) struct Context<'a> {
    pub(super) window: Window,
    pub(super) watermark: Millis,
    pub(super) processing_time: Millis,
    pub(super) merging: bool,
    pub(super) timers: &'a mut Timers,
}

impl Context<'_> {
    /// The watermark is past the window's last millisecond.
    pub(super) fn end_of_window_reached(&self) -> bool {
        self.watermark > self.window.max_timestamp()
    }
}

impl Machine {
    /// The machine of a trigger.
    pub(super) fn new(trigger: &Trigger) -> Machine {
        let all = |of: &[Trigger]| of.iter().map(Machine::new).collect();
        let (kind, of) = match trigger {
            Trigger::Default => (Kind::Default, Vec::new()),
            Trigger::AfterWatermark { early: None, late: None } => (Kind::EndOfWindow, Vec::new()),
            Trigger::AfterWatermark { early, late } => {
                let early = early.as_deref().map_or_else(Machine::never, Machine::new);
                let late = late.as_deref().map(Machine::new);
                (Kind::EarlyAndLate, [early].into_iter().chain(late).collect())
            }
            Trigger::AfterCount { n } => (Kind::AfterPane { n: *n }, Vec::new()),
            Trigger::AfterProcessingTime { delay_ms, align } => {
                (Kind::AfterDelay { delay_ms: *delay_ms, align: *align }, Vec::new())
            }
            Trigger::Repeatedly(of) => (Kind::Repeatedly, vec![Machine::new(of)]),
            Trigger::AfterAny(of) => (Kind::AfterFirst, all(of)),
            Trigger::AfterAll(of) => (Kind::AfterAll, all(of)),
            Trigger::AfterEach(of) => (Kind::AfterEach, all(of)),
            Trigger::OrFinally { main, until } => {
                (Kind::OrFinally, vec![Machine::new(main), Machine::new(until)])
            }
            Trigger::Never => (Kind::Never, Vec::new()),
        };
        Machine { kind, of }
    }

    fn never() -> Machine {
        Machine { kind: Kind::Never, of: Vec::new() }
    }

    /// Nothing remembered, nothing finished.
    pub(super) fn fresh(&self) -> Node {
        Node { of: self.of.iter().map(Machine::fresh).collect(), ..Node::default() }
    }

    /// An element has arrived in the window.
    pub(super) fn on_element(&self, node: &mut Node, c: &mut Context<'_>) {
        match self.kind {
            Kind::Default | Kind::EndOfWindow => leaves::set_end_of_window_timer(c),
            Kind::EarlyAndLate => after_watermark::on_element(self, node, c),
            Kind::AfterPane { .. } => node.count += 1,
            Kind::AfterDelay { delay_ms, align } => {
                leaves::delay_from_first_element(delay_ms, align, node, c);
            }
            Kind::AfterEach => composites::each_on_element(self, node, c),
            Kind::AfterAll => composites::unfinished_on_element(self, node, c),
            Kind::Repeatedly | Kind::AfterFirst | Kind::OrFinally => {
                composites::all_on_element(self, node, c);
            }
            Kind::Never => {}
        }
    }

    /// Windows that had state have become this one; `node` is what is remembered of it, and one of `merged` when
    /// it had state itself.
    pub(super) fn on_merge(&self, node: &mut Node, merged: &[&Node], c: &mut Context<'_>) {
        match self.kind {
            Kind::Default => leaves::set_end_of_window_timer(c),
            Kind::EndOfWindow => {
                node.finished =
                    merged.iter().all(|node| node.finished) && c.end_of_window_reached();
            }
            Kind::EarlyAndLate => after_watermark::on_merge(self, node, merged, c),
            Kind::AfterPane { .. } => leaves::merge_counts(node, merged),
            Kind::AfterDelay { .. } => leaves::merge_delays(node, merged, c),
            Kind::Repeatedly => composites::merge_all(self, node, merged, c),
            Kind::AfterFirst | Kind::OrFinally => {
                composites::merge_all(self, node, merged, c);
                node.finished = node.of.iter().any(|node| node.finished);
            }
            Kind::AfterAll => {
                composites::merge_all(self, node, merged, c);
                node.finished = node.of.iter().all(|node| node.finished);
            }
            Kind::AfterEach => composites::each_on_merge(self, node, merged, c),
            Kind::Never => {}
        }
    }

    /// Whether the window is ready to emit a pane.
    pub(super) fn should_fire(&self, node: &Node, c: &Context<'_>) -> bool {
        let mut parts = self.of.iter().zip(&node.of);
        match self.kind {
            Kind::Default | Kind::EndOfWindow => c.end_of_window_reached(),
            Kind::EarlyAndLate => after_watermark::should_fire(self, node, c),
            Kind::AfterPane { n } => node.count >= n,
            Kind::AfterDelay { .. } => {
                node.delayed_until.is_some_and(|until| c.processing_time > until)
            }
            Kind::Repeatedly | Kind::OrFinally => {
                parts.any(|(machine, node)| machine.should_fire(node, c))
            }
            Kind::AfterFirst => {
                parts.any(|(machine, node)| node.finished || machine.should_fire(node, c))
            }
            Kind::AfterAll => {
                parts.all(|(machine, node)| node.finished || machine.should_fire(node, c))
            }
            Kind::AfterEach => parts
                .find(|(_, node)| !node.finished)
                .is_some_and(|(machine, node)| machine.should_fire(node, c)),
            Kind::Never => false,
        }
    }

    /// The window emits a pane by this trigger.
    pub(super) fn on_fire(&self, node: &mut Node, c: &mut Context<'_>) {
        match self.kind {
            Kind::Default => {}
            Kind::EndOfWindow | Kind::Never => node.finished = true,
            Kind::EarlyAndLate => after_watermark::on_fire(self, node, c),
            Kind::AfterPane { .. } | Kind::AfterDelay { .. } => {
                self.clear(node);
                node.finished = true;
            }
            Kind::Repeatedly => composites::repeat(self, node, c),
            Kind::AfterFirst => composites::first_on_fire(self, node, c),
            Kind::AfterAll => composites::all_on_fire(self, node, c),
            Kind::AfterEach => composites::each_on_fire(self, node, c),
            Kind::OrFinally => composites::or_finally_on_fire(self, node, c),
        }
    }

    /// Forgets counts and delays, here and below; what has finished stays finished.
    pub(super) fn clear(&self, node: &mut Node) {
        node.count = 0;
        node.delayed_until = None;
        for (machine, node) in self.of.iter().zip(&mut node.of) {
            machine.clear(node);
        }
    }
}
