//! What each preset asks, where it stops first, and what was seen at its end.

use super::stream_presets::STREAM_PRESET_TEXTS;
use serde::Serialize;

/// The words of a preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PresetText {
    /// The preset's name, as in `scenario::presets`.
    pub name: &'static str,
    /// Its title in the picker.
    pub title: &'static str,
    /// The question that it opens with: one sentence.
    pub question: &'static str,
    /// Where it stops first, just before its key moment.
    pub stops: Stop,
    /// The key to look at first, of a stream that has several; nothing for the first that comes.
    pub key: Option<&'static str>,
    /// What was seen, for its end: one sentence.
    pub closing: &'static str,
}

/// Where a preset stops first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// At the beginning of the run.
    AtTheBeginning,
    /// Before the first event of this kind, named as the trace writes it.
    Before(&'static str),
}

/// The words of the MapReduce lab's presets, in the order of the picker.
pub static PRESET_TEXTS: &[PresetText] = &[
    PresetText {
        name: "first-steps",
        title: "First steps",
        question: "How do three machines count the words of one small text?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Equal words met at one reducer, because a word's hash is the same wherever it \
                  is read, so every count is whole.",
    },
    PresetText {
        name: "cut-line",
        title: "The cut line",
        question: "A split ends in the middle of a word: who reads the rest of its line?",
        stops: Stop::Before("read_past_end"),
        key: None,
        closing: "The first map read its last line to the end and the second skipped that piece, \
                  so no word was lost and none was counted twice.",
    },
    PresetText {
        name: "kill-a-node",
        title: "Kill a node",
        question: "A node dies after its map was done: why must that map run again?",
        stops: Stop::Before("fault_struck"),
        key: None,
        closing: "A map's output lies on its own node alone, so it died with the node, and the map \
                  ran again elsewhere before the reduces could end.",
    },
    PresetText {
        name: "slow-or-dead",
        title: "Slow or dead",
        question: "How can the coordinator tell a node that is slow from one that is dead?",
        stops: Stop::Before("fault_struck"),
        key: None,
        closing: "It cannot: silence past the time-out counted as death, the node spoke again, and \
                  the result was right all the same.",
    },
    PresetText {
        name: "straggler",
        title: "The straggler",
        question: "One node is slow but alive: must the whole job wait for its map?",
        stops: Stop::Before("backup_decided"),
        key: None,
        closing: "The slow map got a backup on another node, the backup finished first, and the slow \
                  one was killed.",
    },
    PresetText {
        name: "poison-record",
        title: "A poison record",
        question: "A line makes the map's code throw every time: what good are retries?",
        stops: Stop::Before("attempt_threw"),
        key: None,
        closing: "Four attempts threw at the same line on whatever node they ran, so the job \
                  failed: retries mend machines, not data.",
    },
    PresetText {
        name: "two-attempts-one-commit",
        title: "Two attempts, one commit",
        question: "Two attempts of one reduce run at once: whose output counts?",
        stops: Stop::Before("backup_decided"),
        key: None,
        closing: "Each wrote to a folder of its own, only the one that finished first was let commit, \
                  and the other was killed with its output unseen.",
    },
    PresetText {
        name: "half-an-output",
        title: "Half an output",
        question: "The job fails after one of two reducers has committed: what does a reader of its \
                   output find?",
        stops: Stop::Before("output_committed"),
        key: None,
        closing: "By commit algorithm 2 the part could be seen at once, so half an output stayed \
                  behind; that _SUCCESS is missing is the only sign.",
    },
    PresetText {
        name: "all-or-nothing",
        title: "All or nothing",
        question: "Can a job that fails leave nothing behind, though one of its reducers has \
                   committed?",
        stops: Stop::Before("output_committed"),
        key: None,
        closing: "By commit algorithm 1 the part was set aside until the job commits; the job \
                  failed, and nobody ever saw it.",
    },
    PresetText {
        name: "where-the-key-goes",
        title: "Where does the key go?",
        question: "Which of three reducers gets a word, and who decides that?",
        stops: Stop::Before("spill_started"),
        key: None,
        closing: "Nobody was asked: each map computed the same formula, the word's hash modulo \
                  three, and so all equal words met at one reducer.",
    },
    PresetText {
        name: "alice",
        title: "Alice in Wonderland",
        question: "Which words does Alice's story use most, and where do they meet?",
        stops: Stop::Before("fetch_started"),
        key: None,
        closing: "Each reducer fetched its own partition from all eight maps, and its part lists \
                  words that no other part has.",
    },
    PresetText {
        name: "no-combiner",
        title: "Without the combiner",
        question: "What has to travel when nobody adds up equal words before the shuffle?",
        stops: Stop::Before("fetch_started"),
        key: None,
        closing: "Every single word was written, sorted and sent by itself; the counts came out \
                  the same, and only the traffic grew.",
    },
    PresetText {
        name: "packed-shuffle",
        title: "A packed shuffle",
        question: "Every word travels by itself: is it worth the time to compress what is shuffled?",
        stops: Stop::Before("fetch_started"),
        key: None,
        closing: "In LZ4 the map outputs took a fraction of their bytes on disk and on the network; \
                  packing and unpacking them took processor time instead.",
    },
    PresetText {
        name: "locality",
        title: "Locality",
        question: "A node has a free slot and maps wait: why does it get none of them?",
        stops: Stop::Before("map_assigned"),
        key: None,
        closing: "Its offer was passed up, since nodes with the blocks were about to ask: all maps \
                  read their own disks, and the job was done sooner than by the first slot free.",
    },
    PresetText {
        name: "slow-start",
        title: "Slow start",
        question: "What if reducers wait until every map is done?",
        stops: Stop::Before("slow_start_reached"),
        key: None,
        closing: "No container waited idly for map outputs, but not a byte was fetched while maps \
                  ran: the whole shuffle came after the last of them.",
    },
    PresetText {
        name: "one-gzip",
        title: "One gzip file",
        question: "The file has several blocks and the cluster many nodes: why does one map read it \
                   all?",
        stops: Stop::Before("map_assigned"),
        key: None,
        closing: "A gzip stream can only be read from its beginning, so the file was one split, and \
                  all nodes but one had no map to run.",
    },
    PresetText {
        name: "many-files",
        title: "Many small files",
        question: "How many map tasks does it take to read 24 files of half a kilobyte?",
        stops: Stop::Before("map_assigned"),
        key: None,
        closing: "Each file was a split, so 24 containers started, and most of their time went \
                  into starting.",
    },
    PresetText {
        name: "combined-files",
        title: "Small files, combined",
        question: "Can one map task read several files?",
        stops: Stop::Before("map_assigned"),
        key: None,
        closing: "Files that lie on the same nodes went into one split together, so a few maps read \
                  all 24 of them.",
    },
    PresetText {
        name: "pride",
        title: "Pride and Prejudice",
        question: "How does a sort buffer write down far more words than it can hold?",
        stops: Stop::Before("spill_started"),
        key: None,
        closing: "Each map spilled its buffer several times, sorted, and one merge made a single \
                  sorted file of its spills.",
    },
    PresetText {
        name: "big-cluster",
        title: "Fifty nodes",
        question: "How do fifty nodes share 500 tasks, and what happens while most of them wait?",
        stops: Stop::Before("slow_start_reached"),
        key: None,
        closing: "Maps ran in waves as slots came free, and reducers began to fetch long before \
                  the last map had started.",
    },
    PresetText {
        name: "grep",
        title: "Grep",
        question: "Which lines name the river, when nothing needs to be sorted?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Each map wrote its own lines and committed its own part: no shuffle, no sort, no reduce.",
    },
    PresetText {
        name: "inverted-index",
        title: "The inverted index",
        question: "Which documents is a word in, as a search engine must know?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Every word met all of its documents at one reducer, which wrote them as one line.",
    },
    PresetText {
        name: "total-order",
        title: "One order over all parts",
        question: "Each part is sorted: how can all parts together be?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Split points from a sample gave each reducer a range of keys, so the parts, one after another, are in one order.",
    },
    PresetText {
        name: "secondary-sort",
        title: "Secondary sort",
        question: "A reducer gets a sensor's readings: who puts them in the order of time?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "The sort was by sensor and time, the partition and the group by the sensor alone, so the shuffle did it.",
    },
    PresetText {
        name: "distinct",
        title: "Distinct",
        question: "Which words are there, however often?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Each word was a key with nothing beside it, and the combiner kept all but one of each from travelling.",
    },
    PresetText {
        name: "top-n",
        title: "The top three",
        question: "Must all counts be sorted to find the three largest?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Each map kept only its own three largest and sent them at its end, so one reducer looked at a few lines.",
    },
    PresetText {
        name: "average",
        title: "An average that combines",
        question: "What must a combiner send on, so that a mean stays a mean?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Sums and counts can be added up as often as one likes; the mean was taken once, at the end.",
    },
    PresetText {
        name: "average-trap",
        title: "The combiner trap",
        question: "The combiner takes means, and the reducer means of these: what can go wrong?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "A mean of means forgets how many each stands for: with the combiner the result is not that of one plain loop.",
    },
    PresetText {
        name: "join",
        title: "The reduce-side join",
        question: "How do a customer and the orders with the same id find each other?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Both tables were shuffled by id, and each customer sorted before the orders, so a reducer kept one row and let the rest pass by.",
    },
    PresetText {
        name: "broadcast-join",
        title: "The broadcast join",
        question: "One table is small: need anything be shuffled at all?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Every map had the whole small table in memory and joined the lines as it read them.",
    },
    PresetText {
        name: "bucketed-join",
        title: "The bucketed join",
        question: "Both tables lie in buckets by id already: what is left to do?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Each map met its own bucket of the other table, so no row went to another node.",
    },
    PresetText {
        name: "hot-key",
        title: "The hot key",
        question: "One customer has most of the orders: which reducer gets them?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "All rows of one id went to one reducer, which worked while the others were done.",
    },
    PresetText {
        name: "salted-join",
        title: "Salt",
        question: "Can a hot key be spread over several reducers?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Orders were dealt out by salt, and each customer sent to every salt, so the hot id had several reducers and the result was the same.",
    },
    PresetText {
        name: "small-files",
        title: "Small files",
        question: "What do many small files cost, and how do they become few?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Every file took a map task of its own; two reducers wrote the lines back into two files.",
    },
    PresetText {
        name: "page-rank",
        title: "PageRank",
        question: "How does a rank that depends on other ranks get computed by maps and reduces?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Each round gave shares of the ranks along the links; its output was the next round's input.",
    },
    PresetText {
        name: "tf-idf",
        title: "TF-IDF",
        question: "Which words tell a document apart from the others?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "Three jobs in a chain: counts of terms, sizes of documents, and weights in which a word of all documents counts nothing.",
    },
    PresetText {
        name: "all-to-one",
        title: "All to one",
        question: "What does a bad partitioner cost?",
        stops: Stop::AtTheBeginning,
        key: None,
        closing: "All keys went to one reducer, and the others wrote empty parts.",
    },
];

/// The words of the preset of this name.
pub fn named(name: &str) -> Option<&'static PresetText> {
    PRESET_TEXTS.iter().chain(STREAM_PRESET_TEXTS).find(|text| text.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_preset_asks_one_question_and_closes_with_one_sentence() {
        for text in PRESET_TEXTS.iter().chain(STREAM_PRESET_TEXTS) {
            assert!(text.question.ends_with('?'), "{}", text.name);
            assert_eq!(text.question.matches(['?', '.', '!']).count(), 1, "{}", text.name);
            assert!(text.closing.ends_with('.'), "{}", text.name);
            // A stop within a number ends no sentence.
            let ends =
                text.closing.split_whitespace().filter(|word| word.ends_with(['?', '.', '!']));
            assert_eq!(ends.count(), 1, "{}", text.name);
        }
    }
}
