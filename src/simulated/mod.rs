//! The drivers that run the engines in virtual time: the batch engine on the kernel's simulated cluster, and
//! stream jobs over channels with latency.
//!
//! Data first, time second: a step of an attempt really works on its data and says what it cost;
//! the driver spends virtual time on that, by the cost model, before it asks for the next step.
//! No duration ever comes from the machine that this runs on.

mod busy;
mod conditions;
mod cost;
mod faults;
mod simulation;
mod start;
mod stream;
mod transport;

pub use cost::CostModel;
pub use faults::FaultRates;
pub use simulation::{Network, Simulation, Slice, TooLate};
pub use start::Setup;
pub use stream::StreamSimulation;
