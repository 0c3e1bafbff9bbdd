//! The keyboard: which key does what. The help dialog lists this very table.

use super::action::{Action, Change, Look, Play};
use super::view::{Dialog, Panel, Tab, View};

/// Steps that a wide step takes.
pub const WIDE: u32 = 5;

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press<'a> {
    /// The key, as browsers name it.
    pub key: &'a str,
    /// With Shift.
    pub shift: bool,
    /// With Control or Command.
    pub control: bool,
    /// With Alt.
    pub alt: bool,
    /// What has the focus.
    pub focus: Focus,
}

/// What has the focus, as far as keys care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// Nothing that uses keys itself.
    Page,
    /// A button, link or tab: space and Enter are its own, and arrows if it says so.
    Button,
    /// A select or a slider: all keys but Escape are its own.
    Choice,
    /// A text field: all keys are its own.
    Field,
}

/// A line of the list of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The keys, as they are shown.
    pub keys: &'static [&'static str],
    /// What they do.
    pub does: &'static str,
}

/// The keys, as the help dialog lists them.
pub const LINES: &[Line] = &[
    Line { keys: &["Space"], does: "play or pause" },
    Line { keys: &["→", "Page Down"], does: "step forward" },
    Line { keys: &["←", "Page Up"], does: "step back" },
    Line { keys: &["Shift + →", "Shift + ←"], does: "five steps" },
    Line { keys: &["Home"], does: "to the beginning" },
    Line { keys: &["End"], does: "to the furthest moment reached, then to the end" },
    Line { keys: &["Shift + End"], does: "to the end, seen or not" },
    Line { keys: &["[", "]"], does: "slower, faster" },
    Line { keys: &["r"], does: "begin the scenario again, as it was at first" },
    Line { keys: &["k"], does: "crash the selected node, or start it again" },
    Line { keys: &["v", "Shift + V"], does: "next branch, former branch" },
    Line { keys: &["Ctrl + Z"], does: "take back the last change" },
    Line { keys: &["Ctrl + Shift + Z"], does: "do it again" },
    Line { keys: &["p"], does: "parameters" },
    Line { keys: &["f"], does: "faults" },
    Line { keys: &["i"], does: "inspector" },
    Line { keys: &["z"], does: "step through the selected task, or leave it" },
    Line { keys: &["g"], does: "plots" },
    Line { keys: &["o"], does: "results" },
    Line { keys: &["l"], does: "log" },
    Line { keys: &["c"], does: "compare runs" },
    Line { keys: &["w"], does: "sweep a parameter" },
    Line { keys: &["n"], does: "panes of a stream" },
    Line { keys: &["e"], does: "ledger of a stream" },
    Line { keys: &["a"], does: "several answers of a stream, side by side" },
    Line { keys: &["s"], does: "the stage alone" },
    Line { keys: &["b", "."], does: "blank screen" },
    Line { keys: &["m"], does: "presenter mode" },
    Line { keys: &["Ctrl + V"], does: "use the text on the clipboard" },
    Line { keys: &["Esc"], does: "close what is open" },
    Line { keys: &["?"], does: "these keys" },
];

/// What a key does on a page that looks like this, if it does anything.
pub fn action_for(press: Press<'_>, view: &View) -> Option<Action> {
    if press.alt {
        return None;
    }
    if press.key == "Escape" {
        return (press.focus != Focus::Field || view.dialog.is_some())
            .then_some(Action::Look(Look::Escape));
    }
    if matches!(press.focus, Focus::Field | Focus::Choice) || view.dialog.is_some() {
        return None;
    }
    match (press.control, press.key) {
        (true, "z" | "Z") if press.shift => Some(Action::Change(Change::Redo)),
        (true, "z") => Some(Action::Change(Change::Undo)),
        (true, "y") => Some(Action::Change(Change::Redo)),
        (true, _) => None,
        (false, key) if key.chars().count() == 1 && key != " " => {
            (!view.letters_off).then(|| letter(key)).flatten()
        }
        (false, key) => named(key, press),
    }
}

fn named(key: &str, press: Press<'_>) -> Option<Action> {
    let steps = if press.shift { WIDE } else { 1 };
    let play = match key {
        " " if press.focus == Focus::Page => Play::Toggle,
        "ArrowRight" | "PageDown" => Play::Forward(steps),
        "ArrowLeft" | "PageUp" => Play::Back(steps),
        "Home" => Play::First,
        "End" if press.shift => Play::End,
        "End" => Play::Last,
        _ => return None,
    };
    Some(Action::Play(play))
}

fn letter(key: &str) -> Option<Action> {
    let toggle = |panel| Some(Action::Look(Look::Toggle(panel)));
    match key {
        "p" | "P" => toggle(Panel::Parameters),
        "f" | "F" => toggle(Panel::Faults),
        "i" | "I" => toggle(Panel::Inspector),
        "z" | "Z" => toggle(Panel::Zoom),
        "g" | "G" => toggle(Panel::Drawer(Tab::Plots)),
        "o" | "O" => toggle(Panel::Drawer(Tab::Results)),
        "l" | "L" => toggle(Panel::Drawer(Tab::Log)),
        "c" | "C" => toggle(Panel::Drawer(Tab::Compare)),
        "w" | "W" => toggle(Panel::Drawer(Tab::Sweep)),
        "n" | "N" => toggle(Panel::Drawer(Tab::Panes)),
        "e" | "E" => toggle(Panel::Drawer(Tab::Ledger)),
        "a" | "A" => toggle(Panel::Drawer(Tab::Answers)),
        "s" | "S" => toggle(Panel::StageAlone),
        "b" | "B" | "." => toggle(Panel::Blank),
        "?" => toggle(Panel::Dialog(Dialog::Help)),
        "m" | "M" => Some(Action::Look(Look::Presenter)),
        "k" | "K" => Some(Action::Change(Change::StrikeSelected)),
        "v" => Some(Action::Change(Change::NextBranch(true))),
        "V" => Some(Action::Change(Change::NextBranch(false))),
        "r" | "R" => Some(Action::Change(Change::Restart)),
        "[" => Some(Action::Play(Play::Faster(false))),
        "]" => Some(Action::Play(Play::Faster(true))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Press<'_> {
        Press { key, shift: false, control: false, alt: false, focus: Focus::Page }
    }

    #[test]
    fn space_plays_and_a_clicker_steps() {
        let view = View::default();
        assert_eq!(action_for(press(" "), &view), Some(Action::Play(Play::Toggle)));
        assert_eq!(action_for(press("PageDown"), &view), Some(Action::Play(Play::Forward(1))));
        assert_eq!(action_for(press("PageUp"), &view), Some(Action::Play(Play::Back(1))));
        let wide = Press { shift: true, ..press("ArrowLeft") };
        assert_eq!(action_for(wide, &view), Some(Action::Play(Play::Back(WIDE))));
    }

    #[test]
    fn no_shortcut_fires_while_a_field_has_the_focus() {
        let view = View::default();
        for key in [" ", "ArrowRight", "PageDown", "Home", "p", "?", "[", "Escape"] {
            let typed = Press { focus: Focus::Field, ..press(key) };
            assert_eq!(action_for(typed, &view), None, "{key}");
        }
        let undo = Press { control: true, focus: Focus::Field, ..press("z") };
        assert_eq!(action_for(undo, &view), None, "the field has its own undo");
    }

    #[test]
    fn a_button_keeps_its_space() {
        let space = Press { focus: Focus::Button, ..press(" ") };
        assert_eq!(action_for(space, &View::default()), None);
        let arrow = Press { focus: Focus::Button, ..press("ArrowRight") };
        assert_eq!(action_for(arrow, &View::default()), Some(Action::Play(Play::Forward(1))));
    }

    #[test]
    fn keys_of_one_character_can_be_switched_off_and_the_others_stay() {
        let view = View { letters_off: true, ..View::default() };
        for key in ["p", "?", "[", ".", "b"] {
            assert_eq!(action_for(press(key), &view), None, "{key}");
        }
        for key in [" ", "ArrowRight", "Home", "Escape"] {
            assert!(action_for(press(key), &view).is_some(), "{key}");
        }
        let undo = Press { control: true, ..press("z") };
        assert_eq!(action_for(undo, &view), Some(Action::Change(Change::Undo)));
    }

    #[test]
    fn what_was_taken_back_is_done_again() {
        let view = View::default();
        let redo = Some(Action::Change(Change::Redo));
        let shifted = Press { control: true, shift: true, ..press("Z") };
        let plain = Press { control: true, ..press("y") };
        assert_eq!([shifted, plain].map(|press| action_for(press, &view)), [redo.clone(), redo]);
    }

    #[test]
    fn k_strikes_unless_something_is_typed() {
        let view = View::default();
        let strikes = Some(Action::Change(Change::StrikeSelected));
        assert_eq!(action_for(press("k"), &view), strikes);
        let on_stage = Press { focus: Focus::Button, ..press("k") };
        assert_eq!(action_for(on_stage, &view), strikes, "the node's own button has the focus");
        let typed = Press { focus: Focus::Field, ..press("k") };
        assert_eq!(action_for(typed, &view), None);
    }

    #[test]
    fn a_dialog_leaves_only_escape() {
        let view = View { dialog: Some(Dialog::Help), ..View::default() };
        assert_eq!(action_for(press("PageDown"), &view), None);
        assert_eq!(action_for(press("Escape"), &view), Some(Action::Look(Look::Escape)));
    }

    #[test]
    fn the_browser_keeps_its_own_shortcuts() {
        let view = View::default();
        for key in ["r", "p", "l", "o"] {
            let reload = Press { control: true, ..press(key) };
            assert_eq!(action_for(reload, &view), None, "Ctrl+{key}");
        }
        let back = Press { alt: true, ..press("ArrowLeft") };
        assert_eq!(action_for(back, &view), None);
    }
}
