//! Delete a domain that nothing needs any more.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        wording::{Frame, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{DomainChange, domains::DELETE_DOMAIN},
        plan::{Draft, Value},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Delete a domain of the tenant, when nothing uses it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteDomain {
    /// Which domain?
    pub domain: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["delete", "take"], &["domain"])],
    slots: &[],
    examples: &[
        "delete the domain contoso.co.uk",
        "remove domain contoso.co.uk",
        "please delete domain contoso.co.uk from our tenant",
    ],
};

/// Names shown of those who stand in the way.
const NAMES_MAX: usize = 5;

impl Action for DeleteDomain {
    const ABOUT: About = About {
        id: "delete_domain",
        title: "Delete a domain",
        area: Area::Domains,
        risk: Risk::Destructive,
        care: Care::Blocked,
        may: &[DELETE_DOMAIN],
        undone_by: &[],
        reads: &["Domain.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { domain: "contoso.co.uk".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let wanted = self.domain.trim().trim_end_matches('.').to_lowercase();
        let all = look.domains(&asked.tenant).await?;
        let found = all.iter().find(|domain| domain.name.to_lowercase() == wanted);
        let found = found.ok_or_else(|| Reason::NoSuchThing {
            what: "=domain".to_owned(),
            name: wanted.chars().take(120).collect(),
        })?;
        let no = |what: String| Reason::NotPossible { what };
        if found.initial {
            let what = format!("{wanted} is the initial domain, which stays with the tenant");
            return Err(no(what).into());
        }
        if found.default {
            let what =
                format!("{wanted} is the default domain; make another one the default first");
            return Err(no(what).into());
        }
        let users = look.users_in(&asked.tenant, &found.name).await?;
        if !users.is_empty() {
            let some = users.iter().take(NAMES_MAX).cloned().collect::<Vec<_>>().join(", ");
            let more = if users.len() > NAMES_MAX { " and others" } else { "" };
            let what = format!(
                "{wanted} is still used by {some}{more}; move them to another domain first \
                 (nothing is forced here)"
            );
            return Err(no(what).into());
        }
        let mut draft = Draft::of(&*found.name);
        let change =
            DomainChange::DeleteDomain { tenant: asked.tenant.clone(), domain: found.name.clone() };
        let verified = if found.verified { "=yes" } else { "=no" };
        draft
            .step(
                change,
                &[("domain", &found.name)],
                vec![Value::new("domain_verified", verified, "=none")],
            )
            .cannot_be_undone("domain_gone");
        Ok(Planned::Changes(draft))
    }
}
