//! The stamp on a finished build: its id in the page, and the list of its files in the service worker.
//!
//! The id is a hash of all files. Addresses of files whose names carry no hash end in it, and it names
//! the cache that keeps the build for use without a network.

use std::{
    fs,
    path::{Path, PathBuf},
};

use xxhash_rust::xxh3::Xxh3;

use crate::step::{Failure, Outcome, at};

/// A file that every build has, and hardly any other folder.
pub(crate) const MARK: &str = "worker_loader.js";

const TEMPLATE: &str = "src/ui/boot/service_worker.js";

/// Stamps the build in `dist` and gives its id.
///
/// # Errors
///
/// When files cannot be read or written, or lack the places where the stamp belongs.
pub(crate) fn stamp(dist: &Path) -> Outcome<String> {
    let place = dist.join("service-worker.js");
    if place.exists() {
        fs::remove_file(&place).map_err(at(&place, "replace"))?;
    }
    let files = files_below(dist)?;
    let build = hash(dist, &files)?;
    let index = dist.join("index.html");
    let page = fs::read_to_string(&index).map_err(at(&index, "read"))?;
    let page = with_build(&page, &build)
        .ok_or_else(|| Failure::new("index.html has no <head>; the build's id belongs there"))?;
    fs::write(&index, page).map_err(at(&index, "write"))?;
    let template = Path::new(TEMPLATE);
    let worker = fs::read_to_string(template).map_err(at(template, "read"))?;
    let worker = service_worker(&worker, &build, &files).ok_or_else(|| {
        Failure::new(format!("{TEMPLATE} lost the places for the build's id and files"))
    })?;
    fs::write(&place, worker).map_err(at(&place, "write"))?;
    Ok(build)
}

fn with_build(page: &str, build: &str) -> Option<String> {
    let (before, after) = page.split_once("<head>")?;
    Some(format!("{before}<head><meta name=\"millrace-build\" content=\"{build}\" />{after}"))
}

fn service_worker(template: &str, build: &str, files: &[String]) -> Option<String> {
    const ID: &str = "\"BUILD_ID\"";
    const LIST: &str = "/* FILES */ []";
    if !template.contains(ID) || !template.contains(LIST) {
        return None;
    }
    // The page is asked for by its folder; some hosts answer its file name with a redirection, which must not be kept.
    let kept = files.iter().map(|file| if file == "index.html" { "./" } else { file });
    let list = serde_json::to_string(&kept.collect::<Vec<_>>()).ok()?;
    Some(template.replace(ID, &format!("\"{build}\"")).replace(LIST, &list))
}

fn hash(dist: &Path, files: &[String]) -> Outcome<String> {
    let mut hasher = Xxh3::new();
    for file in files {
        let path = dist.join(file);
        let bytes = fs::read(&path).map_err(at(&path, "read"))?;
        hasher.update(file.as_bytes());
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(&bytes);
    }
    Ok(format!("{:016x}", hasher.digest()))
}

/// All files of a build as relative addresses, in order.
fn files_below(dist: &Path) -> Outcome<Vec<String>> {
    let mut folders = vec![PathBuf::new()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let place = dist.join(&folder);
        for entry in fs::read_dir(&place).map_err(at(&place, "read"))? {
            let entry = entry.map_err(at(&place, "read"))?;
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else {
                files.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_has_both_places() {
        let template = include_str!("../../ui/boot/service_worker.js");
        let files = ["app.js".to_owned(), "index.html".to_owned()];
        let worker = service_worker(template, "0123", &files).unwrap();
        assert!(worker.contains(r#"const BUILD = "0123";"#));
        assert!(worker.contains(r#"const FILES = ["app.js","./"];"#));
    }

    #[test]
    fn a_page_without_a_head_is_refused() {
        assert_eq!(with_build("<p>", "0123"), None);
    }

    #[test]
    fn the_stamp_depends_on_every_byte_and_name() {
        let folder = tempfile::tempdir().unwrap();
        let id = |name: &str, bytes: &[u8]| {
            fs::write(folder.path().join(name), bytes).unwrap();
            hash(folder.path(), &[name.to_owned()]).unwrap()
        };
        assert_eq!(id("a", b"1"), id("a", b"1"));
        assert_ne!(id("a", b"1"), id("a", b"2"));
        assert_ne!(id("a", b"1"), id("b", b"1"));
    }
}
