//! Somebody starts: an account that waits for the first day, with what it needs.

use jiff::{Timestamp, civil};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    actions::{
        About, Action, Asked, Planned,
        lifecycle::{
            back,
            names::{self, Chosen},
            process::{Piece, Process},
        },
        look,
        users::create_user::{CreateUser, naming::Name},
        wording::{Detail, Frame, Side, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{
            AccountChange, Change, GroupChange, PasswordChange, Ref, accounts, groups, licences,
            passwords,
        },
        ids::{StepId, UserId},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::StepRun,
        trouble::{Reason, Result},
        users::{Facet, Group, GroupSort, User},
    },
    ports::world::World,
};

/// Onboard somebody.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnboardUser {
    /// What is the new colleague called?
    pub display_name: String,
    /// Which sign-in name? The next free one of the name if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upn: Option<String>,
    /// Job title?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Department?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Manager?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub manager: Option<String>,
    /// Office?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_location: Option<String>,
    /// Mobile number?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile_phone: Option<String>,
    /// Which day do they start? Sign-in opens then; at once if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date"))]
    pub start_date: Option<String>,
    /// Which day does it end? For contractors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date"))]
    pub end_date: Option<String>,
    /// Licences, by part number?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "licence"))]
    pub licenses: Vec<String>,
    /// Groups?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "group"))]
    pub groups: Vec<String>,
    /// Whose groups as well? Never roles, nor groups that give any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub same_groups_as: Option<String>,
    /// Employee id?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<String>,
    /// Company?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// Country of use, two letters? The manager's if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_location: Option<String>,
}

/// What may be said of somebody new in the same breath.
const BESIDE: &[&str] =
    &["licence", "group", "manager_of", "field", "reports_to", "mailbox", "details", "users"];

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["onboard"], &["new_user"]).beside(BESIDE)],
    slots: &[
        ("display_name", Slot::Newcomer),
        ("job_title", Slot::Detail(Detail::JobTitle)),
        ("department", Slot::Detail(Detail::Department)),
        ("office_location", Slot::Detail(Detail::Office)),
        ("mobile_phone", Slot::Detail(Detail::MobilePhone)),
        ("manager", Slot::Detail(Detail::Manager)),
        ("licenses", Slot::Detail(Detail::Licences)),
        ("groups", Slot::Groups(Side::Within)),
        ("start_date", Slot::FirstDay),
        ("end_date", Slot::Maybe(&Slot::LastDay)),
    ],
    examples: &[
        "onboard Nora Quist",
        "please onboard Nora Quist as Account Manager",
        "New hire please. Name: Nora Quist. Job title: Account Manager.",
    ],
};

/// When a first day begins, local time.
const FIRST_HOUR: civil::Time = civil::time(8, 0, 0, 0);
/// Nobody is onboarded further ahead, in days.
const AHEAD_DAYS_MAX: i64 = 366;

/// The one stage: what an account is made of has its own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Create;

impl Action for OnboardUser {
    const ABOUT: About = About {
        id: "onboard_user",
        title: "Onboard somebody",
        area: Area::Lifecycle,
        risk: Risk::Write,
        care: Care::AlwaysApprove,
        may: &[
            accounts::CREATE_USER,
            accounts::SET_MANAGER,
            accounts::SET_LEAVE_DATE,
            accounts::ENABLE_SIGN_IN,
            passwords::SET_PASSWORD,
            licences::SET_LICENCES,
            groups::ADD_MEMBER,
        ],
        undone_by: &["delete_user"],
        reads: &["LicenseAssignment.Read.All", "GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            display_name: "Nora Quist".to_owned(),
            job_title: Some("Account Manager".to_owned()),
            department: Some("Sales".to_owned()),
            manager: Some("samir.nadar@contoso.com".to_owned()),
            ..Self::default()
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let name = Name::of(&self.display_name, None, None)?;
        let begins = self.begins(asked)?;
        let ends = self.ends(asked, begins)?;
        let chosen = self.chosen(look, asked, &name).await?;
        let mut about = Draft::default();
        if let Some(taken) = chosen.taken.last() {
            let fields = [("upn", chosen.upn.as_str()), ("taken", taken.as_str())];
            about.notes.push(Note::new("name_is_taken", &fields));
        }
        let groups = self.circles(look, asked, &name, &mut about).await?;
        let create = self.create(&chosen, groups, begins.is_some());
        let pieces = vec![Piece::vital(Create, &create).of("groups")];
        let answered = ["new_account_takes_minutes"];
        let process = Process::plan(look, asked, about, pieces, &answered).await?;
        let mut draft = process.draft;
        lists_after_licences(&mut draft);
        if let Some(ends) = ends {
            leave_date(&mut draft, &name, ends, asked);
        }
        if let Some(at) = begins {
            self.first_day(look, asked, &mut draft, &name, &chosen, at).await?;
        } else {
            let fields = [("user", name.display.as_str())];
            draft.notes.push(Note::new("new_account_takes_minutes", &fields));
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        back::back(done)
    }
}

/// The step that makes the account comes first.
const MADE: StepId = StepId(1);

impl OnboardUser {
    /// The beginning of the first day, when it lies ahead.
    fn begins(&self, asked: &Asked) -> Result<Option<Timestamp>, Reason> {
        let Some(said) = &self.start_date else { return Ok(None) };
        let date = day("start_date", said)?;
        let today = asked.now.to_zoned(asked.zone.clone()).date();
        let ahead = (date - today).get_days();
        let wrong = |why: String| Reason::WrongArgument { field: "start_date".to_owned(), why };
        if ahead < 0 {
            return Err(wrong("the first day lies in the past".to_owned()));
        }
        if i64::from(ahead) > AHEAD_DAYS_MAX {
            return Err(wrong(format!("it lies more than {AHEAD_DAYS_MAX} days ahead")));
        }
        let at = date.to_datetime(FIRST_HOUR).to_zoned(asked.zone.clone());
        let at = at.map_err(|_| wrong("there is no such morning".to_owned()))?.timestamp();
        Ok((at > asked.now).then_some(at))
    }

    /// The last day, at its end.
    fn ends(&self, asked: &Asked, begins: Option<Timestamp>) -> Result<Option<Timestamp>, Reason> {
        let last = |said: &String| last_day(said, asked, begins.unwrap_or(asked.now));
        self.end_date.as_ref().map(last).transpose()
    }

    async fn chosen(&self, look: &dyn World, asked: &Asked, name: &Name) -> Result<Chosen> {
        match &self.upn {
            Some(said) => {
                let upn = said.parse().map_err(Reason::from)?;
                Ok(Chosen { upn, taken: Vec::new() })
            }
            None => names::free(look, asked, name).await,
        }
    }

    /// The groups by name, and those of somebody else that are set by hand and give no role.
    async fn circles(
        &self,
        look: &dyn World,
        asked: &Asked,
        name: &Name,
        about: &mut Draft,
    ) -> Result<Vec<String>> {
        let mut all = self.groups.clone();
        let Some(like) = &self.same_groups_as else { return Ok(all) };
        let found = look::dossier(look, asked, like, &[Facet::Groups]).await?;
        let copied = |group: &&Group| look::takes_members(group).is_ok() && !group.role_assignable;
        let (yes, no): (Vec<&Group>, Vec<&Group>) = found.groups.iter().partition(copied);
        for group in no {
            let fields = [("user", name.display.as_str()), ("group", group.name.as_str())];
            about.notes.push(Note::new("group_not_copied", &fields));
        }
        for group in yes {
            let known = all.iter().any(|said| said.eq_ignore_ascii_case(&group.name));
            if !known {
                all.push(group.id.to_string());
            }
        }
        Ok(all)
    }

    fn create(&self, chosen: &Chosen, groups: Vec<String>, waits: bool) -> CreateUser {
        CreateUser {
            display_name: self.display_name.clone(),
            upn: Some(chosen.upn.to_string()),
            account_enabled: !waits,
            force_change: true,
            employee_id: self.employee_id.clone(),
            employee_type: self.end_date.as_ref().map(|_| "Contractor".to_owned()),
            hire_date: self.start_date.clone(),
            job_title: self.job_title.clone(),
            department: self.department.clone(),
            office_location: self.office_location.clone(),
            company_name: self.company_name.clone(),
            mobile_phone: self.mobile_phone.clone(),
            usage_location: self.usage_location.clone(),
            manager: self.manager.clone(),
            licenses: self.licenses.clone(),
            groups,
            password_later: waits,
            ..CreateUser::default()
        }
    }

    /// Nobody can sign in, and nobody has a password, before the first day.
    async fn first_day(
        &self,
        look: &dyn World,
        asked: &Asked,
        draft: &mut Draft,
        name: &Name,
        chosen: &Chosen,
        at: Timestamp,
    ) -> Result<()> {
        let manager = match &self.manager {
            Some(said) => Some(look::user(look, asked, said).await?),
            None => None,
        };
        let to = look::delivery_of_new(asked, manager.as_ref().map(User::to_ref), &name.display)?;
        let names = [("user", name.display.as_str()), ("upn", chosen.upn.as_str())];
        let made = || Ref::<UserId>::made_by(MADE);
        let enable = draft.step(
            AccountChange::EnableSignIn { user: made() },
            &names,
            vec![Value::new("sign_in", "=blocked", "=allowed")],
        );
        enable.needing(&[MADE]).not_before = Some(at);
        let enable = enable.id;
        let password = draft.step(
            PasswordChange::SetPassword { user: made(), must_change: true, delivery: to },
            &names,
            vec![
                Value::new("password", "=nobodys", "=new_generated"),
                Value::new("must_change", "=no", "=yes"),
            ],
        );
        password.needing(&[MADE, enable]).not_before = Some(at);
        let at = format!("@{at}");
        draft.notes.push(Note::new("first_day", &[("user", &name.display), ("at", &at)]));
        Ok(())
    }
}

fn day(field: &str, said: &str) -> Result<civil::Date, Reason> {
    said.trim().parse().map_err(|_| Reason::WrongArgument {
        field: field.to_owned(),
        why: format!("`{said}` is not a date; write it like 2026-11-30"),
    })
}

/// A list of Exchange takes only somebody whose mailbox is known there, which comes with the
/// licence.
fn lists_after_licences(draft: &mut Draft) {
    let licences: Vec<StepId> = draft
        .steps
        .iter()
        .filter(|step| matches!(step.change, Change::Licence(_)))
        .map(|step| step.id)
        .collect();
    let by_exchange = |change: &Change| {
        matches!(
            change,
            Change::Group(GroupChange::AddMember {
                sort: GroupSort::Distribution | GroupSort::MailEnabledSecurity,
                ..
            })
        )
    };
    for step in draft.steps.iter_mut().filter(|step| by_exchange(&step.change)) {
        step.needs.extend(licences.iter().filter(|id| **id < step.id));
    }
}

/// Something that has to be said.
pub(super) fn said(field: &str, value: &str) -> Result<(), Reason> {
    if value.trim().is_empty() {
        let why = "it has to be said".to_owned();
        return Err(Reason::WrongArgument { field: field.to_owned(), why });
    }
    Ok(())
}

/// The last minute of somebody's last day, which has to lie behind this instant.
pub(super) fn last_day(said: &str, asked: &Asked, behind: Timestamp) -> Result<Timestamp, Reason> {
    let wrong =
        |why: &str| Reason::WrongArgument { field: "end_date".to_owned(), why: why.to_owned() };
    let end = day("end_date", said)?.at(23, 59, 0, 0).to_zoned(asked.zone.clone());
    let end = end.map_err(|_| wrong("there is no such evening"))?.timestamp();
    if end <= behind {
        let what = if behind > asked.now { "it lies before the first day" } else { "it is over" };
        return Err(wrong(what));
    }
    Ok(end)
}

/// As Graph writes an instant.
pub(super) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What becomes of an end that is written down.
pub(super) fn ends_then(name: &str, at: Timestamp, asked: &Asked) -> Note {
    let at = format!("@{at}");
    match asked.ends_proposed {
        Some(days) => {
            let days = days.to_string();
            Note::new("contract_ends", &[("user", name), ("at", &at), ("days", &days)])
        }
        None => Note::new("contract_ends_by_hand", &[("user", name), ("at", &at)]),
    }
}

/// The day a contract ends is written down; what ends then is a request of its own.
fn leave_date(draft: &mut Draft, name: &Name, at: Timestamp, asked: &Asked) {
    draft
        .step(
            AccountChange::SetLeaveDate { user: Ref::made_by(MADE), value: json!(instant(at)) },
            &[("user", &name.display)],
            vec![Value::new("employeeLeaveDateTime", "=none", format!("@{at}"))],
        )
        .needing(&[MADE]);
    draft.notes.push(ends_then(&name.display, at, asked));
}
