//! Which sessions become one: Beam's `MergeOverlappingIntervalWindows`.

use crate::streaming::Window;

/// Groups of windows that overlap, and what they become. A window that overlaps none is in no group.
pub(super) fn groups(windows: impl Iterator<Item = Window>) -> Vec<(Vec<Window>, Window)> {
    let mut sorted: Vec<Window> = windows.collect();
    sorted.sort_by_key(|window| (window.start, window.end));
    sorted.dedup();
    let mut groups: Vec<(Vec<Window>, Window)> = Vec::new();
    for window in sorted {
        match groups.last_mut() {
            Some((group, cover)) if cover.overlaps(window) => {
                group.push(window);
                *cover = cover.cover(window);
            }
            Some(_) | None => groups.push((vec![window], window)),
        }
    }
    groups.retain(|(group, _)| group.len() > 1);
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_exactly_a_gap_apart_stay_apart() {
        let sessions = [0, 5_000, 10_001, 15_000].map(|at| Window::session(at, 5_000));
        let merged = groups(sessions.into_iter());
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].1, Window { start: 10_001, end: 20_000 });
    }
}
