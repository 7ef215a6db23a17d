//! `--live`: every action that only reads, once, in the operator's own tenant.
//!
//! What runs here is handed a [`World`], the port that cannot change anything; an action
//! that reads has nothing else. That it is so is also seen from outside: a test looks at the
//! requests a tenant got.

use std::time::Duration;

use crate::{
    actions::{Asked, CATALOG, Entry, Planned, SecretsTo},
    adapters::graph::settings::Audience,
    cli::{
        doctor::{Findings, check::Check, finding::Objects},
        grants, reach,
    },
    config::Config,
    domain::{
        area::Risk,
        message::FactsView,
        trouble::{Reason, Trouble},
    },
    ports::world::World,
};

/// One action has this long.
const EACH_MAX: Duration = Duration::from_mins(1);
/// Between two of them, so that a tenant at work does not feel it.
const PAUSE: Duration = Duration::from_millis(200);

/// Runs them, and says of each how it went.
pub async fn look(config: &Config, found: &mut Findings) {
    // Without a token, the checks before this one have said why.
    let Ok(microsoft) = reach::microsoft(config) else { return };
    if microsoft.rights(&config.tenant.id, Audience::Graph).await.is_err() {
        return;
    }
    run_all(config, &microsoft, found).await;
}

async fn run_all(config: &Config, world: &dyn World, found: &mut Findings) {
    let objects = match Objects::look(world, &config.tenant.id, &config.microsoft.client_id).await {
        Ok(objects) => objects,
        Err(trouble) => {
            found.add(refused("live", true, &trouble));
            return;
        }
    };
    let Some(person) = &objects.person else {
        found.add(Check::wrong("live", "nobody is in the directory", "check tenant.id"));
        return;
    };
    let asked = Asked {
        tenant: config.tenant.id.clone(),
        requester: person.to_ref(),
        secrets_to: SecretsTo::Requester,
        zone: config.tenant.time_zone.clone(),
        now: reach::clock().now(),
        // Only what writes asks for these.
        emergency: Vec::new(),
        drives: Vec::new(),
        graph_allowed: Vec::new(),
        ends_proposed: None,
    };
    for (number, entry) in reading().enumerate() {
        if number > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        found.add(run(config, entry, world, &asked, &objects).await);
    }
}

/// The half of the catalogue that only reads.
fn reading() -> impl Iterator<Item = &'static Entry> {
    CATALOG.iter().filter(|entry| entry.about.risk == Risk::Read)
}

async fn run(
    config: &Config,
    entry: &'static Entry,
    world: &dyn World,
    asked: &Asked,
    objects: &Objects,
) -> Check {
    let on = grants::on(&config.policy, entry);
    let what = format!("live {}{}", entry.about.id, if on { "" } else { " (off)" });
    let given = match objects.arguments(entry, world, asked).await {
        Ok(given) => given,
        Err(name) => return Check::ok(what, format!("not run: no {name} was found to ask about")),
    };
    let planned = tokio::time::timeout(EACH_MAX, entry.plan(&given, world, asked)).await;
    match planned {
        Ok(Ok(Planned::Facts(facts))) => Check::ok(what, counted(&facts)),
        Ok(Ok(Planned::Changes(_))) => Check::wrong(
            what,
            "it wanted to change something; nothing was done",
            "tell those who made this program",
        ),
        Ok(Err(trouble)) => refused(&what, on, &trouble),
        Err(_) => Check::wrong(
            what,
            format!("no answer within {} s", EACH_MAX.as_secs()),
            "run the doctor again; Microsoft may be slow today",
        ),
    }
}

/// How much was found; what it was stays where it was.
fn counted(found: &FactsView) -> String {
    let items: usize = found.lists.iter().map(|(_, items)| items.len()).sum();
    let rows = found.table.as_ref().map_or(0, |table| table.rows.len());
    match found.facts.len() + items + rows {
        0 => "empty: it was answered, and there is nothing to show".to_owned(),
        1 => "ok, 1 fact".to_owned(),
        more => format!("ok, {more} facts"),
    }
}

/// A refusal is wrong where the group is on, and a hint where it is off.
fn refused(what: &str, on: bool, trouble: &Trouble) -> Check {
    let (found, mend) = match trouble {
        Trouble::Refused(Reason::MissingPermission { missing, mend }) => {
            (format!("refused: missing {missing}"), mend.clone())
        }
        Trouble::Unreachable { what, source } => {
            (format!("{what} did not answer: {source:#}"), "run the doctor again".to_owned())
        }
        // The object it was asked about is not of the kind it wants: nothing is wrong with the app.
        other => return Check::ok(what, format!("empty: {other}")),
    };
    if on { Check::wrong(what, found, mend) } else { Check::ok(what, found) }
}
