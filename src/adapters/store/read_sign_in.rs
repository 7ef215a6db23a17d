//! Reading sign-ins, and whose chat accounts are.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    at::{at, instant},
    broken_by,
    database::{Database, Row, values},
    sealing::Sealing,
};
use crate::{
    domain::{
        chat::{ChatUser, Platform},
        ids::{TenantId, UserId},
        sign_in::{IdentityLink, SignIn, account},
        users::PersonRef,
    },
    ports::store::{SignInKey, StoreError},
};

/// What a sign-in is sealed to: its link.
pub(super) fn row(sign_in: &SignIn) -> String {
    sign_in.id.to_string()
}

/// A sign-in that is not over.
pub(super) async fn sign_in(
    db: &mut impl Database,
    sealing: &Sealing,
    by: SignInKey<'_>,
    now: Timestamp,
) -> Result<Option<SignIn>, StoreError> {
    let (sql, key) = match by {
        SignInKey::Token(hash) => (
            "SELECT token_hash, version, sealed FROM sign_in WHERE token_hash = ? AND expires_at > ?",
            hash.0.to_vec(),
        ),
        SignInKey::State(hash) => (
            "SELECT token_hash, version, sealed FROM sign_in WHERE state_hash = ? AND expires_at > ?",
            hash.0.to_vec(),
        ),
        SignInKey::LinkOf(who) => (
            "SELECT token_hash, version, sealed FROM sign_in
             WHERE account = ? AND expires_at > ? AND about = 'link'",
            account(who).0.to_vec(),
        ),
    };
    let Some(mut found) = db.first(sql, &values![key, at(now)]).await? else { return Ok(None) };
    let (hash, version): (Vec<u8>, i64) = (found.take()?, found.take()?);
    let sealed: Vec<u8> = found.take()?;
    let opened: SignIn =
        sealing.open_json("sign_in", &hex::encode(hash), &sealed).map_err(broken_by)?;
    Ok(Some(SignIn { version: version.cast_unsigned(), ..opened }))
}

/// Whose a chat account is now.
pub(super) async fn identity(
    db: &mut impl Database,
    sealing: &Sealing,
    tenant: &TenantId,
    who: &ChatUser,
) -> Result<Option<IdentityLink>, StoreError> {
    let sql = "SELECT platform, realm, chat_id, tenant_id, user_id, at, sealed FROM identity_link
         WHERE platform = ? AND realm = ? AND chat_id = ? AND tenant_id = ? AND until IS NULL";
    let key = values![who.platform.as_str(), who.realm.as_str(), who.id.as_str(), tenant.guid()];
    db.first(sql, &key).await?.map(|row| link(row, sealing)).transpose()
}

/// All links that hold.
pub(super) async fn identities(
    db: &mut impl Database,
    sealing: &Sealing,
    tenant: &TenantId,
    limit: u32,
) -> Result<Vec<IdentityLink>, StoreError> {
    let sql = "SELECT platform, realm, chat_id, tenant_id, user_id, at, sealed FROM identity_link
         WHERE tenant_id = ? AND until IS NULL ORDER BY platform, realm, chat_id LIMIT ?";
    let rows = db.rows(sql, &values![tenant.guid(), limit]).await?;
    rows.into_iter().map(|row| link(row, sealing)).collect()
}

/// Everybody else whose account one of this person's chat accounts is or was.
pub(super) async fn shared_with(
    db: &mut impl Database,
    who: &UserId,
) -> Result<Vec<UserId>, StoreError> {
    let sql = "SELECT DISTINCT other.user_id FROM identity_link AS own
         JOIN identity_link AS other ON other.platform = own.platform AND other.realm = own.realm
             AND other.chat_id = own.chat_id AND other.tenant_id = own.tenant_id
         WHERE own.tenant_id = ? AND own.user_id = ? AND other.user_id <> own.user_id";
    let rows = db.rows(sql, &values![who.tenant().guid(), who.guid()]).await?;
    rows.into_iter().map(|mut row| Ok(who.tenant().object(row.take::<Uuid>()?))).collect()
}

/// Everybody who is or was linked, as people read them.
pub(super) async fn everybody(
    db: &mut impl Database,
    sealing: &Sealing,
) -> Result<Vec<PersonRef>, StoreError> {
    let sql = "SELECT platform, realm, chat_id, tenant_id, user_id, at, sealed FROM identity_link";
    let rows = db.rows(sql, &[]).await?;
    rows.into_iter().map(|row| link(row, sealing).map(|link| link.user)).collect()
}

fn link(mut row: Row, sealing: &Sealing) -> Result<IdentityLink, StoreError> {
    let (platform, realm, id): (String, String, String) = (row.take()?, row.take()?, row.take()?);
    let tenant = TenantId::from(row.take::<Uuid>()?);
    let user: UserId = tenant.object(row.take::<Uuid>()?);
    let since: i64 = row.take()?;
    let sealed: Vec<u8> = row.take()?;
    let bound = format!("{platform}/{realm}/{id}/{user}");
    let user: PersonRef = sealing.open_json("identity_link", &bound, &sealed).map_err(broken_by)?;
    let platform = match platform.as_str() {
        "slack" => Platform::Slack,
        "teams" => Platform::Teams,
        _ => Platform::Api,
    };
    let chat = ChatUser { platform, realm, id, address: None };
    Ok(IdentityLink { chat, user, at: instant(since) })
}
