//! How dense the records of Kafka's sliding windows may be.
//!
//! A record is in each window that another one near it has made, and each of these says all that it has: so much is
//! Kafka's rule, and so what is said grows with the square of what is near each record. It is counted beforehand.

use crate::base::Millis;
use crate::lab::messages::LabError;
use crate::scenario::events::StreamInput;
use crate::scenario::{JobKind, Key, Scenario, StreamJob};
use std::collections::BTreeMap;

/// The most elements that windows may say in all: a second or two.
const SAID_MAX: u64 = 50_000_000;

/// Counts the records of each key that are near each other.
///
/// # Errors
/// With the field of the window's size, where the windows would say too much.
pub(super) fn check(scenario: &Scenario, events: &[StreamInput]) -> Result<(), LabError> {
    let values = &scenario.parameters;
    if Key::Window.parameter().show(values.get(Key::Window)) != "kafka_sliding" {
        return Ok(());
    }
    // An operator of a graph may give all of them one key.
    let is_graph = matches!(scenario.job, JobKind::Stream(StreamJob::Graph(_)));
    let mut times: BTreeMap<&str, Vec<Millis>> = BTreeMap::new();
    for event in events {
        let key = if is_graph { "" } else { event.key.as_str() };
        times.entry(key).or_default().push(event.event_time);
    }
    let difference = Millis::try_from(values.get(Key::WindowSize)).unwrap_or(Millis::MAX);
    let near: Vec<u64> = times.into_values().flat_map(|times| near(times, difference)).collect();
    let said = near.iter().map(|count| count.saturating_mul(*count)).fold(0, u64::saturating_add);
    if said <= SAID_MAX {
        return Ok(());
    }
    let most = near.iter().max().copied().unwrap_or(0);
    Err(LabError {
        field: Some(Key::WindowSize.parameter().name.to_owned()),
        message: format!(
            "window_size_ms = {difference} is not allowed: up to {most} records of a key are that near to each \
             other, and Kafka's sliding windows would say {said} elements, where {SAID_MAX} are the most; make the \
             window smaller, or the records fewer"
        ),
    })
}

/// How many records are within the difference of each.
fn near(mut times: Vec<Millis>, difference: Millis) -> Vec<u64> {
    times.sort_unstable();
    let (mut from, mut until) = (0, 0);
    let count = |at: &Millis| {
        while at.saturating_sub(times[from]) > difference {
            from += 1;
        }
        while until < times.len() && times[until].saturating_sub(*at) <= difference {
            until += 1;
        }
        (until - from) as u64
    };
    times.iter().map(count).collect()
}
