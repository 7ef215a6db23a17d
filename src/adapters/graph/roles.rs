//! Which directory roles make somebody an administrator, and which of them an app
//! needs to touch one.
//!
//! Template ids are the same in every tenant (Microsoft Entra built-in roles). The
//! split follows the table "Who can perform sensitive actions" of Graph's `user`
//! resource: a role we do not know counts as privileged.

use uuid::{Uuid, uuid};

/// Template id of Global Administrator.
pub const GLOBAL_ADMINISTRATOR: Uuid = uuid!("62e90394-69f5-4237-9190-012177145e10");
/// Template id of Privileged Role Administrator.
pub const PRIVILEGED_ROLE_ADMINISTRATOR: Uuid = uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814");
/// Template id of Privileged Authentication Administrator.
pub const PRIVILEGED_AUTHENTICATION_ADMINISTRATOR: Uuid =
    uuid!("7be44c8a-adaf-4e2a-84d6-ab2649e08a13");
/// Template id of Authentication Administrator.
pub const AUTHENTICATION_ADMINISTRATOR: Uuid = uuid!("c4e39bd9-1100-46d3-8c65-fb160da0071f");
/// Template id of User Administrator.
pub const USER_ADMINISTRATOR: Uuid = uuid!("fe930be7-5e62-47db-91af-98c3a49a38b1");
/// Template id of Exchange Administrator.
pub const EXCHANGE_ADMINISTRATOR: Uuid = uuid!("29232cdf-9323-42fd-ade2-1d097af3e4de");
/// Template id of Exchange Recipient Administrator.
pub const EXCHANGE_RECIPIENT_ADMINISTRATOR: Uuid = uuid!("31392ffb-586c-42d1-9346-e59415a2cc4e");

/// Readers that are treated like people without a role.
const READERS: &[(Uuid, &str)] = &[
    (uuid!("88d8e3e3-8f55-4a1e-953a-9b9898b8876b"), "Directory Readers"),
    (uuid!("95e79109-95c0-4d8e-aee3-d01accf2d47b"), "Guest Inviter"),
    (uuid!("790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b"), "Message Center Reader"),
    (uuid!("4a5d8f65-41da-4de4-8968-e035b65339cf"), "Reports Reader"),
    // What everybody holds by being there; never assigned.
    (uuid!("a0b1b346-4d3e-4e8b-98f8-753987be4970"), "User"),
    (uuid!("10dae51f-b6af-4016-8d66-8c2a99b929b3"), "Guest User"),
    (uuid!("2af84b1e-32c8-42b7-82bc-daa82404023b"), "Restricted Guest User"),
];

/// Administrators that User Administrator may still manage.
const LESSER: &[(Uuid, &str)] = &[
    (uuid!("729827e3-9c14-49f7-bb1b-9608f156bbb8"), "Helpdesk Administrator"),
    (uuid!("966707d0-3269-4727-9be2-8c3a10f19b9d"), "Password Administrator"),
    (uuid!("fdd7a751-b60b-444a-984c-02652fe8fa1c"), "Groups Administrator"),
    (uuid!("75934031-6c7e-415a-99d7-48dbd49e875e"), "Usage Summary Reports Reader"),
    (USER_ADMINISTRATOR, "User Administrator"),
];

/// Names of others that we speak of.
const NAMED: &[(Uuid, &str)] = &[
    (GLOBAL_ADMINISTRATOR, "Global Administrator"),
    (PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator"),
    (PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, "Privileged Authentication Administrator"),
    (AUTHENTICATION_ADMINISTRATOR, "Authentication Administrator"),
    (EXCHANGE_ADMINISTRATOR, "Exchange Administrator"),
    (EXCHANGE_RECIPIENT_ADMINISTRATOR, "Exchange Recipient Administrator"),
];

/// Can somebody with this role take over the tenant or reset others?
pub fn is_privileged(template: Uuid) -> bool {
    !READERS.iter().any(|(id, _)| *id == template)
}

/// The English name of a built-in role we know.
pub fn name(template: Uuid) -> Option<&'static str> {
    let mut all = NAMED.iter().chain(LESSER).chain(READERS);
    all.find_map(|(id, name)| (*id == template).then_some(*name))
}

/// The template id of a built-in role we know, by its English name.
pub fn template(name: &str) -> Option<Uuid> {
    let mut all = NAMED.iter().chain(LESSER).chain(READERS);
    all.find_map(|(id, known)| (*known == name).then_some(*id))
}

/// The template ids that satisfy a `role:` entry of a permission list: the role
/// itself, and those above it.
pub fn satisfying(role: &str) -> Vec<Uuid> {
    let above: &[Uuid] = match role {
        "User Administrator" | "Authentication Administrator" => {
            &[PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR]
        }
        "Exchange Recipient Administrator" => &[EXCHANGE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR],
        _ => &[GLOBAL_ADMINISTRATOR],
    };
    template(role).into_iter().chain(above.iter().copied()).collect()
}

/// The role an app needs for a sensitive action on somebody with these roles;
/// `None` when its permission alone suffices (same table).
pub fn needed_for(held: &[Uuid], in_role_assignable_group: bool) -> Option<&'static str> {
    let mut held = held.iter().filter(|id| is_privileged(**id)).peekable();
    if in_role_assignable_group {
        return Some("Privileged Authentication Administrator");
    }
    held.peek()?;
    let mut needed = "User Administrator";
    for id in held {
        if *id == AUTHENTICATION_ADMINISTRATOR {
            needed = "Authentication Administrator";
        } else if !LESSER.iter().any(|(lesser, _)| lesser == id) {
            return Some("Privileged Authentication Administrator");
        }
    }
    Some(needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_role_is_privileged_and_a_reader_is_not() {
        assert!(is_privileged(Uuid::from_u128(9)));
        assert!(is_privileged(GLOBAL_ADMINISTRATOR));
        assert!(!is_privileged(READERS[0].0));
    }

    #[test]
    fn the_highest_role_of_the_target_decides_what_the_app_needs() {
        let reader = READERS[0].0;
        assert_eq!(needed_for(&[], false), None);
        assert_eq!(needed_for(&[reader], false), None);
        assert_eq!(needed_for(&[LESSER[0].0], false), Some("User Administrator"));
        assert_eq!(
            needed_for(&[LESSER[0].0, AUTHENTICATION_ADMINISTRATOR], false),
            Some("Authentication Administrator")
        );
        let highest = Some("Privileged Authentication Administrator");
        assert_eq!(
            needed_for(&[AUTHENTICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR], false),
            highest
        );
        assert_eq!(needed_for(&[], true), highest);
    }

    #[test]
    fn a_higher_role_satisfies_a_lower_demand() {
        let enough = satisfying("User Administrator");
        assert!(enough.contains(&USER_ADMINISTRATOR));
        assert!(enough.contains(&PRIVILEGED_AUTHENTICATION_ADMINISTRATOR));
        assert!(!enough.contains(&EXCHANGE_ADMINISTRATOR));
    }
}
