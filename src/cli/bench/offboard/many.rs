//! `countersign bench --leavers N`: N people leave in one table, and the tenant takes 20 writes a
//! second.
//!
//! Real: the table → plans → one card → one signature → the workers → HTTP → the simulated
//! tenant. Assumed: how long Microsoft takes, and that it refuses whatever is over its quota.

use std::{collections::BTreeMap, fmt::Write as _, path::Path, time::Duration};

use anyhow::{Context, ensure};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    measured_by,
    room::{Far, Room},
    tenant::{ASKS, PROFILES, SIGNS},
    write,
};
use crate::{
    app::{Extras, carrying_out},
    cli::{bench::machine::Machine, say},
    domain::{
        batch::ROWS_MAX,
        ids::RequestId,
        request::{Request, Stage},
    },
    sim::microsoft::{Effect, Writes},
};

/// Writes a second of the identity service for one application and tenant: 3,000 in 150 s
/// (learn.microsoft.com/graph/throttling-limits).
const PER_SECOND: f64 = 20.0;
/// Here nobody may save writes up for more than this: what is measured is the steady pace.
const AT_ONCE: f64 = 20.0;
/// So much more the tenant forgives: writes that left in time may arrive together.
const FORGIVEN: f64 = 10.0;
/// At least so much of the quota is used.
const USED_MIN: f64 = 0.95;
/// At most so many of the calls are answered 429.
const REFUSED_MAX: f64 = 0.01;
/// Whether it is over is looked at so often.
const NAP: Duration = Duration::from_millis(100);

/// Measures, prints, and writes it into a page with the two marks.
pub async fn run(disk: &Path, leavers: usize, page: Option<&Path>) -> anyhow::Result<()> {
    ensure!((2..=ROWS_MAX).contains(&leavers), "--leavers is between 2 and {ROWS_MAX}");
    let room = disk.join(format!("countersign-leavers-{}", std::process::id()));
    std::fs::create_dir_all(&room).with_context(|| room.display().to_string())?;
    let measured = Box::pin(measure(&room, leavers)).await;
    std::fs::remove_dir_all(&room).with_context(|| room.display().to_string())?;
    let figures = measured?;
    let by = measured_by(&format!("--leavers {leavers}"));
    let text = format!("{by}: {}.\n\n{}", Machine::of(disk).line(), figures.text(leavers));
    say(&text);
    ensure!(figures.contained_first, "somebody's rest came before somebody's block");
    ensure!(figures.refused() <= REFUSED_MAX, "more calls than promised were answered 429");
    // Few people are over before the quota is the limit.
    ensure!(
        leavers < 100 || figures.used() >= USED_MIN,
        "less of the quota was used than promised"
    );
    page.map_or(Ok(()), |page| write(page, "leavers", &text))
}

/// What came of it.
struct Figures {
    taken: u64,
    refused: u64,
    seconds: f64,
    contained: f64,
    contained_first: bool,
}

impl Figures {
    fn used(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a few thousand writes")]
        let taken = self.taken as f64;
        taken / (AT_ONCE + PER_SECOND * self.seconds)
    }

    fn refused(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a few thousand writes")]
        let (taken, refused) = (self.taken as f64, self.refused as f64);
        refused / (taken + refused)
    }

    fn text(&self, leavers: usize) -> String {
        let mut text = String::new();
        let rows = [
            ("leavers", leavers.to_string()),
            ("writes taken", self.taken.to_string()),
            ("answered 429", format!("{} ({:.2} %)", self.refused, self.refused() * 100.0)),
            ("from the signature to the last write", format!("{:.1} s", self.seconds)),
            ("of the write quota used", format!("{:.1} %", self.used() * 100.0)),
            ("everybody contained after", format!("{:.1} s", self.contained)),
            (
                "somebody's rest before somebody's block",
                if self.contained_first { "never" } else { "yes" }.to_owned(),
            ),
        ];
        let _infallible = write!(text, "| of {leavers} leavers in one table | |\n| --- | --- |\n");
        for (name, value) in rows {
            let _infallible = writeln!(text, "| {name} | {value} |");
        }
        text
    }
}

async fn measure(room: &Path, leavers: usize) -> anyhow::Result<Figures> {
    let far = Far::of(&directory(leavers)).await?;
    far.world.set_conduct(|conduct| {
        conduct.writes = Some(Writes::new(PER_SECOND, AT_ONCE + FORGIVEN));
    });
    let (config, keys) = far.settings(room)?;
    let extras = Extras { writes: Some((PER_SECOND, AT_ONCE)), ..Extras::default() };
    let house = Room::with(&far, &config, &keys, extras).await?;
    let rows = (0..leavers).map(upn).collect::<Vec<_>>().join("\n");
    let words = format!("Please offboard these people:\nuser\n{rows}");
    let id = Box::pin(house.ask(words)).await?;
    Box::pin(house.sign(&id)).await?;
    let signed = house.house.desk.clock.now();
    let request = ended(&house, &id).await?;
    let well = matches!(request.stage, Stage::Succeeded { .. });
    ensure!(well, "it ended {}: {:?}", request.stage.name(), request.progress);
    let writes = far.world.conduct().writes.context("a quota was set")?;
    let effects = far.world.ledger();
    let last = effects.last().context("nothing happened")?.at;
    let (contained, contained_first) = contained(&effects, leavers)?;
    Ok(Figures {
        taken: writes.taken,
        refused: writes.refused,
        seconds: last.duration_since(signed).as_secs_f64(),
        contained: contained.duration_since(signed).as_secs_f64(),
        contained_first,
    })
}

/// Carries out as the service does, until the batch is over.
async fn ended(room: &Room, id: &RequestId) -> anyhow::Result<Request> {
    let (stop, stopped) = watch::channel(false);
    let working = carrying_out(&room.house, &stopped);
    let request = loop {
        let request = room.house.store.request(id).await?.context("the request is gone")?;
        if request.stage.is_final() {
            break request;
        }
        tokio::time::sleep(NAP).await;
    };
    stop.send_replace(true);
    working.finish().await;
    Ok(request)
}

/// When the last one could not sign in and was signed out; and whether nothing else of anybody
/// came before.
fn contained(effects: &[Effect], leavers: usize) -> anyhow::Result<(Timestamp, bool)> {
    let mut out: BTreeMap<&str, &Effect> = BTreeMap::new();
    for effect in effects.iter().filter(|effect| effect.what == "user.revoke_sessions") {
        out.entry(effect.target.name.as_str()).or_insert(effect);
    }
    ensure!(out.len() == leavers, "{} of {leavers} were signed out", out.len());
    let last = out.values().max_by_key(|effect| effect.number).context("nobody leaves")?;
    let rest = effects
        .iter()
        .find(|effect| !effect.what.starts_with("user.") || effect.what == "user.licences");
    let first = rest.is_none_or(|rest| rest.number > last.number);
    Ok((last.at, first))
}

fn upn(at: usize) -> String {
    format!("leaver{at:03}@contoso.com")
}

/// A tenant of so many people who have what is typical.
fn directory(leavers: usize) -> String {
    let typical = &PROFILES[1];
    let mut tenant: Value = serde_json::from_str(&typical.directory()).unwrap_or_default();
    let people: Vec<String> = (0..leavers).map(upn).collect();
    if let Some(users) = tenant["users"].as_array_mut() {
        users.retain(|user| user["upn"] == ASKS || user["upn"] == SIGNS);
        users.extend(people.iter().enumerate().map(|(at, upn)| {
            json!({
                "upn": upn, "displayName": format!("Leaver {at:03}"), "mail": upn,
                "userType": "Member", "accountEnabled": true, "licenses": ["SPE_E3"],
            })
        }));
    }
    for group in tenant["groups"].as_array_mut().into_iter().flatten() {
        let mut members = people.clone();
        members.push(ASKS.to_owned());
        group["members"] = json!(members);
    }
    for sku in tenant["skus"].as_array_mut().into_iter().flatten() {
        sku["enabled"] = json!(1_000);
    }
    tenant["authenticationMethods"] = json!([]);
    tenant["devices"] = json!([]);
    tenant.to_string()
}
