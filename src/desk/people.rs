//! Names people are called by: an index of the directory, read at the start and each
//! day, kept fresh by its changes in between, swapped without a pause.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::{
    actions::{
        self,
        wording::{Slot, Sort},
    },
    desk::{roll::Roll, things},
    domain::{
        area::Area,
        ids::{TenantId, UserId},
        news::{Mark, News},
        proposal::{Open, Understood},
        trouble::{Ask, CHOICES_MAX, Choice, Result, Trouble},
        users::{Facet, Group, Sku, User},
    },
    interpret::{Extras, Index, index::Named},
    ports::{directory::Directory, world::World},
};

/// The index is made of at most this many users, and as many groups.
pub const ENTRIES_MAX: usize = 200_000;

/// All is read again this often, because changes may be missed: a restored account, what the
/// service does not track. Marks live for seven days.
const ALL_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// Licences and things are read again this often; and all, where no changes are told.
const OTHERS_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// Names of so many app registrations are kept.
const APPS_MAX: usize = 5_000;

/// One reading of the directory.
#[derive(Debug, Default)]
pub struct Names {
    /// For the interpreter.
    pub index: Index,
}

impl Names {
    /// From what the directory holds, and what else is called by a name.
    pub fn of(
        users: impl IntoIterator<Item = User>,
        groups: &[Group],
        skus: &[Sku],
        extras: &Extras,
    ) -> Self {
        Self { index: Index::build(users, groups, skus, extras) }
    }

    /// Nobody was read yet.
    pub fn is_empty(&self) -> bool {
        self.index.people_len() == 0
    }

    /// The one enabled member with this address, compared without case.
    pub fn one_with_address(&self, address: &str) -> Option<UserId> {
        self.index.one_member(address).cloned()
    }
}

/// The current reading.
#[derive(Debug, Default)]
pub struct People {
    names: RwLock<Arc<Names>>,
    /// What the names were made of; nothing before the first reading.
    reading: Mutex<Option<Reading>>,
    /// The permission groups whose things are read beside people, groups and licences.
    areas: Vec<Area>,
}

/// What was read, and when. In memory alone: after a restart all is read anew.
#[derive(Debug)]
struct Reading {
    roll: Roll,
    skus: Vec<Sku>,
    extras: Extras,
    /// Where changes of users and groups are told from; `None`: they are not told.
    marks: Option<(Mark, Mark)>,
    /// All of it.
    read_at: Timestamp,
    /// Licences and things, which tell no changes.
    others_at: Timestamp,
    /// All of it, because the marks were lost.
    lost_at: Option<Timestamp>,
}

/// What there is to do.
enum Due {
    /// Read all.
    All,
    /// Ask for changes.
    Changes(Mark, Mark),
    /// Nothing yet.
    Nothing,
}

impl Reading {
    fn due(&self, now: Timestamp) -> Due {
        if now.duration_since(self.read_at) >= ALL_EVERY {
            return Due::All;
        }
        match &self.marks {
            Some((users, groups)) => Due::Changes(users.clone(), groups.clone()),
            None if now.duration_since(self.read_at) >= OTHERS_EVERY => Due::All,
            None => Due::Nothing,
        }
    }

    fn names(&self) -> Names {
        Names::of(self.roll.users(), &self.roll.groups(), &self.skus, &self.extras)
    }
}

impl People {
    /// Nobody was read yet; of these permission groups it will know the names, too.
    pub fn knowing(areas: Vec<Area>) -> Self {
        Self { areas, ..Self::default() }
    }

    /// As it is now.
    pub fn names(&self) -> Arc<Names> {
        self.names.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers by one look what the index cannot know: which licence somebody holds, when
    /// one that is held is to be removed and the words leave it open. The index keeps no
    /// held licences, because they would be stale by the next purchase, and a removal is
    /// rare enough for a look of its own. What cannot be looked up stays a question.
    pub async fn settle(
        &self,
        directory: &dyn Directory,
        mut understood: Understood,
    ) -> Understood {
        let names = self.names();
        for mut open in std::mem::take(&mut understood.questions) {
            let choices = match held_by(&open, &names) {
                Some(user) => held(directory, &names, &user).await,
                None => None,
            };
            let asked = &mut open.question.choices;
            let left: Vec<Choice> = choices
                .unwrap_or_default()
                .into_iter()
                .filter(|held| asked.is_empty() || asked.iter().any(|one| one.value == held.value))
                .collect();
            match left.as_slice() {
                [] => understood.questions.push(open),
                [one] => {
                    let value = one.value.clone().into();
                    open.proposal.arguments.insert(open.argument, value);
                    understood.proposals.push(open.proposal);
                }
                _ => {
                    *asked = left;
                    open.question.ask = Ask::WhichLicence;
                    understood.questions.push(open);
                }
            }
        }
        understood
    }

    /// Brings the names up to now: the first time, each day, and when the service has lost
    /// the thread, by reading all; else by asking what changed. Whoever looks meanwhile
    /// finds the names as they were. What fails leaves everything as it was.
    ///
    /// Managers are in neither reading: "Ada's manager" is asked for.
    pub async fn refresh(&self, look: &dyn World, tenant: &TenantId, now: Timestamp) -> Result<()> {
        // One at a time.
        let mut reading = self.reading.lock().await;
        let due = reading.as_ref().map_or(Due::All, |known| known.due(now));
        let lost_at = match due {
            Due::Nothing => return Ok(()),
            Due::All => None,
            Due::Changes(users, groups) => {
                let known = reading.as_mut().expect("changes are due of what is known");
                match self.follow(look, tenant, now, known, [users, groups]).await? {
                    Followed::Unchanged => return Ok(()),
                    Followed::Changed => return self.swap(&mut reading).await,
                    Followed::Lost => {
                        let again = |then| now.duration_since(then) < OTHERS_EVERY;
                        if known.lost_at.is_some_and(again) {
                            // Not each minute, whatever the service says.
                            return Ok(());
                        }
                        Some(now)
                    }
                }
            }
        };
        *reading = Some(Reading { lost_at, ..self.read(look, tenant, now).await? });
        self.swap(&mut reading).await
    }

    /// Asks what changed, and takes it over.
    async fn follow(
        &self,
        look: &dyn World,
        tenant: &TenantId,
        now: Timestamp,
        known: &mut Reading,
        [users, groups]: [Mark; 2],
    ) -> Result<Followed> {
        let users = look.users_since(tenant, &users, ENTRIES_MAX);
        let groups = look.groups_since(tenant, &groups, ENTRIES_MAX);
        let others = async {
            if now.duration_since(known.others_at) < OTHERS_EVERY {
                return Ok(None);
            }
            self.others(look, tenant).await.map(Some)
        };
        let (users, groups, others) = futures::join!(users, groups, others);
        let (News::Since(users, users_mark), News::Since(groups, groups_mark)) = (users?, groups?)
        else {
            return Ok(Followed::Lost);
        };
        let others = others?;
        let Ok(mut changed) = known.roll.take(users, groups) else { return Ok(Followed::Lost) };
        known.marks = Some((users_mark, groups_mark));
        if let Some((skus, extras)) = others {
            changed |= known.skus != skus || known.extras.things != extras.things;
            (known.skus, known.extras, known.others_at) = (skus, extras, now);
        }
        Ok(if changed { Followed::Changed } else { Followed::Unchanged })
    }

    /// Reads everything. The marks come first: what changes meanwhile is told afterwards.
    async fn read(&self, look: &dyn World, tenant: &TenantId, now: Timestamp) -> Result<Reading> {
        let marks = futures::join!(look.users_mark(tenant), look.groups_mark(tenant));
        let marks = marks.0?.zip(marks.1?);
        let users = look.everyone(tenant, ENTRIES_MAX);
        let groups = look.every_group(tenant, ENTRIES_MAX);
        let (users, groups, others) = futures::join!(users, groups, self.others(look, tenant));
        let (skus, extras) = others?;
        let roll = Roll::of(tenant, &users?, groups?, ENTRIES_MAX);
        Ok(Reading { roll, skus, extras, marks, read_at: now, others_at: now, lost_at: None })
    }

    async fn others(&self, look: &dyn World, tenant: &TenantId) -> Result<(Vec<Sku>, Extras)> {
        let things = things(look, tenant, &self.areas);
        let (skus, things) = futures::join!(look.skus(tenant), things);
        Ok((skus?, Extras { things, ..Extras::default() }))
    }

    /// Builds the index beside the threads that answer, and swaps.
    async fn swap(&self, reading: &mut Option<Reading>) -> Result<()> {
        let Some(known) = reading.take() else { return Ok(()) };
        let built = tokio::task::spawn_blocking(move || (Arc::new(known.names()), known)).await;
        let (names, known) = built.map_err(|error| Trouble::Unreachable {
            what: "the index of names",
            source: error.into(),
        })?;
        *reading = Some(known);
        *self.names.write().unwrap_or_else(PoisonError::into_inner) = names;
        Ok(())
    }
}

/// How asking for changes ended.
enum Followed {
    Unchanged,
    Changed,
    Lost,
}

/// What is called by a name and is nobody, no group and no licence. What cannot be read is
/// left out: nobody is kept waiting for it, and asking for it says why.
async fn things(look: &dyn World, tenant: &TenantId, areas: &[Area]) -> Vec<Named> {
    let named = |sort: Sort, name: String| Named {
        sort,
        value: name.clone(),
        name,
        owner: None,
        form: None,
    };
    let mut known = Vec::new();
    if areas.contains(&Area::ConditionalAccess) {
        let policies = look.ca_policies(tenant).await.unwrap_or_default();
        known.extend(policies.into_iter().map(|policy| named(Sort::Policy, policy.name)));
    }
    if areas.contains(&Area::Apps) {
        let apps = look.apps(tenant, APPS_MAX).await.unwrap_or_default();
        known.extend(apps.into_iter().map(|app| named(Sort::App, app.name)));
    }
    if areas.contains(&Area::Devices) {
        known.extend(things::read(look, tenant).await);
    }
    known
}

/// Whose licences answer this question, if they do.
fn held_by(open: &Open, names: &Names) -> Option<UserId> {
    let entry = actions::entry(&open.proposal.action)?;
    let held = (open.argument.as_str(), Slot::LicenceHeld);
    if !entry.about.wording.slots.contains(&held) {
        return None;
    }
    let upn = open.proposal.arguments.get("user")?.as_str()?;
    names.index.person(upn).map(|person| person.id.clone())
}

async fn held(directory: &dyn Directory, names: &Names, user: &UserId) -> Option<Vec<Choice>> {
    let found = directory.dossier(user, &[Facet::Licences]).await.ok()??;
    let choice = |sku: &Sku| Choice {
        value: sku.part_number.clone(),
        label: sku.name.clone(),
        detail: sku.part_number.clone(),
    };
    let known = found.licences.iter().filter_map(|licence| names.index.licence(&licence.sku));
    Some(known.map(choice).take(CHOICES_MAX).collect())
}
