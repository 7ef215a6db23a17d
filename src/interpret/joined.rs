//! What is said in several sentences and is one wish: for somebody who is only being made
//! or invited ("invite ada@else.org and put them in Project Atlas"), several properties of
//! one user, a new password that is to be changed.

use serde_json::Value;

use super::AT;
use crate::{
    domain::proposal::{Open, Proposal, Understood},
    interpret::{entities::What, scene::Scene},
};

/// What joins what makes somebody, and under which name.
fn joins(made: &Proposal, open: &Open) -> Option<(&'static str, &'static str, bool)> {
    let maker = made.action.as_str();
    let found = match open.proposal.action.as_str() {
        "add_to_group" => ("group", "groups", true),
        "assign_license" if maker == "create_user" => ("license", "licenses", true),
        "set_manager" if maker == "create_user" => ("manager", "manager", false),
        "add_sponsor" if maker == "invite_guest" => ("sponsor", "sponsor", false),
        _ => return None,
    };
    let whom = ["user", "guest"].contains(&open.argument.as_str());
    // Somebody named who is not known is somebody else.
    let called = |said: &str| {
        ["display_name", "email"]
            .iter()
            .any(|name| made.arguments.get(*name).is_some_and(|n| n == said))
    };
    let unnamed =
        open.question.said.as_deref().is_none_or(|said| !said.contains([' ', '@']) || called(said));
    (whom && unnamed).then_some(found)
}

/// Joins what is one wish.
pub(super) fn join(understood: &mut Understood) {
    no_group_of_a_newcomer(&mut understood.proposals);
    properties(&mut understood.proposals);
    policies(&mut understood.proposals);
    changed_at_sign_in(&mut understood.proposals);
    newcomer(understood);
}

/// "A new person in the team: Ada Park": who starts is no group.
fn no_group_of_a_newcomer(proposals: &mut Vec<Proposal>) {
    let starts = |one: &&Proposal| ["onboard_user", "create_user"].contains(&one.action.as_str());
    let name = |one: &Proposal| one.arguments.get("display_name").cloned();
    let names: Vec<_> = proposals.iter().filter(starts).filter_map(name).collect();
    proposals.retain(|one| {
        one.action != "create_group" || !name(one).is_some_and(|name| names.contains(&name))
    });
}

fn same(one: &Proposal, other: &Proposal, arguments: &[&str]) -> bool {
    arguments.iter().all(|name| one.arguments.get(*name) == other.arguments.get(*name))
}

/// No property becomes two things.
fn agree(one: &Proposal, other: &Proposal) -> bool {
    let fields = |of: &Proposal| of.arguments.get("fields").and_then(Value::as_object).cloned();
    let (Some(one), Some(other)) = (fields(one), fields(other)) else { return false };
    one.iter().all(|(name, value)| other.get(name).is_none_or(|second| second == value))
}

/// "Her new surname is Hoffmann. Please update her display name to Zoë Hoffmann."
fn properties(proposals: &mut Vec<Proposal>) {
    said_longer(proposals);
    let mut at = 0;
    while at < proposals.len() {
        let earlier = (0..at).find(|before| {
            let (one, other) = (&proposals[*before], &proposals[at]);
            one.action == "update_user"
                && other.action == "update_user"
                && same(one, other, &["user", AT])
                && agree(one, other)
        });
        let Some(earlier) = earlier else {
            at += 1;
            continue;
        };
        let later = proposals.remove(at);
        let fields = proposals[earlier].arguments.get_mut("fields").and_then(Value::as_object_mut);
        if let (Some(fields), Some(Value::Object(more))) = (fields, later.arguments.get("fields")) {
            for (name, value) in more {
                fields.entry(name.as_str()).or_insert_with(|| value.clone());
            }
        }
        proposals[earlier].because.extend(later.because);
    }
}

/// "Senior Buyer" and "Senior Buyer with effect": of one title that was read twice, the words
/// that both have.
fn said_longer(proposals: &mut Vec<Proposal>) {
    let title = |one: &Proposal| {
        let fields = one.arguments.get("fields").and_then(Value::as_object)?;
        let title = fields.get("jobTitle").filter(|_| fields.len() == 1)?;
        title.as_str().map(|title| title.trim_end_matches('.').to_lowercase())
    };
    let titles: Vec<(Option<Value>, String)> = proposals
        .iter()
        .filter(|one| one.action == "update_user")
        .filter_map(|one| Some((one.arguments.get("user").cloned(), title(one)?)))
        .collect();
    proposals.retain(|one| {
        let Some(own) = title(one).filter(|_| one.action == "update_user") else { return true };
        let user = one.arguments.get("user").cloned();
        let dotted = one.arguments["fields"]["jobTitle"].as_str().is_some_and(|t| t.ends_with('.'));
        !titles.iter().any(|(whose, other)| {
            let longer = own.len() > other.len() && own.contains(other.as_str());
            *whose == user && (longer || dotted && own == *other && titles.len() > 1)
        })
    });
}

/// "Switch the policy on. Ada must be excluded from it.": one change of one policy, if no
/// setting of it becomes two things.
fn policies(proposals: &mut Vec<Proposal>) {
    let mut at = 0;
    while at < proposals.len() {
        let apart = |name: &str| name != "policy" && name != AT;
        let earlier = (0..at).find(|before| {
            let (one, other) = (&proposals[*before], &proposals[at]);
            let twice = |name: &String| apart(name) && other.arguments.contains_key(name);
            one.action == "update_ca_policy"
                && other.action == "update_ca_policy"
                && same(one, other, &["policy", AT])
                && !one.arguments.keys().any(twice)
        });
        let Some(earlier) = earlier else {
            at += 1;
            continue;
        };
        let later = proposals.remove(at);
        proposals[earlier].arguments.extend(later.arguments);
        proposals[earlier].because.extend(later.because);
    }
}

/// "Reset his password. He should choose his own at the first sign-in.": how the new one is
/// handed out, and no second wish.
fn changed_at_sign_in(proposals: &mut Vec<Proposal>) {
    const FORCES: &[&str] = &["force_password_change", "change_password"];
    let forced: Vec<Proposal> =
        proposals.iter().filter(|one| FORCES.contains(&one.action.as_str())).cloned().collect();
    let reset = |one: &Proposal| {
        let wish = forced.iter().find(|other| same(one, other, &["user", AT]));
        (one.action == "reset_password").then_some(wish).flatten().is_some()
    };
    for one in proposals.iter_mut().filter(|one| reset(one)) {
        one.arguments.entry("force_change").or_insert(Value::Bool(true));
    }
    let resets: Vec<Proposal> =
        proposals.iter().filter(|one| one.action == "reset_password").cloned().collect();
    proposals.retain(|one| {
        !FORCES.contains(&one.action.as_str())
            || !resets.iter().any(|reset| same(one, reset, &["user", AT]))
    });
}

/// Puts questions about the one who is made into what makes them.
fn newcomer(understood: &mut Understood) {
    let is_new =
        |one: &&mut Proposal| ["create_user", "invite_guest"].contains(&one.action.as_str());
    let mut found = understood.proposals.iter_mut().filter(is_new);
    let (Some(newcomer), None) = (found.next(), found.next()) else { return };
    understood.questions.retain(|open| {
        let wanted = newcomer.arguments.get("groups").and_then(Value::as_array);
        let group = open.proposal.arguments.get("group");
        // "drop them in Project Phoenix" is no leaving of it.
        if open.proposal.action == "remove_from_group"
            && group.is_some_and(|group| wanted.is_some_and(|all| all.contains(group)))
        {
            return false;
        }
        let Some((from, to, list)) = joins(newcomer, open) else { return true };
        let Some(value) = open.proposal.arguments.get(from).cloned() else { return true };
        if !list {
            newcomer.arguments.entry(to).or_insert(value);
            return false;
        }
        let all = newcomer.arguments.entry(to).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(all) = all
            && !all.contains(&value)
        {
            all.push(value);
        }
        false
    });
}

/// "Guest invite for jan@else.org - Jan Kowal": the two capitals that the address is made of.
pub(super) fn name_of_a_guest(scene: &Scene<'_>, proposals: &mut [Proposal]) {
    let part = |at: usize| {
        scene.tokens.get(at).is_some_and(|token| token.word() && token.capital)
            && scene.span(at).is_none_or(|span| span.what == What::Nobody)
            && !scene.lattice.literal[at]
    };
    for one in proposals.iter_mut().filter(|one| one.action == "invite_guest") {
        let email = one.arguments.get("email").and_then(Value::as_str);
        let Some((local, _)) = email.and_then(|email| email.split_once('@')) else { continue };
        let said = |at: usize| {
            let word = scene.word(at);
            word.len() > 2 && local.split(|c: char| !c.is_alphanumeric()).any(|one| one == word)
        };
        let named = |at: &usize| part(*at) && part(at + 1) && (said(*at) || said(at + 1));
        let Some(at) = (0..scene.tokens.len()).find(named) else { continue };
        let name = Value::String(scene.said(at, at + 2));
        one.arguments.entry("display_name").or_insert(name);
    }
}

/// "She needs a temporary one. She is to pick her own once she's in.": how the new password is
/// handed out.
pub(super) fn own_choice(scene: &Scene<'_>, proposals: &mut [Proposal]) {
    const PICKS: &[&str] = &["pick", "picks", "choose", "chooses", "change", "changes", "set"];
    const WHEN: &[&str] = &["when", "once", "next", "first", "soon", "after"];
    const IN: &[&str] =
        &["in", "signs", "logs", "sign", "log", "logon", "login", "signin", "logging", "use"];
    const NO: &[&str] = &["dont", "not", "no", "never", "without", "neednt"];
    let own = || scene.sentences.iter().filter(|sentence| !sentence.quoted);
    let says = own().any(|sentence| {
        let word = |at: usize| scene.word(at);
        let place = (sentence.from..sentence.to).find(|at| {
            let object = (at + 1..at + 4)
                .any(|at| ["own", "it", "one", "password", "pw"].contains(&word(at)));
            PICKS.contains(&word(*at)) && object
        });
        place.is_some_and(|place| {
            let when = (place..sentence.to).find(|at| WHEN.contains(&word(*at)));
            let denied = (sentence.from..place).any(|at| NO.contains(&word(at)));
            let entry = |when| (when..sentence.to).any(|at| IN.contains(&word(at)));
            !denied && when.is_some_and(entry)
        })
    });
    let mut resets = proposals.iter_mut().filter(|one| one.action == "reset_password");
    if let (Some(one), None) = (resets.next().filter(|_| says), resets.next()) {
        one.arguments.entry("force_change").or_insert(Value::Bool(true));
    }
}

/// "Please create only the account": no process of a new starter, where no day is named.
pub(super) fn only_an_account(scene: &Scene<'_>, proposals: &mut [Proposal]) {
    const ONLY: &[&str] = &["only", "just", "simply", "ordinary", "plain", "bare"];
    let own = || scene.sentences.iter().flat_map(|sentence| sentence.from..sentence.to);
    let only = own().any(|at| {
        ["account", "login"].contains(&scene.word(at))
            && (1..=3)
                .filter_map(|back| at.checked_sub(back))
                .any(|at| ONLY.contains(&scene.word(at)))
    });
    let starts = |one: &&mut Proposal| {
        one.action == "onboard_user" && !one.arguments.contains_key("start_date")
    };
    for one in proposals.iter_mut().filter(|_| only).filter(starts) {
        "create_user".clone_into(&mut one.action);
    }
}

/// "Ada is locked out again, can you let her back in?": what keeps her out is a lock, where
/// nothing else is spoken of.
pub(super) fn let_back_in(scene: &Scene<'_>, proposals: &mut Vec<Proposal>) {
    const BLOCKS: &[&str] = &[
        "disabled",
        "disable",
        "blocked",
        "block",
        "suspended",
        "deactivated",
        "enable",
        "enabled",
        "reactivate",
        "reactivated",
        "activate",
        "reenable",
        "unblock",
        "suspension",
        "inactive",
    ];
    let own = || scene.sentences.iter().flat_map(|sentence| sentence.from..sentence.to);
    let said = |words: &[&str]| own().any(|at| words.contains(&scene.word(at)));
    if !said(&["locked", "lockout", "lockd", "locking"]) || said(BLOCKS) {
        return;
    }
    for one in proposals.iter_mut().filter(|one| one.action == "enable_user") {
        "unlock_user".clone_into(&mut one.action);
    }
    let mut seen: Vec<Proposal> = Vec::new();
    proposals.retain(|one| {
        let twice =
            one.action == "unlock_user" && seen.iter().any(|other| same(one, other, &["user", AT]));
        seen.extend((one.action == "unlock_user").then(|| one.clone()));
        !twice
    });
}
