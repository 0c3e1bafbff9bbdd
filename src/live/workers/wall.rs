//! The wall clock of a web worker.

use crate::base::Time;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::DedicatedWorkerGlobalScope;

/// The worker that this runs in.
pub(super) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Time since the worker was started. Other workers were started at other times.
pub fn now() -> Time {
    let millis = scope().performance().map_or(0.0, |performance| performance.now());
    // A time is positive, and small enough for centuries.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
    Time((millis * 1_000.0) as u64)
}

/// Calls again and again, for as long as it is kept.
pub struct Every {
    number: i32,
    _on_time: Closure<dyn FnMut()>,
}

impl Every {
    /// About every so many milliseconds.
    ///
    /// # Errors
    /// When the browser has no timers.
    pub fn millis(millis: i32, on_time: impl FnMut() + 'static) -> Result<Every, JsValue> {
        let on_time = Closure::<dyn FnMut()>::new(on_time);
        let number = scope().set_interval_with_callback_and_timeout_and_arguments_0(
            on_time.as_ref().unchecked_ref(),
            millis,
        )?;
        Ok(Every { number, _on_time: on_time })
    }
}

impl Drop for Every {
    fn drop(&mut self) {
        scope().clear_interval_with_handle(self.number);
    }
}
