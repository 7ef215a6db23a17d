//! What is in the house: settings that fit together, the store, the record.

use crate::{
    actions::Entry,
    audit::SigningKey,
    cli::{audit, doctor::check::Check, grants::switched_on, reach},
    config::{Access, Approval, Config, KeyRing, Source},
    domain::area::{Area, Risk},
    ports::store::Store,
};

/// Settings that are right one by one and wrong together.
pub fn settings(config: &Config) -> Vec<Check> {
    let on: Vec<&Entry> = switched_on(&config.policy).collect();
    let mut all = vec![chats(config), asks(config, &on), signs(config, &on), address(config)];
    all.extend(programs(config));
    all
}

/// Programs that may propose: each in groups that are switched on.
fn programs(config: &Config) -> Option<Check> {
    let what = "programs that may propose";
    let clients = &config.api.clients;
    if clients.is_empty() {
        return None;
    }
    let off = clients.iter().find_map(|(name, client)| {
        let on = |area: &Area| {
            let set = config.policy.groups.get(area);
            set.is_some_and(|set| set.access == Access::ReadWrite)
        };
        client.areas.iter().find(|area| !on(area)).map(|area| (name, area))
    });
    Some(match off {
        Some((name, area)) => Check::wrong(
            what,
            format!("{name} may propose in {area}, which is not read_write"),
            format!(
                "set access = \"read_write\" under [policy.groups.{area}], or take it from api.clients.{name}.areas"
            ),
        ),
        None => Check::ok(what, clients.keys().cloned().collect::<Vec<_>>().join(", ")),
    })
}

fn chats(config: &Config) -> Check {
    if config.teams.is_none() && config.slack.is_none() {
        let mend = "add [teams] or [slack]; `countersign manifest` makes the app packages";
        return Check::wrong("chats", "neither Teams nor Slack is set up", mend);
    }
    let places = config.approvals.slack_channels.len() + config.approvals.teams_conversations.len();
    let personal = config.approvals.personal != Some(false);
    if places == 0 && !personal {
        let mend = "name a channel under [approvals], or set approvals.personal = true";
        return Check::wrong("chats", "approval cards have nowhere to go", mend);
    }
    let personal = if personal { ", and approvers' own chats" } else { "" };
    let channels = if places == 1 { "channel" } else { "channels" };
    Check::ok("chats", format!("approval cards go to {places} {channels}{personal}"))
}

fn asks(config: &Config, on: &[&Entry]) -> Check {
    let what = "actions switched on";
    if on.is_empty() {
        let mend = "set access = \"read_only\" or \"read_write\" under [policy.groups.…]";
        return Check::wrong(what, "none: every permission group is off", mend);
    }
    let policy = &config.policy;
    let nobody = on.iter().find(|entry| {
        let group = policy.groups.get(&entry.about.area);
        let named = group.and_then(|group| group.requesters.as_ref()).unwrap_or(&policy.requesters);
        named.is_empty()
    });
    match nobody {
        Some(entry) => Check::wrong(
            what,
            format!("nobody may ask for {}", entry.about.area),
            "name people or groups in policy.requesters, or in the group's own requesters",
        ),
        None => Check::ok(what, on.iter().map(|e| e.about.id).collect::<Vec<_>>().join(", ")),
    }
}

fn signs(config: &Config, on: &[&Entry]) -> Check {
    let policy = &config.policy;
    let nobody = on.iter().filter(|entry| entry.about.risk != Risk::Read).find(|entry| {
        let group = policy.groups.get(&entry.about.area);
        let named = group.and_then(|group| group.approvers.as_ref()).unwrap_or(&policy.approvers);
        let approval = group.map(|group| group.approval.clone()).unwrap_or_default();
        // Sets of their own need none of these; alone is alone but for what is destructive.
        let wanted = match &approval {
            Approval::Confirm => entry.about.risk == Risk::Destructive,
            other => other.sources().contains(&&Source::Approvers),
        };
        named.is_empty() && wanted
    });
    match nobody {
        Some(entry) => Check::wrong(
            "approvers",
            format!("nobody may approve {}", entry.about.area),
            "name people or groups in policy.approvers, or in the group's own approvers",
        ),
        None => Check::ok("approvers", "every change has somebody who may sign"),
    }
}

fn address(config: &Config) -> Check {
    let outside = config.comes_from_outside();
    match &config.server.public_url {
        Some(url) => Check::ok("public address", url),
        None if outside.is_empty() => {
            Check::ok("public address", "not set, and nothing that is on needs one")
        }
        None => Check::wrong(
            "public address",
            format!("not set, and has to be reached by {}", outside.join(", by ")),
            "set server.public_url to the https address your TLS proxy answers under, or take Slack's Socket Mode",
        ),
    }
}

/// The store opens, and its record is whole.
pub async fn store(config: &Config, keys: &KeyRing) -> Vec<Check> {
    let store = match reach::store(config, keys).await {
        Ok(store) => store,
        Err(error) => {
            let mend = "do what it says; a database and its keys belong together";
            return vec![Check::wrong("store", format!("{error:#}"), mend)];
        }
    };
    let paused = match store.paused().await {
        Ok(false) => Check::ok("store", config.database.to_string()),
        Ok(true) => Check::wrong(
            "store",
            "everything is paused",
            "run `countersign resume` when it may go on",
        ),
        Err(error) => Check::wrong("store", format!("{error:#}"), "check the disk"),
    };
    let record = record(&*store, keys).await;
    store.close().await;
    vec![paused, record]
}

async fn record(store: &dyn Store, keys: &KeyRing) -> Check {
    let heads = match store.head().await {
        Ok(head) => head.into_iter().collect(),
        Err(error) => return Check::wrong("record", format!("{error:#}"), "check the disk"),
    };
    let key = SigningKey::new(&keys.signing).public();
    match audit::whole(store, heads, &key).await {
        Ok(verdict) => Check::ok("record", verdict.lines().next().unwrap_or_default()),
        Err(error) => Check::wrong(
            "record",
            format!("{error:#}"),
            "stop and keep this file as it is; compare it with a backup and with heads kept elsewhere",
        ),
    }
}
