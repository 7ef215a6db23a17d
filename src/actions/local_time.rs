//! A date, or a date with its time, as somebody in the tenant's zone means it.

use jiff::{Timestamp, civil, tz::TimeZone};

use crate::domain::trouble::Reason;

/// Reads `2026-11-30` (from its first second, or to its last when it is an `end`),
/// `2026-11-30T17:00` in the zone, or an instant with its own offset.
///
/// # Errors
/// When it is none of these, naming the field.
pub fn instant(field: &str, said: &str, end: bool, zone: &TimeZone) -> Result<Timestamp, Reason> {
    let wrong = || Reason::WrongArgument {
        field: field.to_owned(),
        why: format!("`{said}` is not a date (2026-11-30) or a date with time (2026-11-30T17:00)"),
    };
    if let Ok(instant) = said.parse::<Timestamp>() {
        return Ok(instant);
    }
    let local = match said.parse::<civil::DateTime>() {
        Ok(local) if said.contains('T') => local,
        _ => {
            let date: civil::Date = said.parse().map_err(|_| wrong())?;
            if end { date.at(23, 59, 59, 0) } else { date.at(0, 0, 0, 0) }
        }
    };
    local.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_whole_day_where_the_tenant_is() {
        let rome = TimeZone::get("Europe/Rome").unwrap();
        for (said, end, meant) in [
            ("2026-11-30", false, "2026-11-29T23:00:00Z"),
            ("2026-11-30", true, "2026-11-30T22:59:59Z"),
            ("2026-07-01T17:00", true, "2026-07-01T15:00:00Z"),
            ("2026-07-01T17:00:00Z", false, "2026-07-01T17:00:00Z"),
            ("2026-07-01T17:00:00+09:00", false, "2026-07-01T08:00:00Z"),
        ] {
            let read = instant("start", said, end, &rome).unwrap();
            assert_eq!(read.to_string(), meant, "{said}");
        }
        let wrong = instant("start", "next week", false, &rome);
        assert!(matches!(wrong, Err(Reason::WrongArgument { field, .. }) if field == "start"));
    }
}
