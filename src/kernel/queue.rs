//! The event queue: what happens when, ties in the order of insertion.
//!
//! A four-way heap in which each entry knows its place, so that an entry can be moved or taken
//! out at once. Rates change often, and with them the times of completions: a queue that left
//! stale entries behind would mostly hold those, and its memory would have no bound.

use crate::base::Time;

/// The moment that never comes. An entry that lies here waits until it is moved.
pub const NEVER: Time = Time(u64::MAX);

/// Children of a heap node. Four make the heap half as deep as two, and lie in one or two lines
/// of the cache.
const WIDTH: usize = 4;

/// Events by time, those of the same time in the order in which they were pushed.
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    heap: Vec<Entry>,
    /// Where in the heap the entry of each slot is; apart from the events, to be dense.
    places: Vec<u32>,
    slots: Vec<Slot<E>>,
    free: Vec<u32>,
    pushed: u64,
}

/// Names an event in the queue that it came from, until it is popped or cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket {
    slot: u32,
    generation: u32,
}

impl Ticket {
    /// Names nothing.
    pub(super) const VOID: Ticket = Ticket { slot: u32::MAX, generation: 0 };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: Time,
    order: u64,
    slot: u32,
}

#[derive(Clone, Debug)]
struct Slot<E> {
    /// How often the slot was emptied; a ticket of another generation is void.
    generation: u32,
    event: Option<E>,
}

impl<E> Default for EventQueue<E> {
    fn default() -> EventQueue<E> {
        EventQueue {
            heap: Vec::new(),
            places: Vec::new(),
            slots: Vec::new(),
            free: Vec::new(),
            pushed: 0,
        }
    }
}

impl<E> EventQueue<E> {
    /// An empty queue.
    pub fn new() -> EventQueue<E> {
        EventQueue::default()
    }

    /// Events that wait, those at [`NEVER`] included.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Adds an event, behind all others of the same time.
    ///
    /// # Panics
    /// When 2^32 events wait.
    pub fn push(&mut self, at: Time, event: E) -> Ticket {
        let slot = self.occupy(event);
        let entry = Entry { at, order: self.pushed, slot };
        self.pushed += 1;
        self.heap.push(entry);
        self.sift_up(self.heap.len() - 1, entry);
        Ticket { slot, generation: self.slots[slot as usize].generation }
    }

    /// The time of the earliest event; nothing when none will ever come.
    pub fn next_time(&self) -> Option<Time> {
        self.heap.first().map(|entry| entry.at).filter(|at| *at != NEVER)
    }

    /// Takes the earliest event; nothing when none will ever come.
    pub fn pop(&mut self) -> Option<(Time, E)> {
        let at = self.next_time()?;
        Some((at, self.remove(0)?))
    }

    /// Takes an event out before its time; nothing when it is gone already.
    pub fn cancel(&mut self, ticket: Ticket) -> Option<E> {
        let place = self.place(ticket)?;
        self.remove(place)
    }

    /// Moves an event to another time. Among others of that time it keeps the order in which it
    /// was pushed. False when it is gone already.
    pub fn reschedule(&mut self, ticket: Ticket, at: Time) -> bool {
        let Some(place) = self.place(ticket) else { return false };
        self.restore(place, Entry { at, ..self.heap[place] });
        true
    }

    fn place(&self, ticket: Ticket) -> Option<usize> {
        let slot = self.slots.get(ticket.slot as usize)?;
        (slot.generation == ticket.generation && slot.event.is_some())
            .then(|| self.places[ticket.slot as usize] as usize)
    }

    fn occupy(&mut self, event: E) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize].event = Some(event);
            return slot;
        }
        let slot = u32::try_from(self.slots.len()).expect("fewer than 2^32 events wait");
        self.slots.push(Slot { generation: 0, event: Some(event) });
        self.places.push(0);
        slot
    }

    fn remove(&mut self, place: usize) -> Option<E> {
        let slot = self.heap[place].slot;
        let last = self.heap.pop()?;
        if place < self.heap.len() {
            self.restore(place, last);
        }
        self.free.push(slot);
        let slot = &mut self.slots[slot as usize];
        slot.generation = slot.generation.wrapping_add(1);
        slot.event.take()
    }

    /// Puts an entry into the heap at or near a place that is vacant.
    fn restore(&mut self, place: usize, entry: Entry) {
        if place > 0 && entry < self.heap[(place - 1) / WIDTH] {
            self.sift_up(place, entry);
        } else {
            self.sift_down(place, entry);
        }
    }

    fn sift_up(&mut self, mut place: usize, entry: Entry) {
        while place > 0 {
            let parent = (place - 1) / WIDTH;
            if self.heap[parent] <= entry {
                break;
            }
            self.put(place, self.heap[parent]);
            place = parent;
        }
        self.put(place, entry);
    }

    fn sift_down(&mut self, mut place: usize, entry: Entry) {
        while let Some(child) = self.least_child(place) {
            if entry <= self.heap[child] {
                break;
            }
            self.put(place, self.heap[child]);
            place = child;
        }
        self.put(place, entry);
    }

    fn least_child(&self, place: usize) -> Option<usize> {
        let first = place * WIDTH + 1;
        let end = (first + WIDTH).min(self.heap.len());
        let mut least = None;
        for child in first..end {
            if least.is_none_or(|other: usize| self.heap[child] < self.heap[other]) {
                least = Some(child);
            }
        }
        least
    }

    fn put(&mut self, place: usize, entry: Entry) {
        self.heap[place] = entry;
        self.places[entry.slot as usize] = u32::try_from(place).unwrap_or(u32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Random};

    #[test]
    fn events_come_by_time_and_ties_in_the_order_of_insertion() {
        let mut queue = EventQueue::new();
        for (at, name) in [(5, "c"), (2, "a"), (5, "d"), (2, "b"), (9, "e")] {
            queue.push(Time(at), name);
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        let times: Vec<_> = order.iter().map(|(at, _)| at.0).collect();
        let names: String = order.iter().map(|(_, name)| *name).collect();
        assert_eq!((times.as_slice(), names.as_str()), ([2, 2, 5, 5, 9].as_slice(), "abcde"));
    }

    #[test]
    fn a_moved_event_keeps_its_order_among_those_of_its_new_time() {
        let mut queue = EventQueue::new();
        let early = queue.push(Time(1), "first in");
        queue.push(Time(7), "second in");
        assert!(queue.reschedule(early, Time(7)));
        assert_eq!(queue.pop(), Some((Time(7), "first in")));
        assert_eq!(queue.pop(), Some((Time(7), "second in")));
    }

    #[test]
    fn a_ticket_is_void_once_its_event_is_gone_and_its_slot_is_used_again() {
        let mut queue = EventQueue::new();
        let old = queue.push(Time(1), "old");
        assert_eq!(queue.cancel(old), Some("old"));
        let new = queue.push(Time(1), "new");
        assert_eq!(queue.cancel(old), None);
        assert!(!queue.reschedule(old, Time(3)));
        assert_eq!(queue.pop(), Some((Time(1), "new")));
        assert_eq!(queue.cancel(new), None);
    }

    #[test]
    fn what_never_comes_is_not_popped_until_it_is_moved() {
        let mut queue = EventQueue::new();
        let stalled = queue.push(NEVER, "stalled");
        assert_eq!((queue.next_time(), queue.pop(), queue.len()), (None, None, 1));
        queue.reschedule(stalled, Time(4));
        assert_eq!(queue.pop(), Some((Time(4), "stalled")));
    }

    #[test]
    fn cancelled_events_take_no_memory() {
        let mut queue = EventQueue::new();
        for round in 0..10_000 {
            let tickets = [3, 1, 2].map(|later| queue.push(Time(round + later), ()));
            for ticket in tickets {
                queue.cancel(ticket);
            }
        }
        assert_eq!((queue.len(), queue.slots.len(), queue.free.len()), (0, 3, 3));
    }

    /// Against a plain list that is searched from end to end.
    #[test]
    fn any_mix_of_calls_gives_what_a_sorted_list_gives() {
        for seed in 0..300 {
            let mut random = Random::keyed(seed, Purpose::Test, 1, 0);
            let (mut queue, mut list) = (EventQueue::new(), Vec::<(Time, u64, Ticket)>::new());
            for order in 0..400 {
                let at = Time(random.below(50));
                match random.below(5) {
                    0 | 1 => list.push((at, order, queue.push(at, order))),
                    2 if !list.is_empty() => {
                        let chosen = usize::try_from(random.below(list.len() as u64)).unwrap();
                        let (_, event, ticket) = list.remove(chosen);
                        assert_eq!(queue.cancel(ticket), Some(event), "seed {seed}");
                    }
                    3 if !list.is_empty() => {
                        let chosen = usize::try_from(random.below(list.len() as u64)).unwrap();
                        list[chosen].0 = at;
                        assert!(queue.reschedule(list[chosen].2, at), "seed {seed}");
                    }
                    _ => {
                        let least = list.iter().min_by_key(|(at, order, _)| (*at, *order)).copied();
                        list.retain(|entry| Some(entry.1) != least.map(|least| least.1));
                        let expected = least.map(|(at, order, _)| (at, order));
                        assert_eq!(queue.pop(), expected, "seed {seed}");
                    }
                }
                assert_eq!(queue.len(), list.len(), "seed {seed}");
            }
        }
    }
}
