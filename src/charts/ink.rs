//! Colours of pictures that plotters draws: names that a style sheet defines, so that one picture
//! serves both themes. The library only knows numbers; each name has one that is replaced.

use plotters::prelude::RGBColor;

/// The names that a picture may use.
const NAMES: [&str; 15] = [
    "--ink",
    "--ink-soft",
    "--line",
    "--accent",
    "--bad",
    "--good",
    "--paper",
    "--partition-0",
    "--partition-1",
    "--partition-2",
    "--partition-3",
    "--partition-4",
    "--partition-5",
    "--partition-6",
    "--partition-7",
];

/// A colour by its name in the style sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink(u8);

impl Ink {
    /// What is most important.
    pub const INK: Ink = Ink(0);
    /// Marks and labels.
    pub const SOFT: Ink = Ink(1);
    /// Lines of a grid.
    pub const LINE: Ink = Ink(2);
    /// The one series of a plot, or its first.
    pub const ACCENT: Ink = Ink(3);
    /// What went wrong.
    pub const BAD: Ink = Ink(4);
    /// What went well.
    pub const GOOD: Ink = Ink(5);
    /// What lies under it all.
    pub const PAPER: Ink = Ink(6);

    /// The colour of a partition, or of the so-manieth series: they repeat.
    pub const fn partition(place: u8) -> Ink {
        Ink(7 + place % 8)
    }

    /// The name, as style sheets write it.
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or("--ink")
    }

    /// The number that stands for it until the picture is drawn.
    pub(super) fn number(self) -> RGBColor {
        RGBColor(1, 2, 16 + self.0)
    }
}

/// A drawn picture with names in the place of numbers.
pub(super) fn named(picture: &str) -> String {
    let mut text = String::with_capacity(picture.len() + picture.len() / 8);
    let mut rest = picture;
    while let Some(at) = rest.find("#0102") {
        let (before, found) = rest.split_at(at);
        text.push_str(before);
        let place = found.get(5..7).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let ink = place.and_then(|number| number.checked_sub(16)).map_or(Ink::INK, Ink);
        text.push_str("var(");
        text.push_str(ink.name());
        text.push(')');
        rest = found.get(7..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_becomes_its_name() {
        let inks = [Ink::INK, Ink::BAD, Ink::PAPER, Ink::partition(0), Ink::partition(15)];
        let names = ["--ink", "--bad", "--paper", "--partition-0", "--partition-7"];
        for (ink, name) in inks.into_iter().zip(names) {
            let RGBColor(red, green, blue) = ink.number();
            let drawn = format!("<path fill=\"#{red:02X}{green:02X}{blue:02X}\"/>");
            assert_eq!(named(&drawn), format!("<path fill=\"var({name})\"/>"));
        }
    }
}
