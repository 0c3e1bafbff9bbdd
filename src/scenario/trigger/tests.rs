//! What is written is read again, and what is wrong is named by its place.

use super::*;

fn read(json: &str) -> Trigger {
    serde_json::from_str(json).unwrap()
}

fn told(profile: &str, json: &str) -> Vec<(String, String)> {
    read(json).problems(profile).into_iter().map(|(path, value, _)| (path, value)).collect()
}

#[test]
fn what_is_written_is_read_again() {
    for json in [
        r#""default""#,
        r#"{"after_watermark":{"early":{"repeatedly":{"after_first":[{"after_count":{"n":3}},{"after_processing_time":{"delay_ms":5}}]}},"late":{"after_count":{"n":1}}}}"#,
        r#"{"or_finally":{"main":{"after_each":["default",{"after_all":["never"]}]},"until":{"after_processing_time":{"delay_ms":0,"align_ms":7,"align_offset_ms":2}}}}"#,
        r#"{"purging":{"continuous_event_time":{"interval_ms":4}}}"#,
    ] {
        assert_eq!(serde_json::to_string(&read(json)).unwrap(), json);
    }
    assert_eq!(read(r#"{"after_any": ["never"]}"#), read(r#"{"after_first": ["never"]}"#));
}

#[test]
fn each_wrong_part_is_named_by_its_place() {
    let one = |path: &str, value: &str| vec![(path.to_owned(), value.to_owned())];
    assert_eq!(told("beam-java", r#"{"after_watermark": {}}"#), []);
    assert_eq!(
        told(
            "beam-java",
            r#"{"repeatedly": {"after_first": ["never", {"after_count": {"n": 0}}]}}"#
        ),
        one(".repeatedly.after_first[1].after_count.n", "0")
    );
    assert_eq!(
        told("beam-java", r#"{"after_watermark": {"late": {"count": {"n": 1}}}}"#),
        one(".after_watermark.late.count", "count")
    );
    assert_eq!(told("beam-python", r#"{"after_each": []}"#), one(".after_each", "[]"));
    assert_eq!(
        told("flink", r#"{"purging": {"repeatedly": "never"}}"#),
        one(".purging.repeatedly", "repeatedly")
    );
    assert_eq!(told("spark", r#""never""#), one(".never", "never"));
    assert_eq!(
        told("flink", r#"{"continuous_event_time": {"interval_ms": 0}}"#),
        one(".continuous_event_time.interval_ms", "0")
    );
    let years = format!(r#"{{"after_processing_time": {{"delay_ms": {}}}}}"#, u64::MAX);
    assert_eq!(told("beam-java", &years)[0].0, ".after_processing_time.delay_ms");
}

#[test]
fn depth_and_number_are_bounded() {
    let nested =
        |depth: usize| (0..depth).fold(Trigger::Never, |of, _| Trigger::Repeatedly(Box::new(of)));
    assert_eq!(nested(16).problems("beam-java"), []);
    assert_eq!(nested(17).problems("beam-java").len(), 1);
    let wide = |parts: usize| Trigger::AfterAll(vec![Trigger::Never; parts]);
    assert_eq!(wide(63).problems("beam-java"), []);
    assert_eq!(wide(64).problems("beam-java")[0].1, "65 triggers");
}

#[test]
fn the_longest_delay_is_found_in_the_depth() {
    let of = read(
        r#"{"or_finally": {"main": {"after_processing_time": {"delay_ms": 5, "align_ms": 7}},
            "until": {"after_processing_time": {"delay_ms": 9}}}}"#,
    );
    assert_eq!(of.longest_delay_ms(), 12);
}
