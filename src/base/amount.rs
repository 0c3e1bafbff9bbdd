//! Amounts: the values of a stream's records, in thousandths, so that sums are exact.

use super::format::Count;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A number with at most three decimal places: `5`, `-2.5`, `21.375`. Written as thousandths.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Amount(pub i64);

/// Thousandths of one.
const ONE: i64 = 1_000;

/// The largest amount of a record, and with a minus the smallest: a thousand million. A million of
/// them add up to less than 64 bits hold.
pub const RECORD_AMOUNT_MAX: Amount = Amount(1_000_000_000 * ONE);

impl Amount {
    /// A whole number, as far as it fits.
    pub const fn whole(number: i64) -> Amount {
        Amount(number.saturating_mul(ONE))
    }

    /// A sum that was kept wider, as far as it fits.
    pub fn narrow(thousandths: i128) -> Amount {
        let most = if thousandths < 0 { i64::MIN } else { i64::MAX };
        Amount(i64::try_from(thousandths).unwrap_or(most))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1_000, self.0.unsigned_abs() % 1_000);
        let mut text = format!("{sign}{}", Count(whole));
        if rest > 0 {
            text += format!(".{rest:03}").trim_end_matches('0');
        }
        f.pad(&text)
    }
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a number of at most three decimal places, from -1000000000 to 1000000000")]
pub struct NoAmount;

impl FromStr for Amount {
    type Err = NoAmount;

    fn from_str(text: &str) -> Result<Amount, NoAmount> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let numeric = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !numeric(whole) || !numeric(decimals) || decimals.len() > 3 {
            return Err(NoAmount);
        }
        let whole: i64 = whole.parse().map_err(|_| NoAmount)?;
        let decimals: i64 = format!("{decimals:0<3}").parse().map_err(|_| NoAmount)?;
        let amount = whole.checked_mul(ONE).and_then(|all| all.checked_add(decimals));
        let amount = amount.filter(|amount| *amount <= RECORD_AMOUNT_MAX.0).ok_or(NoAmount)?;
        Ok(Amount(sign * amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_shown_exactly() {
        for (text, amount, shown) in [
            ("5", 5_000, "5"),
            ("-2.5", -2_500, "-2.5"),
            ("1234567.125", 1_234_567_125, "1,234,567.125"),
            ("-0.05", -50, "-0.05"),
            ("007", 7_000, "7"),
        ] {
            assert_eq!(text.parse(), Ok(Amount(amount)));
            assert_eq!(Amount(amount).to_string(), shown);
        }
        for text in ["", "-", ".5", "5.", "1.2345", "1e3", "+5", " 5", "1000000000.001", "NaN"] {
            assert_eq!(text.parse::<Amount>(), Err(NoAmount), "{text}");
        }
        assert_eq!(Amount::narrow(i128::MIN), Amount(i64::MIN));
    }
}
