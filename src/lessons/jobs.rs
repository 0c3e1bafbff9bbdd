//! What each job of the MapReduce lab teaches, in one sentence, and the preset that shows it.

/// The words of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobText {
    /// The job's name, as scenarios write it.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What it teaches: one sentence.
    pub teaches: &'static str,
    /// The preset that runs it over an input that suits it.
    pub preset: &'static str,
}

const fn text(
    name: &'static str,
    title: &'static str,
    preset: &'static str,
    teaches: &'static str,
) -> JobText {
    JobText { name, title, teaches, preset }
}

/// The words of the MapReduce lab's jobs, from the simple ones to the chains.
pub static JOB_TEXTS: [JobText; 16] = [
    text(
        "word_count",
        "Word count",
        "first-steps",
        "Equal words meet at one reducer, wherever they were read.",
    ),
    text("grep", "Grep", "grep", "Lines can be kept where they lie: no shuffle and no reduce."),
    text(
        "inverted_index",
        "Inverted index",
        "inverted-index",
        "A word's list of documents is put together where the word's hash leads.",
    ),
    text(
        "total_order",
        "Total order",
        "total-order",
        "Ranges from a sample put all parts, one after another, in one order.",
    ),
    text(
        "secondary_sort",
        "Secondary sort",
        "secondary-sort",
        "A key that carries more than its group has the shuffle sort the values too.",
    ),
    text(
        "distinct",
        "Distinct",
        "distinct",
        "A key needs no value: grouping alone says what there is.",
    ),
    text("top", "Top", "top-n", "Only what is large in one map can be large in all of them."),
    text(
        "average",
        "Average",
        "average",
        "Sums and counts may be combined as often as one likes, and divided once.",
    ),
    text(
        "naive_average",
        "Average, the trap",
        "average-trap",
        "A mean of means forgets how many each stands for.",
    ),
    text("join", "Join", "join", "Rows of two tables with one id meet at one reducer."),
    text(
        "salted_join",
        "Join with salt",
        "salted-join",
        "A hot key is spread over reducers at the price of copies of the other table.",
    ),
    text(
        "broadcast_join",
        "Broadcast join",
        "broadcast-join",
        "A table that fits in every map's memory saves the whole shuffle.",
    ),
    text(
        "bucketed_join",
        "Bucketed join",
        "bucketed-join",
        "Tables that lie in the same buckets are joined without a shuffle.",
    ),
    text(
        "compaction",
        "Compaction",
        "small-files",
        "Each small file costs a map, so many become few.",
    ),
    text("page_rank", "PageRank", "page-rank", "The output of one round is the input of the next."),
    text(
        "tf_idf",
        "TF-IDF",
        "tf-idf",
        "A question that one job cannot answer takes a chain of them.",
    ),
];

/// The words of the job of this name.
pub fn named(name: &str) -> Option<&'static JobText> {
    JOB_TEXTS.iter().find(|text| text.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_job_teaches_one_thing_in_one_sentence() {
        for (place, text) in JOB_TEXTS.iter().enumerate() {
            assert!(text.teaches.ends_with('.'), "{}", text.name);
            assert_eq!(text.teaches.matches(['?', '.', '!']).count(), 1, "{}", text.name);
            assert!(
                JOB_TEXTS[..place].iter().all(|other| other.title != text.title),
                "{}",
                text.name
            );
        }
    }
}
