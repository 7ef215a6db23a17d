//! Directories full of namesakes. Nobody is chosen in silence: a name that several people have
//! is asked back, or means the one who has it exactly; a sign-in name means that one.

use countersign::{
    actions::CATALOG,
    domain::users::PersonRef,
    interpret::{Context, Index, read},
};
use jiff::civil::Time;
use serde_json::{Value, json};

use crate::assure::{Dice, figure, times};

/// Where chance begins.
const SEED: u64 = 0xC5;

const GIVEN: &[&str] =
    &["Ann", "Anna", "Jon", "John", "José", "Jose", "Zoë", "Zoe", "Marc", "Mark"];
const SURNAMES: &[&str] = &["Lee", "Leigh", "O'Neil", "ONeil", "Müller", "Mueller", "Kim", "Park"];

struct People {
    /// Display name and sign-in name.
    all: Vec<(String, String)>,
    directory: Value,
}

fn people(dice: &mut Dice) -> People {
    let mut all: Vec<(String, String)> =
        vec![("Tess Ito".to_owned(), "tess.ito@contoso.com".to_owned())];
    let namesakes = 2 + dice.place(19);
    let name =
        format!("{} {}", GIVEN[dice.place(GIVEN.len())], SURNAMES[dice.place(SURNAMES.len())]);
    for number in 0..namesakes {
        all.push((name.clone(), format!("namesake{number}@contoso.com")));
    }
    for number in 0..10 {
        let given = GIVEN[dice.place(GIVEN.len())];
        let other = format!("{given} {}", SURNAMES[dice.place(SURNAMES.len())]);
        // Renamed people keep a sign-in name that says their old name.
        all.push((
            other,
            format!(
                "{}{number}@contoso.com",
                name.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), ".")
            ),
        ));
    }
    let users: Vec<Value> = all
        .iter()
        .map(|(name, upn)| {
            let (given, surname) = name.split_once(' ').unwrap();
            json!({ "upn": upn, "displayName": name, "givenName": given, "surname": surname,
                "department": "Sales", "jobTitle": "Clerk", "manager": null, "officeLocation": "Bern",
                "mail": upn, "userType": if dice.roll(12) == 0 { "Guest" } else { "Member" },
                "accountEnabled": true, "licenses": [], "knownAs": [] })
        })
        .collect();
    People { all, directory: json!({ "users": users, "groups": [] }) }
}

#[test]
fn c5_nobody_is_chosen_in_silence_among_namesakes() {
    let (tried, mut dice) = (times(100, 5_000), Dice(SEED));
    let (mut asked, mut chosen) = (0_u32, 0_u32);
    for at in 0..tried {
        let people = people(&mut dice);
        let index = Index::from_directory_json(&people.directory.to_string()).unwrap();
        let requester: PersonRef = index.person("tess.ito@contoso.com").unwrap().to_ref();
        let context = Context {
            now: "2026-03-04T10:00[Europe/London]".parse().unwrap(),
            requester,
            mentions: Vec::new(),
            thread: Vec::new(),
            open: None,
            end_of_day: Time::constant(17, 0, 0, 0),
        };
        let (name, upn) = people.all[1 + dice.place(people.all.len() - 1)].clone();
        let of_that_name = people.all.iter().filter(|(other, _)| *other == name).count();
        let words = [
            format!("disable {name}"),
            format!("please reset the password for {name}"),
            format!("{name} has left, block the account"),
        ];
        let words = &words[dice.place(words.len())];
        let understood = read(words, &context, &index, CATALOG);
        let told = format!(
            "directory {at}, seed {SEED:#x}: “{words}”, {of_that_name} of that name: {:?}",
            people.all
        );
        for proposal in &understood.proposals {
            let whom = proposal.arguments.get("user").and_then(Value::as_str).unwrap_or_default();
            let found = people.all.iter().find(|(_, upn)| upn == whom);
            assert!(
                of_that_name == 1 && found.is_some_and(|(other, _)| *other == name),
                "{told} → {whom}"
            );
            chosen += 1;
        }
        asked += u32::from(understood.proposals.is_empty());
        // Told by the sign-in name, it is that one.
        let by_upn = read(&format!("disable {upn}"), &context, &index, CATALOG);
        let whom: Vec<&str> =
            by_upn.proposals.iter().filter_map(|one| one.arguments.get("user")?.as_str()).collect();
        assert_eq!(whom, [upn.as_str()], "{told}");
    }
    assert!(asked > tried / 4 && chosen > 0, "{asked} asked back, {chosen} chosen");
    figure("C5", "directories with 2 to 20 namesakes; nobody chosen in silence", tried, SEED);
}
