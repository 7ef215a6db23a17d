//! Who must sign, as it is written in the settings.
//!
//! ```text
//! rule  = "confirm" | "refuse" | stage { "then" stage }
//! stage = ways { "or" ways }
//! ways  = term { "and" term }
//! term  = [ number "of" ] set | "approve" [ ":" number ] | "(" stage ")"
//! set   = "approvers" | "subject_manager" | "requester_manager" | a name under [policy.sets]
//! ```
//!
//! `and` binds more closely than `or`. `approve:2` is `2 of approvers`.
//!
//! Not here: what a set is (the settings say), and who is in it (the directory does).

use serde::{Deserialize, Deserializer, de};

/// A rule in the settings has at most so many characters.
const RULE_CHARS_MAX: usize = 500;
/// Brackets stand in each other at most so deep.
const DEPTH_MAX: usize = 8;
/// Of one set, so many at most.
const COUNT_MAX: u8 = 9;
/// Words that no set is called.
pub const RESERVED: [&str; 11] = [
    "approvers",
    "subject_manager",
    "requester_manager",
    "and",
    "or",
    "then",
    "of",
    "approve",
    "confirm",
    "refuse",
    "none",
];

/// Who must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// The requester presses it himself.
    Confirm,
    /// So many other people of the group's approvers.
    Approve(u8),
    /// Sets of people, one stage after another; at least one stage.
    Stages(Vec<Expression>),
    /// Nobody can: it is not done.
    Refuse,
}

/// Who has to sign together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// So many different people of a set.
    Signatures(u8, Source),
    /// All of these.
    All(Vec<Expression>),
    /// One of these.
    Any(Vec<Expression>),
}

/// Whose signatures count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The approvers of the permission group that the rule stands in.
    Approvers,
    /// A set under `[policy.sets]`.
    Set(String),
    /// The manager of each person whom the request is about.
    SubjectManager,
    /// The manager of whoever asks.
    RequesterManager,
}

impl Default for Approval {
    fn default() -> Self {
        Self::Approve(1)
    }
}

impl Approval {
    /// Every set that it names.
    pub fn sources(&self) -> Vec<&Source> {
        match self {
            Self::Stages(stages) => stages.iter().flat_map(Expression::sources).collect(),
            Self::Approve(_) => vec![&Source::Approvers],
            Self::Confirm | Self::Refuse => Vec::new(),
        }
    }
}

impl Expression {
    fn sources(&self) -> Vec<&Source> {
        match self {
            Self::Signatures(_, source) => vec![source],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::sources).collect(),
        }
    }
}

impl std::fmt::Display for Approval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Confirm => f.write_str("confirm"),
            Self::Refuse => f.write_str("refuse"),
            Self::Approve(1) => f.write_str("approve"),
            Self::Approve(count) => write!(f, "approve:{count}"),
            Self::Stages(stages) => {
                let stages: Vec<String> = stages.iter().map(ToString::to_string).collect();
                f.write_str(&stages.join(" then "))
            }
        }
    }
}

impl std::fmt::Display for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = |parts: &[Self], word: &str| {
            let one = |part: &Self| match part {
                Self::Any(_) if word == " and " => format!("({part})"),
                part => part.to_string(),
            };
            parts.iter().map(one).collect::<Vec<_>>().join(word)
        };
        match self {
            Self::Signatures(1, source) => f.write_str(source.as_str()),
            Self::Signatures(count, source) => write!(f, "{count} of {}", source.as_str()),
            Self::All(parts) => f.write_str(&joined(parts, " and ")),
            Self::Any(parts) => f.write_str(&joined(parts, " or ")),
        }
    }
}

impl Source {
    /// As the settings write it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Approvers => "approvers",
            Self::Set(name) => name,
            Self::SubjectManager => "subject_manager",
            Self::RequesterManager => "requester_manager",
        }
    }
}

/// Is this a name for a set: small letters, digits, `-` and `_`, at most 40, none of our words?
pub fn is_set_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 40
        && name.chars().all(plain)
        && !RESERVED.contains(&name)
}

impl std::str::FromStr for Approval {
    type Err = String;

    fn from_str(said: &str) -> Result<Self, String> {
        match said.trim() {
            "confirm" => return Ok(Self::Confirm),
            "refuse" => return Ok(Self::Refuse),
            _ if said.len() > RULE_CHARS_MAX => {
                return Err(format!("it is longer than {RULE_CHARS_MAX} characters"));
            }
            _ => {}
        }
        let spaced = said.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut reader = Reader { words: &words };
        let mut stages = vec![reader.ways(0)?];
        while reader.takes("then") {
            stages.push(reader.ways(0)?);
        }
        if let Some(word) = reader.words.first() {
            return Err(format!("“{word}” does not belong there"));
        }
        match stages.as_slice() {
            [Expression::Signatures(count, Source::Approvers)] => Ok(Self::Approve(*count)),
            _ => Ok(Self::Stages(stages)),
        }
    }
}

/// What is left to read.
struct Reader<'a> {
    words: &'a [&'a str],
}

impl Reader<'_> {
    fn takes(&mut self, word: &str) -> bool {
        let is = self.words.first() == Some(&word);
        if is {
            self.words = &self.words[1..];
        }
        is
    }

    fn ways(&mut self, depth: usize) -> Result<Expression, String> {
        if depth > DEPTH_MAX {
            return Err(format!("its brackets stand more than {DEPTH_MAX} deep"));
        }
        let mut ways = vec![self.together(depth)?];
        while self.takes("or") {
            ways.push(self.together(depth)?);
        }
        Ok(if ways.len() == 1 { ways.remove(0) } else { Expression::Any(ways) })
    }

    fn together(&mut self, depth: usize) -> Result<Expression, String> {
        let mut parts = vec![self.term(depth)?];
        while self.takes("and") {
            parts.push(self.term(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn term(&mut self, depth: usize) -> Result<Expression, String> {
        if self.takes("(") {
            let inner = self.ways(depth + 1)?;
            return if self.takes(")") { Ok(inner) } else { Err("a bracket is not closed".into()) };
        }
        let Some((word, rest)) = self.words.split_first() else {
            return Err("a set of people is missing at its end".to_owned());
        };
        if let Some(after) = word.strip_prefix("approve")
            && (after.is_empty() || after.starts_with(':'))
        {
            self.words = rest;
            let count = if after.is_empty() { 1 } else { count(&after[1..])? };
            return Ok(Expression::Signatures(count, Source::Approvers));
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let count = count(word)?;
            self.words = rest;
            if !self.takes("of") {
                return Err(format!("after “{word}” comes “of” and a set"));
            }
            return Ok(Expression::Signatures(count, self.source()?));
        }
        Ok(Expression::Signatures(1, self.source()?))
    }

    fn source(&mut self) -> Result<Source, String> {
        let Some((word, rest)) = self.words.split_first() else {
            return Err("a set of people is missing at its end".to_owned());
        };
        self.words = rest;
        match *word {
            "approvers" => Ok(Source::Approvers),
            "subject_manager" => Ok(Source::SubjectManager),
            "requester_manager" => Ok(Source::RequesterManager),
            name if is_set_name(name) => Ok(Source::Set(name.to_owned())),
            other => Err(format!("“{other}” is no set of people")),
        }
    }
}

fn count(said: &str) -> Result<u8, String> {
    let read = said.parse::<u8>().ok().filter(|count| (1..=COUNT_MAX).contains(count));
    read.ok_or_else(|| format!("“{said}” is not a number from 1 to {COUNT_MAX}"))
}

impl<'de> Deserialize<'de> for Approval {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let said = String::deserialize(from)?;
        said.parse().map_err(|why: String| {
            de::Error::custom(format!(
                "`{said}` is no approval: {why}; write confirm, approve, approve:2 … approve:9, refuse, or sets such as `2 of it-leads and security then subject_manager`"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_as_it_is_written_and_written_as_it_is_read() {
        for (said, written) in [
            ("confirm", "confirm"),
            ("refuse", "refuse"),
            ("approve", "approve"),
            ("approve:2", "approve:2"),
            ("2 of approvers", "approve:2"),
            ("security", "security"),
            ("it-leads and security", "it-leads and security"),
            (
                "2 of it-leads and security or subject_manager",
                "2 of it-leads and security or subject_manager",
            ),
            (
                "it-leads and (security or requester_manager)",
                "it-leads and (security or requester_manager)",
            ),
            ("(it-leads) then 2 of security", "it-leads then 2 of security"),
            ("approve and security", "approvers and security"),
        ] {
            let read: Approval = said.parse().unwrap();
            assert_eq!(read.to_string(), written, "{said}");
            assert_eq!(written.parse::<Approval>().unwrap(), read, "{written}");
        }
        let both = "a and b or c".parse::<Approval>().unwrap();
        let Approval::Stages(stages) = both else { panic!() };
        assert!(matches!(&stages[..], [Expression::Any(ways)] if ways.len() == 2), "{stages:?}");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (said, why) in [
            ("", "missing"),
            ("2 it-leads", "comes “of”"),
            ("0 of it-leads", "“0” is not a number from 1 to 9"),
            ("approve:10", "“10” is not a number"),
            ("it-leads and", "missing"),
            ("(it-leads", "bracket is not closed"),
            ("it-leads security", "“security” does not belong there"),
            ("IT", "“IT” is no set"),
            ("confirm and security", "“confirm” is no set"),
            ("it-leads then", "missing"),
        ] {
            let error = said.parse::<Approval>().unwrap_err();
            assert!(error.contains(why), "{said}: {error}");
        }
        let deep = format!("{}a{}", "(".repeat(20), ")".repeat(20));
        assert!(deep.parse::<Approval>().unwrap_err().contains("deep"));
        assert!("a and ".repeat(200).parse::<Approval>().is_err());
    }
}
