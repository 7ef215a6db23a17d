//! The line between a process and the simulated world: it breaks on command.
//!
//! Each process has lines of its own, so that what breaks, or kills at a call, strikes that
//! process. A line knows only bytes: the first of them after an answer begin a call, and the
//! first that come back begin its answer. On a line to a database the calls are its commits.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    time::sleep,
};

use crate::cli::chaos::tally::Tally;

/// A call that hangs does so for this long.
pub const HANG: Duration = Duration::from_secs(3);
/// Bytes carried at once.
const PIECE: usize = 16 * 1024;
/// Strikes that wait for a call; more are refused.
const STRIKES_MAX: usize = 64;

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strike {
    /// The connection breaks before the call arrives.
    CutBefore,
    /// The call happens, and the connection breaks before its answer.
    CutAfter,
    /// The call happens, and the connection breaks in the middle of its answer.
    CutWithin,
    /// The call arrives late: after its caller may have given up.
    HangBefore,
    /// The answer comes late.
    HangAfter,
    /// The process dies before its call arrives.
    KillBefore,
    /// The call happens, and the process dies before it learns of it.
    KillAfter,
}

impl Strike {
    /// In words, where `call` is what the line counts.
    fn name(self, call: &str) -> String {
        match self {
            Self::CutBefore | Self::KillBefore => format!("before a {call}"),
            Self::CutAfter | Self::KillAfter => format!("after a {call}"),
            Self::CutWithin => "within an answer".to_owned(),
            Self::HangBefore => format!("hung before a {call}"),
            Self::HangAfter => format!("hung after a {call}"),
        }
    }
}

/// Where a service is.
#[derive(Debug, Clone)]
enum To {
    Port(SocketAddr),
    Socket(PathBuf),
}

/// Bytes both ways.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

impl To {
    async fn connect(&self) -> std::io::Result<Box<dyn Wire>> {
        Ok(match self {
            Self::Port(at) => {
                let far = TcpStream::connect(at).await?;
                far.set_nodelay(true)?;
                Box::new(far)
            }
            Self::Socket(path) => Box::new(UnixStream::connect(path).await?),
        })
    }

    /// What is struck on a line to there.
    fn call(&self) -> &'static str {
        match self {
            Self::Port(_) => "call",
            Self::Socket(_) => "commit",
        }
    }

    /// A call begins with these bytes.
    fn begins(&self, within: bool, bytes: &[u8]) -> bool {
        match self {
            Self::Port(_) => !within,
            Self::Socket(_) => bytes.windows(COMMIT.len()).any(|part| part == COMMIT),
        }
    }
}

/// As a client of PostgreSQL says it.
const COMMIT: &[u8] = b"COMMIT\0";

/// Kills the process that the line belongs to; false when it was dead.
pub type Kill = Arc<dyn Fn() -> bool + Send + Sync>;

/// A line to one service.
#[derive(Clone)]
pub struct Line {
    /// Where the process finds the service.
    pub at: SocketAddr,
    what: &'static str,
    to: To,
    strikes: Arc<Mutex<VecDeque<Strike>>>,
    tally: Tally,
    kill: Kill,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a line to {} at {}", self.what, self.at)
    }
}

impl Line {
    /// Opens a line to a service and carries what comes.
    pub async fn open(
        what: &'static str,
        to: SocketAddr,
        tally: Tally,
        kill: Kill,
    ) -> anyhow::Result<Self> {
        Self::lead(what, To::Port(to), tally, kill).await
    }

    /// Opens a line to the database whose server listens on this socket.
    pub async fn to_database(socket: PathBuf, tally: Tally, kill: Kill) -> anyhow::Result<Self> {
        Self::lead("the database", To::Socket(socket), tally, kill).await
    }

    async fn lead(what: &'static str, to: To, tally: Tally, kill: Kill) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("no port on 127.0.0.1")?;
        let at = listener.local_addr()?;
        let line = Self { at, what, to, strikes: Arc::default(), tally, kill };
        let own = line.clone();
        tokio::spawn(async move {
            loop {
                if let Ok((near, _)) = listener.accept().await {
                    let line = own.clone();
                    tokio::spawn(async move {
                        // Either side may hang up at any time.
                        let _ended = line.carry(near).await;
                    });
                }
            }
        });
        Ok(line)
    }

    /// The next call on this line is struck so.
    pub fn strike(&self, strike: Strike) {
        let mut strikes = self.strikes.lock().unwrap_or_else(PoisonError::into_inner);
        if strikes.len() < STRIKES_MAX {
            strikes.push_back(strike);
        }
    }

    /// Nothing more happens to any call.
    pub fn heal(&self) {
        self.strikes.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn next(&self) -> Option<Strike> {
        self.strikes.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Kills and counts; the call of a process that was dead already is nobody's.
    fn dies(&self, strike: Strike) {
        if (self.kill)() {
            self.tally.death(&format!("{} to {}", strike.name(self.to.call()), self.what));
        }
    }

    fn struck(&self, strike: Strike) {
        let name = strike.name(self.to.call());
        let kind = match strike {
            Strike::HangBefore | Strike::HangAfter => format!("{}: {name}", self.what),
            _ => format!("{}: cut {name}", self.what),
        };
        self.tally.faults(&kind, 1);
    }

    async fn carry(&self, mut near: TcpStream) -> std::io::Result<()> {
        let mut far = self.to.connect().await?;
        near.set_nodelay(true)?;
        let (mut asked, mut answered) = (vec![0; PIECE], vec![0; PIECE]);
        let (mut within, mut strike) = (false, None);
        loop {
            tokio::select! {
                read = near.read(&mut asked) => {
                    let read = read?;
                    if read == 0 {
                        return Ok(());
                    }
                    if self.to.begins(within, &asked[..read]) {
                        within = true;
                        strike = self.next();
                        match strike {
                            Some(strike @ Strike::CutBefore) => {
                                self.struck(strike);
                                return Ok(());
                            }
                            Some(strike @ Strike::KillBefore) => {
                                self.dies(strike);
                                return Ok(());
                            }
                            Some(strike @ Strike::HangBefore) => {
                                self.struck(strike);
                                sleep(HANG).await;
                            }
                            _ => {}
                        }
                    }
                    far.write_all(&asked[..read]).await?;
                }
                read = far.read(&mut answered) => {
                    let read = read?;
                    if read == 0 {
                        return Ok(());
                    }
                    within = false;
                    match strike.take() {
                        Some(strike @ Strike::CutAfter) => {
                            self.struck(strike);
                            return Ok(());
                        }
                        Some(strike @ Strike::KillAfter) => {
                            self.dies(strike);
                            return Ok(());
                        }
                        Some(strike @ Strike::CutWithin) => {
                            self.struck(strike);
                            return near.write_all(&answered[..read / 2]).await;
                        }
                        Some(strike @ Strike::HangAfter) => {
                            self.struck(strike);
                            sleep(HANG).await;
                        }
                        _ => {}
                    }
                    near.write_all(&answered[..read]).await?;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_begins_after_an_answer_and_a_commit_wherever_it_is_said() {
        let port = To::Port(([127, 0, 0, 1], 1).into());
        assert!(port.begins(false, b"POST /") && !port.begins(true, b"more of it"));
        let socket = To::Socket(PathBuf::from("/s"));
        assert!(
            socket.begins(true, b"Q\0\0\0\x0bCOMMIT\0") && !socket.begins(false, b"SELECT 1\0")
        );
        let name = |strike: Strike, to: &To| format!("{} to x", strike.name(to.call()));
        assert_eq!(name(Strike::KillBefore, &socket), "before a commit to x");
        assert_eq!(name(Strike::KillAfter, &port), "after a call to x");
    }
}
