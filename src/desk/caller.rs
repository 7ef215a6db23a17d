//! A number by which the subject of a request is recognised: shown in their own chats, typed by
//! whoever asked, before anybody approves ([`crate::domain::caller`]).

use serde_json::json;

use crate::{
    desk::{
        Desk,
        form::over_card,
        press::{note, person},
        talk::card_form,
    },
    domain::{
        caller::{CheckEnd, Typed},
        chat::{Press, Verb},
        message::{Audience, Button, CallerNumberView, CardAsks, Message},
        plan::{Note, Plan},
        request::{Request, Stage},
        trouble::{Reason, Result},
        users::PersonRef,
    },
    engine::ended,
    policy::Standing,
    ports::store::{Answer, Copy, Say, SayTo, StoreError, Turn},
};

type Stored<T> = std::result::Result<T, StoreError>;

impl Desk {
    /// Whom a plan that takes a number is about: one person, who has a chat to be shown it in.
    pub(super) async fn can_be_recognised(
        &self,
        request: &Request,
        subjects: &[PersonRef],
    ) -> Result<()> {
        let [subject] = subjects else {
            let what =
                "a number is read out by one person; ask for each of them in a message of its own";
            return Err(Reason::NotPossible { what: what.to_owned() }.into());
        };
        if request.is_row() {
            let what = "somebody who calls is recognised by a number, so this is not asked for with a table; ask for this person alone";
            return Err(Reason::NotPossible { what: what.to_owned() }.into());
        }
        let places = self.personal(&subject.id).await.map_err(super::weigh::unread)?;
        if places.is_empty() {
            return Err(Reason::NoNumberPlace { person: subject.name.clone() }.into());
        }
        Ok(())
    }

    /// The request waits for its number first; its subject is shown it.
    pub(super) async fn show_number(
        &self,
        turn: &mut Turn,
        request: Request,
        plan: &Plan,
    ) -> Stored<Request> {
        let Some(subject) = plan.subjects.first().filter(|_| plan.caller_number) else {
            return Ok(request);
        };
        for place in self.personal(&subject.id).await? {
            turn.copies.push(self.copy(request.id, Audience::Subject, SayTo::Place { place }));
        }
        Ok(request.check_caller(subject.clone(), self.now()))
    }

    /// What its subject sees of a request.
    pub(super) fn number_view(&self, request: &Request, copy: &Copy, plan: &Plan) -> Message {
        let digits = request.caller_number(&self.votes);
        let over = match request.caller.as_ref().and_then(|check| check.end.as_ref()) {
            Some(CheckEnd::Recognised { .. }) => "recognised",
            Some(CheckEnd::NotThem) => "not_them",
            Some(CheckEnd::Guessed) => "guessed",
            None => "over",
        };
        let refuses = matches!(request.stage, Stage::Pending { .. });
        let button = Button { verb: Verb::NotMe, style: "danger".to_owned(), confirm: false };
        Message::CallerNumber(CallerNumberView {
            number: request.number,
            actions: plan.parts.iter().map(|part| part.action.clone()).collect(),
            requester: request.requester.clone(),
            digits,
            over: over.to_owned(),
            until: request.caller.as_ref().map_or(request.asked_at, |check| check.until),
            buttons: if refuses { vec![button] } else { Vec::new() },
            token: super::show::token_of(request, copy),
        })
    }

    /// Opens the form for the number.
    pub(super) async fn enter_number(
        &self,
        request: &Request,
        who: &Standing,
        press: &Press,
    ) -> Result<Answer> {
        let check = asked_for(self, request, who, press)?;
        let (of, left) = (check.of.clone(), check.left());
        over_card(self, card_form(request, press, CardAsks::Number { of, left }), press).await
    }

    /// The number, from the form.
    pub(super) async fn send_number(
        &self,
        turn: &mut Turn,
        request: Request,
        who: &Standing,
        press: &Press,
    ) -> Stored<Result<Answer>> {
        if let Err(reason) = asked_for(self, &request, who, press) {
            return Ok(Err(reason.into()));
        }
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        let typed = press.note.as_ref().map(|words| words.0.clone()).unwrap_or_default();
        let (id, version) = (request.id, request.version);
        let times = (self.now(), frozen.plan().expires_at);
        let (mut request, came) = match request.type_number(&typed, person(who), &self.votes, times)
        {
            Ok(came) => came,
            Err(reason) => return Ok(Err(reason.into())),
        };
        let of = request.caller.as_ref().map(|check| check.of.clone());
        let told = json!({ "of": of, "by": person(who), "came": match came {
            Typed::Right => "right",
            Typed::Wrong { .. } => "wrong",
        } });
        let (kind, said) = match came {
            Typed::Right => ("caller.recognised", None),
            Typed::Wrong { left: 0 } => ("caller.guessed", None),
            Typed::Wrong { left } => {
                let fields = [("number", request.number.to_string()), ("left", left.to_string())];
                let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
                ("caller.wrong", Some(note("caller_wrong", &fields)))
            }
        };
        turn.facts.push(self.fact(&request, kind, told));
        match came {
            Typed::Right => {
                self.set_reminder(&mut request, frozen.plan());
                self.tell_signers(turn, &request, "caller_recognised").await?;
            }
            Typed::Wrong { left: 0 } => {
                turn.facts.push(self.fact(&request, "request.cancelled", json!({})));
                self.tell_signers(turn, &request, "caller_guessed").await?;
            }
            Typed::Wrong { .. } => {}
        }
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        Ok(Ok(Answer { say: said, request: Some(id) }))
    }

    /// Its subject says that it was not them: that is the end of it, and those who would have
    /// signed are told.
    pub(super) async fn not_me(
        &self,
        turn: &mut Turn,
        request: Request,
        who: &Standing,
    ) -> Stored<Result<Answer>> {
        let of = request.caller.as_ref().map(|check| &check.of.id);
        if of != Some(&who.user.id) {
            return Ok(Err(Reason::NotThisCard.into()));
        }
        let (id, version) = (request.id, request.version);
        let request = match request.not_the_caller(self.now()) {
            Ok(request) => request,
            Err(reason) => return Ok(Err(reason.into())),
        };
        turn.facts.push(self.fact(&request, "caller.denied", json!({ "by": person(who) })));
        turn.facts.push(self.fact(&request, "request.rejected", json!({})));
        turn.say.extend(ended::told(&request, self.clock.uuid()));
        self.tell_signers(turn, &request, "caller_denied").await?;
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        Ok(Ok(Answer { say: None, request: Some(id) }))
    }

    /// One sentence where those read who sign: a card that changes makes no sound.
    async fn tell_signers(&self, turn: &mut Turn, request: &Request, key: &str) -> Stored<()> {
        let note = about(request, key);
        for copy in self.store.copies(&request.id).await? {
            if copy.audience == Audience::Approvers {
                let what = Message::Note(note.clone());
                turn.say.push(Say { id: self.clock.uuid(), to: copy.to, what });
            }
        }
        Ok(())
    }
}

/// The check that waits for its number, if this person is the one to type it.
fn asked_for<'a>(
    desk: &Desk,
    request: &'a Request,
    who: &Standing,
    press: &Press,
) -> Result<&'a crate::domain::caller::CallerCheck, Reason> {
    request.check_open(&press.digest, desk.now())?;
    if request.requester.id != who.user.id {
        return Err(Reason::NotYours);
    }
    let nothing = || Reason::NotPossible { what: "no number is waited for".to_owned() };
    request.open_check().ok_or_else(nothing)
}

/// How the recognising stands, for the cards of everybody but its subject.
pub(super) fn stands(request: &Request) -> Option<Note> {
    let check = request.caller.as_ref()?;
    let key = match (&check.end, &request.stage) {
        (None, Stage::Pending { .. }) => "caller_waits",
        (None, _) => return None,
        (Some(CheckEnd::Recognised { .. }), _) => "caller_known",
        (Some(CheckEnd::NotThem), _) => "caller_not_them",
        (Some(CheckEnd::Guessed), _) => "caller_guesses",
    };
    Some(about(request, key))
}

/// A sentence about it, with everything that one of them could say.
fn about(request: &Request, key: &str) -> Note {
    let Some(check) = &request.caller else { return Note::new(key, &[]) };
    let (by, at) = match &check.end {
        Some(CheckEnd::Recognised { by, at, .. }) => (by.name.clone(), format!("@{at}")),
        _ => (request.requester.name.clone(), String::new()),
    };
    let (number, left) = (request.number.to_string(), check.left().to_string());
    let until = format!("@{}", check.until);
    let all = [
        ("number", number.as_str()),
        ("user", &check.of.name),
        ("by", &by),
        ("at", &at),
        ("left", &left),
        ("until", &until),
    ];
    let wanted: &[&str] = match key {
        "caller_waits" => &["user", "left", "until"],
        "caller_known" => &["user", "by", "at"],
        "caller_not_them" | "caller_guesses" => &["user", "by"],
        _ => &["number", "user", "by"],
    };
    let fields: Vec<(&str, &str)> =
        all.into_iter().filter(|(name, _)| wanted.contains(name)).collect();
    Note::new(key, &fields)
}
