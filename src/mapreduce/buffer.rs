//! The sort buffer of a map task: what the mapper emits waits here, grouped by key, until it is
//! sorted and spilled.
//!
//! It accounts as Hadoop's `MapOutputBuffer` does (serialized bytes and 16 bytes of index for each
//! record), but equal keys are stored once: the records of a key hang together in the order of
//! their arrival, and only the distinct keys are sorted. What comes out is exactly what a stable
//! sort of all records by partition and key would give.

mod fingerprint;

use super::Job;
use super::job::{Accumulator, Shape};
use crate::trace::event::Volume;
use fingerprint::Fingerprint;
use hashbrown::HashTable;

/// Bytes that Hadoop's index takes for each record.
pub const INDEX_BYTES: u64 = 16;

/// Emitted records, grouped by key.
#[derive(Clone, Debug)]
pub struct SortBuffer {
    shape: Shape,
    /// What a group begins with, when the job's combiner runs.
    combiner: Option<Accumulator>,
    keys: Vec<u8>,
    values: Vec<u8>,
    /// The distinct keys in the order of their arrival: common ones come early, and so what is
    /// touched for most records lies close together.
    groups: Vec<Group>,
    /// The rest of what belongs to each group, which only the spill looks at.
    sorting: Vec<Sorting>,
    chain: Vec<ValueLink>,
    /// Places in `groups`.
    table: HashTable<u32>,
    volume: Volume,
}

/// A distinct key as it is looked for, and what belongs to it.
#[derive(Clone, Debug)]
struct Group {
    print: Fingerprint,
    content: Content,
}

/// A distinct key as it is sorted.
#[derive(Clone, Debug)]
struct Sorting {
    /// The key's first eight bytes as a number: most comparisons end here.
    prefix: u64,
    key: (u32, u32),
}

/// The values of a key: combined as they come, then the one that is left; or each by itself.
#[derive(Clone, Debug)]
enum Content {
    Combining(Accumulator),
    Combined { value: (u32, u32) },
    Chain { first: u32, last: u32 },
}

/// A value, and the next of the same key.
#[derive(Clone, Debug)]
struct ValueLink {
    value: (u32, u32),
    next: u32,
}

/// Where in the values of a group a reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueCursor {
    /// Before the first.
    Start,
    /// Before the value at this link.
    At(u32),
}

const END: u32 = u32::MAX;

impl SortBuffer {
    /// An empty buffer. With `combine`, the job's combiner, if it has one, takes each value as it
    /// comes; what it leaves is the same as if it ran over the sorted buffer.
    pub fn new(job: &Job, combine: bool) -> SortBuffer {
        SortBuffer {
            shape: job.shape(),
            combiner: job.combiner().filter(|_| combine),
            keys: Vec::new(),
            values: Vec::new(),
            groups: Vec::new(),
            sorting: Vec::new(),
            chain: Vec::new(),
            table: HashTable::new(),
            volume: Volume::default(),
        }
    }

    /// What was emitted into it: records, and their serialized bytes.
    pub fn volume(&self) -> Volume {
        self.volume
    }

    /// Its size as Hadoop accounts for it.
    pub fn accounted_bytes(&self) -> u64 {
        self.volume.bytes + self.volume.records * INDEX_BYTES
    }

    /// How its keys and values lie in bytes.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Distinct keys.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// Adds a record.
    pub fn push(&mut self, key: &[u8], value: &[u8]) {
        self.push_sized(key, value, self.shape.serialized_bytes(key, value));
    }

    /// Adds a record of so many serialized bytes.
    #[inline]
    pub fn push_sized(&mut self, key: &[u8], value: &[u8], bytes: u64) {
        self.volume.records += 1;
        self.volume.bytes += bytes;
        let group = self.group_of(key);
        if let Content::Combining(accumulator) = &mut self.groups[group].content {
            accumulator.add(value);
        } else {
            self.append(group, value);
        }
    }

    /// The key of a group.
    pub fn key(&self, group: u32) -> &[u8] {
        let (start, end) = self.sorting[group as usize].key;
        &self.keys[start as usize..end as usize]
    }

    /// Whether the key of one group comes before that of another.
    pub fn compare_keys(&self, one: u32, other: u32) -> std::cmp::Ordering {
        let prefixes = self.sorting[one as usize].prefix.cmp(&self.sorting[other as usize].prefix);
        prefixes.then_with(|| self.key(one).cmp(self.key(other)))
    }

    /// The next value of a group in the order of arrival, or the combined one.
    pub fn next_value(&self, group: u32, cursor: &mut ValueCursor) -> Option<&[u8]> {
        let (place, next) = match (&self.groups[group as usize].content, *cursor) {
            (_, ValueCursor::At(END)) | (Content::Combining(_), _) => return None,
            (Content::Combined { value }, _) => (*value, END),
            (Content::Chain { first, .. }, ValueCursor::Start) => self.link(*first),
            (Content::Chain { .. }, ValueCursor::At(link)) => self.link(link),
        };
        *cursor = ValueCursor::At(next);
        Some(&self.values[place.0 as usize..place.1 as usize])
    }

    fn link(&self, at: u32) -> ((u32, u32), u32) {
        let link = &self.chain[at as usize];
        (link.value, link.next)
    }

    /// Turns each running combination into its value. Called once, before values are read.
    pub fn seal(&mut self) {
        for group in &mut self.groups {
            if let Content::Combining(accumulator) = group.content {
                let start = narrow(self.values.len());
                accumulator.write(&mut self.values);
                group.content = Content::Combined { value: (start, narrow(self.values.len())) };
            }
        }
    }

    #[inline]
    fn group_of(&mut self, key: &[u8]) -> usize {
        let print = Fingerprint::of(key);
        let found = self.table.find(print.hash(), |place| {
            self.groups[*place as usize].print == print
                && (print.is_whole() || self.key(*place) == key)
        });
        match found {
            Some(place) => *place as usize,
            None => self.add_group(key, print),
        }
    }

    #[cold]
    fn add_group(&mut self, key: &[u8], print: Fingerprint) -> usize {
        let place = self.groups.len();
        let start = narrow(self.keys.len());
        self.keys.extend_from_slice(key);
        self.sorting.push(Sorting { prefix: prefix(key), key: (start, narrow(self.keys.len())) });
        let content = match self.combiner {
            Some(accumulator) => Content::Combining(accumulator),
            None => Content::Chain { first: END, last: END },
        };
        self.groups.push(Group { print, content });
        let groups = &self.groups;
        self.table.insert_unique(print.hash(), narrow(place), |place| {
            groups[*place as usize].print.hash()
        });
        place
    }

    fn append(&mut self, group: usize, value: &[u8]) {
        let start = narrow(self.values.len());
        self.values.extend_from_slice(value);
        let link = narrow(self.chain.len());
        self.chain.push(ValueLink { value: (start, narrow(self.values.len())), next: END });
        if let Content::Chain { first, last } = &mut self.groups[group].content {
            if *first == END {
                *first = link;
            } else {
                self.chain[*last as usize].next = link;
            }
            *last = link;
        }
    }
}

/// The first eight bytes of a key as a number that sorts as they do.
fn prefix(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = key.len().min(8);
    bytes[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(bytes)
}

/// A place in a buffer, which is at most 1 GiB.
///
/// # Panics
/// When the buffer outgrew its bound, which the scenario's range rules out.
fn narrow(place: usize) -> u32 {
    match u32::try_from(place) {
        Ok(place) => place,
        Err(_) => panic!("a sort buffer holds less than 4 GiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_accounts_for_each_record_and_stores_each_key_once() {
        let mut buffer = SortBuffer::new(&Job::WordCount, false);
        for word in ["to", "be", "to"] {
            buffer.push(word.as_bytes(), &1_u32.to_be_bytes());
        }
        assert_eq!(buffer.volume(), Volume { records: 3, bytes: 3 * (1 + 2 + 4) });
        assert_eq!(buffer.accounted_bytes(), 3 * (7 + 16));
        assert_eq!(buffer.groups(), 2);
        let mut cursor = ValueCursor::Start;
        let mut values = 0;
        while buffer.next_value(0, &mut cursor).is_some() {
            values += 1;
        }
        assert_eq!(values, 2);
    }

    #[test]
    fn a_prefix_sorts_as_its_key_does() {
        let mut buffer = SortBuffer::new(&Job::WordCount, true);
        for word in ["abcdefgh2", "abcdefgh1", "ab", "b", "ab\0"] {
            buffer.push(word.as_bytes(), &1_u32.to_be_bytes());
        }
        let mut order: Vec<u32> = (0..5).collect();
        order.sort_by(|one, other| buffer.compare_keys(*one, *other));
        let keys: Vec<&[u8]> = order.iter().map(|group| buffer.key(*group)).collect();
        assert!(keys.is_sorted());
    }
}
