//! Several tenants: people of the operator work for customers, each in its own conversation.

use countersign::domain::chat::Verb;
use serde_json::{Value, json};

use crate::{
    attacks::{button, refused},
    stage::{APPROVALS, Customer, HELPDESK, Settings, Stage, channel_of, shown, slack_id},
};

/// The id of a customer's tenant.
pub fn tenant_id(number: u32) -> String {
    format!("11111111-aaaa-4bbb-8ccc-0000000000{:02x}", number + 0x10)
}

/// A directory with these people, who also work in those of other tests.
pub fn directory(number: u32, domain: &str, people: &[(&str, &str)]) -> String {
    let user = |(alias, name): &(&str, &str)| {
        let upn = format!("{alias}@{domain}");
        json!({
            "upn": upn, "displayName": name, "mail": upn, "userType": "Member",
            "accountEnabled": true, "department": "Sales", "licenses": [],
        })
    };
    let users: Vec<Value> = people.iter().map(user).collect();
    json!({
        "tenantId": tenant_id(number), "tenantName": domain, "tenantDomain": domain,
        "onmicrosoft": domain.replace(".com", ".onmicrosoft.com"),
        "users": users, "groups": [], "skus": [],
    })
    .to_string()
}

fn fabrikam() -> Customer {
    let people = [("john.doe", "John Doe"), ("fay.cole", "Fay Cole"), ("finn.boss", "Finn Boss")];
    Customer {
        name: "Fabrikam".to_owned(),
        directory: directory(1, "fabrikam.com", &people),
        more: String::new(),
    }
}

fn adatum() -> Customer {
    let people = [("john.doe", "John Doe"), ("alf.penn", "Alf Penn"), ("ann.boss", "Ann Boss")];
    Customer {
        name: "Adatum".to_owned(),
        directory: directory(2, "adatum.com", &people),
        more: String::new(),
    }
}

async fn two() -> Stage {
    with(vec![fabrikam(), adatum()]).await
}

async fn with(customers: Vec<Customer>) -> Stage {
    Stage::with(Settings { customers, ..Settings::default() }).await
}

/// Whose sign-in was blocked, in each tenant.
fn blocked(stage: &Stage) -> Vec<String> {
    let customers = stage.customers.iter().map(|(name, world)| (name.as_str(), world));
    let mut all = Vec::new();
    for (name, world) in std::iter::once(("Contoso", &stage.world)).chain(customers) {
        for user in world.tenant()["users"].as_array().unwrap() {
            let was_always = user["userPrincipalName"] == "former.colleague@contoso.com";
            if user["accountEnabled"] == false && !was_always {
                let upn = user["userPrincipalName"].as_str().unwrap();
                all.push(format!("{name}: {upn}"));
            }
        }
    }
    all
}

/// How much a customer's tenant felt.
fn felt(stage: &Stage, name: &str) -> usize {
    stage.customers[name].ledger().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_technician_asks_in_each_customer_s_channel_and_each_time_it_happens_there() {
    let stage = two().await;
    let before = blocked(&stage);
    for (name, upn) in [("Fabrikam", "john.doe@fabrikam.com"), ("Adatum", "john.doe@adatum.com")] {
        stage.says_at("tina.tech", &channel_of(name), "block sign-in of John Doe").await;
        for channel in [channel_of(name).as_str(), APPROVALS] {
            let card = stage.newest(channel);
            assert!(card.contains(&format!("Tenant: {name}")), "{card}");
            assert!(card.contains(upn), "{card}");
        }
        let teams = stage.teams_cards("anna.approver").pop().unwrap();
        let card = teams.card.unwrap().to_string();
        assert!(card.contains(&format!("Tenant: {name}")), "{card}");
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        assert_eq!(felt(&stage, name), 1, "{}", stage.newest(APPROVALS));
        let told = stage.bot_said(&channel_of(name)).pop().unwrap().text;
        assert!(told.starts_with(&format!("{name}: #1001")), "{told}");
    }
    let mut after = blocked(&stage);
    after.retain(|one| !before.contains(one));
    after.sort();
    assert_eq!(after, ["Adatum: john.doe@adatum.com", "Fabrikam: john.doe@fabrikam.com"]);
    assert_eq!(stage.effects(), Vec::<String>::new(), "the operator's own tenant felt nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_of_another_tenant_is_found_in_a_customer_s_channel() {
    let stage = two().await;
    for who in ["alf.penn@adatum.com", "Alf Penn", "hannah.reeves@contoso.com"] {
        stage
            .says_at("tina.tech", &channel_of("Fabrikam"), &format!("block sign-in of {who}"))
            .await;
        let answer = stage.newest(&channel_of("Fabrikam"));
        let asked = answer.contains("It is not clear who") || answer.contains("was found");
        assert!(asked && !answer.contains("Approve"), "{who}: {answer}");
    }
    // By the object id, which only a client that was bent would send.
    let alf = stage.customers["Adatum"].user("alf.penn@adatum.com").unwrap();
    let id = format!("{}/{}", tenant_id(2), alf["id"].as_str().unwrap());
    stage.says_at("tina.tech", &channel_of("Fabrikam"), &format!("block sign-in of {id}")).await;
    assert_eq!(stage.bot_said(APPROVALS).len(), 0);
    // Whoever works here is of another directory, and is not spoken of as "me" or by a mention.
    let words = format!("block sign-in of <@{}>", slack_id("hannah.reeves"));
    stage.says_at("tina.tech", &channel_of("Fabrikam"), &words).await;
    stage.says_at("tina.tech", &channel_of("Fabrikam"), "reset my password").await;
    assert_eq!(stage.bot_said(APPROVALS).len(), 0, "{}", stage.newest(APPROVALS));
    assert_eq!((felt(&stage, "Fabrikam"), felt(&stage, "Adatum")), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_of_one_customer_is_not_pressed_from_another_s_conversation() {
    let stage = two().await;
    stage.says_at("tina.tech", &channel_of("Fabrikam"), "block sign-in of John Doe").await;
    let approve = button(&stage, APPROVALS, Verb::Approve);
    for place in [channel_of("Adatum"), HELPDESK.to_owned()] {
        let mut elsewhere = button(&stage, APPROVALS, Verb::Approve);
        elsewhere.channel.clone_from(&place);
        let says = if place == HELPDESK { "does not belong" } else { "belongs to another tenant" };
        let sent = elsewhere.pressed_by(&stage, "anna.approver", Verb::Approve.as_str());
        refused(&stage, "anna.approver", &sent, says).await;
    }
    assert_eq!(felt(&stage, "Fabrikam"), 0);
    let sent = approve.pressed_by(&stage, "anna.approver", Verb::Approve.as_str());
    stage.slack.send_again(&sent).await;
    stage.settle().await;
    assert_eq!(felt(&stage, "Fabrikam"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_conversation_says_it_the_bot_asks_which_tenant_or_is_told() {
    let stage = two().await;
    let thread = stage.says("tina.tech", "block sign-in of Fay Cole").await;
    let question = stage.newest(HELPDESK);
    assert!(question.contains("Which tenant is this about?"), "{question}");
    assert!(!question.contains("Tenant: "), "of none yet: {question}");
    let asked = stage.with_button(HELPDESK, Verb::Pick).unwrap();
    let blocks = asked.blocks.as_ref().unwrap().to_string();
    assert!(blocks.contains("Contoso") && blocks.contains("Adatum"), "{blocks}");
    // Somebody else does not choose for her.
    let pick = |who: &'static str, name: &'static str| {
        let tenant = if name == "Fabrikam" { tenant_id(1) } else { tenant_id(2) };
        choose(&stage, who, tenant)
    };
    pick("theo.tech", "Adatum").await;
    assert!(stage.newest(HELPDESK).contains("Which tenant"), "{}", stage.newest(HELPDESK));
    pick("tina.tech", "Fabrikam").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Tenant: Fabrikam") && card.contains("fay.cole@fabrikam.com"), "{card}");
    // The thread goes on with it.
    stage.says_in("tina.tech", "block sign-in of Finn Boss", &thread).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Tenant: Fabrikam") && card.contains("finn.boss@"), "{card}");
    // And a name before a colon needs no question.
    stage.says("tina.tech", "adatum: block sign-in of Alf Penn").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Tenant: Adatum") && card.contains("alf.penn@adatum.com"), "{card}");
    stage.says("tina.tech", "Contoso: block sign-in of Hannah Reeves").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Tenant: Contoso") && card.contains("hannah.reeves@"), "{card}");
    // What asks for nothing is of no tenant.
    stage.says("tina.tech", "help").await;
    assert!(!stage.newest(HELPDESK).contains("Which tenant"), "{}", stage.newest(HELPDESK));
}

/// Answers the newest question of the help desk's channel.
async fn choose(stage: &Stage, who: &str, tenant: String) {
    let message = stage.with_button(HELPDESK, Verb::Pick).unwrap();
    stage.slack.fill(&slack_id(who), &message.ts, "choice", &tenant).await.unwrap();
    stage.presses(who, HELPDESK, Verb::Pick).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_customer_ask_and_sign_where_its_own_rules_say_so() {
    let more = format!(
        r#"
slack_people = {{ U0FAYCOLE = "fay.cole@fabrikam.com", U0FINNBOSS = "finn.boss@fabrikam.com" }}
[tenants.policy]
requesters = ["customer:fay.cole@fabrikam.com"]
approvers = ["customer:finn.boss@fabrikam.com", "theo.tech@contoso.com"]
[tenants.policy.groups.users]
access = "read_write"
approval = "approve"
[tenants.approvals]
slack_channels = ["{}"]
"#,
        channel_of("Fabrikam")
    );
    let stage = with(vec![Customer { more, ..fabrikam() }, adatum()]).await;
    let channel = channel_of("Fabrikam");
    for who in ["fay.cole", "finn.boss"] {
        stage.joins(who, &[channel.as_str(), &channel_of("Adatum"), HELPDESK]);
    }
    stage.says_at("tina.tech", &channel, "block sign-in of John Doe").await;
    assert!(
        stage
            .whispered("tina.tech")
            .iter()
            .chain(&[stage.newest(&channel)])
            .any(|said| said.contains("may not ask")),
        "the operator's own rules are not Fabrikam's"
    );
    stage.says_at("fay.cole", &channel, "block sign-in of John Doe").await;
    stage.presses("anna.approver", &channel, Verb::Approve).await;
    assert_eq!(felt(&stage, "Fabrikam"), 0, "no approver of Fabrikam's");
    stage.presses("finn.boss", &channel, Verb::Approve).await;
    assert_eq!(felt(&stage, "Fabrikam"), 1, "{}", stage.newest(&channel));
    // Elsewhere they are about their own tenant, and nobody in another's.
    stage.says("fay.cole", "block sign-in of Finn Boss").await;
    assert!(stage.newest(HELPDESK).contains("Tenant: Fabrikam"), "{}", stage.newest(HELPDESK));
    stage.says_at("fay.cole", &channel_of("Adatum"), "block sign-in of John Doe").await;
    assert!(stage.bot_said(&channel_of("Adatum")).is_empty());
    assert!(
        stage.whispered("fay.cole").last().unwrap().contains("not linked"),
        "{:?}",
        stage.whispered("fay.cole")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_is_taken_out_of_the_settings_is_not_touched_any_more() {
    let mut stage = two().await;
    stage
        .says_at(
            "tina.tech",
            &channel_of("Adatum"),
            "block sign-in of John Doe at 2026-11-20 16:00",
        )
        .await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.fall().await;
    let mut config = (*stage.config).clone();
    config.tenants.retain(|one| one.name != "Adatum");
    stage.config = std::sync::Arc::new(config);
    stage.start().await;
    stage.pass(jiff::SignedDuration::from_hours(6)).await;
    assert_eq!(felt(&stage, "Adatum"), 0);
    assert_eq!(stage.customers["Adatum"].ledger().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_shows_a_customer_s_people_and_its_pages_stay_with_it() {
    let names: Vec<(String, String)> =
        (0..40).map(|n| (format!("person.{n:02}"), format!("Person {n:02}"))).collect();
    let people: Vec<(&str, &str)> =
        names.iter().map(|(alias, name)| (alias.as_str(), name.as_str())).collect();
    let many = Customer { directory: directory(1, "fabrikam.com", &people), ..fabrikam() };
    let stage = with(vec![many, adatum()]).await;
    stage.says_at("tina.tech", &channel_of("Fabrikam"), "list users").await;
    let answer = stage.whispered("tina.tech").pop().unwrap();
    assert!(answer.contains("Tenant: Fabrikam"), "{answer}");
    assert!(!answer.contains("contoso.com"), "{answer}");
    let direct = stage.slack.direct(&slack_id("tina.tech"));
    stage.says_at("tina.tech", &direct, "Fabrikam: list users").await;
    let first = stage.bot_said(&direct).pop().unwrap();
    let page = countersign::domain::chat::PAGE_TURN;
    let id = format!("{page}:on");
    stage.slack.press(&slack_id("tina.tech"), &direct, &first.ts, &id).await.unwrap();
    stage.settle().await;
    let turned = shown(&stage.bot_said(&direct).pop().unwrap());
    assert!(turned.contains("Tenant: Fabrikam") && !turned.contains("contoso"), "{turned}");
}
