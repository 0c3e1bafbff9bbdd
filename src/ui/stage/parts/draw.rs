//! Plain shapes as SVG elements.

use crate::charts::shape::{Point, Rect, add_number};
use crate::ui::stage::layout::TEXT;
use yew::prelude::*;

/// A length as an attribute, to a tenth.
pub(in crate::ui) fn length(value: f64) -> AttrValue {
    let mut text = String::with_capacity(8);
    add_number(&mut text, value);
    AttrValue::from(text)
}

/// A rectangle with rounded corners. Where the stage has no room for it, it has no size.
pub(in crate::ui) fn rounded(class: impl Into<Classes>, rect: Rect, radius: f64) -> Html {
    let radius = radius.max(0.0);
    let rect = Rect { width: rect.width.max(0.0), height: rect.height.max(0.0), ..rect };
    html! {
        <rect class={class.into()} x={length(rect.x)} y={length(rect.y)}
            width={length(rect.width)} height={length(rect.height)} rx={length(radius)} />
    }
}

/// A rectangle.
pub(in crate::ui) fn block(class: impl Into<Classes>, rect: Rect) -> Html {
    rounded(class, rect, 0.0)
}

/// A cross from corner to corner.
pub(in crate::ui) fn crossed(class: impl Into<Classes>, rect: Rect) -> Html {
    let (x, y, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    let path =
        format!("M{x:.1} {y:.1}L{right:.1} {bottom:.1}M{right:.1} {y:.1}L{x:.1} {bottom:.1}");
    html! { <path class={class.into()} d={path} /> }
}

/// A line of text that begins at a place, its baseline there.
pub(in crate::ui) fn text_at(
    class: impl Into<Classes>,
    at: Point,
    text: impl Into<AttrValue>,
) -> Html {
    html! { <text class={class.into()} x={length(at.x)} y={length(at.y)}>{ text.into() }</text> }
}

/// A line of text at the left of a box, in the middle of its height.
pub(in crate::ui) fn text_in(
    class: impl Into<Classes>,
    rect: Rect,
    text: impl Into<AttrValue>,
) -> Html {
    text_at(class, Point { x: rect.x, y: baseline(rect) }, text)
}

/// A line of text in the middle of a box.
pub(in crate::ui) fn centred(
    class: impl Into<Classes>,
    rect: Rect,
    text: impl Into<AttrValue>,
) -> Html {
    let mut classes = class.into();
    classes.push("middle");
    text_at(classes, Point { x: rect.centre().x, y: baseline(rect) }, text)
}

/// A line of text at the right of a box.
pub(in crate::ui) fn text_end(
    class: impl Into<Classes>,
    rect: Rect,
    text: impl Into<AttrValue>,
) -> Html {
    let mut classes = class.into();
    classes.push("end");
    text_at(classes, Point { x: rect.right(), y: baseline(rect) }, text)
}

/// The baseline of ordinary text in the middle of a box.
pub(in crate::ui) fn baseline(rect: Rect) -> f64 {
    rect.centre().y + TEXT * 0.36
}

/// A bar that is filled from the left; nothing where there is nothing to fill.
pub(in crate::ui) fn filled(class: impl Into<Classes>, rect: Rect, fraction: f64) -> Html {
    if fraction <= 0.0 {
        return html! {};
    }
    rounded(class, Rect { width: rect.width * fraction.min(1.0), ..rect }, rect.height.min(2.0))
}

/// The pattern of a partition over a box that has its colour.
pub(in crate::ui) fn hatched(pattern: Option<u8>, rect: Rect, radius: f64) -> Html {
    let Some(pattern) = pattern.filter(|pattern| *pattern > 0) else { return html! {} };
    html! {
        <rect class="hatch" fill={format!("url(#hatch-{pattern})")} x={length(rect.x)}
            y={length(rect.y)} width={length(rect.width)} height={length(rect.height)}
            rx={length(radius)} />
    }
}
