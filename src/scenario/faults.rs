//! What the faults of a scenario may be done to: nodes, racks, tasks and bytes that are there.

use super::parameters::ParameterError;
use super::table::Key;
use super::validate::problem;
use super::{InputSizes, Scenario};
use crate::base::{Fault, FileId, NodeId, PlannedFault, RackId, TaskId, TaskKind, Time};

/// The most faults of a scenario.
pub const FAULTS_MAX: usize = 1_000;

/// No job takes longer than a day, so later nothing can befall it.
pub(super) const LATEST: Time = Time(24 * 3_600 * 1_000_000);

/// What is said of what is later.
pub(super) const TOO_LATE: &str = "a run ends within a day, so the time is at most 86400 s";

impl Scenario {
    /// What is wrong with the faults, as far as that can be told without the input's length.
    pub(super) fn fault_problems(&self, input: Option<&InputSizes>) -> Vec<ParameterError> {
        self.problems_of_faults(|planned| self.not_allowed(planned, input))
    }

    /// A problem for each fault that is not allowed, by what is said to be allowed instead.
    pub(super) fn problems_of_faults(
        &self,
        not_allowed: impl Fn(&PlannedFault) -> Option<String>,
    ) -> Vec<ParameterError> {
        let count = self.faults.len();
        if count > FAULTS_MAX {
            let allowed = format!("a run has at most {FAULTS_MAX} faults");
            return vec![problem("faults", format!("{count} faults"), allowed)];
        }
        let problem = |(place, planned): (usize, &PlannedFault)| {
            let allowed = not_allowed(planned)?;
            Some(problem(&format!("faults[{place}]"), format!("\"{planned}\""), allowed))
        };
        self.faults.iter().enumerate().filter_map(problem).collect()
    }

    /// What is allowed instead of a fault; nothing when it is allowed itself.
    fn not_allowed(&self, planned: &PlannedFault, input: Option<&InputSizes>) -> Option<String> {
        if planned.at > LATEST {
            return Some(TOO_LATE.to_owned());
        }
        match planned.fault {
            Fault::Stream(_) => Some(
                "this job reads no log; of a batch job's cluster, verbs such as crash node 3"
                    .to_owned(),
            ),
            Fault::Crash { node } | Fault::Restart { node, .. } => self.no_node(node),
            Fault::Slow { node, percent, .. } | Fault::LoseMessages { node, percent } => self
                .no_node(node)
                .or_else(|| (percent > 100).then(|| "percents go from 0 to 100".to_owned())),
            Fault::CutRack { rack } | Fault::JoinRack { rack } => self.no_rack(rack),
            Fault::FailTask { task } => self.no_task(task, input),
            Fault::PoisonRecord { offset, file } => no_byte((file, offset), input?),
        }
    }

    fn no_node(&self, node: NodeId) -> Option<String> {
        let nodes = self.parameters.get(Key::Nodes);
        (!(1..=nodes).contains(&u64::from(node.0)))
            .then(|| format!("nodes = {nodes}, so node 1 to {nodes}"))
    }

    fn no_rack(&self, rack: RackId) -> Option<String> {
        let racks = self.parameters.get(Key::Racks);
        (!(1..=racks).contains(&u64::from(rack.0)))
            .then(|| format!("racks = {racks}, so rack 1 to {racks}"))
    }

    fn no_task(&self, task: TaskId, input: Option<&InputSizes>) -> Option<String> {
        let (what, tasks) = match task.kind {
            TaskKind::Map => ("map", self.splits(input?)),
            TaskKind::Reduce => ("reduce", self.parameters.get(Key::Reducers)),
        };
        let last = tasks.max(1) - 1;
        (u64::from(task.index) >= tasks)
            .then(|| format!("there are {tasks} {what} tasks, so {what} 0 to {last}"))
    }
}

/// What is allowed instead of a byte of a file that is not there.
fn no_byte((file, offset): (FileId, u64), input: &InputSizes) -> Option<String> {
    let Some(size) = input.0.get(file.place()) else {
        let last = input.0.len().max(1) - 1;
        return Some(format!("the input has {} files, so file 0 to {last}", input.0.len()));
    };
    let bytes = size.text_bytes.filter(|bytes| offset >= *bytes)?;
    let what = if input.0.len() == 1 { "the input".to_owned() } else { file.to_string() };
    Some(match bytes {
        0 => format!("{what} is empty, so a byte of another file"),
        _ => format!("{what} has {bytes} bytes, so byte 0 to {}", bytes - 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::presets;

    /// The first preset has 3 nodes, 1 rack, 2 reducers and 4 splits of 77 bytes.
    fn problems(faults: &[&str], input_bytes: Option<u64>) -> Vec<String> {
        let mut scenario = presets::PRESETS[0].scenario();
        scenario.faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
        let input = input_bytes.map(InputSizes::from);
        scenario.problems(input.as_ref()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_there_can_be_harmed() {
        let faults = [
            "crash node 3 at 0 s",
            "join rack 1 at 86400 s",
            "fail map 3 at 1 s",
            "fail reduce 1 at 1 s",
            "poison byte 307 at 1 s",
        ];
        assert_eq!(problems(&faults, Some(308)), [""; 0]);
        assert_eq!(problems(&vec!["crash node 1 at 1 s"; FAULTS_MAX], None), [""; 0]);
    }

    #[test]
    fn what_is_not_there_is_named_with_what_is() {
        for (fault, allowed) in [
            ("crash node 4 at 1 s", "node 1 to 3"),
            ("restart node 4 at 1 s", "node 1 to 3"),
            ("slow disk of node 9 to 5 % at 1 s", "node 1 to 3"),
            ("cut off rack 2 at 1 s", "rack 1 to 1"),
            ("fail map 4 at 1 s", "map 0 to 3"),
            ("fail reduce 2 at 1 s", "reduce 0 to 1"),
            ("poison byte 308 at 1 s", "byte 0 to 307"),
            ("crash node 1 at 86400.1 s", "at most 86400 s"),
        ] {
            let told = problems(&["crash node 1 at 1 s", fault], Some(308));
            assert_eq!(told.len(), 1, "{told:?}");
            for word in ["faults[1]", fault, allowed] {
                assert!(told[0].contains(word), "{word}: {told:?}");
            }
        }
        assert_eq!(problems(&["poison byte 308 at 1 s", "fail map 9 at 1 s"], None), [""; 0]);
        let told = problems(&vec!["crash node 1 at 1 s"; FAULTS_MAX + 1], None);
        assert!(told[0].contains("1001 faults") && told[0].contains("at most 1000"), "{told:?}");
    }

    /// Percents are bounded by the verb; field by field they may be anything.
    #[test]
    fn a_percentage_is_at_most_all() {
        let mut scenario = presets::PRESETS[0].scenario();
        let fault = Fault::LoseMessages { node: NodeId(1), percent: 101 };
        scenario.faults = vec![PlannedFault { at: Time::ZERO, fault }];
        assert!(scenario.problems(None)[0].to_string().contains("0 to 100"));
    }
}
