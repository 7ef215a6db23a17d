//! A form that was filled in → the same path as words: plan, decide, save, say.
//!
//! What the answers cannot give goes back to the form, with the field named, and nothing
//! is kept of it. The request is made only when nothing is wrong.

use serde_json::json;

use crate::{
    actions::forms,
    desk::{CONFLICTS_MAX, Desk, press::note, propose::PROPOSALS_MAX},
    domain::{
        chat::{Filled, Inbound},
        form::{
            Complaint, Sort, Why,
            given::{Answers, Given},
            view::{FormView, Shape, key, of_part},
        },
        message::Message,
        plan::Note,
        proposal::{Open, Proposal},
        request::{Origin, Relation, Request, Stage},
        trouble::Reason,
    },
    interpret,
    ports::store::{Answer, StoreError, Turn},
};

/// What became of a form.
#[derive(Debug)]
pub enum Filling {
    /// It was sent; what to say of it.
    Sent(Box<Message>),
    /// It is shown again, with what is wrong.
    Again(Box<FormView>),
}

impl Desk {
    /// One form that was filled in. The same one sent twice is one request.
    pub async fn fill(&self, inbound: &Inbound, filled: &Filled) -> Result<Filling, StoreError> {
        if let Some(answer) = self.store.answered(&inbound.key).await? {
            return self.sent_before(&answer).await;
        }
        for _ in 0..CONFLICTS_MAX {
            match Box::pin(self.try_fill(inbound, filled)).await {
                Err(StoreError::Conflict) => {}
                Err(StoreError::Repeated(answer)) => return self.sent_before(&answer).await,
                other => return other,
            }
        }
        Err(StoreError::Conflict)
    }

    /// A form that was acknowledged before it was handled: what is wrong with it is said
    /// in the chat, since no window waits for it.
    pub(super) async fn fill_aloud(
        &self,
        inbound: &Inbound,
        filled: &Filled,
    ) -> Result<Answer, StoreError> {
        if let Filling::Again(form) = self.fill(inbound, filled).await? {
            let mut turn = self.turn(inbound, Answer::default());
            for complaint in form.wrong_fields().map(|(_, one)| one).chain(&form.wrong) {
                let said = complaint.why.said();
                self.say_to(&mut turn, &inbound.place, &inbound.from, said);
            }
            self.store.save(turn).await?;
        }
        Ok(Answer::default())
    }

    /// A stored form was shown again in its window: it is handled.
    pub async fn set_aside(&self, inbound: &Inbound) -> Result<(), StoreError> {
        match self.store.save(self.turn(inbound, Answer::default())).await {
            Ok(_) | Err(StoreError::Repeated(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn sent_before(&self, answer: &Answer) -> Result<Filling, StoreError> {
        let request = match &answer.request {
            Some(id) => self.store.request(id).await?,
            None => None,
        };
        Ok(sent(request.map(|request| request.number.to_string())))
    }

    async fn try_fill(&self, inbound: &Inbound, filled: &Filled) -> Result<Filling, StoreError> {
        let again = |wrong: Vec<Complaint>, of: Option<&Request>| {
            Ok(Filling::Again(Box::new(self.form_again(inbound, filled, &wrong, of))))
        };
        let (who, place) = match self.present(&inbound.from, &inbound.place).await {
            Ok(present) => present,
            Err(trouble) => return again(vec![of_all(trouble.reason())], None),
        };
        let old = match self.to_replace(filled, &who).await? {
            Ok(old) => old,
            Err(reason) => return again(vec![of_all(reason)], None),
        };
        let proposals = match self.proposals(filled, old.as_ref()) {
            Ok(proposals) => proposals,
            Err(wrong) => return again(wrong, old.as_ref()),
        };
        let origin = match &old {
            Some(old) => Origin { by: inbound.from.clone(), client: None, ..old.origin.clone() },
            None => Origin {
                place,
                by: inbound.from.clone(),
                message: None,
                own_words: true,
                // A form that began with the words of a message is not the sender's own.
                alone: !filled.nonce.is_marked(),
                client: None,
            },
        };
        let mut new = self.new_request(origin, &who, proposals);
        new.parent = old.as_ref().map(|old| (old.id, Relation::Edit));
        let id = new.id;
        let mut turn = self.turn(inbound, Answer::default());
        self.propose(&mut turn, new, None, &who, Vec::new()).await?;
        let wrong = wrong_in(&turn, filled);
        if !wrong.is_empty() {
            return again(wrong, old.as_ref());
        }
        let asked = !turn.requests.is_empty();
        if let (Some((_, kept)), true) = (&mut turn.inbox, asked) {
            kept.request = Some(id);
        }
        if let Some(old) = old.filter(|_| asked) {
            self.replace(&mut turn, old, id)?;
        }
        let saved = self.store.save(turn).await?;
        let number = saved.requests.iter().find(|(saved, ..)| *saved == id);
        Ok(sent(number.map(|(_, number, _)| number.to_string())))
    }

    /// The old request gives way to the new one, in the same turn.
    fn replace(
        &self,
        turn: &mut Turn,
        old: Request,
        by: crate::domain::ids::RequestId,
    ) -> Result<(), StoreError> {
        let (id, version, requester) = (old.id, old.version, old.requester.clone());
        let Ok(old) = old.supersede(by, self.now()) else { return Err(StoreError::Conflict) };
        let told = json!({ "by": requester, "with": by });
        turn.facts.push(self.fact(&old, "request.superseded", told));
        turn.redraw.push(id);
        turn.requests.push((old, Some(version)));
        Ok(())
    }

    /// What was asked, or every mistake with its field.
    #[expect(clippy::unused_self, reason = "reads as the desk's")]
    fn proposals(
        &self,
        filled: &Filled,
        old: Option<&Request>,
    ) -> Result<Vec<Proposal>, Vec<Complaint>> {
        if filled.actions.is_empty() || filled.actions.len() > PROPOSALS_MAX {
            let what = format!("one form may lead to at most {PROPOSALS_MAX} actions");
            return Err(vec![of_all(Reason::TooMuch { what })]);
        }
        let (mut proposals, mut wrong) = (Vec::new(), typed_passwords(filled));
        for (part, action) in filled.actions.iter().enumerate() {
            let Some(form) = forms::form(action) else {
                let action = action.chars().take(80).collect();
                return Err(vec![of_all(Reason::NoSuchAction { action })]);
            };
            let because = old
                .and_then(|old| old.proposals.get(part))
                .filter(|before| before.action == *action)
                .map(|before| before.because.clone());
            match form.read(&of_part(&filled.answers, part)) {
                Ok(arguments) => proposals.push(Proposal {
                    action: action.clone(),
                    arguments,
                    because: because.unwrap_or_default(),
                }),
                Err(complaints) => wrong.extend(complaints.into_iter().map(|one| Complaint {
                    field: one.field.map(|field| key(part, &field)),
                    ..one
                })),
            }
        }
        if wrong.is_empty() { Ok(proposals) } else { Err(wrong) }
    }

    /// The form as it was sent, with what is wrong.
    fn form_again(
        &self,
        inbound: &Inbound,
        filled: &Filled,
        wrong: &[Complaint],
        of: Option<&Request>,
    ) -> FormView {
        let mut parts = Vec::new();
        for (part, action) in filled.actions.iter().enumerate().take(PROPOSALS_MAX) {
            if let Some(form) = forms::form(action) {
                parts.push(self.part(part, form, &of_part(&filled.answers, part), wrong));
            }
        }
        let known =
            |field: &str| parts.iter().flat_map(|part| &part.fields).any(|own| own.key == field);
        let rest = wrong.iter().filter(|one| !one.field.as_deref().is_some_and(known));
        let token = filled.of.as_ref().map(|of| crate::domain::message::ButtonToken {
            request: of.request,
            nonce: of.nonce.clone(),
            digest: of.digest,
        });
        FormView {
            wrong: rest.cloned().collect(),
            shape: Shape::Window,
            nonce: filled.nonce.clone(),
            of: of.map(|old| old.number).zip(token),
            place: filled.window.is_some().then(|| inbound.place.clone()),
            parts,
        }
    }
}

/// A form that was sent, and what to say of it.
fn sent(number: Option<String>) -> Filling {
    Filling::Sent(Box::new(match number {
        Some(number) => note("form_sent", &[("number", &number)]),
        None => note("form_answered", &[]),
    }))
}

impl Why {
    /// As a message of its own.
    pub(super) fn said(&self) -> Message {
        match self {
            Self::Answer(note) => Message::Note(note.clone()),
            Self::Reason(reason) => super::refused(reason.clone()),
        }
    }
}

fn of_all(reason: Reason) -> Complaint {
    Complaint { field: None, why: Why::Reason(reason) }
}

/// Passwords typed into a form are taken for a mistake, as everywhere.
fn typed_passwords(filled: &Filled) -> Vec<Complaint> {
    let holds = |given: &Given| match given {
        Given::One(text) => interpret::redact(text).found,
        Given::Many(_) => false,
    };
    let bad = filled.answers.iter().filter(|(_, given)| holds(given));
    bad.map(|(field, _)| Complaint {
        field: Some(field.clone()),
        why: Why::Reason(Reason::TypedPassword),
    })
    .collect()
}

/// What planning found wrong, with the field it is about where that can be told.
pub(super) fn wrong_in(turn: &Turn, filled: &Filled) -> Vec<Complaint> {
    let mut wrong = Vec::new();
    for say in &turn.say {
        if let Message::Sorry(view) = &say.what {
            let field = field_of(&view.reason, filled);
            wrong.push(Complaint { field, why: Why::Reason(view.reason.clone()) });
        }
    }
    for (request, _) in &turn.requests {
        if let Stage::Clarifying { open, .. } = &request.stage {
            wrong.extend(open.iter().map(|open| unclear(open, filled)));
        }
    }
    wrong
}

/// A question that a form would have to ask.
fn unclear(open: &Open, filled: &Filled) -> Complaint {
    let part = filled.actions.iter().position(|action| *action == open.proposal.action);
    let field = part.map(|part| key(part, &open.argument));
    let choices: Vec<String> = open
        .question
        .choices
        .iter()
        .map(|choice| format!("{} ({})", choice.label, choice.detail))
        .collect();
    let why = if choices.is_empty() {
        Note::new("answer_missing", &[])
    } else {
        Note::new("answer_unclear", &[("choices", &choices.join("; "))])
    };
    Complaint { field, why: Why::Answer(why) }
}

/// The field that a reason is about: the one it names, or the one that holds what it names.
fn field_of(reason: &Reason, filled: &Filled) -> Option<String> {
    let fields = filled.actions.iter().enumerate().flat_map(|(part, action)| {
        let own = forms::form(action).map(|form| form.fields.as_slice()).unwrap_or_default();
        own.iter().map(move |field| (key(part, &field.name), field))
    });
    let holds = |field: &str, name: &str| says(&filled.answers, field, name);
    let mut fields = fields;
    match reason {
        Reason::WrongArgument { field: named, .. } => {
            fields.find(|(_, field)| field.name == *named).map(|(key, _)| key)
        }
        Reason::NoSuchPerson { name }
        | Reason::NoSuchGroup { name }
        | Reason::NoSuchLicence { name } => fields
            .find(|(key, field)| matches!(field.sort, Sort::Pick { .. }) && holds(key, name))
            .map(|(key, _)| key),
        _ => None,
    }
}

fn says(answers: &Answers, field: &str, name: &str) -> bool {
    let typed = format!("{field}{}", crate::domain::form::given::TYPED);
    let own = [answers.get(field), answers.get(&typed)];
    own.into_iter()
        .flatten()
        .any(|given| given.texts(',').iter().any(|text| text.eq_ignore_ascii_case(name)))
}
