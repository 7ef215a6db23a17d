//! A form ready to be drawn.

use serde::{Deserialize, Serialize};

use crate::domain::{
    area::Area,
    chat::Place,
    form::{
        Complaint, Field,
        given::{Answers, Given},
    },
    ids::{Nonce, Number},
    message::ButtonToken,
    trouble::Choice,
};

/// Where a form is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// In a window of its own: Slack's modal, Teams' dialog.
    Window,
    /// In a message: a card with inputs in Teams; in Slack, which has none that may be
    /// required, a button that opens the window.
    Card,
}

/// A form with what is filled in already and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormView {
    /// The actions, usually one.
    pub parts: Vec<PartView>,
    /// Where it is filled in.
    pub shape: Shape,
    /// Stands for this form: the same answers sent twice from it are one request.
    pub nonce: Nonce,
    /// The request that the answers take the place of, if any: its number and what its
    /// buttons carry.
    pub of: Option<(Number, ButtonToken)>,
    /// Where the answers are asked (Slack, whose windows do not know).
    pub place: Option<Place>,
    /// What is wrong with all of it.
    pub wrong: Vec<Complaint>,
}

/// One action's part of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartView {
    /// The action's id.
    pub action: String,
    /// Its fields.
    pub fields: Vec<FieldView>,
}

/// A field with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    /// What is asked.
    pub field: Field,
    /// Unlike any other of the form: the part's number, a dot, the field's name.
    pub key: String,
    /// What is filled in.
    pub given: Option<Given>,
    /// The time beside it.
    pub time: Option<String>,
    /// How what is picked is called.
    pub named: Vec<Choice>,
    /// What is wrong with the answer.
    pub wrong: Option<Complaint>,
}

impl FormView {
    /// The fields that something is wrong with.
    pub fn wrong_fields(&self) -> impl Iterator<Item = (&str, &Complaint)> {
        let fields = self.parts.iter().flat_map(|part| &part.fields);
        fields.filter_map(|field| Some((field.key.as_str(), field.wrong.as_ref()?)))
    }
}

/// The key of a field of a part.
pub fn key(part: usize, name: &str) -> String {
    format!("{part}.{name}")
}

/// The answers of one part.
pub fn of_part(answers: &Answers, part: usize) -> Answers {
    let prefix = format!("{part}.");
    let own = answers.iter().filter_map(|(name, given)| {
        name.strip_prefix(&prefix).map(|name| (name.to_owned(), given.clone()))
    });
    own.collect()
}

/// Which form?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChooserView {
    /// The actions' ids that this person may ask for, by permission group.
    pub actions: Vec<(Area, Vec<String>)>,
    /// Where it is chosen.
    pub shape: Shape,
    /// Where the answers are asked.
    pub place: Option<Place>,
}
