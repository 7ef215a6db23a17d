//! What one message says twice: the same wish by two verbs, a look beside an order, in and out
//! at once.
//!
//! Not here: what is said in several sentences and is one wish ([`super::joined`]).

use crate::{
    actions::Entry,
    domain::{
        area::Risk,
        proposal::{Proposal, Understood},
        trouble::Ask,
    },
    interpret::{scene::Scene, slots},
};

/// "which secrets expire in 30 days" is read by two verbs: what only repeats a part of
/// another look is left out.
pub(super) fn drop_wider(proposals: &mut Vec<Proposal>, catalog: &[Entry]) {
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

/// Beside an order nobody wants to be shown anything, unless they say so.
pub(super) fn drop_looks(scene: &Scene<'_>, proposals: &mut Vec<Proposal>, catalog: &[Entry]) {
    const SAYS: &[&str] = &[
        "show", "list", "tell", "what", "whats", "which", "who", "whos", "how", "many", "check",
        "details", "display", "view", "look", "lookup", "count", "whether", "overview", "report",
        "see", "find", "fetch", "pull", "info", "know", "any", "get", "confirm", "need", "read",
    ];
    let reads = |one: &Proposal| {
        catalog.iter().any(|entry| entry.about.id == one.action && entry.about.risk == Risk::Read)
    };
    let says = |at: usize| SAYS.contains(&scene.word(at)) && scene.span(at).is_none();
    let own = scene.sentences.iter().flat_map(|sentence| sentence.from..sentence.to);
    if proposals.iter().all(reads) || own.into_iter().any(says) {
        return;
    }
    proposals.retain(|one| !reads(one));
}

/// "PW reset for Ada; she needs a temp password and must change it": one wish, said twice.
/// What says no more than another of the same action is left out.
pub(super) fn drop_repeated(proposals: &mut Vec<Proposal>) {
    let all = proposals.clone();
    let says_less = |one: &Proposal, other: &Proposal| {
        // "Swap time: … take it off Ada and hand it to Bo": what goes and what comes is said.
        let swap = one.action == "set_licenses" && same_sort(&one.action, &other.action);
        (swap || other.action == one.action)
            && other.arguments.len() > one.arguments.len()
            && one.arguments.iter().all(|(name, value)| other.arguments.get(name) == Some(value))
    };
    proposals.retain(|one| !all.iter().any(|other| says_less(one, other)));
}

/// Do both do the same to one or to several?
pub(super) fn same_sort(one: &str, other: &str) -> bool {
    const SORTS: &[&[&str]] = &[
        &["add_to_group", "add_group_members"],
        &["remove_from_group", "remove_group_members"],
        &["assign_license", "remove_license", "set_licenses"],
        &["update_user", "transfer_user", "set_manager"],
        &[
            "list_groups",
            "list_user_groups",
            "get_group",
            "list_group_members",
            "list_group_owners",
        ],
    ];
    one == other || SORTS.iter().any(|sort| sort.contains(&one) && sort.contains(&other))
}

/// "Move Ada from A to E3": what is to be given and must still be chosen is not what is taken.
pub(super) fn drop_wanted(understood: &mut Understood) {
    let Understood { proposals, questions, .. } = understood;
    proposals.retain(|one| {
        let taken = one.arguments.get("license").and_then(serde_json::Value::as_str);
        one.action != "remove_license"
            || !questions.iter().any(|open| {
                open.proposal.action == "assign_license"
                    && open.proposal.arguments.get("user") == one.arguments.get("user")
                    && open.question.choices.iter().any(|choice| Some(&*choice.value) == taken)
            })
    });
}

/// "I need to know which apps there are. Would you list them?", "she is under Ada now. Change her
/// manager": nobody is asked what another sentence has said.
pub(super) fn drop_answered(understood: &mut Understood, catalog: &[Entry]) {
    let reads = |id: &str| {
        catalog.iter().any(|entry| entry.about.id == id && entry.about.risk == Risk::Read)
    };
    let proposals = &understood.proposals;
    let looked = proposals.iter().any(|one| reads(&one.action));
    understood.questions.retain(|open| {
        if looked && reads(&open.proposal.action) && open.question.ask == Ask::Whom {
            return false;
        }
        let own = &open.proposal.arguments;
        let known = || own.iter().filter(|(name, _)| *name != slots::AT);
        let said = |one: &Proposal| {
            one.action == open.proposal.action
                && one.arguments.contains_key(&open.argument)
                && known().all(|(name, value)| one.arguments.get(name) == Some(value))
        };
        let whom = ["user", "guest"].contains(&open.argument.as_str())
            || open.argument == "mailbox" && !own.contains_key("user");
        // "He shall no longer see Ada's mailbox. Please withdraw his access.": one wish, though
        // "his" may be either's.
        let taken = |one: &Proposal| {
            one.action == open.proposal.action
                && one.action.starts_with("remove_")
                && open.argument == "mailbox"
                && own.get("user").is_some_and(|user| {
                    [one.arguments.get("mailbox"), one.arguments.get("user")].contains(&Some(user))
                })
        };
        if proposals.iter().any(taken) {
            return false;
        }
        whom || known().count() == 0 || !proposals.iter().any(said)
    });
}

/// "Get Ada off Social Club": nobody goes in and out of the same group by one message.
pub(super) fn both_ways(scene: &Scene<'_>, proposals: &mut Vec<Proposal>) {
    const OUT: &[&str] = &["off", "out", "remove", "drop", "from"];
    let out: Vec<Proposal> =
        proposals.iter().filter(|one| one.action == "remove_from_group").cloned().collect();
    let says = (0..scene.tokens.len()).any(|at| OUT.contains(&scene.word(at)));
    proposals.retain(|one| {
        let same = |other: &Proposal| {
            ["user", "group", slots::AT]
                .iter()
                .all(|name| other.arguments.get(*name) == one.arguments.get(*name))
        };
        !(says && one.action == "add_to_group" && out.iter().any(same))
    });
}
