//! Readings by sensor: in the order of time, and their means.

use super::{Oracle, Place, fields, spread};
use crate::mapreduce::{JobConfig, Split};
use std::collections::BTreeMap;

/// Each sensor's readings.
#[derive(Debug, Default)]
pub(super) struct Series(BTreeMap<String, Vec<(i64, String)>>);

/// Each sensor's values, in thousandths.
#[derive(Debug, Default)]
pub(super) struct Averages(BTreeMap<String, Vec<i128>>);

impl Oracle for Series {
    fn line(&mut self, _: Place, line: &[u8]) {
        if let [sensor, time, value] = &fields(line, ',')[..] {
            let reading = (time.parse().unwrap_or(0), value.clone());
            self.0.entry(sensor.clone()).or_default().push(reading);
        }
    }

    /// Readings of one sensor and one time are in the order of their text.
    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let line = |sensor: &String, readings: &Vec<(i64, String)>| {
            let mut readings = readings.clone();
            readings.sort_by_key(|(time, value)| (*time, format!("{time}={value}")));
            let shown: Vec<String> =
                readings.iter().map(|(time, value)| format!("{time}={value}")).collect();
            format!("{sensor}\t{}\n", shown.join(" ")).into_bytes()
        };
        spread(config, self.0.iter().map(|(sensor, list)| (sensor.as_bytes(), line(sensor, list))))
    }
}

impl Oracle for Averages {
    fn line(&mut self, _: Place, line: &[u8]) {
        if let [sensor, _, value] = &fields(line, ',')[..] {
            self.0.entry(sensor.clone()).or_default().push(thousandths(value));
        }
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let line = |sensor: &String, values: &Vec<i128>| {
            let (sum, count) = (values.iter().sum::<i128>(), values.len() as i128);
            // Rounded to the nearest, and away from zero when two are as near.
            let (size, sign) = (sum.abs(), if sum < 0 { "-" } else { "" });
            let mean = size / count + i128::from(size % count * 2 >= count);
            let sign = if mean == 0 { "" } else { sign };
            format!("{sensor}\t{sign}{}.{:03}\n", mean / 1_000, mean % 1_000).into_bytes()
        };
        spread(config, self.0.iter().map(|(sensor, list)| (sensor.as_bytes(), line(sensor, list))))
    }
}

/// A decimal number in thousandths: its digits with the point moved.
fn thousandths(number: &str) -> i128 {
    let (whole, places) = number.split_once('.').unwrap_or((number, ""));
    format!("{whole}{places:0<3}").parse().unwrap_or(0)
}
