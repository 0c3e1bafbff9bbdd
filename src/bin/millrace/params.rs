//! `millrace params`: the parameter table, as text, JSON or Markdown.

use crate::Answer;
use millrace::scenario::PARAMETERS;
use millrace::scenario::table::{Kind, Parameter};
use serde_json::{Value, json};

/// The table for people at a terminal.
pub(crate) fn text() -> Answer {
    let width = PARAMETERS.iter().map(|parameter| parameter.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut group = None;
    for parameter in &PARAMETERS {
        if group.replace(parameter.group) != Some(parameter.group) {
            let gap = if text.is_empty() { "" } else { "\n" };
            text += &format!("{gap}{}\n", parameter.group.label());
        }
        let default = with_unit(parameter);
        text += &format!("  {:width$}  {default}; {}\n", parameter.name, parameter.allowed());
        text += &format!("  {:width$}  {}\n", "", parameter.help);
        if !parameter.real.is_empty() {
            text += &format!("  {:width$}  real: {}\n", "", parameter.real);
        }
    }
    Answer::success(text)
}

/// The table for programs.
pub(crate) fn json() -> Answer {
    let table: Value = PARAMETERS.iter().map(describe).collect();
    Answer::success(format!("{table:#}\n"))
}

/// The table for documents.
pub(crate) fn markdown() -> Answer {
    let mut text = "| parameter | default | allowed | what it is | the real system's |\n\
                    |---|---|---|---|---|\n"
        .to_owned();
    for parameter in &PARAMETERS {
        text += &format!(
            "| `{}` | {} | {} | {} | {} |\n",
            parameter.name,
            with_unit(parameter),
            parameter.allowed(),
            parameter.help,
            parameter.real
        );
    }
    Answer::success(text)
}

fn with_unit(parameter: &Parameter) -> String {
    let shown = parameter.show(parameter.default);
    let symbol = parameter.unit.symbol();
    if symbol.is_empty() { shown } else { format!("{shown} {symbol}") }
}

fn describe(parameter: &Parameter) -> Value {
    let (kind, default) = match parameter.kind {
        Kind::Number { min, max, log } => {
            (json!({"number": {"min": min, "max": max, "log": log}}), json!(parameter.default))
        }
        Kind::Switch => (json!("switch"), json!(parameter.default != 0)),
        Kind::Choice(options) => {
            (json!({"choice": options}), json!(parameter.show(parameter.default)))
        }
        Kind::Text { default, bytes_max } => {
            (json!({"text": {"bytes_max": bytes_max}}), json!(default))
        }
    };
    json!({
        "name": parameter.name,
        "label": parameter.label,
        "group": parameter.group.label(),
        "unit": parameter.unit.symbol(),
        "kind": kind,
        "default": default,
        "help": parameter.help,
        "real": parameter.real,
    })
}
