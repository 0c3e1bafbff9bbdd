//! The façade: commands in, updates out. It ties scenario, engines, drivers and trace together,
//! and knows no browser: the conductor's web worker and the command line both drive it.

pub mod messages;
