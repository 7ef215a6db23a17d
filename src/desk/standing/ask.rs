//! A standing approval is asked for: who and what is meant, and who must sign it.

use crate::{
    actions::{self, Asked, look, standing::StandingApproval},
    desk::{Desk, places::answer_to, sorry, weigh::wanted},
    domain::{
        chat::Platform,
        decision::Rule,
        plan::{FORMAT, Frozen, Note, Part, Plan},
        proposal::Proposal,
        quorum::Circle,
        request::{Request, RequestKind, Verdict},
        standing::{Class, IN_FORCE_MAX, NamedGroup, PEOPLE_MAX, Those, until},
        trouble::{Reason, Result, Trouble},
    },
    policy::{self, Parties, Standing, Wanted},
    ports::store::{Say, StoreError, Turn},
};

impl Desk {
    /// Clarifying → Pending with its template, or why not.
    pub(in crate::desk) async fn ask_standing(
        &self,
        turn: &mut Turn,
        mut request: Request,
        who: &Standing,
    ) -> std::result::Result<(), StoreError> {
        let now = self.now();
        let held = self.store.standing(&self.tenant, now, IN_FORCE_MAX).await?;
        let full = held.len() >= IN_FORCE_MAX as usize;
        let drafted = if full {
            let what = format!("{IN_FORCE_MAX} standing approvals are in force; revoke one first");
            Err(Reason::TooMuch { what }.into())
        } else {
            self.draft_standing(&request, who).await
        };
        match drafted {
            Ok((frozen, verdict)) => {
                request.kind = RequestKind::Standing;
                self.wait(turn, request, None, frozen, verdict).await
            }
            Err(trouble) => {
                let (id, to) = (self.clock.uuid(), answer_to(&request.origin));
                turn.say.push(Say { id, to, what: sorry(&trouble) });
                Ok(())
            }
        }
    }

    async fn draft_standing(&self, request: &Request, who: &Standing) -> Result<(Frozen, Verdict)> {
        let origin = &request.origin;
        if origin.client.is_some() || origin.place.platform == Platform::Api {
            let what = "a person asks for a standing approval, in Slack or Teams".to_owned();
            return Err(Reason::NotPossible { what }.into());
        }
        let [proposal] = request.proposals.as_slice() else {
            let what = "a standing approval is asked for alone".to_owned();
            return Err(Reason::TooMuch { what }.into());
        };
        let said = StandingApproval::read(&proposal.arguments)?;
        let mut wants: Vec<Wanted> = Vec::new();
        for id in &said.actions {
            let action = || Reason::NoSuchAction { action: id.chars().take(80).collect() };
            let entry = actions::entry(id).ok_or_else(action)?;
            let one = wanted(entry, &serde_json::Map::new());
            policy::may_ask(who, one, &self.rules())?;
            if !self.rules().is_asked_in(&origin.place.conversation, one.area) {
                return Err(Reason::NotAskedHere { area: one.area.to_string() }.into());
            }
            wants.push(one);
        }
        let class = self.class(&said, &self.asked(request).await?).await?;
        let (plan, verdict) = self.template(request, who, class, &wants).await?;
        let frozen =
            Frozen::of(&plan).map_err(|wrong| Reason::NotPossible { what: wrong.to_string() })?;
        Ok((frozen, verdict))
    }

    /// The plan of a class, and who must sign it.
    pub(super) async fn template(
        &self,
        request: &Request,
        who: &Standing,
        class: Class,
        wants: &[Wanted],
    ) -> Result<(Plan, Verdict)> {
        let subjects = futures::future::try_join_all(
            class.about.people.iter().map(|subject| self.subject(subject)),
        )
        .await?;
        for subject in &subjects {
            self.not_protected(subject).await?;
        }
        let parties = Parties { requester: &who.user, subjects: &subjects, paths: &[] };
        let verdict = policy::weigh(wants, parties, &self.rules())?;
        signable(&verdict.rule)?;
        let step_up = policy::step_up(wants, &self.rules());
        let mut notes = vec![Note::new("standing_never", &[]), Note::new("standing_each_use", &[])];
        notes.extend(step_up.then(|| Note::new("step_up", &[])));
        let now = self.now();
        let part = |proposal: &Proposal| Part {
            action: proposal.action.clone(),
            arguments: proposal.arguments.clone(),
            because: proposal.because.clone(),
        };
        let plan = Plan {
            format: FORMAT,
            tenant: self.tenant.clone(),
            request: request.id,
            revision: request.revision + 1,
            parts: request.proposals.iter().map(part).collect(),
            subjects: class.about.people.clone(),
            objects: class.about.group.iter().map(|group| group.name.clone()).collect(),
            steps: Vec::new(),
            left_out: Vec::new(),
            rows: None,
            notes,
            rule: verdict.rule.clone(),
            emergency: Vec::new(),
            step_up,
            caller_number: false,
            escalation: None,
            expires_at: (now + self.rules().expires_after).min(class.until),
            start_at: None,
            standing: Some(class),
        };
        Ok((plan, verdict))
    }

    /// Everybody and everything that is named, looked up.
    async fn class(&self, said: &StandingApproval, asked: &Asked) -> Result<Class> {
        let day = said.until.parse().map_err(|_| Reason::WrongArgument {
            field: "until".to_owned(),
            why: "say a day, like 2026-12-18".to_owned(),
        })?;
        Ok(Class {
            actions: said.actions.clone(),
            about: self.those(("people", &said.people), ("group", &said.group), asked).await?,
            by: self
                .those(("by_people", &said.by_people), ("by_group", &said.by_group), asked)
                .await?,
            per_day: said.per_day,
            until: until(day, &self.now().to_zoned(self.zone.clone()))?,
        })
    }

    async fn those(
        &self,
        (field, people): (&str, &[String]),
        (of_group, group): (&str, &Option<String>),
        asked: &Asked,
    ) -> Result<Those> {
        let wrong = |field: &str, why: &str| Reason::WrongArgument {
            field: field.to_owned(),
            why: why.to_owned(),
        };
        if people.len() > PEOPLE_MAX {
            let why = format!("name at most {PEOPLE_MAX} people; more are in a group");
            return Err(wrong(field, &why).into());
        }
        let mut those = Those::default();
        for one in people {
            let user = look::user(self.directory.as_ref(), asked, one).await?;
            if !those.people.iter().any(|known| known.id == user.id) {
                those.people.push(user.to_ref());
            }
        }
        if let Some(named) = group.as_deref().map(str::trim).filter(|named| !named.is_empty()) {
            match look::group(self.directory.as_ref(), asked, named).await {
                Ok(group) if group.role_assignable => {
                    let why = "its members can be given admin roles".to_owned();
                    return Err(Reason::Protected { person: group.name, why }.into());
                }
                Ok(group) => those.group = Some(NamedGroup { id: group.id, name: group.name }),
                Err(Trouble::Unclear { .. }) => {
                    let why = "several groups are called so; say its mail address or object id";
                    return Err(wrong(of_group, why).into());
                }
                Err(trouble) => return Err(trouble),
            }
        }
        if those.is_nobody() {
            return Err(wrong(field, "name people, or a group").into());
        }
        Ok(those)
    }
}

/// Can this rule be fulfilled beforehand?
pub(super) fn signable(rule: &Rule) -> Result<(), Reason> {
    let what = match rule {
        Rule::Confirm => "whoever asks confirms these alone already; it would change nothing",
        Rule::Quorum(quorum)
            if quorum.circles().any(|circle| matches!(circle, Circle::Manager { .. })) =>
        {
            "a manager signs these, who is another one for each person; ask for each"
        }
        Rule::Approve { .. } | Rule::Quorum(_) => return Ok(()),
    };
    Err(Reason::NotPossible { what: what.to_owned() })
}
