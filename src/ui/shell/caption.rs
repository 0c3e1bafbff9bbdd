//! The line between stage and player that says in words what is seen: the preset's question before
//! the start, then the caption of the moment, and at the end what was seen. It is announced.

use super::focus;
use super::term::{Term, with_terms};
use crate::lab::messages::Summary;
use crate::scenario::{Key, Lab, presets};
use crate::trace::snapshot::StreamState;
use crate::ui::model::action::{Action, Look, Play};
use crate::ui::model::live::Live;
use crate::ui::model::run::Run;
use crate::ui::model::view::{Panel, Tab};
use crate::ui::model::{amount, catalog, naming, outcome};
use crate::ui::stream::verdict::Verdict;
use yew::prelude::*;

/// What the caption needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The run on the screen, if there is one.
    pub(crate) run: Option<Run>,
    /// Whether it plays.
    pub(crate) playing: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The line that says what is seen.
#[component]
pub(crate) fn Caption(props: &Props) -> Html {
    let Some(run) = &props.run else {
        return html! {
            <section class="caption" aria-label="What happens">
                <p class="caption-text" role="status">{ "Starting the cluster…" }</p>
            </section>
        };
    };
    let is_untouched = run.is_untouched() && !props.playing;
    let asks = is_untouched || (run.is_at_stop() && !props.playing);
    let has_failed =
        run.is_at_end() && run.summary().is_some_and(|summary| summary.failed.is_some());
    let class = classes!(
        "caption",
        has_failed.then_some("failed"),
        asks.then_some("asks"),
        run.is_at_end().then_some("ended")
    );
    html! {
        <section {class} aria-label="What happens">
            if asks {
                { question(run, is_untouched, &props.send) }
            } else if let Some(summary) = run.summary().filter(|_| run.is_at_end()) {
                { match &summary.failed {
                    Some(why) => failed(run, why),
                    None => closing(run, summary, &props.send),
                } }
            } else {
                { moment(run) }
            }
            { scale(run) }
        </section>
    }
}

/// Before the start, and before the key moment.
fn question(run: &Run, is_start: bool, send: &Callback<Action>) -> Html {
    let words = catalog::question(&run.scenario, run.preset).map(str::to_owned);
    let words = words.or_else(|| naming::question(run));
    let start = send.reform(|_: MouseEvent| {
        focus::go_to("[data-testid=play]");
        Action::Play(Play::Start)
    });
    html! {
        <>
            <p class="caption-text question" role="status" data-testid="question">
                if !is_start {
                    <span class="paused">{ "Paused before it happens. " }</span>
                }
                { words.unwrap_or_else(|| match run.lab() {
                    Lab::Mapreduce => "How does a cluster count the words of this text?",
                    Lab::Stream => "What does a stream say of windows whose records come out of order?",
                }.to_owned()) }
            </p>
            <button type="button" class="button primary start" onclick={start} data-testid="start">
                { if is_start { "Start" } else { "Go on" } }
            </button>
            { for run.facts.notes.iter().map(|note| html! { <p class="small">{ note }</p> }) }
        </>
    }
}

/// What happened at the moment that the playhead stands at.
fn moment(run: &Run) -> Html {
    let text = run.moment().map(|(_, caption)| caption);
    html! {
        <p class="caption-text" role="status" aria-live="polite" aria-atomic="true" data-testid="caption">
            { with_terms(text.as_deref().unwrap_or("Nothing has happened yet.")) }
        </p>
    }
}

/// What was seen, and that it is right.
fn closing(run: &Run, summary: &Summary, send: &Callback<Action>) -> Html {
    // With what was struck by hand a preset's sentence may be false, and live where its plan of faults was left out.
    let is_followed = |live: &Live| live.simulated.faults.is_empty();
    let is_told = naming::is_own(run) || run.live.as_ref().is_some_and(is_followed);
    let words = catalog::closing(&run.scenario, run.preset.filter(|_| is_told));
    if let Some(job) = &run.snapshot.stream {
        return stream_closing(words, run, job, send);
    }
    let results =
        send.reform(|_: MouseEvent| Action::Look(Look::Toggle(Panel::Drawer(Tab::Results))));
    html! {
        <>
            <div class="closing" role="status">
                <p data-testid="closing">
                    { words.map_or_else(|| outcome::closing(run), str::to_owned) }
                </p>
                if let Some(opened) = &run.opened {
                    <p class="verdict" data-testid="verdict">
                        { format!("Opened from {}: a trace has no data, so its result is not checked here.", opened.name) }
                    </p>
                } else {
                <p class={classes!("verdict", (!summary.equals_oracle).then_some("wrong"))} data-testid="verdict">
                    { "Same result as one plain loop over the input: " }
                    <strong>{ if summary.equals_oracle { "yes" } else { "no" } }</strong>
                </p>
                }
            </div>
            <button type="button" class="button" onclick={results}>{ "Results" }</button>
        </>
    }
}

/// What was seen of a stream job; of a changed one what it says otherwise than before; and in how many windows it says
/// what a batch would.
fn stream_closing(
    words: Option<&'static str>,
    run: &Run,
    job: &StreamState,
    send: &Callback<Action>,
) -> Html {
    let ledger =
        send.reform(|_: MouseEvent| Action::Look(Look::Toggle(Panel::Drawer(Tab::Ledger))));
    let verdict = Verdict::of(job);
    html! {
        <>
            <div class="closing" role="status">
                <p data-testid="closing">
                    { words.map(str::to_owned).or_else(|| run.answers_otherwise()).unwrap_or_else(|| {
                        "Each record is accounted for once in each of its windows, whatever became of it.".to_owned()
                    }) }
                </p>
                <p class={classes!("verdict", (!verdict.is_same).then_some("partly"))} data-testid="verdict">
                    { verdict.before }<strong>{ verdict.count }</strong>{ verdict.after }
                </p>
            </div>
            <button type="button" class="button" onclick={ledger}>{ "Ledger" }</button>
        </>
    }
}

/// The job failed: that, why, and what can be tried.
fn failed(run: &Run, said: &str) -> Html {
    let failure = run.snapshot.job.as_ref().and_then(|job| job.failed.as_ref());
    let why = failure.map_or_else(|| said.to_owned(), outcome::why);
    // A preset that is to fail says what was seen; where the reader made it fail, what can be tried.
    let preset = presets::of(&run.scenario).and_then(|preset| catalog::text_of(preset.name));
    let advice = failure.map(|failure| outcome::advice(&failure.error));
    let words = preset.map(|text| text.closing).or(advice);
    html! {
        <div class="closing" role="status" data-testid="failed">
            <p><strong>{ "The job failed. " }</strong>{ catalog::sentence(&why) }</p>
            for words in words {
                <p class="verdict">{ words }</p>
            }
        </div>
    }
}

/// What a byte stands for; of a live run, whose bytes are what they are, what it leaves out.
fn scale(run: &Run) -> Html {
    if let Some(live) = &run.live {
        let notes = live.notes();
        return html! {
            if !notes.is_empty() {
                <p class="scale live-notes" data-testid="live-notes">{ notes.join(" ") }</p>
            }
        };
    }
    let scale = run.scenario.parameters.get(Key::Scale);
    if scale == 1 || run.lab() == Lab::Stream {
        return html! {};
    }
    let stands_for = amount::scale(scale);
    html! {
        <p class="scale" data-testid="scale">
            <Term word="scale">{ format!("1 byte here stands for {stands_for}") }</Term>
        </p>
    }
}
