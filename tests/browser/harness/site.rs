//! A static host as plain as they come: files of one folder, below a sub-path, without special headers.

use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use tempfile::TempDir;

/// Below the root, so that an address that is not relative fails.
const FOLDER: &str = "/some/folder/";

/// The finished build that `cargo xtask` made for the tests.
pub(crate) fn dist() -> PathBuf {
    let dist = std::env::var_os("MILLRACE_DIST").map(PathBuf::from).expect(
        "MILLRACE_DIST is not set: run the browser tests by `cargo xtask test`, which builds the page first",
    );
    assert!(
        dist.join("index.html").is_file(),
        "{} holds no build: run `cargo xtask test`",
        dist.display()
    );
    dist
}

/// A copy of the build, to be served and changed.
pub(crate) fn copy_of_the_build() -> io::Result<TempDir> {
    let copy = tempfile::tempdir()?;
    copy_folder(&dist(), copy.path())?;
    Ok(copy)
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// A running host. When it is dropped its port is closed: the network is off.
pub(crate) struct Site {
    port: u16,
    stopping: Arc<AtomicBool>,
    served: Arc<Mutex<Vec<String>>>,
    listening: Option<JoinHandle<()>>,
}

impl Site {
    /// Serves the finished build.
    pub(crate) fn start() -> Self {
        Self::of(&dist())
    }

    /// Serves a folder.
    pub(crate) fn of(folder: &Path) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("some port is free");
        let port = listener.local_addr().expect("a listener has an address").port();
        let stopping = Arc::new(AtomicBool::new(false));
        let served = Arc::new(Mutex::new(Vec::new()));
        let (stop, log, folder) = (Arc::clone(&stopping), Arc::clone(&served), folder.to_owned());
        let listening = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let (folder, log) = (folder.clone(), Arc::clone(&log));
                thread::spawn(move || answer(stream, &folder, &log));
            }
        });
        Self { port, stopping, served, listening: Some(listening) }
    }

    /// The address of the page.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}{FOLDER}", self.port)
    }

    /// The files that have been served so far, as paths below the folder, each as often as it was.
    pub(crate) fn served(&self) -> Vec<String> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        // One more visitor, so that it looks up.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

/// Answers one request and closes the connection. A browser that went away is no trouble.
fn answer(mut stream: TcpStream, folder: &Path, served: &Mutex<Vec<String>>) {
    let Some(address) = requested(&stream) else {
        return;
    };
    let file = file_of(&address);
    let found = file.as_ref().and_then(|file| fs::read(folder.join(file)).ok());
    let (status, kind, bytes) = match (&file, found) {
        (Some(file), Some(bytes)) => {
            served.lock().unwrap_or_else(PoisonError::into_inner).push(file.clone());
            ("200 OK", mime_type(file), bytes)
        }
        _ => ("404 Not Found", "text/plain", b"There is no such file.".to_vec()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bytes));
}

/// Reads a request to its end and gives its address.
fn requested(stream: &TcpStream) -> Option<String> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next()?;
    // Closing before all was read would reset the connection.
    lines.find(String::is_empty)?;
    first.strip_prefix("GET ")?.split(' ').next().map(str::to_owned)
}

/// The file below the folder that an address means; names are those of a build, without escapes.
fn file_of(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?.strip_prefix(FOLDER)?;
    match path {
        "" => Some("index.html".to_owned()),
        path if path.split('/').any(|part| part == ".." || part.is_empty()) => None,
        path => Some(path.to_owned()),
    }
}

fn mime_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("html") => "text/html",
        Some("js" | "mjs") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("txt" | "md") => "text/plain",
        _ => "application/octet-stream",
    }
}
