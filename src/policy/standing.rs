//! Whom a standing approval never covers: whoever holds a privileged role, signs here, or is
//! listed as untouchable. Not here: what it covers.

use jiff::Timestamp;

use crate::policy::{Rules, Standing, SubjectFacts};

/// Why nothing about somebody runs under a standing approval, if so.
pub fn never_covered(
    subject: &SubjectFacts,
    standing: &Standing,
    rules: &Rules,
) -> Option<&'static str> {
    if subject.roles.iter().any(|role| role.privileged) {
        Some("they hold a privileged role")
    } else if rules.untouchable.iter().any(|principal| principal.names(&subject.user)) {
        Some("the operator listed this account as untouchable")
    } else if rules.signs(standing) {
        Some("they sign requests here")
    } else {
        None
    }
}

impl Rules {
    /// Could they sign something, in their own right or, at any time, in another's place?
    pub fn signs(&self, who: &Standing) -> bool {
        let instead = self.stands_in_for(&who.user, Timestamp::MIN).next().is_some();
        instead || self.sign_anything().any(|set| who.signs_among(set))
    }
}
