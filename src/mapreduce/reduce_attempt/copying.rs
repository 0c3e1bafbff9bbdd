//! The copy phase: several fetches at once, at most one from each host (Hadoop's
//! `ShuffleSchedulerImpl`), hosts in an order of luck so that reduces do not storm one node.

use super::ReduceAttempt;
use super::health::{Failed, Health};
use crate::base::random::{Purpose, Random};
use crate::base::{AttemptId, Level, MapIndex, NodeId, Time};
use crate::mapreduce::attempt::Work;
use crate::mapreduce::messages::{MapOutputAt, Message, OutputLogEntry, Served, Source};
use crate::mapreduce::node_agent::Effect;
use crate::mapreduce::segment::Segment;
use crate::trace::failure::{FailureEvent, ReadError, TaskError};
use crate::trace::{BatchEvent, Cause, EventKind, Recorder};
use std::collections::BTreeMap;

/// Map outputs on their way from known to fetched.
#[derive(Clone, Debug, Default)]
pub(super) struct Copying {
    /// Entries of the coordinator's log that are known.
    known: u32,
    waiting: Vec<(MapOutputAt, Cause)>,
    /// By lane.
    running: BTreeMap<u32, Fetch>,
    /// What arrived compressed and is unpacked into memory, by lane.
    unpacking: BTreeMap<u32, Unpacking>,
    fetches: u64,
    health: Health,
}

/// A fetch under way.
#[derive(Clone, Copy, Debug)]
struct Fetch {
    output: MapOutputAt,
    cause: Cause,
    /// The output was withdrawn since; if the fetch fails it is not tried again.
    withdrawn: bool,
}

/// A compressed output on its way into memory (`InMemoryMapOutput`).
#[derive(Clone, Debug)]
struct Unpacking {
    segment: Segment,
    /// When it arrived.
    at: Time,
    /// Whether it is unpacked, and its time spent.
    is_done: bool,
}

impl Copying {
    /// How many entries of the log are known.
    pub(super) fn known(&self) -> u32 {
        self.known
    }

    /// The next output to fetch: of those whose host is neither busy with us nor penalised, one
    /// by luck.
    fn choose(&mut self, seed: u64, attempt: u64) -> Option<(MapOutputAt, Cause)> {
        let free: Vec<usize> =
            (0..self.waiting.len()).filter(|place| self.is_free(&self.waiting[*place].0)).collect();
        if free.is_empty() {
            return None;
        }
        let mut random = Random::keyed(seed, Purpose::FetchOrder, attempt, self.fetches);
        let place = usize::try_from(random.below(free.len() as u64)).unwrap_or(0);
        self.fetches += 1;
        Some(self.waiting.remove(free[place]))
    }

    fn is_free(&self, output: &MapOutputAt) -> bool {
        let in_the_way = |fetch: &Fetch| {
            fetch.output.node == output.node || fetch.output.map.task == output.map.task
        };
        !self.health.is_penalised(output.node) && !self.running.values().any(in_the_way)
    }

    /// Takes what waits of a map attempt out; says whether there was something. A fetch that is
    /// under way may still end well.
    fn withdraw(&mut self, map: AttemptId) -> bool {
        for fetch in self.running.values_mut().filter(|fetch| fetch.output.map == map) {
            fetch.withdrawn = true;
        }
        let before = self.waiting.len();
        self.waiting.retain(|(output, _)| output.map != map);
        self.waiting.len() < before
    }
}

impl ReduceAttempt {
    /// Learns what came and went beyond the first `known` entries of the coordinator's log. An
    /// answer to a question that was answered before is ignored.
    pub fn learn(
        &mut self,
        known: u32,
        entries: &[OutputLogEntry],
        cause: Cause,
        recorder: &mut Recorder,
    ) {
        if known != self.copying.known {
            return;
        }
        self.copying.known += u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let (mut fresh, mut withdrawn): (Vec<MapOutputAt>, Vec<AttemptId>) = Default::default();
        for entry in entries {
            match entry {
                OutputLogEntry::Ready(output) => fresh.push(*output),
                OutputLogEntry::Withdrawn(map) => {
                    fresh.retain(|output| output.map != *map);
                    if self.copying.withdraw(*map) {
                        withdrawn.push(*map);
                    }
                }
            }
        }
        fresh.retain(|output| !self.merges.has(output.map.task.index));
        self.note_fresh(&fresh, cause, recorder);
        self.note_withdrawn(withdrawn, cause, recorder);
    }

    fn note_fresh(&mut self, fresh: &[MapOutputAt], cause: Cause, recorder: &mut Recorder) {
        if fresh.is_empty() {
            return;
        }
        let attempt = self.spec.id;
        let cause = recorder.record(Level::Tasks, Some(self.spec.node), cause, || {
            let maps = fresh.iter().map(|output| MapIndex(output.map.task.index)).collect();
            EventKind::Batch(BatchEvent::MapOutputsLearned { attempt, maps })
        });
        self.copying.waiting.extend(fresh.iter().map(|output| (*output, cause)));
    }

    fn note_withdrawn(&mut self, maps: Vec<AttemptId>, cause: Cause, recorder: &mut Recorder) {
        if maps.is_empty() {
            return;
        }
        let attempt = self.spec.id;
        recorder.record(Level::Tasks, Some(self.spec.node), cause, || {
            EventKind::Failure(FailureEvent::OutputsWithdrawn { attempt, maps })
        });
    }

    /// The next step of a copy lane: unpacks what it fetched, or begins the next fetch.
    pub(super) fn copy(&mut self, lane: u32, recorder: &mut Recorder) -> Option<Work> {
        if let Some(unpacking) = self.copying.unpacking.get_mut(&lane)
            && !std::mem::replace(&mut unpacking.is_done, true)
        {
            return Some(Work::codec(unpacking.segment.size().raw_bytes));
        }
        if let Some(Unpacking { segment, at, .. }) = self.copying.unpacking.remove(&lane) {
            self.take_segment(at, lane, segment, recorder);
        }
        self.begin_fetch(lane, recorder)
    }

    /// Begins the next fetch, if a host is free.
    fn begin_fetch(&mut self, lane: u32, recorder: &mut Recorder) -> Option<Work> {
        if self.copying.running.contains_key(&lane) {
            return None;
        }
        let attempt = self.spec.id;
        if self.must_wait(recorder) {
            return None;
        }
        let (output, cause) = self.copying.choose(self.spec.config.seed, attempt.key())?;
        let MapOutputAt { map, node: from, size } = output;
        let volume = size.stored;
        self.merges.reserve(size.raw_bytes);
        let to_disk = !self.merges.fits_memory(size.raw_bytes);
        let cause = recorder.record(Level::Tasks, Some(self.spec.node), cause, || {
            EventKind::Batch(BatchEvent::FetchStarted { attempt, map, from, volume, to_disk })
        });
        self.copying.running.insert(lane, Fetch { output, cause, withdrawn: false });
        let source = Source::Segment { map, partition: self.spec.partition };
        Some(Work::read(from, source, volume.bytes))
    }

    /// Whether memory is over its limit, so that no fetch may begin until a merge has emptied it. In
    /// Hadoop a fetcher waits only when it met an output that would go there.
    fn must_wait(&mut self, recorder: &mut Recorder) -> bool {
        let must_wait = self
            .copying
            .waiting
            .iter()
            .any(|(output, _)| self.merges.stalls(output.size.raw_bytes));
        if must_wait && !std::mem::replace(&mut self.stalled, true) {
            let (attempt, (used_bytes, limit_bytes)) = (self.spec.id, self.merges.memory());
            recorder.record(Level::Tasks, Some(self.spec.node), self.journal.cause, || {
                EventKind::Batch(BatchEvent::FetchesStalled { attempt, used_bytes, limit_bytes })
            });
        }
        self.stalled &= must_wait;
        must_wait
    }

    /// A lane's fetch ended: takes the segment, when its checksum is right; one that is compressed
    /// and goes to memory once it is unpacked.
    pub fn arrived(
        &mut self,
        at: Time,
        lane: u32,
        served: Served,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) {
        match served {
            Served::Segment(segment) if segment.is_intact() => {
                let to_memory = self.merges.fits_memory(segment.size().raw_bytes);
                if segment.is_compressed() && to_memory {
                    let unpacking = Unpacking { segment, at, is_done: false };
                    self.copying.unpacking.insert(lane, unpacking);
                } else {
                    self.take_segment(at, lane, segment, recorder);
                }
            }
            Served::Segment(_) => self.read_failed(at, lane, ReadError::Checksum, recorder, out),
            Served::Input(_) => self.read_failed(at, lane, ReadError::NotFound, recorder, out),
        }
    }

    fn take_segment(&mut self, at: Time, lane: u32, segment: Segment, recorder: &mut Recorder) {
        let Some(fetch) = self.copying.running.remove(&lane) else { return };
        let (attempt, map, from) = (self.spec.id, fetch.output.map, fetch.output.node);
        let volume = segment.volume();
        self.journal.cause =
            recorder.record(Level::Tasks, Some(self.spec.node), fetch.cause, || {
                EventKind::Batch(BatchEvent::FetchFinished { attempt, map, from, volume })
            });
        self.copying.health.succeeded(at, map, from);
        self.copying.waiting.retain(|(output, _)| output.map.task != map.task);
        self.counters.shuffled_maps += 1;
        self.counters.reduce_shuffle_bytes += volume.bytes;
        if self.merges.take(map.task.index, segment, fetch.output.size.raw_bytes) {
            self.unwritten += volume.bytes;
        }
    }

    /// A lane's fetch failed: the coordinator hears of it at once (as it does with
    /// `mapreduce.reduce.shuffle.notify.readerror`), and the host is stayed away from for a while.
    pub fn read_failed(
        &mut self,
        at: Time,
        lane: u32,
        error: ReadError,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) {
        let Some(fetch) = self.copying.running.remove(&lane) else { return };
        self.merges.unreserve(fetch.output.size.raw_bytes);
        let (fetched, maps) = (self.fetched(), self.spec.maps);
        let timeout = self.spec.config.read_timeout;
        let (map, from) = (fetch.output.map, fetch.output.node);
        let failed = self.copying.health.failed(at, (map, from), (fetched, maps), timeout);
        let Failed { map_failures, host_failures, retry_after, gives_up } = failed;
        self.counters.failed_shuffle += 1;
        let attempt = self.spec.id;
        let cause = recorder.record(Level::Tasks, Some(self.spec.node), fetch.cause, || {
            EventKind::Failure(FailureEvent::FetchFailed {
                attempt,
                map,
                from,
                error,
                map_failures,
                host_failures,
                retry_after,
                reported: true,
            })
        });
        let node = self.spec.node;
        out.push(Effect::Send(Message::FetchFailed { node, attempt, map }, cause));
        out.push(Effect::Wake { attempt, host: from, after: retry_after });
        if !fetch.withdrawn {
            self.copying.waiting.push((fetch.output, cause));
        }
        if let Some(failing) = gives_up {
            self.journal.cause = cause;
            self.error = Some(TaskError::FetchesFailed { failing, fetched });
        }
    }

    /// A host's penalty is over.
    pub fn woken(&mut self, host: NodeId) {
        self.copying.health.pardon(host);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{PartitionId, TaskId};
    use crate::mapreduce::JobConfig;
    use crate::mapreduce::attempt::{Budget, Lane};
    use crate::mapreduce::bare::tests::config;
    use crate::mapreduce::reduce_attempt::ReduceSpec;
    use crate::mapreduce::segment::{SegmentCodec, SegmentWriter};
    use std::sync::Arc;

    const BUDGET: Budget = Budget { records: 100, bytes: 10_000 };

    /// `Fetcher.copyMapOutput`: what has the wrong checksum is no output. It is fetched again, and
    /// nothing of it is in the result.
    #[test]
    fn a_damaged_segment_is_a_failed_fetch_and_is_fetched_again() {
        for codec in [SegmentCodec::Plain, SegmentCodec::Lz4] {
            let mut writer = SegmentWriter::new(codec);
            writer.push(b"mill", &3_u32.to_be_bytes());
            let segment = writer.finish();
            let (node, map) = (NodeId(1), TaskId::map(0).attempt(0));
            let spec = ReduceSpec {
                id: TaskId::reduce(0).attempt(0),
                node,
                partition: PartitionId(0),
                maps: 1,
                replicate_to: None,
                config: Arc::new(JobConfig { codec, ..config() }),
            };
            let (mut recorder, mut out) = (Recorder::off(), Vec::new());
            let mut reduce = ReduceAttempt::new(spec, Cause::NONE);
            reduce.launch(&mut recorder);
            reduce.step(Lane::Main, BUDGET, &mut recorder);
            let output = MapOutputAt { map, node, size: segment.size() };
            reduce.learn(0, &[OutputLogEntry::Ready(output)], Cause::NONE, &mut recorder);
            assert!(reduce.step(Lane::Copy(0), BUDGET, &mut recorder).is_some());
            let damaged = Served::Segment(segment.damaged());
            reduce.arrived(Time::ZERO, 0, damaged, &mut recorder, &mut out);
            assert!(matches!(&out[0], Effect::Send(Message::FetchFailed { .. }, _)), "{codec:?}");
            assert!(reduce.step(Lane::Copy(0), BUDGET, &mut recorder).is_none(), "it stays away");
            reduce.woken(node);
            assert!(reduce.step(Lane::Copy(0), BUDGET, &mut recorder).is_some());
            let right = Served::Segment(segment);
            reduce.arrived(Time::ZERO, 0, right, &mut recorder, &mut out);
            while reduce.step(Lane::Copy(0), BUDGET, &mut recorder).is_some() {}
            while !reduce.is_asking() {
                reduce.step(Lane::Main, BUDGET, &mut recorder);
            }
            assert_eq!(reduce.commit(Cause::NONE, &mut recorder), "mill\t3\n");
            assert_eq!((reduce.counters().failed_shuffle, reduce.counters().shuffled_maps), (1, 1));
        }
    }
}
