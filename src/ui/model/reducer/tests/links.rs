//! Links, files that they ask for, and traces that are opened.

use super::*;
use crate::base::{Fault, NodeId, TaskId};
use crate::lab::messages::{KeyValue, SourceLine};
use crate::scenario::Input;
use crate::scenario::input::content_hash;
use crate::trace::jsonl::{Header, write};
use crate::ui::model::action::Shared;
use crate::ui::model::follow::Followed;
use crate::ui::model::needs::Source;
use crate::ui::model::view::Tab;
use crate::ui::model::{catalog, link};

/// A text that is too long to travel in a link.
fn long_text() -> Bytes {
    Bytes::from("word after word ".repeat(400))
}

fn own_files(state: LabState, files: &[(&str, Bytes)]) -> LabState {
    let file = |(name, bytes): &(&str, Bytes)| ((*name).to_owned(), Same::new(bytes.clone()));
    reduce(state, Action::Change(Change::OwnText(files.iter().map(file).collect())))
}

fn own_text(state: LabState, bytes: &Bytes) -> LabState {
    own_files(state, &[("own.txt", bytes.clone())])
}

/// The fragment that leads to a run of files of the reader's.
fn link_to_files(files: &[(&str, Bytes)]) -> String {
    let state = own_files(LabState::default(), files);
    catalog::link_to(&state.pending.unwrap().run.scenario)
}

fn follow(state: LabState, fragment: String) -> LabState {
    reduce(state, Action::Change(Change::Link(fragment)))
}

fn needs(state: &LabState) -> Option<&Needs> {
    state.pending.as_ref().and_then(|pending| pending.needs.as_ref())
}

fn said(state: &LabState) -> &str {
    state.notice.as_ref().map_or("", |notice| &notice.message)
}

#[test]
fn a_link_to_a_file_asks_for_it_and_takes_no_other() {
    let state = follow(LabState::default(), link_to_files(&[("own.txt", long_text())]));
    let wanted: Vec<_> = needs(&state).unwrap().files().map(|file| file.source.clone()).collect();
    let (hash, bytes) = (Some(content_hash(&long_text())), Some(6_400));
    assert_eq!(wanted, [Source::File { name: "own.txt".to_owned(), hash, bytes }]);
    assert!(state.worker.unanswered.is_empty(), "nothing is run without its text");
    let state = own_text(state, &Bytes::from_static(b"something else"));
    assert!(said(&state).contains("another file"), "{}", said(&state));
    let state = own_text(state, &long_text());
    assert_eq!((needs(&state), &state.notice), (None, &None));
    assert_eq!(state.worker.unanswered.len(), 1, "it begins");
}

#[test]
fn a_link_to_several_files_begins_once_all_are_here() {
    let (one, two) = (long_text(), Bytes::from("two and two ".repeat(300)));
    let files = [("one.txt", one.clone()), ("two.txt", two.clone())];
    let state = follow(LabState::default(), link_to_files(&files));
    let wrong = [("two.txt", Bytes::from_static(b"other")), ("one.txt", one.clone())];
    let state = own_files(state, &wrong);
    assert!(said(&state).contains("“two.txt” is another file"), "{}", said(&state));
    let missing = needs(&state).unwrap().files().filter(|file| file.is_missing_file());
    assert_eq!(missing.count(), 1, "what was right is kept");
    assert!(state.worker.unanswered.is_empty());
    let state = own_files(state, &[("two.txt", two.clone())]);
    assert_eq!((needs(&state), &state.notice), (None, &None));
    let sent = state.worker.unanswered.last().unwrap().input.clone();
    assert_eq!(sent.as_deref(), Some(&vec![one, two]), "in the input's order");
}

/// A link to files that a run on the page has, with another parameter.
#[test]
fn files_that_are_here_are_not_asked_for_again() {
    let files = [("one.txt", long_text()), ("two.txt", long_text())];
    let state = begun(own_files(LabState::default(), &files));
    let mut scenario = run(&state).scenario.clone();
    scenario.parameters = scenario.parameters.with(Key::Reducers, 7);
    let state = follow(state, catalog::link_to(&scenario));
    assert!(needs(&state).is_none() && state.pending.unwrap().posted);
}

#[test]
fn a_link_to_a_live_run_begins_it_anew_and_a_second_time_only_looks() {
    let link = "first-steps&run=live&select=node-2".to_owned();
    let state = follow(LabState::default(), link.clone());
    let sent = state.worker.unanswered.last().unwrap();
    assert!(matches!(sent.command.body, CommandBody::StartLive { .. }), "{:?}", sent.command);
    let state = begun(state);
    assert!(run(&state).live.is_some() && state.player.playing, "it is watched");
    assert_eq!(state.selection, Some(Selection::Node(NodeId(2))));
    let (base, sight) = link::parts(&state).unwrap();
    assert_eq!(base + &sight, link);
    let again = follow(state, link);
    assert!(again.pending.is_none() && again.player.playing);
    let simulated = follow(again, "first-steps".to_owned());
    assert!(simulated.pending.is_some_and(|pending| pending.run.live.is_none()));
}

#[test]
fn of_a_link_to_a_live_run_it_is_said_what_differs() {
    let state = begun(follow(LabState::default(), "first-steps&run=live".to_owned()));
    let shared = |state, shared| reduce(state, Action::Hear(Hear::Shared(shared)));
    let told = |state: LabState| state.toast.map(|toast| toast.message).unwrap_or_default();
    let live = told(shared(state.clone(), Shared::Copied));
    for words in ["live run is copied", "anew", "struck by hand", "times differ"] {
        assert!(live.contains(words), "{words}: {live}");
    }
    let simulated = told(shared(opened(), Shared::Copied));
    assert_eq!(simulated, "The link to this moment is copied.");
    let state = shared(state, Shared::TooLong);
    assert!(said(&state).contains("trace"), "{}", said(&state));
}

#[test]
fn a_link_that_is_refused_on_an_empty_page_opens_the_first_preset() {
    let scenario = catalog::preset("cut-line").unwrap().scenario();
    let state = follow(LabState::default(), catalog::link_to(&scenario));
    let id = state.worker.unanswered.last().unwrap().command.id;
    let error = LabError { field: None, message: "this cannot be".to_owned() };
    let state = reduce(state, update(Update::Reply { id, result: Err(error.clone()) }));
    assert_eq!(state.pending.as_ref().unwrap().run.preset, Some("first-steps"));
    assert!(said(&state).starts_with("This cannot be"), "{}", said(&state));
    let id = state.worker.unanswered.last().unwrap().command.id;
    let state = reduce(state, update(Update::Reply { id, result: Err(error) }));
    assert!(state.pending.is_none(), "and not for ever");
}

#[test]
fn giving_up_a_file_on_an_empty_page_opens_the_first_preset() {
    let state = follow(LabState::default(), link_to_files(&[("own.txt", long_text())]));
    for give_up in [Action::Change(Change::GiveUp), Action::Look(Look::Escape)] {
        let pending = reduce(state.clone(), give_up).pending.unwrap();
        assert_eq!(pending.run.preset, Some("first-steps"));
        assert!(matches!(pending.run.scenario.input, Input::Text(_)));
    }
}

/// A trace was read by the worker.
fn opened() -> LabState {
    let scenario = catalog::presets()[0].scenario();
    let events = synthetic::run(&synthetic::small());
    let json = serde_json::to_value(&scenario).unwrap();
    let text = Bytes::from(write(&Header::new(json), &events));
    let state = own_text(LabState::default(), &text);
    let sent = state.worker.unanswered.last().unwrap();
    let CommandBody::OpenTrace { run } = sent.command.body else { panic!("{:?}", sent.command) };
    let id = sent.command.id;
    let reply = Reply::TraceOpened { scenario: Box::new(scenario), engine: "0.1.0".to_owned() };
    let state = reduce(state, update(Update::Reply { id, result: Ok(reply) }));
    reduce(state, update(Update::Trace { run, events }))
}

#[test]
fn a_trace_is_a_run_without_an_engine() {
    let state = opened();
    let run = state.run.as_ref().unwrap();
    assert_eq!(run.opened.as_ref().map(|opened| opened.name.as_str()), Some("own.txt"));
    assert!(run.timeline.len() > 100);
    let query = Query::Block { block: BlockId(0) };
    let state = reduce(state, Action::Look(Look::Ask(query.clone())));
    let Some(Answer::Failed(LabError { message, .. })) = state.answers.get(&query) else {
        panic!("{:?}", state.answers.get(&query))
    };
    assert!(message.contains("trace file"), "{message}");
    let fault = Fault::Crash { node: NodeId(1) };
    let state = reduce(state, Action::Change(Change::Strike(fault)));
    assert!(state.notice.unwrap().message.contains("trace file"));
}

#[test]
fn the_scenario_of_a_trace_can_be_run_here() {
    let state = reduce(opened(), Action::Change(Change::RunAgain));
    let pending = state.pending.unwrap();
    assert!(pending.run.opened.is_none() && pending.posted);
}

#[test]
fn a_broken_trace_leaves_what_is_on_the_screen() {
    let state = own_text(opened(), &Bytes::from_static(b"{\"millrace_trace\":1,"));
    let id = state.worker.unanswered.last().unwrap().command.id;
    let message = "line 1: bad header, at column 21".to_owned();
    let error = LabError { field: Some("input".to_owned()), message };
    let state = reduce(state, update(Update::Reply { id, result: Err(error) }));
    assert!(state.run.is_some() && state.pending.is_none());
    assert!(state.notice.unwrap().message.contains("column 21"));
}

#[test]
fn a_link_to_what_is_on_the_screen_only_moves_the_playhead() {
    let mut state = opened();
    let run = state.run.as_mut().unwrap();
    let there = crate::ui::model::place::Place::after(&run.timeline, 60);
    run.go(there);
    let (base, sight) = link::parts(&state).unwrap();
    let back = reduce(state, Action::Play(Play::First));
    let run = back.run.as_ref().unwrap();
    assert_eq!(run.place, run.opening);
    let again = reduce(back, Action::Change(Change::Link(base + &sight)));
    assert!(again.pending.is_none());
    assert_eq!(again.run.unwrap().place, there);
}

/// In the stream lab a text is events for the job on the screen, and one that is none leaves that alone.
#[test]
fn a_text_in_the_stream_lab_is_events_of_its_job() {
    let state = reduce(LabState::default(), Action::Change(Change::Preset("lost-nine")));
    let state = begun(state);
    let before = run(&state).scenario.clone();
    let events = Bytes::from_static(b"time,key,value\n1000,a,5\n");
    let asked = own_text(state.clone(), &events);
    let scenario = asked.pending.as_ref().unwrap().run.scenario.clone();
    assert_eq!((&scenario.job, scenario.lab()), (&before.job, before.lab()));
    assert_eq!(scenario.input, Input::Text("time,key,value\n1000,a,5\n".to_owned()));
    assert_eq!(scenario.validate(), Ok(()), "the book's watermark is of the book's events");
    let id = asked.worker.unanswered.last().unwrap().command.id;
    let message = "line 2, column \"time\": \"soon\" is not allowed".to_owned();
    let error = LabError { field: Some("input".to_owned()), message };
    let refused = reduce(asked, update(Update::Reply { id, result: Err(error) }));
    assert_eq!((&run(&refused).scenario, &refused.pending), (&before, &None));
    let said = refused.notice_about("input").map(|notice| notice.message.to_lowercase());
    assert!(said.is_some_and(|said| said.contains("line 2")));
}

/// The first preset's run, opened by this link; its trace is the made one.
fn opened_at(sight: &str) -> LabState {
    begun(follow(LabState::default(), format!("first-steps{sight}")))
}

#[test]
fn a_link_that_names_what_the_run_does_not_have_opens_the_rest_and_says_so() {
    let state = opened_at("&open=inspector,log&select=map-1-0&zoom=3");
    assert_eq!(state.notice, None);
    assert_eq!(state.selection, Some(Selection::Attempt(TaskId::map(1).attempt(0))));
    assert_eq!((state.view.zoom, state.view.zoom_step, state.wanted), (true, 3, None));
    let state = opened_at("&open=inspector,log&select=map-99&zoom=3");
    assert!(said(&state).contains("map-99") && said(&state).contains("does not have"));
    assert_eq!((state.selection, state.view.zoom), (None, false));
    assert_eq!(
        (state.view.inspector, state.view.drawer),
        (true, Some(Tab::Log)),
        "the rest is open"
    );
}

#[test]
fn what_a_link_follows_is_looked_for_map_by_map_and_said_where_it_is_not() {
    let record = KeyValue {
        key: "river".to_owned(),
        value: "3".to_owned(),
        partition: crate::base::PartitionId(1),
    };
    let run = Run::new(catalog::presets()[0].scenario(), None, None);
    let followed = Followed::new(0, &record, (&[], &[]), &run.snapshot);
    let followed = Some(Rc::new(followed));
    let (_, sight) =
        link::parts(&LabState { run: Some(run), followed, ..LabState::default() }).unwrap();
    let answered = |state: LabState, lines: Vec<SourceLine>, next_map| {
        let sent = state.worker.unanswered.last().unwrap();
        assert!(matches!(sent.command.body, CommandBody::Inspect { .. }), "{sent:?}");
        let (id, found) = (sent.command.id, lines.len() as u64);
        let reply = Reply::Lineage { found, maps: vec![0], lines, next_map };
        reduce(state, update(Update::Reply { id, result: Ok(reply) }))
    };
    let line = SourceLine {
        map: 0,
        file: crate::base::FileId(0),
        offset: 4,
        text: "a river".to_owned(),
        pairs: vec![(0, "1".to_owned())],
    };
    let state = answered(opened_at(&sight), Vec::new(), Some(2));
    let state = answered(state, vec![line], None);
    let shown = state.followed.as_ref().unwrap();
    assert_eq!((&shown.record, shown.lines.as_slice()), (&record, &[(4, 11)][..]));
    assert_eq!(link::parts(&state).unwrap().1, sight, "and the link is the same again");
    let state = answered(opened_at(&sight), Vec::new(), None);
    assert_eq!(state.followed, None);
    assert!(said(&state).contains("river"), "{}", said(&state));
}
