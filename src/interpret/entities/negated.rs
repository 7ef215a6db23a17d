//! Names that are said not to be meant: "not Ada", "E5, but no Visio", "he's on E5 now".
//!
//! Not here: whose names they are ([`super::finder`]).

use super::finder::Finder;

impl Finder<'_> {
    /// "F3 isn't enough for her": not what is wanted, whatever is.
    pub(super) fn falls_short(&self, to: usize) -> bool {
        let next = |after: usize| self.word(to + after);
        let not = ["isnt", "wasnt", "wont"].contains(&next(0))
            || next(0) == "is" && ["not", "no"].contains(&next(1));
        // "Ada and Bo need it, Cy doesn't any longer"
        let mark = |after: usize| self.tokens.get(to + after).is_none_or(|token| !token.word());
        let denied = ["doesnt", "dont", "shouldnt", "mustnt", "neednt"].contains(&next(0))
            && (mark(1)
                || ["anymore", "either"].contains(&next(1)) && mark(2)
                || next(1) == "any" && ["more", "longer"].contains(&next(2)) && mark(3));
        // "the lab group and the VPN one, (Intune Pilot) not"
        let bracket = usize::from(self.tokens.get(to).is_some_and(|token| token.is(')')));
        let left = next(bracket) == "not" && mark(bracket + 1);
        denied
            || left
            || self.has_it(to)
            || not && (1..4).any(|at| ["enough", "sufficient", "adequate"].contains(&next(at)))
    }

    /// "…, he's on E5 now": what somebody has already is not what is wanted.
    fn has_it(&self, to: usize) -> bool {
        let from =
            (1..=6).filter_map(|back| to.checked_sub(back)).find(|at| self.word(*at) == "on");
        let before =
            |back: usize| from.and_then(|at| at.checked_sub(back)).map_or("", |at| self.word(at));
        let is = ["hes", "shes", "theyre", "is"].contains(&before(1))
            || before(1) == "already" && ["hes", "shes", "theyre", "is"].contains(&before(2));
        let now = ["now", "already", "anyway", "anyhow", "today"].contains(&self.word(to));
        is && now && self.tokens.get(to + 1).is_none_or(|next| !next.word())
    }

    /// "E5, but no Visio", "she gets no Visio": not wanted. "He has E3 but no Visio" only tells.
    fn refused(&self, at: usize) -> bool {
        let before = |back: usize| at.checked_sub(back).map_or("", |at| self.word(at));
        let joined = ["but", "and", "gets", "get", "receives"].contains(&before(2));
        let has = (3..15)
            .map_while(|back| at.checked_sub(back))
            .take_while(|at| !self.tokens[*at].is('.') && !self.tokens[*at].is('?'))
            .any(|at| ["has", "have", "had", "got", "holds", "with"].contains(&self.word(at)));
        before(1) == "no" && joined && !has
    }

    pub(super) fn negated(&self, at: usize) -> bool {
        let before = |back: usize| at.checked_sub(back).map_or("", |at| self.word(at));
        let one = ["not", "except", "excluding", "without", "besides", "minus"];
        let pair = [
            ("instead", "of"),
            ("rather", "than"),
            ("apart", "from"),
            ("other", "than"),
            ("not", "for"),
            ("not", "from"),
            ("not", "to"),
            ("except", "for"),
            ("not", "the"),
        ];
        let three = ["to", "from", "for"].contains(&before(1));
        one.contains(&before(1))
            || self.refused(at)
            || three && pair[..2].contains(&(before(3), before(2)))
            || pair.contains(&(before(2), before(1)))
    }
}
