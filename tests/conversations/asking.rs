//! Who may ask, from where, several things at once, at a time, and taking it back.

use countersign::{domain::chat::Verb, sim::slack::Channel};
use jiff::SignedDuration;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, shown, slack_id};

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_things_about_this_user_of_the_thread_are_one_card_and_one_signature() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "show me john.doe@contoso.com").await;
    let words =
        "disable this user's account and set an out of office message: \"I no longer work here\"";
    stage.says_in("tina.tech", words, &thread).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("1.  Block sign-in for John Doe"), "{card}");
    assert!(card.contains("2.  Set the automatic replies of John Doe"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let mut effects = stage.effects();
    effects.sort();
    assert_eq!(effects, ["mailbox.settings", "user.update"]);
    let john = stage.world.user("john.doe@contoso.com").unwrap();
    assert_eq!(john["accountEnabled"], false);
    assert!(john.to_string().contains("I no longer work here"));
    let in_thread = |message: &countersign::sim::slack::Message| {
        message.thread.as_deref() == Some(thread.as_str())
    };
    assert!(stage.bot_said(HELPDESK).iter().all(in_thread), "all is said in the thread");
    assert!(stage.newest(HELPDESK).starts_with("Done: "));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_and_the_rest_still_goes_on_the_card() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable walt.gone@contoso.com and disable john.doe@contoso.com").await;
    let said: Vec<String> = stage.bot_said(HELPDESK).iter().map(shown).collect();
    assert!(said.iter().any(|said| said.contains("Walt Gone is blocked already")), "{said:?}");
    assert!(said.iter().any(|said| said.contains("Block sign-in for John Doe")), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_besides_and_is_nothing_the_bot_does_is_not_dropped_silently() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com and change his signature").await;
    let said: Vec<String> = stage.bot_said(HELPDESK).iter().map(shown).collect();
    let left_out = |said: &String| said.starts_with("Left out") && said.contains("signature");
    assert!(said.iter().any(left_out), "{said:?}");
    assert!(said.iter().any(|said| said.contains("Block sign-in for John Doe")), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn seats_cannot_be_bought_and_whoever_asks_is_told_what_to_do() {
    let stage = Stage::new().await;
    for words in ["buy five more E5 licences", "which subscriptions are we paying for?"] {
        stage.says("tina.tech", words).await;
        let said = stage.newest(HELPDESK);
        assert!(said.contains("none is connected to me"), "{words}: {said}");
    }
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none(), "nothing to be signed");
    assert!(stage.effects().is_empty());
    // How many is asked first, and answered like any question.
    let thread = stage.says("tina.tech", "please order some more E5 licences").await;
    stage.says_in("tina.tech", "3", &thread).await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("none is connected to me"), "{said}");
}

/// What the bot said it left out, in the help desk's channel.
fn left_out(stage: &Stage) -> Vec<String> {
    let said = stage.bot_said(HELPDESK).into_iter().map(|message| message.text);
    said.filter(|said| said.starts_with("Left out")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_out_is_quoted_beside_a_card_and_beside_a_question() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com and change his signature").await;
    assert_eq!(
        left_out(&stage),
        [
            "Left out, because it is nothing I can do or it was not clear: “change his signature”. Nothing happens about it."
        ]
    );
    stage.says("tina.tech", "reset the password for Sam Taylor and change his signature").await;
    assert!(stage.with_button(HELPDESK, Verb::Pick).is_some(), "{}", stage.newest(HELPDESK));
    assert_eq!(left_out(&stage).len(), 2, "{:?}", left_out(&stage));
    // Answered, the question is not accompanied by the same again.
    let card = stage.with_button(HELPDESK, Verb::Pick).unwrap();
    let tina = slack_id("tina.tech");
    stage.slack.fill(&tina, &card.ts, "choice", "sam.taylor@contoso.com").await.unwrap();
    stage.presses("tina.tech", HELPDESK, Verb::Pick).await;
    assert_eq!(left_out(&stage).len(), 2, "{:?}", left_out(&stage));
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.password"], "nothing happens about what was left out");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nothing_was_understood_nothing_is_called_left_out() {
    let stage = Stage::new().await;
    for words in
        ["change the signature of john.doe@contoso.com", "what a lovely day, thank you all"]
    {
        stage.says("tina.tech", words).await;
        assert!(left_out(&stage).is_empty(), "{:?}", left_out(&stage));
        assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_quoted_as_left_out_calls_nobody_and_repeats_no_password() {
    let stage = Stage::new().await;
    for rest in
        ["wipe <!channel>'s laptop", "wipe <@U0ANNAAPPROVER>'s laptop", "wipe *his* `laptop`"]
    {
        let words = format!("disable john.doe@contoso.com and {rest}");
        stage.says("tina.tech", &words).await;
        stage.presses("tina.tech", HELPDESK, Verb::Cancel).await;
    }
    let quoted = left_out(&stage);
    assert!(!quoted.is_empty());
    for said in &quoted {
        assert!(!said.contains('<') && !said.contains('>'), "{said}");
    }
    let words =
        "disable john.doe@contoso.com and set the wifi password of his laptop to Hunter2!99";
    stage.says("tina.tech", words).await;
    for channel in [HELPDESK, APPROVALS] {
        for message in stage.bot_said(channel) {
            assert!(!format!("{message:?}").contains("Hunter2"), "{message:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_teams_it_is_said_too_what_was_left_out() {
    let stage = Stage::new().await;
    let upn = "tina.tech@contoso.com";
    stage.teams.install(upn).await.unwrap();
    let chat = stage.teams.open_personal(upn).unwrap();
    let words = "disable john.doe@contoso.com and change his signature";
    stage.teams.say(upn, &chat, words, &[]).await.unwrap();
    stage.settle().await;
    let said = format!("{:?}", stage.teams.messages(&chat));
    assert!(said.contains("Left out") && said.contains("change his signature"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_scheduled_runs_at_that_instant_and_not_before() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com on Monday at 17:00").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("*Starts*  Mon 23 Nov 2026, 17:00 GMT"), "before it is signed: {card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Approved, starts later: "), "{card}");
    let hours = SignedDuration::from_hours;
    stage.pass(hours(76) + SignedDuration::from_mins(59)).await;
    assert!(stage.effects().is_empty(), "a minute too early");
    stage.pass(SignedDuration::from_mins(1)).await;
    assert_eq!(stage.effects(), ["user.update"]);
    let at = stage.world.ledger()[0].at;
    assert_eq!(at.to_string(), "2026-11-23T17:00:00Z");
    assert!(stage.told(HELPDESK).ends_with("about John Doe is done."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_request_can_be_cancelled_before_its_time() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com on Monday at 17:00").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.presses("tina.tech", HELPDESK, Verb::Cancel).await;
    assert!(stage.newest(HELPDESK).starts_with("Cancelled: nothing was changed"));
    assert!(stage.newest(APPROVALS).starts_with("Cancelled: nothing was changed"));
    stage.pass(SignedDuration::from_hours(100)).await;
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_taken_back_by_words_in_its_thread_by_its_number_and_by_its_button() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.says_in("tina.tech", "never mind, cancel that", &thread).await;
    assert_eq!(stage.told(HELPDESK), "#1001 is cancelled. Nothing was changed.");
    assert!(stage.newest(APPROVALS).starts_with("Cancelled: nothing was changed"));

    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.says("tina.tech", "cancel that").await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("You have several open requests: #1003, #1002."), "{said}");
    stage.says("theo.tech", "cancel #1002").await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("Only the requester or an approver may do this."), "{said}");
    stage.says("tina.tech", "cancel #1002").await;
    assert_eq!(stage.told(HELPDESK), "#1002 is cancelled. Nothing was changed.");
    // Only one is left: now "that" is clear, in a new thread too.
    stage.says("tina.tech", "cancel that").await;
    assert_eq!(stage.told(HELPDESK), "#1003 is cancelled. Nothing was changed.");
    stage.says("tina.tech", "cancel that").await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("You have no open request that could be cancelled."), "{said}");

    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.presses("tina.tech", HELPDESK, Verb::Cancel).await;
    let message = stage.bot_said(HELPDESK).into_iter().rfind(|m| m.text.contains("(#1004)"));
    assert!(message.unwrap().text.starts_with("Cancelled: "));
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn help_and_what_is_waiting_are_answered() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "help").await;
    let help = stage.newest(HELPDESK);
    assert!(
        help.contains("*Reset password*  reset the password for john.doe@contoso.com"),
        "{help}"
    );
    assert!(help.contains("Nothing is changed before somebody signs the card."), "{help}");
    stage.says("tina.tech", "what is waiting?").await;
    assert!(stage.newest(HELPDESK).contains("Nothing is waiting."));
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.says("theo.tech", "reset the password for Sam Taylor").await;
    stage.says("tina.tech", "what is waiting?").await;
    insta::assert_snapshot!(stage.newest(HELPDESK), @r"
    Waiting now: 2
    *Waiting now*
    #1002 · Reset password · a question is open
    #1001 · Block sign-in · John Doe · waiting for a signature
    ");
    stage.says("tina.tech", "the weather is nice today").await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("Say “help” to see what can be asked."), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_password_is_refused_a_generated_one_offered_and_it_is_kept_nowhere() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "set John Doe's password to Hunter2!").await;
    let whisper = stage.whispered("tina.tech").pop().unwrap();
    assert!(whisper.contains("It was not kept and will not be used."), "{whisper}");
    assert!(whisper.contains("Please delete your message."), "{whisper}");
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Password: the current one → new, generated"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.keep_record().await;
    assert!(!stage.world.password_is("john.doe@contoso.com", "Hunter2!"));

    let typed = b"Hunter2";
    let holds = |bytes: &[u8]| bytes.windows(typed.len()).any(|window| window == typed);
    for (file, bytes) in stage.files() {
        assert!(!holds(&bytes), "found in {}", file.display());
    }
    for channel in [HELPDESK, APPROVALS] {
        for message in stage.bot_said(channel) {
            assert!(!holds(format!("{message:?}").as_bytes()), "found in a card");
        }
    }
    assert!(
        !holds(format!("{:?}", stage.requests.lock().unwrap()).as_bytes()),
        "sent to Microsoft"
    );
    assert!(!holds(format!("{:?}", stage.teams.calls()).as_bytes()), "sent to Teams");
}

/// Something about a chat account that makes it nobody's.
type Flag = fn(&mut countersign::sim::slack::Person);

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_ask_is_told_why_and_what_to_do() {
    let stage = Stage::new().await;
    for (who, what) in [
        ("bob.lead", "Bob Lead may not ask for users."),
        ("henry.desk", "Henry Desk may not ask for users."),
    ] {
        stage.says(who, "disable john.doe@contoso.com").await;
        assert_eq!(first_line(&stage.newest(HELPDESK)), what);
        assert!(stage.newest(HELPDESK).contains("The operator decides who may, in the policy."));
    }
    let flags: [(&str, Flag, &str); 5] = [
        ("a guest", |p| p.restricted = true, "guests cannot ask or decide"),
        ("a bot", |p| p.bot = true, "bots cannot ask or decide"),
        (
            "another workspace",
            |p| p.team = "T0FABRIKAM".to_owned(),
            "people of other organisations cannot ask or decide",
        ),
        ("invited only", |p| p.invited = true, "this account is deactivated"),
        (
            "unlinked",
            |p| p.email = Some("nobody@contoso.com".to_owned()),
            "not linked to one enabled user of the directory",
        ),
    ];
    for (n, (case, flag, why)) in flags.into_iter().enumerate() {
        let handle = format!("stranger{n}");
        let id = slack_id(&handle);
        let mut person =
            stage.slack.people().into_iter().find(|p| p.handle == "tina.tech").unwrap();
        (person.id, person.handle) = (id.clone(), handle.clone());
        flag(&mut person);
        stage.slack.put_person(person);
        let bot = stage.slack.setup().bot_user.clone();
        let room = format!("C0ROOM{n}");
        stage.slack.put_channel(Channel::public(&room, "room", &[&id, &bot]));
        stage
            .slack
            .say(&id, &room, "@countersign disable john.doe@contoso.com", None)
            .await
            .unwrap();
        stage.settle().await;
        let whisper = stage.whispered(&handle).pop().unwrap_or_default();
        assert!(whisper.contains(why), "{case}: {whisper}");
    }
    assert!(stage.effects().is_empty());
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_where_the_bot_is_no_member_is_answered_directly() {
    let stage = Stage::new().await;
    let tina = slack_id("tina.tech");
    stage.slack.put_channel(Channel::public("C0LUNCH", "lunch", &[&tina]));
    let command = |text: &'static str| stage.slack.command(&tina, "C0LUNCH", "/countersign", text);
    command("disable john.doe@contoso.com").await.unwrap();
    stage.settle().await;
    assert!(stage.bot_said("C0LUNCH").is_empty());
    let direct = stage.direct("tina.tech").pop().unwrap_or_default();
    assert!(direct.starts_with("Waiting for a signature: Block sign-in, John Doe"), "{direct}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let direct = stage.direct("tina.tech");
    assert!(direct[0].starts_with("Done: Block sign-in, John Doe"), "{direct:?}");
    assert!(direct[1].starts_with("#1001 about John Doe is done."), "{direct:?}");
    command("the weather is nice").await.unwrap();
    stage.settle().await;
    let direct = stage.direct("tina.tech").pop().unwrap_or_default();
    assert!(direct.starts_with("This was not understood."), "{direct}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_channel_shared_with_others_nothing_is_shown() {
    let stage = Stage::new().await;
    let (tina, bot) = (slack_id("tina.tech"), stage.slack.setup().bot_user.clone());
    let mut shared = Channel::public("C0SHARED", "with-fabrikam", &[&tina, &bot]);
    shared.ext_shared = true;
    stage.slack.put_channel(shared);
    stage
        .slack
        .say(&tina, "C0SHARED", "@countersign reset the password for john.doe@contoso.com", None)
        .await
        .unwrap();
    stage.settle().await;
    assert!(stage.bot_said("C0SHARED").is_empty(), "others could read it and press");
    let direct = stage.direct("tina.tech").pop().unwrap_or_default();
    assert!(direct.starts_with("Waiting for a signature: Reset password"), "{direct}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouchable_account_is_left_alone() {
    let policy = "secrets_to = \"requester\"\nuntouchable = [\"grace.chambers@contoso.com\"]";
    let stage = Stage::with(Settings { policy: policy.to_owned(), ..Settings::default() }).await;
    stage.says("tina.tech", "disable grace.chambers@contoso.com").await;
    assert_eq!(
        first_line(&stage.newest(HELPDESK)),
        "Grace Chambers is protected: the operator listed this account as untouchable."
    );
}

/// Right after a start nobody of the directory was read yet: nobody is told that they are unknown.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_before_anybody_was_read_is_understood_all_the_same() {
    let stage = Stage::with(Settings { unread: true, ..Settings::default() }).await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Waiting for a signature: "), "{card}");
    assert!(stage.whispered("tina.tech").is_empty());
}
