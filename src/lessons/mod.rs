//! What the page teaches with, as data: what each preset asks and shows.

pub mod presets;
