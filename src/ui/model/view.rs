//! What of the page is open, and how it looks: everything that is not about the run.

use crate::scenario::Lab;

/// What is open and how it looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Whether the parameters are open.
    pub parameters: bool,
    /// Whether the faults are open, in the parameters' place.
    pub faults: bool,
    /// Whether the inspector is open.
    pub inspector: bool,
    /// Whether the inspector steps through the selected task.
    pub zoom: bool,
    /// The step that it stands at, from 0.
    pub zoom_step: u64,
    /// The tab open below the stage, if one is.
    pub drawer: Option<Tab>,
    /// Whether only the stage and the transport bar are shown.
    pub stage_alone: bool,
    /// Whether the screen is blank, so that a class looks at the lecturer.
    pub blank: bool,
    /// The dialog that is open, if one is.
    pub dialog: Option<Dialog>,
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// Whether type and strokes are scaled for the back row, and spoilers held back.
    pub presenter: bool,
    /// Whether the page is a frame in another page.
    pub embedded: bool,
    /// Whether keys of a single character are off.
    pub letters_off: bool,
}

/// The tabs below the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Pictures of the run up to the playhead.
    Plots,
    /// The committed output, with search.
    Results,
    /// The events in words.
    Log,
    /// The job's counters.
    Counters,
    /// Two branches side by side, in numbers.
    Compare,
    /// One parameter over several values.
    Sweep,
    /// The panes of a stream job.
    Panes,
    /// What has become of each element in each of its windows.
    Ledger,
    /// The same events in several ways, side by side.
    Answers,
}

impl Tab {
    /// Those of a lab, in order.
    pub fn of(lab: Lab) -> &'static [Tab] {
        match lab {
            Lab::Mapreduce => {
                &[Tab::Plots, Tab::Results, Tab::Log, Tab::Counters, Tab::Compare, Tab::Sweep]
            }
            Lab::Stream => {
                &[Tab::Panes, Tab::Ledger, Tab::Answers, Tab::Log, Tab::Compare, Tab::Sweep]
            }
        }
    }

    /// Its name on the page.
    pub fn name(self) -> &'static str {
        match self {
            Tab::Plots => "Plots",
            Tab::Results => "Results",
            Tab::Log => "Log",
            Tab::Counters => "Counters",
            Tab::Compare => "Compare",
            Tab::Sweep => "Sweep",
            Tab::Panes => "Panes",
            Tab::Ledger => "Ledger",
            Tab::Answers => "Answers",
        }
    }
}

/// The dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Keys and how to read the page.
    Help,
    /// A text of the reader's own.
    OwnText,
}

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Its name in the page's markup and store.
    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The one of this name; the system's when there is none.
    pub fn named(name: &str) -> Theme {
        match name {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// The one that the theme button leads to.
    #[must_use]
    pub fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }
}

/// What can be opened and closed by one key each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The parameters, on the left.
    Parameters,
    /// The faults, on the left.
    Faults,
    /// The inspector, on the right.
    Inspector,
    /// The selected task, step by step, in the inspector.
    Zoom,
    /// The drawer below, at this tab.
    Drawer(Tab),
    /// The stage without anything around it.
    StageAlone,
    /// A blank screen.
    Blank,
    /// A dialog.
    Dialog(Dialog),
}

impl View {
    /// Opens a panel, or closes it when it is open.
    pub fn toggle(&mut self, panel: Panel) {
        match panel {
            Panel::Parameters => {
                self.parameters = self.stage_alone || !self.parameters;
                self.faults &= !self.parameters;
                self.stage_alone = false;
            }
            Panel::Faults => {
                self.faults = self.stage_alone || !self.faults;
                self.parameters &= !self.faults;
                self.stage_alone = false;
            }
            Panel::Inspector => {
                self.inspector = self.stage_alone || !self.inspector;
                self.stage_alone = false;
            }
            Panel::Zoom => {
                self.zoom = self.stage_alone || !self.inspector || !self.zoom;
                self.inspector |= self.zoom;
                self.stage_alone = false;
            }
            Panel::Drawer(tab) => {
                let open = self.drawer == Some(tab) && !self.stage_alone;
                self.drawer = (!open).then_some(tab);
                self.stage_alone = false;
            }
            Panel::StageAlone => self.stage_alone = !self.stage_alone,
            Panel::Blank => self.blank = !self.blank,
            Panel::Dialog(dialog) => {
                self.dialog = (self.dialog != Some(dialog)).then_some(dialog);
            }
        }
    }

    /// Closes what lies on top; says whether there was anything.
    pub fn close_topmost(&mut self) -> bool {
        let zooms = self.zoom && self.inspector;
        let open = self.blank || self.dialog.is_some() || self.stage_alone || zooms;
        match (self.blank, self.dialog) {
            (true, _) => self.blank = false,
            (false, Some(_)) => self.dialog = None,
            (false, None) if self.stage_alone => self.stage_alone = false,
            (false, None) => self.zoom = false,
        }
        open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_closes_what_lies_on_top_first() {
        let mut view =
            View { blank: true, dialog: Some(Dialog::Help), stage_alone: true, ..View::default() };
        assert!(view.close_topmost());
        assert_eq!((view.blank, view.dialog), (false, Some(Dialog::Help)));
        assert!(view.close_topmost());
        assert_eq!((view.dialog, view.stage_alone), (None, true));
        assert!(view.close_topmost());
        assert!(!view.close_topmost());
    }

    #[test]
    fn a_panel_that_is_asked_for_is_seen_even_when_the_stage_stood_alone() {
        let mut view = View { parameters: true, stage_alone: true, ..View::default() };
        view.toggle(Panel::Parameters);
        assert!(view.parameters && !view.stage_alone);
        view.toggle(Panel::Faults);
        assert!(view.faults && !view.parameters, "they share a place");
        view.toggle(Panel::Zoom);
        assert!(view.zoom && view.inspector);
        view.toggle(Panel::Inspector);
        view.toggle(Panel::Zoom);
        assert!(view.zoom && view.inspector, "it was out of sight");
        assert!(view.close_topmost() && !view.zoom && view.inspector);
        view.toggle(Panel::Drawer(Tab::Results));
        view.toggle(Panel::Drawer(Tab::Log));
        assert_eq!(view.drawer, Some(Tab::Log));
        view.toggle(Panel::Drawer(Tab::Log));
        assert_eq!(view.drawer, None);
    }
}
