//! The branches as thin tracks under the scrubber: from where each parts from its parent to where
//! it ends, with marks where something is done to its cluster.

use super::branches::words;
use super::run::{Progress, Run};
use super::state::LabState;
use crate::base::Time;

/// A branch as a track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// Which branch.
    pub number: u32,
    /// Its name and what is different in it.
    pub label: String,
    /// How many tracks above it its parent is; 0 for the first.
    pub below_parent: u32,
    /// Where it parts from its parent.
    pub from: Time,
    /// Where it ends, as far as that may be seen.
    pub to: Time,
    /// Its own faults: when, and what.
    pub marks: Vec<(Time, String)>,
    /// Whether it is on the screen.
    pub is_shown: bool,
    /// How it came out, as far as that may be seen.
    pub end: End,
}

/// How a branch comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is still being simulated, or its end was not seen where that is held back.
    Open,
    /// Its job is done.
    Done,
    /// Its job failed.
    Failed,
}

/// The tracks, in the order of their making; none while there is only one branch.
pub fn tracks(state: &LabState) -> Vec<Track> {
    let all = state.branches();
    if all.len() < 2 {
        return Vec::new();
    }
    let shown = state.run.as_ref().map(|run| run.branch.number);
    let place_of = |number: u32| all.iter().position(|run| run.branch.number == number);
    let track = |(place, run): (usize, &&Run)| {
        let parent = run.branch.parent.and_then(place_of).unwrap_or(place);
        Track {
            number: run.branch.number,
            label: run.branch.label(),
            below_parent: u32::try_from(place.abs_diff(parent)).unwrap_or(0),
            is_shown: shown == Some(run.branch.number),
            ..line(run, state.holds_back())
        }
    };
    all.iter().enumerate().map(track).collect()
}

/// Where a branch begins and ends, and what is done in between.
fn line(run: &Run, hold_back: bool) -> Track {
    let to = if hold_back { run.furthest.at } else { run.timeline.end_time() };
    let from = run.branch.forked_at;
    let to = to.max(from);
    let clock = run.timeline.clock();
    let own = run.scenario.faults.iter().filter(|planned| (from..=to).contains(&planned.at));
    let end = match &run.progress {
        Progress::Finished(_) if hold_back && !run.is_seen_whole() => End::Open,
        Progress::Finished(summary) if summary.failed.is_some() => End::Failed,
        Progress::Finished(_) => End::Done,
        Progress::Simulating | Progress::Stopped | Progress::Lost => End::Open,
    };
    Track {
        number: 0,
        label: String::new(),
        below_parent: 0,
        from,
        to,
        marks: own.map(|planned| (planned.at, words(planned, clock))).collect(),
        is_shown: false,
        end,
    }
}

/// Where the scrubber and all tracks end.
pub fn horizon(state: &LabState) -> Time {
    let hold_back = state.holds_back();
    let ends = state.branches().into_iter().map(|run| run.horizon(hold_back));
    ends.max().unwrap_or(Time(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::fault::PlannedFault;
    use crate::trace::synthetic;
    use crate::ui::model::branches::Branch;
    use crate::ui::model::catalog;
    use crate::ui::model::clock::RunClock;
    use std::rc::Rc;

    /// A run that has been seen to 4 s, and a branch of it from there.
    fn forked() -> LabState {
        let mut first = Run::new(catalog::presets()[0].scenario(), None, None);
        first.append(synthetic::run(&synthetic::small())).unwrap();
        let planned: PlannedFault = "crash node 3 at 4 s".parse().unwrap();
        let shared = first.timeline.at_time(Time(3_999_999));
        first.go(crate::ui::model::place::Place::at_time(&first.timeline, planned.at));
        let mut scenario = first.scenario.clone();
        scenario.faults.push(planned);
        let branch = Branch {
            number: 1,
            parent: Some(0),
            forked_at: planned.at,
            shared,
            change: words(&planned, RunClock::default()),
        };
        let second = first.forked(2, scenario, branch);
        LabState { run: Some(second), others: vec![Rc::new(first)], ..LabState::default() }
    }

    #[test]
    fn a_branch_is_a_track_from_its_fork_with_its_fault_as_a_mark() {
        let state = forked();
        let tracks = tracks(&state);
        let labels: Vec<&str> = tracks.iter().map(|track| track.label.as_str()).collect();
        assert_eq!(labels, ["A: as planned", "B: crash node 3 at 4.0 s"]);
        assert_eq!((tracks[0].from, tracks[0].is_shown), (Time::ZERO, false));
        assert_eq!((tracks[1].from, tracks[1].below_parent), (Time(4_000_000), 1));
        assert_eq!(tracks[1].marks.len(), 1);
        assert!(tracks[0].marks.is_empty());
        assert_eq!(tracks[0].to, horizon(&state));
    }

    #[test]
    fn a_single_run_needs_no_track() {
        let state = LabState { others: Vec::new(), ..forked() };
        assert!(tracks(&state).is_empty());
    }

    #[test]
    fn where_spoilers_are_held_back_a_track_ends_where_it_was_seen() {
        let mut state = forked();
        state.view.presenter = true;
        let tracks = tracks(&state);
        assert_eq!((tracks[0].to, tracks[0].end), (Time(4_000_000), End::Open));
        assert_eq!(horizon(&state), Time(10_000_000), "a round time, whatever the runs");
    }
}
