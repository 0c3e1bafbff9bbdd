//! A watermark that knows the future: what has yet to come is never behind it.

use crate::streaming::Millis;
use std::collections::BTreeMap;

/// Just below the least event time that has not come yet.
#[derive(Clone, Debug)]
pub struct Perfect {
    to_come: BTreeMap<Millis, u64>,
    watermark: Millis,
}

impl Perfect {
    /// Knows the event times of all elements that will come.
    pub fn new(all: impl IntoIterator<Item = Millis>) -> Perfect {
        let mut to_come = BTreeMap::new();
        for at in all {
            *to_come.entry(at).or_insert(0) += 1;
        }
        Perfect { to_come, watermark: Millis::MIN }
    }

    /// An element has come. One that was not foretold changes nothing.
    pub fn on_element(&mut self, at: Millis) {
        let Some(count) = self.to_come.get_mut(&at) else { return };
        *count -= 1;
        if *count == 0 {
            self.to_come.remove(&at);
        }
    }

    /// One less than the least that is still to come; plus infinity when nothing is.
    pub fn watermark(&mut self) -> Millis {
        let least = self.to_come.first_key_value().map(|(at, _)| at.saturating_sub(1));
        self.watermark = self.watermark.max(least.unwrap_or(Millis::MAX));
        self.watermark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_for_the_least_that_is_to_come() {
        let mut perfect = Perfect::new([30, 10, 20, 10]);
        assert_eq!(perfect.watermark(), 9);
        perfect.on_element(30);
        perfect.on_element(10);
        assert_eq!(perfect.watermark(), 9);
        perfect.on_element(10);
        assert_eq!(perfect.watermark(), 19);
        perfect.on_element(20);
        assert_eq!(perfect.watermark(), Millis::MAX);
    }
}
