//! The few icons of the page, as lines on a 24 by 24 grid. They say nothing to a screen reader:
//! the button around them does.

use yew::prelude::*;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    First,
    Back,
    Play,
    Pause,
    Forward,
    Last,
    Undo,
    Redo,
    Help,
    Presenter,
    Sun,
    Moon,
    System,
    Close,
    Down,
    Text,
    Link,
}

impl Icon {
    /// Filled outlines and lines.
    fn paths(self) -> (&'static str, &'static str) {
        match self {
            Icon::First => ("M19 5v14L8 12z", "M5.5 5v14"),
            Icon::Back => ("M17 5v14L6 12z", ""),
            Icon::Play => ("M7 4.5v15l12.5-7.5z", ""),
            Icon::Pause => ("M6.5 5h4v14h-4zM13.5 5h4v14h-4z", ""),
            Icon::Forward => ("M7 5v14l11-7z", ""),
            Icon::Last => ("M5 5v14l11-7z", "M18.5 5v14"),
            Icon::Undo => ("", "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3"),
            Icon::Redo => ("", "M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3"),
            Icon::Help => ("M11 16.5h2v2h-2z", "M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .6-1.5 1.2-1.5 2.3"),
            Icon::Presenter => ("", "M3 4h18M5 4v11h14V4M12 15v3M8 21l4-3 4 3"),
            Icon::Sun => (
                "",
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2",
            ),
            Icon::Moon => ("", "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5"),
            Icon::System => ("M12 4a8 8 0 0 1 0 16z", "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16"),
            Icon::Close => ("", "M6 6l12 12M18 6 6 18"),
            Icon::Down => ("", "M6 9l6 6 6-6"),
            Icon::Link => (
                "",
                "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1-1",
            ),
            Icon::Text => ("", "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"),
        }
    }
}

/// Draws an icon in the colour of the text around it.
pub(crate) fn icon(icon: Icon) -> Html {
    let (filled, lines) = icon.paths();
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d={filled} fill="currentColor" />
            <path d={lines} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}
