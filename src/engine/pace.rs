//! How long to wait before looking or trying again. Pure.

use jiff::{SignedDuration, Timestamp};

use crate::domain::change::Kind;

/// Milliseconds between looks at a change that was accepted: reads lag writes by
/// seconds, so the first looks follow quickly and the last ones are rare.
const LOOKS_MS: [i64; 7] = [250, 500, 1_000, 2_000, 5_000, 10_000, 20_000];
/// A refused read or a busy service is tried at most so often before the step fails.
pub const TRIES_MAX: u32 = 40;
/// A step whose fate is unknown is looked at for at least this long before it is
/// repeated, because a read may be older than the write.
pub const SETTLE: SignedDuration = SignedDuration::from_secs(10);
/// The longest wait a service may ask for; more is cut to this.
pub const WAIT_MAX: SignedDuration = SignedDuration::from_secs(300);

/// Whoever has nothing to do for longer than this lets others at what it touches.
pub const HELD: SignedDuration = SignedDuration::from_mins(5);

/// When a request that waits for another one about the same person is tried again.
pub const APART: SignedDuration = SignedDuration::from_secs(2);

/// The rows of a batch are counted so often while any of them runs: a card is drawn at most 1,200
/// times an hour then, of the 1,800 sends that Teams takes in one conversation.
const ROWS: SignedDuration = SignedDuration::from_secs(3);
/// The same while all that are left wait, for their own time or something else.
const ROWS_LATER: SignedDuration = SignedDuration::from_mins(5);

/// When the rows of a batch are counted again, of which the next is due then.
pub fn next_count(due: Option<Timestamp>, now: Timestamp) -> Timestamp {
    due.unwrap_or(now).clamp(now + ROWS, now + ROWS_LATER)
}

/// When a request with open steps is taken up again at the earliest.
pub fn next(now: Timestamp, paused: bool) -> Timestamp {
    if paused { now + SETTLE } else { now }
}

/// When to look again at something begun at `since`.
pub fn next_look(since: Timestamp, now: Timestamp) -> Timestamp {
    let mut passed = SignedDuration::ZERO;
    for wait in LOOKS_MS {
        passed += SignedDuration::from_millis(wait);
        if since + passed > now {
            return since + passed;
        }
    }
    now + SignedDuration::from_millis(LOOKS_MS[LOOKS_MS.len() - 1])
}

/// When read-back is over and the step is in doubt.
pub fn deadline(kind: Kind, since: Timestamp) -> Timestamp {
    since + SignedDuration::from_secs(kind.deadline_seconds())
}

/// How long at least before a call that the service did not take, so many times, is made again:
/// the first time at once, later up to a second.
pub fn busy(attempts: u32) -> SignedDuration {
    match attempts {
        0 | 1 => SignedDuration::ZERO,
        n => SignedDuration::from_millis(LOOKS_MS[(n as usize - 2).min(2)]),
    }
}

/// When to try again after so many tries in vain.
pub fn next_try(tries: u32, now: Timestamp) -> Timestamp {
    let seconds = 1_i64 << tries.min(6);
    now + SignedDuration::from_secs(seconds.min(60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::licences;

    #[test]
    fn looks_become_rare_and_never_stop_before_the_deadline() {
        let since = Timestamp::from_second(1_000).unwrap();
        let (mut now, mut looks) = (since, 0);
        while now < deadline(licences::SET_LICENCES, since) {
            let next = next_look(since, now);
            assert!(next > now);
            now = next;
            looks += 1;
        }
        assert!((10..40).contains(&looks), "{looks} looks");
    }
}
