//! An answer to a question, by a choice or through a form.

use crate::{
    desk::{Desk, form::over_card, hear::rest_of, which},
    domain::{
        chat::Press,
        ids::Upn,
        message::Message,
        proposal::{Open, WHICH_TENANT},
        request::{Request, Stage},
        trouble::{Ask, Choice, Question, Reason, Result},
        users::Who,
    },
    policy::Standing,
    ports::store::{Answer, StoreError, Turn},
};

/// So many namesakes are looked up at once.
const READ_AT_ONCE: usize = 10;

impl Desk {
    /// Says of namesakes whom they report to; the name index does not know it.
    pub(super) async fn tell_apart(&self, open: &mut [Open]) {
        let which = open.iter_mut().filter(|open| open.question.ask == Ask::WhichPerson);
        let mut choices: Vec<&mut Choice> =
            which.flat_map(|open| open.question.choices.iter_mut()).collect();
        for some in choices.chunks_mut(READ_AT_ONCE) {
            let managers = some.iter().map(|choice| self.manager_of(&choice.value));
            let managers = futures::future::join_all(managers).await;
            for (choice, manager) in some.iter_mut().zip(managers) {
                if let Some(manager) = manager.filter(|name| !choice.detail.contains(name)) {
                    choice.detail = format!("{} · reports to {manager}", choice.detail);
                }
            }
        }
    }

    /// Whom somebody reports to; without an answer the choice is shown as it is.
    async fn manager_of(&self, upn: &str) -> Option<String> {
        let who = Who::Upn(self.tenant.clone(), upn.parse::<Upn>().ok()?);
        let found = self.directory.user(&who).await.ok()??;
        found.manager.map(|manager| manager.name)
    }

    /// An answer to a question, by one of the choices that were offered.
    pub(super) async fn pick(
        &self,
        turn: &mut Turn,
        mut request: Request,
        who: &Standing,
        press: &Press,
    ) -> Result<Result<Answer>, StoreError> {
        let (id, version) = (request.id, request.version);
        if request.requester.id != who.user.id {
            return Ok(Err(Reason::NotYours.into()));
        }
        let first = match &request.stage {
            Stage::Clarifying { open, until } if *until > self.now() => open.first().cloned(),
            Stage::Clarifying { .. } => {
                return Ok(Err(Reason::TooLate { number: request.number.to_string() }.into()));
            }
            over => {
                let (number, state) = (request.number.to_string(), over.name().replace('_', " "));
                return Ok(Err(Reason::AlreadySettled { number, state, by: String::new() }.into()));
            }
        };
        let Some(mut open) = first else { return Ok(Err(Reason::NotThisCard.into())) };
        let Some(value) = press.choice.as_deref().and_then(|said| answer_to(&open.question, said))
        else {
            let why = "choose one of the answers offered".to_owned();
            return Ok(Err(Reason::WrongArgument { field: open.argument, why }.into()));
        };
        if open.argument == which::TENANT && open.proposal.action == WHICH_TENANT {
            return Ok(self.choose_tenant(turn, (request, version), who, (open, value)));
        }
        open.proposal.arguments.insert(open.argument, value.into());
        let rest = rest_of(&request);
        request.proposals.push(open.proposal);
        self.propose(turn, request, Some(version), who, rest).await?;
        Ok(Ok(Answer { say: None, request: Some(id) }))
    }

    /// Opens the form behind a question (Slack).
    pub(super) async fn choose(
        &self,
        request: Request,
        who: &Standing,
        press: &Press,
    ) -> Result<Answer> {
        if request.requester.id != who.user.id {
            return Err(Reason::NotYours.into());
        }
        let view = self.question(&request, press)?;
        over_card(self, Message::QuestionForm(view), press).await
    }
}

/// The value of a choice; free words only where no choices were offered.
fn answer_to(question: &Question, said: &str) -> Option<String> {
    let said = said.trim();
    if question.choices.is_empty() {
        let wants_words = matches!(question.ask, Ask::WhatMessage);
        return (wants_words && !said.is_empty()).then(|| said.to_owned());
    }
    question.choices.iter().find(|choice| choice.value == said).map(|choice| choice.value.clone())
}
