//! Numbers in pictures: shares of a whole, and the wordings that fit a width. How a number reads is
//! `base::format`'s; here it is only made a text.

use crate::base::format::{Bytes, Count, Counted};

/// A size in the unit that suits it.
pub fn bytes(bytes: u64) -> String {
    Bytes(bytes).to_string()
}

/// A count with its noun.
pub fn count(number: u64, noun: &str) -> String {
    Counted(number, noun).to_string()
}

/// A count.
pub fn grouped(number: u64) -> String {
    Count(number).to_string()
}

/// The whole percent that a part is of a whole, at most 100; of nothing it is nothing.
pub fn percent(part: u64, whole: u64) -> u64 {
    let share = u128::from(part.min(whole)) * 100 / u128::from(whole.max(1));
    u64::try_from(share).unwrap_or(100)
}

/// The fraction that a part is of a whole, from 0 to 1.
pub fn fraction(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64).min(1.0) }
}

/// The first of these wordings, from the longest on, that fits a width at a font size; none when
/// even the last is too long. Letters are taken as wide as in the widest common sans serif.
pub fn fit<'a>(wordings: &[&'a str], width: f64, size: f64) -> &'a str {
    wordings.iter().copied().find(|text| text_width(text, size) <= width).unwrap_or("")
}

/// About how wide a text is at a font size, rather too wide than too narrow.
pub fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(letter_width).sum::<f64>() * size
}

/// About how wide a letter is, as a part of the font's size.
fn letter_width(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | '·' => 0.34,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '/' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' | '%' | '→' | '…' => 0.95,
        _ => 0.63,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_stay_between_none_and_all() {
        assert_eq!((percent(1, 3), percent(9, 3), percent(1, 0)), (33, 100, 0));
        assert_eq!((fraction(1, 4), fraction(9, 3), fraction(1, 0)), (0.25, 1.0, 0.0));
    }

    #[test]
    fn the_longest_wording_that_fits_is_chosen() {
        let wordings = ["reading block 2 from node 1", "block 2, node 1", "b2"];
        assert_eq!(fit(&wordings, 400.0, 12.0), wordings[0]);
        assert_eq!(fit(&wordings, 110.0, 12.0), wordings[1]);
        assert_eq!(fit(&wordings, 20.0, 12.0), wordings[2]);
        assert_eq!(fit(&wordings, 5.0, 12.0), "");
    }
}
