//! The counters at the playhead, under Hadoop's names: the job's, and beside them those of the task
//! or node that is selected.

use crate::base::format::Count;
use crate::trace::Snapshot;
use crate::trace::counters::{JobCounters, TASK_COUNTERS, of_node, of_task};
use crate::trace::event;
use crate::ui::selection::Selection;
use std::rc::Rc;
use yew::prelude::*;

/// What the counters need.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The moment.
    pub(crate) snapshot: Rc<Snapshot>,
    /// What is selected.
    pub(crate) selection: Option<Selection>,
}

/// A counter: Hadoop's name, what it counts, its value for the job and for what is selected.
struct Row {
    name: &'static str,
    meaning: &'static str,
    job: u64,
    part: Option<u64>,
}

/// What is selected, as far as it counts.
struct Part {
    name: String,
    tasks: event::Counters,
    job: Option<JobCounters>,
}

/// The job's counters.
#[component]
pub(crate) fn Counters(props: &Props) -> Html {
    let part = props.selection.and_then(|selection| part_of(&props.snapshot, selection));
    let head = match &part {
        Some(part) => format!("Of the job, and in brackets of {}.", part.name),
        None => "Of the job. Select a task or a node to see its share.".to_owned(),
    };
    html! {
        <div class="counters" data-testid="counters">
            <p class="small">
                { "Sums over the attempts that had succeeded by this moment, under Hadoop's names. " }{ head }
            </p>
            { list(&task_rows(&props.snapshot, part.as_ref())) }
            <h3 class="small">{ "What the coordinator counted of all attempts" }</h3>
            { list(&job_rows(&props.snapshot, part.as_ref())) }
        </div>
    }
}

fn part_of(snapshot: &Snapshot, selection: Selection) -> Option<Part> {
    if let Selection::Node(node) = selection {
        let (tasks, job) = (of_node(snapshot, node), JobCounters::of(snapshot, Some(node)));
        return Some(Part { name: node.to_string(), tasks, job: Some(job) });
    }
    let task = selection.task()?;
    Some(Part { name: task.to_string(), tasks: of_task(snapshot, task), job: None })
}

fn task_rows(snapshot: &Snapshot, part: Option<&Part>) -> Vec<Row> {
    let row = |counter: &crate::trace::counters::TaskCounter| Row {
        name: counter.name,
        meaning: counter.meaning,
        job: (counter.of)(&snapshot.counters),
        part: part.map(|part| (counter.of)(&part.tasks)),
    };
    TASK_COUNTERS.iter().map(row).collect()
}

fn job_rows(snapshot: &Snapshot, part: Option<&Part>) -> Vec<Row> {
    let of_part = part.and_then(|part| part.job).map(|job| job.rows());
    let rows = JobCounters::of(snapshot, None).rows();
    let row = |(place, (name, meaning, job)): (usize, (&'static str, &'static str, u64))| Row {
        name,
        meaning,
        job,
        part: of_part.map(|rows| rows[place].2),
    };
    rows.into_iter().enumerate().map(row).collect()
}

fn list(rows: &[Row]) -> Html {
    html! {
        <dl class="counter-list">
            { for rows.iter().map(|row| html! {
                <div>
                    <dt><span>{ row.meaning }</span><code>{ row.name }</code></dt>
                    <dd class="number">
                        { Count(row.job).to_string() }
                        if let Some(part) = row.part {
                            <small>{ format!(" ({})", Count(part)) }</small>
                        }
                    </dd>
                </div>
            }) }
        </dl>
    }
}
