//! The requester's own words as they are sent, with a way back.
//!
//! Whoever is named becomes `[u1]`, a group `[g1 Sales Team]`, a licence `[s1 E5]`, a device
//! or a role `[t1 …]`; an address is never among the words, and neither is anything that
//! looks like a secret. Greetings, signatures and quoted words are left out.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    interpret::{
        entities::{Span, What},
        regions::Region,
        scene::Scene,
        text::Sort,
    },
    ports::model::{Candidate, Kind},
};

/// So many bytes of words are sent at most.
const BYTES_MAX: usize = 8 * 1024;
/// So many names get an id; those behind them have none to be pointed at by.
const CANDIDATES_MAX: usize = 20;
/// Stands for a name without an id.
const SOMEBODY: &str = "[somebody]";
/// Stands for what may be a secret.
const REMOVED: &str = "[removed]";

/// How tokens and keys begin.
const TOKENS: &[&str] = &["xox", "xapp-", "ghp_", "gho_", "sk-", "pk-", "eyJ", "AKIA", "ya29."];
/// No word of a request is this long…
const WORD_CHARS_MAX: usize = 24;
/// …nor is one that long with letters and digits in it.
const MIXED_CHARS_MAX: usize = 12;

/// A telephone number with its country.
static PHONE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\+\d[\d ()./-]{6,}\d").expect("a fixed pattern"));

/// The words as they are sent.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// What is sent.
    pub words: String,
    /// What the ids stand for.
    pub candidates: Vec<Candidate>,
    /// The place of each id in the lattice.
    spans: Vec<usize>,
    pieces: Vec<Piece>,
}

/// A run of what is sent, and where it comes from.
#[derive(Debug, Clone, Copy)]
struct Piece {
    sent: usize,
    length: usize,
    clean: (usize, usize),
    /// Letter by letter, or something that stands for the words.
    as_said: bool,
}

/// Words that are replaced.
struct Cut {
    from: usize,
    to: usize,
    put: String,
}

impl Sheet {
    /// Writes it.
    pub fn of(scene: &Scene<'_>, own: &[Region]) -> Self {
        let mut sheet = Self::default();
        let cuts = sheet.cuts(scene, own);
        for region in own {
            if !sheet.words.is_empty() {
                sheet.words.push('\n');
            }
            let mut at = region.start;
            for cut in cuts.iter().filter(|cut| cut.from >= region.start && cut.to <= region.end) {
                if cut.from < at {
                    continue;
                }
                sheet.say(scene, at, cut.from);
                sheet.stand(cut);
                at = cut.to;
            }
            sheet.say(scene, at, region.end);
        }
        sheet
    }

    /// The span that an id stands for.
    pub fn span<'s>(&self, scene: &'s Scene<'_>, id: &str) -> Option<&'s Span> {
        let at = self.candidates.iter().position(|one| one.id == id)?;
        scene.lattice.spans.get(self.spans[at])
    }

    /// Where words of the sheet come from: bytes of the clean text. Only what stands there
    /// letter by letter, and in one region, comes from anywhere.
    pub fn source(&self, said: &str) -> Option<(usize, usize)> {
        let said = said.trim();
        if said.is_empty() {
            return None;
        }
        let from = self.words.find(said)?;
        let to = from + said.len();
        let within = |at: usize| {
            self.pieces.iter().find(|piece| (piece.sent..piece.sent + piece.length).contains(&at))
        };
        let (first, last) = (within(from)?, within(to - 1)?);
        let start = first.clean.0 + if first.as_said { from - first.sent } else { 0 };
        let end = if last.as_said { last.clean.0 + (to - last.sent) } else { last.clean.1 };
        (start < end).then_some((start, end))
    }

    fn cuts(&mut self, scene: &Scene<'_>, own: &[Region]) -> Vec<Cut> {
        let inside = |from: usize, to: usize| own.iter().any(|r| from >= r.start && to <= r.end);
        let mut cuts: Vec<Cut> = Vec::new();
        for (at, span) in scene.lattice.spans.iter().enumerate() {
            let (from, to) = (scene.tokens[span.from].start, scene.tokens[span.to - 1].end);
            if inside(from, to)
                && let Some(put) = self.put(scene, at, span)
            {
                cuts.push(Cut { from, to, put });
            }
        }
        for token in &scene.tokens {
            let put = match token.sort {
                Sort::Address => SOMEBODY,
                Sort::Mention(_) => "",
                _ => continue,
            };
            cuts.push(Cut { from: token.start, to: token.end, put: put.to_owned() });
        }
        let clean = &scene.text.clean;
        let free = |from: usize, to: usize, cuts: &[Cut]| {
            cuts.iter().all(|cut| cut.to <= from || to <= cut.from)
        };
        let dated = |from: usize, to: usize| {
            scene.whens.iter().any(|when| {
                scene.tokens[when.from].start < to && from < scene.tokens[when.to - 1].end
            })
        };
        let mut hide = |from: usize, to: usize| {
            if free(from, to, &cuts) && !dated(from, to) {
                cuts.push(Cut { from, to, put: REMOVED.to_owned() });
            }
        };
        PHONE.find_iter(clean).for_each(|found| hide(found.start(), found.end()));
        let mut at = 0;
        for chunk in clean.split_inclusive(char::is_whitespace) {
            let word = chunk.trim_end();
            if secret(word) {
                hide(at, at + word.len());
            }
            at += chunk.len();
        }
        // Of those that overlap, the first and longest counts.
        cuts.sort_by_key(|cut| (cut.from, std::cmp::Reverse(cut.to)));
        cuts
    }

    /// What stands for a span; nothing if its words may stay.
    fn put(&mut self, scene: &Scene<'_>, at: usize, span: &Span) -> Option<String> {
        let (kind, letter) = match span.what {
            What::Me | What::Pronoun => return None,
            What::People(..) | What::Nobody | What::Manager(_) | What::Team(_) => {
                (Kind::Person, 'u')
            }
            What::Group(_) => (Kind::Group, 'g'),
            What::Sku(_) => (Kind::Licence, 's'),
            What::Named(_) => (Kind::Thing, 't'),
        };
        let pronoun = |what: &What| matches!(what, What::Me | What::Pronoun);
        if let What::Manager(of) | What::Team(of) = &span.what
            && pronoun(of)
        {
            return None;
        }
        let id = self.id(scene, at, span, kind, letter)?;
        let address = (span.from..span.to).any(|at| scene.tokens[at].sort == Sort::Address);
        Some(match kind {
            Kind::Person => format!("[{id}]"),
            _ if address => format!("[{id}]"),
            _ => {
                let (from, to) = (scene.tokens[span.from].start, scene.tokens[span.to - 1].end);
                format!("[{id} {}]", scene.text.clean[from..to].replace(['[', ']'], ""))
            }
        })
    }

    /// The id of a span. The same one named twice has one id.
    fn id(
        &mut self,
        scene: &Scene<'_>,
        at: usize,
        span: &Span,
        kind: Kind,
        letter: char,
    ) -> Option<String> {
        let known = self.spans.iter().position(|other| {
            let other = &scene.lattice.spans[*other];
            other.what == span.what && span.what != What::Nobody && other.negated == span.negated
        });
        if let Some(known) = known {
            return Some(self.candidates[known].id.clone());
        }
        if self.candidates.len() >= CANDIDATES_MAX {
            return (kind == Kind::Person).then(|| "somebody".to_owned());
        }
        let number = self.candidates.iter().filter(|one| one.kind == kind).count() + 1;
        let id = format!("{letter}{number}");
        self.candidates.push(Candidate { id: id.clone(), kind });
        self.spans.push(at);
        Some(id)
    }

    fn say(&mut self, scene: &Scene<'_>, from: usize, to: usize) {
        let room = BYTES_MAX.saturating_sub(self.words.len());
        let mut end = to.min(from.saturating_add(room));
        while end > from && !scene.text.clean.is_char_boundary(end) {
            end -= 1;
        }
        if end > from {
            self.piece(from, end, end - from, true);
            self.words.push_str(&scene.text.clean[from..end]);
        }
    }

    fn stand(&mut self, cut: &Cut) {
        if self.words.len() + cut.put.len() <= BYTES_MAX {
            self.piece(cut.from, cut.to, cut.put.len(), false);
            self.words.push_str(&cut.put);
        }
    }

    fn piece(&mut self, from: usize, to: usize, length: usize, as_said: bool) {
        self.pieces.push(Piece { sent: self.words.len(), length, clean: (from, to), as_said });
    }
}

/// Looks like a token, a key or an address of the web.
fn secret(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let chars = bare.chars().count();
    let has = |is: fn(char) -> bool| bare.contains(is);
    TOKENS.iter().any(|begins| bare.starts_with(begins))
        || bare.contains("://")
        || chars >= WORD_CHARS_MAX
        || chars >= MIXED_CHARS_MAX && has(|c| c.is_ascii_digit()) && has(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_keys_do_not_look_like_words() {
        for hidden in [
            "xoxb-1-abc",
            "(sk-abc)",
            "eyJhbGciOiJub25lIn0",
            "https://contoso.example/?t=1",
            "Qw3rTy7uIoP9",
            "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
            "YWJjZGVmZ2hpamtsbW5vcHFy",
        ] {
            assert!(secret(hidden), "{hidden}");
        }
        for word in ["E5", "2026-11-30", "authentication", "out-of-office", "17:00", "sales@", "Q4"]
        {
            assert!(!secret(word), "{word}");
        }
    }
}
