//! Truth and belief side by side: what runs on a node, and what the coordinator thinks of it.

use crate::base::{TaskKind, Time};
use crate::trace::snapshot::Node;
use crate::ui::selection::Selection;
use crate::ui::shell::Term;
use std::rc::Rc;
use yew::prelude::*;

/// What the table is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct BeliefsProps {
    /// The nodes that it tells of.
    pub(super) nodes: Vec<Rc<Node>>,
    /// The time at the playhead.
    pub(super) now: Time,
    /// Hears what is pressed.
    pub(super) on_select: Callback<Selection>,
}

/// Slots that are free in truth and in belief.
#[component]
pub(super) fn Beliefs(props: &BeliefsProps) -> Html {
    html! {
        <table class="beliefs">
            <caption class="unseen">{ "What is so, and what the coordinator believes" }</caption>
            <thead>
                <tr>
                    <th scope="col"><Term word="node" /></th>
                    <th scope="col">{ "is free" }</th>
                    <th scope="col"><Term word="belief">{ "believed free" }</Term></th>
                    <th scope="col">{ "heard" }</th>
                </tr>
            </thead>
            <tbody>{ for props.nodes.iter().map(|node| row(props, node)) }</tbody>
        </table>
    }
}

fn row(props: &BeliefsProps, node: &Rc<Node>) -> Html {
    let running = |kind: TaskKind| node.running.iter().filter(|id| id.task.kind == kind).count();
    let free = |slots: u32, kind| usize::try_from(slots).unwrap_or(0).saturating_sub(running(kind));
    let is = (free(node.map_slots, TaskKind::Map), free(node.reduce_slots, TaskKind::Reduce));
    let belief = &node.belief;
    let believed = belief.heard_at.map(|_| (belief.free_map_slots, belief.free_reduce_slots));
    let heard = belief
        .heard_at
        .map_or_else(|| "not yet".to_owned(), |at| format!("{} ago", props.now.since(at)));
    let said = believed.map_or_else(|| "–".to_owned(), |(m, r)| format!("{m} map, {r} reduce"));
    let said = match (belief.lost, belief.barred) {
        (Some(_), _) => "lost".to_owned(),
        (None, Some(barred)) if !barred.ignored => format!("{said}, barred"),
        (None, Some(_) | None) => said,
    };
    let is_so = match node.is_up() {
        true => format!("{} map, {} reduce", is.0, is.1),
        false => "down".to_owned(),
    };
    let counts_differ = believed
        .is_some_and(|(m, r)| (usize::try_from(m), usize::try_from(r)) != (Ok(is.0), Ok(is.1)));
    let differs = match (node.is_up(), belief.lost) {
        (false, Some(_)) => false,
        (false, None) | (true, Some(_)) => believed.is_some(),
        (true, None) => counts_differ,
    };
    let id = node.id;
    let onclick = props.on_select.reform(move |_: MouseEvent| Selection::Node(id));
    html! {
        <tr class={differs.then_some("differs")}>
            <th scope="row"><button type="button" class="way" {onclick}>{ id.0 }</button></th>
            <td>{ is_so }</td>
            <td class="believed">
                { said }
                if differs { <span class="unseen">{ " (differs)" }</span> }
            </td>
            <td class="believed">{ heard }</td>
        </tr>
    }
}
