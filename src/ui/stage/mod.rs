//! The MapReduce lab's stage: the cluster at work at the moment of the playhead. All that it draws
//! is a function of the snapshot there; nothing is drawn that did not happen.

pub mod layout;
