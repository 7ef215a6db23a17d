//! What is to be done with the rows of a table: said in the words around it, or in a column.

use super::sheet::{Line, Sheet, sheet};
use crate::{
    actions::{CATALOG, forms, understood},
    desk::{Desk, templates::Template},
    domain::{
        area::Risk,
        form::given::Answers,
        proposal::{Proposal, Understood},
        trouble::Reason,
    },
    interpret::{
        self, Context, dialogue,
        headings::{ACTION, arguments_under, process_named},
        regions,
        text::key,
    },
};

/// Words that hand nothing over, or take it back.
const NOT: &[&str] = &["not", "dont", "no", "never", "fyi", "example", "yesterday", "already"];

/// What is to be done with a row.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::desk) struct Meant {
    /// The action's id.
    pub action: &'static str,
    /// What the words say for every row: "assign E3 to these people".
    pub beside: Answers,
}

/// A table, and what is to be done with each of its rows; nothing where that is not said.
pub(in crate::desk) struct Table {
    /// As it was written.
    pub sheet: Sheet,
    /// For each row.
    pub meant: Vec<Option<Meant>>,
}

impl Meant {
    /// What a template fills in, where its action is meant and nothing else was said.
    pub(super) fn with(&mut self, template: &Template) {
        if template.action == self.action {
            for (field, given) in template.answers() {
                self.beside.entry(field).or_insert(given);
            }
        }
    }
}

impl Desk {
    /// The table in these words, if there is one and it is plain what it asks for; else the
    /// message is read like every other. One that is too large is refused.
    pub(in crate::desk) fn table_in(
        &self,
        words: &str,
        context: &Context,
    ) -> Option<Result<Table, Reason>> {
        match sheet(words)? {
            Ok(sheet) => {
                let meant = self.meant_by(&sheet, context)?;
                Some(Ok(Table { sheet, meant }))
            }
            Err(reason) => Some(Err(reason)),
        }
    }

    /// What each row asks for.
    fn meant_by(&self, sheet: &Sheet, context: &Context) -> Option<Vec<Option<Meant>>> {
        let lead = sheet.lead.as_str();
        let said = format!(" {} ", key(lead));
        let not = NOT.iter().any(|word| said.contains(&format!(" {word} ")));
        if not || lead.contains('?') || regions::steers(lead) || dialogue::restores(lead) {
            return None;
        }
        let column = sheet.headings.iter().position(|heading| arguments_under(heading) == [ACTION]);
        if let Some(column) = column {
            let of = |line: &Line| {
                let cell = line.cells.get(column).map_or("", String::as_str);
                self.one_meant(cell, line, context)
            };
            return Some(sheet.rows.iter().map(of).collect());
        }
        let meant = self.one_meant(lead, sheet.rows.first()?, context)?;
        Some(vec![Some(meant); sheet.rows.len()])
    }

    /// A process or an action by its name, else what the words say of the person of a row.
    fn one_meant(&self, words: &str, line: &Line, context: &Context) -> Option<Meant> {
        let none = |action| Meant { action, beside: Answers::new() };
        if words.trim().is_empty() {
            return None;
        }
        if let Some(action) = process_named(words) {
            return Some(none(action));
        }
        let plain = key(&words.replace('_', " "));
        let named = |title: &str| key(&title.replace('_', " ")) == plain;
        let entry = CATALOG.iter().find(|one| named(one.about.id) || named(one.about.title));
        if let Some(entry) = entry.filter(|entry| entry.about.risk > Risk::Read) {
            return Some(none(entry.about.id));
        }
        self.said_of(words, line, context)
    }

    /// "Disable these accounts" + somebody → what is to be done, and what is said of all.
    fn said_of(&self, words: &str, line: &Line, context: &Context) -> Option<Meant> {
        let names = self.people.names();
        let known = line.cells.iter().find_map(|cell| names.index.person(&cell.to_lowercase()));
        // Any person will do: only what is said of them counts.
        let whom = known.map_or(context.requester.upn.as_str(), |person| person.upn);
        let lead = words.trim().trim_end_matches([':', '.', ',', ';', '!']);
        let sentence = format!("{lead}: {whom}");
        let alone = Context { thread: Vec::new(), open: None, ..context.clone() };
        let read = interpret::read(&sentence, &alone, &names.index, understood());
        let Understood { proposals, questions, .. } = read;
        let mut all: Vec<Proposal> =
            proposals.into_iter().chain(questions.into_iter().map(|open| open.proposal)).collect();
        if all.len() != 1 {
            return None;
        }
        let Proposal { action, mut arguments, .. } = all.remove(0);
        let entry = CATALOG.iter().find(|entry| entry.about.id == action)?;
        arguments.remove("user");
        let form = forms::form(entry.about.id)?;
        let changes = entry.about.risk > Risk::Read && form.field("user").is_some();
        let beside = if arguments.is_empty() { Answers::new() } else { form.given(&arguments) };
        changes.then_some(Meant { action: entry.about.id, beside })
    }
}
