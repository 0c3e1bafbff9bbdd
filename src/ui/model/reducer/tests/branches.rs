//! Forks, other branches, and the way back.

use super::{after, begun, change, events, opened, play, run, summary, update};
use crate::base::{Fault, NodeId, Span, Time};
use crate::lab::messages::{CommandBody, LabError, Reply, Update};
use crate::scenario::Key;
use crate::trace::{Event, EventKind, Seq, WorldEvent};
use crate::ui::model::action::{Action, Change, Hear, Look, Play};
use crate::ui::model::live;
use crate::ui::model::reducer::reduce;
use crate::ui::model::run::Progress;
use crate::ui::model::state::LabState;
use crate::ui::selection::Selection;

const CRASH: Fault = Fault::Crash { node: NodeId(3) };

/// The trace of a run in which this strikes at this time: what happened before, the strike, and
/// then (for the page it does not matter that it makes no sense) the same as without it.
fn struck(events: &[Event], at: Time, fault: Fault) -> Vec<Event> {
    let shared = events.partition_point(|event| event.at < at);
    let (before, rest) = events.split_at(shared);
    let kind = EventKind::World(WorldEvent::FaultStruck { fault, by_rate: false, effect: true });
    let strike =
        Event { seq: before.last().unwrap().seq, at, node: fault.node(), kind, cause: None };
    let all = before.iter().chain([&strike]).chain(rest).cloned();
    all.zip(0..).map(|(event, seq)| Event { seq: Seq(seq), ..event }).collect()
}

/// The fork that was posted last: command, parent, branch, time and fault.
fn posted(state: &LabState) -> (u32, u32, u32, Time, Fault) {
    let last = state.worker.unanswered.iter().rev().find_map(|sent| match &sent.command.body {
        CommandBody::Intervene { run, branch, at, fault } => {
            Some((sent.command.id, *run, *branch, *at, *fault))
        }
        CommandBody::Start { .. }
        | CommandBody::Advance { .. }
        | CommandBody::Cancel { .. }
        | CommandBody::StartLive { .. }
        | CommandBody::Kill { .. }
        | CommandBody::BreakNode { .. }
        | CommandBody::Inspect { .. }
        | CommandBody::OpenTrace { .. }
        | CommandBody::Point { .. }
        | CommandBody::Answer { .. }
        | CommandBody::Measure { .. }
        | CommandBody::Panic => None,
    });
    last.expect("a fork was posted")
}

/// Answers the fork that was posted last, without any of its own events yet.
fn forked(state: LabState) -> LabState {
    let (id, parent, _, at, fault) = posted(&state);
    let from = state.branches().into_iter().find(|run| run.id == parent).unwrap();
    let shared = from
        .timeline
        .read(from.timeline.len(), |events| events.partition_point(|event| event.at < at));
    let mut scenario = from.scenario.clone();
    scenario.faults.push(crate::base::fault::PlannedFault { at, fault });
    let shared = u32::try_from(shared).unwrap();
    let reply = Reply::Forked { shared, scenario: Box::new(scenario) };
    reduce(state, update(Update::Reply { id, result: Ok(reply) }))
}

/// Sends what a branch has of its own, to its end.
fn told_as(state: LabState, parent: u32, branch: u32, at: Time, fault: Fault) -> LabState {
    let from = state.branches().into_iter().find(|run| run.id == parent).unwrap();
    let all = from.timeline.read(from.timeline.len(), <[Event]>::to_vec);
    let own = struck(&all, at, fault).split_off(all.partition_point(|event| event.at < at));
    let trace = Update::Trace { run: branch, events: own };
    let finished = Update::Finished { run: branch, summary: Box::new(summary()) };
    after(state, [update(trace), update(finished)])
}

fn crashed(state: LabState) -> LabState {
    done(state, CRASH)
}

/// Strikes at the playhead, and has the whole branch computed.
fn done(state: LabState, fault: Fault) -> LabState {
    let state = reduce(state, change(Change::Strike(fault)));
    let (_, parent, branch, at, fault) = posted(&state);
    told_as(forked(state), parent, branch, at, fault)
}

fn at_work() -> LabState {
    reduce(opened(), play(Play::Forward(8)))
}

#[test]
fn a_strike_forks_at_the_playhead_after_what_is_seen() {
    let before = at_work();
    let place = run(&before).place;
    let state = reduce(before.clone(), change(Change::Strike(CRASH)));
    let (_, parent, _, at, _) = posted(&state);
    assert_eq!((parent, at), (run(&before).id, Time(place.at.0 + 1)));
    assert_eq!(run(&state).id, run(&before).id, "until it has begun the parent stays");
    let state = forked(state);
    let branch = run(&state);
    assert_eq!(branch.branch.label(), format!("B: crash node 3 at {:.1} s", place.at.seconds()));
    assert_eq!((branch.branch.parent, branch.branch.number), (Some(0), 1));
    assert!(branch.place.events >= place.events && branch.place.at == at);
    assert_eq!(branch.furthest, branch.place, "nothing later was reached in it");
    assert_eq!(branch.timeline.len(), branch.branch.shared);
    assert_eq!(branch.scenario.faults.len(), 1);
    let advance = CommandBody::Advance { run: branch.id, until: crate::lab::messages::Until::End };
    assert_eq!(state.worker.unanswered.last().map(|sent| sent.command.body.clone()), Some(advance));
    assert_eq!(state.others.len(), 1);
    assert!(state.toast.as_ref().is_some_and(|toast| toast.can_undo));
}

#[test]
fn the_strike_is_seen_as_soon_as_it_is_computed() {
    let state = crashed(at_work());
    let branch = run(&state);
    assert_eq!(branch.place.events, branch.branch.shared + 1);
    let last = branch.timeline.event(Seq(branch.branch.shared)).unwrap();
    assert!(matches!(last.kind, EventKind::World(WorldEvent::FaultStruck { .. })), "{last:?}");
    assert!(branch.summary().is_some());
}

#[test]
fn a_branch_goes_on_playing_when_its_parent_did() {
    let playing = reduce(at_work(), play(Play::Start));
    let state = crashed(playing);
    assert!(state.player.playing);
    assert!(!crashed(at_work()).player.playing);
}

#[test]
fn a_fork_at_the_opening_strikes_when_the_cluster_is_there() {
    let state = crashed(opened());
    assert_eq!(run(&state).branch.forked_at, Time(1));
    assert_eq!(run(&state).snapshot.nodes.len(), 3);
}

#[test]
fn undo_takes_a_fork_back_to_the_former_playhead_and_redo_brings_it_again() {
    let before = at_work();
    let forked = reduce(crashed(before.clone()), play(Play::Forward(3)));
    let state = reduce(forked.clone(), change(Change::Undo));
    assert_eq!((run(&state).id, run(&state).place), (run(&before).id, run(&before).place));
    assert!(state.others.is_empty() && state.former.is_empty() && state.toast.is_none());
    let starts = |state: &LabState| {
        let is_start = |body: &CommandBody| matches!(body, CommandBody::Start { .. });
        state.worker.unanswered.iter().filter(|sent| is_start(&sent.command.body)).count()
    };
    assert_eq!(starts(&state), 0, "the conductor holds both: nothing is computed again");
    let state = reduce(state, change(Change::Redo));
    assert_eq!((run(&state).id, run(&state).place), (run(&forked).id, run(&forked).place));
    assert_eq!(state.others.len(), 1);
    let state = reduce(state, change(Change::Undo));
    assert_eq!(run(&state).place, run(&before).place);
}

#[test]
fn what_is_computed_while_a_branch_is_taken_back_is_there_when_it_comes_again() {
    let state = forked(reduce(at_work(), change(Change::Strike(CRASH))));
    let id = run(&state).id;
    let (_, parent, branch, at, fault) = posted(&reduce(at_work(), change(Change::Strike(CRASH))));
    let state = reduce(state, change(Change::Undo));
    let state = told_as(state, parent, branch, at, fault);
    let state = reduce(state, change(Change::Redo));
    assert_eq!(run(&state).id, id);
    assert!(run(&state).summary().is_some());
    assert_eq!(run(&state).timeline.len() as usize, events().len() + 1);
}

#[test]
fn a_refused_strike_is_said_and_changes_nothing() {
    let before = at_work();
    let state = reduce(before.clone(), change(Change::Strike(CRASH)));
    let (id, ..) = posted(&state);
    let error = LabError { field: None, message: "there is no node 3".to_owned() };
    let state = reduce(state, update(Update::Reply { id, result: Err(error) }));
    let said = state.notice_about("fault").map(|notice| notice.message.clone());
    assert_eq!(said.as_deref(), Some("There is no node 3."));
    assert_eq!((&state.run, state.former.len()), (&before.run, 0));
    assert!(state.forking.is_none());
}

#[test]
fn the_key_crashes_the_selected_node_and_starts_it_again() {
    let asked = reduce(at_work(), change(Change::StrikeSelected));
    assert!(asked.forking.is_none() && asked.toast.is_some(), "it says what to select");
    let select = Action::Look(Look::Select(Selection::Node(NodeId(3))));
    let state = after(at_work(), [select, change(Change::StrikeSelected)]);
    assert_eq!(posted(&state).4, CRASH);
    let (_, parent, branch, at, fault) = posted(&state);
    let state = told_as(forked(state), parent, branch, at, fault);
    assert_eq!(state.selection, Some(Selection::Node(NodeId(3))), "it stays selected");
    let state = reduce(state, change(Change::StrikeSelected));
    assert_eq!(posted(&state).4, Fault::Restart { node: NodeId(3), keep_disk: true });
}

#[test]
fn nothing_is_done_to_a_job_that_is_over() {
    let state = after(opened(), [play(Play::End), change(Change::Strike(CRASH))]);
    assert!(state.forking.is_none());
    assert!(state.notice_about("fault").is_some());
}

#[test]
fn another_branch_is_shown_at_the_same_time() {
    let state = reduce(crashed(at_work()), play(Play::Forward(5)));
    let at = run(&state).place.at;
    let state = reduce(state, change(Change::Branch(0)));
    assert_eq!((run(&state).branch.number, run(&state).place.at), (0, at));
    let state = reduce(state, change(Change::NextBranch(true)));
    assert_eq!((run(&state).branch.number, run(&state).place.at), (1, at));
    let state = reduce(state, change(Change::NextBranch(true)));
    assert_eq!(run(&state).branch.number, 0, "after the last comes the first");
}

#[test]
fn where_spoilers_are_held_back_a_branch_is_shown_no_later_than_it_was_seen() {
    let state = after(at_work(), [Action::Look(Look::Presenter)]);
    let furthest = run(&state).furthest;
    let state = reduce(crashed(state), play(Play::Forward(5)));
    let state = reduce(state, change(Change::Branch(0)));
    assert_eq!(run(&state).place, furthest);
}

#[test]
fn a_branch_of_a_branch_has_both_faults_and_its_own_name() {
    let state = reduce(crashed(at_work()), play(Play::Forward(3)));
    let restart = Fault::Restart { node: NodeId(3), keep_disk: true };
    let state = forked(reduce(state, change(Change::Strike(restart))));
    let names: Vec<String> = state.branches().iter().map(|run| run.branch.name()).collect();
    assert_eq!(names, ["A", "B", "C"]);
    assert_eq!((run(&state).branch.parent, run(&state).scenario.faults.len()), (Some(1), 2));
    let state = after(state, [change(Change::Undo), change(Change::Undo)]);
    assert_eq!((run(&state).branch.number, state.others.len()), (0, 0));
}

#[test]
fn a_fault_that_is_left_out_leads_to_the_branch_without_it() {
    let state = reduce(crashed(at_work()), play(Play::Forward(3)));
    let at = run(&state).place.at;
    let state = reduce(state, change(Change::RemoveFault(0)));
    assert_eq!((run(&state).branch.number, run(&state).place.at), (0, at));
    assert!(state.pending.is_none());
}

#[test]
fn a_fault_is_left_out_of_a_run_that_has_no_such_branch_by_simulating_it() {
    let state = reduce(crashed(at_work()), play(Play::Forward(3)));
    let restart = Fault::Restart { node: NodeId(3), keep_disk: true };
    let state = done(state, restart);
    let at = run(&state).place.at;
    let state = reduce(state, change(Change::RemoveFault(0)));
    let state = begun(state);
    assert_eq!(run(&state).scenario.faults.len(), 1);
    assert_eq!((run(&state).branch.number, state.others.len()), (3, 3));
    assert!(run(&state).branch.change.starts_with("without crash node 3"));
    assert_eq!(run(&state).place.at, at, "at the same time");
}

#[test]
fn a_branch_that_the_conductor_dropped_is_taken_up_again_when_it_is_shown() {
    let state = crashed(at_work());
    let changed = begun(reduce(state, change(Change::Parameter(Key::Reducers, 3))));
    assert!(changed.others.is_empty(), "other parameters make another run");
    assert_eq!(run(&changed).scenario.faults.len(), 1, "with the same faults");
    let state = reduce(changed, change(Change::Undo));
    assert_eq!((run(&state).branch.number, state.others.len()), (1, 1));
    let state = begun(state);
    let held = state.conducted.clone();
    assert_eq!(held, [run(&state).id]);
    let state = reduce(state, change(Change::Branch(0)));
    assert!(!held.contains(&run(&state).id), "it has a new number");
    let state = begun(state);
    assert_eq!(state.conducted, [run(&state).id]);
}

#[test]
fn a_strike_waits_until_the_conductor_holds_the_run() {
    let state = begun(reduce(crashed(at_work()), change(Change::Parameter(Key::Reducers, 3))));
    let state = after(state, [change(Change::Undo), play(Play::Back(1))]);
    let count = |state: &LabState| {
        let is_fork = |body: &CommandBody| matches!(body, CommandBody::Intervene { .. });
        state.worker.unanswered.iter().filter(|sent| is_fork(&sent.command.body)).count()
    };
    let state = reduce(state, change(Change::Strike(CRASH)));
    assert_eq!(count(&state), 0);
    assert_eq!(count(&begun(state)), 1);
}

#[test]
fn restarting_leads_to_the_preset_without_any_branch_and_can_be_undone() {
    let state = crashed(at_work());
    let place = run(&state).place;
    let state = reduce(state, change(Change::Restart));
    assert!(run(&state).is_untouched() && state.others.is_empty() && state.pending.is_none());
    assert!(run(&state).scenario.faults.is_empty());
    let state = reduce(state, change(Change::Undo));
    assert_eq!((run(&state).branch.number, run(&state).place), (1, place));
}

#[test]
fn the_parent_goes_on_when_the_branch_is_simulated_whole() {
    let mut state = opened();
    state.run.as_mut().unwrap().progress = Progress::Simulating;
    let state = crashed(reduce(state, play(Play::Forward(8))));
    let parent = state.others[0].id;
    let advances = |state: &LabState| {
        let is_its =
            |body: &CommandBody| matches!(body, CommandBody::Advance { run, .. } if *run == parent);
        state.worker.unanswered.iter().filter(|sent| is_its(&sent.command.body)).count()
    };
    assert_eq!(advances(&state), 2, "once at its start, and again now");
}

#[test]
fn a_worker_that_breaks_down_while_it_forks_leaves_the_parent() {
    let state = reduce(at_work(), change(Change::Strike(CRASH)));
    let state = reduce(state, Action::Hear(Hear::WorkerFailed("unreachable".to_owned())));
    assert!(state.forking.is_none() && state.conducted.is_empty());
    assert_eq!(run(&state).branch.number, 0);
}

#[test]
fn a_live_run_is_watched_and_only_killed_in() {
    let state = begun(reduce(at_work(), change(Change::Live(true))));
    assert!(run(&state).live.is_some() && state.player.playing);
    let state =
        reduce(state, change(Change::Strike(Fault::CutRack { rack: crate::base::RackId(1) })));
    let said = state.notice_about("fault").map(|notice| notice.message.as_str());
    assert_eq!(said, Some(live::NO_FORK));
    let mut state = state;
    state.run.as_mut().unwrap().progress = Progress::Simulating;
    let state = reduce(state, change(Change::Strike(CRASH)));
    let kill = CommandBody::Kill { run: run(&state).id, node: NodeId(3) };
    assert_eq!(state.worker.unanswered.last().map(|sent| sent.command.body.clone()), Some(kill));
    assert!(state.forking.is_none());
    let state = begun(reduce(state, change(Change::Live(false))));
    assert!(run(&state).live.is_none() && !state.player.playing);
}

#[test]
fn playing_watches_a_live_run_to_its_edge_and_waits_there() {
    let state = reduce(opened(), change(Change::Live(true)));
    let id = state.pending.as_ref().unwrap().run.id;
    let command = state.worker.unanswered.last().unwrap().command.id;
    let reply = Reply::Started { input_bytes: 308, lines: 6, splits: 4, notes: Vec::new() };
    let some: Vec<Event> = events().into_iter().take(60).collect();
    let end = some.last().unwrap().at;
    let mut state = after(
        state,
        [
            update(Update::Reply { id: command, result: Ok(reply) }),
            update(Update::Trace { run: id, events: some }),
        ],
    );
    for _ in 0..2_000 {
        state = reduce(state, play(Play::Tick(Span::from_millis(100))));
    }
    assert_eq!(run(&state).place.at, end);
    assert!(state.player.playing);
}

#[test]
fn a_preset_runs_beside_the_run_on_the_screen_and_each_is_restarted_as_itself() {
    let state = begun(after(opened(), [change(Change::BesidePreset("grep"))]));
    assert_eq!(run(&state).branch.label(), "B: Grep");
    assert_eq!(run(&state).preset, Some("grep"));
    assert_eq!(state.others.len(), 1, "the former run stands beside it");
    let again = after(state.clone(), [change(Change::Restart)]);
    assert_eq!(run(&again).preset, Some("grep"));
    let back = after(state, [change(Change::BesidePreset("first-steps"))]);
    assert_eq!(run(&back).branch.number, 0, "it is there already, and is shown");
    assert_eq!(back.others.len(), 1);
    let again = after(back, [change(Change::Restart)]);
    assert_eq!(run(&again).preset, Some("first-steps"));
}
