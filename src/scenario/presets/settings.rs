//! Presets about how an input lies, how a job is set up, and what it leaves behind.

use super::super::table::Key::{
    BlockSize, CombineInputs, CommitAlgorithm, MapOutputCodec, MapSlots, MaxAttempts, Reducers,
    Replication, SlowStart, SplitMax,
};
use super::super::{Content, FileInput, Input, MadeFiles, Parameters, Scenario};
use super::{alice, first_steps, no_combiner, word_count};
use crate::base::{Fault, Level, PlannedFault, TaskId, Time};

/// Three reducers, so that the remainder of a hash can be worked out by hand.
pub(super) fn where_the_key_goes() -> Scenario {
    let mut scenario = first_steps();
    scenario.parameters = scenario.parameters.with(Reducers, 3);
    scenario
}

/// Each block on one node alone, and two slots on each node: whoever speaks first has a slot to spare
/// for maps whose blocks lie elsewhere.
pub(super) fn locality() -> Scenario {
    let mut scenario = first_steps();
    scenario.parameters = scenario.parameters.with(Replication, 1).with(MapSlots, 2);
    scenario
}

/// Reducers only once all maps are done.
pub(super) fn slow_start() -> Scenario {
    let mut scenario = alice();
    scenario.parameters = scenario.parameters.with(SlowStart, 100);
    scenario
}

fn files(parameters: Parameters) -> Scenario {
    let made = MadeFiles { count: 24, bytes: 600, gzip: false };
    word_count(Input::Made(made), Level::Records, parameters)
}

/// Small files, of which each is a split.
pub(super) fn many_files() -> Scenario {
    files(Parameters::default().with(BlockSize, 18_560))
}

/// The same files in splits of several.
pub(super) fn combined_files() -> Scenario {
    let parameters = Parameters::default().with(BlockSize, 18_560);
    files(parameters.with(CombineInputs, 1).with(SplitMax, 4_096))
}

/// A compressed file of several blocks.
pub(super) fn one_gzip() -> Scenario {
    let mut scenario = alice();
    scenario.input = Input::Files(vec![FileInput {
        name: "alice.txt.gz".to_owned(),
        content: Content::Builtin("alice".to_owned()),
        gzip: true,
    }]);
    scenario
}

/// Every word travels, in LZ4.
pub(super) fn packed_shuffle() -> Scenario {
    let mut scenario = no_combiner();
    scenario.parameters = scenario.parameters.with(MapOutputCodec, 1);
    scenario
}

/// One reducer has committed when the other fails, and with it the job.
pub(super) fn half_an_output() -> Scenario {
    let mut scenario = first_steps();
    scenario.parameters = scenario.parameters.with(MaxAttempts, 1);
    let fault = Fault::FailTask { task: TaskId::reduce(0) };
    scenario.faults = vec![PlannedFault { at: Time(16_000_000), fault }];
    scenario
}

/// The same by commit algorithm 1.
pub(super) fn all_or_nothing() -> Scenario {
    let mut scenario = half_an_output();
    scenario.parameters = scenario.parameters.with(CommitAlgorithm, 1);
    scenario
}
