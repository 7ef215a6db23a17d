//! The questions, in their order. What a flag, an interrupted run or the settings say is not asked.

use std::collections::BTreeMap;

use anyhow::{Context, bail, ensure};
use toml::{Table, Value};

use crate::{
    actions::CATALOG,
    cli::{
        actions::needs,
        config::EXAMPLE,
        connect::{Args, answers::Answers, heading, proof, tenant, terminal::Terminal},
        grants::{
            enabled::{Meant, read_access},
            level,
            links::{Links, client_id},
        },
        say,
        settings::Environment,
    },
    config::{Access, Cloud, Endpoints},
    domain::area::{Area, Risk},
};

/// Asks for everything, and keeps each answer, so that an interruption loses nothing.
pub async fn all(
    args: &Args,
    terminal: &Terminal,
    environment: &Environment,
    before: Option<&str>,
) -> anyhow::Result<Answers> {
    let file = &args.config.config;
    let kept = Answers::kept(file)?;
    if kept.is_some() {
        say("Going on where it stopped; --fresh begins anew.");
    }
    let written = Written::of(before)?;
    let mut answers = said(args)?.over(kept.unwrap_or_default());

    heading("Whose directory");
    answers.cloud = Some(cloud(terminal, &answers, &written)?);
    let endpoints = endpoints(&answers, &written, environment);
    let id = match &answers.tenant {
        Some(said) => tenant::resolve(&endpoints.login(), said).await?,
        None => whose(terminal, &written, &endpoints).await?,
    };
    answers.tenant = Some(id.to_string());
    say(format!("   {id}"));
    answers.keep(file)?;

    heading("What it may do");
    if answers.groups.is_empty() {
        answers.groups = groups(terminal, &written)?;
    }
    // What the settings have on already stays on unless it is named.
    for (area, set) in &written.groups {
        answers.groups.entry(*area).or_insert_with(|| level(*set).to_owned());
    }
    let meant = meant(&answers, written.unblocked.clone())?;
    people(terminal, &mut answers, &written)?;
    answers.keep(file)?;

    heading("What that needs");
    say(indented(&needs::page(&needs::needs(meant.entries()))));
    say("   Nothing else is asked for.");

    heading("The app registration");
    let links = |client: &str| Links::to(&endpoints, &id.to_string(), client);
    if answers.client_id.is_none() {
        let named = meant.groups.iter();
        let named = named.map(|(area, access)| format!(" --group {area}={}", level(*access)));
        answers.client_id = Some(app(terminal, &written, &links(""), &named.collect::<String>())?);
    }
    let client = client_id(answers.client_id.as_deref().unwrap_or_default())?.to_string();
    say(format!("   {client}"));
    answers.client_id = Some(client.clone());
    answers.keep(file)?;

    heading("How it signs in");
    let known = written.proof || environment.says("COUNTERSIGN_MICROSOFT__CLIENT_SECRET");
    if args.new_certificate
        || !known
        || (answers.secret_file.is_some() || answers.certificate.is_some())
    {
        proof::choose(args, terminal, &mut answers, &links(&client))?;
    }
    say(match (&answers.secret_file, &answers.certificate) {
        (Some(secret), _) => format!("   with the secret in {}", secret.display()),
        (None, Some(certificate)) => format!("   with the certificate {}", certificate.display()),
        (None, None) => "   as the settings say".to_owned(),
    });
    answers.keep(file)?;
    Ok(answers)
}

/// The flags.
fn said(args: &Args) -> anyhow::Result<Answers> {
    let (secret_file, certificate, private_key) = proof::said(args)?;
    let mut endpoints = BTreeMap::new();
    if let Some(at) = &args.simulator {
        let at = at.trim_end_matches('/');
        for service in ["login", "graph", "exchange"] {
            endpoints.insert(service.to_owned(), at.to_owned());
        }
    }
    Ok(Answers {
        tenant: args.tenant.clone(),
        client_id: args.client_id.clone(),
        cloud: args.cloud.clone(),
        endpoints,
        secret_file,
        certificate,
        private_key,
        groups: args.groups.iter().map(|(area, set)| (*area, level(*set).to_owned())).collect(),
        requesters: args.requesters.clone(),
        approvers: args.approvers.clone(),
    })
}

/// What the settings file says already; the example's own placeholders say nothing.
#[derive(Debug, Default)]
struct Written {
    tenant: Option<String>,
    client_id: Option<String>,
    cloud: Option<String>,
    login: Option<String>,
    groups: BTreeMap<Area, Access>,
    people: bool,
    unblocked: Vec<String>,
    proof: bool,
}

impl Written {
    fn of(text: Option<&str>) -> anyhow::Result<Self> {
        let Some(text) = text else { return Ok(Self::default()) };
        let table: Table = text.parse().context("the settings file is not TOML")?;
        let example: Table = EXAMPLE.parse().context("the example is not TOML")?;
        let text_at = |table: &Table, section: &str, key: &str| {
            Some(table.get(section)?.get(key)?.as_str()?.to_owned())
        };
        let own = |section: &str, key: &str| {
            let said = text_at(&table, section, key)?;
            (Some(&said) != text_at(&example, section, key).as_ref()).then_some(said)
        };
        let groups = table.get("policy").and_then(|policy| policy.get("groups"));
        let groups = groups.and_then(Value::as_table).into_iter().flatten();
        let access = |(name, rules): (&String, &Value)| {
            let access = read_access(rules.get("access")?.as_str()?).ok()?;
            Some((name.parse::<Area>().ok()?, access))
        };
        let list = |key: &str| -> Vec<String> {
            let list = table.get("policy").and_then(|policy| policy.get(key));
            let list = list.and_then(Value::as_array).into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let named = |key: &str| !list(key).is_empty();
        Ok(Self {
            tenant: own("tenant", "id"),
            client_id: own("microsoft", "client_id"),
            cloud: text_at(&table, "endpoints", "cloud"),
            login: text_at(&table, "endpoints", "login"),
            groups: groups.filter_map(access).collect(),
            unblocked: list("unblocked"),
            people: named("requesters") || named("approvers"),
            proof: ["client_secret", "client_secret_file", "certificate"]
                .iter()
                .any(|key| own("microsoft", key).is_some()),
        })
    }
}

fn cloud(terminal: &Terminal, answers: &Answers, written: &Written) -> anyhow::Result<String> {
    if let Some(cloud) = answers.cloud.clone().or_else(|| written.cloud.clone()) {
        return Ok(cloud);
    }
    if !answers.endpoints.is_empty() {
        return Ok("public".to_owned());
    }
    let known = ["public", "usgov", "usgov_dod", "china"];
    terminal.until("Microsoft's cloud", "--cloud", Some("public"), |said| {
        ensure!(known.contains(&said), "`{said}` is none of {}", known.join(", "));
        Ok(said.to_owned())
    })
}

/// Where sign-in is, before there are settings.
fn endpoints(answers: &Answers, written: &Written, environment: &Environment) -> Endpoints {
    let cloud = match answers.cloud.as_deref() {
        Some("usgov") => Cloud::Usgov,
        Some("usgov_dod") => Cloud::UsgovDod,
        Some("china") => Cloud::China,
        _ => Cloud::Public,
    };
    let login = answers.endpoints.get("login").cloned();
    let login = login.or_else(|| environment.value("COUNTERSIGN_ENDPOINTS__LOGIN"));
    Endpoints { cloud, login: login.or_else(|| written.login.clone()), ..Endpoints::default() }
}

async fn whose(
    terminal: &Terminal,
    written: &Written,
    endpoints: &Endpoints,
) -> anyhow::Result<uuid::Uuid> {
    loop {
        let said = terminal.line(
            "Tenant id or domain (Entra admin center, Overview)",
            "--tenant",
            written.tenant.as_deref(),
        )?;
        match tenant::resolve(&endpoints.login(), &said).await {
            Err(error) if terminal.asks() => say(format!("   {error:#}")),
            resolved => return resolved,
        }
    }
}

/// For each group that has actions: off, reading, or reading and changing.
fn groups(terminal: &Terminal, written: &Written) -> anyhow::Result<BTreeMap<Area, String>> {
    let on = |area: &Area| written.groups.get(area).copied().unwrap_or_default();
    if !terminal.asks() {
        let groups: BTreeMap<_, _> =
            written.groups.iter().map(|(area, set)| (*area, level(*set).to_owned())).collect();
        ensure!(
            groups.values().any(|access| access != "disabled"),
            "no permission group is named; give --group, such as --group users=read_only"
        );
        return Ok(groups);
    }
    say(
        "   For each group: off, read_only or read_write. Begin narrow; running this again widens it.",
    );
    let mut chosen = BTreeMap::new();
    for area in Area::ALL {
        let names = |read: bool| {
            let of = CATALOG.iter().filter(|entry| {
                entry.about.area == area && (entry.about.risk == Risk::Read) == read
            });
            of.map(|entry| entry.about.id).collect::<Vec<_>>().join(", ")
        };
        let (reads, changes) = (names(true), names(false));
        if reads.is_empty() && changes.is_empty() {
            continue;
        }
        let none = |list: String| if list.is_empty() { "nothing".to_owned() } else { list };
        say(format!("   {area}\n     reads {}; changes {}", none(reads), none(changes)));
        let otherwise = match on(&area) {
            Access::Disabled => "off",
            set => level(set),
        };
        let set = terminal.until(area.as_str(), "--group", Some(otherwise), |said| {
            read_access(said).map_err(anyhow::Error::msg)
        })?;
        chosen.insert(area, level(set).to_owned());
    }
    if chosen.values().all(|access| access == "disabled") {
        bail!("every group is off, so there is nothing to connect for");
    }
    Ok(chosen)
}

/// The groups that are on.
fn meant(answers: &Answers, unblocked: Vec<String>) -> anyhow::Result<Meant> {
    let mut groups = Vec::new();
    for (area, access) in &answers.groups {
        let access = read_access(access).map_err(anyhow::Error::msg)?;
        if access != Access::Disabled {
            groups.push((*area, access));
        }
    }
    ensure!(!groups.is_empty(), "every group is off, so there is nothing to connect for");
    let tenant = answers.tenant.clone();
    let meant = Meant { groups, tenant, cloud: Cloud::Public, unblocked };
    say(format!("   {}", meant.in_words()));
    Ok(meant)
}

/// Who may ask, who may sign: asked once, and only when nobody is named yet.
fn people(terminal: &Terminal, answers: &mut Answers, written: &Written) -> anyhow::Result<()> {
    let told = !answers.requesters.is_empty() || !answers.approvers.is_empty();
    if !terminal.asks() || written.people || told {
        return Ok(());
    }
    say("   Sign-in names or group:<object id>, with commas between; \"nobody\" for now is safe.");
    let ask = |question: &str, flag: &str| -> anyhow::Result<Vec<String>> {
        let said = terminal.line(question, flag, Some("nobody"))?;
        let names = said.split(',').map(str::trim).filter(|name| !name.is_empty());
        Ok(names.filter(|name| *name != "nobody").map(str::to_owned).collect())
    };
    answers.requesters = ask("Who may ask", "--requester")?;
    answers.approvers = ask("Who may sign", "--approver")?;
    Ok(())
}

/// Says how the registration is made, and asks for its id.
fn app(
    terminal: &Terminal,
    written: &Written,
    links: &Links,
    groups: &str,
) -> anyhow::Result<String> {
    if terminal.asks() && written.client_id.is_none() {
        say(format!(
            "   Made in one of three ways, each with the permissions above:\n   \
             - countersign actions terraform{groups} > countersign.tf\n   \
             - countersign actions script{groups} > register.sh\n   \
             - by hand: New registration, this directory only; then API permissions, Application permissions\n     {}",
            links.registrations()
        ));
    }
    let otherwise = written.client_id.as_deref();
    terminal.until("Application (client) id", "--client-id", otherwise, |said| {
        Ok(client_id(said)?.to_string())
    })
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("   {line}") })
        .collect::<Vec<_>>()
        .join("\n")
}
