//! Quoted words that were handed over, and the words of a reply.

use super::token_range;
use crate::interpret::{
    clauses::{self, sentences},
    entities::{Span, What},
    lexicon,
    regions::{self, Region},
    scene::Scene,
    text::Sort,
};

/// The sentences of a quoted part, up to the first that is meant for a machine.
pub(super) fn quoted_sentences(scene: &Scene<'_>, region: &Region) -> Vec<clauses::Sentence> {
    let (from, to) = token_range(&scene.tokens, region);
    let all = sentences(&scene.tokens, &scene.lattice, from, to, true);
    let steered = |s: &clauses::Sentence| {
        let tokens = &scene.tokens[s.from..s.to];
        let start = tokens.iter().map(|token| token.start).min().unwrap_or_default();
        let end = tokens.iter().map(|token| token.end).max().unwrap_or(start);
        regions::addressed(&scene.text.clean[start..end])
    };
    all.into_iter().take_while(|sentence| !steered(sentence)).collect()
}

/// Who wrote the quoted words: the From line, a name in the own words, the last name.
pub(super) fn author(scene: &Scene<'_>, quoted: &[&Region]) -> Option<What> {
    let (from, to) = token_range(&scene.tokens, quoted.first()?);
    let (_, end) = token_range(&scene.tokens, quoted.last()?);
    let person = |span: &&Span| matches!(span.what, What::People(..));
    let spans = &scene.lattice.spans;
    let sender = spans.iter().filter(person).find(|span| {
        span.from >= from
            && span.from < to
            && span.from >= 2
            && scene.tokens[span.from - 1].is(':')
            && ["from", "de", "von", "da", "van", "fra"].contains(&scene.word(span.from - 2))
    });
    let told = || spans.iter().filter(person).find(|span| span.to <= from);
    let signed =
        || spans.iter().filter(person).rfind(|span| span.from >= from && span.from < end + 12);
    sender.or_else(told).or_else(signed).map(|span| span.what.clone())
}

/// "@Chris Green could you …": somebody here is asked, and not the bot.
pub(super) fn speaks_to_another(scene: &Scene<'_>) -> bool {
    if calls_another(scene) {
        return true;
    }
    let begins = match scene.tokens.first() {
        Some(token) if token.is('@') => 1,
        Some(token) if matches!(token.sort, Sort::Mention(_)) => 0,
        _ => return false,
    };
    let person = scene.span(begins).filter(|span| matches!(span.what, What::People(..)));
    person.is_some_and(|span| {
        let comma = usize::from(scene.tokens.get(span.to).is_some_and(|next| next.is(',')));
        let (word, next) = (scene.word(span.to + comma), scene.word(span.to + comma + 1));
        // "@John will need Visio" is said of him.
        ["please", "pls", "kindly"].contains(&word)
            || ["could", "can", "would", "will", "cld"].contains(&word)
                && ["you", "u"].contains(&next)
    })
}

/// "Leo, please unlock Ben": a first name that is called, and something for somebody else.
fn calls_another(scene: &Scene<'_>) -> bool {
    let called = scene.span(0).filter(|span| matches!(span.what, What::People(..)));
    let Some(called) = called.filter(|span| span.to == 1) else { return false };
    let asks = match (scene.word(2), scene.word(3)) {
        ("please" | "pls" | "kindly", _) => true,
        (modal, you) => {
            ["could", "can", "would", "will", "cld"].contains(&modal) && ["you", "u"].contains(&you)
        }
    };
    let comma = scene.tokens.get(1).is_some_and(|token| token.is(','));
    let end = scene.tokens.len();
    let others = scene
        .lattice
        .spans_in(called.to, end)
        .any(|span| matches!(span.what, What::People(..)) && span.what != called.what);
    let pronoun = scene.lattice.spans_in(called.to, end).any(|span| span.what == What::Pronoun);
    comma && asks && others && !pronoun
}

/// What follows "saying" is the reply's text, never a request.
pub(super) fn mask_reply_text(scene: &mut Scene<'_>, parts: &[Region]) {
    let replies = lexicon::object_class("replies");
    let Some(first) = scene.lattice.hits.iter().find(|hit| hit.classes & replies != 0).copied()
    else {
        return;
    };
    if scene.lattice.literals.iter().any(|(open, close)| *open > first.to && close - open > 2) {
        return;
    }
    let marker = (first.to..scene.tokens.len()).find(|at| {
        let word = scene.word(*at);
        let speaks = ["saying", "says", "say", "stating", "states", "reads", "reading", "read"]
            .contains(&word);
        let colon = scene.tokens.get(at + 1).is_some_and(|next| next.is(':'));
        speaks
            || (["message", "text", "wording", "reply", "note", "following", "with", "is"]
                .contains(&word)
                && colon)
    });
    // "Put my auto reply on: Away until Monday, call Ada."
    let colon = || {
        const NEAR: usize = 8;
        (first.to..scene.tokens.len().min(first.to + NEAR))
            .take_while(|at| {
                let token = &scene.tokens[*at];
                token.sort != Sort::Line && !token.is('.') && !token.is('!')
            })
            .find(|at| {
                scene.tokens[*at].is(':')
                    && scene.tokens.get(at + 1).is_some_and(|next| !next.glued && next.word())
            })
    };
    let Some(marker) = marker.or_else(|| before_its_text(scene, first.to)).or_else(colon) else {
        return;
    };
    let mut open = marker;
    while scene.tokens.get(open + 1).is_some_and(|next| {
        next.is(':')
            || ["that", "something", "like", "as", "follows"].contains(&next.folded.as_str())
    }) {
        open += 1;
    }
    let region = parts
        .iter()
        .map(|region| token_range(&scene.tokens, region))
        .find(|(from, to)| (*from..*to).contains(&marker));
    let Some((_, end)) = region.filter(|(_, end)| *end > open + 2) else { return };
    scene.lattice.literal[open + 1..end].fill(true);
    for hit in scene.lattice.hits.iter_mut().filter(|hit| hit.from > open && hit.to <= end) {
        hit.classes = 0;
    }
    for span in scene.lattice.spans.iter_mut().filter(|span| span.from > open && span.to <= end) {
        span.negated = true;
    }
    scene.lattice.literals.push((open, end.min(scene.tokens.len())));
}

/// "ooo on my mailbox till Monday pls: On the road, call Ada": the word before the only colon
/// behind a reply, where a text follows and no date.
fn before_its_text(scene: &Scene<'_>, from: usize) -> Option<usize> {
    let colon = |at: &usize| {
        scene.tokens[*at].is(':') && !scene.tokens.get(at + 1).is_some_and(|next| next.glued)
    };
    let mut all = (from..scene.tokens.len()).filter(colon);
    let (colon, None) = (all.next()?, all.next()) else { return None };
    let text = (colon + 1..scene.tokens.len()).find(|at| scene.tokens[*at].word())?;
    let words = (text..scene.tokens.len()).filter(|at| scene.tokens[*at].word()).count();
    let fits = words > 2
        && scene.dates_free(text, text + 3)
        && scene.sentences.iter().all(|sentence| !sentence.quoted);
    (fits && colon > 0).then(|| colon - 1)
}

/// "Requester: Isaac Langer. I need to be added to …": in a ticket that was pasted, "I" is who
/// asks in it.
pub(super) fn speaks_for(scene: &mut Scene<'_>) {
    const ASKS: &[&str] = &[
        "requester",
        "requestor",
        "caller",
        "requested by",
        "raised by",
        "reported by",
        "submitted by",
    ];
    let asks = |span: &&Span| {
        matches!(span.what, What::People(..))
            && scene.field(span).is_some_and(|key| ASKS.iter().any(|ask| key.ends_with(ask)))
    };
    let Some(found) = scene.lattice.spans.iter().find(asks).cloned() else { return };
    for span in scene.lattice.spans.iter_mut() {
        if span.what == What::Me && span.from > found.from {
            span.what = found.what.clone();
        }
    }
}

/// "Bo, please have Ada unlocked": whoever a quoted mail is written to is called, and nothing in it
/// is said of them by that.
pub(super) fn called(scene: &mut Scene<'_>, quoted: &[&Region]) {
    let to: Vec<What> = scene
        .lattice
        .spans
        .iter()
        .filter(|span| matches!(span.what, What::People(..)))
        .filter(|span| {
            let label = span.from.checked_sub(2).map_or("", |at| scene.word(at));
            let colon = span.from.checked_sub(1).is_some_and(|at| scene.tokens[at].is(':'));
            colon && ["to", "para", "an", "aan", "à"].contains(&label)
        })
        .map(|span| span.what.clone())
        .collect();
    let requester = scene.index.address(scene.context.requester.upn.as_str());
    let tokens = &scene.tokens;
    for region in quoted {
        let (from, to_end) = token_range(tokens, region);
        for span in scene.lattice.spans.iter_mut().filter(|span| span.from >= from) {
            let What::People(all, _) = &span.what else { continue };
            let line = span.from == 0
                || span.from == from
                || tokens[span.from - 1].sort == Sort::Line
                || ["hi", "dear", "hello"].contains(&tokens[span.from - 1].folded.as_str());
            let comma = tokens.get(span.to).is_some_and(|token| token.is(','));
            let alone = tokens.get(span.to + 1).is_none_or(|token| token.sort == Sort::Line);
            let reader = to.contains(&span.what)
                || requester.is_some_and(|at| all.contains(&at) && span.to == span.from + 1);
            if span.from < to_end && line && comma && (alone || reader) {
                span.negated = true;
            }
        }
    }
}

/// "I" in quoted words is who wrote them.
pub(super) fn quoted_self(scene: &mut Scene<'_>, quoted: &[&Region]) {
    let Some(author) = scene.author.clone() else { return };
    for region in quoted {
        let (from, to) = token_range(&scene.tokens, region);
        for span in scene.lattice.spans.iter_mut() {
            if span.what == What::Me && (from..to).contains(&span.from) {
                span.what = author.clone();
            }
        }
    }
}
