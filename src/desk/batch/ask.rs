//! Rows → plans → a batch that waits for one signature.
//!
//! Every row is planned as if it had been asked for alone: may they ask, what does the directory
//! say, what would change, who must sign.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::{BoxFuture, join_all};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    columns::{Columns, answers, columns, whom},
    meant::{Meant, Table},
    seats,
    sheet::{Line, Sheet},
    whole::Whole,
};
use crate::{
    actions::{Asked, Planned, forms},
    desk::{Desk, refused, sorry, templates::Template, weigh::wanted},
    domain::{
        batch::{Row, Unfit},
        chat::Inbound,
        form::{Complaint, Why},
        ids::UserId,
        message::{Message, RowsView},
        plan::{Draft, Note, Plan},
        proposal::{Because, Proposal},
        request::{Origin, Relation, Request, RequestKind, Verdict},
        trouble::{Question, Reason, Trouble},
    },
    policy::{self, Standing},
    ports::store::{Answer, StoreError, Turn},
};

/// So many rows are planned at once.
pub(super) const AT_ONCE: usize = 8;

/// A row with its plan, before all have one rule.
pub(super) struct Drafted {
    pub(super) number: u32,
    pub(super) whom: (String, String),
    pub(super) request: Request,
    pub(super) plan: Plan,
    pub(super) verdict: Verdict,
}

/// What a row asks for.
pub(super) struct Parts {
    pub(super) proposals: Vec<Proposal>,
    /// What is said of it besides.
    pub(super) notes: Vec<Note>,
    /// It undoes what was done: a part that cannot be planned is left out, and said to be.
    pub(super) back: bool,
}

type Read<'a> = (&'a Line, Result<Proposal, Vec<Complaint>>);

impl Desk {
    /// A table of which it is plain what it asks for.
    pub(in crate::desk) async fn ask_rows(
        &self,
        mut turn: Turn,
        (inbound, words): (&Inbound, &str),
        origin: Origin,
        who: &Standing,
        (table, template): (Result<Table, Reason>, Option<Template>),
    ) -> Result<Answer, StoreError> {
        turn.heard.push(self.heard(&inbound.place, true, words, Vec::new()));
        let Table { sheet, mut meant } = match table {
            Ok(table) => table,
            Err(reason) => {
                self.say_in(&mut turn, &origin, refused(reason));
                return self.store.save(turn).await.map(|_| Answer::default());
            }
        };
        let new = self.new_request(origin.clone(), who, Vec::new());
        let batch = Request { kind: RequestKind::Batch, ..new };
        if let Some(template) = &template {
            meant.iter_mut().flatten().for_each(|meant| meant.with(template));
        }
        let (read, unread) = self.read_rows(&sheet, &meant);
        let actions = actions_of(&meant);
        let (drafted, unfit) = match self.draft_rows(&batch, who, &sheet, read).await {
            Ok(drafted) => drafted,
            Err(trouble) => {
                self.say_in(&mut turn, &origin, sorry(&trouble));
                return self.store.save(turn).await.map(|_| Answer::default());
            }
        };
        if drafted.is_empty() {
            let view = RowsView { actions, unfit };
            self.say_in(&mut turn, &origin, Message::Rows(view));
            return self.store.save(turn).await.map(|_| Answer::default());
        }
        let people: usize = drafted.iter().map(|row| row.plan.subjects.len().max(1)).sum();
        let held = self.held_back(&batch.requester.id, people).await?;
        let because = template.iter().map(Template::because).collect();
        let own: Vec<_> =
            drafted.iter().map(|row| (&row.plan.steps[..], &row.plan.notes[..])).collect();
        let wanted = match self.seats_wanted(&batch, &own).await {
            Ok(wanted) => wanted,
            Err(trouble) => {
                self.say_in(&mut turn, &origin, sorry(&trouble));
                return self.store.save(turn).await.map(|_| Answer::default());
            }
        };
        let before = held.into_iter().chain(wanted).collect();
        match self.whole(&batch, drafted, (unfit, unread), (before, because)) {
            Ok(whole) => Box::pin(self.wait_rows(&mut turn, batch, whole)).await?,
            Err(reason) => self.say_in(&mut turn, &origin, refused(reason)),
        }
        self.store.save(turn).await.map(|_| Answer::default())
    }

    /// Every row by its headings; and the headings that nobody reads.
    fn read_rows<'a>(
        &self,
        sheet: &'a Sheet,
        meant: &[Option<Meant>],
    ) -> (Vec<Read<'a>>, Vec<String>) {
        let names = self.people.names();
        let mut known: BTreeMap<&str, Columns> = BTreeMap::new();
        let (mut read, mut unread): (Vec<Read<'_>>, Vec<String>) = (Vec::new(), Vec::new());
        for (line, meant) in sheet.rows.iter().zip(meant) {
            let Some((meant, form)) =
                meant.as_ref().and_then(|meant| Some((meant, forms::form(meant.action)?)))
            else {
                let note = Note::new("row_action", &[]);
                let wrong = Complaint { field: None, why: Why::Answer(note) };
                read.push((line, Err(vec![wrong])));
                continue;
            };
            let columns =
                known.entry(meant.action).or_insert_with(|| columns(form, &sheet.headings));
            for heading in columns.unread(&sheet.headings, &line.cells) {
                if !unread.contains(heading) {
                    unread.push(heading.clone());
                }
            }
            let given = answers(form, columns, &line.cells, (&meant.beside, &names.index));
            let arguments = given.and_then(|given| form.read(&given));
            let because = Because {
                words: line.cells.join(", ").chars().take(80).collect(),
                gave: "action".to_owned(),
                quoted: false,
            };
            read.push((
                line,
                arguments.map(|arguments| Proposal {
                    action: meant.action.to_owned(),
                    arguments,
                    because: vec![because],
                }),
            ));
        }
        (read, unread)
    }

    /// Plans each row that could be read. Of two rows about one person the first stays.
    async fn draft_rows(
        &self,
        batch: &Request,
        who: &Standing,
        sheet: &Sheet,
        read: Vec<Read<'_>>,
    ) -> Result<(Vec<Drafted>, Vec<Unfit>), Trouble> {
        let asked = self.asked(batch).await?;
        let mut all = Vec::with_capacity(read.len());
        let mut read = read.into_iter().peekable();
        while read.peek().is_some() {
            let some = read.by_ref().take(AT_ONCE);
            let some = some.map(|(line, proposal)| {
                let drafting: BoxFuture<'_, _> =
                    Box::pin(self.draft_line(batch, who, &asked, (line, proposal)));
                drafting
            });
            all.extend(join_all(some.collect::<Vec<_>>()).await);
        }
        let (mut fit, mut unfit): (Vec<Drafted>, Vec<Unfit>) = (Vec::new(), Vec::new());
        let mut seen: BTreeSet<UserId> = BTreeSet::new();
        for (line, drafted) in all {
            let twice = |drafted: &Drafted| {
                drafted.plan.subjects.iter().any(|subject| seen.contains(&subject.id))
            };
            let drafted = match drafted {
                Ok(drafted) if twice(&drafted) => Err(vec![Complaint {
                    field: None,
                    why: Why::Answer(Note::new("row_twice", &[])),
                }]),
                other => other,
            };
            match drafted {
                Ok(drafted) => {
                    seen.extend(drafted.plan.subjects.iter().map(|subject| subject.id.clone()));
                    fit.push(drafted);
                }
                Err(wrong) => unfit.push(Unfit {
                    number: line.number,
                    whom: whom(&sheet.headings, &line.cells).chars().take(80).collect(),
                    wrong,
                }),
            }
        }
        self.seat(&mut fit, &mut unfit).await?;
        Ok((fit, unfit))
    }

    /// Rows for which the rows above leave no seat are not carried out.
    async fn seat(&self, fit: &mut Vec<Drafted>, unfit: &mut Vec<Unfit>) -> Result<(), Trouble> {
        if !seats::are_taken(fit) {
            return Ok(());
        }
        let skus = self.directory.skus(&self.tenant).await?;
        // From the last on, so that places stay what they are.
        for (at, reason) in seats::without_a_seat(fit, &skus).into_iter().rev() {
            let Drafted { number, whom: (whom, _), .. } = fit.remove(at);
            let wrong = vec![Complaint { field: None, why: Why::Reason(reason) }];
            unfit.push(Unfit { number, whom, wrong });
        }
        unfit.sort_by_key(|row| row.number);
        Ok(())
    }

    /// The same of one row that may be unreadable.
    async fn draft_line<'a>(
        &self,
        batch: &Request,
        who: &Standing,
        asked: &Asked,
        (line, proposal): Read<'a>,
    ) -> (&'a Line, Result<Drafted, Vec<Complaint>>) {
        let drafted = match proposal {
            Ok(proposal) => {
                let parts = Parts { proposals: vec![proposal], notes: Vec::new(), back: false };
                self.draft_row(batch, who, asked, line.number, parts).await
            }
            Err(wrong) => Err(wrong),
        };
        (line, drafted)
    }

    /// One row, as if it had been asked for alone.
    pub(super) async fn draft_row(
        &self,
        batch: &Request,
        who: &Standing,
        asked: &Asked,
        number: u32,
        Parts { proposals, mut notes, back }: Parts,
    ) -> Result<Drafted, Vec<Complaint>> {
        let (mut parts, mut drafts, mut times) = (Vec::new(), Vec::new(), Vec::new());
        let mut wants = Vec::new();
        for proposal in proposals {
            match self.draft_part((batch, who, asked), &proposal, &mut wants).await {
                Ok((draft, at)) => {
                    parts.push(proposal);
                    drafts.push(draft);
                    times.push(at);
                }
                Err((Some(Reason::AlreadySo { .. }), _)) if back => {}
                Err((Some(reason), _)) if back => {
                    notes.push(Note::new("piece_left_out", &[("why", &reason.to_string())]));
                }
                Err((_, wrong)) => return Err(wrong),
            }
        }
        let Some(last) = drafts.last_mut() else {
            let what = "nothing of it is left to be undone".to_owned();
            return Err(vec![of_reason(Reason::AlreadySo { what }, &Map::new())]);
        };
        last.notes.append(&mut notes);
        let given = parts[0].arguments.clone();
        let refused = |reason: Reason| vec![of_reason(reason, &given)];
        let new = self.new_request(batch.origin.clone(), who, parts.clone());
        let request = Request { parent: Some((batch.id, Relation::Item)), ..new };
        let weighed = self.weigh(&request, &parts, drafts, &times, &wants).await;
        let (frozen, verdict) = weighed.map_err(|trouble| refused(trouble.reason()))?;
        let plan = frozen.plan().clone();
        let whom = match plan.subjects.first() {
            Some(subject) => (subject.name.clone(), subject.upn.to_string()),
            None => (plan.objects.first().cloned().unwrap_or_default(), String::new()),
        };
        Ok(Drafted { number, whom, request, plan, verdict })
    }

    /// One part of a row, planned; why not, beside the reason if it was one.
    async fn draft_part(
        &self,
        (batch, who, asked): (&Request, &Standing, &Asked),
        proposal: &Proposal,
        wants: &mut Vec<policy::Wanted>,
    ) -> Result<(Draft, Option<Timestamp>), (Option<Reason>, Vec<Complaint>)> {
        let given = &proposal.arguments;
        let refused = |reason: Reason| (Some(reason.clone()), vec![of_reason(reason, given)]);
        let entry = self.allowed(who, proposal).map_err(refused)?;
        let area = entry.about.area;
        if !self.rules().is_asked_in(&batch.origin.place.conversation, area) {
            return Err(refused(Reason::NotAskedHere { area: area.to_string() }));
        }
        let (arguments, at) = self.when(entry, proposal).map_err(refused)?;
        let planned = entry.plan(&arguments, self.directory.as_ref(), asked).await;
        let mut draft = match planned {
            Ok(Planned::Changes(draft)) => draft,
            Ok(Planned::Facts(_)) => {
                let what = "a table is for changes; ask for one look at a time".to_owned();
                return Err(refused(Reason::NotPossible { what }));
            }
            Err(Trouble::Unclear { argument, question }) => {
                return Err((None, vec![unclear(argument, &question)]));
            }
            Err(trouble) => return Err(refused(trouble.reason())),
        };
        let pieces = self.pieces(who, &draft).map_err(refused)?;
        draft.steps.iter_mut().for_each(|step| step.not_before = step.not_before.max(at));
        let at_least = draft.signatures;
        wants.extend(pieces);
        wants.push(policy::Wanted { at_least, ..wanted(entry, &arguments) });
        Ok((draft, at))
    }

    /// The batch, its rows, its plan and its cards, in one turn.
    pub(super) async fn wait_rows(
        &self,
        turn: &mut Turn,
        batch: Request,
        (frozen, verdict, rows): Whole,
    ) -> Result<(), StoreError> {
        let number_of_requests = turn.requests.len();
        self.wait(turn, batch, None, frozen, verdict.clone()).await?;
        if turn.requests.len() == number_of_requests {
            return Ok(());
        }
        for (row, frozen) in rows {
            let Ok(row) = row.propose_row(&frozen, verdict.clone()) else {
                return Err(StoreError::Conflict);
            };
            turn.facts.push(self.asked_fact(&row, frozen.plan()));
            turn.revisions.push(frozen);
            turn.requests.push((row, None));
        }
        Ok(())
    }
}

/// A row of another batch of which nothing is done here.
pub(super) fn unfit_of(row: &Row, wrong: Vec<Complaint>) -> Unfit {
    Unfit { number: row.number, whom: row.whom.0.chars().take(80).collect(), wrong }
}

fn actions_of(meant: &[Option<Meant>]) -> Vec<String> {
    let mut actions: Vec<String> = Vec::new();
    for meant in meant.iter().flatten() {
        if !actions.iter().any(|known| known == meant.action) {
            actions.push(meant.action.to_owned());
        }
    }
    actions
}

/// A refusal, with the field it is about: the one it names, or the one that holds what it names.
fn of_reason(reason: Reason, given: &Map<String, Value>) -> Complaint {
    let holds = |value: &Value, name: &str| match value {
        Value::String(own) => own.eq_ignore_ascii_case(name),
        Value::Array(all) => all.iter().any(|own| own == name),
        _ => false,
    };
    let field = match &reason {
        Reason::WrongArgument { field, .. } => Some(field.clone()),
        Reason::NoSuchPerson { name }
        | Reason::NoSuchGroup { name }
        | Reason::NoSuchLicence { name } => {
            given.iter().find(|(_, value)| holds(value, name)).map(|(field, _)| field.clone())
        }
        _ => None,
    };
    Complaint { field, why: Why::Reason(reason) }
}

/// A question that a table cannot be asked.
fn unclear(argument: String, question: &Question) -> Complaint {
    let choices: Vec<String> = question
        .choices
        .iter()
        .take(5)
        .map(|choice| format!("{} ({})", choice.label, choice.detail))
        .collect();
    let why = if choices.is_empty() {
        Note::new("answer_missing", &[])
    } else {
        Note::new("answer_unclear", &[("choices", &choices.join("; "))])
    };
    Complaint { field: Some(argument), why: Why::Answer(why) }
}
