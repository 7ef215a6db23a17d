//! A signature that waits for a fresh sign-in: the click on Approve answers with a private
//! link, and counts once whoever pressed has signed in and confirmed. The card stays as it is.

use serde_json::json;

use crate::{
    desk::{Desk, press::note},
    domain::{
        chat::{Inbound, Platform, Press, Words},
        message::{Message, SignInFor, SignInView},
        plan::Plan,
        request::Request,
        sign_in::{Purpose, SignIn, Signing, StepUp},
        trouble::Reason,
        users::PersonRef,
    },
    interpret,
    ports::store::{Answer, StoreError, Turn},
};

/// A sign-in that was confirmed, for the press that waited for it.
pub(in crate::desk) struct Proven {
    /// It is over with the press, whatever comes of it.
    pub(in crate::desk) sign_in: SignIn,
    /// Who signed in.
    pub(in crate::desk) who: PersonRef,
    /// How.
    pub(in crate::desk) step_up: StepUp,
}

impl Desk {
    /// The answer to a press that takes a sign-in first. Nothing of it counts yet.
    pub(in crate::desk) fn ask_sign_in(
        &self,
        turn: &mut Turn,
        inbound: &Inbound,
        (request, plan): (&Request, &Plan),
        (who, press): (PersonRef, &Press),
    ) -> Result<Answer, Reason> {
        let Some(entrance) = &self.sign_ins else {
            return Err(Reason::SignInWeak { why: "=step_up_off".to_owned() });
        };
        let note_of = |typed: &Words| Words(interpret::redact(&typed.0).words);
        let press =
            Press { trigger: None, note: press.note.as_ref().map(note_of), ..press.clone() };
        let actions: Vec<String> = plan.parts.iter().map(|part| part.action.clone()).collect();
        let number = request.number;
        let name = who.name.clone();
        let signing = Signing {
            voter: who,
            number,
            revision: plan.revision,
            actions: actions.clone(),
            subjects: plan.subjects.clone(),
            press,
        };
        let by = (&inbound.from, name.as_str());
        let purpose = Purpose::StepUp(Box::new(signing));
        let (sign_in, link) = self.new_sign_in(entrance, by, &inbound.place, purpose);
        let purpose = SignInFor::StepUp { number, actions, subjects: plan.subjects.clone() };
        let view = Message::SignIn(SignInView { purpose, link, until: sign_in.until });
        turn.sign_ins.push((sign_in, None));
        let say = if inbound.from.platform == Platform::Slack {
            // Whispered where it was pressed.
            view
        } else {
            self.say_alone(turn, &inbound.from, view);
            note("step_up_sent", &[("number", &number.to_string())])
        };
        Ok(Answer { say: Some(say), request: None })
    }

    /// Somebody came back from Entra and does not count as who pressed: that is over, and the
    /// record says so.
    pub(super) async fn step_up_refused(
        &self,
        sign_in: SignIn,
        signing: &Signing,
        why: &Reason,
    ) -> Result<(), StoreError> {
        let mut turn = Turn { at: self.now(), ..Turn::default() };
        if let Some(request) = self.store.request(&signing.press.request).await? {
            let why = serde_json::to_value(why).unwrap_or_default();
            let told = json!({ "by": signing.voter, "why": why["code"] });
            turn.facts.push(self.fact(&request, "step_up.refused", told));
        }
        turn.sign_ins_over.push(sign_in);
        match self.store.save(turn).await {
            Ok(_) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
