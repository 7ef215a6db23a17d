//! A standing approval: a narrow class of requests that somebody signs once, beforehand.
//!
//! A request of the kind `standing` has a plan without steps; its [`Class`] is what is signed.
//! Signed, it is in force until its end, until somebody revokes it, or until those who signed
//! may not sign such requests any more, whichever comes first.
//!
//! Not here: which requests it covers (the desk asks the directory and the rules, each time).

use jiff::{SignedDuration, Timestamp, Zoned, civil::Date};
use serde::{Deserialize, Serialize};

use crate::domain::{
    ids::{GroupId, Number, RequestId},
    request::{Request, RequestKind, Stage},
    trouble::Reason,
    users::PersonRef,
};

/// What the part of such a plan is called, and its form.
pub const ACTION: &str = "standing_approval";
/// It lasts at most so many days.
pub const DAYS_MAX: i64 = 90;
/// It is used at most so often on one day.
pub const PER_DAY_MAX: u16 = 100;
/// It names at most so many actions.
pub const ACTIONS_MAX: usize = 5;
/// It names at most so many people on each side, so that a card shows all of them; more are in a
/// group.
pub const PEOPLE_MAX: usize = 5;
/// So many are in force at the same time.
pub const IN_FORCE_MAX: u32 = 100;

/// The requests that run without a further click. Part of a plan's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// The actions, by id; with any values.
    pub actions: Vec<String>,
    /// Whom they may be about.
    pub about: Those,
    /// Who may ask for them.
    pub by: Those,
    /// At most so many on one day of the tenant: an action about each person counts once.
    pub per_day: u16,
    /// Its end. UTC.
    pub until: Timestamp,
}

/// People by name, and the members of a group as it is at the time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Those {
    /// One by one.
    pub people: Vec<PersonRef>,
    /// Members of it, direct or through others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<NamedGroup>,
}

/// A group with the name it had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedGroup {
    /// Which.
    pub id: GroupId,
    /// Its name when it was looked up.
    pub name: String,
}

impl Those {
    /// Nobody is named.
    pub fn is_nobody(&self) -> bool {
        self.people.is_empty() && self.group.is_none()
    }

    /// The names in it, the group's last.
    pub fn named(&self) -> String {
        let people = self.people.iter().map(|who| who.name.as_str());
        let group = self.group.iter().map(|group| group.name.as_str());
        people.chain(group).collect::<Vec<_>>().join(", ")
    }
}

/// A standing approval that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// Its end. UTC.
    pub until: Timestamp,
    /// Somebody ended it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revoked>,
}

/// Who ended it, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// Who; an operator at the terminal has no name here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonRef>,
    /// When. UTC.
    pub at: Timestamp,
}

/// The standing approval that a request runs under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Under {
    /// The request by which it was signed.
    pub request: RequestId,
    /// Its number.
    pub number: Number,
}

/// One use of it, counted when the turn is saved. A turn that would be one too many, or comes
/// after its end, is refused as a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The request by which it was signed.
    pub of: RequestId,
    /// The day, as the instant it began on in the tenant.
    pub day: Timestamp,
    /// How many it counts for.
    pub count: u32,
    /// At most so many on that day.
    pub per_day: u16,
}

/// The instant at which a day is over, if it lies ahead and not too far.
pub fn until(day: Date, now: &Zoned) -> Result<Timestamp, Reason> {
    let wrong = |why: String| Reason::WrongArgument { field: "until".to_owned(), why };
    let next = day.tomorrow().and_then(|next| next.to_zoned(now.time_zone().clone()));
    let end = next.map_err(|_| wrong("it is not a day".to_owned()))?.timestamp();
    if end <= now.timestamp() {
        return Err(wrong("the day is over; say one that lies ahead".to_owned()));
    }
    if end.duration_since(now.timestamp()) > SignedDuration::from_hours(24 * DAYS_MAX) {
        return Err(wrong(format!("it lasts at most {DAYS_MAX} days; say an earlier one")));
    }
    Ok(end)
}

/// The instant at which the day of this one began.
pub fn day_of(now: &Zoned) -> Timestamp {
    now.start_of_day().map_or_else(|_| now.timestamp(), |start| start.timestamp())
}

impl InForce {
    /// May it be used now?
    pub fn at(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && now < self.until
    }
}

impl Request {
    /// Pending → in force: there is nothing to carry out.
    pub(super) fn put_in_force(
        mut self,
        class: &Class,
        by: Vec<PersonRef>,
        now: Timestamp,
    ) -> Result<Self, Reason> {
        if self.kind != RequestKind::Standing || now >= class.until {
            return Err(Reason::TooLate { number: self.number.to_string() });
        }
        self.stage = Stage::Succeeded { by, at: now };
        self.in_force = Some(InForce { until: class.until, revoked: None });
        self.due_at = None;
        Ok(self)
    }

    /// In force → revoked. What ran under it stays as it is.
    pub fn revoke(mut self, by: Option<PersonRef>, now: Timestamp) -> Result<Self, Reason> {
        let number = self.number.to_string();
        match &mut self.in_force {
            Some(held) if held.at(now) => {
                held.revoked = Some(Revoked { by, at: now });
                Ok(self)
            }
            Some(InForce { revoked: Some(Revoked { by, .. }), .. }) => {
                let by = by.as_ref().map(|by| format!(" by {}", by.name)).unwrap_or_default();
                Err(Reason::AlreadySettled { number, state: "revoked".to_owned(), by })
            }
            Some(_) => Err(Reason::TooLate { number }),
            None => Err(Reason::NotThisCard),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_with_its_day_which_lies_ahead_and_not_too_far() {
        let now: Zoned = "2026-11-20T12:00:00[Europe/London]".parse().unwrap();
        let end = |day: &str| until(day.parse().unwrap(), &now).ok().map(|at| at.to_string());
        assert_eq!(end("2026-11-20").as_deref(), Some("2026-11-21T00:00:00Z"));
        assert_eq!(end("2027-02-17").as_deref(), Some("2027-02-18T00:00:00Z"));
        assert_eq!(end("2027-02-18"), None, "90 days and twelve hours");
        assert_eq!(end("2026-11-19"), None);
        assert_eq!(day_of(&now).to_string(), "2026-11-20T00:00:00Z");
    }
}
