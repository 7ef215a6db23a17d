//! Exchange's admin endpoint: `POST /adminapi/beta/{tenant}/InvokeCommand` and its `$batch`.
//! Microsoft's own PowerShell module calls it; it is not documented.
//!
//! - [`trouble`]   its error bodies, each with its source
//! - [`mailboxes`] `Get-Mailbox`, `Set-Mailbox`, automatic replies
//! - [`lists`]     distribution lists and mail-enabled security groups; [`list_writes`] making them
//! - [`details`]   send on behalf, litigation hold, archive, size; [`permissions`] who may open, send as
//! - [`rules`]     inbox rules; [`shared`] shared mailboxes made and removed
//! - [`recipients`] everybody with an address; [`flow`] transport rules, domains, policies
//!
//! Not here: any cmdlet the product never calls.

mod details;
mod flow;
mod list_writes;
mod lists;
mod mailboxes;
mod permissions;
mod recipients;
mod rules;
mod shared;
mod trouble;

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    access::Reach,
    call::{Answer, Body, Call},
    faults::{FaultKind, Place},
    refusals,
    turn::Turn,
};
use trouble::Trouble;

/// The most commands in one batch; Microsoft's module sends ten at most (unconfirmed limit).
const ITEMS_MAX: usize = 10;

/// Objects in one page (`odata.maxpagesize=1000`, as Microsoft's module asks).
const PAGE_MAX: usize = 1_000;

/// What a cmdlet gives: objects, and warnings for what was already so.
#[derive(Default)]
struct Output {
    value: Vec<Value>,
    warnings: Vec<String>,
}

type Result<T> = std::result::Result<T, Trouble>;

/// Answers one `InvokeCommand`.
pub(super) fn answer(turn: &mut Turn<'_>, call: &Call) -> Answer {
    match invoke(turn, call) {
        Ok(mut output) => {
            let mut body = Map::new();
            let next = page(turn, call, &mut output.value);
            let context = format!(
                "{}/adminapi/beta/$metadata#Collection(Exchange.GenericHashTable)",
                turn.origin
            );
            body.insert("@odata.context".into(), json!(context));
            if !output.warnings.is_empty() {
                body.insert("@adminapi.warnings".into(), json!(output.warnings));
            }
            if let Some(next) = next {
                body.insert("@odata.nextLink".into(), json!(next));
            }
            body.insert("value".into(), Value::Array(output.value));
            Answer::json(200, Value::Object(body))
        }
        Err(trouble) => trouble.answer(),
    }
}

/// Cuts the values to one page; the same body is posted to the link for the next one.
fn page(turn: &Turn<'_>, call: &Call, values: &mut Vec<Value>) -> Option<String> {
    let wanted = call.header("Prefer").and_then(|prefer| prefer.split_once("maxpagesize="));
    let size = wanted.and_then(|(_, size)| size.trim().parse().ok()).unwrap_or(PAGE_MAX);
    let size = size.clamp(1, PAGE_MAX);
    let token = call.query.iter().find(|(name, _)| name == "$skiptoken");
    let from = token.and_then(|(_, from)| from.parse().ok()).unwrap_or(0).min(values.len());
    let more = values.len() > from + size;
    *values = values.drain(from..values.len().min(from + size)).collect();
    let tenant = turn.state().tenant.id;
    let next = from + size;
    more.then(|| format!("{}/adminapi/beta/{tenant}/InvokeCommand?$skiptoken={next}", turn.origin))
}

/// Answers a batch of commands; each stands for itself.
pub(super) fn answer_batch(turn: &mut Turn<'_>, call: &Call, tenant: &str) -> Answer {
    let requests = match &call.body {
        Body::Json(body) => body["requests"].as_array().cloned(),
        _ => None,
    };
    let Some(requests) = requests.filter(|list| (1..=ITEMS_MAX).contains(&list.len())) else {
        return trouble::bad_request("The batch request is invalid.").answer();
    };
    let mut responses = Vec::new();
    for request in &requests {
        let path = format!("/adminapi/beta/{tenant}/InvokeCommand");
        let verdict = turn.core.faults.decide("POST", &path, Place::Item);
        turn.latency_ms = turn.latency_ms.saturating_add(verdict.latency_ms);
        let on_command = |kind: &FaultKind| match kind {
            FaultKind::Status { status, retry_after, .. } => {
                Some(refusals::on_command(*status, retry_after.0.clone()).answer(turn))
            }
            _ => None,
        };
        let instead = verdict.strike.as_ref().and_then(on_command);
        let early = matches!(verdict.strike, Some(FaultKind::Status { after_effect: false, .. }));
        let answered = if early { None } else { Some(item(turn, request)) };
        if verdict.strike == Some(FaultKind::MissingItem) {
            continue;
        }
        let Some(answer) = instead.or(answered) else { continue };
        let headers: Map<String, Value> =
            answer.headers.into_iter().map(|(name, value)| (name, json!(value))).collect();
        responses.push(json!({
            "id": request["id"], "status": answer.status, "headers": headers,
            "body": answer.body.unwrap_or(Value::Null),
        }));
    }
    responses.reverse();
    Answer::json(200, json!({ "responses": responses }))
}

fn item(turn: &mut Turn<'_>, request: &Value) -> Answer {
    let address = request["url"].as_str().unwrap_or_default();
    if request["method"] != "POST" || !address.ends_with("/InvokeCommand") {
        return trouble::bad_request("The batch request is invalid.").answer();
    }
    let call = Call::new("POST", "/InvokeCommand", Vec::new(), Body::Json(request["body"].clone()));
    answer(turn, &call)
}

/// A command with its parameters, names folded to lower case.
struct Command {
    name: String,
    parameters: BTreeMap<String, Value>,
}

fn command(call: &Call) -> Result<Command> {
    let wrong = || trouble::bad_request("The request body does not hold a valid CmdletInput.");
    let Body::Json(body) = &call.body else { return Err(wrong()) };
    let input = &body["CmdletInput"];
    let name = input["CmdletName"].as_str().ok_or_else(wrong)?.to_owned();
    let parameters = match &input["Parameters"] {
        Value::Null => BTreeMap::new(),
        Value::Object(given) => {
            given.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect()
        }
        _ => return Err(wrong()),
    };
    Ok(Command { name, parameters })
}

fn invoke(turn: &mut Turn<'_>, call: &Call) -> Result<Output> {
    if !turn.caller.roles.contains("Exchange.ManageAsApp") {
        return Err(trouble::no_permission());
    }
    let command = command(call)?;
    let writes = !command.name.to_lowercase().starts_with("get-");
    match turn.caller.exchange_reach() {
        Reach::Write => {}
        Reach::Recipients if !ORGANIZATION_ONLY.contains(&command.name.to_lowercase().as_str()) => {
        }
        Reach::Read if !writes => {}
        Reach::Recipients | Reach::Read => return Err(trouble::not_allowed(&command.name)),
        Reach::Nothing => return Err(trouble::no_role(&turn.caller.app)),
    }
    if !writes {
        let path = format!("/adminapi/cmdlet/{}", command.name);
        if let Some(ms) = turn.core.faults.stale(&path) {
            let then = turn.now - jiff::SignedDuration::from_millis(ms);
            turn.stale = turn.core.as_of(then).or_else(|| Some(Arc::clone(&turn.core.state)));
        }
    }
    let output = run(turn, &command);
    turn.stale = None;
    output
}

fn run(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    match command.name.to_lowercase().as_str() {
        "get-mailbox" => mailboxes::get(turn, command),
        "set-mailbox" => mailboxes::set(turn, command),
        "get-mailboxautoreplyconfiguration" => mailboxes::get_replies(turn, command),
        "set-mailboxautoreplyconfiguration" => mailboxes::set_replies(turn, command),
        "get-distributiongroup" => lists::get(turn, command),
        "new-distributiongroup" => list_writes::create(turn, command),
        "remove-distributiongroup" => list_writes::delete(turn, command),
        "get-distributiongroupmember" => lists::members(turn, command),
        "add-distributiongroupmember" => lists::add(turn, command),
        "remove-distributiongroupmember" => lists::remove(turn, command),
        _ => mail(turn, command),
    }
}

/// Rights on mailboxes, what is in them, and how mail flows.
fn mail(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    match command.name.to_lowercase().as_str() {
        "get-mailboxstatistics" => details::statistics(turn, command),
        "enable-mailbox" => details::enable(turn, command),
        "new-mailbox" => shared::create(turn, command),
        "remove-mailbox" => shared::remove(turn, command),
        "get-mailboxpermission" => permissions::get(turn, command),
        "add-mailboxpermission" => permissions::add(turn, command),
        "remove-mailboxpermission" => permissions::remove(turn, command),
        "get-recipientpermission" => permissions::get_send_as(turn, command),
        "add-recipientpermission" => permissions::add_send_as(turn, command),
        "remove-recipientpermission" => permissions::remove_send_as(turn, command),
        "get-inboxrule" => rules::get(turn, command),
        "remove-inboxrule" => rules::remove(turn, command),
        "disable-inboxrule" => rules::switch(turn, command, false),
        "enable-inboxrule" => rules::switch(turn, command, true),
        "get-recipient" => recipients::get(turn, command),
        "get-transportrule" => flow::rules(turn, command),
        "enable-transportrule" => flow::switch(turn, command, true),
        "disable-transportrule" => flow::switch(turn, command, false),
        "get-accepteddomain" => flow::accepted(turn, command),
        "get-remotedomain" => flow::remote(turn, command),
        "get-organizationconfig" => flow::organization(turn, command),
        "get-retentionpolicy" => flow::retention(turn, command),
        "get-hostedoutboundspamfilterpolicy" => flow::outbound(turn, command),
        "set-hostedoutboundspamfilterpolicy" => flow::set_outbound(turn, command),
        _ => Err(trouble::no_cmdlet(&command.name)),
    }
}

/// Cmdlets that no recipient administrator has: their roles (Transport Rules, Transport
/// Hygiene, Retention Management) are not in Recipient Management
/// (learn.microsoft.com/exchange/permissions-exo, "Role groups").
const ORGANIZATION_ONLY: &[&str] = &[
    "get-transportrule",
    "enable-transportrule",
    "disable-transportrule",
    "get-hostedoutboundspamfilterpolicy",
    "set-hostedoutboundspamfilterpolicy",
    "get-retentionpolicy",
];

impl Command {
    /// A command about one object, for an answer that shows it.
    fn naming(name: &str, identity: &str) -> Self {
        let parameters = BTreeMap::from([("identity".to_owned(), json!(identity))]);
        Self { name: name.to_owned(), parameters }
    }

    /// Refuses parameters the cmdlet does not have.
    fn only(&self, known: &[&str]) -> Result<()> {
        let common = ["confirm", "whatif", "erroraction", "warningaction"];
        let strange = |name: &&String| {
            !common.contains(&name.as_str())
                && !known.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        match self.parameters.keys().find(strange) {
            Some(name) => Err(trouble::no_parameter(&self.name, name)),
            None => Ok(()),
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(&name.to_lowercase()).and_then(Value::as_str)
    }

    /// One text or several, as a parameter with many values takes them.
    fn texts(&self, name: &str) -> Result<Vec<&str>> {
        match self.given(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::String(one)) => Ok(vec![one]),
            Some(Value::Array(many)) => many
                .iter()
                .map(|one| one.as_str().ok_or_else(|| trouble::wrong_type(name)))
                .collect(),
            Some(_) => Err(trouble::wrong_type(name)),
        }
    }

    fn needed(&self, name: &str) -> Result<&str> {
        self.text(name).ok_or_else(|| trouble::missing_parameter(&self.name, name))
    }

    /// A parameter that was given: its value, or null to clear.
    fn given(&self, name: &str) -> Option<&Value> {
        self.parameters.get(&name.to_lowercase())
    }

    /// Several values: an array, or one alone.
    fn list(&self, name: &str) -> Vec<&str> {
        match self.given(name) {
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one.as_str()],
            _ => Vec::new(),
        }
    }

    /// A switch or a Boolean must be a JSON Boolean.
    fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(trouble::wrong_type(name)),
        }
    }
}

/// A person by sign-in name, object id, address, alias or display name.
fn person(turn: &Turn<'_>, identity: &str) -> Option<Uuid> {
    let state = turn.state();
    state.user_id(identity).or_else(|| {
        let same = |value: Option<&Value>| {
            value.and_then(Value::as_str).is_some_and(|text| text.eq_ignore_ascii_case(identity))
        };
        let named = |name: &str| {
            let mut fitting = state.users.values().filter(|user| same(user.props.get(name)));
            // Two with one name: Exchange cannot tell them apart.
            fitting.next().filter(|_| fitting.next().is_none()).map(|user| user.id)
        };
        named("mail").or_else(|| named("mailNickname")).or_else(|| named("displayName"))
    })
}
