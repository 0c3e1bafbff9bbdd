//! Where a playhead can stand, and the steps that lead from place to place.

use crate::base::Time;
use crate::trace::{BatchEvent, EventKind, Seq};
use crate::ui::shared_timeline::SharedTimeline;

/// A place in a run: how many events have happened, and the time. Between two events the time
/// goes on while the number stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// How many events have happened.
    pub events: u32,
    /// The time.
    pub at: Time,
}

impl Place {
    /// Before anything happens.
    pub const START: Place = Place { events: 0, at: Time::ZERO };

    /// The place right after `events` events.
    pub fn after(timeline: &SharedTimeline, events: u32) -> Place {
        let events = events.min(timeline.len());
        Place { events, at: timeline.time_after(events) }
    }

    /// The place at a time, with all that happened by then.
    pub fn at_time(timeline: &SharedTimeline, at: Time) -> Place {
        Place { events: timeline.at_time(at), at }
    }
}

/// What a step is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepSize {
    /// To the next event, whatever it is.
    Event,
    /// To where a task goes on to another phase.
    Phase,
    /// To the next notable moment.
    #[default]
    Moment,
}

impl StepSize {
    /// All of them, as the page offers them.
    pub const ALL: [StepSize; 3] = [StepSize::Moment, StepSize::Phase, StepSize::Event];

    /// Its name on the page and in the page's store.
    pub fn name(self) -> &'static str {
        match self {
            StepSize::Event => "event",
            StepSize::Phase => "phase",
            StepSize::Moment => "notable moment",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<StepSize> {
        StepSize::ALL.into_iter().find(|step| step.name() == name)
    }

    /// The place right after the next such event; the end of what there is when none follows; and
    /// nothing at the end.
    pub fn next(self, timeline: &SharedTimeline, from: Place) -> Option<Place> {
        let target = match self {
            StepSize::Event => Some(Seq(from.events)),
            StepSize::Phase => timeline.read(timeline.len(), |events| {
                let rest = events.iter().skip(index(from.events));
                rest.clone().find(|event| is_phase(&event.kind)).map(|event| event.seq)
            }),
            StepSize::Moment => timeline.moment_from(from.events),
        };
        let events = target.map_or(timeline.len(), |seq| seq.0.saturating_add(1));
        (from.events < timeline.len()).then(|| Place::after(timeline, events))
    }

    /// The place right after the last such event before this place; the beginning when none
    /// comes before; and nothing at the beginning.
    pub fn previous(self, timeline: &SharedTimeline, from: Place) -> Option<Place> {
        // A playhead between two events goes back to the event that it has passed.
        let here = Place::after(timeline, from.events);
        let before = if from.at > here.at { from.events } else { from.events.saturating_sub(1) };
        let target = match self {
            StepSize::Event => before.checked_sub(1).map(Seq),
            StepSize::Phase => timeline.read(before, |events| {
                events.iter().rev().find(|event| is_phase(&event.kind)).map(|event| event.seq)
            }),
            StepSize::Moment => timeline.moment_before(before).map(|(seq, _)| seq),
        };
        let events = target.map_or(0, |seq| seq.0.saturating_add(1));
        (from != Place::START).then(|| Place::after(timeline, events))
    }
}

/// Whether a task goes on to another phase by this.
pub fn is_phase(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Batch(BatchEvent::PhaseStarted { .. }))
}

/// The name of a kind of event, as the trace writes it.
pub fn kind_name(kind: &EventKind) -> Option<String> {
    let written = serde_json::to_value(kind).ok()?;
    let (_, kind) = written.as_object()?.iter().next()?;
    match kind.as_str() {
        Some(name) => Some(name.to_owned()),
        None => kind.as_object()?.keys().next().cloned(),
    }
}

fn index(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
