//! One typed effect on a tenant, and what each kind of change needs and proves.
//!
//! Many actions share few changes: each is permitted, shown, made, read back and
//! tested once. A change says "set", never "toggle", so repeating it is safe
//! wherever [`Repeat`] says so.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    ids::{GroupId, SkuId, StepId, TenantId, UserId},
    users::{AutomaticReplies, GroupSort, Licence, PersonRef},
};

/// An object that is known, or that an earlier step of the same plan will make.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ref<T> {
    /// It exists.
    Known(T),
    /// It will be what `step` puts out under `output`.
    From {
        /// The step that makes it.
        step: StepId,
        /// The name of its output.
        output: String,
    },
}

impl<T> Ref<T> {
    /// The id, when it is known already.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(id) => Some(id),
            Self::From { .. } => None,
        }
    }
}

impl<T> From<T> for Ref<T> {
    fn from(id: T) -> Self {
        Self::Known(id)
    }
}

/// Who gets a secret, and how. Part of the plan, so it is shown and signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Who receives it. Never somebody who approved it.
    pub to: PersonRef,
    /// How.
    pub by: DeliveryWay,
}

/// How a secret reaches its recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryWay {
    /// A page that shows it once, its link sent as a direct message.
    OneTimeLink,
}

/// A licence to give, with the service plans to leave off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceGrant {
    /// Which.
    pub sku: SkuId,
    /// Service plans to switch off; assigning again replaces the list.
    pub disabled_plans: Vec<Uuid>,
}

/// One effect on a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// `accountEnabled = false`.
    DisableSignIn {
        /// Whose.
        user: Ref<UserId>,
    },
    /// `accountEnabled = true`.
    EnableSignIn {
        /// Whose.
        user: Ref<UserId>,
    },
    /// A generated password is set and delivered.
    SetPassword {
        /// Whose.
        user: Ref<UserId>,
        /// Must they choose their own at the next sign-in?
        must_change: bool,
        /// Who gets it.
        delivery: Delivery,
    },
    /// Every session and refresh token ends.
    RevokeSessions {
        /// Whose.
        user: Ref<UserId>,
    },
    /// Licences given and taken in one call, so that a swap needs no spare seat.
    SetLicences {
        /// Whose.
        user: Ref<UserId>,
        /// To give.
        add: Vec<LicenceGrant>,
        /// To take.
        remove: Vec<SkuId>,
    },
    /// Becomes a member.
    AddMember {
        /// Of which group.
        group: GroupId,
        /// Its sort: mail-enabled ones go through Exchange.
        sort: GroupSort,
        /// Who.
        user: Ref<UserId>,
    },
    /// Is no longer a member.
    RemoveMember {
        /// Of which group.
        group: GroupId,
        /// Its sort: mail-enabled ones go through Exchange.
        sort: GroupSort,
        /// Who.
        user: Ref<UserId>,
    },
    /// Automatic replies become this.
    SetAutomaticReplies {
        /// Whose mailbox.
        user: Ref<UserId>,
        /// The whole setting.
        replies: AutomaticReplies,
    },
}

/// A change's sort, with a stable name that is stored and audited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// [`Change::DisableSignIn`].
    DisableSignIn,
    /// [`Change::EnableSignIn`].
    EnableSignIn,
    /// [`Change::SetPassword`].
    SetPassword,
    /// [`Change::RevokeSessions`].
    RevokeSessions,
    /// [`Change::SetLicences`].
    SetLicences,
    /// [`Change::AddMember`].
    AddMember,
    /// [`Change::RemoveMember`].
    RemoveMember,
    /// [`Change::SetAutomaticReplies`].
    SetAutomaticReplies,
}

/// What a change's `done` rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The value itself is read back.
    State,
    /// A mark moved that moves only when this happens.
    Trace,
    /// Only the service's answer exists.
    Answer,
}

/// What may be done when nobody knows whether a started change happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Making it twice is the same as once.
    Idempotent,
    /// Read back first; repeat only when it is seen not to have happened.
    ReadFirst,
    /// Never repeated without a person.
    NeverBlind,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::DisableSignIn,
        Self::EnableSignIn,
        Self::SetPassword,
        Self::RevokeSessions,
        Self::SetLicences,
        Self::AddMember,
        Self::RemoveMember,
        Self::SetAutomaticReplies,
    ];

    /// The stable name, as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DisableSignIn => "disable_sign_in",
            Self::EnableSignIn => "enable_sign_in",
            Self::SetPassword => "set_password",
            Self::RevokeSessions => "revoke_sessions",
            Self::SetLicences => "set_licences",
            Self::AddMember => "add_member",
            Self::RemoveMember => "remove_member",
            Self::SetAutomaticReplies => "set_automatic_replies",
        }
    }

    /// What `done` rests on.
    pub fn evidence(self) -> Evidence {
        match self {
            Self::SetPassword | Self::RevokeSessions => Evidence::Trace,
            _ => Evidence::State,
        }
    }

    /// What may be done when its fate is unknown.
    pub fn repeat(self) -> Repeat {
        match self {
            Self::SetPassword | Self::RevokeSessions | Self::SetLicences => Repeat::ReadFirst,
            _ => Repeat::Idempotent,
        }
    }

    /// Ends somebody's access. Never held back by drift elsewhere.
    pub fn contains_access(self) -> bool {
        matches!(self, Self::DisableSignIn | Self::RevokeSessions)
    }

    /// How long read-back goes on before the step is in doubt, in seconds. Reads
    /// lag writes by seconds, licences and Exchange by minutes
    /// (Graph throttling and consistency notes, reference of August 2026).
    pub fn deadline_seconds(self) -> i64 {
        match self {
            Self::SetLicences => 300,
            Self::AddMember | Self::RemoveMember | Self::SetAutomaticReplies => 180,
            _ => 120,
        }
    }

    /// Graph application permissions that suffice, any one set of the list. The
    /// only place where a permission is written (Graph permissions, August 2026).
    /// `role:` entries are Entra roles of the service principal.
    pub fn permissions(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::DisableSignIn | Self::EnableSignIn => {
                &[&["User.EnableDisableAccount.All", "User.Read.All"], &["User.ReadWrite.All"]]
            }
            Self::SetPassword => {
                &[&["User-PasswordProfile.ReadWrite.All", "role:User Administrator"]]
            }
            Self::RevokeSessions => &[&["User.RevokeSessions.All"]],
            Self::SetLicences => &[&["LicenseAssignment.ReadWrite.All"]],
            Self::AddMember | Self::RemoveMember => &[&["GroupMember.ReadWrite.All"]],
            Self::SetAutomaticReplies => &[&["MailboxSettings.ReadWrite"]],
        }
    }
}

/// What a look at a change's object found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "saw", rename_all = "snake_case")]
pub enum Sight {
    /// A user's switches and marks.
    User {
        /// `accountEnabled`.
        enabled: bool,
        /// `lastPasswordChangeDateTime`.
        password_changed_at: Option<Timestamp>,
        /// `signInSessionsValidFromDateTime`.
        sessions_valid_from: Option<Timestamp>,
    },
    /// Whether the user is a direct member.
    Member {
        /// The answer.
        is: bool,
    },
    /// The licences held.
    Licences {
        /// All of them.
        held: Vec<Licence>,
    },
    /// The mailbox's automatic replies.
    Replies {
        /// The whole setting.
        replies: AutomaticReplies,
    },
    /// The object is not there.
    Missing,
}

impl Change {
    /// Its sort.
    pub fn kind(&self) -> Kind {
        match self {
            Self::DisableSignIn { .. } => Kind::DisableSignIn,
            Self::EnableSignIn { .. } => Kind::EnableSignIn,
            Self::SetPassword { .. } => Kind::SetPassword,
            Self::RevokeSessions { .. } => Kind::RevokeSessions,
            Self::SetLicences { .. } => Kind::SetLicences,
            Self::AddMember { .. } => Kind::AddMember,
            Self::RemoveMember { .. } => Kind::RemoveMember,
            Self::SetAutomaticReplies { .. } => Kind::SetAutomaticReplies,
        }
    }

    /// The user it is about.
    pub fn user(&self) -> &Ref<UserId> {
        match self {
            Self::DisableSignIn { user }
            | Self::EnableSignIn { user }
            | Self::SetPassword { user, .. }
            | Self::RevokeSessions { user }
            | Self::SetLicences { user, .. }
            | Self::AddMember { user, .. }
            | Self::RemoveMember { user, .. }
            | Self::SetAutomaticReplies { user, .. } => user,
        }
    }

    /// The tenant it happens in, when its object is known.
    pub fn tenant(&self) -> Option<&TenantId> {
        self.user().known().map(super::ids::ObjectId::tenant)
    }

    /// What it locks while it runs: one name per object.
    pub fn resources(&self) -> Vec<String> {
        self.user().known().map(|user| format!("user:{user}")).into_iter().collect()
    }

    /// Who gets a secret that this change makes.
    pub fn delivery(&self) -> Option<&Delivery> {
        match self {
            Self::SetPassword { delivery, .. } => Some(delivery),
            _ => None,
        }
    }

    /// Does what was seen show that the change holds? For a trace, the mark must
    /// have moved since `before`; no clocks of two machines are compared.
    pub fn holds(&self, before: Option<&Sight>, seen: &Sight) -> bool {
        match (self, seen) {
            (Self::DisableSignIn { .. }, Sight::User { enabled, .. }) => !enabled,
            (Self::EnableSignIn { .. }, Sight::User { enabled, .. }) => *enabled,
            (Self::SetPassword { .. }, Sight::User { password_changed_at: now, .. }) => {
                match before {
                    Some(Sight::User { password_changed_at: then, .. }) => now > then,
                    _ => false,
                }
            }
            (Self::RevokeSessions { .. }, Sight::User { sessions_valid_from: now, .. }) => {
                match before {
                    Some(Sight::User { sessions_valid_from: then, .. }) => now > then,
                    _ => false,
                }
            }
            (Self::SetLicences { add, remove, .. }, Sight::Licences { held }) => {
                let direct = |sku: &SkuId| held.iter().find(|l| l.sku == *sku && l.direct);
                add.iter().all(|grant| {
                    direct(&grant.sku)
                        .is_some_and(|l| same_set(&l.disabled_plans, &grant.disabled_plans))
                }) && remove.iter().all(|sku| direct(sku).is_none())
            }
            (Self::AddMember { .. }, Sight::Member { is }) => *is,
            (Self::RemoveMember { .. }, Sight::Member { is }) => !is,
            (Self::SetAutomaticReplies { replies: wanted, .. }, Sight::Replies { replies }) => {
                same_replies(wanted, replies)
            }
            _ => false,
        }
    }
}

fn same_set(a: &[Uuid], b: &[Uuid]) -> bool {
    a.iter().all(|x| b.contains(x)) && b.iter().all(|x| a.contains(x))
}

/// Exchange wraps a message in HTML of its own and keeps times to the second:
/// compared are the visible words, the status and the audience.
fn same_replies(wanted: &AutomaticReplies, seen: &AutomaticReplies) -> bool {
    use crate::domain::users::RepliesStatus::{Always, Between, Off};
    let same_status = match (&wanted.status, &seen.status) {
        (Off, Off) => return true,
        (Always, Always) => true,
        (Between { start: a, end: b }, Between { start: c, end: d }) => {
            a.as_second() == c.as_second() && b.as_second() == d.as_second()
        }
        _ => false,
    };
    same_status
        && wanted.audience == seen.audience
        && visible(&wanted.internal) == visible(&seen.internal)
        && visible(&wanted.external) == visible(&seen.external)
}

/// The words of a message, without tags, entities decoded, spaces collapsed.
pub fn visible(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                words.push(' ');
            }
            _ if !inside => words.push(c),
            _ => {}
        }
    }
    let words = words
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    let words = words.replace("&#39;", "'").replace("&amp;", "&");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
