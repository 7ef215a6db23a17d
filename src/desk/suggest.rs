//! What may be meant while somebody fills in a form: answered from the names that are
//! known, to people who may ask for something.

use serde_json::Map;

use crate::{
    actions::CATALOG,
    desk::{Desk, press::note, weigh::wanted},
    domain::{
        chat::{ChatUser, Place},
        form::Pick,
        trouble::Choice,
    },
    policy::{self, Standing},
};

/// What was typed is taken up to this many characters: the longest value of an option
/// (docs.slack.dev, option object).
const TYPED_CHARS_MAX: usize = 150;

impl Desk {
    /// What may be meant, best first. Whoever may ask for nothing, and whoever is not
    /// known, is told nothing of the directory.
    pub async fn suggest(
        &self,
        from: &ChatUser,
        place: &Place,
        pick: Pick,
        typed: &str,
        most: usize,
    ) -> Vec<Choice> {
        let Ok((who, _)) = self.present(from, place).await else { return Vec::new() };
        if !self.may_ask_anything(&who) {
            return Vec::new();
        }
        let typed: String = typed.trim().chars().take(TYPED_CHARS_MAX).collect();
        let mut found = self.people.names().index.suggest(pick, &typed, most);
        let exact = found.iter().any(|choice| choice.value.eq_ignore_ascii_case(&typed));
        if !typed.is_empty() && !exact {
            // What is not in the list can be said all the same: `ALL`, somebody new.
            found.truncate(most.saturating_sub(1));
            let label = self.plain(&note("form_use_typed", &[("typed", &typed)]));
            found.push(Choice { value: typed, label, detail: String::new() });
        }
        found
    }

    /// May this person ask for anything at all?
    pub(super) fn may_ask_anything(&self, who: &Standing) -> bool {
        CATALOG
            .iter()
            .any(|entry| policy::may_ask(who, wanted(entry, &Map::new()), &self.rules()).is_ok())
    }
}
