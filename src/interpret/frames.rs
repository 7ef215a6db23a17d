//! Which action a predicate means: the catalogue's frames against the verb's classes
//! and the objects it governs. What no frame of an action names blocks that action.

use crate::{
    actions::{
        Entry,
        wording::{Frame, Slot, Sort},
    },
    interpret::{
        apart::{names_an_address, says_its_things},
        clauses::Predicate,
        entities::{Hit, Span},
        governed::{WEAK, objects},
        lexicon::{
            LEXICON, LOOSE, foreign_classes, object_class, object_classes, verb_class, verb_classes,
        },
        scene::Scene,
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
                let apart = foreign & strange == 0 && in_a_list(scene, predicate, frame.objects);
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
        *weight == best
            || names_its_own(scene, predicate, fit)
            || in_a_list(scene, predicate, fit.frame.objects)
    });
    let mut found: Vec<Fit<'a>> = found.into_iter().map(|(_, fit)| fit).collect();
    found.retain(|fit| sensible(scene, predicate, fit));
    let moved = predicate.classes & verb_class("move") != 0;
    if found.len() > 1 && !moved {
        found.retain(|fit| {
            names_its_own(scene, predicate, fit) || in_a_list(scene, predicate, fit.frame.objects)
        });
    }
    // Two readings of one verb that need no different objects: too close to choose.
    let distinct = found.iter().all(|fit| {
        names_its_own(scene, predicate, fit) || in_a_list(scene, predicate, fit.frame.objects)
    });
    if found.len() > 1 && !distinct { Vec::new() } else { found }
}

/// "kill her access and her sessions": each object stands for itself.
fn in_a_list(scene: &Scene<'_>, predicate: &Predicate, objects: &[&str]) -> bool {
    let own = object_classes(objects);
    let hits: Vec<&Hit> = scene
        .lattice
        .hits
        .iter()
        .filter(|hit| hit.from > predicate.verb && hit.to <= predicate.to)
        .collect();
    let listed = |a: &Hit, b: &Hit| {
        let joins = |at: usize| [',', '+', '&', '/'].iter().any(|mark| scene.tokens[at].is(*mark));
        (a.to..b.from).any(|at| scene.word(at) == "and" || joins(at))
            && (a.to..b.from).all(|at| {
                let token = &scene.tokens[at];
                !token.word()
                    || ["and", "his", "her", "their", "all", "the", "any", "active", "also"]
                        .contains(&token.folded.as_str())
            })
    };
    hits.windows(2).any(|pair| {
        let one = |hit: &Hit, other: &Hit| hit.classes & own != 0 && other.classes & own == 0;
        listed(pair[0], pair[1]) && (one(pair[0], pair[1]) || one(pair[1], pair[0]))
    })
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

/// What the table cannot say.
fn sensible(scene: &Scene<'_>, predicate: &Predicate, fit: &Fit<'_>) -> bool {
    let slots = fit.entry.about.wording.slots;
    let has = |wanted: Slot| slots.iter().any(|(_, slot)| *slot == wanted);
    if !says_its_things(scene, predicate, fit) {
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
        let aimed = (predicate.from..predicate.to).any(|at| {
            ["for"].contains(&scene.word(at))
                && scene
                    .lattice
                    .span_at
                    .get(at + 1)
                    .copied()
                    .flatten()
                    .is_some_and(|s| scene.lattice.spans[s].person())
        });
        if has(Slot::GroupInto) {
            return into
                && (polite || predicate.to - predicate.from <= 14)
                && scene.word(predicate.from) != "re";
        }
        if (has(Slot::Licence) || has(Slot::Thing(Sort::Role))) && !(polite || aimed) {
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
    // "the Salesforce password", "his voicemail password"
    if fit.frame.objects.contains(&"password") {
        for hit in &scene.lattice.hits {
            let inside = hit.from >= predicate.from && hit.to <= predicate.to;
            if inside
                && hit.classes & object_classes(&["password", "new_password"]) != 0
                && hit.from > 0
            {
                let before = &scene.tokens[hit.from - 1];
                let stranger = before.word()
                    && scene.lattice.span_at[hit.from - 1].is_none()
                    && scene.lattice.hit_at[hit.from - 1].is_none()
                    && !LEXICON.knows(&before.folded);
                if stranger {
                    return false;
                }
            }
        }
    }
    // "force a password change at next sign-in" hands out no password.
    let sentence = scene.sentence(predicate.verb);
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
