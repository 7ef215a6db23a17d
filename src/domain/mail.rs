//! What Exchange says about mailboxes, their rights and rules, and how mail flows;
//! and what somebody who leaves hands over.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A shared mailbox above this size, in bytes, needs a licence (50 GB;
/// learn.microsoft.com/microsoft-365/admin/email/about-shared-mailboxes).
pub const UNLICENSED_BYTES_MAX: u64 = 50 * (1 << 30);

/// Where mail goes on to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForwardTo {
    /// A recipient of the organisation, by its primary address (`ForwardingAddress`).
    Recipient(String),
    /// Any address, whether anybody knows it or not (`ForwardingSmtpAddress`).
    Address(String),
}

impl ForwardTo {
    /// The address, in small letters.
    pub fn address(&self) -> &str {
        match self {
            Self::Recipient(address) | Self::Address(address) => address,
        }
    }
}

/// A mailbox's forwarding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarding {
    /// Where to.
    pub to: ForwardTo,
    /// Does a copy stay (`DeliverToMailboxAndForward`)?
    pub keep_copy: bool,
}

/// What sort of mailbox it is (`RecipientTypeDetails`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxSort {
    /// Somebody's own; needs a licence.
    Regular,
    /// Of several people.
    Shared,
    /// Of a room or of equipment.
    Resource,
    /// Anything else, such as a team's or a discovery mailbox.
    Other,
}

impl MailboxSort {
    /// By Exchange's word, such as `SharedMailbox`.
    pub fn of(details: &str) -> Self {
        match details {
            "UserMailbox" => Self::Regular,
            "SharedMailbox" => Self::Shared,
            "RoomMailbox" | "EquipmentMailbox" => Self::Resource,
            _ => Self::Other,
        }
    }

    /// Its key among the words of the text file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Regular => "=user_mailbox",
            Self::Shared => "=shared_mailbox",
            Self::Resource => "=room_mailbox",
            Self::Other => "=other_mailbox",
        }
    }
}

/// A mailbox, as `Get-Mailbox` and `Get-MailboxStatistics` show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own in Exchange")]
pub struct Mailbox {
    /// Its sort.
    pub sort: MailboxSort,
    /// `PrimarySmtpAddress`, in small letters.
    pub address: String,
    /// `ForwardingAddress`: a recipient's name, as Exchange keeps it. Wins over the next.
    pub forwards_to_recipient: Option<String>,
    /// `ForwardingSmtpAddress`, without its `smtp:`.
    pub forwards_to_address: Option<String>,
    /// `DeliverToMailboxAndForward`.
    pub keeps_copy: bool,
    /// `HiddenFromAddressListsEnabled`.
    pub hidden: bool,
    /// `IsDirSynced`: mastered in Active Directory.
    pub synced: bool,
    /// `GrantSendOnBehalfTo`: recipients' names, as Exchange keeps them.
    pub on_behalf: Vec<String>,
    /// Litigation hold.
    pub hold: Option<Hold>,
    /// `InPlaceHolds`: other holds on it, by their number.
    pub other_holds: usize,
    /// It has an archive (`ArchiveStatus`).
    pub archive: bool,
    /// `RetentionPolicy`, by name.
    pub retention_policy: Option<String>,
    /// `TotalItemSize` in bytes, when it could be read.
    pub bytes: Option<u64>,
}

impl Mailbox {
    /// Does anything make it forward?
    pub fn forwards(&self) -> bool {
        self.forwards_to_recipient.is_some() || self.forwards_to_address.is_some()
    }
}

/// Litigation hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// `LitigationHoldDate`.
    pub since: Option<Timestamp>,
    /// `LitigationHoldDuration` in days; until it is lifted if empty.
    pub days: Option<u32>,
}

/// A right on somebody else's mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailRight {
    /// Open it and read all of it.
    FullAccess,
    /// Send mail that looks as if it came from it.
    SendAs,
    /// Send mail on its behalf, which the mail says.
    SendOnBehalf,
}

impl MailRight {
    /// Its key among the words of the text file.
    pub fn word(self) -> &'static str {
        match self {
            Self::FullAccess => "=full_access",
            Self::SendAs => "=send_as",
            Self::SendOnBehalf => "=send_on_behalf",
        }
    }
}

/// Who has which right on a mailbox. Inherited entries and the owner's own are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailRights {
    /// Full Access, by sign-in name or name.
    pub full_access: Vec<String>,
    /// Full Access refused by an entry of its own, which wins over any other.
    pub denied: Vec<String>,
    /// Send As.
    pub send_as: Vec<String>,
}

/// Somebody or something with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The object id; contacts have none.
    pub id: Option<Uuid>,
    /// `DisplayName`.
    pub name: String,
    /// `PrimarySmtpAddress`, in small letters.
    pub address: String,
    /// Where mail to it really goes, when that is outside (contacts, guests).
    pub outside: Option<String>,
    /// What it is.
    pub sort: RecipientSort,
    /// It is in no address list.
    pub hidden: bool,
}

/// What a recipient is (`RecipientTypeDetails`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecipientSort {
    /// Somebody's own mailbox.
    User,
    /// A shared mailbox.
    Shared,
    /// A room or equipment.
    Resource,
    /// A distribution list.
    List,
    /// A mail-enabled security group.
    SecurityGroup,
    /// A Microsoft 365 group.
    Microsoft365Group,
    /// Somebody outside, in the address book.
    Contact,
    /// A guest.
    Guest,
    /// Anything else.
    #[schemars(skip)]
    Other,
}

impl RecipientSort {
    /// All that can be asked for, with Exchange's words for them.
    pub const ALL: &[(Self, &[&str])] = &[
        (Self::User, &["UserMailbox"]),
        (Self::Shared, &["SharedMailbox"]),
        (Self::Resource, &["RoomMailbox", "EquipmentMailbox"]),
        (Self::List, &["MailUniversalDistributionGroup", "DynamicDistributionGroup"]),
        (Self::SecurityGroup, &["MailUniversalSecurityGroup"]),
        (Self::Microsoft365Group, &["GroupMailbox"]),
        (Self::Contact, &["MailContact", "MailUser"]),
        (Self::Guest, &["GuestMailUser"]),
    ];

    /// By Exchange's word.
    pub fn of(details: &str) -> Self {
        let found = Self::ALL.iter().find(|(_, words)| words.contains(&details));
        found.map_or(Self::Other, |(sort, _)| *sort)
    }

    /// Its key among the words of the text file.
    pub fn word(self) -> &'static str {
        match self {
            Self::User => "=user_mailbox",
            Self::Shared => "=shared_mailbox",
            Self::Resource => "=room_mailbox",
            Self::List => "=distribution_list",
            Self::SecurityGroup => "=mail_security_group",
            Self::Microsoft365Group => "=microsoft365_group",
            Self::Contact => "=contact",
            Self::Guest => "=guest",
            Self::Other => "=other_mailbox",
        }
    }
}

/// Which recipients to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// The beginning of a name or an address.
    pub begins: Option<String>,
    /// Only of this sort.
    pub sort: Option<RecipientSort>,
    /// At most so many.
    pub limit: usize,
}

/// One inbox rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRule {
    /// `Identity`, by which it is switched and removed.
    pub id: String,
    /// `Name`.
    pub name: String,
    /// `Enabled`.
    pub enabled: bool,
    /// Where it sends mail on to.
    pub targets: Vec<RuleTarget>,
    /// It deletes what it meets.
    pub deletes: bool,
    /// `MoveToFolder`.
    pub moves_to: Option<String>,
    /// What it looks for, in short; everything if empty.
    pub looks_for: Vec<String>,
}

/// Where an inbox rule sends mail on to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTarget {
    /// How.
    pub how: Onward,
    /// A name, or the address again.
    pub name: String,
    /// The address mail really goes to, when it could be found out.
    pub address: Option<String>,
}

/// How an inbox rule sends mail on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onward {
    /// `ForwardTo`.
    Forward,
    /// `ForwardAsAttachmentTo`.
    Attach,
    /// `RedirectTo`: it looks as if it came straight from the sender.
    Redirect,
}

/// A mail flow rule of the tenant (`Get-TransportRule`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportRule {
    /// `Guid`.
    pub id: Uuid,
    /// `Name`.
    pub name: String,
    /// `State` is `Enabled`.
    pub enabled: bool,
    /// `Mode`: `Enforce`, `Audit` or `AuditAndNotify`.
    pub mode: String,
    /// `Priority`: 0 comes first.
    pub priority: u32,
    /// `Description`: conditions and actions in Exchange's own words.
    pub description: String,
}

/// Whether mail may forward itself outside (`AutoForwardingMode` of the outbound spam
/// policy). `Automatic` means off since 2020 (learn.microsoft.com/defender-office-365/
/// outbound-spam-policies-external-email-forwarding).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AutoForwarding {
    /// As Microsoft decides, which is off.
    Automatic,
    /// Allowed.
    On,
    /// Blocked.
    Off,
}

impl AutoForwarding {
    /// Exchange's word.
    pub fn as_exchange(self) -> &'static str {
        match self {
            Self::Automatic => "Automatic",
            Self::On => "On",
            Self::Off => "Off",
        }
    }

    /// By Exchange's word.
    pub fn of(said: &str) -> Self {
        match said {
            "On" => Self::On,
            "Off" => Self::Off,
            _ => Self::Automatic,
        }
    }

    /// Its key among the words of the text file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Automatic => "=automatic_off",
            Self::On => "=allowed",
            Self::Off => "=blocked",
        }
    }
}

/// The settings that decide where mail may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowSettings {
    /// The tenant's domains: name, and whether mail ends here (`Authoritative`) or goes on.
    pub domains: Vec<(String, String)>,
    /// The outbound spam policy that holds by default: its name and what it allows.
    pub outbound: (String, AutoForwarding),
    /// `AutoForwardEnabled` of the default remote domain.
    pub remote_forwarding: bool,
}

/// A retention policy of the tenant's mailboxes (`Get-RetentionPolicy`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// `Name`.
    pub name: String,
    /// It holds where no other is named.
    pub default: bool,
    /// Its tags, by name.
    pub tags: Vec<String>,
}

/// A meeting somebody called, or a whole series of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The event's id; of a series, its master's.
    pub id: String,
    /// `subject`.
    pub subject: String,
    /// The next time it takes place.
    pub next: Timestamp,
    /// It takes place again and again.
    pub series: bool,
    /// How many are invited.
    pub invited: usize,
}

/// Who may see into somebody's `OneDrive`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drive {
    /// Its address, for people.
    pub url: String,
    /// Who besides the owner.
    pub shares: Vec<DriveShare>,
}

/// One permission on the root of a drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveShare {
    /// The permission's id, by which it is taken away.
    pub id: String,
    /// Who.
    pub who: Uuid,
    /// How far.
    pub role: DriveRole,
}

/// How far access to a drive goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriveRole {
    /// Open and copy.
    Read,
    /// Change and delete as well.
    Write,
}

impl DriveRole {
    /// Graph's word.
    pub fn as_graph(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// Its key among the words of the text file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "=drive_read",
            Self::Write => "=drive_write",
        }
    }
}
