//! Whose password can be set here at all.

use crate::domain::{trouble::Reason, users::User};

/// Refuses accounts whose password is held elsewhere.
pub(super) fn of_this_directory(user: &User) -> Result<(), Reason> {
    let name = &user.name;
    if user.synced {
        // `resetPassword` with writeback has no application permission (Graph permissions, August 2026).
        return Err(Reason::NotPossible {
            what: format!(
                "{name} is mastered in Active Directory, and Microsoft offers no way for an app \
                 to write a password back there; do it in Active Directory"
            ),
        });
    }
    if user.guest {
        return Err(Reason::NotPossible {
            what: format!("{name} is a guest: the password is held by their own organisation"),
        });
    }
    Ok(())
}
