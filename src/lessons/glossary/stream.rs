//! The terms of streams, each defined in one line. Some of these words mean something else in MapReduce.

use super::Entry;

/// The terms of the stream lab, by alphabet.
pub(super) static STREAM: &[Entry] = &[
    Entry {
        word: "accumulating",
        meaning: "Each pane of a window says all that has come to it so far.",
    },
    Entry {
        word: "aggregate",
        meaning: "What is made of a window's records, such as their sum or their count.",
    },
    Entry {
        word: "alignment",
        meaning: "Inputs that are ahead pause until the others have come as far.",
    },
    Entry {
        word: "allowed lateness",
        meaning: "How long after its end a window is kept, for records that come late.",
    },
    Entry {
        word: "arrival",
        meaning: "When a record was appended to the log, by the machine's clock.",
    },
    Entry {
        word: "barrier",
        meaning: "A mark in line with the records: what is before it belongs to a checkpoint.",
    },
    Entry {
        word: "batch",
        meaning: "The same records all at once, when none can be late any more.",
    },
    Entry {
        word: "channel",
        meaning: "The way from one subtask to another; what is sent arrives in order.",
    },
    Entry {
        word: "checkpoint",
        meaning: "A copy of all state as of one place in the stream, to start again from.",
    },
    Entry { word: "completeness", meaning: "How much of the input was counted in its windows." },
    Entry { word: "delay", meaning: "How long after it happened a record arrived." },
    Entry {
        word: "discarding",
        meaning: "Each pane says only what no pane of its window had before it.",
    },
    Entry { word: "dropped", meaning: "Left out: it came when its window took nothing any more." },
    Entry { word: "early", meaning: "Said before the watermark has passed the end of the window." },
    Entry {
        word: "element",
        meaning: "A record on its way through the job, or a result that was made of some.",
    },
    Entry {
        word: "event",
        meaning: "What a record tells of; also a step of this run, as the log lists it.",
    },
    Entry { word: "event time", meaning: "When a record happened, as it says itself." },
    Entry {
        word: "exactly once",
        meaning: "Each record counts once in what comes out, even if work is done again.",
    },
    Entry {
        word: "fate",
        meaning: "What became of a record in a window: counted, dropped, or still waiting.",
    },
    Entry { word: "fire", meaning: "A window fires when it says what it holds: that is a pane." },
    Entry { word: "gap", meaning: "The silence that ends a session." },
    Entry { word: "global window", meaning: "One window for all time; it never ends." },
    Entry { word: "grace", meaning: "How long after its end a Kafka window still takes records." },
    Entry {
        word: "hot key",
        meaning: "A key with far more records than others; one subtask has them all.",
    },
    Entry {
        word: "idle",
        meaning: "Silent for so long that the watermark does not wait for it any more.",
    },
    Entry {
        word: "job",
        meaning: "One program over streams: sources, operators, sinks, and the ways between.",
    },
    Entry {
        word: "key",
        meaning: "What records are grouped by: each key has windows of its own in one subtask.",
    },
    Entry {
        word: "key group",
        meaning: "A share of the keys that moves as one; each belongs to one subtask.",
    },
    Entry { word: "late", meaning: "After the watermark has passed the end of the window." },
    Entry {
        word: "late output",
        meaning: "Where records go that are too late for all of their windows.",
    },
    Entry { word: "ledger", meaning: "Each record accounted for once in each of its windows." },
    Entry {
        word: "log",
        meaning: "Where records lie in the order in which they arrived, in partitions.",
    },
    Entry {
        word: "merge",
        meaning: "Two sessions of one key become one, since a record is near to both.",
    },
    Entry { word: "offset", meaning: "A record's place in its partition of the log, from 0." },
    Entry {
        word: "operator",
        meaning: "One step of the job, such as a source, windows, or a sink.",
    },
    Entry { word: "pane", meaning: "One firing of a window: what it says at that moment." },
    Entry { word: "parallelism", meaning: "How many subtasks share the work of an operator." },
    Entry {
        word: "partition",
        meaning: "A piece of the log: its records keep their order; a key chooses its piece.",
    },
    Entry { word: "pending", meaning: "In a window, and in no pane of it yet." },
    Entry { word: "processing time", meaning: "What the clock says where a record is worked on." },
    Entry { word: "producer", meaning: "A program that writes records to the log." },
    Entry { word: "record", meaning: "One piece of data: a key, a value, and when it happened." },
    Entry {
        word: "retracting",
        meaning: "Each pane first takes back what the one before it said.",
    },
    Entry { word: "retraction", meaning: "Taking back what was said before." },
    Entry { word: "session", meaning: "A window that lasts until a key is silent for a while." },
    Entry { word: "session gap", meaning: "The silence that ends a session." },
    Entry {
        word: "side output",
        meaning: "A second way out of an operator, here for what is too late.",
    },
    Entry { word: "sink", meaning: "Where results leave the job." },
    Entry {
        word: "sliding",
        meaning: "Windows of one length, each beginning a little after the one before.",
    },
    Entry {
        word: "source",
        meaning: "Reads partitions of the log, and says how far event time has come.",
    },
    Entry { word: "stream", meaning: "Records without an end, in the order in which they come." },
    Entry {
        word: "stream time",
        meaning: "The latest event time seen so far: what Kafka has for a watermark.",
    },
    Entry {
        word: "subtask",
        meaning: "One of the equal parts of an operator that work side by side.",
    },
    Entry {
        word: "timer",
        meaning: "A moment of event time or of the clock at which an operator wants to be called.",
    },
    Entry { word: "trigger", meaning: "The rule by which a window fires." },
    Entry {
        word: "tumbling",
        meaning: "Windows of one length, each beginning where the one before ends.",
    },
    Entry {
        word: "watermark",
        meaning: "The claim that no record from before this event time is to come.",
    },
    Entry { word: "window", meaning: "A piece of event time whose records are counted together." },
];
