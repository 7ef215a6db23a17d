//! Holds the doors open: so many connections, each with its time.
//!
//! A stranger may connect; what a connection may cost is bounded before anything of it
//! is read. What a request may cost is bounded in [`super::router`].

use std::{future::Future, io, sync::Arc, time::Duration};

use axum::{Router, http::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tower::util::MapRequest;

use crate::web::guesses::Peer;

/// So many connections are open at once; more wait in the system's queue.
const CONNECTIONS_MAX: usize = 1_024;
/// A request's head has come whole, and an idle connection is closed, after this long.
const HEAD_WITHIN: Duration = Duration::from_secs(20);
/// A request's head has at most this many bytes; real ones are below 16 KiB.
const HEAD_BYTES_MAX: usize = 128 * 1024;
/// So many requests run in one connection of HTTP/2.
const STREAMS_MAX: u32 = 64;
/// When told to stop, what was begun has this long to end.
const ENDING: Duration = Duration::from_secs(30);
/// After the system could not give a connection (no file is left, say).
const AFTER_ERROR: Duration = Duration::from_millis(200);

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEAD_WITHIN)
        .keep_alive_timeout(HEAD_WITHIN)
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(u32::try_from(HEAD_BYTES_MAX).unwrap_or(u32::MAX));
    builder
}

/// Serves these routes until `stop`; then finishes what was begun.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let (builder, ending) = (builder(), GracefulShutdown::new());
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stop = std::pin::pin!(stop);
    loop {
        let place = tokio::select! {
            place = room.clone().acquire_owned() => place.expect("the room is never closed"),
            () = &mut stop => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok((stream, peer)) => (stream, Peer(peer.ip())),
            Err(error) => {
                tracing::warn!(%error, "A connection could not be taken; trying again");
                tokio::time::sleep(AFTER_ERROR).await;
                continue;
            }
        };
        // Answers are small; they do not wait for one another.
        let _ = stream.set_nodelay(true);
        let routes = MapRequest::new(routes.clone(), move |mut request: Request<_>| {
            request.extensions_mut().insert(peer);
            request
        });
        let connection = builder
            .serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(routes))
            .into_owned();
        let connection = ending.watch(connection);
        tokio::spawn(async move {
            // How a stranger's connection ends is of no interest.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(ENDING, ending.shutdown()).await.is_err() {
        tracing::warn!("Some connections did not end in time; they are cut");
    }
    Ok(())
}
