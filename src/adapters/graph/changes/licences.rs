//! Licences.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Calls, Door, Found, Read, With, known, user_path, user_read};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        refusals::{self, Meaning},
        shapes,
    },
    domain::{
        change::{LicenceChange, Sight},
        ids::{SkuId, UserId},
        trouble::Reason,
    },
};

impl Calls for LicenceChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let Self::SetLicences { user, .. } = self;
        Ok(vec![user_read(known(user)?)])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let Self::SetLicences { user, .. } = self;
        let (Some(body), Some(tenant)) = (found[0].one(), user.known().map(UserId::tenant)) else {
            return Ok(Sight::Missing);
        };
        Ok(Sight::Licences { held: shapes::licences(tenant, body)? })
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        let Self::SetLicences { user, add, remove } = self;
        let grant = |grant: &crate::domain::change::LicenceGrant| json!({ "skuId": grant.sku.guid(), "disabledPlans": grant.disabled_plans });
        let add: Vec<Value> = add.iter().map(grant).collect();
        let remove: Vec<Uuid> = remove.iter().map(SkuId::guid).collect();
        let body = json!({ "addLicenses": add, "removeLicenses": remove });
        let path = format!("{}/assignLicense", user_path(known(user)?));
        Ok(Door::Graph(Ask::of(Method::POST, path, Some(body))))
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        let Self::SetLicences { add, remove, .. } = self;
        if answer.status != 400 || !refusals::says(answer, "does not have a corresponding license")
        {
            return None;
        }
        // The call is all or nothing: only a single removal is so already.
        Some(if add.is_empty() && remove.len() == 1 {
            Meaning::AlreadySo
        } else {
            refusals::no(
                "a licence that should be taken is not held any more, so none was changed; \
                 look again and ask anew",
            )
        })
    }
}
