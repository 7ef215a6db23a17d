//! How people prove who they are: their registered methods, and the tenant's policy for
//! Temporary Access Passes.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    catalog::id_from,
    password::Password,
    state::{Props, State, User},
    turn::seconds,
};

/// The id every password method has
/// (learn.microsoft.com/graph/api/resources/passwordauthenticationmethod).
pub(super) const PASSWORD_ID: &str = "28c10230-6103-485e-b985-444c60001490";

/// The method types Graph v1.0 lists, each with its own collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Sort {
    Email,
    Fido2,
    MicrosoftAuthenticator,
    Password,
    Phone,
    SoftwareOath,
    TemporaryAccessPass,
    WindowsHelloForBusiness,
    PlatformCredential,
    External,
}

impl Sort {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Email, "email"),
        (Self::Fido2, "fido2"),
        (Self::MicrosoftAuthenticator, "microsoftAuthenticator"),
        (Self::Password, "password"),
        (Self::Phone, "phone"),
        (Self::SoftwareOath, "softwareOath"),
        (Self::TemporaryAccessPass, "temporaryAccessPass"),
        (Self::WindowsHelloForBusiness, "windowsHelloForBusiness"),
        (Self::PlatformCredential, "platformCredential"),
        (Self::External, "external"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(sort, _)| *sort == self).map_or("", |(_, name)| name)
    }

    /// From the segment of its collection, such as `phoneMethods`. External methods are
    /// spelled out: `externalAuthenticationMethods`.
    pub fn of_segment(segment: &str) -> Option<Self> {
        let stem = match segment {
            "externalAuthenticationMethods" => "external",
            "externalMethods" => return None,
            other => other.strip_suffix("Methods")?,
        };
        Self::ALL.iter().find(|(_, name)| *name == stem).map(|(sort, _)| *sort)
    }

    /// Whether it keeps the default method from being deleted: a second factor of its own.
    fn is_second_factor(self) -> bool {
        !matches!(self, Self::Email | Self::Password | Self::TemporaryAccessPass)
    }
}

/// One registered method.
#[derive(Debug, Clone)]
pub(super) struct Method {
    pub id: String,
    pub sort: Sort,
    pub props: Props,
}

impl Method {
    fn instant(&self, name: &str) -> Option<Timestamp> {
        self.props.get(name).and_then(Value::as_str).and_then(|at| at.parse().ok())
    }

    /// Whether a Temporary Access Pass could open anything now, and why or why not
    /// (learn.microsoft.com/graph/api/resources/temporaryaccesspassauthenticationmethod).
    pub fn pass_state(&self, now: Timestamp, policy: &PassPolicy) -> (bool, &'static str) {
        let minutes = self.props.get("lifetimeInMinutes").and_then(Value::as_i64).unwrap_or(0);
        match self.instant("startDateTime") {
            _ if !policy.enabled => (false, "DisabledByPolicy"),
            Some(start) if now < start => (false, "NotYetValid"),
            Some(start) if now < start + SignedDuration::from_mins(minutes) => {
                (true, "EnabledByPolicy")
            }
            _ => (false, "Expired"),
        }
    }
}

/// What one person has registered, besides the password.
#[derive(Debug, Clone, Default)]
pub(super) struct Methods {
    pub list: Vec<Method>,
    /// The id of the one asked for first. It cannot be deleted before the others.
    pub default: Option<String>,
    /// The value of the Temporary Access Pass, hashed.
    pub pass: Option<Password>,
}

impl Methods {
    pub fn find(&self, id: &str) -> Option<&Method> {
        self.list.iter().find(|method| method.id.eq_ignore_ascii_case(id))
    }

    /// Whether this is the default while other second factors are registered.
    pub fn is_held_by_others(&self, method: &Method) -> bool {
        let other = |other: &&Method| other.id != method.id && other.sort.is_second_factor();
        self.default.as_deref() == Some(&method.id) && self.list.iter().any(|m| other(&m))
    }

    /// A mobile number that an alternate mobile number stands on
    /// (learn.microsoft.com/graph/api/phoneauthenticationmethod-delete).
    pub fn carries_alternate(&self, method: &Method) -> bool {
        let is = |method: &Method, kind: &str| {
            method.props.get("phoneType").and_then(Value::as_str) == Some(kind)
        };
        is(method, "mobile") && self.list.iter().any(|method| is(method, "alternateMobile"))
    }
}

/// The tenant's policy for Temporary Access Passes
/// (learn.microsoft.com/graph/api/resources/temporaryaccesspassauthenticationmethodconfiguration).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassPolicy {
    /// Whether anybody may have one.
    pub enabled: bool,
    /// Whether a pass may be used only once.
    pub only_once: bool,
    /// The shortest lifetime, in minutes.
    pub minutes_min: i64,
    /// The longest lifetime, in minutes.
    pub minutes_max: i64,
    /// The lifetime when none is asked for, in minutes.
    pub minutes: i64,
    /// How many characters a pass has.
    pub length: usize,
}

impl Default for PassPolicy {
    /// Enabled, with Microsoft's own numbers
    /// (learn.microsoft.com/entra, "Configure Temporary Access Pass").
    fn default() -> Self {
        Self {
            enabled: true,
            only_once: false,
            minutes_min: 60,
            minutes_max: 480,
            minutes: 60,
            length: 8,
        }
    }
}

impl PassPolicy {
    pub(super) fn view(&self) -> Value {
        json!({
            "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration",
            "id": "TemporaryAccessPass", "state": if self.enabled { "enabled" } else { "disabled" },
            "defaultLifetimeInMinutes": self.minutes, "defaultLength": self.length,
            "minimumLifetimeInMinutes": self.minutes_min,
            "maximumLifetimeInMinutes": self.minutes_max, "isUsableOnce": self.only_once,
            "excludeTargets": [],
            "includeTargets": [{
                "targetType": "group", "id": "all_users", "isRegistrationRequired": false,
            }],
        })
    }
}

/// One method as Graph shows it. Secrets are null.
pub(super) fn view(method: &Method, now: Timestamp, policy: &PassPolicy) -> Value {
    let mut view = Value::Object(method.props.clone());
    view["@odata.type"] =
        json!(format!("#microsoft.graph.{}AuthenticationMethod", method.sort.name()));
    view["id"] = json!(method.id);
    if method.sort == Sort::TemporaryAccessPass {
        let (usable, reason) = method.pass_state(now, policy);
        view["temporaryAccessPass"] = Value::Null;
        view["isUsable"] = json!(usable);
        view["methodUsabilityReason"] = json!(reason);
    }
    view
}

/// The password as a method. Everybody has one, and it cannot be deleted.
pub(super) fn password(user: &User) -> Method {
    let set = user.props.get("lastPasswordChangeDateTime").cloned().unwrap_or(Value::Null);
    let props = Props::from_iter([
        ("password".to_owned(), Value::Null),
        ("createdDateTime".to_owned(), set),
    ]);
    Method { id: PASSWORD_ID.into(), sort: Sort::Password, props }
}

/// Everything a person can sign in with.
pub(super) fn of(state: &State, user: &User) -> Vec<Method> {
    let registered = state.methods.get(&user.id).map(|methods| methods.list.clone());
    std::iter::once(password(user)).chain(registered.unwrap_or_default()).collect()
}

/// A person's methods in a directory file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileMethods {
    user: String,
    /// The position of the default method in `methods`.
    default: Option<usize>,
    methods: Vec<FileMethod>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileMethod {
    /// Its id; one that comes from the sign-in name and the place when absent.
    id: Option<String>,
    sort: Sort,
    display_name: Option<String>,
    phone_number: Option<String>,
    phone_type: Option<String>,
    email_address: Option<String>,
}

/// The methods of a file, by user id.
pub(super) fn read(
    file: &[FileMethods],
    user_id: impl Fn(&str) -> Uuid,
) -> BTreeMap<Uuid, Methods> {
    let methods = |person: &FileMethods| {
        let named = person.methods.iter().zip(0_usize..);
        let list: Vec<Method> = named.map(|(method, at)| registered(method, person, at)).collect();
        let default = person.default.and_then(|at| list.get(at)).map(|method| method.id.clone());
        Methods { list, default, pass: None }
    };
    file.iter().map(|person| (user_id(&person.user), methods(person))).collect()
}

fn registered(method: &FileMethod, person: &FileMethods, at: usize) -> Method {
    // Phones and the e-mail address have the same id for everybody
    // (learn.microsoft.com/graph/api/resources/phoneauthenticationmethod, emailauthenticationmethod).
    let own = match (method.sort, method.phone_type.as_deref()) {
        (Sort::Phone, Some("alternateMobile")) => "b6332ec1-7057-4abe-9331-3d72feddfe41".into(),
        (Sort::Phone, Some("office")) => "e37fc753-ff3b-4958-9484-eaa9425c82bc".into(),
        (Sort::Phone, _) => "3179e48a-750b-4051-897c-87b9720928f7".into(),
        (Sort::Email, _) => "3ddfcfc8-9383-446f-83cc-3ab9be4be18f".into(),
        _ => id_from("method", &format!("{}{at}", person.user)).to_string(),
    };
    let id = method.id.clone().unwrap_or(own);
    let made = json!("2024-02-01T08:00:00Z");
    let members = match method.sort {
        Sort::Email => json!({ "emailAddress": method.email_address }),
        Sort::Phone => json!({
            "phoneNumber": method.phone_number, "phoneType": method.phone_type,
            "smsSignInState": "notAllowedByPolicy",
        }),
        Sort::SoftwareOath => json!({ "secretKey": null }),
        Sort::MicrosoftAuthenticator => json!({
            "displayName": method.display_name, "deviceTag": "SoftwareTokenActivated",
            "phoneAppVersion": "6.2401.0617", "createdDateTime": made,
        }),
        Sort::Fido2 => json!({
            "displayName": method.display_name, "createdDateTime": made,
            "aaGuid": "2fc0579f-8113-47ea-b116-bb5a8db9202a", "model": "Security Key NFC",
            "attestationCertificates": [], "attestationLevel": "attested",
        }),
        _ => json!({ "displayName": method.display_name, "createdDateTime": made }),
    };
    let props = members.as_object().cloned().unwrap_or_default();
    Method { id, sort: method.sort, props }
}

/// A new Temporary Access Pass, as it is kept.
pub(super) fn pass(id: Uuid, now: Timestamp, start: Timestamp, minutes: i64, once: bool) -> Method {
    let props = Props::from_iter([
        ("createdDateTime".to_owned(), json!(seconds(now))),
        ("startDateTime".to_owned(), json!(seconds(start))),
        ("lifetimeInMinutes".to_owned(), json!(minutes)),
        ("isUsableOnce".to_owned(), json!(once)),
    ]);
    Method { id: id.to_string(), sort: Sort::TemporaryAccessPass, props }
}

#[cfg(test)]
mod tests {
    use super::Sort;

    #[test]
    fn each_collection_is_found_by_its_segment() {
        assert_eq!(Sort::of_segment("phoneMethods"), Some(Sort::Phone));
        assert_eq!(Sort::of_segment("externalAuthenticationMethods"), Some(Sort::External));
        assert_eq!(Sort::of_segment("externalMethods"), None);
        assert_eq!(Sort::of_segment("operations"), None);
        for (sort, name) in Sort::ALL {
            assert_eq!(sort.name(), name);
        }
    }
}
