//! What a command prints. All of it goes through here.

use std::{fmt::Display, io::Write};

/// Prints a line. Ends the process quietly when nobody reads any more (`| head`).
pub fn say(line: impl Display) {
    if let Err(error) = writeln!(std::io::stdout().lock(), "{line}") {
        let quiet = error.kind() == std::io::ErrorKind::BrokenPipe;
        std::process::exit(i32::from(!quiet));
    }
}

/// Prints an error and what led to it, to stderr.
pub fn complain(error: &anyhow::Error) {
    let mut lines = vec![format!("countersign: {error}")];
    lines.extend(error.chain().skip(1).map(|cause| format!("  because: {cause}")));
    // If stderr is gone, the exit code still says it.
    let _nobody_reads = writeln!(std::io::stderr().lock(), "{}", lines.join("\n"));
}
