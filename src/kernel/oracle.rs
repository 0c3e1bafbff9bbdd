//! The world against one that is slow and obviously right, over many seeds.
//!
//! The slow one keeps plain lists, moves every activity on at every event, and computes all rates
//! from nothing by the rule as `sharing` states it. It must agree to the bit. Its rates in turn
//! are compared with those of exact fair sharing, and with the theorem that characterises it.

use super::{Activity, ActivityId, Path, ResourceId, Ticket, World};
use crate::base::Time;
use crate::base::random::{Purpose, Random};

const SEEDS: u64 = 2_000;
const STEPS: u64 = 150;

/// The slow world. An event is its number, which is also its place in insertion order.
#[derive(Default)]
struct Slow {
    now: u64,
    capacities: Vec<u64>,
    timers: Vec<(u64, u64)>,
    flows: Vec<Flow>,
}

#[derive(Clone)]
struct Flow {
    id: ActivityId,
    event: u64,
    path: Vec<usize>,
    cap: u64,
    amount: u128,
    /// Micro-units.
    remaining: u128,
    /// Micro-units that flowed, counted by the rates of the world under test.
    flowed: u128,
    /// Its rate when time last passed.
    last: u64,
}

impl Slow {
    fn bound(&self, flow: &Flow) -> u64 {
        flow.path.iter().map(|r| self.capacities[*r]).fold(flow.cap, u64::min)
    }

    fn users(&self, resource: usize) -> impl Iterator<Item = usize> {
        (0..self.flows.len()).filter(move |f| self.flows[*f].path.contains(&resource))
    }

    fn is_tight(&self, resource: usize) -> bool {
        let demand: u128 =
            self.users(resource).map(|f| u128::from(self.bound(&self.flows[f]))).sum();
        demand > u128::from(self.capacities[resource])
    }

    /// Progressive filling, one step after another, over everything.
    fn rates(&self) -> Vec<u64> {
        let mut rates = vec![None; self.flows.len()];
        let tight: Vec<_> = (0..self.capacities.len()).filter(|r| self.is_tight(*r)).collect();
        loop {
            let shares = tight.iter().filter_map(|r| self.share(*r, &rates).map(|s| (s, *r)));
            let share = shares.min();
            let open = (0..self.flows.len()).filter(|f| rates[*f].is_none());
            let bound = open.map(|f| (self.bound(&self.flows[f]), f)).min();
            match (share, bound) {
                (_, None) => return rates.into_iter().flatten().collect(),
                (Some((share, resource)), Some((bound, _))) if share < bound => {
                    for flow in self.users(resource) {
                        rates[flow].get_or_insert(share);
                    }
                }
                (_, Some((bound, flow))) => rates[flow] = Some(bound),
            }
        }
    }

    fn share(&self, resource: usize, rates: &[Option<u64>]) -> Option<u64> {
        let taken: u64 = self.users(resource).filter_map(|f| rates[f]).sum();
        let open = self.users(resource).filter(|f| rates[*f].is_none()).count() as u64;
        (open > 0).then(|| (self.capacities[resource].saturating_sub(taken) / open).max(1))
    }

    /// The next event: its time and number.
    fn next(&self) -> Option<(u64, u64)> {
        let ends = self.flows.iter().zip(self.rates()).filter_map(|(flow, rate)| {
            let left = if flow.remaining == 0 {
                0
            } else {
                flow.remaining.div_ceil(u128::from(rate.max(1)))
            };
            (flow.remaining == 0 || rate > 0)
                .then(|| (self.now + u64::try_from(left).unwrap(), flow.event))
        });
        ends.chain(self.timers.iter().copied()).min()
    }

    fn advance(&mut self, to: u64) {
        let rates = self.rates();
        for (flow, rate) in self.flows.iter_mut().zip(rates) {
            let passed = u128::from(rate) * u128::from(to - self.now);
            flow.remaining = flow.remaining.saturating_sub(passed);
        }
        self.now = to;
    }
}

/// Both worlds, driven by the same random calls.
struct Pair {
    seed: u64,
    random: Random,
    fast: World<u64>,
    slow: Slow,
    resources: Vec<ResourceId>,
    tickets: Vec<(u64, Ticket)>,
    events: u64,
}

impl Pair {
    /// Half of the seeds have capacities so small that rounding and ties are everywhere.
    fn new(seed: u64) -> Pair {
        let mut random = Random::keyed(seed, Purpose::Test, 2, 0);
        let (mut fast, mut slow) = (World::new(), Slow::default());
        let resources = (0..random.between(1, 10)).map(|_| {
            let capacity = capacity(seed, &mut random);
            slow.capacities.push(capacity);
            fast.add_resource(capacity)
        });
        let resources = resources.collect();
        Pair { seed, random, fast, slow, resources, tickets: Vec::new(), events: 0 }
    }

    fn step(&mut self) {
        match self.random.below(16) {
            0..=5 => self.start(),
            6 => self.schedule(),
            7 => self.cancel(),
            8 => self.set_capacity(),
            9 => self.set_cap(),
            10 => self.cancel_timer(),
            _ => self.next(),
        }
    }

    fn choose(&mut self, from: usize) -> usize {
        usize::try_from(self.random.below(from as u64)).unwrap()
    }

    fn start(&mut self) {
        let mut places: Vec<usize> = (0..self.resources.len()).collect();
        self.random.shuffle(&mut places);
        places.truncate(self.random.below(7).try_into().unwrap());
        let path = places.iter().fold(Path::EMPTY, |path, place| path.and(self.resources[*place]));
        let cap = match self.random.below(4) {
            0 => Some(capacity(self.seed, &mut self.random)),
            _ => None,
        };
        let amount = self.random.below(3) * capacity(self.seed, &mut self.random);
        let id = self.fast.start(&Activity { path, amount, cap }, self.events);
        let free = places.is_empty() && cap.is_none();
        let micro = u128::from(amount) * 1_000_000;
        self.slow.flows.push(Flow {
            id,
            event: self.events,
            path: places,
            cap: cap.unwrap_or(u64::MAX),
            amount: if free { 0 } else { micro },
            remaining: if free { 0 } else { micro },
            flowed: 0,
            last: 0,
        });
        self.events += 1;
    }

    fn schedule(&mut self) {
        let at = self.slow.now + self.random.below(3_000_000);
        self.tickets.push((self.events, self.fast.schedule_at(Time(at), self.events)));
        self.slow.timers.push((at, self.events));
        self.events += 1;
    }

    fn cancel(&mut self) {
        if !self.slow.flows.is_empty() {
            let chosen = self.choose(self.slow.flows.len());
            let flow = self.slow.flows.remove(chosen);
            assert_eq!(self.fast.cancel(flow.id), Some(flow.event), "seed {}", self.seed);
        }
    }

    fn cancel_timer(&mut self) {
        if let Some((event, ticket)) = self.tickets.pop() {
            let waits = self.slow.timers.iter().any(|timer| timer.1 == event);
            self.slow.timers.retain(|timer| timer.1 != event);
            assert_eq!(
                self.fast.cancel_timer(ticket),
                waits.then_some(event),
                "seed {}",
                self.seed
            );
        }
    }

    fn set_capacity(&mut self) {
        let chosen = self.choose(self.resources.len());
        let capacity = match self.random.below(3) {
            0 => 0,
            _ => capacity(self.seed, &mut self.random),
        };
        self.slow.capacities[chosen] = capacity;
        self.fast.set_capacity(self.resources[chosen], capacity);
    }

    fn set_cap(&mut self) {
        if !self.slow.flows.is_empty() {
            let chosen = self.choose(self.slow.flows.len());
            let cap = self.random.below(2) * capacity(self.seed, &mut self.random);
            self.slow.flows[chosen].cap = cap;
            assert!(self.fast.set_cap(self.slow.flows[chosen].id, Some(cap)));
        }
    }

    fn next(&mut self) {
        let rates = self.slow.rates();
        let (before, expected) = (self.slow.now, self.slow.next());
        let next = self.fast.next().map(|(at, event)| (at.0, event));
        assert_eq!(next, expected, "seed {}", self.seed);
        let Some((at, event)) = next else { return };
        assert!(at >= before, "seed {}: time went back", self.seed);
        for (flow, rate) in self.slow.flows.iter_mut().zip(&rates) {
            flow.flowed += u128::from(*rate) * u128::from(at - before);
            if at > before {
                flow.last = *rate;
            }
        }
        if let Some(done) = self.slow.flows.iter().position(|flow| flow.event == event) {
            let flow = &self.slow.flows[done];
            assert!(flow.flowed >= flow.amount, "seed {}: {event} ended early", self.seed);
            assert!(
                flow.flowed <= flow.amount + u128::from(flow.last),
                "seed {}: {event} ended late",
                self.seed
            );
        }
        self.slow.advance(at);
        self.slow.flows.retain(|flow| flow.event != event);
        self.slow.timers.retain(|timer| timer.1 != event);
    }

    fn check(&mut self) {
        let rates = self.slow.rates();
        for (flow, rate) in self.slow.flows.iter().zip(&rates) {
            let event = flow.event;
            assert_eq!(self.fast.rate(flow.id), Some(*rate), "seed {}, flow {event}", self.seed);
            let left = u64::try_from(flow.remaining.div_ceil(1_000_000)).unwrap();
            assert_eq!(self.fast.remaining(flow.id), Some(left), "seed {}", self.seed);
        }
        self.check_commitment(&rates);
        self.check_fairness(&rates);
        self.check_against_exact(&rates);
    }

    /// No resource gives more than it has, unless somebody gets the one unit a second that
    /// everybody gets; and without capacity it gives nothing.
    fn check_commitment(&self, rates: &[u64]) {
        for (resource, capacity) in self.slow.capacities.iter().enumerate() {
            let users = || self.slow.users(resource).map(|f| rates[f]);
            let excess = if users().any(|rate| rate == 1) { users().count() as u64 } else { 0 };
            let most = if *capacity == 0 { 0 } else { capacity + excess };
            assert!(users().sum::<u64>() <= most, "seed {}: over {capacity}", self.seed);
        }
    }

    /// An allocation is max-min fair just when each flow runs at its bound or through a resource
    /// that is exhausted and gives nobody more (Bertsekas and Gallager, section 6.5.2).
    /// Exhausted means here that less than one unit a second for each user is left.
    fn check_fairness(&self, rates: &[u64]) {
        for (flow, rate) in self.slow.flows.iter().zip(rates) {
            let is_bottleneck = |resource: &usize| {
                let users = || self.slow.users(*resource).map(|f| rates[f]);
                users().sum::<u64>() + (users().count() as u64) > self.slow.capacities[*resource]
                    && users().all(|other| other <= *rate)
            };
            let fair = *rate == self.slow.bound(flow) || flow.path.iter().any(is_bottleneck);
            assert!(fair, "seed {}: flow {} could get more than {rate}", self.seed, flow.event);
        }
    }

    /// Within (number of flows)² units a second of sharing without any rounding.
    fn check_against_exact(&self, rates: &[u64]) {
        let most = (rates.len() * rates.len()) as u128;
        for (rate, exact) in rates.iter().zip(exact_rates(&self.slow)) {
            let apart = (u128::from(*rate) << FRACTION).abs_diff(exact);
            assert!(apart <= most << FRACTION, "seed {}: {rate}, {exact:x} / 2^32", self.seed);
        }
    }
}

/// Bits behind the point in exact rates.
const FRACTION: u32 = 32;

/// Fair sharing to 32 binary places, over all resources, tight or not.
fn exact_rates(slow: &Slow) -> Vec<u128> {
    let mut rates: Vec<Option<u128>> = vec![None; slow.flows.len()];
    loop {
        let share = |resource: usize| {
            let taken: u128 = slow.users(resource).filter_map(|f| rates[f]).sum();
            let open = slow.users(resource).filter(|f| rates[*f].is_none()).count() as u128;
            let capacity = u128::from(slow.capacities[resource]) << FRACTION;
            (open > 0).then(|| (capacity.saturating_sub(taken) / open, resource))
        };
        let least = (0..slow.capacities.len()).filter_map(share).min();
        let open = (0..rates.len()).filter(|f| rates[*f].is_none());
        let capped = open.map(|f| (u128::from(slow.flows[f].cap) << FRACTION, f)).min();
        match (least, capped) {
            (_, None) => return rates.into_iter().flatten().collect(),
            (Some((share, resource)), Some((cap, _))) if share < cap => {
                for flow in slow.users(resource) {
                    rates[flow].get_or_insert(share);
                }
            }
            (_, Some((cap, flow))) => rates[flow] = Some(cap),
        }
    }
}

fn capacity(seed: u64, random: &mut Random) -> u64 {
    match seed % 2 {
        0 => random.between(1, 12),
        _ => random.between(1, 20) * 12_345_678,
    }
}

/// Checks, at random steps only since a check shares anew: changes must also be right when
/// several of them come before the next sharing.
#[test]
fn the_world_agrees_with_the_slow_one_to_the_bit() {
    for seed in 0..SEEDS {
        let mut pair = Pair::new(seed);
        for _ in 0..STEPS {
            pair.step();
            if pair.random.chance(300_000) {
                pair.check();
            }
        }
    }
}

/// To the end of time: nothing is forgotten, and what is left is stalled.
#[test]
fn every_event_comes_unless_it_is_stalled() {
    for seed in 0..SEEDS / 10 {
        let mut pair = Pair::new(seed);
        (0..STEPS).for_each(|_| pair.step());
        while pair.slow.next().is_some() {
            pair.next();
        }
        assert_eq!(pair.fast.next(), None, "seed {seed}");
        let left: Vec<_> = pair.slow.flows.iter().map(|flow| flow.id).collect();
        assert!(left.iter().all(|id| pair.fast.rate(*id) == Some(0)), "seed {seed}");
    }
}

#[test]
fn a_clone_goes_on_as_the_original_does() {
    for seed in 0..SEEDS / 10 {
        let mut pair = Pair::new(seed);
        (0..STEPS).for_each(|_| pair.step());
        let mut clone = pair.fast.clone();
        let originals: Vec<_> = std::iter::from_fn(|| pair.fast.next()).collect();
        let clones: Vec<_> = std::iter::from_fn(|| clone.next()).collect();
        assert_eq!(originals, clones, "seed {seed}");
        assert_eq!(format!("{:?}", pair.fast), format!("{clone:?}"), "seed {seed}");
    }
}
