//! The components that show the inspector, one a file.

mod arrives;
mod became;
mod beliefs;
mod block_text;
mod content;
mod history_list;
mod mapped_lines;
pub(super) mod panel;
mod records;
mod truth_table;
mod why_card;
pub(super) mod words;
