//! Rights on a mailbox that are wished for in words of their own: by whose name the mail goes
//! out, or two rights in one sentence.
//!
//! Not here: rights that are taken or given back ([`super::rights`]).

use super::{
    Edit, again, only_person, own,
    rights::{LOST, is_mailbox, mailbox, right},
};
use crate::interpret::{clauses::Sentence, entities::What, scene::Scene, text::Token};

/// "When she answers, the mail should go out under the name of Info. Can you arrange that for
/// info@contoso.com?"
pub(super) fn wished(scene: &Scene<'_>, all: &[Sentence], number: usize) -> Option<Edit> {
    let sentence = all[number];
    let before = number.checked_sub(1).map(|number| all[number])?;
    let said = |words: &[&str]| (before.from..before.to).any(|at| words.contains(&scene.word(at)));
    let sender = (before.from..before.to).any(|at| {
        ["under", "in"].contains(&scene.word(at))
            && (at + 1..at + 3).any(|at| scene.word(at) == "name")
    }) || said(&["sender"]);
    let goes = said(&["go", "goes", "leave", "come", "appear", "sent", "look"]);
    let at = (sentence.from..sentence.to).find(|at| {
        ["arrange", "set", "do", "sort", "organise", "organize", "fix"].contains(&scene.word(*at))
            && ["that", "this", "it"].contains(&scene.word(at + 1))
    })?;
    let mut next = at + 2;
    while ["up", "out", "for", "on", "the"].contains(&scene.word(next)) {
        next += 1;
    }
    let mailbox = scene.span(next).filter(|span| span.from == next && is_mailbox(scene, span))?;
    let holder = only_person(scene, all, sentence.from).filter(|_| sender && goes)?;
    let mut said = vec![own(scene, "give", at, at + 1)];
    said.extend(again(scene, (holder.from, holder.to), false));
    said.extend(["send", "as", "on"].map(|word| own(scene, word, at, at + 1)));
    said.extend(again(scene, (mailbox.from, mailbox.to), false));
    Some(Edit { from: at, to: mailbox.to, said })
}

/// "Ada wishes to read the Info inbox and to answer from there": each right that is wanted.
pub(super) fn wanted(scene: &Scene<'_>, all: &[Sentence], sentence: Sentence) -> Option<Edit> {
    const MODALS: &[&str] = &[
        "must", "should", "needs", "need", "has", "ought", "wants", "wishes", "would", "requires",
    ];
    const DENIES: &[&str] = &[
        "not", "no", "never", "dont", "doesnt", "shouldnt", "cant", "cannot", "mustnt", "isnt",
        "longer", "without", "stop", "if", "whether", "who", "told", "says", "said", "asked",
    ];
    let any =
        |words: &[&str]| (sentence.from..sentence.to).any(|at| words.contains(&scene.word(at)));
    let spans = || scene.lattice.spans_in(sentence.from, sentence.to);
    let subject = spans().find(|span| span.person() && span.what != What::Me)?.clone();
    let modal = MODALS.contains(&scene.word(subject.to));
    let other = spans().any(|span| matches!(span.what, What::Group(_) | What::Sku(_)));
    let timed = scene.whens.iter().any(|when| (sentence.from..sentence.to).contains(&when.from));
    if !modal || other || timed || any(DENIES) || any(LOST) {
        return None;
    }
    let right = right(scene, all, sentence)?;
    let after = |at: usize, words: &[&str]| {
        (at + 1..(at + 7).min(sentence.to)).any(|at| words.contains(&scene.word(at)))
    };
    let sends = (subject.to..sentence.to)
        .find(|at| ["send", "answer", "reply", "write", "mail"].contains(&scene.word(*at)));
    let reads = any(&["read", "open", "see", "access", "view", "into", "check"]);
    let mut kinds: Vec<&str> = Vec::new();
    if reads {
        kinds.push("full access to");
    }
    match sends {
        Some(at) if after(at, &["behalf"]) => kinds.push("send on behalf on"),
        Some(at) if after(at, &["as", "from", "under"]) => kinds.push("send as on"),
        _ => {}
    }
    let (from, to) = (subject.from, sentence.to);
    let end = (from..to).rev().find(|at| scene.tokens[*at].word())? + 1;
    let mut said: Vec<Token> = vec![own(scene, "please", from, end)];
    for (number, kind) in kinds.iter().enumerate() {
        if number > 0 {
            said.push(own(scene, "and", from, end));
        }
        said.push(own(scene, "give", from, end));
        said.extend(again(scene, (right.holder.from, right.holder.to), false));
        said.extend(kind.split(' ').map(|word| own(scene, word, from, end)));
        said.extend(mailbox(scene, &right, from));
    }
    // One right alone is asked for with its own words.
    (kinds.len() > 1).then_some(Edit { from, to: end, said })
}
