//! The ways in: each as one person uses it, bent so that somebody else comes by it.

use countersign::{
    domain::chat::{FORM_OPEN, PlaceKind, Verb},
    ports::clock::Clock as _,
    sim::{
        slack::{Sent, Transport},
        teams::{BotService, SimMessage, forms::shown as dialog},
    },
};
use serde_json::{Value, json};

use super::outsiders::Why;
use crate::{
    attacks::button,
    programs::client,
    stage::{APPROVALS, HELPDESK, Stage, slack_id},
};

/// A program that may name whom it asks for.
pub const TOKEN: &str = "cs-other-fedcba9876543210fedcba98765432";
const TINA: &str = "tina.tech@contoso.com";
const ANNA: &str = "anna.approver@contoso.com";
const ELSEWHERE: &str = "99999999-2222-4333-8444-555555555555";
/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9/";
/// A chat of several people with the bot.
const GROUP: &str = "19:techs@thread.v2";

/// A way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    SlackMention,
    SlackDirect,
    SlackCommand,
    SlackShortcut,
    SlackMessageShortcut,
    SlackForm,
    SlackApprove,
    SlackReject,
    TeamsPersonal,
    TeamsGroup,
    TeamsDialog,
    TeamsApprove,
    TeamsReject,
    TeamsSubmit,
    Program,
}

pub const ALL: [Entry; 15] = [
    Entry::SlackMention,
    Entry::SlackDirect,
    Entry::SlackCommand,
    Entry::SlackShortcut,
    Entry::SlackMessageShortcut,
    Entry::SlackForm,
    Entry::SlackApprove,
    Entry::SlackReject,
    Entry::TeamsPersonal,
    Entry::TeamsGroup,
    Entry::TeamsDialog,
    Entry::TeamsApprove,
    Entry::TeamsReject,
    Entry::TeamsSubmit,
    Entry::Program,
];

impl Entry {
    /// It decides about something; the others ask for something.
    pub fn decides(self) -> bool {
        matches!(
            self,
            Self::SlackApprove
                | Self::SlackReject
                | Self::TeamsApprove
                | Self::TeamsReject
                | Self::TeamsSubmit
        )
    }

    fn is_slack(self) -> bool {
        use Entry as E;
        matches!(
            self,
            E::SlackMention
                | E::SlackDirect
                | E::SlackCommand
                | E::SlackShortcut
                | E::SlackMessageShortcut
                | E::SlackForm
                | E::SlackApprove
                | E::SlackReject
        )
    }

    /// Is somebody kept out of it, for this reason?
    pub fn is_closed_to(self, why: Why) -> bool {
        if why.may_ask() && !self.decides() {
            return false;
        }
        // Whoever asked may always take it back by refusing.
        if why == Why::Requester && matches!(self, Self::SlackReject | Self::TeamsReject) {
            return false;
        }
        match self {
            Self::Program => why.is_of_directory(),
            one if one.is_slack() => true,
            _ => !why.is_of_slack(),
        }
    }
}

/// What honest people sent once, and the address it is sent to.
pub struct Ways {
    sent: Vec<(Entry, Sent)>,
    tinas_chat: String,
}

/// Posts something to Slack's doors, signed as Slack does; the status.
async fn post(stage: &Stage, path: &str, kind: &str, body: String) -> u16 {
    let headers = stage.slack.sign(body.as_bytes(), stage.clock.now());
    let mut request = client().post(format!("{}{path}", stage.base)).header("content-type", kind);
    for (name, value) in &headers {
        request = request.header(*name, value);
    }
    request.body(body).send().await.unwrap().status().as_u16()
}

impl Ways {
    /// Records what Tina sends while nobody listens.
    pub async fn recorded(stage: &Stage) -> Self {
        let slack = &stage.slack;
        let tina = slack_id("tina.tech");
        let tinas_chat = slack.direct(&tina);
        // A form on her screen, filled in.
        slack.command(&tina, HELPDESK, "/countersign", "revoke_sessions").await.unwrap();
        stage.heard_out().await;
        let view = slack.views(&tina).pop().expect("a window");
        let found = slack.search(&tina, &view.id, "0.user", "jane").await.unwrap();
        let jane = found[0]["value"].as_str().unwrap().to_owned();
        slack.fill(&tina, &view.id, "0.user", &jane).await.unwrap();
        slack.reach_bot(Transport::Http(NOWHERE.parse().unwrap()));
        slack.keep_retries(false);
        let said = "@countersign revoke the sessions of jane.roe@contoso.com";
        let mention = slack.say(&tina, HELPDESK, said, None).await.unwrap();
        let ts = mention.ts.clone().unwrap();
        let direct = slack.say(&tina, &tinas_chat, &said[13..], None).await.unwrap();
        let command = slack.command(&tina, HELPDESK, "/countersign", &said[13..]).await.unwrap();
        let form = slack.submit_view(&tina, &view.id, &[]).await.unwrap();
        let shortcut = slack.shortcut(&tina, "countersign.form").await.unwrap();
        let on = slack.shortcut_on(&tina, HELPDESK, &ts, "countersign.form_message");
        let on = on.await.unwrap();
        slack.reach_bot(Transport::Http(stage.base.parse().unwrap()));
        let sent = [
            (Entry::SlackMention, mention),
            (Entry::SlackDirect, direct),
            (Entry::SlackCommand, command),
            (Entry::SlackForm, form),
            (Entry::SlackShortcut, shortcut),
            (Entry::SlackMessageShortcut, on),
        ];
        let sent = sent.map(|(entry, acted)| (entry, acted.sent.unwrap())).to_vec();
        Self { sent, tinas_chat }
    }

    /// Somebody comes in this way, the `nth` time; the status of the answer.
    pub async fn taken(&self, stage: &Stage, entry: Entry, who: &str, why: Why, nth: u64) -> u16 {
        match entry {
            Entry::SlackApprove | Entry::SlackReject => {
                let verb = if entry == Entry::SlackApprove { Verb::Approve } else { Verb::Reject };
                let sent = button(stage, APPROVALS, verb).pressed_by(stage, who, verb.as_str());
                stage.slack.send_again(&sent).await.status.unwrap()
            }
            Entry::Program => {
                let body = json!({
                    "action": "revoke_sessions", "arguments": { "user": "jane.roe@contoso.com" },
                    "on_behalf_of": format!("{who}@contoso.com"),
                });
                let to = format!("{}/api/v1/proposals", stage.base);
                let asked = client().post(to).bearer_auth(TOKEN);
                let asked = asked.header("Idempotency-Key", format!("n-{nth}")).json(&body);
                asked.send().await.unwrap().status().as_u16()
            }
            one if one.is_slack() => self.in_slack(stage, one, who, nth).await,
            one => in_teams(stage, one, who, why, nth).await,
        }
    }

    async fn in_slack(&self, stage: &Stage, entry: Entry, who: &str, nth: u64) -> u16 {
        let (_, sent) = self.sent.iter().find(|(known, _)| *known == entry).unwrap();
        let (kind, body) = sent.body();
        // Somebody else's account, in their own conversation, at another instant.
        let id = slack_id(who);
        let chat = stage.slack.direct(&id);
        let mut body = body.replace(&slack_id("tina.tech"), &id).replace(&self.tinas_chat, &chat);
        for name in ["ts", "event_ts", "action_ts", "trigger_id", "event_id"] {
            if let Some(old) = member(sent.payload(), name) {
                let new = format!("{old}{nth}");
                body = body.replace(&escaped(kind, &old), &escaped(kind, &new));
            }
        }
        if let Some(view) = sent.payload()["view"]["id"].as_str() {
            body = body.replace(view, &format!("{view}{nth}"));
        }
        post(stage, sent.path(), kind, body).await
    }
}

/// The value of the first member with this name, wherever it is.
fn member(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(map) => match map.get(name).and_then(Value::as_str) {
            Some(found) => Some(found.to_owned()),
            None => map.values().find_map(|inner| member(inner, name)),
        },
        Value::Array(list) => list.iter().find_map(|inner| member(inner, name)),
        _ => None,
    }
}

fn escaped(kind: &str, text: &str) -> String {
    if kind == "application/json" {
        return text.to_owned();
    }
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Who somebody is in Teams: the object id of the directory, or one that nobody has.
fn object_id(stage: &Stage, who: &str) -> String {
    let known = stage.world.user(&format!("{who}@contoso.com"));
    let id = known.as_ref().and_then(|user| user["id"].as_str());
    id.unwrap_or("dddddddd-0000-4000-8000-00000000dead").to_owned()
}

async fn in_teams(stage: &Stage, entry: Entry, who: &str, why: Why, nth: u64) -> u16 {
    let teams = &stage.teams;
    let mut activity = match entry {
        Entry::TeamsPersonal | Entry::TeamsGroup => {
            let (chat, words) = if entry == Entry::TeamsGroup {
                teams.open(GROUP, PlaceKind::Group, &[TINA, ANNA]).unwrap();
                (GROUP.to_owned(), "end all sessions of Jane Roe")
            } else {
                (teams.open_personal(TINA).unwrap(), "revoke the sessions of Jane Roe")
            };
            teams.said(TINA, &chat, words, &[]).unwrap()
        }
        Entry::TeamsDialog => {
            let chat = teams.open_personal(TINA).unwrap();
            let data = json!({"verb": FORM_OPEN, "a": "revoke_sessions"});
            let opened = teams.extension_submit(TINA, &chat, &data, &json!({})).await.unwrap();
            let form = dialog(&opened).unwrap();
            let mut data = form["actions"][0]["data"].clone();
            data["0.user"] = json!("jane.roe@contoso.com");
            let person = teams.people().into_iter().find(|one| one.upn == TINA).unwrap();
            let mut activity = teams.activity(&person, &chat, "invoke").unwrap();
            activity["name"] = json!("composeExtension/submitAction");
            activity["value"] = json!({"commandId": "form", "data": data});
            activity
        }
        decides => {
            let verb = if decides == Entry::TeamsReject { Verb::Reject } else { Verb::Approve };
            let chat = teams.open_personal(ANNA).unwrap();
            let cards = stage.teams_cards("anna.approver");
            let verb = verb.as_str();
            let asks = |card: &SimMessage| BotService::button(card.card.as_ref()?, verb);
            let found = cards.iter().rev().find_map(|card| Some((card, asks(card)?)));
            let (card, data) = found.expect("a card that asks");
            let place = (chat.as_str(), card.id.as_str());
            let mut activity = teams.pressed(ANNA, place, verb, &data, &json!({})).unwrap();
            if decides == Entry::TeamsSubmit {
                activity["type"] = json!("message");
                activity.as_object_mut().unwrap().remove("name");
                activity["value"] = data;
                activity["value"]["verb"] = json!(verb);
            }
            activity
        }
    };
    activity["id"] = json!(format!("17{:011}", 900_000 + nth));
    if format!("{who}@contoso.com") != activity["from"]["upn"] {
        activity["from"] = json!({
            "id": format!("29:{}", who.replace('.', "-")), "name": who,
            "aadObjectId": object_id(stage, who),
        });
    }
    if why == Why::OtherOrganisation {
        activity["conversation"]["tenantId"] = json!(ELSEWHERE);
        activity["channelData"]["tenant"]["id"] = json!(ELSEWHERE);
    }
    teams.deliver(&activity).await.unwrap().status
}
