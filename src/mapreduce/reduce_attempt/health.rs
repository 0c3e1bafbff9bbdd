//! What failed fetches do to a reduce: its penalties for hosts, and when it gives up (Hadoop's
//! `ShuffleSchedulerImpl.copyFailed` and `checkReducerHealth`, with integers for its floats).

use crate::base::{AttemptId, NodeId, Span, Time};
use std::collections::{BTreeMap, BTreeSet};

/// Maps that fail at once before the reduce may give up (`maxFailedUniqueFetches`).
const FAILING_MAPS_MAX: u32 = 5;

/// Failures of one map after which it gives up for certain (`abortFailureLimit`), unless a tenth
/// of the maps is more.
const FAILURES_OF_A_MAP_MAX: u32 = 30;

/// Hadoop's penalty before the first growth (`INITIAL_PENALTY`), and the longest
/// (`mapreduce.reduce.shuffle.retry-delay.max.ms`).
const PENALTY: Span = Span::from_secs(10);
const PENALTY_MAX: Span = Span::from_secs(60);

/// The read time-out that these go with (`mapreduce.reduce.shuffle.read.timeout`).
const REAL_READ_TIMEOUT: Span = Span::from_secs(180);

/// From so many failures on, every penalty is the longest: 10 s × 1.3⁷ is more than 60 s.
const GROWTH_MAX: u32 = 7;

/// A reduce's failed fetches.
#[derive(Clone, Debug, Default)]
pub(super) struct Health {
    /// Failures of maps that have not been fetched since.
    maps: BTreeMap<AttemptId, u32>,
    /// Failures of hosts that nothing was fetched from since.
    hosts: BTreeMap<NodeId, u32>,
    penalised: BTreeSet<NodeId>,
    /// All failures.
    failures: u64,
    /// When the first fetch ended.
    started: Option<Time>,
    /// When the last fetch ended well.
    progressed: Option<Time>,
}

/// What a failed fetch brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) map_failures: u32,
    pub(super) host_failures: u32,
    pub(super) retry_after: Span,
    /// So many maps cannot be fetched that the reduce gives up.
    pub(super) gives_up: Option<u32>,
}

impl Health {
    /// A fetch ended well.
    pub(super) fn succeeded(&mut self, at: Time, map: AttemptId, host: NodeId) {
        self.maps.remove(&map);
        self.hosts.remove(&host);
        self.started.get_or_insert(at);
        self.progressed = Some(at);
    }

    /// A fetch failed, when so many of the maps were fetched. The host is stayed away from.
    pub(super) fn failed(
        &mut self,
        at: Time,
        (map, host): (AttemptId, NodeId),
        (fetched, maps): (u32, u32),
        read_timeout: Span,
    ) -> Failed {
        let map_failures = increment(self.maps.entry(map).or_default());
        let host_failures = increment(self.hosts.entry(host).or_default());
        self.started.get_or_insert(at);
        let abort = map_failures >= FAILURES_OF_A_MAP_MAX.max(maps / 10);
        let gives_up = abort || self.is_hopeless(at, fetched, maps);
        self.failures += 1;
        self.penalised.insert(host);
        Failed {
            map_failures,
            host_failures,
            retry_after: penalty(map_failures, read_timeout),
            gives_up: gives_up.then(|| self.failing()),
        }
    }

    /// Whether a host is stayed away from.
    pub(super) fn is_penalised(&self, host: NodeId) -> bool {
        self.penalised.contains(&host)
    }

    /// A host's penalty is over.
    pub(super) fn pardon(&mut self, host: NodeId) {
        self.penalised.remove(&host);
    }

    fn failing(&self) -> u32 {
        u32::try_from(self.maps.len()).unwrap_or(u32::MAX)
    }

    /// Enough maps fail, at least half of the fetches have failed (this one not counted), and
    /// either less than half of the maps is here, or nothing has come for at least half of the
    /// time in which something did. Hadoop takes the longest run time of a map for that time when
    /// it is longer; the log of our coordinator does not tell it.
    fn is_hopeless(&self, at: Time, fetched: u32, maps: u32) -> bool {
        let failing = self.failing();
        let enough = failing >= maps.min(FAILING_MAPS_MAX) || failing == maps - fetched.min(maps);
        let healthy = self.failures < u64::from(fetched);
        let progressed = u64::from(fetched) * 2 >= u64::from(maps);
        enough && !healthy && (!progressed || self.is_stalled(at))
    }

    fn is_stalled(&self, at: Time) -> bool {
        let started = self.started.unwrap_or(at);
        let progressed = self.progressed.unwrap_or(started);
        let (stalled, ran) = (at.since(progressed).0, progressed.since(started).0);
        stalled > 0 && u128::from(stalled) * 2 >= u128::from(ran)
    }
}

fn increment(count: &mut u32) -> u32 {
    *count = count.saturating_add(1);
    *count
}

/// 10 s × 1.3^failures of the map, at most 60 s, in the measure of our read time-out.
fn penalty(failures: u32, read_timeout: Span) -> Span {
    let growth = failures.min(GROWTH_MAX);
    let real = u128::from(PENALTY.0) * 13_u128.pow(growth) / 10_u128.pow(growth);
    let real = real.min(u128::from(PENALTY_MAX.0));
    let scaled = real * u128::from(read_timeout.0) / u128::from(REAL_READ_TIMEOUT.0);
    Span(u64::try_from(scaled).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TaskId;

    const SECOND: u64 = 1_000_000;

    fn map(index: u32) -> AttemptId {
        TaskId::map(index).attempt(0)
    }

    /// Fails one after another at these seconds; says what the last came to.
    fn fail(health: &mut Health, maps: &[(u64, u32)], counts: (u32, u32)) -> Option<u32> {
        let mut gives_up = None;
        for (at, index) in maps {
            let at = Time(at * SECOND);
            let failed = health.failed(at, (map(*index), NodeId(1)), counts, REAL_READ_TIMEOUT);
            gives_up = failed.gives_up;
        }
        gives_up
    }

    /// `(long) (10000 * Math.pow(1.3f, failures))`, capped at 60,000.
    #[test]
    fn the_penalty_grows_by_a_third_up_to_a_minute() {
        let millis = |failures| penalty(failures, REAL_READ_TIMEOUT).0 / 1_000;
        assert_eq!(
            [1, 2, 3, 6, 7, 8, 1_000].map(millis),
            [13_000, 16_900, 21_970, 48_268, 60_000, 60_000, 60_000]
        );
        assert_eq!(penalty(1, Span::from_secs(9)), Span::from_millis(650), "a twentieth");
    }

    #[test]
    fn failures_count_by_map_and_by_host_until_something_is_fetched() {
        let mut health = Health::default();
        let mut fail = |at, index, host| {
            let failed =
                health.failed(Time(at), (map(index), NodeId(host)), (10, 20), REAL_READ_TIMEOUT);
            (failed.map_failures, failed.host_failures)
        };
        assert_eq!([fail(1, 0, 1), fail(2, 0, 1), fail(3, 1, 1)], [(1, 1), (2, 2), (1, 3)]);
        health.succeeded(Time(4), map(0), NodeId(1));
        assert!(health.is_penalised(NodeId(1)));
        health.pardon(NodeId(1));
        assert!(!health.is_penalised(NodeId(1)));
        let failed = health.failed(Time(5), (map(0), NodeId(1)), (10, 20), REAL_READ_TIMEOUT);
        assert_eq!((failed.map_failures, failed.host_failures), (1, 1));
    }

    /// Of 20 maps none is fetched: with the fifth map that fails the reduce gives up, since
    /// 4 failures of 4 fetches are at least half, and 0 of 20 maps less than half.
    #[test]
    fn it_gives_up_when_five_maps_fail_and_little_was_fetched() {
        let mut health = Health::default();
        assert_eq!(fail(&mut health, &[(1, 0), (2, 1), (3, 2), (4, 3), (5, 3)], (0, 20)), None);
        assert_eq!(fail(&mut health, &[(6, 4)], (0, 20)), Some(5));
    }

    /// With 6 of 20 fetched, 6 earlier failures are half of the fetches, 5 are less.
    #[test]
    fn it_goes_on_while_less_than_half_of_its_fetches_failed() {
        let mut health = Health::default();
        let five = [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4)];
        assert_eq!(fail(&mut health, &five, (6, 20)), None);
        assert_eq!(fail(&mut health, &[(6, 4)], (6, 20)), None, "5 failed before");
        assert_eq!(fail(&mut health, &[(7, 4)], (6, 20)), Some(5), "6 failed before");
    }

    /// Two of three maps are here since seconds 10 and 20. The last one fails: it is all that are
    /// left, and with 2 failures before half have failed; but more than half of the maps are here,
    /// so it must have stalled for half of 10 s too.
    #[test]
    fn with_half_of_the_maps_it_gives_up_once_it_has_stalled() {
        let mut health = Health::default();
        health.succeeded(Time(10 * SECOND), map(0), NodeId(2));
        health.succeeded(Time(20 * SECOND), map(1), NodeId(2));
        assert_eq!(fail(&mut health, &[(21, 2), (22, 2), (24, 2)], (2, 3)), None, "4 s of 5 s");
        assert_eq!(fail(&mut health, &[(25, 2)], (2, 3)), Some(1), "5 s of 5 s");
    }

    /// 29 failures of one map of many are borne while others come; the 30th is not.
    #[test]
    fn thirty_failures_of_a_map_are_too_many() {
        let mut health = Health::default();
        let failures: Vec<(u64, u32)> = (1..30).map(|at| (at, 0)).collect();
        assert_eq!(fail(&mut health, &failures, (90, 100)), None);
        assert_eq!(fail(&mut health, &[(30, 0)], (90, 100)), Some(1));
    }
}
