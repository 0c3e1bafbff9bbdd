//! Several answers to the same events: one plot that all share, a row of panes for each, and where a row
//! differs from the first, why, with the numbers of the predicates.

mod differences;

use super::dials::{Reads, in_short};
use super::wording;
use crate::base::{Amount, Millis, Window};
use crate::charts::event_time::Mark;
use crate::scenario::variants::Cut;
use crate::trace::answer::{AnsweredPane, AnsweredRecord, StreamAnswer};
use crate::trace::stream::{ElementId, Fate, Profile, Timing};
use crate::ui::model::several::{Plan, Several};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most keys that can be chosen from.
const KEYS_MOST: usize = 200;

/// What is to be seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// The keys that there are.
    pub keys: Vec<Rc<str>>,
    /// The one that is looked at.
    pub key: Option<Rc<str>>,
    /// The first and the last moment of event time.
    pub event: (Millis, Millis),
    /// The first and the last moment of processing time.
    pub clock: (Millis, Millis),
    /// The records of the key.
    pub dots: Vec<Dot>,
    /// One for each way.
    pub rows: Vec<Row>,
}

/// A record on the shared plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// Which one.
    pub record: ElementId,
    /// When it happened.
    pub event: Millis,
    /// When it was read.
    pub clock: Millis,
    /// What it says.
    pub value: Amount,
    /// What became of it in the first row.
    pub mark: Mark,
    /// Whether not all rows make the same of it; late or not, it counts.
    pub differs: bool,
    /// What became of it in each row, in words.
    pub said: String,
}

/// One of the ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is called.
    pub label: String,
    /// Whether it is the run on the screen.
    pub is_own: bool,
    /// How far it is.
    pub state: RowState,
    /// Its latency, completeness and state in a few words.
    pub measures: String,
    /// Its windows, by their ends.
    pub cells: Vec<Cell>,
    /// Where it differs from the first row, and why.
    pub differences: Vec<String>,
    /// How its watermark moved.
    pub watermark: Vec<(Millis, Millis)>,
    /// Where it cuts through the events, when it is a batch run.
    pub cut: Option<Cut>,
}

/// How far a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// It is run.
    Running,
    /// It can't be, or failed.
    Refused(String),
    /// It has answered.
    Here,
}

/// What a window of the key answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The window.
    pub window: Window,
    /// What its panes said, one after the other.
    pub says: String,
    /// When they did.
    pub when: String,
    /// How that differs from the first row.
    pub differs: Differs,
}

/// How a cell differs from that of the same window in the first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    /// It does not.
    No,
    /// The same was said, at another time.
    Time,
    /// Something else was said, or there is no such window.
    Value,
}

/// What became of a record in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It is in a pane that was not late.
    Counted,
    /// It is in a late pane.
    Late,
    /// It was not taken.
    Dropped,
    /// It was taken, and came to no pane.
    Unseen,
    /// It stands in a window that has not fired.
    Waiting,
    /// It was not read.
    Unread,
}

/// A row's answer as it is compared: of one key, and of nothing later than is known.
struct Told<'a> {
    label: String,
    profile: Profile,
    lateness: Millis,
    cut: Option<Cut>,
    /// Nothing later than this is told.
    until: Millis,
    records: BTreeMap<u32, Cow<'a, AnsweredRecord>>,
    windows: BTreeMap<Window, Vec<&'a AnsweredPane>>,
}

/// What is to be seen of a key, or of the first one. Of what comes after `until` nothing is told.
pub fn sight(several: &Several, key: Option<&str>, until: Option<Millis>) -> Option<Sight> {
    let plan = several.plan.as_deref()?;
    let first = several.answers.iter().flatten().find_map(|answer| answer.as_ref().ok());
    let until = until.unwrap_or(Millis::MAX);
    let keys = first.map(|answer| keys(answer, until)).unwrap_or_default();
    let key = key.and_then(|key| keys.iter().find(|one| ***one == *key)).or(keys.first()).cloned();
    let told: Vec<Option<Told<'_>>> = (0..plan.variants.len())
        .map(|place| told(plan, several, place, (key.as_deref(), until)))
        .collect();
    let dots = dots(&told);
    let rows: Vec<Row> =
        (0..plan.variants.len()).map(|place| row(plan, several, &told, (place, until))).collect();
    let (first, last) = plan.arrivals;
    // An axis must not tell how long what is still to be seen will take.
    let (event, clock) = ranges(&dots, &rows, &told, (first.min(until), last.min(until)));
    Some(Sight { keys, key, event, clock, dots, rows })
}

/// The keys in the order of their first records, as far as these have come.
fn keys(answer: &StreamAnswer, until: Millis) -> Vec<Rc<str>> {
    let mut keys: Vec<Rc<str>> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    let come = answer.records.iter().filter(|record| record.clock <= until);
    for record in come.filter(|record| known.insert(record.key.as_str())) {
        if keys.len() < KEYS_MOST {
            keys.push(Rc::from(record.key.as_str()));
        }
    }
    keys
}

fn told<'a>(
    plan: &Plan,
    several: &'a Several,
    place: usize,
    (key, until): (Option<&str>, Millis),
) -> Option<Told<'a>> {
    let answer = several.answers.get(place)?.as_ref()?.as_ref().ok()?;
    let variant = plan.variants.get(place)?;
    let is_of_key = |of: &str| key.is_none_or(|key| key == of);
    let by_hand: Vec<u32> =
        answer.records.iter().map(|it| it.record.0).filter(|id| *id >= plan.planned).collect();
    let number = |record: &AnsweredRecord| match &variant.records {
        // By hand, the same record has another number in each run.
        None if record.record.0 >= plan.planned => {
            let place = by_hand.iter().position(|id| *id == record.record.0)?;
            plan.by_hand.get(place).copied()
        }
        None => Some(record.record.0),
        Some(numbers) => numbers.get(usize::try_from(record.record.0).ok()?).copied(),
    };
    let records = answer.records.iter().filter(|it| is_of_key(&it.key) && it.clock <= until);
    let mut windows: BTreeMap<Window, Vec<&AnsweredPane>> = BTreeMap::new();
    for pane in answer.panes.iter().filter(|it| is_of_key(&it.key) && it.clock <= until) {
        windows.entry(pane.window).or_default().push(pane);
    }
    Some(Told {
        label: label(&variant.label),
        profile: answer.profile,
        lateness: answer.allowed_lateness_ms,
        cut: variant.cut,
        until,
        records: records
            .filter_map(|record| Some((number(record)?, as_known(record, &windows, until))))
            .collect(),
        windows,
    })
}

/// A record as far as it is known by then: that it is in a pane is known when the pane has fired.
fn as_known<'a>(
    record: &'a AnsweredRecord,
    windows: &BTreeMap<Window, Vec<&AnsweredPane>>,
    until: Millis,
) -> Cow<'a, AnsweredRecord> {
    if until == Millis::MAX {
        return Cow::Borrowed(record);
    }
    let holds =
        |outer: &Window, inner: Window| outer.start <= inner.start && inner.end <= outer.end;
    let is_said = |of: Option<Window>| {
        let of = windows.iter().filter(|(window, _)| of.is_some_and(|of| holds(window, of)));
        of.flat_map(|(_, panes)| panes).any(|pane| pane.clock >= record.clock)
    };
    let mut known = record.clone();
    for share in &mut known.shares {
        match share.fate {
            Fate::Early | Fate::OnTime | Fate::Late if is_said(share.window) => {}
            Fate::Pending | Fate::Dropped => {}
            Fate::Early | Fate::OnTime | Fate::Late | Fate::Unseen => share.fate = Fate::Pending,
        }
    }
    Cow::Owned(known)
}

/// A variant's label for people: real systems by their names.
pub fn label(of: &str) -> String {
    match of {
        "flink" => wording::profile(Profile::Flink).to_owned(),
        "beam-java" => wording::profile(Profile::BeamJava).to_owned(),
        "beam-python" => wording::profile(Profile::BeamPython).to_owned(),
        "kafka-streams" => wording::profile(Profile::KafkaStreams).to_owned(),
        "spark" => wording::profile(Profile::Spark).to_owned(),
        other => other.replace('_', " "),
    }
}

/// The best that became of a record in any of its windows.
fn outcome(told: &Told<'_>, number: u32) -> Outcome {
    let Some(record) = told.records.get(&number) else { return Outcome::Unread };
    let has = |fates: &[Fate]| record.shares.iter().any(|share| fates.contains(&share.fate));
    if has(&[Fate::OnTime, Fate::Early]) {
        Outcome::Counted
    } else if has(&[Fate::Late]) {
        Outcome::Late
    } else if has(&[Fate::Pending]) {
        Outcome::Waiting
    } else if has(&[Fate::Unseen]) {
        Outcome::Unseen
    } else {
        Outcome::Dropped
    }
}

impl Outcome {
    fn counts(self) -> bool {
        matches!(self, Outcome::Counted | Outcome::Late)
    }

    fn is_as_good_as(self, other: Outcome) -> bool {
        self == other || (self.counts() && other.counts())
    }

    fn words(self) -> &'static str {
        match self {
            Outcome::Counted => "counted",
            Outcome::Late => "late but counted",
            Outcome::Dropped => "dropped",
            Outcome::Unseen => "in no pane",
            Outcome::Waiting => "waiting in its window",
            Outcome::Unread => "not read",
        }
    }

    fn mark(self) -> Mark {
        match self {
            Outcome::Counted => Mark::Counted,
            Outcome::Late => Mark::Late,
            Outcome::Dropped | Outcome::Unseen => Mark::Dropped,
            Outcome::Waiting | Outcome::Unread => Mark::Waiting,
        }
    }
}

/// The records of the first row that is here, which reads all of them.
fn dots(told: &[Option<Told<'_>>]) -> Vec<Dot> {
    let here: Vec<&Told<'_>> = told.iter().flatten().collect();
    let Some(first) = here.iter().find(|told| told.cut.is_none()) else { return Vec::new() };
    let dot = |(number, record): (&u32, &Cow<'_, AnsweredRecord>)| {
        let outcomes: Vec<(&str, Outcome)> =
            here.iter().map(|told| (told.label.as_str(), outcome(told, *number))).collect();
        let own = outcome(first, *number);
        let said = outcomes.iter().map(|(label, of)| format!("{label}: {}", of.words()));
        Dot {
            record: ElementId(*number),
            event: record.event_time,
            clock: record.clock,
            value: record.value,
            mark: own.mark(),
            differs: outcomes.iter().any(|(_, of)| !of.is_as_good_as(own)),
            said: said.collect::<Vec<_>>().join(", "),
        }
    };
    first.records.iter().map(dot).collect()
}

fn row(
    plan: &Plan,
    several: &Several,
    told: &[Option<Told<'_>>],
    (place, until): (usize, Millis),
) -> Row {
    let variant = &plan.variants[place];
    let answer = several.answers.get(place).and_then(Option::as_ref);
    let (state, measures, watermark) = match answer {
        None => (RowState::Running, String::new(), Vec::new()),
        Some(Err(why)) => (RowState::Refused(why.clone()), String::new(), Vec::new()),
        Some(Ok(answer)) => {
            // What a whole run came to tells of what is still to be seen.
            let is_whole = until == Millis::MAX;
            let reads = variant.cut.and_then(|_| reads(several, answer));
            let measures = match is_whole {
                true => in_short(&answer.totals, reads),
                false => String::new(),
            };
            let known = answer.watermark.iter().filter(|(clock, _)| *clock <= until);
            (RowState::Here, measures, known.copied().collect())
        }
    };
    let own = told.get(place).and_then(Option::as_ref);
    let first = told.first().and_then(Option::as_ref).filter(|_| place > 0);
    Row {
        label: label(&variant.label),
        is_own: variant.is_own,
        state,
        measures,
        cells: own.map(|own| cells(own, first)).unwrap_or_default(),
        differences: own
            .zip(first)
            .map(|(own, first)| differences::of(own, first))
            .unwrap_or_default(),
        watermark,
        cut: variant.cut,
    }
}

/// How much a batch run read of what the first row, which is the stream, did.
fn reads(several: &Several, batch: &StreamAnswer) -> Option<Reads> {
    let stream = several.answers.first()?.as_ref()?.as_ref().ok()?;
    let (read, of) = (batch.records.len(), stream.records.len());
    Some(Reads { read, of, all: stream.totals.ledger.sum() })
}

fn cells(own: &Told<'_>, first: Option<&Told<'_>>) -> Vec<Cell> {
    let cell = |(window, panes): (&Window, &Vec<&AnsweredPane>)| {
        let differs = match first.map(|first| first.windows.get(window)) {
            None => Differs::No,
            Some(None) => Differs::Value,
            Some(Some(there)) if said(there) != said(panes) => Differs::Value,
            Some(Some(there)) if times(there) != times(panes) => Differs::Time,
            Some(Some(_)) => Differs::No,
        };
        Cell { window: *window, says: said(panes), when: times(panes), differs }
    };
    own.windows.iter().map(cell).collect()
}

/// What panes say, one after the other; what is taken back in brackets. Of many the first and the last.
fn said(panes: &[&AnsweredPane]) -> String {
    let one = |pane: &&AnsweredPane| {
        let says = wording::content(&pane.content);
        let back: Vec<String> = pane.takes_back.iter().map(wording::taken_back).collect();
        let late = if pane.timing == Timing::Late { " late" } else { "" };
        match back.is_empty() {
            true => format!("{says}{late}"),
            false => format!("{says} ({}){late}", back.join(", ")),
        }
    };
    shortened(panes.iter().map(one).collect(), " → ")
}

fn times(panes: &[&AnsweredPane]) -> String {
    shortened(panes.iter().map(|pane| wording::short_clock(pane.clock)).collect(), ", ")
}

/// So many are told one by one.
const TOLD_MOST: usize = 4;

fn shortened(all: Vec<String>, between: &str) -> String {
    match (all.len() > TOLD_MOST, all.first(), all.last()) {
        (true, Some(first), Some(last)) => {
            format!("{first}{between}{} more{between}{last}", all.len() - 2)
        }
        (true | false, _, _) => all.join(between),
    }
}

/// The axes: all records and windows across; from before the first record to after the last pane upwards.
fn ranges(
    dots: &[Dot],
    rows: &[Row],
    told: &[Option<Told<'_>>],
    arrivals: (Millis, Millis),
) -> ((Millis, Millis), (Millis, Millis)) {
    let cells = || rows.iter().flat_map(|row| &row.cells);
    let bounded = || cells().map(|cell| cell.window).filter(|window| *window != Window::GLOBAL);
    let events = dots.iter().map(|dot| dot.event);
    let from = events.clone().chain(bounded().map(|window| window.start)).min();
    let to = events.chain(bounded().map(|window| window.end)).max();
    let panes = told.iter().flatten().flat_map(|told| told.windows.values().flatten());
    let last = panes.map(|pane| pane.clock).chain([arrivals.1]).max();
    let (first, last) = (arrivals.0, last.unwrap_or(arrivals.1));
    // What comes at the very end of the input may be far off: it is drawn at the edge.
    let last = last.min(arrivals.1.saturating_add((arrivals.1 - first).max(1_000)));
    let margin = (last.saturating_sub(first) / 12).max(100);
    let (from, to) = (from.unwrap_or(first), to.unwrap_or(last));
    ((from, to.max(from.saturating_add(1_000))), (first - margin, last.saturating_add(margin)))
}
