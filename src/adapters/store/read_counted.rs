//! How many people were asked about lately, for the limits of mass changes.

use super::database::{Database, values};
use crate::{domain::ids::UserId, ports::store::StoreError};

/// What people are counted under: by everybody, and by one requester.
pub(super) fn names(requester: &UserId) -> [String; 2] {
    ["changed".to_owned(), format!("changed/{}", requester.guid())]
}

/// By everybody, and by this requester, after an instant.
pub(super) async fn counted(
    db: &mut impl Database,
    requester: &UserId,
    since: i64,
) -> Result<(u32, u32), StoreError> {
    let mut both = [0_u32; 2];
    for (sum, name) in both.iter_mut().zip(names(requester)) {
        let sql = "SELECT used FROM quota WHERE tenant_id = ? AND name = ? AND window_at > ?";
        let rows = db.rows(sql, &values![requester.tenant().guid(), name, since]).await?;
        for mut row in rows {
            *sum = sum.saturating_add(row.take::<u32>()?);
        }
    }
    Ok((both[0], both[1]))
}
