//! What is asked one at a time: Conditional Access.
//!
//! The service answers one request a second for all applications of a tenant together, and
//! does not say how long to wait (Graph throttling limits), so we wait before we ask.

use std::{collections::HashMap, time::Duration};

use crate::{
    adapters::graph::{
        answer::{Ask, Outcome},
        client::Client,
    },
    domain::ids::TenantId,
};

/// Is it an address that is answered once a second?
pub(crate) fn is_paced(ask: &Ask) -> bool {
    ask.path
        .get(..27)
        .is_some_and(|start| start.eq_ignore_ascii_case("/identity/conditionalAccess"))
}

impl Client {
    /// Asks what is paced one at a time, and the rest in batches before it.
    pub(super) async fn paced(
        &self,
        tenant: &TenantId,
        which: &[usize],
        asks: &[Ask],
        write: bool,
    ) -> Vec<Outcome> {
        let (slow, quick): (Vec<usize>, Vec<usize>) =
            which.iter().copied().partition(|index| is_paced(&asks[*index]));
        let mut ended: HashMap<usize, Outcome> = HashMap::new();
        if !quick.is_empty() {
            let outcomes = self.at_once(tenant, &quick, asks, write).await;
            ended.extend(quick.into_iter().zip(outcomes));
        }
        let lane = self.lane(tenant);
        let patience = self.settings.limits.quota_wait_max.max(Duration::from_secs(1));
        for index in slow {
            let outcome = match lane.policies.take(1, patience).await {
                Err(wait) => Some(Outcome::Full(wait)),
                Ok(()) => self.at_once(tenant, &[index], asks, write).await.pop(),
            };
            ended.extend(outcome.map(|outcome| (index, outcome)));
        }
        let unasked = || Outcome::Lost(anyhow::anyhow!("no answer for this ask"));
        which.iter().map(|index| ended.remove(index).unwrap_or_else(unasked)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::is_paced;
    use crate::adapters::graph::answer::Ask;

    #[test]
    fn conditional_access_is_paced_and_nothing_else() {
        assert!(is_paced(&Ask::get("/identity/conditionalAccess/policies?$top=5")));
        assert!(is_paced(&Ask::get("/identity/conditionalaccess/namedLocations")));
        assert!(!is_paced(&Ask::get("/users/identity")));
        assert!(!is_paced(&Ask::get("/identity")));
    }
}
