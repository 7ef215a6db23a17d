//! Rights on mailboxes. One person's entry is read, not the whole list.

use serde_json::json;

use super::{Calls, Door, Found, Read, With, known, mailboxes::mailbox_read};
use crate::{
    adapters::exchange::{Cmdlet, shapes as exchange},
    domain::{
        change::{MailRightChange, Ref, Sight, mail_rights::HELD},
        ids::UserId,
        mail::MailRight,
        trouble::Reason,
    },
};

impl MailRightChange {
    fn parts(&self) -> (&Ref<UserId>, &UserId, MailRight) {
        let (Self::GrantMailRight { mailbox, user, right, .. }
        | Self::RevokeMailRight { mailbox, user, right }) = self;
        (mailbox, user, *right)
    }
}

impl Calls for MailRightChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let (mailbox, user, right) = self.parts();
        let (id, who) = (known(mailbox)?, user.guid());
        let read = |cmdlet| Read::cmdlet(user.tenant(), cmdlet);
        Ok(match right {
            MailRight::FullAccess => vec![read(Cmdlet::access(id, Some(who)))],
            MailRight::SendAs => vec![read(Cmdlet::senders(id, Some(who)))],
            MailRight::SendOnBehalf => {
                let trustee = read(Cmdlet::recipient(&who.hyphenated().to_string()));
                vec![mailbox_read(mailbox)?, trustee]
            }
        })
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let (_, _, right) = self.parts();
        let Some(entries) = found[0].many() else { return Ok(Sight::Missing) };
        let held = match right {
            MailRight::FullAccess => entries.iter().any(exchange::gives_full_access),
            MailRight::SendAs => entries.iter().any(exchange::gives_send_as),
            MailRight::SendOnBehalf => {
                let trustee = found[1].one();
                let names = entries.first().map(|body| exchange::mailbox(body).on_behalf);
                let names = names.unwrap_or_default();
                trustee.is_some_and(|trustee| {
                    names.iter().any(|name| exchange::is_called(trustee, name))
                })
            }
        };
        Ok(Sight::object([(HELD, json!(held))]))
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        let (mailbox, user, right) = self.parts();
        let (mailbox, who) = (known(mailbox)?, user.guid());
        Ok(Door::Exchange(match self {
            Self::GrantMailRight { auto_mapping, .. } => {
                Cmdlet::grant(mailbox, who, right, *auto_mapping)
            }
            Self::RevokeMailRight { .. } => Cmdlet::revoke(mailbox, who, right),
        }))
    }
}
