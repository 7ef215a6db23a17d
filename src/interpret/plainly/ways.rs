//! Words for words: what a reader of plain words would say instead.
//!
//! Each line is a pattern and what stands in its place. `NAME` is two or three capitalised words,
//! or one. They do not change what is asked for or of whom, only how it is said.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

/// A name, as it is written.
const NAME: &str = r"(?:[A-Z]\. )?(?:[OD]['’])?[A-ZÀ-ÞĀ-Ž][^\s,.:;!?()<>=|/'’][^\s,.:;!?()<>=|/]*(?: [A-ZÀ-ÞĀ-Ž][^\s,.:;!?()<>=|/]*){0,3}";
/// A thing of somebody.
const THING: &str = r"(?:[Pp]ower BI |[Vv]isio |[Pp]roject |E3 |E5 |company |work )?(?:i[Pp]ad|tablet|laptop|phone|mobile|i[Pp]hone|device|notebook|computer|PC|MacBook|account|mailbox|inbox|login|sign-in|id|password|licen[cs]e)";

/// What may stand behind somebody whose something is spoken of; not "William sir's assistant".
const TAIL: &str = r"([.,;:!?\n]|$| (?:be|must|is|are|was|to|from|into|in|on|as|and|has|have|should|for|with|who|please|today|could|can|may|at|until|that)\b)";

/// Words of which one is said, apart by bars; a pattern, and what stands in its place.
const WAYS: &[(&str, &str, &str)] = &[
    // Things, and whose they are
    (
        "belong|owned by|issued to|held by|assigned to|registered|in the name|allotted",
        r"\b(?:[Tt]he |[Tt]hat |[Aa] )?(THING) (?i:belonging to|that belongs to|which belongs to|owned by|issued to|held by|assigned to|registered to|in the name of|allotted to) (NAME)TAIL",
        "$2's $1$3",
    ),
    (
        "addressed|sent to|directed to|written to",
        r"(?i:\b(?:all |any |the )*(?:correspondence|mails?|e-?mails?|messages|post|items) (?:that (?:is|are) )?(?:addressed|sent|directed|written) to) (NAME)TAIL",
        "$1's mail$2",
    ),
    (
        "the ",
        r"(?i:\bthe (mailbox|account|sign-in|login|password|laptop|phone|job title|title|manager) of) (NAME)TAIL",
        "$2's $1$3",
    ),
    // Of those who write in India
    ("itself", r"(?i:\btoday itself\b)", "today"),
    ("w.e.f|wef|w.e", r"(?i:\bw\.?e\.?f\.? )", "with effect from "),
    (
        "once|when|after|as soon",
        r"(?i:(?:,? and|,|;)? (?:kindly |please )?(?:intimate|inform|update|revert to|confirm to|let) (?:me|us|the undersigned)(?: know)? (?:once|when|after|as soon as) (?:it is |this is |it has been |the same is )?(?:done|completed|complete|executed|over|finished))",
        "",
    ),
    ("withdraw", r"(?i:\bwithdraw) (NAME) from ", "remove $1 from "),
    (
        "reporting",
        r"(NAME)(?:'s|’s) (?i:reporting(?: line| manager)?) (?i:is|has been|has|gets|will be|was)(?i: now)? chang(?:ed|ing) from (?:NAME|me|us) to (NAME|me)",
        "$1's manager will be $2",
    ),
    (
        "manager",
        r"(?i:line )?(?i:manager) (?i:has|is|has been|was) chang(?:ed|ing) from (?:NAME|me) to (NAME|me)",
        "manager will be $1",
    ),
    (
        "taken|withdrawn|removed|revoked",
        r"(?i)\b((?:the )?(?:send[- ]as|full[- ]access)(?: rights?| permissions?)?|(?:the )?[A-Za-z0-9 ]{2,30}?licen[cs]e) (on|of|for|to)? ?(\S+@\S+|(?:the )?[A-Za-z ]{2,30}? mailbox)? ?(?:is|are|must|should|may|has|have) (?:to )?be (?:taken back|taken away|taken|withdrawn|removed|revoked) from ((?-i:NAME))(?: and|, and|;|,)(?: the)? (?:same|it)(?: is to| are to| to| must| should| may| can| has to)?(?: kindly| please)? be (?:given|allotted|assigned|extended|granted|passed(?: on)?|issued) to ",
        "take $1 $2 $3 from $4 and give $1 $2 $3 to ",
    ),
    // Ways of asking
    (
        "so good|so kind",
        r"(?i:\b(?:would|could|can|will) you be so (?:good|kind) as to (?:inform|tell|advise|let) (?:me|us)(?: know)?)",
        "please tell me",
    ),
    (
        "so good|so kind",
        r"(?i:\b(?:would|could|can|will) you be so (?:good|kind) as to )",
        "please ",
    ),
    (
        "presently|currently|at present|at the moment",
        r"(?i:\b(who|which|what)( [a-z]+)? (?:presently|currently|at present|at the moment) )",
        "$1$2 ",
    ),
    // What somebody is called
    (
        "designated|listed|shown|recorded|styled|entered|registered|described",
        r"(NAME)(?:,[^,.\n]{2,40},)? (?i:must|should|is to|shall|needs to|has to|to|can|could) (?i:now )?be (?i:designated|listed|shown|recorded|styled|entered|registered|described)(?: in (?:the |our )?[A-Za-z ]{2,20}?)?(?: in future| henceforth)? as (?:the |an? |our )?([A-ZÀ-ÞĀ-Ž])",
        "$1's job title must be $2",
    ),
    // Somebody takes somebody's place.
    (
        "place|stead|seat|spot",
        r"(?i:\b(remove|take|drop)) (NAME) (?i:off|from|out of) (?i:the )?([^.!?,;\n]{3,40}?),? (?i:and )(?i:let|put|have|give) (NAME) (?i:have|in|into|take|take over|get) (?i:his|her|their) (?i:place|stead|seat|spot)(?i: there| in it| on it)?",
        "remove $2 from $3 and add $4 to $3",
    ),
    // "let Bo have it instead"
    (
        "instead|and give it|and let",
        r"(?i:\b(?:remove|take|pull)) ([A-Za-z0-9 ]{2,30}?) (?i:off|from|away from) (NAME),? (?i:and )(?:please )?(?i:give it|assign it|hand it|pass it|let it go)(?: over)? to (NAME|me)(?i: instead)?\b",
        "remove $1 from $2 and assign $1 to $3",
    ),
    (
        "sponsor",
        r"(NAME)(?: (?:of|from) [A-Z][a-z]+)? (?i:doesn['’]?t|does not|no longer) (?i:have|has) a sponsor(?i: any ?more| any longer| yet)?[.;,] (?i:please )?(?i:put|take|name|enter) (NAME)",
        "please add $2 as the sponsor of $1",
    ),
    (
        "locked out",
        r"(NAME) (?i:has (?:got )?(?:himself|herself|themselves|themself) locked out)\b",
        "$1 is locked out",
    ),
    (
        "reopen|re-open",
        r"(?i:\bre-?open) (NAME['’]s|(?i:his|her|their)) (?i:account|login|sign-in)\b",
        "enable $1 account",
    ),
    (
        "disconnect",
        r"(?i:\bdisconnect) (NAME|(?i:him|her|them))(?i: from)? (?i:everywhere)\b",
        "sign $1 out everywhere",
    ),
    (
        "mail",
        r"(^|[.!?;:\n] ?)((?:His|Her|Their|My|his|her|their|my)|NAME['’]s) (?i:mails?|e-?mails?) to (NAME|me)\b",
        "$1$2 mail must be forwarded to $3",
    ),
    // Mail of somebody that others read
    (
        "mail",
        r"(?i:\b(?:can|could|may|would|should) )?\b(NAME['’]s|(?i:his|her|their|my)) (?i:mails?|e-?mails?) (?i:should |must |can |could |shall |ought to |has to |have to )?(?i:also |then |now |rather )?(?i:reach|reaches|arrive at|arrives at|arrive with|come to|comes to|go to|goes to|land with|land at|lands with|end up with|ends up with) (NAME|me)\b",
        "$1 mail must be forwarded to $2",
    ),
    // Somebody passes it on to us.
    (
        "ask|instruct|tell|request|have|get|let|make sure",
        r"(?i:\b(please|kindly|pls) (?:ask|instruct|tell|request|have|get|let|make sure) (?:the )?(?:(?-i:IT|I\.T\.)|service ?desk|help ?desk|system administrators?|sysadmins?|admin team)(?: team| department| support| dept)?(?: to)?) ",
        "$1 ",
    ),
    (
        "in the",
        r"(?i:\bjob title must be )([^.!?\n]{3,60}?) (?i:in the (?:address book|directory|system|gal|records))\b",
        "job title must be $1",
    ),
    ("discontinued", r"(?i:\bmust be discontinued\b)", "must be stopped"),
    // Rights
    (
        "on my behalf|on his behalf|on her behalf|on their behalf",
        r"(?i:\b(he|she|they)( (?:should|must|needs to|has to|will need to|ought to|can|may)(?: also)?(?: be able to| be allowed to)? (?:open|read|see|access|view)) (my|his|her|their|NAME['’]s) (mailbox|inbox|mail|e-?mails?) and(?: also)?(?: to)? send on (?:my|his|her|their) behalf)",
        "$1$2 $3 $4. $1 must get send on behalf on $3 mailbox",
    ),
    (
        "behalf",
        r"(?i:\bfull access to (it|NAME['’]s (?:mailbox|inbox)|(?:his|her|their) (?:mailbox|inbox)),? and (?:please )?(?:allow|let|permit|enable) (me|him|her|them) (?:to )?send on (?:his|her|their|NAME['’]s) behalf)",
        "full access to $1, and give $2 send on behalf on $1",
    ),
    (
        "full access",
        r"(?i)\bfull access to ((?:the )?(?-i:[A-ZÀ-ÞĀ-Ž][A-Za-z ]*?|[A-Za-z ]+?) (?:mailbox|inbox)|\S+@\S+) (?:could|can|may|must|should|to|might) be (?:extended|granted|given|provided) to ((?-i:NAME)),? (?:together with|along with|as well as|and also|and|plus) (?:the )?(?:right|permission|ability|rights) to send (?:mail |e-?mails? )?as (?:that|this|the same|it)(?: mailbox| address| inbox)?",
        "$2 must get full access to $1. $2 must get send as on $1",
    ),
    (
        "to send",
        r"((?-i:NAME)) (?i:could|can|may|must|should|might) be (?i:granted|given) (?i:full access|access) to ((?:the )?(?:[A-ZÀ-ÞĀ-Ž][A-Za-z ]*?|[A-Za-z ]+?) (?:mailbox|inbox)|\S+@\S+),? (?i:together with|along with|as well as|and also|and|plus) (?i:the )?(?i:right|permission|ability|rights) to send (?i:mail |e-?mails? )?as (?i:that|this|the same|it)(?i: mailbox| address| inbox)?",
        "$1 must get full access to $2. $1 must get send as on $2",
    ),
    (
        "change",
        r"(?im:^[ \t*•-]*(?:to be changed|fields to change|what changes) ?: ?(?:(?:surname|last name|display name|full name|name|and|,|/|&) ?)+$)",
        "Please update the record.",
    ),
    // Something new
    (
        "own it|run it|owner of|own the|run the",
        r"(NAME) to (?:own|run|be the owner of) (?:it|the group|the list)\b",
        "owner $1",
    ),
    (
        "members|member",
        r"(?i:\bwith) (NAME(?:(?:, (?:and )?| and | & )NAME)*) as (?i:members?)\b",
        "members $1",
    ),
    ("in it", r"(?i:[^.!?\n]*\b(?:nobody|no-?one) (?:else )?in it\b[^.!?\n]*[.!?]?)", ""),
    (
        "group|list|mailbox",
        r"(?i:\b(group|list|mailbox) for [^.?!\n]{2,40}[.?!] (?:name|called|call it):? )",
        "$1 called ",
    ),
    // Who moves
    (
        "over to",
        r"(?i:\b(?:is )?(?:coming|moving) over to (?:us|me|join us|join me) in )",
        "moves to ",
    ),
    (
        "manager|mgr|boss",
        r"(?i:\bI['’]?(?:ll| will| shall) be (?:his|her|their) (?:line )?(?:manager|mgr|boss)\b)",
        "reporting to me",
    ),
    ("site", r"\b([A-ZÀ-ÞĀ-Ž][^\s,.:;!?()<>=|/]+) site\b", "$1 office"),
    // Who is away
    (
        "mail to",
        r"(?i:\b(?:OOO|out of office|auto(?:matic)? reply|OOF)( on)? for (?:those|these|the same|that) (?:dates|days|time|period)),? (?:and )?mail to (NAME)",
        "OOO$1 for me, and forward my mail to $2 for that time",
    ),
    // What is wrong is to be put right.
    (
        "profile",
        r"(?i:\bprofile) (?:is|was) (?:all |quite |completely |totally )?(?:wrong|incorrect|outdated|out of date|a mess)\b",
        "profile needs updating",
    ),
    // What is only an account
    (
        "plain|basic|bare",
        r"(?i:\bonly plain (?:ids|accounts|logins|users)|only (?:the )?(?:basic |bare )?(?:ids|accounts|logins)) (?i:need to be|are to be|should be|to be) created for ",
        "please create user accounts for ",
    ),
    ("allot", r"(?i:\ballot(ted)? )", "assign$1 "),
];

/// A pattern with its words.
struct Way {
    words: Vec<&'static str>,
    said: Regex,
    put: &'static str,
}

struct Table {
    ways: Vec<Way>,
    titles: Regex,
    with_me: Regex,
    and_i: Regex,
    me_with: Regex,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let one = |way: &str| {
        let said = way.replace("NAME", NAME).replace("THING", THING).replace("TAIL", TAIL);
        Regex::new(&said).expect("a fixed pattern")
    };
    let way = |(words, said, put): &(&'static str, &str, &'static str)| Way {
        words: words.split('|').collect(),
        said: one(said),
        put,
    };
    Table {
        ways: WAYS.iter().map(way).collect(),
        titles: one(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\b\.? ([A-ZÀ-ÞĀ-Ž])"),
        with_me: one(r"\b(NAME(?: \([^()\n]{2,20}\))?) and (?:me|myself)\b"),
        and_i: one(
            r"((?:^|[.!?:\n])\s*NAME(?: \([^()\n]{2,20}\))?) and I (?:both |each )?(need|require|want|should|must|would)\b",
        ),
        me_with: one(r"\b(?:me|myself) and (NAME(?: \([^()\n]{2,20}\))?)"),
    }
});

pub(super) fn make_ready() {
    LazyLock::force(&TABLE);
}

/// The text with every such way exchanged. Whoever writes is named beside others.
pub(super) fn exchanged(text: &str, me: &str) -> String {
    // What was put may itself be said otherwise.
    let put = once(&once(&untitled(text)));
    let and = |pattern: &Regex, text: &str, put: &str| {
        if text.contains(" and ") {
            pattern.replace_all(text, put).into_owned()
        } else {
            text.to_owned()
        }
    };
    let put = and(&TABLE.and_i, &put, &format!("$1 and {me} $2"));
    let put = and(&TABLE.with_me, &put, &format!("$1 and {me}"));
    and(&TABLE.me_with, &put, &format!("{me} and $1"))
}

/// Whoever is called "Mrs Ek" is called Ek, but in what is quoted.
fn untitled(text: &str) -> String {
    let quotes = ['"', '“', '”'];
    if !text.matches(quotes).count().is_multiple_of(2) {
        return text.to_owned();
    }
    let mut put = String::with_capacity(text.len());
    for (number, part) in text.split_inclusive(quotes).enumerate() {
        if number.is_multiple_of(2) {
            put.push_str(&TABLE.titles.replace_all(part, "$1"));
        } else {
            put.push_str(part);
        }
    }
    put
}

fn once(text: &str) -> String {
    let low = text.to_lowercase();
    let mut put = Cow::Borrowed(text);
    for way in TABLE.ways.iter().filter(|way| way.words.iter().any(|word| low.contains(word))) {
        if let Cow::Owned(said) = way.said.replace_all(&put, way.put) {
            put = Cow::Owned(said);
        }
    }
    put.into_owned()
}

#[cfg(test)]
mod tests {
    use super::exchanged;

    #[test]
    fn words_are_put_for_words() {
        for (said, plain) in [
            ("Remove Mr. Bo Ek and Ms Ada Park.", "Remove Bo Ek and Ada Park."),
            ("The iPad belonging to Ada Park is lost.", "Ada Park's iPad is lost."),
            (
                "Please withdraw Bo Ek from Sales today itself.",
                "Please remove Bo Ek from Sales today.",
            ),
            (
                "Bo Ek's reporting has changed from Ada Park to Lee Gu, please update.",
                "Bo Ek's manager will be Lee Gu, please update.",
            ),
            (
                "Reset the password of Bo sir's assistant.",
                "Reset the password of Bo sir's assistant.",
            ),
            ("Say \"Mr Ek is out\" for Mr Ek.", "Say \"Mr Ek is out\" for Ek."),
            ("give me and Bo Ek access", "give me@x.y and Bo Ek access"),
            (
                "Ada Park, of this office, must be designated in the directory as Buyer",
                "Ada Park's job title must be Buyer",
            ),
            ("Miss the deadline, dear me and my team", "Miss the deadline, dear me and my team"),
        ] {
            assert_eq!(exchanged(said, "me@x.y"), plain);
        }
    }
}
