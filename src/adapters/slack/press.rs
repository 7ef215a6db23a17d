//! Buttons and forms.
//!
//! A button's `action_id` is the verb (`countersign.approve`, with `:n` behind
//! it where two would be the same), its `value` is `request|nonce|digest`, and a
//! button that offers one answer adds it: `request|nonce|digest|answer`. An
//! answer may also be chosen in a select under the block id `choice`, a comment
//! typed under `note`. A form carries the same in its `private_metadata`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    forms,
    installed::{Belongs, Here, Installed},
    interaction::{Input, Interaction, State},
    payload::{Decoded, fingerprint, id, kind_of, person, place},
    signature::DoorRefusal,
};
use crate::domain::{
    chat::{CardRef, ChatUser, Heard, Inbound, Place, Press, TICKS, Verb, Words},
    ids::{Digest, Nonce, RequestId, StepId},
    plan::STEPS_MAX,
};

/// The input block (or select) that holds an answer.
pub const CHOICE: &str = "choice";
/// The input block that holds a comment.
pub const NOTE: &str = "note";

/// Of a comment, this many characters are kept.
const NOTE_CHARS_MAX: usize = 500;
/// Slack's option values have at most 150 characters (`@slack/types` 3.2, Option).
const CHOICE_CHARS_MAX: usize = 150;

/// What a form of ours carries, as JSON. An id, a nonce and a digest; no secret
/// and no name. Slack keeps at most 3000 characters of it.
#[derive(Deserialize)]
struct Carried {
    r: String,
    n: String,
    d: String,
    channel: String,
    ts: String,
    thread: Option<String>,
}

/// Reads the payload of an interaction.
pub(super) fn interaction(payload: &[u8], installed: &Installed) -> Result<Decoded, DoorRefusal> {
    let said: Interaction = serde_json::from_slice(payload).map_err(|_| DoorRefusal::Unreadable)?;
    let kind = said.kind.as_deref().ok_or(DoorRefusal::Unreadable)?;
    let enterprise = said.enterprise.as_ref().and_then(|one| one.id.clone());
    let enterprise =
        enterprise.or_else(|| said.team.as_ref().and_then(|team| team.enterprise_id.clone()));
    // `team` is null for an org-wide install.
    let belongs =
        [Belongs { team: said.team.as_ref().and_then(|team| team.id.clone()), enterprise }];
    let here =
        installed.find(said.api_app_id.as_deref(), &belongs).ok_or(DoorRefusal::NotInstalled)?;
    let user = said.user.as_ref().ok_or(DoorRefusal::Unreadable)?;
    let realm = here.realm_of(&[user.team_id.as_deref(), belongs[0].team.as_deref()]);
    let from = person(realm, user.id.as_deref().and_then(id).ok_or(DoorRefusal::Unreadable)?);
    match kind {
        "block_actions" => forms::asked_in_message(&said, &from, &here)
            .or_else(|| forms::turned(&said, &from, &here))
            .map_or_else(|| pressed(said, from, &here), Ok),
        "view_submission" => match forms::submitted(&said, &from, &here)? {
            Some(form) => Ok(form),
            None => filled_in(said, from, &here),
        },
        "shortcut" | "message_action" => forms::shortcut(said, &from, &here),
        "block_suggestion" => Ok(forms::search(&said, from, &here)),
        // Closed views and whatever comes next.
        _ => Ok(Decoded::Nothing),
    }
}

fn pressed(said: Interaction, from: ChatUser, here: &Here<'_>) -> Result<Decoded, DoorRefusal> {
    let ours = said.actions.into_iter().flatten().find_map(|action| {
        let verb = Verb::read(action.id.as_deref()?)?;
        Some((verb, action))
    });
    let Some((verb, action)) = ours else { return Ok(Decoded::Nothing) };
    let container = said.container.as_ref();
    let message = said.message.as_ref();
    let channel = container
        .and_then(|c| c.channel_id.as_deref())
        .or(said.channel.as_ref().and_then(|c| c.id.as_deref()));
    let ts =
        container.and_then(|c| c.message_ts.as_deref()).or(message.and_then(|m| m.ts.as_deref()));
    let (Some(channel), Some(ts)) = (channel.and_then(id), ts.and_then(id)) else {
        // A button of a view: we have none that means anything alone.
        return Ok(Decoded::Nothing);
    };
    let thread =
        container.and_then(|c| c.thread_ts.clone()).or(message.and_then(|m| m.thread_ts.clone()));
    // The first message of a thread names itself; for us it is outside of it.
    let thread = thread.filter(|thread| *thread != ts);
    let kind = kind_of(&channel, said.channel.as_ref().and_then(|c| c.name.as_deref()));
    let on = place(here, channel, thread, kind);
    let Some(value) = Value::read(action.value.as_deref().unwrap_or_default()) else {
        return Ok(illegible(from, on));
    };
    let at = match (&action.at, &said.trigger_id) {
        (Some(at), _) if id(at).is_some() => at.clone(),
        (_, Some(trigger)) => fingerprint(trigger),
        _ => return Err(DoorRefusal::Unreadable),
    };
    let action_id = action.id.unwrap_or_default();
    let state = said.state.unwrap_or_default();
    let press = Press {
        verb,
        request: value.request,
        nonce: value.nonce,
        digest: value.digest,
        on: CardRef { place: on.clone(), message: ts.clone() },
        choice: value.choice.or_else(|| state.choice()),
        note: state.note(),
        ticked: Vec::new(),
        trigger: said.trigger_id,
    };
    Ok(Decoded::Inbound(Box::new(Inbound {
        key: format!(
            "slack:{}:press:{at}:{}:{}:{ts}",
            here.realm(),
            from.id,
            fingerprint(&action_id)
        ),
        from,
        place: on,
        what: Heard::Pressed(press),
    })))
}

fn filled_in(said: Interaction, from: ChatUser, here: &Here<'_>) -> Result<Decoded, DoorRefusal> {
    let view = said.view.ok_or(DoorRefusal::Unreadable)?;
    let carried = view.private_metadata.as_deref().unwrap_or_default();
    let Ok(carried) = serde_json::from_str::<Carried>(carried) else { return Ok(Decoded::Nothing) };
    let (Some(channel), Some(ts)) = (id(&carried.channel), id(&carried.ts)) else {
        return Err(DoorRefusal::Unreadable);
    };
    let kind = kind_of(&channel, None);
    let on = place(here, channel, carried.thread, kind);
    let Some(value) = Value::of(&carried.r, &carried.n, &carried.d) else {
        return Ok(illegible(from, on));
    };
    let state = view.state.unwrap_or_default();
    // The form of a question is the oldest one.
    let verb = view.callback_id.as_deref().and_then(Verb::read);
    let verb = verb.filter(|verb| verb.is_sent_by_a_form()).unwrap_or(Verb::Pick);
    let choice = state.choice();
    if verb == Verb::Pick && choice.is_none() {
        // Only an input block of the form may be named in the answer.
        let asked = state.values.as_ref().is_some_and(|values| values.contains_key(CHOICE));
        return Ok(if asked { Decoded::FormErrors(vec![CHOICE]) } else { illegible(from, on) });
    }
    let (note, ticked) = (state.note(), state.ticked());
    // The same form sent twice is one answer; sent again with another answer it is another.
    let typed = note.as_ref().map_or("", |note| &note.0);
    let chosen = choice.as_deref().unwrap_or_default();
    let answer = match ticked.as_slice() {
        [] => fingerprint(&format!("{chosen}\n{typed}")),
        ticked => fingerprint(&format!("{chosen}\n{typed}\n{ticked:?}")),
    };
    let form = view.id.as_deref().and_then(id).ok_or(DoorRefusal::Unreadable)?;
    let press = Press {
        verb,
        request: value.request,
        nonce: value.nonce,
        digest: value.digest,
        on: CardRef { place: on.clone(), message: ts },
        choice,
        note,
        ticked,
        trigger: said.trigger_id,
    };
    Ok(Decoded::Inbound(Box::new(Inbound {
        key: format!("slack:{}:form:{form}:{}:{answer}", here.realm(), from.id),
        from,
        place: on,
        what: Heard::Pressed(press),
    })))
}

fn illegible(from: ChatUser, place: Place) -> Decoded {
    Decoded::Illegible { from, place }
}

/// What a button of ours carries.
struct Value {
    request: RequestId,
    nonce: Nonce,
    digest: Digest,
    choice: Option<String>,
}

impl Value {
    fn read(said: &str) -> Option<Self> {
        let mut parts = said.splitn(4, '|');
        let value = Self::of(parts.next()?, parts.next()?, parts.next()?)?;
        Some(Self { choice: parts.next().and_then(choice), ..value })
    }

    fn of(request: &str, nonce: &str, digest: &str) -> Option<Self> {
        let (request, digest) = (request.parse().ok()?, digest.parse().ok()?);
        (!nonce.is_empty()).then(|| Self {
            request,
            nonce: Nonce::claimed(nonce),
            digest,
            choice: None,
        })
    }
}

fn choice(said: &str) -> Option<String> {
    (!said.is_empty() && said.chars().count() <= CHOICE_CHARS_MAX).then(|| said.to_owned())
}

impl State {
    fn under(&self, block: &str) -> impl Iterator<Item = &Input> {
        self.values.iter().filter_map(move |values| values.get(block)).flat_map(BTreeMap::values)
    }

    fn choice(&self) -> Option<String> {
        self.under(CHOICE).find_map(|input| {
            let option = input.selected_option.as_ref().and_then(|option| option.value.as_deref());
            option.or(input.value.as_deref()).and_then(choice)
        })
    }

    /// What is still ticked, over all lists: a list holds at most ten.
    fn ticked(&self) -> Vec<StepId> {
        let ours = |block: &str| block.split(':').next() == Some(TICKS);
        let lists = self.values.iter().flatten().filter(|(block, _)| ours(block));
        let chosen = lists.flat_map(|(_, inputs)| inputs.values());
        let chosen = chosen.flat_map(|input| input.selected_options.iter().flatten());
        let steps = chosen.filter_map(|option| option.value.as_deref()?.parse().ok());
        steps.take(STEPS_MAX).map(StepId).collect()
    }

    fn note(&self) -> Option<Words> {
        let typed = self.under(NOTE).find_map(|input| input.value.as_deref())?;
        let typed: String = typed.trim().chars().take(NOTE_CHARS_MAX).collect();
        (!typed.is_empty()).then_some(Words(typed))
    }
}
