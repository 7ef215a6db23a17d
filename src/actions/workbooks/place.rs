//! Which workbook and worksheet is meant: by owner and file name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{Asked, Listed, look},
    domain::{
        ids::UserId,
        sheet::{Book, BookId, Column, DriveOwner, Used},
        trouble::{Ask, Choice, Question, Reason, Result, Trouble},
        users::Who,
    },
    ports::world::World,
};

/// Whose drives there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriveType {
    /// Somebody's `OneDrive`.
    User,
    /// The library of a Microsoft 365 group.
    Group,
}

/// What all four actions are told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    pub workbook: &'a str,
    pub worksheet: Option<&'a str>,
    pub owner: Option<&'a str>,
    pub drive_type: Option<DriveType>,
}

/// A worksheet that was found, read.
pub(super) struct Place {
    pub book: Book,
    pub worksheet: String,
    pub used: Used,
    pub columns: Vec<Column>,
}

/// What stands in front of ids in an answer to "which workbook?".
const BY_ID: &str = "id:";

/// A choice's value is no longer.
const VALUE_MAX: usize = 150;

/// The ids of a workbook, and as much of its name as there is room for.
fn by_id(book: &Book) -> String {
    let mut value = format!("{BY_ID}{}|{}|", book.id.drive, book.id.item);
    for letter in book.name.chars() {
        if value.len() + letter.len_utf8() <= VALUE_MAX {
            value.push(letter);
        }
    }
    value
}

fn no_book(said: &str) -> Trouble {
    let name = said.chars().take(120).collect();
    Reason::NoSuchThing { what: "=workbook".to_owned(), name }.into()
}

async fn owners(look: &dyn World, asked: &Asked, said: Said<'_>) -> Result<Vec<DriveOwner>> {
    let Some(owner) = said.owner.map(str::trim).filter(|owner| !owner.is_empty()) else {
        let mut all = vec![DriveOwner::User(asked.requester.id.clone())];
        for listed in &asked.drives {
            match listed {
                Listed::User(id) => all.push(DriveOwner::User(id.clone())),
                Listed::Group(id) => all.push(DriveOwner::Group(id.clone())),
                Listed::Upn(upn) => {
                    let who = Who::Upn(asked.tenant.clone(), upn.clone());
                    all.extend(look.user(&who).await?.map(|user| DriveOwner::User(user.id)));
                }
            }
        }
        return Ok(all);
    };
    let is_user = owner.contains('@') || owner.parse::<UserId>().is_ok();
    let user = match said.drive_type {
        Some(sort) => sort == DriveType::User,
        None => is_user,
    };
    Ok(vec![if user {
        DriveOwner::User(look::user(look, asked, owner).await?.id)
    } else {
        DriveOwner::Group(look::group(look, asked, owner).await?.id)
    }])
}

/// The one workbook that is meant.
pub(super) async fn book(look: &dyn World, asked: &Asked, said: Said<'_>) -> Result<Book> {
    if let Some(ids) = said.workbook.strip_prefix(BY_ID) {
        let mut parts = ids.splitn(3, '|');
        let (Some(drive), Some(item), Some(name)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(no_book(said.workbook));
        };
        let id = BookId { drive: drive.to_owned(), item: item.to_owned() };
        return Ok(Book { id, name: name.to_owned(), folder: String::new() });
    }
    let name = said.workbook.trim().trim_matches('/');
    if name.is_empty() || name.split('/').any(|part| part == "." || part == "..") {
        return Err(no_book(said.workbook));
    }
    let name = if name.contains('.') { name.to_owned() } else { format!("{name}.xlsx") };
    let mut found: Vec<Book> = Vec::new();
    for owner in owners(look, asked, said).await? {
        for book in look.books(&owner, &name).await?.unwrap_or_default() {
            if !found.iter().any(|known| known.id == book.id) {
                found.push(book);
            }
        }
    }
    match found.len() {
        0 => Err(no_book(&name)),
        1 => Ok(found.remove(0)),
        _ => Err(Trouble::Unclear {
            argument: "workbook".to_owned(),
            question: Question {
                ask: Ask::WhichOne,
                said: Some(name.chars().take(80).collect()),
                choices: found
                    .iter()
                    .take(10)
                    .map(|book| Choice {
                        value: by_id(book),
                        label: book.name.clone(),
                        detail: if book.folder.is_empty() {
                            "/".to_owned()
                        } else {
                            book.folder.clone()
                        },
                    })
                    .filter(|choice| choice.value.len() <= VALUE_MAX)
                    .collect(),
            },
        }),
    }
}

/// The worksheet that is meant, with what is in it.
pub(super) async fn place(
    look: &dyn World,
    asked: &Asked,
    said: Said<'_>,
    header: u32,
) -> Result<Place> {
    let book = book(look, asked, said).await?;
    let all = look.worksheets(&asked.tenant, &book.id).await?;
    let worksheet = match said.worksheet.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => {
            let found = all.iter().find(|sheet| sheet.to_lowercase() == name.to_lowercase());
            found.cloned().ok_or_else(|| Reason::NoSuchThing {
                what: "=worksheet".to_owned(),
                name: name.chars().take(80).collect(),
            })?
        }
        None => only(&all)?,
    };
    let used = look.used(&asked.tenant, &book.id, &worksheet).await?;
    let used = used.ok_or_else(|| no_book(&book.name))?;
    let columns = used.columns(header)?;
    Ok(Place { book, worksheet, used, columns })
}

/// The only worksheet there is; a question when there are several.
fn only(all: &[String]) -> Result<String> {
    match all {
        [] => Err(no_book("")),
        [one] => Ok(one.clone()),
        several => Err(Trouble::Unclear {
            argument: "worksheet".to_owned(),
            question: Question {
                ask: Ask::WhichOne,
                said: None,
                choices: several
                    .iter()
                    .take(10)
                    .map(|name| Choice {
                        value: name.clone(),
                        label: name.clone(),
                        detail: String::new(),
                    })
                    .collect(),
            },
        }),
    }
}

/// The header row when nobody says another.
pub(super) fn first_row() -> u32 {
    1
}

/// A row number that can be one.
pub(super) fn row_fits(row: u32, field: &str) -> Result<(), Reason> {
    if (1..=1_048_576).contains(&row) {
        return Ok(());
    }
    Err(Reason::WrongArgument {
        field: field.to_owned(),
        why: "rows are counted from 1 to 1,048,576".to_owned(),
    })
}
