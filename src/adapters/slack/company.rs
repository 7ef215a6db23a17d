//! Who is in a channel: only us, guests too, or another organisation. Slack says of a
//! channel whether it is shared, and of a person whether they are a guest; so the members
//! are held against the list of people, which is kept for ten minutes. Whoever is not on
//! it is taken for a guest.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{
    chat::{Seat, SlackChat},
    people,
    web::Method,
};
use crate::{
    domain::chat::{Place, PlaceKind},
    ports::chat::{ChatError, Company},
};

/// People per page (docs.slack.dev, users.list: at most 1000, fewer are advised).
const PEOPLE_A_PAGE: &str = "500";
/// So many pages of people are read; of a larger workspace the rest counts as guests.
const PEOPLE_PAGES_MAX: usize = 40;
/// Members per page, and pages: a channel with more people is not looked through.
const MEMBERS_A_PAGE: &str = "500";
const MEMBERS_PAGES_MAX: usize = 4;
/// The list of people is believed this long.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// Who is a full member, by realm, and when that was read.
pub(super) type Full = HashMap<String, (Timestamp, HashMap<String, bool>)>;

impl SlackChat {
    pub(super) async fn who_is_in(&self, place: &Place) -> Result<Company, ChatError> {
        if place.kind == PlaceKind::Personal {
            return Ok(Company::Ours);
        }
        let seat = self.seat(place)?;
        match self.among_us(seat, place).await {
            Ok(()) => {}
            Err(ChatError::NotAllowed(_)) => return Ok(Company::Others),
            Err(error) => return Err(error),
        }
        let Some(members) = members(seat, &place.conversation).await? else {
            return Ok(Company::Guests);
        };
        let full = self.full_members(seat, &place.realm).await?;
        let ours = |id: &String| full.get(id).copied().unwrap_or(false);
        Ok(if members.iter().all(ours) { Company::Ours } else { Company::Guests })
    }

    async fn full_members(
        &self,
        seat: &Seat,
        realm: &str,
    ) -> Result<HashMap<String, bool>, ChatError> {
        let now = self.clock.now();
        if let Some((at, full)) = super::chat::lock(&self.full).get(realm)
            && now >= *at
            && now.duration_since(*at) < FRESH
        {
            return Ok(full.clone());
        }
        let mut full = HashMap::new();
        let mut cursor = String::new();
        for _ in 0..PEOPLE_PAGES_MAX {
            let about = [("limit", PEOPLE_A_PAGE), ("cursor", cursor.as_str())];
            let said = seat.api.call(Method::UserList, &about, None).await?;
            for user in said["members"].as_array().into_iter().flatten() {
                if let Some(id) = user["id"].as_str() {
                    let answer = serde_json::json!({ "user": user });
                    let person = people::read(&answer, id, &seat.install);
                    // The bot itself, and other bots, are no guests.
                    let bot = user["is_bot"] == true && user["team_id"] == seat.install.realm();
                    full.insert(id.to_owned(), person.barred.is_none() || bot);
                }
            }
            cursor = next(&said);
            if cursor.is_empty() {
                break;
            }
        }
        super::chat::lock(&self.full).insert(realm.to_owned(), (now, full.clone()));
        Ok(full)
    }
}

/// The members of a channel; nothing when there are too many.
async fn members(seat: &Seat, channel: &str) -> Result<Option<Vec<String>>, ChatError> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    for _ in 0..MEMBERS_PAGES_MAX {
        let about = [("channel", channel), ("limit", MEMBERS_A_PAGE), ("cursor", cursor.as_str())];
        let said = seat.api.call(Method::Members, &about, None).await?;
        let page = said["members"].as_array().into_iter().flatten();
        all.extend(page.filter_map(Value::as_str).map(str::to_owned));
        cursor = next(&said);
        if cursor.is_empty() {
            return Ok(Some(all));
        }
    }
    Ok(None)
}

fn next(said: &Value) -> String {
    said["response_metadata"]["next_cursor"].as_str().unwrap_or_default().to_owned()
}
