//! What stands beside somebody and says only which one is meant: "Ada Park (Finance)", "Mr Hart,
//! the buyer".
//!
//! Not here: what narrows a choice from further away.

use super::{Span, What};
use crate::interpret::{index::Index, text::Token};

/// A department in brackets is no group; a post that only one of several has says who it is.
pub(super) fn beside(tokens: &[Token], index: &Index, spans: &mut Vec<Span>) {
    let mut at = 1;
    while at < spans.len() {
        let (before, here) = (&spans[at - 1], &spans[at]);
        let between = &tokens[before.to..here.from];
        if before.person() && in_brackets(tokens, index, here) && between.len() == 1 {
            spans.remove(at);
            continue;
        }
        if let Some(one) = apposed(before, here, between) {
            spans[at - 1].what = one;
            spans.remove(at);
            continue;
        }
        at += 1;
    }
}

fn in_brackets(tokens: &[Token], index: &Index, group: &Span) -> bool {
    let opens = group.from.checked_sub(1).is_some_and(|at| tokens[at].is('('));
    let closes = tokens.get(group.to).is_some_and(|token| token.is(')'));
    let words: Vec<&str> = tokens[group.from..group.to]
        .iter()
        .filter(|token| token.word())
        .map(|token| token.folded.as_str())
        .collect();
    opens && closes && matches!(group.what, What::Group(_)) && index.department(&words.join(" "))
}

/// "Costa, the warehouse operative": of several Costas the one who is that.
fn apposed(before: &Span, here: &Span, between: &[Token]) -> Option<What> {
    let (What::People(several, _), What::People(one, _)) = (&before.what, &here.what) else {
        return None;
    };
    let led = match between {
        [comma] => comma.is(',') || comma.is('('),
        [comma, the] => {
            (comma.is(',') || comma.is('('))
                && ["the", "our", "that", "a"].contains(&the.folded.as_str())
        }
        _ => false,
    };
    (led && several.len() > 1 && one.len() == 1 && several.contains(&one[0]))
        .then(|| here.what.clone())
}
