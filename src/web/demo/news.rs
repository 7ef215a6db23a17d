//! A new snapshot whenever something happened, to everybody who watches.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::header,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::{Stream, StreamExt};
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;

use super::{Shared, Stage, snapshot::Photographer};

/// Changes that come closer together than this are told as one.
const TOGETHER: Duration = Duration::from_millis(60);

/// Keeps the newest snapshot until told to stop.
pub fn follow(stage: Arc<Stage>, mut stop: watch::Receiver<bool>) -> watch::Receiver<Arc<str>> {
    let (tell, news) = watch::channel(Arc::from("{}"));
    tokio::spawn(async move {
        let (mut slack, mut teams) = (stage.slack.watch(), stage.teams.changes());
        let mut store = stage.store.changed();
        let mut photographer = Photographer::new(stage.clone());
        loop {
            let taken: Arc<str> = photographer.take().await.to_string().into();
            tell.send_if_modified(|last| {
                let moved = *last != taken;
                *last = taken;
                moved
            });
            tokio::select! {
                _ = slack.recv() => {}
                _ = teams.recv() => {}
                _ = store.changed() => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
            tokio::time::sleep(TOGETHER).await;
            // What came meanwhile is in the next snapshot.
            slack = slack.resubscribe();
            teams = teams.resubscribe();
            store.mark_unchanged();
        }
    });
    news
}

/// `GET /demo/state`
pub async fn state(State(shared): State<Shared>) -> Response {
    let mut news = shared.news;
    // The first snapshot is taken at once; until then there is nothing to show.
    let _ = news.wait_for(|state| state.len() > 2).await;
    let state = news.borrow().to_string();
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (headers, state).into_response()
}

/// `GET /demo/events`: ends when the demo ends, or the doors would never close.
pub async fn events(
    State(shared): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut stop = shared.stop;
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let states = WatchStream::new(shared.news)
        .filter(|state| futures::future::ready(state.len() > 2))
        .map(|state| Ok(Event::default().event("state").data(state)))
        .take_until(Box::pin(stopped));
    Sse::new(states).keep_alive(KeepAlive::default())
}
