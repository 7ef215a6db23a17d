//! The doctor, as the operator runs it, against a world in which one thing is broken.

#[path = "doctor/clinic.rs"]
mod clinic;

use clinic::{APPROVALS, Clinic, DEMO_CLIENT_ID};
use countersign::{
    actions::CATALOG,
    adapters::clock::SystemClock,
    cli::doctor::finding::NOWHERE,
    domain::area::{Area, Risk},
    ports::clock::Clock,
    sim::{
        microsoft::{AppRegistration, Consent, DEMO_CLIENT_SECRET},
        model::{self, Service},
        slack::Channel,
        teams::{At, Fault},
    },
};
use jiff::SignedDuration;

#[tokio::test(flavor = "multi_thread")]
async fn a_house_in_order_ends_with_zero_and_prints_no_secret() {
    let clinic = Clinic::open().await;
    let said = clinic.visit().await;
    assert_eq!(said.code, 0, "{}", said.text);
    assert!(said.text.contains("Everything is in order."), "{}", said.text);
    assert!(!said.text.contains("wrong "), "{}", said.text);
    for secret in ["simulated~", "xoxb-", "simulated0signing"] {
        assert!(!said.text.contains(secret), "{secret} is printed:\n{}", said.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tenant_is_looked_at_under_its_name() {
    let mut clinic = Clinic::open().await;
    clinic.replace("[keys]", "name = \"Contoso\"\n[keys]");
    let gone = "[[tenants]]\nid = \"99999999-aaaa-4bbb-8ccc-000000000009\"\nname = \"Fabrikam\"\n\
                [tenants.policy]\napprovers = [\"customer:ada@fabrikam.com\"]\n";
    clinic.replace("[slack]", &format!("{gone}[slack]"));
    let said = clinic.visit().await;
    let (own, other) = said.text.split_once("\nFabrikam (99999999-").unwrap();
    assert!(own.contains("\nContoso (11111111-") && own.contains("ok    token for Graph"), "{own}");
    assert!(other.contains("wrong token for Graph") && other.contains("99999999-"), "{other}");
    said.names("token for Graph", &["the tenant 99999999-", "knows none of that id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_reached_by_a_relationship_shows_its_roles_and_its_end() {
    let mut clinic = Clinic::open().await;
    clinic.replace("[keys]", "name = \"Contoso\"\n[keys]");
    let fabrikam = "99999999-aaaa-4bbb-8ccc-000000000009";
    let gone =
        format!("[[tenants]]\nid = \"{fabrikam}\"\nname = \"Fabrikam\"\naccess = \"partner\"\n");
    clinic.replace("[slack]", &format!("{gone}[slack]"));
    let said = clinic.visit().await;
    said.names("GDAP relationship", &["missing: DelegatedAdminRelationship.Read.All"]);
    said.names("token for Graph, in the partner's name", &["sign-in of the partner's service"]);
    said.mends(&["countersign partner keep"]);
    let app = AppRegistration::demo().with_permission("DelegatedAdminRelationship.Read.All");
    clinic.world.set_app(app);
    clinic.visit().await.names("GDAP relationship", &["none is active with", "there is none"]);
    for (days, state) in [(200, "ok "), (10, "soon "), (2, "wrong ")] {
        let ends = SystemClock.now() + SignedDuration::from_hours(24 * days + 1);
        let roles = ["User Administrator", "License Administrator"];
        clinic.world.reset();
        clinic.world.put_relationship(fabrikam, &roles, &ends.to_string());
        clinic.world.put_relationship(
            "99999999-aaaa-4bbb-8ccc-000000000010",
            &roles,
            "2020-01-01T00:00:00Z",
        );
        let said = clinic.visit().await;
        let day = ends.strftime("%Y-%m-%d");
        let line = format!(
            "ok    GDAP relationship: With {fabrikam}, until {day}: User Administrator, License Administrator"
        );
        assert!(said.text.contains(&line), "{}", said.text);
        let lines = said.text.lines().filter(|line| line.contains("GDAP relationship"));
        let lines: Vec<&str> = lines.collect();
        assert!(lines.iter().any(|line| line.starts_with(state)), "{lines:?}");
        assert_eq!(lines.len(), if days == 200 { 1 } else { 2 }, "{lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_graph_permission_is_named_with_who_needs_it_and_the_consent_link() {
    let clinic = Clinic::open().await;
    clinic.world.set_app(
        AppRegistration::demo().without("GroupMember.ReadWrite.All").without("Group.ReadWrite.All"),
    );
    let said = clinic.visit().await;
    said.names("permissions", &["missing GroupMember.ReadWrite.All", "add_to_group"]);
    said.mends(&["API permissions", "adminconsent", DEMO_CLIENT_ID]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_was_asked_for_and_not_consented_to_needs_consent_alone() {
    let clinic = Clinic::open().await;
    clinic.world.set_app(
        AppRegistration::demo()
            .unconsented("GroupMember.ReadWrite.All")
            .unconsented("Group.ReadWrite.All"),
    );
    let said = clinic.visit().await;
    said.names("permissions", &["missing GroupMember.ReadWrite.All", "add_to_group"]);
    said.mends(&["consent is missing", "adminconsent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_permission_group_says_what_is_ready_and_what_the_rest_lacks() {
    let mut clinic = Clinic::open().await;
    clinic.world.set_app(AppRegistration::demo().without("User Administrator"));
    clinic.replace(
        "[policy.groups.users]\naccess = \"read_write\"",
        "[policy.groups.users]\naccess = \"read_only\"",
    );
    clinic.replace("[policy.groups.licences]\naccess = \"read_write\"", "");
    let said = clinic.visit().await;
    for line in [
        "ok    users (read_only): ready: get_user",
        "      reset_password is not: it lacks the Entra role User Administrator",
    ] {
        assert!(said.text.contains(line), "no `{line}` in:\n{}", said.text);
    }
    let begins = [
        "part  passwords_and_security (read_write): ready: ",
        "ok    groups (read_write): ready: ",
        "off   licences: ",
    ];
    for begins in begins {
        let mut lines = said.text.lines();
        assert!(lines.any(|line| line.starts_with(begins)), "no `{begins}` in:\n{}", said.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_granted_beyond_need_is_named() {
    let mut clinic = Clinic::open().await;
    let passwords = "[policy.groups.passwords_and_security]\naccess = \"read_write\"";
    clinic.replace(passwords, "");
    let said = clinic.visit().await;
    let line = said.text.lines().find(|line| line.contains("could be taken away")).unwrap();
    assert!(line.contains("UserAuthenticationMethod.ReadWrite.All"), "{line}");
    assert!(!line.contains("GroupMember.ReadWrite.All"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fix_links_lead_to_each_page_on_which_something_is_granted() {
    let clinic = Clinic::open().await;
    let app = AppRegistration::demo().without("User Administrator");
    clinic.world.set_app(app.without("GroupMember.ReadWrite.All").without("Group.ReadWrite.All"));
    let said = clinic.visit_with(&["--fix-links"]).await;
    for link in [
        &format!("ApplicationMenuBlade/~/CallAnAPI/appId/{DEMO_CLIENT_ID}"),
        &format!("/adminconsent?client_id={DEMO_CLIENT_ID}"),
        "RoleMembers/objectId/fe930be7-5e62-47db-91af-98c3a49a38b1",
    ] {
        assert!(said.text.contains(link), "no {link} in:\n{}", said.text);
    }
    clinic.world.set_app(AppRegistration::demo());
    let said = clinic.visit_with(&["--fix-links"]).await;
    assert!(said.text.contains("Nothing is missing"), "{}", said.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reading_action_runs_live_and_nothing_is_changed() {
    let clinic = Clinic::open().await;
    let said = clinic.visit_with(&["--live"]).await;
    assert_eq!(said.code, 0, "{}", said.text);
    for entry in CATALOG.iter().filter(|entry| entry.about.risk == Risk::Read) {
        let begins = format!("ok    live {}", entry.about.id);
        let line = said.text.lines().find(|line| line.starts_with(&begins));
        let line = line.unwrap_or_else(|| panic!("no `{begins}` in:\n{}", said.text));
        // What nobody lists cannot be asked about; everything else is.
        let nowhere = NOWHERE.iter().any(|name| line.contains(&format!("no {name} was found")));
        assert!(nowhere || !line.contains("not run"), "it could not be asked: {line}");
    }
    assert!(clinic.world.ledger().is_empty(), "{:?}", clinic.world.ledger());
    for asked in clinic.world.requests() {
        let body = asked.body.clone().unwrap_or_default();
        let reads = match (asked.method.as_str(), asked.path.as_str()) {
            ("GET", _) => true,
            ("POST", token) if token.ends_with("/oauth2/v2.0/token") => true,
            ("POST", batch) if batch.ends_with("/$batch") => {
                let inside = body["requests"].as_array().unwrap();
                inside.iter().all(|one| {
                    one["method"] == "GET"
                        || one["headers"]["X-CmdletName"]
                            .as_str()
                            .is_some_and(|name| name.starts_with("Get-"))
                })
            }
            // Exchange reads by POST too; the cmdlet's name says that it reads.
            ("POST", command) if command.contains("/InvokeCommand") => {
                let name = body["CmdletInput"]["CmdletName"].as_str().unwrap_or_default();
                name.starts_with("Get-")
            }
            ("POST", check) => {
                check.ends_with("/checkMemberGroups") || check.ends_with("/getByIds")
            }
            _ => false,
        };
        assert!(reads, "{} {}", asked.method, asked.path);
    }
    assert!(!said.text.contains("John Doe"), "what was found is not shown:\n{}", said.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_action_that_is_refused_live_names_what_is_missing() {
    let clinic = Clinic::open().await;
    let app = AppRegistration::demo().without("LicenseAssignment.Read.All");
    let app = app.without("LicenseAssignment.ReadWrite.All").without("Organization.Read.All");
    clinic.world.set_app(app.without("Directory.Read.All"));
    let said = clinic.visit_with(&["--live"]).await;
    said.names("live get_user", &["refused: missing LicenseAssignment.Read.All"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_app_s_secret_is_said_and_warned_of_in_time() {
    let mut clinic = Clinic::open().await;
    let ends = |days: i64| {
        let at = SystemClock.now() + SignedDuration::from_hours(24 * days + 1);
        let app = AppRegistration::new(DEMO_CLIENT_ID, "Countersign");
        let all = AppRegistration::demo();
        let mut app = app.with_secret_until("operator~secret", "rotated", &at.to_string());
        app.graph_roles = all.graph_roles;
        app.exchange_roles = all.exchange_roles;
        app.directory_roles = all.directory_roles;
        app
    };
    clinic.set("client_secret", "operator~secret");
    let lines = |text: &str| {
        let found = text.lines().find(|line| line.contains("credential of [microsoft]: "));
        found.unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    clinic.world.set_app(ends(200));
    let said = clinic.visit().await;
    assert!(lines(&said.text).starts_with("ok    ") && said.code == 0, "{}", said.text);
    clinic.world.set_app(ends(13));
    let said = clinic.visit().await;
    assert!(lines(&said.text).starts_with("soon  ") && said.code == 0, "{}", said.text);
    assert!(
        lines(&said.text).contains("\"rotated\"") && lines(&said.text).contains("13 days left")
    );
    clinic.world.set_app(ends(2));
    let said = clinic.visit().await;
    said.names("credential of [microsoft]", &["2 days left"]);
    said.mends(&["Credentials/appId", "restart"]);
    assert!(!said.text.contains("operator~"), "{}", said.text);
    let app = ends(2).without("Application.Read.All").without("Directory.Read.All");
    clinic.world.set_app(app.without("Application.ReadWrite.OwnedBy"));
    let said = clinic.visit().await;
    assert!(lines(&said.text).contains("its end is not known"), "{}", said.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_runs_it_is_told_three_times_that_a_secret_ends_and_once_that_it_is_over() {
    let mut clinic = Clinic::open().await;
    let operators = "C0OPERATORS";
    let bot = clinic.slack.setup().bot_user.clone();
    clinic.slack.put_channel(Channel::public(operators, "it-operators", &[&bot]));
    let until = |days: i64| {
        let at = SystemClock.now() + SignedDuration::from_hours(24 * days + 1);
        let mut app = AppRegistration::new(DEMO_CLIENT_ID, "Countersign");
        app = app.with_secret_until(DEMO_CLIENT_SECRET, "bot", &at.to_string());
        app.graph_roles = AppRegistration::demo().graph_roles;
        app
    };
    clinic.world.set_app(until(40));
    // Without a section of its own it is told where approval cards are posted.
    let told = clinic.told_after(SignedDuration::from_hours(24 * 10), APPROVALS).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let said = ["client secret ends", "days left: 30", DEMO_CLIENT_ID];
    assert!(said.iter().all(|words| told[0].contains(words)), "{told:?}");

    clinic.replace(
        "[approvals]",
        &format!("[operators]\nslack_channels = [\"{operators}\"]\n[approvals]"),
    );
    for (day, words) in [(5, 0), (11, 0), (20, 0), (26, 1), (30, 1), (37, 2), (41, 3), (50, 3)] {
        let told = clinic.told_after(SignedDuration::from_hours(24 * day), operators).await;
        assert_eq!(told.len(), words, "on day {day}: {told:?}");
    }
    let told = clinic.told_after(SignedDuration::from_hours(24 * 50), operators).await;
    let said = ["days left: 14", "days left: 3", "client secret ended"];
    for (told, words) in told.iter().zip(said) {
        assert!(told.contains(words) && !told.contains(DEMO_CLIENT_SECRET), "{words} in {told}");
    }

    clinic.world.set_app(until(45));
    let told = clinic.told_after(SignedDuration::from_hours(24 * 32), operators).await;
    assert!(
        told.len() == 4 && told[3].contains("days left: 13"),
        "the new one has its own time: {told:?}"
    );
    assert_eq!(clinic.slack.messages(APPROVALS).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_that_is_ready_says_how_long_its_credential_lasts() {
    let clinic = Clinic::open().await;
    let at = SystemClock.now() + SignedDuration::from_hours(24 * 10 + 1);
    let demo = AppRegistration::demo();
    let mut app = AppRegistration::new(DEMO_CLIENT_ID, "Countersign");
    app = app.with_secret_until(DEMO_CLIENT_SECRET, "bot", &at.to_string());
    app.graph_roles = demo.graph_roles;
    clinic.world.set_app(app);
    let shown = clinic.readiness().await;
    let of = |section: &str| {
        let all = shown["credentials"].as_array().unwrap();
        all.iter().find(|one| one["of"] == section).cloned().unwrap_or_default()
    };
    assert_eq!(of("microsoft")["days_left"], 10, "{shown}");
    assert_eq!(of("microsoft")["state"], "ends within 14 days", "{shown}");
    assert_eq!(of("microsoft")["sort"], "client secret");
    assert!(!shown.to_string().contains("bot"), "no name: {shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_entra_role_is_named_with_where_to_assign_it() {
    let clinic = Clinic::open().await;
    clinic.world.set_app(AppRegistration::demo().without("User Administrator"));
    let said = clinic.visit().await;
    said.names("permissions", &["User Administrator", "reset_password"]);
    said.mends(&["Roles and administrators", "User Administrator"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_exchange_permission_or_role_is_named() {
    let needs = |entry: &&countersign::actions::Entry| {
        let mut rights = entry.about.may.iter().flat_map(|kind| kind.permissions().iter().copied());
        let mut rights = rights.by_ref().flatten().chain(entry.about.reads);
        rights.any(|right| right.starts_with("exchange:"))
    };
    // The clinic switches mailboxes on.
    let Some(entry) = CATALOG.iter().filter(needs).find(|e| e.about.area == Area::Mailboxes) else {
        return;
    };
    let clinic = Clinic::open().await;
    clinic.world.set_app(AppRegistration::demo().without("Exchange Administrator"));
    let said = clinic.visit().await;
    let id = entry.about.id;
    said.names("permissions", &["missing the Entra role Exchange Recipient Administrator", id]);
    said.mends(&["Roles and administrators", "Exchange Recipient Administrator"]);
    clinic.world.set_app(AppRegistration::demo().without("Exchange.ManageAsApp"));
    let said = clinic.visit().await;
    said.names("permissions", &["missing Exchange.ManageAsApp (Exchange Online)", id]);
    said.mends(&["Office 365 Exchange Online", "adminconsent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_client_secret_is_named_and_not_repeated() {
    let mut clinic = Clinic::open().await;
    clinic.set("client_secret", "wrong~secret~of~the~operator");
    let said = clinic.visit().await;
    said.names("token for Graph", &["secret"]);
    said.mends(&["secret"]);
    assert!(!said.text.contains("wrong~secret"), "{}", said.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_consent_is_named_with_the_link() {
    let clinic = Clinic::open().await;
    let mut app = AppRegistration::demo();
    app.consent = Consent::Missing;
    clinic.world.set_app(app);
    let said = clinic.visit().await;
    said.names("token for Graph", &["consent"]);
    said.mends(&["adminconsent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_slack_token_is_named() {
    let mut clinic = Clinic::open().await;
    clinic.set("bot_token", "xoxb-of-another-app");
    let said = clinic.visit().await;
    said.names("Slack token", &["invalid_auth"]);
    said.mends(&["OAuth & Permissions"]);
    assert!(!said.text.contains("xoxb-of-another-app"), "{}", said.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_slack_scope_is_named() {
    let clinic = Clinic::with(|setup| setup.scopes.retain(|s| s != "users:read.email")).await;
    let said = clinic.visit().await;
    said.names("Slack scopes", &["missing users:read.email"]);
    said.mends(&["reinstall"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_workspace_than_the_token_s_is_named() {
    let mut clinic = Clinic::open().await;
    clinic.set("team_id", "T0OTHER");
    let said = clinic.visit().await;
    said.names("Slack workspace", &["T0CONTOSO", "T0OTHER"]);
    said.mends(&["slack.team_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_channel_without_the_bot_is_named() {
    let clinic = Clinic::open().await;
    clinic.slack.put_channel(Channel::public(APPROVALS, "it-approvals", &[]));
    let said = clinic.visit().await;
    said.names(&format!("Slack channel {APPROVALS}"), &["the bot is not in it"]);
    said.mends(&["/invite"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_channel_shared_with_others_is_named() {
    let clinic = Clinic::open().await;
    let bot = clinic.slack.setup().bot_user.clone();
    let mut channel = Channel::public(APPROVALS, "it-approvals", &[&bot]);
    channel.ext_shared = true;
    clinic.slack.put_channel(channel);
    let said = clinic.visit().await;
    said.names(&format!("Slack channel {APPROVALS}"), &["shared with another organisation"]);
    said.mends(&["[approvals]"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_channel_that_does_not_exist_is_named() {
    let mut clinic = Clinic::open().await;
    clinic.replace(APPROVALS, "C0NOWHERE");
    let said = clinic.visit().await;
    said.names("Slack channel C0NOWHERE", &["channel_not_found"]);
    said.mends(&["About tab"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_teams_secret_is_named() {
    let mut clinic = Clinic::open().await;
    clinic.set("app_secret", "not~the~bot~s");
    let said = clinic.visit().await;
    said.names("Teams bot", &["7000215"]);
    said.mends(&["teams.app_id", "teams.app_tenant"]);
    assert!(!said.text.contains("not~the~bot"), "{}", said.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn unreachable_openid_metadata_is_named() {
    let clinic = Clinic::open().await;
    clinic.teams.plant(At::Metadata, Fault::Status(503, None), 99);
    let said = clinic.visit().await;
    said.names("Bot Framework's keys", &["503"]);
    said.mends(&["nothing from Teams is believed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_is_named() {
    let mut clinic = Clinic::open().await;
    let other = clinic::serve_with_date("Fri, 20 Nov 2015 12:00:00 GMT").await;
    clinic.set("login", &other);
    let said = clinic.visit().await;
    said.names("clock", &["s away from"]);
    said.mends(&["NTP"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_where_nobody_answers_is_named() {
    let mut clinic = Clinic::open().await;
    clinic.set("login", "http://127.0.0.1:9");
    let said = clinic.visit().await;
    said.names("clock", &["http://127.0.0.1:9 did not answer", "cannot be compared"]);
    said.names("token for Graph", &["did not answer"]);
    said.mends(&["HTTPS_PROXY"]);
    assert!(!said.text.contains("NTP"), "the clock may be right:\n{}", said.text);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_others_can_read_are_named() {
    use std::os::unix::fs::PermissionsExt;
    let clinic = Clinic::open().await;
    let keys = clinic.room.path().join("keys.toml");
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = clinic.visit().await;
    said.names("keys", &["others can read it", "chmod 600"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_public_address_is_named() {
    let mut clinic = Clinic::open().await;
    clinic.drop_line("public_url");
    let said = clinic.visit().await;
    said.names("public address", &["Teams", "Slack over HTTP", "one-time link"]);
    said.mends(&["server.public_url"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approver_whom_nobody_knows_is_named_and_so_is_an_unknown_group() {
    let mut clinic = Clinic::open().await;
    let ghost = "group:99999999-0000-4000-8000-000000000001";
    clinic.replace(
        "approvers = [\"anna.approver@contoso.com\"]",
        &format!("approvers = [\"gone.away@contoso.com\", \"{ghost}\"]"),
    );
    let said = clinic.visit().await;
    said.names(
        "people in the settings",
        &["gone.away@contoso.com", "policy.approvers", "not in the directory"],
    );
    said.names("people in the settings", &[ghost, "is no group"]);
    said.mends(&["correct policy.approvers"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_may_approve_is_named() {
    let mut clinic = Clinic::open().await;
    clinic.replace("approvers = [\"anna.approver@contoso.com\"]", "approvers = []");
    let said = clinic.visit().await;
    said.names("approvers", &["nobody may approve"]);
    said.mends(&["policy.approvers"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_altered_is_named_and_one_that_was_not_is_whole() {
    let clinic = Clinic::open().await;
    clinic.write_record().await;
    let whole = clinic.visit().await;
    assert_eq!(whole.code, 0, "{}", whole.text);
    assert!(whole.text.contains("The record is whole: 3 facts"), "{}", whole.text);
    clinic.alter_record();
    let said = clinic.visit().await;
    said.names("record", &["not those that were signed"]);
    said.mends(&["keep this file as it is"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_database_s_keys_are_named() {
    let clinic = Clinic::open().await;
    clinic.write_record().await;
    clinic.other_keys();
    let said = clinic.visit().await;
    said.names("store", &["key"]);
    said.mends(&["a database and its keys belong together"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_does_not_exist_is_named() {
    let mut clinic = Clinic::open().await;
    clinic.replace("[server]", "[server]\nlistne = \"127.0.0.1:1\"");
    let said = clinic.visit().await;
    said.names("settings", &["listne"]);
    said.mends(&["countersign config example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_asked_one_tiny_question() {
    let service = Service::new("recorded", Some("simulated-model-key"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = listener.local_addr().unwrap();
    let routes = service.router();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let mut clinic = Clinic::open().await;
    let section = |name: &str| {
        format!(
            "[model]\nurl = \"http://{base}/v1\"\nname = \"{name}\"\nkey = \"simulated-model-key\"\n[policy]"
        )
    };
    clinic.replace("[policy]", &section("recorded"));
    let said = clinic.visit().await;
    assert_eq!(said.code, 0, "{}", said.text);
    assert!(said.text.contains("ok    model: recorded answers in"), "{}", said.text);
    assert!(!said.text.contains("simulated-model-key"), "{}", said.text);
    clinic.replace("name = \"recorded\"", "name = \"another\"");
    let said = clinic.visit().await;
    said.names("model", &["404", "model_not_found", "words are read without it"]);
    said.mends(&["model.name", "deployment"]);
    service.fault(model::Fault::Html, 1);
    clinic.replace("name = \"another\"", "name = \"recorded\"");
    clinic.visit().await.names("model", &["words are read without it"]);
}
