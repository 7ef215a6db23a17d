//! The same words through Slack and through Teams: each chat marks people, addresses,
//! quotes and spaces in its own way, and the same is understood.

use countersign::domain::chat::PlaceKind;

use crate::stage::{Stage, card_text};

const TINA: &str = "tina.tech@contoso.com";
const JOHN: &str = "john.doe@contoso.com";

/// As typed in Slack, as typed in Teams, who is mentioned in Teams.
const SAID: &[(&str, &str, &[&str])] = &[
    ("sign @john.doe out everywhere", "sign {0} out everywhere", &[JOHN]),
    // Slack sends an address as a link, and both send what a phone's keyboard makes of marks.
    (
        "disable jane.roe@contoso.com, please",
        "disable\u{00A0}jane.roe@contoso.com,\u{00A0}please",
        &[],
    ),
    (
        "set an out of office for Omar Haddad saying \"Back on Monday, ask <Eva> & co\"",
        "set an out of office for Omar Haddad saying \u{201C}Back on Monday, ask <Eva> & co\u{201D}",
        &[],
    ),
    ("reset Felix Brandt's password", "reset Felix Brandt\u{2019}s password", &[]),
    (
        "add Nadia Petrova to VPN Users - and remove her from Company News",
        "add Nadia\u{00A0}Petrova to VPN Users \u{2013} and remove her from Company News",
        &[],
    ),
];

/// What would be done, as an approver reads it, without who asked and how it was said.
fn would_be_done(card: &str) -> Vec<String> {
    let names = ["John Doe", "Jane Roe", "Omar Haddad", "Felix Brandt", "Nadia Petrova"];
    let lines = card.lines().map(str::trim);
    let about = lines
        .filter(|line| names.iter().any(|name| line.contains(name)) && !line.contains('\u{201C}'));
    about.map(str::to_owned).collect()
}

async fn newest(stage: &Stage) -> String {
    stage.settle().await;
    let card = stage.teams_cards("anna.approver").pop().map(|card| card_text(&card));
    card.unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_is_understood_through_both_doors() {
    let (slack, teams) = (Stage::new().await, Stage::new().await);
    // Where people can be mentioned: Teams offers nobody else in a chat with a bot alone.
    let chat = "19:techs@thread.v2";
    teams.teams.install(TINA).await.unwrap();
    teams.teams.open(chat, PlaceKind::Group, &[TINA, JOHN]).unwrap();
    for (typed, in_teams, mentioned) in SAID {
        slack.says("tina.tech", typed).await;
        teams.teams.say(TINA, chat, in_teams, mentioned).await.unwrap();
        let (one, other) = (newest(&slack).await, newest(&teams).await);
        assert!(!would_be_done(&one).is_empty(), "{typed}: {one}");
        let said = || teams.teams.messages(chat);
        assert_eq!(would_be_done(&one), would_be_done(&other), "{typed}: {other}\n{:?}", said());
    }
}
