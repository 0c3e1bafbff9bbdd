//! Which blocks are read now, and along which lines.

use super::lane::{chip_at, chips_in, is_reading, seat_of};
use super::ribbons::Read;
use crate::base::{BlockId, NodeId};
use crate::charts::shape::Point;
use crate::trace::Snapshot;
use crate::ui::stage::derive::{self, NodeWork};
use crate::ui::stage::layout::{Detail, StageLayout};
use std::rc::Rc;

/// The lines along which maps read their splits now, from the copy that they chose.
pub(super) fn reads(
    snapshot: &Snapshot,
    layout: &StageLayout,
    work: &[NodeWork],
    replicas: &[Rc<[BlockId]>],
) -> Vec<Read> {
    let mut reads = Vec::new();
    for here in work {
        for attempt in here.maps.iter().flatten().filter(|attempt| is_reading(attempt)) {
            let Some(from) = attempt.reads_from else { continue };
            let Some(to) = layout.lane(attempt.node).and_then(|lane| seat_of(lane, here, attempt))
            else {
                continue;
            };
            let split =
                derive::task(snapshot, attempt.id.task).and_then(|task| task.split.as_ref());
            let block = split.and_then(|split| derive::block_at(snapshot, split.offset));
            let Some(start) = copy_place(layout, replicas, from, block.map(|block| block.id))
            else {
                continue;
            };
            // Where the copy and the slot stand side by side, there is nothing to draw between them.
            let is_remote = from != attempt.node;
            if !is_remote && (layout.detail != Detail::Full || to.x - start.x < 20.0) {
                continue;
            }
            reads.push(Read {
                key: format!("read-{}", attempt.id.key()),
                from: start,
                to: Point {
                    x: to.x,
                    y: to.y + to.height * if to.height > 100.0 { 0.58 } else { 0.72 },
                },
                is_remote,
            });
        }
    }
    reads
}

/// Where a copy of a block is drawn on a node.
fn copy_place(
    layout: &StageLayout,
    replicas: &[Rc<[BlockId]>],
    node: NodeId,
    block: Option<BlockId>,
) -> Option<Point> {
    let lane = layout.lane(node)?;
    let identity = &lane.identity;
    let held = replicas.get(node.place())?;
    let place = held.iter().position(|held| Some(*held) == block).unwrap_or(0);
    Some(match identity.chips {
        Some(row) => {
            let chip = chip_at(row, place.min(chips_in(row.width) - 1));
            Point { x: chip.centre().x, y: chip.bottom() }
        }
        None => identity.frame.right_middle(),
    })
}
