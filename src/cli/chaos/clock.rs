//! A clock that jumps: the machine's, moved by so much.
//!
//! The simulated world and each process have one of it. A process reads by how much from a file
//! of its own, so that it finds the time changed while it works, as after a correction of the
//! machine's clock or when a machine slept. Only [`serve`] of this room hands it to the product,
//! and only when nothing but this machine can be reached.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, ensure};
use jiff::{SignedDuration, Timestamp};

use crate::{
    adapters::clock::SystemClock,
    app::{self, Extras},
    cli::settings::{ConfigFile, Environment},
    config::{Config, KeyRing},
    ports::clock::Clock,
};

/// A file is read again so often.
const LOOK: Duration = Duration::from_millis(20);
/// Every process has seen by then how its clock was moved.
pub const SEEN: Duration = Duration::from_millis(80);

/// The machine's clock, moved.
#[derive(Debug, Clone, Default)]
pub struct MovedClock {
    by_ms: Arc<AtomicI64>,
}

impl MovedClock {
    /// By how much it is moved.
    pub fn by(&self) -> SignedDuration {
        SignedDuration::from_millis(self.by_ms.load(Ordering::SeqCst))
    }

    /// Moves it; clones move too.
    pub fn set(&self, by: SignedDuration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or_default();
        self.by_ms.store(ms, Ordering::SeqCst);
    }

    /// Moved as a file says, from now on.
    fn following(file: PathBuf) -> anyhow::Result<Self> {
        let clock = Self::default();
        clock.set(read(&file)?);
        let own = clock.clone();
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(LOOK);
                // A file that is just replaced is there the next time.
                if let Ok(by) = read(&file) {
                    own.set(by);
                }
            }
        });
        Ok(clock)
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().saturating_add(self.by()).unwrap_or(Timestamp::MAX)
    }

    fn fill(&self, bytes: &mut [u8]) {
        SystemClock.fill(bytes);
    }
}

/// Tells whoever follows this file by how much the clock is moved.
pub fn write(file: &Path, by: SignedDuration) -> std::io::Result<()> {
    let new = file.with_extension("new");
    std::fs::write(&new, by.as_millis().to_string())?;
    std::fs::rename(new, file)
}

fn read(file: &Path) -> anyhow::Result<SignedDuration> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(SignedDuration::from_millis(text.trim().parse().context("milliseconds")?))
}

/// `serve`, with a clock that a file moves.
pub async fn serve(settings: PathBuf, file: PathBuf) -> anyhow::Result<()> {
    let (settings, environment) = (ConfigFile { config: settings }, Environment::default());
    let config = settings.load(&environment)?;
    only_here(&config)?;
    let keys = KeyRing::load(&config.keys)?;
    let clock = MovedClock::following(file)?;
    let extras = Extras { clock: Some(Arc::new(clock)), ..Extras::default() };
    app::serve(config, keys, Box::new(move || settings.load(&environment)), extras).await
}

/// Refuses to let anything real be reached by a clock that is not right.
fn only_here(config: &Config) -> anyhow::Result<()> {
    let outside = &config.endpoints;
    let chosen = [
        outside.login(),
        outside.graph(),
        outside.exchange(),
        outside.slack(),
        outside.bot_login.clone().unwrap_or_default(),
        outside.bot_openid.clone().unwrap_or_default(),
    ];
    for address in chosen {
        ensure!(
            address.starts_with("http://127.0.0.1:"),
            "a clock that jumps is for simulated worlds on this machine, and {address} is none"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_clock_follows_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clock");
        write(&file, SignedDuration::from_hours(-24)).unwrap();
        let clock = MovedClock::following(file).unwrap();
        let behind = SystemClock.now().duration_since(clock.now());
        assert!((behind - SignedDuration::from_hours(24)).abs() < SignedDuration::from_mins(1));
    }

    #[test]
    fn it_is_not_handed_to_what_could_reach_anything_real() {
        let text = include_str!("../../../countersign.example.toml");
        let config = Config::read(text, &BTreeMap::new()).unwrap();
        let error = only_here(&config).unwrap_err().to_string();
        assert!(error.contains("login.microsoftonline.com"), "{error}");
    }
}
