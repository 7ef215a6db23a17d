//! The real service under kills and faults: small runs each time, and what README says of the
//! long ones (`make chaos`).

use std::{path::Path, process::Command};

use countersign::cli::chaos::{KEPT_IN, report};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs it; nothing that must hold was broken.
fn chaos(arguments: &[&str]) -> report::Report {
    let ran = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .arg("chaos")
        .args(arguments)
        .env("COUNTERSIGN_LOG", "error")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let more = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{arguments:?}: {said}\n{more}");
    serde_json::from_str(&said).unwrap()
}

#[test]
fn readme_says_what_the_kept_reports_add_up_to() {
    report::check(&root().join("README.md"), &root().join(KEPT_IN)).unwrap();
}

/// Two processes on one file are killed and hindered for some seconds.
#[test]
fn what_must_hold_holds_in_a_small_run() {
    let run = chaos(&[
        "--seed",
        "11",
        "--minutes",
        "0.2",
        "--replicas",
        "2",
        "--requests",
        "8",
        "--apart",
        "700",
        "--deaths",
        "60",
        "--faults",
        "40",
    ]);
    assert!(run.requests.asked >= 4, "{run:?}");
    assert!(run.struck.all_deaths() >= 4 && run.struck.all_faults() >= 2, "{run:?}");
}

/// The clock jumps over the end of summer time while things are asked for that night.
#[test]
fn what_is_due_at_an_hour_happens_once_however_the_clock_jumps() {
    let run = chaos(&[
        "--seed",
        "12",
        "--minutes",
        "0.4",
        "--requests",
        "24",
        "--apart",
        "500",
        "--deaths",
        "10",
        "--faults",
        "0",
        "--jumps",
        "10",
    ]);
    assert!(run.requests.scheduled >= 1, "{run:?}");
    assert!(run.struck.all_faults() >= 1, "{run:?}");
}

/// Three replicas on one server, one of them killed every second or two; `make thousand` asks for
/// a thousand things.
#[test]
#[ignore = "needs a PostgreSQL server, which scripts/on_postgres.sh names"]
fn three_replicas_finish_what_was_asked_though_one_dies_every_second() {
    let server = std::env::var_os("COUNTERSIGN_TEST_POSTGRES").expect("a server is named");
    let server = server.into_string().unwrap();
    let run = chaos(&[
        "--seed",
        "13",
        "--minutes",
        "1",
        "--replicas",
        "3",
        "--postgres",
        &server,
        "--requests",
        "24",
        "--apart",
        "250",
        "--deaths",
        "40",
        "--faults",
        "0",
    ]);
    assert_eq!((run.requests.asked, run.requests.unheard), (24, 0), "{run:?}");
    assert!(run.struck.all_deaths() >= 3, "{run:?}");
}
