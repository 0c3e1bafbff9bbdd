//! Data to plain shapes and plots: rectangles, paths and bars as numbers, and plots as SVG text.
//!
//! Nothing here knows a browser, a trace or a run: it is given plain data, and tested as shapes.

pub mod bars;
pub mod event_time;
pub mod frame;
pub mod heat;
pub mod ink;
pub mod lines;
mod marked;
pub mod number;
pub mod rates;
pub mod scale;
pub mod shape;
pub mod spread;
pub mod task_bars;
