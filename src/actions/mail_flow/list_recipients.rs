//! List everybody and everything that has a mail address.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, arguments, look,
        wording::{self, Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        mail::{Recipient, RecipientSort, Search},
        message::{FactsView, Table},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// List recipients.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRecipients {
    /// Only those whose name or address begins so?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Only of this sort?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<RecipientSort>,
    /// How many to leave out, for the next page.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schemars(skip)]
    pub skip: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["show", "ask"], &["recipient"]).beside(&[
            "mailbox",
            "details",
            "shared_mailbox",
            "group",
        ]),
        Frame::of(&["list"], &["shared_mailbox"]).beside(&["mailbox", "recipient"]),
    ],
    slots: &[("query", Slot::Maybe(&Slot::Message)), ("sort", Slot::Maybe(&Slot::Choice(SORTS)))],
    examples: &["list all recipients", "show the mail contacts", "list the shared mailboxes"],
};

/// Words for the sorts.
const SORTS: &[wording::Value] = &[
    ("shared", &["shared mailboxes", "shared mailbox", "shared"]),
    ("contact", &["contacts", "contact", "mail contacts"]),
    ("guest", &["guests", "guest"]),
    ("list", &["distribution lists", "lists", "distribution list"]),
    ("resource", &["rooms", "equipment", "resources"]),
];

/// Recipients on one page.
const PAGE: usize = 25;
/// As far as pages go.
const PAGES_END: usize = 5_000;

impl Action for ListRecipients {
    const ABOUT: About = About {
        id: "list_recipients",
        title: "List recipients",
        area: Area::MailFlow,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &["exchange:Exchange.ManageAsApp", "role:Exchange Recipient Administrator"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { query: None, sort: Some(RecipientSort::Shared), skip: 0 }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        if self.skip >= PAGES_END {
            let what =
                format!("only the first {PAGES_END} are listed; name the beginning of a name");
            return Err(Reason::TooMuch { what }.into());
        }
        let begins = self.query.as_deref().map(str::trim).filter(|said| !said.is_empty());
        let search = Search {
            begins: begins.map(str::to_owned),
            sort: self.sort,
            // One more than is shown tells whether there is a next page.
            limit: self.skip + PAGE + 1,
        };
        let found = look.recipients(&asked.tenant, &search).await?;
        let domains = look.accepted_domains(&asked.tenant).await?;
        let page: Vec<&Recipient> = found.iter().skip(self.skip).take(PAGE).collect();
        let more = found.len() > self.skip + PAGE;
        let next = Self { skip: self.skip + PAGE, ..self.clone() };
        let columns = ["recipient", "recipient_sort", "mail_address", "lies", "address_lists"];
        let first = self.skip + 1;
        let last = self.skip + page.len();
        let shown = if page.is_empty() { "0".to_owned() } else { format!("{first}–{last}") };
        let mut facts = vec![("recipients_shown".to_owned(), shown)];
        facts.extend(begins.map(|begins| ("begins_with".to_owned(), begins.to_owned())));
        facts.extend(self.sort.map(|sort| ("recipient_sort".to_owned(), sort.word().to_owned())));
        Ok(Planned::Facts(FactsView {
            action: "list_recipients".to_owned(),
            title: asked.tenant.to_string(),
            subtitle: None,
            facts,
            lists: Vec::new(),
            table: (!page.is_empty()).then(|| Table {
                columns: columns.iter().map(|name| (*name).to_owned()).collect(),
                rows: page.iter().map(|found| row(found, &domains)).collect(),
            }),
            more: u32::from(more),
            next: more.then(|| arguments(&next)),
        }))
    }
}

fn row(found: &Recipient, domains: &[String]) -> Vec<String> {
    let ends = look::mail::ends_at(found);
    let lies = if look::mail::is_outside(ends, domains) { "=outside" } else { "=inside" };
    let hidden = if found.hidden { "=hidden" } else { "=shown" };
    vec![
        found.name.clone(),
        found.sort.word().to_owned(),
        ends.to_owned(),
        lies.to_owned(),
        hidden.to_owned(),
    ]
}
