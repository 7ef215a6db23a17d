//! Inviting people of other organisations, and who answers for them
//! (learn.microsoft.com/graph/api/invitation-post, user-post-sponsors).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Call, encode},
        odata::{kinds::DIRECTORY_OBJECT, kinds_fleet::INVITATION, page},
        refusals::{self, Outcome, Refusal},
        state::{State, User},
        turn::{Turn, seconds},
    },
    groups, members, object, reference,
    users::find,
};

/// Sponsors one user may have (learn.microsoft.com/entra/external-id/b2b-sponsors).
const SPONSORS_MAX: usize = 5;

fn check(body: &Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
        let right = match name.as_str() {
            "invitedUserEmailAddress" | "inviteRedirectUrl" | "invitedUserDisplayName" => {
                value.as_str().is_some_and(|text| !text.is_empty())
            }
            "invitedUserType" => value == "Guest" || value == "Member",
            "sendInvitationMessage" | "resetRedemption" => value.is_boolean(),
            "invitedUserMessageInfo" => value.is_object() || value.is_null(),
            other => return Err(refusals::undeclared_property(other)),
        };
        if !right {
            return Err(refusals::invalid_of(name, "Invitation"));
        }
    }
    for name in ["invitedUserEmailAddress", "inviteRedirectUrl"] {
        if !body.contains_key(name) {
            return Err(refusals::missing_of(name, "Invitation"));
        }
    }
    Ok(())
}

fn by_mail<'a>(state: &'a State, mail: &str) -> Option<&'a User> {
    let same = |user: &&User| {
        let found = user.props.get("mail").and_then(Value::as_str);
        found.is_some_and(|found| found.eq_ignore_ascii_case(mail))
    };
    state.users.values().find(same)
}

pub(super) fn invite(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::INVITE)?;
    let body = object(call)?;
    check(body)?;
    let mail = body["invitedUserEmailAddress"].as_str().unwrap_or_default().to_owned();
    let wrong = || refusals::invalid_of("invitedUserEmailAddress", "Invitation");
    let (local, domain) = mail.split_once('@').ok_or_else(wrong)?;
    if local.is_empty() || !domain.contains('.') || domain.contains('@') {
        return Err(wrong());
    }
    let tenant = &turn.state().tenant;
    if [&tenant.domain, &tenant.onmicrosoft].iter().any(|own| own.eq_ignore_ascii_case(domain)) {
        return Err(refusals::own_domain());
    }
    if turn.state().guests.blocks(domain) {
        return Err(refusals::guest_domain_blocked());
    }
    let known = by_mail(turn.state(), &mail);
    let enabled = |user: &User| user.props.get("accountEnabled") != Some(&json!(false));
    if let Some(user) = known.filter(|user| !enabled(user)) {
        return Err(refusals::guest_blocked(user.id));
    }
    let accepted = known.is_some_and(|user| {
        user.props.get("externalUserState").is_none_or(|state| state == "Accepted")
    });
    let id = match known {
        Some(user) => user.id,
        None => born(turn, body, &mail),
    };
    let sends = body.get("sendInvitationMessage") == Some(&json!(true));
    let told = json!({
        "invitedUserEmailAddress": mail, "sendInvitationMessage": sends,
        "invitedUserType": body.get("invitedUserType").cloned().unwrap_or(json!("Guest")),
        "customizedMessage": !body.get("invitedUserMessageInfo").is_none_or(Value::is_null),
    });
    turn.felt("guest.invite", id, Value::Null, told);
    Ok(answer(turn, body, id, accepted))
}

/// The new account: its sign-in name holds the address of home and `#EXT#`.
fn born(turn: &mut Turn<'_>, body: &Map<String, Value>, mail: &str) -> Uuid {
    let id = turn.clock.uuid();
    let now = seconds(turn.now);
    let home = mail.replace('@', "_");
    let upn = format!("{home}#EXT#@{}", turn.state().tenant.onmicrosoft);
    let name = body.get("invitedUserDisplayName").cloned().unwrap_or(json!(mail));
    let kind = body.get("invitedUserType").cloned().unwrap_or(json!("Guest"));
    let props = json!({
        "userPrincipalName": upn, "displayName": name, "mail": mail, "otherMails": [mail],
        "mailNickname": format!("{home}#EXT#"), "userType": kind, "accountEnabled": true,
        "creationType": "Invitation", "externalUserState": "PendingAcceptance",
        "externalUserStateChangeDateTime": now, "createdDateTime": now,
        "lastPasswordChangeDateTime": now, "signInSessionsValidFromDateTime": now,
        "proxyAddresses": [format!("SMTP:{mail}")],
    });
    let Value::Object(props) = props else { return id };
    let user = User {
        id,
        props,
        manager: None,
        password: None,
        licences: BTreeMap::new(),
        mailbox: None,
        deleted_at: None,
    };
    turn.change().users.insert(id, user);
    id
}

/// The redeem link is in this answer and nowhere else.
fn answer(turn: &Turn<'_>, body: &Map<String, Value>, user: Uuid, accepted: bool) -> Answer {
    let invitation = turn.clock.uuid();
    let ticket = turn.clock.uuid();
    let inside = format!(
        "https://invitations.microsoft.com/redeem/?tenant={}&user={user}&ticket={ticket}&ver=2.0",
        turn.state().tenant.id
    );
    let mut view = json!({
        "id": invitation, "resetRedemption": false, "sendInvitationMessage": false,
        "inviteRedeemUrl": format!("https://login.microsoftonline.com/redeem?rd={}", encode(&inside)),
        "invitedUserDisplayName": null, "invitedUserType": "Guest",
        "invitedUserMessageInfo": { "messageLanguage": null, "customizedMessageBody": null, "ccRecipients": [] },
        "status": if accepted { "Completed" } else { "PendingAcceptance" },
        "invitedUser": { "id": user },
    });
    for (name, value) in body {
        view[name] = value.clone();
    }
    page::written(turn, 201, &INVITATION, &view)
}

pub(super) fn sponsors(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    let state = turn.state();
    let id = find(state, key)?.id;
    let ids = state.guests.sponsors.get(&id).into_iter().flatten();
    let all = ids.filter_map(|id| groups::object(state, *id)).collect();
    page::list(turn, call, &DIRECTORY_OBJECT, all, &page::nothing)
}

pub(super) fn add_sponsor(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::USER_WRITE)?;
    let id = find(turn.state(), key)?.id;
    let sponsor = members::known(turn.state(), &reference(call)?)?;
    let held = turn.state().guests.sponsors.get(&id);
    if held.is_some_and(|held| held.contains(&sponsor)) {
        return Err(refusals::already_member("sponsors"));
    }
    if held.is_some_and(|held| held.len() >= SPONSORS_MAX) {
        return Err(refusals::too_many_sponsors());
    }
    turn.change().guests.sponsors.entry(id).or_default().insert(sponsor);
    let name = turn.core.state.name_of(sponsor);
    turn.felt("guest.sponsor.add", id, Value::Null, json!({ "id": sponsor, "name": name }));
    Ok(Answer::empty(204))
}

pub(super) fn remove_sponsor(turn: &mut Turn<'_>, key: &str, sponsor_key: &str) -> Outcome {
    turn.caller.need(access::USER_WRITE)?;
    let id = find(turn.state(), key)?.id;
    let sponsor = members::known(turn.state(), sponsor_key)?;
    let held = turn.change().guests.sponsors.entry(id).or_default();
    if !held.remove(&sponsor) {
        return Err(refusals::no_object(sponsor_key));
    }
    let name = turn.core.state.name_of(sponsor);
    turn.felt("guest.sponsor.remove", id, json!({ "id": sponsor, "name": name }), Value::Null);
    Ok(Answer::empty(204))
}
