//! Sentences → what is proposed, asked and left over.

use crate::{
    actions::{self, Entry, wording::Slot},
    domain::{
        area::Risk,
        proposal::{Intent, Proposal, Understood},
    },
    interpret::{
        clauses::{self, Act, Predicate},
        entities::{Hit, Span, What},
        frames, joined, leftover, lexicon, lifecycle, looks,
        scene::Scene,
        slots,
        trace::{self, Outcome, Trace},
    },
};

/// At most so many proposals and questions come from one message.
const PROPOSALS_MAX: usize = 60;
/// At most so many orders of one message are weighed, whatever comes of them: each may look
/// at all that is named in it.
const WEIGHED_MAX: usize = 150;

pub(super) fn understand(scene: &Scene<'_>, catalog: &[Entry], trace: &mut Trace) -> Understood {
    let mut understood = Understood::only(Intent::None);
    let mut memory: Vec<Span> = Vec::new();
    let mut unmet: Vec<(usize, usize)> = Vec::new();
    let mut asked = false;
    let mut weighed = 0;
    let looking = looks::looking(catalog);
    for sentence in &scene.sentences {
        let before = understood.proposals.len() + understood.questions.len();
        for predicate in clauses::predicates(&scene.tokens, &scene.lattice, *sentence) {
            if understood.proposals.len() + understood.questions.len() >= PROPOSALS_MAX {
                break;
            }
            if predicate.act != Act::Request {
                trace.note(|| trace::verb(scene, &predicate, Vec::new()));
            }
            match predicate.act {
                Act::Request => {}
                Act::Told if locked_out(scene, &predicate) => {
                    asked |= unlock(scene, &predicate, catalog, &mut understood);
                    continue;
                }
                Act::Told | Act::Negated => {
                    remember(scene, &predicate, &mut memory);
                    continue;
                }
                Act::Question if understood.intent == Intent::None => {
                    understood.intent =
                        if frames::fits(scene, &predicate, catalog, &memory).is_empty() {
                            Intent::None
                        } else {
                            Intent::Help
                        };
                    continue;
                }
                _ => continue,
            }
            weighed += 1;
            if weighed > WEIGHED_MAX {
                continue;
            }
            let outcomes = weigh(scene, &predicate, catalog, &mut memory, &mut understood);
            let met = outcomes.iter().any(|(_, outcome)| *outcome == Outcome::Taken);
            trace.note(|| trace::verb(scene, &predicate, outcomes));
            asked |= met;
            if !met {
                unmet.extend(leftover::unmet(scene, &predicate));
            }
        }
        let nothing = understood.proposals.len() + understood.questions.len() == before;
        weighed += 1;
        if nothing
            && weighed <= WEIGHED_MAX
            && let Some(predicate) = looks::wish(scene, *sentence)
        {
            let found = look(scene, &predicate, &looking, &mut memory);
            if !found.is_empty() {
                let taken = found.iter().filter_map(|one| actions::entry(&one.action));
                let taken = taken.map(|entry| (entry.about.id, Outcome::Taken)).collect();
                trace.note(|| trace::verb(scene, &predicate, taken));
                understood.proposals.extend(found);
                asked = true;
                unmet.retain(|(from, to)| *to <= sentence.from || sentence.to <= *from);
            }
        }
    }
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut fresh = |proposal: &Proposal| {
        let key = (
            proposal.action.clone(),
            serde_json::to_string(&proposal.arguments).unwrap_or_default(),
        );
        let new = !seen.contains(&key);
        seen.push(key);
        new
    };
    understood.proposals.retain(&mut fresh);
    drop_wider(&mut understood.proposals, catalog);
    if lifecycle::read(scene, &mut understood, catalog) {
        asked = true;
        unmet.clear();
    }
    lifecycle::absorb(scene, &mut understood);
    joined::join(&mut understood);
    understood.questions.retain(|open| fresh(&open.proposal));
    understood.leftover = leftover::words(scene, unmet);
    if asked {
        understood.intent = Intent::Request;
    }
    understood
}

/// What a wish to be told something asks to look up: each of its parts, if each is clear by
/// itself, else the whole of it, else the parts that are clear. Nobody is asked back about
/// what may have been no wish.
fn look(
    scene: &Scene<'_>,
    wish: &Predicate,
    looking: &[Entry],
    memory: &mut Vec<Span>,
) -> Vec<Proposal> {
    let mut one = |predicate: &Predicate| {
        let mut found = Understood::only(Intent::None);
        weigh(scene, predicate, looking, memory, &mut found);
        // Several looks for one wish: too close to choose.
        let one = found.proposals.windows(2).all(|two| two[0].action == two[1].action);
        if one { found.proposals } else { Vec::new() }
    };
    let parts: Vec<Vec<Proposal>> = looks::parts(scene, wish).iter().map(&mut one).collect();
    if !parts.is_empty() && parts.iter().all(|found| !found.is_empty()) {
        return parts.concat();
    }
    let whole = one(wish);
    if whole.is_empty() { parts.concat() } else { whole }
}

/// "I am locked out", in a ticket that was handed over: that is what it asks to end.
fn locked_out(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let at = predicate.verb;
    let sentence = scene.sentence(at);
    let over =
        ["was", "were", "had", "yesterday", "now", "fine", "again", "sorted", "resolved", "if"];
    predicate.quoted
        && scene.word(at) == "locked"
        && scene.word(at + 1) == "out"
        && !(sentence.from..sentence.to).any(|at| over.contains(&scene.word(at)))
}

fn unlock(
    scene: &Scene<'_>,
    predicate: &Predicate,
    catalog: &[Entry],
    understood: &mut Understood,
) -> bool {
    let Some(entry) = catalog.iter().find(|entry| entry.about.id == "unlock_user") else {
        return false;
    };
    let Some(frame) = entry.about.wording.frames.first() else { return false };
    let (proposals, _) = slots::fill(scene, predicate, &frames::Fit { entry, frame }, &[]);
    let found = !proposals.is_empty();
    understood.proposals.extend(proposals);
    found
}

/// "which secrets expire in 30 days" is read by two verbs: what only repeats a part of
/// another look is left out.
fn drop_wider(proposals: &mut Vec<Proposal>, catalog: &[Entry]) {
    let all = proposals.clone();
    let reads = |id: &str| {
        catalog.iter().any(|entry| entry.about.id == id && entry.about.risk == Risk::Read)
    };
    proposals.retain(|one| {
        let wider = |other: &Proposal| {
            other.action == one.action
                && other.arguments.len() > one.arguments.len()
                && one
                    .arguments
                    .iter()
                    .all(|(name, value)| other.arguments.get(name) == Some(value))
        };
        !(reads(&one.action) && all.iter().any(wider))
    });
}

/// One predicate: proposals and questions. Says what became of each action that fits.
fn weigh(
    scene: &Scene<'_>,
    predicate: &Predicate,
    catalog: &[Entry],
    memory: &mut Vec<Span>,
    understood: &mut Understood,
) -> Vec<(&'static str, Outcome)> {
    let fits = frames::fits(scene, predicate, catalog, memory);
    let mut outcomes = Vec::with_capacity(fits.len());
    for fit in &fits {
        let id = fit.entry.about.id;
        if denied(scene, predicate, fit) {
            outcomes.push((id, Outcome::Denied));
            continue;
        }
        let (proposals, questions) = slots::fill(scene, predicate, fit, memory);
        let nobody = proposals.is_empty() && scene.people(predicate).is_empty();
        if nobody && capability(scene, predicate) {
            understood.intent = Intent::Help;
            outcomes.push((id, Outcome::Capability));
            continue;
        }
        let reads = fit.entry.about.risk == Risk::Read;
        let strangers = !fit.frame.objects.is_empty()
            && proposals.is_empty()
            && scene
                .people(predicate)
                .iter()
                .all(|span| matches!(span.what, What::Nobody | What::Team(_)));
        // "create a security group": what is made anew names nobody yet.
        let makes = predicate.classes & lexicon::verb_class("create") != 0
            && fit.entry.about.wording.slots.first().is_some_and(|(_, slot)| *slot == Slot::Name);
        let noun = predicate.classes & lexicon::verb_class("noun") != 0;
        let polite = (predicate.from..predicate.to)
            .any(|at| ["please", "pls", "plz"].contains(&scene.word(at)));
        let vague = !makes && (nobody || strangers) && (reads || !certain(scene, predicate, fit))
            // "new group chat is great": nothing is asked.
            || makes && noun && proposals.is_empty() && !polite;
        if vague {
            outcomes.push((id, Outcome::Vague));
            continue;
        }
        outcomes.push((id, Outcome::Taken));
        understood.proposals.extend(proposals);
        understood.questions.extend(questions);
    }
    remember(scene, predicate, memory);
    outcomes
}

/// The groups and licences that a later "it" may mean.
fn remember(scene: &Scene<'_>, predicate: &Predicate, memory: &mut Vec<Span>) {
    let thing = |span: &&Span| matches!(span.what, What::Group(_) | What::Sku(_) | What::Named(_));
    memory.extend(scene.lattice.spans_in(predicate.from, predicate.to).filter(thing).cloned());
}

/// "no new password needed"
fn denied(scene: &Scene<'_>, predicate: &Predicate, fit: &frames::Fit<'_>) -> bool {
    let own = lexicon::object_classes(fit.frame.objects);
    scene.lattice.hits.iter().any(|hit| {
        let inside = hit.from >= predicate.from && hit.to <= predicate.to && hit.classes & own != 0;
        inside
            && (1..=2).any(|back| {
                hit.from.checked_sub(back).is_some_and(|at| {
                    ["no", "without", "zero"].contains(&scene.word(at))
                        && scene.word(at + 1) != "longer"
                })
            })
    })
}

/// "Can you reset passwords?" asks what we can do.
fn capability(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let asks = (predicate.from..predicate.verb)
        .any(|at| ["can", "could", "do", "are", "possible", "able"].contains(&scene.word(at)));
    asks && scene.lattice.hits.iter().all(|hit| {
        hit.from < predicate.from || hit.to > predicate.to || scene.word(hit.to - 1).ends_with('s')
    })
}

/// Nobody was named: is it still plainly ours to ask whom?
fn certain(scene: &Scene<'_>, predicate: &Predicate, fit: &frames::Fit<'_>) -> bool {
    let near = |hit: &Hit| {
        hit.from >= predicate.from && hit.to <= predicate.to && hit.from <= predicate.verb + 4
    };
    let own = lexicon::object_classes(fit.frame.objects);
    let strong = lexicon::object_classes(&[
        "password",
        "new_password",
        "sessions",
        "licence",
        "replies",
        "account",
        "mfa",
    ]);
    let named = scene.lattice.spans.iter().any(|s| {
        s.from >= predicate.from
            && s.to <= predicate.to
            && matches!(s.what, What::Group(_) | What::Sku(_) | What::Named(_))
    });
    let verb = predicate.classes & lexicon::verb_class("noun") == 0;
    // "wipe the laptop", "convert the mailbox to shared": nothing else is meant by these.
    let ours = predicate.classes & lexicon::verb_classes(&["wipe", "retire", "convert"]) != 0
        && scene.lattice.hits.iter().any(|hit| near(hit) && hit.classes & own != 0);
    verb && (named
        || ours
        || scene.lattice.hits.iter().any(|hit| near(hit) && hit.classes & own & strong != 0))
        && predicate.to - predicate.verb <= 12
}
