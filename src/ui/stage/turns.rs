//! Whose turn it is to be drawn. Where drawing all of a large stage takes longer than a frame has, its
//! parts take turns: what a part shows was true a few frames ago, and frames keep coming. As soon as
//! the playhead rests, all parts come to the same moment.

use crate::ui::same::Same;

/// What drawing may take of a frame, in milliseconds: the browser needs the rest to lay out and paint.
const SHARE: f64 = 8.0;

/// For how long parts take turns before all are tried at once again, in milliseconds.
const HURRY: f64 = 5_000.0;

/// What each part shows of things that follow each other.
#[derive(Debug)]
pub struct Turns<T> {
    shown: Vec<Same<T>>,
    next: usize,
    each: usize,
    hurried_until: f64,
    counts: bool,
}

impl<T> Default for Turns<T> {
    fn default() -> Turns<T> {
        Turns { shown: Vec::new(), next: 0, each: 1, hurried_until: 0.0, counts: false }
    }
}

impl<T> Turns<T> {
    /// Something is to be drawn at a moment of the clock, in milliseconds: by all parts, or where they are
    /// in a hurry and may wait by those whose turn it is.
    pub fn take(&mut self, latest: &Same<T>, parts: usize, may_wait: bool, now: f64) {
        let is_known = self.shown.len() == parts;
        let takes_turns = is_known && may_wait && now < self.hurried_until;
        // What is drawn for the first time says nothing of what a change takes.
        self.counts = is_known && !takes_turns;
        if !takes_turns {
            self.shown = vec![latest.clone(); parts];
            return;
        }
        for _ in 0..self.each {
            let behind = (0..parts).map(|step| (self.next + step) % parts);
            let Some(place) = behind.into_iter().find(|place| self.shown[*place] != *latest) else {
                return;
            };
            self.shown[place] = latest.clone();
            self.next = place + 1;
        }
    }

    /// Drawing took so many milliseconds, and ended at this moment of the clock.
    pub fn spent(&mut self, millis: f64, now: f64) {
        if !self.counts || millis <= SHARE {
            return;
        }
        self.hurried_until = now + HURRY;
        let fits = self.shown.len() as f64 * SHARE / millis;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small share"
        )]
        let fits = fits as usize;
        self.each = fits.max(1);
    }

    /// What a part shows.
    pub fn of(&self, part: usize) -> Option<&Same<T>> {
        self.shown.get(part)
    }

    /// Whether a part shows something else than this.
    pub fn is_behind(&self, latest: &Same<T>) -> bool {
        self.shown.iter().any(|shown| shown != latest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(turns: &Turns<u32>) -> Vec<u32> {
        turns.shown.iter().map(|one| **one).collect()
    }

    /// A stage of four parts that has shown 0 and then 1, which took so long.
    fn after(millis: f64) -> Turns<u32> {
        let mut turns = Turns::default();
        for moment in [0, 1] {
            turns.take(&Same::new(moment), 4, true, 0.0);
            turns.spent(if moment == 0 { 90.0 } else { millis }, 10.0);
        }
        turns
    }

    #[test]
    fn where_all_parts_fit_into_a_frame_each_shows_the_latest() {
        let mut turns = after(7.9);
        turns.take(&Same::new(2), 4, true, 20.0);
        assert_eq!(shown(&turns), [2, 2, 2, 2]);
    }

    #[test]
    fn in_a_hurry_as_many_are_drawn_as_fit_and_all_come_to_the_same() {
        let mut turns = after(16.0);
        let latest = Same::new(2);
        turns.take(&latest, 4, true, 20.0);
        assert_eq!(shown(&turns), [2, 2, 1, 1]);
        assert!(turns.is_behind(&latest));
        turns.take(&Same::new(3), 4, true, 36.0);
        assert_eq!(shown(&turns), [2, 2, 3, 3]);
        let last = Same::new(4);
        for _ in 0..2 {
            turns.take(&last, 4, true, 52.0);
        }
        assert_eq!(shown(&turns), [4, 4, 4, 4]);
        assert!(!turns.is_behind(&last));
    }

    #[test]
    fn what_may_not_wait_is_drawn_whole_and_after_a_while_all_is_tried_again() {
        let mut turns = after(800.0);
        turns.take(&Same::new(2), 4, true, 20.0);
        assert_eq!(shown(&turns), [2, 1, 1, 1], "one at least");
        turns.take(&Same::new(3), 4, false, 30.0);
        assert_eq!(shown(&turns), [3, 3, 3, 3]);
        turns.spent(1.0, 31.0);
        turns.take(&Same::new(4), 4, true, 40.0);
        assert_eq!(shown(&turns), [3, 4, 3, 3]);
        turns.take(&Same::new(5), 4, true, 10.0 + HURRY);
        assert_eq!(shown(&turns), [5, 5, 5, 5]);
        // Another stage has other parts.
        turns.take(&Same::new(6), 2, true, 50.0);
        assert_eq!(shown(&turns), [6, 6]);
    }
}
