//! First and last days of the directory → proposals: never more, once for each person and day.
//!
//! The directory keeps the day, so nothing about it is kept here: it is read every hour, and what
//! is near becomes a request of the person the settings name. Its id is made of person, sort and
//! day, so that no restart and no second replica proposes it again; a day that moved is another
//! one, and ends what was proposed for the old.
//!
//! Not here: what happens on such a day. The request goes the way of every other, through policy.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    config::Drafts,
    desk::Desk,
    domain::{
        change::{AccountChange, Change},
        chat::Platform,
        ids::{Digest, RequestId, TenantId, Upn},
        message::Message,
        plan::Note,
        proposal::Proposal,
        request::{Request, Stage},
        trouble::{Reason, Result, chain},
        users::{PersonRef, Who},
    },
    interpret,
    policy::Standing,
    ports::{
        people::PeopleQuery,
        store::{Answer, Say, SayTo, StoreError, Turn},
    },
};

/// After its day it can still be signed, and is still proposed, for this long.
pub const STAYS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The program in whose place such a request stands.
const DIRECTORY: &str = "directory";
/// The days are read so often.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// The directory did not answer: so long until it is asked again.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// One read names at most so many people, on so many pages.
const PAGE: u32 = 200;
const PAGES_MAX: usize = 10;
/// So many open requests are looked through.
const OPEN_MAX: u32 = 1_000;
const HOURS_OF_A_DAY: i64 = 24;
/// `2026-11-30`
const DATE_CHARS: usize = 10;

/// Which days become proposals, and when they are looked at next; at the start if empty.
#[derive(Debug)]
pub struct Days {
    pub(super) drafts: Drafts,
    next: Mutex<Option<Timestamp>>,
}

impl Days {
    /// As the operator set it.
    pub fn of(drafts: &Drafts) -> Self {
        Self { drafts: drafts.clone(), next: Mutex::new(None) }
    }

    /// Is it time? Then the next time is set.
    fn are_due(&self, now: Timestamp) -> bool {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let due = next.is_none_or(|next| now >= next);
        if due {
            *next = Some(now + EVERY);
        }
        due
    }

    fn look_again(&self, at: Timestamp) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }
}

/// Which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    First,
    Last,
}

impl Sort {
    fn property(self) -> &'static str {
        match self {
            Self::First => "employeeHireDate",
            Self::Last => "employeeLeaveDateTime",
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::First => "enable_user",
            Self::Last => "offboard_user",
        }
    }
}

/// Somebody's day.
#[derive(Debug, Clone)]
struct Day {
    sort: Sort,
    user: PersonRef,
    at: Timestamp,
}

impl Day {
    /// The same person, sort and instant is the same request.
    fn request(&self, tenant: &TenantId) -> RequestId {
        let text = format!("{tenant} {} {} {}", self.user.id.guid(), self.sort.property(), self.at);
        let Digest(digest) = Digest::of(text.as_bytes());
        let mut first = [0; 16];
        first.copy_from_slice(&digest[..16]);
        RequestId(uuid::Builder::from_custom_bytes(first).into_uuid())
    }

    /// As the tenant's people would say it. Systems of HR write a day as midnight UTC: that is
    /// a day, wherever the tenant is.
    fn said(&self, zone: &TimeZone) -> String {
        let utc = self.at.to_zoned(TimeZone::UTC).datetime();
        if utc.time() == Time::midnight() {
            return utc.date().to_string();
        }
        self.at.to_zoned(zone.clone()).datetime().strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// So many days lie between today and it, where the tenant is.
    fn ahead(&self, now: Timestamp, zone: &TimeZone) -> i64 {
        let said = self.said(zone);
        let date = said.get(..DATE_CHARS).and_then(|date| date.parse::<Date>().ok());
        let today = now.to_zoned(zone.clone()).date();
        date.map_or(i64::MAX, |date| i64::from((date - today).get_days()))
    }

    /// For a sentence: the day, or the instant.
    fn shown(&self) -> String {
        let said = self.said(&TimeZone::UTC);
        if said.contains('T') { format!("@{}", self.at) } else { said }
    }
}

/// Does it make an account of this name?
fn makes(change: &Change, name: &Upn) -> bool {
    matches!(change, Change::Account(AccountChange::CreateUser { upn, .. }) if upn == name)
}

/// Was it made of a day of the directory?
pub(super) fn is_draft(request: &Request) -> bool {
    request.origin.client.as_deref() == Some(DIRECTORY)
}

/// Why it was proposed, for its card.
pub(super) fn why(part: &Proposal, subject: &str, requester: &PersonRef) -> Note {
    let key = if part.action == Sort::Last.action() { "draft_leaves" } else { "draft_starts" };
    Note::new(key, &[("user", subject), ("requester", &requester.name)])
}

impl Desk {
    /// Drafts what is near, where it is time to look. A directory that does not answer is asked
    /// again; it stops nothing else.
    pub(super) async fn draft_days(&self) -> Result<(), StoreError> {
        let Some(requester) = &self.days.drafts.requester else { return Ok(()) };
        if !self.days.are_due(self.now()) {
            return Ok(());
        }
        match self.days_near(requester).await {
            Ok((who, days)) => {
                for day in &days {
                    match Box::pin(self.draft(day, &who)).await {
                        Ok(()) | Err(StoreError::Conflict | StoreError::Repeated(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
                self.end_moved(&days).await
            }
            Err(trouble) => {
                tracing::warn!(error = %chain(&trouble), "First and last days could not be read; trying again");
                self.days.look_again(self.now() + AGAIN);
                Ok(())
            }
        }
    }

    /// Whoever asks, and the days that are near.
    async fn days_near(&self, requester: &str) -> Result<(Standing, Vec<Day>)> {
        let upn: Upn = requester.parse().map_err(Reason::from)?;
        let who = self.member(&Who::Upn(self.tenant.clone(), upn)).await?;
        let mut days = Vec::new();
        if self.days.drafts.leavers {
            days.extend(self.days_of(Sort::Last).await?);
        }
        if self.days.drafts.joiners {
            days.extend(self.days_of(Sort::First).await?);
        }
        Ok((who, days))
    }

    /// People whose day is near: leavers who may sign in, joiners who may not.
    /// (learn.microsoft.com/graph/api/resources/user: both properties can be filtered by `ge`
    /// and `le`; reading the last day needs `User-LifeCycleInfo.Read.All`.)
    async fn days_of(&self, sort: Sort) -> Result<Vec<Day>> {
        let name = sort.property();
        // A day counts from its midnight here, so what is read reaches a day further.
        let most = i64::from(self.days.drafts.days_before);
        let ahead = SignedDuration::from_hours(HOURS_OF_A_DAY * (most + 1));
        let seconds = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let (from, to) = (seconds(self.now() - STAYS), seconds(self.now() + ahead));
        let mut query = PeopleQuery {
            enabled: Some(sort == Sort::Last),
            filter: Some(format!("{name} ge {from} and {name} le {to}")),
            select: ["displayName", "userPrincipalName", name].map(str::to_owned).to_vec(),
            top: PAGE,
            ..PeopleQuery::default()
        };
        let mut days = Vec::new();
        for _ in 0..PAGES_MAX {
            let page = self.directory.people(&self.tenant, &query).await?;
            days.extend(page.rows.iter().filter_map(|row| {
                let text = |name: &str| row.get(name).and_then(Value::as_str);
                let id: Uuid = text("id")?.parse().ok()?;
                let upn = text("userPrincipalName")?.parse().ok()?;
                let person = text("displayName").unwrap_or_default().to_owned();
                let user = PersonRef { id: self.tenant.object(id), name: person, upn };
                let day = Day { sort, user, at: text(name)?.parse().ok()? };
                (day.ahead(self.now(), &self.zone) <= most).then_some(day)
            }));
            match page.next {
                Some(next) => query.page = Some(next),
                None => return Ok(days),
            }
        }
        tracing::warn!(property = name, "More first or last days are near than are read at once");
        Ok(days)
    }

    /// One day → a request, if there was none for it and nobody asked for it already.
    async fn draft(&self, day: &Day, who: &Standing) -> Result<(), StoreError> {
        let id = day.request(&self.tenant);
        let key = format!("day:{id}");
        if self.store.request(&id).await?.is_some()
            || self.store.answered(&key).await?.is_some()
            || self.is_asked_for(day).await?
        {
            return Ok(());
        }
        let origin = self.origin_of(DIRECTORY, who).await?;
        let mut new = self.new_request(origin.clone(), who, vec![self.proposal_of(day)]);
        new.id = id;
        let mut turn = self.turn_of(key, id);
        self.propose(&mut turn, new, None, who, Vec::new()).await?;
        if turn.requests.iter().any(|(request, _)| request.digest.is_some()) {
            turn.say.clear();
            self.tell_sponsor(&mut turn, day).await?;
            return self.store.save(turn).await.map(drop);
        }
        let reason = turn.say.iter().rev().find_map(|say| match &say.what {
            Message::Sorry(view) => Some(view.reason.clone()),
            _ => None,
        });
        let reason = reason.unwrap_or(Reason::NotLinked);
        match reason {
            // Done already, by somebody else.
            Reason::AlreadySo { .. } => return Ok(()),
            Reason::Unreachable { .. } => {
                self.days.look_again(self.now() + AGAIN);
                return Ok(());
            }
            _ => {}
        }
        let mut turn = self.turn_of(format!("day:{id}"), id);
        let fields = [("user", day.user.name.as_str()), ("at", &day.shown())];
        let note = Message::Note(Note::new("draft_refused", &fields));
        for to in self.where_refused(&origin) {
            for what in [note.clone(), super::refused(reason.clone())] {
                turn.say.push(Say { id: self.clock.uuid(), to: to.clone(), what });
            }
        }
        self.store.save(turn).await.map(drop)
    }

    pub(super) fn turn_of(&self, key: String, id: RequestId) -> Turn {
        let answer = Answer { say: None, request: Some(id) };
        Turn { at: self.now(), inbox: Some((key, answer)), ..Turn::default() }
    }

    fn proposal_of(&self, day: &Day) -> Proposal {
        let mut arguments = Map::new();
        arguments.insert("user".to_owned(), day.user.id.to_string().into());
        let proposal =
            Proposal { action: day.sort.action().to_owned(), arguments, because: Vec::new() };
        let mut timed = proposal.clone();
        timed.arguments.insert(interpret::AT.to_owned(), day.said(&self.zone).into());
        // A day that is over needs no waiting for.
        let entry = crate::actions::entry(&timed.action);
        let ahead = entry.is_some_and(|entry| self.when(entry, &timed).is_ok());
        if ahead { timed } else { proposal }
    }

    /// Somebody asked for the same; or the account was made here and waits for its first day.
    async fn is_asked_for(&self, day: &Day) -> Result<bool, StoreError> {
        let same =
            |request: &Request| request.proposals.iter().any(|one| one.action == day.sort.action());
        let about = self.store.open(&self.tenant, Some(&day.user.id), OPEN_MAX).await?;
        if about.iter().any(same) {
            return Ok(true);
        }
        if day.sort == Sort::Last {
            return Ok(false);
        }
        for request in self.store.open(&self.tenant, None, OPEN_MAX).await? {
            let joins = |one: &Proposal| {
                ["onboard_user", "set_up_contractor", "create_user"].contains(&one.action.as_str())
            };
            if !request.proposals.iter().any(joins) {
                continue;
            }
            let frozen = self.store.plan(&request.id, request.revision).await?;
            let upn = &day.user.upn;
            let made = frozen.iter().flat_map(|frozen| &frozen.plan().steps);
            if made.into_iter().any(|step| makes(&step.change, upn)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The manager of whoever leaves is told, where the bot may speak to them.
    async fn tell_sponsor(&self, turn: &mut Turn, day: &Day) -> Result<(), StoreError> {
        if day.sort == Sort::First {
            return Ok(());
        }
        let found = self.directory.user(&Who::Id(day.user.id.clone())).await.ok().flatten();
        let Some(manager) = found.and_then(|user| user.manager) else { return Ok(()) };
        let at = day.shown();
        let note = Note::new("contract_near", &[("user", &day.user.name), ("at", &at)]);
        for place in self.personal(&manager.id).await? {
            let what = Message::Note(note.clone());
            turn.say.push(Say { id: self.clock.uuid(), to: SayTo::Place { place }, what });
        }
        Ok(())
    }

    /// Where it is said that nothing may be proposed: to whoever would have asked, and where
    /// those read who sign.
    fn where_refused(&self, origin: &crate::domain::request::Origin) -> Vec<SayTo> {
        let own = (origin.place.platform != Platform::Api).then(|| origin.place.clone());
        let in_slack = self.approvals.slack_channels.iter().map(|id| (Platform::Slack, id));
        let in_teams = self.approvals.teams_conversations.iter().map(|id| (Platform::Teams, id));
        let channels = in_slack.chain(in_teams).filter(|(on, _)| self.chats.contains_key(on));
        let channels = channels.map(|(platform, id)| self.channel(platform, id));
        own.into_iter().chain(channels).map(|place| SayTo::Place { place }).collect()
    }

    /// What was proposed for a day that the directory does not name any more is over, if nobody
    /// signed it; if somebody did, they are told.
    async fn end_moved(&self, days: &[Day]) -> Result<(), StoreError> {
        let named: BTreeSet<RequestId> = days.iter().map(|day| day.request(&self.tenant)).collect();
        for request in self.store.open(&self.tenant, None, OPEN_MAX).await? {
            if !is_draft(&request) || named.contains(&request.id) || !self.is_looked_at(&request) {
                continue;
            }
            let (id, version, by) = (request.id, request.version, request.requester.clone());
            let key = match request.stage {
                Stage::Pending { .. } => "draft_over",
                Stage::Scheduled { .. } => "draft_moved",
                _ => continue,
            };
            let number = request.number.to_string();
            let user = request.subjects.first().map(|who| who.name.clone()).unwrap_or_default();
            let note = Note::new(key, &[("number", &number), ("user", &user)]);
            let mut turn = self.turn_of(format!("{key}:{id}"), id);
            for copy in self.store.copies(&id).await? {
                let what = Message::Note(note.clone());
                turn.say.push(Say { id: self.clock.uuid(), to: copy.to, what });
            }
            if key == "draft_over" {
                let Ok(request) = request.cancel(by, self.now()) else { continue };
                turn.facts.push(self.fact(
                    &request,
                    "request.cancelled",
                    json!({ "by": DIRECTORY }),
                ));
                turn.redraw.push(id);
                turn.requests.push((request, Some(version)));
            }
            match self.store.save(turn).await {
                Ok(_) | Err(StoreError::Conflict | StoreError::Repeated(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Are the days of this sort read at all?
    fn is_looked_at(&self, request: &Request) -> bool {
        let last = request.proposals.iter().any(|one| one.action == Sort::Last.action());
        if last { self.days.drafts.leavers } else { self.days.drafts.joiners }
    }
}
