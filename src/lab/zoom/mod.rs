//! Stepping through one task: the engine does an attempt's work again, keeps to what its run
//! recorded of it, and each step is told with what is in it.
//!
//! Nothing is computed by another rule than the engine's; where the engine keeps less than a
//! person wants to see (the values that a combiner took in), a copy of its mapper and a sort buffer
//! without a combiner are asked beside it. The work is done in slices, and an answer has a window of
//! the steps and a page of each table.

mod groups;
mod map;
mod pairs;
mod reduce;
mod spilled;
mod told;

#[cfg(test)]
#[expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one kind of step")]
mod tests;

use super::inspect::Looked;
use super::messages::zoom::{STEPS_MAX, Window, ZoomQuery, ZoomSteps};
use super::messages::{CommandId, LabError, Reply, RunId, Update};
use crate::base::{AttemptId, Files, PartitionId, TaskKind};
use crate::mapreduce::attempt::Budget;
use crate::mapreduce::config::Topology;
use crate::mapreduce::messages::{BlockAt, Served, Source};
use crate::mapreduce::segment::Segment;
use crate::mapreduce::{JobConfig, Split};
use crate::trace::script::{Script, ShuffleAct};
use map::MapReplay;
use reduce::ReduceReplay;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;
use told::Told;

/// Bytes that a slice works on, and turns that it takes: some milliseconds in a browser.
pub(super) const TURN_BYTES: u64 = 512 << 10;
const TURNS: u32 = 1_000;

/// Attempts with no more bytes than this are gone through to their end, so that their steps can be
/// counted.
const COUNTED_BYTES_MAX: u64 = 1 << 20;

/// The most questions that wait; of more the oldest is given up.
const WAITING_MAX: usize = 4;

/// What of a run a replay is made of.
#[derive(Debug)]
pub struct Material {
    config: Arc<JobConfig>,
    /// The splits of the maps that it is about.
    splits: BTreeMap<u32, Split>,
    /// Maps of the job.
    maps: u32,
    blocks: Arc<[BlockAt]>,
    files: Files,
    topology: Arc<Topology>,
    budget: Budget,
    /// The segments that a reduce fetched and that still lie on disks.
    segments: BTreeMap<AttemptId, Segment>,
}

/// The questions about tasks that wait for their answers.
#[derive(Default)]
pub(super) struct Zooms {
    waiting: VecDeque<Question>,
    last: Option<Session>,
}

struct Question {
    command: CommandId,
    run: RunId,
    query: ZoomQuery,
    material: Arc<Material>,
}

/// An attempt that is done again, as far as it was.
struct Session {
    run: RunId,
    script: Arc<Script>,
    replay: Replay,
    told: Told,
    is_over: bool,
    total: Option<u64>,
}

enum Replay {
    Map(Box<MapReplay>),
    Reduce(Box<ReduceReplay>),
}

impl Material {
    /// What an attempt's replay takes of a run.
    pub(super) fn of(run: &Looked<'_>, script: &Script) -> Result<Material, LabError> {
        let missing =
            |what: String| LabError { field: None, message: format!("{what} is not in this run") };
        let (attempt, count) = (script.attempt, run.splits.len());
        let is_known = match attempt.task.kind {
            TaskKind::Map => (attempt.task.index as usize) < count,
            TaskKind::Reduce => attempt.task.index < run.job.reducers,
        };
        if !is_known {
            return Err(missing(attempt.to_string()));
        }
        if script.node.place() >= run.topology.0.len() {
            return Err(missing(script.node.to_string()));
        }
        let mut splits = BTreeMap::new();
        let segments = segments(run, script);
        for map in maps_of(script).filter(|map| !segments.contains_key(map)) {
            let split = run.splits.get(map.task.index as usize);
            let split = split.ok_or_else(|| missing(map.to_string()))?;
            splits.insert(map.task.index, split.clone());
        }
        // What threw by luck would throw at another step here.
        let config = JobConfig { task_failure_percent: 0, ..run.job.clone() };
        Ok(Material {
            config: Arc::new(config),
            splits,
            maps: u32::try_from(count).unwrap_or(u32::MAX),
            blocks: run.blocks.into(),
            files: run.files.clone(),
            topology: run.topology.clone(),
            budget: run.budget,
            segments,
        })
    }

    /// Bytes that a replay works on.
    fn bytes(&self, script: &Script) -> u64 {
        let splits: u64 = self.splits.values().map(Split::length).sum();
        splits.saturating_add(Material::fetched_bytes(script))
    }
}

/// The map attempts whose work a script is about.
fn maps_of(script: &Script) -> impl Iterator<Item = AttemptId> {
    let own = Some(script.attempt).filter(|attempt| attempt.task.kind == TaskKind::Map);
    let fetched = script.shuffle.iter().filter_map(|act| match act {
        ShuffleAct::Starts { map, .. } => Some(*map),
        ShuffleAct::Ends { .. } | ShuffleAct::Merged { .. } => None,
    });
    own.into_iter().chain(fetched)
}

/// What a reduce fetched, as far as it still lies on disks.
fn segments(run: &Looked<'_>, script: &Script) -> BTreeMap<AttemptId, Segment> {
    if script.attempt.task.kind == TaskKind::Map {
        return BTreeMap::new();
    }
    let partition = PartitionId(script.attempt.task.index);
    let found = |map: AttemptId| {
        let source = Source::Segment { map, partition };
        run.agents.iter().find_map(|agent| match agent.serve(&source)? {
            Served::Segment(segment) => Some((map, segment)),
            Served::Input(_) => None,
        })
    };
    maps_of(script).filter_map(found).collect()
}

impl Zooms {
    /// Takes a question; the answer comes from `work`. Gives up the oldest of too many.
    pub(super) fn ask(
        &mut self,
        command: CommandId,
        run: RunId,
        query: ZoomQuery,
        material: Material,
    ) -> Vec<Update> {
        self.waiting.push_back(Question { command, run, query, material: Arc::new(material) });
        let most = self.waiting.len().saturating_sub(WAITING_MAX);
        let message = "Other steps were asked for before these were there: ask again.";
        let given_up = self.waiting.drain(..most).map(|question| Update::Reply {
            id: question.command,
            result: Err(LabError { field: None, message: message.to_owned() }),
        });
        given_up.collect()
    }

    /// Whether a question waits.
    pub(super) fn is_busy(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The questions that are given up, since another run takes the place of theirs.
    pub(super) fn unanswered(&self) -> impl Iterator<Item = CommandId> {
        self.waiting.iter().map(|question| question.command)
    }

    /// Does a slice of work.
    pub(super) fn work(&mut self) -> Vec<Update> {
        let Some(question) = self.waiting.front() else { return Vec::new() };
        let mut session = match self.last.take().and_then(|last| last.turned_to(question)) {
            Some(session) => session,
            None => Session::begin(question),
        };
        let Some(answer) = session.work(question) else {
            self.last = Some(session);
            return Vec::new();
        };
        let id = question.command;
        self.waiting.pop_front();
        self.last = Some(session);
        vec![Update::Reply { id, result: Ok(Reply::Zoom(Box::new(answer))) }]
    }
}

impl Session {
    fn begin(question: &Question) -> Session {
        let (script, material) = (question.query.script.clone(), question.material.clone());
        let replay = match script.attempt.task.kind {
            TaskKind::Map => MapReplay::new(material.clone(), script.clone())
                .map(|replay| Replay::Map(Box::new(replay))),
            TaskKind::Reduce => None,
        };
        let reduce = || ReduceReplay::new(material, script.clone());
        let replay = replay.unwrap_or_else(|| Replay::Reduce(Box::new(reduce())));
        let told = Told::new(wanted(question, None), question.query.rows_from);
        Session { run: question.run, script, replay, told, is_over: false, total: None }
    }

    /// The same session for this question, if it can go on with it: it is about the same, and its
    /// steps are still to come or under way.
    fn turned_to(mut self, question: &Question) -> Option<Session> {
        let is_same = self.run == question.run
            && (Arc::ptr_eq(&self.script, &question.query.script)
                || self.script == question.query.script);
        if !is_same {
            return None;
        }
        let (window, rows_from) = (wanted(question, self.total), question.query.rows_from);
        if self.told.is_window(&window, rows_from) {
            return Some(self);
        }
        if self.told.next <= window.start {
            self.told.turn_to(window, rows_from);
            return Some(self);
        }
        let total = self.total;
        let mut session = Session::begin(question);
        session.told = Told::new(window, rows_from);
        session.total = total;
        Some(session)
    }

    /// Does a slice of work; gives the answer once it is there.
    fn work(&mut self, question: &Question) -> Option<ZoomSteps> {
        let (mut turns, mut bytes) = (0, 0);
        while !self.is_over && turns < TURNS && bytes < TURN_BYTES {
            let (more, worked) = match &mut self.replay {
                Replay::Map(replay) => replay.turn(&mut self.told),
                Replay::Reduce(replay) => replay.turn(&mut self.told),
            };
            (turns, bytes) = (turns + 1, bytes + worked);
            self.is_over = !more;
            if self.is_over {
                self.total = Some(self.told.next);
            }
            if self.is_answered(question) {
                break;
            }
        }
        if !self.is_answered(question) {
            return None;
        }
        let steps = std::mem::take(&mut self.told.steps);
        let from = self.told.from().min(self.total.unwrap_or(u64::MAX));
        // What was given away is not told again.
        self.told.turn_to(0..0, u64::MAX);
        Some(ZoomSteps { from, steps, total: self.total })
    }

    /// Whether all that is asked for is known.
    fn is_answered(&self, question: &Question) -> bool {
        let is_small = question.material.bytes(&self.script) <= COUNTED_BYTES_MAX;
        let is_counted = self.total.is_some() || !is_small;
        match question.query.window {
            Window::From(..) => (self.told.is_full() && is_counted) || self.is_over,
            // Its window is known once the steps are counted, and told in another round.
            Window::Last(_) => self.is_over && !self.told.is_empty_window(),
        }
    }
}

/// The window that a question asks for; none while it is about the end, which is not known.
fn wanted(question: &Question, total: Option<u64>) -> Range<u64> {
    let most = |steps: u32| u64::from(steps.clamp(1, STEPS_MAX));
    match (question.query.window, total) {
        (Window::From(from, steps), _) => from..from.saturating_add(most(steps)),
        (Window::Last(steps), Some(total)) => total.saturating_sub(most(steps))..total,
        (Window::Last(_), None) => 0..0,
    }
}
