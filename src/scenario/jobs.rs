//! The jobs of the MapReduce lab by name, which tunables only some of them ask for, and a scenario
//! with another of them.

use super::table::{Key, Parameter};
use super::{JobKind, Scenario};

/// The place of `range` among the partitioners.
const RANGE: u64 = 5;

/// The jobs of the MapReduce lab, from the simple ones to the chains.
pub static BATCH_JOBS: [JobKind; 16] = [
    JobKind::WordCount,
    JobKind::Grep,
    JobKind::InvertedIndex,
    JobKind::TotalOrder,
    JobKind::SecondarySort,
    JobKind::Distinct,
    JobKind::Top,
    JobKind::Average,
    JobKind::NaiveAverage,
    JobKind::Join,
    JobKind::SaltedJoin,
    JobKind::BroadcastJoin,
    JobKind::BucketedJoin,
    JobKind::Compaction,
    JobKind::PageRank,
    JobKind::TfIdf,
];

impl JobKind {
    /// Its name in scenarios; of a job of the stream lab, `stream`.
    pub fn name(&self) -> &'static str {
        match self {
            JobKind::WordCount => "word_count",
            JobKind::Grep => "grep",
            JobKind::InvertedIndex => "inverted_index",
            JobKind::TotalOrder => "total_order",
            JobKind::SecondarySort => "secondary_sort",
            JobKind::Distinct => "distinct",
            JobKind::Top => "top",
            JobKind::Average => "average",
            JobKind::NaiveAverage => "naive_average",
            JobKind::Join => "join",
            JobKind::SaltedJoin => "salted_join",
            JobKind::BroadcastJoin => "broadcast_join",
            JobKind::BucketedJoin => "bucketed_join",
            JobKind::Compaction => "compaction",
            JobKind::PageRank => "page_rank",
            JobKind::TfIdf => "tf_idf",
            JobKind::Stream(_) => "stream",
        }
    }
}

impl Parameter {
    /// Whether this job asks for it: those of its lab do, but for some that only one job knows.
    pub fn is_asked_by(&self, job: &JobKind) -> bool {
        let by: &[&str] = match self.name {
            "top" => &["top"],
            "pattern" => &["grep"],
            "salts" => &["salted_join"],
            "stage" => &["page_rank", "tf_idf"],
            _ => return self.is_of(job.lab()),
        };
        by.contains(&job.name())
    }
}

impl Scenario {
    /// The same with another job, which begins at its first stage. A total order is one only by
    /// ranges: it brings them, and takes them with it.
    #[must_use]
    pub fn with_job(&self, job: JobKind) -> Scenario {
        let mut scenario = self.clone();
        if job == self.job {
            return scenario;
        }
        let parameters = scenario.parameters.with(Key::Stage, Key::Stage.parameter().default);
        let has_ranges = parameters.get(Key::Partitioner) == RANGE;
        scenario.parameters = if job == JobKind::TotalOrder {
            parameters.with(Key::Partitioner, RANGE)
        } else if has_ranges && self.job == JobKind::TotalOrder {
            parameters.with(Key::Partitioner, Key::Partitioner.parameter().default)
        } else {
            parameters
        };
        scenario.job = job;
        scenario
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::presets::{self, PRESETS};
    use crate::scenario::table::{PARAMETERS, PARTITIONERS};

    #[test]
    fn jobs_are_named_as_scenarios_write_them() {
        for job in &BATCH_JOBS {
            assert_eq!(serde_json::to_value(job).unwrap(), job.name());
        }
        for preset in &PRESETS {
            assert!(BATCH_JOBS.contains(&preset.scenario().job), "{}", preset.name);
        }
    }

    #[test]
    fn a_tunable_of_one_job_is_asked_by_that_job_alone() {
        let asked = |job: &JobKind| -> Vec<&str> {
            let only = ["top", "pattern", "salts", "stage"];
            let asked = PARAMETERS.iter().filter(|parameter| parameter.is_asked_by(job));
            asked.map(|parameter| parameter.name).filter(|name| only.contains(name)).collect()
        };
        assert_eq!(asked(&JobKind::WordCount), [""; 0]);
        assert_eq!(asked(&JobKind::Grep), ["pattern"]);
        assert_eq!(asked(&JobKind::Top), ["top"]);
        assert_eq!(asked(&JobKind::SaltedJoin), ["salts"]);
        assert_eq!(asked(&JobKind::TfIdf), ["stage"]);
        assert!(Key::Reducers.parameter().is_asked_by(&JobKind::Grep));
        assert!(!Key::WindowSize.parameter().is_asked_by(&JobKind::Grep));
    }

    #[test]
    fn total_order_brings_its_ranges_and_takes_them_away_again() {
        assert_eq!(PARTITIONERS[5], "range");
        let words = presets::named("first-steps").unwrap().scenario();
        let ordered = words.with_job(JobKind::TotalOrder);
        assert_eq!(ordered.parameters.get(Key::Partitioner), RANGE);
        assert_eq!(ordered.with_job(JobKind::WordCount), words);
    }

    #[test]
    fn a_chain_begins_at_its_first_stage() {
        let ranks = presets::named("page-rank").unwrap().scenario();
        assert_eq!(ranks.parameters.get(Key::Stage), 3);
        assert_eq!(ranks.with_job(JobKind::TfIdf).parameters.get(Key::Stage), 1);
        assert_eq!(ranks.with_job(JobKind::PageRank), ranks);
    }
}
