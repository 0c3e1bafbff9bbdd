//! Joins as nested loops, compaction, and what they share: rows.

use super::{Oracle, Place, fields};
use crate::base::PartitionId;
use crate::mapreduce::job::{KeyPart, Table};
use crate::mapreduce::{Job, JobConfig, Split};
use std::collections::BTreeMap;

/// Which rows lie together in a part, in this order.
type Bunch = (i32, u16);

/// A row of the right table, and where it stands.
type Right = (Place, i32, String);

/// The rows of two tables of which the first file is the left one.
#[derive(Debug, Default)]
pub(super) struct Shuffled {
    left: Vec<(i32, String)>,
    right: Vec<Right>,
}

/// The rows of the right table, beside a left one that each map has.
#[derive(Debug)]
pub(super) struct Beside {
    left: Vec<Vec<(i32, String)>>,
    right: Vec<Right>,
}

/// All lines where they stand.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<(Place, Vec<u8>)>);

fn row(line: &[u8]) -> (i32, String) {
    let fields = fields(line, '\t');
    (fields[0].parse().unwrap_or(0), fields[1..].join("\t"))
}

impl Oracle for Shuffled {
    fn line(&mut self, at: Place, line: &[u8]) {
        let (id, text) = row(line);
        if at.file == 0 {
            self.left.push((id, text));
        } else {
            self.right.push((at, id, text));
        }
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let salts = if let Job::SaltedJoin { salts } = &config.job { Some(*salts) } else { None };
        let mut bunches: BTreeMap<Bunch, Vec<&Right>> = BTreeMap::new();
        for right in &self.right {
            let salt = salts.map_or(0, |salts| salt(right.0, salts));
            bunches.entry((right.1, salt)).or_default().push(right);
        }
        let mut left = self.left.clone();
        left.sort();
        let mut parts = vec![Vec::new(); config.reducers as usize];
        for ((id, salt), mut rights) in bunches {
            rights.sort_by(|one, other| one.2.cmp(&other.2));
            let salted = KeyPart::Long((i64::from(id) << 16) + i64::from(salt));
            let key = if salts.is_some() { salted } else { KeyPart::Int(id) };
            let PartitionId(part) = config.partitioner.partition_part(key, config.reducers);
            for (_, _, right) in rights {
                for (_, left) in left.iter().filter(|row| row.0 == id) {
                    parts[part as usize].extend(format!("{id}\t{left},{right}\n").bytes());
                }
            }
        }
        parts
    }
}

/// The rule by which right rows are dealt out, said once more.
fn salt(at: Place, salts: u16) -> u16 {
    let mixed = (at.offset as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    u16::try_from(mixed % u64::from(salts.max(1))).unwrap_or(0)
}

impl Beside {
    pub(super) fn new(left: &[Table]) -> Beside {
        let rows = left.iter().map(Table::rows).map(<[_]>::to_vec).collect();
        Beside { left: rows, right: Vec::new() }
    }
}

impl Oracle for Beside {
    fn line(&mut self, at: Place, line: &[u8]) {
        let (id, text) = row(line);
        self.right.push((at, id, text));
    }

    fn parts(&self, _: &JobConfig, splits: &[Split]) -> Vec<Vec<u8>> {
        let of_split = |split: &Split| {
            let mut part = String::new();
            let of_piece = |piece| self.right.iter().filter(move |(at, ..)| at.is_in(piece));
            for (at, id, right) in split.pieces.iter().flat_map(of_piece) {
                let table = &self.left[at.file % self.left.len()];
                for (_, left) in table.iter().filter(|row| row.0 == *id) {
                    part += &format!("{id}\t{left},{right}\n");
                }
            }
            part.into_bytes()
        };
        splits.iter().map(of_split).collect()
    }
}

impl Oracle for Lines {
    fn line(&mut self, at: Place, line: &[u8]) {
        self.0.push((at, line.to_vec()));
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let mut parts = vec![Vec::new(); config.reducers as usize];
        for (at, line) in &self.0 {
            let file = KeyPart::Int(i32::try_from(at.file).unwrap_or(i32::MAX));
            let part = config.partitioner.partition_part(file, config.reducers);
            parts[part.0 as usize].extend([line.as_slice(), b"\n"].concat());
        }
        parts
    }
}
