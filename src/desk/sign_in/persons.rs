//! Two directory accounts behind one chat account are one person: whoever asked or is spoken
//! of does not sign under another name, now or later.

use std::collections::BTreeSet;

use crate::{
    desk::Desk,
    domain::{
        chat::ChatUser,
        decision::{Rule, Vote},
        ids::UserId,
        plan::Plan,
        request::Request,
        sign_in::same_account,
        trouble::Reason,
    },
    policy::Standing,
    ports::store::StoreError,
};

/// So many accounts of one person are followed.
const ACCOUNTS_MAX: usize = 16;

impl Desk {
    /// Everybody behind a chat account of this person, and so on: without themselves.
    pub(in crate::desk) async fn same_by_chat(
        &self,
        who: &UserId,
    ) -> Result<BTreeSet<UserId>, StoreError> {
        let mut found = BTreeSet::from([who.clone()]);
        let mut open = vec![who.clone()];
        while let Some(one) = open.pop() {
            for other in self.store.shared_with(&one).await? {
                if found.len() < ACCOUNTS_MAX && found.insert(other.clone()) {
                    open.push(other);
                }
            }
        }
        found.remove(who);
        Ok(found)
    }

    /// Why this person may not sign it now, because of who else they are: it is their own, or they
    /// signed it already.
    pub(in crate::desk) async fn elsewhere(
        &self,
        about: (&Request, &Plan),
        (who, from): (&Standing, &ChatUser),
        votes: &[Vote],
    ) -> Result<Option<Reason>, StoreError> {
        if let Some(reason) = self.by_another_name(about, who, Some(from)).await? {
            return Ok(Some(reason));
        }
        let others = self.same_by_chat(&who.user.id).await?;
        let again = votes.iter().any(|vote| others.contains(&vote.voter.id));
        Ok(again.then_some(Reason::VotedAlready))
    }

    /// Why this person may not sign it, because of who else they are. `from`: the chat account
    /// that does.
    pub(in crate::desk) async fn by_another_name(
        &self,
        (request, plan): (&Request, &Plan),
        who: &Standing,
        from: Option<&ChatUser>,
    ) -> Result<Option<Reason>, StoreError> {
        if plan.rule == Rule::Confirm {
            return Ok(None);
        }
        // Whoever that account was when it asked.
        if from.is_some_and(|from| same_account(from, &request.origin.by)) {
            return Ok(Some(Reason::OwnRequest));
        }
        let mut others = self.same_by_chat(&who.user.id).await?;
        if let Some(instead_of) = &who.stands_in {
            others.extend(self.same_by_chat(&instead_of.user.id).await?);
        }
        Ok(if others.contains(&request.requester.id) {
            Some(Reason::OwnRequest)
        } else if plan.subjects.iter().any(|subject| others.contains(&subject.id)) {
            Some(Reason::AboutYou)
        } else if plan.recipients().any(|recipient| others.contains(&recipient.id)) {
            Some(Reason::WouldReceiveSecret)
        } else {
            None
        })
    }
}
