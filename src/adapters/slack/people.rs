//! Who somebody in Slack is, from `users.info`. What Slack does not say is a refusal.

use serde::Deserialize;
use serde_json::Value;

use super::installed::Installation;
use crate::ports::chat::{Barred, ChatIdentity, ChatPerson};

/// The user object (docs.slack.dev "User object"). For people of other
/// organisations Slack leaves many of these out.
#[derive(Deserialize)]
struct User {
    id: Option<String>,
    team_id: Option<String>,
    real_name: Option<String>,
    deleted: Option<bool>,
    is_bot: Option<bool>,
    #[serde(rename = "is_app_user")]
    is_app: Option<bool>,
    is_workflow_bot: Option<bool>,
    is_restricted: Option<bool>,
    is_ultra_restricted: Option<bool>,
    #[serde(rename = "is_invited_user")]
    is_invited: Option<bool>,
    is_stranger: Option<bool>,
    is_email_confirmed: Option<bool>,
    #[serde(rename = "enterprise_user")]
    enterprise: Option<EnterpriseUser>,
    profile: Option<Profile>,
}

#[derive(Deserialize)]
struct EnterpriseUser {
    enterprise_id: Option<String>,
    teams: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Profile {
    email: Option<String>,
}

/// Reads the answer of `users.info` about `id`.
pub(super) fn read(answer: &Value, id: &str, install: &Installation) -> ChatPerson {
    let Ok(user) = User::deserialize(&answer["user"]) else { return nobody(Barred::Unknown) };
    let barred = barred(&user, id, install);
    ChatPerson {
        name: user.real_name.unwrap_or_default(),
        identity: ChatIdentity::Mail {
            address: user.profile.and_then(|profile| profile.email).filter(|mail| !mail.is_empty()),
            confirmed: user.is_email_confirmed,
        },
        barred,
    }
}

/// Somebody about whom nothing is known.
pub(super) fn nobody(why: Barred) -> ChatPerson {
    let identity = ChatIdentity::Mail { address: None, confirmed: None };
    ChatPerson { name: String::new(), identity, barred: Some(why) }
}

fn barred(user: &User, id: &str, install: &Installation) -> Option<Barred> {
    if user.id.as_deref() != Some(id) {
        return Some(Barred::Unknown);
    }
    let yes = |flag: Option<bool>| flag == Some(true);
    // USLACKBOT says `is_bot: false` of itself.
    if id == "USLACKBOT" || yes(user.is_bot) || yes(user.is_app) || yes(user.is_workflow_bot) {
        return Some(Barred::Bot);
    }
    // In a shared channel `is_stranger` is false: the home is the test.
    if yes(user.is_stranger) || !at_home(user, install) {
        return Some(if user.team_id.is_none() { Barred::Unknown } else { Barred::Foreign });
    }
    if yes(user.deleted) || yes(user.is_invited) {
        return Some(Barred::Deactivated);
    }
    if yes(user.is_restricted) || yes(user.is_ultra_restricted) {
        return Some(Barred::Guest);
    }
    let told = [user.deleted, user.is_bot, user.is_restricted, user.is_ultra_restricted];
    told.contains(&None).then_some(Barred::Unknown)
}

/// Their workspace, or their organisation when that is what we serve, is ours.
/// A member of our workspace who came from another one of the same organisation
/// has that other one as `team_id`, and ours among `enterprise_user.teams`.
fn at_home(user: &User, install: &Installation) -> bool {
    let enterprise = user.enterprise.as_ref();
    let organisation = enterprise.and_then(|one| one.enterprise_id.as_deref());
    let teams = enterprise.and_then(|one| one.teams.as_deref()).unwrap_or_default();
    let same_organisation = organisation.is_some() && organisation == install.enterprise();
    install.is_ours(user.team_id.as_deref(), organisation)
        || (same_organisation && teams.iter().any(|team| install.is_ours(Some(team), None)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn user(with: &Value) -> Value {
        let mut user = json!({
            "id": "U1", "team_id": "T1", "real_name": "Grace", "deleted": false, "is_bot": false,
            "is_restricted": false, "is_ultra_restricted": false, "is_email_confirmed": true,
            "profile": { "email": "grace@contoso.com" },
        });
        for (name, value) in with.as_object().unwrap() {
            user[name] = value.clone();
        }
        json!({ "ok": true, "user": user })
    }

    #[test]
    fn whoever_is_not_plainly_one_of_us_is_barred() {
        let install = Installation::workspace("T1", Some("E1"), "UBOT");
        for (with, why) in [
            (json!({}), None),
            (json!({ "deleted": true }), Some(Barred::Deactivated)),
            (json!({ "is_invited_user": true }), Some(Barred::Deactivated)),
            (json!({ "is_bot": true }), Some(Barred::Bot)),
            (json!({ "is_workflow_bot": true }), Some(Barred::Bot)),
            (json!({ "is_restricted": true }), Some(Barred::Guest)),
            (json!({ "is_ultra_restricted": true }), Some(Barred::Guest)),
            (json!({ "is_stranger": true }), Some(Barred::Foreign)),
            (json!({ "team_id": "T9" }), Some(Barred::Foreign)),
            (
                json!({ "team_id": "T9", "enterprise_user": { "enterprise_id": "E9", "teams": ["T1"] } }),
                Some(Barred::Foreign),
            ),
            (
                json!({ "team_id": "T2", "enterprise_user": { "enterprise_id": "E1", "teams": ["T2"] } }),
                Some(Barred::Foreign),
            ),
            (
                json!({ "team_id": "T2", "enterprise_user": { "enterprise_id": "E1", "teams": ["T2", "T1"] } }),
                None,
            ),
            (json!({ "team_id": null }), Some(Barred::Unknown)),
            (json!({ "is_restricted": null }), Some(Barred::Unknown)),
            (json!({ "deleted": null }), Some(Barred::Unknown)),
            (json!({ "id": "U2" }), Some(Barred::Unknown)),
        ] {
            assert_eq!(read(&user(&with), "U1", &install).barred, why, "{with}");
        }
        assert_eq!(
            read(&user(&json!({ "id": "USLACKBOT" })), "USLACKBOT", &install).barred,
            Some(Barred::Bot)
        );
        assert_eq!(read(&json!({ "ok": true }), "U1", &install).barred, Some(Barred::Unknown));
    }

    #[test]
    fn an_org_wide_install_knows_its_people_by_the_organisation() {
        let install = Installation::organisation("E1", &[], "UBOT");
        let home = json!({ "team_id": "T7", "enterprise_user": { "enterprise_id": "E1" } });
        assert_eq!(read(&user(&home), "U1", &install).barred, None);
        let away = json!({ "team_id": "T7", "enterprise_user": { "enterprise_id": "E2" } });
        assert_eq!(read(&user(&away), "U1", &install).barred, Some(Barred::Foreign));
    }
}
