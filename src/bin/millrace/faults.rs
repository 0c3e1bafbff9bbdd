//! `millrace faults`: what can be done to a cluster, and to what a stream job reads.

use crate::Answer;
use millrace::base::fault::{STREAM_VERBS, VERBS};

/// Each verb with what it does.
pub(crate) fn list() -> Answer {
    let all = || VERBS.iter().chain(&STREAM_VERBS);
    let width = all().map(|(verb, _)| verb.len()).max().unwrap_or(0);
    let line = |(verb, what): &(&str, &str)| format!("{verb:width$}  {what}\n");
    let mut text: String = VERBS.iter().map(line).collect();
    text += "\nOf a stream job:\n\n";
    text.extend(STREAM_VERBS.iter().map(line));
    text += "\nEach takes its time in seconds: millrace run alice --fault \"crash node 3 at 12.4 s\"\n\
             In a scenario they stand in a list: \"faults\": [\"crash node 3 at 12.4 s\"]\n\
             What goes wrong by luck is a parameter, such as crashes_per_hour: see millrace params.\n";
    Answer::success(text)
}
