//! Stream jobs by hand, for tests: the nine scores of "Streaming Systems" under the heuristic
//! watermark (figure 2-10, right), and two sessions that a third record joins.

use crate::base::{Amount, Millis, Span, Time, Window};
use crate::trace::stream::{
    Accumulation, AggregateKind, Content, DropReason, EdgePlan, ElementId, FireReason, Input,
    JobPlan, LedgerCounts, OperatorId, OperatorKind, OperatorPlan, Partition, Profile, Retracted,
    Subtask, TimeDomain, Timing, WindowKind, WindowPlan,
};
use crate::trace::{Event, EventKind, Seq, StreamEvent as S};

/// The source.
pub(crate) const SOURCE: Subtask = Subtask { operator: OperatorId(0), index: 0 };
/// Where the windows are.
pub(crate) const SUMS: Subtask = Subtask { operator: OperatorId(1), index: 0 };
const SINK: Subtask = Subtask { operator: OperatorId(2), index: 0 };
const NOON: Millis = 12 * 3_600_000;

/// Minutes and seconds past twelve.
pub(crate) fn at(minutes: Millis, seconds: Millis) -> Millis {
    NOON + (minutes * 60 + seconds) * 1_000
}

/// A trace that grows.
struct Writer {
    events: Vec<Event>,
    now: Millis,
    start: Millis,
    results: u32,
}

impl Writer {
    fn new(start: Millis, kind: WindowKind, records: u32) -> Writer {
        let mut writer = Writer { events: Vec::new(), now: start, start, results: records };
        writer.add(S::JobStarted { plan: Box::new(plan(start, kind, records)) });
        writer
    }

    fn add(&mut self, kind: S) {
        let seq = Seq(u32::try_from(self.events.len()).unwrap());
        let at = Time(u64::try_from(self.now - self.start).unwrap() * 1_000);
        let cause = seq.0.checked_sub(1).map(Seq);
        self.events.push(Event { seq, at, node: None, kind: EventKind::Stream(kind), cause });
    }

    fn arrives(&mut self, number: u32, value: i64, event_time: Millis, clock: Millis) {
        self.now = clock;
        let (record, offset) = (ElementId(number), u64::from(number));
        let value = Amount::whole(value);
        let partition = Partition { source: OperatorId(0), index: 0 };
        let key = key();
        self.add(S::RecordAppended { record, partition, offset, key, value, event_time, clock });
        self.add(S::RecordRead { record, subtask: SOURCE, partition: 0, offset, event_time });
    }

    fn assigned(&mut self, number: u32, value: i64, event_time: Millis, window: Window) {
        let (element, value, windows) = (ElementId(number), Amount::whole(value), vec![window]);
        self.add(S::WindowsAssigned {
            subtask: SUMS,
            element,
            key: key(),
            value,
            event_time,
            windows,
        });
    }

    fn advance(&mut self, from: Millis, to: Millis) {
        let input = Input::Partition(0);
        self.add(S::InputAdvanced { subtask: SOURCE, input, from, to });
        self.add(S::WatermarkAdvanced { subtask: SOURCE, from, to, held_by: Some(input) });
        let held_by = Some(Input::Channel(SOURCE));
        self.add(S::WatermarkAdvanced { subtask: SUMS, from, to, held_by });
    }

    fn fires(&mut self, window: Window, watermark: Millis, value: i64, taken: Vec<Retracted>) {
        let result = ElementId(self.results);
        self.results += 1;
        let content = Content::Number(Amount::whole(value));
        let why = FireReason::EndReached { max_timestamp: window.max_timestamp(), watermark };
        self.add(S::PaneFired {
            subtask: SUMS,
            key: key(),
            window,
            index: 0,
            timing: Timing::OnTime,
            result,
            content: content.clone(),
            elements: 1,
            fresh: 1,
            retracts: taken,
            why,
            last: true,
        });
        self.add(S::SinkReceived {
            subtask: SINK,
            element: result,
            key: key(),
            content,
            event_time: window.max_timestamp(),
            window: Some(window),
            retraction: false,
        });
    }

    fn forgotten(&mut self, window: Window) {
        self.add(S::WindowForgotten { subtask: SUMS, key: key(), window, unseen: 0 });
    }
}

fn key() -> String {
    "TeamX".to_owned()
}

fn plan(clock_at_start: Millis, kind: WindowKind, records: u32) -> JobPlan {
    let window = WindowPlan {
        kind,
        aggregate: AggregateKind::Sum,
        trigger: "at the end of the window".to_owned(),
        accumulation: Accumulation::Accumulating,
        allowed_lateness: 0,
        time: TimeDomain::Event,
    };
    let operator = |id, name: &str, kind, partitions, window| OperatorPlan {
        id: OperatorId(id),
        name: name.to_owned(),
        kind,
        what: String::new(),
        parallelism: 1,
        partitions,
        window,
    };
    let edge = |from, to, keyed| EdgePlan {
        from: OperatorId(from),
        to: OperatorId(to),
        keyed,
        latency: Span::from_millis(100),
    };
    JobPlan {
        profile: Profile::BeamJava,
        operators: vec![
            operator(0, "scores", OperatorKind::Source, 1, None),
            operator(1, "sums", OperatorKind::WindowAggregate, 0, Some(window)),
            operator(2, "sink", OperatorKind::Sink, 0, None),
        ],
        edges: vec![edge(0, 1, true), edge(1, 2, false)],
        records,
        clock_at_start,
    }
}

/// Figure 2-10, right: the 9 comes after its window was said to be complete.
pub(crate) fn nine_scores() -> Vec<Event> {
    let mut writer = Writer::new(at(5, 0), WindowKind::Tumbling { size: 120_000, offset: 0 }, 9);
    let window = |minutes| Window { start: at(minutes, 0), end: at(minutes + 2, 0) };
    let score = |writer: &mut Writer, number, value, event_time: Millis, clock| {
        writer.arrives(number, value, event_time, clock);
        let start = event_time - event_time.rem_euclid(120_000);
        let own = Window { start, end: start + 120_000 };
        writer.assigned(number, value, event_time, own);
    };
    writer.advance(Millis::MIN, at(0, 0));
    score(&mut writer, 0, 5, at(0, 26), at(5, 19));
    let timer = (Some(window(0)), TimeDomain::Event, window(0).max_timestamp());
    writer.add(S::TimerSet {
        subtask: SUMS,
        key: key(),
        window: timer.0,
        domain: timer.1,
        time: timer.2,
    });
    score(&mut writer, 1, 7, at(2, 26), at(5, 39));
    writer.now = at(6, 0);
    writer.advance(at(0, 0), at(2, 0));
    writer.fires(window(0), at(2, 0), 5, Vec::new());
    writer.forgotten(window(0));
    score(&mut writer, 2, 3, at(3, 39), at(6, 13));
    score(&mut writer, 3, 4, at(4, 19), at(6, 39));
    score(&mut writer, 4, 8, at(3, 6), at(7, 6));
    score(&mut writer, 5, 3, at(6, 39), at(7, 19));
    writer.now = at(7, 30);
    writer.advance(at(2, 0), at(4, 0));
    writer.fires(window(2), at(4, 0), 18, Vec::new());
    writer.forgotten(window(2));
    writer.now = at(7, 40);
    writer.advance(at(4, 0), at(6, 0));
    writer.fires(window(4), at(6, 0), 4, Vec::new());
    writer.forgotten(window(4));
    score(&mut writer, 6, 9, at(1, 26), at(8, 19));
    let why = DropReason::Expired {
        max_timestamp: window(0).max_timestamp(),
        allowed_lateness_ms: 0,
        watermark: at(6, 0),
    };
    writer.add(S::RecordDropped {
        subtask: SUMS,
        element: ElementId(6),
        key: key(),
        event_time: at(1, 26),
        window: Some(window(0)),
        why,
    });
    score(&mut writer, 7, 8, at(7, 26), at(8, 39));
    score(&mut writer, 8, 1, at(7, 46), at(9, 0));
    writer.now = at(9, 22);
    writer.advance(at(6, 0), at(8, 0));
    writer.fires(window(6), at(8, 0), 12, Vec::new());
    writer.forgotten(window(6));
    writer.now = at(10, 0);
    let ledger = LedgerCounts { on_time: 8, dropped: 1, ..LedgerCounts::default() };
    writer.add(S::JobFinished { took: Span::from_secs(300), ledger, windows: 4, equal: 3 });
    writer.events
}

/// Two sessions of a second's gap fire, and a third record makes one of them, which takes both back.
pub(crate) fn bridged_sessions() -> Vec<Event> {
    let mut writer = Writer::new(0, WindowKind::Session { gap: 10_000 }, 3);
    let (one, other) = (Window::session(1_000, 10_000), Window::session(15_000, 10_000));
    writer.arrives(0, 3, 1_000, 2_000);
    writer.assigned(0, 3, 1_000, one);
    writer.arrives(1, 4, 15_000, 16_000);
    writer.assigned(1, 4, 15_000, other);
    writer.now = 18_000;
    writer.fires(one, 12_000, 3, Vec::new());
    writer.fires(other, 12_000, 4, Vec::new());
    let bridge = Window::session(8_000, 10_000);
    writer.arrives(2, 5, 8_000, 20_000);
    writer.assigned(2, 5, 8_000, bridge);
    let into = one.cover(other);
    let from = vec![one, other, bridge];
    writer.add(S::WindowsMerged { subtask: SUMS, key: key(), from, into });
    writer.now = 26_000;
    let taken = |window, value| Retracted {
        window,
        index: 0,
        content: Content::Number(Amount::whole(value)),
    };
    writer.fires(into, 25_000, 12, vec![taken(one, 3), taken(other, 4)]);
    writer.events
}
