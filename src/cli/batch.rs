//! `countersign batch`: what became of every row of a table, as a table.

use anyhow::{Context, ensure};

use crate::{
    cli::{
        audit::table::quoted,
        reach, say,
        settings::{ConfigFile, Environment},
    },
    config::KeyRing,
    domain::{
        batch::{ROWS_MAX, Row},
        ids::Number,
        request::Request,
        step::StepRun,
    },
    ports::store::Store,
};

const COLUMNS: &str = "row,request,action,name,upn,state,steps,steps_well,why\r\n";

/// Print what became of every row of a request about many people, as CSV. It holds names: keep it like the database
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The number of the request, as its card shows it
    #[arg(value_name = "NUMBER")]
    number: u64,
    #[command(flatten)]
    config: ConfigFile,
}

/// Prints the table.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    let config = args.config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let store = reach::store(&config, &keys).await?;
    let found = store.numbered(&config.tenant.id, Number(args.number)).await?;
    let table = match found {
        Some(batch) => table(&*store, &batch).await,
        None => Err(anyhow::anyhow!("there is no request #{}", args.number)),
    };
    store.close().await;
    say(table?.trim_end());
    Ok(())
}

/// Every row of a batch with its outcome, the rows that were unfit among them.
pub async fn table(store: &(impl Store + ?Sized), batch: &Request) -> anyhow::Result<String> {
    let frozen = store.plan(&batch.id, batch.revision).await?;
    let rows = frozen.as_ref().and_then(|frozen| frozen.plan().rows.as_ref());
    ensure!(rows.is_some(), "{} is not about a table of people", batch.number);
    let rows = rows.context("a batch has rows")?;
    let most = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX);
    let stand = store.rows(&batch.id, None, Number(0), most).await?;
    let mut lines: Vec<(u32, String)> = Vec::new();
    for row in &rows.fit {
        let request = stand.iter().find(|request| request.id == row.request);
        let steps = store.steps(&row.request).await?;
        lines.push((row.number, line(row, request, &steps)));
    }
    for row in &rows.unfit {
        let fields = row.wrong.iter().filter_map(|wrong| wrong.field.clone());
        let why = format!("not carried out: {}", fields.collect::<Vec<_>>().join(", "));
        let number = row.number.to_string();
        let cells = [&number, "", "", &row.whom, "", "unfit", "0", "0", why.trim_end_matches(": ")];
        lines.push((row.number, written(&cells)));
    }
    lines.sort_by_key(|(number, _)| *number);
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    Ok(format!("{COLUMNS}{}", lines.concat()))
}

fn line(row: &Row, request: Option<&Request>, steps: &[StepRun]) -> String {
    let well = steps.iter().filter(|run| run.state.well()).count().to_string();
    let why = steps.iter().find_map(|run| run.why.as_ref()).map(ToString::to_string);
    let number = request.map(|request| request.number.to_string()).unwrap_or_default();
    let state = request.map(|request| request.stage.name()).unwrap_or_default();
    let (line, all) = (row.number.to_string(), row.steps.to_string());
    let (name, upn) = &row.whom;
    let why = why.unwrap_or_default();
    written(&[&line, &number, &row.action, name, upn, state, &all, &well, &why])
}

fn written(cells: &[&str; 9]) -> String {
    format!("{}\r\n", cells.map(quoted).join(","))
}
