//! Send one request to Microsoft Graph.

use std::{collections::BTreeMap, fmt::Write as _};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    actions::{
        About, Action, Asked, Planned,
        wording::{Frame, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{
            Delivery, DeliveryWay, GraphCall, RawChange,
            raw::{GRAPH_READ, GRAPH_WRITE},
        },
        graph_address::GraphAddress,
        graph_call::{Method, masked},
        graph_rules::{Class, Never, class},
        ids::Upn,
        message::FactsView,
        plan::{Draft, Note, Value},
        trouble::{Reason, Result},
        users::{PersonRef, Who},
    },
    ports::world::World,
};

/// Send one request to Microsoft Graph v1.0, spelled out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GraphRequest {
    /// Which method?
    pub method: Method,
    /// Which path, from the version on: `/users/…`? No host, no version.
    pub path: String,
    /// Query options, such as `$select`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, String>,
    /// The JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Json>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["noun"], &["graph"])],
    slots: &[],
    examples: &[
        "graph GET /users/john.doe@contoso.com/memberOf",
        "graph request GET /subscribedSkus",
        "graph PATCH /users/john.doe@contoso.com {\"officeLocation\": \"Leeds\"}",
    ],
};

/// Objects that a request may name.
const NAMED_MAX: usize = 20;
/// Lines of an answer on a card.
const LINES_MAX: usize = 25;
/// Characters of one line.
const LINE_MAX: usize = 400;
/// Who signs for what nobody listed.
const SIGNATURES: u8 = 2;

impl GraphRequest {
    fn address(&self) -> Result<GraphAddress, Reason> {
        let options: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| format!("{}={}", quoted(name), quoted(value)))
            .collect();
        let join = if self.path.contains('?') { "&" } else { "?" };
        let whole = if options.is_empty() {
            self.path.trim().to_owned()
        } else {
            format!("{}{join}{}", self.path.trim(), options.join("&"))
        };
        GraphAddress::parse(&whole)
            .map_err(|why| Reason::WrongArgument { field: "path".to_owned(), why: why.to_string() })
    }

    /// The body as JSON; what was typed as text is read.
    fn body(&self) -> Result<Option<Json>, Reason> {
        let wrong =
            |why: &str| Reason::WrongArgument { field: "body".to_owned(), why: why.to_owned() };
        let body = match &self.body {
            None | Some(Json::Null) => None,
            Some(Json::String(text)) => Some(
                serde_json::from_str(text).map_err(|_| wrong("the body is not readable JSON"))?,
            ),
            Some(body) => Some(body.clone()),
        };
        if body.is_some() && matches!(self.method, Method::Get | Method::Delete) {
            return Err(wrong("GET and DELETE have no body"));
        }
        Ok(body)
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~$".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a string takes everything");
        }
    }
    out
}

fn refused(never: &Never) -> Reason {
    let why = match never {
        Never::Credential(what) => format!(
            "{what} is, or leads to, a credential; passwords, secrets, keys and passes are \
             neither shown nor set here"
        ),
        Never::Typed(action) => {
            format!("this is done by {action}, which shows what changes and can be signed for")
        }
        Never::Closed(why) => (*why).to_owned(),
        Never::ThroughReference => "it would change an object through a list that only refers to \
                                    it; name the object itself, or end the path with /$ref"
            .to_owned(),
        Never::Body => {
            "the body must be a JSON object, at most 32 KB and 16 levels deep".to_owned()
        }
        Never::OtherHost => {
            "an @odata.id in the body names another place than Microsoft Graph".to_owned()
        }
    };
    Reason::NotSent { why }
}

/// Everything in a request that may be the id or the sign-in name of somebody.
fn names(address: &GraphAddress, body: Option<&Json>) -> Vec<String> {
    fn texts<'a>(value: &'a Json, found: &mut Vec<&'a str>) {
        match value {
            Json::String(text) => found.push(text),
            Json::Array(items) => items.iter().for_each(|item| texts(item, found)),
            Json::Object(members) => members.values().for_each(|member| texts(member, found)),
            _ => {}
        }
    }
    let mut all: Vec<&str> =
        address.segments().iter().map(|segment| segment.said.as_str()).collect();
    if let Some(body) = body {
        texts(body, &mut all);
    }
    let mut names: Vec<String> = Vec::new();
    for text in all {
        // The last part of a reference names the object.
        let last = text.trim_end_matches(['/', ')', '\'']).rsplit(['/', '\'']).next();
        let last = last.unwrap_or_default();
        let somebody =
            Uuid::parse_str(last).is_ok() || last.len() <= 256 && last.parse::<Upn>().is_ok();
        if somebody && !names.iter().any(|known| known.eq_ignore_ascii_case(last)) {
            names.push(last.to_owned());
        }
    }
    names
}

/// The people a request is about, and a refusal when it changes a group that can make
/// somebody an administrator.
async fn subjects(
    look: &dyn World,
    asked: &Asked,
    named: &[String],
    writes: bool,
) -> Result<Vec<PersonRef>> {
    if named.len() > NAMED_MAX {
        let what = format!("{} objects in one request (limit {NAMED_MAX})", named.len());
        return Err(Reason::TooMuch { what }.into());
    }
    let mut people = Vec::new();
    for name in named {
        let who = match Uuid::parse_str(name) {
            Ok(guid) => Who::Id(asked.tenant.object(guid)),
            Err(_) => Who::Upn(asked.tenant.clone(), name.parse().map_err(Reason::from)?),
        };
        if let Some(user) = look.user(&who).await? {
            people.push(user.to_ref());
        } else if writes && Uuid::parse_str(name).is_ok() {
            role_group(look, asked, name).await?;
        }
    }
    Ok(people)
}

async fn role_group(look: &dyn World, asked: &Asked, guid: &str) -> Result<()> {
    let path = format!("/groups/{guid}?$select=id,displayName,isAssignableToRole");
    let Ok(address) = GraphAddress::parse(&path) else { return Ok(()) };
    let answered = look.get(&asked.tenant, &address).await?;
    if answered.status == 200 && answered.body["isAssignableToRole"] == Json::Bool(true) {
        let name = answered.body["displayName"].as_str().unwrap_or(guid);
        let why = format!("{name} can give admin roles to its members; use the group actions");
        return Err(Reason::NotSent { why }.into());
    }
    Ok(())
}

/// An answer as a card shows it: one line for each member, or for each item of a list.
fn lines(body: &Json) -> (Vec<String>, u32) {
    let shown = masked(body);
    let line = |text: String| text.chars().take(LINE_MAX).collect::<String>();
    let all: Vec<String> = match (&shown["value"], &shown) {
        (Json::Array(items), _) => items.iter().map(|item| line(item.to_string())).collect(),
        (_, Json::Object(members)) => members
            .iter()
            .filter(|(name, value)| !name.starts_with("@odata.context") && !value.is_null())
            .map(|(name, value)| line(format!("{name}: {value}")))
            .collect(),
        (_, Json::Null) => Vec::new(),
        (_, other) => vec![line(other.to_string())],
    };
    let more = u32::try_from(all.len().saturating_sub(LINES_MAX)).unwrap_or(u32::MAX);
    (all.into_iter().take(LINES_MAX).collect(), more)
}

impl GraphRequest {
    async fn looked_up(
        &self,
        look: &dyn World,
        asked: &Asked,
        address: &GraphAddress,
    ) -> Result<Planned> {
        let answered = look.get(&asked.tenant, address).await?;
        let mut facts = vec![("status".to_owned(), answered.status.to_string())];
        if let Some(code) = answered.body["error"]["code"].as_str() {
            facts.push(("error".to_owned(), code.chars().take(80).collect()));
            if let Some(message) = answered.body["error"]["message"].as_str() {
                facts.push(("message".to_owned(), message.chars().take(LINE_MAX).collect()));
            }
        }
        let next = answered.body["@odata.nextLink"].is_string();
        if next {
            facts.push(("more_pages".to_owned(), "=yes".to_owned()));
        }
        let (found, more) =
            if answered.status < 400 { lines(&answered.body) } else { (Vec::new(), 0) };
        let lists = vec![("answer".to_owned(), found)];
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: format!("{} {}", self.method, address),
            subtitle: None,
            facts,
            lists: lists.into_iter().filter(|(_, lines)| !lines.is_empty()).collect(),
            table: None,
            more,
            next: None,
        }))
    }
}

impl Action for GraphRequest {
    const ABOUT: About = About {
        id: "graph_request",
        title: "Send a request to Microsoft Graph",
        area: Area::RawGraph,
        risk: Risk::Destructive,
        care: Care::AlwaysApprove,
        may: &[GRAPH_READ, GRAPH_WRITE],
        undone_by: &[],
        reads: &["Organization.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            method: Method::Patch,
            path: "/users/john.doe@contoso.com".to_owned(),
            query: BTreeMap::new(),
            body: Some(serde_json::json!({ "officeLocation": "Leeds" })),
        }
    }

    fn risk(&self) -> Risk {
        if self.method == Method::Get { Risk::Read } else { Risk::Destructive }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let (address, body) = (self.address()?, self.body()?);
        let found = class(self.method, &address, body.as_ref(), &asked.graph_allowed);
        let class = found.map_err(|never| refused(&never))?;
        let reads = self.method == Method::Get;
        if reads && class != Class::Other {
            return self.looked_up(look, asked, &address).await;
        }
        let mut draft = Draft::of(address.to_string());
        draft.subjects = subjects(look, asked, &names(&address, body.as_ref()), !reads).await?;
        if class == Class::Other {
            draft.signatures = SIGNATURES;
            draft.notes.push(Note::new("raw_not_listed", &[("method", self.method.as_str())]));
        }
        draft.notes.push(Note::new("raw_answer", &[("person", &asked.requester.name)]));
        let told = body.as_ref().map_or_else(|| "=none".to_owned(), Json::to_string);
        let shown = vec![
            Value::new("http_method", "=none", self.method.as_str()),
            Value::new("http_path", "=none", address.to_string()),
            Value::new("http_body", "=none", told),
        ];
        let at = address.to_string();
        let call = GraphCall {
            tenant: asked.tenant.clone(),
            method: self.method,
            address,
            body,
            delivery: Delivery { to: asked.requester.clone(), by: DeliveryWay::OneTimeLink },
        };
        let names = [("method", self.method.as_str()), ("address", at.as_str())];
        let step = if reads {
            draft.step(RawChange::GraphRead(call), &names, shown)
        } else {
            draft.step(RawChange::GraphWrite(call), &names, shown)
        };
        step.cannot_be_undone("raw_unknown");
        Ok(Planned::Changes(draft))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{lines, names};
    use crate::domain::graph_address::GraphAddress;

    #[test]
    fn everybody_a_request_names_is_found() {
        let guid = "11111111-2222-4333-8444-555555555555";
        let address = GraphAddress::parse("/groups/g/members/$ref").unwrap();
        let body = json!({
            "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{guid}"),
            "list": ["https://graph.microsoft.com/v1.0/users('ada@contoso.com')", "text"],
        });
        assert_eq!(names(&address, Some(&body)), [guid, "ada@contoso.com"]);
        let address = GraphAddress::parse("/users/john.doe@contoso.com").unwrap();
        assert_eq!(names(&address, None), ["john.doe@contoso.com"]);
    }

    #[test]
    fn an_answer_is_short_and_without_secrets() {
        let many: Vec<_> = (0..40).map(|at| json!({ "id": at, "secretText": "s" })).collect();
        let (shown, more) = lines(&json!({ "value": many }));
        assert_eq!((shown.len(), more), (25, 15));
        assert!(shown[0].contains("(hidden)"));
        let (shown, _) = lines(&json!({ "id": "1", "mail": null, "@odata.context": "x" }));
        assert_eq!(shown, ["id: \"1\""]);
    }
}
