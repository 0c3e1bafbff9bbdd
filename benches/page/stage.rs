//! Where the measurements take place: the finished build, and the text that every word count counts.

use std::{fs, io, path::Path};

use tempfile::TempDir;

use crate::harness::{Site, dist};

/// The address of the text, relative to the page's.
pub(crate) const TEXT: &str = "bench-words.txt";

/// A copy of the build on a static host.
pub(crate) struct Stage {
    pub(crate) site: Site,
    pub(crate) folder: TempDir,
}

impl Stage {
    /// Copies the build, without its id and so without its service worker, which would fetch every file for
    /// later while the page still loads; and adds the text.
    pub(crate) fn set_up() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        copy(&dist(), folder.path()).expect("the build can be copied");
        let index = folder.path().join("index.html");
        let page = fs::read_to_string(&index).expect("the build has a page");
        // Only the name of the element, and not where the page's own script asks for it.
        let page = page.replace("<meta name=\"millrace-build\"", "<meta name=\"millrace-bench\"");
        fs::write(&index, page).expect("the copy can be changed");
        let text = std::env::var_os("MILLRACE_BENCH_TEXT")
            .expect("MILLRACE_BENCH_TEXT is not set: run the benchmark by `cargo xtask bench`");
        fs::copy(text, folder.path().join(TEXT)).expect("the text can be copied");
        Self { site: Site::of(folder.path()), folder }
    }
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
