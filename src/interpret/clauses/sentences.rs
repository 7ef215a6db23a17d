//! Tokens → sentences.

use crate::interpret::{
    clauses::Sentence,
    entities::Lattice,
    text::{Sort, Token},
};

/// A sentence ends after so many words, whatever stands there: each verb of one looks at all
/// of it, and nobody writes such a one to be understood.
const SENTENCE_WORDS_MAX: usize = 300;

/// A full stop after these ends no sentence.
const TITLES: &[&str] = &["mr", "mrs", "ms", "dr", "prof"];

/// Splits tokens `from..to` into sentences.
pub fn sentences(
    tokens: &[Token],
    lattice: &Lattice,
    from: usize,
    to: usize,
    quoted: bool,
) -> Vec<Sentence> {
    let person = |at: usize| {
        lattice.span_at.get(at).copied().flatten().is_some_and(|span| lattice.spans[span].person())
    };
    let mut found = Vec::new();
    let mut start = from;
    let mut listing = false;
    let mut line_start = from;
    for at in from..to {
        let ends = match tokens[at].sort {
            Sort::Mark('.') if at > from && TITLES.contains(&tokens[at - 1].folded.as_str()) => {
                false
            }
            // "a@contoso.com; b@contoso.com"
            Sort::Mark(';') if at > from && person(at - 1) && person(at + 1) => false,
            // "per 30.06. remove him", "24 déc. 2025"
            Sort::Mark('.') if in_a_date(tokens, at) || half_of_the_day(tokens, at) => false,
            Sort::Mark('.') => {
                tokens.get(at + 1).is_none_or(|next| !next.glued || next.sort == Sort::Line)
            }
            Sort::Mark('!' | '?' | ';' | '|' | '•') => true,
            // "put her login in 😬 kick her out": a face ends what is said with it.
            Sort::Mark(mark) if face(mark) => tokens.get(at + 1).is_some_and(Token::word),
            Sort::Line => {
                let previous = at.checked_sub(1).map(|at| &tokens[at]);
                let opens = previous.is_some_and(|token| token.is(':') && at > start);
                let bullet = tokens.get(at + 1).is_some_and(|next| next.is('-') || next.is('*'));
                listing = opens || (listing && bullet);
                let wide = tokens[at].start.saturating_sub(tokens[line_start.min(at)].start) > 60;
                let goes_on = tokens.get(at + 1).is_some_and(|next| next.word() && !next.capital);
                line_start = at + 1;
                !(listing || wide && goes_on)
            }
            // "(a) wipe X (b) retire Y"
            Sort::Mark('(') if at > start && counts(tokens, at) => {
                found.push(Sentence { from: start, to: at, quoted });
                start = at;
                false
            }
            _ => false,
        };
        if ends || at - start >= SENTENCE_WORDS_MAX {
            found.push(Sentence { from: start, to: at + 1, quoted });
            start = at + 1;
        }
    }
    found.push(Sentence { from: start, to, quoted });
    found.retain(|sentence| {
        (sentence.from..sentence.to)
            .any(|at| !matches!(tokens[at].sort, Sort::Line | Sort::Mark(_)))
    });
    found
}

/// "(a)", "(2)": a point of a list.
fn counts(tokens: &[Token], at: usize) -> bool {
    let short = tokens.get(at + 1).is_some_and(|token| {
        token.word() && token.folded.len() == 1 && !["x", "s"].contains(&token.folded.as_str())
    });
    short && tokens.get(at + 2).is_some_and(|token| token.is(')'))
}

/// A picture of a face or a hand, at the end of what it is about.
fn face(mark: char) -> bool {
    matches!(u32::from(mark), 0x1F600..=0x1F64F | 0x1F910..=0x1F92F | 0x1F970..=0x1F97A)
}

/// "At 5:30 p.m. that day her access …": no sentence ends there.
fn half_of_the_day(tokens: &[Token], at: usize) -> bool {
    let back = |back: usize| at.checked_sub(back).map(|at| &tokens[at]);
    let half = back(3).is_some_and(|token| {
        let half = token.folded.trim_start_matches(|c: char| c.is_ascii_digit());
        ["a", "p"].contains(&half)
    });
    let goes_on = tokens.get(at + 1).is_some_and(|next| next.word() && !next.capital);
    half && back(2).is_some_and(|token| token.is('.'))
        && back(1).is_some_and(|token| token.folded == "m" && token.glued)
        && goes_on
}

/// A full stop of a date, with which no sentence ends.
fn in_a_date(tokens: &[Token], at: usize) -> bool {
    const MONTHS: &[&str] =
        &["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"];
    let number = |at: usize| {
        tokens.get(at).is_some_and(|t| t.folded.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let goes_on = tokens.get(at + 1).is_some_and(|next| next.word() && !next.capital);
    let dotted = at >= 3 && number(at - 1) && tokens[at - 2].is('.') && number(at - 3);
    let month = at >= 1 && MONTHS.contains(&tokens[at - 1].folded.as_str()) && number(at + 1);
    dotted && goes_on || month
}
