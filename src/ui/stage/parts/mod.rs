//! The components that draw the stage, one a file.

mod belief;
mod block_field;
mod coordinator;
mod disk;
pub(in crate::ui) mod draw;
pub(in crate::ui) mod hit;
mod input;
mod lane;
mod map_slot;
mod matrix;
mod matrix_margins;
mod matrix_row;
mod outputs;
mod patterns;
mod rack;
mod reads;
mod reduce_slot;
mod ribbons;
pub(super) mod stage;
mod tokens;
