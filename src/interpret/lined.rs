//! A list of people, each with what is said of them, under one heading: each line is read with
//! the words around the list, as if it stood there alone.
//!
//! "Three arrivals on 2 March, please set them up: • Ada Park, Buyer, Sales • Bo Ek, Clerk, IT"
//!
//! Not here: what a line says, and lists without such words around each; those are read whole.

use std::sync::LazyLock;

use regex::Regex;

use super::{Reading, lifecycle, read_alone, text::Text, trace::Trace};
use crate::domain::proposal::{Intent, Proposal, Understood};

/// Longer lists are sheets, and come as tables.
const LINES_MAX: usize = 12;
/// Longer messages, in bytes, are read once.
const LENGTH_MAX: usize = 4_000;

/// "• Ada Park – Buyer, Sales", "2) Mover: Bo Ek -> IT", "- Ada Park: Sales -> IT, …", and without
/// a mark before it "Ada Park (Sales) -> IT, …".
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^\s*(?:[-*•·–]|\d{1,2}[.)])\s+(?:\p{L}+ ?(?:starter|hire|joiner)?:\s+)?\p{Lu}[\p{L}'’.-]*(?: (?:\p{Lu}|d[aeiou] |van |von |al |le |la |bin )[\p{L}'’.-]*)+\s*(?:[,–—(]|->|→|=>|- |:.*(?:,|->|→))|^\s*\p{Lu}[\p{L}'’.-]*(?: (?:\p{Lu}|d[aeiou] |van |von |al |le |la |bin )[\p{L}'’.-]*)*(?: \([^()\n]*\))?\s*(?:->|→|=>)",
    )
    .expect("a fixed pattern")
});
/// "Ada Park (Buyer, Sales)"; several in a row are a list too.
static INLINE: LazyLock<Regex> = LazyLock::new(|| {
    let name = r"\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)+ \([^()\n]*,[^()\n]*\)";
    Regex::new(&format!(r"{name}(?:(?:, and |, | and |; | & ){name})+")).expect("a fixed pattern")
});
static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)+ \([^()\n]*\)").expect("a fixed pattern")
});
/// However many they are: each line stands alone.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:the (?:two|three|four|five|six)|both|all (?:two|three|four|five|six)) of (?:them|these|those)\b")
        .expect("a fixed pattern")
});
/// Somebody of the list is taken out again.
static EXCEPT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(except|excluding|apart from|ignore|but not|skip|other than|stays?)\b")
        .expect("a fixed pattern")
});

/// Makes the patterns.
pub(super) fn make_ready() {
    LazyLock::force(&LINE);
    LazyLock::force(&COUNTED);
    LazyLock::force(&EXCEPT);
    LazyLock::force(&INLINE);
    LazyLock::force(&ITEM);
}

/// The message once for each line of its one list, without the other lines; nothing if it has
/// no such list.
pub(super) fn parts(clean: &str) -> Vec<String> {
    let lines: Vec<&str> = clean.lines().collect();
    let listed: Vec<usize> =
        (0..lines.len()).filter(|at| LINE.is_match(lines[*at])).take(LINES_MAX + 1).collect();
    let (Some(first), Some(last)) = (listed.first().copied(), listed.last().copied()) else {
        return inline(clean);
    };
    let only = (first..=last).all(|at| listed.contains(&at) || lines[at].trim().is_empty());
    let around = || lines[..first].iter().chain(&lines[last + 1..]);
    let known = clean.len() <= LENGTH_MAX && (2..=LINES_MAX).contains(&listed.len());
    if !known || !only || around().any(|line| EXCEPT.is_match(line)) {
        return Vec::new();
    }
    let one = |at: &usize| {
        let (before, behind) = (&lines[..first], &lines[last + 1..]);
        let head = COUNTED.replace_all(&before.join("\n"), "them").into_owned();
        let head = (!before.is_empty()).then_some(head);
        let rest = lines[*at..=*at].iter().chain(behind).map(|line| (*line).to_owned());
        head.into_iter().chain(rest).collect::<Vec<String>>().join("\n")
    };
    listed.iter().map(one).collect()
}

/// The same for people in a row, each with what is said of them in brackets.
fn inline(clean: &str) -> Vec<String> {
    if clean.len() > LENGTH_MAX || EXCEPT.is_match(clean) {
        return Vec::new();
    }
    let Some(list) = INLINE.find(clean) else { return Vec::new() };
    let (before, behind) = (&clean[..list.start()], &clean[list.end()..]);
    let one = |item: regex::Match<'_>| format!("{before}{}{behind}", item.as_str());
    ITEM.find_iter(list.as_str()).take(LINES_MAX).map(one).collect()
}

/// Reads a list of joiners, leavers and movers line by line, if each line is just one of them.
pub(super) fn each_line(
    text: &Text,
    reading: &Reading<'_>,
    trace: &mut Trace,
) -> Option<Understood> {
    let parts = parts(&text.clean);
    let mut all = Understood::only(Intent::Request);
    let mut inner = trace.another();
    let mut moved = false;
    for part in &parts {
        let read = read_alone(&Text::of(part), reading, &mut inner);
        let processes = read.proposals.iter().filter(|one| lifecycle::is_process(one)).count();
        // "Bo stays in Sales but becomes Team Coach", in a list of those who move.
        let stays = matches!(read.proposals.as_slice(), [one] if lifecycle::is_part_of_a_move(one));
        if processes != 1 && !stays || !read.questions.is_empty() {
            return None;
        }
        moved |= processes == 1;
        let fresh = |one: &Proposal| {
            let same =
                |other: &Proposal| other.action == one.action && other.arguments == one.arguments;
            !all.proposals.iter().any(same)
        };
        let new: Vec<Proposal> = read.proposals.into_iter().filter(fresh).collect();
        all.proposals.extend(new);
    }
    // "Ada -> title Lead Buyer, Bo -> office Hull": nobody moves, and each is a change by itself.
    let changes = parts.len() > 1 && all.proposals.iter().all(lifecycle::is_part_of_a_move);
    (!parts.is_empty() && (moved || changes)).then(|| {
        trace.append(inner);
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_read_with_what_stands_around_the_list() {
        let list = "Two joiners:\n- Ada Park, Buyer\n- Bo van Ek: IT -> Sales, lead\nThanks";
        assert_eq!(
            parts(list),
            [
                "Two joiners:\n- Ada Park, Buyer\nThanks",
                "Two joiners:\n- Bo van Ek: IT -> Sales, lead\nThanks"
            ]
        );
        assert_eq!(
            parts("From 1 June: Ada Park (Buyer, Sales) and Bo Ek (Clerk, IT). Onboard both."),
            [
                "From 1 June: Ada Park (Buyer, Sales). Onboard both.",
                "From 1 June: Bo Ek (Clerk, IT). Onboard both."
            ]
        );
        for other in [
            "Two joiners:\n- Ada Park, Buyer",
            "Please:\n- reset Ada's password, now\n- Bo Ek, too",
            "- Ada Park, Buyer\n- Name: Bo\n- Lee Gu, Buyer",
            "Leavers:\n- Ada Park, Sales\n- Bo Ek, IT\nexcept Bo, please",
        ] {
            assert!(parts(other).is_empty(), "{other}");
        }
    }
}
