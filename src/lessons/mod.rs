//! What the page teaches with, as data: what each preset asks and shows, and the glossary.

pub mod glossary;
pub mod presets;
pub mod stream_presets;
