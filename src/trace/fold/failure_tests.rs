//! What is so and what is believed, in a run in which much fails (`synthetic::failing`).

use crate::base::{AttemptId, NodeId, TaskId, Time};
use crate::trace::event::Event;
use crate::trace::snapshot::{CellState, Ending, Snapshot, TaskState, Verdict};
use crate::trace::synthetic;

/// The state at a time, all events of it included.
fn at(ms: u64) -> Snapshot {
    let mut state = Snapshot::default();
    let events = synthetic::failing();
    let upto = |event: &&Event| event.at <= Time(ms * 1_000);
    events.iter().take_while(upto).for_each(|event| state.apply(event).unwrap());
    state
}

fn map(index: u32, number: u16) -> AttemptId {
    TaskId::map(index).attempt(number)
}

fn map_states(state: &Snapshot) -> Vec<TaskState> {
    state.maps.iter().map(|task| task.state).collect()
}

fn done(state: &Snapshot) -> (u32, u32) {
    let job = state.job.as_ref().unwrap();
    (job.maps_done, job.reduces_done)
}

#[test]
fn a_crashed_node_is_believed_alive_until_the_time_out() {
    let node = |ms| at(ms).nodes[2].clone();
    assert!(node(7_999).is_up());
    let dead = node(8_000);
    assert!(!dead.is_up() && dead.running.is_empty() && dead.belief.lost.is_none());
    assert!(!at(8_000).is_within_reach(NodeId(3)) && at(8_000).is_within_reach(NodeId(4)));
    assert_eq!(node(16_499).belief, dead.belief, "nothing is heard, so nothing changes");
    assert_eq!(dead.belief.heard_at, Some(Time(7_030_000)));
    let lost = node(16_500).belief.lost.unwrap();
    assert_eq!((lost.since.0, lost.timeout.0), (Time(16_500_000), 8_000_000));
}

#[test]
fn a_restarted_node_is_up_before_it_is_heard() {
    let node = |ms| at(ms).nodes[2].clone();
    let up = node(19_000);
    assert!(up.is_up() && up.incarnation == 1 && up.belief.lost.is_some());
    assert!(node(19_500).belief.lost.is_none());
}

#[test]
fn a_map_whose_output_is_lost_is_pending_again() {
    use TaskState::{Done, Pending, Running};
    assert_eq!(map_states(&at(16_499)), [Done, Done, Done, Running]);
    assert_eq!(done(&at(16_499)), (3, 0));
    assert_eq!(map_states(&at(16_500)), [Done, Done, Pending, Running]);
    assert_eq!(done(&at(16_500)), (2, 0));
    assert_eq!(at(16_499).counters.map_input_records, 3);
    assert_eq!(at(16_500).counters.map_input_records, 2, "what does not count is not counted");
    assert_eq!(map_states(&at(17_000)), [Done, Done, Running, Running]);
    assert_eq!(done(&at(26_000)), (4, 2));
}

#[test]
fn an_attempt_that_threw_leads_to_another() {
    let state = at(3_050);
    let thrown = state.attempt(map(1, 0)).unwrap();
    assert!(matches!(thrown.ending, Some(Ending::Threw(_))) && thrown.is_living());
    assert!(state.nodes[1].running.is_empty(), "it is over on its node");
    assert_eq!(state.believed_running(NodeId(2)), [map(1, 0)], "and nobody knows");
    let state = at(3_100);
    assert_eq!(state.maps[1].state, TaskState::Pending);
    assert_eq!(state.maps[1].failures, (1, Some(4)));
    assert!(state.believed_running(NodeId(2)).is_empty());
}

#[test]
fn cells_of_a_withdrawn_output_are_missing_unless_fetched() {
    let cells =
        |ms| -> Vec<CellState> { at(ms).shuffle[2].cells.iter().map(|cell| cell.state).collect() };
    use CellState::{Fetched, Fetching, Missing, Ready};
    assert_eq!(cells(10_999), [Fetched, Fetching], "the reduce waits for a node that is down");
    assert_eq!(cells(11_000), [Fetched, Ready]);
    let state = at(11_000);
    let two = state.attempt(TaskId::reduce(1).attempt(0)).unwrap();
    assert_eq!((two.fetch_failures, two.avoided[0].until), (1, Time(21_000_000)));
    assert_eq!(at(16_499).shuffle[2].source, Some((map(2, 0), NodeId(3))));
    assert_eq!(cells(16_500), [Fetched, Missing]);
    assert_eq!(at(16_500).shuffle[2].source, None);
    assert_eq!(cells(21_000), [Fetched, Ready]);
    assert_eq!(at(21_000).shuffle[2].source, Some((map(2, 1), NodeId(2))));
    assert_eq!(cells(22_000), [Fetched, Fetched]);
}

#[test]
fn of_two_twins_one_counts_and_the_other_is_killed() {
    let state = at(18_000);
    assert_eq!(state.attempt(map(3, 1)).unwrap().backs, Some(map(3, 0)));
    assert!(state.attempt(map(3, 0)).unwrap().found_slow.is_some());
    assert_eq!(state.nodes[3].speed.processor, 20);
    let state = at(22_100);
    let loser = state.attempt(map(3, 0)).unwrap();
    assert!(matches!(loser.verdict, Verdict::Killed { had_succeeded: false, .. }));
    assert!(loser.ending.is_none() && state.nodes[3].running == [map(3, 0)], "it still runs");
    assert_eq!(state.maps[3].state, TaskState::Done);
    assert_eq!(state.shuffle[3].source, Some((map(3, 1), NodeId(1))));
    assert_eq!(at(22_200).attempt(map(3, 0)).unwrap().ending, Some(Ending::Stopped));
}

#[test]
fn replicas_are_lost_believed_lost_and_made_anew() {
    let block = |ms| {
        let state = at(ms);
        let numbers = |nodes: &[NodeId]| nodes.iter().map(|node| node.0).collect::<Vec<_>>();
        let block = &state.blocks[1];
        (numbers(&block.replicas), numbers(&block.believed), block.copying.len())
    };
    assert_eq!(block(16_599), (vec![2, 3], vec![2, 3], 0));
    assert_eq!(block(16_600), (vec![2, 3], vec![2], 0), "the disk may still have it");
    assert_eq!(block(17_000), (vec![2, 3], vec![2], 1));
    assert_eq!(block(19_000), (vec![2], vec![2], 1), "it came without its disk");
    assert_eq!(block(20_000), (vec![2, 4], vec![2, 4], 0));
}

/// A reduce that dies with its node has nothing any more; its cells are to be fetched again.
#[test]
fn what_a_dead_reduce_had_is_to_be_fetched_again() {
    use crate::base::Fault;
    use crate::trace::event::{EventKind, WorldEvent};
    let mut state = at(10_500);
    let fault = Fault::Crash { node: NodeId(1) };
    let kind = EventKind::World(WorldEvent::FaultStruck { fault, by_rate: false, effect: true });
    let (seq, at) = (crate::trace::Seq(state.applied), state.at);
    state.apply(&Event { seq, at, node: None, kind, cause: None }).unwrap();
    let column: Vec<_> = state.shuffle.iter().map(|row| row.cells[0].state).collect();
    use CellState::{Missing, Ready};
    assert_eq!(column, [Ready, Ready, Ready, Missing]);
    let reduce = state.attempt(TaskId::reduce(0).attempt(0)).unwrap();
    assert_eq!(reduce.ending, Some(Ending::NodeCrashed));
    assert!(reduce.is_living(), "the coordinator knows nothing of it");
}
