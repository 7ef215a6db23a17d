//! Every card that stands in a chat says what is true of its request: it is what the desk would
//! draw now.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    app::House,
    cli::chaos::{outside::Outside, people::button_value},
    domain::{
        chat::{CardRef, Platform, Press, Verb},
        ids::{Digest, RequestId},
        request::Request,
    },
    ports::store::Copy,
    sim::teams::BotService,
};

/// What is wrong with the cards of these requests, in words. A card that somebody deleted says
/// nothing that is not true.
pub async fn wrong(
    house: &House,
    outside: &Outside,
    requests: &[Request],
    deleted: &BTreeSet<String>,
) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for request in requests {
        for copy in house.store.copies(&request.id).await? {
            let Some(card) = &copy.card else {
                wrong.push(format!("a card of {} was never posted", request.number));
                continue;
            };
            if deleted.contains(&card.message) {
                continue;
            }
            let wanted = drawn(house, request, &copy, card).await?;
            let stands = standing(outside, card);
            match (wanted, stands) {
                (Some(wanted), Some(stands)) if same(&wanted, &stands) => {}
                (_, None) => {
                    wrong.push(format!("the card {} of {} is gone", card.message, request.number));
                }
                (wanted, Some(stands)) => wrong.push(format!(
                    "the card {} of {} ({}) says {} and should say {}",
                    card.message,
                    request.number,
                    request.stage.name(),
                    brief(&stands),
                    wanted.as_ref().map_or_else(|| "nothing".to_owned(), brief)
                )),
            }
        }
    }
    Ok(wrong)
}

async fn drawn(
    house: &House,
    request: &Request,
    copy: &Copy,
    card: &CardRef,
) -> anyhow::Result<Option<Value>> {
    // A question has no plan yet, and what is drawn does not depend on it.
    let digest = request.digest.unwrap_or_else(|| Digest::of(b""));
    let press = Press {
        verb: Verb::Approve,
        request: request.id,
        nonce: copy.nonce.clone(),
        digest,
        on: card.clone(),
        choice: None,
        note: None,
        ticked: Vec::new(),
        trigger: None,
    };
    let drawn = house.desk.card_now(&press).await?;
    Ok(drawn.map(|drawn| match drawn.body.get("blocks") {
        Some(blocks) => blocks.clone(),
        None => drawn.body,
    }))
}

/// What stands there: blocks in Slack, a card in Teams.
fn standing(outside: &Outside, card: &CardRef) -> Option<Value> {
    let conversation = &card.place.conversation;
    match card.place.platform {
        Platform::Slack => {
            let messages = outside.slack.messages(conversation);
            messages.into_iter().find(|one| one.ts == card.message)?.blocks
        }
        Platform::Teams | Platform::Api => {
            let messages = outside.teams.messages(conversation);
            messages.into_iter().find(|one| one.id == card.message)?.card
        }
    }
}

/// Cards that no copy knows and that ask for a signature of a request that is over: what a
/// process posted, and died before it wrote down where. First those in Slack, then in Teams.
pub async fn left_behind(
    house: &House,
    outside: &Outside,
    requests: &[Request],
) -> anyhow::Result<(u64, u64)> {
    let mut known = BTreeSet::new();
    let over: BTreeSet<RequestId> =
        requests.iter().filter(|one| one.stage.is_final()).map(|one| one.id).collect();
    for request in requests {
        let copies = house.store.copies(&request.id).await?;
        known.extend(copies.into_iter().filter_map(|copy| Some(copy.card?.message)));
    }
    let approve = Verb::Approve.as_str();
    let (mut slack, mut teams) = (0, 0);
    for channel in outside.slack.channels() {
        for message in outside.slack.messages(&channel.id) {
            let value = message.blocks.as_ref().and_then(|blocks| button_value(blocks, approve));
            let request = value.and_then(|value| value.split('|').next()?.parse().ok());
            let asks = request.is_some_and(|request: RequestId| over.contains(&request));
            slack += u64::from(asks && !known.contains(&message.ts));
        }
    }
    for (conversation, _) in outside.teams.conversations() {
        for message in outside.teams.messages(&conversation) {
            let data = message.card.as_ref().and_then(|card| BotService::button(card, approve));
            let request = data.and_then(|data| data["r"].as_str()?.parse().ok());
            let asks = request.is_some_and(|request: RequestId| over.contains(&request));
            teams += u64::from(asks && !known.contains(&message.id));
        }
    }
    Ok((slack, teams))
}

/// The same but for the ids that Slack gives to blocks without one.
fn same(drawn: &Value, stands: &Value) -> bool {
    match (drawn, stands) {
        (Value::Object(drawn), Value::Object(stands)) => {
            let is_given = |name: &String| name == "block_id" && !drawn.contains_key(name);
            let count = stands.keys().filter(|name| !is_given(name)).count();
            count == drawn.len()
                && drawn
                    .iter()
                    .all(|(name, value)| stands.get(name).is_some_and(|stands| same(value, stands)))
        }
        (Value::Array(drawn), Value::Array(stands)) => {
            drawn.len() == stands.len() && drawn.iter().zip(stands).all(|(d, s)| same(d, s))
        }
        (drawn, stands) => drawn == stands,
    }
}

/// The first words of a card.
fn brief(card: &Value) -> String {
    fn texts(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                into.extend(members.get("text").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|inner| texts(inner, into));
            }
            Value::Array(items) => items.iter().for_each(|inner| texts(inner, into)),
            _ => {}
        }
    }
    let mut said = Vec::new();
    texts(card, &mut said);
    let all: String = said.join(" ").chars().take(120).collect();
    format!("“{all}”")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_block_without_an_id_may_have_got_one_and_nothing_else() {
        let drawn = json!([{ "type": "section", "text": { "text": "Done" } }]);
        let given = json!([{ "type": "section", "block_id": "b7", "text": { "text": "Done" } }]);
        assert!(same(&drawn, &given));
        let other = json!([{ "type": "section", "block_id": "b7", "text": { "text": "Running" } }]);
        assert!(!same(&drawn, &other));
        assert!(!same(&drawn, &json!([])));
        let more = json!([{ "type": "section", "text": { "text": "Done" }, "accessory": {} }]);
        assert!(!same(&drawn, &more));
    }
}
