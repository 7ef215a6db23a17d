//! Whoever may neither ask nor sign, each for one reason alone: but for it, the rules name them.

use countersign::sim::slack::{Channel, Person};
use serde_json::{Value, json};

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, slack_id};

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// In no directory.
    Stranger,
    /// Of another organisation, in the same channel.
    OtherOrganisation,
    /// A guest of the workspace.
    ChatGuest,
    /// A guest of one channel.
    ChannelGuest,
    /// A bot.
    Bot,
    /// Their chat account is deactivated.
    Deactivated,
    /// Nobody confirmed the address.
    Unconfirmed,
    /// Two people of the directory have the address.
    Ambiguous,
    /// Blocked in the directory.
    Blocked,
    /// A guest in the directory.
    Guest,
    /// Deleted from the directory since the house opened.
    Deleted,
    /// Called like an approver, and somebody else.
    Impersonator,
    /// Named nowhere.
    NoRights,
    /// Taken off the lists since the house opened.
    LostRights,
    /// Another account of whoever asked.
    SecondOfRequester,
    /// Another account of whom it is about.
    SecondOfSubject,
    /// Whoever asked.
    Requester,
    /// Whom it is about.
    Subject,
}

pub const ALL: [Why; 18] = [
    Why::Stranger,
    Why::OtherOrganisation,
    Why::ChatGuest,
    Why::ChannelGuest,
    Why::Bot,
    Why::Deactivated,
    Why::Unconfirmed,
    Why::Ambiguous,
    Why::Blocked,
    Why::Guest,
    Why::Deleted,
    Why::Impersonator,
    Why::NoRights,
    Why::LostRights,
    Why::SecondOfRequester,
    Why::SecondOfSubject,
    Why::Requester,
    Why::Subject,
];

impl Why {
    /// Their name in sign-in names and chats.
    pub fn alias(self) -> &'static str {
        match self {
            Self::Stranger => "sid.stranger",
            Self::OtherOrganisation => "oto.other",
            Self::ChatGuest => "gus.guest",
            Self::ChannelGuest => "gil.guest",
            Self::Bot => "bea.bot",
            Self::Deactivated => "dan.deactivated",
            Self::Unconfirmed => "una.unconfirmed",
            Self::Ambiguous => "amy.ambiguous",
            Self::Blocked => "ben.blocked",
            Self::Guest => "gina.guest",
            Self::Deleted => "del.deleted",
            Self::Impersonator => "anna.approver2",
            Self::NoRights => "nora.nothing",
            Self::LostRights => "lou.lost",
            Self::SecondOfRequester => "adm.tina",
            Self::SecondOfSubject => "adm.john",
            Self::Requester => "tina.tech",
            Self::Subject => "john.doe",
        }
    }

    pub fn upn(self) -> String {
        format!("{}@contoso.com", self.alias())
    }

    /// The reason is in the chat account: the directory knows nothing of it.
    pub fn is_of_slack(self) -> bool {
        matches!(
            self,
            Self::ChatGuest
                | Self::ChannelGuest
                | Self::Bot
                | Self::Deactivated
                | Self::Unconfirmed
                | Self::Ambiguous
        )
    }

    /// The reason is in the directory or the rules, so that it holds for a program that asks
    /// in their name.
    pub fn is_of_directory(self) -> bool {
        !self.is_of_slack() && self != Self::OtherOrganisation && self != Self::Impersonator
    }

    /// They may ask, and only not sign.
    pub fn may_ask(self) -> bool {
        matches!(
            self,
            Self::SecondOfRequester | Self::SecondOfSubject | Self::Requester | Self::Subject
        )
    }
}

/// The directory with all of them in it.
fn directory() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sim/microsoft/data/contoso.json");
    let mut file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let users = file["users"].as_array_mut().unwrap();
    for user in users.iter_mut() {
        match user["upn"].as_str().unwrap() {
            "tina.tech@contoso.com" => user["employeeId"] = json!("E-TINA"),
            "john.doe@contoso.com" => user["employeeId"] = json!("E-JOHN"),
            _ => {}
        }
    }
    for why in ALL {
        if matches!(why, Why::Stranger | Why::Requester | Why::Subject) {
            continue;
        }
        let name = if why == Why::Impersonator { "Anna Approver" } else { why.alias() };
        users.push(json!({
            "upn": why.upn(), "displayName": name, "mail": why.upn(),
            "userType": if why == Why::Guest { "Guest" } else { "Member" },
            "accountEnabled": why != Why::Blocked, "department": "IT",
            "employeeId": match why {
                Why::SecondOfRequester => json!("E-TINA"),
                Why::SecondOfSubject => json!("E-JOHN"),
                _ => Value::Null,
            },
        }));
    }
    // Somebody else with the same address.
    users.push(json!({
        "upn": "amy.other@contoso.com", "displayName": "Amy Other", "mail": Why::Ambiguous.upn(),
        "userType": "Member", "accountEnabled": true, "department": "IT",
    }));
    file.to_string()
}

/// Their accounts in Slack, members of both channels.
fn accounts(stage: &Stage) {
    let anna = stage.slack.people().into_iter().find(|one| one.handle == "anna.approver").unwrap();
    for why in ALL.into_iter().filter(|why| !matches!(why, Why::Requester | Why::Subject)) {
        let (id, alias) = (slack_id(why.alias()), why.alias());
        let mut person = Person::member(&id, alias, alias, &why.upn());
        match why {
            Why::OtherOrganisation => "T0FABRIKAM".clone_into(&mut person.team),
            Why::ChatGuest => person.restricted = true,
            Why::ChannelGuest => person.ultra_restricted = true,
            Why::Bot => person.bot = true,
            Why::Deactivated => person.deleted = true,
            Why::Unconfirmed => person.email_confirmed = Some(false),
            Why::Impersonator => {
                person = Person { id: id.clone(), email: Some(why.upn()), ..anna.clone() };
            }
            _ => {}
        }
        stage.slack.put_person(person);
    }
    for channel in stage.slack.channels() {
        if [HELPDESK, APPROVALS].contains(&channel.id.as_str()) {
            let mut members = channel.members.clone();
            members.extend(ALL.map(|why| slack_id(why.alias())));
            stage.slack.put_channel(Channel { members, ..channel });
        }
    }
}

/// A room in which the rules name everybody but those who are nobody because they do not.
pub async fn room(more: &str) -> Stage {
    let settings = Settings {
        more: more.to_owned(),
        directory: Some(directory()),
        approvers: "[\"anna.approver@contoso.com\"]".to_owned(),
        ..Settings::default()
    };
    let stage = Stage::with(settings).await;
    accounts(&stage);
    named(&stage, |why| why != Why::NoRights && why != Why::Impersonator);
    stage
}

/// Puts rules in force that name these to ask and to sign.
pub fn named(stage: &Stage, is_named: impl Fn(Why) -> bool) {
    let upns: Vec<String> = ALL.into_iter().filter(|why| is_named(*why)).map(Why::upn).collect();
    let mut policy = stage.config.policy.clone();
    policy.requesters.extend(upns.clone());
    policy.approvers.extend(upns);
    stage.house().desk.reload(&policy).unwrap();
}
