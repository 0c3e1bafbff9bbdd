//! The components that draw the plots, one a file.

mod line_plot;
pub(super) mod plots;
mod rate_plot;
mod task_row;
mod task_timeline;
