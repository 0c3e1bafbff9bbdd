//! Events of a stream job, one of each kind and of each reason.

use crate::base::{Amount, Millis, Span, Window};
use crate::trace::stream::{
    Accumulation, AggregateKind, Content, DropReason, EdgePlan, ElementId, Fate, FireReason, Input,
    JobPlan, LedgerCounts, OperatorId, OperatorKind, OperatorPlan, Partition, Profile, Retracted,
    Sent, StreamEvent as S, Subtask, TimeDomain, Timing, Verdict, WindowKind, WindowPlan,
};

const AT: Millis = 1_795_275_552_123;
const WINDOW: Window = Window { start: AT - 120_123, end: AT - 123 };
const SUBTASK: Subtask = Subtask { operator: OperatorId(1), index: 7 };
const SOURCE: Subtask = Subtask { operator: OperatorId(0), index: 3 };
const ELEMENT: ElementId = ElementId(123_456);
const VALUE: Amount = Amount(-1_234_567_125);

pub(super) fn streams() -> Vec<S> {
    let mut kinds = inputs();
    kinds.extend(windows());
    kinds.extend(panes());
    kinds.extend(ends());
    kinds
}

/// A source and windows that it feeds.
pub(crate) fn plan() -> JobPlan {
    let operator = |(place, name, kind, partitions, window): (u16, &str, _, _, _)| OperatorPlan {
        id: OperatorId(place),
        name: name.to_owned(),
        kind,
        what: "as its name says".to_owned(),
        parallelism: 8,
        partitions,
        window,
    };
    let window = WindowPlan {
        kind: WindowKind::Tumbling { size: 120_000, offset: 0 },
        aggregate: AggregateKind::Sum,
        trigger: "at the end of the window".to_owned(),
        accumulation: Accumulation::Accumulating,
        allowed_lateness: 0,
        time: TimeDomain::Event,
    };
    let (from, to, keyed, latency) = (OperatorId(0), OperatorId(1), true, Span::from_millis(1));
    JobPlan {
        profile: Profile::Flink,
        operators: vec![
            operator((0, "scores", OperatorKind::Source, 4, None)),
            operator((1, "sums", OperatorKind::WindowAggregate, 0, Some(window))),
        ],
        edges: vec![EdgePlan { from, to, keyed, latency }],
        records: 4_000_000,
        clock_at_start: AT,
    }
}

fn key() -> String {
    "a rather long key with spaces in it".to_owned()
}

fn inputs() -> Vec<S> {
    let (record, offset, event_time, clock) = (ELEMENT, 99_999, AT, AT + 1);
    let (subtask, partition) = (SOURCE, 3);
    let input = Input::Partition(3);
    let channel = Input::Channel(SOURCE);
    let (watermark, slowest, drift) = (AT, AT - 60_000, 30_000);
    let place = Partition { source: OperatorId(0), index: 3 };
    let sent = |what| S::Sent { from: SOURCE, to: SUBTASK, what, latency: Span(1_000) };
    let advanced =
        |held_by, to| S::WatermarkAdvanced { subtask: SUBTASK, from: AT - 1, to, held_by };
    let mut kinds = vec![
        S::JobStarted { plan: Box::new(plan()) },
        S::RecordAppended {
            record,
            partition: place,
            offset,
            key: key(),
            value: VALUE,
            event_time,
            clock,
        },
        S::RecordRead { record, subtask, partition, offset, event_time },
        S::ElementMapped { element: ELEMENT, subtask, key: key(), value: VALUE, event_time },
        S::ElementFiltered { element: ELEMENT, subtask, key: key(), value: VALUE },
        advanced(None, AT),
        advanced(Some(input), AT),
        advanced(Some(channel), Millis::MAX),
        S::InputAdvanced { subtask, input, from: Millis::MIN, to: AT },
        S::InputAdvanced { subtask: SUBTASK, input: channel, from: Millis::MIN, to: AT },
        S::InputIdle { subtask, input, silent: Some(30_000) },
        S::InputIdle { subtask: SUBTASK, input: channel, silent: None },
        S::InputActive { subtask, input },
        S::PartitionPaused { subtask, partition, watermark, slowest, drift },
        S::PartitionResumed { subtask, partition, watermark, slowest, drift },
        S::NeverArrived { partition: place, records: 4_000 },
    ];
    kinds.extend(
        [
            Sent::Element(ELEMENT),
            Sent::Retraction(ELEMENT),
            Sent::Watermark(AT),
            Sent::Idle,
            Sent::Active,
            Sent::BatchEnd(AT),
        ]
        .map(sent),
    );
    kinds
}

fn windows() -> Vec<S> {
    let subtask = SUBTASK;
    let assigned = |windows| S::WindowsAssigned {
        subtask,
        element: ELEMENT,
        key: key(),
        value: VALUE,
        event_time: AT,
        windows,
    };
    let timer = |window, domain| S::TimerSet { subtask, key: key(), window, domain, time: AT };
    let dropped = |window, why| S::RecordDropped {
        subtask,
        element: ELEMENT,
        key: key(),
        event_time: AT,
        window,
        why,
    };
    let expired =
        DropReason::Expired { max_timestamp: AT, allowed_lateness_ms: 60_000, watermark: AT };
    vec![
        assigned(Vec::new()),
        assigned(vec![WINDOW]),
        assigned(vec![WINDOW; 12]),
        S::WindowsMerged { subtask, key: key(), from: vec![WINDOW; 3], into: WINDOW },
        timer(Some(WINDOW), TimeDomain::Event),
        timer(None, TimeDomain::Processing),
        S::TimerFired {
            subtask,
            key: key(),
            window: None,
            domain: TimeDomain::Processing,
            time: AT,
            clock: AT,
        },
        dropped(Some(WINDOW), expired),
        dropped(Some(Window::GLOBAL), DropReason::Closed),
        dropped(None, DropReason::InNoWindow),
        dropped(None, DropReason::Duplicate { remembered_until: AT }),
        dropped(None, DropReason::Behind { watermark: AT }),
        S::LateOutput {
            subtask,
            element: ELEMENT,
            key: key(),
            event_time: AT,
            allowed_lateness: 60_000,
            watermark: AT,
        },
        S::WindowForgotten { subtask, key: key(), window: WINDOW, unseen: 3 },
        S::StateChanged { subtask, keys: 10_000, windows: 1, timers: 20_000 },
    ]
}

fn panes() -> Vec<S> {
    let pane = |timing, why, content, retracts| S::PaneFired {
        subtask: SUBTASK,
        key: key(),
        window: WINDOW,
        index: 3,
        timing,
        result: ELEMENT,
        content,
        elements: 12_345,
        fresh: 1,
        retracts,
        why,
        last: false,
    };
    let number = || Content::Number(VALUE);
    let (max_timestamp, watermark, allowed_lateness_ms) = (AT, AT, 60_000);
    let (timer, clock) = (AT, AT);
    let reasons = [
        FireReason::EndReached { max_timestamp, watermark },
        FireReason::LateElement { max_timestamp, allowed_lateness_ms, watermark },
        FireReason::Count { elements: 3, needed: 3 },
        FireReason::Clock { timer, clock },
        FireReason::EventTimer { timer, watermark },
        FireReason::Closing { max_timestamp, allowed_lateness_ms, watermark },
        FireReason::Changed { watermark },
        FireReason::Final { end: AT, stream_time: AT, grace: 0 },
        FireReason::Merged,
    ];
    let mut kinds = reasons.map(|why| pane(Timing::OnTime, why, number(), Vec::new())).to_vec();
    let why = FireReason::Merged;
    let retracted = Retracted { window: WINDOW, index: 2, content: number() };
    kinds.extend([
        pane(Timing::Early, why, Content::Top(vec![(VALUE, ELEMENT); 3]), Vec::new()),
        pane(Timing::Late, why, Content::Pairs(vec![(VALUE, VALUE); 3]), vec![retracted]),
        pane(Timing::OnTime, why, Content::Nothing, Vec::new()),
    ]);
    kinds
}

fn ends() -> Vec<S> {
    let subtask = SUBTASK;
    let received = |retraction| S::SinkReceived {
        subtask,
        element: ELEMENT,
        key: key(),
        content: Content::Number(VALUE),
        event_time: AT,
        window: Some(WINDOW),
        retraction,
    };
    let (left, right, result) = (ELEMENT, ElementId(7), ElementId(200_000));
    let mut kinds = vec![
        S::Joined { subtask, key: key(), left, right, result, value: VALUE, event_time: AT },
        S::Emitted { subtask, key: key(), result, value: VALUE, event_time: AT },
        received(false),
        received(true),
        S::JobFinished {
            took: Span::from_secs(600),
            ledger: LedgerCounts { dropped: 3, ..LedgerCounts::default() },
            windows: 1_234,
            equal: 1_230,
        },
    ];
    kinds.extend([Verdict::Missing, Verdict::Different, Verdict::Extra, Verdict::Double].map(
        |verdict| S::OracleDiffers {
            operator: OperatorId(1),
            key: key(),
            window: WINDOW,
            verdict,
            batch: Content::Number(VALUE),
            stream: Content::Nothing,
            elements: vec![(ELEMENT, Fate::Dropped)],
        },
    ));
    kinds
}
