//! What a message means in its thread: an answer to a question, a correction, "same
//! for…", taking back, asking how it stands, help, thanks.
//!
//! - [`mod@answer`] an answer to a question
//! - [`again`]  "same for…", corrections
//! - [`mod@amended`] a joiner, a leaver or a mover, otherwise than asked before
//! - [`mod@beside`] what follows on the last turn with few words
//! - [`later`]  a joiner, a leaver or a mover on another day
//! - [`mod@same_days`] what is asked now, on the days of what was asked before
//! - [`mod@restore`] what was taken from somebody is to be given back
//!
//! Not here: remembering the thread. It is handed in.

mod again;
mod amended;
mod answer;
mod beside;
mod later;
mod restore;
mod same_days;

pub use again::{
    follow_up, last_asked, names_only, other_number, other_time, proposed, takes_back, undo,
    undoes, waits,
};
pub use amended::{amended, may_amend, who_starts};
pub use answer::answer;
pub use beside::{beside, instead, unforwarded};
pub use later::{other_day, somebody_instead, something_instead};
pub use restore::{named, restores};
pub use same_days::{same_days, says_same_days};

use std::sync::LazyLock;

use regex::Regex;

use crate::{domain::proposal::Intent, interpret::text::key};

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static CANCEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(.{0,160}\b(declined|withdrew|changed (his|her|their) mind|not (joining|coming|leaving)|(staying|stays) with us)\b.{0,80} )?((i |ive |we |weve |i have |we have )?(just )?changed (my|our) minds?( about (it|that|this))? )?(oh |ah |no |actually |sorry |please |pls |ok |wait |hi |hello |can you |could you |you can |lets |just |oops |whoops |hmm |apologies |my bad |my mistake |my love |my dear |love |dear |darling |mate |hun |folks |guys |thanks |hang on |hold on |on second thoughts? |on reflection |hey )*",
        r"((cancel|scrap|withdraw|drop|abort|discard|forget|disregard|ignore|undo|retract|recall|take back|call off|nix|kill)( |$)(about |the |all |everything |what )*((that|this|the|her|his) (onboarding|offboarding|transfer|invitation|new hire)|it|that|this|request|requests|one|my|last|above|previous|((i|we|ive|weve) )?(just |only |have |had )*(said|asked|requested|ordered|wanted|wrote|told you)|order|r \d+|\d{3,}|ticket|message)\b",
        r"|(i )?(take|took) (it|that) back|(please )?(cancel|abort|scrap|disregard|nevermind|never mind)( please| pls| thanks)?$|never ?mind|(i |ive |we |weve |i have |we have )?changed (my|our) minds?( about (it|that|this))?( please| sorry| thanks)?$|nvm\b|cancel (request |r ?)\d+|cancel \d{3,}|(my|the) request .{0,40}(withdrawn|cancelled|as withdrawn|can be (cancelled|withdrawn|ignored)))",
    ))
});

static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(status|any (news|update|updates|progress|word|movement|response|luck|answer)|whats (the )?(status|happening|going on|pending|waiting|outstanding|open)|what is (the status|waiting|pending|outstanding|open)|how (is|are|does|do) (my|the|our) requests?",
        r"|wheres? (is |are )?(my|the|our)( pending| open)? (request|requests|approval|approvals)|what are (my|the) (pending|open|waiting)|(show|list) (me )?(my |the |all )?(pending|open|waiting|outstanding) (requests?|approvals?)",
        r"|(is|are|was|were|has|have|had|did|may i ask whether|can you tell me (if|whether)|do you know (if|whether)|has anyone) .{0,80}\b(approved|done|processed|completed|gone through|happened|signed off|actioned|finished|come through|rejected|carried out|been (disabled|enabled|reset|added|removed|assigned|revoked))\b",
        r"|.{0,60}\b(checking|following up|check|follow up) (in )?(on|about) (the|my|our) .{0,60}\brequest\b|.{0,20}(status|state|progress) of (my |the |our )?(request|r \d|\d|ticket)|my (pending|open) requests?$|(hello |hi )?may i ask whether .{0,80}(approved|done|processed|completed))",
    ))
});

/// Said anywhere: the request is taken back.
static WITHDRAWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(treat|consider|take|regard) (my|this|the|that) request as (withdrawn|cancelled|canceled)\b|\b(cancel|withdraw) my request\b",
    )
});

/// How somebody's account stands, not a request.
static OF_SOMEBODY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\bstatus (of|on|for) ([a-z]+ ){1,4}(account|accounts|acct|login|sign ?in)\b")
});

/// "withdraw my right to send on behalf of Diego": a right, and no request.
static OF_A_RIGHT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(my|his|her) (own )?(right|rights|access|permission|permissions|licen[cs]es?|role|membership|delegation|forwarding|password|send)\b",
    )
});

static HELP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(hi |hello |hey )?((help|menu|commands|usage|man|options)( me)?( please| pls)?$|what (can|do|could) (you|u|this bot|i) (do|ask|say)|what (are you|commands)|how (do|can|does|should|would) (i|you|we|one|this)\b|how to\b|who are you|what information do you need|what happens|whats the difference|what is the difference|is it possible|is there a way|can i (reset|change|unlock) my|can you explain)",
    )
});

/// What a request that waits would do: said of it and of nothing else.
static REHEARSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(please |pls |can you |could you |lets )*(rehearse|dry ?run|do a (dry ?run|rehearsal)( of| with)?)( (it|that|this|the (plan|request)|this (plan|request)|(request )?(r |no |number )?\d{4,}))?( first| please| pls| for me| before i sign)*$",
    )
});

/// Cancel, status, rehearsal, help: before anything else is read.
pub fn intent(own: &str) -> Option<Intent> {
    // "Any movement on this?", and the ticket below it.
    let head = own.trim_start().lines().next().unwrap_or_default();
    let asks = own.trim_start().split_inclusive('?').next().filter(|head| head.ends_with('?'));
    if asks.is_some_and(|asks| asks.len() <= head.len() && STATUS.is_match(&key(asks))) {
        return Some(Intent::Status);
    }
    let said = key(own);
    let short = said.split(' ').count() <= 30;
    if !short || said.is_empty() {
        return None;
    }
    if STATUS.is_match(&said) && !OF_SOMEBODY.is_match(&said) {
        return Some(Intent::Status);
    }
    if REHEARSE.is_match(&said) {
        return Some(Intent::Rehearse);
    }
    if CANCEL.is_match(&said) && !OF_A_RIGHT.is_match(&said) || WITHDRAWN.is_match(&said) {
        return Some(Intent::Cancel);
    }
    HELP.is_match(&said).then_some(Intent::Help)
}

static NEITHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(no |sorry |hmm |actually |oh )*(neither|none|no ?one|nobody|not any)( one)?( of (them|these|those|the above|the two|the three))?( thanks| thank you| please| sorry)*$|^(no|nope|stop|cancel|forget it|skip( it| that| this)?|leave it|drop it|no thanks|no thank you|dont bother)( please| thanks)*$",
    )
});

/// "neither", "none of these", "no": the question is taken back.
pub fn declines(own: &str) -> bool {
    NEITHER.is_match(&key(own))
}
