//! What people call the fields of their forms.
//!
//! - [`words`] a label nobody wrote down, by the words in it

mod words;

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Whom it is about.
    Name,
    /// The first half of a name.
    First,
    /// The second half of a name.
    Last,
    /// A sign-in name.
    Login,
    /// A job title.
    Title,
    /// A department.
    Department,
    /// The department somebody comes from.
    OldDepartment,
    /// An office.
    Office,
    /// A manager.
    Manager,
    /// A telephone number.
    Mobile,
    /// Licences.
    Licences,
    /// Groups.
    Groups,
    /// The first day.
    Start,
    /// The last day.
    LastDay,
    /// When it is to happen.
    When,
    /// At which hour.
    Hour,
    /// A mailbox, or what becomes of it.
    Mailbox,
    /// Where mail goes on to.
    Forward,
    /// Devices, or what becomes of them.
    Devices,
    /// An owner.
    Owner,
    /// Members.
    Members,
    /// A kind of group.
    Kind,
    /// What it is for.
    Description,
    /// A mail address.
    Email,
    /// A sponsor.
    Sponsor,
    /// Whose people somebody is of.
    Company,
    /// Words for somebody.
    Message,
    /// A new last name.
    NewSurname,
    /// A new first name.
    NewGivenName,
    /// A new display name.
    NewDisplayName,
    /// The name of a property.
    Property,
    /// Its value.
    Value,
    /// What it was.
    OldValue,
    /// Words that are no field of ours.
    Other,
}

/// Each field, and its names: folded words, apart by commas.
const LABELS: &[(Field, &str)] = &[
    (
        Field::Name,
        "name, full name, employee, employee name, name of employee, display name, \
         displayname, staff, staff member, staff name, colleague, person, who, user, \
         new starter, new hire, starter, joiner, new joiner, leaver, guest name, \
         guest, visitor, visitor name, new employee, candidate, contractor, consultant, \
         full name of employee, member of staff, users, name of guest, worker, \
         collaborator, collaborators",
    ),
    (Field::First, "first name, forename, forenames, forename s, given name, given names"),
    (Field::Last, "last name, surname, family name, surnames"),
    (
        Field::Login,
        "login, upn, username, user name, user principal name, sign in, \
         sign in name, login name, user id, logon, account",
    ),
    (
        Field::Title,
        "title, job title, position, role, post, designation, job, job role, \
         new title, new job title, new position, new role, function, job position, \
         joining as",
    ),
    (
        Field::Department,
        "department, dept, dpt, team, division, new department, new dept, new team, \
         to, department to, unit, to department, moving to",
    ),
    (
        Field::OldDepartment,
        "current department, old department, from, current dept, old dept, \
         current team, previous department, from department, moving from, \
         current title, current role, current manager, old manager, old title, \
         current office",
    ),
    (
        Field::Office,
        "office, location, site, base, office location, based in, work location, \
         new office, new location, place of work, workplace, office base, city, where, \
         duty station",
    ),
    (
        Field::Manager,
        "manager, line manager, n 1, is, new is, responsible, reports to, reporting to, supervisor, boss, mgr, \
         new manager, new line manager, line mgr, reporting manager, superior, head, \
         new supervisor, report to",
    ),
    (
        Field::Mobile,
        "mobile, mobile phone, mobile number, contact no, phone no, mob, cell, phone, tel, telephone, \
         cell phone, phone number, mobile no, contact number",
    ),
    (
        Field::Licences,
        "licence, licences, license, licenses, licence needed, licence type, sku, \
         licences needed, licenses needed, m365 licence, licence required, \
         microsoft licence, software, product required, product, software required, \
         software needed, product needed, application required",
    ),
    (
        Field::Groups,
        "groups, group, group membership, group memberships, security group, teams, \
         team workspace, distribution lists, lists, list, security groups, \
         access groups, mailing lists, workspace, distribution list, group name, \
         should see, mailing list",
    ),
    (
        Field::Start,
        "start, start date, first day, starts, starting, starts on, joining, \
         date of joining, joining date, doj, commencement, commencement date, \
         begins, starting date, commences, start day, date of start, entry, \
         commencing, incorporation, arrival",
    ),
    (
        Field::LastDay,
        "last day, last working day, leaving, leaving date, end date, exit date, \
         termination date, leaves, leaves on, last day of work, lwd, \
         date of leaving, final day, last day in office, exit, contract end, contract ends, \
         contract end date, end of contract",
    ),
    (
        Field::When,
        "effective, effective date, effective from, date, with effect from, as of, \
         wef, from date, when, effective as of, valid from, date effective, \
         effectivity, effectivity date",
    ),
    (Field::Hour, "hour, time, exit time, at what time, time of day"),
    (Field::Mailbox, "mailbox, mailbox name, shared mailbox, e mail account, inbox"),
    (
        Field::Forward,
        "forward, forwarding, forward to, mail to, emails to, email to, e mails to, \
         new mail goes to, mail goes to, forward mail to, mail forwarding, mails to, \
         forward emails to, mail forward, incoming mail to, incoming mail, \
         email forwarding, redirect mail to, forward email to, emails go to",
    ),
    (
        Field::Devices,
        "devices, device, kit, equipment, hardware, laptop, it equipment, computer, \
         company devices, company kit, asset tag",
    ),
    (Field::Owner, "owner, group owner, owned by, owners, list owner"),
    (
        Field::Members,
        "members, member, who works with it, access, people, users with access, \
         access for, used by, initial members, who needs access",
    ),
    (Field::Kind, "kind, type, group type, type of group, sort"),
    (Field::Description, "description, purpose, what for, used for, what it is for, use, usage"),
    (
        Field::Email,
        "email, e mail, mail, guest e mail, guest email, email address, \
         e mail address, address, mail address, mailbox address, smtp address, smtp, \
         external email, contact email",
    ),
    (Field::Company, "company, company name, employer, agency, supplier"),
    (Field::Sponsor, "sponsor, internal sponsor, guest sponsor, sponsored by, host"),
    (
        Field::Message,
        "note to guest, message, note, text for the invitation, invitation text, \
         personal message, welcome message, invitation message, text",
    ),
    (Field::NewSurname, "new surname, new last name, new family name"),
    (Field::NewGivenName, "new first name, new given name, new forename"),
    (Field::NewDisplayName, "new display name, new name, new full name"),
    (
        Field::Property,
        "field, attribute, property, item, what changes, what, change, changed field, detail",
    ),
    (Field::Value, "value, new value, new, change to, to be, should be"),
    (Field::OldValue, "old, old value, current, current value, before, previous"),
];

/// What people call so. Folded words, joined by blanks: a name we know, else what its
/// words say.
pub(super) fn field(label: &str) -> Field {
    let named = |(_, all): &&(Field, &str)| all.split(", ").any(|one| one == label);
    LABELS.iter().find(named).map_or_else(|| words::field(label), |(field, _)| *field)
}
