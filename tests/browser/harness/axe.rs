//! The automatic accessibility check, by axe-core.

use serde_json::Value;

use super::Page;

/// Kept in the repository; its own folder says why.
const AXE: &str = include_str!("../../vendor/axe-core/axe.min.js");

impl Page {
    /// What axe-core finds wrong with the page as it is now: one line for each place.
    #[track_caller]
    pub(crate) fn axe_violations(&mut self) -> Vec<String> {
        if self.evaluate("typeof axe") == "undefined" {
            self.evaluate(&format!("{AXE}\n;0"));
        }
        let found = self.evaluate(
            "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
                violations.map(({ id, impact, help, nodes }) => ({
                    id, impact, help, nodes: nodes.map(({ target, html }) => [target.join(' '), html]),
                })))",
        );
        found.as_array().into_iter().flatten().flat_map(places).collect()
    }
}

fn places(violation: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rule = format!(
        "{} ({}): {}",
        word(&violation["id"]),
        word(&violation["impact"]),
        word(&violation["help"])
    );
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    nodes.map(|node| format!("{rule} at {}: {}", word(&node[0]), word(&node[1]))).collect()
}
