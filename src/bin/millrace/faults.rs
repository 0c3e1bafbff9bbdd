//! `millrace faults`: what can be done to a cluster.

use crate::Answer;
use millrace::base::fault::VERBS;

/// Each verb with what it does.
pub(crate) fn list() -> Answer {
    let width = VERBS.iter().map(|(verb, _)| verb.len()).max().unwrap_or(0);
    let mut text: String =
        VERBS.iter().map(|(verb, what)| format!("{verb:width$}  {what}\n")).collect();
    text += "\nEach takes its time in seconds: millrace run alice --fault \"crash node 3 at 12.4 s\"\n\
             In a scenario they stand in a list: \"faults\": [\"crash node 3 at 12.4 s\"]\n\
             What goes wrong by luck is a parameter, such as crash-rate: see millrace params.\n";
    Answer::success(text)
}
