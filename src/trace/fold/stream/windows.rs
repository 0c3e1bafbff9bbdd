//! Windows, their contents, their panes, and what becomes of each element.

use crate::base::Window;
use crate::trace::event::Event;
use crate::trace::fold::Misfit;
use crate::trace::snapshot::stream::{
    FateOf, Held, OpenWindow, PaneState, StreamState, TimerState,
};
use crate::trace::stream::{ElementId, Fate, OperatorId, StreamEvent, Subtask, Timing};
use std::rc::Rc;

impl StreamState {
    pub(super) fn windows_assigned(
        &mut self,
        event: &Event,
        kind: &StreamEvent,
    ) -> Result<(), Misfit> {
        let StreamEvent::WindowsAssigned { subtask: id, element, key, value, event_time, windows } =
            kind
        else {
            return Ok(());
        };
        let subtask = self.touched(event, *id)?;
        for window in windows {
            let opened = event.stamp();
            let open = subtask.windows.entry((key.clone(), *window)).or_insert_with(|| {
                Rc::new(OpenWindow {
                    window: *window,
                    key: key.clone(),
                    elements: Vec::new(),
                    panes: Vec::new(),
                    merged_from: Vec::new(),
                    opened,
                    seq: event.seq,
                })
            });
            let open = Rc::make_mut(open);
            open.seq = event.seq;
            open.elements.push(Held {
                element: *element,
                own: *window,
                value: *value,
                event_time: *event_time,
                fate: Fate::Pending,
                seq: event.seq,
            });
        }
        self.ledger.pending += windows.len() as u64;
        if let Some(record) = self.record_mut(*element) {
            record.fates.extend(windows.iter().map(|window| FateOf {
                operator: id.operator,
                window: Some(*window),
                fate: Fate::Pending,
                seq: event.seq,
            }));
        }
        Ok(())
    }

    pub(super) fn windows_merged(
        &mut self,
        event: &Event,
        id: Subtask,
        key: &str,
        (from, into): (&[Window], Window),
    ) -> Result<(), Misfit> {
        let subtask = self.touched(event, id)?;
        let mut merged: Option<OpenWindow> = None;
        // The window that goes on need not be named among those that it is made of.
        let goes_on = (!from.contains(&into)).then_some(into);
        for window in from.iter().chain(&goes_on) {
            let Some(open) = subtask.windows.remove(&(key.to_owned(), *window)) else { continue };
            let mut open = Rc::unwrap_or_clone(open);
            if *window != into {
                open.merged_from.push(*window);
            }
            merged = Some(match merged {
                None => open,
                Some(mut sum) => {
                    sum.elements.extend(open.elements);
                    sum.panes.extend(open.panes);
                    sum.merged_from.extend(open.merged_from);
                    sum.opened = sum.opened.min(open.opened);
                    sum
                }
            });
        }
        subtask.timers.retain(|timer| {
            let gone = timer.window.is_some_and(|of| of != into && from.contains(&of));
            timer.key != key || !gone
        });
        let Some(mut merged) = merged else { return Ok(()) };
        merged.window = into;
        merged.seq = event.seq;
        merged.elements.sort_by_key(|held| held.seq);
        merged.panes.sort_unstable();
        subtask.windows.insert((key.to_owned(), into), Rc::new(merged));
        Ok(())
    }

    pub(super) fn pane_fired(&mut self, event: &Event, kind: &StreamEvent) -> Result<(), Misfit> {
        let StreamEvent::PaneFired {
            subtask: id,
            key,
            window,
            index,
            timing,
            result,
            content,
            elements,
            fresh,
            retracts,
            why,
            last,
        } = kind
        else {
            return Ok(());
        };
        let place = self.panes.len();
        let subtask = self.touched(event, *id)?;
        let mut seen = Vec::new();
        if let Some(open) = subtask.windows.get_mut(&(key.clone(), *window)) {
            let open = Rc::make_mut(open);
            open.panes.push(place);
            open.seq = event.seq;
            for held in open.elements.iter_mut().filter(|held| held.fate == Fate::Pending) {
                held.fate = fate_of(*timing);
                seen.push((held.element, held.own));
            }
        }
        for (element, own) in seen {
            self.judge(event, id.operator, (element, own), Fate::Pending, fate_of(*timing));
        }
        self.panes.push(Rc::new(PaneState {
            subtask: *id,
            key: key.clone(),
            window: *window,
            index: *index,
            timing: *timing,
            result: *result,
            content: content.clone(),
            elements: *elements,
            fresh: *fresh,
            retracts: retracts.clone(),
            why: *why,
            last: *last,
            fired: event.stamp(),
        }));
        Ok(())
    }

    pub(super) fn record_dropped(
        &mut self,
        event: &Event,
        id: Subtask,
        (element, key): (ElementId, &str),
        window: Option<Window>,
    ) -> Result<(), Misfit> {
        let subtask = self.touched(event, id)?;
        let Some(own) = window else {
            self.ledger.dropped += 1;
            if let Some(record) = self.record_mut(element) {
                let (operator, fate, seq) = (id.operator, Fate::Dropped, event.seq);
                record.fates.push(FateOf { operator, window: None, fate, seq });
            }
            return Ok(());
        };
        let is_it = |held: &Held| held.element == element && held.own == own;
        let mut found = None;
        for ((of, window), open) in &mut subtask.windows {
            if of == key && open.elements.iter().any(is_it) {
                let open = Rc::make_mut(open);
                open.elements.retain(|held| !is_it(held));
                found = Some((*window, open.elements.is_empty() && open.panes.is_empty()));
                break;
            }
        }
        let Some((window, is_void)) = found else { return Ok(()) };
        if is_void {
            subtask.windows.remove(&(key.to_owned(), window));
        }
        self.judge(event, id.operator, (element, own), Fate::Pending, Fate::Dropped);
        Ok(())
    }

    pub(super) fn window_forgotten(
        &mut self,
        event: &Event,
        id: Subtask,
        key: &str,
        window: Window,
    ) -> Result<(), Misfit> {
        let subtask = self.touched(event, id)?;
        subtask.timers.retain(|timer| timer.key != key || timer.window != Some(window));
        let Some(open) = subtask.windows.remove(&(key.to_owned(), window)) else { return Ok(()) };
        for held in open.elements.iter().filter(|held| held.fate == Fate::Pending) {
            let of = (held.element, held.own);
            self.judge(event, id.operator, of, Fate::Pending, Fate::Unseen);
        }
        Ok(())
    }

    pub(super) fn timer_set(
        &mut self,
        event: &Event,
        id: Subtask,
        kind: &StreamEvent,
    ) -> Result<(), Misfit> {
        let StreamEvent::TimerSet { key, window, domain, time, .. } = kind else { return Ok(()) };
        let (key, window, domain, time) = (key.clone(), *window, *domain, *time);
        let seq = event.seq;
        self.touched(event, id)?.timers.push(TimerState { key, window, domain, time, seq });
        Ok(())
    }

    pub(super) fn timer_fired(
        &mut self,
        event: &Event,
        id: Subtask,
        kind: &StreamEvent,
    ) -> Result<(), Misfit> {
        let StreamEvent::TimerFired { key, window, domain, time, .. } = kind else {
            return Ok(());
        };
        self.touched(event, id)?.timers.retain(|timer| {
            let fired = (timer.window, timer.domain, timer.time) == (*window, *domain, *time);
            timer.key != *key || !fired
        });
        Ok(())
    }

    /// Moves an element in a window from one fate to another.
    fn judge(
        &mut self,
        event: &Event,
        operator: OperatorId,
        (element, own): (ElementId, Window),
        from: Fate,
        to: Fate,
    ) {
        let count = self.ledger.of_mut(from);
        *count = count.saturating_sub(1);
        *self.ledger.of_mut(to) += 1;
        let Some(record) = self.record_mut(element) else { return };
        let of = |fate: &&mut FateOf| fate.operator == operator && fate.window == Some(own);
        if let Some(of) = record.fates.iter_mut().find(of) {
            of.fate = to;
            of.seq = event.seq;
        }
    }
}

/// What a pane of this timing makes of an element that it is the first to have.
pub(crate) fn fate_of(timing: Timing) -> Fate {
    match timing {
        Timing::Early => Fate::Early,
        Timing::OnTime => Fate::OnTime,
        Timing::Late => Fate::Late,
    }
}
