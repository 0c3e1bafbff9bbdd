//! The values of a scenario's tunables: integers by key, and one text, checked against the table.

use super::table::{Key, Kind, PARAMETERS, Parameter};
use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The values of all tunables. Written and read as a map of those that differ from their defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Those that are numbers; of a text, 0.
    values: [u64; PARAMETERS.len()],
    /// What grep looks for, when it is not the default.
    pattern: Option<String>,
}

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
        let values = PARAMETERS.each_ref().map(|parameter| parameter.default);
        Parameters { values, pattern: None }
    }
}

impl Parameters {
    /// The value of a tunable: a number in its unit, 0 or 1 of a switch, the place of a choice; 0 of
    /// a text.
    pub fn get(&self, key: Key) -> u64 {
        self.values[key as usize]
    }

    /// The value of a tunable that is a text; empty for any other.
    pub fn text(&self, key: Key) -> &str {
        match key.parameter().kind {
            Kind::Text { default, .. } => self.pattern.as_deref().unwrap_or(default),
            Kind::Number { .. } | Kind::Switch | Kind::Choice(_) => "",
        }
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
        self.values[key as usize] = value;
        Ok(())
    }

    /// Changes a value that a person typed: a number, `true`, `false`, `on` or `off`, the name of a
    /// choice, each with blanks around it or not; or a text, as it is.
    ///
    /// # Errors
    /// When there is no such parameter, or it does not allow the value.
    pub fn set_text(&mut self, name: &str, text: &str) -> Result<(), ParameterError> {
        let parameter = known(name, text)?;
        let value = match (parameter.kind, text.trim()) {
            (Kind::Text { default, .. }, _) => {
                parameter.check_text(text)?;
                self.pattern = (text != default).then(|| text.to_owned());
                return Ok(());
            }
            (Kind::Number { .. }, text) => text.parse().ok(),
            (Kind::Switch, "true" | "on") => Some(1),
            (Kind::Switch, "false" | "off") => Some(0),
            (Kind::Switch, _) => None,
            (Kind::Choice(options), text) => place_of(options, text),
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

    /// The tunables that differ from their defaults, but for texts.
    pub fn changed(&self) -> impl Iterator<Item = (&'static Parameter, u64)> {
        PARAMETERS.iter().zip(self.values).filter(|(parameter, value)| parameter.default != *value)
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
                Kind::Text { .. } => {}
            }
        }
        if let Some(pattern) = &self.pattern {
            map.serialize_entry(Key::Pattern.parameter().name, pattern)?;
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
            match value {
                Value::Number(value) => parameters.values[key as usize] = value,
                Value::Text(text) => parameters.pattern = text,
            }
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
    type Value = (Key, Value);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(Key, Value), D::Error> {
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

/// What a scenario's entry means.
enum Value {
    Number(u64),
    /// Nothing where it is the default.
    Text(Option<String>),
}

/// The key and value that a scenario's entry means.
fn read_value(name: &str, given: &serde_json::Value) -> Result<(Key, Value), ParameterError> {
    let parameter = known(name, given)?;
    let value = match parameter.kind {
        Kind::Number { .. } => given.as_u64(),
        Kind::Switch => given.as_bool().map(u64::from),
        Kind::Choice(options) => given.as_str().and_then(|text| place_of(options, text)),
        Kind::Text { default, .. } => {
            let text = given.as_str().ok_or_else(|| parameter.refuse(given))?;
            parameter.check_text(text)?;
            let text = (text != default).then(|| text.to_owned());
            return Ok((parameter.key, Value::Text(text)));
        }
    };
    let value = value.ok_or_else(|| parameter.refuse(given))?;
    parameter.check(value)?;
    Ok((parameter.key, Value::Number(value)))
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

    /// The seven words that grep could look for when the pattern was a choice are texts now.
    #[test]
    fn a_pattern_is_a_text_and_scenarios_of_old_still_mean_what_they_meant() {
        for word in ["river", "the", "must", "Alice", "Darcy", "love", "?", " two words ", "ß"] {
            let parameters = read(&format!(r#"{{"pattern": "{word}"}}"#)).unwrap();
            assert_eq!(parameters.text(Key::Pattern), word);
            let written = serde_json::to_string(&parameters).unwrap();
            assert_eq!(read(&written), Ok(parameters.clone()), "{written}");
            let mut typed = Parameters::default();
            assert_eq!(typed.set_text("pattern", word), Ok(()));
            assert_eq!(typed, parameters);
        }
        assert_eq!(Parameters::default().text(Key::Pattern), "river");
        assert_eq!(read(r#"{"pattern": "river"}"#), Ok(Parameters::default()));
    }

    #[test]
    fn a_pattern_that_no_line_could_have_is_refused_by_name() {
        let long = "x".repeat(101);
        for text in ["", "two\nlines", "a\rb", &long] {
            let mut parameters = Parameters::default();
            let error = parameters.set_text("pattern", text).unwrap_err();
            assert_eq!(error.key, "pattern");
            assert!(error.to_string().contains("1 to 100 bytes without a line end"), "{error}");
            assert_eq!(parameters, Parameters::default());
            let json = serde_json::json!({ "pattern": text }).to_string();
            assert!(read(&json).unwrap_err().starts_with("pattern = "), "{json}");
        }
        assert_eq!(Parameters::default().set_text("pattern", &"x".repeat(100)), Ok(()));
        assert!(read(r#"{"pattern": 3}"#).unwrap_err().contains("pattern = 3"));
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
