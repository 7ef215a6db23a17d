//! A label nobody wrote down, by the words in it: "Emp Name", "New reporting manager",
//! "Preferred date of joining", "Emails to be forwarded to".
//!
//! Not here: labels whose words say something else than they mean; those are listed.

use super::Field;

/// Longer ones are sentences.
const WORDS_MAX: usize = 6;

/// What is asked for about somebody, but no field of ours.
const OTHER: &[&str] = &[
    "reason",
    "remark",
    "remarks",
    "comment",
    "comments",
    "notes",
    "code",
    "grade",
    "salary",
    "status",
    "cost",
    "centre",
    "center",
    "personal",
    "private",
    "emergency",
    "probation",
    "contract",
    "comp",
    "personnel",
    "payroll",
    "buddy",
    "mentor",
    "laptop",
    "birth",
    "gender",
    "nationality",
    "subject",
    "sent",
    "cc",
    "signed",
    "approved",
    "approval",
    "requested",
    "requester",
    "requestor",
    "ticket",
    "hours",
    "fte",
    "notice",
    "handover",
    "parking",
    "badge",
    "equipment",
    "fixed",
];
/// What was so before.
const BEFORE: &[&str] = &["current", "old", "previous", "former", "existing", "present", "losing"];
const FORWARD: &[&str] = &[
    "forward",
    "forwarded",
    "forwarding",
    "forwards",
    "redirect",
    "redirected",
    "redirection",
    "fwd",
    "resend",
];
const MANAGER: &[&str] = &[
    "manager",
    "superior",
    "supervisor",
    "boss",
    "mgr",
    "rm",
    "lm",
    "reports",
    "reporting",
    "report",
    "leader",
    "responsible",
];
const LAST_DAY: &[&str] = &[
    "lwd",
    "leaving",
    "exit",
    "termination",
    "relieving",
    "departure",
    "separation",
    "finish",
    "finishing",
    "finishes",
    "leave",
    "leaves",
];
const FIRST_DAY: &[&str] = &[
    "engagement",
    "employment",
    "start",
    "starts",
    "starting",
    "joining",
    "join",
    "joins",
    "entry",
    "commencement",
    "commencing",
    "commences",
    "onboarding",
    "hire",
    "hired",
    "arrival",
    "incorporation",
    "doj",
    "beginning",
    "begin",
    "begins",
    "admission",
];
const FIRST: &[&str] = &["first", "given", "forename"];
const LAST: &[&str] = &["last", "surname", "surnames", "family"];
const DAY: &[&str] = &["date", "day", "on", "from", "dt", "when"];
const PHONE: &[&str] =
    &["mobile", "cell", "cellphone", "phone", "telephone", "tel", "handphone", "gsm", "mob"];
const LICENCE: &[&str] =
    &["tools", "entitlement", "licence", "licences", "license", "licenses", "licensing", "sku"];
const GROUP: &[&str] = &["group", "groups", "dl", "dls", "lists"];
const MAIL: &[&str] = &["mail", "email", "emails", "mails"];
const OWN_MAIL: &[&str] =
    &["official", "work", "preferred", "corporate", "company", "business", "new", "requested"];
const DEPARTMENT: &[&str] = &[
    "directorate",
    "department",
    "dept",
    "division",
    "area",
    "unit",
    "team",
    "dpto",
    "direction",
    "service",
    "org",
];
const TITLE: &[&str] = &[
    "title",
    "designation",
    "position",
    "post",
    "role",
    "job",
    "function",
    "occupation",
    "puesto",
];
const OFFICE: &[&str] = &[
    "office",
    "location",
    "site",
    "base",
    "workplace",
    "city",
    "sede",
    "building",
    "campus",
    "place",
];
const DEVICE: &[&str] = &["wipe", "wiped", "device", "devices"];
const SOMEBODY: &[&str] = &[
    "employee",
    "emp",
    "starter",
    "joiner",
    "leaver",
    "joinee",
    "colleague",
    "hire",
    "person",
    "staff",
    "candidate",
    "appointee",
    "collaborator",
    "worker",
    "preferred",
    "legal",
    "contractor",
    "mover",
    "member",
    "full",
    "complete",
];

/// A field, and groups of words of each of which its label has one. The first that fits counts.
const RULES: &[(Field, &[&[&str]])] = &[
    (Field::Forward, &[FORWARD]),
    (Field::OldDepartment, &[BEFORE, DEPARTMENT]),
    (Field::OldDepartment, &[&["from"], DEPARTMENT]),
    (Field::Other, &[BEFORE]),
    (Field::LastDay, &[&["last", "final"], &["day", "working", "date"]]),
    (Field::LastDay, &[LAST_DAY, DAY]),
    (Field::LastDay, &[&["lwd", "relieving"]]),
    (Field::LastDay, &[&["end", "ending"], &["date", "day"]]),
    (Field::LastDay, &[&["closed", "close"], DAY]),
    (
        Field::Hour,
        &[&["block", "closure", "deactivation", "cutoff"], &["access", "account", "login"]],
    ),
    (Field::Mailbox, &[&["mailbox"]]),
    (Field::Mailbox, &[&["convert", "converted"], &["shared"]]),
    (Field::Devices, &[DEVICE]),
    (Field::Start, &[&["start", "begin", "beginning"], &["contract", "appointment"]]),
    (Field::Other, &[OTHER]),
    (Field::Start, &[&["report"], &["date", "day"]]),
    (Field::Sponsor, &[&["sponsor", "spoc", "host"]]),
    (Field::Manager, &[MANAGER]),
    (Field::Mobile, &[PHONE]),
    (Field::Start, &[FIRST_DAY, DAY]),
    (Field::Start, &[&["first"], &["day"]]),
    (Field::When, &[&["effective", "wef"]]),
    (Field::When, &[&["date"], &["transfer", "move", "change"]]),
    (Field::Licences, &[LICENCE]),
    (Field::Groups, &[GROUP]),
    (Field::Login, &[MAIL, OWN_MAIL]),
    (Field::Email, &[MAIL]),
    (Field::Other, &[&["number", "no", "id"]]),
    (Field::Name, &[&["name"], &["surname", "surnames"]]),
    (Field::Name, &[FIRST, LAST]),
    (Field::First, &[FIRST, &["name", "names", "forename"]]),
    (Field::Last, &[LAST, &["name", "names", "surname"]]),
    (Field::Name, &[&["name"], SOMEBODY]),
    (Field::Title, &[TITLE]),
    (Field::Department, &[DEPARTMENT]),
    (Field::Office, &[OFFICE]),
];

/// What the words of a label say.
pub(super) fn field(label: &str) -> Field {
    let words: Vec<&str> = label.split(' ').collect();
    let fits = |groups: &[&[&str]]| {
        groups.iter().all(|group| words.iter().any(|word| group.contains(word)))
    };
    let rule = RULES.iter().filter(|_| words.len() <= WORDS_MAX).find(|(_, groups)| fits(groups));
    rule.map_or(Field::Other, |(field, _)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_by_their_words_what_they_are() {
        for (label, wanted) in [
            ("starter name", Field::Name),
            ("emp name", Field::Name),
            ("last name first name", Field::Name),
            ("direct superior", Field::Manager),
            ("new reporting manager", Field::Manager),
            ("date of entry", Field::Start),
            ("first working day", Field::Start),
            ("date of relieving", Field::LastDay),
            ("emails to be forwarded to", Field::Forward),
            ("convert mailbox", Field::Mailbox),
            ("wipe devices", Field::Devices),
            ("official mail id", Field::Login),
            ("personal mail id", Field::Other),
            ("employee code", Field::Other),
            ("current line manager", Field::Other),
            ("new designation", Field::Title),
            ("dls to be added", Field::Groups),
            ("reason for leaving", Field::Other),
            ("name and surnames", Field::Name),
            ("surnames name", Field::Name),
            ("preferred name", Field::Name),
            ("business title", Field::Title),
            ("appointment begin date", Field::Start),
            ("from area", Field::OldDepartment),
            ("to area", Field::Department),
        ] {
            assert_eq!(field(label), wanted, "{label}");
        }
    }
}
