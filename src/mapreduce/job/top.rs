//! Top N: each map task keeps its largest counts and emits them when its lines are at their end,
//! all under one key; the one reduce that gets them keeps the largest of those.

use super::Emit;
use super::fields::{BadRecord, name_and_count};
use super::reducer::Lines;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The largest counts so far; of equal ones, those whose names come first by their bytes.
#[derive(Clone, Debug)]
pub(super) struct Largest {
    most: usize,
    /// Counts with their names, the largest first. The number tells equal lines apart.
    kept: BTreeSet<(Reverse<i64>, Vec<u8>, u64)>,
    seen: u64,
}

impl Largest {
    /// None yet, and never more than this.
    pub(super) fn new(most: u32) -> Largest {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Largest { most, kept: BTreeSet::new(), seen: 0 }
    }

    /// Looks at a line `name TAB count`.
    pub(super) fn see(&mut self, line: &[u8]) -> Result<(), BadRecord> {
        let (name, count) = name_and_count(line)?;
        self.seen += 1;
        let is_full = self.kept.len() >= self.most;
        let is_behind = self.kept.last().is_none_or(|(last, last_name, _)| {
            (*last, last_name.as_slice()) <= (Reverse(count), name)
        });
        if is_full && is_behind {
            return Ok(());
        }
        self.kept.insert((Reverse(count), name.to_vec(), self.seen));
        if is_full {
            self.kept.pop_last();
        }
        Ok(())
    }

    /// Looks at a line that a mapper has looked at before.
    pub(super) fn see_again(&mut self, line: &[u8]) {
        let seen = self.see(line);
        debug_assert!(seen.is_ok(), "a mapper emits what it could read");
    }

    /// Emits what is kept, from the `from`-th on.
    pub(super) fn emit(
        &self,
        from: usize,
        emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
    ) -> Option<usize> {
        for (place, (Reverse(count), name, _)) in self.kept.iter().enumerate().skip(from) {
            let line = [name.as_slice(), b"\t", count.to_string().as_bytes()].concat();
            match emit(b"", &line) {
                Emit::Taken => {}
                Emit::TakenStop => return Some(place + 1),
                Emit::Refused => return Some(place),
            }
        }
        None
    }

    /// Writes what is kept.
    pub(super) fn write(&self, lines: &mut Lines<'_>) {
        for (Reverse(count), name, _) in &self.kept {
            lines.pair(name, count.to_string().as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_are_kept_and_ties_go_by_name() {
        let mut largest = Largest::new(3);
        for line in ["b\t2", "d\t-1", "c\t2", "a\t2", "z\t9", "b\t2"] {
            largest.see(line.as_bytes()).unwrap();
        }
        let (mut bytes, mut count) = (Vec::new(), 0);
        largest.write(&mut Lines { bytes: &mut bytes, count: &mut count });
        assert_eq!((bytes.as_slice(), count), (&b"z\t9\na\t2\nb\t2\n"[..], 3));
    }

    #[test]
    fn an_emission_that_was_stopped_goes_on() {
        let mut largest = Largest::new(2);
        largest.see(b"a\t1").unwrap();
        largest.see(b"b\t2").unwrap();
        assert_eq!(largest.emit(0, &mut |_, _| Emit::TakenStop), Some(1));
        assert_eq!(largest.emit(1, &mut |_, _| Emit::Refused), Some(1));
        assert_eq!(
            largest.emit(1, &mut |_, line| {
                assert_eq!(line, b"a\t1");
                Emit::Taken
            }),
            None
        );
    }
}
