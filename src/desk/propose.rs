//! Proposals → plans → verdict → a request, saved whole with its cards.

use jiff::{SignedDuration, Timestamp, civil};
use serde_json::{Map, Value, json};

use crate::{
    actions::{self, Asked, Entry, Planned, SecretsTo},
    config,
    desk::{Desk, refused, sorry},
    domain::{
        area::Risk,
        chat::{ChatUser, Place, PlaceKind, Platform},
        decision::Rule,
        ids::{Digest, RequestId, Upn, UserId},
        message::{Audience, Message},
        plan::{Draft, FORMAT, Frozen, Note, Part, Plan},
        proposal::{Open, Proposal},
        request::{Request, Stage, Verdict},
        trouble::{Reason, Result, Trouble},
        users::{Facet, PersonRef, Who},
    },
    interpret,
    policy::{self, Principal, Standing, SubjectFacts, Wanted},
    ports::store::{Copy, Say, SayTo, StoreError, Turn},
};

/// A question waits for its answer this long.
pub const QUESTION_LIVES: SignedDuration = SignedDuration::from_hours(8);
/// One message leads to at most this many actions.
pub const PROPOSALS_MAX: usize = 20;

/// What came of planning several proposals.
#[derive(Debug, Default)]
struct Sorted {
    parts: Vec<Proposal>,
    drafts: Vec<Draft>,
    /// When each draft should start, if a time was said.
    times: Vec<Option<Timestamp>>,
    wanted: Vec<Wanted>,
    open: Vec<Open>,
    /// Proposals that wait for the answers.
    held: Vec<Proposal>,
    answers: Vec<Message>,
}

impl Desk {
    /// Plans what was proposed and puts it into the turn: a waiting request with its
    /// cards, a question, what was looked up, or why not. `request` is new or clarifying;
    /// `read_at` is its version, if it was saved before.
    pub(super) async fn propose(
        &self,
        turn: &mut Turn,
        mut request: Request,
        read_at: Option<u64>,
        who: &Standing,
        open: Vec<Open>,
    ) -> Result<(), StoreError> {
        let proposals = std::mem::take(&mut request.proposals);
        let sorted = match self.sort(&request, who, proposals, open).await {
            Ok(sorted) => sorted,
            Err(trouble) => {
                self.answer(turn, &request, vec![sorry(&trouble)]);
                return self.drop_question(turn, request, read_at);
            }
        };
        let Sorted { parts, drafts, times, wanted, open, mut held, answers } = sorted;
        self.answer(turn, &request, answers);
        if !open.is_empty() {
            held.extend(parts);
            request.proposals = held;
            self.ask(turn, request, read_at, open);
            return Ok(());
        }
        if drafts.is_empty() {
            return self.drop_question(turn, request, read_at);
        }
        match self.weigh(&request, &parts, drafts, &times, &wanted).await {
            Ok((frozen, verdict)) => {
                request.proposals = parts;
                self.wait(turn, request, read_at, frozen, verdict).await
            }
            Err(trouble) => {
                self.answer(turn, &request, vec![sorry(&trouble)]);
                self.drop_question(turn, request, read_at)
            }
        }
    }

    /// Tries each proposal: changes, facts, a question, or a refusal.
    async fn sort(
        &self,
        request: &Request,
        who: &Standing,
        proposals: Vec<Proposal>,
        open: Vec<Open>,
    ) -> Result<Sorted> {
        if proposals.len() + open.len() > PROPOSALS_MAX {
            let what = format!("one message may lead to at most {PROPOSALS_MAX} actions");
            return Err(Reason::TooMuch { what }.into());
        }
        let asked = self.asked(request).await?;
        let mut sorted = Sorted { open, ..Sorted::default() };
        for open in &sorted.open {
            self.allowed(who, &open.proposal)?;
        }
        for proposal in proposals {
            let entry = match self.allowed(who, &proposal) {
                Ok(entry) => entry,
                Err(reason) => {
                    sorted.answers.push(refused(reason));
                    continue;
                }
            };
            let (arguments, at) = match self.when(entry, &proposal) {
                Ok(parted) => parted,
                Err(reason) => {
                    sorted.answers.push(refused(reason));
                    continue;
                }
            };
            match entry.plan(&arguments, self.directory.as_ref(), &asked).await {
                Ok(Planned::Changes(mut draft)) => {
                    draft.steps.iter_mut().for_each(|step| step.not_before = at);
                    sorted.times.push(at);
                    sorted.wanted.push(Wanted { area: entry.about.area, risk: entry.about.risk });
                    sorted.drafts.push(draft);
                    sorted.parts.push(proposal);
                }
                Ok(Planned::Facts(facts)) => sorted.answers.push(Message::Facts(facts)),
                Err(Trouble::Unclear { argument, question }) => {
                    sorted.open.push(Open { proposal, argument, question });
                }
                Err(trouble) => sorted.answers.push(sorry(&trouble)),
            }
        }
        Ok(sorted)
    }

    /// Parts the time of a request from the action's own arguments. A date alone means
    /// the end of that working day for what ends access, else its morning.
    fn when(
        &self,
        entry: &Entry,
        proposal: &Proposal,
    ) -> Result<(Map<String, Value>, Option<Timestamp>), Reason> {
        let mut arguments = proposal.arguments.clone();
        let Some(said) = arguments.remove(interpret::AT) else { return Ok((arguments, None)) };
        let wrong = || Reason::WrongArgument {
            field: interpret::AT.to_owned(),
            why: "write a date (2026-11-30) or a date with time (2026-11-30T17:00) that lies ahead"
                .to_owned(),
        };
        let said = said.as_str().ok_or_else(wrong)?;
        let local = match said.parse::<civil::DateTime>() {
            Ok(local) if said.contains('T') => local,
            _ => {
                let date: civil::Date = said.parse().map_err(|_| wrong())?;
                let ends = entry.about.risk == Risk::Destructive;
                date.to_datetime(if ends { self.end_of_day } else { civil::time(8, 0, 0, 0) })
            }
        };
        let at = local.to_zoned(self.zone.clone()).map_err(|_| wrong())?.timestamp();
        if at <= self.now() { Err(wrong()) } else { Ok((arguments, Some(at))) }
    }

    fn allowed(&self, who: &Standing, proposal: &Proposal) -> Result<&'static Entry, Reason> {
        let entry = actions::entry(&proposal.action).ok_or_else(|| Reason::NoSuchAction {
            action: proposal.action.chars().take(80).collect(),
        })?;
        policy::may_ask(
            who,
            Wanted { area: entry.about.area, risk: entry.about.risk },
            &self.rules,
        )?;
        Ok(entry)
    }

    async fn asked(&self, request: &Request) -> Result<Asked> {
        let secrets_to = match &self.rules.secrets_to {
            config::SecretsTo::Requester => SecretsTo::Requester,
            config::SecretsTo::Manager => SecretsTo::Manager,
            config::SecretsTo::Person(upn) => {
                let upn: Upn = upn.parse().map_err(Reason::from)?;
                let found =
                    self.directory.user(&Who::Upn(self.tenant.clone(), upn.clone())).await?;
                SecretsTo::Person(
                    found.ok_or_else(|| Reason::NoSuchPerson { name: upn.to_string() })?.to_ref(),
                )
            }
        };
        Ok(Asked {
            tenant: self.tenant.clone(),
            requester: request.requester.clone(),
            secrets_to,
            zone: self.zone.clone(),
            now: self.now(),
        })
    }

    /// Drafts → one frozen plan, with what policy says about it.
    async fn weigh(
        &self,
        request: &Request,
        parts: &[Proposal],
        drafts: Vec<Draft>,
        times: &[Option<Timestamp>],
        wanted: &[Wanted],
    ) -> Result<(Frozen, Verdict)> {
        let (subjects, steps, mut notes) = Plan::join(drafts);
        let facts =
            futures::future::try_join_all(subjects.iter().map(|subject| self.subject(subject)))
                .await?;
        let verdict = policy::weigh(wanted, &facts, &self.rules)?;
        for subject in &subjects {
            let others =
                self.store.open(&self.tenant, Some(&subject.id), 5).await.unwrap_or_default();
            if let Some(other) =
                others.iter().find(|other| other.id != request.id && other.digest.is_some())
            {
                let fields =
                    [("user", subject.name.as_str()), ("number", &other.number.to_string())];
                notes.push(Note::new("another_request_open", &fields));
            }
        }
        if let Some(recipient) =
            steps.iter().find_map(|step| step.change.delivery()).map(|delivery| &delivery.to)
        {
            self.reachable(request, recipient).await?;
        }
        let plan = Plan {
            format: FORMAT,
            tenant: self.tenant.clone(),
            request: request.id,
            revision: request.revision + 1,
            parts: parts.iter().map(part).collect(),
            subjects,
            steps,
            notes,
            rule: verdict.rule.clone(),
            expires_at: self.now() + self.rules.expires_after,
            // Steps with a time of their own wait for it; the run starts with the first.
            start_at: times.iter().copied().min().flatten(),
        };
        let frozen =
            Frozen::of(&plan).map_err(|wrong| Reason::NotPossible { what: wrong.to_string() })?;
        Ok((frozen, verdict))
    }

    async fn subject(&self, subject: &PersonRef) -> Result<SubjectFacts> {
        let found = self.directory.dossier(&subject.id, &[Facet::Roles]).await?;
        let found = found.ok_or_else(|| Reason::NoSuchPerson { name: subject.upn.to_string() })?;
        Ok(SubjectFacts { user: found.user, roles: found.roles })
    }

    /// A secret needs a recipient who has a personal conversation with the bot.
    async fn reachable(&self, request: &Request, recipient: &PersonRef) -> Result<()> {
        if recipient.id == request.requester.id {
            return Ok(());
        }
        let met = self.store.conversations(&recipient.id).await.unwrap_or_default();
        if met.iter().any(|conversation| conversation.open && conversation.with.is_some()) {
            return Ok(());
        }
        let what = format!(
            "the password would go to {}, who has no chat with me yet; they say hello to me once, then ask again",
            recipient.name
        );
        Err(Reason::NotPossible { what }.into())
    }

    /// Clarifying → Pending: the request, its plan and its cards.
    async fn wait(
        &self,
        turn: &mut Turn,
        request: Request,
        read_at: Option<u64>,
        frozen: Frozen,
        verdict: Verdict,
    ) -> Result<(), StoreError> {
        let approvers = match &frozen.plan().rule {
            Rule::Confirm => Vec::new(),
            Rule::Approve { of, .. } => self.approver_places(&request, frozen.plan(), of).await?,
        };
        if approvers.is_empty() && frozen.plan().rule != Rule::Confirm {
            let area = actions::entry(&frozen.plan().parts[0].action)
                .map(|entry| entry.about.area.to_string());
            self.answer(
                turn,
                &request,
                vec![refused(Reason::NobodyMayApprove { area: area.unwrap_or_default() })],
            );
            return self.drop_question(turn, request, read_at);
        }
        let Ok(request) = request.propose(&frozen, verdict) else {
            return Err(StoreError::Conflict);
        };
        let actions: Vec<&str> =
            frozen.plan().parts.iter().map(|part| part.action.as_str()).collect();
        turn.facts.push(self.fact(
            &request,
            "request.asked",
            json!({ "by": request.requester, "about": request.subjects, "actions": actions, "rule": frozen.plan().rule,
                    "policy": request.verdict.as_ref().map(|verdict| &verdict.policy) }),
        ));
        if read_at.is_none() {
            turn.copies.push(self.copy(request.id, Audience::Requester, self.thread_of(&request)));
        }
        for to in approvers {
            turn.copies.push(self.copy(request.id, Audience::Approvers, to));
        }
        turn.redraw.push(request.id);
        turn.revisions.push(frozen);
        turn.requests.push((request, read_at));
        Ok(())
    }

    /// A question to the requester, in the thread of the request.
    fn ask(&self, turn: &mut Turn, mut request: Request, read_at: Option<u64>, open: Vec<Open>) {
        let until = self.now() + QUESTION_LIVES;
        request.stage = Stage::Clarifying { open, until };
        request.due_at = Some(until);
        if read_at.is_none() {
            turn.facts.push(self.fact(
                &request,
                "request.unclear",
                json!({ "by": request.requester }),
            ));
            turn.copies.push(self.copy(request.id, Audience::Requester, self.thread_of(&request)));
        }
        turn.redraw.push(request.id);
        turn.requests.push((request, read_at));
    }

    /// Nothing is left to ask or to sign: a question that was open is over.
    fn drop_question(
        &self,
        turn: &mut Turn,
        request: Request,
        read_at: Option<u64>,
    ) -> Result<(), StoreError> {
        let Some(version) = read_at else { return Ok(()) };
        let by = request.requester.clone();
        let Ok(request) = request.cancel(by, self.now()) else { return Err(StoreError::Conflict) };
        turn.redraw.push(request.id);
        turn.requests.push((request, Some(version)));
        Ok(())
    }

    fn answer(&self, turn: &mut Turn, request: &Request, messages: Vec<Message>) {
        for what in messages {
            turn.say.push(Say { id: self.clock.uuid(), to: self.thread_of(request), what });
        }
    }

    /// A new copy of a request's card.
    pub(super) fn copy(&self, request: RequestId, audience: Audience, to: SayTo) -> Copy {
        Copy { id: self.clock.uuid(), request, audience, to, nonce: self.clock.nonce(), card: None }
    }

    /// The thread of the request: under its message in a channel, else the conversation.
    #[expect(clippy::unused_self, reason = "reads as the desk's")]
    pub(super) fn thread_of(&self, request: &Request) -> SayTo {
        SayTo::Place { place: request.origin.place.clone() }
    }

    /// Where the approvers of these groups read: the channels that are set, and the
    /// personal chats of approvers named one by one. Requester, subjects and
    /// recipients of secrets are left out.
    async fn approver_places(
        &self,
        request: &Request,
        plan: &Plan,
        of: &[String],
    ) -> Result<Vec<SayTo>, StoreError> {
        let mut places = Vec::new();
        for channel in &self.approvals.slack_channels {
            if self.chats.contains_key(&Platform::Slack) {
                places.push(SayTo::Place { place: self.slack_channel(request, channel) });
            }
        }
        for conversation in &self.approvals.teams_conversations {
            if self.chats.contains_key(&Platform::Teams) {
                places.push(SayTo::Place { place: self.teams_conversation(conversation) });
            }
        }
        if self.approvals.personal != Some(false) {
            let barred = |id: &UserId| {
                *id == request.requester.id
                    || plan.subjects.iter().any(|subject| subject.id == *id)
                    || plan.recipients().any(|recipient| recipient.id == *id)
            };
            for approver in self.named(of).await.iter().filter(|approver| !barred(&approver.id)) {
                for user in self.personal(&approver.id).await? {
                    places.push(SayTo::Person { user });
                }
            }
        }
        Ok(places)
    }

    /// Everybody named one by one as an approver of these groups.
    async fn named(&self, of: &[String]) -> Vec<PersonRef> {
        let mut people = Vec::new();
        for principal in self.rules.named_approvers(of) {
            let who = match principal {
                Principal::User(id) => Who::Id(id),
                Principal::Upn(upn) => Who::Upn(self.tenant.clone(), upn),
                Principal::Group(_) => continue,
            };
            match self.directory.user(&who).await {
                Ok(Some(user)) if user.enabled => people.push(user.to_ref()),
                Ok(_) => tracing::warn!(
                    "An approver named in the policy is not an enabled user; run `countersign doctor`"
                ),
                Err(error) => {
                    tracing::warn!(error = %crate::domain::trouble::chain(&error), "An approver could not be looked up");
                }
            }
        }
        people
    }

    /// The personal chats somebody has with the bot, the newest of each platform and realm.
    async fn personal(&self, id: &UserId) -> Result<Vec<ChatUser>, StoreError> {
        let mut found: Vec<ChatUser> = Vec::new();
        for conversation in
            self.store.conversations(id).await?.into_iter().filter(|conversation| conversation.open)
        {
            if let Some(user) = conversation.with
                && !found
                    .iter()
                    .any(|known| known.platform == user.platform && known.realm == user.realm)
                && self.chats.contains_key(&user.platform)
            {
                found.push(user);
            }
        }
        Ok(found)
    }

    fn slack_channel(&self, request: &Request, channel: &str) -> Place {
        let own = &request.origin.place;
        let realm =
            if own.platform == Platform::Slack { own.realm.clone() } else { self.slack_realm() };
        Place {
            platform: Platform::Slack,
            realm,
            conversation: channel.to_owned(),
            thread: None,
            kind: PlaceKind::Channel,
            service_url: None,
        }
    }

    fn slack_realm(&self) -> String {
        self.identities.slack_realm.clone()
    }

    fn teams_conversation(&self, conversation: &str) -> Place {
        Place {
            platform: Platform::Teams,
            realm: self.tenant.to_string(),
            conversation: conversation.to_owned(),
            thread: None,
            kind: PlaceKind::Channel,
            service_url: None,
        }
    }
}

fn part(proposal: &Proposal) -> Part {
    Part {
        action: proposal.action.clone(),
        arguments: proposal.arguments.clone(),
        because: proposal.because.clone(),
    }
}

/// A digest that no plan has, for the buttons of a question.
pub(super) const NO_DIGEST: Digest = Digest([0; 32]);
