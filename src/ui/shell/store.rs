//! What the browser remembers of the page: the theme and a few habits. A browser that keeps
//! nothing (private windows, embedded pages) forgets them, and nothing else happens.

use super::browser;
use crate::ui::model::LabState;
use crate::ui::model::place::StepSize;
use crate::ui::model::view::{Theme, View};

const THEME: &str = "millrace.theme";
const LETTERS: &str = "millrace.letters";
const STEP: &str = "millrace.step";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn set(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden store only means that the habit is forgotten.
        let _ = storage.set_item(key, value);
    }
}

/// The state that a page begins with.
pub(crate) fn recall() -> LabState {
    let theme = get(THEME).map_or(Theme::System, |name| Theme::named(&name));
    let letters_off = get(LETTERS).as_deref() == Some("off");
    let mut state = LabState {
        view: View { theme, letters_off, embedded: browser::is_embedded(), ..View::default() },
        ..LabState::default()
    };
    if let Some(step) = get(STEP).and_then(|name| StepSize::named(&name)) {
        state.player.step = step;
    }
    state
}

/// Remembers the habits.
pub(crate) fn remember(view: &View, step: StepSize) {
    set(THEME, view.theme.name());
    set(LETTERS, if view.letters_off { "off" } else { "on" });
    set(STEP, step.name());
}
