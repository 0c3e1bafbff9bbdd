//! What has to be asked for before something is done to a partition: its pace, or a record to put into it.

use crate::base::fault::{LogPartition, PACE_MAX, SHORT_KEY_BYTES_MAX};
use crate::base::{Fault, Millis, StreamFault};
use crate::ui::model::action::{Action, Change};
use crate::ui::model::run::Run;
use crate::ui::stream::typed_time::{parse, shown};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What a form needs.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// To what it is done.
    pub(super) partition: LogPartition,
    /// Whether a record is put into it, or its pace is set.
    pub(super) injects: bool,
    /// Key and event time of the record that came last, to begin with.
    pub(super) near: (String, Millis),
    /// Hears when it is done.
    pub(super) done: Callback<()>,
    /// What the reader does.
    pub(super) send: Callback<Action>,
}

/// Key and event time of the record that came last.
pub(super) fn last_record(run: &Run) -> (String, Millis) {
    let Some(state) = run.snapshot.stream.as_deref() else { return (String::new(), 0) };
    match state.records.last() {
        Some(record) => (record.key.clone(), record.event_time),
        None => (String::new(), state.clock(run.place.at)),
    }
}

/// The form.
#[component]
pub(super) fn StreamForm(props: &Props) -> Html {
    let problem = use_state_eq(|| None::<String>);
    // What is written is kept here: a field that is drawn anew would else begin again.
    let value = use_state(|| if props.injects { "1".to_owned() } else { "50".to_owned() });
    let key = use_state(|| props.near.0.clone());
    let at = use_state(|| shown(props.near.1));
    let near = *use_memo((), |()| props.near.1);
    let onsubmit = {
        let (props, problem) = (props.clone(), problem.clone());
        let (value, key, at) = (value.clone(), key.clone(), at.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let fault = match props.injects {
                true => inject(props.partition, [&value, &key, &at], near),
                false => pace(props.partition, &value),
            };
            match fault {
                Ok(fault) => {
                    props.send.emit(Action::Change(Change::Strike(Fault::Stream(fault))));
                    props.done.emit(());
                }
                Err(why) => problem.set(Some(why)),
            }
        })
    };
    html! {
        <form class="verb-form" {onsubmit} data-testid="stream-form">
            if props.injects {
                <label>{ "Value " }<input class="number" size="6" required={true} value={(*value).clone()} oninput={typed(&value)} /></label>
                <label>{ "Key " }<input size="10" value={(*key).clone()} oninput={typed(&key)} /></label>
                <label>{ "Happened at " }<input class="number" size="12" required={true} value={(*at).clone()} oninput={typed(&at)} /></label>
                <button type="submit" class="button primary">{ "Inject it" }</button>
            } else {
                <label>
                    { "Its records come at " }
                    <input type="number" class="number" min="1" max={PACE_MAX.to_string()} step="1" required={true} value={(*value).clone()} oninput={typed(&value)} />
                    { " % of their pace; 100 is as planned" }
                </label>
                <button type="submit" class="button primary">{ "Set the pace" }</button>
            }
            if let Some(problem) = &*problem {
                <p class="problem" role="alert">{ problem }</p>
            }
        </form>
    }
}

/// Notes what is written into a field.
fn typed(text: &UseStateHandle<String>) -> Callback<InputEvent> {
    let text = text.setter();
    Callback::from(move |event: InputEvent| {
        let input: Option<HtmlInputElement> = event.target_dyn_into();
        text.set(input.map(|input| input.value()).unwrap_or_default());
    })
}

fn pace(partition: LogPartition, percent: &str) -> Result<StreamFault, String> {
    let percent = percent.trim().parse().ok().filter(|percent| (1..=PACE_MAX).contains(percent));
    let percent = percent.ok_or_else(|| format!("A pace is from 1 % to {PACE_MAX} %."))?;
    Ok(StreamFault::Pace { partition, percent })
}

/// A record as it is written; its time is read as the page shows those near it.
fn inject(
    partition: LogPartition,
    [value, key, at]: [&str; 3],
    near: Millis,
) -> Result<StreamFault, String> {
    let value = value.trim().parse().map_err(|error| format!("A value {error}."))?;
    let key = key
        .parse()
        .map_err(|_| format!("A key that is injected has at most {SHORT_KEY_BYTES_MAX} bytes."))?;
    let event_time = parse(at, near)
        .ok_or_else(|| format!("Write when it happened as the page shows it: {}.", shown(near)))?;
    Ok(StreamFault::Inject { key, value, event_time, partition: Some(partition) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Millis = 12 * 3_600_000;

    #[test]
    fn what_is_filled_in_is_a_fault_or_is_refused_with_what_is_allowed() {
        let partition = LogPartition { source: 0, index: 2 };
        let fault =
            inject(partition, ["6", "TeamX", "12:00:53"], NOON).map(|fault| fault.to_string());
        assert_eq!(fault.as_deref(), Ok("inject 6 of TeamX from 12:00:53 into partition 2"));
        for (fields, word) in [
            (["six", "a", "12:00"], "number"),
            (["6", "a key that is much too long for it", "12:00"], "24 bytes"),
            (["6", "a", "noon"], "12:00"),
        ] {
            assert!(inject(partition, fields, NOON).unwrap_err().contains(word));
        }
        let short = inject(partition, ["6", "a", "0:03"], 9_000).map(|fault| fault.to_string());
        assert_eq!(short.as_deref(), Ok("inject 6 of a from 0:00:03 into partition 2"));
        assert!(pace(partition, "0").is_err() && pace(partition, "1001").is_err());
        assert_eq!(pace(partition, "200").unwrap().to_string(), "speed up partition 2 to 200 %");
    }
}
