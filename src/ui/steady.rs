//! A callback that stays the same one while what it leads to changes.

use yew::prelude::*;

/// A callback that is equal in every render and calls the latest of those that were given. A
/// parent that makes its callbacks anew would else have all that hold one drawn again.
#[hook]
pub(crate) fn use_steady<T: 'static>(callback: &Callback<T>) -> Callback<T> {
    let latest = use_mut_ref(|| callback.clone());
    latest.replace(callback.clone());
    let steady = use_memo((), move |()| {
        Callback::from(move |value| {
            let callback = latest.borrow().clone();
            callback.emit(value);
        })
    });
    (*steady).clone()
}
