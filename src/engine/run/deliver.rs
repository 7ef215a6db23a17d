//! A secret that was set goes to its recipient.

use serde_json::json;

use crate::{
    domain::{
        change::MADE,
        chat::PlaceKind,
        ids::UserId,
        message::{Gone, Message, SecretGoneView, SecretLinkView},
        plan::Step,
        request::Request,
        step::{StepRun, StepState},
        users::PersonRef,
    },
    engine::{
        link,
        run::{Run, scene::Scene},
    },
    ports::store::{Instead, NewLink, Say, SayTo, StoreError, Turn},
};

/// What a password is called under `secret.` of the texts.
const PASSWORD: &str = "password";

impl Run<'_> {
    /// A password that was set goes to its recipient; one that was not is deleted.
    /// One in doubt is kept: a person may still say that it happened.
    pub(super) async fn deliver(
        &self,
        scene: &Scene,
        step: &Step,
        run: &StepRun,
        turn: &mut Turn,
    ) -> Result<(), StoreError> {
        let Some(delivery) = step.change.delivery() else { return Ok(()) };
        match run.state {
            StepState::Done | StepState::AlreadySo => {}
            StepState::Failed | StepState::Skipped => {
                turn.forget_secrets.push((self.id, step.id));
                return Ok(());
            }
            _ => return Ok(()),
        }
        let Some(value) = self.engine.store.secret(&self.id, step.id).await? else { return Ok(()) };
        let to = self.reach(&scene.request, &delivery.to).await?;
        let Some(to) = to else {
            tracing::error!(request.id = %self.id, step = step.id.0, "The recipient of a password cannot be reached; it stays sealed");
            turn.facts.push(self.fact(
                &scene.request,
                "secret.unreachable",
                json!({ "step": step.id.0 }),
            ));
            return Ok(());
        };
        let mut random = [0; link::TOKEN_BYTES];
        self.engine.clock.fill(&mut random);
        let link = link::make(&random, self.id, step.id, &value);
        let until = self.now() + self.engine.links_live;
        let change = scene.change(step.id);
        let about = change.user().and_then(|user| user.known());
        let subject = scene.frozen.plan().subjects.iter().find(|s| Some(&s.id) == about);
        let subject = subject.cloned().or_else(|| new(step, run, about));
        let view = SecretLinkView {
            number: scene.request.number,
            subject: subject.unwrap_or_else(|| delivery.to.clone()),
            what: step.change.effect().hands_over().to_owned(),
            link: format!("{}/s/#{}", self.engine.public_url, link.token.reveal()),
            until,
        };
        let gone = SecretGoneView {
            number: view.number,
            subject: view.subject.clone(),
            what: view.what.clone(),
            gone: Gone::Expired { at: until },
        };
        self.replace(&gone, turn).await?;
        let message = self.engine.clock.uuid();
        turn.instead.push(Instead {
            say: Say {
                id: self.engine.clock.uuid(),
                to: to.clone(),
                what: Message::SecretGone(gone),
            },
            of: message,
            from: until,
        });
        turn.say.push(Say { id: message, to, what: Message::SecretLink(view) });
        turn.links.push(NewLink {
            request: self.id,
            step: step.id,
            token_hash: link.hash,
            sealed: link.sealed,
            expires_at: until,
            message,
        });
        turn.facts.push(self.fact(
            &scene.request,
            "secret.sent",
            json!({ "step": step.id.0, "to": delivery.to.id }),
        ));
        Ok(())
    }

    /// A new password makes the one before it void: a link that still holds it opens no more, and
    /// its message says so. Other secrets are good beside each other.
    async fn replace(&self, newer: &SecretGoneView, turn: &mut Turn) -> Result<(), StoreError> {
        if newer.what != PASSWORD {
            return Ok(());
        }
        let now = self.now();
        for older in self.engine.store.links_about(&newer.subject.id, now).await? {
            let Some(ending) = older.ending else { continue };
            let Message::SecretGone(view) = ending.say.what else { continue };
            if view.subject.id != newer.subject.id || view.what != newer.what {
                continue;
            }
            let what =
                Message::SecretGone(SecretGoneView { gone: Gone::Replaced { at: now }, ..view });
            turn.void_links.push(older.token_hash);
            turn.instead.push(Instead {
                say: Say { id: self.engine.clock.uuid(), to: ending.say.to, what },
                of: ending.of,
                from: now,
            });
        }
        Ok(())
    }

    /// Where somebody can be told something alone: the personal chat they asked from,
    /// else the newest personal conversation they have with the bot (for the requester:
    /// on the platform they asked from), else whatever the chat opens for the requester.
    async fn reach(
        &self,
        request: &Request,
        whom: &PersonRef,
    ) -> Result<Option<SayTo>, StoreError> {
        let origin = &request.origin;
        let asked = request.requester.id == whom.id;
        if asked && origin.place.kind == PlaceKind::Personal {
            return Ok(Some(SayTo::Place { place: origin.place.clone() }));
        }
        let met = self.engine.store.conversations(&whom.id).await?;
        let known = met.into_iter().find(|c| {
            c.open && c.with.is_some() && (!asked || c.place.platform == origin.place.platform)
        });
        Ok(match known {
            Some(conversation) => Some(SayTo::Place { place: conversation.place }),
            None => asked.then(|| SayTo::Person { user: origin.by.clone() }),
        })
    }
}

/// Somebody whom this step, or one before it, made: known by its names and its output.
fn new(step: &Step, run: &StepRun, about: Option<&UserId>) -> Option<PersonRef> {
    let made = || run.outputs.get(MADE)?.parse().ok();
    Some(PersonRef {
        id: about.cloned().or_else(made)?,
        name: step.names.get("user")?.clone(),
        upn: step.names.get("upn")?.parse().ok()?,
    })
}
