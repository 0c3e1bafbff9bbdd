//! A measure of a sweep's runs against the parameter. A press on a run brings it to the screen.

use crate::charts::frame::Frame;
use crate::charts::scale::{byte_ticks, ticks};
use crate::charts::spread::{Spread, spread};
use crate::scenario::Scenario;
use crate::scenario::sweep::Point;
use crate::scenario::table::Kind;
use crate::trace::measures::{Came, Measure, Unit};
use crate::ui::figure::{Figure, drawn};
use crate::ui::model::action::{Action, Sweeping};
use crate::ui::model::amount;
use crate::ui::model::sweep::{Plan, Sweeps, measures, written};
use crate::ui::same::Same;
use crate::ui::size::use_size;
use std::rc::Rc;
use yew::prelude::*;

/// What the plot needs.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// What is run.
    pub(super) plan: Rc<Plan>,
    /// What came of it so far.
    pub(super) sweeps: Rc<Sweeps>,
    /// The measure's place in the lab's table.
    pub(super) measure: usize,
    /// Whether it is one of several.
    pub(super) is_small: bool,
    /// The scenario on the screen.
    pub(super) shown: Scenario,
    /// What the reader does.
    pub(super) send: Callback<Action>,
}

const HEIGHT: u32 = 240;
const SMALL_HEIGHT: u32 = 150;
const TEXT: u32 = 12;

/// The plot.
#[component]
pub(super) fn SweepPlot(props: &Props) -> Html {
    let Props { plan, sweeps, .. } = props;
    let node = use_node_ref();
    let width = use_size(node.clone()).map_or(0.0, |(width, _)| width);
    let Some(measure) = measures(plan.run.lab()).get(props.measure) else { return html! {} };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a width on a screen"
    )]
    let size = (width.clamp(0.0, 900.0) as u32, if props.is_small { SMALL_HEIGHT } else { HEIGHT });
    let plot = Spread {
        frame: Frame { size, text: TEXT },
        columns: sweeps.columns(measure),
        to_scale: matches!(plan.key.parameter().kind, Kind::Number { log: false, .. }),
        upwards: match measure.unit {
            Unit::Micros => |value| written(Unit::Micros, value),
            Unit::Bytes => |value| written(Unit::Bytes, value),
            Unit::Count => |value| written(Unit::Count, value),
            Unit::Millis => |value| written(Unit::Millis, value),
            Unit::Permille => |value| written(Unit::Permille, value),
        },
        marks: if measure.unit == Unit::Bytes { byte_ticks } else { ticks },
    };
    let numbers = {
        let sweeps = Rc::clone(sweeps);
        Same::new(Box::new(move || sweeps.csv()) as Box<dyn Fn() -> String>)
    };
    let parameter = plan.key.parameter();
    let title = format!("{} against {}", measure.label, parameter.label);
    let legend = html! {
        <span class="plot-legend" aria-hidden="true">
            { "least, median and most; each ring a run; × failed" }
        </span>
    };
    html! {
        <Figure {title} file={if props.is_small { measure.name } else { "sweep" }} {numbers} {legend}>
            <div class="picture sweep-plot" ref={node}>
                if width > 0.0 && !plot.columns.is_empty() {
                    { spread(&plot).ok().map(|picture| drawn(&picture)).unwrap_or_default() }
                    { for points(props, &plot, measure) }
                }
            </div>
        </Figure>
    }
}

/// A button over each run.
fn points(props: &Props, plot: &Spread, measure: &Measure) -> Vec<Html> {
    let Props { plan, sweeps, send, shown, .. } = props;
    let mut column = 0;
    let mut before = None;
    let mut buttons = Vec::new();
    for (place, (point, result)) in plan.points.iter().zip(&sweeps.results).enumerate() {
        // What is not allowed has no column.
        let Ok(scenario) = &point.scenario else { continue };
        let former = before.replace(point.value);
        column += usize::from(former.is_some_and(|former| former != point.value));
        let Some(result) = result else { continue };
        let value = result.as_ref().ok().and_then(|came| measure.of_whole(came));
        let y = value.map_or(plot.y_failed(), |value| plot.y(value as f64));
        let style = format!("left:{:.1}px;top:{y:.1}px", plot.x(column));
        let (label, why) = outcome(plan, point, result, measure);
        let name = format!(
            "{label}{}. Open this run",
            why.map(|why| format!(", {why}")).unwrap_or_default()
        );
        let onclick = send.reform(move |_: MouseEvent| Action::Sweep(Sweeping::Open(place)));
        let is_shown = scenario == shown;
        buttons.push(html! {
            <button type="button" key={place} class={classes!("sweep-point", is_shown.then_some("is-shown"))} {style}
                aria-label={name.clone()} title={name} aria-pressed={is_shown.to_string()} {onclick} />
        });
    }
    buttons
}

/// A run in words, and why it failed if it did.
pub(super) fn outcome(
    plan: &Plan,
    point: &Point,
    result: &Result<Came, String>,
    measure: &Measure,
) -> (String, Option<String>) {
    let parameter = plan.key.parameter();
    let run = format!(
        "{} {}, seed {}",
        parameter.label,
        amount::shown(parameter, point.value),
        point.seed
    );
    match result {
        Err(why) => (run, Some(why.clone())),
        Ok(Came { failed: Some(why), .. }) => (run, Some(why.clone())),
        Ok(came) => {
            let Some(value) = measure.of(came) else {
                return (run, Some("no window said anything".to_owned()));
            };
            let wrong = (!came.is_right).then(|| "a wrong result".to_owned());
            (format!("{run}: {}", written(measure.unit, value as f64)), wrong)
        }
    }
}
