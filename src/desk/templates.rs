//! Templates: "offboard John Doe with the template store-leaver" begins with what the operator
//! filled in. Whatever is said besides wins, and the card says which template was used.

use std::{collections::BTreeMap, sync::LazyLock};

use anyhow::{Context, bail, ensure};
use regex::Regex;
use serde_json::{Map, Value};

use crate::{
    actions::{entry, forms},
    config,
    domain::{
        area::Risk,
        form::{Why, given::Answers},
        proposal::{Because, Proposal, Understood},
        trouble::Reason,
    },
};

/// How a template is named in a message. What stands between words and template goes with it.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)[\s,;(]*\b(?:(?:using|with|use|per|by|from|on|as)\s+)?(?:the\s+)?template\s*[:=]?\s*["“'`]?([a-z0-9][a-z0-9_-]*)["”'`]?\)?"#).expect("a fixed pattern")
});

/// All templates of the settings, by name.
#[derive(Debug, Default)]
pub struct Templates(BTreeMap<String, Template>);

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// Its name.
    pub name: String,
    /// Of which action.
    pub action: &'static str,
    /// What is filled in.
    with: Map<String, Value>,
}

impl Templates {
    /// As the operator set them; each must be an action's, and its answers must be readable.
    pub fn of(set: &BTreeMap<String, config::Template>) -> anyhow::Result<Self> {
        let mut all = BTreeMap::new();
        for (name, template) in set {
            let own = one(name, template).with_context(|| format!("templates.{name}"))?;
            all.insert(name.to_lowercase(), own);
        }
        Ok(Self(all))
    }

    /// The template of this name.
    pub(super) fn named(&self, name: &str) -> Option<&Template> {
        self.0.get(&name.to_lowercase())
    }

    /// The template that these words name, taken out of them. Words that name one that is not
    /// there are refused, with those that are.
    pub(super) fn taken_from(&self, words: &mut String) -> Result<Option<Template>, Reason> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let Some(found) = NAMED.captures(words) else { return Ok(None) };
        let (whole, name) = (found.get(0).map(|whole| whole.range()), found[1].to_owned());
        let Some(template) = self.named(&name) else {
            let all: Vec<&str> = self.0.keys().map(String::as_str).collect();
            return Err(Reason::WrongArgument {
                field: "template".to_owned(),
                why: format!("there is no {name}; there are {}", all.join(", ")),
            });
        };
        let template = template.clone();
        words.replace_range(whole.unwrap_or_default(), "");
        Ok(Some(template))
    }
}

fn one(name: &str, template: &config::Template) -> anyhow::Result<Template> {
    let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    ensure!(
        !name.is_empty() && name.chars().all(slug),
        "a name is of small letters, digits, - and _"
    );
    let known = entry(&template.action).filter(|entry| entry.about.risk > Risk::Read);
    let known = known
        .with_context(|| format!("{} is no action that changes something", template.action))?;
    let form = forms::form(known.about.id).context("an action has its form")?;
    for field in template.with.keys() {
        ensure!(form.field(field).is_some(), "{} asks for no {field}", known.about.id);
    }
    let wrong =
        form.check(&template.with).into_iter().find(|wrong| match (&wrong.field, &wrong.why) {
            (Some(field), Why::Answer(_)) => template.with.contains_key(field),
            _ => true,
        });
    if let Some(wrong) = wrong {
        bail!(
            "with.{} cannot be read as the form of {} has it",
            wrong.field.unwrap_or_default(),
            known.about.id
        );
    }
    Ok(Template { name: name.to_owned(), action: known.about.id, with: template.with.clone() })
}

impl Template {
    /// Fills in what nobody said otherwise. A template of something that was not asked for is a
    /// mistake of whoever named it.
    pub(super) fn fill(&self, understood: &mut Understood) -> Result<(), Reason> {
        let mut used = false;
        for proposal in &mut understood.proposals {
            used |= self.fill_one(proposal);
        }
        let mut open = Vec::new();
        for mut question in std::mem::take(&mut understood.questions) {
            let own = self.fill_one(&mut question.proposal);
            used |= own;
            if own && self.with.contains_key(&question.argument) {
                understood.proposals.push(question.proposal);
            } else {
                open.push(question);
            }
        }
        understood.questions = open;
        if used {
            return Ok(());
        }
        let what = format!(
            "the template {} is for {}, and that was not asked for",
            self.name,
            self.action.replace('_', " ")
        );
        Err(Reason::NotPossible { what })
    }

    fn fill_one(&self, proposal: &mut Proposal) -> bool {
        if proposal.action != self.action {
            return false;
        }
        for (name, value) in &self.with {
            proposal.arguments.entry(name.clone()).or_insert_with(|| value.clone());
        }
        proposal.because.push(self.because());
        true
    }

    /// Why a card holds what nobody said.
    pub(super) fn because(&self) -> Because {
        Because { words: self.name.clone(), gave: "template".to_owned(), quoted: false }
    }

    /// What is filled in, as answers of the form.
    pub(super) fn answers(&self) -> Answers {
        forms::form(self.action).map(|form| form.given(&self.with)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(action: &str, with: Value) -> BTreeMap<String, config::Template> {
        let Value::Object(with) = with else { panic!("{with}") };
        BTreeMap::from([(
            "store-leaver".to_owned(),
            config::Template { action: action.to_owned(), with },
        )])
    }

    fn taken(words: &str) -> (String, Option<String>) {
        let all = Templates::of(&set("offboard_user", json!({ "cancel_meetings": true }))).unwrap();
        let mut words = words.to_owned();
        let named = all.taken_from(&mut words).unwrap();
        (words, named.map(|template| template.name))
    }

    #[test]
    fn a_template_is_named_in_words_and_taken_out_of_them() {
        let name = || Some("store-leaver".to_owned());
        for said in [
            "offboard john.doe@contoso.com with the template store-leaver",
            "offboard john.doe@contoso.com, template: store-leaver",
            "offboard john.doe@contoso.com (template “store-leaver”)",
            "offboard john.doe@contoso.com using template Store-Leaver",
        ] {
            assert_eq!(taken(said), ("offboard john.doe@contoso.com".to_owned(), name()), "{said}");
        }
        assert_eq!(taken("offboard john.doe@contoso.com").1, None);
        let all = Templates::of(&set("offboard_user", json!({}))).unwrap();
        let unknown = all.taken_from(&mut "offboard john with template shop".to_owned());
        assert!(unknown.unwrap_err().to_string().contains("store-leaver"));
    }

    #[test]
    fn a_template_that_its_action_cannot_read_is_refused() {
        for (action, with) in [
            ("no_such", json!({})),
            ("get_user", json!({})),
            ("offboard_user", json!({ "colour": "red" })),
            ("offboard_user", json!({ "leave_out": ["everything"] })),
        ] {
            assert!(Templates::of(&set(action, with.clone())).is_err(), "{action}: {with}");
        }
        let fine = json!({ "leave_out": ["reply", "groups"], "cancel_meetings": true });
        assert!(Templates::of(&set("offboard_user", fine)).is_ok());
    }
}
