//! One record → the arguments of what its form asks for.

use serde_json::{Map, Value, json};

use super::{
    grid::{Entered, Record},
    labels::Field,
    purpose::{Around, Purpose},
    values::Made,
};
use crate::{
    actions::Entry,
    domain::{
        proposal::{Because, Open, Proposal},
        trouble::{Ask, Question},
    },
    interpret::{
        dates::When,
        entities::{Span, What},
        lifecycle,
        scene::Scene,
        slots::{self, Filled},
        text::Sort,
    },
};

/// What came of a record.
pub(super) enum Read {
    /// Complete; a person in two groups is two.
    Whole(Vec<Proposal>),
    /// Something is to be asked.
    Asks(Open),
    /// It says too little.
    Nothing,
}

/// Reads one record.
pub(super) fn fill(
    scene: &Scene<'_>,
    entry: &Entry,
    purpose: Purpose,
    record: &Record,
    around: &Around,
    quoted: bool,
) -> Read {
    let words = record.all.first().map(|one| scene.said(one.label.0, one.value.1.max(one.label.1)));
    let because =
        vec![Because { words: words.unwrap_or_default(), gave: "action".to_owned(), quoted }];
    let proposal = Proposal { action: entry.about.id.to_owned(), arguments: Map::new(), because };
    let mut made = Made { scene, record, proposal, open: None, over: None, quoted };
    match purpose {
        Purpose::Joins | Purpose::Account => made.newcomer(purpose, around),
        Purpose::Contracts => {
            made.newcomer(purpose, around);
            made.contract();
        }
        Purpose::Leaves => {
            made.leaver(around);
            let beside = made.delegated();
            return made.end_with(beside);
        }
        Purpose::Moves => {
            made.mover(around);
            let beside = made.moved_groups();
            return made.end_with(beside);
        }
        Purpose::Profile if made.of_a_manager() => made.new_manager(),
        Purpose::Profile => made.profile(),
        Purpose::Guest => made.guest(),
        Purpose::Group => made.group(around),
        Purpose::SharedMailbox => made.shared_mailbox(),
        Purpose::Reports => {
            made.person("user", &[Field::Name, Field::Login]);
            made.person("manager", &[Field::Manager]);
            made.when(&[Field::When, Field::Start]);
            made.when_around(around);
        }
        Purpose::Blocks => {
            made.person("user", &[Field::Name, Field::Login]);
            made.when(&[Field::LastDay, Field::When]);
        }
        Purpose::IntoGroup | Purpose::OutOfGroup => return made.each(Field::Groups, around),
        Purpose::Licence => return made.each(Field::Licences, around),
    }
    made.end()
}

/// Kinds of groups, and the words that say them.
const KINDS: &[(&str, &[&str])] = &[
    ("mail_enabled_security", &["mail enabled"]),
    ("distribution", &["distribution", "dl", "mailing", "list"]),
    ("security", &["security"]),
    ("microsoft365", &["microsoft", "365", "m365", "office", "teams", "unified"]),
];

impl Made<'_, '_> {
    fn end(self) -> Read {
        let Self { proposal, open, over, .. } = self;
        if let Some((argument, question)) = open {
            return Read::Asks(Open { proposal, argument, question });
        }
        if let Some(said) = over {
            let question = Question { ask: Ask::When, said: Some(said), choices: Vec::new() };
            return Read::Asks(Open { proposal, argument: slots::AT.to_owned(), question });
        }
        Read::Whole(vec![proposal])
    }

    /// The same, with what is asked for beside it.
    fn end_with(self, beside: impl IntoIterator<Item = Proposal>) -> Read {
        match self.end() {
            Read::Whole(all) => Read::Whole(all.into_iter().chain(beside).collect()),
            other => other,
        }
    }

    fn newcomer(&mut self, purpose: Purpose, around: &Around) {
        let parts = (self.words(Field::First), self.words(Field::Last));
        match (self.name(Field::Name), parts) {
            (_, (Some((first, run)), Some((last, _)))) => {
                self.set("display_name", Value::String(format!("{first} {last}")), run);
            }
            // "Name: Dubois, First name: Anne"
            (Some((last, run)), (Some((first, _)), None)) if !last.contains(&first) => {
                self.set("display_name", Value::String(format!("{first} {last}")), run);
            }
            // "Name: Rocío, Surname: Ibáñez"
            (Some((first, run)), (None, Some((last, _)))) if !first.contains(&last) => {
                self.set("display_name", Value::String(format!("{first} {last}")), run);
            }
            (Some((name, run)), _) => self.set("display_name", Value::String(name), run),
            _ => {
                let question = Question { ask: Ask::WhatName, said: None, choices: Vec::new() };
                self.ask("display_name", question);
            }
        }
        self.text("job_title", &[Field::Title]);
        self.place("department", &[Field::Department], false);
        self.place("office_location", &[Field::Office], true);
        self.elsewhere();
        self.phone("mobile_phone", Field::Mobile);
        self.maybe("manager", &[Field::Manager]);
        let address = [Field::Login, Field::Email].into_iter().find_map(|field| {
            let (from, to) = self.record.value(field)?;
            (from..to).find(|at| self.scene.tokens[*at].sort == Sort::Address)
        });
        if let Some(at) = address {
            let login = self.scene.tokens[at].folded.clone();
            self.set("upn", Value::String(login), (at, at + 1));
        }
        match self.record.value(Field::Licences) {
            Some(run) => self.licences(run),
            // "both on F3 please"
            None => around.runs.iter().for_each(|run| self.licences(*run)),
        }
        if let Some(run) = self.record.value(Field::Groups) {
            self.groups(run);
        }
        if purpose != Purpose::Account {
            self.text("company_name", &[Field::Company]);
            if let Some((when, run)) = self.time(&[Field::LastDay]) {
                self.set("end_date", Value::String(when.date.to_string()), run);
            }
        }
        let fields = &[Field::Start, Field::When];
        if purpose == Purpose::Account {
            self.when(fields);
        } else if let Some((when, run)) = self.time(fields) {
            self.set("start_date", Value::String(when.date.to_string()), run);
        } else if let Some(when) = self.day_around(around) {
            let day = Value::String(when.date.to_string());
            self.set("start_date", day, (when.from, when.to));
        }
    }

    /// Whose people they are, who answers for them, when it ends.
    fn contract(&mut self) {
        if !self.proposal.arguments.contains_key("manager") {
            self.maybe("manager", &[Field::Sponsor]);
        }
        if let Some((argument, ask)) = lifecycle::open_of_a_contractor(&self.proposal) {
            self.ask(argument, Question { ask, said: None, choices: Vec::new() });
        }
    }

    fn leaver(&mut self, around: &Around) {
        self.whom();
        self.closing();
        self.when(&[Field::LastDay, Field::When]);
        let ends = around.says(&[
            "end of day",
            "end of the day",
            "close of business",
            "cob",
            "eod",
            "close of play",
            "at end of day",
        ]);
        if ends
            && let Some(Value::String(day)) = self.proposal.arguments.get_mut(slots::AT)
            && !day.contains('T')
        {
            let time = self.scene.context.end_of_day;
            *day = format!("{day}T{:02}:{:02}", time.hour(), time.minute());
        }
        let shared = &["convert", "shared", "yes", "converted", "y", "x"];
        if let Some((convert, run)) = self.yes(Field::Mailbox, shared) {
            self.set("convert_mailbox", json!(convert), run);
        }
        self.loosely();
        let wipes = &["wipe", "wiped", "erase", "reset", "yes", "y", "x"];
        if let Some((wipe, run)) = self.yes(Field::Devices, wipes) {
            self.set("wipe_devices", json!(wipe), run);
        }
        let Some(run) = self.record.value(Field::Forward) else { return };
        if self.spans(run).any(Span::person) {
            self.person("forward_to", &[Field::Forward]);
        } else if let Some((address, run)) = self.address(run) {
            self.set("forward_to", Value::String(address), run);
        }
    }

    /// "Account to be closed on: …" counts for more than the end of the contract.
    fn closing(&mut self) {
        let says =
            |at: usize| ["closed", "close", "disabled", "blocked"].contains(&self.scene.word(at));
        let closes =
            |one: &&Entered| one.field == Field::LastDay && (one.label.0..one.label.1).any(says);
        let Some(run) = self.record.all.iter().find(closes).map(|one| one.value) else { return };
        let inside = |when: &&When| when.from >= run.0 && when.to <= run.1 && when.dated;
        if let Some(when) = self.scene.whens.iter().find(inside) {
            self.at(*when, run);
        }
    }

    /// Whom it is about: in one field, or first and last name in two.
    fn whom(&mut self) {
        let part = |field: Field| self.record.value(field);
        if let (None, Some(first), Some(last)) =
            (part(Field::Name), part(Field::First), part(Field::Last))
        {
            let words = |(from, to): (usize, usize)| {
                (from..to).filter(|at| self.scene.tokens[*at].word()).map(|at| self.scene.word(at))
            };
            let name: Vec<&str> = words(first).chain(words(last)).collect();
            if let [one] = self.scene.index.full_name(&name).as_slice() {
                let upn = self.scene.index.somebody(*one).upn.to_owned();
                return self.set("user", Value::String(upn), last);
            }
        }
        self.person("user", &[Field::Name, Field::Login, Field::Last, Field::Email]);
    }

    fn mover(&mut self, around: &Around) {
        self.whom();
        if self.words(Field::Department).is_none() {
            let question = Question { ask: Ask::WhatOne, said: None, choices: Vec::new() };
            self.ask("department", question);
        }
        self.place("department", &[Field::Department], false);
        self.text("job_title", &[Field::Title]);
        self.title_behind();
        self.maybe("manager", &[Field::Manager]);
        self.place("office_location", &[Field::Office], true);
        self.when(&[Field::When, Field::Start]);
        self.when_around(around);
    }

    /// "To: Operations, Process Analyst"
    fn title_behind(&mut self) {
        let Some((from, to)) = self.record.value(Field::Department) else { return };
        let comma = (from..to).find(|at| self.scene.tokens[*at].is(','));
        if let Some(comma) = comma.filter(|_| !self.record.has(Field::Title)) {
            let title = self.scene.said(comma + 1, to);
            if !title.is_empty() {
                self.set("job_title", Value::String(title), (comma + 1, to));
            }
        }
    }

    fn profile(&mut self) {
        self.person("user", &[Field::Login, Field::Name, Field::Email]);
        let mut fields = Map::new();
        for (field, property) in [
            (Field::NewSurname, "surname"),
            (Field::NewGivenName, "givenName"),
            (Field::NewDisplayName, "displayName"),
        ] {
            if let Some((words, _)) = self.words(field) {
                fields.insert(property.to_owned(), Value::String(words));
            }
        }
        let title = self
            .record
            .all
            .iter()
            .find(|one| one.field == Field::Title && self.scene.word(one.label.0) == "new");
        if let Some(one) = title
            && one.value.1 > one.value.0
        {
            let words = self.scene.said(one.value.0, one.value.1);
            fields.insert("jobTitle".to_owned(), Value::String(words));
        }
        if let (Some(run), Some((value, _))) =
            (self.record.value(Field::Property), self.words(Field::Value))
        {
            let said = self.scene.key(run.0, run.1);
            let Some(property) = slots::property(&said) else {
                let said = Some(self.scene.said(run.0, run.1));
                let question = Question { ask: Ask::WhatOne, said, choices: Vec::new() };
                return self.ask("fields", question);
            };
            fields.insert(property.to_owned(), Value::String(value));
        }
        let run = self.record.all.first().map_or((0, 0), |one| one.value);
        self.set("fields", Value::Object(fields), run);
        self.when(&[Field::When]);
    }

    fn guest(&mut self) {
        let email = self.record.value(Field::Email).and_then(|(from, to)| {
            (from..to).find(|at| self.scene.tokens[*at].sort == Sort::Address)
        });
        match email {
            Some(at) => {
                let address = self.scene.tokens[at].folded.clone();
                self.set("email", Value::String(address), (at, at + 1));
            }
            None => self
                .ask("email", Question { ask: Ask::WhatAddress, said: None, choices: Vec::new() }),
        }
        if let Some((name, run)) = self.name(Field::Name) {
            self.set("display_name", Value::String(name), run);
        }
        self.maybe("sponsor", &[Field::Sponsor]);
        // "Team: Project Atlas": the space a guest is to see.
        let groups = self.record.value(Field::Groups);
        if let Some(run) = groups.or_else(|| self.record.value(Field::Department)) {
            self.groups(run);
        }
        self.line("message", Field::Message);
    }

    fn group(&mut self, around: &Around) {
        self.text("display_name", &[Field::Name]);
        if !self.proposal.arguments.contains_key("display_name") {
            let question = Question { ask: Ask::WhatName, said: None, choices: Vec::new() };
            self.ask("display_name", question);
        }
        let said =
            self.record.value(Field::Kind).map(|run| format!(" {} ", self.scene.key(run.0, run.1)));
        let says = |word: &str| match &said {
            Some(said) => said.contains(&format!(" {word} ")),
            None => around.says(&[word]),
        };
        let kind = KINDS.iter().find(|(_, words)| words.iter().any(|word| says(word)));
        if let Some((kind, _)) = kind {
            self.proposal.arguments.insert("group_type".to_owned(), json!(kind));
        }
        self.maybe("owner", &[Field::Owner]);
        self.people("members", Field::Members);
        self.line("description", Field::Description);
    }

    fn shared_mailbox(&mut self) {
        self.text("display_name", &[Field::Name]);
        let address = self.record.value(Field::Email).and_then(|(from, to)| {
            (from..to).find(|at| self.scene.tokens[*at].sort == Sort::Address)
        });
        if let Some(at) = address {
            let address = self.scene.tokens[at].folded.clone();
            self.set("address", Value::String(address), (at, at + 1));
        }
        self.people("members", Field::Members);
    }

    fn each(mut self, field: Field, around: &Around) -> Read {
        self.person("user", &[Field::Name, Field::Login]);
        self.when(&[Field::When]);
        self.when_around(around);
        let Some(run) = self.record.value(field) else { return Read::Nothing };
        let mut all = Vec::new();
        for span in self.spans(run).cloned().collect::<Vec<_>>() {
            let (argument, filled) = match &span.what {
                What::Group(found) if found.len() == 1 => {
                    let value = slots::group_value(self.scene.index, found[0]);
                    ("group", Filled::Value(Value::String(value), None))
                }
                What::Sku(skus) => ("license", slots::sku_value(self.scene, &span, skus)),
                _ => continue,
            };
            let mut proposal = self.proposal.clone();
            match filled {
                Filled::Value(value, _) => {
                    proposal.arguments.insert(argument.to_owned(), value);
                    all.push(proposal);
                }
                Filled::Ask(question) => self.ask(argument, question),
                Filled::Absent => {}
            }
        }
        match self.open {
            Some((argument, question)) => {
                Read::Asks(Open { proposal: self.proposal, argument, question })
            }
            None if all.is_empty() => Read::Nothing,
            None => Read::Whole(all),
        }
    }
}
