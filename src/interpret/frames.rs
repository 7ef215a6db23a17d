//! Which action a predicate means: the catalogue's frames against the verb's classes
//! and the objects it governs. What no frame of an action names blocks that action.

use crate::{
    actions::{
        Entry,
        wording::{Frame, Slot},
    },
    interpret::{
        clauses::Predicate,
        entities::{Hit, Span, What},
        lexicon::{
            Classes, LEXICON, LOOSE, foreign_classes, object_class, object_classes, object_of,
            verb_class, verb_classes,
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

/// Classes that say nothing by themselves when a better object is there.
const WEAK: &[&str] = &["account", "details", "everywhere", "access"];

/// The object classes a predicate governs.
#[expect(clippy::too_many_lines, reason = "one exception after another, in their order")]
pub fn objects(scene: &Scene<'_>, predicate: &Predicate, memory: &[Span]) -> Classes {
    let mut all = 0;
    let noun = predicate.classes & verb_class("noun") != 0;
    // "the VPN group" is one thing, and not about the VPN.
    let partial = scene.partial_group(predicate, false);
    for hit in &scene.lattice.hits {
        let in_name =
            partial.as_ref().is_some_and(|name| hit.from >= name.from && hit.to < name.to);
        // "…: block him, sign him out": the order of a list is about what it says itself.
        let before_list = hit.to <= predicate.verb && own_order(scene, predicate);
        if in_name
            || before_list
            || hit.from < predicate.from
            || hit.to > predicate.to
            || (hit.from == predicate.verb && !noun)
        {
            continue;
        }
        all |= classes_of(scene, predicate, hit);
        // "all her devices": the pronoun stands within the phrase.
        let every = (1..=3).any(|back| {
            let at = hit.from.checked_sub(back);
            at.is_some_and(|at| ["all", "every", "any"].contains(&scene.word(at)))
        });
        if every && hit.classes & object_class("device") != 0 {
            all |= object_class("everywhere");
        }
    }
    let moves = predicate.classes
        & verb_classes(&["join", "leave", "take", "give", "want", "move", "noun"]);
    for span in &scene.lattice.spans {
        if span.from < predicate.from || span.to > predicate.to || span.negated {
            continue;
        }
        all |= match &span.what {
            // "I need the Project Phoenix slides" is about slides.
            What::Group(_) if wanted_of(scene, predicate, span) => 0,
            What::Group(_) => {
                // "alex from Engineering": a department, unless somebody joins or leaves.
                let name = scene.key(span.from, span.to);
                if moves == 0 && scene.index.department(&name) { 0 } else { object_class("group") }
            }
            What::Sku(_) => object_class("licence"),
            What::Named(all) => {
                all.iter().map(|at| object_of(scene.index.named[*at].sort)).fold(0, |a, b| a | b)
            }
            What::Manager(_) if Scene::reads(predicate) => object_class("details"),
            _ => 0,
        };
    }
    let joins = verb_classes(&["join", "leave", "move", "noun"]) & predicate.classes != 0;
    if joins
        && all
            & (object_class("licence")
                | foreign_classes()
                | object_class("replies")
                | object_class("password")
                | object_class("mailbox")
                | object_class("sessions"))
            == 0
        && scene.partial_group(predicate, false).is_some()
    {
        all |= object_class("group");
    }
    // "give it to Isaac": what was named last.
    let points = (predicate.verb + 1..predicate.to)
        .any(|at| ["it", "that", "them", "those", "same"].contains(&scene.word(at)));
    let elliptic = ends_here(scene, predicate)
        && predicate.classes & verb_classes(&["give", "join", "take", "leave"]) != 0;
    let before = scene.lattice.hits.iter().rfind(|hit| hit.to <= predicate.from.max(1));
    if (predicate.verb + 1..predicate.to).any(|at| scene.word(at) == "it")
        && all & !object_classes(WEAK) == 0
        && memory.is_empty()
        && let Some(hit) = before
    {
        // "my password has expired, reset it"
        let said = object_classes(&[
            "password",
            "new_password",
            "sessions",
            "account",
            "replies",
            "licence",
        ]);
        all |= if hit.classes & !said == 0 { hit.classes } else { object_class("other") };
    }
    // "my password does not work, can you issue me a new one"
    let anew = (predicate.verb + 1..predicate.to).any(|at| {
        scene.word(at) == "one" && ["new", "another", "fresh"].contains(&scene.word(at - 1))
    });
    let password = object_class("password");
    let spoken_of = |hit: &Hit| hit.to <= predicate.verb && hit.classes & password != 0;
    if anew && scene.lattice.hits.iter().any(spoken_of) {
        all = all & !password | object_class("new_password");
    }
    if (points || elliptic)
        && all & !object_classes(WEAK) == 0
        && let Some(last) = memory.last()
    {
        all |= if matches!(last.what, What::Sku(_)) {
            object_class("licence")
        } else {
            object_class("group")
        };
    }
    all
}

/// A group's name that only says which thing of it is wanted.
fn wanted_of(scene: &Scene<'_>, predicate: &Predicate, group: &Span) -> bool {
    const AFTER: &[&str] = &[
        "please", "pls", "plz", "asap", "now", "today", "tomorrow", "too", "also", "for", "and",
        "by", "on", "at", "as", "with", "again", "until", "from", "instead", "or", "but", "so",
        "because", "to", "in", "is", "this", "next",
    ];
    let want = predicate.classes & verb_class("want") != 0;
    let Some(next) = scene.tokens.get(group.to).filter(|next| next.word()) else { return false };
    want && group.from > predicate.verb
        && group.to < predicate.to
        && scene.lattice.span_at[group.to].is_none()
        && scene.lattice.hit_at[group.to].is_none()
        && !AFTER.contains(&next.folded.as_str())
}

/// A verb right after a colon, with somebody it is done to.
fn own_order(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let colon = predicate.verb.checked_sub(1).is_some_and(|at| scene.tokens[at].is(':'));
    let whom =
        |span: &Span| span.person() && span.from == predicate.verb + 1 && span.to <= predicate.to;
    colon && scene.lattice.spans.iter().any(whom)
}

/// The classes of one object word where it stands.
fn classes_of(scene: &Scene<'_>, predicate: &Predicate, hit: &Hit) -> Classes {
    let mut classes = hit.classes;
    let access = object_class("access");
    let whose = scene.lattice.span_at.get(hit.to + 1).copied().flatten();
    // "access for Grace" is hers.
    let hers =
        scene.word(hit.to) == "for" && whose.is_some_and(|span| scene.lattice.spans[span].person());
    if classes & access != 0 && !hers && ["to", "for"].contains(&scene.word(hit.to)) {
        // "access to the VPN Users group" is the group.
        let mut to = hit.to + 1;
        while ["the", "our"].contains(&scene.word(to)) {
            to += 1;
        }
        let leads = scene.lattice.span_at.get(to).copied().flatten();
        let group = leads.is_some_and(|s| matches!(scene.lattice.spans[s].what, What::Group(_)));
        classes = if group { 0 } else { object_class("other") };
    }
    if classes & foreign_classes() != 0 && beside_the_point(scene, predicate, hit) {
        return 0;
    }
    classes
}

/// Nothing follows the verb but politeness: "go ahead and assign", "please remove".
pub fn ends_here(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    (predicate.verb + 1..predicate.to).all(|at| {
        let token = &scene.tokens[at];
        !token.word()
            || [
                "please",
                "pls",
                "plz",
                "asap",
                "now",
                "today",
                "thanks",
                "thx",
                "accordingly",
                "immediately",
            ]
            .contains(&token.folded.as_str())
    })
}

/// A label of a form ("Request: …"), "we request you to …", or the reason a sentence opens
/// with ("Following her promotion, …"): not what the verb is about.
fn beside_the_point(scene: &Scene<'_>, predicate: &Predicate, hit: &Hit) -> bool {
    use crate::interpret::text::Sort;
    let opens = hit.from == 0
        || scene.tokens[hit.from - 1].sort == Sort::Line
        || hit.from == predicate.from;
    let label = scene.tokens.get(hit.to).is_some_and(|next| next.is(':'));
    let noun = predicate.classes & verb_class("noun") != 0;
    let numbered = scene
        .tokens
        .get(hit.to)
        .is_some_and(|next| next.is('#') || next.folded.bytes().all(|byte| byte.is_ascii_digit()));
    let asks = (noun && hit.to < predicate.to || hit.to <= predicate.verb || label || numbered)
        && ["request", "requests", "ticket", "task", "process"].contains(&scene.word(hit.from));
    let reasons =
        ["following", "due", "because", "after", "since", "as", "given", "owing", "regarding"];
    let reason = hit.to <= predicate.verb
        && reasons.contains(&scene.word(scene.sentence(predicate.verb).from))
        && (hit.to..predicate.verb).any(|at| scene.tokens[at].is(','));
    (opens && label) || asks || reason
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
                let apart =
                    foreign & foreign_classes() == 0 && in_a_list(scene, predicate, frame.objects);
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
        (a.to..b.from).any(|at| scene.word(at) == "and" || scene.tokens[at].is(','))
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
        if has(Slot::Licence) && !(polite || aimed) {
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
        && scene.word(predicate.verb) != "reset"
    {
        return false;
    }
    if fit.frame.objects.is_empty() {
        return scene.direct_person(predicate);
    }
    true
}
