//! The page around the stage: one component a file. Properties in, callbacks out; all change goes
//! through `Action` and the one reducer.

mod app;
mod browser;
mod caption;
mod controls;
mod counters;
mod dialog;
mod drawer;
mod drop;
mod failure;
mod field;
mod help;
mod hooks;
mod icon;
mod lab;
mod log;
mod notice;
mod own_text;
mod parameters;
mod results;
mod scrubber;
mod store;
mod term;
mod top_bar;
mod transport;

pub use app::App;
pub(crate) use term::Term;
