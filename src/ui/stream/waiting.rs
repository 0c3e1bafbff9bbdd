//! Why a window has not fired yet, and what would make it fire; what holds a watermark back, and
//! since when. All from the state at the playhead.

use super::facts::holder;
use super::thing::{Thing, WindowName};
use super::wording;
use crate::base::Millis;
use crate::base::format::{Clock, Exactly, Mark};
use crate::trace::snapshot::stream::{OpenWindow, StreamState};
use crate::trace::stream::{Profile, Subtask, TimeDomain, WindowKind, WindowPlan};
use crate::trace::{Event, EventKind, Seq, Snapshot, StreamEvent};

/// What is said of a thing that waits, in sentences; nothing where it does not.
pub fn waiting(snapshot: &Snapshot, events: &[Event], thing: Thing) -> Vec<String> {
    let Some(state) = snapshot.stream.as_deref() else { return Vec::new() };
    match thing {
        Thing::Window(name) => match name.find(state) {
            Some(open) => of_window(state, events, name, open),
            None => Vec::new(),
        },
        Thing::Subtask(id) => held_back(state, events, id).into_iter().collect(),
        Thing::Record(_) | Thing::Partition(_) | Thing::Pane(_) => Vec::new(),
    }
}

fn of_window(
    state: &StreamState,
    events: &[Event],
    name: WindowName,
    open: &OpenWindow,
) -> Vec<String> {
    let Some(subtask) = state.subtask(name.subtask) else { return Vec::new() };
    let plan = state.operator(name.subtask.operator).and_then(|plan| plan.window.as_ref());
    if plan.is_some_and(|plan| plan.time == TimeDomain::Processing) {
        return vec![by_clock(open.window.end)];
    }
    let timers = subtask.timers.iter();
    let timers = timers.filter(|of| of.key == open.key && of.window == Some(open.window));
    let clock = timers.clone().filter(|timer| timer.domain == TimeDomain::Processing);
    if state.plan.profile == Profile::KafkaStreams {
        return plan
            .map(|plan| by_stream_time(state, plan, open, subtask.watermark))
            .into_iter()
            .flatten()
            .collect();
    }
    let needed = fires_at(state.plan.profile, open.window.end);
    let mut said = Vec::new();
    if let Some(timer) = clock.min_by_key(|timer| timer.time) {
        said.push(format!(
            "A timer of the clock is set for {}: when it is reached the window fires with what it has by then.",
            Clock(timer.time)
        ));
    }
    match subtask.watermark.unwrap_or(Millis::MIN) {
        mark if open.window.end == Millis::MAX || mark >= needed => {}
        Millis::MIN => said.push(format!(
            "At its end it fires when the watermark reaches {}, and there is no watermark yet.",
            Clock(needed)
        )),
        mark => said.push(format!(
            "At its end it fires when {}: watermark {} is {} short.",
            rule(state.plan.profile, open.window.end),
            Mark(mark),
            Exactly(needed.saturating_sub(mark))
        )),
    }
    if subtask.watermark.is_none_or(|mark| mark < needed) {
        said.extend(held_back(state, events, name.subtask));
    }
    said
}

/// What a window of the clock waits for.
fn by_clock(end: Millis) -> String {
    match end {
        Millis::MAX => "It has no end, and no watermark makes it fire.".to_owned(),
        end => format!(
            "It fires when the machine's clock reaches {}, whatever the events' own times: no watermark holds it.",
            Clock(end)
        ),
    }
}

/// What a window of Kafka Streams waits for: stream time moves by records alone, and by no end of the input.
fn by_stream_time(
    state: &StreamState,
    plan: &WindowPlan,
    open: &OpenWindow,
    stream_time: Option<Millis>,
) -> Vec<String> {
    let (end, grace) = match plan.kind {
        WindowKind::Session { gap } => {
            (open.window.max_timestamp(), plan.allowed_lateness.saturating_add(gap))
        }
        WindowKind::Around { .. } => (open.window.max_timestamp(), plan.allowed_lateness),
        WindowKind::Tumbling { .. }
        | WindowKind::Sliding { .. }
        | WindowKind::Global
        | WindowKind::Count { .. } => (open.window.end, plan.allowed_lateness),
    };
    let needed = end.saturating_add(grace);
    let Some(stands) = stream_time.filter(|stands| *stands < needed) else { return Vec::new() };
    let mut said = vec![format!(
        "It closes when end {} ≤ stream time − grace {}: stream time {} is {} short.",
        Clock(end),
        Exactly(grace),
        Clock(stands),
        Exactly(needed.saturating_sub(stands))
    )];
    said.push(match state.finished.is_some() || has_ended(state) {
        true => format!(
            "All records have come, and only a record of {} or later would move stream time so far: what is in it stays pending.",
            Clock(needed)
        ),
        false => format!(
            "Only a record moves stream time, of whatever key that comes to this subtask: one of {} or later closes it.",
            Clock(needed)
        ),
    });
    said
}

/// Whether all records of the plan have come.
fn has_ended(state: &StreamState) -> bool {
    let planned = usize::try_from(state.plan.records).unwrap_or(usize::MAX);
    !state.is_disturbed && state.records.len() >= planned
}

/// The watermark at which a window that ends here fires.
fn fires_at(profile: Profile, end: Millis) -> Millis {
    match profile {
        Profile::Flink => end.saturating_sub(1),
        Profile::BeamJava | Profile::BeamPython | Profile::KafkaStreams | Profile::Spark => end,
    }
}

fn rule(profile: Profile, end: Millis) -> String {
    match profile {
        Profile::Flink => format!("last millisecond {} ≤ watermark", Clock(end.saturating_sub(1))),
        Profile::BeamJava => {
            format!("last millisecond {} < watermark", Clock(end.saturating_sub(1)))
        }
        Profile::BeamPython | Profile::Spark => format!("end {} ≤ watermark", Clock(end)),
        Profile::KafkaStreams => format!("end {} ≤ stream time − grace", Clock(end)),
    }
}

/// Which partition keeps a watermark from going further, since when, and what would move it.
fn held_back(state: &StreamState, events: &[Event], id: Subtask) -> Option<String> {
    let Some(held) = holder(state, id) else { return all_idle(state, id) };
    let found = state.partition(held)?;
    let name = wording::partition(state, held);
    let since = stands_since(events, held.source, held.index)
        .map(|(seq, at)| format!(" since {} (event {})", Clock(state.clock(at)), seq.0))
        .unwrap_or_default();
    let left = (found.log.len() as u64).saturating_sub(found.read);
    let moves = match left {
        0 => "A later record in it would move it on, or its falling idle",
        _ => "It has records that are not read yet: reading them moves it on",
    };
    Some(format!(
        "{name} holds it: it stands at {}{since}. {moves}.",
        wording::mark(found.watermark)
    ))
}

/// A subtask whose inputs are all idle goes no further, and keeps nobody waiting.
fn all_idle(state: &StreamState, id: Subtask) -> Option<String> {
    let subtask = state.subtask(id)?;
    let is_idle = !subtask.inputs.is_empty() && subtask.inputs.iter().all(|of| of.idle.is_some());
    let mark = wording::mark(subtask.watermark);
    (is_idle && subtask.watermark != Some(Millis::MAX)).then(|| {
        format!(
            "All that it reads is idle: its watermark stays at {mark}, and what comes after it does not wait for it."
        )
    })
}

/// Since when the watermark of a partition stands where it does.
fn stands_since(
    events: &[Event],
    source: crate::trace::stream::OperatorId,
    index: u16,
) -> Option<(Seq, crate::base::Time)> {
    let is_its = |event: &&Event| match &event.kind {
        EventKind::Stream(StreamEvent::InputAdvanced { subtask, input, .. }) => {
            subtask.operator == source && *input == crate::trace::stream::Input::Partition(index)
        }
        EventKind::Stream(_)
        | EventKind::World(_)
        | EventKind::Batch(_)
        | EventKind::Failure(_) => false,
    };
    events.iter().rev().find(is_its).map(|event| (event.seq, event.at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Timeline;
    use crate::ui::stream::sample::{SUMS, at, nine_scores};

    fn said(applied: u32, start: Millis) -> Vec<String> {
        let mut timeline = Timeline::new();
        timeline.append(nine_scores()).unwrap();
        let snapshot = timeline.seek(applied);
        let window = crate::base::Window { start, end: start + 120_000 };
        let thing = Thing::Window(WindowName::new(SUMS, "TeamX", window));
        let events = timeline.events();
        waiting(&snapshot, &events[..applied as usize], thing)
    }

    #[test]
    fn a_window_says_what_it_waits_for_and_which_partition_holds_it() {
        // After the first score is in its window.
        let told = said(7, at(0, 0));
        assert_eq!(
            told[0],
            "At its end it fires when last millisecond 12:01:59.999 < watermark: watermark 12:00 \
             is 2 min short."
        );
        assert!(
            told[1].starts_with("partition 0 holds it: it stands at 12:00 since 12:05"),
            "{told:?}"
        );
        assert!(told[1].ends_with("its falling idle."), "{told:?}");
    }

    #[test]
    fn a_window_that_is_gone_waits_for_nothing() {
        let mut timeline = Timeline::new();
        timeline.append(nine_scores()).unwrap();
        assert_eq!(said(timeline.len(), at(0, 0)), Vec::<String>::new());
    }
}
