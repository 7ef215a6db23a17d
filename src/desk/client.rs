//! A program that proposes, in somebody's name: the same path as words, and no other.
//!
//! It can propose and look at its own requests. It cannot sign, answer a question or look
//! anybody up: what is unclear goes back to it with the field named.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    actions::{Entry, entry, forms},
    desk::{Desk, fill::wrong_in},
    domain::{
        area::{Area, Risk},
        chat::{ChatUser, Filled, Place, PlaceKind, Platform},
        decision::Rule,
        form::{AT, Complaint, Form, Why, view::key},
        ids::{Nonce, RequestId, Upn},
        message::Message,
        plan::Note,
        proposal::Proposal,
        request::{Origin, Request},
        trouble::Reason,
        users::Who,
    },
    policy::Standing,
    ports::store::{Answer, StoreError, Turn},
};

/// A program, as the settings name it. The door checked its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// In whose name it asks, if it names nobody.
    pub acts_as: Option<Upn>,
    /// May it name somebody?
    pub on_behalf_of: bool,
    /// The permission groups it may propose in.
    pub areas: Vec<Area>,
}

/// What a program proposes.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The action's id.
    pub action: String,
    /// Its arguments.
    pub arguments: Map<String, Value>,
    /// When to start: local, in the tenant's zone.
    pub at: Option<String>,
    /// In whose name.
    pub on_behalf_of: Option<String>,
}

/// Why a proposal was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Of which sort.
    pub sort: RefusedSort,
    /// What is wrong, with the field where there is one.
    pub wrong: Vec<Complaint>,
}

/// Sorts of refusals, as a program can tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedSort {
    /// Not allowed: to the program, or to the person.
    Forbidden,
    /// A field is wrong, or the directory says no.
    Wrong,
    /// The idempotency key was used for another proposal.
    KeyUsed,
    /// The directory did not answer; try again.
    Unreachable,
}

/// A request as the program that made it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Its id.
    pub id: RequestId,
    /// Its number, as cards show it.
    pub number: String,
    /// Where it stands.
    pub state: &'static str,
    /// Will nothing more happen by itself?
    #[serde(rename = "final")]
    pub is_final: bool,
    /// The actions.
    pub actions: Vec<String>,
    /// In whose name it was asked.
    pub requester: Upn,
    /// When it was asked. UTC.
    pub asked_at: jiff::Timestamp,
    /// The next instant at which something happens by itself. UTC.
    pub due_at: Option<jiff::Timestamp>,
    /// Who signed.
    pub signed_by: Vec<Upn>,
    /// Its steps.
    pub steps: Vec<SeenStep>,
}

/// One step of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeenStep {
    /// Its number.
    pub id: u16,
    /// The kind of change.
    pub change: &'static str,
    /// Where it stands.
    pub state: &'static str,
}

/// A proposal that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The request that it became.
    pub request: Request,
    /// It was taken before, with this key.
    pub before: bool,
}

type Taken = Result<Result<Proposed, Refused>, StoreError>;

impl Desk {
    /// One proposal of a program. `key` is its idempotency key: the same key again gives
    /// the same request.
    pub async fn propose_for(&self, program: &Program, asking: &Asking, key: &str) -> Taken {
        let inbox = format!("api:{}:{key}", program.name);
        if let Some(answer) = self.store.answered(&inbox).await? {
            return self.proposed_before(&answer, asking).await;
        }
        match self.try_propose_for(program, asking, inbox).await {
            Err(StoreError::Repeated(answer)) => self.proposed_before(&answer, asking).await,
            other => other,
        }
    }

    /// A request that this program made; nobody else's is there for it.
    pub async fn seen_by(
        &self,
        program: &Program,
        id: &RequestId,
    ) -> Result<Option<Seen>, StoreError> {
        let Some(request) = self.store.request(id).await? else { return Ok(None) };
        if request.origin.client.as_deref() != Some(&program.name) {
            return Ok(None);
        }
        self.seen(request).await.map(Some)
    }

    /// What a program may know of its request.
    pub async fn seen(&self, request: Request) -> Result<Seen, StoreError> {
        let steps = match self.store.plan(&request.id, request.revision).await? {
            Some(frozen) => {
                let runs = self.store.steps(&request.id).await?;
                let state = |id| {
                    let run = runs.iter().find(|run| run.id == id);
                    run.map_or("waiting", |run| run.state.as_str())
                };
                let steps = frozen.plan().steps.iter();
                steps
                    .map(|step| SeenStep {
                        id: step.id.0,
                        change: step.change.kind().as_str(),
                        state: state(step.id),
                    })
                    .collect()
            }
            None => Vec::new(),
        };
        Ok(Seen {
            id: request.id,
            number: request.number.to_string(),
            state: request.stage.name(),
            is_final: request.stage.is_final(),
            actions: request.proposals.iter().map(|one| one.action.clone()).collect(),
            requester: request.requester.upn.clone(),
            asked_at: request.asked_at,
            due_at: request.due_at,
            signed_by: request.stage.signed_by().iter().map(|who| who.upn.clone()).collect(),
            steps,
        })
    }

    async fn proposed_before(&self, answer: &Answer, asking: &Asking) -> Taken {
        let request = match &answer.request {
            Some(id) => self.store.request(id).await?,
            None => None,
        };
        let Some(request) = request else { return Ok(Err(key_used())) };
        let proposal = proposal(asking);
        let same = |kept: &Proposal| {
            Some(&kept.arguments) == proposal.as_ref().map(|new| &new.arguments)
                && kept.action == asking.action
        };
        let named = asking.on_behalf_of.as_deref();
        let person = named.is_none_or(|upn| request.requester.upn.as_str() == upn.to_lowercase());
        if request.proposals.iter().all(same) && person {
            Ok(Ok(Proposed { request, before: true }))
        } else {
            Ok(Err(key_used()))
        }
    }

    async fn try_propose_for(&self, program: &Program, asking: &Asking, inbox: String) -> Taken {
        let (entry, form) = match known(program, asking) {
            Ok(known) => known,
            Err(refused) => return Ok(Err(refused)),
        };
        let who = match self.in_whose_name(program, asking).await {
            Ok(who) => who,
            Err(refused) => return Ok(Err(refused)),
        };
        let Some(proposal) = proposal(asking) else {
            return Ok(Err(wrong(form.check(&with_start(asking)))));
        };
        if let Err(reason) = self.allowed(&who, &proposal) {
            return Ok(Err(forbidden(None, Why::Reason(reason))));
        }
        debug_assert!(entry.about.risk > Risk::Read, "a program reads nothing");
        let filled = as_filled(&proposal, form);
        let origin = self.origin_of(&program.name, &who).await?;
        let new = self.new_request(origin, &who, vec![proposal]);
        let (id, answer) = (new.id, Answer { say: None, request: Some(new.id) });
        let mut turn = Turn { at: self.now(), inbox: Some((inbox, answer)), ..Turn::default() };
        self.propose(&mut turn, new, None, &who, Vec::new()).await?;
        let complaints = wrong_in(&turn, &filled);
        if !complaints.is_empty() || turn.requests.is_empty() {
            let bare = |one: Complaint| Complaint {
                field: one.field.and_then(|own| own.split_once('.').map(|(_, own)| own.to_owned())),
                ..one
            };
            return Ok(Err(wrong(complaints.into_iter().map(bare).collect())));
        }
        if !can_be_signed(&turn) {
            return Ok(Err(forbidden(None, Why::Answer(Note::new("api_confirm", &[])))));
        }
        // What a program is told is the answer; the person reads the card.
        turn.say.retain(|say| !matches!(say.what, Message::Sorry(_)));
        self.store.save(turn).await?;
        match self.store.request(&id).await? {
            Some(request) => Ok(Ok(Proposed { request, before: false })),
            None => Err(StoreError::Conflict),
        }
    }

    /// The person who asks: the one that is named, if the program may name one.
    async fn in_whose_name(&self, program: &Program, asking: &Asking) -> Result<Standing, Refused> {
        let field = Some("on_behalf_of".to_owned());
        let upn = match (&asking.on_behalf_of, &program.acts_as) {
            (Some(_), _) if !program.on_behalf_of => {
                return Err(forbidden(field, Why::Answer(Note::new("api_on_behalf", &[]))));
            }
            (Some(named), _) => {
                let Ok(upn) = named.parse::<Upn>() else {
                    let reason = Reason::NoSuchPerson { name: named.chars().take(80).collect() };
                    return Err(wrong(vec![Complaint { field, why: Why::Reason(reason) }]));
                };
                upn
            }
            (None, Some(upn)) => upn.clone(),
            (None, None) => {
                return Err(wrong(vec![Complaint {
                    field,
                    why: Why::Answer(Note::new("answer_missing", &[])),
                }]));
            }
        };
        let sort = |trouble: &crate::domain::trouble::Trouble| match trouble.reason() {
            Reason::Unreachable { .. } => RefusedSort::Unreachable,
            _ => RefusedSort::Forbidden,
        };
        self.member(&Who::Upn(self.tenant.clone(), upn)).await.map_err(|trouble| Refused {
            sort: sort(&trouble),
            wrong: vec![Complaint { field, why: Why::Reason(trouble.reason()) }],
        })
    }

    /// Where the person reads of it: in their newest chat with the bot, if there is one.
    pub(super) async fn origin_of(
        &self,
        program: &str,
        who: &Standing,
    ) -> Result<Origin, StoreError> {
        let met = self.store.conversations(&who.user.id).await?;
        let own = met.into_iter().find_map(|one| {
            let with = one.with.filter(|_| one.open)?;
            self.chats.contains_key(&one.place.platform).then_some((one.place, with))
        });
        let (place, by) = own.unwrap_or_else(|| {
            let realm = self.tenant.to_string();
            let place = Place {
                platform: Platform::Api,
                realm: realm.clone(),
                conversation: program.to_owned(),
                thread: None,
                kind: PlaceKind::Personal,
                service_url: None,
            };
            let id = program.to_owned();
            (place, ChatUser { platform: Platform::Api, realm, id, address: None })
        });
        Ok(Origin {
            place,
            by,
            message: None,
            own_words: true,
            alone: false,
            client: Some(program.to_owned()),
        })
    }
}

/// The action and its form, if this program may propose it.
fn known(program: &Program, asking: &Asking) -> Result<(&'static Entry, &'static Form), Refused> {
    let field = || Some("action".to_owned());
    let Some((entry, form)) = entry(&asking.action).zip(forms::form(&asking.action)) else {
        let action = asking.action.chars().take(80).collect();
        let why = Why::Reason(Reason::NoSuchAction { action });
        return Err(wrong(vec![Complaint { field: field(), why }]));
    };
    if !program.areas.contains(&entry.about.area) {
        let area = entry.about.area.to_string();
        let fields = [("client", program.name.as_str()), ("area", &area)];
        return Err(forbidden(field(), Why::Answer(Note::new("api_area", &fields))));
    }
    if entry.about.risk == Risk::Read {
        return Err(forbidden(field(), Why::Answer(Note::new("api_reads", &[]))));
    }
    Ok((entry, form))
}

fn with_start(asking: &Asking) -> Map<String, Value> {
    let mut arguments = asking.arguments.clone();
    if let Some(at) = &asking.at {
        arguments.insert(AT.to_owned(), at.as_str().into());
    }
    arguments
}

/// What is proposed, in the form that every proposal has; nothing when a field is wrong.
fn proposal(asking: &Asking) -> Option<Proposal> {
    let form = forms::form(&asking.action)?;
    let arguments = with_start(asking);
    if !form.check(&arguments).is_empty() {
        return None;
    }
    let arguments = form.read(&form.given(&arguments)).ok()?;
    Some(Proposal { action: asking.action.clone(), arguments, because: Vec::new() })
}

/// The proposal as if a form had been filled in, to find the field of what is wrong.
fn as_filled(proposal: &Proposal, form: &Form) -> Filled {
    let given = form.given(&proposal.arguments);
    Filled {
        actions: vec![proposal.action.clone()],
        answers: given.into_iter().map(|(name, given)| (key(0, &name), given)).collect(),
        of: None,
        nonce: Nonce::claimed("api"),
        window: None,
    }
}

/// Somebody can press the button that the rule wants: the requester's own confirmation
/// needs a chat to stand in.
fn can_be_signed(turn: &Turn) -> bool {
    turn.requests.iter().all(|(request, _)| {
        let alone = request.verdict.as_ref().is_some_and(|verdict| verdict.rule == Rule::Confirm);
        !(alone && request.origin.place.platform == Platform::Api)
    })
}

fn wrong(wrong: Vec<Complaint>) -> Refused {
    let unreachable =
        wrong.iter().any(|one| matches!(one.why, Why::Reason(Reason::Unreachable { .. })));
    let sort = if unreachable { RefusedSort::Unreachable } else { RefusedSort::Wrong };
    Refused { sort, wrong }
}

fn forbidden(field: Option<String>, why: Why) -> Refused {
    Refused { sort: RefusedSort::Forbidden, wrong: vec![Complaint { field, why }] }
}

fn key_used() -> Refused {
    let field = Some("Idempotency-Key".to_owned());
    let why = Why::Answer(Note::new("api_key_used", &[]));
    Refused { sort: RefusedSort::KeyUsed, wrong: vec![Complaint { field, why }] }
}
