//! What adding and removing many members share: who they are, one step for each, and whose
//! steps there are to take back.

use futures::future::join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{Asked, devices::which, look},
    domain::{
        change::{Change, GroupChange},
        plan::{Draft, Note, Step, Value},
        step::{StepRun, StepState},
        trouble::{Reason, Result, Trouble},
        users::{Group, GroupSort, PersonRef},
    },
    ports::world::World,
};

/// Members that one request may name.
const NAMED_MAX: usize = 100;
/// Members of the group that are read to see who is in it already.
const SEEN_MAX: usize = 5_000;
/// Look-ups under way at once.
const AT_ONCE: usize = 20;

/// What sort of members are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MembersAre {
    /// People, by sign-in name or object id.
    #[default]
    Users,
    /// Devices of the directory, by name or object id.
    Devices,
    /// Groups, by name, address or object id.
    Groups,
}

/// People that were named: found, and not.
#[derive(Debug, Default)]
pub(super) struct People {
    pub found: Vec<PersonRef>,
    pub unknown: Vec<String>,
}

fn limit(named: usize) -> Result<(), Reason> {
    if named > NAMED_MAX {
        let what =
            format!("one request names at most {NAMED_MAX} members; send the others after it");
        return Err(Reason::TooMuch { what });
    }
    Ok(())
}

/// Each once, however often it was named.
pub(super) async fn people(look: &dyn World, asked: &Asked, named: &[String]) -> Result<People> {
    limit(named.len())?;
    let mut people = People::default();
    for part in named.chunks(AT_ONCE) {
        let found = join_all(part.iter().map(|said| look::user(look, asked, said.trim()))).await;
        for (said, found) in part.iter().zip(found) {
            match found {
                Ok(user) if people.found.iter().all(|known| known.id != user.id) => {
                    people.found.push(user.to_ref());
                }
                Ok(_) => {}
                Err(Trouble::Refused(_)) => people.unknown.push(said.trim().to_owned()),
                Err(trouble) => return Err(trouble),
            }
        }
    }
    Ok(people)
}

/// One member as a step: the change, its names, whether it is in the group now.
pub(super) struct Wanted {
    pub change: GroupChange,
    pub name: String,
    key: &'static str,
    object: uuid::Uuid,
}

/// Everybody and everything that was named.
#[derive(Default)]
pub(super) struct Named {
    pub wanted: Vec<Wanted>,
    pub people: Vec<PersonRef>,
    pub unknown: Vec<String>,
}

/// Which change makes a member of one, or ends it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

pub(super) async fn named(
    look: &dyn World,
    asked: &Asked,
    group: &Group,
    members: &[String],
    are: MembersAre,
    way: Way,
) -> Result<Named> {
    limit(members.len())?;
    let lists = [GroupSort::Distribution, GroupSort::MailEnabledSecurity];
    let holds = match are {
        MembersAre::Users => true,
        MembersAre::Devices => group.sort == GroupSort::Security,
        MembersAre::Groups => group.sort != GroupSort::Microsoft365 && !group.role_assignable,
    };
    if !holds && way == Way::In {
        return Err(Reason::NotPossible {
            what: format!("{} is a group that cannot hold this sort of member", group.name),
        }
        .into());
    }
    match are {
        MembersAre::Users => {
            let people = people(look, asked, members).await?;
            let wanted = people.found.iter().map(|person| person_step(group, person, way));
            Ok(Named { wanted: wanted.collect(), unknown: people.unknown, people: people.found })
        }
        MembersAre::Devices => devices(look, asked, group, members, way).await,
        MembersAre::Groups => {
            let only_mail = lists.contains(&group.sort);
            nested(look, asked, group, members, way, only_mail).await
        }
    }
}

fn person_step(group: &Group, person: &PersonRef, way: Way) -> Wanted {
    let (to, sort, user) = (group.id.clone().into(), group.sort, person.id.clone().into());
    let change = match way {
        Way::In => GroupChange::AddMember { group: to, sort, user },
        Way::Out => GroupChange::RemoveMember { group: to, sort, user },
    };
    Wanted { change, name: person.name.clone(), key: "user", object: person.id.guid() }
}

async fn devices(
    look: &dyn World,
    asked: &Asked,
    group: &Group,
    members: &[String],
    way: Way,
) -> Result<Named> {
    let mut named = Named::default();
    for said in members {
        let device = match which::device(look, asked, "members", said).await {
            Ok(device) => device,
            Err(Trouble::Refused(_)) => {
                named.unknown.push(said.trim().to_owned());
                continue;
            }
            Err(Trouble::Unclear { .. }) => return Err(several(said).into()),
            Err(trouble) => return Err(trouble),
        };
        let (to, object) = (group.id.clone().into(), device.id.guid());
        let change = match way {
            Way::In => GroupChange::AddDevice { group: to, device: device.id },
            Way::Out => GroupChange::RemoveDevice { group: to, device: device.id },
        };
        named.wanted.push(Wanted { change, name: device.name, key: "device", object });
    }
    Ok(named)
}

async fn nested(
    look: &dyn World,
    asked: &Asked,
    group: &Group,
    members: &[String],
    way: Way,
    only_mail: bool,
) -> Result<Named> {
    let mut named = Named::default();
    for said in members {
        let member = match look::group(look, asked, said.trim()).await {
            Ok(member) => member,
            Err(Trouble::Refused(_)) => {
                named.unknown.push(said.trim().to_owned());
                continue;
            }
            Err(Trouble::Unclear { .. }) => return Err(several(said).into()),
            Err(trouble) => return Err(trouble),
        };
        let unfit = member.id == group.id
            || only_mail && member.mail.is_none()
            || !only_mail && member.sort == GroupSort::Microsoft365;
        if unfit && way == Way::In {
            return Err(Reason::NotPossible {
                what: format!("{} cannot be a member of {}", member.name, group.name),
            }
            .into());
        }
        let (to, sort, object) = (group.id.clone().into(), group.sort, member.id.guid());
        let change = match way {
            Way::In => GroupChange::NestGroup { group: to, sort, member: member.id },
            Way::Out => GroupChange::UnnestGroup { group: to, sort, member: member.id },
        };
        named.wanted.push(Wanted { change, name: member.name, key: "member", object });
    }
    Ok(named)
}

/// Of several that share a name none is taken; a list is no place to ask back.
fn several(said: &str) -> Reason {
    Reason::WrongArgument {
        field: "members".to_owned(),
        why: format!("several are called {said}; name each by its object id"),
    }
}

/// One step for each that is not so already; the others, and the unknown, are noted.
pub(super) async fn draft(
    look: &dyn World,
    group: &Group,
    named: Named,
    way: Way,
) -> Result<Draft> {
    let seen = look.group_members(&group.id, SEEN_MAX).await?;
    let (inside, cut) = seen.ok_or_else(|| Reason::NoSuchGroup { name: group.name.clone() })?;
    let (so, before, after) = match way {
        Way::In => ("member_already", "=not_member", "=member"),
        Way::Out => ("member_not_there", "=member", "=not_member"),
    };
    let mut draft =
        Draft { subjects: named.people, objects: vec![group.name.clone()], ..Draft::default() };
    for wanted in named.wanted {
        let is = inside.iter().any(|member| member.id == wanted.object);
        // Beyond what was read the step itself looks.
        let settled = if way == Way::In { is } else { !is && !cut };
        if settled {
            draft.subjects.retain(|person| person.id.guid() != wanted.object);
            draft.notes.push(Note::new(so, &[("user", &wanted.name), ("group", &group.name)]));
            continue;
        }
        draft.step(
            wanted.change,
            &[(wanted.key, &wanted.name), ("group", &group.name)],
            vec![Value::new("membership", before, after)],
        );
    }
    for unknown in &named.unknown {
        draft.notes.push(Note::new("member_unknown", &[("name", unknown)]));
    }
    if draft.steps.is_empty() {
        return Err(match named.unknown.first() {
            Some(name) => Reason::NoSuchPerson { name: name.clone() },
            None => Reason::AlreadySo {
                what: match way {
                    Way::In => format!("all of them are in {} already", group.name),
                    Way::Out => format!("none of them is in {}", group.name),
                },
            },
        }
        .into());
    }
    Ok(draft)
}

/// The group and the members whose steps changed something, by object id.
pub(super) fn undone(done: &[(&Step, &StepRun)]) -> (Option<String>, Vec<String>) {
    let mut members = Vec::new();
    let mut of = None;
    for (step, _) in done.iter().filter(|(_, run)| run.state == StepState::Done) {
        let Change::Group(change) = &step.change else { continue };
        let member = match change {
            GroupChange::AddMember { user, .. } | GroupChange::RemoveMember { user, .. } => {
                user.known().map(ToString::to_string)
            }
            GroupChange::AddDevice { device, .. } | GroupChange::RemoveDevice { device, .. } => {
                Some(device.to_string())
            }
            GroupChange::NestGroup { member, .. } | GroupChange::UnnestGroup { member, .. } => {
                Some(member.to_string())
            }
            _ => None,
        };
        members.extend(member);
        let group = change.membership().and_then(|(group, _)| group.known());
        of = of.or(group.map(ToString::to_string));
    }
    (of, members)
}
