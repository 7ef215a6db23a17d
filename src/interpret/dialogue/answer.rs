//! An answer to a question: a number, a name, a hint, a time, a text.

use serde_json::Value;

use crate::{
    actions::{
        Entry,
        wording::{Detail, Slot, Sort},
    },
    domain::{
        proposal::{Because, Intent, Open, Proposal, Understood},
        trouble::{Ask, Question},
    },
    interpret::{
        entities::What,
        lifecycle::former,
        scene::Scene,
        slots::{AT, figure, missing},
        text::key,
    },
};

/// An answer to the question that waits in this thread.
pub fn answer(scene: &Scene<'_>, own: &str, open: &Open, catalog: &[Entry]) -> Option<Understood> {
    let entry = catalog.iter().find(|entry| entry.about.id == open.proposal.action)?;
    let said = own.trim();
    if open.question.ask == Ask::WhatDay {
        let ahead = |when: &&crate::interpret::dates::When| !when.past(&scene.context.now);
        let when = scene.whens.iter().find(ahead)?;
        return Some(complete(entry, with(open, said, Value::String(when.date.to_string()))));
    }
    if open.question.ask == Ask::When {
        return time(scene, said, open, entry);
    }
    if open.question.ask == Ask::WhatNumber {
        let number = (0..scene.tokens.len()).find_map(|at| figure(scene.word(at)))?;
        return Some(complete(entry, with(open, said, Value::from(number))));
    }
    if open.question.ask == Ask::WhatMessage
        && let Some(understood) = other_bound(scene, said, open)
    {
        return Some(understood);
    }
    if open.question.ask == Ask::WhatMessage && super::again::OTHER_TIME.is_match(&key(said)) {
        return other_end(scene, open);
    }
    if open.question.ask == Ask::WhatMessage
        && let Some(understood) = its_end(scene, said, open)
    {
        return Some(understood);
    }
    let value = if open.question.ask == Ask::WhatMessage {
        let bare = said.trim_matches(['"', '\'', '“', '”', ' ']);
        (!bare.is_empty()).then(|| bare.to_owned())
    } else {
        choice(said, &open.question)
            .or_else(|| by_hint(scene, &open.question))
            .or_else(|| named(scene, open, entry))
    }?;
    let slots = entry.about.wording.slots;
    let list = slots.iter().any(|(argument, slot)| {
        let many = matches!(slot, Slot::Detail(Detail::Licences) | Slot::Users(_) | Slot::People);
        *argument == open.argument && many
    });
    let value = if list { Value::from(vec![value]) } else { Value::String(value) };
    let mut made = with(open, said, value);
    // "the second one, last day 2 April"
    let process = ["offboard_user", "transfer_user"].contains(&made.action.as_str());
    if let ([when], true) = (&*scene.whens, process && !made.arguments.contains_key(AT))
        && when.dated
        && !when.now
        && !when.past(&scene.context.now)
    {
        made.arguments.insert(AT.to_owned(), Value::String(when.text()));
    }
    Some(complete(entry, made))
}

/// "Make it the 15th instead", while the words of a reply are asked for: it ends then, and
/// what it says is asked again.
fn other_end(scene: &Scene<'_>, open: &Open) -> Option<Understood> {
    let [when] = &*scene.whens else { return None };
    let name = if open.proposal.arguments.contains_key("end") { "end" } else { "start" };
    if when.past(&scene.context.now) || !open.proposal.arguments.contains_key(name) {
        return None;
    }
    let mut open = open.clone();
    open.proposal.arguments.insert(name.to_owned(), Value::String(when.text()));
    let words = scene.said(when.from, when.to);
    let because = Because { words, gave: name.to_owned(), quoted: false };
    open.proposal.because.push(because);
    Some(Understood { questions: vec![open], ..Understood::only(Intent::Request) })
}

/// "Until the 24th please, that's the Friday", while the words of a reply are asked for: when it
/// ends, and no words of a reply.
fn its_end(scene: &Scene<'_>, said: &str, open: &Open) -> Option<Understood> {
    const WORDS: usize = 12;
    let words = key(said);
    let first = words.split(' ').next().unwrap_or_default();
    let until = ["until", "till", "til", "to", "through", "thru", "up"].contains(&first);
    let when = scene.whens.first()?;
    let open_end = !open.proposal.arguments.contains_key("end");
    if !until || !open_end || words.split(' ').count() > WORDS || when.past(&scene.context.now) {
        return None;
    }
    let mut open = open.clone();
    open.proposal.arguments.insert("end".to_owned(), Value::String(when.text()));
    let words = scene.said(when.from, when.to);
    open.proposal.because.push(Because { words, gave: "end".to_owned(), quoted: false });
    Some(Understood { questions: vec![open], ..Understood::only(Intent::Request) })
}

/// "Make it from the 12th, not the 10th", while the words of a reply are asked for: the day that is
/// denied is one of its own, and the other takes its place. What it says is asked again.
fn other_bound(scene: &Scene<'_>, said: &str, open: &Open) -> Option<Understood> {
    const WORDS: usize = 14;
    let [one, two] = &*scene.whens else { return None };
    if key(said).split(' ').count() > WORDS {
        return None;
    }
    let (old, new) = match (former(scene, one), former(scene, two)) {
        (true, false) => (one, two),
        (false, true) => (two, one),
        _ => return None,
    };
    let day = old.date.to_string();
    let was = |name: &&str| {
        let value = open.proposal.arguments.get(*name).and_then(Value::as_str);
        value.and_then(|value| value.split('T').next()) == Some(day.as_str())
    };
    let name = ["start", "end"].into_iter().find(was)?;
    if new.past(&scene.context.now) {
        return None;
    }
    let mut open = open.clone();
    open.proposal.arguments.insert(name.to_owned(), Value::String(new.text()));
    let words = scene.said(new.from, new.to);
    let because = Because { words, gave: name.to_owned(), quoted: false };
    open.proposal.because.push(because);
    Some(Understood { questions: vec![open], ..Understood::only(Intent::Request) })
}

/// What was open, with its argument as it was answered.
fn with(open: &Open, said: &str, value: Value) -> Proposal {
    let mut proposal = open.proposal.clone();
    proposal.arguments.insert(open.argument.clone(), value);
    proposal.because.push(Because {
        words: said.chars().take(80).collect(),
        gave: open.argument.clone(),
        quoted: false,
    });
    proposal
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
    if when.past(&scene.context.now) {
        let question =
            Question { said: Some(said.chars().take(80).collect()), ..open.question.clone() };
        return Some(Understood {
            questions: vec![Open { question, ..open.clone() }],
            ..Understood::only(Intent::Request)
        });
    }
    let proposal =
        if when.now { open.proposal.clone() } else { with(open, said, Value::String(when.text())) };
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

/// The sort of thing this argument wants.
fn slot_sort(entry: &Entry, argument: &str) -> Option<Sort> {
    entry.about.wording.slots.iter().find_map(|(name, slot)| match slot {
        Slot::Thing(sort) if *name == argument => Some(*sort),
        _ => None,
    })
}

/// A person, group or licence, by name.
fn named(scene: &Scene<'_>, open: &Open, entry: &Entry) -> Option<String> {
    if scene.tokens.len() > 15 {
        return None;
    }
    scene.lattice.spans.iter().find_map(|span| match (&span.what, open.question.ask) {
        (
            What::People(all, _),
            Ask::Whom | Ask::WhichPerson | Ask::WhatAddress | Ask::WhatMailbox,
        ) if all.len() == 1 => Some(scene.index.somebody(all[0]).upn.to_owned()),
        (What::Nobody, Ask::WhatAddress) if scene.word(span.from).contains('@') => {
            Some(scene.word(span.from).to_owned())
        }
        (What::Named(all), Ask::WhatAddress | Ask::WhatMailbox | Ask::WhatOne) => {
            let [one] = all.as_slice() else { return None };
            let named = &scene.index.named[*one];
            let mail = named.sort == Sort::Mailbox;
            let wanted = slot_sort(entry, &open.argument);
            let fits = wanted.map_or(mail, |sort| sort == named.sort);
            fits.then(|| named.value.clone())
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
