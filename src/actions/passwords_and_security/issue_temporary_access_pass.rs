//! A Temporary Access Pass: lets somebody in once, to register a sign-in method.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        local_time::instant,
        look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{PasswordChange, passwords},
        methods::{Method, MethodSort, PassRule},
        plan::{Draft, Note, Value},
        trouble::{Reason, Result},
        users::User,
    },
    ports::world::World,
};

/// Microsoft's own bounds in minutes: ten minutes, thirty days.
const MINUTES: std::ops::RangeInclusive<u32> = 10..=43_200;

/// Issue a Temporary Access Pass.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueTemporaryAccessPass {
    /// For whom?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// For how many minutes? What the tenant's policy says if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime_minutes: Option<u32>,
    /// Only once, or as often as needed while it lives?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usable_once: Option<bool>,
    /// From when on? A date or a date with time, in the tenant's zone. At once if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date-time"))]
    pub starts_at: Option<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["issue", "create", "give", "want", "set", "noun"], &["pass_code"])],
    slots: &[("user", Slot::Person)],
    examples: &[
        "issue a temporary access pass for john.doe@contoso.com",
        "John Doe needs a TAP",
        "give John Doe a temporary access pass please",
    ],
};

impl Action for IssueTemporaryAccessPass {
    const ABOUT: About = About {
        id: "issue_temporary_access_pass",
        title: "Issue a Temporary Access Pass",
        area: Area::PasswordsAndSecurity,
        risk: Risk::Write,
        care: Care::Usual,
        undone_by: &[],
        may: &[passwords::ISSUE_PASS, passwords::REMOVE_METHOD],
        reads: &["UserAuthenticationMethod.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), ..Self::default() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        if user.guest {
            // "Temporary Access Pass cannot be added to an external guest user."
            let what = format!(
                "{} is a guest: only their own organisation can give them a pass",
                user.name
            );
            return Err(Reason::NotPossible { what }.into());
        }
        let rule = look.pass_rule(&asked.tenant).await?;
        self.fits(rule.as_ref())?;
        let held = look.methods(&user.id).await?.unwrap_or_default();
        let starts = self.starts_at.as_deref();
        let starts =
            starts.map(|said| instant("starts_at", said, false, &asked.zone)).transpose()?;
        let delivery = look::delivery(asked, &user)?;
        let mut draft = Draft::about(user.to_ref());
        let old = held
            .iter()
            .find(|method| method.sort == MethodSort::TemporaryAccessPass && method.usable);
        let replaced = old.map(|old| take_away(&mut draft, &user, old));
        let step = draft.step(
            PasswordChange::IssuePass {
                user: user.id.clone().into(),
                minutes: self.lifetime_minutes,
                once: self.usable_once,
                starts_at: starts,
                delivery,
            },
            &[("user", &user.name)],
            self.values(rule.as_ref(), starts),
        );
        step.cannot_be_undone("pass_ends_by_itself");
        step.needs.extend(replaced);
        draft.notes.push(Note::new("pass_opens_the_account", &[("user", &user.name)]));
        Ok(Planned::Changes(draft))
    }
}

impl IssueTemporaryAccessPass {
    /// Checks against Microsoft's bounds and, where they can be read, the tenant's.
    fn fits(&self, rule: Option<&PassRule>) -> Result<(), Reason> {
        let wrong =
            |field: &str, why: String| Reason::WrongArgument { field: field.to_owned(), why };
        if let Some(minutes) = self.lifetime_minutes {
            let bounds = rule.map_or(MINUTES, |rule| rule.minutes_min..=rule.minutes_max);
            if !bounds.contains(&minutes) {
                return Err(wrong(
                    "lifetime_minutes",
                    format!("it lies between {} and {} here", bounds.start(), bounds.end()),
                ));
            }
        }
        let Some(rule) = rule else { return Ok(()) };
        if !rule.enabled {
            return Err(Reason::NotPossible {
                what: "the tenant's policy allows no Temporary Access Passes; an administrator \
                       switches them on in Entra under Authentication methods, Policies"
                    .to_owned(),
            });
        }
        if rule.only_once && self.usable_once == Some(false) {
            return Err(wrong(
                "usable_once",
                "the tenant's policy allows only single use".to_owned(),
            ));
        }
        Ok(())
    }

    /// What is shown: what was asked for, else what the policy says.
    fn values(&self, rule: Option<&PassRule>, starts: Option<Timestamp>) -> Vec<Value> {
        let minutes = self.lifetime_minutes.or_else(|| rule.map(|rule| rule.minutes));
        let once = self.usable_once.or_else(|| rule.map(|rule| rule.only_once));
        let by_policy = || "=as_policy_says".to_owned();
        let mut values = vec![
            Value::new("pass", "=none", "=new_generated"),
            Value::new("lifetime", "=none", minutes.map_or_else(by_policy, lasting)),
            Value::new(
                "uses",
                "=none",
                match once {
                    Some(true) => "=once".to_owned(),
                    Some(false) => "=many_times".to_owned(),
                    None => by_policy(),
                },
            ),
        ];
        if let Some(at) = starts {
            values.push(Value::new("starts", "=none", format!("@{at}")));
        }
        values
    }
}

/// "90 min" or "2 h".
fn lasting(minutes: u32) -> String {
    if minutes.is_multiple_of(60) {
        format!("{} h", minutes / 60)
    } else {
        format!("{minutes} min")
    }
}

/// The pass that is there goes first: nobody has two.
fn take_away(draft: &mut Draft, user: &User, old: &Method) -> crate::domain::ids::StepId {
    let step = draft.step(
        PasswordChange::RemoveMethod {
            user: user.id.clone().into(),
            sort: MethodSort::TemporaryAccessPass,
            id: old.id.clone(),
            among_all: false,
        },
        &[("user", &user.name), ("method", MethodSort::TemporaryAccessPass.word())],
        vec![Value::new("method", MethodSort::TemporaryAccessPass.word(), "=removed")],
    );
    step.cannot_be_undone("method_registered_anew");
    step.id
}
