//! Who of Contoso sits in Slack and in Teams, and as what.

use std::sync::Arc;

use serde_json::Value;

use crate::{
    app::demo::settings::{BOT_APP, BOT_SECRET, Places},
    ports::clock::Clock,
    sim::{
        microsoft::World,
        slack::{Channel, Person, Setup, Workspace},
        teams::{BotService, BotSettings, SimPerson},
    },
    web::demo::{Role, Seat},
};

/// Where everybody asks.
pub const HELPDESK: &str = "C0HELPDESK";
/// Where approvers read.
pub const APPROVALS: &str = "C0APPROVALS";
/// The technician whom newcomers begin as, and whom the Playground's user is seated as.
pub const TECHNICIAN: &str = "tina.tech@contoso.com";
/// Who signs.
pub const APPROVERS: [&str; 2] = ["anna.approver@contoso.com", "bob.lead@contoso.com"];

/// A technician who is in Slack and whom the settings tie to nobody: he links himself.
pub const UNLINKED: &str = "henry.desk@contoso.com";

const SEATED: [(&str, Role); 7] = [
    (TECHNICIAN, Role::Technician),
    ("theo.tech@contoso.com", Role::Technician),
    (APPROVERS[0], Role::Approver),
    (APPROVERS[1], Role::Approver),
    ("hannah.reeves@contoso.com", Role::Colleague),
    ("john.doe@contoso.com", Role::Colleague),
    (UNLINKED, Role::Technician),
];

/// The seats, in the order in which the page offers them.
pub fn seats(world: &World) -> Vec<Seat> {
    SEATED.iter().filter_map(|(upn, role)| Some(seat(&world.user(upn)?, *role))).collect()
}

fn seat(user: &Value, role: Role) -> Seat {
    let text = |name: &str| user[name].as_str().unwrap_or_default().to_owned();
    let (id, upn) = (text("id"), text("userPrincipalName"));
    let handle = upn.split('@').next().unwrap_or_default().to_owned();
    let bare: String = handle.chars().filter(char::is_ascii_alphanumeric).collect();
    Seat {
        slack: format!("U0{}", bare.to_uppercase()),
        mri: format!("29:1{}", id.replace('-', "")),
        name: text("displayName"),
        title: text("jobTitle"),
        id,
        upn,
        handle,
        role,
    }
}

/// Slack, with everybody in it.
pub fn workspace(seats: &[Seat], clock: Arc<dyn Clock>) -> Workspace {
    let slack = Workspace::new(Setup::contoso(clock));
    let bot = slack.setup().bot_user.clone();
    for seat in seats {
        slack.put_person(Person::member(&seat.slack, &seat.handle, &seat.name, &seat.upn));
    }
    let with_bot = |who: &dyn Fn(&&Seat) -> bool| -> Vec<String> {
        let people = seats.iter().filter(who).map(|seat| seat.slack.clone());
        people.chain([bot.clone()]).collect()
    };
    let channel = |id: &str, name: &str, members: Vec<String>| Channel {
        members,
        ..Channel::public(id, name, &[])
    };
    slack.put_channel(channel(HELPDESK, "helpdesk", with_bot(&|_| true)));
    let approvers = with_bot(&|seat| seat.role == Role::Approver);
    slack.put_channel(channel(APPROVALS, "it-approvals", approvers));
    for seat in seats {
        slack.direct(&seat.slack);
    }
    slack
}

/// The Bot Framework, with everybody in Teams.
pub fn bot_service(
    world: &World,
    seats: &[Seat],
    places: &Places,
    clock: &Arc<dyn Clock>,
) -> BotService {
    let tenant = world.tenant_id().to_string();
    let person = |seat: &Seat| SimPerson {
        name: seat.name.clone(),
        aad_object_id: seat.id.clone(),
        mri: seat.mri.clone(),
        upn: seat.upn.clone(),
        role: "user".to_owned(),
        tenant: tenant.clone(),
        installed: true,
    };
    BotService::new(BotSettings {
        base: places.world(),
        app_id: BOT_APP.to_owned(),
        bot_name: "Countersign".to_owned(),
        secret: BOT_SECRET.to_owned(),
        certificate: None,
        bot_endpoint: format!("{}api/messages", places.product()),
        people: seats.iter().map(person).collect(),
        clock: clock.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::clock::SystemClock;

    #[test]
    fn everybody_who_has_a_seat_works_at_contoso() {
        let world = World::contoso(Arc::new(SystemClock));
        let seats = seats(&world);
        assert_eq!(seats.len(), SEATED.len());
        let ids: std::collections::BTreeSet<_> = seats.iter().map(|seat| &seat.slack).collect();
        assert_eq!(ids.len(), seats.len(), "no two have the same Slack id");
    }
}
