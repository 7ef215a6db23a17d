//! Where this app is installed, and whose people are ours.
//!
//! A *realm* is what one bot token covers: the workspace (`T…`), or the whole
//! organisation (`E…`) when the install is org-wide. A user id means something
//! only together with its realm.

/// One install of the app: one bot token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    realm: String,
    enterprise: Option<String>,
    workspaces: Vec<String>,
    bot_user: String,
}

impl Installation {
    /// An install in one workspace (`T…`), with the organisation (`E…`) it belongs to, if any.
    pub fn workspace(team: &str, enterprise: Option<&str>, bot_user: &str) -> Self {
        Self {
            realm: team.to_owned(),
            enterprise: enterprise.map(str::to_owned),
            workspaces: vec![team.to_owned()],
            bot_user: bot_user.to_owned(),
        }
    }

    /// An org-wide install. Its workspaces may be named, so that their people
    /// have the organisation's realm in every kind of payload.
    pub fn organisation(enterprise: &str, workspaces: &[&str], bot_user: &str) -> Self {
        Self {
            realm: enterprise.to_owned(),
            enterprise: Some(enterprise.to_owned()),
            workspaces: workspaces.iter().map(|&team| team.to_owned()).collect(),
            bot_user: bot_user.to_owned(),
        }
    }

    /// The workspace, or the organisation when the install is org-wide.
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// The bot's own user (`U…`).
    pub fn bot_user(&self) -> &str {
        &self.bot_user
    }

    /// The organisation (`E…`) it belongs to, if any.
    pub fn enterprise(&self) -> Option<&str> {
        self.enterprise.as_deref()
    }

    /// Does the install cover a whole organisation?
    pub fn is_org_wide(&self) -> bool {
        self.enterprise.as_deref() == Some(&self.realm)
    }

    /// Is this workspace or organisation ours? A workspace of our organisation
    /// counts only when the install is org-wide or it was named.
    pub fn is_ours(&self, team: Option<&str>, enterprise: Option<&str>) -> bool {
        let by_team = team.is_some_and(|team| {
            team == self.realm || self.workspaces.iter().any(|own| own == team)
        });
        let by_org =
            self.is_org_wide() && enterprise.is_some_and(|enterprise| enterprise == self.realm);
        by_team || by_org
    }
}

/// All installs of one app (`A…`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    app: String,
    places: Vec<Installation>,
}

/// Where a delivery says it belongs. Any of it may be missing.
#[derive(Debug, Default)]
pub(super) struct Belongs {
    pub team: Option<String>,
    pub enterprise: Option<String>,
}

impl Installed {
    /// The app's id and where it is installed.
    pub fn new(app: &str, places: Vec<Installation>) -> Self {
        Self { app: app.to_owned(), places }
    }

    /// The install that a delivery of `app` for one of `belongs` reached. Missing facts are refusals.
    pub(super) fn find(&self, app: Option<&str>, belongs: &[Belongs]) -> Option<Here<'_>> {
        if app != Some(self.app.as_str()) {
            return None;
        }
        let ours = |at: &Installation, one: &Belongs| {
            at.is_ours(one.team.as_deref(), one.enterprise.as_deref())
        };
        let install = belongs.iter().find_map(|one| self.places.iter().find(|at| ours(at, one)))?;
        let named = belongs.iter().filter(|one| ours(install, one));
        Some(Here { install, workspaces: named.filter_map(|one| one.team.clone()).collect() })
    }
}

/// The install a delivery reached.
pub(super) struct Here<'a> {
    pub install: &'a Installation,
    /// Workspaces that the delivery itself, signed by Slack, says are of this install.
    workspaces: Vec<String>,
}

impl Here<'_> {
    pub fn realm(&self) -> String {
        self.install.realm.clone()
    }

    /// The realm of a person about whom the payload says these workspaces or
    /// organisations: the first that is not ours, so that one foreign word is
    /// enough to be foreign; ours if it says none.
    pub fn realm_of(&self, said: &[Option<&str>]) -> String {
        let foreign = said.iter().flatten().find(|id| !id.is_empty() && !self.knows(id));
        foreign.map_or_else(|| self.realm(), |id| (*id).to_owned())
    }

    fn knows(&self, id: &str) -> bool {
        let own = self.install.is_ours(Some(id), Some(id));
        let organisation = self.install.enterprise.as_deref() == Some(id);
        own || organisation || self.workspaces.iter().any(|team| team == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_foreign_word_is_enough_to_be_foreign() {
        let installed =
            Installed::new("A1", vec![Installation::workspace("T1", Some("E1"), "UBOT")]);
        let belongs = [Belongs { team: Some("T1".into()), enterprise: Some("E1".into()) }];
        let here = installed.find(Some("A1"), &belongs).unwrap();
        assert_eq!(here.realm_of(&[None, Some("T1")]), "T1");
        assert_eq!(here.realm_of(&[Some("T1"), Some("T9")]), "T9");
        assert_eq!(here.realm_of(&[Some("E1")]), "T1");
        assert_eq!(
            here.realm_of(&[Some("T2")]),
            "T2",
            "another workspace of our organisation was not named"
        );
        assert!(installed.find(Some("A2"), &belongs).is_none());
        assert!(installed.find(None, &belongs).is_none());
        assert!(installed.find(Some("A1"), &[Belongs::default()]).is_none());
    }

    #[test]
    fn an_org_wide_install_is_known_by_its_organisation() {
        let installed = Installed::new("A1", vec![Installation::organisation("E1", &[], "UBOT")]);
        let null_team = [Belongs { team: None, enterprise: Some("E1".into()) }];
        assert_eq!(installed.find(Some("A1"), &null_team).unwrap().realm(), "E1");
        let with_team = [Belongs { team: Some("T5".into()), enterprise: Some("E1".into()) }];
        let here = installed.find(Some("A1"), &with_team).unwrap();
        assert_eq!(here.realm_of(&[Some("T5")]), "E1");
        assert_eq!(here.realm_of(&[Some("T6")]), "T6", "the desk asks Slack about that one");
    }
}
