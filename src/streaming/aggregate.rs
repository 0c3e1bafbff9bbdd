//! What a window keeps of its elements.

/// A fold over the elements of a window, and over the folds of windows that merge.
pub trait Aggregate: Clone + Default {
    /// An element.
    type Input: Clone;
    /// Takes an element in.
    fn add(&mut self, input: &Self::Input);
    /// Takes the fold of a later window in.
    fn merge(&mut self, other: Self);
}

/// The elements themselves, as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bag<V>(pub Vec<V>);

impl<V> Default for Bag<V> {
    fn default() -> Bag<V> {
        Bag(Vec::new())
    }
}

impl<V: Clone> Aggregate for Bag<V> {
    type Input = V;

    fn add(&mut self, input: &V) {
        self.0.push(input.clone());
    }

    fn merge(&mut self, other: Bag<V>) {
        self.0.extend(other.0);
    }
}

/// How many elements, and their sum: enough for count, sum and mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountAndSum {
    /// Elements.
    pub count: u64,
    /// Their sum.
    pub sum: i128,
}

impl Aggregate for CountAndSum {
    type Input = i64;

    fn add(&mut self, input: &i64) {
        self.count += 1;
        self.sum += i128::from(*input);
    }

    fn merge(&mut self, other: CountAndSum) {
        self.count += other.count;
        self.sum += other.sum;
    }
}
