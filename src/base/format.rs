//! Numbers as people read them. Everything that shows a number, in the page, the trace's captions
//! and the command line, shows it by these; times show themselves (`Time`, `Span`).

use super::Millis;
use std::fmt;

/// A count with separators: `1,024`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(pub u64);

/// An amount of data in the unit that suits it: `824 B`, `1.2 KiB`, `128 MiB`. Hadoop counts in 1,024s too, and says
/// KB or MB; here the unit tells these from the MB/s of disks and the Mbit/s of links, which are powers of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes(pub u64);

/// A count and what is counted: `1 record`, `12 records`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted<'a>(pub u64, pub &'a str);

/// Things in a row: `1`, `1 and 2`, `1, 2 and 3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed<'a, T>(pub &'a [T]);

/// Microseconds as seconds to the nearest tenth: `12.4`, `61.0`. All that shows seconds shows them by this, so that a
/// moment is the same number wherever it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub u64);

/// A part of a whole: `80 %`, `33.3 %`. Of nothing, everything is 0 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(pub u64, pub u64);

/// A number of milliseconds with separators and its sign: `119,999`, `-4`; the ends of time are `−∞`
/// and `+∞`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub Millis);

/// A moment of event time or of a job's clock: `0:07`, `12:02`, `12:00:26`, `12:00:26.250`; dates as
/// `2026-11-21T15:39:12Z`; the ends of time are `−∞` and `+∞`. From ten o'clock on seconds are left out where
/// there are none: in one run `12:02` is never twelve minutes too, unless it lasts ten hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock(pub Millis);

/// A moment without its date: `15:39:12`, else as [`Clock`] has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOfDay(pub Millis);

/// A watermark, or stream time: `12:01:59.999`, before the beginning `1 ms before 0:00`, and `none yet` as long
/// as nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(pub Millis);

/// A length of event time, no more exact than people say it: `250 ms`, `10 s`, `2 min`, `1 min 30 s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length(pub Millis);

/// A length to the millisecond, for rules that turn on one: `1 min 30 s 1 ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exactly(pub Millis);

/// Units of data, each 1,024 times the one before.
const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut text = String::with_capacity(digits.len() * 4 / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        f.pad(&text)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1_024 {
            return f.pad(&format!("{} B", Count(self.0)));
        }
        let mut unit_bytes = 1_024_u128;
        for (place, unit) in UNITS.iter().enumerate() {
            let tenths = (u128::from(self.0) * 10 + unit_bytes / 2) / unit_bytes;
            if tenths < 10_240 || place + 1 == UNITS.len() {
                return f.pad(&format!("{} {unit}", Tenths(tenths)));
            }
            unit_bytes *= 1_024;
        }
        Ok(())
    }
}

impl fmt::Display for Counted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        f.pad(&format!("{} {}{plural}", Count(self.0), self.1))
    }
}

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, item) in self.0.iter().enumerate() {
            match self.0.len() - place {
                _ if place == 0 => {}
                1 => f.write_str(" and ")?,
                _ => f.write_str(", ")?,
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.saturating_add(50_000) / 100_000;
        f.pad(&format!("{}.{}", tenths / 10, tenths % 10))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = u128::from(self.1);
        let tenths = (u128::from(self.0) * 1_000 + whole / 2).checked_div(whole).unwrap_or(0);
        f.pad(&format!("{} %", Tenths(tenths)))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match end_of_time(self.0) {
            Some(end) => f.pad(end),
            None => {
                let sign = if self.0 < 0 { "-" } else { "" };
                f.pad(&format!("{sign}{}", Count(self.0.unsigned_abs())))
            }
        }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(end) = end_of_time(self.0) {
            return f.pad(end);
        }
        let (days, rest) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        if (-1..=3).contains(&days) {
            let sign = if self.0 < 0 { "-" } else { "" };
            return f.pad(&format!("{sign}{}", time_of_day(self.0.unsigned_abs(), false)));
        }
        let (year, month, day) = date(days);
        let time = time_of_day(rest.unsigned_abs(), true);
        f.pad(&format!("{year:04}-{month:02}-{day:02}T{time}Z"))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = Clock(self.0).to_string();
        match whole.split_once('T') {
            Some((_, time)) => {
                let time = time.trim_end_matches('Z');
                f.pad(time.strip_suffix(":00").unwrap_or(time))
            }
            None => f.pad(&whole),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Millis::MIN => f.pad("none yet"),
            at if (-DAY..0).contains(&at) => {
                f.pad(&format!("{} before {}", Exactly(-at), Clock(0)))
            }
            at => Clock(at).fmt(f),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&length(self.0, 2))
    }
}

impl fmt::Display for Exactly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&length(self.0, LENGTHS.len()))
    }
}

const DAY: Millis = 86_400_000;

/// What lengths are told in, in milliseconds.
const LENGTHS: [(u64, &str); 5] =
    [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"), (1, "ms")];

/// A length in its greatest units, so many of them at most.
fn length(millis: Millis, most: usize) -> String {
    let mut rest = millis.unsigned_abs();
    let mut parts = Vec::new();
    for (unit, symbol) in LENGTHS {
        if rest >= unit && parts.len() < most {
            parts.push(format!("{} {symbol}", Count(rest / unit)));
            rest %= unit;
        }
    }
    let sign = if millis < 0 { "-" } else { "" };
    let text = if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") };
    format!("{sign}{text}")
}

fn end_of_time(at: Millis) -> Option<&'static str> {
    match at {
        Millis::MIN => Some("−∞"),
        Millis::MAX => Some("+∞"),
        // The last millisecond of what never ends.
        at if at == Millis::MAX - 1 => Some("1 ms before +∞"),
        _ => None,
    }
}

/// Hours are left out where there are none, unless a date stands before them; so are seconds behind hours that
/// no minutes could be taken for.
fn time_of_day(millis: u64, dated: bool) -> String {
    let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
    let (seconds, rest) = (millis / 1_000 % 60, millis % 1_000);
    let mut text = match (dated, hours) {
        (true, _) => format!("{hours:02}:{minutes:02}:{seconds:02}"),
        (false, 0) => format!("{minutes}:{seconds:02}"),
        (false, 10..) if seconds == 0 && rest == 0 => format!("{hours}:{minutes:02}"),
        (false, _) => format!("{hours}:{minutes:02}:{seconds:02}"),
    };
    if rest > 0 {
        text += &format!(".{rest:03}");
    }
    text
}

/// Year, month and day of a day since 1970 in the proleptic Gregorian calendar: Howard Hinnant's
/// `civil_from_days`.
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// A number of tenths, shown with a decimal place unless that is 0.
struct Tenths(u128);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = Count(u64::try_from(self.0 / 10).unwrap_or(u64::MAX));
        match self.0 % 10 {
            0 => whole.fmt(f),
            tenth => write!(f, "{whole}.{tenth}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_separators() {
        let shown = [0, 7, 999, 1_000, 12_345, 1_234_567].map(|n| Count(n).to_string());
        assert_eq!(shown, ["0", "7", "999", "1,000", "12,345", "1,234,567"]);
        assert_eq!(Count(u64::MAX).to_string(), "18,446,744,073,709,551,615");
        assert_eq!(Counted(1, "record").to_string(), "1 record");
        assert_eq!(Counted(1_500, "record").to_string(), "1,500 records");
        assert_eq!(format!("{:>8}|", Count(1_000)), "   1,000|");
    }

    #[test]
    fn bytes_take_the_unit_that_suits_them() {
        let cases = [
            (0, "0 B"),
            (824, "824 B"),
            (1_023, "1,023 B"),
            (1_024, "1 KiB"),
            (1_229, "1.2 KiB"),
            (131_072, "128 KiB"),
            (1_048_570, "1 MiB"),
            (1_300_000, "1.2 MiB"),
            (8 << 30, "8 GiB"),
            (u64::MAX, "16 EiB"),
        ];
        for (bytes, shown) in cases {
            assert_eq!(Bytes(bytes).to_string(), shown);
        }
    }

    #[test]
    fn lists_and_parts_read_like_prose() {
        assert_eq!(Listed::<u8>(&[]).to_string(), "");
        assert_eq!(Listed(&[1]).to_string(), "1");
        assert_eq!(Listed(&[1, 2]).to_string(), "1 and 2");
        assert_eq!(Listed(&[1, 2, 3]).to_string(), "1, 2 and 3");
        let shown = [(819, 1_024), (1, 3), (5, 5), (1, 0), (u64::MAX, u64::MAX)];
        let shown = shown.map(|(part, whole)| Percent(part, whole).to_string());
        assert_eq!(shown, ["80 %", "33.3 %", "100 %", "0 %", "100 %"]);
    }

    #[test]
    fn a_watermark_before_the_beginning_is_said_in_words() {
        let said = [Millis::MIN, -1, -5_001, 7_999, 43_320_000, Millis::MAX].map(Mark);
        let said = said.map(|mark| mark.to_string());
        let shown =
            ["none yet", "1 ms before 0:00", "5 s 1 ms before 0:00", "0:07.999", "12:02", "+∞"];
        assert_eq!(said, shown);
        let bare = [1_795_275_552_000, 1_795_275_540_000, 43_320_000, 7_000].map(TimeOfDay);
        assert_eq!(bare.map(|at| at.to_string()), ["15:39:12", "15:39", "12:02", "0:07"]);
    }

    #[test]
    fn moments_and_lengths_of_event_time() {
        for (at, shown) in [
            (7_000, "0:07"),
            (43_226_250, "12:00:26.250"),
            (43_320_000, "12:02"),
            (43_319_999, "12:01:59.999"),
            (3_600_000, "1:00:00"),
            (-90_000, "-1:30"),
            (1_795_275_552_000, "2026-11-21T15:39:12Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (Millis::MIN, "−∞"),
            (Millis::MAX, "+∞"),
            (Millis::MAX - 1, "1 ms before +∞"),
        ] {
            assert_eq!(Clock(at).to_string(), shown);
        }
        let lengths = [0, 250, 10_000, 120_000, 90_000, -4_001];
        let shown = lengths.map(|length| Length(length).to_string());
        assert_eq!(shown, ["0 s", "250 ms", "10 s", "2 min", "1 min 30 s", "-4 s 1 ms"]);
        assert_eq!(Exactly(90_001).to_string(), "1 min 30 s 1 ms");
        assert_eq!(Number(-119_999).to_string(), "-119,999");
        // The ends that are numbers still.
        for at in [Millis::MIN + 1, Millis::MAX - 1] {
            assert!(!Clock(at).to_string().is_empty() && !Length(at).to_string().is_empty());
        }
    }
}
