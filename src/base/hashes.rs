//! Hash functions of the real systems, bit for bit.
