//! Words as they came in → clean text with a way back to the original → tokens.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longer messages are cut here; a person asks in far fewer characters.
pub const MESSAGE_CHARS_MAX: usize = 20_000;

/// A message in NFC, without characters that cannot be seen, and the way back.
#[derive(Debug)]
pub struct Text {
    original: String,
    /// What is read.
    pub clean: String,
    /// For each byte of `clean`, where it came from in the original.
    origin: Vec<usize>,
    /// Something was longer than [`MESSAGE_CHARS_MAX`] and was cut.
    pub cut: bool,
}

impl Text {
    /// Cleans a message.
    pub fn of(words: &str) -> Self {
        let end = words.char_indices().nth(MESSAGE_CHARS_MAX).map_or(words.len(), |(at, _)| at);
        let original = words[..end].to_owned();
        let mut clean = String::with_capacity(original.len());
        let mut origin = Vec::with_capacity(original.len() + 1);
        // Rows of a sheet that was pasted: their cells are kept apart.
        let tabbed = original.lines().filter(|line| line.trim().contains('\t')).count() > 1;
        let plain = |c: char| if tabbed && c == '\t' { '|' } else { plain(c) };
        let mut chars = original.char_indices().peekable();
        let mut cluster = String::new();
        while let Some((at, first)) = chars.next() {
            if invisible(first) {
                continue;
            }
            cluster.clear();
            cluster.push(plain(first));
            while let Some((_, mark)) = chars.next_if(|(_, c)| is_combining_mark(*c)) {
                if cluster.len() < 64 {
                    cluster.push(mark);
                }
            }
            let before = clean.len();
            clean.extend(cluster.nfc());
            origin.resize(origin.len() + clean.len() - before, at);
        }
        origin.push(original.len());
        Self { cut: end < words.len(), original, clean, origin }
    }

    /// How many characters of the original cannot be seen and were left out.
    pub fn hidden(&self) -> usize {
        self.original.chars().filter(|c| invisible(*c)).count()
    }

    /// The original words behind a range of the clean text, at most 80 characters.
    pub fn said(&self, from: usize, to: usize) -> String {
        let at = |byte: usize| self.origin.get(byte).copied().unwrap_or(self.original.len());
        let words = self.original.get(at(from)..at(to)).unwrap_or_default();
        words.trim().chars().take(80).collect()
    }
}

/// Zero-width, bidirectional, variation and tag characters, soft hyphen, controls.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
        || (c.is_control() && c != '\n' && c != '\t')
}

/// One sort of quote, dash, space and line end.
fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{02BC}' | '\u{00B4}' => '\'',
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{00AB}' | '\u{00BB}' => '"',
        '\u{2010}' | '\u{2011}' => '-',
        '\u{2028}' | '\u{2029}' => '\n',
        '\t' => ' ',
        c if c.is_whitespace() && c != '\n' => ' ',
        c => c,
    }
}

/// What sort of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Letters, digits, underscores.
    Word,
    /// A mail address or sign-in name.
    Address,
    /// `⟨@n⟩`.
    Mention(usize),
    /// Any other visible character.
    Mark(char),
    /// The end of a line.
    Line,
}

/// A word, a mark or an address.
#[derive(Debug, Clone)]
pub struct Token {
    /// First byte in the clean text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Lower case, without accents and apostrophes.
    pub folded: String,
    /// Its sort.
    pub sort: Sort,
    /// Ends in `'s` or `s'`.
    pub possessive: bool,
    /// No space stands before it.
    pub glued: bool,
    /// Begins with a capital letter.
    pub capital: bool,
}

impl Token {
    /// This mark?
    pub fn is(&self, mark: char) -> bool {
        self.sort == Sort::Mark(mark)
    }

    /// A word, not a mark?
    pub fn word(&self) -> bool {
        self.sort == Sort::Word
    }
}

/// Lower case, accents and apostrophes gone.
pub fn fold(word: &str) -> String {
    let mut plain = if word.is_ascii() { word.to_owned() } else { deunicode::deunicode(word) };
    plain.make_ascii_lowercase();
    plain.retain(|c| c != '\'' && c != '-');
    plain
}

/// The words of a name, folded: "Mary-Kate O'Neil" → `mary kate oneil`.
pub fn key(name: &str) -> String {
    let tokens = tokens(&Text::of(name).clean);
    let words: Vec<&str> =
        tokens.iter().filter(|t| t.word()).map(|token| token.folded.as_str()).collect();
    words.join(" ")
}

/// Splits clean text into tokens.
pub fn tokens(clean: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::with_capacity(clean.len() / 5 + 1);
    let mut at = 0;
    let mut glued = false;
    while let Some(c) = clean[at..].chars().next() {
        if c == ' ' {
            glued = false;
            at += 1;
            continue;
        }
        let rest = &clean[at..];
        let (length, sort) = match c {
            '\n' => (1, Sort::Line),
            '\u{27E8}' => mention(rest).unwrap_or((c.len_utf8(), Sort::Mark(c))),
            c if wordish(c) => match address(rest) {
                Some(length) => (length, Sort::Address),
                None => (word(rest), Sort::Word),
            },
            c => (c.len_utf8(), Sort::Mark(c)),
        };
        let shown = &rest[..length];
        let (core, possessive) = if sort == Sort::Word { owner(shown) } else { (shown, false) };
        let folded = if sort == Sort::Word { fold(core) } else { shown.to_lowercase() };
        let capital = c.is_uppercase();
        found.push(Token { start: at, end: at + length, folded, sort, possessive, glued, capital });
        at += length;
        glued = true;
    }
    found
}

fn wordish(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a word: letters, digits, underscores, inner apostrophes; `re-` and
/// `un-` stay with what follows.
fn word(rest: &str) -> usize {
    let mut end = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let inner = next.is_some_and(char::is_alphabetic);
        let prefix =
            c == '-' && inner && ["re", "un"].contains(&rest[..at].to_lowercase().as_str());
        let owned = c == '\'' && end > 0 && rest[..at].ends_with(['s', 'S']) && !inner;
        if wordish(c) || is_combining_mark(c) || (c == '\'' && inner) || prefix {
            end = at + c.len_utf8();
        } else {
            if owned {
                end = at + 1;
            }
            break;
        }
    }
    end.max(1)
}

/// Takes a possessive ending off. "it's" and "who's" are not possessive.
fn owner(word: &str) -> (&str, bool) {
    let lower = word.to_lowercase();
    let verb = ["it's", "who's", "what's", "that's", "he's", "she's", "let's", "here's", "there's"];
    if verb.contains(&lower.as_str()) {
        return (word, false);
    }
    if let Some(core) = word.strip_suffix("'s").or_else(|| word.strip_suffix("'S")) {
        return (core, true);
    }
    word.strip_suffix('\'').map_or((word, false), |core| (core, true))
}

/// The length of a mail address at the start, if there is one.
fn address(rest: &str) -> Option<usize> {
    let allowed = |c: char| wordish(c) || ".'+-#".contains(c);
    let local = rest.find(|c| !allowed(c)).filter(|at| rest[*at..].starts_with('@'))?;
    let host = &rest[local + 1..];
    let end = host.find(|c: char| !(wordish(c) || c == '.' || c == '-')).unwrap_or(host.len());
    let host = host[..end].trim_end_matches(['.', '-']);
    (host.contains('.') && local <= 128 && host.len() <= 128).then(|| local + 1 + host.len())
}

fn mention(rest: &str) -> Option<(usize, Sort)> {
    let inner = rest.strip_prefix("\u{27E8}@")?;
    let end = inner.find('\u{27E9}')?;
    let number = inner[..end].parse().ok()?;
    let length = "\u{27E8}@".len() + end + '\u{27E9}'.len_utf8();
    Some((length, Sort::Mention(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(words: &str) -> Vec<String> {
        tokens(&Text::of(words).clean).into_iter().map(|token| token.folded).collect()
    }

    #[test]
    fn words_are_folded_and_addresses_stay_whole() {
        assert_eq!(folded("Re-enable Zoë’s account"), ["reenable", "zoe", "account"]);
        assert_eq!(folded("sean.o'brien@contoso.com."), ["sean.o'brien@contoso.com", "."]);
        assert_eq!(key("Mary-Kate O'Neil"), "mary kate oneil");
    }

    #[test]
    fn characters_that_cannot_be_seen_are_gone_and_the_way_back_stays() {
        let text = Text::of("dis\u{200B}able me\u{301}gan");
        assert_eq!(text.clean, "disable m\u{e9}gan");
        assert_eq!(text.said(0, 7), "dis\u{200B}able");
        assert_eq!(text.said(8, text.clean.len()), "me\u{301}gan");
    }
}
