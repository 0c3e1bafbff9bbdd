//! The reducer as a conductor and a learner drive it, without a browser.

mod branches;
mod jobs;
mod links;

use super::reduce;
use crate::base::{BlockId, Span, Time};
use crate::lab::messages::{CommandBody, LabError, Query, Reply, RunId, Summary, Until, Update};
use crate::scenario::Key;
use crate::trace::event::Counters;
use crate::trace::{Event, Seq, synthetic};
use crate::ui::model::action::{Action, Change, Hear, Look, Play};
use crate::ui::model::answers::Answer;
use crate::ui::model::needs::Needs;
use crate::ui::model::pace::Speed;
use crate::ui::model::place::StepSize;
use crate::ui::model::run::{Progress, Run};
use crate::ui::model::state::{Health, LabState};
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use bytes::Bytes;
use std::rc::Rc;

fn after(state: LabState, actions: impl IntoIterator<Item = Action>) -> LabState {
    actions.into_iter().fold(state, reduce)
}

fn play(play: Play) -> Action {
    Action::Play(play)
}

fn change(change: Change) -> Action {
    Action::Change(change)
}

fn update(update: Update) -> Action {
    Action::Hear(Hear::Update(Box::new(update)))
}

fn events() -> Vec<Event> {
    synthetic::run(&synthetic::small())
}

fn run(state: &LabState) -> &Run {
    state.run.as_ref().expect("a run is on the screen")
}

fn summary() -> Summary {
    Summary {
        finished_at: Time(1),
        failed: None,
        events: 1,
        trace_hash: String::new(),
        output_records: 30,
        counters: Counters::default(),
        equals_oracle: true,
    }
}

/// Answers the start that was posted last, and sends its whole trace.
fn begun(state: LabState) -> LabState {
    let start = state.worker.unanswered.iter().rev().find_map(|sent| match &sent.command.body {
        CommandBody::Start { run, .. } | CommandBody::StartLive { run, .. } => {
            Some((sent.command.id, *run))
        }
        CommandBody::Advance { .. }
        | CommandBody::Cancel { .. }
        | CommandBody::Intervene { .. }
        | CommandBody::Kill { .. }
        | CommandBody::BreakNode { .. }
        | CommandBody::Inspect { .. }
        | CommandBody::OpenTrace { .. }
        | CommandBody::Point { .. }
        | CommandBody::Answer { .. }
        | CommandBody::Measure { .. }
        | CommandBody::Panic => None,
    });
    let (id, run) = start.expect("a start was posted");
    let reply = Reply::Started { input_bytes: 308, lines: 6, splits: 4, notes: Vec::new() };
    after(
        state,
        [
            update(Update::Reply { id, result: Ok(reply) }),
            update(Update::Trace { run, events: events() }),
            update(Update::Finished { run, summary: Box::new(summary()) }),
        ],
    )
}

fn opened() -> LabState {
    begun(after(LabState::default(), [change(Change::Link(String::new()))]))
}

#[test]
fn the_page_opens_paused_at_the_opening_of_the_first_preset() {
    let state = opened();
    assert_eq!(run(&state).preset, Some("first-steps"));
    assert!(!state.player.playing && run(&state).is_untouched());
    assert_eq!(run(&state).snapshot.nodes.len(), 3, "the cluster is there");
    assert!(run(&state).snapshot.job.is_none(), "and nothing is done yet");
    let advance = CommandBody::Advance { run: run(&state).id, until: Until::End };
    assert_eq!(state.worker.unanswered.last().map(|sent| sent.command.body.clone()), Some(advance));
}

#[test]
fn steps_back_visit_what_steps_forward_visited_and_show_the_same() {
    for step in StepSize::ALL {
        let mut state = reduce(opened(), play(Play::StepSize(step)));
        let mut seen = Vec::new();
        while !run(&state).is_at_end() {
            seen.push((run(&state).place, Rc::clone(&run(&state).snapshot)));
            state = reduce(state, play(Play::Forward(1)));
        }
        assert!(seen.len() > 10, "{step:?}: {} steps", seen.len());
        while let Some((place, snapshot)) = seen.pop() {
            state = reduce(state, play(Play::Back(1)));
            assert_eq!((run(&state).place, &run(&state).snapshot), (place, &snapshot), "{step:?}");
        }
        assert!(run(&state).is_at_opening());
        let again = reduce(state.clone(), play(Play::Back(1)));
        assert_eq!(run(&again).place, run(&state).place, "there is nothing before the opening");
    }
}

#[test]
fn playing_goes_at_the_speed_and_ends_at_the_end() {
    let mut state = after(opened(), [play(Play::Start), play(Play::Tick(Span::from_millis(50)))]);
    assert_eq!(run(&state).place.at, Time(50_000));
    state = reduce(state, play(Play::Tick(Span::from_secs(60))));
    assert!(run(&state).place.at <= Time(150_000), "a page that was held up does not leap");
    for _ in 0..100_000 {
        if !state.player.playing {
            break;
        }
        state = reduce(state, play(Play::Tick(Span::from_millis(100))));
    }
    assert!(run(&state).is_at_end() && !state.player.playing);
    state = reduce(state, play(Play::Start));
    assert!(run(&state).is_at_opening(), "it plays again from the beginning");
}

#[test]
fn playing_shows_every_event_in_order_however_long_the_frames_are() {
    let mut state = reduce(opened(), play(Play::Start));
    let mut last = run(&state).place;
    for frame in 0_u64.. {
        state = reduce(state, play(Play::Tick(Span::from_millis(3 + frame * 7 % 40))));
        let place = run(&state).place;
        assert!(place >= last, "the playhead never goes back by itself");
        assert_eq!(run(&state).snapshot.applied, place.events);
        last = place;
        if !state.player.playing {
            break;
        }
    }
    assert_eq!(last.events, run(&state).timeline.len());
}

#[test]
fn a_quiet_span_passes_in_about_a_second() {
    let state = opened();
    // At a sixteenth of the speed nearly every gap is long enough.
    let slow = Speed::at(Speed::MIN);
    let mut quiet = 0;
    let end = run(&state).timeline.end_time();
    for at in (0..end.0).step_by(10_000).map(Time) {
        if let Some(span) = run(&state).quiet_at(at, slow) {
            assert!(span.from <= at && at < span.to && span.factor >= 2, "{span:?} at {at}");
            let seconds_us = span.length().0 * 1_000 / slow.milli() / span.factor;
            assert!((400_000..=800_000).contains(&seconds_us), "{span:?}");
            quiet += 1;
        }
    }
    assert!(quiet > 0);
}

#[test]
fn nothing_beyond_the_furthest_moment_is_in_reach_where_spoilers_are_held_back() {
    let mut state = after(opened(), [Action::Look(Look::Presenter), play(Play::Forward(6))]);
    let furthest = run(&state).furthest;
    state = reduce(state, play(Play::Back(3)));
    for leap in [Play::Last, Play::Scrub(Time(u64::MAX)), Play::Jump(Seq(u32::MAX - 1)), Play::Last]
    {
        state = reduce(state, play(leap));
        assert_eq!(run(&state).place, furthest, "{leap:?}");
    }
    let seen = &run(&state).timeline;
    let horizon = run(&state).horizon(true);
    let counted: u32 = seen.density(furthest.events, horizon, 100).iter().sum();
    assert!(counted <= furthest.events, "{counted} events are counted");
    let marks = seen.marks(furthest.events, horizon, 1_000);
    let last = marks.last().map_or(0, |mark| u64::from(mark.column) * horizon.0 / 1_000);
    assert!(last <= furthest.at.0, "a mark at {last} µs, and {} was reached", furthest.at);
}

#[test]
fn the_scrubbers_end_does_not_tell_how_long_the_run_will_be() {
    let mut state = reduce(opened(), Action::Look(Look::Presenter));
    let long = run(&state).horizon(true);
    assert_eq!(long, Time(10_000_000), "a round time, whatever the run");
    assert_ne!(long, run(&state).timeline.end_time());
    state = reduce(state, play(Play::End));
    assert_eq!(run(&state).horizon(true), run(&state).timeline.end_time(), "until it was seen");
}

#[test]
fn last_leads_to_the_furthest_moment_and_from_there_to_the_end() {
    let mut state = after(opened(), [play(Play::Forward(5)), play(Play::First)]);
    let furthest = run(&state).furthest;
    state = reduce(state, play(Play::Last));
    assert_eq!(run(&state).place, furthest);
    state = reduce(state, play(Play::Last));
    assert!(run(&state).is_at_end());
}

#[test]
fn a_changed_parameter_takes_the_screen_only_when_its_run_has_begun() {
    let state =
        after(opened(), [play(Play::Forward(4)), change(Change::Parameter(Key::Reducers, 3))]);
    assert_eq!(run(&state).scenario.parameters.get(Key::Reducers), 2, "the old run is still there");
    let state = begun(state);
    assert_eq!(run(&state).scenario.parameters.get(Key::Reducers), 3);
    assert!(run(&state).is_untouched() && state.former.len() == 1);
}

#[test]
fn a_refused_change_says_so_and_leaves_the_run_alone() {
    let before = reduce(opened(), play(Play::Forward(4)));
    let state = reduce(before.clone(), change(Change::Parameter(Key::Replication, 9)));
    let id = state.worker.unanswered.last().map(|sent| sent.command.id).unwrap();
    let error =
        LabError { field: Some("replication".to_owned()), message: "At most 3.".to_owned() };
    let state = reduce(state, update(Update::Reply { id, result: Err(error) }));
    assert_eq!(
        state.notice_about("replication").map(|notice| notice.message.as_str()),
        Some("At most 3.")
    );
    assert_eq!((&state.run, state.pending), (&before.run, None));
}

#[test]
fn undo_leads_to_the_former_run_and_its_playhead_and_computes_it_again_behind() {
    let before = reduce(opened(), play(Play::Forward(7)));
    let changed = begun(reduce(before.clone(), change(Change::Parameter(Key::Reducers, 1))));
    let state = reduce(changed, change(Change::Undo));
    let (now, then) = (run(&state), run(&before));
    assert_eq!(
        (now.place, now.furthest, &now.scenario),
        (then.place, then.furthest, &then.scenario)
    );
    assert_eq!(now.snapshot, then.snapshot);
    assert_ne!(now.id, then.id, "what the conductor says of the old number is dropped");
    let state = begun(state);
    assert_eq!(run(&state).place, then.place, "the trace that comes again changes nothing");
    assert_eq!(run(&state).timeline.len(), then.timeline.len());
    assert_eq!(state.former.len(), 0);
}

#[test]
fn restarting_an_unchanged_preset_hides_what_was_seen_and_can_be_undone() {
    let before = reduce(opened(), play(Play::Forward(7)));
    let state = reduce(before.clone(), change(Change::Restart));
    assert!(run(&state).is_untouched() && state.pending.is_none());
    let state = reduce(state, change(Change::Undo));
    assert_eq!(run(&state).place, run(&before).place);
}

#[test]
fn updates_of_a_run_that_was_left_are_dropped() {
    let state = opened();
    let left: RunId = run(&state).id;
    let state = begun(reduce(state, change(Change::Preset("cut-line"))));
    let mut late = events();
    late.truncate(5);
    let after = reduce(state.clone(), update(Update::Trace { run: left, events: late }));
    assert_eq!(after, state);
}

#[test]
fn a_panic_keeps_the_trace_and_a_restart_goes_on_where_it_broke_off() {
    let mut state = after(LabState::default(), [change(Change::Link(String::new()))]);
    let (id, number) = (state.worker.unanswered[0].command.id, state.last_run);
    let reply = Reply::Started { input_bytes: 308, lines: 6, splits: 4, notes: Vec::new() };
    let some: Vec<Event> = events().into_iter().take(60).collect();
    state = after(
        state,
        [
            update(Update::Reply { id, result: Ok(reply) }),
            update(Update::Trace { run: number, events: some }),
            play(Play::Forward(5)),
            play(Play::Start),
            Action::Hear(Hear::WorkerFailed("index out of bounds".to_owned())),
        ],
    );
    assert_eq!(state.worker.health, Health::Failed("index out of bounds".to_owned()));
    assert_eq!((run(&state).progress.clone(), state.player.playing), (Progress::Lost, false));
    let stepped = reduce(state.clone(), play(Play::Back(1)));
    assert!(run(&stepped).place < run(&state).place, "what is there can be stepped through");
    let place = run(&state).place;
    let state = begun(reduce(state, Action::Hear(Hear::RestartWorker)));
    assert_eq!((state.worker.generation, run(&state).place), (1, place));
    assert_eq!(run(&state).timeline.len() as usize, events().len());
    assert!(run(&state).summary().is_some());
}

#[test]
fn questions_are_asked_once_and_answered_by_number() {
    let query = Query::Block { block: BlockId(0) };
    let ask = || Action::Look(Look::Ask(query.clone()));
    let state = after(opened(), [ask(), ask()]);
    let asked: Vec<_> = state
        .worker
        .unanswered
        .iter()
        .filter(|sent| matches!(sent.command.body, CommandBody::Inspect { .. }))
        .collect();
    assert_eq!(asked.len(), 1);
    let id = asked[0].command.id;
    let reply = Reply::Block { offset: 0, text: "the river".to_owned() };
    let state = reduce(state, update(Update::Reply { id, result: Ok(reply.clone()) }));
    assert_eq!(state.answers.get(&query), Some(&Answer::Here(reply)));
}

#[test]
fn a_broken_link_says_so_and_opens_the_first_preset() {
    let state = after(LabState::default(), [change(Change::Link("kaputt".to_owned()))]);
    assert!(state.notice.is_some(), "it is said while the page loads, too");
    let state = begun(state);
    assert_eq!(run(&state).preset, Some("first-steps"));
    assert!(state.notice.is_some_and(|notice| notice.message.contains("kaputt")));
}

#[test]
fn a_text_of_millrace_is_fetched_once_and_travels_beside_the_start() {
    let mut state = reduce(opened(), change(Change::Preset("alice")));
    let needs = state.pending.as_ref().and_then(|pending| pending.needs.as_ref());
    assert_eq!(needs.and_then(Needs::to_fetch), Some("alice"));
    let bytes = Same::new(Bytes::from_static(b"Alice was beginning"));
    let text = Hear::Text { name: "alice".to_owned(), result: Ok(bytes.clone()) };
    state = reduce(state, Action::Hear(text));
    let sent = state.worker.unanswered.last().and_then(|sent| sent.input.clone());
    assert_eq!(sent.as_deref(), Some(&vec![Bytes::clone(&bytes)]));
    state = reduce(begun(state), change(Change::Preset("no-combiner")));
    assert_eq!(state.pending.and_then(|pending| pending.needs), None);
}

#[test]
fn a_text_that_is_not_fit_leaves_the_run_alone() {
    let before = opened();
    let empty = Change::OwnText(vec![("empty.txt".to_owned(), Same::new(Bytes::new()))]);
    let state = reduce(before.clone(), change(empty));
    assert_eq!((state.run.as_ref(), state.pending.as_ref()), (before.run.as_ref(), None));
    assert!(state.notice_about("input").is_some());
}

#[test]
fn the_inspector_opens_with_the_first_selection() {
    let state = reduce(opened(), Action::Look(Look::Select(Selection::Coordinator)));
    assert!(state.view.inspector);
    assert_eq!(state.selection, Some(Selection::Coordinator));
}

#[test]
fn playing_stops_once_before_the_key_moment() {
    let state = reduce(LabState::default(), change(Change::Preset("cut-line")));
    let mut state = reduce(begun(state), play(Play::Start));
    for _ in 0..100_000 {
        if !state.player.playing {
            break;
        }
        state = reduce(state, play(Play::Tick(Span::from_millis(100))));
    }
    let stop = run(&state).stop.expect("the made run reads past a split's end");
    assert_eq!(run(&state).place.events, stop.0);
    assert!(run(&state).is_at_stop() && !run(&state).is_at_end());
    state = after(state, [play(Play::Start), play(Play::Tick(Span::from_millis(100)))]);
    assert!(run(&state).place.events > stop.0 && state.player.playing, "once is enough");
}
