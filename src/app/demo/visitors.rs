//! Where the people of Microsoft's Agents Playground sit.
//!
//! The Playground makes people up, in a tenant of its own. Whoever has a sign-in
//! name of Contoso is that person; of the others its current user is the technician
//! and everybody else an approver.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{
    app::demo::seats::{APPROVERS, TECHNICIAN},
    desk::Seating,
    domain::{
        chat::{ChatUser, Platform},
        ids::Upn,
    },
    sim::microsoft::World,
};

/// The address of the Playground's current user, in its own settings and ours.
const CURRENT_USER: &str = "user-id-0";
/// So many strangers get a seat; a Playground has six people.
const STRANGERS_MAX: usize = 64;

/// Seats the Playground's people. Slack's people, and Contoso's own in Teams, are who they are.
pub fn seating(world: &World) -> Arc<Seating> {
    let (world, own) = (world.clone(), world.tenant_id().to_string());
    let strangers: Mutex<Vec<String>> = Mutex::default();
    Arc::new(move |who: &ChatUser, upn: Option<&Upn>| {
        let at_home = who.realm == own && world.user(&who.id).is_some();
        if who.platform != Platform::Teams || at_home {
            return None;
        }
        if let Some(known) = upn.filter(|upn| world.user(&upn.to_string()).is_some()) {
            return Some(known.clone());
        }
        let name = who.address.as_deref().unwrap_or(&who.id);
        let seat = match name {
            CURRENT_USER => TECHNICIAN,
            _ => APPROVERS[number(&strangers, name)? % APPROVERS.len()],
        };
        seat.parse().ok()
    })
}

/// The place of somebody in the order of coming.
fn number(strangers: &Mutex<Vec<String>>, name: &str) -> Option<usize> {
    let mut strangers = strangers.lock().unwrap_or_else(PoisonError::into_inner);
    let known = strangers.iter().position(|stranger| stranger == name);
    known.or_else(|| {
        (strangers.len() < STRANGERS_MAX).then(|| {
            strangers.push(name.to_owned());
            strangers.len() - 1
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::clock::SystemClock;

    #[test]
    fn the_current_user_asks_and_the_others_sign() {
        let world = World::contoso(Arc::new(SystemClock));
        let seat = seating(&world);
        let who = |address: &str| ChatUser {
            platform: Platform::Teams,
            realm: "72f988bf-86f1-41af-91ab-2d7cd011db47".into(),
            id: format!("object of {address}"),
            address: Some(address.into()),
        };
        let seated = |address: &str, upn: &str| {
            let upn: Upn = upn.parse().unwrap();
            seat(&who(address), Some(&upn)).map(|upn| upn.to_string())
        };
        assert_eq!(seated("user-id-1", "meganb@contoso.com").as_deref(), Some(APPROVERS[0]));
        assert_eq!(seated("user-id-0", "alexw@contoso.com").as_deref(), Some(TECHNICIAN));
        assert_eq!(seated("user-id-2", "adelev@contoso.com").as_deref(), Some(APPROVERS[1]));
        assert_eq!(seated("user-id-1", "meganb@contoso.com").as_deref(), Some(APPROVERS[0]));
        let jane = "jane.roe@contoso.com";
        assert_eq!(seated("user-id-3", jane).as_deref(), Some(jane));
    }

    #[test]
    fn nobody_of_contoso_itself_is_seated_elsewhere() {
        let world = World::contoso(Arc::new(SystemClock));
        let seat = seating(&world);
        let john = world.user("john.doe@contoso.com").unwrap();
        let at_home = ChatUser {
            platform: Platform::Teams,
            realm: world.tenant_id().to_string(),
            id: john["id"].as_str().unwrap().to_owned(),
            address: Some("29:1john".into()),
        };
        assert_eq!(seat(&at_home, None), None);
        let in_slack = ChatUser { platform: Platform::Slack, id: "user-id-0".into(), ..at_home };
        assert_eq!(seat(&in_slack, None), None);
    }
}
