//! Which tenant is meant: asked where neither the conversation nor whoever speaks says it.
//!
//! The question is a request of the operator's own tenant that never has a plan. It holds the
//! words; the answer hands them on to the desk that was chosen, as if they were said there.

use serde_json::{Value, json};

use crate::{
    desk::{Desk, hear::thread, propose::QUESTION_LIVES},
    domain::{
        chat::{Heard, Inbound, Mention, Words},
        ids::{RequestId, TenantId},
        proposal::{Intent, Open, Proposal, WHICH_TENANT},
        request::{Origin, Request, Stage},
        trouble::{Ask, Choice, Question, Result},
    },
    interpret::{self, redact::MARKER},
    policy::Standing,
    ports::store::{Answer, StoreError, Turn},
};

/// The argument that the answer fills.
pub(super) const TENANT: &str = "tenant";
/// What the delivery of the words that were handed on begins with.
const HANDED_ON: &str = "which/";

/// Is it the question, and no request of its own?
pub(super) fn is_question(request: &Request) -> bool {
    proposal(request).is_some()
}

fn proposal(request: &Request) -> Option<&Proposal> {
    let open = match &request.stage {
        Stage::Clarifying { open, .. } => open.first().map(|open| &open.proposal),
        _ => None,
    };
    open.or_else(|| request.proposals.first()).filter(|one| one.action == WHICH_TENANT)
}

/// The tenant that was chosen, once it was.
pub(super) fn chosen(request: &Request) -> Option<Choice> {
    let arguments = &proposal(request)?.arguments;
    let text = |name: &str| arguments.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    Some(Choice { value: text(TENANT)?, label: text("name")?, detail: String::new() })
}

impl Desk {
    /// Words that may be about any tenant. What asks for nothing is answered at once.
    pub(super) async fn ask_which(
        &self,
        inbound: &Inbound,
        names: &[(TenantId, String)],
    ) -> Result<Answer, StoreError> {
        let Heard::Said { words, mentions, message, files } = &inbound.what else {
            return Box::pin(self.handle(inbound.clone())).await;
        };
        if let Some(answer) = self.store.answered(&inbound.key).await? {
            return Ok(answer);
        }
        let place = thread(&inbound.place, message.as_deref());
        let placed = Inbound { place, ..inbound.clone() };
        let person = self.person(&inbound.from, &placed.place).await;
        let (Ok(who), Ok(())) = (person, self.names_read().await) else {
            return Box::pin(self.handle(inbound.clone())).await;
        };
        let redacted = interpret::redact(&words.0).words;
        if self.asks_for_nothing(&placed, &who, (&redacted, mentions), message.is_none()).await {
            return Box::pin(self.handle(inbound.clone())).await;
        }
        let mut turn = self.turn(&placed, Answer::default());
        turn.conversations.push(self.conversation(&placed, Some(&who)));
        let origin = Origin {
            place: placed.place.clone(),
            by: inbound.from.clone(),
            message: message.clone(),
            own_words: true,
            alone: false,
            client: None,
        };
        let choice = |(tenant, name): &(TenantId, String)| Choice {
            value: tenant.to_string(),
            label: name.clone(),
            detail: String::new(),
        };
        let question = Question::which(Ask::WhichTenant, None, names.iter().map(choice));
        let said = json!({ "words": redacted, "mentions": mentions, "files": files });
        let Value::Object(arguments) = said else { return Ok(Answer::default()) };
        let proposal = Proposal { action: WHICH_TENANT.to_owned(), arguments, because: Vec::new() };
        let open = vec![Open { proposal, argument: TENANT.to_owned(), question }];
        let mut request = self.new_request(origin, &who, Vec::new());
        let until = self.now() + QUESTION_LIVES;
        request.stage = Stage::Clarifying { open: Vec::new(), until };
        self.ask(&mut turn, request, None, open);
        self.store.save(turn).await.map(|_| Answer::default())
    }

    /// Small talk, help, forms and signing in are of no tenant.
    async fn asks_for_nothing(
        &self,
        inbound: &Inbound,
        who: &Standing,
        (words, mentions): (&str, &[Mention]),
        command: bool,
    ) -> bool {
        if self.about_sign_in(inbound, words).is_some()
            || self.form_said(inbound, words, command).is_some()
        {
            return true;
        }
        let context = self.context(mentions, &inbound.place, who, &[], None).await;
        let intent = self.understand(words, &context).await.intent;
        matches!(intent, Intent::Help | Intent::None) && !words.contains(MARKER)
    }

    /// A tenant was chosen: the question is over, and its words are kept for that desk.
    pub(super) fn choose_tenant(
        &self,
        turn: &mut Turn,
        (request, version): (Request, u64),
        who: &Standing,
        (mut open, value): (Open, String),
    ) -> Result<Answer> {
        let label = open.question.choices.iter().find(|choice| choice.value == value);
        let name = label.map(|choice| choice.label.clone()).unwrap_or_default();
        open.proposal.arguments.insert(TENANT.to_owned(), value.into());
        open.proposal.arguments.insert("name".to_owned(), name.into());
        let id = request.id;
        let mut request = request.cancel(who.user.to_ref(), self.now())?;
        request.proposals = vec![open.proposal];
        turn.received = handed_on(&request);
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        Ok(Answer { say: None, request: Some(id) })
    }

    /// The words of a question whose answer was given, for the desk that was chosen.
    pub(super) async fn said_of_chosen(
        &self,
        id: &RequestId,
    ) -> Result<Option<Inbound>, StoreError> {
        Ok(self.store.request(id).await?.as_ref().and_then(handed_on))
    }

    /// The tenant that words were handed on to, by their delivery's key.
    pub(super) async fn chosen_tenant(&self, key: &str) -> Result<Option<TenantId>, StoreError> {
        let Some(id) = key.strip_prefix(HANDED_ON).and_then(|id| id.parse().ok()) else {
            return Ok(None);
        };
        let request = self.store.request(&id).await?;
        Ok(request.as_ref().and_then(chosen).and_then(|choice| choice.value.parse().ok()))
    }
}

/// The words as a delivery of their own.
fn handed_on(request: &Request) -> Option<Inbound> {
    chosen(request)?;
    let arguments = &proposal(request)?.arguments;
    let words = arguments.get("words").and_then(Value::as_str)?;
    let mentions = serde_json::from_value(arguments.get("mentions")?.clone()).ok()?;
    let files = arguments.get("files").and_then(|files| serde_json::from_value(files.clone()).ok());
    let Origin { place, by, message, .. } = request.origin.clone();
    Some(Inbound {
        key: format!("{HANDED_ON}{}", request.id),
        from: by,
        place,
        what: Heard::Said {
            words: Words(words.to_owned()),
            mentions,
            message,
            files: files.unwrap_or_default(),
        },
    })
}
