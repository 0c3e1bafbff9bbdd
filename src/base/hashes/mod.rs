//! Hash functions of the real systems, bit for bit.
//!
//! They choose the reducer, the partition of a topic and the key group of a key, so that a key
//! lands here where it would land there. None of them is fit for anything else.

pub mod flink;
pub mod hadoop;
pub mod java;
pub mod kafka;
pub mod spark;

pub use hadoop::text_serialized_len;

/// The bits of a 32-bit word as the signed number that Java sees in them.
const fn signed(word: u32) -> i32 {
    i32::from_ne_bytes(word.to_ne_bytes())
}

/// The bits of a signed number as a 32-bit word.
const fn word(number: i32) -> u32 {
    u32::from_ne_bytes(number.to_ne_bytes())
}

/// A byte as Java widens it: -128 to 127, sign-extended to 32 bits.
const fn widened(byte: u8) -> u32 {
    word(i8::from_ne_bytes([byte]) as i32)
}
