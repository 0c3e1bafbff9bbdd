//! The real worker, spoken to in its own messages: for what no click on the page can ask.

use serde_json::{Value, json};

use super::Page;

const CONDUCTOR: &str = include_str!("conductor.js");

impl Page {
    /// Evaluates the body of an asynchronous JavaScript function in which `conductor` is a worker of its own,
    /// started as the page starts its own, and `given` is this value. Panics with what it throws.
    #[track_caller]
    pub(crate) fn with_conductor(&mut self, given: &Value, body: &str) -> Value {
        self.evaluate(&format!("{CONDUCTOR}\n;0"));
        self.evaluate(&format!(
            "(async (given) => {{
                const conductor = startConductor();
                try {{ {body} }} finally {{ conductor.end(); }}
            }})({})",
            json!(given)
        ))
    }
}
