//! Show a mailbox: who may open it and send for it, its size, forwarding, holds, archive
//! and retention.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        mailboxes::{forwarding, rights::ON_BEHALF_MAX},
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        mail::Mailbox,
        message::FactsView,
        trouble::Result,
    },
    ports::world::World,
};

/// Show a mailbox and its permissions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListMailboxPermissions {
    /// Which mailbox? A sign-in name or its address.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["show", "who", "ask"], &["full_access", "send_as", "on_behalf"]).beside(&[
            "mailbox",
            "access",
            "shared_mailbox",
            "details",
        ]),
        Frame::of(&["who"], &["mailbox", "shared_mailbox"]).beside(&["access", "full_access"]),
        Frame::of(&["show", "ask"], &["mailbox_facts"]).beside(&[
            "mailbox",
            "shared_mailbox",
            "details",
            "hold",
        ]),
    ],
    slots: &[("mailbox", Slot::Mailbox)],
    examples: &[
        "show the mailbox permissions of megan.bowen@contoso.com",
        "who has access to Megan Bowen's mailbox?",
        "show the mailbox size of Megan Bowen",
    ],
};

/// Names shown of one list.
const SHOWN_MAX: usize = 40;

impl Action for ListMailboxPermissions {
    const ABOUT: About = About {
        id: "list_mailbox_permissions",
        title: "Show a mailbox and its permissions",
        area: Area::Mailboxes,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: super::READS,
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { mailbox: "info@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let (user, mailbox) = look::mail::mailbox(look, asked, &self.mailbox).await?;
        let rights = look.mail_rights(&user.id).await?.unwrap_or_default();
        let mut on_behalf = Vec::new();
        for name in mailbox.on_behalf.iter().take(ON_BEHALF_MAX) {
            let found = look.recipient(&asked.tenant, name).await?;
            on_behalf.push(found.map_or_else(|| name.clone(), |found| look::mail::named(&found)));
        }
        let forwards = forwarding::now(look, asked, &mailbox).await?;
        let mut facts = facts(&mailbox);
        match forwards {
            Some(to) => {
                facts.push(("forwards_to".to_owned(), to.shown.clone()));
                facts.push(("lies".to_owned(), to.lies().to_owned()));
                let copy = if mailbox.keeps_copy { "=yes" } else { "=no" };
                facts.push(("copy_stays".to_owned(), copy.to_owned()));
            }
            None => facts.push(("forwards_to".to_owned(), "=nobody".to_owned())),
        }
        let mut more = 0;
        let mut list = |name: &str, all: Vec<String>| {
            more += all.len().saturating_sub(SHOWN_MAX);
            (name.to_owned(), all.into_iter().take(SHOWN_MAX).collect::<Vec<_>>())
        };
        let lists = vec![
            list("full_access", rights.full_access),
            list("send_as", rights.send_as),
            list("send_on_behalf", on_behalf),
            list("access_denied", rights.denied),
        ];
        Ok(Planned::Facts(FactsView {
            action: "list_mailbox_permissions".to_owned(),
            title: user.name.clone(),
            subtitle: Some(mailbox.address.clone()),
            facts,
            lists: lists.into_iter().filter(|(_, all)| !all.is_empty()).collect(),
            table: None,
            more: u32::try_from(more).unwrap_or(u32::MAX),
            next: None,
        }))
    }
}

fn facts(mailbox: &Mailbox) -> Vec<(String, String)> {
    let yes = |yes: bool| (if yes { "=yes" } else { "=no" }).to_owned();
    let size = mailbox.bytes.map_or_else(|| "=unknown".to_owned(), look::mail::gigabytes);
    let hold = match &mailbox.hold {
        None if mailbox.other_holds > 0 => "=other_hold".to_owned(),
        None => "=none".to_owned(),
        Some(hold) => {
            hold.days.map_or_else(|| "=hold_without_end".to_owned(), |days| format!("{days} d"))
        }
    };
    let policy = mailbox.retention_policy.clone().unwrap_or_else(|| "=none".to_owned());
    let mut facts = vec![
        ("mailbox_sort", mailbox.sort.word().to_owned()),
        ("mailbox_size", size),
        ("hidden", yes(mailbox.hidden)),
        ("litigation_hold", hold),
        ("archive", yes(mailbox.archive)),
        ("retention_policy", policy),
    ];
    if mailbox.synced {
        facts.push(("synced", yes(true)));
    }
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
