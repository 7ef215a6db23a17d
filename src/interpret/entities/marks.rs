//! What else stands in the tokens: quotation marks, typing errors, relations, object words.

use super::{Hit, Lattice, Span, What};
use crate::interpret::{
    index::Index,
    lexicon::{LEXICON, PHRASE_WORDS_MAX},
    lifecycle::is_post,
    likeness,
    text::{Sort, Token},
};

pub(super) fn literals(tokens: &[Token], mails: &[usize], found: &mut Lattice) {
    let mut at = 0;
    while at < tokens.len() {
        let mark = match tokens[at].sort {
            Sort::Mark(mark @ ('"' | '`')) => mark,
            Sort::Mark('\'') if !tokens[at].glued => '\'',
            _ => {
                at += 1;
                continue;
            }
        };
        // Three in a row fence off a quotation; they quote no word.
        if (1..3).all(|more| tokens.get(at + more).is_some_and(|next| next.is(mark))) {
            at += 3;
            continue;
        }
        let close = (at + 1..tokens.len().min(at + 600)).find(|end| {
            let token = &tokens[*end];
            token.is(mark) && (mark != '\'' || token.glued)
                || mark == '\''
                    && token.possessive
                    && tokens.get(end + 1).is_none_or(|t| !t.glued)
                    && !token.folded.ends_with('s')
        });
        match close {
            // A mail that was copied is read, once it is handed over.
            Some(close) if mails.contains(&tokens[at].start) => at = close + 1,
            Some(close) if close > at + 1 => {
                found.literal[at..=close].fill(true);
                found.literals.push((at, close));
                at = close + 1;
            }
            _ => at += 1,
        }
    }
}

pub(super) fn mend(tokens: &mut [Token], index: &Index, literal: &[bool]) {
    let mut budget = 64;
    for at in 0..tokens.len() {
        let token = &tokens[at];
        // "two E5s": each of them is an E5.
        let plan = token.folded.strip_suffix('s').filter(|plan| {
            plan.len() == 2
                && plan.starts_with(['e', 'f', 'p'])
                && plan.ends_with(|c: char| c.is_ascii_digit())
        });
        if let Some(plan) = plan.map(str::to_owned) {
            tokens[at].folded = plan;
            continue;
        }
        if !token.word()
            || literal[at]
            || budget == 0
            || LEXICON.knows(&token.folded)
            || likeness::weights().knows(&token.folded)
        {
            continue;
        }
        let word = token.folded.as_str();
        let bare = word.strip_suffix('s').unwrap_or(word);
        let next_is_name = tokens.get(at + 1).is_some_and(|next| index.name_part(&next.folded));
        let name = index.name_part(word)
            || index.name_part(bare)
            || (token.capital && next_is_name && at > 0);
        if name || !index.things(word).is_empty() || index.in_a_name(word) {
            continue;
        }
        budget -= 1;
        if let Some(meant) = LEXICON.mend(word).or_else(|| index.mend(word)) {
            let meant = meant.to_owned();
            tokens[at].folded = meant;
        }
    }
}

/// "the new trainee of Amara" is somebody else.
fn is_of_them(tokens: &[Token], span: &Span) -> bool {
    const OTHERS: [&str; 7] =
        ["trainee", "intern", "assistant", "secretary", "successor", "deputy", "apprentice"];
    let back =
        |back: usize| span.from.checked_sub(back).map_or("", |at| tokens[at].folded.as_str());
    matches!(span.what, What::People(..))
        && back(1) == "of"
        && OTHERS.contains(&back(2))
        && ["the", "new", "a", "an"].iter().any(|word| [back(3), back(4)].contains(word))
}

/// "her manager" is not her.
pub(super) fn relations(tokens: &[Token], spans: &mut [Span]) {
    for span in spans.iter_mut() {
        if is_of_them(tokens, span) {
            span.what = What::Nobody;
            continue;
        }
        let owner = match &span.what {
            What::People(..) | What::Nobody => {
                tokens[span.to - 1].possessive || tokens[span.to - 1].folded.ends_with('s')
            }
            What::Pronoun | What::Me => {
                ["his", "her", "their", "my"].contains(&tokens[span.to - 1].folded.as_str())
            }
            _ => false,
        };
        let word = |at: usize| tokens.get(at).map_or("", |token| token.folded.as_str());
        // "William sir's assistant"
        let titled = ["sir", "madam", "maam", "ji", "san"].contains(&word(span.to))
            && tokens[span.to].possessive;
        let owner = owner || titled && matches!(span.what, What::People(..) | What::Nobody);
        let first = span.to + usize::from(titled);
        let near = ["line", "direct", "current", "new", "immediate", "whole", "entire"]
            .contains(&word(first));
        let skip = usize::from(titled) + usize::from(near);
        let team = ["team", "reports", "reportees"].contains(&word(span.to + skip));
        let relation = word(span.to + skip);
        let lead = relation == "team" && ["lead", "leader"].contains(&word(span.to + skip + 1));
        // "set John's manager to Megan": not his manager, but who that is to be.
        let set = ["set", "change", "update", "replace", "make"]
            .contains(&word(span.from.wrapping_sub(1)))
            && ["to", "as", "with"].contains(&word(span.to + skip + 1));
        // "Ben Park reports to Ada": a verb, and nobody's reports.
        let verb = relation == "reports" && ["to", "into"].contains(&word(span.to + skip + 1));
        if set || verb {
            continue;
        }
        // "her N+1"
        let above = relation == "n"
            && tokens.get(span.to + 1).is_some_and(|token| token.is('+'))
            && word(span.to + 2) == "1";
        if owner && above {
            let of = std::mem::replace(&mut span.what, What::Nobody);
            span.what = What::Manager(Box::new(of));
            span.to += 3;
        } else if owner
            && (["manager", "boss", "supervisor", "superior"].contains(&relation) || lead)
        {
            let of = std::mem::replace(&mut span.what, What::Nobody);
            span.what = What::Manager(Box::new(of));
            span.to += skip + 1 + usize::from(lead);
        } else if owner
            && [
                "assistant",
                "pa",
                "secretary",
                "wife",
                "husband",
                "colleague",
                "replacement",
                "successor",
                "deputy",
                "team",
                "reports",
                "colleagues",
                "friend",
                "brother",
                "sister",
                "son",
                "daughter",
                "reportees",
            ]
            .contains(&relation)
            // "Megan's Reports Reader role"
            && word(span.to + skip + 1) != "reader"
        {
            let of = std::mem::replace(&mut span.what, What::Nobody);
            if team {
                span.what = What::Team(Box::new(of));
            }
            span.to += skip + 1;
        }
    }
}

pub(super) fn hits(tokens: &[Token], found: &mut Lattice) {
    let mut at = 0;
    let mut phrase = String::new();
    let hyphen = |at: usize| tokens.get(at).is_some_and(|token| token.is('-') && token.glued);
    while at < tokens.len() {
        // "Group Treasury Accountant": a post, and no group.
        if let Some(end) = post(tokens, found, at) {
            at = end;
            continue;
        }
        let mut next = at + 1;
        // The hyphens of "out-of-office" are not in the way.
        let mut ends = Vec::with_capacity(PHRASE_WORDS_MAX);
        let mut end = at;
        while ends.len() < PHRASE_WORDS_MAX {
            let free = |at: usize| !found.literal[at] && found.span_at[at].is_none();
            match tokens.get(end) {
                Some(token) if token.word() && free(end) => {
                    end += 1;
                    ends.push(end);
                    if token.possessive {
                        break;
                    }
                }
                Some(_) if !ends.is_empty() && hyphen(end) => end += 1,
                _ => break,
            }
        }
        for to in ends.into_iter().rev() {
            join(&mut phrase, &tokens[at..to]);
            let classes = LEXICON.object(&phrase);
            if classes != 0 {
                found.hit_at[at..to].fill(Some(found.hits.len()));
                found.hits.push(Hit { from: at, to, classes });
                next = to;
                break;
            }
        }
        at = next;
    }
}

/// Where a post ends that begins with a "Group" here.
fn post(tokens: &[Token], found: &Lattice, at: usize) -> Option<usize> {
    const WORDS_MAX: usize = 4;
    if tokens[at].folded != "group" || !tokens[at].capital {
        return None;
    }
    let words = (at + 1..tokens.len().min(at + WORDS_MAX))
        .take_while(|at| tokens[*at].capital && found.span_at[*at].is_none());
    let last = words.last()?;
    is_post(&tokens[last].folded).then_some(last + 1)
}

fn join(phrase: &mut String, tokens: &[Token]) {
    phrase.clear();
    for (number, token) in tokens.iter().filter(|token| token.word()).enumerate() {
        if number > 0 {
            phrase.push(' ');
        }
        phrase.push_str(&token.folded);
    }
}
