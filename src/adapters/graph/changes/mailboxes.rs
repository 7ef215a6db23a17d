//! Mailboxes: automatic replies through Graph, everything else through Exchange.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Behind, Calls, Door, Found, Read, With, known, user_path};
use crate::{
    adapters::{
        exchange::{Cmdlet, shapes as exchange},
        graph::{
            answer::{Answer, Ask},
            permissions::Reading,
            refusals::{self, Meaning},
            shapes,
            wire::encoded,
        },
    },
    domain::{
        change::{MailboxChange, Ref, Sight, mailboxes::seen},
        ids::{TenantId, UserId},
        mail::{ForwardTo, Mailbox, MailboxSort},
        trouble::Reason,
    },
    ports::hands::Output,
};

impl Calls for MailboxChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        Ok(match self {
            Self::SetAutomaticReplies { user, .. } => {
                let user = known(user)?;
                let path = format!("{}/mailboxSettings", user_path(user));
                vec![Read::one(user.tenant(), path, Reading::MAILBOX)]
            }
            Self::SetForwarding { user, forwarding } => {
                let mut reads = vec![mailbox_read(user)?];
                // A recipient is kept by a name of Exchange's own: whose name is it?
                if let Some(ForwardTo::Recipient(to)) = forwarding.as_ref().map(|f| &f.to) {
                    reads.push(Read::cmdlet(known(user)?.tenant(), Cmdlet::recipient(to)));
                }
                reads
            }
            Self::ConvertMailbox { user, .. }
            | Self::HideFromAddressLists { user, .. }
            | Self::DeleteSharedMailbox { user } => vec![mailbox_read(user)?],
            // Its account must have arrived in the directory: later steps go there.
            Self::CreateSharedMailbox { tenant, address, .. } => {
                let quoted = encoded(&address.replace('\'', "''"));
                let path = format!("/users?$filter=mail%20eq%20'{quoted}'&$select=id");
                vec![
                    Read::cmdlet(tenant, Cmdlet::mailbox_at(address)),
                    Read::list(tenant, path, 2, Reading::USERS),
                ]
            }
        })
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let Some(body) = found[0].one() else { return Ok(Sight::Missing) };
        if let Self::SetAutomaticReplies { .. } = self {
            return Ok(Sight::Replies { replies: shapes::replies(body)? });
        }
        let mailbox = exchange::mailbox(body);
        Ok(match self {
            Self::SetForwarding { forwarding, .. } => {
                let wanted = forwarding.as_ref().map(|forwarding| &forwarding.to);
                let target = found.get(1).and_then(|found| found.one());
                Sight::object([
                    (seen::FORWARDING, json!(forwards(&mailbox, wanted, target))),
                    (seen::KEEP_COPY, json!(mailbox.keeps_copy)),
                ])
            }
            Self::CreateSharedMailbox { tenant, .. } => made(tenant, body, &mailbox, found[1]),
            _ => Sight::object([
                (seen::SORT, json!(mailbox.sort)),
                (seen::HIDDEN, json!(mailbox.hidden)),
            ]),
        })
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        Ok(Door::Exchange(match self {
            Self::SetAutomaticReplies { user, replies } => {
                let path = format!("{}/mailboxSettings", user_path(known(user)?));
                let body = shapes::replies_body(replies);
                return Ok(Door::Graph(Ask::of(Method::PATCH, path, Some(body))));
            }
            Self::SetForwarding { user, forwarding } => {
                Cmdlet::set_forwarding(known(user)?, forwarding.as_ref())
            }
            Self::ConvertMailbox { user, sort } => Cmdlet::convert(known(user)?, *sort),
            Self::HideFromAddressLists { user, hidden } => Cmdlet::hide(known(user)?, *hidden),
            Self::CreateSharedMailbox { name, alias, address, .. } => {
                Cmdlet::new_shared(name, alias, address)
            }
            Self::DeleteSharedMailbox { user } => Cmdlet::remove_mailbox(known(user)?),
        }))
    }

    fn output(&self, answer: &Value) -> Output {
        match self {
            Self::CreateSharedMailbox { tenant, .. } => {
                let id = exchange::object_id(answer).map(|id| format!("{tenant}/{id}"));
                Output { id, secret: None }
            }
            _ => Output::default(),
        }
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        let replies = matches!(self, Self::SetAutomaticReplies { .. });
        (replies && answer.status == 404).then(|| Meaning::Refused(refusals::no_mailbox()))
    }

    fn behind_403(&self) -> Behind<'_> {
        Behind::Mailbox
    }
}

/// The read that the changes of one mailbox share.
pub(super) fn mailbox_read(user: &Ref<UserId>) -> Result<Read, Reason> {
    let user = known(user)?;
    Ok(Read::cmdlet(user.tenant(), Cmdlet::mailbox(user)))
}

/// Where it forwards to, in the words of the change when it is what the change wants.
fn forwards(
    mailbox: &Mailbox,
    wanted: Option<&ForwardTo>,
    target: Option<&Value>,
) -> Option<ForwardTo> {
    match (&mailbox.forwards_to_recipient, &mailbox.forwards_to_address) {
        (Some(name), _) => {
            let same = target.is_some_and(|target| exchange::is_called(target, name));
            Some(match wanted {
                Some(wanted) if same => wanted.clone(),
                _ => ForwardTo::Recipient(name.clone()),
            })
        }
        (None, Some(address)) => Some(ForwardTo::Address(address.clone())),
        (None, None) => None,
    }
}

/// A shared mailbox at the wanted address, once the directory knows its account too.
fn made(tenant: &TenantId, body: &Value, mailbox: &Mailbox, account: &Found) -> Sight {
    let there = account.one().is_some() && mailbox.sort == MailboxSort::Shared;
    let id = exchange::object_id(body).filter(|_| there).map(|id| format!("{tenant}/{id}"));
    let values = [(seen::SORT.to_owned(), json!(mailbox.sort))].into();
    Sight::Object { id, values }
}
