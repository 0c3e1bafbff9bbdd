//! A planned fault in JSON: written as its verb, `"crash node 3 at 12.4 s"`, and read as that or
//! field by field, `{"at": 12400000, "fault": {"crash": {"node": 3}}}`.

use super::{Fault, PlannedFault};
use crate::base::Time;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;

impl Serialize for PlannedFault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PlannedFault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PlannedFault, D::Error> {
        deserializer.deserialize_any(EitherForm)
    }
}

struct EitherForm;

/// The same fault, field by field.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    at: Time,
    fault: Fault,
}

impl<'de> Visitor<'de> for EitherForm {
    type Value = PlannedFault;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault and its time, such as \"crash node 3 at 12.4 s\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<PlannedFault, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PlannedFault, A::Error> {
        let Fields { at, fault } = Fields::deserialize(MapAccessDeserializer::new(map))?;
        Ok(PlannedFault { at, fault })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::NodeId;

    #[test]
    fn both_forms_are_read_and_the_verb_is_written() {
        let crash = PlannedFault { at: Time(12_400_000), fault: Fault::Crash { node: NodeId(3) } };
        let text = r#""crash node 3 at 12.4 s""#;
        let fields = r#"{"at": 12400000, "fault": {"crash": {"node": 3}}}"#;
        for form in [text, fields] {
            assert_eq!(serde_json::from_str::<PlannedFault>(form).unwrap(), crash);
        }
        assert_eq!(serde_json::to_string(&crash).unwrap(), text);
    }

    #[test]
    fn what_is_neither_is_refused_with_what_is() {
        for (given, word) in [
            (r#""smash node 3 at 1 s""#, "crash node 3"),
            (r#""crash node 3""#, "at 12.4 s"),
            ("7", "crash node 3 at 12.4 s"),
            (r#"{"at": 1}"#, "missing field `fault`"),
            (r#"{"at": 1, "fault": {"smash": {"node": 3}}}"#, "unknown variant `smash`"),
        ] {
            let error = serde_json::from_str::<PlannedFault>(given).unwrap_err().to_string();
            assert!(error.contains(word), "{given}: {error}");
        }
    }
}
