//! Where the value of a property ends in a sentence, and where it begins that is led by nothing.
//!
//! Not here: where it begins behind "to" and the like.

use crate::interpret::{scene::Scene, text::Sort};

/// Where the new value of a property ends.
pub(super) fn value_end(scene: &Scene<'_>, property: &str, start: usize, to: usize) -> usize {
    let end = ends(scene, start, to);
    // Nothing in a number is a time.
    if property.ends_with("Phone") || property == "businessPhones" {
        // "+44 20 7946 0199 in the address book": a number ends with its figures.
        let figure = |at: &usize| {
            let token = &scene.tokens[*at];
            ['+', '(', ')', '-', '/', '.'].iter().any(|mark| token.is(*mark))
                || token.folded.starts_with(|c: char| c.is_ascii_digit())
                || ["ext", "x", "extension"].contains(&token.folded.as_str())
        };
        let run = (start..end).take_while(figure).count();
        let last = (start..start + run).rfind(|at| scene.tokens[*at].word());
        return last.map_or(end, |last| last + 1);
    }
    let end = without_time(scene, start, end);
    // "… to Manchester near the river": the office is that far.
    let place = scene.places(start, end, true).first().map(|(from, to, _)| (*from, *to));
    match place {
        Some((from, to)) if property == "officeLocation" && from == start => to,
        _ => end,
    }
}

/// The first mark or word that ends a value.
fn ends(scene: &Scene<'_>, start: usize, to: usize) -> usize {
    let ends = |at: &usize| {
        let token = &scene.tokens[*at];
        let marks = [',', ';', '?', '!'].iter().any(|mark| token.is(*mark));
        let stop = token.is('.') && scene.tokens.get(at + 1).is_none_or(|next| !next.glued);
        let next = ["and", "please", "pls", "from", "effective", "starting", "as"]
            .contains(&token.folded.as_str());
        token.sort == Sort::Line || marks || stop || next && !token.capital
    };
    (start..to).find(ends).unwrap_or(to)
}

/// "Sales Lead today at 15:00": a time at the end of a value says when, and is no part of it.
fn without_time(scene: &Scene<'_>, start: usize, to: usize) -> usize {
    let little = |at: usize| ["on", "at", "by", "from", "of", "as"].contains(&scene.word(at));
    let mut end = to;
    while end > start && (scene.dated(end - 1) || end < to && little(end - 1)) {
        end -= 1;
    }
    // Nothing but a time is what was said: "office: Monday".
    if end == start { to } else { end }
}

/// Where a value begins that stands right behind its property, in a list of them.
pub(super) fn listed_value(scene: &Scene<'_>, at: usize, after: usize) -> Option<usize> {
    let value = scene.tokens.get(after)?;
    let lead = at.checked_sub(1)?;
    let listed = scene.tokens[lead].is(':')
        || scene.tokens[lead].is(',')
        || ["and", "with"].contains(&scene.word(lead));
    let dated = scene.whens.iter().any(|when| when.from == after);
    let said = scene.lattice.literal[after] || value.word() && value.capital;
    (listed && said && !dated).then_some(after)
}

/// A value stands in the line of its label.
pub(super) fn line_end(scene: &Scene<'_>, from: usize, to: usize) -> usize {
    (from..to).find(|at| scene.tokens[*at].sort == Sort::Line).unwrap_or(to)
}
