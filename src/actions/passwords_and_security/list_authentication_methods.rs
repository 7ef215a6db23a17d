//! What somebody signs in with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        message::{FactsView, Table},
        methods::{Method, MethodSort},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// List sign-in methods.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListAuthenticationMethods {
    /// Whose?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["show", "list", "ask", "tell"], &["mfa"])],
    slots: &[("user", Slot::Person)],
    examples: &[
        "show the authentication methods of john.doe@contoso.com",
        "list John Doe's MFA methods",
        "show me which authentication methods John Doe has",
    ],
};

/// A card shows at most this many.
const ROWS_MAX: usize = 50;

impl Action for ListAuthenticationMethods {
    const ABOUT: About = About {
        id: "list_authentication_methods",
        title: "List sign-in methods",
        area: Area::PasswordsAndSecurity,
        risk: Risk::Read,
        care: Care::Usual,
        undone_by: &[],
        may: &[],
        reads: &["UserAuthenticationMethod.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        let held = look.methods(&user.id).await?;
        let held = held.ok_or_else(|| Reason::NoSuchPerson { name: user.name.clone() })?;
        let row = |method: &Method| {
            let detail = match method.sort {
                MethodSort::TemporaryAccessPass if method.usable => "=usable".to_owned(),
                MethodSort::TemporaryAccessPass => "=not_usable".to_owned(),
                _ => method.detail.clone(),
            };
            let since = method.since.map_or_else(String::new, |at| {
                at.to_zoned(asked.zone.clone()).strftime("%-d %B %Y").to_string()
            });
            vec![method.sort.word().to_owned(), detail, since]
        };
        let second = held.iter().any(|method| method.sort.is_second_factor());
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: user.name.clone(),
            subtitle: Some(user.upn.to_string()),
            facts: vec![(
                "second_factor".to_owned(),
                if second { "=yes" } else { "=no" }.to_owned(),
            )],
            lists: Vec::new(),
            table: Some(Table {
                columns: vec!["method".to_owned(), "detail".to_owned(), "since".to_owned()],
                rows: held.iter().take(ROWS_MAX).map(row).collect(),
            }),
            more: u32::try_from(held.len().saturating_sub(ROWS_MAX)).unwrap_or(u32::MAX),
            next: None,
        }))
    }
}
