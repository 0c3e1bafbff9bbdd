//! Which variants there are, and that each is a scenario that can be run or says why not.

use super::*;
use crate::scenario::{STREAM_PRESETS, presets};

const CUT: Cut = Cut { at: 6_000, since: Some(3_000) };

fn of(name: &str, respect: Respect) -> Vec<Variant> {
    variants(&presets::named(name).unwrap().scenario(), respect, CUT, &arrived())
}

fn arrived() -> Vec<Arrived> {
    let one = |(record, arrival): (u32, Millis)| Arrived {
        record,
        event_time: arrival - 1_000,
        arrival,
        key: "a, \"b\"\n".to_owned(),
        value: Amount::whole(i64::from(record)),
    };
    [(0, 2_000), (1, 3_000), (2, 4_000), (3, 9_000)].map(one).to_vec()
}

fn labels(all: &[Variant]) -> Vec<&str> {
    all.iter().map(|variant| variant.label.as_str()).collect()
}

#[test]
fn the_five_profiles_each_once_and_its_own_first() {
    let all = of("lost-nine", Respect::Profiles);
    assert_eq!(labels(&all), ["beam-java", "flink", "beam-python", "kafka-streams", "spark"]);
    assert!(all[0].is_own && all[1..].iter().all(|variant| !variant.is_own));
    assert!(all[..4].iter().all(|variant| variant.scenario.is_ok()), "{all:?}");
    let spark = all[4].scenario.as_ref().unwrap_err();
    assert!(spark.message.contains("spark"), "{spark:?}");
}

#[test]
fn every_variant_of_every_preset_is_valid_or_says_why_not() {
    for preset in &STREAM_PRESETS {
        for respect in Respect::ALL {
            let all = of(preset.name, respect);
            assert!(all.len() > 1, "{}: {respect:?}", preset.name);
            assert_eq!(all.iter().filter(|variant| variant.is_own).count(), 1);
            let own = all[0].scenario.as_ref().unwrap();
            for variant in &all[1..] {
                assert!(!variant.label.is_empty(), "{}: {respect:?}", preset.name);
                match &variant.scenario {
                    Ok(scenario) => {
                        assert_eq!(scenario.validate(), Ok(()));
                        assert_ne!(scenario, own, "{}: {}", preset.name, variant.label);
                    }
                    Err(error) => assert!(!error.message.is_empty()),
                }
            }
        }
    }
}

#[test]
fn early_panes_are_beams_alone() {
    let early = |all: &[Variant]| {
        let of = all.iter().find(|variant| variant.label.contains("early at each record"));
        of.unwrap().scenario.is_ok()
    };
    assert!(early(&of("lost-nine", Respect::Triggers)));
    assert!(!early(&of("first-stream", Respect::Triggers)));
}

#[test]
fn a_batch_run_reads_at_one_moment_what_has_arrived_since() {
    let all = of("first-stream", Respect::Batch);
    assert_eq!(labels(&all), ["stream", "batch", "batch over all so far", "batch at the end"]);
    let reads = |place: usize| all[place].records.clone().unwrap();
    assert_eq!(reads(1), [2], "not what arrived at 3 s sharp, where the lookback begins");
    assert_eq!((reads(2), reads(3)), (vec![0, 1, 2], vec![0, 1, 2, 3]));
    assert_eq!(all[3].cut, Some(Cut { at: 9_000, since: None }));
    let Input::Text(text) = &all[2].scenario.as_ref().unwrap().input else { panic!("a text") };
    let events = crate::scenario::events::read_events(text.as_bytes()).unwrap();
    assert!(events.iter().all(|event| event.arrival == CUT.at && event.key == "a, \"b\"\n"));
    assert_eq!(
        events.iter().map(|event| event.event_time).collect::<Vec<_>>(),
        [1_000, 2_000, 3_000]
    );
}

#[test]
fn a_batch_run_before_all_has_nothing_to_read_and_says_so() {
    let scenario = presets::named("first-stream").unwrap().scenario();
    let cut = Cut { at: 1_000, since: None };
    let all = variants(&scenario, Respect::Batch, cut, &arrived());
    let error = all[1].scenario.as_ref().unwrap_err();
    assert!(error.message.contains("arrived"), "{error:?}");
}

/// Events are read without the commas that amounts are shown with.
#[test]
fn large_amounts_go_into_a_batch_as_they_are() {
    for (value, written) in
        [(Amount::whole(1_234), "1234"), (Amount::whole(-5_000_000), "-5000000")]
    {
        assert_eq!(plain(value), written);
        assert_eq!(plain(value).parse::<Amount>(), Ok(value));
    }
}
