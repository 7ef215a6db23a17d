//! Why something is refused or failed, for three readers: what happened and what
//! to do now (both in `cards/texts/`, by the reason's code), and, in the log only, why.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{NotAName, RequestId};

/// Why we will not do it. Every field is safe to show to the person who asked.
/// The serialised form is `{"code": …, fields…}`; its words are in the text file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// Nobody of that name.
    #[error("nobody called {name}")]
    NoSuchPerson {
        /// As said.
        name: String,
    },
    /// No group of that name.
    #[error("no group called {name}")]
    NoSuchGroup {
        /// As said.
        name: String,
    },
    /// No licence of that name in the tenant.
    #[error("no licence called {name}")]
    NoSuchLicence {
        /// As said.
        name: String,
    },
    /// No directory role of that name.
    #[error("no role called {name}")]
    NoSuchRole {
        /// As said.
        name: String,
    },
    /// No device of that name.
    #[error("no device called {name}")]
    NoSuchDevice {
        /// As said.
        name: String,
    },
    /// An argument has the wrong form.
    #[error("{field} is not understood: {why}")]
    WrongArgument {
        /// The argument's name.
        field: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing was understood.
    #[error("not understood")]
    NotUnderstood,
    /// No action of that id.
    #[error("no action {action}")]
    NoSuchAction {
        /// The id.
        action: String,
    },
    /// The chat account is no one we know.
    #[error("the chat account is not linked to one enabled directory user")]
    NotLinked,
    /// The chat account may not take part (guest, bot, other organisation…).
    #[error("this account may not take part: {why}")]
    Barred {
        /// Which rule.
        why: String,
    },
    /// Policy does not let them ask for this.
    #[error("{person} may not ask for {area}")]
    MayNotAsk {
        /// Who.
        person: String,
        /// The permission group.
        area: String,
    },
    /// Policy switched this permission group off, or to reading only.
    #[error("{area} is switched off here")]
    SwitchedOff {
        /// The permission group.
        area: String,
    },
    /// The operator would have to name this action first.
    #[error("{action} is blocked")]
    Blocked {
        /// The action's id.
        action: String,
    },
    /// Nobody is named who could approve it.
    #[error("nobody may approve {area}")]
    NobodyMayApprove {
        /// The permission group.
        area: String,
    },
    /// The subject is protected.
    #[error("{person} is protected: {why}")]
    Protected {
        /// Who.
        person: String,
        /// Which rule.
        why: String,
    },
    /// The requester tried to approve.
    #[error("the requester cannot approve")]
    OwnRequest,
    /// The subject tried to approve.
    #[error("the subject cannot approve")]
    AboutYou,
    /// The recipient of the secret tried to approve.
    #[error("the recipient of the secret cannot approve")]
    WouldReceiveSecret,
    /// Not among the approvers.
    #[error("not an approver of {area}")]
    NotAnApprover {
        /// The permission group.
        area: String,
    },
    /// In none of the sets of people who sign it.
    #[error("not one of {rule}")]
    NotAmong {
        /// Who signs, in the words of the settings.
        rule: String,
    },
    /// Another stage is being signed, or enough of theirs have signed.
    #[error("a signature that changes nothing now")]
    NotNeededNow,
    /// Of two people who sign for one another, one has.
    #[error("{by} signed in the same place")]
    PlaceTaken {
        /// Who.
        by: String,
    },
    /// The operator wants a reason with this decision.
    #[error("no reason was given")]
    ReasonWanted,
    /// Requests of this permission group are not made in this conversation.
    #[error("{area} is not asked for here")]
    NotAskedHere {
        /// The permission group.
        area: String,
    },
    /// A manager has to sign, and there is none who could.
    #[error("no manager could sign: {why}")]
    NoManager {
        /// What stands in the way.
        why: String,
    },
    /// What is looked up is not shown in this sort of conversation.
    #[error("{area} is not shown here")]
    NotHere {
        /// The permission group.
        area: String,
    },
    /// Another person looked this up.
    #[error("these pages are another person's")]
    NotYourPages,
    /// The pages were looked up too long ago.
    #[error("these pages are too old")]
    PagesOver,
    /// Somebody who signed may not sign it any more, and without them it is not signed.
    #[error("{person} signed and may not sign it any more")]
    SignatureLost {
        /// Who.
        person: String,
    },
    /// Only the requester (or an approver) may do this.
    #[error("only the requester or an approver may do this")]
    NotYours,
    /// They voted already.
    #[error("voted already")]
    VotedAlready,
    /// It was decided before.
    #[error("{number} is already {state}{by}")]
    AlreadySettled {
        /// `#1042`.
        number: String,
        /// The state's name, in words.
        state: String,
        /// " by …" or empty.
        by: String,
    },
    /// The digest on the button is not the one of the plan that waits.
    #[error("the plan has changed since this card was shown")]
    PlanChanged,
    /// It belongs to another tenant than the conversation, or the request, is about.
    #[error("it belongs to another tenant")]
    OtherTenant,
    /// The button is not one of ours, or came from another message.
    #[error("the button is not of this card")]
    NotThisCard,
    /// The time to decide is over.
    #[error("{number} expired")]
    TooLate {
        /// `#1042`.
        number: String,
    },
    /// We hold no such request.
    #[error("unknown request; nothing ran")]
    NoSuchRequest,
    /// An object that a change needs is not there any more.
    #[error("{what} {name} is not there")]
    Gone {
        /// Its sort: a text key such as `=group`.
        what: String,
        /// Its name, as it was when the plan was made.
        name: String,
    },
    /// The service made a secret, and its answer was lost: nobody knows the value.
    #[error("a secret was made and its value was lost")]
    SecretLost,
    /// What somebody had could not be read whole, so nothing of it was taken away.
    #[error("what they had could not be kept: {why}")]
    NotKept {
        /// What could not be read: a key of the text file with `=` in front.
        what: String,
        /// Why.
        why: String,
    },
    /// Nothing would change.
    #[error("nothing to do: {what}")]
    AlreadySo {
        /// How it already is.
        what: String,
    },
    /// Microsoft does not allow it for this object.
    #[error("not possible: {what}")]
    NotPossible {
        /// What, and what helps instead.
        what: String,
    },
    /// No seats are free.
    #[error("no free seat of {licence}")]
    NoSeats {
        /// The product's name.
        licence: String,
        /// Seats in use.
        used: u32,
        /// Seats there are.
        seats: u32,
    },
    /// A password was typed into the message.
    #[error("a password was typed into a message")]
    TypedPassword,
    /// A limit was reached.
    #[error("too much at once: {what}")]
    TooMuch {
        /// Which limit, with its figure.
        what: String,
    },
    /// The operator paused everything.
    #[error("paused by the operator")]
    Paused,
    /// The service lacks a right.
    #[error("missing permission: {missing}")]
    MissingPermission {
        /// What the app did not get, with names.
        missing: String,
        /// What the operator does about it.
        mend: String,
    },
    /// A service did not answer.
    #[error("{what} did not answer")]
    Unreachable {
        /// Which service.
        what: String,
    },
    /// Somebody else changed it after the plan was made.
    #[error("the {what} was changed since this was planned")]
    Moved {
        /// Its sort: a key of the text file with `=` in front.
        what: String,
    },
    /// What was shown when this was signed is not so any more. It goes back for approval.
    #[error("{value} changed from {was} to {is} since this was signed")]
    Drifted {
        /// The name of a value, as a plan's values have it.
        value: String,
        /// As it was shown.
        was: String,
        /// As it is now.
        is: String,
        /// The request that asks for it anew, once there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        anew: Option<RequestId>,
    },
    /// Nothing of that name.
    #[error("no {what} called {name}")]
    NoSuchThing {
        /// Its sort: a key of the text file with `=` in front.
        what: String,
        /// As said.
        name: String,
    },
    /// Microsoft did not say who signed in, or not to us.
    #[error("the sign-in was not confirmed by Microsoft")]
    SignInRefused,
    /// The sign-in was used, or its time is over, or a newer one took its place.
    #[error("this sign-in is over")]
    SignInOver,
    /// Somebody else signed in than whose signature waits for it.
    #[error("somebody else than {person} signed in")]
    SignInOther {
        /// Who should have.
        person: String,
    },
    /// The sign-in proves too little.
    #[error("the sign-in does not count: {why}")]
    SignInWeak {
        /// What it lacks: a key of the text file with `=` in front.
        why: String,
    },
    /// A code was mistyped.
    #[error("a wrong code; {left} more tries")]
    CodeWrong {
        /// So many tries are left.
        left: u8,
    },
    /// The chat account is somebody's already.
    #[error("this chat account is {person}'s already")]
    LinkedAlready {
        /// Whose.
        person: String,
    },
    /// Nobody approves it before its subject was recognised.
    #[error("{person} was not recognised by the number yet")]
    NotRecognised {
        /// Whom it is about.
        person: String,
    },
    /// There is no chat in which the subject could be shown a number.
    #[error("{person} has no chat in which a number could be shown")]
    NoNumberPlace {
        /// Whom it is about.
        person: String,
    },
    /// A request of Graph that is never sent.
    #[error("this is not sent: {why}")]
    NotSent {
        /// Why, and what to ask for instead.
        why: String,
    },
}

impl From<NotAName> for Reason {
    fn from(wrong: NotAName) -> Self {
        Self::WrongArgument { field: wrong.wanted.to_owned(), why: wrong.to_string() }
    }
}

/// So many choices fit into one list of Slack (docs.slack.dev, select menu: 100 options).
pub const CHOICES_MAX: usize = 100;

/// One thing to ask back, with the choices if they are not too many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What is asked; its words are in the text file under `question.<ask>`.
    pub ask: Ask,
    /// What was said, if that was not clear. At most 80 characters.
    pub said: Option<String>,
    /// The choices, at most [`CHOICES_MAX`]. Empty: an answer in words.
    pub choices: Vec<Choice>,
}

impl Question {
    /// Which of these? A list that leaves somebody out would be a trap, so with more than
    /// [`CHOICES_MAX`] the answer is asked in words.
    pub fn which(ask: Ask, said: Option<String>, choices: impl Iterator<Item = Choice>) -> Self {
        let mut choices: Vec<Choice> = choices.take(CHOICES_MAX + 1).collect();
        if choices.len() > CHOICES_MAX {
            choices.clear();
        }
        Self { ask, said, choices }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Which of several people.
    WhichPerson,
    /// Whom; nobody was named, or nobody was found.
    Whom,
    /// Which of several groups.
    WhichGroup,
    /// What group; none was named, or none was found.
    WhatGroup,
    /// Which of several licences.
    WhichLicence,
    /// What licence; none was named, or none was found.
    WhatLicence,
    /// What the automatic reply should say.
    WhatMessage,
    /// Which time is meant.
    When,
    /// Which of several things of one sort.
    WhichOne,
    /// Which one; none was named, or none was found.
    WhatOne,
    /// Whose mailbox, or which shared one.
    WhatMailbox,
    /// To which address.
    WhatAddress,
    /// What something new is to be called.
    WhatName,
    /// How many, or which number.
    WhatNumber,
    /// Which day is somebody's last.
    WhatDay,
    /// Which of the tenants it is about.
    WhichTenant,
}

/// One choice of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is filled in: a UPN, an object id, a part number. At most 150 characters.
    pub value: String,
    /// What is read first: a name.
    pub label: String,
    /// What tells it from the others: UPN, department, manager.
    pub detail: String,
}

/// Anything that can stop us.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A refusal, safe to show.
    #[error(transparent)]
    Refused(#[from] Reason),
    /// Something must be asked first.
    #[error("a question is open")]
    Unclear {
        /// The argument that the answer fills.
        argument: String,
        /// What to ask.
        question: Question,
    },
    /// The world failed us. The cause is for the log, never for the chat.
    #[error("{what} did not answer")]
    Unreachable {
        /// Which service, in words for people: "Microsoft Graph".
        what: &'static str,
        /// For the log.
        source: anyhow::Error,
    },
}

impl Trouble {
    /// What may be shown of it.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Refused(reason) => reason.clone(),
            Self::Unclear { .. } => Reason::NotUnderstood,
            Self::Unreachable { what, .. } => Reason::Unreachable { what: (*what).to_owned() },
        }
    }
}

/// What most of the house returns.
pub type Result<T, E = Trouble> = std::result::Result<T, E>;

/// The whole chain of an error, for the log.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_would_leave_somebody_out_is_no_list() {
        let choice = |n: usize| Choice {
            value: n.to_string(),
            label: "Sam Taylor".to_owned(),
            detail: String::new(),
        };
        let asked = |count: usize| {
            Question::which(Ask::WhichPerson, None, (0..count).map(choice)).choices.len()
        };
        assert_eq!((asked(2), asked(CHOICES_MAX), asked(CHOICES_MAX + 1)), (2, CHOICES_MAX, 0));
    }
}
