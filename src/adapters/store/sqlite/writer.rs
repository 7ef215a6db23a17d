//! The one writer: a thread with the only connection that writes.
//!
//! It takes all jobs that wait, runs each within a savepoint of one transaction,
//! commits once and then answers all of them. While one commit waits for the disk,
//! the next jobs gather; so many clicks share one `fdatasync`, and a lone click waits
//! for nobody. A job that fails takes back only what it did itself. A commit that
//! fails acknowledges nothing.

use std::{
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
};

use anyhow::{Context as _, anyhow};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};

use super::near::Here;
use crate::{adapters::store::broken_by, ports::store::StoreError};

/// At most so many jobs share a transaction.
const BATCH_MAX: usize = 256;
/// At most so many jobs wait; more wait at the door.
const QUEUE_MAX: usize = 1024;

/// After so many changed rows the write-ahead log is copied into the file: some 1,000 to
/// 3,000 pages of 4 KiB.
const CHECKPOINT_ROWS: i64 = 1_000;

type Jobs = mpsc::Sender<Box<dyn Job>>;

/// Hands jobs to the writing thread.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Jobs,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Something to write. It is run within a savepoint and answered after the commit.
trait Job: Send {
    /// Does it. False: take it back.
    fn run(&mut self, tx: &Connection) -> bool;
    /// Tells the caller; `broken` when the transaction did not reach the disk.
    fn answer(self: Box<Self>, broken: Option<&Arc<anyhow::Error>>);
}

struct Work<T, F> {
    todo: Option<F>,
    got: Option<Result<T, StoreError>>,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnOnce(&mut Here<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, tx: &Connection) -> bool {
        let work = self.todo.take().expect("a job is run once");
        let got = work(&mut Here(tx));
        let keep = got.is_ok();
        self.got = Some(got);
        keep
    }

    fn answer(self: Box<Self>, broken: Option<&Arc<anyhow::Error>>) {
        let answer = match (self.got, broken) {
            (Some(Err(own)), _) => Err(own),
            (Some(Ok(value)), None) => Ok(value),
            (_, Some(why)) => Err(broken_by(anyhow!("{why:#}"))),
            (None, None) => Err(broken_by(anyhow!("the job was not run"))),
        };
        // Nobody listens any more when the caller was cancelled; the turn is saved all the same.
        let _ = self.caller.send(answer);
    }
}

impl Writer {
    /// Starts the thread. `changed` counts up after each commit.
    pub(super) fn start(
        connection: Connection,
        changed: watch::Sender<u64>,
    ) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE_MAX);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_all(&connection, queue, &changed))?;
        Ok(Self { jobs, thread: Mutex::new(Some(thread)) })
    }

    /// Runs a job in the next transaction. When this returns `Ok`, it is on the disk.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Here<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let job = Box::new(Work { todo: Some(work), got: None, caller });
        let gone = || broken_by(anyhow!("the store's writer has stopped; restart the service"));
        self.jobs.send(job).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// How many jobs wait.
    pub(super) fn waiting(&self) -> u64 {
        (self.jobs.max_capacity() - self.jobs.capacity()) as u64
    }

    /// Finishes what waits and closes the connection.
    pub(super) async fn close(self) {
        let Self { jobs, thread } = self;
        drop(jobs);
        let thread = thread.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(thread) = thread {
            // A writer that panicked has already told its callers that it is gone.
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

fn write_all(
    connection: &Connection,
    mut queue: mpsc::Receiver<Box<dyn Job>>,
    changed: &watch::Sender<u64>,
) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    let mut rows_in_log = 0;
    while let Some(first) = queue.blocking_recv() {
        batch.push(first);
        while batch.len() < BATCH_MAX
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        let done = write_batch(connection, &mut batch);
        let rows = *done.as_ref().unwrap_or(&0);
        let broken = done.err().map(Arc::new);
        if let Some(why) = &broken {
            tracing::error!(why = format!("{why:#}"), "a transaction of the store was not saved");
        }
        for job in batch.drain(..) {
            job.answer(broken.as_ref());
        }
        if rows > 0 {
            changed.send_modify(|count| *count += 1);
            rows_in_log += rows;
        }
        if rows_in_log >= CHECKPOINT_ROWS {
            // Everybody is answered: nobody's click waits for this, unless it comes now.
            checkpoint(connection);
            rows_in_log = 0;
        }
    }
}

/// Copies the write-ahead log into the file as far as readers allow.
fn checkpoint(connection: &Connection) {
    let done = connection
        .prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")
        .and_then(|mut statement| statement.query_row([], |_| Ok(())));
    if let Err(error) = done {
        tracing::warn!(why = error.to_string(), "the log was not copied into the database yet");
    }
}

/// One transaction of all jobs; says how many rows it changed.
fn write_batch(connection: &Connection, batch: &mut [Box<dyn Job>]) -> anyhow::Result<i64> {
    let done = write_within(connection, batch);
    if !connection.is_autocommit() {
        // The transaction is still open, because something failed.
        if let Err(error) = connection.execute_batch("ROLLBACK") {
            tracing::error!(
                why = error.to_string(),
                "a failed transaction could not be taken back"
            );
        }
    }
    done
}

fn write_within(connection: &Connection, batch: &mut [Box<dyn Job>]) -> anyhow::Result<i64> {
    let run = |sql: &str| connection.prepare_cached(sql)?.execute([]);
    run("BEGIN IMMEDIATE").context("the transaction did not begin")?;
    let before = rows_changed(connection)?;
    for job in batch.iter_mut() {
        run("SAVEPOINT job").context("no savepoint")?;
        let keep = job.run(connection);
        // A full disk or a failing one can end the whole transaction.
        anyhow::ensure!(!connection.is_autocommit(), "the database gave the transaction up");
        if !keep {
            run("ROLLBACK TO job").context("the savepoint was lost")?;
        }
        run("RELEASE job").context("the savepoint was lost")?;
    }
    let rows = rows_changed(connection)? - before;
    run("COMMIT").context("the transaction did not reach the disk")?;
    Ok(rows)
}

/// Rows changed by this connection so far. Whoever looks for work and finds none
/// changes nothing and wakes nobody.
fn rows_changed(connection: &Connection) -> anyhow::Result<i64> {
    let mut statement = connection.prepare_cached("SELECT total_changes()")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}
