//! Sentences that take their own wish back, put it off, or only tell of one: "I was about to
//! ask you to …, but …", "not yet: …", "… -> done", "it would be a mistake to …".
//!
//! They are found by what stands around the wish, whatever its verb is, and are read by nothing
//! that could propose a change. Not here: what a verb says of itself (the clauses), and words
//! that leave a whole message as it is ([`takes_back`] finds the last of them).

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use crate::interpret::{
    clauses::Sentence,
    lexicon::{Form, LEXICON},
    scene::{Scene, Sentences},
};

/// Fewer tokens of a sentence than this are left in it: a name that another sentence points at.
const RUN_MIN: usize = 4;

/// Said of a wish, whether or not something is asked for with it.
const ALWAYS: &[&str] = &[
    // Almost asked
    r"\b(i|we)( was| were|['’]d been| had been)( just| only)? (about|going|gonna|meaning|tempted|ready|on the point|on the verge|close)( of)?( to)? (ask|asking|tell|telling|request|requesting|have|get) (you|that|for)\b.*\b(but|until|then|when|only)\b",
    r"\b(half a mind|almost|nearly|wanted|meant|came close|was inclined|was minded)( to)? (asked|ask|requested|request|asking|requesting|tell|told)( you)?( to)?\b.*\b(but|until|then|only)\b",
    r"\bhalf a mind to\b",
    r"\b(i|we) (would have|['’]d have|could have|should have|might have) (asked|requested|ordered|told you)\b",
    r"\b(hold|wait|waiting|hang) (on|off|back)? ?with (the|this|that|his|her|their|any|[A-Z]\w+)\b|\bdon['’]?t you dare\b|\bwhatever you do,? (do not|don['’]?t)\b",
    r"\b(this|so|that) close to (asking|requesting|telling|ordering|begging)\b",
    r"\b(scratch|forget|drop|shelve|bin|abandon|park|scrap|ditch|bury|dismiss|skip) (the|that|this|my|our|your) (idea|plan|thought|notion|suggestion|proposal|request)\b",
    r"\b(may|might|will probably|is going to|are going to) (ask|tell|request|want|beg|urge) you to\b",
    r"\b(won['’]?t|will not|doesn['’]?t|does not|don['’]?t) (need|have|want|get|lose|be)\b.*\bafter all\b",
    r"\b(can|could|may|am|are|is|should|shall) (i|we|he|she|they|[A-Z]\w+)\b[^?]*\b(myself|ourselves|himself|herself|themselves)\s*\?",
    // To be spoken of with somebody first
    r"\b(run|clear|check|discuss|square|float|confirm) (it|this|that|them) (past|by|with) [\w ]{2,30} first\b",
    r"^\W*(i['’]?m |we['’]?re |i am |we are )?(still )?(leaning|inclined|minded) (towards?|to)\b",
    r"\b(or|and) (is |are )?(it|that|this|they)? ?(is |are )?not (allowed|permitted)\s*\?",
    // How far it is
    r"\b(tell|let) (me|us) (know )?(where|how far|whether|if) (that|it|this|my \w+|the \w+) (has|is|was|got|stands|went|have)\b",
    // A state of a list
    r"^\W*(not yet|not now|on hold|parked|for later|done|already done|rejected|declined|refused|cancelled|canceled|postponed|deferred|dropped|solved|closed|resolved|completed|no longer needed|won['’]?t do|will not do|for info(rmation)?( only)?|info only|out of scope|someday|idea|ideas|brainstorm(ing)?|under discussion|to be discussed|tbd|tbc)\s*:",
    r"(->|=>|→|:|\(|–|—|\s-)\s*(already )?(done|finished|completed|erledigt|sorted|closed( \w+)?|solved|resolved|rejected|declined|cancelled|canceled|withdrawn|on hold|parked|not yet|postponed)\s*[).!]*\s*$",
    r"\b(has|have|was|were|is|been)( been)?( already| now)? (closed|rejected|declined|withdrawn|resolved|cancelled|canceled) as\b|\b(ticket|request|incident|case|inc|ritm|chg)\b.*\b(has been|was|is) (closed|rejected|declined|withdrawn|resolved|cancelled|canceled)\b",
    r"^\W*\[x\]|[✓✔✅☑❌]",
    // Words to be written for somebody
    r"\b(draft|compose|word|formulate|phrase|reword|polish|proofread)\b( \w+){0,6} (e-?mail|mail|message|note|announcement|letter|post|memo|text|reminder|communication|notice|sentence|paragraph|wording|template)\b",
    r"\b(write|prepare|send)( \w+){0,5} (a|an|the)( \w+){0,2} (e-?mail|mail|message|note|announcement|letter|memo|reminder|communication)( \w+){0,4} (that|telling|saying|about|explaining|informing|asking|announcing)\b",
    // Somebody is to be asked or told first
    r"\b(ask|tell|check with|consult|warn|inform|talk to|speak to|ping|call|let) (me|us|him|her|them|hr|legal|[A-Z]\w+)( know)?( first)?,? (before|prior to|whenever|each time|every time) (you|anyone|anybody|somebody|someone|we|anything)\b",
    // A warm welcome
    r"\bjoin (me|us) in (welcoming|congratulating|thanking|wishing)\b|\b(warm|big|very) welcome to\b|\bsay (hello|goodbye|hi|farewell) to\b",
];

/// Said of a wish, unless something is asked for in the same sentence.
const UNASKED: &[&str] = &[
    // Whether it was done
    r"\b(was|were|is|are) (supposed|meant|due|scheduled|going|expected) to (have |be |been |get |lose |receive |go |come )[^?]*\?",
    r"\b(should|must|ought to|would) have (been|got|had|lost) [^?]*\?",
    r"\bi (was|am|have been|['’]ve been) (told|promised|assured|informed)( that)? (you|it|he|she|they|somebody|someone|the|[A-Z]\w+)( would| had| have| were|['’]d|['’]ve| was| is being| already)\b",
    r"\byou (said|promised|told (me|us)|assured (me|us)|agreed|offered|mentioned)( that)? (you|it|to|he|she|they)\b",
    r"\b(i|we)( had| have|['’]ve|['’]d)*( already)? (asked|requested) (for|that|you to|to have)\b",
    // What happened by mistake
    r"\b(got|was|were|been|is) (\w+ )?(taken|removed|dropped|kicked|deleted|stripped|pulled|cut|thrown|knocked|unassigned|disabled|blocked)\b.*\b(by (mistake|accident|error)|accidentally|wrongly|in error|mistakenly)\b",
    // What somebody asked for in former days
    r"^\W*(the|our|his|her|their|this|a) \w+( \w+)? (requested|asked for|demanded|ordered|wanted|proposed)\b.*\b(last (week|month|year|night|time)|yesterday|ago|earlier|at the time)\W*$",
    // What would be wrong
    r"\b(would|will|['’]d|could) be (a|an|such a|quite a|really a)( \w+)? (mistake|shame|pity|error|disaster|blunder|risk|joke|catastrophe)\b",
    r"\b(bad|terrible|stupid|silly|poor|worst|horrible|dumb|crazy) idea\b|\bnot (a|such a|the) (good|great|best|clever|wise) idea\b|\boverkill\b",
    r"\b(would|['’]d|be|is|it['’]?s) (very |quite |rather |simply )?(wrong|unwise|foolish|risky|premature|too early|too soon|reckless|crazy|madness|pointless) to\b",
    r"\b(i|we) (would|['’]d) (never|hesitate|think twice|rather not|prefer not|hate)\b|\b(wouldn['’]?t|would not) (want|like|dream|dare)\b",
    r"\b(am|are|is|['’]m|['’]re|['’]s) (strongly |totally |really |firmly )?against \w+ing\b",
    r"\b(should|must|can|could|might) be (very |really |so )?(grateful|happy|glad|lucky|thankful|proud|ashamed|relieved) (to (have|get|be|see|own|hold)|that|about)\b",
    // What others plan
    r"\b(plans|intends|hopes|threatens|aims|proposes|suggests|suggested|proposed|recommends|recommended) (to|that|we|removing|adding|disabling|deleting|giving|taking)\b",
    r"\b(is|are|am|['’]m|['’]re|['’]s) (planning|thinking|toying|wondering|debating|discussing|pondering) (to|of|about|with|whether|if)\b",
    // Heard of
    r"^\W*(apparently|allegedly|supposedly|reportedly|rumou?r has it|word is|word has it|legend has it)\b.*\b(can|has|have|had|is|are|was|were|got|holds|owns)\b.*\b(interesting|funny|weird|strange|odd|fascinating|news to me|who knew|surprising)\b",
    // How it used to be
    r"\b(i|we|he|she|they|you) used to\b.*\b(whatever|anyway|back then|in the old days|those days|but not any ?more|but no longer|but never mind)\b",
    // What somebody thinks of it, or has not decided
    r"\b(thinks|reckons|believes|feels|figures|argues|claims|assumes|guesses|supposes|suspects|finds|holds)( that)? [^,.]*\b(should|ought to|could|might|would|must)\b",
    r"\b(is|are|['’]s|['’]re) still (deciding|thinking|undecided|considering|discussing|negotiating|making up|mulling)\b",
    r"\b(one|some) day\b|\bif you ask me\b|\bif only\b|\b(for|as a) joke\b|\bonly joking\b",
    // Put yourself in my place
    r"\bif (you|i) were (me|you|him|her|them|in my)\b|\bin my (place|shoes|position),? would you\b",
    // What nobody means
    r"\bwhat could (possibly )?go wrong\b|\byeah,? right\b|\bdream on\b|\bover my dead body\b",
];

/// Behind them stands why it is not to be done, or not yet.
const BUT: &[&str] = &[
    r"\b(i|we)( will|['’]ll| still| first)* (have|need|want|got|ought|must|['’]d have)( first)? (to )?(wait|think|discuss|decide|agree|((check|ask|clear|confirm|talk|speak|consult)( it| this| that)? (with|to|first|hr|legal|him|her|them|[A-Z]\w+))|get (the |an? )?(ok|okay|approval|go-?ahead|budget|sign-?off))\b",
    r"\b(has|have|needs|need|must|should)( first)? (to )?(decide|approve|agree|sign|sign off|confirm|ok|okay|say yes|clear)\b( \w+){0,4} (first|before|beforehand)\b",
    r"\b(there is|there['’]?s|there isn['’]?t|there is not|we have|we don['’]?t have|we haven['’]?t|have|got|he has|she has|they have)( any| got)?( no| any)? (budget|money|approval|decision|sign-?off|go-?ahead|green light|agreement|consent from)\b",
    r"\b(isn['’]?t|is not|wasn['’]?t|hasn['’]?t|has not|haven['’]?t|nothing( is| was| has been)?|nobody has|no one has|not)( been| yet)* (decided|approved|signed( off)?|agreed|confirmed|certain|settled|final)\b",
    r"\b(is|are|was|were|['’]s|['’]re|i['’]?m|i am) against (it|that|this)\b|\bchanged (my|his|her|their|our) minds?\b|\b(said|says|told (him|her|them|me|us)) no\b|\b(refused|declined|rejected|vetoed|turned (it|that|him|her|them) down|wouldn['’]?t hear of)\b",
    r"\b(found|fixed|solved|sorted|managed|resolved|cracked)( \w+){0,2} (it|himself|herself|themselves|myself|out|old|phone|way|password|in)\b|\b(he|she|they|it)['’]?s? (got (back )?in|is back in|works|is working|is fine|are fine)( now| again)\b",
    r"\b(no|nope|nah),? (do )?(leave|keep|let)\b|\b(leave|let) (it|him|her|them|that) (where|be\b|alone|as (it|he|she|they)\b)",
    r"\b(is|are|['’]re|['’]m|am|still) (waiting|pending|on hold|holding)\b",
];

/// What we did ourselves, and when or why.
const REPORTS: &str = r"(?i)^\W*(we|i)( just| already| also| then)? (\w+ed|took|gave|put|set|made|cut) .*\b(because|last night|yesterday|this morning|earlier|last (week|month|year)|the other day|ago)\b";
/// Somebody else stands in the way.
const BLOCKED: &str = r"(?i)^(finance|management|hr|legal|procurement|accounting|compliance|security|(the|my|our|his|her|their) \w+|nobody|no one|they|we|i)( just| simply| still)? (won['’]?t|will not|doesn['’]?t|does not|don['’]?t|do not|can['’]?t|cannot|isn['’]?t|is not|haven['’]?t|hasn['’]?t|refused?s?|said no|says? no|called (me|us|it) off|stopped|vetoed|disagrees?|objects?|objected)\b|^[A-Z]\w+ (refused|said no|says no|vetoed|disagrees|objects|objected|called (me|us|it) off|won['’]?t (pay|allow|have|approve|agree|sign))\b";
/// A sentence behind another, which does not want what that one says.
const REFUSES: &str = r"(?i)^\W*(i|we) (disagree|don['’]?t agree|do not agree|said no|told \w+ (no|to (ask|check|wait|talk|speak|clear)\b[^.!?]*first)|refused|declined|object|beg to differ)\b|^\W*(not (happening|this year|this time|any ?time soon|a chance|in a million years|on my watch)|no chance|no way|absolutely not|certainly not|of course not|nonsense|rubbish|as if|how flattering|dream on|yeah,? right|but nobody asks me|nobody asks me)\b|^\W*i think \w+ should have a\b";
/// A question behind a sentence: has what it tells of happened, is it so?
const TAGS: &str = r"(?i)^\W*(was|were|did|has|had|have|is|are|does|wasn['’]?t|didn['’]?t|hasn['’]?t|isn['’]?t) (it|that|this|he|she|they|you|anything)( (been|ever|already|really|actually))?( (so|true|right|correct|the case|done|happen|happened|work|worked|go through|gone through|still open|finished|him|her))?\s*\?+\W*$";
const TAIL: &str = r"(?i),\s*(was|were|did|has|had|is|does|isn['’]?t|wasn['’]?t|didn['’]?t|hasn['’]?t) (it|that|this)( (been|already|really|actually))?( (so|true|right|correct|the case|done|happened|worked|gone through))?\s*\?+\W*$";
/// With these something is asked for.
const ASKS: &str =
    r"(?i)\b(please|pls|plz|kindly|(can|could|would|will) (you|u|someone|somebody|we)|asap)\b";
/// They leave a whole message as it is.
const ALL: &str = r"(?im)\bi( will|['’]ll) (go|run|walk|work) through (it|this|that|them|these|the list)\b|\?\s*(well,? |hmm?,? |no,? )*(i|we) (don['’]?t|do not) (really )?think so\b|\?\s*(no way|certainly not|of course not|hardly|surely not|absolutely not|not on my watch|over my dead body|better not|rather not|no thanks|no thank you)\s*[.!]*\s*$|(^|[.,;!?\-–]\s*)(so |but |well |ok |oh )*(never ?mind|nvm|forget (it|about it|that|i asked))\s*[.!]*\s*$|^\W*(a )?((quick|short|brief|small) )?(summary|recap|wrap-?up) (of|from|for) (yesterday|last|this (week|morning)|the (week|day|weekend|shift)|my (shift|day|week)|what (we|i|was|has|happened))\b|^\W*((today|yesterday|this week|last week)['’]?s )?done (list|so far|today|yesterday|already|this (week|morning))\s*:";

/// A table of what is done: a column says so, and its cells say yes.
const REPORT: &str = r"(?im)^\s*\|.*\b(closed|disabled|blocked|removed|deactivated|deleted|completed?|done|handed (back|in))\s*\|.*\n(\s*\|[-: |]+\|\s*\n)?\s*\|.*\|\s*(yes|y|done|\x{2713}|\x{2714}|\x{2705}|closed|ok|complete)\s*\||^\W*(a )?(status|update|overview|summary) for (your|the) (info\w*|records?)\b";

struct Signs {
    always: RegexSet,
    unasked: RegexSet,
    but: RegexSet,
    reports: Regex,
    blocked: Regex,
    refuses: Regex,
    tags: Regex,
    tail: Regex,
    asks: Regex,
    all: Regex,
    report: Regex,
}

static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    let set = |all: &[&str]| {
        let all = all.iter().map(|one| format!("(?i){one}"));
        RegexSet::new(all).expect("fixed patterns")
    };
    let one = |pattern: &str| Regex::new(pattern).expect("a fixed pattern");
    Signs {
        always: set(ALWAYS),
        unasked: set(UNASKED),
        but: set(BUT),
        blocked: one(BLOCKED),
        reports: one(REPORTS),
        refuses: one(REFUSES),
        tags: one(TAGS),
        tail: one(TAIL),
        asks: one(ASKS),
        all: one(ALL),
        report: one(REPORT),
    }
});

/// Reads the patterns once, so that the first message need not wait for them.
pub(super) fn make_ready() {
    LazyLock::force(&SIGNS);
}

/// The words with which all of a message is taken back, if there are any.
pub(super) fn takes_back(own: &str) -> Option<&str> {
    if let Some(report) = SIGNS.report.find(own).filter(|_| !SIGNS.asks.is_match(own)) {
        return Some(report.as_str().trim());
    }
    let found = SIGNS.all.find(own)?;
    let asked = SIGNS.asks.is_match(&own[found.end()..]);
    (!asked).then(|| found.as_str().trim())
}

/// Leaves no sentence to be read that takes its own wish back; what was left out.
pub(super) fn set_aside(scene: &mut Scene<'_>) -> Vec<String> {
    let runs = runs(&scene.text.clean);
    if runs.is_empty() {
        return Vec::new();
    }
    let held = |at: usize| {
        let start = scene.tokens[at].start;
        runs.iter().any(|(from, to)| (*from..*to).contains(&start))
    };
    let mut kept = Sentences::default();
    for sentence in &scene.sentences {
        kept.extend(free(*sentence, held));
    }
    scene.sentences = kept;
    runs.iter().map(|(from, to)| scene.text.said(*from, *to)).collect()
}

/// The parts of a sentence that are not held.
fn free(sentence: Sentence, held: impl Fn(usize) -> bool) -> Vec<Sentence> {
    let Sentence { from, to, .. } = sentence;
    let mut parts = Vec::new();
    let (mut start, mut at) = (from, from);
    while at < to {
        let end = (at..to).find(|at| !held(*at)).unwrap_or(to);
        if end - at >= RUN_MIN || end - at == to - from {
            parts.push((start, at));
            start = end;
        }
        at = end.max(at + 1);
    }
    parts.push((start, to));
    let some = parts.into_iter().filter(|(from, to)| to > from);
    some.map(|(from, to)| Sentence { from, to, ..sentence }).collect()
}

/// Where in the text such sentences stand, by bytes.
fn runs(text: &str) -> Vec<(usize, usize)> {
    let all = pieces(text);
    let mut found = Vec::new();
    for (number, (from, to)) in all.iter().enumerate() {
        let words = &text[*from..*to];
        let next = all.get(number + 1).map_or("", |(from, to)| &text[*from..*to]);
        if withheld(words, next) {
            found.push((*from, *to));
        }
    }
    found
}

/// Is this sentence, before that one, such a one?
fn withheld(words: &str, next: &str) -> bool {
    let signs = &*SIGNS;
    if signs.always.is_match(words) {
        return true;
    }
    if signs.asks.is_match(words) {
        return false;
    }
    signs.unasked.is_match(words)
        || signs.tail.is_match(words)
        || signs.tags.is_match(next)
        || signs.refuses.is_match(next)
        || signs.reports.is_match(words) && !orders(words)
        || but(words).is_some_and(|why| signs.but.is_match(why) || signs.blocked.is_match(why))
}

/// Does a clause behind a comma begin like an order: "…, unlock me"?
fn orders(words: &str) -> bool {
    let clauses = words.split([',', ';', ':', '-', '–', '—']).skip(1);
    let begins = clauses.filter_map(|clause| {
        let mut words = clause.split_whitespace().skip_while(|word| ["so", "and"].contains(word));
        words.next()
    });
    let base = |word: &str| LEXICON.verb(word).iter().any(|sense| sense.form == Form::Base);
    begins.map(str::to_lowercase).any(|word| base(&word) || word == "reset")
}

/// What follows "but" and the like.
fn but(words: &str) -> Option<&str> {
    const ADVERSE: &[&str] =
        &[" but ", " though ", " although ", " however", " except that ", " only that "];
    let lower = words.to_ascii_lowercase();
    let found = ADVERSE.iter().filter_map(|word| Some(lower.find(word)? + word.len())).min()?;
    words.get(found..)
}

/// Sentences and lines of a text.
fn pieces(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let behind = chars.peek().map(|(_, next)| *next);
        let open = behind.is_none_or(char::is_whitespace);
        if c == '\n' || matches!(c, '.' | '!' | '?' | ';') && open {
            found.push((from, end));
            from = end;
        }
    }
    found.push((from, text.len()));
    found.retain(|(from, to)| text[*from..*to].chars().any(char::is_alphanumeric));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(words: &str) -> bool {
        !runs(words).is_empty()
    }

    #[test]
    fn what_takes_itself_back_is_held() {
        for words in [
            "I was just about to ask you to wipe Omar's iPad, but he found it under the bed.",
            "Nearly asked you to take Ada off the Board list, but then her manager called.",
            "On hold: Ada Park to Finance",
            "- remove Lee's licences -> done",
            "✅ new laptop for Bo",
            "Draft a short mail to Bo telling him that his account is closed on Friday",
            "It would be a big mistake to open her mailbox to the interns.",
            "Rita wants Bo off the list, but we need to ask legal first.",
            "Ada was supposed to be taken off the list, has that happened?",
            "Bo would love a Visio licence, but there's no budget this year.",
            "Please join us in welcoming Ada Park, our new Buyer",
            "Ada's account should have been closed on Friday. Was it?",
            "Ada can open the Info mailbox now, is that right?",
        ] {
            assert!(held(words), "{words}");
        }
    }

    #[test]
    fn a_wish_with_a_but_stays_a_wish() {
        for words in [
            "She can't log in but has a meeting at nine, please unlock her.",
            "Turn her mailbox into a shared one but leave the account on.",
            "Ada was supposed to be in Finance since Monday, can you add her?",
            "Take Ada off the list but keep Bo.",
            "Please remove Ada from the Board list. Is that possible?",
            "Forward her mail to Bo but keep a copy in the mailbox.",
            "Ada needs Visio but has no licence.",
        ] {
            assert!(!held(words), "{words}");
        }
    }

    #[test]
    fn the_end_of_a_message_may_take_all_of_it_back() {
        assert!(takes_back("Take Ada off the list? I don't think so.").is_some());
        assert!(takes_back("Could you unlock Bo? He's just got in, so never mind").is_some());
        assert!(takes_back("Summary of yesterday: Ada added to Finance").is_some());
        assert!(takes_back("Never mind the noise, please unlock Bo").is_none());
    }
}
