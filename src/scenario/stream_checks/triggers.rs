//! A trigger of the job's own, and Flink's triggers of event time.

use crate::scenario::Scenario;
use crate::scenario::parameters::ParameterError;
use crate::scenario::table::Key;
use crate::scenario::trigger::{Trigger, Wrong};
use crate::scenario::validate::problem;

/// How often a window may fire by event time alone.
const FIRINGS_MAX: u64 = 10_000;

impl Scenario {
    /// A trigger of the job's own, and what the parameters say beside it.
    pub(super) fn own_trigger_problems(&self, trigger: &Trigger) -> Vec<ParameterError> {
        let of_own = self.trigger_problems(trigger).into_iter().map(|(path, value, allowed)| {
            problem(&format!("job.stream.triggered{path}"), value, allowed)
        });
        let beside = [Key::Trigger, Key::Early, Key::Late].into_iter().filter_map(|key| {
            let usual = key.parameter().default;
            let allowed =
                || format!("the job has a trigger of its own, so {}", key.parameter().show(usual));
            (self.value(key) != usual).then(|| self.refuse(key, allowed()))
        });
        of_own.chain(beside).collect()
    }

    /// What is wrong with a trigger in this job, by places below it.
    pub(in crate::scenario) fn trigger_problems(&self, trigger: &Trigger) -> Vec<Wrong> {
        let mut problems = trigger.problems(&self.choice(Key::Profile));
        if let Some(interval) = trigger.event_time_interval_ms().filter(|_| problems.is_empty()) {
            problems.extend(self.interval_problem(interval).map(|(field, value, allowed)| {
                let field =
                    if field.is_empty() { "" } else { ".continuous_event_time.interval_ms" };
                (field.to_owned(), value, allowed)
            }));
        }
        let fits = self.choice(Key::Window) == "global" || self.choice(Key::TimeOf) == "processing";
        if problems.is_empty() && trigger.is_of_flinks_clock() && !fits {
            let allowed = "Flink's triggers of the clock go with time_domain = processing or window = \
                           global";
            problems.push((String::new(), "a trigger of the clock".to_owned(), allowed.to_owned()));
        }
        if self.choice(Key::Window) == "count" {
            let allowed = "count windows have a trigger already";
            problems.push((String::new(), "a trigger".to_owned(), allowed.to_owned()));
        }
        problems
    }

    /// Flink's continuous trigger of event time fires for each interval that the watermark passes, and at the end
    /// of the input that is all there is until the end of the window. Gives the field that is wrong, or none
    /// where it is the trigger itself.
    pub(super) fn interval_problem(&self, interval: u64) -> Option<Wrong> {
        let window = self.choice(Key::Window);
        if window == "global" || self.choice(Key::TimeOf) == "processing" {
            let allowed =
                "Flink's continuous trigger of event time goes with windows of event time that end";
            let value = "each interval of event time".to_owned();
            return Some((String::new(), value, allowed.to_owned()));
        }
        let length = match window.as_str() {
            "session" => self.value(Key::SessionGap),
            _ => self.value(Key::WindowSize),
        };
        (length / interval.max(1) > FIRINGS_MAX).then(|| {
            let allowed = format!(
                "a window of {length} ms would fire more than {FIRINGS_MAX} times, so at least {}",
                length.div_ceil(FIRINGS_MAX)
            );
            (Key::TriggerInterval.parameter().name.to_owned(), interval.to_string(), allowed)
        })
    }
}
