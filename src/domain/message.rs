//! Everything the bot can say. `cards/` has one folder for each variant.
//!
//! A message is data in the heart's own words; keys are looked up in the text
//! file of the language, and `cards/` decides how it looks on each platform.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Map;

use crate::domain::{
    area::Risk,
    batch::Unfit,
    chat::{ChatUser, Verb},
    emergency::Emergency,
    escalation::Further,
    form::view::{ChooserView, FormView},
    ids::{Digest, Nonce, Number, RequestId, StepId},
    plan::{LeftOut, Note, Value},
    proposal::Because,
    quorum::{Needs, Quorum},
    step::StepState,
    talk::Remark,
    trouble::{Choice, Question, Reason},
    users::PersonRef,
};

/// Something the bot says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "messages are few and short-lived")]
pub enum Message {
    /// A request with its plan, in whatever state it is: the card that is updated in place.
    Request(RequestView),
    /// A page of a plan's steps, for somebody whose card only counts them.
    Steps(StepsView),
    /// Something must be answered first.
    Question(QuestionView),
    /// The form behind a question (Slack's modal).
    QuestionForm(QuestionView),
    /// A form that belongs to a request's card.
    CardForm(CardFormView),
    /// A question to whoever asked for something.
    Asked(AskedView),
    /// The number that somebody reads out, to show that it is really they.
    CallerNumber(CallerNumberView),
    /// An action's questions, to be filled in.
    Form(FormView),
    /// Which action's questions?
    Chooser(ChooserView),
    /// What a look found.
    Facts(FactsView),
    /// The same, a page at a time.
    Pages(PagesView),
    /// A one-time link, said only in a personal conversation.
    SecretLink(SecretLinkView),
    /// A link to a sign-in at Entra, for one person alone.
    SignIn(SignInView),
    /// The same message once the link opens no more.
    SecretGone(SecretGoneView),
    /// Why not, and what to do.
    Sorry(SorryView),
    /// One sentence: an answer to a button.
    Note(Note),
    /// What can be asked, with examples.
    Help(HelpView),
    /// What is waiting.
    Waiting(WaitingView),
    /// A table of which no row can be carried out.
    Rows(RowsView),
    /// Requests to sign that have no card of their own yet.
    Gathered(GatheredView),
}

/// For whom a copy of the request card is drawn; decides its buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The people who may sign.
    Approvers,
    /// Who asked, in the thread of the request.
    Requester,
    /// Whom it is about, in a chat of their own: only a number, never the request's card.
    Subject,
}

/// A request card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    /// For whom.
    pub audience: Audience,
    /// `#1042`.
    pub number: Number,
    /// The state's name: `pending`, `running`, `succeeded`… (texts under `state.`).
    pub state: String,
    /// How the state feels: `waiting`, `working`, `good`, `bad`, `warning`, `quiet`. Never shown by colour alone.
    pub tone: String,
    /// The actions' ids (texts under `action.`), in order.
    pub actions: Vec<String>,
    /// While it waits: what matters and the buttons come first, on one screen of a phone, and
    /// the steps below. For processes, and for plans of many steps.
    #[serde(default)]
    pub brief: bool,
    /// How much harm a mistake would do, while it waits.
    #[serde(default)]
    pub risk: Option<Risk>,
    /// Who asked.
    pub requester: PersonRef,
    /// Whom it is about.
    pub subjects: Vec<PersonRef>,
    /// What it is about beside people, by name.
    #[serde(default)]
    pub objects: Vec<String>,
    /// The steps.
    pub steps: Vec<StepView>,
    /// What was left out of the plan while it waited, oldest first.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// It is about many people: its steps are rows of a table.
    #[serde(default)]
    pub batch: Option<BatchView>,
    /// What the approver should know.
    pub notes: Vec<Note>,
    /// Why a signature is needed, and whose: text under `verdict.`.
    pub rule: Note,
    /// Whose signatures it needs, where that is more than [`Self::rule`] says.
    #[serde(default)]
    pub needs: Option<Quorum>,
    /// Who is still missing, while it waits and somebody has signed.
    #[serde(default)]
    pub missing: Option<Needs>,
    /// It was signed by somebody alone.
    #[serde(default)]
    pub emergency: Option<Emergency>,
    /// Who may sign beside those, or from when on somebody may.
    #[serde(default)]
    pub further: Option<Further>,
    /// Signatures so far, oldest first.
    pub signed: Vec<Signature>,
    /// Questions and answers about it, oldest first.
    #[serde(default)]
    pub talk: Vec<Remark>,
    /// Why it was rejected, in the person's own words.
    pub remark: Option<String>,
    /// Who stopped it.
    pub stopped_by: Option<PersonRef>,
    /// Until when it can be signed, while it waits. UTC.
    pub until: Option<Timestamp>,
    /// When it will start, when it is scheduled. UTC.
    pub start_at: Option<Timestamp>,
    /// When it ended. UTC.
    pub ended_at: Option<Timestamp>,
    /// Which words led to what.
    pub because: Vec<Because>,
    /// The first twelve digits of the digest, for people to compare.
    pub fingerprint: String,
    /// The buttons, in order. None on a final card but those that still do something.
    pub buttons: Vec<Button>,
    /// What the buttons carry.
    pub token: ButtonToken,
}

/// What a card says of all rows together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchView {
    /// How many changes of each kind they make: texts under `many.`.
    pub changes: BTreeMap<String, u32>,
    /// How many rows have something that cannot be undone: texts under `final.`.
    pub lasting: BTreeMap<String, u32>,
    /// Rows of which nothing will be done.
    pub unfit: Vec<Unfit>,
}

/// A table of which no row can be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsView {
    /// The actions' ids (texts under `action.`).
    pub actions: Vec<String>,
    /// Each row, with what is wrong with it.
    pub unfit: Vec<Unfit>,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who.
    pub by: PersonRef,
    /// When. UTC.
    pub at: Timestamp,
    /// Their comment.
    pub note: Option<String>,
    /// In whose place they signed, if not in their own.
    #[serde(default)]
    pub instead_of: Option<PersonRef>,
    /// Beforehand, by a standing approval.
    #[serde(default)]
    pub beforehand: bool,
    /// After a fresh sign-in with a second factor.
    #[serde(default)]
    pub stepped_up: bool,
}

/// One step on the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// Its number, from 1.
    pub id: u16,
    /// The change's kind: text under `change.` with `names` filled in.
    pub kind: String,
    /// The names in it.
    pub names: BTreeMap<String, String>,
    /// What changes, before and after.
    pub values: Vec<Value>,
    /// Where it stands.
    pub state: StepState,
    /// What `done` rests on: `state`, `trace`, `answer` (texts under `evidence.`), once it is done.
    pub evidence: Option<String>,
    /// Why it failed, was skipped or is in doubt.
    pub why: Option<Reason>,
    /// Who said so, for a step that was in doubt.
    pub said_by: Option<String>,
    /// Why it cannot be undone: a key under `final.`.
    pub cannot_undo: Option<String>,
    /// Who receives a secret of it, and how.
    pub secret_to: Option<PersonRef>,
    /// It does not start before. UTC.
    #[serde(default)]
    pub not_before: Option<Timestamp>,
    /// It ends at that time what other steps gave for a while.
    #[serde(default)]
    pub ends: bool,
}

/// A page of a plan's steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepsView {
    /// `#1042`.
    pub number: Number,
    /// The actions' ids (texts under `action.`), in order.
    pub actions: Vec<String>,
    /// The steps of this page.
    pub steps: Vec<StepView>,
    /// Which page, from 1.
    pub page: usize,
    /// Of so many.
    pub pages: usize,
    /// As on the card.
    pub fingerprint: String,
    /// How they would end: they were played in a tenant that is not real.
    #[serde(default)]
    pub rehearsed: bool,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What it asks for (texts under `button.`, by the verb's name without `countersign.`).
    pub verb: Verb,
    /// `primary`, `danger` or `plain`.
    pub style: String,
    /// Asks once more before it is sent (Slack's confirm dialog).
    pub confirm: bool,
}

/// What every button of a card carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ButtonToken {
    /// Whose card.
    pub request: RequestId,
    /// The one-time value of this copy.
    pub nonce: Nonce,
    /// The digest of the plan that is shown; of nothing (64 zeros) on a question.
    pub digest: Digest,
}

/// A question with choices, or one to be answered in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionView {
    /// `#1042`.
    pub number: Number,
    /// The action it is for (text under `action.`).
    pub action: String,
    /// What is asked.
    pub question: Question,
    /// What was answered, once it is: the question is then only history.
    pub answered: Option<Choice>,
    /// It was cancelled or expired: the state's name.
    pub over: Option<String>,
    /// What the buttons carry.
    pub token: ButtonToken,
    /// The message the form came from (forms only), so that its answer finds it.
    pub of: Option<crate::domain::chat::CardRef>,
}

/// A form that belongs to a request's card, for whoever pressed a button there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardFormView {
    /// `#1042`.
    pub number: Number,
    /// The actions' ids (texts under `action.`), in order.
    pub actions: Vec<String>,
    /// What it asks for.
    pub asks: CardAsks,
    /// What the card's buttons carry.
    pub token: ButtonToken,
    /// The card, so that the answer finds it.
    pub of: crate::domain::chat::CardRef,
}

/// What a form over a card asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardAsks {
    /// Which steps stay; all of them are ticked.
    Steps(Vec<Tick>),
    /// What somebody who signs wants to know.
    Question {
        /// What they typed beside the buttons.
        typed: String,
    },
    /// The answer to a question.
    Answer {
        /// Who asked.
        by: PersonRef,
        /// What.
        words: String,
    },
    /// The number that the subject reads out.
    Number {
        /// Who was shown it.
        of: PersonRef,
        /// So many tries are left.
        left: u8,
    },
}

/// A step that can be unticked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Its number.
    pub step: StepId,
    /// The change's kind: text under `change.` with `names` filled in.
    pub kind: String,
    /// The names in it.
    pub names: BTreeMap<String, String>,
    /// The steps it goes with.
    pub needs: Vec<StepId>,
}

/// A question of somebody who signs, said where the request was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedView {
    /// `#1042`.
    pub number: Number,
    /// The actions' ids (texts under `action.`), in order.
    pub actions: Vec<String>,
    /// Who asks.
    pub by: PersonRef,
    /// What.
    pub words: String,
    /// Whom: mentioned, so that they notice.
    pub to: ChatUser,
    /// Their name.
    pub name: String,
}

/// What the subject of a request sees of it: a number, while it counts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerNumberView {
    /// `#1042`.
    pub number: Number,
    /// The actions' ids (texts under `action.`), in order.
    pub actions: Vec<String>,
    /// Who asked for them.
    pub requester: PersonRef,
    /// The number, while it counts: a secret of whoever sees it.
    pub digits: Option<String>,
    /// What became of it otherwise: a key under `caller.`.
    pub over: String,
    /// Until when it counts. UTC.
    pub until: Timestamp,
    /// While it counts.
    pub buttons: Vec<Button>,
    /// What the button carries.
    pub token: ButtonToken,
}

impl fmt::Debug for CallerNumberView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the number of a caller ({})", self.number)
    }
}

/// What a look found: a title and facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactsView {
    /// The action it answers (text under `action.`).
    pub action: String,
    /// What it is about: a name.
    pub title: String,
    /// Under the title: a UPN.
    pub subtitle: Option<String>,
    /// Name (text under `value.`) and value; a value that starts with `=` is a text key.
    pub facts: Vec<(String, String)>,
    /// Lists under their own heading (text under `value.`).
    pub lists: Vec<(String, Vec<String>)>,
    /// Rows under named columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
    /// More was found than is shown: how many more.
    pub more: u32,
    /// The same action's arguments that give the next page, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Map<String, serde_json::Value>>,
}

/// A page of what a look found, with what its buttons carry. Shows no button in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagesView {
    /// What is on it.
    pub facts: FactsView,
    /// Counts from 1; nothing when there is only one page.
    pub number: Option<u32>,
    /// What the button to the page before carries ([`crate::domain::page::Page`], sealed).
    pub back: Option<String>,
    /// What the button to the next page carries.
    pub on: Option<String>,
}

impl fmt::Debug for PagesView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "page {:?} of {}", self.number, self.facts.action)
    }
}

/// Rows under named columns. The first column names the row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Names of the columns (texts under `value.`), at most 6.
    pub columns: Vec<String>,
    /// Each row has a cell for each column; a cell that starts with `=` is a text key.
    /// At most 50 rows.
    pub rows: Vec<Vec<String>>,
}

/// A one-time link. Shows no link in `Debug`: its token is a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretLinkView {
    /// `#1042`.
    pub number: Number,
    /// Whose password it is, or who asked.
    pub subject: PersonRef,
    /// What waits there: a key under `secret.` and `summary.secret_`.
    #[serde(default = "a_password")]
    pub what: String,
    /// The link, with the token in its fragment. Opens once.
    pub link: String,
    /// Until when it opens. UTC.
    pub until: Timestamp,
}

fn a_password() -> String {
    "password".to_owned()
}

impl fmt::Debug for SecretLinkView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a one-time link of {}", self.number)
    }
}

/// A link to a sign-in. Shows no link in `Debug`: its token is a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInView {
    /// What it is for.
    pub purpose: SignInFor,
    /// The link, with the token in its fragment.
    pub link: String,
    /// Until when it is good. UTC.
    pub until: Timestamp,
}

/// What somebody signs in for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "for")]
pub enum SignInFor {
    /// The chat account is to be somebody's.
    Link,
    /// A signature is to count.
    StepUp {
        /// Under `#1042`.
        number: Number,
        /// The actions' ids (texts under `action.`), in order.
        actions: Vec<String>,
        /// Whom it is about.
        subjects: Vec<PersonRef>,
    },
}

impl fmt::Debug for SignInView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a link to a sign-in")
    }
}

/// A one-time link that opens no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretGoneView {
    /// `#1042`.
    pub number: Number,
    /// Whose password it was, or who asked.
    pub subject: PersonRef,
    /// What waited there: a key under `secret.`.
    pub what: String,
    /// Why it opens no more.
    pub gone: Gone,
}

/// Why a one-time link opens no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "gone")]
pub enum Gone {
    /// Whoever held it opened it.
    Opened {
        /// When. UTC.
        at: Timestamp,
    },
    /// Nobody did in its time.
    Expired {
        /// When that was over. UTC.
        at: Timestamp,
    },
    /// What it held is good for nothing: a newer one was set.
    Replaced {
        /// When. UTC.
        at: Timestamp,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SorryView {
    /// The reason (texts `reason.<code>.what` and `.hint`).
    pub reason: Reason,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpView {
    /// Action id (text under `action.`) and an example sentence.
    pub actions: Vec<(String, String)>,
}

/// What is waiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingView {
    /// At most 20, newest first.
    pub requests: Vec<WaitingLine>,
    /// More than are shown.
    pub more: u32,
}

/// Requests to sign that have no card of their own yet, to be opened one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatheredView {
    /// Those that wait, oldest first, at most 20.
    pub requests: Vec<GatheredLine>,
    /// More that wait: they come up as these are opened or decided.
    pub more: u32,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatheredLine {
    /// Which request, and whom it is about.
    pub of: WaitingLine,
    /// Who asked.
    pub requester: PersonRef,
    /// How much harm a mistake would do.
    pub risk: Option<Risk>,
    /// Until when it can be signed. UTC.
    pub until: Timestamp,
    /// What its button carries.
    pub token: ButtonToken,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingLine {
    /// `#1042`.
    pub number: Number,
    /// The actions' ids.
    pub actions: Vec<String>,
    /// Whom it is about.
    pub subjects: Vec<PersonRef>,
    /// What it is about beside people, by name.
    #[serde(default)]
    pub objects: Vec<String>,
    /// The state's name.
    pub state: String,
}
