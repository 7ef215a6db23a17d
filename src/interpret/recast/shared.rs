//! What many ways share: the sorts of things that are taken along, and runs of words.
//!
//! Not here: how they are read ([`super::pattern`]).

/// Things that are taken along, and how each is written. A capital letter is a name of that
/// sort; `P` with `'s` is somebody whose something follows.
pub(super) const SORTS: &[(&str, &str)] = &[
    ("p", "(both)? (mr | mrs | ms | miss | mx | dr)? (.)? P ((, P)? (, P)? (,)? (and | & | n) P)?"),
    ("o", "(both)? (mr | mrs | ms | miss | mx | dr)? (.)? P ((, P)? (, P)? (,)? (and | & | n) P)?"),
    ("q", "(mr | mrs | ms | miss | mx | dr)? (.)? P"),
    ("x", "(mr | mrs | ms | miss | mx | dr)? (.)? P"),
    (
        "g",
        "(the | our | that)? G (distribution | mailing | security)? (group | list | dl | team | groups)?",
    ),
    (
        "h",
        "(the | our | that)? G (distribution | mailing | security)? (group | list | dl | team | groups)?",
    ),
    (
        "m",
        "((the | our)? M (shared | team)? (mailbox | inbox | address)? \
         | P's (mailbox | inbox | mails | mail | emails | email) \
         | (the)? (shared)? (mailbox | inbox) (of | from | for)? (P | M))",
    ),
    ("d", "((the | that)? (device | laptop | phone)? D | (P's | his | her | their) DEVICE)"),
    (
        "l",
        "(a | an | the | his | her | their)? L (licence | license | licences | licenses | seat | seats | plan | one | subscription)?",
    ),
    (
        "k",
        "(a | an | the | his | her | their)? L (licence | license | licences | licenses | seat | seats | plan | one | subscription)?",
    ),
    ("c", "(the)? (policy | ca policy)? C (policy | ca policy | rule)?"),
    ("w", "(the)? (workbook | file | spreadsheet | excel)? W"),
    ("r", "(the)? R (role | rights)?"),
    ("s", "(the)? R (role | rights)?"),
    ("a", "(the)? (app | application)? A (app | application)?"),
    ("place", "PLACE"),
    ("office", "OFFICE"),
    ("z", "N"),
    ("f", "FIELD"),
    ("some", ".."),
    ("n", "FIGURE"),
    (
        "thing",
        "(sessions | session | sign ins | tokens | password | pw | mfa | 2fa | account | acct | login | mailbox | inbox | licences | licenses | forwarding | out of office | ooo)",
    ),
    (
        "nouns",
        "(distribution | security | disabled | noncompliant | guest | shared)? (groups | lists | rows | users | accounts | guests | devices | policies | apps | applications | licences | licenses | owners | members | mailboxes | subscriptions)",
    ),
    (
        "does",
        "(end | kill | revoke | terminate | reset | clear | unlock | disable | enable | reactivate | block | unblock | convert | delete | remove | cancel | stop)",
    ),
    ("kind", "(security | distribution | mail enabled security | microsoft 365 | m365)?"),
];

/// Runs of words that many ways share, by their name.
pub(super) const SHARED: &[(&str, &str)] = &[
    (
        "NEEDLESS",
        "(no longer needs | no longer requires | no longer has | does not need | doesnt need | do not need | dont need | need not | neednt | needs no longer | has no need | has no reason | has no business | no longer has any business | does not require | doesnt require | doesnt have | does not have) (any more | anymore | any longer | now)?",
    ),
    (
        "READ",
        "(read | reading | open | opening | see | seeing | view | viewing | access | access to | get into | getting into | look into | looking into | go into | use | using | check | checking | work in)",
    ),
    ("MAILS", "(mails | mail | emails | email | messages | answers | replies | anything)"),
    (
        "MUSTNT",
        "(shouldnt | should not | mustnt | must not | should no longer | must no longer | oughtnt to | ought not to | is not to | is no longer to | may not | may no longer | need not | neednt)",
    ),
    ("AFTERWARDS", "(any more | anymore | any longer | now)?"),
    ("REPORTING", "(report only | report DASH only | reporting | report) (mode)?"),
    (
        "ENFORCED",
        "(enforce it | enforce | switch it on | turn it on | make it live | activate it | enable it | put it into force)",
    ),
    (
        "MUST",
        "(should | must | has to | have to | needs to | need to | ought to | is to | are to | shall)",
    ),
    ("LOSES", "(loses | lose | gives up | hands back | hands over | is losing | will lose)"),
    (
        "GAINS",
        "(gains | gain | gets | get | receives | is given | is getting | takes over | will get)",
    ),
    ("COULD", "(can | could | may | might | would)"),
    (
        "OUT",
        "(out | off | gone | is out | goes out | comes out | comes off | goes | go out | come out | come off)",
    ),
    ("IN", "(in | on | is in | goes in | comes in | goes on | comes on | go in | come in)"),
    ("NEXT", "(, | ; | / | + | & | and | DASH | then)? (and | but | then)?"),
    (
        "FULL",
        "(full access | full mailbox access | full rights | read access | read and manage | delegate access | delegation | access)",
    ),
    (
        "SENDS",
        "(send as | send as rights | send as permission | sending as | send as access | send from)",
    ),
    ("NOMORE", "(no more | no longer | not any more | not anymore | not any longer)"),
    (
        "OVER",
        "(not any more | not anymore | not any longer | no longer | no more | not needed any more | no longer needed | no longer required)",
    ),
    (
        "ALL",
        "(all | everything | whatever | anything | all mail | all mails | all emails | all messages | mail | mails | emails | messages | every mail | every email | any mail | any mails)",
    ),
    (
        "COMES",
        "(what | that | which)? (comes | arrives | lands | goes | gets sent | is sent | comes in | arrives in | reaches | is addressed | gets in | ends up) (to | at | in | into | for)?",
    ),
    (
        "GO",
        "(go | come | land | be sent | be forwarded | be passed on | be redirected | arrive | reach | end up | run)",
    ),
];
