//! Reading a scenario, strictly: what is not understood is an error that says where it stands.

use super::parameters::ParameterError;
use super::{Scenario, VERSION};
use serde::Deserialize;
use serde_json::error::Category;
use std::fmt;

/// What is wrong with a scenario, in the reader's words, and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// The field it is about: a parameter's name in the table, or a path such as `input.file`.
    pub field: Option<String>,
    /// What is wrong, and what is allowed.
    pub message: String,
    /// Line and column of the text, from 1, where it was found.
    pub place: Option<(usize, usize)>,
}

impl std::error::Error for ScenarioError {}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.place {
            Some((line, column)) => write!(f, " (line {line}, column {column})"),
            None => Ok(()),
        }
    }
}

impl From<ParameterError> for ScenarioError {
    fn from(error: ParameterError) -> ScenarioError {
        let message = error.to_string();
        ScenarioError { field: Some(error.key), message, place: None }
    }
}

/// All that is looked at before the version is known.
#[derive(Deserialize)]
struct Versioned {
    version: Option<serde_json::Value>,
}

impl Scenario {
    /// Reads and validates a scenario; what depends on the input's length is left to
    /// `validate_with_input`.
    ///
    /// # Errors
    /// When the text is not JSON, was written by a newer Millrace, has an unknown or missing
    /// field, a value out of range, or values that cannot go together.
    pub fn from_json(text: &str) -> Result<Scenario, ScenarioError> {
        let scenario = Scenario::from_json_unvalidated(text)?;
        scenario.validate()?;
        Ok(scenario)
    }

    /// Reads a scenario in which each value by itself is allowed; whether they go together is left
    /// to `validate`, for one who means to change some of them first.
    ///
    /// # Errors
    /// As for `from_json`, but for values that cannot go together.
    pub fn from_json_unvalidated(text: &str) -> Result<Scenario, ScenarioError> {
        check_version(text)?;
        let mut json = serde_json::Deserializer::from_str(text);
        let scenario: Scenario = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| explain(&error.path().to_string(), error.inner()))?;
        json.end().map_err(|error| explain("", &error))?;
        Ok(scenario)
    }

    /// The scenario as JSON for people: parameters at their defaults are left out.
    pub fn to_json(&self) -> String {
        // Plain data with text keys always serializes.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// A newer format is named as such, before the fields that only it has are found unknown.
fn check_version(text: &str) -> Result<(), ScenarioError> {
    let Ok(Versioned { version: Some(version) }) = serde_json::from_str(text) else {
        return Ok(());
    };
    check_version_number(&version)
}

pub(super) fn check_version_number(version: &serde_json::Value) -> Result<(), ScenarioError> {
    let message = match version.as_u64() {
        Some(number) if number == u64::from(VERSION) => return Ok(()),
        Some(number) if number > u64::from(VERSION) => format!(
            "version = {number}: the scenario was made by a newer Millrace; \
             this one reads version {VERSION}"
        ),
        Some(_) | None => format!("version = {version} is not allowed: it must be {VERSION}"),
    };
    Err(ScenarioError { field: Some("version".to_owned()), message, place: None })
}

/// A reader's error with its place, in words that name the field.
fn explain(path: &str, error: &serde_json::Error) -> ScenarioError {
    let place = Some((error.line(), error.column()));
    let problem = error.to_string();
    let problem = problem.split(" at line ").next().unwrap_or(&problem);
    let field = path.trim_matches('.').replace("?", "");
    match error.classify() {
        Category::Data => {}
        Category::Syntax | Category::Eof | Category::Io => {
            let message = format!("the scenario is not JSON: {problem}");
            return ScenarioError { field: None, message, place };
        }
    }
    if let Some(parameter) = field.strip_prefix("parameters.") {
        let field = Some(parameter.to_owned());
        return ScenarioError { field, message: problem.to_owned(), place };
    }
    let hint = if field.starts_with("input") && !problem.contains("unknown field") {
        "; an input is {\"builtin\": NAME}, {\"text\": TEXT}, {\"file\": {\"name\": NAME}}, \
         {\"files\": […]} or {\"made\": {\"count\": 40, \"bytes\": 2000}}"
    } else {
        ""
    };
    let name = if field.is_empty() { "the scenario" } else { &field };
    let message = format!("{name}: {problem}{hint}");
    ScenarioError { field: (!field.is_empty()).then_some(field), message, place }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Input, Key};

    fn refused(text: &str) -> ScenarioError {
        Scenario::from_json(text).unwrap_err()
    }

    #[test]
    fn a_scenario_is_read_with_its_defaults() {
        let text = r#"{"version": 1, "job": "word_count", "input": {"text": "to be"}}"#;
        let scenario = Scenario::from_json(text).unwrap();
        assert_eq!(scenario.input, Input::Text("to be".to_owned()));
        assert_eq!(scenario.parameters.get(Key::Nodes), Key::Nodes.parameter().default);
        assert_eq!(Scenario::from_json(&scenario.to_json()), Ok(scenario));
    }

    #[test]
    fn what_is_not_json_is_placed_by_line_and_column() {
        for (text, place) in [
            ("", (1, 0)),
            ("{\n  \"version\": 1,,\n}", (2, 16)),
            ("{\"version\": 1", (1, 13)),
            (r#"{"version": 1, "job": "word_count", "input": {"text": "a"}} x"#, (1, 61)),
        ] {
            let error = refused(text);
            assert_eq!(error.place, Some(place), "{error}");
            assert!(error.to_string().contains("not JSON"), "{error}");
        }
    }

    #[test]
    fn each_bad_field_is_named_with_its_value_and_what_is_allowed() {
        let whole = r#""version": 1, "job": "word_count", "input": {"text": "a"}"#;
        let with = |more: &str| format!("{{{whole}, {more}}}");
        for (text, field, words) in [
            (with(r#""colour": 3"#), "colour", ["unknown field `colour`", "`parameters`"]),
            (with(r#""level": "all""#), "level", ["unknown variant `all`", "`records`"]),
            (with(r#""parameters": {"nodes": 0}"#), "nodes", ["nodes = 0", "1 to 200"]),
            (with(r#""parameters": {"nods": 3}"#), "nods", ["nods = 3", "no such parameter"]),
            (with(r#""parameters": [3]"#), "parameters", ["parameters", "a map"]),
            (with(r#""parameters": {"racks": 7}"#), "racks", ["racks = 7", "nodes = 6"]),
        ] {
            let error = refused(&text);
            assert_eq!(error.field.as_deref(), Some(field), "{error}");
            for word in words {
                assert!(error.to_string().contains(word), "{text}: {error}");
            }
        }
    }

    #[test]
    fn a_fault_is_named_by_its_place_in_the_list() {
        let with = |faults: &str| {
            format!(
                r#"{{"version": 1, "job": "word_count", "input": {{"text": "a"}}, "faults": [{faults}]}}"#
            )
        };
        let good = r#""crash node 3 at 12.4 s""#;
        let scenario = Scenario::from_json(&with(good)).unwrap();
        assert_eq!(scenario.faults[0].to_string(), "crash node 3 at 12.4 s");
        for (fault, word) in [
            (r#""crush node 3 at 1 s""#, "crash node 3"),
            (r#""crash node 7 at 1 s""#, "node 1 to 6"),
            ("3", "such as \"crash node 3 at 12.4 s\""),
            (r#"{"at": -1, "fault": {"crash": {"node": 3}}}"#, "u64"),
        ] {
            let error = refused(&with(&format!("{good}, {fault}")));
            assert_eq!(
                error.field.as_deref().map(|field| &field[..9]),
                Some("faults[1]"),
                "{error}"
            );
            assert!(error.to_string().contains("faults[1]"), "{error}");
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn job_input_and_version_are_checked_too() {
        for (text, words) in [
            (r#"{"version": 1, "input": {"text": "a"}}"#, ["missing field", "job"]),
            (r#"{"job": "word_count", "input": {"text": "a"}}"#, ["missing field", "version"]),
            (r#"{"version": 1, "job": "grap", "input": {"text": "a"}}"#, ["grap", "word_count"]),
            (r#"{"version": 1, "job": "word_count", "input": "alice"}"#, ["alice", "builtin"]),
            (r#"{"version": 1, "job": "word_count", "input": {"text": 3}}"#, ["input", "string"]),
            (
                r#"{"version": 1, "job": "word_count", "input": {"file": {"nam": "x"}}}"#,
                ["nam", "`name`"],
            ),
            (
                r#"{"version": 1, "job": "word_count", "input": {"builtin": "alise"}}"#,
                ["alise", "alice"],
            ),
            (r#"{"version": 2, "new": true}"#, ["newer Millrace", "version = 2"]),
            (
                r#"{"version": 1, "job": "word_count", "job": "word_count"}"#,
                ["duplicate field", "job"],
            ),
            (r#"{"version": 0}"#, ["version = 0", "must be 1"]),
            (r#"{"version": "one"}"#, ["one", "must be 1"]),
            ("[]", ["the scenario", "struct Scenario"]),
            ("7", ["the scenario", "7"]),
        ] {
            let error = refused(text).to_string();
            for word in words {
                assert!(error.contains(word), "{text}: {error}");
            }
        }
    }

    #[test]
    fn garbage_is_refused_and_never_panics() {
        let good =
            r#"{"version":1,"job":"word_count","input":{"text":"é"},"parameters":{"nodes":3}}"#;
        for cut in (0..good.len()).filter(|cut| good.is_char_boundary(*cut)) {
            refused(&good[..cut]);
            let _ = Scenario::from_json(&format!("{}7{}", &good[..cut], &good[cut..]));
        }
        refused(&"[".repeat(100_000));
    }
}
