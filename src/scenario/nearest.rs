//! Names that are nearly the one that was written.

/// The most names that are offered.
const OFFERED_MAX: usize = 3;

/// Names longer than this are nobody's slip.
const LETTERS_MAX: usize = 60;

/// The nearest of all names, the best first: those that hold the whole of it, and those that are a few letters
/// away, so that less than half of it is wrong.
pub(super) fn nearest<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let name = name.to_lowercase();
    let letters = name.chars().count();
    if letters == 0 || letters > LETTERS_MAX {
        return Vec::new();
    }
    let near = |known: &'a str| {
        let is_part = letters >= 3 && known.contains(&name);
        let edits = if is_part { 1 } else { edits(&name, known) };
        (edits * 2 < letters.max(3)).then_some((edits, known))
    };
    let mut near: Vec<(usize, &str)> = all.filter_map(near).collect();
    near.sort_by_key(|(edits, _)| *edits);
    near.into_iter().take(OFFERED_MAX).map(|(_, known)| known).collect()
}

/// How many letters must be put in, taken out or replaced to make one of the other (Levenshtein's distance).
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, known) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *known);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_few_letters_away() {
        for (one, other, expected) in [
            ("", "", 0),
            ("kitten", "sitting", 3),
            ("a", "", 1),
            ("flaw", "lawn", 2),
            ("maß", "mass", 2),
        ] {
            assert_eq!(edits(one, other), expected, "{one}, {other}");
            assert_eq!(edits(other, one), expected, "{other}, {one}");
        }
    }

    #[test]
    fn few_names_are_offered_and_the_best_first() {
        let all =
            ["first-steps", "straggler", "join", "broadcast-join", "bucketed-join", "salted-join"];
        let offered = |name: &str| nearest(name, all.into_iter());
        assert_eq!(offered("stragler"), ["straggler"]);
        assert_eq!(offered("JOIN"), ["join", "broadcast-join", "bucketed-join"]);
        assert_eq!(offered("moby-dick"), [""; 0]);
        assert_eq!(offered(&"x".repeat(100_000)), [""; 0]);
    }
}
