//! A time of day: in figures, in words, as soldiers write it.

use jiff::{ToSpan, civil::Time};

use super::{
    names::weekday,
    pieces::{Piece, Reader},
};

impl Reader<'_> {
    /// "5pm", "5 pm", "17:30", "9.30am", "17h".
    pub(super) fn clock(&self, at: usize) -> Option<(usize, Piece)> {
        let word = self.word(at);
        if let Some(spelled) = self.spelled(at).or_else(|| self.military(at)) {
            return Some(spelled);
        }
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
            let led = at.checked_sub(1).is_some_and(|at| self.word(at) == "at");
            let half = ["am", "pm", "a", "p"].contains(&self.word(at + 3));
            if dotted && suffix.is_empty() && !led && !half {
                return None;
            }
        }
        if suffix.is_empty() && ["am", "pm", "uhr", "oclock"].contains(&self.word(at + length)) {
            suffix = self.word(at + length);
            length += 1;
        }
        // "5:30 p.m."
        let half = if suffix.is_empty() { self.word(at + length) } else { suffix };
        let behind = at + length + usize::from(suffix.is_empty());
        if ["a", "p"].contains(&half) && self.mark(behind, '.') && self.word(behind + 1) == "m" {
            suffix = if half == "a" { "am" } else { "pm" };
            length = behind + 2 + usize::from(self.mark(behind + 2, '.')) - at;
        }
        // "8 in the morning", "6 in the evening"
        if suffix.is_empty() && (self.word(at + 1), self.word(at + 2)) == ("in", "the") {
            suffix = match self.word(at + 3) {
                "morning" => "am",
                "afternoon" | "evening" => "pm",
                _ => "",
            };
            length = 4;
        }
        // "at 5 this afternoon", "by 8 tomorrow morning"
        let led = at.checked_sub(1).is_some_and(|at| {
            ["at", "by", "around", "for", "from", "until", "till"].contains(&self.word(at))
        });
        if suffix.is_empty() && length == 1 && led && hour <= 12 {
            suffix = self.half_ahead(at + 1);
        }
        // "9h30"
        if let Some(minutes) = suffix.strip_prefix('h').filter(|rest| rest.len() == 2) {
            minute = minutes.parse().ok()?;
            suffix = "h";
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

    /// The half of the day that is said right behind an hour: "this afternoon", "on Monday
    /// morning".
    fn half_ahead(&self, at: usize) -> &'static str {
        for at in at..at + 3 {
            match self.word(at) {
                "morning" => return "am",
                "afternoon" | "evening" | "night" | "tonight" => return "pm",
                "this" | "tomorrow" | "on" | "the" => {}
                word if weekday(word).is_some() => {}
                _ => return "",
            }
        }
        ""
    }

    /// "half 8", "half past three", "quarter to six", "at seven", "eight o'clock": in the
    /// evening if that is said around it. From one to six without a half of the day is the
    /// afternoon: nobody works at three in the night.
    fn spelled(&self, at: usize) -> Option<(usize, Piece)> {
        let (first, second) = (self.word(at), self.word(at + 1));
        let (lead, minutes) = match (first, second) {
            ("half", "past") => (2, 30),
            ("half", _) => (1, 30),
            ("quarter", "past") => (2, 15),
            ("quarter", "to") => (2, -15),
            _ => (0, 0),
        };
        let hour = self.hour(at + lead)?;
        let oclock = usize::from(self.word(at + lead + 1) == "oclock");
        let written = self.word(at + lead).bytes().all(|byte| byte.is_ascii_digit());
        let after_at = at.checked_sub(1).is_some_and(|at| self.word(at) == "at")
            && !["of", "time", "point", "or"].contains(&self.word(at + lead + 1));
        // "tomorrow at 5"; a figure by itself is read as a clock elsewhere, or is none.
        let day = at.checked_sub(2).is_some_and(|at| {
            weekday(self.word(at)).is_some()
                || ["tomorrow", "today", "day", "morning", "afternoon", "evening"]
                    .contains(&self.word(at))
        });
        let goes_on = (self.mark(at + 1, ':') || self.mark(at + 1, '.'))
            && self.word(at + 2).starts_with(|c: char| c.is_ascii_digit());
        let bare = !goes_on && self.suffixless(at);
        let written = written && !(day && after_at && bare);
        // "on Friday, nine in the morning"
        let behind = at + lead + 1;
        let half = (self.word(behind), self.word(behind + 1)) == ("in", "the")
            && ["morning", "afternoon", "evening"].contains(&self.word(behind + 2));
        if lead == 0 && (written || !after_at && oclock == 0 && !half) {
            return None;
        }
        let end = at + lead + 1 + oclock;
        let near = |words: &[&str]| (at..end + 4).any(|at| words.contains(&self.word(at)));
        // "tomorrow morning at seven"
        let before = at.checked_sub(2).map_or("", |at| self.word(at));
        let early = near(&["am", "morning"]) || before == "morning";
        let late = near(&["night", "evening", "pm", "afternoon", "tonight"])
            || ["afternoon", "evening"].contains(&before)
            || !early && (1..=6).contains(&hour);
        let hour = if late && hour < 12 { hour + 12 } else { hour };
        let half = usize::from(["am", "pm"].contains(&self.word(end)));
        let time = Time::new(hour, 0, 0, 0).ok()?.checked_add(minutes.minutes()).ok()?;
        Some((end + half - at, Piece::Clock(time)))
    }

    /// No "am" and no number goes on behind it.
    fn suffixless(&self, at: usize) -> bool {
        let next = self.word(at + 1);
        !["am", "pm", "h", "uhr", "people", "users"].contains(&next)
            && !next.starts_with(|c: char| c.is_ascii_digit())
    }

    /// An hour, in figures or as a word.
    fn hour(&self, at: usize) -> Option<i8> {
        const HOURS: &[&str] = &[
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve",
        ];
        let spelled = HOURS.iter().position(|one| *one == self.word(at));
        let spelled = spelled.and_then(|at| i8::try_from(at + 1).ok());
        spelled.or_else(|| self.number(at)).filter(|hour| (1..=12).contains(hour))
    }

    /// "Mon 0730", "at 1430".
    fn military(&self, at: usize) -> Option<(usize, Piece)> {
        let word = self.word(at);
        let before = at.checked_sub(1).map_or("", |at| self.word(at));
        let led = ["at", "by"].contains(&before) || weekday(before).is_some();
        let hours = usize::from(["h", "hrs", "hours"].contains(&self.word(at + 1)));
        if word.len() != 4 || !(led || hours == 1) {
            return None;
        }
        let number: i16 = self.number(at)?;
        let (hour, minute) = (i8::try_from(number / 100).ok()?, i8::try_from(number % 100).ok()?);
        Some((1 + hours, Piece::Clock(Time::new(hour, minute, 0, 0).ok()?)))
    }
}
