//! By which clock moments of a run are told: those of a stream job by its own, as its plot, its records and its
//! captions have them; all others in seconds since the run began.

use crate::base::format::{Clock, Seconds};
use crate::base::{Millis, Time};
use crate::trace::Event;
use crate::trace::stream::JobPlan;
use crate::ui::stream::typed_time::parse;

/// What a run's moments are told by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunClock(Option<Millis>);

impl RunClock {
    /// Of a run with these events.
    pub fn of(events: &[Event]) -> RunClock {
        RunClock(JobPlan::of(events).map(|plan| plan.clock_at_start))
    }

    /// To the millisecond: `12:08:19.250`, or `12.437 s`.
    pub fn exact(self, at: Time) -> String {
        match self.0 {
            Some(start) => Clock(passed(start, at)).to_string(),
            None => format!("{:.3} s", at.seconds()),
        }
    }

    /// No more exact than people say it: `12:08:19`, or `12.4 s`.
    pub fn rough(self, at: Time) -> String {
        match self.0 {
            Some(start) => Clock(passed(start, at).div_euclid(1_000) * 1_000).to_string(),
            None => format!("{} s", Seconds(at.0)),
        }
    }

    /// The moment of the run that a person wrote, who sees moments as this clock tells them; nothing where it is
    /// none, or lies before the run.
    pub fn read(self, text: &str) -> Option<Time> {
        let start = self.0?;
        let at = text.contains(':').then(|| parse(text, start))??;
        let since = u64::try_from(at.checked_sub(start)?).ok()?;
        Some(Time(since.checked_mul(1_000)?))
    }
}

fn passed(start: Millis, at: Time) -> Millis {
    start.saturating_add(Millis::try_from(at.0 / 1_000).unwrap_or(Millis::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_told_by_its_own_clock_and_a_cluster_in_seconds() {
        let (noon, cluster) = (RunClock(Some(43_200_000)), RunClock::default());
        let at = Time(499_250_000);
        assert_eq!(
            (noon.exact(at).as_str(), noon.rough(at).as_str()),
            ("12:08:19.250", "12:08:19")
        );
        assert_eq!(
            (cluster.exact(at).as_str(), cluster.rough(at).as_str()),
            ("499.250 s", "499.3 s")
        );
    }

    #[test]
    fn a_moment_is_read_as_it_is_shown() {
        let noon = RunClock(Some(43_200_000));
        assert_eq!(noon.read("12:08:19.25"), Some(Time(499_250_000)));
        assert_eq!(noon.read("12:02"), Some(Time(120_000_000)));
        assert_eq!(noon.read("11:59"), None);
        assert_eq!(RunClock(Some(0)).read("0:45"), Some(Time(45_000_000)));
        assert_eq!(RunClock::default().read("0:45"), None);
    }
}
