//! What a node reads from others, and what others read from it. Its own disk answers at once.

use super::{Node, Posted};
use crate::base::{AttemptId, BlockId, NodeId, Time};
use crate::live::reads::Reader;
use crate::live::wire::{Found, Parcel, ToPeer, Wanted, found, joined, open, seal};
use crate::mapreduce::attempt::{Lane, Read};
use crate::mapreduce::node_agent::Effect;
use crate::trace::failure::ReadError;
use bytes::Bytes;

impl Node {
    /// Hears what another node posted: it wants to read, or answers.
    pub fn hear_peer(&mut self, wall: Time, from: NodeId, parcel: Parcel) {
        self.look(wall);
        match open::<ToPeer>(&parcel) {
            None => debug_assert!(false, "{from} posted what is no message"),
            Some(ToPeer::Read { number, wanted }) => self.serve(from, number, wanted),
            Some(ToPeer::Answer { number, found }) => {
                let payload = parcel.payloads.into_iter().next();
                match self.reads.end(number) {
                    Some(Reader::Lane(attempt, lane)) => {
                        self.end_read(attempt, lane, found, payload);
                    }
                    Some(Reader::Copy(block, from)) => self.end_copy(block, from, found, payload),
                    None => {}
                }
            }
        }
        self.keep_time();
    }

    /// A lane wants to read.
    pub(super) fn read(&mut self, attempt: AttemptId, lane: Lane, read: Read) {
        self.turns.wait(attempt, lane);
        let wanted = Wanted::Source(read.source);
        if read.from == self.setup.node {
            let (found, payload) = self.look_up(wanted);
            return self.end_read(attempt, lane, found, payload);
        }
        self.ask(read.from, Reader::Lane(attempt, lane), wanted);
    }

    /// A block is to be copied to this node's disk.
    pub(super) fn copy(&mut self, block: BlockId, from: NodeId) {
        self.ask(from, Reader::Copy(block, from), Wanted::Block(block));
    }

    /// Those who waited too long for another node are told so.
    pub(super) fn fail_late_reads(&mut self, at: Time) {
        for (reader, waited) in self.reads.expire(at, self.setup.job.read_timeout) {
            match reader {
                Reader::Lane(attempt, lane) => {
                    self.fail_read(attempt, lane, ReadError::NoConnection { waited });
                }
                Reader::Copy(block, from) => self.end_copy(block, from, None, None),
            }
        }
    }

    fn ask(&mut self, from: NodeId, reader: Reader, wanted: Wanted) {
        let number = self.reads.begin(self.clock.now(), reader);
        let parcel = seal(&ToPeer::Read { number, wanted }, Vec::new());
        self.out.push(Posted::ToPeer(from, parcel));
    }

    fn serve(&mut self, to: NodeId, number: u32, wanted: Wanted) {
        let (found, payload) = self.look_up(wanted);
        let answer = ToPeer::Answer { number, found };
        self.out.push(Posted::ToPeer(to, seal(&answer, payload.into_iter().collect())));
    }

    fn look_up(&self, wanted: Wanted) -> (Option<Found>, Option<Bytes>) {
        let on_disk = match wanted {
            Wanted::Source(source) => self.agent.serve(&source).map(found),
            Wanted::Block(block) => {
                let block = self.agent.disk().blocks.get(&block);
                block.map(|(offset, bytes)| (Found::Block { offset: *offset }, bytes.clone()))
            }
        };
        on_disk.unzip()
    }

    fn end_read(
        &mut self,
        attempt: AttemptId,
        lane: Lane,
        found: Option<Found>,
        payload: Option<Bytes>,
    ) {
        let served = match joined(found, payload) {
            Ok(served) => served,
            Err(error) => return self.fail_read(attempt, lane, error),
        };
        let (at, mut effects) = (self.clock.now(), Vec::new());
        self.agent.arrived(at, attempt, lane, served, &mut self.recorder, &mut effects);
        self.resume(attempt, lane, effects);
    }

    fn fail_read(&mut self, attempt: AttemptId, lane: Lane, error: ReadError) {
        let (at, mut effects) = (self.clock.now(), Vec::new());
        self.agent.read_failed(at, attempt, lane, error, &mut self.recorder, &mut effects);
        self.resume(attempt, lane, effects);
    }

    fn resume(&mut self, attempt: AttemptId, lane: Lane, effects: Vec<Effect>) {
        self.turns.resume(attempt, lane);
        self.carry_out(effects);
    }

    fn end_copy(
        &mut self,
        block: BlockId,
        from: NodeId,
        found: Option<Found>,
        payload: Option<Bytes>,
    ) {
        let copy = match (found, payload) {
            (Some(Found::Block { offset }), Some(bytes)) => Some((offset, bytes)),
            (None | Some(Found::Block { .. } | Found::Input | Found::Segment { .. }), _) => None,
        };
        let mut effects = Vec::new();
        self.agent.copied(block, from, copy, &mut effects);
        self.carry_out(effects);
    }
}
