//! "More options": what was asked, as a form that begins filled in. Sending it makes a
//! new request with a plan of its own, and the old one gives way.
//!
//! A new request and not a new revision: whoever signed the old card signed something
//! else, and every copy of it says that it was replaced.

use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use crate::{
    actions::forms,
    desk::{Desk, form::over_card, propose::NO_DIGEST},
    domain::{
        chat::{Filled, Platform, Press},
        form::view::{FormView, Shape},
        message::{Audience, ButtonToken, Message},
        plan::Part,
        proposal::Proposal,
        request::{Request, Stage},
        trouble::{Reason, Result},
    },
    policy::Standing,
    ports::store::{Answer, StoreError},
};

impl Desk {
    /// Opens the form of a request that waits, for whoever asked.
    pub(super) async fn amend(
        &self,
        request: Request,
        who: &Standing,
        press: &Press,
    ) -> Result<Answer> {
        if request.requester.id != who.user.id {
            return Err(Reason::NotYours.into());
        }
        self.still_waits(&request, &press.digest)?;
        let token =
            ButtonToken { request: request.id, nonce: press.nonce.clone(), digest: press.digest };
        let mut parts = Vec::new();
        for (number, proposal) in asked(&request).into_iter().enumerate() {
            let form = forms::form(&proposal.action)
                .filter(|_| covers(&proposal.action, &proposal.arguments));
            let Some(form) = form else {
                let what = "a form cannot hold all of this request; cancel it and ask again";
                return Err(Reason::NotPossible { what: what.to_owned() }.into());
            };
            parts.push(self.part(number, form, &form.given(&proposal.arguments), &[]));
        }
        let slack = press.on.place.platform == Platform::Slack;
        let view = FormView {
            parts,
            shape: if slack { Shape::Window } else { Shape::Card },
            nonce: self.clock.nonce(),
            of: Some((request.number, token)),
            place: slack.then(|| request.origin.place.clone()),
            wrong: Vec::new(),
        };
        over_card(self, Message::Form(view), press).await
    }

    /// The request that a form takes the place of: of whoever sent it, still waiting, and
    /// as its card showed it.
    pub(super) async fn to_replace(
        &self,
        filled: &Filled,
        who: &Standing,
    ) -> Result<Result<Option<Request>, Reason>, StoreError> {
        let Some(of) = &filled.of else { return Ok(Ok(None)) };
        let Some(request) = self.store.request(&of.request).await? else {
            return Ok(Err(Reason::NoSuchRequest));
        };
        if request.requester.id != who.user.id {
            return Ok(Err(Reason::NotYours));
        }
        let copies = self.store.copies(&request.id).await?;
        let own = |copy: &&crate::ports::store::Copy| {
            let (known, said) = (copy.nonce.as_str().as_bytes(), of.nonce.as_str().as_bytes());
            copy.audience == Audience::Requester && bool::from(known.ct_eq(said))
        };
        if copies.iter().find(own).is_none() {
            return Ok(Err(Reason::NotThisCard));
        }
        Ok(self.still_waits(&request, &of.digest).map(|()| Some(request)))
    }

    fn still_waits(
        &self,
        request: &Request,
        seen: &crate::domain::ids::Digest,
    ) -> Result<(), Reason> {
        match request.stage {
            Stage::Clarifying { until, .. } if until > self.now() => {
                if *seen == NO_DIGEST {
                    Ok(())
                } else {
                    Err(Reason::PlanChanged)
                }
            }
            Stage::Clarifying { .. } => Err(Reason::TooLate { number: request.number.to_string() }),
            _ => request.check_open(seen, self.now()),
        }
    }
}

/// What was asked, in order; what a question is still open about comes first.
fn asked(request: &Request) -> Vec<&Proposal> {
    let open = match &request.stage {
        Stage::Clarifying { open, .. } => open.as_slice(),
        _ => &[],
    };
    open.iter().map(|open| &open.proposal).chain(&request.proposals).collect()
}

/// Can its form hold all of it?
pub(super) fn may_be_amended(part: &Part) -> bool {
    covers(&part.action, &part.arguments)
}

fn covers(action: &str, arguments: &Map<String, Value>) -> bool {
    forms::form(action).is_some_and(|form| form.covers(arguments))
}
