//! Words without which an action is not meant, whatever a sentence is like: giving and taking
//! are said with almost the same words.
//!
//! Not here: how surely it is like anything.

use super::cells::Cell;
use crate::interpret::{apart::out_of_something, clauses::Sentence, entities::Span, scene::Scene};

/// Words that turn giving into taking: "out", "off", "no longer".
pub(super) fn turned(cells: &[Cell], label: &str) -> bool {
    const GIVES: &[&str] = &[
        "add_to_group",
        "assign_license",
        "assign_role",
        "add_mailbox_permission",
        "add_send_as",
        "add_device_owner",
        "add_sponsor",
        "enable_user",
        "set_forwarding",
    ];
    const TURNS: &[&str] = &[
        "out",
        "outta",
        "off",
        "away",
        "rid",
        "longer",
        "anymore",
        "without",
        "lose",
        "loses",
        "quit",
        "cease",
        "lifted",
        "discontinue",
    ];
    // "is not any more in G", "is not in G any longer"
    let denied =
        cells.windows(2).any(|two| {
            ["any", "no"].contains(&two[0].word.as_str())
                && ["more", "longer"].contains(&two[1].word.as_str())
        }) && cells.iter().any(|cell| ["not", "isnt", "arent", "no"].contains(&cell.word.as_str()));
    if label == "enable_user" && shuts(cells) {
        return true;
    }
    let turns = || cells.iter().any(|cell| TURNS.contains(&cell.word.as_str()));
    GIVES.contains(&label) && (denied || turns())
}

const SHUTS: &[&str] =
    &["suspension", "deactivation", "suspending", "deactivating", "block", "disable", "suspend"];
const ENDS: &[&str] = &[
    "lift",
    "end",
    "undo",
    "over",
    "reverse",
    "remove",
    "revoke",
    "from",
    "enable",
    "unblock",
    "allow",
    "reactivate",
    "back",
    "restore",
    "again",
    "activate",
    "longer",
    "more",
    "not",
    "dont",
];

/// "I request the suspension of his account"; not "lift the suspension".
fn shuts(cells: &[Cell]) -> bool {
    let has = |any: &[&str]| cells.iter().any(|cell| any.contains(&cell.word.as_str()));
    has(SHUTS) && !has(ENDS)
}

/// Without one of these nothing is taken from anybody, and nothing is deleted: stems, apart
/// by blanks.
const TAKES: &str = "\
    remov delet del tak took away off out outta rid revok withdr los strip pull cut \
    cancel no not never nor neither dont doesnt isnt shouldnt mustnt cant oughtnt \
    wont neednt longer anymore more without stop end ends ended drop back unassign \
    free reclaim kick boot yank bin kill nuk scrap purg wip eras clear gone go goes \
    leav left minus lift undo suppress quit retir dispos obsolete redundant axe \
    chuck throw thrown wrong shed lapse lapses expire expires decom decommission \
    detach disabl switch turn clean tidy ditch unneed surplus eliminat disappear \
    vanish less exclud stray stale dead deprovision unlink";

/// Said of a device that is to lose what is on it, or to go: how such words begin.
const LOST: &str = "\
    wip eras reset retir clear blank nuk remov delet data factory format scrub purg clean \
    stol lost lose kill zap gone go decom dispos flush nick pinch miss off out pull scrap \
    drop bin rid zero vanish left sold recycl unenrol end stuff thing app profile company \
    corporate work object record entry directory entra intune";

/// What is done to a right, or undone: nothing is deleted by that.
const RIGHTS: &str = "\
    access right rights permission permissions delegate delegates delegation back into full \
    sender sending behalf member members owner owners send sends sent";

/// Rights and offers are withdrawn; nothing is deleted so.
const WITHDRAWS: &[&str] =
    &["withdraw", "withdrawn", "withdrawing", "rescind", "retract", "rescinded", "lift", "lifted"];

/// Without one of its words an action is not meant, however like its examples a sentence is.
const NEEDED: &[(&[&str], &str)] = &[
    (
        &["hide_from_address_list"],
        "hide hidden hiding unhide gal visible invisible appear appears appearing show \
         shown shows showing list lists see",
    ),
    (
        &["set_forwarding", "remove_forwarding"],
        "forward forwarding forwarded forwards fwd redirect redirected redirecting \
         redirection divert diverted mail mails email emails message messages reroute \
         route routed post inbox copies onward onwards correspondence letters mailbox \
         everything",
    ),
    (
        &["offboard_user"],
        "leave leaves leaving left leaver leavers offboard offboarding offboarded exit \
         exits exiting last final departure departs departing terminate terminated \
         termination quit quits resign resigned resigns fired dismissed dismissal \
         retires retiring retirement gone goes redundant sacked finishes finishing ends \
         ending notice parting leavers off out",
    ),
    (
        &["onboard_user"],
        "start starts starting starter starters join joins joining joiner joiners new \
         onboard onboarding onboarded hire hires hired arrive arrives arrival begin \
         begins beginning newcomer recruit commence commences first welcome",
    ),
    (
        &["retire_device", "wipe_device", "delete_device"],
        "device devices laptop laptops phone iphone ipad tablet mobile notebook notebooks pc \
         computer mac macbook handset android surface machine machines intune retire retired \
         retiring wipe wiped erase erased reset data clear blank nuke cellphone handy box \
         chromebook workstation desktop wiping erasing",
    ),
    (
        &["revoke_sessions"],
        "sign signed signs signing signin signout log logged logs logout logoff session sessions \
         out off everywhere everything kick kill tokens token revoke boot throw device devices \
         logins login",
    ),
    (
        &["add_send_as", "remove_send_as"],
        "send sends sending sent as answer answers reply replies write writes sender name under \
         outgoing signs signing behalf",
    ),
    (
        &["disable_user"],
        "disable disabled disables disabling block blocked blocks blocking suspend suspended suspending \
         suspension deactivate deactivated deactivation off stop stopped lock locked shut freeze frozen \
         bar barred kill cut revoke revoked terminate terminated inactive out no not longer close closed \
         down end ends anymore cant cannot mustnt shouldnt without pull pulled withdraw withdrawn lose \
         loses away inaccessible deny denied prevent",
    ),
    (
        &["unlock_user"],
        "unlock unlocked unlok unlck unlocking lock locked lockd locks lockout locking attempts \
         atempts tries times wrong free frees shut frozen stuck barred password passwords out open",
    ),
    (
        &["enable_user"],
        "account accounts acct login logins signin sign log logon access active reactivate \
         reactivated activate activated enable enabled enabling reenable reenabled unblock \
         unblocked unsuspend reinstate reinstated switch switched turn turned online restore \
         restored block blocked unfreeze disabled lift bring unlock allow",
    ),
    (&["create_group"], "group groups team list dl distribution channel circle"),
    (&["convert_to_shared_mailbox"], "shared convert converted converting conversion team common"),
];

/// Does a sentence have one of the words without which this action is not meant?
pub(super) fn says_it(scene: &Scene<'_>, sentence: Sentence, label: &str) -> bool {
    let mut words = (sentence.from..sentence.to).map(|at| scene.word(at));
    let takes = label.starts_with("remove_") || label.starts_with("delete_");
    if takes && !words.clone().any(|word| TAKES.split(' ').any(|stem| stems(word, stem))) {
        return false;
    }
    // "take her right on the mailbox away"
    let deletes = label.starts_with("delete_");
    if deletes && words.clone().any(|word| WITHDRAWS.contains(&word)) {
        return false;
    }
    if deletes && words.clone().any(|word| RIGHTS.split(' ').any(|one| one == word)) {
        return false;
    }
    let device = ["retire_device", "wipe_device", "delete_device"].contains(&label);
    if device && scene.lattice.spans_in(sentence.from, sentence.to).any(Span::is_thing) {
        // "It should be: LT-7 | in repair": a device alone loses nothing.
        return words.any(|word| LOST.split(' ').any(|stem| word.starts_with(stem)));
    }
    let needed = NEEDED.iter().find(|(labels, _)| labels.contains(&label));
    needed.is_none_or(|(_, needed)| words.any(|word| needed.split(' ').any(|one| one == word)))
}

/// "removed" of "remov"; short stems stand for themselves alone.
fn stems(word: &str, stem: &str) -> bool {
    word == stem || stem.len() > 2 && word.strip_prefix(stem).is_some_and(ending)
}

/// What may follow a stem: "removed", "removing", "removal".
fn ending(rest: &str) -> bool {
    [
        "e", "es", "ed", "ing", "al", "s", "ped", "ping", "es", "en", "awn", "awal", "ging", "n",
        "ke", "king", "kes", "ked", "ken", "tion", "ting", "te", "ted", "ee", "eed",
    ]
    .contains(&rest)
}

/// What is sent out to many.
const MAILINGS: &[&str] = &[
    "mail",
    "mails",
    "email",
    "emails",
    "message",
    "messages",
    "newsletter",
    "mailing",
    "mailshot",
    "announcement",
    "invite",
    "invitation",
    "reminder",
    "memo",
    "notice",
];

/// "Renée isn't meant to be in G": what she should not have is not to be given.
pub(super) fn not_meant(scene: &Scene<'_>, sentence: Sentence, label: &str) -> bool {
    let any =
        |words: &[&str]| (sentence.from..sentence.to).any(|at| words.contains(&scene.word(at)));
    let gives = label.starts_with("add_") || label.starts_with("assign_");
    // "its secrets, when do they run out": a question, and no new secret.
    if label == "add_app_secret" && any(&["when", "expire", "expires", "expiring", "which"]) {
        return true;
    }
    // "Ada should own the group": an owner is no member.
    let circle = ["add_to_group", "remove_from_group", "add_group_members", "remove_group_members"];
    if circle.contains(&label) && any(&["owner", "owners", "ownership"])
        || circle.contains(&label) && any(&["own"]) && any(&["should", "shall", "must", "will"])
    {
        return true;
    }
    // "everything sent to it still lands in her mailbox": how it is.
    let lands = ["lands", "goes", "arrives", "ends", "forwards", "comes", "going", "landing"];
    if label == "set_forwarding"
        && any(&["still", "currently", "keeps", "presently", "nowadays"])
        && any(&lands)
    {
        return true;
    }
    // "frozen out of his account": how he finds himself.
    let out = (sentence.from..sentence.to).any(|at| {
        ["locked", "shut", "frozen", "kept", "cut", "lockd"].contains(&scene.word(at))
            && scene.word(at + 1) == "out"
            && scene.word(at + 2) == "of"
            && ["his", "her", "their", "my"].contains(&scene.word(at + 3))
    });
    if label == "disable_user" && out {
        return true;
    }
    // "changing the name people see in the address list": nobody is hidden by that.
    let whole = scene.sentence(sentence.from);
    let any_of_it =
        |words: &[&str]| (whole.from..whole.to).any(|at| words.contains(&scene.word(at)));
    let renames =
        any_of_it(&["change", "changing", "changed", "update", "updating", "correct", "amend"])
            && any_of_it(&["name", "names", "surname", "spelling"]);
    if label == "hide_from_address_list" && renames {
        return true;
    }
    if label == "delete_ca_policy" && out_of_something(scene, sentence.from, sentence.to) {
        return true;
    }
    // "the mail that went out on the list": a mail leaves, and nobody.
    let sent_out = (sentence.from..sentence.to).any(|at| {
        ["went", "goes", "go", "gone", "going", "sent", "came", "put"].contains(&scene.word(at))
            && scene.word(at + 1) == "out"
            && (at.saturating_sub(4)..at).any(|at| MAILINGS.contains(&scene.word(at)))
    });
    if sent_out && label.starts_with("remove_") {
        return true;
    }
    if loses_and_gains(scene, sentence) {
        return true;
    }
    gives
        && any(&["meant", "supposed", "allowed", "entitled"])
        && any(&["not", "isnt", "arent", "never", "wasnt", "no"])
}

/// "Ada loses it, Bo gains it": what is said of the one is not said of the other.
fn loses_and_gains(scene: &Scene<'_>, sentence: Sentence) -> bool {
    let of = |words: &[&str]| {
        (sentence.from + 1..sentence.to).find_map(|at| {
            let before = scene.span(at - 1).filter(|span| span.named());
            before.filter(|_| words.contains(&scene.word(at))).map(|span| &span.what)
        })
    };
    let loser = of(&["loses", "lose", "drops", "surrenders"]);
    let winner = of(&["gains", "gain", "gets", "get", "receives", "takes", "inherits"]);
    loser.zip(winner).is_some_and(|(loser, winner)| loser != winner)
}
