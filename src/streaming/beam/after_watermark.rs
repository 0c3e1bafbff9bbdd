//! `AfterWatermarkStateMachine.AfterWatermarkEarlyAndLate`.
//!
//! ```text
//!  early, repeated ──the watermark passes the end: one firing──► late, repeated; finished when there is none
//!        ▲                                                        │
//!        └──────────── merged into a window not yet over ─────────┘
//! ```

use super::machine::{Context, Machine, Node};

const EARLY: usize = 0;
const LATE: usize = 1;

/// Where windows merge, a trigger that isn't in force may come into force again: it counts along.
pub(super) fn on_element(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    super::leaves::set_end_of_window_timer(c);
    let merging = c.merging;
    for (machine, node) in machine.of.iter().zip(&mut node.of) {
        let in_force = !node.finished;
        if merging || in_force {
            machine.on_element(node, c);
        }
        if !merging && in_force {
            return;
        }
    }
}

/// Early and on time are done for good only when they were in all of the windows and the new one is over too.
pub(super) fn on_merge(machine: &Machine, node: &mut Node, merged: &[&Node], c: &mut Context<'_>) {
    let of = |index: usize| -> Vec<&Node> {
        merged.iter().filter_map(|node| node.of.get(index)).collect()
    };
    let done = of(EARLY).iter().all(|early| early.finished) && c.end_of_window_reached();
    if let (Some(early), Some(state)) = (machine.of.get(EARLY), node.of.get_mut(EARLY)) {
        if !done {
            early.on_merge(state, &of(EARLY), c);
        }
        state.finished = done;
    }
    if let (Some(late), Some(state)) = (machine.of.get(LATE), node.of.get_mut(LATE)) {
        if done {
            late.on_merge(state, &of(LATE), c);
        } else {
            state.finished = false;
            late.clear(state);
        }
    }
}

pub(super) fn should_fire(machine: &Machine, node: &Node, c: &Context<'_>) -> bool {
    let ready = |index: usize| match (machine.of.get(index), node.of.get(index)) {
        (Some(machine), Some(node)) => machine.should_fire(node, c),
        (None, _) | (_, None) => false,
    };
    if is_over(node) { ready(LATE) } else { ready(EARLY) || c.end_of_window_reached() }
}

pub(super) fn on_fire(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    if !is_over(node) {
        on_fire_before_late(machine, node, c);
        return;
    }
    match (machine.of.get(LATE), node.of.get_mut(LATE)) {
        (Some(late), Some(state)) => fire_and_repeat(late, state, c),
        (None, _) | (_, None) => node.finished = true,
    }
}

fn on_fire_before_late(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    let (Some(early), Some(state)) = (machine.of.get(EARLY), node.of.get_mut(EARLY)) else {
        return;
    };
    if !c.end_of_window_reached() {
        fire_and_repeat(early, state, c);
        return;
    }
    if early.should_fire(state, c) {
        early.on_fire(state, c);
    }
    state.finished = true;
    early.clear(state);
    match (machine.of.get(LATE), node.of.get_mut(LATE)) {
        // It ran alongside, where windows merge.
        (Some(late), Some(state)) => late.clear(state),
        (None, _) | (_, None) => node.finished = true,
    }
}

fn fire_and_repeat(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    machine.on_fire(node, c);
    machine.clear(node);
    node.finished = false;
}

fn is_over(node: &Node) -> bool {
    node.of.get(EARLY).is_some_and(|early| early.finished)
}
