//! What the faults of a stream job may be done to: partitions that are there, in times that are some. Whether a record
//! is there is known with the input.

use super::super::faults::{LATEST, TOO_LATE};
use super::super::parameters::ParameterError;
use super::super::table::Key;
use super::super::{JobKind, Scenario, StreamJob};
use crate::base::amount::RECORD_AMOUNT_MAX;
use crate::base::clock::TIMES;
use crate::base::fault::{LogPartition, PACE_MAX};
use crate::base::{PlannedFault, StreamFault};
use crate::scenario::graph::OperatorKind;

impl Scenario {
    /// What is wrong with the faults of a stream job.
    pub(super) fn stream_fault_problems(&self) -> Vec<ParameterError> {
        self.problems_of_faults(|planned| self.not_allowed_in_stream(planned))
    }

    fn not_allowed_in_stream(&self, planned: &PlannedFault) -> Option<String> {
        if planned.at > LATEST {
            return Some(TOO_LATE.to_owned());
        }
        let Some(fault) = planned.fault.of_stream() else {
            let text =
                "this job has no cluster; of a stream job, verbs such as silence partition 0";
            return Some(text.to_owned());
        };
        let no_partition = fault.partition().and_then(|partition| self.no_partition(partition));
        no_partition.or_else(|| match fault {
            StreamFault::Silence { .. } | StreamFault::Resume { .. } => None,
            StreamFault::Pace { percent, .. } => (!(1..=PACE_MAX).contains(&percent))
                .then(|| format!("a pace is from 1 % to {PACE_MAX} %")),
            StreamFault::Inject { value, event_time, .. } => no_time(event_time).or_else(|| {
                (value.0.unsigned_abs() > RECORD_AMOUNT_MAX.0.unsigned_abs())
                    .then(|| format!("a value is at most {RECORD_AMOUNT_MAX}"))
            }),
            StreamFault::Move { arrival, .. } => no_time(arrival),
        })
    }

    fn no_partition(&self, named: LogPartition) -> Option<String> {
        let (partitions, sources) = (self.value(Key::StreamPartitions), self.sources());
        if usize::from(named.source) >= sources {
            let last = sources.max(1) - 1;
            return Some(format!("the job has {sources} sources, so source 0 to {last}"));
        }
        let last = partitions.max(1) - 1;
        (u64::from(named.index) >= partitions)
            .then(|| format!("partitions = {partitions}, so partition 0 to {last}"))
    }

    fn sources(&self) -> usize {
        let JobKind::Stream(StreamJob::Graph(graph)) = &self.job else { return 1 };
        let is_source = |kind: &OperatorKind| matches!(kind, OperatorKind::Source);
        graph.operators.iter().filter(|of| is_source(&of.kind)).count()
    }
}

fn no_time(at: crate::base::Millis) -> Option<String> {
    (!TIMES.contains(&at)).then(|| "a time is in the years 1 to 9999".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::scenario::STREAM_PRESETS;

    fn problems(fault: &str) -> Vec<String> {
        let mut scenario = STREAM_PRESETS[0].scenario();
        scenario.faults = vec![fault.parse().unwrap()];
        scenario.problems(None).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_there_can_be_done_something_to() {
        for fault in [
            "silence partition 0 at 1 s",
            "resume partition 0 at 1 s",
            "slow partition 0 to 1 % at 1 s",
            "speed up partition 0 to 1000 % at 86400 s",
            "inject 5 of a from 0:00:07 into partition 0 at 0 s",
            "move record 4 to 0:00:50 at 0 s",
        ] {
            assert_eq!(problems(fault), [""; 0], "{fault}");
        }
    }

    #[test]
    fn what_is_not_there_is_named_with_what_is() {
        for (fault, allowed) in [
            ("silence partition 64 at 1 s", "partition 0 to"),
            ("resume partition 0 of source 1 at 1 s", "source 0 to 0"),
            ("silence partition 0 at 86401 s", "at most 86400 s"),
            ("crash node 1 at 1 s", "silence partition 0"),
        ] {
            let told = problems(fault);
            assert!(told.len() == 1 && told[0].contains(allowed), "{fault}: {told:?}");
        }
        let mut batch = crate::scenario::PRESETS[0].scenario();
        batch.faults = vec!["silence partition 0 at 1 s".parse().unwrap()];
        let told = batch.problems(None)[0].to_string();
        assert!(told.contains("reads no log"), "{told}");
    }
}
