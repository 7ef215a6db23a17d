//! Keeps the record: numbers new facts, signs heads over them, and posts one a day where
//! this machine cannot change it. After a start it is taken up where its newest head was signed,
//! and looked through once from its beginning, slowly.

use std::time::{Duration, Instant};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::json;

use crate::{
    audit::{self, Broken, SigningKey, Tree, Verifier, Whole},
    desk::Desk,
    domain::{
        fact::{Fact, HEAD_POSTED, Header},
        plan::Note,
    },
    ports::store::{Answer, Head, Payload, Recorded, StoreError, Turn},
};

/// Facts numbered in one turn.
const AT_ONCE: u32 = 100;
/// Facts read at once.
const PAGE: u32 = 1_000;

/// Numbers new facts and signs a head over them.
#[derive(Debug)]
pub struct Sequencer {
    tree: Tree,
    key: SigningKey,
    posted: Option<Posted>,
}

/// The newest fact that a head was posted.
#[derive(Debug, Clone, Copy)]
struct Posted {
    /// Its number.
    seq: u64,
    /// When.
    at: Timestamp,
}

impl Sequencer {
    /// Takes the record up at its newest head, so that the next one continues it: that head has
    /// to be genuine, and what it says of the tree its root. Otherwise it is read from its
    /// beginning, as it is after a change of keys.
    pub async fn open(desk: &Desk, key: SigningKey) -> Result<Self, StoreError> {
        let tree = match desk.store.head().await? {
            Some(head) => signed(desk, &head, &key).await?,
            None => None,
        };
        let mut sequencer = Self { tree: tree.unwrap_or_default(), key, posted: None };
        sequencer.take_in(desk).await?;
        Ok(sequencer)
    }

    /// Numbers what is new, and signs a head if there was anything; says how many facts.
    pub async fn turn(&mut self, desk: &Desk) -> Result<u32, StoreError> {
        let numbered = desk.store.number_facts(AT_ONCE).await?;
        self.take_in(desk).await?;
        let signed = desk.store.head().await?.map_or(0, |head| head.size);
        if self.tree.size() > signed {
            let head = self.key.sign(&self.tree, desk.now());
            match desk.store.sign(&head, self.tree.peaks()).await {
                // Another replica signed one as large meanwhile: that one stands.
                Err(StoreError::Conflict) => return Ok(numbered),
                signed => signed?,
            }
            if self.is_due(desk.now()) {
                post(desk, &head).await?;
                self.posted.get_or_insert(Posted { seq: head.size, at: head.at });
            }
        }
        Ok(numbered)
    }

    async fn take_in(&mut self, desk: &Desk) -> Result<(), StoreError> {
        loop {
            let facts = desk.store.record(self.tree.size(), PAGE).await?;
            if facts.is_empty() {
                return Ok(());
            }
            for fact in facts {
                if let Payload::Kept { salt, text } = &fact.payload
                    && audit::payload_hash(salt, text) != fact.payload_hash
                {
                    tracing::error!(
                        seq = fact.seq,
                        "The payload of a fact was changed; run `countersign audit verify`"
                    );
                }
                self.posted = posted(&fact).or(self.posted);
                self.tree.push(audit::leaf(&fact.header, &fact.payload_hash));
            }
        }
    }

    /// Once a day (UTC), and not when the only news is that a head was posted.
    fn is_due(&self, now: Timestamp) -> bool {
        let day = |at: Timestamp| -> Date { at.to_zoned(TimeZone::UTC).date() };
        self.posted
            .is_none_or(|posted| day(posted.at) < day(now) && self.tree.size() > posted.seq + 1)
    }
}

/// The tree under a head that this key signed, if it was kept with it.
async fn signed(desk: &Desk, head: &Head, key: &SigningKey) -> Result<Option<Tree>, StoreError> {
    if !audit::is_genuine(head, &key.public()) {
        return Ok(None);
    }
    let peaks = desk.store.peaks(head.size).await?;
    let tree = peaks.and_then(|peaks| Tree::of_peaks(head.size, peaks));
    Ok(tree.filter(|tree| tree.root() == head.root))
}

/// Reads the whole record once more and holds it to the newest head, page by page; after each
/// page `rest` is waited for, with how long it took. Nothing when there is no head of this key.
pub async fn look_through<F: Future<Output = ()>>(
    desk: &Desk,
    key: &SigningKey,
    mut rest: impl FnMut(Duration) -> F,
) -> Result<Option<Result<Whole, Broken>>, StoreError> {
    let Some(head) = desk.store.head().await? else { return Ok(None) };
    if head.key != key.id() {
        return Ok(None);
    }
    let mut verifier = match Verifier::new(vec![head], &key.public()) {
        Ok(verifier) => verifier,
        Err(broken) => return Ok(Some(Err(broken))),
    };
    let mut next = 0;
    loop {
        let begun = Instant::now();
        let facts = desk.store.record(next, PAGE).await?;
        let Some(last) = facts.last() else { return Ok(Some(verifier.finish())) };
        next = last.seq + 1;
        for fact in &facts {
            if let Err(broken) = verifier.next(fact) {
                return Ok(Some(Err(broken)));
            }
        }
        rest(begun.elapsed()).await;
    }
}

fn posted(fact: &Recorded) -> Option<Posted> {
    let header: Header = serde_json::from_slice(&fact.header).ok()?;
    (header.kind == HEAD_POSTED).then_some(Posted { seq: fact.seq, at: header.at })
}

/// Says the head in every place that is set, and records that it did.
async fn post(desk: &Desk, head: &Head) -> Result<(), StoreError> {
    let note = Note::new(
        "head_posted",
        &[
            ("facts", &head.size.to_string()),
            ("at", &format!("@{}", head.at)),
            ("head", &audit::written(head)),
        ],
    );
    let say = desk.posted_to(&desk.heads, &note);
    if say.is_empty() {
        return Ok(());
    }
    // Of replicas that find it due at the same time, one posts it.
    let day = head.at.to_zoned(TimeZone::UTC).date();
    let inbox = Some((format!("head/{}/{day}", desk.tenant), Answer::default()));
    let payload = json!({ "size": head.size, "places": say.len() });
    let fact = Fact::of_house(&desk.tenant, HEAD_POSTED, desk.clock.uuid(), desk.now(), payload);
    let turn = Turn { at: desk.now(), inbox, facts: vec![fact], say, ..Turn::default() };
    match desk.store.save(turn).await {
        Err(StoreError::Repeated(_)) => Ok(()),
        saved => saved.map(drop),
    }
}
