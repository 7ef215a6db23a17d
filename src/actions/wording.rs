//! How people ask for an action, as data for the interpreter.
//!
//! A [`Frame`] is a verb sense with the kinds of objects it wants; the interpreter
//! knows the synonyms, inflections and typing errors of each class. Adding an
//! action's wording is done in that action's file.

/// How people ask for one action.
#[derive(Debug, Clone, Copy)]
pub struct Wording {
    /// The ways to ask.
    pub frames: &'static [Frame],
    /// Whole sentences, for `help` and for the tests: each must be read as this action.
    pub examples: &'static [&'static str],
}

/// One way to ask: a verb sense, and what it is about.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Verb classes, any one of them (names of the interpreter's word classes).
    pub verbs: &'static [&'static str],
    /// Object classes, any one of them; empty: the verb alone says it.
    pub objects: &'static [&'static str],
}
