//! The stream lab's stage, plot and tables: the job at the moment of the playhead. What is drawn is a
//! function of the events up to there; nothing is drawn that did not happen.
//!
//! What lies where and what it says is plain code, tested without a browser; the components in
//! `parts` only draw it.

pub mod buckets;
pub mod dials;
pub mod facts;
pub mod figure;
pub mod flow;
pub mod history;
pub mod last_words;
pub mod ledger;
pub mod questions;
pub mod related;
pub mod several;
pub mod tape;
pub mod thing;
pub mod typed_time;
pub mod verdict;
pub mod waiting;
pub mod wording;

#[cfg(test)]
pub(crate) mod sample;

#[cfg(feature = "page")]
mod parts;
#[cfg(feature = "page")]
pub use parts::{
    answers::AnswersView, ledger_table::LedgerTable, pane_table::PaneTable, stage::StreamStage,
};

pub use thing::{KeyName, Thing, WindowName};
