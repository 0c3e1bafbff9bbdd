//! One connection to a browser: calls with their answers, and the events that come in between.
//!
//! It knows the protocol's envelope and which events are trouble, and nothing of pages.

use std::{net::TcpStream, time::Duration};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket, stream::MaybeTlsStream};

/// No single call may take longer; a wait for something in the page takes at most half of it.
const ANSWER: Duration = Duration::from_secs(120);

/// A connection to the browser as a whole; sessions on it belong to a page or a web worker.
pub(super) struct Connection {
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    calls: u64,
    /// Errors, warnings and exceptions of the page and its workers so far, in words.
    pub(super) problems: Vec<String>,
    /// How often a page has finished loading.
    pub(super) loads: u64,
}

impl Connection {
    /// Connects to a browser that listens at `address`.
    pub(super) fn open(address: &str) -> Self {
        let (socket, _) =
            tungstenite::connect(address).expect("the browser answers where it listens");
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(ANSWER)).expect("a timeout above zero is allowed");
        }
        Self { socket, calls: 0, problems: Vec::new(), loads: 0 }
    }

    /// Calls a method and waits for its answer. The error is the browser's own words.
    pub(super) fn call(
        &mut self,
        session: &str,
        method: &str,
        parameters: Value,
    ) -> Result<Value, String> {
        let id = self.send(session, method, parameters)?;
        loop {
            let mut message = self.receive().map_err(|error| format!("{method}: {error}"))?;
            if message["id"] == json!(id) {
                return match message.get("error") {
                    Some(error) => Err(format!("{method}: {}", error["message"])),
                    None => Ok(message["result"].take()),
                };
            }
        }
    }

    /// Takes in what the browser says until `done` holds.
    pub(super) fn until(&mut self, done: impl Fn(&Self) -> bool) -> Result<(), String> {
        while !done(self) {
            self.receive()?;
        }
        Ok(())
    }

    /// Sends a call without waiting for its answer.
    pub(super) fn send(
        &mut self,
        session: &str,
        method: &str,
        parameters: Value,
    ) -> Result<u64, String> {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": parameters });
        if !session.is_empty() {
            call["sessionId"] = session.into();
        }
        let sent = self.socket.send(Message::text(call.to_string()));
        sent.map_err(|error| format!("{method}: {error}"))?;
        Ok(self.calls)
    }

    fn receive(&mut self) -> Result<Value, String> {
        loop {
            let text = match self.socket.read().map_err(|error| error.to_string())? {
                Message::Text(text) => text,
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
                    continue;
                }
                Message::Close(_) => return Err("the browser has closed the connection".to_owned()),
            };
            let message: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            if let Some(method) = message["method"].as_str() {
                self.on_event(method, &message["params"], &message["sessionId"])?;
            }
            return Ok(message);
        }
    }

    fn on_event(&mut self, method: &str, event: &Value, session: &Value) -> Result<(), String> {
        match method {
            "Page.loadEventFired" => self.loads += 1,
            "Runtime.exceptionThrown" => {
                self.problems.push(exception_in(&event["exceptionDetails"]))
            }
            "Runtime.consoleAPICalled" => self.problems.extend(console_trouble(event)),
            "Log.entryAdded" => self.problems.extend(log_trouble(&event["entry"])),
            // A worker: what it reports from now on, and has reported, comes here, too.
            "Target.attachedToTarget" => {
                let worker = event["sessionId"].as_str().unwrap_or_default();
                self.send(worker, "Runtime.enable", json!({}))?;
            }
            // A dialog would stop everything, and the page has no business to open one.
            "Page.javascriptDialogOpening" => {
                self.problems.push(format!("dialog: {}", event["message"]));
                let session = session.as_str().unwrap_or_default();
                self.send(session, "Page.handleJavaScriptDialog", json!({ "accept": true }))?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// What was thrown, in words.
pub(super) fn exception_in(details: &Value) -> String {
    let thrown = &details["exception"];
    let words = thrown["description"].as_str().map(str::to_owned);
    let words = words.unwrap_or_else(|| thrown["value"].to_string());
    format!("{}: {words}", details["text"].as_str().unwrap_or("exception"))
}

fn console_trouble(event: &Value) -> Option<String> {
    let kind = event["type"].as_str()?;
    matches!(kind, "error" | "warning" | "assert").then(|| {
        let said = event["args"].as_array().into_iter().flatten();
        let said = said.map(|argument| {
            let words = argument["value"].as_str().or(argument["description"].as_str());
            words.map_or_else(|| argument["value"].to_string(), str::to_owned)
        });
        format!("console {kind}: {}", said.collect::<Vec<_>>().join(" "))
    })
}

fn log_trouble(entry: &Value) -> Option<String> {
    let level = entry["level"].as_str()?;
    matches!(level, "error" | "warning").then(|| {
        let text = entry["text"].as_str().unwrap_or_default();
        format!("log {level}: {text} {}", entry["url"].as_str().unwrap_or_default())
    })
}
