//! Forgetting a person: what only serves them goes, what others must be able to prove stays.
//!
//! The record's payloads about them go with their key, and a fact says so in the same
//! transaction; the tree over the facts still verifies. Words, secrets, addresses and what
//! was seen of them are deleted. Signed plans and votes stay: they are the proof of what
//! was allowed. A dry run does all of it and takes it back, so its numbers are those.
//!
//! Not here: who may ask for it (the operator of the machine), and Microsoft's own copy.

use std::collections::{BTreeMap, BTreeSet};

use futures::TryStreamExt as _;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{
    SqliteStore, at::at, record, rows::RequestRow, script::id, subjects, turn, writer::broken_by,
};
use crate::{
    adapters::store::sealing::Sealing,
    domain::{
        decision::Vote,
        fact::Fact,
        ids::{Number, TenantId, UserId},
        users::PersonRef,
    },
    ports::store::{Answer, HeardInThread, StoreError, Turn},
};

/// Facts numbered in one go.
const AT_ONCE: u32 = 1_000;

/// Somebody as the store knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acquaintance {
    /// By the newest name.
    pub who: PersonRef,
    /// Every name and sign-in name they were known under, in lower case.
    pub called: BTreeSet<String>,
}

/// What forgetting somebody does, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forgetting {
    /// Nothing: these requests about them or of them are not over.
    Open(Vec<Number>),
    /// It was done, or would be.
    Done {
        /// What goes.
        erased: Erased,
        /// What stays.
        kept: Kept,
    },
}

/// What goes, in rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// Payloads of the record about them.
    pub payloads: u64,
    /// Words in threads that are about them or name them.
    pub words: u64,
    /// Secrets and one-time links of requests about them or of them.
    pub secrets: u64,
    /// Answers to deliveries that name them.
    pub answers: u64,
    /// Their conversations with the bot, and which chat accounts are theirs.
    pub addresses: u64,
    /// Steps at which their account was looked at, and snapshots of it.
    pub observed: u64,
}

/// What stays, in rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Facts of the record about them, without what they say.
    pub facts: u64,
    /// Requests about them, with their plans.
    pub about: u64,
    /// Requests they asked for.
    pub asked: u64,
    /// Votes they cast.
    pub votes: u64,
}

impl SqliteStore {
    /// Everybody the store knows under an object id or a sign-in name, from requests and votes.
    pub async fn acquaintances(&self, said: &str) -> Result<Vec<Acquaintance>, StoreError> {
        type Cast = (Vec<u8>, u32, Vec<u8>, Vec<u8>, Vec<u8>);
        let mut known: BTreeMap<UserId, Acquaintance> = BTreeMap::new();
        let mut meet = |who: PersonRef| {
            let called = [who.name.to_lowercase(), who.upn.to_string().to_lowercase()];
            let met = known
                .entry(who.id.clone())
                .or_insert_with(|| Acquaintance { who: who.clone(), called: BTreeSet::new() });
            met.called.extend(called.into_iter().filter(|name| !name.is_empty()));
            met.who = who;
        };
        let requests = "SELECT request_id, number, version, sealed FROM request ORDER BY rowid";
        let mut rows = sqlx::query_as::<_, RequestRow>(requests).fetch(&self.reader.pool);
        while let Some(row) = rows.try_next().await.map_err(broken_by)? {
            let request = row.open(&self.sealing)?;
            meet(request.requester);
            request.subjects.into_iter().chain(request.stopped_by).for_each(&mut meet);
        }
        let cast =
            "SELECT request_id, revision, voter_tenant, voter_id, sealed FROM vote ORDER BY at";
        let mut rows = sqlx::query_as::<_, Cast>(cast).fetch(&self.reader.pool);
        while let Some((request, revision, tenant, object, sealed)) =
            rows.try_next().await.map_err(broken_by)?
        {
            let guid = |bytes: &[u8]| Uuid::from_slice(bytes).map_err(broken_by);
            let who: UserId = TenantId::from(guid(&tenant)?).object(guid(&object)?);
            let row = format!("{}/{revision}/{who}", guid(&request)?);
            let vote: Vote = self.sealing.open_json("vote", &row, &sealed).map_err(broken_by)?;
            meet(vote.voter);
        }
        let said = said.trim().to_lowercase();
        let is = |one: &Acquaintance| {
            one.who.id.guid().to_string() == said
                || one.who.id.to_string() == said
                || one.called.contains(&said)
        };
        Ok(known.into_values().filter(is).collect())
    }

    /// Forgets somebody, or says what that would do. Refused while a request about them or
    /// of them is not over.
    pub async fn forget(&self, whom: &Acquaintance, act: bool) -> Result<Forgetting, StoreError> {
        let (whom, sealing) = (whom.clone(), std::sync::Arc::clone(&self.sealing));
        self.writer.run(move |tx| Forgetter { tx, sealing: &sealing, whom: &whom }.run(act)).await
    }

    /// Writes what waits in the log into the file and empties the log, so that nothing that
    /// was erased is left there. False: somebody reads just now, and it is still there.
    pub async fn empty_log(&self) -> Result<bool, StoreError> {
        let (path, busy) = (self.path.clone(), self.options.busy);
        let emptied = tokio::task::spawn_blocking(move || {
            let connection = Connection::open(path)?;
            connection.busy_timeout(busy)?;
            let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
            connection.query_row(truncate, [], |row| row.get::<_, i64>(0)).map(|busy| busy == 0)
        });
        emptied.await.map_err(broken_by)?.map_err(broken_by)
    }
}

struct Forgetter<'a> {
    tx: &'a Connection,
    sealing: &'a Sealing,
    whom: &'a Acquaintance,
}

type Did<T> = Result<T, StoreError>;

/// Requests that somebody (?1 directory, ?2 object) is the subject of.
const ABOUT: &str =
    "SELECT request_id FROM request_subject WHERE tenant_id = ?1 AND subject_id = ?2";
/// Requests that they asked for.
const ASKED: &str =
    "SELECT request_id FROM request WHERE requester_tenant = ?1 AND requester_id = ?2";

impl Forgetter<'_> {
    fn run(&self, act: bool) -> Did<Forgetting> {
        let open = self.open()?;
        if !open.is_empty() {
            return Ok(Forgetting::Open(open));
        }
        self.tx.execute_batch("SAVEPOINT forgetting").map_err(broken_by)?;
        let kept = self.kept()?;
        let erased = self.erase()?;
        self.say_so()?;
        let end =
            if act { "RELEASE forgetting" } else { "ROLLBACK TO forgetting; RELEASE forgetting" };
        self.tx.execute_batch(end).map_err(broken_by)?;
        Ok(Forgetting::Done { erased, kept })
    }

    fn ids(&self) -> (rusqlite::types::Value, rusqlite::types::Value) {
        (id(self.whom.who.id.tenant().guid()), id(self.whom.who.id.guid()))
    }

    fn count(&self, sql: &str) -> Did<u64> {
        let (tenant, object) = self.ids();
        let count = self.tx.query_row(sql, params![tenant, object], |row| row.get::<_, i64>(0));
        count.map(i64::cast_unsigned).map_err(broken_by)
    }

    fn delete(&self, sql: &str) -> Did<u64> {
        let (tenant, object) = self.ids();
        let rows = self.tx.execute(sql, params![tenant, object]).map_err(broken_by)?;
        Ok(rows as u64)
    }

    fn open(&self) -> Did<Vec<Number>> {
        let sql = format!(
            "SELECT number FROM request WHERE open = 1
                 AND (request_id IN ({ABOUT}) OR request_id IN ({ASKED})) ORDER BY number"
        );
        let (tenant, object) = self.ids();
        let mut statement = self.tx.prepare(&sql).map_err(broken_by)?;
        let numbers = statement
            .query_map(params![tenant, object], |row| row.get::<_, i64>(0))
            .map_err(broken_by)?;
        numbers.map(|n| n.map(|n| Number(n.cast_unsigned())).map_err(broken_by)).collect()
    }

    fn kept(&self) -> Did<Kept> {
        let facts: i64 = self
            .tx
            .query_row(
                "SELECT count(*) FROM fact_payload WHERE subject = ?",
                [self.whom.who.id.to_string()],
                |row| row.get(0),
            )
            .map_err(broken_by)?;
        Ok(Kept {
            facts: facts.cast_unsigned(),
            about: self.count(&format!("SELECT count(*) FROM ({ABOUT})"))?,
            asked: self.count(&format!("SELECT count(*) FROM ({ASKED})"))?,
            votes: self
                .count("SELECT count(*) FROM vote WHERE voter_tenant = ?1 AND voter_id = ?2")?,
        })
    }

    fn erase(&self) -> Did<Erased> {
        let theirs = format!("request_id IN ({ABOUT}) OR request_id IN ({ASKED})");
        let secrets = self.delete(&format!(
            "DELETE FROM secret WHERE (recipient_tenant = ?1 AND recipient_id = ?2) OR {theirs}"
        ))?;
        let links = self.delete(&format!("DELETE FROM secret_link WHERE {theirs}"))?;
        let steps = self.delete(&format!(
            "UPDATE step SET sealed_before = NULL, sealed_after = NULL WHERE request_id IN ({ABOUT})
                 AND (sealed_before IS NOT NULL OR sealed_after IS NOT NULL)"
        ))?;
        let snapshots =
            self.delete(&format!("DELETE FROM snapshot WHERE request_id IN ({ABOUT})"))?;
        let met =
            self.delete("DELETE FROM conversation WHERE user_tenant = ?1 AND user_id = ?2")?;
        let accounts =
            self.delete("DELETE FROM identity_link WHERE tenant_id = ?1 AND user_id = ?2")?;
        Ok(Erased {
            payloads: self.payloads()?,
            words: self.words()?,
            secrets: secrets + links,
            answers: self.answers()?,
            addresses: met + accounts,
            observed: steps + snapshots,
        })
    }

    /// Their key goes; says how many payloads it opened.
    fn payloads(&self) -> Did<u64> {
        let subject = self.whom.who.id.to_string();
        let (tenant, _) = self.ids();
        let key = "SELECT sealed FROM subject_key WHERE subject = ? AND tenant_id = ? AND sealed IS NOT NULL";
        let mut found = self.tx.prepare(key).map_err(broken_by)?;
        let mut found = found.query(params![subject, tenant]).map_err(broken_by)?;
        let Some(row) = found.next().map_err(broken_by)? else { return Ok(0) };
        let sealed: Vec<u8> = row.get(0).map_err(broken_by)?;
        let whose = (self.whom.who.id.tenant().clone(), subject.clone());
        let key = subjects::opened(&whose, &sealed, self.sealing).map_err(broken_by)?;
        let mut statement = self
            .tx
            .prepare(
                "SELECT payload_hash, sealed FROM fact_payload JOIN fact USING (position)
                 WHERE subject = ? AND fact_payload.tenant_id = ?",
            )
            .map_err(broken_by)?;
        let opened = statement
            .query_map(params![subject, tenant], |row| {
                let (hash, sealed): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
                Ok(key.open(&format!("{subject}/{}", hex::encode(hash)), &sealed).is_ok())
            })
            .map_err(broken_by)?;
        let opened: Vec<bool> = opened.collect::<Result<_, _>>().map_err(broken_by)?;
        let now = at(self.sealing.clock().now());
        self.tx
            .execute(
                "UPDATE subject_key SET sealed = NULL, forgotten_at = ? WHERE subject = ? AND tenant_id = ?",
                params![now, subject, tenant],
            )
            .map_err(broken_by)?;
        Ok(opened.into_iter().filter(|opened| *opened).count() as u64)
    }

    fn names(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        // A short name is not looked for within other words.
        let whole = |name: &String| {
            text.match_indices(name.as_str()).any(|(at, _)| {
                !text[..at].ends_with(char::is_alphanumeric)
                    && !text[at + name.len()..].starts_with(char::is_alphanumeric)
            })
        };
        text.contains(&self.whom.who.id.guid().to_string()) || self.whom.called.iter().any(whole)
    }

    fn words(&self) -> Did<u64> {
        let mut statement =
            self.tx.prepare("SELECT heard_id, place_key, sealed FROM heard").map_err(broken_by)?;
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .map_err(broken_by)?
            .collect::<Result<Vec<(i64, String, Vec<u8>)>, _>>()
            .map_err(broken_by)?;
        let mut erased = 0;
        for (row, place, sealed) in rows {
            let heard: HeardInThread =
                self.sealing.open_json("heard", &place, &sealed).map_err(broken_by)?;
            let about = heard.about.iter().any(|person| person.id == self.whom.who.id);
            if about || self.names(&heard.words) {
                let sql = "DELETE FROM heard WHERE heard_id = ?";
                erased += self.tx.execute(sql, [row]).map_err(broken_by)? as u64;
            }
        }
        Ok(erased)
    }

    /// A delivery that is sent once more is still known; its answer is then an empty one.
    fn answers(&self) -> Did<u64> {
        let mut statement = self
            .tx
            .prepare(
                "SELECT delivery_key, sealed_answer FROM inbox WHERE sealed_answer IS NOT NULL",
            )
            .map_err(broken_by)?;
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(broken_by)?
            .collect::<Result<Vec<(String, Vec<u8>)>, _>>()
            .map_err(broken_by)?;
        let mut erased = 0;
        for (key, sealed) in rows {
            let plain = self.sealing.open("inbox", &key, &sealed).map_err(broken_by)?;
            if self.names(&String::from_utf8_lossy(&plain)) {
                let empty = self.sealing.seal_json("inbox", &key, &Answer::default());
                let sql = "UPDATE inbox SET sealed_answer = ? WHERE delivery_key = ?";
                erased += self.tx.execute(sql, params![empty, key]).map_err(broken_by)? as u64;
            }
        }
        Ok(erased)
    }

    /// The record says that they were forgotten, and has the fact in it before anybody reads on.
    fn say_so(&self) -> Did<()> {
        let (tenant, clock) = (self.whom.who.id.tenant().clone(), self.sealing.clock());
        let subject = self.whom.who.id.to_string();
        let fact = Fact::forgetting(&tenant, &subject, clock.uuid(), clock.now());
        let house = (tenant, fact.subject.clone());
        let mut keys = subjects::Keys::new();
        for (whose, sealed) in subjects::stored(self.tx, vec![house], self.sealing)? {
            let key = subjects::OpenKey::new(&whose, &sealed, self.sealing).map_err(broken_by)?;
            keys.insert(whose, std::sync::Arc::new(key));
        }
        let turn = Turn { at: clock.now(), facts: vec![fact], ..Turn::default() };
        turn::script(&turn, self.sealing, &keys)?.run(self.tx, self.sealing)?;
        while record::number_facts(self.tx, AT_ONCE)? > 0 {}
        Ok(())
    }
}
