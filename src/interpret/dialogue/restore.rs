//! "Bring John Doe back as he was", "restore Ada from yesterday's offboarding": what was
//! taken from somebody who left is to be given back.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use crate::{
    domain::users::PersonRef,
    interpret::{
        self, Context,
        entities::What,
        index::Index,
        text::{Text, key},
    },
};

/// Longer messages ask for more than this.
const WORDS_MAX: usize = 20;

static RESTORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(hi |hello |hey |ok |oops |sorry |please |pls |kindly |can you |could you |would you |can we |lets |we need to |i need you to )*",
        r"(((restore|reinstate|recover|undo|revert|reverse|roll back|(bring|put|get|take) (.{0,60} )?back)\b.{0,80}\boff ?board(ing|ed|)\b)",
        r"|((restore|reinstate|bring|put|set|get)\b.{0,60}\b(as|like|how|the way) (he|she|they) (was|were)( before)?( please| pls| thanks)?$)",
        r"|((restore|give|get|put)\b.{0,60}\b(everything|all|all that|what|whatever) (he|she|they) had( before)?( back)?( please| pls| thanks)?$))",
    ))
});

/// Something is not to be done, or more is asked for than this.
static NOT_ALONE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(not|dont|never|without|except|and|but|then|if|when|unless)\b"));

/// Does it ask for what an offboarding took, and for nothing else?
pub fn restores(own: &str) -> bool {
    let said = key(own);
    said.split(' ').count() <= WORDS_MAX && RESTORE.is_match(&said) && !NOT_ALONE.is_match(&said)
}

/// Whom the words name: each with everybody who is called so.
pub fn named(words: &str, context: &Context, index: &Index) -> Vec<PersonRef> {
    let text = Text::of(words);
    let scene = interpret::lay_out(&text, context, index);
    let spans = scene.lattice.spans.iter().filter(|span| !span.negated);
    let mut people: Vec<PersonRef> = Vec::new();
    for span in spans {
        let What::People(all, _) = &span.what else { continue };
        for person in all.iter().map(|at| index.somebody(*at).to_ref()) {
            if !people.contains(&person) {
                people.push(person);
            }
        }
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn giving_back_what_an_offboarding_took_is_asked_for_in_many_words() {
        for words in [
            "restore ada from yesterday's offboarding",
            "Restore john.doe@contoso.com from the offboarding please",
            "bring John Doe back as he was",
            "please bring her back the way she was before",
            "undo the offboarding of John Doe",
            "Can you reverse John's offboarding?",
            "bring John back from the off-boarding",
            "give John Doe back everything he had",
            "restore what they had",
            "reinstate John Doe as he was",
        ] {
            assert!(restores(words), "{words}");
        }
        for words in [
            "restore the deleted user petra.former@contoso.com",
            "reinstate John Doe",
            "offboard John Doe",
            "don't undo the offboarding of John Doe",
            "undo the offboarding of John Doe and disable Jane Roe",
            "if he returns, bring him back as he was",
            "get the laptop of John ready for his offboarding",
            "put John Doe in Sales, as he was asked to",
            "what happens when I restore John from the offboarding?",
            "undo that",
            "bring him back",
            "give John access to what she had asked for",
        ] {
            assert!(!restores(words), "{words}");
        }
    }
}
