//! The texts that Millrace carries: real prose in the public domain. README.md says whence.
//!
//! The page fetches them as files beside it; everywhere else they are part of the program.

/// A text that Millrace carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltinText {
    /// Its short name, in scenarios and links.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Who wrote it.
    pub author: &'static str,
    /// When it was first published.
    pub year: u16,
    /// Its length.
    pub bytes: u64,
    /// Its lines.
    pub lines: u64,
    /// Its words, as word count sees them.
    pub words: u64,
    /// The name of its file in this folder, and beside the page.
    pub file: &'static str,
}

/// All of them, the shortest first.
pub static BUILTIN_TEXTS: [BuiltinText; 3] = [
    BuiltinText {
        name: "alice",
        title: "Alice's Adventures in Wonderland",
        author: "Lewis Carroll",
        year: 1865,
        bytes: 148_476,
        lines: 3_604,
        words: 26_457,
        file: "alice.txt",
    },
    BuiltinText {
        name: "persuasion",
        title: "Persuasion",
        author: "Jane Austen",
        year: 1817,
        bytes: 466_854,
        lines: 8_328,
        words: 83_283,
        file: "persuasion.txt",
    },
    BuiltinText {
        name: "pride",
        title: "Pride and Prejudice",
        author: "Jane Austen",
        year: 1813,
        bytes: 684_768,
        lines: 13_030,
        words: 121_567,
        file: "pride.txt",
    },
];

/// The text of this short name.
pub fn named(name: &str) -> Option<&'static BuiltinText> {
    BUILTIN_TEXTS.iter().find(|text| text.name == name)
}

/// The bytes of the text of this short name.
#[cfg(not(target_arch = "wasm32"))]
pub fn content(name: &str) -> Option<&'static [u8]> {
    match name {
        "alice" => Some(include_bytes!("alice.txt")),
        "persuasion" => Some(include_bytes!("persuasion.txt")),
        "pride" => Some(include_bytes!("pride.txt")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::input::{InputFacts, check_input};

    #[test]
    fn the_table_says_what_the_files_hold() {
        for text in BUILTIN_TEXTS {
            let facts = check_input(content(text.name).unwrap());
            let said = InputFacts {
                bytes: text.bytes,
                lines: text.lines,
                words: text.words,
                byte_order_mark: false,
            };
            assert_eq!(facts, Ok(said), "{}", text.name);
        }
    }

    #[test]
    fn no_text_carries_a_licence_or_a_trademark() {
        for text in BUILTIN_TEXTS {
            let prose = std::str::from_utf8(content(text.name).unwrap()).unwrap().to_lowercase();
            for word in ["gutenberg", "copyright", "trademark", "e-text", "http", "\r"] {
                assert!(!prose.contains(word), "{}: {word}", text.name);
            }
        }
    }
}
