//! What happened to the cluster, in one sentence.

use super::{capital, counted, nodes, of_file, place};
use crate::base::format::{Bytes, Clock, Count};
use crate::base::{Fault, StreamFault};
use crate::trace::event::{Event, WorldEvent};

/// So much of why a web worker broke down is told in a sentence.
const REASON_WORDS_MAX: usize = 8;

pub(super) fn world(event: &Event, kind: &WorldEvent) -> String {
    match kind {
        WorldEvent::ClusterStarted { nodes, racks, scale } => {
            let (nodes, racks) = (counted(*nodes, "node"), counted(*racks, "rack"));
            format!("A cluster of {nodes} in {racks} starts; 1 byte stands for {}.", Count(*scale))
        }
        WorldEvent::NodeStarted { rack, map_slots, reduce_slots, .. } => {
            let node = capital(place(event.node));
            let (maps, reduces) =
                (counted(*map_slots, "map slot"), counted(*reduce_slots, "reduce slot"));
            format!("{node} starts in {rack}, with {maps} and {reduces}.")
        }
        WorldEvent::FileStored { file, name, bytes, codec } => {
            let packed = if codec.is_plain() { "" } else { ", compressed by gzip" };
            format!("{} is {name} ({}{packed}).", capital(file.to_string()), Bytes(*bytes))
        }
        WorldEvent::BlockPlaced { block, length, replicas, file, .. } => {
            let (of, bytes) = (of_file(*file), Bytes(*length));
            format!("Block {}{of} ({bytes}) lies on {}.", block.0, nodes(replicas))
        }
        WorldEvent::FaultStruck { fault, effect: false, .. } => {
            format!("{}: there was nothing to do.", capital(fault.to_string()))
        }
        WorldEvent::FaultStruck { fault, by_rate, effect: true } => {
            capital(fault_struck(*fault, if *by_rate { " by chance" } else { "" }))
        }
        WorldEvent::MessageLost { node, to_coordinator, again_after, .. } => {
            let way = way(*to_coordinator);
            format!("A message {way} {node} is lost; it is sent again after {again_after}.")
        }
        WorldEvent::DuplicateDropped { node, to_coordinator } => {
            format!("A second copy of a message {} {node} is thrown away.", way(*to_coordinator))
        }
        WorldEvent::WorkerBroke { reason } => {
            let node = capital(place(event.node));
            let reason: Vec<&str> = reason.split_whitespace().take(REASON_WORDS_MAX).collect();
            format!("{node}'s web worker breaks down: {}.", reason.join(" "))
        }
        WorldEvent::LoadChanged {
            cores_thousandths,
            disk_bytes_per_second,
            sent_bytes_per_second,
            received_bytes_per_second,
        } => {
            let network = sent_bytes_per_second.saturating_add(*received_bytes_per_second);
            let tenths = u64::from(*cores_thousandths).saturating_add(50) / 100;
            format!(
                "{} uses {}.{} cores, its disk {}/s, its network {}/s.",
                capital(place(event.node)),
                tenths / 10,
                tenths % 10,
                Bytes(*disk_bytes_per_second),
                Bytes(network),
            )
        }
    }
}

fn fault_struck(fault: Fault, chance: &str) -> String {
    match fault {
        Fault::Crash { node } => {
            format!("{node} crashes{chance}: all that runs there is gone.")
        }
        Fault::Restart { node, keep_disk: true } => {
            format!("{node} starts again, with what was on its disk.")
        }
        Fault::Restart { node, keep_disk: false } => {
            format!("{node} starts again, with an empty disk.")
        }
        Fault::Slow { node, part, percent: 100 } => {
            format!("the {part} of {node} is as fast as new again.")
        }
        Fault::Slow { node, part, percent: 0 } => format!("the {part} of {node} stands still."),
        Fault::Slow { node, part, percent } => {
            format!("the {part} of {node} works at {percent} % of its speed.")
        }
        Fault::CutRack { rack } => {
            format!("{rack} is cut off from the others and from the coordinator.")
        }
        Fault::JoinRack { rack } => format!("{rack} reaches the others and the coordinator again."),
        Fault::LoseMessages { node, percent: 0 } => {
            format!("no more is lost of what {node} sends and gets.")
        }
        Fault::LoseMessages { node, percent } => {
            format!("of what {node} sends and gets, {percent} % is lost.")
        }
        Fault::FailTask { task } => {
            format!("the attempts of {task} that run now throw an exception{chance}.")
        }
        Fault::PoisonRecord { offset, file } => {
            let (byte, of) = (Count(offset), of_file(file));
            format!("from now on, the line at byte {byte}{of} makes maps throw.")
        }
        Fault::Stream(fault) => stream_struck(fault),
    }
}

fn stream_struck(fault: StreamFault) -> String {
    match fault {
        StreamFault::Silence { partition } => {
            format!("the producers of {partition} fall silent: their records wait.")
        }
        StreamFault::Resume { partition } => {
            format!("the producers of {partition} speak again, and what waited comes.")
        }
        StreamFault::Pace { partition, percent: 100 } => {
            format!("the records of {partition} come at the planned pace again.")
        }
        StreamFault::Pace { partition, percent } => {
            format!("{partition} now comes at {percent} % of its pace.")
        }
        StreamFault::Inject { key, value, event_time, .. } => {
            let key = if key.as_str().is_empty() { "no key".to_owned() } else { key.to_string() };
            format!("a record by hand: {value} of {key}, from {}.", Clock(event_time))
        }
        StreamFault::Move { record, arrival } => {
            format!("record #{record} will arrive at {}, and not as planned.", Clock(arrival))
        }
    }
}

fn way(to_coordinator: bool) -> &'static str {
    if to_coordinator { "from" } else { "to" }
}
