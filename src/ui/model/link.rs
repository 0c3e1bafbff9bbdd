//! Links to a moment: a scenario's fragment, and behind it the playhead and what is open, such as
//! `#kill-a-node&t=12.4&open=plots,inspector&select=node-3`. What belongs to the beginning is left
//! out, so that a preset's link stays short. `zoom` is the step of the selected task that is looked
//! at, and `follow` the record of the output whose way is kept in view.
//!
//! `#kill-a-node&run=live` is a run on real web workers. It has no second time: the link begins it
//! anew, so it names no moment, no event by its number, and nothing that was struck by hand.

pub(super) mod names;

use super::catalog;
use super::run::Run;
use super::state::LabState;
use super::view::{Tab, View};
use crate::base::{PartitionId, Time};
use crate::lab::messages::KeyValue;
use crate::scenario::{Lab, Scenario};
use crate::ui::selection::Selection;
use crate::ui::zoom::attempt_of;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt::Write as _;

/// What a link leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The run.
    pub scenario: Scenario,
    /// The preset that it is or was made from.
    pub preset: Option<&'static str>,
    /// Whether it is run live, on real web workers.
    pub is_live: bool,
    /// Where the playhead stands, and what is open.
    pub sight: Sight,
}

/// Where the playhead stands, and what is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// The time; the opening without one.
    pub at: Option<Time>,
    /// How many events have happened, where it is not all of that time.
    pub events: Option<u32>,
    /// The panels that are open.
    pub panels: Vec<&'static str>,
    /// What is selected.
    pub selection: Option<Selection>,
    /// The step of the selected task, where it is stepped through.
    pub zoom: Option<u64>,
    /// The record of the output whose way is kept in view.
    pub follow: Option<KeyValue>,
}

/// What stands behind the scenario of a run on real web workers.
const LIVE: &str = "&run=live";

/// The panels beside the tabs, by the names that links have for them.
const PANELS: [&str; 3] = ["parameters", "faults", "inspector"];

/// The tabs, by the names that links have for them.
const TABS: [(Tab, &str); 9] = [
    (Tab::Plots, "plots"),
    (Tab::Results, "results"),
    (Tab::Log, "log"),
    (Tab::Counters, "counters"),
    (Tab::Compare, "compare"),
    (Tab::Sweep, "sweep"),
    (Tab::Panes, "panes"),
    (Tab::Ledger, "ledger"),
    (Tab::Answers, "answers"),
];

impl Link {
    /// Reads a fragment, with or without its `#`.
    ///
    /// # Errors
    /// In words, when it leads nowhere.
    pub fn read(fragment: &str) -> Result<Link, String> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let (run, rest) = split(fragment);
        let is_live = run.ends_with(LIVE);
        let (scenario, preset) = catalog::read_link(run.strip_suffix(LIVE).unwrap_or(run))?;
        if is_live && scenario.lab() != Lab::Mapreduce {
            return Err("The link leads to a live run of a stream job, and a stream job runs in virtual time alone.".to_owned());
        }
        let sight = Sight::read(rest).map_err(|part| {
            format!("The link is damaged (“{part}” means nothing in it): copy it again, whole.")
        })?;
        Ok(Link { scenario, preset, is_live, sight })
    }
}

impl Sight {
    /// Reads what stands behind the scenario; the first part that means nothing is the error.
    fn read(text: &str) -> Result<Sight, String> {
        let mut sight = Sight::default();
        for part in text.split('&').filter(|part| !part.is_empty()) {
            let wrong = || part.chars().take(60).collect::<String>();
            let (name, value) = part.split_once('=').ok_or_else(wrong)?;
            match name {
                "t" => sight.at = Some(seconds(value).ok_or_else(wrong)?),
                "e" => sight.events = Some(value.parse().map_err(|_| wrong())?),
                "open" => {
                    for name in value.split(',') {
                        sight.panels.push(panel(name).ok_or_else(wrong)?);
                    }
                }
                "select" => sight.selection = Some(names::selection(value).ok_or_else(wrong)?),
                "zoom" => sight.zoom = Some(value.parse().map_err(|_| wrong())?),
                "follow" => sight.follow = Some(record(value).ok_or_else(wrong)?),
                _ => return Err(wrong()),
            }
        }
        Ok(sight)
    }

    /// What is seen of this state.
    pub fn of(state: &LabState) -> Sight {
        let Some(run) = &state.run else { return Sight::default() };
        let (mut at, mut events) = (None, None);
        if run.place != run.opening && run.live.is_none() {
            at = Some(run.place.at);
            let all = run.timeline.at_time(run.place.at);
            events = (all != run.place.events).then_some(run.place.events);
        }
        let view = &state.view;
        let open = [view.parameters, view.faults, view.inspector];
        let panels = PANELS.into_iter().zip(open).filter(|(_, open)| *open).map(|(name, _)| name);
        let tab = TABS.into_iter().find(|(tab, _)| view.drawer == Some(*tab)).map(|(_, name)| name);
        let selection = state.selection.and_then(|one| lasting(run, one));
        let zoomed = state.selection.and_then(|one| attempt_of(&run.snapshot, one));
        let is_zoomed = view.zoom && view.inspector && run.live.is_none() && zoomed.is_some();
        let followed = state.followed.as_ref().filter(|followed| followed.run == run.id);
        Sight {
            at,
            events,
            panels: panels.chain(tab).collect(),
            selection,
            zoom: is_zoomed.then_some(view.zoom_step),
            follow: followed.map(|followed| followed.record.clone()),
        }
    }

    /// As it stands behind the scenario.
    fn written(&self) -> String {
        let mut text = String::new();
        // Writing into a text cannot fail.
        if let Some(at) = self.at {
            let (whole, micros) = (at.0 / 1_000_000, at.0 % 1_000_000);
            let decimals = format!("{micros:06}");
            let decimals = decimals.trim_end_matches('0');
            let _ = match decimals {
                "" => write!(text, "&t={whole}"),
                decimals => write!(text, "&t={whole}.{decimals}"),
            };
        }
        if let Some(events) = self.events {
            let _ = write!(text, "&e={events}");
        }
        if !self.panels.is_empty() {
            let _ = write!(text, "&open={}", self.panels.join(","));
        }
        if let Some(selection) = self.selection {
            let _ = write!(text, "&select={}", names::name(selection));
        }
        if let Some(step) = self.zoom {
            let _ = write!(text, "&zoom={step}");
        }
        if let Some(record) = &self.follow {
            let _ = write!(text, "&follow={}", record_name(record));
        }
        text
    }

    /// Opens and closes panels so.
    pub fn show(&self, view: &mut View) {
        let has = |name: &str| self.panels.contains(&name);
        view.parameters = has("parameters");
        view.faults = has("faults") && !view.parameters;
        view.inspector = has("inspector");
        view.drawer = TABS.into_iter().find(|(_, name)| has(name)).map(|(tab, _)| tab);
    }
}

/// What of a selection is there again when a live run is begun anew: other events have its number, and other
/// attempts.
fn lasting(run: &Run, selection: Selection) -> Option<Selection> {
    if run.live.is_none() {
        return Some(selection);
    }
    if let Selection::Attempt(attempt) = selection {
        return Some(Selection::Task(attempt.task));
    }
    (!matches!(selection, Selection::Event(_))).then_some(selection)
}

/// The fragment that leads to this very moment, without its `#`: the run's and the sight's part.
/// Both are empty when no link can carry the run.
pub fn parts(state: &LabState) -> Option<(String, String)> {
    let run = state.run.as_ref()?;
    let Some(base) = base(run) else { return Some(Default::default()) };
    let is_first = catalog::presets().first().is_some_and(|first| first.name == base);
    let sight = Sight::of(state).written();
    // The page without a fragment opens the first preset, and need not name it.
    let base = if is_first && sight.is_empty() { String::new() } else { base };
    Some((base, sight))
}

/// Whether a link can carry the run on the screen.
pub fn can_carry(state: &LabState) -> bool {
    state.run.as_ref().is_some_and(|run| base(run).is_some())
}

/// Parts a fragment into the run's part and the sight's.
pub fn split(fragment: &str) -> (&str, &str) {
    let scenario = fragment.find('&').unwrap_or(fragment.len());
    let behind = &fragment[scenario..];
    let is_live =
        behind.strip_prefix(LIVE).is_some_and(|rest| rest.is_empty() || rest.starts_with('&'));
    fragment.split_at(scenario + if is_live { LIVE.len() } else { 0 })
}

fn base(run: &Run) -> Option<String> {
    let link = Some(catalog::link_to(run.planned())).filter(|link| !link.is_empty())?;
    Some(link + if run.live.is_some() { LIVE } else { "" })
}

fn seconds(text: &str) -> Option<Time> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(decimals) || decimals.len() > 6 {
        return None;
    }
    let micros: u64 = format!("{decimals:0<6}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(micros).map(Time)
}

fn panel(name: &str) -> Option<&'static str> {
    let all = PANELS.into_iter().chain(TABS.into_iter().map(|(_, name)| name));
    all.into_iter().find(|known| *known == name)
}

/// A record of the output as a link names it: its part, and its line in URL-safe base64.
fn record_name(record: &KeyValue) -> String {
    format!("{}.{}", record.partition.0, URL_SAFE_NO_PAD.encode(record.line()))
}

fn record(name: &str) -> Option<KeyValue> {
    let (part, line) = name.split_once('.')?;
    let line = String::from_utf8(URL_SAFE_NO_PAD.decode(line).ok()?).ok()?;
    let (key, value) = line.split_once('\t').unwrap_or((&line, ""));
    let partition = PartitionId(part.parse().ok()?);
    Some(KeyValue { key: key.to_owned(), value: value.to_owned(), partition })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Random};
    use crate::base::{NodeId, TaskId};
    use crate::trace::{Seq, synthetic};
    use crate::ui::model::follow::Followed;
    use crate::ui::model::live;
    use crate::ui::model::place::Place;

    fn state() -> LabState {
        let mut run = Run::new(catalog::presets()[0].scenario(), None, None);
        run.append(synthetic::run(&synthetic::small())).unwrap();
        LabState { run: Some(run), ..LabState::default() }
    }

    fn fragment(state: &LabState) -> String {
        let (base, sight) = parts(state).unwrap();
        base + &sight
    }

    #[test]
    fn at_its_opening_a_preset_has_its_short_name() {
        assert_eq!(fragment(&state()), "", "the first needs no name");
        let mut other = state();
        if let Some(run) = &mut other.run {
            run.scenario = catalog::presets()[1].scenario();
        }
        assert_eq!(fragment(&other), catalog::presets()[1].name);
    }

    #[test]
    fn a_moment_and_what_is_open_are_found_again() {
        let mut state = state();
        let run = state.run.as_mut().unwrap();
        let place = Place::after(&run.timeline, 40);
        run.go(place);
        state.view.inspector = true;
        state.view.drawer = Some(Tab::Plots);
        state.selection = Some(Selection::Node(NodeId(3)));
        let text = fragment(&state);
        assert!(text.starts_with("first-steps&t="), "{text}");
        assert!(text.ends_with("&open=inspector,plots&select=node-3"), "{text}");
        let link = Link::read(&text).unwrap();
        assert_eq!(link.sight, Sight::of(&state));
        let mut view = View { faults: true, ..View::default() };
        link.sight.show(&mut view);
        assert!(view.inspector && view.drawer == Some(Tab::Plots) && !view.faults);
        let at = link.sight.at.unwrap();
        let run = state.run.as_ref().unwrap();
        let events = link.sight.events.unwrap_or_else(|| run.timeline.at_time(at));
        assert_eq!(Place { events, at }, place);
    }

    #[test]
    fn the_zoom_with_its_step_and_what_is_followed_are_carried() {
        let mut state = state();
        let run = state.run.as_mut().unwrap();
        run.go(run.end());
        let (id, snapshot) = (run.id, std::rc::Rc::clone(&run.snapshot));
        let record = |value: &str| KeyValue {
            key: "naïve & “so”".to_owned(),
            value: value.to_owned(),
            partition: PartitionId(1),
        };
        for value in ["3", ""] {
            let followed = Followed::new(id, &record(value), (&[], &[]), &snapshot);
            state.followed = Some(std::rc::Rc::new(followed));
            state.selection = Some(Selection::Attempt(TaskId::map(2).attempt(0)));
            (state.view.inspector, state.view.zoom, state.view.zoom_step) = (true, true, 12);
            let text = fragment(&state);
            assert!(text.contains("&select=map-2-0&zoom=12&follow=1."), "{text}");
            assert!(text.is_ascii() && !text.contains(' '), "{text}");
            let sight = Link::read(&text).unwrap().sight;
            assert_eq!((sight.zoom, &sight.follow), (Some(12), &Some(record(value))));
            assert_eq!(sight, Sight::of(&state));
        }
        state.view.inspector = false;
        assert!(!fragment(&state).contains("zoom"), "its panel is closed");
    }

    #[test]
    fn a_live_run_is_named_as_one_and_has_no_moment() {
        let mut state = state();
        let run = live::live(state.run.as_ref().unwrap());
        state.run = Some(run);
        state.run.as_mut().unwrap().append(synthetic::run(&synthetic::small())).unwrap();
        let run = state.run.as_mut().unwrap();
        let place = Place::after(&run.timeline, 40);
        run.go(place);
        state.selection = Some(Selection::Event(Seq(40)));
        assert_eq!(fragment(&state), "first-steps&run=live", "other times, other numbers");
        state.selection = Some(Selection::Node(NodeId(2)));
        state.view.inspector = true;
        let text = fragment(&state);
        assert_eq!(text, "first-steps&run=live&open=inspector&select=node-2");
        assert_eq!(split(&text), ("first-steps&run=live", "&open=inspector&select=node-2"));
        let link = Link::read(&text).unwrap();
        assert!(link.is_live && link.scenario == catalog::presets()[0].scenario());
        assert!(!Link::read("first-steps&open=inspector").unwrap().is_live);
    }

    #[test]
    fn a_live_run_that_there_cannot_be_is_refused() {
        let stream = Link::read("lost-nine&run=live").unwrap_err();
        assert!(stream.contains("virtual time"), "{stream}");
        for broken in ["first-steps&run=lively", "first-steps&run=dead", "first-steps&t=1&run=live"]
        {
            let said = Link::read(broken).unwrap_err();
            assert!(said.contains("damaged") && said.contains("run="), "{broken}: {said}");
        }
    }

    #[test]
    fn times_are_exact() {
        for at in [0, 1, 999_999, 1_000_000, 12_400_000, 86_399_999_999] {
            let sight = Sight { at: Some(Time(at)), ..Sight::default() };
            assert_eq!(Sight::read(&sight.written()), Ok(sight));
        }
        assert_eq!(seconds("12."), Some(Time(12_000_000)));
        assert_eq!(
            [".5", "-1", "1e9", "1.1234567", "99999999999999999999"].map(seconds),
            [None; 5]
        );
    }

    #[test]
    fn a_broken_link_says_what_is_wrong_with_it() {
        for broken in [
            "first-steps&t=soon",
            "first-steps&x=1",
            "first-steps&open=door",
            "first-steps&select=node-x",
            "first-steps&e",
        ] {
            let said = Link::read(broken).unwrap_err();
            assert!(said.contains("damaged"), "{broken}: {said}");
        }
        assert!(Link::read("first-stairs&t=1").unwrap_err().contains("first-stairs"));
    }

    #[test]
    fn garbage_never_panics() {
        for seed in 0..2_000 {
            let mut random = Random::keyed(seed, Purpose::Test, 0, 0);
            let mut garbled: Vec<char> =
                "first-steps&t=12.4&e=7&open=plots,log&select=node-3".chars().collect();
            for _ in 0..=random.below(4) {
                let place = usize::try_from(random.below(garbled.len() as u64)).unwrap();
                garbled[place] = ['&', '=', '.', 'é', '-', '9', '\0', ','][place % 8];
            }
            let _ = Link::read(&garbled.into_iter().collect::<String>());
        }
    }
}
