//! The copy phase: several fetches at once, at most one from each host (Hadoop's
//! `ShuffleSchedulerImpl`), hosts in an order of luck so that reduces do not storm one node.

use super::ReduceAttempt;
use crate::base::random::{Purpose, Random};
use crate::base::{AttemptId, Level, MapIndex, NodeId, Span};
use crate::mapreduce::attempt::Work;
use crate::mapreduce::messages::MapOutputAt;
use crate::mapreduce::segment::Segment;
use crate::trace::{BatchEvent, Cause, EventKind, Recorder};

/// Map outputs on their way from known to fetched.
#[derive(Clone, Debug, Default)]
pub(super) struct Copying {
    known: u32,
    waiting: Vec<(MapOutputAt, Cause)>,
    running: Vec<(MapOutputAt, Cause)>,
    fetches: u64,
}

impl Copying {
    /// How many map outputs are known.
    pub(super) fn known(&self) -> u32 {
        self.known
    }

    /// The next output to fetch: of those whose host is not busy with us, one by luck.
    fn choose(&mut self, seed: u64, attempt: u64) -> Option<(MapOutputAt, Cause)> {
        let busy: Vec<NodeId> = self.running.iter().map(|(output, _)| output.node).collect();
        let free: Vec<usize> = (0..self.waiting.len())
            .filter(|place| !busy.contains(&self.waiting[*place].0.node))
            .collect();
        if free.is_empty() {
            return None;
        }
        let mut random = Random::keyed(seed, Purpose::FetchOrder, attempt, self.fetches);
        let place = usize::try_from(random.below(free.len() as u64)).unwrap_or(0);
        self.fetches += 1;
        Some(self.waiting.remove(free[place]))
    }
}

impl ReduceAttempt {
    /// Learns of map outputs that it can fetch.
    pub fn learn(&mut self, outputs: &[MapOutputAt], cause: Cause, recorder: &mut Recorder) {
        if outputs.is_empty() {
            return;
        }
        let attempt = self.spec.id;
        let cause = recorder.record(Level::Tasks, Some(self.spec.node), cause, || {
            let maps = outputs.iter().map(|output| MapIndex(output.map.task.index)).collect();
            EventKind::Batch(BatchEvent::MapOutputsLearned { attempt, maps })
        });
        self.copying.known += u32::try_from(outputs.len()).unwrap_or(u32::MAX);
        self.copying.waiting.extend(outputs.iter().map(|output| (*output, cause)));
    }

    /// Begins the next fetch, if a host is free.
    pub(super) fn begin_fetch(&mut self, recorder: &mut Recorder) -> Option<Work> {
        let attempt = self.spec.id;
        let (output, cause) = self.copying.choose(self.spec.config.seed, attempt.key())?;
        let MapOutputAt { map, node: from, volume } = output;
        let cause = recorder.record(Level::Tasks, Some(self.spec.node), cause, || {
            EventKind::Batch(BatchEvent::FetchStarted { attempt, map, from, volume })
        });
        self.copying.running.push((output, cause));
        Some(Work { fetch: Some(map), ..Work::read(from, volume.bytes) })
    }

    /// A fetch ended: takes the segment, when its checksum is right.
    pub fn deliver(&mut self, segment: Segment, map: AttemptId, recorder: &mut Recorder) {
        let running = &mut self.copying.running;
        let Some(place) = running.iter().position(|(output, _)| output.map == map) else { return };
        let (output, cause) = running.remove(place);
        assert!(segment.is_intact(), "a segment in memory does not change");
        let attempt = self.spec.id;
        let (from, volume) = (output.node, segment.volume());
        self.cause = recorder.record(Level::Tasks, Some(self.spec.node), cause, || {
            EventKind::Batch(BatchEvent::FetchFinished { attempt, map, from, volume })
        });
        self.counters.shuffled_maps += 1;
        self.counters.reduce_shuffle_bytes += volume.bytes;
        self.segments.insert(map.task.index, segment);
    }
}

/// How often a reduce asks for new map outputs (`EventFetcher` sleeps a second between questions).
pub const POLL_INTERVAL: Span = Span::from_secs(1);
