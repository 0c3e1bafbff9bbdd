//! The result: the records of those output parts that are committed at the playhead, with search.

use super::lineage::Lineage;
use crate::base::PartitionId;
use crate::base::format::{Count, Counted};
use crate::lab::messages::{KeyValue, Query, Reply, RunId};
use crate::trace::Snapshot;
use crate::ui::model::action::{Action, Look};
use crate::ui::model::answers::{Answer, Answers};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Records of a page of the table.
const PAGE: u32 = 50;

/// What the results need.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The state at the playhead.
    pub(crate) snapshot: Rc<Snapshot>,
    /// What was asked of the run's data.
    pub(crate) answers: Rc<Answers>,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
    /// The run.
    pub(crate) run: RunId,
}

/// The result at the playhead.
#[component]
pub(crate) fn Results(props: &Props) -> Html {
    let search = use_state(String::new);
    let page = use_state(|| 0_u64);
    let traced = use_state(|| None::<KeyValue>);
    // What was shown last stays until the answer to the next question is here.
    let last = use_mut_ref(|| None::<(u64, Vec<KeyValue>)>);
    let parts: Vec<PartitionId> = props.snapshot.outputs.iter().map(|output| output.part).collect();
    let query = Query::Output {
        parts: parts.clone(),
        search: (*search).clone(),
        skip: *page * u64::from(PAGE),
        limit: PAGE,
    };
    {
        let send = props.send.clone();
        use_effect_with((query.clone(), parts.is_empty()), move |(query, is_empty)| {
            if !is_empty {
                send.emit(Action::Look(Look::Ask(query.clone())));
            }
        });
    }
    let oninput = {
        let (search, page) = (search.clone(), page.clone());
        Callback::from(move |event: InputEvent| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            search.set(input.map(|input| input.value()).unwrap_or_default());
            page.set(0);
        })
    };
    let reduces = props.snapshot.reduces.len();
    if parts.is_empty() {
        let note = if props.snapshot.set_aside.is_empty() {
            "No part of the output is committed yet. Each reducer commits one part, at its end."
        } else {
            "Tasks have committed parts, but by commit algorithm 1 none can be seen before the job commits."
        };
        return html! { <p class="empty-note">{ note }</p> };
    }
    let answer = props.answers.get(&query);
    if let Some(Answer::Here(Reply::Records { total, records })) = answer {
        *last.borrow_mut() = Some((*total, records.clone()));
    }
    let failed = match answer {
        Some(Answer::Failed(error)) => Some(error.message.clone()),
        Some(Answer::Waiting(_) | Answer::Here(_)) | None => None,
    };
    if let Some(record) = (*traced).clone() {
        let on_close = {
            let traced = traced.clone();
            Callback::from(move |()| traced.set(None))
        };
        let (snapshot, answers) = (Rc::clone(&props.snapshot), Rc::clone(&props.answers));
        return html! { <Lineage run={props.run} {record} {snapshot} {answers} send={props.send.clone()} {on_close} /> };
    }
    let on_trace = {
        let traced = traced.clone();
        Callback::from(move |record| traced.set(Some(record)))
    };
    let is_busy = !matches!(answer, Some(Answer::Here(_) | Answer::Failed(_)));
    html! {
        <div class="results" data-testid="results" aria-busy={is_busy.to_string()}>
            <div class="row results-head">
                <label class="search">
                    <span class="unseen">{ "Search the keys" }</span>
                    <input type="search" placeholder="Search the keys" value={(*search).clone()} {oninput} />
                </label>
                <p class="small" role="status">
                    { format!("{} of {reduces} parts committed", Count(parts.len() as u64)) }
                    if let Some((total, _)) = last.borrow().as_ref() {
                        { format!(" · {}", Counted(*total, "record")) }
                    }
                </p>
                { pages(&page, last.borrow().as_ref().map_or(0, |(total, _)| *total)) }
            </div>
            if let Some(message) = failed {
                <p class="problem" role="alert">{ message }</p>
            } else if let Some((_, records)) = last.borrow().as_ref() {
                { table(records, reduces, &on_trace) }
            } else {
                <p class="empty-note" role="status">{ "Reading the parts…" }</p>
            }
        </div>
    }
}

fn table(records: &[KeyValue], reduces: usize, on_trace: &Callback<KeyValue>) -> Html {
    // Beyond eight, colours would say what is not so.
    let colour = |part: PartitionId| match reduces {
        0..=8 => format!("--partition: var(--partition-{})", part.0),
        _ => "--partition: var(--ink-soft)".to_owned(),
    };
    if records.is_empty() {
        return html! { <p class="empty-note">{ "No key contains this." }</p> };
    }
    let trace = |record: &KeyValue| {
        let record = record.clone();
        on_trace.reform(move |_: MouseEvent| record.clone())
    };
    html! {
        <table class="records">
            <thead>
                <tr><th scope="col">{ "Key" }</th><th scope="col" class="number">{ "Value" }</th><th scope="col">{ "Part" }</th></tr>
            </thead>
            <tbody>
                { for records.iter().map(|record| html! {
                    <tr>
                        <td class="key">
                            <button type="button" class="link" title="Where did it come from?" onclick={trace(record)}>{ &record.key }</button>
                        </td>
                        <td class="number">{ grouped(&record.value) }</td>
                        <td>
                            <span class="swatch" style={colour(record.partition)} />
                            { format!("part {}", record.partition.0) }
                        </td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

/// A count with separators, where the value is one.
fn grouped(value: &str) -> String {
    value.parse().map_or_else(|_| value.to_owned(), |count| Count(count).to_string())
}

/// The way to the pages before and after, where there is more than one.
fn pages(page: &UseStateHandle<u64>, total: u64) -> Html {
    let last = total.saturating_sub(1) / u64::from(PAGE);
    if last == 0 {
        return html! {};
    }
    let current = **page;
    let go = |to: u64| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.set(to))
    };
    html! {
        <div class="pages">
            <button type="button" class="button quiet" disabled={current == 0} onclick={go(current.saturating_sub(1))}>{ "Before" }</button>
            <span class="small number">{ format!("{} of {}", current + 1, last + 1) }</span>
            <button type="button" class="button quiet" disabled={current >= last} onclick={go(current + 1)}>{ "Next" }</button>
        </div>
    }
}
