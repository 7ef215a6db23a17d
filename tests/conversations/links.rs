//! One-time links: opened once, by a person, and by nobody who only looks.

use countersign::{domain::chat::Verb, sim::teams::SimMessage};
use jiff::SignedDuration;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    crashing::{Death, Fate, When},
    stage::{APPROVALS, Between, Settings, Stage, card_text, slack_id},
};

/// Programs that look at links on behalf of chats, mail and search.
pub const PREVIEWS: [&str; 20] = [
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0; Pro)",
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2) SafeLinks",
    "facebookexternalhit/1.1",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0)",
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "Discordbot/2.0",
    "Googlebot/2.1 (+http://www.google.com/bot.html)",
    "bingbot/2.0 (+http://www.bing.com/bingbot.htm)",
    "Applebot/0.1",
    "Mozilla/5.0 Barracuda Sentinel (EE)",
    "Mimecast-URL-Scanner",
    "Proofpoint URL Defense",
    "curl/8.5.0",
    "Wget/1.21",
    "Python-urllib/3.11",
];

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// A password was reset, and its link is in Tina's direct messages. Gives the token.
pub async fn with_link() -> (Stage, String) {
    link_in(Stage::new().await).await
}

async fn link_in(stage: Stage) -> (Stage, String) {
    let token = another(&stage).await;
    (stage, token)
}

/// The same once more, in the same room.
pub async fn another(stage: &Stage) -> String {
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    token_in(stage)
}

/// The token of the newest link that Tina got.
pub fn token_in(stage: &Stage) -> String {
    let direct = stage.slack.direct(&slack_id("tina.tech"));
    let blocks = stage.bot_said(&direct).into_iter().filter_map(|message| message.blocks);
    let said = blocks.map(|blocks| blocks.to_string()).collect::<String>();
    let at = said.rfind("/s/#").unwrap_or_else(|| panic!("no link in {said}")) + 4;
    let token = said[at..at + 64].to_owned();
    assert!(token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    token
}

/// Presses the button of the page; the status and what it said.
pub async fn open(stage: &Stage, token: &str) -> (StatusCode, Value) {
    let address = format!("{}/s/open", stage.base);
    let answer = client().post(address).json(&json!({ "token": token })).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn opens(stage: &Stage, token: &str) -> String {
    let (status, body) = open(stage, token).await;
    assert_eq!(status, 200, "{body}");
    let value = body["secret"].as_str().unwrap().to_owned();
    assert!(stage.world.password_is("john.doe@contoso.com", &value), "it is not the password");
    value
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_once_and_then_says_no_more_than_gone() {
    let (stage, token) = with_link().await;
    opens(&stage, &token).await;
    let gone = json!({ "error": "gone" });
    assert_eq!(open(&stage, &token).await, (StatusCode::GONE, gone.clone()), "a second time");
    for wrong in ["0".repeat(64), "00".to_owned(), String::new(), format!("{token}0")] {
        assert_eq!(open(&stage, &wrong).await, (StatusCode::GONE, gone.clone()), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_a_link_never_uses_it_up() {
    let (stage, token) = with_link().await;
    for agent in PREVIEWS {
        for path in ["/s/", "/s/link.js", "/s/link.css"] {
            for method in [Method::GET, Method::HEAD] {
                let address = format!("{}{path}#{token}", stage.base);
                let request = client().request(method, address).header("user-agent", agent);
                assert_eq!(request.send().await.unwrap().status(), 200, "{agent} {path}");
            }
        }
        // A scanner that tries the token where it does not belong.
        for path in
            [format!("/s/{token}"), format!("/s/?token={token}"), format!("/s/open?token={token}")]
        {
            let answer = client().get(format!("{}{path}", stage.base)).header("user-agent", agent);
            let answer = answer.send().await.unwrap();
            let said = answer.text().await.unwrap();
            assert!(!said.contains("\"secret\":"), "{agent} {path}: {said}");
        }
    }
    opens(&stage, &token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_readers_at_once_are_one_reader() {
    let (stage, token) = with_link().await;
    let asks = (0..50).map(|_| open(&stage, &token));
    let answers = futures::future::join_all(asks).await;
    let got = answers.iter().filter(|(status, _)| *status == 200).count();
    let told = |status: StatusCode| matches!(status.as_u16(), 200 | 410 | 429);
    assert_eq!(got, 1, "{answers:?}");
    assert!(answers.iter().all(|(status, _)| told(*status)), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_page_itself_may_open_it() {
    let (stage, token) = with_link().await;
    let address = format!("{}/s/open", stage.base);
    let body = json!({ "token": token }).to_string();
    let post = |kind: &str, site: Option<&str>, body: String| {
        let mut request = client().post(&address).body(body);
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        async move { request.send().await.unwrap() }
    };
    for site in ["cross-site", "same-site", "none", "x"] {
        assert_eq!(
            post("application/json", Some(site), body.clone()).await.status(),
            403,
            "{site}"
        );
    }
    let form = format!("token={token}");
    for kind in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
    ] {
        for body in [body.clone(), form.clone()] {
            assert_eq!(post(kind, Some("same-origin"), body).await.status(), 415, "{kind}");
        }
    }
    for bad in ["", "[]", "{}", "{\"token\":1}", "{\"token\":\"\"", "null"] {
        let answer = post("application/json", None, bad.to_owned()).await;
        assert_eq!(answer.status(), 400, "{bad}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
    let long = json!({ "token": "0".repeat(2_000) }).to_string();
    assert_eq!(post("application/json", None, long).await.status(), 413);
    let asked =
        client().request(Method::OPTIONS, &address).header("origin", "https://evil.example");
    let asked = asked.send().await.unwrap();
    assert_eq!(asked.status(), 405);
    assert!(asked.headers().get("access-control-allow-origin").is_none());
    let good = post("application/json; charset=utf-8", Some("same-origin"), body).await;
    assert_eq!(good.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_guarded() {
    let (stage, token) = with_link().await;
    let get = |path: &str| client().get(format!("{}{path}", stage.base)).send();
    let mut answers = vec![
        ("page", get("/s/").await.unwrap()),
        ("script", get("/s/link.js").await.unwrap()),
        ("style", get("/s/link.css").await.unwrap()),
    ];
    let address = format!("{}/s/open", stage.base);
    for (what, token) in [("wrong", "0".repeat(64)), ("right", token)] {
        let answer = client().post(&address).json(&json!({ "token": token })).send().await.unwrap();
        answers.push((what, answer));
    }
    for (what, answer) in answers {
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("cache-control"), "no-store", "{what}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{what}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        // Nothing of it comes from anybody else.
        let body = answer.text().await.unwrap();
        assert!(!body.contains("http://") && !body.contains("https://"), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_is_told_to_wait_and_nobody_else_is() {
    let (stage, token) = with_link().await;
    let address = format!("{}/s/open", stage.base);
    let tries = async |token: &str, from: &str| {
        let post = client().post(&address).header("x-forwarded-for", from);
        post.json(&json!({ "token": token })).send().await.unwrap()
    };
    for n in 0..30 {
        assert_eq!(tries(&format!("{n:064x}"), "203.0.113.7").await.status(), 410);
    }
    let told = tries(&format!("{:064x}", 31), "198.51.100.1, 203.0.113.7").await;
    assert_eq!(told.status(), 429, "what it says of itself does not help");
    assert_eq!(told.headers()["retry-after"], "60");
    assert_eq!(tries(&"0".repeat(64), "203.0.113.8").await.status(), 410, "somebody else");
    stage.clock.pass(SignedDuration::from_mins(1));
    assert_eq!(tries(&"0".repeat(64), "203.0.113.7").await.status(), 410, "a minute later");
    for n in 0..40 {
        tries(&format!("{n:064x}"), "203.0.113.8").await;
    }
    let right = tries(&token, "203.0.113.8").await;
    assert_eq!(right.status(), 200, "a right token opens, also beside one who guesses");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opened_link_that_is_opened_again_takes_nothing_from_others() {
    let (stage, token) = with_link().await;
    opens(&stage, &token).await;
    for _ in 0..40 {
        assert_eq!(open(&stage, &token).await.0, 410);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_link_opens_no_more() {
    let (stage, token) = with_link().await;
    let lives = stage.config.retention.links;
    stage.clock.pass(lives - SignedDuration::from_secs(60));
    stage.house().desk.tidy().await.unwrap();
    stage.clock.pass(SignedDuration::from_secs(60));
    assert_eq!(open(&stage, &token).await.0, 410);
}

/// The only message about the link in Tina's direct messages: its text, and whether it
/// still has a link.
fn message(stage: &Stage) -> (String, bool) {
    let mut said = stage.direct("tina.tech");
    said.retain(|text| text.contains("password"));
    assert_eq!(said.len(), 1, "it is one message: {said:?}");
    let linked = stage.bot_said(&stage.slack.direct(&slack_id("tina.tech"))).into_iter();
    let linked = linked.filter_map(|m| m.blocks).any(|blocks| blocks.to_string().contains("/s/"));
    (said.remove(0), linked)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_message_with_an_opened_link_says_so_and_has_no_button() {
    let (mut stage, token) = with_link().await;
    let (text, linked) = message(&stage);
    assert!(text.contains("A password waits for you") && linked, "{text}");
    let at = stage.clock_now();
    opens(&stage, &token).await;
    // The process dies before it tells anybody.
    stage.fall().await;
    stage.start().await;
    stage.pass(SignedDuration::from_hours(1)).await;
    let (text, linked) = message(&stage);
    assert!(text.contains("The password was shown") && !linked, "{text}");
    let hour = at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%H:%M").to_string();
    assert!(text.contains("opened on") && text.contains(&hour), "{hour}: {text}");
    assert!(text.contains("tell your security team"), "{text}");
    assert!(text.contains("reset the password for john.doe@contoso.com"), "{text}");
    // What it would have said when the link ran out is not said any more.
    stage.pass(stage.config.retention.links).await;
    assert_eq!(message(&stage).0, text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_message_with_a_link_that_ran_out_says_so_and_how_to_get_a_new_one() {
    let (stage, token) = with_link().await;
    stage.pass(stage.config.retention.links - SignedDuration::from_mins(5)).await;
    assert!(message(&stage).1, "it still opens");
    stage.pass(SignedDuration::from_mins(5)).await;
    let (text, linked) = message(&stage);
    assert!(text.contains("The password was not picked up") && !linked, "{text}");
    assert!(text.contains("What it held was deleted"), "{text}");
    assert!(text.contains("reset the password for john.doe@contoso.com"), "{text}");
    assert_eq!(open(&stage, &token).await.0, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_password_ends_the_link_to_the_first() {
    let (stage, first) = with_link().await;
    let (stage, second) = link_in(stage).await;
    assert_ne!(first, second);
    assert_eq!(open(&stage, &first).await.0, StatusCode::GONE);
    stage.pass(SignedDuration::from_mins(1)).await;
    let direct = stage.slack.direct(&slack_id("tina.tech"));
    let said = stage.bot_said(&direct).into_iter().filter_map(|message| message.blocks);
    let said = said.map(|blocks| blocks.to_string()).collect::<String>();
    assert!(said.contains("This password was replaced"), "{said}");
    assert!(!said.contains(&first) && said.contains(&second), "the newer one is left: {said}");
    opens(&stage, &second).await;
    stage.pass(stage.config.retention.links).await;
    let text = stage.direct("tina.tech").concat();
    assert!(!text.contains("was not picked up"), "the first ends as it was replaced: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_teams_too_the_message_says_what_became_of_its_link() {
    const TINA: &str = "tina.tech@contoso.com";
    for opened in [true, false] {
        let stage = Stage::new().await;
        let personal = stage.teams.open_personal(TINA).unwrap();
        stage.teams.install(TINA).await.unwrap();
        let asks = "reset the password for john.doe@contoso.com";
        assert_eq!(stage.teams.say(TINA, &personal, asks, &[]).await.unwrap().status, 200);
        stage.settle().await;
        stage.presses_in_teams("anna.approver", Verb::Approve).await;
        let with_link =
            |m: &SimMessage| m.card.as_ref().is_some_and(|card| card.to_string().contains("/s/#"));
        let all = stage.teams.messages(&personal);
        let message = all.iter().find(|m| with_link(m)).expect("a link");
        if opened {
            let card = message.card.as_ref().unwrap().to_string();
            let token: String = card.split("/s/#").nth(1).unwrap().chars().take(64).collect();
            opens(&stage, &token).await;
            stage.settle().await;
        } else {
            stage.pass(stage.config.retention.links).await;
        }
        let all = stage.teams.messages(&personal);
        assert!(!all.iter().any(with_link), "the button is gone");
        let text = card_text(all.iter().find(|m| m.id == message.id).expect("the same message"));
        let says = if opened { "The password was shown" } else { "was not picked up" };
        assert!(text.contains(says), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_outlives_a_restart_and_its_opening_stands_in_the_record() {
    let (mut stage, token) = with_link().await;
    stage.fall().await;
    stage.start().await;
    opens(&stage, &token).await;
    stage.fall().await;
    stage.start().await;
    assert_eq!(open(&stage, &token).await.0, 410);
    let facts = crate::attacks::facts(&stage).await;
    let opened = facts.iter().filter(|(kind, _)| kind == "secret.opened").count();
    assert_eq!(opened, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opening_and_its_fact_are_one_wherever_the_process_dies() {
    for (when, said, then) in [(When::Before, 0, 200), (When::After, 1, 410)] {
        let fate = Fate::new();
        let around = fate.clone();
        let between = Between {
            store: Some(std::sync::Arc::new(move |real| around.store(real))),
            ..Between::default()
        };
        let (mut stage, token) = link_in(Stage::between(Settings::default(), between).await).await;
        fate.arm([Death { nth: 1, when }]);
        tokio::select! {
            biased;
            () = fate.died() => {}
            answer = open(&stage, &token) => panic!("it lived on: {answer:?}"),
        }
        fate.disarm();
        stage.fall().await;
        fate.revive();
        stage.start().await;
        let facts = crate::attacks::facts(&stage).await;
        let opened = facts.iter().filter(|(kind, _)| kind == "secret.opened").count();
        assert_eq!(opened, said, "{when:?}");
        assert_eq!(open(&stage, &token).await.0, then, "{when:?}");
    }
}
