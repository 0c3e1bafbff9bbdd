//! Sweeps: one parameter over several values, each with several seeds. A sweep is data: what it
//! runs are scenarios like any other.

use super::table::{Key, Kind, Parameter};
use super::{Scenario, ScenarioError};

/// The most runs of a sweep.
pub const POINTS_MAX: usize = 400;

/// The most seeds of a value.
pub const SEEDS_MAX: u32 = 50;

/// A range without a step is run whole up to so many values, and thinned out beyond.
const WHOLE_MAX: u64 = 12;

/// Values that a longer range is thinned out to.
const THINNED: u32 = 8;

/// What to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// The parameter.
    pub key: Key,
    /// Its values, in order and each once.
    pub values: Vec<u64>,
    /// Runs of each value: with the scenario's seed, and the numbers after it.
    pub seeds: u32,
}

/// A run of a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The parameter's value.
    pub value: u64,
    /// The seed.
    pub seed: u64,
    /// The scenario, or why there is none with this value.
    pub scenario: Result<Scenario, ScenarioError>,
}

/// Why a sweep can't be made, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SweepError {
    /// A value that the table does not allow, or that is none.
    #[error("{text}: {allowed}")]
    Value {
        /// What was given.
        text: String,
        /// What is allowed.
        allowed: String,
    },
    /// No value at all.
    #[error("give values such as 1..8, 1..8 step 2, or 1, 2, 4")]
    Empty,
    /// A range whose end lies before its beginning, or a step of nothing.
    #[error("{text}: a range goes up from its first value to its last, by a step of at least 1")]
    Range {
        /// What was given.
        text: String,
    },
    /// Too many runs.
    #[error(
        "{values} values with {seeds} seeds each are {runs} runs, and at most {POINTS_MAX} are \
         made: take fewer values or seeds",
        runs = *values as u64 * u64::from(*seeds)
    )]
    TooMany {
        /// Values.
        values: usize,
        /// Seeds of each.
        seeds: u32,
    },
    /// No seeds, or too many.
    #[error("{seeds} seeds: give 1 to {SEEDS_MAX}")]
    Seeds {
        /// What was given.
        seeds: u32,
    },
}

impl Sweep {
    /// A sweep over these values.
    ///
    /// # Errors
    /// When it has no run, or too many.
    pub fn new(key: Key, mut values: Vec<u64>, seeds: u32) -> Result<Sweep, SweepError> {
        values.sort_unstable();
        values.dedup();
        // Each value of the seed is a seed of its own.
        let seeds = if key == Key::Seed { 1 } else { seeds };
        match (values.len(), seeds) {
            (0, _) => Err(SweepError::Empty),
            (_, 0) => Err(SweepError::Seeds { seeds }),
            (_, seeds) if seeds > SEEDS_MAX => Err(SweepError::Seeds { seeds }),
            (count, seeds) if count as u64 * u64::from(seeds) > POINTS_MAX as u64 => {
                Err(SweepError::TooMany { values: count, seeds })
            }
            _ => Ok(Sweep { key, values, seeds }),
        }
    }

    /// Its runs, value by value.
    pub fn points(&self, base: &Scenario) -> Vec<Point> {
        let first = base.parameters.get(Key::Seed);
        let seeds = || (0..u64::from(self.seeds)).map(move |more| first.saturating_add(more));
        let pairs = self.values.iter().flat_map(|value| seeds().map(move |seed| (*value, seed)));
        pairs.map(|(value, seed)| self.point(base, value, seed)).collect()
    }

    fn point(&self, base: &Scenario, value: u64, seed: u64) -> Point {
        let mut scenario = base.clone();
        let set = scenario.parameters.set(Key::Seed, seed);
        let set = set.and_then(|()| scenario.parameters.set(self.key, value));
        let seed = scenario.parameters.get(Key::Seed);
        let checked = set
            .map_err(|error| ScenarioError {
                field: Some(error.key.clone()),
                message: error.to_string(),
                place: None,
            })
            .and_then(|()| scenario.validate());
        Point { value, seed, scenario: checked.map(|()| scenario) }
    }
}

/// The values that a text means: single ones and ranges (`1..8`, `1..64 step 4`), parted by
/// commas. `read` says what one of them means.
///
/// # Errors
/// At the first piece that means nothing.
pub fn values(
    parameter: &Parameter,
    text: &str,
    read: impl Fn(&str) -> Result<u64, String>,
) -> Result<Vec<u64>, SweepError> {
    let read = |piece: &str| {
        let text = piece.trim();
        read(text).map_err(|allowed| SweepError::Value { text: text.to_owned(), allowed })
    };
    let mut values = Vec::new();
    for piece in text.split(',').filter(|piece| !piece.trim().is_empty()) {
        let Some((first, rest)) = piece.split_once("..") else {
            values.push(read(piece)?);
            continue;
        };
        let (last, step) = match rest.split_once("step") {
            Some((last, step)) => (last, Some(step.trim())),
            None => (rest, None),
        };
        let wrong = || SweepError::Range { text: piece.trim().to_owned() };
        let (first, last) = (read(first)?, read(last)?);
        let step = step.map(|step| step_of(step).ok_or_else(wrong)).transpose()?;
        if last < first {
            return Err(wrong());
        }
        values.extend(range(parameter, first, last, step));
    }
    Ok(values)
}

/// A step: a whole number, for sizes also with `K` or `M` (powers of 1024).
fn step_of(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|sign: char| !sign.is_ascii_digit());
    let shift = match text[digits.len()..].trim().to_lowercase().as_str() {
        "k" | "ki" | "kib" => 10,
        "m" | "mi" | "mib" => 20,
        _ => 0,
    };
    let step: u64 = digits.trim().parse().ok()?;
    step.checked_mul(1 << shift).filter(|step| *step > 0)
}

/// The values of a range. Without a step a short one is taken whole; of a long one eight values,
/// by equal factors where the parameter goes by factors.
fn range(parameter: &Parameter, first: u64, last: u64, step: Option<u64>) -> Vec<u64> {
    let count = last - first;
    if let Some(step) = step {
        let most = POINTS_MAX as u64 + 1;
        let all = (0..most).map_while(|n| first.checked_add(n.checked_mul(step)?));
        return all.take_while(|value| *value <= last).collect();
    }
    if count < WHOLE_MAX {
        return (first..=last).collect();
    }
    let by_factors = matches!(parameter.kind, Kind::Number { log: true, .. }) && first > 0;
    let at = |place: u32| {
        let share = f64::from(place) / f64::from(THINNED - 1);
        let value = match by_factors {
            true => first as f64 * libm::pow(last as f64 / first as f64, share),
            false => first as f64 + count as f64 * share,
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in the range")]
        let value = libm::round(value) as u64;
        value.clamp(first, last)
    };
    (0..THINNED).map(at).collect()
}

/// All values of a switch or a choice; of a number some around the scenario's, that one among them. Values with
/// which the scenario does not pass its checks are left out.
pub fn suggested(key: Key, base: &Scenario) -> Vec<u64> {
    let seed = base.parameters.get(Key::Seed);
    let sweep = Sweep { key, values: Vec::new(), seeds: 1 };
    let is_allowed = |value: &u64| sweep.point(base, *value, seed).scenario.is_ok();
    around(key.parameter(), base.parameters.get(key)).into_iter().filter(is_allowed).collect()
}

/// Values of a parameter around one of them, whatever the rest of the scenario.
fn around(parameter: &Parameter, value: u64) -> Vec<u64> {
    let values: Vec<u64> = match parameter.kind {
        Kind::Switch => vec![0, 1],
        Kind::Choice(options) => (0..options.len() as u64).collect(),
        Kind::Text { .. } => Vec::new(),
        Kind::Number { log: true, .. } => [4, 2, 1]
            .map(|part| value / part)
            .into_iter()
            .chain([2, 4].map(|more| value.saturating_mul(more)))
            .collect(),
        Kind::Number { log: false, .. } => {
            let step = (value / 4).max(1);
            let below = (1..=3).rev().filter_map(|n| value.checked_sub(n * step));
            below.chain((0..=4).map(|n| value + n * step)).collect()
        }
    };
    values.into_iter().filter(|value| parameter.check(*value).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::PRESETS;

    fn read(key: Key, text: &str) -> Result<Vec<u64>, SweepError> {
        let read = |text: &str| text.parse().map_err(|_| "a whole number".to_owned());
        values(key.parameter(), text, read)
    }

    #[test]
    fn values_are_listed_or_given_as_ranges() {
        assert_eq!(read(Key::Nodes, "1, 2,4"), Ok(vec![1, 2, 4]));
        assert_eq!(read(Key::Nodes, "1..4"), Ok(vec![1, 2, 3, 4]));
        assert_eq!(read(Key::Nodes, "2..9 step 3, 20"), Ok(vec![2, 5, 8, 20]));
        assert_eq!(read(Key::Nodes, "1..100").map(|values| values.len()), Ok(8));
        let sizes = read(Key::SortBuffer, "1024..131072").unwrap();
        assert_eq!((sizes[0], sizes[1], sizes[7]), (1_024, 2_048, 131_072), "by factors");
        assert_eq!(
            read(Key::SortBuffer, "1024..4096 step 1 Ki"),
            Ok(vec![1_024, 2_048, 3_072, 4_096])
        );
    }

    #[test]
    fn what_is_no_range_is_said() {
        assert!(matches!(read(Key::Nodes, "9..1"), Err(SweepError::Range { .. })));
        assert!(matches!(read(Key::Nodes, "1..9 step 0"), Err(SweepError::Range { .. })));
        assert!(matches!(read(Key::Nodes, "1, many"), Err(SweepError::Value { .. })));
        assert_eq!(
            Sweep::new(Key::Nodes, read(Key::Nodes, " ").unwrap(), 1),
            Err(SweepError::Empty)
        );
        let many = Sweep::new(Key::Nodes, (1..=100).collect(), 5).unwrap_err();
        assert!(many.to_string().contains("500 runs"), "{many}");
        let long = read(Key::SortBuffer, "1..1000000000 step 1").unwrap();
        assert!(
            Sweep::new(Key::SortBuffer, long, 1).is_err(),
            "and it takes no gigabytes to say so"
        );
    }

    #[test]
    fn each_point_is_the_run_of_a_scenario_and_an_impossible_one_says_why() {
        let base = PRESETS[0].scenario();
        let sweep = Sweep::new(Key::Replication, vec![1, 3, 9], 2).unwrap();
        let points = sweep.points(&base);
        assert_eq!(points.len(), 6);
        let seed = base.parameters.get(Key::Seed);
        assert_eq!((points[1].value, points[1].seed), (1, seed + 1));
        let second = points[1].scenario.as_ref().unwrap();
        assert_eq!(second.parameters.get(Key::Seed), seed + 1);
        assert_eq!(second.parameters.get(Key::Replication), 1);
        let refused = points[5].scenario.as_ref().unwrap_err().to_string();
        assert!(refused.contains("replication = 9"), "{refused}");
    }

    #[test]
    fn what_is_suggested_is_allowed() {
        for parameter in crate::scenario::PARAMETERS.iter().filter(|parameter| !parameter.is_text())
        {
            let values = around(parameter, parameter.default);
            assert!(values.contains(&parameter.default), "{}", parameter.name);
            assert!(
                values.iter().all(|value| parameter.check(*value).is_ok()),
                "{}",
                parameter.name
            );
        }
    }

    #[test]
    fn what_is_suggested_for_a_scenario_can_be_run_with_it() {
        for preset in PRESETS.iter().chain(&crate::scenario::STREAM_PRESETS) {
            let base = preset.scenario();
            let of_lab = |parameter: &&Parameter| {
                parameter.group.lab() == base.lab() && !parameter.is_text()
            };
            for parameter in crate::scenario::PARAMETERS.iter().filter(of_lab) {
                let values = suggested(parameter.key, &base);
                let own = base.parameters.get(parameter.key);
                let place = format!("#{}, {}: {values:?}", preset.name, parameter.name);
                assert!(values.contains(&own), "{place}");
                let points = Sweep::new(parameter.key, values, 1).unwrap().points(&base);
                assert!(points.iter().all(|point| point.scenario.is_ok()), "{place}");
            }
        }
        let straggler = crate::scenario::presets::named("straggler").unwrap().scenario();
        assert!(!suggested(Key::Nodes, &straggler).contains(&1), "it has two replicas");
    }
}
