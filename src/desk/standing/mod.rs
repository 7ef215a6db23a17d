//! Standing approvals: a narrow class of requests that somebody signs once, beforehand.
//!
//! - [`ask`]      one is asked for: its template, and who must sign it
//! - [`cover`]    a request that was asked for → the standing approval it runs under, or why not
//! - [`held`]     which there are, and one that is revoked
//! - [`template`] what its card shows
//! - [`automation`] the set that the settings propose: the profile `full-automation`
//! - here         words and forms about them, and what is said by a message alone
//!
//! One is signed like any request, with a plan of its own; so whoever can write the database
//! cannot make one. A request that fits gets the signatures of those who signed it, as if they
//! signed it now: by the rights and the rule of this moment.
//!
//! Not here: counting its uses (the store does, in the turn that saves one).

mod ask;
pub mod automation;
mod cover;
mod held;
pub(super) mod template;

use serde_json::{Map, Value, json};

use crate::{
    actions::standing::{ACTION, COVERABLE, form},
    desk::{Desk, press::note, refused},
    domain::{
        chat::{Inbound, Place},
        form::{
            given::Answers,
            view::{FormView, Shape},
        },
        message::Message,
        proposal::{Because, Intent, Proposal, Understood, WITH_MODEL},
        request::Origin,
        trouble::Reason,
    },
    interpret::{
        self, Context,
        standing::{Said, is_plain},
    },
    policy::{self, Standing},
    ports::store::{Answer, Say, SayTo, StoreError, Turn},
};

impl Desk {
    /// What words say of standing approvals, if they are about them.
    pub(super) fn standing_in(&self, words: &str, context: &Context) -> Option<Said> {
        // An answer to an open question is one.
        if context.open.is_some() {
            return None;
        }
        let actions: Vec<(&str, &str)> =
            COVERABLE.iter().map(|entry| (entry.about.id, entry.about.title)).collect();
        interpret::standing::read(words, context, &self.people.names().index, &actions)
    }

    /// Answers them.
    pub(super) async fn answer_standing(
        &self,
        mut turn: Turn,
        (inbound, words): (&Inbound, &str),
        origin: Origin,
        who: &Standing,
        said: Said,
    ) -> Result<Answer, StoreError> {
        turn.heard.push(self.heard(&inbound.place, true, words, Vec::new()));
        match said {
            Said::List => {
                let list = self.held(who).await?;
                self.say_in(&mut turn, &origin, list);
            }
            Said::Revoke(number) => {
                self.revoke_in_words(&mut turn, &origin, who, number).await?;
            }
            Said::Ask(given) => {
                if is_whole(&given) {
                    let words = words.chars().take(80).collect();
                    let because = Because { words, gave: "action".to_owned(), quoted: false };
                    let proposal = Proposal {
                        action: ACTION.to_owned(),
                        arguments: given,
                        because: vec![because],
                    };
                    let request = self.new_request(origin, who, vec![proposal]);
                    self.propose(&mut turn, request, None, who, Vec::new()).await?;
                } else {
                    self.say_in(&mut turn, &origin, note("standing_unclear", &[]));
                    let answers = form().given(&given);
                    match self.standing_form(who, &answers, Shape::Card, None) {
                        refusal @ Message::Sorry(_) => self.say_in(&mut turn, &origin, refusal),
                        what => {
                            let to = SayTo::Place { place: inbound.place.clone() };
                            turn.say.push(Say { id: self.clock.uuid(), to, what });
                        }
                    }
                }
            }
        }
        self.store.save(turn).await.map(|_| Answer::default())
    }

    /// The form for one, for whoever may ask for something that it may cover.
    pub(super) fn standing_form(
        &self,
        who: &Standing,
        given: &Answers,
        shape: Shape,
        place: Option<Place>,
    ) -> Message {
        let asks = |entry: &&&crate::actions::Entry| {
            let wanted = super::weigh::wanted(entry, &Map::new());
            policy::may_ask(who, wanted, &self.rules()).is_ok()
        };
        if COVERABLE.iter().find(asks).is_none() {
            return refused(may_not(who));
        }
        Message::Form(FormView {
            parts: vec![self.part(0, form(), given, &[])],
            shape,
            nonce: self.clock.nonce().marked(false),
            of: None,
            place,
            wrong: Vec::new(),
        })
    }

    /// Does a message say all of what was understood by itself, in own words? Then it would be
    /// understood alike if nothing had been said before it, and nobody helped to read it.
    pub(super) async fn says_all(
        &self,
        words: &str,
        context: &Context,
        understood: &Understood,
    ) -> bool {
        let helped = |proposal: &Proposal| {
            proposal.because.iter().any(|one| one.quoted || one.gave == WITH_MODEL)
        };
        let whole = understood.intent == Intent::Request
            && context.open.is_none()
            && understood.questions.is_empty()
            && understood.leftover.is_empty()
            && !understood.proposals.iter().any(helped)
            && is_plain(words);
        if !whole || context.thread.is_empty() {
            return whole;
        }
        let context = Context { thread: Vec::new(), open: None, ..context.clone() };
        let alone = self.understand(words, &context).await;
        let said = |of: &Understood| -> Vec<Value> {
            of.proposals.iter().map(|one| json!([one.action, one.arguments])).collect()
        };
        alone.questions.is_empty() && said(&alone) == said(understood)
    }
}

/// Whoever may neither ask for anything nor sign it.
fn may_not(who: &Standing) -> Reason {
    Reason::MayNotAsk { person: who.user.name.clone(), area: "standing approvals".to_owned() }
}

/// Did words say all of it? The rest is asked for by its form.
fn is_whole(given: &Map<String, Value>) -> bool {
    let has = |name: &str| given.contains_key(name);
    ["actions", "per_day", "until"].iter().all(|name| has(name))
        && (has("people") || has("group"))
        && (has("by_people") || has("by_group"))
}
