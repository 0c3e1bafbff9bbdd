//! The coordinator by itself, fed by hand.
