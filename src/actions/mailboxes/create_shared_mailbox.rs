//! Make a shared mailbox: its sign-in blocked, its members let in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        mailboxes::delete_shared_mailbox::DeleteSharedMailbox,
        propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{
            AccountChange, Change, MailRightChange, MailboxChange, Ref, accounts, mail_rights,
            mailboxes,
        },
        ids::StepId,
        mail::MailRight,
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::User,
    },
    ports::world::World,
};

/// Create a shared mailbox.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSharedMailbox {
    /// What should it be called?
    pub display_name: String,
    /// Its address? Made from the name if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Who should be able to open it and send as it? Sign-in names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "person"))]
    pub members: Vec<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["create", "set", "want"], &["shared_mailbox"]).beside(&[
        "mailbox",
        "access",
        "full_access",
        "group",
        "members",
        "other",
    ])],
    slots: &[
        ("display_name", Slot::Name),
        ("address", Slot::NewAddress),
        ("members", Slot::Members),
    ],
    examples: &[
        "create a shared mailbox called \"Trade Shows\"",
        "please set up a shared mailbox \"Trade Shows\" tradeshows@contoso.com and give Megan Bowen access",
        "we need a new shared mailbox named \"Trade Shows\"",
    ],
};

/// Exchange's longest alias and name (learn.microsoft.com, `New-Mailbox`).
const NAME_CHARS_MAX: usize = 64;
/// Members let in by one request.
const MEMBERS_MAX: usize = 50;

impl Action for CreateSharedMailbox {
    const ABOUT: About = About {
        id: "create_shared_mailbox",
        title: "Create a shared mailbox",
        area: Area::Mailboxes,
        risk: Risk::Write,
        may: &[
            mailboxes::CREATE_SHARED_MAILBOX,
            accounts::DISABLE_SIGN_IN,
            mail_rights::GRANT_MAIL_RIGHT,
        ],
        care: Care::Usual,
        undone_by: &["delete_shared_mailbox"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            display_name: "Trade Shows".to_owned(),
            address: Some("tradeshows@contoso.com".to_owned()),
            members: vec!["john.doe@contoso.com".to_owned()],
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let name = self.display_name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            let why = format!("it has 1 to {NAME_CHARS_MAX} characters");
            return Err(wrong("display_name", why).into());
        }
        if self.members.len() > MEMBERS_MAX {
            let what = format!("at most {MEMBERS_MAX} members are let in at once");
            return Err(Reason::TooMuch { what }.into());
        }
        let domains = look.accepted_domains(&asked.tenant).await?;
        let address = self.wanted_address(name, asked, &domains)?;
        if let Some(taken) = look.recipient(&asked.tenant, &address).await? {
            let what = format!("the address {address} belongs to {} already", taken.name);
            return Err(Reason::NotPossible { what }.into());
        }
        let mut members = Vec::new();
        for said in &self.members {
            members.push(look::mail::owner(look, asked, said).await?);
        }
        Ok(Planned::Changes(draft(asked, name, &address, &members)))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let made = done.iter().find_map(|(step, run)| match (&step.change, run.state) {
            (
                Change::Mailbox(MailboxChange::CreateSharedMailbox { address, .. }),
                StepState::Done,
            ) => Some(address.clone()),
            _ => None,
        });
        made.map(|mailbox| propose(&DeleteSharedMailbox { mailbox })).into_iter().collect()
    }
}

impl CreateSharedMailbox {
    /// As said, or the name in the requester's own domain.
    fn wanted_address(
        &self,
        name: &str,
        asked: &Asked,
        domains: &[String],
    ) -> Result<String, Reason> {
        if let Some(said) = &self.address {
            let address = said.trim().to_lowercase();
            let (alias, domain) = address
                .split_once('@')
                .ok_or_else(|| wrong("address", "it is no mail address".to_owned()))?;
            if !is_alias(alias) {
                return Err(wrong("address", "it is no mail address".to_owned()));
            }
            if look::mail::is_outside(&address, domains) {
                let what = format!("the domain {domain} does not belong to the tenant");
                return Err(Reason::NotPossible { what });
            }
            return Ok(address);
        }
        let alias: String = name
            .split_whitespace()
            .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(".")
            .to_lowercase();
        if !is_alias(&alias) {
            let why = "it cannot be made from this name; name the address too".to_owned();
            return Err(wrong("address", why));
        }
        let own = asked.requester.upn.as_str().rsplit('@').next().unwrap_or_default();
        let domain = domains.iter().find(|domain| domain.eq_ignore_ascii_case(own));
        let domain = domain.or_else(|| domains.first()).map_or(own, String::as_str);
        Ok(format!("{alias}@{domain}"))
    }
}

fn wrong(field: &str, why: String) -> Reason {
    Reason::WrongArgument { field: field.to_owned(), why }
}

fn is_alias(alias: &str) -> bool {
    !alias.is_empty()
        && alias.len() <= NAME_CHARS_MAX
        && !alias.starts_with('.')
        && !alias.ends_with('.')
        && alias.chars().all(|c| c.is_ascii_alphanumeric() || "._-&+'".contains(c))
}

/// Made, its sign-in blocked (a new one may sign in), then everybody let in.
fn draft(asked: &Asked, name: &str, address: &str, members: &[User]) -> Draft {
    let alias = address.split('@').next().unwrap_or_default();
    let mut draft = Draft { objects: vec![name.to_owned()], ..Draft::default() };
    draft.subjects = members.iter().map(User::to_ref).collect();
    draft.step(
        MailboxChange::CreateSharedMailbox {
            tenant: asked.tenant.clone(),
            name: name.to_owned(),
            alias: alias.to_owned(),
            address: address.to_owned(),
        },
        &[("mailbox", name), ("address", address)],
        vec![Value::new("mail_address", "=none", address)],
    );
    let first = StepId(1);
    draft
        .step(
            AccountChange::DisableSignIn { user: Ref::made_by(first) },
            &[("user", name)],
            vec![Value::new("sign_in", "=allowed", "=blocked")],
        )
        .needing(&[first]);
    for member in members {
        for right in [MailRight::FullAccess, MailRight::SendAs] {
            draft
                .step(
                    MailRightChange::GrantMailRight {
                        mailbox: Ref::made_by(first),
                        user: member.id.clone(),
                        right,
                        auto_mapping: right == MailRight::FullAccess,
                    },
                    &[("user", &member.name), ("mailbox", name), ("right", right.word())],
                    vec![Value::new("right", "=none", right.word())],
                )
                .needing(&[first]);
        }
    }
    if members.is_empty() {
        draft.notes.push(Note::new("shared_without_members", &[("mailbox", name)]));
    }
    draft
}
