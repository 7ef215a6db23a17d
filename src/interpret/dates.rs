//! Dates and times in words → civil dates in the tenant's zone.
//!
//! Day comes before month. A weekday is the next such day after today; a date without
//! a year is the next one; "end of day" is the tenant's. Nothing here reads a clock.

use jiff::{
    ToSpan, Zoned,
    civil::{Date, Time, Weekday},
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

#[derive(Clone, Copy)]
enum Piece {
    Day(Date),
    Clock(Time),
    At(Date, Time),
    Now,
}

/// All dates and times among the tokens, neighbours joined ("Friday at 5pm").
pub fn find(tokens: &[Token], now: &Zoned, end_of_day: Time) -> Vec<When> {
    let reader = Reader { tokens, now, end_of_day };
    let mut found: Vec<When> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((length, piece)) = reader.piece(at) else {
            at += 1;
            continue;
        };
        let (from, to) = (at, at + length.max(1));
        at = to;
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
            (Piece::Now, _) => {
                found.push(When { from, to, date: today, time: None, now: true, dated: true });
            }
        }
    }
    found
}

struct Reader<'a> {
    tokens: &'a [Token],
    now: &'a Zoned,
    end_of_day: Time,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.folded.as_str())
    }

    fn mark(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(mark))
    }

    /// Only small words and commas between?
    fn joined(&self, from: usize, to: usize) -> bool {
        to.saturating_sub(from) <= 3
            && (from..to).all(|at| {
                [
                    "at",
                    "by",
                    "on",
                    "the",
                    ",",
                    "of",
                    "around",
                    "(",
                    "morning",
                    "evening",
                    "afternoon",
                    "from",
                ]
                .contains(&self.word(at))
            })
    }

    fn piece(&self, at: usize) -> Option<(usize, Piece)> {
        self.relative(at)
            .or_else(|| self.numeric(at))
            .or_else(|| self.named_month(at))
            .or_else(|| self.clock(at))
            .or_else(|| self.weekday(at))
            .or_else(|| self.ordinal(at))
    }

    fn relative(&self, at: usize) -> Option<(usize, Piece)> {
        let today = self.now.date();
        let day = |days: i64| today.checked_add(days.days()).ok().map(Piece::Day);
        let (one, two, three) = (self.word(at), self.word(at + 1), self.word(at + 2));
        let found = match (one, two, three) {
            ("day", "after", "tomorrow") => (3, day(2)?),
            ("end" | "close", "of", "the") if ["day", "business"].contains(&self.word(at + 3)) => {
                (4, Piece::Clock(self.end_of_day))
            }
            ("end" | "close", "of", "day" | "business" | "play" | "today" | "work") => {
                (3, Piece::Clock(self.end_of_day))
            }
            ("end", "of", "that") if self.word(at + 3) == "day" => {
                (4, Piece::Clock(self.end_of_day))
            }
            ("end", "of", "the") if self.word(at + 3) == "month" => {
                (4, Piece::Day(today.last_of_month()))
            }
            ("end", "of", "the") if self.word(at + 3) == "week" => {
                (4, Piece::Day(self.next(Weekday::Friday)))
            }
            ("end", "of", "month") => (3, Piece::Day(today.last_of_month())),
            ("end", "of", "week") => (3, Piece::Day(self.next(Weekday::Friday))),
            ("eod" | "cob" | "cop", ..) => (1, Piece::Clock(self.end_of_day)),
            ("now" | "asap" | "immediately" | "straightaway" | "today", ..) => (1, Piece::Now),
            ("tomorrow" | "tmrw" | "tomorow" | "tmr", ..) => (1, day(1)?),
            ("tonight", ..) => (1, Piece::At(today, Time::constant(20, 0, 0, 0))),
            ("noon" | "midday", ..) => (1, Piece::Clock(Time::constant(12, 0, 0, 0))),
            ("midnight", ..) => (1, Piece::Clock(Time::constant(23, 59, 0, 0))),
            ("next", "week", _) => (2, Piece::Day(self.next(Weekday::Monday))),
            ("next", "month", _) => (2, Piece::Day(today.last_of_month().tomorrow().ok()?)),
            ("in", ..) => return self.after_now(at),
            _ => return None,
        };
        // "tonight 10pm", "tonight at 10pm"
        if one == "tonight" {
            let after = if self.word(at + 1) == "at" { 2 } else { 1 };
            if let Some((length, Piece::Clock(time))) = self.clock(at + after) {
                return Some((after + length, Piece::At(today, time)));
            }
        }
        Some(found)
    }

    /// "in 2 hours", "in three days", "in a week".
    fn after_now(&self, at: usize) -> Option<(usize, Piece)> {
        let number = match self.word(at + 1) {
            "a" | "an" | "one" => 1,
            "two" => 2,
            "three" => 3,
            "four" => 4,
            "five" => 5,
            "six" => 6,
            digits => digits.parse::<i64>().ok().filter(|n| (1..=1000).contains(n))?,
        };
        let span = match self.word(at + 2) {
            "minute" | "minutes" | "min" | "mins" => number.minutes(),
            "hour" | "hours" | "hr" | "hrs" | "h" => number.hours(),
            "day" | "days" => {
                let date = self.now.date().checked_add(number.days()).ok()?;
                return Some((3, Piece::Day(date)));
            }
            "week" | "weeks" => {
                let date = self.now.date().checked_add((number * 7).days()).ok()?;
                return Some((3, Piece::Day(date)));
            }
            "month" | "months" => {
                let date = self.now.date().checked_add(number.months()).ok()?;
                return Some((3, Piece::Day(date)));
            }
            _ => return None,
        };
        let then = self.now.checked_add(span).ok()?;
        Some((3, Piece::At(then.date(), then.time())))
    }

    /// `2025-11-30`, `30/11/2025`, `30.11.25`, `30/11`; perhaps followed by `T18:00`.
    fn numeric(&self, at: usize) -> Option<(usize, Piece)> {
        let first: i16 = self.number(at)?;
        let mark = ['-', '/', '.'].into_iter().find(|mark| self.mark(at + 1, *mark))?;
        let glued = |at: usize| self.tokens.get(at).is_some_and(|token| token.glued);
        if !glued(at + 1) || !glued(at + 2) {
            return None;
        }
        let second: i16 = self.number(at + 2)?;
        let (month, day) = (i8::try_from(second).ok()?, i8::try_from(first).ok());
        if self.mark(at + 3, mark) && glued(at + 3) && glued(at + 4) {
            if first > 1900 && mark == '-' {
                return self.iso(at, first, month);
            }
            let year: i16 = self.number(at + 4)?;
            let year = if year < 100 { year + 2000 } else { year };
            return Some((5, Piece::Day(Date::new(year, month, day?).ok()?)));
        }
        if mark == '/' {
            return Some((3, Piece::Day(self.coming(month, day?)?)));
        }
        None
    }

    fn iso(&self, at: usize, year: i16, month: i8) -> Option<(usize, Piece)> {
        let last = self.word(at + 4);
        let (day, hour) = last.split_once('t').map_or((last, None), |(d, h)| (d, Some(h)));
        let date = Date::new(year, month, day.parse().ok()?).ok()?;
        match hour {
            Some(hour) if self.mark(at + 5, ':') => {
                let time = Time::new(hour.parse().ok()?, self.number(at + 6)?, 0, 0).ok()?;
                Some((7, Piece::At(date, time)))
            }
            _ => Some((5, Piece::Day(date))),
        }
    }

    /// "30 Nov", "30th of November 2025", "November 30th, 2025".
    fn named_month(&self, at: usize) -> Option<(usize, Piece)> {
        let (day_at, month_at, mut end) = if let Some(day) = day(self.word(at)) {
            let gap = usize::from(self.word(at + 1) == "of");
            month(self.word(at + 1 + gap))?;
            (day, at + 1 + gap, at + 2 + gap)
        } else {
            month(self.word(at))?;
            (day(self.word(at + 1))?, at, at + 2)
        };
        let month = month(self.word(month_at))?;
        let comma = usize::from(self.mark(end, ','));
        let year = self.number::<i16>(end + comma).filter(|year| (2000..2200).contains(year));
        let date = match year {
            Some(year) => {
                end += 1 + comma;
                Date::new(year, month, day_at).ok()?
            }
            None => self.coming(month, day_at)?,
        };
        Some((end - at, Piece::Day(date)))
    }

    /// "5pm", "5 pm", "17:30", "9.30am", "17h".
    fn clock(&self, at: usize) -> Option<(usize, Piece)> {
        let word = self.word(at);
        let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 0 || digits > 2 {
            return None;
        }
        let mut hour: i8 = word[..digits].parse().ok()?;
        let (mut minute, mut length, mut suffix) = (0_i8, 1, &word[digits..]);
        if suffix.is_empty() && (self.mark(at + 1, ':') || self.mark(at + 1, '.')) {
            let next = self.word(at + 2);
            if !next.get(..2)?.chars().all(|c| c.is_ascii_digit()) {
                return None;
            }
            minute = next[..2].parse().ok()?;
            suffix = &next[2..];
            length = 3;
            let dotted = self.mark(at + 1, '.');
            if dotted && suffix.is_empty() && !["am", "pm"].contains(&self.word(at + 3)) {
                return None;
            }
        }
        if suffix.is_empty() && ["am", "pm", "uhr", "oclock"].contains(&self.word(at + length)) {
            suffix = self.word(at + length);
            length += 1;
        }
        match suffix {
            "am" if hour == 12 => hour = 0,
            "pm" if hour < 12 => hour += 12,
            "am" | "pm" | "h" | "uhr" | "oclock" => {}
            "" if length == 3 => {}
            _ => return None,
        }
        Some((length, Piece::Clock(Time::new(hour, minute, 0, 0).ok()?)))
    }

    fn weekday(&self, at: usize) -> Option<(usize, Piece)> {
        let skip = usize::from(["next", "this", "coming", "on"].contains(&self.word(at)));
        let day = weekday(self.word(at + skip))?;
        // "Friday 21 November": the date says it better.
        let comma = usize::from(self.mark(at + skip + 1, ','));
        if let Some((length, piece)) =
            self.named_month(at + skip + 1 + comma).or_else(|| self.numeric(at + skip + 1 + comma))
        {
            return Some((skip + 1 + comma + length, piece));
        }
        Some((skip + 1, Piece::Day(self.next(day))))
    }

    /// "the 28th".
    fn ordinal(&self, at: usize) -> Option<(usize, Piece)> {
        let word = self.word(at);
        let suffixed = ["st", "nd", "rd", "th"].iter().any(|suffix| word.ends_with(suffix));
        let day = day(word).filter(|_| suffixed)?;
        let today = self.now.date();
        let mut month = today.first_of_month();
        for _ in 0..12 {
            if let Ok(date) = Date::new(month.year(), month.month(), day)
                && date >= today
            {
                return Some((1, Piece::Day(date)));
            }
            month = month.checked_add(1.month()).ok()?;
        }
        None
    }

    fn number<N: std::str::FromStr>(&self, at: usize) -> Option<N> {
        let word = self.word(at);
        word.bytes().all(|b| b.is_ascii_digit()).then(|| word.parse().ok()).flatten()
    }

    fn next(&self, day: Weekday) -> Date {
        self.now.date().nth_weekday(1, day).unwrap_or(self.now.date())
    }

    /// This year, or the next when it is over.
    fn coming(&self, month: i8, day: i8) -> Option<Date> {
        let today = self.now.date();
        let date = Date::new(today.year(), month, day).ok()?;
        if date >= today { Some(date) } else { Date::new(today.year() + 1, month, day).ok() }
    }
}

fn day(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &word[digits.len()..];
    if !["", "st", "nd", "rd", "th"].contains(&suffix) {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn month(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let number = NAMES.iter().position(|name| {
        *name == word
            || (word.len() >= 3 && word.len() <= 4 && name.starts_with(word))
            || (word == "sept" && *name == "september")
    })?;
    i8::try_from(number + 1).ok()
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mon" | "mondays" => Weekday::Monday,
        "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wed" | "weds" => Weekday::Wednesday,
        "thursday" | "thu" | "thur" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
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
        ] {
            assert_eq!(read(words), [wanted], "{words}");
        }
        assert_eq!(read("from the 24th to the 28th"), ["2025-11-24", "2025-11-28"]);
        assert!(read("add 3 licences to 5 people in may be").is_empty());
    }
}
