//! What is not to be read off a move: the facts of another line, a group that is only where
//! somebody goes.
//!
//! - [`not_one_line_for_all`] a list of movers, of which not each line became a move
//! - [`by_the_move`], [`names_its_group`] is a group meant, or the department it is called after
//!
//! Not here: reading a line.

use serde_json::Value;

use super::MOVER;
use crate::{
    domain::proposal::{Proposal, Understood},
    interpret::{
        entities::What,
        scene::Scene,
        text::{Sort, key},
    },
};

/// Drops the moves of a message that tells of more movers, line by line, than were read.
pub(in crate::interpret) fn not_one_line_for_all(scene: &Scene<'_>, understood: &mut Understood) {
    let moves = understood.proposals.iter().filter(|one| one.action == MOVER).count();
    if moves > 0 && moves < lines(scene) {
        understood.proposals.retain(|one| one.action != MOVER);
    }
}

/// Lines that begin with somebody and an arrow: "• Ada Park (Sales) → HR, Buyer".
fn lines(scene: &Scene<'_>) -> usize {
    let token = |at: usize, mark: char| scene.tokens.get(at).is_some_and(|token| token.is(mark));
    let begins = |from: usize| {
        let line = |at: usize| {
            scene.tokens[at].sort == Sort::Line
                || ['-', '•', '*', '·', '–'].iter().any(|mark| token(at, *mark))
        };
        from == 0 || line(from - 1)
    };
    let arrow =
        |at: usize| token(at, '→') || (token(at, '-') || token(at, '=')) && token(at + 1, '>');
    // "Ada (Sales) -> HR"
    let past = |at: usize| {
        let close = (at..scene.tokens.len().min(at + 8)).find(|at| token(*at, ')'));
        close.filter(|_| token(at, '(')).map_or(at, |close| close + 1)
    };
    let people = scene.lattice.spans.iter().filter(|span| matches!(span.what, What::People(..)));
    people.filter(|span| begins(span.from) && arrow(past(span.to))).count()
}

/// Read off the verb that tells of the move: "move from Sales to Marketing" is in no group.
pub(super) fn by_the_move(one: &Proposal) -> bool {
    let grouped = one.action == "add_to_group";
    let verb = one.because.iter().find(|because| because.gave == "action");
    grouped
        && verb.is_some_and(|verb| {
            let verb = verb.words.to_lowercase();
            ["move", "moves", "moving", "goes", "transfer", "transfers"].contains(&verb.as_str())
        })
}

/// "She moves to Sales": no group whose name only begins so.
pub(super) fn names_its_group(scene: &Scene<'_>, one: &Proposal) -> bool {
    const NOUNS: &[&str] = &["group", "list", "team", "dl", "groups", "lists"];
    let Some(group) = one.arguments.get("group").and_then(Value::as_str) else { return true };
    let key = key(group);
    let mut spans = scene.lattice.spans.iter();
    spans.any(|span| {
        // "Sales -> Customer Service" is where she goes, whatever group is called so.
        let noun =
            NOUNS.contains(&scene.word(span.to)) || NOUNS.iter().any(|noun| key.ends_with(noun));
        let place = !noun && scene.index.department_named(&key).is_some();
        matches!(span.what, What::Group(_)) && scene.key(span.from, span.to) == key && !place
    })
}
