//! Things and people that a thread or a manager's words stand for: "the second one",
//! "everyone on my team".

use countersign::{
    actions::CATALOG,
    interpret::{Said, read},
};

use super::{check, context, index, person, shown};

#[test]
fn the_last_the_second_and_that_one_are_what_the_bot_listed() {
    let index = index();
    let mut context = context(&index);
    let grace = person(&index, "grace.kim@contoso.com");
    let said = |bot, words: &str| Said { bot, words: words.to_owned(), about: vec![grace.clone()] };
    context.thread = vec![
        said(false, "which groups is Grace Kim in?"),
        said(true, "Grace Kim is a member of: VPN Users, Sales Team, Project Atlas."),
    ];
    for (words, wanted) in [
        ("take her out of the last one", "remove_from_group group=Project Atlas user=grace.kim"),
        ("take her out of the second", "remove_from_group group=Sales Team user=grace.kim"),
        (
            "remove her from the first one please",
            "remove_from_group group=VPN Users user=grace.kim",
        ),
    ] {
        assert_eq!(shown(&read(words, &context, &index, CATALOG)), [wanted], "{words}");
    }
    // There is no fourth.
    let none = read("take her out of the fourth one", &context, &index, CATALOG);
    assert!(none.proposals.is_empty(), "{:?}", shown(&none));
}

#[test]
fn another_hour_is_on_the_day_that_was_said() {
    let index = index();
    let mut context = context(&index);
    let words = "disable Grace Kim on Friday at 16:00".to_owned();
    context.thread = vec![Said { bot: false, words, about: Vec::new() }];
    let moved = read("make that 18:00", &context, &index, CATALOG);
    assert_eq!(shown(&moved), ["disable_user at=2026-03-06T18:00 user=grace.kim"]);
}

#[test]
fn everybody_of_a_team_is_everybody_who_reports_there() {
    check(&[
        (
            "give everyone on Thomas Okafor's team a Copilot licence please",
            &["assign_license license=Microsoft_365_Copilot user=grace.kim"],
        ),
        // "from his team" says which one, and means nobody else.
        (
            "reset the password of Grace from Thomas Okafor's team",
            &["reset_password user=grace.kim"],
        ),
        ("give my team a Copilot licence please", &["assign_license ? user"]),
    ]);
}
