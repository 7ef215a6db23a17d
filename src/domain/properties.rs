//! The properties of a user that can be written: who keeps them, what they look like.
//!
//! Source: learn.microsoft.com/graph/api/resources/user (types, lengths, what cannot be
//! null) and learn.microsoft.com/graph/api/user-update (what stands alone in a request).

use serde_json::Value;

/// Who keeps a property, which decides the request and the right it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// The directory: `User.ReadWrite.All`, all in one request.
    Directory,
    /// The directory; for administrators the app needs a higher Entra role ("Who can
    /// perform sensitive actions", learn.microsoft.com/graph/api/resources/users).
    Sensitive,
    /// `SharePoint`: each in a request of its own.
    SharePoint,
    /// The directory, with `User-LifeCycleInfo.ReadWrite.All`.
    LifeCycle,
    /// The directory, with `User.ManageIdentities.All`.
    Identities,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text of at most so many characters.
    Text(usize),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A list of texts, at most so many.
    Texts(usize),
    /// An instant in UTC.
    Instant,
    /// Yes or no.
    Flag,
    /// An object with some of these members, all texts.
    Members(&'static [&'static str]),
    /// Anything; Microsoft judges.
    Any,
}

/// One writable property.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Graph's name; cards have its words under `value.`.
    pub name: &'static str,
    /// Who keeps it.
    pub keeper: Keeper,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether it can be emptied.
    pub clears: bool,
}

const fn p(name: &'static str, keeper: Keeper, shape: Shape) -> Property {
    Property { name, keeper, shape, clears: true }
}

const fn must(name: &'static str, keeper: Keeper, shape: Shape) -> Property {
    Property { name, keeper, shape, clears: false }
}

use Keeper::{Directory, Identities, LifeCycle, Sensitive, SharePoint};
use Shape::{Any, Flag, Instant, Members, OneOf, Text, Texts};

const EXTENSIONS: &[&str] = &[
    "extensionAttribute1",
    "extensionAttribute2",
    "extensionAttribute3",
    "extensionAttribute4",
    "extensionAttribute5",
    "extensionAttribute6",
    "extensionAttribute7",
    "extensionAttribute8",
    "extensionAttribute9",
    "extensionAttribute10",
    "extensionAttribute11",
    "extensionAttribute12",
    "extensionAttribute13",
    "extensionAttribute14",
    "extensionAttribute15",
];

/// All of them, in the order of a form. `accountEnabled` and `passwordProfile` are not
/// here: they have actions of their own.
pub const PROPERTIES: &[Property] = &[
    must("displayName", Directory, Text(256)),
    p("givenName", Directory, Text(64)),
    p("surname", Directory, Text(64)),
    must("userPrincipalName", Sensitive, Text(113)),
    p("mail", Directory, Text(256)),
    must("mailNickname", Directory, Text(64)),
    p("jobTitle", Directory, Text(128)),
    p("department", Directory, Text(64)),
    p("companyName", Directory, Text(64)),
    p("officeLocation", Directory, Text(128)),
    p("employeeId", Directory, Text(16)),
    p("employeeType", Directory, Text(256)),
    p("employeeHireDate", Directory, Instant),
    p("employeeLeaveDateTime", LifeCycle, Instant),
    p("employeeOrgData", Directory, Members(&["costCenter", "division"])),
    p("mobilePhone", Sensitive, Text(64)),
    // "Only one number can be set for this property."
    p("businessPhones", Sensitive, Texts(1)),
    p("faxNumber", Directory, Text(256)),
    p("otherMails", Sensitive, Texts(250)),
    p("streetAddress", Directory, Text(1024)),
    p("city", Directory, Text(128)),
    p("state", Directory, Text(128)),
    p("postalCode", Directory, Text(40)),
    p("country", Directory, Text(128)),
    must("usageLocation", Directory, Text(2)),
    p("preferredLanguage", Directory, Text(64)),
    p("ageGroup", Directory, OneOf(&["Minor", "NotAdult", "Adult"])),
    p("consentProvidedForMinor", Directory, OneOf(&["Granted", "Denied", "NotRequired"])),
    must("userType", Directory, OneOf(&["Member", "Guest"])),
    p(
        "passwordPolicies",
        Directory,
        OneOf(&[
            "None",
            "DisablePasswordExpiration",
            "DisableStrongPassword",
            "DisablePasswordExpiration, DisableStrongPassword",
        ]),
    ),
    p("showInAddressList", Directory, Flag),
    p("onPremisesImmutableId", Sensitive, Text(256)),
    p("onPremisesExtensionAttributes", Directory, Members(EXTENSIONS)),
    p("identities", Identities, Any),
    p("aboutMe", SharePoint, Text(65_536)),
    p("birthday", SharePoint, Instant),
    p("hireDate", SharePoint, Instant),
    p("interests", SharePoint, Texts(250)),
    p("mySite", SharePoint, Text(2_048)),
    p("pastProjects", SharePoint, Texts(250)),
    p("preferredName", SharePoint, Text(256)),
    p("responsibilities", SharePoint, Texts(250)),
    p("schools", SharePoint, Texts(250)),
    p("skills", SharePoint, Texts(250)),
];

/// The property of this name, ignoring case.
pub fn property(name: &str) -> Option<&'static Property> {
    PROPERTIES.iter().find(|property| property.name.eq_ignore_ascii_case(name))
}

impl Property {
    /// The value as Graph takes it, or what is wrong with it. An empty text clears, as
    /// `null` does; a day becomes the instant at its beginning, in UTC; a single text
    /// becomes a list of one.
    ///
    /// # Errors
    /// In words, when the value does not fit.
    pub fn accept(&self, said: &Value) -> Result<Value, String> {
        let empty = match said {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        if empty {
            return match (self.clears, self.shape) {
                (false, _) => Err("it cannot be emptied".to_owned()),
                (true, Texts(_)) => Ok(Value::Array(Vec::new())),
                (true, _) => Ok(Value::Null),
            };
        }
        match (self.shape, said) {
            (Text(most), Value::String(text)) => text_of(text.trim(), most).map(Value::String),
            (Text(most), Value::Number(number)) => {
                text_of(&number.to_string(), most).map(Value::String)
            }
            (OneOf(choices), Value::String(text)) => {
                let same = |choice: &&&str| choice.eq_ignore_ascii_case(text.trim());
                let found = choices.iter().find(same).map(|choice| Value::from(*choice));
                found.ok_or_else(|| format!("it is one of: {}", choices.join("; ")))
            }
            (Texts(most), Value::String(text)) => Ok(list(&[text.trim()], most)),
            (Texts(most), Value::Array(items)) => {
                let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                match texts {
                    Some(texts) if texts.len() <= most => Ok(list(&texts, most)),
                    Some(_) => Err(format!("it takes at most {most}")),
                    None => Err("it is a list of texts".to_owned()),
                }
            }
            (Instant, Value::String(text)) => instant(text.trim()),
            (Flag, Value::Bool(_)) | (Any, _) => Ok(said.clone()),
            (Flag, Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
                "yes" | "true" | "on" => Ok(Value::Bool(true)),
                "no" | "false" | "off" => Ok(Value::Bool(false)),
                _ => Err("it is yes or no".to_owned()),
            },
            (Members(names), Value::Object(members)) => {
                let fits = |(name, value): (&String, &Value)| {
                    names.contains(&name.as_str()) && (value.is_string() || value.is_null())
                };
                if members.iter().all(fits) {
                    Ok(said.clone())
                } else {
                    Err(format!("its members are texts named: {}", names.join(", ")))
                }
            }
            (Text(_), _) => Err("it is a text".to_owned()),
            (OneOf(choices), _) => Err(format!("it is one of: {}", choices.join("; "))),
            (Texts(_), _) => Err("it is a list of texts".to_owned()),
            (Instant, _) => Err("it is a day or an instant such as 2026-08-04".to_owned()),
            (Flag, _) => Err("it is yes or no".to_owned()),
            (Members(names), _) => {
                Err(format!("it is an object with members named: {}", names.join(", ")))
            }
        }
    }
}

fn text_of(text: &str, most: usize) -> Result<String, String> {
    let long = text.chars().count();
    if long > most {
        return Err(format!("it has {long} characters, and Microsoft takes at most {most}"));
    }
    Ok(text.to_owned())
}

fn list(texts: &[&str], most: usize) -> Value {
    texts.iter().take(most).map(|text| Value::from(*text)).collect()
}

fn instant(text: &str) -> Result<Value, String> {
    if let Ok(day) = text.parse::<jiff::civil::Date>() {
        return Ok(Value::String(format!("{day}T00:00:00Z")));
    }
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => Ok(Value::String(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())),
        Err(_) => Err("it is a day or an instant such as 2026-08-04".to_owned()),
    }
}

/// A value as people read it: a text key for what is empty.
pub fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if is_instant(text) => match text.strip_suffix("T00:00:00Z") {
            // Systems of HR write a day as midnight UTC.
            Some(day) => day.to_owned(),
            None => format!("@{text}"),
        },
        Value::Null => "=none".to_owned(),
        Value::Bool(true) => "=yes".to_owned(),
        Value::Bool(false) => "=no".to_owned(),
        Value::String(text) if text.is_empty() => "=none".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "=none".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let given = members.iter().filter(|(_, value)| !value.is_null());
            let pairs: Vec<String> =
                given.map(|(name, value)| format!("{name} {}", plain(value))).collect();
            if pairs.is_empty() { "=none".to_owned() } else { pairs.join(", ") }
        }
        Value::Number(number) => number.to_string(),
    }
}

/// Is it an instant as Graph writes it?
fn is_instant(text: &str) -> bool {
    text.len() >= "2026-11-30T08:00:00Z".len()
        && text.as_bytes().get(10) == Some(&b'T')
        && text.parse::<jiff::Timestamp>().is_ok()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn accepts(name: &str, said: &Value) -> Result<Value, String> {
        property(name).expect("a property").accept(said)
    }

    #[test]
    fn values_are_taken_as_graph_takes_them() {
        assert_eq!(accepts("jobtitle", &json!(" Engineer ")), Ok(json!("Engineer")));
        assert_eq!(accepts("jobTitle", &json!("")), Ok(Value::Null));
        assert_eq!(accepts("businessPhones", &json!("+44 1")), Ok(json!(["+44 1"])));
        assert_eq!(accepts("businessPhones", &json!([])), Ok(json!([])));
        assert_eq!(
            accepts("employeeHireDate", &json!("2026-01-05")),
            Ok(json!("2026-01-05T00:00:00Z"))
        );
        assert_eq!(accepts("userType", &json!("guest")), Ok(json!("Guest")));
        assert_eq!(accepts("showInAddressList", &json!("no")), Ok(json!(false)));
        assert_eq!(accepts("employeeId", &json!(10_011)), Ok(json!("10011")));
    }

    #[test]
    fn what_does_not_fit_is_said() {
        for (name, said) in [
            ("displayName", json!("")),
            ("department", json!("x".repeat(65))),
            ("businessPhones", json!(["1", "2"])),
            ("ageGroup", json!("old")),
            ("employeeOrgData", json!({ "team": "7" })),
            ("birthday", json!("soon")),
            ("showInAddressList", json!(3)),
        ] {
            assert!(accepts(name, &said).is_err(), "{name} {said}");
        }
    }
}
