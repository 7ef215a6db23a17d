//! Remove somebody's sign-in methods, all or those of one type, so that they register anew.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{PasswordChange, passwords},
        ids::StepId,
        methods::{Method, MethodSort},
        plan::{Draft, Note, Value},
        trouble::{Reason, Result},
        users::User,
    },
    ports::world::World,
};

/// Remove sign-in methods.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetMfa {
    /// Whose methods?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Only those of one type? All if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<MethodSort>,
    /// Only this one of them, by Microsoft's id?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method_id: Option<String>,
}

const METHODS: &[crate::actions::wording::Value] = &[
    ("authenticator", &["authenticator", "authenticator app", "microsoft authenticator"]),
    ("fido2", &["fido", "fido2", "fido2 key", "passkey", "passkeys", "security key", "yubikey"]),
    ("phone", &["phone method", "phone methods", "sms", "text message", "phone number"]),
    ("email", &["email method", "email methods"]),
    ("software_oath", &["oath", "hardware token", "totp", "code app"]),
    ("windows_hello", &["windows hello", "hello"]),
    ("temporary_access_pass", &["temporary access pass", "tap"]),
];

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["reset", "take", "revoke", "stop", "delete", "wipe"], &["mfa"])],
    slots: &[("user", Slot::Person), ("method", Slot::Maybe(&Slot::Choice(METHODS)))],
    examples: &[
        "reset MFA for john.doe@contoso.com",
        "John Doe has a new phone, please reset his 2FA",
        "remove the authenticator app of John Doe",
    ],
};

impl Action for ResetMfa {
    const ABOUT: About = About {
        id: "reset_mfa",
        title: "Reset sign-in methods",
        area: Area::PasswordsAndSecurity,
        risk: Risk::Write,
        care: Care::Usual,
        undone_by: &[],
        may: &[passwords::REMOVE_METHOD],
        reads: &["UserAuthenticationMethod.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), method: None, method_id: None }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        if self.method == Some(MethodSort::Password) {
            return Err(Reason::NotPossible {
                what: format!(
                    "a password is not removed but replaced: ask to reset the password of {}",
                    user.name
                ),
            }
            .into());
        }
        let held = look.methods(&user.id).await?;
        let held = held.ok_or_else(|| Reason::NoSuchPerson { name: user.name.clone() })?;
        let going: Vec<&Method> = held.iter().filter(|method| self.means(method)).collect();
        if going.is_empty() {
            return Err(self.nothing(&user).into());
        }
        let stays = held.iter().any(|method| {
            method.sort.is_second_factor() && !going.iter().any(|gone| gone.id == method.id)
        });
        let mut draft = Draft::about(user.to_ref());
        steps(&mut draft, &user, &going, !stays);
        let name = [("user", user.name.as_str())];
        if stays && going.iter().any(|method| method.sort.may_be_default()) {
            draft.notes.push(Note::new("default_method_stays", &name));
        }
        if !stays {
            draft.notes.push(Note::new("registers_anew", &name));
        }
        draft.notes.push(Note::new("sessions_go_on", &name));
        Ok(Planned::Changes(draft))
    }
}

impl ResetMfa {
    /// Whether it is meant. The password never is.
    fn means(&self, method: &Method) -> bool {
        method.sort != MethodSort::Password
            && self.method.is_none_or(|sort| method.sort == sort)
            && self.method_id.as_deref().is_none_or(|id| method.id.eq_ignore_ascii_case(id))
    }

    fn nothing(&self, user: &User) -> Reason {
        let what = match (self.method, &self.method_id) {
            (_, Some(id)) => format!("{} has no sign-in method {id}", user.name),
            (Some(_), None) => format!("{} has no sign-in method of this type", user.name),
            (None, None) => format!("{} has no sign-in method but the password", user.name),
        };
        Reason::AlreadySo { what }
    }
}

/// A step for each method. Those that can be the default go after all others, the app last,
/// because it mostly is; an alternate mobile number goes before the mobile number it stands on.
fn steps(draft: &mut Draft, user: &User, going: &[&Method], among_all: bool) {
    let mut ordered: Vec<&Method> = going.to_vec();
    ordered.sort_by_key(|method| {
        let app = method.sort == MethodSort::Authenticator;
        (method.sort.may_be_default(), app, !method.alternate, method.sort)
    });
    let mut first: Vec<StepId> = Vec::new();
    let mut alternate = None;
    for method in ordered {
        let shown = if method.detail.is_empty() { method.sort.word() } else { &method.detail };
        let step = draft.step(
            PasswordChange::RemoveMethod {
                user: user.id.clone().into(),
                sort: method.sort,
                id: method.id.clone(),
                among_all,
            },
            &[("user", &user.name), ("method", method.sort.word())],
            vec![Value::new("method", shown, "=removed")],
        );
        step.cannot_be_undone("method_registered_anew");
        if method.sort.may_be_default() {
            step.after.clone_from(&first);
            if method.sort == MethodSort::Phone && !method.alternate {
                step.after.extend(alternate);
            }
        } else {
            first.push(step.id);
        }
        if method.alternate {
            alternate = Some(step.id);
        }
    }
}
