//! The components that draw the stream lab, one a file.

mod answer_plot;
pub(super) mod answers;
mod card;
mod channels;
mod dials;
mod drag;
pub(super) mod ledger_table;
pub(super) mod pane_table;
mod plot;
mod plot_marks;
mod sink_card;
pub(super) mod stage;
mod tape_row;
mod windows_card;
