//! What has to be asked for before something is done to a partition: its pace, or a record to put into it.

use crate::base::clock::{time, written};
use crate::base::fault::{LogPartition, PACE_MAX, SHORT_KEY_BYTES_MAX};
use crate::base::{Fault, Millis, StreamFault};
use crate::ui::model::action::{Action, Change};
use crate::ui::model::run::Run;
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
    let [value, key, at] = [use_node_ref(), use_node_ref(), use_node_ref()];
    let problem = use_state_eq(|| None::<String>);
    // What the fields begin with stays while they are filled in.
    let near = use_memo((), |()| props.near.clone());
    let onsubmit = {
        let (props, problem) = (props.clone(), problem.clone());
        let fields = [value.clone(), key.clone(), at.clone()];
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text =
                |field: &NodeRef| field.cast::<HtmlInputElement>().map(|field| field.value());
            let [value, key, at] = fields.each_ref().map(|field| text(field).unwrap_or_default());
            let fault = match props.injects {
                true => inject(props.partition, [&value, &key, &at]),
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
                <label>{ "Value " }<input ref={value} class="number" size="6" required={true} value="1" /></label>
                <label>{ "Key " }<input ref={key} size="10" value={near.0.clone()} /></label>
                <label>{ "Happened at " }<input ref={at} class="number" size="12" required={true} value={written(near.1)} /></label>
                <button type="submit" class="button primary">{ "Inject it" }</button>
            } else {
                <label>
                    { "Its records come at " }
                    <input ref={value} type="number" class="number" min="1" max={PACE_MAX.to_string()} step="1" required={true} value="50" />
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

fn pace(partition: LogPartition, percent: &str) -> Result<StreamFault, String> {
    let percent = percent.trim().parse().ok().filter(|percent| (1..=PACE_MAX).contains(percent));
    let percent = percent.ok_or_else(|| format!("A pace is from 1 % to {PACE_MAX} %."))?;
    Ok(StreamFault::Pace { partition, percent })
}

fn inject(partition: LogPartition, [value, key, at]: [&str; 3]) -> Result<StreamFault, String> {
    let value = value.trim().parse().map_err(|error| format!("A value {error}."))?;
    let key = key
        .parse()
        .map_err(|_| format!("A key that is injected has at most {SHORT_KEY_BYTES_MAX} bytes."))?;
    let event_time = time(at.trim())
        .ok_or("Write when it happened as hours, minutes and seconds: 12:00:53.".to_owned())?;
    Ok(StreamFault::Inject { key, value, event_time, partition: Some(partition) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_a_fault_or_is_refused_with_what_is_allowed() {
        let partition = LogPartition { source: 0, index: 2 };
        let fault = inject(partition, ["6", "TeamX", "12:00:53"]).map(|fault| fault.to_string());
        assert_eq!(fault.as_deref(), Ok("inject 6 of TeamX from 12:00:53 into partition 2"));
        for (fields, word) in [
            (["six", "a", "12:00"], "number"),
            (["6", "a key that is much too long for it", "12:00"], "24 bytes"),
            (["6", "a", "noon"], "12:00:53"),
        ] {
            assert!(inject(partition, fields).unwrap_err().contains(word));
        }
        assert!(pace(partition, "0").is_err() && pace(partition, "1001").is_err());
        assert_eq!(pace(partition, "200").unwrap().to_string(), "speed up partition 2 to 200 %");
    }
}
