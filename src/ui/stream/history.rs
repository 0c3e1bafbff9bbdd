//! What the state at the playhead does not tell: how watermarks came to where they stand, which
//! elements a window had before they were dropped, and which bounds a session had before it merged.
//! Made once of all events that are known; what it says is cut at the playhead.

use crate::base::{Amount, Millis, Time, Window};
use crate::trace::stream::{ElementId, Fate, Input, StreamEvent, Subtask, Timing};
use crate::trace::{Event, EventKind, Seq};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The history of a stream job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Elements that came to windows, in order.
    pub assigned: Vec<Assigned>,
    /// How the watermark of each subtask moved.
    pub watermarks: BTreeMap<Subtask, Vec<Moved>>,
    /// How the watermark of each of its inputs moved.
    pub inputs: BTreeMap<(Subtask, Input), Vec<Moved>>,
    /// Windows, each for as long as it had its bounds.
    pub lives: Vec<Life>,
    /// When records arrived, and their event times.
    pub arrivals: Vec<(Time, Seq, Millis)>,
}

/// A watermark moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// When, and by which event.
    pub stamp: (Time, Seq),
    /// Where to.
    pub to: Millis,
    /// The input that kept it from going further.
    pub held_by: Option<Input>,
}

/// An element came to its windows.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub struct Assigned {
    pub stamp: (Time, Seq),
    pub subtask: Subtask,
    pub element: ElementId,
    pub key: Rc<str>,
    pub value: Amount,
    pub event_time: Millis,
    /// Each of its windows before any merging, and what became of it there, by which event.
    pub shares: Vec<(Window, Option<(Seq, Fate)>)>,
}

/// A window for as long as it had its bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// Where.
    pub subtask: Subtask,
    /// Whose.
    pub key: Rc<str>,
    /// Its bounds.
    pub window: Window,
    /// When it got them.
    pub born: (Time, Seq),
    /// When it had them no more, and how.
    pub ended: Option<((Time, Seq), End)>,
}

/// How a window lost its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It has become a part of another.
    Merged,
    /// Its state is freed.
    Forgotten,
    /// Its only element was not taken.
    Void,
}

/// A window with state while the history is made: its life, and its elements that no pane had.
struct Open {
    life: usize,
    pending: Vec<(usize, usize)>,
}

/// What a window is found by.
type Name = (Subtask, Rc<str>, Window);

/// Makes the history.
#[derive(Default)]
struct Maker {
    history: History,
    open: BTreeMap<Name, Open>,
}

impl History {
    /// Of these events.
    pub fn of(events: &[Event]) -> History {
        let mut maker = Maker::default();
        for event in events {
            if let EventKind::Stream(kind) = &event.kind {
                maker.take(event, kind);
            }
        }
        maker.history
    }
}

impl Assigned {
    /// What has become of it in the window at this place, after so many events.
    pub fn fate(&self, place: usize, applied: u32) -> Fate {
        let judged = self.shares.get(place).and_then(|(_, judged)| *judged);
        judged.filter(|(seq, _)| seq.0 < applied).map_or(Fate::Pending, |(_, fate)| fate)
    }
}

/// What a pane makes of the records that it has first.
fn fate_of(timing: Timing) -> Fate {
    match timing {
        Timing::Early => Fate::Early,
        Timing::OnTime => Fate::OnTime,
        Timing::Late => Fate::Late,
    }
}

/// An input or a watermark that moves.
fn moved(event: &Event, to: Millis, held_by: Option<Input>) -> Moved {
    Moved { stamp: event.stamp(), to, held_by }
}

impl Maker {
    fn take(&mut self, event: &Event, kind: &StreamEvent) {
        use StreamEvent as S;
        match kind {
            S::RecordAppended { event_time, .. } => {
                self.history.arrivals.push((event.at, event.seq, *event_time));
            }
            S::WatermarkAdvanced { subtask, to, held_by, .. } => {
                let its = self.history.watermarks.entry(*subtask).or_default();
                its.push(moved(event, *to, *held_by));
            }
            S::InputAdvanced { subtask, input, to, .. } => {
                let its = self.history.inputs.entry((*subtask, *input)).or_default();
                its.push(moved(event, *to, None));
            }
            S::WindowsAssigned { subtask, element, key, value, event_time, windows } => {
                self.assign(Assigned {
                    stamp: event.stamp(),
                    subtask: *subtask,
                    element: *element,
                    key: Rc::from(key.as_str()),
                    value: *value,
                    event_time: *event_time,
                    shares: windows.iter().map(|window| (*window, None)).collect(),
                });
            }
            S::WindowsMerged { subtask, key, from, into } => {
                self.merge(event, (*subtask, Rc::from(key.as_str()), *into), from);
            }
            S::PaneFired { subtask, key, window, timing, .. } => {
                let name = (*subtask, Rc::from(key.as_str()), *window);
                self.judge(event, &name, fate_of(*timing));
            }
            S::RecordDropped { subtask, element, key, window: Some(own), .. } => {
                self.leave_out(event, (*subtask, Rc::from(key.as_str())), (*element, *own));
            }
            S::WindowForgotten { subtask, key, window, .. } => {
                let name = (*subtask, Rc::from(key.as_str()), *window);
                self.judge(event, &name, Fate::Unseen);
                self.close(event, &name, End::Forgotten);
            }
            S::JobStarted { .. }
            | S::RecordRead { .. }
            | S::ElementMapped { .. }
            | S::ElementFiltered { .. }
            | S::InputIdle { .. }
            | S::InputActive { .. }
            | S::PartitionPaused { .. }
            | S::PartitionResumed { .. }
            | S::NeverArrived { .. }
            | S::Sent { .. }
            | S::TimerSet { .. }
            | S::TimerFired { .. }
            | S::RecordDropped { window: None, .. }
            | S::LateOutput { .. }
            | S::Joined { .. }
            | S::Emitted { .. }
            | S::StateChanged { .. }
            | S::SinkReceived { .. }
            | S::JobFinished { .. }
            | S::OracleDiffers { .. } => {}
        }
    }

    fn assign(&mut self, assigned: Assigned) {
        let place = self.history.assigned.len();
        for (share, (window, _)) in assigned.shares.iter().enumerate() {
            let name = (assigned.subtask, Rc::clone(&assigned.key), *window);
            self.opened(name, assigned.stamp).pending.push((place, share));
        }
        self.history.assigned.push(assigned);
    }

    /// A window with state, which it has from now on if it had none.
    fn opened(&mut self, name: Name, born: (Time, Seq)) -> &mut Open {
        let lives = &mut self.history.lives;
        self.open.entry(name).or_insert_with_key(|(subtask, key, window)| {
            let (subtask, key, window) = (*subtask, Rc::clone(key), *window);
            lives.push(Life { subtask, key, window, born, ended: None });
            Open { life: lives.len() - 1, pending: Vec::new() }
        })
    }

    fn merge(&mut self, event: &Event, into: Name, from: &[Window]) {
        let mut pending = Vec::new();
        for window in from {
            let name = (into.0, Rc::clone(&into.1), *window);
            if let Some(open) = self.open.get_mut(&name) {
                pending.append(&mut open.pending);
            }
            if *window != into.2 {
                self.close(event, &name, End::Merged);
            }
        }
        self.opened(into, event.stamp()).pending.extend(pending);
    }

    fn judge(&mut self, event: &Event, name: &Name, fate: Fate) {
        let Some(open) = self.open.get_mut(name) else { return };
        for (place, share) in open.pending.drain(..) {
            if let Some((_, judged)) = self.history.assigned[place].shares.get_mut(share) {
                *judged = Some((event.seq, fate));
            }
        }
    }

    /// An element is not taken into the window that its time assigned it to.
    fn leave_out(
        &mut self,
        event: &Event,
        (subtask, key): (Subtask, Rc<str>),
        (element, own): (ElementId, Window),
    ) {
        let assigned = &mut self.history.assigned;
        let of_key = self.open.iter_mut().filter(|(name, _)| name.0 == subtask && name.1 == key);
        let mut void = None;
        for (name, open) in of_key {
            let is_it = |(place, share): &(usize, usize)| {
                assigned[*place].element == element && assigned[*place].shares[*share].0 == own
            };
            let Some(found) = open.pending.iter().position(is_it) else { continue };
            let (place, share) = open.pending.remove(found);
            assigned[place].shares[share].1 = Some((event.seq, Fate::Dropped));
            let is_young = self.history.lives[open.life].born == assigned[place].stamp;
            void = (is_young && open.pending.is_empty()).then(|| name.clone());
            break;
        }
        if let Some(name) = void {
            self.close(event, &name, End::Void);
        }
    }

    fn close(&mut self, event: &Event, name: &Name, end: End) {
        if let Some(open) = self.open.remove(name) {
            self.history.lives[open.life].ended = Some((event.stamp(), end));
        }
    }
}
