//! What changed in the directory since somebody last asked.

use crate::domain::{
    ids::{GroupId, Upn, UserId},
    users::GroupSort,
};

/// Where the last answer ended: the service's own words, never taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark(pub String);

/// What the service says to a [`Mark`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News<T> {
    /// This changed, oldest first; the same object may come more than once. The next
    /// question begins at the mark.
    Since(Vec<T>, Mark),
    /// The service no longer knows what was before: all must be read anew.
    Lost,
}

/// A property in an answer that names only some of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Said<T> {
    /// As it was.
    #[default]
    Nothing,
    /// It is this now.
    Is(T),
}

impl<T> Said<T> {
    /// Into what is known, where something was said.
    pub fn onto(self, known: &mut T) {
        if let Self::Is(value) = self {
            *known = value;
        }
    }
}

/// One change of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserNews {
    /// Whose.
    pub id: UserId,
    /// What is known now; `None` when the account was deleted.
    pub now: Option<UserWords>,
}

/// What a user is called by, as far as it was said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserWords {
    /// `userPrincipalName`.
    pub upn: Said<Upn>,
    /// `displayName`.
    pub name: Said<Option<String>>,
    /// `givenName`.
    pub given_name: Said<Option<String>>,
    /// `surname`.
    pub surname: Said<Option<String>>,
    /// `mail`.
    pub mail: Said<Option<String>>,
    /// `jobTitle`.
    pub job_title: Said<Option<String>>,
    /// `department`.
    pub department: Said<Option<String>>,
    /// `officeLocation`.
    pub office: Said<Option<String>>,
    /// `accountEnabled`.
    pub enabled: Said<bool>,
    /// `userType` is `Guest`.
    pub guest: Said<bool>,
}

/// One change of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupNews {
    /// Whose.
    pub id: GroupId,
    /// What is known now; `None` when the group was deleted.
    pub now: Option<GroupWords>,
}

/// What a group is called by, as far as it was said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupWords {
    /// `displayName`.
    pub name: Said<String>,
    /// `mail`.
    pub mail: Said<Option<String>>,
    /// What decides who changes its members.
    pub sort: Said<GroupSort>,
}
