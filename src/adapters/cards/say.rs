//! Sentences about people, times and values, in the tenant's zone.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    adapters::cards::{
        CardError,
        clean::{clean, isolate},
        fit::Level,
        texts::{Fields, Texts},
    },
    domain::{
        plan::{Note, named},
        trouble::Reason,
        users::PersonRef,
    },
};

/// A title names this many actions, or one more; the others are counted.
const TITLES_MAX: usize = 3;

/// Says things for one card: in its language, zone and length.
#[derive(Debug, Clone, Copy)]
pub struct Say<'a> {
    /// The sentences.
    pub texts: &'a Texts,
    /// The tenant's time zone.
    pub zone: &'a TimeZone,
    /// How much room there is.
    pub level: &'a Level,
}

impl Say<'_> {
    /// A text without fields.
    pub fn word(&self, key: &str) -> Result<String, CardError> {
        self.texts.say(key, &Fields::new())
    }

    /// A text with fields that are finished already.
    pub fn line(&self, key: &str, fields: &[(&str, &str)]) -> Result<String, CardError> {
        self.texts.say(key, &named(fields))
    }

    /// Something typed or named by people: cleaned, cut with a count of what is cut.
    pub fn typed(&self, text: &str) -> String {
        let clean = clean(text);
        let (most, long) = (self.level.typed, clean.chars().count());
        if long <= most {
            return isolate(clean);
        }
        let kept: String = clean.chars().take(most).collect();
        let kept = kept.trim_end_matches(['\u{200D}', ' ']).to_owned();
        let more = named(&[("count", &(long - most).to_string())]);
        let more = self.texts.say("line.more_characters", &more).unwrap_or_else(|_| "…".to_owned());
        format!("{} {more}", isolate(kept))
    }

    /// A value: `=word` from the text file, `@instant` or `@from/to` in the tenant's
    /// zone, anything else as it was typed. An unknown word is typed text.
    pub fn value(&self, value: &str) -> Result<String, CardError> {
        if let Some(key) = value.strip_prefix('=').map(|word| format!("word.{word}"))
            && self.texts.has(&key)
        {
            return self.word(&key);
        }
        if let Some(said) = value.strip_prefix('@') {
            if let Ok(at) = said.parse() {
                return Ok(self.when(at));
            }
            if let Some((Ok(from), Ok(to))) =
                said.split_once('/').map(|(from, to)| (from.parse(), to.parse()))
            {
                return self.period(from, to);
            }
        }
        Ok(self.typed(value))
    }

    /// The name of a value: one of `value.` in the text file or, after a `~`, a name that
    /// somebody gave it.
    pub fn label(&self, what: &str) -> Result<String, CardError> {
        match what.strip_prefix('~') {
            Some(name) => Ok(self.typed(name)),
            None => self.word(&format!("value.{what}")),
        }
    }

    /// An instant, absolute: `Tue 4 Aug 2026, 17:00 CEST (UTC+2)`.
    pub fn when(&self, at: Timestamp) -> String {
        let (time, zone) = self.time_and_zone(at);
        format!("{time} {zone}")
    }

    /// From an instant to another; the zone is said once where it is the same.
    fn period(&self, from: Timestamp, to: Timestamp) -> Result<String, CardError> {
        let ((start, before), (end, zone)) = (self.time_and_zone(from), self.time_and_zone(to));
        let start = if before == zone { start } else { format!("{start} {before}") };
        self.line("line.period", &[("start", &start), ("end", &end), ("zone", &zone)])
    }

    fn time_and_zone(&self, at: Timestamp) -> (String, String) {
        let local = at.to_zoned(self.zone.clone());
        let time = local.strftime("%a %-d %b %Y, %H:%M").to_string();
        let seconds = local.offset().seconds();
        let name = local.strftime("%Z").to_string();
        if seconds == 0 && (name == "UTC" || self.zone.iana_name().is_none()) {
            return (time, "UTC".to_owned());
        }
        let sign = if seconds < 0 { '-' } else { '+' };
        let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() % 3600 / 60);
        let minutes = if minutes == 0 { String::new() } else { format!(":{minutes:02}") };
        let offset = format!("UTC{sign}{hours}{minutes}");
        let named = name.chars().all(|c| c.is_ascii_alphabetic());
        (time, if named { format!("{name} ({offset})") } else { offset })
    }

    /// The fields of a note, step or reason, made ready.
    pub fn fields(&self, raw: &BTreeMap<String, String>) -> Result<Fields, CardError> {
        let said = |(name, value): (&String, &String)| {
            let areas = matches!(name.as_str(), "of" | "area");
            let value = match name.as_str() {
                _ if areas => self.areas(value)?,
                "actions" => {
                    let ids: Vec<String> = value.split(", ").map(str::to_owned).collect();
                    self.actions(&ids)?
                }
                "final" => self.word(&format!("final.{value}"))?,
                "value" => self.label(value)?,
                _ => self.value(value)?,
            };
            Ok((name.clone(), value))
        };
        raw.iter().map(said).collect()
    }

    /// The names of permission groups, in words.
    pub fn areas(&self, ids: &str) -> Result<String, CardError> {
        let area = |id: &str| {
            let key = format!("area.{id}");
            if self.texts.has(&key) { self.word(&key) } else { Ok(self.typed(id)) }
        };
        let areas: Result<Vec<_>, _> = ids.split(", ").map(area).collect();
        Ok(areas?.join(", "))
    }

    /// A note, from the family given.
    pub fn note(&self, family: &str, note: &Note) -> Result<String, CardError> {
        self.texts.say(&format!("{family}.{}", note.key), &self.fields(&note.fields)?)
    }

    /// Name and sign-in name: what tells namesakes apart is never cut.
    pub fn person(&self, who: &PersonRef) -> Result<String, CardError> {
        let upn = isolate(clean(who.upn.as_str()));
        self.line("line.person", &[("name", &self.typed(&who.name)), ("upn", &upn)])
    }

    /// The two sentences of a reason: what, and what to do.
    pub fn reason(&self, reason: &Reason) -> Result<(String, String), CardError> {
        let value = serde_json::to_value(reason).expect("a reason is plain data");
        let mut raw = BTreeMap::new();
        for (name, field) in value.as_object().into_iter().flatten() {
            let text = field.as_str().map_or_else(|| field.to_string(), str::to_owned);
            // The texts end their sentences themselves.
            raw.insert(name.clone(), text.trim_end_matches('.').to_owned());
        }
        let code = raw.remove("code").unwrap_or_default();
        if let Reason::WrongArgument { field, why } = reason
            && why.contains(field.as_str())
        {
            raw.insert("field".to_owned(), String::new());
        }
        let fields = self.fields(&raw)?;
        let what = self.texts.say(&format!("reason.{code}.what"), &fields)?;
        let hint = self.texts.say(&format!("reason.{code}.hint"), &fields)?;
        Ok((what, hint))
    }

    /// The titles of actions, in one line.
    pub fn actions(&self, ids: &[String]) -> Result<String, CardError> {
        let mut titles: Vec<String> = Vec::new();
        for id in ids {
            let title = self.word(&format!("action.{id}"))?;
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        let more = titles.len().saturating_sub(TITLES_MAX);
        if more < 2 {
            return Ok(titles.join(" + "));
        }
        titles.truncate(TITLES_MAX);
        let names = titles.join(" + ");
        self.line("line.and_more", &[("names", &names), ("count", &more.to_string())])
    }

    /// The first names of the people and things that something is about, and how many more
    /// there are.
    pub fn names(
        &self,
        people: &[PersonRef],
        objects: &[String],
        most: usize,
    ) -> Result<String, CardError> {
        let all = people.iter().map(|person| &person.name).chain(objects);
        let shown: Vec<String> = all.take(most).map(|name| self.typed(name)).collect();
        let names = shown.join(", ");
        match (people.len() + objects.len()).saturating_sub(most) {
            0 => Ok(names),
            more => self.line("line.and_more", &[("names", &names), ("count", &more.to_string())]),
        }
    }

    /// The first items of a list; a last one says how many more there are.
    pub fn some(&self, mut items: Vec<String>) -> Result<Vec<String>, CardError> {
        let more = items.len().saturating_sub(self.level.items);
        if more > 0 {
            items.truncate(self.level.items);
            items.push(self.line("line.more", &[("count", &more.to_string())])?);
        }
        Ok(items)
    }
}
