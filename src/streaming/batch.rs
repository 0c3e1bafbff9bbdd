//! The batch oracle: what each window holds when nothing is late and all has arrived.

use super::assigner::Assigner;
use super::{Millis, Window};
use std::collections::BTreeMap;

/// By which rule sessions merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touching {
    /// Exactly the gap apart is one session: Flink, Spark.
    Merges,
    /// Exactly the gap apart is two: Beam.
    StaysApart,
}

/// The elements of each window, in the order of their event times and then as they are given.
pub fn windows<V: Clone>(
    assigner: Assigner,
    touching: Touching,
    elements: &[(Millis, V)],
) -> BTreeMap<Window, Vec<V>> {
    let mut sorted: Vec<&(Millis, V)> = elements.iter().collect();
    sorted.sort_by_key(|(at, _)| *at);
    match assigner {
        Assigner::Session { gap_ms } => sessions(gap_ms, touching, &sorted),
        Assigner::Tumbling { .. } | Assigner::Sliding { .. } | Assigner::Global => {
            let mut windows: BTreeMap<Window, Vec<V>> = BTreeMap::new();
            for (at, value) in sorted {
                for window in assigner.assign(*at) {
                    windows.entry(window).or_default().push(value.clone());
                }
            }
            windows
        }
    }
}

/// One pass over the sorted elements: a session goes on while the next element is near enough.
fn sessions<V: Clone>(
    gap_ms: Millis,
    touching: Touching,
    sorted: &[&(Millis, V)],
) -> BTreeMap<Window, Vec<V>> {
    let mut windows = BTreeMap::new();
    let mut open: Option<(Window, Vec<V>)> = None;
    for (at, value) in sorted {
        let own = Window::session(*at, gap_ms);
        let goes_on = open.as_ref().is_some_and(|(window, _)| match touching {
            Touching::Merges => own.start <= window.end,
            Touching::StaysApart => own.start < window.end,
        });
        match &mut open {
            Some((window, values)) if goes_on => {
                *window = window.cover(own);
                values.push(value.clone());
            }
            Some(_) | None => windows.extend(open.replace((own, vec![value.clone()]))),
        }
    }
    windows.extend(open);
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_exactly_a_gap_apart_are_one_or_two() {
        let elements = [(5_000, 'b'), (0, 'a'), (10_001, 'c')];
        let assigner = Assigner::Session { gap_ms: 5_000 };
        let merged = windows(assigner, Touching::Merges, &elements);
        assert_eq!(merged.into_values().collect::<Vec<_>>(), [vec!['a', 'b'], vec!['c']]);
        assert_eq!(windows(assigner, Touching::StaysApart, &elements).len(), 3);
    }

    /// The nine scores of Streaming Systems, figure 2-5: 14, 18, 4, 12 in windows of two minutes.
    #[test]
    fn the_nine_scores_by_window() {
        let scores = [
            (26, 5),
            (146, 7),
            (219, 3),
            (259, 4),
            (186, 8),
            (399, 3),
            (86, 9),
            (446, 8),
            (466, 1),
        ]
        .map(|(second, score)| (second * 1_000, score));
        let assigner = Assigner::Tumbling { size_ms: 120_000, offset_ms: 0 };
        let windows = windows(assigner, Touching::Merges, &scores);
        let sums: Vec<i32> = windows.values().map(|values| values.iter().sum()).collect();
        assert_eq!(sums, [14, 18, 4, 12]);
    }
}
