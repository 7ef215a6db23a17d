//! A free sign-in name for somebody new, by the tenant's scheme: `given.surname`, folded to
//! ASCII, then with a number.

use crate::{
    actions::{Asked, users::create_user::naming::Name},
    domain::{
        ids::Upn,
        trouble::{Reason, Result, Trouble},
    },
    ports::world::World,
};

/// Numbers tried behind a name that is taken: `ada.park2` to `ada.park9`.
const NUMBER_MAX: u8 = 9;

/// The name, and those before it that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub upn: Upn,
    pub taken: Vec<Upn>,
}

/// The first name of the scheme that nobody has: no user, nobody who was deleted lately and
/// may come back, no mailbox, list, group or contact by any of its addresses.
pub(super) async fn free(look: &dyn World, asked: &Asked, name: &Name) -> Result<Chosen> {
    let own = asked.requester.upn.as_str();
    let plain = name.upn(own.split_once('@').map_or("", |(_, domain)| domain))?;
    let mut taken = Vec::new();
    for number in 1..=NUMBER_MAX {
        let upn = numbered(&plain, number)?;
        if is_free(look, asked, &upn).await? {
            return Ok(Chosen { upn, taken });
        }
        taken.push(upn);
    }
    let why = format!("{plain} and the names after it are taken; say which sign-in name it gets");
    Err(Reason::WrongArgument { field: "upn".to_owned(), why }.into())
}

fn numbered(plain: &Upn, number: u8) -> Result<Upn> {
    let (alias, domain) = plain.as_str().split_once('@').unwrap_or((plain.as_str(), ""));
    if number == 1 {
        return Ok(plain.clone());
    }
    // The part before the @ has at most 64 characters.
    let alias: String = alias.chars().take(63).collect();
    Ok(format!("{alias}{number}@{domain}").parse().map_err(Reason::from)?)
}

async fn is_free(look: &dyn World, asked: &Asked, upn: &Upn) -> Result<bool> {
    if !look.is_free(&asked.tenant, upn).await?
        || !look.deleted(&asked.tenant, upn.as_str()).await?.is_empty()
    {
        return Ok(false);
    }
    match look.recipient(&asked.tenant, upn.as_str()).await {
        Ok(found) => Ok(found.is_none()),
        // Without Exchange only the directory's own names are known.
        Err(Trouble::Refused(Reason::MissingPermission { .. })) => Ok(true),
        Err(trouble) => Err(trouble),
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let plain = "ada.park@contoso.com".parse().unwrap();
        assert_eq!(numbered(&plain, 1).unwrap(), plain);
        assert_eq!(numbered(&plain, 2).unwrap().as_str(), "ada.park2@contoso.com");
        let long = format!("{}@contoso.com", "a".repeat(64)).parse().unwrap();
        assert_eq!(numbered(&long, 9).unwrap().as_str().split('@').next().unwrap().len(), 64);
    }
}
