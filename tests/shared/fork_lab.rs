//! A conductor as the page uses it, for tests of forks: commands, answers, and the traces of all branches.

use millrace::base::{PlannedFault, Time};
use millrace::lab::Conductor;
use millrace::lab::messages::{
    Command, CommandBody, LabError, Reply, RunId, Summary, Until, Update,
};
use millrace::scenario::Scenario;
use millrace::trace::Event;
use std::collections::BTreeMap;

/// A conductor, and what it has told.
#[derive(Default)]
pub(crate) struct Lab {
    pub(crate) conductor: Conductor,
    commands: u32,
    pub(crate) replies: BTreeMap<u32, Result<Reply, LabError>>,
    pub(crate) traces: BTreeMap<RunId, Vec<Event>>,
    pub(crate) summaries: BTreeMap<RunId, Summary>,
}

impl Lab {
    pub(crate) fn started(scenario: &Scenario) -> Lab {
        let mut lab = Lab::default();
        let scenario = Box::new(scenario.clone());
        lab.done(CommandBody::Start { run: 1, scenario }).unwrap();
        lab
    }

    pub(crate) fn command(&mut self, body: CommandBody) -> u32 {
        self.commands += 1;
        let updates = self.conductor.handle(Command { id: self.commands, body }, None);
        self.hear(updates);
        self.commands
    }

    /// Commands, and works until the answer is there.
    pub(crate) fn done(&mut self, body: CommandBody) -> Result<Reply, LabError> {
        let id = self.command(body);
        while !self.replies.contains_key(&id) {
            assert!(self.conductor.is_busy(), "a command without an answer");
            self.work();
        }
        self.replies.remove(&id).unwrap()
    }

    pub(crate) fn work(&mut self) {
        let updates = self.conductor.work();
        self.hear(updates);
    }

    pub(crate) fn finish(&mut self, run: RunId, until: Until) {
        self.done(CommandBody::Advance { run, until }).unwrap();
        while self.conductor.is_busy() {
            self.work();
        }
    }

    /// Forks a run; the branch begins with the events that it shares, as on the page.
    pub(crate) fn fork(
        &mut self,
        run: RunId,
        branch: RunId,
        planned: PlannedFault,
    ) -> Result<u32, LabError> {
        let PlannedFault { at, fault } = planned;
        let reply = self.done(CommandBody::Intervene { run, branch, at, fault })?;
        let Reply::Forked { shared, scenario } = reply else { panic!("{reply:?} answers a fork") };
        assert_eq!(scenario.faults.last(), Some(&planned));
        let events = self.traces[&run][..shared as usize].to_vec();
        let mut rest = self.traces[&run][shared as usize..].iter();
        assert!(at == Time::ZERO || events.iter().all(|event| event.at < at));
        assert!(rest.all(|event| event.at >= at), "all before the fault is shared");
        self.traces.insert(branch, events);
        Ok(shared)
    }

    fn hear(&mut self, updates: Vec<Update>) {
        for update in updates {
            match update {
                Update::Ready { .. } => {}
                Update::Reply { id, result } => drop(self.replies.insert(id, result)),
                Update::Trace { run, events } => {
                    self.traces.entry(run).or_default().extend(events);
                }
                Update::Finished { run, summary } => drop(self.summaries.insert(run, *summary)),
            }
        }
    }

    /// Whether a branch is the run of this scenario: all of its events, and what it came to.
    pub(crate) fn equals_rerun(
        &self,
        run: RunId,
        scenario: &Scenario,
        until: Until,
    ) -> Result<(), String> {
        let mut rerun = Lab::started(scenario);
        rerun.finish(1, until);
        let (one, other) = (&self.traces[&run], &rerun.traces[&1]);
        for (one, other) in one.iter().zip(other) {
            if one != other {
                return Err(format!("the branch has {one:?}, the rerun {other:?}"));
            }
        }
        let (summary, expected) = (self.summaries.get(&run), rerun.summaries.get(&1));
        (one.len() == other.len() && summary == expected)
            .then_some(())
            .ok_or_else(|| format!("the branch came to {summary:?}, the rerun to {expected:?}"))
    }
}
