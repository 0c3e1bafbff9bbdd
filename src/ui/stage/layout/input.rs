//! The input file. A small one is shown as it is: its lines, wrapped where they are too long, with
//! a flag at the very byte where a block begins, above the line or, where height is scarce, in it.
//! A large one is a bar or a cell for each block.

use super::{Arrangement, Ask, LETTER, LINE};
use crate::charts::shape::Rect;

/// The input file.
#[derive(Clone, Debug, PartialEq)]
pub struct InputLayout {
    /// The panel.
    pub frame: Rect,
    /// Its title.
    pub title: Rect,
    /// Whether the text itself is there, all of it.
    pub is_whole: bool,
    /// The rows of the text.
    pub rows: Vec<TextRow>,
    /// Each block.
    pub blocks: Vec<BlockCard>,
}

/// A row of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct TextRow {
    /// Where it lies.
    pub frame: Rect,
    /// What stands there, without the line end.
    pub text: String,
    /// The same in pieces between the flags that stand in the row, each with its left side.
    pub runs: Vec<(f64, String)>,
    /// The file's bytes that it shows, its line end included.
    pub bytes: (u64, u64),
    /// Whether a line of the file ends with it.
    pub ends_line: bool,
    /// The blocks that begin in it.
    cuts: Vec<u64>,
    /// The width of a flag that stands in the row, not above it.
    flag: f64,
}

/// Where flags stand.
#[derive(Clone, Copy, PartialEq)]
enum Flags {
    Above,
    Inline,
}

/// A block of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockCard {
    /// Where its bytes lie, row by row; one piece where the text is not shown.
    pub pieces: Vec<Rect>,
    /// The flag at its first byte, or the room for its name; nothing where there is none.
    pub flag: Option<Rect>,
    /// Where its first byte stands: the upper end of the cut, with the height of flag and row.
    pub cut: Rect,
}

const TITLE: f64 = 20.0;
const FLAG: f64 = 19.0;
const FLAG_NARROW: f64 = 22.0;
const FLAG_WORDS: f64 = 46.0;
const FLAG_COPY: f64 = 17.0;
/// The most that rows of text stand apart.
const LINE_MOST: f64 = 20.0;
/// Space on both sides of the text.
const MARGIN: f64 = 6.0;

impl InputLayout {
    pub(super) fn new(ask: &Ask, frame: Rect, arrangement: Arrangement) -> InputLayout {
        let (title, body) = frame.cut_top(TITLE, 0.0);
        if let Some(text) = ask.text.as_deref().filter(|text| !text.is_empty()) {
            for flags in [Flags::Above, Flags::Inline] {
                let (rows, _, height) = flow(text, ask, body, (flags, LINE));
                if height <= body.height + 0.5 {
                    let spare = (body.height - height) / rows.len().max(1) as f64;
                    let line = (LINE + spare).min(LINE_MOST);
                    let (rows, blocks, _) = flow(text, ask, body, (flags, line));
                    return InputLayout { frame, title, is_whole: true, rows, blocks };
                }
            }
        }
        let blocks = match arrangement {
            Arrangement::Columns => bars(body, ask.blocks.len()),
            Arrangement::Strip | Arrangement::Stacked => cells(body, ask.blocks.len()),
        };
        InputLayout { frame, title, is_whole: false, rows: Vec::new(), blocks }
    }

    /// Where a byte of the file stands, with the height of its row; nothing where no text is shown.
    pub fn at(&self, byte: u64) -> Option<Rect> {
        let last = self.rows.len().checked_sub(1)?;
        let is_here = |row: &&TextRow| byte < row.bytes.1;
        let row = self.rows.iter().find(is_here).unwrap_or(&self.rows[last]);
        Some(Rect::new(x_of(row, byte), row.frame.y, 0.0, row.frame.height))
    }
}

/// How high a strip of the input wants to be, with flags above the lines if that is not too much.
pub(super) fn strip_height(ask: &Ask, width: f64, most: f64) -> f64 {
    let body = Rect::new(0.0, 0.0, width, f64::MAX);
    let Some(text) = ask.text.as_deref().filter(|text| text.len() < 2_000) else {
        return TITLE + 44.0;
    };
    let height = |flags| TITLE + flow(text, ask, body, (flags, LINE)).2;
    Some(height(Flags::Above)).filter(|h| *h <= most).unwrap_or_else(|| height(Flags::Inline))
}

/// The bytes from one place to another as pieces of rows, to be marked as read.
pub fn read_marks(layout: &InputLayout, from: u64, to: u64) -> Vec<Rect> {
    let mut marks = Vec::new();
    for row in &layout.rows {
        let (from, to) = (from.max(row.bytes.0), to.min(row.bytes.1));
        if from < to {
            marks.push(piece(row, from, to));
        }
    }
    marks
}

/// The bytes from one place to another of a row, without the flag that stands at the end.
fn piece(row: &TextRow, from: u64, to: u64) -> Rect {
    let left = x_of(row, from);
    let flag = if row.cuts.contains(&to) { row.flag } else { 0.0 };
    Rect::new(left, row.frame.y, x_of(row, to) - flag - left, row.frame.height)
}

/// The left side of a byte in a row, behind its flag. Bytes within a letter stand where it begins.
fn x_of(row: &TextRow, byte: u64) -> f64 {
    let inside = byte.saturating_sub(row.bytes.0);
    let before = row.text.char_indices().filter(|(at, _)| (*at as u64) < inside).count();
    // The line end has a letter's width of its own.
    let line_end = usize::from(row.ends_line && inside > row.text.len() as u64);
    let flags = row.cuts.iter().filter(|cut| **cut <= byte).count();
    row.frame.x + (before + line_end) as f64 * LETTER + flags as f64 * row.flag
}

/// Lays the text out in rows, with room for the flags; says how high that is.
fn flow(
    text: &str,
    ask: &Ask,
    body: Rect,
    (flags, line): (Flags, f64),
) -> (Vec<TextRow>, Vec<BlockCard>, f64) {
    let blocks = &ask.blocks;
    let body = Rect { x: body.x + MARGIN, width: body.width - 2.0 * MARGIN, ..body };
    let (above, inline) = match flags {
        Flags::Above => (FLAG, 0.0),
        Flags::Inline => (0.0, FLAG_NARROW),
    };
    let mut rows = wrapped(text, body, inline);
    let mut y = body.y;
    for row in &mut rows {
        row.cuts = blocks.iter().map(|block| block.0).filter(|cut| starts_in(row, *cut)).collect();
        row.flag = inline;
        row.runs = runs(row);
        y += if row.cuts.is_empty() { 0.0 } else { above };
        row.frame = Rect { y, height: line, ..row.frame };
        y += line;
    }
    let copies = ask.copies as f64 * FLAG_COPY;
    let cards_with = |width: f64| -> Vec<(BlockCard, bool)> {
        let card = |(place, block): (usize, &(u64, u64))| {
            let next = blocks.get(place + 1).map(|next| next.0);
            block_card(&rows, *block, next, (body, width))
        };
        blocks.iter().enumerate().filter_map(card).collect()
    };
    // All flags say as much as the one with the least room can.
    let widths = [FLAG_NARROW + FLAG_WORDS + copies, FLAG_NARROW + copies, FLAG_NARROW];
    let all = widths.map(cards_with);
    let fitting = all.iter().find(|cards| cards.iter().all(|(_, fits)| *fits));
    let cards = fitting.unwrap_or(&all[2]).iter().map(|(card, _)| card.clone()).collect();
    (rows, cards, y - body.y + 2.0)
}

/// The pieces of a row's text between its cuts.
fn runs(row: &TextRow) -> Vec<(f64, String)> {
    let mut runs: Vec<(f64, String)> = Vec::new();
    for (at, letter) in row.text.char_indices() {
        let byte = row.bytes.0 + at as u64;
        let end = byte + letter.len_utf8() as u64;
        // A letter that a cut goes through stands before the cut, where its first byte is.
        let is_cut =
            row.cuts.iter().any(|cut| *cut == byte || (at > 0 && byte < *cut && *cut < end));
        match runs.last_mut() {
            Some((_, run)) if !is_cut => run.push(letter),
            Some(_) | None => runs.push((x_of(row, byte), letter.to_string())),
        }
    }
    runs
}

fn starts_in(row: &TextRow, offset: u64) -> bool {
    (row.bytes.0..row.bytes.1).contains(&offset)
}

/// A block's pieces, and its flag of a width; says whether that fits before what comes next.
fn block_card(
    rows: &[TextRow],
    (offset, length): (u64, u64),
    next: Option<u64>,
    (body, width): (Rect, f64),
) -> Option<(BlockCard, bool)> {
    let row = rows.iter().find(|row| starts_in(row, offset)).or(rows.last())?;
    let x = x_of(row, offset);
    let next = next.filter(|next| starts_in(row, *next));
    let end = next.map_or(body.right() + MARGIN, |next| x_of(row, next));
    let (flag, cut, fits) = if row.flag > 0.0 {
        let flag = Rect::new(x - row.flag, row.frame.y, row.flag - 2.0, row.frame.height.min(18.0));
        (Some(flag), Rect { width: 0.0, ..flag }, width <= FLAG_NARROW)
    } else {
        let top = row.frame.y - FLAG;
        let fits = end - x >= width;
        // At the end of a row, the last resort is to fly to the left.
        let left = if fits { x } else { x - width };
        let has_room = fits || (width <= FLAG_NARROW && left >= body.x);
        let flag = has_room.then(|| Rect::new(left, top, width, FLAG - 2.0));
        (flag, Rect::new(x, top, 0.0, FLAG + row.frame.height), fits)
    };
    let pieces = rows.iter().filter_map(|row| {
        let (from, to) = (offset.max(row.bytes.0), (offset + length).min(row.bytes.1));
        (from < to).then(|| piece(row, from, to))
    });
    Some((BlockCard { pieces: pieces.collect(), flag, cut }, fits))
}

/// Breaks lines where words do; a word longer than a row is broken in itself.
fn wrapped(text: &str, body: Rect, flag: f64) -> Vec<TextRow> {
    // Room for one flag in a row; more flags in one row leave the row longer than the rest.
    let columns = columns_in(body.width - flag);
    let mut rows = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end_matches(['\n', '\r']);
        let mut start = 0;
        loop {
            let end = break_after(shown, start, columns);
            let ends_line = end >= shown.len();
            let last = if ends_line { line.len() } else { end };
            rows.push(TextRow {
                frame: Rect::new(body.x, 0.0, body.width, LINE),
                text: shown[start..end].to_owned(),
                bytes: ((offset + start) as u64, (offset + last) as u64),
                ends_line: ends_line && shown.len() < line.len(),
                runs: Vec::new(),
                cuts: Vec::new(),
                flag: 0.0,
            });
            if ends_line {
                break;
            }
            start = end;
        }
        offset += line.len();
    }
    rows
}

/// Where a row that begins at `start` ends: after a space, or where the row is full.
fn break_after(line: &str, start: usize, columns: usize) -> usize {
    let rest = &line[start..];
    let Some((full, _)) = rest.char_indices().nth(columns) else { return line.len() };
    let space = rest[..full].rfind(' ').map(|space| space + 1).filter(|end| *end * 2 > full);
    start + space.unwrap_or(full)
}

/// A bar for each block, one under the other; cells where bars would be too thin.
fn bars(body: Rect, blocks: usize) -> Vec<BlockCard> {
    let gap = 3.0;
    let height = (body.height - gap * blocks as f64) / blocks.max(1) as f64;
    if height < 20.0 {
        return cells(body, blocks);
    }
    let used = Rect { height: (height.min(44.0) + gap) * blocks as f64 - gap, ..body };
    used.rows(blocks, gap).into_iter().map(|bar| card(bar, Some(bar.inset(3.0)))).collect()
}

/// A cell for each block, in reading order, as large as fit.
fn cells(body: Rect, blocks: usize) -> Vec<BlockCard> {
    let mut side: f64 = 26.0;
    while side > 2.0 && fitting(body.width, side) * fitting(body.height, side) < blocks {
        side -= 0.5;
    }
    let across = fitting(body.width, side).max(1);
    let gap = if side > 6.0 { 2.0 } else { 0.5 };
    let at = |place: usize| {
        let (row, column) = (place / across, place % across);
        let x = body.x + column as f64 * side;
        Rect::new(x, body.y + row as f64 * side, side - gap, side - gap)
    };
    let flag = |cell: Rect| (side >= 20.0).then_some(cell);
    (0..blocks).map(|place| card(at(place), flag(at(place)))).collect()
}

fn card(piece: Rect, flag: Option<Rect>) -> BlockCard {
    BlockCard { pieces: vec![piece], flag, cut: Rect { width: 0.0, ..piece } }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
fn fitting(length: f64, side: f64) -> usize {
    (length / side).floor().max(0.0) as usize
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
fn columns_in(width: f64) -> usize {
    // A letter's width stays free for the mark of a line's end.
    ((width / LETTER).floor().clamp(9.0, 400.0) as usize) - 1
}
