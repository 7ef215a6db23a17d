//! What is read: requests and what belongs to them, what waits, what was said.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    at::instant,
    broken_by,
    database::{Database, Row, values},
    rows::{self, RequestRow},
};
use crate::{
    adapters::store::sealing::{NotOpened, Sealing},
    domain::{
        chat::Inbound,
        decision::Vote,
        ids::{Number, RequestId, StepId, TenantId, UserId},
        plan::Frozen,
        request::Request,
        secret::Secret,
        step::StepRun,
    },
    ports::store::{
        Answer, Conversation, Copy, HeardInThread, Instead, Say, Showing, Stands, StoreError,
        WaitingLink,
    },
};

type Read<T> = Result<T, StoreError>;

/// The answer given to a delivery, if it was handled.
pub(super) async fn answered(
    db: &mut impl Database,
    sealing: &Sealing,
    key: &str,
) -> Read<Option<Answer>> {
    let sql = "SELECT sealed_answer FROM inbox WHERE delivery_key = ?";
    let found = db.first(sql, &values![key]).await?;
    let sealed = found.map(|mut row| row.take::<Option<Vec<u8>>>()).transpose()?.flatten();
    sealed.map(|s| sealing.open_json("inbox", key, &s)).transpose().map_err(broken_by)
}

/// Deliveries that were received and not handled, oldest first.
pub(super) async fn unhandled(
    db: &mut impl Database,
    sealing: &Sealing,
    limit: u32,
) -> Read<Vec<Inbound>> {
    let sql = "SELECT delivery_key, sealed_delivery FROM inbox WHERE sealed_answer IS NULL
         ORDER BY at, delivery_key LIMIT ?";
    let rows = db.rows(sql, &values![limit]).await?;
    rows.into_iter()
        .map(|mut row| {
            let (key, sealed): (String, Vec<u8>) = (row.take()?, row.take()?);
            sealing.open_json("inbox", &key, &sealed).map_err(broken_by)
        })
        .collect()
}

/// A request.
pub(super) async fn request(
    db: &mut impl Database,
    sealing: &Sealing,
    id: &RequestId,
) -> Read<Option<Request>> {
    let sql = "SELECT request_id, number, version, sealed FROM request WHERE request_id = ?";
    let row = db.first(sql, &values![id.0]).await?;
    row.map(|mut row| RequestRow::of(&mut row)?.open(sealing)).transpose()
}

/// A request by its number.
pub(super) async fn numbered(
    db: &mut impl Database,
    sealing: &Sealing,
    tenant: &TenantId,
    number: Number,
) -> Read<Option<Request>> {
    let sql = "SELECT request_id, number, version, sealed FROM request
         WHERE tenant_id = ? AND number = ?";
    let row = db.first(sql, &values![tenant.guid(), number.0.cast_signed()]).await?;
    row.map(|mut row| RequestRow::of(&mut row)?.open(sealing)).transpose()
}

/// The plan of a revision.
pub(super) async fn plan(
    db: &mut impl Database,
    sealing: &Sealing,
    id: &RequestId,
    revision: u32,
) -> Read<Option<Frozen>> {
    let sql = "SELECT sealed FROM plan_revision WHERE request_id = ? AND revision = ?";
    let Some(mut row) = db.first(sql, &values![id.0, revision]).await? else {
        return Ok(None);
    };
    let sealed: Vec<u8> = row.take()?;
    let bytes = sealing.open("plan_revision", &format!("{id}/{revision}"), &sealed);
    Frozen::read(bytes.map_err(broken_by)?.to_vec()).map(Some).map_err(broken_by)
}

/// The votes on a revision, oldest first.
pub(super) async fn votes(
    db: &mut impl Database,
    sealing: &Sealing,
    id: &RequestId,
    revision: u32,
) -> Read<Vec<Vote>> {
    let sql = "SELECT voter_tenant, voter_id, sealed FROM vote
         WHERE request_id = ? AND revision = ? ORDER BY at, voter_id";
    let rows = db.rows(sql, &values![id.0, revision]).await?;
    rows.into_iter()
        .map(|mut row| {
            let voter: UserId = TenantId::from(row.take::<Uuid>()?).object(row.take()?);
            let sealed: Vec<u8> = row.take()?;
            let row = format!("{id}/{revision}/{voter}");
            sealing.open_json("vote", &row, &sealed).map_err(broken_by)
        })
        .collect()
}

/// The steps, in order.
pub(super) async fn steps(
    db: &mut impl Database,
    sealing: &Sealing,
    id: &RequestId,
) -> Read<Vec<StepRun>> {
    let sql = "SELECT step_id, step.sealed, sealed_before, sealed_after
         FROM step JOIN request USING (request_id, tenant_id, revision)
         WHERE request_id = ? AND step.state IS NOT NULL ORDER BY step_id";
    let rows = db.rows(sql, &values![id.0]).await?;
    rows.into_iter()
        .map(|mut row| {
            let (step, sealed): (u16, Vec<u8>) = (row.take()?, row.take()?);
            let (before, after): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.take()?, row.take()?);
            let row = format!("{id}/{step}");
            let sight = |part: &str, sealed: Option<Vec<u8>>| {
                let row = format!("{row}/{part}");
                sealed.map(|s| sealing.open_json("step", &row, &s)).transpose()
            };
            let run: StepRun = sealing.open_json("step", &row, &sealed).map_err(broken_by)?;
            let before = sight("before", before).map_err(broken_by)?;
            let seen = sight("after", after).map_err(broken_by)?;
            Ok(StepRun { before, seen, ..run })
        })
        .collect()
}

/// The copies of a request's card.
pub(super) async fn copies(
    db: &mut impl Database,
    sealing: &Sealing,
    id: &RequestId,
) -> Read<Vec<Copy>> {
    let sql =
        "SELECT copy_id, sealed, sealed_card FROM card_copy WHERE request_id = ? ORDER BY rowid";
    let rows = db.rows(sql, &values![id.0]).await?;
    rows.into_iter().map(|row| a_copy(sealing, row)).collect()
}

/// Copies made after an instant, newest first: their ids begin with the time (UUIDv7).
pub(super) async fn copies_since(
    db: &mut impl Database,
    sealing: &Sealing,
    since: Timestamp,
    limit: u32,
) -> Read<Vec<Copy>> {
    let ms = u64::try_from(since.as_millisecond()).unwrap_or(0);
    let first = uuid::Builder::from_unix_timestamp_millis(ms, &[0; 10]).into_uuid();
    let sql = "SELECT copy_id, sealed, sealed_card FROM card_copy WHERE copy_id >= ?
         ORDER BY copy_id DESC LIMIT ?";
    let rows = db.rows(sql, &values![first, limit]).await?;
    rows.into_iter().map(|row| a_copy(sealing, row)).collect()
}

fn a_copy(sealing: &Sealing, mut row: Row) -> Read<Copy> {
    let (copy, sealed): (Uuid, Vec<u8>) = (row.take()?, row.take()?);
    rows::copy(sealing, copy, &sealed, row.take::<Option<Vec<u8>>>()?.as_deref())
}

/// Was this person shown every step of this plan?
pub(super) async fn was_shown(db: &mut impl Database, showing: &Showing) -> Read<bool> {
    let (plan, who) = (showing.plan.0.to_vec(), showing.account().0.to_vec());
    let sql = "SELECT 1 FROM shown WHERE request_id = ? AND digest = ? AND who = ?";
    Ok(db.first(sql, &values![showing.request.0, plan, who]).await?.is_some())
}

/// Requests that are not final, newest first.
pub(super) async fn open(
    db: &mut impl Database,
    sealing: &Sealing,
    tenant: &TenantId,
    about: Option<&UserId>,
    limit: u32,
) -> Read<Vec<Request>> {
    let rows = match about {
        Some(user) if user.tenant() != tenant => Vec::new(),
        Some(user) => {
            let sql = "SELECT request.request_id, number, version, sealed
                 FROM request_subject JOIN request USING (request_id, tenant_id)
                 WHERE tenant_id = ? AND subject_id = ? AND open = 1 ORDER BY number DESC LIMIT ?";
            db.rows(sql, &values![tenant.guid(), user.guid(), limit]).await?
        }
        None => {
            let sql = "SELECT request_id, number, version, sealed FROM request
                 WHERE tenant_id = ? AND open = 1 AND (relation IS NULL OR relation <> 'item')
                 ORDER BY number DESC LIMIT ?";
            db.rows(sql, &values![tenant.guid(), limit]).await?
        }
    };
    rows::requests(rows, sealing)
}

/// The latest requests made in a place, newest first.
pub(super) async fn made_in(
    db: &mut impl Database,
    sealing: &Sealing,
    place: &str,
    limit: u32,
) -> Read<Vec<Request>> {
    let sql = "SELECT request_id, number, version, sealed FROM request
         WHERE origin_place = ? AND (relation IS NULL OR relation <> 'item')
         ORDER BY rowid DESC LIMIT ?";
    rows::requests(db.rows(sql, &values![place, limit]).await?, sealing)
}

/// What was said in a thread, oldest first, the last `limit`.
pub(super) async fn thread(
    db: &mut impl Database,
    sealing: &Sealing,
    place: &str,
    limit: u32,
) -> Read<Vec<HeardInThread>> {
    let sql =
        "SELECT sealed FROM heard WHERE place_key = ? ORDER BY at DESC, heard_id DESC LIMIT ?";
    let rows = db.rows(sql, &values![place, limit]).await?;
    rows.into_iter()
        .rev()
        .map(|mut row| {
            let sealed: Vec<u8> = row.take()?;
            sealing.open_json("heard", place, &sealed).map_err(broken_by)
        })
        .collect()
}

/// The conversations with somebody, newest first.
pub(super) async fn conversations(
    db: &mut impl Database,
    sealing: &Sealing,
    user: &UserId,
) -> Read<Vec<Conversation>> {
    let sql = "SELECT place_key, open, at, sealed, sealed_with FROM conversation
         WHERE user_tenant = ? AND user_id = ? ORDER BY at DESC, rowid DESC";
    let rows = db.rows(sql, &values![user.tenant().guid(), user.guid()]).await?;
    let open = |key: &str, place: &[u8], with: Option<&[u8]>| {
        let with_row = format!("{key}/with");
        let with = with.map(|with| sealing.open_json("conversation", &with_row, with));
        Ok::<_, NotOpened>((sealing.open_json("conversation", key, place)?, with.transpose()?))
    };
    rows.into_iter()
        .map(|mut row| {
            let (key, may_speak, at): (String, bool, i64) = (row.take()?, row.take()?, row.take()?);
            let (place, with): (Vec<u8>, Option<Vec<u8>>) = (row.take()?, row.take()?);
            let (place, with) = open(&key, &place, with.as_deref()).map_err(broken_by)?;
            let (user, at) = (Some(user.clone()), instant(at));
            Ok(Conversation { place, with, user, open: may_speak, at })
        })
        .collect()
}

/// The value made for a step, if its link was not made yet.
pub(super) async fn secret(
    db: &mut impl Database,
    sealing: &Sealing,
    id: &RequestId,
    step: StepId,
) -> Read<Option<Secret>> {
    let sql = "SELECT sealed FROM secret WHERE request_id = ? AND step_id = ?";
    let Some(mut row) = db.first(sql, &values![id.0, step.0]).await? else { return Ok(None) };
    let sealed: Vec<u8> = row.take()?;
    let value = sealing.open("secret", &format!("{id}/{step}"), &sealed).map_err(broken_by)?;
    let value = std::str::from_utf8(&value).map_err(broken_by)?;
    Ok(Some(Secret::new(value)))
}

macro_rules! links {
    () => {
        "SELECT token_hash, request_id, step_id, link.sealed, outbox.message_id, instead_of, next_at,
             outbox.sealed
         FROM secret_link AS link LEFT JOIN outbox
             ON instead_of = link.message_id AND state = 'waiting'
         "
    };
}

/// The link with this token, while it opens.
pub(super) async fn link(
    db: &mut impl Database,
    sealing: &Sealing,
    token_hash: &[u8; 32],
    now: i64,
) -> Read<Option<WaitingLink>> {
    let sql = concat!(links!(), "WHERE token_hash = ? AND expires_at > ?");
    let row = db.first(sql, &values![token_hash.to_vec(), now]).await?;
    row.map(|row| waiting_link(row, sealing)).transpose()
}

/// Links that still open, of requests about somebody.
pub(super) async fn links_about(
    db: &mut impl Database,
    sealing: &Sealing,
    user: &UserId,
    now: i64,
) -> Read<Vec<WaitingLink>> {
    let sql = concat!(
        links!(),
        "WHERE request_id IN (SELECT request_id FROM request_subject
                 WHERE tenant_id = ? AND subject_id = ?)
             AND expires_at > ?
         ORDER BY expires_at LIMIT 20"
    );
    let rows = db.rows(sql, &values![user.tenant().guid(), user.guid(), now]).await?;
    rows.into_iter().map(|row| waiting_link(row, sealing)).collect()
}

fn waiting_link(mut row: Row, sealing: &Sealing) -> Read<WaitingLink> {
    let token_hash: Vec<u8> = row.take()?;
    let token_hash = <[u8; 32]>::try_from(token_hash.as_slice()).map_err(broken_by)?;
    let (request, step) = (RequestId(row.take()?), StepId(row.take()?));
    let sealed = row.take()?;
    let ending = match row.take::<Option<Uuid>>()? {
        Some(id) => {
            let (of, from) = (row.take()?, instant(row.take()?));
            let words: Vec<u8> = row.take()?;
            let say: Say =
                sealing.open_json("outbox", &id.to_string(), &words).map_err(broken_by)?;
            Some(Instead { say, of, from })
        }
        None => None,
    };
    Ok(WaitingLink { token_hash, request, step, sealed, ending })
}

/// Where a message stands that was to be said.
pub(super) async fn stands(
    db: &mut impl Database,
    sealing: &Sealing,
    message: Uuid,
) -> Read<Stands> {
    let sql = "SELECT state, sealed_card FROM outbox WHERE message_id = ?";
    let Some(mut row) = db.first(sql, &values![message]).await? else {
        return Ok(Stands::Nowhere);
    };
    let (state, card): (String, Option<Vec<u8>>) = (row.take()?, row.take()?);
    match card {
        _ if state == "waiting" => Ok(Stands::NotYet),
        Some(card) => {
            let row = format!("{message}/card");
            sealing.open_json("outbox", &row, &card).map(Stands::At).map_err(broken_by)
        }
        None => Ok(Stands::Nowhere),
    }
}
