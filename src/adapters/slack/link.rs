//! One Socket Mode connection: reads envelopes, answers them in any order.

use std::{sync::Arc, time::Duration};

use futures::{SinkExt, StreamExt};
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

use super::{
    door::SlackDoor,
    signature::BODY_BYTES_MAX,
    socket::{Delivery, Waits},
};

/// Acks that may wait to be written.
const ACKS_MAX: usize = 64;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What became of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Slack will close it soon: open another one first. It still works until then.
    Refresh,
    /// It is closed, or dead.
    Closed(&'static str),
    /// Socket Mode is switched off.
    Disabled,
    /// The receiver of deliveries is gone.
    NobodyListens,
}

/// A connection that was greeted.
pub(super) struct Link {
    ended: mpsc::Receiver<Ended>,
    retire: oneshot::Sender<()>,
}

impl Link {
    /// Waits until it ends, or is about to.
    pub async fn ended(&mut self) -> Ended {
        self.ended.recv().await.unwrap_or(Ended::Closed("its task ended"))
    }

    /// Lets it finish the turns it has, and close.
    pub fn retire(self) {
        // If the task is already gone, there is nothing to retire.
        let _gone = self.retire.send(());
    }
}

#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "type")]
    kind: Option<String>,
    reason: Option<String>,
    envelope_id: Option<String>,
    payload: Option<Value>,
}

/// Connects and waits for `hello`.
pub(super) async fn open(
    address: Url,
    door: Arc<SlackDoor>,
    to: mpsc::Sender<Delivery>,
    waits: Waits,
) -> Result<Link, &'static str> {
    let limits = WebSocketConfig::default()
        .max_message_size(Some(BODY_BYTES_MAX))
        .max_frame_size(Some(BODY_BYTES_MAX));
    // The address has a ticket in it: no error that names it leaves this function.
    let connected =
        timeout(waits.open, connect_async_with_config(address.as_str(), Some(limits), true)).await;
    let (mut socket, _) =
        connected.map_err(|_| "connecting took too long")?.map_err(|_| "it did not connect")?;
    timeout(waits.open, greeted(&mut socket)).await.map_err(|_| "there was no hello")??;
    let (tell, ended) = mpsc::channel(4);
    let (retire, retired) = oneshot::channel();
    let (ack, acks) = mpsc::channel(ACKS_MAX);
    let reader = Reader { door, to, waits, tell, ack };
    tokio::spawn(reader.run(socket, acks, retired));
    Ok(Link { ended, retire })
}

async fn greeted(socket: &mut Socket) -> Result<(), &'static str> {
    while let Some(frame) = socket.next().await {
        match frame.map_err(|_| "it broke before the hello")? {
            Message::Text(text) => {
                let frame: Frame =
                    serde_json::from_str(&text).map_err(|_| "the first frame was no JSON")?;
                return if frame.kind.as_deref() == Some("hello") {
                    Ok(())
                } else {
                    Err("it began without a hello")
                };
            }
            Message::Close(_) => break,
            _ => {}
        }
    }
    Err("it closed before the hello")
}

/// When a retired connection goes: once nothing came for a while and every turn
/// is answered, or at the latest.
#[derive(Clone, Copy)]
struct Leave {
    quiet_at: Instant,
    latest: Instant,
}

struct Reader {
    door: Arc<SlackDoor>,
    to: mpsc::Sender<Delivery>,
    waits: Waits,
    tell: mpsc::Sender<Ended>,
    ack: mpsc::Sender<String>,
}

impl Reader {
    async fn run(
        self,
        mut socket: Socket,
        mut acks: mpsc::Receiver<String>,
        mut retired: oneshot::Receiver<()>,
    ) {
        let mut silent_at = Instant::now() + self.waits.silence;
        let mut leave: Option<Leave> = None;
        let why = loop {
            let until =
                leave.map_or(silent_at, |leave| leave.quiet_at.min(leave.latest).min(silent_at));
            tokio::select! {
                frame = socket.next() => {
                    let now = Instant::now();
                    silent_at = now + self.waits.silence;
                    if let (Some(leave), Some(Ok(Message::Text(_)))) = (&mut leave, &frame) {
                        leave.quiet_at = now + self.waits.quiet;
                    }
                    match frame {
                        Some(Ok(Message::Text(text))) => match self.read(&text) {
                            None => {}
                            Some(Ended::Refresh) => self.tell(Ended::Refresh),
                            Some(Ended::Closed(why)) => break why,
                            Some(end) => {
                                self.tell(end);
                                break "for good";
                            }
                        },
                        Some(Ok(Message::Close(_))) | None => break "Slack closed it",
                        // Pings are answered by the library when it is polled next.
                        Some(Ok(_)) => {}
                        Some(Err(_)) => break "it broke",
                    }
                }
                Some(ack) = acks.recv() => {
                    if socket.send(Message::text(ack)).await.is_err() {
                        break "it broke while answering";
                    }
                }
                // Also when the owner of the link was dropped.
                _ = &mut retired, if leave.is_none() => {
                    let now = Instant::now();
                    leave = Some(Leave { quiet_at: now + self.waits.quiet, latest: now + self.waits.retire });
                }
                () = sleep_until(until) => {
                    let now = Instant::now();
                    // Only our own sender is left: no turn is open.
                    let idle = self.ack.strong_count() == 1 && acks.is_empty();
                    match &mut leave {
                        Some(leave) if idle || now >= leave.latest => break "it was retired",
                        Some(leave) => leave.quiet_at = now + self.waits.quiet,
                        None => break "it fell silent",
                    }
                }
            }
        };
        self.tell(Ended::Closed(why));
        // The peer may be gone already; a close that cannot be sent changes nothing.
        let _closed = timeout(Duration::from_secs(1), socket.close(None)).await;
    }

    fn tell(&self, ended: Ended) {
        // Full or closed: whoever asked already knows an end.
        let _known = self.tell.try_send(ended);
    }

    /// Hands an envelope on. Also on a retired connection: a click that is still
    /// on its way there would not be sent again.
    fn read(&self, text: &str) -> Option<Ended> {
        let Ok(frame) = serde_json::from_str::<Frame>(text) else {
            tracing::warn!("Slack sent a Socket Mode frame that is no JSON");
            return None;
        };
        match (frame.kind.as_deref(), frame.envelope_id) {
            (Some("disconnect"), _) => Some(match frame.reason.as_deref() {
                Some("link_disabled") => Ended::Disabled,
                // `warning`, `refresh_requested`, `too_many_websockets`.
                _ => Ended::Refresh,
            }),
            (Some(kind), Some(envelope)) => {
                self.deliver(kind, envelope, &frame.payload.unwrap_or_default())
            }
            _ => None,
        }
    }

    fn deliver(&self, kind: &str, envelope: String, payload: &Value) -> Option<Ended> {
        let heard = match self.door.read_envelope(kind, payload) {
            Ok(heard) => heard,
            Err(refusal) => {
                // Sent again it would be refused again.
                tracing::warn!(slack.envelope = kind, why = %refusal, "Refused what Slack sent");
                let _full = self.ack.try_send(json!({ "envelope_id": envelope }).to_string());
                return None;
            }
        };
        let (done, answer) = oneshot::channel();
        match self.to.try_send(Delivery { heard, done }) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Closed(_)) => return Some(Ended::NobodyListens),
            Err(mpsc::error::TrySendError::Full(_)) => {
                // Not acknowledged: Slack sends it again when there is room.
                tracing::warn!(
                    slack.envelope = kind,
                    "Too much is waiting; Slack has to send it again"
                );
                return None;
            }
        }
        let (ack, wait) = (self.ack.clone(), self.waits.turn);
        tokio::spawn(async move {
            let Ok(Ok(answer)) = timeout(wait, answer).await else { return };
            let mut said = json!({ "envelope_id": envelope });
            if let Some(answer) = answer {
                said["payload"] = answer;
            }
            // The connection may have ended meanwhile; then the envelope comes again.
            let _ended = ack.send(said.to_string()).await;
        });
        None
    }
}
