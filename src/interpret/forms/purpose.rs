//! What a form asks for, by its labels and the words around it.

use super::{
    grid::{Grid, Record, Run},
    labels::Field,
};
use crate::interpret::{entities::What, scene::Scene, text::Sort};

/// What a form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Joins,
    Contracts,
    Leaves,
    Moves,
    Account,
    Profile,
    Guest,
    Group,
    SharedMailbox,
    Reports,
    IntoGroup,
    OutOfGroup,
    Licence,
    Blocks,
}

impl Purpose {
    /// The action's id.
    pub(super) fn action(self) -> &'static str {
        match self {
            Self::Joins => "onboard_user",
            Self::Contracts => "set_up_contractor",
            Self::Leaves => "offboard_user",
            Self::Moves => "transfer_user",
            Self::Account => "create_user",
            Self::Profile => "update_user",
            Self::Guest => "invite_guest",
            Self::Group => "create_group",
            Self::SharedMailbox => "create_shared_mailbox",
            Self::Reports => "set_manager",
            Self::IntoGroup => "add_to_group",
            Self::OutOfGroup => "remove_from_group",
            Self::Licence => "assign_license",
            Self::Blocks => "disable_user",
        }
    }
}

/// What a process brings along by itself.
pub(super) fn part_of(process: &str, id: &str) -> bool {
    let parts: &[&str] = match process {
        "onboard_user" | "create_user" | "set_up_contractor" => &[
            "onboard_user",
            "set_up_contractor",
            "create_user",
            "assign_license",
            "add_to_group",
            "set_manager",
            "update_user",
            "workbook_add_row",
            "create_group",
        ],
        "offboard_user" => &[
            "disable_user",
            "set_forwarding",
            "remove_forwarding",
            "convert_to_shared_mailbox",
            "wipe_device",
        ],
        "transfer_user" => &["update_user", "set_manager"],
        "update_user" => &["transfer_user", "get_user"],
        "invite_guest" => &["add_to_group", "add_sponsor", "onboard_user"],
        "create_group" | "create_shared_mailbox" => {
            &["add_to_group", "create_group", "add_mailbox_permission"]
        }
        "disable_user" => &["disable_user", "revoke_sessions", "offboard_user"],
        "set_manager" => &["create_group", "transfer_user", "update_user"],
        _ => &[],
    };
    // Beside a form nobody asks to see whom it is about.
    parts.contains(&id) || id == "get_user"
}

/// The words around a form that say what it is for: headings and sentences, not its values
/// and not those of other forms.
pub(super) struct Around {
    /// Folded words, joined by blanks, with one at each end.
    pub said: String,
    /// Where they stand.
    pub runs: Vec<Run>,
}

impl Around {
    /// Is one of these said, as whole words?
    pub(super) fn says(&self, any: &[&str]) -> bool {
        any.iter().any(|one| self.said.contains(&format!(" {one} ")))
    }
}

/// What is said around this form.
pub(super) fn around(scene: &Scene<'_>, all: Run, grids: &[Run], grid: &Grid) -> Around {
    let mut runs = Vec::new();
    let mut start = all.0;
    for (from, to) in grids.iter().copied() {
        runs.push((start, from.max(start)));
        start = to;
    }
    runs.push((start, all.1.max(start)));
    let mut said = String::from(" ");
    for (from, to) in &runs {
        for at in *from..*to {
            let token = &scene.tokens[at];
            if token.word() {
                said.push_str(&token.folded);
                said.push(' ');
            } else if token.sort == Sort::Line || token.is('.') {
                said.push_str(". ");
            }
        }
    }
    // What the form itself is called stands among its own labels: "LEAVER: Ada".
    for record in &grid.records {
        for one in &record.all {
            said.push_str(". ");
            said.push_str(&scene.key(one.label.0, one.label.1));
            said.push(' ');
        }
    }
    Around { said, runs }
}

pub(super) const LEAVES: &[&str] = &[
    "leaver",
    "leavers",
    "leaving",
    "offboard",
    "offboarding",
    "offboarded",
    "departure",
    "departures",
    "termination",
    "terminations",
    "resignation",
    "exit",
    "exits",
    "off boarding",
    "separation",
    "separations",
    "relieving",
    "retirement",
    "dismissal",
    "dismissals",
];
pub(super) const STAYS: &[&str] = &[
    "leave of absence",
    "sabbatical",
    "maternity",
    "paternity",
    "parental",
    "annual leave",
    "sick leave",
    "career break",
];
pub(super) const JOINS: &[&str] = &[
    "engagement notice",
    "new appointment",
    "appointments",
    "new people",
    "admissions",
    "newly hired",
    "starter",
    "starters",
    "joiner",
    "joiners",
    "new hire",
    "new hires",
    "onboard",
    "onboarding",
    "onboarded",
    "new employee",
    "new employees",
    "new colleague",
    "new colleagues",
    "arrival",
    "joining",
    "newcomer",
    "on boarding",
    "new clerk",
    "new start",
    "new starts",
    "intake",
    "joinee",
    "joinees",
    "newstarter",
    "new staff",
    "incorporation",
    "incorporations",
    "new worker",
    "new workers",
    "entry form",
    "entries",
];
const MOVES: &[&str] = &[
    "transfer",
    "transfers",
    "transferred",
    "internal move",
    "mover",
    "movers",
    "change of position",
    "relocation",
    "moving to",
    "change of department",
    "internal transfer",
    "reassignment",
    "moves to",
    "new position",
];
/// The same of somebody who is there already.
const MOVES_OF_US: &[&str] = &[
    "move",
    "moves",
    "movement",
    "movements",
    "moving",
    "org change",
    "mobility",
    "reorganisation",
    "reorganization",
    "promotion",
    "change of role",
    "role change",
    "reorg",
];
pub(super) const CONTRACTS: &[&str] = &[
    "contractor",
    "contractors",
    "new contractor",
    "contractor form",
    "contractor set up",
    "contract worker",
    "freelancer",
];
const OUT: &[&str] =
    &["remove", "removed", "out of", "take off", "revoke", "withdraw", "delete", "off the"];

const LOGINS: &[&str] =
    &["login", "logins", "sign in", "sign ins", "signins", "logon", "logons", "sign in access"];
const CLOSES: &[&str] =
    &["close", "block", "disable", "shut", "suspend", "stop", "closed", "blocked", "disabled"];

/// What a form asks for; nothing where it is not plain.
pub(super) fn of(scene: &Scene<'_>, grid: &Grid, around: &Around) -> Option<Purpose> {
    let has = |field: Field| grid.has(field);
    let mail = has(Field::Email) && has(Field::LastDay);
    let named =
        has(Field::Name) || has(Field::First) || has(Field::Last) || has(Field::Login) || mail;
    // A report of something, a ticket: its labels are no fields of a request.
    if !named {
        return None;
    }
    if has(Field::Property) && has(Field::Value) {
        return Some(Purpose::Profile);
    }
    let renamed = has(Field::NewSurname) || has(Field::NewGivenName) || has(Field::NewDisplayName);
    if renamed {
        return Some(Purpose::Profile);
    }
    let work = has(Field::Title) || has(Field::Department) || has(Field::Manager);
    let stays = around.says(STAYS);
    // "Please close the logins on the day given": that, and no process.
    let blocks = around.says(LOGINS) && around.says(CLOSES) && !around.says(LEAVES);
    if has(Field::LastDay) && blocks && grid.table {
        return Some(Purpose::Blocks);
    }
    let contract = has(Field::LastDay) && (work || has(Field::Company) || has(Field::Sponsor));
    if contract && around.says(CONTRACTS) && !around.says(LEAVES) && !somebody(scene, grid) {
        return Some(Purpose::Contracts);
    }
    let begins = around.says(JOINS) && !around.says(LEAVES) && !somebody(scene, grid);
    if !stays && !begins && !has(Field::Start) && (has(Field::LastDay) || around.says(LEAVES)) {
        let day = has(Field::LastDay) || has(Field::When);
        return day.then_some(Purpose::Leaves);
    }
    let moves = around.says(MOVES) && work || has(Field::OldDepartment) && has(Field::Department);
    if moves || has(Field::Department) && !has(Field::Start) && moves_of_us(scene, grid, around) {
        return Some(Purpose::Moves);
    }
    if has(Field::Email)
        && (has(Field::Sponsor)
            || around.says(&["guest", "external", "invite", "visitor", "outsider"]))
    {
        return Some(Purpose::Guest);
    }
    let plain = around.says(&["plain account", "plain user", "no onboarding", "just an account"]);
    if work && !plain && (has(Field::Start) || around.says(JOINS)) {
        return Some(Purpose::Joins);
    }
    let shared = around.says(&["shared mailbox", "common mailbox", "shared inbox", "team mailbox"]);
    if shared && (has(Field::Email) || has(Field::Members)) && !work {
        return Some(Purpose::SharedMailbox);
    }
    let group = &["group", "distribution list", "list", "dl", "distribution group", "team"];
    let made = has(Field::Owner) || has(Field::Members) || has(Field::Kind);
    if made && !work && around.says(group) {
        return Some(Purpose::Group);
    }
    let account = &["account", "user", "id", "profile", "login", "user account"];
    // "Present title: Buyer, New title: Senior Buyer"
    let retitled = grid.records.iter().flat_map(|record| &record.all).any(|one| {
        one.field == Field::Title && scene.word(one.label.0) == "new" && one.value.1 > one.value.0
    });
    let changes = &["change", "changes", "amendment", "update", "correction", "promotion"];
    if retitled && !has(Field::Department) && !has(Field::Start) && around.says(changes) {
        return Some(Purpose::Profile);
    }
    let alone = has(Field::Licences) && grid.records.len() == 1 && !grid.table;
    let other = has(Field::Start) || has(Field::LastDay) || has(Field::Groups) || has(Field::Email);
    if alone && !work && !other && !around.says(OUT) {
        return Some(Purpose::Licence);
    }
    let creates = &["create", "created", "set up", "new", "make", "open"];
    if work && (plain || around.says(account)) && around.says(creates) {
        return Some(Purpose::Account);
    }
    pairs(scene, grid, around)
}

/// Is everybody of it one of us, and what is said of them new?
fn moves_of_us(scene: &Scene<'_>, grid: &Grid, around: &Around) -> bool {
    let new = grid.records.iter().flat_map(|record| &record.all).any(|one| {
        let field = [Field::Department, Field::Title, Field::Manager].contains(&one.field);
        field && ["new", "to"].contains(&scene.word(one.label.0))
    });
    (new || around.says(MOVES_OF_US)) && somebody(scene, grid)
}

/// Is everybody of it one of us?
fn somebody(scene: &Scene<'_>, grid: &Grid) -> bool {
    let known = |record: &Record| {
        let run = record.value(Field::Name).or_else(|| record.value(Field::Login));
        let spans = run.map(|(from, to)| scene.lattice.spans_in(from, to));
        spans.into_iter().flatten().any(|span| matches!(span.what, What::People(..)))
    };
    grid.records.iter().all(known)
}

/// Two columns: who, and what for.
fn pairs(scene: &Scene<'_>, grid: &Grid, around: &Around) -> Option<Purpose> {
    if !grid.table {
        return None;
    }
    let two = |field: Field| {
        grid.records.iter().all(|record| record.all.len() == 2 && record.value(field).is_some())
    };
    let out = around.says(OUT);
    if two(Field::Groups) && known(scene, grid, Field::Groups) {
        return Some(if out { Purpose::OutOfGroup } else { Purpose::IntoGroup });
    }
    if two(Field::Licences) && !out {
        return Some(Purpose::Licence);
    }
    let lines = &[
        "manager",
        "managers",
        "report",
        "reports",
        "reporting",
        "reporting line",
        "reporting lines",
        "line manager",
    ];
    let only = [Field::Name, Field::Login, Field::Manager, Field::When, Field::OldDepartment];
    let reporting = grid.records.iter().all(|record| {
        record.value(Field::Manager).is_some()
            && record.all.iter().all(|one| only.contains(&one.field))
    });
    (reporting && around.says(lines)).then_some(Purpose::Reports)
}

/// Does every value of this field name a group?
fn known(scene: &Scene<'_>, grid: &Grid, field: Field) -> bool {
    grid.records.iter().filter_map(|record| record.value(field)).all(|(from, to)| {
        let mut spans = scene.lattice.spans.iter();
        spans.any(|span| span.from >= from && span.to <= to && matches!(span.what, What::Group(_)))
    })
}
