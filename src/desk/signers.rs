//! Whose signatures still count when a plan is carried out: rights are read again at the
//! run, at most 60 s old. Whoever left, was blocked, or is no approver any more has not signed.

use async_trait::async_trait;

use crate::{
    desk::Desk,
    domain::{
        decision::{Choice, Rule, Vote},
        ids::UserId,
        plan::Plan,
        request::Request,
        trouble::{Result, Trouble},
        users::User,
    },
    engine::Signers,
    policy,
    ports::store::StoreError,
};

#[async_trait]
impl Signers for Desk {
    async fn still(&self, request: &Request, plan: &Plan, votes: &[Vote]) -> Result<Vec<Vote>> {
        let recipients = plan.recipients().map(|recipient| &recipient.id);
        let (requester, subjects, recipients) = futures::try_join!(
            self.there(std::iter::once(&request.requester.id)),
            self.subjects(plan),
            self.there(recipients)
        )?;
        let concerned = Concerned { requester: requester.first(), subjects, recipients };
        let count = votes.iter().map(|vote| self.counts(vote, &concerned, (request, plan)));
        let count = futures::future::try_join_all(count).await?;
        let left = votes.iter().zip(count).filter(|(_, counts)| *counts);
        self.one_each(left.map(|(vote, _)| vote).collect()).await
    }
}

/// The people of a plan who never sign it and are still in the directory.
struct Concerned<'a> {
    requester: Option<&'a User>,
    subjects: Vec<User>,
    recipients: Vec<User>,
}

impl Desk {
    async fn counts(
        &self,
        vote: &Vote,
        concerned: &Concerned<'_>,
        (request, plan): (&Request, &Plan),
    ) -> Result<bool> {
        // A no stays a no, whoever said it.
        if vote.choice == Choice::Reject {
            return Ok(true);
        }
        if let Some(standing) = &vote.beforehand
            && !self.still_in_force(standing).await.map_err(unread)?
        {
            return Ok(false);
        }
        let Some(own) = self.standing(&vote.voter.id).await? else { return Ok(false) };
        let other = self.by_another_name((request, plan), &own, None).await.map_err(unread)?;
        if other.is_some() {
            return Ok(false);
        }
        if vote.emergency {
            let Concerned { requester, subjects, recipients } = concerned;
            let receives = recipients.iter().any(|user| policy::same_person(user, &own.user));
            let may = policy::may_sign_alone(&own, *requester, subjects, plan, &self.rules());
            return Ok(may.is_ok() && !receives);
        }
        // In another's place, if the operator still says so; its end is that of the signing.
        let who = match &vote.instead_of {
            None => own,
            Some(other) => {
                let instead = self.in_place_of(&own, vote.at).await?;
                let theirs = |who: &policy::Standing| {
                    who.stands_in.as_ref().is_some_and(|them| them.user.id == other.id)
                };
                let Some(who) = instead.into_iter().find(theirs) else { return Ok(false) };
                who
            }
        };
        let Concerned { requester, subjects, recipients } = concerned;
        let receives = recipients.iter().any(|user| policy::same_person(user, &who.user));
        let may =
            policy::may_still_decide(&who, *requester, subjects, (plan, vote.at), &self.rules());
        let as_signed = match (&plan.rule, &vote.capacity) {
            (Rule::Quorum(_), Some(capacity)) => {
                let signed = (plan, capacity, vote.at);
                policy::is_still(&who, *requester, subjects, signed, &self.rules())
            }
            (Rule::Quorum(_), None) => false,
            _ => true,
        };
        Ok(may.is_ok() && as_signed && !receives)
    }

    /// Whoever turns out to have signed with two accounts has signed once, with the first.
    async fn one_each(&self, votes: Vec<&Vote>) -> Result<Vec<Vote>> {
        let people = self.there(votes.iter().map(|vote| &vote.voter.id)).await?;
        let mut by_chat = Vec::new();
        for user in &people {
            by_chat.push((&user.id, self.same_by_chat(&user.id).await.map_err(unread)?));
        }
        let person = |vote: &Vote| people.iter().find(|user| user.id == vote.voter.id);
        let shares = |a: &User, b: &User| {
            by_chat.iter().any(|(who, others)| **who == a.id && others.contains(&b.id))
        };
        let same = |a: &Vote, b: &Vote| match (person(a), person(b)) {
            (Some(a), Some(b)) => policy::same_person(a, b) || shares(a, b),
            _ => false,
        };
        let mut left: Vec<Vote> = Vec::new();
        for vote in votes {
            let signs = vote.choice == Choice::Approve;
            let again = |known: &Vote| known.choice == Choice::Approve && same(known, vote);
            if !(signs && left.iter().any(again)) {
                left.push(vote.clone());
            }
        }
        Ok(left)
    }

    /// Those of these that are still in the directory.
    async fn there(&self, ids: impl Iterator<Item = &UserId>) -> Result<Vec<User>> {
        let found = futures::future::try_join_all(ids.map(|id| self.found(id))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn found(&self, id: &UserId) -> Result<Option<User>> {
        match self.user(id).await {
            Ok(user) => Ok(Some(user)),
            Err(Trouble::Refused(_)) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }
}

fn unread(error: StoreError) -> Trouble {
    Trouble::Unreachable { what: "the store", source: error.into() }
}
