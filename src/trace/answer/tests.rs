//! Answers of events that are made by hand.

use super::*;

#[test]
fn of_nothing_there_is_no_answer() {
    let answer = StreamAnswer::of(Vec::new()).unwrap();
    assert_eq!(answer, StreamAnswer::default());
    assert_eq!(answer.ledger().sum(), 0);
}
