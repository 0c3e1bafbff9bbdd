//! What cannot go together in a scenario, though each value by itself is allowed.

use super::parameters::ParameterError;
use super::read::{ScenarioError, check_version_number};
use super::table::Key;
use super::{InputSizes, Lab, Scenario};
use std::fmt::Display;

/// The most splits, and so map tasks, of a run.
pub const SPLITS_MAX: u64 = 10_000;

/// The most cells of the shuffle matrix: map tasks × reduce tasks.
pub const CELLS_MAX: u64 = 1_000_000;

/// Memory of a task's container: 1 GiB, Hadoop's `mapreduce.map.memory.mb`.
pub const CONTAINER_BYTES: u64 = 1 << 30;

impl Scenario {
    /// Whether the values go together, as far as that can be told without the input.
    ///
    /// # Errors
    /// The first of `problems`.
    pub fn validate(&self) -> Result<(), ScenarioError> {
        check_version_number(&self.version.into())?;
        first(self.problems(None))
    }

    /// Whether the values go together with an input of this size.
    ///
    /// # Errors
    /// The first of `problems`.
    pub fn validate_with_input(&self, input: impl Into<InputSizes>) -> Result<(), ScenarioError> {
        check_version_number(&self.version.into())?;
        first(self.problems(Some(&input.into())))
    }

    /// All that does not go together, one entry a field, for a form to show beside its fields.
    pub fn problems(&self, input: Option<&InputSizes>) -> Vec<ParameterError> {
        if self.lab() == Lab::Stream {
            let file = self.input.file_problem();
            return file.into_iter().chain(self.stream_problems()).collect();
        }
        let mut problems = Vec::new();
        problems.extend(self.input.problem());
        problems.extend(self.cluster_problems());
        problems.extend(self.sort_buffer_problem());
        if let Some(input) = input {
            problems.extend(self.size_problem(input));
        }
        problems.extend(self.fault_problems(input));
        problems
    }

    fn cluster_problems(&self) -> Vec<ParameterError> {
        let nodes = self.parameters.get(Key::Nodes);
        let within_nodes = |key: Key, why: &str| {
            let value = self.parameters.get(key);
            let allowed = || format!("{why}, and nodes = {nodes}, so at most {nodes}");
            (value > nodes).then(|| problem(key.parameter().name, value, allowed()))
        };
        [
            within_nodes(Key::Racks, "each rack has a node at least"),
            within_nodes(Key::Replication, "a node holds one replica of a block at most"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The sort buffer is part of its task's memory, on the cluster that it stands for.
    fn sort_buffer_problem(&self) -> Option<ParameterError> {
        let buffer = self.parameters.get(Key::SortBuffer);
        let scale = self.parameters.get(Key::Scale);
        let most = CONTAINER_BYTES / scale;
        (buffer > most).then(|| {
            let stands_for = buffer.saturating_mul(scale) >> 20;
            let allowed = format!(
                "with scale = {scale} it stands for {stands_for} MiB, and a map task has 1024 MiB, \
                 so at most {most}, or a smaller scale"
            );
            problem(Key::SortBuffer.parameter().name, buffer, allowed)
        })
    }

    /// The size that splits are cut to: `max(min, min(max, block))`, as in Hadoop.
    pub fn split_size(&self) -> u64 {
        let value = |key| self.parameters.get(key);
        value(Key::SplitMin).max(value(Key::SplitMax).min(value(Key::BlockSize)))
    }

    /// How many splits the input has; of combined ones at most as many, since only the cluster
    /// tells how many.
    pub(super) fn splits(&self, input: &InputSizes) -> u64 {
        let value = |key| self.parameters.get(key);
        match self.parameters.is_on(Key::CombineInputs) {
            true => input.chunks(value(Key::BlockSize), value(Key::SplitMax)),
            false => input.splits(self.split_size()),
        }
    }

    fn size_problem(&self, input: &InputSizes) -> Option<ParameterError> {
        let block_size = self.parameters.get(Key::BlockSize);
        let (input_bytes, splits) = (input.bytes(), self.splits(input));
        if splits > SPLITS_MAX {
            let least = input_bytes.div_ceil(SPLITS_MAX);
            let allowed = format!(
                "an input of {input_bytes} bytes would have {splits} splits, \
                 and {SPLITS_MAX} are the most, so at least {least}"
            );
            return Some(problem(Key::BlockSize.parameter().name, block_size, allowed));
        }
        let reducers = self.parameters.get(Key::Reducers);
        (splits * reducers > CELLS_MAX).then(|| {
            let allowed = format!(
                "{splits} splits × {reducers} reducers are more than {CELLS_MAX} segments to \
                 shuffle, so at most {}, or larger blocks",
                CELLS_MAX / splits
            );
            problem(Key::Reducers.parameter().name, reducers, allowed)
        })
    }
}

/// How many splits an input is cut into: pieces of a block's size while more than 1.1 times that
/// remains, as Hadoop's `FileInputFormat` does.
///
/// # Panics
/// When `block_size` is 0.
pub fn split_count(input_bytes: u64, block_size: u64) -> u64 {
    if input_bytes == 0 {
        return 0;
    }
    let (input, block) = (u128::from(input_bytes), u128::from(block_size));
    let beyond_the_last = (10 * input).saturating_sub(11 * block);
    1 + u64::try_from(beyond_the_last.div_ceil(10 * block)).unwrap_or(u64::MAX - 1)
}

pub(super) fn problem(field: &str, value: impl Display, allowed: String) -> ParameterError {
    ParameterError { key: field.to_owned(), value: value.to_string(), allowed }
}

pub(super) fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn first(problems: Vec<ParameterError>) -> Result<(), ScenarioError> {
    problems.into_iter().next().map_or(Ok(()), |problem| Err(problem.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Input, JobKind, Parameters, VERSION};

    fn scenario(changes: &[(Key, u64)]) -> Scenario {
        let mut scenario = Scenario {
            version: VERSION,
            job: JobKind::WordCount,
            input: Input::Text("to be".to_owned()),
            level: crate::base::Level::Records,
            parameters: Parameters::default(),
            faults: Vec::new(),
        };
        for (key, value) in changes {
            scenario.parameters.set(*key, *value).unwrap();
        }
        scenario
    }

    fn fields(changes: &[(Key, u64)], input_bytes: Option<u64>) -> Vec<String> {
        let input = input_bytes.map(InputSizes::from);
        scenario(changes).problems(input.as_ref()).into_iter().map(|problem| problem.key).collect()
    }

    #[test]
    fn racks_and_replicas_need_a_node_each() {
        assert_eq!(fields(&[(Key::Nodes, 3), (Key::Racks, 3)], None), [""; 0]);
        assert_eq!(fields(&[(Key::Nodes, 2), (Key::Racks, 3)], None), ["racks", "replication"]);
        assert_eq!(fields(&[(Key::Nodes, 2), (Key::Replication, 2)], None), [""; 0]);
        assert_eq!(fields(&[(Key::Replication, 7)], None), ["replication"]);
    }

    #[test]
    fn a_sort_buffer_fits_its_container() {
        let buffer = |bytes, scale| fields(&[(Key::SortBuffer, bytes), (Key::Scale, scale)], None);
        assert_eq!(buffer(1 << 20, 1 << 10), [""; 0]);
        assert_eq!(buffer((1 << 20) + 1, 1 << 10), ["sort_buffer"]);
        assert_eq!(buffer(1 << 30, 1 << 24), ["sort_buffer"]);
    }

    #[test]
    fn splits_and_segments_are_bounded_once_the_input_is_known() {
        let tiny = [(Key::BlockSize, 16)];
        assert_eq!(fields(&tiny, None), [""; 0]);
        assert_eq!(fields(&tiny, Some(16 * SPLITS_MAX)), [""; 0]);
        assert_eq!(fields(&tiny, Some(16 * SPLITS_MAX + 2)), ["block_size"]);
        let many = [(Key::BlockSize, 16), (Key::Reducers, 1_000)];
        assert_eq!(fields(&many, Some(16 * 1_000)), [""; 0]);
        assert_eq!(fields(&many, Some(16 * 1_001)), ["reducers"]);
        let error = scenario(&many).validate_with_input(u64::MAX).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("block_size"));
    }

    #[test]
    fn what_a_message_allows_is_allowed() {
        let error = scenario(&[(Key::BlockSize, 16)]).validate_with_input(1_000_000).unwrap_err();
        assert!(error.message.ends_with("at least 100"), "{error}");
        assert_eq!(fields(&[(Key::BlockSize, 100)], Some(1_000_000)), [""; 0]);
    }

    #[test]
    fn splits_are_counted_as_they_are_cut() {
        for block in [16, 17, 100, 128] {
            for input in 0..2_000 {
                let mut rest = input;
                let mut cut = 0;
                while rest as f64 / block as f64 > 1.1 {
                    rest -= block;
                    cut += 1;
                }
                let expected = cut + u64::from(rest > 0);
                assert_eq!(split_count(input, block), expected, "{input} by {block}");
            }
        }
    }

    #[test]
    fn a_file_s_name_and_hash_are_looked_at() {
        let file = |name: &str, hash: Option<&str>| {
            let mut scenario = scenario(&[]);
            scenario.input =
                Input::File { name: name.to_owned(), hash: hash.map(str::to_owned), bytes: None };
            scenario.validate().map_err(|error| error.field.unwrap_or_default())
        };
        assert_eq!(file("a.txt", Some("0123456789abcdef")), Ok(()));
        assert_eq!(file("a.txt", Some("0123")), Err("input.file.hash".to_owned()));
        assert_eq!(file("", None), Err("input.file.name".to_owned()));
    }
}
