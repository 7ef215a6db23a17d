//! A message and a face become a card, from the templates in `cards/`.
//!
//! - [`Cards`]   each template compiled when it is first drawn; [`Cards::draw`] is all that others call
//! - [`texts`]   every sentence, by key, from `cards/texts/<language>.toml`
//! - [`clean`]   what people typed, made harmless to read: no hidden or reversing characters
//! - [`escape`]  what a face would take for mark-up, taken away
//! - [`say`]     sentences about people, times and values, in the tenant's zone
//! - [`request`] the request card as sentences, before it has a face
//! - [`brief`]   the first screen of a process: what matters before any step
//! - [`needs`]   whose signatures it needs; [`steps`] its steps, listed or counted;
//!   [`rows`] those of a batch
//! - [`facts`]   what a look found, its table and pages; [`forms`] a form's inputs; [`card_form`] a
//!   form over a request's card; [`caller`] the number its subject reads out; [`others`] the same
//!   for all other messages
//! - [`gathered`] requests that are only listed, each to be opened
//! - [`fit`]     the limits of Teams and Slack, and what gives way when a card is too long
//! - [`whose`]   the tenant at the head of everything, where there are several
//! - [`mod@write`]   all samples as files, to be looked at
//!
//! A template lays out, it does not decide: it gets finished sentences. How text is
//! escaped follows from the template's name (`.json.j2`, `.mrkdwn.j2`), so nothing
//! can be forgotten.
//!
//! Not here: any knowledge of single actions, and any call to a chat.

mod brief;
mod caller;
pub mod card_form;
pub mod clean;
pub mod escape;
pub mod facts;
pub mod fit;
pub mod forms;
mod gathered;
pub mod needs;
pub mod others;
pub mod request;
mod rows;
pub mod say;
pub mod steps;
pub mod texts;
pub mod whose;
pub mod write;

use std::sync::Arc;

use include_dir::{Dir, include_dir};
use jiff::tz::TimeZone;
use minijinja::{Environment, ErrorKind, State, UndefinedBehavior, value::Value};
use serde_json::json;

use crate::{
    adapters::cards::{
        fit::{LEVELS, Level, PLAIN, Steps},
        say::Say,
        texts::Texts,
    },
    domain::{
        chat::{Drawn, Face},
        message::Message,
    },
};

static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/cards");

/// Why a message could not be drawn. Each is a defect of ours, found by the tests.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// There is no text file for this language.
    #[error("no texts for the language {0}")]
    NoLanguage(String),
    /// The text file has no such key.
    #[error("no text for {0}")]
    NoText(String),
    /// A text wants a field that was not given.
    #[error("the text {key} wants {{{field}}}")]
    NoField {
        /// Of the text.
        key: String,
        /// Of the field.
        field: String,
    },
    /// A one-time link that is not an `http(s)` address.
    #[error("a link that is no web address")]
    NotALink,
    /// Even at its shortest the card is over a limit of the platform.
    #[error("{message} does not fit {face:?}")]
    TooLarge {
        /// Which message.
        message: &'static str,
        /// On which face.
        face: Face,
    },
    /// A template is wrong.
    #[error("the template {template} is wrong: {why}")]
    Template {
        /// Which.
        template: String,
        /// The engine's words.
        why: String,
    },
}

/// Draws messages. Made once, shared by all.
#[derive(Debug)]
pub struct Cards {
    templates: Environment<'static>,
    texts: Arc<Texts>,
}

impl Cards {
    /// The cards in a language: `en`.
    pub fn new(language: &str) -> Result<Self, CardError> {
        let unknown = || CardError::NoLanguage(language.to_owned());
        let file = FOLDER.get_file(format!("texts/{language}.toml")).ok_or_else(unknown)?;
        Self::with_texts(Texts::read(file.contents_utf8().ok_or_else(unknown)?)?)
    }

    /// The cards with these texts.
    pub fn with_texts(texts: Texts) -> Result<Self, CardError> {
        let texts = Arc::new(texts);
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.set_trim_blocks(true);
        templates.set_lstrip_blocks(true);
        escape::by_name(&mut templates);
        let words = Arc::clone(&texts);
        templates.add_function("t", move |key: String, fields: Option<Value>| {
            words.say_value(&key, fields).map_err(carried)
        });
        templates.add_function("part", part);
        templates.add_filter("pack", fit::pack);
        templates.add_filter("clip", |text: String, most: usize| clean::clip(&text, most));
        templates.set_loader(|name| {
            let file = FOLDER.get_file(name).and_then(|file| file.contents_utf8());
            Ok(file.map(str::to_owned))
        });
        Ok(Self { templates, texts })
    }

    /// Draws a message in a face. Times are shown in `zone`, the tenant's.
    ///
    /// A card that would be over a limit of its platform is drawn shorter, and says so
    /// (see [`fit`]).
    pub fn draw(&self, message: &Message, face: Face, zone: &TimeZone) -> Result<Drawn, CardError> {
        self.draw_about(message, face, zone, None)
    }

    /// The same about a tenant, whose name is said first.
    pub fn draw_about(
        &self,
        message: &Message,
        face: Face,
        zone: &TimeZone,
        tenant: Option<&str>,
    ) -> Result<Drawn, CardError> {
        Ok(self.fitting(message, face, (zone, tenant))?.0)
    }

    /// Is a plan so long that this face counts its steps instead of listing them?
    pub fn counts_steps(
        &self,
        message: &Message,
        face: Face,
        zone: &TimeZone,
        tenant: Option<&str>,
    ) -> Result<bool, CardError> {
        let is_plan = matches!(message, Message::Request(_));
        Ok(is_plan && self.fitting(message, face, (zone, tenant))?.1.steps == Steps::Counted)
    }

    /// Drawn at the first level that fits.
    fn fitting(
        &self,
        message: &Message,
        face: Face,
        about: (&TimeZone, Option<&str>),
    ) -> Result<(Drawn, Level), CardError> {
        let levels = if face == Face::Plain { &PLAIN[..] } else { &LEVELS[..] };
        for level in levels {
            let drawn = self.draw_at(message, face, about, level)?;
            if fit::fits(face, &drawn.body) {
                return Ok((drawn, *level));
            }
        }
        Err(CardError::TooLarge { message: folder(message), face })
    }

    fn draw_at(
        &self,
        message: &Message,
        face: Face,
        (zone, tenant): (&TimeZone, Option<&str>),
        level: &Level,
    ) -> Result<Drawn, CardError> {
        let say = Say { texts: &self.texts, zone, level };
        let (sheet, summary) = others::sheet(&say, message)?;
        let file = match face {
            Face::Teams => "teams.json.j2",
            Face::Slack => "slack.json.j2",
            Face::Plain => "plain.txt.j2",
        };
        let name = format!("{}/{file}", folder(message));
        let wrong = |why: String| CardError::Template { template: name.clone(), why };
        let template = self.templates.get_template(&name).map_err(|e| wrong(e.to_string()))?;
        let context = json!({ "s": sheet, "summary": summary });
        let text = template
            .render(Value::from_serialize(&context))
            .map_err(|error| taken_out(&error).unwrap_or_else(|| wrong(format!("{error:#}"))))?;
        let body = match face {
            Face::Plain => serde_json::Value::String(text.trim().to_owned()),
            Face::Teams | Face::Slack => {
                serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?
            }
        };
        let summary = clean::clip(&summary, fit::SUMMARY_MAX);
        // Slack reads mark-up in a message's `text` as well.
        let summary = if face == Face::Slack { escape::mrkdwn(&summary) } else { summary };
        let drawn = Drawn { body, summary };
        match tenant.filter(|_| !whose::is_of_none(message)) {
            Some(tenant) => whose::said(&say, face, tenant, drawn),
            None => Ok(drawn),
        }
    }
}

/// The folder of a message in `cards/`.
fn folder(message: &Message) -> &'static str {
    match message {
        Message::Request(_) => "request",
        Message::Steps(_) => "steps",
        Message::Question(_) => "question",
        Message::QuestionForm(_) => "question_form",
        Message::CardForm(_) => "card_form",
        Message::Asked(_) => "asked",
        Message::CallerNumber(_) => "caller_number",
        Message::Form(_) => "form",
        Message::Chooser(_) => "chooser",
        Message::Facts(_) | Message::Pages(_) => "facts",
        Message::SecretLink(_) | Message::SignIn(_) => "secret_link",
        Message::SecretGone(_) => "secret_gone",
        Message::Sorry(_) => "sorry",
        Message::Note(_) => "note",
        Message::Help(_) => "help",
        Message::Waiting(_) => "waiting",
        Message::Rows(_) => "rows",
        Message::Gathered(_) => "gathered",
    }
}

/// Draws another template into a text, escaped by *that* template's name.
#[expect(clippy::needless_pass_by_value, reason = "functions get their arguments by value")]
fn part(state: &State<'_, '_>, name: &str, s: Value) -> Result<String, minijinja::Error> {
    let text = state.env().get_template(name)?.render(minijinja::context! { s })?;
    Ok(text.trim_end().to_owned())
}

/// Our error, on its way through the template engine.
fn carried(error: CardError) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::InvalidOperation, error.to_string()).with_source(error)
}

fn taken_out(error: &minijinja::Error) -> Option<CardError> {
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        if let Some(ours) = cause.downcast_ref::<CardError>() {
            return Some(ours.clone());
        }
        next = cause.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Dir<'_>) -> Vec<String> {
        let own = dir
            .files()
            .filter(|file| file.path().extension().is_some_and(|ending| ending == "j2"))
            .filter_map(|file| file.path().to_str().map(str::to_owned));
        own.chain(dir.dirs().flat_map(names)).collect()
    }

    #[test]
    fn every_template_compiles() {
        let cards = Cards::new("en").unwrap();
        let names = names(&FOLDER);
        assert!(names.len() > 50, "{} templates", names.len());
        for name in names {
            let compiled = cards.templates.get_template(&name);
            assert!(compiled.is_ok(), "{name}: {compiled:?}");
        }
    }
}
