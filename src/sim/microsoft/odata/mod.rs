//! Graph's query options, as far as Graph itself takes them.
//!
//! - [`kinds`]   the kinds of object: declared properties, defaults, what can be expanded;
//!   [`kinds_estate`] policies, applications, domains, files; [`kinds_people`] users and their methods
//! - [`kinds_fleet`] devices, invitations, roles that may be activated
//! - [`options`] `$select $top $count …` read from a query
//! - [`filter`]  the grammar of `$filter`; [`evaluate`] whether an object fits
//! - [`search`]  `$search`
//! - [`page`]    a list or one object, shaped as asked, with `@odata.nextLink`
//!
//! Not here: anything about users or groups beyond the names of their properties.

mod evaluate;
mod filter;
pub(super) mod kinds;
pub(super) mod kinds_estate;
pub(super) mod kinds_fleet;
mod kinds_people;
pub(super) mod options;
pub(super) mod page;
mod search;
