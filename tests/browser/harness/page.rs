//! A page in a browser of its own: where it is, what it shows, what it complained of, how it is looked at.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    chrome::Chrome,
    connection::{Connection, exception_in},
};

/// How long something in the page may be waited for. Only a failing test ever waits that long.
const WAIT: Duration = Duration::from_secs(60);

/// A headless browser with one page in it.
pub(crate) struct Page {
    pub(super) connection: Connection,
    pub(super) session: String,
    // Dropped last: the connection asks it to close first.
    _chrome: Chrome,
}

impl Page {
    /// Starts a browser and opens `address`; the page has been loaded when this returns, the app may be starting.
    pub(crate) fn open(address: &str) -> Self {
        let mut page = Self::blank();
        page.goto(address);
        page
    }

    /// Starts a browser with an empty page, so that the view can be set before something is opened.
    pub(crate) fn blank() -> Self {
        let chrome = Chrome::start();
        let mut connection = Connection::open(&chrome.address);
        let session = attach(&mut connection).unwrap_or_else(|error| panic!("{error}"));
        let mut page = Self { connection, session, _chrome: chrome };
        for method in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            page.call(method, json!({}));
        }
        page.call(
            "Target.setAutoAttach",
            json!({ "autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true }),
        );
        // Without it a page in the background has no focus, and `:focus-visible` never holds.
        page.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        page
    }

    /// Opens an address and waits until it has been loaded.
    #[track_caller]
    pub(crate) fn goto(&mut self, address: &str) {
        let loads = self.connection.loads;
        let answer = self.call("Page.navigate", json!({ "url": address }));
        assert!(answer["errorText"].is_null(), "{address}: {}", answer["errorText"]);
        // Another fragment of the same page loads nothing.
        if answer["loaderId"].is_string() {
            self.loaded_after(loads);
        }
    }

    /// Loads the page again.
    #[track_caller]
    pub(crate) fn reload(&mut self) {
        let loads = self.connection.loads;
        self.call("Page.reload", json!({}));
        self.loaded_after(loads);
    }

    #[track_caller]
    fn loaded_after(&mut self, loads: u64) {
        let loaded = self.connection.until(|connection| connection.loads > loads);
        loaded.unwrap_or_else(|error| panic!("the page did not load: {error}"));
    }

    /// The value of a JavaScript expression; a promise is awaited. Panics with what it throws.
    #[track_caller]
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        self.try_evaluate(expression)
            .unwrap_or_else(|error| panic!("{error}\nin: {}", start_of(expression)))
    }

    /// Waits until an expression is true (or another value that is not false, null, 0 or empty), and gives that
    /// value. A promise is awaited. An expression that throws is not true yet.
    #[track_caller]
    pub(crate) fn wait_until(&mut self, expression: &str) -> Value {
        let deadline = Instant::now() + WAIT;
        let script = format!(
            "new Promise((done) => {{
                const deadline = Date.now() + 2000;
                const look = async () => {{
                    let seen = null;
                    try {{ seen = await ({expression}); }} catch {{}}
                    if (seen || Date.now() > deadline) done(seen); else setTimeout(look, 10);
                }};
                look();
            }})"
        );
        // In turns of two seconds, since a page that is loaded anew forgets the promise.
        while Instant::now() < deadline {
            match self.try_evaluate(&script) {
                Ok(Value::Null | Value::Bool(false)) | Err(_) => {}
                Ok(value) if value == json!(0) || value == json!("") => {}
                Ok(value) => return value,
            }
        }
        let shown = self.try_evaluate("document.body.innerText").unwrap_or_default();
        panic!(
            "waited {} s in vain for: {expression}\nthe page shows: {}\nproblems: {:#?}",
            WAIT.as_secs(),
            start_of(shown.as_str().unwrap_or_default()),
            self.connection.problems
        );
    }

    /// The visible text of the first element that matches.
    #[track_caller]
    pub(crate) fn text(&mut self, selector: &str) -> String {
        let selector = json!(selector);
        let text = self.wait_until(&format!("document.querySelector({selector}) && {{ is: document.querySelector({selector}).innerText }}"));
        text["is"].as_str().unwrap_or_default().to_owned()
    }

    /// Every error, warning, uncaught exception, failed request and dialog of the page and its workers so far.
    #[track_caller]
    pub(crate) fn problems(&mut self) -> Vec<String> {
        // An answer comes after all that was reported before.
        self.evaluate("0");
        self.connection.problems.clone()
    }

    /// Waits until a problem with these words was reported. Only what a page can't see itself needs that.
    #[track_caller]
    pub(crate) fn wait_for_problem(&mut self, words: &str) {
        let has_it = |connection: &Connection| {
            connection.problems.iter().any(|problem| problem.contains(words))
        };
        let heard = self.connection.until(has_it);
        heard.unwrap_or_else(|error| panic!("no problem said `{words}`: {error}"));
    }

    /// Sets the size of the view in CSS pixels.
    #[track_caller]
    pub(crate) fn set_view(&mut self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Sets what the person's system prefers, such as `("prefers-color-scheme", "dark")` or
    /// `("prefers-reduced-motion", "reduce")`; what is not named is as if never set.
    #[track_caller]
    pub(crate) fn set_preferences(&mut self, preferences: &[(&str, &str)]) {
        let features =
            preferences.iter().map(|(name, value)| json!({ "name": name, "value": value }));
        self.call(
            "Emulation.setEmulatedMedia",
            json!({ "features": features.collect::<Vec<_>>() }),
        );
    }

    /// Makes the processor look so many times slower; 1 is as it is.
    #[track_caller]
    pub(crate) fn slow_down(&mut self, times: u32) {
        self.call("Emulation.setCPUThrottlingRate", json!({ "rate": times }));
    }

    /// Cuts the page off the network or connects it again. A service worker is not cut off: to prove that nothing
    /// is fetched, drop the `Site`.
    #[track_caller]
    pub(crate) fn set_offline(&mut self, offline: bool) {
        let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.call("Network.emulateNetworkConditions", conditions);
    }

    /// What the tab has of the machine's memory for itself, its workers included, in megabytes, after garbage is
    /// collected; nothing where the system does not tell. It is what Chrome's task manager calls the memory
    /// footprint: the browser's own program, which all tabs share, is not in it.
    #[track_caller]
    pub(crate) fn private_megabytes(&mut self) -> Option<f64> {
        self.call("HeapProfiler.enable", json!({}));
        self.call("HeapProfiler.collectGarbage", json!({}));
        let answer = self.connection.call("", "SystemInfo.getProcessInfo", json!({})).ok()?;
        let processes = answer["processInfo"].as_array()?;
        let tabs = processes.iter().filter(|process| process["type"] == "renderer");
        let kilobytes = tabs.filter_map(|tab| {
            let status = fs::read_to_string(format!("/proc/{}/status", tab["id"])).ok()?;
            let of = |name: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(name))?;
                line.split_whitespace().next()?.parse::<f64>().ok()
            };
            Some(of("RssAnon:")? + of("VmSwap:").unwrap_or(0.0))
        });
        // Browsers keep an empty process in reserve.
        kilobytes.max_by(f64::total_cmp).map(|kilobytes| kilobytes * 1024.0 / 1e6)
    }

    /// Writes what is in view to a PNG file.
    #[track_caller]
    pub(crate) fn screenshot(&mut self, file: &Path) {
        let picture = self.call("Page.captureScreenshot", json!({ "format": "png" }));
        let bytes = STANDARD.decode(picture["data"].as_str().unwrap_or_default());
        let bytes = bytes.expect("the browser sends base64");
        fs::write(file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// Calls a method of the protocol on this page.
    #[track_caller]
    pub(crate) fn call(&mut self, method: &str, parameters: Value) -> Value {
        let answer = self.connection.call(&self.session, method, parameters);
        answer.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Like `evaluate`; the error is what was thrown, or why nothing could be evaluated.
    pub(super) fn try_evaluate(&mut self, expression: &str) -> Result<Value, String> {
        let parameters = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true,
        });
        let mut answer = self.connection.call(&self.session, "Runtime.evaluate", parameters)?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(exception_in(details)),
            None => Ok(answer["result"]["value"].take()),
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // If it cannot hear that any more, it is killed.
        let _ = self.connection.send("", "Browser.close", json!({}));
    }
}

/// Opens a session on the page that the browser started with.
fn attach(connection: &mut Connection) -> Result<String, String> {
    let target = connection.call("", "Target.createTarget", json!({ "url": "about:blank" }))?;
    let parameters = json!({ "targetId": target["targetId"], "flatten": true });
    let session = connection.call("", "Target.attachToTarget", parameters)?;
    Ok(session["sessionId"].as_str().unwrap_or_default().to_owned())
}

fn start_of(text: &str) -> String {
    text.chars().take(800).collect()
}
