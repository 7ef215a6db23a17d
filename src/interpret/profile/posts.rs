//! What somebody will be: behind a label, behind "as", beside the name, or as one thing of a row.

use super::marks::{Run, chunks, parts};
use crate::interpret::{
    entities::{Span, What},
    lifecycle::is_post,
    scene::Scene,
    slots::{labelled, phrase},
    text::Sort,
};

const LABELS: &[&str] = &[
    "job title",
    "title",
    "titles",
    "position",
    "role",
    "designation",
    "function",
    "job",
    "post of",
    "position of",
    "role of",
    "new title",
    "charge",
    "working as",
    "employed as",
    "titled",
];
/// Between a sign and the post.
const SMALL: &[&str] = &["a", "an", "our", "the", "new", "your", "their", "another", "my"];
/// A post has at most so many words.
const WORDS_MAX: usize = 6;

/// The post that is told there; `behind`: where the name ends that it may stand beside.
pub(super) fn post(scene: &Scene<'_>, run: Run, behind: Option<usize>) -> Option<Run> {
    let (from, to) = run;
    let label = labelled(scene, from, to, LABELS).into_iter();
    let label = label.filter(|at| {
        at.checked_sub(1).is_some_and(|at| !scene.tokens[at].glued || !scene.tokens[at].is('-'))
    });
    let labelled = label.filter_map(|at| value(scene, at, to)).find(|run| fits(scene, *run, false));
    labelled
        .or_else(|| as_one(scene, run))
        .or_else(|| beside(scene, behind?, to))
        .or_else(|| chunks(scene, run).into_iter().find_map(|chunk| in_a_row(scene, chunk)))
}

/// "as (our new) Buyer", "will be Buyer", "becomes Buyer"
fn as_one(scene: &Scene<'_>, (from, to): Run) -> Option<Run> {
    (from..to).find_map(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let start = match word {
            "as" | "like" | "becomes" | "become" | "becoming" | "new" | "role" => at + 1,
            "will" | "to" | "shall" | "shell" | "hell" if next == "be" => at + 2,
            "be" | "is" if ["our", "the", "a", "an"].contains(&next) => at + 1,
            "of" if at > 0
                && ["post", "role", "position", "job", "function"]
                    .contains(&scene.word(at - 1)) =>
            {
                at + 1
            }
            _ => return None,
        };
        let plain = word == "as" || word == "like" || word.starts_with("becom");
        let run = value(scene, start, to)?;
        fits(scene, run, !plain).then_some(run)
    })
}

/// "Ada Park, Buyer, …", "Ada Park (Buyer, …", "ada park – buyer – …"
fn beside(scene: &Scene<'_>, name: usize, to: usize) -> Option<Run> {
    let mark = (name < to && parts(scene, name)).then_some(name)?;
    let dot = scene.tokens[mark].is('.') || scene.tokens[mark].sort == Sort::Line;
    let run = value(scene, mark + 1, to)?;
    let whole = run.1 >= to || parts(scene, run.1) || is_post(scene.word(run.1 - 1));
    (whole && fits(scene, run, dot)).then_some(run)
}

/// What is no part of a post of a row.
const NO_PART: &[&str] = &[
    "needs",
    "need",
    "please",
    "he",
    "she",
    "they",
    "will",
    "can",
    "is",
    "are",
    "reports",
    "reporting",
    "starts",
    "for",
    "with",
    "add",
    "put",
    "create",
    "set",
    "hires",
    "hire",
    "hired",
    "gets",
    "get",
    "have",
    "has",
    "wants",
    "takes",
    "welcome",
    "recruited",
    "a",
    "an",
    "our",
    "the",
    "new",
    "as",
    "all",
    "of",
    "them",
    "both",
    "each",
    "two",
    "three",
    "four",
    "five",
    "every",
    "everyone",
    "be",
    "his",
    "her",
    "their",
    "to",
    "by",
    "from",
    "in",
    "i",
    "we",
    "contracted",
    "another",
    "my",
    "who",
    "in",
    "at",
    "also",
];

/// One thing of a row that ends with a word for a post: "…, Buyer, …", "all of them Drivers",
/// "we hire a caretaker".
fn in_a_row(scene: &Scene<'_>, (from, to): Run) -> Option<Run> {
    const BEHIND: &[&str] = &["in", "at", "for", "from", "with", "under", "on"];
    let end = (from + 1..to).find(|at| BEHIND.contains(&scene.word(*at))).unwrap_or(to);
    let last = (from..to).rev().find(|at| scene.tokens[*at].word());
    let cut = (from..end).rev().find(|at| scene.tokens[*at].word());
    let last = [last, cut].into_iter().flatten().find(|at| is_post(scene.word(*at)))?;
    let part = |at: &usize| {
        let word = scene.word(*at);
        // "Head of Fleet" keeps its "of", "all of them Drivers" does not.
        let of = word == "of" && at.checked_sub(1).is_some_and(|at| is_post(scene.word(at)));
        let person = scene.span(*at).is_some_and(|span| {
            matches!(span.what, What::People(..) | What::Me | What::Pronoun) && !titled(scene, span)
        });
        (of || !NO_PART.contains(&word)) && !person
    };
    let begin = (from..=last).rev().take_while(part).last()?;
    // "our intern, Nora Quist" describes her, and is no title.
    let ours = begin.checked_sub(1).is_some_and(|at| ["our", "the"].contains(&scene.word(at)));
    if ours && !scene.tokens[begin].capital {
        return None;
    }
    let run = (begin, last + 1);
    let words = (begin..=last).filter(|at| scene.tokens[*at].word()).count();
    (words <= WORDS_MAX && fits(scene, run, true)).then_some(run)
}

/// The words of a post that begins here, without what it ends before.
fn value(scene: &Scene<'_>, mut at: usize, to: usize) -> Option<Run> {
    while at < to && SMALL.contains(&scene.word(at)) {
        at += 1;
    }
    let (from, mut end) = phrase(scene, at, to)?;
    // "Accounts Payable Clerk" holds the name of a mailbox and is a post.
    let people = |at: usize| {
        scene
            .span(at)
            .is_some_and(|span| matches!(span.what, What::People(..)) && !titled(scene, span))
    };
    let words = end - from;
    if is_post(scene.word(end - 1))
        && words <= 4
        && !(from..end).any(|at| people(at) || parts(scene, at))
    {
        return Some((from, end));
    }
    let ends = |at: usize| {
        parts(scene, at)
            || scene.span(at).is_some_and(|span| known(span) && !titled(scene, span))
            || scene.dated(at)
            || [
                "report",
                "reports",
                "joining",
                "joins",
                "starting",
                "starts",
                "this",
                "next",
                "there",
                "here",
                "effective",
                "licence",
                "plus",
                "then",
                "instead",
                "rather",
                "but",
                "so",
                "by",
                "to",
                "has",
                "have",
                "is",
                "was",
                "needs",
            ]
            .contains(&scene.word(at))
    };
    end = (from..end).find(|at| ends(*at)).unwrap_or(end);
    (end > from).then_some((from, end))
}

fn known(span: &Span) -> bool {
    matches!(span.what, What::People(..) | What::Sku(_) | What::Named(_) | What::Me | What::Pronoun)
}

/// Somebody here by their post is called so: "Designer".
fn titled(scene: &Scene<'_>, span: &Span) -> bool {
    let post = (span.from..span.to).any(|at| is_post(scene.word(at)));
    let known = !scene.index.titled(&scene.key(span.from, span.to)).is_empty();
    post && (known || matches!(span.what, What::Sku(_)))
}

/// May these words be a post? `sure`: only with a word that posts are called by.
fn fits(scene: &Scene<'_>, (from, to): Run, sure: bool) -> bool {
    const NONE: &[&str] = &[
        "well",
        "soon",
        "usual",
        "follows",
        "of",
        "from",
        "her",
        "his",
        "their",
        "manager",
        "boss",
        "discussed",
        "agreed",
        "before",
        "below",
        "above",
        "me",
        "she",
        "he",
        "they",
        "it",
        "this",
        "that",
        "possible",
        "same",
        "guest",
        "shared",
        "sponsor",
        "owner",
        "member",
        "you",
        "i",
    ];
    const MANAGERS: &[&str] =
        &["manager", "boss", "supervisor", "lead", "head", "superior", "tutor", "responsible"];
    // "his line manager" is nobody's post.
    let generic = MANAGERS.contains(&scene.word(to - 1))
        && (from..to - 1)
            .all(|at| ["line", "direct", "new", "reporting"].contains(&scene.word(at)));
    // "two new designers": what they are called is not said.
    let last = scene.word(to - 1);
    let several = last.strip_suffix('s').is_some_and(is_post) && !last.ends_with("ss");
    let post = (from..to).any(|at| is_post(scene.word(at)));
    let place = [false, true].into_iter().any(|offices| {
        scene.places(from, to, offices).iter().any(|(a, b, _)| *a == from && (*b == to || !post))
    });
    let thing = scene.span(from).is_some_and(|span| {
        matches!(span.what, What::Group(_) | What::Sku(_) | What::Named(_)) && !post
    });
    let words = (from..to).filter(|at| scene.tokens[*at].word()).count();
    let spelled =
        (from..to).any(|at| scene.tokens[at].sort == Sort::Line || scene.word(at).contains('@'));
    let number = scene.word(from).starts_with(|c: char| c.is_ascii_digit());
    let no = NONE.contains(&scene.word(from)) && !post;
    words > 0
        && !generic
        && (!several || scene.tokens[from].capital)
        && words <= WORDS_MAX
        && !place
        && !thing
        && !spelled
        && !number
        && !no
        && (post || !sure && scene.tokens[from].capital)
}
