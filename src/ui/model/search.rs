//! Looking for a tunable by words: its label, its name, its help, or what the real system calls it.

use crate::scenario::Parameter;

/// Whether a tunable has all of these words, in whatever case; without any words it has.
pub fn has_words(parameter: &Parameter, words: &str) -> bool {
    let Parameter { name, label, help, real, .. } = parameter;
    let group = parameter.group.label();
    let text = format!("{label} {name} {help} {real} {group}").to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Key, PARAMETERS};

    #[test]
    fn a_tunable_is_found_by_its_own_and_by_the_real_system_s_name() {
        let found = |words: &str| -> Vec<Key> {
            let has = PARAMETERS.iter().filter(|parameter| has_words(parameter, words));
            has.map(|parameter| parameter.key).collect()
        };
        assert_eq!(found("mapreduce.job.reduces"), [Key::Reducers]);
        assert_eq!(found("SORT buffer").first(), Some(&Key::SortBuffer));
        assert!(found("io.sort").contains(&Key::SortFactor));
        assert_eq!(found("").len(), PARAMETERS.len());
        assert_eq!(found("zebra"), []);
    }
}
