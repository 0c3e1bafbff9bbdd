//! Another job over the same input, and one that the input does not fit.

use super::*;
use crate::scenario::JobKind;

/// Answers the start that was posted last with a refusal of this field.
fn refused(state: LabState, field: &str) -> LabState {
    let sent = state.worker.unanswered.last().expect("a start was posted");
    let id = sent.command.id;
    let message = "orders.tsv, line 1, column 1: the id is no number".to_owned();
    let error = LabError { field: Some(field.to_owned()), message };
    after(state, [update(Update::Reply { id, result: Err(error) })])
}

#[test]
fn another_job_runs_over_the_same_input_and_is_taken_back() {
    let state = begun(after(opened(), [change(Change::Job(JobKind::Grep))]));
    assert_eq!(run(&state).scenario.job, JobKind::Grep);
    assert_eq!(run(&state).scenario.input, run(&state).original.input);
    assert_eq!(run(&state).preset, Some("first-steps"));
    let back = after(state, [change(Change::Undo)]);
    assert_eq!(run(&back).scenario.job, JobKind::WordCount);
}

#[test]
fn a_job_that_the_input_does_not_fit_is_said_and_its_own_input_offered() {
    let state = after(opened(), [change(Change::Job(JobKind::Join))]);
    let state = refused(state, "input");
    assert_eq!(run(&state).scenario.job, JobKind::WordCount, "what is on the screen stays");
    assert_eq!(state.unfit, Some(JobKind::Join));
    let said = state.notice_about("job").expect("it is said at the job").message.clone();
    assert!(said.contains("line 1, column 1"), "{said}");
    let state = after(state, [change(Change::Preset("join"))]);
    assert_eq!((&state.unfit, &state.notice), (&None, &None));
}

#[test]
fn another_refusal_is_no_matter_of_the_job() {
    let state = after(opened(), [change(Change::Parameter(Key::Racks, 9))]);
    let state = refused(state, "racks");
    assert_eq!(state.unfit, None);
    assert!(state.notice_about("racks").is_some());
}

#[test]
fn the_job_that_is_there_already_is_no_change() {
    let before = opened();
    let state = after(before.clone(), [change(Change::Job(JobKind::WordCount))]);
    assert_eq!(state, before);
}

#[test]
fn a_pattern_is_a_change_like_any_other_and_a_bad_one_is_named() {
    let state = begun(after(opened(), [change(Change::Preset("grep"))]));
    let state = begun(after(state, [change(Change::Text(Key::Pattern, "mill ".to_owned()))]));
    assert_eq!(run(&state).scenario.parameters.text(Key::Pattern), "mill ");
    let bad = after(state, [change(Change::Text(Key::Pattern, "a\nb".to_owned()))]);
    let said = &bad.notice_about("pattern").expect("it is said at the field").message;
    assert!(said.contains("without a line end"), "{said}");
    assert_eq!(run(&bad).scenario.parameters.text(Key::Pattern), "mill ");
}
