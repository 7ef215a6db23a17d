//! Rights on mailboxes, what is in them, and how mail flows.

use countersign::sim::microsoft::{Fault, FaultKind};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{JOHN, Reply, Sim};

const INFO: &str = "info@contoso.com";
const JANE: &str = "jane.roe@contoso.com";
const NADIA: &str = "nadia.petrova@contoso.com";
const SAMIR: &str = "samir.nadar@contoso.com";

fn detail(reply: &Reply) -> String {
    reply.body["error"]["details"][0]["message"].as_str().unwrap_or_default().to_owned()
}

fn warning(reply: &Reply) -> &str {
    reply.body["@adminapi.warnings"][0].as_str().unwrap_or_default()
}

fn whats(sim: &Sim) -> Vec<String> {
    sim.world.ledger().iter().map(|effect| effect.what.clone()).collect()
}

#[tokio::test]
async fn full_access_is_given_once_and_taken_once_and_what_nobody_gave_is_shown_apart() {
    let sim = Sim::start().await;
    let give = json!({
        "Identity": INFO, "User": JOHN, "AccessRights": ["FullAccess"],
        "InheritanceType": "All", "AutoMapping": false, "Confirm": false,
    });
    assert_eq!(sim.exchange("Add-MailboxPermission", give.clone()).await.status, 200);
    let again = sim.exchange("Add-MailboxPermission", give).await;
    assert!(warning(&again).contains("already present on the object"), "{}", again.body);

    let read = sim.exchange("Get-MailboxPermission", json!({ "Identity": INFO })).await;
    let entries = read.body["value"].as_array().unwrap();
    let given = |entry: &&Value| entry["IsInherited"] == false && entry["Deny"] == false;
    let users: Vec<_> = entries.iter().filter(given).map(|entry| &entry["User"]).collect();
    assert_eq!(users, ["NT AUTHORITY\\SELF", JANE, JOHN]);
    assert!(entries.iter().any(|entry| entry["IsInherited"] == true && entry["Deny"] == true));

    let take = json!({
        "Identity": INFO, "User": JOHN, "AccessRights": ["FullAccess"], "Confirm": false,
    });
    assert_eq!(sim.exchange("Remove-MailboxPermission", take.clone()).await.status, 200);
    let again = sim.exchange("Remove-MailboxPermission", take).await;
    assert!(warning(&again).contains("because the ACE doesn't exist on the object"));
    assert_eq!(whats(&sim), ["mailbox.access.add", "mailbox.access.remove"]);
}

#[tokio::test]
async fn send_as_and_send_on_behalf_are_two_things() {
    let sim = Sim::start().await;
    let send_as = json!({
        "Identity": INFO, "Trustee": JOHN, "AccessRights": ["SendAs"], "Confirm": false,
    });
    assert_eq!(sim.exchange("Add-RecipientPermission", send_as.clone()).await.status, 200);
    let read = sim.exchange("Get-RecipientPermission", json!({ "Identity": INFO })).await;
    assert_eq!(read.column("Trustee"), ["NT AUTHORITY\\SELF", JANE, JOHN]);
    assert_eq!(sim.exchange("Remove-RecipientPermission", send_as.clone()).await.status, 200);
    let again = sim.exchange("Remove-RecipientPermission", send_as).await;
    assert!(warning(&again).contains("because the ACE isn't present"));

    let behalf = |verb: &str| {
        json!({ "Identity": INFO, "GrantSendOnBehalfTo": {
            "@odata.type": "#Exchange.GenericHashTable", verb: JOHN,
        }})
    };
    sim.exchange("Set-Mailbox", behalf("add")).await;
    let read = sim.exchange("Get-Mailbox", json!({ "Identity": INFO })).await;
    assert_eq!(read.body["value"][0]["GrantSendOnBehalfTo"], json!([sim.user(JOHN)]));
    let again = sim.exchange("Set-Mailbox", behalf("add")).await;
    assert!(warning(&again).contains("no settings of"));
    sim.exchange("Set-Mailbox", behalf("remove")).await;
    // A plain array replaces the list.
    let whole = json!({ "Identity": INFO, "GrantSendOnBehalfTo": [JANE] });
    sim.exchange("Set-Mailbox", whole).await;
    let read = sim.exchange("Get-Mailbox", json!({ "Identity": INFO })).await;
    assert_eq!(read.body["value"][0]["GrantSendOnBehalfTo"], json!([sim.user(JANE)]));
}

#[tokio::test]
async fn a_list_cannot_be_given_rights_and_a_synced_mailbox_keeps_what_comes_from_below() {
    let sim = Sim::start().await;
    let list = json!({
        "Identity": INFO, "User": "news@contoso.com", "AccessRights": ["FullAccess"],
    });
    assert!(
        detail(&sim.exchange("Add-MailboxPermission", list).await).contains("security principal")
    );
    let group = json!({
        "Identity": INFO, "User": "invoices-access@contoso.com", "AccessRights": ["FullAccess"],
    });
    assert_eq!(sim.exchange("Add-MailboxPermission", group).await.status, 200);
    let sven = "sven.onprem@contoso.com";
    for below in [
        json!({ "Identity": sven, "HiddenFromAddressListsEnabled": true }),
        json!({ "Identity": sven, "ForwardingAddress": JANE }),
        json!({ "Identity": sven, "GrantSendOnBehalfTo": [JANE] }),
    ] {
        let refused = sim.exchange("Set-Mailbox", below).await;
        assert!(detail(&refused).contains("synchronized from your on-premises"));
    }
    let cloud = json!({ "Identity": sven, "ForwardingSmtpAddress": JANE });
    assert_eq!(sim.exchange("Set-Mailbox", cloud).await.status, 200);
}

#[tokio::test]
async fn inbox_rules_are_listed_switched_and_removed_and_hidden_ones_only_exchange_shows() {
    let sim = Sim::start().await;
    let list = json!({ "Mailbox": NADIA, "IncludeHidden": true });
    let read = sim.exchange("Get-InboxRule", list.clone()).await;
    assert_eq!(
        read.column("Name"),
        ["Newsletters", "Copy home", "To Eva", ".", "Junk E-Mail Rule"]
    );
    let rules = read.body["value"].as_array().unwrap().clone();
    let home = rules[1]["ForwardTo"][0].as_str().unwrap();
    assert_eq!(home, "\"nadia.private@example.net\" [SMTP:nadia.private@example.net]");
    let eva = rules[2]["RedirectTo"][0].as_str().unwrap();
    let (_, legacy) = eva.split_once("[EX:").unwrap();
    let who = json!({ "Identity": legacy.trim_end_matches(']') });
    let found = sim.exchange("Get-Recipient", who).await;
    assert_eq!(found.body["value"][0]["PrimarySmtpAddress"], "eva.lindqvist@contoso.com");

    let path = format!("/users/{NADIA}/mailFolders/inbox/messageRules");
    let seen = sim.get(&path).await;
    assert_eq!(seen.column("displayName"), ["Newsletters", "Copy home", "To Eva"]);
    let forward = &seen.body["value"][1]["actions"]["forwardTo"][0]["emailAddress"];
    assert_eq!(forward["address"], "nadia.private@example.net");

    let of = |rule: &Value| {
        json!({
            "Identity": rule["Identity"], "Mailbox": NADIA, "AlwaysDeleteOutlookRulesBlob": true,
            "Force": true, "Confirm": false,
        })
    };
    assert_eq!(sim.exchange("Disable-InboxRule", of(&rules[1])).await.status, 200);
    assert_eq!(sim.exchange("Disable-InboxRule", of(&rules[1])).await.status, 200);
    assert_eq!(sim.exchange("Remove-InboxRule", of(&rules[3])).await.status, 200);
    let gone = sim.exchange("Remove-InboxRule", of(&rules[3])).await;
    assert!(detail(&gone).contains("ManagementObjectNotFoundException"));
    let id = seen.body["value"][2]["id"].as_str().unwrap();
    assert_eq!(sim.delete(&format!("{path}/{id}")).await.status, 204);
    assert_eq!(sim.delete(&format!("{path}/{id}")).await.code(), "ErrorItemNotFound");
    assert_eq!(whats(&sim), ["mailbox.rule.switch", "mailbox.rule.remove", "mailbox.rule.remove"]);
    let left = sim.exchange("Get-InboxRule", list).await;
    let enabled: Vec<_> =
        left.body["value"].as_array().unwrap().iter().map(|rule| &rule["Enabled"]).collect();
    assert_eq!(enabled, [true, false, true]);
}

#[tokio::test]
async fn a_shared_mailbox_is_made_taken_away_and_comes_back() {
    let sim = Sim::start().await;
    let new = json!({
        "Shared": true, "Name": "Tenders", "DisplayName": "Tenders & Bids", "Alias": "tenders",
        "PrimarySmtpAddress": "tenders@contoso.com",
    });
    let made = sim.exchange("New-Mailbox", new.clone()).await;
    assert_eq!(made.body["value"][0]["RecipientTypeDetails"], "SharedMailbox");
    let id = made.body["value"][0]["ExternalDirectoryObjectId"].as_str().unwrap().to_owned();
    let account = sim.get(&format!("/users/{id}?$select=accountEnabled")).await;
    assert_eq!(account.body["accountEnabled"], true, "somebody has to block it");
    let taken = sim.exchange("New-Mailbox", new).await;
    assert!(detail(&taken).contains("is already being used by the proxy addresses"));
    let foreign = json!({ "Shared": true, "Name": "X", "PrimarySmtpAddress": "x@gmail.com" });
    assert!(detail(&sim.exchange("New-Mailbox", foreign).await).contains("accepted domain"));

    let gone = json!({ "Identity": id, "Confirm": false });
    assert_eq!(sim.exchange("Remove-Mailbox", gone.clone()).await.status, 200);
    assert_eq!(sim.exchange("Remove-Mailbox", gone).await.status, 404);
    let bin = json!({ "Identity": id, "SoftDeletedMailbox": true });
    let bin = sim.exchange("Get-Mailbox", bin).await;
    assert_eq!(bin.body["value"][0]["PrimarySmtpAddress"], "tenders@contoso.com");
    let back = sim.post(&format!("/directory/deletedItems/{id}/restore"), json!({})).await;
    assert_eq!(back.status, 200);
    let read = sim.exchange("Get-Mailbox", json!({ "Identity": id })).await;
    assert_eq!(read.body["value"][0]["RecipientTypeDetails"], "SharedMailbox");
    assert_eq!(whats(&sim), ["mailbox.create", "mailbox.remove", "user.restore"]);
}

#[tokio::test]
async fn a_hold_needs_plan_2_an_archive_comes_once_and_sizes_are_told() {
    let sim = Sim::start().await;
    let hold = |who: &str| json!({ "Identity": who, "LitigationHoldEnabled": true, "LitigationHoldDuration": 365 });
    let put = sim.exchange("Set-Mailbox", hold(JOHN)).await;
    assert!(warning(&put).contains("may take up to 60 minutes"));
    let shown = sim.exchange("Get-Mailbox", json!({ "Identity": JOHN })).await;
    let shown = &shown.body["value"][0];
    assert_eq!(shown["LitigationHoldDuration"], "365.00:00:00");
    assert_eq!(shown["LitigationHoldDate"], "2026-11-21T10:00:00Z");
    let refused = sim.exchange("Set-Mailbox", hold("olga.depot@contoso.com")).await;
    assert!(detail(&refused).contains("litigation hold"));

    let archive = json!({ "Identity": JOHN, "Archive": true });
    let made = sim.exchange("Enable-Mailbox", archive.clone()).await;
    assert_eq!(made.body["value"][0]["ArchiveStatus"], "Active");
    assert_eq!(sim.exchange("Enable-Mailbox", archive).await.status, 400);
    let size = json!({ "Identity": "felix.brandt@contoso.com" });
    let size = sim.exchange("Get-MailboxStatistics", size).await;
    assert_eq!(size.body["value"][0]["TotalItemSize"], "61.0 GB (65,498,251,264 bytes)");
}

#[tokio::test]
async fn mail_flow_is_read_and_switched_by_an_exchange_administrator_only() {
    let sim = Sim::start().await;
    let rules = sim.exchange("Get-TransportRule", json!({})).await;
    assert_eq!(
        rules.column("Name"),
        ["External sender warning", "Block executable attachments", "Copy to legal"]
    );
    assert_eq!(rules.column("State"), ["Enabled", "Enabled", "Disabled"]);
    let rule = json!({ "Identity": "Block executable attachments", "Confirm": false });
    assert_eq!(sim.exchange("Disable-TransportRule", rule.clone()).await.status, 200);
    let again = sim.exchange("Disable-TransportRule", rule.clone()).await;
    assert!(warning(&again).contains("no settings of"));
    assert_eq!(sim.exchange("Enable-TransportRule", rule.clone()).await.status, 200);

    let policy = sim.exchange("Get-HostedOutboundSpamFilterPolicy", json!({})).await;
    assert_eq!(policy.body["value"][0]["AutoForwardingMode"], "Automatic");
    let off = json!({ "Identity": "Default", "AutoForwardingMode": "Off" });
    assert_eq!(sim.exchange("Set-HostedOutboundSpamFilterPolicy", off).await.status, 200);
    let domains = sim.exchange("Get-AcceptedDomain", json!({})).await;
    assert_eq!(domains.column("DomainName"), ["contoso.com", "contoso.onmicrosoft.com"]);
    let policies = sim.exchange("Get-RetentionPolicy", json!({})).await;
    assert_eq!(policies.column("Name"), ["Default MRM Policy", "Finance 10 years"]);
    assert_eq!(
        whats(&sim),
        ["transport_rule.switch", "transport_rule.switch", "outbound_policy.update"]
    );
    assert_eq!(sim.world.ledger()[0].target.name, "Block executable attachments");

    let sim = sim.with_app(|app| {
        let mut app = app.without("Exchange Administrator");
        app.directory_roles.insert("Exchange Recipient Administrator".into());
        app
    });
    let refused = sim.exchange("Disable-TransportRule", rule).await;
    assert_eq!(refused.message(), "User is not allowed to call Disable-TransportRule");
    let hold = json!({ "Identity": JOHN, "LitigationHoldEnabled": true });
    let refused = sim.exchange("Set-Mailbox", hold).await;
    assert!(detail(&refused).contains("is not present in the role definition"));
    let allowed = json!({ "Identity": JOHN, "Type": "Shared" });
    assert_eq!(sim.exchange("Set-Mailbox", allowed).await.status, 200);
}

#[tokio::test]
async fn recipients_are_found_by_kind_and_by_the_beginning_of_a_name() {
    let sim = Sim::start().await;
    let shared = json!({ "RecipientTypeDetails": ["SharedMailbox"], "ResultSize": "Unlimited" });
    let shared = sim.exchange("Get-Recipient", shared).await;
    assert_eq!(shared.column("DisplayName"), ["Customer Support", "Info"]);
    let sam = sim.exchange("Get-Recipient", json!({ "Anr": "tay" })).await;
    assert_eq!(sam.column("DisplayName"), ["Sam Taylor", "Sam Taylor"]);
    let outside = sim.exchange("Get-Recipient", json!({ "Anr": "acc" })).await;
    assert_eq!(outside.column("ExternalEmailAddress"), ["SMTP:office@accountants.example"]);
    let nobody = json!({ "Identity": "omar.haddad@contoso.com" });
    assert_eq!(sim.exchange("Get-Recipient", nobody).await.status, 404);
}

#[tokio::test]
async fn a_long_list_comes_in_pages_and_the_same_body_is_posted_again() {
    let sim = Sim::start().await;
    let tenant = sim.world.tenant_id();
    let token = sim
        .world
        .access_token(countersign::sim::microsoft::DEMO_CLIENT_ID, crate::support::EXCHANGE);
    let mut url = format!("{}/adminapi/beta/{tenant}/InvokeCommand", sim.base);
    let body = json!({ "CmdletInput": { "CmdletName": "Get-Recipient", "Parameters": {} } });
    let (mut all, mut pages) = (0, 0);
    for _ in 0..20 {
        let request = sim.http.post(&url).header("Prefer", "odata.maxpagesize=7").json(&body);
        let answer = request.bearer_auth(token.as_ref().unwrap()).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        all += answer["value"].as_array().unwrap().len();
        pages += 1;
        match answer["@odata.nextLink"].as_str() {
            Some(next) => url = next.to_owned(),
            None => break,
        }
    }
    let whole = sim.exchange("Get-Recipient", json!({})).await;
    assert_eq!(all, whole.body["value"].as_array().unwrap().len());
    assert!(pages > 3);
}

#[tokio::test]
async fn an_organiser_cancels_a_series_and_everybody_is_told() {
    let sim = Sim::start().await;
    let path = format!(
        "/users/{SAMIR}/calendarView?startDateTime=2026-11-21T10:00:00Z&endDateTime=2027-04-01T00:00:00Z&$top=50"
    );
    let seen = sim.get(&path).await;
    let subjects = seen.column("subject");
    assert_eq!(subjects.iter().filter(|subject| **subject == "Sales weekly").count(), 19);
    assert_eq!(seen.body["value"][0]["start"]["dateTime"], "2026-11-23T09:00:00.0000000");
    let series = seen.body["value"][0]["seriesMasterId"].as_str().unwrap().to_owned();
    let master = sim.get(&format!("/users/{SAMIR}/events/{series}")).await;
    assert_eq!(master.body["type"], "seriesMaster");
    let cancel = format!("/users/{SAMIR}/events/{series}/cancel");
    let body = json!({ "comment": "Samir has left." });
    assert_eq!(sim.post(&cancel, body.clone()).await.status, 202);
    assert_eq!(sim.post(&cancel, body.clone()).await.code(), "ErrorItemNotFound");
    let effect = sim.world.ledger().pop().unwrap();
    assert_eq!(effect.what, "calendar.cancel");
    assert_eq!(effect.after["told"].as_array().unwrap().len(), 3);

    let seen = sim.get(&path).await;
    let board = seen.body["value"].as_array().unwrap().iter().find(|e| e["subject"] == "Board");
    let board = board.unwrap()["id"].as_str().unwrap();
    let refused = sim.post(&format!("/users/{SAMIR}/events/{board}/cancel"), body).await;
    assert!(refused.status == 400 && refused.message().contains("need to be an organizer"));
    assert_eq!(sim.get(&format!("/users/{SAMIR}/calendarView")).await.status, 400);
    let sim = sim.with_app(|app| app.without("Calendars.ReadWrite"));
    assert_eq!(sim.get(&path).await.code(), "ErrorAccessDenied");
}

#[tokio::test]
async fn a_drive_is_opened_to_a_manager_and_closed_again() {
    let sim = Sim::start().await;
    let root = format!("/users/{JOHN}/drive/items/root");
    let drive = sim.get(&format!("/users/{JOHN}/drive")).await;
    assert_eq!(drive.body["driveType"], "business");
    let body = json!({
        "recipients": [{ "objectId": sim.user(SAMIR) }], "roles": ["write"],
        "requireSignIn": true, "sendInvitation": false,
    });
    let given = sim.post(&format!("{root}/invite"), body.clone()).await;
    assert_eq!(given.body["value"][0]["roles"], json!(["write"]));
    let held = sim.get(&format!("{root}/permissions")).await;
    assert_eq!(held.body["value"].as_array().unwrap().len(), 2);
    let id = given.body["value"][0]["id"].as_str().unwrap();
    assert_eq!(sim.delete(&format!("{root}/permissions/{id}")).await.status, 204);
    assert_eq!(sim.delete(&format!("{root}/permissions/{id}")).await.code(), "itemNotFound");
    assert_eq!(whats(&sim), ["drive.grant", "drive.revoke"]);
    let none = sim.get("/users/olga.depot@contoso.com/drive").await;
    assert_eq!((none.status, none.message()), (404, "User's mysite not found."));
    let sim = sim.with_app(|app| app.without("Files.ReadWrite.All").without("Sites.ReadWrite.All"));
    assert_eq!(sim.post(&format!("{root}/invite"), body).await.code(), "accessDenied");
}

#[tokio::test]
async fn a_read_may_lag_behind_a_write() {
    let sim = Sim::start().await;
    let path = "/adminapi/cmdlet/Get-MailboxPermission";
    let late = Fault::once("GET", path, FaultKind::StaleReads { ms: 60_000 });
    sim.world.faults().push(late.times(None));
    sim.clock.advance(SignedDuration::from_mins(2));
    let give = json!({ "Identity": INFO, "User": JOHN, "AccessRights": ["FullAccess"] });
    sim.exchange("Add-MailboxPermission", give).await;
    let read = json!({ "Identity": INFO });
    let users = sim.exchange("Get-MailboxPermission", read.clone()).await;
    assert!(!users.column("User").contains(&JOHN));
    sim.clock.advance(SignedDuration::from_secs(61));
    let users = sim.exchange("Get-MailboxPermission", read).await;
    assert!(users.column("User").contains(&JOHN));
}
