//! The page's state as Yew holds it.

use crate::ui::model::{Action, LabState, reduce};
use std::rc::Rc;
use yew::Reducible;

/// The page's state as Yew holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lab(pub(crate) LabState);

impl Reducible for Lab {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let Lab(state) = Rc::unwrap_or_clone(self);
        Rc::new(Lab(reduce(state, action)))
    }
}
