//! SIGHUP → the rules are read again.
//!
//! A settings file that cannot be read leaves the rules of before in force, and the log says why.
//! Only the rules, of every tenant, are put in force; what else changed waits for the next start.
//!
//! Not here: reading the file, which whoever starts the house hands in.

use std::sync::Arc;

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{config::Config, desk::tenants::Desks};

/// Reads the settings as they are now.
pub type Reread = Box<dyn Fn() -> anyhow::Result<Config> + Send>;

/// Reads the rules again at each SIGHUP, until told to stop.
pub async fn when_told(desks: Arc<Desks>, reread: Reread, mut stop: watch::Receiver<bool>) {
    let mut told = match signal(SignalKind::hangup()) {
        Ok(told) => told,
        Err(error) => {
            tracing::warn!(%error, "SIGHUP cannot be heard; rules are read at the start alone");
            return;
        }
    };
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            _ = told.recv() => again(&desks, &reread),
        }
    }
}

fn again(desks: &Desks, reread: &Reread) {
    match reread().and_then(|config| desks.reload(&config)) {
        Ok(version) => tracing::info!(policy = %version, "The rules were read again"),
        Err(error) => tracing::error!(
            error = %format!("{error:#}"),
            "The settings are wrong; the rules of before stay in force. `countersign config check` says what to mend"
        ),
    }
}
