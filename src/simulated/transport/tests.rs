//! Of the channel by itself: by hand, and under any loss, doubling and cut.

use super::*;

const CLEAR: Way = Way {
    open: true,
    latency: Span::from_millis(1),
    lost_percent: 0,
    lost_here_percent: 0,
    doubled_percent: 0,
};
const CLOSED: Way = Way { open: false, ..CLEAR };

fn lost_for(out: &[Sending]) -> Option<Span> {
    match out.last() {
        Some(Sending::Lost { again_after, .. }) => Some(*again_after),
        Some(Sending::Arrives { .. }) | None => None,
    }
}

#[test]
fn without_loss_a_message_takes_the_latency() {
    let mut channel = Channel::new(1, 0);
    let mut out = Vec::new();
    channel.send(Time(5), "one", &CLEAR, &mut out);
    let [Sending::Arrives { at: Time(1_005), packet }] = out[..] else { panic!("{out:?}") };
    assert_eq!(channel.arrive(packet, &CLEAR, &mut out), Arrival::Delivered("one"));
    assert_eq!(channel.arrive(packet, &CLEAR, &mut out), Arrival::Duplicate);
}

/// Linux's least time-out, doubled each time; the most is ours.
#[test]
fn what_is_lost_waits_200_ms_and_twice_as_long_each_time_up_to_5_s() {
    let mut channel = Channel::new(1, 0);
    let mut out = Vec::new();
    channel.send(Time::ZERO, "one", &CLOSED, &mut out);
    let mut waits = Vec::new();
    while waits.len() < 7 {
        let Some(Sending::Lost { again_after, again, .. }) = out.pop() else { panic!("{out:?}") };
        waits.push(again_after.0 / 1_000);
        channel.send_again(Time::ZERO, again, &CLOSED, &mut out);
    }
    assert_eq!(waits, [200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
}

#[test]
fn what_stands_behind_a_lost_message_waits_and_then_follows_it() {
    let mut channel = Channel::new(1, 0);
    let mut out = Vec::new();
    channel.send(Time::ZERO, "one", &CLOSED, &mut out);
    channel.send(Time::ZERO, "two", &CLEAR, &mut out);
    let [Sending::Lost { again, .. }] = out[..] else { panic!("{out:?}") };
    out.clear();
    channel.send_again(Time(200_000), again, &CLEAR, &mut out);
    let [Sending::Arrives { at, packet: one }, Sending::Arrives { packet: two, .. }] = out[..]
    else {
        panic!("{out:?}")
    };
    assert_eq!(at, Time(201_000));
    assert_eq!(channel.arrive(one, &CLEAR, &mut out), Arrival::Delivered("one"));
    assert_eq!(channel.arrive(two, &CLEAR, &mut out), Arrival::Delivered("two"));
}

/// A cut strikes while two are on their way: both are lost, and both are sent again in order.
#[test]
fn what_is_on_its_way_when_the_way_is_closed_is_sent_again() {
    let mut channel = Channel::new(1, 0);
    let mut out = Vec::new();
    channel.send(Time::ZERO, "one", &CLEAR, &mut out);
    channel.send(Time::ZERO, "two", &CLEAR, &mut out);
    let [Sending::Arrives { packet: one, .. }, Sending::Arrives { packet: two, .. }] = out[..]
    else {
        panic!("{out:?}")
    };
    assert_eq!(channel.arrive(one, &CLOSED, &mut out), Arrival::Nothing);
    assert_eq!(lost_for(&out), Some(Span::from_millis(200)));
    assert_eq!(channel.arrive(two, &CLEAR, &mut out), Arrival::Nothing);
    let Some(Sending::Lost { again, .. }) = out.pop() else { panic!("{out:?}") };
    out.clear();
    channel.send_again(Time(200_000), again, &CLEAR, &mut out);
    assert_eq!(out.len(), 2);
}

#[test]
fn a_reset_forgets_what_has_not_arrived() {
    let mut channel = Channel::new(1, 0);
    let mut out = Vec::new();
    channel.send(Time::ZERO, "old", &CLEAR, &mut out);
    let Some(Sending::Arrives { packet, .. }) = out.pop() else { panic!("{out:?}") };
    channel.reset();
    assert_eq!(channel.arrive(packet, &CLEAR, &mut out), Arrival::Nothing);
    channel.send(Time::ZERO, "new", &CLEAR, &mut out);
    let Some(Sending::Arrives { packet, .. }) = out.pop() else { panic!("{out:?}") };
    assert_eq!(channel.arrive(packet, &CLEAR, &mut out), Arrival::Delivered("new"));
}

/// What happens on the test's own clock.
#[derive(Clone, Copy, Debug)]
enum Next {
    Arrive(Packet),
    Again(Again),
    Send(u64),
}

/// Messages arrive once and in order, whatever is lost, doubled, slowed or cut, as long as the way
/// is open in the end.
#[test]
fn all_arrive_once_and_in_order_under_any_luck() {
    for seed in 0..500 {
        assert_eq!(deliver(seed, 40), (0..40).collect::<Vec<u64>>(), "seed {seed}");
    }
}

fn deliver(seed: u64, messages: u64) -> Vec<u64> {
    let mut random = Random::keyed(seed, Purpose::Test, 0, 0);
    let percent = |random: &mut Random, most: u64| u32::try_from(random.below(most)).unwrap();
    let (lost, here, doubled) =
        (percent(&mut random, 60), percent(&mut random, 60), percent(&mut random, 101));
    let mut channel = Channel::new(seed, 0);
    let mut queue = crate::kernel::EventQueue::new();
    for number in 0..messages {
        queue.push(Time(random.below(20_000_000) / 100 * 100), Next::Send(number));
    }
    let (mut sent, mut heard) = (Vec::new(), Vec::new());
    while let Some((at, next)) = queue.pop() {
        let way = Way {
            open: at.0 > 20_000_000 || random.below(3) > 0,
            latency: Span(random.below(3) * 400_000),
            lost_percent: lost,
            lost_here_percent: here,
            doubled_percent: doubled,
        };
        let mut out = Vec::new();
        match next {
            Next::Send(number) => {
                sent.push(number);
                channel.send(at, sent.len() as u64 - 1, &way, &mut out);
            }
            Next::Again(again) => channel.send_again(at, again, &way, &mut out),
            Next::Arrive(packet) => {
                if let Arrival::Delivered(message) = channel.arrive(packet, &way, &mut out) {
                    heard.push(message);
                }
            }
        }
        for sending in out {
            match sending {
                Sending::Arrives { at, packet } => queue.push(at, Next::Arrive(packet)),
                Sending::Lost { again_after, again, .. } => {
                    queue.push(at + again_after, Next::Again(again))
                }
            };
        }
    }
    assert_eq!(channel.waiting.len(), 0);
    heard
}
