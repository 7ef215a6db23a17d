//! The profile `full-automation`: its set of standing approvals is proposed where approvers read,
//! in the name of whoever the settings name, and is signed there like any other.
//!
//! The id of a proposal is made of the settings, so that no restart and no second replica
//! proposes it again. A set that the settings do not say any more is over, and so is one whose
//! signers may not sign such requests any more. A no stays a no until the settings change.
//!
//! Not here: what a signed one covers ([`super::cover`]): it gets no privilege there.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Map, Value, json};

use crate::{
    actions::standing::{ACTION, COVERABLE},
    desk::{
        Desk,
        weigh::{unread, wanted},
    },
    domain::{
        ids::{Digest, RequestId},
        message::Message,
        plan::{Frozen, Note},
        proposal::Proposal,
        request::{Request, RequestKind, Stage},
        standing::{Class, IN_FORCE_MAX, NamedGroup, Those, until},
        trouble::{Reason, Result, chain},
        users::Who,
    },
    policy::{self, Automation, Parties, Principal, Standing, Wanted},
    ports::store::{Say, StoreError, Turn},
};

/// The program in whose place such a proposal stands.
const SETTINGS: &str = "full-automation";
/// It is looked at so often, and when the settings change.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Somebody did not answer: so long until it is tried again.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// It waits so long for its signatures; then it is proposed once more.
const WAITS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// So long before its end the next one is proposed.
const BEFORE_THE_END: SignedDuration = SignedDuration::from_hours(7 * 24);
/// One after the other, so many of the same settings are proposed.
const ROUNDS_MAX: u32 = 400;
/// So many open requests are looked through.
const OPEN_MAX: u32 = 1_000;

/// When it is looked at next, and for which settings; at the start if empty.
#[derive(Debug, Default)]
pub struct Looked(Mutex<Option<(Option<String>, Timestamp)>>);

impl Looked {
    fn is_due(&self, settings: Option<&String>, now: Timestamp) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh =
            |(of, next): &(Option<String>, Timestamp)| of.as_ref() == settings && now < *next;
        if last.as_ref().is_some_and(fresh) {
            return false;
        }
        *last = Some((settings.cloned(), now + EVERY));
        true
    }

    fn look_again(&self, at: Timestamp) {
        if let Some((_, next)) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            *next = at;
        }
    }
}

/// The settings that a set was proposed by; nothing of any other standing approval.
fn settings_of(request: &Request) -> Option<&str> {
    let ours = request.origin.client.as_deref() == Some(SETTINGS);
    let given = request.proposals.first().filter(|_| ours)?;
    given.arguments.get("settings")?.as_str()
}

/// Is it a set of settings that hold no more?
pub(super) fn is_of_others(request: &Request, rules: &policy::Rules) -> bool {
    let now = rules.automation.as_ref().map(|set| set.settings.as_str());
    settings_of(request).is_some_and(|of| Some(of) != now)
}

impl Desk {
    /// Proposes what the settings say, and ends what they do not say any more, where it is time
    /// to look. A directory that does not answer is asked again; it stops nothing else.
    pub(in crate::desk) async fn automate(&self) -> std::result::Result<(), StoreError> {
        let rules = self.rules();
        let set = rules.automation.as_ref().filter(|_| self.home.is_none());
        if !self.automation.is_due(set.map(|set| &set.settings), self.now()) {
            return Ok(());
        }
        self.end_sets(&rules).await?;
        let Some(set) = set else { return Ok(()) };
        match Box::pin(self.propose_set(set)).await {
            Ok(()) => Ok(()),
            Err(trouble) => {
                tracing::warn!(error = %chain(&trouble), "The set of policy.automation could not be proposed; trying again");
                self.automation.look_again(self.now() + AGAIN);
                Ok(())
            }
        }
    }

    /// Ends sets of other settings, and those whose signers have lost the right.
    async fn end_sets(&self, rules: &policy::Rules) -> std::result::Result<(), StoreError> {
        let now = self.now();
        for request in self.store.standing(&self.tenant, now, IN_FORCE_MAX).await? {
            let held = request.in_force.as_ref().is_some_and(|held| held.at(now));
            if !held || settings_of(&request).is_none() {
                continue;
            }
            let why = if is_of_others(&request, rules) {
                "=automation_settings"
            } else if self.has_lost_its_signer(&request).await? {
                "=automation_signer"
            } else {
                continue;
            };
            let (version, ended) = (request.version, request.revoke(None, now));
            if let Ok(request) = ended {
                self.end_set(request, version, why, "standing.revoked").await?;
            }
        }
        for request in self.store.open(&self.tenant, None, OPEN_MAX).await? {
            let waits = matches!(request.stage, Stage::Pending { .. });
            if waits && is_of_others(&request, rules) {
                let (version, by) = (request.version, request.requester.clone());
                if let Ok(request) = request.cancel(by, now) {
                    let why = "=automation_settings";
                    self.end_set(request, version, why, "request.cancelled").await?;
                }
            }
        }
        Ok(())
    }

    async fn end_set(
        &self,
        request: Request,
        version: u64,
        why: &str,
        kind: &str,
    ) -> std::result::Result<(), StoreError> {
        let number = request.number.to_string();
        let note = Note::new("automation_over", &[("number", &number), ("why", why)]);
        let mut turn = Turn { at: self.now(), ..Turn::default() };
        for copy in self.store.copies(&request.id).await? {
            let what = Message::Note(note.clone());
            turn.say.push(Say { id: self.clock.uuid(), to: copy.to, what });
        }
        turn.facts.push(self.fact(&request, kind, json!({ "by": SETTINGS, "why": why })));
        turn.redraw.push(request.id);
        turn.requests.push((request, Some(version)));
        match self.store.save(turn).await {
            // Somebody pressed its button at the same instant.
            Ok(_) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// May one of those who signed it not sign it any more? Where nobody answers, that is not
    /// said: it covers nothing then either.
    async fn has_lost_its_signer(
        &self,
        request: &Request,
    ) -> std::result::Result<bool, StoreError> {
        let Some((_, votes)) = self.genuine(request).await? else { return Ok(true) };
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(true);
        };
        let rules = self.rules();
        for vote in &votes {
            let Ok(acting) = self.acting(vote).await else { return Ok(false) };
            let still = acting.is_some_and(|who| {
                let plan = (frozen.plan(), self.now());
                policy::may_still_decide(&who, None, &[], plan, &rules).is_ok()
            });
            if !still {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The next proposal of these settings, if it is time for one.
    async fn propose_set(&self, set: &Automation) -> Result<()> {
        let Some(id) = self.next_round(set).await.map_err(unread)? else { return Ok(()) };
        let who = self.member(&who_of(&set.proposed_by)?).await?;
        let origin = self.origin_of(SETTINGS, &who).await.map_err(unread)?;
        let actions = self.automated(&who)?;
        let ids: Vec<String> = actions.iter().map(|one| one.action.to_owned()).collect();
        let mut arguments = Map::new();
        arguments.insert("actions".to_owned(), json!(ids));
        arguments.insert("settings".to_owned(), Value::String(set.settings.clone()));
        let proposal = Proposal { action: ACTION.to_owned(), arguments, because: Vec::new() };
        let mut request = self.new_request(origin, &who, vec![proposal]);
        (request.id, request.kind) = (id, RequestKind::Standing);
        let now = self.now();
        let day = now.to_zoned(self.zone.clone()).date();
        // The last of these days ends within them.
        let last = day.checked_add((set.days - 1).days()).unwrap_or(day);
        let class = Class {
            actions: ids,
            about: self.named_in_settings(&set.about).await?,
            by: self.named_in_settings(&set.asked_by).await?,
            per_day: set.per_day,
            until: until(last, &now.to_zoned(self.zone.clone()))?,
        };
        let (mut plan, verdict) = self.template(&request, &who, class, &actions).await?;
        let fields = [("user", who.user.name.as_str())];
        plan.notes.insert(0, Note::new("automation", &fields));
        if let Some(class) = &plan.standing {
            plan.expires_at = (now + WAITS).min(class.until);
        }
        let frozen =
            Frozen::of(&plan).map_err(|wrong| Reason::NotPossible { what: wrong.to_string() })?;
        let mut turn = self.turn_of(format!("set:{id}"), id);
        self.wait(&mut turn, request, None, frozen, verdict).await.map_err(unread)?;
        if turn.requests.is_empty() {
            let area = "policy.automation".to_owned();
            return Err(Reason::NobodyMayApprove { area }.into());
        }
        match self.store.save(turn).await {
            Ok(_) | Err(StoreError::Conflict | StoreError::Repeated(_)) => Ok(()),
            Err(error) => Err(unread(error)),
        }
    }

    /// The id of the next proposal; nothing while one waits, holds for longer, or was refused.
    async fn next_round(
        &self,
        set: &Automation,
    ) -> std::result::Result<Option<RequestId>, StoreError> {
        let now = self.now();
        for round in 0..ROUNDS_MAX {
            let text = format!("{} automation {} {round}", self.tenant, set.settings);
            let Digest(digest) = Digest::of(text.as_bytes());
            let mut first = [0; 16];
            first.copy_from_slice(&digest[..16]);
            let id = RequestId(uuid::Builder::from_custom_bytes(first).into_uuid());
            let Some(known) = self.store.request(&id).await? else { return Ok(Some(id)) };
            let over = match (&known.stage, &known.in_force) {
                (Stage::Expired { .. }, _) => true,
                (_, Some(held)) => held.revoked.is_none() && now >= held.until - BEFORE_THE_END,
                _ => false,
            };
            if !over {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// The actions that the set covers: those that whoever proposes it may ask for and that can
    /// be signed beforehand.
    fn automated(&self, who: &Standing) -> Result<Vec<Wanted>, Reason> {
        let rules = self.rules();
        let parties = Parties { requester: &who.user, subjects: &[], paths: &[] };
        let all = COVERABLE.iter().map(|entry| wanted(entry, &Map::new()));
        let fits = |one: &Wanted| {
            policy::may_ask(who, *one, &rules).is_ok()
                && !policy::step_up(&[*one], &rules)
                && policy::caller_check(std::iter::once(one.action), &rules).is_none()
                && policy::weigh(&[*one], parties, &rules)
                    .is_ok_and(|verdict| super::ask::signable(&verdict.rule).is_ok())
        };
        let actions: Vec<Wanted> = all.filter(fits).collect();
        if actions.is_empty() {
            let what = "nothing is left that the profile full-automation could cover: let policy.automation.proposed_by ask for something that others approve";
            return Err(Reason::NotPossible { what: what.to_owned() });
        }
        Ok(actions)
    }

    /// People and a group that the settings name, as the directory has them.
    async fn named_in_settings(&self, named: &[Principal]) -> Result<Those> {
        let mut those = Those::default();
        for one in named {
            match one {
                Principal::Group(id) => {
                    let gone = || Reason::NoSuchGroup { name: id.guid().to_string() };
                    let group = self.directory.group_with_id(id).await?.ok_or_else(gone)?;
                    if group.role_assignable {
                        let why = "its members can be given admin roles".to_owned();
                        return Err(Reason::Protected { person: group.name, why }.into());
                    }
                    those.group = Some(NamedGroup { id: group.id, name: group.name });
                }
                one => {
                    let name = || Reason::NoSuchPerson { name: one.written() };
                    let user = self.look_up(&who_of(one)?).await?.ok_or_else(name)?;
                    those.people.push(user.to_ref());
                }
            }
        }
        Ok(those)
    }
}

fn who_of(principal: &Principal) -> Result<Who, Reason> {
    match principal {
        Principal::User(id) => Ok(Who::Id(id.clone())),
        Principal::Upn(tenant, upn) => Ok(Who::Upn(tenant.clone(), upn.clone())),
        Principal::Group(id) => Err(Reason::NoSuchPerson { name: id.guid().to_string() }),
    }
}
