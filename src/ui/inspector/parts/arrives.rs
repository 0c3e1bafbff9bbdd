//! When a record arrives, as a field: the run is computed anew with another arrival.

use crate::base::Millis;
use crate::base::format::Clock;
use crate::trace::snapshot::stream::{RecordState, StreamState};
use crate::ui::stream::typed_time::{parse, shown};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the field is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// When it arrived.
    pub(super) arrived: Millis,
    /// When it happened.
    pub(super) happened: Millis,
    /// Hears when it is to arrive.
    pub(super) on_move: Callback<Millis>,
}

/// Whether a record is one of the input, which can be moved.
pub(super) fn can_move(state: &StreamState, record: &RecordState) -> bool {
    record.id.0 < state.plan.records
}

/// The field.
#[component]
pub(super) fn Arrives(props: &Props) -> Html {
    let field = use_node_ref();
    let problem = use_state_eq(|| None::<String>);
    let onsubmit = {
        let (field, problem, props) = (field.clone(), problem.clone(), props.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.cast::<HtmlInputElement>() else { return };
            match read(&input.value(), props.arrived, props.happened) {
                Ok(arrival) => {
                    problem.set(None);
                    if arrival != props.arrived {
                        props.on_move.emit(arrival);
                    }
                }
                Err(why) => problem.set(Some(why)),
            }
        })
    };
    // What is wrong is said when the field is left, and no earlier: half a time is no mistake.
    let onchange = {
        let (problem, props) = (problem.clone(), props.clone());
        Callback::from(move |event: Event| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            let read = input.map(|input| read(&input.value(), props.arrived, props.happened));
            problem.set(read.and_then(Result::err));
        })
    };
    let described = problem.as_ref().map_or("arrives-help", |_| "arrives-problem arrives-help");
    html! {
        <form class="arrives" {onsubmit} data-testid="arrives">
            <label for="arrives" class="field-label">{ "Arrives at" }</label>
            <div class="row">
                <input id="arrives" ref={field} type="text" class="number" autocomplete="off" spellcheck="false"
                    value={shown(props.arrived)} {onchange}
                    aria-invalid={problem.is_some().to_string()} aria-describedby={described} />
                <button type="submit" class="button">{ "Move it" }</button>
            </div>
            if let Some(problem) = &*problem {
                <p id="arrives-problem" class="problem" role="alert">{ problem }</p>
            }
            <p id="arrives-help" class="small">
                { format!("From {} on, when it happened. The run is computed anew. On the plot it can be dragged.", Clock(props.happened)) }
            </p>
        </form>
    }
}

/// When a record is to arrive, as a person wrote it.
fn read(text: &str, arrived: Millis, happened: Millis) -> Result<Millis, String> {
    let arrival =
        parse(text, arrived).ok_or_else(|| format!("Write a time such as {}.", shown(arrived)))?;
    let least = happened.min(arrived);
    match arrival < least {
        true => Err(format!("It happened at {} and cannot arrive before that.", Clock(happened))),
        false => Ok(arrival),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_the_page_shows_them() {
        for at in [7_000, 420_250, 43_226_000, 43_226_050, 1_795_275_552_000, -5] {
            assert_eq!(read(&shown(at), at, at), Ok(at), "{}", shown(at));
        }
        assert_eq!(read("0:45", 30_000, 7_000), Ok(45_000));
        assert_eq!(read("12:09", 43_226_000, 0), Ok(43_740_000));
    }

    #[test]
    fn what_is_no_time_or_too_early_is_refused_with_what_is_allowed() {
        assert!(read("later", 30_000, 7_000).unwrap_err().contains("0:30"));
        assert!(read("0:06", 30_000, 7_000).unwrap_err().contains("0:07"));
        // It came before it happened, and may stay there.
        assert_eq!(read("0:05", 5_000, 7_000), Ok(5_000));
    }
}
