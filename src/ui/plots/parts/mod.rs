//! The components that draw the plots, one a file.

pub(super) mod plots;
mod rate_plot;
mod task_row;
mod task_timeline;
