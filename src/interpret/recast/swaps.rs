//! Who goes out and who comes in, under a heading or from hand to hand; and what somebody has "no
//! more": the fifth part of the table.
//!
//! Not here: one order alone ([`super::ways`], [`super::turns`]).

/// What is said, and the order.
pub(super) const SWAPS: &[(&str, &str)] = &[
    // One out, one in, under the thing it is about
    (
        "^ {g} (DASH)? (membership | members | changes | update)? (DASH)? (take | with)? {p} OUT NEXT {o} IN ^",
        "remove {p} from {g} and add {o} to {g}",
    ),
    (
        "^ {g} (DASH)? (membership | members | changes | update)? (DASH)? (take | with)? {p} IN NEXT {o} OUT ^",
        "add {p} to {g} and remove {o} from {g}",
    ),
    (
        "^ {m} (DASH)? FULL (DASH)? {p} OUT NEXT {o} IN ^",
        "remove full access to {m} from {p} and give {o} full access to {m}",
    ),
    (
        "^ {m} (DASH)? FULL (DASH)? {p} IN NEXT {o} OUT ^",
        "give {p} full access to {m} and remove full access to {m} from {o}",
    ),
    (
        "^ FULL (on | to | for | in)? {m} (DASH)? {p} OUT NEXT {o} IN ^",
        "remove full access to {m} from {p} and give {o} full access to {m}",
    ),
    (
        "^ FULL (on | to | for | in)? {m} (DASH)? {p} IN NEXT {o} OUT ^",
        "give {p} full access to {m} and remove full access to {m} from {o}",
    ),
    (
        "^ {m} (DASH)? SENDS (DASH)? {p} OUT NEXT {o} IN ^",
        "remove send as on {m} from {p} and give {o} send as on {m}",
    ),
    (
        "^ {m} (DASH)? SENDS (DASH)? {p} IN NEXT {o} OUT ^",
        "give {p} send as on {m} and remove send as on {m} from {o}",
    ),
    (
        "^ SENDS (on | to | for | in)? {m} (DASH)? {p} OUT NEXT {o} IN ^",
        "remove send as on {m} from {p} and give {o} send as on {m}",
    ),
    (
        "^ SENDS (on | to | for | in)? {m} (DASH)? {p} IN NEXT {o} OUT ^",
        "give {p} send as on {m} and remove send as on {m} from {o}",
    ),
    ("^ {l} DASH {p} OUT NEXT {o} IN ^", "remove {l} from {p} and assign {l} to {o}"),
    ("^ {l} DASH {p} IN NEXT {o} OUT ^", "assign {l} to {p} and remove {l} from {o}"),
    (
        "^ {r} DASH {p} OUT NEXT {o} IN ^",
        "remove the role {r} from {p} and assign the role {r} to {o}",
    ),
    (
        "^ {r} DASH {p} IN NEXT {o} OUT ^",
        "assign the role {r} to {p} and remove the role {r} from {o}",
    ),
    (
        "{p} (goes | go | comes | come) (in | into | onto | on) {g} NEXT {o} (goes | go | comes | come) (out | off)",
        "add {p} to {g} and remove {o} from {g}",
    ),
    // The second clause, of the group of the first
    (
        "^ (and | while)? {p} (comes | come | goes | go | drops | to come | to go) (out | off) (of it | of that | of there | it | again)? ^",
        "remove {p} from it",
    ),
    (
        "(make | turn | convert) (his | her | their) (mailbox | inbox) (into | to)? (a)? shared (one | mailbox)? (and | then | ,) (also)? let {q} (in | into it | get into it | get in | have it | use it | see it | read it | have access | have access to it)",
        "convert his mailbox to shared and give {q} full access to his mailbox",
    ),
    (
        "(make | turn | convert) {p}'s (mailbox | inbox) (into | to)? (a)? shared (one | mailbox)? (and | then | ,) (also)? let {q} (in | into it | get into it | get in | have it | use it | see it | read it | have access | have access to it)",
        "convert {p}'s mailbox to shared and give {q} full access to {p}'s mailbox",
    ),
    ("^ {p} (- > | = > | → | >) {r}", "assign the role {r} to {p}"),
    (
        "^ {p} (out of | off) (every | all | each) (single)? (of)? (the | his | her | their)? (group | groups | list | lists)",
        "remove {p} from all groups",
    ),
    // From one to the other
    (
        "(hand | pass | move | transfer | give | switch | shift | reassign) (over)? {r} (over | on)? (from | away from) {p} (over)? to {q}",
        "remove the role {r} from {p} and assign the role {r} to {q}",
    ),
    (
        "{r} (be | to be | should be | MUST be | gets | is)? (handed | passed | moved | transferred | given | switched | shifted | reassigned) (over | on)? from {p} (over)? to {q}",
        "remove the role {r} from {p} and assign the role {r} to {q}",
    ),
    (
        "(hand | pass | move | transfer | give | switch | shift | reassign) (over)? {l} (over | on)? (from | away from) {p} (over)? to {q}",
        "remove {l} from {p} and assign {l} to {q}",
    ),
    (
        "{l} (be | to be | should be | MUST be | gets)? (handed | passed | moved | transferred | given | switched | shifted | reassigned) (over | on)? from {p} (over)? to {q}",
        "remove {l} from {p} and assign {l} to {q}",
    ),
    (
        "(take | pull | get) {r} (off | from | away from) {p} (, | and | then)? (and | then)? (give | hand | assign) it to {q}",
        "remove the role {r} from {p} and assign the role {r} to {q}",
    ),
    (
        "(take | pull | get) {l} (off | from | away from) {p} (, | and | then)? (and | then)? (give | hand | assign | pass) it (on)? to {q}",
        "remove {l} from {p} and assign {l} to {q}",
    ),
    // One each
    (
        "({n} (seats | licences | licenses)? (of)?)? {l} (DASH | ;)? (one | 1) (goes | go | is | seat | licence | license)? (to | for) {q} (, | and | ;)? (and)? (one | 1 | another | another one | the other | the other one | the second | the second one) (goes | go | is | seat | licence | license)? (to | for) {x}",
        "assign {l} to {q} and assign {l} to {x}",
    ),
    // No more
    ("^ {m} DASH {p} DASH NOMORE FULL (please)? ^", "remove full access to {m} from {p}"),
    (
        "^ {p} DASH NOMORE FULL (on | to | for | in) {m} (please)? ^",
        "remove full access to {m} from {p}",
    ),
    ("NOMORE FULL (on | to | for | in) {m} for {p}", "remove full access to {m} from {p}"),
    ("NOMORE FULL for {p} (on | to | in) {m}", "remove full access to {m} from {p}"),
    ("{m} DASH NOMORE FULL for {p}", "remove full access to {m} from {p}"),
    ("^ {m} DASH {p} DASH NOMORE SENDS (please)? ^", "remove send as on {m} from {p}"),
    (
        "^ {p} DASH NOMORE SENDS (on | to | for | in | from) {m} (please)? ^",
        "remove send as on {m} from {p}",
    ),
    ("NOMORE SENDS (on | to | for | in | from) {m} for {p}", "remove send as on {m} from {p}"),
    ("NOMORE SENDS for {p} (on | from | in) {m}", "remove send as on {m} from {p}"),
    ("{m} DASH NOMORE SENDS for {p}", "remove send as on {m} from {p}"),
    ("^ {r} (for | on) {p} DASH OVER (,)? (please)? ^", "remove the role {r} from {p}"),
    ("^ {p} DASH {r} DASH OVER (,)? (please)? ^", "remove the role {r} from {p}"),
    ("^ {p} DASH NOMORE {r} (please)? ^", "remove the role {r} from {p}"),
    ("NOMORE {r} for {p}", "remove the role {r} from {p}"),
    ("^ {l} (for | on) {p} DASH OVER (,)? (please)? ^", "remove {l} from {p}"),
    ("^ {p} DASH NOMORE {l} (please)? ^", "remove {l} from {p}"),
    ("^ NOMORE {l} for {p} (please)? ^", "remove {l} from {p}"),
    ("^ {p} in {g} DASH OVER (,)? (please)? ^", "remove {p} from {g}"),
    ("^ {g} (for | of) {p} DASH OVER (,)? (please)? ^", "remove {p} from {g}"),
    ("^ NOMORE {g} for {p} (please)? ^", "remove {p} from {g}"),
    // What may come back
    (
        "{l} (for | of | from) {p} (can | may | should | could) (come back | go back | be taken back | go back in the pool | go back to the pool | be freed | be released | be reclaimed | be dropped)",
        "remove {l} from {p}",
    ),
    (
        "(drop | remove | cancel | take off | take away) {k} (again)? (, | ; | DASH | and) {l} (will do | is enough | suffices | will be enough | is plenty | will suffice)",
        "remove {k} from him and assign {l} to him",
    ),
    // Mail that goes to one, and is to go to another
    (
        "(stop | quit | end | cease) (forwarding | sending | passing | redirecting | routing) (on)? {m} (on)? (to | at) {p} (, | ; | DASH | and | but)? (and | but | instead)? (please)? (send | forward | redirect | pass | point | route | direct) (it | that | them | everything | those)? (on)? (to | at) {q} (instead)?",
        "forward mail of {m} to {q}",
    ),
    (
        "(instead of | rather than) (to | going to | forwarding to | sending to)? {p} (, )? (please)? (send | forward | redirect | pass | point | route | direct) {m} (on)? (to | at) {q}",
        "forward mail of {m} to {q}",
    ),
    (
        "(please)? (point | aim | direct | redirect | repoint | switch | change | move) (the forwarding of | the forwarding on | the forwarding for | the forward of | the forward on)? {m} (at | to | over to | on to) {q} instead (of {z})?",
        "forward mail of {m} to {q}",
    ),
    ("(please)? (point | aim) {m} at {q}", "forward mail of {m} to {q}"),
    (
        "the (forward | forwarding) (on | of | for | from) {m} (MUST | can | could | may) (now)? (go | point | run | be pointed | be switched | be changed | be moved) (to | at) {q} (instead of {z} | instead | and not to {z} | not {z})?",
        "forward mail of {m} to {q}",
    ),
    // Who is whose manager, and who is not any more
    (
        "i (now | will)? (report | answer) (to | into) {q} (now)? (and | , | -)? (instead of | and not | not | no longer | rather than | not to | no longer to | and no longer to) (to)? {z} (any more | anymore | any longer | now)?",
        "change my manager to {q}",
    ),
    (
        "{p} (now)? (reports | report | answers | answer) (in)? (to | into) {q} (now)? (and | , | -)? (instead of | and not | not | no longer | rather than | not to | no longer to | and no longer to) (to)? {z} (any more | anymore | any longer | now)?",
        "change the manager of {p} to {q}",
    ),
    (
        "my (new)? (line)? (manager | boss | supervisor) (is | will be | becomes) (now)? {q} (, | and | -)? (and)? (not | no longer | instead of | rather than) {z} (any more | anymore | any longer | now)?",
        "change my manager to {q}",
    ),
    (
        "{p}'s (new)? (line)? (manager | boss | supervisor) (is | will be | becomes) (now)? {q} (, | and | -)? (and)? (not | no longer | instead of | rather than) {z} (any more | anymore | any longer | now)?",
        "change the manager of {p} to {q}",
    ),
    (
        "{p} (is | comes | goes | works | will be) under {q} (now)? (, | and | -)? (and)? (not | no longer | instead of | rather than) (under)? {z} (any more | anymore | any longer | now)?",
        "change the manager of {p} to {q}",
    ),
    (
        "{p}'s sponsor .. , (so | and)? (please)? (make | appoint | name | put | enter | take) {q} (one | the new one | it | as one | in | in instead | instead | the sponsor | his sponsor | her sponsor | their sponsor | the new sponsor)",
        "add {q} as sponsor for {p}",
    ),
];
