//! What signed bodies mean.

use axum::http::{HeaderMap, HeaderName};
use bytes::Bytes;
use countersign::{
    adapters::slack::{
        door::{FromSlack, Kind, SlackDoor},
        installed::{Installation, Installed},
        payload::Decoded,
        signature::DoorRefusal,
    },
    domain::chat::{Heard, Inbound, PlaceKind, Press, Verb},
    ports::clock::Clock,
    sim::slack::{Sent, Setup, Workspace},
};
use serde_json::{Value, json};

use super::stage::{Standing, installed, secrets, wire};

fn read_at(door: &SlackDoor, kind: Kind, payload: &Value) -> Result<Decoded, DoorRefusal> {
    let clock = Standing::new();
    let slack = Workspace::new(Setup::contoso(clock.clone()));
    let body = match kind {
        Kind::Events => payload.to_string(),
        Kind::Interactions => Sent::interaction(payload.clone()).body().1,
        Kind::Commands => {
            let fields = payload
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name, value.as_str().unwrap()));
            form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
        }
    };
    let mut headers = HeaderMap::new();
    for (name, value) in slack.sign(body.as_bytes(), clock.now()) {
        headers.insert(name.to_lowercase().parse::<HeaderName>().unwrap(), value.parse().unwrap());
    }
    door.read_http(kind, &headers, &Bytes::from(body), clock.now()).map(FromSlack::into_decoded)
}

fn read(kind: Kind, payload: &Value) -> Result<Decoded, DoorRefusal> {
    read_at(&SlackDoor::over_http(secrets(), installed()), kind, payload)
}

fn inbound(kind: Kind, payload: &Value) -> Inbound {
    match read(kind, payload) {
        Ok(Decoded::Inbound(inbound)) => *inbound,
        other => panic!("{other:?}"),
    }
}

/// A slash command, with the trigger that lets its form open.
fn commanded(payload: &Value) -> (Inbound, String) {
    match read(Kind::Commands, payload) {
        Ok(Decoded::Command { inbound, trigger }) => (*inbound, trigger),
        other => panic!("{other:?}"),
    }
}

fn with(name: &str, path: &str, value: Value) -> Value {
    let mut payload = wire(name);
    let (parent, last) = path.rsplit_once('/').unwrap();
    payload.pointer_mut(parent).unwrap()[last] = value;
    payload
}

fn press(inbound: &Inbound) -> &Press {
    match &inbound.what {
        Heard::Pressed(press) => press,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_direct_message_is_words_with_people_in_them() {
    let heard = inbound(Kind::Events, &wire("message_im"));
    assert_eq!(heard.key, "slack:T0CONTOSO:D0TIM:1700000000.000100");
    assert_eq!((heard.from.realm.as_str(), heard.from.id.as_str()), ("T0CONTOSO", "U0TIM"));
    assert_eq!((heard.place.kind, heard.place.thread), (PlaceKind::Personal, None));
    let Heard::Said { words, mentions, message, .. } = heard.what else { panic!() };
    assert_eq!(words.0, "reset the password for john.doe@contoso.com & tell ⟨@0⟩");
    assert_eq!(mentions[0].user.id, "U0GRACE");
    assert_eq!(message.as_deref(), Some("1700000000.000100"));
}

#[test]
fn a_mention_is_answered_in_its_thread_or_begins_one() {
    let heard = inbound(Kind::Events, &wire("app_mention"));
    assert_eq!(heard.place.thread.as_deref(), Some("1700000000.000900"));
    assert_eq!(heard.place.kind, PlaceKind::Channel);
    let first = inbound(Kind::Events, &with("app_mention", "/event/thread_ts", Value::Null));
    assert_eq!(first.place.thread.as_deref(), Some("1700000001.000200"));
}

#[test]
fn what_nobody_just_said_is_ignored() {
    for (path, value) in [
        ("/event/subtype", json!("message_changed")),
        ("/event/subtype", json!("bot_message")),
        ("/event/subtype", json!("channel_join")),
        ("/event/bot_id", json!("B1")),
        ("/event/bot_profile", json!({ "id": "B1" })),
        ("/event/user", json!("U0BOT")),
        ("/event/user", Value::Null),
        ("/event/user", json!({ "id": "U0TIM" })),
        ("/event/hidden", json!(true)),
        ("/event/edited", json!({ "user": "U0TIM", "ts": "1" })),
        ("/event/channel_type", json!("channel")),
        ("/event/type", json!("app_home_opened")),
        ("/event/type", json!("reaction_added")),
        ("/event/text", Value::Null),
    ] {
        assert_eq!(
            read(Kind::Events, &with("message_im", path, value.clone())),
            Ok(Decoded::Nothing),
            "{path} {value}"
        );
    }
    let limited = json!({ "type": "app_rate_limited", "minute_rate_limited": 1, "api_app_id": "A0COUNTERSIGN" });
    assert_eq!(read(Kind::Events, &limited), Ok(Decoded::Nothing));
    let shared_file = with("message_im", "/event/subtype", json!("file_share"));
    assert!(matches!(read(Kind::Events, &shared_file), Ok(Decoded::Inbound(_))));
}

#[test]
fn another_app_or_workspace_is_refused() {
    for (kind, name) in [
        (Kind::Events, "message_im"),
        (Kind::Interactions, "block_actions"),
        (Kind::Interactions, "view_submission"),
        (Kind::Commands, "command"),
    ] {
        let mut other_app = wire(name);
        other_app["api_app_id"] = "A0OTHER".into();
        assert_eq!(read(kind, &other_app), Err(DoorRefusal::NotInstalled), "{name}");
        let mut no_app = wire(name);
        no_app.as_object_mut().unwrap().remove("api_app_id");
        assert_eq!(read(kind, &no_app), Err(DoorRefusal::NotInstalled), "{name}");
    }
    let mut event = wire("message_im");
    for name in ["team_id", "context_team_id"] {
        event[name] = "T0EVIL".into();
    }
    event["authorizations"][0]["team_id"] = "T0EVIL".into();
    assert_eq!(read(Kind::Events, &event), Err(DoorRefusal::NotInstalled));
    let team = json!({ "id": "T0EVIL", "domain": "evil" });
    assert_eq!(
        read(Kind::Interactions, &with("block_actions", "/team", team)),
        Err(DoorRefusal::NotInstalled)
    );
    assert_eq!(
        read(Kind::Commands, &with("command", "/team_id", json!("T0EVIL"))),
        Err(DoorRefusal::NotInstalled)
    );
}

#[test]
fn somebody_of_another_workspace_keeps_their_own_realm() {
    let heard = inbound(Kind::Events, &wire("app_mention_outsider"));
    assert_eq!(heard.from.realm, "T0EVIL");
    assert_eq!(heard.place.realm, "T0CONTOSO");
    let pressed =
        inbound(Kind::Interactions, &with("block_actions", "/user/team_id", json!("T0EVIL")));
    assert_eq!(pressed.from.realm, "T0EVIL");
    let mut silent = wire("app_mention_outsider");
    for name in ["team", "user_team", "source_team"] {
        silent["event"].as_object_mut().unwrap().remove(name);
    }
    assert_eq!(inbound(Kind::Events, &silent).from.realm, "unknown", "missing facts are refusals");
}

#[test]
fn an_org_wide_install_is_one_realm_with_or_without_a_team() {
    let organisation = Installation::organisation("E0GROUP", &["T0WEST"], "U0BOT");
    let door = SlackDoor::over_http(secrets(), Installed::new("A0COUNTERSIGN", vec![organisation]));
    let mut click = wire("block_actions");
    click["team"] = Value::Null;
    click["enterprise"] = json!({ "id": "E0GROUP", "name": "Group" });
    click["is_enterprise_install"] = true.into();
    click["user"]["team_id"] = "T0WEST".into();
    let mut command = wire("command");
    command["team_id"] = "T0EAST".into();
    command["enterprise_id"] = "E0GROUP".into();
    for (kind, payload) in [
        (Kind::Events, wire("app_mention_org_wide")),
        (Kind::Interactions, click),
        (Kind::Commands, command),
    ] {
        let heard = match (kind, read_at(&door, kind, &payload)) {
            (Kind::Commands, Ok(Decoded::Command { inbound, .. }))
            | (Kind::Events | Kind::Interactions, Ok(Decoded::Inbound(inbound))) => inbound,
            (_, other) => panic!("{kind:?}: {other:?}"),
        };
        assert_eq!(
            (heard.from.realm.as_str(), heard.place.realm.as_str()),
            ("E0GROUP", "E0GROUP"),
            "{kind:?}"
        );
    }
    let other = with("app_mention_org_wide", "/enterprise_id", json!("E0OTHER"));
    let other = {
        let mut other = other;
        other["context_enterprise_id"] = "E0OTHER".into();
        other["authorizations"][0]["enterprise_id"] = "E0OTHER".into();
        other
    };
    assert_eq!(read_at(&door, Kind::Events, &other), Err(DoorRefusal::NotInstalled));
}

#[test]
fn every_delivery_of_one_thing_has_one_key() {
    let first = inbound(Kind::Events, &wire("message_im"));
    let again = inbound(Kind::Events, &with("message_im", "/event_id", json!("Ev9999")));
    assert_eq!(first.key, again.key, "two events can tell of one message");
    let mention = inbound(Kind::Events, &wire("app_mention"));
    let both = with("app_mention", "/event/type", json!("message"));
    let both = {
        let mut both = both;
        both["event"]["channel_type"] = "im".into();
        both
    };
    assert_eq!(mention.key, inbound(Kind::Events, &both).key);
    assert_ne!(first.key, mention.key);

    let click = inbound(Kind::Interactions, &wire("block_actions"));
    assert_eq!(click.key, inbound(Kind::Interactions, &wire("block_actions")).key);
    for (path, value) in [
        ("/actions/0/action_ts", json!("1700000009.200000")),
        ("/actions/0/action_id", json!("countersign.reject")),
        ("/user/id", json!("U0TIM")),
        ("/container/message_ts", json!("1700000003.000401")),
    ] {
        let mut other = wire("block_actions");
        *other.pointer_mut(path).unwrap() = value;
        assert_ne!(click.key, inbound(Kind::Interactions, &other).key, "{path}");
    }

    let (command, _) = commanded(&wire("command"));
    assert_eq!(command.key, commanded(&wire("command")).0.key);
    assert!(!command.key.contains("1337"), "a trigger is a secret");
    let later = with("command", "/trigger_id", json!("1338.1.x"));
    assert_ne!(command.key, commanded(&later).0.key);

    let form = inbound(Kind::Interactions, &wire("view_submission"));
    assert_eq!(form.key, inbound(Kind::Interactions, &wire("view_submission")).key);
    let mut corrected = wire("view_submission");
    corrected["view"]["state"]["values"]["choice"]["pick"]["selected_option"]["value"] = "2".into();
    assert_ne!(form.key, inbound(Kind::Interactions, &corrected).key);
}

#[test]
fn a_click_brings_back_what_the_button_carried() {
    let heard = inbound(Kind::Interactions, &wire("block_actions"));
    let press = press(&heard);
    assert_eq!(press.verb, Verb::Approve);
    assert_eq!(press.request.to_string(), "0190a3c4-1111-7222-8333-444455556666");
    assert_eq!(press.nonce.as_str(), "00112233445566778899aabbccddeeff");
    assert_eq!(press.digest.to_string(), "a".repeat(64));
    assert_eq!(press.on.message, "1700000003.000400");
    assert_eq!(press.on.place.thread.as_deref(), Some("1700000003.000100"));
    assert_eq!(press.choice.as_deref(), Some("2"));
    assert_eq!(press.note.as_ref().unwrap().0, "asked by phone");
    assert_eq!(press.trigger.as_deref(), Some("1337.7331.abc"));
}

#[test]
fn a_button_that_is_an_answer_says_which() {
    let mut click = wire("block_actions");
    click["state"] = Value::Null;
    click["actions"][0]["action_id"] = "countersign.pick:3".into();
    let value = click["actions"][0]["value"].as_str().unwrap().to_owned();
    click["actions"][0]["value"] = format!("{value}|john|doe").into();
    let heard = inbound(Kind::Interactions, &click);
    assert_eq!(
        (press(&heard).verb, press(&heard).choice.as_deref()),
        (Verb::Pick, Some("john|doe"))
    );
}

#[test]
fn a_click_without_meaning_is_told_apart_from_one_of_ours_that_cannot_be_read() {
    let link = with("block_actions", "/actions/0/action_id", json!("open_link"));
    assert_eq!(read(Kind::Interactions, &link), Ok(Decoded::Nothing));
    for value in ["", "1042", "x|y|z", "0190a3c4-1111-7222-8333-444455556666||aa"] {
        let old = with("block_actions", "/actions/0/value", json!(value));
        assert!(matches!(read(Kind::Interactions, &old), Ok(Decoded::Illegible { .. })), "{value}");
    }
    for kind in ["view_closed", "shortcut", "message_action", "block_suggestion"] {
        assert_eq!(
            read(Kind::Interactions, &with("block_actions", "/type", json!(kind))),
            Ok(Decoded::Nothing)
        );
    }
}

#[test]
fn an_ephemeral_message_has_no_message_and_still_counts() {
    let mut click = wire("block_actions");
    click.as_object_mut().unwrap().remove("message");
    assert_eq!(press(&inbound(Kind::Interactions, &click)).on.message, "1700000003.000400");
}

#[test]
fn a_form_is_an_answer_to_the_card_it_came_from() {
    let heard = inbound(Kind::Interactions, &wire("view_submission"));
    assert_eq!((press(&heard).verb, press(&heard).choice.as_deref()), (Verb::Pick, Some("1")));
    assert_eq!(
        (press(&heard).on.place.conversation.as_str(), press(&heard).on.place.kind),
        ("D0TIM", PlaceKind::Personal)
    );
    let mut empty = wire("view_submission");
    empty["view"]["state"]["values"]["choice"]["pick"]["selected_option"] = Value::Null;
    assert_eq!(read(Kind::Interactions, &empty), Ok(Decoded::FormErrors(vec!["choice"])));
}

#[test]
fn a_command_is_words_too() {
    let (heard, trigger) = commanded(&wire("command"));
    assert_eq!(trigger, wire("command")["trigger_id"]);
    let Heard::Said { words, mentions, message, .. } = &heard.what else { panic!() };
    assert_eq!(words.0, "reset the password for john.doe@contoso.com & ask ⟨@0⟩");
    assert_eq!((mentions.len(), message), (1, &None));
    assert_eq!(heard.place.conversation, "C0HELPDESK");
    assert_eq!(
        read(Kind::Commands, &json!({ "ssl_check": "1", "token": "x" })),
        Ok(Decoded::Nothing)
    );
    assert_eq!(
        read(Kind::Commands, &with("command", "/user_id", json!(""))),
        Err(DoorRefusal::Unreadable)
    );
}
