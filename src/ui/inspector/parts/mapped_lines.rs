//! The lines that a map has read so far, and what it made of each: the pairs that it emitted, and
//! to which partition each key's hash leads, in numbers.

use super::became::Became;
use super::words::part_style;
use crate::base::Fault;
use crate::base::format::{Count, Counted};
use crate::lab::messages::{EmittedPair, MappedLine, Query};
use crate::trace::Snapshot;
use crate::ui::inspector::formula::formula;
use crate::ui::model::answers::Answers;
use std::rc::Rc;
use yew::prelude::*;

/// What the lines are given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct MappedLinesProps {
    /// The map.
    pub(super) map: u32,
    /// The moment.
    pub(super) snapshot: Rc<Snapshot>,
    /// What the conductor said.
    pub(super) answers: Rc<Answers>,
    /// Asks the conductor.
    pub(super) on_query: Callback<Query>,
    /// The lines of this page.
    pub(super) lines: Rc<[MappedLine]>,
    /// How many lines the map reads in all.
    pub(super) total: u64,
    /// How far into the file it has read.
    pub(super) until: u64,
    /// Partitions of the job.
    pub(super) reducers: usize,
    /// Hears of a line that is to be poisoned.
    pub(super) on_strike: Callback<Fault>,
}

/// The lines that a map has read so far.
#[component]
pub(super) fn MappedLines(props: &MappedLinesProps) -> Html {
    let followed = use_state(|| None::<(u32, u64)>);
    let read: Vec<&MappedLine> =
        props.lines.iter().filter(|line| line.offset < props.until).collect();
    let is_all = read.len() == props.lines.len();
    let head = if is_all {
        Counted(props.total, "line").to_string()
    } else {
        format!("{} so far", Counted(read.len() as u64, "line"))
    };
    html! { <>
        <h3>{ head }</h3>
        <ol class="lines">{ for read.into_iter().map(|line| one(line, props, &followed)) }</ol>
    </> }
}

/// A line; of the one that is followed, what became of it.
fn one(
    line: &MappedLine,
    props: &MappedLinesProps,
    followed: &UseStateHandle<Option<(u32, u64)>>,
) -> Html {
    let place = (line.file.0, line.offset);
    let is_followed = **followed == Some(place);
    let follow = {
        let followed = followed.clone();
        Callback::from(move |_: MouseEvent| followed.set((!is_followed).then_some(place)))
    };
    let query = Query::Became { map: props.map, file: line.file, offset: line.offset };
    let (reducers, fault) =
        (props.reducers, Fault::PoisonRecord { offset: line.offset, file: line.file });
    let poison = props.on_strike.reform(move |_: MouseEvent| fault);
    html! {
        <li>
            <p class="line-text"><span class="offset">{ Count(line.offset).to_string() }</span><code>{ &line.text }</code></p>
            <p class="emitted">{ for line.emitted.iter().map(|pair| chip(pair, reducers)) }</p>
            if !line.emitted.is_empty() {
                <details>
                    <summary>{ "hashes, in numbers" }</summary>
                    { table(&line.emitted, reducers) }
                </details>
            }
            <button type="button" class="link" onclick={follow} aria-expanded={is_followed.to_string()}
                aria-label={format!("What became of the line at byte {}", line.offset)}>{ "what became of it" }</button>
            if is_followed {
                <Became {query} snapshot={Rc::clone(&props.snapshot)} answers={Rc::clone(&props.answers)}
                    on_query={props.on_query.clone()} />
            }
            <button type="button" class="link poison" onclick={poison}
                aria-label={format!("Poison the line at byte {}", line.offset)}
                title="From now on, each map that reads this line throws">{ "poison this line" }</button>
        </li>
    }
}

/// A pair: the key, its value, and the partition's number in its colour.
fn chip(pair: &EmittedPair, reducers: usize) -> Html {
    html! {
        <span class="pair" style={part_style(pair.partition.0, reducers)}>
            { format!("{} {}", pair.key, pair.value) }
            <span class="pair-part">{ format!("→ {}", pair.partition.0) }</span>
        </span>
    }
}

/// Each key once, with its hash and the formula.
fn table(pairs: &[EmittedPair], reducers: usize) -> Html {
    let mut keys: Vec<&EmittedPair> = pairs.iter().collect();
    keys.sort_by(|a, b| a.key.cmp(&b.key));
    keys.dedup_by(|a, b| a.key == b.key);
    let row = |pair: &EmittedPair| {
        html! {
            <tr style={part_style(pair.partition.0, reducers)}>
                <td class="key">{ &pair.key }</td>
                <td><code>{ formula(pair.hash, reducers as u64, pair.partition.0.into()) }</code></td>
            </tr>
        }
    };
    html! {
        <table class="pairs">
            <thead><tr><th scope="col">{ "Key" }</th><th scope="col">{ "Hash, and partition" }</th></tr></thead>
            <tbody>{ for keys.into_iter().map(row) }</tbody>
        </table>
    }
}
