//! The doctor, as the operator runs it, against a world in which one thing is broken.

#[path = "doctor/clinic.rs"]
mod clinic;

use clinic::{APPROVALS, Clinic, DEMO_CLIENT_ID};
use countersign::sim::{
    microsoft::{AppRegistration, Consent},
    slack::Channel,
    teams::{At, Fault},
};

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
async fn a_missing_graph_permission_is_named_with_who_needs_it_and_the_consent_link() {
    let clinic = Clinic::open().await;
    clinic.world.set_app(AppRegistration::demo().without("GroupMember.ReadWrite.All"));
    let said = clinic.visit().await;
    said.names("permissions", &["missing GroupMember.ReadWrite.All", "add_to_group"]);
    said.mends(&["API permissions", "adminconsent", DEMO_CLIENT_ID]);
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
async fn a_missing_exchange_role_is_named() {
    let clinic = Clinic::open().await;
    clinic.world.set_app(AppRegistration::demo().without("Exchange Administrator"));
    let said = clinic.visit().await;
    said.names("token for Exchange", &["no Exchange role"]);
    said.mends(&["Exchange Recipient Administrator"]);
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
