//! People and places in Slack and Teams, and what came in from them.
//!
//! Inside the house nobody asks which chat somebody used, except to answer there.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::{
    form::given::Answers,
    ids::{Digest, Nonce, RequestId, StepId},
};

/// A chat service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Slack: Block Kit.
    Slack,
    /// Microsoft Teams: Adaptive Cards.
    Teams,
    /// No chat: a program that proposed over the API for somebody who has no chat with
    /// the bot. Nothing is said there.
    Api,
}

impl Platform {
    /// As it is stored: `slack`, `teams` or `api`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Api => "api",
        }
    }
}

/// Somebody in a chat, as the verified request named them. Never trusted for
/// rights by itself: [`crate::ports::chat::Chat::person`] tells who it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChatUser {
    /// Which service.
    pub platform: Platform,
    /// The Slack workspace (`T…`, or `E…` for a whole organisation), or the Entra tenant's GUID in Teams.
    pub realm: String,
    /// The Slack user (`U…`/`W…`), or the `aadObjectId` in Teams.
    pub id: String,
    /// Where the service wants private messages addressed, if that differs: the MRI (`29:…`) in Teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// What sort of conversation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// One person and the bot. The only place where a one-time link may go.
    Personal,
    /// Several people.
    Group,
    /// A channel of a team or workspace.
    Channel,
}

/// A conversation, or a thread of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Which service.
    pub platform: Platform,
    /// As in [`ChatUser::realm`].
    pub realm: String,
    /// Slack channel (`C…`, `D…`), or Teams conversation id (without `;messageid=`).
    pub conversation: String,
    /// Slack `thread_ts`, or the root message id of a Teams channel thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// What sort of conversation it is.
    pub kind: PlaceKind,
    /// Teams only: the connector's address, taken from a *verified* activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_url: Option<String>,
}

impl Place {
    /// One key per thread, for what was said before in it.
    pub fn key(&self) -> String {
        let thread = self.thread.as_deref().unwrap_or("-");
        format!("{}:{}:{}:{thread}", self.platform.as_str(), self.realm, self.conversation)
    }
}

/// A message the bot posted, so that it can be replaced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CardRef {
    /// Where it was posted.
    pub place: Place,
    /// The service's id of the message: Slack `ts`, Teams activity id.
    pub message: String,
}

/// Words as they came in. Shows nothing in `Debug`, so that no log holds them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(pub String);

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} characters", self.0.chars().count())
    }
}

/// Somebody named with an @ in the words. The words hold `⟨@n⟩` in its place,
/// where n counts from 0; names are never taken from the text itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Whom the service says was meant.
    pub user: ChatUser,
}

/// Something a chat really said: its signature or token was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// The same for every delivery of the same thing (Slack `event_id`; Teams
    /// conversation and activity id). Kept in the database against repeats.
    pub key: String,
    /// Who did it.
    pub from: ChatUser,
    /// Where.
    pub place: Place,
    /// What.
    pub what: Heard,
}

/// The kinds of things people do in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Heard {
    /// Words meant for the bot (a direct message, a mention, a command).
    Said {
        /// The words, with the mention of the bot itself removed, mark-up decoded
        /// and mentions replaced by `⟨@n⟩`.
        words: Words,
        /// Whom the words mention.
        mentions: Vec<Mention>,
        /// The service's id of the message, if there is one to point at.
        message: Option<String>,
        /// Files that came with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<Attached>,
    },
    /// A button of one of our cards.
    Pressed(Press),
    /// A form is wanted. Nothing is kept of it, so nothing is lost with it.
    Wants(Wants),
    /// A form was filled in and sent.
    Filled(Filled),
    /// A page of an answer was turned. Nothing is kept of it but that it was read.
    Turned(Turned),
    /// The bot may now speak here: installed, or a personal chat was opened.
    Met,
    /// The bot may no longer speak here.
    Parted,
}

/// So many files of one message are looked at.
pub const FILES_MAX: usize = 10;

/// A file that came with a message. All of it is claimed by a client; nothing of it is read
/// before somebody known sent it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Its name.
    pub name: String,
    /// Its size in bytes, if it was said.
    pub bytes: Option<u64>,
    /// Where the service has it: an id, or an address that opens for whoever knows it.
    pub at: String,
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the file {:?}", self.name)
    }
}

/// A button that was pressed, with what it carried. All of it is claimed by a
/// client until the desk has compared it with what is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Press {
    /// Which button.
    pub verb: Verb,
    /// Whose card.
    pub request: RequestId,
    /// The one-time value of that card's copy.
    pub nonce: Nonce,
    /// The digest of the plan that was shown.
    pub digest: Digest,
    /// The message the button was on, as the service says.
    pub on: CardRef,
    /// What was chosen in the card, if it asks something.
    pub choice: Option<String>,
    /// A comment typed beside the button. At most 500 characters are kept.
    pub note: Option<Words>,
    /// The steps that are still ticked, in the form that asks for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticked: Vec<StepId>,
    /// Slack only: lets the answer open a form, for three seconds. A secret.
    #[serde(skip)]
    pub trigger: Option<String>,
}

/// A form that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wants {
    /// Of which action; the list of all forms if it is not said. A claim.
    pub action: Option<String>,
    /// The template that the form begins with. A claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// The words of a message that the form should begin with, somebody else's perhaps.
    pub words: Option<Words>,
    /// Whom those words mention.
    pub mentions: Vec<Mention>,
    /// Slack only: lets a window open, for three seconds. A secret. Without one the
    /// answer itself shows the form.
    #[serde(skip)]
    pub trigger: Option<String>,
}

impl Wants {
    /// The form of this action, or the list of forms, with nothing filled in.
    pub fn of(action: Option<&str>) -> Self {
        let action = action.map(str::to_owned);
        Self { action, template: None, words: None, mentions: Vec::new(), trigger: None }
    }
}

/// A form that was filled in. All of it is claimed by a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// The ids of the actions, in the order of the form's parts.
    pub actions: Vec<String>,
    /// What was filled in: the part's number, a dot, the field's name.
    pub answers: Answers,
    /// The request that this takes the place of, if any.
    pub of: Option<FilledOf>,
    /// The value that stands for this form.
    pub nonce: Nonce,
    /// Slack only: the window it was filled in.
    pub window: Option<String>,
}

/// The request whose form was filled in, as its buttons claim it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledOf {
    /// Which request.
    pub request: RequestId,
    /// The one-time value of the copy of its card.
    pub nonce: Nonce,
    /// The digest of the plan that was shown.
    pub digest: Digest,
}

/// A page that was turned.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    /// What the button carried: sealed by us, or nothing.
    pub token: String,
    /// The message the button was on.
    pub on: CardRef,
    /// Only this person sees that message, so it cannot be replaced.
    pub once: bool,
}

impl fmt::Debug for Turned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a page turned on {:?}", self.on.message)
    }
}

/// Turns a page of an answer; after a colon, which way.
pub const PAGE_TURN: &str = "countersign.page";
/// The inputs in which steps stay ticked; after a colon, which part of the list.
pub const TICKS: &str = "steps";
/// Opens a form: of the action it carries, or of the one that is chosen beside it.
pub const FORM_OPEN: &str = "countersign.form";
/// Sends a form.
pub const FORM_SEND: &str = "countersign.send";
/// Looks for something of the directory while somebody types; after a colon, of which sort.
pub const FORM_FIND: &str = "countersign.find";
/// The input in which one of all forms is chosen.
pub const FORM_CHOICE: &str = "form";

/// What a button asks for. Its text form is Slack's `action_id` and Teams' `verb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Sign the plan that was shown.
    Approve,
    /// Refuse it.
    Reject,
    /// The requester signs it himself, where policy says so.
    Confirm,
    /// The requester takes the request back.
    Cancel,
    /// Start no further step.
    Stop,
    /// End now what was given for a while.
    EndNow,
    /// Try the failed steps again.
    Retry,
    /// Answer a question by one of the offered choices.
    Pick,
    /// Open a form to answer a question (Slack).
    Choose,
    /// Of a step in doubt: read it back once more.
    CheckAgain,
    /// Of a step in doubt: a person says it happened.
    Happened,
    /// Of a step in doubt: a person says it did not.
    DidNot,
    /// Draft the inverse of what was done.
    Undo,
    /// Draft what gives back what was taken from somebody.
    Restore,
    /// Open what was asked as a form, filled in.
    Edit,
    /// Show the card again in place of its form (Teams).
    Show,
    /// Show every step, where the card only counts them.
    Details,
    /// Play the plan in a tenant that is not real.
    Rehearse,
    /// Open the list of steps, to untick some.
    Untick,
    /// Leave out what is not ticked.
    LeaveOut,
    /// Open the form for a question to whoever asked for it.
    Ask,
    /// Send the question.
    SendQuestion,
    /// Open the form for the answer.
    Answer,
    /// Send the answer.
    SendAnswer,
    /// Sign alone, as an emergency.
    Emergency,
    /// Of what was signed alone: somebody else knows of it.
    Acknowledge,
    /// Of what was signed alone: somebody else says it should not have been.
    Object,
    /// End a standing approval.
    Revoke,
    /// Post the card of a request that is only listed.
    Open,
    /// Open the form for the number that the subject reads out.
    EnterNumber,
    /// Send that number.
    SendNumber,
    /// Of the subject: it was not them who asked.
    NotMe,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 32] = [
        Self::Approve,
        Self::Reject,
        Self::Confirm,
        Self::Cancel,
        Self::Stop,
        Self::EndNow,
        Self::Retry,
        Self::Pick,
        Self::Choose,
        Self::CheckAgain,
        Self::Happened,
        Self::DidNot,
        Self::Undo,
        Self::Restore,
        Self::Edit,
        Self::Show,
        Self::Details,
        Self::Rehearse,
        Self::Untick,
        Self::LeaveOut,
        Self::Ask,
        Self::SendQuestion,
        Self::Answer,
        Self::SendAnswer,
        Self::Emergency,
        Self::Acknowledge,
        Self::Object,
        Self::Revoke,
        Self::Open,
        Self::EnterNumber,
        Self::SendNumber,
        Self::NotMe,
    ];

    /// As buttons carry it: `countersign.approve`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "countersign.approve",
            Self::Reject => "countersign.reject",
            Self::Confirm => "countersign.confirm",
            Self::Cancel => "countersign.cancel",
            Self::Stop => "countersign.stop",
            Self::EndNow => "countersign.end_now",
            Self::Retry => "countersign.retry",
            Self::Pick => "countersign.pick",
            Self::Choose => "countersign.choose",
            Self::CheckAgain => "countersign.check_again",
            Self::Happened => "countersign.happened",
            Self::DidNot => "countersign.did_not",
            Self::Undo => "countersign.undo",
            Self::Restore => "countersign.restore",
            Self::Edit => "countersign.edit",
            Self::Show => "countersign.show",
            Self::Details => "countersign.details",
            Self::Rehearse => "countersign.rehearse",
            Self::Untick => "countersign.untick",
            Self::LeaveOut => "countersign.leave_out",
            Self::Ask => "countersign.ask",
            Self::SendQuestion => "countersign.send_question",
            Self::Answer => "countersign.answer",
            Self::SendAnswer => "countersign.send_answer",
            Self::Emergency => "countersign.emergency",
            Self::Acknowledge => "countersign.acknowledge",
            Self::Object => "countersign.object",
            Self::Revoke => "countersign.revoke",
            Self::Open => "countersign.open",
            Self::EnterNumber => "countersign.enter_number",
            Self::SendNumber => "countersign.send_number",
            Self::NotMe => "countersign.not_me",
        }
    }

    /// Does it come with a form of the card's, which is sent from a window in Slack?
    pub fn is_sent_by_a_form(self) -> bool {
        matches!(
            self,
            Self::Pick | Self::LeaveOut | Self::SendQuestion | Self::SendAnswer | Self::SendNumber
        )
    }

    /// The button with this text form. `countersign.pick:3` is also [`Self::Pick`]:
    /// what follows a colon only keeps Slack's `action_id`s apart.
    pub fn read(said: &str) -> Option<Self> {
        let said = said.split(':').next().unwrap_or(said);
        Self::ALL.into_iter().find(|verb| verb.as_str() == said)
    }
}

/// Which of the faces a message is drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// Adaptive Card 1.5.
    Teams,
    /// Block Kit.
    Slack,
    /// Words only: logs, tests, screen readers.
    Plain,
}

impl Face {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Teams, Self::Slack, Self::Plain];
}

/// A message in the form one platform shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// Teams: the card. Slack: `{"blocks":[…]}`, or `{"view":{…}}` for a form. Plain: a string.
    pub body: serde_json::Value,
    /// One line for the notification, and for whoever cannot see the card.
    pub summary: String,
}
