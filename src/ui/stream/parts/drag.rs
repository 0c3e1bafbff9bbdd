//! A record that is dragged along processing time. The pointer's way alone: with the keyboard its arrival is typed in
//! the inspector.

use crate::base::Millis;
use crate::charts::event_time::Axis;
use crate::charts::shape::Point;
use crate::ui::stage::draw::length;
use crate::ui::stream::wording;
use web_sys::Element;
use yew::prelude::*;

/// What the handle is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct DragProps {
    /// Where the record lies.
    pub(super) at: Point,
    /// From processing times to heights.
    pub(super) clock: Axis,
    /// When it happened, or came where that is earlier: it cannot come before.
    pub(super) least: Millis,
    /// Pixels of the screen for one of the picture.
    pub(super) scale: f64,
    /// Hears when it is to come.
    pub(super) on_move: Callback<Millis>,
}

/// A drag: where the pointer began, and how far it has come.
#[derive(Clone, Copy, PartialEq)]
struct Drag {
    begun: f64,
    moved: f64,
}

/// Less than this is a press, and no drag.
const STILL: f64 = 3.0;

/// A handle over a record.
#[component]
pub(super) fn DragHandle(props: &DragProps) -> Html {
    let drag = use_state_eq(|| None::<Drag>);
    let onpointerdown = {
        let drag = drag.clone();
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            event.prevent_default();
            // What follows comes here, wherever the pointer goes.
            if let Some(target) = event.target_dyn_into::<Element>() {
                let _ = target.set_pointer_capture(event.pointer_id());
            }
            drag.set(Some(Drag { begun: f64::from(event.client_y()), moved: 0.0 }));
        })
    };
    let onpointermove = {
        let (drag, scale) = (drag.clone(), props.scale);
        Callback::from(move |event: PointerEvent| {
            if let Some(at) = *drag {
                let moved = (f64::from(event.client_y()) - at.begun) / scale;
                drag.set(Some(Drag { moved, ..at }));
            }
        })
    };
    let arrival = drag.filter(|drag| drag.moved.abs() > STILL).map(|drag| arrival(props, drag));
    let onpointerup = {
        let (drag, on_move) = (drag.clone(), props.on_move.clone());
        Callback::from(move |_: PointerEvent| {
            if let Some(arrival) = arrival {
                on_move.emit(arrival);
            }
            drag.set(None);
        })
    };
    let onpointercancel = {
        let drag = drag.clone();
        Callback::from(move |_: PointerEvent| drag.set(None))
    };
    let Point { x, y } = props.at;
    html! {
        <g class="drag-handle" aria-hidden="true" data-testid="drag-handle">
            <path class="drag-hint" d={format!("M{x:.1} {:.1}l-4 6h8ZM{x:.1} {:.1}l-4 -6h8Z", y - 24.0, y + 24.0)} />
            <circle class="drag-grip" cx={length(x)} cy={length(y)} r="14"
                {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} />
            // There from the start: were it added, the grip would be another element, and lose the pointer.
            <g class="drag-ghost">{ for arrival.map(|arrival| ghost(props, arrival)) }</g>
        </g>
    }
}

/// When it would come: where the pointer is, in whole seconds where the picture shows no less, not before it happened.
fn arrival(props: &DragProps, drag: Drag) -> Millis {
    let raw = props.clock.moment(props.at.y + drag.moved);
    let pixel = props.clock.moment(props.at.y - 1.0) - props.clock.moment(props.at.y);
    let step = if pixel >= 200 { 1_000 } else { 10 };
    ((raw + step / 2).div_euclid(step) * step).max(props.least)
}

fn ghost(props: &DragProps, arrival: Millis) -> Html {
    let (x, y) = (props.at.x, props.clock.at(arrival));
    html! { <>
        <path d={format!("M{x:.1} {:.1}V{y:.1}", props.at.y)} />
        <circle cx={length(x)} cy={length(y)} r="9" />
        <text x={length(x + 16.0)} y={length(y + 4.0)}>{ format!("arrives at {}", wording::mark(Some(arrival))) }</text>
    </> }
}
