//! What a look found, in words: facts, lists, a table, and the buttons that turn its pages.

use serde_json::{Value, json};

use crate::{
    adapters::cards::{
        CardError,
        clean::{clean, clip, isolate},
        others::more,
        request::Fact,
        say::Say,
    },
    domain::{
        chat::PAGE_TURN,
        message::{FactsView, PagesView, Table},
    },
};

/// Characters of one cell. Of a page, 15 rows of 6 columns stay below the 10,000 of Slack's
/// table block (docs.slack.dev, table block).
const CELL_MAX: usize = 100;
/// So many columns stand beside each other on a phone, if their longest words do, too: a card
/// 320 px wide takes about so many characters a line. Otherwise each row is a small list.
const ABREAST_MAX: usize = 4;
const LINE_CHARS: usize = 34;
/// Between two columns, in characters.
const GAP_CHARS: usize = 2;

/// Facts in words, and their summary.
pub fn facts(
    say: &Say<'_>,
    view: &FactsView,
    pages: Option<&PagesView>,
) -> Result<(Value, String), CardError> {
    let action = say.word(&format!("action.{}", view.action))?;
    let title = say.value(&view.title)?;
    let mut facts = Vec::new();
    for (name, value) in &view.facts {
        facts.push(Fact { name: say.word(&format!("value.{name}"))?, value: say.value(value)? });
    }
    for (name, items) in &view.lists {
        facts.push(Fact { name: say.word(&format!("value.{name}"))?, value: list(say, items)? });
    }
    let table = view.table.as_ref().filter(|table| !table.rows.is_empty());
    let table = table.map(|table| rows(say, table)).transpose()?;
    let page = pages
        .and_then(|pages| pages.number)
        .map(|number| say.line("line.page", &[("number", &number.to_string())]));
    let button = |way: &str, token: Option<&String>| -> Result<Option<Value>, CardError> {
        let Some(token) = token else { return Ok(None) };
        let text = say.word(&format!("button.page_{way}"))?;
        Ok(Some(json!({ "text": text, "id": format!("{PAGE_TURN}:{way}"), "token": token })))
    };
    let back = button("back", pages.and_then(|pages| pages.back.as_ref()))?;
    let on = button("on", pages.and_then(|pages| pages.on.as_ref()))?;
    let buttons: Vec<Value> = back.into_iter().chain(on).collect();
    let summary = say.line("summary.facts", &[("action", &action), ("title", &title)])?;
    let sheet = json!({
        "action": action, "title": title, "facts": facts, "more": more(say, view.more)?,
        "subtitle": view.subtitle.as_deref().map(|text| isolate(clean(text))),
        "table": table, "page": page.transpose()?, "buttons": buttons, "verb": PAGE_TURN,
    });
    Ok((sheet, summary))
}

/// A list in one line; what is left out is counted.
fn list(say: &Say<'_>, items: &[String]) -> Result<String, CardError> {
    let shown = items.iter().take(say.level.items).map(|item| say.value(item));
    let value = shown.collect::<Result<Vec<_>, _>>()?.join(" · ");
    let more = items.len().saturating_sub(say.level.items);
    if more > 0 {
        return say.line("line.list_more", &[("list", &value), ("count", &more.to_string())]);
    }
    if value.is_empty() { say.word("word.none") } else { Ok(value) }
}

fn rows(say: &Say<'_>, table: &Table) -> Result<Value, CardError> {
    let mut columns = Vec::new();
    for column in &table.columns {
        columns.push(clip(&say.word(&format!("value.{column}"))?, CELL_MAX));
    }
    let most = say.level.typed.min(CELL_MAX);
    let left = table.rows.len().saturating_sub(say.level.items);
    let mut rows = Vec::new();
    for row in table.rows.iter().take(say.level.items) {
        let cell = |cell: &String| -> Result<String, CardError> {
            let text = clip(&say.value(cell)?, most);
            Ok(if text.is_empty() { "–".to_owned() } else { text })
        };
        // A row that is too short or too long for its table is still a row.
        let mut cells: Vec<String> =
            row.iter().take(columns.len().max(1)).map(cell).collect::<Result<_, _>>()?;
        cells.resize_with(columns.len().max(1), || "–".to_owned());
        let rest: Vec<Value> = columns
            .iter()
            .zip(&cells)
            .skip(1)
            .filter(|(_, cell)| *cell != "–")
            .map(|(name, cell)| json!({ "name": name, "value": cell }))
            .collect();
        rows.push(json!({ "cells": cells, "first": cells[0], "rest": rest }));
    }
    let more = (left > 0).then(|| say.line("line.more", &[("count", &left.to_string())]));
    let widths = widths(&columns, &rows);
    let line = widths.iter().sum::<usize>() + GAP_CHARS * columns.len().saturating_sub(1);
    Ok(json!({
        "columns": columns, "rows": rows, "more": more.transpose()?, "widths": widths,
        "abreast": columns.len() <= ABREAST_MAX && line <= LINE_CHARS,
    }))
}

/// The longest word of each column, in characters.
fn widths(columns: &[String], rows: &[Value]) -> Vec<usize> {
    let longest = |text: &str| text.split_whitespace().map(|word| word.chars().count()).max();
    let column = |(at, name): (usize, &String)| {
        let cells = rows.iter().filter_map(|row| row["cells"][at].as_str());
        cells.chain([name.as_str()]).filter_map(longest).max().unwrap_or(1)
    };
    columns.iter().enumerate().map(column).collect()
}
