//! Each rule of the world, with numbers worked by hand.

use super::{Activity, ActivityId, Path, ResourceId, World};
use crate::base::{Span, Time};

const SECOND: u64 = 1_000_000;

fn through(path: &[ResourceId], amount: u64) -> Activity {
    Activity { path: Path::through(path), amount, cap: None }
}

fn rates(world: &mut World<&'static str>, ids: &[ActivityId]) -> Vec<u64> {
    ids.iter().map(|id| world.rate(*id).unwrap()).collect()
}

fn run<E>(world: &mut World<E>) -> Vec<(u64, E)> {
    std::iter::from_fn(|| world.next()).map(|(at, event)| (at.0, event)).collect()
}

/// The second link is exhausted first and fixes two flows at 3; what the first link has left
/// goes to the other two, (13 − 3) / 2 each.
#[test]
fn the_tightest_link_fixes_its_flows_and_the_others_share_what_they_leave() {
    let mut world = World::new();
    let [first, second] = [13, 6].map(|capacity| world.add_resource(capacity));
    let paths: [&[_]; 4] = [&[first], &[first], &[first, second], &[second]];
    let flows = paths.map(|path| world.start(&through(path, 100), "sent"));
    assert_eq!(rates(&mut world, &flows), [5, 5, 3, 3]);
    assert_eq!((world.used(first), world.used(second)), (13, 6));
}

/// Three links in a row, one long flow through all and a short one on each: the long one gets
/// half of the narrowest link, and each short one what is left on its own.
#[test]
fn a_long_flow_gets_its_share_of_the_narrowest_link() {
    let mut world = World::new();
    let links = [100, 40, 70].map(|capacity| world.add_resource(capacity));
    let long = world.start(&through(&links, 100), "long");
    let short = links.map(|link| world.start(&through(&[link], 100), "short"));
    assert_eq!(rates(&mut world, &[long]), [20]);
    assert_eq!(rates(&mut world, &short), [80, 20, 50]);
}

#[test]
fn what_a_cap_leaves_goes_to_the_others() {
    let mut world = World::new();
    let disk = world.add_resource(100);
    let slow = world.start(&Activity { cap: Some(10), ..through(&[disk], 100) }, "slow");
    let others = [(); 2].map(|()| world.start(&through(&[disk], 100), "other"));
    assert_eq!(rates(&mut world, &[slow, others[0], others[1]]), [10, 45, 45]);
    world.set_cap(slow, Some(30));
    assert_eq!(rates(&mut world, &[slow, others[0], others[1]]), [30, 35, 35]);
    world.set_cap(slow, None);
    assert_eq!(rates(&mut world, &[slow, others[0], others[1]]), [33, 33, 33]);
}

/// 10 units at 3 a second take 3.333333… s.
#[test]
fn completion_is_the_ceiling() {
    let mut world = World::new();
    let disk = world.add_resource(3);
    world.start(&through(&[disk], 10), "read");
    assert_eq!(run(&mut world), [(3_333_334, "read")]);
}

/// A thousand units of others come between, each at half the speed of 2: 3,000 + 1,000 units at
/// 2 a second are 2,000 s, to the microsecond, though the rate changed two thousand times.
#[test]
fn nothing_is_lost_by_changes_of_rate() {
    let mut world = World::new();
    let disk = world.add_resource(2);
    world.start(&through(&[disk], 3_000), "long");
    for second in 0..1_000 {
        world.schedule_at(Time(second * SECOND + 7), "start");
    }
    while let Some((at, event)) = world.next() {
        match event {
            "start" => drop(world.start(&through(&[disk], 1), "short")),
            "long" => assert_eq!(at, Time(2_000 * SECOND)),
            _ => assert_eq!(at.0 % SECOND, 7),
        }
    }
    assert_eq!(world.now(), Time(2_000 * SECOND));
}

#[test]
fn everybody_gets_at_least_one_unit_a_second() {
    let mut world = World::new();
    let disk = world.add_resource(3);
    let reads = [(); 5].map(|()| world.start(&through(&[disk], 4), "read"));
    assert_eq!(rates(&mut world, &reads), [1; 5]);
    assert_eq!(run(&mut world), [(4 * SECOND, "read"); 5]);
}

/// Half of 100 units is read when the disk stops for 10 s, and comes back at a tenth.
#[test]
fn without_capacity_work_stalls_and_goes_on_later() {
    let mut world = World::new();
    let disk = world.add_resource(100);
    let read = world.start(&through(&[disk], 100), "read");
    world.advance_to(Time(SECOND / 2));
    world.set_capacity(disk, 0);
    assert_eq!((world.next(), world.rate(read), world.remaining(read)), (None, Some(0), Some(50)));
    world.advance_to(Time(10 * SECOND));
    assert_eq!(world.remaining(read), Some(50));
    world.set_capacity(disk, 10);
    assert_eq!(world.next(), Some((Time(15 * SECOND), "read")));
}

/// A link that is cut stalls the flows through it, and leaves the others their links.
#[test]
fn a_stalled_flow_uses_nothing_of_its_other_links() {
    let mut world = World::new();
    let [card, cut] = [100, 100].map(|capacity| world.add_resource(capacity));
    let far = world.start(&through(&[card, cut], 100), "far");
    let near = world.start(&through(&[card], 100), "near");
    assert_eq!(rates(&mut world, &[far, near]), [50, 50]);
    world.set_capacity(cut, 0);
    assert_eq!(rates(&mut world, &[far, near]), [0, 100]);
    assert_eq!((world.used(card), world.users(card)), (100, 2));
}

/// What has been served in full by now is complete, whatever happens to its resource now.
#[test]
fn what_is_complete_now_is_not_stalled_now() {
    let mut world = World::new();
    let [one, other] = [100, 100].map(|capacity| world.add_resource(capacity));
    world.start(&through(&[one], 100), "one");
    world.start(&through(&[other], 100), "other");
    assert_eq!(world.next(), Some((Time(SECOND), "one")));
    world.set_capacity(other, 0);
    assert_eq!(world.next(), Some((Time(SECOND), "other")));
}

#[test]
fn at_the_same_time_what_began_first_comes_first() {
    let mut world = World::new();
    let disk = world.add_resource(100);
    world.schedule_at(Time(2 * SECOND), "timer before");
    world.start(&through(&[disk], 100), "first read");
    world.start(&through(&[disk], 100), "second read");
    world.schedule_at(Time(2 * SECOND), "timer after");
    let order = ["timer before", "first read", "second read", "timer after"];
    assert_eq!(run(&mut world), order.map(|event| (2 * SECOND, event)));
}

#[test]
fn what_has_nothing_to_wait_for_is_complete_now_behind_what_happens_now() {
    let mut world = World::new();
    let disk = world.add_resource(100);
    world.schedule_after(Span::ZERO, "timer");
    world.start(&through(&[], 5), "no path");
    world.start(&through(&[disk], 0), "no amount");
    assert_eq!(run(&mut world), [(0, "timer"), (0, "no path"), (0, "no amount")]);
    world.start(&Activity { cap: Some(10), ..through(&[], 5) }, "capped");
    assert_eq!(world.next(), Some((Time(SECOND / 2), "capped")));
}

#[test]
fn what_is_cancelled_leaves_its_share_to_the_others() {
    let mut world = World::new();
    let disk = world.add_resource(100);
    let [long, short] = [150, 50].map(|amount| world.start(&through(&[disk], amount), "read"));
    let timer = world.schedule_after(Span(1), "timer");
    assert_eq!(world.cancel_timer(timer), Some("timer"));
    world.advance_to(Time(SECOND / 2));
    assert_eq!((world.cancel(short), world.cancel(short)), (Some("read"), None));
    assert_eq!((world.rate(short), world.remaining(long)), (None, Some(125)));
    assert_eq!(run(&mut world), [(1_750_000, "read")]);
    assert_eq!((world.cancel(long), world.set_cap(long, None)), (None, false));
}

/// 2^64 − 1 units at 10^9 a second: the micro-units need more than 64 bits, the time does not.
#[test]
fn the_largest_amount_comes_to_its_end() {
    let mut world = World::new();
    let cores = world.add_resource(1_000_000_000);
    world.start(&through(&[cores], u64::MAX), "computed");
    assert_eq!(run(&mut world), [(u64::MAX.div_ceil(1_000), "computed")]);
}

#[test]
#[should_panic(expected = "twice")]
fn a_path_uses_no_resource_twice() {
    let mut world = World::<()>::new();
    let disk = world.add_resource(1);
    let _ = Path::through(&[disk, disk]);
}

#[test]
#[should_panic(expected = "an event comes before")]
fn time_does_not_pass_over_an_event() {
    let mut world = World::new();
    world.schedule_at(Time(5), ());
    world.advance_to(Time(6));
}
