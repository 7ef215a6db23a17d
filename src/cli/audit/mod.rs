//! `countersign audit`: the record, for whoever has to believe it.
//!
//! - [`mod@line`]  a fact as one line of JSON, as exported and read again
//! - [`mod@table`] a fact for spreadsheets and SIEMs
//!
//! Verifying needs no database: an exported file, a head kept elsewhere and the
//! public key are enough.
//!
//! Not here: how the record is kept. The store does that; [`crate::audit`] judges it.

pub mod line;
pub mod table;

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use clap::{Subcommand, ValueEnum};

use crate::{
    audit::{self, Hash, Proof, SigningKey, Verifier, Whole, leaf, prove},
    cli::{
        reach, say,
        settings::{ConfigFile, Environment},
    },
    config::KeyRing,
    domain::fact::Header,
    ports::store::{Head, Recorded, Store},
};
use line::{Line, Printed, Signed};

/// Facts read from the store at once.
const PAGE: u32 = 1_000;
/// A line of an exported record has at most this many bytes.
const LINE_BYTES_MAX: u64 = 4 << 20;

/// A proof has at most this many bytes.
const PROOF_BYTES_MAX: u64 = 64 << 20;

/// Verify, prove or export the record of everything that was asked, signed and done
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Go through the record and find any edit, removal, swap or cut
    Verify {
        /// A head that was kept elsewhere (`audit head` prints one, `[heads]` posts them): the record must still agree with it
        #[arg(long, value_name = "FILE")]
        head: Vec<PathBuf>,
        /// An exported record to verify instead of the database
        #[arg(long, value_name = "FILE", requires = "public_key")]
        file: Option<PathBuf>,
        /// A proof that `audit prove` printed, to verify instead of the database
        #[arg(long, value_name = "FILE", requires = "public_key", conflicts_with_all = ["file", "head"])]
        proof: Option<PathBuf>,
        /// The public key, as `audit head` prints it; taken from the keys when the database is verified
        #[arg(long, value_name = "HEX")]
        public_key: Option<String>,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Print the facts of one request with their way to the newest signed head, for somebody who may not see the others
    Prove {
        /// The request's id, as its card and the record show it; or the number of a fact
        #[arg(value_name = "ID")]
        what: String,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Print the record. It holds names: keep it like the database
    Export {
        /// jsonl can be verified again; csv is for spreadsheets, cef for a SIEM
        #[arg(long, value_enum, default_value = "jsonl")]
        format: Format,
        /// The first fact to print, counted from 0
        #[arg(long, value_name = "N", default_value_t = 0)]
        from: u64,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Print the newest signed head: post it somewhere this machine cannot change
    Head {
        #[command(flatten)]
        config: ConfigFile,
    },
}

/// What the record is printed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines of JSON
    Jsonl,
    /// Comma-separated values
    Csv,
    /// Common Event Format
    Cef,
}

/// Verifies or prints.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    match args.command {
        Command::Verify { head, file, proof, public_key, config } => {
            let heads = head.iter().map(|file| read_head(file)).collect::<Result<Vec<_>, _>>()?;
            let given = public_key.as_deref().map(public_key_of).transpose()?;
            let verified = match (&file, &proof, given) {
                (_, Some(proof), Some(key)) => verify_proof(proof, &key)?,
                (Some(file), None, Some(key)) => verify_file(file, heads, &key)?,
                (_, _, given) => verify_store(&config, environment, heads, given).await?,
            };
            say(verified);
            Ok(())
        }
        Command::Prove { what, config } => print_proof(&config, environment, &what).await,
        Command::Export { format, from, config } => {
            export(&config, environment, from, format).await
        }
        Command::Head { config } => print_head(&config, environment).await,
    }
}

async fn verify_store(
    config: &ConfigFile,
    environment: &Environment,
    mut heads: Vec<Head>,
    given: Option<Vec<u8>>,
) -> anyhow::Result<String> {
    let config = config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let store = reach::store(&config, &keys).await?;
    heads.extend(store.head().await?);
    let key = given.unwrap_or_else(|| SigningKey::new(&keys.signing).public());
    let verified = whole(&*store, heads, &key).await;
    store.close().await;
    verified
}

/// Goes through a whole store, page by page.
pub async fn whole(store: &dyn Store, heads: Vec<Head>, key: &[u8]) -> anyhow::Result<String> {
    let signed = heads.iter().map(|head| head.size).max();
    let mut verifier = Verifier::new(heads, key)?;
    let mut next = 0;
    loop {
        let page = store.record(next, PAGE).await?;
        let Some(last) = page.last() else { break };
        next = last.seq + 1;
        for fact in &page {
            verifier.next(fact)?;
        }
    }
    Ok(verdict(&verifier.finish()?, signed))
}

fn verify_file(file: &Path, heads: Vec<Head>, key: &[u8]) -> anyhow::Result<String> {
    let named = || format!("cannot read {}", file.display());
    ensure!(!heads.is_empty(), "give --head: without one, a record proves only that it is whole");
    let signed = heads.iter().map(|head| head.size).max();
    let mut verifier = Verifier::new(heads, key)?;
    let mut reader = BufReader::new(File::open(file).with_context(named)?);
    let mut text = String::new();
    while reader.by_ref().take(LINE_BYTES_MAX).read_line(&mut text).with_context(named)? > 0 {
        let line: Line = serde_json::from_str(&text).with_context(named)?;
        verifier.next(&Recorded::try_from(line).with_context(named)?)?;
        text.clear();
    }
    Ok(verdict(&verifier.finish()?, signed))
}

fn verdict(whole: &Whole, signed: Option<u64>) -> String {
    let (size, root) = (whole.tree.size(), hex::encode(whole.tree.root()));
    let signed = match signed {
        None => "no head was signed yet, so a rewritten record would not show".to_owned(),
        Some(signed) => format!("{signed} of them signed, {} newer", size.saturating_sub(signed)),
    };
    let forgotten = match whole.forgotten {
        0 => String::new(),
        count => format!(" {count} payloads were forgotten with their subjects."),
    };
    format!("The record is whole: {size} facts, {signed}.{forgotten}\nroot {root}")
}

fn verify_proof(file: &Path, key: &[u8]) -> anyhow::Result<String> {
    let named = || format!("{} is not a proof, as `audit prove` prints it", file.display());
    let mut text = String::new();
    let open = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    open.take(PROOF_BYTES_MAX).read_to_string(&mut text).with_context(named)?;
    let printed: Printed = serde_json::from_str(&text).with_context(named)?;
    let proof = Proof::try_from(printed).with_context(named)?;
    proof.check(key).with_context(|| format!("{} proves nothing", file.display()))?;
    Ok(format!(
        "Proved: {} facts are among the {} that were signed at {}.",
        proof.facts.len(),
        proof.head.size,
        proof.head.at
    ))
}

async fn print_proof(
    config: &ConfigFile,
    environment: &Environment,
    what: &str,
) -> anyhow::Result<()> {
    let config = config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let store = reach::store(&config, &keys).await?;
    let proof = proof_of(&*store, what).await;
    store.close().await;
    say(serde_json::to_string_pretty(&Printed::from(proof?))?);
    Ok(())
}

/// Proves what is asked for under the newest head, which must be there.
pub async fn proof_of(store: &dyn Store, what: &str) -> anyhow::Result<Proof> {
    let Some(head) = store.head().await? else {
        bail!("no head was signed yet; `serve` signs one when something was recorded")
    };
    let (mut leaves, mut facts): (Vec<Hash>, _) = (Vec::new(), Vec::new());
    while (leaves.len() as u64) < head.size {
        let page = store.record(leaves.len() as u64, PAGE).await?;
        ensure!(!page.is_empty(), "the record is shorter than what was signed; run `audit verify`");
        for fact in page.into_iter().filter(|fact| fact.seq < head.size) {
            leaves.push(leaf(&fact.header, &fact.payload_hash));
            if is_about(&fact, what) {
                facts.push(fact);
            }
        }
    }
    ensure!(
        !facts.is_empty(),
        "nothing among the {} facts that were signed is about `{what}`: give a request's id or the \
         number of a fact; what is newer is signed within a minute",
        head.size
    );
    let proof = prove(&head, &leaves, facts).context("the record changed while it was read")?;
    Ok(proof)
}

fn is_about(fact: &Recorded, what: &str) -> bool {
    let header: Option<Header> = serde_json::from_slice(&fact.header).ok();
    let request = header.and_then(|header| header.request);
    request.is_some_and(|id| id.to_string().eq_ignore_ascii_case(what))
        || what.parse() == Ok(fact.seq)
}

async fn export(
    config: &ConfigFile,
    environment: &Environment,
    from: u64,
    format: Format,
) -> anyhow::Result<()> {
    let config = config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let store = reach::store(&config, &keys).await?;
    if format == Format::Csv {
        say(table::COLUMNS.trim_end());
    }
    let mut next = from;
    loop {
        let page = store.record(next, PAGE).await?;
        let Some(last) = page.last() else { break };
        next = last.seq + 1;
        for fact in page {
            match format {
                Format::Jsonl => say(serde_json::to_string(&Line::from(fact))?),
                Format::Csv => say(table::csv(&fact).trim_end_matches("\r\n")),
                Format::Cef => say(table::cef(&fact).trim_end()),
            }
        }
    }
    store.close().await;
    Ok(())
}

async fn print_head(config: &ConfigFile, environment: &Environment) -> anyhow::Result<()> {
    let config = config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let store = reach::store(&config, &keys).await?;
    let head = store.head().await?;
    store.close().await;
    let Some(head) = head else {
        bail!("no head was signed yet; `serve` signs one when something was recorded")
    };
    let public_key = hex::encode(SigningKey::new(&keys.signing).public());
    say(serde_json::to_string_pretty(&Signed { head, public_key })?);
    Ok(())
}

fn read_head(file: &Path) -> anyhow::Result<Head> {
    let named = || {
        format!("{} is not a head, as `audit head` prints it or a channel shows it", file.display())
    };
    let mut text = String::new();
    let open = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    open.take(LINE_BYTES_MAX).read_to_string(&mut text).with_context(named)?;
    match audit::find(&text) {
        Some(head) => Ok(head),
        None => Ok(serde_json::from_str::<Signed>(&text).with_context(named)?.head),
    }
}

fn public_key_of(said: &str) -> anyhow::Result<Vec<u8>> {
    let key = hex::decode(said.trim()).context("--public-key is not hexadecimal")?;
    ensure!(key.len() == 32, "--public-key is not an Ed25519 key: it has 32 bytes");
    Ok(key)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use jiff::Timestamp;

    use super::*;
    use crate::{
        audit::{Tree, leaf, payload_hash},
        ports::store::Payload,
    };

    fn fact(seq: u64) -> Recorded {
        let (salt, payload) = (vec![7; 16], format!("{{\"n\":{seq}}}").into_bytes());
        Recorded {
            seq,
            header: format!("header {seq}").into_bytes(),
            payload_hash: payload_hash(&salt, &payload),
            payload: Payload::Kept { salt, text: payload },
        }
    }

    fn written(facts: impl Iterator<Item = Recorded>) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        for fact in facts {
            writeln!(file, "{}", serde_json::to_string(&Line::from(fact)).unwrap()).unwrap();
        }
        file
    }

    #[test]
    fn an_exported_record_verifies_offline_and_an_edit_is_found() {
        let key = SigningKey::new(&[3; 32]);
        let mut tree = Tree::default();
        for seq in 0..5 {
            tree.push(leaf(&fact(seq).header, &fact(seq).payload_hash));
        }
        let head = key.sign(&tree, Timestamp::UNIX_EPOCH);
        let whole = written((0..5).map(fact));
        let verified = verify_file(whole.path(), vec![head.clone()], &key.public()).unwrap();
        assert!(verified.contains("5 facts, 5 of them signed, 0 newer"), "{verified}");
        let cut = written((0..4).map(fact));
        assert!(verify_file(cut.path(), vec![head.clone()], &key.public()).is_err());
        let edited = written((0..5).map(|seq| {
            let mut fact = fact(seq);
            if seq == 1 {
                fact.header.push(b'!');
            }
            fact
        }));
        assert!(verify_file(edited.path(), vec![head.clone()], &key.public()).is_err());
        // Cut out of the file, or marked as forgotten when nobody was.
        for payload in [Payload::Destroyed, Payload::Forgotten { subject: "john".to_owned() }] {
            let without = written((0..5).map(|seq| match seq {
                2 => Recorded { payload: payload.clone(), ..fact(seq) },
                _ => fact(seq),
            }));
            let refused = verify_file(without.path(), vec![head.clone()], &key.public());
            assert!(refused.unwrap_err().to_string().contains("the payload of fact 2"));
        }
        let other = SigningKey::new(&[4; 32]);
        assert!(verify_file(whole.path(), vec![head], &other.public()).is_err());
        assert!(verify_file(whole.path(), Vec::new(), &key.public()).is_err());
    }
}
