//! Cards that outlive the house, and many cards in one thread.

use countersign::domain::chat::Verb;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, slack_id};

#[tokio::test(flavor = "multi_thread")]
async fn b8_a_card_from_before_a_restart_decides_as_it_did() {
    for verb in [Verb::Approve, Verb::Reject] {
        let mut stage = Stage::new().await;
        stage.says("tina.tech", "disable john.doe@contoso.com").await;
        stage.fall().await;
        stage.start().await;
        stage.presses("anna.approver", APPROVALS, verb).await;
        let ran = usize::from(verb == Verb::Approve);
        assert_eq!(stage.effects().len(), ran);
        let card = stage.newest(HELPDESK);
        let expected = if ran == 1 { "Done: " } else { "Rejected: " };
        assert!(card.starts_with(expected), "{card}");
    }
}

/// Six requests about six people in one thread, decided in an order that has nothing to do with
/// theirs.
#[tokio::test(flavor = "multi_thread")]
async fn b10_of_many_cards_in_one_thread_each_decides_its_own_request() {
    let stage = Stage::with(Settings::default()).await;
    let people =
        ["jane.roe", "john.doe", "hannah.reeves", "omar.haddad", "bob.lead", "samir.nadar"];
    let thread = stage.says("tina.tech", "help").await;
    for who in people {
        stage.says_in("tina.tech", &format!("disable {who}@contoso.com"), &thread).await;
    }
    let cards: Vec<_> = stage
        .bot_said(APPROVALS)
        .into_iter()
        .filter(|message| {
            message.blocks.as_ref().is_some_and(|b| b.to_string().contains(Verb::Approve.as_str()))
        })
        .collect();
    assert_eq!(cards.len(), people.len());
    // SplitMix64 with this seed decides the order and the choices.
    let mut seed = 20_261_129_u64;
    eprintln!("seed {seed}");
    let mut dice = || {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z ^ (z >> 31)
    };
    let mut left: Vec<usize> = (0..cards.len()).collect();
    let (mut run, mut refused) = (Vec::new(), Vec::new());
    while !left.is_empty() {
        let chosen = usize::try_from(dice() % left.len() as u64).unwrap();
        let at = left.remove(chosen);
        let yes = dice() % 2 == 0;
        let verb = if yes { Verb::Approve } else { Verb::Reject };
        let acted = stage
            .slack
            .press(&slack_id("anna.approver"), APPROVALS, &cards[at].ts, verb.as_str())
            .await
            .unwrap();
        assert_eq!(acted.answer.unwrap().status, Some(200));
        stage.settle().await;
        if yes {
            run.push(people[at]);
        } else {
            refused.push(people[at]);
        }
        for who in people {
            let user = stage.world.user(&format!("{who}@contoso.com")).unwrap();
            let blocked = user["accountEnabled"] == false;
            assert_eq!(blocked, run.contains(&who), "{who}, after {run:?} and {refused:?}");
        }
    }
    assert!(!run.is_empty() && !refused.is_empty(), "the seed tries both");
}
