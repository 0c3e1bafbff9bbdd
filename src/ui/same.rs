//! A shared value that is compared by pointer: for what a component is given, has no cheap
//! equality of its own, and is made anew only when it changes.

use std::ops::Deref;
use std::rc::Rc;

/// A shared value; two are equal when they are one.
#[derive(Debug)]
pub struct Same<T>(Rc<T>);

impl<T> Same<T> {
    /// Shares a value.
    pub fn new(value: T) -> Same<T> {
        Same(Rc::new(value))
    }
}

impl<T> From<Rc<T>> for Same<T> {
    fn from(value: Rc<T>) -> Same<T> {
        Same(value)
    }
}

impl<T> Clone for Same<T> {
    fn clone(&self) -> Same<T> {
        Same(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Same<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Same<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_one_is_equal() {
        let one = Same::new(vec![1]);
        assert!(one == one.clone() && one != Same::new(vec![1]));
        assert_eq!(one.len(), 1);
    }
}
