//! Messages of the engine's rooms in the words of the page. A scenario calls a tunable `allowed_lateness_ms`, and so
//! do the checks, the command line and files; who sees the page knows it as "Allowed lateness".

use super::amount;
use crate::scenario::PARAMETERS;
use crate::scenario::table::{Kind, Parameter};

/// A message about tunables with the names and the values that they have on the page: `Allowed lateness =
/// 5000 ms` for `allowed_lateness_ms = 5000`, and `aligned delay` for `aligned_delay`. Other names stay, such as
/// the paths of a scenario, which are known to those who wrote it.
pub fn in_labels(message: &str) -> String {
    let mut said = String::new();
    let mut rest = message;
    while let Some((before, name, after)) = next_name(rest) {
        said.push_str(before);
        let is_in_path = before.ends_with(['.', '"']) || after.starts_with('.') && is_path(after);
        let known = PARAMETERS.iter().find(|of| of.name == name).filter(|_| !is_in_path);
        rest = match (known, value(after)) {
            (Some(parameter), Some((given, behind))) => {
                // "Rules of flink" reads as it stands.
                let joined = if parameter.label.ends_with(" of") { " " } else { " = " };
                said.push_str(&format!("{}{joined}{}", parameter.label, shown(parameter, given)));
                behind
            }
            // A word of one piece may mean itself.
            (Some(parameter), None) if name.contains('_') => {
                said.push_str(&format!("“{}”", parameter.label));
                after
            }
            (Some(_) | None, _) if !is_in_path && is_choice(name) => {
                said.push_str(&amount::choice(name));
                after
            }
            (Some(_) | None, _) => {
                said.push_str(name);
                after
            }
        };
    }
    said + rest
}

/// What stands before the next name, the name, and what follows it.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let is_of_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
    let start = text.find(is_of_name)?;
    let (before, rest) = text.split_at(start);
    let (name, after) = rest.split_at(rest.find(|sign| !is_of_name(sign)).unwrap_or(rest.len()));
    Some((before, name, after))
}

/// Whether a full stop joins two names.
fn is_path(after: &str) -> bool {
    after[1..].starts_with(|sign: char| sign.is_ascii_alphanumeric())
}

/// A value that a name is said to have, and what follows it.
fn value(after: &str) -> Option<(&str, &str)> {
    let (before, given, behind) = next_name(after)?;
    (before == " = ").then_some((given, behind))
}

fn shown(parameter: &Parameter, given: &str) -> String {
    match (parameter.kind, given.parse()) {
        (Kind::Number { .. }, Ok(number)) => amount::shown(parameter, number),
        (Kind::Switch, _) if given == "true" => "on".to_owned(),
        (Kind::Switch, _) if given == "false" => "off".to_owned(),
        (Kind::Choice(_), _) => amount::choice(given),
        (Kind::Number { .. } | Kind::Switch | Kind::Text { .. }, _) => given.to_owned(),
    }
}

/// Whether some tunable has this choice, under a name that is not said so.
fn is_choice(name: &str) -> bool {
    let has_it = |parameter: &Parameter| match parameter.kind {
        Kind::Choice(options) => options.contains(&name),
        Kind::Number { .. } | Kind::Switch | Kind::Text { .. } => false,
    };
    name.contains('_') && PARAMETERS.iter().any(has_it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::variants::{Cut, Respect, variants};
    use crate::scenario::{Key, presets};

    #[test]
    fn a_message_names_a_tunable_as_its_field_does() {
        let mut scenario = presets::PRESETS[0].scenario();
        scenario.parameters = scenario.parameters.with(Key::Replication, 9);
        let said = in_labels(&scenario.validate().unwrap_err().to_string());
        assert!(said.contains("Replicas = 9") && said.contains("Nodes = 3"), "{said}");
    }

    #[test]
    fn values_and_choices_are_those_of_the_fields() {
        for (told, said) in [
            (
                "trigger = aligned_delay is not allowed: with profile = spark, one of watermark, event_time_interval",
                "Trigger = aligned delay is not allowed: with Rules of spark, one of watermark, event time interval",
            ),
            ("at most window_size_ms.", "at most “Window size”."),
            ("allowed_lateness_ms = 5000 is", "Allowed lateness = 5000 ms is"),
            ("job.stream.triggered.after_count = 0", "job.stream.triggered.after_count = 0"),
            ("of {\"events\": \"nine-scores\"}", "of {\"events\": \"nine-scores\"}"),
            ("über – 3", "über – 3"),
        ] {
            assert_eq!(in_labels(told), said);
        }
    }

    #[test]
    fn no_refusal_of_the_answers_has_a_name_of_the_code() {
        let cut = Cut { at: 0, since: None };
        let mut refused = 0;
        for preset in presets::STREAM_PRESETS {
            let scenario = preset.scenario();
            for respect in Respect::ALL {
                for variant in variants(&scenario, respect, cut, &[]) {
                    let Err(error) = variant.scenario else { continue };
                    let said = in_labels(&error.to_string());
                    refused += 1;
                    let is_code = |word: &str| {
                        let word = word.trim_matches(|sign: char| !sign.is_alphanumeric());
                        word.contains('_') && !word.contains(['.', '"'])
                    };
                    assert!(!said.split_whitespace().any(is_code), "{said}");
                }
            }
        }
        assert!(refused > 20, "{refused}");
    }
}
