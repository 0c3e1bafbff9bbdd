//! The figures of the book as shapes: where dots, steps, columns and values lie.

use super::*;

const NOON: Millis = 12 * 3_600_000;

/// Minutes and seconds past twelve.
fn at(minutes: Millis, seconds: Millis) -> Millis {
    NOON + (minutes * 60 + seconds) * 1_000
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-6
}

/// Streaming Systems, figure 2-10, right: the heuristic watermark loses the 9.
fn figure_2_10() -> Ask {
    let scores: [(&str, Millis, Millis, Mark); 9] = [
        ("5", at(0, 26), at(5, 19), Mark::Counted),
        ("7", at(2, 26), at(5, 39), Mark::Counted),
        ("3", at(3, 39), at(6, 13), Mark::Counted),
        ("4", at(4, 19), at(6, 39), Mark::Counted),
        ("8", at(3, 6), at(7, 6), Mark::Counted),
        ("3", at(6, 39), at(7, 19), Mark::Counted),
        ("9", at(1, 26), at(8, 19), Mark::Dropped),
        ("8", at(7, 26), at(8, 39), Mark::Counted),
        ("1", at(7, 46), at(9, 0), Mark::Counted),
    ];
    let dot = |(label, event, clock, mark): (&str, Millis, Millis, Mark)| DotData {
        event,
        clock,
        mark,
        label: label.to_owned(),
        is_near: true,
    };
    let windows = [
        (0, at(5, 19), at(6, 0), "5"),
        (2, at(5, 39), at(7, 30), "18"),
        (4, at(6, 39), at(7, 40), "4"),
        (6, at(7, 19), at(9, 22), "12"),
    ];
    let bounds = |minutes| (at(minutes, 0), at(minutes + 2, 0));
    let window = |(minutes, since, fired, _): (Millis, Millis, Millis, &str)| WindowData {
        event: bounds(minutes),
        clock: (since, fired),
        is_merged: false,
    };
    let pane = |(minutes, since, clock, value): (Millis, Millis, Millis, &str)| PaneData {
        event: bounds(minutes),
        clock,
        since,
        value: value.to_owned(),
        takes_back: Vec::new(),
        is_taken_back: false,
        mark: PaneMark::OnTime,
    };
    Ask {
        size: (480.0, 360.0),
        text: 12.0,
        words: (0.0, 0.0),
        event: (at(0, 0), at(8, 0)),
        clock: (at(5, 0), at(10, 0)),
        now: at(10, 0),
        expected: 9,
        dots: scores.into_iter().map(dot).collect(),
        watermark: vec![
            (at(0, 0), at(0, 0)),
            (at(6, 0), at(2, 0)),
            (at(7, 30), at(4, 0)),
            (at(7, 40), at(6, 0)),
            (at(9, 22), at(8, 0)),
            (at(10, 0), Millis::MAX),
        ],
        windows: windows.into_iter().map(window).collect(),
        panes: windows.into_iter().map(pane).collect(),
    }
}

#[test]
fn the_nine_lies_above_the_watermark_that_has_passed_its_window_and_is_dropped() {
    let ask = figure_2_10();
    let picture = picture(&ask);
    let nine = picture.dots[6];
    assert_eq!((nine.mark, ask.dots[nine.index].label.as_str()), (Mark::Dropped, "9"));
    let first = &picture.panes[0];
    assert!(nine.at.y < first.fill.y, "it came after the 5 was said");
    assert!((first.fill.x..first.fill.right()).contains(&nine.at.x), "in the same column");
    // Where the 9 came, the watermark was to the right of the end of its window.
    let later = picture.watermark.iter().rev().find(|point| point.y >= nine.at.y).unwrap();
    assert!(later.x >= first.fill.right());
    let dropped = picture.dots.iter().filter(|dot| dot.mark == Mark::Dropped).count();
    assert_eq!((picture.dots.len(), dropped), (9, 1));
}

#[test]
fn panes_stand_over_their_columns_where_they_fired() {
    let picture = picture(&figure_2_10());
    let area = picture.area;
    let quarter = area.width / 4.0;
    for (place, pane) in picture.panes.iter().enumerate() {
        assert!((pane.fill.x - (area.x + quarter * place as f64)).abs() < 0.01);
        assert!((pane.fill.width - quarter).abs() < 0.01 && pane.is_roomy);
        assert!(area.holds(pane.fill) && pane.label.y < pane.fill.y);
    }
    // 6:00 is a fifth of the way from 5:00 up to 10:00.
    let up = (area.bottom() - picture.panes[0].fill.y) / area.height;
    assert!((up - 0.2).abs() < 1e-9, "{up}");
    assert!(near(picture.now, area.y));
    assert!(picture.lanes.is_empty(), "they lie side by side");
}

#[test]
fn the_watermark_goes_up_and_to_the_right_in_steps() {
    let picture = picture(&figure_2_10());
    for pair in picture.watermark.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        assert!(to.x >= from.x && to.y <= from.y, "it never goes back: {pair:?}");
        assert!(near(to.x, from.x) || near(to.y, from.y), "it moves in no time: {pair:?}");
    }
    let last = picture.watermark.last().unwrap();
    assert!(near(last.x, picture.area.right()) && near(last.y, picture.area.y));
    let (from, to) = picture.ideal.unwrap();
    assert!(near(from.y, picture.area.bottom()) && near(to.x, picture.area.right()));
}

#[test]
fn windows_that_overlap_get_lanes_and_those_that_merged_do_not() {
    let window = |from, to| WindowData { event: (from, to), clock: (0, 9), is_merged: false };
    let ask = Ask {
        size: (400.0, 300.0),
        text: 12.0,
        event: (0, 40),
        clock: (0, 10),
        windows: vec![window(0, 20), window(10, 30), window(20, 40)],
        ..Ask::default()
    };
    let lanes = picture(&ask).lanes;
    assert_eq!(
        (lanes[0].y, lanes[2].y),
        (lanes[0].y, lanes[0].y),
        "the third fits beside the first"
    );
    assert!(lanes[1].y > lanes[0].y && !lanes[1].overlaps(lanes[0]));
    let mut sessions = ask.clone();
    sessions.windows = vec![window(0, 20), window(10, 30), window(0, 30)];
    sessions.windows[0].is_merged = true;
    sessions.windows[1].is_merged = true;
    assert!(picture(&sessions).lanes.is_empty());
}

#[test]
fn too_many_records_are_a_density_and_the_late_stay_in_view() {
    let mut ask = figure_2_10();
    let sample = ask.dots.clone();
    while ask.dots.len() < 9_000 {
        ask.dots.extend(sample.iter().cloned());
    }
    let picture = picture(&ask);
    assert_eq!(picture.dots.len(), MARKED_MOST);
    assert!(picture.dots.iter().all(|dot| dot.mark == Mark::Dropped));
    let drawn: usize = picture.tiles.iter().map(|tile| tile.count).sum();
    assert_eq!(drawn + picture.dots.len() + picture.uncounted, ask.dots.len());
    assert!(picture.tiles.iter().all(|tile| tile.share > 0.0 && tile.share <= 1.0));
}
