//! Register an app.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ours;
use crate::{
    actions::{
        About, Action, Asked, Planned,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        apps::{Access, GRAPH, TAG},
        area::{Area, Care, Risk},
        change::{AppChange, apps::REGISTER_APP},
        ids::Digest,
        plan::{Draft, Note, Value},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Register an app with chosen permissions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApp {
    /// What is it called?
    pub display_name: String,
    /// Which permissions of Microsoft Graph does it ask for? `Mail.Send` is an application
    /// permission, `delegated:Mail.Send` a delegated one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// Where do its sign-ins return to?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["create", "register", "noun"], &["app"]).beside(&["forwarding"])],
    slots: &[("display_name", Slot::Name), ("redirect_uri", Slot::Link)],
    examples: &[
        "register a new app called Badge Printer",
        "create an app registration \"Invoice Mailer\"",
        "please register a new app named Door Sensor",
    ],
};

/// Permissions of one app.
const PERMISSIONS_MAX: usize = 50;

impl CreateApp {
    /// The permissions by id, and the names that the card shows.
    async fn access(&self, look: &dyn World, asked: &Asked) -> Result<(Vec<Access>, Vec<String>)> {
        if self.permissions.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        if self.permissions.len() > PERMISSIONS_MAX {
            let what = format!("{} permissions (limit {PERMISSIONS_MAX})", self.permissions.len());
            return Err(Reason::TooMuch { what }.into());
        }
        let graph = look.api(&asked.tenant, GRAPH).await?.ok_or_else(|| Reason::NotPossible {
            what: "Microsoft Graph has no service principal in this tenant".to_owned(),
        })?;
        let mut wants: Vec<Access> = Vec::new();
        for said in &self.permissions {
            let found = graph.permission(said).ok_or_else(|| Reason::WrongArgument {
                field: "permissions".to_owned(),
                why: format!("Microsoft Graph offers no permission called {said}"),
            })?;
            if !wants.contains(&found) {
                wants.push(found);
            }
        }
        let sort = |access: &Access| {
            let name = graph.named(access);
            if access.role { name } else { format!("delegated:{name}") }
        };
        let names = wants.iter().map(sort).collect();
        Ok((wants, names))
    }

    fn redirects(&self) -> Result<Vec<String>, Reason> {
        let Some(said) = self.redirect_uri.as_ref().map(|said| said.trim()) else {
            return Ok(Vec::new());
        };
        let local = ["http://localhost", "http://127.0.0.1"];
        let fits = said.len() <= 256
            && !said.contains(['*', '#', ' '])
            && (said.starts_with("https://") || local.iter().any(|start| said.starts_with(start)));
        if fits {
            return Ok(vec![said.to_owned()]);
        }
        Err(Reason::WrongArgument {
            field: "redirect_uri".to_owned(),
            why: "it begins with https:// (or http://localhost) and has no star and no #"
                .to_owned(),
        })
    }
}

impl Action for CreateApp {
    const ABOUT: About = About {
        id: "create_app",
        title: "Register an app",
        area: Area::Apps,
        risk: Risk::Write,
        care: Care::AlwaysApprove,
        may: &[REGISTER_APP],
        undone_by: &[],
        reads: &["Application.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            display_name: "Badge Printer".to_owned(),
            permissions: vec!["Mail.Send".to_owned()],
            redirect_uri: None,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let name = self.display_name.trim();
        if !(1..=256).contains(&name.chars().count()) {
            return Err(Reason::WrongArgument {
                field: "display_name".to_owned(),
                why: "a name has 1 to 256 characters".to_owned(),
            }
            .into());
        }
        if let Some(known) = look.apps_named(&asked.tenant, name).await?.first() {
            let what = format!("there is an app called {} already", known.name);
            return Err(match ours(look, asked, known) {
                Ok(()) => Reason::AlreadySo { what },
                Err(_) => Reason::NotPossible {
                    what: format!("{what}, and somebody else registered it; pick another name"),
                },
            }
            .into());
        }
        let (wants, names) = self.access(look, asked).await?;
        let redirects = self.redirects()?;
        let told = if names.is_empty() { "=none".to_owned() } else { names.join(", ") };
        let mut shown = vec![Value::new("permissions", "=none", told)];
        if let Some(back) = redirects.first() {
            shown.push(Value::new("redirect", "=none", back.clone()));
        }
        // A tag that no other registration has: it tells this one from all others of its name.
        let seed = format!("{} {} {name} {}", asked.tenant, asked.requester.id, asked.now);
        let tag = format!("{TAG}:{}", Digest::of(seed.as_bytes()).short());
        let mut draft = Draft::of(name);
        if !wants.is_empty() {
            draft.notes.push(Note::new("app_needs_consent", &[("app", name)]));
        }
        let change = AppChange::RegisterApp {
            tenant: asked.tenant.clone(),
            name: name.to_owned(),
            tag,
            wants,
            redirects,
        };
        draft.step(change, &[("app", name)], shown).cannot_be_undone("app_stays");
        Ok(Planned::Changes(draft))
    }
}
