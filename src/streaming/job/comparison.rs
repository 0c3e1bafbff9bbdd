//! Stream against batch: what the same elements come to when all are there at once.

use super::keyed::aggregate;
use super::machine::{Item, Machine};
use super::making::{assigner, kafka_sliding_config};
use super::plain::Plain;
use super::windowed::Windowed;
use crate::base::{Millis, Window};
use crate::streaming::batch::{self, Touching};
use crate::streaming::kafka::sliding_in_batch;
use crate::trace::stream::{
    Content, ElementId, Fate, OperatorId, Profile, StreamEvent, Verdict, WindowKind,
};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What a comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Windows that there are in batch.
    pub windows: u64,
    /// Those of which the stream's last word is the same.
    pub equal: u64,
    /// The others, and those that are not in batch.
    pub differences: Vec<StreamEvent>,
    /// Differences that no element's fate explains: faults of ours.
    pub unexplained: u64,
}

type ByWindow = BTreeMap<(Rc<str>, Window), Vec<Item>>;

impl Comparison {
    /// Adds the windows of a subtask.
    pub(super) fn with(&mut self, operator: OperatorId, of: &Windowed) {
        // Windows of counts are what they are by the order of arrival, in batch as in stream.
        if matches!(of.spec.kind, WindowKind::Count { .. }) {
            return;
        }
        let batch = in_batch(of);
        self.windows += batch.len() as u64;
        let keys: BTreeSet<&(Rc<str>, Window)> = batch.keys().chain(of.last.keys()).collect();
        for key in keys {
            let expected = batch.get(key).map(Vec::as_slice);
            let said = of.last.get(key).map(|said| said.elements.as_slice());
            let Some(verdict) = judge(expected, said) else {
                self.equal += 1;
                continue;
            };
            let elements =
                fates(of, &key.0, expected.unwrap_or_default(), said.unwrap_or_default());
            let is_explained = !elements.is_empty() || verdict == Verdict::Extra;
            self.unexplained += u64::from(!is_explained);
            self.differences.push(StreamEvent::OracleDiffers {
                operator,
                key: key.0.to_string(),
                window: key.1,
                verdict,
                batch: content(of, expected),
                stream: content(of, said),
                elements,
            });
        }
    }

    /// The same of one that kept no elements: only what was too late is missing in its windows.
    pub(super) fn with_plain(&mut self, operator: OperatorId, of: &Plain) {
        let (windows, differences) = of.differences(operator);
        self.windows += windows;
        self.equal += windows - differences.len() as u64;
        self.differences.extend(differences);
    }
}

/// The windows of the elements that came, each with all of its own.
fn in_batch(of: &Windowed) -> ByWindow {
    let mut by_key: BTreeMap<Rc<str>, Vec<(Millis, Item)>> = BTreeMap::new();
    for (key, at, item) in &of.history {
        by_key.entry(Rc::clone(key)).or_default().push((*at, *item));
    }
    let mut all = ByWindow::new();
    for (key, elements) in by_key {
        for (window, items) in windows(of, &elements) {
            all.insert((Rc::clone(&key), window), items);
        }
    }
    all
}

fn windows(of: &Windowed, elements: &[(Millis, Item)]) -> BTreeMap<Window, Vec<Item>> {
    match (of.profile, of.spec.kind) {
        (_, WindowKind::Count { .. }) => BTreeMap::new(),
        (_, WindowKind::Around { .. }) => kafka_sliding_config(&of.spec)
            .map(|config| sliding_in_batch(config, elements))
            .unwrap_or_default(),
        (Profile::KafkaStreams, WindowKind::Session { gap }) => inclusive_sessions(gap, elements),
        (_, WindowKind::Session { .. }) => {
            let touching = match of.profile {
                Profile::Flink | Profile::KafkaStreams | Profile::Spark => Touching::Merges,
                Profile::BeamJava | Profile::BeamPython => Touching::StaysApart,
            };
            assigner(of.spec.kind)
                .map(|assigner| batch::windows(assigner, touching, elements))
                .unwrap_or_default()
        }
        (_, WindowKind::Tumbling { .. } | WindowKind::Sliding { .. } | WindowKind::Global) => {
            let mut windows: BTreeMap<Window, Vec<Item>> = BTreeMap::new();
            for (at, item) in elements {
                for window in Machine::assign(of.profile, &of.spec, *at) {
                    windows.entry(window).or_default().push(*item);
                }
            }
            windows
        }
    }
}

/// Kafka's: from the first to the last, both included, with gaps of at most `gap`.
fn inclusive_sessions(gap: Millis, elements: &[(Millis, Item)]) -> BTreeMap<Window, Vec<Item>> {
    let mut sorted = elements.to_vec();
    sorted.sort_by_key(|(at, _)| *at);
    let mut sessions: Vec<(Window, Vec<Item>)> = Vec::new();
    for (at, item) in sorted {
        let own = Window { start: at, end: at.saturating_add(1) };
        match sessions.last_mut() {
            Some((window, items)) if at.saturating_sub(window.max_timestamp()) <= gap => {
                *window = window.cover(own);
                items.push(item);
            }
            Some(_) | None => sessions.push((own, vec![item])),
        }
    }
    sessions.into_iter().collect()
}

/// What is wrong with what was said, if anything.
fn judge(batch: Option<&[Item]>, said: Option<&[Item]>) -> Option<Verdict> {
    let (Some(batch), Some(said)) = (batch, said) else {
        return match (batch, said) {
            (Some(_), None) => Some(Verdict::Missing),
            (None, Some([])) | (None, None) => None,
            (None, Some(_)) => Some(Verdict::Extra),
            (Some(_), Some(_)) => None,
        };
    };
    let ids = |items: &[Item]| items.iter().map(|item| item.id).collect::<BTreeSet<u32>>();
    if ids(said).len() < said.len() {
        return Some(Verdict::Double);
    }
    (ids(batch) != ids(said)).then_some(Verdict::Different)
}

/// The elements that one has and the other has not, with what became of them.
fn fates(of: &Windowed, key: &Rc<str>, batch: &[Item], said: &[Item]) -> Vec<(ElementId, Fate)> {
    let ids = |items: &[Item]| items.iter().map(|item| item.id).collect::<BTreeSet<u32>>();
    let (batch, said) = (ids(batch), ids(said));
    let ledger = of.ledgers.get(key);
    let fate = |id: &u32| {
        let fate = ledger.and_then(|ledger| ledger.roll_up(u64::from(*id)));
        fate.map(|fate| (ElementId(*id), fate))
    };
    batch.symmetric_difference(&said).filter_map(fate).collect()
}

fn content(of: &Windowed, items: Option<&[Item]>) -> Content {
    items.map_or(Content::Nothing, |items| aggregate(of.spec.aggregate, items).1)
}
