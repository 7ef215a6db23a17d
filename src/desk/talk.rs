//! "Ask a question": to whoever asked, and back. The request waits on; neither the question
//! nor the answer is read for anything but to be shown.

use serde_json::json;

use crate::{
    desk::{Desk, form::over_card, press::person},
    domain::{
        chat::{Place, Platform, Press, Words},
        message::{AskedView, ButtonToken, CardAsks, CardFormView, Message},
        plan::Note,
        proposal::{Intent, Understood},
        request::Request,
        talk::{REMARK_CHARS_MAX, Remark},
        trouble::{Reason, Result},
        users::PersonRef,
    },
    interpret,
    policy::Standing,
    ports::store::{Answer, Copy, Say, StoreError, Turn},
};

type Stored<T> = std::result::Result<T, StoreError>;

/// Of a thread, so many requests are looked at, newest first.
const IN_THREAD_MAX: u32 = 5;

impl Desk {
    /// Opens the form for a question. It begins with what was typed beside the buttons.
    pub(super) async fn ask_back(
        &self,
        request: &Request,
        who: &Standing,
        press: &Press,
    ) -> Stored<Result<Answer>> {
        if let Err(trouble) = self.may_ask_back(request, who, press).await? {
            return Ok(Err(trouble));
        }
        let typed = press.note.as_ref().map(words).unwrap_or_default();
        let form = card_form(request, press, CardAsks::Question { typed });
        Ok(over_card(self, form, press).await)
    }

    /// A question, said in the requester's thread.
    pub(super) async fn send_question(
        &self,
        turn: &mut Turn,
        request: Request,
        who: &Standing,
        press: &Press,
    ) -> Stored<Result<Answer>> {
        if let Err(trouble) = self.may_ask_back(&request, who, press).await? {
            return Ok(Err(trouble));
        }
        let words = match written(press, "question", "write what you want to know") {
            Ok(words) => words,
            Err(reason) => return Ok(Err(reason.into())),
        };
        let remark = Remark { by: person(who), at: self.now(), words, answers: false };
        let view = AskedView {
            number: request.number,
            actions: request.proposals.iter().map(|it| it.action.clone()).collect(),
            by: remark.by.clone(),
            words: remark.words.clone(),
            to: request.origin.by.clone(),
            name: request.requester.name.clone(),
        };
        let to = self.thread_of(&request);
        turn.say.push(Say { id: self.clock.uuid(), to, what: Message::Asked(view) });
        Ok(self.keep(turn, request, remark, "question.asked"))
    }

    /// Opens the form for the answer, for whoever was asked.
    pub(super) async fn answer_back(
        &self,
        request: &Request,
        who: &Standing,
        press: &Press,
    ) -> Result<Answer> {
        request.check_open(&press.digest, self.now())?;
        let asked = asked_of(request, who)?;
        let (by, words) = (asked.by.clone(), asked.words.clone());
        over_card(self, card_form(request, press, CardAsks::Answer { by, words }), press).await
    }

    /// The answer, from the form.
    pub(super) async fn send_answer(
        &self,
        turn: &mut Turn,
        request: Request,
        who: &Standing,
        press: &Press,
    ) -> Stored<Result<Answer>> {
        let checked = request.check_open(&press.digest, self.now());
        if let Err(reason) = checked.and_then(|()| asked_of(&request, who).map(|_| ())) {
            return Ok(Err(reason.into()));
        }
        let words = match written(press, "answer", "write your answer") {
            Ok(words) => words,
            Err(reason) => return Ok(Err(reason.into())),
        };
        self.answered(turn, request, person(who), words).await
    }

    /// The request whose question these words answer: of whoever speaks, in its own thread.
    /// A thread belongs to its request, so there everything but a command is the answer;
    /// where there are none (a personal conversation), only what is no request itself.
    pub(super) async fn asked_in(
        &self,
        place: &Place,
        who: &Standing,
        understood: &Understood,
    ) -> Stored<Option<Request>> {
        let answers = match understood.intent {
            Intent::None => true,
            Intent::Request => place.thread.is_some(),
            Intent::Help | Intent::Status | Intent::Cancel | Intent::Restore | Intent::Rehearse => {
                false
            }
        };
        if !answers {
            return Ok(None);
        }
        let made = self.made_here(place, IN_THREAD_MAX).await?;
        let now = self.now();
        let waits = |request: &Request| {
            let open =
                request.digest.is_some_and(|digest| request.check_open(&digest, now).is_ok());
            open && asked_of(request, who).is_ok()
        };
        Ok(made.into_iter().find(waits))
    }

    /// Keeps an answer, and tells those who sign that there is one.
    pub(super) async fn answered(
        &self,
        turn: &mut Turn,
        request: Request,
        by: PersonRef,
        words: String,
    ) -> Stored<Result<Answer>> {
        let number = request.number.to_string();
        let fields = [("number", number.as_str()), ("by", by.name.as_str())];
        let note = Note::new("answered", &fields);
        let copies = self.store.copies(&request.id).await?;
        for copy in copies.into_iter().filter(Copy::is_for_signers) {
            let what = Message::Note(note.clone());
            turn.say.push(Say { id: self.clock.uuid(), to: copy.to, what });
        }
        let remark = Remark { by, at: self.now(), words: short(&words), answers: true };
        Ok(self.keep(turn, request, remark, "question.answered"))
    }

    fn keep(
        &self,
        turn: &mut Turn,
        request: Request,
        remark: Remark,
        kind: &str,
    ) -> Result<Answer> {
        let (id, version) = (request.id, request.version);
        let told = json!({ "by": remark.by, "words": remark.words });
        let request = request.remark(remark, self.now())?;
        turn.facts.push(self.fact(&request, kind, told));
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        Ok(Answer { say: None, request: Some(id) })
    }

    /// Whoever may sign the plan that was shown, while its requester can be reached.
    async fn may_ask_back(
        &self,
        request: &Request,
        who: &Standing,
        press: &Press,
    ) -> Stored<Result<()>> {
        if let Err(reason) = request.check_open(&press.digest, self.now()) {
            return Ok(Err(reason.into()));
        }
        if request.origin.place.platform == Platform::Api {
            let what = "whoever asked has no chat with me; please speak with them directly";
            return Ok(Err(Reason::NotPossible { what: what.to_owned() }.into()));
        }
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        let concerned = match self.concerned(request, frozen.plan()).await {
            Ok(concerned) => concerned,
            Err(trouble) => return Ok(Err(trouble)),
        };
        Ok(self.may_sign(who, &concerned, frozen.plan()).await.map(|_| ()))
    }
}

/// The open question, if it is for this person.
fn asked_of<'a>(request: &'a Request, who: &Standing) -> Result<&'a Remark, Reason> {
    if request.requester.id != who.user.id {
        return Err(Reason::NotYours);
    }
    let nothing = || Reason::NotPossible { what: "no question is open".to_owned() };
    request.open_question().ok_or_else(nothing)
}

/// Typed words, without a password and not endless.
fn words(typed: &Words) -> String {
    short(&interpret::redact(typed.0.trim()).words)
}

/// What was typed into a form of one field; it must not be empty.
fn written(press: &Press, field: &str, why: &str) -> Result<String, Reason> {
    press
        .note
        .as_ref()
        .map(words)
        .filter(|words| !words.is_empty())
        .ok_or_else(|| Reason::WrongArgument { field: field.to_owned(), why: why.to_owned() })
}

fn short(words: &str) -> String {
    words.trim().chars().take(REMARK_CHARS_MAX).collect()
}

pub(super) fn card_form(request: &Request, press: &Press, asks: CardAsks) -> Message {
    let token =
        ButtonToken { request: request.id, nonce: press.nonce.clone(), digest: press.digest };
    Message::CardForm(CardFormView {
        number: request.number,
        actions: request.proposals.iter().map(|it| it.action.clone()).collect(),
        asks,
        token,
        of: press.on.clone(),
    })
}
