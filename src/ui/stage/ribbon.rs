//! The shuffle as ribbons: from a segment on one node's disk to the reduce on another node. They
//! are bundled where they are many: by node and reduce, by pairs of nodes, by pairs of racks.

use super::derive::{self, Hues, NodeWork};
use super::layout::{StageLayout, disk};
use crate::base::{NodeId, PartitionId, RackId, TaskKind};
use crate::charts::scale::area_side;
use crate::charts::shape::{Point, Rect, ribbon};
use crate::trace::event::Volume;
use crate::trace::snapshot::{CellState, Snapshot};
use crate::ui::selection::Selection;
use std::collections::BTreeMap;

/// Segments that are drawn one by one; more are bundled.
const SINGLE_MOST: usize = 72;
/// Bundles that still show what came to rest; of more, only what moves.
const SETTLED_MOST: usize = 160;

/// A ribbon.
#[derive(Clone, Debug, PartialEq)]
pub struct Ribbon {
    /// What it is, to know it again.
    pub key: String,
    /// Where it begins.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
    /// The `d` of its path.
    pub path: String,
    /// Its width.
    pub width: f64,
    /// The class of its colour.
    pub hue: &'static str,
    /// Whether data is on the way along it.
    pub is_moving: bool,
    /// Whether something is to be on its way, but one of its ends is down or cut off.
    pub is_stalled: bool,
    /// Whether it belongs to what is selected.
    pub is_selected: bool,
}

/// Where a bundle begins: a segment, a node's disk or a rack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Segment(u32),
    Node(NodeId),
    Rack(RackId),
}

/// Where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Reduce(PartitionId),
    Node(NodeId),
    Rack(RackId),
}

#[derive(Clone, Copy, Debug, Default)]
struct Bundle {
    volume: Volume,
    is_moving: bool,
    is_stalled: bool,
    is_selected: bool,
}

/// The ribbons at a moment.
pub fn ribbons(
    snapshot: &Snapshot,
    layout: &StageLayout,
    work: &[NodeWork],
    hues: &Hues,
    selection: Option<Selection>,
) -> Vec<Ribbon> {
    let bundles = bundles(snapshot, layout, selection);
    let most = bundles.values().map(|bundle| bundle.volume.bytes).max().unwrap_or(0);
    let shows_settled = bundles.len() <= SETTLED_MOST;
    let ends = Ends { snapshot, layout, work };
    let shown = bundles
        .iter()
        .filter(|(_, b)| b.is_moving || b.is_stalled || b.is_selected || shows_settled);
    shown
        .filter_map(|((source, target), bundle)| {
            let (from, to) = (ends.source(*source, *target)?, ends.target(*target, *source)?);
            Some(Ribbon {
                key: format!("{source:?}-{target:?}"),
                from,
                to,
                path: ribbon(from, to),
                width: 1.5 + 6.5 * area_side(bundle.volume.bytes, most),
                hue: match target {
                    Target::Reduce(part) => hues.class(place(part.0)),
                    Target::Node(_) | Target::Rack(_) => "p-neutral",
                },
                is_moving: bundle.is_moving,
                is_stalled: bundle.is_stalled && !bundle.is_moving,
                is_selected: bundle.is_selected,
            })
        })
        .collect()
}

/// What is on its way or has come, bundled as the picture's detail wants it.
fn bundles(
    snapshot: &Snapshot,
    layout: &StageLayout,
    selection: Option<Selection>,
) -> BTreeMap<(Source, Target), Bundle> {
    let grain = Grain::of(snapshot, layout);
    let routes: Vec<Option<Route>> = routes(snapshot, grain);
    let mut bundles: BTreeMap<(Source, Target), Bundle> = BTreeMap::new();
    for row in &snapshot.shuffle {
        let Some((_, from)) = row.source else { continue };
        let source = match grain {
            Grain::Segments => Source::Segment(row.map.0),
            Grain::NodesToReduces | Grain::Nodes => Source::Node(from),
            Grain::Racks => Source::Rack(rack(snapshot, from)),
        };
        // A row has cells by the dozen and few targets: they are summed before they are looked up.
        let mut sums: Vec<(Target, Bundle)> = Vec::new();
        for ((cell, route), part) in row.cells.iter().zip(&routes).zip(0..) {
            let is_on_its_way = match cell.state {
                CellState::Missing | CellState::Ready => continue,
                CellState::Fetching => true,
                CellState::Fetched => false,
            };
            let Some(Route { to, target }) = *route else { continue };
            let known = sums.iter().position(|(known, _)| *known == target);
            let place = known.unwrap_or(sums.len());
            if known.is_none() {
                sums.push((target, Bundle::default()));
            }
            let bundle = &mut sums[place].1;
            bundle.volume = bundle.volume + cell.volume;
            let can_move = is_on_its_way && snapshot.can_reach(from, to);
            bundle.is_moving |= can_move;
            bundle.is_stalled |= is_on_its_way && !can_move;
            bundle.is_selected |= is_selected(selection, row.map.0, PartitionId(part), from, to);
        }
        for (target, sum) in sums {
            bundles.entry((source, target)).or_default().add(sum);
        }
    }
    bundles
}

/// What is bundled into one ribbon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grain {
    /// Nothing: a ribbon a segment.
    Segments,
    /// What a reduce gets from a node.
    NodesToReduces,
    /// What a node gets from another.
    Nodes,
    /// What a rack gets from another.
    Racks,
}

impl Grain {
    fn of(snapshot: &Snapshot, layout: &StageLayout) -> Grain {
        let (nodes, reduces) = (snapshot.nodes.len(), snapshot.reduces.len());
        match () {
            () if !layout.racks.is_empty() => Grain::Racks,
            () if snapshot.maps.len() * reduces <= SINGLE_MOST => Grain::Segments,
            () if nodes * reduces <= SETTLED_MOST => Grain::NodesToReduces,
            () => Grain::Nodes,
        }
    }
}

/// Where a partition's segments go.
#[derive(Clone, Copy, Debug)]
struct Route {
    to: NodeId,
    target: Target,
}

/// Where the segments of each partition go; nothing until its reduce is given out.
fn routes(snapshot: &Snapshot, grain: Grain) -> Vec<Option<Route>> {
    let route = |part: u32| {
        let to = reducer_node(snapshot, place(part))?;
        let target = match grain {
            Grain::Segments | Grain::NodesToReduces => Target::Reduce(PartitionId(part)),
            Grain::Nodes => Target::Node(to),
            Grain::Racks => Target::Rack(rack(snapshot, to)),
        };
        Some(Route { to, target })
    };
    (0..).take(snapshot.reduces.len()).map(route).collect()
}

impl Bundle {
    fn add(&mut self, other: Bundle) {
        self.volume = self.volume + other.volume;
        self.is_moving |= other.is_moving;
        self.is_stalled |= other.is_stalled;
        self.is_selected |= other.is_selected;
    }
}

fn is_selected(
    selection: Option<Selection>,
    map: u32,
    part: PartitionId,
    from: NodeId,
    to: NodeId,
) -> bool {
    let task = |kind: TaskKind, index: u32| match kind {
        TaskKind::Map => index == map,
        TaskKind::Reduce => index == part.0,
    };
    match selection {
        Some(Selection::Node(node)) => node == from || node == to,
        Some(Selection::Task(id)) => task(id.kind, id.index),
        Some(Selection::Attempt(id)) => task(id.task.kind, id.task.index),
        Some(Selection::Cell { map: m, partition }) => m.0 == map && partition == part,
        Some(Selection::Output(output)) => output == part,
        Some(
            Selection::Rack(_)
            | Selection::Block(_)
            | Selection::Coordinator
            | Selection::Event(_)
            | Selection::Stream(_),
        )
        | None => false,
    }
}

/// The node on which a partition is reduced, or was.
fn reducer_node(snapshot: &Snapshot, reduce: usize) -> Option<NodeId> {
    derive::current(snapshot.reduces.get(reduce)?).map(|attempt| attempt.node)
}

fn rack(snapshot: &Snapshot, node: NodeId) -> RackId {
    snapshot.nodes.get(node.place()).map_or(RackId(0), |node| node.rack)
}

/// Finds the ends of ribbons in the picture.
struct Ends<'a> {
    snapshot: &'a Snapshot,
    layout: &'a StageLayout,
    work: &'a [NodeWork],
}

impl Ends<'_> {
    fn source(&self, source: Source, target: Target) -> Option<Point> {
        match source {
            Source::Segment(map) => self.segment(map, target),
            Source::Node(node) => Some(self.layout.lane(node)?.disk.right_middle()),
            Source::Rack(rack) => {
                let lane = self.layout.racks.iter().find(|lane| lane.rack == rack)?;
                Some(lane.maps.right_middle())
            }
        }
    }

    /// A segment's ribbon leaves at the end of its disk row, in the order of the partitions.
    fn segment(&self, map: u32, target: Target) -> Option<Point> {
        let (_, node) = self.snapshot.shuffle.get(place(map))?.source?;
        let lane = self.layout.lane(node)?;
        let outputs = &self.work.get(node.place())?.outputs;
        let rows = disk(lane.disk, outputs.len());
        let at = outputs.iter().position(|row| row.map.0 == map)?;
        let row = if rows.is_summed { *rows.rows.first()? } else { *rows.rows.get(at)? };
        let parts = self.snapshot.reduces.len();
        let part = match target {
            Target::Reduce(part) => place(part.0),
            Target::Node(_) | Target::Rack(_) => 0,
        };
        Some(spread(row, parts, part))
    }

    fn target(&self, target: Target, source: Source) -> Option<Point> {
        match target {
            Target::Reduce(part) => self.reduce(part, source),
            Target::Node(node) => Some(self.layout.lane(node)?.reduces.frame.left_middle()),
            Target::Rack(rack) => {
                let lane = self.layout.racks.iter().find(|lane| lane.rack == rack)?;
                Some(lane.reduces.left_middle())
            }
        }
    }

    /// A reduce's ribbons arrive at its slot, in the order of the maps; when it is over, at the
    /// place where its node's reduces stand.
    fn reduce(&self, part: PartitionId, source: Source) -> Option<Point> {
        let node = reducer_node(self.snapshot, place(part.0))?;
        let lane = self.layout.lane(node)?;
        let slots = &self.work.get(node.place())?.reduces;
        let is_it = |seat: &Option<_>| {
            seat.as_ref().is_some_and(|a: &std::rc::Rc<crate::trace::snapshot::Attempt>| {
                a.id.task.index == part.0
            })
        };
        let seat = slots.iter().position(is_it);
        let slot = seat.and_then(|seat| lane.reduces.slots.get(seat).copied());
        let frame = slot.unwrap_or(lane.reduces.frame);
        let (count, at) = match source {
            Source::Segment(map) => (self.snapshot.maps.len(), place(map)),
            Source::Node(node) => (self.snapshot.nodes.len(), node.place()),
            Source::Rack(_) => (1, 0),
        };
        let edge = Rect { width: 0.0, ..frame.inset(4.0_f64.min(frame.height / 4.0)) };
        Some(Point { x: frame.x, ..spread(edge, count, at) })
    }
}

/// A point of a rectangle's right side, as one of several spread along it.
fn spread(rect: Rect, count: usize, at: usize) -> Point {
    let share = (at as f64 + 0.5) / count.max(1) as f64;
    Point { x: rect.right(), y: rect.y + rect.height * share.min(1.0) }
}

fn place(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{MapIndex, TaskId};
    use crate::trace::{Timeline, synthetic};
    use crate::ui::stage::layout::{Ask, NodeShape};

    fn layout(snapshot: &Snapshot, nodes_drawn: u16) -> StageLayout {
        let shapes = snapshot.nodes.iter().map(|node| NodeShape {
            id: node.id,
            rack: node.rack,
            map_slots: node.map_slots,
            reduce_slots: node.reduce_slots,
        });
        let mut nodes: Vec<NodeShape> = shapes.collect();
        // More machines without work change the detail of the picture, and nothing else.
        if let Some(first) = nodes.first().copied() {
            let more = u16::try_from(nodes.len()).unwrap()..nodes_drawn;
            nodes.extend(more.map(|place| NodeShape { id: NodeId::nth(place), ..first }));
        }
        StageLayout::new(&Ask {
            width: 1280.0,
            height: 560.0,
            presenter: false,
            nodes,
            blocks: Vec::new(),
            copies: 2,
            maps: snapshot.maps.len(),
            reduces: snapshot.reduces.len(),
            text: None,
            focus: None,
        })
    }

    fn drawn(snapshot: &Snapshot, nodes: u16, selection: Option<Selection>) -> Vec<Ribbon> {
        let hues = Hues::new(snapshot, selection);
        let work = derive::work(snapshot);
        ribbons(snapshot, &layout(snapshot, nodes), &work, &hues, selection)
    }

    #[test]
    fn a_ribbon_is_there_for_each_segment_that_was_fetched_or_is_and_for_no_other() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let mut moving = 0;
        for n in 0..=timeline.len() {
            let snapshot = timeline.seek(n);
            let count = |state| {
                let cells = snapshot.shuffle.iter().flat_map(|row| &row.cells);
                cells.filter(|cell| cell.state == state).count()
            };
            let ribbons = drawn(&snapshot, 0, None);
            let on_the_way = ribbons.iter().filter(|ribbon| ribbon.is_moving).count();
            assert_eq!(on_the_way, count(CellState::Fetching), "after {n}");
            assert_eq!(ribbons.len() - on_the_way, count(CellState::Fetched), "after {n}");
            moving += on_the_way;
        }
        assert!(moving > 0);
    }

    #[test]
    fn a_ribbon_goes_from_its_disk_to_its_reduce() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let snapshot = timeline.seek(u32::MAX);
        let layout = layout(&snapshot, 0);
        let ribbons = drawn(&snapshot, 0, None);
        assert_eq!(ribbons.len(), snapshot.maps.len() * snapshot.reduces.len());
        for ribbon in ribbons {
            let disk = layout.lanes.iter().map(|lane| lane.disk);
            let holds = |lane: Rect| {
                (lane.right() - ribbon.from.x).abs() < 0.01
                    && (lane.y..=lane.bottom()).contains(&ribbon.from.y)
            };
            assert!(disk.into_iter().any(holds), "{ribbon:?}");
            assert!(ribbon.to.x > ribbon.from.x && (1.5..=8.0).contains(&ribbon.width));
        }
    }

    #[test]
    fn many_nodes_are_bundled_by_rack() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let snapshot = timeline.seek(u32::MAX);
        let ribbons = drawn(&snapshot, 50, None);
        assert_eq!(ribbons.len(), 1, "all nodes that work stand in one rack: {ribbons:?}");
    }

    #[test]
    fn what_is_selected_marks_its_own_ribbons_only() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let snapshot = timeline.seek(u32::MAX);
        let marked = |selection| {
            let ribbons = drawn(&snapshot, 0, Some(selection));
            ribbons.iter().filter(|ribbon| ribbon.is_selected).count()
        };
        assert_eq!(marked(Selection::Task(TaskId::map(1))), snapshot.reduces.len());
        assert_eq!(marked(Selection::Task(TaskId::reduce(0))), snapshot.maps.len());
        assert_eq!(marked(Selection::Output(PartitionId(1))), snapshot.maps.len());
        let cell = Selection::Cell { map: MapIndex(2), partition: PartitionId(1) };
        assert_eq!(marked(cell), 1);
        assert_eq!(marked(Selection::Coordinator), 0);
    }
}
