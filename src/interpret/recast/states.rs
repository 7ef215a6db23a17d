//! The ways of saying it, of rights that are needless or missing, of mail that should go
//! somewhere else, of policies, roles, licences and apps: the third part of the table.
//!
//! Not here: the other parts ([`super::ways`], [`super::things`]).

/// What is said, and the order.
pub(super) const STATES: &[(&str, &str)] = &[
    // "Change CHG-1 is approved: …": why it may be done, and no part of it.
    (
        "^ (the)? (change | request | ticket)? CODE (is | was | has been)? (now)? (approved | signed off | agreed | authorised | authorized) (by P)? (: | , | DASH)",
        "please",
    ),
    // Rights nobody needs any more
    (
        "{p} NEEDLESS (to)? (be)? (send | sending) (MAILS)? on behalf of (the)? (box | mailbox | inbox | address)? {m} AFTERWARDS",
        "remove send on behalf on {m} from {p}",
    ),
    (
        "{p} NEEDLESS (to)? (send | sending) (MAILS)? (as | from | under) (the)? (box | mailbox | address)? {m} AFTERWARDS",
        "remove send as on {m} from {p}",
    ),
    (
        "{p} (no longer needs | no longer requires | no longer has | does not need | doesnt need | need not | neednt | needs no longer | has no need | has no reason | has no business) (any more | anymore | any longer | now)? (to)? READ {m} AFTERWARDS",
        "remove access to {m} from {p}",
    ),
    (
        "{p} (no longer needs | no longer requires | does not need | doesnt need | needs no longer) (any more | anymore | any longer | now)? (the)? {m} AFTERWARDS",
        "remove access to {m} from {p}",
    ),
    (
        "{p} MUSTNT (be able to | be allowed to)? READ {m} AFTERWARDS",
        "remove access to {m} from {p}",
    ),
    (
        "{m} .. {p} LOSES (his | her | their | the)? (full)? access (to it)? (, | ; | and | while | but)? (and)? {q} GAINS (it | that | the same | full access | access) (instead)?",
        "remove full access to {m} from {p} and give {q} full access to {m}",
    ),
    (
        "{m} .. {p} GAINS (full)? access (to it)? (, | ; | and | while | but)? (and)? {q} LOSES (it | that | the same | his | hers | theirs | full access | access)",
        "give {p} full access to {m} and remove full access to {m} from {q}",
    ),
    (
        "{p} LOSES (his | her | their | the)? (full)? access to {m} (, | ; | and | while | but)? (and)? {q} GAINS (it | that | the same | full access | access) (instead)?",
        "remove full access to {m} from {p} and give {q} full access to {m}",
    ),
    (
        "{p} GAINS (full)? access to {m} (, | ; | and | while | but)? (and)? {q} LOSES (it | that | the same | his | hers | theirs | full access | access)",
        "give {p} full access to {m} and remove full access to {m} from {q}",
    ),
    // Rights somebody should have
    (
        "{p} MUST (also)? have (the)? (possibility | ability | option | right | chance) (to send | of sending) (MAILS)? (as | from) {m}",
        "give {p} send as on {m}",
    ),
    (
        "{p} MUST (be able to)? send (MAILS)? (as | from) {m} (, | and)? (and)? (also)? (to)? (read | open | see) it (too | also | as well)?",
        "give {p} send as on {m} and give {p} full access to {m}",
    ),
    (
        "(when | whenever | if) {p} (answers | replies | writes | responds | reply | answer) .. (the | his | her | their)? MAILS (it)? MUST (go out | leave | be sent | come | appear | go) (as | from | with | under | under the name of | in the name of) {m}",
        "please give {p} send as on {m}",
    ),
    (
        "{p}'s MAILS MUST (go out | leave | be sent | come | appear | go) (as | from | with | under | under the name of | in the name of) {m}",
        "please give {p} send as on {m}",
    ),
    (
        "{p}'s (MAILS) MUST (go out | leave | be sent | come | appear | go) with {m} as (the)? sender",
        "please give {p} send as on {m}",
    ),
    (
        "COULD {m} be (opened up | opened | shared | made available | made accessible | unlocked) (to | with | for) {p}",
        "please give {p} full access to {m}",
    ),
    ("(open | share) {m} (up)? (to | with | for) {p}", "give {p} full access to {m}"),
    (
        "COULD i (please)? (have | get | be given | be granted) (the | a)? (right | rights | permission)? (to)? send on behalf (rights | permission)? (for | on | of | in) {m}",
        "please give me send on behalf on {m}",
    ),
    (
        "^ (and | , | oh)? (and)? (of course)? (also)? to read {m} (too | also | as well)? ^",
        "and give him full access to {m}",
    ),
    // Mail that should go somewhere else
    (
        "(redirect | forward | divert | route | pass | send | move) ALL COMES {m} (into | onto | on to | over to | to | in)",
        "forward mail of {m} to",
    ),
    (
        "ALL COMES {m} (, | :)? (please)? (pass | send | forward | redirect | route | divert) (it | that)? (on)? (to | into | in | onto)",
        "forward mail of {m} to",
    ),
    ("ALL COMES {p} MUST (now)? (also)? GO (on)? (with | to | at | in)?", "forward {p}'s mail to"),
    (
        "(any chance | any chance that | any way | is it possible for | would it be possible for | is it possible that | would it be possible that | is there a way for | is there any way | could it be arranged that) {p}'s MAILS (could | can | might | to | would)? GO (over | on)? (to | with)",
        "kindly forward {p}'s mail to",
    ),
    (
        "{p}'s MAILS MUST (now | all | also)? (go | come | be sent | be forwarded | be redirected | run | land) (on)? (to | with)",
        "forward {p}'s mail to",
    ),
    (
        "(send | pass | direct | route | redirect | deliver) {p}'s MAILS (on | over)? to",
        "forward {p}'s mail to",
    ),
    (
        "(have | get) ALL (for | of) {p} (delivered | sent | forwarded | redirected | passed on) to",
        "forward {p}'s mail to",
    ),
    (
        "the (redirect | redirection | forward | forwarding) (to {q})? (on | of | for | from) {m} (isnt | is not | is no longer) (needed | required | wanted) (any more | anymore | any longer)?",
        "remove the forwarding of {m}",
    ),
    // Workbooks
    (
        "(append | add | insert | put | enter | write) (one | a | an | another | the following | this)? (new | more | further | extra)? (line | record | entry) (to | in | into | at the end of | at the bottom of) {w}",
        "add a row to {w}",
    ),
    // Policies
    (
        "(the)? (policy | ca policy | conditional access policy)? {c} (has been superseded | is superseded | is obsolete | is outdated)? (and)? (is to | should | can | must | may | has to) be (removed | deleted | dropped | scrapped) (altogether | completely | entirely)?",
        "delete the policy {c}",
    ),
    (
        "(flip | switch | turn | move | take | bring | put | set) {c} from (report only | report DASH only | reporting | off | disabled) (mode)? (to | into) (on | enabled | enforced | live | enforce | active)",
        "set {c} to on",
    ),
    (
        "(flip | switch | turn | move | take | bring | put | set) {c} from (on | enabled | enforced | live) (to | into) (report only | report DASH only | reporting) (mode)?",
        "set {c} to report only",
    ),
    (
        "(take | move | bring | get | pull | lift) {c} (out of | off | from) REPORTING (, | and)? (and)? (ENFORCED)?",
        "set {c} to on",
    ),
    (
        "{c} (: | , | DASH) (please | kindly)? (take | move | bring | get | pull | lift) it (out of | off | from) REPORTING (, | and)? (and)? (ENFORCED)?",
        "set {c} to on",
    ),
    ("(put | bring | set) {c} (back)? (into | in) force", "set {c} to on"),
    ("(carve | cut | lift) {g} out of {c}", "exclude {g} from {c}"),
    (
        "(conditions | controls | grant controls | exclusions | settings | scope | contents | details) (, | and)? (and)? (the)? (conditions | controls | grant controls | exclusions | settings | scope | details)? (of | in | behind) {c}",
        "show the policy {c}",
    ),
    (
        "{r} (will do | is enough | suffices | will be enough) (for {p})?",
        "assign the role {r} to him",
    ),
    (
        "(the)? {r} (has to | must | should | can | may) (go | be removed | be taken away | be withdrawn | end) (from {p})?",
        "remove the role {r} from him",
    ),
    ("make {p} (a | an | the)? {r}", "assign the role {r} to {p}"),
    // Roles
    (
        "{p} DASH {r} out (, | and | ;)? (and)? {s} in",
        "remove the role {r} from {p} and assign the role {s} to {p}",
    ),
    (
        "{p} DASH {r} in (, | and | ;)? (and)? {s} out",
        "assign the role {r} to {p} and remove the role {s} from {p}",
    ),
    ("^ {p} DASH {r} (in | on) ^", "assign the role {r} to {p}"),
    ("^ {p} DASH {r} (out | off | gone) ^", "remove the role {r} from {p}"),
    (
        "(swap | exchange | trade | replace | change) {p}'s {r} (for | with | by | against) {s}",
        "remove the role {r} from {p} and assign the role {s} to {p}",
    ),
    (
        "(swap | exchange | trade | replace | change) {r} (for | with | by | against) {s} (for | on | with) {p}",
        "remove the role {r} from {p} and assign the role {s} to {p}",
    ),
    (
        "{p} (loses | lose | gives up | hands back) {r} (and | ,)? (then)? (gets | receives | takes | get) {s}",
        "remove the role {r} from {p} and assign the role {s} to {p}",
    ),
    (
        "(take | pull) {r} (off | from | away from) {p} (, | and)? (and)? (give | assign) (him | her | them) {s}",
        "remove the role {r} from {p} and assign the role {s} to {p}",
    ),
    // Licences
    (
        "(clear | free | release | reclaim | bin | drop | recover) {p}'s (leftover | old | unused | spare | remaining | stale | former | idle)? {l}",
        "remove {l} from {p}",
    ),
    (
        "(make sure | ensure | see to it | make certain) (that)? {p} (has | has got | got | gets | have | is on)? {l}",
        "assign {l} to {p}",
    ),
    (
        "(is there | are there | do we have | have we got | have we) (anybody | anyone | any people | people | somebody | someone | any users) in (the)? {place} (department | team)? (that | who | whom)? we (pay | are paying | licence | license) {l} (for)?",
        "list all users in {place} with {l}",
    ),
    (
        "(is there | are there | do we have | have we got | have we) (anybody | anyone | any people | people | somebody | someone | any users) in (the)? {place} (department | team)? (that | who)? (with | on | has | have | holds | using | uses) {l}",
        "list all users in {place} with {l}",
    ),
    (
        "(get | add | procure | obtain | acquire | order | buy | purchase) (us | me)? (a further | another)? {n} (more | additional | extra | further)? (seats | licences | licenses)? (of | for)? {l}",
        "buy {n} {l} licences",
    ),
    ("(one | a)? {l} (goes | is to go | to go | should go | must go) to {p}", "assign {l} to {p}"),
    (
        "(who | which users | which people) (still)? (has | have | is on | are on) (a | an)? (disabled | blocked | deactivated) (account | accounts | login | logins)?",
        "list all disabled accounts",
    ),
    (
        "who (is based | sits | works | is sitting | is located | lives | is stationed) (in | at | out of) (the)? {office} (office | branch)?",
        "list all users in {office}",
    ),
    ("(people | everyone | everybody | staff | those) under me", "everyone who reports to me"),
    // Passwords
    (
        "(just)? (make | have | let) {p} (pick | choose | set | change) (a | his | her | their)? (new | fresh | own)? (password | one)? (at | on | upon | when)? (the | his | her | their)? (next time | next) ({q})? (signs | logs | sign | log | logon | login | signin)",
        "make {p} change the password at next sign-in",
    ),
    (
        "{p} (must | has to | should | needs to | ought to | is to) (pick | choose | set | change | think of | think up) (himself | herself | themselves)? (a | his | her | their)? (new | fresh)? (one | password) (at | on | upon | when)? (the | his | her | their)? (next time | next) ({q})? (signs | logs | sign | log | logon | login | signin)",
        "make {p} change the password at next sign-in",
    ),
    // Apps
    (
        "when (does | do | will | ends | end | expires | expire | runs out | run out) (the)? (client)? (secret | secrets | certificate | key) (of | for | on) {a} (end | expire | run out | lapse | be over)?",
        "list the expiring secrets of {a}",
    ),
    (
        "when (the)? (client)? (secret | secrets) (of | for | on) {a} (end | ends | expire | expires | run out | runs out | lapse | lapses)",
        "list the expiring secrets of {a}",
    ),
    // Devices
    (
        "(only | just)? (please)? (take | strip | remove | pull | clear | get | wipe) (only | just)? (all)? (the | our | any)? (company | work | corporate | business | office) (data | stuff | things | apps | mail) (off | from) {d}",
        "retire {d}",
    ),
    (
        "(only | just)? (please)? (take | strip | remove | pull | clear | get | wipe) (only | just)? (all)? our (data | stuff | things | apps) (off | from) {d}",
        "retire {d}",
    ),
    (
        "{d} DASH (only)? (company | work | our | corporate | business) (data | stuff) (off | gone | away) (only)?",
        "retire {d}",
    ),
    ("factory (reset | rest) (of | on | for)? {d}", "wipe {d}"),
    ("factory (reset | rest) it", "wipe it"),
    (
        "(put | set | bring | return | make | take) {d} (back)? (now)? (to | into) (the)? (factory | delivery | default) (state | settings | condition | defaults)",
        "wipe {d}",
    ),
    (
        "(put | set | bring | return | make | take) it (back)? (now)? (to | into) (the)? (factory | delivery | default) (state | settings | condition | defaults)",
        "wipe it",
    ),
    (
        "factory reset (helps | works | is needed | will do)? (, | . | ;)? (so | and)? (please)? (go ahead | do it | do that | go for it)",
        ", please wipe it",
    ),
    (
        "{d}'s (entry | record | object) (in (entra | azure | the directory | aad))? (can | may | should | must) (go | be removed | be deleted)",
        "delete {d}",
    ),
    (
        "(the)? (device | directory)? (object | entry | record) (of | for)? {d} (can | may | should | must) (now)? (go | be removed | be deleted | be dropped) (from (entra | azure | the directory | aad))?",
        "delete {d}",
    ),
    (
        "{d} (device)? (object | entry | record) (can | may | should | must) (now)? (go | be removed | be deleted | be dropped) (from (entra | azure | the directory | aad))?",
        "delete {d}",
    ),
    (
        "(enter | list | put | put in | record | note | set | register | name | put down) {q} (in | down)? as (the | an | its | a)? (new)? owner (of | for | on) {d}",
        "add {q} as owner of {d}",
    ),
    (
        "(enter | list | put | put in | record | note | set | register | name) {q} (in | down)? as {d}'s (new)? owner",
        "add {q} as owner of {d}",
    ),
    (
        "(bin | delete | remove | drop | clear) (the | its)? (device | directory)? (object | record | entry) (out of | from | in) (entra | azure | the directory | aad)",
        "delete the device",
    ),
    // Sponsors
    (
        "{q} (may | should | must | can) (please | kindly)? be made {p}'s sponsor",
        "add {q} as sponsor for {p}",
    ),
    ("let {q} (become | be) (the | her | his | a)? sponsor", "add {q} as sponsor for her"),
    (
        "{q} MUST be (put | down | listed | entered | named | set)? (down)? as {p}'s sponsor",
        "add {q} as sponsor for {p}",
    ),
    // Small talk of lists
    (
        "^ (and | oh)? (separately | also | then | further)? (,)? all (of)? (the | our)? guests ^",
        "list all guests",
    ),
    ("^ please to", "please"),
    ("{p} : (please)? out of {g}", "remove {p} from {g}"),
    ("{q} (unlock | unlok) -", "unlock {q} -"),
    ("{q} (unlock | unlok) ^", "unlock {q}"),
    // Owners of groups
    (
        "who (is in charge of | is responsible for | looks after | runs | heads | manages) {g}",
        "list the owners of {g}",
    ),
];
