//! A request that was asked for once through the door, cast again and again as it stood then:
//! what the store of a house holds that was asked so often.

use countersign::{
    domain::{
        chat::{ChatUser, Heard, Inbound, Platform, Press, Verb},
        decision::Rule,
        ids::{Digest, Number, RequestId},
        message::Audience,
        plan::{Frozen, Plan},
        request::Request,
        step::StepRun,
    },
    ports::{
        clock::Clock as _,
        store::{Copy, Turn},
    },
};

use crate::stage::{Stage, slack_id};

/// What is cast.
pub struct Mould {
    request: Request,
    plan: Plan,
    steps: Vec<StepRun>,
    copies: Vec<Copy>,
}

/// One of them, waiting, with copies where those of the first stand.
pub struct Cast {
    pub id: RequestId,
    pub digest: Digest,
    pub copies: Vec<Copy>,
}

impl Mould {
    /// From the request with this number, whose cards are posted.
    pub async fn of(stage: &Stage, number: u64) -> Self {
        let store = &stage.house().store;
        let request = store.numbered(&stage.tenant(), Number(number)).await.unwrap().unwrap();
        let plan = store.plan(&request.id, request.revision).await.unwrap().unwrap();
        let copies = store.copies(&request.id).await.unwrap();
        assert!(copies.len() > 2 && copies.iter().all(|copy| copy.card.is_some()), "{copies:?}");
        let steps = store.steps(&request.id).await.unwrap();
        Self { plan: plan.plan().clone(), request, steps, copies }
    }

    /// One more, which so many people have to sign.
    pub async fn cast(&self, stage: &Stage, people: u8) -> Cast {
        let clock = &stage.clock;
        let id = clock.request_id();
        let mut plan = Plan { request: id, ..self.plan.clone() };
        let Rule::Approve { count, .. } = &mut plan.rule else { panic!("{:?}", plan.rule) };
        *count = people;
        let frozen = Frozen::of(&plan).unwrap();
        let digest = frozen.digest();
        let copy = |copy: &Copy| Copy {
            id: clock.uuid(),
            request: id,
            nonce: clock.nonce(),
            ..copy.clone()
        };
        let copies: Vec<Copy> = self.copies.iter().map(copy).collect();
        let request = Request {
            id,
            number: Number(0),
            version: 0,
            digest: Some(digest),
            ..self.request.clone()
        };
        let turn = Turn {
            at: stage.clock_now(),
            requests: vec![(request, None)],
            revisions: vec![frozen],
            steps: self.steps.iter().map(|step| (id, step.clone())).collect(),
            copies: copies.clone(),
            ..Turn::default()
        };
        stage.house().store.save(turn).await.unwrap();
        Cast { id, digest, copies }
    }
}

impl Cast {
    /// The copy for these readers in this chat; in Teams, the one in somebody's own.
    pub fn copy(&self, stage: &Stage, audience: Audience, door: Platform, who: &str) -> &Copy {
        let own = (door == Platform::Teams)
            .then(|| stage.teams.open_personal(&format!("{who}@contoso.com")).unwrap());
        let is = |copy: &&Copy| {
            let place = &copy.card.as_ref().unwrap().place;
            copy.audience == audience
                && place.platform == door
                && own.as_ref().is_none_or(|own| *own == place.conversation)
        };
        self.copies.iter().find(is).expect("a copy there")
    }

    /// A button of one of its copies, as it is pressed there.
    pub fn press(&self, copy: &Copy, verb: Verb) -> Press {
        Press {
            verb,
            request: self.id,
            nonce: copy.nonce.clone(),
            digest: self.digest,
            on: copy.card.clone().unwrap(),
            choice: None,
            note: None,
            ticked: Vec::new(),
            trigger: None,
        }
    }

    /// The same as a delivery from somebody.
    pub fn pressed_by(&self, stage: &Stage, who: &str, copy: &Copy, verb: Verb) -> Inbound {
        let press = self.press(copy, verb);
        let place = press.on.place.clone();
        let from = account(stage, who, place.platform, &place.realm);
        Inbound {
            key: format!("click {}", stage.clock.uuid()),
            from,
            place,
            what: Heard::Pressed(press),
        }
    }
}

/// Somebody's account in a chat, as the door would name it.
pub fn account(stage: &Stage, who: &str, platform: Platform, realm: &str) -> ChatUser {
    let realm = realm.to_owned();
    if platform == Platform::Slack {
        return ChatUser { platform, realm, id: slack_id(who), address: None };
    }
    let upn = format!("{who}@contoso.com");
    let person = stage.teams.people().into_iter().find(|person| person.upn == upn).unwrap();
    ChatUser { platform, realm, id: person.aad_object_id, address: Some(person.mri) }
}
