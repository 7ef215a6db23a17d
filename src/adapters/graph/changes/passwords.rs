//! Passwords and sessions.

use reqwest::Method;
use serde_json::json;

use super::{Behind, Calls, Door, Found, Read, With, known, user_path, user_read, user_sight};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        refusals::{self, Meaning},
    },
    domain::{
        change::{PasswordChange, Sight},
        trouble::Reason,
    },
};

impl Calls for PasswordChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let (Self::SetPassword { user, .. } | Self::RevokeSessions { user }) = self;
        Ok(vec![user_read(known(user)?)])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        user_sight(found[0])
    }

    fn call(&self, with: &With<'_>) -> Result<Door, Reason> {
        Ok(Door::Graph(match self {
            Self::SetPassword { user, must_change, .. } => {
                let secret = with.secret.ok_or_else(|| Reason::NotPossible {
                    what: "no password was made for this step".to_owned(),
                })?;
                let body = json!({ "passwordProfile": {
                    "password": secret.reveal(),
                    "forceChangePasswordNextSignIn": must_change,
                } });
                Ask::of(Method::PATCH, user_path(known(user)?), Some(body))
            }
            Self::RevokeSessions { user } => {
                let path = format!("{}/revokeSignInSessions", user_path(known(user)?));
                Ask::of(Method::POST, path, None)
            }
        }))
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        let set = matches!(self, Self::SetPassword { .. });
        let policy = set && answer.status == 400 && refusals::says(answer, "password");
        (policy && refusals::general(answer).is_none())
            .then(|| refusals::no("the tenant's password policy refuses the generated password"))
    }

    fn behind_403(&self) -> Behind<'_> {
        match self {
            Self::SetPassword { user, .. } => user.known().map_or(Behind::Nothing, Behind::User),
            Self::RevokeSessions { .. } => Behind::Nothing,
        }
    }
}
