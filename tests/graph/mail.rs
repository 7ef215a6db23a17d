//! Mail: each action planned with its arguments, each step made and read back.

use std::collections::BTreeMap;

use countersign::{
    actions::{self, Planned},
    domain::{
        change::Change,
        ids::StepId,
        plan::{Draft, Step},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Trouble},
    },
    ports::hands::{Hands as _, Made},
    sim::microsoft::{AppRegistration, Fault, FaultKind},
};
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use crate::{asking, room::Room};

const JOHN: &str = "john.doe@contoso.com";
const JANE: &str = "jane.roe@contoso.com";
const NADIA: &str = "nadia.petrova@contoso.com";

async fn planned(room: &Room, action: &str, given: Value) -> Result<Planned, Trouble> {
    asking::planned(room, &asking::asked(room).await, action, given).await
}

async fn draft(room: &Room, action: &str, given: Value) -> Draft {
    asking::draft(room, &asking::asked(room).await, action, given).await
}

async fn refused(room: &Room, action: &str, given: Value) -> String {
    asking::no(room, &asking::asked(room).await, action, given).await.to_string()
}

fn notes(draft: &Draft) -> Vec<&str> {
    draft.notes.iter().map(|note| note.key.as_str()).collect()
}

/// Makes every step in order, each seen not to hold before and to hold after.
async fn carried_out(room: &Room, draft: &Draft) -> Vec<(Step, StepRun)> {
    let mut made: BTreeMap<StepId, String> = BTreeMap::new();
    let mut done = Vec::new();
    for step in &draft.steps {
        let outputs = |id: StepId, _: &str| made.get(&id).cloned();
        let change: Change = step.change.resolved(&outputs).expect("made before");
        let kind = change.kind();
        let before = room.microsoft.look(&[&change]).await.pop().unwrap().unwrap();
        assert!(!change.holds(None, &before), "{kind:?} holds already: {before:?}");
        let end = room.make(&change).await;
        assert!(matches!(end, Made::Accepted(_)), "{kind:?}: {end:?}");
        let seen = room.microsoft.look(&[&change]).await.pop().unwrap().unwrap();
        assert!(change.holds(Some(&before), &seen), "{kind:?} is not seen: {seen:?}");
        if let Some(id) = seen.id() {
            made.insert(step.id, id.to_owned());
        }
        let mut run = StepRun::new(step.id);
        run.state = StepState::Done;
        run.before = Some(before);
        done.push((Step { change, ..step.clone() }, run));
    }
    done
}

fn inverse(action: &str, given: &Value, done: &[(Step, StepRun)]) -> Vec<Proposal> {
    let done: Vec<(&Step, &StepRun)> = done.iter().map(|(step, run)| (step, run)).collect();
    let given: Map<String, Value> = given.as_object().unwrap().clone();
    actions::entry(action).unwrap().inverse(&given, &done)
}

/// What of a mailbox an undo must bring back.
fn mailbox(room: &Room, who: &str) -> Value {
    room.world.user(who).map(|user| user["mailbox"].clone()).unwrap_or_default()
}

#[tokio::test]
async fn everything_with_an_inverse_restores_the_former_state() {
    for (action, about, given) in [
        ("set_forwarding", JOHN, json!({ "mailbox": JOHN, "forward_to": JANE })),
        (
            "set_forwarding",
            "walt.gone@contoso.com",
            json!({ "mailbox": "walt.gone@contoso.com", "forward_to": "news@contoso.com", "keep_copy": true }),
        ),
        ("remove_forwarding", NADIA, json!({ "mailbox": NADIA })),
        (
            "remove_forwarding",
            "walt.gone@contoso.com",
            json!({ "mailbox": "walt.gone@contoso.com" }),
        ),
        ("convert_to_shared_mailbox", JOHN, json!({ "mailbox": JOHN })),
        ("hide_from_address_list", JOHN, json!({ "mailbox": JOHN })),
        ("remove_inbox_rules", NADIA, json!({ "mailbox": NADIA, "switch_off": true })),
        ("set_litigation_hold", JOHN, json!({ "mailbox": JOHN, "days": 90 })),
        (
            "set_litigation_hold",
            "fiona.ledger@contoso.com",
            json!({ "mailbox": "fiona.ledger@contoso.com", "off": true }),
        ),
        (
            "add_mailbox_permission",
            "info@contoso.com",
            json!({ "mailbox": "info@contoso.com", "user": JOHN }),
        ),
        (
            "add_mailbox_permission",
            "info@contoso.com",
            json!({ "mailbox": "info@contoso.com", "user": JOHN, "permission": "send_on_behalf" }),
        ),
        (
            "remove_mailbox_permission",
            "info@contoso.com",
            json!({ "mailbox": "info@contoso.com", "user": JANE }),
        ),
        ("add_send_as", "info@contoso.com", json!({ "mailbox": "info@contoso.com", "user": JOHN })),
        (
            "remove_send_as",
            "info@contoso.com",
            json!({ "mailbox": "info@contoso.com", "user": JANE }),
        ),
        ("grant_onedrive_access", JOHN, json!({ "owner": JOHN, "access": "write" })),
        ("set_transport_rule", JOHN, json!({ "rule": "Copy to legal" })),
        ("set_transport_rule", JOHN, json!({ "external_forwarding": "off" })),
    ] {
        let room = Room::new().await;
        let (before, flow) = (mailbox(&room, about), room.world.tenant()["transportRules"].clone());
        let first = draft(&room, action, given.clone()).await;
        let done = carried_out(&room, &first).await;
        let again = refused(&room, action, given.clone()).await;
        assert!(again.starts_with("nothing to do"), "{action}: {again}");
        let back = inverse(action, &given, &done);
        assert_eq!(back.len(), 1, "{action}: {back:?}");
        let entry = actions::entry(action).unwrap();
        assert!(entry.about.undone_by.contains(&back[0].action.as_str()), "{action}");
        let given = Value::Object(back[0].arguments.clone());
        let second = draft(&room, &back[0].action, given).await;
        carried_out(&room, &second).await;
        assert_eq!(mailbox(&room, about), before, "{action}");
        assert_eq!(room.world.tenant()["transportRules"], flow, "{action}");
    }
}

#[tokio::test]
async fn a_forwarding_tells_inside_from_outside_and_what_the_tenant_would_do_to_it() {
    let room = Room::new().await;
    let to = |to: &str| json!({ "mailbox": JOHN, "forward_to": to, "until": "2026-12-31" });
    let inside = draft(&room, "set_forwarding", to(JANE)).await;
    assert_eq!(notes(&inside), ["forwarding_ends_by_hand"]);
    assert_eq!(inside.steps[0].values[1].after, "=inside");
    let outside = draft(&room, "set_forwarding", to("someone@gmail.example")).await;
    assert_eq!(
        notes(&outside),
        ["forwarding_outside", "forwarding_is_blocked", "forwarding_ends_by_hand"]
    );
    // In the address book, and outside all the same.
    let contact = draft(&room, "set_forwarding", to("office@accountants.example")).await;
    assert_eq!(contact.steps[0].values[1].after, "=outside");
    let open = draft(&room, "set_transport_rule", json!({ "external_forwarding": "on" })).await;
    assert_eq!(notes(&open), ["forwarding_opens_for_all"]);
    carried_out(&room, &open).await;
    let outside = draft(&room, "set_forwarding", to("someone@gmail.example")).await;
    assert!(!notes(&outside).contains(&"forwarding_is_blocked"));
    let unknown = refused(&room, "set_forwarding", to("nobody.here@contoso.com")).await;
    assert!(unknown.contains("nobody in the tenant has the address"), "{unknown}");
    let circle = refused(&room, "set_forwarding", to(JOHN)).await;
    assert!(circle.contains("in a circle"), "{circle}");
    let late = json!({ "mailbox": JOHN, "forward_to": JANE, "until": "2026-01-01" });
    assert!(refused(&room, "set_forwarding", late).await.contains("in the past"));
    // A mailbox from Active Directory keeps its recipient there, so it takes the address.
    let synced = json!({ "mailbox": "sven.onprem@contoso.com", "forward_to": JANE });
    let synced = draft(&room, "set_forwarding", synced).await;
    carried_out(&room, &synced).await;
    let seen = mailbox(&room, "sven.onprem@contoso.com");
    assert_eq!(seen["forwardingSmtpAddress"], "smtp:jane.roe@contoso.com");
    // Who may only change recipients does not see the policy, and the card says that.
    room.world.set_app({
        let mut app = AppRegistration::demo().without("Exchange Administrator");
        app.directory_roles.insert("Exchange Recipient Administrator".into());
        app
    });
    room.clock.pass(SignedDuration::from_hours(2));
    let outside = draft(&room, "set_forwarding", to("someone@gmail.example")).await;
    assert!(notes(&outside).contains(&"forwarding_may_be_blocked"), "{:?}", notes(&outside));
}

#[tokio::test]
async fn every_way_a_mailbox_forwards_is_found_the_hidden_rule_too() {
    let room = Room::new().await;
    let all = draft(&room, "remove_forwarding", json!({ "mailbox": NADIA })).await;
    let names: Vec<&str> = all.steps.iter().map(|step| step.names["rule"].as_str()).collect();
    assert_eq!(names, ["Copy home", "To Eva", "."]);
    assert_eq!(notes(&all), ["rule_leaves", "rule_leaves", "outlook_rules_go"]);
    assert_eq!(all.steps[1].values[1].before, "Eva Lindqvist (eva.lindqvist@contoso.com)");
    let listed = planned(&room, "list_inbox_rules", json!({ "mailbox": NADIA })).await.unwrap();
    let Planned::Facts(facts) = listed else { panic!("no facts") };
    assert_eq!(facts.facts[1], ("rules_leaving".to_owned(), "2".to_owned()));
    let rows = facts.table.unwrap().rows;
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[3][3..], ["=forwards_attached", "drop@elsewhere.example", "=outside"]);

    let gone = json!({ "mailbox": NADIA, "rules": ["Copy home"] });
    let gone = draft(&room, "remove_inbox_rules", gone).await;
    assert_eq!(gone.steps[0].cannot_undo.as_deref(), Some("rule_deleted"));
    let done = carried_out(&room, &gone).await;
    assert!(inverse("remove_inbox_rules", &json!({ "mailbox": NADIA }), &done).is_empty());
    let strange = json!({ "mailbox": NADIA, "rules": ["No such rule"] });
    assert!(refused(&room, "remove_inbox_rules", strange).await.contains("No such rule"));
}

#[tokio::test]
async fn a_mailbox_becomes_shared_and_the_card_says_what_still_needs_a_licence() {
    let room = Room::new().await;
    let of = |who: &str| json!({ "mailbox": who });
    let big = draft(&room, "convert_to_shared_mailbox", of("felix.brandt@contoso.com")).await;
    assert_eq!(notes(&big), ["shared_over_50_gb", "shared_before_licence", "shared_sign_in_stays"]);
    assert_eq!(big.notes[0].fields["size"], "61.0 GB");
    let held = draft(&room, "convert_to_shared_mailbox", of("fiona.ledger@contoso.com")).await;
    assert!(notes(&held).contains(&"shared_on_hold"));
    assert!(notes(&held).contains(&"shared_with_archive"));
    let already = refused(&room, "convert_to_shared_mailbox", of("info@contoso.com")).await;
    assert!(already.contains("has a shared mailbox"), "{already}");
    let back = json!({ "mailbox": "info@contoso.com", "back": true });
    let back = refused(&room, "convert_to_shared_mailbox", back).await;
    assert!(back.contains("holds no licence"), "{back}");
}

#[tokio::test]
async fn a_licence_goes_only_once_the_mailbox_is_seen_to_be_shared() {
    let room = Room::new().await;
    let licence = json!({ "user": JOHN, "license": "SPE_E3" });
    let unlicensed = draft(&room, "remove_license", licence).await;
    let shared = draft(&room, "convert_to_shared_mailbox", json!({ "mailbox": JOHN })).await;
    // Asked for in this order, and carried out in the other one.
    let plan = countersign::domain::plan::Plan::join(vec![unlicensed, shared]);
    let kinds: Vec<_> = plan.steps.iter().map(|step| step.change.kind().as_str()).collect();
    assert_eq!(kinds, ["convert_mailbox", "set_licences"]);
    assert_eq!(plan.steps[1].needs, [StepId(1)]);
    carried_out(&room, &plan).await;
    assert_eq!(mailbox(&room, JOHN)["type"], "SharedMailbox");
}

#[tokio::test]
async fn a_shared_mailbox_is_made_blocked_and_opened_to_its_members_and_can_be_deleted() {
    let room = Room::new().await;
    let given = json!({ "display_name": "Trade Shows", "members": [JOHN, JANE] });
    let made = draft(&room, "create_shared_mailbox", given.clone()).await;
    assert_eq!(made.steps.len(), 6);
    assert!(made.steps[1..].iter().all(|step| step.needs == [StepId(1)]));
    let done = carried_out(&room, &made).await;
    let account = room.world.user("trade.shows@contoso.com").unwrap();
    assert_eq!(account["accountEnabled"], false);
    assert_eq!(account["mailbox"]["details"]["fullAccess"], json!([JOHN, JANE]));
    assert_eq!(account["mailbox"]["details"]["sendAs"], json!([JOHN, JANE]));
    let taken = refused(&room, "create_shared_mailbox", given.clone()).await;
    assert!(taken.contains("belongs to Trade Shows already"), "{taken}");
    let foreign = json!({ "display_name": "X", "address": "x@gmail.example" });
    let foreign = refused(&room, "create_shared_mailbox", foreign).await;
    assert!(foreign.contains("does not belong to the tenant"), "{foreign}");
    let nameless = json!({ "display_name": "見本市" });
    let nameless = refused(&room, "create_shared_mailbox", nameless).await;
    assert!(nameless.contains("name the address too"), "{nameless}");

    let back = inverse("create_shared_mailbox", &given, &done);
    assert_eq!(back[0].action, "delete_shared_mailbox");
    let given = Value::Object(back[0].arguments.clone());
    let gone = draft(&room, "delete_shared_mailbox", given.clone()).await;
    assert_eq!(notes(&gone), ["shared_waits_30_days", "shared_is_used_by"]);
    let done = carried_out(&room, &gone).await;
    assert!(room.world.user("trade.shows@contoso.com").is_none());
    let own = refused(&room, "delete_shared_mailbox", json!({ "mailbox": JOHN })).await;
    assert!(own.contains("somebody's own mailbox"), "{own}");
    // What undo needs is the id the account is kept under for thirty days.
    let back = inverse("delete_shared_mailbox", &given, &done);
    let id = account["id"].as_str().unwrap();
    if let Some(back) = back.first() {
        assert_eq!(back.arguments["user"], json!(format!("{}/{id}", room.tenant)));
    }
}

#[tokio::test]
async fn entries_that_nobody_gave_are_left_out_and_a_refusal_is_told() {
    let room = Room::new().await;
    let of = json!({ "mailbox": "grace.chambers@contoso.com" });
    let Planned::Facts(facts) = planned(&room, "list_mailbox_permissions", of).await.unwrap()
    else {
        panic!("no facts")
    };
    assert_eq!(
        facts.lists,
        [("access_denied".to_owned(), vec!["henry.desk@contoso.com".to_owned()])]
    );
    let denied =
        json!({ "mailbox": "grace.chambers@contoso.com", "user": "henry.desk@contoso.com" });
    let denied = draft(&room, "add_mailbox_permission", denied).await;
    assert_eq!(notes(&denied), ["full_access_reads_all", "access_is_denied", "auto_mapping_on"]);
    assert_eq!(denied.subjects.len(), 2, "who gets a right may not sign for it");
    let of = json!({ "mailbox": "fiona.ledger@contoso.com" });
    let Planned::Facts(facts) = planned(&room, "list_mailbox_permissions", of).await.unwrap()
    else {
        panic!("no facts")
    };
    let fact = |name: &str| facts.facts.iter().find(|(found, _)| found == name).unwrap().1.clone();
    assert_eq!((fact("litigation_hold").as_str(), fact("archive").as_str()), ("2555 d", "=yes"));
    assert_eq!(fact("retention_policy"), "Finance 10 years");
}

#[tokio::test]
async fn a_leaver_s_meetings_end_and_the_manager_gets_the_files() {
    let room = Room::new().await;
    let samir = "samir.nadar@contoso.com";
    let given = json!({ "user": samir, "comment": "Samir has left." });
    let all = draft(&room, "cancel_meetings", given.clone()).await;
    let subjects: Vec<&str> = all.steps.iter().map(|step| step.names["meeting"].as_str()).collect();
    assert_eq!(subjects, ["Sales weekly", "Fabrikam renewal"], "neither the gym nor the board");
    assert_eq!(notes(&all), ["meetings_tell_everybody", "meetings_whole_series"]);
    carried_out(&room, &all).await;
    let told = room.world.ledger().into_iter().map(|effect| effect.after["comment"].clone());
    assert_eq!(told.collect::<Vec<_>>(), [json!("Samir has left."), json!("Samir has left.")]);
    assert!(refused(&room, "cancel_meetings", given).await.contains("called no meeting"));
    // Without a name it is the manager.
    let files = draft(&room, "grant_onedrive_access", json!({ "owner": JOHN })).await;
    assert_eq!(files.steps[0].names["to"], "Samir Nadar");
    let none = json!({ "owner": "olga.depot@contoso.com" });
    let none = refused(&room, "grant_onedrive_access", none).await;
    assert!(none.contains("has no OneDrive"), "{none}");
}

#[tokio::test]
async fn recipients_come_in_pages_and_say_where_their_mail_ends() {
    let room = Room::new().await;
    let mut given = json!({});
    let (mut pages, mut names) = (0, Vec::new());
    loop {
        let Planned::Facts(facts) = planned(&room, "list_recipients", given).await.unwrap() else {
            panic!("no facts")
        };
        pages += 1;
        names.extend(facts.table.unwrap().rows.into_iter().map(|row| row[0].clone()));
        match facts.next {
            Some(next) => given = Value::Object(next),
            None => break,
        }
    }
    assert_eq!(pages, 2);
    assert!(names.contains(&"Accountants Ltd".to_owned()) && names.contains(&"Info".to_owned()));
    let found = names.len();
    names.dedup();
    // Two people are called Sam Taylor.
    assert_eq!(names.len() + 1, found);
    let outside = json!({ "sort": "contact" });
    let Planned::Facts(facts) = planned(&room, "list_recipients", outside).await.unwrap() else {
        panic!("no facts")
    };
    assert_eq!(facts.table.unwrap().rows[0][3], "=outside");
}

#[tokio::test]
async fn mail_flow_and_holds_want_an_administrator_of_all_of_exchange() {
    let room = Room::new().await;
    let Planned::Facts(facts) =
        planned(&room, "list_transport_rules", json!({ "retention": true })).await.unwrap()
    else {
        panic!("no facts")
    };
    assert_eq!(facts.table.unwrap().rows[1][..3], ["1", "Block executable attachments", "=on"]);
    assert_eq!(facts.lists[1].1.len(), 2);
    assert!(facts.facts.contains(&("forwarding_arrives".to_owned(), "=no".to_owned())));
    let rule = draft(
        &room,
        "set_transport_rule",
        json!({ "rule": "block executable attachments", "off": true }),
    )
    .await;
    assert_eq!(rule.notes[0].fields["place"], "2");
    assert_eq!(rule.objects, ["Block executable attachments"]);
    let which = planned(&room, "set_transport_rule", json!({ "rule": "Nothing" })).await;
    assert!(matches!(which, Err(Trouble::Unclear { question, .. }) if question.choices.len() == 3));

    room.world.set_app({
        let mut app = AppRegistration::demo().without("Exchange Administrator");
        app.directory_roles.insert("Exchange Recipient Administrator".into());
        app
    });
    room.clock.pass(SignedDuration::from_hours(2));
    let refused = refused(&room, "list_transport_rules", json!({})).await;
    assert!(refused.contains("the Entra role Exchange Administrator"), "{refused}");
    let hold = draft(&room, "set_litigation_hold", json!({ "mailbox": JOHN })).await;
    let end = room.make(&hold.steps[0].change).await;
    let Made::Refused(Reason::MissingPermission { missing, .. }) = end else { panic!("{end:?}") };
    assert!(missing.contains("Exchange Administrator"), "{missing}");
}

#[tokio::test]
async fn what_exchange_refuses_and_what_is_gone_is_said_clearly() {
    let room = Room::new().await;
    let olga = json!({ "mailbox": "olga.depot@contoso.com" });
    let hold = draft(&room, "set_litigation_hold", olga).await;
    let end = room.make(&hold.steps[0].change).await;
    let Made::Refused(reason) = end else { panic!("{end:?}") };
    assert!(reason.to_string().contains("no licence for litigation hold"), "{reason}");
    let hide = json!({ "mailbox": "sven.onprem@contoso.com" });
    let hide = refused(&room, "hide_from_address_list", hide).await;
    assert!(hide.contains("msExchHideFromAddressLists"), "{hide}");
    let behalf = json!({ "mailbox": "sven.onprem@contoso.com", "user": JOHN, "permission": "send_on_behalf" });
    let behalf = refused(&room, "add_mailbox_permission", behalf).await;
    assert!(behalf.contains("mastered in Active Directory"), "{behalf}");
    let none = refused(
        &room,
        "set_forwarding",
        json!({ "mailbox": "omar.haddad@contoso.com", "forward_to": JANE }),
    )
    .await;
    assert!(none.contains("has no mailbox in Exchange Online"), "{none}");
    // The mailbox goes between the plan and its making.
    let access = json!({ "mailbox": "support@contoso.com", "user": JOHN });
    let access = draft(&room, "add_mailbox_permission", access).await;
    let gone =
        draft(&room, "delete_shared_mailbox", json!({ "mailbox": "support@contoso.com" })).await;
    carried_out(&room, &gone).await;
    assert!(matches!(room.make(&access.steps[0].change).await, Made::Gone));
    let twice = room.make(&gone.steps[0].change).await;
    assert!(matches!(twice, Made::Gone), "{twice:?}");
}

#[tokio::test]
async fn a_look_that_lags_is_no_failure_and_a_repeat_is_already_so() {
    let room = Room::new().await;
    let given = json!({ "mailbox": "info@contoso.com", "user": JOHN });
    let access = draft(&room, "add_mailbox_permission", given).await;
    let change = &access.steps[0].change;
    room.clock.pass(SignedDuration::from_mins(2));
    let late = Fault::once(
        "GET",
        "/adminapi/cmdlet/Get-MailboxPermission",
        FaultKind::StaleReads { ms: 60_000 },
    );
    room.world.faults().push(late.times(None));
    assert!(matches!(room.make(change).await, Made::Accepted(_)));
    let seen = room.microsoft.look(&[change]).await.pop().unwrap().unwrap();
    assert!(!change.holds(None, &seen), "not to be seen yet");
    assert!(matches!(room.make(change).await, Made::AlreadySo));
    room.clock.pass(SignedDuration::from_secs(61));
    let seen = room.microsoft.look(&[change]).await.pop().unwrap().unwrap();
    assert!(change.holds(None, &seen));
}
