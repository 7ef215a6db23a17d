//! Actions that share their words, told apart by what the message names: a group, what is
//! in it, who owns it, somebody's groups, all groups; the same for devices and roles.

use crate::{
    actions::wording::{Slot, Sort},
    domain::area::Risk,
    interpret::{
        clauses::Predicate,
        entities::{Hit, Span, What},
        frames::Fit,
        lexicon::{Form, LEXICON, object_class, object_classes, verb_class},
        scene::Scene,
        slots, text,
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
    // "Hold off on the account": nothing is to be done.
    let hold = ["hold", "holding"].contains(&scene.word(predicate.verb));
    if hold && ["off", "on"].contains(&scene.word(predicate.verb + 1)) {
        return false;
    }
    // "legal have signed off": approved, and nobody is signed out.
    let off = scene.word(predicate.verb + 1) == "off";
    if about.id == "revoke_sessions" && scene.word(predicate.verb) == "signed" && off {
        return false;
    }
    let apart = tells_or_gives(scene, predicate, fit) && owner_or_member(scene, predicate, fit);
    if !apart || !makes_or_changes(scene, predicate, fit) {
        return false;
    }
    // "take Sara off legal@" takes her access away, and leaves the mailbox.
    let taken_off = takes_somebody_off(scene, predicate);
    let of_a_mailbox = wants("shared_mailbox") && about.risk != Risk::Read;
    if of_a_mailbox && fit.frame.verbs.contains(&"delete") && taken_off {
        return false;
    }
    if of_a_mailbox && fit.frame.verbs == ["take", "leave"] && !taken_off {
        return false;
    }
    let sheet = makes_a_sheet(scene, predicate);
    let adds = fit.frame.verbs.contains(&"join");
    let other = if sheet { wants("workbook") } else { wants("worksheet") };
    if adds && other {
        return false;
    }
    // "add Ada as a guest" says no address to invite.
    if wants("guest")
        && fit.frame.verbs.contains(&"invite")
        && predicate.classes & verb_class("invite") == 0
        && !names_an_address(scene, predicate)
    {
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
    if wants("owner") && wants("device") && about.risk != Risk::Read {
        let named = |at: &usize| scene.index.named[*at].sort == Sort::Device;
        let device = scene.lattice.spans.iter().any(|span| {
            span.from >= predicate.from
                && span.to <= predicate.to
                && matches!(&span.what, What::Named(all) if all.iter().any(named))
        });
        let device = device || holds(scene, predicate, "device");
        return holds(scene, predicate, "owner") && device;
    }
    if about.risk == Risk::Read && !asks_to_read(scene, predicate, fit) {
        return false;
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

/// An owner is no member: is the one said, and the other not?
fn owner_or_member(scene: &Scene<'_>, predicate: &Predicate, fit: &Fit<'_>) -> bool {
    let about = &fit.entry.about;
    let circle = |slot: &Slot| matches!(slot, Slot::GroupInto | Slot::GroupOutOf);
    if about.risk == Risk::Read || !about.wording.slots.iter().any(|(_, slot)| circle(slot)) {
        return true;
    }
    let owner = holds(scene, predicate, "owner") || owns_from_now(scene, predicate);
    about.id.ends_with("_group_owner") == owner
}

/// "Ada should own …", "from now on Ada owns …".
fn owns_from_now(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    (scene.sentence(predicate.verb).from..predicate.to).any(|at| {
        let before = at.checked_sub(1).map_or("", |before| scene.word(before));
        ["own", "owning"].contains(&scene.word(at))
            && ["should", "shall", "must", "will", "to", "can"].contains(&before)
    })
}

/// "remove Ada from …", "take Ada off …": somebody, right before where they are taken from.
fn takes_somebody_off(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    scene.lattice.spans.iter().any(|span| {
        let inside = span.from >= predicate.from && span.to <= predicate.to;
        let off = ["from", "off"].contains(&scene.word(span.to))
            || scene.word(span.to) == "out" && scene.word(span.to + 1) == "of";
        inside && span.person() && off && !scene.tokens[span.to - 1].possessive
    })
}

/// "take it out of report-only", "take Ada out of the scope of …": out of a state, or somebody
/// out of something, which is not taken away itself.
pub fn out_of_something(scene: &Scene<'_>, from: usize, to: usize) -> bool {
    const STATES: &[&str] = &["report", "reporting", "audit", "scope", "force", "enforcement"];
    (from + 1..to).any(|at| {
        let out = ["out", "off", "from"].contains(&scene.word(at)) && !scene.lattice.literal[at];
        let state = (at + 1..at + 4).any(|at| STATES.contains(&scene.word(at)));
        let somebody = scene
            .span(at - 1)
            .is_some_and(|span| span.person() || matches!(span.what, What::Group(_)));
        out && (state || somebody)
    })
}

/// "add a tab called Spring" makes a sheet; "add a row to the Q4 tab" makes none.
fn makes_a_sheet(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let class = object_class("worksheet");
    let inside = |hit: &&Hit| hit.from >= predicate.from && hit.to <= predicate.to;
    let mut sheets =
        scene.lattice.hits.iter().filter(inside).filter(|hit| hit.classes & class != 0);
    let there = |hit: &Hit| {
        let before = (1..=3).filter_map(|back| hit.from.checked_sub(back));
        before.map(|at| scene.word(at)).any(|word| ["the", "to", "row"].contains(&word))
    };
    // "add a line to the book, sheet Spares": the sheet is where the line goes.
    let line = |hit: &Hit| {
        (predicate.verb..hit.from).any(|at| {
            ["line", "lines", "record", "records", "entry", "entries", "values", "cells"]
                .contains(&scene.word(at))
        })
    };
    let row = holds(scene, predicate, "row") || slots::cells_behind(scene, predicate);
    !row && sheets.next().is_some_and(|hit| !there(hit) && !line(hit))
}

/// Objects of which all are meant without a plural.
const LISTS: [&str; 7] =
    ["users", "reports_to", "seats", "recipient", "consent", "transport_rule", "retention"];

/// What is asked to be read, is it this? The order must be one, lists of all name nobody,
/// what somebody has names somebody.
fn asks_to_read(scene: &Scene<'_>, predicate: &Predicate, fit: &Fit<'_>) -> bool {
    let slots = fit.entry.about.wording.slots;
    let wants = |class: &str| fit.frame.objects.contains(&class);
    let noun = predicate.classes & verb_class("noun") != 0;
    if noun && fit.frame.verbs.contains(&"noun") && !opens_with(scene, predicate, fit) {
        return false;
    }
    // "the employees listed", "a fetched file": no order.
    let senses = LEXICON.verb(scene.word(predicate.verb));
    if !noun && !senses.is_empty() && senses.iter().all(|sense| sense.form == Form::Past) {
        return false;
    }
    // "get the error, my machine is up": too far off to be what is got.
    let own = object_classes(fit.frame.objects);
    let near = |hit: &Hit| {
        hit.classes & own != 0
            && hit.from >= predicate.from
            && hit.to <= predicate.to
            && hit.from <= predicate.verb + 7
    };
    let hits = scene.lattice.hits.iter();
    let list =
        slots.first().is_none_or(|(_, slot)| matches!(slot, Slot::Maybe(_) | Slot::Filter(_)));
    if list && !fit.frame.objects.is_empty() {
        let nearby: Vec<&Hit> = hits.filter(|hit| near(hit)).collect();
        // All of them are asked for in the plural.
        let plural = nearby.iter().any(|hit| {
            let word = scene.word(hit.to - 1);
            word.ends_with('s') || hit.classes & object_classes(&LISTS) != 0
        });
        let asked = nearby.is_empty() || plural;
        let told = !nearby.is_empty() || wants("seats") || wants("users") || wants("reports_to");
        if !(asked && told) {
            return false;
        }
    }
    let inside = |span: &&Span| span.from >= predicate.from && span.to <= predicate.to;
    let mut spans = scene.lattice.spans.iter().filter(inside);
    if wants("users") {
        let group = spans.clone().any(|span| {
            let department = scene.index.department(&scene.key(span.from, span.to));
            matches!(span.what, What::Group(_)) && !department
        });
        return !group;
    }
    // "list the blocked accounts" asks for nobody's details.
    let of_one = slots.first().is_some_and(|(_, slot)| *slot == Slot::Person);
    if of_one && (wants("details") || wants("account")) && holds(scene, predicate, "users") {
        return spans.any(Span::named);
    }
    if wants("licence") && slots.first().is_some_and(|(_, slot)| *slot == Slot::Person) {
        let needs = (predicate.from..scene.sentence(predicate.verb).to)
            .any(|at| ["need", "needs", "require", "requires"].contains(&scene.word(at)));
        return !needs && !spans.any(|span| matches!(span.what, What::Sku(_)));
    }
    // "can I get the Reports Reader role?" names the role: nobody asks which roles.
    let role = |at: &usize| scene.index.named[*at].sort == Sort::Role;
    !(wants("role")
        && spans.any(|span| matches!(&span.what, What::Named(all) if all.iter().any(role))))
}

/// "group memberships for Ada please": the words begin with what is to be shown, and go on
/// with whose it is.
fn opens_with(scene: &Scene<'_>, predicate: &Predicate, fit: &Fit<'_>) -> bool {
    const BEFORE: &[&str] = &[
        "the", "all", "current", "full", "complete", "please", "pls", "a", "list", "of", "admin",
        "group",
    ];
    let own = object_classes(fit.frame.objects) | object_class("details");
    let Some(hit) =
        scene.lattice.hits.iter().find(|hit| {
            hit.classes & own != 0 && hit.from >= predicate.from && hit.to <= predicate.to
        })
    else {
        return false;
    };
    let mut at = predicate.from;
    while at < hit.from && (!scene.tokens[at].word() || BEFORE.contains(&scene.word(at))) {
        at += 1;
    }
    let last = scene.word(hit.to - 1);
    let listing = last.ends_with('s') || ["info", "information", "membership"].contains(&last);
    at == hit.from && listing && ["for", "of", "on", "in"].contains(&scene.word(hit.to))
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
    // "give it to Ada"
    let handed = can("give")
        && (predicate.verb + 1..predicate.to).any(|at| {
            let next = scene.lattice.span_at.get(at + 1).copied().flatten();
            let next = next.map(|span| &scene.lattice.spans[span]);
            scene.word(at) == "to"
                && next.is_some_and(|span| span.person() && span.what != What::Me)
        });
    let gives = can("tell") && !can("show") && (to_somebody || handed);
    // "can I get access to it?" wants to be let in, not to be told who is.
    let let_in = ["get", "have"].contains(&scene.word(predicate.verb))
        && fit.frame.objects.contains(&"full_access")
        && (predicate.verb + 1..predicate.to).any(|at| scene.word(at) == "access");
    if let_in {
        return false;
    }
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
    // "make Ada's mailbox shared" makes none anew.
    let theirs = scene.word(predicate.verb) == "make"
        && scene.lattice.spans.iter().any(|span| {
            span.person()
                && span.from == predicate.verb + 1
                && (scene.tokens[span.to - 1].possessive || scene.word(span.to - 1).ends_with('s'))
        });
    let makes = anew || (sets_up || creates) && called && !theirs;
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
