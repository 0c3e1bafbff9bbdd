//! How unequal partitions and task times are, as bars.

use super::rate_plot::OverTime;
use crate::base::format::{Bytes, Seconds};
use crate::charts::bars::{Bar, Bars, bars};
use crate::charts::frame::Frame;
use crate::charts::ink::Ink;
use crate::charts::scale::{byte_ticks, ticks};
use crate::trace::measures::field;
use crate::ui::figure::{Figure, drawn};
use crate::ui::plots::skew::{Piece, partitions, ratio, task_times};
use crate::ui::same::Same;
use yew::prelude::*;

const HEIGHT: u32 = 190;
const TEXT: u32 = 12;

/// The plots of skew, at the furthest moment that was reached.
#[component]
pub(super) fn SkewPlots(props: &OverTime) -> Html {
    let made = use_memo((props.complete(), props.until, props.timeline.clone()), |_| {
        let snapshot = props.timeline.seek(props.furthest);
        let scale = snapshot.scale.max(1);
        let mut parts = partitions(&snapshot);
        parts.iter_mut().for_each(|piece| piece.value = piece.value.saturating_mul(scale));
        (Same::new(parts), Same::new(task_times(&snapshot)))
    });
    let (parts, times) = &*made;
    html! {
        <>
            <SkewPlot title="Skew of partitions" file="partitions" pieces={parts.clone()} is_time=false width={props.width} />
            <SkewPlot title="Skew of task times" file="task-times" pieces={times.clone()} is_time=true width={props.width} />
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct Props {
    title: &'static str,
    file: &'static str,
    pieces: Same<Vec<Piece>>,
    is_time: bool,
    width: f64,
}

#[component]
fn SkewPlot(props: &Props) -> Html {
    let picture = use_memo((props.pieces.clone(), props.width.to_bits()), |(pieces, _)| {
        let is_coloured = pieces.len() <= 60;
        let bar = |piece: &Piece| Bar {
            name: piece.name.clone(),
            value: piece.value,
            ink: match piece
                .partition
                .filter(|_| is_coloured)
                .and_then(|part| u8::try_from(part).ok())
            {
                Some(part) if part < 8 => Ink::partition(part),
                Some(_) => Ink::SOFT,
                None => Ink::ACCENT,
            },
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
        let size = (props.width.max(0.0) as u32, HEIGHT);
        let upwards = if props.is_time { seconds } else { bytes };
        let marks = if props.is_time { ticks } else { byte_ticks };
        let bars_of = pieces.iter().map(bar).collect();
        bars(&Bars { frame: Frame { size, text: TEXT }, bars: bars_of, upwards, marks })
    });
    let said = match ratio(&props.pieces) {
        Some(tenths) => format!("the largest is {}.{} × the median", tenths / 10, tenths % 10),
        None => "nothing yet".to_owned(),
    };
    let numbers = {
        let (pieces, is_time) = (props.pieces.clone(), props.is_time);
        let csv = move || {
            let head = if is_time { "task,microseconds\n" } else { "partition,bytes\n" };
            let line = |piece: &Piece| format!("{},{}\n", field(&piece.name), piece.value);
            head.to_owned() + &pieces.iter().map(line).collect::<String>()
        };
        Same::new(Box::new(csv) as Box<dyn Fn() -> String>)
    };
    let legend = html! { <span class="plot-legend">{ said.clone() }</span> };
    html! {
        <Figure title={props.title} file={props.file} {numbers} {legend}>
            <div class="picture rate-plot" role="img" aria-label={format!("{}: {said}", props.title)}>
                { drawn(&picture) }
            </div>
        </Figure>
    }
}

fn seconds(micros: u64) -> String {
    format!("{} s", Seconds(micros))
}

fn bytes(bytes: u64) -> String {
    Bytes(bytes).to_string()
}
