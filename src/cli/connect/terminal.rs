//! Questions and answers. Answers may also be piped in, a line each.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, bail};

use crate::{cli::say, domain::secret::Secret};

/// A line that is typed has at most this many bytes.
const LINE_BYTES_MAX: u64 = 8 * 1024;

/// Where answers come from.
#[derive(Debug)]
pub struct Terminal {
    /// Nobody is there: what the flags do not say is an error.
    quiet: bool,
}

impl Terminal {
    /// `quiet` asks nothing.
    pub fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// Is somebody there who can be asked?
    pub fn asks(&self) -> bool {
        !self.quiet
    }

    /// Asks for a line. `flag` is how a script says it. An empty line is `otherwise`, if there is one.
    pub fn line(
        &self,
        question: &str,
        flag: &str,
        otherwise: Option<&str>,
    ) -> anyhow::Result<String> {
        if self.quiet {
            let otherwise = otherwise.map(str::to_owned);
            return otherwise.with_context(|| format!("{question} is not said; give {flag}"));
        }
        let hint = otherwise.map(|value| format!(" [{value}]")).unwrap_or_default();
        prompt(&format!("   {question}{hint}: "))?;
        let said = read_line().with_context(|| format!("no answer; {flag} says it too"))?;
        match (said.trim(), otherwise) {
            ("", Some(value)) => Ok(value.to_owned()),
            ("", None) => bail!("{question}: an answer is needed; {flag} says it too"),
            (said, _) => Ok(said.to_owned()),
        }
    }

    /// Asks until `read` understands. A script gets one try.
    pub fn until<T>(
        &self,
        question: &str,
        flag: &str,
        otherwise: Option<&str>,
        read: impl Fn(&str) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        loop {
            match read(&self.line(question, flag, otherwise)?) {
                Err(error) if self.asks() => say(format!("   {error:#}")),
                read => return read,
            }
        }
    }

    /// Asks for a yes. A script says yes.
    pub fn yes(&self, question: &str) -> anyhow::Result<bool> {
        if self.quiet {
            return Ok(true);
        }
        prompt(&format!("   {question} [Y/n]: "))?;
        let said = read_line().context("no answer; --yes says it too")?;
        Ok(!matches!(said.trim().to_ascii_lowercase().as_str(), "n" | "no"))
    }

    /// Asks for something that must not be seen.
    pub fn secret(&self, question: &str, flag: &str) -> anyhow::Result<Secret> {
        if self.quiet {
            bail!("{question} is not said; give {flag}");
        }
        prompt(&format!("   {question} (it is not shown): "))?;
        let said = if std::io::stdin().is_terminal() {
            rpassword::read_password().context("the terminal cannot be read")?
        } else {
            read_line().with_context(|| format!("no answer; {flag} says it too"))?
        };
        let said = Secret::new(said.trim());
        if said.reveal().is_empty() {
            bail!("{question}: an answer is needed; {flag} says it too");
        }
        Ok(said)
    }
}

fn prompt(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    write!(out, "{text}").and_then(|()| out.flush()).context("the terminal cannot be written to")
}

fn read_line() -> anyhow::Result<String> {
    let mut line = String::new();
    let mut input = std::io::Read::take(std::io::stdin().lock(), LINE_BYTES_MAX);
    let bytes = input.read_line(&mut line).context("the answer cannot be read")?;
    if bytes == 0 {
        bail!("the input has ended");
    }
    if !std::io::stdin().is_terminal() {
        // What was piped in is not echoed; the next line should not stick to the question.
        say("");
    }
    Ok(line)
}
