//! The ways to more rights that a plan opens beside what it says. What they take, policy says.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    config,
    desk::Desk,
    domain::{
        area::Area,
        ca_policy::PolicyState,
        change::{Change, GroupChange, accounts::DISABLE_SIGN_IN},
        ids::{GroupId, StepId, UserId},
        plan::Step,
        trouble::Result,
    },
    policy::Path,
};

impl Desk {
    /// The ways to more rights that a plan opens: through a group, or into the account of
    /// somebody who signs here.
    pub(super) async fn paths(&self, steps: &[Step]) -> Result<Vec<Path>> {
        let (groups, signers) =
            futures::try_join!(self.through_groups(steps), self.to_signers(steps))?;
        Ok([groups, signers].concat())
    }

    /// Those who sign here and into whose account a plan opens a way: whoever got in could sign
    /// in their name. What is only done once the account is closed opens none, also when steps
    /// are unticked: it goes with the step that it needs.
    async fn to_signers(&self, steps: &[Step]) -> Result<Vec<Path>> {
        let blocks: BTreeSet<(StepId, &UserId)> = steps
            .iter()
            .filter(|step| step.change.kind() == DISABLE_SIGN_IN)
            .filter_map(|step| Some((step.id, step.change.user()?.known()?)))
            .collect();
        let opened: BTreeSet<&UserId> = steps
            .iter()
            .filter(|step| step.change.kind().opens_account())
            .filter_map(|step| {
                let user = step.change.user()?.known()?;
                let closed = step.needs.iter().any(|needed| blocks.contains(&(*needed, user)));
                (!closed).then_some(user)
            })
            .collect();
        let found =
            futures::future::try_join_all(opened.into_iter().map(|user| self.standing(user)))
                .await?;
        let signers = found.into_iter().flatten().filter(|standing| self.rules().signs(standing));
        Ok(signers.map(|standing| Path::into_signer(standing.user.name)).collect())
    }

    /// Groups that a plan lets somebody into and that give more than membership: admin roles, a
    /// say in what runs here, or a way past Conditional Access.
    async fn through_groups(&self, steps: &[Step]) -> Result<Vec<Path>> {
        let entered: BTreeSet<&GroupId> =
            steps.iter().filter_map(|step| entered(&step.change)).collect();
        if entered.is_empty() {
            return Ok(Vec::new());
        }
        let mut ours = self.rules().groups();
        ours.retain(|group| *group.tenant() == self.tenant);
        let left_out = self.left_out().await?;
        let looked = entered.into_iter().map(|id| self.path(id, &ours, &left_out));
        Ok(futures::future::try_join_all(looked).await?.into_iter().flatten().collect())
    }

    /// What a group gives besides membership. Nothing nests in a group that gives admin roles
    /// (learn.microsoft.com/entra, "Use Microsoft Entra groups to manage role assignments").
    async fn path(
        &self,
        id: &GroupId,
        ours: &[GroupId],
        left_out: &[(GroupId, String)],
    ) -> Result<Option<Path>> {
        let Some(group) = self.directory.group_with_id(id).await? else { return Ok(None) };
        let mut telling: Vec<GroupId> = ours.to_vec();
        telling.extend(left_out.iter().map(|(group, _)| group.clone()));
        let mut within = self.directory.groups_around(id, &telling).await?;
        within.push(id.clone());
        let past = left_out.iter().find(|(group, _)| within.contains(group));
        let gives = if within.iter().any(|group| ours.contains(group)) {
            "its members ask for or sign requests here".to_owned()
        } else if group.role_assignable {
            "its members can be given admin roles".to_owned()
        } else if let Some((_, policy)) = past {
            format!("the Conditional Access policy {policy} leaves its members out")
        } else {
            return Ok(None);
        };
        Ok(Some(Path::through_group(group.name, gives)))
    }

    /// The groups that enforced Conditional Access policies leave out, with the policy's name.
    /// Only where that permission group is switched on: else nobody gave the right to look.
    async fn left_out(&self) -> Result<Vec<(GroupId, String)>> {
        if self.rules().area(Area::ConditionalAccess).access == config::Access::Disabled {
            return Ok(Vec::new());
        }
        let policies = self.directory.ca_policies(&self.tenant).await?;
        let enforced = policies.iter().filter(|policy| policy.state == PolicyState::Enabled);
        let groups = enforced.flat_map(|policy| {
            let listed = &policy.definition.get("conditions").unwrap_or(&Value::Null)["users"];
            let ids = listed["excludeGroups"].as_array().into_iter().flatten();
            let ids = ids.filter_map(|id| id.as_str()?.parse::<uuid::Uuid>().ok());
            ids.map(|id| (self.tenant.object(id), policy.name.clone()))
        });
        Ok(groups.collect())
    }
}

/// The group that somebody, or another group, becomes a member of, or somebody an owner,
/// who may let themselves in.
fn entered(change: &Change) -> Option<&GroupId> {
    match change {
        Change::Group(
            GroupChange::AddMember { group, .. }
            | GroupChange::AddOwner { group, .. }
            | GroupChange::NestGroup { group, .. },
        ) => group.known(),
        _ => None,
    }
}
