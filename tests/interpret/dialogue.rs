//! More than one message: questions and their answers, threads, and what was left out.

use countersign::{
    actions::CATALOG,
    domain::{proposal::Intent, trouble::Ask},
    interpret::{Said, read},
};

use super::{context, index, person, shown};

#[test]
fn a_question_is_answered_by_number_name_hint_or_button() {
    let index = index();
    let mut context = context(&index);
    let asked = read("disable chris", &context, &index, CATALOG);
    let open = asked.questions[0].clone();
    assert_eq!(open.question.ask, Ask::WhichPerson);
    assert_eq!(open.question.choices.len(), 2);
    assert_eq!(open.question.choices[0].detail, "chris.green@contoso.com · IT");
    context.open = Some(open);
    for answer in [
        "2",
        "the second one",
        "Chris Naidu",
        "the finance one",
        "chris.naidu@contoso.com",
        "naidu please",
    ] {
        let understood = read(answer, &context, &index, CATALOG);
        assert_eq!(shown(&understood), ["disable_user user=chris.naidu"], "{answer}");
    }
    assert_eq!(read("never mind", &context, &index, CATALOG).intent, Intent::Cancel);
    let other = read("reset Grace Kim's password", &context, &index, CATALOG);
    assert_eq!(shown(&other), ["reset_password user=grace.kim"]);
}

#[test]
fn the_text_of_a_reply_is_whatever_was_answered() {
    let index = index();
    let mut context = context(&index);
    let asked = read("set an out of office for Grace Kim until Friday", &context, &index, CATALOG);
    context.open = Some(asked.questions[0].clone());
    let understood =
        read("I am away, please disable your expectations.", &context, &index, CATALOG);
    assert_eq!(
        shown(&understood),
        [
            "set_out_of_office end=2026-03-06 mailbox=grace.kim message=I am away, please disable your expectations."
        ]
    );
}

#[test]
fn a_thread_says_who_is_meant() {
    let index = index();
    let mut context = context(&index);
    let grace = person(&index, "grace.kim@contoso.com");
    context.thread.push(Said {
        bot: false,
        words: "reset Grace Kim's password".to_owned(),
        about: vec![grace],
    });
    for (words, wanted) in [
        ("disable this user", "disable_user user=grace.kim"),
        ("also sign her out everywhere", "revoke_sessions user=grace.kim"),
        ("same for Omar Haddad", "reset_password user=omar.haddad"),
        ("sorry, I meant Renée Lefèvre", "reset_password user=renee.lefevre"),
        ("add him to VPN Users", "add_to_group group=VPN Users user=grace.kim"),
    ] {
        assert_eq!(shown(&read(words, &context, &index, CATALOG)), [wanted], "{words}");
    }
    for words in ["disable it", "lock it", "disable", "thanks, that worked"] {
        assert_eq!(shown(&read(words, &context, &index, CATALOG)), [""; 0], "{words}");
    }
    context.mentions = vec![None, Some(person(&index, "omar.haddad@contoso.com"))];
    let understood = read("⟨@0⟩ disable ⟨@1⟩", &context, &index, CATALOG);
    assert_eq!(shown(&understood), ["disable_user user=omar.haddad"]);
}

#[test]
fn what_was_done_last_is_taken_back_and_done_for_others() {
    let index = index();
    let mut context = context(&index);
    let grace = person(&index, "grace.kim@contoso.com");
    for (bot, words) in [
        (false, "add Grace Kim to the Sales Team group"),
        (true, "Done: Grace Kim was added to Sales Team."),
    ] {
        let about = vec![grace.clone()];
        context.thread.push(Said { bot, words: words.to_owned(), about });
    }
    for (words, wanted) in [
        (
            "oops, wrong person, undo that please",
            "remove_from_group group=Sales Team user=grace.kim",
        ),
        ("and Omar Haddad, same procedure", "add_to_group group=Sales Team user=omar.haddad"),
        (
            "the same thing for Omar Haddad, but from 9 March",
            "add_to_group at=2026-03-09 group=Sales Team user=omar.haddad",
        ),
    ] {
        assert_eq!(shown(&read(words, &context, &index, CATALOG)), [wanted], "{words}");
    }
    // Nothing was done yet, or nothing takes it back: it is no inverse that is asked for.
    context.thread[1].words = "Proposed: add Grace Kim to Sales Team.".to_owned();
    let read = read("undo that please", &context, &index, CATALOG);
    assert!(read.proposals.is_empty(), "{:?}", shown(&read));
}

#[test]
fn a_time_is_asked_for_and_read_as_the_answer() {
    let index = index();
    let mut context = context(&index);
    let asked = read("disable Grace Kim on 2 March 2026 at 17:00", &context, &index, CATALOG);
    assert_eq!(asked.questions[0].question.ask, Ask::When);
    context.open = asked.questions.into_iter().next();
    for (answer, wanted) in [
        ("tomorrow at noon", "disable_user at=2026-03-05T12:00 user=grace.kim"),
        ("Friday 5pm please", "disable_user at=2026-03-06T17:00 user=grace.kim"),
        ("I meant 2026-03-20", "disable_user at=2026-03-20 user=grace.kim"),
        ("now", "disable_user user=grace.kim"),
        ("1 March 2026", "disable_user ? at"),
    ] {
        assert_eq!(shown(&read(answer, &context, &index, CATALOG)), [wanted], "{answer}");
    }
}

#[test]
fn neither_ends_the_question() {
    let index = index();
    let mut context = context(&index);
    context.open = read("disable chris", &context, &index, CATALOG).questions.into_iter().next();
    for words in ["neither", "none of them", "cancel", "no", "Neither of these, sorry", "forget it"]
    {
        let understood = read(words, &context, &index, CATALOG);
        assert_eq!((understood.intent, shown(&understood).len()), (Intent::Cancel, 0), "{words}");
    }
}

#[test]
fn a_hint_by_title_or_department_chooses() {
    let index = index();
    let mut context = context(&index);
    context.open = read("disable chris", &context, &index, CATALOG).questions.into_iter().next();
    for answer in ["the controller", "the one in finance", "Finance", "number 2", "naidu"] {
        let understood = read(answer, &context, &index, CATALOG);
        assert_eq!(shown(&understood), ["disable_user user=chris.naidu"], "{answer}");
    }
    for doubt in ["finance or IT, not sure", "not the finance one"] {
        assert_eq!(shown(&read(doubt, &context, &index, CATALOG)), [""; 0], "{doubt}");
    }
    assert_eq!(
        shown(&read("the service lead", &context, &index, CATALOG)),
        ["disable_user user=chris.green"]
    );
}

#[test]
fn several_questions_of_one_message_keep_their_order_and_what_is_clear() {
    let index = index();
    let context = context(&index);
    let asked = read(
        "disable chris, reset smith's password and sign Grace Kim out everywhere",
        &context,
        &index,
        CATALOG,
    );
    assert_eq!(
        shown(&asked),
        ["disable_user ? user", "reset_password ? user", "revoke_sessions user=grace.kim"]
    );
    let actions: Vec<_> =
        asked.questions.iter().map(|open| open.proposal.action.as_str()).collect();
    assert_eq!(actions, ["disable_user", "reset_password"]);
}

#[test]
fn what_was_not_understood_is_named() {
    let index = index();
    let context = context(&index);
    for (words, left) in [
        ("disable Grace Kim and fix her printer", &["fix her printer"][..]),
        ("reset Omar Haddad's password and his MFA", &[]),
        (
            "reset Omar Haddad's password and his badge",
            &["reset Omar Haddad's password and his badge"],
        ),
        ("block John Doe, wipe his laptop and convert his mailbox to shared", &[]),
        ("Please unlock Grace Kim", &[]),
        ("add Grace Kim to VPN Users and make her a global admin", &[]),
        (
            "Hi, hope you are well. Please reset Grace Kim's password. Let me know when done, thanks!",
            &[],
        ),
        ("reset Grace Kim's password, she forgot it after her holiday and is really annoyed", &[]),
        (
            "Morning! Grace's laptop was stolen on the train, sign her out everywhere please. Call me if anything is unclear.",
            &[],
        ),
        ("disable Omar Haddad because he shared files with a competitor", &[]),
        ("thanks, have a nice weekend", &[]),
        ("reset Grace Kim's password. I'll tell her myself.", &[]),
        ("disable Omar Haddad, he is moving to another company and wants to keep his phone", &[]),
    ] {
        let understood = read(words, &context, &index, CATALOG);
        assert_eq!(understood.leftover, left, "{words}: {:?}", shown(&understood));
    }
}
