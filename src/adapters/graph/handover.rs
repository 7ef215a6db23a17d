//! [`Handover`]: looks at meetings and drives.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value;

use crate::{
    adapters::graph::{
        Microsoft,
        answer::Ask,
        changes::handover::{SHARES_MAX, drive_root},
        client::{Listing, unreachable},
        forbidden::Reading,
        shapes::drive_share,
        wire::encoded,
    },
    domain::{
        ids::UserId,
        mail::{Drive, Meeting},
        trouble::Result,
    },
    ports::handover::Handover,
};

/// Occurrences read of one calendar.
const OCCURRENCES_MAX: usize = 5_000;
/// Meetings given.
const MEETINGS_MAX: usize = 1_000;

#[async_trait]
impl Handover for Microsoft {
    async fn meetings(
        &self,
        user: &UserId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Option<Vec<Meeting>>> {
        let tenant = user.tenant();
        let path = format!(
            "/users/{}/calendarView?startDateTime={}&endDateTime={}\
             &$select=id,subject,isOrganizer,isCancelled,type,seriesMasterId,start,attendees&$top=250",
            user.guid().hyphenated(),
            encoded(&from.to_string()),
            encoded(&to.to_string()),
        );
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        match answer.status {
            404 => return Ok(None),
            403 => return Err(self.why_unreadable(tenant, Reading::CALENDAR).await.into()),
            _ if !answer.is_ok() => return Err(unreachable(answer.cause())),
            _ => {}
        }
        let items = match self.graph.rest(tenant, answer, OCCURRENCES_MAX).await? {
            Listing::Items(items) => items,
            Listing::Refused(answer) => return Err(unreachable(answer.cause())),
        };
        Ok(Some(meetings(&items)))
    }

    async fn drive(&self, user: &UserId) -> Result<Option<Drive>> {
        let tenant = user.tenant();
        let asks = vec![
            Ask::get(format!("/users/{}/drive?$select=id,webUrl", user.guid().hyphenated())),
            Ask::get(format!("{}/permissions", drive_root(user))),
        ];
        let mut answers = self.graph.reads(tenant, asks).await.into_iter();
        let mut next = || {
            answers
                .next()
                .unwrap_or_else(|| Err(unreachable(anyhow::anyhow!("an ask without an answer"))))
        };
        let (drive, shares) = (next()?, next()?);
        if drive.status == 404 {
            return Ok(None);
        }
        for answer in [&drive, &shares] {
            if answer.status == 403 {
                return Err(self.why_unreadable(tenant, Reading::DRIVE).await.into());
            }
            if !answer.is_ok() {
                return Err(unreachable(answer.cause()));
            }
        }
        let url = drive.body["webUrl"].as_str().unwrap_or_default().to_owned();
        let items = match self.graph.rest(tenant, shares, SHARES_MAX).await? {
            Listing::Items(items) => items,
            Listing::Refused(answer) => return Err(unreachable(answer.cause())),
        };
        Ok(Some(Drive { url, shares: items.iter().filter_map(drive_share).collect() }))
    }
}

/// What they called and somebody was invited to; a series once, by its master.
fn meetings(items: &[Value]) -> Vec<Meeting> {
    let mut found: BTreeMap<String, Meeting> = BTreeMap::new();
    for item in items {
        let invited = item["attendees"].as_array().map_or(0, Vec::len);
        let own = item["isOrganizer"] == true && item["isCancelled"] != true && invited > 0;
        let master = item["seriesMasterId"].as_str();
        let (Some(id), Some(next), true) = (master.or(item["id"].as_str()), start(item), own)
        else {
            continue;
        };
        let meeting = Meeting {
            id: id.to_owned(),
            subject: item["subject"].as_str().unwrap_or_default().to_owned(),
            next,
            series: master.is_some(),
            invited,
        };
        let known = found.entry(id.to_owned()).or_insert(meeting);
        known.next = known.next.min(next);
    }
    let mut all: Vec<Meeting> = found.into_values().collect();
    all.sort_by_key(|meeting| meeting.next);
    all.truncate(MEETINGS_MAX);
    all
}

/// `start`, which Graph gives in UTC unless it is asked otherwise.
fn start(item: &Value) -> Option<Timestamp> {
    let civil: DateTime = item["start"]["dateTime"].as_str()?.parse().ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_series_counts_once_and_what_others_called_or_nobody_attends_does_not() {
        let event = |id: &str, own: bool, invited: usize, master: Value, day: u32| {
            json!({
                "id": id, "subject": id, "isOrganizer": own, "isCancelled": false,
                "seriesMasterId": master, "attendees": vec![json!({}); invited],
                "start": { "dateTime": format!("2026-12-{day:02}T09:00:00.0000000"), "timeZone": "UTC" },
            })
        };
        let all = meetings(&[
            event("b.1", true, 2, json!("b"), 8),
            event("b.0", true, 2, json!("b"), 1),
            event("alone", true, 0, Value::Null, 2),
            event("theirs", false, 3, Value::Null, 3),
            event("once", true, 1, Value::Null, 4),
        ]);
        let short: Vec<_> = all.iter().map(|m| (m.id.as_str(), m.series, m.invited)).collect();
        assert_eq!(short, [("b", true, 2), ("once", false, 1)]);
        assert_eq!(all[0].next.to_string(), "2026-12-01T09:00:00Z");
    }
}
