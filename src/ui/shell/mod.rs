//! The page around the stage: one component a file. Properties in, callbacks out; all change goes
//! through `Action` and the one reducer.

mod app;
mod ask_file;
mod beside;
mod browser;
mod caption;
mod compare;
mod controls;
mod counters;
mod dialog;
mod drawer;
mod drop;
mod failure;
mod faults;
mod field;
mod help;
mod hooks;
mod icon;
mod job_picker;
mod lab;
mod lineage;
mod live_switch;
mod log;
mod notice;
mod own_text;
mod parameters;
mod results;
mod scrubber;
mod store;
mod stream_form;
mod sweep;
mod sweep_plot;
mod term;
mod text_field;
mod toast;
mod top_bar;
mod trace_files;
mod tracks;
mod transport;
mod verb_bar;

pub use app::App;
pub(crate) use browser::document;
pub(crate) use icon::{Icon, icon};
pub(crate) use term::Term;
pub(in crate::ui) use term::with_terms;
