//! One direction of the way between a node and the coordinator, as over TCP: what is lost is sent
//! again, what comes twice is thrown away, and so all arrives once and in order.
//!
//! Pure: it says what arrives when and what was lost; the driver lets that happen. What is lost is
//! sent again after 200 ms, which is Linux's least retransmission time-out (`TCP_RTO_MIN`), and
//! after twice as long each time that it is lost again. That this ends at 5 s is ours: Linux goes
//! on to 120 s, which would make a lesson long. What stands behind a lost message waits for it.
//! Acknowledgements are not modelled; that one is lost shows as a message that comes twice.

use crate::base::random::{Purpose, Random};
use crate::base::{Span, Time};
use std::collections::VecDeque;

/// How long after its first loss a message is sent again.
const FIRST_AGAIN: Span = Span::from_millis(200);

/// The longest that a lost message waits.
const AGAIN_MAX: Span = Span::from_secs(5);

/// Parts in a million in a percent.
const PERCENT: u64 = 10_000;

/// What the way is like now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// Whether anything gets through.
    pub(super) open: bool,
    /// How long it takes.
    pub(super) latency: Span,
    /// Percent of what is sent that are lost everywhere.
    pub(super) lost_percent: u32,
    /// Percent of the rest that are lost at this node.
    pub(super) lost_here_percent: u32,
    /// Percent of what gets through that comes twice.
    pub(super) doubled_percent: u32,
}

/// A message on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    number: u64,
    round: u32,
}

/// The moment at which a channel sends again what it lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Again {
    round: u32,
}

/// What came of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sending {
    /// It is on its way.
    Arrives { at: Time, packet: Packet },
    /// It was lost, for so many times in a row now.
    Lost { tries: u32, again_after: Span, again: Again },
}

/// What came of an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Arrival<T> {
    /// The next message is there.
    Delivered(T),
    /// It was there already.
    Duplicate,
    /// It belongs to a connection that is no more, or was lost just before the end.
    Nothing,
}

/// One direction between a node and the coordinator.
#[derive(Clone, Debug)]
pub(super) struct Channel<T> {
    seed: u64,
    /// Which channel of the run it is: the entity of its luck.
    entity: u64,
    /// How often anything was sent: which luck comes next.
    sent: u64,
    /// What has not arrived; the first of it has the number `first`.
    waiting: VecDeque<T>,
    first: u64,
    /// The number of the first that is not on its way.
    next: u64,
    /// What is on its way from an earlier round does not count any more.
    round: u32,
    /// How often the message `next` was lost in a row; above 0 it waits to be sent again.
    tries: u32,
    last_arrival: Time,
}

impl<T> Channel<T> {
    /// A channel of this name, with nothing in it.
    pub(super) fn new(seed: u64, entity: u64) -> Channel<T> {
        Channel {
            seed,
            entity,
            sent: 0,
            waiting: VecDeque::new(),
            first: 0,
            next: 0,
            round: 0,
            tries: 0,
            last_arrival: Time::ZERO,
        }
    }

    /// Sends a message, behind all that wait.
    pub(super) fn send(&mut self, at: Time, message: T, way: &Way, out: &mut Vec<Sending>) {
        self.waiting.push_back(message);
        if self.tries == 0 {
            self.transmit(at, way, out);
        }
    }

    /// Sends again what was lost, and what waited behind it.
    pub(super) fn send_again(&mut self, at: Time, again: Again, way: &Way, out: &mut Vec<Sending>) {
        if again.round == self.round {
            self.transmit(at, way, out);
        }
    }

    /// A message reaches the other end, unless the way was closed before.
    pub(super) fn arrive(
        &mut self,
        packet: Packet,
        way: &Way,
        out: &mut Vec<Sending>,
    ) -> Arrival<T> {
        if packet.round != self.round {
            return Arrival::Nothing;
        }
        if packet.number < self.first {
            return if way.open { Arrival::Duplicate } else { Arrival::Nothing };
        }
        if !way.open {
            self.begin_round(packet.number);
            self.lose(out);
            return Arrival::Nothing;
        }
        self.first += 1;
        self.waiting.pop_front().map_or(Arrival::Nothing, Arrival::Delivered)
    }

    /// The message that is to be sent next.
    pub(super) fn next(&self) -> Option<&T> {
        self.waiting.get(usize::try_from(self.next - self.first).ok()?)
    }

    /// The connection is no more: what has not arrived never will.
    pub(super) fn reset(&mut self) {
        self.first += self.waiting.len() as u64;
        self.waiting.clear();
        self.begin_round(self.first);
    }

    /// Nothing is on its way any more; it goes on with this message.
    fn begin_round(&mut self, next: u64) {
        self.round = self.round.wrapping_add(1);
        self.next = next;
        self.tries = 0;
        self.last_arrival = Time::ZERO;
    }

    fn transmit(&mut self, at: Time, way: &Way, out: &mut Vec<Sending>) {
        while self.next < self.first + self.waiting.len() as u64 {
            let Some(copies) = self.copies(way) else { return self.lose(out) };
            let packet = Packet { number: self.next, round: self.round };
            let at = self.last_arrival.max(at + way.latency);
            self.last_arrival = at;
            self.next += 1;
            self.tries = 0;
            out.extend((0..copies).map(|_| Sending::Arrives { at, packet }));
        }
    }

    /// How often the next message arrives, by luck; nothing when it is lost.
    fn copies(&mut self, way: &Way) -> Option<u32> {
        if !way.open {
            return None;
        }
        if (way.lost_percent, way.lost_here_percent, way.doubled_percent) == (0, 0, 0) {
            return Some(1);
        }
        let mut random = Random::keyed(self.seed, Purpose::Message, self.entity, self.sent);
        self.sent += 1;
        let mut luck = |percent: u32| random.chance(u64::from(percent) * PERCENT);
        let lost = [luck(way.lost_percent), luck(way.lost_here_percent)];
        let doubled = luck(way.doubled_percent);
        (lost == [false, false]).then_some(1 + u32::from(doubled))
    }

    fn lose(&mut self, out: &mut Vec<Sending>) {
        self.tries += 1;
        let doublings = (self.tries - 1).min(16);
        let again_after = Span((FIRST_AGAIN.0 << doublings).min(AGAIN_MAX.0));
        let again = Again { round: self.round };
        out.push(Sending::Lost { tries: self.tries, again_after, again });
    }
}

#[cfg(test)]
mod tests;
