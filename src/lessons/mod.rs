//! Lesson text.
