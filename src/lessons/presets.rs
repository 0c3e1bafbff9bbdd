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
        closing: "Equal words met at one reducer, because a word's hash is the same wherever it \
                  is read, so every count is whole.",
    },
    PresetText {
        name: "cut-line",
        title: "The cut line",
        question: "A split ends in the middle of a word: who reads the rest of its line?",
        stops: Stop::Before("read_past_end"),
        closing: "The first map read its last line to the end and the second skipped that piece, \
                  so no word was lost and none was counted twice.",
    },
    PresetText {
        name: "kill-a-node",
        title: "Kill a node",
        question: "A node dies after its map was done: why must that map run again?",
        stops: Stop::Before("fault_struck"),
        closing: "A map's output lies on its own node alone, so it died with the node, and the map \
                  ran again elsewhere before the reduces could end.",
    },
    PresetText {
        name: "slow-or-dead",
        title: "Slow or dead",
        question: "How can the coordinator tell a node that is slow from one that is dead?",
        stops: Stop::Before("fault_struck"),
        closing: "It cannot: silence past the time-out counted as death, the node spoke again, and \
                  the result was right all the same.",
    },
    PresetText {
        name: "straggler",
        title: "The straggler",
        question: "One node is slow but alive: must the whole job wait for its map?",
        stops: Stop::Before("backup_decided"),
        closing: "The slow map got a backup on another node, the backup was first, and the slow \
                  one was killed.",
    },
    PresetText {
        name: "poison-record",
        title: "A poison record",
        question: "A line makes the map's code throw every time: what good are retries?",
        stops: Stop::Before("attempt_threw"),
        closing: "Four attempts threw at the same line on whatever node they ran, so the job \
                  failed: retries mend machines, not data.",
    },
    PresetText {
        name: "two-attempts-one-commit",
        title: "Two attempts, one commit",
        question: "Two attempts of one reduce run at once: whose output counts?",
        stops: Stop::Before("backup_decided"),
        closing: "Each wrote to a folder of its own, only the first was let commit, and the other \
                  was killed with its output unseen.",
    },
    PresetText {
        name: "alice",
        title: "Alice in Wonderland",
        question: "Which words does Alice's story use most, and where do they meet?",
        stops: Stop::Before("fetch_started"),
        closing: "Each reducer fetched its own partition from all eight maps, and its part lists \
                  words that no other part has.",
    },
    PresetText {
        name: "no-combiner",
        title: "Without the combiner",
        question: "What has to travel when nobody adds up equal words before the shuffle?",
        stops: Stop::Before("fetch_started"),
        closing: "Every single word was written, sorted and sent by itself; the counts came out \
                  the same, and only the traffic grew.",
    },
    PresetText {
        name: "pride",
        title: "Pride and Prejudice",
        question: "How does a sort buffer write down far more words than it can hold?",
        stops: Stop::Before("spill_started"),
        closing: "Each map spilled its buffer several times, sorted, and one merge made a single \
                  sorted file of its spills.",
    },
    PresetText {
        name: "big-cluster",
        title: "Fifty nodes",
        question: "How do fifty nodes share 500 tasks, and what happens while most of them wait?",
        stops: Stop::Before("slow_start_reached"),
        closing: "Maps ran in waves as slots came free, and reducers began to fetch long before \
                  the last map had started.",
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
            assert_eq!(text.closing.matches(['?', '.', '!']).count(), 1, "{}", text.name);
        }
    }
}
