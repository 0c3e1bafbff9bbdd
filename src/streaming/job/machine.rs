//! The windows of one key, by the rules of one system: the very operators that are checked against the
//! recorded results of the real ones.

use super::making::{
    assigner, beam_config, flink_machine, kafka_config, kafka_machine, kafka_sliding_config,
    spark_machine,
};
use super::spec::{JobError, WindowSpec};
use crate::base::{Amount, Millis, Window};
use crate::streaming::aggregate::Bag;
use crate::streaming::beam;
use crate::streaming::flink::{self, CountWindows};
use crate::streaming::kafka;
use crate::streaming::output::{Output, Pane, PaneInfo, Timing};
use crate::streaming::spark;
use crate::streaming::timers::{TimeDomain, TimerChange, Timers};
use crate::trace::stream::{Profile, WindowKind};

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
    pub(super) windows: CountWindows<Item>,
    /// Whether a pane empties the window.
    pub(super) empties: bool,
    pub(super) panes: u64,
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

    /// The watermark moves, and what is due until `due` happens; the rest in its turn, as Flink's timers of all keys
    /// fire in the order of their times. With the others all that is due happens key by key.
    pub(super) fn on_watermark_up_to(&mut self, due: Millis, watermark: Millis, out: &mut Out) {
        match self {
            Machine::Flink(windows) => windows.on_watermark_up_to(due, watermark, out),
            Machine::Count(_)
            | Machine::BeamJava(_)
            | Machine::BeamPython(_)
            | Machine::Kafka(_)
            | Machine::KafkaSliding(_)
            | Machine::KafkaSessions(_)
            | Machine::Spark(_)
            | Machine::SparkSessions(_) => self.on_watermark(watermark, out),
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
