//! The open windows of a subtask as buckets that fill: where they stand in its card, and what is
//! written on them.

use super::thing::{Thing, WindowName};
use super::wording;
use crate::charts::shape::Rect;
use crate::trace::snapshot::stream::{OpenWindow, SubtaskState};
use crate::trace::stream::TimeDomain;

/// A window with state.
#[derive(Clone, Debug, PartialEq)]
pub struct Bucket {
    /// Which window.
    pub thing: Thing,
    /// Where it stands.
    pub rect: Rect,
    /// Its bounds.
    pub bounds: String,
    /// Its key.
    pub key: String,
    /// The values in it, and whether a pane has had each.
    pub values: Vec<(String, bool)>,
    /// Elements in it.
    pub elements: usize,
    /// How full it is, compared with the fullest: from 0 to 1.
    pub level: f64,
    /// When its next timer is due, if one is set.
    pub timer: Option<String>,
}

/// The least width and height of a bucket, and the gap between two.
const WIDTH: f64 = 66.0;
const WIDTH_MOST: f64 = 150.0;
const HEIGHT: f64 = 30.0;
const GAP: f64 = 6.0;
/// The most values that are written on a bucket.
const VALUES_MOST: usize = 16;

/// The buckets of a subtask, by the ends of their windows, and how many have no room.
pub fn buckets(subtask: &SubtaskState, area: Rect) -> (Vec<Bucket>, usize) {
    let mut open: Vec<&OpenWindow> = subtask.windows.values().map(|open| &**open).collect();
    open.sort_by(|one, other| (one.window, &one.key).cmp(&(other.window, &other.key)));
    let rects = grid(area, open.len());
    let hidden = open.len().saturating_sub(rects.len());
    let fullest = open.iter().map(|open| open.elements.len()).max().unwrap_or(0).max(3) as f64;
    let bucket = |(open, rect): (&OpenWindow, Rect)| Bucket {
        thing: Thing::Window(WindowName::new(subtask.id, &open.key, open.window)),
        rect,
        bounds: wording::window(open.window),
        key: open.key.clone(),
        values: values(open),
        elements: open.elements.len(),
        level: open.elements.len() as f64 / fullest,
        timer: timer(subtask, open),
    };
    (open.into_iter().zip(rects).map(bucket).collect(), hidden)
}

fn values(open: &OpenWindow) -> Vec<(String, bool)> {
    let held = open.elements.iter().take(VALUES_MOST);
    held.map(|held| (held.value.to_string(), held.fate != crate::trace::stream::Fate::Pending))
        .collect()
}

fn timer(subtask: &SubtaskState, open: &OpenWindow) -> Option<String> {
    let timers = subtask.timers.iter();
    let its = timers.filter(|of| of.window == Some(open.window) && of.key == open.key);
    let next = its.min_by_key(|timer| (timer.domain == TimeDomain::Event, timer.time))?;
    let whose = match next.domain {
        TimeDomain::Event => "timer",
        TimeDomain::Processing => "clock timer",
    };
    Some(format!("{whose} {}", wording::short_clock(next.time)))
}

/// As many places as there is room for, at most so many.
fn grid(area: Rect, count: usize) -> Vec<Rect> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small room")]
    let fits = |length: f64, least: f64| ((length + GAP) / (least + GAP)).max(0.0) as usize;
    let columns_most = fits(area.width, WIDTH);
    let rows_most = fits(area.height, HEIGHT);
    if count == 0 || columns_most * rows_most == 0 {
        return Vec::new();
    }
    let rows = count.div_ceil(columns_most).min(rows_most);
    let columns = count.div_ceil(rows).min(columns_most);
    let width = ((area.width + GAP) / columns as f64 - GAP).min(WIDTH_MOST);
    let used = Rect { width: (width + GAP) * columns as f64 - GAP, ..area };
    let rows = used.rows(rows, GAP);
    rows.into_iter().flat_map(|row| row.columns(columns, GAP)).take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Timeline;
    use crate::ui::stream::sample::{SUMS, nine_scores};

    #[test]
    fn a_bucket_holds_what_its_window_holds() {
        let mut timeline = Timeline::new();
        timeline.append(nine_scores()).unwrap();
        // After the first two scores, each in a window of its own; one has a timer.
        let snapshot = timeline.seek(11);
        let subtask = snapshot.stream.as_deref().unwrap().subtask(SUMS).unwrap();
        let area = Rect::new(0.0, 0.0, 300.0, 90.0);
        let (buckets, hidden) = buckets(subtask, area);
        let told: Vec<(&str, usize)> =
            buckets.iter().map(|bucket| (bucket.bounds.as_str(), bucket.elements)).collect();
        assert_eq!((told, hidden), (vec![("12:00–12:02", 1), ("12:02–12:04", 1)], 0));
        assert_eq!(buckets[0].timer.as_deref(), Some("timer 12:01:59.999"));
        assert_eq!(buckets[0].values, [("5".to_owned(), false)]);
    }

    #[test]
    fn buckets_stay_inside_and_apart_and_the_rest_are_counted() {
        for (width, height, count) in [(300.0, 90.0, 1), (300.0, 90.0, 9), (80.0, 34.0, 40)] {
            let area = Rect::new(5.0, 5.0, width, height);
            let places = grid(area, count);
            assert!(!places.is_empty() && places.len() <= count);
            for (place, rect) in places.iter().enumerate() {
                assert!(area.holds(*rect), "{rect:?}");
                assert!(places[..place].iter().all(|other| !other.overlaps(*rect)));
            }
        }
        assert!(grid(Rect::new(0.0, 0.0, 20.0, 5.0), 3).is_empty());
    }
}
