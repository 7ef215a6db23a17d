//! [`Workbooks`]: finds a workbook by its owner and name, and reads it.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::{
    adapters::graph::{
        Microsoft,
        answer::{Answer, Ask},
        changes::workbooks::{book_path, first_row, range_path},
        client::unreachable,
        permissions::Reading,
        refusals,
        wire::encoded,
    },
    domain::{
        ids::TenantId,
        sheet::{Book, BookId, DriveOwner, Used},
        trouble::Result,
    },
    ports::workbooks::{Cells, Workbooks},
};

/// Workbooks of one name that are told apart.
const NAMESAKES_MAX: usize = 20;
/// Worksheets of one workbook.
const SHEETS_MAX: usize = 1_000;
const FILE_SELECT: &str = "id,name,parentReference";

#[async_trait]
impl Workbooks for Microsoft {
    async fn books(&self, owner: &DriveOwner, name: &str) -> Result<Option<Vec<Book>>> {
        let (tenant, drive) = match owner {
            DriveOwner::User(id) => (id.tenant(), format!("/users/{}/drive", id.guid())),
            DriveOwner::Group(id) => (id.tenant(), format!("/groups/{}/drive", id.guid())),
        };
        // The search lags behind new files, the path does not.
        let parts: Vec<String> = name.split('/').map(encoded).collect();
        let path = format!("{drive}/root:/{}?$select={FILE_SELECT}", parts.join("/"));
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        if let Some(file) = self.file(tenant, answer).await? {
            return Ok(Some(book(&file).into_iter().collect()));
        }
        let last = name.rsplit('/').next().unwrap_or(name);
        let words = encoded(&last.replace('\'', "''"));
        let path = format!("{drive}/root/search(q='{words}')?$select={FILE_SELECT}&$top=50");
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        let Some(found) = self.file(tenant, answer).await? else { return Ok(None) };
        let same = |book: &Book| {
            let whole = if book.folder.is_empty() {
                book.name.clone()
            } else {
                format!("{}/{}", book.folder, book.name)
            };
            whole.to_lowercase().ends_with(&name.to_lowercase())
                && book.name.to_lowercase() == last.to_lowercase()
        };
        let files = found["value"].as_array().into_iter().flatten();
        Ok(Some(files.filter_map(book).filter(same).take(NAMESAKES_MAX).collect()))
    }

    async fn worksheets(&self, tenant: &TenantId, id: &BookId) -> Result<Vec<String>> {
        let path = format!("{}/worksheets?$select=name", book_path(id));
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        let body = self.opened(tenant, answer).await?.unwrap_or_default();
        let sheets = body["value"].as_array().into_iter().flatten().take(SHEETS_MAX);
        Ok(sheets.filter_map(|sheet| sheet["name"].as_str().map(str::to_owned)).collect())
    }

    async fn used(&self, tenant: &TenantId, id: &BookId, sheet: &str) -> Result<Option<Used>> {
        let path = format!(
            "{}/worksheets/{}/usedRange(valuesOnly=true)?$select=address,rowIndex,columnIndex,text",
            book_path(id),
            encoded(sheet)
        );
        // One session for the look: the workbook is opened once, and nothing is kept of it.
        let session = self.session(tenant, id).await?;
        let mut ask = Ask::get(path);
        if let Some(session) = &session {
            ask = ask.with("workbook-session-id", session);
        }
        let answer = self.graph.read(tenant, ask).await;
        if let Some(session) = session {
            self.close(tenant, id, session).await;
        }
        let body = self.opened(tenant, answer?).await?;
        body.map(|body| used(&body).map_err(unreachable)).transpose()
    }

    async fn cells(
        &self,
        tenant: &TenantId,
        id: &BookId,
        sheet: &str,
        address: &str,
    ) -> Result<Option<Cells>> {
        let path = format!("{}?$select=text,formulas", range_path(id, sheet, address));
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        let body = self.opened(tenant, answer).await?;
        Ok(body.map(|body| Cells {
            text: first_row(&body, "text").into_iter().map(shown).collect(),
            typed: first_row(&body, "formulas").into_iter().cloned().collect(),
        }))
    }
}

impl Microsoft {
    /// A file or a list of files; `None`: there is none, or no drive.
    async fn file(&self, tenant: &TenantId, answer: Answer) -> Result<Option<Value>> {
        self.body(tenant, answer, Reading::FILES).await
    }

    /// What a workbook answered; `None`: the file or the sheet is not there.
    async fn opened(&self, tenant: &TenantId, answer: Answer) -> Result<Option<Value>> {
        if let Some(reason) = refusals::unreadable(&answer) {
            return Err(reason.into());
        }
        self.body(tenant, answer, Reading::WORKBOOKS).await
    }

    /// A session that keeps nothing. Without one it goes too, only slower.
    async fn session(&self, tenant: &TenantId, id: &BookId) -> Result<Option<String>> {
        let path = format!("{}/createSession", book_path(id));
        let body = json!({ "persistChanges": false });
        let ask = Ask::of(reqwest::Method::POST, path, Some(body));
        let answer = self.graph.read(tenant, ask).await?;
        let body = self.opened(tenant, answer).await?;
        Ok(body.and_then(|body| body["id"].as_str().map(str::to_owned)))
    }

    async fn close(&self, tenant: &TenantId, id: &BookId, session: String) {
        let path = format!("{}/closeSession", book_path(id));
        let ask = Ask::of(reqwest::Method::POST, path, Some(json!({})));
        // It ends by itself when this is lost.
        let _ended = self.graph.read(tenant, ask.with("workbook-session-id", session)).await;
    }
}

fn shown(cell: &Value) -> String {
    match cell {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn book(file: &Value) -> Option<Book> {
    let parent = &file["parentReference"];
    let path = parent["path"].as_str().unwrap_or_default();
    let folder = path.split_once("root:").map_or("", |(_, rest)| rest.trim_matches('/'));
    Some(Book {
        id: BookId {
            drive: parent["driveId"].as_str()?.to_owned(),
            item: file["id"].as_str()?.to_owned(),
        },
        name: file["name"].as_str()?.to_owned(),
        folder: folder.replace("%20", " "),
    })
}

fn used(range: &Value) -> anyhow::Result<Used> {
    let number = |name: &str| {
        let found = range[name].as_u64().and_then(|at| u32::try_from(at).ok());
        found.ok_or_else(|| anyhow::anyhow!("a range without `{name}`"))
    };
    let rows = range["text"].as_array().into_iter().flatten();
    let row = |row: &Value| row.as_array().into_iter().flatten().map(shown).collect();
    Ok(Used {
        first_row: number("rowIndex")? + 1,
        first_column: number("columnIndex")? + 1,
        text: rows.map(row).collect(),
    })
}
