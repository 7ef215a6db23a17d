//! Looks at workbooks.

use async_trait::async_trait;
use serde_json::Value;

use crate::domain::{
    ids::TenantId,
    sheet::{Book, BookId, DriveOwner, Used},
    trouble::Result,
};

/// One row as it is: how its cells look, and what was typed into them.
#[derive(Debug, Clone, PartialEq)]
pub struct Cells {
    /// How they look.
    pub text: Vec<String>,
    /// What was typed: a value, or a formula.
    pub typed: Vec<Value>,
}

/// Reads workbooks.
#[async_trait]
pub trait Workbooks: Send + Sync {
    /// Workbooks of this name or path in somebody's drive, at most 20. `None`: there is no
    /// such drive.
    async fn books(&self, owner: &DriveOwner, name: &str) -> Result<Option<Vec<Book>>>;

    /// The names of its worksheets, in order.
    async fn worksheets(&self, tenant: &TenantId, book: &BookId) -> Result<Vec<String>>;

    /// The used part of a worksheet; `None` when there is no such sheet.
    async fn used(&self, tenant: &TenantId, book: &BookId, sheet: &str) -> Result<Option<Used>>;

    /// One row by its address; `None` when there is no such sheet.
    async fn cells(
        &self,
        tenant: &TenantId,
        book: &BookId,
        sheet: &str,
        address: &str,
    ) -> Result<Option<Cells>>;
}
