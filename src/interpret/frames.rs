//! Which action a predicate means: the catalogue's frames against the verb's classes
//! and the objects it governs. What no frame of an action names blocks that action.

use crate::{
    actions::{
        Entry,
        wording::{Frame, Slot, Sort},
    },
    interpret::{
        apart::{names_an_address, out_of_something, says_its_things},
        clauses::Predicate,
        entities::{Hit, Span},
        governed::{WEAK, objects},
        lexicon::{
            Classes, LEXICON, LOOSE, foreign_classes, object_class, object_classes, verb_class,
            verb_classes,
        },
        likeness::tells,
        scene::Scene,
        slots,
    },
};

/// A frame that fits.
#[derive(Debug, Clone, Copy)]
pub struct Fit<'a> {
    /// The action.
    pub entry: &'a Entry,
    /// The way of asking.
    pub frame: &'a Frame,
}

/// The actions a predicate means. Several when it names a group and a licence at once.
pub fn fits<'a>(
    scene: &Scene<'_>,
    predicate: &Predicate,
    catalog: &'a [Entry],
    memory: &[Span],
) -> Vec<Fit<'a>> {
    let present = objects(scene, predicate, memory);
    let weak = object_classes(WEAK);
    let strong = present & !weak & !object_classes(LOOSE);
    let pair = object_classes(&["group", "licence", "all_licences"]);
    let listed = Listed::of(scene, predicate);
    let mut found: Vec<(u32, Fit<'a>)> = Vec::new();
    for entry in catalog {
        let best = entry
            .about
            .wording
            .frames
            .iter()
            .filter_map(|frame| {
                let wanted = object_classes(frame.objects);
                let beside = object_classes(frame.beside);
                let verb = verb_classes(frame.verbs) & predicate.classes != 0;
                let both = if wanted & pair != 0 { pair } else { 0 };
                let foreign = strong & !(wanted | beside | both);
                let hit = if frame.objects.is_empty() {
                    strong & !beside == 0 && present & object_classes(&["account", "access"]) == 0
                } else {
                    wanted & present != 0
                };
                // "reset his password and his MFA": each is one of ours.
                let strange = foreign_classes() & !object_class("mfa");
                let apart = foreign & strange == 0 && listed.apart(frame.objects);
                (verb && (foreign == 0 || apart) && hit).then(|| {
                    let weight =
                        (wanted & strong).count_ones() * 4 + (wanted & present).count_ones() + 1;
                    (weight, Fit { entry, frame })
                })
            })
            .max_by_key(|(weight, _)| *weight);
        found.extend(best);
    }
    if found.iter().any(|(_, fit)| !fit.frame.objects.is_empty()) {
        found.retain(|(_, fit)| !fit.frame.objects.is_empty());
    }
    let best = found.iter().map(|(weight, _)| *weight).max().unwrap_or(0);
    found.retain(|(weight, fit)| {
        *weight == best || names_its_own(scene, predicate, fit) || listed.apart(fit.frame.objects)
    });
    let mut found: Vec<Fit<'a>> = found.into_iter().map(|(_, fit)| fit).collect();
    found.retain(|fit| sensible(scene, predicate, fit));
    let moved = predicate.classes & verb_class("move") != 0;
    if found.len() > 1 && !moved {
        found.retain(|fit| names_its_own(scene, predicate, fit) || listed.apart(fit.frame.objects));
    }
    // Two readings of one verb that need no different objects: too close to choose.
    let distinct = found
        .iter()
        .all(|fit| names_its_own(scene, predicate, fit) || listed.apart(fit.frame.objects));
    if found.len() > 1 && !distinct { Vec::new() } else { found }
}

/// "kill her access and her sessions": objects in a list of which each stands for itself.
/// Looked for once in a predicate, as every frame of the catalogue asks.
struct Listed(Vec<(Classes, Classes)>);

impl Listed {
    fn of(scene: &Scene<'_>, predicate: &Predicate) -> Self {
        const BETWEEN: &[&str] =
            &["and", "his", "her", "their", "all", "the", "any", "active", "also"];
        let hits: Vec<&Hit> = scene
            .lattice
            .hits
            .iter()
            .filter(|hit| hit.from > predicate.verb && hit.to <= predicate.to)
            .collect();
        let joins = |at: usize| [',', '+', '&', '/'].iter().any(|mark| scene.tokens[at].is(*mark));
        let beside = |at: usize| {
            let token = &scene.tokens[at];
            !token.word() || BETWEEN.contains(&token.folded.as_str())
        };
        let listed = |a: &Hit, b: &Hit| {
            (a.to..b.from).any(|at| scene.word(at) == "and" || joins(at))
                && (a.to..b.from).all(beside)
        };
        let pairs = hits.windows(2).filter(|pair| listed(pair[0], pair[1]));
        Self(pairs.map(|pair| (pair[0].classes, pair[1].classes)).collect())
    }

    /// Do objects of these classes stand beside others that are none of them?
    fn apart(&self, objects: &[&str]) -> bool {
        let own = object_classes(objects);
        self.0.iter().any(|(a, b)| (a & own == 0) != (b & own == 0))
    }
}

/// A group or licence of its own is named in the predicate.
fn names_its_own(scene: &Scene<'_>, predicate: &Predicate, fit: &Fit<'_>) -> bool {
    fit.entry.about.wording.slots.iter().any(|(_, slot)| match slot {
        Slot::GroupInto => !scene.groups(predicate, true).is_empty(),
        Slot::GroupOutOf => !scene.groups(predicate, false).is_empty(),
        Slot::Licence | Slot::LicenceHeld => scene.names_licence(predicate),
        _ => false,
    })
}

/// "… change his password at next sign-in": he chooses, and none is handed out. Nothing
/// where no password is spoken of in this way.
fn at_next_sign_in(scene: &Scene<'_>, predicate: &Predicate) -> Option<bool> {
    let word = scene.word(predicate.verb);
    if predicate.classes & verb_class("force") != 0 {
        return None;
    }
    if !["change", "choose", "changes", "chooses", "pick", "picks"].contains(&word) {
        return Some(false);
    }
    let sentence = scene.sentence(predicate.verb);
    let next = (predicate.verb..sentence.to).any(|at| {
        ["next", "first"].contains(&scene.word(at))
            && (at + 1..at + 3).any(|at| {
                ["sign", "signin", "login", "logon", "log", "logs", "time"]
                    .contains(&scene.word(at))
            })
    });
    Some(next)
}

/// "the Salesforce password", "his voicemail password"
fn of_a_stranger(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let password = object_classes(&["password", "new_password"]);
    let inside = |hit: &&Hit| hit.from >= predicate.from && hit.to <= predicate.to;
    let mut hits = scene.lattice.hits.iter().filter(inside);
    hits.any(|hit| {
        hit.classes & password != 0
            && hit.from.checked_sub(1).is_some_and(|at| {
                let before = &scene.tokens[at];
                before.word()
                    && scene.lattice.span_at[at].is_none()
                    && scene.lattice.hit_at[at].is_none()
                    && !LEXICON.knows(&before.folded)
            })
    })
}

/// Words that fit, and mean something else.
fn means_another(scene: &Scene<'_>, predicate: &Predicate, fit: &Fit<'_>) -> bool {
    let any =
        |to: usize, words: &[&str]| (predicate.from..to).any(|at| words.contains(&scene.word(at)));
    let sentence = scene.sentence(predicate.verb).to;
    let role =
        fit.entry.about.wording.slots.iter().any(|(_, slot)| *slot == Slot::Thing(Sort::Role));
    match fit.entry.about.id {
        // "He no longer needs the Info mailbox. Please take that away.": a right, and no mailbox.
        "delete_shared_mailbox" => !governs_a_mailbox(scene, predicate),
        "delete_ca_policy" => out_of_something(scene, predicate.verb, sentence),
        // "its secrets, when do they run out": a question, and no new secret.
        "add_app_secret" => any(sentence, &["when", "expire", "expires", "expiring"]),
        // "a consultant without an account: Ana Novak"
        "create_user" => (predicate.from..predicate.to).any(|at| {
            scene.word(at) == "without"
                && (at + 1..at + 4).any(|at| ["account", "login"].contains(&scene.word(at)))
        }),
        // "create an account for Bo, position Administrator": a post, and no role.
        _ => {
            role && predicate.classes & verb_class("create") != 0
                && !any(predicate.to, &["role", "roles", "rights", "admin"])
        }
    }
}

/// Is the mailbox said with the verb itself, and nothing of it that somebody else has? "it" will
/// do with a verb that says nothing but deleting.
fn governs_a_mailbox(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    const RIGHTS: &[&str] = &["access", "right", "rights", "permission", "permissions", "delegate"];
    let (from, to) = (predicate.from, predicate.to);
    let any = |words: &[&str]| (from..to).any(|at| words.contains(&scene.word(at)));
    let mailbox = object_class("shared_mailbox");
    let said = scene
        .lattice
        .hits
        .iter()
        .any(|hit| hit.from >= from && hit.to <= to && hit.classes & mailbox != 0);
    let named = scene.lattice.spans_in(from, to).any(Span::is_thing);
    let deletes =
        predicate.classes & verb_class("delete") != 0 && any(&["it", "one", "them", "both"]);
    (said || named || deletes) && !any(RIGHTS)
}

/// What the table cannot say.
fn sensible(scene: &Scene<'_>, predicate: &Predicate, fit: &Fit<'_>) -> bool {
    let slots = fit.entry.about.wording.slots;
    let has = |wanted: Slot| slots.iter().any(|(_, slot)| *slot == wanted);
    if !says_its_things(scene, predicate, fit) || means_another(scene, predicate, fit) {
        return false;
    }
    let noun = predicate.classes & verb_class("noun") != 0;
    if noun {
        let polite = (predicate.from..predicate.to)
            .any(|at| ["please", "pls", "plz"].contains(&scene.word(at)));
        let into = (predicate.from..predicate.to).any(|at| {
            ["into", "onto", "to", "→"].contains(&scene.word(at))
                || scene.tokens[at].is('>')
                    && at > 0
                    && (scene.tokens[at - 1].is('-') || scene.tokens[at - 1].is('='))
        });
        let aimed = (predicate.from..predicate.to)
            .any(|at| scene.word(at) == "for" && scene.span(at + 1).is_some_and(Span::person));
        if has(Slot::GroupInto) {
            return into
                && !tells(scene, predicate.from, predicate.to)
                && (polite || predicate.to - predicate.from <= 14)
                && scene.word(predicate.from) != "re";
        }
        let given = has(Slot::Licence) || has(Slot::Thing(Sort::Role)) || has(Slot::MailPermission);
        // "Invoice Mailer" alone makes no new app.
        let made = fit.frame.verbs.contains(&"create") && has(Slot::Name);
        let anew = predicate.classes & verb_class("create") != 0;
        if given && !(polite || aimed) || made && !anew {
            return false;
        }
    }
    if predicate.classes & verb_class("move") != 0
        && (has(Slot::GroupInto) || has(Slot::GroupOutOf))
    {
        let said = (predicate.from..predicate.to)
            .any(|at| ["group", "list", "dl", "groups"].contains(&scene.word(at)));
        let named = scene.groups(predicate, has(Slot::GroupInto));
        let pair =
            !scene.groups(predicate, true).is_empty() && !scene.groups(predicate, false).is_empty();
        return !named.is_empty() && (said || pair);
    }
    // "swap her Visio for Project" says which goes and which comes.
    if predicate.classes & verb_class("move") != 0 && fit.frame.objects.contains(&"licence") {
        let both = slots::swaps_licences(scene, predicate);
        return both == (has(Slot::Licence) || has(Slot::LicenceHeld));
    }
    // "create an account for Ada with E3": somebody is made, who then holds it.
    if has(Slot::Licence) && scene.word(predicate.verb) == "create" {
        return false;
    }
    if fit.frame.objects.contains(&"password") && of_a_stranger(scene, predicate) {
        return false;
    }
    let sentence = scene.sentence(predicate.verb);
    if let Some(forces) = at_next_sign_in(scene, predicate)
        && fit.frame.objects.contains(&"password")
    {
        return forces == fit.frame.verbs.contains(&"force");
    }
    // "force a password change at next sign-in" hands out no password.
    let forced = (sentence.from..sentence.to)
        .any(|at| ["force", "forced", "forcing"].contains(&scene.word(at)));
    if fit.frame.objects.contains(&"new_password")
        && forced
        && !fit.frame.verbs.contains(&"force")
        && scene.word(predicate.verb) != "reset"
    {
        return false;
    }
    if fit.frame.objects.is_empty() {
        return scene.direct_person(predicate)
            || has(Slot::Address) && names_an_address(scene, predicate);
    }
    true
}
