//! The page: the one state, what is done in the world for it, and how its parts lie.

use super::ask_files::AskFiles;
use super::caption::Caption;
use super::drawer::Drawer;
use super::drop::use_drop;
use super::failure::Failure;
use super::faults::Faults;
use super::focus;
use super::help::Help;
use super::hooks;
use super::lab::Lab;
use super::notice::Notice;
use super::own_text::OwnText;
use super::parameters::Parameters;
use super::store;
use super::toast::Toast;
use super::top_bar::TopBar;
use super::transport::Transport;
use super::verb_bar::VerbBar;
use crate::lessons::glossary::Sense;
use crate::scenario::{self, Input, Key};
use crate::ui::inspector::Inspector;
use crate::ui::model::action::{Action, Change, Look, Play};
use crate::ui::model::catalog;
use crate::ui::model::follow::Followed;
use crate::ui::model::needs::Needs;
use crate::ui::model::run::Run;
use crate::ui::model::state::{Health, LabState, Pending};
use crate::ui::model::tracks::{horizon, tracks};
use crate::ui::model::view::{self, Panel};
use crate::ui::model::{link, naming};
use crate::ui::stage::Stage;
use crate::ui::stream::StreamStage;
use std::rc::Rc;
use yew::prelude::*;

/// The page.
#[component]
pub fn App() -> Html {
    let lab = use_reducer(|| Lab(store::recall()));
    let send = {
        let dispatcher = lab.dispatcher();
        use_memo((), move |()| Callback::from(move |action: Action| dispatcher.dispatch(action)))
    };
    let (state, send) = (&lab.0, &*send);
    hooks::use_conductor(state, send);
    hooks::use_sweep(state, send);
    hooks::use_several(state, send);
    hooks::use_texts(state, send);
    hooks::use_frames(state.player.playing, send);
    hooks::use_keys(state, send);
    hooks::use_address(state, send);
    hooks::use_visibility(send);
    hooks::use_paste(send);
    hooks::use_look(state);
    let on_share = hooks::use_share(state, send);
    focus::use_kept_focus();
    focus::use_space(send.reform(|()| Action::Play(Play::Toggle)));
    let drop = use_drop(send);
    let view = &state.view;
    let class = classes!(
        "lab",
        view.stage_alone.then_some("stage-alone"),
        drop.is_held.then_some("dropping")
    );
    let sense = match run_lab(state) {
        scenario::Lab::Mapreduce => Sense::Batch,
        scenario::Lab::Stream => Sense::Stream,
    };
    html! {
        <ContextProvider<Sense> context={sense}>
        <div id="lab" {class} data-testid="lab" data-state={page_state(state)} data-event={event_number(state)}
            data-finished={state.run.as_ref().is_some_and(Run::is_at_end).to_string()}
            data-branch={state.run.as_ref().map(|run| run.branch.name())}
            data-simulated={state.run.as_ref().is_some_and(|run| run.summary().is_some()).to_string()}
            ondragover={drop.over} ondragleave={drop.leave} ondrop={drop.dropped}>
            { top_bar(state, on_share, send) }
            { work(state, send) }
            <footer class="bottom">
                if view.embedded && state.run.is_some() {
                    <EmbedLink moment={link::parts(state).map(|(base, sight)| base + &sight).unwrap_or_default()} />
                }
                <Caption run={state.run.clone()} playing={state.player.playing} send={send.clone()} />
                { transport(state, send) }
                <Drawer run={state.run.clone()} branches={compared(state)} sweeps={Rc::clone(&state.sweeps)} several={Rc::clone(&state.several)} hold_back={state.holds_back()} selection={state.selection} open={view.drawer} answers={Rc::clone(&state.answers)} send={send.clone()} />
            </footer>
            { over(state, send) }
        </div>
        </ContextProvider<Sense>>
    }
}

fn page_state(state: &LabState) -> &'static str {
    match (&state.worker.health, &state.run) {
        (Health::Failed(_), _) => "failed",
        (Health::Starting | Health::Ready(_), None) => "loading",
        (Health::Starting | Health::Ready(_), Some(_)) => "ready",
    }
}

fn event_number(state: &LabState) -> String {
    state.run.as_ref().map_or(0, |run| run.place.events).to_string()
}

fn top_bar(state: &LabState, on_share: Callback<()>, send: &Callback<Action>) -> Html {
    let run = state.run.as_ref();
    let text_name = run.and_then(|run| match &run.scenario.input {
        Input::File { name, .. } => Some(AttrValue::from(name.clone())),
        Input::Files(files) => {
            let count = crate::base::format::Counted(files.len() as u64, "file");
            Some(AttrValue::from(format!("Your own {count}")))
        }
        Input::Made(_) | Input::Text(_) | Input::Builtin(_) | Input::Events(_) => None,
    });
    html! {
        <TopBar lab={run_lab(state)} preset={run.and_then(|run| run.preset)} title={run.and_then(naming::title)} {text_name}
            can_undo={!state.former.is_empty() || (run.is_some() && state.pending.is_some())}
            can_redo={!state.undone.is_empty()} is_live={wants_live(state)}
            theme={state.view.theme} presenter={state.view.presenter} {on_share} send={send.clone()} />
    }
}

/// All branches, while they are compared.
fn compared(state: &LabState) -> Vec<Run> {
    match state.view.drawer {
        Some(view::Tab::Compare | view::Tab::Plots) => {
            state.branches().into_iter().cloned().collect()
        }
        Some(
            view::Tab::Results
            | view::Tab::Log
            | view::Tab::Counters
            | view::Tab::Sweep
            | view::Tab::Panes
            | view::Tab::Ledger
            | view::Tab::Answers,
        )
        | None => Vec::new(),
    }
}

/// Whether the run on the screen is live, or the one that is about to take its place.
fn wants_live(state: &LabState) -> bool {
    let newest = state.pending.as_ref().map(|pending| &pending.run).or(state.run.as_ref());
    newest.is_some_and(|run| run.live.is_some())
}

/// The stage with the panels beside it.
fn work(state: &LabState, send: &Callback<Action>) -> Html {
    let view = &state.view;
    let open = |panel: Panel| send.reform(move |_: MouseEvent| Action::Look(Look::Toggle(panel)));
    let side_tab = |name: &'static str, class: &'static str, panel: Panel| {
        html! {
            <button type="button" class={classes!("side-tab", class)} onclick={open(panel)} aria-expanded="false">
                <span>{ name }</span>
            </button>
        }
    };
    html! {
        <div class="work">
            if let Some(run) = state.run.as_ref().filter(|_| view.parameters && !view.stage_alone) {
                <Parameters run={run.clone()} notice={state.notice.clone()} unfit={state.unfit.clone()} busy={state.pending.is_some()} send={send.clone()} />
            } else if let Some(run) = state.run.as_ref().filter(|_| view.faults && !view.stage_alone) {
                { faults(run, state, send) }
            } else {
                <div class="side-tabs left">
                    { side_tab("Parameters", "left", Panel::Parameters) }
                    { side_tab("Faults", "left", Panel::Faults) }
                </div>
            }
            <main class="stage-frame">
                { failure(state, send) }
                if let Some(run) = &state.run {
                    { stage(run, state, send) }
                } else {
                    <p class="loading" role="status">{ "Starting the cluster…" }</p>
                }
                if let (Some(run), Some(selection)) = (&state.run, state.selection) {
                    <VerbBar run={run.clone()} {selection} busy={state.forking.is_some()} send={send.clone()} />
                }
                { messages(state, send) }
            </main>
            if let Some(run) = state.run.as_ref().filter(|_| view.inspector && !view.stage_alone) {
                { inspector(run, state, send) }
            } else {
                { side_tab("Inspector", "right", Panel::Inspector) }
            }
        </div>
    }
}

/// The lab of what is on the screen.
fn run_lab(state: &LabState) -> scenario::Lab {
    state.run.as_ref().map_or(scenario::Lab::default(), Run::lab)
}

fn stage(run: &Run, state: &LabState, send: &Callback<Action>) -> Html {
    let on_select = send.reform(|selection| Action::Look(Look::Select(selection)));
    if run.lab() == scenario::Lab::Stream {
        let holds_back = state.holds_back() && !run.is_seen_whole();
        let on_move =
            send.reform(|(record, arrival)| Action::Change(Change::MoveRecord(record, arrival)));
        let known = if holds_back { run.furthest.events } else { run.timeline.len() };
        return html! {
            <StreamStage key={run.id} snapshot={Rc::clone(&run.snapshot)} timeline={run.timeline.clone()}
                selection={state.selection} {on_select} {on_move} presenter={state.view.presenter}
                now={run.place.at} {known} horizon={run.horizon(state.holds_back())}
                first_key={run.preset.and_then(catalog::text_of).and_then(|text| text.key)} />
        };
    }
    html! {
        <ContextProvider<Option<Rc<Followed>>> context={followed(run, state)}>
        <Stage snapshot={Rc::clone(&run.snapshot)} selection={state.selection} {on_select}
            presenter={state.view.presenter} input_text={run.text.clone()} now={run.place.at}
            playing={state.player.playing} spill_percent={run.scenario.parameters.get(Key::SpillPercent)} />
        </ContextProvider<Option<Rc<Followed>>>>
    }
}

/// The record that is followed, when it is of this run.
fn followed(run: &Run, state: &LabState) -> Option<Rc<Followed>> {
    state.followed.clone().filter(|followed| followed.run == run.id)
}

fn faults(run: &Run, state: &LabState, send: &Callback<Action>) -> Html {
    let refused = state.notice_about("fault").map(|notice| AttrValue::from(notice.message.clone()));
    html! {
        <Faults run={run.clone()} hold_back={state.holds_back()} {refused} busy={state.forking.is_some()} send={send.clone()} />
    }
}

fn inspector(run: &Run, state: &LabState, send: &Callback<Action>) -> Html {
    html! {
        <Inspector key={run.id} snapshot={Rc::clone(&run.snapshot)} timeline={run.timeline.clone()}
            selection={state.selection} answers={Rc::clone(&state.answers)} zooms={state.view.zoom}
            zoom_step={state.view.zoom_step} on_zoom_step={send.reform(|step| Action::Look(Look::ZoomStep(step)))}
            on_zoom={send.reform(|()| Action::Look(Look::Toggle(Panel::Zoom)))}
            on_select={send.reform(|selection| Action::Look(Look::Select(selection)))}
            on_jump={send.reform(|seq| Action::Play(Play::Jump(seq)))}
            on_query={send.reform(|query| Action::Look(Look::Ask(query)))}
            on_strike={send.reform(|fault| Action::Change(Change::Strike(fault)))}
            on_move={send.reform(|(record, arrival)| Action::Change(Change::MoveRecord(record, arrival)))}
            on_close={send.reform(|()| Action::Look(Look::Toggle(Panel::Inspector)))} />
    }
}

/// The worker broke down: said above the stage, which stays in view.
fn failure(state: &LabState, send: &Callback<Action>) -> Html {
    match &state.worker.health {
        Health::Failed(message) => html! {
            <Failure message={message.clone()} report={report(state, message)} has_trace={state.run.is_some()} send={send.clone()} />
        },
        Health::Starting | Health::Ready(_) => html! {},
    }
}

/// What the reader must be told, over the stage: what is about a field stands at the field.
fn messages(state: &LabState, send: &Callback<Action>) -> Html {
    let is_at_field = |notice: &crate::ui::model::state::Notice| {
        let name = notice.about.as_deref();
        let is_parameter = name.and_then(crate::scenario::Parameter::named).is_some();
        let is_fault = name == Some("fault") && state.view.faults;
        let is_job = name == Some("job") && state.unfit.is_some();
        let asks = needs(state).is_some_and(Needs::asks_for_files);
        let is_text =
            name == Some("input") && (asks || state.view.dialog == Some(view::Dialog::OwnText));
        ((is_parameter || is_job) && state.view.parameters) || is_fault || is_text
    };
    html! {
        // An element that is always there: what stands before it is a component that may be drawn later, and
        // finds its place by its neighbour.
        <div class="messages">
            if let Some(pending) = state.pending.as_ref().filter(|_| state.run.is_some()) {
                { starting(pending, send) }
            }
            if let Some(followed) = state.run.as_ref().and_then(|run| followed(run, state)) {
                { following(&followed, send) }
            }
            if let Some(toast) = &state.toast {
                <Toast toast={toast.clone()} send={send.clone()} />
            }
            if let Some(notice) = state.notice.as_ref().filter(|notice| !is_at_field(notice)) {
                <Notice notice={notice.clone()} send={send.clone()} />
            }
        </div>
    }
}

/// Which record is followed, and the way out.
fn following(followed: &Followed, send: &Callback<Action>) -> Html {
    let stop = send.reform(|_: MouseEvent| Action::Look(Look::Follow(None)));
    html! {
        <div class="starting following" role="status" data-testid="following">
            { format!("Following {}", followed.way()) }
            <button type="button" class="button quiet" onclick={stop}>{ "Stop" }</button>
        </div>
    }
}

/// What the run that is to begin still needs.
fn needs(state: &LabState) -> Option<&Needs> {
    state.pending.as_ref().and_then(|pending| pending.needs.as_ref())
}

/// A link's files are asked for.
fn ask_files(state: &LabState, problem: Option<AttrValue>, send: &Callback<Action>) -> Html {
    match needs(state).filter(|needs| needs.asks_for_files()) {
        Some(needs) => html! { <AskFiles needs={needs.clone()} {problem} send={send.clone()} /> },
        None => html! {},
    }
}

/// Leads from a frame to the whole page, at the same moment.
#[derive(Clone, PartialEq, Properties)]
struct EmbedLinkProps {
    moment: String,
}

#[component]
fn EmbedLink(props: &EmbedLinkProps) -> Html {
    let address = web_sys::window().and_then(|window| window.location().pathname().ok());
    let href = format!("{}#{}", address.unwrap_or_default(), props.moment);
    html! { <a class="embed-link" {href} target="_blank" rel="noopener">{ "Open in Millrace" }</a> }
}

/// Another run is being started: its text is fetched or checked.
fn starting(pending: &Pending, send: &Callback<Action>) -> Html {
    let give_up = send.reform(|_: MouseEvent| Action::Change(Change::GiveUp));
    let what = match &pending.needs {
        Some(needs) if needs.asks_for_files() => "Waiting for your files…",
        Some(_) => "Fetching the text…",
        None => "Starting the run…",
    };
    html! {
        <div class="starting" role="status">
            { what }
            <button type="button" class="button quiet" onclick={give_up}>{ "Give up" }</button>
        </div>
    }
}

/// What helps to find a mistake: version, message, scenario and playhead.
fn report(state: &LabState, message: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let run = state.run.as_ref().or(state.pending.as_ref().map(|pending| &pending.run));
    let scenario = run.map_or_else(String::new, |run| run.scenario.to_json());
    let place = run.map_or_else(String::new, |run| {
        format!("event {} of {} at {}", run.place.events, run.timeline.len(), run.place.at)
    });
    format!("Millrace {version}\n{message}\n{place}\n{scenario}\n")
}

fn transport(state: &LabState, send: &Callback<Action>) -> Html {
    let speed = state.player.speed;
    let quiet = state.run.as_ref().and_then(|run| run.quiet_at(run.place.at, speed));
    html! {
        <Transport run={state.run.clone()} tracks={tracks(state)} horizon={horizon(state)} player={state.player} {quiet} hold_back={state.holds_back()} send={send.clone()} />
    }
}

/// Dialogs and the blank screen.
fn over(state: &LabState, send: &Callback<Action>) -> Html {
    let version = match &state.worker.health {
        Health::Ready(version) => version.clone(),
        Health::Starting | Health::Failed(_) => String::new(),
    };
    let problem = state.notice_about("input").map(|notice| AttrValue::from(notice.message.clone()));
    let problem_of_files = problem.clone();
    let unblank = send.reform(|_: MouseEvent| Action::Look(Look::Toggle(Panel::Blank)));
    html! {
        <>
            { match state.view.dialog {
                Some(view::Dialog::Help) => html! {
                    <Help lab={run_lab(state)} letters_off={state.view.letters_off} {version} send={send.clone()} />
                },
                Some(view::Dialog::OwnText) => html! {
                    <OwnText lab={run_lab(state)} {problem} busy={state.pending.is_some()} send={send.clone()} />
                },
                None => html! {},
            } }
            { ask_files(state, problem_of_files, send) }
            if state.view.blank {
                <button type="button" class="blank" aria-label="The screen is blank. Show the page again." onclick={unblank} />
            }
        </>
    }
}
