//! The real service under kills and faults: a small run each time, and what README says of the
//! long ones (`make chaos`).

use std::{path::Path, process::Command};

use countersign::cli::chaos::{KEPT_IN, report};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn readme_says_what_the_kept_reports_add_up_to() {
    report::check(&root().join("README.md"), &root().join(KEPT_IN)).unwrap();
}

/// Two processes on one file are killed and hindered for some seconds.
#[test]
fn what_must_hold_holds_in_a_small_run() {
    let ran = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["chaos", "--seed", "11", "--minutes", "0.2", "--replicas", "2"])
        .args(["--requests", "8", "--apart", "700", "--deaths", "40", "--faults", "40"])
        .env("COUNTERSIGN_LOG", "error")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let more = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "seed 11: {said}\n{more}");
    let run: report::Report = serde_json::from_str(&said).unwrap();
    assert!(run.requests.asked >= 4, "{said}");
    assert!(run.struck.all_deaths() >= 2 && run.struck.all_faults() >= 2, "{said}");
}
