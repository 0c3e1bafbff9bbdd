//! The player.

use crate::base::{Span, Time};
use crate::ui::model::action::Play;
use crate::ui::model::pace::{self, Speed};
use crate::ui::model::place::Place;
use crate::ui::model::run::Run;
use crate::ui::model::state::LabState;

/// The most stretches of different pace that one tick goes through.
const STRETCHES_MAX: u32 = 8;

/// The longest time that one tick stands for: a page that was held up does not leap ahead.
const TICK_MAX: Span = Span(100_000);

/// Uses the player.
pub(super) fn reduce(state: &mut LabState, play: Play) {
    let hold_back = state.holds_back();
    let Some(run) = state.run.as_mut() else { return set(state, play) };
    match play {
        Play::Start => start(state),
        Play::Toggle if state.player.playing => state.player.playing = false,
        Play::Toggle => start(state),
        Play::Tick(real) => {
            if state.player.playing {
                let end = tick(run, real.min(TICK_MAX), state.player.speed);
                state.player.playing = !end;
            }
        }
        Play::Forward(times) => stand(state, |run, step| {
            (0..times).filter_map(|_| run.next(step).map(|place| run.go(place))).count();
        }),
        Play::Back(times) => stand(state, |run, step| {
            (0..times).filter_map(|_| run.previous(step).map(|place| run.go(place))).count();
        }),
        Play::First => stand(state, |run, _| run.go(run.opening)),
        Play::Last => stand(state, |run, _| run.go(last(run, hold_back))),
        Play::End => stand(state, |run, _| run.go(run.end())),
        Play::Jump(seq) => stand(state, |run, _| {
            let place = Place::after(&run.timeline, seq.0.saturating_add(1));
            run.go(if hold_back { place.min(run.furthest) } else { place });
        }),
        Play::Scrub(at) => stand(state, |run, _| run.go(scrubbed(run, at, hold_back))),
        Play::Pause | Play::Speed(_) | Play::Faster(_) | Play::StepSize(_) => set(state, play),
    }
}

/// What can be set with or without a run.
fn set(state: &mut LabState, play: Play) {
    match play {
        Play::Pause => state.player.playing = false,
        Play::Speed(speed) => state.player.speed = speed,
        Play::Faster(faster) => state.player.speed = state.player.speed.stepped(faster),
        Play::StepSize(step) => state.player.step = step,
        Play::Start
        | Play::Toggle
        | Play::Tick(_)
        | Play::Forward(_)
        | Play::Back(_)
        | Play::First
        | Play::Last
        | Play::End
        | Play::Jump(_)
        | Play::Scrub(_) => {}
    }
}

fn start(state: &mut LabState) {
    let Some(run) = state.run.as_mut() else { return };
    if run.is_at_end() {
        run.go(run.opening);
    }
    run.has_stopped |= run.is_at_stop();
    state.player.playing = true;
}

/// Moves the playhead of a player that stands still from now on.
fn stand(state: &mut LabState, go: impl FnOnce(&mut Run, crate::ui::model::place::StepSize)) {
    state.player.playing = false;
    let step = state.player.step;
    if let Some(run) = state.run.as_mut() {
        go(run, step);
    }
}

fn last(run: &Run, hold_back: bool) -> Place {
    if hold_back || run.place < run.furthest { run.furthest } else { run.end() }
}

fn scrubbed(run: &Run, at: Time, hold_back: bool) -> Place {
    let most = if hold_back { run.furthest } else { run.end() };
    Place::at_time(&run.timeline, at.min(most.at)).min(most).max(run.opening)
}

/// Plays on for so long in front of the screen; says whether it stops there: at the end, or
/// before the preset's key moment.
fn tick(run: &mut Run, real: Span, speed: Speed) -> bool {
    let mut at = run.place.at;
    let mut left = real;
    for _ in 0..STRETCHES_MAX {
        if left == Span::ZERO {
            break;
        }
        (at, left) = pace::advance(at, left, speed, run.quiet_at(at, speed));
    }
    if let Some(stop) = run.next_stop().filter(|stop| stop.at <= at) {
        run.go(stop);
        run.has_stopped = true;
        return true;
    }
    let end = run.end();
    let place = Place::at_time(&run.timeline, at.min(end.at));
    // Events of one moment that were stepped through are not taken back.
    run.go(Place { events: place.events.max(run.place.events), at: place.at.max(run.place.at) });
    run.is_at_end()
}
