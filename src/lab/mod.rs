//! The façade: commands in, updates out. It ties scenario, engines, drivers and trace together,
//! and knows no browser: the conductor's web worker and the command line both drive it.

mod branches;
mod checkpoints;
pub mod conductor;
mod forkable;
mod inspect;
mod jobs;
mod lineage;
pub mod live;
mod measure;
pub mod messages;
mod opened;
mod pending;
mod point;
mod run;
mod setup;
mod stream;
mod stream_measure;
mod stream_point;
mod stream_setup;
mod stream_trigger;
mod zoom;

pub use branches::BRANCHES_MAX;
pub use checkpoints::CHECKPOINTS_MAX;
pub use conductor::Conductor;
pub use measure::measure;
pub use point::{run_answer, run_point};
pub use run::{FinishedRun, run_to_end};
pub use zoom::Material;
