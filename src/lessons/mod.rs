//! What the page teaches with, as data: today the glossary.

pub mod glossary;
