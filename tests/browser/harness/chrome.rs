//! The browser's process: started headless with a profile of its own, ended when dropped.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// How long a browser may take to start on a busy machine.
const START: Duration = Duration::from_secs(60);

/// How long a browser may take to end by itself before it is killed.
const END: Duration = Duration::from_secs(5);

/// What makes a browser quiet, alone and the same on every machine. Without a sandbox, since tests also run
/// as root and in containers, and open nothing but our own pages.
const FLAGS: [&str; 17] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--lang=en-US",
    "--window-size=1280,800",
];

/// A running browser.
pub(super) struct Chrome {
    process: Child,
    /// Where it listens for the protocol.
    pub(super) address: String,
    // Removed after the process has ended.
    _profile: TempDir,
}

impl Chrome {
    /// Starts the browser that MILLRACE_CHROME names.
    pub(super) fn start() -> Self {
        let program = std::env::var_os("MILLRACE_CHROME").map(PathBuf::from).expect(
            "MILLRACE_CHROME is not set: run the browser tests by `cargo xtask test`, which finds the browser",
        );
        let profile = tempfile::tempdir().expect("a folder for the browser's profile can be made");
        let mut process = Command::new(&program)
            .args(FLAGS)
            .arg("--remote-debugging-port=0")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} could not be started: {error}", program.display()));
        let address = listening_address(&mut process);
        Self { process, address, _profile: profile }
    }

    /// Waits until the browser, which was asked to close, has ended, and kills it if it has not.
    fn end(&mut self) {
        let start = Instant::now();
        while start.elapsed() < END {
            match self.process.try_wait() {
                Ok(None) => thread::sleep(Duration::from_millis(5)),
                Ok(Some(_)) | Err(_) => return,
            }
        }
        // It may have ended just now, which is as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        self.end();
    }
}

/// Reads the address from what the browser prints, and keeps reading, so that it never waits for us.
fn listening_address(process: &mut Child) -> String {
    let errors = process.stderr.take().expect("its standard error is a pipe");
    let (tell, heard) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(errors).lines().map_while(Result::ok) {
            // Nobody listens any more once the address was heard.
            let _ = tell.send(line);
        }
    });
    let deadline = Instant::now() + START;
    let mut said = Vec::new();
    while let Ok(line) = heard.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        if let Some(address) = line.strip_prefix("DevTools listening on ") {
            return address.to_owned();
        }
        said.push(line);
    }
    let _ = process.kill();
    let _ = process.wait();
    panic!("the browser did not start; it said:\n{}", said.join("\n"));
}
