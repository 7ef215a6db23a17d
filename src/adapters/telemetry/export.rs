//! Posts spans to the collector. Nobody waits for it: what it does not take is dropped.

use std::{sync::Arc, time::Duration};

use reqwest::{Url, header::AUTHORIZATION};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use super::{
    layer::{Open, Spans},
    otlp,
};
use crate::{adapters::http, config::Telemetry, ports::clock::Clock};

/// So many spans wait to be posted; more are dropped.
const WAIT_MAX: usize = 4_096;
/// So many are posted at once.
const AT_ONCE: usize = 512;
/// A span is posted so long after it ended at the latest.
const WITHIN: Duration = Duration::from_secs(2);
/// A collector has so long to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// It is logged at most so often that it does not.
const COMPLAIN_EVERY: Duration = Duration::from_mins(5);
/// An answer is read so far.
const ANSWER_BYTES_MAX: usize = 64 << 10;

/// Lets these spans go to the collector of the settings, from now on.
pub fn start(settings: &Telemetry, spans: &Spans, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let (to, from) = mpsc::channel(WAIT_MAX);
    let url = settings.traces()?;
    let authorization = settings.authorization.as_ref().map(|said| said.reveal().to_owned());
    let http = http::client_for(&url, ANSWERS_WITHIN);
    let mut collector = Collector { http, url, authorization, complained: None };
    // With the process: what was not posted yet when it ends is lost, and nobody waits for it.
    tokio::spawn(async move { collector.go_on(from).await });
    spans.switch_on(to, clock);
    Ok(())
}

struct Collector {
    http: reqwest::Client,
    url: Url,
    authorization: Option<String>,
    complained: Option<Instant>,
}

impl Collector {
    async fn go_on(&mut self, mut from: mpsc::Receiver<Open>) {
        let mut spans = Vec::new();
        while let Some(first) = from.recv().await {
            spans.push(first);
            let end = Instant::now() + WITHIN;
            while spans.len() < AT_ONCE {
                tokio::select! {
                    more = from.recv() => match more {
                        Some(span) => spans.push(span),
                        None => break,
                    },
                    () = sleep_until(end) => break,
                }
            }
            if let Err(error) = self.post(&spans).await {
                self.complain(spans.len(), &error);
            }
            spans.clear();
        }
    }

    async fn post(&self, spans: &[Open]) -> anyhow::Result<()> {
        let mut request = self.http.post(self.url.clone()).json(&otlp::body(spans));
        if let Some(authorization) = &self.authorization {
            let mut value = reqwest::header::HeaderValue::from_str(authorization)?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let answer = request.send().await?;
        let status = answer.status();
        // Read to its end, so that the connection is used again.
        let _said = http::read(answer, ANSWER_BYTES_MAX).await;
        anyhow::ensure!(status.is_success(), "it answered {status}");
        Ok(())
    }

    fn complain(&mut self, spans: usize, error: &anyhow::Error) {
        if self.complained.is_none_or(|at| at.elapsed() > COMPLAIN_EVERY) {
            self.complained = Some(Instant::now());
            tracing::warn!(
                spans, error = %format!("{error:#}"),
                "The collector of traces did not take them; they are dropped, and all else goes on. Look at telemetry.endpoint"
            );
        }
    }
}
