//! [`LooksAtPeople`]: lists of users, single properties, sign-in methods, the deleted.

use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    adapters::graph::{
        Microsoft, answer::Ask, client::unreachable, methods, permissions::Reading, shapes, skus,
        wire::encoded,
    },
    domain::{
        change::Values,
        ids::{TenantId, Upn, UserId},
        methods::{Method, PassRule},
        trouble::{Reason, Result},
        users::{PersonRef, Who},
    },
    ports::{
        directory::Directory,
        people::{Deleted, HeldLicence, LooksAtPeople, People, PeopleQuery},
    },
};

/// Deleted users read; Microsoft keeps them for thirty days.
const DELETED_MAX: usize = 5_000;
/// Methods read of one person.
const METHODS_MAX: usize = 200;

#[async_trait]
impl LooksAtPeople for Microsoft {
    async fn people(&self, tenant: &TenantId, query: &PeopleQuery) -> Result<People> {
        // Counting, searching and sorting what is filtered are advanced queries
        // (learn.microsoft.com/graph/aad-advanced-queries).
        let ask = Ask::get(address(query)).eventual();
        let answer = self.graph.read(tenant, ask).await?;
        if answer.status == 400 {
            let what = format!(
                "Microsoft does not understand this list ({}); look at the filter, search or order",
                answer.code().chars().take(60).collect::<String>()
            );
            return Err(Reason::NotPossible { what }.into());
        }
        let Some(body) = self.body(tenant, answer, Reading::USERS).await? else {
            return Ok(People::default());
        };
        let rows = body["value"].as_array().into_iter().flatten().map(row).collect();
        let next = body["@odata.nextLink"].as_str().and_then(skip_token);
        Ok(People { rows, total: body["@odata.count"].as_u64(), next })
    }

    async fn properties(&self, user: &UserId, names: &[&str]) -> Result<Option<Values>> {
        let (tenant, id) = (user.tenant(), user.guid().hyphenated());
        let path = format!("/users/{id}?$select=id,{}", names.join(","));
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        Ok(self.body(tenant, answer, Reading::USERS).await?.map(|body| row(&body)))
    }

    async fn methods(&self, user: &UserId) -> Result<Option<Vec<Method>>> {
        let (tenant, id) = (user.tenant(), user.guid().hyphenated());
        let path = format!("/users/{id}/authentication/methods");
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let first = self.page(tenant, answer, Reading::METHODS).await?;
        let items = self.items(tenant, first, METHODS_MAX, Reading::METHODS).await?;
        Ok(Some(items.iter().filter_map(methods::method).collect()))
    }

    async fn pass_rule(&self, tenant: &TenantId) -> Result<Option<PassRule>> {
        let path = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/\
                    temporaryAccessPass";
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        Ok(answer.is_ok().then(|| methods::pass_rule(&answer.body)))
    }

    async fn deleted(&self, tenant: &TenantId, said: &str) -> Result<Vec<Deleted>> {
        let path = "/directory/deletedItems/microsoft.graph.user\
                    ?$select=id,userPrincipalName,displayName,employeeId,deletedDateTime&$top=999";
        let items = self.listing(tenant, path.to_owned(), DELETED_MAX, Reading::USERS).await?;
        let named = |gone: &Deleted| {
            let person = &gone.person;
            said.eq_ignore_ascii_case(person.upn.as_str())
                || said.to_lowercase() == person.name.to_lowercase()
                || said == person.id.to_string()
                || said == person.id.guid().hyphenated().to_string()
        };
        let mut found: Vec<Deleted> =
            items.iter().filter_map(|item| deleted(tenant, item)).filter(named).collect();
        found.sort_by_key(|gone| std::cmp::Reverse(gone.at));
        Ok(found)
    }

    async fn held_licences(&self, user: &UserId) -> Result<Option<Vec<HeldLicence>>> {
        let (tenant, id) = (user.tenant(), user.guid().hyphenated());
        let asks = vec![
            Ask::get(format!("/users/{id}?$select=id,{}", shapes::LICENCE_SELECT)),
            Ask::get(format!("/users/{id}/licenseDetails")),
        ];
        let mut answers = self.graph.reads(tenant, asks).await.into_iter();
        let (Some(states), Some(details)) = (answers.next(), answers.next()) else {
            return Err(unreachable(anyhow::anyhow!("two reads without two answers")));
        };
        let Some(states) = self.body(tenant, states?, Reading::USERS).await? else {
            return Ok(None);
        };
        let Some(details) = self.body(tenant, details?, Reading::LICENCES).await? else {
            return Ok(None);
        };
        Ok(Some(held(tenant, &states, &details)))
    }

    async fn is_free(&self, tenant: &TenantId, upn: &Upn) -> Result<bool> {
        Ok(self.user(&Who::Upn(tenant.clone(), upn.clone())).await?.is_none())
    }
}

/// The path and query of a list.
fn address(query: &PeopleQuery) -> String {
    let mut options = vec![
        format!("$select={}", encoded(&format!("id,{}", query.select.join(",")))),
        format!("$top={}", query.top.clamp(1, 999)),
        "$count=true".to_owned(),
    ];
    let filter = filter(query);
    if !filter.is_empty() {
        options.push(format!("$filter={}", encoded(&filter)));
    }
    let words = query.words.as_deref().map(|words| {
        // A quote ends the clause, so none is let in.
        let words = words.replace(['"', '\\'], " ");
        let clause = |name: &str| format!("\"{name}:{}\"", words.trim());
        [clause("displayName"), clause("mail"), clause("userPrincipalName")].join(" OR ")
    });
    let search = query.search.clone().or(words);
    if let Some(search) = &search {
        options.push(format!("$search={}", encoded(search)));
    }
    match &query.orderby {
        Some(order) => options.push(format!("$orderby={}", encoded(order))),
        // What is searched comes in the order of the search.
        None if search.is_none() => options.push("$orderby=displayName".to_owned()),
        None => {}
    }
    if query.with_manager {
        options.push("$expand=manager($select=id,displayName,userPrincipalName)".to_owned());
    }
    if let Some(page) = &query.page {
        options.push(format!("$skiptoken={}", encoded(page)));
    }
    let whose = match &query.manager {
        Some(manager) => {
            format!("/users/{}/directReports/microsoft.graph.user", manager.guid().hyphenated())
        }
        None => "/users".to_owned(),
    };
    format!("{whose}?{}", options.join("&"))
}

fn filter(query: &PeopleQuery) -> String {
    let quoted = |value: &str| value.replace('\'', "''");
    let mut parts: Vec<String> =
        query.equal.iter().map(|(name, value)| format!("{name} eq '{}'", quoted(value))).collect();
    if let Some(enabled) = query.enabled {
        parts.push(format!("accountEnabled eq {enabled}"));
    }
    if let Some(guests) = query.guests {
        parts.push(format!("userType eq '{}'", if guests { "Guest" } else { "Member" }));
    }
    if let Some(sku) = &query.licence {
        parts.push(format!("assignedLicenses/any(l:l/skuId eq {})", sku.guid().hyphenated()));
    }
    if let Some(licensed) = query.licensed {
        let how = if licensed { "ne" } else { "eq" };
        parts.push(format!("assignedLicenses/$count {how} 0"));
    }
    if let Some(filter) = &query.filter {
        parts.push(format!("({filter})"));
    }
    parts.join(" and ")
}

/// The token in a link to the next page. The rest of the link is what we asked.
fn skip_token(link: &str) -> Option<String> {
    let url = reqwest::Url::parse(link).ok()?;
    url.query_pairs()
        .find(|(name, _)| name.eq_ignore_ascii_case("$skiptoken"))
        .map(|(_, token)| token.into_owned())
}

fn row(item: &Value) -> Values {
    let members = item.as_object().into_iter().flatten();
    members
        .filter(|(name, _)| !name.starts_with('@'))
        .map(|(name, value)| match name.as_str() {
            "manager" => (name.clone(), value["displayName"].clone()),
            _ => (name.clone(), value.clone()),
        })
        .collect()
}

/// The directory puts the object id, without hyphens, in front of a deleted user's name.
fn deleted(tenant: &TenantId, item: &Value) -> Option<Deleted> {
    let guid: Uuid = item["id"].as_str()?.parse().ok()?;
    let mangled = item["userPrincipalName"].as_str()?;
    let simple = guid.simple().to_string();
    let upn = match mangled.get(..simple.len()) {
        Some(front) if front.eq_ignore_ascii_case(&simple) => &mangled[simple.len()..],
        _ => mangled,
    };
    let upn: Upn = upn.parse().ok()?;
    let name = item["displayName"].as_str().unwrap_or(upn.as_str()).to_owned();
    let at = item["deletedDateTime"].as_str().and_then(|at| at.parse().ok());
    let employee_id = item["employeeId"].as_str().map(str::to_owned);
    Some(Deleted { person: PersonRef { id: tenant.object(guid), name, upn }, at, employee_id })
}

fn held(tenant: &TenantId, states: &Value, details: &Value) -> Vec<HeldLicence> {
    let details: Vec<&Value> = details["value"].as_array().into_iter().flatten().collect();
    let states: Vec<&Value> =
        states["licenseAssignmentStates"].as_array().into_iter().flatten().collect();
    let mut ids: Vec<Uuid> = Vec::new();
    let named = states.iter().chain(&details);
    for id in named.filter_map(|item| item["skuId"].as_str()?.parse::<Uuid>().ok()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let of = |items: &[&Value], id: Uuid| -> Vec<Value> {
        let same = |item: &&&Value| {
            item["skuId"].as_str().and_then(|sku| sku.parse::<Uuid>().ok()) == Some(id)
        };
        items.iter().filter(same).map(|item| (**item).clone()).collect()
    };
    let mut all: Vec<HeldLicence> = ids
        .into_iter()
        .map(|id| {
            let (detail, state) = (of(&details, id), of(&states, id));
            let part = detail.first().and_then(|detail| detail["skuPartNumber"].as_str());
            let name = part.and_then(skus::name).or_else(|| skus::name_of(id)).or(part);
            let part = part.map_or_else(|| id.hyphenated().to_string(), str::to_owned);
            HeldLicence {
                sku: tenant.object(id),
                name: name.map_or_else(|| part.clone(), str::to_owned),
                services: detail.first().map(services).unwrap_or_default(),
                since: state
                    .iter()
                    .filter_map(|state| state["lastUpdatedDateTime"].as_str()?.parse().ok())
                    .max(),
                error: state
                    .iter()
                    .filter_map(|state| state["error"].as_str())
                    .find(|error| *error != "None" && !error.is_empty())
                    .map(str::to_owned),
                part_number: part,
            }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn services(detail: &Value) -> Vec<(String, bool)> {
    let plans = detail["servicePlans"].as_array().into_iter().flatten();
    let mut all: Vec<(String, bool)> = plans
        .filter_map(|plan| {
            let name = plan["servicePlanName"].as_str()?;
            Some((skus::service(name).to_owned(), plan["provisioningStatus"] != "Disabled"))
        })
        .collect();
    all.sort();
    all.dedup();
    all
}
