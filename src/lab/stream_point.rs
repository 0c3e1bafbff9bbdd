//! A stream run beside the one that is here: run to its end, and only what it came to is kept, or what
//! its windows answered.

use super::forkable::{ForkState, Forkable};
use super::messages::{CommandId, LabError, Reply};
use super::run::Progress;
use super::stream::StreamRun;
use crate::base::{Level, Time};
use crate::scenario::Scenario;
use crate::trace::Event;
use crate::trace::answer::{EVENTS_MAX, RECORDS_MAX, StreamAnswer, too_many};
use crate::trace::measures::Came;
use crate::trace::stream_totals::StreamTally;
use crate::trace::totals::Tally;

/// A stream run that is only measured, or asked for its answers.
pub(super) struct StreamPoint {
    pub(super) command: CommandId,
    run: StreamRun,
    tally: Tally,
    stream: StreamTally,
    /// The events so far, where answers are asked for.
    kept: Option<Vec<Event>>,
}

impl StreamPoint {
    /// Checks scenario and input. All is recorded, whatever the scenario says: measures and answers are
    /// made of it.
    pub(super) fn begin(
        command: CommandId,
        scenario: &Scenario,
        data: &[u8],
        keeps: bool,
    ) -> Result<StreamPoint, LabError> {
        let scenario = Scenario { level: Level::Records, ..scenario.clone() };
        let (mut run, records) = StreamRun::start(&scenario, data)?;
        if keeps && records > RECORDS_MAX as u64 {
            let are = usize::try_from(records).unwrap_or(usize::MAX);
            let message = too_many("records", RECORDS_MAX, are);
            return Err(LabError { field: Some("input".to_owned()), message });
        }
        let (tally, stream) = (Tally::default(), StreamTally::default());
        let events = run.state_mut().take_events();
        let mut point = StreamPoint { command, run, tally, stream, kept: keeps.then(Vec::new) };
        point.take(events);
        Ok(point)
    }

    fn take(&mut self, events: Vec<Event>) {
        match &mut self.kept {
            Some(kept) => kept.extend(events),
            None => {
                self.tally.feed(&events);
                self.stream.feed(&events);
            }
        }
    }

    /// Simulates a slice; says at the end what the run came to.
    pub(super) fn step(&mut self) -> Option<Result<Reply, LabError>> {
        let (events, progress) = self.run.work(Time(u64::MAX), &mut ());
        self.take(events);
        if let Some(kept) = self.kept.as_ref().filter(|kept| kept.len() > EVENTS_MAX) {
            let message = too_many("events of the engine", EVENTS_MAX, kept.len());
            return Some(Err(LabError { field: Some("input".to_owned()), message }));
        }
        let Progress::Finished(summary) = progress else { return None };
        if let Some(events) = self.kept.take() {
            let answer = StreamAnswer::of(events);
            let answer = answer.map(|answer| Reply::Answered(Box::new(answer)));
            return Some(answer.map_err(|message| LabError { field: None, message }));
        }
        Some(Ok(Reply::Came(Box::new(Came {
            totals: self.tally.totals(),
            counters: summary.counters,
            stream: Some(self.stream.totals()),
            failed: summary.failed,
            is_right: summary.equals_oracle,
        }))))
    }
}

/// Runs a stream scenario to its end, and says what it answered or came to.
pub(super) fn to_end(scenario: &Scenario, data: &[u8], keeps: bool) -> Result<Reply, LabError> {
    let mut point = StreamPoint::begin(0, scenario, data, keeps)?;
    loop {
        if let Some(result) = point.step() {
            return result;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::messages::{Command, CommandBody, Update};
    use crate::lab::{Conductor, run_answer, run_point, run_to_end};
    use crate::scenario::presets;
    use crate::trace::stream_totals::StreamTotals;
    use crate::trace::totals::Totals;
    use bytes::Bytes;

    fn scenario(name: &str) -> Scenario {
        presets::named(name).unwrap().scenario()
    }

    #[test]
    fn a_stream_point_comes_to_what_the_whole_run_comes_to() {
        for preset in ["first-stream", "lost-nine", "web-sessions"] {
            let scenario = scenario(preset);
            let whole = run_to_end(&scenario, Bytes::new()).unwrap();
            let came = run_point(&scenario, Bytes::new()).unwrap();
            assert_eq!(came.totals, Totals::of(&whole.events), "{preset}");
            let stream = came.stream.unwrap();
            assert_eq!(stream, StreamTotals::of(&whole.events), "{preset}");
            assert_eq!(stream.panes, came.totals.panes, "{preset}");
            assert_eq!(stream.ledger.dropped, came.totals.dropped, "{preset}");
            assert_eq!(
                (stream.elements.now, stream.windows.now),
                (0, 0),
                "{preset}: all is let go"
            );
            assert!(stream.elements.most > 0 && stream.windows.most > 0, "{preset}");
        }
    }

    /// Figure 2-10: the heuristic watermark loses the 9, and says the first window at 12:06, four minutes
    /// after its end; the perfect one waits until 12:08:44 for it.
    #[test]
    fn perfect_costs_latency_and_loses_nothing() {
        let of = |name| run_point(&scenario(name), Bytes::new()).unwrap().stream.unwrap();
        let (perfect, heuristic) = (of("perfect-costs"), of("lost-nine"));
        assert_eq!((perfect.ledger.dropped, heuristic.ledger.dropped), (0, 1));
        let most = |of: StreamTotals| of.first.unwrap().most_ms;
        assert!(most(perfect) > most(heuristic), "{perfect:?} {heuristic:?}");
        assert_eq!(heuristic.first.unwrap().windows, 4);
        assert!(perfect.elements.most > heuristic.elements.most);
    }

    /// The last window ends at 0:20, and the input some seconds before that: the window speaks then, and how long it
    /// would have been waited for is not known.
    #[test]
    fn what_the_end_of_the_input_made_fire_too_early_has_no_latency() {
        let came = run_point(&scenario("first-stream"), Bytes::new()).unwrap().stream.unwrap();
        let first = came.first.unwrap();
        assert_eq!((first.windows, came.cut_short, came.panes), (1, 1, 2), "{came:?}");
        assert_eq!((first.median_ms, first.most_ms), (3_700, 3_700));
    }

    #[test]
    fn the_conductor_answers_beside_its_run_and_of_two_the_later() {
        let mut conductor = Conductor::new();
        let ask = |name| CommandBody::Answer { scenario: Box::new(scenario(name)) };
        let first = conductor.handle(Command { id: 1, body: ask("perfect-costs") }, None);
        assert!(first.is_empty());
        let mut updates = conductor.handle(Command { id: 2, body: ask("lost-nine") }, None);
        while conductor.is_busy() {
            updates.extend(conductor.work());
        }
        let [
            Update::Reply { id: 1, result: Err(_) },
            Update::Reply { id: 2, result: Ok(Reply::Answered(answer)) },
        ] = &updates[..]
        else {
            panic!("{updates:?}")
        };
        let said: Vec<String> = answer.panes.iter().map(|pane| pane.content.to_string()).collect();
        assert_eq!(said, ["5", "18", "4", "12"]);
        assert_eq!(**answer, run_answer(&scenario("lost-nine"), Bytes::new()).unwrap());
        let lost: Vec<_> = answer
            .records
            .iter()
            .filter(|record| record.shares.iter().any(|share| share.dropped.is_some()))
            .map(|record| record.value.to_string())
            .collect();
        assert_eq!(lost, ["9"]);
    }

    #[test]
    fn a_batch_job_has_no_panes_to_lay_side_by_side() {
        let scenario = crate::scenario::PRESETS[0].scenario();
        let error = run_answer(&scenario, Bytes::new()).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("job"));
    }
}
