//! Answers → arguments, or what is wrong with which field. Everything comes from a
//! client and is checked here, whatever its inputs promised.

use jiff::civil;
use serde_json::{Map, Value, json};

use crate::domain::form::{
    Complaint, Field, Form, ITEMS_MAX, Pick, Sort,
    given::{Answers, Given, TIME, TYPED},
};

/// Something that is picked is named in at most this many characters (a sign-in name has 113).
const PICK_CHARS_MAX: usize = 256;
/// JSON is read up to this many characters.
const JSON_CHARS_MAX: usize = 3000;

impl Form {
    /// The arguments that these answers give.
    pub fn read(&self, answers: &Answers) -> Result<Map<String, Value>, Vec<Complaint>> {
        let (mut arguments, mut wrong) = (Map::new(), Vec::new());
        for field in &self.fields {
            match field.read(answers) {
                Ok(Some(value)) => put(&mut arguments, &field.name, value),
                Ok(None) if field.required => {
                    wrong.push(Complaint::of(&field.name, "answer_missing", &[]));
                }
                Ok(None) => {}
                Err(complaint) => wrong.push(complaint),
            }
        }
        if wrong.is_empty() { Ok(arguments) } else { Err(wrong) }
    }
}

type Read = Result<Option<Value>, Complaint>;

impl Field {
    fn read(&self, answers: &Answers) -> Read {
        let beside = |mark: &str| answers.get(&format!("{}{mark}", self.name));
        let given = answers.get(&self.name);
        // A flag that is not set comes as nothing from one chat and as "false" from the other.
        if self.sort == Sort::Toggle {
            return Ok(given.map(|given| Value::Bool(is_on(given))));
        }
        let empty = |given: &&Given| !given.texts('\n').is_empty();
        let Some(given) = given.filter(empty).or_else(|| beside(TYPED).filter(empty)) else {
            return Ok(None);
        };
        if self.many {
            return self.list(given);
        }
        let Some(text) = given.text() else { return Ok(None) };
        if self.sort == Sort::DateTime {
            return self.day_and_time(text, beside(TIME).and_then(Given::text)).map(Some);
        }
        self.one(text).map(Some)
    }

    fn list(&self, given: &Given) -> Read {
        // A text may hold a comma; what is chosen never does.
        let between = if matches!(self.sort, Sort::Text { .. } | Sort::Json) { '\n' } else { ',' };
        if let Some(all) = self.whole_list(given) {
            return if all.len() > ITEMS_MAX { Err(self.too_many()) } else { Ok(Some(all.into())) };
        }
        let texts = given.texts(between);
        if texts.len() > ITEMS_MAX {
            return Err(self.too_many());
        }
        let values: Result<Vec<Value>, Complaint> =
            texts.into_iter().map(|text| self.one(text)).collect();
        values.map(|values| Some(Value::Array(values)))
    }

    /// A list that is written as JSON itself, on one line or on several.
    fn whole_list(&self, given: &Given) -> Option<Vec<Value>> {
        if self.sort != Sort::Json {
            return None;
        }
        let text = given.text().filter(|text| text.chars().count() <= JSON_CHARS_MAX)?;
        serde_json::from_str(text).ok()
    }

    fn too_many(&self) -> Complaint {
        self.wrong("answer_many", &[("most", &ITEMS_MAX.to_string())])
    }

    /// One answer.
    fn one(&self, text: &str) -> Result<Value, Complaint> {
        match &self.sort {
            Sort::Text { most, .. } => self.short(text, *most as usize),
            Sort::Pick { pick } => self.picked(text, *pick),
            Sort::Toggle => Ok(Value::Bool(is_true(text))),
            Sort::Choice { options } => self.chosen(text, options),
            Sort::Whole { least, most } => self.whole(text, *least, *most),
            Sort::Number => match text.replace(',', ".").parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(json!(number)),
                _ => Err(self.wrong("answer_number", &[])),
            },
            Sort::Date => match text.parse::<civil::Date>() {
                Ok(day) => Ok(day.to_string().into()),
                Err(_) => Err(self.wrong("answer_date", &[])),
            },
            Sort::DateTime => self.day_and_time(text, None),
            Sort::Pairs => self.pairs(text),
            Sort::Json => self.json(text),
        }
    }

    fn short(&self, text: &str, most: usize) -> Result<Value, Complaint> {
        if text.chars().count() > most {
            return Err(self.wrong("answer_long", &[("most", &most.to_string())]));
        }
        Ok(text.into())
    }

    fn picked(&self, text: &str, pick: Pick) -> Result<Value, Complaint> {
        if text.chars().count() > PICK_CHARS_MAX {
            return Err(self.wrong("answer_long", &[("most", &PICK_CHARS_MAX.to_string())]));
        }
        // What the chats call a link in what was typed; a sign-in name alone is meant.
        let bare = text.strip_prefix("mailto:").unwrap_or(text);
        let name = matches!(pick, Pick::Person | Pick::Mailbox) && bare.contains('@');
        Ok(if name { bare.to_lowercase().into() } else { bare.into() })
    }

    fn chosen(&self, text: &str, options: &[(String, String)]) -> Result<Value, Complaint> {
        match options.iter().find(|(value, _)| value == text) {
            Some((value, _)) if options.iter().all(|(v, _)| v == "true" || v == "false") => {
                Ok(Value::Bool(value == "true"))
            }
            Some((value, _)) => Ok(value.as_str().into()),
            None => {
                let offered: Vec<&str> = options.iter().map(|(value, _)| value.as_str()).collect();
                Err(self.wrong("answer_not_offered", &[("offered", &offered.join(", "))]))
            }
        }
    }

    fn whole(&self, text: &str, least: Option<i64>, most: Option<i64>) -> Result<Value, Complaint> {
        let Ok(number) = text.parse::<i64>() else {
            return Err(self.wrong("answer_whole", &[]));
        };
        let outside =
            least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most);
        if !outside {
            return Ok(json!(number));
        }
        let said = |bound: Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
        let (least, most) = (said(least), said(most));
        Err(self.wrong("answer_bounds", &[("least", &least), ("most", &most)]))
    }

    /// `2026-11-30`, or `2026-11-30T17:00` with a time beside it.
    fn day_and_time(&self, day: &str, time: Option<&str>) -> Result<Value, Complaint> {
        let (day, within) = match day.split_once(['T', ' ']) {
            Some((day, within)) => (day, Some(within)),
            None => (day, None),
        };
        let Ok(day) = day.parse::<civil::Date>() else {
            return Err(self.wrong("answer_date", &[]));
        };
        let Some(time) = time.or(within) else { return Ok(day.to_string().into()) };
        match time.trim().parse::<civil::Time>() {
            Ok(time) => Ok(format!("{day}T{}", time.strftime("%H:%M")).into()),
            Err(_) => Err(self.wrong("answer_time", &[])),
        }
    }

    fn pairs(&self, text: &str) -> Result<Value, Complaint> {
        let mut pairs = Map::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let parted = line.split_once('=').or_else(|| line.split_once(':'));
            let Some((name, value)) = parted.map(|(name, value)| (name.trim(), value.trim()))
            else {
                return Err(self.wrong("answer_pairs", &[("line", line)]));
            };
            if name.is_empty() || pairs.len() >= ITEMS_MAX {
                return Err(self.wrong("answer_pairs", &[("line", line)]));
            }
            pairs.insert(name.to_owned(), value.into());
        }
        Ok(Value::Object(pairs))
    }

    fn json(&self, text: &str) -> Result<Value, Complaint> {
        if text.chars().count() > JSON_CHARS_MAX {
            return Err(self.wrong("answer_long", &[("most", &JSON_CHARS_MAX.to_string())]));
        }
        serde_json::from_str(text).map_err(|error| {
            let line = error.line().to_string();
            self.wrong("answer_json", &[("line", &line)])
        })
    }

    fn wrong(&self, key: &str, fields: &[(&str, &str)]) -> Complaint {
        Complaint::of(&self.name, key, fields)
    }
}

fn is_on(given: &Given) -> bool {
    match given {
        Given::One(text) => is_true(text),
        Given::Many(all) => all.iter().any(|one| is_true(one)),
    }
}

fn is_true(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "true" | "yes" | "on" | "1")
}

/// Puts a value where its name with dots says.
fn put(arguments: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            arguments.insert(name.to_owned(), value);
        }
        Some((outer, inner)) => {
            let at = arguments.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inside) = at {
                put(inside, inner, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        let schema = json!({
            "type": "object",
            "required": ["user", "days"],
            "properties": {
                "user": { "type": "string", "x-pick": "person" },
                "days": { "type": "integer", "minimum": 1, "maximum": 30 },
                "force": { "type": "boolean" },
                "sort": { "enum": ["a", "b"] },
                "start": { "type": "string", "x-pick": "date-time" },
                "tags": { "type": "array", "items": { "enum": ["x", "y"] } },
                "names": { "type": "array", "items": { "type": "string" } },
                "set": { "type": "object", "additionalProperties": { "type": "string" } },
                "raw": true,
                "who": { "type": "object", "properties": { "age": { "type": "integer" } } },
                "note": { "type": "string", "maxLength": 5 },
            },
        });
        Form::of("x", &schema, &["user"], false)
    }

    fn answers(given: &[(&str, &str)]) -> Answers {
        given
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Given::One((*text).to_owned())))
            .collect()
    }

    fn read(given: &[(&str, &str)]) -> Result<Map<String, Value>, Vec<String>> {
        form().read(&answers(given)).map_err(|all| {
            let said = |one: Complaint| match one.why {
                super::super::Why::Answer(note) => {
                    format!("{} {}", one.field.unwrap_or_default(), note.key)
                }
                super::super::Why::Reason(reason) => reason.to_string(),
            };
            all.into_iter().map(said).collect()
        })
    }

    #[test]
    fn answers_become_arguments_of_the_right_sort() {
        let arguments = read(&[
            ("user", " Ada@Contoso.com "),
            ("days", "7"),
            ("force", "true"),
            ("sort", "b"),
            ("start", "2026-11-30"),
            ("start#time", "17:05"),
            ("tags", "x,y"),
            ("names", "one, two\nthree"),
            ("set", "city = Bern\nzip: 3000"),
            ("raw", "[1]"),
            ("who.age", "4"),
        ])
        .unwrap();
        let wanted = json!({
            "user": "ada@contoso.com", "days": 7, "force": true, "sort": "b", "start": "2026-11-30T17:05",
            "tags": ["x", "y"], "names": ["one, two", "three"], "set": { "city": "Bern", "zip": "3000" },
            "raw": [1], "who": { "age": 4 },
        });
        assert_eq!(Value::Object(arguments), wanted);
        let typed = read(&[("user", ""), ("user#typed", "b@c.de"), ("days", "1")]).unwrap();
        assert_eq!(typed["user"], "b@c.de");
    }

    #[test]
    fn every_wrong_answer_names_its_field() {
        let wrong = read(&[
            ("days", "31"),
            ("sort", "c"),
            ("start", "tomorrow"),
            ("tags", "x,z"),
            ("set", "city"),
            ("raw", "{"),
            ("note", "too long"),
            ("who.age", "1.5"),
        ]);
        let wanted = [
            "user answer_missing",
            "days answer_bounds",
            "note answer_long",
            "raw answer_json",
            "set answer_pairs",
            "sort answer_not_offered",
            "start answer_date",
            "tags answer_not_offered",
            "who.age answer_whole",
        ];
        assert_eq!(wrong.unwrap_err(), wanted);
    }

    #[test]
    fn arguments_become_the_same_answers_again() {
        let arguments = read(&[
            ("user", "ada@contoso.com"),
            ("days", "7"),
            ("force", "true"),
            ("start", "2026-11-30"),
            ("start#time", "17:05"),
            ("names", "one, two\nthree"),
            ("set", "city = Bern"),
            ("who.age", "4"),
            ("raw", "{\"a\":1}"),
        ])
        .unwrap();
        let form = form();
        assert!(form.covers(&arguments));
        assert_eq!(form.read(&form.given(&arguments)).unwrap(), arguments);
        let mut more = arguments;
        more.insert("hidden".to_owned(), json!(1));
        assert!(!form.covers(&more));
    }
}
