//! The Yew page. What a picture is made of is computed by plain code that builds without a
//! browser; what names one is behind the `page` feature.

pub mod same;
pub mod selection;
pub mod stage;
