//! Wrong tokens of one-time links, counted by who tries them.
//!
//! Nobody guesses 256 bits; what is bounded here is what trying costs the database. So a
//! right token opens whoever else guesses: only the tries of a client that has been wrong
//! too often wait for one another, and are told to wait.

use std::{
    collections::{HashMap, HashSet},
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

use axum::http::{Extensions, HeaderMap};
use jiff::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::domain::ids::Digest;

/// So many different wrong tokens a minute are a client's own business.
const WRONG_A_MINUTE: usize = 30;
/// So many clients are told apart in one minute; those beyond count as one.
const CLIENTS_MAX: usize = 4_096;
/// Of clients that are wrong too often, so many tries are looked up at once.
const AT_ONCE: usize = 1;

/// The other end of a connection; the door that accepts it puts it into each request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Who tries. Nothing if that is not known.
pub type Client = Option<IpAddr>;

/// The client behind a request: the other end of the connection, or, when that is a proxy
/// on this machine or in its network, whom the proxy says it speaks for. Proxies append to
/// what a client may have written itself, so only the last address counts.
pub fn client(extensions: &Extensions, headers: &HeaderMap) -> Client {
    let peer = extensions.get::<Peer>()?.0.to_canonical();
    let said = headers.get_all("x-forwarded-for").iter().next_back();
    let last = said.and_then(|said| said.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    Some(network(last.filter(|_| is_near(peer)).unwrap_or(peer)))
}

/// Of this machine or its own network.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// One subscriber of IPv6 has a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The digests of different wrong tokens.
type Tried = HashSet<Digest>;
/// Which minute, and who tried what in it.
type Minute = (i64, HashMap<Client, Tried>);

/// The wrong tokens of this minute, by client.
#[derive(Debug)]
pub struct Guesses {
    counted: Mutex<Minute>,
    slow: Semaphore,
}

impl Default for Guesses {
    fn default() -> Self {
        Self { counted: Mutex::default(), slow: Semaphore::new(AT_ONCE) }
    }
}

impl Guesses {
    /// The token of this digest was wrong. The same one again is no other guess: a
    /// page that is opened a second time takes nothing from those behind the same address.
    pub fn wrong(&self, who: Client, token: Digest, now: Timestamp) {
        self.with(who, now, |tried| {
            if tried.len() < WRONG_A_MINUTE {
                tried.insert(token);
            }
        });
    }

    /// Was this client wrong too often?
    pub fn too_many(&self, who: Client, now: Timestamp) -> bool {
        self.with(who, now, |tried| tried.len() >= WRONG_A_MINUTE)
    }

    /// A place to look one up: at once, or after the others who are wrong too often.
    pub async fn turn(&self, too_many: bool) -> Option<SemaphorePermit<'_>> {
        if !too_many {
            return None;
        }
        self.slow.acquire().await.ok()
    }

    fn with<T>(&self, who: Client, now: Timestamp, take: impl FnOnce(&mut Tried) -> T) -> T {
        let minute = now.as_second().div_euclid(60);
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.0 != minute {
            *counted = (minute, HashMap::new());
        }
        let room = counted.1.len() < CLIENTS_MAX || counted.1.contains_key(&who);
        take(counted.1.entry(who.filter(|_| room)).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(peer: &str, forwarded: &[&str]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(Peer(peer.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for said in forwarded {
            headers.append("x-forwarded-for", said.parse().unwrap());
        }
        client(&extensions, &headers).unwrap().to_string()
    }

    #[test]
    fn a_proxy_of_ours_says_whom_it_speaks_for_and_a_stranger_does_not() {
        assert_eq!(behind("127.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(behind("10.0.0.2", &["198.51.100.1, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(behind("::1", &["198.51.100.1", "203.0.113.7"]), "203.0.113.7");
        assert_eq!(behind("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(behind("127.0.0.1", &["unknown"]), "127.0.0.1");
        assert_eq!(behind("::ffff:10.0.0.2", &[]), "10.0.0.2");
        assert_eq!(behind("2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
    }

    #[test]
    fn each_client_has_its_own_count_and_the_same_token_counts_once() {
        let guesses = Guesses::default();
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let [one, two] = ["203.0.113.7", "203.0.113.8"].map(|ip| Some(ip.parse().unwrap()));
        for _ in 0..100 {
            guesses.wrong(one, Digest([1; 32]), now);
        }
        assert!(!guesses.too_many(one, now), "one link, opened again and again");
        for n in 0..30 {
            guesses.wrong(one, Digest([n; 32]), now);
        }
        assert!(guesses.too_many(one, now) && !guesses.too_many(two, now));
        assert!(!guesses.too_many(one, now + jiff::SignedDuration::from_mins(1)));
    }

    #[test]
    fn clients_without_end_take_no_memory_without_end() {
        let guesses = Guesses::default();
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        for n in 0..10_000_u32 {
            guesses.wrong(Some(IpAddr::V4(n.into())), Digest([0; 32]), now);
        }
        assert!(guesses.counted.lock().unwrap().1.len() <= CLIENTS_MAX + 1);
    }
}
