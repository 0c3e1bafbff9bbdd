//! The values of a scenario's tunables: integers by key, checked against the table.

use super::table::{Key, Kind, PARAMETERS, Parameter};
use serde::de::{Error as _, MapAccess, Visitor};
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
        while let Some(name) = map.next_key::<String>()? {
            let given = map.next_value::<serde_json::Value>()?;
            let (key, value) = read_value(&name, &given).map_err(A::Error::custom)?;
            parameters.set(key, value).map_err(A::Error::custom)?;
        }
        Ok(parameters)
    }
}

/// The key and value that a scenario's entry means.
fn read_value(name: &str, given: &serde_json::Value) -> Result<(Key, u64), ParameterError> {
    let Some(parameter) = Parameter::named(name) else {
        let known: Vec<&str> = PARAMETERS.iter().map(|parameter| parameter.name).collect();
        return Err(ParameterError {
            key: name.to_owned(),
            value: given.to_string(),
            allowed: format!("there is no such parameter; there are {}", known.join(", ")),
        });
    };
    let value = match parameter.kind {
        Kind::Number { .. } => given.as_u64(),
        Kind::Switch => given.as_bool().map(u64::from),
        Kind::Choice(options) => given
            .as_str()
            .and_then(|text| options.iter().position(|o| *o == text))
            .map(|p| p as u64),
    };
    match value {
        Some(value) => Ok((parameter.key, value)),
        None => Err(parameter.refuse(given)),
    }
}
