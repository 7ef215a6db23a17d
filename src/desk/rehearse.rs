//! "Rehearse this": the plan that waits is played in a tenant that is not real, with what the
//! directory says now, and what would become of each step is shown. Nothing reaches the tenant
//! but looks, and nothing is signed.
//!
//! Not here: the playing ([`crate::engine::rehearse`]), and what such a tenant is.

use std::{collections::BTreeMap, sync::Arc};

use futures::future::{try_join, try_join_all};
use serde_json::json;

use crate::{
    desk::{Desk, aside::number_in, details::pages, refused, show, sorry},
    domain::{
        change::{Kind, compliance, mail_rights, mailboxes, passwords, roles},
        chat::Inbound,
        ids::UserId,
        message::{Message, StepView, StepsView},
        methods::MethodSort,
        plan::{Frozen, Note, Plan},
        rehearsal::{Estate, Known, Named, PEOPLE_MAX, left_out},
        request::{Origin, Request, Stage},
        roles::RoleHeld,
        step::{StepRun, StepState},
        trouble::{Reason, Result, Trouble},
        users::{Dossier, Facet, Role, Who},
    },
    engine::rehearse::{StageTime, rehearse},
    policy::Standing,
    ports::{
        clock::Clock,
        rehearsal::Rehearsals,
        store::{Answer, StoreError, Turn},
        world::World,
    },
};

/// Of a thread, so many requests are looked at, newest first.
const IN_THREAD_MAX: u32 = 5;
/// So many steps are listed in one message.
const STEPS_A_PAGE: usize = 20;

/// What became of a rehearsal: a sentence with the counts, and the steps page by page.
#[derive(Debug, Clone)]
pub struct Rehearsed {
    /// Counts, and what was left out.
    pub said: Note,
    /// Every step as it would end.
    pub pages: Vec<StepsView>,
    /// How many steps would end how.
    pub counts: BTreeMap<&'static str, usize>,
}

impl Desk {
    /// The request that is meant is rehearsed, for somebody who may steer it.
    pub(super) async fn rehearse_asked(
        &self,
        turn: &mut Turn,
        origin: &Origin,
        who: &Standing,
        words: &str,
    ) -> std::result::Result<(), StoreError> {
        let found = match self.to_rehearse(origin, who, words).await? {
            Ok(found) => found,
            Err(message) => {
                self.say_in(turn, origin, message);
                return Ok(());
            }
        };
        let (request, frozen) = found;
        match self.rehearsed(turn, (&request, &frozen), who).await {
            Ok(said) => said.into_iter().for_each(|message| self.say_in(turn, origin, message)),
            Err(trouble) => self.say_in(turn, origin, sorry(&trouble)),
        }
        Ok(())
    }

    /// The button: whoever may steer the request sees it by themselves.
    pub(super) async fn rehearse_pressed(
        &self,
        turn: &mut Turn,
        inbound: &Inbound,
        request: &Request,
        who: &Standing,
    ) -> std::result::Result<Result<Answer>, StoreError> {
        if let Err(reason) = self.may_steer(request, who).await? {
            return Ok(Err(reason.into()));
        }
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        let said = match self.rehearsed(turn, (request, &frozen), who).await {
            Ok(said) => said,
            Err(trouble) => return Ok(Err(trouble)),
        };
        for message in said {
            self.say_to(turn, &inbound.place, &inbound.from, message);
        }
        Ok(Ok(Answer { say: None, request: Some(request.id) }))
    }

    /// Plays it, puts that on record, and says what would become of it.
    async fn rehearsed(
        &self,
        turn: &mut Turn,
        (request, frozen): (&Request, &Frozen),
        who: &Standing,
    ) -> Result<Vec<Message>> {
        let (look, stages) = (self.directory.as_ref(), self.rehearsals.as_ref());
        let played = play(request, frozen, look, stages, self.clock.clone());
        let Rehearsed { said, pages, counts } = Box::pin(played).await?;
        let told = json!({ "by": who.user.to_ref(), "steps": counts });
        turn.facts.push(self.fact(request, "plan.rehearsed", told));
        let pages = pages.into_iter().map(Message::Steps);
        Ok([Message::Note(said)].into_iter().chain(pages).collect())
    }

    /// The one whose number was said, else the newest of this thread that waits.
    async fn to_rehearse(
        &self,
        origin: &Origin,
        who: &Standing,
        words: &str,
    ) -> std::result::Result<std::result::Result<(Request, Frozen), Message>, StoreError> {
        let found = if let Some(number) = number_in(words) {
            let Some(found) = self.store.numbered(&self.tenant, number).await? else {
                return Ok(Err(refused(Reason::NoSuchRequest)));
            };
            found
        } else {
            let made = self.store.made_in(&origin.place.key(), IN_THREAD_MAX).await?;
            let Some(found) = made.into_iter().find(waits) else {
                return Ok(Err(Message::Note(Note::new("rehearse_which", &[]))));
            };
            found
        };
        if let Err(reason) = self.may_steer(&found, who).await? {
            return Ok(Err(refused(reason)));
        }
        let plan = self.store.plan(&found.id, found.revision).await?;
        Ok(match plan.filter(|_| waits(&found)) {
            None => Err(refused(not_waiting(&found))),
            Some(frozen) => Ok((found, frozen)),
        })
    }
}

/// Has nothing of it begun?
fn waits(request: &Request) -> bool {
    matches!(
        request.stage,
        Stage::Pending { .. } | Stage::Approved { .. } | Stage::Scheduled { .. }
    )
}

/// Why a request cannot be rehearsed.
fn not_waiting(request: &Request) -> Reason {
    let (number, state) = (request.number, request.stage.name().replace('_', " "));
    let what = format!("{number} is {state}; only what has a plan and has not begun is rehearsed");
    Reason::NotPossible { what }
}

/// Plays a plan that waits.
///
/// # Errors
/// When it has not waited, is a table (each row is rehearsed by itself), or the directory could
/// not be read.
pub async fn play(
    request: &Request,
    frozen: &Frozen,
    look: &dyn World,
    stages: &dyn Rehearsals,
    clock: Arc<dyn Clock>,
) -> Result<Rehearsed> {
    if !waits(request) {
        return Err(not_waiting(request).into());
    }
    let plan = frozen.plan();
    if plan.steps.is_empty() {
        let what = "each row of a table is rehearsed by its own number".to_owned();
        return Err(Reason::NotPossible { what }.into());
    }
    let estate = gather(plan, look).await?;
    let time = Arc::new(StageTime::of(clock));
    let hands = stages
        .put_up(&estate, time.clone())
        .await
        .map_err(|source| Trouble::Unreachable { what: "the tenant of the rehearsal", source })?;
    let runs = rehearse(plan, hands.as_ref(), &time).await;
    Ok(shown(request, frozen, &runs))
}

/// Reads all that the changes of a plan look at.
async fn gather(plan: &Plan, look: &dyn World) -> Result<Estate> {
    let named = Named::of(plan);
    if named.users.len() > PEOPLE_MAX {
        let what = format!("at most {PEOPLE_MAX} people are rehearsed at once");
        return Err(Reason::TooMuch { what }.into());
    }
    let people = try_join_all(named.users.iter().map(|user| known(plan, user, look)));
    let (people, skus) = try_join(people, look.skus(&plan.tenant)).await?;
    let mut people: Vec<Known> = people.into_iter().flatten().collect();
    // Who is somebody's manager has to be there to be one.
    let managers = people.iter().filter_map(|known| known.dossier.user.manager.as_ref());
    let managers: Vec<UserId> = managers.map(|manager| manager.id.clone()).collect();
    for manager in managers {
        if people.iter().all(|known| known.dossier.user.id != manager) {
            people.extend(bare(&manager, look).await?);
        }
    }
    let mut groups: Vec<_> =
        people.iter().flat_map(|known| known.dossier.groups.iter().cloned()).collect();
    groups.sort_by(|one, other| one.id.cmp(&other.id));
    groups.dedup_by(|one, other| one.id == other.id);
    let others = named.groups.iter().filter(|id| groups.iter().all(|known| known.id != **id));
    let others = try_join_all(others.map(|id| look.group_with_id(id))).await?;
    groups.extend(others.into_iter().flatten());
    let first = people.iter().find(|known| !known.dossier.user.guest);
    let own = first.map(|known| known.dossier.user.upn.as_str().to_owned());
    let own = own.as_deref().and_then(|upn| upn.split_once('@')).map(|(_, host)| host.to_owned());
    let domain = named.domains.into_iter().next().or(own).unwrap_or_default();
    let mut contacts = named.recipients;
    for known in &people {
        contacts.remove(known.dossier.user.upn.as_str());
        let mail = known.dossier.user.mail.as_deref().unwrap_or_default();
        contacts.remove(&mail.to_lowercase());
    }
    Ok(Estate { tenant: plan.tenant.clone(), people, groups, skus, contacts, domain })
}

/// One of the people, with what the changes about them look at.
async fn known(plan: &Plan, user: &UserId, look: &dyn World) -> Result<Option<Known>> {
    const METHODS: &[Kind] = &[passwords::REMOVE_METHOD, passwords::ISSUE_PASS];
    const ROLES: &[Kind] = &[roles::ASSIGN_ROLE, roles::REMOVE_ROLE];
    const MAIL: &[Kind] = &[
        mailboxes::SET_AUTOMATIC_REPLIES,
        mailboxes::SET_FORWARDING,
        mailboxes::CONVERT_MAILBOX,
        mailboxes::HIDE_FROM_ADDRESS_LISTS,
        compliance::SET_LITIGATION_HOLD,
        mail_rights::GRANT_MAIL_RIGHT,
    ];
    let subject = plan.subjects.iter().any(|subject| subject.id == *user);
    let about = |kinds: &[Kind]| {
        subject && plan.steps.iter().any(|step| kinds.contains(&step.change.kind()))
    };
    let Some(mut known) = bare(user, look).await? else { return Ok(None) };
    if about(METHODS) {
        let all = look.methods(user).await?.unwrap_or_default();
        known.methods = all.into_iter().filter(|own| own.sort != MethodSort::Password).collect();
    }
    if subject {
        // Whoever holds a role is protected, whatever the plan is about.
        let held = |role: &Role| RoleHeld {
            assignment: String::new(),
            role: role.clone(),
            scope: "/".to_owned(),
        };
        let read = look.dossier(user, &[Facet::Roles]).await?;
        known.roles = read.iter().flat_map(|read| read.roles.iter().map(held)).collect();
    }
    if about(ROLES) {
        let direct = look.standings(user).await?.direct;
        known.roles = direct.into_iter().filter(RoleHeld::whole_tenant).collect();
    }
    if about(MAIL) {
        known.mailbox = look.mailbox_of(user).await?;
    }
    Ok(Some(known))
}

/// The account with its groups and licences.
async fn bare(user: &UserId, look: &dyn World) -> Result<Option<Known>> {
    let facets = [Facet::Groups, Facet::Licences];
    let who = Who::Id(user.clone());
    // The manager comes with the account alone.
    let (dossier, account) = try_join(look.dossier(user, &facets), look.user(&who)).await?;
    let known = |mut dossier: Dossier| {
        dossier.user.manager = account.and_then(|account| account.manager);
        Known { dossier, roles: Vec::new(), methods: Vec::new(), mailbox: None }
    };
    Ok(dossier.map(known))
}

/// What is said of it.
fn shown(request: &Request, frozen: &Frozen, runs: &[StepRun]) -> Rehearsed {
    let plan = frozen.plan();
    let left = left_out(plan);
    let of = |wanted: &[StepState]| {
        let those =
            runs.iter().filter(|run| wanted.contains(&run.state) && !left.contains(&run.id));
        those.map(|run| run.id.to_string()).collect::<Vec<_>>()
    };
    let done = of(&[StepState::Done]);
    let already = of(&[StepState::AlreadySo]);
    let failed = of(&[StepState::Failed]);
    let skipped = of(&[StepState::Skipped]);
    let unclear =
        of(&[StepState::InDoubt, StepState::Started, StepState::Verifying, StepState::Waiting]);
    let left: Vec<String> = left.iter().map(ToString::to_string).collect();
    let listed = |steps: &[String]| match steps {
        [] => "0".to_owned(),
        some => format!("{} ({})", some.len(), some.join(", ")),
    };
    let (number, total) = (request.number.to_string(), done.len().to_string());
    let said = Note::new(
        "rehearsed",
        &[
            ("number", &number),
            ("done", &total),
            ("already", &listed(&already)),
            ("failed", &listed(&failed)),
            ("skipped", &listed(&skipped)),
            ("unclear", &listed(&unclear)),
            ("left", &listed(&left)),
        ],
    );
    let steps: Vec<StepView> = plan
        .steps
        .iter()
        .map(|step| StepView { said_by: None, ..show::step_view(step, runs) })
        .collect();
    let mut pages = pages(request, frozen, &steps, STEPS_A_PAGE);
    for page in &mut pages {
        page.rehearsed = true;
    }
    let counts = BTreeMap::from([
        ("done", done.len()),
        ("already_so", already.len()),
        ("failed", failed.len()),
        ("skipped", skipped.len()),
        ("unclear", unclear.len()),
        ("left_out", left.len()),
    ]);
    Rehearsed { said, pages, counts }
}
