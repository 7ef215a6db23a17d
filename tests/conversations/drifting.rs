//! The world moves between the signature and the run: what matters goes back for approval,
//! what does not is carried out, and nobody's access is kept open for it.

use std::sync::Arc;

use countersign::domain::chat::Verb;
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    assure::{Dice, figure, times},
    attacks::{patch, state},
    paths::{group_id, nest},
    stage::{APPROVALS, HELPDESK, Settings, Stage},
};

const LATER: &str = " today at 15:00";

/// Asked, and signed by Anna at noon, to run at three.
async fn signed(words: &str) -> Stage {
    let stage = Stage::new().await;
    stage.says("tina.tech", &format!("{words}{LATER}")).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Approved, starts later: "), "{card}");
    stage
}

async fn at_three(stage: &Stage) {
    stage.pass(SignedDuration::from_hours(3)).await;
}

/// What the requester's thread shows of a request, by its number.
fn card(stage: &Stage, number: u32) -> String {
    let number = format!("(#{number})");
    let all = stage.bot_said(HELPDESK);
    let mut shown = all.iter().map(crate::stage::shown).filter(|card| card.contains(&number));
    shown.next_back().unwrap_or_else(|| panic!("no card of {number}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn b4_a_value_that_somebody_changed_meanwhile_goes_back_for_approval() {
    let stage = signed("change the job title of john.doe@contoso.com to Sales Lead").await;
    patch(&stage, "john.doe@contoso.com", &json!({ "jobTitle": "Head of Sales" })).await;
    let felt = stage.effects().len();
    at_three(&stage).await;
    assert_eq!(stage.effects().len(), felt, "nothing was overwritten");
    let old = card(&stage, 1001);
    assert!(old.contains("Since this was signed, this changed: Job title"), "{old}");
    assert!(old.contains("“Head of Sales”"), "{old}");
    assert!(old.contains("It goes back for approval"), "{old}");
    let new = card(&stage, 1002);
    assert!(new.starts_with("Waiting for a signature: "), "{new}");
    assert!(new.contains("Since #1001 was signed, this changed: Job title"), "{new}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(card(&stage, 1002).starts_with("Done: "), "{}", card(&stage, 1002));
    assert_eq!(stage.effects().len(), felt + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b4_what_was_already_so_and_is_not_any_more_is_not_overwritten_unseen() {
    let words = "change the job title of john.doe@contoso.com to Sales Lead and the office location to Zurich";
    let stage = Stage::new().await;
    patch(&stage, "john.doe@contoso.com", &json!({ "officeLocation": "Zurich" })).await;
    stage.says("tina.tech", &format!("{words}{LATER}")).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    patch(&stage, "john.doe@contoso.com", &json!({ "officeLocation": "Basel" })).await;
    let felt = stage.effects().len();
    at_three(&stage).await;
    assert_eq!(stage.effects().len(), felt);
    assert!(card(&stage, 1002).contains("from “Zurich” to “Basel”"), "{}", card(&stage, 1002));
}

#[tokio::test(flavor = "multi_thread")]
async fn b4_what_does_not_matter_holds_nothing_back() {
    let stage = signed("change the job title of john.doe@contoso.com to Sales Lead").await;
    let other = json!({ "displayName": "Johnny Doe", "department": "Legal", "city": "Bern" });
    patch(&stage, "john.doe@contoso.com", &other).await;
    let felt = stage.effects().len();
    at_three(&stage).await;
    assert!(card(&stage, 1001).starts_with("Done: "), "{}", card(&stage, 1001));
    assert_eq!(stage.effects().len(), felt + 1);
    // Somebody did it already: there is nothing to overwrite, and nothing to sign anew.
    let stage = signed("change the job title of john.doe@contoso.com to Sales Lead").await;
    patch(&stage, "john.doe@contoso.com", &json!({ "jobTitle": "Sales Lead" })).await;
    at_three(&stage).await;
    assert!(card(&stage, 1001).starts_with("Done: "), "{}", card(&stage, 1001));
}

#[tokio::test(flavor = "multi_thread")]
async fn b4_only_the_part_that_moved_goes_back() {
    let words = "change the job title of john.doe@contoso.com to Sales Lead and add omar.haddad@contoso.com to VPN Users";
    let stage = signed(words).await;
    patch(&stage, "john.doe@contoso.com", &json!({ "jobTitle": "Head of Sales" })).await;
    let felt = stage.effects().len();
    at_three(&stage).await;
    assert_eq!(stage.effects().len(), felt + 1, "{:?}", stage.effects());
    let new = card(&stage, 1002);
    assert!(new.contains("Job title") && !new.contains("VPN Users"), "{new}");
    // Trying again what failed is no way around the new signature.
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    assert_eq!(stage.effects().len(), felt + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b4_a_group_that_signs_here_by_now_takes_the_stricter_rule() {
    let mut stage = Stage::with(Settings {
        policy: "secrets_to = \"requester\"\nprivileged = \"approve:2\"".to_owned(),
        ..Settings::default()
    })
    .await;
    let (inner, outer) =
        (group_id(&stage, "VPN Users").await, group_id(&stage, "Finance Restricted").await);
    stage.fall().await;
    let mut config = (*stage.config).clone();
    config.policy.approvers.push(format!("group:{outer}"));
    stage.config = Arc::new(config);
    stage.start().await;
    stage.says("tina.tech", &format!("add omar.haddad@contoso.com to VPN Users{LATER}")).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    nest(&stage, &inner, &outer).await;
    let felt = stage.effects().len();
    at_three(&stage).await;
    assert_eq!(stage.effects().len(), felt, "one signature was enough then, and is not now");
    let new = card(&stage, 1002);
    assert!(new.contains("How strictly it must be signed"), "{new}");
    assert!(new.contains("2 of the approvers for groups"), "{new}");
}

#[tokio::test(flavor = "multi_thread")]
async fn b4_drift_never_keeps_a_leavers_access_open() {
    let stage = signed("offboard john.doe@contoso.com").await;
    let (vpn, john) = (group_id(&stage, "Finance Restricted").await, "john.doe@contoso.com");
    join(&stage, john, &vpn).await;
    let felt = stage.effects().len();
    at_three(&stage).await;
    let done = stage.effects().split_off(felt);
    assert!(done.iter().any(|effect| effect == "user.update"), "{done:?}");
    assert!(done.iter().any(|effect| effect == "user.revoke_sessions"), "{done:?}");
    let new = card(&stage, 1002);
    assert!(new.contains("Since #1001 was signed, this changed: "), "{new}");
    assert!(new.contains("Finance Restricted"), "{new}");
}

/// Somebody puts a person into a group, elsewhere.
async fn join(stage: &Stage, upn: &str, group: &str) {
    let graph = format!("{}/v1.0", stage.config.endpoints.graph());
    let token = stage
        .world
        .access_token(countersign::sim::microsoft::DEMO_CLIENT_ID, "https://graph.microsoft.com")
        .unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let found = http.get(format!("{graph}/users/{upn}")).bearer_auth(&token).send().await.unwrap();
    let user: serde_json::Value = found.json().await.unwrap();
    let id = user["id"].as_str().unwrap();
    let member = json!({ "@odata.id": format!("{graph}/directoryObjects/{id}") });
    let asked = http.post(format!("{graph}/groups/{group}/members/$ref")).bearer_auth(&token);
    assert_eq!(asked.json(&member).send().await.unwrap().status(), 204);
}

/// Where chance begins.
const SEED: u64 = 20_261_130;

/// What is asked for about somebody, in words, and what somebody else does to it meanwhile.
struct Drift {
    wish: String,
    /// Whose properties are changed past the bot, and how.
    elsewhere: (String, serde_json::Value),
    /// It has to go back for approval.
    matters: bool,
}

fn drift(dice: &mut Dice, round: u32) -> Drift {
    let people = ["john.doe", "jane.roe", "omar.haddad", "bob.lead", "samir.nadar"];
    let at = dice.place(people.len());
    let (who, other) = (people[at], people[(at + 1) % people.len()]);
    let upn = |name: &str| format!("{name}@contoso.com");
    let sorts =
        [("job title", "jobTitle"), ("department", "department"), ("office", "officeLocation")];
    let (said, property) = sorts[dice.place(sorts.len())];
    let wanted = format!("Wanted{round}");
    let wish = format!("change the {said} of {} to {wanted}", upn(who));
    let (elsewhere, matters) = match dice.roll(6) {
        0..=2 => ((upn(who), json!({ property: format!("Other{round}") })), true),
        3 => ((upn(who), json!({ property: wanted })), false),
        4 => {
            ((upn(who), json!({ "city": format!("City{round}"), "companyName": "Contoso" })), false)
        }
        _ => ((upn(other), json!({ property: format!("Other{round}") })), false),
    };
    Drift { wish, elsewhere, matters }
}

#[tokio::test(flavor = "multi_thread")]
async fn b4_every_drift_that_matters_goes_back_and_no_other() {
    let stage = Stage::new().await;
    let (tried, mut dice, mut number) = (times(8, 2_000), Dice(SEED), 1_000_u64);
    for round in 0..tried {
        let Drift { wish, elsewhere: (whose, change), matters } = drift(&mut dice, round);
        let start = stage.clock_now() + SignedDuration::from_mins(10);
        let at = start.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d at %H:%M").to_string();
        stage.says("tina.tech", &format!("{wish} on {at}")).await;
        number += 1;
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        patch(&stage, &whose, &change).await;
        let felt = stage.effects().len();
        stage.pass(SignedDuration::from_mins(11)).await;
        let told = format!("round {round}, seed {SEED:#x}: {wish}, and then {change} of {whose}");
        let ended = state(&stage, number).await;
        if matters {
            assert_eq!((ended, stage.effects().len()), ("failed", felt), "{told}");
            number += 1;
            assert_eq!(state(&stage, number).await, "pending", "{told}");
            stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
            stage.settle().await;
            assert_eq!(state(&stage, number).await, "succeeded", "{told}");
        } else {
            assert_eq!(ended, "succeeded", "{told}");
        }
        stage.pass(SignedDuration::from_mins(1)).await;
    }
    figure(
        "B4",
        "changes between signature and run, those that matter gone back and no other",
        tried,
        SEED,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_stop_a_scheduled_request_is_said_a_day_and_an_hour_before() {
    let stage = Stage::new().await;
    let wish = "change the job title of john.doe@contoso.com to Sales Lead";
    stage.says("tina.tech", &format!("{wish} on 2026-11-23 at 15:00")).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    patch(&stage, "john.doe@contoso.com", &json!({ "jobTitle": "Head of Sales" })).await;
    let felt = stage.effects().len();
    // Noon on the 20th; a day before its time is the 22nd at three.
    stage.pass(SignedDuration::from_hours(48)).await;
    assert!(!stage.told(HELPDESK).contains("Since it was signed"), "{}", stage.told(HELPDESK));
    stage.pass(SignedDuration::from_hours(4)).await;
    for channel in [HELPDESK, APPROVALS] {
        let told = stage.told(channel);
        assert!(told.starts_with("#1001 starts at Mon 23 Nov 2026, 15:00"), "{channel}: {told}");
        assert!(told.contains("“Head of Sales”"), "{told}");
    }
    // It is as it was shown again: the last look finds nothing, and it runs.
    patch(&stage, "john.doe@contoso.com", &json!({ "jobTitle": "Account Manager" })).await;
    let said = stage.bot_said(HELPDESK).len();
    stage.pass(SignedDuration::from_hours(22)).await;
    assert_eq!(stage.bot_said(HELPDESK).len(), said, "nothing stops it");
    stage.pass(SignedDuration::from_hours(2)).await;
    assert!(card(&stage, 1001).starts_with("Done: "), "{}", card(&stage, 1001));
    assert_eq!(stage.effects().len(), felt + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_is_lost_before_the_time_is_asked_for_again() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com on 2026-11-23 at 15:00").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    patch(&stage, "anna.approver@contoso.com", &json!({ "accountEnabled": false })).await;
    stage.pass(SignedDuration::from_hours(52)).await;
    let new = card(&stage, 1002);
    assert!(new.starts_with("Waiting for a signature: "), "{new}");
    let why = "This was signed as #1001 by Anna Approver, who may not sign it any more.";
    assert!(new.contains(why), "{new}");
    // An hour before it is not asked for a third time.
    stage.pass(SignedDuration::from_hours(22)).await;
    assert!(!stage.bot_said(HELPDESK).iter().any(|m| crate::stage::shown(m).contains("#1003")));
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    let felt = stage.effects().len();
    stage.pass(SignedDuration::from_hours(2)).await;
    assert!(card(&stage, 1002).starts_with("Done: "), "{}", card(&stage, 1002));
    assert!(card(&stage, 1001).starts_with("Failed: "), "{}", card(&stage, 1001));
    assert_eq!(stage.effects().len(), felt + 1);
}
