//! A person's hands: mouse, keyboard, files. All go through the browser's own input, as real events would.

use std::path::Path;

use serde_json::{Value, json};

use super::Page;

impl Page {
    /// Clicks the middle of the first element that matches, after scrolling to it. Panics when something covers it.
    #[track_caller]
    pub(crate) fn click(&mut self, selector: &str) {
        let (x, y) = self.middle_of(selector);
        self.mouse("mouseMoved", x, y, 0);
        self.mouse("mousePressed", x, y, 1);
        self.mouse("mouseReleased", x, y, 1);
    }

    /// Moves the mouse to the middle of the first element that matches.
    #[track_caller]
    pub(crate) fn hover(&mut self, selector: &str) {
        let (x, y) = self.middle_of(selector);
        self.mouse("mouseMoved", x, y, 0);
    }

    /// Presses the mouse on one element, moves it to another and releases it there.
    #[track_caller]
    pub(crate) fn drag(&mut self, from: &str, to: &str) {
        let (to_x, to_y) = self.middle_of(to);
        let (x, y) = self.middle_of(from);
        self.mouse("mouseMoved", x, y, 0);
        self.mouse("mousePressed", x, y, 1);
        self.mouse("mouseMoved", (x + to_x) / 2.0, (y + to_y) / 2.0, 1);
        self.mouse("mouseMoved", to_x, to_y, 1);
        self.mouse("mouseReleased", to_x, to_y, 1);
    }

    /// Presses and releases a key by its name in `KeyboardEvent.key`, with modifiers before it: `"a"`, `"?"`,
    /// `"Enter"`, `"Space"`, `"Shift+ArrowRight"`, `"Control+z"`.
    #[track_caller]
    pub(crate) fn press(&mut self, keys: &str) {
        // The key may itself be a plus.
        let (modifiers, key) =
            keys.rsplit_once('+').filter(|(_, key)| !key.is_empty()).unwrap_or(("", keys));
        let modifiers =
            modifiers.split('+').filter(|name| !name.is_empty()).map(modifier_bit).sum::<u32>();
        let key = if key == "Space" { " " } else { key };
        let mut event = json!({
            "key": key, "code": code_of(key), "windowsVirtualKeyCode": number_of(key), "modifiers": modifiers,
        });
        // With Alt, Control or Meta a key writes nothing.
        let text = if modifiers & 7 == 0 { text_of(key) } else { None };
        event["type"] = if text.is_some() { "keyDown" } else { "rawKeyDown" }.into();
        if let Some(text) = text {
            event["text"] = text.into();
        }
        self.call("Input.dispatchKeyEvent", event.clone());
        event["type"] = "keyUp".into();
        self.call("Input.dispatchKeyEvent", event);
    }

    /// Types a text, key by key, into what has the focus.
    #[track_caller]
    pub(crate) fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '\n' => self.press("Enter"),
                letter => self.press(&letter.to_string()),
            }
        }
    }

    /// Pastes a text into what has the focus: the page gets a paste event, and a field the text unless the page
    /// took it. The computer's clipboard is left alone, since it is the person's.
    #[track_caller]
    pub(crate) fn paste(&mut self, text: &str) {
        let wanted = self.evaluate(&format!(
            "(() => {{
                const clipboardData = new DataTransfer();
                clipboardData.setData('text/plain', {});
                const paste = new ClipboardEvent('paste', {{ clipboardData, bubbles: true, cancelable: true }});
                return document.activeElement.dispatchEvent(paste);
            }})()",
            json!(text)
        ));
        if wanted == json!(true) {
            self.call("Input.insertText", json!({ "text": text }));
        }
    }

    /// Chooses files in a file field, as from the system's dialog.
    #[track_caller]
    pub(crate) fn choose_files(&mut self, selector: &str, files: &[&Path]) {
        let found = self.call(
            "Runtime.evaluate",
            json!({ "expression": format!("document.querySelector({})", json!(selector)) }),
        );
        let object = &found["result"]["objectId"];
        assert!(object.is_string(), "there is no {selector}");
        self.call("DOM.setFileInputFiles", json!({ "files": files, "objectId": object }));
    }

    /// Drags files from the system over the first element that matches, and drops them there.
    #[track_caller]
    pub(crate) fn drop_files(&mut self, selector: &str, files: &[&Path]) {
        let (x, y) = self.middle_of(selector);
        for kind in ["dragEnter", "dragOver", "drop"] {
            let data = json!({ "items": [], "files": files, "dragOperationsMask": 1 });
            self.call(
                "Input.dispatchDragEvent",
                json!({ "type": kind, "x": x, "y": y, "data": data }),
            );
        }
    }

    #[track_caller]
    fn mouse(&mut self, kind: &str, x: f64, y: f64, buttons: u32) {
        let button = if kind == "mouseMoved" && buttons == 0 { "none" } else { "left" };
        self.call(
            "Input.dispatchMouseEvent",
            json!({ "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1 }),
        );
    }

    /// The middle of an element in the view, which a click there would reach. What was just opened
    /// may need a moment to come to the front, as for a person's hand.
    #[track_caller]
    fn middle_of(&mut self, selector: &str) -> (f64, f64) {
        const LOOKS: u32 = 100;
        self.wait_until(&format!("!!document.querySelector({})", json!(selector)));
        let mut place = self.place_of(selector);
        for _ in 0..LOOKS {
            if place["over"] == Value::Null {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
            place = self.place_of(selector);
        }
        assert_eq!(place["over"], Value::Null, "a click would not reach {selector}");
        (place["x"].as_f64().unwrap_or_default(), place["y"].as_f64().unwrap_or_default())
    }

    /// The middle of an element that is scrolled into view, and what lies over it, if something does.
    #[track_caller]
    fn place_of(&mut self, selector: &str) -> Value {
        self.evaluate(&format!(
            "(() => {{
                const element = document.querySelector({});
                if (!element) return {{ over: 'nothing: it is gone' }};
                element.scrollIntoView({{ block: 'nearest', inline: 'nearest', behavior: 'instant' }});
                const box = element.getBoundingClientRect();
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const top = document.elementFromPoint(x, y);
                const reached = top && (element.contains(top) || top.contains(element) || (top.control ?? top) === element);
                return {{ x, y, over: reached ? null : top ? top.outerHTML.slice(0, 200) : 'nothing: it is out of view' }};
            }})()",
            json!(selector)
        ))
    }
}

fn modifier_bit(name: &str) -> u32 {
    match name {
        "Alt" => 1,
        "Control" => 2,
        "Meta" => 4,
        "Shift" => 8,
        other => panic!("there is no modifier {other}"),
    }
}

/// What a key writes.
fn text_of(key: &str) -> Option<&str> {
    match key {
        "Enter" => Some("\r"),
        key if key.chars().count() == 1 => Some(key),
        _ => None,
    }
}

/// `KeyboardEvent.code` on a keyboard with the usual American layout.
fn code_of(key: &str) -> String {
    match key.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => format!("Key{}", key.to_ascii_uppercase()),
        [digit] if digit.is_ascii_digit() => format!("Digit{key}"),
        b" " => "Space".to_owned(),
        b"[" => "BracketLeft".to_owned(),
        b"]" => "BracketRight".to_owned(),
        b"?" | b"/" => "Slash".to_owned(),
        [_] => String::new(),
        _ => key.to_owned(),
    }
}

/// The number that the browser's own behaviour (moving the focus, pressing a button) goes by.
fn number_of(key: &str) -> u32 {
    match key {
        "Backspace" => 8,
        "Tab" => 9,
        "Enter" => 13,
        "Escape" => 27,
        "PageUp" => 33,
        "PageDown" => 34,
        "End" => 35,
        "Home" => 36,
        "ArrowLeft" => 37,
        "ArrowUp" => 38,
        "ArrowRight" => 39,
        "ArrowDown" => 40,
        "Delete" => 46,
        "[" => 219,
        "]" => 221,
        "?" | "/" => 191,
        key => match key.as_bytes() {
            [letter] if letter.is_ascii_alphanumeric() || *letter == b' ' => {
                u32::from(letter.to_ascii_uppercase())
            }
            _ => 0,
        },
    }
}
