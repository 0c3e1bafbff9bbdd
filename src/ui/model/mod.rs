//! The page's state and all that can happen to it, as plain values. It builds and is tested
//! without a browser.

pub mod action;
pub mod amount;
pub mod answers;
pub mod branches;
pub mod catalog;
pub mod clock;
pub mod comparison;
pub mod follow;
pub mod journey;
pub mod keys;
pub mod labels;
pub mod link;
pub mod live;
pub mod naming;
pub mod needs;
pub mod outcome;
pub mod pace;
pub mod place;
pub mod reducer;
pub mod run;
pub mod search;
pub mod several;
pub mod state;
pub mod sweep;
pub mod tracks;
pub mod verbs;
pub mod view;

use super::same::Same;
use bytes::Bytes;

/// The bytes of a text, shared and compared by pointer: they may be many.
pub type Data = Same<Bytes>;

/// The bytes of all texts that a scenario names, in the order in which it does, shared and compared in
/// the same way.
pub type Texts = Same<Vec<Bytes>>;

/// A file of the reader's: its name and its bytes.
pub type OwnFile = (String, Data);

pub use action::Action;
pub use answers::{Answer, Answers};
pub use reducer::reduce;
pub use state::LabState;
