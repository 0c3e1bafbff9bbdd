//! Runs on real web workers: how many there may be, and what of a scenario they follow.

use super::run::Run;
use crate::scenario::{Key, Scenario};

/// The fewest workers of a live run.
pub const NODES_MIN: u64 = 2;
/// The most: each is a thread of the reader's machine.
pub const NODES_MAX: u64 = 8;

/// Why a live run has no branches.
pub const NO_FORK: &str = "A live run can't be forked: its time is real.";

/// What a live run is like a second time, as after a link to it.
pub const TIMES_DIFFER: &str = "A live run's times differ from run to run; its result does not.";

/// That a run is live.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// The scenario as it would be simulated: with all its nodes, and with its faults.
    pub simulated: Box<Scenario>,
}

impl Live {
    /// What differs from run to run, and what of the scenario a live run does not follow, in
    /// sentences.
    pub fn notes(&self) -> Vec<String> {
        let asked = self.simulated.parameters.get(Key::Nodes);
        let nodes = asked.clamp(NODES_MIN, NODES_MAX);
        let mut notes = vec![TIMES_DIFFER.to_owned()];
        if nodes != asked {
            notes.push(format!(
                "{nodes} workers instead of {asked} nodes: a live run has {NODES_MIN} to {NODES_MAX}."
            ));
        }
        if !self.simulated.faults.is_empty() {
            notes.push("Planned faults are left out: live, only you strike.".to_owned());
        }
        notes
    }
}

/// The same run on real web workers, not begun.
#[must_use]
pub fn live(run: &Run) -> Run {
    let simulated = Box::new(run.scenario.clone());
    let scenario = fit(&simulated);
    Run { live: Some(Live { simulated }), ..run.changed(scenario) }
}

/// The same run simulated, not begun.
#[must_use]
pub fn simulated(run: &Run) -> Run {
    Run { live: None, ..run.changed(run.planned().clone()) }
}

/// A scenario with as many nodes as there may be workers, and no more racks and replicas.
fn fit(scenario: &Scenario) -> Scenario {
    let mut fitting = Scenario { faults: Vec::new(), ..scenario.clone() };
    let nodes = scenario.parameters.get(Key::Nodes).clamp(NODES_MIN, NODES_MAX);
    let of_nodes = [Key::Racks, Key::Replication].map(|key| (key, scenario.parameters.get(key)));
    for (key, value) in of_nodes.into_iter().chain([(Key::Nodes, nodes)]) {
        // A value that the table refuses stays as it was; the conductor judges it then.
        let _ = fitting.parameters.set(key, value.min(nodes));
    }
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::model::catalog;

    #[test]
    fn a_live_run_has_two_to_eight_nodes_and_says_so() {
        for (asked, nodes) in [(1, 2), (3, 3), (8, 8), (50, 8)] {
            let mut scenario = catalog::presets()[0].scenario();
            scenario.parameters = scenario.parameters.with(Key::Nodes, asked);
            scenario.parameters = scenario.parameters.with(Key::Replication, 1);
            let live = live(&Run::new(scenario.clone(), None, None));
            assert_eq!(live.scenario.parameters.get(Key::Nodes), nodes);
            let notes = live.live.as_ref().map(Live::notes).unwrap_or_default();
            assert_eq!(notes.len() == 1, asked == nodes, "{notes:?}");
            assert_eq!(simulated(&live).scenario, scenario, "and back again");
        }
    }

    #[test]
    fn a_live_run_follows_no_plan_of_faults() {
        let mut scenario = catalog::presets()[0].scenario();
        scenario.faults.push("crash node 3 at 12.4 s".parse().unwrap());
        let live = live(&Run::new(scenario, None, None));
        assert!(live.scenario.faults.is_empty());
        assert_eq!(live.live.map(|live| live.notes().len()), Some(2));
    }
}
