//! A fold for each key, kept in the order in which the keys first came, so that no hash decides an order.

use hashbrown::HashTable;

/// Folds by key.
#[derive(Debug)]
pub(super) struct Table<A> {
    places: HashTable<u32>,
    entries: Vec<(u64, A)>,
}

impl<A> Default for Table<A> {
    fn default() -> Table<A> {
        Table { places: HashTable::new(), entries: Vec::new() }
    }
}

impl<A: Clone> Clone for Table<A> {
    fn clone(&self) -> Table<A> {
        Table { places: self.places.clone(), entries: self.entries.clone() }
    }

    /// Into the memory that is there.
    fn clone_from(&mut self, other: &Table<A>) {
        self.places.clone_from(&other.places);
        self.entries.clone_from(&other.entries);
    }
}

impl<A: Default> Table<A> {
    /// The fold of a key, an empty one where there was none.
    #[inline]
    pub(super) fn of(&mut self, key: u64) -> &mut A {
        let hash = spread(key);
        let Table { places, entries } = self;
        let found = places.find(hash, |place| entries[*place as usize].0 == key);
        let place = match found {
            Some(place) => *place as usize,
            None => insert(places, entries, key, hash),
        };
        &mut entries[place].1
    }

    /// All of them, the key that came first first.
    pub(super) fn entries(&self) -> &[(u64, A)] {
        &self.entries
    }

    /// Forgets all, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.entries.clear();
    }
}

#[cold]
fn insert<A: Default>(
    places: &mut HashTable<u32>,
    entries: &mut Vec<(u64, A)>,
    key: u64,
    hash: u64,
) -> usize {
    let place = entries.len();
    entries.push((key, A::default()));
    let number = u32::try_from(place).unwrap_or(u32::MAX);
    places.insert_unique(hash, number, |place| spread(entries[*place as usize].0));
    place
}

/// Spreads the bits of a number over a hash: multiplication by the golden ratio, the high half folded down.
pub fn spread(key: u64) -> u64 {
    let wide = u128::from(key ^ 0x9e37_79b9_7f4a_7c15) * 0x9e37_79b9_7f4a_7c15_u128;
    let [low, high] = [wide & u128::from(u64::MAX), wide >> 64];
    u64::try_from(low ^ high).unwrap_or(0)
}
