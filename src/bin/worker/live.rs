//! The conductor's part that only a browser has: the live run, on web workers.

use super::{go_on, post};
use bytes::Bytes;
use millrace::lab::live::{LiveRun, LiveStart};
use millrace::lab::messages::zoom::ZoomQuery;
use millrace::lab::messages::{
    Command, CommandBody, CommandId, LabError, Query, Reply, RunId, Update,
};
use millrace::lab::{Conductor, Material};
use millrace::live::workers::LiveCluster;
use millrace::live::{LiveSetup, Master};
use std::cell::RefCell;

thread_local! {
    static LIVE: RefCell<Live> = const { RefCell::new(Live::Idle) };
}

/// The live run: at most one.
enum Live {
    /// There is none.
    Idle,
    /// Its input is checked.
    Starting { id: CommandId, run: RunId, start: Box<LiveStart> },
    /// Its workers work.
    Running { run: Box<LiveRun>, cluster: LiveCluster },
    /// It is over, and its result is checked.
    Checking { run: Box<LiveRun>, cluster: LiveCluster },
    /// It is checked. Its data can still be looked at.
    Done { run: Box<LiveRun>, cluster: LiveCluster },
}

/// Answers what concerns a live run, and hands everything else to the conductor.
pub(super) fn handle(
    conductor: &mut Conductor,
    command: Command,
    input: Option<Vec<Bytes>>,
) -> Vec<Update> {
    let id = command.id;
    if let Some(updates) = zoom(conductor, &command) {
        return updates;
    }
    let result = LIVE.with_borrow_mut(|live| match &command.body {
        CommandBody::StartLive { run, scenario } => {
            let start = conductor
                .input_of(scenario, input.clone())
                .and_then(|data| LiveStart::begin(scenario.as_ref().clone(), data));
            match start {
                Ok(start) => {
                    *live = Live::Starting { id, run: *run, start: Box::new(start) };
                    Some(None)
                }
                Err(error) => Some(Some(Err(error))),
            }
        }
        CommandBody::Kill { run, node } => Some(Some(match live.cluster_of(*run) {
            Some(cluster) if cluster.kill(*node) => Ok(Reply::Killed),
            Some(_) => Err(refuse(format!("{node} is not there any more."))),
            None => Err(refuse(format!("Run {run} is no live run that is under way."))),
        })),
        CommandBody::BreakNode { run, node, how } => Some(Some(match live.cluster_of(*run) {
            Some(cluster) => {
                cluster.break_down(*node, *how);
                Ok(Reply::Killed)
            }
            None => Err(refuse(format!("Run {run} is no live run that is under way."))),
        })),
        CommandBody::Cancel { run } if live.run() == Some(*run) => {
            *live = Live::Idle;
            Some(Some(Ok(Reply::Cancelled)))
        }
        // It advances by itself.
        CommandBody::Advance { run, .. } if live.run() == Some(*run) => {
            Some(Some(Ok(Reply::Advancing)))
        }
        CommandBody::Inspect { run, query } if live.run() == Some(*run) => {
            Some(Some(live.look_into(query)))
        }
        CommandBody::Start { .. } => {
            *live = Live::Idle;
            None
        }
        CommandBody::Advance { .. }
        | CommandBody::Cancel { .. }
        | CommandBody::Intervene { .. }
        | CommandBody::Inspect { .. }
        | CommandBody::OpenTrace { .. }
        | CommandBody::Point { .. }
        | CommandBody::Answer { .. }
        | CommandBody::Measure { .. }
        | CommandBody::Panic => None,
    });
    match result {
        None => conductor.handle(command, input),
        Some(None) => Vec::new(),
        Some(Some(result)) => vec![Update::Reply { id, result }],
    }
}

/// Has the conductor step through a task of the live run; nothing where that is not asked.
fn zoom(conductor: &mut Conductor, command: &Command) -> Option<Vec<Update>> {
    let id = command.id;
    let CommandBody::Inspect { run, query: Query::Zoom(query) } = &command.body else {
        return None;
    };
    Some(match LIVE.with_borrow(|live| live.material(*run, query))? {
        Ok(material) => conductor.zoom(id, *run, query.as_ref().clone(), material),
        Err(error) => vec![Update::Reply { id, result: Err(error) }],
    })
}

/// Whether there is work beside what the cluster's own turns do.
pub(super) fn is_busy() -> bool {
    LIVE.with_borrow(|live| match live {
        Live::Starting { .. } | Live::Checking { .. } => true,
        Live::Idle | Live::Running { .. } | Live::Done { .. } => false,
    })
}

/// Does a slice of work: checks the input before a run, or the result after it.
pub(super) fn work() -> Vec<Update> {
    LIVE.with_borrow_mut(|live| match std::mem::replace(live, Live::Idle) {
        Live::Starting { id, run, mut start } => match start.step() {
            Ok(None) => {
                *live = Live::Starting { id, run, start };
                Vec::new()
            }
            Ok(Some((setup, reply))) => {
                let result = begin(run, setup).map(|running| {
                    *live = running;
                    reply
                });
                vec![Update::Reply { id, result }]
            }
            Err(error) => vec![Update::Reply { id, result: Err(error) }],
        },
        Live::Checking { mut run, cluster } => {
            match cluster.with_master(|master| run.check_slice(master)) {
                None => {
                    *live = Live::Checking { run, cluster };
                    Vec::new()
                }
                Some(summary) => {
                    let number = run.run;
                    *live = Live::Done { run, cluster };
                    vec![Update::Finished { run: number, summary: Box::new(summary) }]
                }
            }
        }
        other @ (Live::Idle | Live::Running { .. } | Live::Done { .. }) => {
            *live = other;
            Vec::new()
        }
    })
}

fn begin(run: RunId, setup: LiveSetup) -> Result<Live, LabError> {
    let cluster = LiveCluster::start(setup, look).map_err(refuse)?;
    Ok(Live::Running { run: Box::new(LiveRun::new(run)), cluster })
}

/// Tells the page what happened in the cluster; goes on to the check when it is over.
fn look() {
    let updates = LIVE.with_borrow_mut(|live| {
        let Live::Running { run, cluster } = live else { return Vec::new() };
        let (events, over) =
            cluster.with_master(|master| (master.take_events(), Master::is_over(master)));
        run.note(&events);
        let updates = if events.is_empty() {
            Vec::new()
        } else {
            vec![Update::Trace { run: run.run, events }]
        };
        if over && let Live::Running { run, mut cluster } = std::mem::replace(live, Live::Idle) {
            cluster.dismiss();
            *live = Live::Checking { run, cluster };
        }
        updates
    });
    post(&updates);
    go_on();
}

fn refuse(message: String) -> LabError {
    LabError { field: None, message }
}

impl Live {
    fn run(&self) -> Option<RunId> {
        match self {
            Live::Idle => None,
            Live::Starting { run, .. } => Some(*run),
            Live::Running { run, .. } | Live::Checking { run, .. } | Live::Done { run, .. } => {
                Some(run.run)
            }
        }
    }

    fn look_into(&self, query: &Query) -> Result<Reply, LabError> {
        match self {
            Live::Running { run, cluster }
            | Live::Checking { run, cluster }
            | Live::Done { run, cluster } => {
                cluster.with_master(|master| run.look_into(master, query))
            }
            Live::Idle | Live::Starting { .. } => {
                Err(refuse("The live run has not begun yet.".to_owned()))
            }
        }
    }

    /// What stepping through an attempt takes, if this is the live run.
    fn material(&self, number: RunId, query: &ZoomQuery) -> Option<Result<Material, LabError>> {
        match self {
            Live::Running { run, cluster }
            | Live::Checking { run, cluster }
            | Live::Done { run, cluster }
                if run.run == number =>
            {
                Some(cluster.with_master(|master| run.material(master, &query.script)))
            }
            Live::Idle
            | Live::Starting { .. }
            | Live::Running { .. }
            | Live::Checking { .. }
            | Live::Done { .. } => None,
        }
    }

    fn cluster_of(&self, number: RunId) -> Option<&LiveCluster> {
        match self {
            Live::Running { run, cluster } if run.run == number => Some(cluster),
            Live::Idle
            | Live::Starting { .. }
            | Live::Running { .. }
            | Live::Checking { .. }
            | Live::Done { .. } => None,
        }
    }
}
