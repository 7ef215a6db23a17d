//! The ways of asking to be told something, and of what is wished with little words around it: the
//! sixth part of the table.
//!
//! Not here: what only looks like a question ([`crate::interpret::looks`]).

/// What is said, and the order.
pub(super) const LOOKED: &[(&str, &str)] = &[
    // Wishes that begin with a bow
    (
        "(would | could | will | can) (you | someone | somebody) be (so | that) (good | kind | nice) (as)? to",
        "kindly",
    ),
    (
        "(would | could | will | can) (you | someone | somebody) be (so | that) (good | kind | nice) and",
        "kindly",
    ),
    (
        "(be so good as to | be so kind as to | be a dear and | be a star and | be an angel and)",
        "kindly",
    ),
    (
        "(can | could | would) (you)? let me have (a | an | the)? (full | complete | quick | short | current)? (list | overview | summary | rundown | report) of",
        "show me the list of",
    ),
    (
        "(can | could | may | might) (i | we) (please)? (have | get | see) (a | an | the)? (full | complete | quick | short | current)? (list | overview | summary | rundown | report) of",
        "show me the list of",
    ),
    (
        "({x} | finance | the client | client | management | audit | accounting | the auditors | they | my boss) (wants | want | needs | need | would like) to (know | see) which",
        "show me which",
    ),
    (
        "({x} | finance | the client | client | management | audit | accounting | the auditors | they | my boss) (wants | want | needs | need | would like) to (know | see) what",
        "show me what",
    ),
    ("(the)? same question for {l}", "how many {l} licences do we have"),
    (
        "(give | return | send | hand) me (all)? (of)? the (rows | lines | entries | contents) of",
        "show me the rows of",
    ),
    // People
    (
        "(who | whom) (do | have) (you | we) (have | got)? (down | listed | recorded | registered)? (as)? (working | sitting | based | located | stationed)? (in | at | out of) (the)? {office} (office)?",
        "list all users in {office}",
    ),
    (
        "(which | what | whose) (accounts | logins | users | people) are (currently | presently | now | still)? (switched | turned) off",
        "list all disabled users",
    ),
    (
        "(which | who) of my (people | team | reports | guys | lot | folks | staff) (have | has | hold | holds | use | uses | got | is on | are on | has got | have got) {l}",
        "list all users who report to me with {l}",
    ),
    (
        "(show | tell | give) me (what | everything | all | whatever) (that)? (you | we | the system | the directory | it | they) (have | has | know | knows | hold | holds | got | see) (stored | saved | recorded | down | on file)? (on | about | for) me",
        "show my details",
    ),
    (
        "(show | tell | give) me (what | everything | all | whatever) (that)? (you | we | the system | the directory | it | they) (have | has | know | knows | hold | holds | got | see) (stored | saved | recorded | down | on file)? (on | about | for) {p}",
        "show the details of {p}",
    ),
    (
        "what (the system | the directory | you) (knows | know | has | have | hold | holds) (stored | saved | recorded | down | on file)? (on | about | for) {p}",
        "show the details of {p}",
    ),
    (
        "what (does | do) (the system | the directory | you | we) (know | have | hold) (stored | saved | recorded | down | on file)? (on | about | for) {p}",
        "show the details of {p}",
    ),
    (
        "(what | which) (licences | licenses | plans) (has | have | does) (he | she | they) (have | hold | got)? (already | now | at the moment | at present)?",
        "list his licences",
    ),
    (
        "{p} MAILS MUST (go | be forwarded | be sent | come) (on)? to {q}",
        "forward {p}'s mail to {q}",
    ),
    // Things
    (
        "(bring | call | dig | pull) up (me)? its (details | settings | info | particulars)",
        "show its details",
    ),
    (
        "(bring | call | dig | pull) up (me)? the (details | settings | info | particulars) (of | for | on)",
        "show the details of",
    ),
    (
        "{p} DASH what (licences | licenses | licence | license | plans) (is | does | has) (he | she | they) (on | have | hold | got)",
        "list the licences of {p}",
    ),
    (
        "{p} DASH (what | which) (groups | lists) (is | are) (he | she | they) (in | on | a member of)",
        "list the groups of {p}",
    ),
    // Entries
    (
        "^ (a | an | one | two | three | four | some | a few | small | quick | FIGURE)? (small | quick)? (corrections | fixes | changes | updates | amendments | edits | correction | fix | change | update | amendment | edit) (please)? (on | to | for | in | of | at) {p}'s (own)? (profile | entry | record | details | data | account | card) (please)? (: | DASH)",
        "please update {p}'s profile :",
    ),
    (
        "{p}'s (own)? (profile | entry | record | details | data | card) (is | are | needs | need) (out of date | outdated | wrong | stale | not right | incorrect | old | updating | fixing | correcting) (: | DASH)",
        "please update {p}'s profile :",
    ),
    // Mailboxes
    (
        "(give | grant) (to)? {p} (the | a)? (permission | right | rights | possibility | ability) (for | to | of)? (look into | look in | READ) {m}",
        "give {p} full access to {m}",
    ),
    (
        "(and)? (also)? that (he | she | they) (can | may | could | MUST | is able to | are able to) (be able to)? (also)? (answer | reply | write | send) (MAILS)? (as | like | under | from | in the name of) {m} (too | as well | also)?",
        "and give him send as on {m}",
    ),
    (
        "{m} DASH {p} (both | all | each)? (MUST | want to | wants to | would like to) (be able to | be allowed to)? READ it",
        "give {p} full access to {m}",
    ),
    (
        "(and | but)? only {p} (MUST | may | can | shall) (be able to | be allowed to)? (also)? (send | reply | answer | write) (MAILS)? (as | from) (it | that)",
        "and give {p} send as",
    ),
    (
        "(his | her | their) (mailbox | inbox) {some} (and | then | ,) (also)? let {q} (in | into it | get into it | get in | have it | use it | see it | read it | have access | have access to it)",
        "his mailbox {some} and give {q} full access to his mailbox",
    ),
    (
        "{p}'s (mailbox | inbox) {some} (and | then | ,) (also)? let {q} (in | into it | get into it | get in | have it | use it | see it | read it | have access | have access to it)",
        "{p}'s mailbox {some} and give {q} full access to {p}'s mailbox",
    ),
    (
        "(hed | shed | theyd | wed | id | he would | she would | they would | i would | {x} would | would) (really | very much)? like {p} to (be able to | be allowed to | have the right to)? send (MAILS)? on behalf of {q}",
        "please give {p} send on behalf on {q}'s mailbox",
    ),
    (
        "(we need | we want | i need | i want | need | we could use) (somewhere | a place | some place | a home | an address) for .. (: | , | DASH) (a | one)? (new)? shared mailbox",
        "please create a shared mailbox",
    ),
    (
        "{p} (MUST | may | can | is | will) (no longer | no more | not) have (any)? (insight | access | a look) (in | into | to) {m}",
        "remove full access to {m} from {p}",
    ),
    (
        "(can | could | would | may) {m} (please | kindly)? (reply | answer | respond) automatically",
        "please set an out of office on {m}",
    ),
    (
        "(can | could | would | may) {m} (please | kindly)? (answer | reply to | respond to) (people | everyone | everybody | callers | senders | all)? with",
        "please set an out of office on {m} saying",
    ),
    (
        "(arrange | arrange for | ensure | make sure | see to it | see) (it)? (that)? (all | everything | anything | whatever | all mail | mail | every mail) (that)? (arriving at | arriving in | sent to | addressed to | coming to | coming in at | comes to | arrives at | arrives in | lands in | is sent to) {m} (also)? (reaches | goes to | gets to | comes to | lands with | is sent to) {q} (too | also | as well)?",
        "forward mail of {m} to {q}",
    ),
    (
        "(arrange | arrange for) (all | everything | anything | whatever | mail) (that)? (arriving at | arriving in | sent to | addressed to | coming to | comes to | arrives at | arrives in | lands in) {m} to (travel | go | be sent | be forwarded | come) (on)? to {q}",
        "forward mail of {m} to {q}",
    ),
    // Groups
    (
        "(we | i) (could do with | could use | are after | were after | would love | would like) (a | an | another) (new)? {kind} (list | group)",
        "please create a {kind} group",
    ),
    (
        "(put | add | stick | pop) {p} (in | into | to | on | onto) {g} (,)? and (while youre (at it | there | in there) | while you are (at it | there | in there))? (,)? (also)? (in | into | to | on | onto) {h} (too | as well | also)?",
        "add {p} to {g} and add {p} to {h}",
    ),
    // Accounts and devices
    (
        "{p}'s (account | login | sign in | acct) (is to | MUST | can) (now)? (come | go | be) (back)? (on | alive | live | active) (again)?",
        "enable {p}",
    ),
    (
        "(get | give | issue | hand | set | send | make) {p} a (new | fresh | temporary | temp)? (temporary | temp)? (password | pw | one) (, | -)? (which | that | one)? (one)? (he | she | they) (must | has to | have to | should | needs to | need to | is to) (change | replace) (on | at | as soon as | once | when | after | upon) .. (use | in | sign in | login | logon | it)",
        "reset the password of {p} and force a change at next sign-in",
    ),
    (
        "(take | pull | get | remove | wipe) (only | just) (the | our)? (work | company | corporate) (stuff | data | things | apps) (off | from) (of)? it",
        "retire it",
    ),
    (
        "(make | set) (it | the account | his account | her account | their account) free (again)?",
        "unlock him",
    ),
    (
        "(wipe | erase) it (from remote | from afar | from far | from the distance | over the air)",
        "wipe it",
    ),
    (
        "{p} (from {place} | in {place} | of {place})? (becomes | become) (please)? {l}",
        "assign {l} to {p}",
    ),
    (
        "{p} (MUST) at (the | his | her | their)? next (login | logon | sign in) (choose | set | pick | change) (by (himself | herself | themselves))? (a | his | her | their)? (new | own)? (password | pw)",
        "make {p} change the password at next sign-in",
    ),
    (
        "{m} (, | :)? the (send as) (right | rights | permission) of {p} (can | may | MUST) (now)? (go away | go | be removed | be taken away)",
        "remove send as on {m} from {p}",
    ),
    (
        "the (send as) (right | rights | permission) of {p} (on | at | for | in) {m} (can | may | MUST) (now)? (go away | go | be removed | be taken away)",
        "remove send as on {m} from {p}",
    ),
    (
        "{p} (MUST) (be able to | be allowed to)? send (MAILS)? on {q}'s behalf",
        "give {p} send on behalf on {q}'s mailbox",
    ),
    (
        "(need | want) (the | all | all the | a list of | a list of the)? noncompliant {some} (boxes | machines | devices | laptops | computers | kit)",
        "list noncompliant {some} devices",
    ),
    (
        "^ (please | full | a)? (factory reset | remote wipe) (it | this | that)? (please)?",
        "please wipe it",
    ),
    (
        "(take | pull | get | remove | wipe) (only | just) (the | our)? (work | company | corporate) (stuff | data | things | apps) (off | from) (of)? {d}",
        "retire {d}",
    ),
    // Seats
    (
        "^ (please | pls)? (cancel | return | give back | hand back | drop) {n} (x | of | of our | of the)? (seats | licences | licenses)? (of | of our)? {l} (please)? ^",
        "cancel {n} of our {l} seats",
    ),
];
