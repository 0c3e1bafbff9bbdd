//! Every preset of both labs, played on the page's model as a learner does: it stops right before its key moment,
//! exactly once, however the trace arrives and however long the frames are; and Go on goes on to the end.

#![expect(clippy::unwrap_used, reason = "a test that can't go on ends there")]

use bytes::Bytes;
use millrace::base::{Files, Span};
use millrace::lab::messages::{CommandBody, Reply, Update};
use millrace::lab::{FinishedRun, run_to_end};
use millrace::lessons::presets::{self as lessons, Stop};
use millrace::scenario::{Key, Named, PRESETS, STREAM_PRESETS, Scenario, texts};
use millrace::trace::Event;
use millrace::ui::model::action::{Change, Hear, Play};
use millrace::ui::model::pace::Speed;
use millrace::ui::model::place::{Place, kind_name};
use millrace::ui::model::run::Run;
use millrace::ui::model::{Action, LabState, reduce};
use millrace::ui::same::Same;

/// How a trace comes to the page, and how the page plays it.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Events that come at once.
    batch: usize,
    /// Batches that are there before play begins; of the others one comes with each frame.
    before: usize,
    /// Milliseconds of a frame.
    frame_ms: u64,
    /// The place of the speed's slider.
    speed: i8,
}

const WAYS: [Way; 4] = [
    Way { batch: usize::MAX, before: 1, frame_ms: 16, speed: 8 },
    Way { batch: usize::MAX, before: 1, frame_ms: 100, speed: 0 },
    Way { batch: 7, before: 0, frame_ms: 50, speed: 0 },
    Way { batch: 100, before: 1, frame_ms: 33, speed: 12 },
];

fn update(state: LabState, update: Update) -> LabState {
    reduce(state, Action::Hear(Hear::Update(Box::new(update))))
}

fn run(state: &LabState) -> &Run {
    state.run.as_ref().unwrap()
}

/// What a preset reads.
fn input_of(scenario: &Scenario) -> Files {
    let read = |named: Named<'_>| match named {
        Named::Builtin(name) => {
            texts::content(name).map(Bytes::from_static).ok_or_else(|| name.to_owned())
        }
        Named::File { name, .. } => Err(name.to_owned()),
    };
    scenario.input.files(scenario.parameters.get(Key::Seed), read).unwrap()
}

/// The preset on the page, its run begun and nothing of its trace there.
fn begun(name: &'static str) -> LabState {
    let mut state = reduce(LabState::default(), Action::Change(Change::Preset(name)));
    while let Some(wanted) = state.pending.as_ref().and_then(|pending| {
        pending.needs.as_ref().and_then(|needs| needs.to_fetch()).map(str::to_owned)
    }) {
        let result = Ok(Same::new(Bytes::from_static(texts::content(&wanted).unwrap())));
        state = reduce(state, Action::Hear(Hear::Text { name: wanted, result }));
    }
    let sent = state.worker.unanswered.last().unwrap();
    assert!(matches!(sent.command.body, CommandBody::Start { .. }), "{name}");
    let id = sent.command.id;
    let reply = Reply::Started { input_bytes: 1, lines: 1, splits: 1, notes: Vec::new() };
    update(state, Update::Reply { id, result: Ok(reply) })
}

/// Plays until the player stops; gives it batches meanwhile.
fn play(mut state: LabState, way: Way, batches: &mut Batches) -> LabState {
    state = reduce(state, Action::Play(Play::Start));
    for _ in 0..2_000_000 {
        if !state.player.playing {
            return state;
        }
        state = batches.give(state);
        state = reduce(state, Action::Play(Play::Tick(Span::from_millis(way.frame_ms))));
    }
    panic!("it plays for ever");
}

/// What has not come yet of a run's trace.
struct Batches {
    left: Vec<Vec<Event>>,
    finished: FinishedRun,
    is_told: bool,
}

impl Batches {
    fn new(finished: &FinishedRun, size: usize) -> Batches {
        let size = size.min(finished.events.len());
        let left = finished.events.chunks(size).rev().map(<[Event]>::to_vec).collect();
        Batches { left, finished: finished.clone(), is_told: false }
    }

    fn give(&mut self, state: LabState) -> LabState {
        let id = run(&state).id;
        let Some(events) = self.left.pop() else {
            if std::mem::replace(&mut self.is_told, true) {
                return state;
            }
            let summary = Box::new(self.finished.summary.clone());
            return update(state, Update::Finished { run: id, summary });
        };
        update(state, Update::Trace { run: id, events })
    }
}

/// The key moment of a preset's trace: its place right before.
fn key_moment(name: &str, events: &[Event]) -> Option<Place> {
    let Stop::Before(kind) = lessons::named(name).unwrap().stops else { return None };
    let key = events.iter().find(|event| kind_name(&event.kind).as_deref() == Some(kind));
    let key = key.unwrap_or_else(|| panic!("#{name} has no {kind}"));
    Some(Place { events: key.seq.0, at: key.at })
}

fn check(name: &'static str, finished: &FinishedRun, way: Way) {
    let mut batches = Batches::new(finished, way.batch);
    let mut state = begun(name);
    for _ in 0..way.before {
        state = batches.give(state);
    }
    state = reduce(state, Action::Play(Play::Speed(Speed::at(way.speed))));
    if let Some(key) = key_moment(name, &finished.events) {
        state = play(state, way, &mut batches);
        assert_eq!(run(&state).place, key, "#{name} stops before its key moment; {way:?}");
        assert!(run(&state).is_at_stop(), "#{name} asks there; {way:?}");
    }
    state = reduce(state, Action::Play(Play::Speed(Speed::at(Speed::MAX))));
    state = play(state, Way { frame_ms: 100, ..way }, &mut batches);
    assert!(
        run(&state).is_at_end(),
        "#{name} goes on to its end; {way:?}: {:?}",
        run(&state).place
    );
}

#[test]
fn every_preset_stops_once_before_its_key_moment_and_goes_on_to_its_end() {
    for preset in PRESETS.iter().chain(&STREAM_PRESETS) {
        let scenario = preset.scenario();
        let finished = run_to_end(&scenario, input_of(&scenario)).unwrap();
        for way in WAYS {
            check(preset.name, &finished, way);
        }
    }
}
