//! `countersign connect`, as an operator and an administrator live it: the operator answers, the
//! administrator consents, and the settings come out right. Over real HTTP to a simulated tenant.

#[path = "connect/rig.rs"]
mod rig;

use std::{fs, time::Duration};

use countersign::{actions::CATALOG, domain::area::Area};
use rig::{CLIENT, Rig, SECRET, reading_users};
use serde_json::json;

/// Answers for every permission group that has actions, in the order of the questions.
fn only_reading_users() -> String {
    let asked = Area::ALL.into_iter().filter(|area| CATALOG.iter().any(|e| e.about.area == *area));
    let answer = |area| if area == Area::Users { "read_only\n" } else { "\n" };
    asked.map(answer).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_answers_questions_and_the_administrator_s_consent_ends_the_waiting() {
    let rig = Rig::open().await;
    rig.register(json!({ "asks": reading_users(), "secret": SECRET })).await;
    let answers = format!(
        "contoso.com\n{}tina.tech@contoso.com\nanna.approver@contoso.com\n{CLIENT}\nsecret\n{SECRET}\nyes\n",
        only_reading_users()
    );
    let mut run = rig.start(&["--simulator", &rig.base, "--look-every", "20"], &answers);
    let before = run.until("Waiting for it").await;
    for shown in [
        "users=read_only",
        "User.Read.All",
        "Nothing else is asked for.",
        &format!("/adminconsent?client_id={CLIENT}"),
    ] {
        assert!(before.contains(shown), "no {shown} before consent in:\n{before}");
    }
    assert!(!before.contains("ReadWrite"), "reading needs no right to write:\n{before}");
    assert!(!rig.settings().exists(), "nothing is written before consent");
    run.until("not yet").await;
    rig.consent().await;
    let said = run.end(0).await;
    for shown in
        ["Connected to", "ok    users (read_only): ready: get_user", "Wrote countersign.toml"]
    {
        assert!(said.contains(shown), "no {shown} in:\n{said}");
    }
    assert!(!said.contains(SECRET), "the secret is shown:\n{said}");
    let written = fs::read_to_string(rig.settings()).unwrap();
    assert!(written.contains("client_secret_file = ") && !written.contains(SECRET), "{written}");
    assert!(written.contains("requesters = [\"tina.tech@contoso.com\"]"), "{written}");
    let checked = rig.start_command(&["config", "check"], "").end(0).await;
    assert!(checked.contains("is in order"), "{checked}");
    assert!(
        !rig.room.path().join("countersign.toml.connect").exists(),
        "it forgets when it is done"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_run_goes_on_where_it_stopped() {
    let rig = Rig::open().await;
    rig.register(json!({ "asks": reading_users(), "secret": SECRET })).await;
    fs::write(rig.room.path().join("s"), SECRET).unwrap();
    let flags = [
        "--yes",
        "--simulator",
        &rig.base,
        "--tenant",
        "contoso.com",
        "--client-id",
        CLIENT,
        "--group",
        "users=read_only",
        "--secret-file",
        "s",
        "--look-every",
        "20",
    ];
    let mut run = rig.start(&flags, "");
    run.until("not yet").await;
    run.interrupt();
    let said = run.end(1).await;
    assert!(said.contains("Nothing was written") && said.contains("go on from here"), "{said}");
    assert!(!rig.settings().exists());
    rig.consent().await;
    let said = rig.start(&["--yes"], "").end(0).await;
    assert!(said.contains("Going on where it stopped"), "{said}");
    assert!(rig.settings().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_time_is_up_it_says_what_is_missing_and_where_it_is_granted() {
    let rig = Rig::open().await;
    // Consent gives permissions; roles are assigned apart, and nobody has done it yet.
    let (asks, _) = rig::needs(|area, _| area == Area::PasswordsAndSecurity);
    rig.register(json!({ "asks": asks, "secret": SECRET })).await;
    rig.consent().await;
    fs::write(rig.room.path().join("s"), SECRET).unwrap();
    let flags = [
        "--yes",
        "--simulator",
        &rig.base,
        "--tenant",
        "contoso.com",
        "--client-id",
        CLIENT,
        "--group",
        "passwords_and_security=read_write",
        "--secret-file",
        "s",
        "--wait",
        "0",
    ];
    let said = rig.start(&flags, "").end(1).await;
    for shown in [
        "still missing:",
        "the Entra role User Administrator",
        "reset_password is not: it lacks",
        "RoleMenuBlade/~/RoleMembers/objectId/fe930be7-5e62-47db-91af-98c3a49a38b1",
        "Nothing was written",
    ] {
        assert!(said.contains(shown), "no {shown} in:\n{said}");
    }
    let written = rig.start(&["--yes", "--wait", "0", "--even-if-missing"], "").end(0).await;
    assert!(written.contains("Wrote countersign.toml"), "{written}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_made_here_signs_in_once_it_is_uploaded() {
    let rig = Rig::open().await;
    rig.register(json!({ "asks": reading_users() })).await;
    let flags = [
        "--yes",
        "--simulator",
        &rig.base,
        "--tenant",
        "contoso.com",
        "--client-id",
        CLIENT,
        "--group",
        "users=read_only",
        "--new-certificate",
        "--wait",
        "0",
    ];
    let said = rig.start(&flags, "").end(1).await;
    assert!(said.contains("app.crt") && said.contains("openssl req -x509"), "{said}");
    assert!(said.contains("not yet: Microsoft misses a certificate"), "{said}");
    let certificate = fs::read_to_string(rig.room.path().join("app.crt")).unwrap();
    rig.register(json!({ "certificate": certificate })).await;
    rig.consent().await;
    let said = rig.start(&["--yes"], "").end(0).await;
    assert!(said.contains("Connected to"), "{said}");
    let written = fs::read_to_string(rig.settings()).unwrap();
    assert!(written.contains("certificate = \"app.crt\""), "{written}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(rig.room.path().join("app.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read the key");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn running_it_again_widens_what_is_there_and_shows_the_difference() {
    let rig = Rig::open().await;
    rig.register(json!({ "asks": reading_users(), "secret": SECRET })).await;
    rig.consent().await;
    fs::write(rig.room.path().join("s"), SECRET).unwrap();
    let flags = [
        "--yes",
        "--simulator",
        &rig.base,
        "--tenant",
        "contoso.com",
        "--client-id",
        CLIENT,
        "--group",
        "users=read_only",
        "--secret-file",
        "s",
    ];
    rig.start(&flags, "").end(0).await;
    let text = fs::read_to_string(rig.settings()).unwrap();
    fs::write(rig.settings(), format!("# ours\n{text}")).unwrap();
    let (asks, roles) = rig::needs(|area, _| area == Area::Licences);
    rig.register(json!({ "asks": asks, "roles": roles })).await;
    rig.consent().await;
    let said = rig.start(&["--yes", "--group", "licences=read_write"], "").end(0).await;
    assert!(said.contains("+ [policy.groups.licences]"), "{said}");
    assert!(said.contains("ok    users (read_only)") && said.contains("ok    licences"), "{said}");
    let written = fs::read_to_string(rig.settings()).unwrap();
    assert!(written.starts_with("# ours\n") && written.contains("[policy.groups.licences]"));
    let again = rig.start(&["--yes"], "").end(0).await;
    assert!(again.contains("says all of it already"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_script_left_out_is_named_with_its_flag() {
    let rig = Rig::open().await;
    for (flags, missing) in [
        (vec!["--yes"], "--tenant"),
        (vec!["--yes", "--tenant", "contoso.com", "--simulator", &rig.base], "--group"),
    ] {
        let said = rig.start(&flags, "").end(1).await;
        assert!(said.contains(missing), "no {missing} in:\n{said}");
    }
    let flags = ["--yes", "--simulator", &rig.base, "--tenant", "nowhere.example"];
    let said = rig.start(&flags, "").end(1).await;
    assert!(said.contains("Microsoft knows no directory of the domain nowhere.example"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_consent_link_opens_a_page_of_the_simulator_whose_button_consents() {
    let rig = Rig::open().await;
    rig.register(json!({ "asks": reading_users(), "secret": SECRET })).await;
    let http =
        reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
    let page = http.get(format!("{}/contoso.com/adminconsent?client_id={CLIENT}", rig.base));
    let page = page.send().await.unwrap().text().await.unwrap();
    let target = format!("/_sim/consent?client_id={CLIENT}");
    assert!(page.contains(&target), "{page}");
    let pressed = http.post(format!("{}{target}", rig.base)).send().await.unwrap();
    assert!(pressed.status().is_success());
    let app = rig.world.app(CLIENT).unwrap();
    assert!(app.asks.is_empty() && app.graph_roles.contains("User.Read.All"));
}
