//! The natural logarithm in whole numbers: a result that no processor rounds in its own way.

/// ln 2, in units of 2^-60.
const LN_2: u128 = 799_144_290_325_165_979;

/// Fraction bits of the logarithm to the base of 2.
const FRACTION_BITS: u32 = 40;

/// The natural logarithm of `of / by` in millionths, rounded down; 0 when it is not above 1.
///
/// Bit by bit: a number between 1 and 2 is squared, and is 2 or more just when the next bit of its
/// logarithm to the base of 2 is 1.
pub fn ln_millionths(of: u64, by: u64) -> u64 {
    if by == 0 || of <= by {
        return 0;
    }
    // The ratio in units of 2^-62, brought between 1 and 2.
    let mut whole = 0_u32;
    let mut by = u128::from(by);
    while u128::from(of) >= 2 * by {
        (whole, by) = (whole + 1, 2 * by);
    }
    let mut ratio = (u128::from(of) << 62) / by;
    let mut log = u128::from(whole);
    for _ in 0..FRACTION_BITS {
        ratio = (ratio * ratio) >> 62;
        log <<= 1;
        if ratio >= 2 << 62 {
            (ratio, log) = (ratio >> 1, log + 1);
        }
    }
    let natural = (log * LN_2) >> FRACTION_BITS;
    let millionths = (natural * 1_000_000) >> 60;
    u64::try_from(millionths).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_logarithm_to_six_places() {
        for (of, by) in
            [(2, 1), (3, 2), (60, 1), (60, 59), (10, 3), (1_000_000_007, 13), (u64::MAX, 1)]
        {
            let exact = libm::log(of as f64 / by as f64) * 1e6;
            let found = ln_millionths(of, by) as f64;
            assert!((exact - found).abs() < 1.01, "ln {of}/{by} = {exact}, not {found}");
        }
        assert_eq!(
            (ln_millionths(2, 1), ln_millionths(1, 1), ln_millionths(1, 0)),
            (693_147, 0, 0)
        );
    }
}
