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

/// What count, sum, mean, least and greatest are made from: all that a window need keep of numbers where nobody asks
/// for single elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// Elements.
    pub count: u64,
    /// Their sum.
    pub sum: i128,
    /// The least of them; the greatest number there is where there are none.
    pub min: i64,
    /// The greatest of them; the least number there is where there are none.
    pub max: i64,
}

impl Default for Numbers {
    fn default() -> Numbers {
        Numbers { count: 0, sum: 0, min: i64::MAX, max: i64::MIN }
    }
}

impl Aggregate for Numbers {
    type Input = i64;

    #[inline]
    fn add(&mut self, input: &i64) {
        self.count += 1;
        self.sum += i128::from(*input);
        self.min = self.min.min(*input);
        self.max = self.max.max(*input);
    }

    #[inline]
    fn merge(&mut self, other: Numbers) {
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}
