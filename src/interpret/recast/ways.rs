//! The ways of saying it, and the order each means. The longer of two that begin alike
//! comes first.
//!
//! Not here: how they are written and found ([`super::pattern`]).

/// What is said, and the order.
pub(super) const WAYS: &[(&str, &str)] = &[
    // Mailboxes: who should get in
    (
        "{p} (has to | needs to | should | must | ought to | wants to | would like to | is to) (be able to | be allowed to)? (also)? (read | open | see | view | access | get into | use | check | work in) {m} and (to | also)? send (mails | mail | emails)? (as | from) (it | that | that address)",
        "give {p} full access to {m} and give {p} send as on {m}",
    ),
    (
        "{p} (has to | needs to | should | must | ought to | is to) (also)? (be able to | be allowed to) (read | open | see | view | access | get into | use | check | work in) {m}",
        "give {p} full access to {m}",
    ),
    (
        "{p} (should | must | ought to | is to) (also)? (read | open | see | get into | have access to | get access to | be let into | be in) {m}",
        "give {p} full access to {m}",
    ),
    (
        "{p} (cant | cannot | can not | is unable to | isnt able to | is not able to | could not | couldnt) (get into | open | see | access | read | view | get to) {m}",
        "give {p} full access to {m}",
    ),
    (
        "{p} (has no | has got no | hasnt got | does not have | doesnt have | hasnt | is missing | still has no | still doesnt have) (any)? access to {m}",
        "give {p} full access to {m}",
    ),
    (
        "{p} (has to | needs to | should | must | ought to | wants to | would like to | is to | will need to) (also)? (be able to | be allowed to)? send (mails | mail | emails | messages)? (as | from) {m}",
        "give {p} send as on {m}",
    ),
    (
        "{p} wants (his | her | their) (mails | mail | emails | messages) to go out (as | from) {m}",
        "give {p} send as on {m}",
    ),
    // … and who should not any more
    (
        "{p} (should | must | may | can | shall | is | ought | will | has) (no longer | not | never) (to)? (be able to | be allowed to)? (read | open | see | view | access | get into | use | have access to) {m} (any more | anymore | any longer)?",
        "remove access to {m} from {p}",
    ),
    (
        "{p} (shouldnt | mustnt | cant | wont) (be able to | be allowed to) (read | open | see | view | access | get into | use | have access to) {m} (any more | anymore | any longer)?",
        "remove access to {m} from {p}",
    ),
    (
        "{p} (should | must | may | can | shall | is | ought | will | has) (no longer | not | never) (to)? (be able to | be allowed to)? send (mails | mail | emails | messages)? (as | from) {m} (any more | anymore | any longer)?",
        "remove send as on {m} from {p}",
    ),
    (
        "{p} (shouldnt | mustnt | wont) (be able to | be allowed to) send (mails | mail | emails | messages)? (as | from) {m} (any more | anymore | any longer)?",
        "remove send as on {m} from {p}",
    ),
    (
        "{p} no longer (needs | requires) (access to | to read | to see | to open) {m}",
        "remove access to {m} from {p}",
    ),
    (
        "{p} no longer (needs | requires) (to send | sending) (as | from) {m}",
        "remove send as on {m} from {p}",
    ),
    (
        "(give | hand | pass) (over)? (his | her | their) (mailbox | inbox) (over)? to {p}",
        "give {p} full access to his mailbox",
    ),
    (
        "(give | hand | pass) (over)? {p}'s (mailbox | inbox) (over)? to {q}",
        "give {q} full access to {p}'s mailbox",
    ),
    ("cut {p} off (from)? {m}", "remove access to {m} from {p}"),
    // Groups
    (
        "{p} (should | must | needs to | has to | ought to | is to | shall | wants to) (also | now)? be (in | on | part of | a member of | a part of | added to | put in | put on) {g}",
        "add {p} to {g}",
    ),
    (
        "{p} (should | must | needs to | has to | ought to | is to | shall | can | may) (now)? (come off | come out of | go from | leave | be out of | be off) {g}",
        "remove {p} from {g}",
    ),
    (
        "{p} (should | must) (no longer | not) be (in | on | part of | a member of | a part of) {g} (any more | anymore | any longer)?",
        "remove {p} from {g}",
    ),
    (
        "{p} (shouldnt | mustnt) be (in | on | part of | a member of) {g} (any more | anymore | any longer)?",
        "remove {p} from {g}",
    ),
    (
        "{p} (has no business (being)? | does not belong | doesnt belong | no longer belongs) (in | on) {g} (any more | anymore | any longer)?",
        "remove {p} from {g}",
    ),
    ("{p} (comes | goes | to come | to go) (off | out of) {g}", "remove {p} from {g}"),
    ("{p} (goes | to go) (in | into | onto) {g}", "add {p} to {g}"),
    (
        "{p} .. (has | got | have) (nae | no) business (being)? (in | on) {g} (any more | anymore | any longer)?",
        "remove {p} from {g}",
    ),
    // Licences
    (
        "{p} (comes | goes | to come | to go)? off {l} (, | and)? (and)? (onto | on to | on | to | goes onto | goes on | goes to) {k}",
        "remove {l} from {p} and assign {k} to {p}",
    ),
    (
        "{p} (gets | to get | receives) {l} and (comes | goes) (off | out of) {g}",
        "assign {l} to {p} and remove {p} from {g}",
    ),
    ("{p} (gets | to get | receives | to receive) {l}", "assign {l} to {p}"),
    (
        "{p} (should | must | has to | ought to | is to | needs to) (also)? (get | have | receive | be given | be on) {l}",
        "assign {l} to {p}",
    ),
    (
        "(well be | ill be | we will be | we are going to be | were going to be | well | ill) (needing | need) {l} for {p}",
        "assign {l} to {p}",
    ),
    (
        "{l} (can | should | may | has to | must) (be taken off | be taken away from | be removed from | come off | go from | come away from) {p}",
        "remove {l} from {p}",
    ),
    (
        "{p} (no longer needs | no longer uses | does not need | doesnt need | wont need | will not need | does not use | doesnt use | can give up | can do without | can lose) {l} (any more | anymore | any longer)?",
        "remove {l} from {p}",
    ),
    // Roles
    (
        "{p} (should | must) (no longer | not) (hold | have | be) (a | an)? {r} (any more | anymore | any longer)?",
        "remove the role {r} from {p}",
    ),
    (
        "{p} (shouldnt | mustnt) (hold | have | be) (a | an)? {r} (any more | anymore | any longer)?",
        "remove the role {r} from {p}",
    ),
    ("{p} no longer (needs | requires) (a | an | the)? {r}", "remove the role {r} from {p}"),
    (
        "{p} (should | must | has to | ought to | is to) (get | have | hold | be given | become | be | be made) (a | an)? {r}",
        "assign the role {r} to {p}",
    ),
    // Leavers
    (
        "(run | do | start | arrange | process | complete | carry out | perform | initiate | kick off | trigger | organise | organize) (the | a)? (full | complete | whole | normal | standard | usual)? (leaver | exit | leaving | offboarding | termination) (process | procedure | checklist | steps | routine)? (for | of | on) {p}",
        "offboard {p}",
    ),
    (
        "(run | do | start | arrange | process | complete | carry out | perform | initiate | kick off | trigger | organise | organize) (the | a | his | her | their) (full | complete | whole | normal | standard | usual)? (leaver | exit | leaving | offboarding | termination) (process | procedure | checklist | steps | routine)?",
        "offboard him",
    ),
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
    // Devices
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
        "{p}'s {f} (should | ought to | must | has to | needs to) (now)? (read | be | say | become | change to | be changed to | show)",
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
        "(wish to have | want to have | like to have | have | get | want) (the)? {f} (of | for) {p} (changed | amended | updated | corrected | altered | set | adapted | modified) (to | into)",
        "please change {p}'s {f} to",
    ),
    (
        "(the)? {f} (of | for) {p} (should | must | needs to | has to | ought to | is to | may) (please | kindly)? (be | read | become | say | be changed to | be updated to | be amended to | be corrected to | be set to)",
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
