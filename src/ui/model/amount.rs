//! Parameter values as they are shown and typed: in their units, and with K and M for sizes; and
//! moments of a run.

use crate::base::Time;
use crate::base::format::{Bytes, Count, Seconds};
use crate::scenario::table::{Kind, Parameter, Unit};

/// A run that is shorter than this is shown to the millisecond: a live one may be over in some.
const SHORT: Time = Time(2_000_000);

/// A moment of a run that goes on to `end`, in seconds, as exactly as one can see.
pub fn moment(at: Time, end: Time) -> String {
    if end < SHORT { format!("{:.3} s", at.seconds()) } else { format!("{} s", Seconds(at.0)) }
}

/// The unit beside a field.
pub fn unit(parameter: &Parameter) -> &'static str {
    match parameter.unit {
        Unit::None => "",
        Unit::Bytes | Unit::Times => "B",
        Unit::Mebibytes => "MiB",
        Unit::MegabytesPerSecond => "MB/s",
        Unit::MegabitsPerSecond => "Mbit/s",
        Unit::Millis => "ms",
        Unit::Percent => "%",
        Unit::PerHour => "/h",
    }
}

/// A value as it stands in its field. Round sizes are written with Ki or Mi.
pub fn written(parameter: &Parameter, value: u64) -> String {
    match parameter.unit {
        Unit::Bytes | Unit::Times => match value {
            size if size >= 1 << 20 && size.is_multiple_of(1 << 20) => format!("{} Mi", size >> 20),
            size if size >= 1 << 10 && size.is_multiple_of(1 << 10) => format!("{} Ki", size >> 10),
            size => size.to_string(),
        },
        Unit::None
        | Unit::Mebibytes
        | Unit::MegabytesPerSecond
        | Unit::MegabitsPerSecond
        | Unit::Millis
        | Unit::Percent
        | Unit::PerHour => value.to_string(),
    }
}

/// A value with its unit, as text: `128 KiB`, `on`, `hadoop_text`.
pub fn shown(parameter: &Parameter, value: u64) -> String {
    match parameter.kind {
        Kind::Switch => if value == 0 { "off" } else { "on" }.to_owned(),
        Kind::Choice(options) => {
            let option = usize::try_from(value).ok().and_then(|place| options.get(place));
            option.map_or_else(|| value.to_string(), |option| choice(option))
        }
        Kind::Text { default, .. } => default.to_owned(),
        Kind::Number { .. } => match (written(parameter, value), unit(parameter)) {
            (text, "") => text,
            (text, "B") if text.ends_with('i') => format!("{text}B"),
            (text, unit) => format!("{text} {unit}"),
        },
    }
}

/// A choice's name as people read it.
pub fn choice(option: &str) -> String {
    option.replace('_', " ")
}

/// What a typed text means: a whole number, for sizes also with `K`, `Ki`, `KiB`, `M`, `Mi` or
/// `MiB` (all of them powers of 1024), with spaces where one likes.
///
/// # Errors
/// In words, when it is no such number or lies outside the table's range.
pub fn parse(parameter: &Parameter, text: &str) -> Result<u64, String> {
    let refuse = || allowed(parameter);
    let plain: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let split = plain.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(plain.len());
    let (digits, suffix) = plain.split_at(split);
    let number: u64 = digits.parse().map_err(|_| refuse())?;
    let is_size = matches!(parameter.unit, Unit::Bytes | Unit::Times);
    let shift = match suffix.to_lowercase().as_str() {
        "" => 0,
        "b" if is_size => 0,
        "k" | "ki" | "kb" | "kib" if is_size => 10,
        "m" | "mi" | "mb" | "mib" if is_size => 20,
        other if other == unit(parameter).to_lowercase() => 0,
        _ => return Err(refuse()),
    };
    let value = number.checked_mul(1 << shift).ok_or_else(refuse)?;
    parameter.check(value).map_err(|_| refuse())?;
    Ok(value)
}

/// What a parameter's value may be, as a sentence.
pub fn allowed(parameter: &Parameter) -> String {
    match parameter.kind {
        Kind::Number { min, max, .. } => {
            format!("A whole number from {} to {}.", shown(parameter, min), shown(parameter, max))
        }
        Kind::Switch => "On or off.".to_owned(),
        Kind::Choice(options) => format!("One of {}.", options.join(", ")),
        Kind::Text { bytes_max, .. } => {
            format!("A text of 1 to {bytes_max} bytes without a line end.")
        }
    }
}

/// How many bytes a byte stands for, to the byte, since sums are made with it: `64 KiB`, `500,000 bytes`.
pub fn scale(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        _ if bytes.is_multiple_of(1 << 10) && bytes < 1 << 20 || bytes.is_multiple_of(1 << 20) => {
            Bytes(bytes).to_string()
        }
        _ => format!("{} bytes", Count(bytes)),
    }
}

/// Steps of a slider over a parameter's range.
pub const SLIDER_STEPS: u32 = 200;

/// The value at a place of the slider, from 0 to `SLIDER_STEPS`. On a log scale powers of two
/// catch the slider between its ends, since that is what sizes mostly are.
pub fn at_place(min: u64, max: u64, log: bool, place: u32) -> u64 {
    match place {
        0 => return min,
        SLIDER_STEPS.. => return max,
        1..SLIDER_STEPS => {}
    }
    let share = f64::from(place) / f64::from(SLIDER_STEPS);
    let value = if log {
        let low = min.max(1) as f64;
        low * libm::pow(max.max(1) as f64 / low, share)
    } else {
        min as f64 + (max - min) as f64 * share
    };
    #[expect(clippy::cast_possible_truncation, reason = "it lies between min and max")]
    #[expect(clippy::cast_sign_loss, reason = "min is not negative")]
    let value = libm::round(value) as u64;
    caught(value, log).clamp(min, max)
}

/// The place of a value on the slider.
pub fn place_of(min: u64, max: u64, log: bool, value: u64) -> u32 {
    let value = value.clamp(min, max);
    let share = if log {
        let low = min.max(1) as f64;
        libm::log(value.max(1) as f64 / low) / libm::log((max.max(2) as f64) / low)
    } else {
        (value - min) as f64 / (max - min).max(1) as f64
    };
    #[expect(clippy::cast_possible_truncation, reason = "a share of a small number")]
    #[expect(clippy::cast_sign_loss, reason = "a share is clamped to 0 and more")]
    let place = libm::round(share.clamp(0.0, 1.0) * f64::from(SLIDER_STEPS)) as u32;
    place
}

/// The power of two that lies within a twelfth of the value, if one does.
fn caught(value: u64, log: bool) -> u64 {
    if !log || value < 16 {
        return value;
    }
    let below = 1_u64 << value.ilog2();
    let near = |power: u64| power.abs_diff(value) <= power / 12;
    [below, below << 1].into_iter().find(|power| near(*power)).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Key;

    #[test]
    fn sizes_are_typed_as_people_write_them() {
        let block = Key::BlockSize.parameter();
        for text in ["131072", "128k", "128 KiB", "128 Ki", "128kb"] {
            assert_eq!(parse(block, text), Ok(128 << 10), "{text}");
        }
        assert_eq!(parse(Key::Heartbeat.parameter(), "500 ms"), Ok(500));
    }

    #[test]
    fn what_is_not_allowed_is_answered_with_what_is() {
        let refused = Err("A whole number from 1 to 1000.".to_owned());
        for text in ["", "0", "1000000000", "two", "-1", "2.5", "3k", "99999999999999999999999"] {
            assert_eq!(parse(Key::Reducers.parameter(), text), refused, "{text}");
        }
        assert_eq!(
            parse(Key::BlockSize.parameter(), "1 GiB"),
            Err("A whole number from 16 B to 128 MiB.".to_owned())
        );
    }

    #[test]
    fn what_stands_in_a_field_is_read_back_the_same() {
        for parameter in &crate::scenario::PARAMETERS {
            if let Kind::Number { min, max, .. } = parameter.kind {
                for value in [min, parameter.default, max] {
                    assert_eq!(parse(parameter, &written(parameter, value)), Ok(value));
                }
            }
        }
    }

    #[test]
    fn a_scale_is_said_so_that_sums_made_with_it_are_right() {
        let said = [1, 51, 1_024, 43_000, 500_000, 1 << 16, 1 << 20, 3 << 19].map(scale);
        let expected = [
            "1 byte",
            "51 bytes",
            "1 KiB",
            "43,000 bytes",
            "500,000 bytes",
            "64 KiB",
            "1 MiB",
            "1,572,864 bytes",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn a_slider_reaches_both_ends_and_keeps_its_order() {
        for parameter in &crate::scenario::PARAMETERS {
            let Kind::Number { min, max, log } = parameter.kind else { continue };
            assert_eq!(at_place(min, max, log, 0), min, "{}", parameter.name);
            assert_eq!(at_place(min, max, log, SLIDER_STEPS), max, "{}", parameter.name);
            let values: Vec<u64> =
                (0..=SLIDER_STEPS).map(|place| at_place(min, max, log, place)).collect();
            assert!(values.is_sorted(), "{}: {values:?}", parameter.name);
        }
        assert_eq!(
            at_place(16, 128 << 20, true, place_of(16, 128 << 20, true, 128 << 10)),
            128 << 10
        );
    }
}
