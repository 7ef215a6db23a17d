//! Make an account for somebody new, with a password that only one person sees.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        users::{create_user::naming::Name, delete_user::DeleteUser},
        wording::{Detail, Frame, Side, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{
            AccountChange, GroupChange, LicenceChange, LicenceGrant, MADE, Ref, Values,
            accounts::{self, AtNextSignIn},
            groups, licences,
        },
        ids::{StepId, Upn, UserId},
        plan::{Draft, Note, Step, Value},
        properties::{property, shown},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::{Group, Sku, User},
    },
    ports::world::World,
};

pub(in crate::actions) mod naming;

/// Create a user.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own on the form")]
pub struct CreateUser {
    /// What is the new colleague called?
    pub display_name: String,
    /// Which sign-in name? Made from the name if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upn: Option<String>,
    /// Which alias for mail? The first part of the sign-in name if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_nickname: Option<String>,
    /// Given name? The first word of the name if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Surname? The rest of the name if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// May they sign in from the start?
    #[serde(default = "yes")]
    pub account_enabled: bool,
    /// Must they choose their own password at the first sign-in?
    #[serde(default = "yes")]
    pub force_change: bool,
    /// And only after a second factor?
    #[serde(default)]
    pub force_change_with_mfa: bool,
    /// Employee id?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<String>,
    /// Job title?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Department?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Office?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_location: Option<String>,
    /// Company?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// Mobile number?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile_phone: Option<String>,
    /// Business numbers? Microsoft keeps one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub business_phones: Vec<String>,
    /// Country of use, two letters? Licences need it; the manager's if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_location: Option<String>,
    /// Manager?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub manager: Option<String>,
    /// Licences, by part number?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "licence"))]
    pub licenses: Vec<String>,
    /// Groups?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "group"))]
    pub groups: Vec<String>,
    /// What sort of employee, such as Contractor?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_type: Option<String>,
    /// Which day do they start?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date"))]
    pub hire_date: Option<String>,
    /// The password that counts is set later, so nobody gets the first one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(skip)]
    pub password_later: bool,
    /// Never given here: it is made, and sent by a one-time link.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub password: Option<serde::de::IgnoredAny>,
}

fn yes() -> bool {
    true
}

/// What may be said of somebody new in the same breath.
const BESIDE: &[&str] = &[
    "licence",
    "group",
    "manager_of",
    "field",
    "reports_to",
    "mailbox",
    "details",
    "users",
    "role",
];

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["create", "set", "want", "register", "join"], &["new_user"]).beside(BESIDE),
        Frame::of(&["create"], &["account"]).beside(BESIDE),
    ],
    slots: &[
        ("display_name", Slot::Name),
        ("upn", Slot::NewAddress),
        ("job_title", Slot::Detail(Detail::JobTitle)),
        ("department", Slot::Detail(Detail::Department)),
        ("office_location", Slot::Detail(Detail::Office)),
        ("mobile_phone", Slot::Detail(Detail::MobilePhone)),
        ("manager", Slot::Detail(Detail::Manager)),
        ("licenses", Slot::Detail(Detail::Licences)),
        ("groups", Slot::Groups(Side::Within)),
    ],
    examples: &[
        "create a new user called Nora Quist",
        "please create a new account for Nora Quist",
        "set up a new user: Nora Quist",
    ],
};

impl Action for CreateUser {
    const ABOUT: About = About {
        id: "create_user",
        title: "Create a user",
        area: Area::Users,
        risk: Risk::Write,
        care: Care::Usual,
        undone_by: &["delete_user"],
        may: &[
            accounts::CREATE_USER,
            accounts::SET_MANAGER,
            licences::SET_LICENCES,
            groups::ADD_MEMBER,
        ],
        reads: &["LicenseAssignment.Read.All", "GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            display_name: "Nora Quist".to_owned(),
            job_title: Some("Account Manager".to_owned()),
            department: Some("Sales".to_owned()),
            manager: Some("samir.nadar@contoso.com".to_owned()),
            account_enabled: true,
            force_change: true,
            ..Self::default()
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        if self.password.is_some() {
            return Err(Reason::TypedPassword.into());
        }
        let name =
            Name::of(&self.display_name, self.given_name.as_deref(), self.surname.as_deref())?;
        let upn = self.free_upn(look, asked, &name).await?;
        let manager = match &self.manager {
            Some(said) => Some(look::user(look, asked, said).await?),
            None => None,
        };
        let (skus, groups) = (self.skus(look, asked).await?, self.circles(look, asked).await?);
        let location = self.location(look, asked, manager.as_ref()).await?;
        if location.is_none() && !skus.is_empty() {
            // "License assignment cannot be done for user with invalid usage location." (assignLicense).
            let why = "licences need the country of use, two letters such as GB".to_owned();
            return Err(Reason::WrongArgument { field: "usage_location".to_owned(), why }.into());
        }
        let properties = self.properties(&name, &upn, location.as_deref())?;
        let mut draft = Draft::of(format!("{} ({upn})", name.display));
        let made = self.account(&mut draft, asked, &name, &upn, properties, manager.as_ref())?;
        let new = || Ref::<UserId>::made_by(made);
        if let Some(manager) = &manager {
            draft
                .step(
                    AccountChange::SetManager { user: new(), manager: Some(manager.id.clone()) },
                    &[("user", &name.display), ("manager", &manager.name)],
                    vec![Value::new("manager", "=nobody", manager.name.clone())],
                )
                .needing(&[made]);
        }
        if !skus.is_empty() {
            licence(&mut draft, &name, new(), &skus).needing(&[made]);
        }
        for group in &groups {
            draft
                .step(
                    GroupChange::AddMember {
                        group: group.id.clone().into(),
                        sort: group.sort,
                        user: new(),
                    },
                    &[("user", &name.display), ("group", &group.name)],
                    vec![Value::new("membership", "=not_member", "=member")],
                )
                .needing(&[made]);
        }
        draft.notes.push(Note::new("new_account_takes_minutes", &[("user", &name.display)]));
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let made = done.iter().filter(|(step, run)| {
            run.state == StepState::Done && step.change.kind() == accounts::CREATE_USER
        });
        made.filter_map(|(_, run)| run.outputs.get(MADE))
            .map(|id| propose(&DeleteUser { user: id.clone() }))
            .collect()
    }
}

impl CreateUser {
    /// The sign-in name, which must be free: among the users, and, so that nobody takes
    /// what a leaver may get back, among the deleted.
    async fn free_upn(&self, look: &dyn World, asked: &Asked, name: &Name) -> Result<Upn> {
        let upn: Upn = if let Some(said) = &self.upn {
            said.parse().map_err(Reason::from)?
        } else {
            let own = asked.requester.upn.as_str();
            name.upn(own.split_once('@').map_or("", |(_, domain)| domain))?
        };
        if !look.is_free(&asked.tenant, &upn).await? {
            let what =
                format!("{upn} signs in already; say which sign-in name {} gets", name.display);
            return Err(Reason::NotPossible { what }.into());
        }
        if let Some(gone) = look.deleted(&asked.tenant, upn.as_str()).await?.first() {
            let what = format!(
                "{upn} was deleted lately and still holds the name and its addresses; restore {}, \
                 or say another sign-in name",
                gone.person.name
            );
            return Err(Reason::NotPossible { what }.into());
        }
        Ok(upn)
    }

    async fn skus(&self, look: &dyn World, asked: &Asked) -> Result<Vec<Sku>> {
        let mut skus = Vec::new();
        for said in &self.licenses {
            let sku = look::sku(look, asked, said).await?;
            if sku.free() == 0 {
                let (licence, used, seats) = (sku.name, sku.used, sku.seats);
                return Err(Reason::NoSeats { licence, used, seats }.into());
            }
            skus.push(sku);
        }
        Ok(skus)
    }

    async fn circles(&self, look: &dyn World, asked: &Asked) -> Result<Vec<Group>> {
        let mut groups = Vec::new();
        for said in &self.groups {
            let group = look::group(look, asked, said).await?;
            look::takes_members(&group)?;
            groups.push(group);
        }
        Ok(groups)
    }

    /// The country of use: as said, else the manager's, else the requester's.
    async fn location(
        &self,
        look: &dyn World,
        asked: &Asked,
        manager: Option<&User>,
    ) -> Result<Option<String>> {
        if self.usage_location.is_some() {
            return Ok(self.usage_location.clone());
        }
        if let Some(found) = manager.and_then(|manager| manager.usage_location.clone()) {
            return Ok(Some(found));
        }
        let requester = look::user(look, asked, asked.requester.upn.as_str()).await?;
        Ok(requester.usage_location)
    }

    /// Everything the account begins with, checked as Graph checks it.
    fn properties(&self, name: &Name, upn: &Upn, location: Option<&str>) -> Result<Values, Reason> {
        let alias = upn.as_str().split('@').next().unwrap_or_default();
        let nickname = self.mail_nickname.as_deref().unwrap_or(alias);
        let said: Vec<(&str, Option<Json>)> = vec![
            ("displayName", Some(json!(name.display))),
            ("givenName", name.given.as_ref().map(|given| json!(given))),
            ("surname", name.surname.as_ref().map(|surname| json!(surname))),
            ("mailNickname", Some(json!(nickname))),
            ("employeeId", self.employee_id.as_ref().map(|id| json!(id))),
            ("jobTitle", self.job_title.as_ref().map(|title| json!(title))),
            ("department", self.department.as_ref().map(|department| json!(department))),
            ("officeLocation", self.office_location.as_ref().map(|office| json!(office))),
            ("companyName", self.company_name.as_ref().map(|company| json!(company))),
            ("mobilePhone", self.mobile_phone.as_ref().map(|number| json!(number))),
            (
                "businessPhones",
                (!self.business_phones.is_empty()).then(|| json!(self.business_phones)),
            ),
            ("employeeType", self.employee_type.as_ref().map(|sort| json!(sort))),
            ("employeeHireDate", self.hire_date.as_ref().map(|date| json!(date))),
            ("usageLocation", location.map(|code| json!(code.to_uppercase()))),
        ];
        let mut properties = Values::new();
        for (field, value) in said {
            let Some(value) = value else { continue };
            let wrong = |why: String| Reason::WrongArgument { field: field.to_owned(), why };
            let known = property(field).ok_or_else(|| wrong("it is not known".to_owned()))?;
            properties.insert(field.to_owned(), known.accept(&value).map_err(wrong)?);
        }
        properties.insert("accountEnabled".to_owned(), json!(self.account_enabled));
        Ok(properties)
    }

    /// The step that makes the account.
    fn account(
        &self,
        draft: &mut Draft,
        asked: &Asked,
        name: &Name,
        upn: &Upn,
        properties: Values,
        manager: Option<&User>,
    ) -> Result<StepId, Reason> {
        let at_next_sign_in = match (self.force_change_with_mfa, self.force_change) {
            (true, _) => AtNextSignIn::ChooseAnotherWithMfa,
            (false, true) => AtNextSignIn::ChooseAnother,
            (false, false) => AtNextSignIn::KeepIt,
        };
        let must_change = match at_next_sign_in {
            AtNextSignIn::KeepIt => "=no",
            AtNextSignIn::ChooseAnother => "=yes",
            AtNextSignIn::ChooseAnotherWithMfa => "=yes_with_mfa",
        };
        let mut values = vec![Value::new("userPrincipalName", "=none", upn.as_str())];
        let named = properties.iter().filter(|(name, _)| *name != "accountEnabled");
        values.extend(named.map(|(name, value)| Value::new(name, "=none", shown(value))));
        let sign_in = if self.account_enabled { "=allowed" } else { "=blocked" };
        values.push(Value::new("sign_in", "=none", sign_in));
        let password = if self.password_later { "=nobodys" } else { "=new_generated" };
        values.push(Value::new("password", "=none", password));
        if !self.password_later {
            values.push(Value::new("must_change", "=none", must_change));
        }
        let delivery = if self.password_later {
            None
        } else {
            Some(look::delivery_of_new(asked, manager.map(User::to_ref), &name.display)?)
        };
        let step = draft.step(
            AccountChange::CreateUser {
                tenant: asked.tenant.clone(),
                upn: upn.clone(),
                properties,
                at_next_sign_in,
                delivery,
            },
            &[("user", &name.display), ("upn", upn.as_str())],
            values,
        );
        Ok(step.id)
    }
}

fn licence<'a>(draft: &'a mut Draft, name: &Name, user: Ref<UserId>, skus: &[Sku]) -> &'a mut Step {
    let grant = |sku: &Sku| LicenceGrant { sku: sku.id.clone(), disabled_plans: Vec::new() };
    let names: Vec<&str> = skus.iter().map(|sku| sku.name.as_str()).collect();
    draft.step(
        LicenceChange::SetLicences {
            user,
            add: skus.iter().map(grant).collect(),
            remove: Vec::new(),
        },
        &[("user", &name.display), ("add", &names.join(", ")), ("remove", "")],
        names.iter().map(|name| Value::new("licence", "=not_assigned", *name)).collect(),
    )
}
