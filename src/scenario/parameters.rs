//! The values of a scenario's tunables: integers by key, checked against the table.

use super::table::{Key, Kind, PARAMETERS, Parameter};
use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The values of all tunables. Written and read as a map of those that differ from their defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters([u64; PARAMETERS.len()]);

/// A value that the table does not allow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} = {value} is not allowed: {allowed}")]
pub struct ParameterError {
    /// The key, as in the table, or as it was given.
    pub key: String,
    /// The value that was given.
    pub value: String,
    /// What is allowed.
    pub allowed: String,
}

impl Default for Parameters {
    fn default() -> Parameters {
        Parameters(PARAMETERS.each_ref().map(|parameter| parameter.default))
    }
}

impl Parameters {
    /// The value of a tunable: a number in its unit, 0 or 1 of a switch, the place of a choice.
    pub fn get(&self, key: Key) -> u64 {
        self.0[key as usize]
    }

    /// The value as a count that fits 32 bits; the table's ranges see to it for those that are
    /// asked for this way.
    pub fn count(&self, key: Key) -> u32 {
        u32::try_from(self.get(key)).unwrap_or(u32::MAX)
    }

    /// Whether a switch is on.
    pub fn is_on(&self, key: Key) -> bool {
        self.get(key) != 0
    }

    /// Changes a value, if the table allows it.
    ///
    /// # Errors
    /// When the value is outside the parameter's range.
    pub fn set(&mut self, key: Key, value: u64) -> Result<(), ParameterError> {
        let parameter = key.parameter();
        parameter.check(value)?;
        self.0[key as usize] = value;
        Ok(())
    }

    /// Changes a value that a person typed: a number, `true`, `false`, `on` or `off`, or the name
    /// of a choice.
    ///
    /// # Errors
    /// When there is no such parameter, or it does not allow the value.
    pub fn set_text(&mut self, name: &str, text: &str) -> Result<(), ParameterError> {
        let parameter = known(name, text)?;
        let value = match (parameter.kind, text) {
            (Kind::Number { .. }, _) => text.parse().ok(),
            (Kind::Switch, "true" | "on") => Some(1),
            (Kind::Switch, "false" | "off") => Some(0),
            (Kind::Switch, _) => None,
            (Kind::Choice(options), _) => place_of(options, text),
        };
        self.set(parameter.key, value.ok_or_else(|| parameter.refuse(text))?)
    }

    /// The same with one value changed, for presets; a value outside its range is our mistake.
    ///
    /// # Panics
    /// When the table does not allow the value.
    #[must_use]
    pub fn with(mut self, key: Key, value: u64) -> Parameters {
        if let Err(error) = self.set(key, value) {
            panic!("a preset's own value: {error}");
        }
        self
    }

    /// The tunables that differ from their defaults.
    pub fn changed(&self) -> impl Iterator<Item = (&'static Parameter, u64)> {
        PARAMETERS.iter().zip(self.0).filter(|(parameter, value)| parameter.default != *value)
    }
}

impl Serialize for Parameters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (parameter, value) in self.changed() {
            match parameter.kind {
                Kind::Number { .. } => map.serialize_entry(parameter.name, &value)?,
                Kind::Switch => map.serialize_entry(parameter.name, &(value != 0))?,
                Kind::Choice(options) => {
                    let place = usize::try_from(value).unwrap_or(usize::MAX);
                    map.serialize_entry(parameter.name, &options.get(place))?;
                }
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Parameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Parameters, D::Error> {
        deserializer.deserialize_map(ParametersVisitor)
    }
}

struct ParametersVisitor;

impl<'de> Visitor<'de> for ParametersVisitor {
    type Value = Parameters;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of parameters")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parameters, A::Error> {
        let mut parameters = Parameters::default();
        let mut seen = [false; PARAMETERS.len()];
        while let Some(name) = map.next_key::<String>()? {
            let (key, value) = map.next_value_seed(Entry { name: &name, seen: &seen })?;
            seen[key as usize] = true;
            parameters.0[key as usize] = value;
        }
        Ok(parameters)
    }
}

/// A value, read in the knowledge of its name, so that an error is found at the value's place.
struct Entry<'a> {
    name: &'a str,
    seen: &'a [bool; PARAMETERS.len()],
}

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = (Key, u64);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(Key, u64), D::Error> {
        let given = serde_json::Value::deserialize(deserializer)?;
        let (key, value) = read_value(self.name, &given).map_err(D::Error::custom)?;
        if self.seen[key as usize] {
            return Err(D::Error::custom(ParameterError {
                key: self.name.to_owned(),
                value: given.to_string(),
                allowed: "it is given twice, and must be given once".to_owned(),
            }));
        }
        Ok((key, value))
    }
}

/// The key and value that a scenario's entry means.
fn read_value(name: &str, given: &serde_json::Value) -> Result<(Key, u64), ParameterError> {
    let parameter = known(name, given)?;
    let value = match parameter.kind {
        Kind::Number { .. } => given.as_u64(),
        Kind::Switch => given.as_bool().map(u64::from),
        Kind::Choice(options) => given.as_str().and_then(|text| place_of(options, text)),
    };
    let value = value.ok_or_else(|| parameter.refuse(given))?;
    parameter.check(value)?;
    Ok((parameter.key, value))
}

/// The table's entry of this name.
fn known(name: &str, given: impl fmt::Display) -> Result<&'static Parameter, ParameterError> {
    Parameter::named(name).ok_or_else(|| {
        let names: Vec<&str> = PARAMETERS.iter().map(|parameter| parameter.name).collect();
        ParameterError {
            key: name.to_owned(),
            value: given.to_string(),
            allowed: format!("there is no such parameter; there are {}", names.join(", ")),
        }
    })
}

fn place_of(options: &[&str], text: &str) -> Option<u64> {
    options.iter().position(|option| *option == text).map(|place| place as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Parameters, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_written_is_read_again_and_defaults_are_left_out() {
        let parameters = Parameters::default()
            .with(Key::Combiner, 0)
            .with(Key::Partitioner, 4)
            .with(Key::Nodes, 9)
            .with(Key::Reducers, Key::Reducers.parameter().default);
        let json = serde_json::to_string(&parameters).unwrap();
        assert_eq!(json, r#"{"combiner":false,"partitioner":"kafka","nodes":9}"#);
        assert_eq!(read(&json), Ok(parameters));
    }

    #[test]
    fn each_bad_entry_is_named_with_its_value_and_what_is_allowed() {
        for (json, words) in [
            (r#"{"reducers": 1000000000}"#, ["reducers = 1000000000", "1 to 1000"]),
            (r#"{"nodes": 0}"#, ["nodes = 0", "1 to 200"]),
            (r#"{"nodes": -1}"#, ["nodes = -1", "1 to 200"]),
            (r#"{"nodes": 1.5}"#, ["nodes = 1.5", "a whole number"]),
            (r#"{"nodes": "3"}"#, ["nodes = \"3\"", "a whole number"]),
            (r#"{"combiner": 1}"#, ["combiner = 1", "true or false"]),
            (r#"{"partitioner": "rage"}"#, ["partitioner = \"rage\"", "one of hadoop_text"]),
            (r#"{"nodes": 3, "nodes": 3}"#, ["nodes = 3", "given twice"]),
            (r#"{"node": 3}"#, ["node = 3", "no such parameter"]),
            (r#"{"node_memory_mib": 1023}"#, ["node_memory_mib = 1023", "1024"]),
        ] {
            let error = read(json).unwrap_err();
            for word in words {
                assert!(error.contains(word), "{json}: {error}");
            }
        }
    }

    #[test]
    fn a_value_that_is_typed_means_what_a_value_in_a_file_means() {
        let mut parameters = Parameters::default();
        for (name, text) in [("nodes", "12"), ("combiner", "off"), ("partitioner", "spark_sql")] {
            assert_eq!(parameters.set_text(name, text), Ok(()));
        }
        let same = read(r#"{"nodes": 12, "combiner": false, "partitioner": "spark_sql"}"#);
        assert_eq!(Ok(parameters.clone()), same);
        for (name, text) in [("nodes", "many"), ("nodes", "0"), ("combiner", "2"), ("speed", "1")] {
            assert!(parameters.set_text(name, text).is_err(), "{name} = {text}");
        }
        assert_eq!(Ok(parameters), same);
    }
}
