//! The ways of saying it, of accounts, devices, policies, properties, mail and what is new:
//! the second half of the table.
//!
//! Not here: mailboxes, groups, licences, roles and leavers ([`super::ways`]).

/// What is said, and the order.
pub(super) const THINGS: &[(&str, &str)] = &[
    // Accounts
    (
        "(facilitate | arrange | arrange for | effect | initiate | request | action | organise | organize | carry out | do) (the)? (blocking | suspension | disabling | deactivation) of (the)? (sign in | sign ins | account | login | access | user account)? (for | of)? {p}",
        "block sign in for {p}",
    ),
    (
        "(facilitate | arrange | arrange for | effect | initiate | request | action | organise | organize | carry out | do) (the)? (unblocking | reactivation | re activation | enabling | reinstatement) of (the)? (sign in | sign ins | account | login | access | user account)? (for | of)? {p}",
        "enable {p}",
    ),
    (
        "(facilitate | arrange | arrange for | effect | initiate | request | action | organise | organize | carry out | do) (the)? (resetting | reset) of (the)? password (for | of) {p}",
        "reset the password of {p}",
    ),
    (
        "{p} .. (says | shows | reckons) (her | his | their | the) (account | acct | login | user) (is | has been | got) locked",
        "unlock {p}",
    ),
    ("{p} .. says (acct | account) (lockd | locked)", "unlock {p}"),
    (
        "^ (a | new)? (tap | temporary access pass) (for | 4) {p}",
        "give {p} a temporary access pass",
    ),
    (
        "{p} (should | must | may | can | shall | is) (no longer | not) (to)? (be able to | be allowed to)? (sign | log) (in | on) (any more | anymore | any longer)?",
        "block sign in for {p}",
    ),
    (
        "{p} (shouldnt | mustnt) be able to (sign | log) (in | on) (any more | anymore | any longer)?",
        "block sign in for {p}",
    ),
    (
        "{p} (has to | needs to | should | must) be able to (sign | log) (in | on) again",
        "enable {p}",
    ),
    (
        "{p} .. (says | told | gets | sees | shows) (there were | there are)? too many (attempts | atempts | tries | wrong passwords | failed attempts | failed logins | sign ins) (. | , | ;)? (please)? (clear it | clear that | sort it)?",
        "unlock {p}",
    ),
    (
        "{p} (: | -)? (unlok | unlock) (+ | and | &) (a)? (fresh | new) (pw | password)",
        "unlock {p} and reset the password of {p}",
    ),
    ("^ {p} (: | -)? (acct | account | login) back on", "enable {p}"),
    ("(throw | kick) every session of (his | hers | theirs) out", "sign him out everywhere"),
    (
        "have (him | her | them) (pick | choose | set) a (fresh | new) password (when | next time | the next time) (he | she | they) (comes | signs | logs | come | sign | log) (back)? (in | on)",
        "make him change his password at next sign-in",
    ),
    ("cat policy {c}", "show the policy {c}"),
    // Devices
    ("(clear | wipe | erase) everything (off | from | on) it", "wipe it"),
    ("erase it all", "wipe it"),
    ("(please)? (nuke | blank) it (remotely | from afar)?", "wipe it"),
    (
        "{d} (needs | wants | requires) (wiping | erasing | to be wiped | to be erased | a wipe | a remote wipe)",
        "wipe {d}",
    ),
    ("{d} (must | should | has to | is to | ought to | can) be (wiped | erased)", "wipe {d}"),
    ("{d} (needs | wants | requires) (retiring | to be retired)", "retire {d}"),
    ("{d} (must | should | has to | is to | ought to | can) be retired", "retire {d}"),
    ("{d} : pull the company data off (it)?", "retire {d}"),
    (
        "(take | pull | get) (the)? (work | company | corporate) (stuff | data | things | apps) off (of)? {d}",
        "retire {d}",
    ),
    // Policies
    (
        "{c} (should | must | has to | needs to | ought to | can | is to) (now)? (go live | be live | be on | go on | be enforced | be active | be switched on | be turned on)",
        "enable {c}",
    ),
    (
        "{c} (should | must | has to | needs to | ought to | can | is to) (now)? (go off | be off | be switched off | be turned off | be inactive)",
        "disable {c}",
    ),
    ("flip {c} (from report only)? (to)? on", "enable {c}"),
    ("flip {c} (from report only)? (to)? off", "disable {c}"),
    // Properties, managers, sponsors
    (
        "{p}'s {f} (should | ought to | must | has to | needs to) (now)? (change to | be changed to | be updated to | be amended to | be corrected to | be set to | read | be | say | become | show)",
        "change {p}'s {f} to",
    ),
    (
        "{p}'s {f} is wrong .. (, | and)? (it)? (should | ought to | must | has to) (read | be | say)",
        "change {p}'s {f} to",
    ),
    (
        "(have | get) {p}'s {f} (changed | amended | updated | corrected | altered | set) to",
        "change {p}'s {f} to",
    ),
    (
        "(have | get) (her | his | their) {f} (changed | amended | updated | corrected | altered | set) to",
        "change his {f} to",
    ),
    (
        "(we | i)? (wish to have | want to have | like to have | have | get | want) (the)? {f} (of | for) {p} (changed | amended | updated | corrected | altered | set | adapted | modified) (to | into)",
        "please change {p}'s {f} to",
    ),
    (
        "(the)? {f} (of | for) {p} (should | must | needs to | has to | ought to | is to | may) (please | kindly)? (be changed to | be updated to | be amended to | be corrected to | be set to | be | read | become | say)",
        "change {p}'s {f} to",
    ),
    (
        "{q} (is | becomes | will be) (now | henceforth | from now on)? (the)? (new)? (line)? manager (of | for) (both)? {p} and {x}",
        "change the manager of {p} and {x} to {q}",
    ),
    (
        "{q} (is | becomes | will be) (now | henceforth | from now on)? (the)? (new)? (line)? manager (of | for) {p}",
        "change the manager of {p} to {q}",
    ),
    ("{q} takes over as (line)? manager (of | for) {p}", "change the manager of {p} to {q}"),
    (
        "{p} (now answers | answers now | will answer | will be answering | is to answer | should answer | is answering now | now answer) to {q}",
        "change the manager of {p} to {q}",
    ),
    (
        "from (now | today | now on) {p} (answers | reports) to {q}",
        "change the manager of {p} to {q}",
    ),
    ("{p} is now under {q}", "change the manager of {p} to {q}"),
    ("{p} is under {q} now", "change the manager of {p} to {q}"),
    ("(put | place) {p} under {q}", "change the manager of {p} to {q}"),
    ("{p} falls under {q}", "change the manager of {p} to {q}"),
    (
        "{p} and {x} (is | are | will be | should be) (now)? (managed | line managed | line DASH managed) by {q}",
        "change the manager of {p} and {x} to {q}",
    ),
    (
        "{p} (is | will be | should be) (now)? (managed | line managed | line DASH managed) by {q}",
        "change the manager of {p} to {q}",
    ),
    (
        "{p} (will be reporting to | will be reporting into | will report to | will report into | is to report to | should report to | should be reporting to | now reports to | now reports into)",
        "change the manager of {p} to",
    ),
    ("{p} reports (to | into) {q} from now on", "change the manager of {p} to {q}"),
    (
        "{p} (should | must | needs to | has to | is to) (get | have) {q} as (his | her | their | a | the)? sponsor",
        "add {q} as sponsor for {p}",
    ),
    ("put {q} down as (a | the)? sponsor (for | of) {p}", "add {q} as sponsor for {p}"),
    // Mail
    (
        "(everything | all mail | all mails | all emails | all messages | mail | mails | email | emails | anything) (arriving in | arriving at | sent to | coming in to | coming into | that comes into | that arrives in | that arrives at | addressed to | for | to) {m} (should | must | has to | needs to | ought to | is to) (go | be sent | be forwarded | land | be redirected | be passed on) (on)? (to | with)",
        "forward mail of {m} to",
    ),
    (
        "(whatever | anything | everything) (lands in | arrives at | arrives in | comes in at | reaches | is sent to | gets sent to) {m} (should | must | has to | needs to | is to | to)? (also)? (go | travel | come | be passed | be sent) (on)? (to | with)",
        "forward mail of {m} to",
    ),
    (
        "(bills | invoices | mails | mail | emails | messages | enquiries | everything) (sent | addressed | coming | going) to {m} (should | must | has to | needs to | ought to | is to) also (go | come | be sent | be forwarded | land) (on)? to",
        "forward mail of {m} to",
    ),
    (
        "(whatever | anything | everything) (..)? (send | sends | writes | write) to (him | her | them) (should | must | has to | is to) (now)? (reach | go to | come to | land with | go on to) {p}",
        "forward his mail to {p}",
    ),
    (
        "(can | could | should) (his | her | their) (emails | mails | mail | post | messages) (come | go) to {p}",
        "forward his mail to {p}",
    ),
    (
        "stop (bouncing | sending | passing | forwarding) {m} (on to | on) {p}",
        "remove the forwarding of {m}",
    ),
    (
        "the forwarding (on | of | for | from) {m} (isnt | is not | is no longer) (needed | required | wanted) (any more | anymore | any longer)? (, | and)? (take it off | remove it | please take it off | please remove it)",
        "remove the forwarding of {m}",
    ),
    (
        "the forwarding (presently | currently)? (active)? (on | of | for | from) {m} (isnt | is not | is no longer) (needed | required | wanted) (any more | anymore | any longer)? (; | , | and)? (please | kindly)? (take it off | remove it | have it lifted | have it removed | lift it | switch it off)?",
        "remove the forwarding of {m}",
    ),
    (
        "(quit | stop | end | cease | discontinue) forwarding (her | his | their) (mail | mails | email | emails)",
        "remove the forwarding of his mailbox",
    ),
    (
        "(put | place) (an | a | the)? (out of office | auto reply | automatic reply | ooo | oof) on {m}",
        "set an out of office on {m}",
    ),
    (
        "(an | the)? (out of office | auto reply | automatic reply) (go up | be put | be set | be up | go) on {m}",
        "set an out of office on {m}",
    ),
    (
        "{m} (needs | should have | should get) (an | a)? (out of office | auto reply | automatic reply | ooo | oof)",
        "set an out of office on {m}",
    ),
    (
        "{p}'s (mailbox | inbox) (has to | needs to | should | must | ought to | is to | can) (become | be | be made | be turned into) (a)? shared (one | mailbox)?",
        "convert {p}'s mailbox to shared",
    ),
    (
        "(make | turn) {p}'s (mailbox | inbox) (into)? a shared (one | mailbox)",
        "convert {p}'s mailbox to shared",
    ),
    (
        "nobody (uses | has used | has looked at | looks at | reads | needs) {m} .. . (please)? (bin | delete | remove) it",
        "delete {m}",
    ),
    // Something new
    (
        "^ (well | ill | we will | i will | were going to | we are going to | we would | we | i) (be)? (needing | need | want | could do with | could use) (a | an | another) (new)? {kind} group",
        "please create a {kind} group",
    ),
    ("(we)? (request | require | ask for | need) the creation of (a | an)", "please create a"),
    (
        "(enter | put in | name | list) {q} as (a | the)? sponsor (for | of) {p}",
        "add {q} as sponsor for {p}",
    ),
    // Subjects of tickets
    (
        "^ (mailbox | full | shared mailbox | delegate)? access DASH {p} DASH {m} ^",
        "give {p} full access to {m}",
    ),
    ("^ send as DASH {p} DASH {m} ^", "give {p} send as on {m}"),
    ("^ (group | group membership | add to group) DASH {p} DASH {g} ^", "add {p} to {g}"),
    ("^ (licence | license) (request)? DASH {p} DASH {l} ^", "assign {l} to {p}"),
];
