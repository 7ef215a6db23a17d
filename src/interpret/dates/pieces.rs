//! One piece of a time: a day in words or numbers, a clock, "in two hours".

use jiff::{
    ToSpan, Zoned,
    civil::{Date, Time, Weekday},
};

use super::{
    When,
    names::{LEADS, ON, ORDINALS, day, month, weekday},
};
use crate::interpret::{text::Token, work};

#[derive(Clone, Copy)]
pub(super) enum Piece {
    Day(Date),
    Clock(Time),
    At(Date, Time),
    Now,
}

pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) now: &'a Zoned,
    pub(super) end_of_day: Time,
}

/// "11/24/2025": a month before a day, where it can be nothing else.
fn american(year: i16, month: i16, day: i16) -> Result<Date, jiff::Error> {
    let small = |number: i16| i8::try_from(number).unwrap_or_default();
    Date::new(year, small(month), small(day))
}

impl Reader<'_> {
    pub(super) fn word(&self, at: usize) -> &str {
        work::step();
        self.tokens.get(at).map_or("", |token| token.folded.as_str())
    }

    pub(super) fn mark(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(mark))
    }

    /// Only small words and commas between?
    pub(super) fn joined(&self, from: usize, to: usize) -> bool {
        to.saturating_sub(from) <= 3
            && (from..to).all(|at| {
                [
                    "at",
                    "by",
                    "in",
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

    pub(super) fn piece(&self, at: usize) -> Option<(usize, Piece)> {
        self.relative(at)
            .or_else(|| self.numeric(at))
            .or_else(|| self.first_of_two(at))
            .or_else(|| self.named_month(at))
            .or_else(|| self.clock(at))
            .or_else(|| self.weekday(at))
            .or_else(|| self.ordinal(at))
    }

    /// "from 5 January until the 9th", "Monday to Friday": the end is not before the start.
    pub(super) fn after_the_first(&self, piece: Piece, at: usize, first: Option<&When>) -> Piece {
        let ends = (1..=2).filter_map(|back| at.checked_sub(back)).any(|at| {
            ["until", "till", "til", "to", "through", "thru"].contains(&self.word(at))
                || self.mark(at, '-')
                || self.mark(at, '\u{2013}')
        });
        let (Piece::Day(date), Some(first)) = (piece, first.filter(|_| ends)) else {
            return piece;
        };
        if date >= first.date {
            return piece;
        }
        if weekday(self.word(at)).is_some() {
            return first.date.nth_weekday(1, date.weekday()).map_or(piece, Piece::Day);
        }
        let ordinal = self.ordinal(at).is_some() && self.named_month(at).is_none();
        let month = first.date.first_of_month();
        let later = [Some(month), month.checked_add(1.month()).ok()].into_iter().flatten();
        let mut later = later.filter_map(|m| Date::new(m.year(), m.month(), date.day()).ok());
        match later.find(|later| *later >= first.date).filter(|_| ordinal) {
            Some(later) => Piece::Day(later),
            None => piece,
        }
    }

    /// "that day", "on the same date", "at the end of that day": the day that was said last.
    pub(super) fn that_day(&self, at: usize, found: &[When]) -> Option<(usize, Piece)> {
        let last = || found.iter().rfind(|when| when.dated && !when.now).map(|when| when.date);
        let day = |at: usize| ["day", "date"].contains(&self.word(at));
        let lead = |at: usize| ["that", "same", "this", "said"].contains(&self.word(at));
        let evening = ["evening", "afternoon", "night", "morning"].contains(&self.word(at + 1));
        if lead(at) && day(at + 1) || self.word(at) == "that" && evening {
            return Some((2, Piece::Day(last()?)));
        }
        let ends = ["end", "close"].contains(&self.word(at)) && self.word(at + 1) == "of";
        let skip = usize::from(self.word(at + 2) == "the");
        if ends && lead(at + 2 + skip) && day(at + 3 + skip) {
            return Some((4 + skip, Piece::At(last()?, self.end_of_day)));
        }
        None
    }

    fn relative(&self, at: usize) -> Option<(usize, Piece)> {
        let today = self.now.date();
        let day = |days: i64| today.checked_add(days.days()).ok().map(Piece::Day);
        let (one, two, three) = (self.word(at), self.word(at + 1), self.word(at + 2));
        let found = match (one, two, three) {
            ("day", "after", "tomorrow") => (3, day(2)?),
            ("end" | "close", "of", "tomorrow") => {
                (3, Piece::At(today.tomorrow().ok()?, self.end_of_day))
            }
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
            ("end", "of", name) if month(name).is_some() => {
                (3, Piece::Day(self.coming(month(name)?, 28)?.last_of_month()))
            }
            ("end", "of", "month") => (3, Piece::Day(today.last_of_month())),
            ("end", "of", "week") => (3, Piece::Day(self.next(Weekday::Friday))),
            ("eod" | "cob" | "cop", ..) => (1, Piece::Clock(self.end_of_day)),
            ("now" | "asap" | "immediately" | "straightaway" | "today", ..) => (1, Piece::Now),
            ("tomorrow" | "tmrw" | "tomorow" | "tmr", ..) => (1, day(1)?),
            ("tonight", ..) => (1, Piece::At(today, Time::constant(20, 0, 0, 0))),
            ("noon" | "midday", ..) => (1, Piece::Clock(Time::constant(12, 0, 0, 0))),
            ("midnight", ..) => (1, Piece::Clock(Time::constant(23, 59, 0, 0))),
            ("last", "day", "of") if ["this", "the"].contains(&self.word(at + 3)) => {
                (5, Piece::Day(today.last_of_month()))
            }
            ("a", "fortnight", "today") | ("in", "a", "fortnight") => (3, day(14)?),
            ("a", "week", "today") => (3, day(7)?),
            ("next", "week", _) => (2, Piece::Day(self.next(Weekday::Monday))),
            ("next", "month", _) => (2, Piece::Day(today.last_of_month().tomorrow().ok()?)),
            ("in", ..) => return self.after_now(at),
            _ => return self.weeks_from(at),
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

    /// A number of hours, days or weeks, in digits or as a word.
    fn count(&self, at: usize) -> Option<i64> {
        Some(match self.word(at) {
            "a" | "an" | "one" => 1,
            "two" => 2,
            "three" => 3,
            "four" => 4,
            "five" => 5,
            "six" => 6,
            digits => digits.parse::<i64>().ok().filter(|n| (1..=1000).contains(n))?,
        })
    }

    /// "two weeks from today", "10 days from now".
    fn weeks_from(&self, at: usize) -> Option<(usize, Piece)> {
        let from = self.word(at + 2) == "from" && ["today", "now"].contains(&self.word(at + 3));
        let days = match self.word(at + 1) {
            "day" | "days" => 1,
            "week" | "weeks" => 7,
            _ => return None,
        };
        let date = self.now.date().checked_add((self.count(at)? * days).days()).ok()?;
        from.then_some((4, Piece::Day(date)))
    }

    /// "in 2 hours", "in three days", "in a week".
    fn after_now(&self, at: usize) -> Option<(usize, Piece)> {
        let number = self.count(at + 1)?;
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
        let third = self.word(at + 4).starts_with(|c: char| c.is_ascii_digit());
        if third && self.mark(at + 3, mark) && glued(at + 3) && glued(at + 4) {
            if first > 1900 && mark == '-' {
                return self.iso(at, first, month);
            }
            let year: i16 = self.number(at + 4)?;
            let year = if year < 100 { year + 2000 } else { year };
            let date = Date::new(year, month, day?).or_else(|_| american(year, first, second));
            return Some((5, Piece::Day(date.ok()?)));
        }
        // "per 18-9", "on 9-2": a range has no such word before it.
        let on = at.checked_sub(1).is_some_and(|at| ON.contains(&self.word(at)));
        if mark == '/' || mark == '-' && on && (1..=12).contains(&second) && first > 12 {
            let coming = self.coming(month, day?);
            let turned = || self.coming(i8::try_from(first).ok()?, i8::try_from(second).ok()?);
            return Some((3, Piece::Day(coming.or_else(turned)?)));
        }
        // "30.06.", as Germans write it.
        let closed = mark == '.' && self.mark(at + 3, '.') && glued(at + 3);
        let led = at.checked_sub(1).is_some_and(|at| LEADS.contains(&self.word(at)));
        (closed && led).then_some((4, Piece::Day(self.coming(month, day?)?)))
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
        // "the first of December"
        let spelled = ORDINALS.iter().find(|(word, _)| *word == self.word(at));
        let first = spelled.filter(|_| self.word(at + 1) == "of").map(|(_, day)| *day);
        let (day_at, month_at, mut end) = if let Some(day) = day(self.word(at)).or(first) {
            // "30th of November", "16-Mar-2026"
            let dash = self.glued_dash(at + 1);
            let gap = usize::from(self.word(at + 1) == "of" || dash);
            month(self.word(at + 1 + gap))?;
            (day, at + 1 + gap, at + 2 + gap)
        } else {
            month(self.word(at))?;
            (day(self.word(at + 1))?, at, at + 2)
        };
        let month = month(self.word(month_at))?;
        let comma = usize::from(self.mark(end, ',') || self.mark(end, '.') || self.glued_dash(end));
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

    /// A dash between two words without a space.
    fn glued_dash(&self, at: usize) -> bool {
        let glued = |at: usize| self.tokens.get(at).is_some_and(|token| token.glued);
        self.mark(at, '-') && glued(at) && glued(at + 1)
    }

    /// "8 to 19 December": the month is said with the second.
    fn first_of_two(&self, at: usize) -> Option<(usize, Piece)> {
        let first = day(self.word(at))?;
        let to = ["to", "until", "till", "til", "through"].contains(&self.word(at + 1))
            || self.mark(at + 1, '-')
            || self.mark(at + 1, '\u{2013}');
        // "Monday 9 to Friday 20 February"
        let small = (at + 2..at + 4)
            .take_while(|at| self.word(*at) == "the" || weekday(self.word(*at)).is_some())
            .count();
        let (_, Piece::Day(last)) = self.named_month(at + 2 + small).filter(|_| to)? else {
            return None;
        };
        let date = Date::new(last.year(), last.month(), first).ok()?;
        (date <= last).then_some((1, Piece::Day(date)))
    }

    fn weekday(&self, at: usize) -> Option<(usize, Piece)> {
        let skip = usize::from(["next", "this", "coming", "on"].contains(&self.word(at)));
        let day = weekday(self.word(at + skip))?;
        // "we'd" is no Wednesday.
        let token = &self.tokens[at + skip];
        if token.end - token.start > token.folded.len() && !token.possessive {
            return None;
        }
        // "it has sat in a drawer" is no Saturday.
        let sits = ["has", "have", "had", "ive", "weve", "he", "she", "it", "they", "just", "who"];
        if self.word(at + skip) == "sat"
            && (at + skip).checked_sub(1).is_some_and(|at| sits.contains(&self.word(at)))
        {
            return None;
        }
        // "Friday 21 November", "Thursday the 29th": the date says it better.
        let comma = usize::from(self.mark(at + skip + 1, ','));
        let next = at + skip + 1 + comma;
        if let Some((length, piece)) = self
            .named_month(next)
            .or_else(|| self.numeric(next))
            .or_else(|| self.first_of_two(next))
        {
            let piece = self.just_over(piece, day);
            return Some((skip + 1 + comma + length, piece));
        }
        let the = next + usize::from(self.word(next) == "the");
        if self.named_month(the).is_none()
            && let Some(date) = self.of_this_weekday(the, day)
        {
            return Some((the + 1 - at, Piece::Day(date)));
        }
        // "Friday week"
        if self.word(at + skip + 1) == "week" {
            let date = self.next(day).checked_add(7.days()).ok()?;
            return Some((skip + 2, Piece::Day(date)));
        }
        Some((skip + 1, Piece::Day(self.next(day))))
    }

    /// "She joined on Monday 2nd March": last Monday, and no Tuesday of the next year.
    fn just_over(&self, piece: Piece, weekday: Weekday) -> Piece {
        let Piece::Day(date) = piece else { return piece };
        let before = date.checked_sub(1.year()).ok().filter(|before| before.weekday() == weekday);
        let near = |before: &Date| {
            self.now.date().checked_sub(31.days()).is_ok_and(|first| *before >= first)
        };
        match before.filter(near) {
            Some(before) if date.weekday() != weekday => Piece::Day(before),
            _ => piece,
        }
    }

    /// "Thursday the 29th": the coming day that is both; if none is near, one that is just over.
    fn of_this_weekday(&self, at: usize, weekday: Weekday) -> Option<Date> {
        let word = self.word(at);
        let suffixed = ["st", "nd", "rd", "th"].iter().any(|suffix| word.ends_with(suffix));
        let number = day(word).filter(|_| suffixed)?;
        let today = self.now.date();
        let both = |date: &Date| date.day() == number && date.weekday() == weekday;
        let ahead = (0..70_i64).filter_map(|days| today.checked_add(days.days()).ok()).find(both);
        let over = || (1..15_i64).filter_map(|days| today.checked_sub(days.days()).ok()).find(both);
        ahead.or_else(over)
    }

    /// "the 28th".
    fn ordinal(&self, at: usize) -> Option<(usize, Piece)> {
        let word = self.word(at);
        let suffixed = ["st", "nd", "rd", "th"].iter().any(|suffix| word.ends_with(suffix))
            // "the day 20"
            || at.checked_sub(1).is_some_and(|at| self.word(at) == "day");
        // "2nd time today", "1st line"
        let counts = [
            "time", "one", "line", "floor", "attempt", "try", "half", "phone", "device", "laptop",
            "mailbox", "account", "person", "user", "shift", "level", "request", "ticket", "copy",
            "name", "option", "item", "row",
        ];
        let day = day(word).filter(|_| suffixed && !counts.contains(&self.word(at + 1)))?;
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

    pub(super) fn number<N: std::str::FromStr>(&self, at: usize) -> Option<N> {
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
