//! The terms of the trade, each defined in one line. Data only; the page shows them on hover and
//! on focus. A word may mean one thing of a batch job and another of a stream: a partition is a share of the keys
//! here, and a piece of the log there.

mod batch;
mod stream;

/// A term and its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The term, in lower case and in the singular.
    pub word: &'static str,
    /// One line that needs no other term to be understood.
    pub meaning: &'static str,
}

/// Of what kind of job one speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sense {
    /// Of MapReduce.
    #[default]
    Batch,
    /// Of a stream.
    Stream,
}

/// The terms of all labs, by alphabet.
static SHARED: &[Entry] = &[
    Entry { word: "cluster", meaning: "Machines in racks that work on one job together." },
    Entry {
        word: "node",
        meaning: "A machine of the cluster, with its own memory, disk and network card.",
    },
    Entry {
        word: "virtual time",
        meaning: "The cluster's own clock in this simulation, not the one on your wall.",
    },
];

/// The entry of a term in a sense; the term may be given in the plural or with capitals.
pub fn lookup(word: &str, sense: Sense) -> Option<&'static Entry> {
    let own = match sense {
        Sense::Batch => batch::BATCH,
        Sense::Stream => stream::STREAM,
    };
    let all = || own.iter().chain(SHARED);
    let word = word.to_lowercase();
    let singular = word.strip_suffix('s').unwrap_or(&word);
    all().find(|entry| entry.word == word || entry.word == singular).or_else(|| {
        let singular = word.strip_suffix("es")?;
        all().find(|entry| entry.word == singular)
    })
}

/// A sentence in pieces, in order: those that are terms, and what lies between them. Each term is
/// told apart once, and terms of two words come before those of one.
pub fn pieces(text: &str, sense: Sense) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(start) = text[at..].find(char::is_alphabetic).map(|start| at + start) {
        let end = word_end(text, start);
        let next = text[end..].strip_prefix(' ').map(|_| word_end(text, end + 1));
        let found = next.into_iter().chain([end]).find_map(|end| {
            if is_in_name(text, start, end) {
                return None;
            }
            let entry = lookup(&text[start..end], sense)?;
            (!known.contains(&entry.word)).then_some((end, entry.word))
        });
        at = end;
        if let Some((end, word)) = found {
            known.push(word);
            pieces.push((&text[plain..start], false));
            pieces.push((&text[start..end], true));
            (plain, at) = (end, end);
        }
    }
    pieces.push((&text[plain..], false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

/// Whether what stands there is a piece of a longer name, as `reduce` is of `mapreduce.job.reduce`.
fn is_in_name(text: &str, start: usize, end: usize) -> bool {
    let joins = |sign: char| matches!(sign, '.' | '-' | '_');
    let after = text[end..].strip_prefix(joins);
    text[..start].ends_with(joins)
        || after.is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

fn word_end(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    start + rest.find(|letter: char| !letter.is_alphabetic()).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_falls_into_terms_and_what_lies_between_them() {
        assert_eq!(
            pieces(
                "Map 0 spills 21 records; its sort buffer is full, and spills again.",
                Sense::Batch
            ),
            [
                ("Map 0 ", false),
                ("spills", true),
                (" 21 ", false),
                ("records", true),
                ("; its ", false),
                ("sort buffer", true),
                (" is full, and spills again.", false),
            ]
        );
        let whole: String = pieces("Über 3 nodes… fetch é", Sense::Batch)
            .into_iter()
            .map(|(piece, _)| piece)
            .collect();
        assert_eq!(whole, "Über 3 nodes… fetch é");
        assert_eq!(pieces("", Sense::Batch), []);
    }

    #[test]
    fn the_glossary_is_in_order_and_each_meaning_fits_a_line() {
        for table in [batch::BATCH, stream::STREAM, SHARED] {
            assert!(table.windows(2).all(|pair| pair[0].word < pair[1].word));
        }
        for entry in batch::BATCH.iter().chain(stream::STREAM).chain(SHARED) {
            assert!(entry.meaning.chars().count() <= 80, "{}: {}", entry.word, entry.meaning);
            assert!(entry.meaning.ends_with('.'), "{}", entry.word);
        }
    }

    #[test]
    fn a_word_is_explained_in_the_sense_of_its_lab() {
        for word in ["partition", "key", "merge", "record", "job", "barrier"] {
            let [batch, stream] = [Sense::Batch, Sense::Stream].map(|sense| lookup(word, sense));
            assert_ne!(batch.unwrap().meaning, stream.unwrap().meaning, "{word}");
        }
        let of_stream = pieces("the watermark of a subtask passes a map task", Sense::Stream);
        let terms: Vec<&str> = of_stream.iter().filter(|of| of.1).map(|of| of.0).collect();
        assert_eq!(terms, ["watermark", "subtask"]);
        assert_eq!(lookup("watermark", Sense::Batch), None);
    }

    #[test]
    fn all_that_the_stream_lab_shows_is_explained() {
        for word in [
            "late",
            "dropped",
            "idle",
            "subtask",
            "stream time",
            "grace",
            "element",
            "source",
            "sink",
            "retraction",
            "retracting",
            "accumulating",
            "discarding",
            "pane",
            "trigger",
            "watermark",
            "allowed lateness",
            "late output",
            "session gap",
            "offset",
            "operator",
            "log",
            "timer",
            "pending",
            "early",
            "processing time",
            "event time",
            "key",
            "partition",
            "channel",
        ] {
            assert!(lookup(word, Sense::Stream).is_some(), "{word}");
        }
    }

    #[test]
    fn a_term_is_found_however_it_is_written() {
        for written in ["spill", "Spills", "SPILL"] {
            assert_eq!(lookup(written, Sense::Batch).map(|entry| entry.word), Some("spill"));
        }
        assert_eq!(lookup("Replicas", Sense::Batch).map(|entry| entry.word), Some("replica"));
        assert_eq!(lookup("fetches", Sense::Batch).map(|entry| entry.word), Some("fetch"));
        assert_eq!(lookup("blockchain", Sense::Batch), None);
    }

    #[test]
    fn a_setting_s_name_is_not_taken_apart() {
        let text = "mapreduce.job.reduce-slowstart is a setting of the job.";
        let terms: Vec<(&str, bool)> =
            pieces(text, Sense::Batch).into_iter().filter(|piece| piece.1).collect();
        assert_eq!(terms, [("job", true)]);
        assert!(pieces(text, Sense::Batch)[0].0.ends_with("of the "));
    }
}
