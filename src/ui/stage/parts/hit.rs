//! Something in the picture that can be pressed. What is drawn is hidden from a screen reader; over
//! it lies a real button, invisible, with a name that says all of it in words.

use super::draw::block;
use crate::charts::shape::Rect;
use crate::ui::model::follow::Followed;
use crate::ui::selection::Selection;
use std::rc::Rc;
use yew::prelude::*;

/// What a pressable thing is given.
#[derive(Clone, PartialEq, Properties)]
pub(in crate::ui) struct HitProps {
    /// Where it can be pressed.
    pub(in crate::ui) areas: Vec<Rect>,
    /// What it shows, in words.
    pub(in crate::ui) name: AttrValue,
    /// What pressing it selects.
    pub(in crate::ui) selects: Selection,
    /// Whether it is selected.
    #[prop_or_default]
    pub(in crate::ui) is_selected: bool,
    /// Whether the tab key stops here. Where there are hundreds, their row is the stop.
    #[prop_or(true)]
    pub(in crate::ui) is_stop: bool,
    /// Whether it is marked when it has a part in what is followed.
    #[prop_or(true)]
    pub(in crate::ui) shows_follow: bool,
    /// Classes of its group.
    #[prop_or_default]
    pub(in crate::ui) class: Classes,
    /// A CSS transform of its group.
    #[prop_or_default]
    pub(in crate::ui) style: Option<AttrValue>,
    /// Hears of the press.
    pub(in crate::ui) on_select: Callback<Selection>,
    /// What is drawn.
    pub(in crate::ui) children: Html,
}

/// Whether a key presses the button that has the focus. It is then for that button alone, and the
/// space bar not for the player.
pub(super) fn is_press(event: &KeyboardEvent) -> bool {
    let presses = !event.repeat() && (event.key() == "Enter" || event.key() == " ");
    if presses {
        event.prevent_default();
        event.stop_propagation();
    }
    presses
}

/// Something in the picture that can be pressed.
#[component]
pub(in crate::ui) fn Hit(props: &HitProps) -> Html {
    let selects = props.selects;
    let onclick = props.on_select.reform(move |event: MouseEvent| {
        event.stop_propagation();
        selects
    });
    let on_select = props.on_select.clone();
    let onkeydown = move |event: KeyboardEvent| {
        if is_press(&event) {
            on_select.emit(selects);
        }
    };
    let followed = use_context::<Option<Rc<Followed>>>().flatten();
    let is_followed =
        props.shows_follow && followed.is_some_and(|followed| followed.marks(selects));
    html! {
        <g class={classes!("hit", props.class.clone(), props.is_selected.then_some("is-selected"), is_followed.then_some("is-followed"))}
            style={props.style.clone()}>
            <g aria-hidden="true">
                { props.children.clone() }
                if is_followed { { for props.areas.iter().map(|area| block("follow-mark", *area)) } }
            </g>
            <g class="hit-button" role="button" tabindex={if props.is_stop { "0" } else { "-1" }}
                aria-label={props.name.clone()} aria-pressed={props.is_selected.to_string()}
                {onclick} {onkeydown}>
                { for props.areas.iter().map(|area| block("touch", *area)) }
            </g>
        </g>
    }
}
