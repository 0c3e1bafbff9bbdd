//! What lies below the player: plots, results, the log and the counters, closed until wanted.

use super::compare::Compare;
use super::counters::Counters;
use super::log::Log;
use super::results::Results;
use super::sweep::Sweep;
use super::trace_files::TraceFiles;
use crate::base::Millis;
use crate::scenario::Lab;
use crate::ui::model::action::{Action, Look};
use crate::ui::model::answers::Answers;
use crate::ui::model::comparison::counted;
use crate::ui::model::run::Run;
use crate::ui::model::several::Several;
use crate::ui::model::sweep::Sweeps;
use crate::ui::model::view::{Panel, Tab};
use crate::ui::plots::Plots;
use crate::ui::plots::ghost::Ghost;
use crate::ui::selection::Selection;
use crate::ui::stream::{AnswersView, LedgerTable, PaneTable};
use std::rc::Rc;
use yew::prelude::*;

/// What the drawer needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The run on the screen, if there is one.
    pub(crate) run: Option<Run>,
    /// All branches, where they are compared.
    pub(crate) branches: Vec<Run>,
    /// The sweep.
    pub(crate) sweeps: Rc<Sweeps>,
    /// One stream in several ways.
    pub(crate) several: Rc<Several>,
    /// Whether nothing later than the furthest place reached may be shown.
    pub(crate) hold_back: bool,
    /// What is selected.
    pub(crate) selection: Option<Selection>,
    /// The tab that is open, if one is.
    pub(crate) open: Option<Tab>,
    /// What was asked of the run's data.
    pub(crate) answers: Rc<Answers>,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The tabs below the player.
#[component]
pub(crate) fn Drawer(props: &Props) -> Html {
    let send = &props.send;
    let tab_button = |tab: Tab| {
        let onclick =
            send.reform(move |_: MouseEvent| Action::Look(Look::Toggle(Panel::Drawer(tab))));
        let is_open = props.open == Some(tab);
        html! {
            <button type="button" class="drawer-tab" aria-expanded={is_open.to_string()}
                aria-controls={is_open.then_some("drawer")} {onclick}>
                { tab.name() }
            </button>
        }
    };
    let lab = props.run.as_ref().map_or(Lab::default(), Run::lab);
    let tabs = Tab::of(lab);
    let on_select = send.reform(|selection| Action::Look(Look::Select(selection)));
    html! {
        <section class="drawer-frame" aria-label="More about the run">
            <div class="drawer-tabs">{ for tabs.iter().copied().map(tab_button) }</div>
            if let (Some(tab), Some(run)) = (props.open.filter(|tab| tabs.contains(tab)), &props.run) {
                <div id="drawer" class="drawer" role="region" aria-label={tab.name()} tabindex="0">
                    { match tab {
                        Tab::Plots => plots(props, run),
                        Tab::Results => html! {
                            <Results key={run.id} run={run.id} snapshot={Rc::clone(&run.snapshot)} answers={Rc::clone(&props.answers)} send={send.clone()} />
                        },
                        Tab::Log => html! {
                            <>
                            <TraceFiles run={run.clone()} hold_back={props.hold_back} send={send.clone()} />
                            <Log timeline={run.timeline.clone()} shown={run.place.events} send={send.clone()} />
                            </>
                        },
                        Tab::Counters => html! {
                            <Counters snapshot={Rc::clone(&run.snapshot)} selection={props.selection} />
                        },
                        Tab::Compare => html! {
                            <Compare branches={props.branches.clone()} shown={run.branch.number} hold_back={props.hold_back} send={send.clone()} />
                        },
                        Tab::Panes => html! {
                            <PaneTable state={run.snapshot.stream.clone()} selection={props.selection} {on_select} />
                        },
                        Tab::Ledger => html! {
                            <LedgerTable state={run.snapshot.stream.clone()} timeline={run.timeline.clone()}
                                applied={run.place.events} selection={props.selection} {on_select} />
                        },
                        Tab::Answers => html! {
                            <AnswersView several={Rc::clone(&props.several)} until={told_until(run, props.hold_back)}
                                {on_select} send={send.clone()} />
                        },
                        Tab::Sweep => html! {
                            <Sweep run={run.clone()} sweeps={Rc::clone(&props.sweeps)} send={send.clone()} />
                        },
                    } }
                </div>
            }
        </section>
    }
}

/// Of a stream held back, the furthest moment that was seen.
fn told_until(run: &Run, hold_back: bool) -> Option<Millis> {
    let is_held = hold_back && !run.is_seen_whole();
    let clock = run.snapshot.stream.as_ref().map(|state| state.clock(run.furthest.at));
    // Before the job has begun, nothing of it is known.
    is_held.then(|| clock.unwrap_or(Millis::MIN))
}

fn plots(props: &Props, run: &Run) -> Html {
    let on_select = props.send.reform(|selection| Action::Look(Look::Select(selection)));
    html! {
        <Plots key={run.id} timeline={run.timeline.clone()} furthest={run.furthest.events}
            now={run.place.at} {on_select} ghosts={ghosts(props, run)} />
    }
}

/// The other branches, the one that this comes from first.
fn ghosts(props: &Props, run: &Run) -> Vec<Ghost> {
    let others = props.branches.iter().filter(|other| other.branch.number != run.branch.number);
    let mut others: Vec<&Run> = others.collect();
    others.sort_by_key(|other| Some(other.branch.number) != run.branch.parent);
    let ghost = |other: &Run| Ghost {
        number: other.branch.number,
        label: other.branch.label(),
        timeline: other.timeline.clone(),
        upto: counted(other, props.hold_back),
    };
    others.into_iter().map(ghost).collect()
}
