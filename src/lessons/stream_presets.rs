//! The words of the stream lab's presets.

use super::presets::{PresetText, Stop};

/// The words of all stream presets, in the order of the picker.
pub static STREAM_PRESET_TEXTS: &[PresetText] = &[
    PresetText {
        name: "first-stream",
        title: "The first stream",
        question: "Six events arrive, and one of them is late: which window does it miss?",
        stops: Stop::Before("record_dropped"),
        closing: "The watermark had passed the end of the first window before its last event came, so that event was dropped and counted.",
    },
    PresetText {
        name: "score-each",
        title: "A pane for each score",
        question: "What does a window say when it speaks at every single record?",
        stops: Stop::AtTheBeginning,
        closing: "Each record made its window speak again, so the sums were always fresh and never final.",
    },
    PresetText {
        name: "score-aligned",
        title: "Panes by the clock",
        question: "What does a window say when all windows speak at the same minutes?",
        stops: Stop::Before("pane_fired"),
        closing: "At each odd minute all changed windows spoke at once, which is regular, and bursty.",
    },
    PresetText {
        name: "score-delayed",
        title: "Panes after a pause",
        question: "What if each window waits two minutes from its first new record?",
        stops: Stop::Before("pane_fired"),
        closing: "Each window spoke two minutes after its own first new record, so the load was spread.",
    },
    PresetText {
        name: "score-perfect",
        title: "The perfect watermark",
        question: "How long must one wait to lose nothing at all?",
        stops: Stop::Before("pane_fired"),
        closing: "No window spoke before its last record had come, so each sum was right, and the first was late by minutes.",
    },
    PresetText {
        name: "score-heuristic",
        title: "The heuristic watermark",
        question: "What does a watermark lose that only guesses?",
        stops: Stop::Before("record_dropped"),
        closing: "The first window was closed too early, and the 9 that came afterwards was lost.",
    },
    PresetText {
        name: "score-early-late",
        title: "Early panes",
        question: "Can one see a sum before the watermark lets it go?",
        stops: Stop::Before("pane_fired"),
        closing: "Early panes each minute showed what was there, and the pane at the end said it once for all.",
    },
    PresetText {
        name: "score-early-late-h",
        title: "Early, on time and late",
        question: "Can a wrong guess of the watermark be put right?",
        stops: Stop::Before("pane_fired"),
        closing: "The window that was closed too early spoke once more when the late 9 came.",
    },
    PresetText {
        name: "score-lateness",
        title: "A minute of lateness",
        question: "How long must a window be kept for what is late?",
        stops: Stop::Before("record_dropped"),
        closing: "The tenth score came within the minute and was taken in, and the 9 came after it and was dropped.",
    },
    PresetText {
        name: "score-discarding",
        title: "Discarding panes",
        question: "What must a reader of the panes do when each says only what is new?",
        stops: Stop::Before("pane_fired"),
        closing: "Each pane held only what no pane before it had, so that the reader must add them up.",
    },
    PresetText {
        name: "score-retracting",
        title: "Retracting panes",
        question: "How does a pane say that the one before it was wrong?",
        stops: Stop::Before("pane_fired"),
        closing: "Each pane came with the value of the one before to be taken back, so that a sum of sums stays right.",
    },
    PresetText {
        name: "score-sessions",
        title: "Sessions that merge",
        question: "What becomes of sums that were said when their sessions turn out to be one?",
        stops: Stop::Before("windows_merged"),
        closing: "Two late scores joined the sessions around them, and what had been said of the parts was taken back.",
    },
    PresetText {
        name: "web-sessions",
        title: "Visits to a site",
        question: "Where does a visit end when clicks come late and out of order?",
        stops: Stop::Before("windows_merged"),
        closing: "Clicks less than half a minute apart became one visit, in whatever order they came.",
    },
    PresetText {
        name: "silent-sensor",
        title: "The silent sensor",
        question: "A sensor stops sending: who waits for it, and for how long?",
        stops: Stop::Before("input_idle"),
        closing: "The silent partition held all windows back until it counted as idle, and after that it was not waited for.",
    },
];
