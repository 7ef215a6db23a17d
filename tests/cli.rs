//! The operator's commands, as the operator runs them.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

fn countersign(room: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.current_dir(room).env_clear();
    command
}

fn run(room: &Path, arguments: &[&str]) -> Output {
    countersign(room).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn help_is_given_and_a_wrong_command_line_ends_with_two() {
    let room = tempfile::tempdir().unwrap();
    let help = run(room.path(), &["--help"]);
    assert!(help.status.success());
    for command in [
        "serve",
        "demo",
        "simulate",
        "interpret",
        "actions",
        "doctor",
        "audit",
        "forget",
        "manifest",
    ] {
        assert!(said(&help).contains(command), "{command} is not in the help");
    }
    assert_eq!(run(room.path(), &["fly"]).status.code(), Some(2));
    assert_eq!(run(room.path(), &[]).status.code(), Some(2));
}

/// `/dev/full` takes nothing, as a full disk.
#[test]
fn a_log_that_cannot_be_written_stops_nobody() {
    let room = tempfile::tempdir().unwrap();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = countersign(room.path())
        .args(["chaos", "--requests", "1", "--minutes", "0.1", "--program", "/dev/null"])
        .env("COUNTERSIGN_LOG", "debug")
        .stderr(Stdio::from(full))
        .status()
        .unwrap();
    assert_eq!(ended.code(), Some(1), "it logs that it begins, and ends with an error of its own");
}

#[test]
fn a_newcomer_makes_keys_and_settings_and_has_them_checked() {
    let room = tempfile::tempdir().unwrap();
    let example = run(room.path(), &["config", "example"]);
    fs::write(room.path().join("countersign.toml"), &example.stdout).unwrap();
    let missing = run(room.path(), &["config", "check"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(complained(&missing).contains("countersign keys new"), "{}", complained(&missing));
    assert!(run(room.path(), &["keys", "new", "keys.toml"]).status.success());
    let checked = run(room.path(), &["config", "check"]);
    assert!(checked.status.success(), "{}", complained(&checked));
    let again = run(room.path(), &["keys", "new", "keys.toml"]);
    assert_eq!(again.status.code(), Some(1));
}

#[test]
fn an_unknown_setting_in_the_environment_is_named_and_a_secret_never() {
    let room = tempfile::tempdir().unwrap();
    let example = run(room.path(), &["config", "example"]);
    fs::write(room.path().join("countersign.toml"), &example.stdout).unwrap();
    run(room.path(), &["keys", "new", "keys.toml"]);
    let output = countersign(room.path())
        .args(["config", "check"])
        .env("COUNTERSIGN_SERVER__LISTNE", "hunter2-is-the-value")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = complained(&output);
    assert!(text.contains("listne") && !text.contains("hunter2"), "{text}");
}

/// A child that ends with the test.
struct Simulator(Child);

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.0.kill().and_then(|()| self.0.wait().map(drop));
    }
}

/// Starts the simulated tenant on a free port: its settings, as it prints them.
fn simulator(room: &Path) -> (Simulator, String) {
    let mut child = countersign(room)
        .args(["simulate", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let printed: Vec<_> =
        lines.map(Result::unwrap).take_while(|line| !line.starts_with("What it felt")).collect();
    (Simulator(child), printed[1..].join("\n"))
}

#[test]
fn the_doctor_looks_at_a_tenant_and_names_what_is_missing() {
    let room = tempfile::tempdir().unwrap();
    let (_simulator, settings) = simulator(room.path());
    run(room.path(), &["keys", "new", "keys.toml"]);
    let rest = "\n[keys]\nfile = \"keys.toml\"\n[policy]\nrequesters = [\"a@contoso.com\"]\napprovers = [\"b@contoso.com\"]\n\
                [policy.groups.passwords_and_security]\naccess = \"read_write\"\n";
    fs::write(
        room.path().join("countersign.toml"),
        format!("database = \"x.db\"\n{settings}{rest}"),
    )
    .unwrap();
    let doctor = run(room.path(), &["doctor"]);
    let found = said(&doctor);
    assert_eq!(doctor.status.code(), Some(1), "{found}{}", complained(&doctor));
    for good in
        ["ok    keys", "ok    store", "ok    record", "ok    token for Graph", "ok    permissions"]
    {
        assert!(found.contains(good), "no `{good}` in:\n{found}");
    }
    assert!(found.contains("wrong chats") && found.contains("wrong public address"), "{found}");
    assert!(!found.contains("simulated~"), "the client secret is printed:\n{found}");
}

#[test]
fn serve_refuses_to_hand_out_links_that_nobody_could_open() {
    let room = tempfile::tempdir().unwrap();
    let example = run(room.path(), &["config", "example"]);
    fs::write(room.path().join("countersign.toml"), &example.stdout).unwrap();
    run(room.path(), &["keys", "new", "keys.toml"]);
    let output = countersign(room.path())
        .arg("serve")
        .env("COUNTERSIGN_POLICY__GROUPS__PASSWORDS_AND_SECURITY__ACCESS", "read_write")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let why = complained(&output);
    assert!(why.contains("server.public_url") && why.contains("one-time links"), "{why}");
}

#[test]
fn a_database_opens_after_its_keys_were_rotated() {
    let room = tempfile::tempdir().unwrap();
    let example = run(room.path(), &["config", "example"]);
    fs::write(room.path().join("countersign.toml"), &example.stdout).unwrap();
    run(room.path(), &["keys", "new", "keys.toml"]);
    assert!(run(room.path(), &["pause"]).status.success());
    for _ in 0..2 {
        let rotated = run(room.path(), &["keys", "rotate", "keys.toml"]);
        assert!(said(&rotated).contains("older open what they sealed"), "{}", complained(&rotated));
        let opened = run(room.path(), &["audit", "verify"]);
        assert!(opened.status.success(), "{}", complained(&opened));
    }
    let other = run(room.path(), &["keys", "rotate", "no-keys.toml"]);
    assert_eq!(other.status.code(), Some(1));
}

#[test]
fn pausing_is_seen_by_the_next_command_and_resuming_ends_it() {
    let room = tempfile::tempdir().unwrap();
    let example = run(room.path(), &["config", "example"]);
    fs::write(room.path().join("countersign.toml"), &example.stdout).unwrap();
    run(room.path(), &["keys", "new", "keys.toml"]);
    for command in ["pause", "resume"] {
        let output = run(room.path(), &[command]);
        assert!(output.status.success(), "{command}: {}", complained(&output));
    }
    let standing = run(room.path(), &["standing"]);
    assert!(said(&standing).contains("No standing approval is in force."), "{standing:?}");
    let none = run(room.path(), &["standing", "--revoke", "1042"]);
    assert!(complained(&none).contains("there is no request #1042"), "{none:?}");
    let verified = run(room.path(), &["audit", "verify"]);
    assert!(said(&verified).contains("The record is whole: 0 facts"), "{}", complained(&verified));
    assert_eq!(
        run(room.path(), &["audit", "head"]).status.code(),
        Some(1),
        "nothing is signed yet"
    );
}

#[test]
fn sentences_are_read_line_by_line() {
    let room = tempfile::tempdir().unwrap();
    let mut child = countersign(room.path())
        .arg("interpret")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let line = r#"{"id":"1","now":"2025-11-12T10:00","from":"x@contoso.com","text":"reset the password for john.doe@contoso.com"}"#;
    writeln!(child.stdin.take().unwrap(), "{line}\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read["actions"][0]["action"], "reset_password");
    assert_eq!(read["actions"][0]["params"]["user"], "john.doe@contoso.com");
    assert!(read["ms"].is_number());
}

#[test]
fn the_teams_package_is_written_once() {
    let room = tempfile::tempdir().unwrap();
    let id = "11111111-2222-4333-8444-555555555555";
    let arguments = ["manifest", "teams", "--host", "bot.contoso.com", "--bot-id", id];
    assert!(run(room.path(), &arguments).status.success());
    let bytes = fs::read(room.path().join("countersign-teams.zip")).unwrap();
    assert!(bytes.starts_with(b"PK"));
    assert_eq!(run(room.path(), &arguments).status.code(), Some(1), "it is never overwritten");
}
