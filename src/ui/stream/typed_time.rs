//! A time that a person types, as the page shows it.

use crate::base::Millis;
use crate::base::clock::{time, written};
use crate::base::format::Clock;

/// As it is shown elsewhere, where it can be read again.
pub fn shown(at: Millis) -> String {
    let clock = Clock(at).to_string();
    if parse(&clock, at) == Some(at) { clock } else { written(at) }
}

/// A time as the page shows it: where times are below an hour it has no hours. Nothing where it is none.
pub fn parse(text: &str, near: Millis) -> Option<Millis> {
    let text = text.trim();
    let is_short = (0..3_600_000).contains(&near);
    let has_one = text.matches(':').count() == 1 && !text.contains(['T', ' ', '-']);
    if is_short && has_one { time(&format!("0:{text}")) } else { time(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_the_page_shows_them() {
        for at in [7_000, 420_250, 43_226_000, 43_320_000, 43_226_050, 1_795_275_552_000, -5] {
            assert_eq!(parse(&shown(at), at), Some(at), "{}", shown(at));
        }
        assert_eq!(parse("0:45", 30_000), Some(45_000));
        assert_eq!(parse(" 12:09 ", 43_226_000), Some(43_740_000));
        assert_eq!(parse("noon", 0), None);
    }
}
