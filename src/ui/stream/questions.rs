//! Which events answer "why?" of what is selected in the stream lab.

use super::thing::{Thing, pane};
use crate::trace::stream::Fate;
use crate::trace::{Seq, Snapshot};
use crate::ui::inspector::questions::Question;

/// The questions that a thing raises at this moment, the most telling first.
pub fn questions(snapshot: &Snapshot, thing: Thing) -> Vec<Question> {
    let Some(state) = snapshot.stream.as_deref() else { return Vec::new() };
    let asks = |asks, seq: Option<Seq>| seq.map(|seq| Question { asks, seq });
    let found: Vec<Option<Question>> = match thing {
        Thing::Record(id) => {
            let Some(record) = state.record(id) else { return Vec::new() };
            let mut found: Vec<Option<Question>> =
                record.fates.iter().map(|of| asks(of_fate(of.fate), Some(of.seq))).collect();
            found.push(asks("Why was it left out?", record.filtered));
            found.push(asks("Why was it read then?", record.read.map(|(_, seq)| seq)));
            found.push(asks("Why there?", Some(record.appended.1)));
            found
        }
        Thing::Partition(id) => {
            let Some(found) = state.partition(id) else { return Vec::new() };
            vec![
                asks("Why did records never arrive?", found.missing.map(|(_, seq)| seq)),
                asks("Why is it idle?", found.idle),
                asks("Why is it paused?", found.paused),
                asks("What happened to it last?", Some(found.seq)),
            ]
        }
        Thing::Subtask(id) => {
            let found = state.subtask(id);
            vec![asks("What did it do last?", found.map(|found| found.seq))]
        }
        Thing::Window(name) => {
            let open = name.find(state);
            let fired = name.panes(state).last().map(|(_, pane)| pane.fired.1);
            vec![
                asks("Why did it fire?", fired),
                asks("What happened to it last?", open.map(|open| open.seq)),
                asks("Why is there such a window?", open.map(|open| open.opened.1)),
            ]
        }
        Thing::Pane(place) => {
            vec![asks("Why did it fire?", pane(state, place).map(|pane| pane.fired.1))]
        }
    };
    let mut questions: Vec<Question> = Vec::new();
    for question in found.into_iter().flatten() {
        // One event answers but one question.
        if questions.iter().all(|known| known.seq != question.seq) {
            questions.push(question);
        }
    }
    questions
}

fn of_fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Pending => "Why this window?",
        Fate::Early => "Why was it counted early?",
        Fate::OnTime => "Why was it counted?",
        Fate::Late => "Why was it counted late?",
        Fate::Dropped => "Why was it dropped?",
        Fate::Unseen => "Why was it never in a pane?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Timeline;
    use crate::trace::snapshot::StreamState;
    use crate::trace::stream::{ElementId, OperatorId, Partition};
    use crate::trace::why::why;
    use crate::ui::stream::WindowName;
    use crate::ui::stream::sample::{SUMS, bridged_sessions, nine_scores};

    fn things(state: &StreamState) -> Vec<Thing> {
        let source = OperatorId(0);
        let open = state.subtask(SUMS).into_iter().flat_map(|subtask| subtask.windows.values());
        let mut things: Vec<Thing> =
            open.map(|open| Thing::Window(WindowName::new(SUMS, &open.key, open.window))).collect();
        things.extend((0..10).map(|id| Thing::Record(ElementId(id))));
        things.extend((0..5).map(Thing::Pane));
        things.push(Thing::Partition(Partition { source, index: 0 }));
        things.extend([Thing::Subtask(SUMS), Thing::Partition(Partition { source, index: 9 })]);
        things
    }

    #[test]
    fn every_question_is_answered_by_an_event_that_has_happened() {
        let mut asked = 0;
        for events in [nine_scores(), bridged_sessions()] {
            let mut timeline = Timeline::new();
            timeline.append(events).unwrap();
            for n in 0..=timeline.len() {
                let snapshot = timeline.seek(n);
                let Some(state) = snapshot.stream.as_deref() else { continue };
                for question in things(state).into_iter().flat_map(|of| questions(&snapshot, of)) {
                    assert!(question.seq.0 < n, "after {n}: {question:?}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 500, "{asked}");
    }

    #[test]
    fn the_lost_nine_says_why_in_numbers() {
        let mut timeline = Timeline::new();
        timeline.append(nine_scores()).unwrap();
        let end = timeline.seek(u32::MAX);
        let first = questions(&end, Thing::Record(ElementId(6)))[0];
        assert_eq!(first.asks, "Why was it dropped?");
        let event = timeline.event(first.seq).unwrap().clone();
        let said = why(&event, &timeline.seek(first.seq.0));
        assert!(said.contains("end 12:01:59.999 + lateness 0 s < watermark 12:06"), "{said}");
    }
}
