//! What partitions look like beside their numbers.

/// A partition as a swatch with its number: a colour only where there are few.
pub(in crate::ui) fn part_style(partition: u32, reducers: usize) -> String {
    match reducers {
        0..=8 => format!("--part: var(--partition-{partition})"),
        _ => "--part: var(--ink-soft)".to_owned(),
    }
}
