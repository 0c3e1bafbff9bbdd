//! Step, step back and scrub are the same thing: the same place shows the same, from wherever one comes.

use serde_json::json;

use crate::lab::{Lab, NOTHING, Seen};

/// The most notable moments that the first run may have.
const MOMENTS_MAX: usize = 40;

/// Steps to the end and notes what there was to see at each place, the first included.
fn walk(lab: &mut Lab, most: usize) -> Vec<Seen> {
    let mut places = vec![lab.seen()];
    while lab.page.evaluate("document.querySelector('[data-testid=step]').ariaDisabled")
        == json!("false")
    {
        assert!(places.len() <= most, "more than {most} steps");
        lab.press_and_move("ArrowRight");
        places.push(lab.seen());
    }
    places
}

#[test]
fn every_step_back_shows_again_what_was_seen_before() {
    let mut lab = Lab::open("");
    lab.simulated();
    let places = walk(&mut lab, MOMENTS_MAX);
    assert!(places.len() > 15, "only {} places", places.len());
    for pair in places.windows(2) {
        assert!(pair[0].event < pair[1].event);
        assert_ne!(pair[0].stage, pair[1].stage, "nothing changes at {}", pair[1].caption);
    }
    // Where the run ends, its closing words stand in the caption's place.
    for place in &places[..places.len() - 1] {
        assert!(place.caption.split_whitespace().count() <= 15, "{}", place.caption);
    }
    for place in places.iter().rev().skip(1) {
        lab.press_and_move("ArrowLeft");
        let seen = lab.seen();
        assert_eq!((seen.event, &seen.time, &seen.stage), (place.event, &place.time, &place.stage));
        // At the very beginning the question has been answered: its place says what happens.
        if place.event != places[0].event {
            assert_eq!(seen.caption, place.caption);
        }
    }
    assert_eq!(lab.page.problems(), NOTHING);
}

/// Counts how often some part of the stage showed an earlier moment than another.
const WATCH: &str = "(() => {
    window.turns = 0;
    const count = () => { window.turns += 1; };
    new MutationObserver(count).observe(document.querySelector('.stage'), { attributeFilter: ['data-behind'] });
})()";

#[test]
fn parts_of_a_large_stage_that_take_turns_come_to_the_same_moment() {
    let mut lab = Lab::open("#big-cluster");
    lab.simulated();
    lab.page.press("Shift+End");
    lab.page.wait_until("document.querySelector('#lab').dataset.finished === 'true'");
    lab.page.slow_down(4);
    lab.page.evaluate(WATCH);
    let mut places = Vec::new();
    for _ in 0..6 {
        lab.press_and_move("ArrowLeft");
        places.push(lab.seen());
    }
    for place in places.iter().rev().skip(1) {
        lab.press_and_move("ArrowRight");
        let seen = lab.seen();
        assert_eq!((seen.event, &seen.time, &seen.stage), (place.event, &place.time, &place.stage));
    }
    let turns = lab.page.evaluate("window.turns").as_u64();
    assert!(turns > Some(0), "a processor slowed four times draws fifty nodes in turns");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn home_and_end_lead_to_the_beginning_and_to_the_furthest_moment() {
    let mut lab = Lab::open("");
    lab.simulated();
    let first = lab.seen();
    for _ in 0..7 {
        lab.press_and_move("ArrowRight");
    }
    let seventh = lab.seen();
    lab.press_and_move("Home");
    let again = lab.seen();
    assert_eq!((again.event, again.stage), (first.event, first.stage));
    lab.press_and_move("End");
    assert_eq!(lab.seen(), seventh, "End leads to the furthest moment first");
    lab.press_and_move("End");
    lab.page.wait_until("document.querySelector('#lab').dataset.finished === 'true'");
    lab.press_and_move("Home");
    assert_eq!(lab.event(), first.event);
}

#[test]
fn the_playhead_is_moved_by_keyboard_and_by_mouse() {
    let mut lab = Lab::open("");
    lab.simulated();
    lab.page.evaluate("document.querySelector('[data-testid=scrubber]').focus()");
    let mut places = vec![lab.seen()];
    for _ in 0..5 {
        lab.press_and_move("ArrowRight");
        places.push(lab.seen());
    }
    lab.press_and_move("ArrowLeft");
    assert_eq!(lab.seen(), places[4]);
    lab.press_and_move("PageUp");
    assert_eq!(lab.seen(), places[3]);
    let says = lab.page.evaluate("document.querySelector('[data-testid=scrubber]').ariaValueText");
    assert!(says.as_str().unwrap().contains(&format!("event {}", places[3].event)), "{says}");
    // The middle of the line, then back by Home.
    let before = lab.event();
    lab.page.click("[data-testid=scrubber] .track");
    lab.page
        .wait_until(&format!("Number(document.querySelector('#lab').dataset.event) > {before}"));
    lab.press_and_move("Home");
    assert_eq!(lab.seen().stage, places[0].stage);
}

#[test]
fn steps_of_single_events_and_of_phases_go_back_as_they_came() {
    let mut lab = Lab::open("");
    lab.simulated();
    for size in ["event", "phase"] {
        choose_step(&mut lab, size);
        let mut places = vec![lab.seen()];
        for _ in 0..25 {
            lab.press_and_move("ArrowRight");
            places.push(lab.seen());
        }
        if size == "event" {
            let (first, last) = (places[0].event, places[25].event);
            assert_eq!(last - first, 25, "a step is one event");
        }
        for place in places.iter().rev().skip(1) {
            lab.press_and_move("ArrowLeft");
            let seen = lab.seen();
            assert_eq!((seen.event, &seen.stage), (place.event, &place.stage), "{size}");
        }
    }
}

/// Chooses what a step is, by the keyboard.
fn choose_step(lab: &mut Lab, size: &str) {
    lab.page.evaluate("document.querySelector('[data-testid=step-size]').focus()");
    lab.page.type_text(&size[..1]);
    lab.page.wait_until(&format!(
        "document.querySelector('[data-testid=step-size]').value === '{size}'"
    ));
    lab.page.evaluate("document.activeElement.blur()");
    lab.drawn();
}
