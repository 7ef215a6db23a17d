//! The circuit breaker for mass changes: from where on one more person has to sign. Pure.
//!
//! What is over a limit is not refused: it waits, with the reason on its card, until a person
//! more than usual has released it. Many small requests are one large one: they are counted
//! together, within an hour.

use jiff::SignedDuration;

use crate::{
    domain::{
        decision::Rule,
        plan::Note,
        quorum::{Capacity, Progress, Quorum},
        trouble::Reason,
    },
    policy::{Rules, quorum::named_everywhere},
};

/// People are counted together for so long.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// Notes of what is held back begin so.
const HELD: &str = "held_";
/// A rule that more people than this have to sign is as strict as it gets.
const PEOPLE_MAX: usize = 32;

/// How many people were asked about within the hour, before this.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Before {
    /// By everybody together.
    pub by_all: u32,
    /// By this requester.
    pub by_them: u32,
}

/// Why this many people more are too many at once, if they are. `users`: how many there are in
/// the directory.
pub fn too_many(people: u32, before: Before, users: usize, rules: &Rules) -> Option<Note> {
    let limits = &rules.limits;
    let over = |before: u32, most: Option<u32>| {
        most.filter(|most| before.saturating_add(people) > *most)
            .map(|most| (before.saturating_add(people).to_string(), most.to_string()))
    };
    if let Some((count, most)) = over(before.by_them, limits.people_per_hour_each) {
        return Some(Note::new("held_each", &[("count", &count), ("most", &most)]));
    }
    if let Some((count, most)) = over(before.by_all, limits.people_per_hour) {
        return Some(Note::new("held_all", &[("count", &count), ("most", &most)]));
    }
    let percent = u64::from(limits.percent_of_users?);
    let users = u64::try_from(users).unwrap_or(u64::MAX);
    // One person is never a mass, however small the directory.
    let share = people > 1 && u64::from(people) * 100 > percent.saturating_mul(users);
    let (count, most) = (people.to_string(), percent.to_string());
    share.then(|| Note::new("held_share", &[("count", &count), ("most", &most)]))
}

/// Was a plan with these notes held back?
pub fn is_held(notes: &[Note]) -> bool {
    notes.iter().any(|note| note.key.starts_with(HELD))
}

/// The rule with one person more: where nobody else had to look, somebody of these permission
/// groups' approvers has to.
pub fn one_more(rule: Rule, areas: &[String], rules: &Rules) -> Result<Rule, Reason> {
    Ok(match rule {
        Rule::Confirm => {
            named_everywhere(areas, rules)?;
            Rule::Approve { count: 1, of: areas.to_vec() }
        }
        Rule::Approve { count, of } => Rule::Approve { count: count.saturating_add(1), of },
        Rule::Quorum(quorum) => {
            let at_least = quorum.at_least.max(fewest(&quorum)).saturating_add(1);
            Rule::Quorum(Quorum { at_least, ..quorum })
        }
    })
}

/// So few people fulfil it, if each of them is in every circle.
fn fewest(quorum: &Quorum) -> u8 {
    let mut signed: Vec<Capacity> = Vec::new();
    while let Progress::Open { stage, .. } = quorum.progress(&signed) {
        if signed.len() >= PEOPLE_MAX {
            break;
        }
        signed.push(Capacity { stage, seats: quorum.seats(stage, |_| true) });
    }
    u8::try_from(signed.len()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{MassLimits, Policy},
        domain::{
            ids::TenantId,
            quorum::{Circle, Needs},
        },
    };

    fn rules(limits: MassLimits) -> Rules {
        let policy = Policy { limits, ..Policy::default() };
        Rules::read(&policy, &TenantId::from(uuid::Uuid::from_u128(1))).unwrap()
    }

    #[test]
    fn what_is_over_a_limit_is_held_back_and_says_which() {
        let limits = MassLimits {
            people_per_hour: Some(10),
            people_per_hour_each: Some(4),
            percent_of_users: Some(10),
            ..MassLimits::default()
        };
        let rules = rules(limits);
        let held = |people, by_all, by_them| {
            too_many(people, Before { by_all, by_them }, 50, &rules).map(|note| note.key)
        };
        assert_eq!(held(4, 0, 0), None);
        assert_eq!(held(1, 9, 3), None);
        assert_eq!(held(1, 9, 4).as_deref(), Some("held_each"));
        assert_eq!(held(2, 9, 0).as_deref(), Some("held_all"));
        let share = MassLimits { percent_of_users: Some(1), ..MassLimits::default() };
        let rules = self::rules(share);
        let held = |people, users| too_many(people, Before::default(), users, &rules);
        assert_eq!(held(1, 3), None, "one person is no mass");
        assert_eq!(held(2, 200), None);
        assert!(is_held(&[held(3, 200).unwrap()]));
    }

    #[test]
    fn nonsense_limits_are_refused() {
        for limits in [
            MassLimits { people_per_hour: Some(0), ..MassLimits::default() },
            MassLimits { people_per_hour_each: Some(0), ..MassLimits::default() },
            MassLimits { percent_of_users: Some(0), ..MassLimits::default() },
            MassLimits { percent_of_users: Some(101), ..MassLimits::default() },
        ] {
            let policy = Policy { limits, ..Policy::default() };
            let read = Rules::read(&policy, &TenantId::from(uuid::Uuid::from_u128(1)));
            assert!(read.is_err(), "{limits:?}");
        }
    }

    #[test]
    fn one_person_more_signs_whatever_the_rule() {
        let rules = rules(MassLimits::default());
        let of = vec!["users".to_owned()];
        let more = |rule| one_more(rule, &of, &rules);
        let two = more(Rule::Approve { count: 1, of: of.clone() });
        assert_eq!(two, Ok(Rule::Approve { count: 2, of: of.clone() }));
        let set = |name: &str| Needs::Signatures {
            count: 1,
            from: Circle::Set { name: name.to_owned() },
        };
        let quorum = Quorum { stages: vec![set("leads"), set("security")], at_least: 0 };
        let Ok(Rule::Quorum(quorum)) = more(Rule::Quorum(quorum)) else { panic!() };
        assert_eq!(quorum.at_least, 3, "two stages, and one more");
        assert!(more(Rule::Confirm).is_err(), "nobody is named who could");
    }
}
