//! Wakes those who wait: here at each commit, and in the other replicas.
//!
//! Replicas tell each other with `NOTIFY`, a little after the commit and outside of it: many
//! commits share one, and no turn waits for the server's one queue of notifications. One that
//! is lost costs a wait, not work: every loop looks again after a while anyway. Behind a
//! pooler nobody can listen, so there each replica looks every second.

use std::{sync::Arc, time::Duration};

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
    time::sleep,
};
use uuid::Uuid;

/// Commits within this share one notification.
const TOGETHER: Duration = Duration::from_millis(20);
/// Behind a pooler, it is looked so often whether another replica left something.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After a lost connection, before the next try.
const AFTER_LOSS: Duration = Duration::from_secs(2);

/// Rings here and elsewhere.
#[derive(Debug)]
pub(super) struct Bell {
    changed: watch::Sender<u64>,
    tell: Arc<Notify>,
    /// Ends with the store.
    _tasks: JoinSet<()>,
}

/// Who rings, and where.
#[derive(Clone)]
struct Rope {
    channel: String,
    own: String,
    changed: watch::Sender<u64>,
    tell: Arc<Notify>,
}

impl Bell {
    /// Starts to listen and to tell. `schema` keeps several installations in one database apart.
    pub(super) fn start(
        pool: PgPool,
        direct: PgConnectOptions,
        pooled: bool,
        schema: &str,
        own: Uuid,
    ) -> Self {
        let (changed, tell) = (watch::Sender::new(0), Arc::new(Notify::new()));
        let rope = Rope {
            // The name of a channel has at most 63 bytes.
            channel: format!("countersign {schema}").chars().take(48).collect(),
            own: own.to_string(),
            changed: changed.clone(),
            tell: tell.clone(),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(rope.clone().tell(pool));
        if pooled {
            tasks.spawn(rope.look());
        } else {
            tasks.spawn(rope.listen(direct));
        }
        Self { changed, tell, _tasks: tasks }
    }

    /// Counts up when something was written.
    pub(super) fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Something was written.
    pub(super) fn ring(&self) {
        self.changed.send_modify(|count| *count += 1);
        self.tell.notify_one();
    }
}

impl Rope {
    fn wake(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    async fn tell(self, pool: PgPool) {
        // Names and ids without a quote: the channel is made of our word and a schema's name.
        let channel = self.channel.replace('"', "\"\"");
        let notify = format!("NOTIFY \"{channel}\", '{}'", self.own);
        loop {
            self.tell.notified().await;
            sleep(TOGETHER).await;
            if let Err(error) = sqlx::raw_sql(&notify).execute(&pool).await {
                tracing::debug!(%error, "the other replicas were not told of a change");
            }
        }
    }

    async fn look(self) {
        loop {
            sleep(LOOK_EVERY).await;
            self.wake();
        }
    }

    async fn listen(self, direct: PgConnectOptions) {
        let line = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(direct);
        loop {
            if let Err(error) = self.listen_on(&line).await {
                tracing::warn!(%error, "the other replicas cannot be heard; trying again");
            }
            sleep(AFTER_LOSS).await;
            // What was rung meanwhile was not heard.
            self.wake();
        }
    }

    async fn listen_on(&self, line: &PgPool) -> Result<(), sqlx::Error> {
        let mut ear = PgListener::connect_with(line).await?;
        ear.eager_reconnect(false);
        ear.listen(&self.channel).await?;
        self.wake();
        while let Some(heard) = ear.try_recv().await? {
            if heard.payload() != self.own {
                self.wake();
            }
        }
        Ok(())
    }
}
