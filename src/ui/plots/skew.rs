//! Skew: how unequal partitions and task times are.

use crate::base::TaskKind;
use crate::base::median::median;
use crate::trace::snapshot::Snapshot;

/// A bar: its name, its value, and the partition that it has its colour from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its name.
    pub name: String,
    /// Bytes, or microseconds.
    pub value: u64,
    /// The partition whose colour it has; nothing for a map.
    pub partition: Option<usize>,
}

/// What each partition got from all maps that are done, in bytes of the text.
pub fn partitions(snapshot: &Snapshot) -> Vec<Piece> {
    let count = snapshot.reduces.len();
    let sum = |part: usize| {
        let cells = snapshot.shuffle.iter().filter_map(|row| row.cells.get(part));
        cells.map(|cell| cell.volume.bytes).sum()
    };
    (0..count)
        .map(|part| Piece { name: part.to_string(), value: sum(part), partition: Some(part) })
        .collect()
}

/// How long the attempts that counted took on their nodes, maps before reduces.
pub fn task_times(snapshot: &Snapshot) -> Vec<Piece> {
    let all = snapshot.maps.iter().chain(&snapshot.reduces);
    let counted = all.filter_map(|task| task.attempts.iter().find(|attempt| attempt.is_counted()));
    let piece = |attempt: &std::rc::Rc<crate::trace::snapshot::Attempt>| {
        let begun = attempt.phases.first().map(|(_, at)| *at)?;
        let (ended, _) = attempt.ended?;
        let task = attempt.id.task;
        let (letter, partition) = match task.kind {
            TaskKind::Map => ("m", None),
            TaskKind::Reduce => ("r", usize::try_from(task.index).ok()),
        };
        Some(Piece {
            name: format!("{letter}{}", task.index),
            value: ended.since(begun).0,
            partition,
        })
    };
    counted.filter_map(piece).collect()
}

/// How many times the median the largest is, in tenths; nothing without a median.
pub fn ratio(pieces: &[Piece]) -> Option<u64> {
    let mut values: Vec<u64> = pieces.iter().map(|piece| piece.value).collect();
    values.sort_unstable();
    let median = median(&values)?;
    let most = *values.last()?;
    most.saturating_mul(10).checked_div(median)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Timeline, synthetic};

    #[test]
    fn partitions_add_up_and_every_task_has_its_time() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let end = timeline.seek(u32::MAX);
        let sum: u64 = partitions(&end).iter().map(|piece| piece.value).sum();
        assert_eq!(sum, end.counters.reduce_shuffle_bytes);
        let times = task_times(&end);
        assert_eq!(times.len(), end.maps.len() + end.reduces.len());
        assert!(times.iter().all(|piece| piece.value > 0));
        assert_eq!((times[0].name.as_str(), times[0].partition), ("m0", None));
    }

    #[test]
    fn the_ratio_is_of_the_largest_to_the_median() {
        let piece = |value| Piece { name: String::new(), value, partition: None };
        assert_eq!(ratio(&[10, 31, 8].map(piece)), Some(31));
        assert_eq!(ratio(&[]), None);
        assert_eq!(ratio(&[0, 0, 5].map(piece)), None);
    }
}
