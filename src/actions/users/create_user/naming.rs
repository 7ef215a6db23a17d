//! A new colleague's names: what is said, and what follows from it.

use crate::domain::{ids::Upn, trouble::Reason};

/// Display name, given name and surname.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// As people read it.
    pub display: String,
    /// The first word, unless it was said.
    pub given: Option<String>,
    /// The rest, unless it was said.
    pub surname: Option<String>,
}

impl Name {
    /// From what was said.
    ///
    /// # Errors
    /// When there is no name.
    pub fn of(display: &str, given: Option<&str>, surname: Option<&str>) -> Result<Self, Reason> {
        let display = display.split_whitespace().collect::<Vec<_>>().join(" ");
        if display.is_empty() {
            let why = "a new account needs a name".to_owned();
            return Err(Reason::WrongArgument { field: "display_name".to_owned(), why });
        }
        let (first, rest) = match display.split_once(' ') {
            Some((first, rest)) => (Some(first.to_owned()), Some(rest.to_owned())),
            None => (None, None),
        };
        Ok(Self {
            given: given.map(str::to_owned).or(first),
            surname: surname.map(str::to_owned).or(rest),
            display,
        })
    }

    /// A sign-in name in this domain: `given.surname`, without accents and signs.
    ///
    /// # Errors
    /// When nothing of the name can stand in one.
    pub fn upn(&self, domain: &str) -> Result<Upn, Reason> {
        let parts = match (&self.given, &self.surname) {
            (Some(given), Some(surname)) => vec![plain(given), plain(surname)],
            _ => vec![plain(&self.display)],
        };
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let asked = || Reason::WrongArgument {
            field: "upn".to_owned(),
            why: "say which sign-in name it gets: none follows from this name".to_owned(),
        };
        if parts.is_empty() {
            return Err(asked());
        }
        // The part before the @ has at most 64 characters
        // (learn.microsoft.com/entra, "userPrincipalName": 64 before, 48 after).
        let alias: String = parts.join(".").chars().take(64).collect();
        format!("{}@{domain}", alias.trim_matches('.')).parse().map_err(|_| asked())
    }
}

/// Letters and digits of a name, folded to ASCII. A sign is not spelled out.
fn plain(text: &str) -> String {
    let letters: String = text.chars().filter(|sign| sign.is_alphanumeric()).collect();
    deunicode::deunicode(&letters)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::Name;

    fn upn(display: &str) -> String {
        Name::of(display, None, None).unwrap().upn("contoso.com").unwrap().to_string()
    }

    #[test]
    fn a_sign_in_name_follows_from_the_name() {
        assert_eq!(upn("Ada Lovelace"), "ada.lovelace@contoso.com");
        assert_eq!(upn("  Zoë   van den Berg "), "zoe.vandenberg@contoso.com");
        assert_eq!(upn("Seán O'Brien"), "sean.obrien@contoso.com");
        assert_eq!(upn("Jürgen Groß"), "jurgen.gross@contoso.com");
        assert_eq!(upn("Cher"), "cher@contoso.com");
        assert!(Name::of(" ", None, None).is_err());
        assert!(Name::of("🙂", None, None).unwrap().upn("contoso.com").is_err());
    }
}
