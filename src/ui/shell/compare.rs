//! Two branches side by side, in numbers.

use crate::ui::model::run::Run;
use yew::prelude::*;

/// What the comparison needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The run on the screen.
    pub(crate) run: Run,
}

/// Two branches side by side.
#[component]
pub(crate) fn Compare(props: &Props) -> Html {
    let name = props.run.branch.label();
    html! {
        <p class="empty-note">
            { format!("There is only one run ({name}). Do something to its cluster, and it stands here beside what became of it.") }
        </p>
    }
}
