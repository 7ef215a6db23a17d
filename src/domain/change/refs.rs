//! [`Ref`]: how a change names what an earlier step of its plan makes, and how the names are
//! filled in.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::{change::Change, ids::StepId};

/// An object that is known, or that an earlier step of the same plan will make. On
/// paper `{"known": id}` or `{"from": {"step", "output"}}`; a bare id is read as known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", from = "OnPaper<T>")]
pub enum Ref<T> {
    /// It exists.
    Known(T),
    /// It will be what `step` puts out under `output`.
    From {
        /// The step that makes it. The step that uses it must need it.
        step: StepId,
        /// The name of its output: [`MADE`].
        output: String,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OnPaper<T> {
    Known { known: T },
    From { from: Maker },
    Bare(T),
}

#[derive(Deserialize)]
struct Maker {
    step: StepId,
    output: String,
}

impl<T> From<OnPaper<T>> for Ref<T> {
    fn from(paper: OnPaper<T>) -> Self {
        match paper {
            OnPaper::Known { known: id } | OnPaper::Bare(id) => Self::Known(id),
            OnPaper::From { from: Maker { step, output } } => Self::From { step, output },
        }
    }
}

/// The output of a step that makes an object: the object's id.
pub const MADE: &str = "id";

impl<T> Ref<T> {
    /// The id, when it is known already.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(id) => Some(id),
            Self::From { .. } => None,
        }
    }

    /// What `step` makes.
    pub fn made_by(step: StepId) -> Self {
        Self::From { step, output: MADE.to_owned() }
    }
}

impl<T> From<T> for Ref<T> {
    fn from(id: T) -> Self {
        Self::Known(id)
    }
}

impl Change {
    /// The same change with what earlier steps made filled in: `outputs` knows it by step
    /// and name. `None` while something is not made yet.
    pub fn resolved(&self, outputs: &dyn Fn(StepId, &str) -> Option<String>) -> Option<Self> {
        let mut paper = serde_json::to_value(self).expect("a change is plain data");
        if fill(&mut paper, outputs)? {
            serde_json::from_value(paper).ok()
        } else {
            Some(self.clone())
        }
    }

    /// The steps of its plan that make something it takes.
    pub fn takes_from(&self) -> BTreeSet<StepId> {
        let paper = serde_json::to_value(self).expect("a change is plain data");
        let mut makers = BTreeSet::new();
        gather(&paper, &mut makers);
        makers
    }

    /// The same change where every step of its draft is numbered this much higher.
    #[must_use]
    pub fn renumbered(&self, by: u16) -> Self {
        let mut paper = serde_json::to_value(self).expect("a change is plain data");
        if by == 0 || !shift(&mut paper, by) {
            return self.clone();
        }
        serde_json::from_value(paper).expect("only the number of a step was changed")
    }
}

/// The step of a `{"from": {"step", "output"}}`.
fn maker(map: &serde_json::Map<String, Value>) -> Option<Maker> {
    let from = (map.len() == 1).then(|| map.get("from")).flatten()?;
    Maker::deserialize(from).ok()
}

/// The steps in references.
fn gather(paper: &Value, makers: &mut BTreeSet<StepId>) {
    match paper {
        Value::Object(map) => match maker(map) {
            Some(from) => {
                makers.insert(from.step);
            }
            None => map.values().for_each(|value| gather(value, makers)),
        },
        Value::Array(items) => items.iter().for_each(|item| gather(item, makers)),
        _ => {}
    }
}

/// Numbers the steps in references higher. False: there were none.
fn shift(paper: &mut Value, by: u16) -> bool {
    let mut shifted = false;
    match paper {
        Value::Object(map) => {
            if let Some(Maker { step, output }) = maker(map) {
                let step = StepId(step.0.saturating_add(by));
                map.insert("from".to_owned(), json!({ "step": step, "output": output }));
                return true;
            }
            for value in map.values_mut() {
                shifted |= shift(value, by);
            }
        }
        Value::Array(items) => {
            for item in items {
                shifted |= shift(item, by);
            }
        }
        _ => {}
    }
    shifted
}

/// Replaces `{"from": {"step", "output"}}` by `{"known": id}`. False: there was none.
fn fill(paper: &mut Value, outputs: &dyn Fn(StepId, &str) -> Option<String>) -> Option<bool> {
    let mut filled = false;
    match paper {
        Value::Object(map) => {
            if let Some(from) = maker(map) {
                *paper = json!({ "known": outputs(from.step, &from.output)? });
                return Some(true);
            }
            for value in map.values_mut() {
                filled |= fill(value, outputs)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                filled |= fill(item, outputs)?;
            }
        }
        _ => {}
    }
    Some(filled)
}
