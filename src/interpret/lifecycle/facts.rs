//! What is told of somebody's post, office or manager, where a message asks to put it right:
//! "Amara is now VP Sales, and Grady becomes Buyer on 1 April. Please reflect both titles."
//!
//! Each fact has a sign ("becomes", "promoted to", "title should read"), a subject before it,
//! and a value behind it. A fact alone changes nothing: something must be asked for, and what
//! else the message asks for must fit.
//!
//! Not here: orders with a verb of their own ("set Ada's title to Buyer"), and moves to another
//! department.

use serde_json::{Map, Value};

use super::{
    asks,
    facts_signs::{self as signs, Sign},
    former, headed,
    wishes::{CHANGES, MUST, WHAT},
};
use crate::{
    actions::Entry,
    domain::{
        area::Risk,
        proposal::{Because, Proposal, Understood},
    },
    interpret::{
        clauses::Sentence,
        dates::When,
        entities::{Span, What},
        scene::Scene,
        slots::{self, sure_person},
    },
};

const UPDATE: &str = "update_user";
const MANAGER: &str = "set_manager";
/// So many sentences of a message are looked at.
const SENTENCES_MAX: usize = 30;
/// So many facts come from one message.
const FACTS_MAX: usize = 12;
/// So many signs are looked at: each looks at whoever was named before.
const SIGNS_MAX: usize = 24;

/// A fact that is told, and of whom.
struct Fact {
    sentence: Sentence,
    sign: Sign,
    of: Vec<Span>,
}

/// Reads facts that are told where something is asked for and nothing else is understood. Says
/// whether there was one.
pub(in crate::interpret) fn facts(
    scene: &Scene<'_>,
    understood: &mut Understood,
    catalog: &[Entry],
) -> bool {
    let reads = |id: &str| {
        catalog.iter().any(|entry| entry.about.id == id && entry.about.risk == Risk::Read)
    };
    let fits =
        |one: &Proposal| [UPDATE, MANAGER].contains(&one.action.as_str()) || reads(&one.action);
    if !understood.proposals.iter().all(fits) || !wants(scene) {
        return false;
    }
    let told = told(scene);
    let mut made: Vec<Proposal> = Vec::new();
    for (number, fact) in told.iter().enumerate() {
        let when = when(scene, &told, number);
        for span in &fact.of {
            if let Some(one) = proposal(scene, fact, span, when) {
                made.push(one);
            }
        }
    }
    // The number was read already.
    let numbered = understood.proposals.iter().any(|one| {
        let fields = one.arguments.get("fields").and_then(Value::as_object);
        fields.is_some_and(|fields| {
            fields.keys().any(|name| name.ends_with("Phone") || name == "businessPhones")
        })
    });
    made.retain(|one| {
        let fields = one.arguments.get("fields").and_then(Value::as_object);
        !(numbered
            && fields.is_some_and(|fields| fields.len() == 1 && fields.contains_key("mobilePhone")))
    });
    if made.is_empty() {
        return false;
    }
    together(&mut made, &understood.proposals);
    // What the frames made of the same words.
    let again = |one: &Proposal| {
        let same = |other: &Proposal| {
            other.action == one.action && other.arguments.get("user") == one.arguments.get("user")
        };
        reads(&one.action) || made.iter().any(same)
    };
    understood.proposals.retain(|one| !again(one));
    understood.questions.clear();
    understood.proposals.extend(made);
    true
}

/// Several properties of one person at one time are one change; what the frames read of another
/// property of theirs is part of it.
fn together(made: &mut Vec<Proposal>, read: &[Proposal]) {
    let of = |one: &Proposal, other: &Proposal| {
        let same = |name: &str| one.arguments.get(name) == other.arguments.get(name);
        one.action == UPDATE && other.action == UPDATE && same("user") && same(slots::AT)
    };
    let mut joined: Vec<Proposal> = Vec::new();
    let beside: Vec<Proposal> =
        read.iter().filter(|one| made.iter().any(|own| of(own, one))).cloned().collect();
    for one in std::mem::take(made).into_iter().chain(beside) {
        // Two values of one property stay two changes.
        let other = |first: &Proposal| {
            let fields =
                |one: &Proposal| one.arguments.get("fields").and_then(Value::as_object).cloned();
            let (first, one) =
                (fields(first).unwrap_or_default(), fields(&one).unwrap_or_default());
            one.iter().any(|(name, value)| first.get(name).is_some_and(|other| other != value))
        };
        let Some(first) = joined.iter_mut().find(|first| of(first, &one) && !other(first)) else {
            joined.push(one);
            continue;
        };
        let Some(Value::Object(more)) = one.arguments.get("fields").cloned() else { continue };
        if let Some(Value::Object(fields)) = first.arguments.get_mut("fields") {
            for (name, value) in more {
                fields.entry(name).or_insert(value);
            }
            first.because.extend(one.because);
        }
    }
    *made = joined;
}

/// Is something of somebody's entry to be changed?
fn wants(scene: &Scene<'_>) -> bool {
    let own = super::absorbed::own(scene);
    let says = |any: &[&str]| own.iter().any(|at| any.contains(&scene.word(*at)));
    // "…, pop it on his profile"
    let orders = own.iter().any(|at| {
        let first = *at == 0
            || !scene.tokens[at - 1].word()
            || ["and", "then", "please", "pls"].contains(&scene.word(at - 1));
        first
            && ["pop", "put", "change", "update", "fix", "correct", "amend", "stick", "enter"]
                .contains(&scene.word(*at))
    });
    let heads =
        headed(scene) && says(&["movers", "mover", "changes", "promotion", "promotions", "moves"]);
    // A point of a list that was asked for as a whole.
    let point = scene.asked && scene.context.thread.is_empty();
    // "Ada becomes Lead Buyer on 1 May. Title only, the rest stays."
    // "…, can her title say that?"
    let lets = own.iter().any(|at| {
        ["can", "could"].contains(&scene.word(*at))
            && ["her", "his", "their", "that", "this", "it", "both"].contains(&scene.word(at + 1))
    });
    let only = says(&["title", "titles"]) && says(&["only"]);
    point
        || only
        || heads
        || (scene.asked || asks(scene) || orders || lets || says(MUST))
            && says(CHANGES)
            && says(WHAT)
}

/// The facts of a message, in order.
fn told(scene: &Scene<'_>) -> Vec<Fact> {
    let mut found = Vec::new();
    let mut looked = 0;
    for sentence in scene.sentences.iter().take(SENTENCES_MAX) {
        if doubtful(scene, *sentence) {
            continue;
        }
        for sign in signs::signs(scene, *sentence) {
            looked += 1;
            if looked > SIGNS_MAX {
                return found;
            }
            let of = subjects(scene, *sentence, &sign);
            if !of.is_empty() && found.len() < FACTS_MAX {
                found.push(Fact { sentence: *sentence, sign, of });
            }
        }
    }
    found
}

/// Supposed, asked, or of no certainty.
fn doubtful(scene: &Scene<'_>, sentence: Sentence) -> bool {
    const DOUBTS: &[&str] = &[
        "whether",
        "how",
        "why",
        "what",
        "might",
        "maybe",
        "perhaps",
        "unless",
        "rumour",
        "rumor",
        "cancelled",
        "was",
        "were",
        "example",
        "who",
    ];
    (sentence.from..sentence.to).any(|at| {
        let supposes = scene.word(at) == "if"
            && !["you", "the", "we", "someone"].contains(&scene.word(at + 1));
        DOUBTS.contains(&scene.word(at)) && !scene.lattice.literal[at] || supposes
    })
}

/// Of whom it is told: the last people named before the sign, else whom "she" means, else whoever
/// was named before. Somebody behind it, where it says so ("the manager of Ada is …").
fn subjects(scene: &Scene<'_>, sentence: Sentence, sign: &Sign) -> Vec<Span> {
    let value = |span: &Span| sign.value.0 <= span.from && span.to <= sign.value.1;
    let named = |span: &&Span| {
        matches!(span.what, What::People(..) | What::Me) && !scene.aside(span) && !value(span)
    };
    let before: Vec<&Span> = scene
        .lattice
        .spans_in(sentence.from, sign.at)
        .filter(|span| {
            // "my title changes": of whoever writes
            let mine = span.what == What::Me && scene.word(span.from) == "my";
            // "Rachel Stone (the driver)"
            let which = super::says_which(scene, span);
            mine || matches!(span.what, What::People(..) | What::Pronoun)
                && !scene.aside(span)
                && !which
        })
        .collect();
    let last = before.last();
    // "The title of Ada changes to …"
    let of = (scene.word(sign.at + 1) == "of").then(|| scene.span(sign.at + 2)).flatten();
    let all = match last {
        None if of.is_some_and(Span::named) => of.into_iter().cloned().collect(),
        Some(last) if last.what == What::Pronoun => scene.antecedents(last),
        Some(_) => listed(scene, &before),
        None => {
            let nobody =
                Span { from: sign.at, to: sign.at + 1, what: What::Pronoun, negated: false };
            scene.antecedents(&nobody)
        }
    };
    let own = match &sign.manager {
        Some(manager) => all.into_iter().filter(|span| span.what != manager.what).collect(),
        None => all,
    };
    if own.iter().all(|span| named(&span)) { own } else { Vec::new() }
}

/// "Ada, Bo and Lee": all of them. "Renée, Ada": the first is only spoken to.
fn listed(scene: &Scene<'_>, spans: &[&Span]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut joined = false;
    for span in spans.iter().rev() {
        let Some(next) = found.last() else {
            found.push((*span).clone());
            continue;
        };
        let mut between = span.to..next.from;
        let and = between.clone().any(|at| scene.word(at) == "and" || scene.tokens[at].is('&'));
        let small = between.all(|at| {
            scene.tokens[at].is(',') || scene.tokens[at].is('&') || scene.word(at) == "and"
        });
        if !small || !(and || joined) || span.what == What::Pronoun {
            break;
        }
        joined = true;
        found.push((*span).clone());
    }
    found.reverse();
    found
}

/// The day of a fact: behind it, before all facts of its sentence, or the only one of the message.
fn when(scene: &Scene<'_>, told: &[Fact], number: usize) -> Option<When> {
    let fact = &told[number];
    let ahead = |when: &&When| {
        when.dated && !when.now && !when.past(&scene.context.now) && !former(scene, when)
    };
    let of = |from: usize, to: usize| {
        let mut all = scene.whens.iter().filter(ahead).filter(|w| w.from >= from && w.to <= to);
        let first = all.next()?;
        all.all(|other| other.date == first.date).then_some(*first)
    };
    let own = fact.sentence;
    let same = |other: &&Fact| other.sentence == own;
    let next = told[number + 1..].iter().find(same).map_or(own.to, |other| other.sign.at);
    let first = told.iter().find(same).map_or(own.from, |other| other.sign.at);
    let found = of(fact.sign.at, next).or_else(|| of(own.from, first));
    // "title Buyer, reporting to Ada, from Monday": of all that is told of one.
    let mut own_facts = told.iter().filter(same);
    let one = own_facts.all(|other| {
        other.of.len() == 1
            && other.of.first().map(|span| &span.what) == fact.of.first().map(|span| &span.what)
    });
    let found = found.or_else(|| of(own.from, own.to).filter(|_| one));
    let any = scene.whens.iter().filter(ahead).any(|w| w.from >= own.from && w.to <= own.to);
    let elsewhere = || of(0, scene.tokens.len()).filter(|_| !any && !fact.sign.now);
    found.or_else(elsewhere)
}

fn proposal(scene: &Scene<'_>, fact: &Fact, of: &Span, when: Option<When>) -> Option<Proposal> {
    let user = sure_person(scene, of)?;
    let sign = &fact.sign;
    let mut arguments = Map::new();
    let said = scene.said(sign.value.0, sign.value.1);
    let action = if let Some(manager) = &sign.manager {
        let manager = sure_person(scene, manager).filter(|manager| *manager != user)?;
        arguments.insert("manager".to_owned(), manager);
        MANAGER
    } else {
        arguments.insert("fields".to_owned(), Value::Object(fields(scene, sign, &user)?));
        UPDATE
    };
    arguments.insert("user".to_owned(), user);
    if let Some(when) = when {
        arguments.insert(slots::AT.to_owned(), Value::String(when.text()));
    }
    let quoted = fact.sentence.quoted;
    let because = |words: String, gave: &str| Because { words, gave: gave.to_owned(), quoted };
    let because = vec![
        because(scene.said(sign.at, sign.value.1), "action"),
        because(scene.said(of.from, of.to), "user"),
        because(said, if sign.manager.is_some() { "manager" } else { "fields" }),
    ];
    Some(Proposal { action: action.to_owned(), arguments, because })
}

/// What becomes what.
fn fields(scene: &Scene<'_>, sign: &Sign, user: &Value) -> Option<Map<String, Value>> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: String| fields.insert(name.to_owned(), Value::String(value));
    let said = scene.said(sign.value.0, sign.value.1);
    match sign.what {
        // Somebody's own name is no post.
        // "she is now Ada Stone"
        signs::What::Title if own_name(scene, user, &said) => {
            let (_, last) = said.split_once(' ').filter(|(_, last)| !last.contains(' '))?;
            put("surname", last.to_owned());
            put("displayName", said.clone())
        }
        signs::What::Phone => put("mobilePhone", said),
        signs::What::Title => put("jobTitle", said),
        signs::What::Office => {
            let places = scene.places(sign.value.0, sign.value.1, true);
            put("officeLocation", places.into_iter().next()?.2)
        }
        signs::What::Name => {
            let (first, last) = said.rsplit_once(' ')?;
            // Somebody else is told of.
            if !own_name(scene, user, first) {
                return None;
            }
            put("surname", last.to_owned());
            put("displayName", said.clone())
        }
        signs::What::Manager => return None,
    };
    Some(fields)
}

/// Do these words begin with this user's first name?
fn own_name(scene: &Scene<'_>, user: &Value, said: &str) -> bool {
    let begins = |name: &str| name.split_whitespace().next().map(str::to_lowercase);
    let person = user.as_str().and_then(|upn| scene.index.person(upn));
    person.is_some_and(|person| begins(person.name) == begins(said))
}
