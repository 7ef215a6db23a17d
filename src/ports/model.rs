//! A language model that is asked to point: at actions of a short list, at names in the
//! words by their ids, at the words that ask. It has no tools and does nothing.
//!
//! The schema that is sent and the check of what comes back are two readings of one
//! [`Question`], so that a model that ignores the schema gains nothing by it.
//!
//! Not here: what an answer is worth. That is the interpreter's work.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// An answer names at most so many actions.
pub const ACTIONS_MAX: usize = 8;
/// A text of an answer has at most so many characters.
pub const TEXT_CHARS_MAX: usize = 2000;

/// Reads words with the help of a language model.
#[async_trait]
pub trait Model: Send + Sync {
    /// Asks once, within the time that was set. Whoever asks goes on without an answer.
    async fn ask(&self, question: &Question) -> Result<Answer, Silence>;
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Silence {
    /// It failed too often lately, so it is not asked for a while.
    #[error("the model failed too often and is left alone for a while")]
    Resting,
    /// Others are asking.
    #[error("the model is busy with other questions")]
    Busy,
    /// No answer in time.
    #[error("the model did not answer in time")]
    TooLate,
    /// It could not be reached, or its answer broke off.
    #[error("the model could not be reached")]
    Unreachable(#[source] anyhow::Error),
    /// It refused: a wrong key, an unknown name, a request it does not take.
    #[error("the model's service refused: {0}")]
    Refused(String),
    /// What it said is not an answer, and neither was the second try.
    #[error("what the model said is no answer: {0}")]
    Unfit(NoAnswer),
}

/// Why a text is not an answer. Quotes nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Not JSON, or JSON of another shape.
    #[error("it is not JSON of the schema")]
    Shape,
    /// An action that was not offered.
    #[error("`action` is not one of those offered")]
    Action,
    /// A key that the schema does not have, or one that is missing.
    #[error("the keys of an action are not those of the schema")]
    Keys,
    /// A value of the wrong sort, or an id that was not given.
    #[error("`{0}` is neither null nor what the schema allows")]
    Value(String),
    /// Too many actions, or too long a text.
    #[error("it is longer than allowed")]
    Long,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The requester's own words, names and secrets taken out.
    pub words: String,
    /// The actions they may mean.
    pub actions: Vec<Offered>,
    /// What the ids in the words stand for.
    pub candidates: Vec<Candidate>,
}

/// An action on the short list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Its id.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// A way to ask for it.
    pub example: Option<&'static str>,
    /// What the model may point at for it.
    pub arguments: Vec<(&'static str, Takes)>,
}

/// What an argument is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Takes {
    /// The id of a candidate of this sort.
    One(Kind),
    /// A run of the words, as it stands there.
    Words,
}

/// The sort of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody.
    Person,
    /// A group.
    Group,
    /// A licence.
    Licence,
    /// A device, role, policy, app, shared mailbox or workbook.
    Thing,
}

/// Something that the words name. Its name is not sent, unless the words say it and it is
/// nobody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// `u1`, `g2`, `s1`, `t1`.
    pub id: String,
    /// Its sort.
    pub kind: Kind,
}

/// What the model says of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It asks for actions of the list.
    Propose,
    /// It asks for something, and it is not clear what.
    Unclear,
    /// It asks for nothing of the list.
    Nothing,
}

/// An answer of the right shape. Whether any of it is so is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What the message is.
    pub decision: Decision,
    /// What it asks for.
    pub actions: Vec<Said>,
}

/// An action as the model read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// One of those offered.
    pub action: String,
    /// The words that ask for it.
    pub evidence: String,
    /// Ids and words by argument; what was null is left out.
    pub arguments: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    decision: Decision,
    actions: Vec<Map<String, Value>>,
}

impl Question {
    /// The schema of an answer: flat, and within what strict mode takes. There every object
    /// lists all its properties as required and allows no other; what may be missing is a
    /// union with `null`; the root is an object; at most 100 properties and five levels at
    /// Azure, more at `OpenAI`. Source: learn.microsoft.com, "Structured outputs", section
    /// "JSON Schema support and limitations"; platform.openai.com, "Structured Outputs",
    /// section "Supported schemas".
    pub fn schema(&self) -> Value {
        let ids: Vec<&str> = self.actions.iter().map(|action| action.id).collect();
        let mut properties = Map::new();
        properties.insert("action".to_owned(), json!({ "type": "string", "enum": ids }));
        properties.insert("evidence".to_owned(), json!({ "type": "string" }));
        for (name, takes) in self.arguments() {
            properties.insert(name.to_owned(), self.allowed(&takes));
        }
        let required: Vec<&String> = properties.keys().collect();
        let action = json!({
            "type": "object",
            "additionalProperties": false,
            "required": required,
            "properties": properties,
        });
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["decision", "actions"],
            "properties": {
                "decision": { "type": "string", "enum": ["propose", "unclear", "nothing"] },
                "actions": { "type": "array", "items": action },
            },
        })
    }

    /// Every argument of the short list once; the same name may stand for several sorts.
    fn arguments(&self) -> BTreeMap<&'static str, BTreeSet<Takes>> {
        let mut found: BTreeMap<_, BTreeSet<Takes>> = BTreeMap::new();
        for (name, takes) in self.actions.iter().flat_map(|action| &action.arguments) {
            found.entry(*name).or_default().insert(*takes);
        }
        found
    }

    fn allowed(&self, takes: &BTreeSet<Takes>) -> Value {
        if takes.contains(&Takes::Words) {
            return json!({ "type": ["string", "null"] });
        }
        let ids = self.candidates.iter().filter(|one| takes.contains(&Takes::One(one.kind)));
        let ids: Vec<Value> = ids.map(|one| one.id.clone().into()).collect();
        if ids.is_empty() {
            return json!({ "type": "null" });
        }
        let all: Vec<Value> = ids.into_iter().chain([Value::Null]).collect();
        json!({ "type": ["string", "null"], "enum": all })
    }

    /// Reads what a model said, and believes no schema.
    pub fn read(&self, text: &str) -> Result<Answer, NoAnswer> {
        let raw: Raw = serde_json::from_str(text.trim()).map_err(|_| NoAnswer::Shape)?;
        if raw.actions.len() > ACTIONS_MAX {
            return Err(NoAnswer::Long);
        }
        let known = self.arguments();
        let actions = raw.actions.into_iter().map(|one| self.said(one, &known));
        Ok(Answer { decision: raw.decision, actions: actions.collect::<Result<_, _>>()? })
    }

    fn said(
        &self,
        mut one: Map<String, Value>,
        known: &BTreeMap<&'static str, BTreeSet<Takes>>,
    ) -> Result<Said, NoAnswer> {
        let mut text = |name: &str| match one.remove(name) {
            Some(Value::String(text)) if text.chars().count() <= TEXT_CHARS_MAX => Ok(text),
            Some(Value::String(_)) => Err(NoAnswer::Long),
            Some(_) => Err(NoAnswer::Value(name.to_owned())),
            None => Err(NoAnswer::Keys),
        };
        let (action, evidence) = (text("action")?, text("evidence")?);
        if !self.actions.iter().any(|offered| offered.id == action) {
            return Err(NoAnswer::Action);
        }
        let mut arguments = BTreeMap::new();
        for (name, takes) in known {
            let wrong = || NoAnswer::Value((*name).to_owned());
            match one.remove(*name) {
                None => return Err(NoAnswer::Keys),
                Some(Value::Null) => {}
                Some(Value::String(text)) => {
                    let id = self.candidates.iter().find(|one| one.id == text);
                    let given = id.is_some_and(|one| takes.contains(&Takes::One(one.kind)));
                    let words = takes.contains(&Takes::Words);
                    if text.chars().count() > TEXT_CHARS_MAX {
                        return Err(NoAnswer::Long);
                    }
                    if !given && !words {
                        return Err(wrong());
                    }
                    arguments.insert((*name).to_owned(), text);
                }
                Some(_) => return Err(wrong()),
            }
        }
        if one.is_empty() { Ok(Said { action, evidence, arguments }) } else { Err(NoAnswer::Keys) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        let user = ("user", Takes::One(Kind::Person));
        let offered = |id, arguments| Offered { id, title: id, example: None, arguments };
        Question {
            words: "boot [u1] from [g1 Sales]".to_owned(),
            actions: vec![
                offered("remove_from_group", vec![user, ("group", Takes::One(Kind::Group))]),
                offered("set_out_of_office", vec![user, ("message", Takes::Words)]),
            ],
            candidates: vec![
                Candidate { id: "u1".to_owned(), kind: Kind::Person },
                Candidate { id: "g1".to_owned(), kind: Kind::Group },
            ],
        }
    }

    fn good() -> Value {
        json!({ "decision": "propose", "actions": [
            { "action": "remove_from_group", "evidence": "boot [u1]", "user": "u1", "group": "g1", "message": null },
        ] })
    }

    #[test]
    fn an_answer_of_the_schema_is_read() {
        let answer = question().read(&good().to_string()).unwrap();
        assert_eq!(answer.decision, Decision::Propose);
        assert_eq!(answer.actions[0].arguments["group"], "g1");
        assert!(!answer.actions[0].arguments.contains_key("message"), "null is left out");
    }

    #[test]
    fn what_the_schema_does_not_allow_is_no_answer_whoever_enforced_it() {
        let cases = [
            ("/actions/0/action", json!("delete_user"), NoAnswer::Action),
            ("/actions/0/user", json!("g1"), NoAnswer::Value("user".to_owned())),
            ("/actions/0/user", json!("john.doe@contoso.com"), NoAnswer::Value("user".to_owned())),
            ("/actions/0/group", json!(["g1"]), NoAnswer::Value("group".to_owned())),
            ("/actions/0/evidence", json!(null), NoAnswer::Value("evidence".to_owned())),
            ("/actions/0/message", json!("x".repeat(TEXT_CHARS_MAX + 1)), NoAnswer::Long),
            ("/decision", json!("approve"), NoAnswer::Shape),
        ];
        for (at, value, wanted) in cases {
            let mut said = good();
            *said.pointer_mut(at).unwrap() = value;
            assert_eq!(question().read(&said.to_string()), Err(wanted), "{at}");
        }
        let mut more = good();
        more["actions"][0]["approver"] = json!("u1");
        assert_eq!(question().read(&more.to_string()), Err(NoAnswer::Keys));
        let mut less = good();
        less["actions"][0].as_object_mut().unwrap().remove("message");
        assert_eq!(question().read(&less.to_string()), Err(NoAnswer::Keys));
        assert_eq!(question().read("<html>"), Err(NoAnswer::Shape));
        let mut many = good();
        many["actions"] = vec![good()["actions"][0].clone(); ACTIONS_MAX + 1].into();
        assert_eq!(question().read(&many.to_string()), Err(NoAnswer::Long));
    }

    #[test]
    fn the_schema_lists_every_property_as_required_and_allows_no_other() {
        fn walk(node: &Value) {
            if node["type"] == "object" {
                let names: Vec<_> = node["properties"].as_object().unwrap().keys().collect();
                let required: Vec<_> = node["required"].as_array().unwrap().iter().collect();
                assert_eq!(names.len(), required.len());
                assert_eq!(node["additionalProperties"], false);
                node["properties"].as_object().unwrap().values().for_each(walk);
            }
            if node["type"] == "array" {
                walk(&node["items"]);
            }
        }
        let schema = question().schema();
        walk(&schema);
        let user = &schema["properties"]["actions"]["items"]["properties"]["user"];
        assert_eq!(user["enum"], json!(["u1", null]));
    }
}
