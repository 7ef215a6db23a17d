//! Points of a list, each a wish of its own: "1) Ada Park starts on 2 March, Buyer, Sales 2) Bo
//! leaves on Friday 3) Lee needs the Info mailbox". Each is read alone, what stands before the
//! list with it if it says when.
//!
//! Not here: lists of which every point is one process ([`super::lined`]), and points that go
//! on about somebody named before them.

use std::sync::LazyLock;

use regex::Regex;

use super::{Reading, lifecycle, read_alone, text::Text, trace::Trace};
use crate::domain::proposal::{Intent, Proposal, Understood};

/// Longer lists are sheets.
const POINTS_MAX: usize = 12;
/// Longer messages, in bytes, are read whole.
const LENGTH_MAX: usize = 4_000;

/// "1)", "2.", "(3)", "a)", "- ", "• ", at the beginning of a line or behind a blank.
static POINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|\s)\(?(\d{1,2}|[a-h])([.)])\s+|(?m:^)[ \t]*[-*•·–]\s+")
        .expect("a fixed pattern")
});
/// Something is asked for, before the list or in it.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(please|pls|plz|kindly|can (you|i|we)|could (you|i|we)|needs?|to[- ]?do|requests?|actions?|changes|list|dump|round[- ]?up|jobs?|bits|things)\b").expect("a fixed pattern")
});
/// It is told to everybody, or over.
static NEWS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(fyi|news|newsletter|announc\w*|for (your )?info\w*|minutes|agenda|recap|welcome|done this week|we did|discussed|ideas?)\b").expect("a fixed pattern")
});
/// A list of one sort, which is read as one.
static SORT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(leavers?|departures?|exits?|off ?board\w*|separations?|starters?|joiners?|new hires?|on ?board\w*|movers?|transfers?|promotions?|arrivals?)\b").expect("a fixed pattern")
});
/// A point that asks for nothing.
static OVER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(ignore|already|done|sorted|skip|no action|nothing to do|fyi|forget it|cancelled)\b").expect("a fixed pattern")
});

/// Makes the patterns.
pub(super) fn make_ready() {
    for pattern in [&POINT, &ASKS, &NEWS, &SORT, &OVER] {
        LazyLock::force(pattern);
    }
}

/// What stands before the list, and its points; nothing if there are no two.
fn points(clean: &str) -> Option<(&str, Vec<&str>)> {
    if clean.len() > LENGTH_MAX {
        return None;
    }
    let mut marks: Vec<(usize, usize)> = Vec::new();
    let mut next = 1_u8;
    let mut sort = None;
    for found in POINT.captures_iter(clean) {
        let whole = found.get(0)?;
        let number = found.get(1).map(|number| number.as_str());
        let value = number.map(|number| match number.parse::<u8>() {
            Ok(number) => (0, number),
            Err(_) => (1, number.bytes().next().map_or(0, |letter| letter - b'a' + 1)),
        });
        let own = value.map(|(kind, _)| (kind, found.get(2).map(|mark| mark.as_str())));
        // "1) … 2) …" counts, "on the 2. of May" does not.
        let day = clean[..whole.start()].ends_with("the");
        let counts = value.is_none_or(|(_, value)| value == next && !day);
        if !counts || sort.is_some_and(|sort| sort != own) {
            continue;
        }
        sort = Some(own);
        next = next.saturating_add(1);
        marks.push((whole.start(), whole.end()));
    }
    if !(2..=POINTS_MAX).contains(&marks.len()) {
        return None;
    }
    let head = clean[..marks[0].0].trim();
    let ends = marks.iter().skip(1).map(|mark| mark.0).chain([clean.len()]);
    let all = marks.iter().zip(ends).map(|(mark, end)| {
        let point = &clean[mark.1..end];
        // What follows the list is no part of its last point.
        point.split("\n\n").next().unwrap_or(point).trim()
    });
    Some((head, all.collect()))
}

/// Reads a list point by point, if each is clear by itself and one of them is a process.
pub(super) fn each_point(
    text: &Text,
    reading: &Reading<'_>,
    trace: &mut Trace,
) -> Option<Understood> {
    let (head, points) = points(&text.clean)?;
    if NEWS.is_match(head) || SORT.is_match(head) || !ASKS.is_match(&text.clean) {
        return None;
    }
    let asked = Reading { asked: true, ..*reading };
    let mut all = Understood::only(Intent::Request);
    let mut inner = trace.another();
    let (mut processes, mut others) = (0, 0);
    let mut kinds: Vec<String> = Vec::new();
    for point in points {
        if OVER.is_match(point) {
            continue;
        }
        // "As of 1 June, please enter: …": the day is that of each point.
        let dated = head.bytes().any(|byte| byte.is_ascii_digit());
        let words = if dated { format!("{head}\n{point}") } else { point.to_owned() };
        let read = read_alone(&Text::of(&words), &asked, &mut inner);
        if read.proposals.is_empty() || !read.questions.is_empty() || read.intent != Intent::Request
        {
            return None;
        }
        let process = read.proposals.iter().any(lifecycle::is_process);
        kinds.extend(
            read.proposals
                .iter()
                .filter(|one| lifecycle::is_process(one))
                .map(|one| one.action.clone()),
        );
        processes += usize::from(process);
        others += usize::from(!process);
        let fresh = |one: &Proposal| {
            let same =
                |other: &Proposal| other.action == one.action && other.arguments == one.arguments;
            !all.proposals.iter().any(same)
        };
        let new: Vec<Proposal> = read.proposals.into_iter().filter(fresh).collect();
        all.proposals.extend(new);
    }
    kinds.sort_unstable();
    kinds.dedup();
    // Points of one sort are read as one list.
    (processes > 0 && (others > 0 || kinds.len() > 1)).then(|| {
        trace.append(inner);
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_counted_or_marked() {
        let one = points("to do: 1) Ada starts 2) Bo leaves on the 3. of May").unwrap();
        assert_eq!(one, ("to do:", vec!["Ada starts", "Bo leaves on the 3. of May"]));
        let two = points("Please:\n- Ada starts\n- Bo leaves\n\nThanks").unwrap();
        assert_eq!(two, ("Please:", vec!["Ada starts", "Bo leaves"]));
        assert!(points("1) only one").is_none() && points("no list - at all - here").is_none());
    }
}
