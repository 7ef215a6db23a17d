//! Whose a Slack account is: linked by a sign-in at Entra, and by nothing that is forwarded.

use countersign::{
    cli::identities,
    domain::{chat::Verb, sign_in::IdentityLink},
    sim::{
        microsoft::DEMO_CLIENT_ID,
        slack::{Answered, Channel, Message, Person},
    },
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    signing_in::{Tab, refused, room, token_in},
    stage::{APPROVALS, HELPDESK, Stage, slack_id},
    trimming::recorded,
};

/// Somebody in the workspace whom no mail address ties to the directory.
const NEWCOMER: &str = "pat.private";
const ALL: [&str; 7] = [
    "tina.tech",
    "theo.tech",
    "anna.approver",
    "john.doe",
    NEWCOMER,
    "mallory.private",
    "second.private",
];

async fn with_newcomers() -> Stage {
    let stage = room("").await;
    for (name, shown) in [
        (NEWCOMER, "Pat Private"),
        ("mallory.private", "Mallory Private"),
        ("second.private", "Second Account"),
    ] {
        let mail = format!("{name}@private.example");
        stage.slack.put_person(Person::member(&slack_id(name), name, shown, &mail));
    }
    let mut members: Vec<String> = ALL.iter().map(|name| slack_id(name)).collect();
    members.push(stage.slack.setup().bot_user.clone());
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    stage.slack.put_channel(Channel::public(HELPDESK, "helpdesk", &members));
    stage.slack.put_channel(Channel::public(APPROVALS, "it-approvals", &members));
    stage
}

/// Writes to the bot alone.
async fn writes(stage: &Stage, who: &str, words: &str) {
    let own = stage.slack.direct(&slack_id(who));
    let acted = stage.slack.say(&slack_id(who), &own, words, None).await.unwrap();
    assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
    stage.settle().await;
}

/// The newest thing the bot wrote to somebody alone.
fn told(stage: &Stage, who: &str) -> String {
    stage.direct(who).pop().unwrap_or_default()
}

fn blocks(messages: &[Message]) -> String {
    messages.iter().filter_map(|m| m.blocks.as_ref()).map(Value::to_string).collect()
}

/// The token of the newest link somebody got in their direct messages.
fn link_of(stage: &Stage, who: &str) -> String {
    token_in(&blocks(&stage.bot_said(&stage.slack.direct(&slack_id(who)))))
}

async fn linked(stage: &Stage, who: &str) -> Option<IdentityLink> {
    let all = stage.house().store.identities(&stage.tenant(), 100).await.unwrap();
    all.into_iter().find(|link| link.chat.id == slack_id(who))
}

/// An administrator deletes somebody in the directory.
async fn deletes(stage: &Stage, upn: &str) {
    let token = stage.world.access_token(DEMO_CLIENT_ID, "https://graph.microsoft.com").unwrap();
    let id = stage.world.user(upn).unwrap()["id"].as_str().unwrap().to_owned();
    let address = format!("{}/v1.0/users/{id}", stage.config.endpoints.graph());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.delete(address).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 204);
}

/// Somebody links an account to a person, all the way.
async fn links(stage: &Stage, who: &str, person: &str) {
    writes(stage, who, "link").await;
    let (tab, shown) = Tab::goes(stage, &link_of(stage, who), person).await;
    shown.unwrap();
    let confirmed = tab.confirms().await.unwrap();
    writes(stage, who, confirmed["code"].as_str().unwrap()).await;
    let link = linked(stage, who).await.expect("it is linked");
    assert_eq!(link.user.upn.as_str(), format!("{person}@contoso.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_nobody_yet_signs_in_and_may_then_ask() {
    let stage = with_newcomers().await;
    writes(&stage, "tina.tech", "help").await;
    stage.says(NEWCOMER, "reset the password for john.doe@contoso.com").await;
    let whispered = stage.whispered(NEWCOMER).concat();
    assert!(whispered.contains("I sent you a direct message"), "{whispered}");
    assert!(!blocks(&stage.bot_said(HELPDESK)).contains("/sign-in/"), "only in a direct message");
    let whispers = stage.slack.whispers(&slack_id(NEWCOMER));
    assert!(whispers.iter().all(|(_, m)| !blocks(std::slice::from_ref(m)).contains("/sign-in/")));
    assert!(stage.newest(APPROVALS).is_empty(), "nothing was asked");

    let mut tab = Tab::new(&stage);
    tab.begins(&link_of(&stage, NEWCOMER)).await.unwrap();
    tab.signs_in("tina.tech", &[]).await;
    let shown = tab.comes_back().await.unwrap();
    let text = shown["text"].as_str().unwrap();
    for named in ["Pat Private", &slack_id(NEWCOMER), "Tina Tech", "tina.tech@contoso.com"] {
        assert!(text.contains(named), "{named} is not in {text}");
    }
    assert_eq!(linked(&stage, NEWCOMER).await, None, "not by signing in alone");
    let confirmed = tab.confirms().await.unwrap();
    stage.settle().await;
    assert_eq!(linked(&stage, NEWCOMER).await, None, "nor by confirming");
    assert!(told(&stage, NEWCOMER).contains("tina.tech@contoso.com"), "{}", told(&stage, NEWCOMER));
    writes(&stage, NEWCOMER, confirmed["code"].as_str().unwrap()).await;
    assert!(told(&stage, NEWCOMER).contains("is Tina Tech"), "{}", told(&stage, NEWCOMER));

    stage.says(NEWCOMER, "reset the password for john.doe@contoso.com").await;
    assert!(stage.newest(APPROVALS).contains("Tina Tech"), "{}", stage.newest(APPROVALS));
    let facts = recorded(&stage, "identity.linked").await;
    assert_eq!((facts.len(), &facts[0]["by"]), (1, &json!("sign_in")));
    assert_eq!(facts[0]["account"], slack_id(NEWCOMER));
    // Whoever was linked to is told where else they are known.
    assert!(
        told(&stage, "tina.tech").contains(&slack_id(NEWCOMER)),
        "{}",
        told(&stage, "tina.tech")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_link_links_nobody() {
    let stage = with_newcomers().await;
    writes(&stage, "mallory.private", "link").await;
    let forwarded = link_of(&stage, "mallory.private");
    // Anna opens what Mallory sent her, and even goes through with it.
    let (tab, shown) = Tab::goes(&stage, &forwarded, "anna.approver").await;
    let shown = shown.unwrap()["text"].as_str().unwrap().to_owned();
    assert!(shown.contains("Mallory Private") && shown.contains("Anna Approver"), "{shown}");
    let code = tab.confirms().await.unwrap()["code"].as_str().unwrap().to_owned();
    stage.settle().await;
    let warned = told(&stage, "mallory.private");
    assert!(warned.contains("(anna.approver@contoso.com) signed in"), "{warned}");
    // Her own account cannot use the code: it is Mallory's link.
    writes(&stage, "anna.approver", &code).await;
    assert!(told(&stage, "anna.approver").contains("over"), "{}", told(&stage, "anna.approver"));
    // Mallory has no code, and five guesses.
    for left in [4, 3, 2, 1] {
        writes(&stage, "mallory.private", "AAAA-AAAA").await;
        let said = told(&stage, "mallory.private");
        assert!(said.contains(&format!("Tries left: {left}")), "{said}");
    }
    writes(&stage, "mallory.private", "AAAA-AAAA").await;
    assert!(told(&stage, "mallory.private").contains("over"));
    writes(&stage, "mallory.private", &code).await;
    assert!(told(&stage, "mallory.private").contains("over"), "even the right one, now");
    for who in ["mallory.private", "anna.approver"] {
        assert_eq!(linked(&stage, who).await, None, "{who}");
    }
    stage.says("mallory.private", "reset the password for john.doe@contoso.com").await;
    assert!(stage.newest(APPROVALS).is_empty(), "nothing was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_not_meant_for_us_links_nobody() {
    let stage = with_newcomers().await;
    let other = "99999999-aaaa-4bbb-8ccc-000000000009";
    for (claim, wrong) in [
        ("tid", json!(other)),
        ("iss", json!(format!("https://login.microsoftonline.com/{other}/v2.0"))),
        ("iss", json!("https://sts.windows.net/x/")),
        ("aud", json!(other)),
        ("azp", json!(other)),
        ("nonce", json!("another nonce")),
        ("nonce", Value::Null),
        ("exp", json!(-301)),
        ("nbf", json!(301)),
        ("ver", json!("1.0")),
        ("oid", json!("nobody")),
    ] {
        writes(&stage, NEWCOMER, "link").await;
        // Times are said from now.
        let now = stage.clock_now().as_second();
        let wrong = wrong.as_i64().map_or(wrong, |seconds| json!(now + seconds));
        stage.world.set_conduct(|conduct| {
            conduct.id_claims = [(claim.to_owned(), wrong.clone())].into_iter().collect();
        });
        let token = link_of(&stage, NEWCOMER);
        let (tab, shown) = Tab::goes(&stage, &token, "tina.tech").await;
        let why = refused(shown);
        assert!(why.contains("Microsoft did not confirm"), "{claim}: {why}");
        refused(tab.confirms().await);
        let mut again = Tab::new(&stage);
        assert!(again.begins(&token).await.is_err(), "{claim}: it is over");
        stage.pass(SignedDuration::from_secs(61)).await;
    }
    stage.world.set_conduct(|conduct| conduct.id_claims.clear());
    // A guest of the tenant, and somebody whose account is blocked meanwhile, are nobody here.
    writes(&stage, NEWCOMER, "link").await;
    assert_eq!(linked(&stage, NEWCOMER).await, None);
    let (_, shown) = Tab::goes(&stage, &link_of(&stage, NEWCOMER), "tina.tech").await;
    assert!(shown.is_ok(), "the same with a good token goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_tab_that_began_comes_back_once_and_in_time() {
    let stage = with_newcomers().await;
    writes(&stage, NEWCOMER, "link").await;
    let token = link_of(&stage, NEWCOMER);
    let (mut tab, shown) = Tab::goes(&stage, &token, "tina.tech").await;
    shown.unwrap();
    refused(tab.comes_back().await);
    // Another browser with the address of this one.
    let browser = std::mem::replace(&mut tab.browser, "0".repeat(64));
    refused(tab.confirms().await);
    tab.browser = browser;
    // Somebody else's code on the own way back.
    let (mut own, other) = (Tab::new(&stage), Tab::new(&stage));
    own.begins(&token).await.unwrap();
    refused(tab.confirms().await);
    own.signs_in("tina.tech", &[]).await;
    let code = std::mem::take(&mut own.code);
    let mut theirs = other;
    theirs.begins(&token).await.unwrap();
    theirs.signs_in("theo.tech", &[]).await;
    // The way that began last is the only one.
    own.code = code;
    refused(own.comes_back().await);
    theirs.code = own.code.clone();
    let why = refused(theirs.comes_back().await);
    assert!(why.contains("Microsoft did not confirm"), "a code of another verifier: {why}");

    stage.pass(SignedDuration::from_secs(61)).await;
    writes(&stage, NEWCOMER, "link").await;
    let token = link_of(&stage, NEWCOMER);
    let (late, shown) = Tab::goes(&stage, &token, "tina.tech").await;
    shown.unwrap();
    stage.pass(SignedDuration::from_mins(10)).await;
    refused(late.confirms().await);
    assert!(Tab::new(&stage).begins(&token).await.is_err(), "its time is over");

    writes(&stage, NEWCOMER, "link").await;
    let (tab, shown) = Tab::goes(&stage, &link_of(&stage, NEWCOMER), "tina.tech").await;
    shown.unwrap();
    let code = tab.confirms().await.unwrap()["code"].as_str().unwrap().to_owned();
    refused(tab.confirms().await);
    stage.pass(SignedDuration::from_mins(10)).await;
    writes(&stage, NEWCOMER, &code).await;
    assert!(told(&stage, NEWCOMER).contains("over"), "{}", told(&stage, NEWCOMER));
    assert_eq!(linked(&stage, NEWCOMER).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_by_its_owner_by_the_operator_and_with_the_person() {
    let stage = with_newcomers().await;
    links(&stage, NEWCOMER, "tina.tech").await;
    writes(&stage, NEWCOMER, "link").await;
    assert!(told(&stage, NEWCOMER).contains("linked to Tina Tech already"));
    // One person may have several accounts.
    links(&stage, "second.private", "tina.tech").await;
    writes(&stage, NEWCOMER, "unlink").await;
    assert!(told(&stage, NEWCOMER).contains("is not Tina Tech"), "{}", told(&stage, NEWCOMER));
    assert_eq!(linked(&stage, NEWCOMER).await, None);
    stage.says(NEWCOMER, "reset the password for john.doe@contoso.com").await;
    assert!(stage.newest(APPROVALS).is_empty(), "{}", stage.newest(APPROVALS));

    let store = stage.house().store.as_ref();
    let account = slack_id("second.private");
    let said =
        identities::unlink(store, &stage.tenant(), &account, stage.clock.as_ref()).await.unwrap();
    assert!(said.contains("tina.tech@contoso.com"), "{said}");
    assert!(
        identities::unlink(store, &stage.tenant(), &account, stage.clock.as_ref()).await.is_err()
    );

    stage.pass(SignedDuration::from_secs(61)).await;
    links(&stage, NEWCOMER, "henry.desk").await;
    deletes(&stage, "henry.desk@contoso.com").await;
    let desk = &stage.house().desk;
    stage.clock.pass(SignedDuration::from_mins(6));
    desk.people.refresh(desk.directory.as_ref(), &desk.tenant, stage.clock_now()).await.unwrap();
    assert_eq!(desk.unlink_who_left().await.unwrap(), 1);
    stage.settle().await;
    assert_eq!(linked(&stage, NEWCOMER).await, None);
    let by: Vec<Value> =
        recorded(&stage, "identity.unlinked").await.iter().map(|fact| fact["by"].clone()).collect();
    assert_eq!(by, [json!("self"), json!("operator"), json!("left")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_whoever_asked_signs_under_no_other_name() {
    let stage = with_newcomers().await;
    // Tina's second Slack account, and an account that was hers before it was Theo's.
    links(&stage, "second.private", "tina.tech").await;
    links(&stage, NEWCOMER, "tina.tech").await;
    writes(&stage, NEWCOMER, "unlink").await;
    stage.pass(SignedDuration::from_secs(61)).await;
    links(&stage, NEWCOMER, "theo.tech").await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    for who in ["second.private", NEWCOMER] {
        stage.presses(who, APPROVALS, Verb::Approve).await;
        let said = stage.whispered(who).concat();
        assert!(said.contains("You asked for this"), "{who}: {said}");
    }
    // Theo himself, who is the same person by that account, whichever chat he uses.
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert!(stage.whispered("theo.tech").concat().contains("You asked for this"));
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
    // Asked from an account that becomes somebody else's afterwards.
    links(&stage, "mallory.private", "tina.tech").await;
    stage.says("mallory.private", "disable jane.roe@contoso.com").await;
    writes(&stage, "mallory.private", "unlink").await;
    stage.pass(SignedDuration::from_secs(61)).await;
    links(&stage, "mallory.private", "anna.approver").await;
    stage.presses("mallory.private", APPROVALS, Verb::Approve).await;
    assert!(stage.whispered("mallory.private").concat().contains("You asked for this"));
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
}
