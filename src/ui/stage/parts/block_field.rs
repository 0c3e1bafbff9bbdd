//! The blocks of a large file as a field of small cells. Hundreds of them change at once when the
//! playhead jumps, so those of one state are one element, and one button finds out which was pressed.

use super::draw::{block, crossed};
use super::hit::is_press;
use crate::base::BlockId;
use crate::charts::number::count;
use crate::charts::shape::{Point, Rect, add_rect};
use crate::trace::snapshot::TaskState;
use crate::ui::model::follow::Followed;
use crate::ui::selection::Selection;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// A block of the field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct BlockCell {
    /// Which it is.
    pub(super) id: BlockId,
    /// Where it lies.
    pub(super) frame: Rect,
    /// How much of it is read, in percent.
    pub(super) share: u64,
    /// Where its map stands.
    pub(super) state: TaskState,
    /// Whether a copy of it is missing.
    pub(super) is_short: bool,
    /// Whether a line in it makes its map throw.
    pub(super) is_poisoned: bool,
}

/// What the field is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct BlockFieldProps {
    /// Its blocks.
    pub(super) cells: Vec<BlockCell>,
    /// The one that is selected.
    pub(super) selected: Option<BlockId>,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// The field. A press of a key goes from block to block.
#[component]
pub(super) fn BlockField(props: &BlockFieldProps) -> Html {
    let cells = Rc::new(props.cells.clone());
    let Some(room) = room(&cells) else { return html! {} };
    let followed = use_context::<Option<Rc<Followed>>>().flatten();
    let marks = cells.iter().filter(|cell| {
        followed.as_ref().is_some_and(|followed| followed.marks(Selection::Block(cell.id)))
    });
    let onclick = {
        let (cells, on_select) = (cells.clone(), props.on_select.clone());
        move |event: MouseEvent| {
            let pressed = place(&event, room).and_then(|at| nearest(&cells, at));
            if let Some(id) = pressed {
                event.stop_propagation();
                on_select.emit(Selection::Block(id));
            }
        }
    };
    let onkeydown = {
        let next = next(&cells, props.selected);
        let on_select = props.on_select.clone();
        move |event: KeyboardEvent| {
            if let Some(id) = next.filter(|_| is_press(&event)) {
                on_select.emit(Selection::Block(id));
            }
        }
    };
    let selected = cells.iter().find(|cell| Some(cell.id) == props.selected);
    html! {
        <g class="hit block-field">
            <g aria-hidden="true">
                { for STATES.map(|(state, class)| layer(&cells, state, class)) }
                <path class="short-mark" d={paths(&cells, |cell| cell.is_short.then(|| mark(cell.frame)))} />
                { for cells.iter().filter(|cell| cell.is_poisoned).map(|cell| crossed("poison-cross", cell.frame)) }
                { for selected.map(|cell| html! { <g class="block is-selected">{ block("block-piece is-outline", cell.frame) }</g> }) }
                { for marks.map(|cell| block("follow-mark", cell.frame)) }
            </g>
            <g class="hit-button" role="button" tabindex="0" aria-label={said(&cells, props.selected)}
                {onclick} {onkeydown}>
                { block("touch", room) }
            </g>
        </g>
    }
}

/// The states of a block's map, and their looks.
const STATES: [(TaskState, &str); 3] = [
    (TaskState::Pending, "is-pending"),
    (TaskState::Running, "is-running"),
    (TaskState::Done, "is-done"),
];

fn layer(cells: &[BlockCell], state: TaskState, class: &'static str) -> Html {
    let of = |cell: &BlockCell| (cell.state == state).then_some(cell.frame);
    let read = |cell: &BlockCell| {
        let width = cell.frame.width * cell.share.min(100) as f64 / 100.0;
        (cell.state == state && width > 0.0).then_some(Rect { width, ..cell.frame })
    };
    html! {
        <g class={classes!("block", "is-bar", class)}>
            <path class="block-piece" d={paths(cells, of)} />
            <path class="block-read" d={paths(cells, read)} />
        </g>
    }
}

fn paths(cells: &[BlockCell], rect: impl Fn(&BlockCell) -> Option<Rect>) -> String {
    let mut path = String::new();
    cells.iter().filter_map(rect).for_each(|rect| add_rect(&mut path, rect));
    path
}

/// The mark of a block of which a copy is missing.
fn mark(frame: Rect) -> Rect {
    Rect::new(frame.right() - 5.0, frame.y + 1.0, 4.0, 4.0)
}

/// The room of all cells together.
fn room(cells: &[BlockCell]) -> Option<Rect> {
    cells.iter().map(|cell| cell.frame).reduce(|all, frame| {
        let (x, y) = (all.x.min(frame.x), all.y.min(frame.y));
        let (right, bottom) = (all.right().max(frame.right()), all.bottom().max(frame.bottom()));
        Rect::new(x, y, right - x, bottom - y)
    })
}

/// Where in the picture's own lengths a field was pressed.
fn place(event: &MouseEvent, room: Rect) -> Option<Point> {
    let drawn = event.target_dyn_into::<Element>()?.get_bounding_client_rect();
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    Some(Point {
        x: room.x + (x - drawn.x()) / drawn.width().max(1.0) * room.width,
        y: room.y + (y - drawn.y()) / drawn.height().max(1.0) * room.height,
    })
}

/// The block whose middle is nearest: a finger need not hit a cell of a few pixels.
fn nearest(cells: &[BlockCell], at: Point) -> Option<BlockId> {
    let away = |cell: &&BlockCell| {
        let centre = cell.frame.centre();
        (centre.x - at.x).hypot(centre.y - at.y)
    };
    cells.iter().min_by(|one, other| away(one).total_cmp(&away(other))).map(|cell| cell.id)
}

/// The block after the selected one; without one, the first that is read.
fn next(cells: &[BlockCell], selected: Option<BlockId>) -> Option<BlockId> {
    let here = cells.iter().position(|cell| Some(cell.id) == selected);
    let next = match here {
        Some(here) => cells.get((here + 1) % cells.len()),
        None => cells.iter().find(|cell| cell.state == TaskState::Running).or(cells.first()),
    };
    next.map(|cell| cell.id)
}

/// All of it in words.
fn said(cells: &[BlockCell], selected: Option<BlockId>) -> String {
    let of = |state| cells.iter().filter(|cell| cell.state == state).count();
    let short = cells.iter().filter(|cell| cell.is_short).count();
    let mut said = format!(
        "{}: {} wait, {} are being read, {} are read",
        count(cells.len() as u64, "block"),
        of(TaskState::Pending),
        of(TaskState::Running),
        of(TaskState::Done)
    );
    if short > 0 {
        said += &format!("; {short} lack a copy");
    }
    if let Some(id) = selected {
        said += &format!("; block {} is selected", id.0);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(id: u32, x: f64, state: TaskState) -> BlockCell {
        let frame = Rect::new(x, 5.0, 10.0, 10.0);
        BlockCell {
            id: BlockId(id),
            frame,
            share: 50,
            state,
            is_short: id == 1,
            is_poisoned: false,
        }
    }

    fn three() -> Vec<BlockCell> {
        vec![
            cell(0, 0.0, TaskState::Done),
            cell(1, 12.0, TaskState::Running),
            cell(2, 24.0, TaskState::Pending),
        ]
    }

    #[test]
    fn a_press_between_cells_is_for_the_nearest() {
        let press = |x| nearest(&three(), Point { x, y: 9.0 });
        assert_eq!(
            [press(-3.0), press(10.9), press(11.1), press(90.0)],
            [0, 0, 1, 2].map(|id| Some(BlockId(id)))
        );
        assert_eq!(room(&three()), Some(Rect::new(0.0, 5.0, 34.0, 10.0)));
    }

    #[test]
    fn a_key_goes_from_the_first_that_is_read_around_to_the_beginning() {
        let after = |id: Option<u32>| next(&three(), id.map(BlockId)).map(|id| id.0);
        assert_eq!([after(None), after(Some(1)), after(Some(2))], [Some(1), Some(2), Some(0)]);
        assert_eq!(next(&[], None), None);
    }

    #[test]
    fn words_say_what_the_colours_say() {
        let words = said(&three(), Some(BlockId(2)));
        assert_eq!(
            words,
            "3 blocks: 1 wait, 1 are being read, 1 are read; 1 lack a copy; block 2 is selected"
        );
    }
}
