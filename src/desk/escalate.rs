//! A request that nobody decided in time is shown to further people, once, by a card of
//! their own; they may then sign it too.
//!
//! When is in the plan; who is in the rules. The card and the record say both.

use jiff::SignedDuration;
use serde_json::json;

use crate::{
    desk::Desk,
    domain::{
        escalation::{Escalated, Escalation},
        groups::{Member, MemberSort},
        ids::{GroupId, UserId},
        message::Message,
        plan::{Note, Plan},
        request::Request,
        trouble::{Result, Trouble, chain},
        users::{PersonRef, Who},
    },
    policy::{self, Principal, Standing},
    ports::store::{Say, SayTo, StoreError, Turn},
};

/// So many further people get a card of their own.
const FURTHER_MAX: usize = 50;
/// So many of them are named on the card and in the sentence about it.
const NAMED_MAX: usize = 10;
/// Where the directory does not answer, it is tried again after this.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// Whom a request is shown to.
struct Shown {
    people: Vec<PersonRef>,
    /// As the card names them: somebody by name, a group by its own.
    names: Vec<String>,
}

impl Desk {
    /// Shows it to those who may sign it from now on.
    pub(super) async fn escalate(
        &self,
        mut request: Request,
        plan: &Plan,
    ) -> std::result::Result<(), StoreError> {
        let Some(escalation) = &plan.escalation else { return Ok(()) };
        let (id, version, now) = (request.id, request.version, self.now());
        let mut turn = Turn { at: now, ..Turn::default() };
        let shown = match self.further(&request, plan, escalation).await {
            Ok(shown) => shown,
            Err(trouble) => {
                tracing::warn!(error = %chain(&trouble), "Further approvers could not be looked up; trying again");
                request.due_at = Some((now + AGAIN).min(plan.expires_at));
                turn.requests.push((request, Some(version)));
                return self.store.save(turn).await.map(|_| ());
            }
        };
        let known = self.store.copies(&id).await?;
        let mut places: Vec<SayTo> = Vec::new();
        for who in &shown.people {
            for place in self.personal(&who.id).await? {
                let to = SayTo::Place { place };
                if !known.iter().any(|copy| copy.to == to) && !places.contains(&to) {
                    places.push(to);
                }
            }
        }
        turn.copies = self.copies_to_sign(id, places).await?;
        request.escalated = Some(Escalated { at: now, to: shown.names.clone() });
        let (number, to) = (request.number.to_string(), shown.names.join(", "));
        let note = Note::new("escalated", &[("number", &number), ("to", &to)]);
        // The rules may have changed since: then there is nobody to speak of.
        let known =
            known.into_iter().filter(|copy| copy.gathered.is_none() && !shown.names.is_empty());
        turn.say.extend(known.map(|copy| Say {
            id: self.clock.uuid(),
            to: copy.to,
            what: Message::Note(note.clone()),
        }));
        let told = json!({ "to": shown.people, "named": shown.names, "of": escalation.of });
        turn.facts.push(self.fact(&request, "request.escalated", told));
        self.set_reminder(&mut request, plan);
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        self.store.save(turn).await.map(|_| ())
    }

    /// Those who may sign it too, by the rules of now: named one by one or through a group.
    async fn further(
        &self,
        request: &Request,
        plan: &Plan,
        escalation: &Escalation,
    ) -> Result<Shown> {
        let rules = self.rules();
        let named = escalation.of.first().and_then(|area| rules.named(area));
        let named = named.and_then(|area| area.escalation.as_ref());
        let mut shown = Shown { people: Vec::new(), names: Vec::new() };
        for principal in named.iter().flat_map(|longer| &longer.to) {
            let (ids, group) = match principal {
                Principal::User(id) => (vec![id.clone()], None),
                Principal::Upn(tenant, upn) => {
                    let found = self.look_up(&Who::Upn(tenant.clone(), upn.clone())).await?;
                    (found.into_iter().map(|user| user.id).collect(), None)
                }
                Principal::Group(id) => {
                    let members = self.members(id).await?;
                    // Who is in it through another group may sign, and finds the card in a channel.
                    let people = members.into_iter().filter(|it| it.sort == MemberSort::User);
                    let ids = people.map(|it| id.tenant().object(it.id)).collect();
                    let directory = &self.looks_into(id.tenant())?.directory;
                    (ids, directory.group_with_id(id).await?.map(|group| group.name))
                }
            };
            for id in ids {
                if shown.people.len() >= FURTHER_MAX || barred(&id, request, plan) {
                    continue;
                }
                let Some(who) = self.standing(&id).await? else { continue };
                if !self.is_one(&who, plan) {
                    continue;
                }
                if group.is_none() {
                    shown.names.push(who.user.name.clone());
                }
                if !shown.people.iter().any(|known| known.id == who.user.id) {
                    shown.people.push(who.user.to_ref());
                }
            }
            shown.names.extend(group);
        }
        shown.names.dedup();
        shown.names.truncate(NAMED_MAX);
        Ok(shown)
    }

    /// Its direct members. Where the app may not read them, they may sign all the same, and
    /// find the card in a channel.
    async fn members(&self, id: &GroupId) -> Result<Vec<Member>> {
        match self.looks_into(id.tenant())?.directory.group_members(id, FURTHER_MAX).await {
            Ok(found) => Ok(found.map(|(members, _)| members).unwrap_or_default()),
            Err(refused @ Trouble::Refused(_)) => {
                tracing::warn!(error = %chain(&refused), "Members of a group in policy.escalate_to cannot be read; they get no card of their own");
                Ok(Vec::new())
            }
            Err(trouble) => Err(trouble),
        }
    }

    fn is_one(&self, who: &Standing, plan: &Plan) -> bool {
        let able = who.user.enabled && !who.user.guest;
        able && policy::is_further(who, plan, self.now(), &self.rules())
    }
}

/// Requester, subject and recipient sign nothing, whoever names them.
fn barred(id: &UserId, request: &Request, plan: &Plan) -> bool {
    *id == request.requester.id
        || plan.subjects.iter().any(|subject| subject.id == *id)
        || plan.recipients().any(|recipient| recipient.id == *id)
}
