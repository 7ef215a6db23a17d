//! Applications that are registered here.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Behind, Calls, Door, Found, Read, With, policies::made};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
        wire::encoded,
    },
    domain::{
        apps::{Access, TAG},
        change::{AppChange, Sight, apps::COUNT},
        secret::Secret,
        trouble::Reason,
    },
    ports::hands::Output,
};

/// `requiredResourceAccess`: the permissions, by API.
fn wanted(wants: &[Access]) -> Value {
    let mut by_api: BTreeMap<Uuid, Vec<Value>> = BTreeMap::new();
    for access in wants {
        let sort = if access.role { "Role" } else { "Scope" };
        by_api.entry(access.api).or_default().push(json!({ "id": access.id, "type": sort }));
    }
    by_api
        .into_iter()
        .map(|(api, access)| json!({ "resourceAppId": api, "resourceAccess": access }))
        .collect()
}

impl Calls for AppChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        Ok(vec![match self {
            Self::RegisterApp { tenant, tag, .. } => {
                let tag = encoded(&tag.replace('\'', "''"));
                let path = format!(
                    "/applications?$filter=tags/any(t:t%20eq%20'{tag}')&$select=id,appId,tags"
                );
                Read::list(tenant, path, 5, Reading::APPS)
            }
            Self::AddAppSecret { app, .. } => {
                let path = format!(
                    "/applications/{}?$select=id,passwordCredentials",
                    app.guid().hyphenated()
                );
                Read::one(app.tenant(), path, Reading::APPS)
            }
        }])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        Ok(match self {
            Self::RegisterApp { tenant, .. } => match found[0].many().and_then(<[Value]>::first) {
                Some(app) => Sight::Object { id: made(tenant, app), values: BTreeMap::new() },
                None => Sight::Missing,
            },
            Self::AddAppSecret { name, .. } => match found[0].one() {
                Some(app) => {
                    let all = app["passwordCredentials"].as_array().into_iter().flatten();
                    let named = all.filter(|secret| secret["displayName"] == json!(name));
                    Sight::object([(COUNT, json!(named.count()))])
                }
                None => Sight::Missing,
            },
        })
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        let ask = match self {
            Self::RegisterApp { name, tag, wants, redirects, .. } => {
                let mut body = json!({
                    "displayName": name, "signInAudience": "AzureADMyOrg", "tags": [TAG, tag],
                    "requiredResourceAccess": wanted(wants),
                });
                if !redirects.is_empty() {
                    body["web"] = json!({ "redirectUris": redirects });
                }
                Ask::of(Method::POST, "/applications", Some(body))
            }
            Self::AddAppSecret { app, name, ends, .. } => {
                let path = format!("/applications/{}/addPassword", app.guid().hyphenated());
                let ends = ends.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
                let secret = json!({ "displayName": name, "endDateTime": ends });
                Ask::of(Method::POST, path, Some(json!({ "passwordCredential": secret })))
            }
        };
        Ok(Door::Graph(ask))
    }

    fn output(&self, answer: &Value) -> Output {
        match self {
            Self::RegisterApp { tenant, .. } => Output { id: made(tenant, answer), secret: None },
            Self::AddAppSecret { .. } => {
                Output { id: None, secret: answer["secretText"].as_str().map(Secret::new) }
            }
        }
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        if answer.status != 400 {
            return None;
        }
        match answer.code() {
            "CredentialTypeNotAllowedAsPerAppPolicy" => Some(refusals::no(
                "an app management policy of the tenant forbids client secrets; use a certificate, \
                 or exempt this app from the policy",
            )),
            "CredentialInvalidLifetimeAsPerAppPolicy" => Some(refusals::no(
                "an app management policy of the tenant allows only a shorter lifetime; ask for \
                 fewer months",
            )),
            _ if refusals::says(answer, "credential type not allowed") => {
                Some(refusals::no("an app management policy of the tenant forbids client secrets"))
            }
            _ => None,
        }
    }

    fn behind_403(&self) -> Behind<'_> {
        Behind::OwnApp
    }
}
