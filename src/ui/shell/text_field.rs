//! A parameter that is a text: judged while it is typed, and applied when it is done.

use crate::scenario::Key;
use crate::ui::model::action::{Action, Change};
use crate::ui::model::amount;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What a field needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Which parameter.
    pub(crate) parameter: Key,
    /// Its text in the run on the screen.
    pub(crate) value: AttrValue,
    /// Its text in the scenario as it was at first.
    pub(crate) original: AttrValue,
    /// What was said against the last text, if something was.
    pub(crate) refused: Option<AttrValue>,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// A parameter that is a text.
#[component]
pub(crate) fn TextField(props: &Props) -> Html {
    let (key, parameter) = (props.parameter, props.parameter.parameter());
    let name = parameter.name;
    // What is being typed; nothing when nothing is being typed.
    let draft = use_state(|| None::<String>);
    {
        let draft = draft.clone();
        use_effect_with(props.value.clone(), move |_| draft.set(None));
    }
    let is_wrong = draft.as_ref().is_some_and(|text| parameter.check_text(text).is_err());
    let message = is_wrong.then(|| AttrValue::from(amount::allowed(parameter)));
    let message = message.or_else(|| props.refused.clone());
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(text_of(&event)))
    };
    let onchange = {
        let send = props.send.clone();
        Callback::from(move |event: Event| {
            let text = text_of(&event).unwrap_or_default();
            if parameter.check_text(&text).is_ok() {
                send.emit(Action::Change(Change::Text(key, text)));
            }
        })
    };
    let back = {
        let original = props.original.to_string();
        props.send.reform(move |_: MouseEvent| Action::Change(Change::Text(key, original.clone())))
    };
    let shown = (*draft).clone().unwrap_or_else(|| props.value.to_string());
    let described = match message {
        Some(_) => format!("{name}-problem {name}-help"),
        None => format!("{name}-help"),
    };
    html! {
        <div class={classes!("field", message.is_some().then_some("wrong"))}>
            <div class="field-row is-text">
                <label for={name} class="field-label" title={parameter.help}>{ parameter.label }</label>
                <input type="text" id={name} autocomplete="off" spellcheck="false" value={shown} {oninput} {onchange}
                    aria-invalid={message.is_some().to_string()} aria-describedby={described} />
            </div>
            if let Some(message) = message {
                <p id={format!("{name}-problem")} class="problem" role="alert">{ message }</p>
            }
            <p class="field-help" id={format!("{name}-help")}>{ parameter.help }</p>
            <p class="field-real">
                if !parameter.real.is_empty() {
                    <code>{ parameter.real_said() }</code>
                }
                if props.value != props.original {
                    <button type="button" class="link" onclick={back}
                        aria-label={format!("{} back to {}", parameter.label, props.original)}>
                        { format!("back to {}", props.original) }
                    </button>
                }
            </p>
        </div>
    }
}

fn text_of(event: &Event) -> Option<String> {
    let input: Option<HtmlInputElement> = event.target_dyn_into();
    input.map(|input| input.value())
}
