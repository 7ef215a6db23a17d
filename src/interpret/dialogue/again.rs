//! "same for Alex", "no, I meant Jon Smith": what was asked last, for somebody else.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::pattern;
use crate::{
    actions::{Entry, forms},
    domain::{
        area::Risk,
        proposal::{Because, Intent, Open, Proposal, Understood},
    },
    interpret::{
        self, Context,
        entities::{Span, What},
        index::Index,
        scene::Scene,
        slots::{AT, which_person, whom},
        text::{Text, key},
        trace::Trace,
    },
};

static SAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(perfect |great |thanks |thank you |lovely |cheers |brilliant )*(and |also |ok |please |now |then |can you |do |could you )*(the )?(same|likewise|ditto|repeat( that| it)?|do (that|it|this)( too| as well)?|that|this)( thing| again| please| too| also| one)* (for|with|on|to)\b|^(perfect |great |thanks |thank you |lovely |cheers |brilliant )*(and|also) (for )?[a-z .]{2,60}( too| as well)$|^same for\b",
    )
});

/// "and Omar, same problem", "might that also be done for Chris": said anywhere in a short
/// message that names somebody.
static ALIKE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(same|likewise|ditto) (also )?(for|4|with|to|problem|issue|thing|here|story|goes|again|procedure)\b|\b(same|likewise|ditto)$|\b(this|that|it) (also|too|as well)? ?(be )?done (also )?for\b|\balso for\b|\bfor .{2,40} (too|as well)$",
    )
});

/// "put her back", "could you undo it": what was done last is to be taken back.
static UNDO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(undo|revert|reverse|roll back) (it|that|this|the last)\b|\b(put|bring|make|turn|change|switch|set|take) (him|her|them|it|that|this|everything) back\b|\b(put|change|set) (it|that) back\b|\b(you can|please|pls|can you|could you|so) (stop|end) (it|that|this)\b|\b(switch|turn) (it|that|this) off\b|\b(that|it) can (stop|end|go) (now|again)\b",
    )
});

/// A clause that takes back what was asked: "scrap that", "leave it how it was".
static TAKEN_BACK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(and |but |so |oh |ok |no |sorry |please |just |actually |lets |can you |could you |you can |well )*(scrap|cancel|forget|disregard|scratch|withdraw|drop|ignore|kill|bin|park|nix) (all )?(that|this|it)( one| request| please| then| for now| after all| again| thanks)*$|\b(leave|leaving|keep|keeping) (it|that|this|them|things|everything|all) (just |exactly )?(as|how|where|the way|like) (it|that|this|they|things|everything) (was|were|is|are|has been|stands)( before| now)?( please| thanks)*$|^(oh |no |sorry |actually |so )*(theres |there is )?no (more )?need( for (that|it|this)| to do (that|it|this))?( now| any ?more| any longer| after all)*( please| thanks)*$|\b(that|it|this)( is|s) (no longer|not) (needed|required|wanted|necessary)( now| any ?more| after all)*$",
    )
});
/// … and asks for something else.
static INSTEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(instead|i meant|i mean|rather than|should have been|make (it|that))\b")
});

/// Is what was asked before taken back in one of the clauses, and nothing put in its place?
pub fn takes_back(own: &str) -> bool {
    let said = key(own);
    said.split(' ').count() <= 40
        && !INSTEAD.is_match(&said)
        && own
            .split([',', '.', ';', '!', '?', ':', '\n', '–', '—'])
            .any(|clause| TAKEN_BACK.is_match(&key(clause)))
}

/// Is what was done last to be taken back?
pub fn undoes(own: &str, context: &Context) -> bool {
    let said = key(own);
    let done = context.thread.iter().rev().find(|said| said.bot).is_some_and(|said| {
        let words = key(&said.words);
        ["done", "has been", "was added", "was removed", "is now", "now has"]
            .iter()
            .any(|sign| words.contains(sign))
    });
    done && said.split(' ').count() <= 25 && UNDO.is_match(&said)
}

/// "oops, undo that": the inverses of what was asked last, if each has one that the same
/// arguments say.
pub fn undo(own: &str, last: &[Proposal], catalog: &[Entry]) -> Option<Understood> {
    let mut understood = Understood::only(Intent::Request);
    for proposal in last {
        let entry = catalog.iter().find(|entry| entry.about.id == proposal.action)?;
        let others = entry.about.undone_by.iter().filter(|id| **id != proposal.action);
        let (action, arguments) = others.into_iter().find_map(|id| {
            let form = forms::form(id)?;
            let mut arguments = proposal.arguments.clone();
            arguments.retain(|name, _| name != AT && form.field(name).is_some());
            form.check(&arguments).is_empty().then_some((*id, arguments))
        })?;
        let words = own.trim().chars().take(80).collect();
        let because = vec![Because { words, gave: "action".to_owned(), quoted: false }];
        understood.proposals.push(Proposal { action: action.to_owned(), arguments, because });
    }
    (!understood.proposals.is_empty()).then_some(understood)
}

static CORRECTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(no|nope|sorry|wait|oops|oh|actually|whoops|hang on|hold on|my mistake|correction|not (him|her|that one|them))\b",
    )
});
/// … and these say it anywhere.
static MEANT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(i meant|i mean|should (be|have been)|(right|wrong) (one|person|user|guy)|meant to say|correct (one|person) is)\b",
    )
});

/// "Sorry, Ada would rather not": a remark about somebody, and nobody else in their place.
fn says_of_somebody(scene: &Scene<'_>) -> bool {
    const SAYS: &[&str] = &[
        "keeps", "keep", "needs", "is", "isnt", "could", "stays", "would", "wants", "wanted",
        "prefers", "prefer", "has", "had", "hasnt", "was", "wasnt", "says", "said", "thinks",
        "sorted", "did", "does", "doesnt", "will", "changed", "decided", "told", "asked", "can",
        "cant", "cannot", "fixed", "already", "just", "id", "wont",
    ];
    scene
        .lattice
        .spans
        .iter()
        .any(|span| span.named() && !span.negated && SAYS.contains(&scene.word(span.to)))
}

pub(super) static OTHER_TIME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(no |sorry |wait |actually |please |ok |oops |can (you|we) |could (you|we) |lets )*(make|do|move|change|schedule|set|push|postpone|bring|reschedule) (that|it|this|them|these|the time|the date)( one)?\b|^(my apologies |apologies |sorry |no )*(the )?(time|date|day) (should|must|needs to|has to|ought to) (rather )?(be|read) |^(yes |yeah |yep |ok |sure |fine )*(but )?(not (til|till|until|before)|only (from|on|after)) |^(no |sorry |wait |actually |oops )*(i meant|rather|not .{2,20} but|at|on|for) ",
    )
});

/// "make it Tuesday at nine": the last proposals at another time.
pub fn other_time(
    scene: &Scene<'_>,
    own: &str,
    last: &[Proposal],
    catalog: &[Entry],
) -> Option<Understood> {
    // "Hold your horses, he has a call that morning. Make it Friday."
    let last_words = own.trim().trim_end_matches(['.', '!', '?']);
    let last_words = last_words.rsplit(['.', '!', '\n']).next().unwrap_or(last_words);
    let said = key(last_words);
    let reads = |proposal: &&Proposal| {
        let entry = catalog.iter().find(|entry| entry.about.id == proposal.action);
        entry.is_none_or(|entry| entry.about.risk == Risk::Read)
    };
    let when = match &*scene.whens {
        [when] => when,
        // What the first sentence tells of is no time to run.
        [.., when] if last_words.len() < own.trim().len().saturating_sub(2) => when,
        _ => return None,
    };
    let named = scene.lattice.spans.iter().any(Span::named);
    if last.is_empty() || named || said.split(' ').count() > 10 || !OTHER_TIME.is_match(&said) {
        return None;
    }
    if when.past(&scene.context.now) || when.now {
        return None;
    }
    let mut understood = Understood::only(Intent::Request);
    for proposal in last.iter().filter(|proposal| !reads(proposal)) {
        let mut proposal = proposal.clone();
        let mut when = *when;
        // "Make that 18:00": on the day that was said before.
        let day = proposal.arguments.get(AT).and_then(Value::as_str);
        let day = day.and_then(|said| said.split('T').next()?.parse().ok());
        if let Some(date) = day.filter(|_| !when.dated) {
            when.date = date;
        }
        proposal.arguments.insert(AT.to_owned(), Value::String(when.text()));
        let words = scene.said(when.from, when.to);
        proposal.because = vec![Because { words, gave: AT.to_owned(), quoted: false }];
        understood.proposals.push(proposal);
    }
    (!understood.proposals.is_empty()).then_some(understood)
}

/// "same for Alex", "no, I meant Jon Smith": the last proposals with other people.
pub fn follow_up(
    scene: &Scene<'_>,
    own: &str,
    last: &[Proposal],
    index: &Index,
) -> Option<Understood> {
    let said = key(own);
    // "smae 4 ada": as it was meant.
    let mended = scene.key(0, scene.tokens.len());
    if last.is_empty()
        || said.split(' ').count() > 30
        || !(names_only(own)
            || SAME.is_match(&said)
            || ALIKE.is_match(&mended)
            || MEANT.is_match(&said)
            || CORRECTION.is_match(&said) && !says_of_somebody(scene)
            || ALIKE.is_match(&said))
    {
        return None;
    }
    // "Wrong Sara! I meant Sara Ek": which Sara is said.
    let told_apart = |span: &Span| {
        let What::People(may, _) = &span.what else { return false };
        let one = |other: &Span| matches!(&other.what, What::People(all, _) if all.len() == 1 && may.contains(&all[0]));
        may.len() > 1 && scene.lattice.spans.iter().any(|other| one(other) && !other.negated)
    };
    let named = |span: &&Span| span.named() && !span.negated && !told_apart(span);
    let people: Vec<&Span> = scene.lattice.spans.iter().filter(named).collect();
    if people.is_empty() {
        return None;
    }
    let mut understood = Understood::only(Intent::Request);
    for span in people {
        for proposal in last {
            let has = |name: &str| proposal.arguments.contains_key(name);
            // "… and her mails to William, not to Grady"
            let mails = (span.from.saturating_sub(4)..span.from).any(|at| {
                ["mail", "mails", "email", "emails", "forward", "forwarded"]
                    .contains(&scene.word(at))
            });
            let argument = match () {
                () if mails && has("forward_to") => "forward_to",
                () if has("mailbox") && !has("user") => "mailbox",
                () => "user",
            };
            let mut proposal = proposal.clone();
            // "… but from Monday"
            if let [when] = &*scene.whens
                && !when.now
                && !when.past(&scene.context.now)
            {
                proposal.arguments.insert(AT.to_owned(), Value::String(when.text()));
            }
            let words = scene.said(span.from, span.to);
            match &span.what {
                What::People(all, _) if all.len() == 1 => {
                    let upn = index.somebody(all[0]).upn.to_owned();
                    proposal.arguments.insert(argument.to_owned(), Value::String(upn));
                    proposal.because =
                        vec![Because { words, gave: argument.to_owned(), quoted: false }];
                    understood.proposals.push(proposal);
                }
                other => {
                    proposal.arguments.remove(argument);
                    let question = match other {
                        What::People(all, _) => which_person(index, all, &words),
                        _ => whom(Some(words)),
                    };
                    understood.questions.push(Open {
                        proposal,
                        argument: argument.to_owned(),
                        question,
                    });
                }
            }
        }
    }
    Some(understood)
}

static NAMES_ONLY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(and|what about|how about|and what about|and for) [a-z .]{2,40}$"));

/// "and chris green?": names somebody and says nothing of what.
pub fn names_only(own: &str) -> bool {
    own.trim().ends_with('?') && NAMES_ONLY.is_match(&key(own))
}

static OTHER_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(make (that|it)|i meant|should (be|have been|read)|we need|buy|order|change (that|it) to) (\d{1,4})\b",
    )
});

/// "Make that 15, not 5.": the last purchase with another number.
pub fn other_number(own: &str, last: &[Proposal]) -> Option<Understood> {
    let [one] = last else { return None };
    let said = key(own);
    let found = OTHER_NUMBER.captures(&said).filter(|_| said.split(' ').count() <= 20)?;
    let number: u32 = found[5].parse().ok()?;
    let mut proposal = one.clone();
    let quantity = proposal.arguments.get_mut("quantity")?;
    *quantity = number.into();
    let words = own.trim().chars().take(80).collect();
    proposal.because = vec![Because { words, gave: "quantity".to_owned(), quoted: false }];
    Some(Understood { proposals: vec![proposal], ..Understood::only(Intent::Request) })
}

/// What the person asked for last in this thread, read without its own past.
pub fn last_asked(context: &Context, index: &Index, catalog: &[Entry]) -> Vec<Proposal> {
    let own = context.thread.iter().enumerate().rev().filter(|(_, said)| !said.bot);
    let read = own.take(3).map(|(at, said)| {
        let before = Context {
            thread: context.thread[..at].iter().filter(|s| !s.about.is_empty()).cloned().collect(),
            open: None,
            ..context.clone()
        };
        let text = Text::of(&said.words);
        let asked = answered(context, at);
        let reading = interpret::Reading { context: &before, index, catalog, asked };
        interpret::read_alone(&text, &reading, &mut Trace::default()).proposals
    });
    read.into_iter().find(|proposals| !proposals.is_empty()).unwrap_or_default()
}

/// Did the bot take it for a request?
fn answered(context: &Context, at: usize) -> bool {
    const SIGNS: &[&str] = &[
        "proposed", "prepared", "i will", "ill ", "shall i", "approve", "approval", "confirm",
        "proceed", "send it", "which ", "what ", "when ", "who ",
    ];
    context.thread.get(at + 1).is_some_and(|next| {
        let words = key(&next.words);
        next.bot && SIGNS.iter().any(|sign| words.contains(sign))
    })
}

/// Was what was asked last put before an approver, so that nothing is open?
pub fn proposed(context: &Context) -> bool {
    let words = context.thread.iter().rev().find(|said| said.bot).map(|said| key(&said.words));
    words.is_some_and(|words| {
        ["proposed", "prepared", "approve"].iter().any(|sign| words.contains(sign))
    })
}

/// Does what was asked last wait for approval, or for an answer?
pub fn waits(context: &Context) -> bool {
    let last = context.thread.iter().rposition(|said| !said.bot);
    last.is_some_and(|at| answered(context, at))
}
