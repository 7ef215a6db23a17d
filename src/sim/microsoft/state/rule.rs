//! Rules of dynamic groups, as far as they are used: comparisons joined by `-and`, `-or`, `-not`
//! (learn.microsoft.com/entra/identity/users/groups-dynamic-membership).

use serde_json::Value;

use super::{super::odata::kinds::USER, Props};

/// A longer rule is refused (the same page: "The body of the rule is limited to 3,072 characters").
pub(in super::super) const RULE_MAX: usize = 3_072;

#[derive(Debug, PartialEq)]
pub(in super::super) enum Rule {
    And(Box<Rule>, Box<Rule>),
    Or(Box<Rule>, Box<Rule>),
    Not(Box<Rule>),
    /// `user.department -eq "Sales"`: of a user or of a device, the property, how, and with what.
    Compare {
        of: Of,
        property: String,
        how: How,
        values: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Of {
    User,
    Device,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum How {
    Eq,
    Ne,
    StartsWith,
    NotStartsWith,
    Contains,
    NotContains,
    In,
    NotIn,
}

/// Why a rule is no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Fault {
    /// It cannot be read.
    Syntax,
    /// It names a property that users and devices do not have.
    Property,
}

/// Properties of a device that a rule may name (the same page, "Rules for devices").
const OF_DEVICES: &[&str] = &[
    "accountEnabled",
    "deviceCategory",
    "deviceId",
    "deviceManagementAppId",
    "deviceManufacturer",
    "deviceModel",
    "displayName",
    "deviceOSType",
    "deviceOSVersion",
    "deviceOwnership",
    "enrollmentProfileName",
    "isRooted",
    "managementType",
    "objectId",
    "deviceTrustType",
];

pub(in super::super) fn parse(text: &str) -> Result<Rule, Fault> {
    if text.trim().is_empty() || text.len() > RULE_MAX {
        return Err(Fault::Syntax);
    }
    let mut reader = Reader { words: words(text)?, at: 0 };
    let rule = reader.either()?;
    if reader.at == reader.words.len() { Ok(rule) } else { Err(Fault::Syntax) }
}

#[derive(Debug, Clone, PartialEq)]
enum Word {
    Open,
    Close,
    Plain(String),
    Quoted(String),
    List(Vec<String>),
}

fn words(text: &str) -> Result<Vec<Word>, Fault> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        rest = match first {
            '(' => {
                found.push(Word::Open);
                after
            }
            ')' => {
                found.push(Word::Close);
                after
            }
            '"' | '\'' => {
                let (inside, after) = after.split_once(first).ok_or(Fault::Syntax)?;
                found.push(Word::Quoted(inside.to_owned()));
                after
            }
            '[' => {
                let (inside, after) = after.split_once(']').ok_or(Fault::Syntax)?;
                let item = |item: &str| item.trim().trim_matches(['"', '\'']).to_owned();
                found.push(Word::List(inside.split(',').map(item).collect()));
                after
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || c == '(' || c == ')');
                let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
                found.push(Word::Plain(word.to_owned()));
                after
            }
        }
        .trim_start();
    }
    Ok(found)
}

struct Reader {
    words: Vec<Word>,
    at: usize,
}

impl Reader {
    fn takes(&mut self, wanted: &str) -> bool {
        let bare = |word: &str| word.trim_start_matches('-').eq_ignore_ascii_case(wanted);
        let is = matches!(self.words.get(self.at), Some(Word::Plain(word)) if bare(word));
        self.at += usize::from(is);
        is
    }

    fn next(&mut self) -> Result<Word, Fault> {
        let word = self.words.get(self.at).cloned().ok_or(Fault::Syntax)?;
        self.at += 1;
        Ok(word)
    }

    fn either(&mut self) -> Result<Rule, Fault> {
        let mut left = self.both()?;
        while self.takes("or") {
            left = Rule::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Rule, Fault> {
        let mut left = self.one()?;
        while self.takes("and") {
            left = Rule::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Rule, Fault> {
        if self.takes("not") {
            return Ok(Rule::Not(Box::new(self.one()?)));
        }
        match self.next()? {
            Word::Open => {
                let inside = self.either()?;
                if self.next()? == Word::Close { Ok(inside) } else { Err(Fault::Syntax) }
            }
            Word::Plain(path) => self.comparison(&path),
            _ => Err(Fault::Syntax),
        }
    }

    fn comparison(&mut self, path: &str) -> Result<Rule, Fault> {
        let (of, property) = path.split_once('.').ok_or(Fault::Property)?;
        let of = match of.to_ascii_lowercase().as_str() {
            "user" => Of::User,
            "device" => Of::Device,
            _ => return Err(Fault::Property),
        };
        let property = known(of, property).ok_or(Fault::Property)?;
        let Word::Plain(how) = self.next()? else { return Err(Fault::Syntax) };
        let how = match how.trim_start_matches('-').to_ascii_lowercase().as_str() {
            "eq" => How::Eq,
            "ne" => How::Ne,
            "startswith" => How::StartsWith,
            "notstartswith" => How::NotStartsWith,
            "contains" => How::Contains,
            "notcontains" => How::NotContains,
            "in" => How::In,
            "notin" => How::NotIn,
            _ => return Err(Fault::Syntax),
        };
        let values = match (self.next()?, how) {
            (Word::List(values), How::In | How::NotIn) => values,
            (Word::Quoted(value) | Word::Plain(value), _) => vec![value],
            _ => return Err(Fault::Syntax),
        };
        Ok(Rule::Compare { of, property, how, values })
    }
}

/// The property's own spelling; rules ignore case.
fn known(of: Of, property: &str) -> Option<String> {
    let same = |known: &&str| known.eq_ignore_ascii_case(property);
    let lower = property.to_ascii_lowercase();
    let number = lower.strip_prefix("extensionattribute").and_then(|n| n.parse::<u8>().ok());
    if matches!(number, Some(1..=15)) {
        return Some(property.to_owned());
    }
    match of {
        Of::Device => OF_DEVICES.iter().copied().find(same).map(str::to_owned),
        Of::User => {
            let names = USER.properties.iter().map(|property| property.name);
            names.chain(["objectId"]).find(|name| same(name)).map(str::to_owned)
        }
    }
}

impl Rule {
    /// Whether an object of this sort, with these properties, follows the rule.
    pub fn fits(&self, what: Of, props: &Props) -> bool {
        match self {
            Self::And(left, right) => left.fits(what, props) && right.fits(what, props),
            Self::Or(left, right) => left.fits(what, props) || right.fits(what, props),
            Self::Not(inside) => inside.is_about(what) && !inside.fits(what, props),
            Self::Compare { of, property, how, values } => {
                *of == what && compares(props.get(property), *how, values)
            }
        }
    }

    fn is_about(&self, what: Of) -> bool {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.is_about(what) || right.is_about(what)
            }
            Self::Not(inside) => inside.is_about(what),
            Self::Compare { of, .. } => *of == what,
        }
    }
}

fn compares(found: Option<&Value>, how: How, values: &[String]) -> bool {
    let found = match found {
        Some(Value::String(text)) => text.to_lowercase(),
        Some(Value::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    };
    // `null` stands for an absent value.
    let wanted: Vec<String> = values
        .iter()
        .map(|value| if value == "null" { String::new() } else { value.to_lowercase() })
        .collect();
    let first = wanted.first().map_or("", String::as_str);
    match how {
        How::Eq => found == first,
        How::Ne => found != first,
        How::StartsWith => found.starts_with(first),
        How::NotStartsWith => !found.starts_with(first),
        How::Contains => found.contains(first),
        How::NotContains => !found.contains(first),
        How::In => wanted.contains(&found),
        How::NotIn => !wanted.contains(&found),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Fault, Of, parse};

    #[test]
    fn rules_are_read_and_followed() {
        let Some(omar) =
            json!({ "department": "Engineering", "accountEnabled": true, "jobTitle": "Engineer" })
                .as_object()
                .cloned()
        else {
            unreachable!("an object")
        };
        let fits = |rule: &str| parse(rule).map(|rule| rule.fits(Of::User, &omar));
        assert_eq!(fits("(user.department -eq \"engineering\")"), Ok(true));
        assert_eq!(
            fits("user.department -eq 'Sales' -or user.jobTitle -startsWith 'Eng'"),
            Ok(true)
        );
        assert_eq!(
            fits("(user.department -in [\"Sales\",\"IT\"]) -and (user.accountEnabled -eq true)"),
            Ok(false)
        );
        assert_eq!(fits("-not (user.department -eq \"Sales\")"), Ok(true));
        assert_eq!(fits("(device.deviceOSType -eq \"Windows\")"), Ok(false));
        assert_eq!(fits("user.shoeSize -eq 4"), Err(Fault::Property));
        assert_eq!(fits("(user.department -eq \"Sales\""), Err(Fault::Syntax));
        assert_eq!(fits("everybody"), Err(Fault::Property));
        assert_eq!(fits("user.department -near \"Sales\""), Err(Fault::Syntax));
    }
}
