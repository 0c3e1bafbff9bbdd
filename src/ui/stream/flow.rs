//! Where the parts of a stream job lie on the stage: partitions as tapes at the left, then a column an
//! operator with a card a subtask, in the direction in which data flows.

use crate::charts::shape::{Point, Rect};
use crate::trace::stream::{JobPlan, OperatorId, OperatorKind, Partition, Subtask};

/// What has to be laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The box, in CSS pixels.
    pub size: (f64, f64),
    /// Whether it must be read from the back row.
    pub presenter: bool,
    /// The job's parts.
    pub columns: Vec<ColumnAsk>,
}

/// An operator that has to be laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnAsk {
    /// Which one.
    pub operator: OperatorId,
    /// What it is, as far as its width goes.
    pub kind: CardKind,
    /// How many subtasks it has.
    pub subtasks: u16,
    /// How many partitions it reads.
    pub partitions: u16,
    /// How far it is from a source: columns of one depth share a place.
    pub depth: usize,
}

/// What a card shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardKind {
    /// A watermark, and its partitions'.
    Source,
    /// Windows that fill.
    Windows,
    /// A watermark.
    Plain,
    /// What came out.
    Sink,
}

/// Where everything lies.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowLayout {
    /// CSS pixels for each unit.
    pub scale: f64,
    /// The whole picture.
    pub frame: Rect,
    /// One a partition.
    pub tapes: Vec<(Partition, Rect)>,
    /// One a subtask.
    pub cards: Vec<Card>,
    /// The name of each operator, above its cards.
    pub heads: Vec<(OperatorId, Rect)>,
}

/// A subtask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Card {
    /// Which one.
    pub id: Subtask,
    /// What it shows.
    pub kind: CardKind,
    /// Where.
    pub rect: Rect,
}

/// The size of ordinary type.
pub const TEXT: f64 = 12.0;
const GAP: f64 = 8.0;
const HEAD: f64 = 20.0;
/// The room in which things travel, at least and at most.
const CHANNEL: (f64, f64) = (30.0, 110.0);
const CARD_MOST: f64 = 168.0;
const TAPE_MOST: f64 = 60.0;

/// What a job's parts ask for.
pub fn columns(plan: &JobPlan) -> Vec<ColumnAsk> {
    let mut depths = vec![0_usize; plan.operators.len()];
    // Each operator stands behind those that it hears.
    for edge in &plan.edges {
        let (from, to) = (usize::from(edge.from.0), usize::from(edge.to.0));
        let depth = depths.get(from).map_or(0, |depth| depth + 1);
        if let Some(known) = depths.get_mut(to) {
            *known = (*known).max(depth);
        }
    }
    let ask = |(operator, depth): (&crate::trace::stream::OperatorPlan, usize)| ColumnAsk {
        operator: operator.id,
        kind: match operator.kind {
            OperatorKind::Source => CardKind::Source,
            OperatorKind::WindowAggregate | OperatorKind::WindowJoin => CardKind::Windows,
            OperatorKind::Sink => CardKind::Sink,
            OperatorKind::Map
            | OperatorKind::Filter
            | OperatorKind::KeyBy
            | OperatorKind::RunningAggregate
            | OperatorKind::Deduplicate
            | OperatorKind::IntervalJoin
            | OperatorKind::Process => CardKind::Plain,
        },
        subtasks: operator.parallelism,
        partitions: operator.partitions,
        depth,
    };
    plan.operators.iter().zip(depths).map(ask).collect()
}

/// The height that the parts would like to have, in CSS pixels.
pub fn wanted_height(ask: &Ask) -> f64 {
    let lanes = lanes(&ask.columns);
    let each = match lanes {
        0..=1 => 118.0,
        2 => 84.0,
        3..=4 => 62.0,
        _ => 40.0,
    };
    (HEAD + GAP * 2.0 + lanes as f64 * (each + GAP)) * scale(ask)
}

/// The most subtasks or partitions that stand in one column.
fn lanes(columns: &[ColumnAsk]) -> usize {
    let of = |count: fn(&ColumnAsk) -> u16, depth: usize| -> usize {
        let here = columns.iter().filter(|column| column.depth == depth);
        here.map(|column| usize::from(count(column))).sum()
    };
    let depths = 0..=columns.iter().map(|column| column.depth).max().unwrap_or(0);
    let most = depths.map(|depth| {
        of(|column| column.subtasks, depth).max(of(|column| column.partitions, depth))
    });
    most.max().unwrap_or(0)
}

/// Presenter mode wants 16 pixels at a width of 1024 and 24 at 1920; elsewhere 12 suffice, and a large
/// box grows the picture with it.
pub fn scale(ask: &Ask) -> f64 {
    match ask.presenter {
        true => (ask.size.0 / 75.9).clamp(16.0, 36.0) / TEXT,
        false => (ask.size.0 / 1_240.0).clamp(1.0, 1.5),
    }
}

impl FlowLayout {
    /// Lays the job out.
    pub fn new(ask: &Ask) -> FlowLayout {
        let scale = scale(ask);
        let frame = Rect::new(0.0, 0.0, ask.size.0 / scale, ask.size.1 / scale);
        let inside = frame.inset(GAP);
        let depths = ask.columns.iter().map(|column| column.depth).max().map_or(0, |most| most + 1);
        let places = places(ask, inside, depths);
        let mut layout =
            FlowLayout { scale, frame, tapes: Vec::new(), cards: Vec::new(), heads: Vec::new() };
        layout.add_tapes(ask, places.first().copied().unwrap_or(inside));
        for (depth, place) in places.iter().skip(1).enumerate() {
            layout.add_column(ask, depth, *place);
        }
        layout
    }

    /// A subtask's card.
    pub fn card(&self, id: Subtask) -> Option<&Card> {
        self.cards.iter().find(|card| card.id == id)
    }

    /// A partition's tape.
    pub fn tape(&self, id: Partition) -> Option<Rect> {
        self.tapes.iter().find(|(found, _)| *found == id).map(|(_, rect)| *rect)
    }

    /// Where what travels from one subtask to another leaves and arrives.
    pub fn channel(&self, from: Subtask, to: Subtask) -> Option<(Point, Point)> {
        let (from, to) = (self.card(from)?.rect, self.card(to)?.rect);
        Some((from.right_middle(), to.left_middle()))
    }

    fn add_tapes(&mut self, ask: &Ask, place: Rect) {
        let (_, body) = place.cut_top(HEAD, 0.0);
        let ids: Vec<Partition> = ask
            .columns
            .iter()
            .flat_map(|column| {
                (0..column.partitions).map(|index| Partition { source: column.operator, index })
            })
            .collect();
        let rows = stacked(body, ids.len(), TAPE_MOST);
        self.tapes = ids.into_iter().zip(rows).collect();
    }

    fn add_column(&mut self, ask: &Ask, depth: usize, place: Rect) {
        let here: Vec<&ColumnAsk> =
            ask.columns.iter().filter(|column| column.depth == depth).collect();
        let all: usize = here.iter().map(|column| usize::from(column.subtasks)).sum();
        let mut rest = place;
        for column in here {
            let share = f64::from(column.subtasks) / all.max(1) as f64;
            let (piece, below) = rest.cut_top(place.height * share, 0.0);
            rest = below;
            let (head, body) = piece.cut_top(HEAD, 0.0);
            self.heads.push((column.operator, head));
            let rows = stacked(body, usize::from(column.subtasks), CARD_MOST);
            let ids =
                (0..column.subtasks).map(|index| Subtask { operator: column.operator, index });
            let card = |(id, rect)| Card { id, kind: column.kind, rect };
            self.cards.extend(ids.zip(rows).map(card));
        }
    }
}

/// The tapes' place, then that of each depth.
fn places(ask: &Ask, inside: Rect, depths: usize) -> Vec<Rect> {
    let share = |depth: usize| {
        let here = ask.columns.iter().filter(|column| column.depth == depth);
        here.map(|column| match column.kind {
            CardKind::Source => 1.35,
            CardKind::Windows => 3.2,
            CardKind::Plain => 1.3,
            CardKind::Sink => 2.0,
        })
        .fold(1.0, f64::max)
    };
    let tapes = 2.0;
    let all: f64 = tapes + (0..depths).map(share).sum::<f64>();
    let gaps = depths as f64;
    let channel = (inside.width * 0.06).clamp(CHANNEL.0, CHANNEL.1);
    let unit = ((inside.width - gaps * channel) / all).max(1.0);
    let mut x = inside.x;
    let mut place = |width: f64| {
        let rect = Rect::new(x, inside.y, width, inside.height);
        x += width + channel;
        rect
    };
    let mut places = vec![place(tapes * unit)];
    places.extend((0..depths).map(|depth| place(share(depth) * unit)));
    places
}

/// Rows of equal height, no higher than this, in the middle of a column.
fn stacked(body: Rect, count: usize, most: f64) -> Vec<Rect> {
    let all = count as f64 * most + count.saturating_sub(1) as f64 * GAP;
    let used = body.height.min(all);
    let middle = Rect { y: body.y + (body.height - used) / 2.0, height: used, ..body };
    let gap = if count > 1 { GAP.min(used / count as f64 * 0.25) } else { 0.0 };
    middle.rows(count, gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(size: (f64, f64), parts: &[(CardKind, u16, u16)]) -> Ask {
        let column = |(depth, (kind, subtasks, partitions)): (usize, &(CardKind, u16, u16))| {
            let operator = OperatorId(u16::try_from(depth).unwrap());
            ColumnAsk { operator, kind: *kind, subtasks: *subtasks, partitions: *partitions, depth }
        };
        let columns = parts.iter().enumerate().map(column).collect();
        Ask { size, presenter: false, columns }
    }

    const FIRST: [(CardKind, u16, u16); 3] =
        [(CardKind::Source, 1, 1), (CardKind::Windows, 1, 0), (CardKind::Sink, 1, 0)];
    const LARGE: [(CardKind, u16, u16); 5] = [
        (CardKind::Source, 4, 8),
        (CardKind::Plain, 8, 0),
        (CardKind::Windows, 8, 0),
        (CardKind::Plain, 8, 0),
        (CardKind::Sink, 8, 0),
    ];

    #[test]
    fn nothing_leaves_the_frame_and_nothing_lies_on_another() {
        for (parts, size) in [
            (&FIRST[..], (1_280.0, 180.0)),
            (&FIRST[..], (820.0, 160.0)),
            (&LARGE[..], (1_280.0, 360.0)),
            (&LARGE[..], (1_920.0, 420.0)),
        ] {
            let layout = FlowLayout::new(&ask(size, parts));
            let tapes = layout.tapes.iter().map(|(_, rect)| *rect);
            let all: Vec<Rect> = tapes.chain(layout.cards.iter().map(|card| card.rect)).collect();
            for (place, rect) in all.iter().enumerate() {
                assert!(layout.frame.holds(*rect), "{rect:?}");
                assert!(rect.height > 14.0 && rect.width > 60.0, "{rect:?}");
                assert!(all[..place].iter().all(|other| !other.overlaps(*rect)), "{rect:?}");
            }
        }
    }

    #[test]
    fn data_flows_from_left_to_right() {
        let layout = FlowLayout::new(&ask((1_280.0, 360.0), &LARGE));
        let subtask = |operator, index| Subtask { operator: OperatorId(operator), index };
        for operator in 0..4 {
            let (from, to) =
                layout.channel(subtask(operator, 0), subtask(operator + 1, 3)).unwrap();
            assert!(to.x - from.x >= CHANNEL.0, "room for what travels");
        }
        assert_eq!(layout.channel(subtask(0, 9), subtask(1, 0)), None);
        assert_eq!(layout.tapes.len(), 8);
    }
}
