//! Flink's `countWindow(size)` and `countWindow(size, slide)`, for one key.
//!
//! A global window with `PurgingTrigger.of(CountTrigger)`, and with a slide `CountTrigger` of the slide and
//! `CountEvictor` of the size, which leaves the last `size` elements.

use std::collections::VecDeque;
use thiserror::Error;

/// The count windows of one key.
#[derive(Clone, Debug)]
pub struct CountWindows<V> {
    size: usize,
    slide: Option<usize>,
    /// The last elements, at most `size` of them.
    last: VecDeque<V>,
    /// Elements since the last firing.
    since: usize,
}

/// A count window that fired: its elements as they came.
pub type CountPane<V> = Vec<V>;

/// A count window that can't be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CountError {
    /// A size or slide of nothing, or one that no memory holds.
    #[error("{field} is {value}, and must be 1 to {MOST}")]
    Range {
        /// Which one.
        field: &'static str,
        /// What it was.
        value: usize,
    },
}

/// The most elements of a count window.
const MOST: usize = 1_000_000;

impl<V: Clone> CountWindows<V> {
    /// No elements yet.
    ///
    /// # Errors
    /// When the size or the slide is 0 or above a million.
    pub fn new(size: usize, slide: Option<usize>) -> Result<CountWindows<V>, CountError> {
        in_range("size", size)?;
        if let Some(slide) = slide {
            in_range("slide", slide)?;
        }
        Ok(CountWindows { size, slide, last: VecDeque::new(), since: 0 })
    }

    /// How many elements are kept.
    pub fn waiting(&self) -> usize {
        self.last.len()
    }

    /// An element arrives; the window that fires by it, if one does.
    pub fn on_element(&mut self, value: V) -> Option<CountPane<V>> {
        self.last.push_back(value);
        self.since += 1;
        if self.last.len() > self.size {
            self.last.pop_front();
        }
        if self.since < self.slide.unwrap_or(self.size) {
            return None;
        }
        self.since = 0;
        let pane = self.last.iter().cloned().collect();
        if self.slide.is_none() {
            self.last.clear();
        }
        Some(pane)
    }
}

fn in_range(field: &'static str, value: usize) -> Result<(), CountError> {
    let fits = (1..=MOST).contains(&value);
    if fits { Ok(()) } else { Err(CountError::Range { field, value }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fired(size: usize, slide: Option<usize>, elements: u32) -> Vec<Vec<u32>> {
        let mut windows = CountWindows::new(size, slide).unwrap();
        (0..elements).filter_map(|element| windows.on_element(element)).collect()
    }

    #[test]
    fn without_a_slide_each_element_is_in_one_window() {
        assert_eq!(fired(3, None, 7), [vec![0, 1, 2], vec![3, 4, 5]]);
    }

    /// Every `slide` elements the last `size`: the first windows are short.
    #[test]
    fn with_a_slide_the_first_windows_are_short() {
        assert_eq!(fired(4, Some(2), 6), [vec![0, 1], vec![0, 1, 2, 3], vec![2, 3, 4, 5]]);
    }
}
