//! How the app proves who it is: a secret in a file of its own, or a certificate.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use crate::{
    adapters::{certificate, clock::SystemClock},
    cli::{
        connect::{Args, answers::Answers, terminal::Terminal},
        grants::links::Links,
        say,
    },
    config::keys::new_private_file,
};

/// A certificate is valid for so many days, when nothing is said: Microsoft's own tools make
/// them for one to two years.
pub const DAYS: u16 = 365;

/// What was already said about it by flags.
pub fn said(args: &Args) -> anyhow::Result<(Option<PathBuf>, Option<PathBuf>, Option<PathBuf>)> {
    match (&args.secret_file, &args.certificate, &args.private_key) {
        (None, Some(certificate), Some(key)) => {
            Ok((None, Some(certificate.clone()), Some(key.clone())))
        }
        (secret, None, None) => Ok((secret.clone(), None, None)),
        _ => bail!("give --secret-file, or both --certificate and --private-key"),
    }
}

/// Asks, and makes what is to be made. Nothing happens when the answers hold it already.
pub fn choose(
    args: &Args,
    terminal: &Terminal,
    answers: &mut Answers,
    links: &Links,
) -> anyhow::Result<()> {
    if answers.secret_file.is_some() || answers.certificate.is_some() {
        return Ok(());
    }
    let way = if args.new_certificate {
        Way::New
    } else {
        say(
            "   new          a self-signed certificate, made here; its key never leaves this machine\n   \
             certificate  one you have, with its key, both PEM\n   \
             secret       simplest, and shorter-lived; kept in a file of its own",
        );
        terminal.until(
            "new, certificate or secret",
            "--new-certificate, --certificate or --secret-file",
            terminal.asks().then_some("new"),
            Way::read,
        )?
    };
    let folder = args.config.config.parent().unwrap_or(Path::new(""));
    match way {
        Way::New => {
            let (certificate, key) = make(args, folder)?;
            say(format!(
                "   Upload {} (not the key) to the app registration, Certificates & secrets, Certificates:\n     {}",
                certificate.display(),
                links.credentials()
            ));
            answers.certificate = Some(certificate);
            answers.private_key = Some(key);
        }
        Way::Certificate => {
            let file = |what: &str, flag: &str| {
                terminal.until(what, flag, None, |said| readable(Path::new(said)))
            };
            answers.certificate = Some(file("the certificate's PEM file", "--certificate")?);
            answers.private_key = Some(file("its private key's PEM file", "--private-key")?);
        }
        Way::Secret => {
            say(format!(
                "   Make one under Certificates & secrets, and copy its value, not its id:\n     {}",
                links.credentials()
            ));
            let secret = terminal.secret("the secret's value", "--secret-file")?;
            answers.secret_file = Some(keep(secret.reveal(), folder)?);
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Way {
    New,
    Certificate,
    Secret,
}

impl Way {
    fn read(said: &str) -> anyhow::Result<Self> {
        match said {
            "new" => Ok(Self::New),
            "certificate" => Ok(Self::Certificate),
            "secret" => Ok(Self::Secret),
            other => bail!("`{other}` is none of new, certificate, secret"),
        }
    }
}

/// Makes a certificate and its key; both of an earlier run are taken as they are.
fn make(args: &Args, folder: &Path) -> anyhow::Result<(PathBuf, PathBuf)> {
    let (certificate, key) = (folder.join("app.crt"), folder.join("app.key"));
    if certificate.exists() && key.exists() {
        say(format!("   {} and {} are there already.", certificate.display(), key.display()));
        return Ok((certificate, key));
    }
    let days = args.certificate_days;
    let made = certificate::self_signed("Countersign", days, &SystemClock)?;
    new_file(&key, made.key.reveal().as_bytes())?;
    new_file(&certificate, made.certificate.as_bytes())?;
    say(format!(
        "   Made {} and {}, valid for {days} days. By hand it would be:\n     \
         openssl req -x509 -newkey rsa:3072 -nodes -days {days} -subj /CN=Countersign -keyout app.key -out app.crt",
        certificate.display(),
        key.display(),
    ));
    Ok((certificate, key))
}

/// Keeps a secret in a file that only its owner can read. An older one is replaced.
fn keep(secret: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    let file = folder.join("microsoft.secret");
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot replace {}", file.display()));
        }
        _ => {}
    }
    new_file(&file, secret.as_bytes())?;
    say(format!("   Kept in {}, which only you can read.", file.display()));
    Ok(file)
}

fn new_file(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    new_private_file(file)
        .and_then(|mut open| open.write_all(bytes).and_then(|()| open.sync_all()))
        .with_context(|| format!("cannot write {} (it is never overwritten)", file.display()))
}

fn readable(file: &Path) -> anyhow::Result<PathBuf> {
    std::fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(file.to_owned())
}
