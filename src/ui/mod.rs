//! The Yew page. What a picture is made of is computed by plain code that builds without a
//! browser; what names one is behind the `page` feature.

#[cfg(feature = "page")]
mod conductor_link;
#[cfg(feature = "page")]
mod export;
#[cfg(feature = "page")]
mod figure;
pub mod inspector;
pub mod model;
pub mod plots;
pub mod same;
pub mod selection;
pub mod shared_timeline;
#[cfg(feature = "page")]
mod shell;
#[cfg(feature = "page")]
mod size;
pub mod stage;
#[cfg(feature = "page")]
mod steady;
pub mod stream;
#[cfg(feature = "page")]
mod sweep_pool;
#[cfg(feature = "page")]
mod worker_link;
pub mod zoom;

#[cfg(feature = "page")]
pub use shell::App;
