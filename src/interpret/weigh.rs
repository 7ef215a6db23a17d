//! One verb with what it governs → what is proposed and asked, or why nothing is.
//!
//! Not here: the sentences of a message, and their order.

use serde_json::Value;

use crate::{
    actions::{Entry, wording::Slot},
    domain::{
        area::Risk,
        proposal::{Intent, Proposal, Understood},
    },
    interpret::{
        clauses::Predicate,
        entities::{Hit, Span, What},
        frames, lexicon,
        likeness::wish::{LOSES, only_a_goal},
        scene::Scene,
        slots,
        trace::Outcome,
    },
};

/// One predicate: proposals and questions. Says what became of each action that fits.
pub(super) fn weigh(
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
        let withdraws = ["withdraw", "withdrawn", "rescind", "retract"];
        if id.starts_with("delete_") && withdraws.contains(&scene.word(predicate.verb)) {
            outcomes.push((id, Outcome::Vague));
            continue;
        }
        if denied(scene, predicate, fit) {
            outcomes.push((id, Outcome::Denied));
            continue;
        }
        let (mut proposals, questions) = slots::fill(scene, predicate, fit, memory);
        if LOSES.contains(&id) && meant_for_another(scene, predicate) {
            proposals.clear();
        }
        if LOSES.contains(&id) {
            proposals.retain_mut(|one| !named_only_behind(scene, predicate, one));
        }
        // "I want to see its grants": no link is to be made.
        let looks = ["see", "view", "list", "show", "what", "which", "who", "know"];
        if id == "prepare_consent"
            && (predicate.from..predicate.to).any(|at| looks.contains(&scene.word(at)))
        {
            outcomes.push((id, Outcome::Vague));
            continue;
        }
        if DEVICES.contains(&id) {
            proposals.retain(|one| !vague_device(scene, (predicate.from, predicate.to), one));
        }
        let mine = ["my", "me", "mine", "myself"];
        if id == "list_oauth_grants"
            && !(predicate.from..predicate.to).any(|at| mine.contains(&scene.word(at)))
        {
            let me = Value::String(scene.context.requester.upn.to_string());
            for one in proposals.iter_mut().filter(|one| one.arguments.contains_key("app")) {
                one.arguments.retain(|name, value| name != "user" || *value != me);
            }
        }
        if id == "get_user" && only_for_me(scene, predicate) {
            proposals.clear();
        }
        proposals.retain(|one| !turned_away(scene, predicate, one));
        if id.starts_with("reset_") && for_others(scene, predicate) {
            proposals.clear();
        }
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
        // "pop the new chap onto the All Staff list": it must be asked who that is.
        let described = strangers && !reads && scene.described(predicate).is_some();
        let vague = !makes && !described && (nobody || strangers) && (reads || !certain(scene, predicate, fit))
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

/// "Turn the mailbox into a shared one, and send new mail to Ada": the only person named is
/// she who gets something.
fn meant_for_another(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let own = scene.lattice.spans_in(predicate.from, predicate.to).any(Span::person);
    let sentence = scene.sentence(predicate.verb);
    let outside = |span: &Span| !(sentence.from..sentence.to).contains(&span.from);
    let others = scene.lattice.spans.iter().any(|span| span.named() && outside(span));
    !own && !others && only_a_goal(scene, &sentence)
}

/// "Turn his mailbox into a shared one and let Bo get into it": "his" is nobody who is named only
/// behind it. The one who is named before takes their place; is there none, or more, it is left.
fn named_only_behind(scene: &Scene<'_>, predicate: &Predicate, one: &mut Proposal) -> bool {
    let whose = |at: usize| ["his", "her", "their"].contains(&scene.word(at));
    let Some(pronoun) =
        (predicate.verb + 1..predicate.to.min(predicate.verb + 4)).find(|at| whose(*at))
    else {
        return false;
    };
    let name = ["user", "mailbox"].into_iter().find(|name| one.arguments.contains_key(*name));
    let whom = name.and_then(|name| one.arguments.get(name)).and_then(Value::as_str);
    let (Some(name), Some(whom)) = (name, whom) else { return false };
    let upns = |span: &Span| -> Vec<String> {
        match &span.what {
            What::People(all, _) => {
                all.iter().map(|at| scene.index.somebody(*at).upn.to_owned()).collect()
            }
            _ => Vec::new(),
        }
    };
    let is = |span: &&Span| upns(span).iter().any(|upn| upn == whom);
    let (before, behind): (Vec<&Span>, Vec<&Span>) =
        scene.lattice.spans.iter().partition(|span| span.from < pronoun);
    let Some(named) = behind.into_iter().find(is).filter(|_| !before.iter().any(is)) else {
        return false;
    };
    // "lock his account: ada@…" says at once whose.
    let joins = ["and", "let", "so", "to", "for", "with", "while", "because", "but", "then"];
    if !(pronoun..named.from).any(|at| joins.contains(&scene.word(at))) {
        return false;
    }
    let mut others: Vec<String> = before.into_iter().flat_map(upns).collect();
    others.sort_unstable();
    others.dedup();
    let [other] = others.as_slice() else { return true };
    one.arguments.insert(name.to_owned(), Value::String(other.clone()));
    false
}

/// What is done to a device that cannot be undone.
pub(super) const DEVICES: &[&str] = &["wipe_device", "retire_device", "delete_device"];

/// "Bo wants her mail, and the laptop needs wiping": whose laptop, where several people are named
/// and none of them with it?
pub(super) fn vague_device(scene: &Scene<'_>, (from, to): (usize, usize), one: &Proposal) -> bool {
    let device = one.arguments.get("device").and_then(Value::as_str);
    let named = scene.lattice.spans.iter().any(|span| match &span.what {
        What::Named(all) => {
            all.iter().any(|at| Some(scene.index.named[*at].value.as_str()) == device)
        }
        _ => false,
    });
    let here = scene.lattice.spans_in(from, to).any(Span::person);
    let mut people: Vec<&What> = Vec::new();
    for span in scene.lattice.spans.iter().filter(|span| matches!(span.what, What::People(..))) {
        if !people.contains(&&span.what) {
            people.push(&span.what);
        }
    }
    let the = (from..to).any(|at| scene.word(at) == "the" && slots::is_device(scene.word(at + 1)));
    !named && !here && the && people.len() > 1
}

/// "Could you bring up its details for me?": nobody asks to be shown themselves so.
fn only_for_me(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let mine = ["my", "mine", "myself", "am"];
    let own = scene.lattice.spans_in(predicate.from, predicate.to);
    let others = own.filter(|span| span.person()).any(|span| span.what != What::Me);
    let thing = (predicate.verb..predicate.to)
        .any(|at| ["its", "same", "that", "this", "it"].contains(&scene.word(at)));
    thing
        && !others
        && !(predicate.from..predicate.to).any(|at| {
            mine.contains(&scene.word(at))
                || ["on", "about", "of"].contains(&scene.word(at)) && scene.word(at + 1) == "me"
        })
}

/// "Ada has to reset MFA for people": what she does, and nothing is reset for her.
fn for_others(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    const MANY: &[&str] = &[
        "people",
        "users",
        "others",
        "colleagues",
        "staff",
        "everyone",
        "everybody",
        "callers",
        "customers",
        "them",
    ];
    (predicate.verb + 1..predicate.to)
        .any(|at| ["for", "of"].contains(&scene.word(at)) && MANY.contains(&scene.word(at + 1)))
        && !scene.lattice.spans_in(predicate.verb, predicate.to).any(Span::named)
}

/// "Power BI off Ada", "Ada wants out of the list": the little word before a thing says that it
/// is not given.
fn turned_away(scene: &Scene<'_>, predicate: &Predicate, one: &Proposal) -> bool {
    let given = match one.action.as_str() {
        "add_to_group" => one.arguments.get("group"),
        "assign_license" => one.arguments.get("license"),
        "assign_role" => one.arguments.get("role"),
        _ => None,
    };
    let Some(given) = given.and_then(Value::as_str) else { return false };
    let is = |span: &&Span| match &span.what {
        What::Group(all) => all.iter().any(|at| slots::group_value(scene.index, *at) == given),
        What::Sku(all) => all.iter().any(|at| scene.index.skus[*at].part_number == given),
        What::Named(all) => all.iter().any(|at| scene.index.named[*at].value == given),
        _ => false,
    };
    let mut spans = scene.lattice.spans_in(predicate.from, predicate.to).filter(is);
    let away = |span: &Span| {
        let mut at = span.from;
        while at > 0
            && ["the", "our", "that", "his", "her", "their", "of"].contains(&scene.word(at - 1))
        {
            at -= 1;
        }
        let before = at.checked_sub(1).map_or("", |at| scene.word(at));
        let behind = scene.word(span.to) == "off"
            && scene
                .span(span.to + 1 + usize::from(scene.word(span.to + 1) == "from"))
                .is_some_and(Span::person);
        ["off", "out", "outta"].contains(&before) || behind
    };
    spans.next().is_some_and(&away) && spans.all(away)
}

/// The groups and licences that a later "it" may mean.
pub(super) fn remember(scene: &Scene<'_>, predicate: &Predicate, memory: &mut Vec<Span>) {
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
                    // "the Tier Zero group" denies nothing
                    scene.span(at).is_none()
                        && ["no", "without", "zero"].contains(&scene.word(at))
                        && scene.word(at + 1) != "longer"
                })
            })
    })
}

/// "Can you reset passwords?" asks what we can do.
fn capability(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let asks = (predicate.from..predicate.verb)
        .any(|at| ["can", "could", "do", "are", "possible", "able"].contains(&scene.word(at)));
    // "Can you reset MFA for someone who's on leave?"
    let sentence = scene.sentence(predicate.verb);
    let anybody = (predicate.verb + 1..sentence.to).any(|at| {
        ["for", "of"].contains(&scene.word(at))
            && ["someone", "somebody", "anyone", "anybody", "people", "users"]
                .contains(&scene.word(at + 1))
    });
    let question = scene.tokens[sentence.from..sentence.to].iter().any(|token| token.is('?'));
    if asks && anybody && question {
        return true;
    }
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
