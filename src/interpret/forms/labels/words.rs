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
/// Those that say it without a "date" beside them.
const ALONE: &[&str] =
    &["entry", "commencing", "commences", "starting", "joining", "incorporation", "arrival"];
const DAY: &[&str] = &["date", "day", "on", "from", "dt", "when"];
const PHONE: &[&str] =
    &["mobile", "cell", "cellphone", "phone", "telephone", "tel", "handphone", "gsm", "mob"];
const LICENCE: &[&str] = &["licence", "licences", "license", "licenses", "licensing", "sku"];
const GROUP: &[&str] = &["group", "groups", "dl", "dls", "lists"];
const MAIL: &[&str] = &["mail", "email", "emails", "mails"];
const OWN_MAIL: &[&str] =
    &["official", "work", "preferred", "corporate", "company", "business", "new", "requested"];
const DEPARTMENT: &[&str] = &[
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
];

/// What the words of a label say.
pub(super) fn field(label: &str) -> Field {
    let words: Vec<&str> = label.split(' ').collect();
    let any = |all: &[&str]| words.iter().any(|word| all.contains(word));
    if words.len() > WORDS_MAX || words.is_empty() {
        return Field::Other;
    }
    let mail = any(MAIL);
    let day = any(DAY);
    if any(FORWARD) {
        return Field::Forward;
    }
    if any(BEFORE) || words[0] == "from" && any(DEPARTMENT) {
        return if any(DEPARTMENT) { Field::OldDepartment } else { Field::Other };
    }
    if any(&["last", "final"]) && any(&["day", "working", "date"])
        || any(LAST_DAY) && day
        || any(&["lwd", "relieving"])
        || label == "exit"
        || any(&["end", "ending"]) && any(&["date", "day"])
    {
        return Field::LastDay;
    }
    if any(&["closed", "close"]) && any(DAY) {
        return Field::LastDay;
    }
    if any(&["mailbox"]) || any(&["convert", "converted"]) && any(&["shared"]) {
        return Field::Mailbox;
    }
    if any(DEVICE) {
        return Field::Devices;
    }
    if any(&["start", "begin", "beginning"]) && any(&["contract", "appointment"]) {
        return Field::Start;
    }
    if any(OTHER) {
        return Field::Other;
    }
    if any(&["report"]) && any(&["date", "day"]) {
        return Field::Start;
    }
    if any(MANAGER) || label == "responsible" {
        return Field::Manager;
    }
    if any(&["sponsor", "spoc", "host"]) {
        return Field::Sponsor;
    }
    if any(PHONE) {
        return Field::Mobile;
    }
    let alone = words.len() == 1 && any(ALONE);
    if any(FIRST_DAY) && day || alone || any(&["first"]) && any(&["day"]) {
        return Field::Start;
    }
    if any(&["effective", "wef"]) || any(&["date"]) && any(&["transfer", "move", "change"]) {
        return Field::When;
    }
    if any(LICENCE) {
        return Field::Licences;
    }
    if any(GROUP) {
        return Field::Groups;
    }
    if mail {
        return if any(OWN_MAIL) { Field::Login } else { Field::Email };
    }
    if any(&["number", "no", "id"]) {
        return Field::Other;
    }
    let (first, last) =
        (any(&["first", "given", "forename"]), any(&["last", "surname", "surnames", "family"]));
    // "Name and surnames"
    if any(&["name"]) && any(&["surname", "surnames"]) {
        return Field::Name;
    }
    match (first, last) {
        (true, true) => return Field::Name,
        (true, false) if any(&["name", "names", "forename"]) => return Field::First,
        (false, true) if any(&["name", "names", "surname"]) => return Field::Last,
        _ => {}
    }
    if label == "collaborator" || label == "collaborators" {
        return Field::Name;
    }
    if any(&["name"]) && (words.len() == 1 || any(SOMEBODY) || any(&["full", "complete"])) {
        return Field::Name;
    }
    if any(TITLE) {
        return Field::Title;
    }
    if any(DEPARTMENT) {
        return Field::Department;
    }
    if any(OFFICE) {
        return Field::Office;
    }
    Field::Other
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
            ("commencing", Field::Start),
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
