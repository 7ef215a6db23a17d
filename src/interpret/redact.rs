//! A password typed into a message is replaced before anything is stored, logged or
//! sent on. Wherever a construction that names a password gives it a value, the value
//! goes; a message that only speaks of passwords stays as it is.

use std::{fmt, sync::LazyLock};

use regex::Regex;

/// What stands in a password's place.
pub const MARKER: &str = "⟨password removed⟩";

/// A message without the password that was typed into it.
#[derive(Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The words, with [`MARKER`] in place of each password.
    pub words: String,
    /// One was found.
    pub found: bool,
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} characters, found: {}", self.words.chars().count(), self.found)
    }
}

/// Names of a password; `pass` alone is too common a word and only counts with a mark.
const NAMES: &str = r"(?:pass[ -]?words?|passwd|pass ?code|pass ?phrase|p/w|pws?|pwds?|pswd|psw|passwort|kennwort|kennworter|mot de passe|mdp|contraseña|contrasena|senha|wachtwoord|adgangskode|l[öo]senord|credentials|creds|(?:temp(?:orary)?|new|initial|current|old|login|his|her|their|my) pass)";

/// Between the name and its value: whose it is, what sort.
const OWNER: &str = r"(?:\s+(?:for|of|to|on)\s+(?:the\s+|this\s+|user\s+|account\s+)*[^\s,:;=]+(?:\s+[\p{Lu}][^\s,:;=]*){0,3})?";

/// More than this between quotation marks is a text, no password.
const QUOTED_CHARS_MAX: usize = 130;
/// So far from its verb a password is not what the verb is about.
const GAP_CHARS_MAX: usize = 120;
/// No verb and no name of a password before such a gap is longer, in bytes.
const HEAD: usize = 32;

// What may be long is bounded after the match, not by `{1,128}`: the pattern would hold
// each of the 128 anew, and the nine of them took 17 MiB.
static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let value = r#"(?P<v>"[^"\n]+"|“[^”\n]+”|'[^'\n]+'|`{1,3}[^`]+`{1,3}|«[^»\n]+»|\*[^*\n]+\*|[^\s"'`“”]\S*)"#;
    let all = [
        // password: X · pw = X · pass: X · "password" : "X" · on the next line
        format!(
            r#"(?i)\b(?:{NAMES}|pass|pin){OWNER}["'*_`]{{0,3}}(?:\s*\([^)\n]{{0,40}}\))?\s*(?::=|=>|->|→|:|=)\s*(?:is\s+)?{value}"#
        ),
        // -Password X, --password=X, /p:X
        format!(r"(?i)(?:^|\s)(?:--?|/)(?:password|passwd|pwd|newpassword|p)[ :=]+{value}"),
        // the password is X, pw is now X, password will be X, passwort ist X
        format!(
            r"(?i)\b{NAMES}{OWNER}\s+(?:is|was|are|ist|lautet|est|es|será|[ée]r|will be|should be|shall be|must be|to be|would be|becomes|has been (?:set|changed|reset) to|was (?:set|changed|reset) to|is (?:now|set to|currently|still|going to be)|now|needs to be)\b\s*(?:now\s+|set to\s+|changed to\s+|currently\s+|:\s*|-\s+)*{value}"
        ),
        // set/change/reset … password … to X
        format!(
            r"(?i)\b(?:set|change|reset|update|make|put|switch|use|changing|setting|resetting|updating|gib|setze|ändere)\b(?P<gap>[^\n!?]*?)\b{NAMES}{OWNER}[^.\n!?:=]{{0,40}}?\s(?:to|as|be|auf|into)\s+(?:be\s+)?(?:the following\s*:?\s*|this\s*:?\s*)?{value}"
        ),
        // password "X", temp pw X1!, with password X
        format!(
            r"(?i)\b(?:with|using|use|via|mit)\s+(?:the\s+|a\s+|this\s+|temp(?:orary)?\s+|new\s+|initial\s+)*{NAMES}\s+{value}"
        ),
        format!(r"(?i)\b{NAMES}{OWNER}[\s,–-]+{value}"),
        // use X as the password; X is the password
        format!(
            r"(?i)\b(?:use|set|try|put|choose|make it)\s+{value}\s+(?:as|for|to be)\s+(?:the\s+|his\s+|her\s+|their\s+|my\s+|a\s+|new\s+|temp(?:orary)?\s+)*{NAMES}\b"
        ),
        format!(
            r"(?i){value}\s+(?:is|as|was|will be)\s+(?:the|his|her|their|my|your|a)\s+(?:new\s+|temp(?:orary)?\s+|current\s+|initial\s+)*{NAMES}\b"
        ),
        // make it X (after a password was spoken of)
        format!(r"(?i)\b{NAMES}\b(?P<gap>[^\n]*?)\b(?:make|set|change) it (?:to |as |be )?{value}"),
    ];
    all.iter().map(|text| Regex::new(text).expect("a fixed pattern")).collect()
});

/// How a pattern's value is judged: a mark names a value plainly, words may only speak.
const STRICT: [bool; 9] = [false, false, true, true, true, true, true, true, true];
/// The constructions where any unusual-looking word is a value; elsewhere it must look
/// like a secret or stand in quotation marks.
const NAMES_A_VALUE: [bool; 9] = [true, true, true, true, true, false, true, false, true];

/// Ordinary words that may follow "the password is …" or "password to …".
const WORDS: &str = " a an the his her their my your our its this that these it he she they i we you who whom someone anyone something anything nothing everyone reset change changed set expired expiring expire expires wrong incorrect correct invalid right fine ok okay working work works not never no none old new temporary temp required needed need needs due locked lost forgotten forgot unknown blank empty still now again already also and or but so because since please pls asap today tomorrow monday tuesday wednesday thursday friday saturday sunday soon at on in by for from of to with without as if when where what which how why is are was were be been being has have had will would should can could may must do does did doing get got getting give given sent send sending only just really very too more less same different weak strong stronger simple complex long short secure insecure safe unsafe good bad better stuck accepted rejected recognised recognized known shared stored synced sync syncing saved visible hidden out up down off over back about after before until till per via login logon signin sign-in next first last least once via email mail phone text sms teams slack link generated random auto-generated automatically something else asking prompting prompt resets policy policies manager protection hash sync writeback rules rule age history field box page portal link option issue issues problem problems help request requests changes protected works allowed managed being through me him them us access accounts account user users megan everyone's there here gone missing compromised leaked breached stolen exposed known cracked guessed phished hacked too urgently immediately straight away one two three four five hours days minutes make sure not, ";

/// Takes every typed password out of a message.
pub fn redact(words: &str) -> Redacted {
    let mut words = words.to_owned();
    let mut found = false;
    for (number, pattern) in PATTERNS.iter().enumerate() {
        let mut at = 0;
        while let Some(captures) = pattern.captures_at(&words, at) {
            let (Some(whole), Some(value)) = (captures.get(0), captures.name("v")) else { break };
            let next =
                words[whole.start()..].chars().next().map_or(1, char::len_utf8) + whole.start();
            if let Some(gap) = captures.name("gap")
                && let Some((last, _)) = gap.as_str().char_indices().rev().nth(GAP_CHARS_MAX)
            {
                // Whatever begins before the last letters of this gap has as wide a gap.
                at = next.max(words.floor_char_boundary((gap.start() + last).saturating_sub(HEAD)));
                continue;
            }
            let said = value.as_str().trim_end_matches(['.', ',', ';', '!', '?', ')', ']', '}']);
            let quoted = said.starts_with(['"', '“', '\'', '`', '«', '*']);
            let long = quoted && said.chars().count() > QUOTED_CHARS_MAX;
            // Asterisks make bold what somebody wrote, a password first or not.
            let bold = long && said.starts_with(['*', '«']);
            let first = said.split_whitespace().next().unwrap_or(said);
            let (said, quoted, a_text) =
                if bold { (first, false, false) } else { (said, quoted, long) };
            let secret = !said.is_empty()
                && !a_text
                && !said.contains(['⟨', '⟩'])
                && (quoted || is_value(said, number));
            if !secret {
                at = next;
                continue;
            }
            // A sentence mark may belong to the password: all of the word goes.
            let range = if quoted || bold {
                value.start()..value.start() + said.len()
            } else {
                value.range()
            };
            let tail: String = if quoted || bold { String::new() } else { closing(value.as_str()) };
            let put = format!("{MARKER}{tail}");
            at = range.start + put.len();
            words.replace_range(range, &put);
            found = true;
        }
    }
    Redacted { words, found }
}

/// Commas and brackets behind an unquoted value, which cannot hurt.
fn closing(value: &str) -> String {
    value
        .chars()
        .rev()
        .take_while(|c| ",;)]}".contains(*c))
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect()
}

fn is_value(said: &str, pattern: usize) -> bool {
    let lower = said.to_lowercase();
    let ordinary = WORDS.contains(&format!(" {lower} ")) || lower.ends_with("'s");
    if ordinary
        || (said.contains('@')
            && said.split('@').nth(1).is_some_and(|host| {
                host.contains('.') && !host.ends_with(|c: char| c.is_ascii_digit())
            }))
    {
        return false;
    }
    let digit = said.chars().any(|c| c.is_ascii_digit());
    let letter = said.chars().any(char::is_alphabetic);
    let symbol = said.chars().any(|c| !c.is_alphanumeric() && !"-'.".contains(c));
    let mixed =
        said.chars().skip(1).any(char::is_uppercase) && said.chars().any(char::is_lowercase);
    let looks = (digit && letter)
        || (symbol && said.chars().count() > 3)
        || (mixed && said.chars().count() > 5);
    let plain_mark = !STRICT[pattern];
    if plain_mark {
        return true;
    }
    let clock = digit
        && lower
            .trim_end_matches(['m', 'a', 'p', 't', 'h', 's', 'n', 'd', 'r'])
            .chars()
            .all(|c| c.is_ascii_digit() || ":/.-".contains(c));
    let hyphened = said.contains('-') && !digit && !symbol;
    if NAMES_A_VALUE[pattern] {
        (!clock && (!hyphened || looks)) || (digit && !letter && said.len() >= 6)
    } else {
        looks && !clock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_password_is_taken_out_in_every_form() {
        for said in [
            "reset john's password to Summer2026!",
            "the password is Hunter2!!",
            "his new password is Tr0ub4dor&3, thanks",
            "pw: Welcome123",
            "Password: correcthorse",
            "passwort: Geheim99",
            "das Passwort ist Geheim99",
            "set the password for megan to P@ssw0rd",
            "change megan.bowen@contoso.com's pw to Winter2025",
            "temporary pass Xk29-Qq1!",
            "temp password Abcd1234",
            "password=abc123",
            "user=jo password=abc123 x=1",
            "{\"password\": \"s3cr3t\"}",
            "the password for john is `hunter22`",
            "password:\nSecret99!",
            "set his password to \"blue horse battery\"",
            "Please use Monday2025 as the temp password",
            "Set-MgUser -Password Abcd1234!",
            "new pw for adele = qwerty",
            "reset his password and make it Orange44",
            "creds: jo / Passw0rd",
            "the password should be Orange44",
            "please set password for Adele Vance to rainbow",
            "mot de passe : Bonjour1",
        ] {
            let read = redact(said);
            assert!(read.found, "{said}");
            assert!(read.words.contains(MARKER), "{said} → {}", read.words);
            for secret in [
                "Summer",
                "Hunter",
                "Tr0ub",
                "Welcome1",
                "correcthorse",
                "Geheim",
                "P@ss",
                "Winter",
                "Xk29",
                "Abcd",
                "abc123",
                "s3cr3t",
                "hunter22",
                "Secret99",
                "blue horse",
                "Monday2025",
                "qwerty",
                "Orange",
                "rainbow",
                "Bonjour",
            ] {
                assert!(!read.words.contains(secret), "{said} → {}", read.words);
            }
        }
    }

    #[test]
    fn what_is_too_long_or_too_far_away_is_no_password() {
        let long = "word ".repeat(40);
        for said in [
            format!("the password is \"{long}\""),
            format!("set the lamp {long} password to Orange44x"),
            format!("the password {long} and make it Orange44x"),
        ] {
            assert!(!redact(&said).found, "{said}");
        }
        // The nearer verb counts, however many stand before it.
        let said = format!("{}set his password to Orange44x", "set a lamp ".repeat(2_000));
        assert_eq!(redact(&said).words.matches(MARKER).count(), 1);
        assert!(!redact(&said).words.contains("Orange44x"));
        // Between asterisks no text is meant: the first word of it is the value.
        let said = format!("password: *Orange44x {long}*");
        assert_eq!(redact(&said).words, format!("password: {MARKER} {long}*"));
        let said = format!("password: {}", "Ab3".repeat(100));
        assert_eq!(redact(&said).words, format!("password: {MARKER}"));
    }

    #[test]
    fn sentences_that_only_speak_of_passwords_stay() {
        for said in [
            "reset the password for john",
            "reset the password for john.doe@contoso.com",
            "the password is expired",
            "the password is not working",
            "Adele forgot her password, please help",
            "password reset for Megan Bowen please",
            "temp password for Adele Vance",
            "reset her password and revoke sessions",
            "can you change my password today",
            "the password was reset yesterday",
            "force a password change at next sign-in",
            "his password is about to expire",
            "new password for debra.berger@contoso.com",
            "reset password and send it to her manager",
            "the password policy is ridiculous",
            "reset pw, revoke sessions, clear mfa",
            "please reset Pradeep Gupta's password to something he can remember",
            "password reset adele vance 5pm",
        ] {
            let read = redact(said);
            assert!(!read.found, "{said} → {}", read.words);
            assert_eq!(read.words, said);
        }
    }
}
