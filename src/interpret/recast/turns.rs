//! The ways of saying it, of what stands before the wish ("what Ada needs is …", "Ada's
//! sessions: end them"), of shorthand with arrows, and of what is missing, held or in the way:
//! the fourth part of the table.
//!
//! Not here: the other parts ([`super::ways`], [`super::things`], [`super::states`]).

/// What is said, and the order.
pub(super) const TURNS: &[(&str, &str)] = &[
    // What is wanted is said first, or last
    (
        "^ (so | well)? (,)? (what | all | the only thing) {p} (needs | requires | wants | lacks | is missing | would need) is",
        "{p} needs",
    ),
    (
        "{p}'s {thing} DASH (please | pls | just)? {does} (it | them | that | those | the lot) (all)?",
        "{does} {p}'s {thing}",
    ),
    (
        "(i | we | id | wed) (would)? (feel | be | sleep | rest) .. (better | happier | easier | grateful | glad | happy | relieved | delighted) if (you | yall | you all | someone | somebody | the desk) (could | would | were to)?",
        "please",
    ),
    // Accounts
    (
        "{p} (MUST | can | may) (no longer | not) (to)? (be able to | be allowed to)? (get into | get to | get at | access | use | reach | touch | log into) (anything | everything | our systems | the systems | any system | any of our systems | any of it)",
        "block sign in for {p}",
    ),
    (
        "{p} MUSTNT (be able to | be allowed to)? (get into | get to | get at | access | use | reach | touch | log into) (anything | our systems | the systems | any system | any of our systems | any of it)",
        "block sign in for {p}",
    ),
    (
        "(put | place | set | slap) (a | the)? (sign in | login | logon)? (block | ban) on {p}'s (account | login | sign in | access)",
        "block sign in for {p}",
    ),
    (
        "(put | place | set | slap) (a | the)? (sign in | login | logon)? (block | ban) on {p}",
        "block sign in for {p}",
    ),
    (
        "(remove | lift | take | clear | release | undo) (the)? (lock | lockout) (from | on | off | of | for) {p}'s (account | login | sign in)",
        "unlock {p}",
    ),
    (
        "(remove | lift | take | clear | release | undo) (the)? (lock | lockout) (from | on | off | of | for) {p}",
        "unlock {p}",
    ),
    ("(get | have) {p} unlocked", "unlock {p}"),
    (
        "{p}'s (acct | account | login | sign in) (, | -)? is it (on or off | off or on | enabled or disabled | active or not | enabled or not | blocked or not | active or inactive | active or blocked)",
        "show the account status of {p}",
    ),
    (
        "{p} (MUST | wants to | would like to) (reregister | reenrol | reenroll | register again | enrol again | enroll again) (for | in | with)? (his | her | their | the)? (mfa | 2fa | multifactor | multi factor | two factor | authenticator | second factor)",
        "reset the mfa of {p}",
    ),
    (
        "{p}'s (second factor | mfa | 2fa | authenticator | multifactor) MUST be (set up | registered | configured | done) (again | anew | from scratch)",
        "reset the mfa of {p}",
    ),
    (
        "{p}'s (password | passwd | pw | pwd) MUST be (changed | renewed | replaced) (by (him | her | them))? (at | on | upon | when)? (the | his | her | their)? (next | first) (time)?",
        "make {p} change the password at next",
    ),
    (
        "(make | have | let) {p} (pick | choose | set | change) (a | his | her | their)? (new | fresh | own)? (password | pw | one) (when | as soon as | once | whenever) (he | she | they | {q}) (next)? (signs | logs | comes | sign | log | come) (back)? (in | on)",
        "make {p} change the password at next sign-in",
    ),
    ("{p} (MUST | wants to)? be shut out", "block sign in for {p}"),
    (
        "(want | wants | need | needs | like) {p} (to be)? (shut out | locked out | kept out | blocked out)",
        "please block sign in for {p}",
    ),
    (
        "(want | need | like) {p} to (have to)? (log in | sign in) again (everywhere | on all devices | on every device)",
        "please sign {p} out everywhere",
    ),
    (
        "(as)? (from | of | per) .. {p}'s (line)? manager (is | will be | becomes) {q}",
        "change the manager of {p} to {q}",
    ),
    (
        "{p} (will be | is) working for {q} (, | - | so)? (so)? (please)? make (him | her) (his | her | their) (line)? manager",
        "change the manager of {p} to {q}",
    ),
    (
        "{p} (needs | requires | is missing | lacks) a sponsor (: | - | ,) {q}",
        "add {q} as sponsor for {p}",
    ),
    // Licences
    (
        "(hell | shell | theyll | he will | she will | they will) (also | now | then)? (need | be needing | require) {l}",
        "assign {l} to him",
    ),
    (
        "(kick | boot | kill | drop | end | stop | throw out | close) (all | every | any) (of)? (his | her | their | the)? (active | open | running | current)? (sessions | session)",
        "revoke all sessions",
    ),
    ("^ {l} (- > | = > | → | >) {p} ^", "assign {l} to {p}"),
    ("^ {p} (- > | = > | → | >) {l} ^", "assign {l} to {p}"),
    (
        "(reclaim | recover | release | free | free up | take back | get back | claw back | pull | pull back | recall) {l} (held by | assigned to | used by | sitting with | sitting on | that is with | parked on | parked with) {p}",
        "remove {l} from {p}",
    ),
    ("what (is | are) {p} licensed (for | with | as)", "list the licences of {p}"),
    ("(which | what) (plan | licence | license | product) is {p} on", "list the licences of {p}"),
    (
        "(what | which) (lists | groups) (does | is) {p} (get | getting) (MAILS)? (from | through | via)",
        "list the groups of {p}",
    ),
    (
        "(has | does) {p} (got | have | own) (any | a) (device | devices | laptop | phone | machine) (registered | enrolled | assigned)?",
        "list the devices of {p}",
    ),
    (
        "(which | what) (products | skus | plans) (is | are | does | do | has) {p} (assigned | licensed for | have | hold | use | using | on)?",
        "list the licences of {p}",
    ),
    ("(products | skus | plans) (assigned to | held by | given to) {p}", "licences of {p}"),
    (
        "(who is | whos | who are) (using up | using | consuming | eating up | burning | sitting on | occupying | taking up) (all)? (of)? (our | the)? {l}",
        "list all users with {l}",
    ),
    (
        "who (in | at | from) (the)? {place} (department | team)? (still)? (has | holds | uses | is on | got | has got) {l}",
        "list all users in {place} with {l}",
    ),
    (
        "(move | transfer | hand | pass | give | reassign | switch) {p}'s {l} (over)? to {q}",
        "remove {l} from {p} and assign {l} to {q}",
    ),
    (
        "{p} .. {l} (, | DASH | so | and)? (so | and)? (please)? (move | transfer | hand | pass | give | reassign) (her | his | their | the | that) (licence | license | seat | one) (over)? to {q}",
        "remove {l} from {p} and assign {l} to {q}",
    ),
    (
        "(one | {n})? {l} (, | :)? .. one for {p} (, | and)? (and)? one for {q}",
        "assign {l} to {p} and assign {l} to {q}",
    ),
    (
        "(get | buy | order | purchase | procure) (us | me)? (some | a few | more | additional | extra | a couple of | several) (more | extra | additional)? {l}",
        "buy {l} licences",
    ),
    (
        "(need | needs | want | wants | require | requires) (to buy | to order | to purchase)? (some | a few | more | additional | extra | a couple of | several) (more | extra | additional)? {l} .. (place the order | buy them | order them | purchase them | get them)",
        "kindly buy {l} licences",
    ),
    // Groups
    ("{p} (also)? (is | are) (also | still)? missing (from | on | in | off) {g}", "add {p} to {g}"),
    (
        "(he | she | they) (also)? (is | are) (also | still)? missing (from | on | in | off) {g}",
        "add him to {g}",
    ),
    (
        "{p} (doesnt want | does not want | dont want | no longer wants | is tired of | is fed up with) (to)? (get | getting | receive | receiving | have)? (the | any | those)? {g} (mails | mail | emails | email | messages | newsletters)? (any more | anymore | any longer | no more)? (, | - | and | so)? (please)? (unsubscribe (him | her | them))?",
        "remove {p} from {g}",
    ),
    ("(move | shift | hang | slot) {p} under {q}", "change the manager of {p} to {q}"),
    (
        "(which | what | whichever) (people | users | staff | colleagues | employees) (does | do) {p} (manage | supervise | lead | run)",
        "list all users who report to {p}",
    ),
    ("who (does | do) {p} (manage | supervise | lead)", "list all users who report to {p}"),
    (
        "(which | what) (people | users | staff | colleagues | employees | persons) (report | reports | are reporting) (directly)? (to | into) {p}",
        "list all users who report to {p}",
    ),
    (
        "{p} (MUST | wants to | would like to)? be (in | on | added to | put in | put on | part of) {g} and (to)? (have | get | hold | be given | be on) {l}",
        "add {p} to {g} and assign {l} to {p}",
    ),
    (
        "{p} (takes over | takes on | takes | will take over | is taking over | inherits) {r} from {q}",
        "assign the role {r} to {p} and remove the role {r} from {q}",
    ),
    (
        "{p} (takes over | takes | will take over | is taking over | inherits) {l} from {q}",
        "remove {l} from {q} and assign {l} to {p}",
    ),
    (
        "{p} DASH {r} (down to | up to | for | - > | →) {s}",
        "remove the role {r} from {p} and assign the role {s} to {p}",
    ),
    (
        "(, | ; | and | + | :) (all | his | her | their)? (licences | licenses) (off | gone | away)",
        ", take all his licences away",
    ),
    (
        "what (office | department | team | site) is {p} (in | at | based in)?",
        "show the details of {p}",
    ),
    (
        "(log | record | note | enter | write | jot) (this | it | the following | that)? (down)? (in | into | to | on) {w}",
        "add a row to {w}",
    ),
    (
        "{p} (needs | should have | should get | gets | wants | would need) {m} (, | - | :)? (both)? (reading | read | to read | full access) (and | + | plus | &) (sending | send | to send | replying | to reply) (MAILS)? (as | from) (it | that)",
        "give {p} full access to {m} and give {p} send as on {m}",
    ),
    (
        "{p} (acct | account | login) (, | -)? is it (on or off | off or on | enabled or disabled | active or not | enabled or not | blocked or not | active or inactive | active or blocked)",
        "show the account status of {p}",
    ),
    (
        "{p} (MUST | wants to | would like to) (re register | re enrol | re enroll) (for | in | with)? (his | her | their | the)? (mfa | 2fa | multifactor | multi factor | two factor | authenticator | second factor)",
        "reset the mfa of {p}",
    ),
    // Lists
    (
        "(provide | furnish | produce | output | supply | return | share) (me | us)? (with)? (all | the | a list of | an overview of | the overview of | a listing of) (the | all | our | all the | all our)? {nouns}",
        "list all {nouns}",
    ),
    // Workbooks
    (
        "row {n} (should | must | has to | needs to | ought to | is to) (now)? (read | be | say | contain | hold | become | show | look like) (exactly)? (:)?",
        "change row {n} to",
    ),
    // Roles
    (
        "^ {p} DASH {r} (+ | and | & | plus) {s} ^",
        "assign the role {r} to {p} and assign the role {s} to {p}",
    ),
    (
        "{p} (MUST)? (give back | gives back | hand back | hands back | lose | loses | give up | gives up) {r} (, | and)? (and)? (becomes | become | gets | get | receives | receive) {s} (instead)?",
        "remove the role {r} from {p} and assign the role {s} to {p}",
    ),
    // Devices
    (
        "{d} .. (DASH | ; | and | so)? (it)? (needs | wants | requires | must be | should be | has to be | needs to be | ought to be) (wiping | erasing | a wipe | a remote wipe | wiped | erased)",
        "wipe {d}",
    ),
    (
        "(reset | restore | return | take | put | bring) (it | that | this) (back)? to (its | the)? (factory settings | factory defaults | factory state | factory condition | factory)",
        "wipe it",
    ),
    (
        "(reset | restore | return | take | put | bring) {d} (back)? to (its | the)? (factory settings | factory defaults | factory state | factory condition | factory)",
        "wipe {d}",
    ),
    (
        "(kill | delete | remove | drop | bin | clear | purge | zap) (also)? (the | its | this | that)? (old | stale | dead)? (device | directory | computer)? (object | record | entry) (too | also)? (in | from | out of) (entra | azure | aad | the directory | directory | ad)",
        "delete the device",
    ),
    (
        "(kill | delete | remove | drop | bin | clear | purge | zap) (the | its | this | that) FIGURE (object | record | entry)",
        "delete the device",
    ),
    (
        "{d} (: | ,) .. (just | only) (please)? (pull | take | get | strip) (the | all | our)? (company | work | corporate | business) (stuff | data | things | apps | mail) off",
        "retire {d}",
    ),
    (
        "{p} (MUST | wants to | would like to | can | could)? (be able to | be allowed to)? (read along | look | peek | look along) (in | into) {m}",
        "give {p} full access to {m}",
    ),
    (
        "{p} (deputises | deputizes | covers | stands in | fills in | acts | is covering | is standing in | is deputising | is filling in) (up)? for {q} (, | ;)? (and | so)? (he | she | they)? (MUST | will need to | wants to) (be able to | be allowed to)? READ (his | her | their) (mailbox | inbox | mails | mail)",
        "give {p} full access to {q}'s mailbox",
    ),
    ("{p} MUST (receive | get) {q}'s MAILS", "forward {q}'s mail to {p}"),
    (
        "{p} LOSES (send as) (, | and | &) full access (on | to) {m}",
        "remove send as on {m} from {p} and remove full access to {m} from {p}",
    ),
    (
        "(reverse | undo | lift | end | cancel) the (suspension | ban | deactivation | block) (of | on | for) {p}",
        "enable {p}",
    ),
    (
        "{p} (hands | gives | is handing | is giving | wants to give | will give | can give) {l} back",
        "remove {l} from {p}",
    ),
    // Out and off
    (
        "{p} (wants | wishes | would like | has asked | asked | asks | is asking) (to be | to come | to get)? (out of | off | off of | taken off | taken out of | removed from) {g}",
        "please remove {p} from {g}",
    ),
    ("^ (please | pls)? {l} (off | off of | away from) {p}", "remove {l} from {p}"),
    (
        "{p} (changes | moves | switches | goes | is moving | is switching | should move | has to move) from {g} (to | into | over to) {h}",
        "remove {p} from {g} and add {p} to {h}",
    ),
    // Mailboxes
    ("^ no more forwarding (from | of | on | for) {m}", "remove the forwarding of {m}"),
    (
        "^ no forwarding (from | of | on | for) {m} (any more | anymore | any longer)",
        "remove the forwarding of {m}",
    ),
    (
        "ALL (MAILS)? (to | for | sent to | addressed to | in) {m} MUST (also)? reach {p}",
        "forward mail of {m} to {p}",
    ),
    ("^ {q}'s MAILS (- > | = > | → | >) {p}", "forward {q}'s mail to {p}"),
    ("^ {q} (mails | mail | emails | email) (- > | = > | → | >) {p}", "forward {q}'s mail to {p}"),
    ("(close | shut) {m} (to | for) {p}", "remove access to {m} from {p}"),
    (
        "{p} (has to | needs to | must | should | wants to | will need to) (be able to)? look (into | in) {m}",
        "give {p} full access to {m}",
    ),
    (
        "{p} (also | now)? (will want to | wants to | would like to | needs to | has to | MUST | will need to) (be able to)? READ {m} (, | and)? (and)? (also)? (to)? (answer | reply | write | send) (MAILS)? (under | in | with | as | from) (its | the same | that) (own)? (name | address)?",
        "give {p} full access to {m} and give {p} send as on {m}",
    ),
    (
        "{p} DASH full access (plus | and | + | &) send as (on | to | for | in)? {m}",
        "give {p} full access to {m} and give {p} send as on {m}",
    ),
    (
        "{m} DASH full access (plus | and | + | &) send as (for | to) {p}",
        "give {p} full access to {m} and give {p} send as on {m}",
    ),
    (
        "{p} (is | are)? (to | may | shall | should | must) (be able to | be allowed to)? send on behalf of {q}",
        "give {p} send on behalf on {q}'s mailbox",
    ),
    (
        "{p} (MUSTNT | isnt to | is not to) (be sending | be replying | send | reply) (MAILS)? (as | from) {m} AFTERWARDS",
        "remove send as on {m} from {p}",
    ),
    (
        "{m} DASH {p} (MUSTNT | isnt to | is not to) (be sending | be replying | send | reply) (MAILS)? (as | from) it AFTERWARDS",
        "remove send as on {m} from {p}",
    ),
    (
        "{p} NEEDLESS (the)? {m} (any more | anymore | any longer | now | no more)? (, | - | so | and)? (please)? (take (his | her | their) access (off | away))?",
        "remove access to {m} from {p}",
    ),
    (
        "{p} (writes | answers | sends | replies to) (the)? (MAILS) for {q} (, | so | and)? (please)? (give (him | her | them) | needs | he needs | she needs) send on behalf",
        "give {p} send on behalf on {q}'s mailbox",
    ),
    ("{m} MUST automatically (answer | reply | respond)", "set an out of office on {m}"),
    // Policies and apps
    (
        "(what | which) (consents | permissions | grants) (have | has | did | were | was) .. (given | granted | give | grant) (to | for) {a}",
        "list the oauth grants of {a}",
    ),
    (
        "(which | what) (policies | ones | rules) are (still | only | just | currently)? (in | on) (report mode | reporting mode | report only mode | report only)",
        "list the conditional access policies in report only",
    ),
];
