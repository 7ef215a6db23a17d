//! Dates and times in words → civil dates in the tenant's zone.
//!
//! Day comes before month. A weekday is the next such day after today; a date without
//! a year is the next one; "end of day" is the tenant's. Nothing here reads a clock.
//!
//! - [`find`]    all times of a message, neighbours joined
//! - [`pieces`]  one piece: a day, a span from now; [`clock`] a time of day
//! - [`names`]   days and months

mod clock;
mod names;
mod pieces;

use jiff::{
    Zoned,
    civil::{Date, Time},
};

use self::{
    names::{month, weekday},
    pieces::{Piece, Reader},
};
use crate::interpret::text::Token;

/// A date, a time, or both, found in a span of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// The day.
    pub date: Date,
    /// The time of day, if said.
    pub time: Option<Time>,
    /// Now, or earlier today: no reason to wait.
    pub now: bool,
    /// A day was said; if not, today is assumed.
    pub dated: bool,
}

impl When {
    /// As the actions take it: `2026-11-30` or `2026-11-30T17:00`.
    pub fn text(&self) -> String {
        match self.time {
            Some(time) => format!("{}T{:02}:{:02}", self.date, time.hour(), time.minute()),
            None => self.date.to_string(),
        }
    }

    /// It lies before this moment.
    pub fn past(&self, now: &Zoned) -> bool {
        let moment = self.time.unwrap_or(Time::constant(23, 59, 59, 0));
        !self.now && self.date.to_datetime(moment) < now.datetime()
    }
}

/// Is it a month or a day of the week?
pub fn is_day_or_month(word: &str) -> bool {
    month(word).is_some() || weekday(word).is_some()
}

/// All dates and times among the tokens, neighbours joined ("Friday at 5pm").
pub fn find(tokens: &[Token], now: &Zoned, end_of_day: Time) -> Vec<When> {
    let reader = Reader { tokens, now, end_of_day };
    let mut found: Vec<When> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((length, piece)) = reader.that_day(at, &found).or_else(|| reader.piece(at)) else {
            at += 1;
            continue;
        };
        let (from, to) = (at, at + length.max(1));
        at = to;
        let piece = reader.after_the_first(piece, from, found.last());
        let today = now.date();
        let joins = found.last().is_some_and(|last| reader.joined(last.to, from));
        match (piece, found.last_mut().filter(|_| joins)) {
            (Piece::Clock(time), Some(last)) if last.time.is_none() => {
                *last = When { to, time: Some(time), now: false, ..*last };
            }
            (Piece::Day(date), Some(last))
                if last.date == today && last.time.is_some() && !last.now =>
            {
                *last = When { to, date, dated: true, ..*last };
            }
            // "his last day, Friday 21 November": the same day said twice.
            (Piece::Day(date), Some(last)) if last.time.is_none() && !last.now => {
                *last = When { to, date, dated: true, ..*last };
            }
            (Piece::Day(date), _) => {
                found.push(When { from, to, date, time: None, now: false, dated: true });
            }
            (Piece::Clock(time), _) => {
                found.push(When {
                    from,
                    to,
                    date: today,
                    time: Some(time),
                    now: false,
                    dated: false,
                });
            }
            (Piece::At(date, time), _) => {
                found.push(When { from, to, date, time: Some(time), now: false, dated: true });
            }
            // "EOD today"
            (Piece::Now, Some(last)) if last.time.is_some() && !last.now => {
                *last = When { to, dated: true, ..*last };
            }
            (Piece::Now, _) => {
                found.push(When { from, to, date: today, time: None, now: true, dated: true });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpret::text;

    fn read(words: &str) -> Vec<String> {
        let now: Zoned = "2025-11-12T10:00[Europe/London]".parse().unwrap();
        let tokens = text::tokens(words);
        find(&tokens, &now, Time::constant(17, 0, 0, 0)).iter().map(When::text).collect()
    }

    #[test]
    fn people_write_dates_in_many_ways() {
        for (words, wanted) in [
            ("on 2025-11-30 at 18:00", "2025-11-30T18:00"),
            ("24/11/2025", "2025-11-24"),
            ("05.01.2026", "2026-01-05"),
            ("30 Nov", "2025-11-30"),
            ("on the 28th at noon", "2025-11-28T12:00"),
            ("friday 5pm", "2025-11-14T17:00"),
            ("tomorrow at 9am", "2025-11-13T09:00"),
            ("tonight 10pm", "2025-11-12T22:00"),
            ("in 2 hours", "2025-11-12T12:00"),
            ("19 December 2025, at close of business", "2025-12-19T17:00"),
            ("Friday 21 November", "2025-11-21"),
            ("Monday, 17 November at 8.30am", "2025-11-17T08:30"),
            ("next Monday", "2025-11-17"),
            ("3 January", "2026-01-03"),
            ("2025-11-30T18:00", "2025-11-30T18:00"),
            ("end of the month", "2025-11-30"),
            ("on the last day of this month", "2025-11-30"),
            ("per 30.06. remove", "2026-06-30"),
            ("24 déc. 2025", "2025-12-24"),
            ("two weeks from today", "2025-11-26"),
            ("a fortnight today", "2025-11-26"),
            ("the day 20 at 16h30", "2025-11-20T16:30"),
            ("at EOD today", "2025-11-12T17:00"),
            ("3 January at 8 in the morning", "2026-01-03T08:00"),
            ("half 8 tomorrow night", "2025-11-13T20:30"),
            ("tomorrow at half past three", "2025-11-13T15:30"),
            ("Friday at quarter to nine", "2025-11-14T08:45"),
            ("on Monday 17 November at 7.30, he is back", "2025-11-17T07:30"),
            ("Friday at seven in the evening", "2025-11-14T19:00"),
            ("on Friday, eight o'clock", "2025-11-14T08:00"),
            ("mon 0730", "2025-11-17T07:30"),
            ("on the 01.12., she goes", "2025-12-01"),
            ("starting with 1.3., from then", "2026-03-01"),
            ("the first of December", "2025-12-01"),
            ("starts 11/24/2025", "2025-11-24"),
            ("starts 11/24", "2025-11-24"),
            ("LWD 13-Mar-2026", "2026-03-13"),
            ("from 9-Mar", "2026-03-09"),
            ("finishes tomorrow at 5, can you", "2025-11-13T17:00"),
            ("at 5:30 p.m. on Friday", "2025-11-14T17:30"),
            ("Friday at 9 a.m.", "2025-11-14T09:00"),
            ("yesterday (Tuesday the 11th)", "2025-11-11"),
            ("Tuesday the 18th", "2025-11-18"),
            ("Friday week", "2025-11-21"),
            ("on Monday 3rd November", "2025-11-03"),
            ("by the end of tomorrow", "2025-11-13T17:00"),
            ("switch it on on Monday at 8.", "2025-11-17T08:00"),
            ("until the end of January", "2026-01-31"),
            ("at 5 this afternoon", "2025-11-12T17:00"),
            ("this afternoon at 5", "2025-11-12T17:00"),
            ("at 8 tomorrow morning", "2025-11-13T08:00"),
            ("by 9 on Monday morning", "2025-11-17T09:00"),
            ("tomorrow morning at 7", "2025-11-13T07:00"),
            ("on Friday, nine in the morning", "2025-11-14T09:00"),
            ("Thursday the 4th of December", "2025-12-04"),
        ] {
            assert_eq!(read(words), [wanted], "{words}");
        }
        assert_eq!(read("from the 24th to the 28th"), ["2025-11-24", "2025-11-28"]);
        assert_eq!(read("from 17 to 21 November"), ["2025-11-17", "2025-11-21"]);
        assert_eq!(read("from 5 January until the 9th"), ["2026-01-05", "2026-01-09"]);
        assert_eq!(read("from Tuesday 2 to Thursday 4 December"), ["2025-12-02", "2025-12-04"]);
        assert_eq!(read("from Monday until Friday"), ["2025-11-17", "2025-11-21"]);
        assert_eq!(read("on 3 December. At noon that day"), ["2025-12-03", "2025-12-03T12:00"]);
        assert_eq!(
            read("his last day is 3 December. Close it at the end of that day"),
            ["2025-12-03", "2025-12-03T17:00"]
        );
        assert_eq!(read("from 3 December; the same date for Bo"), ["2025-12-03", "2025-12-03"]);
        assert!(read("on the same day").is_empty());
        assert!(read("add 3 licences to 5 people in may be").is_empty());
    }
}
