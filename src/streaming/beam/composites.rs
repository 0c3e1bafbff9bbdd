//! The triggers made of triggers: `Repeatedly`, `AfterFirst`, `AfterAll`, `AfterEach`, `OrFinally`.

use super::machine::{Context, Machine, Node};

/// Each of them sees the element.
pub(super) fn all_on_element(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    for (machine, node) in machine.of.iter().zip(&mut node.of) {
        machine.on_element(node, c);
    }
}

/// Each that hasn't finished sees the element: `AfterAllStateMachine`.
pub(super) fn unfinished_on_element(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    for (machine, node) in machine.of.iter().zip(&mut node.of) {
        if !node.finished {
            machine.on_element(node, c);
        }
    }
}

/// Only the one in force sees the element, or all where windows merge and may bring one back into force.
pub(super) fn each_on_element(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
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

/// Each of them merges.
pub(super) fn merge_all(machine: &Machine, node: &mut Node, merged: &[&Node], c: &mut Context<'_>) {
    for (index, (machine, node)) in machine.of.iter().zip(&mut node.of).enumerate() {
        machine.on_merge(node, &parts(merged, index), c);
    }
}

/// Those up to the first that hasn't finished merge; those after it have not started.
pub(super) fn each_on_merge(
    machine: &Machine,
    node: &mut Node,
    merged: &[&Node],
    c: &mut Context<'_>,
) {
    let mut prior_finished = true;
    for (index, (machine, node)) in machine.of.iter().zip(&mut node.of).enumerate() {
        if prior_finished {
            machine.on_merge(node, &parts(merged, index), c);
            prior_finished = node.finished;
        } else {
            machine.clear(node);
        }
    }
    finish_when_all_have(node);
}

/// A repeated trigger that finishes starts anew.
pub(super) fn repeat(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    for (machine, node) in machine.of.iter().zip(&mut node.of) {
        machine.on_fire(node, c);
        if node.finished {
            *node = machine.fresh();
        }
    }
}

/// Those that are ready fire; what the others were counting is gone with the pane.
pub(super) fn first_on_fire(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    for (machine, node) in machine.of.iter().zip(&mut node.of) {
        if machine.should_fire(node, c) {
            machine.on_fire(node, c);
        } else {
            machine.clear(node);
        }
    }
    node.finished = true;
}

pub(super) fn all_on_fire(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    for (machine, node) in machine.of.iter().zip(&mut node.of) {
        machine.on_fire(node, c);
    }
    node.finished = true;
}

pub(super) fn each_on_fire(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    let in_force = machine.of.iter().zip(&mut node.of).find(|(_, node)| !node.finished);
    if let Some((machine, node)) = in_force {
        machine.on_fire(node, c);
    }
    if c.merging {
        for (machine, node) in machine.of.iter().zip(&mut node.of) {
            machine.clear(node);
        }
    }
    finish_when_all_have(node);
}

/// `until` ends both; until then it counts across firings.
pub(super) fn or_finally_on_fire(machine: &Machine, node: &mut Node, c: &mut Context<'_>) {
    let ([main, until], [main_node, until_node]) = (&machine.of[..], &mut node.of[..]) else {
        return;
    };
    if until.should_fire(until_node, c) {
        until.on_fire(until_node, c);
        main.clear(main_node);
    } else {
        main.on_fire(main_node, c);
    }
    node.finished = node.of.iter().any(|node| node.finished);
}

fn finish_when_all_have(node: &mut Node) {
    node.finished = node.of.iter().all(|node| node.finished);
}

fn parts<'a>(merged: &[&'a Node], index: usize) -> Vec<&'a Node> {
    merged.iter().filter_map(|node| node.of.get(index)).collect()
}
