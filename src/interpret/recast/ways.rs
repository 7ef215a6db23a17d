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
    (
        "{p} (could | can | should | must | needs to | has to | ought to) (both)? (be able to)? (read | open | see | view | access | get into) {m} and (to | also | then)? (reply | answer | write | send) (from it)? (as | from | under | with) (it | that | that address | this address | the same address) (as well | too)?",
        "give {p} full access to {m} and give {p} send as on {m}",
    ),
    (
        "(allow | let) {p} into {m} (, | and)? (and)? (also)? (to)? (allow {q} | let {q})? (to)? (answer | reply | write | send) (under | from | as | with | using) (that | this | the same) address (as well | too)?",
        "give {p} full access to {m} and give {p} send as on {m}",
    ),
    (
        "{p} get (to | into) it and (also)? (reply | answer | send | write) as {m}",
        "give {p} full access to {m} and give {p} send as on {m}",
    ),
    (
        "{p} (should | must | may | can | shall | is | ought | will | has) (no longer | not | never) (to)? (be able to | be allowed to)? (look into | look in | look at | get at | reach | go into) {m} (any more | anymore | any longer)?",
        "remove access to {m} from {p}",
    ),
    ("(let | allow | have) {p} (to)? (look into | look in) {m}", "give {p} full access to {m}"),
    (
        "{p} (can | could | may | should | must) (look into | look in) {m}",
        "give {p} full access to {m}",
    ),
    (
        "P's (access | rights) to {m} and (his | her | their) (ability | right | permission) to send (as | from) .. (should | must | can | has to | is to) (both)? (end | go | stop | cease)",
        "remove access to {m} from him and remove send as on {m} from him",
    ),
    (
        "{p} (shouldnt | should not | mustnt | must not | cannot | may not) (be able to | be allowed to)? send (mails | mail)? as {m} (any more | anymore | any longer)?",
        "remove send as on {m} from {p}",
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
        "(make | see | ensure | arrange | take care) (sure | it | so | to it)? (that)? {p} (is | are) (not any more | not any longer | not anymore | no longer | no more | not) (in | on | part of | a part of | a member of | members of) {g} (any more | anymore | any longer)?",
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
    (
        "(make | see | ensure | arrange | have) (it)? (so | to it)? that {p} (comes | goes | gets | is put) (in | into | onto) {g}",
        "add {p} to {g}",
    ),
    ("{p} (comes | to come) (in | into | onto) {g}", "add {p} to {g}"),
    ("^ {p} (out of | off) {g} ^", "remove {p} from {g}"),
    (
        "^ {p} (out of | off) (it | that | that one | that group | that list) ^",
        "remove {p} from it",
    ),
    (
        "{g} (changes | membership | members)? (:)? in (= | :) {p} (, {q})? (, {x})?",
        "add {p} , {q} , {x} to {g}",
    ),
    ("^ out = {p} ^", "remove {p} from it"),
    (
        "(relieve | rid) {p} of (his | her | their) (place | seat | spot | membership) (in | on) (it | that)",
        "remove {p} from it",
    ),
    (
        "(hell | shell | theyll | he will | she will) (also)? (have to | need to) be (in | on) {g}",
        "add him to {g}",
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
    (
        "(then)? (free | release) (up)? (his | her | their) (licence | license | seat)",
        "take his licence away",
    ),
    (
        "^ (approved | signed off | go ahead | ok) (: | ,)? {n} (x)? (more | additional | extra | further)? {l} ^",
        "buy {n} {l} licences",
    ),
    (
        "{n} (x)? (more | additional | extra)? {l} (, | and)? (please)? place the order",
        "buy {n} {l} licences",
    ),
    ("(who is | who are | whos) (holding | using | on) {l}", "list all users with {l}"),
    (
        "(everyone | everybody | all | people | all people) who (has | have) me as (their | a | the)? (line)? manager",
        "everyone who reports to me",
    ),
    ("(accounts | logins | users) (that | which) are (switched | turned) off", "disabled accounts"),
    (
        "in which groups (do we find | is | are | can we find | will i find) {p}",
        "list the groups of {p}",
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
    ("role + {p} (/ | : | -)? {r}", "assign the role {r} to {p}"),
    ("role - {p} (/ | : | -)? {r}", "remove the role {r} from {p}"),
    // Leavers
    (
        "(run | do | start | arrange | process | complete | carry out | perform | initiate | kick off | trigger | organise | organize) (the | a)? (full | complete | whole | normal | standard | usual)? (leaver | exit | leaving | offboarding | termination) (process | procedure | checklist | steps | routine)? (for | of | on) {p}",
        "offboard {p}",
    ),
    (
        "(run | do | start | arrange | process | complete | carry out | perform | initiate | kick off | trigger | organise | organize) (the | a | his | her | their) (full | complete | whole | normal | standard | usual)? (leaver | exit | leaving | offboarding | termination) (process | procedure | checklist | steps | routine)?",
        "offboard him",
    ),
];
