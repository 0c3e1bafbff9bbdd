//! Regular expressions as far as an expected error needs them: letters, `.`, `*`, `+`, `?`, `^`, `$`, `\` before
//! a sign that is meant, and `|` between whole alternatives.

/// Whether the pattern is found somewhere in the text.
pub(super) fn found(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    alternatives(pattern).iter().any(|pattern| {
        let (anchored, rest) = match pattern.first() {
            Some(Part { what: What::Start, .. }) => (true, pattern.get(1..).unwrap_or_default()),
            Some(_) | None => (false, &pattern[..]),
        };
        let last = if anchored { 0 } else { text.len() };
        (0..=last).any(|from| here(rest, text.get(from..).unwrap_or_default()))
    })
}

struct Part {
    what: What,
    least: usize,
    most: usize,
}

enum What {
    Start,
    End,
    Any,
    Sign(char),
}

fn alternatives(pattern: &str) -> Vec<Vec<Part>> {
    let mut all: Vec<Vec<Part>> = vec![Vec::new()];
    let mut signs = pattern.chars();
    while let Some(sign) = signs.next() {
        let what = match sign {
            '|' => {
                all.push(Vec::new());
                continue;
            }
            '*' | '+' | '?' => {
                if let Some(part) = all.last_mut().and_then(|parts| parts.last_mut()) {
                    part.least = usize::from(sign == '+');
                    part.most = if sign == '?' { 1 } else { usize::MAX };
                }
                continue;
            }
            '^' => What::Start,
            '$' => What::End,
            '.' => What::Any,
            '\\' => What::Sign(signs.next().unwrap_or('\\')),
            _ => What::Sign(sign),
        };
        if let Some(parts) = all.last_mut() {
            parts.push(Part { what, least: 1, most: 1 });
        }
    }
    all
}

/// Whether the parts match a beginning of the text.
fn here(parts: &[Part], text: &[char]) -> bool {
    let Some((part, rest)) = parts.split_first() else { return true };
    let most = text.len().min(part.most);
    let fits = |sign: &char| match part.what {
        What::Any => true,
        What::Sign(wanted) => *sign == wanted,
        What::Start | What::End => false,
    };
    if matches!(part.what, What::End) {
        return text.is_empty() && here(rest, text);
    }
    let run = text.iter().take(most).take_while(|sign| fits(sign)).count();
    (part.least..=run).any(|count| here(rest, text.get(count..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::found;

    #[test]
    fn patterns_match_as_regular_expressions_do() {
        for (pattern, text, matches) in [
            ("Unmatched output", "Unmatched output {..} in []", true),
            ("Unmatched.*in", "Unmatched output {..} in []", true),
            ("^output", "Unmatched output", false),
            ("^Un.+t$", "Unmatched output", true),
            ("Unexpected|Unmatched", "Unmatched output", true),
            (r"\[\]$", "in []", true),
            ("in \\?", "in []", false),
            ("colou?r", "color", true),
            ("", "", true),
            ("a", "", false),
        ] {
            assert_eq!(found(pattern, text), matches, "{pattern} in {text}");
        }
    }
}
