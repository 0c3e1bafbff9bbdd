//! Two branches side by side: what each came to, by how much they differ, and the first decision
//! that was another one.

use super::beside::Beside;
use crate::scenario::Lab;
use crate::trace::Seq;
use crate::trace::difference::Difference;
use crate::ui::model::action::{Action, Change, Play};
use crate::ui::model::comparison::{
    Line, counted, counters, end, first_difference, lines, settings, stream_lines, totals,
};
use crate::ui::model::run::{Progress, Run};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What the comparison needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// All branches, in the order of their making.
    pub(crate) branches: Vec<Run>,
    /// The one on the screen.
    pub(crate) shown: u32,
    /// Whether nothing later than the furthest place reached may be shown.
    pub(crate) hold_back: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// Two branches side by side.
#[component]
pub(crate) fn Compare(props: &Props) -> Html {
    let chosen = use_state(|| None::<u32>);
    let find = |number: u32| props.branches.iter().find(|run| run.branch.number == number);
    let Some(shown) = find(props.shown) else { return html! {} };
    let others = props.branches.iter().filter(|run| run.branch.number != props.shown);
    let against = (*chosen).filter(|number| *number != props.shown).or(shown.branch.parent);
    let beside = html! { <Beside run={shown.clone()} send={props.send.clone()} /> };
    let Some(against) = against.and_then(find).or_else(|| others.clone().next_back()) else {
        return html! {
            <div data-testid="compare">
                { beside }
                <p class="empty-note">
                    { match shown.lab() {
                        Lab::Mapreduce => "There is only one run. Run it beside itself with another value, or select a node and crash it: what becomes of it stands here beside the run as planned.",
                        Lab::Stream => "There is only one run. Run it beside itself with another value, or select a partition and silence it, or put a record into it: what becomes of it stands here beside the run as planned.",
                    } }
                </p>
            </div>
        };
    };
    // The one that came first stands first.
    let (one, other) = match against.branch.number < shown.branch.number {
        true => (against, shown),
        false => (shown, against),
    };
    let onchange = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            chosen.set(select.and_then(|select| select.value().parse().ok()));
        })
    };
    let is_open = |run: &Run| run.progress == Progress::Simulating;
    let busy = is_open(one) || is_open(other);
    html! {
        <div class="compare" data-testid="compare" aria-busy={busy.to_string()}>
            { beside }
            <div class="row">
                <label>
                    { format!("{} beside ", shown.branch.name()) }
                    <select {onchange}>
                        { for others.map(|run| html! {
                            <option value={run.branch.number.to_string()} selected={run.branch.number == against.branch.number}>
                                { run.branch.label() }
                            </option>
                        }) }
                    </select>
                </label>
                if busy {
                    <p class="small" role="status">{ "One of them is still being simulated: its numbers grow." }</p>
                }
            </div>
            <Numbers one={one.clone()} other={other.clone()}
                upto={[one, other].map(|run| counted(run, props.hold_back))} send={props.send.clone()} />
        </div>
    }
}

/// What the numbers need.
#[derive(Clone, PartialEq, Properties)]
struct NumbersProps {
    one: Run,
    other: Run,
    /// How many events of each count.
    upto: [u32; 2],
    send: Callback<Action>,
}

/// The numbers of two branches; computed again only when there is more of one of them.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let NumbersProps { one, other, upto, .. } = props;
    let key = (one.timeline.clone(), other.timeline.clone(), *upto);
    let made = use_memo(key, |_| {
        let sums = [totals(one, upto[0]), totals(other, upto[1])];
        let seen = [one.timeline.seek(upto[0]), other.timeline.seek(upto[1])];
        let counters = counters([&seen[0], &seen[1]]);
        (sums, first_difference([one, other], *upto), counters, seen.map(|seen| seen.scale))
    });
    let (sums, parts, ref counters, scales) = *made;
    let ends = [end(one, upto[0]), end(other, upto[1])];
    let groups = [
        match one.lab() {
            Lab::Mapreduce => ("", lines(sums, ends, scales)),
            Lab::Stream => ("", stream_lines(sums, ends)),
        },
        ("Settings that differ", settings(&one.scenario, &other.scenario)),
        ("Counters", counters.clone()),
    ];
    html! {
        <>
            { table(one, other, groups) }
            { parting(props, parts) }
        </>
    }
}

fn table(one: &Run, other: &Run, groups: [(&'static str, Vec<Line>); 3]) -> Html {
    let row = |line: Line| {
        let differs = (!line.difference.is_empty()).then_some("differs");
        let [first, second] = line.values;
        html! {
            <tr class={classes!(differs)}>
                <th scope="row">
                    { line.name }
                    if !line.real.is_empty() {
                        { " " }<code>{ line.real }</code>
                    }
                </th>
                <td class="number">{ first }</td>
                <td class="number">{ second }</td>
                <td class="number difference">{ line.difference }</td>
            </tr>
        }
    };
    let group = |(title, lines): (&'static str, Vec<Line>)| {
        html! {
            <tbody>
                if !title.is_empty() {
                    <tr class="group-head"><th scope="rowgroup" colspan="4">{ title }</th></tr>
                }
                { for lines.into_iter().map(row) }
            </tbody>
        }
    };
    html! {
        <table class="compared">
            <thead>
                <tr>
                    <td />
                    <th scope="col">{ one.branch.label() }</th>
                    <th scope="col">{ other.branch.label() }</th>
                    <th scope="col">{ "Difference" }</th>
                </tr>
            </thead>
            { for groups.into_iter().filter(|(_, lines)| !lines.is_empty()).map(group) }
        </table>
    }
}

/// Where the two part: the first decision that differs, as links that lead there.
fn parting(props: &NumbersProps, parts: Option<Difference>) -> Html {
    let Some(parts) = parts else {
        return html! { <p class="small">{ "So far every decision is the same in both." }</p> };
    };
    html! {
        <section class="parting" aria-label="First decision that differs">
            <h3>{ "First decision that differs" }</h3>
            <ul>
                { decision(&props.one, parts.one, &props.send) }
                { decision(&props.other, parts.other, &props.send) }
            </ul>
        </section>
    }
}

fn decision(run: &Run, seq: Option<Seq>, send: &Callback<Action>) -> Html {
    let (name, number) = (run.branch.name(), run.branch.number);
    let Some(event) = seq.and_then(|seq| run.timeline.event(seq)) else {
        return html! { <li>{ format!("{name}: nothing more was decided") }</li> };
    };
    let (seq, send) = (event.seq, send.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        send.emit(Action::Change(Change::Branch(number)));
        send.emit(Action::Play(Play::Jump(seq)));
    });
    let text = format!(
        "{name} at {}: {}",
        run.timeline.clock().rough(event.at),
        run.timeline.sentence(&event)
    );
    html! { <li><button type="button" class="link" {onclick}>{ text }</button></li> }
}
