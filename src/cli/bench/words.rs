//! How long a message takes to be understood, and what the names of a large directory
//! cost: processor time of one thread, so that a busy machine changes little.
//!
//! Not here: whether it is understood rightly (`countersign interpret --score`).

use std::{hint::black_box, time::Duration};

use anyhow::ensure;
use jiff::{
    civil::{date, time},
    tz::TimeZone,
};
use rustix::time::{ClockId, clock_gettime};
use uuid::Uuid;

use crate::{
    actions::CATALOG,
    cli::{bench::machine::own_memory, say},
    domain::{
        ids::TenantId,
        users::{Group, GroupSort, PersonRef, User},
    },
    interpret::{self, Context, Index, index::Extras, read},
};

/// People of the generated directory.
const PEOPLE: usize = 100_000;
/// Groups of it.
const GROUPS: usize = 5_000;
/// Messages read with each directory.
const MESSAGES: usize = 2_000;
/// A hostile message has so many bytes.
const HOSTILE_BYTES: usize = 64 << 10;
/// Promised for a message, at p95.
const MESSAGE_MS_MAX: f64 = 5.0;
/// Promised for building the index of [`PEOPLE`].
const BUILD_MS_MAX: f64 = 2_000.0;
/// Promised for the interpreter, above the directory it was built from.
const MEMORY_MIB_MAX: f64 = 64.0;
const CONTOSO: &str = include_str!("../../sim/microsoft/data/contoso.json");

/// What is asked, of people and groups of the directory.
const ASKED: &[&str] = &[
    "reset the password for {name}",
    "can you please unlock {name}'s account? thanks",
    "disable {upn} and revoke all sessions",
    "{name} needs E3 and has to be added to {group}",
    "Hi team,\n\nplease add {name} and {other} to {group}.\n\nKind regards\n{third}",
    "who is {name}?",
    "remove {name} from {group} on Friday at 5pm",
    "reset {first}'s password",
    "unlock {typo}",
    "give {first} from finance full access to {other}'s mailbox until 30 June",
    "forward {name}'s mail to {upn} and keep a copy",
    "Ticket INC0012345\nRequested for: {name}\nShort description: locked out\nDescription: please unlock the account",
    "please don't disable {name} yet, {other} is still checking",
    "how do I reset my own password?",
    "can you action this?\n\nFrom: {name}\nSent: today\nSubject: access\n\nPlease add me to {group}.\nThanks\n{name}",
    "New starter\nName: {name}\nJob title: Buyer\nDepartment: Operations\nManager: {other}\nStart date: 01/06/2026",
    "we had a nice lunch with {first} and {third}, thanks for asking. The printer on floor 2 is out of toner again and nobody has ordered a new one since the end of last month.",
    "move {name} from {group} to {elsewhere} and set {other} as the manager",
];
/// Pieces of which a hostile message is made.
const HOSTILE: &[&str] = &[
    "disable grace kim and ",
    "reset reset reset ",
    "not not if ",
    "qwxz ",
    "\"' > ",
    "from: a\nto: b\n",
    "e\u{301}\u{301}",
    "a.b@c.de ",
    "james smith mary smith ",
    "\n- ",
    "out of office saying ",
    "unlock jhon",
    "reset the password for sam",
    "5pm friday ",
    "((((",
    "reset ",
    "| Grace Kim | reset | E3 |\n",
    "New starter\nName: Grace Kim\n",
    "Name: Grace Kim\nStart date: 01/06/2026\nManager: Omar Haddad\n",
    "Her last day is Friday. ",
];

/// Measures both directories, prints, and fails when a promise is not kept.
pub fn run() -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        say("This is a debug build; its figures mean little. Use make bench.");
    }
    interpret::make_ready();
    let mut broken = Vec::new();
    let contoso = Index::from_directory_json(CONTOSO)?;
    say(format!(
        "{:<44} {:>7} {:>9} {:>9} {:>9} {:>9}",
        "understanding, processor time", "count", "p50", "p95", "p99", "most"
    ));
    row("messages, Contoso", &messages(&contoso), Some(MESSAGE_MS_MAX), &mut broken);
    let before = own_memory();
    let (users, groups) = generated();
    let with_directory = own_memory();
    let begun = spent();
    let index = Index::build(&users, &groups, &[], &Extras::default());
    let built = spent().saturating_sub(begun).as_secs_f64() * 1000.0;
    row(
        &format!("messages, {PEOPLE} people"),
        &messages(&index),
        Some(MESSAGE_MS_MAX),
        &mut broken,
    );
    row("hostile messages of 64 KiB", &hostile(&index), None, &mut broken);
    let after = own_memory();
    say(format!("index of {PEOPLE} people and {GROUPS} groups    built in {built:.0} ms"));
    if built > BUILD_MS_MAX {
        broken.push(format!("the index took {built:.0} ms, not {BUILD_MS_MAX:.0}"));
    }
    if let (Some(before), Some(directory), Some(after)) = (before, with_directory, after) {
        let (own, interpreter) = (directory - before, after - directory);
        say(format!(
            "memory: the directory {own:.1} MiB, the interpreter {interpreter:.1} MiB more"
        ));
        if interpreter > MEMORY_MIB_MAX {
            broken.push(format!(
                "the interpreter holds {interpreter:.1} MiB, not {MEMORY_MIB_MAX:.0}"
            ));
        }
    }
    black_box((&users, &groups));
    ensure!(broken.is_empty() || cfg!(debug_assertions), "{}", broken.join("; "));
    Ok(())
}

/// Processor time of this thread so far.
fn spent() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

fn row(what: &str, each: &[Duration], promised: Option<f64>, broken: &mut Vec<String>) {
    let mut sorted: Vec<f64> = each.iter().map(|took| took.as_secs_f64() * 1000.0).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(rank).copied().unwrap_or_default()
    };
    let (p50, p95, p99, most) = (at(50), at(95), at(99), at(100));
    let count = sorted.len();
    say(format!("{what:<44} {count:>7} {p50:>6.2} ms {p95:>6.2} ms {p99:>6.2} ms {most:>6.2} ms"));
    if let Some(promised) = promised.filter(|promised| p95 > *promised) {
        broken.push(format!("{what}: p95 is {p95:.2} ms, not {promised:.0}"));
    }
}

fn context(requester: PersonRef) -> Context {
    let now = date(2026, 3, 4).at(10, 0, 0, 0).to_zoned(TimeZone::UTC);
    Context {
        now: now.expect("UTC has every time"),
        requester,
        mentions: Vec::new(),
        thread: Vec::new(),
        open: None,
        end_of_day: time(17, 0, 0, 0),
    }
}

fn messages(index: &Index) -> Vec<Duration> {
    let mut chance = Chance(7);
    let context = context(index.somebody(0).to_ref());
    let mut took = Vec::with_capacity(MESSAGES);
    for number in 0..MESSAGES {
        let words = filled(ASKED[number % ASKED.len()], index, &mut chance);
        let begun = spent();
        black_box(read(&words, &context, index, CATALOG));
        took.push(spent().saturating_sub(begun));
    }
    took
}

fn hostile(index: &Index) -> Vec<Duration> {
    let context = context(index.somebody(0).to_ref());
    let read_one = |piece: &&str| {
        let words = piece.repeat(HOSTILE_BYTES / piece.len());
        let begun = spent();
        black_box(read(&words, &context, index, CATALOG));
        spent().saturating_sub(begun)
    };
    HOSTILE.iter().map(read_one).collect()
}

/// The words with people and groups of this directory.
fn filled(words: &str, index: &Index, chance: &mut Chance) -> String {
    let mut who = || index.somebody(chance.below(index.people_len()));
    let (one, other, third) = (who(), who(), who());
    let mut group = || index.every_group()[chance.below(index.every_group().len())].name.clone();
    let (group, elsewhere) = (group(), group());
    let first = one.name.split(' ').next().unwrap_or_default();
    // The last two letters change places.
    let mut typo: Vec<char> = one.name.chars().collect();
    if let [.., a, b] = typo.as_mut_slice() {
        std::mem::swap(a, b);
    }
    words
        .replace("{name}", one.name)
        .replace("{other}", other.name)
        .replace("{third}", third.name)
        .replace("{first}", first)
        .replace("{typo}", &typo.iter().collect::<String>())
        .replace("{upn}", one.upn)
        .replace("{group}", &group)
        .replace("{elsewhere}", &elsewhere)
}

/// Chance that is the same in each run: `SplitMix64`.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % limit).unwrap_or(0)
    }

    /// Small numbers more often, as names are spread.
    fn often_small(&mut self, limit: usize) -> usize {
        let (a, b) = (self.below(limit), self.below(limit));
        a * b / limit.max(1)
    }
}

const GIVEN: &[&str] = &[
    "James", "Mary", "Aisha", "John", "Wei", "Linda", "Robert", "Priya", "Michael", "Sarah",
    "David", "Fatima", "Ahmed", "Laura", "Daniel", "Elena", "Marco", "Sofia", "Thomas", "Anna",
    "Peter", "Julia", "Kofi", "Ingrid", "Hans", "Zoe", "Olga", "Ivan", "Chloé", "José", "Mei",
    "Yusuf", "Nadia", "Victor", "Emma", "Liam", "Noah", "Olivia", "Lucas", "Mia", "Ethan", "Ava",
    "Hugo", "Léa", "Jonas", "Clara", "Felix", "Ida", "Oscar", "Freya", "Magnus", "Astrid", "Pablo",
    "Carmen", "Diego", "Rosa", "Kenji", "Yuki", "Hiro", "Sakura", "Raj", "Anita", "Vikram",
    "Deepa",
];
const BEGIN: &[&str] = &[
    "Ab", "Bel", "Cor", "Dal", "Er", "Fal", "Gar", "Hol", "Il", "Jan", "Kel", "Lor", "Mar", "Nor",
    "Os", "Pel", "Quin", "Ros", "Sil", "Tor", "Ul", "Var", "Wel", "Zan",
];
const MIDDLE: &[&str] =
    &["a", "an", "be", "da", "e", "en", "ga", "i", "il", "ka", "lo", "mo", "ra", "ti", "u", "wi"];
const END: &[&str] = &[
    "berg", "dale", "ez", "ford", "ham", "ini", "ko", "ley", "man", "ov", "sen", "son", "ton",
    "wood",
];
const DEPARTMENTS: &[&str] =
    &["Finance", "Sales", "Engineering", "HR", "Operations", "Legal", "Marketing", "IT"];

fn generated() -> (Vec<User>, Vec<Group>) {
    let tenant = TenantId::from(Uuid::from_u128(1));
    let mut chance = Chance(42);
    let mut users: Vec<User> = Vec::with_capacity(PEOPLE);
    for number in 0..PEOPLE {
        let given = GIVEN[chance.often_small(GIVEN.len())].to_owned();
        let surname = [
            BEGIN[chance.often_small(BEGIN.len())],
            MIDDLE[chance.often_small(MIDDLE.len())],
            END[chance.often_small(END.len())],
        ]
        .concat();
        let local = format!("{given}.{surname}{number}").to_lowercase().replace(['é', 'É'], "e");
        let upn = format!("{local}@generated.example").parse().expect("letters, a dot and digits");
        let manager = users.get(number / 12).map(User::to_ref);
        users.push(User {
            id: tenant.object(Uuid::from_u128(0x1000 + number as u128)),
            upn,
            name: format!("{given} {surname}"),
            given_name: Some(given),
            surname: Some(surname),
            mail: Some(format!("{local}@generated.example")),
            job_title: Some("Specialist".to_owned()),
            department: Some(DEPARTMENTS[number % DEPARTMENTS.len()].to_owned()),
            office: Some("London".to_owned()),
            employee_id: None,
            enabled: true,
            guest: false,
            synced: false,
            usage_location: None,
            manager,
            password_changed_at: None,
            sessions_valid_from: None,
        });
    }
    let group = |number: usize| Group {
        id: tenant.object(Uuid::from_u128(0x9000_0000 + number as u128)),
        name: format!("{} {} {number}", BEGIN[number % BEGIN.len()], DEPARTMENTS[number % 8]),
        mail: None,
        sort: GroupSort::Security,
        dynamic: false,
        synced: false,
        role_assignable: false,
        licensed: false,
    };
    (users, (0..GROUPS).map(group).collect())
}
