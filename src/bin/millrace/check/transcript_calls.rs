//! The windows and triggers of a transcript: call trees `{"fn", "args", "kwargs"}` with Beam Python's names.

use super::sequences::read;
use millrace::streaming::Millis;
use millrace::streaming::assigner::Assigner;
use millrace::streaming::beam::Trigger;
use serde::Deserialize;
use serde_json::{Map, Value};

/// How much `CustomTimestampingFixedWindowsWindowFn` adds for the combiner.
const SHIFT: Millis = 100;

#[derive(Deserialize)]
struct Call {
    #[serde(rename = "fn")]
    name: String,
    #[serde(default)]
    args: Vec<Value>,
    #[serde(default)]
    kwargs: Map<String, Value>,
}

/// The windows, and what the combiner adds to an element's time; without a call the global window.
pub(super) fn window(value: Option<&Value>) -> Result<(Assigner, Millis), String> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok((Assigner::Global, 0));
    };
    let call: Call = read(value.clone()).map_err(|why| format!("window_fn: {why}"))?;
    let fixed = |call: &Call| -> Result<Assigner, String> {
        let offset_ms = call.time_or_zero(1, "offset")?;
        Ok(Assigner::Tumbling { size_ms: call.time(0, "size")?, offset_ms })
    };
    Ok(match call.name.as_str() {
        "GlobalWindows" => (Assigner::Global, 0),
        "FixedWindows" => (fixed(&call)?, 0),
        "CustomTimestampingFixedWindowsWindowFn" => (fixed(&call)?, SHIFT),
        "SlidingWindows" => {
            let (size_ms, slide_ms) = (call.time(0, "size")?, call.time(1, "period")?);
            (Assigner::Sliding { size_ms, slide_ms, offset_ms: call.time_or_zero(2, "offset")? }, 0)
        }
        "Sessions" => (Assigner::Session { gap_ms: call.time(0, "gap_size")? }, 0),
        name => return Err(format!("window_fn: there is no such function as {name:?}")),
    })
}

/// The trigger; without a call the default one.
pub(super) fn trigger(value: Option<&Value>) -> Result<Trigger, String> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(Trigger::Default) };
    let call: Call = match value.as_str() {
        Some(name) => Call { name: name.to_owned(), args: Vec::new(), kwargs: Map::new() },
        None => read(value.clone()).map_err(|why| format!("trigger_fn: {why}"))?,
    };
    let all = || call.args.iter().map(|arg| trigger(Some(arg))).collect::<Result<Vec<_>, _>>();
    let part = |index: usize, name: &str| {
        let value = call.argument(index, name).filter(|value| !value.is_null());
        value.map(|value| trigger(Some(value)).map(Box::new)).transpose()
    };
    let needed = |index: usize, name: &str| {
        part(index, name)?.ok_or_else(|| format!("{}: {name} is missing", call.name))
    };
    Ok(match call.name.as_str() {
        "Default" | "DefaultTrigger" => Trigger::Default,
        "AfterWatermark" => {
            Trigger::AfterWatermark { early: part(0, "early")?, late: part(1, "late")? }
        }
        "AfterCount" => {
            let n = call.time(0, "count")?;
            let n = u64::try_from(n).map_err(|_| format!("AfterCount: count is {n}"))?;
            Trigger::AfterCount { n }
        }
        "AfterProcessingTime" => {
            let delay_ms = call.time_or_zero(0, "delay")?;
            Trigger::AfterProcessingTime { delay_ms, align: None }
        }
        "Repeatedly" => Trigger::Repeatedly(needed(0, "underlying")?),
        "AfterAny" | "AfterFirst" => Trigger::AfterAny(all()?),
        "AfterAll" => Trigger::AfterAll(all()?),
        "AfterEach" => Trigger::AfterEach(all()?),
        "OrFinally" => Trigger::OrFinally { main: needed(0, "main")?, until: needed(1, "until")? },
        "Never" | "_Never" => Trigger::Never,
        name => return Err(format!("trigger_fn: there is no such function as {name:?}")),
    })
}

impl Call {
    fn argument(&self, index: usize, name: &str) -> Option<&Value> {
        self.args.get(index).or_else(|| self.kwargs.get(name))
    }

    fn time(&self, index: usize, name: &str) -> Result<Millis, String> {
        let value = self.argument(index, name);
        value.and_then(Value::as_i64).ok_or_else(|| {
            let shown = value.map_or_else(|| "missing".to_owned(), Value::to_string);
            format!("{}: {name} is {shown}, and must be a whole number", self.name)
        })
    }

    fn time_or_zero(&self, index: usize, name: &str) -> Result<Millis, String> {
        if self.argument(index, name).is_none() { Ok(0) } else { self.time(index, name) }
    }
}
