//! The live cluster in a browser: the master's web worker starts one more for each node.

mod crew;
mod node_worker;
mod parcels;
mod turn;
mod wall;

pub use node_worker::run as run_node;
pub use turn::Turn;
pub use wall::{Every, now};

use super::wire::Parcel;
use super::{LiveSetup, Master};
use crate::base::{Breakdown, NodeId, Span};
use crew::Crew;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// How long a web worker works before others get their turn.
const SLICE: Span = Span::from_millis(4);

/// How often the master looks at the clock, and tells what happened.
const LOOK_MILLIS: i32 = 50;

/// How often a node looks at the clock while nothing else happens.
const NODE_LOOK_MILLIS: i32 = 5;

/// The name of a node's web worker, before its number. Others are conductors.
pub const NODE_NAME: &str = "node ";

/// What came from a node's web worker.
enum Said {
    /// A parcel of its node.
    Parcel(Parcel),
    /// It broke down, and so.
    Broke(String),
}

/// A live run: its master, and the web workers of its nodes. Dropping it terminates them all.
pub struct LiveCluster {
    inner: Rc<RefCell<Inner>>,
    /// Its looks at the clock, until it is over.
    looks: Option<Every>,
}

struct Inner {
    master: Master,
    crew: Crew,
}

impl LiveCluster {
    /// Starts the workers; `on_change` is called about twenty times a second, and when the run is
    /// over.
    ///
    /// # Errors
    /// In words, when this browser cannot do it.
    pub fn start(setup: LiveSetup, on_change: impl Fn() + 'static) -> Result<LiveCluster, String> {
        let nodes = u16::try_from(setup.beginning.machines.topology.0.len()).unwrap_or(u16::MAX);
        let words = |error| format!("This browser cannot run a live cluster: {error:?}.");
        let on_change = Rc::new(on_change);
        // Filled below; weak, or the cluster would keep itself.
        let mailbox: Rc<RefCell<Weak<RefCell<Inner>>>> = Rc::default();
        let told = Rc::new(Cell::new(false));
        let hear = {
            let (mailbox, on_change, told) = (mailbox.clone(), on_change.clone(), told.clone());
            move |node, said| {
                let Some(inner) = mailbox.borrow().upgrade() else { return };
                inner.borrow_mut().hear(node, said);
                if inner.borrow().master.is_over() && !told.replace(true) {
                    on_change();
                }
            }
        };
        let crew =
            Crew::start(nodes, &(Rc::new(hear) as Rc<dyn Fn(NodeId, Said)>)).map_err(words)?;
        let master = Master::new(setup, now());
        let inner = Rc::new(RefCell::new(Inner { master, crew }));
        inner.borrow_mut().post();
        *mailbox.borrow_mut() = Rc::downgrade(&inner);
        // The turn comes behind all that was posted before: what nodes said is heard first.
        let looked = Rc::downgrade(&inner);
        let turn = Turn::new(move || {
            if let Some(inner) = looked.upgrade() {
                inner.borrow_mut().look();
            }
            on_change();
        });
        let turn = turn.map_err(words)?;
        let looks = Every::millis(LOOK_MILLIS, move || turn.call()).map_err(words)?;
        Ok(LiveCluster { inner, looks: Some(looks) })
    }

    /// Terminates a node's worker. Says whether there was one.
    pub fn kill(&self, node: NodeId) -> bool {
        let mut inner = self.inner.borrow_mut();
        let there = !inner.master.is_gone(node);
        inner.lose(node, None);
        there
    }

    /// Makes a node's worker break down, to show what happens then.
    pub fn break_down(&self, node: NodeId, how: Breakdown) {
        let mut inner = self.inner.borrow_mut();
        inner.master.break_down(node, how);
        inner.post();
    }

    /// Looks at the master.
    pub fn with_master<R>(&self, look: impl FnOnce(&mut Master) -> R) -> R {
        look(&mut self.inner.borrow_mut().master)
    }

    /// Terminates all workers: the run is over.
    pub fn dismiss(&mut self) {
        self.looks = None;
        self.inner.borrow_mut().crew = Crew::default();
    }
}

impl Inner {
    fn hear(&mut self, node: NodeId, said: Said) {
        match said {
            Said::Parcel(parcel) => self.master.hear(now(), node, &parcel),
            Said::Broke(reason) => self.lose(node, Some(reason)),
        }
        self.post();
    }

    fn look(&mut self) {
        self.master.on_time(now());
        self.post();
    }

    fn lose(&mut self, node: NodeId, reason: Option<String>) {
        self.crew.terminate(node);
        self.master.lose(now(), node, reason);
        self.post();
    }

    fn post(&mut self) {
        for (node, parcel) in self.master.take_parcels() {
            let posted = self.crew.post(node, &parcel);
            assert!(posted.is_ok(), "the master cannot post: {posted:?}");
        }
    }
}
