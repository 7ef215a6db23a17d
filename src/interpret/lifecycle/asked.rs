//! Whether anything is asked for at all, where something is told.

use crate::interpret::{clauses::Sentence, scene::Scene};

/// "New starter: …", "Leaver: …", "Admission on Monday: …": a heading says what is wanted.
pub(in crate::interpret) fn headed(scene: &Scene<'_>) -> bool {
    const HEADS: &[&str] = &[
        "starter",
        "hire",
        "joiner",
        "joinee",
        "admission",
        "arrival",
        "incorporation",
        "leaver",
        "leavers",
        "exit",
        "mover",
        "movers",
        "starters",
        "joiners",
        "hires",
        "transfers",
        "moves",
        "promotion",
        "promotions",
        "onboarding",
        "offboarding",
        "onboard",
        "offboard",
    ];
    const NEW: &[&str] =
        &["starter", "hire", "joiner", "joinee", "employee", "colleague", "worker"];
    scene.sentences.iter().filter(|sentence| !sentence.quoted).any(|sentence| {
        let colon = (sentence.from..sentence.to.min(sentence.from + 8))
            .find(|at| scene.tokens[*at].is(':'));
        let begins = colon.is_some_and(|colon| {
            (sentence.from..colon).take(3).any(|at| HEADS.contains(&scene.word(at)))
        });
        let new = |at: usize| {
            let next = scene.word(at + 1);
            scene.word(at) == "new" && (NEW.contains(&next) || super::is_post(next))
        };
        begins || new(sentence.from)
    })
}

/// Is something asked for at all? A polite word, or a form.
pub(in crate::interpret) fn asks(scene: &Scene<'_>) -> bool {
    const ASKS: &[&str] = &[
        "please",
        "pls",
        "plz",
        "kindly",
        "grateful",
        "arrange",
        "appreciate",
        "need",
        "needs",
        "execute",
        "requesting",
    ];
    let own = scene.sentences.iter().flat_map(|sentence| sentence.from..sentence.to);
    let polite = |at: usize| {
        let word = scene.word(at);
        let could = ["could", "would", "can"].contains(&word)
            && ["you", "u", "ye", "we", "i", "they", "someone", "somebody"]
                .contains(&scene.word(at + 1));
        // "Would it be possible to …", "May I ask you to …"
        let possible = ["be", "is"].contains(&word) && scene.word(at + 1) == "possible"
            || word == "ask" && ["you", "to"].contains(&scene.word(at + 1));
        // "Could Ada be put down as …?"
        let passive = ["could", "can"].contains(&word)
            && scene.span(at + 1).is_some_and(|span| {
                span.from == at + 1 && span.person() && scene.word(span.to) == "be"
            });
        let possible = possible || passive;
        // "For information and action"
        let action = word == "action" && at > 0 && ["for", "and"].contains(&scene.word(at - 1));
        // "Thank you to prepare her account"
        let thanks = ["thank", "thanks"].contains(&word)
            && (at + 1..at + 3).any(|at| scene.word(at) == "to");
        (ASKS.contains(&word) || could || possible || action || thanks)
            && !scene.lattice.literal[at]
    };
    // "onboard Ada Park"
    let order = |sentence: &Sentence| {
        const ORDERS: &[&str] = &[
            "kill",
            "close",
            "block",
            "shut",
            "create",
            "open",
            "set",
            "pop",
            "send",
            "give",
            "onboard",
            "offboard",
            "put",
            "add",
            "do",
            "process",
            "run",
            "treat",
            "prepare",
            "plan",
            "invite",
            "make",
            "register",
            "effective",
        ];
        // "Leaver procedure at noon that day"
        let process = ["leaver", "leavers", "offboarding", "onboarding", "exit"]
            .contains(&scene.word(sentence.from))
            && ["procedure", "process", "routine"].contains(&scene.word(sentence.from + 1));
        let colon = scene.tokens.get(sentence.from + 1).is_some_and(|token| token.is(':'));
        // "Change it that day"
        let puts_down = ["change", "enter", "update"].contains(&scene.word(sentence.from))
            && ["it", "this", "that", "them", "both"].contains(&scene.word(sentence.from + 1));
        // "To create account, licence …"
        let to = scene.word(sentence.from) == "to"
            && ["create", "prepare", "open", "make", "do"].contains(&scene.word(sentence.from + 1));
        (ORDERS.contains(&scene.word(sentence.from)) || process || puts_down || to) && !colon
    };
    own.into_iter().any(polite)
        || scene.sentences.iter().any(order)
        || labels(scene) >= 2
        || notes(scene) >= 2
}

/// "Title Stock Buyer. Boss Ada Park. Hull.": notes for whoever enters them.
fn notes(scene: &Scene<'_>) -> usize {
    const LABELS: &[&str] = &[
        "title",
        "boss",
        "manager",
        "office",
        "dept",
        "department",
        "licence",
        "license",
        "role",
        "groups",
        "group",
        "start",
        "reports",
        "mgr",
        "position",
        "site",
        "last",
        "mail",
        "mailbox",
    ];
    const WORDS_MAX: usize = 6;
    let note = |sentence: &&Sentence| {
        let words = (sentence.from..sentence.to).filter(|at| scene.tokens[*at].word()).count();
        let first = (sentence.from..sentence.to).find(|at| scene.tokens[*at].word());
        let label = first.is_some_and(|at| LABELS.contains(&scene.word(at)));
        let place = first.is_some_and(|at| {
            [false, true].into_iter().any(|offices| {
                scene.places(at, sentence.to, offices).first().is_some_and(|place| place.0 == at)
            })
        });
        words <= WORDS_MAX && (label || place) && !sentence.quoted
    };
    scene.sentences.iter().filter(note).count()
}

/// Lines of a form: a label, a mark, a value.
fn labels(scene: &Scene<'_>) -> usize {
    let begins = |at: usize| {
        at == 0
            || scene.tokens[at - 1].sort == crate::interpret::text::Sort::Line
            || ['-', '•', '*', '|'].iter().any(|mark| scene.tokens[at - 1].is(*mark))
    };
    let label = |at: &usize| {
        let colon = (1..=3).find(|words| {
            scene.tokens.get(at + words).is_some_and(|token| token.is(':') || token.is('|'))
        });
        scene.tokens[*at].word() && begins(*at) && colon.is_some()
    };
    (0..scene.tokens.len()).filter(label).count()
}
