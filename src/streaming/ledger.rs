//! The ledger: each element in each of its windows is accounted for once.
//!
//! It is a fold over elements and what a window operator says of them, and believes nothing that does not add up.

use super::Window;
use super::aggregate::Bag;
use super::output::{Output, Timing};
pub use crate::trace::stream::Fate;
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// Where an element stands, in one of its windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    /// The window that its window has become by merging.
    now: Window,
    fate: Fate,
}

/// All elements of one key, by id and by their windows before merging.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    entries: BTreeMap<(u64, Window), Entry>,
    /// Elements that are in no window at all.
    homeless: BTreeSet<u64>,
    /// What became of elements in windows that are no more: how often, and the best of each element.
    settled: BTreeMap<Fate, u64>,
    best: BTreeMap<u64, Fate>,
}

/// What is best for an element comes first.
const BEST_FIRST: [Fate; 6] =
    [Fate::OnTime, Fate::Early, Fate::Late, Fate::Pending, Fate::Unseen, Fate::Dropped];

/// Something that does not add up: a fault of the operator.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Imbalance {
    /// The same element came twice.
    #[error("element {0} came twice")]
    Twice(u64),
    /// A pane holds what its window does not.
    #[error("a pane of {window:?} holds element {element}, which is {fate:?} there")]
    Stranger {
        /// Which element.
        element: u64,
        /// Whose pane.
        window: Window,
        /// What the ledger has of it, if anything.
        fate: Option<Fate>,
    },
    /// A drop of what was not waiting.
    #[error("element {element} is dropped from {window:?}, and is {fate:?} there")]
    Drop {
        /// Which element.
        element: u64,
        /// From which of its windows.
        window: Option<Window>,
        /// What the ledger has of it, if anything.
        fate: Option<Fate>,
    },
    /// A window is forgotten with more or fewer elements than were waiting in it.
    #[error("{window:?} is forgotten with {said} elements unseen, and {counted} were waiting")]
    Forgotten {
        /// Which window.
        window: Window,
        /// As the operator said.
        said: u64,
        /// As the ledger has it.
        counted: u64,
    },
}

impl Ledger {
    /// An element arrives, with the windows that its time assigns it to, before any merging. Windows that come
    /// into being later, with the element in them, are told by [`Output::Copied`].
    ///
    /// # Errors
    /// When it came before.
    pub fn on_element(&mut self, element: u64, windows: &[Window]) -> Result<(), Imbalance> {
        for window in windows {
            let entry = Entry { now: *window, fate: Fate::Pending };
            if self.entries.insert((element, *window), entry).is_some() {
                return Err(Imbalance::Twice(element));
            }
        }
        Ok(())
    }

    /// The operator says something.
    ///
    /// # Errors
    /// When it does not add up with what it said before.
    pub fn on_output(&mut self, output: &Output<Bag<u64>, u64>) -> Result<(), Imbalance> {
        match output {
            Output::Pane(pane) => self.on_pane(pane.window, &pane.contents.0, pane.info.timing),
            Output::Merged { from, into } => {
                for entry in self.entries.values_mut().filter(|entry| from.contains(&entry.now)) {
                    entry.now = *into;
                }
                Ok(())
            }
            Output::Copied { contents, into } => {
                contents.0.iter().try_for_each(|element| self.on_element(*element, &[*into]))
            }
            Output::Dropped(dropped) => self.on_drop(dropped.value, dropped.window),
            Output::Forgotten { window, unseen } => self.on_forgotten(*window, *unseen),
            // What is taken back was seen; what is late was dropped from each of its windows.
            Output::Retraction(_) | Output::Late { .. } => Ok(()),
        }
    }

    /// How many elements in windows there are of each fate; an element in no window counts once.
    pub fn counts(&self) -> BTreeMap<Fate, u64> {
        let mut counts = self.settled.clone();
        for entry in self.entries.values() {
            *counts.entry(entry.fate).or_insert(0) += 1;
        }
        if !self.homeless.is_empty() {
            *counts.entry(Fate::Dropped).or_insert(0) += self.homeless.len() as u64;
        }
        counts
    }

    /// The roll-up of one element over its windows: the best that became of it. On time before early before
    /// late before pending; dropped or unseen only when it is so in all of its windows.
    pub fn roll_up(&self, element: u64) -> Option<Fate> {
        if self.homeless.contains(&element) {
            return Some(Fate::Dropped);
        }
        let living = self.of(element).map(|entry| entry.fate);
        let fates: BTreeSet<Fate> = living.chain(self.best.get(&element).copied()).collect();
        BEST_FIRST.into_iter().find(|fate| fates.contains(fate))
    }

    /// How many of these were in no pane of this window yet.
    pub fn fresh(&self, window: Window, elements: &[u64]) -> u64 {
        let is_fresh = |element: &&u64| {
            let mut entries = self.of(**element);
            entries.any(|entry| entry.now == window && entry.fate == Fate::Pending)
        };
        elements.iter().filter(is_fresh).count() as u64
    }

    /// Where an element stands in its windows that still are.
    fn of(&self, element: u64) -> impl Iterator<Item = &Entry> {
        self.entries.range(all_windows(element)).map(|(_, entry)| entry)
    }

    /// What became of an element in one window, for good.
    fn settle(&mut self, element: u64, fate: Fate) {
        *self.settled.entry(fate).or_insert(0) += 1;
        let rank = |fate: Fate| BEST_FIRST.iter().position(|other| *other == fate);
        let best = self.best.entry(element).or_insert(fate);
        if rank(fate) < rank(*best) {
            *best = fate;
        }
    }

    fn on_pane(
        &mut self,
        window: Window,
        contents: &[u64],
        timing: Timing,
    ) -> Result<(), Imbalance> {
        let mut once = BTreeSet::new();
        for element in contents {
            let entry = self.entry_now(*element, window);
            let fate = entry.as_ref().map(|entry| entry.fate);
            let stranger = Imbalance::Stranger { element: *element, window, fate };
            match entry {
                Some(entry) if once.insert(*element) => match entry.fate {
                    Fate::Pending => entry.fate = fate_of(timing),
                    Fate::Early | Fate::OnTime | Fate::Late => {}
                    Fate::Dropped | Fate::Unseen => return Err(stranger),
                },
                Some(_) | None => return Err(stranger),
            }
        }
        Ok(())
    }

    fn on_drop(&mut self, element: u64, window: Option<Window>) -> Result<(), Imbalance> {
        let Some(own) = window else {
            let known = self.homeless.insert(element);
            return if known { Ok(()) } else { Err(Imbalance::Twice(element)) };
        };
        let entry = self.entries.get_mut(&(element, own));
        let fate = entry.as_ref().map(|entry| entry.fate);
        match entry.filter(|entry| entry.fate == Fate::Pending) {
            Some(_) => {
                self.entries.remove(&(element, own));
                self.settle(element, Fate::Dropped);
            }
            None => return Err(Imbalance::Drop { element, window, fate }),
        }
        Ok(())
    }

    fn on_forgotten(&mut self, window: Window, said: u64) -> Result<(), Imbalance> {
        let of_it = |entry: &Entry| entry.now == window;
        let gone: Vec<(u64, Window)> =
            self.entries.iter().filter(|(_, entry)| of_it(entry)).map(|(key, _)| *key).collect();
        let mut counted = 0;
        for key in gone {
            let Some(entry) = self.entries.remove(&key) else { continue };
            let is_unseen = entry.fate == Fate::Pending;
            counted += u64::from(is_unseen);
            self.settle(key.0, if is_unseen { Fate::Unseen } else { entry.fate });
        }
        if said == counted { Ok(()) } else { Err(Imbalance::Forgotten { window, said, counted }) }
    }

    fn entry_now(&mut self, element: u64, window: Window) -> Option<&mut Entry> {
        self.entries
            .range_mut(all_windows(element))
            .map(|(_, entry)| entry)
            .find(|entry| entry.now == window)
    }
}

fn fate_of(timing: Timing) -> Fate {
    match timing {
        Timing::Early => Fate::Early,
        Timing::OnTime => Fate::OnTime,
        Timing::Late => Fate::Late,
    }
}

/// The keys of all windows of an element.
fn all_windows(element: u64) -> std::ops::RangeInclusive<(u64, Window)> {
    let least = Window { start: i64::MIN, end: i64::MIN };
    let greatest = Window { start: i64::MAX, end: i64::MAX };
    (element, least)..=(element, greatest)
}
