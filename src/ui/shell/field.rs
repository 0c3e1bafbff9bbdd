//! One parameter: its label, its value with unit, a slider, the real system's name and default,
//! and the way back. A value is judged while it is typed, and applied when it is done.

use crate::scenario::Key;
use crate::scenario::table::{Kind, Parameter};
use crate::ui::model::action::{Action, Change};
use crate::ui::model::amount;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What a field needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Which parameter.
    pub(crate) parameter: Key,
    /// Its value in the run on the screen.
    pub(crate) value: u64,
    /// Its value in the scenario as it was at first.
    pub(crate) original: u64,
    /// What the conductor said against the last value, if it did.
    pub(crate) refused: Option<AttrValue>,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// One parameter.
#[component]
pub(crate) fn Field(props: &Props) -> Html {
    let parameter = props.parameter.parameter();
    // What is being typed, and what is wrong with it; nothing when nothing is being typed.
    let draft = use_state(|| None::<String>);
    {
        let draft = draft.clone();
        use_effect_with(props.value, move |_| draft.set(None));
    }
    let wrong = draft.as_ref().and_then(|text| amount::parse(parameter, text).err());
    let message = wrong.map(AttrValue::from).or_else(|| props.refused.clone());
    let input = match parameter.kind {
        Kind::Number { min, max, log } => number(props, &draft, message.is_some(), (min, max, log)),
        Kind::Switch => switch(props),
        Kind::Choice(options) => choice(props, options),
        // It has a field of its own kind.
        Kind::Text { .. } => html! {},
    };
    let back = {
        let (key, original) = (props.parameter, props.original);
        props.send.reform(move |_: MouseEvent| Action::Change(Change::Parameter(key, original)))
    };
    let original = amount::shown(parameter, props.original);
    html! {
        <div class={classes!("field", message.is_some().then_some("wrong"))}>
            <div class="field-row">
                <label for={parameter.name} class="field-label" title={parameter.help}>
                    { parameter.label }
                </label>
                { input }
            </div>
            if let Some(message) = message {
                <p id={format!("{}-problem", parameter.name)} class="problem" role="alert">{ message }</p>
            }
            <p class="field-help" id={format!("{}-help", parameter.name)}>{ parameter.help }</p>
            <p class="field-real">
                if !parameter.real.is_empty() {
                    <code>{ parameter.real_said() }</code>
                }
                if props.value != props.original {
                    <button type="button" class="link" onclick={back}
                        aria-label={format!("{} back to {original}", parameter.label)}>
                        { format!("back to {original}") }
                    </button>
                }
            </p>
        </div>
    }
}

fn number(
    props: &Props,
    draft: &UseStateHandle<Option<String>>,
    is_wrong: bool,
    (min, max, log): (u64, u64, bool),
) -> Html {
    let (key, parameter) = (props.parameter, props.parameter.parameter());
    let shown = (**draft).clone().unwrap_or_else(|| amount::written(parameter, props.value));
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(text_of(&event)))
    };
    let onchange = {
        let send = props.send.clone();
        Callback::from(move |event: Event| {
            let text = text_of(&event).unwrap_or_default();
            if let Ok(value) = amount::parse(parameter, &text) {
                send.emit(Action::Change(Change::Parameter(key, value)));
            }
        })
    };
    let at = move |text: Option<String>| {
        let place = text.and_then(|text| text.parse().ok()).unwrap_or(0);
        amount::at_place(min, max, log, place)
    };
    let slide = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| {
            draft.set(Some(amount::written(parameter, at(text_of(&event)))));
        })
    };
    let slid = props
        .send
        .reform(move |event: Event| Action::Change(Change::Parameter(key, at(text_of(&event)))));
    let value = amount::parse(parameter, &shown).unwrap_or(props.value);
    let place = amount::place_of(min, max, log, value);
    // Nobody looks for a seed by sliding.
    let has_slider = key != Key::Seed;
    html! {
        <>
            if has_slider {
                <input type="range" class="field-slider" min="0" max={amount::SLIDER_STEPS.to_string()}
                    value={place.to_string()} oninput={slide} onchange={slid}
                    aria-label={format!("{}, slider", parameter.label)}
                    aria-valuetext={amount::shown(parameter, value)} />
            }
            <span class="field-value">
                <input type="text" id={parameter.name} inputmode="numeric" autocomplete="off" class="number"
                    value={shown} {oninput} {onchange} aria-invalid={is_wrong.to_string()}
                    aria-describedby={described(parameter, is_wrong)} />
                <span class="unit">{ amount::unit(parameter) }</span>
            </span>
        </>
    }
}

fn described(parameter: &Parameter, is_wrong: bool) -> String {
    let name = parameter.name;
    if is_wrong { format!("{name}-problem {name}-help") } else { format!("{name}-help") }
}

fn switch(props: &Props) -> Html {
    let (key, parameter) = (props.parameter, props.parameter.parameter());
    let onchange = props.send.reform(move |event: Event| {
        let input: Option<HtmlInputElement> = event.target_dyn_into();
        let is_on = input.is_some_and(|input| input.checked());
        Action::Change(Change::Parameter(key, u64::from(is_on)))
    });
    html! {
        <input type="checkbox" role="switch" id={parameter.name} checked={props.value != 0} {onchange}
            aria-describedby={described(parameter, false)} />
    }
}

fn choice(props: &Props, options: &'static [&'static str]) -> Html {
    let (key, parameter) = (props.parameter, props.parameter.parameter());
    let onchange = props.send.reform(move |event: Event| {
        let select: Option<HtmlSelectElement> = event.target_dyn_into();
        let name = select.map(|select| select.value()).unwrap_or_default();
        let place = options.iter().position(|option| *option == name).unwrap_or(0);
        Action::Change(Change::Parameter(key, place as u64))
    });
    html! {
        <select id={parameter.name} {onchange} aria-describedby={described(parameter, false)}>
            { for options.iter().zip(0_u64..).map(|(option, place)| html! {
                <option value={*option} selected={place == props.value}>{ amount::choice(option) }</option>
            }) }
        </select>
    }
}

fn text_of(event: &Event) -> Option<String> {
    let input: Option<HtmlInputElement> = event.target_dyn_into();
    input.map(|input| input.value())
}
