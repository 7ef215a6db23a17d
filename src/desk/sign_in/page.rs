//! What the page asks: to begin, with the link's token; to come back, with Entra's code; and to
//! confirm what the sign-in is for. The browser that began is the one that goes on: it alone
//! holds a value that was never in an address.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::step_up::Proven;
use crate::{
    desk::{Desk, press::note, sorry},
    domain::{
        chat::{Heard, Inbound},
        ids::{Digest, TenantId},
        message::Message,
        secret::Secret,
        sign_in::{Going, Purpose, SignIn, Signing, Stage, code},
        trouble::{Reason, Result, Trouble},
        users::{PersonRef, Who},
    },
    engine::link as token,
    policy,
    ports::{
        sign_in::Ask,
        store::{SignInKey, StoreError, Turn},
    },
};

/// Where a browser goes, and what it keeps.
#[derive(Debug)]
pub struct Begun {
    /// Entra's page.
    pub page: String,
    /// For this browser alone.
    pub browser: Secret,
}

/// What the page shows.
#[derive(Debug)]
pub struct Shown {
    /// What it is for: `link` or `step_up`.
    pub purpose: &'static str,
    /// In words.
    pub text: String,
    /// To be typed in the chat.
    pub code: Option<Secret>,
}

/// What the page is told, or in words why not.
pub type Told<T> = std::result::Result<std::result::Result<T, String>, StoreError>;

impl Desk {
    /// The tenant whose desk made the sign-in of a link.
    pub(in crate::desk) async fn sign_in_of_link(
        &self,
        said: &str,
    ) -> Result<Option<TenantId>, StoreError> {
        let Some(token) = token::token(said) else { return Ok(None) };
        let id = Digest(token::hash(&token));
        let found = self.store.sign_in(SignInKey::Token(&id), self.now()).await?;
        Ok(found.map(|one| one.tenant))
    }

    /// Somebody opened a link and goes to Entra. `None`: it is no link, or not any more.
    pub async fn sign_in_begin(&self, said: &str) -> Result<Option<Begun>, StoreError> {
        let (Some(entrance), Some(token)) = (&self.sign_ins, token::token(said)) else {
            return Ok(None);
        };
        let id = Digest(token::hash(&token));
        let found = self.store.sign_in(SignInKey::Token(&id), self.now()).await?;
        let found = found.filter(|one| !matches!(one.stage, Stage::Confirmed { .. }));
        let Some(sign_in) = found else { return Ok(None) };
        let [state, nonce, verifier, browser] = [(); 4].map(|()| self.random());
        let challenge = URL_SAFE_NO_PAD.encode(Digest::of(verifier.as_bytes()).0);
        let signing = signing(&sign_in).cloned();
        let rules = self.rules();
        let page = entrance.entra.page(&Ask {
            state: &state,
            nonce: &nonce,
            challenge: &challenge,
            hint: signing.as_ref().map(|signing| &signing.voter.upn),
            afresh: signing.is_some(),
            context: rules.step_up.context.as_deref().filter(|_| signing.is_some()),
        });
        let gone = Going { state: hashed(&state), browser: hashed(&browser) };
        let moved = self.moved(sign_in, Stage::Gone { gone, nonce, verifier }).await?;
        Ok(moved.then(|| Begun { page, browser: Secret::new(browser) }))
    }

    /// A browser comes back with Entra's code.
    pub async fn sign_in_back(&self, state: &str, browser: &str, code: &Secret) -> Told<Shown> {
        let Some((sign_in, entrance)) =
            self.on_its_way(state, browser).await?.zip(self.sign_ins.as_ref())
        else {
            return Ok(Err(self.why(&Reason::SignInOver.into())));
        };
        let Stage::Gone { gone, nonce, verifier } = sign_in.stage.clone() else {
            return Ok(Err(self.why(&Reason::SignInOver.into())));
        };
        let verifier = Secret::new(verifier);
        let signed = match entrance.entra.redeem(code, &verifier, &nonce).await {
            Ok(signed) => signed,
            Err(trouble) => {
                if let Trouble::Refused(_) = &trouble {
                    self.over(sign_in).await?;
                }
                return Ok(Err(self.why(&trouble)));
            }
        };
        let who = match self.member(&Who::Id(signed.user.clone())).await {
            Ok(standing) => standing.user.to_ref(),
            Err(trouble) => return Ok(Err(self.why(&trouble))),
        };
        let step_up = match signing(&sign_in) {
            None => None,
            Some(signing) => {
                let proves = if who.id == signing.voter.id {
                    policy::proves(&signed, &self.rules(), self.now())
                } else {
                    Err(Reason::SignInOther { person: signing.voter.name.clone() })
                };
                match proves {
                    Ok(step_up) => Some(step_up),
                    Err(reason) => {
                        let signing = signing.clone();
                        self.step_up_refused(sign_in, &signing, &reason).await?;
                        return Ok(Err(self.why(&reason.into())));
                    }
                }
            }
        };
        let shown = self.asked_to_confirm(&sign_in, &who);
        let moved = self.moved(sign_in, Stage::Known { gone, who, step_up }).await?;
        Ok(if moved { Ok(shown) } else { Err(self.why(&Reason::SignInOver.into())) })
    }

    /// Whoever signed in says that it is what they want.
    pub async fn sign_in_confirm(&self, state: &str, browser: &str) -> Told<Shown> {
        let over = || Ok(Err(self.why(&Reason::SignInOver.into())));
        let Some(sign_in) = self.on_its_way(state, browser).await? else { return over() };
        let Stage::Known { who, step_up, .. } = sign_in.stage.clone() else { return over() };
        match (signing(&sign_in).cloned(), step_up) {
            (None, _) => self.show_code(sign_in, who).await,
            (Some(signing), Some(step_up)) => {
                self.count(Proven { sign_in, who, step_up }, &signing).await
            }
            (Some(_), None) => over(),
        }
    }

    /// To link an account: the code that its owner types in the chat, who is told whose it is.
    async fn show_code(&self, sign_in: SignIn, who: PersonRef) -> Told<Shown> {
        let mut random = [0; 8];
        self.clock.fill(&mut random);
        let code = code(&random);
        let fields = [
            ("name", sign_in.name.as_str()),
            ("account", &sign_in.by.id),
            ("user", &who.name),
            ("upn", who.upn.as_str()),
        ];
        let text = self.plain(&note("page_link_code", &fields));
        let told = note("link_confirmed", &fields);
        let mut turn = Turn { at: self.now(), ..Turn::default() };
        self.say_alone(&mut turn, &sign_in.by, told);
        let version = sign_in.version;
        let stage = Stage::Confirmed { who, code: Digest::of(code.as_bytes()), tries: 0 };
        turn.sign_ins.push((SignIn { stage, ..sign_in }, Some(version)));
        Ok(match self.store.save(turn).await {
            Ok(_) => Ok(Shown { purpose: "link", text, code: Some(Secret::new(code)) }),
            Err(StoreError::Conflict) => Err(self.why(&Reason::SignInOver.into())),
            Err(error) => return Err(error),
        })
    }

    /// The press that waited, as if it were pressed now: everything is looked at again.
    async fn count(&self, proven: Proven, signing: &Signing) -> Told<Shown> {
        let inbound = Inbound {
            key: format!("sign-in/{}", proven.sign_in.id),
            from: proven.sign_in.by.clone(),
            place: proven.sign_in.place.clone(),
            what: Heard::Pressed(signing.press.clone()),
        };
        let answer = match self.press_proven(&inbound, &signing.press, &proven).await {
            Ok(answer) => answer,
            Err(StoreError::Repeated(answer)) => *answer,
            Err(error) => return Err(error),
        };
        if let Some(refused @ Message::Sorry(_)) = &answer.say {
            return Ok(Err(self.plain(refused)));
        }
        let number = signing.number.to_string();
        let text = self.plain(&note("page_step_up_done", &[("number", &number)]));
        Ok(Ok(Shown { purpose: "step_up", text, code: None }))
    }

    fn asked_to_confirm(&self, sign_in: &SignIn, who: &PersonRef) -> Shown {
        let (purpose, said) = match &sign_in.purpose {
            Purpose::Link => {
                let fields = [
                    ("name", sign_in.name.as_str()),
                    ("account", &sign_in.by.id),
                    ("realm", &sign_in.by.realm),
                    ("user", &who.name),
                    ("upn", who.upn.as_str()),
                ];
                ("link", note("page_link", &fields))
            }
            Purpose::StepUp(signing) => {
                let names: Vec<&str> =
                    signing.subjects.iter().map(|who| who.name.as_str()).take(3).collect();
                let fields = [
                    ("number", signing.number.to_string()),
                    ("actions", signing.actions.join(", ")),
                    ("who", names.join(", ")),
                    ("fingerprint", signing.press.digest.short()),
                    ("user", who.name.clone()),
                    ("upn", who.upn.to_string()),
                ];
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
                ("step_up", note("page_step_up", &fields))
            }
        };
        Shown { purpose, text: self.plain(&said), code: None }
    }

    /// The sign-in that this browser is on the way with.
    async fn on_its_way(&self, state: &str, browser: &str) -> Result<Option<SignIn>, StoreError> {
        let state = hashed(state);
        let found = self.store.sign_in(SignInKey::State(&state), self.now()).await?;
        let own = |gone: &Going| gone.browser == hashed(browser);
        Ok(found.filter(|one| one.gone().is_some_and(own)))
    }

    /// Moves it on, unless somebody else just did.
    async fn moved(&self, sign_in: SignIn, stage: Stage) -> Result<bool, StoreError> {
        let version = sign_in.version;
        let sign_ins = vec![(SignIn { stage, ..sign_in }, Some(version))];
        let turn = Turn { at: self.now(), sign_ins, ..Turn::default() };
        match self.store.save(turn).await {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn over(&self, sign_in: SignIn) -> Result<(), StoreError> {
        let turn = Turn { at: self.now(), sign_ins_over: vec![sign_in], ..Turn::default() };
        match self.store.save(turn).await {
            Ok(_) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn why(&self, trouble: &Trouble) -> String {
        self.plain(&sorry(trouble))
    }

    /// 256 bits of chance, in hex.
    fn random(&self) -> String {
        let mut random = [0; 32];
        self.clock.fill(&mut random);
        hex::encode(random)
    }
}

pub(in crate::desk) fn hashed(said: &str) -> Digest {
    Digest::of(said.as_bytes())
}

fn signing(sign_in: &SignIn) -> Option<&Signing> {
    match &sign_in.purpose {
        Purpose::StepUp(signing) => Some(signing),
        Purpose::Link => None,
    }
}
