//! Numbers as people read them. Everything that shows a number, in the page, the trace's captions
//! and the command line, shows it by these; times show themselves (`Time`, `Span`).

use std::fmt;

/// A count with separators: `1,024`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(pub u64);

/// An amount of data in the unit that suits it: `824 B`, `1.2 KB`, `128 MB`. A KB is 1,024 bytes
/// here, as in Hadoop's own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes(pub u64);

/// A count and what is counted: `1 record`, `12 records`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted<'a>(pub u64, pub &'a str);

/// Things in a row: `1`, `1 and 2`, `1, 2 and 3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed<'a, T>(pub &'a [T]);

/// A part of a whole: `80 %`, `33.3 %`. Of nothing, everything is 0 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(pub u64, pub u64);

/// Units of data, each 1,024 times the one before.
const UNITS: [&str; 6] = ["KB", "MB", "GB", "TB", "PB", "EB"];

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

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = u128::from(self.1);
        let tenths = (u128::from(self.0) * 1_000 + whole / 2).checked_div(whole).unwrap_or(0);
        f.pad(&format!("{} %", Tenths(tenths)))
    }
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
            (1_024, "1 KB"),
            (1_229, "1.2 KB"),
            (131_072, "128 KB"),
            (1_048_570, "1 MB"),
            (1_300_000, "1.2 MB"),
            (8 << 30, "8 GB"),
            (u64::MAX, "16 EB"),
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
}
