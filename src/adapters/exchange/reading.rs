//! [`Mailboxes`] and [`MailFlow`]: looks, through cmdlets that only read.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde_json::Value;

use super::{Cmdlet, shapes, unreachable};
use crate::{
    adapters::graph::Microsoft,
    domain::{
        ids::{TenantId, UserId},
        mail::{
            AutoForwarding, FlowSettings, InboxRule, MailRights, Mailbox, Recipient, RecipientSort,
            RetentionPolicy, Search, TransportRule,
        },
        trouble::Result,
    },
    ports::{mail_flow::MailFlow, mailboxes::Mailboxes},
};

/// Inbox rules given of one mailbox; Exchange keeps some hundred of them (256 KB).
const RULES_MAX: usize = 500;
/// Names of the address book looked up for the rules of one mailbox.
const NAMES_MAX: usize = 50;
/// Transport rules of a tenant (learn.microsoft.com, Exchange Online limits).
const TRANSPORT_RULES_MAX: usize = 300;

#[async_trait]
impl Mailboxes for Microsoft {
    async fn recipient(&self, tenant: &TenantId, identity: &str) -> Result<Option<Recipient>> {
        let values = self.output(tenant, Cmdlet::recipient(identity)).await?;
        Ok(values.unwrap_or_default().first().and_then(shapes::recipient))
    }

    async fn recipients(&self, tenant: &TenantId, search: &Search) -> Result<Vec<Recipient>> {
        let kinds = RecipientSort::ALL.iter().find(|(sort, _)| Some(*sort) == search.sort);
        let kinds = kinds.map_or(&[][..], |(_, kinds)| kinds);
        let values = self.output(tenant, Cmdlet::recipients(search, kinds)).await?;
        let mut all: Vec<Recipient> =
            values.unwrap_or_default().iter().filter_map(shapes::recipient).collect();
        all.truncate(search.limit);
        Ok(all)
    }

    async fn mailbox_of(&self, user: &UserId) -> Result<Option<Mailbox>> {
        let cmdlets = [Cmdlet::mailbox(user), Cmdlet::statistics(user)];
        let mut outputs = self.exchange.values(user.tenant(), &cmdlets).await.into_iter();
        let Some(found) = outputs.next().transpose()?.flatten() else { return Ok(None) };
        // A mailbox nobody has opened yet has no statistics.
        let size = outputs.next().and_then(Result::ok).flatten();
        let bytes = size.and_then(|values| values.first().and_then(shapes::bytes));
        Ok(found.first().map(|body| Mailbox { bytes, ..shapes::mailbox(body) }))
    }

    async fn mail_rights(&self, user: &UserId) -> Result<Option<MailRights>> {
        let cmdlets = [Cmdlet::access(user, None), Cmdlet::senders(user, None)];
        let mut outputs = self.exchange.values(user.tenant(), &cmdlets).await.into_iter();
        let mut next = || outputs.next().transpose().map(Option::flatten);
        let (Some(access), Some(senders)) = (next()?, next()?) else { return Ok(None) };
        Ok(Some(MailRights {
            full_access: shapes::trustees(&access, shapes::gives_full_access, "User"),
            denied: shapes::trustees(&access, shapes::denies_full_access, "User"),
            send_as: shapes::trustees(&senders, shapes::gives_send_as, "Trustee"),
        }))
    }

    async fn inbox_rules(&self, user: &UserId) -> Result<Option<Vec<InboxRule>>> {
        let tenant = user.tenant();
        let Some(values) = self.output(tenant, Cmdlet::inbox_rules(user)).await? else {
            return Ok(None);
        };
        let mut rules: Vec<InboxRule> = values.iter().filter_map(shapes::rule).collect();
        rules.truncate(RULES_MAX);
        self.find_out(tenant, &mut rules).await?;
        Ok(Some(rules))
    }

    async fn accepted_domains(&self, tenant: &TenantId) -> Result<Vec<String>> {
        let values = self.output(tenant, Cmdlet::accepted_domains()).await?.unwrap_or_default();
        let names = values.iter().filter_map(|value| value["DomainName"].as_str());
        Ok(names.map(str::to_lowercase).collect())
    }
}

#[async_trait]
impl MailFlow for Microsoft {
    async fn transport_rules(&self, tenant: &TenantId) -> Result<Vec<TransportRule>> {
        let values = self.output(tenant, Cmdlet::transport_rules()).await?.unwrap_or_default();
        let mut rules: Vec<TransportRule> =
            values.iter().filter_map(shapes::transport_rule).collect();
        rules.sort_by_key(|rule| rule.priority);
        rules.truncate(TRANSPORT_RULES_MAX);
        Ok(rules)
    }

    async fn flow_settings(&self, tenant: &TenantId) -> Result<FlowSettings> {
        let cmdlets =
            [Cmdlet::accepted_domains(), Cmdlet::outbound_policies(), Cmdlet::remote_domains()];
        let mut outputs = self.exchange.values(tenant, &cmdlets).await.into_iter();
        let mut next = || -> Result<Vec<Value>> {
            Ok(outputs.next().transpose()?.flatten().unwrap_or_default())
        };
        let (domains, policies, remote) = (next()?, next()?, next()?);
        let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
        // The policy that holds where no other is named.
        let policy = policies.iter().find(|policy| policy["IsDefault"] == true);
        let policy = policy
            .or_else(|| policies.first())
            .ok_or_else(|| unreachable(anyhow::anyhow!("no outbound spam policy")))?;
        let named = |domain: &Value| (text(domain, "DomainName"), text(domain, "DomainType"));
        Ok(FlowSettings {
            domains: domains.iter().map(named).collect(),
            outbound: (
                text(policy, "Identity"),
                AutoForwarding::of(&text(policy, "AutoForwardingMode")),
            ),
            remote_forwarding: remote
                .iter()
                .find(|domain| domain["DomainName"] == "*")
                .is_none_or(|domain| domain["AutoForwardEnabled"] != false),
        })
    }

    async fn retention_policies(&self, tenant: &TenantId) -> Result<Vec<RetentionPolicy>> {
        let values = self.output(tenant, Cmdlet::retention_policies()).await?.unwrap_or_default();
        Ok(values.iter().filter_map(shapes::retention_policy).collect())
    }
}

impl Microsoft {
    /// What one reading cmdlet puts out; `None` where the object is not there.
    async fn output(&self, tenant: &TenantId, cmdlet: Cmdlet) -> Result<Option<Vec<Value>>> {
        let output = self.exchange.values(tenant, &[cmdlet]).await.pop();
        output.unwrap_or_else(|| Err(unreachable(anyhow::anyhow!("no output"))))
    }

    /// Whose address a rule's target has, when the rule keeps a name of the address book.
    async fn find_out(&self, tenant: &TenantId, rules: &mut [InboxRule]) -> Result<()> {
        let targets = rules.iter().flat_map(|rule| &rule.targets);
        let unknown = targets.filter(|target| target.address.is_none());
        let names: BTreeSet<String> = unknown.map(|target| target.name.clone()).collect();
        let names: Vec<String> = names.into_iter().take(NAMES_MAX).collect();
        let cmdlets: Vec<Cmdlet> = names.iter().map(|name| Cmdlet::recipient(name)).collect();
        if cmdlets.is_empty() {
            return Ok(());
        }
        let mut known = BTreeMap::new();
        for (name, values) in names.into_iter().zip(self.exchange.values(tenant, &cmdlets).await) {
            if let Some(found) = values?.unwrap_or_default().first().and_then(shapes::recipient) {
                known.insert(name, found);
            }
        }
        for target in rules.iter_mut().flat_map(|rule| &mut rule.targets) {
            if let Some(found) = known.get(&target.name).filter(|_| target.address.is_none()) {
                target.address =
                    Some(found.outside.clone().unwrap_or_else(|| found.address.clone()));
                target.name.clone_from(&found.name);
            }
        }
        Ok(())
    }
}
