//! One binary: `serve`, `demo`, or one of the operator's commands.

fn main() -> std::process::ExitCode {
    countersign::cli::main()
}
