//! Many people in one request: a table that is pasted, one card, one signature, one request for
//! each row.

use countersign::{
    cli::batch,
    domain::{chat::Verb, ids::Number},
    sim::microsoft::{Fault, FaultKind, RetryAfter},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, card_text};

const REFUSE: FaultKind =
    FaultKind::Status { status: 400, retry_after: RetryAfter(None), after_effect: false };

fn user(stage: &Stage, upn: &str) -> Value {
    stage.world.user(upn).unwrap_or_else(|| panic!("{upn} is nobody"))
}

/// A card that only counts its rows lists them first; then it is signed.
async fn signed(stage: &Stage) -> String {
    for _ in 0..2 {
        if stage.with_button(APPROVALS, Verb::Approve).is_some() {
            stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        }
    }
    stage.pass(SignedDuration::from_secs(30)).await;
    stage
        .bot_said(HELPDESK)
        .iter()
        .map(|message| message.text.clone())
        .collect::<Vec<_>>()
        .join("\n")
}

/// What the card of the request says where its approvers read.
fn card(stage: &Stage) -> String {
    stage.newest(APPROVALS)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_leavers_is_one_card_and_one_signature() {
    let stage = Stage::new().await;
    let table = "please offboard these people:\n\
        Employee,Forward to,Shoe size\n\
        john.doe@contoso.com,samir.nadar@contoso.com,9\n\
        Jane Roe,,8\n\
        Sam Taylor,,7\n\
        nobody@contoso.com,,7\n\
        \"Doe, John\",,9\n\
        fiona.ledger@contoso.com,7";
    stage.says("tina.tech", table).await;
    assert!(stage.effects().is_empty(), "nothing runs before the signature");
    let shown = card(&stage);
    for said in [
        "2 of 6 rows are fine",
        "Offboard somebody: John Doe (john.doe@contoso.com)",
        "Offboard somebody: Jane Roe (jane.roe@contoso.com)",
        "Row 4 (Sam Taylor): user: This can mean several things: sam.taylor2@contoso.com; sam.taylor@contoso.com",
        "Row 5 (nobody@contoso.com): user: Nobody called “nobody@contoso.com” was found",
        "Row 6 (Doe, John): This person has a row above already",
        "Row 7 (fiona.ledger@contoso.com): It has 2 cells, and there are 3 headings",
        "These columns were not read: Shoe size",
        "Block sign-in: 2",
        "Cannot be undone",
    ] {
        assert!(shown.contains(said), "the card lacks {said:?}: {shown}");
    }
    assert_eq!(stage.bot_said(APPROVALS).len(), 1, "one card for all");
    signed(&stage).await;
    for upn in ["john.doe@contoso.com", "jane.roe@contoso.com"] {
        assert_eq!(user(&stage, upn)["accountEnabled"], false, "{upn}");
        assert_eq!(user(&stage, upn)["licenses"], json!([]), "{upn}");
    }
    assert_eq!(user(&stage, "sam.taylor@contoso.com")["accountEnabled"], true);
    assert_eq!(user(&stage, "fiona.ledger@contoso.com")["accountEnabled"], true);
    let shown = card(&stage);
    assert!(shown.contains("Done: all 2 rows"), "{shown}");
    assert!(stage.told(HELPDESK).contains("2 of 2 rows went well"), "{}", stage.told(HELPDESK));
    assert_eq!(stage.bot_said(APPROVALS).len(), 1, "no flood of cards");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_contained_before_the_rest_of_anybody() {
    let stage = Stage::new().await;
    let people = ["john.doe", "jane.roe", "fiona.ledger", "felix.brandt", "omar.haddad"];
    let rows = people.map(|name| format!("{name}@contoso.com")).join("\n");
    stage.says("tina.tech", &format!("leavers\nuser\n{rows}")).await;
    signed(&stage).await;
    let ledger = stage.world.ledger();
    let disabled = |name: &str| {
        let upn = format!("{name}@contoso.com");
        assert_eq!(user(&stage, &upn)["accountEnabled"], false, "{name}: {}", card(&stage));
    };
    for name in people {
        disabled(name);
    }
    let effects: Vec<&str> = ledger.iter().map(|effect| effect.what.as_str()).collect();
    let revoked: Vec<usize> =
        (0..effects.len()).filter(|at| effects[*at] == "user.revoke_sessions").collect();
    let rest = effects
        .iter()
        .position(|what| ["group.member.remove", "user.licences", "mailbox.update"].contains(what));
    assert!(revoked.len() >= people.len(), "{effects:?}");
    assert!(
        rest.unwrap() > revoked[people.len() - 1],
        "somebody's tail came before somebody's block: {effects:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_row_hurts_nobody_and_is_tried_again_by_itself() {
    let stage = Stage::new().await;
    let table = "disable these accounts:\nuser\njohn.doe@contoso.com\njane.roe@contoso.com\nfiona.ledger@contoso.com";
    stage.says("tina.tech", table).await;
    let jane = user(&stage, "jane.roe@contoso.com")["id"].as_str().unwrap().to_owned();
    assert!(stage.world.faults().push(Fault::once(
        "PATCH",
        &format!("/v1.0/users/{jane}"),
        REFUSE
    )));
    signed(&stage).await;
    let shown = card(&stage);
    assert!(shown.contains("Partly failed: 1 of 3 rows"), "{shown}");
    assert!(shown.contains("Jane Roe"), "the card names the row: {shown}");
    for (upn, enabled) in [
        ("john.doe@contoso.com", false),
        ("jane.roe@contoso.com", true),
        ("fiona.ledger@contoso.com", false),
    ] {
        assert_eq!(user(&stage, upn)["accountEnabled"], enabled, "{upn}");
    }
    // The row has a card of its own, where one button tries it again.
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    assert_eq!(user(&stage, "jane.roe@contoso.com")["accountEnabled"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_rejected_or_runs_out_leaves_no_row_behind() {
    let stage = Stage::new().await;
    let table = "disable these accounts:\nuser\njohn.doe@contoso.com\njane.roe@contoso.com";
    let open = async || {
        let store = &stage.house().store;
        let john = user(&stage, "john.doe@contoso.com")["id"].as_str().unwrap().parse().unwrap();
        store.open(&stage.tenant(), Some(&stage.tenant().object(john)), 9).await.unwrap().len()
    };
    stage.says("tina.tech", table).await;
    assert_eq!(open().await, 1);
    stage.presses("anna.approver", APPROVALS, Verb::Reject).await;
    assert!(card(&stage).contains("Rejected: nothing was changed"), "{}", card(&stage));
    assert_eq!(open().await, 0, "the row is over with its batch");
    stage.says("tina.tech", table).await;
    stage.presses("tina.tech", HELPDESK, Verb::Cancel).await;
    assert_eq!(open().await, 0);
    stage.says("tina.tech", table).await;
    stage.pass(SignedDuration::from_hours(9)).await;
    assert_eq!(open().await, 0);
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_strictest_row_decides_for_all() {
    let settings = Settings {
        policy: "secrets_to = \"requester\"\nprivileged = \"approve:2\"".to_owned(),
        ..Settings::default()
    };
    let stage = Stage::with(settings).await;
    let table = "disable these accounts\nuser\njohn.doe@contoso.com\nada.admin@contoso.com";
    stage.says("tina.tech", table).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(
        stage.effects().is_empty(),
        "one signature is not enough for Ada Admin's row, nor for any"
    );
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    stage.pass(SignedDuration::from_secs(30)).await;
    assert_eq!(user(&stage, "john.doe@contoso.com")["accountEnabled"], false, "{}", card(&stage));
    // Microsoft lets no application block an administrator: that row fails, and only that one.
    assert!(card(&stage).contains("Partly failed: 1 of 2 rows"), "{}", card(&stage));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_the_table_does_not_sign_it() {
    let stage = Stage::new().await;
    let table = "disable these accounts\nuser\njohn.doe@contoso.com\ntheo.tech@contoso.com";
    stage.says("tina.tech", table).await;
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().is_empty());
    let said = stage.whispered("theo.tech").join("\n");
    assert!(said.contains("about you"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_all_goes_for_each_row() {
    let stage = Stage::new().await;
    let table =
        "add these people to VPN Users:\nuser\njane.roe@contoso.com\nfiona.ledger@contoso.com";
    stage.says("tina.tech", table).await;
    signed(&stage).await;
    for upn in ["jane.roe@contoso.com", "fiona.ledger@contoso.com"] {
        let groups = user(&stage, upn)["groups"].to_string();
        assert!(groups.contains("VPN Users"), "{upn}: {groups}; {}", card(&stage));
    }
    let mixed = "from HR:\nuser,action,licence\nomar.haddad@contoso.com,assign license,AAD_PREMIUM_P2\njohn.doe@contoso.com,disable,\njane.roe@contoso.com,dance,";
    stage.says("tina.tech", mixed).await;
    let shown = card(&stage);
    assert!(
        shown.contains("Row 4 (jane.roe@contoso.com): It does not say what is to be done"),
        "{shown}"
    );
    signed(&stage).await;
    assert!(
        user(&stage, "omar.haddad@contoso.com")["licenses"].to_string().contains("AAD_PREMIUM_P2"),
        "{}",
        card(&stage)
    );
    assert_eq!(user(&stage, "john.doe@contoso.com")["accountEnabled"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn joiners_of_a_table_get_their_accounts() {
    let stage = Stage::new().await;
    let table = "new joiners:\n\
        First name;Last name;Job title;Department;Manager;Start date;Licence\n\
        Nora;Quist;Buyer;Sales;Samir Nadar;01.12.2026;SPE_E3\n\
        Ben;Ode;Clerk;Finance;fiona.ledger@contoso.com;2026-12-01;\n\
        Late;Comer;Clerk;Finance;fiona.ledger@contoso.com;01/02/2027;";
    stage.says("tina.tech", table).await;
    let shown = card(&stage);
    assert!(shown.contains("Onboard somebody: Nora Quist"), "{shown}");
    assert!(
        shown.contains("Row 4 (Late Comer): start date: Write a day that exists, as 2026-11-30"),
        "{shown}"
    );
    signed(&stage).await;
    assert_eq!(user(&stage, "nora.quist@contoso.com")["jobTitle"], "Buyer", "{}", card(&stage));
    assert_eq!(user(&stage, "ben.ode@contoso.com")["department"], "Finance");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_which_nothing_fits_asks_for_nothing() {
    let stage = Stage::new().await;
    stage
        .says(
            "tina.tech",
            "offboard\nuser,last day\nnobody@contoso.com,2026-12-01\njohn.doe@contoso.com,soon",
        )
        .await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("none of the 2 rows can be carried out"), "{said}");
    assert!(said.contains("Row 3 (john.doe@contoso.com): at: Write a day that exists"), "{said}");
    assert!(stage.bot_said(APPROVALS).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_table_begins_no_further_row_and_a_crash_loses_none() {
    let mut stage = Stage::new().await;
    let table =
        "leavers\nuser,last day\njohn.doe@contoso.com,2026-11-27\njane.roe@contoso.com,2026-11-27";
    stage.says("tina.tech", table).await;
    stage.clicks("anna.approver", APPROVALS, Verb::Approve).await;
    // The process dies right after the signature.
    stage.fall().await;
    stage.start().await;
    stage.settle().await;
    assert!(stage.effects().is_empty(), "their day has not come");
    let shown = card(&stage);
    assert!(shown.contains("Running: 0 of 2 rows ended"), "{shown}");
    stage.presses("tina.tech", HELPDESK, Verb::Stop).await;
    assert!(card(&stage).contains("Failed: none of 2 rows"), "{}", card(&stage));
    stage.pass(SignedDuration::from_hours(24 * 8)).await;
    assert!(stage.effects().is_empty());

    stage.says("tina.tech", "leavers\nuser\njohn.doe@contoso.com\njane.roe@contoso.com").await;
    stage.clicks("anna.approver", APPROVALS, Verb::Approve).await;
    for _ in 0..6 {
        Box::pin(stage.house().engine.work()).await.unwrap();
        stage.fall().await;
        stage.start().await;
    }
    stage.pass(SignedDuration::from_mins(2)).await;
    stage.pass(SignedDuration::from_mins(2)).await;
    assert!(card(&stage).contains("Done: all 2 rows"), "{}", card(&stage));
}

/// Contoso with as many more people.
fn with_more(count: usize) -> String {
    let text = include_str!("../../src/sim/microsoft/data/contoso.json");
    let mut tenant: Value = serde_json::from_str(text).unwrap();
    let users = tenant["users"].as_array_mut().unwrap();
    users.extend((0..count).map(|at| {
        json!({
            "upn": format!("shop{at:03}@contoso.com"), "displayName": format!("Shop {at:03}"),
            "givenName": null, "surname": null, "department": "Retail", "jobTitle": "=SUM(A1)",
            "manager": null, "officeLocation": "Leeds", "mobilePhone": null,
            "mail": format!("shop{at:03}@contoso.com"), "userType": "Member",
            "accountEnabled": true, "licenses": [],
        })
    }));
    tenant.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_table_is_listed_before_it_is_signed_and_its_result_is_a_table() {
    let settings = Settings { directory: Some(with_more(200)), ..Settings::default() };
    let stage = Stage::with(settings).await;
    let rows: Vec<String> = (0..200).map(|at| format!("shop{at:03}@contoso.com,x")).collect();
    let rows = rows.join("\n");
    let table = format!("disable these accounts\nuser,note\n{rows}\n=cmd()@contoso.com,x");
    stage.says("tina.tech", &table).await;
    let shown = card(&stage);
    assert!(shown.contains("200 of 201 rows are fine"), "{shown}");
    assert!(shown.contains("Rows: 200"), "{shown}");
    stage.clicks("anna.approver", APPROVALS, Verb::Approve).await;
    stage.settle().await;
    assert!(stage.effects().is_empty(), "nobody signs what was not listed");
    let listed = stage.whispered("anna.approver").join("\n");
    assert!(listed.contains("Shop 000") && listed.contains("Shop 199"), "{listed}");
    stage.clicks("anna.approver", APPROVALS, Verb::Approve).await;
    let house = stage.house();
    while Box::pin(house.engine.work()).await.unwrap().is_some() {}
    stage.pass(SignedDuration::from_secs(5)).await;
    assert!(card(&stage).contains("Done: all 200 rows"), "{}", card(&stage));
    let batch = house.store.numbered(&stage.tenant(), Number(1001)).await.unwrap().unwrap();
    let table = batch::table(&*house.store, &batch).await.unwrap();
    assert_eq!(table.lines().count(), 202, "{table}");
    assert!(
        table.contains("2,#1002,disable_user,Shop 000,shop000@contoso.com,succeeded,1,1,\r\n"),
        "{table}"
    );
    assert!(table.contains("\"'=cmd()@contoso.com\",,unfit"), "no cell is a formula: {table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_teams_a_table_is_the_same() {
    let stage = Stage::new().await;
    let conversation = stage.teams.open_personal("tina.tech@contoso.com").unwrap();
    let table = "disable these accounts\nuser\njohn.doe@contoso.com\njane.roe@contoso.com";
    stage.teams.say("tina.tech@contoso.com", &conversation, table, &[]).await.unwrap();
    stage.settle().await;
    let cards = stage.teams_cards("anna.approver");
    let shown = card_text(cards.last().unwrap());
    assert!(shown.contains("2 of 2 rows are fine"), "{shown}");
    stage.presses_in_teams("anna.approver", Verb::Approve).await;
    stage.pass(SignedDuration::from_secs(30)).await;
    assert_eq!(user(&stage, "john.doe@contoso.com")["accountEnabled"], false);
    assert_eq!(user(&stage, "jane.roe@contoso.com")["accountEnabled"], false);
}
