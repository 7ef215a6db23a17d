//! Everybody whom the settings name is in the directory and can do what they are named for.

use std::collections::BTreeMap;

use futures::future::join_all;

use crate::{
    adapters::graph::{Microsoft, settings::Audience},
    cli::{doctor::check::Check, reach},
    config::{Config, SecretsTo},
    domain::{
        trouble::{Reason, Trouble},
        users::Who,
    },
    policy::{Principal, Whose},
    ports::directory::Directory,
};

const WHAT: &str = "people in the settings";
/// So many are looked up; a policy that names more should name a group.
const NAMED_MAX: usize = 200;

/// Looks up everybody once. What is named twice is told with both keys.
pub async fn look(config: &Config) -> Vec<Check> {
    // Without a token, the checks before this one have said why.
    let Ok(microsoft) = reach::microsoft(config) else { return Vec::new() };
    if microsoft.rights(&config.tenant.id, Audience::Graph).await.is_err() {
        return Vec::new();
    }
    let named = named(config);
    let looked =
        named.iter().take(NAMED_MAX).map(|(said, keys)| one(&microsoft, config, said, keys));
    let wrong: Vec<Check> = join_all(looked).await.into_iter().flatten().collect();
    if wrong.is_empty() {
        let count = named.len().min(NAMED_MAX);
        return vec![Check::ok(WHAT, format!("all {count} are in the directory"))];
    }
    wrong
}

/// Who is named, and under which keys.
fn named(config: &Config) -> BTreeMap<&str, Vec<String>> {
    let policy = &config.policy;
    let mut named: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let lists = [
        ("policy.requesters".to_owned(), &policy.requesters),
        ("policy.approvers".to_owned(), &policy.approvers),
        ("policy.untouchable".to_owned(), &policy.untouchable),
        ("policy.workbook_drives".to_owned(), &policy.workbook_drives),
        ("policy.escalate_to".to_owned(), &policy.escalate_to),
        ("policy.emergency_by".to_owned(), &policy.emergency_by),
    ];
    let of_groups = policy.groups.iter().flat_map(|(area, rules)| {
        let key = |name: &str| format!("policy.groups.{area}.{name}");
        let asks = rules.requesters.as_ref().map(|list| (key("requesters"), list));
        let signs = rules.approvers.as_ref().map(|list| (key("approvers"), list));
        let later = rules.escalate_to.as_ref().map(|list| (key("escalate_to"), list));
        let alone = rules.emergency_by.as_ref().map(|list| (key("emergency_by"), list));
        asks.into_iter().chain(signs).chain(later).chain(alone)
    });
    let of_sets = policy.sets.iter();
    let of_sets = of_sets.map(|(name, set)| (format!("policy.sets.{name}.members"), &set.members));
    for (key, list) in lists.into_iter().chain(of_sets).chain(of_groups) {
        for said in list {
            named.entry(said.as_str()).or_default().push(key.clone());
        }
    }
    if let SecretsTo::Person(said) = &policy.secrets_to {
        named.entry(said.as_str()).or_default().push("policy.secrets_to".to_owned());
    }
    for (name, client) in &config.api.clients {
        if let Some(said) = &client.acts_as {
            named.entry(said.as_str()).or_default().push(format!("api.clients.{name}.acts_as"));
        }
    }
    for (id, said) in config.slack.iter().flat_map(|slack| &slack.people) {
        named.entry(said.as_str()).or_default().push(format!("slack.people.{id}"));
    }
    named
}

/// What is wrong with one of them, if anything.
async fn one(microsoft: &Microsoft, config: &Config, said: &str, keys: &[String]) -> Option<Check> {
    let keys = keys.join(", ");
    let wrong = |found: String| {
        let mend = format!("correct {keys}");
        Some(Check::wrong(WHAT, format!("{said}, named in {keys}, {found}"), mend))
    };
    let tenant = &config.tenant.id;
    let who = match Principal::read_of(said, Whose::one(tenant)) {
        Ok(Principal::Group(id)) => {
            return match microsoft.group(&id).await {
                Ok(Some(_)) => None,
                Ok(None) => wrong("is no group of this directory".to_owned()),
                Err(trouble) => wrong(not_read(&trouble)),
            };
        }
        Ok(Principal::User(id)) => Who::Id(id),
        Ok(Principal::Upn(tenant, upn)) => Who::Upn(tenant, upn),
        Err(error) => return wrong(format!("cannot be read: {error:#}")),
    };
    match microsoft.user(&who).await {
        Ok(None) => wrong("is not in the directory".to_owned()),
        Ok(Some(user)) if user.guest => {
            wrong("is a guest, who can neither ask nor decide".to_owned())
        }
        Ok(Some(user)) if !user.enabled => wrong("has a blocked account".to_owned()),
        Ok(Some(_)) => None,
        Err(trouble) => wrong(not_read(&trouble)),
    }
}

fn not_read(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Refused(Reason::MissingPermission { missing, .. }) => {
            format!("could not be looked up: missing {missing}")
        }
        other => format!("could not be looked up: {other}"),
    }
}
