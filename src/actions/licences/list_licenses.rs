//! The licences somebody holds: where each comes from, since when, and what is in it.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        ids::GroupId,
        message::{FactsView, Table},
        trouble::{Reason, Result},
        users::{Dossier, Facet, Licence},
    },
    ports::{people::HeldLicence, world::World},
};

/// List a user's licences.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListLicenses {
    /// Whose?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["show", "list", "ask", "tell", "noun"], &["licence", "all_licences"])],
    slots: &[("user", Slot::Person)],
    examples: &[
        "show the licences of john.doe@contoso.com",
        "list John Doe's licences",
        "show me John Doe's licences please",
    ],
};

/// Services named for one licence; the rest is counted.
const SERVICES_MAX: usize = 12;

impl Action for ListLicenses {
    const ABOUT: About = About {
        id: "list_licenses",
        title: "List a user's licences",
        area: Area::Licences,
        risk: Risk::Read,
        care: Care::Usual,
        undone_by: &[],
        may: &[],
        reads: &["LicenseAssignment.Read.All", "GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "jane.roe@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let facets = [Facet::Licences, Facet::Groups];
        let found = look::dossier(look, asked, &self.user, &facets).await?;
        let user = &found.user;
        let held = look.held_licences(&user.id).await?;
        let held = held.ok_or_else(|| Reason::NoSuchPerson { name: user.name.clone() })?;
        let row = |licence: &HeldLicence| {
            let own = found.licences.iter().find(|own| own.sku == licence.sku);
            vec![
                licence.name.clone(),
                licence.part_number.clone(),
                own.map_or_else(String::new, |own| source(&found, own)),
                licence.since.map_or_else(String::new, |at| {
                    at.to_zoned(asked.zone.clone()).strftime("%-d %B %Y").to_string()
                }),
                licence.error.clone().unwrap_or_default(),
            ]
        };
        let columns = ["licence", "part_number", "source", "since", "problem"];
        let lists = held.iter().filter(|licence| !licence.services.is_empty());
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: user.name.clone(),
            subtitle: Some(user.upn.to_string()),
            facts: vec![(
                "usage_location".to_owned(),
                user.usage_location.clone().unwrap_or_else(|| "=none".to_owned()),
            )],
            lists: vec![("services".to_owned(), lists.map(services).collect())]
                .into_iter()
                .filter(|(_, lines): &(String, Vec<String>)| !lines.is_empty())
                .collect(),
            table: (!held.is_empty()).then(|| Table {
                columns: columns.map(str::to_owned).to_vec(),
                rows: held.iter().take(50).map(row).collect(),
            }),
            more: 0,
            next: None,
        }))
    }
}

/// Their own, through groups, or both.
fn source(found: &Dossier, licence: &Licence) -> String {
    let named = |id: &GroupId| {
        let known = found.groups.iter().find(|group| group.id == *id);
        known.map_or_else(|| id.guid().to_string(), |group| group.name.clone())
    };
    let groups: Vec<String> = licence.inherited_from.iter().map(named).collect();
    match (licence.direct, groups.is_empty()) {
        (true, true) => "=direct".to_owned(),
        (false, _) => groups.join(", "),
        (true, false) => format!("+ {}", groups.join(", ")),
    }
}

/// "Microsoft 365 E3: Exchange Online (Plan 2), …; off: Sway".
fn services(licence: &HeldLicence) -> String {
    let named = |on: bool| -> Vec<&str> {
        let of = licence.services.iter().filter(|(_, is)| *is == on);
        of.map(|(name, _)| name.as_str()).collect()
    };
    let cut = |mut names: Vec<&str>| {
        let more = names.len().saturating_sub(SERVICES_MAX);
        names.truncate(SERVICES_MAX);
        let mut text = names.join(", ");
        if more > 0 {
            write!(text, ", +{more}").expect("a string takes everything");
        }
        text
    };
    let (on, off) = (named(true), named(false));
    let mut line = format!("{}: {}", licence.name, cut(on));
    if !off.is_empty() {
        write!(line, " (−{})", cut(off)).expect("a string takes everything");
    }
    line
}
