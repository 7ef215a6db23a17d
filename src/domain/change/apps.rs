//! Changes of applications that were registered here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{
    apps::{Access, AppId},
    change::{Delivery, Effect, Evidence, Kind, Object, Repeat, SecretSource, Sight},
    ids::TenantId,
};

/// A change of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum AppChange {
    /// An application is registered. Its tag, which no other has, finds it again.
    RegisterApp {
        /// Where.
        tenant: TenantId,
        /// `displayName`.
        name: String,
        /// The tag that tells this registration from every other.
        tag: String,
        /// The permissions it asks for.
        wants: Vec<Access>,
        /// Where its sign-ins return to.
        redirects: Vec<String>,
    },
    /// An application gets one more client secret.
    AddAppSecret {
        /// Which.
        app: AppId,
        /// What the secret is called.
        name: String,
        /// When it stops working.
        ends: Timestamp,
        /// Who gets its value.
        delivery: Delivery,
    },
}

/// `OwnedBy` reaches what we registered ourselves, and nothing else.
const OWN: super::Rights = &[&["Application.ReadWrite.OwnedBy"]];

/// [`AppChange::RegisterApp`].
pub const REGISTER_APP: Kind =
    Kind::of("register_app", OWN).repeated(Repeat::ReadFirst).seen_within(180);
/// [`AppChange::AddAppSecret`].
pub const ADD_APP_SECRET: Kind =
    Kind::of("add_app_secret", OWN).shown_by(Evidence::Trace).repeated(Repeat::NeverBlind);

/// All of them.
pub const KINDS: &[Kind] = &[REGISTER_APP, ADD_APP_SECRET];

/// The value under which a sight counts the secrets of the same name.
pub const COUNT: &str = "secrets";

impl Effect for AppChange {
    fn kind(&self) -> Kind {
        match self {
            Self::RegisterApp { .. } => REGISTER_APP,
            Self::AddAppSecret { .. } => ADD_APP_SECRET,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::RegisterApp { tenant, .. } => Object::New(tenant),
            Self::AddAppSecret { app, .. } => Object::Other(app.tenant(), format!("app:{app}")),
        }
    }

    fn delivery(&self) -> Option<&Delivery> {
        match self {
            Self::AddAppSecret { delivery, .. } => Some(delivery),
            Self::RegisterApp { .. } => None,
        }
    }

    fn secret_source(&self) -> SecretSource {
        SecretSource::Theirs
    }

    fn hands_over(&self) -> &'static str {
        "app_secret"
    }

    fn holds(&self, before: Option<&Sight>, seen: &Sight) -> bool {
        match self {
            Self::RegisterApp { .. } => seen.id().is_some(),
            Self::AddAppSecret { .. } => {
                let count = |sight: &Sight| sight.value(COUNT).and_then(Value::as_u64);
                match (before.and_then(count), count(seen)) {
                    (Some(before), Some(now)) => now > before,
                    _ => false,
                }
            }
        }
    }

    fn called(&self) -> &'static str {
        "app"
    }
}
