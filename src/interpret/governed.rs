//! What a predicate is about: the classes of the object words and names it governs, and
//! of what it points back to.
//!
//! Not here: which action that makes. The frames decide it.

use crate::{
    actions::wording,
    interpret::{
        clauses::Predicate,
        entities::{Hit, Span, What},
        lexicon::{
            Classes, foreign_classes, object_class, object_classes, object_of, verb_class,
            verb_classes,
        },
        likeness::cells::MATTERS,
        scene::Scene,
        slots,
        text::Sort,
        ungoverned::{in_new_name, in_new_value, of_another_clause, only_why},
    },
};

/// Classes that say nothing by themselves when a better object is there.
pub(super) const WEAK: &[&str] = &["account", "details", "everywhere", "access"];

/// The object classes a predicate governs.
pub fn objects(scene: &Scene<'_>, predicate: &Predicate, memory: &[Span]) -> Classes {
    let mut all = said_things(scene, predicate) | named_things(scene, predicate);
    if slots::cells_behind(scene, predicate) {
        all |= object_class("row");
    }
    if joins_something(scene, predicate, all) {
        all |= object_class("group");
    }
    // What the thread named stands nowhere in this message.
    if memory.iter().all(|span| span.to == 0) && all & !object_classes(WEAK) == 0 {
        all |= it_before(scene, predicate);
    }
    if asks_for_a_new_one(scene, predicate) {
        all = all & !object_class("password") | object_class("new_password");
    }
    if all & !object_classes(WEAK) == 0 && points_back(scene, predicate) {
        all |= memory.last().map_or(0, |last| match &last.what {
            What::Sku(_) => object_class("licence"),
            What::Named(all) => {
                all.iter().map(|at| object_of(scene.index.named[*at].sort)).fold(0, |a, b| a | b)
            }
            _ => object_class("group"),
        });
    }
    if Scene::reads(predicate) {
        all = as_listed(scene, predicate, all);
    }
    let create = predicate.classes & verb_class("create") != 0;
    let user = (predicate.verb + 1..(predicate.verb + 4).min(predicate.to))
        .any(|at| ["user", "users"].contains(&scene.word(at)));
    // "create user Ada Park"
    if create && user && scene.lattice.hit_at[predicate.verb].is_none() {
        all = all & !object_class("account") | object_class("new_user");
    }
    // "wipe his phone": of a property of his nothing can be wiped.
    let wipes = predicate.classes & verb_classes(&["wipe", "retire"]) != 0;
    let phone = (predicate.verb + 1..predicate.to)
        .any(|at| ["phone", "phones", "mobile", "smartphone"].contains(&scene.word(at)));
    if wipes && phone && all & object_class("mfa") == 0 {
        all = all & !object_classes(&["details", "field"]) | object_class("device");
    }
    // "set up an account for Ada Park"
    let sets_up = scene.word(predicate.verb) == "set"
        && (predicate.verb + 1..(predicate.verb + 4).min(predicate.to))
            .any(|at| scene.word(at) == "up" && ["a", "an"].contains(&scene.word(at + 1)));
    if sets_up && all & object_class("account") != 0 {
        all = all & !object_class("account") | object_class("new_user");
    }
    all
}

/// Which of several that were named: "the second", "the last one".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nth {
    /// Counted from the first, which is 0.
    At(usize),
    /// The last.
    Last,
}

/// Does a predicate point at one of several?
pub fn nth(scene: &Scene<'_>, predicate: &Predicate) -> Option<Nth> {
    (predicate.from..predicate.to).find_map(|at| {
        let led = ["the", "that"].contains(&at.checked_sub(1).map_or("", |at| scene.word(at)));
        let next = scene.tokens.get(at + 1);
        let ends = next.is_none_or(|next| !next.word())
            || ["one", "group", "list", "licence", "license", "device", "laptop", "please", "pls"]
                .contains(&scene.word(at + 1));
        let nth = match scene.word(at) {
            "first" | "1st" | "former" => Nth::At(0),
            "second" | "2nd" => Nth::At(1),
            "third" | "3rd" => Nth::At(2),
            "fourth" | "4th" => Nth::At(3),
            "last" | "latter" => Nth::Last,
            _ => return None,
        };
        (led && ends).then_some(nth)
    })
}

/// The one that is pointed at, of things in order.
pub fn pick<T>(all: &[T], nth: Nth) -> Option<&T> {
    match nth {
        Nth::At(at) => all.get(at),
        Nth::Last => all.last(),
    }
}

/// What a question is about: seats where it is asked how many licences are left, people
/// where a department is named.
fn as_listed(scene: &Scene<'_>, predicate: &Predicate, all: Classes) -> Classes {
    const LEFT: &[&str] =
        &["left", "spare", "free", "available", "unused", "remaining", "unassigned"];
    let sentence = scene.sentence(predicate.verb);
    let said =
        |words: &[&str]| (sentence.from..sentence.to).any(|at| words.contains(&scene.word(at)));
    let licence = object_classes(&["licence", "all_licences"]);
    let plural = all & object_class("all_licences") != 0;
    let spare = said(LEFT)
        || said(&["we", "us"]) && said(&["have", "own", "got"]) && (plural || said(&["many"]))
        || plural && said(&["our", "tenant"]);
    let somebody = scene
        .lattice
        .spans
        .iter()
        .any(|span| span.named() && span.from >= sentence.from && span.to <= sentence.to);
    if all & licence != 0 && spare && !somebody {
        return all & !object_class("all_licences") | object_class("seats");
    }
    // "who is in Marketing?"
    let within = |(from, _, _): &(usize, usize, String)| {
        (1..=2).any(|back| from.checked_sub(back).is_some_and(|at| scene.word(at) == "in"))
    };
    let strong = all & !object_classes(WEAK) & !object_classes(&["users"]);
    let people =
        predicate.classes & verb_class("who") != 0 || said(&["everyone", "everybody", "people"]);
    if strong == 0 && people && scene.places(predicate.verb, predicate.to, false).iter().any(within)
    {
        return all | object_class("users");
    }
    all
}

/// What the object words within reach of the verb say.
fn said_things(scene: &Scene<'_>, predicate: &Predicate) -> Classes {
    let noun = predicate.classes & verb_class("noun") != 0;
    let cells = slots::cells_behind(scene, predicate);
    // "the VPN group" is one thing, and not about the VPN.
    let partial = scene.partial_group(predicate, false);
    let mut all = 0;
    for hit in &scene.lattice.hits {
        let in_name =
            partial.as_ref().is_some_and(|name| hit.from >= name.from && hit.to < name.to);
        // "…: block him, sign him out": the order of a list is about what it says itself.
        let before_list = hit.to <= predicate.verb && own_order(scene, predicate);
        // "add: Ruud Bakker, agency, badge returned": what is written down is no object.
        if cells && hit.from > predicate.verb {
            continue;
        }
        if in_name
            || only_why(scene, predicate, hit)
            || of_another_clause(scene, predicate, hit)
            || in_new_value(scene, predicate, hit)
            || in_new_name(scene, predicate, hit)
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
    all
}

/// What the names within reach of the verb are names of.
fn named_things(scene: &Scene<'_>, predicate: &Predicate) -> Classes {
    let moves = predicate.classes
        & verb_classes(&["join", "leave", "take", "give", "want", "move", "noun"]);
    let cells = slots::cells_behind(scene, predicate);
    let within = |span: &&Span| {
        span.from >= predicate.from
            && span.to <= predicate.to
            && !span.negated
            && !(cells && span.from > predicate.verb)
    };
    scene.lattice.spans.iter().filter(within).fold(0, |all, span| {
        all | match &span.what {
            // "I need the Project Phoenix slides" is about slides.
            What::Group(_) if wanted_of(scene, predicate, span) => 0,
            What::Group(_) => {
                // "alex from Engineering": a department, unless somebody joins or leaves.
                let name = scene.key(span.from, span.to);
                if moves == 0 && scene.index.department(&name) { 0 } else { object_class("group") }
            }
            // "the names behind our E5 cost"
            What::Sku(_) if of_a_matter(scene, span) => 0,
            What::Sku(_) => object_class("licence"),
            What::Named(all) => {
                all.iter().map(|at| object_of(scene.index.named[*at].sort)).fold(0, |a, b| a | b)
            }
            What::Manager(_) if Scene::reads(predicate) => object_class("details"),
            // "make Lee Ada's manager"
            What::Manager(_) => object_class("manager_of"),
            What::Team(_) if Scene::reads(predicate) => object_class("reports_to"),
            _ => 0,
        }
    })
}

/// "a Visio problem", "our E5 bill": what a licence only says which of it is meant.
fn of_a_matter(scene: &Scene<'_>, span: &Span) -> bool {
    let next = scene.word(span.to);
    MATTERS.contains(&next) && !["files", "file"].contains(&next)
}

/// Somebody joins or leaves what only part of a group's name is said of.
fn joins_something(scene: &Scene<'_>, predicate: &Predicate, all: Classes) -> bool {
    let joins = verb_classes(&["join", "leave", "move", "noun"]) & predicate.classes != 0;
    let other = object_classes(&["licence", "replies", "password", "mailbox", "sessions"]);
    joins
        && all & (other | foreign_classes()) == 0
        && scene.partial_group(predicate, false).is_some()
}

/// "my password has expired, reset it": what was said before the verb, when "it" is one of ours.
fn it_before(scene: &Scene<'_>, predicate: &Predicate) -> Classes {
    if !(predicate.verb + 1..predicate.to).any(|at| scene.word(at) == "it") {
        return 0;
    }
    let ours = object_classes(&[
        "password",
        "new_password",
        "sessions",
        "account",
        "replies",
        "licence",
        "mfa",
        "forwarding",
    ]);
    let before = scene.lattice.hits.iter().rfind(|hit| hit.to <= predicate.from.max(1));
    before
        .map_or(0, |hit| if hit.classes & !ours == 0 { hit.classes } else { object_class("other") })
}

/// "my password does not work, can you issue me a new one"
fn asks_for_a_new_one(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let anew = (predicate.verb + 1..predicate.to).any(|at| {
        scene.word(at) == "one" && ["new", "another", "fresh"].contains(&scene.word(at - 1))
    });
    let spoken_of =
        |hit: &Hit| hit.to <= predicate.verb && hit.classes & object_class("password") != 0;
    anew && scene.lattice.hits.iter().any(spoken_of)
}

/// "give it to Isaac", "go ahead and assign": what was named last.
fn points_back(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    // "put one on Ada", "and put Bo on there"
    let there = |at: usize| {
        scene.word(at) == "there"
            && ["on", "in", "to", "onto", "into"].contains(&scene.word(at - 1))
            || at == predicate.verb + 1 && scene.word(at) == "one"
    };
    let points = (predicate.verb + 1..predicate.to)
        .any(|at| ["it", "that", "them", "those", "same"].contains(&scene.word(at)) || there(at));
    let elliptic = (ends_here(scene, predicate) || only_whom(scene, predicate))
        && predicate.classes & verb_classes(&["give", "join", "take", "leave"]) != 0;
    points || elliptic || nth(scene, predicate).is_some()
}

/// "Why isn't he on the list? Please add him.": the verb, whom, and nothing else.
pub fn only_whom(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    const SMALL: &[&str] =
        &["please", "pls", "plz", "asap", "now", "today", "thanks", "thx", "off", "out", "too"];
    let joins = ["add", "adding", "remove", "take", "drop", "pull", "put", "pop", "stick", "kick"];
    joins.contains(&scene.word(predicate.verb))
        && (predicate.verb + 1..predicate.to).any(|at| scene.span(at).is_some_and(Span::person))
        && (predicate.verb + 1..predicate.to).all(|at| {
            !scene.tokens[at].word()
                || SMALL.contains(&scene.word(at))
                || scene.span(at).is_some_and(Span::person)
        })
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
    // "which roles does Grace hold?"
    let holder = hit.from.checked_sub(1).and_then(|at| scene.lattice.span_at[at]);
    if scene.word(hit.from) == "hold"
        && holder.is_some_and(|span| scene.lattice.spans[span].person())
        && Scene::reads(predicate)
    {
        return 0;
    }
    // "please hold off on her": wait. "take the hold off" is one.
    let before = hit.from.checked_sub(1).map_or("", |at| scene.word(at));
    if scene.word(hit.from) == "hold"
        && scene.word(hit.to) == "off"
        && !["the", "this", "that", "his", "her", "their", "a", "any"].contains(&before)
    {
        return 0;
    }
    // "HR hold, block her sign-in": why it is to be done.
    if scene.word(hit.from) == "hold"
        && scene.tokens.get(hit.to).is_some_and(|next| next.is(','))
        && hit.to < predicate.verb
    {
        return 0;
    }
    // "send me the list of everybody in Sales": a listing, no distribution list.
    if hit.to == hit.from + 1 && scene.word(hit.from) == "list" && scene.word(hit.to) == "of" {
        return 0;
    }
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
        // "access to accounts@contoso.com", a shared mailbox
        let mailbox = |at: &usize| scene.index.named[*at].sort == wording::Sort::Mailbox;
        let named = leads.is_some_and(
            |s| matches!(&scene.lattice.spans[s].what, What::Named(all) if all.iter().any(mailbox)),
        );
        // "access to her mailbox", "access to his OneDrive": so is what is named there.
        let held = object_classes(&["mailbox", "shared_mailbox", "onedrive"]);
        // "the Info mailbox: may I have access to it?"
        let it = ["it", "that", "them"].contains(&scene.word(hit.to + 1));
        let kept = scene
            .lattice
            .hits
            .iter()
            .filter(|other| {
                (other.from > hit.to || it && other.from >= predicate.from)
                    && other.to <= predicate.to
            })
            .fold(0, |all, other| all | other.classes & held);
        // What is given or taken is the access, never the mailbox.
        classes = match (group, kept | if named { object_class("mailbox") } else { 0 }) {
            (true, _) => 0,
            (false, 0) => object_class("other"),
            (false, files) if files & object_class("onedrive") != 0 => access,
            (false, _) => access | object_class("full_access"),
        };
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
    // "…, ticket attached": the paper, not the thing.
    let paper = ["ticket", "tickets", "request", "case"].contains(&scene.word(hit.from))
        && (1..=3).any(|back| {
            let at = hit.from.checked_sub(back).filter(|at| *at > predicate.verb);
            at.is_some_and(|at| scene.tokens[at].is(',') || scene.tokens[at].is('('))
        });
    let reason = hit.to <= predicate.verb
        && reasons.contains(&scene.word(scene.sentence(predicate.verb).from))
        && (hit.to..predicate.verb).any(|at| scene.tokens[at].is(','));
    // "retired from Intune": where it is done.
    let place = scene.word(hit.from) == "intune"
        && hit
            .from
            .checked_sub(1)
            .is_some_and(|at| ["from", "in", "via", "through", "with"].contains(&scene.word(at)));
    (opens && label) || asks || reason || paper || place
}
