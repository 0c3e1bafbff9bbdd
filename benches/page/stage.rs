//! Where the measurements take place: the finished build, and what is counted and sorted there.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::harness::{Site, copy_folder, copy_of_the_build};

/// A text of 64 MB whose words follow Zipf's law; its address, relative to the page's.
pub(crate) const ZIPF: &str = "bench-texts/zipf.txt";

/// Novels, 64 MB of them.
pub(crate) const PROSE: &str = "bench-texts/prose.txt";

/// A million records of 100 bytes.
pub(crate) const RECORDS: &str = "bench-texts/records.txt";

/// A copy of the build on a static host.
pub(crate) struct Stage {
    pub(crate) site: Site,
    pub(crate) folder: TempDir,
}

impl Stage {
    /// Copies the build, without its id and so without its service worker, which would fetch every file for
    /// later while the page still loads; and adds the texts.
    pub(crate) fn set_up() -> Self {
        let folder = copy_of_the_build().expect("the build can be copied");
        let index = folder.path().join("index.html");
        let page = fs::read_to_string(&index).expect("the build has a page");
        // Only the name of the element, and not where the page's own script asks for it.
        let page = page.replace("<meta name=\"millrace-build\"", "<meta name=\"millrace-bench\"");
        fs::write(&index, page).expect("the copy can be changed");
        let texts = std::env::var_os("MILLRACE_BENCH_TEXTS")
            .expect("MILLRACE_BENCH_TEXTS is not set: run the benchmark by `cargo xtask bench`");
        copy_folder(Path::new(&texts), &folder.path().join("bench-texts"))
            .expect("the texts can be copied");
        Self { site: Site::of(folder.path()), folder }
    }
}
