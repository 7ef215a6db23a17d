//! Headings of a table that is handed over as such (CSV), read as labels are: which argument of
//! an action a column holds, and what the words around it say is to be done with its rows.
//!
//! Not here: the cells. They are read by the action's own form.

use super::{
    labels::{Field, field},
    purpose::{CONTRACTS, JOINS, LEAVES, STAYS},
};
use crate::interpret::text::key;

/// The first half of a name, in a column of its own.
pub const FIRST: &str = "#first";
/// The second half.
pub const LAST: &str = "#last";
/// What is to be done with the row.
pub const ACTION: &str = "#action";

const ACTIONS: &[&str] = &["action", "process", "request type", "type of request", "what to do"];

/// The arguments that a column of this heading may hold, the likeliest first; none if nobody
/// calls a field so.
pub fn arguments_under(heading: &str) -> &'static [&'static str] {
    let heading = key(&heading.replace('_', " "));
    if ACTIONS.contains(&heading.as_str()) {
        return &[ACTION];
    }
    match field(&heading) {
        Field::Name => &["display_name", "user", "mailbox"],
        Field::First => &[FIRST],
        Field::Last => &[LAST],
        Field::Login => &["user", "upn", "mailbox"],
        Field::Email => &["user", "email", "address", "mailbox"],
        Field::Title => &["job_title"],
        Field::Department => &["department"],
        Field::Office => &["office_location"],
        Field::Manager => &["manager"],
        Field::Mobile => &["mobile_phone"],
        Field::Licences => &["license", "licenses"],
        Field::Groups => &["group", "groups"],
        Field::Start => &["start_date", "at"],
        Field::LastDay => &["end_date", "at"],
        Field::When => &["at"],
        Field::Mailbox => &["mailbox"],
        Field::Forward => &["forward_to"],
        Field::Company => &["company_name"],
        Field::Sponsor => &["sponsor"],
        Field::Message => &["message", "reply"],
        Field::Description => &["description"],
        _ => &[],
    }
}

/// Does a column of this heading say whom a row is about?
pub fn names_somebody(heading: &str) -> bool {
    let whom = ["display_name", "user", FIRST];
    arguments_under(heading).iter().any(|argument| whom.contains(argument))
}

/// The process that these words name; nothing where they name none, or two.
pub fn process_named(words: &str) -> Option<&'static str> {
    let said = format!(" {} ", key(words));
    let says = |any: &[&str]| any.iter().any(|one| said.contains(&format!(" {one} ")));
    match (says(LEAVES) && !says(STAYS), says(CONTRACTS), says(JOINS)) {
        (true, false, false) => Some("offboard_user"),
        (false, true, _) => Some("set_up_contractor"),
        (false, false, true) => Some("onboard_user"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_read_as_the_labels_of_forms_are() {
        assert_eq!(arguments_under("Last working day"), ["end_date", "at"]);
        assert_eq!(arguments_under("Line Manager"), ["manager"]);
        assert_eq!(arguments_under("E-mail address")[0], "user");
        assert!(arguments_under("Shoe size").is_empty());
        assert!(names_somebody("Employee") && names_somebody("UPN") && !names_somebody("Office"));
    }

    #[test]
    fn one_process_is_named_or_none() {
        assert_eq!(process_named("Leavers this month:"), Some("offboard_user"));
        assert_eq!(process_named("please onboard these people"), Some("onboard_user"));
        assert_eq!(process_named("new contractors from Monday"), Some("set_up_contractor"));
        assert_eq!(process_named("leavers and joiners"), None);
        assert_eq!(process_named("parental leave, not leavers"), None);
        assert_eq!(process_named("hello"), None);
    }
}
