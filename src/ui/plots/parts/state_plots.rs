//! What the run's state was at equal intervals: tasks by state, a counter, memory and disk by node.

use super::heat_plot::HeatPlot;
use super::line_plot::{LinePlot, Named, Quantity};
use super::rate_plot::{INTERVALS, OverTime};
use crate::charts::ink::Ink;
use crate::charts::lines::Look;
use crate::trace::measures::{Came, MEASURES, Measure, Unit};
use crate::ui::plots::samples::{Sample, Samples, TASK_STATES};
use crate::ui::same::Same;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The plots of the run's state.
#[component]
pub(super) fn StatePlots(props: &OverTime) -> Html {
    let samples = use_mut_ref(Samples::default);
    let interval = props.until.seconds() / INTERVALS as f64;
    let complete = props.complete();
    let taken = use_memo((complete, props.until, props.timeline.clone()), |_| {
        let mut held = samples.borrow_mut();
        held.take(&props.timeline, interval, complete);
        let scale = props.timeline.seek(props.furthest).scale;
        Taken {
            tasks: tasks(&held.taken),
            memory: by_node(&held.taken, |sample| &sample.memory),
            disk: by_node(&held.taken, |sample| &sample.disk),
            samples: Same::new(held.taken.clone()),
            scale,
        }
    });
    let last = taken.samples.last().map(|sample| sample.tasks).unwrap_or_default();
    let says = format!(
        "Tasks by state: {} done, {} maps and {} reduces running, {} waiting",
        last[0], last[1], last[2], last[3]
    );
    let heat = |title: &'static str, file: &'static str, rows: &Same<Vec<Vec<u64>>>| {
        html! {
            <HeatPlot {title} {file} rows={rows.clone()} scale={taken.scale} {interval} now={props.now}
                until={props.until} width={props.width} />
        }
    };
    html! {
        <>
            <LinePlot title="Tasks by state" file="tasks" series={taken.tasks.clone()} stacked=true
                unit={Quantity::Count} {says} now={props.now} until={props.until} width={props.width} />
            <CounterPlot samples={taken.samples.clone()} over={props.clone()} />
            { heat("Memory: sort buffers and fetched segments", "memory", &taken.memory) }
            { heat("Disk: blocks, spills and map outputs", "disk", &taken.disk) }
        </>
    }
}

struct Taken {
    samples: Same<Vec<Sample>>,
    tasks: Same<Vec<Named>>,
    memory: Same<Vec<Vec<u64>>>,
    disk: Same<Vec<Vec<u64>>>,
    scale: u64,
}

fn tasks(samples: &[Sample]) -> Same<Vec<Named>> {
    let inks = [Ink::GOOD, Ink::ACCENT, Ink::partition(1), Ink::LINE];
    let series = TASK_STATES.into_iter().zip(inks).enumerate().map(|(place, (name, ink))| {
        let value = |sample: &Sample| sample.tasks.get(place).copied().unwrap_or(0);
        let points = samples.iter().map(|sample| (sample.at, f64::from(value(sample))));
        Named { name, ink, look: Look::Solid, points: points.collect() }
    });
    Same::new(series.collect())
}

/// A row a node, an amount a sample.
fn by_node(samples: &[Sample], of: impl Fn(&Sample) -> &[u64]) -> Same<Vec<Vec<u64>>> {
    let nodes = samples.iter().map(|sample| of(sample).len()).max().unwrap_or(0);
    let row = |node: usize| {
        samples.iter().map(|sample| of(sample).get(node).copied().unwrap_or(0)).collect()
    };
    Same::new((0..nodes).map(row).collect())
}

/// What the plot of a counter is given.
#[derive(Clone, PartialEq, Properties)]
struct CounterProps {
    samples: Same<Vec<Sample>>,
    over: OverTime,
}

/// Where the counters begin in the table of measures: those before it are no counters.
fn counters() -> &'static [Measure] {
    let first = MEASURES.iter().position(|measure| measure.name == "map_input_records");
    MEASURES.get(first.unwrap_or(0)..).unwrap_or_default()
}

/// One of the counters against time.
#[component]
fn CounterPlot(props: &CounterProps) -> Html {
    let chosen = use_state(|| "spilled_records");
    let measure = Measure::named(&chosen).unwrap_or(&MEASURES[0]);
    let series = use_memo((props.samples.clone(), *chosen), |(samples, _)| {
        let value = |sample: &Sample| {
            let came = Came { counters: sample.counters, ..Came::default() };
            measure.of(&came).unwrap_or(0) as f64
        };
        let points = samples.iter().map(|sample| (sample.at, value(sample))).collect();
        Same::new(vec![Named { name: measure.label, ink: Ink::ACCENT, look: Look::Area, points }])
    });
    let onchange = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            let name = select.map(|select| select.value()).unwrap_or_default();
            if let Some(measure) = Measure::named(&name) {
                chosen.set(measure.name);
            }
        })
    };
    let choice = html! {
        <select class="plot-choice" aria-label="Counter" {onchange}>
            { for counters().iter().map(|one| html! {
                <option value={one.name} selected={one.name == measure.name}>{ one.label }</option>
            }) }
        </select>
    };
    let last = series.first().and_then(|named| named.points.last()).map_or(0.0, |point| point.1);
    let OverTime { now, until, width, .. } = props.over;
    html! {
        <LinePlot title="Counter" file="counter" series={(*series).clone()} {choice}
            unit={if measure.unit == Unit::Bytes { Quantity::Bytes } else { Quantity::Count }}
            says={format!("{}: {last} so far", measure.label)} {now} {until} {width} />
    }
}
