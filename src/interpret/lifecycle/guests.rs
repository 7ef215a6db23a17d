//! Guests of whom several sentences tell: an address in one, the wish in the next, sponsor and
//! groups in a third. Several guests share sponsor and groups.
//!
//! Not here: a form, whose rows say it by themselves.

use serde_json::{Map, Value};

use super::{absorbed::own, asks, names};
use crate::{
    domain::{
        proposal::{Because, Open, Proposal, Understood},
        trouble::{Ask, Question},
    },
    interpret::{
        dates::When,
        entities::{Span, What},
        lexicon::LEXICON,
        scene::Scene,
        slots::{self, sure_person},
        text::{Sort, Token},
    },
};

const GUEST: &str = "invite_guest";
/// What is said of those who are invited, and no second wish.
const OF_A_GUEST: &[&str] =
    &[GUEST, "create_user", "onboard_user", "add_sponsor", "add_to_group", "get_group"];
/// What a loose reading makes of their addresses, and is no second wish either.
const BY_THE_WAY: &[&str] = &["grant_onedrive_access", "list_users", "list_group_members"];
/// Somebody is let in.
const INVITES: &[&str] = &[
    "invite",
    "invited",
    "inviting",
    "invitation",
    "guest",
    "guests",
    "external",
    "externals",
    "outsider",
    "outsiders",
];
/// At most so many are invited by one message.
const GUESTS_MAX: usize = 20;

/// Puts together what is said of the guests of a message.
pub(in crate::interpret) fn guest(scene: &Scene<'_>, understood: &mut Understood) {
    let own = own(scene);
    let invites = |at: usize| INVITES.contains(&scene.word(at));
    let Some(at) = own.iter().copied().find(|at| invites(*at)) else { return };
    if own.iter().any(|at| goes(scene, *at)) {
        return;
    }
    let addresses = addresses(scene, &own);
    if without_address(scene, understood, &own, &addresses)
        || addresses.len() > GUESTS_MAX
        || there_already(scene, &own, understood)
    {
        return;
    }
    let sponsor = sponsor(scene, &own);
    let theirs = |value: &Value| {
        value.as_str().is_some_and(|said| addresses.iter().any(|at| scene.word(*at) == said))
    };
    // What is asked for somebody here is another wish, and which is which is not guessed.
    let other = |one: &Proposal| {
        let email = one.arguments.get("email");
        let whom = ["user", "guest"].iter().find_map(|name| one.arguments.get(*name));
        let known =
            OF_A_GUEST.contains(&one.action.as_str()) || BY_THE_WAY.contains(&one.action.as_str());
        !known
            || email.is_some_and(|email| !theirs(email))
            || whom.is_some_and(|whom| Some(whom) != sponsor.as_ref() && !theirs(whom))
    };
    // "She ought to be able to join as a guest"
    let wished = own
        .iter()
        .any(|at| ["ought", "should", "wants", "want", "needs"].contains(&scene.word(*at)));
    if !(scene.asked || wished || asks(scene)) || understood.proposals.iter().any(other) {
        return;
    }
    let groups = groups(scene, sponsor.as_ref());
    let day = day(scene);
    let quoted = scene.sentence(at).quoted;
    let made = |address: usize| {
        let email = Value::String(scene.tokens[address].folded.clone());
        let known = understood
            .proposals
            .iter()
            .find(|one| one.action == GUEST && one.arguments.get("email") == Some(&email));
        let mut made = known.cloned().unwrap_or_else(|| Proposal {
            action: GUEST.to_owned(),
            arguments: Map::new(),
            because: vec![Because {
                words: scene.said(at, at + 1),
                gave: "action".to_owned(),
                quoted,
            }],
        });
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                made.arguments.entry(name).or_insert(value);
            }
        };
        put("email", Some(email));
        put("display_name", name(scene, address, addresses.len() == 1).map(Value::String));
        put("sponsor", sponsor.clone());
        put(slots::AT, day.clone());
        put("groups", (!groups.is_empty()).then(|| Value::Array(groups.clone())));
        made
    };
    let all: Vec<Proposal> = addresses.iter().copied().map(made).collect();
    let of_them = |id: &str| OF_A_GUEST.contains(&id) || BY_THE_WAY.contains(&id);
    understood.proposals.retain(|one| !of_them(&one.action));
    understood.questions.retain(|open| !of_them(&open.proposal.action));
    understood.proposals.extend(all);
}

/// "Invite Nora Beck as a guest, I sponsor her": nobody here is meant by an address that nobody
/// wrote. Hers is asked for. Says whether the message holds no address.
fn without_address(
    scene: &Scene<'_>,
    understood: &mut Understood,
    own: &[usize],
    addresses: &[usize],
) -> bool {
    if !addresses.is_empty() {
        return false;
    }
    let written = |value: &Value| own.iter().any(|at| value.as_str() == Some(scene.word(*at)));
    let guessed =
        |one: &Proposal| one.action == GUEST && !one.arguments.get("email").is_some_and(written);
    let Some(at) = understood.proposals.iter().position(guessed) else { return true };
    let mut proposal = understood.proposals.remove(at);
    understood.proposals.retain(|one| !guessed(one));
    proposal.arguments.remove("email");
    proposal.because.retain(|because| because.gave != "email");
    let invites = own.iter().find(|at| scene.word(**at).starts_with("invit"));
    if let Some(sentence) = invites.map(|at| scene.sentence(*at))
        && let Some(name) = names::newcomer(scene, sentence.from, sentence.to)
    {
        proposal.arguments.entry("display_name").or_insert(Value::String(name));
    }
    let question = Question { ask: Ask::WhatAddress, said: None, choices: Vec::new() };
    understood.questions.retain(|open| open.proposal.action != GUEST);
    understood.questions.push(Open { proposal, argument: "email".to_owned(), question });
    true
}

/// A guest is to go, or is only asked about: nobody is invited.
fn goes(scene: &Scene<'_>, at: usize) -> bool {
    const GOES: &[&str] = &[
        "remove", "removed", "delete", "deleted", "disable", "disabled", "block", "blocked",
        "revoke", "revoked", "whether", "was", "still", "already", "resend",
    ];
    GOES.contains(&scene.word(at)) && scene.span(at).is_none()
}

/// The addresses of nobody here, each once; one more than may be invited is enough to know.
fn addresses(scene: &Scene<'_>, own: &[usize]) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for at in own.iter().copied().filter(|at| outside(scene, *at)) {
        if found.len() > GUESTS_MAX {
            break;
        }
        if !found.iter().any(|other| scene.word(*other) == scene.word(at)) {
            found.push(at);
        }
    }
    found
}

/// "Add Megan as sponsor for the guest a@b": the guest is there already.
fn there_already(scene: &Scene<'_>, own: &[usize], understood: &Understood) -> bool {
    let asked = understood.questions.iter().map(|open| &open.proposal);
    let sponsored = asked.chain(&understood.proposals).any(|one| one.action == "add_sponsor");
    let there = own.iter().any(|at| {
        scene.word(at + 1) == "guest" && ["for", "of", "the", "this"].contains(&scene.word(*at))
    });
    sponsored && there && !own.iter().any(|at| scene.word(*at).starts_with("invit"))
}

/// What a guest is called: anywhere in the sentence, if there is one guest; else beside the
/// address.
fn name(scene: &Scene<'_>, address: usize, only: bool) -> Option<String> {
    let sentence = scene.sentence(address);
    if only {
        return names::newcomer(scene, sentence.from, sentence.to);
    }
    let line = (sentence.from..address)
        .rev()
        .find(|at| {
            let token = &scene.tokens[*at];
            matches!(token.sort, Sort::Line | Sort::Address) || token.is(';')
        })
        .map_or(sentence.from, |at| at + 1);
    let behind = || {
        let opens = scene.tokens.get(address + 1).is_some_and(|next| next.is('(') || next.is(','));
        let line = (address..sentence.to).find(|at| scene.tokens[*at].sort == Sort::Line);
        let (name, ..) = names::newcomer_at(scene, address + 2, line.unwrap_or(sentence.to))
            .filter(|(_, at, _)| opens && *at <= address + 3)?;
        Some(name)
    };
    names::newcomer(scene, line, address).or_else(behind)
}

/// "The invitations should go out on 1 June": the only day that is said, of the invitation.
fn day(scene: &Scene<'_>) -> Option<Value> {
    let ahead = |when: &&When| when.dated && !when.now && !when.past(&scene.context.now);
    let mut days = scene.whens.iter().filter(ahead);
    let (day, None) = (days.next()?, days.next()) else { return None };
    let sentence = scene.sentence(day.from);
    let said = (sentence.from..day.from).any(|at| scene.word(at).starts_with("invit"));
    let led = (day.from.saturating_sub(2)..day.from)
        .any(|at| ["on", "from", "out", "of"].contains(&scene.word(at)));
    (said && led).then(|| Value::String(day.text()))
}

/// An address of nobody here.
fn outside(scene: &Scene<'_>, at: usize) -> bool {
    let unknown = scene.span(at).is_none_or(|span| matches!(span.what, What::Nobody));
    scene.tokens[at].sort == Sort::Address && unknown
}

/// "Sponsor is Megan Bowen", "Megan Bowen is sponsoring him", "me as sponsor", "Megan vouches
/// for her".
fn sponsor(scene: &Scene<'_>, own: &[usize]) -> Option<Value> {
    let says = |at: &usize| {
        let (word, next) = (scene.word(*at), scene.word(at + 1));
        // "I answer for her", "Ada is responsible for them"
        let answers = ["answer", "answers", "stand", "stands", "responsible", "accountable"]
            .contains(&word)
            && next == "for";
        word.starts_with("sponsor") || word.starts_with("vouch") || answers
    };
    let at = own.iter().copied().find(says)?;
    let sentence = scene.sentence(at);
    let near = |span: &&Span| {
        let person = matches!(span.what, What::People(..) | What::Me | What::Manager(_));
        let far = if span.to <= at { at - span.to } else { span.from.saturating_sub(at) };
        person && span.from >= sentence.from && span.to <= sentence.to && far <= 6
    };
    let span = scene.lattice.spans.iter().find(near)?;
    sure_person(scene, span)
}

/// Every group that is named in a sentence about nobody else.
fn groups(scene: &Scene<'_>, sponsor: Option<&Value>) -> Vec<Value> {
    let about_another = |span: &Span| {
        let sentence = scene.sentence(span.from);
        scene.lattice.spans_in(sentence.from, sentence.to).any(|other| {
            matches!(other.what, What::People(..)) && sure_person(scene, other).as_ref() != sponsor
        })
    };
    let mut all = Vec::new();
    for span in scene.lattice.spans.iter().filter(|span| !span.negated) {
        let What::Group(found) = &span.what else { continue };
        let read = scene.sentences.around(span.from).is_some();
        let ([one], true) = (found.as_slice(), read) else { continue };
        let without = ["is", "are", "isnt"].contains(&scene.word(span.to))
            && (span.to..span.to + 3).any(|at| ["not", "isnt"].contains(&scene.word(at)));
        if about_another(span) || without {
            continue;
        }
        let value = Value::String(slots::group_value(scene.index, *one));
        if !all.contains(&value) {
            all.push(value);
        }
    }
    if all.is_empty() { partial(scene).into_iter().collect() } else { all }
}

/// "guests for kestrel:", "let her into Kestrel": a word of the name of one group alone.
fn partial(scene: &Scene<'_>) -> Option<Value> {
    own(scene).into_iter().find_map(|at| {
        let lead = ["for", "into", "to", "in", "see"].contains(&scene.word(at));
        let word = at + 1 + usize::from(["the", "our"].contains(&scene.word(at + 1)));
        let free = scene.span(word).is_none() && scene.tokens.get(word).is_some_and(Token::word);
        if !lead || !free || LEXICON.knows(scene.word(word)) {
            return None;
        }
        let found = scene.index.groups_with(&[scene.word(word)]);
        let [one] = found.as_slice() else { return None };
        Some(Value::String(slots::group_value(scene.index, *one)))
    })
}
