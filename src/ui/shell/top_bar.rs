//! The top bar: the name, the scenario picker, the reader's own text, undo, presenter mode, theme
//! and help.

use super::browser;
use super::icon::{Icon, icon};
use super::live_switch::LiveSwitch;
use crate::scenario::Lab;
use crate::ui::model::action::{Action, Change, Look};
use crate::ui::model::catalog;
use crate::ui::model::view::{Dialog, Panel, Theme};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What the top bar needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The lab that it is of.
    pub(crate) lab: Lab,
    /// The preset on the screen; nothing for a text of the reader's.
    pub(crate) preset: Option<&'static str>,
    /// The run's name, where it has a preset: its title, and what was changed of it.
    pub(crate) title: Option<String>,
    /// The name of the text, when it is the reader's.
    pub(crate) text_name: Option<AttrValue>,
    /// Whether there is a change to take back.
    pub(crate) can_undo: bool,
    /// Whether there is an undoing to take back.
    pub(crate) can_redo: bool,
    /// Whether the run is live.
    pub(crate) is_live: bool,
    /// Light, dark or the system's.
    pub(crate) theme: Theme,
    /// Whether presenter mode is on.
    pub(crate) presenter: bool,
    /// A link is wanted.
    pub(crate) on_share: Callback<()>,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The top bar.
#[component]
pub(crate) fn TopBar(props: &Props) -> Html {
    let send = &props.send;
    let undo = send.reform(|_: MouseEvent| Action::Change(Change::Undo));
    let redo = send.reform(|_: MouseEvent| Action::Change(Change::Redo));
    let own =
        send.reform(|_: MouseEvent| Action::Look(Look::Toggle(Panel::Dialog(Dialog::OwnText))));
    let presenter = send.reform(|_: MouseEvent| Action::Look(Look::Presenter));
    let share = props.on_share.reform(|_: MouseEvent| ());
    let share_name = match props.is_live {
        true => "Copy a link to this live run",
        false => "Copy a link to this moment",
    };
    let own_name = match props.lab {
        Lab::Mapreduce => "Own text",
        Lab::Stream => "Own events",
    };
    let help = send.reform(|_: MouseEvent| Action::Look(Look::Toggle(Panel::Dialog(Dialog::Help))));
    html! {
        <header class="top-bar">
            <h1 class="name">
                <svg class="wheel" viewBox="0 0 24 24" aria-hidden="true">
                    <circle cx="12" cy="12" r="9" />
                    <path d="M12 1v22M1 12h22M4.2 4.2l15.6 15.6M19.8 4.2 4.2 19.8" />
                    <circle cx="12" cy="12" r="3" class="hub" />
                </svg>
                { "Millrace" }
            </h1>
            { labs(props) }
            { picker(props) }
            if props.lab == Lab::Mapreduce {
                <LiveSwitch is_live={props.is_live} send={send.clone()} />
            }
            <button type="button" class="button quiet" onclick={own}>
                { icon(Icon::Text) }<span class="wide-only">{ own_name }</span>
                <span class="unseen narrow-only">{ own_name }</span>
            </button>
            <span class="spacer" />
            if props.can_undo {
                <button type="button" class="button quiet" onclick={undo} title="Take back the last change (Ctrl+Z)">
                    { icon(Icon::Undo) }{ "Undo" }
                </button>
            }
            if props.can_redo {
                <button type="button" class="button quiet icon-only" onclick={redo} aria-label="Redo" title="Do it again (Ctrl+Shift+Z)">
                    { icon(Icon::Redo) }
                </button>
            }
            <button type="button" class="button quiet icon-only" onclick={share} aria-label={share_name} title={share_name} data-testid="share">
                { icon(Icon::Link) }
            </button>
            <button type="button" class="button quiet" onclick={presenter}
                aria-pressed={props.presenter.to_string()} title="Larger type, and no spoilers (m)">
                { icon(Icon::Presenter) }<span class="wide-only">{ "Presenter" }</span>
                <span class="unseen narrow-only">{ "Presenter" }</span>
            </button>
            { theme_button(props.theme, send) }
            <button type="button" class="button quiet icon-only" onclick={help} aria-label="Help" title="Keys and how to read the page (?)">
                { icon(Icon::Help) }
            </button>
        </header>
    }
}

/// The scenarios by name. The one that is chosen goes into the address, so that the browser's way
/// back leads to the one before.
fn picker(props: &Props) -> Html {
    // A changed run has an entry of its own; its preset's leads back to that.
    let plain = props.preset.and_then(catalog::preset).map(catalog::title);
    let changed = props.title.as_deref().filter(|title| Some(*title) != plain);
    let current = props.preset.filter(|_| changed.is_none());
    let own_name = props.text_name.clone().unwrap_or_else(|| match props.lab {
        Lab::Mapreduce => "Your own text".into(),
        Lab::Stream => "Your own events".into(),
    });
    let send = props.send.clone();
    let onchange = Callback::from(move |event: Event| {
        let select: Option<HtmlSelectElement> = event.target_dyn_into();
        let name = select.map(|select| select.value()).unwrap_or_default();
        if let Some(preset) = catalog::preset(&name) {
            open(preset.name, &send);
        }
    });
    html! {
        <label class="picker">
            <span class="unseen">{ "Scenario" }</span>
            <select {onchange} data-testid="scenario">
                if current.is_none() {
                    <option value="" selected={true}>
                        { changed.map_or_else(|| own_name.to_string(), str::to_owned) }
                    </option>
                }
                { for catalog::presets_of(props.lab).iter().map(|preset| html! {
                    <option value={preset.name} selected={current == Some(preset.name)}>
                        { catalog::title(preset) }
                    </option>
                }) }
            </select>
        </label>
    }
}

/// Opens a preset by the address.
fn open(name: &'static str, send: &Callback<Action>) {
    if browser::fragment() == name {
        send.emit(Action::Change(Change::Preset(name)));
    } else {
        browser::go_to_fragment(name);
    }
}

/// The way to each lab: it opens on its first preset.
fn labs(props: &Props) -> Html {
    let one = |(lab, name): (Lab, &'static str)| {
        let (send, is_here) = (props.send.clone(), props.lab == lab);
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(first) = catalog::presets_of(lab).first().filter(|_| !is_here) {
                open(first.name, &send);
            }
        });
        html! {
            <button type="button" class="switch" aria-pressed={is_here.to_string()} {onclick}>{ name }</button>
        }
    };
    html! {
        <div class="lab-switch" role="group" aria-label="Lab" data-testid="labs">
            { for catalog::LABS.map(one) }
        </div>
    }
}

fn theme_button(theme: Theme, send: &Callback<Action>) -> Html {
    let next = theme.next();
    let onclick = send.reform(move |_: MouseEvent| Action::Look(Look::Theme(next)));
    let (picture, name) = match theme {
        Theme::System => (Icon::System, "Theme: as the system"),
        Theme::Light => (Icon::Sun, "Theme: light"),
        Theme::Dark => (Icon::Moon, "Theme: dark"),
    };
    html! {
        <button type="button" class="button quiet icon-only" {onclick} aria-label={name} title={name} data-testid="theme">
            { icon(picture) }
        </button>
    }
}
