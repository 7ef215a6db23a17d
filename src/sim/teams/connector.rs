//! `/teams/v3/…`: what the bot can do, and what is refused.
//!
//! Statuses and codes: Microsoft's pages “Rate limiting for bots”, “Format your bot
//! messages” and “Create conversation”, and live captures published with the Teams
//! SDK for .NET in April 2026. Where none of them says, the comment says so.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde_json::{Value, json};

use crate::{
    domain::chat::PlaceKind,
    sim::teams::{
        faults::At,
        files,
        service::{
            Author, BotService, Conversation, SimCall, SimMessage, SimPerson, State as World, split,
        },
    },
};

/// A message of more than about 100 KB in UTF-16 is refused (“Format your bot messages”).
const MESSAGE_BYTES_MAX: usize = 100 * 1024;
const CARD: &str = "application/vnd.microsoft.card.adaptive";

/// The routes.
pub fn routes() -> Router<BotService> {
    Router::new()
        .route("/teams/v3/conversations", post(create))
        .route("/teams/v3/conversations/{conversation}/activities", post(send))
        .route("/teams/v3/conversations/{conversation}/activities/{id}", put(update).post(reply))
        .route("/teams/v3/conversations/{conversation}/members/{id}", get(member))
        .route("/teams/v3/conversations/{conversation}/pagedmembers", get(members))
        .route("/teams-files/{id}", get(files::download))
}

type Made = Result<Response, Refusal>;

/// A refusal in the service's form: `{"error":{"code","message"}}`.
struct Refusal(StatusCode, &'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (
            self.0,
            Json(json!({"error": {"code": self.1, "message": "planted by the simulator's rules"}})),
        )
            .into_response()
    }
}

/// Every call: recorded, faults first, then the token, then what was asked for.
async fn answer(
    bot: &BotService,
    what: At,
    path: String,
    headers: &HeaderMap,
    body: &Bytes,
    make: impl FnOnce(&mut World, &Value) -> Made + Send,
) -> Response {
    let sent: Value = serde_json::from_slice(body).unwrap_or_default();
    let fault = bot.state().fault(what);
    let mut call = SimCall { what, path, status: None, body: sent };
    if let Some(fault) = &fault
        && let Some(answer) = fault.before().await
    {
        bot.state().record(call);
        return answer;
    }
    let answer = {
        let mut world = bot.state();
        let outcome = if !signed_in(bot, &world, headers) {
            Err(Refusal(StatusCode::UNAUTHORIZED, "Unauthorized"))
        } else if std::str::from_utf8(body).unwrap_or_default().encode_utf16().count() * 2
            > MESSAGE_BYTES_MAX
        {
            Err(Refusal(StatusCode::PAYLOAD_TOO_LARGE, "MessageSizeTooBig"))
        } else {
            make(&mut world, &call.body)
        };
        let answer = outcome.unwrap_or_else(IntoResponse::into_response);
        call.status = Some(answer.status().as_u16());
        world.record(call);
        answer
    };
    match fault {
        Some(fault) => fault.after(answer),
        None => answer,
    }
}

fn signed_in(bot: &BotService, world: &World, headers: &HeaderMap) -> bool {
    let said = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let ends = said.strip_prefix("Bearer ").and_then(|token| world.tokens.get(token));
    ends.is_some_and(|ends| *ends > bot.now())
}

async fn send(
    State(bot): State<BotService>,
    Path(to): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    post_to(&bot, &to, None, &headers, &body).await
}

async fn reply(
    State(bot): State<BotService>,
    Path((to, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    post_to(&bot, &to, Some(id), &headers, &body).await
}

async fn post_to(
    bot: &BotService,
    to: &str,
    reply_to: Option<String>,
    headers: &HeaderMap,
    body: &Bytes,
) -> Response {
    let (id, thread) = split(to);
    answer(bot, At::Send, to.to_owned(), headers, body, |world, activity| {
        let thread = thread.map(str::to_owned).or(reply_to);
        let message = written(bot, world, activity, thread)?;
        let split_in_two = message.text.is_some() && message.card.is_some();
        let message_id = message.id.clone();
        reach(world, id)?.add(message);
        bot.tell(id, &message_id);
        if activity["type"] == "typing" || split_in_two {
            // Text and card together become two messages, and no id comes back.
            return Ok(StatusCode::ACCEPTED.into_response());
        }
        Ok((StatusCode::CREATED, Json(json!({"id": message_id}))).into_response())
    })
    .await
}

async fn update(
    State(bot): State<BotService>,
    Path((to, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (conversation, _) = split(&to);
    answer(&bot, At::Update, format!("{to}/{id}"), &headers, &body, |world, activity| {
        let new = written(&bot, world, activity, None)?;
        let messages = &mut reach(world, conversation)?.messages;
        let ours = |message: &&mut SimMessage| message.id == id && message.author == Author::Bot;
        let missing = Refusal(StatusCode::NOT_FOUND, "ActivityNotFoundInConversation");
        let old = messages.iter_mut().find(ours).ok_or(missing)?;
        (old.text, old.card, old.summary, old.at) = (new.text, new.card, new.summary, new.at);
        old.updated_times += 1;
        bot.tell(conversation, &id);
        Ok(Json(json!({"id": id})).into_response())
    })
    .await
}

/// A 1:1 conversation (always the same one) or a new thread in a channel.
async fn create(State(bot): State<BotService>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&bot, At::Create, String::new(), &headers, &body, |world, wish| {
        if wish["isGroup"] == true {
            let Some(channel) = wish.pointer("/channelData/channel/id").and_then(Value::as_str)
            else {
                // A new group chat cannot be made (captures of April 2026).
                return Err(Refusal(StatusCode::BAD_REQUEST, "BadSyntax"));
            };
            let mut message = written(&bot, world, &wish["activity"], None)?;
            message.thread = Some(message.id.clone());
            let id = message.id.clone();
            reach(world, channel)?.add(message);
            bot.tell(channel, &id);
            let made = json!({"id": format!("{channel};messageid={id}"), "activityId": id});
            return Ok((StatusCode::CREATED, Json(made)).into_response());
        }
        // Only an MRI: what an object id would bring is unconfirmed.
        let mri = wish.pointer("/members/0/id").and_then(Value::as_str).unwrap_or_default();
        let person = world.people.iter().find(|person| person.mri == mri).cloned();
        let person = person.ok_or(Refusal(StatusCode::BAD_REQUEST, "BadSyntax"))?;
        if wish["tenantId"].as_str() != Some(&person.tenant) {
            // Unconfirmed code.
            return Err(Refusal(StatusCode::FORBIDDEN, "NotEnoughPermissions"));
        }
        if !person.installed {
            return Err(Refusal(StatusCode::FORBIDDEN, "BotNotInConversationRoster"));
        }
        let id = personal(world, &person);
        Ok((StatusCode::CREATED, Json(json!({"id": id}))).into_response())
    })
    .await
}

async fn member(
    State(bot): State<BotService>,
    Path((of, who)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (conversation, _) = split(&of);
    answer(&bot, At::Member, format!("{of}/{who}"), &headers, &Bytes::new(), |world, _| {
        let person = world.person(&who).cloned();
        let members = &reach(world, conversation)?.members;
        let person = person.filter(|person| members.contains(&person.mri));
        let missing = Refusal(StatusCode::NOT_FOUND, "MemberNotFoundInConversation");
        Ok(Json(described(&person.ok_or(missing)?)).into_response())
    })
    .await
}

async fn members(
    State(bot): State<BotService>,
    Path(of): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (conversation, _) = split(&of);
    answer(&bot, At::Member, of.clone(), &headers, &Bytes::new(), |world, _| {
        let members = reach(world, conversation)?.members.clone();
        let people = world.people.iter().filter(|person| members.contains(&person.mri));
        Ok(Json(json!({"members": people.map(described).collect::<Vec<_>>()})).into_response())
    })
    .await
}

/// A conversation the bot may use.
fn reach<'a>(world: &'a mut World, id: &str) -> Result<&'a mut Conversation, Refusal> {
    let conversation = world.conversations.get_mut(id);
    let conversation =
        conversation.ok_or(Refusal(StatusCode::NOT_FOUND, "ConversationNotFound"))?;
    if conversation.bot {
        Ok(conversation)
    } else {
        Err(Refusal(StatusCode::FORBIDDEN, "BotNotInConversationRoster"))
    }
}

/// The personal conversation of somebody with the bot.
pub(super) fn personal(world: &mut World, person: &SimPerson) -> String {
    let id = format!("a:1{}", person.mri.trim_start_matches("29:"));
    let fresh = || Conversation::new(PlaceKind::Personal, &person.tenant, vec![person.mri.clone()]);
    world.conversations.entry(id.clone()).or_insert_with(fresh);
    id
}

/// What an activity of the bot shows.
fn written(
    bot: &BotService,
    world: &mut World,
    activity: &Value,
    thread: Option<String>,
) -> Result<SimMessage, Refusal> {
    let text =
        |member: &str| activity[member].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let attachments = activity["attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let card = attachments.iter().find(|attachment| attachment["contentType"] == CARD);
    let card = card.map(|attachment| attachment["content"].clone());
    if card.as_ref().is_some_and(|card| card["type"] != "AdaptiveCard") {
        // Unconfirmed code; Teams refuses a card it cannot read.
        return Err(Refusal(StatusCode::BAD_REQUEST, "BadArgument"));
    }
    let empty = text("text").is_none() && card.is_none() && activity["type"] != "typing";
    if activity["type"].as_str().is_none() || empty {
        return Err(Refusal(StatusCode::BAD_REQUEST, "BadSyntax"));
    }
    Ok(SimMessage {
        id: world.id(),
        thread,
        author: Author::Bot,
        text: text("text"),
        card,
        summary: text("summary"),
        updated_times: 0,
        at: bot.now(),
    })
}

/// A member, as the roster shows them.
fn described(person: &SimPerson) -> Value {
    let given = person.name.split_whitespace().next().unwrap_or_default();
    let family = person.name.split_whitespace().last().unwrap_or_default();
    json!({
        "id": person.mri, "objectId": person.aad_object_id, "aadObjectId": person.aad_object_id,
        "name": person.name, "givenName": given, "surname": family, "email": person.upn,
        "userPrincipalName": person.upn, "tenantId": person.tenant, "userRole": person.role,
    })
}
