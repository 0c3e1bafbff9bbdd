//! A run's events with the state at every one of them: the playhead's ground.
//!
//! Keyframes are kept at a stride that doubles as the run grows, so that their number, and with
//! it memory, stays bounded; a seek folds at most one stride of events onto a keyframe, wherever
//! it goes. The snapshot of the last seek is kept too: a step forward folds one event.

use super::event::{Event, Seq};
use super::fold::Misfit;
use super::snapshot::{Cell, Snapshot};
use crate::base::Time;
use std::rc::Rc;

/// The stride of a short run, in events.
const FIRST_STRIDE: u32 = 256;

/// The most keyframes of a run, and the fewest where each is large.
const FRAMES_MAX: usize = 64;
const FRAMES_MIN: usize = 8;

/// What the keyframes' shuffle matrices may take together, in bytes: of all that a keyframe does
/// not share with others, only they can be large.
const CELLS_BYTES_MAX: usize = 64 << 20;

/// The events of a run, and the state after any number of them.
#[derive(Clone, Debug)]
pub struct Timeline {
    events: Vec<Event>,
    /// `frames[i]` is the state after `i * stride` events.
    frames: Vec<Rc<Snapshot>>,
    stride: u32,
    head: Snapshot,
    last: Rc<Snapshot>,
}

/// An event that could not be appended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {} does not fit the trace: {misfit}", .seq.0)]
pub struct AppendError {
    /// The number that the event gave itself.
    pub seq: Seq,
    /// Why it does not fit.
    pub misfit: Misfit,
}

impl Default for Timeline {
    fn default() -> Timeline {
        Timeline::new()
    }
}

impl Timeline {
    /// A run of which nothing has happened.
    pub fn new() -> Timeline {
        let nothing = Rc::new(Snapshot::default());
        Timeline {
            events: Vec::new(),
            frames: vec![Rc::clone(&nothing)],
            stride: FIRST_STRIDE,
            head: Snapshot::default(),
            last: nothing,
        }
    }

    /// Appends the events that come next.
    ///
    /// # Errors
    /// At the first event that leaves a gap, goes back in time or does not fit; it and those after
    /// it are left out, and those before it are in.
    pub fn append(&mut self, batch: Vec<Event>) -> Result<(), AppendError> {
        self.events.reserve(batch.len());
        for event in batch {
            self.push(event)?;
        }
        Ok(())
    }

    /// The state after the first `n` events, or after all of them when there are fewer.
    pub fn seek(&mut self, n: u32) -> Rc<Snapshot> {
        let n = n.min(self.len());
        if n == self.head.applied {
            self.last = Rc::new(self.head.clone());
            return Rc::clone(&self.last);
        }
        let frame = self.frames.get(place(n / self.stride));
        if let Some(frame) = frame.filter(|_| n < self.last.applied || self.is_far(n)) {
            self.last = Rc::clone(frame);
        }
        let todo = self.events.get(place(self.last.applied)..place(n)).unwrap_or_default();
        if !todo.is_empty() {
            let state = Rc::make_mut(&mut self.last);
            for event in todo {
                let folded = state.apply(event);
                assert!(folded.is_ok(), "an event that was appended once fits again: {folded:?}");
            }
        }
        Rc::clone(&self.last)
    }

    /// How many events had happened by a time, those of that very moment included.
    pub fn at_time(&self, time: Time) -> u32 {
        number(self.events.partition_point(|event| event.at <= time))
    }

    /// An event by its place.
    pub fn event(&self, seq: Seq) -> Option<&Event> {
        self.events.get(place(seq.0))
    }

    /// All events so far, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How many events there are.
    pub fn len(&self) -> u32 {
        self.head.applied
    }

    /// Whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The time of the last event.
    pub fn end_time(&self) -> Time {
        self.head.at
    }

    fn push(&mut self, event: Event) -> Result<(), AppendError> {
        if let Err(misfit) = self.head.apply(&event) {
            return Err(AppendError { seq: event.seq, misfit });
        }
        self.events.push(event);
        if self.head.applied.is_multiple_of(self.stride) {
            self.frames.push(Rc::new(self.head.clone()));
            self.thin();
        }
        Ok(())
    }

    /// Whether a keyframe is nearer to the state after `n` events than the last one sought.
    fn is_far(&self, n: u32) -> bool {
        n - n % self.stride > self.last.applied
    }

    /// Keeps every other keyframe when there are too many.
    fn thin(&mut self) {
        while self.frames.len() > frames_most(&self.head) {
            let mut place = 0;
            self.frames.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.stride = self.stride.saturating_mul(2);
        }
    }
}

/// How many keyframes may be kept of states of this size.
fn frames_most(state: &Snapshot) -> usize {
    let cells: usize = state.shuffle.iter().map(|row| row.cells.len()).sum();
    let bytes = cells.saturating_mul(size_of::<Cell>());
    (CELLS_BYTES_MAX / bytes.max(1)).clamp(FRAMES_MIN, FRAMES_MAX)
}

fn place(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "small numbers of our own making")]
mod tests {
    use super::*;
    use crate::trace::synthetic::{self, Shape};

    /// Runs of several shapes: tiny, longer than a few strides, many tasks.
    fn runs() -> Vec<Vec<Event>> {
        let many = |maps, reduces, nodes, lines| Shape {
            nodes,
            racks: 2,
            maps,
            reduces,
            words_a_report: 3,
            text: synthetic::made_text(u64::from(maps), lines),
            ..synthetic::small()
        };
        let shapes = [synthetic::small(), many(1, 1, 2, 5), many(60, 9, 5, 600)];
        shapes.iter().map(synthetic::run).collect()
    }

    fn fed(events: &[Event], batch: usize) -> Timeline {
        let mut timeline = Timeline::new();
        for batch in events.chunks(batch) {
            timeline.append(batch.to_vec()).unwrap();
        }
        timeline
    }

    /// The state after each number of events, folded afresh.
    fn folds(events: &[Event]) -> Vec<Snapshot> {
        let mut state = Snapshot::default();
        let mut states = vec![state.clone()];
        for event in events {
            state.apply(event).unwrap();
            states.push(state.clone());
        }
        states
    }

    #[test]
    fn a_seek_to_any_place_from_any_place_equals_a_fresh_fold() {
        let runs = runs();
        assert!(runs[2].len() > 10 * FIRST_STRIDE as usize, "several keyframes are used");
        for events in runs {
            let states = folds(&events);
            let mut timeline = fed(&events, 97);
            let len = timeline.len();
            let all = 0..=len;
            // Forward by one, backward by one, and by far jumps.
            let jumps = all.clone().map(|n| n.wrapping_mul(7_919) % (len + 1));
            for n in all.clone().chain(all.clone().rev()).chain(jumps) {
                assert_eq!(*timeline.seek(n), states[n as usize], "after {n} events");
            }
        }
    }

    #[test]
    fn seeking_between_appends_sees_what_is_there() {
        let events = runs().remove(2);
        let states = folds(&events);
        let mut timeline = Timeline::new();
        for batch in events.chunks(61) {
            let behind = timeline.len() / 2;
            assert_eq!(*timeline.seek(behind), states[behind as usize]);
            timeline.append(batch.to_vec()).unwrap();
            assert_eq!(*timeline.seek(u32::MAX), states[timeline.len() as usize]);
        }
    }

    #[test]
    fn keyframes_stay_few_and_evenly_spaced() {
        let heartbeat = |seq: u32| Event {
            seq: Seq(seq),
            at: Time(u64::from(seq)),
            node: None,
            kind: crate::trace::EventKind::Batch(crate::trace::BatchEvent::HeartbeatReceived {
                node: crate::base::NodeId(1),
                free_map_slots: seq,
                free_reduce_slots: 0,
            }),
            cause: None,
        };
        let mut events = synthetic::run(&synthetic::small());
        events.truncate(20);
        let (from, at) = (events.len() as u32, events[19].at);
        events.extend(
            (from..300_000).map(|seq| Event { at: at.max(Time(seq.into())), ..heartbeat(seq) }),
        );
        let mut timeline = fed(&events, 1_000);
        assert!(timeline.frames.len() <= FRAMES_MAX && timeline.frames.len() > FRAMES_MAX / 4);
        for (frame, n) in timeline.frames.iter().zip((0..).step_by(timeline.stride as usize)) {
            assert_eq!(frame.applied, n);
        }
        let state = timeline.seek(123_456);
        assert_eq!((state.applied, state.nodes[0].belief.free_map_slots), (123_456, 123_455));
    }

    #[test]
    fn a_snapshot_that_someone_holds_never_changes() {
        let events = runs().remove(0);
        let mut timeline = fed(&events, 10);
        let held = timeline.seek(20);
        let before = Snapshot::clone(&held);
        timeline.seek(21);
        timeline.seek(5);
        assert_eq!(*held, before);
    }

    #[test]
    fn a_step_shares_what_it_does_not_touch() {
        let events = runs().remove(2);
        let mut timeline = fed(&events, 500);
        let middle = timeline.len() / 2;
        let (before, after) = (timeline.seek(middle), timeline.seek(middle + 1));
        let shared = before.maps.iter().zip(&after.maps).filter(|(a, b)| Rc::ptr_eq(a, b));
        assert!(shared.count() >= before.maps.len() - 1);
    }

    #[test]
    fn gaps_and_time_going_back_are_refused_and_what_came_before_stays() {
        let events = runs().remove(0);
        let mut gap = events.clone();
        gap.remove(30);
        let mut timeline = Timeline::new();
        let error = timeline.append(gap).unwrap_err();
        assert_eq!(error.misfit, Misfit::Gap { expected: 30, found: 31 });
        assert_eq!(timeline.len(), 30);
        timeline.append(events[30..].to_vec()).unwrap();
        assert_eq!(timeline.len() as usize, events.len());

        let mut back = events.clone();
        back[40].at = Time::ZERO;
        let error = Timeline::new().append(back).unwrap_err();
        let (before, found) = (events[39].at, Time::ZERO);
        assert_eq!((error.seq, error.misfit), (Seq(40), Misfit::TimeWentBack { before, found }));
    }

    #[test]
    fn a_time_means_all_that_happened_by_then() {
        let events = runs().remove(0);
        let timeline = fed(&events, 50);
        assert_eq!(timeline.at_time(timeline.end_time()), timeline.len());
        let at_start = events.iter().filter(|event| event.at == Time::ZERO).count();
        assert_eq!(timeline.at_time(Time::ZERO) as usize, at_start);
        for event in &events {
            let n = timeline.at_time(event.at) as usize;
            assert!(events[n - 1].at == event.at && events.get(n).is_none_or(|e| e.at > event.at));
        }
    }
}
