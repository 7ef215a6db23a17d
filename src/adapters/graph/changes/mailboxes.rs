//! Mailboxes: automatic replies.

use reqwest::Method;

use super::{Behind, Calls, Door, Found, Read, With, known, user_path};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
        shapes,
    },
    domain::{
        change::{MailboxChange, Sight},
        trouble::Reason,
    },
};

impl Calls for MailboxChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let Self::SetAutomaticReplies { user, .. } = self;
        let user = known(user)?;
        let path = format!("{}/mailboxSettings", user_path(user));
        Ok(vec![Read::one(user.tenant(), path, Reading::MAILBOX)])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let Some(body) = found[0].one() else { return Ok(Sight::Missing) };
        Ok(Sight::Replies { replies: shapes::replies(body)? })
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        let Self::SetAutomaticReplies { user, replies } = self;
        let path = format!("{}/mailboxSettings", user_path(known(user)?));
        let body = shapes::replies_body(replies);
        Ok(Door::Graph(Ask::of(Method::PATCH, path, Some(body))))
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        (answer.status == 404).then(|| Meaning::Refused(refusals::no_mailbox()))
    }

    fn behind_403(&self) -> Behind<'_> {
        Behind::Mailbox
    }
}
