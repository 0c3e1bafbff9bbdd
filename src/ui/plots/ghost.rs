//! Another branch of the run as a ghost in the timeline: the outlines of its attempts that differ from
//! those on the screen, and when the two differ at all.

use super::tasks::TaskRows;
use crate::base::Time;
use crate::charts::scale::Scale;
use crate::charts::shape::Rect;
use crate::charts::task_bars::{BarData, Rows};
use crate::trace::event::Phase;
use crate::ui::shared_timeline::SharedTimeline;

/// A branch that can be laid over the one on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    /// Its number among the branches.
    pub number: u32,
    /// Its name and what is different in it.
    pub label: String,
    /// Its events.
    pub timeline: SharedTimeline,
    /// How many of them may be shown.
    pub upto: u32,
}

/// A ghost as it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// Its attempts that the run on the screen has not, or not so.
    pub outlines: Vec<Rect>,
    /// From when to when, in seconds, one of the two does what the other does not.
    pub differ: Vec<(f64, f64)>,
}

/// An attempt's bar, as far as both branches are known, and the row that it is in.
type Placed = (usize, BarData<Phase>);

/// Lays a ghost over rows that are laid out, as far as both are known. An attempt for which there is no row,
/// since a slot is used more often in the ghost, counts as a difference but has no outline.
pub fn drawn(rows: &TaskRows, ghost: &TaskRows, laid: &Rows) -> Drawn {
    let until = rows.until.into_iter().chain(ghost.until).min();
    let until = until.map_or(f64::INFINITY, Time::seconds);
    let (own, other) = (placed(rows, until), placed(ghost, until));
    let is_same = |one: &Placed, two: &Placed| {
        one.1 == two.1 && rows.rows.get(one.0) == ghost.rows.get(two.0)
    };
    let only_other: Vec<&Placed> =
        other.iter().filter(|bar| !own.iter().any(|one| is_same(one, bar))).collect();
    let only_own = own.iter().filter(|bar| !other.iter().any(|two| is_same(bar, two)));
    let spans = only_own.chain(only_other.iter().copied()).map(|(_, bar)| span(bar));
    Drawn { differ: merged(spans.collect()), outlines: outlines(rows, ghost, &only_other, laid) }
}

fn placed(rows: &TaskRows, until: f64) -> Vec<Placed> {
    let all = rows.data.iter().enumerate();
    let bars = all.flat_map(|(place, row)| row.bars.iter().map(move |bar| (place, bar)));
    bars.filter_map(|(place, bar)| Some((place, known(bar, until)?))).collect()
}

/// A bar up to a time; nothing of one that begins later.
fn known(bar: &BarData<Phase>, until: f64) -> Option<BarData<Phase>> {
    let begun = |(start, _): &&(f64, Phase)| *start <= until;
    let pieces: Vec<(f64, Phase)> = bar.pieces.iter().filter(begun).copied().collect();
    (!pieces.is_empty()).then(|| BarData { pieces, end: bar.end.min(until) })
}

fn span(bar: &BarData<Phase>) -> (f64, f64) {
    let start = bar.pieces.first().map_or(bar.end, |(start, _)| *start);
    (start, bar.end.max(start))
}

fn outlines(rows: &TaskRows, ghost: &TaskRows, bars: &[&Placed], laid: &Rows) -> Vec<Rect> {
    let row_of = |place: usize| {
        let slot = ghost.rows.get(place)?;
        let nth = ghost.rows[..place].iter().filter(|other| *other == slot).count();
        let mut same = rows.rows.iter().enumerate().filter(|(_, other)| *other == slot);
        let (place, _) = same.nth(nth)?;
        laid.rows.get(place).copied()
    };
    let outline = |(place, bar): &&Placed| {
        let row = row_of(*place)?;
        let (start, end) = span(bar);
        Some(outline(row, laid.scale, start, end))
    };
    bars.iter().filter_map(outline).collect()
}

fn outline(row: Rect, scale: Scale, start: f64, end: f64) -> Rect {
    let (left, right) = (scale.at(start), scale.at(end));
    Rect { x: left, width: (right - left).max(1.0), y: row.y + 1.0, height: row.height - 2.0 }
}

/// Spans of time as few as they can be, in order.
fn merged(mut spans: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    spans.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for (start, end) in spans {
        match merged.last_mut().filter(|last| start <= last.1) {
            Some(last) => last.1 = last.1.max(end),
            None => merged.push((start, end)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::task_bars::rows as laid_out;
    use crate::trace::{Timeline, synthetic};
    use crate::ui::plots::tasks::task_rows;

    fn seen(events: Vec<crate::trace::Event>) -> TaskRows {
        let mut timeline = Timeline::new();
        timeline.append(events).unwrap();
        task_rows(&timeline.seek(u32::MAX))
    }

    #[test]
    fn a_run_has_no_ghost_of_itself() {
        let rows = seen(synthetic::run(&synthetic::small()));
        let laid = laid_out(&rows.data, 400.0, 10.0, 60.0);
        assert_eq!(drawn(&rows, &rows.clone(), &laid), Drawn::default());
    }

    #[test]
    fn what_only_one_of_two_did_is_a_difference_and_the_others_bars_are_outlines() {
        let all = seen(synthetic::run(&synthetic::small()));
        let mut fewer = all.clone();
        let row = fewer.data.iter().position(|row| !row.bars.is_empty()).unwrap();
        let gone = fewer.data[row].bars.remove(0);
        let laid = laid_out(&fewer.data, 400.0, 10.0, 60.0);
        let over = drawn(&fewer, &all, &laid);
        assert_eq!(over.differ, [span(&gone)]);
        assert_eq!(over.outlines.len(), 1);
        assert!(laid.rows[row].holds(over.outlines[0]), "{over:?}");
        let under = drawn(&all, &fewer, &laid);
        assert_eq!((under.differ, under.outlines), (over.differ, Vec::new()));
    }

    /// What one branch has come to is no difference to what the other has not yet.
    #[test]
    fn a_run_that_is_known_further_is_no_other_run() {
        let events = synthetic::run(&synthetic::small());
        let whole = seen(events.clone());
        for known in [events.len() / 3, events.len() / 2, events.len() - 1] {
            let begun = seen(events[..known].to_vec());
            let laid = laid_out(&begun.data, 400.0, 10.0, 60.0);
            assert_eq!(drawn(&begun, &whole, &laid), Drawn::default(), "{known} events");
        }
    }

    #[test]
    fn spans_that_touch_are_one() {
        let spans = vec![(5.0, 6.0), (1.0, 2.0), (2.0, 3.0), (1.5, 1.6)];
        assert_eq!(merged(spans), [(1.0, 3.0), (5.0, 6.0)]);
    }
}
