//! Another run beside the one on the screen: the same with another value of a parameter, or a
//! preset.

use super::sweep::parameter_select;
use crate::scenario::Key;
use crate::ui::model::action::{Action, Change};
use crate::ui::model::amount;
use crate::ui::model::catalog::{self, presets_of};
use crate::ui::model::run::Run;
use crate::ui::model::sweep::{first_acting, suggested, value_of};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What it needs.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The run on the screen.
    pub(super) run: Run,
    /// What the reader does.
    pub(super) send: Callback<Action>,
}

/// A parameter and a value to run beside.
#[component]
pub(super) fn Beside(props: &Props) -> Html {
    let Props { run, send } = props;
    let other = |run: &Run, key: Key| {
        let value = run.scenario.parameters.get(key);
        let values = suggested(key, &run.scenario);
        let own = amount::shown(key.parameter(), value);
        let plain = amount::written(key.parameter(), value);
        let differs = |one: &&str| *one != own && *one != plain;
        values.rsplit(", ").find(differs).unwrap_or_default().to_owned()
    };
    let form = use_state(|| {
        let key = first_acting(&run.scenario);
        (key, other(run, key))
    });
    let problem = use_state(|| None::<String>);
    let on_key = {
        let (form, run, problem) = (form.clone(), run.clone(), problem.clone());
        Callback::from(move |key: Key| {
            form.set((key, other(&run, key)));
            problem.set(None);
        })
    };
    let oninput = {
        let form = form.clone();
        Callback::from(move |event: InputEvent| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            form.set((form.0, input.map(|input| input.value()).unwrap_or_default()));
        })
    };
    let onsubmit = {
        let (form, problem, send) = (form.clone(), problem.clone(), send.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match value_of(form.0.parameter(), form.1.trim()) {
                Ok(value) => {
                    problem.set(None);
                    send.emit(Action::Change(Change::Beside(form.0, value)));
                }
                Err(allowed) => problem.set(Some(allowed)),
            }
        })
    };
    html! { <>
        <form class="beside row" {onsubmit} novalidate=true data-testid="beside">
            <span>{ "Compare with the same run, but" }</span>
            { parameter_select(run, form.0, "Parameter of the run beside", &on_key) }
            <input type="text" id="beside-value" class="number" aria-label="Its value there" value={form.1.clone()} {oninput}
                aria-invalid={problem.is_some().to_string()} aria-describedby={problem.is_some().then_some("beside-problem")} />
            <span class="unit">{ amount::unit(form.0.parameter()) }</span>
            <button type="submit" class="button">{ "Run" }</button>
            if let Some(problem) = &*problem {
                <span id="beside-problem" class="problem" role="alert">{ problem.clone() }</span>
            }
        </form>
        { presets(run, send) }
    </> }
}

/// A preset of the same lab to run beside; nothing is chosen at first.
fn presets(run: &Run, send: &Callback<Action>) -> Html {
    let others: Vec<_> = presets_of(run.lab())
        .iter()
        .filter(|preset| Some(preset.name) != run.preset || run.scenario != run.original)
        .collect();
    let onchange = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            let name = select.map(|select| select.value()).unwrap_or_default();
            if let Some(preset) = catalog::preset(&name) {
                send.emit(Action::Change(Change::BesidePreset(preset.name)));
            }
        })
    };
    html! {
        <label class="beside row" data-testid="beside-preset">
            <span>{ "or with" }</span>
            <select {onchange}>
                <option value="" selected=true>{ "a preset…" }</option>
                { for others.into_iter().map(|preset| html! {
                    <option value={preset.name}>{ catalog::title(preset) }</option>
                }) }
            </select>
        </label>
    }
}
