//! The terms of MapReduce, each defined in one line.

use super::Entry;

/// The terms of the MapReduce lab, by alphabet.
pub(super) static BATCH: &[Entry] = &[
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
        word: "output part",
        meaning: "The result of one reduce task: one file of the job's output.",
    },
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
    Entry {
        word: "scale",
        meaning: "How many bytes of a real cluster one byte of this text stands for.",
    },
    Entry {
        word: "segment",
        meaning: "The part of a map's sorted output that belongs to one partition.",
    },
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
];
