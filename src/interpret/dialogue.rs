//! What a message means in its thread: an answer to a question, a correction, "same
//! for…", taking back, asking how it stands, help, thanks.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::{
    actions::Entry,
    domain::{
        proposal::{Because, Intent, Open, Proposal, Understood},
        trouble::{Ask, Question},
    },
    interpret::{
        Context,
        entities::What,
        index::Index,
        scene::Scene,
        slots::{missing, which_person, whom},
        text::{Text, key},
    },
};

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static CANCEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(oh |ah |no |actually |sorry |please |pls |ok |wait |hi |hello |can you |could you |you can |lets |just )*",
        r"((cancel|scrap|withdraw|drop|abort|discard|forget|disregard|ignore|undo|retract|recall|take back|call off|nix|kill)( |$)(about |the |all |everything |what )*(it|that|this|request|requests|one|my|last|above|previous|i said|i asked|order|r \d+|\d+|ticket|message)\b",
        r"|(i )?(take|took) (it|that) back|(please )?(cancel|abort|scrap|disregard|nevermind|never mind)( please| pls| thanks)?$|never ?mind|nvm\b|cancel (request |r ?)?\d+|(my|the) request .{0,40}(withdrawn|cancelled|can be (cancelled|withdrawn|ignored)))",
    ))
});
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(status|any (news|update|updates|progress|word)|whats (the )?(status|happening|going on|pending|waiting|outstanding|open)|what is (the status|waiting|pending|outstanding|open)|how (is|are|does|do) (my|the|our) requests?",
        r"|wheres? (is |are )?(my|the|our)( pending| open)? (request|requests|approval|approvals)|what are (my|the) (pending|open|waiting)|(show|list) (me )?(my |the |all )?(pending|open|waiting|outstanding) (requests?|approvals?)",
        r"|(is|are|was|were|has|have|had|did|may i ask whether|can you tell me (if|whether)|do you know (if|whether)|has anyone) .{0,80}\b(approved|done|processed|completed|gone through|happened|signed off|actioned|finished|come through|rejected|carried out|been (disabled|enabled|reset|added|removed|assigned|revoked))\b",
        r"|.{0,20}(status|state|progress) of (my |the |our )?(request|r \d|\d|ticket)|my (pending|open) requests?$|(hello |hi )?may i ask whether .{0,80}(approved|done|processed|completed))",
    ))
});
static HELP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(hi |hello |hey )?((help|menu|commands|usage|man|options)( me)?( please| pls)?$|what (can|do|could) (you|u|this bot|i) (do|ask|say)|what (are you|commands)|how (do|can|does|should|would) (i|you|we|one|this)\b|how to\b|who are you|what information do you need|what happens|whats the difference|what is the difference|is it possible|is there a way|can i (reset|change|unlock) my|can you explain)",
    )
});
static SAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(and |also |ok |please |now |then |can you |do |could you )*(the )?(same|likewise|ditto|repeat( that| it)?|do (that|it|this)( too| as well)?|that|this)( thing| again| please| too| also| one)* (for|with|on|to)\b|^(and|also) (for )?[a-z .]{2,60}( too| as well)$|^same for\b",
    )
});
static CORRECTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(no|nope|sorry|wait|oops|oh|actually|whoops|hang on|hold on|my mistake|correction|not (him|her|that one|them))\b|\b(i meant|i mean|should (be|have been)|wrong (one|person|user|guy)|meant to say|correct (one|person) is)\b",
    )
});

/// Cancel, status, help: before anything else is read.
pub fn intent(own: &str) -> Option<Intent> {
    let said = key(own);
    let short = said.split(' ').count() <= 30;
    if !short || said.is_empty() {
        return None;
    }
    if STATUS.is_match(&said) {
        return Some(Intent::Status);
    }
    if CANCEL.is_match(&said) {
        return Some(Intent::Cancel);
    }
    HELP.is_match(&said).then_some(Intent::Help)
}

static NEITHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(no |sorry |hmm |actually |oh )*(neither|none|no ?one|nobody|not any)( one)?( of (them|these|those|the above|the two|the three))?( thanks| thank you| please| sorry)*$|^(no|nope|stop|cancel|forget it|skip( it| that| this)?|leave it|drop it|no thanks|no thank you|dont bother)( please| thanks)*$",
    )
});

/// "neither", "none of these", "no": the question is taken back.
pub fn declines(own: &str) -> bool {
    NEITHER.is_match(&key(own))
}

/// An answer to the question that waits in this thread.
pub fn answer(scene: &Scene<'_>, own: &str, open: &Open, catalog: &[Entry]) -> Option<Understood> {
    let entry = catalog.iter().find(|entry| entry.about.id == open.proposal.action)?;
    let said = own.trim();
    if open.question.ask == Ask::When {
        return time(scene, said, open, entry);
    }
    let value = if open.question.ask == Ask::WhatMessage {
        let bare = said.trim_matches(['"', '\'', '“', '”', ' ']);
        (!bare.is_empty()).then(|| bare.to_owned())
    } else {
        choice(said, &open.question)
            .or_else(|| by_hint(scene, &open.question))
            .or_else(|| named(scene, open, entry))
    }?;
    let mut proposal = open.proposal.clone();
    proposal.arguments.insert(open.argument.clone(), Value::String(value));
    proposal.because.push(Because {
        words: said.chars().take(80).collect(),
        gave: open.argument.clone(),
        quoted: false,
    });
    Some(complete(entry, proposal))
}

/// A time as the answer; one that is over is asked for again, "now" needs none.
fn time(scene: &Scene<'_>, said: &str, open: &Open, entry: &Entry) -> Option<Understood> {
    let mut when = *scene.whens.first()?;
    // "at 5" after "yesterday at noon": the day and the time may come apart.
    if let Some(other) = scene.whens.get(1)
        && !when.dated
        && other.dated
        && other.time.is_none()
    {
        when.date = other.date;
        when.dated = true;
    }
    let mut proposal = open.proposal.clone();
    if when.past(&scene.context.now) {
        let question =
            Question { said: Some(said.chars().take(80).collect()), ..open.question.clone() };
        return Some(Understood {
            questions: vec![Open { question, ..open.clone() }],
            ..Understood::only(Intent::Request)
        });
    }
    if !when.now {
        proposal.arguments.insert(open.argument.clone(), Value::String(when.text()));
        proposal.because.push(Because {
            words: said.chars().take(80).collect(),
            gave: open.argument.clone(),
            quoted: false,
        });
    }
    Some(complete(entry, proposal))
}

fn complete(entry: &Entry, proposal: Proposal) -> Understood {
    let mut understood = Understood::only(Intent::Request);
    match missing(entry, &proposal) {
        None => understood.proposals.push(proposal),
        Some((argument, ask)) => understood.questions.push(Open {
            proposal,
            argument: argument.to_owned(),
            question: Question { ask, said: None, choices: Vec::new() },
        }),
    }
    understood
}

/// By its value, its number, or its label.
fn choice(said: &str, question: &Question) -> Option<String> {
    let choices = &question.choices;
    if let Some(exact) = choices.iter().find(|choice| choice.value.eq_ignore_ascii_case(said)) {
        return Some(exact.value.clone());
    }
    let words = key(said);
    if words.split(' ').count() > 8 || choices.is_empty() {
        return None;
    }
    let mut number = None;
    // "the one in R and D 2": only a number that is the answer counts.
    let counts = |word: &str| {
        let first = words.split(' ').next() == Some(word);
        first || words.contains("the ") || words.contains("number ") || words.contains("option ")
    };
    for word in words.split(' ').filter(|word| counts(word)) {
        number = number.or(match word {
            "1" | "first" | "1st" | "former" => Some(0),
            "2" | "second" | "2nd" => Some(1),
            "3" | "third" | "3rd" => Some(2),
            "4" | "fourth" | "4th" => Some(3),
            "5" | "fifth" | "5th" => Some(4),
            "last" | "latter" => choices.len().checked_sub(1),
            digits => digits.parse::<usize>().ok().and_then(|n| n.checked_sub(1)),
        });
    }
    if let Some(chosen) = number.and_then(|at| choices.get(at)) {
        return Some(chosen.value.clone());
    }
    let mut fits = choices.iter().filter(|choice| {
        let label = key(&choice.label);
        words == label
            || words.contains(&label)
            || format!(" {label} ").contains(&format!(" {words} "))
    });
    let first = fits.next()?;
    fits.next().is_none().then(|| first.value.clone())
}

/// Words of an answer that say nothing about the choice.
const SMALL: &[&str] = &[
    "the", "one", "in", "from", "of", "yes", "please", "pls", "licence", "license", "group", "who",
    "is", "works", "person", "thanks", "a", "an", "it", "its", "that", "and", "sorry", "user",
];

/// "the finance one", "m365": a word that fits only one choice.
fn by_hint(scene: &Scene<'_>, question: &Question) -> Option<String> {
    if scene.tokens.len() > 12 {
        return None;
    }
    // "the sales manager": words that together fit only one.
    let words: Vec<&str> = scene
        .tokens
        .iter()
        .filter(|token| token.word() && !SMALL.contains(&token.folded.as_str()))
        .map(|token| token.folded.as_str())
        .collect();
    let all_fit = |choice: &&crate::domain::trouble::Choice| {
        let fact = key(&format!("{} {}", choice.label, choice.detail));
        let person = scene.index.address(&choice.value);
        words.iter().all(|word| {
            fact.split(' ').any(|part| part == *word)
                || person.is_some_and(|at| scene.index.fits(at, word))
        })
    };
    let together: Vec<_> = question.choices.iter().filter(all_fit).collect();
    if let ([one], false) = (together.as_slice(), words.is_empty()) {
        return Some(one.value.clone());
    }
    // Words that point at different choices, or away from one, decide nothing.
    if words.iter().any(|word| ["not", "isnt", "wrong", "except", "but"].contains(word)) {
        return None;
    }
    let mut chosen: Option<&str> = None;
    for word in words {
        let hint = match word {
            "m365" | "ms365" => "microsoft",
            "o365" => "office",
            hint => hint,
        };
        let mut fits = question.choices.iter().filter(|choice| {
            let fact = key(&format!("{} {}", choice.label, choice.detail));
            let person = scene.index.address(&choice.value);
            person.is_some_and(|at| scene.index.fits(at, hint))
                || fact.split(' ').any(|word| word == hint)
        });
        if let (Some(only), None) = (fits.next(), fits.next()) {
            if chosen.is_some_and(|value| value != only.value) {
                return None;
            }
            chosen = Some(&only.value);
        }
    }
    chosen.map(ToOwned::to_owned)
}

/// A person, group or licence, by name.
fn named(scene: &Scene<'_>, open: &Open, entry: &Entry) -> Option<String> {
    if scene.tokens.len() > 15 {
        return None;
    }
    let _ = entry;
    scene.lattice.spans.iter().find_map(|span| match (&span.what, open.question.ask) {
        (What::People(all, _), Ask::Whom | Ask::WhichPerson) if all.len() == 1 => {
            Some(scene.index.people[all[0]].who.upn.to_string())
        }
        (What::Me, Ask::Whom) => Some(scene.context.requester.upn.to_string()),
        (What::Group(all), Ask::WhatGroup | Ask::WhichGroup) if all.len() == 1 => {
            Some(scene.index.groups[all[0]].name.clone())
        }
        (What::Sku(all), Ask::WhatLicence | Ask::WhichLicence) if all.len() == 1 => {
            Some(scene.index.skus[all[0]].part_number.clone())
        }
        _ => None,
    })
}

/// "same for Alex", "no, I meant Jon Smith": the last proposals with other people.
pub fn follow_up(
    scene: &Scene<'_>,
    own: &str,
    last: &[Proposal],
    index: &Index,
) -> Option<Understood> {
    let said = key(own);
    if last.is_empty()
        || said.split(' ').count() > 20
        || !(SAME.is_match(&said) || CORRECTION.is_match(&said))
    {
        return None;
    }
    let people: Vec<_> =
        scene.lattice.spans.iter().filter(|span| span.named() && !span.negated).collect();
    if people.is_empty() {
        return None;
    }
    let mut understood = Understood::only(Intent::Request);
    for span in people {
        for proposal in last {
            let argument =
                if proposal.arguments.contains_key("mailbox") { "mailbox" } else { "user" };
            let mut proposal = proposal.clone();
            let words = scene.said(span.from, span.to);
            match &span.what {
                What::People(all, _) if all.len() == 1 => {
                    let upn = index.people[all[0]].who.upn.to_string();
                    proposal.arguments.insert(argument.to_owned(), Value::String(upn));
                    proposal.because =
                        vec![Because { words, gave: argument.to_owned(), quoted: false }];
                    understood.proposals.push(proposal);
                }
                other => {
                    proposal.arguments.remove(argument);
                    let question = match other {
                        What::People(all, _) => which_person(index, all, &words),
                        _ => whom(Some(words)),
                    };
                    understood.questions.push(Open {
                        proposal,
                        argument: argument.to_owned(),
                        question,
                    });
                }
            }
        }
    }
    Some(understood)
}

/// What the person asked for last in this thread, read without its own past.
pub fn last_asked(context: &Context, index: &Index, catalog: &[Entry]) -> Vec<Proposal> {
    for (at, said) in context.thread.iter().enumerate().rev().filter(|(_, said)| !said.bot).take(3)
    {
        let before = Context {
            thread: context.thread[..at].iter().filter(|s| !s.about.is_empty()).cloned().collect(),
            open: None,
            ..context.clone()
        };
        let text = Text::of(&said.words);
        let read = super::read_alone(&text, &before, index, catalog);
        if !read.proposals.is_empty() {
            return read.proposals;
        }
    }
    Vec::new()
}
