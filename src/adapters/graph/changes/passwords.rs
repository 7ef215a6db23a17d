//! Passwords, sessions and sign-in methods.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Behind, Calls, Door, Found, Read, With, known, user_path, user_read, user_sight};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        methods,
        permissions::Reading,
        refusals::{self, Meaning},
        wire::encoded,
    },
    domain::{
        change::{
            PasswordChange, Sight,
            passwords::{METHODS_SEEN, PASSES_SEEN},
        },
        ids::UserId,
        methods::MethodSort,
        secret::Secret,
        trouble::Reason,
    },
    ports::hands::Output,
};

/// How soon the default method is tried again while the others go; then ever later.
const SECOND_PASS: Duration = Duration::from_millis(100);
/// Methods read of one person; nobody has as many.
const METHODS_MAX: usize = 200;

impl Calls for PasswordChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        Ok(vec![match self {
            Self::SetPassword { user, .. }
            | Self::DropPassword { user }
            | Self::RevokeSessions { user } => user_read(known(user)?),
            Self::ForceNewPassword { user, .. } => {
                let user = known(user)?;
                let path = format!("{}?$select=id,passwordProfile", user_path(user));
                Read::one(user.tenant(), path, Reading::USERS)
            }
            Self::RemoveMethod { user, .. } | Self::IssuePass { user, .. } => {
                let user = known(user)?;
                let path = format!("{}/authentication/methods", user_path(user));
                Read::list(user.tenant(), path, METHODS_MAX, Reading::METHODS)
            }
        }])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        match self {
            Self::SetPassword { .. } | Self::DropPassword { .. } | Self::RevokeSessions { .. } => {
                user_sight(found[0])
            }
            Self::ForceNewPassword { .. } => {
                let Some(body) = found[0].one() else { return Ok(Sight::Missing) };
                let profile = |name: &str| body["passwordProfile"][name].clone();
                let (plain, with_mfa) =
                    ("forceChangePasswordNextSignIn", "forceChangePasswordNextSignInWithMfa");
                Ok(Sight::object([(plain, profile(plain)), (with_mfa, profile(with_mfa))]))
            }
            Self::RemoveMethod { .. } | Self::IssuePass { .. } => {
                let Some(items) = found[0].many() else { return Ok(Sight::Missing) };
                let ids = |wanted: Option<MethodSort>| -> Value {
                    let of = items.iter().filter(|item| {
                        wanted.is_none_or(|wanted| methods::sort(item) == Some(wanted))
                    });
                    of.map(|item| item["id"].clone()).collect()
                };
                Ok(Sight::object([
                    (METHODS_SEEN, ids(None)),
                    (PASSES_SEEN, ids(Some(MethodSort::TemporaryAccessPass))),
                ]))
            }
        }
    }

    fn call(&self, with: &With<'_>) -> Result<Door, Reason> {
        Ok(Door::Graph(match self {
            Self::SetPassword { user, must_change, .. } => set(with, known(user)?, *must_change)?,
            Self::DropPassword { user } => set(with, known(user)?, false)?,
            Self::RevokeSessions { user } => {
                let path = format!("{}/revokeSignInSessions", user_path(known(user)?));
                Ask::of(Method::POST, path, None)
            }
            Self::ForceNewPassword { user, with_mfa } => {
                let mut profile = json!({ "forceChangePasswordNextSignIn": true });
                if *with_mfa {
                    profile["forceChangePasswordNextSignInWithMfa"] = json!(true);
                }
                let body = json!({ "passwordProfile": profile });
                Ask::of(Method::PATCH, user_path(known(user)?), Some(body))
            }
            Self::RemoveMethod { user, sort, id, .. } => {
                let segment = methods::segment(*sort).ok_or_else(|| Reason::NotPossible {
                    what: "a password is reset, never removed".to_owned(),
                })?;
                let (user, id) = (user_path(known(user)?), encoded(id));
                let path = format!("{user}/authentication/{segment}/{id}");
                Ask::of(Method::DELETE, path, None)
            }
            Self::IssuePass { user, minutes, once, starts_at, .. } => {
                let mut body = json!({});
                if let Some(minutes) = minutes {
                    body["lifetimeInMinutes"] = json!(minutes);
                }
                if let Some(once) = once {
                    body["isUsableOnce"] = json!(once);
                }
                if let Some(at) = starts_at {
                    body["startDateTime"] = json!(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
                }
                let user = user_path(known(user)?);
                let path = format!("{user}/authentication/temporaryAccessPassMethods");
                Ask::of(Method::POST, path, Some(body))
            }
        }))
    }

    fn output(&self, answer: &Value) -> Output {
        let pass = answer["temporaryAccessPass"].as_str();
        match self {
            Self::IssuePass { .. } => Output {
                id: answer["id"].as_str().map(str::to_owned),
                secret: pass.map(Secret::new),
            },
            _ => Output::default(),
        }
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        match (self, answer.status) {
            (
                Self::SetPassword { .. }
                | Self::DropPassword { .. }
                | Self::ForceNewPassword { .. },
                400,
            ) if refusals::says(answer, "password") && refusals::general(answer).is_none() => {
                Some(refusals::no("the tenant's password policy refuses the generated password"))
            }
            (Self::RemoveMethod { .. }, 404) => Some(Meaning::AlreadySo),
            (Self::RemoveMethod { among_all, .. }, 400)
                if refusals::says(answer, "default") && refusals::says(answer, "method") =>
            {
                // The others of the same plan go first; then it can go too.
                Some(if *among_all { Meaning::Held(SECOND_PASS) } else { default_method() })
            }
            (Self::RemoveMethod { .. }, 400) if refusals::says(answer, "alternate mobile") => {
                Some(refusals::no(
                    "Microsoft keeps a mobile number while an alternate mobile number is \
                     registered; remove all phones, or the alternate one first",
                ))
            }
            (Self::IssuePass { .. }, 400) => pass_refusal(answer),
            _ => None,
        }
    }

    fn behind_403(&self) -> Behind<'_> {
        match self {
            Self::SetPassword { user, .. }
            | Self::DropPassword { user }
            | Self::ForceNewPassword { user, .. } => {
                user.known().map_or(Behind::Nothing, Behind::User)
            }
            _ => Behind::Nothing,
        }
    }
}

fn set(with: &With<'_>, user: &UserId, must_change: bool) -> Result<Ask, Reason> {
    let secret = with.secret.ok_or_else(|| Reason::NotPossible {
        what: "no password was made for this step".to_owned(),
    })?;
    let body = json!({ "passwordProfile": {
        "password": secret.reveal(),
        "forceChangePasswordNextSignIn": must_change,
    } });
    Ok(Ask::of(Method::PATCH, user_path(user), Some(body)))
}

fn default_method() -> Meaning {
    refusals::no(
        "this is the default sign-in method, and Microsoft removes it only after the person has \
         chosen another default, or together with all others: ask to reset all methods",
    )
}

/// What Microsoft says when it makes no pass.
fn pass_refusal(answer: &Answer) -> Option<Meaning> {
    let says = |part: &str| refusals::says(answer, part);
    let what = if says("usercredentialpolicy") || says("not enabled") {
        "the tenant's policy lets this person have no Temporary Access Pass; switch the method on \
         for them in Entra under Authentication methods, Policies"
    } else if says("external guest") {
        "a guest gets a Temporary Access Pass only from their own organisation"
    } else if says("lifetime") {
        "the tenant's policy does not allow a Temporary Access Pass of this lifetime"
    } else if says("one-time") || says("once") {
        "the tenant's policy allows only passes that can be used once"
    } else if says("already has") {
        "there is a valid Temporary Access Pass already; remove it first"
    } else {
        return None;
    };
    Some(refusals::no(what))
}
