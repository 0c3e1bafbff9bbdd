//! The windows of one key, by the rules of one system: the very operators that are checked against the
//! recorded results of the real ones.

use super::spec::{JobError, Part, SparkOutput, TriggerSpec, WindowSpec};
use crate::base::{Amount, Millis, Window};
use crate::streaming::aggregate::Bag;
use crate::streaming::assigner::Assigner;
use crate::streaming::beam::{self, Emptiness, TimestampCombiner};
use crate::streaming::flink::{self, CountWindows};
use crate::streaming::kafka;
use crate::streaming::output::{Output, Pane, PaneInfo, Timing};
use crate::streaming::spark;
use crate::streaming::timers::{TimeDomain, TimerChange, Timers};
use crate::trace::stream::{Accumulation, Profile, WindowKind};

/// An element, as windows keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Its number.
    pub(super) id: u32,
    /// Its event time.
    pub(super) at: Millis,
    /// Its value.
    pub(super) value: Amount,
    /// Whether it came by the right input of a join.
    pub(super) right: bool,
}

/// What windows say.
pub(super) type Out = Vec<Output<Bag<Item>, Item>>;

/// The windows of one key.
#[derive(Clone, Debug)]
pub(super) enum Machine {
    Flink(Box<flink::Windows<Bag<Item>>>),
    Count(Box<Counting>),
    BeamJava(Box<beam::Runner<Bag<Item>>>),
    BeamPython(Box<beam::python::Driver<Bag<Item>>>),
    Kafka(kafka::Windows<Bag<Item>>),
    KafkaSliding(kafka::Sliding<Bag<Item>>),
    KafkaSessions(kafka::Sessions<Bag<Item>>),
    Spark(spark::Windows<Bag<Item>>),
    SparkSessions(spark::Sessions<Bag<Item>>),
}

/// Flink's count windows, with what their panes are told by.
#[derive(Clone, Debug)]
pub(super) struct Counting {
    windows: CountWindows<Item>,
    /// Whether a pane empties the window.
    empties: bool,
    panes: u64,
}

impl Machine {
    /// The windows of a key, empty.
    pub(super) fn new(
        profile: Profile,
        spec: &WindowSpec,
        domain: TimeDomain,
    ) -> Result<Machine, JobError> {
        match profile {
            Profile::Flink => flink_machine(spec, domain),
            Profile::BeamJava => {
                Ok(Machine::BeamJava(Box::new(beam::Runner::new(beam_config(spec)?))))
            }
            Profile::BeamPython => {
                let driver = beam::python::Driver::new(beam_config(spec)?);
                Ok(Machine::BeamPython(Box::new(driver)))
            }
            Profile::KafkaStreams => kafka_machine(spec),
            Profile::Spark => spark_machine(spec),
        }
    }

    /// The windows that an element's time assigns it to, before merging.
    pub(super) fn assign(profile: Profile, spec: &WindowSpec, at: Millis) -> Vec<Window> {
        match (profile, spec.kind) {
            (_, WindowKind::Count { .. } | WindowKind::Global) => vec![Window::GLOBAL],
            (Profile::KafkaStreams, WindowKind::Session { .. }) => {
                vec![kafka::Sessions::<Bag<Item>>::own(at)]
            }
            (Profile::KafkaStreams, WindowKind::Tumbling { .. } | WindowKind::Sliding { .. }) => {
                kafka_config(spec).map(|config| config.windows_for(at)).unwrap_or_default()
            }
            (_, WindowKind::Around { .. }) => {
                let config = kafka_sliding_config(spec).ok();
                let left = |config| kafka::Sliding::<Bag<Item>>::left_of(config, at);
                config.and_then(left).into_iter().collect()
            }
            (Profile::BeamJava, _) => {
                assigner(spec.kind).map_or(Vec::new(), |assigner| assigner.assign_as_beam_java(at))
            }
            (Profile::Flink | Profile::BeamPython | Profile::Spark, _) => {
                assigner(spec.kind).map_or(Vec::new(), |assigner| assigner.assign(at))
            }
        }
    }

    /// The same where that hangs on what came before.
    pub(super) fn windows_for(&self, at: Millis) -> Option<Vec<Window>> {
        match self {
            Machine::KafkaSliding(windows) => Some(windows.windows_for(at)),
            Machine::Flink(_)
            | Machine::Count(_)
            | Machine::BeamJava(_)
            | Machine::BeamPython(_)
            | Machine::Kafka(_)
            | Machine::KafkaSessions(_)
            | Machine::Spark(_)
            | Machine::SparkSessions(_) => None,
        }
    }

    /// An element comes. `stream_time` is Kafka's.
    pub(super) fn on_element(
        &mut self,
        at: Millis,
        item: Item,
        stream_time: Millis,
        out: &mut Out,
    ) {
        match self {
            Machine::Flink(windows) => windows.on_element(at, &item, out),
            Machine::Count(counting) => counting.on_element(item, out),
            Machine::BeamJava(runner) => runner.on_bundle(&[(at, item)], out),
            Machine::BeamPython(driver) => driver.on_bundle(&[(at, item)], out),
            Machine::Kafka(windows) => windows.on_record(at, &item, stream_time, out),
            Machine::KafkaSliding(windows) => windows.on_record(at, &item, stream_time, out),
            Machine::KafkaSessions(windows) => windows.on_record(at, &item, stream_time, out),
            // Spark works batch by batch.
            Machine::Spark(_) | Machine::SparkSessions(_) => {}
        }
    }

    /// The watermark moves, or Kafka's stream time.
    pub(super) fn on_watermark(&mut self, watermark: Millis, out: &mut Out) {
        match self {
            Machine::Flink(windows) => windows.on_watermark(watermark, out),
            Machine::BeamJava(runner) => runner.on_watermark(watermark, out),
            Machine::BeamPython(driver) => driver.on_watermark(watermark, out),
            Machine::Kafka(windows) => windows.on_stream_time(watermark, out),
            Machine::KafkaSliding(windows) => windows.on_stream_time(watermark, out),
            Machine::KafkaSessions(windows) => windows.on_stream_time(watermark, out),
            Machine::Count(_) | Machine::Spark(_) | Machine::SparkSessions(_) => {}
        }
    }

    /// The clock moves. Flink's timers and those of Beam's Java fire when the clock is past them.
    pub(super) fn on_clock(&mut self, now: Millis, out: &mut Out) {
        match self {
            Machine::Flink(windows) => windows.on_clock(now, out),
            Machine::BeamJava(runner) => runner.on_processing_time(now, out),
            Machine::BeamPython(driver) => driver.on_processing_time(now, out),
            Machine::Count(_)
            | Machine::Kafka(_)
            | Machine::KafkaSliding(_)
            | Machine::KafkaSessions(_)
            | Machine::Spark(_)
            | Machine::SparkSessions(_) => {}
        }
    }

    /// A micro-batch of Spark.
    pub(super) fn on_batch(&mut self, watermark: Millis, batch: &[(Millis, Item)], out: &mut Out) {
        match self {
            Machine::Spark(windows) => windows.on_batch(watermark, batch, out),
            Machine::SparkSessions(windows) => windows.on_batch(watermark, batch, out),
            Machine::Flink(_)
            | Machine::Count(_)
            | Machine::BeamJava(_)
            | Machine::BeamPython(_)
            | Machine::Kafka(_)
            | Machine::KafkaSliding(_)
            | Machine::KafkaSessions(_) => {}
        }
    }

    /// When the next timer of this clock is due, as the first moment at which it fires.
    pub(super) fn next_timer(&self, domain: TimeDomain) -> Option<Millis> {
        match self {
            Machine::Flink(windows) => {
                windows.next_timer(domain).map(|at| at.saturating_add(past(domain)))
            }
            Machine::BeamJava(runner) => runner.next_timer(domain).map(|at| at.saturating_add(1)),
            Machine::BeamPython(driver) => driver.next_timer(domain),
            Machine::Kafka(windows) => closes(domain, windows.next_close()),
            Machine::KafkaSliding(windows) => closes(domain, windows.next_close()),
            Machine::KafkaSessions(windows) => closes(domain, windows.next_close()),
            Machine::Count(_) | Machine::Spark(_) | Machine::SparkSessions(_) => None,
        }
    }

    /// How far the windows of the key let the output watermark go; only Beam holds it.
    pub(super) fn hold(&self) -> Option<Millis> {
        match self {
            Machine::BeamJava(runner) => runner.earliest_hold(),
            Machine::Flink(_)
            | Machine::Count(_)
            | Machine::BeamPython(_)
            | Machine::Kafka(_)
            | Machine::KafkaSliding(_)
            | Machine::KafkaSessions(_)
            | Machine::Spark(_)
            | Machine::SparkSessions(_) => None,
        }
    }

    /// How many windows are kept.
    pub(super) fn windows(&self) -> u64 {
        let count = match self {
            Machine::Flink(windows) => windows.living().count(),
            Machine::Count(counting) => usize::from(counting.windows.waiting() > 0),
            Machine::BeamJava(runner) => runner.living().count(),
            Machine::BeamPython(driver) => driver.living().count(),
            Machine::Kafka(windows) => windows.state_rows(),
            Machine::KafkaSliding(windows) => windows.state_rows(),
            Machine::KafkaSessions(windows) => windows.state_rows(),
            Machine::Spark(windows) => windows.state_rows(),
            Machine::SparkSessions(windows) => windows.state_rows(),
        };
        count as u64
    }

    /// Whether nothing is kept, so that a fresh one would do the same.
    pub(super) fn is_blank(&self) -> bool {
        self.windows() == 0
            && self.next_timer(TimeDomain::Event).is_none()
            && self.next_timer(TimeDomain::Processing).is_none()
    }

    /// From now on remembers what happens to its timers.
    pub(super) fn watch_timers(&mut self) {
        if let Some(timers) = self.timers_mut() {
            timers.watch();
        }
    }

    /// What has happened to its timers.
    pub(super) fn timer_changes(&mut self) -> Vec<TimerChange> {
        self.timers_mut().map(Timers::take_changes).unwrap_or_default()
    }

    /// How many timers are set.
    pub(super) fn timer_count(&mut self) -> u64 {
        self.timers_mut().map_or(0, |timers| timers.len() as u64)
    }

    fn timers_mut(&mut self) -> Option<&mut Timers> {
        match self {
            Machine::Flink(windows) => Some(windows.timers_mut()),
            Machine::BeamJava(runner) => Some(runner.timers_mut()),
            Machine::Count(_)
            | Machine::BeamPython(_)
            | Machine::Kafka(_)
            | Machine::KafkaSliding(_)
            | Machine::KafkaSessions(_)
            | Machine::Spark(_)
            | Machine::SparkSessions(_) => None,
        }
    }
}

/// How far the clock, or the watermark, must be past a timer of Flink.
const fn past(domain: TimeDomain) -> Millis {
    match domain {
        TimeDomain::Event => 0,
        TimeDomain::Processing => 1,
    }
}

fn closes(domain: TimeDomain, at: Option<Millis>) -> Option<Millis> {
    match domain {
        TimeDomain::Event => at,
        TimeDomain::Processing => None,
    }
}

impl Counting {
    fn on_element(&mut self, item: Item, out: &mut Out) {
        let Some(elements) = self.windows.on_element(item) else { return };
        let (index, window) = (self.panes, Window::GLOBAL);
        self.panes += 1;
        let info = PaneInfo {
            timing: Timing::Early,
            index,
            non_speculative_index: None,
            first: index == 0,
            last: false,
        };
        let timestamp = window.max_timestamp();
        out.push(Output::Pane(Pane { window, contents: Bag(elements), timestamp, info }));
        if self.empties {
            out.push(Output::Forgotten { window, unseen: 0 });
        }
    }
}

/// The windows that are assigned by time alone, or merge.
pub(super) fn assigner(kind: WindowKind) -> Option<Assigner> {
    match kind {
        WindowKind::Tumbling { size, offset } => {
            Some(Assigner::Tumbling { size_ms: size, offset_ms: offset })
        }
        WindowKind::Sliding { size, slide, offset } => {
            Some(Assigner::Sliding { size_ms: size, slide_ms: slide, offset_ms: offset })
        }
        WindowKind::Session { gap } => Some(Assigner::Session { gap_ms: gap }),
        WindowKind::Global => Some(Assigner::Global),
        WindowKind::Around { .. } | WindowKind::Count { .. } => None,
    }
}

fn refuse<T>(field: &'static str, problem: impl ToString) -> Result<T, JobError> {
    Err(JobError { field, problem: problem.to_string() })
}

fn known_assigner(kind: WindowKind) -> Result<Assigner, JobError> {
    match assigner(kind) {
        Some(assigner) => Ok(assigner.validate()?),
        None => refuse("window", "these windows are another system's"),
    }
}

fn flink_machine(spec: &WindowSpec, domain: TimeDomain) -> Result<Machine, JobError> {
    if let WindowKind::Count { size, slide } = spec.kind {
        let narrow = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let windows = match CountWindows::new(narrow(size), slide.map(narrow)) {
            Ok(windows) => windows,
            Err(error) => return refuse("window_count", error),
        };
        let counting = Counting { windows, empties: slide.is_none(), panes: 0 };
        return Ok(Machine::Count(Box::new(counting)));
    }
    let trigger = match (&spec.trigger, domain) {
        (TriggerSpec::Flink(own), _) => own.as_ref().clone(),
        (TriggerSpec::Watermark { early: Part::None, .. }, TimeDomain::Event) => {
            flink::Trigger::EventTime
        }
        (TriggerSpec::Watermark { early: Part::None, .. }, TimeDomain::Processing) => {
            flink::Trigger::ProcessingTime
        }
        (TriggerSpec::Count(n), _) => flink::Trigger::Count { n: *n },
        (TriggerSpec::AlignedDelay(interval_ms), _) => {
            flink::Trigger::ContinuousProcessingTime { interval_ms: *interval_ms }
        }
        (TriggerSpec::EventTimeInterval(interval_ms), _) => {
            flink::Trigger::ContinuousEventTime { interval_ms: *interval_ms }
        }
        (TriggerSpec::Never, _) => flink::Trigger::Never,
        (TriggerSpec::Watermark { .. } | TriggerSpec::Delay(_) | TriggerSpec::Beam(_), _) => {
            return refuse("trigger", "Flink has no such trigger");
        }
    };
    let trigger = match spec.accumulation {
        Accumulation::Accumulating => trigger,
        Accumulation::Discarding => flink::Trigger::Purging(Box::new(trigger)),
        Accumulation::Retracting => return refuse("accumulation", "Flink takes nothing back"),
    };
    let trigger = trigger.validate().or_else(|error| refuse("trigger", error))?;
    let assigner = known_assigner(spec.kind)?;
    let allowed_lateness_ms = spec.allowed_lateness_ms;
    let config = flink::Config { assigner, trigger, allowed_lateness_ms, domain };
    Ok(Machine::Flink(Box::new(flink::Windows::new(config))))
}

fn beam_config(spec: &WindowSpec) -> Result<beam::Config, JobError> {
    let part = |part: Part| match part {
        Part::None => None,
        Part::Count(n) => Some(beam::Trigger::AfterCount { n }),
        Part::Delay(delay_ms) => Some(beam::Trigger::AfterProcessingTime { delay_ms, align: None }),
        Part::AlignedDelay(every_ms) => {
            let offset_ms = spec.align_offset_ms;
            let align = Some(beam::Alignment { every_ms, offset_ms });
            Some(beam::Trigger::AfterProcessingTime { delay_ms: 0, align })
        }
    };
    let repeatedly = |of: Part| match part(of) {
        Some(trigger) => beam::Trigger::Repeatedly(Box::new(trigger)),
        None => beam::Trigger::Never,
    };
    let trigger = match &spec.trigger {
        TriggerSpec::Beam(own) => own.as_ref().clone(),
        TriggerSpec::Watermark { early, late } => beam::Trigger::AfterWatermark {
            early: part(*early).map(Box::new),
            late: part(*late).map(Box::new),
        },
        TriggerSpec::Count(n) => repeatedly(Part::Count(*n)),
        TriggerSpec::Delay(delay) => repeatedly(Part::Delay(*delay)),
        TriggerSpec::AlignedDelay(every) => repeatedly(Part::AlignedDelay(*every)),
        TriggerSpec::Never => beam::Trigger::Never,
        TriggerSpec::EventTimeInterval(_) | TriggerSpec::Flink(_) => {
            return refuse("trigger", "Beam has no such trigger");
        }
    };
    let accumulation = match spec.accumulation {
        Accumulation::Accumulating => beam::Accumulation::Accumulating,
        Accumulation::Discarding => beam::Accumulation::Discarding,
        Accumulation::Retracting => beam::Accumulation::Retracting,
    };
    let emptiness = |always| if always { Emptiness::Always } else { Emptiness::IfNonEmpty };
    let config = beam::Config {
        assigner: known_assigner(spec.kind)?,
        trigger,
        accumulation,
        allowed_lateness_ms: spec.allowed_lateness_ms,
        timestamp_combiner: TimestampCombiner::EndOfWindow,
        closing: emptiness(spec.empty_panes.1),
        on_time: emptiness(spec.empty_panes.0),
    };
    config.validate().or_else(|error| refuse("trigger", error))
}

fn is_suppressed(spec: &WindowSpec) -> Result<bool, JobError> {
    match spec.trigger {
        TriggerSpec::Watermark { .. } => Ok(true),
        TriggerSpec::Count(1) => Ok(false),
        TriggerSpec::Count(_)
        | TriggerSpec::Delay(_)
        | TriggerSpec::AlignedDelay(_)
        | TriggerSpec::EventTimeInterval(_)
        | TriggerSpec::Beam(_)
        | TriggerSpec::Flink(_)
        | TriggerSpec::Never => refuse("trigger", "Kafka Streams says each change, or suppresses"),
    }
}

fn kafka_config(spec: &WindowSpec) -> Result<kafka::Config, JobError> {
    let (size_ms, advance_ms) = match spec.kind {
        WindowKind::Tumbling { size, .. } => (size, size),
        WindowKind::Sliding { size, slide, .. } => (size, slide),
        WindowKind::Around { .. }
        | WindowKind::Session { .. }
        | WindowKind::Global
        | WindowKind::Count { .. } => {
            return refuse("window", "these are no hopping windows");
        }
    };
    let (grace_ms, suppress) = (spec.allowed_lateness_ms, is_suppressed(spec)?);
    let config = kafka::Config { size_ms, advance_ms, grace_ms, suppress };
    config.validate().or_else(|error| refuse("window_slide_ms", error))
}

/// Kafka's sliding windows.
pub(super) fn kafka_sliding_config(spec: &WindowSpec) -> Result<kafka::SlidingConfig, JobError> {
    let WindowKind::Around { difference: difference_ms } = spec.kind else {
        return refuse("window", "these are no sliding windows of Kafka");
    };
    let (grace_ms, suppress) = (spec.allowed_lateness_ms, is_suppressed(spec)?);
    let config = kafka::SlidingConfig { difference_ms, grace_ms, suppress };
    config.validate().or_else(|error| refuse("window_size_ms", error))
}

fn kafka_machine(spec: &WindowSpec) -> Result<Machine, JobError> {
    let (grace, suppress) = (spec.allowed_lateness_ms, is_suppressed(spec)?);
    match spec.kind {
        WindowKind::Session { gap } => {
            Ok(Machine::KafkaSessions(kafka::Sessions::new(gap, grace, suppress)))
        }
        WindowKind::Around { .. } => {
            Ok(Machine::KafkaSliding(kafka::Sliding::new(kafka_sliding_config(spec)?)))
        }
        WindowKind::Tumbling { .. } | WindowKind::Sliding { .. } => {
            Ok(Machine::Kafka(kafka::Windows::new(kafka_config(spec)?)))
        }
        WindowKind::Global | WindowKind::Count { .. } => {
            refuse("window", "Kafka Streams has no such windows")
        }
    }
}

fn spark_machine(spec: &WindowSpec) -> Result<Machine, JobError> {
    let mode = match spec.spark_output {
        SparkOutput::Append => spark::OutputMode::Append,
        SparkOutput::Update => spark::OutputMode::Update,
        SparkOutput::Complete => spark::OutputMode::Complete,
    };
    match spec.kind {
        WindowKind::Session { gap } => Ok(Machine::SparkSessions(spark::Sessions::new(gap))),
        WindowKind::Tumbling { .. } | WindowKind::Sliding { .. } => {
            Ok(Machine::Spark(spark::Windows::new(known_assigner(spec.kind)?, mode)))
        }
        WindowKind::Around { .. } | WindowKind::Global | WindowKind::Count { .. } => {
            refuse("window", "Spark has no such windows")
        }
    }
}
