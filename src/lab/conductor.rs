//! The conductor: owns the run, answers commands, and works in bounded slices between them.

use super::inspect;
use super::measure::measure;
use super::messages::{Command, CommandBody, CommandId, LabError, Reply, RunId, Until, Update};
use super::pending::PendingStart;
use super::run::{Progress, Run};
use crate::base::Time;
use crate::scenario::{Input, Scenario};
use bytes::Bytes;

/// Owns at most one run.
#[derive(Default)]
pub struct Conductor {
    pending: Option<PendingStart>,
    active: Option<(RunId, Run)>,
    /// How far to advance, while advancing.
    until: Option<Time>,
    /// The last input that came, so that a change of parameters need not send it again.
    input: Option<(Input, Bytes)>,
}

impl Conductor {
    /// A conductor without a run.
    pub fn new() -> Conductor {
        Conductor::default()
    }

    /// Takes a command and answers it, now or (a start) when its input is checked. `input` are
    /// the bytes that travelled beside it.
    pub fn handle(&mut self, command: Command, input: Option<Bytes>) -> Vec<Update> {
        let id = command.id;
        let result = match command.body {
            CommandBody::Start { run, scenario } => match self.start(id, run, *scenario, input) {
                Ok(()) => return Vec::new(),
                Err(error) => Err(error),
            },
            CommandBody::Advance { run, until } => self.advance(run, until),
            CommandBody::Cancel { run } => self.cancel(run),
            CommandBody::Inspect { run, query } => {
                self.of_run(run).and_then(|run| inspect::answer(run, &query))
            }
            CommandBody::Intervene { run, .. } => {
                self.of_run(run).and(Err(LabError { field: None, message: "not yet".into() }))
            }
            CommandBody::StartLive { .. } | CommandBody::Kill { .. } => {
                Err(LabError { field: None, message: "there are no web workers here".into() })
            }
            CommandBody::Measure { workload } => {
                Ok(Reply::Measured { checksum: measure(workload, input.unwrap_or_default()) })
            }
            CommandBody::Panic => panic!("asked to panic, to show what happens then"),
        };
        vec![Update::Reply { id, result }]
    }

    /// Whether there is work to do.
    pub fn is_busy(&self) -> bool {
        self.pending.is_some() || self.until.is_some()
    }

    /// Does a slice of work of a few milliseconds, and says what came of it.
    pub fn work(&mut self) -> Vec<Update> {
        if self.pending.is_some() {
            return self.check_slice();
        }
        match self.until {
            Some(until) => self.advance_slice(until),
            None => Vec::new(),
        }
    }

    fn start(
        &mut self,
        id: CommandId,
        run: RunId,
        scenario: Scenario,
        input: Option<Bytes>,
    ) -> Result<(), LabError> {
        let data = self.input_of(&scenario.input, input)?;
        self.pending = Some(PendingStart::begin(id, run, scenario, data)?);
        Ok(())
    }

    /// The bytes of a scenario's input: those that came, or those that came the last time.
    ///
    /// # Errors
    /// When they are not here.
    pub fn input_of(&mut self, input: &Input, bytes: Option<Bytes>) -> Result<Bytes, LabError> {
        if let Some(bytes) = bytes {
            self.input = Some((input.clone(), bytes.clone()));
            return Ok(bytes);
        }
        match (input, &self.input) {
            (Input::Text(text), _) => Ok(Bytes::copy_from_slice(text.as_bytes())),
            (input, Some((known, bytes))) if input == known => Ok(bytes.clone()),
            (Input::Builtin(name) | Input::File { name, .. }, _) => Err(LabError {
                field: Some("input".to_owned()),
                message: format!("the text of {name} is not here: open it again"),
            }),
        }
    }

    fn check_slice(&mut self) -> Vec<Update> {
        let Some(mut pending) = self.pending.take() else { return Vec::new() };
        let id = pending.command;
        match pending.step() {
            Ok(None) => {
                self.pending = Some(pending);
                Vec::new()
            }
            Ok(Some((mut run, reply))) => {
                let events = run.take_events();
                let number = pending.run;
                self.active = Some((number, run));
                self.until = None;
                let reply = Update::Reply { id, result: Ok(reply) };
                vec![reply, Update::Trace { run: number, events }]
            }
            Err(error) => vec![Update::Reply { id, result: Err(error) }],
        }
    }

    fn advance(&mut self, run: RunId, until: Until) -> Result<Reply, LabError> {
        self.of_run(run)?;
        self.until = Some(match until {
            Until::Time(at) => at,
            Until::End => Time(u64::MAX),
        });
        Ok(Reply::Advancing)
    }

    fn cancel(&mut self, run: RunId) -> Result<Reply, LabError> {
        self.of_run(run)?;
        self.until = None;
        Ok(Reply::Cancelled)
    }

    fn advance_slice(&mut self, until: Time) -> Vec<Update> {
        let Some((number, run)) = &mut self.active else {
            self.until = None;
            return Vec::new();
        };
        let number = *number;
        let (events, progress) = run.work(until);
        let mut updates = Vec::new();
        if !events.is_empty() {
            updates.push(Update::Trace { run: number, events });
        }
        match progress {
            Progress::More => {}
            Progress::Paused => self.until = None,
            Progress::Finished(summary) => {
                self.until = None;
                updates.push(Update::Finished { run: number, summary: Box::new(summary) });
            }
        }
        updates
    }

    fn of_run(&self, number: RunId) -> Result<&Run, LabError> {
        match &self.active {
            Some((active, run)) if *active == number => Ok(run),
            Some(_) | None => Err(LabError {
                field: None,
                message: format!("run {number} is not here any more: start it again"),
            }),
        }
    }
}
