//! The terms of the trade, each defined in one line. Data only; the page shows them on hover and
//! on focus.

/// A term and its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The term, in lower case and in the singular.
    pub word: &'static str,
    /// One line that needs no other term to be understood.
    pub meaning: &'static str,
}

/// All terms, by alphabet.
pub static GLOSSARY: &[Entry] = &[
    Entry {
        word: "allowed lateness",
        meaning: "How long after its end a window is kept, for records that come late.",
    },
    Entry {
        word: "attempt",
        meaning: "One try at a task; a task that fails or is slow gets another.",
    },
    Entry {
        word: "barrier",
        meaning: "A point that nothing passes before everything before it is done.",
    },
    Entry {
        word: "belief",
        meaning: "What the coordinator thinks of a node: only what it last heard.",
    },
    Entry {
        word: "block",
        meaning: "A piece of the input file, stored whole, with copies on several nodes.",
    },
    Entry { word: "cluster", meaning: "Machines in racks that work on one job together." },
    Entry {
        word: "combiner",
        meaning: "Adds up equal keys on the map side, so that less has to travel.",
    },
    Entry {
        word: "commit",
        meaning: "The one rename that makes a finished part visible, whole or not at all.",
    },
    Entry {
        word: "coordinator",
        meaning: "The program that gives out the tasks and hears how they go.",
    },
    Entry { word: "copy phase", meaning: "A reduce fetches its partition of every map's output." },
    Entry { word: "counter", meaning: "A sum over all tasks of the job, such as records read." },
    Entry {
        word: "event",
        meaning: "Something that happened in the run, with its time and its cause.",
    },
    Entry { word: "event time", meaning: "When a record happened, as it says itself." },
    Entry {
        word: "fetch",
        meaning: "A reduce copies its partition of one map's output over the network.",
    },
    Entry { word: "group", meaning: "All values of one key, handed to the reducer together." },
    Entry {
        word: "heartbeat",
        meaning: "A node's regular message: I am alive, and so many slots are free.",
    },
    Entry {
        word: "job",
        meaning: "One computation over the whole input, cut into map and reduce tasks.",
    },
    Entry {
        word: "key",
        meaning: "What records are sorted, partitioned and grouped by; here, the word.",
    },
    Entry { word: "ledger", meaning: "Each record accounted for once in each of its windows." },
    Entry {
        word: "locality",
        meaning: "How near a task runs to its data: same node, same rack, or farther.",
    },
    Entry {
        word: "map task",
        meaning: "Reads one split and emits key and value pairs for each of its lines.",
    },
    Entry {
        word: "merge",
        meaning: "Several sorted files become one sorted file, in one pass over them.",
    },
    Entry {
        word: "node",
        meaning: "A machine of the cluster, with its own memory, disk and network card.",
    },
    Entry { word: "offset", meaning: "A record's place in its partition of the log, from 0." },
    Entry {
        word: "output part",
        meaning: "The result of one reduce task: one file of the job's output.",
    },
    Entry { word: "pane", meaning: "One firing of a window: what it says at that moment." },
    Entry {
        word: "partition",
        meaning: "The keys that go to one reducer, chosen by the key's hash.",
    },
    Entry {
        word: "partitioner",
        meaning: "The rule, a hash, that says which reducer a key goes to.",
    },
    Entry {
        word: "phase",
        meaning: "What a task is busy with: read, spill, merge, copy, sort, reduce, commit.",
    },
    Entry { word: "processing time", meaning: "What the clock says where a record is worked on." },
    Entry {
        word: "rack",
        meaning: "Machines behind one switch; traffic between racks shares an uplink.",
    },
    Entry {
        word: "record",
        meaning: "One piece of data: a line of the input, or one key with its value.",
    },
    Entry {
        word: "reduce task",
        meaning: "Fetches one partition from every map, groups its keys and adds up.",
    },
    Entry { word: "replica", meaning: "One of several copies of a block, each on another node." },
    Entry { word: "retraction", meaning: "Taking back what was said before." },
    Entry {
        word: "scale",
        meaning: "How many bytes of a real cluster one byte of this text stands for.",
    },
    Entry {
        word: "segment",
        meaning: "The part of a map's sorted output that belongs to one partition.",
    },
    Entry { word: "session", meaning: "A window that lasts until a key is silent for a while." },
    Entry {
        word: "shuffle",
        meaning: "Every reduce fetches its partition from every map: all to all.",
    },
    Entry { word: "slot", meaning: "Room for one running task on a node." },
    Entry { word: "slow start", meaning: "Reducers are given out only when enough maps are done." },
    Entry {
        word: "sort buffer",
        meaning: "Memory of a map task for its output, before it goes to disk.",
    },
    Entry {
        word: "speculation",
        meaning: "A second attempt at a slow task; the first to finish counts.",
    },
    Entry {
        word: "spill",
        meaning: "A nearly full sort buffer is sorted and written to the node's disk.",
    },
    Entry {
        word: "split",
        meaning: "The stretch of the input that one map task reads; about a block.",
    },
    Entry {
        word: "straggler",
        meaning: "A task that runs much slower than the others of its kind.",
    },
    Entry {
        word: "task",
        meaning: "A piece of the job that runs on one node: one map or one reduce.",
    },
    Entry {
        word: "timer",
        meaning: "A moment of event time or of the clock at which an operator wants to be called.",
    },
    Entry { word: "trigger", meaning: "The rule by which a window fires." },
    Entry {
        word: "virtual time",
        meaning: "The cluster's own clock in this simulation, not the one on your wall.",
    },
    Entry {
        word: "watermark",
        meaning: "The claim that no record from before this event time is to come.",
    },
    Entry { word: "window", meaning: "A piece of event time whose records are counted together." },
];

/// The entry of a term, which may be given in the plural or with capitals.
pub fn lookup(word: &str) -> Option<&'static Entry> {
    let word = word.to_lowercase();
    let singular = word.strip_suffix('s').unwrap_or(&word);
    GLOSSARY.iter().find(|entry| entry.word == word || entry.word == singular).or_else(|| {
        let singular = word.strip_suffix("es")?;
        GLOSSARY.iter().find(|entry| entry.word == singular)
    })
}

/// A sentence in pieces, in order: those that are terms, and what lies between them. Each term is
/// told apart once, and terms of two words come before those of one.
pub fn pieces(text: &str) -> Vec<(&str, bool)> {
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
            let entry = lookup(&text[start..end])?;
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
            pieces("Map 0 spills 21 records; its sort buffer is full, and spills again."),
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
        let whole: String =
            pieces("Über 3 nodes… fetch é").into_iter().map(|(piece, _)| piece).collect();
        assert_eq!(whole, "Über 3 nodes… fetch é");
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn the_glossary_is_in_order_and_each_meaning_fits_a_line() {
        assert!(GLOSSARY.windows(2).all(|pair| pair[0].word < pair[1].word));
        for entry in GLOSSARY {
            assert!(entry.meaning.chars().count() <= 80, "{}: {}", entry.word, entry.meaning);
            assert!(entry.meaning.ends_with('.'), "{}", entry.word);
        }
    }

    #[test]
    fn a_term_is_found_however_it_is_written() {
        for written in ["spill", "Spills", "SPILL"] {
            assert_eq!(lookup(written).map(|entry| entry.word), Some("spill"));
        }
        assert_eq!(lookup("Replicas").map(|entry| entry.word), Some("replica"));
        assert_eq!(lookup("fetches").map(|entry| entry.word), Some("fetch"));
        assert_eq!(lookup("blockchain"), None);
    }

    #[test]
    fn a_setting_s_name_is_not_taken_apart() {
        let text = "mapreduce.job.reduce-slowstart is a setting of the job.";
        let terms: Vec<(&str, bool)> = pieces(text).into_iter().filter(|piece| piece.1).collect();
        assert_eq!(terms, [("job", true)]);
        assert!(pieces(text)[0].0.ends_with("of the "));
    }
}
