//! Forgetting a person: what only serves them goes, what others must be able to prove stays.
//!
//! The record's payloads about them go with their key, and a fact says so in the same
//! transaction; the tree over the facts still verifies. Words, secrets, addresses and what
//! was seen of them are deleted. Signed plans and votes stay: they are the proof of what
//! was allowed. A dry run does all of it and takes it back, so its numbers are those.
//!
//! Not here: who may ask for it (the operator of the machine), and Microsoft's own copy.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    at::at,
    broken_by,
    database::{Database, Row, Sql, Value, values},
    read, record, subjects, turn,
};
use crate::{
    adapters::store::sealing::Sealing,
    domain::{
        change::Ref,
        fact::Fact,
        ids::{Number, RequestId},
        plan::Step,
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

/// Within a transaction: forgets somebody, or says what that would do. Refused while a
/// request about them or of them is not over.
pub(super) async fn forget(
    tx: &mut impl Database,
    sealing: &Sealing,
    whom: &Acquaintance,
    act: bool,
) -> Result<Forgetting, StoreError> {
    Forgetter { tx, sealing, whom }.run(act).await
}

struct Forgetter<'a, D> {
    tx: &'a mut D,
    sealing: &'a Sealing,
    whom: &'a Acquaintance,
}

type Did<T> = Result<T, StoreError>;

/// Requests that somebody (?1 directory, ?2 object) is the subject of.
macro_rules! about {
    () => {
        "SELECT request_id FROM request_subject WHERE tenant_id = ?1 AND subject_id = ?2"
    };
}

/// Requests that they asked for.
macro_rules! asked {
    () => {
        "SELECT request_id FROM request WHERE requester_tenant = ?1 AND requester_id = ?2"
    };
}

/// Both, as a condition.
macro_rules! theirs {
    () => {
        concat!("request_id IN (", about!(), ") OR request_id IN (", asked!(), ")")
    };
}

impl<D: Database> Forgetter<'_, D> {
    async fn run(&mut self, act: bool) -> Did<Forgetting> {
        let open = self.open().await?;
        if !open.is_empty() {
            return Ok(Forgetting::Open(open));
        }
        self.order("SAVEPOINT forgetting").await?;
        let kept = self.kept().await?;
        let erased = self.erase().await?;
        self.say_so().await?;
        if !act {
            self.order("ROLLBACK TO SAVEPOINT forgetting").await?;
        }
        self.order("RELEASE SAVEPOINT forgetting").await?;
        Ok(Forgetting::Done { erased, kept })
    }

    async fn order(&mut self, sql: &'static str) -> Did<()> {
        self.tx.change(sql, &[]).await.map(drop)
    }

    fn ids(&self) -> [Value; 2] {
        values![self.whom.who.id.tenant().guid(), self.whom.who.id.guid()]
    }

    async fn count(&mut self, sql: &'static str) -> Did<u64> {
        let ids = self.ids();
        let row = self.tx.first(sql, &ids).await?;
        let count: i64 = row.unwrap_or_else(|| Row::new(Vec::new())).take()?;
        Ok(count.cast_unsigned())
    }

    async fn delete(&mut self, sql: &'static str) -> Did<u64> {
        let ids = self.ids();
        self.tx.change(sql, &ids).await
    }

    async fn open(&mut self) -> Did<Vec<Number>> {
        let sql = concat!(
            "SELECT number FROM request WHERE open = 1 AND (",
            theirs!(),
            ") ORDER BY number"
        );
        let ids = self.ids();
        let rows = self.tx.rows(sql, &ids).await?;
        rows.into_iter().map(|mut row| Ok(Number(row.take::<i64>()?.cast_unsigned()))).collect()
    }

    async fn kept(&mut self) -> Did<Kept> {
        let subject = values![self.whom.who.id.to_string()];
        let facts = "SELECT count(*) FROM fact_payload WHERE subject = ?";
        let facts = self.tx.first(facts, &subject).await?;
        let facts: i64 = facts.unwrap_or_else(|| Row::new(Vec::new())).take()?;
        Ok(Kept {
            facts: facts.cast_unsigned(),
            about: self.count(concat!("SELECT count(*) FROM (", about!(), ") AS these")).await?,
            asked: self.count(concat!("SELECT count(*) FROM (", asked!(), ") AS these")).await?,
            votes: self
                .count("SELECT count(*) FROM vote WHERE voter_tenant = ?1 AND voter_id = ?2")
                .await?,
        })
    }

    async fn erase(&mut self) -> Did<Erased> {
        let secrets = self.delete(concat!(
            "DELETE FROM secret WHERE (recipient_tenant = ?1 AND recipient_id = ?2) OR ",
            theirs!()
        ));
        let secrets = secrets.await?;
        let links = self.delete(concat!("DELETE FROM secret_link WHERE ", theirs!())).await?;
        let steps = self.looks().await?;
        let own = "DELETE FROM snapshot WHERE tenant_id = ? AND subject = ?";
        let whom = &self.whom.who.id;
        let own_id = values![whom.tenant().guid(), whom.to_string()];
        let snapshots = self.tx.change(own, &own_id).await?;
        let met =
            self.delete("DELETE FROM conversation WHERE user_tenant = ?1 AND user_id = ?2").await?;
        let accounts =
            self.delete("DELETE FROM identity_link WHERE tenant_id = ?1 AND user_id = ?2").await?;
        Ok(Erased {
            payloads: self.payloads().await?,
            words: self.words().await?,
            secrets: secrets + links,
            answers: self.answers().await?,
            addresses: met + accounts,
            observed: steps + snapshots,
        })
    }

    /// What steps saw of them: in requests about them, all but what is of somebody else alone.
    async fn looks(&mut self) -> Did<u64> {
        let newest = concat!(
            "SELECT request_id, max(revision) FROM plan_revision WHERE request_id IN (",
            about!(),
            ") GROUP BY request_id"
        );
        let ids = self.ids();
        let mut erased = 0;
        for mut row in self.tx.rows(newest, &ids).await? {
            let (request, revision): (Uuid, u32) = (row.take()?, row.take()?);
            let plan = read::plan(self.tx, self.sealing, &RequestId(request), revision).await?;
            let others = |step: &&Step| {
                let of = step.takes_from.as_ref();
                let of = of.or_else(|| step.change.user().and_then(Ref::known));
                of.is_some_and(|of| *of != self.whom.who.id)
            };
            let steps = plan.iter().flat_map(|frozen| &frozen.plan().steps);
            let others: Vec<u16> = steps.filter(others).map(|step| step.id.0).collect();
            let seen = "SELECT step_id FROM step WHERE request_id = ?
                 AND (sealed_before IS NOT NULL OR sealed_after IS NOT NULL)";
            for mut row in self.tx.rows(seen, &values![request]).await? {
                let step: u16 = row.take()?;
                if !others.contains(&step) {
                    let gone = "UPDATE step SET sealed_before = NULL, sealed_after = NULL
                         WHERE request_id = ? AND step_id = ?";
                    erased += self.tx.change(gone, &values![request, step]).await?;
                }
            }
        }
        Ok(erased)
    }

    /// Their key goes; says how many payloads it opened.
    async fn payloads(&mut self) -> Did<u64> {
        let subject = self.whom.who.id.to_string();
        let whose = (self.whom.who.id.tenant().clone(), subject.clone());
        let of = values![subject.as_str(), whose.0.guid()];
        // Turns that write about them just now end first; later ones find no key.
        let key = Sql::Each {
            sqlite: "SELECT sealed FROM subject_key
                 WHERE subject = ? AND tenant_id = ? AND sealed IS NOT NULL",
            postgres: "SELECT sealed FROM subject_key
                 WHERE subject = ? AND tenant_id = ? AND sealed IS NOT NULL FOR UPDATE",
        };
        let Some(mut row) = self.tx.first(key, &of).await? else { return Ok(0) };
        let key = subjects::opened(&whose, &row.take::<Vec<u8>>()?, self.sealing);
        let key = key.map_err(broken_by)?;
        let sealed = "SELECT payload_hash, sealed FROM fact_payload JOIN fact USING (position)
             WHERE subject = ? AND fact_payload.tenant_id = ?";
        let mut opened = 0;
        for mut row in self.tx.rows(sealed, &of).await? {
            let (hash, sealed): (Vec<u8>, Vec<u8>) = (row.take()?, row.take()?);
            let bound = format!("{subject}/{}", hex::encode(hash));
            opened += u64::from(key.open(&bound, &sealed).is_ok());
        }
        let now = at(self.sealing.clock().now());
        let gone = "UPDATE subject_key SET sealed = NULL, forgotten_at = ?
             WHERE subject = ? AND tenant_id = ?";
        self.tx.change(gone, &values![now, subject, whose.0.guid()]).await?;
        Ok(opened)
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

    async fn words(&mut self) -> Did<u64> {
        let rows = self.tx.rows("SELECT heard_id, place_key, sealed FROM heard", &[]).await?;
        let mut erased = 0;
        for mut row in rows {
            let (id, place): (i64, String) = (row.take()?, row.take()?);
            let sealed: Vec<u8> = row.take()?;
            let heard: HeardInThread =
                self.sealing.open_json("heard", &place, &sealed).map_err(broken_by)?;
            let about = heard.about.iter().any(|person| person.id == self.whom.who.id);
            if about || self.names(&heard.words) {
                let sql = "DELETE FROM heard WHERE heard_id = ?";
                erased += self.tx.change(sql, &values![id]).await?;
            }
        }
        Ok(erased)
    }

    /// A delivery that is sent once more is still known; its answer is then an empty one.
    async fn answers(&mut self) -> Did<u64> {
        let sql = "SELECT delivery_key, sealed_answer FROM inbox WHERE sealed_answer IS NOT NULL";
        let mut erased = 0;
        for mut row in self.tx.rows(sql, &[]).await? {
            let (key, sealed): (String, Vec<u8>) = (row.take()?, row.take()?);
            let plain = self.sealing.open("inbox", &key, &sealed).map_err(broken_by)?;
            if self.names(&String::from_utf8_lossy(&plain)) {
                let empty = self.sealing.seal_json("inbox", &key, &Answer::default());
                let sql = "UPDATE inbox SET sealed_answer = ? WHERE delivery_key = ?";
                erased += self.tx.change(sql, &values![empty, key]).await?;
            }
        }
        Ok(erased)
    }

    /// The record says that they were forgotten, and has the fact in it before anybody reads on.
    async fn say_so(&mut self) -> Did<()> {
        let (tenant, clock) = (self.whom.who.id.tenant().clone(), self.sealing.clock());
        let subject = self.whom.who.id.to_string();
        let fact = Fact::forgetting(&tenant, &subject, clock.uuid(), clock.now());
        let house = (tenant, fact.subject.clone());
        let mut keys = subjects::Keys::new();
        for (whose, sealed) in subjects::stored(self.tx, &[house], self.sealing).await? {
            let key = subjects::OpenKey::new(&whose, &sealed, self.sealing).map_err(broken_by)?;
            keys.insert(whose, std::sync::Arc::new(key));
        }
        let turn = Turn { at: clock.now(), facts: vec![fact], ..Turn::default() };
        turn::script(&turn, self.sealing, &keys)?.run(self.tx, self.sealing).await?;
        while record::number_facts(self.tx, AT_ONCE).await? > 0 {}
        Ok(())
    }
}
