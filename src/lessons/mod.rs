//! What the page teaches with, as data: what each preset asks and shows, what each job teaches, and
//! the glossary.

pub mod glossary;
pub mod jobs;
pub mod presets;
pub mod stream_presets;
