//! The components that draw the plots, one a file.

mod ghost_view;
mod heat_plot;
mod line_plot;
pub(super) mod plots;
mod rate_plot;
mod skew_plot;
mod state_plots;
mod task_row;
mod task_timeline;
