//! Forms of actions and pages of answers: asked for by a shortcut, a button or the list of them, filled in,
//! and searched while somebody types.
//!
//! A form's `private_metadata` holds its actions, the value that stands for it, where it
//! was asked for, and the request it takes the place of, if any. Slack keeps it and
//! hands it back; people cannot change it. The desk checks it all the same.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    installed::Here,
    interaction::{Input, Interaction, View},
    payload::{Decoded, fingerprint, id, kind_of, place},
    signature::DoorRefusal,
    words,
};
use crate::domain::{
    chat::{
        CardRef, ChatUser, FORM_CHOICE, FORM_FIND, FORM_OPEN, Filled, FilledOf, Heard, Inbound,
        PAGE_TURN, Place, PlaceKind, Turned, Wants, Words,
    },
    form::{
        Pick,
        given::{Answers, Given},
    },
    ids::{Digest, Nonce, RequestId},
};

/// The callback ids of the shortcuts in the manifest: the global one, and the one on a message.
const SHORTCUTS: [&str; 2] = [FORM_OPEN, "countersign.form_message"];
/// The callback id of the list of forms.
const FORMS: &str = "countersign.forms";
/// Answers that are read of one form; a modal has at most 100 blocks.
const ANSWERS_MAX: usize = 100;
/// An action's id is short.
const ACTION_CHARS_MAX: usize = 80;

/// What a form carries, as JSON of at most 3000 characters.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Carried {
    a: Vec<String>,
    f: Option<Nonce>,
    r: Option<RequestId>,
    n: Option<Nonce>,
    d: Option<Digest>,
    channel: Option<String>,
    thread: Option<String>,
}

impl Carried {
    fn read(view: &View) -> Self {
        let said = view.private_metadata.as_deref().unwrap_or_default();
        serde_json::from_str(said).unwrap_or_default()
    }

    /// Where the form was asked for; without a channel, the person's own conversation.
    fn place(&self, from: &ChatUser, here: &Here<'_>) -> Option<Place> {
        match &self.channel {
            None => Some(own(from, here)),
            Some(channel) if *channel == from.id => Some(own(from, here)),
            Some(channel) => {
                let channel = id(channel)?;
                let kind = kind_of(&channel, None);
                let thread = self.thread.as_deref().and_then(id);
                Some(place(here, channel, thread, kind))
            }
        }
    }
}

/// The conversation of somebody with the bot, by the id of the person: Slack posts there
/// (docs.slack.dev, chat.postMessage).
fn own(from: &ChatUser, here: &Here<'_>) -> Place {
    place(here, from.id.clone(), None, PlaceKind::Personal)
}

fn action_id(said: &str) -> Option<String> {
    let short = !said.is_empty() && said.chars().count() <= ACTION_CHARS_MAX;
    short.then(|| said.to_owned())
}

/// A form's button in a message, or a choice in the list of forms there.
pub(super) fn asked_in_message(
    said: &Interaction,
    from: &ChatUser,
    here: &Here<'_>,
) -> Option<Decoded> {
    let action = said.actions.iter().flatten().find(|action| {
        let named = action.id.as_deref().unwrap_or_default();
        named.split(':').next() == Some(FORM_OPEN)
    })?;
    let container = said.container.as_ref();
    let channel = container
        .and_then(|at| at.channel_id.as_deref())
        .or(said.channel.as_ref().and_then(|channel| channel.id.as_deref()));
    let Some(channel) = channel.and_then(id) else { return Some(Decoded::Nothing) };
    let chosen = action.selected_option.as_ref().and_then(|option| option.value.as_deref());
    let wanted = chosen.or(action.value.as_deref()).and_then(action_id);
    let name = said.channel.as_ref().and_then(|channel| channel.name.as_deref());
    let kind = kind_of(&channel, name);
    let ts = container.and_then(|at| at.message_ts.as_deref());
    let thread = container.and_then(|at| at.thread_ts.as_deref()).or(ts).and_then(id);
    let thread = thread.filter(|_| kind != PlaceKind::Personal);
    let on = place(here, channel, thread, kind);
    Some(wants(
        from,
        on,
        Wants { trigger: said.trigger_id.clone(), ..Wants::of(wanted.as_deref()) },
    ))
}

/// A button that turns a page.
pub(super) fn turned(said: &Interaction, from: &ChatUser, here: &Here<'_>) -> Option<Decoded> {
    let action = said.actions.iter().flatten().find(|action| {
        let named = action.id.as_deref().unwrap_or_default();
        named.split(':').next() == Some(PAGE_TURN)
    })?;
    let container = said.container.as_ref();
    let channel = container.and_then(|at| at.channel_id.as_deref()).and_then(id);
    let message = container.and_then(|at| at.message_ts.as_deref()).and_then(id);
    let (Some(channel), Some(message)) = (channel, message) else { return Some(Decoded::Nothing) };
    let token = action.value.clone().unwrap_or_default();
    let name = said.channel.as_ref().and_then(|channel| channel.name.as_deref());
    let kind = kind_of(&channel, name);
    let thread = container.and_then(|at| at.thread_ts.as_deref()).and_then(id);
    let on = place(here, channel, thread.filter(|thread| *thread != message), kind);
    let once = container.is_some_and(|at| at.is_ephemeral == Some(true));
    Some(Decoded::Inbound(Box::new(Inbound {
        key: format!("slack:{}:page:{}", on.realm, fingerprint(&token)),
        from: from.clone(),
        place: on.clone(),
        what: Heard::Turned(Turned { token, on: CardRef { place: on, message }, once }),
    })))
}

/// A global shortcut, or one on a message.
pub(super) fn shortcut(
    said: Interaction,
    from: &ChatUser,
    here: &Here<'_>,
) -> Result<Decoded, DoorRefusal> {
    if !said.callback_id.as_deref().is_some_and(|id| SHORTCUTS.contains(&id)) {
        return Ok(Decoded::Nothing);
    }
    let trigger = said.trigger_id.filter(|trigger| !trigger.is_empty());
    let trigger = Some(trigger.ok_or(DoorRefusal::Unreadable)?);
    let channel = said.channel.as_ref().and_then(|channel| channel.id.as_deref()).and_then(id);
    let (Some(channel), Some(message)) = (channel, said.message) else {
        let on = own(from, here);
        return Ok(wants(from, on, Wants { trigger, ..Wants::of(None) }));
    };
    let kind = kind_of(&channel, said.channel.as_ref().and_then(|one| one.name.as_deref()));
    let thread = message.thread_ts.or(message.ts).as_deref().and_then(id);
    let on = place(here, channel, thread.filter(|_| kind != PlaceKind::Personal), kind);
    let read = words::read(
        message.text.as_deref().unwrap_or_default(),
        here.install.bot_user(),
        here.install.realm(),
    );
    let words = Some(read.words).filter(|words: &Words| !words.0.is_empty());
    Ok(wants(from, on, Wants { words, mentions: read.mentions, trigger, ..Wants::of(None) }))
}

fn wants(from: &ChatUser, on: Place, wants: Wants) -> Decoded {
    let trigger = wants.trigger.as_deref().unwrap_or_default();
    Decoded::Inbound(Box::new(Inbound {
        key: format!("slack:{}:form:{}", on.realm, fingerprint(trigger)),
        from: from.clone(),
        place: on,
        what: Heard::Wants(wants),
    }))
}

/// A form of ours that was sent: one that was filled in, or the list, from which one was chosen.
pub(super) fn submitted(
    said: &Interaction,
    from: &ChatUser,
    here: &Here<'_>,
) -> Result<Option<Decoded>, DoorRefusal> {
    let view = said.view.as_ref().ok_or(DoorRefusal::Unreadable)?;
    let carried = Carried::read(view);
    match view.callback_id.as_deref() {
        Some(FORM_OPEN) => filled(view, carried, from, here).map(Some),
        Some(FORMS) => {
            let on = carried.place(from, here).ok_or(DoorRefusal::Unreadable)?;
            let answers = answers(view);
            let chosen = answers.get(FORM_CHOICE).and_then(Given::text).and_then(action_id);
            let Some(chosen) = chosen else {
                return Ok(Some(Decoded::FormErrors(vec![FORM_CHOICE])));
            };
            // The answer to the list is the form itself; no window opens anew.
            Ok(Some(wants(from, on, Wants::of(Some(&chosen)))))
        }
        _ => Ok(None),
    }
}

fn filled(
    view: &View,
    carried: Carried,
    from: &ChatUser,
    here: &Here<'_>,
) -> Result<Decoded, DoorRefusal> {
    let window = view.id.as_deref().and_then(id).ok_or(DoorRefusal::Unreadable)?;
    let on = carried.place(from, here).ok_or(DoorRefusal::Unreadable)?;
    let Carried { a: actions, f: nonce, r, n, d, .. } = carried;
    let nonce = nonce.filter(|_| !actions.is_empty()).ok_or(DoorRefusal::Unreadable)?;
    let of = match (r, n, d) {
        (Some(request), Some(nonce), Some(digest)) => Some(FilledOf { request, nonce, digest }),
        (None, None, None) => None,
        // Half of it stands for nothing.
        _ => return Err(DoorRefusal::Unreadable),
    };
    let answers = answers(view);
    // The same form sent twice is one request; sent again with other answers it is another.
    let print = fingerprint(&serde_json::to_string(&answers).unwrap_or_default());
    Ok(Decoded::Inbound(Box::new(Inbound {
        key: format!("slack:{}:filled:{window}:{}:{print}", here.realm(), from.id),
        from: from.clone(),
        place: on,
        what: Heard::Filled(Filled { actions, answers, of, nonce, window: Some(window) }),
    })))
}

fn answers(view: &View) -> Answers {
    let values = view.state.as_ref().and_then(|state| state.values.as_ref());
    let blocks = values.into_iter().flatten().take(ANSWERS_MAX);
    let given = |(block, inputs): (&String, &BTreeMap<String, Input>)| {
        let input = inputs.values().next()?;
        Some((block.clone(), given(input)?))
    };
    blocks.filter_map(given).collect()
}

fn given(input: &Input) -> Option<Given> {
    if let Some(all) = &input.selected_options {
        return Some(Given::Many(all.iter().filter_map(|one| one.value.clone()).collect()));
    }
    let chosen = input.selected_option.as_ref().and_then(|option| option.value.clone());
    let typed = input.value.clone().or(chosen);
    let picked = typed.or(input.selected_date.clone()).or(input.selected_time.clone());
    picked.map(Given::One)
}

/// A search while somebody types. Where from does not matter: it is answered there.
pub(super) fn search(said: &Interaction, from: ChatUser, here: &Here<'_>) -> Decoded {
    let named = said.action_id.as_deref().unwrap_or_default().split_once(':');
    let pick = named.filter(|(find, _)| *find == FORM_FIND).and_then(|(_, of)| Pick::read(of));
    let Some(pick) = pick else { return Decoded::Nothing };
    let typed = said.value.clone().unwrap_or_default();
    let place = own(&from, here);
    Decoded::Search { from, place, pick, typed: Words(typed) }
}
