//! The whole catalogue, walked: each action that changes something is proposed, shown,
//! signed, felt by the tenant and read back; asked again; without its permission; and with
//! its object gone between the card and the signature.

use countersign::{
    actions::{CATALOG, Entry},
    domain::{area::Risk, chat::Verb, plan::Frozen},
    sim::microsoft::AppRegistration,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    programs::{self, Answer},
    stage::{APPROVALS, Settings, Stage, card_text},
};

const TOKEN: &str = "cs-walk-0123456789abcdef0123456789abcdef";
/// The client id of whoever acts past the bot.
const ADMIN: &str = "33333333-aaaa-4bbb-8ccc-00000000000a";
const JOHN: &str = "john.doe@contoso.com";
const NADIA: &str = "nadia.petrova@contoso.com";
const INFO: &str = "info@contoso.com";
const SHEET: &str = "Asset Register.xlsx";

/// One action: what is asked, and what is to come of it.
pub struct Case {
    pub action: &'static str,
    pub given: Value,
    /// What the tenant feels, in order.
    felt: &'static [&'static str],
    /// What is said when it is asked once more; nothing: it can be done again.
    again: &'static str,
    /// The permissions or roles that are taken away, and the one that is then named.
    without: &'static [&'static str],
    /// What vanishes while the card waits: a path of Graph, where `{kind:name}` is an id.
    gone: &'static str,
    /// What is asked first, so that there is something to change.
    first: &'static [&'static str],
}

fn case(action: &'static str, given: Value, felt: &'static [&'static str]) -> Case {
    Case { action, given, felt, again: "", without: &[], gone: "", first: &[] }
}

impl Case {
    fn again(self, again: &'static str) -> Self {
        Self { again, ..self }
    }

    fn without(self, without: &'static [&'static str]) -> Self {
        Self { without, ..self }
    }

    fn gone(self, gone: &'static str) -> Self {
        Self { gone, ..self }
    }

    fn first(self, first: &'static [&'static str]) -> Self {
        Self { first, ..self }
    }
}

const ACCOUNT: &[&str] = &["User.EnableDisableAccount.All", "User.ReadWrite.All"];
const USERS: &[&str] = &["User.ReadWrite.All"];
const MEMBERS: &[&str] = &["GroupMember.ReadWrite.All", "Group.ReadWrite.All"];
const OWNERS: &[&str] = &["Group.ReadWrite.All", "Directory.ReadWrite.All"];
const METHODS: &[&str] = &["UserAuthenticationMethod.ReadWrite.All"];
const EXCHANGE: &[&str] = &["Exchange Administrator", "Exchange Recipient Administrator"];
const POLICIES: &[&str] = &["Policy.ReadWrite.ConditionalAccess"];
const FILES: &[&str] = &["Files.ReadWrite.All", "Sites.ReadWrite.All", "Files.Read.All"];
const INTUNE: &[&str] = &["DeviceManagementManagedDevices.PrivilegedOperations.All"];

/// In the catalogue's order of areas; each changing action once.
pub fn cases() -> Vec<Case> {
    let user = json!({ "user": JOHN });
    let mailbox = json!({ "mailbox": JOHN });
    [users(&user), others(&user), mail(&mailbox), estate()].into_iter().flatten().collect()
}

fn users(user: &Value) -> Vec<Case> {
    let john = "/users/john.doe@contoso.com";
    vec![
        case("create_user", json!({ "display_name": "Nora Quist" }), &["user.create"])
            .again("nora.quist@contoso.com")
            .without(USERS),
        case("update_user", json!({ "user": JOHN, "fields": { "jobTitle": "Buyer" } }), &[
            "user.update",
        ])
        .again("Nothing to do")
        .without(USERS)
        .gone(john),
        case("set_manager", json!({ "user": JOHN, "manager": "fiona.ledger@contoso.com" }), &[
            "user.manager",
        ])
        .again("Nothing to do")
        .without(USERS)
        .gone(john),
        case("disable_user", user.clone(), &["user.update"])
            .again("Nothing to do")
            .without(ACCOUNT)
            .gone(john),
        case("enable_user", json!({ "user": "walt.gone@contoso.com" }), &["user.update"])
            .again("Nothing to do")
            .without(ACCOUNT)
            .gone("/users/walt.gone@contoso.com"),
        case("delete_user", user.clone(), &["user.delete"])
            .again("john.doe@contoso.com")
            .without(&["User.DeleteRestore.All", "User.ReadWrite.All"]),
        case("restore_user", json!({ "user": "petra.former@contoso.com" }), &["user.restore"])
            .again("Nothing to do")
            .without(&["User.DeleteRestore.All", "User.ReadWrite.All"])
            .gone("/directory/deletedItems/{directory/deletedItems/microsoft.graph.user:Petra Former}"),
        case("reset_password", user.clone(), &["user.password"])
            .without(&["User-PasswordProfile.ReadWrite.All", "User.ReadWrite.All"])
            .gone(john),
        case("force_password_change", user.clone(), &["user.update"])
            .again("Nothing to do")
            .without(&["User-PasswordProfile.ReadWrite.All", "User.ReadWrite.All"])
            .gone(john),
        case("unlock_user", json!({ "user": "walt.gone@contoso.com" }), &["user.update"])
            .again("is not blocked")
            .without(ACCOUNT)
            .gone("/users/walt.gone@contoso.com"),
        case("revoke_sessions", user.clone(), &["user.revoke_sessions"])
            .without(&["User.RevokeSessions.All", "User.ReadWrite.All"])
            .gone(john),
        case("reset_mfa", json!({ "user": JOHN, "method": "email" }), &["user.method.remove"])
            .again("Nothing to do")
            .without(METHODS)
            .gone(john),
        case("issue_temporary_access_pass", user.clone(), &["user.method.add"])
            .without(METHODS)
            .gone(john),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table of all actions")]
fn others(user: &Value) -> Vec<Case> {
    let john = "/users/john.doe@contoso.com";
    let licences: &[&str] = &["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All"];
    let roles: &[&str] = &["RoleManagement.ReadWrite.Directory"];
    let role = json!({ "user": JOHN, "role": "Reports Reader" });
    let laptop = json!({ "device": "LT-JDOE-01" });
    let vpn = "/groups/{groups:VPN Users}";
    vec![
        case(
            "assign_license",
            json!({ "user": JOHN, "license": "AAD_PREMIUM_P2" }),
            &["user.licences"],
        )
        .again("Nothing to do")
        .without(licences)
        .gone(john),
        case("remove_license", json!({ "user": JOHN, "license": "SPE_E3" }), &["user.licences"])
            .again("Nothing to do")
            .without(licences)
            .gone(john),
        case(
            "set_licenses",
            json!({ "user": JOHN, "add": ["SPE_E5"], "remove": ["SPE_E3"] }),
            &["user.licences"],
        )
        .again("Nothing to do")
        .without(licences)
        .gone(john),
        case("create_group", json!({ "display_name": "Project Atlas" }), &["group.create"])
            .again("Project Atlas")
            .without(&["Group.Create", "Group.ReadWrite.All"]),
        case(
            "add_to_group",
            json!({ "user": "jane.roe@contoso.com", "group": "VPN Users" }),
            &["group.member.add"],
        )
        .again("Nothing to do")
        .without(MEMBERS)
        .gone(vpn),
        case(
            "remove_from_group",
            json!({ "user": JOHN, "group": "VPN Users" }),
            &["group.member.remove"],
        )
        .again("Nothing to do")
        .without(MEMBERS)
        .gone(vpn),
        case(
            "add_group_owner",
            json!({ "user": "jane.roe@contoso.com", "group": "VPN Users" }),
            &["group.owner.add"],
        )
        .again("Nothing to do")
        .without(OWNERS)
        .gone(vpn),
        case(
            "remove_group_owner",
            json!({ "user": "olga.depot@contoso.com", "group": "Remote Workers" }),
            &["group.owner.remove"],
        )
        .again("Nothing to do")
        .without(OWNERS)
        .gone("/groups/{groups:Remote Workers}"),
        case(
            "add_group_members",
            json!({ "group": "VPN Users", "members": ["jane.roe@contoso.com"] }),
            &["group.member.add"],
        )
        .again("Nothing to do")
        .without(MEMBERS)
        .gone(vpn),
        case(
            "remove_group_members",
            json!({ "group": "VPN Users", "members": [JOHN] }),
            &["group.member.remove"],
        )
        .again("Nothing to do")
        .without(MEMBERS)
        .gone(vpn),
        case("invite_guest", json!({ "email": "nora@fabrikam.com" }), &["guest.invite"])
            .again("nora@fabrikam.com")
            .without(&["User.Invite.All", "User.ReadWrite.All"]),
        case(
            "add_sponsor",
            json!({ "guest": "rita.partner@fabrikam.com", "sponsor": JOHN }),
            &["guest.sponsor.add"],
        )
        .again("Nothing to do")
        .without(USERS)
        .gone("/users/{users:Rita Partner}"),
        case("assign_role", role.clone(), &["role.assign"])
            .again("Nothing to do")
            .without(roles)
            .gone(john),
        case("remove_role", role, &["role.remove"])
            .first(&["assign the Reports Reader role to John Doe"])
            .again("Nothing to do")
            .without(roles)
            .gone(john),
        case("delete_device", json!({ "device": "FELIX-TABLET" }), &["device.delete"])
            .again("FELIX-TABLET")
            .without(&["Device.ReadWrite.All"])
            .gone("/devices/{devices:FELIX-TABLET}"),
        case("wipe_device", laptop.clone(), &["device.wipe"])
            .again("Nothing to do")
            .without(INTUNE),
        case("retire_device", laptop, &["device.retire"]).again("Nothing to do").without(INTUNE),
        case(
            "graph_request",
            json!({ "method": "PATCH", "path": john, "body": { "officeLocation": "Leeds" } }),
            &["user.update"],
        )
        .without(USERS)
        .gone(john),
        case("onboard_user", json!({ "display_name": "Nora Quist" }), &["user.create"])
            .without(USERS),
        case(
            "offboard_user",
            json!({
                "user": JOHN,
                "convert_mailbox": false,
                "leave_out": ["methods", "reply", "forwarding", "address_list", "groups", "licences"],
            }),
            // Without one permission the rest of it still ends access.
            &["user.update", "user.revoke_sessions", "user.password"],
        )
        .gone(john),
        case(
            "transfer_user",
            json!({ "user": JOHN, "department": "Finance" }),
            &["user.update"],
        )
        .again("Nothing to do")
        .without(USERS)
        .gone(john),
        case(
            "set_up_contractor",
            json!({
                "display_name": "Bob Stone",
                "manager": "samir.nadar@contoso.com",
                "end_date": "2027-02-26",
            }),
            &["user.create", "user.manager", "user.update"],
        ),
        case(
            "extend_contract",
            json!({ "user": JOHN, "end_date": "2027-02-26" }),
            &["user.update"],
        )
        .again("Nothing to do")
        .gone(john),
        case("change_password", user.clone(), &[]),
        case(
            "add_device_owner",
            json!({ "device": "LT-JDOE-01", "user": "jane.roe@contoso.com" }),
            &[],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table of all actions")]
fn mail(mailbox: &Value) -> Vec<Case> {
    let john = "/users/john.doe@contoso.com";
    let right = json!({ "mailbox": INFO, "user": JOHN });
    let held = json!({ "mailbox": INFO, "user": "jane.roe@contoso.com" });
    let info = "/users/{users:Info}";
    let nadia = "/users/nadia.petrova@contoso.com";
    vec![
        case(
            "set_out_of_office",
            json!({ "mailbox": JOHN, "message": "Back on Monday" }),
            &["mailbox.settings"],
        )
        .again("Nothing to do")
        .without(&["MailboxSettings.ReadWrite"])
        .gone(john),
        case(
            "set_forwarding",
            json!({ "mailbox": JOHN, "forward_to": "jane.roe@contoso.com" }),
            &["mailbox.update"],
        )
        .again("Nothing to do")
        .without(EXCHANGE)
        .gone(john),
        case(
            "remove_forwarding",
            json!({ "mailbox": "walt.gone@contoso.com" }),
            &["mailbox.update"],
        )
        .again("Nothing to do")
        .without(EXCHANGE)
        .gone("/users/walt.gone@contoso.com"),
        case("convert_to_shared_mailbox", mailbox.clone(), &["mailbox.update"])
            .again("Nothing to do")
            .without(EXCHANGE)
            .gone(john),
        case(
            "create_shared_mailbox",
            json!({ "display_name": "Trade Shows" }),
            &["mailbox.create", "user.update"],
        )
        .again("trade.shows@contoso.com")
        .without(EXCHANGE),
        case(
            "delete_shared_mailbox",
            json!({ "mailbox": "support@contoso.com" }),
            &["mailbox.remove"],
        )
        .again("support@contoso.com")
        .without(EXCHANGE)
        .gone("/users/{users:Customer Support}"),
        case("add_mailbox_permission", right.clone(), &["mailbox.access.add"])
            .again("Nothing to do")
            .without(EXCHANGE)
            .gone(info),
        case("remove_mailbox_permission", held.clone(), &["mailbox.access.remove"])
            .again("Nothing to do")
            .without(EXCHANGE)
            .gone(info),
        case("add_send_as", right, &["mailbox.send_as.add"])
            .again("Nothing to do")
            .without(EXCHANGE)
            .gone(info),
        case("remove_send_as", held, &["mailbox.send_as.remove"])
            .again("Nothing to do")
            .without(EXCHANGE)
            .gone(info),
        case("hide_from_address_list", mailbox.clone(), &["mailbox.update"])
            .again("Nothing to do")
            .without(EXCHANGE)
            .gone(john),
        case(
            "remove_inbox_rules",
            json!({ "mailbox": NADIA, "rules": ["Newsletters"] }),
            &["mailbox.rule.remove"],
        )
        .again("Newsletters")
        .without(EXCHANGE)
        .gone(nadia),
        case(
            "cancel_meetings",
            json!({ "user": "samir.nadar@contoso.com" }),
            &["calendar.cancel", "calendar.cancel"],
        )
        .again("Nothing to do")
        .without(&["Calendars.ReadWrite"])
        .gone("/users/samir.nadar@contoso.com"),
        case(
            "grant_onedrive_access",
            json!({ "owner": JOHN, "user": "jane.roe@contoso.com" }),
            &["drive.grant"],
        )
        .again("Nothing to do")
        .without(FILES)
        .gone(john),
        case("set_transport_rule", json!({ "rule": "Copy to legal" }), &["transport_rule.switch"])
            .again("Nothing to do")
            .without(EXCHANGE),
        case("set_litigation_hold", json!({ "mailbox": JOHN, "days": 365 }), &["mailbox.update"])
            .again("Nothing to do")
            .without(EXCHANGE)
            .gone(john),
    ]
}

fn estate() -> Vec<Case> {
    let policy = "/identity/conditionalAccess/policies/{identity/conditionalAccess/policies:Terms of use for guests}";
    let row = |more: Value| {
        let mut row = json!({ "workbook": SHEET, "worksheet": "Laptops" });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    vec![
        case(
            "create_ca_policy",
            json!({ "display_name": "MFA for Sales", "include_groups": ["Sales Team"] }),
            &["policy.create"],
        )
        .again("MFA for Sales")
        .without(POLICIES),
        case(
            "update_ca_policy",
            json!({ "policy": "Terms of use for guests", "state": "report_only" }),
            &["policy.update"],
        )
        .again("Nothing to do")
        .without(POLICIES)
        .gone(policy),
        case(
            "delete_ca_policy",
            json!({ "policy": "Terms of use for guests" }),
            &["policy.delete"],
        )
        .again("Terms of use for guests")
        .without(POLICIES)
        .gone(policy),
        case("create_app", json!({ "display_name": "Badge Printer" }), &["application.create"])
            .again("Badge Printer")
            .without(&["Application.ReadWrite.OwnedBy"]),
        case("add_app_secret", json!({ "app": "Badge Printer" }), &["application.password.add"])
            .first(&["register a new app called Badge Printer"])
            .without(&["Application.ReadWrite.OwnedBy"])
            .gone("/applications/{applications:Badge Printer}"),
        case("delete_domain", json!({ "domain": "contoso.co.uk" }), &["domain.delete"])
            .again("contoso.co.uk")
            .without(&["Domain.ReadWrite.All"])
            .gone("/domains/contoso.co.uk"),
        case(
            "workbook_add_row",
            row(json!({ "values": ["LT-0009", "spare"] })),
            &["workbook.range"],
        )
        .without(FILES),
        case(
            "workbook_update_row",
            row(json!({ "row": 2, "values": ["LT-0001", "lost"] })),
            &["workbook.range"],
        )
        .again("Nothing to do")
        .without(FILES),
        case(
            "workbook_add_worksheet",
            json!({ "workbook": SHEET, "worksheet": "Tablets" }),
            &["workbook.sheet.add"],
        )
        .again("Tablets")
        .without(FILES),
    ]
}

/// A house where a program may propose everything and no action is blocked.
async fn stage() -> Stage {
    let areas: std::collections::BTreeSet<String> =
        CATALOG.iter().map(|entry| format!("\"{}\"", entry.about.area)).collect();
    let areas: Vec<String> = areas.into_iter().collect();
    Stage::with(Settings {
        policy: "secrets_to = \"requester\"\nunblocked = [\"delete_device\", \"delete_domain\"]"
            .to_owned(),
        more: format!(
            "\n[api.clients.walk]\ntoken = \"{TOKEN}\"\nacts_as = \"tina.tech@contoso.com\"\nareas = [{}]\nper_minute = 600\n",
            areas.join(", ")
        ),
        ..Settings::default()
    })
    .await
}

/// What came of a proposal: the id of the request, or why there is none.
async fn proposed(stage: &Stage, case: &Case, key: &str) -> Result<String, String> {
    let body = json!({ "action": case.action, "arguments": case.given });
    let Answer { status, body, .. } = programs::propose(stage, TOKEN, key, &body).await;
    match status {
        201 => Ok(body["id"].as_str().unwrap().to_owned()),
        _ => Err(body.to_string()),
    }
}

/// What is planned for a case; nothing where Microsoft lets no app do it.
pub async fn planned(case: &Case) -> Option<Frozen> {
    let stage = prepared(case).await;
    proposed(&stage, case, "once").await.ok()?;
    let store = &stage.house().store;
    let open = store.open(&stage.tenant(), None, 1).await.unwrap().pop()?;
    store.plan(&open.id, open.revision).await.unwrap()
}

/// Everybody signs whom it takes.
async fn signed(stage: &Stage) {
    for who in ["anna.approver", "theo.tech"] {
        if stage.with_button(APPROVALS, Verb::Approve).is_some() {
            stage.presses(who, APPROVALS, Verb::Approve).await;
        }
    }
}

async fn prepared(case: &Case) -> Stage {
    let stage = stage().await;
    for words in case.first {
        stage.says("tina.tech", words).await;
        signed(&stage).await;
        // What tells no changes is read again after five minutes.
        stage.clock.pass(SignedDuration::from_mins(5));
        let desk = &stage.house().desk;
        desk.people.refresh(desk.directory.as_ref(), &desk.tenant, desk.clock.now()).await.unwrap();
    }
    stage
}

/// Somebody deletes an object in the tenant, past the bot.
async fn deleted(stage: &Stage, path: &str) {
    let admin = AppRegistration::new(ADMIN, "An administrator").asking(&[
        "Directory.ReadWrite.All",
        "Group.ReadWrite.All",
        "User.ReadWrite.All",
        "Device.ReadWrite.All",
        "Domain.ReadWrite.All",
        "Application.ReadWrite.All",
        "Policy.Read.All",
        "Policy.ReadWrite.ConditionalAccess",
        "User.DeleteRestore.All",
    ]);
    stage.world.set_app(admin);
    assert!(stage.world.consent(ADMIN));
    let token = stage.world.access_token(ADMIN, "https://graph.microsoft.com").unwrap();
    let graph = format!("{}/v1.0", stage.config.endpoints.graph());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut path = path.to_owned();
    if let Some((from, to)) = path.find('{').zip(path.find('}')) {
        let (kind, name) = path[from + 1..to].split_once(':').unwrap();
        let filter = format!("displayName eq '{name}'");
        let request = http.get(format!("{graph}/{kind}")).query(&[("$filter", filter)]);
        let found: Value = request.bearer_auth(&token).send().await.unwrap().json().await.unwrap();
        let id = found["value"][0]["id"].as_str().unwrap_or_else(|| panic!("{path}: {found}"));
        path = format!("{}{id}{}", &path[..from], &path[to + 1..]);
    }
    let answer = http.delete(format!("{graph}{path}")).bearer_auth(token).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
}

/// All that is wrong, so that one run shows it.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn unless(&mut self, right: bool, case: &Case, what: impl std::fmt::Display) {
        if !right {
            self.0.push(format!("{}: {what}", case.action));
        }
    }
}

impl Drop for Wrong {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.0.is_empty(), "{} wrong:\n{}", self.0.len(), self.0.join("\n\n"));
        }
    }
}

fn entry(case: &Case) -> &'static Entry {
    countersign::actions::entry(case.action).unwrap()
}

#[test]
fn every_action_that_changes_something_is_walked() {
    let mut walked: Vec<&str> = cases().iter().map(|case| case.action).collect();
    let changing = CATALOG.iter().filter(|entry| entry.about.risk > Risk::Read);
    let mut wanted: Vec<&str> = changing.map(|entry| entry.about.id).collect();
    walked.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(walked, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_shown_signed_felt_read_back_and_then_is_so() {
    let mut wrong = Wrong::default();
    for case in cases() {
        let stage = prepared(&case).await;
        let before = stage.effects().len();
        let id = match proposed(&stage, &case, "once").await {
            Ok(id) => id,
            Err(said) => {
                // Where Microsoft lets no app do it, the answer says who can.
                wrong.unless(case.felt.is_empty(), &case, format!("not proposed: {said}"));
                continue;
            }
        };
        wrong.unless(stage.effects().len() == before, &case, "ran before a signature");
        let title = entry(&case).about.title;
        let slack = stage.newest(APPROVALS);
        let teams = stage.teams_cards("anna.approver").last().map(card_text).unwrap_or_default();
        for (face, card) in [("Slack", &slack), ("Teams", &teams)] {
            wrong.unless(card.contains(title), &case, format!("{face} lacks {title:?}: {card}"));
        }
        signed(&stage).await;
        let felt = stage.world.ledger().split_off(before);
        let whats: Vec<&str> = felt.iter().map(|effect| effect.what.as_str()).collect();
        wrong.unless(whats == case.felt, &case, format!("felt {whats:?}"));
        let seen = programs::look(&stage, TOKEN, &id).await.body;
        wrong.unless(seen["state"] == "succeeded", &case, format!("{seen}"));
        let steps = seen["steps"].as_array().cloned().unwrap_or_default();
        let done = steps.iter().all(|step| step["state"] == "done");
        wrong.unless(done && !steps.is_empty(), &case, format!("{seen}"));
        // Nothing changed that the card did not name.
        wrong.unless(felt.len() <= steps.len(), &case, format!("{} steps: {whats:?}", steps.len()));
        for effect in &felt {
            let name = effect.target.name.rsplit('/').next().unwrap_or_default();
            let named = slack.contains(name)
                || stage.world.user(name).is_some_and(|user| {
                    user["displayName"].as_str().is_some_and(|name| slack.contains(name))
                });
            wrong.unless(named, &case, format!("{name} was changed and not named: {slack}"));
        }
        // A password is another one each time, and a row one more: what is not so already.
        if !case.again.is_empty() {
            let said = proposed(&stage, &case, "again").await;
            let is_so = matches!(&said, Err(said) if said.contains(case.again));
            wrong.unless(is_so, &case, format!("again: {said:?}"));
            wrong.unless(stage.effects().len() == before + felt.len(), &case, "ran again");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_permission_each_names_what_is_missing() {
    let mut wrong = Wrong::default();
    for case in cases().into_iter().filter(|case| !case.without.is_empty()) {
        let stage = prepared(&case).await;
        let app =
            case.without.iter().fold(AppRegistration::demo(), |app, right| app.without(right));
        stage.world.set_app(app);
        // The token of before lives an hour, and with it the permission.
        stage.pass(SignedDuration::from_mins(70)).await;
        let before = stage.effects().len();
        let said = match proposed(&stage, &case, "once").await {
            Ok(_) => {
                signed(&stage).await;
                stage.newest(APPROVALS)
            }
            Err(said) => said,
        };
        // Where reading it needs the same right, that is found before anybody is asked to sign.
        let mut rights = case.without.iter().chain(entry(&case).about.reads);
        let names = rights.any(|right| said.contains(&format!("lacks a permission: {right}")))
            || case.without.iter().any(|role| said.contains(&format!("the Entra role {role}")))
            // What is spelled out needs what Microsoft's page of it says.
            || case.action == "graph_request"
                && said.contains("lacks a permission: the permission that this request needs");
        wrong.unless(names, &case, format!("names none of {:?}: {said}", case.without));
        wrong.unless(stage.effects().len() == before, &case, "ran without it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_object_is_gone_at_the_signature_fails_and_says_so() {
    let mut wrong = Wrong::default();
    for case in cases().into_iter().filter(|case| !case.gone.is_empty()) {
        let stage = prepared(&case).await;
        let proposed = proposed(&stage, &case, "once").await;
        wrong.unless(proposed.is_ok(), &case, format!("{proposed:?}"));
        deleted(&stage, case.gone).await;
        let before = stage.effects().len();
        signed(&stage).await;
        // What was to be deleted or taken away is so already; everything else has failed.
        let card = stage.newest(APPROVALS);
        let over = card.starts_with("Failed: ")
            || ["delete_", "remove_"].iter().any(|way| case.action.starts_with(way))
                && card.starts_with("Done: ");
        wrong.unless(over, &case, &card);
        // A role stays with whoever was deleted until they are deleted for good.
        let felt = stage.effects().split_off(before);
        let left = felt.is_empty() || felt == ["role.remove"] && case.action == "remove_role";
        wrong.unless(left, &case, format!("changed something all the same: {felt:?}"));
    }
}
