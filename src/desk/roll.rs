//! What the directory last said of everybody and every group, so that changes have
//! something to be changes of. In little room: about 200 bytes a user.
//!
//! Not here: asking the directory; and finding anybody, which the index does.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::{
    ids::TenantId,
    news::{GroupNews, GroupWords, Said, UserNews, UserWords},
    users::{Group, PersonRef, User},
};

/// Between the texts of one user.
const BETWEEN: char = '\u{1f}';

/// Everybody and every group, by object id.
#[derive(Debug)]
pub(super) struct Roll {
    tenant: TenantId,
    users: BTreeMap<Uuid, Kept>,
    groups: BTreeMap<Uuid, Group>,
    /// No more of each are kept.
    most: usize,
}

/// One user.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    /// Sign-in name, name, given name, surname, mail, title, department, office; empty ones
    /// are absent.
    texts: Box<str>,
    enabled: bool,
    guest: bool,
}

/// What is called by a change is not known well enough: all must be read anew.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown;

impl Roll {
    pub fn of(tenant: &TenantId, users: &[User], groups: Vec<Group>, most: usize) -> Self {
        Self {
            tenant: tenant.clone(),
            users: users.iter().map(|user| (user.id.guid(), Kept::of(user))).collect(),
            groups: groups.into_iter().map(|group| (group.id.guid(), group)).collect(),
            most,
        }
    }

    /// Everybody, in the order of their ids.
    pub fn users(&self) -> impl Iterator<Item = User> {
        self.users.iter().filter_map(|(id, kept)| kept.user(&self.tenant, *id))
    }

    pub fn groups(&self) -> Vec<Group> {
        self.groups.values().cloned().collect()
    }

    /// Takes these changes over, the later after the earlier. Did anything change?
    pub fn take(&mut self, users: Vec<UserNews>, groups: Vec<GroupNews>) -> Result<bool, Unknown> {
        let mut changed = false;
        for UserNews { id, now } in users {
            changed |= match now {
                None => self.users.remove(&id.guid()).is_some(),
                Some(words) => self.hear_user(id.guid(), words)?,
            };
        }
        for GroupNews { id, now } in groups {
            changed |= match now {
                None => self.groups.remove(&id.guid()).is_some(),
                Some(words) => self.hear_group(id.guid(), words)?,
            };
        }
        Ok(changed)
    }

    fn hear_user(&mut self, id: Uuid, words: UserWords) -> Result<bool, Unknown> {
        let known = self.users.get(&id).and_then(|kept| kept.user(&self.tenant, id));
        if known.is_none() && self.users.len() >= self.most {
            return Ok(false);
        }
        let mut user = match (known, &words.upn, &words.enabled) {
            (Some(user), ..) => user,
            (None, Said::Is(upn), Said::Is(enabled)) => {
                let who = PersonRef {
                    id: self.tenant.object(id),
                    name: upn.to_string(),
                    upn: upn.clone(),
                };
                User { enabled: *enabled, ..User::deleted(&who, None) }
            }
            // A change of somebody who was never told of.
            _ => return Err(Unknown),
        };
        apply(words, &mut user);
        let kept = Kept::of(&user);
        Ok(self.users.insert(id, kept.clone()).as_ref() != Some(&kept))
    }

    fn hear_group(&mut self, id: Uuid, words: GroupWords) -> Result<bool, Unknown> {
        let Some(known) = self.groups.get_mut(&id) else {
            if self.groups.len() >= self.most {
                return Ok(false);
            }
            let (Said::Is(name), Said::Is(sort)) = (words.name, words.sort) else {
                return Err(Unknown);
            };
            let mut mail = None;
            words.mail.onto(&mut mail);
            let id = self.tenant.object(id);
            // What else a plan has to know of a group, it looks up itself.
            let (dynamic, synced, role_assignable, licensed) = (false, false, false, false);
            let new = Group { id, name, mail, sort, dynamic, synced, role_assignable, licensed };
            self.groups.insert(new.id.guid(), new);
            return Ok(true);
        };
        let before = known.clone();
        words.name.onto(&mut known.name);
        words.mail.onto(&mut known.mail);
        words.sort.onto(&mut known.sort);
        Ok(*known != before)
    }
}

fn apply(words: UserWords, user: &mut User) {
    words.upn.onto(&mut user.upn);
    if let Said::Is(name) = words.name {
        user.name = name.unwrap_or_else(|| user.upn.to_string());
    }
    words.given_name.onto(&mut user.given_name);
    words.surname.onto(&mut user.surname);
    words.mail.onto(&mut user.mail);
    words.job_title.onto(&mut user.job_title);
    words.department.onto(&mut user.department);
    words.office.onto(&mut user.office);
    words.enabled.onto(&mut user.enabled);
    words.guest.onto(&mut user.guest);
}

impl Kept {
    fn of(user: &User) -> Self {
        let mut texts = user.upn.to_string();
        let more = [
            Some(&user.name),
            user.given_name.as_ref(),
            user.surname.as_ref(),
            user.mail.as_ref(),
            user.job_title.as_ref(),
            user.department.as_ref(),
            user.office.as_ref(),
        ];
        for text in more {
            texts.push(BETWEEN);
            texts.extend(text.into_iter().flat_map(|text| text.chars()).filter(|c| *c != BETWEEN));
        }
        Self { texts: texts.into(), enabled: user.enabled, guest: user.guest }
    }

    fn user(&self, tenant: &TenantId, id: Uuid) -> Option<User> {
        let mut texts = self.texts.split(BETWEEN);
        let mut next = || texts.next().filter(|text| !text.is_empty()).map(str::to_owned);
        let upn = next()?.parse().ok()?;
        Some(User {
            id: tenant.object(id),
            upn,
            name: next().unwrap_or_default(),
            given_name: next(),
            surname: next(),
            mail: next(),
            job_title: next(),
            department: next(),
            office: next(),
            employee_id: None,
            enabled: self.enabled,
            guest: self.guest,
            synced: false,
            usage_location: None,
            manager: None,
            password_changed_at: None,
            sessions_valid_from: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::users::GroupSort;

    fn tenant() -> TenantId {
        TenantId::from(Uuid::from_u128(1))
    }

    fn user(number: u128, name: &str) -> User {
        let upn = format!("u{number}@contoso.com").parse().unwrap();
        let id = tenant().object(Uuid::from_u128(number));
        let who = PersonRef { id, name: name.to_owned(), upn };
        let title = Some("Buyer".to_owned());
        User { enabled: true, job_title: title, ..User::deleted(&who, None) }
    }

    fn told(number: u128, now: Option<UserWords>) -> UserNews {
        UserNews { id: tenant().object(Uuid::from_u128(number)), now }
    }

    fn named(name: &str) -> UserWords {
        UserWords { name: Said::Is(Some(name.to_owned())), ..UserWords::default() }
    }

    fn newcomer(number: u128) -> UserWords {
        let upn = format!("u{number}@contoso.com").parse().unwrap();
        UserWords { upn: Said::Is(upn), enabled: Said::Is(true), ..named("New") }
    }

    fn names(roll: &Roll) -> Vec<String> {
        roll.users().map(|user| user.name).collect()
    }

    #[test]
    fn what_was_read_is_kept_and_what_was_not_said_stays() {
        let all = [user(1, "Ada"), user(2, "Ben")];
        let mut roll = Roll::of(&tenant(), &all, Vec::new(), 9);
        assert_eq!(roll.users().collect::<Vec<_>>(), all);
        assert_eq!(roll.take(vec![told(2, Some(named("Benno")))], Vec::new()), Ok(true));
        let benno = roll.users().nth(1).unwrap();
        assert_eq!((benno.name.as_str(), benno.job_title.as_deref()), ("Benno", Some("Buyer")));
        let empty = UserWords { job_title: Said::Is(None), ..UserWords::default() };
        assert_eq!(roll.take(vec![told(2, Some(empty))], Vec::new()), Ok(true));
        assert_eq!(roll.users().nth(1).unwrap().job_title, None);
    }

    #[test]
    fn the_later_change_wins_and_a_repeated_one_changes_nothing() {
        let mut roll = Roll::of(&tenant(), &[user(1, "Ada")], Vec::new(), 9);
        let twice = vec![told(1, Some(named("Adah"))), told(1, Some(named("Adele")))];
        assert_eq!(roll.take(twice, Vec::new()), Ok(true));
        assert_eq!(names(&roll), ["Adele"]);
        assert_eq!(roll.take(vec![told(1, Some(named("Adele")))], Vec::new()), Ok(false));
        assert_eq!(roll.take(vec![told(7, None)], Vec::new()), Ok(false));
        let gone_and_back = vec![told(1, None), told(1, Some(newcomer(1)))];
        assert_eq!(roll.take(gone_and_back, Vec::new()), Ok(true));
        assert_eq!(names(&roll), ["New"]);
    }

    #[test]
    fn somebody_never_told_of_means_reading_anew_and_nobody_comes_above_the_limit() {
        let mut roll = Roll::of(&tenant(), &[user(1, "Ada")], Vec::new(), 2);
        assert_eq!(roll.take(vec![told(5, Some(named("Who")))], Vec::new()), Err(Unknown));
        assert_eq!(roll.take(vec![told(5, Some(newcomer(5)))], Vec::new()), Ok(true));
        assert_eq!(roll.take(vec![told(6, Some(newcomer(6)))], Vec::new()), Ok(false));
        assert_eq!(names(&roll), ["Ada", "New"]);
    }

    #[test]
    fn groups_come_change_and_go() {
        let mut roll = Roll::of(&tenant(), &[], Vec::new(), 9);
        let id = || tenant().object(Uuid::from_u128(3));
        let news = |now| vec![GroupNews { id: id(), now }];
        let words = |name: &str, sort| GroupWords {
            name: Said::Is(name.into()),
            sort,
            ..GroupWords::default()
        };
        assert_eq!(roll.take(Vec::new(), news(Some(words("A", Said::Nothing)))), Err(Unknown));
        let new = words("Sales", Said::Is(GroupSort::Microsoft365));
        assert_eq!(roll.take(Vec::new(), news(Some(new))), Ok(true));
        assert_eq!(roll.take(Vec::new(), news(Some(words("Deals", Said::Nothing)))), Ok(true));
        let known = roll.groups();
        assert_eq!((known[0].name.as_str(), known[0].sort), ("Deals", GroupSort::Microsoft365));
        assert_eq!(roll.take(Vec::new(), news(None)), Ok(true));
        assert!(roll.groups().is_empty());
    }
}
