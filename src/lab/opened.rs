//! A trace file, opened as a run without an engine.

use super::messages::{CommandId, LabError, Reply, RunId, Summary, Update};
use super::run::why_it_failed;
use crate::scenario::Scenario;
use crate::trace::jsonl::{self, trace_hash};

/// Reads a trace: the reply, its events, and its end.
pub(super) fn open(id: CommandId, run: RunId, bytes: &[u8]) -> Result<Vec<Update>, LabError> {
    let error = |message: String| LabError { field: Some("input".to_owned()), message };
    let (header, mut timeline) = jsonl::read(bytes).map_err(|bad| error(bad.to_string()))?;
    let scenario = Scenario::from_json_unvalidated(&header.scenario.to_string());
    let scenario = scenario.map_err(|bad| {
        error(format!("line 1: the trace's scenario can't be read: {}", bad.message))
    })?;
    let last = timeline.seek(timeline.len());
    let events = timeline.events().to_vec();
    let summary = Summary {
        finished_at: timeline.end_time(),
        failed: events.iter().find_map(why_it_failed),
        events: timeline.len(),
        trace_hash: trace_hash(&events),
        output_records: last.counters.reduce_output_records,
        counters: *last.counters,
        // A trace has no data to compare; who shows the run says so.
        equals_oracle: false,
    };
    let reply = Reply::TraceOpened { scenario: Box::new(scenario), engine: header.engine };
    Ok(vec![
        Update::Reply { id, result: Ok(reply) },
        Update::Trace { run, events },
        Update::Finished { run, summary: Box::new(summary) },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::run_to_end;
    use bytes::Bytes;

    fn written() -> (Scenario, Vec<crate::trace::Event>, String) {
        let scenario = crate::scenario::PRESETS[0].scenario();
        let crate::scenario::Input::Text(text) = &scenario.input else { panic!("it has a text") };
        let run = run_to_end(&scenario, Bytes::copy_from_slice(text.as_bytes())).unwrap();
        let json = serde_json::to_value(&scenario).unwrap();
        let text = jsonl::write(&jsonl::Header::new(json), &run.events);
        (scenario, run.events, text)
    }

    #[test]
    fn what_was_written_is_opened_again() {
        let (scenario, events, text) = written();
        let updates = open(3, 7, text.as_bytes()).unwrap();
        let Update::Reply { id: 3, result: Ok(Reply::TraceOpened { scenario: read, .. }) } =
            &updates[0]
        else {
            panic!("{:?}", updates[0])
        };
        assert_eq!(**read, scenario);
        assert_eq!(updates[1], Update::Trace { run: 7, events });
        assert!(
            matches!(&updates[2], Update::Finished { run: 7, summary } if summary.failed.is_none())
        );
    }

    #[test]
    fn a_broken_file_is_told_by_line_and_column() {
        let (_, _, text) = written();
        let mut lines: Vec<&str> = text.lines().collect();
        lines[4] = "{\"seq\":3,";
        let said = open(0, 1, lines.join("\n").as_bytes()).unwrap_err().message;
        assert!(said.contains("line 5") && said.contains("column"), "{said}");
        let said = open(0, 1, b"to be or not to be").unwrap_err().message;
        assert!(said.contains("line 1"), "{said}");
    }
}
