//! An activity in our words. Everything a button carries was in a client's hands
//! and is only a claim; who, where and which message come from the service.

use serde_json::Value;

use crate::{
    adapters::teams::{
        activity::{Account, Activity},
        forms::{self, Asks, Form},
        words,
    },
    domain::{
        chat::{
            CardRef, ChatUser, Heard, Inbound, PAGE_TURN, Place, PlaceKind, Platform, Press, TICKS,
            Turned, Verb, Words,
        },
        form::Pick,
        ids::{Nonce, StepId},
        plan::STEPS_MAX,
    },
};

/// The longest text that is read, in bytes. Teams takes about 28 KB from a person.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// The longest id that is kept.
const ID_BYTES_MAX: usize = 512;
/// The longest comment that is kept, in characters.
const NOTE_CHARS_MAX: usize = 500;
/// The longest choice that is kept, in characters.
const CHOICE_CHARS_MAX: usize = 200;

/// What an activity is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// Something for the desk.
    Heard(Box<Inbound>),
    /// Somebody types into a picker of a form.
    Search(Box<Search>),
    /// A button that is not one of ours, or is broken: answered, nothing done.
    Stray,
    /// Of no interest: answered 200. The text says what it was, for the log.
    Ignored(&'static str),
    /// An invoke we do not know: answered 501.
    Unsupported,
}

/// Letters typed into a picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Who.
    pub from: ChatUser,
    /// Where.
    pub place: Place,
    /// What is looked for.
    pub pick: Pick,
    /// What was typed so far.
    pub typed: Words,
    /// So many may be answered.
    pub most: usize,
}

/// Reads an activity of `tenant` that was let in. The error says what is missing.
pub fn decode(activity: &Activity, tenant: &str) -> Result<Decoded, &'static str> {
    let kind = activity.kind.as_deref().ok_or("the activity has no type")?;
    let led = match kind {
        "message" => said(activity, tenant)?,
        "invoke" => match Asks::of(activity) {
            Asks::Card => pressed(activity, tenant)?,
            Asks::Dialog | Asks::Extension => forms::dialog(activity, tenant).into(),
            Asks::Search => return searched(activity, tenant),
            Asks::Nothing | Asks::Else => return Ok(Decoded::Unsupported),
        },
        "installationUpdate" => installed(activity),
        "conversationUpdate" => joined(activity),
        "messageUpdate" | "messageDelete" => {
            Led::Away(Decoded::Ignored("an edited or deleted message"))
        }
        _ => Led::Away(Decoded::Ignored("another kind of activity")),
    };
    let what = match led {
        Led::To(what) => what,
        Led::Away(other) => return Ok(other),
    };
    let place = place(activity, tenant)?;
    let from = activity.from.as_ref().and_then(|from| somebody(from, tenant));
    let from = match (&what, from) {
        (_, Some(from)) => from,
        (Heard::Met | Heard::Parted, None) => nobody(activity, tenant),
        (_, None) => return Ok(Decoded::Ignored("somebody without an Entra object id")),
    };
    let id = name(activity.id.as_deref()).ok_or("the activity has no id")?;
    let conversation =
        activity.conversation.as_ref().and_then(|c| c.id.as_deref()).unwrap_or_default();
    let key = match &what {
        Heard::Filled(filled) => forms::key(filled, tenant, &from),
        _ => format!("teams:{tenant}:{conversation}:{id}"),
    };
    Ok(Decoded::Heard(Box::new(Inbound { key, from, place, what })))
}

/// Where the kind of an activity leads: to something heard, or aside.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, for one call")]
enum Led {
    To(Heard),
    Away(Decoded),
}

impl From<Option<Press>> for Led {
    fn from(press: Option<Press>) -> Self {
        press.map_or(Self::Away(Decoded::Stray), |press| Self::To(Heard::Pressed(press)))
    }
}

impl From<Form> for Led {
    fn from(form: Form) -> Self {
        Self::To(match form {
            Form::Wants(wants) => Heard::Wants(wants),
            Form::Filled(filled) => Heard::Filled(filled),
        })
    }
}

impl From<Option<Form>> for Led {
    fn from(form: Option<Form>) -> Self {
        form.map_or(Self::Away(Decoded::Stray), Self::from)
    }
}

/// Words, or `Action.Submit`, which older clients send in place of an invoke.
fn said(activity: &Activity, tenant: &str) -> Result<Led, &'static str> {
    if activity.text.as_ref().is_some_and(|text| text.len() > TEXT_BYTES_MAX) {
        return Err("the text is too long");
    }
    if let Some(data @ Value::Object(_)) = &activity.value {
        let named = data.get("verb").and_then(Value::as_str).unwrap_or_default();
        if let Some(form) = forms::read(named, data) {
            return Ok(form.into());
        }
        if named == PAGE_TURN {
            return Ok(turned(activity, tenant, data)?.map_or(Led::Away(Decoded::Stray), Led::To));
        }
        let verb = Verb::read(named);
        if verb.is_some() || activity.text.as_deref().is_none_or(str::is_empty) {
            return Ok(press(activity, tenant, verb, data)?.into());
        }
    }
    let (words, mentions) = words::read(activity, tenant);
    let files = activity.files();
    if words.0.is_empty() && files.is_empty() {
        return Ok(Led::Away(Decoded::Ignored("a message without words")));
    }
    let message = name(activity.id.as_deref()).map(str::to_owned);
    Ok(Led::To(Heard::Said { words, mentions, message, files }))
}

/// `Action.Execute`.
fn pressed(activity: &Activity, tenant: &str) -> Result<Led, &'static str> {
    let nothing = Value::Null;
    let action = activity.value.as_ref().and_then(|value| value.get("action")).unwrap_or(&nothing);
    let named = action.get("verb").and_then(Value::as_str).unwrap_or_default();
    let data = action.get("data").unwrap_or(&nothing);
    if let Some(form) = forms::read(named, data) {
        return Ok(form.into());
    }
    if named == PAGE_TURN {
        return Ok(turned(activity, tenant, data)?.map_or(Led::Away(Decoded::Stray), Led::To));
    }
    let verb = Verb::read(named);
    Ok(press(activity, tenant, verb, data)?.into())
}

fn press(
    activity: &Activity,
    tenant: &str,
    verb: Option<Verb>,
    data: &Value,
) -> Result<Option<Press>, &'static str> {
    let text = |member: &str| {
        data.get(member).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    };
    let request = text("r").and_then(|text| text.parse().ok());
    let digest = text("d").and_then(|text| text.parse().ok());
    let message = name(activity.reply_to_id.as_deref());
    let (Some(verb), Some(request), Some(digest), Some(nonce), Some(message)) =
        (verb, request, digest, text("n"), message)
    else {
        return Ok(None);
    };
    let cut = |text: &str, max: usize| text.trim().chars().take(max).collect::<String>();
    Ok(Some(Press {
        verb,
        request,
        nonce: Nonce::claimed(nonce),
        digest,
        on: CardRef { place: place(activity, tenant)?, message: message.to_owned() },
        choice: text("choice").map(|choice| cut(choice, CHOICE_CHARS_MAX)),
        note: text("note").map(|note| Words(cut(note, NOTE_CHARS_MAX))),
        ticked: text(TICKS).map(ticked).unwrap_or_default(),
        trigger: None,
    }))
}

/// What is chosen in a list comes with commas between (adaptivecards.io, `Input.ChoiceSet`).
fn ticked(chosen: &str) -> Vec<StepId> {
    let all = chosen.split(',').filter_map(|one| one.trim().parse().ok());
    all.take(STEPS_MAX).map(StepId).collect()
}

/// A button that turns a page.
fn turned(activity: &Activity, tenant: &str, data: &Value) -> Result<Option<Heard>, &'static str> {
    let token = data.get("p").and_then(Value::as_str).filter(|token| !token.is_empty());
    let (Some(token), Some(message)) = (token, name(activity.reply_to_id.as_deref())) else {
        return Ok(None);
    };
    let on = CardRef { place: place(activity, tenant)?, message: message.to_owned() };
    Ok(Some(Heard::Turned(Turned { token: token.to_owned(), on, once: false })))
}

fn searched(activity: &Activity, tenant: &str) -> Result<Decoded, &'static str> {
    let from = activity.from.as_ref().and_then(|from| somebody(from, tenant));
    let (Some(from), Some((pick, typed, most))) = (from, forms::search(activity)) else {
        return Ok(Decoded::Stray);
    };
    let place = place(activity, tenant)?;
    Ok(Decoded::Search(Box::new(Search { from, place, pick, typed, most })))
}

fn installed(activity: &Activity) -> Led {
    match activity.action.as_deref() {
        Some("add" | "add-upgrade") => Led::To(Heard::Met),
        Some("remove" | "remove-upgrade") => Led::To(Heard::Parted),
        _ => Led::Away(Decoded::Ignored("another installation event")),
    }
}

fn joined(activity: &Activity) -> Led {
    let bot = activity.recipient.as_ref().and_then(|bot| bot.id.as_deref());
    let has_bot = |members: &Option<Vec<Account>>| {
        members.iter().flatten().any(|member| member.id.is_some() && member.id.as_deref() == bot)
    };
    if has_bot(&activity.members_added) {
        Led::To(Heard::Met)
    } else if has_bot(&activity.members_removed) {
        Led::To(Heard::Parted)
    } else {
        Led::Away(Decoded::Ignored("people who come and go"))
    }
}

/// Where it happened. The service's address is only set by the door, which compared it.
fn place(activity: &Activity, tenant: &str) -> Result<Place, &'static str> {
    let conversation = activity.conversation.as_ref().ok_or("the activity has no conversation")?;
    let id = name(conversation.id.as_deref()).ok_or("the activity has no conversation")?;
    let (id, thread) = match id.split_once(";messageid=") {
        Some((id, thread)) => (id, Some(thread.to_owned())),
        None => (id, None),
    };
    let kind = match conversation.conversation_type.as_deref() {
        Some("personal") => PlaceKind::Personal,
        Some("channel") => PlaceKind::Channel,
        // When it is not said, the more public one: a secret never goes there.
        _ => PlaceKind::Group,
    };
    Ok(Place {
        platform: Platform::Teams,
        realm: tenant.to_owned(),
        conversation: id.to_owned(),
        thread,
        kind,
        service_url: activity.service_url.clone(),
    })
}

fn somebody(from: &Account, tenant: &str) -> Option<ChatUser> {
    let id = name(from.aad_object_id.as_deref())?.to_lowercase();
    let address = name(from.id.as_deref()).map(str::to_owned);
    Some(ChatUser { platform: Platform::Teams, realm: tenant.to_owned(), id, address })
}

/// For news about the bot itself, which may name no person: an id that is no object id.
fn nobody(activity: &Activity, tenant: &str) -> ChatUser {
    let address =
        activity.from.as_ref().and_then(|from| name(from.id.as_deref())).map(str::to_owned);
    let id = address.clone().unwrap_or_default();
    ChatUser { platform: Platform::Teams, realm: tenant.to_owned(), id, address }
}

/// An id of the service, if it is one: not empty, not endless, no control characters.
fn name(id: Option<&str>) -> Option<&str> {
    id.filter(|id| !id.is_empty() && id.len() <= ID_BYTES_MAX && !id.chars().any(char::is_control))
}
