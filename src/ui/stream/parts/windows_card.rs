//! A subtask with windows: buckets that fill, and how much it keeps.

use super::card::{CardProps, LINE, fitting, said};
use crate::base::format::Counted;
use crate::charts::number::{fit, text_width};
use crate::charts::shape::{Point, Rect};
use crate::trace::snapshot::stream::SubtaskState;
use crate::ui::selection::Selection;
use crate::ui::stage::draw::{block, rounded, text_at, text_end, text_in};
use crate::ui::stage::hit::Hit;
use crate::ui::stream::buckets::{Bucket, buckets};
use crate::ui::stream::flow::TEXT;
use crate::ui::stream::{Thing, wording};
use yew::prelude::*;

/// A card with windows.
#[component]
pub(super) fn WindowsCard(props: &CardProps) -> Html {
    let CardProps { state, card, .. } = props;
    let Some(subtask) = state.subtask(card.id) else { return html! {} };
    let thing = Thing::Subtask(card.id);
    let body = card.rect.inset(7.0);
    let has_line = body.height >= 44.0;
    let (line, area) = match has_line {
        true => body.cut_top(LINE, 5.0),
        false => body.cut_left((body.width * 0.34).min(130.0), 6.0),
    };
    let (buckets, hidden) = buckets(subtask, area);
    let mark = wording::named_mark(state, subtask.watermark);
    let short = wording::short_mark(subtask.watermark);
    let size = match hidden {
        0 => state_size(subtask),
        hidden => format!("{}, {hidden} not drawn", state_size(subtask)),
    };
    let has_size = text_width(&mark, TEXT) + text_width(&size, TEXT) + 12.0 < line.width;
    html! {
        <g>
            <Hit areas={vec![card.rect]} name={format!("{}, keeps {}", said(state, subtask), state_size(subtask))}
                selects={Selection::Stream(thing)} is_selected={props.selected == Some(thing)}
                on_select={props.on_select.clone()}>
                { rounded("card-frame", card.rect, 6.0) }
                { text_in("small strong", line, fit(&[&mark, &short], line.width - 10.0, TEXT).to_owned()) }
                if has_size && has_line { { text_end("small faint", line, size) } }
                if buckets.is_empty() && has_line {
                    { text_in("small faint", area, fitting("no open window", area.width)) }
                }
            </Hit>
            { for buckets.iter().map(|bucket| bucket_view(props, bucket)) }
        </g>
    }
}

/// `2 keys, 3 windows, 3 timers`.
pub(super) fn state_size(subtask: &SubtaskState) -> String {
    let (keys, windows, timers) = subtask.size;
    // Before it was said, it can be counted.
    let windows = windows.max(subtask.windows.len() as u64);
    format!(
        "{}, {}, {}",
        Counted(keys, "key"),
        Counted(windows, "window"),
        Counted(timers.max(subtask.timers.len() as u64), "timer")
    )
}

fn bucket_view(props: &CardProps, bucket: &Bucket) -> Html {
    let Bucket { rect, .. } = *bucket;
    let values: Vec<&str> = bucket.values.iter().map(|(value, _)| value.as_str()).collect();
    let name = format!(
        "window {} of {}: {}, {}",
        bucket.bounds,
        bucket.key,
        Counted(bucket.elements as u64, "element"),
        values.join(", ")
    );
    let level = Rect {
        y: rect.bottom() - rect.height * bucket.level.min(1.0) * 0.94,
        height: rect.height * bucket.level.min(1.0) * 0.94,
        ..rect
    };
    let inside = rect.inset(5.0);
    html! {
        <Hit areas={vec![rect]} {name} class="bucket" selects={Selection::Stream(bucket.thing)}
            is_selected={props.selected == Some(bucket.thing)} on_select={props.on_select.clone()}>
            { rounded("bucket-back", rect, 3.0) }
            { block("bucket-level", level) }
            <path class="bucket-wall" d={format!("M{:.1} {:.1}V{:.1}H{:.1}V{:.1}", rect.x, rect.y, rect.bottom(), rect.right(), rect.y)} />
            { for lines(bucket, inside) }
        </Hit>
    }
}

/// What is written on a bucket: bounds, values, key and timer, as far as there is room.
fn lines(bucket: &Bucket, inside: Rect) -> Vec<Html> {
    let values: Vec<String> = bucket.values.iter().map(|(value, _)| value.clone()).collect();
    let more = bucket.elements.saturating_sub(values.len());
    let mut values = values.join(" ");
    if more > 0 {
        values = format!("{} in it", bucket.elements);
    }
    let mut texts = vec![("strong", bucket.bounds.clone()), ("bucket-values", values)];
    texts.extend(bucket.timer.iter().map(|timer| ("faint", timer.clone())));
    texts.push(("faint", bucket.key.clone()));
    let at = |(place, (class, text)): (usize, (&'static str, String))| {
        let y = inside.y + TEXT * 0.8 + place as f64 * LINE;
        let is_inside = y <= inside.bottom() + 2.0;
        is_inside.then(|| {
            let text = fitting(&text, inside.width);
            text_at(classes!("small", class), Point { x: inside.x, y }, text)
        })
    };
    texts.into_iter().enumerate().filter_map(at).collect()
}
