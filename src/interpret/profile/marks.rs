//! Where one thing that is said ends and the next begins.

use crate::interpret::{
    scene::Scene,
    text::{Sort, Token},
};

/// A run of tokens.
pub(super) type Run = (usize, usize);

/// Does one thing end with this token? A comma, a bracket, a dash between blanks, a full stop.
pub(super) fn parts(scene: &Scene<'_>, at: usize) -> bool {
    let token = &scene.tokens[at];
    let next = scene.tokens.get(at + 1);
    let tight = token.glued && next.is_some_and(|next| next.glued);
    match token.sort {
        Sort::Line
        | Sort::Mark(',' | ';' | '|' | '(' | ')' | '!' | '?' | ':' | '•' | '=' | '→' | '>' | '*') => {
            true
        }
        Sort::Mark('.') => next.is_none_or(|next| !next.glued || next.sort == Sort::Line),
        Sort::Mark('-' | '–' | '—' | '/' | '·') => !tight,
        _ => false,
    }
}

/// The things that are said there, one by one.
pub(super) fn chunks(scene: &Scene<'_>, (from, to): Run) -> Vec<Run> {
    let mut found = Vec::new();
    let mut start = from;
    for at in from..to {
        if parts(scene, at) {
            found.push((start, at));
            start = at + 1;
        }
    }
    found.push((start, to));
    found.retain(|(from, to)| (*from..*to).any(|at| scene.tokens[at].word()));
    found
}

/// Does a line begin here, bullets and numbers before it left out?
pub(super) fn begins_line(scene: &Scene<'_>, at: usize) -> bool {
    let bullet = |token: &Token| {
        let digits = token.word() && token.folded.bytes().all(|byte| byte.is_ascii_digit());
        digits || matches!(token.sort, Sort::Mark('-' | '•' | '*' | '–' | '·' | '.' | ')' | '|'))
    };
    let before = (0..at).rev().take(3).find(|at| !bullet(&scene.tokens[*at]));
    before.is_none_or(|before| scene.tokens[before].sort == Sort::Line)
}

/// Where the line ends that a token is in.
pub(super) fn line_end(scene: &Scene<'_>, at: usize) -> usize {
    let mut tokens = at..scene.tokens.len();
    tokens.find(|at| scene.tokens[*at].sort == Sort::Line).unwrap_or(scene.tokens.len())
}

/// Is one of these words said there?
pub(super) fn says(scene: &Scene<'_>, (from, to): Run, any: &[&str]) -> bool {
    (from..to).any(|at| any.contains(&scene.word(at)) && !scene.lattice.literal[at])
}
