//! Web workers for runs beside the one on the screen, of a sweep or of several answers: each has a
//! conductor, does one run after the other, and is gone when all are over or given up.

use super::conductor_link::{hear, post};
use super::model::Texts;
use super::model::labels::in_labels;
use super::worker_link::WorkerLink;
use crate::lab::messages::{Command, CommandBody, Reply, Update};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use yew::Callback;

/// The most workers.
const WORKERS_MAX: usize = 8;

/// What the workers are to do.
pub(crate) struct Work {
    /// Points of a sweep or questions for answers; nothing in the place of one that can't be run.
    pub(crate) bodies: Vec<Option<CommandBody>>,
    /// The texts that they need, where their scenarios don't carry them.
    pub(crate) input: Option<Texts>,
    /// Hears what came of each, by its place.
    pub(crate) send: Callback<(usize, Result<Reply, String>)>,
}

/// The workers. Dropping it ends them all.
pub(crate) struct SweepPool(Rc<RefCell<Pool>>);

struct Pool {
    work: Work,
    /// The run that is given out next.
    next: usize,
    workers: Vec<Option<WorkerLink>>,
    /// The run that each worker has.
    at: Vec<Option<usize>>,
}

impl SweepPool {
    /// Starts the workers, and gives each a run.
    pub(crate) fn start(work: Work) -> SweepPool {
        let runs = work.bodies.iter().flatten().count();
        let count = workers_of_machine().min(runs).max(1);
        let pool = Rc::new(RefCell::new(Pool {
            work,
            next: 0,
            workers: (0..count).map(|_| None).collect(),
            at: vec![None; count],
        }));
        for place in 0..count {
            give(&pool, place);
        }
        SweepPool(pool)
    }
}

impl Drop for SweepPool {
    fn drop(&mut self) {
        self.0.borrow_mut().workers.clear();
    }
}

/// As many as the machine has threads, but for the page's own and its conductor's.
fn workers_of_machine() -> usize {
    let threads = web_sys::window().map_or(4.0, |window| window.navigator().hardware_concurrency());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let threads = threads.clamp(3.0, 64.0) as usize;
    (threads - 1).min(WORKERS_MAX)
}

/// Gives a worker the next run, or ends it when there is none.
fn give(pool: &Rc<RefCell<Pool>>, place: usize) {
    let (point, body) = {
        let mut held = pool.borrow_mut();
        while held.work.bodies.get(held.next).is_some_and(Option::is_none) {
            held.next += 1;
        }
        let point = held.next;
        let Some(body) = held.work.bodies.get(point).cloned().flatten() else {
            held.at[place] = None;
            held.workers[place] = None;
            return;
        };
        held.next += 1;
        held.at[place] = Some(point);
        (point, body)
    };
    let is_new = pool.borrow().workers[place].is_none();
    if is_new {
        match start(pool, place) {
            Ok(worker) => pool.borrow_mut().workers[place] = Some(worker),
            Err(reason) => return tell(pool, place, Err(reason)),
        }
    }
    let command = Command { id: u32::try_from(point).unwrap_or(u32::MAX), body };
    let posted = {
        let held = pool.borrow();
        // The conductor keeps the texts for the runs that follow.
        let input: Option<&Texts> = held.work.input.as_ref().filter(|_| is_new);
        match &held.workers[place] {
            Some(worker) => post(worker, &command, input),
            None => Ok(()),
        }
    };
    if let Err(refusal) = posted {
        tell(pool, place, Err(format!("The run could not be posted: {refusal:?}")));
    }
}

fn start(pool: &Rc<RefCell<Pool>>, place: usize) -> Result<WorkerLink, String> {
    let (heard, failed) = (Rc::downgrade(pool), Rc::downgrade(pool));
    let worker = WorkerLink::start(
        move |message: JsValue| {
            if let Some(pool) = heard.upgrade() {
                on_message(&pool, place, &message);
            }
        },
        move |reason| {
            if let Some(pool) = failed.upgrade() {
                // The next point gets another worker. This one may not be dropped while it speaks.
                let broken = pool.borrow_mut().workers[place].take();
                gloo::timers::callback::Timeout::new(0, move || {
                    drop(broken);
                    tell(&pool, place, Err(format!("The worker broke down: {reason}")));
                })
                .forget();
            }
        },
    );
    worker.map_err(|refusal| format!("The browser refused a worker: {refusal:?}"))
}

fn on_message(pool: &Rc<RefCell<Pool>>, place: usize, message: &JsValue) {
    let updates = match hear(message) {
        Ok(updates) => updates,
        Err(reason) => return tell(pool, place, Err(reason)),
    };
    for update in updates {
        match update {
            Update::Reply { result, .. } => {
                tell(pool, place, result.map_err(|error| in_labels(&error.message)));
            }
            Update::Ready { .. } | Update::Trace { .. } | Update::Finished { .. } => {}
        }
    }
}

/// Tells what came of a worker's run, and gives it the next.
fn tell(pool: &Rc<RefCell<Pool>>, place: usize, result: Result<Reply, String>) {
    let (point, send) = {
        let mut held = pool.borrow_mut();
        (held.at[place].take(), held.work.send.clone())
    };
    let Some(point) = point else { return };
    // The worker that spoke may be dropped by this, so it is done when it has finished speaking.
    let pool = Rc::downgrade(pool);
    gloo::timers::callback::Timeout::new(0, move || {
        if let Some(pool) = pool.upgrade() {
            give(&pool, place);
        }
        send.emit((point, result));
    })
    .forget();
}
