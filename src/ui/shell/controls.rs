//! How the run is played: what a step is, and the speed on a log scale.

use crate::ui::model::action::{Action, Play};
use crate::ui::model::pace::Speed;
use crate::ui::model::place::StepSize;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What the controls need.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// How fast it is played.
    pub(crate) speed: Speed,
    /// What a step is.
    pub(crate) step: StepSize,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// What a step is, and the speed.
#[component]
pub(crate) fn Controls(props: &Props) -> Html {
    let on_step = props.send.reform(|event: Event| {
        let select: Option<HtmlSelectElement> = event.target_dyn_into();
        let name = select.map(|select| select.value()).unwrap_or_default();
        Action::Play(Play::StepSize(StepSize::named(&name).unwrap_or_default()))
    });
    let on_speed = props.send.reform(|event: InputEvent| {
        let input: Option<HtmlInputElement> = event.target_dyn_into();
        let place = input.and_then(|input| input.value().parse().ok()).unwrap_or(0);
        Action::Play(Play::Speed(Speed::at(place)))
    });
    let says = format!("{} virtual seconds a second", props.speed.to_string().replace('×', ""));
    html! {
        <div class="controls">
            <label class="control">
                <span class="control-name">{ "Step" }</span>
                <select onchange={on_step} data-testid="step-size">
                    { for StepSize::ALL.into_iter().map(|step| html! {
                        <option value={step.name()} selected={step == props.step}>{ step.name() }</option>
                    }) }
                </select>
            </label>
            <label class="control">
                <span class="control-name">{ "Speed" }</span>
                <input type="range" min={Speed::MIN.to_string()} max={Speed::MAX.to_string()} step="1"
                    value={props.speed.place().to_string()} oninput={on_speed}
                    aria-valuetext={says} data-testid="speed" />
                <output class="number speed-value">{ props.speed.to_string() }</output>
            </label>
        </div>
    }
}
