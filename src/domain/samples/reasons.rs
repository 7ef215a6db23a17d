//! Every reason there is, once.

use crate::domain::trouble::Reason;

/// All reasons, with fields as they are in life.
pub fn all() -> Vec<Reason> {
    std::iter::successors(Some(Reason::NotUnderstood), next).collect()
}

/// The reason after this one. A new variant does not compile until it has its place.
#[expect(clippy::too_many_lines, reason = "a line for each reason, and no second list of them")]
fn next(after: &Reason) -> Option<Reason> {
    use Reason as R;
    let s = str::to_owned;
    Some(match after {
        R::NotUnderstood => R::NoSuchPerson { name: s("Jon Doe") },
        R::NoSuchPerson { .. } => R::NoSuchGroup { name: s("Marketting <all>") },
        R::NoSuchGroup { .. } => R::NoSuchLicence { name: s("E7 *plus*") },
        R::NoSuchLicence { .. } => R::NoSuchRole { name: s("Chief <Administrator>") },
        R::NoSuchRole { .. } => R::NoSuchDevice { name: s("LT-*NOBODY*-01") },
        R::NoSuchDevice { .. } => {
            R::WrongArgument { field: s("until"), why: s("the 31st of June is no date") }
        }
        R::WrongArgument { .. } => R::NoSuchAction { action: s("make_coffee") },
        R::NoSuchAction { .. } => R::NotLinked,
        R::NotLinked => R::Barred { why: s("guests cannot ask or decide") },
        R::Barred { .. } => R::MayNotAsk { person: s("Tina Tech"), area: s("licences") },
        R::MayNotAsk { .. } => R::SwitchedOff { area: s("mailboxes") },
        R::SwitchedOff { .. } => R::Blocked { action: s("delete_domain") },
        R::Blocked { .. } => R::NobodyMayApprove { area: s("users") },
        R::NobodyMayApprove { .. } => R::Protected {
            person: s("Grace Hopper"),
            why: s("holds the role Global Administrator"),
        },
        R::Protected { .. } => R::OwnRequest,
        R::OwnRequest => R::AboutYou,
        R::AboutYou => R::WouldReceiveSecret,
        R::WouldReceiveSecret => R::NotAnApprover { area: s("users") },
        R::NotAnApprover { .. } => R::NotAmong {
            rule: s("2 of it-leads and security then Samir Nadar, manager of John Doe"),
        },
        R::NotAmong { .. } => R::NotNeededNow,
        R::NotNeededNow => {
            R::NoManager { why: s("the directory names no manager of Zoë *van* der Berg") }
        }
        R::NoManager { .. } => R::PlaceTaken { by: s("Anna Approver") },
        R::PlaceTaken { .. } => R::ReasonWanted,
        R::ReasonWanted => R::NotAskedHere { area: s("roles") },
        R::NotAskedHere { .. } => R::NotHere { area: s("users") },
        R::NotHere { .. } => R::NotYourPages,
        R::NotYourPages => R::PagesOver,
        R::PagesOver => R::SignatureLost { person: s("Anna Approver") },
        R::SignatureLost { .. } => R::NotYours,
        R::NotYours => R::VotedAlready,
        R::VotedAlready => R::AlreadySettled {
            number: s("#1042"),
            state: s("running"),
            by: s(", approved by Anna Approver"),
        },
        R::AlreadySettled { .. } => R::PlanChanged,
        R::PlanChanged => R::OtherTenant,
        R::OtherTenant => R::NotThisCard,
        R::NotThisCard => R::TooLate { number: s("#1042") },
        R::TooLate { .. } => R::NoSuchRequest,
        R::NoSuchRequest => R::Gone { what: s("=group"), name: s("Sales Team") },
        R::Gone { .. } => R::SecretLost,
        R::SecretLost => R::AlreadySo { what: s("sign-in is blocked for John Doe") },
        R::AlreadySo { .. } => R::NotPossible {
            what: s(
                "“Sales” is a dynamic group; its members follow a rule; change the rule instead",
            ),
        },
        R::NotPossible { .. } => R::NoSeats { licence: s("Microsoft 365 E3"), used: 25, seats: 25 },
        R::NoSeats { .. } => R::TypedPassword,
        R::TypedPassword => R::TooMuch { what: s("12 requests in a minute; 10 are taken") },
        R::TooMuch { .. } => R::Paused,
        R::Paused => R::MissingPermission {
            missing: s("User-PasswordProfile.ReadWrite.All"),
            mend: s(
                "grant it to the app in Entra and consent as administrator, then run `countersign doctor`",
            ),
        },
        R::MissingPermission { .. } => R::Unreachable { what: s("Microsoft Graph") },
        R::Unreachable { .. } => {
            R::NotKept { what: s("=kept_methods"), why: s("Microsoft Graph did not answer") }
        }
        R::NotKept { .. } => R::Moved { what: s("=policy") },
        R::Moved { .. } => {
            R::Drifted { value: s("manager"), was: s("Ann *Lee*"), is: s("=nobody"), anew: None }
        }
        R::Drifted { .. } => R::NoSuchThing { what: s("=app"), name: s("Badge *Printer*") },
        R::NoSuchThing { .. } => R::NotSent { why: s("no header names a signature") },
        R::NotSent { .. } => R::SignInRefused,
        R::SignInRefused => R::SignInOver,
        R::SignInOver => R::SignInOther { person: s("Anna *Approver*") },
        R::SignInOther { .. } => R::SignInWeak { why: s("=step_up_factor") },
        R::SignInWeak { .. } => R::CodeWrong { left: 4 },
        R::CodeWrong { .. } => R::LinkedAlready { person: s("Tina Tech") },
        R::LinkedAlready { .. } => R::NotRecognised { person: s("John *Doe*") },
        R::NotRecognised { .. } => R::NoNumberPlace { person: s("John *Doe*") },
        R::NoNumberPlace { .. } => return None,
    })
}
