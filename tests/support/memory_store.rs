//! The store of most tests: the same promises as the real one, in memory, and it
//! can crash on command. `tests/store.rs` holds both to one contract.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
};

use async_trait::async_trait;
use countersign::{
    domain::{
        chat::{CardRef, ChatUser, Inbound},
        decision::Vote,
        fact::Fact,
        ids::{Digest, Number, RequestId, StepId, TenantId, UserId},
        plan::Frozen,
        request::{Request, Stage},
        secret::Secret,
        sign_in::{IdentityLink, Linking, SignIn, account, same_account},
        snapshot::Snapshot,
        standing::Use,
        step::StepRun,
    },
    ports::store::{
        Answer, Conversation, Copy, Counted, Head, HeardInThread, Instead, Lease, ONCE, Payload,
        Recorded, RowStates, Saved, Say, Showing, SignInKey, Stale, Stands, Store, StoreError,
        TRIES_IN_TURN, Told, Turn, Unsaid, WaitingLink,
    },
};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use uuid::Uuid;

/// When a save on command fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crash {
    /// Before it took effect: nothing is saved.
    Before,
    /// After it took effect, before anybody was told: everything is saved.
    After,
}

/// A store in memory.
#[derive(Debug)]
pub struct MemoryStore {
    state: Mutex<State>,
    saves: Mutex<(u64, Option<(u64, Crash)>)>,
    changed: watch::Sender<u64>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self { state: Mutex::default(), saves: Mutex::default(), changed: watch::Sender::new(0) }
    }
}

#[derive(Debug, Clone, Default)]
struct State {
    requests: Vec<Row>,
    numbers: BTreeMap<TenantId, u64>,
    inbox: Vec<(String, Timestamp, Result<Answer, Inbound>)>,
    revisions: BTreeMap<(RequestId, u32), Frozen>,
    steps: BTreeMap<(RequestId, u32, StepId), StepRun>,
    votes: Vec<Vote>,
    shown: BTreeSet<(RequestId, [u8; 32], [u8; 32])>,
    locks: BTreeMap<String, RequestId>,
    outbox: Vec<Waiting<Message>>,
    copies: Vec<(Waiting<Copy>, u64, u64)>,
    heard: Vec<HeardInThread>,
    conversations: Vec<Conversation>,
    secrets: BTreeMap<(RequestId, StepId), (Secret, Timestamp)>,
    links: BTreeMap<[u8; 32], Link>,
    snapshots: Vec<Snapshot>,
    used: BTreeMap<(RequestId, Timestamp), u32>,
    counted: Vec<(UserId, Timestamp, u32)>,
    sign_ins: Vec<SignIn>,
    linked: Vec<(IdentityLink, Option<Timestamp>)>,
    facts: Vec<Recorded>,
    numbered: usize,
    heads: Vec<Head>,
    peaks: BTreeMap<u64, Vec<[u8; 32]>>,
    paused: bool,
}

#[derive(Debug, Clone)]
struct Row {
    request: Request,
    token: u64,
    until: Option<Timestamp>,
}

#[derive(Debug, Clone)]
struct Link {
    request: RequestId,
    step: StepId,
    sealed: Vec<u8>,
    expires_at: Timestamp,
    message: Uuid,
}

#[derive(Debug, Clone)]
struct Message {
    say: Say,
    instead_of: Option<Uuid>,
    of: Option<TenantId>,
    card: Option<CardRef>,
}

/// Something to be told: handed out when its time has come and nobody has it.
#[derive(Debug, Clone)]
struct Waiting<T> {
    what: T,
    tries: u32,
    next_at: Timestamp,
    claimed_until: Timestamp,
    /// An earlier drawing may arrive until then.
    doubtful_until: Option<Timestamp>,
    over: bool,
}

impl<T> Waiting<T> {
    fn new(what: T, at: Timestamp) -> Self {
        Self {
            what,
            tries: 0,
            next_at: at,
            claimed_until: Timestamp::MIN,
            doubtful_until: None,
            over: false,
        }
    }

    fn due(&self) -> Timestamp {
        self.next_at.max(self.claimed_until)
    }

    /// Belongs to a teller; one who never said what became of it has tried.
    fn hand_out(&mut self, until: Timestamp) {
        self.tries += u32::from(self.claimed_until > Timestamp::MIN);
        self.claimed_until = until;
    }

    fn not_yet(&mut self, next: Timestamp) {
        self.next_at = next;
        self.claimed_until = Timestamp::MIN;
    }

    fn later(&mut self, next: Timestamp) {
        self.tries += 1;
        self.not_yet(next);
    }
}

/// The last of these messages may be handed out: it is due, and none before it in its
/// conversation is in somebody's hands or waits for one of its first tries.
fn in_turn(all: &[Waiting<Message>], now: Timestamp) -> bool {
    let Some((own, earlier)) = all.split_last() else { return false };
    let ahead = |w: &Waiting<Message>| {
        let lane = w.what.say.to == own.what.say.to && w.what.instead_of.is_none();
        let waits = w.next_at > now && w.tries < TRIES_IN_TURN;
        !w.over && lane && (w.claimed_until > now || waits)
    };
    !own.over && own.due() <= now && !earlier.iter().any(ahead)
}

impl MemoryStore {
    /// The `nth` save from now (the next one is 1) fails.
    pub fn crash_at(&self, nth: u64, crash: Crash) {
        let mut saves = self.saves.lock().unwrap();
        let at = saves.0 + nth;
        saves.1 = Some((at, crash));
    }

    /// How many saves were tried.
    pub fn saves(&self) -> u64 {
        self.saves.lock().unwrap().0
    }

    /// Counts up with each write.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// A write that can fail leaves nothing behind when it does.
    fn write<T>(
        &self,
        work: impl FnOnce(&mut State) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.write_if(|_| true, work)
    }

    /// The same; whoever finds nothing to do wakes nobody.
    fn write_if<T>(
        &self,
        wrote: impl FnOnce(&T) -> bool,
        work: impl FnOnce(&mut State) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut state = self.state();
        let mut next = state.clone();
        let value = work(&mut next)?;
        *state = next;
        drop(state);
        if wrote(&value) {
            self.changed.send_modify(|count| *count += 1);
        }
        Ok(value)
    }
}

fn broken(why: &str) -> StoreError {
    StoreError::Broken(anyhow::anyhow!(why.to_owned()))
}

impl State {
    fn row(&mut self, id: &RequestId) -> Option<&mut Row> {
        self.requests.iter_mut().find(|row| row.request.id == *id)
    }

    fn known(&mut self, id: &RequestId) -> Result<&mut Row, StoreError> {
        self.row(id).ok_or_else(|| broken("a row of a request that is not there"))
    }

    fn waiting_link(&self, token_hash: [u8; 32], link: &Link) -> WaitingLink {
        let of = Some(link.message);
        let ending = self.outbox.iter().find(|w| !w.over && w.what.instead_of == of);
        WaitingLink {
            token_hash,
            request: link.request,
            step: link.step,
            sealed: link.sealed.clone(),
            ending: ending.map(|w| Instead {
                say: w.what.say.clone(),
                of: link.message,
                from: w.next_at,
            }),
        }
    }

    fn held(&mut self, lease: &Lease) -> Result<&mut Row, StoreError> {
        let row = self.row(&lease.request).ok_or(StoreError::Conflict)?;
        if row.token == lease.token && row.until.is_some() {
            Ok(row)
        } else {
            Err(StoreError::Conflict)
        }
    }

    fn save(&mut self, turn: Turn) -> Result<Saved, StoreError> {
        let of = turn.tenant().cloned();
        self.deliveries(&turn)?;
        if let Some(lease) = &turn.lease {
            let row = self.held(lease)?;
            if turn.release {
                row.until = None;
            }
        }
        for token_hash in &turn.void_links {
            // One that is gone already is left as it is.
            let _ = self.end_link(token_hash, turn.at);
        }
        if let Some(token_hash) = turn.open_link {
            self.end_link(&token_hash, turn.at)?;
        }
        self.sign_ins(turn.sign_ins, turn.sign_ins_over)?;
        for linking in turn.linking {
            self.linking(linking, turn.at)?;
        }
        let mut ids = Vec::new();
        for (request, expected) in turn.requests {
            ids.push(request.id);
            self.request(request, expected)?;
        }
        self.uses(turn.uses, turn.at)?;
        for counted in turn.counted {
            self.count(counted)?;
        }
        for frozen in turn.revisions {
            let key = (frozen.plan().request, frozen.plan().revision);
            self.known(&key.0)?;
            if self.revisions.contains_key(&key) {
                return Err(StoreError::Conflict);
            }
            self.revisions.insert(key, frozen);
        }
        self.votes(turn.votes)?;
        for showing in &turn.shown {
            self.known(&showing.request)?;
            self.shown.insert((showing.request, showing.plan.0, showing.account().0));
        }
        self.locks.retain(|_, holder| !turn.unlock.contains(holder));
        for (request, resource) in turn.lock {
            self.known(&request)?;
            let holder = *self.locks.entry(resource.clone()).or_insert(request);
            if holder != request {
                return Err(StoreError::Locked { resource, holder });
            }
        }
        for (request, run) in turn.steps {
            let revision = self.known(&request)?.request.revision;
            let planned = self
                .revisions
                .get(&(request, revision))
                .is_some_and(|frozen| frozen.plan().step(run.id).is_some());
            if !planned {
                return Err(broken("a step that is not in the current revision of its plan"));
            }
            self.steps.insert((request, revision, run.id), run);
        }
        self.secrets(turn.forget_secrets, turn.secrets, turn.links)?;
        self.snapshots(turn.snapshots)?;
        self.facts(turn.facts);
        self.say((turn.say, turn.instead), of.as_ref(), turn.at);
        self.redraw(&turn.redraw, turn.in_answer, turn.at);
        for copy in turn.copies {
            self.known(&copy.request)?;
            self.copies.push((Waiting::new(copy, turn.at), 1, 0));
        }
        self.heard.extend(turn.heard);
        for met in turn.conversations {
            self.met(met);
        }
        let told = |id| {
            let row = self.requests.iter().find(|row| row.request.id == id).unwrap();
            (id, row.request.number, row.request.version)
        };
        Ok(Saved { requests: ids.into_iter().map(told).collect() })
    }

    fn redraw(
        &mut self,
        redraw: &[RequestId],
        in_answer: Option<(Uuid, Timestamp)>,
        at: Timestamp,
    ) {
        for (copy, wanted, drawn) in &mut self.copies {
            for _ in redraw.iter().filter(|id| **id == copy.what.request) {
                if drawn == wanted || copy.doubtful_until == Some(copy.next_at) {
                    copy.next_at = at;
                }
                *wanted += 1;
            }
        }
        if let Some((id, until)) = in_answer
            && let Some((copy, ..)) =
                self.copies.iter_mut().find(|(w, wanted, drawn)| w.what.id == id && drawn < wanted)
        {
            copy.doubtful_until = copy.doubtful_until.max(Some(until));
        }
    }

    fn end_link(&mut self, token_hash: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
        let opens = self.links.get(token_hash).is_some_and(|link| link.expires_at > at);
        let link = self.links.remove(token_hash).filter(|_| opens).ok_or(StoreError::Conflict)?;
        self.outbox.retain(|w| w.over || w.what.instead_of != Some(link.message));
        Ok(())
    }

    fn sign_ins(
        &mut self,
        new: Vec<(SignIn, Option<u64>)>,
        over: Vec<SignIn>,
    ) -> Result<(), StoreError> {
        for gone in over {
            let known = self.sign_ins.len();
            self.sign_ins.retain(|one| (one.id, one.version) != (gone.id, gone.version));
            if self.sign_ins.len() == known {
                return Err(StoreError::Conflict);
            }
        }
        for (sign_in, expected) in new {
            let next = SignIn { version: expected.unwrap_or(0) + 1, ..sign_in };
            let known = self.sign_ins.len();
            match expected {
                Some(version) => {
                    self.sign_ins.retain(|one| (one.id, one.version) != (next.id, version));
                    if self.sign_ins.len() == known {
                        return Err(StoreError::Conflict);
                    }
                }
                None => self.sign_ins.retain(|one| {
                    (account(&one.by), one.about()) != (account(&next.by), next.about())
                }),
            }
            self.sign_ins.push(next);
        }
        Ok(())
    }

    fn linking(&mut self, linking: Linking, at: Timestamp) -> Result<(), StoreError> {
        match linking {
            Linking::Linked(link) => {
                let taken = |(known, until): &(IdentityLink, Option<Timestamp>)| {
                    until.is_none()
                        && same_account(&known.chat, &link.chat)
                        && known.user.id.tenant() == link.user.id.tenant()
                };
                if self.linked.iter().any(taken) {
                    return Err(StoreError::Conflict);
                }
                self.linked.retain(|(known, _)| {
                    !(same_account(&known.chat, &link.chat) && known.user.id == link.user.id)
                });
                self.linked.push((link, None));
            }
            Linking::Unlinked { link, places } => {
                for one in &mut self.conversations {
                    if places.contains(&one.place.key()) && one.user.as_ref() == Some(&link.user.id)
                    {
                        one.user = None;
                    }
                }
                let held = self.linked.iter_mut().find(|(known, until)| {
                    until.is_none()
                        && same_account(&known.chat, &link.chat)
                        && known.user.id == link.user.id
                });
                held.ok_or(StoreError::Conflict)?.1 = Some(at);
            }
        }
        Ok(())
    }

    fn uses(&mut self, uses: Vec<Use>, at: Timestamp) -> Result<(), StoreError> {
        for used in uses {
            let held = self.known(&used.of)?.request.in_force.clone();
            let sum = self.used.entry((used.of, used.day)).or_default();
            *sum += used.count;
            if !held.is_some_and(|held| held.at(at)) || *sum > u32::from(used.per_day) {
                return Err(StoreError::Conflict);
            }
        }
        Ok(())
    }

    fn count(&mut self, counted: Counted) -> Result<(), StoreError> {
        let Counted { requester, people, window, since, most, most_each } = counted;
        let (by_all, by_them) = self.counted(&requester, since);
        let over = |before: u32, most: Option<u32>| most.is_some_and(|most| before + people > most);
        if over(by_all, most) || over(by_them, most_each) {
            return Err(StoreError::Conflict);
        }
        self.counted.push((requester, window, people));
        Ok(())
    }

    fn counted(&self, requester: &UserId, since: Timestamp) -> (u32, u32) {
        let recent = self
            .counted
            .iter()
            .filter(|(who, window, _)| *window > since && who.tenant() == requester.tenant());
        recent.fold((0, 0), |(all, theirs), (who, _, people)| {
            (all + people, theirs + if who == requester { *people } else { 0 })
        })
    }

    fn snapshots(&mut self, parts: Vec<Snapshot>) -> Result<(), StoreError> {
        for part in parts {
            self.known(&part.request)?;
            let key = |of: &Snapshot| (of.request, of.subject.clone(), of.step, of.part.clone());
            if self.snapshots.iter().all(|known| key(known) != key(&part)) {
                self.snapshots.push(part);
            }
        }
        Ok(())
    }

    fn facts(&mut self, facts: Vec<Fact>) {
        for fact in facts {
            // A salt nobody needs to guess: this store forgets everything anyway.
            let salt = Digest::of(fact.header.id.as_bytes()).0[..16].to_vec();
            let payload = serde_json::to_vec(&fact.payload).unwrap();
            self.facts.push(Recorded {
                seq: self.facts.len() as u64,
                header: serde_json::to_vec(&fact.header).unwrap(),
                payload_hash: Digest::of(&[&salt[..], &payload[..]].concat()).0,
                payload: Payload::Kept { salt, text: payload },
            });
        }
    }

    fn say(
        &mut self,
        (says, instead): (Vec<Say>, Vec<Instead>),
        of: Option<&TenantId>,
        at: Timestamp,
    ) {
        for say in says {
            let message = Message { say, instead_of: None, of: of.cloned(), card: None };
            self.outbox.push(Waiting::new(message, at));
        }
        for Instead { say, of: earlier, from } in instead {
            let message = Message { say, instead_of: Some(earlier), of: of.cloned(), card: None };
            self.outbox.push(Waiting::new(message, from));
        }
    }

    fn votes(&mut self, cast: Vec<Vote>) -> Result<(), StoreError> {
        for vote in cast {
            if !self.revisions.contains_key(&(vote.request, vote.revision)) {
                return Err(broken("a vote on a revision that is not there"));
            }
            let same = |known: &Vote| {
                (known.request, known.revision) == (vote.request, vote.revision)
                    && known.voter.id == vote.voter.id
            };
            if self.votes.iter().any(same) {
                return Err(StoreError::Conflict);
            }
            self.votes.push(vote);
        }
        Ok(())
    }

    fn deliveries(&mut self, turn: &Turn) -> Result<(), StoreError> {
        let found = |inbox: &[(String, Timestamp, Result<Answer, Inbound>)], key: &str| {
            inbox.iter().position(|(known, ..)| known == key)
        };
        if let Some(inbound) = &turn.received {
            if let Some(at) = found(&self.inbox, &inbound.key) {
                return Err(StoreError::Repeated(Box::new(
                    self.inbox[at].2.clone().unwrap_or_default(),
                )));
            }
            self.inbox.push((inbound.key.clone(), turn.at, Err(inbound.clone())));
        }
        if let Some((key, answer)) = &turn.inbox {
            match found(&self.inbox, key) {
                Some(at) => match &self.inbox[at].2 {
                    Ok(given) => return Err(StoreError::Repeated(Box::new(given.clone()))),
                    Err(_) => self.inbox[at] = (key.clone(), turn.at, Ok(answer.clone())),
                },
                None => self.inbox.push((key.clone(), turn.at, Ok(answer.clone()))),
            }
        }
        Ok(())
    }

    fn request(&mut self, mut request: Request, expected: Option<u64>) -> Result<(), StoreError> {
        if request.subjects.iter().any(|subject| *subject.id.tenant() != request.tenant) {
            return Err(broken("about a user of another directory"));
        }
        match (self.row(&request.id), expected) {
            (None, None) => {
                let last = self.numbers.entry(request.tenant.clone()).or_insert(1000);
                *last += 1;
                request.number = Number(*last);
                request.version = 1;
                self.requests.push(Row { request, token: 0, until: None });
                Ok(())
            }
            (Some(row), Some(version))
                if row.request.version == version && row.request.tenant == request.tenant =>
            {
                request.number = row.request.number;
                request.version = version + 1;
                row.request = request;
                Ok(())
            }
            _ => Err(StoreError::Conflict),
        }
    }

    fn secrets(
        &mut self,
        forget: Vec<(RequestId, StepId)>,
        new: Vec<countersign::ports::store::NewSecret>,
        links: Vec<countersign::ports::store::NewLink>,
    ) -> Result<(), StoreError> {
        for (request, step) in forget {
            self.secrets.remove(&(request, step));
            self.links.retain(|_, link| (link.request, link.step) != (request, step));
        }
        for new in new {
            self.known(&new.request)?;
            self.links.retain(|_, link| (link.request, link.step) != (new.request, new.step));
            self.secrets.insert((new.request, new.step), (new.value, new.expires_at));
        }
        for new in links {
            self.known(&new.request)?;
            self.secrets.remove(&(new.request, new.step));
            let (request, step, expires_at) = (new.request, new.step, new.expires_at);
            let link = Link { request, step, sealed: new.sealed, expires_at, message: new.message };
            if self.links.insert(new.token_hash, link).is_some() {
                return Err(broken("two links with one token"));
            }
        }
        Ok(())
    }

    fn met(&mut self, met: Conversation) {
        let key = met.place.key();
        match self.conversations.iter_mut().find(|known| known.place.key() == key) {
            Some(known) if known.at <= met.at => {
                let with = met.with.clone().or_else(|| known.with.clone());
                let user = met.user.clone().or_else(|| known.user.clone());
                *known = Conversation { with, user, ..met };
            }
            Some(_) => {}
            None => self.conversations.push(met),
        }
    }

    fn newest(&self, mut wanted: impl FnMut(&Request) -> bool, limit: u32) -> Vec<Request> {
        let newest = self.requests.iter().rev().map(|row| &row.request);
        newest.filter(|request| wanted(request)).take(limit as usize).cloned().collect()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn save(&self, turn: Turn) -> Result<Saved, StoreError> {
        let crash = {
            let mut saves = self.saves.lock().unwrap();
            saves.0 += 1;
            saves.1.filter(|(at, _)| *at == saves.0).map(|(_, crash)| crash)
        };
        if crash == Some(Crash::Before) {
            return Err(broken("crashed before the save, as told"));
        }
        let saved = self.write(|state| state.save(turn))?;
        if crash == Some(Crash::After) {
            return Err(broken("crashed after the save, as told"));
        }
        Ok(saved)
    }

    async fn answered(&self, key: &str) -> Result<Option<Answer>, StoreError> {
        let state = self.state();
        let found = state.inbox.iter().find(|(known, ..)| known == key);
        Ok(found.and_then(|(.., answer)| answer.clone().ok()))
    }

    async fn unhandled(&self, limit: u32) -> Result<Vec<Inbound>, StoreError> {
        let state = self.state();
        let waiting = state.inbox.iter().filter_map(|(.., answer)| answer.clone().err());
        Ok(waiting.take(limit as usize).collect())
    }

    async fn request(&self, id: &RequestId) -> Result<Option<Request>, StoreError> {
        Ok(self.state().row(id).map(|row| row.request.clone()))
    }

    async fn numbered(
        &self,
        tenant: &TenantId,
        number: Number,
    ) -> Result<Option<Request>, StoreError> {
        let found = self.state().newest(|r| r.tenant == *tenant && r.number == number, 1);
        Ok(found.into_iter().next())
    }

    async fn plan(&self, id: &RequestId, revision: u32) -> Result<Option<Frozen>, StoreError> {
        Ok(self.state().revisions.get(&(*id, revision)).cloned())
    }

    async fn votes(&self, id: &RequestId, revision: u32) -> Result<Vec<Vote>, StoreError> {
        let state = self.state();
        let on = |vote: &&Vote| (vote.request, vote.revision) == (*id, revision);
        Ok(state.votes.iter().filter(on).cloned().collect())
    }

    async fn steps(&self, id: &RequestId) -> Result<Vec<StepRun>, StoreError> {
        let mut state = self.state();
        let Some(revision) = state.row(id).map(|row| row.request.revision) else {
            return Ok(Vec::new());
        };
        let first = (*id, revision, StepId(0));
        let last = (*id, revision, StepId(u16::MAX));
        Ok(state.steps.range(first..=last).map(|(_, run)| run.clone()).collect())
    }

    async fn copies(&self, id: &RequestId) -> Result<Vec<Copy>, StoreError> {
        let state = self.state();
        let copies = state.copies.iter().map(|(copy, ..)| &copy.what);
        Ok(copies.filter(|copy| copy.request == *id).cloned().collect())
    }

    async fn copies_since(&self, since: Timestamp, limit: u32) -> Result<Vec<Copy>, StoreError> {
        let ms = u64::try_from(since.as_millisecond()).unwrap_or(0);
        let first = uuid::Builder::from_unix_timestamp_millis(ms, &[0; 10]).into_uuid();
        let state = self.state();
        let copies = state.copies.iter().map(|(copy, ..)| &copy.what);
        let mut found: Vec<Copy> = copies.filter(|copy| copy.id >= first).cloned().collect();
        found.sort_by_key(|copy| std::cmp::Reverse(copy.id));
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn was_shown(&self, showing: &Showing) -> Result<bool, StoreError> {
        let key = (showing.request, showing.plan.0, showing.account().0);
        Ok(self.state().shown.contains(&key))
    }

    async fn open(
        &self,
        tenant: &TenantId,
        about: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        let open = |request: &Request| {
            request.tenant == *tenant
                && !request.stage.is_final()
                && about.map_or(!request.is_row(), |user| {
                    request.subjects.iter().any(|s| s.id == *user)
                })
        };
        Ok(self.state().newest(open, limit))
    }

    async fn made_in(&self, place: &str, limit: u32) -> Result<Vec<Request>, StoreError> {
        let here = |request: &Request| !request.is_row() && request.origin.place.key() == place;
        Ok(self.state().newest(here, limit))
    }

    async fn rows(
        &self,
        batch: &RequestId,
        state: Option<&str>,
        after: Number,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        let of = |request: &Request| {
            request.is_row()
                && request.parent.is_some_and(|(parent, _)| parent == *batch)
                && request.number > after
                && state.is_none_or(|state| state == request.stage.name())
        };
        let mut found = self.state().newest(of, u32::MAX);
        found.sort_by_key(|request| request.number);
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn row_states(&self, batch: &RequestId) -> Result<RowStates, StoreError> {
        let mut all = RowStates::default();
        for row in self.rows(batch, None, Number(0), u32::MAX).await? {
            *all.states.entry(row.stage.name().to_owned()).or_default() += 1;
            let due = row.due_at.filter(|_| !row.stage.is_final());
            all.due = [all.due, due].into_iter().flatten().min();
        }
        Ok(all)
    }

    async fn thread(&self, place: &str, limit: u32) -> Result<Vec<HeardInThread>, StoreError> {
        let mut heard: Vec<_> =
            self.state().heard.iter().filter(|heard| heard.place == place).cloned().collect();
        heard.sort_by_key(|heard| heard.at);
        let skip = heard.len().saturating_sub(limit as usize);
        Ok(heard.split_off(skip))
    }

    async fn conversations(&self, user: &UserId) -> Result<Vec<Conversation>, StoreError> {
        let state = self.state();
        let with = |met: &&Conversation| met.user.as_ref() == Some(user);
        let mut met: Vec<_> = state.conversations.iter().rev().filter(with).cloned().collect();
        met.sort_by_key(|met| std::cmp::Reverse(met.at));
        Ok(met)
    }

    async fn secret(&self, id: &RequestId, step: StepId) -> Result<Option<Secret>, StoreError> {
        Ok(self.state().secrets.get(&(*id, step)).map(|(value, _)| value.clone()))
    }

    async fn snapshots(&self, id: &RequestId) -> Result<Vec<Snapshot>, StoreError> {
        let state = self.state();
        let of = state.snapshots.iter().filter(|part| part.request == *id);
        let mut parts: Vec<Snapshot> = of.cloned().collect();
        parts.sort_by_key(|part| (part.step, part.subject.clone(), part.part.clone()));
        Ok(parts)
    }

    async fn took_from(&self, user: &UserId, limit: u32) -> Result<Vec<Request>, StoreError> {
        let state = self.state();
        let keeps = |request: &Request| {
            let of = |part: &Snapshot| part.request == request.id && part.subject == *user;
            request.subjects.iter().any(|subject| subject.id == *user)
                && state.snapshots.iter().any(of)
        };
        Ok(state.newest(keeps, limit))
    }

    async fn standing(
        &self,
        tenant: &TenantId,
        after: Timestamp,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        let held = |request: &Request| {
            let until = request.in_force.as_ref().map(|held| held.until);
            request.tenant == *tenant && until.is_some_and(|until| until > after)
        };
        let state = self.state();
        let rows = state.requests.iter().rev().map(|row| &row.request);
        Ok(rows.filter(|request| held(request)).take(limit as usize).cloned().collect())
    }

    async fn used(&self, of: &RequestId, day: Timestamp) -> Result<u32, StoreError> {
        Ok(self.state().used.get(&(*of, day)).copied().unwrap_or_default())
    }

    async fn counted(
        &self,
        requester: &UserId,
        since: Timestamp,
    ) -> Result<(u32, u32), StoreError> {
        Ok(self.state().counted(requester, since))
    }

    async fn sign_in(
        &self,
        by: SignInKey<'_>,
        now: Timestamp,
    ) -> Result<Option<SignIn>, StoreError> {
        let is = |one: &&SignIn| match by {
            SignInKey::Token(hash) => one.id == *hash,
            SignInKey::State(hash) => one.gone().is_some_and(|gone| gone.state == *hash),
            SignInKey::LinkOf(who) => account(&one.by) == account(who) && one.about() == "link",
        };
        let state = self.state();
        Ok(state.sign_ins.iter().filter(|one| one.until > now).find(is).cloned())
    }

    async fn identity(
        &self,
        tenant: &TenantId,
        who: &ChatUser,
    ) -> Result<Option<IdentityLink>, StoreError> {
        let state = self.state();
        let now = state.linked.iter().filter(|(link, until)| {
            until.is_none() && link.user.id.tenant() == tenant && same_account(&link.chat, who)
        });
        Ok(now.map(|(link, _)| link.clone()).next())
    }

    async fn identities(
        &self,
        tenant: &TenantId,
        limit: u32,
    ) -> Result<Vec<IdentityLink>, StoreError> {
        let state = self.state();
        let now = state.linked.iter();
        let now = now.filter(|(link, until)| until.is_none() && link.user.id.tenant() == tenant);
        let mut all: Vec<IdentityLink> = now.map(|(link, _)| link.clone()).collect();
        all.sort_by_key(|link| link.chat.clone());
        all.truncate(limit as usize);
        Ok(all)
    }

    async fn shared_with(&self, who: &UserId) -> Result<Vec<UserId>, StoreError> {
        let state = self.state();
        let links: Vec<&IdentityLink> = state.linked.iter().map(|(link, _)| link).collect();
        let own = |link: &&&IdentityLink| link.user.id == *who;
        let shares = |link: &&&IdentityLink| {
            let at = |own: &&IdentityLink| same_account(&own.chat, &link.chat);
            link.user.id != *who && links.iter().filter(own).any(at)
        };
        let found: BTreeSet<UserId> =
            links.iter().filter(shares).map(|link| link.user.id.clone()).collect();
        Ok(found.into_iter().collect())
    }

    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Request, Lease)>, StoreError> {
        self.write_if(Option::is_some, |state| {
            let ready = |row: &&mut Row| {
                let runs = matches!(
                    row.request.stage,
                    Stage::Approved { .. } | Stage::Scheduled { .. } | Stage::Running { .. }
                );
                runs && row.request.due_at.is_some_and(|due| due <= now)
                    && row.until.is_none_or(|until| until <= now)
            };
            let turn =
                |row: &Row| if row.request.is_row() { 1 + u8::from(row.token > 0) } else { 0 };
            let due = |row: &&mut Row| (turn(row), row.request.due_at);
            let first = |row: &&Row| {
                row.request.is_row() && row.token == 1 && row.until.is_some_and(|until| until > now)
            };
            let held: Vec<_> =
                state.requests.iter().filter(first).map(|row| row.request.parent).collect();
            let waits = |row: &&mut Row| {
                row.request.is_row() && row.token > 0 && held.contains(&row.request.parent)
            };
            let ready = |row: &&mut Row| ready(row) && !waits(row);
            Ok(state.requests.iter_mut().filter(ready).min_by_key(due).map(|row| {
                row.token += 1;
                row.until = Some(until);
                (row.request.clone(), Lease { request: row.request.id, token: row.token })
            }))
        })
    }

    async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<(), StoreError> {
        self.write(|state| {
            state.held(lease)?.until = Some(until);
            Ok(())
        })
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<Request>, StoreError> {
        let state = self.state();
        let mut over: Vec<Request> = state.newest(
            |request| {
                matches!(request.stage, Stage::Clarifying { .. } | Stage::Pending { .. })
                    && request.due_at.is_some_and(|due| due <= now)
            },
            u32::MAX,
        );
        over.sort_by_key(|request| request.due_at);
        over.truncate(limit as usize);
        Ok(over)
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let state = self.state();
        let requests = state.requests.iter().filter_map(|row| {
            let due = row.request.due_at.filter(|_| !row.request.stage.is_final())?;
            Some(row.until.map_or(due, |until| until.max(due)))
        });
        let messages = state.outbox.iter().filter(|w| !w.over).map(Waiting::due);
        let behind = state.copies.iter().filter(|(w, wanted, drawn)| !w.over && drawn < wanted);
        Ok(requests.chain(messages).chain(behind.map(|(w, ..)| w.due())).min())
    }

    async fn unsaid(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Unsaid>, StoreError> {
        self.write_if(
            |rows: &Vec<_>| !rows.is_empty(),
            |state| {
                let in_turn: Vec<bool> =
                    (0..state.outbox.len()).map(|at| in_turn(&state.outbox[..=at], now)).collect();
                let due =
                    state.outbox.iter_mut().zip(in_turn).filter_map(|(w, is)| is.then_some(w));
                let hand_out = |waiting: &mut Waiting<Message>| {
                    waiting.hand_out(until);
                    let Message { say, instead_of, of, .. } = waiting.what.clone();
                    Unsaid { say, instead_of, of, tries: waiting.tries }
                };
                Ok(due.take(limit as usize).map(hand_out).collect())
            },
        )
    }

    async fn stale(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Stale>, StoreError> {
        self.write_if(
            |rows: &Vec<_>| !rows.is_empty(),
            |state| {
                let due = state
                    .copies
                    .iter_mut()
                    .filter(|(w, wanted, drawn)| !w.over && drawn < wanted && w.due() <= now);
                let hand_out = |(waiting, wanted, _): &mut (Waiting<Copy>, u64, u64)| {
                    waiting.hand_out(until);
                    Stale { copy: waiting.what.clone(), wanted: *wanted, tries: waiting.tries }
                };
                Ok(due.take(limit as usize).map(hand_out).collect())
            },
        )
    }

    async fn said(&self, id: &Uuid, told: Told) -> Result<(), StoreError> {
        self.write(|state| {
            let found = state.outbox.iter_mut().find(|w| w.what.say.id == *id && !w.over);
            if let Some(waiting) = found {
                match told {
                    Told::NotYet(next) => waiting.not_yet(next),
                    Told::Later(next) => waiting.later(next),
                    Told::Said(card) | Told::Doubtful(card, _) => {
                        (waiting.over, waiting.what.card) = (true, card);
                    }
                    Told::Never(_) => waiting.over = true,
                }
            }
            Ok(())
        })
    }

    async fn stands(&self, id: &Uuid) -> Result<Stands, StoreError> {
        let state = self.state();
        Ok(match state.outbox.iter().find(|w| w.what.say.id == *id) {
            Some(waiting) if !waiting.over => Stands::NotYet,
            Some(waiting) => waiting.what.card.clone().map_or(Stands::Nowhere, Stands::At),
            None => Stands::Nowhere,
        })
    }

    async fn drawn(&self, id: &Uuid, wanted: u64, told: Told) -> Result<(), StoreError> {
        self.write(|state| {
            let doubt = if let Told::Doubtful(_, until) = &told { Some(*until) } else { None };
            let found = state.copies.iter_mut().find(|(w, ..)| w.what.id == *id);
            if let Some((waiting, most, drawn)) = found {
                match told {
                    Told::Said(card) | Told::Doubtful(card, _) => {
                        waiting.doubtful_until = waiting.doubtful_until.max(doubt);
                        let in_doubt =
                            doubt.is_some() || waiting.doubtful_until != Some(waiting.next_at);
                        *drawn = wanted.min(*most).max(*drawn);
                        match waiting.doubtful_until {
                            Some(until) if in_doubt && *most <= wanted => {
                                *most += 1;
                                waiting.next_at = until;
                            }
                            Some(_) if in_doubt => {}
                            _ => waiting.doubtful_until = None,
                        }
                        waiting.tries = 0;
                        waiting.claimed_until = Timestamp::MIN;
                        let known: Option<CardRef> = waiting.what.card.take();
                        waiting.what.card = card.or(known);
                    }
                    Told::NotYet(next) if *drawn < wanted => waiting.not_yet(next),
                    Told::Later(next) if *drawn < wanted => waiting.later(next),
                    Told::NotYet(_) | Told::Later(_) => {}
                    Told::Never(_) => waiting.over = true,
                }
            }
            Ok(())
        })
    }

    async fn link(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<WaitingLink>, StoreError> {
        let state = self.state();
        let link = state.links.get(token_hash).filter(|link| link.expires_at > now);
        Ok(link.map(|link| state.waiting_link(*token_hash, link)))
    }

    async fn links_about(
        &self,
        user: &UserId,
        now: Timestamp,
    ) -> Result<Vec<WaitingLink>, StoreError> {
        let state = self.state();
        let about = |link: &Link| {
            let request = state.requests.iter().find(|row| row.request.id == link.request);
            request.is_some_and(|row| row.request.subjects.iter().any(|who| who.id == *user))
        };
        let mut found: Vec<_> =
            state.links.iter().filter(|(_, link)| link.expires_at > now && about(link)).collect();
        found.sort_by_key(|(_, link)| link.expires_at);
        Ok(found.into_iter().take(20).map(|(hash, link)| state.waiting_link(*hash, link)).collect())
    }

    async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.write_if(
            |rows| *rows > 0,
            |state| {
                let kept_since = now - SignedDuration::from_hours(8 * 24);
                let size = |state: &State| {
                    state.secrets.len()
                        + state.links.len()
                        + state.heard.len()
                        + state.snapshots.len()
                        + state.sign_ins.len()
                        + state.inbox.len()
                        + state.shown.len()
                };
                let before = size(state);
                state.secrets.retain(|_, (_, expires_at)| *expires_at > now);
                state.links.retain(|_, link| link.expires_at > now);
                state.sign_ins.retain(|one| one.until > now);
                state.heard.retain(|heard| heard.until > now);
                let ended = state.snapshots.iter().filter(|part| part.until <= now);
                let ended: BTreeSet<RequestId> = ended.map(|part| part.request).collect();
                let mut unseen = 0;
                for ((request, ..), run) in &mut state.steps {
                    if ended.contains(request) && (run.before.is_some() || run.seen.is_some()) {
                        (run.before, run.seen) = (None, None);
                        unseen += 1;
                    }
                }
                state.snapshots.retain(|part| part.until > now);
                let over = |id: &RequestId| {
                    state.requests.iter().any(|r| r.request.id == *id && r.request.stage.is_final())
                };
                let open = state.shown.iter().filter(|(id, ..)| !over(id)).copied().collect();
                state.shown = open;
                state.inbox.retain(|(key, at, _)| *at > kept_since || key.starts_with(ONCE));
                Ok((before - size(state) + unseen) as u64)
            },
        )
    }

    async fn number_facts(&self, limit: u32) -> Result<u32, StoreError> {
        self.write_if(
            |rows| *rows > 0,
            |state| {
                let more = (state.facts.len() - state.numbered).min(limit as usize);
                state.numbered += more;
                Ok(u32::try_from(more).unwrap())
            },
        )
    }

    async fn record(&self, seq: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        let state = self.state();
        let numbered = state.facts[..state.numbered].iter().filter(|fact| fact.seq >= seq);
        Ok(numbered.take(limit as usize).cloned().collect())
    }

    async fn head(&self) -> Result<Option<Head>, StoreError> {
        Ok(self.state().heads.last().cloned())
    }

    async fn sign(&self, head: &Head, peaks: &[[u8; 32]]) -> Result<(), StoreError> {
        self.write(|state| {
            if state.heads.last().is_some_and(|newest| newest.size >= head.size) {
                return Err(StoreError::Conflict);
            }
            state.heads.push(head.clone());
            state.peaks.insert(head.size, peaks.to_vec());
            Ok(())
        })
    }

    async fn peaks(&self, size: u64) -> Result<Option<Vec<[u8; 32]>>, StoreError> {
        Ok(self.state().peaks.get(&size).cloned())
    }

    async fn paused(&self) -> Result<bool, StoreError> {
        Ok(self.state().paused)
    }

    async fn pause(&self, yes: bool) -> Result<(), StoreError> {
        self.write(|state| {
            state.paused = yes;
            Ok(())
        })
    }
}
