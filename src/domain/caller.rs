//! Is it really its subject who had a request made? They are shown a number in a chat of their
//! own and read it out; whoever asked types it.
//!
//! The number is kept nowhere: it follows from the vote key and from what the request keeps of
//! the check, so that neither the database nor a backup of it tells it, and a restart changes
//! nothing. That somebody was recognised carries a mark by the same key.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::{
    decision::VoteKey,
    request::{Request, Stage},
    trouble::Reason,
    users::PersonRef,
};

/// So many numbers may be typed; the last wrong one ends the request.
pub const TRIES_MAX: u8 = 3;
/// A number counts so long after the request was made.
pub const LIVES: SignedDuration = SignedDuration::from_mins(10);
/// The smallest number, and how many there are: three digits, none of them a zero in front.
const FIRST: u64 = 100;
const NUMBERS: u64 = 900;

/// How a request's subject is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerCheck {
    /// Who is shown the number.
    pub of: PersonRef,
    /// Until when it counts. UTC.
    pub until: Timestamp,
    /// Wrong numbers so far.
    pub wrong: u8,
    /// How it ended.
    #[serde(default)]
    pub end: Option<CheckEnd>,
}

/// How the recognising ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "end")]
pub enum CheckEnd {
    /// The number was read out.
    Recognised {
        /// Who typed it.
        by: PersonRef,
        /// When. UTC.
        at: Timestamp,
        /// By the vote key: over the request, the check, and all of this.
        mark: Vec<u8>,
    },
    /// The subject says it was not them.
    NotThem,
    /// Too many wrong numbers.
    Guessed,
}

/// What came of a typed number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// It is the number.
    Right,
    /// It is not; so many tries are left.
    Wrong {
        /// None: the request is over.
        left: u8,
    },
}

impl CallerCheck {
    /// Of somebody, from now on.
    pub fn begin(of: PersonRef, now: Timestamp) -> Self {
        Self { of, until: now + LIVES, wrong: 0, end: None }
    }

    /// So many tries are left.
    pub fn left(&self) -> u8 {
        TRIES_MAX.saturating_sub(self.wrong)
    }

    fn text(&self, request: &Request) -> String {
        let until = self.until.as_microsecond();
        format!("countersign caller 1\n{}\n{}\n{until}\n", request.id, self.of.id)
    }

    /// The number they are shown: three digits.
    fn digits(&self, request: &Request, key: &VoteKey) -> String {
        let mark = key.mark(&format!("{}number\n", self.text(request)));
        let folded = mark.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        (FIRST + folded % NUMBERS).to_string()
    }

    fn recognised(&self, request: &Request, by: &PersonRef, at: Timestamp) -> String {
        format!("{}recognised\n{}\n{}\n", self.text(request), by.id, at.as_microsecond())
    }
}

impl Request {
    /// Pending → Pending until its number does not count any more.
    #[must_use]
    pub fn check_caller(mut self, of: PersonRef, now: Timestamp) -> Self {
        let check = CallerCheck::begin(of, now);
        if let Stage::Pending { until } = &mut self.stage {
            *until = (*until).min(check.until);
            self.due_at = Some(*until);
        }
        self.caller = Some(check);
        self
    }

    /// The check that waits for its number.
    pub fn open_check(&self) -> Option<&CallerCheck> {
        let waits = matches!(self.stage, Stage::Pending { .. });
        self.caller.as_ref().filter(|check| waits && check.end.is_none())
    }

    /// The number that its subject is shown, while it counts.
    pub fn caller_number(&self, key: &VoteKey) -> Option<String> {
        self.open_check().map(|check| check.digits(self, key))
    }

    /// When its subject was recognised, by a mark of ours.
    pub fn recognised(&self, key: &VoteKey) -> Option<Timestamp> {
        let check = self.caller.as_ref()?;
        let Some(CheckEnd::Recognised { by, at, mark }) = &check.end else { return None };
        key.is_mark(&check.recognised(self, by, *at), mark).then_some(*at)
    }

    /// Pending → Pending with a number that was typed, or Cancelled with the last wrong one.
    /// Once it is right, there is time to sign until `signed_until`.
    pub fn type_number(
        mut self,
        typed: &str,
        by: PersonRef,
        key: &VoteKey,
        (now, signed_until): (Timestamp, Timestamp),
    ) -> Result<(Self, Typed), Reason> {
        let Some(mut check) = self.open_check().cloned() else {
            let what = "no number is waited for".to_owned();
            return Err(Reason::NotPossible { what });
        };
        if now >= check.until {
            return Err(Reason::TooLate { number: self.number.to_string() });
        }
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if digits == check.digits(&self, key) {
            let mark = key.mark(&check.recognised(&self, &by, now));
            check.end = Some(CheckEnd::Recognised { by, at: now, mark });
            self.stage = Stage::Pending { until: signed_until };
            self.due_at = Some(signed_until);
            self.caller = Some(check);
            return Ok((self, Typed::Right));
        }
        check.wrong = check.wrong.saturating_add(1);
        let left = check.left();
        if left == 0 {
            check.end = Some(CheckEnd::Guessed);
            self.stage = Stage::Cancelled { by, at: now };
            self.due_at = None;
        }
        self.caller = Some(check);
        Ok((self, Typed::Wrong { left }))
    }

    /// Pending → Rejected: its subject says that it was not them.
    pub fn not_the_caller(mut self, now: Timestamp) -> Result<Self, Reason> {
        let waits = matches!(self.stage, Stage::Pending { .. });
        let Some(mut check) = self.caller.clone().filter(|_| waits) else {
            self.check_open(&self.digest.unwrap_or(crate::domain::ids::Digest([0; 32])), now)?;
            return Err(Reason::NotThisCard);
        };
        self.stage = Stage::Rejected { by: check.of.clone(), at: now, note: None };
        check.end = Some(CheckEnd::NotThem);
        self.due_at = None;
        self.caller = Some(check);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        chat::{ChatUser, Place, PlaceKind, Platform},
        ids::{Number, RequestId},
        request::{Origin, RequestKind},
        samples::person,
    };

    fn key() -> VoteKey {
        VoteKey::new(&[7; 32])
    }

    fn now() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    fn pending() -> Request {
        let by = ChatUser {
            platform: Platform::Slack,
            realm: "T1".to_owned(),
            id: "U1".to_owned(),
            address: None,
        };
        let place = Place {
            platform: Platform::Slack,
            realm: "T1".to_owned(),
            conversation: "C1".to_owned(),
            thread: None,
            kind: PlaceKind::Channel,
            service_url: None,
        };
        let requester = person("Tina Tech", "tina.tech@contoso.com");
        Request {
            id: RequestId(uuid::Uuid::from_u128(42)),
            number: Number(1042),
            tenant: requester.id.tenant().clone(),
            version: 1,
            kind: RequestKind::Change,
            parent: None,
            subjects: Vec::new(),
            objects: Vec::new(),
            origin: Origin { place, by, message: None, own_words: true, alone: true, client: None },
            requester,
            proposals: Vec::new(),
            stage: Stage::Pending { until: now() + SignedDuration::from_hours(8) },
            revision: 1,
            digest: None,
            verdict: None,
            asked_at: now(),
            due_at: None,
            stopped_by: None,
            emergency: None,
            escalated: None,
            caller: None,
            in_force: None,
            under: None,
            talk: Vec::new(),
            progress: None,
            anew: None,
        }
    }

    fn checked() -> Request {
        pending().check_caller(person("John Doe", "john.doe@contoso.com"), now())
    }

    #[test]
    fn the_number_follows_from_the_key_and_from_nothing_that_is_stored() {
        let request = checked();
        let digits = request.caller_number(&key()).unwrap();
        assert_eq!(digits.len(), 3, "{digits}");
        assert_eq!(request.caller_number(&key()), Some(digits.clone()), "a restart");
        let stored = serde_json::to_string(&request.caller).unwrap();
        assert!(!stored.contains(&format!("\"{digits}\"")), "{stored}");
        let others = (0..32_u8).map(|byte| {
            let key = VoteKey::new(&[byte; 32]);
            request.caller_number(&key).unwrap()
        });
        let others: std::collections::BTreeSet<String> = others.collect();
        assert!(others.len() > 24, "another key, another number: {others:?}");
    }

    #[test]
    fn three_wrong_numbers_end_it_and_the_right_one_is_marked() {
        let by = person("Tina Tech", "tina.tech@contoso.com");
        let until = now() + SignedDuration::from_hours(8);
        let right = checked().caller_number(&key()).unwrap();
        let wrong = if right == "111" { "112" } else { "111" };
        let mut request = checked();
        for left in [2, 1, 0] {
            let typed = request.type_number(wrong, by.clone(), &key(), (now(), until)).unwrap();
            assert_eq!(typed.1, Typed::Wrong { left });
            request = typed.0;
        }
        assert_eq!(request.stage.name(), "cancelled");
        assert!(request.type_number(&right, by.clone(), &key(), (now(), until)).is_err());
        let spaced = format!(" {} {} ", &right[..1], &right[1..]);
        let (known, typed) =
            checked().type_number(&spaced, by.clone(), &key(), (now(), until)).unwrap();
        assert_eq!((typed, known.recognised(&key())), (Typed::Right, Some(now())));
        assert_eq!(known.stage, Stage::Pending { until });
        assert_eq!(known.recognised(&VoteKey::new(&[8; 32])), None, "not our mark");
        let mut forged = checked();
        let mark = vec![0; 32];
        let check = forged.caller.as_mut().unwrap();
        check.end = Some(CheckEnd::Recognised { by: by.clone(), at: now(), mark });
        assert_eq!(forged.recognised(&key()), None, "whoever writes the database marks nothing");
        let late = now() + LIVES;
        assert!(checked().type_number(&right, by, &key(), (late, until)).is_err(), "too late");
    }
}
