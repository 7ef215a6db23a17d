//! Standing approvals: signed once for a narrow class; what fits runs without a further click,
//! and whatever does not goes the ordinary way and says why.

use std::sync::Arc;

use countersign::{
    adapters::store::sealing::Sealing,
    domain::{
        chat::{ChatUser, Heard, Inbound, Place, PlaceKind, Platform, Verb, Words},
        ids::Number,
        request::{Request, Stage as At},
        standing::InForce,
    },
    ports::store::Turn,
    sim::{model::Service, slack::Answered},
};
use jiff::SignedDuration;
use serde_json::json;
use tokio::net::TcpListener;

use crate::{
    attacks::{facts, patch},
    programs,
    stage::{APPROVALS, HELPDESK, Settings, Stage, card_text, shown, slack_id},
};

const ASKED: &str = "standing approval: add to a group for members of Sales Team, asked by tina.tech@contoso.com, 5 a day, until 18 December 2026";
const ADD_JANE: &str = "add jane.roe@contoso.com to the VPN Users group";
const ADD_SAM: &str = "add sam.taylor@contoso.com to the VPN Users group";
const ADDED: &str = "group.member.add";
const REMOVED: &str = "group.member.remove";

fn settings() -> Settings {
    let approvers = ["anna.approver", "theo.tech", "henry.desk"];
    let approvers = approvers.map(|who| format!("\"{who}@contoso.com\"")).join(", ");
    Settings {
        policy: "secrets_to = \"requester\"\nprivileged = \"approve\"".to_owned(),
        approvers: format!("[{approvers}]"),
        ..Settings::default()
    }
}

/// A room with this standing approval, #1001, signed by Anna.
async fn with(settings: Settings, asked: &str) -> Stage {
    let stage = Stage::with(settings).await;
    stage.says("tina.tech", asked).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.newest(HELPDESK).starts_with("In force"), "{}", stage.newest(HELPDESK));
    stage
}

async fn room() -> Stage {
    with(settings(), ASKED).await
}

/// The same house with other rules.
async fn change(stage: &mut Stage, rules: impl FnOnce(&mut countersign::config::Policy)) {
    stage.fall().await;
    let mut config = (*stage.config).clone();
    rules(&mut config.policy);
    stage.config = Arc::new(config);
    stage.start().await;
}

async fn numbered(stage: &Stage, number: u64) -> Request {
    let store = &stage.house().store;
    store.numbered(&stage.tenant(), Number(number)).await.unwrap().unwrap()
}

/// It went the ordinary way, and its card says why, or nothing of the standing approval.
async fn waits(stage: &Stage, who: &str, words: &str, why: &str) {
    let felt = stage.effects().len();
    stage.says(who, words).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Approve"), "{words}: {card}");
    assert_eq!(stage.effects().len(), felt, "{words}: nothing ran");
    assert!(!card.contains("Runs under"), "{words}: {card}");
    if why.is_empty() {
        assert!(!card.contains("Standing approval #"), "{words}: {card}");
    } else {
        let line = format!("Standing approval #1001 does not cover this: {why}");
        assert!(card.contains(&line), "{words}: {card}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_asked_for_in_words_shown_whole_and_signed_by_the_rule_of_its_actions() {
    let stage = Stage::with(settings()).await;
    stage.says("tina.tech", ASKED).await;
    let in_teams = card_text(stage.teams_cards("anna.approver").last().unwrap());
    for card in [stage.newest(APPROVALS), stage.newest(HELPDESK), in_teams] {
        for line in [
            "Standing approval",
            "What runs without a further click",
            "Runs without a further click, with any values: Add to a group",
            "About members of Sales Team, as the group is at the time",
            "When Tina Tech (tina.tech@contoso.com) asks",
            "At most 5 a day; each person something is done about counts once",
            "Sat 19 Dec 2026, 00:00 GMT (UTC+0)",
            "It never covers somebody with a privileged role",
        ] {
            assert!(card.contains(line), "{line}: {card}");
        }
    }
    let refused = [("tina.tech", "You asked for this yourself."), ("bob.lead", "not an approver")];
    for (who, why) in refused {
        stage.presses(who, APPROVALS, Verb::Approve).await;
        let told = stage.whispered(who).pop().unwrap_or_default();
        assert!(told.contains(why), "{who}: {told}");
    }
    let answer = stage.presses_in_teams("anna.approver", Verb::Approve).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    let told = stage.told(HELPDESK);
    assert!(told.contains("#1001 is signed and in force"), "{told}");
    let facts = facts(&stage).await;
    let asked = facts.iter().find(|(kind, _)| kind == "request.asked").unwrap();
    assert_eq!(asked.1["standing"]["per_day"], 5);
    assert!(facts.iter().any(|(kind, _)| kind == "standing.signed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn before_it_is_signed_nothing_runs_under_it() {
    let stage = Stage::with(settings()).await;
    stage.says("tina.tech", ASKED).await;
    waits(&stage, "tina.tech", ADD_JANE, "").await;
    stage.says("tina.tech", "cancel #1001").await;
    waits(&stage, "tina.tech", ADD_SAM, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fits_runs_without_a_click_and_its_card_says_under_which_with_undo() {
    let stage = room().await;
    stage.says("tina.tech", ADD_JANE).await;
    assert_eq!(stage.effects(), [ADDED]);
    for channel in [HELPDESK, APPROVALS] {
        let card = stage.newest(channel);
        assert!(card.contains("Done"), "{card}");
        assert!(
            card.contains("Runs under standing approval #1001, signed by Anna Approver on Fri 20 Nov 2026, 12:00 GMT (UTC+0). Left of it today after this: 4 of 5."),
            "{card}"
        );
        let signed = "Anna Approver (anna.approver@contoso.com), beforehand by a standing approval";
        assert!(card.contains(signed), "{card}");
    }
    let teams = card_text(stage.teams_cards("anna.approver").last().unwrap());
    assert!(teams.contains("Runs under standing approval #1001"), "her own chat, too: {teams}");
    let facts = facts(&stage).await;
    let used = facts.iter().find(|(kind, _)| kind == "standing.used").expect("recorded");
    assert_eq!(used.1["count"], 1, "{used:?}");
    // Whoever signs takes it back: a request of its own, which somebody else signs.
    stage.presses("theo.tech", APPROVALS, Verb::Undo).await;
    assert_eq!(stage.effects().len(), 1);
    assert_eq!(numbered(&stage, 1003).await.stage.name(), "pending");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), [ADDED, REMOVED]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_asks_for_one_and_what_a_form_asks_for_is_covered() {
    let stage = Stage::with(settings()).await;
    let user = slack_id("tina.tech");
    let filled = |view: String, values: Vec<(&'static str, &'static str)>| {
        let (slack, user) = (stage.slack.clone(), user.clone());
        async move {
            let acted = slack.submit_view(&user, &view, &values).await.unwrap();
            assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
        }
    };
    stage.slack.command(&user, HELPDESK, "/countersign", "standing approval").await.unwrap();
    let view = stage.slack.views(&user).pop().expect("a window").id;
    let whom = stage.slack.search(&user, &view, "0.people", "jane.roe@contoso.com").await.unwrap();
    let by = stage.slack.search(&user, &view, "0.by_people", "tina.tech@contoso.com").await;
    assert!(!whom.is_empty() && !by.unwrap().is_empty());
    let values = vec![
        ("0.actions", "add_to_group"),
        ("0.people", "jane.roe@contoso.com"),
        ("0.by_people", "tina.tech@contoso.com"),
        ("0.per_day", "2"),
        ("0.until", "2026-12-18"),
    ];
    filled(view, values).await;
    stage.settle().await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("About Jane Roe (jane.roe@contoso.com)"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.slack.command(&user, HELPDESK, "/countersign", "add_to_group").await.unwrap();
    let view = stage.slack.views(&user).pop().expect("a window").id;
    let found = stage.slack.search(&user, &view, "0.group", "VPN Users").await.unwrap();
    let group = found[0]["value"].as_str().unwrap().to_owned();
    stage.slack.search(&user, &view, "0.user", "jane.roe@contoso.com").await.unwrap();
    stage.slack.fill(&user, &view, "0.group", &group).await.unwrap();
    filled(view, vec![("0.user", "jane.roe@contoso.com")]).await;
    stage.settle().await;
    assert_eq!(stage.effects(), [ADDED], "{}", stage.newest(APPROVALS));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_do_not_say_all_of_it_get_the_form_in_both_chats() {
    let stage = Stage::with(settings()).await;
    stage.says("tina.tech", "I want a standing approval for adding people to groups").await;
    let said: Vec<String> = stage.bot_said(HELPDESK).iter().map(shown).collect();
    assert!(said.iter().any(|text| text.contains("I did not understand all of that.")), "{said:?}");
    assert!(said.iter().any(|text| text.contains("Open the form")), "{said:?}");
    let upn = "tina.tech@contoso.com";
    let chat = stage.teams.open_personal(upn).unwrap();
    stage.teams.say(upn, &chat, "standing approval please", &[]).await.unwrap();
    stage.settle().await;
    let form = card_text(stage.teams_cards("tina.tech").last().unwrap());
    assert!(form.contains("Standing approval"), "{form}");
    assert!(stage.house().store.open(&stage.tenant(), None, 9).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_standing_approval_may_not_cover_is_refused_before_it_is_shown() {
    let stage = Stage::with(settings()).await;
    let tina = "asked by tina.tech@contoso.com";
    for (whom, per_day, until, why) in [
        ("ada.admin@contoso.com", "5", "18 December 2026", "privileged role"),
        ("theo.tech@contoso.com", "5", "18 December 2026", "they sign requests here"),
        ("members of Tier Zero", "5", "18 December 2026", "admin roles"),
        ("jane.roe@contoso.com", "5", "18 March 2027", "at most 90 days"),
        ("jane.roe@contoso.com", "500", "18 December 2026", "from 1 to 100"),
        ("nobody.here@contoso.com", "5", "18 December 2026", "nobody.here@contoso.com"),
    ] {
        let words = format!("add to a group for {whom}, {tina}, {per_day} a day, until {until}");
        stage.says("tina.tech", &format!("standing approval: {words}")).await;
        let said = stage.newest(HELPDESK);
        assert!(said.contains(why), "{words}: {said}");
    }
    // Nobody who may not ask for the action asks for a standing approval of it.
    stage.says("john.doe", ASKED).await;
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_action_person_or_requester_goes_the_ordinary_way() {
    let stage = room().await;
    waits(&stage, "tina.tech", "disable jane.roe@contoso.com", "").await;
    waits(&stage, "theo.tech", ADD_JANE, "").await;
    let whom = "it does not cover everybody this is about";
    waits(&stage, "tina.tech", "add mona.vale@contoso.com to the VPN Users group", whom).await;
    let both = "add jane.roe@contoso.com to the VPN Users group and add mona.vale@contoso.com to the VPN Users group";
    waits(&stage, "tina.tech", both, whom).await;
    // The group is asked again each time.
    stage.says("tina.tech", "remove sam.taylor@contoso.com from the Sales Team group").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), [REMOVED]);
    waits(&stage, "tina.tech", ADD_SAM, whom).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_quoted_or_from_a_ticket_goes_the_ordinary_way() {
    let stage = room().await;
    let why = "it covers only what a message says by itself";
    waits(&stage, "tina.tech", &format!("please action this\n> {ADD_JANE}"), why).await;
    for words in [
        format!("{ADD_JANE}\n> as Samir wrote"),
        format!("INC0012345\n{ADD_JANE}"),
        format!(
            "please action the ticket below\nFrom: samir.nadar@contoso.com\nSubject: access\n{ADD_JANE}"
        ),
    ] {
        stage.says("tina.tech", &words).await;
        assert!(stage.effects().is_empty(), "{words}: it ran");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_quoted_in_teams_or_began_as_somebody_elses_message_goes_the_ordinary_way() {
    let stage = room().await;
    let upn = "tina.tech@contoso.com";
    let chat = stage.teams.open_personal(upn).unwrap();
    let mut activity = stage.teams.said(upn, &chat, ADD_JANE, &[]).unwrap();
    let html = format!("<blockquote>{ADD_JANE}</blockquote><p></p>");
    activity["attachments"] = json!([{ "contentType": "text/html", "content": html }]);
    stage.teams.deliver(&activity).await.unwrap();
    stage.settle().await;
    assert!(stage.effects().is_empty(), "quoted in Teams: it ran");
    // A form that began with the words of a message, by the shortcut on it.
    let (hannah, tina) = (slack_id("hannah.reeves"), slack_id("tina.tech"));
    let ts = stage.slack.say(&hannah, HELPDESK, ADD_SAM, None).await.unwrap().ts.unwrap();
    let on = stage.slack.shortcut_on(&tina, HELPDESK, &ts, "countersign.form_message").await;
    on.unwrap();
    stage.heard_out().await;
    let view = stage.slack.views(&tina).pop().expect("a window").id;
    stage.slack.submit_view(&tina, &view, &[]).await.unwrap();
    stage.settle().await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Sam Taylor"), "{card}");
    assert!(card.contains("it covers only what a message says by itself"), "{card}");
    assert!(stage.effects().is_empty(), "it ran");
    // The same said in Teams by herself runs.
    stage.teams.say(upn, &chat, ADD_JANE, &[]).await.unwrap();
    stage.settle().await;
    assert_eq!(stage.effects(), [ADDED]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_revokes_it_at_the_terminal() {
    let stage = room().await;
    let request = numbered(&stage, 1001).await;
    let store = &stage.house().store;
    let clock = stage.clock.as_ref();
    let told = countersign::cli::standing::revoke(store.as_ref(), request.clone(), clock).await;
    assert_eq!(told.unwrap(), "#1001 is revoked. Nothing runs under it any more.");
    let again = numbered(&stage, 1001).await;
    let again = countersign::cli::standing::revoke(store.as_ref(), again, clock).await;
    assert!(again.unwrap_err().to_string().contains("no standing approval that is in force"));
    stage.settle().await;
    assert!(stage.with_button(APPROVALS, Verb::Revoke).is_none());
    waits(&stage, "tina.tech", ADD_JANE, "it was revoked").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_from_earlier_in_the_thread_goes_the_ordinary_way() {
    let stage = room().await;
    let thread = stage.says("theo.tech", "show me jane.roe@contoso.com").await;
    stage.says_in("tina.tech", "add this user to the VPN Users group", &thread).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("it covers only what a message says by itself"), "{card}");
    assert!(stage.effects().is_empty());
    // In the same thread, a message that says all of it by itself is covered.
    stage.says_in("tina.tech", ADD_SAM, &thread).await;
    assert_eq!(stage.effects(), [ADDED], "{}", stage.newest(APPROVALS));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_model_read_goes_the_ordinary_way() {
    let service = Service::new("recorded", Some("simulated-model-key"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = listener.local_addr().unwrap();
    let routes = service.router();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let more = format!(
        "[model]\nurl = \"http://{base}/v1\"\nname = \"recorded\"\nkey = \"simulated-model-key\"\n"
    );
    let asked = ASKED.replace("add to a group", "remove from a group");
    let stage = with(Settings { more, ..settings() }, &asked).await;
    let answer = json!([{ "action": "remove_from_group", "user": "u1", "group": "g1",
        "evidence": "zork [u1] re the [g1 Sales Team] list" }]);
    service.answers("zork", answer);
    let why = "it covers only what a message says by itself";
    waits(&stage, "tina.tech", "could somebody zork John Doe re the Sales Team list", why).await;
    // The same in plain words, read by nobody else, runs.
    stage.says("tina.tech", "remove jane.roe@contoso.com from the Sales Team group").await;
    assert_eq!(stage.effects(), [REMOVED]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_asks_for_over_the_api_goes_the_ordinary_way() {
    const TOKEN: &str = "cs-test-0123456789abcdef0123456789abcdef";
    let more = format!(
        "[api.clients.hr-portal]\ntoken = \"{TOKEN}\"\nacts_as = \"tina.tech@contoso.com\"\nareas = [\"groups\"]\n"
    );
    let stage = with(Settings { more, ..settings() }, ASKED).await;
    let arguments = json!({ "user": "jane.roe@contoso.com", "group": "VPN Users" });
    let body = json!({ "action": "add_to_group", "arguments": arguments });
    let answer = programs::propose(&stage, TOKEN, "one", &body).await;
    assert!(answer.status < 300, "{}", answer.body);
    assert!(stage.effects().is_empty(), "it ran");
    let card = stage.newest(APPROVALS);
    assert!(card.contains("does not cover this: it covers only what"), "{card}");
    // Nor does a program ask for a standing approval.
    let body = json!({ "action": "standing_approval", "arguments": {} });
    assert!(programs::propose(&stage, TOKEN, "two", &body).await.status >= 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn protected_people_and_groups_that_give_rights_are_never_covered() {
    let mut stage = room().await;
    let why = "it never covers somebody with a privileged role";
    waits(&stage, "tina.tech", "add jane.roe@contoso.com to the Tier Zero group", why).await;
    // A member of the group who signs here by now is no longer covered.
    change(&mut stage, |policy| {
        policy.groups.values_mut().for_each(|group| {
            group.approvers = Some(vec![
                "anna.approver@contoso.com".to_owned(),
                "jane.roe@contoso.com".to_owned(),
            ]);
        });
    })
    .await;
    waits(&stage, "tina.tech", ADD_JANE, why).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_limit_of_a_day_holds_and_the_next_day_begins_anew() {
    let stage = with(settings(), &ASKED.replace("5 a day", "2 a day")).await;
    let full = "its limit of today would be passed";
    let three =
        format!("{ADD_JANE} and {ADD_SAM} and add samir.nadar@contoso.com to the VPN Users group");
    waits(&stage, "tina.tech", &three, full).await;
    stage.says("tina.tech", "cancel #1002").await;
    stage.says("tina.tech", ADD_JANE).await;
    stage.says("tina.tech", "add samir.nadar@contoso.com to the VPN Users group").await;
    assert_eq!(stage.effects(), [ADDED, ADDED], "{}", stage.newest(APPROVALS));
    assert!(stage.newest(APPROVALS).contains("Left of it today after this: 0 of 2."));
    waits(&stage, "tina.tech", ADD_SAM, full).await;
    stage.pass(SignedDuration::from_hours(24)).await;
    stage.says("tina.tech", ADD_SAM).await;
    assert_eq!(stage.effects().len(), 3, "{}", stage.newest(APPROVALS));
}

#[tokio::test(flavor = "multi_thread")]
async fn at_its_end_it_is_over_and_nothing_that_starts_later_is_covered() {
    let stage = with(settings(), &ASKED.replace("18 December 2026", "21 November 2026")).await;
    let later = format!("{ADD_JANE} on 23 November 2026");
    waits(&stage, "tina.tech", &later, "this starts after its end").await;
    stage.pass(SignedDuration::from_hours(37)).await;
    waits(&stage, "tina.tech", ADD_SAM, "its time is over").await;
    stage.says("tina.tech", "which standing approvals are there?").await;
    let list = stage.newest(HELPDESK);
    assert!(list.contains("No standing approval is in force"), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_listed_and_revoked_at_once_by_button_or_words() {
    for by_button in [true, false] {
        let stage = room().await;
        stage.says("tina.tech", ADD_JANE).await;
        stage.says("theo.tech", "which standing approvals are there?").await;
        let list = stage.newest(HELPDESK);
        for cell in ["#1001", "Add to a group", "Sales Team", "Tina Tech", "1 / 5", "Anna Approver"]
        {
            assert!(list.contains(cell), "{cell}: {list}");
        }
        // Nobody who neither asked for it nor could sign it.
        stage.says("hannah.reeves", "revoke standing approval #1001").await;
        let said = stage.newest(HELPDESK);
        assert!(said.contains("Only the requester or an approver"), "{said}");
        if by_button {
            stage.presses("theo.tech", APPROVALS, Verb::Revoke).await;
        } else {
            stage.says("theo.tech", "revoke standing approval #1001").await;
        }
        let told = stage.told(APPROVALS);
        assert!(told.contains("#1001: Theo Tech revoked this standing approval."), "{told}");
        assert!(stage.with_button(APPROVALS, Verb::Revoke).is_none(), "once");
        waits(&stage, "tina.tech", ADD_SAM, "it was revoked").await;
        assert!(facts(&stage).await.iter().any(|(kind, _)| kind == "standing.revoked"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_lists_them_and_teams_does_in_words() {
    let stage = room().await;
    let user = slack_id("tina.tech");
    stage.slack.command(&user, HELPDESK, "/countersign", "standing").await.unwrap();
    stage.settle().await;
    let list = stage.whispered("tina.tech").concat();
    assert!(list.contains("#1001") && list.contains("Sales Team"), "{list}");
    let upn = "anna.approver@contoso.com";
    let chat = stage.teams.open_personal(upn).unwrap();
    stage.teams.say(upn, &chat, "show the standing approvals", &[]).await.unwrap();
    stage.settle().await;
    let list = card_text(stage.teams_cards("anna.approver").last().unwrap());
    assert!(list.contains("#1001") && list.contains("Sales Team"), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_when_its_signer_loses_the_right_read_again_at_each_use() {
    let why = "somebody who signed it may not sign this request, or left";
    let stage = room().await;
    stage.says("tina.tech", ADD_JANE).await;
    assert_eq!(stage.effects(), [ADDED]);
    patch(&stage, "anna.approver@contoso.com", &json!({ "accountEnabled": false })).await;
    waits(&stage, "tina.tech", ADD_SAM, why).await;
    let mut stage = room().await;
    change(&mut stage, |policy| policy.approvers.retain(|who| !who.starts_with("anna"))).await;
    waits(&stage, "tina.tech", ADD_JANE, why).await;
    // Nor when whoever asks turns out to be who signed.
    let stage = room().await;
    for upn in ["anna.approver@contoso.com", "tina.tech@contoso.com"] {
        patch(&stage, upn, &json!({ "employeeId": "4711" })).await;
    }
    waits(&stage, "tina.tech", ADD_JANE, why).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_two_must_sign_two_sign_it_and_a_rule_that_became_stricter_holds() {
    let stage = Stage::with(Settings { approval: "approve:2".to_owned(), ..settings() }).await;
    stage.says("tina.tech", ASKED).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(numbered(&stage, 1001).await.stage.name(), "pending");
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    stage.says("tina.tech", ADD_JANE).await;
    assert_eq!(stage.effects(), [ADDED], "{}", stage.newest(APPROVALS));
    let mut stage = room().await;
    change(&mut stage, |policy| {
        policy.groups.values_mut().for_each(|group| {
            group.approval = countersign::config::Approval::Approve(2);
        });
    })
    .await;
    waits(&stage, "tina.tech", ADD_JANE, "this needs more signatures now than it has").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_to_run_later_under_one_that_was_revoked_meanwhile_does_not() {
    let stage = room().await;
    stage.says("tina.tech", &format!("{ADD_JANE} today at 18:00")).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Approved, starts later"), "{card}");
    stage.says("anna.approver", "revoke standing approval #1001").await;
    stage.pass(SignedDuration::from_hours(7)).await;
    assert!(stage.effects().is_empty());
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Anna Approver signed this and may not sign it any more."), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_widens_its_plan_or_makes_one_in_the_database_gains_nothing() {
    if std::env::var_os("COUNTERSIGN_TEST_STORE").is_some() {
        return;
    }
    let mut stage = room().await;
    let request = numbered(&stage, 1001).await;
    let plan = stage.house().store.plan(&request.id, 1).await.unwrap().unwrap();
    let text = String::from_utf8(plan.bytes().to_vec()).unwrap();
    let changed = text.replace("\"per_day\":5", "\"per_day\":99");
    assert_ne!(changed, text);
    let keys = &stage.keys;
    let sealing = Sealing::new(keys.id.clone(), &keys.encryption, stage.clock.clone()).unwrap();
    let sealed = sealing.seal("plan_revision", &format!("{}/1", request.id), changed.as_bytes());
    stage.fall().await;
    let file = rusqlite::Connection::open(stage.folder.path().join("countersign.db")).unwrap();
    file.execute_batch(&format!(
        "DROP TRIGGER plan_revision_is_never_changed; UPDATE plan_revision SET sealed = x'{}'",
        hex::encode(sealed)
    ))
    .unwrap();
    drop(file);
    stage.start().await;
    waits(&stage, "tina.tech", ADD_JANE, "").await;
    // One that nobody signed, marked as in force with the encryption key.
    let stage = Stage::with(settings()).await;
    stage.says("tina.tech", ASKED).await;
    let mut request = numbered(&stage, 1001).await;
    let until = "2026-12-18T00:00:00Z".parse().unwrap();
    let at = stage.clock_now();
    request.in_force = Some(InForce { until, revoked: None });
    request.stage = At::Succeeded { by: vec![request.requester.clone()], at };
    request.due_at = None;
    let version = request.version;
    let turn = Turn { at, requests: vec![(request, Some(version))], ..Turn::default() };
    stage.house().store.save(turn).await.unwrap();
    waits(&stage, "tina.tech", ADD_JANE, "").await;
}

/// Tina's words as a door hands them over.
fn words(stage: &Stage, key: &str, said: &str) -> Inbound {
    let realm = stage.slack.setup().team.clone();
    let id = slack_id("tina.tech");
    Inbound {
        key: key.to_owned(),
        from: ChatUser { platform: Platform::Slack, realm: realm.clone(), id, address: None },
        place: Place {
            platform: Platform::Slack,
            realm,
            conversation: HELPDESK.to_owned(),
            thread: None,
            kind: PlaceKind::Channel,
            service_url: None,
        },
        what: Heard::Said {
            words: Words(said.to_owned()),
            mentions: Vec::new(),
            message: Some(key.to_owned()),
            files: Vec::new(),
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_the_same_instant_in_two_houses_cannot_both_take_the_last_place_of_a_day() {
    const ROUNDS: u64 = 12;
    let stage = with(settings(), &ASKED.replace("5 a day", "1 a day")).await;
    let second = stage.build().await;
    let desk = &second.desk;
    desk.people.refresh(desk.directory.as_ref(), &desk.tenant, desk.clock.now()).await.unwrap();
    for round in 0..ROUNDS {
        stage.world.reset();
        stage.pass(SignedDuration::from_hours(24)).await;
        let one = words(&stage, &format!("1795{round:06}.000001"), ADD_JANE);
        let other = words(&stage, &format!("1795{round:06}.000002"), ADD_SAM);
        let (a, b) = tokio::join!(stage.house().desk.handle(one), second.desk.handle(other));
        a.unwrap();
        b.unwrap();
        stage.settle().await;
        let mut ran = 0;
        for number in [1002 + 2 * round, 1003 + 2 * round] {
            let request = numbered(&stage, number).await;
            let under = request.under.is_some();
            ran += usize::from(under);
            let expected = if under { "succeeded" } else { "pending" };
            assert_eq!(request.stage.name(), expected, "{round}: {number}");
        }
        assert_eq!(ran, 1, "round {round}: exactly one takes the last place");
    }
    eprintln!("two houses, one place a day: {ROUNDS} races, one each");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_beforehand_what_a_manager_signs_or_the_requester_alone() {
    let stage =
        Stage::with(Settings { approval: "subject_manager".to_owned(), ..settings() }).await;
    let asked = ASKED.replace("members of Sales Team", "jane.roe@contoso.com");
    stage.says("tina.tech", &asked).await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("a manager signs these, who is another one for each person"), "{said}");
    let stage = Stage::with(Settings { approval: "confirm".to_owned(), ..settings() }).await;
    stage.says("tina.tech", ASKED).await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("whoever asks confirms these alone already"), "{said}");
}
