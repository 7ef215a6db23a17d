//! The work of reading, counted in steps, so that a test can hold a hostile text to a bound
//! without a clock.
//!
//! A step is one look: at a word, a name, an object, a time, a sentence, a posting of the
//! index. Each costs little and about the same. The count is kept by thread, because one
//! message is read by one thread; adding to it is a single addition.
//!
//! Not here: any limit. Nothing stops when much was counted; the limits are where the
//! lists are made.

use std::{
    cell::Cell,
    ops::{Deref, DerefMut},
    slice,
};

thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Counts one step.
pub(super) fn step() {
    steps(1);
}

/// Counts steps.
pub(super) fn steps(many: usize) {
    let many = u64::try_from(many).unwrap_or(u64::MAX);
    STEPS.with(|steps| steps.set(steps.get().wrapping_add(many)));
}

/// How many steps some work took, with what came of it.
pub fn counted<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = STEPS.get();
    let done = work();
    (done, STEPS.get().wrapping_sub(before))
}

/// A list that counts who walks along it.
#[derive(Debug)]
pub struct Walked<T>(Vec<T>);

impl<T> Walked<T> {
    /// Each item, counted as it is reached. Takes the place of the slice's own `iter`.
    pub fn iter(&self) -> Walk<'_, T> {
        Walk(self.0.iter())
    }

    /// One more.
    pub fn push(&mut self, item: T) {
        self.0.push(item);
    }
}

impl<T> Default for Walked<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<Vec<T>> for Walked<T> {
    fn from(items: Vec<T>) -> Self {
        Self(items)
    }
}

impl<T> Extend<T> for Walked<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.0.extend(items);
    }
}

impl<T> Deref for Walked<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for Walked<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<'a, T> IntoIterator for &'a Walked<T> {
    type Item = &'a T;
    type IntoIter = Walk<'a, T>;

    fn into_iter(self) -> Walk<'a, T> {
        self.iter()
    }
}

/// A walk along a [`Walked`].
#[derive(Debug, Clone)]
pub struct Walk<'a, T>(slice::Iter<'a, T>);

impl<'a, T> Iterator for Walk<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        step();
        self.0.next()
    }
}

impl<'a, T> DoubleEndedIterator for Walk<'a, T> {
    fn next_back(&mut self) -> Option<&'a T> {
        step();
        self.0.next_back()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_is_counted_as_far_as_it_goes() {
        let list = Walked::from(vec![1, 2, 3, 4]);
        assert_eq!(counted(|| list.iter().find(|at| **at == 2)), (Some(&2), 2));
        assert_eq!(counted(|| list.iter().rfind(|at| **at == 4)), (Some(&4), 1));
        assert_eq!(counted(|| list.iter().count()), (4, 5));
        assert_eq!(counted(|| list[1]), (2, 0));
    }
}
