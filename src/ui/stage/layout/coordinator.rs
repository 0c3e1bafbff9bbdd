//! The coordinator's board: for maps and for reduces the tasks that wait, run and are done. Each
//! task keeps its place within a column, so that it moves straight across.

use super::{GAP, LINE};
use crate::base::TaskKind;
use crate::charts::shape::Rect;

/// The height of the board.
pub(super) const HEIGHT: f64 = 88.0;
/// The most that a task's chip is high.
const CHIP: f64 = 20.0;

/// The coordinator's board.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// Its frame.
    pub frame: Rect,
    /// Its title, and what it knows of the job.
    pub title: Rect,
    /// The map tasks.
    pub maps: BoardRow,
    /// The reduce tasks.
    pub reduces: BoardRow,
}

/// The tasks of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardRow {
    /// Its name.
    pub label: Rect,
    /// Waiting, running, done.
    pub columns: [Rect; 3],
    /// How a task is drawn.
    pub style: ChipStyle,
    chip: (f64, f64),
    per_line: usize,
}

/// How a task is drawn on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChipStyle {
    /// With its kind and number.
    Named,
    /// With its number.
    Numbered,
    /// As a dot.
    Dot,
    /// Not by itself: the column is a bar with a count.
    Counted,
}

/// Where a task stands, in the order of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// It waits for a slot.
    Waiting,
    /// An attempt runs.
    Running,
    /// It is done, and the coordinator knows it.
    Done,
}

impl Board {
    pub(super) fn new(frame: Rect, maps: usize, reduces: usize) -> Board {
        let inside = frame.inset(GAP * 0.75);
        let (title, below) = inside.cut_top(LINE, GAP * 0.5);
        let rows = below.rows(2, GAP * 0.5);
        Board {
            frame,
            title,
            maps: BoardRow::new(rows[0], maps, 46.0),
            reduces: BoardRow::new(rows[1], reduces, 70.0),
        }
    }

    /// The row of a kind of task.
    pub fn row(&self, kind: TaskKind) -> &BoardRow {
        match kind {
            TaskKind::Map => &self.maps,
            TaskKind::Reduce => &self.reduces,
        }
    }
}

impl BoardRow {
    fn new(frame: Rect, tasks: usize, named: f64) -> BoardRow {
        let (label, rest) = frame.cut_left(58.0, GAP * 0.5);
        let parts = rest.columns(3, GAP);
        let columns = [parts[0], parts[1], parts[2]];
        let inside = heading(columns[0]);
        let styles = [
            (ChipStyle::Named, named, 1.0),
            (ChipStyle::Numbered, 24.0, 1.0),
            (ChipStyle::Dot, 8.0, 2.0),
        ];
        for (style, width, lines) in styles {
            let per_line = whole(inside.width / (width + 3.0));
            if tasks <= per_line * whole(lines) {
                let chip = (width, (inside.height / lines - (lines - 1.0) * 1.5).min(CHIP));
                return BoardRow { label, columns, style, chip, per_line };
            }
        }
        BoardRow { label, columns, style: ChipStyle::Counted, chip: (0.0, 0.0), per_line: 1 }
    }

    /// The place of a task in a column; the whole inside of the column where tasks are counted.
    pub fn place(&self, column: Column, index: usize) -> Rect {
        let inside = heading(self.columns[column as usize]);
        let (width, height) = self.chip;
        if self.style == ChipStyle::Counted {
            return inside;
        }
        let (line, place) = (index / self.per_line, index % self.per_line);
        let top = if self.style == ChipStyle::Dot { 0.0 } else { (inside.height - height) / 2.0 };
        let y = inside.y + top + line as f64 * (height + 3.0);
        Rect::new(inside.x + place as f64 * (width + 3.0), y, width, height)
    }

    /// Whether tasks are drawn as chips that travel to the slots where they run.
    pub fn has_chips(&self) -> bool {
        matches!(self.style, ChipStyle::Named | ChipStyle::Numbered)
    }

    /// The place of a column's name.
    pub fn heading(&self, column: Column) -> Rect {
        self.columns[column as usize].cut_left(58.0, 0.0).0
    }
}

/// What a column's name leaves for the tasks.
fn heading(column: Rect) -> Rect {
    column.cut_left(60.0, 0.0).1
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
fn whole(number: f64) -> usize {
    number.max(0.0) as usize
}
