//! A sweep: what is run, how far it is, and a measure of it against the parameter.

use super::sweep_plot::{SweepPlot, outcome};
use crate::base::format::Counted;
use crate::scenario::table::{Group, PARAMETERS};
use crate::scenario::{Key, Lab, Parameter};
use crate::trace::measures::Measure;
use crate::ui::model::action::{Action, Sweeping};
use crate::ui::model::amount;
use crate::ui::model::run::Run;
use crate::ui::model::sweep::{
    Plan, Sweeps, drawn_together, first_acting, measures, suggested, written,
};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What the sweep needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The run on the screen.
    pub(crate) run: Run,
    /// The sweep, if there was one.
    pub(crate) sweeps: Rc<Sweeps>,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// What stands in the form.
#[derive(Clone, PartialEq)]
struct Form {
    key: Key,
    values: String,
    seeds: u32,
}

/// Seeds of each value, unless the reader says otherwise.
const SEEDS: u32 = 3;

/// A sweep.
#[component]
pub(crate) fn Sweep(props: &Props) -> Html {
    let Props { run, sweeps, send } = props;
    let form = use_state(|| {
        let swept = sweeps.plan.as_ref().filter(|plan| plan.run.lab() == run.lab());
        let key = swept.map_or(first_acting(&run.scenario), |plan| plan.key);
        Form { key, values: suggested(key, run.planned()), seeds: SEEDS }
    });
    let measure = use_state(|| 0_usize);
    // What was swept stays to be looked at, in its own lab.
    let plan = sweeps.plan.as_ref().filter(|plan| plan.run.lab() == run.lab());
    let all = measures(run.lab());
    let chosen = all.get(*measure).or(all.first());
    let start = {
        let (form, send) = (form.clone(), send.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Form { key, values, seeds } = (*form).clone();
            send.emit(Action::Sweep(Sweeping::Start { key, values, seeds }));
        })
    };
    html! {
        <div class="sweep" data-testid="sweep" data-running={sweeps.is_running.to_string()}>
            <form class="sweep-form row" onsubmit={start} novalidate=true>
                { parameter_field(run, &form) }
                { values_field(&form, sweeps.problem.is_some()) }
                { seeds_field(&form) }
                <button type="submit" class="button primary">{ if sweeps.is_running { "Start again" } else { "Run all" } }</button>
                if sweeps.is_running {
                    <button type="button" class="button" onclick={send.reform(|_: MouseEvent| Action::Sweep(Sweeping::Cancel))}>
                        { "Cancel" }
                    </button>
                }
            </form>
            if let Some(problem) = &sweeps.problem {
                <p id="sweep-problem" class="problem" role="alert">{ problem.clone() }</p>
            }
            if let (Some(plan), Some(chosen)) = (plan, chosen) {
                { progress(sweeps) }
                { measure_field(run.lab(), &measure) }
                <div class="sweep-plots">{ plots(props, plan, *measure) }</div>
                { table(plan, sweeps, chosen, send) }
            } else {
                <p class="empty-note">
                    { "Runs this scenario with each of these values, each with several seeds, on as many web workers as this machine has threads to spare. The run on the screen stays." }
                </p>
            }
        </div>
    }
}

/// The measure that is chosen against the parameter; of a stream before it those that are bought with each
/// other, one under the other over one axis.
fn plots(props: &Props, plan: &Rc<Plan>, chosen: usize) -> Html {
    let Props { run, sweeps, send } = props;
    let together = drawn_together(run.lab());
    let more = (chosen >= together).then_some(chosen);
    html! {
        { for (0..together).chain(more).map(|measure| html! {
            <SweepPlot key={measure} plan={Rc::clone(plan)} sweeps={Rc::clone(sweeps)} {measure}
                is_small={together > 0} shown={run.scenario.clone()} send={send.clone()} />
        }) }
    }
}

fn parameter_field(run: &Run, form: &UseStateHandle<Form>) -> Html {
    let on_key = {
        let (form, scenario) = (form.clone(), run.planned().clone());
        Callback::from(move |key: Key| {
            let values = suggested(key, &scenario);
            form.set(Form { key, values, ..(*form).clone() });
        })
    };
    html! {
        <div class="stacked">
            <span class="field-label" aria-hidden="true">{ "Parameter" }</span>
            { parameter_select(run, form.key, "Parameter", &on_key) }
        </div>
    }
}

/// The parameters of a run's lab to choose one from, in their groups.
pub(super) fn parameter_select(
    run: &Run,
    chosen: Key,
    label: &'static str,
    on_key: &Callback<Key>,
) -> Html {
    let onchange = {
        let on_key = on_key.clone();
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            let name = select.map(|select| select.value()).unwrap_or_default();
            if let Some(parameter) = Parameter::named(&name) {
                on_key.emit(parameter.key);
            }
        })
    };
    let job = &run.scenario.job;
    let mut groups: Vec<Group> = PARAMETERS.iter().map(|parameter| parameter.group).collect();
    groups.dedup();
    groups.retain(|group| group.lab() == job.lab());
    let group = |group: Group| {
        let is_one = |parameter: &&Parameter| {
            parameter.group == group && parameter.is_asked_by(job) && !parameter.is_text()
        };
        let members = PARAMETERS.iter().filter(is_one);
        html! {
            <optgroup label={group.label()}>
                { for members.map(|parameter| html! {
                    <option value={parameter.name} selected={parameter.key == chosen}>{ parameter.label }</option>
                }) }
            </optgroup>
        }
    };
    html! { <select {onchange} aria-label={label}>{ for groups.into_iter().map(group) }</select> }
}

fn values_field(form: &UseStateHandle<Form>, is_wrong: bool) -> Html {
    let oninput = {
        let form = form.clone();
        Callback::from(move |event: InputEvent| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            let values = input.map(|input| input.value()).unwrap_or_default();
            form.set(Form { values, ..(*form).clone() });
        })
    };
    let unit = amount::unit(form.key.parameter());
    let label = if unit.is_empty() { "Values".to_owned() } else { format!("Values ({unit})") };
    html! {
        <label class="stacked wide">
            <span class="field-label">{ label }</span>
            <input type="text" id="sweep-values" value={form.values.clone()} {oninput} autocomplete="off"
                title="Such as 1..8, or 1..64 step 4, or 1, 2, 4" aria-invalid={is_wrong.to_string()}
                aria-describedby={is_wrong.then_some("sweep-problem")} />
        </label>
    }
}

fn seeds_field(form: &UseStateHandle<Form>) -> Html {
    let onchange = {
        let form = form.clone();
        Callback::from(move |event: Event| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            let seeds = input.and_then(|input| input.value().trim().parse().ok()).unwrap_or(0);
            form.set(Form { seeds, ..(*form).clone() });
        })
    };
    html! {
        <label class="stacked narrow">
            <span class="field-label">{ "Seeds" }</span>
            <input type="text" inputmode="numeric" id="sweep-seeds" class="number" value={form.seeds.to_string()} {onchange} />
        </label>
    }
}

fn progress(sweeps: &Sweeps) -> Html {
    let (over, all) = sweeps.progress();
    let words = match (sweeps.is_running, over == all) {
        (true, _) => format!("{over} of {all} runs"),
        (false, true) => format!("All {all} runs are done"),
        (false, false) => format!("Given up after {over} of {all} runs"),
    };
    let refused = sweeps.refused().len();
    let words = match refused {
        0 => words,
        _ => format!("{words}; {} not allowed", Counted(refused as u64, "value")),
    };
    html! {
        <div class="sweep-progress row">
            <progress value={over.to_string()} max={all.to_string()} aria-label="Runs that are over" />
            <span role="status">{ words }</span>
        </div>
    }
}

fn measure_field(lab: Lab, measure: &UseStateHandle<usize>) -> Html {
    let onchange = {
        let measure = measure.clone();
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            let name = select.map(|select| select.value()).unwrap_or_default();
            measure.set(measures(lab).iter().position(|one| one.name == name).unwrap_or(0));
        })
    };
    html! {
        <label class="sweep-measure">
            { if drawn_together(lab) > 0 { "In numbers: " } else { "Measured by " } }
            <select {onchange} data-testid="sweep-measure">
                { for measures(lab).iter().enumerate().map(|(place, one)| html! {
                    <option value={one.name} selected={place == **measure}>{ one.label }</option>
                }) }
            </select>
        </label>
    }
}

/// The same as the picture, in words, with every failure and its reason.
fn table(plan: &Plan, sweeps: &Sweeps, measure: &Measure, send: &Callback<Action>) -> Html {
    let columns = sweeps.columns(measure);
    let row = |column: &crate::charts::spread::Column| {
        let show = |value: f64| written(measure.unit, value);
        let spread = column.spread().map(|spread| spread.map(show));
        let [least, median, most] =
            spread.unwrap_or_else(|| std::array::from_fn(|_| "–".to_owned()));
        html! {
            <tr>
                <th scope="row">{ column.label.clone() }</th>
                <td class="number">{ column.measured.len() }</td>
                <td class="number">{ least }</td>
                <td class="number">{ median }</td>
                <td class="number">{ most }</td>
                <td class={classes!("number", (column.failed > 0).then_some("failed"))}>{ column.failed }</td>
            </tr>
        }
    };
    let failed = plan.points.iter().zip(&sweeps.results).enumerate();
    let failed = failed.filter(|(_, (point, _))| point.scenario.is_ok());
    let failed = failed.filter_map(|(place, (point, result))| {
        let (label, why) = outcome(plan, point, result.as_ref()?, measure);
        let why = why?;
        let onclick = send.reform(move |_: MouseEvent| Action::Sweep(Sweeping::Open(place)));
        Some(html! {
            <li><button type="button" class="link" {onclick}>{ format!("{label}: {why}") }</button></li>
        })
    });
    let failed: Vec<Html> = failed.collect();
    let refused = sweeps.refused();
    html! {
        <div class="sweep-numbers">
            <table class="compared">
                <thead>
                    <tr>
                        <th scope="col">{ plan.key.parameter().label }</th>
                        <th scope="col">{ "Runs" }</th>
                        <th scope="col">{ "Least" }</th>
                        <th scope="col">{ "Median" }</th>
                        <th scope="col">{ "Most" }</th>
                        <th scope="col">{ "Failed" }</th>
                    </tr>
                </thead>
                <tbody>{ for columns.iter().map(row) }</tbody>
            </table>
            if !failed.is_empty() {
                <h3>{ "What failed, and why" }</h3>
                <ul class="sweep-failed" data-testid="sweep-failed">{ for failed }</ul>
            }
            if !refused.is_empty() {
                <h3>{ "What is not allowed, and why" }</h3>
                <ul class="sweep-refused" data-testid="sweep-refused">
                    { for refused.iter().map(|(label, why)| html! { <li>{ format!("{label}: {why}") }</li> }) }
                </ul>
            }
        </div>
    }
}
