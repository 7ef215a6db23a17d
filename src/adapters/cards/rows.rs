//! What a card says of a table: of all rows together, and of those that cannot be carried out.

use serde_json::{Value, json};

use crate::{
    adapters::cards::{CardError, forms::why, say::Say},
    domain::{
        batch::Unfit,
        message::{BatchView, RequestView, RowsView},
        step::StepState,
    },
};

/// How many changes of each kind the rows make, and what of it cannot be undone.
pub(super) fn together(say: &Say<'_>, view: &BatchView) -> Result<Vec<String>, CardError> {
    let mut lines = Vec::new();
    for (kind, count) in &view.changes {
        lines.push(say.line(&format!("many.{kind}"), &[("count", &count.to_string())])?);
    }
    for (key, count) in &view.lasting {
        let why = say.word(&format!("final.{key}"))?;
        let rows = say.line("many.row", &[("count", &count.to_string())])?;
        lines.push(format!("{rows} · {}", say.line("line.cannot_undo", &[("why", &why)])?));
    }
    Ok(lines)
}

/// The key of the headline of a batch.
pub(super) fn headline(view: &RequestView, state: &str) -> Option<String> {
    view.batch.as_ref()?;
    let counted = ["running", "stopping", "succeeded", "partly_failed", "failed"];
    counted.contains(&state).then(|| format!("state.rows_{state}"))
}

/// So many rows ended, and not well.
pub(super) fn not_well(view: &RequestView) -> usize {
    let bad = |state: StepState| state.ended() && !state.well();
    view.steps.iter().filter(|step| bad(step.state)).count()
}

/// Rows of which nothing will be done: the field, what is wrong, and what to do.
pub(super) fn unfit(say: &Say<'_>, rows: &[Unfit]) -> Result<Vec<String>, CardError> {
    let line = |row: &Unfit| {
        let wrong: Result<Vec<String>, CardError> = row
            .wrong
            .iter()
            .map(|complaint| {
                let why = why(say, &complaint.why)?;
                let field = complaint.field.as_deref().map(|field| field.replace(['_', '.'], " "));
                let field = field.map(|field| say.typed(&field)).unwrap_or_default();
                say.line("line.row_wrong", &[("field", &field), ("why", &why)])
            })
            .collect();
        let (number, wrong) = (row.number.to_string(), wrong?.join(" "));
        let whom = say.typed(&row.whom);
        say.line("line.row_unfit", &[("row", &number), ("whom", &whom), ("wrong", &wrong)])
    };
    rows.iter().map(line).collect()
}

/// No row of a table can be carried out.
pub(super) fn none_fits(say: &Say<'_>, view: &RowsView) -> Result<(Value, String), CardError> {
    let (count, action) = (view.unfit.len().to_string(), say.actions(&view.actions)?);
    let fields = [("count", count.as_str()), ("action", &action)];
    let title = say.line("rows.none_fits", &fields)?;
    let sheet = json!({
        "title": title, "lines": say.some(unfit(say, &view.unfit)?)?, "none": null,
        "more": say.word("rows.again")?,
    });
    Ok((sheet, title))
}
