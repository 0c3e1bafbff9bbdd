//! The fields of a line, and what is wrong with one that a job can't read.

use serde::{Deserialize, Serialize};

/// The largest number of a reading, in thousandths, either way: 50 MB of such readings add up to
/// less than 64 bits hold.
const THOUSANDTHS_MAX: i64 = 1_000_000_000_000;

/// What a document's line is.
pub(super) const DOCUMENT: &str = "a document is \"name TAB text\"";

/// A line that a job can't read, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("column {column}: {problem}")]
pub struct BadRecord {
    /// The first byte of the trouble in the line, from 1.
    pub column: u64,
    /// What is wrong, and what should be there.
    pub problem: String,
}

impl BadRecord {
    /// The same in a line that has a name and a tab more before it.
    fn behind(self, name: &[u8]) -> BadRecord {
        BadRecord { column: self.column + name.len() as u64 + 1, ..self }
    }

    fn at(place: usize, problem: String) -> BadRecord {
        BadRecord { column: place as u64 + 1, problem }
    }
}

/// A reading: `sensor,time,value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading<'a> {
    pub(super) sensor: &'a [u8],
    pub(super) time: i32,
    /// The value as it is written.
    pub(super) written: &'a [u8],
    /// The value in thousandths.
    pub(super) thousandths: i64,
}

/// Reads `sensor,time,value`.
pub(super) fn reading(line: &[u8]) -> Result<Reading<'_>, BadRecord> {
    const FORM: &str = "a reading is \"sensor,time,value\"";
    let comma = |from: usize| memchr::memchr(b',', &line[from..]).map(|place| from + place);
    let missing = || BadRecord::at(line.len(), format!("a comma is missing: {FORM}"));
    let first = comma(0).ok_or_else(missing)?;
    let second = comma(first + 1).ok_or_else(missing)?;
    if let Some(third) = comma(second + 1) {
        return Err(BadRecord::at(third, format!("there is a third comma: {FORM}")));
    }
    let sensor = name(line, first)?;
    let time = number(&line[first + 1..second]).and_then(|time| i32::try_from(time).ok());
    let time = time.ok_or_else(|| {
        let given = shown(&line[first + 1..second]);
        BadRecord::at(first + 1, format!("the time {given} is not a whole number of 32 bits"))
    })?;
    let written = &line[second + 1..];
    let thousandths = decimal(written).ok_or_else(|| {
        let given = shown(written);
        let form = "a number of up to a thousand million with up to three decimals";
        BadRecord::at(second + 1, format!("the value {given} is not {form}"))
    })?;
    Ok(Reading { sensor, time, written, thousandths })
}

/// A name that ends here in the line; it has a byte at least, and no zero byte.
fn name(line: &[u8], end: usize) -> Result<&[u8], BadRecord> {
    if end == 0 {
        return Err(BadRecord::at(0, "the name before the first separator is empty".to_owned()));
    }
    match memchr::memchr(0, &line[..end]) {
        Some(zero) => Err(BadRecord::at(zero, "a name has no zero byte".to_owned())),
        None => Ok(&line[..end]),
    }
}

/// Reads `name TAB rest`, with nothing said of the rest.
pub(super) fn name_and_rest<'a>(
    line: &'a [u8],
    form: &str,
) -> Result<(&'a [u8], &'a [u8]), BadRecord> {
    let tab = memchr::memchr(b'\t', line)
        .ok_or_else(|| BadRecord::at(line.len(), format!("a tab is missing: {form}")))?;
    Ok((name(line, tab)?, &line[tab + 1..]))
}

/// Reads `name TAB count`.
pub(super) fn name_and_count(line: &[u8]) -> Result<(&[u8], i64), BadRecord> {
    let (name, rest) = name_and_rest(line, "a line is \"name TAB count\"")?;
    let count = number(rest).ok_or_else(|| {
        let given = shown(rest);
        BadRecord::at(name.len() + 1, format!("the count {given} is not a whole number"))
    })?;
    Ok((name, count))
}

/// Reads a row of a table: `id TAB text`.
pub(super) fn row(line: &[u8]) -> Result<(i32, &[u8]), BadRecord> {
    let (name, text) = name_and_rest(line, "a row is \"id TAB text\"")?;
    let id = number(name).and_then(|id| i32::try_from(id).ok()).ok_or_else(|| {
        BadRecord::at(0, format!("the id {} is not a whole number of 32 bits", shown(name)))
    })?;
    Ok((id, text))
}

/// A page with its rank and its links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RankedPage<'a> {
    pub(super) name: &'a [u8],
    /// Its rank; 1 before the first round.
    pub(super) millionths: u64,
    /// Names of pages, with commas between them.
    pub(super) links: &'a [u8],
}

/// Reads `page TAB targets` or `page TAB rank TAB targets`.
pub(super) fn ranked_page(line: &[u8]) -> Result<RankedPage<'_>, BadRecord> {
    let form = "a page is \"name TAB targets\" or \"name TAB rank TAB targets\"";
    let (name, rest) = name_and_rest(line, form)?;
    let Some(tab) = memchr::memchr(b'\t', rest) else {
        return Ok(RankedPage { name, millionths: 1_000_000, links: rest });
    };
    let millionths = millionths(&rest[..tab]).ok_or_else(|| {
        let given = shown(&rest[..tab]);
        BadRecord::at(name.len() + 1, format!("the rank {given} is not a number with six decimals"))
    })?;
    Ok(RankedPage { name, millionths, links: &rest[tab + 1..] })
}

/// A number with six decimals, in millionths.
fn millionths(text: &[u8]) -> Option<u64> {
    let (whole, places) = text.split_at(memchr::memchr(b'.', text)?);
    let digits = [whole, &places[1..]].concat();
    if whole.is_empty() || places.len() != 7 {
        return None;
    }
    u64::try_from(number(&digits)?).ok()
}

/// Reads `term TAB document TAB count`.
pub(super) fn counted_term(line: &[u8]) -> Result<(&[u8], &[u8], u64), BadRecord> {
    let form = "a line is \"term TAB document TAB count\"";
    let (term, rest) = name_and_rest(line, form)?;
    let (document, count) = name_and_rest(rest, form).map_err(|bad| bad.behind(term))?;
    let count = self::count(count).ok_or_else(|| {
        let given = shown(count);
        BadRecord::at(line.len() - count.len(), format!("the count {given} is not a whole number"))
    })?;
    Ok((term, document, count))
}

/// A document, a count and a sum.
pub(super) type Posting<'a> = (&'a [u8], u64, u64);

/// Reads `term TAB document TAB count TAB terms of the document`.
pub(super) fn weighed_term(line: &[u8]) -> Result<(&[u8], Posting<'_>), BadRecord> {
    let form = "a line is \"term TAB document TAB count TAB terms of the document\"";
    let last = memchr::memrchr(b'\t', line).unwrap_or(0);
    let (term, document, many) = counted_term(&line[..last])
        .map_err(|bad| BadRecord { problem: format!("{}: {form}", bad.problem), ..bad })?;
    let sum = count(&line[last + 1..]).ok_or_else(|| {
        let given = shown(&line[last + 1..]);
        BadRecord::at(last + 1, format!("the sum {given} is not a whole number"))
    })?;
    Ok((term, (document, many, sum)))
}

fn count(digits: &[u8]) -> Option<u64> {
    u64::try_from(number(digits)?).ok()
}

/// A whole number of 64 bits, with a minus sign or without.
pub(super) fn number(digits: &[u8]) -> Option<i64> {
    let plain = digits.strip_prefix(b"-").unwrap_or(digits);
    if plain.is_empty() || !plain.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A decimal number with up to three places, in thousandths.
fn decimal(text: &[u8]) -> Option<i64> {
    let (negative, plain) = match text.strip_prefix(b"-") {
        Some(plain) => (true, plain),
        None => (false, text),
    };
    let point = memchr::memchr(b'.', plain);
    let (whole, places) = plain.split_at(point.unwrap_or(plain.len()));
    let places = places.get(1..).unwrap_or_default();
    let is_digits = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
    let is_long = whole.len() > 12 || places.len() > 3;
    if whole.is_empty() || is_long || !is_digits(whole) || !is_digits(places) {
        return None;
    }
    if point.is_some() && places.is_empty() {
        return None;
    }
    let digits = whole.iter().chain(places.iter().chain(b"000").take(3));
    let size = digits.fold(0_i64, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    (size <= THOUSANDTHS_MAX).then_some(if negative { -size } else { size })
}

/// A field in an error, cut when it is long.
fn shown(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field);
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_has_three_fields() {
        let read = reading(b"theta,3047,-15").unwrap();
        assert_eq!((read.sensor, read.time, read.written), (&b"theta"[..], 3_047, &b"-15"[..]));
        assert_eq!(read.thousandths, -15_000);
        assert_eq!(reading(b"a,-1,0.25").unwrap().thousandths, 250);
    }

    #[test]
    fn what_can_t_be_read_is_named_with_its_column() {
        for (line, column, word) in [
            ("theta", 6, "comma is missing"),
            ("theta,1", 8, "comma is missing"),
            ("theta,1,2,3", 10, "third comma"),
            (",1,2", 1, "empty"),
            ("theta,noon,3", 7, "\"noon\""),
            ("theta,4294967296,3", 7, "32 bits"),
            ("theta,1,", 9, "\"\""),
            ("theta,1,1.2345", 9, "three decimals"),
            ("theta,1,1.", 9, "three decimals"),
            ("theta,1,--1", 9, "three decimals"),
            ("th\0ta,1,1", 3, "zero byte"),
        ] {
            let error = reading(line.as_bytes()).unwrap_err();
            assert_eq!(error.column, column, "{line}: {error}");
            assert!(error.to_string().contains(word), "{line}: {error}");
        }
        assert_eq!(name_and_count(b"mill\t7"), Ok((&b"mill"[..], 7)));
        assert_eq!(name_and_count(b"mill\tmany").unwrap_err().column, 6);
        assert_eq!(name_and_count(b"mill 7").unwrap_err().column, 7);
    }

    #[test]
    fn rows_pages_and_terms_are_read() {
        assert_eq!(row(b"-7\ta\tb"), Ok((-7, &b"a\tb"[..])));
        assert_eq!(row(b"seven\ta").unwrap_err().column, 1);
        let page =
            |line: &'static [u8]| ranked_page(line).map(|page| (page.millionths, page.links));
        assert_eq!(page(b"a\tb,c"), Ok((1_000_000, &b"b,c"[..])));
        assert_eq!(page(b"a\t0.150000\t"), Ok((150_000, &b""[..])));
        assert_eq!(page(b"a\t0.15\tb").unwrap_err().column, 3);
        assert_eq!(counted_term(b"mill\td1\t3"), Ok((&b"mill"[..], &b"d1"[..], 3)));
        assert_eq!(counted_term(b"mill\td1\tx").unwrap_err().column, 9);
        assert_eq!(counted_term(b"mill\td1").unwrap_err().column, 8);
        assert_eq!(weighed_term(b"mill\td1\t3\t40"), Ok((&b"mill"[..], (&b"d1"[..], 3, 40))));
        assert_eq!(weighed_term(b"mill\td1\t3\t-4").unwrap_err().column, 11);
        assert!(weighed_term(b"mill").is_err());
    }

    #[test]
    fn the_largest_values_are_a_thousand_million() {
        assert_eq!(decimal(b"1000000000"), Some(THOUSANDTHS_MAX));
        assert_eq!(decimal(b"1000000000.001"), None);
        assert_eq!(decimal(b"9999999999999"), None);
    }
}
