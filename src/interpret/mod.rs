//! Words → proposals. Deterministic, without a clock or a network; a language model may be
//! asked afterwards, and what it says is read like words of nobody.
//!
//! In the order in which a message goes through:
//!
//! - [`text`]      clean text with a way back to the original; tokens
//! - [`mod@redact`]    a typed password is taken out before anything is stored
//! - [`regions`]   own words, quoted words, greeting, signature; words meant for a machine
//! - [`index`]     the directory's names, built once per sync
//! - [`lexicon`]   verb and object classes, inflections, typing errors
//! - [`entities`]  who and what is named, all candidates kept
//! - [`forms`]     forms and tables: labels and values, rows under a header
//! - [`pointed`]   what "it" and the like point at, put in their place
//! - [`recast`]    what is said of somebody, as the order it means
//! - [`dates`]     dates and times in the tenant's zone
//! - [`clauses`]   sentences, verbs, and whether something is asked, told or denied
//! - [`scene`]     one message laid out; whom a verb is about
//! - [`governed`]  what a predicate is about: the objects and names it governs; [`ungoverned`]
//!   what stands near and is not
//! - [`frames`]    verb class × object class → action, from the catalogue
//! - [`alone`]     a message without its thread: as it is written, by its points, put plainly
//! - [`apart`]     actions that share their words
//! - [`laid_out`]  a message that is laid out, as it is written and as the order it means
//! - [`mod@understand`] all of a message, sentence by sentence; [`weigh`] one verb of it
//! - [`spelled`]   a request of Graph, spelled out
//! - [`handed`]    quoted words that were handed over
//! - [`slots`]     complete proposals, or the one question that is missing
//! - [`lifecycle`] joiners, leavers and movers, as HR writes of them
//! - [`profile`] what is told of one person, piece by piece
//! - [`widened`] what is open, from the rest of the message
//! - [`withheld`] sentences that take their own wish back, put it off, or only tell of one
//! - [`lined`]     lists of people, each line with the words around the list
//! - [`points`]  lists of wishes, point by point
//! - [`plainly`] what is said stiffly, or as a list, put plainly and read once more
//! - [`made_new`]  a new list or mailbox, and who belongs to it
//! - [`not_said`]  values that say nothing are asked for
//! - [`repeated`] what one message says twice
//! - [`asked_back`] a wish of which nothing came is asked about
//! - [`joined`]    what is said in several sentences and is one wish
//! - [`likeness`]  what a sentence is most like, of those of which nothing came
//! - [`looks`]     sentences that only want to be told something
//! - [`leftover`]  what was asked for and is none of our actions
//! - [`dialogue`]  answers, corrections, "same for…", cancel, status, help
//! - [`mod@model`]   a language model helps where that left something open, without any privilege
//! - [`standing`]  standing approvals: asked for, listed, revoked
//! - [`work`]      the steps of it all, counted
//! - [`trace`]     what became of each word, for people
//! - [`mod@predict`]   the same for `countersign interpret`, as JSON
//!
//! Not here: permission, policy, or any look at the tenant. A proposal is only what
//! the words say; the plan finds out whether it can be done.

mod alone;
mod apart;
mod asked_back;
pub mod clauses;
pub mod dates;
pub mod dialogue;
pub mod entities;
mod forms;
pub mod frames;
pub mod governed;
mod handed;
pub mod index;
mod joined;
mod laid_out;
pub mod leftover;
pub mod lexicon;
mod lifecycle;
pub mod likeness;
mod lined;
mod looks;
mod made_new;
pub mod model;
mod not_said;
mod plainly;
mod pointed;
mod points;
pub mod predict;
mod profile;
mod recast;
pub mod redact;
pub mod regions;
mod repeated;
pub mod scene;
pub mod slots;
mod spelled;
pub mod standing;
pub mod text;
pub mod trace;
mod understand;
mod ungoverned;
mod weigh;
mod widened;
mod withheld;
mod work;

use std::sync::LazyLock;

use jiff::{Zoned, civil::Time};
use regex::Regex;

pub use self::{
    forms::headings,
    index::{Extras, Index},
    predict::{Explained, explain, predict},
    redact::{Redacted, redact},
    slots::AT,
    work::counted,
};
use crate::{
    actions::Entry,
    domain::{
        proposal::{Intent, Open, Understood},
        trouble::Ask,
        users::PersonRef,
    },
    interpret::{
        alone::{READ_TWICE_MAX, read_alone},
        clauses::sentences,
        regions::{Part, Region},
        scene::{Scene, Sentences},
        text::{Text, Token},
        trace::{Step, Trace},
    },
};

/// What a message is read with.
#[derive(Debug, Clone)]
pub struct Context {
    /// Now, in the tenant's zone.
    pub now: Zoned,
    /// Who writes.
    pub requester: PersonRef,
    /// Whom `⟨@n⟩` in the words means; `None`: nobody of the directory (the bot itself).
    pub mentions: Vec<Option<PersonRef>>,
    /// The thread so far, older first.
    pub thread: Vec<Said>,
    /// A question that waits in this thread for this person.
    pub open: Option<Open>,
    /// When the tenant's working day ends.
    pub end_of_day: Time,
}

/// Something said earlier in the thread.
#[derive(Debug, Clone)]
pub struct Said {
    /// By the bot?
    pub bot: bool,
    /// The words.
    pub words: String,
    /// Whom it was about.
    pub about: Vec<PersonRef>,
}

static DELEGATES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(action|process|do|handle|deal with|sort|take care of|look after|carry out|execute|treat|help with|arrange|see to|can you|could you|please)\b.{0,40}\b(this|these|below|it|the request|the following|following|that|ticket|attached|one|them|request|demand|hereunder|email|mail)\b|\b(see|as|request|ticket) below\b|\bfrom (the )?(below|ticket)\b|\bin the (e-?mail|message) below\b|\bset (this|that|it|her|him|them|these) up\b|\bdo what\b.{0,30}\b(asks?|asking|wants?|wrote|says)\b|\bfor (your |kind |necessary |further |urgent |prompt |immediate )*((perusal|attention|consideration) and )?(kind |necessary |further |immediate )*(action|execution|processing|implementation)\b|\b(as|what is|what was) (requested|asked|described|stated|detailed|mentioned)( (below|in (the|this) (mail|e-?mail|message)))?[,.!]*\s*$|\b(process|action|handle|execute|treat)\b\s*(please|pls|thanks)?\s*[:.!]?\s*$").expect("a fixed pattern")
});
/// The quoted words are to be read, not to be carried out.
static TO_READ: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(summari[sz]e|translate|print|explain|proof ?read|rephrase|reword|draft|review|is (this|it|that) (real|legit|genuine|spam|phish|phishing|safe|ok|okay)|what (does|do|is) (this|that|you)|check (if|whether)|tell me what|no (further )?actions?)\b|^\s*(just )?(fyi|for (your )?(info|information|awareness|reference))\b|^\s*just so (that )?(everybody|everyone|you|we)\b|\b(he|she|they) (will|is going to|are going to) (take care of|handle|deal with|sort|look after|do) (it|this|that|them)\b").expect("a fixed pattern")
});
static VETO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b((i|we)( have|['’]ve)? (already |just )?(added|removed|created|changed|reset|moved|sorted|switched|updated)\b[^.!?]*\b(myself|ourselves)|no (further )?action (is )?(needed|required|necessary)|nothing to do here|(is|was|been|all) (already )?(done|sorted|resolved|handled|completed|taken care of)( already)?\b|already (done|sorted|resolved|handled|completed)|for your information only|fyi only|just fyi|obviously not (doing|going)|do not action|don'?t action|false alarm|(request|ticket|order|change) (is |was )?no (longer|more) (needed|required|necessary)|(^|[.!?;]\s*)((this|that|it)( is| was|'s)? )?no longer (needed|required|necessary)|nothing (here )?for (you|us) to do|just sharing\b|for the record only|don'?t (pick|take) (it|this|that) up|leave (it|this|that) (with|to) (me|us|him|her|them)|(i|we) (already )?(closed|handled|resolved|rejected) (it |this |that )?(yesterday|earlier|already|last week)|not asking (you )?(to|for)|just (testing|kidding|joking)|hypothetical(ly)?)\b").expect("a fixed pattern")
});
/// Said last of all, they leave it as it is.
static SETTLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(^|[.!?;]\s*)(that|this|it|which) (is|was) (as it should be|intended|on purpose|intentional|quite right|right|correct)( so)?([,! ]+(thanks|thank you|cheers))?\s*[.!]?\s*$|\bwhat do you (all |guys )?(think|reckon|say)( of it| about it)?\s*\?\s*$|,\s*(couldn['’]?t|shouldn['’]?t|wouldn['’]?t|mustn['’]?t|needn['’]?t) (it|he|she|they|we)\s*\?|\b(in fact|actually|on second thoughts?|no wait|scratch that),? (please )?(leave|forget|skip) (that|it|this)\b[^.!?]*[.!?]?\s*$").expect("a fixed pattern")
});
static TICKET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?im)^\s*(inc|ritm|req|chg|task|sr|case|ticket|incident|request)[ #:_-]*\d{2,}|^\s*(requested for|affected user|short description)\s*:").expect("a fixed pattern")
});

/// Makes the word lists and patterns that are made once, so that the first message need
/// not wait for them: a chat that gets no answer within 3 seconds sends it again.
pub fn make_ready() {
    redact("a password");
    LazyLock::force(&lexicon::LEXICON);
    recast::make_ready();
    withheld::make_ready();
    lined::make_ready();
    points::make_ready();
    plainly::make_ready();
    for pattern in [&DELEGATES, &TO_READ, &VETO, &SETTLED, &TICKET] {
        LazyLock::force(pattern);
    }
    regions::steers("hello");
    regions::regions("hello");
    dialogue::intent("hello");
}

/// Reads one message. Pure: the same words, context and index give the same answer.
pub fn read(words: &str, context: &Context, index: &Index, catalog: &[Entry]) -> Understood {
    read_noting(words, context, index, catalog, &mut Trace::default())
}

/// The same, and notes on the way what became of each word.
pub fn read_noting(
    words: &str,
    context: &Context,
    index: &Index,
    catalog: &[Entry],
    trace: &mut Trace,
) -> Understood {
    let text = Text::of(words);
    let own = own_words(&text);
    let hidden = text.hidden();
    if hidden > 0 {
        trace.note(|| Step::Hidden(hidden));
    }
    if text.cut {
        trace.note(|| Step::Cut);
    }
    if dialogue::restores(&own) && !regions::steers(&own) {
        trace.note(|| Step::Sort(Intent::Restore));
        return Understood::only(Intent::Restore);
    }
    if let Some(open) = &context.open {
        return answered(
            &text,
            &own,
            open,
            &Reading { context, index, catalog, asked: false },
            trace,
        );
    }
    let reading = Reading { context, index, catalog, asked: false };
    if dialogue::undoes(&own, context) {
        let last = dialogue::last_asked(context, index, catalog);
        if let Some(mut understood) = dialogue::undo(&own, &last, catalog) {
            let scene = lay_out(&text, context, index);
            understood.proposals.extend(dialogue::instead(&scene, &last));
            trace.note(|| Step::Follows);
            return understood;
        }
    }
    if let Some(intent) = dialogue::intent(&own) {
        let mut inner = trace.another();
        let read = read_alone(&text, &reading, &mut inner);
        let asks =
            intent == Intent::Help && !(read.proposals.is_empty() && read.questions.is_empty());
        if asks {
            trace.append(inner);
            return read;
        }
        trace.note(|| Step::Sort(intent));
        return Understood::only(intent);
    }
    let mut read = read_alone(&text, &reading, trace);
    if let Some(understood) = dialogue::unforwarded(&own, context, &read, index, catalog) {
        trace.note(|| Step::Follows);
        return understood;
    }
    if dialogue::says_same_days(&own) && !context.thread.is_empty() {
        dialogue::same_days(&own, &mut read, &dialogue::last_asked(context, index, catalog));
    }
    if let Some(understood) = amended(&text, &own, &reading, &read) {
        trace.note(|| Step::Follows);
        return understood;
    }
    let bare =
        dialogue::names_only(&own) && read.proposals.iter().all(|one| one.action == "get_user");
    if (read.proposals.is_empty() || bare) && !regions::steers(&own) && !context.thread.is_empty() {
        // What is scrapped is not asked for once more.
        if dialogue::takes_back(&own) {
            trace.note(|| Step::Sort(Intent::Cancel));
            return Understood::only(Intent::Cancel);
        }
        let scene = lay_out(&text, context, index);
        let last = dialogue::last_asked(context, index, catalog);
        let followed = dialogue::somebody_instead(&scene, &own, &last)
            .or_else(|| dialogue::something_instead(&scene, &own, &last))
            .or_else(|| dialogue::beside(&scene, &own, &last))
            .or_else(|| dialogue::follow_up(&scene, &own, &last, index))
            .or_else(|| dialogue::other_time(&scene, &own, &last, catalog))
            .or_else(|| dialogue::other_day(&scene, &own, &last))
            .or_else(|| dialogue::other_number(&own, &last));
        if let Some(understood) = followed {
            trace.note(|| Step::Follows);
            return understood;
        }
    }
    read
}

/// What every message is read with.
struct Reading<'a> {
    context: &'a Context,
    index: &'a Index,
    catalog: &'a [Entry],
    /// It was taken for a request already.
    asked: bool,
}

/// A message while a question waits: its answer, or something new.
fn answered(
    text: &Text,
    own: &str,
    open: &Open,
    reading: &Reading<'_>,
    trace: &mut Trace,
) -> Understood {
    let Reading { context, index, catalog, .. } = *reading;
    let free_text = open.question.ask == Ask::WhatMessage;
    let taken_back = dialogue::intent(own).filter(|intent| *intent != Intent::Help);
    if let Some(intent) = taken_back {
        trace.note(|| Step::Sort(intent));
        return Understood::only(intent);
    }
    if dialogue::declines(own) && !regions::steers(own) {
        trace.note(|| Step::Sort(Intent::Cancel));
        return Understood::only(Intent::Cancel);
    }
    let words = own.split_whitespace().count();
    let mut inner = trace.another();
    let new = if free_text && words >= 40 {
        Understood::only(Intent::None)
    } else {
        read_alone(text, reading, &mut inner)
    };
    let complete_new = !new.proposals.is_empty() && words > 2;
    // The bot proposed it; the question was none.
    if dialogue::proposed(context)
        && let Some(understood) = amended(text, own, reading, &new)
    {
        trace.note(|| Step::Follows);
        return understood;
    }
    if !complete_new && dialogue::takes_back(own) && !regions::steers(own) {
        trace.note(|| Step::Sort(Intent::Cancel));
        return Understood::only(Intent::Cancel);
    }
    if complete_new && let Some(both) = answered_and_more(own, open, reading, &new) {
        trace.append(inner);
        trace.note(|| Step::Answer {
            action: open.proposal.action.clone(),
            argument: open.argument.clone(),
        });
        return both;
    }
    if !complete_new && !regions::steers(own) {
        let scene = lay_out(text, context, index);
        let answer = dialogue::answer(&scene, own, open, catalog)
            .or_else(|| dialogue::who_starts(&scene, own, open));
        if let Some(understood) = answer {
            trace.all(|| trace::named(&scene));
            trace.note(|| Step::Answer {
                action: open.proposal.action.clone(),
                argument: open.argument.clone(),
            });
            return understood;
        }
    }
    trace.append(inner);
    new
}

/// "M365. And take her F3 off": a few words that answer, and a wish behind them.
fn answered_and_more(
    own: &str,
    open: &Open,
    reading: &Reading<'_>,
    new: &Understood,
) -> Option<Understood> {
    const WORDS_MAX: usize = 6;
    let Reading { context, index, catalog, .. } = *reading;
    let (first, _) = own.trim_start().split_once(['.', ';', '\n'])?;
    let again = new.proposals.iter().any(|one| one.action == open.proposal.action)
        || open.question.ask == Ask::WhatMessage;
    if again || first.split_whitespace().count() > WORDS_MAX || regions::steers(own) {
        return None;
    }
    let text = Text::of(first);
    let mut answer = dialogue::answer(&lay_out(&text, context, index), first, open, catalog)?;
    if answer.proposals.is_empty() || !answer.questions.is_empty() {
        return None;
    }
    answer.proposals.extend(new.proposals.iter().cloned());
    answer.questions.extend(new.questions.iter().cloned());
    Some(answer)
}

/// What waits for approval, as it is now meant.
fn amended(text: &Text, own: &str, reading: &Reading<'_>, read: &Understood) -> Option<Understood> {
    let Reading { context, index, catalog, .. } = *reading;
    let quotes = regions::regions(&text.clean).iter().any(|region| region.part != Part::Own);
    let may = dialogue::may_amend(own, read) && dialogue::waits(context) && !quotes;
    if !may || regions::steers(own) {
        return None;
    }
    let mut scene = lay_out(text, context, index);
    let all = sentences(&scene.tokens, &scene.lattice, 0, scene.tokens.len(), false);
    scene.sentences.extend(all);
    dialogue::amended(&scene, own, &dialogue::last_asked(context, index, catalog), read)
}

fn own_words(text: &Text) -> String {
    let own = regions::regions(&text.clean).into_iter().filter(|region| region.part == Part::Own);
    own.map(|region| &text.clean[region.start..region.end]).collect::<Vec<_>>().join("\n")
}

/// Tokens and names, no sentences yet.
fn lay_out<'a>(text: &'a Text, context: &'a Context, index: &'a Index) -> Scene<'a> {
    lay_out_tokens(text, text::tokens(&text.clean), context, index)
}

fn lay_out_tokens<'a>(
    text: &'a Text,
    mut tokens: Vec<Token>,
    context: &'a Context,
    index: &'a Index,
) -> Scene<'a> {
    let mails = regions::mails(&text.clean);
    let lattice = entities::lattice(&mut tokens, index, &context.mentions, &mails);
    let mut whens = dates::find(&tokens, &context.now, context.end_of_day);
    // "the policy Sign-in frequency 12h": part of a name is no time.
    whens.retain(|when| !lattice.names_a_thing(when.from));
    // "It's Friday and I forgot …": told, and no time to run.
    let word = |at: usize| tokens.get(at).map_or("", |token| token.folded.as_str());
    whens.retain(|when| {
        let before = |back: usize| when.from.checked_sub(back).map_or("", word);
        // "she's sat at reception"
        let sits = word(when.from) == "sat"
            && ["shes", "hes", "theyre", "im", "is", "was", "been", "just", "are"]
                .contains(&before(1));
        let is = sits || before(1) == "its" || (before(2), before(1)) == ("it", "is");
        // "Since Monday she answers to Ada": how it is, and no time to run.
        !(is && when.time.is_none() || before(1) == "since" || word(when.from) == "since")
    });
    let mut dated = vec![false; tokens.len()];
    for when in &whens {
        dated[when.from..when.to].fill(true);
    }
    Scene {
        text,
        tokens,
        lattice,
        whens: whens.into(),
        dated,
        sentences: Sentences::default(),
        author: None,
        asked: false,
        index,
        context,
    }
}

fn token_range(tokens: &[Token], region: &Region) -> (usize, usize) {
    let from = tokens.partition_point(|token| token.start < region.start);
    let to = tokens.partition_point(|token| token.end <= region.end).max(from);
    (from, to)
}
