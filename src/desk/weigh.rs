//! Proposals → plans: times, drafts joined and frozen, and what policy says about them.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil};
use serde_json::{Map, Value, json};

use crate::{
    actions::{self, Asked, Entry, Listed, SecretsTo},
    config::{self, CallerCheckBy},
    desk::{Desk, drafts, tenants::strangers},
    domain::{
        area::Risk,
        escalation::Escalation,
        ids::Upn,
        plan::{Draft, FORMAT, Frozen, Note, Part, Plan, Step},
        proposal::Proposal,
        request::{Relation, Request, Verdict},
        trouble::{Reason, Result, Trouble},
        users::{Facet, PersonRef, Who},
    },
    interpret,
    policy::{self, Parties, Principal, Standing, SubjectFacts, Wanted},
    ports::store::StoreError,
};

impl Desk {
    /// Parts the time of a request from the action's own arguments. A date alone means
    /// the end of that working day for what ends access, else its morning.
    pub(super) fn when(
        &self,
        entry: &Entry,
        proposal: &Proposal,
    ) -> Result<(Map<String, Value>, Option<Timestamp>), Reason> {
        let mut arguments = proposal.arguments.clone();
        let Some(said) = arguments.remove(interpret::AT) else { return Ok((arguments, None)) };
        let wrong = || Reason::WrongArgument {
            field: interpret::AT.to_owned(),
            why: "the time must lie ahead; say it like 2026-11-30 17:00, or “on Friday at 17:00”"
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

    pub(super) fn allowed(
        &self,
        who: &Standing,
        proposal: &Proposal,
    ) -> Result<&'static Entry, Reason> {
        let entry = actions::entry(&proposal.action).ok_or_else(|| Reason::NoSuchAction {
            action: proposal.action.chars().take(80).collect(),
        })?;
        policy::may_ask(who, wanted(entry, &proposal.arguments), &self.rules())?;
        Ok(entry)
    }

    pub(super) async fn asked(&self, request: &Request) -> Result<Asked> {
        let secrets_to = match &self.rules().secrets_to {
            config::SecretsTo::Requester => SecretsTo::Requester,
            config::SecretsTo::Manager => SecretsTo::Manager,
            config::SecretsTo::Person(upn) => {
                let upn: Upn = upn.parse().map_err(Reason::from)?;
                let who = Who::Upn(self.people_tenant().clone(), upn.clone());
                let found = self.look_up(&who).await?;
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
            emergency: self.rules().untouchable.iter().map(listed).collect(),
            drives: self.rules().workbook_drives.iter().map(listed).collect(),
            graph_allowed: self.rules().graph_requests.clone(),
            ends_proposed: self.days.drafts.ends(),
        })
    }

    /// Drafts → one frozen plan, with what policy says about it.
    pub(super) async fn weigh(
        &self,
        request: &Request,
        parts: &[Proposal],
        drafts: Vec<Draft>,
        times: &[Option<Timestamp>],
        wanted: &[Wanted],
    ) -> Result<(Frozen, Verdict)> {
        // Steps with a time of their own wait for it; the run starts with the first.
        let start_at = times.iter().copied().min().flatten();
        let later = later_parts(&drafts, times, start_at);
        let Draft { subjects, objects, steps, mut notes, .. } = Plan::join(drafts);
        notes.extend(later);
        let facts =
            futures::future::try_join_all(subjects.iter().map(|subject| self.subject(subject)))
                .await?;
        if self.is_of_others(&subjects, &steps) {
            return Err(Reason::OtherTenant.into());
        }
        let requester = self.user(&request.requester.id).await?;
        let paths = self.paths(&steps).await?;
        let parties = Parties { requester: &requester, subjects: &facts, paths: &paths };
        let rules = self.rules();
        let mut verdict = policy::weigh(wanted, parties, &rules)?;
        let mut longer = policy::escalation(wanted, parties, &verdict.rule, &rules)?;
        let mut emergency = policy::emergency(wanted, parties, &verdict.rule, &rules)?;
        // Parts that a process is made of were not asked for by a caller.
        let asked = parts.iter().map(|part| part.action.as_str());
        let checked = policy::caller_check(asked, &rules);
        let caller_number = checked == Some(CallerCheckBy::Number);
        match checked {
            Some(CallerCheckBy::Manager) => {
                verdict = policy::after_caller_check(verdict, parties, &rules)?;
                // Nobody takes the manager's place: nobody else knows who called.
                (longer, emergency) = (None, Vec::new());
            }
            Some(CallerCheckBy::Number) => self.can_be_recognised(request, &subjects).await?,
            None => {}
        }
        let step_up = policy::step_up(wanted, &rules);
        notes.extend(marks(checked, step_up));
        // A table is counted as a whole, not row by row.
        if !request.is_row()
            && let Some(held) =
                self.held_back(&request.requester.id, subjects.len()).await.map_err(unread)?
        {
            let areas: BTreeSet<String> = wanted.iter().map(|one| one.area.to_string()).collect();
            verdict = self.hold_back(verdict, &areas.into_iter().collect::<Vec<_>>())?;
            emergency.clear();
            notes.insert(0, held);
        }
        notes.extend(self.others_open(request, &subjects, (&steps, &notes)).await?);
        if drafts::is_draft(request) {
            let about = subjects.first().map(|who| who.name.as_str()).unwrap_or_default();
            notes.extend(parts.first().map(|part| drafts::why(part, about, &request.requester)));
        } else if let Some(client) = &request.origin.client {
            let fields = [("client", client.as_str()), ("user", &request.requester.name)];
            notes.push(Note::new("client", &fields));
        }
        if let Some(recipient) =
            steps.iter().find_map(|step| step.change.delivery()).map(|delivery| &delivery.to)
        {
            self.reachable(request, recipient).await?;
        }
        let lost = self.not_restored(request).await;
        notes.extend(lost.map_err(unread)?);
        let plan = Plan {
            format: FORMAT,
            tenant: self.tenant.clone(),
            request: request.id,
            revision: request.revision + 1,
            parts: parts.iter().map(part).collect(),
            subjects,
            objects,
            steps,
            left_out: Vec::new(),
            standing: None,
            rows: None,
            notes,
            rule: verdict.rule.clone(),
            emergency,
            step_up,
            caller_number,
            escalation: longer.map(|(after, of)| Escalation { at: self.now() + after, of }),
            expires_at: self.until(request, start_at),
            start_at,
        };
        let frozen =
            Frozen::of(&plan).map_err(|wrong| Reason::NotPossible { what: wrong.to_string() })?;
        Ok((frozen, verdict))
    }

    /// Is a plan about anybody of another directory? A secret may go to whoever works here.
    fn is_of_others(&self, subjects: &[PersonRef], steps: &[Step]) -> bool {
        let ours = [&self.tenant, self.people_tenant()];
        let strange = || !strangers(&json!(steps), &ours).is_empty();
        subjects.iter().any(|subject| *subject.id.tenant() != self.tenant)
            || (self.home.is_some() && strange())
    }

    /// Requests that are open about the same people, or want the same seats.
    async fn others_open(
        &self,
        request: &Request,
        subjects: &[PersonRef],
        own: (&[Step], &[Note]),
    ) -> Result<Vec<Note>> {
        let mut notes = self.seats_wanted(request, &[own]).await?;
        for subject in subjects {
            let others =
                self.store.open(&self.tenant, Some(&subject.id), 5).await.unwrap_or_default();
            if let Some(other) = others.iter().find(|other| is_another(other, request)) {
                let fields =
                    [("user", subject.name.as_str()), ("number", &other.number.to_string())];
                notes.push(Note::new("another_request_open", &fields));
            }
        }
        Ok(notes)
    }

    /// The same verdict with one signature more.
    pub(super) fn hold_back(&self, verdict: Verdict, areas: &[String]) -> Result<Verdict, Reason> {
        let rule = policy::limits::one_more(verdict.rule, areas, &self.rules())?;
        Ok(Verdict { why: policy::why(&rule, "approve"), rule, ..verdict })
    }

    /// Until when it can be signed. What the directory's days say waits for its day, and on.
    fn until(&self, request: &Request, start_at: Option<Timestamp>) -> Timestamp {
        let until = self.now() + self.rules().expires_after;
        // What is asked for again before its time may be signed until then.
        if let (Some((_, Relation::FollowUp)), Some(start_at)) = (&request.parent, start_at) {
            return until.max(start_at);
        }
        if !drafts::is_draft(request) {
            return until;
        }
        until.max(start_at.unwrap_or(self.now()) + drafts::STAYS)
    }

    pub(super) async fn subject(&self, subject: &PersonRef) -> Result<SubjectFacts> {
        if let Some(found) = self.directory.dossier(&subject.id, &[Facet::Roles]).await? {
            return Ok(SubjectFacts { user: found.user, roles: found.roles });
        }
        // Whoever is to be restored is no user now, and holds no role.
        let deleted = self.deleted(&subject.id).await?;
        let user = deleted.ok_or_else(|| Reason::NoSuchPerson { name: subject.upn.to_string() })?;
        Ok(SubjectFacts { user, roles: Vec::new() })
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
}

/// What it takes beside signatures.
fn marks(checked: Option<CallerCheckBy>, step_up: bool) -> impl Iterator<Item = Note> {
    let checked = checked.map(|by| match by {
        CallerCheckBy::Manager => "caller_check",
        CallerCheckBy::Number => "caller_number",
    });
    let all = checked.into_iter().chain(step_up.then_some("step_up"));
    all.map(|key| Note::new(key, &[]))
}

/// Parts that start later than the first.
fn later_parts(
    drafts: &[Draft],
    times: &[Option<Timestamp>],
    start_at: Option<Timestamp>,
) -> Vec<Note> {
    let later = drafts.iter().zip(times).filter(|(_, at)| **at != start_at);
    let note = |(draft, at): (&Draft, &Option<Timestamp>)| {
        let (user, at) = (draft.subjects.first()?.name.as_str(), format!("@{}", (*at)?));
        Some(Note::new("part_starts_later", &[("user", user), ("at", &at)]))
    };
    later.filter_map(note).collect()
}

/// The store could not be read.
pub(super) fn unread(error: StoreError) -> Trouble {
    Trouble::Unreachable { what: "the store", source: error.into() }
}

/// Another one that waits; not the one that this takes the place of.
fn is_another(other: &Request, request: &Request) -> bool {
    let replaced = matches!(request.parent, Some((id, Relation::Edit)) if id == other.id);
    other.id != request.id && other.digest.is_some() && !replaced
}

/// An action as policy sees it, with these arguments.
pub(super) fn wanted(entry: &Entry, arguments: &Map<String, Value>) -> Wanted {
    let about = &entry.about;
    let risk = entry.risk(arguments);
    Wanted { action: about.id, care: about.care, area: about.area, risk, at_least: 0 }
}

/// Somebody or a group, as an action is told.
fn listed(principal: &Principal) -> Listed {
    match principal {
        Principal::User(id) => Listed::User(id.clone()),
        Principal::Upn(_, upn) => Listed::Upn(upn.clone()),
        Principal::Group(id) => Listed::Group(id.clone()),
    }
}

fn part(proposal: &Proposal) -> Part {
    Part {
        action: proposal.action.clone(),
        arguments: proposal.arguments.clone(),
        because: proposal.because.clone(),
    }
}
