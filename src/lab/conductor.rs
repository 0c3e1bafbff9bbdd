//! The conductor: owns a run and its branches, answers commands, and works in bounded slices between them.

use super::branches::Branches;
use super::forkable::{ForkState, Forkable};
use super::measure::{measure, memory_bytes};
use super::messages::zoom::ZoomQuery;
use super::messages::{
    Command, CommandBody, CommandId, LabError, Query, Reply, RunId, Until, Update,
};
use super::opened;
use super::pending::PendingStart;
use super::point::{PointRun, check_stream};
use super::run::Run;
use super::stream::{self, StreamRun};
use super::stream_point::StreamPoint;
use super::zoom::{Material, Zooms};
use crate::base::{Files, PlannedFault, Time};
use crate::scenario::{Input, Key, Lab, Named, Scenario};
use bytes::Bytes;

/// Owns at most one run, with its branches.
#[derive(Default)]
pub struct Conductor {
    pending: Option<PendingStart>,
    active: Option<Branches<Run>>,
    /// Stream runs take the place of batch runs, and the other way round.
    stream: Option<Branches<StreamRun>>,
    /// A point of a sweep under way.
    point: Option<Point>,
    /// Tasks that are stepped through.
    zooms: Zooms,
    /// The last input that came, so that a change of parameters need not send it again.
    input: Option<(Input, Vec<Bytes>)>,
}

/// A run beside the one that is here, of which only the outcome is kept.
enum Point {
    Batch(Box<PointRun>),
    Stream(Box<StreamPoint>),
}

impl Conductor {
    /// A conductor without a run.
    pub fn new() -> Conductor {
        Conductor::default()
    }

    /// Takes a command and answers it, now or later: a start when its input is checked, a
    /// fork when it stands where it parts. `input` are the texts that travelled
    /// beside it: those that its scenario names, in that order.
    pub fn handle(&mut self, command: Command, input: Option<Vec<Bytes>>) -> Vec<Update> {
        let id = command.id;
        // What is begun is answered later; what cannot be begun, at once.
        let later = |begun: Result<Vec<Update>, LabError>| {
            begun.unwrap_or_else(|error| vec![Update::Reply { id, result: Err(error) }])
        };
        let result = match command.body {
            CommandBody::Start { run, scenario } if scenario.lab() == Lab::Stream => {
                return self.start_stream(id, run, &scenario, input);
            }
            CommandBody::Start { run, scenario } => {
                return later(self.start(id, run, *scenario, input).map(|()| Vec::new()));
            }
            CommandBody::OpenTrace { run } => {
                return later(opened::open(id, run, &only(input)));
            }
            CommandBody::Point { scenario } => {
                return later(self.begin_point(id, *scenario, input, false));
            }
            CommandBody::Answer { scenario } => {
                let begun = check_stream(&scenario);
                return later(begun.and_then(|()| self.begin_point(id, *scenario, input, true)));
            }
            CommandBody::Advance { run, until } => self.advance(run, until),
            CommandBody::Cancel { run } => self.cancel(run),
            CommandBody::Inspect { run, query: Query::Zoom(query) } => {
                let branches = self.active.as_ref().ok_or_else(no_run);
                let material =
                    branches.and_then(|branches| branches.run(run)?.material(&query.script));
                return later(material.map(|material| self.zooms.ask(id, run, *query, material)));
            }
            CommandBody::Inspect { run, query } => {
                let branches = self.active.as_ref().ok_or_else(no_run);
                branches.and_then(|branches| branches.run(run)?.look_into(&query))
            }
            CommandBody::Intervene { run, branch, at, fault } => {
                let fault = PlannedFault { at, fault };
                let forked = match &mut self.stream {
                    Some(stream) => stream.fork(id, run, branch, fault),
                    None => self.branches().and_then(|batch| batch.fork(id, run, branch, fault)),
                };
                return later(forked.map(|()| Vec::new()));
            }
            CommandBody::StartLive { .. }
            | CommandBody::Kill { .. }
            | CommandBody::BreakNode { .. } => {
                Err(LabError { field: None, message: "there are no web workers here".into() })
            }
            CommandBody::Measure { workload } => {
                let checksum = measure(workload, only(input));
                Ok(Reply::Measured { checksum, memory_bytes: memory_bytes() })
            }
            CommandBody::Panic => panic!("asked to panic, to show what happens then"),
        };
        vec![Update::Reply { id, result }]
    }

    /// Whether there is work to do.
    pub fn is_busy(&self) -> bool {
        self.pending.is_some()
            || self.stream.as_ref().is_some_and(Branches::is_busy)
            || self.point.is_some()
            || self.zooms.is_busy()
            || self.active.as_ref().is_some_and(Branches::is_busy)
    }

    /// Does a slice of work of a few milliseconds, and says what came of it.
    pub fn work(&mut self) -> Vec<Update> {
        if self.pending.is_some() {
            return self.check_slice();
        }
        if let Some(stream) = self.stream.as_mut().filter(|stream| stream.is_busy()) {
            return stream.work();
        }
        if self.point.is_some() {
            return self.point_slice();
        }
        // Someone waits for these; the runs go on in between.
        let mut updates = self.zooms.work();
        updates.extend(self.active.as_mut().map(Branches::work).unwrap_or_default());
        updates
    }

    /// Takes a question about an attempt of a run that is not the conductor's own.
    pub fn zoom(
        &mut self,
        id: CommandId,
        run: RunId,
        query: ZoomQuery,
        material: Material,
    ) -> Vec<Update> {
        self.zooms.ask(id, run, query, material)
    }

    /// The questions about the run that was here, which are given up with it.
    fn leave_zooms(&mut self) -> Vec<Update> {
        let zooms = std::mem::take(&mut self.zooms);
        let left = zooms.unanswered();
        left.map(|id| Update::Reply { id, result: Err(left_behind()) }).collect()
    }

    fn start(
        &mut self,
        id: CommandId,
        run: RunId,
        scenario: Scenario,
        input: Option<Vec<Bytes>>,
    ) -> Result<(), LabError> {
        let data = self.input_of(&scenario, input)?;
        self.pending = Some(PendingStart::begin(id, run, scenario, data)?);
        Ok(())
    }

    /// The files of a scenario's input. What it only names came beside it, now or the last time.
    ///
    /// # Errors
    /// When that is not here.
    pub fn input_of(
        &mut self,
        scenario: &Scenario,
        texts: Option<Vec<Bytes>>,
    ) -> Result<Files, LabError> {
        if let Some(texts) = texts {
            self.input = Some((scenario.input.clone(), texts));
        }
        let known = self.input.as_ref().filter(|(known, _)| *known == scenario.input);
        let all = scenario.input.named();
        scenario.input.files(scenario.parameters.get(Key::Seed), |named| {
            let (Named::Builtin(name) | Named::File { name, .. }) = named;
            let place = all.iter().position(|one| *one == named);
            let text = known.and_then(|(_, texts)| texts.get(place?));
            text.cloned().ok_or_else(|| LabError {
                field: Some("input".to_owned()),
                message: format!("the text of {name} is not here: open it again"),
            })
        })
    }

    /// Begins a run beside; the one that it overtakes is answered so.
    fn begin_point(
        &mut self,
        id: CommandId,
        scenario: Scenario,
        input: Option<Vec<Bytes>>,
        answers: bool,
    ) -> Result<Vec<Update>, LabError> {
        let files = self.input_of(&scenario, input)?;
        let point = match scenario.lab() {
            Lab::Stream => {
                let data = stream::text_of(&files);
                Point::Stream(Box::new(StreamPoint::begin(id, &scenario, &data, answers)?))
            }
            Lab::Mapreduce => Point::Batch(Box::new(PointRun::begin(id, scenario, files)?)),
        };
        let overtaken = self.point.replace(point);
        let answer =
            |point: Point| Update::Reply { id: point.command(), result: Err(left_behind()) };
        Ok(overtaken.into_iter().map(answer).collect())
    }

    fn point_slice(&mut self) -> Vec<Update> {
        let Some(result) = self.point.as_mut().and_then(Point::step) else { return Vec::new() };
        let Some(point) = self.point.take() else { return Vec::new() };
        vec![Update::Reply { id: point.command(), result }]
    }

    fn check_slice(&mut self) -> Vec<Update> {
        let Some(mut pending) = self.pending.take() else { return Vec::new() };
        let id = pending.command;
        match pending.step() {
            Ok(None) => {
                self.pending = Some(pending);
                Vec::new()
            }
            Ok(Some((run, reply))) => {
                self.begin(pending.run, run, Update::Reply { id, result: Ok(reply) })
            }
            Err(error) => vec![Update::Reply { id, result: Err(error) }],
        }
    }

    /// What was here goes, and what it leaves unanswered is said.
    fn leave(&mut self) -> Vec<Update> {
        let (batch, stream) = (self.active.take(), self.stream.take());
        let batch = batch.iter().flat_map(Branches::unanswered);
        let left = batch.chain(stream.iter().flat_map(Branches::unanswered));
        let left = left.map(|id| Update::Reply { id, result: Err(left_behind()) });
        let mut updates: Vec<Update> = left.collect();
        updates.extend(self.leave_zooms());
        updates
    }

    /// A new run takes the place of the one before and of all its branches.
    fn begin(&mut self, number: RunId, mut run: Run, reply: Update) -> Vec<Update> {
        let mut updates = self.leave();
        let events = run.state.take_events();
        self.active = Some(Branches::new(number, run));
        updates.extend([reply, Update::Trace { run: number, events }]);
        updates
    }

    /// A stream run begins at once: its events are few, or are made.
    fn start_stream(
        &mut self,
        id: CommandId,
        number: RunId,
        scenario: &Scenario,
        input: Option<Vec<Bytes>>,
    ) -> Vec<Update> {
        let started = self.input_of(scenario, input).and_then(|files| {
            let data = stream::text_of(&files);
            let (run, records) = StreamRun::start(scenario, &data)?;
            let (input_bytes, splits, notes) = (data.len() as u64, 0, Vec::new());
            Ok((run, Reply::Started { input_bytes, lines: records, splits, notes }))
        });
        let (mut run, reply) = match started {
            Ok(started) => started,
            Err(error) => return vec![Update::Reply { id, result: Err(error) }],
        };
        let mut updates = self.leave();
        let events = run.state_mut().take_events();
        self.stream = Some(Branches::new(number, run));
        updates.push(Update::Reply { id, result: Ok(reply) });
        updates.push(Update::Trace { run: number, events });
        updates
    }

    fn advance(&mut self, run: RunId, until: Until) -> Result<Reply, LabError> {
        let until = match until {
            Until::Time(at) => at,
            Until::End => Time(u64::MAX),
        };
        match &mut self.stream {
            Some(stream) => stream.advance(run, Some(until))?,
            None => self.branches()?.advance(run, Some(until))?,
        }
        Ok(Reply::Advancing)
    }

    fn cancel(&mut self, run: RunId) -> Result<Reply, LabError> {
        match &mut self.stream {
            Some(stream) => stream.advance(run, None)?,
            None => self.branches()?.advance(run, None)?,
        }
        Ok(Reply::Cancelled)
    }

    fn branches(&mut self) -> Result<&mut Branches<Run>, LabError> {
        self.active.as_mut().ok_or_else(no_run)
    }
}

impl Point {
    fn command(&self) -> CommandId {
        match self {
            Point::Batch(point) => point.command,
            Point::Stream(point) => point.command,
        }
    }

    fn step(&mut self) -> Option<Result<Reply, LabError>> {
        match self {
            Point::Batch(point) => point.step().map(|came| Ok(Reply::Came(Box::new(came)))),
            Point::Stream(point) => point.step(),
        }
    }
}

/// The one text that travelled beside a command.
fn only(input: Option<Vec<Bytes>>) -> Bytes {
    input.and_then(|texts| texts.into_iter().next()).unwrap_or_default()
}

fn no_run() -> LabError {
    LabError { field: None, message: "there is no run here: start one".to_owned() }
}

fn left_behind() -> LabError {
    LabError { field: None, message: "another run took the place of this one".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::presets;

    /// Texts come as the scenario names them, each once, and are its files in the order of its files.
    #[test]
    fn each_file_gets_the_text_that_came_for_it() {
        let mut scenario = presets::PRESETS[0].scenario();
        let files = r#"{"files": [
            {"name": "b"}, {"name": "carried", "content": {"builtin": "alice"}},
            {"name": "text", "content": {"text": "here"}},
            {"name": "a"}, {"name": "again", "content": {"builtin": "alice"}}]}"#;
        scenario.input = serde_json::from_str(files).unwrap();
        let mut conductor = Conductor::new();
        let missing = conductor.input_of(&scenario, None).unwrap_err();
        assert!(missing.message.contains("text of b is not here"), "{}", missing.message);
        let texts = ["bees", "Alice", "ants"].map(Bytes::from).to_vec();
        let wanted = ["bees", "Alice", "here", "ants", "Alice"].map(str::as_bytes);
        assert_eq!(conductor.input_of(&scenario, Some(texts)).unwrap().texts(), wanted);
        // A change of parameters need not send them again.
        assert_eq!(conductor.input_of(&scenario, None).unwrap().texts(), wanted);
        let short = vec![Bytes::from("bees")];
        let missing = conductor.input_of(&scenario, Some(short)).unwrap_err();
        assert!(missing.message.contains("alice"), "{}", missing.message);
    }
}
