//! Instants as they are stored: microseconds since 1970 in UTC.

use jiff::Timestamp;

/// Now, or when something happened: rounded down.
pub(super) fn at(instant: Timestamp) -> i64 {
    let micros = instant.as_microsecond();
    let exact = Timestamp::from_microsecond(micros).is_ok_and(|t| t <= instant);
    if exact { micros } else { micros - 1 }
}

/// Not before: rounded up, so that nothing is due a fraction too early.
pub(super) fn not_before(instant: Timestamp) -> i64 {
    let micros = at(instant);
    let exact = Timestamp::from_microsecond(micros).is_ok_and(|t| t == instant);
    if exact { micros } else { micros + 1 }
}

/// The instant of a stored number; the nearest one there is, for a damaged row.
pub(super) fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_later_than_now_is_never_stored_as_due() {
        let now: Timestamp = "2026-11-21T09:00:00.000000500Z".parse().unwrap();
        let due: Timestamp = "2026-11-21T09:00:00.000000700Z".parse().unwrap();
        assert!(not_before(due) > at(now));
        assert_eq!(not_before(instant(at(now))), at(now));
    }

    #[test]
    fn instants_before_1970_round_the_same_way() {
        let then: Timestamp = "1969-12-31T23:59:59.999999500Z".parse().unwrap();
        assert_eq!((at(then), not_before(then)), (-1, 0));
    }
}
