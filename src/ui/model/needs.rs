//! What a run needs that is not here: the texts that its scenario names and does not carry. Those
//! that Millrace carries are fetched; files of the reader's are asked for, and known by their hash.

use super::{Data, Texts};
use crate::scenario::input::content_hash;
use crate::scenario::{Input, Named};
use crate::ui::same::Same;
use bytes::Bytes;
use std::collections::BTreeMap;

/// All texts that an input names, in its order, as far as they are here.
#[derive(Clone, Debug, PartialEq)]
pub struct Needs(Vec<Wanted>);

/// A text that an input names.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Which one.
    pub source: Source,
    /// Its bytes, once they are here.
    pub bytes: Option<Data>,
}

/// Where a text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Millrace carries it by this short name.
    Builtin(String),
    /// It is a file of the reader's.
    File {
        /// Its name.
        name: String,
        /// The hash of its bytes, by which it is known; without one it is known by its name.
        hash: Option<String>,
        /// Its length.
        bytes: Option<u64>,
    },
}

impl Source {
    fn of(named: Named<'_>) -> Source {
        match named {
            Named::Builtin(name) => Source::Builtin(name.to_owned()),
            Named::File { name, hash, bytes } => {
                Source::File { name: name.to_owned(), hash: hash.map(str::to_owned), bytes }
            }
        }
    }

    fn is_file_of(&self, wanted: &str) -> bool {
        matches!(self, Source::File { name, .. } if name == wanted)
    }

    /// The hash that a file must have.
    fn hash(&self) -> Option<&str> {
        match self {
            Source::File { hash, .. } => hash.as_deref(),
            Source::Builtin(_) => None,
        }
    }
}

impl Wanted {
    /// Whether it is a file of the reader's that is not here.
    pub fn is_missing_file(&self) -> bool {
        self.bytes.is_none() && matches!(self.source, Source::File { .. })
    }
}

impl Needs {
    /// What an input needs of texts; those that were fetched before are here.
    pub fn of(input: &Input, fetched: &BTreeMap<String, Data>) -> Needs {
        let wanted = |named: Named<'_>| {
            let source = Source::of(named);
            let bytes = match &source {
                Source::Builtin(name) => fetched.get(name).cloned(),
                Source::File { .. } => None,
            };
            Wanted { source, bytes }
        };
        Needs(input.named().into_iter().map(wanted).collect())
    }

    /// The texts, in the order in which the input names them, once all are here.
    pub fn all(&self) -> Option<Texts> {
        let texts = self.0.iter().map(|wanted| wanted.bytes.as_deref().cloned());
        texts.collect::<Option<Vec<Bytes>>>().map(Same::new)
    }

    /// Whether nothing is named at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of Millrace's that must be fetched next.
    pub fn to_fetch(&self) -> Option<&str> {
        self.0.iter().find_map(|wanted| match &wanted.source {
            Source::Builtin(name) if wanted.bytes.is_none() => Some(name.as_str()),
            Source::Builtin(_) | Source::File { .. } => None,
        })
    }

    /// The reader's files, those that are here and those that are missing.
    pub fn files(&self) -> impl Iterator<Item = &Wanted> {
        self.0.iter().filter(|wanted| matches!(wanted.source, Source::File { .. }))
    }

    /// Whether a file of the reader's is missing.
    pub fn asks_for_files(&self) -> bool {
        self.files().any(Wanted::is_missing_file)
    }

    /// Takes a text that was fetched.
    pub fn fetched(&mut self, name: &str, bytes: &Data) {
        let is_it = |source: &Source| matches!(source, Source::Builtin(known) if known == name);
        for wanted in self.0.iter_mut().filter(|wanted| is_it(&wanted.source)) {
            wanted.bytes = Some(bytes.clone());
        }
    }

    /// Takes a file that the reader gives. It may have another name, as long as it is the same file.
    ///
    /// # Errors
    /// In words, when it is none of those that are asked for; what is here stays.
    pub fn give(&mut self, name: &str, bytes: &Data) -> Result<(), String> {
        let found = content_hash(bytes);
        let has_hash = |wanted: &Wanted| {
            wanted.source.hash().is_some_and(|hash| hash.eq_ignore_ascii_case(&found))
        };
        let mut is_known = false;
        for wanted in self.0.iter_mut().filter(|wanted| has_hash(wanted)) {
            wanted.bytes = Some(bytes.clone());
            is_known = true;
        }
        if is_known {
            return Ok(());
        }
        match self.without_hash(name) {
            Some(wanted) => {
                wanted.bytes = Some(bytes.clone());
                Ok(())
            }
            None => Err(self.refusal(name, &found)),
        }
    }

    /// The missing file that is known by this name alone; the only missing one may have any.
    fn without_hash(&mut self, name: &str) -> Option<&mut Wanted> {
        let is_missing = |place: &usize| self.0[*place].is_missing_file();
        let missing: Vec<usize> = (0..self.0.len()).filter(is_missing).collect();
        let is_only = missing.len() == 1;
        let may_be = |place: &usize| {
            let source = &self.0[*place].source;
            source.hash().is_none() && (is_only || source.is_file_of(name))
        };
        let place = missing.into_iter().find(may_be)?;
        self.0.get_mut(place)
    }

    /// Why a file is not taken.
    fn refusal(&self, name: &str, found: &str) -> String {
        let missing: Vec<&Wanted> = self.files().filter(|one| one.is_missing_file()).collect();
        let meant = missing.iter().find(|wanted| wanted.source.is_file_of(name));
        let only = missing.first().filter(|_| missing.len() == 1);
        match meant.or(only).and_then(|wanted| wanted.source.hash()) {
            Some(hash) => format!(
                "“{name}” is another file: its hash is {found}, and the link was made with {hash}. Choose the same file, or go on without it."
            ),
            None => format!(
                "“{name}” is none of the files that are missing: its hash is {found}. Choose those that are listed."
            ),
        }
    }
}

#[cfg(test)]
mod tests;
