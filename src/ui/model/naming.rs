//! What a run is called: by its preset, and by what was changed of it, so that no name says what is not so.

use super::branches::words;
use super::catalog;
use super::clock::RunClock;
use super::comparison::settings;
use super::run::Run;
use crate::scenario::Scenario;

/// Changes that are named one by one; of more the first are named, and the others counted.
const NAMED_MAX: usize = 3;

/// A run's name: its preset's title, and behind it what was changed, such as `The straggler: backup attempts off,
/// seed 3`; nothing for a text of the reader's own.
pub fn title(run: &Run) -> Option<String> {
    let preset = catalog::preset(run.preset?)?;
    let title = catalog::title(preset);
    Some(match changes(run) {
        None => title.to_owned(),
        Some(changes) if changes.is_empty() => format!("{title}, changed"),
        Some(changes) => format!("{title}: {}", listed(&changes)),
    })
}

/// What a changed run asks before its start; nothing where it has no changes to ask of.
pub fn question(run: &Run) -> Option<String> {
    let changes = changes(run).filter(|changes| !changes.is_empty())?;
    Some(format!("What comes out differently with this: {}?", listed(&changes)))
}

/// Whether a run is its preset's own: in virtual time, with nothing changed and nothing struck by hand.
pub fn is_own(run: &Run) -> bool {
    run.live.is_none() && run.preset.is_some() && changes(run).is_none()
}

/// What is different from the run's preset; nothing where the scenario is the preset's, or there is none.
fn changes(run: &Run) -> Option<Vec<String>> {
    let preset = catalog::preset(run.preset?)?.scenario();
    (preset != *run.planned()).then(|| differences(&preset, run.planned(), run.timeline.clock()))
}

/// In what a scenario differs from another, one entry each: job, input, tunables and faults.
pub fn differences(from: &Scenario, to: &Scenario, clock: RunClock) -> Vec<String> {
    let lines = settings(from, to).into_iter();
    let set = lines.map(|line| {
        let [_, now] = line.values;
        format!("{} {now}", small(line.name))
    });
    let more = to
        .faults
        .iter()
        .filter(|planned| !from.faults.contains(planned))
        .map(|planned| words(planned, clock));
    let less = from.faults.iter().filter(|planned| !to.faults.contains(planned));
    let less = less.map(|planned| format!("without {}", words(planned, clock)));
    set.chain(more).chain(less).collect()
}

fn listed(changes: &[String]) -> String {
    if changes.len() <= NAMED_MAX {
        return changes.join(", ");
    }
    let (named, more) = changes.split_at(NAMED_MAX - 1);
    format!("{} and {} more changes", named.join(", "), more.len())
}

/// A label in the middle of a line: without its capital, unless it is a name such as `HDFS`.
fn small(label: &str) -> String {
    let mut letters = label.chars();
    let first = letters.next().unwrap_or_default();
    let is_name = letters.clone().next().is_some_and(char::is_uppercase);
    let first = if is_name { first.to_string() } else { first.to_lowercase().to_string() };
    first + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Key;

    fn straggler(change: impl FnOnce(&mut Scenario)) -> Run {
        let mut scenario = catalog::preset("straggler").unwrap().scenario();
        change(&mut scenario);
        Run::new(scenario, Some("straggler"), None)
    }

    #[test]
    fn a_changed_run_is_named_for_what_was_changed() {
        let own = straggler(|_| {});
        assert_eq!((title(&own).as_deref(), question(&own)), (Some("The straggler"), None));
        assert!(is_own(&own));
        let changed = straggler(|scenario| {
            let parameters = scenario.parameters.clone();
            scenario.parameters = parameters.with(Key::Speculation, 0).with(Key::Seed, 3);
        });
        let title_of = |run: &Run| title(run).unwrap();
        assert_eq!(title_of(&changed), "The straggler: seed 3, backup attempts off");
        assert!(question(&changed).unwrap().ends_with("seed 3, backup attempts off?"));
        assert!(!is_own(&changed));
        let crashed = straggler(|scenario| {
            scenario.faults.clear();
            scenario.faults.push("crash node 3 at 12.4 s".parse().unwrap());
        });
        let said = title_of(&crashed);
        assert!(said.contains("crash node 3 at 12.4 s, without slow"), "{said}");
        let much = straggler(|scenario| {
            let mut parameters = scenario.parameters.clone();
            for (key, value) in
                [(Key::Seed, 9), (Key::Nodes, 7), (Key::Reducers, 5), (Key::Racks, 2)]
            {
                parameters = parameters.with(key, value);
            }
            scenario.parameters = parameters;
        });
        assert!(title_of(&much).ends_with("and 2 more changes"), "{}", title_of(&much));
        assert_eq!(title(&Run::new(much.scenario, None, None)), None);
    }
}
