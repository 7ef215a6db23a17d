//! Which standing approvals there are, and one that is revoked: by its requester, or by anybody
//! who could sign such a one or did.

use serde_json::json;

use crate::{
    actions,
    desk::{
        Desk,
        press::{note, person},
        refused,
        standing::may_not,
    },
    domain::{
        chat::Press,
        ids::Number,
        message::{FactsView, Message, Table},
        plan::Note,
        request::{Origin, Request},
        standing::{ACTION, IN_FORCE_MAX, day_of},
        trouble::{Reason, Result},
    },
    policy::Standing,
    ports::store::{Answer, Say, StoreError, Turn},
};

/// A list shows so many.
const LISTED_MAX: usize = 50;

type Stored<T> = std::result::Result<T, StoreError>;

impl Desk {
    /// Those in force, newest first.
    pub(super) async fn held(&self, who: &Standing) -> Stored<Message> {
        if !self.may_ask_anything(who) && !self.rules().signs(who) {
            return Ok(refused(may_not(who)));
        }
        let (now, mut rows) = (self.now(), Vec::new());
        let day = day_of(&now.to_zoned(self.zone.clone()));
        for request in self.in_force().await? {
            let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
                continue;
            };
            let Some(class) = &frozen.plan().standing else { continue };
            let title = |id: &String| {
                actions::entry(id).map_or_else(|| id.clone(), |entry| entry.about.title.to_owned())
            };
            let titles: Vec<String> = class.actions.iter().map(title).collect();
            let signers: Vec<&str> =
                request.stage.signed_by().iter().map(|who| who.name.as_str()).collect();
            let used = self.store.used(&request.id, day).await?;
            rows.push(vec![
                format!("{} · {}", request.number, titles.join(", ")),
                class.about.named(),
                class.by.named(),
                format!("{used} / {}", class.per_day),
                format!("@{}", class.until),
                signers.join(", "),
            ]);
        }
        if rows.is_empty() {
            return Ok(note("standing_none", &[]));
        }
        let more = u32::try_from(rows.len().saturating_sub(LISTED_MAX)).unwrap_or(u32::MAX);
        rows.truncate(LISTED_MAX);
        let columns = [
            "standing",
            "standing_about",
            "standing_by",
            "standing_used",
            "standing_until",
            "signed_by",
        ];
        Ok(Message::Facts(FactsView {
            action: ACTION.to_owned(),
            title: format!("{} in force", rows.len()),
            subtitle: None,
            facts: Vec::new(),
            lists: Vec::new(),
            table: Some(Table { columns: columns.map(str::to_owned).to_vec(), rows }),
            more,
            next: None,
        }))
    }

    async fn in_force(&self) -> Stored<Vec<Request>> {
        let now = self.now();
        let mut all = self.store.standing(&self.tenant, now, IN_FORCE_MAX).await?;
        all.retain(|request| request.in_force.as_ref().is_some_and(|held| held.at(now)));
        Ok(all)
    }

    /// By words: the one with this number, or the only one.
    pub(super) async fn revoke_in_words(
        &self,
        turn: &mut Turn,
        origin: &Origin,
        who: &Standing,
        number: Option<Number>,
    ) -> Stored<()> {
        let found = if let Some(number) = number {
            self.store.numbered(&self.tenant, number).await?
        } else {
            let mut all = self.in_force().await?;
            if all.len() == 1 { all.pop() } else { None }
        };
        let Some(request) = found.filter(|request| request.in_force.is_some()) else {
            self.say_in(turn, origin, note("standing_which", &[]));
            return Ok(());
        };
        let number = request.number.to_string();
        let said = match self.revoked(turn, request, who).await? {
            Ok(_) => note("standing_told_revoked", &[("number", &number)]),
            Err(reason) => refused(reason),
        };
        self.say_in(turn, origin, said);
        Ok(())
    }

    /// By its button.
    pub(in crate::desk) async fn revoke_by_button(
        &self,
        turn: &mut Turn,
        request: Request,
        who: &Standing,
        press: &Press,
    ) -> Stored<Result<Answer>> {
        if request.digest != Some(press.digest) {
            return Ok(Err(Reason::PlanChanged.into()));
        }
        Ok(self.revoked(turn, request, who).await?.map_err(Into::into))
    }

    async fn revoked(
        &self,
        turn: &mut Turn,
        request: Request,
        who: &Standing,
    ) -> Stored<Result<Answer, Reason>> {
        let by = person(who);
        let signed = request.stage.signed_by().iter().any(|signer| signer.id == by.id);
        if !signed && let Err(reason) = self.may_steer(&request, who).await? {
            return Ok(Err(reason));
        }
        let (id, version, number) = (request.id, request.version, request.number.to_string());
        let request = match request.revoke(Some(by.clone()), self.now()) {
            Ok(request) => request,
            Err(reason) => return Ok(Err(reason)),
        };
        turn.facts.push(self.fact(&request, "standing.revoked", json!({ "by": by })));
        // A card that changes makes no sound.
        let what = Note::new("standing_revoked", &[("number", &number), ("by", &by.name)]);
        for copy in self.store.copies(&id).await? {
            let what = Message::Note(what.clone());
            turn.say.push(Say { id: self.clock.uuid(), to: copy.to, what });
        }
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        Ok(Ok(Answer { say: None, request: Some(id) }))
    }
}
