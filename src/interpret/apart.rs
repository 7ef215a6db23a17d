//! Actions that share their words, told apart by what the message names: a group, what is
//! in it, who owns it, somebody's groups, all groups; the same for devices and roles.

use crate::{
    actions::wording::{Slot, Sort},
    domain::area::Risk,
    interpret::{
        clauses::Predicate,
        entities::{Span, What},
        frames::Fit,
        lexicon::{object_class, verb_class},
        scene::Scene,
        text,
    },
};

/// A mail address is written in the predicate.
pub fn names_an_address(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    (predicate.from..predicate.to).any(|at| scene.tokens[at].sort == text::Sort::Address)
}

/// Does the predicate hold a word of this class?
fn holds(scene: &Scene<'_>, predicate: &Predicate, class: &str) -> bool {
    let class = object_class(class);
    scene
        .lattice
        .hits
        .iter()
        .any(|hit| hit.from >= predicate.from && hit.to <= predicate.to && hit.classes & class != 0)
}

/// Whether the message names what an action is about, where several share their words: a
/// group, what is in it, who owns it, somebody's groups, all groups.
pub fn says_its_things(scene: &Scene<'_>, predicate: &Predicate, fit: &Fit<'_>) -> bool {
    let about = &fit.entry.about;
    let has = |wanted: Slot| about.wording.slots.iter().any(|(_, slot)| *slot == wanted);
    let wants = |class: &str| fit.frame.objects.contains(&class);
    if wants("in_bulk") != holds(scene, predicate, "in_bulk") && wants("group") {
        return false;
    }
    if !tells_or_gives(scene, predicate, fit) || !makes_or_changes(scene, predicate, fit) {
        return false;
    }
    // "remove him from the meeting invite" cancels nobody's meetings.
    let can = |class: &str| predicate.classes & verb_class(class) != 0;
    if wants("calendar") && can("leave") && !can("delete") {
        return false;
    }
    if wants("policy") && about.risk == Risk::Read {
        return has(Slot::Thing(Sort::Policy)) == names_a_policy(scene, predicate);
    }
    if wants("owner") && wants("device") {
        return holds(scene, predicate, "owner") && holds(scene, predicate, "device");
    }
    if about.risk != Risk::Read
        || !["group", "members", "owner", "device", "role"].iter().any(|c| wants(c))
    {
        return true;
    }
    let inside = |span: &&Span| span.from >= predicate.from && span.to <= predicate.to;
    let mut spans = scene.lattice.spans.iter().filter(inside);
    let group = spans.clone().any(|span| matches!(span.what, What::Group(_)))
        || scene.partial_group(predicate, false).is_some();
    let somebody = spans.any(|span| {
        span.person() && !(span.what == What::Me && ["me", "us"].contains(&scene.word(span.from)))
    });
    if has(Slot::GroupOutOf) {
        let who = predicate.classes & verb_class("who") != 0;
        // "list everyone in the Sales Team group"
        let listed = predicate.classes & verb_class("list") != 0;
        let members =
            holds(scene, predicate, "members") || listed && holds(scene, predicate, "users");
        return group && (wants("members") == members || who || wants("owner") || !wants("group"));
    }
    if has(Slot::Person) { somebody && !group } else { !somebody && !group }
}

/// "give me her roles" asks to be told; "give her the role" gives it. "get him out of the
/// group" and "get her in" show nothing.
fn tells_or_gives(scene: &Scene<'_>, predicate: &Predicate, fit: &Fit<'_>) -> bool {
    let by = |class: &str| fit.frame.verbs.contains(&class);
    let can = |class: &str| predicate.classes & verb_class(class) != 0;
    if fit.entry.about.risk != Risk::Read {
        return true;
    }
    let aside = predicate.particle.map_or("", |at| scene.word(at));
    let moved = fit.frame.objects.contains(&"group")
        && (can("join") || can("leave"))
        && ["in", "into", "out", "off"].contains(&aside);
    let next = scene.lattice.span_at.get(predicate.verb + 1).copied().flatten();
    let to_somebody = next.map(|span| &scene.lattice.spans[span]).is_some_and(|span| {
        span.person() && span.what != What::Me && !scene.tokens[span.to - 1].possessive
    });
    let gives = can("tell") && !can("show") && to_somebody;
    !(by("show") && moved || by("tell") && gives)
}

/// "set up a group" makes one, "set the policy to …" changes one.
fn makes_or_changes(scene: &Scene<'_>, predicate: &Predicate, fit: &Fit<'_>) -> bool {
    let wants = |class: &str| fit.frame.objects.contains(&class);
    if !["group", "policy", "shared_mailbox"].iter().any(|class| wants(class))
        || fit.entry.about.risk == Risk::Read
    {
        return true;
    }
    let can = |class: &str| predicate.classes & verb_class(class) != 0;
    let behind = |words: &[&str]| {
        (predicate.verb + 1..predicate.to).any(|at| words.contains(&scene.word(at)))
    };
    let anew = (predicate.verb + 1..predicate.to)
        .any(|at| ["a", "another"].contains(&scene.word(at)) && scene.word(at + 1) == "new");
    let sets_up = scene.word(predicate.verb) == "set" && behind(&["up"]);
    let creates = can("create") && !can("join");
    let called = behind(&["called", "named"]) || !wants("group");
    let makes = anew || (sets_up || creates) && called;
    if fit.frame.verbs.contains(&"create") { makes || can("create") || can("noun") } else { !makes }
}

/// A policy is named, or something stands in quotation marks.
fn names_a_policy(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let inside = |from: usize, to: usize| from >= predicate.from && to <= predicate.to;
    let policy = |at: &usize| scene.index.named[*at].sort == Sort::Policy;
    scene.lattice.literals.iter().any(|(open, close)| inside(*open, *close))
        || scene.lattice.spans.iter().any(|span| {
            inside(span.from, span.to)
                && matches!(&span.what, What::Named(all) if all.iter().any(policy))
        })
}
