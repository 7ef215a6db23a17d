//! Orders that are put into a clause of their own: "I would ask that Ada be moved", "grateful if
//! Ada could be moved", "I request the removal of", "have Ada moved and Bo added".
//!
//! Each becomes what is to be: "Ada must be moved", "please remove".

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Little words of somebody who asks.
const ADVERBS: &str = r"(?:(?:would|should|shall|hereby|respectfully|kindly|also|further|furthermore|therefore|formally|humbly|must|now|wish to|write to|am writing to|are writing to|would like to|should like to|have to|respectfully to) )*";

/// Nouns of what is done, and the verb of each.
const NOUNS: &[(&str, &str)] = &[
    ("deletion", "delete"),
    ("removal|withdrawal|revocation", "remove"),
    ("creation|establishment|setting[- ]up|set-?up|provision", "create"),
    ("suspension|deactivation|disablement|disabling|blocking", "disable"),
    (
        "reactivation|re-activation|reinstatement|unblocking|re-?enabling|enabling|activation",
        "enable",
    ),
    ("unlocking", "unlock"),
    ("conversion", "convert"),
    ("assignment|allocation|allotment", "assign"),
    ("addition|inclusion", "add"),
    ("cancellation|discontinuation|discontinuance", "stop"),
    ("redirection|forwarding|diversion", "forward"),
    ("erasure|wiping", "wipe"),
];

struct Patterns {
    lead: Regex,
    you: Regex,
    be: Regex,
    that: Regex,
    noun: Regex,
    next: Regex,
    carried: Regex,
    have: Regex,
    and: Regex,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let one = |pattern: &str| Regex::new(pattern).expect("a fixed pattern");
    let nouns: Vec<&str> = NOUNS.iter().map(|(nouns, _)| *nouns).collect();
    let nouns = nouns.join("|");
    let done = "added|removed|unblocked|blocked|enabled|re-enabled|reenabled|disabled|suspended|put|taken|reset|unlocked|wiped|erased|assigned|given|moved|transferred|changed|deleted|converted|turned|forwarded|redirected|diverted|reactivated|activated|deactivated|restored|revoked|created|set|withdrawn|reinstated|updated|corrected|amended|stopped|switched|invited|included|granted";
    Patterns {
        lead: one(&format!(
            r"(?i)(^|[.!?:;,–—-]\s+|\n\s*|\band )(?:(?:i|we) {ADVERBS}(?:ask|request|require|propose|direct|instruct|recommend)(?: you)? that|it is {ADVERBS}(?:asked|requested|required|directed)(?: by \w+)? that|(?:may|might|could|can) (?:i|we) {ADVERBS}(?:ask|request) that|(?:(?:i|we)(?: would|['’]d| should| shall) be|it would be|it['’]d be|grateful|obliged)(?: most| very| much| greatly| really)?(?: grateful| obliged| appreciated| helpful| thankful| pleased| glad| kind| good)? if|(?:i|we) would (?:much |greatly |really )?appreciate(?: it)? if|(?:please|kindly) (?:ensure|arrange|see to it|make sure|see) that) "
        )),
        you: one(r"(?i)^you (?:would |could |can |might |will )?(?:kindly |please )?"),
        be: one(
            r"(?i)\b(must |will |to |not |never )?(?:(?:could|can|might|may|should|would|shall) )?(?:(?:kindly|please|also|both|then|immediately) )?be ",
        ),
        that: one(r"(?i),? and (?:also )?that "),
        noun: one(&format!(
            r"(?i)(^|[.!?:;,]\s+|\n\s*|\band )(?:(?:may|might|could|can) (?:i|we) {ADVERBS}|(?:i|we) {ADVERBS}|this is to |kindly note that i )(?:request|require|ask for|ask|apply for|order|seek|need|want|like|authori[sz]e)(?: for)? (?:the |an? )?(?:(?:permanent|immediate|prompt|full|temporary|complete|urgent) )*({nouns}) of "
        )),
        next: one(&format!(
            r"(?i)(?:,? and|,? as well as|,? together with)(?: the| an?)? ({nouns}) of "
        )),
        carried: one(
            r"(?i),? (?:to|should|shall|must) be (?:carried out|performed|effected|arranged)",
        ),
        have: one(&format!(
            r"(?i)\b(?:please|kindly|pls|(?:could|can|would|may|might) (?:we|you|i)(?: please| kindly)?) (?:have|get) ([^.!?\n]{{2,60}}?) ({done})\b([^.!?\n]*)"
        )),
        and: one(&format!(
            r"(?i),? and ((?:(?:his|her|their|the|my|our) )?[^.!?\n,]{{2,50}}?) ({done})\b"
        )),
    }
});

pub(super) fn make_ready() {
    LazyLock::force(&PATTERNS);
}

/// The verb of such a noun.
fn verb(noun: &str) -> &'static str {
    let noun = noun.to_lowercase();
    let found = NOUNS.iter().find(|(nouns, _)| {
        nouns
            .split('|')
            .any(|one| one == noun || one.replace("[- ]", " ").replace("-?", "-") == noun)
    });
    found.map_or("remove", |(_, verb)| verb)
}

/// Where the sentence ends that goes on here.
fn end(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    let stop = rest.char_indices().find(|(at, letter)| {
        let behind = rest[at + letter.len_utf8()..].chars().next();
        *letter == '\n'
            || ['.', '!', '?'].contains(letter) && behind.is_none_or(char::is_whitespace)
    });
    stop.map_or(text.len(), |(at, _)| from + at)
}

/// The text with all such orders put plainly.
pub(super) fn asked(text: &str) -> String {
    had_done(&nouns(&clauses(text)))
}

/// "I would ask that Ada be moved and that Bo be added": "Ada must be moved. Bo must be added".
fn clauses(text: &str) -> String {
    let patterns = &*PATTERNS;
    let mut put = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(found) = patterns.lead.captures_at(text, from) {
        let (Some(all), Some(before)) = (found.get(0), found.get(1)) else { break };
        let end = end(text, all.end());
        let body = &text[all.end()..end];
        put.push_str(&text[from..before.end()]);
        if let Some(you) = patterns.you.find(body) {
            put.push_str("please ");
            put.push_str(&body[you.end()..]);
        } else {
            let must = |found: &Captures<'_>| match found.get(1) {
                Some(_) => found[0].to_owned(),
                None => "must be ".to_owned(),
            };
            let parts: Vec<_> =
                patterns.that.split(body).map(|part| patterns.be.replace_all(part, must)).collect();
            put.push_str(&parts.join(". "));
        }
        from = end;
    }
    put.push_str(&text[from..]);
    put
}

/// "I request the removal of": "please remove".
fn nouns(text: &str) -> String {
    let patterns = &*PATTERNS;
    let mut put = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(found) = patterns.noun.captures_at(text, from) {
        let (Some(all), Some(before)) = (found.get(0), found.get(1)) else { break };
        let end = end(text, all.end());
        put.push_str(&text[from..before.end()]);
        put.push_str("please ");
        put.push_str(verb(&found[2]));
        put.push(' ');
        let more = |found: &Captures<'_>| format!(" and {} ", verb(&found[1]));
        let body = patterns.next.replace_all(&text[all.end()..end], more);
        put.push_str(&patterns.carried.replace_all(&body, ""));
        from = end;
    }
    put.push_str(&text[from..]);
    put
}

/// "Please have Ada moved and her name added": "Ada must be moved and her name must be added".
fn had_done(text: &str) -> String {
    let patterns = &*PATTERNS;
    let must = |found: &Captures<'_>| {
        let whom = subject(&found[1]);
        let more = |found: &Captures<'_>| format!(" and {} must be {}", &found[1], &found[2]);
        let rest = patterns.and.replace_all(&found[3], more);
        format!("{whom} must be {}{rest}", &found[2])
    };
    patterns.have.replace_all(text, must).into_owned()
}

/// Whoever it is said of, as what a sentence begins with.
fn subject(said: &str) -> String {
    let said = said.trim();
    match said.to_lowercase().as_str() {
        "him" => "He".to_owned(),
        "her" => "She".to_owned(),
        "them" => "They".to_owned(),
        "me" => "I".to_owned(),
        _ => {
            let mut letters = said.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn what_is_asked_for_in_a_clause_is_to_be() {
        for (said, plain) in [
            (
                "I would ask that Ada be moved to Sales and that Bo be added.",
                "Ada must be moved to Sales. Bo must be added.",
            ),
            ("We should be grateful if Ada could be moved.", "Ada must be moved."),
            ("I would be obliged if you would add Ada.", "please add Ada."),
            (
                "With regard to Ada, I hereby request the permanent deletion of her account.",
                "With regard to Ada, please delete her account.",
            ),
            (
                "I request the removal of Ada from Sales and the suspension of her account.",
                "please remove Ada from Sales and disable her account.",
            ),
            (
                "Please have Ada unblocked today and her name put back into Sales.",
                "Ada must be unblocked today and her name must be put back into Sales.",
            ),
        ] {
            assert_eq!(asked(said), plain);
        }
        for left in [
            "The board requested the deletion of the account.",
            "I was asked that Ada be moved, but refused.",
            "I do not request the removal of Ada.",
            "Ada must be moved.",
        ] {
            assert_eq!(asked(left), left);
        }
    }
}
