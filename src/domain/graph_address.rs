//! A relative address of Graph v1.0, strictly parsed: nothing in it can lead elsewhere.
//!
//! What Graph takes in several spellings has one here: `/Users('x')`, `/users/x` and
//! `/v1.0/users/x` are the same address. What can hide something is refused: hosts,
//! other versions, dots that climb, slashes in disguise, things encoded twice.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest address, in bytes, as it is written and as it is sent.
pub const BYTES_MAX: usize = 2_000;
/// The most segments.
pub const SEGMENTS_MAX: usize = 12;
/// The most query options.
pub const OPTIONS_MAX: usize = 12;

/// Query options that Graph has; others are refused
/// (learn.microsoft.com/graph/query-parameters).
const OPTIONS: &[&str] = &[
    "$count",
    "$expand",
    "$filter",
    "$orderby",
    "$search",
    "$select",
    "$skip",
    "$skiptoken",
    "$top",
];

/// Why this is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    /// It names a host, or begins with two slashes.
    #[error("write only the path, beginning with one slash: /users/… and no host")]
    NotRelative,
    /// Beta, or another version.
    #[error("only Graph v1.0 is asked; leave the version out")]
    OtherVersion,
    /// A slash, a dot or a percent sign in disguise, a control character, a backslash.
    #[error(
        "the address holds a sign in disguise (encoded slashes, dots, percent signs, controls)"
    )]
    Disguised,
    /// `.` or `..`, or nothing between two slashes.
    #[error("a part of the address is empty, one dot or two dots")]
    Climbs,
    /// `root:/…` and the like.
    #[error("files and sites are addressed by id here, not by their path with colons")]
    ByPath,
    /// `$batch`, alone or inside.
    #[error("$batch is not sent: ask for one request at a time")]
    Batch,
    /// `/me`: an application is nobody.
    #[error("/me has no meaning for an application; name the user: /users/…")]
    Me,
    /// Too long, or too many parts.
    #[error("the address is too long")]
    TooLong,
    /// A query option Graph does not have, or one said twice.
    #[error("only Graph's own query options are sent ($select, $filter, $top …), each once")]
    Option,
    /// Not UTF-8 after decoding.
    #[error("the address cannot be read as text")]
    Unreadable,
}

/// A parsed address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GraphAddress {
    /// Decoded segments, keys in parentheses as segments of their own.
    segments: Vec<Segment>,
    /// Query options, lower-case with their dollar sign, decoded.
    options: Vec<(String, String)>,
}

/// One part of the path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Segment {
    /// As it is sent, decoded. A key in parentheses stands alone: `x` of `users('x')`.
    pub said: String,
    /// As it is compared: lower-case, without `microsoft.graph.` in front.
    pub plain: String,
    /// It was `name(arguments)`: sent like that again.
    pub call: bool,
}

impl GraphAddress {
    /// Parses what somebody wrote.
    pub fn parse(said: &str) -> Result<Self, NotAnAddress> {
        if said.len() > BYTES_MAX {
            return Err(NotAnAddress::TooLong);
        }
        if said.contains(['\\', '#']) || said.chars().any(|c| c.is_control() || c == '\u{feff}') {
            return Err(NotAnAddress::Disguised);
        }
        let (path, query) = said.split_once('?').unwrap_or((said, ""));
        let rest = path.strip_prefix('/').ok_or(NotAnAddress::NotRelative)?;
        if rest.starts_with('/') || path.contains("://") {
            return Err(NotAnAddress::NotRelative);
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let mut segments = Vec::new();
        for (at, raw) in rest.split('/').enumerate() {
            let decoded = decode(raw)?;
            if at == 0 && is_version(&decoded) {
                if decoded.eq_ignore_ascii_case("v1.0") {
                    continue;
                }
                return Err(NotAnAddress::OtherVersion);
            }
            add(&mut segments, &decoded)?;
        }
        if segments.is_empty() {
            return Err(NotAnAddress::Climbs);
        }
        if segments.len() > SEGMENTS_MAX {
            return Err(NotAnAddress::TooLong);
        }
        if segments[0].plain == "me" {
            return Err(NotAnAddress::Me);
        }
        let address = Self { segments, options: options(query)? };
        (address.sent().len() <= BYTES_MAX).then_some(address).ok_or(NotAnAddress::TooLong)
    }

    /// The parts of the path.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The query options, decoded.
    pub fn options(&self) -> &[(String, String)] {
        &self.options
    }

    /// The path as it is sent: each part encoded anew.
    pub fn path(&self) -> String {
        self.segments.iter().fold(String::new(), |path, segment| {
            format!("{path}/{}", encode(&segment.said, segment.call))
        })
    }

    /// Path and query as they are sent.
    pub fn sent(&self) -> String {
        let query: Vec<String> = self
            .options
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value, false)))
            .collect();
        if query.is_empty() { self.path() } else { format!("{}?{}", self.path(), query.join("&")) }
    }
}

impl fmt::Display for GraphAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sent())
    }
}

impl TryFrom<String> for GraphAddress {
    type Error = NotAnAddress;
    fn try_from(said: String) -> Result<Self, NotAnAddress> {
        Self::parse(&said)
    }
}

impl From<GraphAddress> for String {
    fn from(address: GraphAddress) -> Self {
        address.sent()
    }
}

fn is_version(segment: &str) -> bool {
    let folded = segment.to_ascii_lowercase();
    folded == "beta"
        || folded.strip_prefix('v').is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_digit())
                && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
        })
}

fn add(segments: &mut Vec<Segment>, decoded: &str) -> Result<(), NotAnAddress> {
    if decoded.is_empty() || decoded == "." || decoded == ".." {
        return Err(NotAnAddress::Climbs);
    }
    if decoded.starts_with(':') || decoded.ends_with(':') {
        return Err(NotAnAddress::ByPath);
    }
    if decoded.to_lowercase().contains("$batch") {
        return Err(NotAnAddress::Batch);
    }
    let Some((name, inside)) = decoded.strip_suffix(')').and_then(|open| open.split_once('('))
    else {
        segments.push(Segment { said: decoded.to_owned(), plain: plain(decoded), call: false });
        return Ok(());
    };
    if name.is_empty() {
        return Err(NotAnAddress::Climbs);
    }
    let quoted = inside.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match quoted {
        // `users('x')` is `users/x`.
        Some(key) if !key.replace("''", "").contains('\'') => {
            let key = key.replace("''", "'");
            segments.push(Segment { said: name.to_owned(), plain: plain(name), call: false });
            add_key(segments, &key)
        }
        // A call with arguments, such as `usedRange(valuesOnly=true)` or `applications(appId='x')`.
        _ => {
            let call = Segment { said: decoded.to_owned(), plain: plain(name), call: true };
            segments.push(call);
            Ok(())
        }
    }
}

fn add_key(segments: &mut Vec<Segment>, key: &str) -> Result<(), NotAnAddress> {
    if key.is_empty() || key == "." || key == ".." {
        return Err(NotAnAddress::Climbs);
    }
    if key.contains(['(', ')']) {
        return Err(NotAnAddress::Disguised);
    }
    segments.push(Segment { said: key.to_owned(), plain: plain(key), call: false });
    Ok(())
}

fn plain(segment: &str) -> String {
    let folded = segment.to_lowercase();
    let bare = folded.strip_prefix("microsoft.").unwrap_or(&folded);
    let bare = bare.strip_prefix("graph.").unwrap_or(bare);
    if bare.is_empty() { folded } else { bare.to_owned() }
}

fn options(query: &str) -> Result<Vec<(String, String)>, NotAnAddress> {
    let mut found: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(NotAnAddress::Option)?;
        let name = decode_value(name)?.to_ascii_lowercase();
        // The dollar sign may be left out in v1.0.
        let name = if name.starts_with('$') { name } else { format!("${name}") };
        let twice = found.iter().any(|(known, _)| *known == name);
        if twice || !OPTIONS.contains(&name.as_str()) {
            return Err(NotAnAddress::Option);
        }
        found.push((name, decode_value(value)?));
    }
    if found.len() > OPTIONS_MAX { Err(NotAnAddress::TooLong) } else { Ok(found) }
}

/// Decodes a segment once. What a second decoding could change is refused, and so is what
/// would be a slash, a question mark or the like.
fn decode(raw: &str) -> Result<String, NotAnAddress> {
    let decoded = percent(raw)?;
    let hidden = |c: char| c.is_control() || "/\\%?;".contains(c);
    let hidden = decoded.chars().any(hidden) || decoded.trim() != decoded;
    if hidden { Err(NotAnAddress::Disguised) } else { Ok(decoded) }
}

/// Decodes a query value: `+` is a space, and slashes are only text there.
fn decode_value(raw: &str) -> Result<String, NotAnAddress> {
    let decoded = percent(&raw.replace('+', " "))?;
    let hidden = decoded.chars().any(char::is_control);
    if hidden { Err(NotAnAddress::Disguised) } else { Ok(decoded) }
}

fn percent(raw: &str) -> Result<String, NotAnAddress> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first != b'%' {
            bytes.push(first);
            rest = after;
            continue;
        }
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex
            .filter(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.ok_or(NotAnAddress::Disguised)?);
        rest = &after[2..];
    }
    String::from_utf8(bytes).map_err(|_| NotAnAddress::Unreadable)
}

/// Percent-encodes all but what is plain in a path; in a call also its own signs stay.
fn encode(text: &str, call: bool) -> String {
    use std::fmt::Write as _;
    let keeps = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || b"-._~$@!*,".contains(&byte)
            || call && b"()='".contains(&byte)
    };
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if keeps(byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a String takes any text");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::{GraphAddress, NotAnAddress};

    fn read(said: &str) -> Result<String, NotAnAddress> {
        GraphAddress::parse(said).map(|address| address.sent())
    }

    #[test]
    fn one_address_has_one_spelling() {
        for said in [
            "/users/john.doe@contoso.com",
            "/v1.0/users/john.doe@contoso.com",
            "/users('john.doe@contoso.com')",
            "/users/john.doe%40contoso.com/",
        ] {
            assert_eq!(read(said).unwrap(), "/users/john.doe@contoso.com", "{said}");
        }
        let plain = |said: &str| -> Vec<String> {
            let address = GraphAddress::parse(said).unwrap();
            address.segments().iter().map(|segment| segment.plain.clone()).collect()
        };
        assert_eq!(
            plain("/Users/x/microsoft.graph.revokeSignInSessions"),
            ["users", "x", "revokesigninsessions"]
        );
        assert_eq!(plain("/Applications(appId='A')/ADDPASSWORD"), ["applications", "addpassword"]);
        assert_eq!(
            read("/users/a%23EXT%23@b.c?$select=id,mail&top=5&$filter=mail eq 'a/b'").unwrap(),
            "/users/a%23EXT%23@b.c?$select=id,mail&$top=5&$filter=mail%20eq%20%27a%2Fb%27"
        );
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused() {
        use NotAnAddress::{
            Batch, ByPath, Climbs, Disguised, Me, NotRelative, Option, OtherVersion,
        };
        for (said, why) in [
            ("users", NotRelative),
            ("https://graph.microsoft.com/v1.0/users", NotRelative),
            ("//evil.example/users", NotRelative),
            ("/https://evil.example", NotRelative),
            ("/beta/users", OtherVersion),
            ("/BETA/users", OtherVersion),
            ("/v2.0/users", OtherVersion),
            ("/users/../applications", Climbs),
            ("/users/%2e%2e/applications", Climbs),
            ("/users/./x", Climbs),
            ("/users//x", Climbs),
            ("/", Climbs),
            ("/users('')", Climbs),
            ("/users/a%2Fb", Disguised),
            ("/users/a%5Cb", Disguised),
            ("/users/a%252Fb", Disguised),
            ("/users/a%00", Disguised),
            ("/users/a%0d%0aHost:x", Disguised),
            ("/users/a\\b", Disguised),
            ("/users/x#y", Disguised),
            ("/users/x;a=b", Disguised),
            ("/users/%zz", Disguised),
            ("/users/%", Disguised),
            ("/users/%20x", Disguised),
            ("/$batch", Batch),
            ("/%24Batch", Batch),
            ("/users/$BATCH", Batch),
            ("/me/messages", Me),
            ("/ME", Me),
            ("/drives/x/root:/a.xlsx", ByPath),
            ("/users?$format=json", Option),
            ("/users?$select=id&select=mail", Option),
            ("/users?access_token=x", Option),
        ] {
            assert_eq!(read(said), Err(why), "{said}");
        }
        for long in ["x".repeat(3_000), format!("x?$select={}", "é".repeat(400))] {
            assert_eq!(read(&format!("/users/{long}")), Err(NotAnAddress::TooLong));
        }
        assert_eq!(read("/users/%ff"), Err(NotAnAddress::Unreadable));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_refused_or_stays_what_it_is(said in "/[ -~é%]{0,60}") {
            if let Ok(address) = GraphAddress::parse(&said) {
                let sent = address.sent();
                proptest::prop_assert!(sent.starts_with('/') && !sent.starts_with("//"));
                proptest::prop_assert!(!sent.contains("..") || !sent.split(['/', '?']).any(|part| part == ".."));
                proptest::prop_assert_eq!(GraphAddress::parse(&sent), Ok(address));
            }
        }
    }
}
