//! Times as people write them: milliseconds, `12:00:26.5`, or `2026-11-21T15:39:12Z`.

use super::Millis;
use super::format::Clock;

/// The earliest and the latest time of an event: the years 1 to 9999.
pub const TIMES: std::ops::RangeInclusive<Millis> = -62_135_596_800_000..=253_402_300_799_999;

const DAY: Millis = 86_400_000;

/// As [`time`] reads it again: with hours on the first day of 1970, with a date far from it.
///
/// ```
/// use millrace::base::clock::{time, written};
///
/// assert_eq!(written(43_226_500), "12:00:26.5");
/// assert_eq!(time("12:00:26.5"), Some(43_226_500));
/// ```
pub fn written(at: Millis) -> String {
    match at {
        0..DAY => {
            let (seconds, thousandths) = (at / 1_000, at % 1_000);
            let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
            let whole = format!("{hours}:{minutes:02}:{:02}", seconds % 60);
            match thousandths {
                0 => whole,
                _ => format!("{whole}.{thousandths:03}").trim_end_matches('0').to_owned(),
            }
        }
        // Near the beginning of 1970 a date is no more likely than a small number.
        _ if (-4 * DAY..4 * DAY).contains(&at) || !TIMES.contains(&at) => at.to_string(),
        _ => Clock(at).to_string(),
    }
}

/// Milliseconds since 1970, or since midnight where no date is written; nothing where it is no time, or
/// one outside the years 1 to 9999.
pub fn time(text: &str) -> Option<Millis> {
    let millis = match text.split_once(['T', ' ']) {
        Some((date, rest)) => days(date)?.checked_mul(86_400_000)?.checked_add(of_day(rest)?)?,
        None if text.contains(':') => of_day(text)?,
        None => text.parse().ok()?,
    };
    TIMES.contains(&millis).then_some(millis)
}

/// `15:39:12`, `15:39`, with thousandths and a `Z`, or without.
fn of_day(text: &str) -> Option<Millis> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':').map(|part| number(part, 2));
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0))?;
    let fits = hours < 24 && minutes < 60 && seconds < 60 && parts.next().is_none();
    let thousandths = number(&format!("{decimals:0<3}"), 3)?;
    fits.then_some(((hours * 60 + minutes) * 60 + seconds) * 1_000 + thousandths)
}

/// Days since 1970 of `2026-11-21`: Howard Hinnant's `days_from_civil`.
fn days(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4)?;
    let (month, day) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => 31,
    };
    let fits = (1..=12).contains(&month) && (1..=last).contains(&day) && parts.next().is_none();
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    fits.then_some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// So many digits, or one fewer where two are usual.
fn number(text: &str, digits: usize) -> Option<i64> {
    let fits = text.len() == digits || (digits == 2 && text.len() == 1);
    let numeric = text.bytes().all(|byte| byte.is_ascii_digit());
    (fits && numeric).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, millis) in [
            ("-4", Some(-4)),
            ("12:00:26", Some(43_226_000)),
            ("0:07.25", Some(420_250)),
            ("2026-11-21T15:39:12Z", Some(1_795_275_552_000)),
            ("2000-02-29 00:00:00.001", Some(951_782_400_001)),
            ("2001-02-29T00:00:00Z", None),
            ("24:00", None),
            ("1:2:3:4", None),
            ("999999999999999", None),
            ("noon", None),
            ("", None),
        ] {
            assert_eq!(time(text), millis, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (at, text) in [
            (0, "0:00:00"),
            (600_000, "0:10:00"),
            (43_226_050, "12:00:26.05"),
            (-5, "-5"),
            (100_000_000, "100000000"),
            (1_795_275_552_000, "2026-11-21T15:39:12Z"),
        ] {
            assert_eq!((written(at).as_str(), time(text)), (text, Some(at)));
        }
    }
}
